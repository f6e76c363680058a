/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packing with AVX-512 (BW, VBMI): what each function does is said in pack_tmpl.h.
 */
#ifndef IMPL_X86_PACK_AVX512_H
#define IMPL_X86_PACK_AVX512_H

#include "impl/x86/lanes_avx512.h"
#include "impl/x86/pack_halves.h"

enum { PACKED = 64 };

/* Bytes 0 to 47: three of each double word, in order or from the top. */
LANES __m512i p_three_of_four(int from_top)
{
    const __m512i up =
        _mm512_setr_epi32(0x04020100, 0x09080605, 0x0e0d0c0a, 0x14121110, 0x19181615, 0x1e1d1c1a, 0x24222120,
                          0x29282625, 0x2e2d2c2a, 0x34323130, 0x39383635, 0x3e3d3c3a, 0, 0, 0, 0);
    const __m512i down =
        _mm512_setr_epi32(0x06000102, 0x090a0405, 0x0c0d0e08, 0x16101112, 0x191a1415, 0x1c1d1e18, 0x26202122,
                          0x292a2425, 0x2c2d2e28, 0x36303132, 0x393a3435, 0x3c3d3e38, 0, 0, 0, 0);
    return from_top ? down : up;
}

/* What two codes are multiplied by to become one word, and two of those (6 bits) a double word. */
LANES __m512i p_pairs(unsigned bits, int from_top)
{
    const int high = 1 << bits, low = 1;
    return _mm512_set1_epi16((short)(from_top ? low << 8 | high : high << 8 | low));
}

LANES __m512i p_fours(int from_top)
{
    return _mm512_set1_epi32(from_top ? 1 << 16 | 1 << 12 : 1 << 28 | 1);
}

LANES void p_close(uint8_t *to, const uint8_t *from, unsigned bits, int from_top)
{
    __m512i x = _mm512_maddubs_epi16(_mm512_loadu_si512(from), p_pairs(bits, from_top));
    if (bits == 4) {
        _mm256_storeu_si256((__m256i *)to, _mm512_cvtepi16_epi8(x));
        return;
    }
    x = _mm512_madd_epi16(x, p_fours(from_top));
    x = _mm512_permutexvar_epi8(p_three_of_four(from_top), x);
    _mm256_storeu_si256((__m256i *)to, _mm512_castsi512_si256(x));
    _mm_storeu_si128((__m128i *)(to + 32), _mm512_extracti32x4_epi32(x, 2));
}

/* Bytes 3 i to 3 i + 2, in order or from the top, for double word i; its highest byte is some other. */
LANES __m512i p_threes(int from_top)
{
    const __m512i threes = _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                                              _mm512_set1_epi32(0x030303));
    return _mm512_add_epi32(threes, _mm512_set1_epi32(from_top ? 0x000102 : 0x020100));
}

LANES void p_spread(uint8_t *to, const uint8_t *from, unsigned bits, int from_top)
{
    __m256i first = _mm256_loadu_si256((const __m256i *)from);
    __m512i x;
    if (bits == 4) {
        x = _mm512_cvtepu8_epi16(first);
        x = from_top ? _mm512_or_si512(_mm512_srli_epi16(x, 4), _mm512_slli_epi16(x, 8))
                     : _mm512_or_si512(x, _mm512_slli_epi16(x, 4));
        x = _mm512_and_si512(x, b_all(0x0f));
    } else { /* six bits from each of these places of a quad word of two threes */
        const __m512i up = _mm512_set1_epi64(0x322c2620120c0600), down = _mm512_set1_epi64(0x20262c3200060c12);
        __m256i last = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(from + 32)));
        x = _mm512_inserti64x4(_mm512_castsi256_si512(first), last, 1);
        x = _mm512_permutexvar_epi8(p_threes(from_top), x);
        x = _mm512_and_si512(_mm512_multishift_epi64_epi8(from_top ? down : up, x), b_all(0x3f));
    }
    _mm512_storeu_si512(to, x);
}

/* ---- from registers, and into them ---- */

typedef struct pack_lanes {
    __m512i pairs, fours;
    __m512i threes[3]; /* 6 bits: which bytes of two vectors of double words follow one another */
    int halves;
} pack_lanes;

/* Words i: byte i of a stream of threes, as a byte of double words. */
LANES __m512i p_of_threes(__m512i i, int from_top)
{
    __m512i third = _mm512_mulhi_epu16(i, w_all(0x5556)); /* i / 3, for i below 2^15 */
    __m512i down = w_sub(w_add(_mm512_mullo_epi16(third, w_all(7)), w_all(2)), i);
    return from_top ? down : w_add(i, third);
}

LANES pack_lanes p_make(mx_layout layout, unsigned bits)
{
    const int from_top = layout == MX_LAYOUT_HIGH_FIRST;
    pack_lanes p = {
        .pairs = p_pairs(bits, from_top), .fours = p_fours(from_top), .halves = layout == MX_LAYOUT_SPLIT_HALF};
    for (unsigned i = 0; bits == 6 && i < 3; i++) {
        __m512i low = w_add(w_right(w_every_other(0), 1), w_all(64 * i)), high = w_add(low, w_all(32));
        low = w_sub(p_of_threes(low, from_top), w_all(64 * i));
        high = w_sub(p_of_threes(high, from_top), w_all(64 * i));
        p.threes[i] = _mm512_permutex2var_epi8(low, b_every_other(0), high);
    }
    return p;
}

LANES __m512i p_nibbles(const pack_lanes *p, b_lanes x, b_lanes y)
{
    if (p->halves) { /* of blocks of 32: 16 bytes and 16 bytes */
        b_lanes first = _mm512_shuffle_i64x2(x, y, 0x88), second = _mm512_shuffle_i64x2(x, y, 0xdd);
        return _mm512_or_si512(first, _mm512_slli_epi16(second, 4));
    }
    return _mm512_permutex2var_epi8(_mm512_maddubs_epi16(x, p->pairs), b_every_other(0),
                                    _mm512_maddubs_epi16(y, p->pairs));
}

LANES b_lanes p_threes_of(const pack_lanes *p, b_lanes codes)
{
    return _mm512_madd_epi16(_mm512_maddubs_epi16(codes, p->pairs), p->fours);
}

LANES void p_put(uint8_t *to, const b_lanes codes[4], const pack_lanes *p, unsigned bits, int stream)
{
    if (bits == 4) {
        b_put(to, p_nibbles(p, codes[0], codes[1]), stream);
        return;
    }
    b_lanes a = p_threes_of(p, codes[0]), b = p_threes_of(p, codes[1]);
    b_lanes c = p_threes_of(p, codes[2]), d = p_threes_of(p, codes[3]);
    b_put(to, _mm512_permutex2var_epi8(a, p->threes[0], b), stream);
    b_put(to + 64, _mm512_permutex2var_epi8(b, p->threes[1], c), stream);
    b_put(to + 128, _mm512_permutex2var_epi8(c, p->threes[2], d), stream);
}

/* A double word of four codes holds their bytes: which ones of the packed vector, and how far to shift a quad word to
 * have each code as the lowest bits of a byte. */
typedef struct spread_lanes {
    __m512i bytes, shifts;
} spread_lanes;

LANES spread_lanes p_spread_make(mx_layout layout, unsigned bits, int paired)
{
    const int from_top = layout == MX_LAYOUT_HIGH_FIRST;
    const __m512i in_order = _mm512_setr_epi32(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
    const __m512i pairs = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m512i four = paired ? pairs : in_order; /* double word i of what b_decode takes: codes 4 four ... */
    const __m512i second = _mm512_set1_epi64(0x2020202000000000);
    if (layout == MX_LAYOUT_SPLIT_HALF) { /* of 32: fours 0 to 3 and 4 to 7 share 16 bytes */
        __m512i block = _mm512_slli_epi32(_mm512_srli_epi32(four, 3), 4);
        __m512i place = _mm512_slli_epi32(_mm512_and_si512(four, _mm512_set1_epi32(3)), 2);
        __m512i high = _mm512_and_si512(four, _mm512_set1_epi32(4)), each = _mm512_set1_epi32(0x01010101);
        __m512i bytes = _mm512_mullo_epi32(_mm512_add_epi32(block, place), each);
        __m512i shifts = _mm512_add_epi32(_mm512_mullo_epi32(high, each), _mm512_set1_epi32(0x18100800));
        return (spread_lanes){_mm512_add_epi32(bytes, _mm512_set1_epi32(0x03020100)), _mm512_add_epi32(shifts, second)};
    }
    if (bits == 4)
        return (spread_lanes){
            _mm512_add_epi32(_mm512_mullo_epi32(four, _mm512_set1_epi32(0x0202)), _mm512_set1_epi32(0x0100)),
            _mm512_add_epi32(_mm512_set1_epi32(from_top ? 0x080c0004 : 0x0c080400), second)};
    return (spread_lanes){_mm512_add_epi32(_mm512_mullo_epi32(four, _mm512_set1_epi32(0x030303)),
                                           _mm512_set1_epi32(from_top ? 0x000102 : 0x020100)),
                          _mm512_add_epi32(_mm512_set1_epi32(from_top ? 0x00060c12 : 0x120c0600), second)};
}

LANES void p_get(b_lanes codes[4], const uint8_t *from, const spread_lanes *s, unsigned bits)
{
    const size_t n = bits == 4 ? 2 : 4;
    _Pragma("GCC unroll 4") for (size_t i = 0; i < n; i++)
    {
        __m512i x = bits == 4 ? _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(from + 32 * i)))
                              : _mm512_maskz_loadu_epi32(0x0fff, from + 48 * i);
        codes[i] = _mm512_multishift_epi64_epi8(s->shifts, _mm512_permutexvar_epi8(s->bytes, x));
    }
}

#endif
