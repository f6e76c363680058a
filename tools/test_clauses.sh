#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The ledger of clauses is in order, each way of it being out of order is seen, and a clause selects its cases.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
ledger=$MXCTS_SRCDIR/conformance/clauses.tsv

# ---- the ledger that is there
run mxcts clauses --check
exits 0
[ ! -s "$work/out" ] || wrong 'nothing printed (after a change of the packs: make clauses-update)'
run mxcts clauses --format tsv
exits 0
cmp -s "$work/out" "$ledger" || wrong 'the ledger as it is'
run mxcts clauses
exits 0
matches '^MX-5.3-a +must +C\+ +[1-9][0-9]+ '
matches '^MX-6.3-b +should +A +[1-9][0-9]+ '
prints 'Cases without clause: 0 of '
run mxcts clauses --format json
exits 0
python3 - "$work/out" "$ledger" <<'PY' || wrong 'the JSON to say what the ledger says'
import json, sys
said = json.load(open(sys.argv[1]))
rows = [line.split('\t') for line in open(sys.argv[2]) if '\t' in line][1:]
assert [(c['clause'], c['class'], c['cases'], c['selects'], c['mutants']) for c in said['clauses']] == \
       [(r[0], r[1], int(r[5]), r[4], int(r[6])) for r in rows]
assert said['without_clause'] == 0 and said['cases'] > 50000
for r in rows:
    binds = r[1] in ('must', 'should') and r[0].startswith(('MX-5.3', 'MX-5.4', 'MX-6.3', 'OFP8-'))
    assert int(r[5]) > 0 and int(r[6]) > 0 or not binds, r[0]
PY

# ---- counted a second time, by grep: a tag alone; a format, a tag and a profile axis
wanted=$(cat "$MXCTS_SRCDIR"/vectors/packs/smoke/*.mxv | grep -Ec '^[^# ]+ [a-z]+ ([^ ]*,)?C5\.1-d[, ]')
run mxcts clauses MX-5.1-d
exits 0
prints "cases    $wanted: tag=C5.1-d"
wanted=$(cat "$MXCTS_SRCDIR"/vectors/packs/smoke/decode.e4m3.*.mxv | grep -c '^[^#]')
run mxcts clauses ofp8-5.1-a
prints "cases    $wanted: op=decode elem=e4m3"
prints 'mxcts run OFP8-5.1-a'

# ---- running by clause
run mxcts run --subject ref OFP8-5.1-a
exits 0
prints "PASS: conforms on all $wanted judged cases"
run mxcts run --subject ref --clause mx-5.4.1-b --op dequantize --elem e2m1
exits 0
matches '^dequantize +e2m1 +fp32 '
run mxcts run --subject ref MX-6.1-a
exits 77
refuses "no clause 'MX-9'" mxcts run --subject ref MX-9
refuses "wanted one clause, found 'MX-5.3-b' after another one" mxcts run --subject ref MX-5.3-a MX-5.3-b

# ---- usage
refuses "no clause 'MX-5.1'" mxcts clauses MX-5.1
refuses "wanted one clause, found 'MX-5.1-a' and 'MX-5.1-b'" mxcts clauses MX-5.1-a MX-5.1-b
refuses "'xml' found where text.json.tsv was wanted" mxcts clauses --format xml

# ---- a ledger out of order: data as installed, with another ledger
data=$work/data
mkdir "$data" && ln -s "$MXCTS_SRCDIR/vectors" "$data/vectors" || exit 99
MXCTS_DATADIR=$data
export MXCTS_DATADIR
# out_of_order STATUS TEXT SED [OPTION]: this change of the ledger is found, in these words
out_of_order() {
    sed "$3" "$ledger" >"$data/clauses.tsv"
    cmp -s "$ledger" "$data/clauses.tsv" && { echo "FAIL: sed '$3' changes nothing"; failed=1; }
    run mxcts clauses --check ${4:+"$4"}
    exits "$1"
    cat "$work/err" >>"$work/out"
    prints "$2"
}
tab=$(printf '\t')

# The faults of single clauses: among few packs, with a ledger of what those have, which is in order.
whole=$ledger
ledger=$work/few.tsv
rm "$data/vectors" && mkdir -p "$data/vectors/packs/smoke" || exit 99
few='packs/smoke/(decode|cast[.]e2m1|dequantize[.]e2m1|quantize[.]e4m3[.]bf16)[.].*'
grep -E "$few" "$MXCTS_SRCDIR/vectors/MANIFEST.sha256" >"$data/vectors/MANIFEST.sha256"
grep -Eo "$few" "$data/vectors/MANIFEST.sha256" | while read -r path; do
    ln -s "$MXCTS_SRCDIR/vectors/$path" "$data/vectors/$path"
done
cp "$whole" "$data/clauses.tsv"
mxcts clauses --format tsv | awk -F "$tab" '/^(#|id)/ || $6 != 0 || $5 == "-"' >"$ledger"
cp "$ledger" "$data/clauses.tsv"
run mxcts clauses --check
exits 0
out_of_order 1 'MX-5.1-d: the ledger states another number of cases' "/^MX-5.1-d/s/${tab}[0-9][0-9]*${tab}/${tab}17$tab/"
out_of_order 1 'MX-5.1-d: selects no case' '/^MX-5.1-d/s/tag=C5.1-d/tag=C5.1-z/'
out_of_order 1 'MX-5.3-a: a must or should on formats, scales or conversion has no cases' "/^MX-5.3-a/s/tag=C5.3-a${tab}[0-9]*${tab}[0-9]*/-${tab}0${tab}0/"
out_of_order 1 'MX-4-c: has no cases, and no note that says why' '/^MX-4-c/s/a list of what is out of scope/-/'

# The mutants of one clause: among all packs.
ledger=$whole
rm -r "$data/vectors" && ln -s "$MXCTS_SRCDIR/vectors" "$data/vectors" || exit 99
only='/^[MO]/{ /^MX-5.3.4-d/!d; }'
out_of_order 1 'MX-5.3.4-d: the ledger states another number of mutants (make clauses-update): 17 stated' "$only; s/${tab}[0-9]*${tab}-/${tab}17${tab}-/" --mutants
out_of_order 1 'MX-5.3.4-d: its cases kill no mutant, and no note says why' "/^MX-5.3.4-d/s/${tab}[0-9]*${tab}-/${tab}0${tab}-/"
# Two cases that no mutant gets wrong, without a note and with one.
barren="s/op=decode elem=int8 int8=ocp${tab}1024${tab}[0-9]*${tab}/op=cast elem=e2m1 type=fp32 round=rtz tag=nan${tab}2${tab}0${tab}/"
out_of_order 1 'MX-5.3.4-d: its cases kill no mutant, and no note says why: 0 stated, 0 found' "$only; $barren" --mutants
sed "$only; $barren; s/${tab}-${tab}/${tab}a note${tab}/" "$ledger" >"$data/clauses.tsv"
run mxcts clauses --check --mutants
prints 'cases belong to no clause'
lacks MX-5.3.4-d
out_of_order 1 'cases belong to no clause, first ' '/^MX-5.3-b/d'
out_of_order 99 "wanted a selector" '/^MX-4-a/s/op=decode/op=encode/'
out_of_order 99 "wanted a selector" '/^MX-4-a/s/op=decode/| op=decode/'
out_of_order 99 "wanted a selector" '/^MX-5.2-b/s/k!=32/k!=0x20/'
out_of_order 99 "wanted a class (must, should, free or silent), found 'shall'" "/^MX-4-a/s/must/shall/"
out_of_order 99 "wanted each clause once, found 'MX-5.1-d'" 's/^MX-5.1-e/MX-5.1-d/'
out_of_order 99 "wanted 9 columns with tabs between, found 'MX-4-a'" "/^MX-4-a/s/$tab/ /5"
out_of_order 99 "wanted how sure it is" "/^MX-4-a/s/${tab}B$tab/${tab}E$tab/"
out_of_order 99 "wanted how sure it is" "/^MX-4-a/s/${tab}B$tab/${tab}BC$tab/"
out_of_order 99 "wanted a number of cases" "/^MX-4-a/s/${tab}[0-9]*${tab}\([0-9]*$tab-\)/${tab}many$tab\1/"
out_of_order 99 "wanted a number of mutants" "/^MX-4-a/s/${tab}[0-9]*$tab-$tab/${tab}-$tab-$tab/"
out_of_order 99 "clauses.tsv:1: wanted #mxclauses 1, found '#mxclauses 2'" '1s/1/2/'
out_of_order 99 "wanted the names of the columns" '/^id/d'
: >"$data/clauses.tsv"
run mxcts clauses --check
exits 99
rm "$data/clauses.tsv"
run mxcts run --subject ref MX-5.3-a
exits 99
done_with 64
