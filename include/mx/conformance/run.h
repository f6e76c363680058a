/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Runs: which cases are judged, how, and a report of them.
 */
#ifndef MX_CONFORMANCE_RUN_H
#define MX_CONFORMANCE_RUN_H

#include <stdio.h>

#include <mx/conformance/data.h>
#include <mx/conformance/report.h>
#include <mx/conformance/subject.h>
#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which cases to run; zero and NULL: any. */
typedef struct mxc_select {
    const char *const *pack; /* paths of packs or folders, or names of smoke packs; NULL: the whole smoke tier */
    size_t packs;
    mxc_filter filter;
    const char *tag;           /* a tag, or a case id */
    const mxc_clause *clause;  /* cases that test it */
    const mx_profile *profile; /* packs that agree with its nonzero axes, where they matter */
    const mxc_profile *named;  /* what `profile` was taken from, for the report; may be NULL */
} mxc_select;

typedef struct mxc_progress {
    void (*step)(void *state, size_t done, size_t total, const char *what); /* packs; may be NULL */
    void *state;
} mxc_progress;

typedef struct mxc_options {
    mxc_select select;
    int strict;             /* should deviations fail */
    int skip_crosscheck;    /* for tests of the suite itself */
    int no_manifest;        /* packs named by the user need not be in MANIFEST.sha256 */
    size_t keep;            /* failures kept in full; 0: 20 */
    size_t list;            /* failures listed by id (mxc_report.wrong); 0: none */
    const mxc_known *known; /* failures that do not fail the run; may be NULL */
    int figures;            /* count for mxc_report.figures, which the forms JSON and HTML show */
    size_t diagnose;        /* how many failures the axis is looked for, 64 a pack; then 4 a pack. 0: 2000 */
    mxc_progress progress;
} mxc_options;

/* Judge `subject` (which is said goodbye to, but not freed). *report is filled whatever the verdict. MX_EINVAL
 * when a pack that was named cannot be read or is malformed, or no case of any pack has the tag; any other status but
 * MX_OK is a harness error (packs missing, digests wrong, crosscheck). The caller frees *report. `spec` is for the
 * report. */
MX_API mx_status mxc_run(mxc_report **report, mxc_subject *subject, const char *spec, const mxc_options *options,
                         mxv_error *error);
/* Judge recorded answers: lines "ID columns" or, when no line has an id, bare columns in the order of the pack. One
 * that cannot be read is misconduct, and the others are judged. */
MX_API mx_status mxc_verify(mxc_report **report, FILE *answers, const char *name, const mxc_options *options,
                            mxv_error *error);

#ifdef __cplusplus
}
#endif

#endif
