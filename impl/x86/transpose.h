/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Two pieces in 256 bits, for AVX2 and for AVX-512: shuffles of 512 bits take this machine twice as long, and four
 * pieces cannot be loaded into one vector without some. What each function does is said in transpose_tmpl.h.
 */
#ifndef IMPL_X86_TRANSPOSE_H
#define IMPL_X86_TRANSPOSE_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m256i pieces;

static inline pieces p_load(const uint8_t *at, ptrdiff_t step, int all)
{
    pieces x = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)at));
    if (all)
        x = _mm256_inserti128_si256(x, _mm_loadu_si128((const __m128i *)(const void *)(at + step)), 1);
    return x;
}

static inline void p_store(uint8_t *at, pieces x, int all)
{
    if (all)
        _mm256_storeu_si256((__m256i *)(void *)at, x);
    else
        _mm_storeu_si128((__m128i *)(void *)at, _mm256_castsi256_si128(x));
}

static inline void p_store_all(uint8_t *at, pieces x, int stream)
{
    if (stream)
        _mm256_stream_si256((__m256i *)(void *)at, x);
    else
        p_store(at, x, 1);
}

static inline pieces p_load_all(const uint8_t *at)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

static inline void p_store_apart(uint8_t *at, pieces x, ptrdiff_t step)
{
    _mm_storeu_si128((__m128i *)(void *)at, _mm256_castsi256_si128(x));
    _mm_storeu_si128((__m128i *)(void *)(at + step), _mm256_extracti128_si256(x, 1));
}

static inline pieces p_zip_low(pieces x, pieces y)
{
    return _mm256_unpacklo_epi8(x, y);
}

static inline pieces p_zip_high(pieces x, pieces y)
{
    return _mm256_unpackhi_epi8(x, y);
}

static inline pieces p_zip_pairs_low(pieces x, pieces y)
{
    return _mm256_unpacklo_epi16(x, y);
}

static inline pieces p_zip_pairs_high(pieces x, pieces y)
{
    return _mm256_unpackhi_epi16(x, y);
}

#endif
