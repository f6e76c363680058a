#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The examples that users copy conform, and so do the third parties that are installed. A minimum of judged cases keeps
# each run from passing on nothing.
set -u
mxcts=${MXCTS_BUILDDIR:?}/tools/mxcts
here=$MXCTS_SRCDIR/conformance/subjects
built=$MXCTS_BUILDDIR/conformance/subjects
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT
failed=0

# judged MINIMUM NAME: the report in $out, its exit status in $status
judged() {
    cases=$(sed -n 's/^PASS: conforms on all \([0-9]*\) judged cases.*/\1/p' "$out")
    if [ "$status" -eq 77 ] && [ "$1" -eq 0 ]; then
        echo "$2: skipped: $(tail -n 1 "$out")"
    elif [ "$status" -ne 0 ] || [ "${cases:-0}" -lt "$1" ]; then
        echo "$2: wanted a pass on at least $1 cases, found status $status and"
        sed 's/^/    /' "$out"
        failed=1
    else
        echo "$2: $cases cases"
    fi
}

# expect MINIMUM SUBJECT [OPTION...]
expect() {
    minimum=$1 subject=$2
    shift 2
    "$mxcts" run --subject "$subject" "$@" >"$out" 2>&1
    status=$?
    judged "$minimum" "$subject"
}

expect 10000 "lib:$built/.libs/example_lib.so"
if [ -n "${PYTHON3:-}" ]; then
    expect 10000 "pipe:$PYTHON3 $here/example.py"
    expect 0 "pipe:$PYTHON3 $here/numpy_ml_dtypes.py"
fi
expect 0 "pipe:$built/nvidia_headers"

exit $failed
