/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Blocks of 32 along contiguous rows: a lane takes 16 neighbouring elements, two lanes a block.
 */
#ifndef MXG_DIM0_H
#define MXG_DIM0_H

#include "kernels/body/fast.h"
#include "kernels/body/pack.h"

/* Codes of n elements (a multiple of 4), four to a word. Element i has byte[i * stride]. */
MX_FN void mxg_fast_codes(const mxg_job *j, uint32_t elem, uint32_t type, uint32_t n, const uint32_t *w,
                          const uint32_t *byte, uint32_t stride, uint32_t *codes)
{
    uint32_t per = type == MX_FP32 ? 4u : 2u, four[4];

    MX_UNROLL
    for (uint32_t q = 0; q < n / 4; q++) {
        MX_UNROLL
        for (uint32_t i = 0; i < 4; i++)
            four[i] = byte[(4 * q + i) * stride];
        codes[q] = mxg_fast_four(j, elem, type, w + per * q, four);
    }
}

/* Largest magnitude in n source words, as an fp32 pattern. */
MX_FN uint32_t mxg_fast_amax(uint32_t type, uint32_t n, const uint32_t *w)
{
    uint32_t m = 0, low;

    MX_UNROLL
    for (uint32_t i = 0; i < n; i++)
        m = mxg_fast_max(type, m, w[i]);
    if (type == MX_FP32)
        return m;
    low = m & 0xffffu;
    return mxg_fast_wide(type, m >> 16 > low ? m >> 16 : low);
}

/* n words, a multiple of 4, from a multiple of 16 bytes. */
MX_FN void mxg_load_words(const void *at, uint32_t n, uint32_t *w)
{
    const mxg_quad *from = (const mxg_quad *)at;

    MX_UNROLL
    for (uint32_t i = 0; i < n / 4; i++) {
        mxg_quad q = from[i];

        MX_UNROLL
        for (uint32_t m = 0; m < 4; m++)
            w[4 * i + m] = q.w[m];
    }
}

/* Sixteen elements already in w: scale, codes, both stored. Lanes 2i and 2i + 1 hold the halves of a block. */
MX_FN void mxg_dim0_sixteen(const mxg_job *j, uint32_t elem, uint32_t type, const uint32_t *w, uint64_t line,
                            uint64_t pos, uint32_t store)
{
    const mxg_target *t = &j->target[0];
    uint32_t a = mxg_fast_amax(type, type == MX_FP32 ? 16 : 8, w), other = MX_SHFL_XOR(a, 1u), byte, codes[4];

    byte = mxg_fast_scale(j, a > other ? a : other);
    mxg_fast_codes(j, elem, type, 16, w, &byte, 0, codes);
    if (!store)
        return;
    if (pos % 32 == 0)
        t->scales[mxg_scale_at(t, line, pos / 32)] = (uint8_t)byte;
    mxg_put_sixteen(t, j->format.bits, t->codes + (int64_t)line * t->line_stride, pos, codes);
}

/* cols a multiple of 32, rows any; plan.c makes one row of a tensor whose rows, codes and scales are dense. */
MX_FN void mxg_dim0(const mxg_job *j, uint32_t elem, uint32_t type)
{
    uint64_t per = j->cols / 16, chunks = per * j->rows, width = type == MX_FP32 ? 4 : 2;
    uint64_t i = (uint64_t)MX_BID * MXG_THREADS + MX_TID, at = i < chunks ? i : chunks - 2 + (i & 1u);
    uint64_t line = 0, pos;
    uint32_t w[16];

    if (j->rows != 1)
        line = mxg_quotient(&j->sixteens, at);
    pos = (at - line * per) * 16;
    mxg_load_words((const uint8_t *)j->value + ((uint64_t)((int64_t)line * j->row_stride) + pos) * width,
                   type == MX_FP32 ? 16 : 8, w);
    mxg_dim0_sixteen(j, elem, type, w, line, pos, i < chunks);
}

#endif
