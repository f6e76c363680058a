/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of AVX-512 (F, BW, VL, VBMI) for the templates: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_LANES_AVX512_H
#define IMPL_X86_LANES_AVX512_H

#include <immintrin.h>
#include <stdint.h>

typedef __m512i word_lanes;
enum { WORDS = 32 };

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

LANES word_lanes w_right_by(word_lanes x, word_lanes n)
{
    return _mm512_srlv_epi16(x, n);
}

LANES word_lanes w_choose(word_lanes x, word_lanes y, word_lanes where)
{
    return _mm512_ternarylogic_epi32(where, y, x, 0xca);
}

LANES word_lanes w_zero_to(word_lanes x, word_lanes if_zero, word_lanes if_not)
{
    return _mm512_mask_mov_epi16(if_not, _mm512_testn_epi16_mask(x, x), if_zero);
}

LANES uint64_t w_above(word_lanes x, word_lanes y)
{
    return _mm512_cmpgt_epu16_mask(x, y);
}

LANES word_lanes w_round_even(word_lanes x)
{
    word_lanes up = _mm512_add_epi16(x, w_all(0x7f));
    __mmask32 odd = _mm512_test_epi16_mask(x, w_all(0x100));
    return _mm512_mask_sub_epi16(up, odd, up, w_all(0xffff));
}

LANES word_lanes w_negate_by(word_lanes x, word_lanes sign)
{
    return _mm512_mask_sub_epi16(x, _mm512_movepi16_mask(sign), _mm512_setzero_si512(), x);
}

LANES unsigned w_largest_of_8(__m128i x)
{
    __m128i least = _mm_minpos_epu16(_mm_xor_si128(x, _mm_set1_epi16(-1)));
    return 0xffffu ^ ((unsigned)_mm_cvtsi128_si32(least) & 0xffff);
}

LANES unsigned w_largest_of_half(word_lanes x, int half)
{
    __m256i y = half ? _mm512_extracti64x4_epi64(x, 1) : _mm512_castsi512_si256(x);
    return w_largest_of_8(_mm_max_epu16(_mm256_castsi256_si128(y), _mm256_extracti128_si256(y, 1)));
}

LANES unsigned w_largest(word_lanes x)
{
    __m256i y = _mm256_max_epu16(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    return w_largest_of_8(_mm_max_epu16(_mm256_castsi256_si128(y), _mm256_extracti128_si256(y, 1)));
}

/* Indices of the odd (even) words of two vectors. */
LANES word_lanes w_every_other(unsigned first)
{
    __m512i twos = _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28, 26, 24, 22,
                                    20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    return _mm512_add_epi16(twos, w_all(first));
}

LANES word_lanes w_fold(__m512i a, __m512i b)
{
    __m512i high = _mm512_permutex2var_epi16(a, w_every_other(1), b);
    __m512i low = _mm512_permutex2var_epi16(a, w_every_other(0), b);
    return _mm512_or_si512(high, _mm512_min_epu16(low, w_all(1)));
}

LANES word_lanes w_fold_fp32(const void *at)
{
    const char *bytes = at;
    return w_fold(_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64));
}

LANES __m512i d_widen_fp16(const void *at)
{
    __m256i half = _mm256_loadu_si256((const __m256i *)at);
    return _mm512_castps_si512(_mm512_cvt_roundph_ps(half, _MM_FROUND_NO_EXC));
}

LANES word_lanes w_fold_fp16(const void *at)
{
    const char *bytes = at;
    return w_fold(d_widen_fp16(bytes), d_widen_fp16(bytes + 32));
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    _mm256_storeu_si256((__m256i *)to, _mm512_cvtepi16_epi8(_mm512_srli_epi16(x, 8)));
}

/* Indices of the odd bytes of two vectors. */
LANES __m512i b_odd(void)
{
    __m512i first = _mm512_set1_epi64(0x0f0d0b0907050301);
    __m512i step =
        _mm512_set_epi8(112, 112, 112, 112, 112, 112, 112, 112, 96, 96, 96, 96, 96, 96, 96, 96, 80, 80, 80, 80, 80, 80,
                        80, 80, 64, 64, 64, 64, 64, 64, 64, 64, 48, 48, 48, 48, 48, 48, 48, 48, 32, 32, 32, 32, 32, 32,
                        32, 32, 16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0);
    return _mm512_add_epi8(first, step);
}

LANES void w_narrow_two(uint8_t *to, word_lanes x, word_lanes y, int stream)
{
    __m512i bytes = _mm512_permutex2var_epi8(x, b_odd(), y);
    if (stream)
        _mm512_stream_si512((void *)to, bytes);
    else
        _mm512_storeu_si512(to, bytes);
}

/* ---- decoding ---- */

LANES word_lanes w_if_above(word_lanes x, word_lanes y, word_lanes a, word_lanes b)
{
    return _mm512_mask_mov_epi16(b, _mm512_cmpgt_epu16_mask(x, y), a);
}

LANES word_lanes w_table(const uint16_t table[8])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
}

LANES word_lanes w_lookup(word_lanes table, word_lanes x)
{
    return _mm512_permutexvar_epi16(x, table);
}

LANES word_lanes w_codes(const uint8_t *at, int paired)
{
    /* word 8 l + j from byte 4 l + j, word 8 l + 4 + j from byte 16 + 4 l + j */
    const __m512i order = _mm512_setr_epi32(0x00010000, 0x00030002, 0x00110010, 0x00130012, 0x00050004, 0x00070006,
                                            0x00150014, 0x00170016, 0x00090008, 0x000b000a, 0x00190018, 0x001b001a,
                                            0x000d000c, 0x000f000e, 0x001d001c, 0x001f001e);
    __m256i codes = _mm256_loadu_si256((const __m256i *)at);
    if (!paired)
        return _mm512_cvtepu8_epi16(codes);
    return _mm512_maskz_permutexvar_epi8(0x5555555555555555, order, _mm512_castsi256_si512(codes));
}

LANES void w_put(void *to, word_lanes x, int stream)
{
    if (stream)
        _mm512_stream_si512(to, x);
    else
        _mm512_storeu_si512(to, x);
}

LANES void w_put_fp32(void *to, word_lanes x, int stream)
{
    w_put(to, _mm512_unpacklo_epi16(_mm512_setzero_si512(), x), stream);
    w_put((char *)to + 64, _mm512_unpackhi_epi16(_mm512_setzero_si512(), x), stream);
}

LANES void f_put_fp16(void *to, __m512i low, __m512i high, int stream)
{
    __m256i a = _mm512_cvt_roundps_ph(_mm512_castsi512_ps(low), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256i b = _mm512_cvt_roundps_ph(_mm512_castsi512_ps(high), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    w_put(to, _mm512_inserti64x4(_mm512_castsi256_si512(a), b, 1), stream);
}

LANES void w_put_fp16(void *to, word_lanes x, int stream)
{
    f_put_fp16(to, _mm512_unpacklo_epi16(_mm512_setzero_si512(), x), _mm512_unpackhi_epi16(_mm512_setzero_si512(), x),
               stream);
}

LANES __m512i i_times(const uint8_t *at, const uint32_t *unit, int same)
{
    __m512 x = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)at)));
    __m512i units = same ? _mm512_set1_epi32((int)*unit) : _mm512_loadu_si512(unit);
    return _mm512_castps_si512(_mm512_mul_ps(x, _mm512_castsi512_ps(units)));
}

LANES void i_put_fp32(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    w_put(to, i_times(at, unit, same), stream);
    w_put((char *)to + 64, i_times(at + 16, unit + (same ? 0 : 16), same), stream);
}

LANES void i_put_fp16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    f_put_fp16(to, i_times(at, unit, same), i_times(at + 16, unit + (same ? 0 : 16), same), stream);
}

LANES void i_put_bf16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    w_put(to,
          _mm512_permutex2var_epi16(i_times(at, unit, same), w_every_other(1),
                                    i_times(at + 16, unit + (same ? 0 : 16), same)),
          stream);
}

#endif
