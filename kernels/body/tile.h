/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tiles of 128 x 128: blocks of 32 down columns, stored by rows or transposed, and along rows too when asked, from one
 * read. 256 lanes; lane t holds rows 4 (t / 8) .. + 3 of columns 16 (t % 8) .. + 15.
 */
#ifndef MXG_TILE_H
#define MXG_TILE_H

#include "kernels/body/dim0.h"

#define MXG_TILE 128u

/* Each lane's largest magnitudes over its 4 rows, a word a column (fp32) or two columns. */
MX_FN void mxg_tile_partial(uint32_t type, uint32_t w[4][16], uint32_t *part)
{
    uint32_t n = type == MX_FP32 ? 16u : 8u, m[16];

    MX_UNROLL
    for (uint32_t i = 0; i < n; i++) {
        m[i] = 0;
        MX_UNROLL
        for (uint32_t r = 0; r < 4; r++)
            m[i] = mxg_fast_max(type, m[i], w[r][i]);
    }
    MX_UNROLL
    for (uint32_t i = 0; i < n; i += 4) {
        mxg_quad q;

        MX_UNROLL
        for (uint32_t s = 0; s < 4; s++)
            q.w[s] = m[i + s];
        *(mxg_quad *)(void *)(part + MX_TID * n + i) = q;
    }
}

MX_FN void mxg_tile_scale(const mxg_job *j, uint32_t a, uint32_t band, uint32_t col, uint64_t row0, uint64_t col0,
                          uint8_t *bytes)
{
    const mxg_target *t = &j->target[1];
    uint32_t byte = mxg_fast_scale(j, a);

    bytes[band * MXG_TILE + col] = (uint8_t)byte;
    t->scales[mxg_scale_at(t, col0 + col, row0 / 32 + band)] = (uint8_t)byte;
}

/* Two of the 4 x 128 blocks to each lane. */
MX_FN void mxg_tile_scales(const mxg_job *j, uint32_t type, const uint32_t *part, uint64_t row0, uint64_t col0,
                           uint8_t *bytes)
{
    uint32_t band = MX_TID / 64, c = MX_TID % 64, width = type == MX_FP32 ? 128u : 64u;
    uint32_t m0 = 0, m1 = 0;

    MX_UNROLL
    for (uint32_t i = 0; i < 8; i++) {
        const uint32_t *from = part + (band * 8 + i) * width;

        m0 = mxg_fast_max(type, m0, from[c]);
        if (type == MX_FP32)
            m1 = mxg_fast_max(type, m1, from[c + 64]);
    }
    if (type == MX_FP32) {
        mxg_tile_scale(j, m0, band, c, row0, col0, bytes);
        mxg_tile_scale(j, m1, band, c + 64, row0, col0, bytes);
    } else {
        mxg_tile_scale(j, mxg_fast_wide(type, m0 & 0xffffu), band, 2 * c, row0, col0, bytes);
        mxg_tile_scale(j, mxg_fast_wide(type, m0 >> 16), band, 2 * c + 1, row0, col0, bytes);
    }
}

/* Word (row / 4) of column col of the transposed codes in local memory. The 16-byte groups of a column are permuted by
 * its lane, so that neither side meets a bank twice. */
MX_FN uint32_t mxg_tile_word(uint32_t col, uint32_t quad)
{
    return col * 32 + (((quad >> 2) ^ (col >> 4)) << 2) + (quad & 3u);
}

/* codes[r][q]: four rows of four columns each; put down by columns. */
MX_FN void mxg_tile_turn(uint32_t codes[4][4], uint32_t *local)
{
    uint32_t col = MX_TID % 8 * 16, quad = MX_TID / 8;

    MX_UNROLL
    for (uint32_t q = 0; q < 4; q++) {
        uint32_t a = MX_BYTES(codes[0][q], codes[1][q], 0x5140u), b = MX_BYTES(codes[2][q], codes[3][q], 0x5140u);
        uint32_t c = MX_BYTES(codes[0][q], codes[1][q], 0x7362u), d = MX_BYTES(codes[2][q], codes[3][q], 0x7362u);

        local[mxg_tile_word(col + 4 * q, quad)] = MX_BYTES(a, b, 0x5410u);
        local[mxg_tile_word(col + 4 * q + 1, quad)] = MX_BYTES(a, b, 0x7632u);
        local[mxg_tile_word(col + 4 * q + 2, quad)] = MX_BYTES(c, d, 0x5410u);
        local[mxg_tile_word(col + 4 * q + 3, quad)] = MX_BYTES(c, d, 0x7632u);
    }
}

/* 128 columns of 128 codes out of local memory, 16 a lane at a time. */
MX_FN void mxg_tile_columns(const mxg_job *j, const uint32_t *local, uint64_t row0, uint64_t col0)
{
    const mxg_target *t = &j->target[1];

    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t col = i * 32 + MX_TID / 8, group = MX_TID % 8, q[4];
        mxg_quad from = *(const mxg_quad *)(const void *)(local + mxg_tile_word(col, group * 4));

        MX_UNROLL
        for (uint32_t s = 0; s < 4; s++)
            q[s] = from.w[s];
        mxg_put_sixteen(t, j->format.bits, t->codes + (int64_t)(col0 + col) * t->line_stride, row0 + group * 16, q);
    }
}

/* rows and cols multiples of 128. */
MX_FN void mxg_tile(const mxg_job *j, uint32_t elem, uint32_t type, uint32_t *local, uint8_t *bytes)
{
    uint64_t down = mxg_quotient(&j->tiles, MX_BID), row0 = down * MXG_TILE,
             col0 = (MX_BID - down * j->tiles.by) * MXG_TILE;
    uint64_t row = row0 + MX_TID / 8 * 4, col = col0 + MX_TID % 8 * 16, width = type == MX_FP32 ? 4 : 2;
    const uint8_t *from = (const uint8_t *)j->value + (uint64_t)((int64_t)row * j->row_stride + (int64_t)col) * width;
    uint32_t w[4][16], codes[4][4], byte[16];

    MX_UNROLL
    for (uint32_t r = 0; r < 4; r++)
        mxg_load_sixteen(type, from + (uint64_t)((int64_t)r * j->row_stride) * width, w[r]);
    mxg_tile_partial(type, w, local);
    MX_SYNC();
    mxg_tile_scales(j, type, local, row0, col0, bytes);
    if (j->dim & MXG_DIM0) {
        MX_UNROLL
        for (uint32_t r = 0; r < 4; r++)
            mxg_dim0_sixteen(j, elem, type, w[r], row + r, col, 1);
    }
    MX_SYNC();
    MX_UNROLL
    for (uint32_t i = 0; i < 16; i++)
        byte[i] = bytes[MX_TID / 64 * MXG_TILE + MX_TID % 8 * 16 + i];
    MX_UNROLL
    for (uint32_t r = 0; r < 4; r++)
        mxg_fast_sixteen(j, elem, type, w[r], byte, 1, codes[r]);
    if (j->transposed) {
        mxg_tile_turn(codes, local);
        MX_SYNC();
        mxg_tile_columns(j, local, row0, col0);
    } else {
        MX_UNROLL
        for (uint32_t r = 0; r < 4; r++)
            mxg_put_sixteen(&j->target[1], 8, j->target[1].codes + (int64_t)(row + r) * j->target[1].pos_stride, col,
                            codes[r]);
    }
}

#endif
