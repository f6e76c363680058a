#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# For the shell tests of the command: run it and say what was wanted. Sourced, not run.
set -u
PATH=${MXCTS_BUILDDIR:?}/tools:$PATH
[ -x "$MXCTS_BUILDDIR/tools/mxcts" ] || { echo "no $MXCTS_BUILDDIR/tools/mxcts"; exit 99; }
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
failed=0 checks=0

# run COMMAND...: its output goes to $work/out and $work/err, its status to $status
run() {
    ran=$*
    "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}

wrong() {
    echo "FAIL: $ran"
    echo "  wanted $1"
    echo "  status $status; stdout:"
    head -n 12 "$work/out" | sed 's/^/  | /'
    echo "  stderr:"
    head -n 5 "$work/err" | sed 's/^/  | /'
    failed=1
}

# exits STATUS
exits() {
    checks=$((checks + 1))
    [ "$status" -eq "$1" ] || wrong "status $1"
}

# prints TEXT: a line of stdout contains this text
prints() {
    checks=$((checks + 1))
    grep -Fq -e "$1" "$work/out" || wrong "a line of stdout with: $1"
}

# matches PATTERN: a line of stdout matches
matches() {
    checks=$((checks + 1))
    grep -Eq -e "$1" "$work/out" || wrong "a line of stdout that matches /$1/"
}

# lacks TEXT: no line of stdout contains this text
lacks() {
    checks=$((checks + 1))
    ! grep -Fq -e "$1" "$work/out" || wrong "no line of stdout with: $1"
}

# refuses PATTERN COMMAND...: exit 2, nothing on stdout, one line on stderr that matches
refuses() {
    pattern=$1
    shift
    run "$@"
    checks=$((checks + 1))
    [ "$status" -eq 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -Eq -e "$pattern" "$work/err" ||
        wrong "status 2, no output, one line on stderr that matches /$pattern/"
}

# said HOW STATUS TEXT COMMAND...: this status, and on either stream a line that grep finds with HOW
said() {
    how=$1 wanted=$2 text=$3
    shift 3
    run "$@"
    checks=$((checks + 1))
    cat "$work/err" >>"$work/out"
    : >"$work/err"
    [ "$status" -eq "$wanted" ] && grep -q "$how" -e "$text" "$work/out" || wrong "status $wanted and a line with: $text"
}

# wants STATUS TEXT COMMAND..., and with a pattern for the text
wants() { said -F "$@"; }
wants_like() { said -E "$@"; }

# done_with LEAST: all checks were made
done_with() {
    [ "$checks" -ge "$1" ] || { echo "only $checks checks of $1 were made"; failed=1; }
    [ $failed -eq 0 ] && echo "$checks checks"
    exit $failed
}
