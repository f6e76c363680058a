#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What `make install` lays down works by itself: the command finds its data, a program builds against the library.
set -u
build=${MXCTS_BUILDDIR:?} source=${MXCTS_SRCDIR:?}
root=$(mktemp -d) || exit 99
trap 'chmod -R u+w "$root"; rm -rf "$root"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

# the make that runs this test hands its jobs over by a pipe that is not open here
unset MAKEFLAGS MFLAGS MAKELEVEL
if ! "${MAKE:-make}" -s -C "$build" install DESTDIR="$root" >"$root/log" 2>&1; then
    echo 'FAIL: make install'
    tail -n 20 "$root/log"
    exit 1
fi
# libtool cuts paths at spaces: one line, and no file is laid down
"${MAKE:-make}" -s -C "$build" install DESTDIR="$root/a b" >"$root/log" 2>&1 && { echo 'FAIL: DESTDIR with a space'; exit 1; }
[ "$(grep -vc -e '^make[:[]' "$root/log")" -eq 1 ] && grep -q 'make install: wanted a path without a space' "$root/log" && [ ! -e "$root/a b" ] ||
    { echo 'FAIL: DESTDIR with a space:'; cat "$root/log"; exit 1; }
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
    case $header in
    */conformance.h) [ ! -e "$prefix/include/mx/conformance.h" ] || fail 'conformance.h, without a library that has it' ;;
    *) [ -e "$prefix/include/mx/${header##*/}" ] || fail "no include/mx/${header##*/}" ;;
    esac
done
for schema in run.schema.json verbs.schema.json junit.xsd; do
    [ -e "$prefix/share/mxcts/$schema" ] || fail "no $schema among the data"
done
for document in COPYING tools/plot-bench.py manual.md example.c vectors/FORMAT conformance/KNOWN-FAILURES conformance/subjects/example.py conformance/subjects/mxp.h; do
    [ -n "$(find "$prefix" -path "*/doc/mxcts/$document")" ] || fail "no $document among the documents"
done
[ "$(ls "$prefix/bin")" = mxcts ] || fail "more than mxcts in bin: $(ls "$prefix/bin")"

# a program of a user's: the example, as C and as C++, against the static library
lib=$(dirname "$(find "$prefix" -name 'libmxfast.a')")
pc=$lib/pkgconfig/mxcts.pc
private=$(PKG_CONFIG_PATH=$lib/pkgconfig pkg-config --static --libs-only-other mxcts) || fail 'pkg-config --static mxcts'
for language in c c++; do
    [ $language = c ] || command -v "${CXX:-c++}" >/dev/null || continue
    compiler=${CC:-cc}
    [ $language = c ] || compiler=${CXX:-c++}
    # the compiler may be several words
    # shellcheck disable=SC2086
    if $compiler ${MX_SAN_CFLAGS:-} -x $language -Wall -Wextra -Werror -I "$prefix/include" -o "$root/user" "$source/doc/example.c" -x none "$lib/libmxfast.a" \
        $private >"$root/log" 2>&1; then
        # the largest magnitude of the block is 74, its scale 2^(6 - 8); -74 / 2^-2 = -296 lies nearest to -288, code f9
        "$root/user" | grep -q '^row 0 block 0: scale 7d, first -74 -> f9 -> -72$' || fail "the example printed: $("$root/user")"
    else
        fail "the example does not build as $language against what was installed:"
        head -n 10 "$root/log"
    fi
done
# the reference, whose header has numbers of GMP in it, with what its .pc says and nothing else
cat >"$root/ref.c" <<'END'
#include <mx/ref.h>
int main(void)
{
    mpq_t value;
    mpq_init(value);
    const int wrong = mxref_code_value(value, MX_E2M1, MX_INT8_OCP, 7) != MX_OK || mpq_cmp_ui(value, 6, 1) != 0;
    mpq_clear(value);
    return wrong;
}
END
if [ -e "$lib/libmxref.so" ]; then
    flags=$(PKG_CONFIG_PATH=$lib/pkgconfig pkg-config --define-prefix --cflags --libs mxref) || fail 'pkg-config mxref'
    # compiler and flags are several words
    # shellcheck disable=SC2086
    if ${CC:-cc} ${MX_SAN_CFLAGS:-} -o "$root/ref" "$root/ref.c" $flags >"$root/log" 2>&1; then
        LD_LIBRARY_PATH=$lib "$root/ref" || fail 'a program that uses the reference'
    else
        fail 'a program that uses the reference does not build:'
        head -n 10 "$root/log"
    fi
fi
pkg-config --validate "$pc" || fail 'mxcts.pc'
for name in mxcts:mxfast mxref:mxref mxgpu:mxgpu; do
    pkg-config --libs "$lib/pkgconfig/${name%:*}.pc" | grep -q -e "-l${name#*:}" || fail "${name%:*}.pc does not name its library"
done

# all of it goes again, twice if asked to; what somebody else laid beside it stays
touch "$prefix/share/doc/mxcts/notes"
for time in once twice; do
    "${MAKE:-make}" -s -C "$build" uninstall DESTDIR="$root" >"$root/log" 2>&1 || { fail "make uninstall, $time:"; tail -n 5 "$root/log"; }
done
left=$(cd "$prefix" && find . \( ! -type d -o -path '*/mx*' \) ! -path ./share/doc/mxcts ! -path ./share/doc/mxcts/notes)
[ -z "$left" ] || fail "left by make uninstall: $left"
[ -e "$prefix/share/doc/mxcts/notes" ] || fail "make uninstall took another's file"
[ $failed -eq 0 ] && echo 'installed and used'
exit $failed
