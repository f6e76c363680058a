/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Split halves, for AVX2 and for AVX-512: what each function does is said in pack_tmpl.h.
 */
#ifndef IMPL_X86_PACK_HALVES_H
#define IMPL_X86_PACK_HALVES_H

#include <immintrin.h>
#include <stdint.h>

static inline void p_close_halves(uint8_t *to, const uint8_t *low, const uint8_t *high)
{
    __m128i x = _mm_loadu_si128((const __m128i *)low), y = _mm_loadu_si128((const __m128i *)high);
    _mm_storeu_si128((__m128i *)to, _mm_or_si128(x, _mm_slli_epi16(y, 4)));
}

static inline void p_spread_halves(uint8_t *low, uint8_t *high, const uint8_t *from)
{
    const __m128i four = _mm_set1_epi8(0x0f), x = _mm_loadu_si128((const __m128i *)from);
    _mm_storeu_si128((__m128i *)low, _mm_and_si128(x, four));
    _mm_storeu_si128((__m128i *)high, _mm_and_si128(_mm_srli_epi16(x, 4), four));
}

#endif
