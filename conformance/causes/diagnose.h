/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The diagnosis at work: mutants under suspicion, and what is known of them.
 */
#ifndef CONFORMANCE_CAUSES_DIAGNOSE_H
#define CONFORMANCE_CAUSES_DIAGNOSE_H

#include "conformance/causes/failures.h"
#include "conformance/mutants/mutants.h"

enum {
    MXC_FAULTS = 4, /* found one after the other at most */
    /* parts of a subject: an operation, element format, type and layout */
    MXC_PARTS = (MX_OP_LAST + 1) * (MX_ELEM_LAST + 1) * (MX_TYPE_LAST + 1) * (MX_LAYOUT_LAST + 1)
};

/* One mutant under suspicion. */
typedef struct mxc_candidate {
    const mxc_mutant *mutant;
    size_t sampled, refuted; /* of the sample: failures with its answer, passes in which it is wrong */
    size_t explained, unlike, contradicted;
    size_t aside;      /* passes in which it is wrong, of parts in which nothing fails */
    uint64_t answers;  /* a digest of its wrong answers */
    uint8_t *explains; /* [failures kept]; finals only */
} mxc_candidate;

/* Of a cluster: whether its example is explained, and the first failure that is not. */
typedef struct mxc_example {
    int explained;
    char *id, *line;
} mxc_example;

typedef struct mxc_diagnosing {
    const mxc_failures *failures;
    mxc_report *report;
    size_t *first; /* [judgeds] number of a pack's first failure */
    size_t kept, passes;
    uint8_t fails[MXC_PARTS]; /* 1: something fails there */
    uint8_t *done;            /* [kept] 1 + the suspect that explains it, 0: none */
    size_t left;              /* not done */
    mxc_candidate *all;       /* [mutants] */
    mxc_candidate **final;
    size_t mutants, finals;
    size_t passes_near; /* in packs with failures left */
    /* the sample: cases of the packs taken, met so far, taken */
    size_t failures_there, passes_there, failures_met, passes_met, failures_taken, passes_taken;
    size_t *by;           /* [clusters][MXC_FAULTS + 1] failures by `done` */
    mxc_example *example; /* [clusters] */
    mxv_error *error;
} mxc_diagnosing;

/* Name the best of the finals in the report and set aside what it explains, if it is good enough; *named says so. Else
 * the first time it is kept as the nearest, if it is near at all. MX_ENOMEM. */
mx_status mxc_accuse(mxc_diagnosing *diagnosis, int *named);

#endif
