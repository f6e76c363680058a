/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The failures of a run: some kept in full, all counted by class, all kept in short for the diagnosis.
 */
#ifndef CONFORMANCE_CAUSES_FAILURES_H
#define CONFORMANCE_CAUSES_FAILURES_H

#include "conformance/causes/cluster.h"
#include "conformance/judge/judge.h"

/* A judged pack, as the diagnosis needs it. */
typedef struct mxc_judged {
    size_t pack;      /* index into mxc_report.pack */
    uint32_t *chosen; /* [n] its chosen cases; NULL: all */
    size_t n;
    uint8_t *fate; /* [n] mxc_fate */
    mxc_store got; /* answers of its failures, in order, inputs not set; at most `kept` of them */
    size_t kept;
    int own; /* the caller's: explain has to be told of it */
} mxc_judged;

/* One failure whose axis was looked for. */
typedef struct mxc_diagnosed {
    uint64_t explained_by; /* bits of mxc_value_bit */
    char *id, *line;
} mxc_diagnosed;

typedef struct mxc_failures {
    mxc_report *report;
    const mxc_options *options;
    mxc_clusters *clusters;
    mxc_judged *judged;
    size_t judgeds;
    size_t kept; /* in all packs */
    mxc_diagnosed *diagnosed;
    size_t diagnosed_count;
} mxc_failures;

/* `report` and `options` must outlive it. NULL: out of memory. */
mxc_failures *mxc_failures_new(mxc_report *report, const mxc_options *options);
void mxc_failures_free(mxc_failures *failures);

/* A judged pack, the last one of the report. MX_ENOMEM, or what the reference gives. */
mx_status mxc_failures_add(mxc_failures *failures, const mxc_work *work, mxv_error *error);

/* Fill the report: axes, clusters, diagnosis. MX_ENOMEM, MX_EIO and others when a pack is no longer as it was. */
mx_status mxc_failures_report(mxc_failures *failures, mxv_error *error);

/* ---- axes.c ---- */

/* Count the failures by what explains them, those that explain most first. MX_ENOMEM. */
mx_status mxc_axes_count(mxc_report *report, const mxc_diagnosed *failure, size_t n);

/* ---- diagnose.c ---- */

/* Which known faults give the answers. */
mx_status mxc_diagnose(const mxc_failures *failures, mxv_error *error);

#endif
