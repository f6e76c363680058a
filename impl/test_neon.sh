#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The NEON kernels, where this machine is not an AArch64: libmxfast is configured and built by a cross-compiler and run by
# qemu. The packs of the smoke tier judge it over the pipe; the tests of impl/ compare it with portable between guard
# pages, under every setting of FPCR; of the whole input spaces `narrow` is run in full, of others a sample.
set -u
source=${MXCTS_SRCDIR:?} mxcts=${MXCTS_BUILDDIR:?}/tools/mxcts
host=aarch64-linux-gnu
root=/usr/$host
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

skip() {
    echo "skipped: $1"
    exit 77
}

[ -z "${MX_SAN_CFLAGS:-}" ] || skip 'the cross-compiled library has no sanitizers: see the plain build'
command -v $host-gcc >/dev/null || skip "no $host-gcc (package gcc-$host)"
[ -e $root/include/stdio.h ] || skip 'no C library for AArch64 (package libc6-dev-arm64-cross)'
command -v qemu-aarch64 >/dev/null || skip 'no qemu-aarch64 (package qemu-user)'

fail() {
    echo "$1"
    tail -n 30 "$work/log"
    exit 1
}

# The tests' environment names tools of this machine. Libraries that only the suite needs are said to be there.
unset NM MAKEFLAGS MFLAGS
cd "$work" || exit 99
"$source/configure" --host=$host --enable-werror --disable-shared --without-mpi --without-cuda --without-hip \
    CC=$host-gcc CFLAGS='-O2 -g' CPPFLAGS='' LDFLAGS='' MPFR_CFLAGS=' ' MPFR_LIBS=' ' JANSSON_CFLAGS=' ' JANSSON_LIBS=' ' \
    NETTLE_CFLAGS=' ' NETTLE_LIBS=' ' CHECK_CFLAGS="-I$source/impl/arm/check" CHECK_LIBS=' ' >log 2>&1 ||
    fail 'configure failed'
tests='impl/test_isa impl/test_isa_packed impl/test_isa_round impl/test_isa_scalar impl/test_tensor impl/test_formats impl/test_packed impl/test_transpose'
# a list of words
# shellcheck disable=SC2086
make $tests impl/exhaust/exhaust_isa conformance/subjects/fast >log 2>&1 || fail 'make failed'

failed=0
# passes PATTERN COMMAND...: exit status 0 and a line like PATTERN, in the emulator
passes() {
    pattern=$1
    shift
    "$@" >log 2>&1
    status=$?
    if [ $status -eq 0 ] && grep -Eq -- "$pattern" log; then
        grep -E -- "$pattern" log
    else
        echo "FAIL: $*: status $status, and"
        tail -n 20 log
        failed=1
    fi
}

passes '^PASS: conforms on all [0-9]{5,} judged cases' \
    "$mxcts" run --subject "pipe:qemu-aarch64 -L $root $work/conformance/subjects/fast neon"
for test in $tests; do
    passes 'tests passed$' qemu-aarch64 -L $root "$test"
done
for space in decode narrow 'narrow-rounds 32 9' 'narrow-squares 255 20' 'scale 1217 8' 'wide 4093'; do
    # a space and how much of it
    # shellcheck disable=SC2086
    passes '^PASS' qemu-aarch64 -L $root impl/exhaust/exhaust_isa $space
done
exit $failed
