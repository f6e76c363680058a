/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Scales of many lines, four blocks of each (a word), on their way to memory.
 *
 * B words of a line, 8 (a sector of 32 bytes) or 32, and 8 B such lines are a set: 8 x B x B words. A group that has
 * the ones with the same third index writes them where they lie side by side, the third index first; mxg_stage_sets
 * brings the set into order, in place. Word (a, b, c) is the c-th of line B a + b: it comes as the b-th of line 8 c +
 * a.
 */
#ifndef MXG_STAGE_H
#define MXG_STAGE_H

#include "kernels/body/tensor.h"

#define MXG_SET_LINES(log) (8u << (log))
#define MXG_AT_ONCE(log)   ((log) == 5 ? 1u : 4u) /* sets that a group takes together, in local memory: */
#define MXG_SET_WORDS(log) ((log) == 5 ? 8224u : 520u)
#define MXG_STAGE_WORDS    8224u

/* Put down the word of line `line`, blocks from `at` on; direction d. */
MX_FN void mxg_stage_put(const mxg_job *j, uint32_t d, uint64_t line, uint64_t at, uint32_t word)
{
    const mxg_target *t = &j->target[d];
    uint32_t log = j->staged[d], mask = (1u << log) - 1, in = (uint32_t)line & (MXG_SET_LINES(log) - 1);
    uint64_t c = at / 4 & mask;

    if (log)
        *(uint32_t *)(void *)(t->scales +
                              mxg_scale_at(t, line - in + 8 * c + (in >> log), at - 4 * c + 4 * (in & mask))) = word;
    else if (t->tiles || t->scale_pos == 1)
        *(uint32_t *)(void *)(t->scales + mxg_scale_at(t, line, at)) = word;
    else
        for (uint32_t k = 0; k < 4; k++)
            t->scales[mxg_scale_at(t, line, at + k)] = (uint8_t)(word >> 8 * k);
}

/* Whether one of four bytes is FF. */
MX_FN uint32_t mxg_stage_any(uint32_t word)
{
    return (~word - 0x01010101u) & word & 0x80808080u;
}

/* Where a word of a set is in local memory: with gaps, so that neither order meets a bank twice. */
MX_FN uint32_t mxg_stage_slot(uint32_t log, uint32_t line, uint32_t word)
{
    return (line << log) + word + line / 8;
}

/* Where it comes from. */
MX_FN uint32_t mxg_stage_from(uint32_t log, uint32_t line, uint32_t word)
{
    return mxg_stage_slot(log, 8 * word + (line >> log), line & ((1u << log) - 1));
}

/* Blocks of a word whose byte is FF are done again, in full. */
MX_FN void mxg_stage_repair(const mxg_job *j, uint32_t d, uint64_t line, uint64_t at, uint32_t word)
{
    MX_ONCE
    for (uint32_t k = 0; k < 4; k++)
        if ((word >> 8 * k & 0xffu) == 0xff)
            mxg_tensor_block(j, 1u << d, line, at + k, (at + k) * 32, 32);
}

/* All sets of direction d, some at a time, from group `group` on; `log`, a constant: of B. Neighbouring lanes have
 * neighbouring words of a line: of one set, or of four side by side. */
MX_FN void mxg_stage_sets(const mxg_job *j, uint32_t d, uint32_t log, uint64_t group, uint32_t *local)
{
    const mxg_target *t = &j->target[d];
    uint64_t sets = (d ? j->cols : j->rows) / MXG_SET_LINES(log) * j->sets[d].by;
    uint32_t word = MX_TID % (1u << log), own = log == 5 ? 0 : MX_TID / 8 % 4;
    const uint32_t most = log == 5 ? 16 : 8;

    MX_ONCE
    for (uint64_t first = group * MXG_AT_ONCE(log); first < sets; first += j->groups * MXG_AT_ONCE(log)) {
        uint64_t set = first + own < sets ? first + own : first, down = mxg_quotient(&j->sets[d], set);
        uint64_t line0 = down * MXG_SET_LINES(log), at = ((set - down * j->sets[d].by) << log << 2) + word * 4;
        uint8_t *to = t->scales + mxg_scale_at(t, line0 + MX_TID / 32, at);
        uint32_t *have = local + own * MXG_SET_WORDS(log), there = first + own < sets, bad = 0, v[16];

        /* many at once on their way: there is little else to wait with */
        MX_ONCE
        for (uint32_t i = 0; i < MXG_SET_LINES(log) / 8; i += most) {
            MX_UNROLL
            for (uint32_t k = 0; k < most; k++)
                v[k] = *(const uint32_t *)(const void *)(to + (int64_t)(8 * (i + k)) * t->scale_line);
            MX_UNROLL
            for (uint32_t k = 0; k < most; k++)
                have[mxg_stage_slot(log, MX_TID / 32 + 8 * (i + k), word)] = v[k];
        }
        MX_SYNC();
        MX_UNROLL
        for (uint32_t k = 0; k < MXG_SET_LINES(log) / 8; k++) {
            uint32_t w = have[mxg_stage_from(log, MX_TID / 32 + 8 * k, word)];

            if (there)
                *(uint32_t *)(void *)(to + (int64_t)(8 * k) * t->scale_line) = w;
            bad |= mxg_stage_any(w);
        }
        MX_ONCE
        for (uint32_t line = MX_TID / 32; bad && there && line < MXG_SET_LINES(log); line += 8)
            mxg_stage_repair(j, d, line0 + line, at, have[mxg_stage_from(log, line, word)]);
        MX_SYNC();
    }
}

#endif
