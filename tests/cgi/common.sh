# shellcheck shell=sh disable=SC2034 # status and code are read by those who source it
# Shared by the tests of the search programs; sourced, run from the repository's root. Makes a small
# site out of a repository of its own, whose titles try to break out of every format.
#
#   . tests/cgi/common.sh
#   make_site                    $site is a web root
#   cgi GET 'q=x'                runs search.cgi; $status, $headers (file), $body (file)
#   ok "what it proves" COMMAND...
#   finish

BUILD="${BUILD:-build}"
work=$(mktemp -d "${TMPDIR:-/tmp}/gongkai-cgi.XXXXXX")
site="$work/site"
headers="$work/headers"
body="$work/body"
count=0
failed=0

cleanup() {
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

ok() {
    name=$1
    shift
    count=$((count + 1))
    if "$@" >"$work/said" 2>&1; then
        echo "ok $count - $name"
    else
        failed=$((failed + 1))
        echo "not ok $count - $name"
        sed 's/^/# /' "$work/said"
    fi
}

finish() {
    echo "1..$count"
    [ "$failed" -eq 0 ]
    exit
}

record() {
    mkdir -p "$work/repository/$(dirname "$1")"
    cat >"$work/repository/$1"
}

make_repository() {
    record '公告/2026-09-01-道路.md' <<'END'
# 柳湾村道路维修结算

村口到学校的道路维修工程已经完工，结算 468,900.00 元。

| 项目 | 金额 |
|---|---|
| =1+1 | 100.00 |
| 路灯 | 12、5 |
END
    record '公告/2026-09-02-低保.md' <<'END'
# 低保名单公示

本月新增低保户三户。GB/T 41374 标准。
END
    record '敌意/2026-08-01-markup.md' <<'END'
# <script>alert(1)</script> "onmouseover="alert(2) ' & {{title}} 敌意标题

<img src=x onerror=alert(3)> 敌意正文 </mark></p><svg onload=alert(4)> {{{query}}} ]]>
END
    record '敌意/2026-08-02-formula.md' <<'END'
# =HYPERLINK("http://evil.example";"公式标题")

公式正文
END
    i=0
    while [ "$i" -lt 45 ]; do
        i=$((i + 1))
        printf '# 例会第%d号\n\n例会记录，讨论道路。\n' $i |
            record "$(printf '例会/20%02d-03-%02d-例会%d.md' $((i % 7 + 20)) $((i % 28 + 1)) $i)"
    done
}

make_site() {
    make_repository
    git -C "$work/repository" init -q -b main
    git -C "$work/repository" add -A
    GIT_AUTHOR_DATE='2026-09-03T08:00:00+0800' GIT_COMMITTER_DATE='2026-09-03T08:00:00+0800' \
        git -C "$work/repository" -c user.name=t -c user.email=t@example.org \
        commit -q -m 'records'
    "$BUILD/gongkai" build -C "$work/repository" -o "$site" --theme themes/default \
        --as-of 2026-09-04 >"$work/build" 2>&1 || {
        sed 's/^/# /' "$work/build"
        echo "Bail out! the site of the test cannot be built"
        exit 1
    }
}

# run PROGRAM METHOD QUERY_STRING [NAME=VALUE...]: as a web server would; exit status in $code.
run() {
    run_program=$1
    run_method=$2
    run_query=$3
    shift 3
    code=0
    env -i GATEWAY_INTERFACE=CGI/1.1 GONGKAI_SITE="$site" REQUEST_METHOD="$run_method" \
        QUERY_STRING="$run_query" ${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} "$@" \
        "$BUILD/$run_program" >"$work/answer" 2>"$work/log" </dev/null || code=$?
    awk -v headers="$headers" '{ sub(/\r$/, "") } $0 == "" { exit } { print > headers }' "$work/answer"
    sed '1,/^\r$/d' "$work/answer" >"$body"
    status=$(sed -n 's/^Status: \([0-9]*\) .*/\1/p' "$headers")
}

cgi() {
    : >"$headers"
    run search.cgi "$@"
}

feed() {
    : >"$headers"
    run search-feed.cgi "$@"
}

is() {
    [ "$1" = "$2" ] || {
        echo "got [$1], want [$2]"
        return 1
    }
}
