/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tiles of 128 rows and 256 bytes: blocks of 32 down columns, stored by rows or transposed, and along rows too when
 * asked, from one read. A lane holds 8 words of each of 4 rows: 8 columns of fp32, of a tile 64 wide; 16 of bf16 and
 * fp16, of a tile 128 wide.
 */
#ifndef MXG_TILE_H
#define MXG_TILE_H

#include "kernels/body/dim0.h"

#define MXG_ROWS        128u
#define MXG_WIDTH(type) ((type) == MX_FP32 ? 8u : 16u)
#define MXG_COLS(type)  (8u * MXG_WIDTH(type))

/* Where a lane is: its first column in the tile, and its group of four rows, of 32. */
MX_FN uint32_t mxg_tile_col(uint32_t type)
{
    return MX_TID % 8 * MXG_WIDTH(type);
}

MX_FN uint32_t mxg_tile_quad(void)
{
    return MX_TID / 8;
}

/* Each lane's largest magnitudes over its 4 rows, a word a column (fp32) or two columns. */
MX_FN void mxg_tile_partial(uint32_t type, uint32_t w[4][8], uint32_t *part)
{
    uint32_t m[8];

    MX_UNROLL
    for (uint32_t i = 0; i < 8; i++) {
        m[i] = 0;
        MX_UNROLL
        for (uint32_t r = 0; r < 4; r++)
            m[i] = mxg_fast_max(type, m[i], w[r][i]);
    }
    MX_UNROLL
    for (uint32_t i = 0; i < 8; i += 4) {
        mxg_quad q;

        MX_UNROLL
        for (uint32_t s = 0; s < 4; s++)
            q.w[s] = m[i + s];
        *(mxg_quad *)(void *)(part + MX_TID * 8 + i) = q;
    }
}

MX_FN void mxg_tile_scale(const mxg_job *j, uint32_t type, uint32_t a, uint32_t col, uint64_t row0, uint64_t col0,
                          uint8_t *bytes)
{
    const mxg_target *t = &j->target[1];
    uint32_t byte = mxg_fast_scale(j, a), band = MX_TID / 64;

    bytes[band * MXG_COLS(type) + col] = (uint8_t)byte;
    t->scales[mxg_scale_at(t, col0 + col, row0 / 32 + band)] = (uint8_t)byte;
}

/* The blocks of the tile, four bands of 32 rows: one to each lane, or two. */
MX_FN void mxg_tile_scales(const mxg_job *j, uint32_t type, const uint32_t *part, uint64_t row0, uint64_t col0,
                           uint8_t *bytes)
{
    uint32_t c = MX_TID % 64, m = 0;

    MX_UNROLL
    for (uint32_t i = 0; i < 8; i++)
        m = mxg_fast_max(type, m, part[(MX_TID / 64 * 8 + i) * 64 + c]);
    if (type == MX_FP32) {
        mxg_tile_scale(j, type, m, c, row0, col0, bytes);
    } else {
        mxg_tile_scale(j, type, mxg_fast_wide(type, m & 0xffffu), 2 * c, row0, col0, bytes);
        mxg_tile_scale(j, type, mxg_fast_wide(type, m >> 16), 2 * c + 1, row0, col0, bytes);
    }
}

/* A lane's codes of one row, WIDTH / 4 words, put down by rows. */
MX_FN void mxg_tile_put(const mxg_job *j, uint32_t type, const mxg_target *t, uint8_t *line, uint64_t pos,
                        const uint32_t *codes)
{
    uint32_t q[4];

    MX_UNROLL
    for (uint32_t i = 0; i < MXG_WIDTH(type) / 4; i++)
        q[i] = codes[i];
    if (type == MX_FP32)
        mxg_put_eight(t, j->format.bits, line, pos, q);
    else
        mxg_put_sixteen(t, j->format.bits, line, pos, q);
}

/* Codes of one row along which the blocks run: 2 or 4 neighbouring lanes hold a block. */
MX_FN void mxg_tile_dim0(const mxg_job *j, uint32_t elem, uint32_t type, const uint32_t *w, uint64_t line, uint64_t pos)
{
    const mxg_target *t = &j->target[0];
    uint32_t a = mxg_fast_amax(type, 8, w), other = MX_SHFL_XOR(a, 1u), byte, codes[4];

    a = a > other ? a : other;
    if (type == MX_FP32) {
        other = MX_SHFL_XOR(a, 2u);
        a = a > other ? a : other;
    }
    byte = mxg_fast_scale(j, a);
    mxg_fast_codes(j, elem, type, MXG_WIDTH(type), w, &byte, 0, codes);
    if (pos % 32 == 0)
        t->scales[mxg_scale_at(t, line, pos / 32)] = (uint8_t)byte;
    mxg_tile_put(j, type, t, t->codes + (int64_t)line * t->line_stride, pos, codes);
}

/* Word (row / 4) of column col of the transposed codes in local memory. The 16-byte groups of a column are permuted by
 * its lane, so that neither side meets a bank twice. */
MX_FN uint32_t mxg_tile_word(uint32_t type, uint32_t col, uint32_t quad)
{
    return col * 32 + (((quad >> 2) ^ (col / MXG_WIDTH(type))) << 2) + (quad & 3u);
}

/* codes[r][q]: four rows of four columns each; put down by columns. */
MX_FN void mxg_tile_turn(uint32_t type, uint32_t codes[4][4], uint32_t *local)
{
    uint32_t col = mxg_tile_col(type), quad = mxg_tile_quad();

    MX_UNROLL
    for (uint32_t q = 0; q < MXG_WIDTH(type) / 4; q++) {
        uint32_t a = MX_BYTES(codes[0][q], codes[1][q], 0x5140u), b = MX_BYTES(codes[2][q], codes[3][q], 0x5140u);
        uint32_t c = MX_BYTES(codes[0][q], codes[1][q], 0x7362u), d = MX_BYTES(codes[2][q], codes[3][q], 0x7362u);

        local[mxg_tile_word(type, col + 4 * q, quad)] = MX_BYTES(a, b, 0x5410u);
        local[mxg_tile_word(type, col + 4 * q + 1, quad)] = MX_BYTES(a, b, 0x7632u);
        local[mxg_tile_word(type, col + 4 * q + 2, quad)] = MX_BYTES(c, d, 0x5410u);
        local[mxg_tile_word(type, col + 4 * q + 3, quad)] = MX_BYTES(c, d, 0x7632u);
    }
}

/* Columns of 128 codes out of local memory, 16 a lane at a time. */
MX_FN void mxg_tile_columns(const mxg_job *j, uint32_t type, const uint32_t *local, uint64_t row0, uint64_t col0)
{
    const mxg_target *t = &j->target[1];
    uint32_t q[4];

    MX_UNROLL
    for (uint32_t i = 0; i < MXG_COLS(type) / 32; i++) {
        uint32_t col = i * 32 + MX_TID / 8, group = MX_TID % 8;
        mxg_quad from = *(const mxg_quad *)(const void *)(local + mxg_tile_word(type, col, group * 4));

        MX_UNROLL
        for (uint32_t s = 0; s < 4; s++)
            q[s] = from.w[s];
        mxg_put_sixteen(t, j->format.bits, t->codes + (int64_t)(col0 + col) * t->line_stride, row0 + group * 16, q);
    }
}

/* Codes under the bytes of their columns. */
MX_FN void mxg_tile_codes(const mxg_job *j, uint32_t elem, uint32_t type, uint32_t w[4][8], const uint8_t *bytes,
                          uint32_t codes[4][4])
{
    const uint8_t *from = bytes + MX_TID / 64 * MXG_COLS(type) + mxg_tile_col(type);
    uint32_t byte[16];

    MX_UNROLL
    for (uint32_t i = 0; i < MXG_WIDTH(type); i++)
        byte[i] = from[i];
    MX_UNROLL
    for (uint32_t r = 0; r < 4; r++)
        mxg_fast_codes(j, elem, type, MXG_WIDTH(type), w[r], byte, 1, codes[r]);
}

/* rows and cols multiples of 128. */
MX_FN void mxg_tile(const mxg_job *j, uint32_t elem, uint32_t type, uint32_t *local, uint8_t *bytes)
{
    uint64_t down = mxg_quotient(&j->tiles, MX_BID), row0 = down * MXG_ROWS;
    uint64_t col0 = (MX_BID - down * j->tiles.by) * MXG_COLS(type);
    uint64_t row = row0 + mxg_tile_quad() * 4, col = col0 + mxg_tile_col(type), width = type == MX_FP32 ? 4 : 2;
    const uint8_t *from = (const uint8_t *)j->value + (uint64_t)((int64_t)row * j->row_stride + (int64_t)col) * width;
    uint32_t w[4][8], codes[4][4];

    MX_UNROLL
    for (uint32_t r = 0; r < 4; r++)
        mxg_load_words(from + (uint64_t)((int64_t)r * j->row_stride) * width, 8, w[r]);
    mxg_tile_partial(type, w, local);
    MX_SYNC();
    mxg_tile_scales(j, type, local, row0, col0, bytes);
    if (j->dim & MXG_DIM0) {
        MX_UNROLL
        for (uint32_t r = 0; r < 4; r++)
            mxg_tile_dim0(j, elem, type, w[r], row + r, col);
    }
    MX_SYNC();
    mxg_tile_codes(j, elem, type, w, bytes, codes);
    if (j->transposed) {
        mxg_tile_turn(type, codes, local);
        MX_SYNC();
        mxg_tile_columns(j, type, local, row0, col0);
    } else {
        MX_UNROLL
        for (uint32_t r = 0; r < 4; r++)
            mxg_tile_put(j, type, &j->target[1], j->target[1].codes + (int64_t)(row + r) * j->target[1].pos_stride, col,
                         codes[r]);
    }
}

#endif
