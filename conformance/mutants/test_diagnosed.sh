#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Some mutants are the first suspects of their own runs; the page of all of them (made by `make diagnosis-update`) says
# that 90 of 100 are.
set -u
src=${MXCTS_SRCDIR:-.} bld=${MXCTS_BUILDDIR:-.}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
fail=0
# with sanitizers, which are slow and look for something else, fewer
every=43
[ -z "${MX_SAN_CFLAGS:-}" ] || every=172
"$bld/conformance/mutants/diagnosed" $every > "$tmp/page" || { echo "FAIL: fewer than 90 of 100"; cat "$tmp/page"; fail=1; }
said=$(sed -n 's/^\*\*\([0-9]*\) of \([0-9]*\)\*\* mutants.*/\1 \2/p' "$src/doc/diagnosis.md")
there=$(sed -n 's/^Smoke tier: \*\*[0-9]* of \([0-9]*\)\*\* mutants.*/\1/p' "$src/doc/mutation.md")
set -- ${said:-0 0}
if [ "$2" -ne "${there:-0}" ] || [ "$2" -eq 0 ] || [ $((100 * $1)) -lt $((90 * $2)) ]; then
    echo "FAIL: doc/diagnosis.md: wanted all ${there:-0} mutants (make diagnosis-update) and 90 of 100 found, it says '$said'"
    fail=1
fi
"$bld/conformance/mutants/diagnosed" 0 2> "$tmp/err"
[ $? -eq 2 ] || { echo "FAIL: diagnosed 0: wanted status 2"; fail=1; }
exit $fail
