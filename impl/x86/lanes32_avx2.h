/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The 32-bit lanes of AVX2 (and F16C) for the scalar operations: what each function does is said in lanes32.h.
 */
#ifndef IMPL_X86_LANES32_AVX2_H
#define IMPL_X86_LANES32_AVX2_H

#include "impl/x86/lanes_avx2.h"

typedef __m256i d_lanes;
typedef __m256i b_signs;
enum { DWORDS = 8, BYTES = 32 };

LANES d_lanes d_all(uint32_t x)
{
    return _mm256_set1_epi32((int)x);
}

LANES d_lanes d_load_fp32(const void *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

LANES d_lanes d_load_bf16(const void *at)
{
    return _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)at)), 16);
}

LANES d_lanes d_load_fp16(const void *at)
{
    return d_widen_fp16(at);
}

LANES d_lanes d_load_bytes(const uint8_t *at)
{
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)at));
}

LANES void d_store(void *at, d_lanes x)
{
    _mm256_storeu_si256((__m256i *)at, x);
}

LANES d_lanes d_and(d_lanes x, d_lanes y)
{
    return _mm256_and_si256(x, y);
}

LANES d_lanes d_or(d_lanes x, d_lanes y)
{
    return _mm256_or_si256(x, y);
}

LANES d_lanes d_add(d_lanes x, d_lanes y)
{
    return _mm256_add_epi32(x, y);
}

LANES d_lanes d_sub(d_lanes x, d_lanes y)
{
    return _mm256_sub_epi32(x, y);
}

LANES d_lanes d_min(d_lanes x, d_lanes y)
{
    return _mm256_min_epi32(x, y);
}

LANES d_lanes d_max(d_lanes x, d_lanes y)
{
    return _mm256_max_epi32(x, y);
}

LANES d_lanes d_most(d_lanes x, d_lanes y)
{
    return _mm256_max_epu32(x, y);
}

LANES uint32_t d_largest(d_lanes x)
{
    __m128i z = _mm_max_epu32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    z = _mm_max_epu32(z, _mm_shuffle_epi32(z, 0x4e));
    z = _mm_max_epu32(z, _mm_shuffle_epi32(z, 0xb1));
    return (uint32_t)_mm_cvtsi128_si32(z);
}

LANES d_lanes d_left(d_lanes x, unsigned n)
{
    return _mm256_sll_epi32(x, _mm_cvtsi32_si128((int)n));
}

LANES d_lanes d_right(d_lanes x, unsigned n)
{
    return _mm256_srl_epi32(x, _mm_cvtsi32_si128((int)n));
}

LANES d_lanes d_left_by(d_lanes x, d_lanes n)
{
    return _mm256_sllv_epi32(x, n);
}

LANES d_lanes d_right_by(d_lanes x, d_lanes n)
{
    return _mm256_srlv_epi32(x, n);
}

LANES d_lanes d_if_below(d_lanes x, d_lanes y, d_lanes a, d_lanes b)
{
    return _mm256_blendv_epi8(b, a, _mm256_cmpgt_epi32(y, x));
}

LANES d_lanes d_float(d_lanes x)
{
    return _mm256_castps_si256(_mm256_cvtepi32_ps(x));
}

LANES int d_any_above(d_lanes x, d_lanes y)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(d_most(x, y), y)) != -1;
}

/* Comparisons are signed here: limits are held with the top bit turned. */
LANES d_lanes d_limit(d_lanes x)
{
    return _mm256_xor_si256(x, d_all(UINT32_C(1) << 31));
}

LANES d_lanes d_limits(const uint32_t limit[4])
{
    return d_limit(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)limit)));
}

LANES d_lanes d_limit_of(d_lanes limits, d_lanes sign, d_lanes odd)
{
    d_lanes upper = _mm256_andnot_si256(d_all(1), _mm256_srli_epi32(sign, 30));
    d_lanes index = d_or(upper, d_and(odd, d_all(1)));
    return _mm256_castps_si256(_mm256_permutevar_ps(_mm256_castsi256_ps(limits), index));
}

LANES d_lanes d_step(d_lanes x, d_lanes rest, d_lanes limit)
{
    return _mm256_sub_epi32(x, _mm256_cmpgt_epi32(d_limit(rest), limit));
}

/* ---- bytes ---- */

LANES b_lanes b_narrow(const d_lanes x[4])
{
    return _mm256_packus_epi16(_mm256_packus_epi32(x[0], x[1]), _mm256_packus_epi32(x[2], x[3]));
}

LANES b_signs b_signs_of(const d_lanes x[4])
{
    return _mm256_packs_epi16(_mm256_packs_epi32(x[0], x[1]), _mm256_packs_epi32(x[2], x[3]));
}

LANES b_lanes b_xor(b_lanes x, b_lanes y)
{
    return _mm256_xor_si256(x, y);
}

LANES b_lanes b_add(b_lanes x, b_lanes y)
{
    return _mm256_add_epi8(x, y);
}

LANES b_lanes b_if_negative(b_signs signs, b_lanes a, b_lanes b)
{
    return _mm256_blendv_epi8(b, a, signs);
}

LANES b_lanes b_if_above(b_lanes x, b_lanes y, b_lanes a, b_lanes b)
{
    return _mm256_blendv_epi8(a, b, _mm256_cmpeq_epi8(_mm256_max_epu8(x, y), y));
}

LANES b_lanes b_if_equal(b_lanes x, b_lanes y, b_lanes a, b_lanes b)
{
    return _mm256_blendv_epi8(b, a, _mm256_cmpeq_epi8(x, y));
}

LANES int b_any_equal(const uint8_t *at, b_lanes x)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)at), x)) != 0;
}

LANES void b_store(uint8_t *at, b_lanes x)
{
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    _mm256_storeu_si256((__m256i *)at, _mm256_permutevar8x32_epi32(x, order));
}

#endif
