/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Asking again.
 */
#ifndef CONFORMANCE_CAUSES_REPEAT_H
#define CONFORMANCE_CAUSES_REPEAT_H

#include "conformance/judge/judge.h"

/* The inputs of the chosen cases [first, first + n) in a batch of their own, the outputs filled with a pattern that is
 * no answer. MX_ENOMEM. */
mx_status mxc_work_store(mxc_store *store, const mxc_work *work, size_t first, size_t n);

/* What was asked in large batches: sets of what their packs have, format and type in the first, then axis by axis. */
typedef struct mxc_crowd {
    uint64_t trait[MX_AXIS_LAST + 1];
    size_t count;
    double pace; /* least microseconds a cell of a pack, 0 before the first */
} mxc_crowd;

/* By operation, and by what is told apart in it (one value or a block, or the layout). */
typedef struct mxc_crowds {
    mxc_crowd of[MX_OP_LAST + 1][MX_LAYOUT_LAST + 1];
    size_t cases; /* in these batches, and in those without NaN and Inf */
} mxc_crowds;

/* Ask a pack, the `number`-th (from 0) of those with failures or of those without, again, in the same batch and some
 * failures alone; and of a pack without failures one case alone, and those without NaN and Inf in a batch of their own,
 * for each format and type and each value of an axis once in a large one that holds them again and again. Add what
 * comes of it to report->repeat. Misconduct is noted in the report. Bounded: packs with failures, and pipes, are passed
 * over but for a few. MX_ENOMEM. */
mx_status mxc_repeat_pack(mxc_report *report, const mxc_source *source, const mxc_work *work, size_t number,
                          mxc_crowds *crowds, mxv_error *error);

#endif
