/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Parts of an inference: one group of axes on one shape, and the checks at the end.
 */
#ifndef CONFORMANCE_INFER_WORK_H
#define CONFORMANCE_INFER_WORK_H

#include "conformance/adapters/ask.h"
#include "conformance/infer/infer.h"

enum { MXCI_AXES = 3, MXCI_CANDIDATES = 64, MXCI_SHAPES = 160, MXCI_CHECK = 24 };

/* Axes that act together, and the probes that show them (conformance/infer/probes.h). */
typedef struct mxci_group {
    mx_axis axis[MXCI_AXES];
    unsigned kinds;
} mxci_group;

typedef struct mxci_candidate {
    uint8_t value[MXCI_AXES];
    int dead;
    size_t wrong;  /* rounds that it outlived */
    char *witness; /* what killed it */
} mxci_candidate;

/* Cases that told something about an axis, to ask them again. */
typedef struct mxci_record {
    mxc_store store;
    size_t count;
} mxci_record;

typedef struct mxci_search {
    mxc_inference *to;
    mxc_subject *subject;
    mxv_error *error;
    uint32_t
        left[MX_AXIS_LAST + 1]; /* values that may be, by axis, bit 1 << value; inconsistent: that might have been */
    unsigned nearest[MX_AXIS_LAST + 1]; /* of an inconsistent axis: the value that fitted longest */
    mx_batch shape[MXCI_SHAPES];
    size_t shapes;
    mxci_record record[MX_AXIS_LAST + 1];
    /* the group at work */
    const mxci_group *group;
    mxci_candidate candidate[MXCI_CANDIDATES];
    size_t candidates;
    uint32_t seed;
} mxci_search;

void mxci_set(const mxci_search *s, mx_profile *profile, mx_axis axis, unsigned value);
/* Nothing more is to be found out about an axis. */
int mxci_settled(const mxci_search *s, mx_axis axis);
/* Of the values left the one asked for, else the lowest that is definite. */
unsigned mxci_choose(const mxci_search *s, mx_axis axis);
uint32_t mxci_draw(mxci_search *s);
/* The n-th draw of what is not known; the first takes what is likeliest, the second leaves open what can be. */
mx_profile mxci_draw_profile(mxci_search *s, size_t n);

/* The cases for which keep[i] is set, in a store of their own. */
mx_status mxci_subset(mxc_store *to, const mx_batch *from, const unsigned char *keep);
size_t mxci_first_alive(const mxci_search *s);

/* Ask the probes of one shape that part the candidates of the group; those with a wrong cell are dead. */
mx_status mxci_try_shape(mxci_search *s, const mx_batch *shape);

/* Whether the answers to the cases that told an axis change with what is asked. */
mx_status mxci_follows(mxci_search *s, mx_axis axis);
/* The cases that told an axis, once more: a subject that answers otherwise cannot be inferred. */
mx_status mxci_repeat(mxci_search *s, mx_axis axis);
/* The whole profile on probes of one shape. */
mx_status mxci_check_shape(mxci_search *s, const mx_batch *shape);

#endif
