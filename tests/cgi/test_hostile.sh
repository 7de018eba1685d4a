#!/bin/sh
# Faults of the host and hostile databases: a documented status, never a crash, never a slow process.
# builds: release asan
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=tests/cgi/common.sh
set -u
. tests/cgi/common.sh
make_site
database="$site/data/search.db"
cp "$database" "$work/good.db"

answers() {
    cgi GET "${2:-q=a}"
    is "$status" "$1" && is "$code" 0
}
restore() {
    rm -rf "$database"
    cp "$work/good.db" "$database"
    chmod 644 "$database"
}
without_site() {
    cgi GET 'q=a' GONGKAI_SITE=/nonexistent
    is "$status" 503
}
unset_site() {
    env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET QUERY_STRING=q=a "$BUILD/search.cgi" \
        2>"$work/log" | grep -q '^Status: 503 '
}
ok "a good database: 200" answers 200
ok "another web root: 503" without_site
ok "no web root: 503" unset_site

rm "$database"
ok "no database: 503" answers 503
ok "no database, a faulty request: 400" answers 400 'q=%'
json_503() {
    cgi GET 'q=a&format=json'
    is "$status" 503 && grep -q '"error":' "$body"
}
ok "no database, in JSON: 503" json_503
leads_on() {
    cgi GET 'q=a'
    is "$status" 503 && grep -q '<a href="./">.*<span lang="en">' "$body"
}
ok "and the page, which knows nothing of the site, leads to it" leads_on

restore && chmod 664 "$database"
ok "a database that the group may write: 503" answers 503
restore && chmod 646 "$database"
ok "a database that others may write: 503" answers 503
rm "$database" && mkdir "$database"
ok "a folder: 503" answers 503
rm -rf "$database" && mkfifo "$database"
ok "a pipe: 503, at once" answers 503
rm "$database" && ln -s /dev/zero "$database"
ok "a device: 503" answers 503
rm "$database" && : >"$database"
ok "an empty file: 503" answers 503
head -c 70000 /dev/urandom >"$database"
ok "noise: 503" answers 503
restore && sqlite3 "$database" 'PRAGMA application_id = 1'
ok "another application's: 503" answers 503
restore && sqlite3 "$database" 'PRAGMA user_version = 999'
ok "another version's: 503" answers 503
for bytes in 50 100 4096 20000; do
    head -c "$bytes" "$work/good.db" >"$database"
    ok "cut to $bytes bytes: 503" answers 503
done
restore && sqlite3 "$database" 'DELETE FROM search_pages'
ok "no pages: 500" answers 500
restore && sqlite3 "$database" "UPDATE search_pages SET page = x'474b503100000000'"
ok "a broken page: 500" answers 500
restore && sqlite3 "$database" "UPDATE search_pages SET page = substr(page, 1, length(page) / 2)"
ok "half a page: 500" answers 500
restore && sqlite3 "$database" "UPDATE search_facts SET bytes = CAST((SELECT group_concat(key || char(9) ||
    'x' || char(13) || 'Set-Cookie: a=b' || char(10), '') FROM meta) AS BLOB) WHERE block = -2"
no_cookie() {
    cgi GET 'q=a'
    ! grep -qi cookie "$headers" && ! grep -q '^Set-Cookie' "$headers"
}
ok "meta cannot write headers" no_cookie
for block in -1 -2 -3 -4; do
    restore && sqlite3 "$database" "REPLACE INTO search_facts VALUES ($block, x'00ff09090a0a41')"
    if [ $block -eq -3 ]; then
        ok "an organisation without a number: 503" answers 503
    else
        ok "row $block of nonsense is borne" answers 200
    fi
    restore && sqlite3 "$database" "DELETE FROM search_facts WHERE block = $block"
    ok "and so is none" answers 200
done

# Random bytes changed: any documented status, no signal, no second of work.
flips() {
    i=0
    while [ "$i" -lt "$1" ]; do
        i=$((i + 1))
        restore
        awk -v seed="$i" -v size="$(wc -c <"$work/good.db")" 'BEGIN {
            srand(seed); n = int(rand() * 20) + 1
            for (k = 0; k < n; k++) print int(rand() * size), int(rand() * 256) }' |
            while read -r at value; do
                # shellcheck disable=SC2059 # the byte is an escape of printf
                printf "\\$(printf %o "$value")" |
                    dd of="$database" bs=1 seek="$at" conv=notrunc 2>/dev/null
            done
        cgi GET 'q=%E9%81%93%E8%B7%AF+%E4%BE%8B'
        case "$status:$code" in
        200:0 | 500:0 | 503:0) ;;
        *)
            echo "seed $i: status $status, exit $code"
            cat "$work/log"
            return 1
            ;;
        esac
    done
}
ok "random bytes changed, ${FLIPS:-60} times" flips "${FLIPS:-60}"
restore
ok "and a good one again: 200" answers 200
finish
