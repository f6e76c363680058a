#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The house checks can fail: each is given a tree with the fault it is there for.
set -u
tools=${MXCTS_SRCDIR:?}/tools
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failed=0

# expect STATUS PATTERN COMMAND...: the command exits with STATUS and its output matches PATTERN
expect() {
    status=$1 pattern=$2
    shift 2
    "$@" >"$work/out" 2>&1
    got=$?
    if [ $got -ne "$status" ] || ! grep -Eq -- "$pattern" "$work/out"; then
        echo "FAIL: $*: status $got (wanted $status), output (wanted /$pattern/):"
        sed -n 1,10p "$work/out"
        failed=1
    fi
}

# a tree that all checks accept
fresh() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/include" "$work/tree/doc"
    cp -r "$MXCTS_SRCDIR/include/mx" "$work/tree/include/mx"
    for folder in ref impl vectors kernels conformance tools; do
        mkdir -p "$work/tree/$folder"
        for i in 1 2 3 4; do
            printf '/* SPDX-License-Identifier: BSD-3-Clause */\n#include <mx/types.h>\n#include <stddef.h>\n' \
                >"$work/tree/$folder/f$i.c"
        done
    done
    for i in 1 2 3 4 5; do
        printf '#!/bin/sh\n# SPDX-License-Identifier: BSD-3-Clause\necho\n' >"$work/tree/tools/s$i.sh"
    done
    chmod -R u+w "$work/tree"
}

plant() { printf '%s\n' "$2" >>"$work/tree/$1"; }

fresh
expect 0 'include lines' "$tools/check-includes" "$work/tree"
for bad in 'impl:<gmp.h>' 'impl:<mx/ref.h>' 'impl:"ref/format.h"' 'ref:"impl/quant.h"' 'ref:<mx/fast.h>' \
    'ref:"kernels/body.h"' 'vectors:<mx/ref.h>' 'vectors:<mpfr.h>' 'kernels:<mx/ref.h>' 'conformance:"tools/tool.h"' \
    'ref:"format.h"' 'tools:"mx/types.h"' 'impl:"impl/../ref/format.h"'; do
    fresh
    plant "${bad%%:*}/f1.c" "#  include ${bad#*:}"
    expect 1 "^${bad%%:*}/f1.c:4: " "$tools/check-includes" "$work/tree"
done

fresh
expect 0 'files' "$tools/check-words" "$work/tree"
for bad in "/ho""me/someone/x" "TO""DO: later" "ends in space ""$(printf ' \n.')"; do
    fresh
    printf '%s\n' "${bad%.}" >>"$work/tree/ref/f2.c"
    expect 1 'ref/f2.c' "$tools/check-words" "$work/tree"
done
fresh
printf 'int x;\n' >"$work/tree/impl/bare.c"
expect 1 'no licence line: impl/bare.c' "$tools/check-words" "$work/tree"

fresh
expect 0 'scripts' "$tools/check-scripts" "$work/tree"
# the text of a broken script
# shellcheck disable=SC2016
plant tools/s3.sh 'if true; then'
expect 1 's3.sh' "$tools/check-scripts" "$work/tree"

fresh
"$tools/check-headers" "$work/tree" >/dev/null 2>&1
case $? in
    0) ;;
    77) echo "SKIP: no C++ compiler"; exit 77 ;;
    *) echo "FAIL: check-headers on a good tree"; failed=1 ;;
esac
fresh
plant include/mx/names.h 'struct needs_a_header { mpq_t value; };'
expect 1 'names.h: does not compile alone' "$tools/check-headers" "$work/tree"
fresh
plant include/mx/names.h 'extern int new;'
expect 1 'names.h: does not compile alone' "$tools/check-headers" "$work/tree"

# symbols: archives made here
library() { # library NAME TEXT
    mkdir -p "$work/build/x/.libs"
    printf '%s\n' "$2" >"$work/x.c"
    ${CC:-cc} -c -o "$work/x.o" "$work/x.c" && ar rc "$work/build/x/.libs/$1.a" "$work/x.o" 2>/dev/null
}
library libmxfast 'int mxfast_a(void); int mxfast_a(void) { return 1; }'
expect 0 'libraries' "$tools/check-symbols" "$work/build"
library libmxfast 'int helper(void); int helper(void) { return 1; }'
expect 1 'without mx prefix: helper' "$tools/check-symbols" "$work/build"
library libmxfast 'int mpfr_add(void); int mxfast_a(void); int mxfast_a(void) { return mpfr_add(); }'
expect 1 'must not need mpfr_add' "$tools/check-symbols" "$work/build"
rm -r "$work/build"
library libmxref 'int mxfast_run(void); int mxref_a(void); int mxref_a(void) { return mxfast_run(); }'
expect 1 'must not need mxfast_run' "$tools/check-symbols" "$work/build"
expect 99 'no libraries' "$tools/check-symbols" "$work/tree"
exit $failed
