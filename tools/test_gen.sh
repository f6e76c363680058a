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

# the answers alone, and both sides without ids are the pack
run mxcts gen --outputs $name
exits 0
grep -v '^#' "$work/out" >"$work/got"
sed -n 's/^\(q[^ ]*\) .* | \(.*\)/\1 \2/p' "$packs/$name.mxv" >"$work/want"
same "$work/want" "$work/got"
run mxcts verify --pack $name "$work/got"
exits 0
run mxcts gen --outputs --bare $name
cut -d ' ' -f 2- "$work/want" >"$work/bare"
same "$work/bare" "$work/out"

# packs that no table has: of an operation, under a profile of one's own; what an implementation passes, a fault fails
sed -e 's/^name .*/name chip/' -e 's/^scale=floor/scale=rceil/' -e 's/^nan-in=block-nan/nan-in=element/' -e 's/^round=rne/round=rtz/' \
    "$MXCTS_SRCDIR/conformance/profiles/ocp-mx-1.0.profile" >"$work/chip.profile"
run mxcts run --op quantize --profile "$work/chip.profile"
exits 77
matches '^SKIP: nothing was judged: no pack chosen agrees with this profile; .mxcts gen --profile. makes'
run mxcts gen --profile "$work/chip.profile" -o "$work/own" quantize elem=e4m3
exits 0
for type in bf16 fp16 fp32 fp64; do
    run head -n 3 "$work/own/quantize.e4m3.$type.chip.mxv"
    prints "#op quantize elem=e4m3 type=$type k=32"
    prints '#profile scale=rceil scale-arith=exact round=rtz '
    prints ' nan-in=element '
done
run mxcts run --subject portable --profile "$work/chip.profile" "$work/own"
exits 0
matches '^packs +4 chosen'
run mxcts run --subject mutant:always-round-rna "$work/own"
exits 1
prints "mxcts explain --pack $work/own/quantize.e4m3."
for shape in 'decode elem=int8 type=bf16 int8=int6' 'cast elem=e2m1 type=fp64 round=sr:3' 'scale elem=e4m3 type=fp32 k=1 scale=even' \
    'scale elem=e4m3 type=bf16 k=5' 'scaled-cast elem=e5m2 type=fp16 round=rup' 'quantize elem=e2m1 type=bf16 k=1' \
    'quantize elem=e3m2 type=fp32 k=300 round=sr:8' 'dequantize elem=e2m3 type=bf16 k=17 decode-over=inf' \
    'pack elem=e2m1 layout=high-first k=13' 'unpack elem=e3m2 layout=low-first' 'swizzle rows=130 cols=3 layout=128x4'; do
    # a shape of several words
    # shellcheck disable=SC2086
    run mxcts gen --name mine $shape
    exits 0
    cp "$work/out" "$work/mine.mxv"
    run mxcts run --subject portable "$work/mine.mxv"
    exits 0
    matches '^PASS: conforms on all [1-9][0-9]* judged cases'
done
run mxcts gen --list quantize elem=e4m3 type=bf16 k=16
matches '^quantize.e4m3.bf16.own-k16  '
run mxcts gen --list swizzle rows=130 cols=3 layout=128x4
matches '^swizzle.128x4.own-130x3  '
refuses 'cast.e4m3.fp32.ocp is the name of a pack of the suite' mxcts gen --name ocp cast elem=e4m3 type=fp32
refuses 'quantize.e4m3.fp32.dense-even is the name' mxcts gen --name dense-even quantize elem=e4m3 type=fp32
refuses "small letters, digits, dots and dashes, found 'My chip'" mxcts gen --name 'My chip' cast
refuses "'3f80' found where AXIS=VALUE was wanted" mxcts gen cast elem=e4m3 type=bf16 3f80
refuses "did you mean 'round'" mxcts gen cast rond=rne
refuses 'layout= is wanted after pack' mxcts gen pack
refuses 'rows= and cols= are wanted' mxcts gen swizzle layout=128x4
refuses '24 packs wanted: say where' mxcts gen cast
refuses 'is in no tier' mxcts gen --tier full cast
touch "$work/file"
refuses 'file: wanted a folder to write to, found a file' mxcts gen -o "$work/file" decode.e2m1.bf16.ocp
refuses 'no/folder: wanted a folder to write to, found: No such file' mxcts gen -o no/folder decode.e2m1.bf16.ocp
refuses 'are for an operation typed in' mxcts gen --profile ocp-mx-1.0 "$name"

# the forms of a name that every verb takes; a tier is that of the packs made
for called in "$name" "$name.mxv" "smoke/$name.mxv" "smoke/$name" "?${name#?}.mxv"; do
    run mxcts gen --digest "$called"
    exits 0
    prints "  $name.mxv"
    [ "$(wc -l <"$work/out")" -eq 1 ] || wrong 'one line'
done
run mxcts gen --tier full --digest "full/$name.mxv"
prints "  $name.mxv"
refuses "no pack is called 'smoke/$name'" mxcts gen --tier full "smoke/$name"
refuses "no pack is called 'smoke/${name}p' \(did you mean '$name'\?\)" mxcts gen "smoke/${name}p"
refuses "no pack is called 'nothing'" mxcts gen nothing
refuses "packs wanted: say where" mxcts gen 'decode.*'
refuses "only one of" mxcts gen --list --digest
refuses "goes with --inputs" mxcts gen --bare $name
refuses "after --tree" mxcts gen --tree "$work/t" $name
refuses "wanted" mxcts gen --threads 0 -o "$work/t"
refuses "smoke.full" mxcts gen --tier smok --list
run mxcts gen -o "$work/not/there" $name
exits 2
checks=$((checks + 1))
if [ "$(wc -l <"$work/err")" -ne 1 ]; then
    wrong "one line on stderr"
fi
done_with 110
