#!/bin/sh
# Under a real web server, with the configuration that `make demo` uses: pages, statuses, headers,
# and no process that outlives an aborted request.
# builds: release asan
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=tests/cgi/common.sh
set -u
for program in lighttpd curl; do
    command -v "$program" >/dev/null || PATH="$PATH:/usr/sbin"
    command -v "$program" >/dev/null || {
        echo "1..0 # SKIP $program is not installed"
        exit 0
    }
done
. tests/cgi/common.sh
make_site

# A port that nobody listens on.
find_port() {
    port=$(($$ % 20000 + 20000))
    while curl -s -o /dev/null --max-time 1 "http://127.0.0.1:$port/"; do
        port=$((port + 1))
    done
}
start() {
    find_port
    mkdir -p "$work/run"
    GONGKAI_SITE="$site" GONGKAI_CGI="$(realpath "$BUILD")" GONGKAI_ADDRESS=127.0.0.1 \
        GONGKAI_PORT="$port" GONGKAI_RUN="$work/run" \
        lighttpd -D -f site/server/lighttpd.conf >"$work/server" 2>&1 &
    server=$!
    i=0
    while ! curl -s -o /dev/null "http://127.0.0.1:$port/" && [ $i -lt 50 ]; do
        i=$((i + 1))
        sleep 0.1
    done
}
start
address="http://127.0.0.1:$port"

get() {
    got=$(curl -s -o "$body" -D "$work/raw" -w '%{http_code}' --max-time 8 "$@")
    tr -d '\r' <"$work/raw" >"$headers"
}
gives() {
    want=$1
    shift
    get "$@"
    is "$got" "$want"
}
has_header() {
    get "$2"
    grep -qi "^$1" "$headers" || { cat "$headers"; return 1; }
}
one_of() {
    wants=$1
    shift
    get "$@"
    case " $wants " in
    *" $got "*) ;;
    *)
        echo "got $got, want one of $wants"
        return 1
        ;;
    esac
}
ok "the home page" gives 200 "$address/"
ok "a page that is not there" gives 404 "$address/nothing/"
ok "and is the site's own" grep -q '<main' "$body"
ok "a search" gives 200 "$address/search.cgi?q=%E9%81%93%E8%B7%AF"
ok "has a page" grep -q '<mark>道路</mark>' "$body"
ok "JSON" gives 200 "$address/search.cgi?q=a&format=json"
ok "a feed" gives 200 "$address/search-feed.cgi?q=%E9%81%93%E8%B7%AF"
ok "is one" grep -q '<rss version="2.0"' "$body"
ok "HEAD" gives 200 -I "$address/search.cgi?q=a"
ok "a refused method" gives 405 -X DELETE "$address/search.cgi?q=a"
ok "a form sent with POST" gives 405 -d 'q=a' "$address/search.cgi"
ok "wrong encoding" gives 400 "$address/search.cgi?q=%G1"
ok "too long" one_of "414 431" "$address/search.cgi?q=$(printf '%03000d' 0)"
ok "far too long" one_of "400 414 431" "$address/search.cgi?q=$(printf '%090000d' 0)"
ok "a body that is too large" one_of "405 413" --data-binary "@$BUILD/search.cgi" "$address/search.cgi"
ok "no way out of the root" one_of "400 403 404" --path-as-is "$address/../../../etc/passwd"
ok "nor an encoded one" one_of "400 403 404" --path-as-is "$address/%2e%2e/%2e%2e/etc/passwd"
ok "the programs cannot be downloaded" gives 404 "$address/search.cgi.c"
ok "no path behind the program" one_of "200 404" "$address/search.cgi/x"

# What a build replaces or removes is so for the next request: a server that remembers folders for a
# second serves a withdrawn page, and forbids one that is gone.
mkdir "$site/going" && echo before >"$site/going/index.html"
ok "a page before a build" gives 200 "$address/going/"
echo after >"$work/after" && mv "$work/after" "$site/going/index.html"
ok "replaced" gives 200 "$address/going/"
ok "is the new one at once" grep -q after "$body"
rm -r "$site/going"
ok "removed: it is not there, at once" gives 404 "$address/going/"
csp="Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
for path in / /search.cgi?q=a /data/search.db /404x; do
    ok "policy on $path" has_header "$csp" "$address$path"
done
once() {
    get "$address/search.cgi?q=a"
    is "$(grep -ci '^content-security-policy' "$headers")" 1
}
ok "and only once" once
ok "the type of the database" has_header 'Content-Type: application/vnd.sqlite3' "$address/data/search.db"
ok "the type of a feed" has_header 'Content-Type: application/rss+xml; charset=utf-8' "$address/feed.xml"
ok "data may be read by other sites' scripts" has_header 'Access-Control-Allow-Origin: \*' "$address/data/search.db"
ok "the server tells no version" sh -c "! grep -qi lighttpd '$headers'"
tag() {
    get "$address/search.cgi?q=a"
    etag=$(sed -n 's/^[Ee][Tt]ag: //p' "$headers")
    gives 304 -H "If-None-Match: $etag" "$address/search.cgi?q=a"
}
ok "a held answer" tag

# Clients that go away leave nothing running.
running() {
    pgrep -P "$server" -c -f search.cgi || true
}
aborts() {
    i=0
    while [ "$i" -lt 30 ]; do
        i=$((i + 1))
        curl -s -o /dev/null --max-time 0.004 "$address/search.cgi?q=%E9%81%93+%E4%BE%8B" || true
    done
    sleep 4
    is "$(running)" 0
}
ok "aborted requests leave no process" aborts
burst() {
    i=0
    while [ "$i" -lt 40 ]; do
        i=$((i + 1))
        curl -s -o /dev/null -w '%{http_code}\n' "$address/search.cgi?q=%E9%81%93" >>"$work/codes" &
        [ -z "${pids:-}" ] && pids=$! || pids="$pids $!"
    done
    # shellcheck disable=SC2086
    wait $pids
    is "$(sort -u "$work/codes")" 200
}
ok "forty at once" burst
kill "$server"
wait "$server" 2>/dev/null
server=
finish
