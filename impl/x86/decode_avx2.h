/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Values of codes with AVX2: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_DECODE_AVX2_H
#define IMPL_X86_DECODE_AVX2_H

#include "impl/x86/lanes_avx2.h"

LANES word_lanes w_codes(const uint8_t *at, int paired)
{
    /* word 8 l + j from byte 4 l + j, word 8 l + 4 + j from byte 8 + 4 l + j; the upper bytes zero */
    const __m256i order =
        _mm256_setr_epi16((short)0x8000, (short)0x8001, (short)0x8002, (short)0x8003, (short)0x8008, (short)0x8009,
                          (short)0x800a, (short)0x800b, (short)0x8004, (short)0x8005, (short)0x8006, (short)0x8007,
                          (short)0x800c, (short)0x800d, (short)0x800e, (short)0x800f);
    __m128i codes = _mm_loadu_si128((const __m128i *)at);
    if (!paired)
        return _mm256_cvtepu8_epi16(codes);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(codes), order);
}

/* What to add to a magnitude that was shifted into place for its word, in two tables of bytes: entry 2^mbits is for
 * that magnitude and those above. Lowered before it is added, it stays zero for the magnitude zero, and is large enough
 * for the others: no word of theirs is below 80, and no place of a magnitude below 2^mbits is as high. E2M1: the words
 * themselves. */
typedef struct value_lanes {
    __m256i upper, lower;
    __m256i steps[2][4]; /* of b_decode_block, for units with an even exponent field, and an odd one: [0] of each,
                            0x80 bytes apart, as the third byte of such a unit says */
} value_lanes;

LANES b_lanes b_table(const uint8_t of[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)of));
}

LANES value_lanes values_make(const uint16_t small[8], unsigned offset, unsigned mbits, unsigned bits)
{
    uint8_t upper[16], lower[16], even[16], odd[16];
    for (unsigned i = 0; i < 16; i++) {
        unsigned magnitude = bits == 4 ? i & 7 : i, place = magnitude << (7 - mbits);
        unsigned word = magnitude < 1u << mbits ? small[magnitude & 7] : place + offset;
        unsigned entry = bits == 4 || magnitude == 0 ? word : word - place;
        upper[i] = (uint8_t)(entry >> 8);
        lower[i] = (uint8_t)entry;
        even[i] = magnitude == 0 ? 0 : (uint8_t)((entry - small[1]) >> (7 - mbits));
        odd[i] = magnitude == 0 ? 0 : (uint8_t)(even[i] + (1u << mbits));
    }
    return (value_lanes){b_table(upper), b_table(lower), {{b_table(even)}, {b_table(odd)}}};
}

/* `code`: in the upper bytes, of 8 bits, or shifted up to be. */
LANES word_lanes w_decode(word_lanes entry, word_lanes code, word_lanes down, unsigned mbits, unsigned bits)
{
    const unsigned mask = bits == 4 ? 0 : ((1u << (bits - 1)) - 1) << (7 - mbits);
    word_lanes place = w_left(code, 8 - bits);
    if (bits != 4)
        place = _mm256_srai_epi16(place, (int)(9 - bits + mbits));
    return w_add(w_and(place, w_all(0x8000 | mask)), w_minus(entry, down));
}

/* Bytes in order in the order of b_decode. */
LANES b_lanes b_to_decode(b_lanes c, int paired)
{
    const __m256i pairs = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
    return paired ? _mm256_permutevar8x32_epi32(c, pairs) : _mm256_permute4x64_epi64(c, 0xd8);
}

/* One permutation across halves takes this machine longer than two loads to both halves, which are free, and a shuffle
 * within them. */
LANES b_lanes b_get(const uint8_t *at, int paired)
{
    if (paired)
        return b_to_decode(w_load(at), 1);
    __m256d low = _mm256_castsi256_pd(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)at)));
    __m256d high = _mm256_castsi256_pd(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(at + 16))));
    return _mm256_castpd_si256(_mm256_shuffle_pd(low, high, 0xc));
}

LANES b_lanes b_get_half(const uint8_t *at, int paired)
{
    return b_to_decode(_mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)at)), paired);
}

/* INT8: a code in the uppermost byte of 32 bits is 2^24 times the number it stands for, and times 2^96 the largest
 * that it becomes. All is exact, and zero has no sign, so that lowering keeps it. */
LANES __m256i i_decode_some(b_lanes c, __m128i which)
{
    const __m256 largest = _mm256_set1_ps(0x1p96f);
    b_lanes upper = _mm256_shuffle_epi8(c, _mm256_broadcastsi128_si256(which));
    return _mm256_castps_si256(_mm256_mul_ps(_mm256_cvtepi32_ps(upper), largest));
}

/* Words of bytes `first`, first + step, ... of each half of the lanes. */
LANES word_lanes i_decode(b_lanes c, word_lanes down, unsigned first, unsigned step)
{
    const int one = (int)(step << 24);
    const __m128i even =
        _mm_add_epi32(_mm_set1_epi32((int)(first << 24 | 0x808080)), _mm_set_epi32(6 * one, 4 * one, 2 * one, 0));
    __m256i x = i_decode_some(c, even), y = i_decode_some(c, _mm_add_epi32(even, _mm_set1_epi32(one)));
    return w_minus(_mm256_blend_epi16(_mm256_srli_epi32(x, 16), y, 0xaa), down);
}

/* What is added to the places of words, its upper and lower bytes. Returns the magnitudes. */
LANES b_lanes b_entries(const value_lanes *v, b_lanes c, b_lanes *upper, b_lanes *lower, unsigned mbits, unsigned bits)
{
    b_lanes magnitude = w_and(c, b_all((1u << (bits - 1)) - 1));
    b_lanes index = bits == 4 ? magnitude : _mm256_min_epu8(magnitude, b_all(1u << mbits));
    *upper = _mm256_shuffle_epi8(v->upper, index);
    *lower = _mm256_shuffle_epi8(v->lower, index);
    return magnitude;
}

/* Returns the magnitudes. */
LANES b_lanes b_decode(const value_lanes *v, b_lanes c, word_lanes down_x, word_lanes down_y, word_lanes *x,
                       word_lanes *y, unsigned mbits, unsigned bits)
{
    const __m256i zero = _mm256_setzero_si256();
    b_lanes upper, lower;
    if (mbits == 6) {
        *x = i_decode(c, down_x, 0, 1);
        *y = i_decode(c, down_y, 8, 1);
        return c;
    }
    b_lanes magnitude = b_entries(v, c, &upper, &lower, mbits, bits);
    *x = w_decode(_mm256_unpacklo_epi8(lower, upper), _mm256_unpacklo_epi8(zero, c), down_x, mbits, bits);
    *y = w_decode(_mm256_unpackhi_epi8(lower, upper), _mm256_unpackhi_epi8(zero, c), down_y, mbits, bits);
    return magnitude;
}

LANES b_lanes b_decode_pairs(const value_lanes *v, b_lanes c, word_lanes down, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    const __m256i second = w_all(0xff00);
    b_lanes upper, lower;
    if (mbits == 6) {
        *x = i_decode(c, down, 0, 2);
        *y = i_decode(c, down, 1, 2);
        return c;
    }
    b_lanes magnitude = b_entries(v, c, &upper, &lower, mbits, bits);
    *x = w_decode(_mm256_blendv_epi8(lower, w_left(upper, 8), second), w_left(c, 8), down, mbits, bits);
    *y = w_decode(_mm256_blendv_epi8(w_right(lower, 8), upper, second), c, down, mbits, bits);
    return magnitude;
}

LANES int by_unit(unsigned bits)
{
    return bits != 4;
}

/* Steps up from the word of the unit, a byte each, a binade having 2^mbits of them: `upper` is the unit's exponent but
 * for its lowest bit, which is in the steps. */
LANES b_lanes b_decode_steps(const value_lanes *v, b_lanes c, const uint32_t *unit, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    const word_lanes place = w_all((1u << (7 - mbits)) - 1); /* of a step, less the one that is there */
    const uint8_t *bytes = (const uint8_t *)unit;
    b_lanes exponent = _mm256_set1_epi8((char)bytes[3]), steps = *(const __m256i *)((const char *)v->steps + bytes[2]);
    b_lanes magnitude = w_and(c, b_all((1u << (bits - 1)) - 1));
    steps = _mm256_add_epi8(magnitude, _mm256_shuffle_epi8(steps, _mm256_min_epu8(magnitude, b_all(1u << mbits))));
    b_lanes upper = w_or(_mm256_sign_epi8(exponent, magnitude), w_and(w_left(c, 8 - bits), b_all(0x80)));
    *x = _mm256_unpacklo_epi8(steps, upper);
    *y = _mm256_unpackhi_epi8(steps, upper);
    *x = w_add(*x, _mm256_maddubs_epi16(*x, place));
    *y = w_add(*y, _mm256_maddubs_epi16(*y, place));
    return magnitude;
}

LANES b_lanes b_decode_block(const value_lanes *v, b_lanes c, const uint32_t *by, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    if (by_unit(bits))
        return b_decode_steps(v, c, by, x, y, mbits, bits);
    /* The words of 8 magnitudes are lowered, not those of 32 codes; tables have both signs. */
    const __m128i twice = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
    const b_lanes lower_of = _mm256_broadcastsi128_si256(twice), upper_of = _mm256_add_epi8(lower_of, b_all(1));
    const b_lanes negative = _mm256_setr_epi64x(0, -1, 0, -1),
                  words = w_minus(_mm256_unpacklo_epi8(v->lower, v->upper), w_pair(*by));
    b_lanes lower = _mm256_shuffle_epi8(words, lower_of);
    b_lanes upper = w_or(_mm256_shuffle_epi8(words, upper_of), w_and(negative, b_all(0x80)));
    c = w_and(c, b_all(0x0f));
    lower = _mm256_shuffle_epi8(lower, c);
    upper = _mm256_shuffle_epi8(upper, c);
    *x = _mm256_unpacklo_epi8(lower, upper);
    *y = _mm256_unpackhi_epi8(lower, upper);
    return c;
}

LANES b_lanes b_most(b_lanes most, b_lanes decoded)
{
    return _mm256_max_epu8(most, decoded);
}

LANES int b_magnitude_above(b_lanes most, unsigned y)
{
    b_lanes over = _mm256_subs_epu8(most, b_all(y));
    return !_mm256_testz_si256(over, over);
}

LANES void w_put(void *to, word_lanes x, int stream)
{
    if (stream)
        _mm256_stream_si256((__m256i *)to, x);
    else
        _mm256_storeu_si256((__m256i *)to, x);
}

LANES void w_put_fp32(void *to, word_lanes x, int stream)
{
    w_put(to, _mm256_unpacklo_epi16(_mm256_setzero_si256(), x), stream);
    w_put((char *)to + 32, _mm256_unpackhi_epi16(_mm256_setzero_si256(), x), stream);
}

LANES void f_put_fp16(void *to, __m256i low, __m256i high, int stream)
{
    __m128i a = _mm256_cvtps_ph(_mm256_castsi256_ps(low), _MM_FROUND_TO_NEAREST_INT);
    __m128i b = _mm256_cvtps_ph(_mm256_castsi256_ps(high), _MM_FROUND_TO_NEAREST_INT);
    w_put(to, _mm256_set_m128i(b, a), stream);
}

LANES void w_put_fp16(void *to, word_lanes x, int stream)
{
    f_put_fp16(to, _mm256_unpacklo_epi16(_mm256_setzero_si256(), x), _mm256_unpackhi_epi16(_mm256_setzero_si256(), x),
               stream);
}

LANES __m256i i_times(const uint8_t *at, uint32_t unit)
{
    __m256 x = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)at)));
    return _mm256_castps_si256(_mm256_mul_ps(x, _mm256_castsi256_ps(w_pair(unit))));
}

#include "impl/x86/products.h"

LANES int by_products(mx_type type)
{
    (void)type;
    return 1;
}

/* Every second of 16 codes, from the first or the second on: in the uppermost bytes of 32 bits, 2^24 times its number.
 */
LANES __m256 i_every_second(b_lanes twice, int second)
{
    const b_lanes even = _mm256_setr_epi32(0x00808080, 0x02808080, 0x04808080, 0x06808080, 0x08808080, 0x0a808080,
                                           0x0c808080, 0x0e808080);
    const b_lanes odd = _mm256_add_epi32(even, _mm256_set1_epi32(0x01000000));
    return _mm256_cvtepi32_ps(_mm256_shuffle_epi8(twice, second ? odd : even));
}

LANES void i_put_bf16(void *to, const uint8_t *at, uint32_t unit, int stream)
{
    const __m256 of = _mm256_mul_ps(_mm256_castsi256_ps(w_pair(unit)), _mm256_set1_ps(0x1p-24f));
    b_lanes twice = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)at));
    __m256i x = _mm256_castps_si256(_mm256_mul_ps(i_every_second(twice, 0), of));
    __m256i y = _mm256_castps_si256(_mm256_mul_ps(i_every_second(twice, 1), of));
    w_put(to, _mm256_blend_epi16(_mm256_srli_epi32(x, 16), y, 0xaa), stream);
}

#endif
