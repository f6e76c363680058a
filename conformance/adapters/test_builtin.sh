#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Every subject of the table in builtin.c on every smoke pack (with sanitizers, on those of some formats). One that is not here must exit 77 and say why, never pass.
# Every instruction set of libmxfast is a subject.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"

mxcts list subjects | sed -n 's/^\([a-z0-9]*\) .*/\1/p' >"$work/subjects"
while read -r subject; do
    # two words or none
    # shellcheck disable=SC2086
    run mxcts run --subject "$subject" ${MX_SAN_CFLAGS:+--elem e4m3,e2m1,int8}
    echo "$subject: $(cat "$work/out" "$work/err" | tail -n 1)"
    checks=$((checks + 1))
    case $status in
        0) grep -q '^PASS: conforms on all [1-9]' "$work/out" || wrong "cases that were judged" ;;
        77) mxcts list subjects | grep -q "^$subject .*(not here: ..*)" || wrong "a reason in the list of subjects" ;;
        *) wrong "status 0, or 77 with a reason" ;;
    esac
done <"$work/subjects"

mxcts bench --isa none 2>&1 | sed 's/.*there are: //; s/ (see .*//; s/,//g' | tr ' ' '\n' >"$work/sets"
checks=$((checks + 1))
ran='mxcts list subjects'
[ -s "$work/sets" ] && ! grep -vxFf "$work/subjects" "$work/sets" || wrong "each of these sets: a row of conformance/adapters/builtin.c"
done_with 11
