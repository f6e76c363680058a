#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# explain: stages and answers worked out by hand from the tables of the specification.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"

# a path is as long as the tree's
narrow() {
    checks=$((checks + 1))
    awk 'length > 100 && !/^pack / { exit 1 }' "$work/out" || wrong 'no line above 100 columns'
}

# E4M3: 464 lies halfway between 448 (7e) and the next grid point 480, and the even one of them is 448
run mxcts explain cast elem=e4m3 type=fp32 43e80000
exits 0
prints '43e80000  464 = 0x1.dp+8  normal'
matches '^  hi +1111\|0\|0 +480  beyond the largest code, 7e$'
matches '^  midpoint +1110\|1\|0 +464  = the quotient: a tie$'
matches '^  lo +1110\|0\|0 +448  code 7e$'
prints 'a tie: round=rne takes the even one, lo'
prints 'MX-5.3-b'
matches '^answer +7e  448  below the quotient$'
matches '^reference +7e$'
narrow

# above it: 480 overflows; special gives NaN
run mxcts explain cast elem=e4m3 type=fp32 43e80001
prints 'above the largest after rounding: overflow=saturate'
matches '^  overflow=special +7f  nan$'
run mxcts explain cast elem=e4m3 type=fp32 overflow=special 43e80001
matches '^answer +7f  nan'
matches '^  overflow=saturate +7e  448$'
matches '^  round=rtz +7e  448$'

# E2M1: 5 is halfway between 4 (6, 110) and 6 (7, 111): even is 4; away is 6, toward zero is 4
run mxcts explain cast elem=e2m1 type=bf16 40a0
matches '^answer +06  4  below the quotient$'
matches '^  round=rna +07  6$'
matches '^  round=rup +07  6$'
prints 'round=rtz'
run mxcts explain cast elem=e2m1 type=bf16 40a0 --got 07
matches '^  round=rna +07  6  <- what the subject answered$'
matches '^verdict +1 cell differs, first in lane 0; one axis explains it'
run mxcts explain cast elem=e2m1 type=bf16 40a0 --got 01
matches '^verdict +1 cell differs, first in lane 0; no single axis explains it; it is neither neighbour$'
run mxcts explain cast elem=e2m1 type=bf16 40a0 --got 06
matches '^verdict +the same$'

# -5 in both kinds of JSON and text; the sign is not part of the magnitude
run mxcts explain cast elem=e2m1 type=bf16 c0a0
matches '^answer +0e  -4  above the quotient$'
run mxcts explain cast elem=e2m1 type=bf16 c0a0 --format=json
exits 0
"${PYTHON3:-python3}" -c 'import json, sys
x = json.load(sys.stdin)
e = x["elements"][0]
assert x["reference"] == "0e" and e["quotient"]["exact"] == "-5" and e["tie"] is True, x
assert e["lo"]["exact"] == "4" and e["hi"]["exact"] == "6" and e["midpoint"]["exact"] == "5"
assert e["lo_code"] == "06" and e["hi_code"] == "07" and e["kept_guard_sticky"] == "10|1|0"
assert e["answer_value"] == "-4" and e["ternary"] == 1 and x["profile"]["round"] == "rne"
rna = [a for a in x["alternatives"] if a["axis"] == "round" and a["value"] == "rna"]
assert rna[0]["outputs"] == "0f" and rna[0]["changes"]' <"$work/out" || wrong 'the stages of -5 in JSON'

# special values come first
run mxcts explain cast elem=e5m2 type=fp16 7e00
matches '^source +7e00  nan  NaN$'
matches '^answer +7f  nan'
run mxcts explain cast elem=e3m2 type=fp32 ff800000
matches '^answer +3f  -28'
run mxcts explain cast elem=e5m2 type=fp32 80000001
prints 'kept|guard|sticky'
matches '^answer +80  -0  above the quotient$'
run mxcts explain cast elem=e4m3 type=fp32 00000000
prints 'a zero: zero-sign=keep'

# a block: A = 7 in lane 1, floor(log2 7) - 2 = 0 for E2M1, so scale 7f, and 7 saturates to 6; the even rule rounds A to 8
run mxcts explain quantize elem=e2m1 type=fp32 3f800000 40e00000 bf000000
exits 0
matches '^A +7 = 0x1\.cp\+2  first in lane 1$'
prints 'A lies between 2^2 and 2^3'
matches '^exponent +0$'
matches '^scale +7f  2\^0  by the rule$'
matches '^reference +7f 02 07 09$'
matches '^  scale=even +80 01 06 08$'
matches '^lane 1$'
narrow
run mxcts explain quantize elem=e2m1 type=fp32 3f800000 40e00000 bf000000 --lane=2
matches '^lane 2$'
matches '^source +bf000000  -0\.5 = -0x1p-1  normal$'
run mxcts explain quantize elem=e2m1 type=fp32 3f800000 40e00000 bf000000 --lane=all
[ "$(grep -c '^lane [0-9]' "$work/out")" -eq 3 ] || wrong 'three lanes'
run mxcts explain quantize elem=e2m1 type=fp32 3f800000 40e00000 bf000000 --got '80 01 06 08'
matches '^  scale=even .*<- what the subject answered$'
run mxcts explain quantize elem=e4m3 type=fp64 7fe0000000000000
prints 'above 2^127: scale-over decides'
run mxcts explain quantize elem=e4m3 type=fp32 00000001
prints 'clamped to -127'
matches '^scale +00  2\^-127  below'
run mxcts explain quantize elem=e4m3 type=fp32 7fc00000 3f800000
matches '^scale +ff  NaN  a NaN in the block: nan-in decides'
run mxcts explain scale elem=e4m3 type=fp32 scale=rceil 43e00000
matches '^A / largest +1 = 0x1p\+0  is 2\^0$'
matches '^reference +7f$'

# decoding: 3 of INT8 is 3/64; 1 times 2^-127 is subnormal in bf16
run mxcts explain dequantize elem=int8 type=fp32 7f 03 80
matches "^reference +3d400000 c0000000\$"
run mxcts explain dequantize elem=e4m3 type=fp16 fe 7e
prints "above the target's largest after rounding: decode-over=any"
run mxcts explain decode elem=e5m2 type=fp32 7c
matches '^answer +7f800000  inf'

# stochastic: 4.5 of E2M1 lies a quarter of the way from 4 to 6: with 2 bits only 3 goes up
run mxcts explain cast elem=e2m1 type=fp32 round=sr:2 40900000 2
matches '^answer +06  4'
run mxcts explain cast elem=e2m1 type=fp32 round=sr:2 40900000 3
matches '^answer +07  6'
prints 'round=sr:2 with random bits 3 takes hi'
run mxcts explain cast elem=e2m1 type=fp32 40900000
prints 'would go away from zero with probability 0.25'

# layouts: 0, 0.5, 4, -0 of E2M1 are 0 1 6 8; the two nibble orders of them that are in the field are 10 86 and 01 68
run mxcts explain pack elem=e2m1 layout=low-first 00 01 06 08
exits 0
matches '^reference +10 86$'
matches '^high-first +01 68$'
matches '^ +1  01  byte 0 bits 7\.\.4$'
run mxcts explain pack elem=e2m1 layout=low-first 00 01 06 08 --got '01 68'
prints '<- what the subject answered'
matches '^verdict +2 cells differ, first 0: wanted 10, found 01$'
# split-half: code j with code j + k/2
run mxcts explain pack elem=e2m1 layout=split-half 01 02 03 04
matches '^reference +31 42$'
# FP6: four codes in three bytes; the third code straddles
run mxcts explain unpack elem=e2m3 layout=low-first k=4 c1 0f 00
matches '^reference +01 3f 00 00$'
matches '^ +1  3f  byte 1 bits 3\.\.0, byte 0 bits 7\.\.6$'
# a scale at row 33, column 2 of a tile lies at (33 % 32) * 16 + (33 / 32) * 4 + 2 = 22
# the bytes are separate words
# shellcheck disable=SC2046
run mxcts explain swizzle rows=34 cols=3 layout=128x4 $(seq 102 | sed 's/.*/00/') --lane=101
matches '^ +\(33, 2\)  00  byte 22$'
narrow
run mxcts explain pack elem=e2m1 layout=high-first 01 --format=json
"${PYTHON3:-python3}" -c 'import json, sys
x = json.load(sys.stdin)
assert x["reference"] == "10" and x["layouts"] == {"low-first": "01", "high-first": "10"}, x
assert x["places"] == [{"bits": "01", "place": "byte 0 bits 7..4"}]' <"$work/out" || wrong 'JSON of a layout'
refuses "layout= is wanted after pack" mxcts explain pack elem=e2m1 01
refuses "k= is wanted after unpack" mxcts explain unpack elem=e2m1 layout=low-first 01
refuses "layout=128x4 is none of pack" mxcts explain pack elem=e2m1 layout=128x4 01
refuses "elem=e2m1 for layout=split-half, found elem=e4m3" mxcts explain pack elem=e4m3 layout=split-half 01 02
refuses "'rows=0' found where rows=1 to rows=65536 was wanted" mxcts explain swizzle rows=0 cols=1 layout=128x4

# the command pasted whole, capitals and 0x
run mxcts explain mxcts explain cast elem=e4m3 type=fp32 0x43E80000
matches '^reference +7e$'

# every kind of case of the packs, by id; the reference and the pack agree
ids=$(find "${MXCTS_DATADIR:-$MXCTS_SRCDIR}/vectors/packs" -name '*.mxv' | LC_ALL=C sort | awk 'NR % 23 == 1' |
    while read -r pack; do awk '!/^#/ { print $1; exit }' "$pack"; done)
[ -n "$ids" ] || { echo 'FAIL: no case found in the packs'; failed=1; }
for id in $ids; do
    run mxcts explain "$id"
    exits 0
    matches "^case +$id "
    matches '^pack  '
    lacks 'DIFFERS'
    narrow
done

# a whole line of every form of report: the case and what was answered are found in it
for form in text tap junit json; do
    mxcts run --op cast --elem e2m1 --type bf16 -s mutant:rna-ties --format $form >"$work/report"
    grep 'mxcts explain c\.' "$work/report" | head -n 1 >"$work/line"
    run mxcts explain "$(cat "$work/line")"
    exits 0
    prints 'case        c.e2m1.bf16'
    prints '<- what the subject answered'
    ran="mxcts explain - <the report as $form"
    mxcts explain - <"$work/report" >"$work/out" 2>"$work/err"
    status=$?
    exits 0
    prints 'case        c.e2m1.bf16'
done
# of a pack of one's own, too: the line that names the case first need not be the one that names the pack
mkdir "$work/own packs"
mxcts gen -o "$work/own packs" --name mine quantize elem=e2m1 type=bf16 k=4
pack="$work/own packs/quantize.e2m1.bf16.mine-k4.mxv"
mxcts run --subject portable "$pack" --format json="$work/a.json" >"$work/out"
mxcts run --subject mutant:rna-ties "$pack" --format json="$work/b.json" --format text="$work/r.text" --format tap="$work/r.tap" \
    --format junit="$work/r.junit" >"$work/out"
mxcts diff "$work/a.json" "$work/b.json" >"$work/r.diff"
for form in text tap junit diff; do
    ran="mxcts explain - <r.$form"
    mxcts explain - <"$work/r.$form" >"$work/out" 2>"$work/err"
    status=$?
    exits 0
    prints 'case        q.e2m1.bf16.mine-k4.'
    matches '^subject +[0-9a-f]'
done
# a line that names a case and no answer, one that names neither, and what is no line at all
run mxcts explain 'not ok 7 - c.e2m1.bf16.ocp.000182: wanted 00'
exits 0
prints 'case        c.e2m1.bf16.ocp.000182'
lacks verdict
refuses 'neither a case id nor a command' mxcts explain 'all is well'
refuses 'no line of standard input' mxcts explain -
refuses "no case 'c.e2m1.bf16.ocp.999999'" mxcts explain 'not ok 7 - c.e2m1.bf16.ocp.999999'

# beyond the largest code there are no two neighbours to choose between, so no probability
run mxcts explain scaled-cast elem=e4m3 type=fp32 43e80001 7d
prints 'above the largest after rounding'
lacks probability
# a wrong code is placed about the quotient: 4.25 lies between 4 (06) and 6 (07)
run mxcts explain cast elem=e2m1 type=fp32 40880000 --got 01
prints 'no single axis explains it; it is neither neighbour'
run mxcts explain cast elem=e2m1 type=fp32 round=rtz 40880000 --got 0e
prints 'the sign is wrong'
# what a profile leaves open has no digits
run mxcts explain quantize elem=int8 type=bf16 3f80 7f80 8000
matches '^answer +xx  free: this profile takes any$'
matches '^reference +ff xx xx xx$'

# no line above 100 columns and no space at an end, whatever the operation, format, type, profile and special value: a
# case here and there of every 25th pack
find "$MXCTS_SRCDIR/vectors/packs/smoke" -name '*.mxv' | LC_ALL=C sort | awk 'NR % 25 == 1' >"$work/packs"
while read -r pack; do
    for id in $(awk '/^[a-z]+[.]/ { n++; if (n == 1 || n % 97 == 50) print $1 }' "$pack" | head -n 4); do
        run mxcts explain --pack "$pack" "$id" --lane all
        exits 0
        narrow
        checks=$((checks + 1))
        ! grep -q ' $' "$work/out" || wrong 'no space at the end of a line'
    done
done <"$work/packs"

# bad input
refuses "a case id, or an operation with its inputs, is wanted" mxcts explain
refuses "no case 'c\.no\.such' in the [1-9][0-9]* packs" mxcts explain c.no.such
refuses "'43e80000' after the case id: nothing was wanted" mxcts explain c.no.such 43e80000
refuses "elem= is wanted after cast" mxcts explain cast
refuses "type= is wanted after cast" mxcts explain cast elem=e4m3
refuses "no element format 'e4m9'" mxcts explain cast elem=e4m9 type=fp32 0
refuses "no type 'fp31'" mxcts explain cast elem=e4m3 type=fp31 0
refuses "8 lower-case hex digits for input value, found 'zz'" mxcts explain cast elem=e4m3 type=fp32 zz
refuses "8 lower-case hex digits for input value, found '3f80'" mxcts explain cast elem=e4m3 type=fp32 3f80
refuses "nothing after the last input, found ' 0'" mxcts explain cast elem=e4m3 type=fp32 3f800000 0
refuses "the name of an axis, found 'rounding'" mxcts explain cast elem=e4m3 type=fp32 rounding=rne 3f800000
refuses "round= one of .*, found 'nearest'" mxcts explain cast elem=e4m3 type=fp32 round=nearest 3f800000
refuses "at most 4 bits for input code\[0\], found '1f'" mxcts explain dequantize elem=e2m1 type=fp32 7f 1f
refuses "'k=0' found where k=1 to k=65536 was wanted" mxcts explain quantize k=0 elem=e4m3 type=fp32 3f800000
refuses "'k=65537' found where" mxcts explain quantize k=65537 elem=e4m3 type=fp32 3f800000
refuses "input value\[1\], found nothing" mxcts explain quantize k=2 elem=e4m3 type=fp32 3f800000
refuses "0 columns do not make the inputs of quantize" mxcts explain quantize elem=e4m3 type=fp32
refuses "3 columns do not make" mxcts explain quantize elem=e4m3 type=fp32 round=sr:4 3f800000 1 3f800000
refuses "--lane=1: 0 to 0 or all was wanted" mxcts explain cast elem=e4m3 type=fp32 3f800000 --lane=1
refuses "--got: wanted 2 lower-case hex digits for output code, found '123'" \
    mxcts explain cast elem=e4m3 type=fp32 3f800000 --got 123
refuses "no-such-profile" mxcts explain --profile=no-such-profile cast elem=e4m3 type=fp32 3f800000
refuses "option '--lane' wants an argument" mxcts explain --lane
done_with 112
