/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts run: judge a subject on golden vectors.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "tools/run_options.h"
#include "tools/tool.h"

enum { SUBJECT = 1, TIMEOUT, NONCE };

static const tool_option options[] = {
    {SUBJECT, 's', "subject", "SUBJECT", "what to judge: a name, lib:PATH or pipe:COMMAND (default portable)"},
    RUN_OPTION_ROWS,
    {TIMEOUT, 0, "timeout", "SECONDS", "how long a subject may take for one answer (default 10)"},
    {NONCE, 0, "nonce", "N", "order of the cases for a pipe subject (default: drawn)"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_run = {
    .name = "run",
    .summary = "judge an implementation on golden vectors",
    .args = "[OPTION...] [PACK|CLAUSE|TAG|CASE-ID]...",
    .text =
        "Compares the formats as the libraries and the tables state them, then asks the subject every case of the "
        "smoke tier, or of the packs named, and compares bit for bit. A subject is a name (`mxcts list subjects`), "
        "lib:PATH for a shared object with the interface of mx/adapter.h, or pipe:COMMAND for a program that speaks "
        "mxp/1 on its standard input and output.\n"
        "\n"
        "A PACK is a file, a folder, or the name of a pack of the smoke tier (`mxcts list packs`), also as a shell "
        "pattern: 'quantize.*.fp32.*'. A clause (MX-6.3-b; `mxcts clauses`), a tag (`mxcts list tags`) or a case id "
        "restricts the run to its cases. A subject that declares axes is judged on the packs whose profiles agree with "
        "them.\n"
        "\n"
        "Where answers are wrong, the report begins with what lies behind them: the known fault (`mxcts list mutants`) "
        "that gives exactly these answers, or that none does; the axis values that would; clusters of failures that "
        "are alike, each with its simplest case. Each failure is a line to paste into a shell. Some cases are asked "
        "again: a subject whose answers differ then does not conform.\n"
        "\n"
        "--known FILE lists failures that do not fail the run, each with a reason, a link and the last day on which it "
        "holds. One that has expired fails the run; one that passes now is reported, and fails under --strict.\n"
        "\n"
        "The report is text, TAP 13, JUnit XML, JSON (run.schema.json) or one HTML page; --format FORM=FILE writes it "
        "to a file and may be repeated, and then text still goes to standard output.\n"
        "\n"
        "The exit status is 0 when the subject conforms, 1 when it does not, 2 for a wrong command line, a name that "
        "is none or a file that is missing or malformed, 77 when nothing was judged and 99 when the run is incomplete "
        "or the harness failed.",
    .options = options,
    .example = "$ mxcts run --subject ref --op cast --elem e2m1 --type bf16\n"
               "subject      ref (ref ...)\n"
               "axes         declares no axis: offered every pack\n"
               "...\n"
               "op           format type         packs     cases      pass      fail     never  verdict\n"
               "cast         e2m1   bf16  ...  pass\n"
               "...\n"
               "PASS: conforms on all ... judged cases\n"
               "$ mxcts run --subject mutant:rna-ties --op cast --elem e2m1 --type bf16\n"
               "...\n"
               "Diagnosis:\n"
               "  ... failures match mutant rna-ties, stage rounding: ties away from zero (seen: ROCm/aiter 3992)\n"
               "    0 of ... passes contradict it\n"
               "...\n"
               "FAIL: does not conform: ... of ... judged cases are wrong\n"
               "$ mxcts run --subject pipe:false\n"
               "mxcts run: pipe:false: the subject exited with status 1 while its greeting was waited for\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_run, argc, argv);
    const char *spec = NULL;
    mxc_subject_options how = {0};
    run_options what = {0};
    mxc_report *report = NULL;
    uint64_t number = 0;
    int id, status = TOOL_OK;
    while (status == TOOL_OK && (id = tool_next(&args)) != 0) {
        if (id == SUBJECT)
            status = tool_once(&spec, &args);
        else if (id == TIMEOUT && tool_number(&args, 1, 86400, &number) == 0)
            how.timeout_ms = (unsigned)(number * 1000);
        else if (id == NONCE && tool_number(&args, 1, UINT64_MAX, &number) == 0)
            how.nonce = number;
        else
            status = run_option(&what, &args, id);
    }
    if (status == TOOL_OK)
        status = run_operands(&what, &args);
    if (status == TOOL_OK)
        status = run_check(&what);
    if (status == TOOL_OK)
        status = run_judge(&report, spec ? spec : "portable", &how, &what);
    if (status == TOOL_OK)
        status = run_report(report, &what);
    run_options_free(&what);
    return status;
}
