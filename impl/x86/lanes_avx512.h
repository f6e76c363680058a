/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of AVX-512 (F, BW, VL, VBMI) for the templates: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_LANES_AVX512_H
#define IMPL_X86_LANES_AVX512_H

#include <immintrin.h>
#include <stdint.h>

#include "impl/kernels.h"

typedef __m512i word_lanes, b_lanes;
#define IN_STEPS 1
enum { WORDS = 32, FOLD_TURNS = 0, SOON_OF_4 = 4, FAR_OF_4 = 2, FAR_OF_2 = 0 };

#define LANES static inline __attribute__((always_inline))
#define APART __attribute__((noinline))

/* The compilers disagree on whether the count of a shift is signed. */
#if defined(__clang__)
#define COUNT(n) (n)
#else
#define COUNT(n) ((int)(n))
#endif

LANES void w_fence(void)
{
    _mm_sfence();
}

LANES word_lanes w_load(const void *at)
{
    return _mm512_loadu_si512(at);
}

LANES void w_store(void *at, word_lanes x)
{
    _mm512_storeu_si512(at, x);
}

LANES word_lanes w_all(unsigned x)
{
    return _mm512_set1_epi16((short)x);
}

LANES word_lanes w_pair(uint32_t two)
{
    return _mm512_set1_epi32((int)two);
}

LANES word_lanes w_halves(uint32_t low, uint32_t high)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set1_epi32((int)low)), _mm256_set1_epi32((int)high), 1);
}

LANES word_lanes w_halves_paired(uint32_t low, uint32_t high)
{
    return _mm512_unpacklo_epi64(w_pair(low), w_pair(high));
}

LANES word_lanes w_and(word_lanes x, word_lanes y)
{
    return _mm512_and_si512(x, y);
}

LANES word_lanes w_or(word_lanes x, word_lanes y)
{
    return _mm512_or_si512(x, y);
}

LANES word_lanes w_add(word_lanes x, word_lanes y)
{
    return _mm512_add_epi16(x, y);
}

LANES word_lanes w_sub(word_lanes x, word_lanes y)
{
    return _mm512_sub_epi16(x, y);
}

LANES word_lanes w_minus(word_lanes x, word_lanes y)
{
    return _mm512_subs_epu16(x, y);
}

LANES word_lanes w_min(word_lanes x, word_lanes y)
{
    return _mm512_min_epu16(x, y);
}

LANES word_lanes w_max(word_lanes x, word_lanes y)
{
    return _mm512_max_epu16(x, y);
}

LANES word_lanes w_left(word_lanes x, unsigned n)
{
    return _mm512_slli_epi16(x, COUNT(n));
}

LANES word_lanes w_right(word_lanes x, unsigned n)
{
    return _mm512_srli_epi16(x, COUNT(n));
}

LANES word_lanes w_zero_to(word_lanes x, word_lanes if_zero, word_lanes if_not)
{
    return _mm512_mask_mov_epi16(if_not, _mm512_testn_epi16_mask(x, x), if_zero);
}

LANES uint64_t w_above(word_lanes x, word_lanes y)
{
    return _mm512_cmpgt_epu16_mask(x, y);
}

LANES uint64_t w_above_not_zero(word_lanes x, word_lanes y, word_lanes z)
{
    return _mm512_mask_cmpgt_epu16_mask(_mm512_test_epi16_mask(z, z), x, y);
}

LANES word_lanes w_without(word_lanes x, word_lanes y)
{
    return _mm512_andnot_si512(y, x);
}

LANES void w_put_least_of_16(uint16_t *to, __m256i x)
{
    __m128i least = _mm_minpos_epu16(_mm_min_epu16(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
    _mm_storeu_si32(to, least);
}

LANES void w_put_least(uint16_t *to, word_lanes x, int halves)
{
    __m256i low = _mm512_castsi512_si256(x), high = _mm512_extracti64x4_epi64(x, 1);
    w_put_least_of_16(to, halves ? low : _mm256_min_epu16(low, high));
    if (halves)
        w_put_least_of_16(to + 1, high);
}

/* Lane i / 8 of the words: the least of x[i / 8]'s words i % 8. */
LANES word_lanes w_least_of_quarters(const word_lanes x[4])
{
    const __m512i turned = _mm512_set_epi64(13, 12, 7, 6, 9, 8, 3, 2); /* 128 bits 1 of x, 0 of y, 3 of x, 2 of y */
    __m512i a = _mm512_min_epu16(_mm512_mask_blend_epi64(0xf0, x[0], x[2]), _mm512_shuffle_i64x2(x[0], x[2], 0x4e));
    __m512i b = _mm512_min_epu16(_mm512_mask_blend_epi64(0xf0, x[1], x[3]), _mm512_shuffle_i64x2(x[1], x[3], 0x4e));
    return _mm512_min_epu16(_mm512_mask_blend_epi64(0xcc, a, b), _mm512_permutex2var_epi64(a, turned, b));
}

/* The same of four blocks of 32 words, whose halves are compared before they are in vectors of 512 bits. */
LANES word_lanes w_least_of_blocks(const unsigned char *at)
{
    const __m256i magnitude = _mm256_set1_epi16(0x7fff);
    __m256i most[4], left[2];
    _Pragma("GCC unroll 4") for (int i = 0; i < 4; i++)
    {
        const __m256i *half = (const __m256i *)(const void *)(at + 64 * i);
        most[i] = _mm256_max_epu16(_mm256_and_si256(magnitude, _mm256_loadu_si256(half)),
                                   _mm256_and_si256(magnitude, _mm256_loadu_si256(half + 1)));
    }
    _Pragma("GCC unroll 2") for (int i = 0; i < 2; i++)
    {
        __m256i x = most[2 * i], y = most[2 * i + 1]; /* their quarters: x0 y1 with x1 y0 */
        left[i] = _mm256_max_epu16(_mm256_blend_epi32(x, y, 0xf0), _mm256_permute2x128_si256(x, y, 0x21));
        left[i] = _mm256_xor_si256(magnitude, left[i]);
    }
    return _mm512_inserti64x4(_mm512_castsi256_si512(left[0]), left[1], 1);
}

LANES word_lanes w_least_of_pairs(word_lanes x, word_lanes y)
{
    return _mm512_min_epu16(_mm512_unpacklo_epi16(x, y), _mm512_unpackhi_epi16(x, y));
}

LANES word_lanes w_least_of_eights(const word_lanes x[8])
{
    word_lanes even = w_least_of_pairs(w_least_of_pairs(x[0], x[4]), w_least_of_pairs(x[2], x[6]));
    word_lanes odd = w_least_of_pairs(w_least_of_pairs(x[1], x[5]), w_least_of_pairs(x[3], x[7]));
    /* lane i is of x[i % 8], and its vector i / 8 */
    const __m512i order = _mm512_set_epi16(31, 23, 15, 7, 30, 22, 14, 6, 29, 21, 13, 5, 28, 20, 12, 4, 27, 19, 11, 3,
                                           26, 18, 10, 2, 25, 17, 9, 1, 24, 16, 8, 0);
    return _mm512_permutexvar_epi16(order, w_least_of_pairs(even, odd));
}

LANES void w_put_pairs(uint32_t *to, word_lanes x, int upper)
{
    const __m512i twice =
        _mm512_set_epi32(0x000f000f, 0x000e000e, 0x000d000d, 0x000c000c, 0x000b000b, 0x000a000a, 0x00090009, 0x00080008,
                         0x00070007, 0x00060006, 0x00050005, 0x00040004, 0x00030003, 0x00020002, 0x00010001, 0);
    const __mmask32 where = upper ? 0xaaaaaaaa : 0xffffffff;
    _mm512_storeu_si512(to, _mm512_maskz_permutexvar_epi16(where, twice, x));
    _mm512_storeu_si512(to + 16, _mm512_maskz_permutexvar_epi16(where, w_or(twice, w_all(16)), x));
}

/* Indices of the odd (even) words of two vectors. */
LANES word_lanes w_every_other(unsigned first)
{
    __m512i twos = _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28, 26, 24, 22,
                                    20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    return _mm512_add_epi16(twos, w_all(first));
}

LANES word_lanes w_fold(__m512i a, __m512i b, word_lanes sticky)
{
    __m512i high = _mm512_permutex2var_epi16(a, w_every_other(1), b);
    __m512i low = _mm512_permutex2var_epi16(a, w_every_other(0), b);
    return _mm512_or_si512(high, _mm512_min_epu16(low, sticky));
}

LANES word_lanes w_fold_fp32(const void *at, word_lanes sticky, int turns)
{
    (void)turns;
    const char *bytes = at;
    return w_fold(_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64), sticky);
}

LANES __m512i d_widen_fp16(const void *at)
{
    __m256i half = _mm256_loadu_si256((const __m256i *)at);
    return _mm512_castps_si512(_mm512_cvt_roundph_ps(half, _MM_FROUND_NO_EXC));
}

LANES word_lanes w_fold_fp16(const void *at, word_lanes sticky)
{
    const char *bytes = at;
    return w_fold(d_widen_fp16(bytes), d_widen_fp16(bytes + 32), sticky);
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    _mm256_storeu_si256((__m256i *)to, _mm512_cvtepi16_epi8(_mm512_srli_epi16(x, 8)));
}

/* ---- bytes, in order ---- */

/* Indices of the odd (even) bytes of two vectors, of one vector after the other. */
LANES __m512i b_every_other(unsigned first)
{
    __m512i twos = _mm512_set1_epi64(0x0e0c0a0806040200);
    __m512i step =
        _mm512_set_epi8(112, 112, 112, 112, 112, 112, 112, 112, 96, 96, 96, 96, 96, 96, 96, 96, 80, 80, 80, 80, 80, 80,
                        80, 80, 64, 64, 64, 64, 64, 64, 64, 64, 48, 48, 48, 48, 48, 48, 48, 48, 32, 32, 32, 32, 32, 32,
                        32, 32, 16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0);
    return _mm512_add_epi8(_mm512_add_epi8(twos, _mm512_set1_epi8((char)first)), step);
}

/* The same of both in turns. */
LANES __m512i b_in_turns(unsigned first)
{
    __m512i twos = _mm512_set1_epi64(0x4606440442024000);
    __m512i step = _mm512_set_epi64(0x3838383838383838, 0x3030303030303030, 0x2828282828282828, 0x2020202020202020,
                                    0x1818181818181818, 0x1010101010101010, 0x0808080808080808, 0);
    return _mm512_add_epi8(_mm512_add_epi8(twos, _mm512_set1_epi8((char)first)), step);
}

LANES b_lanes b_all(unsigned x)
{
    return _mm512_set1_epi8((char)x);
}

LANES void b_put(uint8_t *to, b_lanes x, int stream)
{
    if (stream)
        _mm512_stream_si512((void *)to, x);
    else
        _mm512_storeu_si512(to, x);
}

LANES void b_put_pairs(uint8_t *to, b_lanes x)
{
    _mm512_storeu_si512(to, x);
}

LANES void b_put_half(uint8_t *to, b_lanes x)
{
    _mm256_storeu_si256((__m256i *)to, _mm512_castsi512_si256(x));
}

#endif
