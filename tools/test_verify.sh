#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# mxcts verify: the forms in which answers can be recorded, and what is said of a file that lacks some or has others.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
cd "$work" || exit 99
pack=scaled-cast.e2m1.bf16.ocp
cases=$(grep -vc '^#' "$MXCTS_SRCDIR/vectors/packs/smoke/$pack.mxv")
mxcts gen --outputs $pack >ids
mxcts gen --outputs --bare $pack >bare
mxcts gen --inputs --bare $pack >inputs
judge() { run mxcts verify --pack $pack "$1"; }
passes() {
    judge "$1"
    exits 0
    prints "PASS: conforms on all $cases judged cases"
}

# the forms
passes ids
refuses '^mxcts verify: bare: answers without ids: say with --pack of which packs they are$' mxcts verify bare
passes bare
passes "$MXCTS_SRCDIR/vectors/packs/smoke/$pack.mxv"
paste -d ' ' inputs bare >both
passes both
sort -r ids >other_order
passes other_order
{ echo '# a simulator wrote this'; echo; cat ids; } >comments
passes comments

# what simulators write: capitals, CR LF, blanks at both ends and more between, tabs
for form in ids bare both; do
    grep -v '^#' $form | tr a-f A-F >capitals
    [ $form = ids ] && sed 's/^\([^ ]*\)/\L\1/' capitals >some && mv some capitals
    passes capitals
    sed "s/\$/$(printf '\r')/" $form >crlf
    passes crlf
    sed -e 's/ /  /g' -e 's/^/ /' -e 's/$/ /' $form | grep -v '^ #' >blanks
    passes blanks
    tr ' ' '\t' <$form | grep -v '^#' >with_tabs
    passes with_tabs
    { printf '\357\273\277'; cat $form; } >byte_order_mark
    passes byte_order_mark
done

# a wrong answer, with its line to paste; one that is no answer; x where the profile leaves nothing free
last=$(tail -n 1 bare)
sed '$s/.*/05/' bare >wrong
judge wrong
[ "$last" = 05 ] && exit 99
exits 1
prints "FAIL: does not conform: 1 of $cases judged cases are wrong"
prints "mxcts explain sc.e2m1.bf16.ocp."
# answers that come one case late, or early
{ echo 00; sed '$d' bare; } >late
judge late
exits 1
matches '^  [0-9]* of [0-9]* failures match mutant answers-one-late, .*shifted by one'
{ sed 1d bare; echo 00; } >early
judge early
exits 1
matches '^  [0-9]* of [0-9]* failures match mutant answers-one-early, .*shifted by one'
sed '3s/.*/zz/' bare >no_digits
judge no_digits
exits 1
matches "^FAIL: does not conform: no_digits:3: case sc.*: wanted 2 lower-case hex digits .*, found 'zz'"
prints "$((cases - 1))         0         1  never-exercised"
prints '1 answer cannot be read'
# each such line is one answer, so the others are judged, in this pack and in those after it
other=unpack.e2m1.high-first.k2
{ sed -e '5s/ .*/ 0/' -e '9s/ .*/ xz/' ids; mxcts gen --outputs $other | sed '$s/..$/0f/'; } >unreadable
run mxcts verify --pack $pack --pack $other unreadable
exits 1
matches "^FAIL: does not conform: unreadable:5: case sc.*: wanted 2 lower-case .*, found '0'; 2 answers cannot be read\$"
matches "^scaled-cast +e2m1 +bf16 .* $((cases - 2)) +0 +2  "
matches '^unpack +e2m1 .* 1 +0  FAIL$'
prints '--got'
sed '3s/.*/xx/' bare >free
judge free
exits 1
matches '^FAIL: does not conform: free:3: .*wanted hex digits for output code, which is not free, found x$'
block=quantize.e2m1.fp32.floor-k3
mxcts gen --outputs --bare $block | sed '3s/^\(.. .. \)../\1xx/' >undriven
run mxcts verify --pack $block undriven
exits 1
matches '^FAIL: does not conform: undriven:3: .*wanted hex digits for output code\[1\], which is not free, found x$'
# a signal that got no value is no refusal
sed '5s/ .*/ UU/' ids >no_value
judge no_value
exits 1
matches "^FAIL: does not conform: no_value:5: case sc.*: wanted 2 lower-case hex digits .*, found 'uu'"

# answers that are missing, refused, too many, twice
sed '3d' ids >less
judge less
exits 99
prints 'INCOMPLETE: 1 case of accepted packs was never exercised'
sed '$d' bare >short
judge short
exits 99
prints "the file ends after $((cases - 1)) answers; without ids one that is missing shifts all after it"
# the likely reason for failures is said beside them
sed '3d' bare >shifted
judge shifted
exits 1
prints "  1 pack, 3 cases: 2 answers cannot be read; the file ends after $((cases - 1)) answers; without ids one that is missing shifts all after it"
sed '5s/ .*/ u not today/' ids >refuses_one
judge refuses_one
exits 99
{ cat bare; echo 00; } >too_many
judge too_many
exits 1
matches "^FAIL: does not conform: too_many:$((cases + 1)): $((cases + 1)) answers for $cases cases"
{ cat ids; echo 'c.nobody.000001 00'; } >stranger
judge stranger
exits 1
prints 'an answer to no case of these packs: c.nobody.000001'
{ cat ids; tail -n 1 ids; } >twice
refuses 'twice:[0-9]*: wanted one answer for each case, found a second for sc.e2m1' mxcts verify --pack $pack twice
{ cat ids; echo 00; } >some_ids
refuses 'some_ids:[0-9]*: wanted a case id on every line or on none' mxcts verify --pack $pack some_ids
printf '00' >cut_short
refuses 'cut_short:1: wanted a newline at the end of the last line' mxcts verify --pack $pack cut_short
: >nothing
refuses 'nothing: wanted answers, found none' mxcts verify --pack $pack nothing
echo '# begun' >begun
refuses 'begun: wanted answers, found none' mxcts verify --pack $pack begun
# who names packs wants all of them answered; of the whole tier a file may have what there is
run mxcts verify --pack $pack --pack $other ids
exits 99
prints 'not answered in the file'
run mxcts verify ids
exits 0
prints "PASS: conforms on all $cases judged cases"
# who asks for some of the cases is not told of answers to the others
for words in "--clause MX-5.3-d" "--type bf16,fp16" "--op scaled-cast"; do
    # shellcheck disable=SC2086
    run mxcts verify --pack $pack --pack $other $words ids
    exits 0
    prints 'PASS: conforms on all '
done
refuses 'wanted one file of answers, found 0' mxcts verify --pack $pack
refuses '/dev/zero:1: wanted text, found a NUL byte' mxcts verify --pack $pack /dev/zero
refuses 'nowhere: cannot open' mxcts verify nowhere
# what has no end is refused as soon as it is no list of answers, before memory ends
endless() { sh -c "yes $1 | tr -d '$2' | mxcts verify --pack $pack -"; }
refuses "^mxcts verify: -:1: wanted a case id or columns of hex digits, found 'y'\$" endless y _
refuses '^mxcts verify: -:1: wanted a line of at most 4 MiB' endless 0123456789 '\n'
printf '%s\n' '# simulated' '$finish called at 10 (1s)' >chatter
refuses "^mxcts verify: chatter:2: wanted a case id or columns of hex digits, found '.finish called at 10 .1s.'" \
    mxcts verify --pack $pack chatter
done_with 92
