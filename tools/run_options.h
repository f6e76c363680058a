/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The options that `run` and `verify` share: which cases, how strict, which report.
 */
#ifndef TOOLS_RUN_OPTIONS_H
#define TOOLS_RUN_OPTIONS_H

#include <mx/conformance.h>

#include "tools/filter.h"
#include "tools/report_out.h"
#include "tools/tool.h"

enum { RUN_PROFILE = 200, RUN_STRICT, RUN_KEEP, RUN_CLAUSE, RUN_LIST, RUN_KNOWN, RUN_TODAY };

/* Rows for a table of options. */
#define RUN_OPTION_ROWS                                                                                                \
    FILTER_OPTION_ROWS,                                                                                                \
        {RUN_PROFILE, 'p', "profile", "NAME", "only packs that agree with this profile, where its axes matter"},       \
        {RUN_CLAUSE, 0, "clause", "CLAUSE", "only the cases that test this clause (MX-6.3-b; mxcts clauses)"},         \
        {RUN_STRICT, 0, "strict", NULL, "deviations from recommendations (should) fail"},                              \
        {RUN_KEEP, 0, "failures", "N", "show N failures in full (default 20, at most 4 a pack)"},                      \
        {RUN_LIST, 0, "list", "N", "list at most N failures by id in JSON (default 100000)"},                          \
        {RUN_KNOWN, 0, "known", "FILE", "known failures, which do not fail the run (conformance/KNOWN-FAILURES)"},     \
        {RUN_TODAY, 0, "today", "DATE", "the day that known failures expire by, YYYY-MM-DD (default today)"},          \
        REPORT_OUT_ROWS

typedef struct run_options {
    mxc_options options;
    mxc_profile profile;  /* options.select.profile points to its values */
    const char **pack;    /* options.select.pack */
    mxc_clauses *clauses; /* options.select.clause belongs to it */
    mxc_known *known;     /* options.known */
    const char *known_path, *today;
    report_out out;
} run_options;

/* One option; TOOL_OK, or another exit status with the line printed. `id` of -1 (a bad option) included. */
int run_option(run_options *what, const tool_args *args, int id);
/* After the last option: what they are together, files read. Same result. */
int run_check(run_options *what);
/* The operands: packs, one clause, and one tag or case id. Same result. */
int run_operands(run_options *what, const tool_args *args);
void run_options_free(run_options *what);

/* The exit status for a subject that could not be opened. */
int run_exit_of_open(mx_status status);
/* Open the subject and judge it. TOOL_OK with *report filled, or another exit status with the line printed. */
int run_judge(mxc_report **report, const char *spec, const mxc_subject_options *how, const run_options *what);
/* Say why nothing was judged; the exit status. */
int run_failed(const run_options *what, mx_status status, const mxv_error *error);
/* Print and free the report; the exit status. */
int run_report(mxc_report *report, const run_options *what);

#endif
