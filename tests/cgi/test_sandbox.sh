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

# Twenty records more, each on a page of the database by itself: a search of many reads.
make_large_site() {
    make_site
    for i in $(seq 20); do
        { printf '# 村里的事，第%s件\n\n' "$i"; seq 3000 | tr '\n' ' '; } >"$work/repository/long-$i.md"
    done
    git -C "$work/repository" add -A
    git -C "$work/repository" -c user.name=t -c user.email=t@example.org commit -q -m 'more'
    "$BUILD/gongkai" build -C "$work/repository" -o "$site" --theme themes/default \
        --as-of 2026-09-04 >"$work/build" 2>&1
}
ok "a site with many pages to read" make_large_site
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
# What the kernel sends where the processor's time or the clock is over, at each read of the database
# behind the filter: the search ends, or the page that is being drawn is finished.
struck() { # SIGNAL
    asked() {
        env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$site" REQUEST_METHOD=GET \
            QUERY_STRING=q=%E6%9D%91 strace -o "$work/reads" -e trace=pread64 "$@" "$BUILD/search.cgi" \
            2>/dev/null
    }
    asked >/dev/null
    last=$(grep -c ' *pread64(' "$work/reads")
    told=0 finished=0
    for at in $(seq $((behind + 1)) "$last"); do
        asked -e "inject=pread64:signal=$1:when=$at" >"$work/answer"
        grep -q '<main' "$work/answer" || { echo "read $at"; head -5 "$work/answer"; return 1; }
        case $(head -1 "$work/answer") in
            'Status: 503'*) grep -q '用时过长' "$work/answer" && told=$((told + 1)) ;;
            'Status: 200'*) finished=$((finished + 1)) ;;
        esac
    done
    is "$((told + finished))" "$((last - behind))" && [ "$told" -gt 5 ] && [ "$finished" -gt 0 ]
}
if strace -o /dev/null true 2>/dev/null; then
    ok "a search that takes too long is told in the site's look" slow 1200000 $((behind + 4)) '<main'
    ok "and one whose disk stands still for a while" slow 2200000 $((behind + 4)) '<main'
    ok "an alarm at any moment ends it in the site's look" struck ALRM
    ok "and so does the limit of the processor's time" struck XCPU
    ok "one that never ends is ended" slow 5000000 $((behind + 1)) '用时过长'
fi
# Words that stand twelve million times in one record are more than SQLite can hold in 24 MB.
flood() {
    mkdir -p "$work/flooded/data"
    cp "$site/data/search.db" "$work/flooded/data/"
    python3 -c 'import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("INSERT INTO search (rowid, body) VALUES (1000000, ?)", ("xqa xqb " * 6000000,))
database.commit()' "$work/flooded/data/search.db"
}
flooded() { # FORMAT WANTED
    env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$work/flooded" REQUEST_METHOD=GET \
        QUERY_STRING="q=xq*&format=$1" "$BUILD/search.cgi" >"$work/answer" 2>/dev/null
    for want in '^Status: 503' "$2" '内存过多\|too much memory'; do
        grep -q "$want" "$work/answer" || { head -30 "$work/answer"; return 1; }
    done
}
ok "a database of one enormous record" flood
ok "SQLite's memory is bounded, which is told in the site's look" flooded html '<main'
ok "and in JSON" flooded json '"status":503'
# What takes all the memory that the process may have, in a database or by the server's own limit.
huge() {
    mkdir -p "$work/huge/data"
    cp "$site/data/search.db" "$work/huge/data/"
    sqlite3 "$work/huge/data/search.db" \
        "UPDATE records SET title = replace(hex(zeroblob(2500000)), '00', 'aé')"
}
spent() {
    env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$work/huge" REQUEST_METHOD=GET \
        QUERY_STRING=q=%E4%BE%8B%E4%BC%9A "$BUILD/$1" >"$work/answer" 2>/dev/null || return 1
    head -1 "$work/answer" | grep '^Status: 503' && grep -q "$2" "$work/answer"
}
short() {
    told=0
    for kilobytes in $(seq 3000 500 8000); do
        env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$site" REQUEST_METHOD=GET QUERY_STRING=q=a \
            prlimit --as=$((kilobytes * 1024)) "$BUILD/search.cgi" >"$work/answer" 2>/dev/null
        case $(head -1 "$work/answer") in
            'Status: 503'*) told=$((told + 1)) ;;
            'Status: 200'*) ;;
            *) echo "$kilobytes KB: $(head -1 "$work/answer")"; return 1 ;;
        esac
    done
    [ "$told" -gt 2 ]
}
ok "a database of enormous titles" huge
ok "memory that runs out is told" spent search.cgi '内存过多'
ok "and by the feed" spent search-feed.cgi .
ok "and where the server leaves little of it" short
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
