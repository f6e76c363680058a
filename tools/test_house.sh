#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The house checks can fail: each is given a tree with the fault it is there for.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"
tools=$MXCTS_SRCDIR/tools

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
wants_like 0 'include lines' "$tools/check-includes" "$work/tree"
for bad in 'impl:<gmp.h>' 'impl:<mx/ref.h>' 'impl:"ref/format.h"' 'ref:"impl/quant.h"' 'ref:<mx/fast.h>' \
    'ref:"kernels/body.h"' 'vectors:<mx/ref.h>' 'vectors:<mpfr.h>' 'kernels:<mx/ref.h>' 'conformance:"tools/tool.h"' \
    'ref:"format.h"' 'tools:"mx/types.h"' 'impl:"impl/../ref/format.h"'; do
    fresh
    plant "${bad%%:*}/f1.c" "#  include ${bad#*:}"
    wants_like 1 "^${bad%%:*}/f1.c:4: " "$tools/check-includes" "$work/tree"
done

fresh
wants_like 0 'files' "$tools/check-words" "$work/tree"
for bad in "/ho""me/someone/x" "TO""DO: later" "ends in space ""$(printf ' \n.')"; do
    fresh
    printf '%s\n' "${bad%.}" >>"$work/tree/ref/f2.c"
    wants_like 1 'ref/f2.c' "$tools/check-words" "$work/tree"
done
fresh
printf 'int x;\n' >"$work/tree/impl/bare.c"
wants_like 1 'no licence line: impl/bare.c' "$tools/check-words" "$work/tree"

fresh
wants_like 0 'scripts' "$tools/check-scripts" "$work/tree"
# the text of a broken script
# shellcheck disable=SC2016
plant tools/s3.sh 'if true; then'
wants_like 1 's3.sh' "$tools/check-scripts" "$work/tree"

fresh
"$tools/check-headers" "$work/tree" >/dev/null 2>&1
case $? in
    0) ;;
    77) echo "SKIP: no C++ compiler"; exit 77 ;;
    *) echo "FAIL: check-headers on a good tree"; failed=1 ;;
esac
fresh
plant include/mx/names.h 'struct needs_a_header { mpq_t value; };'
wants_like 1 'names.h: does not compile alone' "$tools/check-headers" "$work/tree"
fresh
plant include/mx/names.h 'extern int new;'
wants_like 1 'names.h: does not compile alone' "$tools/check-headers" "$work/tree"

fresh
cp "$MXCTS_SRCDIR/.clang-format" "$work/tree/"
if "$tools/check-format" "$work/tree" >/dev/null 2>&1; then
    plant impl/f3.c 'static int  x;'
    wants_like 1 '^not as clang-format -i leaves it: impl/f3.c$' "$tools/check-format" "$work/tree"
else
    [ $? -eq 77 ] || { echo "FAIL: check-format on a good tree"; failed=1; }
fi

# symbols: archives made here
library() { # library NAME TEXT
    mkdir -p "$work/build/x/.libs"
    printf '%s\n' "$2" >"$work/x.c"
    ${CC:-cc} -c -o "$work/x.o" "$work/x.c" && ar rc "$work/build/x/.libs/$1.a" "$work/x.o" 2>/dev/null
}
library libmxfast 'int mxfast_a(void); int mxfast_a(void) { return 1; }'
wants_like 0 'libraries' "$tools/check-symbols" "$work/build"
library libmxfast 'int helper(void); int helper(void) { return 1; }'
wants_like 1 'without mx prefix: helper' "$tools/check-symbols" "$work/build"
library libmxfast 'int mpfr_add(void); int mxfast_a(void); int mxfast_a(void) { return mpfr_add(); }'
wants_like 1 'must not need mpfr_add' "$tools/check-symbols" "$work/build"
rm -r "$work/build"
library libmxref 'int mxfast_run(void); int mxref_a(void); int mxref_a(void) { return mxfast_run(); }'
wants_like 1 'must not need mxfast_run' "$tools/check-symbols" "$work/build"
wants_like 99 'no libraries' "$tools/check-symbols" "$work/tree"
done_with 25
