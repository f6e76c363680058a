#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The examples that users copy conform, and so do the third parties that are installed, as far as they are known to. A
# minimum of judged cases keeps each run from passing on nothing. A third party that is not installed is skipped.
set -u
mxcts=${MXCTS_BUILDDIR:?}/tools/mxcts
here=$MXCTS_SRCDIR/conformance/subjects
built=$MXCTS_BUILDDIR/conformance/subjects
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
out=$work/out
failed=0

# judged MINIMUM WHAT: the run whose exit status is $status and whose report is in $out
judged() {
    cases=$(sed -n 's/^PASS: conforms on all \([0-9]*\) judged cases.*/\1/p' "$out")
    if [ "$status" -eq 77 ]; then
        echo "$2: skipped: $(tail -n 1 "$out")"
    elif [ "$status" -ne 0 ] || [ "${cases:-0}" -lt "$1" ]; then
        echo "$2: wanted a pass on at least $1 cases, found status $status and"
        sed 's/^/    /' "$out"
        failed=1
    else
        echo "$2: $cases cases"
    fi
}

# run MINIMUM SUBJECT [OPTION...]
run() {
    minimum=$1 subject=$2
    shift 2
    "$mxcts" run --subject "$subject" "$@" >"$out" 2>&1
    status=$?
    judged "$minimum" "$subject${*:+ $*}"
}

# found MINIMUM SUBJECT [OPTION...]: a release whose faults doc/systems.md lists; it must still be judged, on as many cases
found() {
    minimum=$1 subject=$2
    shift 2
    "$mxcts" run --subject "$subject" "$@" >"$out" 2>&1
    status=$?
    cases=$(sed -n 's/^FAIL: does not conform: [0-9]* of \([0-9]*\) judged cases are wrong.*/\1/p' "$out")
    if [ "$status" -eq 1 ] && [ "${cases:-0}" -ge "$minimum" ]; then
        echo "$subject${*:+ $*}: $(tail -n 1 "$out")"
    else
        judged "$minimum" "$subject${*:+ $*}"
    fi
}

# verify STATUS: what the recorded answers in $work/answers are worth
verify() {
    "$mxcts" verify --pack "$work/$pack.mxv" "$work/answers" >"$out" 2>&1
    status=$?
    [ $status -eq "$1" ] || { echo "$pack, recorded: wanted status $1, found $status and"; cat "$out"; failed=1; }
}

run 100 "lib:$built/.libs/example_lib.so"
# What it declares leaves few packs; the report says how to make more, and that works.
more=$(sed -n "s/^  more under what it declares: mxcts gen -o own \\(quantize .*\\); mxcts run --subject lib:.* [.].own\$/\\1/p" "$out")
# shellcheck disable=SC2086 # words
"$mxcts" gen -o "$work/own" ${more:-nothing} elem=e4m3 type=fp32 >"$out" 2>&1 || { echo "more: ${more:-no line}"; cat "$out"; failed=1; }
run 600 "lib:$built/.libs/example_lib.so" "$work/own"
if [ -n "${PYTHON3:-}" ]; then
    run 5000 "pipe:$PYTHON3 $here/example.py"
    # Of ml_dtypes the fp64 casts are left out: they round twice, to fp32 first.
    for type in fp32 bf16 fp16; do
        run 500 "pipe:$PYTHON3 $here/numpy_ml_dtypes.py" --type $type
    done
    found 300 "pipe:$PYTHON3 $here/torchao_mx.py" --profile torchao-floor
    found 100 "pipe:$PYTHON3 $here/gguf_mxfp4.py" --profile ocp-mx-1.0
    found 5000 "pipe:$PYTHON3 $here/gfloat_mx.py" --profile ocp-mx-1.0
    found 100 "pipe:$PYTHON3 $here/mlx_mx.py" --profile torchao-rceil --op quantize
    found 5000 "pipe:$PYTHON3 $here/onnxruntime_mx.py"
    found 2000 "pipe:$PYTHON3 $here/openvino_mx.py"
    found 5000 "pipe:$PYTHON3 $here/bitstring_mx.py"
    found 400 "pipe:$PYTHON3 $here/modelopt_mx.py"
    found 100 "pipe:$PYTHON3 $here/compressed_tensors_mx.py" --profile torchao-even
    found 300 "pipe:$PYTHON3 $here/pychop_mx.py" --profile ocp-mx-1.0 --elem e4m3

    # A subject by mxp.py that declares no axis is greeted like any other. Its answers are wrong.
    printf 'import mxp\nmxp.serve("none", "1", ["decode:e2m1:bf16"], "", lambda op, cells: ["0000"])\n' >"$work/none.py"
    found 16 "pipe:PYTHONPATH='$here' $PYTHON3 '$work/none.py'"
fi
run 5000 "pipe:$built/nvidia_headers"

# Bare hex lines: a filter, its answers in a file, and the same file without its last line, without another, with a wrong one.
pack=decode.e2m1.bf16.ocp
"$mxcts" gen --output "$work" $pack >"$out" 2>&1 || { cat "$out"; exit 99; }
"$mxcts" gen --inputs --bare $pack | awk -f "$here/example_bare.awk" >"$work/all"
cp "$work/all" "$work/answers"
verify 0
judged 16 "$pack, recorded"
sed '$d' "$work/all" >"$work/answers"
verify 99
sed 5d "$work/all" >"$work/answers"
verify 1
sed '5s/4/5/' "$work/all" >"$work/answers"
verify 1

exit $failed
