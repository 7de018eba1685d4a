#!/bin/sh
# What the search programs cannot do once they read a request; the subtests are the program's own.
# builds: release
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=tests/cgi/common.sh
set -u
if env -i "${BUILD:-build}/search.cgi" --self-test | grep -q '^1\.\.0'; then
    echo "1..0 # SKIP a build with a sanitizer has no filter"
    exit 0
fi
. tests/cgi/common.sh
refuses() {
    env -i "$BUILD/$1" --self-test >"$work/tap" && ! grep -q '^not ok' "$work/tap"
}
ok "search.cgi refuses everything it should" refuses search.cgi
ok "search-feed.cgi too" refuses search-feed.cgi
ten() {
    is "$(grep -c '^ok .* refused: ' "$work/tap")" 10
}
ok "ten attempts are made" ten
not_by_request() {
    env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET "$BUILD/search.cgi" --self-test 2>/dev/null |
        grep -q '^Status: 503'
}
ok "a web server cannot ask for the test" not_by_request

make_site
# In the order of the calls: the filter stands before the request's variables are looked at, which
# shows in nothing being opened after it.
order() {
    env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$site" REQUEST_METHOD=GET QUERY_STRING=q=a \
        strace -f -o "$work/trace" "$BUILD/$1" >/dev/null 2>&1 || return 1
    sed '1,/^[0-9]* *seccomp(SECCOMP_SET_MODE_FILTER/d' "$work/trace" >"$work/after"
    [ -s "$work/after" ] || { echo "no filter"; return 1; }
    ! grep -E ' (open|openat|socket|execve|clone|fork|connect|unlink|mprotect)\(' "$work/after"
}
if strace -o /dev/null true 2>/dev/null; then
    ok "nothing is opened behind the filter" order search.cgi
    ok "nor by the feed" order search-feed.cgi
fi
ok "it runs without any standard file" sh -c "GONGKAI_SITE='$site' '$BUILD/search.cgi' <&- >&- 2>&-; [ \$? -lt 2 ]"
finish
