#!/bin/sh
# builds: release
# Markdown made to hold a renderer: every shape, at every size, is rendered or refused within two
# seconds of one processor, helper included, and says something. Each shape is a Perl expression
# that makes about $n bytes.
set -u
program="${BUILD:-build}/tools/markdown_html"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
limit=${MARKDOWN_SECONDS:-2}
number=0
failed=0

report() { # ok-or-not description
    number=$((number + 1))
    [ "$1" = ok ] || failed=1
    echo "$1 $number - $2"
}

try() { # size name expression
    perl -e 'my $n = shift; my $s = eval $ARGV[0]; die $@ if $@; print substr($s, 0, 1 << 20)' \
        "$1" "$3" >"$folder/in.md"
    ms=$(perl -e '
        open STDIN, "<", "$ARGV[1]/in.md"; open my $out, ">&", \*STDOUT;
        open STDOUT, ">", "$ARGV[1]/out.html"; open STDERR, ">", "$ARGV[1]/err";
        my $status = system "timeout", 20, $ARGV[0];
        my (undef, undef, $user, $system) = times;
        printf $out "%d", 1000 * ($user + $system); exit($status != 0)' "$program" "$folder")
    status=$?
    how=rendered
    grep -q 'error\[E301\]' "$folder/err" && how=refused
    if [ $status -eq 0 ] && [ "$ms" -le $((limit * 1000)) ] && [ -s "$folder/out.html" ]; then
        report ok "$2, $1: $how, $ms ms"
    else
        report "not ok" "$2, $1: status $status, $how, $ms ms"
    fi
}

shapes() {
    cat <<'END'
strong in emphasis|("*a **a " x ($n / 15)) . "b" . (" a** a*" x ($n / 15))
closers without openers|"a_ " x ($n / 3)
openers without closers|"_a " x ($n / 3)
brackets that close|"a]" x ($n / 2)
brackets that open|"[a" x ($n / 2)
emphasis that does not match|"*a_ " x ($n / 4)
runs of three|"a**b" . ("c* " x ($n / 3))
brackets and emphasis|"[ a_" x ($n / 4)
nested brackets|("[" x ($n / 2)) . "a" . ("]" x ($n / 2))
nested quotes|("> " x ($n / 2)) . "a"
quotes without blanks|">" x $n
nested lists|join("", map { ("  " x $_) . "* a\n" } 0 .. sqrt($n))
blank lines in nested lists|join("", map { ("  " x $_) . "* a\n" } 0 .. sqrt($n / 2)) . ("\n" x ($n / 2))
blank lines in lists in a quote|join("", map { "> " . ("  " x $_) . "* a\n" } 0 .. sqrt($n / 2)) . (">\n" x ($n / 4))
emphasis in nested quotes|("> " x ($n / 4)) . ("*a* " x ($n / 8))
closers in nested quotes|(">" x ($n / 2)) . ("a*" x ($n / 4))
backticks of all lengths|join("", map { "e" . ("`" x $_) } 1 .. sqrt(2 * $n))
links in angles unclosed|"[a](<b" x ($n / 6)
links unclosed|"[a](b" x ($n / 5)
images in links|"![[]()" x ($n / 6)
many definitions|join("", map { "[$_]: u\n" } 1 .. $n / 12) . ("[0] " x ($n / 12))
definitions with one name|("[a]: u\n" x ($n / 14)) . ("[a] " x ($n / 8))
comments unclosed|"<!-- " x ($n / 5)
processing unclosed|"<?" x ($n / 2)
declarations unclosed|"<!A " x ($n / 4)
character data unclosed|"<![CDATA[" x ($n / 9)
NUL|"abc\0de\0" x ($n / 7)
thematic breaks that are lists|("* " x ($n / 2)) . "a"
tags unclosed|"<a x=\"" x ($n / 6)
attributes|"<a" . (" b" x ($n / 2))
a long address many times|"[a]: " . ("u" x ($n / 2)) . "\n\n" . ("[a] " x ($n / 8))
labels of a thousand|(("[a" x 450) . ("]" x 450)) x ($n / 1350) . "\n\n[x]: y\n"
parentheses in an address|"[a](" . ("(" x $n)
titles unclosed|"[a](b \"" x ($n / 7)
entities|"&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" x ($n / 33)
backslashes|"\\" x $n
carriage returns|"a" . ("\r" x $n)
tabs and quotes|("\t>" x ($n / 2))
ordered lists on one line|("1. " x ($n / 3)) . "a"
links to nowhere on one line|"[a](b) " x ($n / 7)
unsafe links on one line|"[a](x:b) " x ($n / 9)
a wide table|"|" . ("a|" x ($n / 6)) . "\n|" . ("-|" x ($n / 6)) . "\n|" . ("*b*|" x ($n / 12))
a wide table with short rows|"|" . ("a|" x ($n / 8)) . "\n|" . ("-|" x ($n / 8)) . "\n" . ("|\n|b\n" x ($n / 10))
a long table|"|a|b|\n|-|-|\n" . ("|x|y|\n" x ($n / 6))
tables without end|"|a|\n|-|\n\n" x ($n / 9)
tables behind text|"t\n|a|\n|-|\n<b>\n" x ($n / 14)
delimiter rows|"|-|-|\n" x ($n / 6)
tables in nested quotes|join("", map { (">" x 90) . "|a|\n" . (">" x 90) . "|-|\n\n" } 1 .. $n / 190)
tables in lists|"- |a|\n  |-|\n  |[b]|\n" x ($n / 20)
lines that are lazy|"> a | b\n" . ("|-|\n" x ($n / 4))
raw bytes|"\xff\xfe" x ($n / 2)
bidi and controls|"\xe2\x80\xae\x01" x ($n / 4)
END
}

for size in 131072 1048576; do
    shapes >"$folder/shapes"
    while IFS='|' read -r name expression; do
        try "$size" "$name" "$expression"
    done <"$folder/shapes"
done
echo "1..$number"
exit $failed
