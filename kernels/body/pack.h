/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where codes and scales lie: packed FP4 and FP6, linear and 128x4 scales.
 */
#ifndef MXG_PACK_H
#define MXG_PACK_H

#include "kernels/body/job.h"
#include "kernels/gpu.h"

/* Byte of the scale of block `at` of a line. 128x4 tiles of 512 bytes: the layout of cuBLASLt's VEC32_UE8M0. */
MX_FN uint64_t mxg_scale_at(const mxg_target *t, uint64_t line, uint64_t at)
{
    if (t->tiles)
        return (line / 128 * t->tiles + at / 4) * 512 + line % 32 * 16 + line % 128 / 32 * 4 + at % 4;
    return (uint64_t)((int64_t)line * t->scale_line + (int64_t)at * t->scale_pos);
}

/* Four codes of 6 bits in the bytes of a word: 24 bits, the first lowest. */
MX_FN uint32_t mxg_pack_six(uint32_t c)
{
    return MX_DOT4(c, 0x00004001u) + (MX_DOT4(c, 0x40010000u) << 12);
}

/* Eight codes of 4 bits in the bytes of two words: a word, the first in the lowest nibble. */
MX_FN uint32_t mxg_pack_four(uint32_t a, uint32_t b)
{
    return MX_BYTES(a + (a >> 4), b + (b >> 4), 0x6420u);
}

/* Sixteen codes in q[0..3], packed in place: 2 words of FP4, 3 of FP6. */
MX_FN void mxg_pack_sixteen(uint32_t bits, uint32_t *q)
{
    uint32_t a, b, c, d;

    if (bits == 4) {
        q[0] = mxg_pack_four(q[0], q[1]);
        q[1] = mxg_pack_four(q[2], q[3]);
        return;
    }
    a = mxg_pack_six(q[0]);
    b = mxg_pack_six(q[1]);
    c = mxg_pack_six(q[2]);
    d = mxg_pack_six(q[3]);
    q[0] = a | b << 24;
    q[1] = b >> 8 | c << 16;
    q[2] = c >> 16 | d << 8;
}

/* Put sixteen codes from `to` on, aligned to their size, of FP6 to 4 bytes. */
MX_FN void mxg_put_sixteen(const mxg_target *t, uint32_t bits, uint8_t *to, uint32_t *q)
{
    if (!t->packed || bits == 8) {
        mxg_quad all;

        MX_UNROLL
        for (uint32_t i = 0; i < 4; i++)
            all.w[i] = q[i];
        *(mxg_quad *)(void *)to = all;
        return;
    }
    mxg_pack_sixteen(bits, q);
    if (bits == 4) {
        mxg_pair both = {{q[0], q[1]}};

        *(mxg_pair *)(void *)to = both;
        return;
    }
    MX_UNROLL
    for (uint32_t i = 0; i < 3; i++)
        ((uint32_t *)(void *)to)[i] = q[i];
}

#endif
