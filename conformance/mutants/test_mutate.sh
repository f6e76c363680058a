#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The smoke tier kills every mutant, no pack fell below its committed score, doc/mutation.md is what the run says;
# and each of these checks can fail.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
src=$MXCTS_SRCDIR
packs=$src/vectors/packs/smoke

# One run for the scores and the page. With sanitizers, which are slow and look for something else, a few packs of it.
whole() {
    mxcts mutate --format document --scores "$src/conformance/mutants/SCORES" > "$work/mutation.md"
    status=$?
    [ $status -eq 0 ] || { echo "FAIL: mutate: wanted status 0, found $status"; mxcts mutate | grep -F SURVIVES; failed=1; }
    cmp "$work/mutation.md" "$src/doc/mutation.md" || { echo "FAIL: doc/mutation.md: make mutation-update"; failed=1; }
    [ "$(grep -c '^| `' "$src/doc/mutation.md")" -ge 150 ] || { echo "FAIL: fewer than 150 mutants"; failed=1; }
}
if [ -z "${MX_SAN_CFLAGS:-}" ]; then whole; else wants 1 SURVIVES mxcts mutate "$packs"/scale.*; fi

# A mutant that nothing shows.
wants 1 SURVIVES mxcts mutate --mutant rna-ties "$packs/cast.e4m3.fp32.rna.mxv"
wants 0 'PASS: 1 of 1' mxcts mutate --mutant rna-ties "$packs/cast.e4m3.fp32.ocp.mxv"

# Named twice, counted once; a narrow one.
wants 0 'PASS: 2 of 2' mxcts mutate -m rna-ties -m source-exponent@cast.int8.fp64:0 --mutant rna-ties --op cast --elem int8
wants 0 'killed, first c.int8.fp64.' mxcts mutate -m source-exponent@cast.int8.fp64:0 --op cast --elem int8

# Packs chosen by what they are of; mutants that cannot act there are not missed.
wants 0 'PASS' mxcts mutate --op pack,swizzle
wants 1 '  0 of 1 packs, 0 cases: SURVIVES' mxcts mutate --mutant rna-ties --op cast --elem e4m3 --type fp32 "$packs"/cast.e*.rna.mxv
wants 1 'FAIL: 0 of 1 mutants killed; packs that were left out may kill the rest' mxcts mutate --mutant rna-ties "$packs/cast.e4m3.fp32.rna.mxv"
wants 77 'none of these mutants can act in these packs' mxcts mutate --mutant rna-ties --op decode --elem e2m1
wants 2 'no pack is left by --op, --elem and --type' mxcts mutate --op decode "$packs/cast.e4m3.fp32.ocp.mxv"

# A score that no pack has.
printf '#mxscores 1\ncast.e4m3.fp32.ocp 9999 of 1\n#end 1\n' > "$work/high"
wants 1 'wanted 9999 mutants killed' mxcts mutate --mutant rna-ties --scores "$work/high" "$packs/cast.e4m3.fp32.ocp.mxv"
printf '#mxscores 1\nno.such.pack 1 of 1\n#end 1\n' > "$work/gone"
wants 1 'no.such.pack: wanted 1' mxcts mutate --mutant rna-ties --scores "$work/gone" "$packs/cast.e4m3.fp32.ocp.mxv"
printf 'scores\n' > "$work/bad"
wants 2 'wanted #mxscores 1' mxcts mutate --mutant rna-ties --scores "$work/bad" "$packs/cast.e4m3.fp32.ocp.mxv"

# Scores that were cut at the end of a line, or in one.
scores=$src/conformance/mutants/SCORES
for cut in '$d' '2d' '$s/.$//' '$a\
#end 0'; do
    sed "$cut" "$scores" > "$work/cut"
    wants 2 'as the last line (cut or changed?)' mxcts mutate --mutant rna-ties --scores "$work/cut" "$packs/cast.e4m3.fp32.ocp.mxv"
done

# A pack with one wrong bit: the converter without a fault is killed.
awk '/^#end/ { exit } !done && / \| 78$/ { sub(/78$/, "79"); done = 1 } { print }' "$packs/cast.e4m3.fp32.ocp.mxv" > "$work/wrong"
n=$(grep -vc '^#' "$work/wrong")
digest=$(sha256sum < "$work/wrong" | cut -d' ' -f1)
{ cat "$work/wrong"; echo "#end count=$n sha256=$digest"; } > "$work/wrong.mxv"
wants 1 'which has no fault, is killed' mxcts mutate --mutant none "$work/wrong.mxv"
wants 0 'PASS' mxcts mutate --mutant none "$packs/cast.e4m3.fp32.ocp.mxv"

wants 2 "no mutant 'nope'" mxcts mutate --mutant nope
wants 2 "no such pack" mxcts mutate "$work/nothing.mxv"
done_with 20
