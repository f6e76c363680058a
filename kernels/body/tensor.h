/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tensors of any shape, stride, block size and profile: one lane a block. The kernels of dim0.h and tile.h do the
 * common shapes faster; mxg_repair does what they leave.
 */
#ifndef MXG_TENSOR_H
#define MXG_TENSOR_H

#include "kernels/body/cases.h"
#include "kernels/body/pack.h"

/* Element `pos` of line `line`, in elements from the start of `value`. */
MX_FN int64_t mxg_tensor_at(const mxg_job *j, uint32_t dim, uint64_t line, uint64_t pos)
{
    uint64_t row = dim == MXG_DIM0 ? line : pos, col = dim == MXG_DIM0 ? pos : line;

    return (int64_t)row * j->row_stride + (int64_t)col * j->col_stride;
}

MX_FN uint64_t mxg_tensor_value(const mxg_job *j, uint32_t dim, uint64_t line, uint64_t pos)
{
    return mxg_load(j->value, j->type, (uint64_t)mxg_tensor_at(j, dim, line, pos));
}

MX_FN uint32_t mxg_tensor_random(const mxg_job *j, uint32_t dim, uint64_t line, uint64_t pos)
{
    uint64_t row = dim == MXG_DIM0 ? line : pos, col = dim == MXG_DIM0 ? pos : line;

    return j->random ? j->random[row * j->cols + col] : 0u;
}

/* Quantise the block of n elements from `pos`. Packed, pos * bits is a multiple of 8 and the last byte is filled up
 * with zero bits. */
MX_FN void mxg_tensor_block(const mxg_job *j, uint32_t dim, uint64_t line, uint64_t at, uint64_t pos, uint64_t n)
{
    const mxg_target *t = &j->target[dim - 1];
    uint8_t *codes = t->codes + (int64_t)line * t->line_stride;
    uint32_t scale, flushed, bits = j->format.bits, held = 0, bag = 0;
    mxg_block b = {0, 0, 0};

    for (uint64_t i = 0; i < n; i++)
        b = mxg_block_with(j, b, mxg_tensor_value(j, dim, line, pos + i));
    scale = mxg_scale(j, b, &flushed);
    t->scales[mxg_scale_at(t, line, at)] = (uint8_t)scale;
    for (uint64_t i = 0; i < n; i++) {
        uint32_t code = mxg_element(j, mxg_tensor_value(j, dim, line, pos + i), scale, flushed,
                                    mxg_tensor_random(j, dim, line, pos + i));

        if (!t->packed) {
            codes[(int64_t)(pos + i) * t->pos_stride] = (uint8_t)code;
            continue;
        }
        bag |= code << held;
        for (held += bits; held >= 8 || (held && i + 1 == n); held = held > 8 ? held - 8 : 0) {
            codes[((pos + i + 1) * bits - held) / 8] = (uint8_t)bag;
            bag >>= 8;
        }
    }
}

MX_KERNEL void MX_BOUNDS(MXG_THREADS, 1) mxg_quantize_any(mxg_job j)
{
    uint64_t lines = j.dim == MXG_DIM0 ? j.rows : j.cols, length = j.dim == MXG_DIM0 ? j.cols : j.rows;
    uint64_t per = j.per[j.dim - 1].by, stride = j.groups * MXG_THREADS;

    for (uint64_t i = (uint64_t)MX_BID * MXG_THREADS + MX_TID; i < lines * per; i += stride) {
        /* Neighbouring lanes read neighbouring memory: down columns they take neighbouring lines. */
        uint64_t q = mxg_quotient(j.dim == MXG_DIM0 ? &j.per[0] : &j.lines[1], i);
        uint64_t line = j.dim == MXG_DIM0 ? q : i - q * lines, at = j.dim == MXG_DIM0 ? i - q * per : q;
        uint64_t pos = at * j.k;

        mxg_tensor_block(&j, j.dim, line, at, pos, length - pos < j.k ? length - pos : j.k);
    }
}

/* One lane an element. Packed codes are read bit by bit's byte. */
MX_KERNEL void MX_BOUNDS(MXG_THREADS, 1) mxg_dequantize_any(mxg_job j)
{
    const mxg_target *t = &j.target[j.dim - 1];
    uint64_t cells = j.rows * j.cols, stride = j.groups * MXG_THREADS;
    uint32_t bits = j.format.bits;

    for (uint64_t i = (uint64_t)MX_BID * MXG_THREADS + MX_TID; i < cells; i += stride) {
        uint64_t row = mxg_quotient(&j.columns, i), col = i - row * j.cols, line = j.dim == MXG_DIM0 ? row : col;
        uint64_t pos = j.dim == MXG_DIM0 ? col : row, bit = pos * bits;
        const uint8_t *codes = t->codes + (int64_t)line * t->line_stride;
        uint32_t code, scale = t->scales[mxg_scale_at(t, line, mxg_quotient(&j.block, pos))];

        if (!t->packed) {
            code = codes[(int64_t)pos * t->pos_stride];
        } else {
            code = (uint32_t)codes[bit / 8] >> bit % 8;
            if (bit % 8 + bits > 8)
                code |= (uint32_t)codes[bit / 8 + 1] << (8 - bit % 8);
        }
        mxg_store(j.value_out, j.type, (uint64_t)mxg_tensor_at(&j, j.dim, line, pos),
                  mxg_decode(&j, code & ((1u << bits) - 1), scale));
    }
}

#endif
