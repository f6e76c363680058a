/* SPDX-License-Identifier: BSD-3-Clause
 *
 * 16 x 16 bytes transposed with SSE2.
 */
#ifndef IMPL_X86_TRANSPOSE_H
#define IMPL_X86_TRANSPOSE_H

#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

/* The rows are to be in registers: gcc unrolls such loops at -O3 only, clang always. */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLLED _Pragma("GCC unroll 16")
#else
#define UNROLLED
#endif

/* Four times: rows i and i + 8 interleaved become rows 2 i and 2 i + 1, which rotates the eight bits of a byte's
 * address (row, column) by one. */
static inline void b_transpose16(uint8_t *to, ptrdiff_t to_step, const uint8_t *from, ptrdiff_t from_step)
{
    __m128i row[16], next[16];
    UNROLLED for (ptrdiff_t i = 0; i < 16; i++) row[i] =
        _mm_loadu_si128((const __m128i *)(const void *)(from + i * from_step));
    UNROLLED for (int pass = 0; pass < 4; pass++)
    {
        UNROLLED for (int i = 0; i < 8; i++)
        {
            next[2 * i] = _mm_unpacklo_epi8(row[i], row[i + 8]);
            next[2 * i + 1] = _mm_unpackhi_epi8(row[i], row[i + 8]);
        }
        UNROLLED for (int i = 0; i < 16; i++) row[i] = next[i];
    }
    UNROLLED for (ptrdiff_t i = 0; i < 16; i++) _mm_storeu_si128((__m128i *)(void *)(to + i * to_step), row[i]);
}

#endif
