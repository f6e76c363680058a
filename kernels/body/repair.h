/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What runs after a fast kernel: scales that are staged are brought into order, and blocks with byte FF, which the
 * short form does not cover, are done again.
 */
#ifndef MXG_REPAIR_H
#define MXG_REPAIR_H

#include "kernels/body/stage.h"

/* Scale byte b of a target after a fast kernel: FF means that the block is to be done again, in full. */
MX_FN void mxg_repair_byte(const mxg_job *j, uint32_t dim, uint64_t lines, uint64_t per, uint64_t b)
{
    const mxg_target *t = &j->target[dim - 1];
    uint64_t in = b % 512, tile = b / 512, at, line, q;

    if (t->scales[b] != 0xff)
        return;
    if (t->tiles) {
        q = mxg_quotient(&j->across[dim - 1], tile);
        line = q * 128 + in % 16 / 4 * 32 + in / 16;
        at = (tile - q * t->tiles) * 4 + in % 4;
    } else {
        q = mxg_quotient(t->scale_pos == 1 ? &j->per[dim - 1] : &j->lines[dim - 1], b);
        line = t->scale_pos == 1 ? q : b - q * lines;
        at = t->scale_pos == 1 ? b - q * per : q;
    }
    if (line < lines && at < per)
        mxg_tensor_block(j, dim, line, at, at * 32, 32);
}

/* Whether one of 16 bytes is FF. */
MX_FN uint32_t mxg_repair_any(const uint8_t *scales)
{
    mxg_quad q = *(const mxg_quad *)(const void *)scales;

    return mxg_stage_any(q.w[0]) | mxg_stage_any(q.w[1]) | mxg_stage_any(q.w[2]) | mxg_stage_any(q.w[3]);
}

/* Groups of a multiprocessor: as many as do without spills. */
#if defined(MXG_HW)
#define MXG_REPAIR_GROUPS 4
#else
#define MXG_REPAIR_GROUPS 3
#endif

/* Lines of a multiple of 32 elements; scales dense, aligned to 16. */
MX_KERNEL void MX_BOUNDS(MXG_THREADS, MXG_REPAIR_GROUPS) mxg_repair(mxg_job j)
{
    MX_SHARED uint32_t local[MXG_STAGE_WORDS];
    uint64_t stride = j.groups * MXG_THREADS;

    MX_AWAIT_LAST();

    for (uint32_t d = 0; d < 2; d++) {
        uint64_t group = d ? j.groups - 1 - MX_BID : MX_BID;

        if (j.staged[d] == 5)
            mxg_stage_sets(&j, d, 5, group, local);
        else if (j.staged[d])
            mxg_stage_sets(&j, d, 3, group, local);
    }
    for (uint32_t dim = MXG_DIM0; dim <= MXG_DIM1; dim++) {
        const mxg_target *t = &j.target[dim - 1];
        uint64_t lines = dim == MXG_DIM0 ? j.rows : j.cols, per = (dim == MXG_DIM0 ? j.cols : j.rows) / 32;
        uint64_t total =
            j.dim & dim && !j.staged[dim - 1] ? (t->tiles ? (lines + 127) / 128 * t->tiles * 512 : lines * per) : 0;

        for (uint64_t i = (uint64_t)MX_BID * MXG_THREADS + MX_TID; i < (total + 15) / 16; i += stride) {
            if (16 * i + 16 <= total && !mxg_repair_any(t->scales + 16 * i))
                continue;
            for (uint64_t b = 16 * i; b < 16 * i + 16 && b < total; b++)
                mxg_repair_byte(&j, dim, lines, per, b);
        }
    }
}

#endif
