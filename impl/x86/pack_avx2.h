/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packing with AVX2: what each function does is said in pack_tmpl.h. Neighbours are joined by multiply-and-add.
 */
#ifndef IMPL_X86_PACK_AVX2_H
#define IMPL_X86_PACK_AVX2_H

#include "impl/x86/decode_avx2.h"
#include "impl/x86/lanes_avx2.h"
#include "impl/x86/pack_halves.h"

enum { PACKED = 32 };

/* Three bytes of each double word, in order or from the top. */
LANES __m256i p_three_of_four(int from_top)
{
    const __m128i up = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    const __m128i down = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    return _mm256_broadcastsi128_si256(from_top ? down : up);
}

/* What two codes are multiplied by to become one word, and two of those (6 bits) a double word. */
LANES __m256i p_pairs(unsigned bits, int from_top)
{
    const int high = 1 << bits, low = 1;
    return _mm256_set1_epi16((short)(from_top ? low << 8 | high : high << 8 | low));
}

LANES __m256i p_fours(int from_top)
{
    return _mm256_set1_epi32(from_top ? 1 << 16 | 1 << 12 : 1 << 28 | 1);
}

LANES void p_close(uint8_t *to, const uint8_t *from, unsigned bits, int from_top)
{
    __m256i x = _mm256_maddubs_epi16(_mm256_loadu_si256((const __m256i *)from), p_pairs(bits, from_top));
    if (bits == 4) {
        x = _mm256_permute4x64_epi64(_mm256_packus_epi16(x, x), 0x08);
        _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(x));
        return;
    }
    x = _mm256_madd_epi16(x, p_fours(from_top));
    x = _mm256_shuffle_epi8(x, p_three_of_four(from_top));
    __m128i upper = _mm256_extracti128_si256(x, 1);
    _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(x)); /* 12 bytes, and 4 that the next are written over */
    _mm_storel_epi64((__m128i *)(to + 12), upper);
    _mm_storeu_si32(to + 20, _mm_shuffle_epi32(upper, 2));
}

/* 24 bits of double words as four bytes, the lowest 6 first. */
LANES __m256i p_open(__m256i x)
{
    __m256i twelve = _mm256_or_si256(_mm256_and_si256(x, _mm256_set1_epi32(0xfff)),
                                     _mm256_slli_epi32(_mm256_and_si256(x, _mm256_set1_epi32(0xfff000)), 4));
    return _mm256_or_si256(_mm256_and_si256(twelve, _mm256_set1_epi16(0x3f)),
                           _mm256_slli_epi16(_mm256_and_si256(twelve, _mm256_set1_epi16(0xfc0)), 2));
}

LANES void p_spread(uint8_t *to, const uint8_t *from, unsigned bits, int from_top)
{
    const __m256i reversed =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
    __m256i x;
    if (bits == 4) {
        x = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)from));
        x = from_top ? _mm256_or_si256(_mm256_srli_epi16(x, 4), _mm256_slli_epi16(x, 8))
                     : _mm256_or_si256(x, _mm256_slli_epi16(x, 4));
        x = _mm256_and_si256(x, b_all(0x0f));
    } else { /* 12 bytes a half: bytes 0 to 11, and 4 to 15 of what is loaded */
        const __m256i up = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, 4, 5, 6, -1, 7, 8, 9,
                                            -1, 10, 11, 12, -1, 13, 14, 15, -1);
        const __m256i down = _mm256_setr_epi8(2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1, 6, 5, 4, -1, 9, 8,
                                              7, -1, 12, 11, 10, -1, 15, 14, 13, -1);
        x = _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(from + 8)), _mm_loadu_si128((const __m128i *)from));
        x = p_open(_mm256_shuffle_epi8(x, from_top ? down : up));
        x = from_top ? _mm256_shuffle_epi8(x, reversed) : x;
    }
    _mm256_storeu_si256((__m256i *)to, x);
}

/* ---- from registers, and into them ---- */

typedef struct pack_lanes {
    __m256i pairs, fours, threes;
    int halves;
} pack_lanes;

LANES pack_lanes p_make(mx_layout layout, unsigned bits)
{
    const int from_top = layout == MX_LAYOUT_HIGH_FIRST;
    return (pack_lanes){p_pairs(bits, from_top), p_fours(from_top), p_three_of_four(from_top),
                        layout == MX_LAYOUT_SPLIT_HALF};
}

/* In order, of codes in the order of two packed vectors. */
LANES __m256i p_nibbles(const pack_lanes *p, b_lanes x, b_lanes y)
{
    if (p->halves) { /* of blocks of 32: the first vector's codes and the second's */
        b_lanes first = _mm256_unpacklo_epi64(x, y), second = _mm256_unpackhi_epi64(x, y);
        return _mm256_permute4x64_epi64(_mm256_or_si256(first, _mm256_slli_epi16(second, 4)), 0xd8);
    }
    b_lanes both = _mm256_packus_epi16(_mm256_maddubs_epi16(x, p->pairs), _mm256_maddubs_epi16(y, p->pairs));
    return _mm256_permutevar8x32_epi32(both, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

/* 24 bytes of 32 codes, as double words from the place `first` on, round and round. */
LANES __m256i p_sixes(const pack_lanes *p, b_lanes codes, __m256i places)
{
    b_lanes x = _mm256_madd_epi16(_mm256_maddubs_epi16(q_in_order(codes), p->pairs), p->fours);
    return _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(x, p->threes), places);
}

LANES void p_write(uint8_t *to, __m256i x, int stream)
{
    if (stream)
        _mm256_stream_si256((__m256i *)to, x);
    else
        _mm256_storeu_si256((__m256i *)to, x);
}

LANES void p_put(uint8_t *to, const b_lanes codes[4], const pack_lanes *p, unsigned bits, int stream)
{
    if (bits == 4) {
        p_write(to, p_nibbles(p, codes[0], codes[1]), stream);
        return;
    }
    /* double words 0 1 2 and 4 5 6 of each, one after another */
    __m256i a = p_sixes(p, codes[0], _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 3));
    __m256i b = p_sixes(p, codes[1], _mm256_setr_epi32(2, 4, 5, 6, 3, 3, 0, 1));
    __m256i c = p_sixes(p, codes[2], _mm256_setr_epi32(5, 6, 3, 3, 0, 1, 2, 4));
    __m256i d = p_sixes(p, codes[3], _mm256_setr_epi32(3, 3, 0, 1, 2, 4, 5, 6));
    p_write(to, _mm256_blend_epi32(a, b, 0xc0), stream);
    p_write(to + 32, _mm256_blend_epi32(b, c, 0xf0), stream);
    p_write(to + 64, _mm256_blend_epi32(c, d, 0xfc), stream);
}

/* 4 bits: the byte of each code, and whether it is its upper half. 6 bits: words of which the lower bytes become the
 * codes with even numbers, multiplied and the lower half dropped, and words of which the upper bytes become the odd
 * ones, multiplied. */
typedef struct spread_lanes {
    __m256i bytes, upper;
    __m256i even, odd, down, up;
    int paired;
} spread_lanes;

LANES spread_lanes p_spread_nibbles(mx_layout layout, int paired)
{
    const __m256i halved = _mm256_setr_epi8(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11,
                                            12, 12, 13, 13, 14, 14, 15, 15);
    const __m128i each = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m256i bytes = halved, upper = w_all(layout == MX_LAYOUT_HIGH_FIRST ? 0x00ff : 0xff00);
    if (layout == MX_LAYOUT_SPLIT_HALF) {
        bytes = _mm256_broadcastsi128_si256(each);
        upper = _mm256_setr_epi64x(0, 0, -1, -1);
    }
    return (spread_lanes){.bytes = b_to_decode(bytes, paired), .upper = b_to_decode(upper, paired), .paired = paired};
}

LANES spread_lanes p_spread_make(mx_layout layout, unsigned bits, int paired)
{
    const int from_top = layout == MX_LAYOUT_HIGH_FIRST;
    const __m256i three = _mm256_setr_epi32(0, 3, 6, 9, 4, 7, 10, 13); /* of four codes; as p_get loads them */
    __m256i even = _mm256_set1_epi32(from_top ? 0x01020080 : 0x02010080);
    __m256i odd = _mm256_set1_epi32((int)(from_top ? 0x80020001 : 0x80020100));
    if (bits == 4)
        return p_spread_nibbles(layout, paired);
    return (spread_lanes){.even = _mm256_add_epi32(_mm256_mullo_epi32(three, _mm256_set1_epi32(0x01010100)), even),
                          .odd = _mm256_add_epi32(_mm256_mullo_epi32(three, _mm256_set1_epi32(0x00010101)), odd),
                          .down = _mm256_set1_epi32(from_top ? 0x04000040 : 0x10000100),
                          .up = _mm256_set1_epi32(from_top ? 0x01000010 : 0x00400004),
                          .paired = paired};
}

LANES b_lanes p_get_nibbles(const uint8_t *from, const spread_lanes *s)
{
    b_lanes x = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)from));
    x = _mm256_shuffle_epi8(x, s->bytes);
    return _mm256_blendv_epi8(x, _mm256_srli_epi16(x, 4), s->upper);
}

LANES b_lanes p_get_sixes(const uint8_t *from, const spread_lanes *s)
{
    b_lanes x = _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(from + 8)), _mm_loadu_si128((const __m128i *)from));
    b_lanes even = _mm256_mulhi_epu16(_mm256_shuffle_epi8(x, s->even), s->down);
    b_lanes odd = _mm256_mullo_epi16(_mm256_shuffle_epi8(x, s->odd), s->up);
    return b_to_decode(_mm256_blendv_epi8(even, odd, w_all(0xff00)), s->paired);
}

LANES void p_get(b_lanes codes[4], const uint8_t *from, const spread_lanes *s, unsigned bits)
{
    const size_t n = bits == 4 ? 2 : 4;
    _Pragma("GCC unroll 4") for (size_t i = 0; i < n; i++) codes[i] =
        bits == 4 ? p_get_nibbles(from + 16 * i, s) : p_get_sixes(from + 24 * i, s);
}

#endif
