#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Subjects that lie, and how they are found out: each must get its exit status and its reason within seconds. The honest
# ones show that it is the lie that fails.
set -u
mxcts=${MXCTS_BUILDDIR:?}/tools/mxcts
here=$MXCTS_BUILDDIR/conformance/subjects
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
out=$work/out
pack=$work/cast.e2m1.bf16.ocp.mxv
"$mxcts" gen --output "$work" cast.e2m1.bf16.ocp >"$out" 2>&1 || { cat "$out"; exit 99; }
failed=0 count=0

# expect STATUS PATTERN SUBJECT
expect() {
    count=$((count + 1))
    timeout 20 "$mxcts" run --timeout 1 --nonce 1 --subject "$3" "$pack" >"$out" 2>&1
    status=$?
    if [ $status -ne "$1" ] || ! grep -Eq -- "$2" "$out"; then
        echo "$3${MXC_LIAR:+ ($MXC_LIAR)}: wanted status $1 and /$2/, found status $status and"
        sed 's/^/    /' "$out"
        failed=1
    fi
}

while read -r mode status pattern; do
    [ -n "$mode" ] && expect "$status" "$pattern" "pipe:$here/liars $mode"
done <<'END'
honest          0  PASS: conforms on all
slow            0  PASS: conforms on all
empty           1  exited with status 0 while its greeting was waited for
echo            1  greeting: it sends back what it was sent
constant        1  does not conform: [0-9]+ of [0-9]+ judged cases are wrong
drops-last      1  no answer within 1000 ms, 1 of [0-9]+ cases under way
answers-twice   1  answers case [0-9]+, which it had answered before
wrong-count     1  counts at bye: wanted seen=([0-9]+) answered=[0-9]+ .*, found seen=
no-bye          1  exited with status 0 while its answer to bye was waited for
exits-early     1  exited with status 0 after 20 of [0-9]+ answers
dies            1  (was killed by signal 9|exited with status 137).* after 20 of [0-9]+ answers
bad-exit        1  exited with status 3 after bye
hangs           1  no answer within 1000 ms
floods          1  answers case 1, which was not asked
floods-line     1  output line [0-9]+: wanted at most [0-9]+ characters, found more without an end
garbage         1  output line [0-9]+: wanted .r CASE COLUMNS. or .u CASE REASON., found
wrong-width     1  output line [0-9]+, case [0-9]+: .*code
wide-code       1  output line [0-9]+, case [0-9]+: .*code
upper-case      1  output line [0-9]+, case [0-9]+: .*code
extra-column    1  output line [0-9]+, case [0-9]+:
unknown-id      1  answers case 4000000000, which was not asked
early-answer    1  greeting: wanted .mxp 1 name=.* found .r 1 00.
wrong-version   1  greeting: wanted .mxp 1 name=.* found .mxp 2
no-greeting     1  no greeting within 1000 ms
refuses-all     77 nothing was judged: not in the mood
refuses-cases   77 nothing was judged: every case was refused
no-reason       1  wanted .ok 1. or .no 1 REASON., found .no 1.
blank           1  wanted .ok 1. or .no 1 REASON., found ..$
crashes         1  (was killed by signal 11|exited with status 139)
flips-bit       1  does not conform: [1-9][0-9]* of [0-9]+ judged cases are wrong
no-flush        1  does it flush its output
END

while read -r mode status pattern; do
    [ -n "$mode" ] || continue
    MXC_LIAR=$mode
    export MXC_LIAR
    expect "$status" "$pattern" "lib:$here/.libs/liar_lib.so"
done <<'END'
honest           0  PASS: conforms on all
wants-cases      1  mx_adapter_run, asked with count 0 whether it accepts: an argument is
describe-fails   1  mx_adapter_describe:
wrong-abi        1  wanted interface [0-9]+ of mx.adapter.h, found [0-9]+
no-name          1  wanted name, version, ops and axes as texts
bad-ops          1  e9m9
bad-axes         1  sideways
declines         77 nothing was judged: not in the mood
declines-silently 77 nothing was judged: declined without a reason
declines-later   77 nothing was judged
garbage-status   1  mx_adapter_run:
fails            1  mx_adapter_run:
crashes          1  killed by signal 11
aborts           1  killed by signal 6
exits            1  exited with status 0
hangs            1  no answer within 1000 ms
constant         1  does not conform: [0-9]+ of [0-9]+ judged cases are wrong
leaves-outputs   1  does not conform: [0-9]+ of [0-9]+ judged cases are wrong
leaves-one       1  does not conform: [1-9] of [0-9]+ judged cases are wrong
writes-after     1  wrote outside its buffers, at byte 0 after the last one
writes-before    1  wrote outside its buffers, 1 bytes before the output codes
writes-inputs    1  wrote into its input values
wide-code        1  does not conform: [0-9]+ of [0-9]+ judged cases are wrong
flips-bit        1  does not conform: [1-9] of [0-9]+ judged cases are wrong
wrong-again      1  answers differ on repetition: .*; 2 of [0-9]+ cases asked again
wrong-alone      1  answers differ on repetition: .* alone; 1 of [0-9]+ cases asked again
wrong-unaligned  1  (answers differ on repetition: |[0-9]+ of [0-9]+ judged cases are wrong)
END
# the suite's own want of memory is no fault of the subject's (here a file may have no more than a block of 512 bytes)
MXC_LIAR=honest
(
    ulimit -f 1
    expect 99 '^mxcts run: cannot share [0-9]+ bytes of memory with it: File too large$' "lib:$here/.libs/liar_lib.so"
    exit $failed
) || failed=1
unset MXC_LIAR
expect 1 'mx_adapter_run' "lib:$here/.libs/liar_half.so"
expect 2 'no-such' 'lib:./no-such-file.so'
expect 99 'no-such-program' 'pipe:./no-such-program'
expect 2 'no-such-subject' no-such-subject
expect 1 'greeting: wanted a line that ends in LF, found CR LF' 'pipe:printf "mxp 1 name=a version=1 ops=cast:*:*\r\n"; cat'
expect 1 'greeting: wanted printable ASCII, found .\\x1b\[31mred' 'pipe:printf "mxp 1 name=\033[31mred version=1\n"; cat'
expect 77 'nothing to test here: no device' 'pipe:echo no device >&2; exit 77'
expect 1 'greeting was waited for: no such module$' 'pipe:echo trace >&2; echo no such module >&2; exit 1'
expect 77 'nothing was judged: [?].31mred$' 'pipe:read -r hello; echo "mxp 1 name=a version=1 ops=cast:*:*"
    while read -r word n rest; do
        [ $word = op ] && printf "no %s \\033[31mred\\n" "$n"
        [ $word = bye ] && echo "bye seen=0 answered=0 refused=0"
    done'

# What a subject started and left behind is ended with it, when it holds the subject's output.
expect 0 'PASS: conforms on all' "pipe:sleep 100 & echo \$! >$work/left; exec $here/liars honest"
lives() { grep -qs '^State:.[^Z]' "/proc/$(cat "$work/left")/status"; }
for _ in 1 2 3 4 5 6 7 8 9 10; do # a signal that was sent need not have arrived
    lives && sleep 0.5
done
if lives; then
    echo "a process that a subject left behind lives on"
    failed=1
fi

[ $failed -eq 0 ] && echo "$count subjects"
exit $failed
