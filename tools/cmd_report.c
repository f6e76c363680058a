/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts report: a recorded run in another form.
 */
#include "config.h"

#include <mx/conformance.h>

#include "tools/report_out.h"
#include "tools/tool.h"

static const tool_option options[] = {
    REPORT_OUT_ROWS,
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_report = {
    .name = "report",
    .summary = "print the report of a recorded run in another form",
    .args = "[OPTION...] RUN.json",
    .text =
        "Reads what `mxcts run --format json` or `mxcts verify --format json` wrote (- for standard input) and prints "
        "it "
        "in any form, as the run itself would have printed it. Nothing is judged again. The exit status is that of the "
        "run.\n"
        "\n"
        "text is for people; tap is TAP version 13; junit is the XML that Ant, Jenkins and GitLab read; json is the "
        "whole of it, described by run.schema.json; html is one page with figures that loads nothing from elsewhere.",
    .options = options,
    .example = "$ mxcts run --op decode --elem e2m1 --format json=/tmp/run.json | tail -n 1\n"
               "PASS: conforms on all ... judged cases\n"
               "$ mxcts report --format tap /tmp/run.json\n"
               "TAP version 13\n"
               "1..5\n"
               "# subject portable\n"
               "ok 1 - decode e2m1 fp32: 16 of 16 cases\n"
               "...\n"
               "ok 5 - nothing else is wrong\n"
               "# PASS: conforms on all ... judged cases\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_report, argc, argv);
    report_out out = {.form = 0};
    mxc_report *report = NULL;
    int id, status = TOOL_OK;
    while (status == TOOL_OK && (id = tool_next(&args)) != 0)
        status = id < 0 ? TOOL_USAGE : report_out_option(&out, &args, id);
    if (status == TOOL_OK && tool_operands(&args) != 1)
        status = tool_usage("wanted one recorded run, found %d", tool_operands(&args));
    if (status == TOOL_OK)
        status = report_out_check(&out);
    if (status == TOOL_OK)
        status = report_load(&report, tool_operand(&args, 0));
    if (status != TOOL_OK)
        return status;
    int exit_status = report->exit_status, wrote = report_out_write(&out, report);
    mxc_report_free(report);
    return tool_finish(wrote == TOOL_OK ? exit_status : wrote);
}
