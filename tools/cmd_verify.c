/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts verify: judge recorded answers.
 */
#include "config.h"

#include <mx/conformance.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/run_options.h"
#include "tools/tool.h"

enum { PACK = 1 };

static const tool_option options[] = {
    {PACK, 0, "pack", "PACK",
     "what was answered: a file, a folder, a name or pattern (may be repeated; default the smoke tier)"},
    RUN_OPTION_ROWS,
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_verify = {
    .name = "verify",
    .summary = "judge answers recorded in a file",
    .args = "[OPTION...] FILE",
    .text =
        "Judges the answers in FILE (- for standard input). A line is a case id and the output columns, as `mxcts "
        "gen --inputs` numbers the cases; a row of a pack (what stands before | but for the id is passed over); "
        "or, in a file without ids, the output columns of each case in the order of the packs that --pack names, "
        "with or without the input columns before them. `ID u REASON` says that a case is not supported. Empty lines "
        "and lines that "
        "begin with # are passed over; capitals, more blanks, CR LF and a byte order mark do not matter.\n"
        "\n"
        "An answer that is missing makes the run incomplete (99): of the packs that --pack names every one is "
        "wanted, of the whole tier those that the file has answers to. One that cannot be read (xx of a simulator, a "
        "cell too few) does not conform, and the others are judged. So does one for no case; a second one for the "
        "same case is an error.",
    .options = options,
    .example = "$ mxcts gen cast.e2m1.bf16.ocp > /tmp/pack.mxv; mxcts verify --pack /tmp/pack.mxv /tmp/pack.mxv\n"
               "...\n"
               "PASS: conforms on all ... judged cases\n",
    .run = run,
};

static int judge(const char *name, const run_options *what)
{
    mxv_error error = {0};
    mxc_report *report = NULL;
    FILE *in = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
    if (!in)
        return tool_usage("%s: cannot open: %s", name, strerror(errno));
    mx_status status = mxc_verify(&report, in, name, &what->options, &error);
    if (in != stdin)
        fclose(in);
    return status == MX_OK ? run_report(report, what) : run_failed(what, status, &error);
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_verify, argc, argv);
    run_options what = {0};
    int id, status = TOOL_OK;
    what.pack = calloc((size_t)argc + 1, sizeof *what.pack);
    what.options.select.pack = what.pack;
    if (!what.pack) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    while (status == TOOL_OK && (id = tool_next(&args)) != 0) {
        if (id == PACK)
            what.pack[what.options.select.packs++] = args.value;
        else
            status = run_option(&what, &args, id);
    }
    if (status == TOOL_OK && tool_operands(&args) != 1)
        status = tool_usage("wanted one file of answers, found %d", tool_operands(&args));
    if (status == TOOL_OK)
        status = run_check(&what);
    if (status == TOOL_OK)
        status = judge(tool_operand(&args, 0), &what);
    run_options_free(&what);
    return status;
}
