#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The smoke tier kills every mutant, no pack fell below its committed score, doc/mutation.md is what the run says;
# and each of these checks can fail.
set -u
src=${MXCTS_SRCDIR:-.} bld=${MXCTS_BUILDDIR:-.}
mxcts=$bld/tools/mxcts
packs=$src/vectors/packs/smoke
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
fail=0

# wants STATUS TEXT COMMAND...: the exit status, and the text somewhere in the output
wants() {
    status=$1 text=$2
    shift 2
    "$@" > "$tmp/out" 2>&1
    found=$?
    if [ $found -ne "$status" ] || ! grep -qF -- "$text" "$tmp/out"; then
        echo "FAIL: $*: wanted status $status and '$text', found status $found and:"
        tail -5 "$tmp/out"
        fail=1
    fi
}

# One run for the scores and the page.
"$mxcts" mutate --format document --scores "$src/conformance/mutants/SCORES" > "$tmp/mutation.md"
status=$?
[ $status -eq 0 ] || { echo "FAIL: mutate: wanted status 0, found $status"; "$mxcts" mutate | grep -F SURVIVES; fail=1; }
cmp "$tmp/mutation.md" "$src/doc/mutation.md" || { echo "FAIL: doc/mutation.md: make mutation-update"; fail=1; }
[ "$(grep -c '^| `' "$src/doc/mutation.md")" -ge 150 ] || { echo "FAIL: fewer than 150 mutants"; fail=1; }

# A mutant that nothing shows.
wants 1 SURVIVES "$mxcts" mutate --mutant rna-ties "$packs/cast.e4m3.fp32.rna.mxv"
wants 0 'PASS: 1 of 1' "$mxcts" mutate --mutant rna-ties "$packs/cast.e4m3.fp32.ocp.mxv"

# A score that no pack has.
printf '#mxscores 1\ncast.e4m3.fp32.ocp 9999 of 1\n' > "$tmp/high"
wants 1 'wanted 9999 mutants killed' "$mxcts" mutate --mutant rna-ties --scores "$tmp/high" "$packs/cast.e4m3.fp32.ocp.mxv"
printf '#mxscores 1\nno.such.pack 1 of 1\n' > "$tmp/gone"
wants 1 'no.such.pack: wanted 1' "$mxcts" mutate --mutant rna-ties --scores "$tmp/gone" "$packs/cast.e4m3.fp32.ocp.mxv"
printf 'scores\n' > "$tmp/bad"
wants 2 "wanted '#mxscores 1'" "$mxcts" mutate --mutant rna-ties --scores "$tmp/bad" "$packs/cast.e4m3.fp32.ocp.mxv"

# A pack with one wrong bit: the converter without a fault is killed.
awk '/^#end/ { exit } !done && / \| 78$/ { sub(/78$/, "79"); done = 1 } { print }' "$packs/cast.e4m3.fp32.ocp.mxv" > "$tmp/wrong"
n=$(grep -vc '^#' "$tmp/wrong")
digest=$(sha256sum < "$tmp/wrong" | cut -d' ' -f1)
{ cat "$tmp/wrong"; echo "#end count=$n sha256=$digest"; } > "$tmp/wrong.mxv"
wants 1 'which has no fault, is killed' "$mxcts" mutate --mutant none "$tmp/wrong.mxv"
wants 0 'PASS' "$mxcts" mutate --mutant none "$packs/cast.e4m3.fp32.ocp.mxv"

wants 2 "no mutant 'nope'" "$mxcts" mutate --mutant nope
wants 2 "no such pack" "$mxcts" mutate "$tmp/nothing.mxv"
exit $fail
