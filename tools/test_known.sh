#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Known failures and `mxcts diff` on the command line: what counts, what bad files are told.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"

# known FIELDS: a file with one entry, or more
known() {
    { echo '#mxknown 1'; echo '# what is known'; echo; printf '%s\n' "$@"; } > "$work/known"
}

# one_line: the last command said one line
one_line() {
    [ "$(wc -l < "$work/out")" -eq 1 ] || { echo "FAIL: more than one line:"; cat "$work/out"; failed=1; }
}

judge() {
    mxcts run --subject mutant:rna-ties --op cast --elem e2m1 --type bf16 --known "$work/known" "$@"
}

link=https://example.org/7
all=$(cat "$MXCTS_SRCDIR"/vectors/packs/smoke/cast.e2m1.bf16.*.mxv | grep -vc '^#')
wrong=58 odd=21 # of them ties, and ties above an odd code
wants 1 "$wrong of $all judged cases are wrong" mxcts run --subject mutant:rna-ties --op cast --elem e2m1 --type bf16

# What an entry does.
known "pack:cast.e2m1.bf16.* 2026-12-31 $link ties go away from zero"
wants 0 "PASS: $wrong of $all judged cases are wrong, all of them known failures" judge --today 2026-12-31
wants 0 "$wrong of $all cases fail, known until 2026-12-31: ties go away from zero (https://example.org/7)" judge --today 2026-12-31
wants 1 'known:4: expired, its last day was 2026-12-31' judge --today 2027-01-01
wants 1 "FAIL: does not conform: $wrong of $all judged cases are wrong" judge --today 2027-01-01
known "cluster:cast/e2m1/*/rounding/tie-*/* 2026-12-31 $link ties"
wants 0 'all of them known failures' judge --today 2026-11-01
known "cluster:cast/e2m1/*/rounding/tie-even/* 2026-12-31 $link ties"
wants 1 "$odd of $all judged cases are wrong, known failures not counted" judge --today 2026-11-01
known "c.e2m1.bf16.ocp.000176 2026-12-31 $link one"
wants 1 'c.e2m1.bf16.ocp.000176: 1 of 1 cases fail' judge --today 2026-11-01
wants 1 "$((wrong - 1)) of $all judged cases are wrong" judge --today 2026-11-01
known "c.e2m1.bf16.ocp.0001[78]? 2026-12-31 $link some"
wants 1 'c.e2m1.bf16.ocp.0001[78]?: 4 of 6 cases fail' judge --today 2026-11-01

# One that passes now, one that names nothing.
known "pack:cast.e2m1.bf16.* 2026-12-31 $link ties" "c.e2m1.bf16.ocp.000001 2026-12-31 $link gone" "c.e9m9.x 2026-12-31 $link none"
wants 0 'known:5: passes now (1 cases): c.e2m1.bf16.ocp.000001 (https://example.org/7): take it out' judge --today 2026-11-01
wants 0 'known:6: names no judged case: c.e9m9.x' judge --today 2026-11-01
wants 1 'FAIL: does not conform: 1 known failure passes now' judge --strict --today 2026-11-01
known "c.e2m1.bf16.ocp.000001 2026-10-31 $link gone"
wants 1 'does not conform: 1 known failure has expired' mxcts run --op cast --elem e2m1 --type bf16 --known "$work/known" --today 2026-11-01
wants 0 'passes now' mxcts run --op cast --elem e2m1 --type bf16 --known "$work/known" --today 2026-10-31

# Malformed: one line, the file and the line in it, nothing judged.
bad() {
    wanted=$1
    shift
    known "$@"
    wants 2 "known:$wanted" judge
    one_line
}
bad '4: wanted a date YYYY-MM-DD after the pattern, found nothing' 'c.1'
bad "4: wanted a date YYYY-MM-DD after the pattern, found '2026-02-29'" "c.1 2026-02-29 $link why"
bad "4: wanted a date YYYY-MM-DD after the pattern, found '2026-13-01'" "c.1 2026-13-01 $link why"
bad "4: wanted a date YYYY-MM-DD after the pattern, found 'tomorrow'" "c.1 tomorrow $link why"
bad '4: wanted a link (https://...) after the date, found nothing' 'c.1 2026-12-31'
bad "4: wanted a link (https://...) after the date, found 'ties'" 'c.1 2026-12-31 ties go up'
bad "4: wanted a link (https://...) after the date, found '://x'" 'c.1 2026-12-31 ://x why'
bad '4: wanted a reason after the link, found nothing' "c.1 2026-12-31 $link  "
bad "4: wanted cluster:operation/format/type/stage/remainder/range, found 'cluster:cast/*'" "cluster:cast/* 2026-12-31 $link why"
bad "4: wanted a case id, pack:NAME or cluster:CLASS, found 'tag:mid'" "tag:mid 2026-12-31 $link why"
bad "4: wanted a name after the colon, found 'pack:'" "pack: 2026-12-31 $link why"
bad "5: wanted a pattern that does not come twice (first in line 4), found 'c.1'" "c.1 2026-12-31 $link a" "c.1 2027-12-31 $link b"
bad '4: wanted text, found a carriage return' "$(printf 'c.1 2026-12-31 %s why\r' $link)"
bad '4: wanted a line of at most 4095 bytes' "c.1 2026-12-31 $link $(head -c 5000 /dev/zero | tr '\0' x)"
echo 'c.1 2026-12-31' > "$work/known"
wants 2 "known:1: wanted #mxknown 1, found 'c.1 2026-12-31'" judge
: > "$work/known"
wants 2 'known:1: wanted #mxknown 1, found the end of the file' judge
wants 2 'cannot open' mxcts run --known "$work/none"
wants 2 'cannot read' mxcts run --known "$work"
wants 2 'wanted a date YYYY-MM-DD, found 2026' mxcts run --known "$work/known" --today 2026
wants 2 '--today needs --known' mxcts run --today 2026-01-01

# A subject that is told apart by asking again.
cat > "$work/flaky.py" <<'PY'
import itertools, sys
calls = itertools.count()
for line in sys.stdin:
    word = line.split()
    if word[0] == 'mxp':
        print('mxp 1 name=flaky version=1 ops=decode:e2m1:bf16', flush=True)
    elif word[0] == 'op':
        print('ok', word[1], flush=True)
    elif word[0] == 'c':
        seen = next(calls)
        print('r', word[2], f'{seen:04x}', flush=True)
    else:
        print(f'bye seen={seen + 1} answered={seen + 1} refused=0', flush=True)
PY
wants 1 'FAIL: does not conform: answers differ on repetition: d.e2m1.bf16.' mxcts run --subject "pipe:python3 $work/flaky.py"
wants 1 'ANSWERS DIFFER on repetition' mxcts run --subject "pipe:python3 $work/flaky.py"

# Two runs.
mxcts run --subject mutant:rna-ties --op cast --elem e2m1 --type bf16 --format json="$work/faulty.json" > "$work/out"
mxcts run --subject portable --op cast --elem e2m1 --type bf16 --format json="$work/right.json" > "$work/out"
mxcts run --subject portable --op cast --elem e2m1 --type fp16 --format json="$work/other.json" > "$work/out"
mxcts run --subject mutant:rna-ties --op cast --elem e2m1 --type bf16 --list 3 --format json="$work/short.json" > "$work/out"
wants 0 "PASS: no regression, $wrong fixes" mxcts diff "$work/faulty.json" "$work/right.json"
wants 1 "FAIL: $wrong regressions" mxcts diff "$work/right.json" "$work/faulty.json"
wants 1 "FAIL: $wrong regressions" mxcts diff "$work/right.json" "$work/short.json"
wants 1 'packs have more failures than are listed' mxcts diff "$work/right.json" "$work/short.json"
wants 1 "mxcts explain c.e2m1.bf16.ftz-in-rdn.000042 --got '02'" mxcts diff "$work/right.json" "$work/faulty.json"
wants 1 'REGRESSION cast/e2m1/bf16/rounding/tie-even/top ' mxcts diff "$work/right.json" "$work/faulty.json"
wants 0 "SAME              $wrong" mxcts diff "$work/faulty.json" "$work/faulty.json"
wants 0 "NEW               $wrong" mxcts diff "$work/other.json" "$work/faulty.json"
wants 0 "GONE              $wrong" mxcts diff "$work/faulty.json" "$work/other.json"
mxcts diff --format json "$work/right.json" "$work/faulty.json" | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert d["counts"]["REGRESSION"] == len(d["cases"]) == int(sys.argv[1]) and d["regression"] is True
assert sum(c["b"] for c in d["classes"]) == int(sys.argv[1]) and all(c["a"] == 0 for c in d["classes"])
assert all(c["a"] is None and c["b"] != c["want"] for c in d["cases"])' "$wrong" || { echo 'FAIL: diff --format json'; failed=1; }

# Bad reports: one line.
sed 's/"mxcts_report": [0-9]*/"mxcts_report": 99/' "$work/right.json" > "$work/newer.json"
wants 2 'found version 99' mxcts diff "$work/right.json" "$work/newer.json"
one_line
head -c 2000 "$work/right.json" > "$work/cut.json"
wants 2 'cut.json' mxcts diff "$work/cut.json" "$work/right.json"
one_line
echo '{}' > "$work/empty.json"
wants 2 'wanted the JSON of a run' mxcts diff "$work/right.json" "$work/empty.json"
wants 2 'cannot open' mxcts diff "$work/right.json" "$work/none.json"
wants 2 'wanted two recorded runs, found 1' mxcts diff "$work/right.json"
wants 2 'wanted two recorded runs, found 3' mxcts diff "$work/right.json" "$work/right.json" "$work/right.json"
done_with 52
