#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Forms of a report, files they are written to, recorded runs, conformance statements.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
cd "$work" || exit 99
cases=$(grep -vc '^#' "$MXCTS_SRCDIR/vectors/packs/smoke/cast.e2m1.bf16.ocp.mxv") good=$((cases - 6))
python=${PYTHON3:-python3}
missing=''

# ---- a subject with a fault, whose name is markup and whose standard error is no text
sed -e '/code -= /d' -e "s/example-py/<script>\&x/" "$MXCTS_SRCDIR/conformance/subjects/example.py" >faulty.py
{
    sed -n 1p faulty.py
    cat <<'PY'
import os; os.write(2, b"\033[31mred\033[0m \xff\xfe \xed\xa0\x80 ]]> & <b>\n")
PY
    sed 1d faulty.py
} >noisy.py
subject="pipe:$python noisy.py"
run mxcts run --subject "$subject" --op cast --elem e2m1 --type bf16 --format json=run.json --format tap=run.tap --format junit=run.junit --format html=run.html --format text=run.text
exits 1
prints "FAIL: does not conform: 6 of $cases judged cases are wrong"
cmp -s run.text out || wrong 'text in the file as on standard output'

# ---- the JSON is whole: every form comes out of it as out of the run
for form in text tap junit json html; do
    run mxcts report --format $form -o again run.json
    exits 1
    cmp -s again "run.$form" || wrong "the $form of the run itself"
    checks=$((checks + 1))
done

# ---- TAP
run cat run.tap
prints 'TAP version 13'
prints '1..2'
prints "not ok 1 - cast e2m1 bf16: $good of $cases cases"
prints "      explain: \"mxcts explain c.e2m1.bf16.ocp.000176 --got '03'\""
prints 'ok 2 - nothing else is wrong'
[ "$(grep -c '^  ---$' run.tap)" -eq "$(grep -c '^  \.\.\.$' run.tap)" ] || wrong 'every YAML block closed'
run mxcts run --subject portable --op decode --elem int8 --format tap
exits 0
matches '^1\.\.5$'
[ "$(grep -c '^ok [1-5] - ' out)" -eq 5 ] || wrong 'five test points that pass'
run mxcts run --subject 'pipe:exec false' --format tap
exits 1
matches '^Bail out! pipe:exec false: the subject exited'
run mxcts run --subject "$subject" --op scale --format tap
exits 77
matches '^1\.\.0 # SKIP nothing was judged'

# ---- JUnit: valid, its counts true, nothing that XML cannot hold
if command -v xmllint >/dev/null; then
    run xmllint --noout --schema "$MXCTS_SRCDIR/conformance/report/junit.xsd" run.junit
    exits 0
    sed 's/ classname="[a-z]*"//' run.junit >bad.junit
    run xmllint --noout --schema "$MXCTS_SRCDIR/conformance/report/junit.xsd" bad.junit
    exits 3
else
    missing="$missing xmllint"
fi
cat >junit.py <<'PY'
import xml.etree.ElementTree as tree
root = tree.parse('run.junit').getroot()
cases = root.findall('.//testcase')
assert int(root.get('tests')) == len(cases), 'tests'
for suite in root:
    times = [float(case.get('time')) for case in suite.findall('testcase')]
    assert abs(sum(times) - float(suite.get('time'))) < 1e-5 * len(times), suite.get('name')
spent = [float(case.get('time')) for case in cases]
assert max(spent) > 0 and abs(sum(spent) - float(root.get('time'))) < 1e-3 + 1e-6 * len(spent), 'time'
assert int(root.get('failures')) == len(root.findall('.//failure')) == 1, 'failures'
assert root.find('.//property[@name="name"]').get('value') == '<script>&x', 'the name'
said = root.find('.//system-err').text
assert '\u241b[31mred' in said and said.count('\ufffd') == 5 and ']]> & <b>' in said, repr(said)
failure = root.find('.//failure').text
assert "mxcts explain c.e2m1.bf16.ocp.000176 --got '03'" in failure and '2 more' in failure, failure
PY
run "$python" junit.py
exits 0

# ---- JSON: against its schema
run "$python" -c 'import jsonschema'
if [ "$status" -eq 0 ]; then
    cat >validate.py <<'PY'
import json, sys
import jsonschema
schema, document = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.Draft7Validator(schema).validate(document)
PY
    schema=$MXCTS_SRCDIR/conformance/report/run.schema.json
    run "$python" validate.py "$schema" run.json
    exits 0
    mxcts run --subject portable --op pack --profile torchao-rceil --format json=pack.json >out
    run "$python" validate.py "$schema" pack.json
    exits 0
    sed 's/"strict": false/"strict": 0/' run.json >bad.json
    run "$python" validate.py "$schema" bad.json
    exits 1
    # the other verbs: a definition, and a command that prints it
    cat >verbs.txt <<'LINES'
explain explain c.e2m1.bf16.ocp.000176
explain explain quantize elem=e2m1 type=fp32 nan-in=element 3f800000 40e00000 7fc00000 ff800000 00000001 --got '7f 02 07 07 0f 00'
explain explain dequantize elem=e5m2 type=fp16 fe 7c 3c fb
explain-layout explain pack elem=e2m1 layout=low-first 01 02 03 --got '21 30'
explain-layout explain swizzle rows=1 cols=1 layout=128x4 7f
bisect bisect -s mutant:rna-ties cast elem=e2m1 type=bf16 40a0
bisect bisect -s ref cast elem=e2m1 type=bf16 40a0
bisect-versions bisect --good mutant:none --bad mutant:max-480 --op cast --elem e4m3
infer infer -s mutant:rna-ties --op cast --elem e2m1 --type bf16
diff diff pack.json known-odd.json
sweep sweep cast --elem e2m1 --type bf16 -s mutant:rna-ties
mutate mutate -m rna-ties -m source-exponent@cast.int8.fp64:0 cast.int8.fp64.ocp
coverage coverage --op pack --elem e2m1
clauses clauses
list-packs list packs --op pack --elem e2m1
list-profiles list profiles
list-ops list ops
list-axes list axes
list-subjects list subjects
list-tags list tags --op cast --elem e2m1 --type bf16
info info
info-formats info formats
format info e8m0
format info e2m1
info-axes info axes
info-profiles info profiles
info-profile info ocp-mx-1.0
LINES
    cat >verbs.py <<'PY'
import json, shlex, subprocess, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
defined = set(schema['definitions'])
open(b'run\xff.json', 'wb').write(open('run.json', 'rb').read())  # a name that is no text spoils no document
for line in open('verbs.txt'):
    name, *words = shlex.split(line)
    words = [b'run\xff.json' if word == 'known-odd.json' else word for word in words]
    document = json.loads(subprocess.run(['mxcts', *words, '--format', 'json'], stdout=subprocess.PIPE).stdout)
    checker = jsonschema.Draft7Validator({**schema, '$ref': '#/definitions/' + name})
    checker.validate(document)
    assert not checker.is_valid([document]) and not checker.is_valid({'more': 1} if name != 'info' else []), line
PY
    run "$python" verbs.py "$MXCTS_SRCDIR/tools/verbs.schema.json"
    exits 0
else
    missing="$missing python3-jsonschema"
fi

# ---- a recorded run through a pipe
run mxcts report run.json
cp out file.txt
run sh -c 'mxcts report - <run.json'
exits 1
cmp -s file.txt out || wrong 'the report that the file gives'
refuses '^mxcts report: -:[0-9]*: wanted the JSON of a run, found: ' mxcts report -

# ---- recorded runs that are none
sed 's/"mxcts_report": 1/"mxcts_report": 2/' run.json >bad.json
refuses '^mxcts report: bad.json: wanted a report of version 1, found version 2$' mxcts report bad.json
refuses '^mxcts statement: bad.json: wanted a report of version 1, found version 2$' mxcts statement bad.json
head -c 5000 run.json >bad.json
refuses '^mxcts report: bad.json:[0-9]*: wanted the JSON of a run, found: ' mxcts report bad.json
echo '[1]' >bad.json
refuses 'bad.json: wanted the JSON of a run ..mxcts_report.., found another file' mxcts report bad.json
refuses 'nowhere.json: cannot open: No such file' mxcts report nowhere.json
sed "s/\"tally\": {\"cases\": $cases, \"pass\": $good, \"fail\": 6/\"tally\": {\"cases\": $cases, \"pass\": $((good + 1)), \"fail\": 5/" run.json >bad.json
refuses 'bad.json: .packs.[0-9]*..tally.: not the sum of its classes' mxcts report bad.json
sed 's/"exit_status": 1/"exit_status": 0/' run.json >bad.json
refuses 'bad.json: "exit_status": 0 does not follow from the counts' mxcts report bad.json
sed 's/"verdict": "pass"/"verdict": "passed"/; s/"verdict": "fail", "reason"/"verdict": "failed", "reason"/' run.json >bad.json
refuses "bad.json: wanted a verdict as .packs.[0-9]*..verdict., found 'failed'" mxcts report bad.json
sed 's/"got": "[0-9a-f]*"/"got": "none"/g' run.json >bad.json
refuses "bad.json: wanted hex digits as .failures.0..got., found 'none'" mxcts report bad.json

# ---- a pack of one's own: the line to paste finds it again, whatever its name is
sed -e 's/bf16\.ocp\./bf16.mine./' -e '$d' "$MXCTS_SRCDIR/vectors/packs/smoke/cast.e2m1.bf16.ocp.mxv" >"an own.mxv"
printf '#end count=%d sha256=%s\n' "$(grep -vc '^#' 'an own.mxv')" "$(sha256sum <'an own.mxv' | cut -d ' ' -f 1)" >>'an own.mxv'
run mxcts run --subject mutant:rna-ties --format json=own.json './an own.mxv'
exits 1
prints "mxcts explain --pack './an own.mxv' c.e2m1.bf16.mine.000176 --got '03'"
run sh -c "$(sed -n "s/^ *\(mxcts explain .*mine.000176 .*\)/\1/p" out | head -n 1)"
exits 0
prints 'verdict     1 cell differs'
run mxcts explain "  mxcts explain --pack './an own.mxv' c.e2m1.bf16.mine.000176 --got '03'"
exits 0
prints 'verdict     1 cell differs'
[ "$("$python" -c 'import json; r = json.load(open("own.json")); print(sum("explained" in f and f["explained"] is not None for f in r["failures"] + r["clusters"]))')" -gt 4 ] ||
    wrong 'failures and clusters of that pack explained'

# ---- a fault that nobody knows: how to go on, which can be pasted
sed 's/^    return code | negative/    code = 3 if code == 5 and elem == "e2m1" else code\n&/' "$MXCTS_SRCDIR/conformance/subjects/example.py" >"it's odd.py"
run mxcts run --subject "pipe:$python \"it's odd.py\"" --op cast --elem e2m1 --type bf16
exits 1
prints 'the failures match no known fault'
prints "  the first stage that is wrong: mxcts bisect --subject 'pipe:$python \"it'\\''s odd.py\"' c.e2m1.bf16."
run sh -c "$(sed -n 's/^  the first stage that is wrong: //p' out)"
exits 1
matches '^stage        '
matches '^wanted       05$'
run mxcts run --subject mutant:rna-ties --op cast --elem e2m1 --type bf16
lacks 'mxcts bisect'

# ---- what does not apply, a line an axis
run mxcts run --subject 'pipe:mxcts subject --axes "round=rne overflow=saturate" portable' --op cast --elem e5m2 --type fp32
exits 0
matches '^  [0-9]+ packs, [0-9]+ cases: declares round=rne, these have [a-z]+, [a-z]+, '
[ "$(grep -c ': declares round=rne' out)" -eq 1 ] || wrong 'one line for round=rne'

# ---- files: whole or not at all
refuses "'yaml' found where text\|tap\|junit\|json\|html was wanted" mxcts report --format yaml run.json
refuses 'given twice without a file' mxcts report --format tap --format json run.json
refuses 'a file is wanted after =' mxcts report --format tap= run.json
refuses 'same: two reports for one file' mxcts report --format tap=same --format json=same run.json
refuses 'nowhere/x: cannot write there: No such file' mxcts report -o nowhere/x run.json
mkdir folder
refuses 'folder: wanted a file to write, found a folder' mxcts report -o folder run.json
refuses "'-': wanted a file; what is written without one goes to standard output" mxcts report --format json=- run.json
refuses "'-': wanted a file" mxcts statement -o - run.json
refuses 'standard input can be one of the two runs, not both' mxcts diff - -
refuses 'nowhere/x: cannot write there' mxcts run --format json=nowhere/x
echo before >kept
cp "$MXCTS_SRCDIR/vectors/packs/smoke/decode.e2m1.bf16.ocp.mxv" broken.mxv
echo '#' >>broken.mxv
run mxcts run broken.mxv --format json=kept
exits 2
[ "$(cat kept)" = before ] || wrong 'the old file where no report could be made'
if [ -w /dev/full ]; then
    run mxcts report --format json=/dev/full run.json
    exits 99
    [ -c /dev/full ] || wrong '/dev/full to stay a device'
fi
run mxcts verify --pack "$MXCTS_SRCDIR/vectors/packs/smoke/decode.e2m1.bf16.ocp.mxv" --format tap "$MXCTS_SRCDIR/vectors/packs/smoke/decode.e2m1.bf16.ocp.mxv"
exits 0
prints 'ok 1 - decode e2m1 bf16: 16 of 16 cases'
find . -name '*.tmp' | grep -q . && wrong 'no temporary file left'

# ---- statements
run mxcts statement run.json -o statement
exits 0
run mxcts statement run.json
exits 0
cmp -s out statement || wrong 'the same statement in the file'
prints 'verdict     FAIL'
prints "cases       $cases pass $good fail 6 never 0"
prints "sampled     cast e2m1 bf16: $cases cases in 1 of 12 packs"
matches '^clause      MX-5.3-b must fail '
matches '^clause      MX-6.3-b should never, without cases here$'
[ "$(sed '$d' statement | sha256sum | cut -c1-64)" = "$(sed -n '$s/#end sha256=//p' statement)" ] || wrong 'the digest that sha256sum gives'
run mxcts verify-statement statement run.json --subject "$subject"
exits 0
prints 'run: as stated'
prints "subject: $subject again, as stated"
printf '#mxknown 1\nc.e2m1.bf16.ocp.000176 2027-03-31 https://example.org/7 the tie above 1\n' >known
mxcts run --subject "$subject" --op cast --elem e2m1 --type bf16 --known known --today 2026-12-31 --format json=known.json >out
# of several operations and formats
run mxcts run --subject portable --op decode,cast --elem int8 --elem e2m1 --type bf16 --format json=several.json
exits 0
mxcts statement several.json -o several.statement
[ "$(grep '^asked' several.statement | tr -s ' ' | tr '\n' ' ')" = 'asked op=decode,cast asked elem=e2m1,int8 asked type=bf16 asked the smoke tier ' ] ||
    wrong 'what was asked for, in the order of the lists'
run mxcts verify-statement several.statement several.json --subject portable
exits 0
# of more packs than one would type
run mxcts run --op cast --elem e2m1 --format json=many.json "$MXCTS_SRCDIR"/vectors/packs/smoke/c*.mxv
exits 0
mxcts statement many.json -o many.statement
[ "$(grep -c '^asked *pack=' many.statement)" -gt 300 ] || wrong 'every pack that was asked for'
run mxcts verify-statement many.statement many.json --subject portable
exits 0
run mxcts report --format html several.json
prints '<dd>decode,cast e2m1,int8 bf16</dd>'
mxcts statement known.json -o known.statement
run mxcts verify-statement known.statement --subject "$subject" --known known --today 2026-12-31
exits 0
# seal FILE: give it the digest of its lines
seal() { sed -i '$d' "$1" && printf '#end sha256=%s\n' "$(sha256sum <"$1" | cut -c1-64)" >>"$1"; }
# differs PATTERN COMMAND...: exit 1 and one line
differs() {
    pattern=$1
    shift
    run "$@"
    exits 1
    { [ "$(wc -l <"$work/err")" -eq 1 ] && grep -Eq -e "$pattern" "$work/err"; } || wrong "one line on stderr that matches /$pattern/"
}
sed 's/^verdict .*/verdict     PASS/' statement >changed
differs 'changed: its lines have SHA-256 .*: it was changed' mxcts verify-statement changed
seal changed
run mxcts verify-statement changed
exits 0
differs "changed:[0-9]*: stated 'verdict     PASS', the run says 'verdict     FAIL'" mxcts verify-statement changed run.json
sed "s/^cases .*/cases       $cases pass $cases fail 0 never 0/" statement >changed
seal changed
differs "changed: $cases cases are stated, its packs have $cases .$good pass, 6 fail" mxcts verify-statement changed
sed 's/^pack        ...\(.*\) fail /pack        000\1 fail /' statement >changed
seal changed
differs 'changed: pack cast.e2m1.bf16.ocp has SHA-256 [0-9a-f]* here, 000' mxcts verify-statement changed
differs "known.statement:[0-9]*: stated 'conclusion .*5 of $cases" mxcts verify-statement known.statement --subject "$subject"
differs "statement:[0-9]*: stated 'name .*, the run says 'name        portable" mxcts verify-statement statement --subject portable
sed '$d' statement >changed
refuses 'changed: wanted a last line' mxcts verify-statement changed
sed '1s/1/2/' statement >changed
refuses 'changed:1: wanted a statement of version 1, found version 2' mxcts verify-statement changed
refuses '^mxcts verify-statement: [.]: cannot read: Is a directory$' mxcts verify-statement .
refuses 'run.json:1: wanted a conformance statement' mxcts verify-statement run.json
refuses 'wanted a statement and at most one recorded run, found 0 files' mxcts verify-statement

[ -z "$missing" ] || [ "$failed" -ne 0 ] || { echo "not there, so not validated by them:$missing"; exit 77; }
done_with 80
