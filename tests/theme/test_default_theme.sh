#!/bin/sh
# Proves of themes/default what a browser under the site's Content-Security-Policy would refuse, and
# what the engine can't see: no script, no style attribute, nothing from elsewhere, no unescaped
# value, and no interface text that a template names and a language lacks. Prints TAP.
set -u
export LC_ALL=C
theme=${THEME:-themes/default}
number=0
failed=0

# refuse NAME PATTERN FILES...: no line of the files may match.
refuse() {
    name=$1
    pattern=$2
    shift 2
    number=$((number + 1))
    found=$(grep -nEi -- "$pattern" "$@" 2>&1)
    if [ $? -eq 1 ]; then # 0: found; 2: grep itself failed
        printf 'ok %d - %s\n' "$number" "$name"
    else
        printf 'not ok %d - %s\n' "$number" "$name"
        printf '%s\n' "$found" | sed 's/^/# /'
        failed=1
    fi
}

# same NAME WANT GOT: the two texts are equal.
same() {
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        printf 'ok %d - %s\n' "$number" "$1"
    else
        printf 'not ok %d - %s\n' "$number" "$1"
        printf '%s\n' "$2" "$3" | sort | uniq -u | sed 's/^/# /'
        failed=1
    fi
}

keys() {
    sed -n 's/^\([a-z][a-z0-9_]*\) *=.*/\1/p' "$1" | sort
}

used=$(grep -ohE '\{\{ *t\.[a-z0-9_]+' "$theme"/*.mustache | sed 's/.*t\.//' | sort -u)
known=$(printf '%s\n' "$used" | grep -Fx -e "$(keys "$theme/strings/en.txt")")

# The sheet for the notice board is a file of its own, printed without a web server: it carries its
# style within it. All others are pages.
pages=$(printf '%s\n' "$theme"/*.mustache | grep -v '/notice\.mustache$')

echo 1..9
refuse 'no script' '<script|javascript:| on[a-z]+ *=' "$theme"/*.mustache
# shellcheck disable=SC2086 # names without blanks
refuse 'no style but that of style.css' '<style|[ "]style *=' $pages
refuse 'no value is written unescaped' '\{\{\{|\{\{&' "$theme"/*.mustache
refuse 'nothing is loaded from elsewhere' '(src|action)="?(https?:)?//|@import|url\(' \
    "$theme"/*.mustache "$theme/style.css"
refuse 'no frame, no object' '<(iframe|object|embed|frame|base)[ >]' "$theme"/*.mustache
refuse 'no Chinese outside the string files' "$(printf '[\343-\351]')" "$theme"/*.mustache
same 'both languages have the same keys' "$(keys "$theme/strings/zh-CN.txt")" \
    "$(keys "$theme/strings/en.txt")"
same 'every text that a template names is there' "$used" "$known"
same 'no key stands twice' "$(keys "$theme/strings/en.txt")" \
    "$(keys "$theme/strings/en.txt" | uniq)"
exit $failed
