/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Values of codes with AVX-512: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_DECODE_AVX512_H
#define IMPL_X86_DECODE_AVX512_H

#include "impl/x86/lanes_avx512.h"

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

/* Tables of the upper and of the lower bytes of the words of all codes; of 8 bits: of all magnitudes. INT8 has one more
 * of these than the tables have entries: 0 finds the word of 128, which is that of code 80 and, as the sign tells,
 * zero. */
typedef struct value_lanes {
    __m512i upper[2], lower[2];
} value_lanes;

enum { INTEGER_128 = 0x7f00 }; /* the word of 128, at the scale that lets no code be too large */

/* INT8: words of magnitudes below 128. */
LANES word_lanes i_words(word_lanes magnitude, unsigned offset)
{
    __m512 low = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(magnitude)));
    __m512 high = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(magnitude, 1)));
    word_lanes x = _mm512_permutex2var_epi16(_mm512_castps_si512(low), w_every_other(1), _mm512_castps_si512(high));
    return w_zero_to(magnitude, w_all(INTEGER_128), w_add(x, w_all(offset)));
}

LANES value_lanes values_make(const uint16_t small[8], unsigned offset, unsigned mbits, unsigned bits)
{
    const __m512i twos = _mm512_and_si512(b_every_other(0), b_all(0x7f));
    word_lanes first = _mm512_srli_epi16(_mm512_slli_epi16(twos, 8), 10), word[4]; /* 0 to 31: bytes 0, 4, 8 ... */
    value_lanes v;
    for (unsigned i = 0; i < 4; i++) {
        word_lanes code = w_add(first, w_all(32 * i)), magnitude = w_and(code, w_all((1u << (bits - 1)) - 1));
        __mmask32 below = _mm512_cmplt_epu16_mask(magnitude, w_all(1u << mbits));
        word[i] = w_add(w_left(magnitude, 7 - mbits), w_all(offset));
        word[i] = _mm512_mask_permutexvar_epi16(word[i], below, magnitude,
                                                _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)small)));
        if (mbits == 6)
            word[i] = i_words(magnitude, offset);
        else if (bits != 8)
            word[i] = w_or(word[i], w_and(w_left(code, 16 - bits), w_all(0x8000)));
    }
    for (unsigned i = 0; i < 2; i++) {
        v.upper[i] = _mm512_permutex2var_epi8(word[2 * i], b_every_other(1), word[2 * i + 1]);
        v.lower[i] = _mm512_permutex2var_epi8(word[2 * i], b_every_other(0), word[2 * i + 1]);
    }
    return v;
}

LANES word_lanes w_lowered(word_lanes x, word_lanes down, unsigned mbits)
{
    if (mbits == 6)
        return _mm512_maskz_sub_epi16(_mm512_cmpneq_epi16_mask(x, w_all(INTEGER_128)), x, down);
    return _mm512_mask_sub_epi16(x, _mm512_test_epi16_mask(x, w_all(0x7fff)), x, down);
}

/* Bytes in order in the order of b_decode. */
LANES b_lanes b_to_decode(b_lanes c, int paired)
{
    const __m512i in_order = _mm512_set_epi64(7, 3, 6, 2, 5, 1, 4, 0);
    const __m512i pairs = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
    return paired ? _mm512_permutexvar_epi32(pairs, c) : _mm512_permutexvar_epi64(in_order, c);
}

LANES b_lanes b_get(const uint8_t *at, int paired)
{
    return b_to_decode(w_load(at), paired);
}

LANES b_lanes b_get_half(const uint8_t *at, int paired)
{
    return b_to_decode(_mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)at)), paired);
}

/* The upper and the lower bytes of words. */
LANES void b_words(const value_lanes *v, b_lanes c, b_lanes *upper, b_lanes *lower, unsigned mbits, unsigned bits)
{
    b_lanes index = mbits == 6 ? _mm512_abs_epi8(c) : c;
    *upper = _mm512_permutex2var_epi8(v->upper[0], index, v->upper[1]);
    *lower = _mm512_permutex2var_epi8(v->lower[0], index, v->lower[1]);
    if (bits == 8)
        *upper = _mm512_ternarylogic_epi32(*upper, c, b_all(0x80), 0xf8); /* upper | (c & 0x80) */
}

LANES b_lanes b_decode(const value_lanes *v, b_lanes c, word_lanes down_x, word_lanes down_y, word_lanes *x,
                       word_lanes *y, unsigned mbits, unsigned bits)
{
    b_lanes upper, lower;
    b_words(v, c, &upper, &lower, mbits, bits);
    *x = w_lowered(_mm512_unpacklo_epi8(lower, upper), down_x, mbits);
    *y = w_lowered(_mm512_unpackhi_epi8(lower, upper), down_y, mbits);
    return c;
}

LANES b_lanes b_decode_pairs(const value_lanes *v, b_lanes c, word_lanes down, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    const __m512i first = w_all(0x00ff);
    b_lanes upper, lower;
    b_words(v, c, &upper, &lower, mbits, bits);
    *x = w_lowered(_mm512_ternarylogic_epi32(first, lower, w_left(upper, 8), 0xca), down, mbits);
    *y = w_lowered(_mm512_ternarylogic_epi32(first, w_right(lower, 8), upper, 0xca), down, mbits);
    return c;
}

LANES int b_magnitude_above(b_lanes x, unsigned y)
{
    return _mm512_cmpgt_epu8_mask(x, b_all(2 * y + 1)) != 0;
}

LANES int by_unit(unsigned bits)
{
    (void)bits;
    return 0;
}

LANES b_lanes b_decode_block(const value_lanes *v, b_lanes c, const uint32_t *by, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    const word_lanes down = w_pair(*by);
    return b_decode(v, c, down, down, x, y, mbits, bits);
}

LANES b_lanes b_most(b_lanes most, b_lanes code)
{
    return _mm512_max_epu8(most, _mm512_add_epi8(code, code));
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

LANES __m512i i_times(const uint8_t *at, uint32_t unit)
{
    __m512 x = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)at)));
    return _mm512_castps_si512(_mm512_mul_ps(x, _mm512_castsi512_ps(w_pair(unit))));
}

#include "impl/x86/products.h"

LANES int by_products(mx_type type)
{
    return type != MX_BF16;
}

LANES void i_put_bf16(void *to, const uint8_t *at, uint32_t unit, int stream)
{
    w_put(to, _mm512_permutex2var_epi16(i_times(at, unit), w_every_other(1), i_times(at + WORDS / 2, unit)), stream);
}

#endif
