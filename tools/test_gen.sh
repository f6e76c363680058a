#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# mxcts gen: the same packs whichever way they are asked for; bad requests get one line.
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
packs=$MXCTS_SRCDIR/vectors/packs/smoke
name=quantize.e2m1.fp32.floor-k3

same() {
    checks=$((checks + 1))
    cmp -s "$1" "$2" || wrong "$1 and $2 to be the same"
}

run mxcts gen $name
exits 0
same "$work/out" "$packs/$name.mxv"

run mxcts gen -o "$work/some" 'decode.int8.*' $name
exits 0
for f in decode.int8.fp32.ocp decode.int8.fp32.int6 $name; do
    same "$work/some/$f.mxv" "$packs/$f.mxv"
done
ls "$work/some" >"$work/made"
checks=$((checks + 1))
if grep -q tmp "$work/made"; then
    wrong "no temporary files left"
fi

run mxcts gen --list
exits 0
checks=$((checks + 1))
[ "$(wc -l <"$work/out")" -eq "$(wc -l <"$MXCTS_SRCDIR/vectors/MANIFEST.sha256")" ] || wrong "as many packs as in the manifest"
prints "$name "

run mxcts gen --tier full --list
exits 0
prints "cast.e4m3.bf16.all-rne "

run mxcts gen --digest $name
exits 0
prints "$(sha256sum <"$packs/$name.mxv" | cut -d ' ' -f 1)  $name.mxv"

# the inputs, with ids and without; nothing of the answers
run mxcts gen --inputs $name
exits 0
sed -n 's/^\(q[^ ]*\) [a-z]* [^ ]* \(.*\) | .*/\1 \2/p' "$packs/$name.mxv" >"$work/want"
grep -v '^#' "$work/out" >"$work/got"
same "$work/want" "$work/got"
run mxcts gen --inputs --bare $name
exits 0
cut -d ' ' -f 2- "$work/want" >"$work/bare"
same "$work/bare" "$work/out"

# the random bits are inputs
run mxcts gen --inputs --bare cast.e2m1.fp32.sr8
exits 0
matches '^[0-9a-f]{8} [0-9a-f]{2}$'

refuses "no pack is called 'nothing'" mxcts gen nothing
refuses "packs wanted: say where" mxcts gen 'decode.*'
refuses "only one of" mxcts gen --list --digest
refuses "goes with --inputs" mxcts gen --bare $name
refuses "after --tree" mxcts gen --tree "$work/t" $name
refuses "wanted" mxcts gen --threads 0 -o "$work/t"
refuses "smoke.full" mxcts gen --tier smok --list
run mxcts gen -o "$work/not/there" $name
exits 99
checks=$((checks + 1))
if [ "$(wc -l <"$work/err")" -ne 1 ]; then
    wrong "one line on stderr"
fi
done_with 29
