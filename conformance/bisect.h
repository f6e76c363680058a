/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From a failing case to the smallest one that fails alike, and to the stage where it goes wrong.
 */
#ifndef CONFORMANCE_BISECT_H
#define CONFORMANCE_BISECT_H

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
    mxc_store small; /* one case, outputs as the subject gave them */
    mxc_store want;  /* the reference's outputs */
    mxc_diff diff;   /* of the small case */
    size_t nonzero;  /* elements that are not zero; `before` in the case given */
    size_t before;
    mxc_stage stage;
    char why[MXC_LINE]; /* why that stage */
    size_t asked;
} mxc_bisection;

/* `one` is a case of an operation without a layout. MX_EUNSUPPORTED (with the reason) when the subject does not take
 * it; MX_ETIMEOUT and other misconduct as mxc_subject_run, also on smaller inputs. End with mxc_bisection_free. */
mx_status mxc_bisect(mxc_bisection *result, mxc_subject *subject, const mx_batch *one, mxv_error *error);
void mxc_bisection_free(mxc_bisection *result);

#endif
