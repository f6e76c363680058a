#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# mxcts sweep: digests, one wrong answer found, slices, a kill in the middle, journals of something else, ranks.
. "${MXCTS_SRCDIR:?}/tools/assert.sh"

# The sum of a sweep's spaces, without the time it took.
spaces() { grep -E '^(cast|scale|scaled-cast) |cases, ' "$1" | grep -v '^PASS'; }
same_spaces() {
    checks=$((checks + 1))
    [ -s "$1" ] && diff <(spaces "$1") <(spaces "$2") >/dev/null || wrong "the same spaces and digests as in $1"
}

lines() { wc -l 2>/dev/null <"$1" || echo 0; }
# begun FILE LINES: wait until this journal has so many lines
begun() {
    for _ in $(seq 600); do
        [ -e "$1" ] && [ "$(lines "$1")" -gt "$2" ] && return
        sleep 0.02
    done
}

# The digest is the one that the reference alone gives.
run mxcts sweep cast --type bf16 --roots
exits 0
cp "$work/out" "$work/roots"
run mxcts sweep cast --type bf16
exits 0
prints 'PASS: 393216 cases, 0 wrong, 0 skipped'
checks=$((checks + 1))
while read -r digest name; do
    grep -Fq "digest $digest" "$work/out" && grep -Fxq "$name" "$work/out" || wrong "digest $digest of $name"
done < <(grep -v '^#' "$work/roots")

# A file of roots: compared with, and refused when it is of something else.
run mxcts sweep cast --type bf16 --against "$work/roots"
exits 0
checks=$((checks + 1))
[ "$(grep -c 'digest [0-9a-f]*, as committed$' "$work/out")" -eq 6 ] || wrong "six digests as committed"
sed '/elem=e2m1/{s/^0/1/;t;s/^./0/}' "$work/roots" >"$work/other"
run mxcts sweep cast --type bf16 --against "$work/other"
exits 99
prints 'but the committed root is'
prints 'ROOTS DIFFER'
refuses 'no root of "cast elem=e5m2 type=bf16 round=rtz .*": the file is of other spaces' \
    mxcts sweep cast --type bf16 round=rtz --against "$work/roots"
sed '1s/1/2/' "$work/roots" >"$work/other"
refuses "other:1: wanted #mxroots 1, found '#mxroots 2'" mxcts sweep cast --type bf16 --against "$work/other"
head -n 4 "$work/roots" >"$work/other"
refuses 'other:5: wanted #end count=3 as the last line .cut or changed.., found the end of the file' mxcts sweep cast --type bf16 --against "$work/other"
sed 3d "$work/roots" >"$work/other"
refuses "other:7: wanted #end count=5 as the last line .cut or changed.., found '#end count=6'" mxcts sweep cast --type bf16 --against "$work/other"
sed '2s/  / /' "$work/roots" >"$work/other"
refuses 'nowhere/x: cannot write there: No such file' mxcts sweep cast --type bf16 --state nowhere/x
refuses 'other:2: wanted a SHA-256' mxcts sweep cast --type bf16 --against "$work/other"
refuses 'No such file' mxcts sweep cast --type bf16 --against "$work/none"

# The committed roots are what the reference gives now: some of each kind here, all of them in `make check-exhaustive`.
for space in 'cast' 'cast round=sr:8 --random 5a' 'scale scale=rceil' 'scaled-cast --scales 00-01,7f,fd-ff'; do
    # a space and its axes
    # shellcheck disable=SC2086
    run mxcts sweep --roots $space
    exits 0
    checks=$((checks + 1))
    [ "$(grep -cxFf "$work/out" "$MXCTS_SRCDIR/conformance/sweep.roots")" -eq "$(($(lines "$work/out") - 1))" ] ||
        wrong "roots of $space as in conformance/sweep.roots"
done
run mxcts sweep cast --elem e2m1 --subject avx2
if [ "$status" -ne 77 ]; then
    exits 0
    matches 'digest [0-9a-f]*, as committed$'
fi

# One wrong answer of 2^40: its shard is found to be wrong, and the input is named.
run mxcts sweep scaled-cast --elem e4m3 --scales 83 --shard 1021/4096 --subject "lib:$MXCTS_BUILDDIR/conformance/sweep/.libs/one_wrong.so"
exits 1
prints '1048576 cases, 1 wrong'
prints 'pattern 3fc12345: wanted 1c, found 1d'
prints 'mxcts explain scaled-cast elem=e4m3 type=fp32 round=rne'
eval "$(sed -n 's/^ *\(mxcts explain .*\)$/\1/p' "$work/out")" >"$work/why" 2>&1
checks=$((checks + 1))
grep -q '1 cell differs' "$work/why" || wrong "a line that mxcts explain takes"
run mxcts sweep scaled-cast --elem e4m3 --scales 84 --shard 1021/4096 --subject "lib:$MXCTS_BUILDDIR/conformance/sweep/.libs/one_wrong.so"
exits 0
# The same, started with files open, so that the subject's shared memory would have the numbers of its pipes.
run mxcts sweep scaled-cast --elem e4m3 --scales 84 --shard 1021/4096 --subject "lib:$MXCTS_BUILDDIR/conformance/sweep/.libs/one_wrong.so" \
    3</dev/null 4</dev/null 5</dev/null 6</dev/null
exits 0
run mxcts sweep scaled-cast --elem e4m3 --scales 84 --shard 1021/4096 --subject "lib:$MXCTS_BUILDDIR/conformance/sweep/.libs/one_wrong.so" \
    3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null
exits 0

# The same space asked in blocks behind an anchor.
run mxcts sweep scaled-cast --via quantize --elem e2m1 --type fp16 --scales 7f
exits 0
matches 'cases, 0 wrong, [1-9][0-9]* skipped'

# Slices add up to the whole, in one journal each.
all=(scaled-cast --type bf16 --scales 70-8f round=sr:8 --random 5a) # slow enough to be killed in the middle
run mxcts sweep "${all[@]}"
exits 0
cp "$work/out" "$work/whole"
cases=0
for i in 1 2 3; do
    run mxcts sweep "${all[@]}" --shard $i/3 --format json
    exits 0
    cases=$((cases + $(sed -n '/"cases":/{s/[^0-9]//gp;q}' "$work/out")))
done
checks=$((checks + 1))
[ $cases -eq $((6 * 32 * 65536)) ] || wrong "slices of $((6 * 32 * 65536)) cases, not $cases"

# Killed in the middle, with a torn last line: goes on, and ends in the same digests.
mxcts sweep "${all[@]}" --threads 1 --state "$work/state" >/dev/null 2>&1 &
pid=$!
begun "$work/state" 20
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
checks=$((checks + 1))
[ "$(lines "$work/state")" -lt 194 ] || wrong "a journal cut short by the kill"
printf 's 5 0 655' >>"$work/state"
run mxcts sweep "${all[@]}" --state "$work/state"
exits 0
same_spaces "$work/whole" "$work/out"
checks=$((checks + 1))
[ "$(lines "$work/state")" -eq 194 ] || wrong "each of 192 shards in the journal once"
run mxcts sweep "${all[@]}" --state "$work/state"
exits 0
same_spaces "$work/whole" "$work/out"

# Journals of something else, damaged ones, and one in use.
refuses 'another sweep: wanted "#args subject=portable .*", found' mxcts sweep cast --type bf16 --state "$work/state"
sed '5s/ 0 / 1 /' "$work/state" >"$work/bad"
refuses 'bad:[0-9]*: ' mxcts sweep "${all[@]}" --state "$work/bad"
{ cat "$work/state"; tail -n 1 "$work/state"; } >"$work/twice"
refuses 'twice:195: shard .* is there twice' mxcts sweep "${all[@]}" --state "$work/twice"
sed '1s/1/2/' "$work/state" >"$work/version"
refuses 'version:1: wanted "#mxsweep 1"' mxcts sweep "${all[@]}" --state "$work/version"
checks=$((checks + 1))
(
    flock -n 9 || exit 99
    run mxcts sweep "${all[@]}" --state "$work/state"
    [ "$status" -eq 2 ] && grep -q 'in use by another sweep' "$work/err"
) 9>>"$work/state" || wrong "a journal in use to be refused"

# Wrong command lines.
refuses 'wanted cast, scale or scaled-cast' mxcts sweep decode
refuses 'an operation is wanted' mxcts sweep
refuses 'wanted I from 1 to N' mxcts sweep cast --shard 3/2
refuses 'wanted I from 1 to N' mxcts sweep cast --shard 0/2
refuses 'wanted I from 1 to N' mxcts sweep cast --shard 1/0
refuses 'wanted I/N' mxcts sweep cast --shard 3
refuses 'two hex digits' mxcts sweep scaled-cast --scales 7
refuses 'runs backwards' mxcts sweep scaled-cast --scales 7f-00
refuses 'no element format' mxcts sweep cast --elem e9m9
refuses 'scales is for scaled-cast: cast takes no scale byte' mxcts sweep cast --scales 7f
refuses 'random is for round=sr:N' mxcts sweep cast --random 1
refuses 'via quantize is for scaled-cast' mxcts sweep cast --via quantize
refuses 'round' mxcts sweep cast round=sideways
run mxcts sweep cast --subject nobody
exits 2

# Ranks of an MPI job: the same digests, also after one of them was killed.
if grep -q '^#define HAVE_MPI 1' "$MXCTS_BUILDDIR/config.h"; then
    if command -v mpirun >/dev/null; then
        # what MPI itself keeps until the end is not ours to free
        export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
        export OMPI_MCA_btl=self,vader OMPI_MCA_plm_rsh_agent=
        run mpirun -n 4 mxcts sweep "${all[@]}"
        exits 0
        same_spaces "$work/whole" "$work/out"
        some=(cast --elem e2m1 --shard 1/16)
        run mxcts sweep "${some[@]}"
        cp "$work/out" "$work/whole"
        mpirun -n 4 mxcts sweep "${some[@]}" --state "$work/ranks" >/dev/null 2>"$work/ranks.err" &
        pid=$!
        begun "$work/ranks" 12
        victim=$(pgrep -P $pid -f 'mxcts sweep' | tail -n 1)
        kill -9 "$victim"
        checks=$((checks + 1))
        ! wait $pid && grep -q 'signal 9' "$work/ranks.err" || wrong "a dead rank to be reported"
        checks=$((checks + 1))
        [ "$(lines "$work/ranks")" -lt 258 ] || wrong "shards left over by the dead rank"
        run mpirun -n 4 mxcts sweep "${some[@]}" --state "$work/ranks"
        exits 0
        same_spaces "$work/whole" "$work/out"
        # what one rank alone finds out ends the job, with one line of ours
        for bad in '--state /nonexistent/x' '--subject nobody' '--shard 3/2'; do
            # an option and its value
            # shellcheck disable=SC2086
            run timeout 60 mpirun -n 3 mxcts sweep "${some[@]}" $bad
            checks=$((checks + 1))
            [ "$status" -ne 0 ] && [ "$status" -lt 100 ] && [ "$(grep -c '^mxcts sweep: ' "$work/err")" -eq 1 ] ||
                wrong 'one line of ours and a status that says so'
        done
    else
        echo 'skipped: ranks, as there is no mpirun (package openmpi-bin)'
    fi
else
    echo 'skipped: ranks, as this build has no MPI (package libopenmpi-dev)'
    run env OMPI_COMM_WORLD_SIZE=2 mxcts sweep cast --type bf16
    exits 99
    checks=$((checks + 1))
    grep -q 'built without MPI: install libopenmpi-dev' "$work/err" || wrong "what MPI needs"
fi

done_with 60
