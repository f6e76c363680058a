/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which profile a black box follows.
 */
#ifndef CONFORMANCE_INFER_INFER_H
#define CONFORMANCE_INFER_INFER_H

#include <mx/conformance.h>

typedef enum mxc_finding {
    MXC_FOUND = 1,    /* one value fits every answer */
    MXC_FOLLOWED,     /* it does what it is asked, whichever value that is */
    MXC_INCONSISTENT, /* no value fits every answer */
    MXC_CANNOT_TELL   /* more than one value fits, or nothing that it does depends on the axis */
} mxc_finding;
const char *mxc_finding_name(mxc_finding finding); /* "found" "followed" "inconsistent" "cannot-tell" */

typedef struct mxc_inferred {
    mxc_finding finding;
    uint32_t fits;           /* values that are left, bit 1 << value; of inconsistent: none */
    char evidence[MXC_LINE]; /* a few words for a profile */
    char *witness[2];        /* command lines; the second of inconsistent only; or NULL */
} mxc_inferred;

typedef struct mxc_inference {
    mx_profile asked;  /* the profile on the op line */
    mx_profile values; /* what it follows; where that cannot be told, what it was asked */
    mxc_inferred axis[MX_AXIS_LAST + 1];
    size_t cases;             /* asked in all */
    size_t checked, disagree; /* cases of the check of the whole profile at the end, and how many disagree with it */
    char *unexplained;        /* one that no single axis explains, or NULL */
    char *flaky;              /* a case answered differently on repetition, or NULL */
} mxc_inference;

/* Find the profile. `ask` is what it is asked to follow on every op line (axes that it declares replace those).
 * A subject that takes nothing without random bits is asked with some.
 * MX_EUNSUPPORTED: it takes no operation under that profile. Else misconduct, MX_ENOMEM. The caller ends with
 * mxc_inference_free, on failure too. */
mx_status mxc_infer(mxc_inference *inference, mxc_subject *subject, const mx_profile *ask, mxv_error *error);
void mxc_inference_free(mxc_inference *inference);

/* The profile as a file, with its evidence. */
mx_status mxc_inference_profile(mxc_profile *profile, const mxc_inference *inference, const char *name,
                                const char *system);

#endif
