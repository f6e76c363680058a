/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packing, eight codes at a time: as one 64-bit word, whose fields are closed up two by two.
 */
#include "impl/pack.h"

#include <string.h>

#include <mx/fast.h>

#if defined(__GNUC__)
#define FLATTEN static inline __attribute__((always_inline))
#else
#define FLATTEN static inline
#endif

/* ---- a word ---- */

/* The lower half of each field of 2 * `half` bits. */
FLATTEN uint64_t lower(unsigned half)
{
    return half == 8 ? UINT64_C(0x00ff00ff00ff00ff) : half == 16 ? UINT64_C(0x0000ffff0000ffff) : UINT32_MAX;
}

/* Eight codes of `bits` bits from fields of 8 bits into fields of `bits` bits, and back. */
FLATTEN uint64_t close_up(uint64_t x, unsigned bits)
{
    for (unsigned half = 8, gap = 8 - bits; half <= 32; half *= 2, gap *= 2)
        x = (x & lower(half)) | (x & ~lower(half)) >> gap;
    return x;
}

FLATTEN uint64_t spread(uint64_t x, unsigned bits)
{
    for (unsigned half = 32, gap = 4 * (8 - bits); half >= 8; half /= 2, gap /= 2) {
        uint64_t low = lower(half) & lower(half) >> gap; /* the bits of the lower field */
        x = (x & low) | ((x & ~low) << gap & ~lower(half));
    }
    return x;
}

/* A word of `bytes` bytes whose first byte is the lowest (from_top 0) or the highest. */
FLATTEN uint64_t load(const uint8_t *at, unsigned bytes, int from_top)
{
    uint64_t x = 0;
    for (unsigned i = 0; i < bytes; i++)
        x |= (uint64_t)at[i] << 8 * (from_top ? bytes - 1 - i : i);
    return x;
}

FLATTEN void store(uint8_t *at, uint64_t x, unsigned bytes, int from_top)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (uint8_t)(x >> 8 * (from_top ? bytes - 1 - i : i));
}

/* ---- a stream ---- */

FLATTEN void pack_stream(unsigned bits, int from_top, const uint8_t *codes, size_t n, uint8_t *bytes)
{
    uint8_t last[8] = {0}, end[8];
    for (size_t i = 0; i < n / 8; i++)
        store(bytes + i * bits, close_up(load(codes + i * 8, 8, from_top), bits), bits, from_top);
    if (n % 8 == 0)
        return;
    memcpy(last, codes + n / 8 * 8, n % 8);
    store(end, close_up(load(last, 8, from_top), bits), bits, from_top);
    memcpy(bytes + n / 8 * bits, end, (n % 8 * bits + 7) / 8);
}

FLATTEN void unpack_stream(unsigned bits, int from_top, const uint8_t *bytes, size_t n, uint8_t *codes)
{
    uint8_t last[8] = {0}, end[8];
    for (size_t i = 0; i < n / 8; i++)
        store(codes + i * 8, spread(load(bytes + i * bits, bits, from_top), bits), 8, from_top);
    if (n % 8 == 0)
        return;
    memcpy(last, bytes + n / 8 * bits, (n % 8 * bits + 7) / 8);
    store(end, spread(load(last, bits, from_top), bits), 8, from_top);
    memcpy(codes + n / 8 * 8, end, n % 8);
}

/* ---- halves of a block ---- */

FLATTEN void pack_halves(const uint8_t *codes, size_t half, uint8_t *bytes)
{
    for (size_t i = 0; i < half; i++)
        bytes[i] = (uint8_t)(codes[i] | codes[half + i] << 4);
}

FLATTEN void unpack_halves(const uint8_t *bytes, size_t half, uint8_t *codes)
{
    for (size_t i = 0; i < half; i++) {
        uint8_t both = bytes[i];
        codes[i] = both & 15;
        codes[half + i] = both >> 4;
    }
}

/* ---- codes ---- */

FLATTEN void pack_some(unsigned bits, mx_layout layout, const uint8_t *codes, size_t n, uint8_t *bytes)
{
    if (layout == MX_LAYOUT_HIGH_FIRST)
        pack_stream(bits, 1, codes, n, bytes);
    else
        pack_stream(bits, 0, codes, n, bytes);
}

FLATTEN void unpack_some(unsigned bits, mx_layout layout, const uint8_t *bytes, size_t n, uint8_t *codes)
{
    if (layout == MX_LAYOUT_HIGH_FIRST)
        unpack_stream(bits, 1, bytes, n, codes);
    else
        unpack_stream(bits, 0, bytes, n, codes);
}

void mxfast_pack_codes(mx_layout layout, unsigned bits, const uint8_t *codes, size_t n, size_t blocks, uint8_t *bytes)
{
    if (layout == MX_LAYOUT_SPLIT_HALF) /* 32: the usual block, without a loop */
        for (size_t b = 0; b < blocks; b++, codes += n, bytes += n / 2)
            n == 32 ? pack_halves(codes, 16, bytes) : pack_halves(codes, n / 2, bytes);
    else if (bits == 8)
        memcpy(bytes, codes, n * blocks);
    else if (bits == 6)
        pack_some(6, layout, codes, n * blocks, bytes);
    else if (bits == 4)
        pack_some(4, layout, codes, n * blocks, bytes);
    else
        pack_some(bits, layout, codes, n * blocks, bytes);
}

void mxfast_unpack_codes(mx_layout layout, unsigned bits, const uint8_t *bytes, size_t n, size_t blocks, uint8_t *codes)
{
    if (layout == MX_LAYOUT_SPLIT_HALF)
        for (size_t b = 0; b < blocks; b++, codes += n, bytes += n / 2)
            n == 32 ? unpack_halves(bytes, 16, codes) : unpack_halves(bytes, n / 2, codes);
    else if (bits == 8)
        memcpy(codes, bytes, n * blocks);
    else if (bits == 6)
        unpack_some(6, layout, bytes, n * blocks, codes);
    else if (bits == 4)
        unpack_some(4, layout, bytes, n * blocks, codes);
    else
        unpack_some(bits, layout, bytes, n * blocks, codes);
}

/* ---- scales ---- */

void mxfast_tile_fill(uint8_t *bytes, size_t rows, size_t cols)
{
    size_t tile_rows = mxfast_ceil_div(rows, MXFAST_TILE_ROWS) * MXFAST_TILE_ROWS;
    size_t tile_cols = mxfast_ceil_div(cols, MXFAST_TILE_COLS) * MXFAST_TILE_COLS;
    for (size_t r = 0; r < tile_rows; r++)
        for (size_t c = r < rows ? cols : 0; c < tile_cols; c++)
            bytes[mxfast_tile_at(r, c, cols)] = 0;
}

static void swizzle(const mx_batch *shape, const uint8_t *scales, uint8_t *bytes)
{
    mxfast_tile_fill(bytes, shape->rows, shape->cols);
    for (size_t r = 0; r < shape->rows; r++)
        for (size_t c = 0; c < shape->cols; c++)
            bytes[mxfast_tile_at(r, c, shape->cols)] = scales[r * shape->cols + c];
}

static void unswizzle(const mx_batch *shape, const uint8_t *bytes, uint8_t *scales)
{
    for (size_t r = 0; r < shape->rows; r++)
        for (size_t c = 0; c < shape->cols; c++)
            scales[r * shape->cols + c] = bytes[mxfast_tile_at(r, c, shape->cols)];
}

void mxfast_rearrange(const mx_batch *shape, const uint8_t *in, uint8_t *out)
{
    switch (shape->op) {
    case MX_OP_PACK:
        mxfast_pack_codes(shape->layout, mxfast_facts(shape->elem)->bits, in, shape->k, 1, out);
        break;
    case MX_OP_UNPACK:
        mxfast_unpack_codes(shape->layout, mxfast_facts(shape->elem)->bits, in, shape->k, 1, out);
        break;
    case MX_OP_SWIZZLE:
        swizzle(shape, in, out);
        break;
    default:
        unswizzle(shape, in, out);
        break;
    }
}
