#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The mutants that a clause's cases kill: as many as the ledger states, and those that a run of the clause alone finds.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
[ -z "${MX_SAN_CFLAGS:-}" ] || { echo 'skipped: all mutants take long with sanitizers, which see some of them in test_clauses.sh'; exit 77; }
ledger=$MXCTS_SRCDIR/conformance/clauses.tsv

run mxcts clauses --mutants --format json
exits 0
python3 - "$work/out" "$ledger" >"$work/mutants" <<'PY' || wrong 'the mutants of the ledger, none killed by no clause'
import json, sys
said = json.load(open(sys.argv[1]))['clauses']
rows = [line.split('\t') for line in open(sys.argv[2]) if '\t' in line][1:]
assert [(c['clause'], len(c['kills']), c['mutants']) for c in said] == [(r[0], int(r[6]), int(r[6])) for r in rows]
everywhere = [name for c in said for name in c['kills']]
assert [c['kills_alone'] for c in said] == [sum(everywhere.count(n) == 1 for n in c['kills']) for c in said]
assert 'none' not in everywhere and len(set(everywhere)) >= 546
kills = {c['clause']: c['kills'] for c in said}['MX-5.3.4-d']
print(*['1 ' + name for name in kills], *['0 ' + name for name in sorted(set(everywhere) - set(kills))[::60]], sep='\n')
PY
# the packs that have such a case: the others tell nothing, and are many
own=$(grep -lE '^[^# ]+ [a-z]+ ([^ ]*,)?C5\.3\.4-d[, ]' "$MXCTS_SRCDIR"/vectors/packs/smoke/*.mxv)
while read -r found name; do
    # the paths are words
    # shellcheck disable=SC2086
    run mxcts run --subject "mutant:$name" MX-5.3.4-d $own
    exits "$found"
done <"$work/mutants"
named=$(sed -n 's/^1 //p' "$work/mutants")

# A ledger of one clause, beside the vectors as installed: its mutants are the same, and nothing else kills them.
MXCTS_DATADIR=$work/data
export MXCTS_DATADIR
mkdir "$MXCTS_DATADIR" && ln -s "$MXCTS_SRCDIR/vectors" "$MXCTS_DATADIR/vectors" || exit 99
sed '/^[MO]/{ /^MX-5.3.4-d/!d; }' "$ledger" >"$MXCTS_DATADIR/clauses.tsv"
run mxcts clauses --mutants MX-5.3.4-d
exits 0
prints "mutants  $(echo "$named" | wc -l) killed"
[ "$(sed -n 's/^         \([a-z].*\) (no other clause)$/\1/p' "$work/out")" = "$named" ] || wrong 'the names of the JSON'
done_with 23
