/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts bisect: the smallest input that fails alike, and the stage where it goes wrong.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/ask.h"
#include "conformance/bisect/bisect.h"
#include "tools/ask_options.h"
#include "tools/bisect_versions.h"
#include "tools/explain/explain.h"
#include "tools/snippet.h"
#include "tools/tool.h"

enum { GOOD = 1, BAD, PACK, FORMAT };
enum { TEXT, JSON, C, PYTHON, MXV };

static const tool_option options[] = {
    ASK_OPTION_ROWS,
    {PACK, 0, "pack", "PACK", "look for the case in this pack only, a file or a name"},
    {GOOD, 0, "good", "SUBJECT", "with --bad: the version before, to be compared"},
    {BAD, 0, "bad", "SUBJECT", "with --good: the version after"},
    {FORMAT, 0, "format", "text|json|c|python|mxv",
     "a report, or the small case as a program or a pack (default text)"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_bisect = {
    .name = "bisect",
    .summary = "make a failing case smaller and name the stage where it goes wrong",
    .args = "[OPTION...] -s SUBJECT CASE-ID\n"
            "[OPTION...] -s SUBJECT OP elem=ELEM type=TYPE [k=K] [AXIS=VALUE...] INPUT...\n"
            "[OPTION...] --good SUBJECT --bad SUBJECT",
    .text = "Asks the subject the case, then smaller ones: elements become zero, then they get fewer significant bits, "
            "then exponents nearer zero, as long as the case fails in the same output column and the same branch of "
            "the reference. A case that is right alone is put among others, which may make it fail.\n\n"
            "More cases, made of what is left and asked in the narrowest operation that shows the fault (in blocks "
            "made for it where the subject has only blocks), tell the first stage that is wrong:\n\n"
            " amax        which elements the scale is taken of, and in what precision\n"
            " exponent    the rule that makes an exponent of A\n"
            " clamp       the ends of the range of scales, and the block of zeros\n"
            " scale-code  writing and reading a scale byte\n"
            " quotient    the number that is rounded: the source, what it is divided by, what it passes through\n"
            " rounding    which neighbour; one code\n"
            " overflow    beyond the largest code\n"
            " special     NaN, Inf, zeros, signs of zero\n"
            " decode      the value of a code and its product with the scale\n"
            " packing     codes in bytes\n"
            " layout      which cell goes where; other lanes, other blocks\n\n"
            "The stage is printed with the reason. Two faults that no question can tell apart have the name of the one "
            "that an axis describes.\n\n"
            "Printed are the small case, a line for `mxcts explain`, a row of a pack and small programs in C and "
            "Python. --format c, python and mxv print one of them whole: the program fails as it stands, and passes "
            "when its one function answers rightly; `mxcts run` takes the pack.\n\n"
            "With --good and --bad two versions of a subject are asked the same designed cases. What changed is listed "
            "by class: operation, output column, branch of the reference, and which of the two is right, with an "
            "example of each and the stage of the wrong one.\n\n"
            "The exit status is 1 when the case fails or a version answers otherwise, 0 when not, 77 when the subject "
            "does not take it. A subject that answers differently on repetition is told so, with status 1.",
    .options = options,
    .example = "$ mxcts bisect --subject mutant:rna-ties cast elem=e4m3 type=fp32 43d80000\n"
               "PASS: ...\n"
               "$ mxcts bisect --subject mutant:rna-ties quantize elem=e2m1 type=fp32 k=4 40800000 bf400001 bf400000 "
               "3e800000\n"
               "stage        rounding: the answer is the other neighbour\n"
               "...\n"
               "explain      mxcts explain quantize elem=e2m1 type=fp32 k=4 ...\n"
               "...\n"
               "$ mxcts bisect --good mutant:none --bad mutant:max-480\n"
               "broken       cast code, saturated: ... cases of e4m3, ...\n"
               "...\n",
    .run = run,
};

typedef struct bisect_args {
    ask_options ask;
    const char *pack, *good, *bad;
    int format;
} bisect_args;

/* ---- printing ---- */

static void print_like(const mxc_bisection *r)
{
    size_t n = r->likes < sizeof r->like / sizeof *r->like ? r->likes : sizeof r->like / sizeof *r->like;
    for (size_t i = 0; i < n; i++)
        printf("%s%s=%s", i ? ", " : "as if        ", mx_axis_name(r->like[i].axis),
               mx_axis_value_name(r->like[i].axis, r->like[i].value));
    if (n)
        putchar('\n');
}

/* Whether the columns of the small case fill more than a few lines. */
static int is_long(const char *in, const char *want)
{
    enum { LONG = 1000 };
    return strlen(in) > LONG || strlen(want) > LONG;
}

/* A row of columns; of a long case with runs of one word as "00 x 12": only the forms that are asked for have all. */
static void print_row(const char *before, const char *columns, int shorten)
{
    printf("%-12s ", before);
    for (const char *at = columns, *next; *at && shorten; at = next) {
        const size_t word = strcspn(at, " ");
        size_t run = 0;
        for (next = at; strncmp(next, at, word) == 0 && (next[word] == ' ' || next[word] == '\0'); run++)
            next += word + (next[word] == ' ');
        printf("%s%.*s", at == columns ? "" : ", ", (int)word, at);
        if (run > 1)
            printf(" x %zu", run);
    }
    printf("%s\n", shorten ? "" : columns);
}

/* The cases that it needs beside it; of many those alone that are not the same as the first. */
static void print_beside(const mxc_bisection *r, int shorten)
{
    enum { FEW = 3 };
    const mx_batch *b = &r->small.batch;
    char *first = b->count > FEW ? bisect_columns(b, 0, 0) : NULL;
    size_t same = 0;
    for (size_t i = 0; i < b->count; i++) {
        char *in = i == r->at ? NULL : bisect_columns(b, i, 0), name[32];
        const int is_first = in && first && strcmp(in, first) == 0;
        same += (size_t)is_first;
        snprintf(name, sizeof name, "case %zu", i);
        if (in && !is_first)
            print_row(first ? name : i < r->at ? "before it" : "after it", in, shorten);
        free(in);
    }
    if (first)
        printf("%-12s %s, in %zu of %zu cases; it is case %zu\n", "beside it", first, same, b->count, r->at);
    free(first);
}

static void print_text(const mxc_bisection *r, const char *in, const char *want, const char *got)
{
    const mx_batch one = mxc_slice(&r->small.batch, r->at, 1);
    char *line = mxc_case_line(&one, 0, &one);
    const int shorten = is_long(in, want);
    printf("stage        %s%s%s: %s\n", tool_colour(stdout, TOOL_BOLD), r->stage ? mxc_stage_name(r->stage) : "unknown",
           tool_colour(stdout, TOOL_PLAIN), r->why);
    print_like(r);
    print_row("input", in, shorten);
    print_beside(r, shorten);
    print_row("wanted", want, shorten);
    fputs(tool_colour(stdout, TOOL_RED), stdout);
    print_row("found", got, shorten);
    fputs(tool_colour(stdout, TOOL_PLAIN), stdout);
    printf("smaller      %zu of %zu elements that are not zero left; %zu cases asked\n\n", r->nonzero, r->before,
           r->asked);
    if (shorten) {
        printf("explain      mxcts explain --pack SMALL bisected.000001, SMALL being what --format mxv prints\n");
    } else {
        printf("explain      %s\n", line ? line : "");
        printf("row of .mxv  bisected.000001 must - %s | %s\n", in, want);
    }
    free(line);
}

/* What `write` prints, as a string; NULL when out of memory. */
static char *as_text(void (*write)(FILE *, const mxc_bisection *), const mxc_bisection *r)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    write(out, r);
    return fclose(out) == 0 ? text : (free(text), NULL);
}

static void print_programs(const mxc_bisection *r)
{
    char *c = as_text(snippet_c, r), *python = as_text(snippet_python, r);
    printf("\nC (--format c):\n%s\nPython (--format python):\n%s", c ? c : "", python ? python : "");
    free(c);
    free(python);
}

static int print_json(const mxc_bisection *r, const char *in, const char *want, const char *got)
{
    const mx_batch one = mxc_slice(&r->small.batch, r->at, 1);
    char *line = mxc_case_line(&one, 0, &one), *c = as_text(snippet_c, r), *python = as_text(snippet_python, r);
    json_t *like = json_array(), *beside = json_array();
    for (size_t i = 0; i < r->likes && i < sizeof r->like / sizeof *r->like; i++)
        json_array_append_new(like, json_sprintf("%s=%s", mx_axis_name(r->like[i].axis),
                                                 mx_axis_value_name(r->like[i].axis, r->like[i].value)));
    for (size_t i = 0; i < r->small.batch.count; i++) {
        char *other = i == r->at ? NULL : bisect_columns(&r->small.batch, i, 0);
        if (other)
            json_array_append_new(beside, json_string(other));
        free(other);
    }
    json_t *document =
        json_pack("{s:s, s:s?, s:s, s:o, s:s, s:o, s:s, s:s, s:I, s:I, s:I, s:s?, s:s?, s:s?}", "outcome", "fails",
                  "stage", r->stage ? mxc_stage_name(r->stage) : NULL, "why", r->why, "as_if", like, "input", in,
                  "beside", beside, "wanted", want, "found", got, "nonzero", (json_int_t)r->nonzero, "before",
                  (json_int_t)r->before, "asked", (json_int_t)r->asked, "explain", line, "c", c, "python", python);
    free(line);
    free(c);
    free(python);
    return tool_json(document);
}

static int print_bisected(const mxc_bisection *r, int format)
{
    char *in = bisect_columns(&r->small.batch, r->at, 0), *want = bisect_columns(&r->want.batch, r->at, 1);
    char *got = bisect_columns(&r->small.batch, r->at, 1);
    int status = TOOL_FAIL;
    if (!in || !want || !got)
        status = TOOL_ERROR;
    else if (format == JSON)
        status = print_json(r, in, want, got) == TOOL_OK ? TOOL_FAIL : TOOL_ERROR;
    else if (format == C)
        snippet_c(stdout, r);
    else if (format == PYTHON)
        snippet_python(stdout, r);
    else if (format == MXV)
        status = snippet_pack(stdout, r) == MX_OK ? TOOL_FAIL : TOOL_ERROR;
    else {
        print_text(r, in, want, got);
        if (is_long(in, want))
            printf("programs     --format c, --format python\n");
        else
            print_programs(r);
    }
    free(in);
    free(want);
    free(got);
    return tool_finish(status);
}

static int print(const mxc_bisection *r, int format)
{
    if (r->outcome == MXC_BISECTED)
        return print_bisected(r, format);
    int flaky = r->outcome == MXC_BISECT_FLAKY;
    const char *words =
        flaky ? "FAIL: the subject answers differently on repetition" : "PASS: the subject answers this case rightly";
    if (format == JSON)
        return tool_json(json_pack("{s:s, s:s*}", "outcome", flaky ? "flaky" : "passes", "explain", r->flaky)) ==
                       TOOL_OK
                   ? (flaky ? TOOL_FAIL : TOOL_OK)
                   : TOOL_ERROR;
    if (format != TEXT) {
        tool_error("%s", words);
        return flaky ? TOOL_FAIL : TOOL_OK;
    }
    puts(words);
    if (r->flaky)
        printf("    %s\n", r->flaky);
    return tool_finish(flaky ? TOOL_FAIL : TOOL_OK);
}

/* ---- one case ---- */

static int bisect(const bisect_args *args, const mx_batch *one)
{
    mxv_error error = {0};
    mxc_subject *subject = NULL;
    mxc_bisection result = {0};
    int code = ask_open(&subject, args->ask.spec, &args->ask);
    if (code != TOOL_OK)
        return code;
    mx_status status = mxc_bisect(&result, subject, one, &error);
    if (status == MX_OK) {
        code = print(&result, args->format);
    } else {
        size_t n = strlen(error.text);
        snprintf(error.text + n, sizeof error.text - n, " (after %zu cases)", result.asked);
        code = ask_failed(subject, args->ask.spec, status, &error);
    }
    mxc_bisection_free(&result);
    mxc_subject_free(subject);
    return code;
}

static int one_case(const bisect_args *args, const tool_args *line)
{
    char **word = tool_operand_list(line);
    int n = tool_operands(line), skip = explain_skip_command(word, n), code = TOOL_USAGE;
    explain x = {.lane = 0};
    if (n == skip)
        return tool_usage("a case id, or an operation with its inputs, is wanted");
    if (explain_find(&x, args->ask.profile, args->pack, word + skip, n - skip) == 0)
        code = bisect(args, &x.pack->batch);
    mxv_pack_free(x.pack);
    free(x.recorded);
    return code;
}

/* ---- command line ---- */

static int run(int argc, char **argv)
{
    tool_args line = TOOL_ARGS(&tool_verb_bisect, argc, argv);
    bisect_args args = {0};
    for (int id; (id = tool_next(&line)) != 0;) {
        int code = TOOL_OK;
        if (id == PACK)
            args.pack = line.value;
        else if (id == GOOD)
            args.good = line.value;
        else if (id == BAD)
            args.bad = line.value;
        else if (id == FORMAT)
            code = (args.format = tool_choice(&line, "text|json|c|python|mxv")) < 0 ? TOOL_USAGE : TOOL_OK;
        else
            code = ask_option(&args.ask, &line, id);
        if (code != TOOL_OK)
            return code;
    }
    int n = tool_operands(&line);
    if (args.good || args.bad) {
        if (!args.good || !args.bad || args.ask.spec || n || args.pack)
            return tool_usage("wanted --good and --bad, without --subject, --pack and a case");
        if (args.format > JSON)
            return tool_usage("--format of two versions is text or json");
        return bisect_versions(&args.ask, args.good, args.bad, args.format == JSON);
    }
    if (!mxc_filter_is_open(&args.ask.filter))
        return tool_usage("--op, --elem and --type go with --good and --bad");
    if (!args.ask.spec || n < 1)
        return tool_usage("wanted --subject, and a case id or an operation with its inputs; or --good and --bad");
    return one_case(&args, &line);
}
