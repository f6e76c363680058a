/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The core of a run: packs in, a report out, whoever the answers come from.
 */
#ifndef CONFORMANCE_JUDGE_JUDGE_H
#define CONFORMANCE_JUDGE_JUDGE_H

#include <mx/conformance.h>

#include "conformance/batch.h"

/* Where answers come from: a subject, or a recorded file. */
typedef struct mxc_source {
    void *state;
    const mx_profile *declared; /* axes of 0 are not declared */
    /* MX_OK, MX_EUNSUPPORTED with the reason, or misconduct. `chosen` are the n cases to come. */
    mx_status (*accept)(void *state, const mxv_pack *pack, const size_t *chosen, size_t n, mxv_error *error);
    /* Answer the n cases of `batch`; error->text may hold the reason of refusals. Other than MX_OK: misconduct. */
    mx_status (*answer)(void *state, const mxv_pack *pack, const size_t *chosen, const mx_batch *batch, uint8_t *answer,
                        mxv_error *error);
    mx_status (*finish)(void *state, mxv_error *error);
    int repeats;   /* 1: may be asked the same again */
    size_t window; /* cases that it sees at once; 0: a whole batch */
} mxc_source;

/* Of a chosen case. */
typedef enum mxc_fate { MXC_FATE_NEVER = 0, MXC_FATE_PASS, MXC_FATE_FAIL } mxc_fate;

/* A failure: the place of its case among the chosen ones, and how it differs. */
typedef struct mxc_fail_at {
    size_t at;
    mxc_diff diff;
} mxc_fail_at;

/* The pack at hand. */
typedef struct mxc_work {
    const mxv_pack *pack;
    int own; /* the caller's: no pack of the manifest */
    mxc_pack_result *result;
    size_t *chosen; /* cases, ascending */
    size_t n;
    mxc_store store; /* [n] the chosen inputs, and the answers */
    uint8_t *answer; /* [n] mxc_answer */
    uint8_t *fate;   /* [n] mxc_fate */
    uint64_t us;     /* microseconds that the answers took */
    mxc_fail_at *failed;
    size_t fails;
    uint8_t *known; /* [fails] 1: known, and does not count; NULL: no file of known failures */
} mxc_work;

/* Judge the packs that `options` select; see mxc_run. */
mx_status mxc_judge(mxc_report **report, const mxc_source *source, const mxc_options *options, mxv_error *error);

/* What stands in a report before the first pack: version, time, what was asked for, clauses and figures without a case.
 * MX_ENOMEM. */
mx_status mxc_report_begin(mxc_report *report, const mxc_options *options, const mxc_clauses *clauses);

/* ---- conclude.c ---- */

/* Set the exit status, and the line that says why. */
void mxc_conclude(mxc_report *report);
/* What follows from a report's counts, strictness and misconduct. */
int mxc_exit_status(const mxc_report *report);
/* Failures that make it fail: neither known nor, unless strict, of recommendations. */
size_t mxc_counting_fails(const mxc_report *report);

#endif
