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

refuses "^mxcts: no verb 'rum' \(did you mean 'run'\?\)" mxcts rum
refuses "^mxcts: 'list' after help run: nothing was wanted" mxcts help run list
refuses "^mxcts run: no option '--subjet=ref' \(did you mean '--subject'\?\)" mxcts run --subjet=ref
refuses "^mxcts run: '--f=text' is short for '--failures' and for '--format'" mxcts run --f=text
# names that are nearly right: the one that was meant; else all there are
refuses "no operation 'casts' \(did you mean 'cast'\?\)" mxcts run --op casts
refuses "no element format 'E4M3' \(did you mean 'e4m3'\?\)" mxcts sweep cast --elem E4M3
refuses "no type 'single'; there are: fp32, bf16, fp16, fp64" mxcts run --type single
# the same options everywhere: several words with commas, or given again
for verb in 'run' 'verify x' 'infer --subject ref' 'bisect --good ref --bad ref' gen 'list packs' 'sweep cast' bench; do
    # the verb and what it needs are words
    # shellcheck disable=SC2086
    refuses "no element format 'E4M3' \(did you mean 'e4m3'\?\)" mxcts $verb --elem e2m1,E4M3
    # shellcheck disable=SC2086
    refuses "'e2m1,' found where a word, or words with commas between, was wanted" mxcts $verb --elem e2m1,
done
for words in '--op decode,cast --elem e2m1,int8 --type fp32,bf16' '--op decode --op cast --elem e2m1 --elem int8 --type fp32 --type bf16'; do
    # shellcheck disable=SC2086
    run mxcts list packs $words
    exits 0
    [ "$(sed '1d; s/[^ ]* *[0-9]*  \([a-z]* elem=[a-z0-9]* type=[a-z0-9]*\).*/\1/' "$work/out" | sort -u | tr '\n' ',')" = \
        'cast elem=e2m1 type=bf16,cast elem=e2m1 type=fp32,cast elem=int8 type=bf16,cast elem=int8 type=fp32,decode elem=e2m1 type=bf16,decode elem=e2m1 type=fp32,decode elem=int8 type=bf16,decode elem=int8 type=fp32,' ] ||
        wrong 'packs of two operations, formats and types'
    # shellcheck disable=SC2086
    run mxcts gen --list $words
    [ "$(sed 's/ .*//; s/\(.*\)\.[^.]*$/\1/' "$work/out" | sort -u | wc -l)" -eq 8 ] || wrong 'plans of eight operations, formats and types'
done
# what would be passed over in silence
refuses "^mxcts run: 'portable' found after 'ref': one was wanted" mxcts run -s ref -s portable
refuses "'portable' found after 'ref': one was wanted" mxcts infer -s ref -s portable
refuses "'portable' found after 'ref': one was wanted" mxcts sweep cast -s ref -s portable
refuses "'portable' found after 'ref': one was wanted" mxcts verify-statement -s ref -s portable x
refuses '--known and --today are for --subject' mxcts verify-statement --known x y
refuses '--known and --today are for --subject' mxcts verify-statement --today 2026-01-01 y
for option in '-s ref' '--state x' '--against x' '--shard 1/2' '--format json'; do
    # an option and its argument
    # shellcheck disable=SC2086
    refuses '--roots judges nothing' mxcts sweep cast --elem e2m1 --type bf16 --roots $option
done
refuses '--profile and --axes both say' mxcts subject --profile ocp-mx-1.0 --axes round=rna portable
refuses '--profile and --axes both say' mxcts subject --axes round=rna --profile ocp-mx-1.0 portable
for kind in profiles ops axes subjects mutants; do
    refuses "--op, --elem and --type choose packs and tags, not $kind" mxcts list $kind --elem e4m3
done
refuses '--axis chooses packs, not tags' mxcts list tags --axis round=rne
for verb in explain 'bisect -s ref'; do
    # shellcheck disable=SC2086
    refuses "--pack is for a case id, found the operation 'cast'" mxcts $verb --pack cast.e2m1.bf16.ocp cast elem=e2m1 type=bf16 3fa0
    # shellcheck disable=SC2086
    refuses "--profile is for an operation typed in: 'c.e2m1.bf16.ocp.000176' has" mxcts $verb --profile torchao-rceil c.e2m1.bf16.ocp.000176
done
refuses 'no pack is left by --op, --elem and --type' mxcts gen cast --op decode
refuses '^mxcts gen: --op, --elem and --type go with neither --tree' mxcts gen --op cast --tree "$work/tree"
refuses '--op, --elem and --type go with --good and --bad' mxcts bisect --subject ref --elem e4m3 cast elem=e4m3 type=fp32 3f800000
refuses "no subject 'portabel' \(did you mean 'portable'\?\); there are: portable, " mxcts run -s portabel
refuses 'run: lib:: a shared object is wanted, such as lib:./mine.so' mxcts run -s lib:
refuses 'run: pipe:: a command is wanted, such as' mxcts run -s pipe:
for command in 'run' 'gen decode.e2m1.bf16.ocp' 'list packs' 'infer -s ref -p torchao-rceil' 'clauses'; do
    # a command of several words
    # shellcheck disable=SC2086
    run env MXCTS_DATADIR="$work" mxcts $command
    checks=$((checks + 1))
    [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q "not in MXCTS_DATADIR=$work" "$work/err" || wrong 'where the data was looked for'
done
refuses "no mutant 'rna-tie' \(did you mean 'rna-ties'\?\)" mxcts run -s mutant:rna-tie
refuses "no clause 'MX-6.3' \(did you mean 'MX-6.3-a'\?\)" mxcts run MX-6.3
refuses "no tag or case id 'stiky' in [0-9]+ packs \(did you mean 'sticky'\?\)" mxcts run stiky
refuses "no tag or case id 'c.e2m1.bf16.ocp.999999' in [0-9]+ packs" mxcts run c.e2m1.bf16.ocp.999999
refuses "found 'rond' \(did you mean 'round'\?\)" mxcts explain cast elem=e2m1 type=bf16 rond=rne 3f80
refuses "no operation 'cst' \(did you mean 'cast'\?\)" mxcts explain cst elem=e2m1 type=bf16 3f80
refuses "no operation 'cst'" mxcts bisect -s ref cst elem=e2m1 type=bf16 3f80
refuses "no layout 'lowfirst' \(did you mean 'low-first'\?\)" mxcts explain pack elem=e2m1 layout=lowfirst 01
refuses "'roud' is no format, axis or profile \(did you mean 'round'\?\)" mxcts info roud
refuses "no pack is called 'cast.e2m1.bf16.ocpp' \(did you mean 'cast.e2m1.bf16.ocp'\?\)" mxcts gen cast.e2m1.bf16.ocpp

# files that the command line names: missing, a folder, empty, cut short. One line, and never a harness error
mkdir "$work/folder"
: >"$work/empty"
head -n 7 "$MXCTS_SRCDIR/vectors/packs/smoke/cast.e2m1.bf16.ocp.mxv" | head -c -2 >"$work/cut.mxv"
while read -r name why; do
    path=$work/$name
    refuses "$why" mxcts run "$path"
    refuses "$why" mxcts coverage "$path"
    refuses "$why" mxcts mutate --mutant rna-ties "$path"
    refuses "$why" mxcts verify --pack "$path" "$MXCTS_SRCDIR/vectors/packs/smoke/decode.e2m1.bf16.ocp.mxv"
done <<END
none no such pack or folder: No such file
folder wanted packs .\*.mxv. in this folder, found none
empty wanted #mxv, found the end of the file
cut.mxv 7: wanted a line feed
END
# a pack of a folder that cannot be read is not passed over
mkdir "$work/half"
cp "$MXCTS_SRCDIR/vectors/packs/smoke/cast.e2m1.bf16.ocp.mxv" "$work/half" && ln -s nowhere "$work/half/gone.mxv"
refuses 'half/gone.mxv: wanted to read it, found: No such file' mxcts run "$work/half"
refuses '/dev/zero:1: wanted text, found a NUL byte' mxcts run /dev/zero
refuses "/dev/stdin:1: wanted #mxv, found 'y'" sh -c 'yes | mxcts run /dev/stdin'
refuses "/dev/stdin:1: wanted a conformance statement .*, found 'y'" sh -c 'yes | mxcts verify-statement /dev/stdin'
for bad in none folder empty cut.mxv; do
    for command in 'verify' 'report' 'statement' 'verify-statement' 'run --known' 'run --profile' 'run -s lib:' 'infer -p' \
        'mutate --mutant none --scores' 'explain --pack' 'sweep cast --against'; do
        case $command in
        *:) refuses "$bad" mxcts ${command}"$work/$bad" ;;
        'infer -p') refuses "$bad" mxcts infer -s ref -p "$work/$bad" ;;
        'explain --pack') refuses "$bad" mxcts explain --pack "$work/$bad" c.e2m1.bf16.ocp.000176 ;;
        verify) [ $bad = empty ] || refuses "$bad" mxcts verify "$work/$bad" ;;
        *) refuses "$bad" mxcts $command "$work/$bad" ;;
        esac
    done
    refuses "$bad" mxcts diff "$work/$bad" "$work/$bad"
done

# a pack is a file, a folder, or one of the smoke tier by its name, as `mxcts list packs` has it or bare, or a pattern
bare=cast.e2m1.bf16.ocp path=$MXCTS_SRCDIR/vectors/packs/smoke/cast.e2m1.bf16.ocp.mxv
cases=$(grep -vc '^#' "$path")
for name in $bare $bare.mxv smoke/$bare.mxv "$path" '*.e2m1.bf16.oc[p]' 'smoke/cast.e2m1.bf1?.ocp.mxv'; do
    run mxcts run "$name"
    case $name in
    *.bf16.oc*p\]) matches '^packs +4 chosen' ;;
    *bf1?.ocp*) matches '^packs +1 chosen' ;;
    *) prints "PASS: conforms on all $cases judged cases" ;;
    esac
    exits 0
done
for name in $bare smoke/$bare.mxv; do
    run mxcts mutate --mutant rna-ties $name
    prints "1 mutants, 0 equivalent, 1 packs, $cases cases"
    run mxcts coverage $name
    prints "$cases cases, "
    run mxcts verify --pack $name "$path"
    prints "PASS: conforms on all $cases judged cases"
    run mxcts explain --pack $name c.e2m1.bf16.ocp.000176
    exits 0
done
run mxcts run -s mutant:rna-ties $bare
prints "mxcts explain c.e2m1.bf16.ocp.000176 --got '03'"
for verb in run mutate coverage; do
    refuses "cast.e2m1.bf16.ocpp: no such pack or folder \(did you mean '$bare.mxv'\?\)" mxcts $verb cast.e2m1.bf16.ocpp
    refuses "cast.z\*: no such pack or folder; .mxcts list packs. names" mxcts $verb 'cast.z*'
done
cd "$work" || exit 99
refuses "no tag or case id 'folder' in [0-9]+ packs; the file or folder is './folder'" mxcts run folder
refuses "'cast\.e2m1\.\*' names [0-9]* packs where one was wanted" mxcts explain --pack 'cast.e2m1.*' c.e2m1.bf16.ocp.000176

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
    for command in --help 'list packs' 'list ops --format json' 'run --op decode --format json' 'clauses --format tsv'; do
        # a command of several words
        # shellcheck disable=SC2086
        mxcts $command >/dev/full 2>"$work/err"
        status=$? ran="mxcts $command >/dev/full"
        exits 99
        [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q 'standard output: No space left on device' "$work/err" || wrong 'the reason, once'
    done
fi

# so is a file that grows beyond the limit; what was begun is gone
mkdir "$work/limited"
for command in "gen -o $work/limited quantize elem=e4m3 type=fp32" "run --op decode --elem e2m1 --format json=$work/limited/run.json"; do
    # a command of several words
    # shellcheck disable=SC2086
    (ulimit -f 1; mxcts $command >/dev/null 2>"$work/err")
    status=$? ran="ulimit -f 1; mxcts $command"
    exits 99
    [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q 'limited/.*: File too large' "$work/err" || wrong 'the reason, once'
done
[ -z "$(find "$work/limited" -name '*.tmp')" ] || wrong "no temporary file left, found: $(ls "$work/limited")"

# a closed stream fails, and no file that is opened takes its place
mxcts sweep cast --elem e2m1 --type bf16 --state "$work/state" >&- 2>"$work/err"
status=$? ran='mxcts sweep --state FILE >&-'
exits 99
grep -q 'standard output: Bad file descriptor' "$work/err" || wrong 'the reason'
[ "$(sed 's/ .*//' "$work/state" | tr '\n' ' ')" = '#mxsweep #args s ' ] || wrong "a journal, found: $(head -n 3 "$work/state")"
mxcts run --op decode --elem e2m1 --subject 'pipe:mxcts subject portable' >"$work/out" <&- 2>&-
status=$? ran='mxcts run with standard input and error closed'
exits 0

# few files: what fits in is judged, else one line. No file that this test was started with takes a place
for files in 7 10; do
    # every shell of today has it
    # shellcheck disable=SC3045
    (exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; ulimit -n $files; mxcts run --op decode --elem e2m1 -s 'pipe:exec mxcts subject portable' >"$work/out" 2>"$work/err")
    status=$? ran="ulimit -n $files; mxcts run -s pipe:..."
    if [ $files -eq 10 ]; then
        exits 0
    else
        exits 99
        [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q 'cannot start a process: Too many open files' "$work/err" || wrong 'the reason, once'
    fi
done

# little memory: what a library does then, to abort or to exit, is no verdict. From the least in which the program
# starts to what is enough: how much that is depends on the libraries it is linked with
ended=0
for kilobytes in $(seq 12000 4000 120000); do
    [ -z "${MX_SAN_CFLAGS:-}" ] || break
    # shellcheck disable=SC3045
    (ulimit -v "$kilobytes"; mxcts --version) >/dev/null 2>&1 || continue
    # shellcheck disable=SC3045
    (ulimit -v "$kilobytes"; OMP_NUM_THREADS=2 mxcts coverage >"$work/out" 2>"$work/err")
    status=$? ran="ulimit -v $kilobytes; mxcts coverage"
    [ $status -ne 0 ] || break
    exits 99
    ended=$((ended + 1))
    [ "$(grep -c . "$work/err")" -le 1 ] || wrong 'one line at most'
done
[ -n "${MX_SAN_CFLAGS:-}" ] || { [ $status -eq 0 ] && [ $ended -gt 0 ]; } || wrong 'too little memory for it, then enough'

# ---- list
refuses 'one of packs, profiles, ops, axes, subjects, mutants, tags is wanted' mxcts list
refuses "'pax' found where packs, profiles, ops, axes, subjects, mutants or tags was wanted" mxcts list pax
run mxcts list tags
exits 0
awk '/^tag / { print $2, $3 }' "$MXCTS_SRCDIR/vectors/COUNTS" >"$work/counts"
awk '{ print $1, $2 }' "$work/out" >"$work/listed"
checks=$((checks + 1))
cmp -s "$work/counts" "$work/listed" || wrong 'the tags of vectors/COUNTS with their counts'
checks=$((checks + 1))
! awk 'NF < 3' "$work/out" | grep . >"$work/bare" || { wrong 'words for every tag'; cat "$work/bare"; }
run mxcts list tags --op scale --elem int8 --type fp16
lacks C5.3-a
prints 'rceil '
run mxcts list tags --format json
matches '"meaning": "MX-6.3-b: '
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
done_with 195
