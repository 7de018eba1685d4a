#!/bin/sh
# The search programs through their environment: every class of malformed request has its documented
# status, headers are pinned, formats parse, and no text of a record or a query becomes markup.
# builds: release asan
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=tests/cgi/common.sh
set -u
. tests/cgi/common.sh
make_site

# --- status: METHOD QUERY_STRING WANT WHAT
status_of() {
    cgi "$1" "$2"
    is "$status" "$3" && is "$code" 0
}
while IFS='|' read -r method query want what; do
    ok "$what: $want" status_of "$method" "$query" "$want"
done <<'END'
GET||200|no query
GET|q=|200|an empty query
GET|q=%E9%81%93%E8%B7%AF|200|a word
GET|q=%E9%81%93%E8%B7%AF+%E5%B7%A5%E7%A8%8B|200|two words
GET|q=%E9%81%93+%E8%B7%AF|400|two single characters
GET|q=%22%E9%81%93|200|an open quote
GET|q=AND+OR+NOT+NEAR(a,b)|200|words of FTS5
GET|q=title:+-+*+%22|200|signs with nothing to act on
GET|q=%F0%9F%98%80|200|a character past the first plane
GET|q=%EE%80%80|200|a private-use character
GET|utm_source=a&q=b|200|an unknown parameter
GET|q=%09a|200|a tab
GET|q=%E9%81%93&page=2|200|the second page
GET|q=100%|400|a bare per cent
GET|q=%G1|400|no hexadecimal digits
GET|q=%4|400|one digit
GET|q=%00|400|NUL
GET|q=a%0d%0aSet-Cookie:a|400|a line break
GET|q=%C0%AF|400|overlong UTF-8
GET|q=%ED%A0%80|400|a surrogate
GET|q=%E4%BD|400|UTF-8 cut off
GET|q=a&q=b|400|a parameter twice
GET|q=a&page=0|400|page 0
GET|q=a&page=51|400|a page too far
GET|q=a&page=x|400|no page number
GET|q=a&format=xml|400|an unknown format
GET|q=a&sort=x|400|an unknown order
GET|q=a&lang=x|400|an unknown language
GET|q=a&year=26|400|no year
GET|q=a&from=2026-02-30|400|no day
GET|q=-a|400|exclusions alone
GET|q=a+b+c+d+e+f+g+h+i|400|nine words
POST|q=a|405|POST
PUT|q=a|405|PUT
get|q=a|405|a method in small letters
|q=a|405|no method
END
long=$(printf '%02048d' 0 | tr 0 a)
ok "a query of 2046 bytes is too long a query: 400" status_of GET "q=$(printf '%02046d' 0)" 400
ok "a query string of 2049 bytes: 414" status_of GET "a$long" 414
ok "HEAD is answered" status_of HEAD 'q=a' 200

# --- headers
pinned() {
    cgi "$1" "$2"
    sed -e 's/^Content-Length: .*/Content-Length: N/' -e 's/^ETag: "[0-9a-f]*-[0-9a-z.-]*"/ETag: T/' \
        "$headers" >"$work/got"
    diff "$work/want" "$work/got"
}
common='Content-Security-Policy: default-src '\''none'\''; style-src '\''self'\''; img-src '\''self'\''; form-action '\''self'\''; base-uri '\''none'\''; frame-ancestors '\''none'\''
X-Content-Type-Options: nosniff
Referrer-Policy: no-referrer
X-Robots-Tag: noindex'
kept='Cache-Control: public, max-age=60
ETag: T
Last-Modified: Thu, 03 Sep 2026 16:00:00 GMT'
length='Content-Length: N'
printf '%s\n' 'Status: 200 OK' 'Content-Type: text/html; charset=utf-8' "$length" "$common" "$kept" >"$work/want"
ok "headers of a page" pinned GET 'q=a'
ok "headers of HEAD are those of GET" pinned HEAD 'q=a'
ok "headers do not depend on the query" pinned GET 'q=%22%3E%3Cscript%3E&org=a%3A%20b&kind=Set-Cookie'
printf '%s\n' 'Status: 200 OK' 'Content-Type: application/json; charset=utf-8' \
    'Access-Control-Allow-Origin: *' "$length" "$common" "$kept" >"$work/want"
ok "headers of JSON" pinned GET 'q=a&format=json'
printf '%s\n' 'Status: 200 OK' 'Content-Type: text/csv; charset=utf-8; header=present' \
    'Content-Disposition: attachment; filename="search.csv"' 'Access-Control-Allow-Origin: *' \
    "$length" "$common" "$kept" >"$work/want"
ok "headers of CSV" pinned GET 'q=a&format=csv'
printf '%s\n' 'Status: 405 Method Not Allowed' 'Content-Type: text/html; charset=utf-8' "$length" \
    "$common" 'Allow: GET, HEAD' 'Cache-Control: no-store' >"$work/want"
ok "headers of a refused method" pinned DELETE 'q=a'
printf '%s\n' 'Status: 400 Bad Request' 'Content-Type: application/json; charset=utf-8' \
    'Access-Control-Allow-Origin: *' "$length" "$common" 'Cache-Control: no-store' >"$work/want"
ok "a faulty request for JSON is answered in JSON" pinned GET 'q=%&format=json'

no_body() {
    cgi HEAD 'q=a'
    [ ! -s "$body" ]
}
ok "HEAD has no body" no_body

# --- held answers
cgi GET 'q=a'
tag=$(sed -n 's/^ETag: //p' "$headers")
held() {
    cgi GET "$1" "$2"
    is "$status" "$3"
}
ok "If-None-Match" held 'q=a' "HTTP_IF_NONE_MATCH=$tag" 304
ok "If-None-Match with another tag" held 'q=a' 'HTTP_IF_NONE_MATCH="x"' 200
ok "If-Modified-Since" held 'q=a' 'HTTP_IF_MODIFIED_SINCE=Thu, 03 Sep 2026 16:00:00 GMT' 304
ok "If-Modified-Since of another day" held 'q=a' 'HTTP_IF_MODIFIED_SINCE=Thu, 03 Sep 2026 16:00:01 GMT' 200
for fault in q=a\&year=26 q=a\&from=2026-02-30 status=x q=-a; do
    ok "a request that would be refused is never held: $fault" held "$fault" 'HTTP_IF_NONE_MATCH=*' 400
done
feed_held() {
    feed GET "$1" 'HTTP_IF_NONE_MATCH=*'
    is "$status" "$2"
}
ok "RSS: a held answer" feed_held 'q=a' 304
ok "RSS: a filter that would be refused is never held" feed_held 'q=a&year=26' 400
ok "a faulty request is never held" held 'q=%' 'HTTP_IF_NONE_MATCH=*' 400

# --- the page
page_has() {
    cgi GET "$1"
    grep -qF -- "$2" "$body"
}
page_lacks() {
    cgi GET "$1"
    [ -s "$body" ] && ! grep -qF -- "$2" "$body"
}
ok "matches are marked" page_has 'q=%E7%BB%93%E7%AE%97' '<mark>结算</mark>'
ok "facet links are not to be followed" page_has 'q=%E9%81%93%E8%B7%AF' 'rel="nofollow"'
ok "the page is in English where asked" page_has 'q=%E9%81%93%E8%B7%AF&lang=en' 'lang="en"'
ok "nothing found has a next step" page_has 'q=zzzzzzqqq' '/search/'
ok "an error says what to do, in the site's look" page_has 'q=%' '<form class="search"'
ok "a number that no page can have leads to the first" page_has 'q=%E4%BE%8B%E4%BC%9A&page=51' 'href="/search.cgi?q=%E4%BE%8B%E4%BC%9A" rel="nofollow"'
ok "pages lead on" page_has 'q=%E4%BE%8B%E4%BC%9A' 'page=2'

ok "a page past the last does not say that nothing was found" page_lacks 'q=%E4%BE%8B%E4%BC%9A&page=50' '没有完全符合'
ok "a page past the last says how many there are" page_has 'q=%E4%BE%8B%E4%BC%9A&page=50' '没有第 50 页：一共 3 页'
ok "a page past the last leads back to it" page_has 'q=%E4%BE%8B%E4%BC%9A&page=50' 'page=3"'
ok "a page past the only one leads back" page_has 'q=%E7%BB%93%E7%AE%97&page=2' 'href="/search.cgi?q=%E7%BB%93%E7%AE%97" rel="prev'

# --- nothing becomes markup: queries and filters
while read -r attack; do
    ok "inert in the page: $attack" page_lacks "q=$attack&org=$attack&item=$attack&kind=$attack" '<x'
    ok "inert when refused: $attack" page_lacks "q=$attack&q=$attack&lang=$attack" '<x'
done <<'END'
%3Cx%3E
%22%3E%3Cx
%27%3E%3Cx
%3C/title%3E%3Cx
%3C/mark%3E%3Cx
--%3E%3Cx
%EF%BC%9Cx%EF%BC%9E%3Cx
javascript:%3Cx
{{{query}}}%3Cx
END
ok "a query is no template" page_has 'q=%7B%7Bsite.commit%7D%7D' '{{site.commit}}'
ok "a title is no markup" page_lacks 'q=%E6%95%8C%E6%84%8F%E6%A0%87%E9%A2%98' '<script'
ok "a title is found and shown" page_has 'q=%E6%95%8C%E6%84%8F%E6%A0%87%E9%A2%98' '<mark>敌意标题</mark>'
ok "a text is no markup" page_lacks 'q=%E6%95%8C%E6%84%8F%E6%AD%A3%E6%96%87' '<svg'

# --- JSON, CSV, RSS
json() {
    cgi GET "$1&format=json"
    node -e '
const got = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
const keys = o => Object.keys(o).sort().join();
const assert = require("assert");
assert.strictEqual(got.version, 1);
assert.strictEqual(keys(got), "by_date,facets,nearest,page,pages,query,results,total,version");
assert.strictEqual(keys(got.facets), "item,kind,org,status,year");
for (const r of got.results) {
  assert.strictEqual(keys(r), "date,kind,kind_name,org,org_name,path,snippet,title,url");
  assert(r.url.startsWith("/"));
}
assert(eval(process.argv[2]), process.argv[2]);
' "$body" "$2"
}
ok "JSON: one hit" json 'q=%E7%BB%93%E7%AE%97' 'got.total === 1 && !got.nearest && got.results[0].date === "2026-09-01"'
ok "JSON: all records" json '' 'got.total === 49 && got.results.length === 20 && got.pages === 3'
ok "JSON: the last page" json 'page=3' 'got.results.length === 9'
ok "JSON: sorted by date" json 'sort=date' 'got.results[0].date === "2026-09-02"'
ok "JSON: a year" json 'year=2026&q=%E9%81%93%E8%B7%AF' 'got.results.every(r => r.date.startsWith("2026"))'
ok "JSON: from and to" json 'from=2026-09-01&to=2026-09-01' 'got.total === 1'
ok "JSON: a table is searched" json 'q=12%E3%80%815' 'got.total === 1 && !got.nearest'
ok "JSON: thousands separators" json 'q=468900.00' 'got.total === 1 && !got.nearest'
ok "JSON: nothing exact is said" json 'q=%E9%81%93%E8%B7%AF%E9%BE%98%E7%AE%97' 'got.nearest || got.total === 0'
ok "JSON: a title with markup is text" json 'q=%E6%95%8C%E6%84%8F%E6%A0%87%E9%A2%98' 'got.results[0].title.includes("敌意标题")'
json_error() {
    cgi GET 'q=%&format=json'
    node -e '
const got = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
process.exit(got.version === 1 && got.status === 400 && got.error.length > 10 ? 0 : 1)' "$body"
}
ok "JSON: an error" json_error
csv() {
    cgi GET 'q=%E5%85%AC%E5%BC%8F%E6%A0%87%E9%A2%98&format=csv'
    is "$(head -c 3 "$body" | od -An -tx1 | tr -d ' ')" efbbbf &&
        grep -q "'=HYPERLINK" "$body" && ! grep -q '^"\{0,1\}=' "$body" &&
        is "$(grep -c "$(printf '\r')" "$body")" 2
}
ok "CSV: a mark, CRLF, no formula" csv
rss() {
    feed GET "$1"
    is "$status" 200 && xmllint --noout "$body" &&
        is "$(xmllint --xpath 'count(//item)' "$body")" "$2"
}
ok "RSS: a search" rss 'q=%E4%BE%8B%E4%BC%9A' 45
ok "RSS: hostile titles" rss 'q=%E6%95%8C%E6%84%8F%E6%A0%87%E9%A2%98' 1
ok "RSS: nothing exact, nothing at all" rss 'q=zzzzzzqqq' 0
ok "RSS: a query that XML cannot hold" rss 'q=%EF%BF%BE' 0
feed_status() {
    feed "$1" "$2"
    is "$status" "$3"
}
ok "RSS: a faulty request" feed_status GET 'q=%' 400
ok "RSS: a refused method" feed_status POST 'q=a' 405

# --- the log never tells what was searched
silent() {
    cgi GET 'q=geheimnis&page=0' && cgi GET 'q=geheimnis+a+b+c+d+e+f+g+h'
    ! grep -q geheimnis "$work/log"
}
ok "the log has no query in it" silent
finish
