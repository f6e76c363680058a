/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Squares of 128 by 128: blocks of 32 down columns, stored by rows or transposed, and along rows too when asked, from
 * one read. A work group takes a square in tiles of 64 rows and 256 bytes; a lane holds a strip of each of 4 rows.
 * Codes are stored in whole lines of memory: 128 bytes of a row, or of a column out of local memory.
 *
 * Scales: each of a square's 128 lines has four neighbouring bytes, a word. Eighths of sectors are slow to write. Where
 * the scales of a line lie together and their number is a multiple of 32, squares write them in whole sectors in
 * another order, and the kernel that runs afterwards, mxg_repair, puts them right: see stage.h.
 */
#ifndef MXG_TILE_H
#define MXG_TILE_H

#include "kernels/body/stage.h"
#include "kernels/body/strips.h"

#define MXG_SQUARE     128u
#define MXG_ACROSS     16u /* strips side by side */
#define MXG_ROWS       64u
#define MXG_COLS(type) (MXG_ACROSS * MXG_STRIP(type))
#define MXG_COLUMN     (MXG_SQUARE / 4u + 4u) /* words between columns of transposed codes */

/* Local memory. */
typedef struct mxg_local {
    mxg_quad turned[MXG_SQUARE * MXG_COLUMN / 4u]; /* codes by columns */
    mxg_quad part[MXG_THREADS];                    /* partial maxima */
    uint32_t marks[MXG_SQUARE];                    /* of the tile's blocks down columns, 16 bits each */
    uint32_t scales[2][MXG_SQUARE];                /* the square's: rows, columns */
} mxg_local;

/* Where a lane is in each tile. */
MX_FN uint32_t mxg_tile_row(void)
{
    return MX_TID / MXG_ACROSS * MXG_STRIPS;
}

MX_FN uint32_t mxg_tile_col(uint32_t type)
{
    return MX_TID % MXG_ACROSS * MXG_STRIP(type);
}

/* A lane's strips of the tile at (row0, col0). */
MX_FN void mxg_tile_load(const mxg_job *j, uint32_t type, uint64_t row0, uint64_t col0, uint32_t w[MXG_STRIPS][4])
{
    int64_t width = type == MX_FP32 ? 4 : 2, row = (int64_t)row0 + mxg_tile_row(),
            col = (int64_t)col0 + mxg_tile_col(type);
    const uint8_t *from = (const uint8_t *)j->value + (row * j->row_stride + col) * width;

    MX_UNROLL
    for (uint32_t r = 0; r < MXG_STRIPS; r++) {
        mxg_load_strip(from, w[r]);
        from += j->row_stride * width;
    }
}

/* Each lane's largest magnitudes over its 4 rows, a word a column (fp32) or two columns. */
MX_FN void mxg_tile_partial(uint32_t type, uint32_t w[MXG_STRIPS][4], mxg_quad *part)
{
    mxg_quad q;

    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++) {
        q.w[i] = 0;
        MX_UNROLL
        for (uint32_t r = 0; r < MXG_STRIPS; r++)
            q.w[i] = mxg_fast_max(type, q.w[i], w[r][i]);
    }
    part[MX_TID] = q;
}

/* The blocks of the tile down columns, two bands of them, one to each lane or to every other: marks, and bytes of the
 * square's column col0 + ..., band y + .... */
MX_FN void mxg_tile_scales(const mxg_job *j, uint32_t elem, uint32_t type, mxg_local *local, uint32_t row0,
                           uint32_t col0)
{
    const uint32_t *part = local->part[0].w;
    uint32_t col = MX_TID % MXG_COLS(type), band = MX_TID / MXG_COLS(type), m = 0, byte;
    uint32_t word = type == MX_FP32 ? col : col / 2;

    if (band >= 2)
        return;
    MX_UNROLL
    for (uint32_t i = 0; i < 8; i++)
        m = mxg_fast_max(type, m, part[(band * 8 + i) * 4 * MXG_ACROSS + word]);
    if (type != MX_FP32)
        m = mxg_fast_wide(type, col & 1u ? m >> 16 : m & 0xffffu);
    byte = mxg_fast_scale(j, m);
    ((uint16_t *)(void *)local->marks)[band * MXG_COLS(type) + col] = (uint16_t)mxg_mark(elem, byte);
    ((uint8_t *)(void *)local->scales[1])[(col0 + col) * 4 + row0 / 32 + band] = (uint8_t)byte;
}

/* The codes of this lane's four rows, by rows. */
MX_FN void mxg_tile_put_rows(uint32_t bits, uint32_t type, const mxg_target *t, int64_t stride, uint64_t row0,
                             uint64_t col0, uint32_t sixteen[2][4])
{
    uint64_t row = row0 + mxg_tile_row(), pos = mxg_sixteen_pos(col0 + mxg_tile_col(type));

    MX_UNROLL
    for (uint32_t i = 0; i < MXG_SIXTEENS(type); i++)
        mxg_put_shared(t, bits, type, t->codes + (int64_t)(row + mxg_sixteen_row(type, i)) * stride, pos, sixteen[i]);
}

/* Word (row / 4) of column col of the transposed codes in local memory. The columns of one lane lie apart, those of
 * neighbouring lanes side by side with a gap: neither side meets a bank twice. */
MX_FN uint32_t mxg_tile_word(uint32_t type, uint32_t col, uint32_t quad)
{
    return (col % MXG_STRIP(type) * MXG_ACROSS + col / MXG_STRIP(type)) * MXG_COLUMN + quad;
}

/* codes[r][q]: four rows of four columns each; put down by columns at row0 of the square. */
MX_FN void mxg_tile_turn(uint32_t type, uint32_t codes[MXG_STRIPS][2], uint32_t row0, uint32_t *turned)
{
    uint32_t col = mxg_tile_col(type), quad = (row0 + mxg_tile_row()) / 4;

    MX_UNROLL
    for (uint32_t q = 0; q < MXG_STRIP(type) / 4; q++) {
        uint32_t a = MX_BYTES(codes[0][q], codes[1][q], 0x5140u), b = MX_BYTES(codes[2][q], codes[3][q], 0x5140u);
        uint32_t c = MX_BYTES(codes[0][q], codes[1][q], 0x7362u), d = MX_BYTES(codes[2][q], codes[3][q], 0x7362u);

        turned[mxg_tile_word(type, col + 4 * q, quad)] = MX_BYTES(a, b, 0x5410u);
        turned[mxg_tile_word(type, col + 4 * q + 1, quad)] = MX_BYTES(a, b, 0x7632u);
        turned[mxg_tile_word(type, col + 4 * q + 2, quad)] = MX_BYTES(c, d, 0x5410u);
        turned[mxg_tile_word(type, col + 4 * q + 3, quad)] = MX_BYTES(c, d, 0x7632u);
    }
}

/* 16 bytes of a column's codes, the piece-th: 16 codes, 32 of FP4, or 21 and a third of FP6, out of six words. */
MX_FN void mxg_tile_piece(uint32_t bits, const uint32_t *column, uint32_t piece, uint32_t q[4])
{
    if (bits == 8) {
        mxg_load_strip(column + piece * 4, q);
    } else if (bits == 4) {
        uint32_t more[4];

        mxg_load_strip(column + piece * 8, q);
        mxg_load_strip(column + piece * 8 + 4, more);
        q[0] = mxg_pack_four(q[0], q[1]);
        q[1] = mxg_pack_four(q[2], q[3]);
        q[2] = mxg_pack_four(more[0], more[1]);
        q[3] = mxg_pack_four(more[2], more[3]);
    } else {
        uint32_t half = piece >= 3, third = piece - 3 * half, s[6], r[5];

        MX_UNROLL
        for (uint32_t i = 0; i < 6; i++)
            s[i] = mxg_pack_six(column[half * 16 + third * 5 + i]);
        r[0] = s[0] | s[1] << 24;
        r[1] = s[1] >> 8 | s[2] << 16;
        r[2] = s[2] >> 16 | s[3] << 8;
        r[3] = s[4] | s[5] << 24;
        r[4] = s[5] >> 8;
        MX_UNROLL
        for (uint32_t i = 0; i < 4; i++)
            q[i] = (uint32_t)(((uint64_t)r[i + 1] << 32 | r[i]) >> 8 * third);
    }
}

/* Columns of 128 codes out of local memory, 16 bytes a lane at a time. */
MX_FN void mxg_tile_columns(const mxg_job *j, uint32_t bits, uint32_t type, const uint32_t *turned, uint64_t row0,
                            uint64_t col0)
{
    const mxg_target *t = &j->target[1];
    uint32_t stored = t->packed ? bits : 8; /* and pieces of a column */

    MX_ONCE
    for (uint32_t i = MX_TID; i < MXG_COLS(type) * stored; i += MXG_THREADS) {
        uint32_t col = stored == 8 ? i / 8 : stored == 4 ? i / 4 : i / 6, piece = i - col * stored, q[4];

        mxg_tile_piece(stored, turned + mxg_tile_word(type, col, 0), piece, q);
        mxg_store_strip(t->codes + (int64_t)(col0 + col) * t->line_stride + row0 / 8 * stored + piece * 16, q);
    }
}

/* Blocks along the rows of a tile, whose place in the square is (row, col). */
MX_FN void mxg_tile_dim0(const mxg_job *j, uint32_t elem, uint32_t type, uint64_t row0, uint64_t col0, uint32_t row,
                         uint32_t col, uint32_t w[MXG_STRIPS][4], mxg_local *local)
{
    const mxg_target *t = &j->target[0];
    uint32_t line = row + mxg_tile_row() + mxg_strip_row(), at = col + mxg_tile_col(type), own, sixteen[2][4];

    mxg_strips_along(j, elem, type, w, &own, sixteen);
    if (at % 32 < 4 * MXG_STRIP(type))
        ((uint8_t *)(void *)local->scales[0])[line * 4 + at / 32] = (uint8_t)own;
    mxg_tile_put_rows(mxg_strip_bits(j, elem), type, t, t->line_stride, row0 + row, col0 + col, sixteen);
}

/* One tile: row and col are its place in the square at (row0, col0). */
MX_FN void mxg_tile_convert(const mxg_job *j, uint32_t elem, uint32_t type, uint64_t row0, uint64_t col0, uint32_t row,
                            uint32_t col, mxg_local *local)
{
    uint32_t w[MXG_STRIPS][4], codes[MXG_STRIPS][2], sixteen[2][4], marks[4];
    const uint32_t *from = local->marks + (mxg_tile_row() / 32 * MXG_COLS(type) + mxg_tile_col(type)) / 2;

    mxg_tile_load(j, type, row0 + row, col0 + col, w);
    mxg_tile_partial(type, w, local->part);
    MX_SYNC();
    mxg_tile_scales(j, elem, type, local, row, col);
    if (j->dim & MXG_DIM0)
        mxg_tile_dim0(j, elem, type, row0, col0, row, col, w, local);
    MX_SYNC();
    MX_UNROLL
    for (uint32_t i = 0; i < MXG_STRIP(type) / 2; i++)
        marks[i] = from[i];
    MX_UNROLL
    for (uint32_t r = 0; r < MXG_STRIPS; r++)
        mxg_strip_codes(j, elem, type, w[r], marks, codes[r]);
    if (j->transposed) {
        mxg_tile_turn(type, codes, row, local->turned[0].w);
    } else {
        mxg_strips_gather(type, codes, sixteen);
        mxg_tile_put_rows(8, type, &j->target[1], j->target[1].pos_stride, row0 + row, col0 + col, sixteen);
    }
}

/* rows and cols multiples of 128. */
MX_FN void mxg_tile(const mxg_job *j, uint32_t elem, uint32_t type, mxg_local *local)
{
    uint64_t down = mxg_quotient(&j->squares, MX_BID), row0 = down * MXG_SQUARE;
    uint64_t col0 = (MX_BID - down * j->squares.by) * MXG_SQUARE;

    MX_ONCE
    for (uint32_t col = 0; col < MXG_SQUARE; col += MXG_COLS(type)) {
        MX_ONCE
        for (uint32_t row = 0; row < MXG_SQUARE; row += MXG_ROWS) {
            mxg_tile_convert(j, elem, type, row0, col0, row, col, local);
            MX_SYNC();
        }
        if (j->transposed)
            mxg_tile_columns(j, mxg_strip_bits(j, elem), type, local->turned[0].w, row0, col0 + col);
    }
    if (j->dim & MXG_DIM0)
        mxg_stage_put(j, 0, local->scales[0], row0, col0 / 32);
    mxg_stage_put(j, 1, local->scales[1], col0, row0 / 32);
}

#endif
