/* SPDX-License-Identifier: BSD-3-Clause
 *
 * pack, unpack, swizzle, unswizzle (mx_layout): no arithmetic, only places. A lane an output cell. What fills up is
 * written as zero and never read (decision D28).
 */
#ifndef MXG_ARRANGE_H
#define MXG_ARRANGE_H

#include "kernels/body/cases.h"

/* Code that holds bit s of a stream of w-bit codes; w is 4, 6 or 8. */
MX_FN uint64_t mxg_code_at(uint64_t s, uint32_t w)
{
    return w == 8 ? s / 8 : w == 4 ? s / 4 : s / 6;
}

/* Byte b of the packed form of k codes. */
MX_FN uint32_t mxg_pack_byte(const mxg_job *j, const uint8_t *code, uint64_t b)
{
    uint32_t w = j->format.bits, byte = 0;

    if (j->layout == MX_LAYOUT_SPLIT_HALF)
        return code[b] | (uint32_t)code[b + j->k / 2] << 4;
    for (uint32_t i = 0; i < 8; i++) {
        uint64_t s = 8 * b + i, c = mxg_code_at(s, w);
        uint32_t in = (uint32_t)(s - c * w), bit;

        if (c >= j->k)
            break;
        bit = (uint32_t)code[c] >> (j->layout == MX_LAYOUT_LOW_FIRST ? in : w - 1 - in) & 1u;
        byte |= bit << (j->layout == MX_LAYOUT_LOW_FIRST ? i : 7 - i);
    }
    return byte;
}

/* Code c out of packed bytes. */
MX_FN uint32_t mxg_unpack_code(const mxg_job *j, const uint8_t *byte, uint64_t c)
{
    uint32_t w = j->format.bits, code = 0;

    if (j->layout == MX_LAYOUT_SPLIT_HALF)
        return c < j->k / 2 ? byte[c] & 0xfu : (uint32_t)byte[c - j->k / 2] >> 4;
    for (uint32_t i = 0; i < w; i++) {
        uint64_t s = c * w + i;
        uint32_t in = (uint32_t)s & 7u;
        uint32_t bit = (uint32_t)byte[s / 8] >> (j->layout == MX_LAYOUT_LOW_FIRST ? in : 7 - in) & 1u;

        code |= bit << (j->layout == MX_LAYOUT_LOW_FIRST ? i : w - 1 - i);
    }
    return code;
}

/* Byte b of the 128x4 form of a matrix of scales. */
MX_FN uint32_t mxg_swizzle_byte(const mxg_job *j, const uint8_t *scale, uint64_t b)
{
    uint64_t tile = b / 512, in = b % 512, down = mxg_quotient(&j->across[0], tile);
    uint64_t row = down * 128 + in % 16 / 4 * 32 + in / 16, col = (tile - down * j->across[0].by) * 4 + in % 4;

    return row < j->rows && col < j->cols ? scale[row * j->cols + col] : 0u;
}

MX_FN uint32_t mxg_unswizzle_scale(const mxg_job *j, const uint8_t *byte, uint64_t c)
{
    uint64_t row = mxg_quotient(&j->columns, c), col = c - row * j->cols;

    return byte[(row / 128 * j->across[0].by + col / 4) * 512 + row % 32 * 16 + row % 128 / 32 * 4 + col % 4];
}

MX_KERNEL void MX_BOUNDS(MXG_THREADS, 1) mxg_arrange(mxg_job j)
{
    uint32_t to_bytes = j.op == MX_OP_PACK || j.op == MX_OP_SWIZZLE;
    const mxg_divisor *each = to_bytes ? &j.bytes : &j.block;
    uint64_t cells = j.count * each->by, stride = j.groups * MXG_THREADS;

    for (uint64_t i = (uint64_t)MX_BID * MXG_THREADS + MX_TID; i < cells; i += stride) {
        uint64_t at = mxg_quotient(each, i), c = i - at * each->by;

        switch (j.op) {
        case MX_OP_PACK:
            j.byte_out[i] = (uint8_t)mxg_pack_byte(&j, j.code_in + at * j.k, c);
            break;
        case MX_OP_UNPACK:
            j.code_out[i] = (uint8_t)mxg_unpack_code(&j, j.byte_in + at * j.bytes.by, c);
            break;
        case MX_OP_SWIZZLE:
            j.byte_out[i] = (uint8_t)mxg_swizzle_byte(&j, j.scale_in + at * j.k, c);
            break;
        default:
            j.scale_out[i] = (uint8_t)mxg_unswizzle_scale(&j, j.byte_in + at * j.bytes.by, c);
        }
    }
}

#endif
