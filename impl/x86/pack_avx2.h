/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packing with AVX2: what each function does is said in pack_tmpl.h. Neighbours are joined by multiply-and-add.
 */
#ifndef IMPL_X86_PACK_AVX2_H
#define IMPL_X86_PACK_AVX2_H

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

LANES void p_close(uint8_t *to, const uint8_t *from, unsigned bits, int from_top)
{
    const int high = 1 << bits, low = 1;
    __m256i pairs = _mm256_set1_epi16((short)(from_top ? low << 8 | high : high << 8 | low));
    __m256i x = _mm256_maddubs_epi16(_mm256_loadu_si256((const __m256i *)from), pairs);
    if (bits == 4) {
        x = _mm256_permute4x64_epi64(_mm256_packus_epi16(x, x), 0x08);
        _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(x));
        return;
    }
    x = _mm256_madd_epi16(x, _mm256_set1_epi32(from_top ? 1 << 16 | 1 << 12 : 1 << 28 | 1));
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

#endif
