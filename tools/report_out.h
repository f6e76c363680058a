/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where a report goes: one form on standard output or in a file, others in files of their own.
 */
#ifndef TOOLS_REPORT_OUT_H
#define TOOLS_REPORT_OUT_H

#include <mx/conformance.h>

#include "tools/tool.h"

enum { REPORT_FORMAT = 220, REPORT_OUTPUT };

/* Rows for a table of options. */
#define REPORT_OUT_ROWS                                                                                                \
    {REPORT_FORMAT, 0, "format", MXC_FORMS,                                                                            \
     "form of the report (default text); FORM=FILE writes it to FILE and may be repeated"},                            \
    {                                                                                                                  \
        REPORT_OUTPUT, 'o', "output", "FILE",                                                                          \
            "write the report to FILE, whole or not at all, instead of to standard output"                             \
    }

enum { REPORT_OUTS = 16 };

typedef struct report_out {
    struct {
        mxc_form form;
        const char *path;
    } extra[REPORT_OUTS]; /* FORM=FILE */
    size_t extras;
    mxc_form form;    /* the one without a file; 0: none was asked for */
    const char *path; /* --output; NULL: standard output */
} report_out;

/* One of the options above. TOOL_OK or TOOL_USAGE with the line printed. */
int report_out_option(report_out *out, const tool_args *args, int id);
/* After the last option: no file twice, each can be made. Same result. */
int report_out_check(const report_out *out);
/* Before a report can be made: a line for the reader of TAP on standard output. */
void report_out_bail(const report_out *out, const char *why);
/* 1 when a form shows all there is: examples explained (explain_report), figures (mxc_options.figures). */
int report_out_is_full(const report_out *out);
/* Write all. TOOL_OK or TOOL_ERROR. */
int report_out_write(const report_out *out, const mxc_report *report);

/* The report of a recorded run; "-" is standard input. TOOL_OK, or TOOL_USAGE or TOOL_ERROR with the line printed. */
int report_load(mxc_report **report, const char *path);

/* One file, written beside and renamed; a special one (a pipe, /dev/null) directly. TOOL_OK, TOOL_USAGE, TOOL_ERROR. */
int report_file_check(const char *path);
int report_file_write(const char *path, mxv_writer write, const void *state);

/* ---- explain/report.c ---- */

/* Fill `explained` of the clusters and of the failures kept, where it is NULL and the case is at hand. */
void explain_report(mxc_report *report);

#endif
