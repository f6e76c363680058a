/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What changed between two versions of a subject.
 */
#ifndef CONFORMANCE_BISECT_VERSIONS_H
#define CONFORMANCE_BISECT_VERSIONS_H

#include <mx/conformance.h>

#include "conformance/batch.h"

/* Answers that changed alike: the operation, the first output column that differs, the branch of the reference that
 * decides that cell, and which of the two answers is right. */
typedef struct mxc_change {
    mx_op op;
    mx_column_kind kind;
    int branch; /* mxref_scale_branch, or mxref_branch */
    int good_right, bad_right;
    unsigned elems, types; /* seen with, bit 1 << id */
    size_t count;
    mxc_store before, after; /* the first such case, with the answers of each */
} mxc_change;

enum { MXC_CHANGES = 96, MXC_SHAPES = 160 };

typedef struct mxc_versions {
    mxc_change change[MXC_CHANGES];
    size_t changes;
    mx_batch lost[MXC_SHAPES], gained[MXC_SHAPES]; /* shapes that only one of them takes; no columns */
    size_t losses, gains;
    size_t cases, differ; /* asked of both; answered differently */
} mxc_versions;

/* Ask both the same designed cases of every shape that they take under `profile`. MX_EUNSUPPORTED when they share none;
 * misconduct of either (`error` says whose). End with mxc_versions_free, on failure too. */
mx_status mxc_versions_compare(mxc_versions *versions, mxc_subject *good, mxc_subject *bad, const mx_profile *profile,
                               mxv_error *error);
void mxc_versions_free(mxc_versions *versions);

#endif
