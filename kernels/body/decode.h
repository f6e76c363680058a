/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Dequantize to fp32 and bf16, blocks of 32, along rows or down columns, 16 bytes of values a lane at a time.
 *
 * A table in local memory has the value of each code under the scale byte MXG_LEAST, made by the full text: the upper
 * half of its fp32 pattern and, unless it is zero, an infinity or a NaN, ones above that. Under a byte from MXG_LEAST
 * to MXG_MOST nothing overflows and nothing is subnormal, so that the exponent only grows by the difference. Blocks
 * under another byte go through the full text.
 */
#ifndef MXG_DECODE_H
#define MXG_DECODE_H

#include "kernels/body/strips.h"
#include "kernels/body/tensor.h"
#include "kernels/body/tile.h"

#define MXG_LEAST  24u
#define MXG_MOST   230u
#define MXG_COPIES 8u /* of the table, so that lanes rarely meet in a bank */
#define MXG_TABLE  (256u * MXG_COPIES)

MX_FN void mxg_decode_table(const mxg_job *j, uint32_t *table)
{
    uint32_t bits = (uint32_t)mxg_decode(j, MX_TID & ((1u << j->format.bits) - 1), MXG_LEAST);
    uint32_t v = j->type == MX_FP32 ? bits : bits << 16, field = v >> 23 & 0xffu;

    v = v >> 16 | (field && field != 0xff ? 0xffff0000u : 0u);
    MX_UNROLL
    for (uint32_t i = 0; i < MXG_COPIES; i++)
        table[MX_TID * MXG_COPIES + (i + MX_TID) % MXG_COPIES] = v;
    MX_SYNC();
}

/* The fp32 pattern of a code; `more` is what a byte is above MXG_LEAST, as an exponent. */
MX_FN uint32_t mxg_decode_code(const uint32_t *table, uint32_t code, uint32_t more)
{
    uint32_t t = table[code * MXG_COPIES + MX_TID % MXG_COPIES];

    return t * 65536u + (t & more);
}

MX_FN uint32_t mxg_decode_more(uint32_t byte)
{
    return (byte - MXG_LEAST) << 23;
}

MX_FN uint32_t mxg_decode_short(uint32_t byte)
{
    return byte - MXG_LEAST <= MXG_MOST - MXG_LEAST;
}

/* Codes in the bytes of words out of packed ones: 8 of FP4, 4 of FP6. */
MX_FN void mxg_unpack_four(uint32_t w, uint32_t *q)
{
    uint32_t even = w & 0x0f0f0f0fu, odd = w >> 4 & 0x0f0f0f0fu;

    q[0] = MX_BYTES(even, odd, 0x5140u);
    q[1] = MX_BYTES(even, odd, 0x7362u);
}

MX_FN uint32_t mxg_unpack_six(uint32_t w)
{
    return (w & 0x3fu) | (w << 2 & 0x3f00u) | (w << 4 & 0x3f0000u) | (w << 6 & 0x3f000000u);
}

/* The codes of a strip as they lie. Nothing is done with them here: others are to be on their way before they come. */
MX_FN void mxg_decode_load(uint32_t packed, uint32_t type, const uint8_t *from, uint32_t raw[3])
{
    const uint16_t *halves = (const uint16_t *)(const void *)from;

    if (packed == 8 && type == MX_BF16) {
        mxg_pair both = *(const mxg_pair *)(const void *)from;

        raw[0] = both.w[0];
        raw[1] = both.w[1];
    } else if (packed == 8 || (packed == 4 && type == MX_BF16)) {
        raw[0] = *(const uint32_t *)(const void *)from;
    } else if (packed == 4) {
        raw[0] = *halves;
    } else {
        MX_UNROLL
        for (uint32_t i = 0; i < 3; i++)
            raw[i] = type == MX_BF16 ? halves[i] : from[i];
    }
}

/* ... and in the bytes of words. */
MX_FN void mxg_decode_unpack(uint32_t packed, uint32_t type, const uint32_t raw[3], uint32_t q[2])
{
    if (packed == 4) {
        mxg_unpack_four(raw[0], q);
    } else if (packed == 6 && type == MX_BF16) {
        q[0] = mxg_unpack_six(raw[0] | (raw[1] & 0xffu) << 16);
        q[1] = mxg_unpack_six(raw[1] >> 8 | raw[2] << 8);
    } else if (packed == 6) {
        q[0] = mxg_unpack_six(raw[0] | raw[1] << 8 | raw[2] << 16);
    } else {
        q[0] = raw[0];
        q[1] = raw[1];
    }
}

/* Put the values of a strip, whose codes are in q and whose scale bytes, one each, in scale: all the same when `along`,
 * a constant. */
MX_FN void mxg_decode_strip(const mxg_job *j, uint32_t type, uint32_t along, const uint32_t *table, const uint32_t *q,
                            const uint32_t *scale, uint64_t at)
{
    uint32_t n = MXG_STRIP(type), v[8], fits = 1;
    uint8_t *to = (uint8_t *)j->value_out + at * (type == MX_FP32 ? 4 : 2);

    MX_UNROLL
    for (uint32_t i = 0; i < n; i++) {
        uint32_t byte = along ? scale[0] & 0xffu : scale[i / 4] >> i % 4 * 8 & 0xffu;

        fits &= mxg_decode_short(byte);
        v[i] = mxg_decode_code(table, q[i / 4] >> i % 4 * 8 & 0xffu, mxg_decode_more(byte));
    }
    if (!fits) {
        MX_ONCE
        for (uint32_t i = 0; i < n; i++) {
            uint32_t shift = i % 4 * 8, code = (i < 4 ? q[0] : q[n / 4 - 1]) >> shift & 0xffu;
            uint32_t byte = along ? scale[0] : (i < 4 ? scale[0] : scale[n / 4 - 1]) >> shift;

            mxg_store(j->value_out, type, at + i, mxg_decode(j, code & ((1u << j->format.bits) - 1), byte & 0xffu));
        }
        return;
    }
    if (type == MX_BF16) {
        MX_UNROLL
        for (uint32_t i = 0; i < 4; i++)
            v[i] = MX_BYTES(v[2 * i], v[2 * i + 1], 0x7632u);
    }
    mxg_store_strip(to, v);
}

/* Blocks along rows; cols a multiple of 32, or a single row. A group takes 32 times 256 strips, four a lane at once. */
MX_FN void mxg_decode_rows(const mxg_job *j, uint32_t type, uint32_t *table)
{
    const mxg_target *t = &j->target[0];
    uint32_t packed = t->packed ? j->format.bits : 8;
    uint64_t strips = j->rows * j->cols / MXG_STRIP(type), first = (uint64_t)MX_BID * (32 * MXG_THREADS) + MX_TID;

    mxg_decode_table(j, table);
    MX_ONCE
    for (uint32_t turn = 0; turn < 8; turn++, first += 4 * MXG_THREADS) {
        uint32_t raw[4][3] = {{0}}, scale[4] = {0}, q[2];
        uint64_t at[4] = {0};

        MX_UNROLL
        for (uint32_t k = 0; k < 4; k++) {
            uint64_t i = first + k * MXG_THREADS, cell = i * MXG_STRIP(type), line, pos;

            if (i >= strips)
                continue;
            line = j->rows == 1 ? 0 : mxg_quotient(&j->columns, cell);
            pos = cell - line * j->cols;
            at[k] = line * (uint64_t)j->row_stride + pos;
            mxg_decode_load(packed, type, t->codes + (int64_t)line * t->line_stride + mxg_line_bytes(t, packed, pos),
                            raw[k]);
            scale[k] = t->scales[j->rows == 1 && !t->tiles ? pos / 32 : mxg_scale_at(t, line, pos / 32)];
        }
        MX_UNROLL
        for (uint32_t k = 0; k < 4; k++) {
            mxg_decode_unpack(packed, type, raw[k], q);
            if (first + k * MXG_THREADS < strips)
                mxg_decode_strip(j, type, 1, table, q, &scale[k], at[k]);
        }
    }
}

/* Local memory. */
typedef struct mxg_decoder {
    mxg_quad turned[2048]; /* as mxg_local */
    uint32_t table[MXG_TABLE];
    uint32_t scales[256]; /* four of each column */
} mxg_decoder;

/* 128 codes of each column of the panel to local memory, as mxg_tile_columns takes them out. */
MX_FN void mxg_decode_turn(const mxg_job *j, uint32_t type, const mxg_panel *p, uint32_t *turned)
{
    const mxg_target *t = &j->target[1];
    uint32_t piece = MX_TID % 8, packed = t->packed ? j->format.bits : 8;
    const uint8_t *from =
        t->codes + (int64_t)(p->col0 + MX_TID / 8) * t->line_stride + mxg_line_bytes(t, packed, p->row0 + 16 * piece);

    MX_UNROLL
    for (uint32_t i = 0; i < MXG_COLS(type) / 32; i++) {
        uint32_t exchanged = i * 32 / MXG_STRIP(type) / 8, q[4], to[4];

        if (i * 32 >= p->cols)
            return;
        if (packed == 8) {
            mxg_load_strip(from, q);
        } else if (packed == 4) {
            mxg_pair both = *(const mxg_pair *)(const void *)from;

            mxg_unpack_four(both.w[0], q);
            mxg_unpack_four(both.w[1], q + 2);
        } else {
            const uint32_t *three = (const uint32_t *)(const void *)from;
            uint32_t a = three[0], b = three[1], c = three[2];

            q[0] = mxg_unpack_six(a);
            q[1] = mxg_unpack_six(a >> 24 | b << 8);
            q[2] = mxg_unpack_six(b >> 16 | c << 16);
            q[3] = mxg_unpack_six(c >> 8);
        }
        MX_UNROLL
        for (uint32_t k = 0; k < 4; k++)
            to[k] = q[k ^ exchanged];
        mxg_store_strip(turned + (mxg_tile_word(type, i * 32 + MX_TID / 8, piece * 4) & ~3u), to);
        from += 32 * t->line_stride;
    }
}

/* Four scale bytes of column MX_TID of the panel. */
MX_FN uint32_t mxg_decode_scales(const mxg_job *j, const mxg_panel *p)
{
    const mxg_target *t = &j->target[1];
    uint64_t line = p->col0 + MX_TID, at = p->row0 / 32;
    uint32_t word = 0;

    if (MX_TID >= p->cols)
        return 0;
    if (t->tiles || t->scale_pos == 1)
        return *(const uint32_t *)(const void *)(t->scales + mxg_scale_at(t, line, at));
    for (uint32_t k = 0; k < 4; k++)
        word |= (uint32_t)t->scales[mxg_scale_at(t, line, at + k)] << 8 * k;
    return word;
}

/* Blocks down columns; rows and cols multiples of 128. The panels of tile.h. */
MX_FN void mxg_decode_columns(const mxg_job *j, uint32_t type, mxg_decoder *local)
{
    const mxg_target *t = &j->target[1];
    mxg_panel p = mxg_panel_of(j, type);
    uint64_t col = p.col0 + p.col;

    if (MX_TID < MXG_COLS(type))
        local->scales[MX_TID] = mxg_decode_scales(j, &p);
    if (j->transposed)
        mxg_decode_turn(j, type, &p, local->turned[0].w);
    mxg_decode_table(j, local->table);
    if (p.col >= p.cols)
        return;
    MX_ONCE
    for (uint32_t tile = 0; tile < MXG_TILES; tile++) {
        uint64_t row = p.row0 + tile * MXG_ROWS + p.row;
        uint32_t scale[2] = {0, 0}, words[8];

        MX_UNROLL
        for (uint32_t i = 0; i < MXG_STRIP(type); i++) {
            scale[i / 4] |= (local->scales[p.col + i] >> 8 * tile & 0xffu) << i % 4 * 8;
            if (j->transposed)
                words[i] = local->turned[0].w[mxg_tile_word(type, p.col, tile * (MXG_ROWS / 4) + p.row / 4) + i * 1024];
        }
        MX_UNROLL
        for (uint32_t r = 0; r < MXG_STRIPS; r++) {
            uint32_t q[3] = {0, 0, 0};

            if (j->transposed) {
                MX_UNROLL
                for (uint32_t i = 0; i < MXG_STRIP(type); i++)
                    q[i / 4] |= (words[i] >> 8 * r & 0xffu) << i % 4 * 8;
            } else {
                mxg_decode_load(8, type, t->codes + (int64_t)(row + r) * t->pos_stride + (int64_t)col, q);
            }
            mxg_decode_strip(j, type, 0, local->table, q, scale, (row + r) * (uint64_t)j->row_stride + col);
        }
    }
}

MX_KERNEL void MX_BOUNDS(MXG_THREADS, 4) mxg_dequantize_rows_fp32(mxg_job j)
{
    MX_SHARED uint32_t table[MXG_TABLE];

    mxg_decode_rows(&j, MX_FP32, table);
}

MX_KERNEL void MX_BOUNDS(MXG_THREADS, 4) mxg_dequantize_rows_bf16(mxg_job j)
{
    MX_SHARED uint32_t table[MXG_TABLE];

    mxg_decode_rows(&j, MX_BF16, table);
}

MX_KERNEL void MX_BOUNDS(MXG_THREADS, 4) mxg_dequantize_columns_fp32(mxg_job j)
{
    MX_SHARED mxg_decoder local;

    mxg_decode_columns(&j, MX_FP32, &local);
}

MX_KERNEL void MX_BOUNDS(MXG_THREADS, 4) mxg_dequantize_columns_bf16(mxg_job j)
{
    MX_SHARED mxg_decoder local;

    mxg_decode_columns(&j, MX_BF16, &local);
}

#endif
