/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Blocks of 32 down columns, stored by rows or transposed, and along rows too when asked, from one read. A work group
 * takes a panel of 128 rows of 512 bytes in four tiles of 32 rows: a row is a wave's, a lane holds a strip of each of 4
 * rows, and the next tile is on its way while one is converted. Codes go to memory in whole lines: those of a row from
 * a wave, those of a column out of local memory. Panels are taken in squares of up to 4 by 32, so that what they write
 * of a column lies together.
 *
 * Scales: a panel has a word or two of each of its lines, and the number of places that are written is what costs time.
 * Where the scales of a line lie together and their number is a multiple of 32, panels write them in whole sectors in
 * another order, and the kernel that runs afterwards, mxg_repair, puts them right: see stage.h.
 */
#ifndef MXG_TILE_H
#define MXG_TILE_H

#include "kernels/body/stage.h"
#include "kernels/body/strips.h"

#define MXG_TILES      4u
#define MXG_ROWS       32u                     /* of a tile */
#define MXG_COLS(type) (32u * MXG_STRIP(type)) /* of a tile: 128 (fp32) or 256 */

/* Local memory. */
typedef struct mxg_local {
    mxg_quad turned[2048];      /* codes by columns: mxg_tile_word */
    mxg_quad part[MXG_THREADS]; /* largest magnitudes of 4 rows */
    uint32_t marks[128];        /* of the tile's blocks down columns, 16 bits each */
    uint32_t scales[256];       /* of the panel's rows */
} mxg_local;

/* A group's panel and a lane's place in its tiles. */
typedef struct mxg_panel {
    uint64_t row0, col0;
    uint32_t cols; /* that are there: the last panel may be half as wide */
    uint32_t row, col;
} mxg_panel;

MX_FN mxg_panel mxg_panel_of(const mxg_job *j, uint32_t type)
{
    uint32_t square = MX_BID >> (j->wide + j->high), in = MX_BID - (square << (j->wide + j->high)), y = in >> j->wide;
    uint32_t down = mxg_quotient_31(&j->squares, square), across = square - down * (uint32_t)j->squares.by;
    mxg_panel p;

    p.row0 = (uint64_t)((down << j->high) + y) * (MXG_TILES * MXG_ROWS);
    p.col0 = (uint64_t)((across << j->wide) + in - (y << j->wide)) * MXG_COLS(type);
    p.cols = j->cols - p.col0 < MXG_COLS(type) ? 128u : MXG_COLS(type);
    p.row = MX_TID / 32 * MXG_STRIPS;
    p.col = MX_TID % 32 * MXG_STRIP(type);
    return p;
}

MX_FN void mxg_tile_load(const uint8_t *from, int64_t stride, uint32_t w[MXG_STRIPS][4])
{
    MX_UNROLL
    for (uint32_t r = 0; r < MXG_STRIPS; r++)
        mxg_load_strip(from + (int64_t)r * stride, w[r]);
}

/* Each lane's largest magnitudes over its 4 rows, a word a column (fp32) or two columns. */
MX_FN void mxg_tile_partial(uint32_t type, uint32_t w[MXG_STRIPS][4], mxg_quad *part)
{
    mxg_quad q;

    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++) {
        q.w[i] = mxg_fast_magnitude(type, w[0][i]);
        MX_UNROLL
        for (uint32_t r = 1; r < MXG_STRIPS; r++)
            q.w[i] = mxg_fast_max(type, q.w[i], mxg_fast_magnitude(type, w[r][i]));
    }
    part[MX_TID] = q;
}

/* The tile's blocks down columns, one to each lane or to every other: marks, and the byte. */
MX_FN uint32_t mxg_tile_scale(const mxg_job *j, uint32_t elem, uint32_t type, mxg_local *local)
{
    const uint32_t *part = local->part[0].w + (type == MX_FP32 ? MX_TID : MX_TID / 2);
    uint32_t m = 0, byte;

    if (MX_TID >= MXG_COLS(type))
        return 0;
    MX_UNROLL
    for (uint32_t i = 0; i < 8; i++)
        m = mxg_fast_max(type, m, part[i * 128]);
    if (type != MX_FP32)
        m = mxg_fast_wide(type, MX_TID & 1u ? m >> 16 : m & 0xffffu);
    byte = mxg_fast_scale(j, m);
    ((uint16_t *)(void *)local->marks)[MX_TID] = (uint16_t)mxg_mark(elem, byte);
    return byte;
}

/* Blocks along the rows of a tile: codes from `to` on, bytes to local memory. */
MX_FN void mxg_tile_along(const mxg_job *j, uint32_t elem, uint32_t type, const mxg_panel *p, uint32_t tile,
                          uint8_t *to, uint32_t as, uint32_t own, uint32_t w[MXG_STRIPS][4], mxg_local *local)
{
    const mxg_target *t = &j->target[0];
    uint32_t codes[MXG_STRIPS][2], row = tile * MXG_ROWS + p->row + mxg_strip_row();

    mxg_strips_along(j, elem, type, as, own, w, codes);
    if (p->col % 32 < 4 * MXG_STRIP(type))
        ((uint8_t *)(void *)local->scales)[row * (MXG_COLS(type) / 32) + p->col / 32] = (uint8_t)own;
    mxg_put_strips(t, mxg_strip_bits(j, elem), type, to, t->line_stride, p->col < p->cols, codes);
}

/* Word (quad: four rows) of column `col` of the transposed codes in local memory, in pieces of 16 bytes, exchanged so
 * that neither a wave of columns nor one of pieces meets a bank twice. */
MX_FN uint32_t mxg_tile_word(uint32_t type, uint32_t col, uint32_t quad)
{
    uint32_t lane = col / MXG_STRIP(type);

    return (col % MXG_STRIP(type) * 32 + lane) * 32 + (quad / 4 ^ (lane & 7u)) * 4 + (quad % 4 ^ lane / 8);
}

/* codes[r][q]: four rows of four columns each; put down by columns. */
MX_FN void mxg_tile_turn(uint32_t type, uint32_t codes[MXG_STRIPS][2], uint32_t col, uint32_t quad, uint32_t *turned)
{
    uint32_t *to = turned + mxg_tile_word(type, col, quad);

    MX_UNROLL
    for (uint32_t q = 0; q < MXG_STRIP(type) / 4; q++) {
        uint32_t a = MX_BYTES(codes[0][q], codes[1][q], 0x5140u), b = MX_BYTES(codes[2][q], codes[3][q], 0x5140u);
        uint32_t c = MX_BYTES(codes[0][q], codes[1][q], 0x7362u), d = MX_BYTES(codes[2][q], codes[3][q], 0x7362u);

        to[(4 * q + 0) * 1024] = MX_BYTES(a, b, 0x5410u);
        to[(4 * q + 1) * 1024] = MX_BYTES(a, b, 0x7632u);
        to[(4 * q + 2) * 1024] = MX_BYTES(c, d, 0x5410u);
        to[(4 * q + 3) * 1024] = MX_BYTES(c, d, 0x7632u);
    }
}

/* Columns of 128 codes out of local memory: 16 a lane, eight lanes a column. */
MX_FN void mxg_tile_columns(const mxg_job *j, uint32_t bits, uint32_t type, const mxg_panel *p, const uint32_t *turned)
{
    const mxg_target *t = &j->target[1];
    uint32_t piece = MX_TID % 8;
    uint8_t *to = t->codes + (int64_t)(p->col0 + MX_TID / 8) * t->line_stride + mxg_line_bytes(t, bits, p->row0) +
                  (t->packed ? (bits == 6 ? piece / 4 * 48 : piece * 8) : piece * 16);

    MX_UNROLL
    for (uint32_t i = 0; i < MXG_COLS(type) / 32; i++) {
        uint32_t from[4], q[4], exchanged = i * 32 / MXG_STRIP(type) / 8;

        mxg_load_strip(turned + (mxg_tile_word(type, i * 32 + MX_TID / 8, piece * 4) & ~3u), from);
        MX_UNROLL
        for (uint32_t k = 0; k < 4; k++)
            q[k] = from[k ^ exchanged];
        mxg_put_shared(t, bits, 1, i * 32 < p->cols, to, q);
        to += 32 * t->line_stride;
    }
}

/* The panel's scales to memory; `word`: four of column MX_TID. */
MX_FN void mxg_tile_put_scales(const mxg_job *j, uint32_t type, const mxg_panel *p, uint32_t word,
                               const mxg_local *local)
{
    uint32_t half = MX_TID / 128, line = MX_TID % 128;

    if (MX_TID >= p->cols)
        return;
    if (j->dim & MXG_DIM0)
        mxg_stage_put(j, 0, p->row0 + line, p->col0 / 32 + 4 * half,
                      local->scales[line * (MXG_COLS(type) / 128) + half]);
    mxg_stage_put(j, 1, p->col0 + MX_TID, p->row0 / 32, word);
}

/* rows and cols multiples of 128. */
MX_FN void mxg_tile(const mxg_job *j, uint32_t elem, uint32_t type, mxg_local *local)
{
    mxg_panel p = mxg_panel_of(j, type);
    uint32_t w[MXG_STRIPS][4], codes[MXG_STRIPS][2], marks[4], word = 0, bits = mxg_strip_bits(j, elem), as, own;
    const uint32_t *mine = local->marks + p.col / 2;
    const mxg_target *t0 = &j->target[0], *t1 = &j->target[1];
    int64_t width = type == MX_FP32 ? 4 : 2, stride = j->row_stride * width, row = (int64_t)p.row0 + p.row;
    uint8_t *to0 = t0->codes + row * t0->line_stride + mxg_line_bytes(t0, bits, p.col0 + p.col);
    /* lanes past the end of a narrow panel read it again */
    const uint8_t *from =
        (const uint8_t *)j->value + row * stride + (int64_t)(p.col0 + (p.col < p.cols ? p.col : p.col - 128u)) * width;

    mxg_tile_load(from, stride, w);
    MX_ONCE
    for (uint32_t tile = 0; tile < MXG_TILES; tile++) {
        if (j->fetch && tile + 1 < MXG_TILES) {
            MX_UNROLL
            for (uint32_t r = 0; r < MXG_STRIPS; r++)
                MX_FETCH(from + (int64_t)(MXG_ROWS + r) * stride);
        }
        mxg_tile_partial(type, w, local->part);
        own = j->dim & MXG_DIM0 ? mxg_fast_scale(j, mxg_strips_amax(type, w)) : 0;
        as = mxg_strips_narrow(elem, type, w);
        MX_SYNC();
        word = word >> 8 | mxg_tile_scale(j, elem, type, local) << 24;
        if (j->dim & MXG_DIM0)
            mxg_tile_along(j, elem, type, &p, tile, to0, as, own, w, local);
        MX_SYNC();
        MX_UNROLL
        for (uint32_t i = 0; i < MXG_STRIP(type) / 2; i++)
            marks[i] = mine[i];
        MX_UNROLL
        for (uint32_t r = 0; r < MXG_STRIPS; r++)
            mxg_strip_codes(j, elem, type, as, w[r], marks, codes[r]);
        from += MXG_ROWS * stride;
        if (tile + 1 < MXG_TILES)
            mxg_tile_load(from, stride, w);
        if (j->transposed)
            mxg_tile_turn(type, codes, p.col, tile * (MXG_ROWS / 4) + p.row / 4, local->turned[0].w);
        else
            mxg_put_strips(t1, 8, type, t1->codes + (row + tile * MXG_ROWS) * t1->pos_stride + p.col0 + p.col,
                           t1->pos_stride, p.col < p.cols, codes);
        to0 += MXG_ROWS * t0->line_stride;
    }
    MX_SYNC();
    if (j->transposed)
        mxg_tile_columns(j, bits, type, &p, local->turned[0].w);
    mxg_tile_put_scales(j, type, &p, word, local);
}

#endif
