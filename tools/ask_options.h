/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The options of verbs that ask a live subject about a profile: `bisect` and `infer`.
 */
#ifndef TOOLS_ASK_OPTIONS_H
#define TOOLS_ASK_OPTIONS_H

#include <mx/conformance.h>

#include "tools/filter.h"
#include "tools/tool.h"

enum { ASK_SUBJECT = 300, ASK_PROFILE, ASK_TIMEOUT };

/* Rows for a table of options. */
#define ASK_OPTION_ROWS                                                                                                \
    {ASK_SUBJECT, 's', "subject", "SUBJECT", "who is asked: a name, lib:PATH or pipe:COMMAND"}, FILTER_OPTION_ROWS,    \
        {ASK_PROFILE, 'p', "profile", "NAME|FILE", "what it is asked to follow (default ocp-mx-1.0)"},                 \
    {                                                                                                                  \
        ASK_TIMEOUT, 0, "timeout", "SECONDS", "how long a subject may take for one answer (default 10)"                \
    }

typedef struct ask_options {
    const char *spec, *profile;
    mxc_filter filter;
    mxc_subject_options how;
} ask_options;

/* One option; TOOL_OK, or another exit status with the line printed. `id` of -1 (a bad option) included. */
int ask_option(ask_options *what, const tool_args *args, int id);
/* The profile asked for. Same result. */
int ask_load_profile(const ask_options *what, mx_profile *profile);
/* Open `spec`, to be asked what the filter lets through; TOOL_OK, or the exit status with the line printed. */
int ask_open(mxc_subject **subject, const char *spec, const ask_options *what);
/* The exit status for a failure while it was asked, the line printed, with what the subject wrote to stderr. */
int ask_failed(mxc_subject *subject, const char *spec, mx_status status, const mxv_error *error);

#endif
