/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Arrangements of bytes, by definition: where each bit of each code (scale) lies. One statement of the place serves
 * both directions. MX v1.0 prescribes no order, so the layouts are those that systems document (D27).
 */
#include <string.h>

#include "ref/internal.h"

enum { BYTE = 8, NIBBLE = 4, TILE_ROWS = 128, TILE_COLS = 4, TILE_BYTES = 512, TILE_GROUP = 32 };

/* Bits of what is arranged: of an element code, or of a scale. */
static unsigned width(const mx_batch *shape)
{
    return shape->elem ? mxref_facts(shape->elem)->bits : BYTE;
}

/* 128x4: where scale (r, c) lies. */
static size_t tile_place(const mx_batch *shape, size_t r, size_t c)
{
    size_t tiles_across = (shape->cols + TILE_COLS - 1) / TILE_COLS;
    size_t tile = r / TILE_ROWS * tiles_across + c / TILE_COLS;

    return tile * TILE_BYTES + r % TILE_GROUP * 16 + r % TILE_ROWS / TILE_GROUP * TILE_COLS + c % TILE_COLS;
}

mx_status mxref_layout_place(const mx_batch *shape, size_t index, unsigned bit, size_t *byte, unsigned *position)
{
    size_t stream, half;
    unsigned w;

    if (!byte || !position || mx_shape_check(shape, NULL) != MX_OK || !shape->layout || index >= shape->k)
        return MX_EINVAL;
    w = width(shape);
    if (bit >= w)
        return MX_EINVAL;
    switch (shape->layout) {
    case MX_LAYOUT_LOW_FIRST:
        stream = index * w + bit;
        *byte = stream / BYTE;
        *position = (unsigned)(stream % BYTE);
        break;
    case MX_LAYOUT_HIGH_FIRST:
        stream = index * w + (w - 1 - bit);
        *byte = stream / BYTE;
        *position = BYTE - 1 - (unsigned)(stream % BYTE);
        break;
    case MX_LAYOUT_SPLIT_HALF:
        half = shape->k / 2;
        *byte = index % half;
        *position = index < half ? bit : NIBBLE + bit;
        break;
    case MX_LAYOUT_128X4:
        *byte = tile_place(shape, index / shape->cols, index % shape->cols);
        *position = bit;
        break;
    }
    return MX_OK;
}

/* One case: the bits of `items` into `bytes`, or (back) out of them. Bits that hold nothing are zero and not read. */
static void arrange(const mx_batch *shape, uint8_t *items, uint8_t *bytes, int back)
{
    unsigned w = width(shape);

    memset(back ? items : bytes, 0, back ? shape->k : mx_layout_bytes(shape));
    for (size_t j = 0; j < shape->k; j++)
        for (unsigned b = 0; b < w; b++) {
            size_t byte = 0;
            unsigned position = 0;
            (void)mxref_layout_place(shape, j, b, &byte, &position); /* the batch was checked */
            if (back)
                items[j] = (uint8_t)(items[j] | (bytes[byte] >> position & 1u) << b);
            else
                bytes[byte] = (uint8_t)(bytes[byte] | (items[j] >> b & 1u) << position);
        }
}

void mxref_pack_case(const mx_batch *batch, size_t i)
{
    size_t bytes = mx_layout_bytes(batch);
    int matrix = batch->op == MX_OP_SWIZZLE || batch->op == MX_OP_UNSWIZZLE;

    if (batch->op == MX_OP_PACK || batch->op == MX_OP_SWIZZLE) {
        const uint8_t *in = matrix ? batch->in.scale : batch->in.code;
        uint8_t *items;
        memcpy(&items, &in, sizeof items); /* read only on this way */
        arrange(batch, items + i * batch->k, batch->out.byte + i * bytes, 0);
    } else {
        uint8_t *in;
        memcpy(&in, &batch->in.byte, sizeof in);
        arrange(batch, (matrix ? batch->out.scale : batch->out.code) + i * batch->k, in + i * bytes, 1);
    }
}
