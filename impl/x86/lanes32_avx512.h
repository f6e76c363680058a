/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The 32-bit lanes of AVX-512 (F, BW, VBMI) for the scalar operations: what each function does is said in lanes32.h.
 */
#ifndef IMPL_X86_LANES32_AVX512_H
#define IMPL_X86_LANES32_AVX512_H

#include "impl/x86/lanes_avx512.h"

typedef __m512i d_lanes;
typedef __mmask64 b_signs;
enum { DWORDS = 16, BYTES = 64 };

LANES d_lanes d_all(uint32_t x)
{
    return _mm512_set1_epi32((int)x);
}

LANES d_lanes d_load_fp32(const void *at)
{
    return _mm512_loadu_si512(at);
}

LANES d_lanes d_load_bf16(const void *at)
{
    return _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)at)), 16);
}

LANES d_lanes d_load_fp16(const void *at)
{
    return d_widen_fp16(at);
}

LANES d_lanes d_load_bytes(const uint8_t *at)
{
    return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)at));
}

LANES void d_store(void *at, d_lanes x)
{
    _mm512_storeu_si512(at, x);
}

LANES d_lanes d_and(d_lanes x, d_lanes y)
{
    return _mm512_and_si512(x, y);
}

LANES d_lanes d_or(d_lanes x, d_lanes y)
{
    return _mm512_or_si512(x, y);
}

LANES d_lanes d_add(d_lanes x, d_lanes y)
{
    return _mm512_add_epi32(x, y);
}

LANES d_lanes d_sub(d_lanes x, d_lanes y)
{
    return _mm512_sub_epi32(x, y);
}

LANES d_lanes d_min(d_lanes x, d_lanes y)
{
    return _mm512_min_epi32(x, y);
}

LANES d_lanes d_max(d_lanes x, d_lanes y)
{
    return _mm512_max_epi32(x, y);
}

LANES d_lanes d_most(d_lanes x, d_lanes y)
{
    return _mm512_max_epu32(x, y);
}

LANES uint32_t d_largest(d_lanes x)
{
    __m256i y = _mm256_max_epu32(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    __m128i z = _mm_max_epu32(_mm256_castsi256_si128(y), _mm256_extracti128_si256(y, 1));
    z = _mm_max_epu32(z, _mm_shuffle_epi32(z, 0x4e));
    z = _mm_max_epu32(z, _mm_shuffle_epi32(z, 0xb1));
    return (uint32_t)_mm_cvtsi128_si32(z);
}

LANES d_lanes d_left(d_lanes x, unsigned n)
{
    return _mm512_sll_epi32(x, _mm_cvtsi32_si128((int)n));
}

LANES d_lanes d_right(d_lanes x, unsigned n)
{
    return _mm512_srl_epi32(x, _mm_cvtsi32_si128((int)n));
}

LANES d_lanes d_left_by(d_lanes x, d_lanes n)
{
    return _mm512_sllv_epi32(x, n);
}

LANES d_lanes d_right_by(d_lanes x, d_lanes n)
{
    return _mm512_srlv_epi32(x, n);
}

LANES d_lanes d_if_below(d_lanes x, d_lanes y, d_lanes a, d_lanes b)
{
    return _mm512_mask_mov_epi32(b, _mm512_cmplt_epi32_mask(x, y), a);
}

LANES d_lanes d_float(d_lanes x)
{
    return _mm512_castps_si512(_mm512_cvtepi32_ps(x));
}

LANES int d_any_above(d_lanes x, d_lanes y)
{
    return _mm512_cmpgt_epu32_mask(x, y) != 0;
}

LANES d_lanes d_limit(d_lanes x)
{
    return x;
}

LANES d_lanes d_limits(const uint32_t limit[4])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)limit));
}

LANES d_lanes d_limit_of(d_lanes limits, d_lanes sign, d_lanes odd)
{
    d_lanes index = _mm512_ternarylogic_epi32(d_all(1), odd, _mm512_srli_epi32(sign, 30), 0xca);
    return _mm512_castps_si512(_mm512_permutevar_ps(_mm512_castsi512_ps(limits), index));
}

LANES d_lanes d_step(d_lanes x, d_lanes rest, d_lanes limit)
{
    return _mm512_mask_sub_epi32(x, _mm512_cmpgt_epu32_mask(rest, limit), x, d_all(UINT32_MAX));
}

/* ---- bytes ---- */

LANES b_lanes b_narrow(const d_lanes x[4])
{
    return _mm512_packus_epi16(_mm512_packus_epi32(x[0], x[1]), _mm512_packus_epi32(x[2], x[3]));
}

LANES b_signs b_signs_of(const d_lanes x[4])
{
    return _mm512_movepi8_mask(_mm512_packs_epi16(_mm512_packs_epi32(x[0], x[1]), _mm512_packs_epi32(x[2], x[3])));
}

LANES b_lanes b_xor(b_lanes x, b_lanes y)
{
    return _mm512_xor_si512(x, y);
}

LANES b_lanes b_add(b_lanes x, b_lanes y)
{
    return _mm512_add_epi8(x, y);
}

LANES b_lanes b_if_negative(b_signs signs, b_lanes a, b_lanes b)
{
    return _mm512_mask_mov_epi8(b, signs, a);
}

LANES b_lanes b_if_above(b_lanes x, b_lanes y, b_lanes a, b_lanes b)
{
    return _mm512_mask_mov_epi8(b, _mm512_cmpgt_epu8_mask(x, y), a);
}

LANES b_lanes b_if_equal(b_lanes x, b_lanes y, b_lanes a, b_lanes b)
{
    return _mm512_mask_mov_epi8(b, _mm512_cmpeq_epi8_mask(x, y), a);
}

LANES int b_any_equal(const uint8_t *at, b_lanes x)
{
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(at), x) != 0;
}

LANES void b_store(uint8_t *at, b_lanes x)
{
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    _mm512_storeu_si512(at, _mm512_permutexvar_epi32(order, x));
}

#endif
