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

/* Of which formats and types, sets by operation, a pack was asked in a large batch. */
typedef struct mxc_crowds {
    unsigned elems[MX_OP_LAST + 1], types[MX_OP_LAST + 1];
    size_t cases; /* in these batches */
} mxc_crowds;

/* Ask a pack, the `number`-th (from 0) of those with failures or of those without, again, in the same batch and some
 * failures alone, and of a pack without failures one case alone; and of each format and each type one such pack of
 * blocks of 32 without NaN and Inf in a large batch, that holds it again and again. Add what comes of it to
 * report->repeat. Misconduct is noted in the report. Bounded: most packs are passed over but for that one case.
 * MX_ENOMEM. */
mx_status mxc_repeat_pack(mxc_report *report, const mxc_source *source, const mxc_work *work, size_t number,
                          mxc_crowds *crowds, mxv_error *error);

#endif
