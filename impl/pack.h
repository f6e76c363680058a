/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Layouts of codes and scales in memory (mx_layout): bytes only, no number is looked at.
 */
#ifndef IMPL_PACK_H
#define IMPL_PACK_H

#include <mx/types.h>

/* How many groups of k hold n, the last perhaps not full. */
static inline size_t mxfast_ceil_div(size_t n, size_t k)
{
    return n / k + (n % k != 0);
}

/* Bytes of n codes of `bits` bits. */
static inline size_t mxfast_packed_bytes(unsigned bits, size_t n)
{
    return n / 8 * bits + (n % 8 * bits + 7) / 8;
}

/* Blocks of n codes, one a byte, to packed bytes, where bits after the last code are zero; and back, where those bits
 * are ignored. With split-half n is even; with the other layouts n codes fill whole bytes unless there is one block
 * only. */
void mxfast_pack_codes(mx_layout layout, unsigned bits, const uint8_t *codes, size_t n, size_t blocks, uint8_t *bytes);
void mxfast_unpack_codes(mx_layout layout, unsigned bits, const uint8_t *bytes, size_t n, size_t blocks,
                         uint8_t *codes);

/* Tiles of 128 x 4 scales, in rows of tiles. */
enum { MXFAST_TILE_ROWS = 128, MXFAST_TILE_COLS = 4, MXFAST_TILE = MXFAST_TILE_ROWS * MXFAST_TILE_COLS };

/* Bytes of a row of tiles for `cols` columns. */
static inline size_t mxfast_tile_row_bytes(size_t cols)
{
    return mxfast_ceil_div(cols, MXFAST_TILE_COLS) * MXFAST_TILE;
}

/* Where scale (row, col) of a matrix of `cols` columns lies. */
static inline size_t mxfast_tile_at(size_t row, size_t col, size_t cols)
{
    return row / MXFAST_TILE_ROWS * mxfast_tile_row_bytes(cols) + col / MXFAST_TILE_COLS * MXFAST_TILE + row % 32 * 16 +
           row % MXFAST_TILE_ROWS / 32 * 4 + col % MXFAST_TILE_COLS;
}

/* Zero the cells of the last tiles that lie outside rows x cols. */
void mxfast_tile_fill(uint8_t *bytes, size_t rows, size_t cols);

/* One case of pack, unpack, swizzle or unswizzle. */
void mxfast_rearrange(const mx_batch *shape, const uint8_t *in, uint8_t *out);

#endif
