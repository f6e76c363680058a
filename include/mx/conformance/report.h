/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a run found, and its forms.
 */
#ifndef MX_CONFORMANCE_REPORT_H
#define MX_CONFORMANCE_REPORT_H

#include <stdio.h>

#include <mx/conformance/causes.h>
#include <mx/conformance/compare.h>
#include <mx/conformance/data.h>
#include <mx/conformance/figures.h>
#include <mx/conformance/subject.h>
#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum mxc_verdict {
    MXC_PASS = 1,
    MXC_FAIL,
    MXC_UNSUPPORTED,   /* not offered by the subject, or declined */
    MXC_NEVER,         /* accepted, but cases were refused or never answered */
    MXC_NOT_APPLICABLE /* declared axes differ from the pack's */
} mxc_verdict;
MX_API const char *
mxc_verdict_name(mxc_verdict verdict); /* "pass" "fail" "unsupported" "never-exercised" "not-applicable" */

/* Cases by fate. */
typedef struct mxc_tally {
    size_t cases; /* in the packs chosen */
    size_t pass;
    size_t fail;
    size_t never; /* accepted and not answered, or refused */
} mxc_tally;
MX_API void mxc_tally_add(mxc_tally *sum, const mxc_tally *one);

typedef struct mxc_pack_result {
    char *path;
    mx_batch shape; /* columns NULL; count = cases in the pack */
    char sha256[65];
    mxc_verdict verdict;
    char reason[MXC_LINE];               /* why unsupported, not applicable, never; else "" */
    mxc_tally tally;                     /* of the chosen cases; all zero when unsupported or not applicable */
    size_t known;                        /* known failures, counted in tally.fail too */
    double seconds;                      /* that reading, answering and judging it took */
    int exhaustive;                      /* 1: every input that there is was judged */
    mxc_tally class_[MX_CLASS_LAST + 1]; /* by class; [0] unused */
} mxc_pack_result;

typedef struct mxc_failure {
    size_t pack;  /* index into mxc_report.pack */
    size_t index; /* case in the pack */
    char *id, *tags;
    mx_class class_;
    mxc_diff diff;
    char *inputs, *want, *got;  /* columns as in packs */
    char *line;                 /* "mxcts explain ID --got 'COLUMNS'" */
    size_t departures;          /* how many single axes would explain it */
    mxc_departure departure[8]; /* the first ones */
    char *explained;            /* the text of `mxcts explain`, or NULL */
} mxc_failure;

/* A failure in short. */
typedef struct mxc_wrong {
    size_t pack; /* index into mxc_report.pack */
    char *id, *want, *got;
    int known; /* 1: listed in the file of known failures */
} mxc_wrong;

/* What asking the subject again showed. */
typedef struct mxc_repeat {
    size_t cases;  /* asked again in the same batches */
    size_t differ; /* of which were answered otherwise */
    size_t alone;  /* failures asked again one by one */
    size_t depend; /* of which were answered otherwise than in their batches, where the answers do not differ */
    char *id, *first, *second; /* an example of `differ`, or else of `depend`, with both answers; or NULL */
} mxc_repeat;

/* An entry of the file of known failures. */
typedef struct mxc_known_result {
    char *pattern, *link, *reason;
    char until[11];     /* "2026-12-31" */
    unsigned long line; /* of the file */
    size_t judged;      /* judged cases that it names (failures, for a pattern of a cluster) */
    size_t failed;      /* of which failed */
    int expired;        /* 1: its failures count */
} mxc_known_result;

typedef struct mxc_tag_count {
    char *tag;
    size_t expected; /* cases in accepted packs */
    size_t judged;
    size_t failed;
} mxc_tag_count;

/* What a run says of a clause: the chosen cases that test it. */
typedef struct mxc_clause_result {
    char *id, *requirement;
    mx_class class_;
    mxc_tally tally; /* never: in packs that were not judged too */
} mxc_clause_result;

/* What was asked for; 0 and NULL: any. */
typedef struct mxc_asked {
    mxc_filter filter;
    char *tag, *clause;
    char **pack; /* paths as given */
    size_t packs;
} mxc_asked;

typedef struct mxc_report {
    void *storage;       /* what strings of a report that was read belong to */
    char tool[MXC_NAME]; /* version that judged */
    char begun[24];      /* "2026-11-26T01:02:03Z" */
    mxc_description subject;
    char spec[MXC_LINE];
    mxc_asked asked;
    mxc_profile *profile; /* that the run was restricted to, with its evidence; NULL: none, or its axes have no name */
    int strict;
    mxc_pack_result *pack;
    size_t packs;
    mxc_tally tally;
    mxc_tally class_[MX_CLASS_LAST + 1];
    size_t deviations; /* should cases that failed; counted in tally.fail too */
    mxc_failure *failure;
    size_t failures; /* kept */
    mxc_diagnosis diagnosis;
    mxc_cluster *cluster; /* those of most failures first */
    size_t clusters;
    size_t diagnosed; /* failures looked at for an axis */
    mxc_axis_count *axis;
    size_t axes;
    mxc_wrong *wrong; /* at most options.list, in the order of the packs */
    size_t wrongs;
    mxc_repeat repeat;
    char *known_file; /* or NULL */
    mxc_known_result *known;
    size_t knowns;
    size_t known_failures; /* counted in tally.fail too */
    mxc_tag_count *tag;
    size_t tags;
    mxc_clause_result *clause;
    size_t clauses;
    mxc_figures *figures; /* NULL when they were not asked for */
    char misconduct[512]; /* what the subject did against the rules, or "" */
    char *stderr_text;    /* or NULL */
    mxc_counts counts;    /* cases sent, answered, refused */
    double seconds;
    int exit_status;
    char conclusion[512]; /* one line: why this exit status */
} mxc_report;

MX_API void mxc_report_free(mxc_report *report);

/* Forms of a report. MX_EIO, MX_ENOMEM. Text that came from a subject is escaped; what is no UTF-8 becomes U+FFFD. */
typedef enum mxc_form { MXC_TEXT = 1, MXC_TAP, MXC_JUNIT, MXC_JSON, MXC_HTML } mxc_form;
#define MXC_FORMS "text|tap|junit|json|html" /* their names, in order */
MX_API mx_status mxc_report_write(FILE *out, const mxc_report *report, mxc_form form);
MX_API mx_status mxc_report_text(FILE *out, const mxc_report *report);
MX_API mx_status mxc_report_tap(FILE *out, const mxc_report *report);   /* TAP version 13 */
MX_API mx_status mxc_report_junit(FILE *out, const mxc_report *report); /* JUnit XML */
MX_API mx_status mxc_report_json(FILE *out, const mxc_report *report);  /* conformance/report/run.schema.json */
MX_API mx_status mxc_report_html(FILE *out, const mxc_report *report);  /* one file, nothing loaded from elsewhere */

#define MXC_REPORT_VERSION 1 /* of the JSON */
/* Read what mxc_report_json wrote, whole: every form of it is then as it would have been of the run itself. The caller
 * frees *report. MX_EPARSE (another version, a field missing or of another type, counts that do not add up), MX_EIO,
 * MX_ENOMEM. */
MX_API mx_status mxc_report_read(mxc_report **report, FILE *in, const char *name, mxv_error *error);
MX_API mx_status mxc_report_load(mxc_report **report, const char *path, mxv_error *error);

#ifdef __cplusplus
}
#endif

#endif
