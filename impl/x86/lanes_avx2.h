/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of AVX2 (and F16C) for the templates, with encode_avx2.h and decode_avx2.h: what each function does is said
 * in lanes.h.
 */
#ifndef IMPL_X86_LANES_AVX2_H
#define IMPL_X86_LANES_AVX2_H

#include <immintrin.h>
#include <stdint.h>

#include "impl/kernels.h"

typedef __m256i word_lanes, b_lanes;
#define IN_STEPS 0
enum { WORDS = 16, FOLD_TURNS = 1, SOON_OF_4 = 0, FAR_OF_4 = 4, FAR_OF_2 = 2 };

#define LANES static inline __attribute__((always_inline))
#define APART __attribute__((noinline))

LANES void w_fence(void)
{
    _mm_sfence();
}

LANES word_lanes w_load(const void *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

LANES void w_store(void *at, word_lanes x)
{
    _mm256_storeu_si256((__m256i *)at, x);
}

LANES word_lanes w_all(unsigned x)
{
    return _mm256_set1_epi16((short)x);
}

LANES word_lanes w_pair(uint32_t two)
{
    return _mm256_set1_epi32((int)two);
}

LANES word_lanes w_halves(uint32_t low, uint32_t high)
{
    return _mm256_set_m128i(_mm_set1_epi32((int)high), _mm_set1_epi32((int)low));
}

LANES word_lanes w_halves_paired(uint32_t low, uint32_t high)
{
    return _mm256_unpacklo_epi64(w_pair(low), w_pair(high));
}

LANES word_lanes w_and(word_lanes x, word_lanes y)
{
    return _mm256_and_si256(x, y);
}

LANES word_lanes w_or(word_lanes x, word_lanes y)
{
    return _mm256_or_si256(x, y);
}

LANES word_lanes w_add(word_lanes x, word_lanes y)
{
    return _mm256_add_epi16(x, y);
}

LANES word_lanes w_sub(word_lanes x, word_lanes y)
{
    return _mm256_sub_epi16(x, y);
}

LANES word_lanes w_minus(word_lanes x, word_lanes y)
{
    return _mm256_subs_epu16(x, y);
}

LANES word_lanes w_min(word_lanes x, word_lanes y)
{
    return _mm256_min_epu16(x, y);
}

LANES word_lanes w_max(word_lanes x, word_lanes y)
{
    return _mm256_max_epu16(x, y);
}

LANES word_lanes w_left(word_lanes x, unsigned n)
{
    return _mm256_slli_epi16(x, (int)n);
}

LANES word_lanes w_right(word_lanes x, unsigned n)
{
    return _mm256_srli_epi16(x, (int)n);
}

LANES word_lanes w_zero_to(word_lanes x, word_lanes if_zero, word_lanes if_not)
{
    return _mm256_blendv_epi8(if_not, if_zero, _mm256_cmpeq_epi16(x, _mm256_setzero_si256()));
}

LANES uint64_t w_above(word_lanes x, word_lanes y)
{
    word_lanes not_above = _mm256_cmpeq_epi16(_mm256_max_epu16(x, y), y);
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(not_above), _mm256_extracti128_si256(not_above, 1));
    return 0xffffu ^ (unsigned)_mm_movemask_epi8(bytes);
}

LANES uint64_t w_above_not_zero(word_lanes x, word_lanes y, word_lanes z)
{
    word_lanes zero = _mm256_cmpeq_epi16(z, _mm256_setzero_si256());
    word_lanes others = _mm256_or_si256(zero, _mm256_cmpeq_epi16(_mm256_max_epu16(x, y), y));
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(others), _mm256_extracti128_si256(others, 1));
    return 0xffffu ^ (unsigned)_mm_movemask_epi8(bytes);
}

LANES word_lanes w_without(word_lanes x, word_lanes y)
{
    return _mm256_andnot_si256(y, x);
}

LANES void w_put_least(uint16_t *to, word_lanes x, int halves)
{
    __m128i low = _mm256_castsi256_si128(x), high = _mm256_extracti128_si256(x, 1);
    _mm_storeu_si32(to, _mm_minpos_epu16(halves ? low : _mm_min_epu16(low, high)));
    if (halves)
        _mm_storeu_si32(to + 1, _mm_minpos_epu16(high));
}

LANES word_lanes w_least_of_quarters(const word_lanes x[2])
{
    return _mm256_min_epu16(_mm256_blend_epi32(x[0], x[1], 0xf0), _mm256_permute2x128_si256(x[0], x[1], 0x21));
}

LANES word_lanes w_least_of_pairs(word_lanes x, word_lanes y)
{
    return _mm256_min_epu16(_mm256_unpacklo_epi16(x, y), _mm256_unpackhi_epi16(x, y));
}

LANES word_lanes w_least_of_eights(const word_lanes x[8])
{
    word_lanes even = w_least_of_pairs(w_least_of_pairs(x[0], x[4]), w_least_of_pairs(x[2], x[6]));
    word_lanes odd = w_least_of_pairs(w_least_of_pairs(x[1], x[5]), w_least_of_pairs(x[3], x[7]));
    word_lanes least = w_least_of_pairs(even, odd); /* lane i is of x[i % 8], and its vector i / 8 */
    __m128i first = _mm256_castsi256_si128(least), second = _mm256_extracti128_si256(least, 1);
    return _mm256_set_m128i(_mm_unpackhi_epi16(first, second), _mm_unpacklo_epi16(first, second));
}

LANES void w_put_pairs(uint32_t *to, word_lanes x, int upper)
{
    __m256i other = upper ? _mm256_setzero_si256() : x;
    __m256i low = _mm256_unpacklo_epi16(other, x), high = _mm256_unpackhi_epi16(other, x);
    __m128i *at = (__m128i *)to;
    _mm_storeu_si128(at, _mm256_castsi256_si128(low));
    _mm_storeu_si128(at + 1, _mm256_castsi256_si128(high));
    _mm_storeu_si128(at + 2, _mm256_extracti128_si256(low, 1));
    _mm_storeu_si128(at + 3, _mm256_extracti128_si256(high, 1));
}

/* Words of two vectors in turns, of their upper and lower halves. */
LANES word_lanes w_odd(__m256i high, __m256i low, word_lanes sticky)
{
    return _mm256_or_si256(high, _mm256_min_epu16(low, sticky));
}

/* The same in order: first those of each quarter. */
LANES word_lanes w_in_order(word_lanes turns)
{
    const __m256i order = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0f0e0b0a07060302, 0x0d0c090805040100));
    return _mm256_permute4x64_epi64(_mm256_shuffle_epi8(turns, order), 0xd8);
}

/* Loads from two bytes further on, or before, shift for nothing. */
LANES word_lanes w_fold_fp32(const void *at, word_lanes sticky, int turns)
{
    const char *a = at, *b = a + 32;
    word_lanes odd = w_odd(_mm256_blend_epi16(w_load(a + 2), w_load(b), 0xaa),
                           _mm256_blend_epi16(w_load(a), w_load(b - 2), 0xaa), sticky);
    return turns ? odd : w_in_order(odd);
}

LANES __m256i d_widen_fp16(const void *at)
{
    return _mm256_castps_si256(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)at)));
}

LANES word_lanes w_fold_fp16(const void *at, word_lanes sticky)
{
    const char *bytes = at;
    __m256i a = d_widen_fp16(bytes), b = d_widen_fp16(bytes + 16);
    return w_in_order(w_odd(_mm256_blend_epi16(_mm256_srli_epi32(a, 16), b, 0xaa),
                            _mm256_blend_epi16(a, _mm256_slli_epi32(b, 16), 0xaa), sticky));
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    __m256i low = _mm256_srli_epi16(x, 8);
    _mm_storeu_si128((__m128i *)to, _mm_packus_epi16(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1)));
}

/* ---- bytes, in the order in which two vectors are packed ---- */

LANES b_lanes b_all(unsigned x)
{
    return _mm256_set1_epi8((char)x);
}

LANES __m256i q_in_order(__m256i x)
{
    return _mm256_permute4x64_epi64(x, 0xd8);
}

LANES void b_put(uint8_t *to, b_lanes x, int stream)
{
    if (stream)
        _mm256_stream_si256((__m256i *)to, q_in_order(x));
    else
        _mm256_storeu_si256((__m256i *)to, q_in_order(x));
}

LANES void b_put_pairs(uint8_t *to, b_lanes x)
{
    const __m128i turns = _mm_set_epi64x(0x0f070e060d050c04, 0x0b030a0209010800);
    _mm256_storeu_si256((__m256i *)to, _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(turns)));
}

LANES void b_put_half(uint8_t *to, b_lanes x)
{
    _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(q_in_order(x)));
}

#endif
