#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# bisect and infer from the command line: what they print runs, and what misbehaves is told.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
python=${PYTHON3:-python3}
cc=${CC:-cc}

# A subject for casts to E2M1 that has one answer for everything, which is wrong for 3fe0 (1.75); told to be a nuisance
# by its argument, most of them for every other input.
cat >"$work/subject.py" <<'END'
import sys, time
how, n = sys.argv[1], 0
for line in sys.stdin:
    w = line.split()
    if w[0] == 'mxp':
        print('mxp 1 name=nuisance version=1 ops=cast:e2m1:bf16')
    elif w[0] == 'op':
        print('ok', w[1])
    elif w[0] == 'c':
        n += 1
        if how == 'slow' and w[3] != '3fe0':
            time.sleep(30)
        if how == 'dies' and w[3] != '3fe0':
            print('out of cheese', file=sys.stderr)
            sys.exit(3)
        print('r', w[2], '%02x' % (n & 7 if how == 'whim' else 2))
    elif w[0] == 'bye':
        print('bye seen=%d answered=%d refused=0' % (n, n))
    sys.stdout.flush()
END
nuisance() { echo "pipe:$python $work/subject.py $1"; }

# ---- the programs that it prints fail as they stand, and pass once their one function answers rightly ----

for case in "mutant:rna-ties cast elem=e2m1 type=bf16 3e80" "mutant:lanes-swapped quantize elem=e2m1 type=fp32 3f800000 00000000 40400000 c0800000" \
    "mutant:decode-sign-lost decode elem=e4m3 type=fp64 81" "mutant:always-round-rtz cast elem=e2m1 type=fp32 round=sr:8 3fa00000 ff" \
    "mutant:amax-next-1 quantize elem=e4m3 type=bf16 3f80 3f80 3f80 3f80"; do
    # shellcheck disable=SC2086
    run mxcts bisect --format c -s $case
    exits 1
    cp "$work/out" "$work/repro.c"
    # shellcheck disable=SC2086
    run mxcts bisect --format python -s $case
    exits 1
    cp "$work/out" "$work/repro.py"
    # shellcheck disable=SC2086
    run mxcts bisect --format mxv -s $case
    exits 1
    cp "$work/out" "$work/repro.mxv"

    # shellcheck disable=SC2086
    run $cc -Wall -Wextra -Werror -o "$work/repro" "$work/repro.c"
    exits 0
    run "$work/repro"
    exits 1
    matches '^(scale|code|value)\[[0-9]+\]: wanted [0-9a-f]+, found [0-9a-f]+$'
    cp "$work/out" "$work/c.out"
    sed 's/memcpy(\([a-z]*\), found_/memcpy(\1, wanted_/' "$work/repro.c" >"$work/right.c"
    # shellcheck disable=SC2086
    run $cc -o "$work/repro" "$work/right.c"
    run "$work/repro"
    exits 0

    run "$python" "$work/repro.py"
    exits 1
    checks=$((checks + 1))
    cmp -s "$work/out" "$work/c.out" || wrong "what the C program printed: $(cat "$work/c.out")"
    sed "s/: found_/: wanted_/g" "$work/repro.py" >"$work/right.py"
    run "$python" "$work/right.py"
    exits 0

    # as a pack: the reference passes it, the mutant fails it
    run mxcts run -s ref "$work/repro.mxv"
    exits 0
    run mxcts run -s "${case%% *}" "$work/repro.mxv"
    exits 1
done

# the line for explain is one, with the axis named, and its row is that of the pack
run mxcts bisect -s mutant:rna-ties cast elem=e2m1 type=bf16 3e80
exits 1
matches '^stage +rounding: '
matches '^as if +round=rna'
line=$(sed -n 's/^explain  *mxcts explain //p' "$work/out")
row=$(sed -n 's/^row of .mxv  *//p' "$work/out")
eval "run mxcts explain $line"
exits 0
matches '^verdict +1 cell differs'
checks=$((checks + 1))
[ "$row" = 'bisected.000001 must - 3e80 | 00' ] || wrong "the row, not '$row'"
run mxcts bisect --format json -s mutant:rna-ties cast elem=e2m1 type=bf16 3e80
exits 1
"$python" -c 'import json, sys
x = json.load(sys.stdin)
assert x["stage"] == "rounding" and x["input"] == "3e80" and x["wanted"] == "00" and x["found"] == "01", x
assert "round=rna" in x["as_if"] and x["nonzero"] == 1 and "int main" in x["c"] and "sys.exit" in x["python"]' \
    <"$work/out" || wrong 'the same in JSON'

# a case of hundreds of columns fits on a screen, and the line it names explains it
run mxcts bisect -s mutant:tile-row-32-lost sw.128x4.33x4.000002
exits 1
matches '^wanted +00 x 7, [0-9a-f]+, 00 x 504$'
matches '^found +00 x 512$'
checks=$((checks + 1))
[ "$(wc -c <"$work/out")" -lt 800 ] || wrong 'fewer than 800 characters'
mxcts bisect --format mxv -s mutant:tile-row-32-lost sw.128x4.33x4.000002 >"$work/SMALL"
run mxcts explain --pack "$work/SMALL" bisected.000001
exits 0
prints 'bisected.000001'

# operations on layouts: a subject that packs from the other end, and one that loses the last code
cat >"$work/pack.py" <<'END'
import sys
how, n = sys.argv[1], 0
for line in sys.stdin:
    w = line.split()
    if w[0] == 'mxp':
        print('mxp 1 name=packer version=1 ops=pack:*:*')
    elif w[0] == 'op':
        print('ok', w[1])
    elif w[0] == 'c':
        n += 1
        c = [int(x, 16) for x in w[3:]]
        if how == 'lost':
            c[-1] = 0
        pairs = [c[i:i + 2] for i in range(0, len(c), 2)]
        print('r', w[2], *['%02x' % (b << 4 | a if how == 'lost' else a << 4 | b) for a, b in pairs])
    elif w[0] == 'bye':
        print('bye seen=%d answered=%d refused=0' % (n, n))
    sys.stdout.flush()
END
run mxcts bisect -s "pipe:$python $work/pack.py ends" pack elem=e2m1 layout=low-first k=4 01 02 03 04
exits 1
prints 'stage        packing: the answer is that of layout=high-first'
matches '^smaller +1 of 4 elements'
run mxcts bisect -s "pipe:$python $work/pack.py lost" pack elem=e2m1 layout=low-first k=4 01 02 03 04
exits 1
prints 'stage        packing: codes in bytes'
matches '^input +00 00 00 0[124]$'

# lanes after the last whole group of 8 have no code, which a block of 3 has none of: no matter of overflow
cat >"$work/whole.py" <<'END'
import subprocess, sys
peer = subprocess.Popen(['mxcts', 'subject', '--ops', 'quantize:*:*', 'portable'], stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE, text=True)
for line in sys.stdin:
    peer.stdin.write(line)
    peer.stdin.flush()
    word = peer.stdout.readline().split()
    if word[0] == 'r':
        whole = 3 + (len(word) - 3) // 8 * 8
        word[whole:] = ['00'] * (len(word) - whole)
    print(*word, flush=True)
END
for k in 3 11; do
    # a block of k ones, a word each
    # shellcheck disable=SC2046
    run mxcts bisect -s "pipe:$python $work/whole.py" quantize elem=e4m3 type=bf16 k=$k $(yes 3f80 | head -n $k)
    exits 1
    prints 'stage        layout'
done

# ---- two versions ----

run mxcts bisect --good portable --bad ref
exits 0
matches '^SAME: 0 of [0-9]+ cases'
run mxcts bisect --good mutant:none --bad mutant:int8-emax-6
exits 1
matches '^broken +scale scale, by the rule: [0-9]+ cases of int8, fp32 bf16 fp16 fp64$'
matches '^    stage +exponent: '
lacks 'cast code'
run mxcts bisect --good mutant:decode-bias-8 --bad mutant:none
exits 1
matches '^mended +decode value'
lacks broken
run mxcts bisect --good mutant:none --bad "pipe:mxcts subject --ops cast:e4m3:fp32 portable"
exits 1
matches '^not taken +scale e4m3 fp32$'
matches '^DIFFERENT: 0 of [0-9]+ cases'
run mxcts bisect --format json --good mutant:none --bad mutant:max-480
exits 1
"$python" -c 'import json, sys
x = json.load(sys.stdin)
assert not x["same"] and x["differ"] > 0 and all(c["change"] == "broken" and c["stage"] == "overflow" for c in x["changes"])
assert all(c["elems"] == ["e4m3"] for c in x["changes"])' <"$work/out" || wrong 'changes in JSON'
run mxcts bisect --good "$(nuisance dies)" --bad portable
exits 1
refuses 'wanted --good and --bad' mxcts bisect --good portable
refuses 'text or json' mxcts bisect --good portable --bad ref --format c

# ---- what misbehaves ----

run mxcts bisect -s "$(nuisance whim)" cast elem=e2m1 type=bf16 3fe0
exits 1
prints 'answers differently on repetition'
matches '^    mxcts explain cast elem=e2m1 type=bf16 3fe0$'
run mxcts bisect --timeout 1 -s "$(nuisance slow)" cast elem=e2m1 type=bf16 3fe0
exits 1
checks=$((checks + 1))
[ "$(wc -l <"$work/err")" -eq 1 ] && grep -Eq 'within 1.*asked: mxcts explain cast elem=e2m1 type=bf16 .* \(after [0-9]* cases\)' "$work/err" ||
    wrong 'one line that tells the time limit, which case, and how many were asked'
run mxcts bisect -s "$(nuisance dies)" cast elem=e2m1 type=bf16 3fe0
exits 1
checks=$((checks + 1))
grep -q 'exited with status 3' "$work/err" && grep -q 'out of cheese' "$work/err" || wrong 'how it died, and what it said'
run mxcts bisect -s "$(nuisance no)" cast elem=e4m3 type=bf16 3fe0
exits 77
run mxcts bisect -s portable cast elem=e2m1 type=bf16 3e80
exits 0
prints PASS
refuses "no case 'c.nothing'" mxcts bisect -s portable c.nothing
refuses 'nothing was wanted' mxcts bisect -s portable c.e2m1.bf16.ocp.000182 07
refuses "no subject 'nobody'" mxcts bisect -s nobody cast elem=e2m1 type=bf16 3e80
refuses 'value' mxcts bisect -s portable cast elem=e2m1 type=bf16 3e8
refuses 'wanted --subject' mxcts bisect -s portable
refuses "'wrong'" mxcts bisect -s portable --format wrong cast elem=e2m1 type=bf16 3e80

# ---- infer ----

run mxcts infer -s "$(nuisance whim)"
exits 1
prints 'answers differently on repetition'
run mxcts infer --timeout 1 -s "$(nuisance slow)"
exits 1
run mxcts infer -s "pipe:mxcts subject --ops pack:*:* portable"
exits 77
refuses 'no profile' mxcts infer -s portable -p nothing
# what is left out is not asked: another rule in E2M1 alone
run mxcts infer -s 'pipe:mxcts subject --ops quantize:e2m1:fp32 -p torchao-rceil portable' --op quantize --elem e2m1,e4m3
exits 0
matches '^scale  *rceil  *found'
run mxcts infer -s portable --op cast --elem e2m1 --type bf16
exits 0
lacks ' e4m3 '
lacks 'quantize '
wants 77 'portable: takes none of the operations asked for under this profile' mxcts infer -s portable --op swizzle
run mxcts bisect --good ref --bad mutant:rna-ties --op cast --elem e2m1 --type bf16,fp16
exits 1
prints 'cases of e2m1, bf16 fp16'
run mxcts bisect --good ref --bad mutant:rna-ties --op decode
exits 0
refuses 'nowhere/x.profile: cannot write there: No such file' mxcts infer -s portable -o /nowhere/x.profile
mkfifo "$work/pipe"
timeout 30 cat "$work/pipe" >"$work/piped" &
run mxcts infer -s ref -o "$work/pipe"
exits 0
wait
[ -p "$work/pipe" ] && grep -q '^#mxprofile 1$' "$work/piped" || wrong 'a pipe to stay one, with the profile written to it'

# a box that declares what it does not do: no file, and no half of one
run mxcts infer -s "$(nuisance whim)" -o "$work/no.profile"
checks=$((checks + 1))
[ ! -e "$work/no.profile" ] && grep -q 'is not written' "$work/err" || wrong 'no profile where none fits'

# the profile that is written is what the subject passes
axes() { sed -n 's/^\([a-z0-9-]*=[^ ]*\).*/\1/p' "$1"; }
run mxcts infer -s "pipe:mxcts subject -p torchao-even --ops cast:*:*,quantize:e4m3:fp32 portable" -o "$work/mine.profile"
exits 0
run mxcts run -s "pipe:mxcts subject -p torchao-even --ops cast:*:*,quantize:e4m3:fp32 portable" -p "$work/mine.profile"
exits 0
matches '^PASS: conforms on all [0-9]{4,} judged cases$'
nvidia=$MXCTS_BUILDDIR/conformance/subjects/nvidia_headers
run mxcts infer -s "pipe:$nvidia"
if [ "$status" -eq 0 ]; then
    run mxcts infer -s "pipe:$nvidia" -p nvidia-headers -o "$work/nvidia.profile"
    exits 0
    axes "$work/nvidia.profile" >"$work/found"
    axes "$MXCTS_SRCDIR/conformance/profiles/nvidia-headers.profile" >"$work/wanted"
    checks=$((checks + 1))
    [ "$(wc -l <"$work/wanted")" -eq 19 ] && cmp -s "$work/found" "$work/wanted" ||
        wrong "the shipped profile: $(diff "$work/wanted" "$work/found")"
    run mxcts run -s "pipe:$nvidia" -p "$work/nvidia.profile"
    exits 0
else
    exits 77
    echo 'without CUDA headers: the profile of NVIDIA is not inferred'
fi

done_with 124
