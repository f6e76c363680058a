/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts statement: the conformance statement of a recorded run.
 */
#include "config.h"

#include <mx/conformance.h>

#include "tools/report_out.h"
#include "tools/tool.h"

enum { OUTPUT = 1 };

static const tool_option options[] = {
    {OUTPUT, 'o', "output", "FILE", "write the statement to FILE, whole or not at all, instead of to standard output"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_statement = {
    .name = "statement",
    .summary = "write the conformance statement of a recorded run",
    .args = "[OPTION...] RUN.json",
    .text = "Writes one text to hand out beside an implementation: the version of the tool, the subject and the axes "
            "it declares, the profile with its evidence, the verdict, the counts, what was exhaustive, sampled or "
            "never exercised by operation and by clause, the known failures, every pack with its digest, and the "
            "digest of the statement itself. RUN.json is what `mxcts run --format json` wrote (- for "
            "standard input).\n"
            "\n"
            "The statement of a run that does not conform says so. `mxcts verify-statement` checks one.\n"
            "\n"
            "The exit status is 0 when the statement was written, whatever it says.",
    .options = options,
    .example = "$ mxcts run --op decode --elem e2m1 --format json=/tmp/run.json | tail -n 1\n"
               "PASS: conforms on all ... judged cases\n"
               "$ mxcts statement /tmp/run.json\n"
               "#mxstatement 1\n"
               "tool        ...\n"
               "begun       ...\n"
               "subject     portable\n"
               "...\n"
               "verdict     PASS\n"
               "...\n"
               "exhaustive  decode e2m1 fp32: every input, in 1 of 1 pack\n"
               "...\n"
               "#end sha256=...\n",
    .run = run,
};

static mx_status write_statement(FILE *out, const void *report)
{
    return mxc_statement_write(out, report);
}

static int write_to(const char *path, const mxc_report *report)
{
    if (path)
        return report_file_write(path, write_statement, report);
    mx_status status = mxc_statement_write(stdout, report);
    if (status == MX_ENOMEM)
        tool_error("out of memory");
    return tool_finish(status == MX_OK ? TOOL_OK : TOOL_ERROR);
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_statement, argc, argv);
    const char *path = NULL;
    mxc_report *report = NULL;
    for (int id; (id = tool_next(&args)) != 0;) {
        if (id < 0)
            return TOOL_USAGE;
        path = args.value;
    }
    if (tool_operands(&args) != 1)
        return tool_usage("wanted one recorded run, found %d", tool_operands(&args));
    int status = path ? report_file_check(path) : TOOL_OK;
    if (status == TOOL_OK)
        status = report_load(&report, tool_operand(&args, 0));
    if (status == TOOL_OK)
        status = write_to(path, report);
    mxc_report_free(report);
    return status;
}
