#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What `make install` lays down works by itself: the command finds its data, a program builds against the library.
set -u
build=${MXCTS_BUILDDIR:?} source=${MXCTS_SRCDIR:?}
root=$(mktemp -d) || exit 99
trap 'chmod -R u+w "$root"; rm -rf "$root"' EXIT
failed=0

# the make that runs this test hands its jobs over by a pipe that is not open here
unset MAKEFLAGS MFLAGS MAKELEVEL
if ! "${MAKE:-make}" -s -C "$build" install DESTDIR="$root" >"$root/log" 2>&1; then
    echo 'FAIL: make install'
    tail -n 20 "$root/log"
    exit 1
fi
mxcts=$(find "$root" -path '*/bin/mxcts')
prefix=${mxcts%/bin/mxcts}

fail() {
    echo "FAIL: $*"
    failed=1
}

# an installed program may not need this tree
unset MXCTS_SRCDIR MXCTS_BUILDDIR MXCTS_DATADIR
cd / || exit 99
[ -x "$mxcts" ] || fail 'no bin/mxcts'
"$mxcts" info >"$root/out" 2>&1 || fail 'mxcts info'
for kind in vectors profiles; do
    grep -q "^$kind  *$prefix/" "$root/out" || { fail "$kind are not found below the prefix"; cat "$root/out"; }
done
[ "$("$mxcts" list profiles | wc -l)" -ge 7 ] || fail 'fewer than 7 profiles'
[ "$("$mxcts" list packs | wc -l)" -gt 20 ] || fail 'few packs'
"$mxcts" run --subject portable --op decode >"$root/out" 2>&1 || { fail 'mxcts run'; head -n 20 "$root/out"; }
"$mxcts" explain cast elem=e2m1 type=fp32 40a00000 | grep -q '^reference   06$' || fail 'mxcts explain'
for verb in $("$mxcts" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
    [ -n "$(find "$prefix" -path "*/man1/mxcts-$verb.1")" ] || fail "no page mxcts-$verb.1"
done
[ -n "$(find "$prefix" -path '*/bash-completion/completions/mxcts.bash')" ] || fail 'no completion'
for header in "$source"/include/mx/*.h; do
    [ -e "$prefix/include/mx/${header##*/}" ] || fail "no include/mx/${header##*/}"
done
[ "$(ls "$prefix/bin")" = mxcts ] || fail "more than mxcts in bin: $(ls "$prefix/bin")"

# a program of a user's: 5.0 to E2M1 is 4, code 06
cat >"$root/user.c" <<'END'
#include <mx/fast.h>
#include <mx/names.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
    uint32_t value = 0x40a00000;
    uint8_t code = 0xff;
    mx_batch batch = {MX_OP_CAST, MX_E2M1, MX_FP32, 1, 1, {0}, {&value, NULL, NULL, NULL}, {NULL, NULL, &code}};
    /* every axis at its first value: ocp-mx-1.0 */
    memset((uint8_t *)&batch.profile + 1, 1, sizeof batch.profile - 1);
    if (mxfast_run(&batch) != MX_OK)
        return 1;
    printf("%02x\n", code);
    return 0;
}
END
lib=$(dirname "$(find "$prefix" -name 'libmxfast.a')")
# the compiler may be several words
# shellcheck disable=SC2086
if ${CC:-cc} ${MX_SAN_CFLAGS:-} -I "$prefix/include" -o "$root/user" "$root/user.c" "$lib/libmxfast.a" ${OPENMP_CFLAGS:-} -lpthread >"$root/log" 2>&1; then
    [ "$("$root/user")" = 06 ] || fail "the user's program printed $("$root/user")"
else
    fail 'a program does not build against what was installed:'
    head -n 10 "$root/log"
fi
pc=$(find "$prefix" -name mxcts.pc)
if command -v pkg-config >/dev/null; then
    pkg-config --validate "$pc" || fail 'mxcts.pc'
    pkg-config --libs "$pc" | grep -q -e -lmxfast || fail 'mxcts.pc does not name the library'
fi
[ $failed -eq 0 ] && echo 'installed and used'
exit $failed
