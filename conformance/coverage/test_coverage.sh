#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The smoke tier leaves no reachable bin of the coverage model empty; and the check can fail.
set -u
mxcts=${MXCTS_BUILDDIR:-.}/tools/mxcts
packs=${MXCTS_SRCDIR:-.}/vectors/packs/smoke
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
fail=0

"$mxcts" coverage >"$tmp/out" 2>&1
status=$?
tail -n 1 "$tmp/out"
if [ $status -ne 0 ] || ! grep -q ' bins: .* 0 empty' "$tmp/out"; then
    echo "FAIL: wanted no empty bin and status 0, found status $status and:"
    head -n 20 "$tmp/out"
    fail=1
fi

# Without its only packs a bin is empty.
mkdir "$tmp/some"
for pack in "$packs"/*.mxv; do
    case $pack in */cast.e2m3.*.rto.mxv) ;; *) ln -s "$pack" "$tmp/some/" ;; esac
done
"$mxcts" coverage "$tmp"/some/cast.e2m3.*.mxv >"$tmp/out" 2>&1
status=$?
if [ $status -ne 1 ] || ! grep -q '^cast\.e2m3\.rto/e=0,+,exact .*EMPTY' "$tmp/out" || grep -q '^cast\.e2m3\.rne' "$tmp/out"; then
    echo "FAIL: wanted the bins of cast.e2m3.rto empty, those of rne not, and status 1, found status $status and:"
    grep '^cast\.e2m3' "$tmp/out" | head -n 5
    fail=1
fi

# Packs chosen by what they are of: their bins and no others.
"$mxcts" coverage --all --op scaled-cast,cast --elem e2m1 --type bf16 >"$tmp/out" 2>&1
status=$?
if [ $status -ne 0 ] || ! grep -q '^cast\.e2m1\.bf16/rne,' "$tmp/out" || ! grep -q '^scaled-cast\.e2m1\.bf16/source=' "$tmp/out" ||
    grep -v '^\(scaled-\)\{0,1\}cast\.e2m1\.bf16/' "$tmp/out" | grep -qv ' bins: .* 0 empty'; then
    echo "FAIL: wanted the bins of cast and scaled-cast from bf16 to e2m1 alone, none empty, and status 0, found status $status and:"
    grep -v '^\(scaled-\)\{0,1\}cast\.e2m1\.bf16/' "$tmp/out" | head -n 5
    fail=1
fi
"$mxcts" coverage --type fp64 "$tmp"/some/cast.e2m3.fp32.* >"$tmp/out" 2>&1
status=$?
if [ $status -ne 2 ] || ! grep -q 'no pack is left by --op, --elem and --type' "$tmp/out"; then
    echo "FAIL: wanted no pack left and status 2, found status $status"
    fail=1
fi

# Every unreachable bin has a reason.
"$mxcts" coverage --all "$packs/cast.e2m1.bf16.ocp.mxv" >"$tmp/out" 2>&1
grep -q '^cast.e2m1.rne/e=2,+,tie-above-odd *unreachable: the odd code' "$tmp/out" || { echo "FAIL: no reason"; fail=1; }
exit $fail
