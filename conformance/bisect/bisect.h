/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From a failing case to the smallest one that fails alike, and to the stage where it goes wrong.
 */
#ifndef CONFORMANCE_BISECT_BISECT_H
#define CONFORMANCE_BISECT_BISECT_H

#include <mx/conformance.h>

#include "conformance/batch.h"
#include "conformance/mutants/mutants.h"

typedef enum mxc_bisected {
    MXC_BISECTED = 1, /* it fails: the rest is filled in */
    MXC_BISECT_PASSES,
    MXC_BISECT_FLAKY /* answered differently on repetition */
} mxc_bisected;

typedef struct mxc_bisection {
    mxc_bisected outcome;
    mxc_store small; /* the case, outputs as the subject gave them; of 3 when it fails only among others: `at` is it */
    mxc_store want;  /* the same cases, the reference's outputs */
    size_t at;
    mxc_diff diff;  /* of the small case */
    size_t nonzero; /* elements that are not zero, in all cases of `small`; `before` in the case given */
    size_t before;
    mxc_stage stage;       /* 0: cannot be told */
    char why[MXC_LINE];    /* why that stage */
    mxc_departure like[8]; /* single axes whose other value gives the whole answer */
    size_t likes;
    char *flaky; /* the case that was answered differently, as a line for explain */
    size_t asked;
} mxc_bisection;

/* `one` is one case. MX_EUNSUPPORTED (with the reason) when the subject does not take it; MX_ETIMEOUT and other
 * misconduct as mxc_subject_run, also on smaller inputs. End with mxc_bisection_free, on failure too. */
mx_status mxc_bisect(mxc_bisection *result, mxc_subject *subject, const mx_batch *one, mxv_error *error);
void mxc_bisection_free(mxc_bisection *result);

#endif
