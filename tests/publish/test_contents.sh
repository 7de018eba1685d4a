#!/usr/bin/env bash
# A site of real contents that grew commit by commit is the site that its last commit gives at once:
# random histories of content/, by other steps than test_incremental.sh. SOAK=1 takes longer ones.
# builds: release
set -u
build=${BUILD:-build}
if [ -n "${SOAK:-}" ]; then
    sequences=600 steps=12
else
    sequences=10 steps=4
fi
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT
echo 1..1
python3 tests/publish/histories_of_contents.py "$build/gongkai" 1 "$sequences" "$steps" \
    >"$scratch" 2>/dev/null
if grep '^ok' "$scratch"; then
    exit 0
fi
echo "not ok - histories of real contents"
sed 's/^/# /' "$scratch"
exit 1
