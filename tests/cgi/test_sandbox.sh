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
    behind=$(sed '/seccomp(SECCOMP_SET_MODE_FILTER/q' "$work/trace" | grep -c ' pread64(')
    ok "nor by the feed" order search-feed.cgi
fi
# A disk that is slow, in the middle of a search: it ends at its second with the site's page, and
# where nothing can be drawn any more the process ends at its third with a plain one.
slow() { # DELAY-IN-MICROSECONDS WHICH-READS WANTED
    started=$(date +%s)
    env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$site" REQUEST_METHOD=GET QUERY_STRING=q=%E6%9D%91 \
        strace -o /dev/null -e trace=pread64 -e "inject=pread64:delay_enter=$1:when=$2" \
        "$BUILD/search.cgi" >"$work/answer" 2>/dev/null
    grep -q '^Status: 503' "$work/answer" || { head -3 "$work/answer"; return 1; }
    grep -q "$3" "$work/answer" || { tail -5 "$work/answer"; return 1; }
    [ $(($(date +%s) - started)) -le 8 ]
}
if strace -o /dev/null true 2>/dev/null; then
    ok "a search that takes too long is told in the site's look" slow 1200000 $((behind + 4)) '<main'
    ok "one that never ends is ended" slow 5000000 $((behind + 1)) '用时过长'
fi
# The worst that may be asked, by what the process held at most.
memory() {
    for query in 'q=%E6%9D%91&page=50' 'q=%E7%9A%84+OR+%E6%98%AF+OR+%E5%9C%A8+OR+%E6%9D%91' \
        "q=$(printf '%%E6%%9D%%91%.0s' $(seq 85))" 'q=a*' 'format=csv' 'format=json&page=50'; do
        peak=$(env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$site" REQUEST_METHOD=GET \
            QUERY_STRING="$query" python3 -c 'import os, resource, subprocess, sys
subprocess.run(sys.argv[1], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$BUILD/search.cgi")
        [ "$peak" -lt 30720 ] || { echo "$query: $peak KiB"; return 1; }
    done
}
ok "no request takes 30 MB" memory
ok "it runs without any standard file" sh -c "GONGKAI_SITE='$site' '$BUILD/search.cgi' <&- >&- 2>&-; [ \$? -lt 2 ]"
finish
