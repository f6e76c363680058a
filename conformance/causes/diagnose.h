/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The diagnosis at work: mutants under suspicion, and what is known of them.
 */
#ifndef CONFORMANCE_CAUSES_DIAGNOSE_H
#define CONFORMANCE_CAUSES_DIAGNOSE_H

#include "conformance/causes/failures.h"
#include "conformance/mutants/mutants.h"

enum {
    MXC_FAULTS = 8, /* found one after the other at most */
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
    uint8_t *explains; /* [failures kept]; finals only, as those below */
    size_t *wrong_in;  /* [MXC_PARTS] passes in which it is wrong */
    uint8_t *shows_in; /* [MXC_PARTS] 1: it explains a failure there */
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
    int in_part;              /* 1: a fault need not give a whole answer, see part.c */
    uint8_t **cells;          /* [judgeds] then: of each failure kept, which of its wrong cells are left */
    const mxc_mutant *named;  /* the one named last */
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

/* A judged pack, read again. */
typedef struct mxc_reading {
    const mxc_judged *judged;
    size_t first; /* number of its first failure */
    mxv_pack *pack;
} mxc_reading;

/* The case of the pack that was chosen at place `at`. */
static inline size_t mxc_case_of(const mxc_judged *judged, size_t at)
{
    return judged->chosen ? judged->chosen[at] : at;
}

typedef mx_status mxc_visitor(mxc_diagnosing *diagnosis, const mxc_reading *reading);
/* Read the packs again for which `wanted` (NULL: all of them). */
mx_status mxc_diagnosis_visit(mxc_diagnosing *diagnosis, mxc_visitor *see, const uint8_t *wanted);
/* Ask the mutants what of the failures left they explain, and name the best of them; *named: one was. */
mx_status mxc_diagnosis_search(mxc_diagnosing *diagnosis, int *named);

/* ---- part.c: several faults in one case ---- */

typedef enum mxc_showing { MXC_SHOWS_NOT, MXC_SHOWS_NOTHING_NEW, MXC_SHOWS } mxc_showing;

/* Whether failure f, which is case `row` of the pack, has in every cell in which case `at` of `faulty` is wrong the
 * same as it, and one of them is left. */
mxc_showing mxc_part_shows(const mxc_diagnosing *diagnosis, const mxc_judged *judged, const mxv_pack *pack, size_t row,
                           const mx_batch *faulty, size_t at, size_t f);
/* Name, one after the other, faults that show in the failures left. MX_ENOMEM, and what a visit fails with. */
mx_status mxc_part_search(mxc_diagnosing *diagnosis);

/* Name the best of the finals in the report and set aside what it explains, if it is good enough; *named says so. Else
 * the first time it is kept as the nearest, if it is near at all. MX_ENOMEM. */
mx_status mxc_accuse(mxc_diagnosing *diagnosis, int *named);

#endif
