#!/usr/bin/env bash
# A site that grew commit by commit is the site that its last commit gives at once: random
# histories, compared byte for byte and row for row. SOAK=1 takes longer ones.
# builds: release
set -u
build=${BUILD:-build}
if [ -n "${SOAK:-}" ]; then
    sequences=1500 steps=10
else
    sequences=100 steps=3
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo 1..2
for half in 1 2; do
    python3 tests/publish/incremental.py "$build/gongkai" $((half * 100000)) "$sequences" "$steps" \
        >"$scratch/$half" 2>&1 &
done
wait
for half in 1 2; do
    if grep -q '^ok' "$scratch/$half"; then
        sed -n "s/^ok/ok $half/p" "$scratch/$half"
    else
        echo "not ok $half - random histories"
        sed 's/^/# /' "$scratch/$half"
    fi
done
