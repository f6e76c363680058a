#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The frame of the command, list and info.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"

# ---- the frame
run mxcts --help
exits 0
prints 'Usage: mxcts VERB'
for verb in list info explain; do matches "^  $verb  "; done
run mxcts --version
exits 0
matches '^mxcts [0-9]+\.[0-9]+\.[0-9]+$'
refuses '^mxcts: a verb is wanted' mxcts
refuses "^mxcts: no verb 'frobnicate'" mxcts frobnicate
refuses "^mxcts: no option '--frobnicate'" mxcts --frobnicate
run mxcts help list
exits 0
prints 'Usage: mxcts list'
refuses "^mxcts: no verb 'lists'" mxcts help lists
refuses "^mxcts: 'list' after --help: nothing was wanted" mxcts --help list

# every verb: help with an example, and bad options refused in one line that names the verb
verbs=$(mxcts --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
for verb in $verbs; do
    run mxcts "$verb" --help
    exits 0
    matches "^Usage: mxcts $verb"
    prints 'Example:'
    matches '^\$ .*mxcts '
    refuses "^mxcts $verb: no option '--frobnicate'" mxcts "$verb" --frobnicate
    refuses "^mxcts $verb: no option '-Z'" mxcts "$verb" -Z
done

# writing to a full device is an error, not silence
if [ -w /dev/full ]; then
    mxcts --help >/dev/full 2>"$work/err"
    status=$? ran='mxcts --help >/dev/full'
    exits 99
fi

# ---- list
refuses 'one of packs, profiles, ops, axes, subjects, mutants is wanted' mxcts list
refuses "'pax' found where packs, profiles, ops, axes, subjects or mutants was wanted" mxcts list pax
refuses "no operation 'casts'" mxcts list packs --op=casts
refuses "no element format 'e4m4'" mxcts list packs --elem=e4m4
refuses "no type 'fp8'" mxcts list packs --type=fp8
refuses "axis" mxcts list packs --axis=rounding=rne
refuses "'yaml' found where text\|json was wanted" mxcts list ops --format=yaml
refuses "option '--format' wants an argument" mxcts list ops --format
run mxcts list ops
exits 0
matches '^scaled-cast +value scale +-> code '
matches '^quantize +value\[k\] +-> scale code\[k\] '
for op in decode cast scale scaled-cast quantize dequantize pack unpack swizzle unswizzle; do matches "^$op +.* -> .*[a-z]{4}"; done
[ "$(wc -l <"$work/out")" -eq 10 ] || wrong 'ten operations'
run mxcts list axes
exits 0
matches '^round +rne rna rnz rtz rup rdn rto sr:N$'
[ "$(wc -l <"$work/out")" -eq 19 ] || wrong 'nineteen axes'
run mxcts list profiles
exits 0
matches '^ocp-mx-1\.0 '
run mxcts list subjects
exits 0
matches '^portable '
matches '^pipe:CMD '
run mxcts list packs
exits 0
cases=$(awk 'NR > 1 { n += $2 } END { print n + 0 }' "$work/out")
rows=$(find "${MXCTS_DATADIR:-$MXCTS_SRCDIR}/vectors/packs" -name '*.mxv' -exec grep -hvc '^#' {} + | awk '{ n += $1 } END { print n + 0 }')
[ "$cases" -gt 0 ] && [ "$cases" -eq "$rows" ] || wrong "as many cases as there are rows in the packs: $rows, not $cases"
run mxcts list packs --op=cast --elem=e4m3 --type=fp32 --axis=round=rne
exits 0
prints 'cast elem=e4m3 type=fp32'
lacks 'elem=e5m2'
lacks 'round='
run mxcts list packs --format=json --op=decode
exits 0
"${PYTHON3:-python3}" -c 'import json, sys
packs = json.load(sys.stdin)
assert packs and all(p["op"] == "decode" and p["cases"] > 0 for p in packs)' <"$work/out" || wrong 'JSON of the decode packs'

# ---- info: the numbers are those printed in the specification
run mxcts info
exits 0
matches '^version '
run mxcts info formats
exits 0
matches '^max +57344 +448 +28 +7\.5 +6 +1\.984375$'
matches '^bias +15 +7 +3 +1 +1 +0$'
matches '^inf-code +7c +none +none +none +none +none$'
prints 'bias 127, 2^-127 (code 00) to 2^127 (code fe), NaN is ff'
run mxcts info e4m3
exits 0
matches '^7e +0\.1111\.110 +normal +448 +0x1\.cp\+8$'
matches '^ff +1\.1111\.111 +nan +nan +nan$'
matches '^80 +1\.0000\.000 +zero +-0 +-0x0p\+0$'
matches '^01 +0\.0000\.001 +subnormal +0\.001953125 +0x1p-9$'
[ "$(grep -Ec '^[0-9a-f]{2} ' "$work/out")" -eq 256 ] || wrong '256 codes'
run mxcts info e2m1
[ "$(grep -Ec '^[0-9a-f]{2} ' "$work/out")" -eq 16 ] || wrong '16 codes'
run mxcts info int8
matches '^80 +10000000 +fixed point +-2 +-0x1p\+1$'
run mxcts info e8m0
matches '^00 +2\^-127$'
matches '^ff +nan$'
run mxcts info int8-axis
matches '^int8: '
run mxcts info axes
exits 0
[ "$(grep -c '^  clause: ' "$work/out")" -eq 19 ] || wrong 'a clause for each axis'
awk 'NF < 2 && NF > 0 { exit 1 }' "$work/out" || wrong 'a meaning for each value'
run mxcts info ocp-mx-1.0
exits 0
matches '^  scale=floor +(documented|probed|assumed) +[^ ]'
[ "$(grep -c = "$work/out")" -ge 19 ] || wrong 'all axes of the profile'
run mxcts info ocp-mx-1.0 --format=json
exits 0
refuses "'e9m9' is no format, axis or profile" mxcts info e9m9
refuses "'e5m2': one topic is wanted" mxcts info e4m3 e5m2
for topic in formats e5m2 e8m0 axes profiles ''; do
    # no topic is a topic too
    # shellcheck disable=SC2086
    run mxcts info $topic --format=json
    exits 0
    "${PYTHON3:-python3}" -c 'import json, sys; assert json.load(sys.stdin)' <"$work/out" || wrong 'JSON'
done
done_with 90
