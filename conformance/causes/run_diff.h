/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What changed between two runs, by case, by pack and by class of failure.
 */
#ifndef CONFORMANCE_CAUSES_RUN_DIFF_H
#define CONFORMANCE_CAUSES_RUN_DIFF_H

#include <mx/conformance.h>

typedef enum mxc_change {
    MXC_FIX = 1,    /* failed in A, passes in B */
    MXC_REGRESSION, /* passed in A, fails in B */
    MXC_NEW,        /* fails in B, not judged in A */
    MXC_GONE,       /* failed in A, not judged in B */
    MXC_CHANGED,    /* fails in both, with another answer */
    MXC_SAME        /* fails in both with the same answer */
} mxc_change;
#define MXC_CHANGE_LAST MXC_SAME
const char *mxc_change_name(mxc_change change); /* "FIX" "REGRESSION" "NEW" "GONE" "CHANGED" "SAME", NULL */

typedef struct mxc_case_change {
    mxc_change change;
    const mxc_wrong *a, *b; /* of the reports; NULL where it does not fail */
} mxc_case_change;

typedef struct mxc_key_change {
    mxc_change change; /* REGRESSION and FIX: more and fewer failures, too */
    const char *key;
    size_t a, b; /* failures */
} mxc_key_change;

typedef struct mxc_run_diff {
    const mxc_report *a, *b; /* must outlive it */
    size_t count[MXC_CHANGE_LAST + 1];
    size_t known;            /* regressions that B lists as known */
    mxc_case_change *change; /* all but SAME, by change and then by id */
    size_t changes;
    mxc_key_change *key; /* that differ, by change and then by key */
    size_t keys;
    size_t beyond; /* packs of which not every failure is listed: their failures are compared by number, in `count` */
    size_t lost;   /* cases judged in A that B was offered and did not answer */
    size_t lost_packs;
    int misconduct; /* B broke the rules, or answered differently on repetition, and A did not */
    int regression; /* 1: exit status 1 */
} mxc_run_diff;

/* MX_ENOMEM. End with mxc_run_diff_free. */
mx_status mxc_run_diff_make(mxc_run_diff *diff, const mxc_report *a, const mxc_report *b);
void mxc_run_diff_free(mxc_run_diff *diff);

#endif
