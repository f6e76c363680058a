/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Step tables: the answers of the reference over every pattern of a source type, as runs of constant answer.
 *
 * Rounding to a fixed format is monotone in the magnitude, so the answer over 2^31 magnitudes takes at most a few
 * hundred values, each on one interval. The reference finds the first pattern of each interval by bisection; the
 * witness, an independent derivation, confirms both sides of every boundary. Comparing 2^32 answers then costs no
 * more than comparing memory with constants.
 */
#ifndef CONFORMANCE_SWEEP_STEPS_H
#define CONFORMANCE_SWEEP_STEPS_H

#include <mx/types.h>

/* Patterns first..(first of the next step - 1) all have this answer. */
typedef struct mxc_step {
    uint64_t first;
    uint8_t answer; /* a code, or an E8M0 byte for op scale */
    uint8_t open;   /* the profile leaves it free: nothing to compare */
    uint8_t is_nan; /* a NaN code that compares as a class */
} mxc_step;

typedef struct mxc_steps {
    uint64_t patterns; /* 2^(bits of the source type): the table covers 0..patterns-1 */
    size_t count;
    mxc_step *step; /* [count], step[0].first == 0, ascending, neighbours differ */
} mxc_steps;

/* Build the table of `shape`: op cast, scaled-cast (under `scale`) or scale (k = 1); elem, type (not fp64) and
 * profile of `shape` apply, and under round=sr:N every value gets the bits `random`.
 * MX_EINVAL, MX_ENOMEM; MX_EINTERNAL when the answers are not monotone or the witness disagrees with the reference:
 * a defect that the caller must report. Free with mxc_steps_free. */
mx_status mxc_steps_build(mxc_steps *steps, const mx_batch *shape, uint8_t scale, uint32_t random);
void mxc_steps_free(mxc_steps *steps);

/* The index of the step that covers `pattern`. */
size_t mxc_steps_at(const mxc_steps *steps, uint64_t pattern);

/* Is it one of the format's NaN codes? */
int mxc_is_nan_code(mx_elem elem, uint8_t code);

/* Compare answers for `count` consecutive patterns beginning at `first`. Returns how many are wrong and puts the first
 * wrong pattern in *wrong (untouched when there is none). */
uint64_t mxc_steps_compare(const mxc_steps *steps, uint64_t first, const uint8_t *answer, size_t count, mx_elem elem,
                           uint64_t *wrong);

#endif
