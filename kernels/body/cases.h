/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Kernels that answer an mx_batch: one lane a cell for the scalar operations and dequantize, 32 lanes a block for scale
 * and quantize. Every axis of the profile.
 */
#ifndef MXG_CASES_H
#define MXG_CASES_H

#include "kernels/body/scale.h"

#define MXG_THREADS 256u

/* cast, scaled-cast, decode, dequantize. */
MX_KERNEL void MX_BOUNDS(MXG_THREADS, 1) mxg_cells(mxg_job j)
{
    uint64_t cells = j.count * j.k, stride = j.groups * MXG_THREADS;

    for (uint64_t i = (uint64_t)MX_BID * MXG_THREADS + MX_TID; i < cells; i += stride) {
        uint32_t scale = j.scale_in ? j.scale_in[mxg_quotient(&j.block, i)] : 127u;

        if (j.code_in)
            mxg_store(j.value_out, j.type, i, mxg_decode(&j, j.code_in[i], scale));
        else
            j.code_out[i] = (uint8_t)mxg_cast(&j, mxg_load(j.value, j.type, i), scale, j.random ? j.random[i] : 0u);
    }
}

/* The union of what 32 lanes saw. */
MX_FN mxg_block mxg_block_join(const mxg_job *j, mxg_block b)
{
    for (uint32_t m = 16; m != 0; m >>= 1) {
        uint64_t other = MX_SHFL_XOR((uint32_t)b.amax, m);
        uint32_t flags = MX_SHFL_XOR(b.has_nan | b.has_inf << 1, m);

        if (j->type == MX_FP64)
            other |= (uint64_t)MX_SHFL_XOR((uint32_t)(b.amax >> 32), m) << 32;
        b.amax = other > b.amax ? other : b.amax;
        b.has_nan |= flags & 1u;
        b.has_inf |= flags >> 1;
    }
    return b;
}

/* scale, quantize: a case to 32 neighbouring lanes. */
MX_KERNEL void MX_BOUNDS(MXG_THREADS, 1) mxg_blocks(mxg_job j)
{
    uint32_t lane = MX_TID & 31u, groups = MXG_THREADS / 32, flushed;

    /* All lanes stay to the end: the shuffles need them. */
    for (uint64_t first = (uint64_t)MX_BID * groups; first < j.count; first += j.groups * groups) {
        uint64_t at = first + MX_TID / 32, base = at * j.k, n = at < j.count ? j.k : 0;
        mxg_block b = {0, 0, 0};
        uint32_t scale;

        MX_ONCE
        for (uint64_t i = lane; i < n; i += 32)
            b = mxg_block_with(&j, b, mxg_load(j.value, j.type, base + i));
        b = mxg_block_join(&j, b);
        scale = mxg_scale(&j, b, &flushed);
        if (lane == 0 && n)
            j.scale_out[at] = (uint8_t)scale;
        for (uint64_t i = lane; j.code_out && i < n; i += 32)
            j.code_out[base + i] = (uint8_t)mxg_element(&j, mxg_load(j.value, j.type, base + i), scale, flushed,
                                                        j.random ? j.random[base + i] : 0u);
    }
}

#endif
