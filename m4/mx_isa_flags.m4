# SPDX-License-Identifier: BSD-3-Clause
# MX_ISA_FLAGS: which instruction sets the compiler can build kernels for, whatever this machine runs.
# Sets MX_AVX2_CFLAGS, MX_AVX512_CFLAGS, MX_NEON_CFLAGS, conditionals HAVE_AVX2, HAVE_AVX512, HAVE_NEON, and MX_HAVE_* in config.h.
AC_DEFUN([MX_ISA_FLAGS], [
MX_ISA_ONE([AVX2], [-mavx2 -mf16c], [[
#include <immintrin.h>
#include <cpuid.h>
]], [[__m256i x = _mm256_cvtepu8_epi16(_mm_setzero_si128());
return _mm_cvtsi128_si32(_mm256_cvtps_ph(_mm256_castsi256_ps(x), 0)) | bit_AVX2 | bit_F16C;]])
MX_ISA_ONE([AVX512], [-mavx512f -mavx512bw -mavx512vl -mavx512vbmi -mavx2 -mf16c], [[
#include <immintrin.h>
#include <cpuid.h>
]], [[__m512i x = _mm512_permutex2var_epi8(_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512());
return (int)_mm512_test_epi16_mask(x, x) | bit_AVX512F | bit_AVX512VBMI;]])
MX_ISA_ONE([NEON], [], [[
#include <arm_neon.h>
#if !defined(__aarch64__) || defined(__AARCH64EB__)
#error "not a little-endian AArch64"
#endif
]], [[return vmaxvq_u16(vdupq_n_u16(1));]])
])

# MX_ISA_ONE(NAME, FLAGS, HEADERS, BODY)
AC_DEFUN([MX_ISA_ONE], [
AC_CACHE_CHECK([whether $CC can build for $1], [mx_cv_isa_$1], [
mx_save_cflags=$CFLAGS
CFLAGS="$CFLAGS $2"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM([$3], [$4])], [mx_cv_isa_$1=yes], [mx_cv_isa_$1=no])
CFLAGS=$mx_save_cflags
])
AS_IF([test "$mx_cv_isa_$1" = yes], [
AC_DEFINE([MX_HAVE_$1], [1], [Define to 1 when there are kernels for $1.])
AC_SUBST([MX_$1_CFLAGS], ['$2'])
])
AM_CONDITIONAL([HAVE_$1], [test "$mx_cv_isa_$1" = yes])
])
