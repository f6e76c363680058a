/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Scales of squares of 128 lines, four blocks of each (a word), on their way to memory.
 *
 * Eight words of a line make a sector of 32 bytes, and 64 lines of a sector each a set: 8 x 8 x 8 words, of which a
 * square holds the ones with the same third index in two sets. It writes them where they make whole sectors, its third
 * index first; mxg_stage_sets brings the set into order, in place. Word (a, b, c) is the c-th of line 8 a + b: it comes
 * as the b-th of line 8 c + a.
 */
#ifndef MXG_STAGE_H
#define MXG_STAGE_H

#include "kernels/body/tensor.h"

#define MXG_SETS  4u /* taken at a time */
#define MXG_SET   512u
#define MXG_SLOTS (MXG_SET + 8u * 4u) /* with gaps, so that neither order meets a bank twice */

/* Put down the words of 128 lines from `line`, blocks from `at` on; direction d. */
MX_FN void mxg_stage_put(const mxg_job *j, uint32_t d, const uint32_t *words, uint64_t line, uint64_t at)
{
    const mxg_target *t = &j->target[d];
    uint32_t i = MX_TID, a = i >> 3 & 7u, b = i & 7u, c = (uint32_t)at / 4 & 7u;

    if (i >= 128)
        return;
    if (j->staged & 1u << d)
        *(uint32_t *)(void *)(t->scales +
                              mxg_scale_at(t, line + (i & ~63u) + 8 * c + a, (at & ~(uint64_t)31) + 4 * b)) = words[i];
    else if (t->tiles || t->scale_pos == 1)
        *(uint32_t *)(void *)(t->scales + mxg_scale_at(t, line + i, at)) = words[i];
    else
        for (uint32_t k = 0; k < 4; k++)
            t->scales[mxg_scale_at(t, line + i, at + k)] = (uint8_t)(words[i] >> 8 * k);
}

/* Whether one of four bytes is FF. */
MX_FN uint32_t mxg_stage_any(uint32_t word)
{
    return (~word - 0x01010101u) & word & 0x80808080u;
}

/* Blocks of word i of a set whose byte is FF are done again, in full. */
MX_FN void mxg_stage_repair(const mxg_job *j, uint32_t d, uint64_t down, uint64_t along, uint32_t i, uint32_t word)
{
    uint64_t line = down * 64 + i / 8, at = along * 32 + i % 8 * 4;

    MX_ONCE
    for (uint32_t k = 0; k < 4; k++)
        if ((word >> 8 * k & 0xffu) == 0xff)
            mxg_tensor_block(j, 1u << d, line, at + k, (at + k) * 32, 32);
}

/* A lane's two words of each set, i = MX_TID and MX_TID + 256, in its order and in the one they come in. */
MX_FN uint32_t mxg_stage_slot(uint32_t k)
{
    return k / 2 * MXG_SLOTS + (k & 1u) * 272 + MX_TID + MX_TID / 64 * 4;
}

MX_FN uint32_t mxg_stage_source(uint32_t k)
{
    return k / 2 * MXG_SLOTS + MX_TID % 8 * 68 + (k & 1u) * 32 + MX_TID / 8;
}

/* All sets of direction d, MXG_SETS at a time, from group `group` on; their number is even. */
MX_FN void mxg_stage_sets(const mxg_job *j, uint32_t d, uint64_t sets, uint64_t group, uint32_t *local)
{
    const mxg_target *t = &j->target[d];
    int64_t half = 32 * t->scale_line, lane = (int64_t)(MX_TID / 8) * t->scale_line + (int64_t)(MX_TID % 8 * 4);

    MX_ONCE
    for (uint64_t first = group * MXG_SETS; first < sets; first += j->groups * MXG_SETS) {
        uint64_t down = mxg_quotient(&j->sets[d], first), along = first - down * j->sets[d].by;
        uint32_t count = sets - first < MXG_SETS ? 2u : MXG_SETS, bad = 0, v[2 * MXG_SETS];
        uint8_t *at[MXG_SETS];

        MX_UNROLL
        for (uint32_t s = 0; s < MXG_SETS; s++) {
            at[s] = t->scales + (int64_t)(down * 64) * t->scale_line + (int64_t)along * 32 + lane;
            along = along + 1 == j->sets[d].by ? 0 : along + 1;
            down += along == 0;
        }
        MX_UNROLL
        for (uint32_t k = 0; k < 2 * MXG_SETS; k++)
            v[k] = k / 2 < count ? *(uint32_t *)(void *)(at[k / 2] + (k & 1u ? half : 0)) : 0;
        MX_UNROLL
        for (uint32_t k = 0; k < 2 * MXG_SETS; k++)
            local[mxg_stage_slot(k)] = v[k];
        MX_SYNC();
        MX_UNROLL
        for (uint32_t k = 0; k < 2 * MXG_SETS; k++) {
            v[k] = local[mxg_stage_source(k)];
            if (k / 2 < count)
                *(uint32_t *)(void *)(at[k / 2] + (k & 1u ? half : 0)) = v[k];
            bad |= mxg_stage_any(v[k]);
        }
        MX_ONCE
        for (uint32_t k = 0; bad && k < 2 * count; k++) {
            uint32_t word = local[mxg_stage_source(k)];
            uint64_t y = mxg_quotient(&j->sets[d], first + k / 2);

            if (mxg_stage_any(word))
                mxg_stage_repair(j, d, y, first + k / 2 - y * j->sets[d].by, (k & 1u) * 256 + MX_TID, word);
        }
        MX_SYNC();
    }
}

#endif
