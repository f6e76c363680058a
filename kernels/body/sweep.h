/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every pattern of a source type against a step table, on the device: cast and scaled-cast under one scale byte, or
 * scale. A lane takes 1024 consecutive patterns at a time and walks the table beside them.
 *
 * The digest is the sum, modulo 2^64, of mxg_sweep_mix(p, answer) over the patterns p where the answer differs from
 * that of p - 1, and over the first: it describes the whole observed function, and a few hundred terms give the
 * expected one.
 */
#ifndef MXG_SWEEP_H
#define MXG_SWEEP_H

#include "kernels/body/cases.h"
#include "kernels/body/fast.h"
#include "kernels/body/mix.h"

#define MXG_SWEEP_RUN 1024u

MX_FN uint32_t mxg_sweep_answer(const mxg_job *j, uint64_t p)
{
    mxg_block none = {0, 0, 0};
    uint32_t flushed;

    if (j->op == MX_OP_SCALE)
        return mxg_scale(j, mxg_block_with(j, none, p), &flushed);
    return mxg_cast(j, p, j->sweep_scale, j->sweep_random);
}

/* The short form of the job's format, by the instructions that the tensor kernels use for it. */
MX_FN uint32_t mxg_sweep_as(const mxg_job *j, uint32_t elem, uint32_t type, const uint32_t *w)
{
    uint32_t mark = mxg_mark(elem, j->sweep_scale), marks[2] = {mark | mark << 16, mark | mark << 16};

    return mxg_fast_four(j, elem, type, w, marks);
}

MX_FN uint32_t mxg_sweep_four(const mxg_job *j, uint32_t type, const uint32_t *w)
{
#if defined(MXG_HW)
    switch (j->elem) {
    case MX_E5M2:
        return mxg_sweep_as(j, MX_E5M2, type, w);
    case MX_E4M3:
        return mxg_sweep_as(j, MX_E4M3, type, w);
    case MX_E3M2:
        return mxg_sweep_as(j, MX_E3M2, type, w);
    case MX_E2M3:
        return mxg_sweep_as(j, MX_E2M3, type, w);
    case MX_E2M1:
        return mxg_sweep_as(j, MX_E2M1, type, w);
    default:
        return mxg_sweep_as(j, MX_INT8, type, w);
    }
#else
    return mxg_sweep_as(j, MXG_ANY, type, w);
#endif
}

/* Four answers from p, which is a multiple of 4, by the short form, MXG_IN_FULL where it does not apply; `type` is a
 * constant. */
#define MXG_IN_FULL 0x100u
MX_FN void mxg_sweep_fast(const mxg_job *j, uint32_t type, uint64_t p, uint32_t *answer)
{
    uint32_t b = j->sweep_scale, w[4], codes, a;
    uint32_t top = (1u << j->type_ebits) - 1, special = ((uint32_t)p >> j->type_mbits & top) == top;

    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++)
        w[i] = type == MX_FP32 ? (uint32_t)p + i : ((uint32_t)p + 2 * i) | ((uint32_t)p + 2 * i + 1) << 16;
    codes = mxg_sweep_four(j, type, w);
    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++) {
        a = type == MX_FP32 ? w[i] & 0x7fffffffu : mxg_fast_wide(type, ((uint32_t)p + i) & 0x7fffu);
        answer[i] = j->op == MX_OP_SCALE ? mxg_fast_scale(j, a) : codes >> 8 * i & 0xffu;
        /* No rule gives a scale under which the largest element is past the format's last binade. */
        if (special || (j->op == MX_OP_SCALE ? answer[i] == 0xff : a >> 23 > b + (uint32_t)j->format.emax))
            answer[i] = MXG_IN_FULL;
    }
}

/* Index of the step that covers p. */
MX_FN uint32_t mxg_sweep_find(const mxg_job *j, uint64_t p)
{
    uint32_t low = 0, high = j->steps;

    MX_ONCE
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (j->step[middle].first <= p)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* What counts as seen: the table's answer where any will do. */
MX_FN uint32_t mxg_sweep_class(const mxg_job *j, const mxg_step *s, uint32_t answer)
{
    uint32_t nan = j->format.nan_first && (answer & (j->format.sign - 1)) >= j->format.nan_first;

    return s->open || (s->is_nan && nan) ? s->answer : answer;
}

/* One run. total: wrong, first wrong, digest, cases. `type` 0: not by the short form. */
MX_FN void mxg_sweep_run(const mxg_job *j, uint32_t type, uint64_t first, uint64_t end, uint64_t *total)
{
    uint32_t early = first != j->first, at, before = MXG_IN_FULL, codes[4] = {MXG_IN_FULL, 0, 0, 0}, seen;

    /* One pattern early, to know the answer before the first. */
    at = mxg_sweep_find(j, first - early);
    MX_ONCE
    for (uint64_t p = first - early; p < end; p++) {
        uint32_t i = (uint32_t)p & 3u, answer;

        if (type && i == 0)
            mxg_sweep_fast(j, type, p, codes);
        answer = i == 0 ? codes[0] : i == 1 ? codes[1] : i == 2 ? codes[2] : codes[3];
        if (!type || answer == MXG_IN_FULL || p < first)
            answer = mxg_sweep_answer(j, p);
        while (at + 1 < j->steps && j->step[at + 1].first <= p)
            at++;
        seen = mxg_sweep_class(j, j->step + at, answer);
        if (p >= first) {
            total[0] += seen != j->step[at].answer;
            total[1] = seen != j->step[at].answer && p < total[1] ? p : total[1];
            total[2] += seen != before ? mxg_sweep_mix(p, seen) : 0;
            total[3]++;
        }
        before = seen;
    }
}

/* first and patterns are multiples of 4. */
MX_FN void mxg_sweep_all(const mxg_job *j, uint32_t type)
{
    uint64_t stride = j->groups * MXG_THREADS * MXG_SWEEP_RUN, last = j->first + j->patterns;
    uint64_t total[4] = {0, ~(uint64_t)0, 0, 0};

    for (uint64_t p = j->first + ((uint64_t)MX_BID * MXG_THREADS + MX_TID) * MXG_SWEEP_RUN; p < last; p += stride)
        mxg_sweep_run(j, type, p, last - p < MXG_SWEEP_RUN ? last : p + MXG_SWEEP_RUN, total);
    if (total[0])
        MX_ADD64(j->result, total[0]);
    if (total[0])
        MX_MIN64(j->result + 1, total[1]);
    if (total[2])
        MX_ADD64(j->result + 2, total[2]);
    if (total[3])
        MX_ADD64(j->result + 3, total[3]);
}

/* The full text. */
MX_KERNEL void MX_BOUNDS(MXG_THREADS, 1) mxg_sweep(mxg_job j)
{
    mxg_sweep_all(&j, 0);
}

#endif
