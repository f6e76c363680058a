/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts bisect: the smallest input that fails alike, and the stage where it goes wrong.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/ask.h"
#include "conformance/bisect.h"
#include "tools/explain.h"
#include "tools/run_options.h"
#include "tools/tool.h"

enum { SUBJECT = 1, PROFILE, PACK, TIMEOUT, FORMAT };

static const tool_option options[] = {
    {SUBJECT, 's', "subject", "SUBJECT", "what fails: a name, lib:PATH or pipe:COMMAND"},
    {PROFILE, 'p', "profile", "NAME|FILE", "profile of bits typed in [ocp-mx-1.0]; axis=value words change it"},
    {PACK, 0, "pack", "FILE", "look for the case in this pack only"},
    {TIMEOUT, 0, "timeout", "SECONDS", "how long a subject may take for one answer (default 10)"},
    {FORMAT, 0, "format", "text|json", "how to print (default text)"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_bisect = {
    .name = "bisect",
    .summary = "make a failing case smaller and name the stage where it goes wrong",
    .args = "[OPTION...] -s SUBJECT CASE-ID\n"
            "[OPTION...] -s SUBJECT OP elem=ELEM type=TYPE [k=K] [AXIS=VALUE...] INPUT...",
    .text = "Asks the subject the case, then smaller ones: first elements become zero, then exponents move toward zero "
            "and bits are cleared, as long as it fails in the same output column and the same branch of the reference. "
            "More cases, made of what is left, tell the first stage that is wrong: amax, exponent, clamp, scale-code, "
            "quotient, rounding, overflow, special, decode or layout. A stage is the likeliest place, with the reason "
            "printed, not a proof.\n\n"
            "Printed are the small case as a line for `mxcts explain` and a row of a pack, and its bits for C and "
            "Python. The exit status is 1 when the case fails, 0 when the subject answers it rightly, 77 when it does "
            "not take it. A subject that answers differently on repetition is told so, with status 1.",
    .options = options,
    .example = "$ mxcts bisect --subject mutant:rna-ties cast elem=e4m3 type=fp32 43d80000\n"
               "PASS: ...\n"
               "$ mxcts bisect --subject mutant:rna-ties quantize elem=e2m1 type=fp32 k=4 40800000 bf400001 bf400000 "
               "3e800000\n"
               "stage        rounding: the answer is the other neighbour\n"
               "...\n",
    .run = run,
};

typedef struct bisect_args {
    const char *spec, *profile, *pack;
    mxc_subject_options how;
    int json;
} bisect_args;

/* ---- printing ---- */

static char *columns(const mx_batch *b, int outputs)
{
    char *text = malloc((outputs ? mxv_outputs_text(b) : mxv_inputs_text(b)) + 1);
    if (text && outputs)
        mxv_format_outputs(b, NULL, 0, text);
    else if (text)
        mxv_format_inputs(b, 0, text);
    return text;
}

/* "0x3f800000, 0x00" from "3f800000 00". */
static void print_array(const char *before, const char *text, const char *after)
{
    fputs(before, stdout);
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, " ");
        printf("%s0x%.*s", at == text ? "" : ", ", (int)n, at);
        at += n + (at[n] == ' ');
    }
    fputs(after, stdout);
}

static void print_text(const mxc_bisection *r, const char *in, const char *want, const char *got)
{
    char head[MXV_HEAD_TEXT];
    char *line = mxc_case_line(&r->small.batch, 0, &r->small.batch);
    mxv_format_op(&r->small.batch, head);
    printf("stage        %s: %s\n", r->stage ? mxc_stage_name(r->stage) : "unknown", r->why);
    printf("input        %s\n", in);
    printf("wanted       %s\n", want);
    printf("found        %s%s%s\n", tool_colour(stdout, TOOL_RED), got, tool_colour(stdout, TOOL_PLAIN));
    printf("smaller      %zu of %zu elements that are not zero left; %zu cases asked\n\n", r->nonzero, r->before,
           r->asked);
    printf("explain      %s\n", line ? line : "");
    printf("row of .mxv  bisected must - %s | %s\n\n", in, want);
    printf("C:\n    /* %s */\n", head);
    print_array("    static const uint64_t input[] = {", in, "};\n");
    print_array("    static const uint64_t wanted[] = {", want, "};\n\n");
    printf("Python:\n    # %s\n", head);
    print_array("    given = [", in, "]\n");
    print_array("    wanted = [", want, "]\n");
    free(line);
}

static int print_json(const mxc_bisection *r, const char *in, const char *want, const char *got)
{
    char *line = mxc_case_line(&r->small.batch, 0, &r->small.batch);
    json_t *document = json_pack("{s:s, s:s?, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s}", "outcome", "fails", "stage",
                                 r->stage ? mxc_stage_name(r->stage) : NULL, "why", r->why, "input", in, "wanted", want,
                                 "found", got, "nonzero", (json_int_t)r->nonzero, "before", (json_int_t)r->before,
                                 "asked", (json_int_t)r->asked, "explain", line ? line : "");
    free(line);
    return tool_json(document);
}

static int print(const mxc_bisection *r, int json)
{
    if (r->outcome != MXC_BISECTED) {
        const char *words = r->outcome == MXC_BISECT_FLAKY ? "FAIL: the subject answers differently on repetition"
                                                           : "PASS: the subject answers this case rightly";
        int code = r->outcome == MXC_BISECT_FLAKY ? TOOL_FAIL : TOOL_OK;
        if (json)
            return tool_json(json_pack("{s:s}", "outcome", code ? "flaky" : "passes")) ? TOOL_ERROR : code;
        puts(words);
        return tool_finish(code);
    }
    char *in = columns(&r->small.batch, 0), *want = columns(&r->want.batch, 1), *got = columns(&r->small.batch, 1);
    int status = TOOL_ERROR;
    if (in && want && got && json)
        status = print_json(r, in, want, got) == TOOL_OK ? TOOL_FAIL : TOOL_ERROR;
    else if (in && want && got)
        print_text(r, in, want, got), status = tool_finish(TOOL_FAIL);
    free(in);
    free(want);
    free(got);
    return status;
}

/* ---- command line ---- */

static int bisect(const bisect_args *args, const mx_batch *one)
{
    mxv_error error = {0};
    mxc_subject *subject = NULL;
    mxc_bisection result = {0};
    mx_status status = mxc_subject_open(&subject, args->spec, &args->how, &error);
    if (status != MX_OK) {
        tool_error("%s: %s", args->spec, error.text);
        return status == MX_EINVAL ? TOOL_USAGE : status == MX_EUNSUPPORTED ? TOOL_SKIP : run_exit_of_open(status);
    }
    int code;
    status = mxc_bisect(&result, subject, one, &error);
    if (status == MX_OK) {
        code = print(&result, args->json);
    } else {
        tool_error("%s: %s, after %zu cases", args->spec, *error.text ? error.text : mx_status_text(status),
                   result.asked);
        code = status == MX_EUNSUPPORTED ? TOOL_SKIP : status == MX_ENOMEM ? TOOL_ERROR : TOOL_FAIL;
    }
    mxc_bisection_free(&result);
    mxc_subject_free(subject);
    return code;
}

static int find_case(explain *x, const bisect_args *args, char **word, int n)
{
    if (mx_op_find(word[0], strlen(word[0])))
        return explain_typed(x, args->profile, word, n);
    if (n > 1)
        return tool_usage("'%s' after the case id: nothing was wanted", word[1]), -1;
    return explain_from_pack(x, args->pack, word[0]);
}

static int run(int argc, char **argv)
{
    tool_args line = TOOL_ARGS(&tool_verb_bisect, argc, argv);
    bisect_args args = {0};
    uint64_t number = 0;
    for (int id; (id = tool_next(&line)) != 0;) {
        if (id == SUBJECT)
            args.spec = line.value;
        else if (id == PROFILE)
            args.profile = line.value;
        else if (id == PACK)
            args.pack = line.value;
        else if (id == TIMEOUT && tool_number(&line, 1, 86400, &number) == 0)
            args.how.timeout_ms = (unsigned)(number * 1000);
        else if (id != FORMAT || (args.json = tool_choice(&line, "text|json")) < 0)
            return TOOL_USAGE;
    }
    int n = tool_operands(&line);
    if (!args.spec || n < 1)
        return tool_usage("wanted --subject, and a case id or an operation with its inputs");
    char **word = malloc((size_t)n * sizeof *word);
    explain x = {.lane = 0};
    int code = TOOL_USAGE;
    for (int i = 0; word && i < n; i++)
        word[i] = tool_operand(&line, i);
    if (word && find_case(&x, &args, word, n) == 0)
        code = bisect(&args, &x.pack->batch);
    mxv_pack_free(x.pack);
    free(x.recorded);
    free(word);
    return code;
}
