/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Blocks of 32 along contiguous rows. 32 lanes take 4 stretches of 32 strips, one after another.
 */
#ifndef MXG_DIM0_H
#define MXG_DIM0_H

#include "kernels/body/strips.h"

/* An element of the matrix by row and column. */
typedef struct mxg_place {
    uint64_t line, pos;
} mxg_place;

MX_FN mxg_place mxg_dim0_place(const mxg_job *j, uint64_t at)
{
    mxg_place p;

    p.line = mxg_quotient(&j->columns, at);
    p.pos = at - p.line * j->cols;
    return p;
}

/* The place `by` elements after p: most often in the same row. */
MX_FN mxg_place mxg_dim0_after(const mxg_job *j, mxg_place p, uint32_t by)
{
    if (p.pos + by >= j->cols)
        return mxg_dim0_place(j, p.line * j->cols + p.pos + by);
    p.pos += by;
    return p;
}

/* One wave's work. `plain`, a constant: a single row, all of whose strips are there. */
MX_FN void mxg_dim0_wave(const mxg_job *j, uint32_t elem, uint32_t type, uint32_t plain, uint64_t first)
{
    const mxg_target *t = &j->target[0];
    uint64_t cells = j->rows * j->cols, width = type == MX_FP32 ? 4 : 2;
    uint32_t stretch = 32 * MXG_STRIP(type), in = (MX_TID & 31u) * MXG_STRIP(type), by, bits = mxg_strip_bits(j, elem);
    uint32_t w[MXG_STRIPS][4], codes[MXG_STRIPS][2], own, sixteen[2][4];
    mxg_place start = {0, first}, p;

    if (!plain)
        start = mxg_dim0_place(j, first);
    MX_UNROLL
    for (uint32_t r = 0; r < MXG_STRIPS; r++) {
        by = r * stretch + in;
        p.line = start.line;
        p.pos = start.pos + by;
        /* Lanes past the end read the last block again: the shuffles need them. */
        if (!plain)
            p = first + by < cells ? mxg_dim0_after(j, start, by) : mxg_dim0_place(j, cells - 32 + (in & 31u));
        mxg_load_strip((const uint8_t *)j->value + ((uint64_t)((int64_t)p.line * j->row_stride) + p.pos) * width, w[r]);
    }
    own = mxg_fast_scale(j, mxg_strips_amax(type, w));
    mxg_strips_along(j, elem, type, mxg_strips_narrow(elem, type, w), own, w, codes);
    mxg_strips_gather(type, codes, sixteen);
    MX_UNROLL
    for (uint32_t i = 0; i < MXG_SIXTEENS(type); i++) {
        by = mxg_sixteen_row(type, i) * stretch + (in & ~15u);
        if (plain) {
            mxg_put_shared(t, bits, type == MX_FP32 ? 4u : 2u, 1,
                           t->codes + mxg_line_bytes(t, bits, first + (t->packed && bits == 6 ? by & ~63u : by)),
                           sixteen[i]);
        } else if (first + by < cells) {
            p = mxg_dim0_after(j, start, by);
            mxg_put_sixteen(t, bits, t->codes + (int64_t)p.line * t->line_stride + mxg_line_bytes(t, bits, p.pos),
                            sixteen[i]);
        }
    }
    by = mxg_strip_row() * stretch + in;
    if (in % 32 >= 4 * MXG_STRIP(type) || (!plain && first + by >= cells))
        return;
    p.pos = first + by;
    if (!plain)
        p = mxg_dim0_after(j, start, by);
    t->scales[plain ? p.pos / 32 : mxg_scale_at(t, p.line, p.pos / 32)] = (uint8_t)own;
}

/* cols a multiple of 32, rows any; plan.c makes one row of a tensor whose rows, codes and scales are dense. */
MX_FN void mxg_dim0(const mxg_job *j, uint32_t elem, uint32_t type)
{
    uint64_t each = 32 * MXG_STRIPS * MXG_STRIP(type);
    uint64_t first = ((uint64_t)MX_BID * (MXG_THREADS / 32) + MX_TID / 32) * each;

    /* (the same for the whole group: no shuffle under a condition) */
    if (j->rows == 1 && ((uint64_t)MX_BID + 1) * (MXG_THREADS / 32) * each <= j->cols)
        mxg_dim0_wave(j, elem, type, 1, first);
    else
        mxg_dim0_wave(j, elem, type, 0, first);
}

#endif
