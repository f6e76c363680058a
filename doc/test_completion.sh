#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# bash completion gives the verbs, options, axes and values of the command.
set -u
command -v bash >/dev/null || { echo 'no bash'; exit 77; }
exec bash -u - <<'SCRIPT'
PATH=$MXCTS_BUILDDIR/tools:$PATH
. "$MXCTS_SRCDIR/doc/mxcts.bash" || exit 1
failed=0
# wants LINE WORD...: completing LINE offers each of these words; a word that begins with ! it does not
wants() {
    COMP_LINE=$1 COMP_POINT=${#1}
    read -r -a COMP_WORDS <<<"$1"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _mxcts 2>/dev/null
    local line=$1 word
    shift
    for word in "$@"; do
        if [[ $word == !* ]]; then
            [[ " ${COMPREPLY[*]-} " != *" ${word#!} "* ]] || { echo "FAIL: '$line' offers ${word#!}"; failed=1; }
        else
            [[ " ${COMPREPLY[*]-} " == *" $word "* ]] || { echo "FAIL: '$line' lacks $word: ${COMPREPLY[*]-}"; failed=1; }
        fi
    done
}
wants 'mxcts ' list info explain --help
wants 'mxcts ex' explain !list
wants 'mxcts list ' packs axes
wants 'mxcts list --' --format= --op= --help
COMP_WORDBREAKS=' '
wants 'mxcts list --format=' --format=text --format=json
COMP_WORDBREAKS=' ='
wants 'mxcts list --format=' text json
wants 'mxcts list --op=sc' scale scaled-cast !cast
wants 'mxcts run --op=cast,sc' cast,scale cast,scaled-cast !scale
wants 'mxcts infer --elem=e4m3,e2' e4m3,e2m1 e4m3,e2m3 !e4m3,int8
wants 'mxcts gen --type=' fp32 bf16
wants 'mxcts mutate --op=sc' scale scaled-cast
wants 'mxcts coverage --elem=e4' e4m3
wants 'mxcts bench --' --isa= --quick --repeats=
wants 'mxcts bench --isa=' portable
wants 'mxcts bench --dim=' dim0 dim1-turned
wants 'mxcts explain cast el' elem=
wants 'mxcts explain cast round=r' rne rto !floor
wants 'mxcts explain cast scale=' floor rceil
wants 'mxcts run --format=' tap junit json html
wants 'mxcts report --' --format= --output=
wants 'mxcts verify-s' verify-statement !verify
wants 'mxcts info ocp' ocp-mx-1.0
wants 'mxcts run MX-6.3' MX-6.3-b
wants 'mxcts run st' sticky step !tie
wants 'mxcts run cast.e2m1.bf16.o' cast.e2m1.bf16.ocp
wants 'mxcts mutate cast.e2m1.bf16.r' cast.e2m1.bf16.rna cast.e2m1.bf16.rtz !rna
wants 'mxcts verify --pack=decode.e2m1.bf16' decode.e2m1.bf16.ocp
wants 'mxcts gen quan' quantize quantize.e4m3.fp32.floor
wants 'mxcts gen quantize scale=' floor rceil
wants 'mxcts sweep sc' scale scaled-cast scale=
[ $failed -eq 0 ] && echo 'completions offered as wanted'
exit $failed
SCRIPT
