/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts explain: every stage of one case. Its parts are in explain/.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/explain/explain.h"
#include "tools/tool.h"

enum { OPT_FORMAT = 1, OPT_PROFILE, OPT_PACK, OPT_GOT, OPT_LANE };

static const tool_option options[] = {
    {OPT_GOT, 0, "got", "COLUMNS", "what a subject answered, as in a failure report: says which axis would give it"},
    {OPT_LANE, 0, "lane", "N|all", "element of a block to show in full [first that differs, else that of A]"},
    {OPT_PROFILE, 0, "profile", "NAME|FILE", "profile of bits typed in [ocp-mx-1.0]; axis=value words change it"},
    {OPT_PACK, 0, "pack", "PACK", "look for the case in this pack only, a file or a name"},
    {OPT_FORMAT, 0, "format", "text|json", "how to print [text]"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_explain = {
    .name = "explain",
    .summary = "show every stage of one case: why the answer is what it is",
    .args = "[OPTION...] CASE-ID\n[OPTION...] OP elem=ELEM type=TYPE [k=K] [AXIS=VALUE...] INPUT...\n"
            "[OPTION...] pack|unpack elem=ELEM layout=LAYOUT [k=K] INPUT...\n"
            "[OPTION...] swizzle|unswizzle rows=N cols=N layout=LAYOUT INPUT...\n"
            "[OPTION...] LINE|-",
    .text =
        "The case is one of a pack, by its id, or typed in: an operation, the formats, axes that differ from the "
        "profile, and the input columns in hex as in a pack. The command that a report prints can be pasted, and so "
        "can a whole line of a report, as one argument: text, TAP, JUnit or JSON. With - the first line of standard "
        "input that names a case is taken, with what the report says further down of its pack and of the answer.\n\n"
        "For each stage: the largest magnitude A, its logarithm, the scale exponent before and after clamping, the "
        "exact quotient, the two representable neighbours and their midpoint as fractions and in binary with guard and "
        "sticky digits apart, the decision with its clause, and then what every other value of every axis would have "
        "given. With --got the axis is named that would give the subject's answer.\n\n"
        "For the operations on layouts: where each code or scale lies in the bytes, and the bytes in the other "
        "layouts.\n\n"
        "All values are exact; nothing is computed in floating point.",
    .options = options,
    .example = "$ mxcts explain cast elem=e2m1 type=bf16 40a0 --got 07\n"
               "operation   cast elem=e2m1 type=bf16\n"
               "...\n"
               "source      40a0  5 = 0x1.4p+2  normal\n"
               "quotient    5 = 0x1.4p+2  no scale in this operation\n"
               "  magnitude kept|guard|sticky  exact\n"
               "  hi        11|0|0             6  code 07\n"
               "  midpoint  10|1|0             5  = the quotient: a tie\n"
               "  lo        10|0|0             4  code 06\n"
               "  one kept unit is 2^1\n"
               "decision    a tie: round=rne takes the even one, lo   ...\n"
               "...\n"
               "one axis changed\n"
               "  round=rna                      07  6  <- what the subject answered\n"
               "  round=rup                      07  6  <- what the subject answered\n"
               "...\n"
               "verdict     1 cell differs, first in lane 0; one axis explains it, see above",
    .run = run,
};

typedef struct explain_args {
    const char *profile, *pack, *got, *lane;
    int json;
} explain_args;

/* ---- the trace ---- */

int explain_run(explain *x)
{
    mxref_free open = {x->pack->open.value, x->pack->open.scale, x->pack->open.code};
    char why[MX_WHY] = "";
    mx_status status = mx_batch_check(&x->pack->batch, why);
    if (status == MX_OK)
        status = mxref_run(&x->pack->batch, &open);
    if (status == MX_OK && !x->op->layouts)
        status = mxref_trace_case(&x->pack->batch, &x->trace);
    if (status == MX_OK)
        return 0;
    tool_error("%s%s%s", mx_status_text(status), why[0] ? ": " : "", why);
    return -1;
}

int explain_got(explain *x, const char *columns)
{
    mxv_error error = {0, ""};
    if (mxv_pack_new(&x->other, &x->pack->batch) != MX_OK)
        return tool_error("out of memory"), -1;
    if (mxv_parse_outputs(&x->other->batch, NULL, 0, columns, strlen(columns), &error) == MX_OK)
        return 0;
    tool_usage("--got: %s", error.text);
    return -1;
}

int explain_choose_lane(explain *x, const char *text)
{
    mxc_diff diff;
    char *end;
    size_t k = x->pack->batch.k;
    x->lane = !x->trace || x->trace->scale.branch == MXREF_SCALE_GIVEN ? 0 : x->trace->scale.amax_index;
    x->lane = x->lane < k ? x->lane : 0;
    if (x->other && !mxc_compare(x->pack, 0, &x->other->batch.out, &diff) && diff.kind != MX_COL_SCALE)
        x->lane = diff.lane;
    if (!text)
        return 0;
    if (strcmp(text, "all") == 0) {
        x->lane = (size_t)-1;
        return 0;
    }
    unsigned long lane = isdigit((unsigned char)text[0]) ? strtoul(text, &end, 10) : k;
    if (lane >= k || *end)
        return tool_usage("--lane=%s: 0 to %zu or all was wanted", text, k - 1), -1;
    x->lane = lane;
    return 0;
}

static int print(const explain *x, int json)
{
    if (x->op->layouts) {
        if (json)
            return tool_json(explain_layout_json(x));
        explain_layout_text(x);
        return TOOL_OK;
    }
    explain_others *others = calloc(1, sizeof *others);
    mx_status status = others ? explain_alternatives(x, others) : MX_ENOMEM;
    int answer = status == MX_OK ? TOOL_OK : TOOL_ERROR;
    if (status != MX_OK)
        tool_error("%s", mx_status_text(status));
    else if (json)
        answer = tool_json(explain_json(x, others));
    else
        explain_text(x, others);
    if (others)
        explain_others_free(others);
    free(others);
    return answer;
}

int explain_print_text(const explain *x)
{
    return print(x, 0);
}

void explain_free(explain *x)
{
    mxref_trace_free(x->trace);
    mxv_pack_free(x->pack);
    mxv_pack_free(x->other);
    free(x->recorded);
}

/* ---- command line ---- */

static int apply(const tool_args *args, int id, explain_args *to)
{
    switch (id) {
    case OPT_FORMAT:
        return (to->json = tool_choice(args, "text|json")) < 0;
    case OPT_PROFILE:
        to->profile = args->value;
        return 0;
    case OPT_PACK:
        to->pack = args->value;
        return 0;
    case OPT_GOT:
        to->got = args->value;
        return 0;
    default:
        to->lane = args->value;
        return 0;
    }
}

static int explain_words_given(const explain_args *args, char **word, int n)
{
    explain x = {.lane = 0};
    int status = TOOL_USAGE;
    if (explain_find(&x, args->profile, args->pack, word, n) == 0 && explain_run(&x) == 0 &&
        (!args->got || explain_got(&x, args->got) == 0) && explain_choose_lane(&x, args->lane) == 0)
        status = tool_finish(print(&x, args->json));
    explain_free(&x);
    return status;
}

/* The first line of standard input that holds a case, or after it the command for that case, which says what the pack
 * is and what was answered; the caller frees it. NULL with the line printed. */
static char *read_line(void)
{
    char *line = NULL, *first = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        if (!first && explain_holds_case(line))
            first = strdup(line);
        if (first && explain_holds_command(line, first)) {
            free(first);
            return line;
        }
    }
    free(line);
    if (!first)
        tool_usage("-: no line of standard input holds a case id or a command of `mxcts explain`");
    return first;
}

static int explain_line(explain_args *args, const char *text)
{
    enum { WORDS = 2 * MX_BLOCK_MAX + 64 };
    char *line = strcmp(text, "-") == 0 ? read_line() : strdup(text);
    char **word = line ? calloc(WORDS, sizeof *word) : NULL;
    const char *got = NULL, *pack = NULL;
    int n = word ? explain_split_line(line, word, WORDS, &got, &pack) : -1, status = TOOL_USAGE;
    if (!args->got)
        args->got = got;
    if (!args->pack)
        args->pack = pack;
    if (n > 0)
        status = explain_words_given(args, word, n);
    else if (n == 0)
        status = tool_usage("nothing after `mxcts explain` in the line");
    free(word);
    free(line);
    return status;
}

static int run(int argc, char **argv)
{
    explain_args args = {0};
    tool_args line = TOOL_ARGS(&tool_verb_explain, argc, argv);
    for (int id; (id = tool_next(&line)) != 0;)
        if (id < 0 || apply(&line, id, &args))
            return TOOL_USAGE;
    char **word = tool_operand_list(&line);
    int n = tool_operands(&line), skip = explain_skip_command(word, n);
    if (n - skip < 1)
        return tool_usage("a case id, or an operation with its inputs, is wanted");
    if (n - skip == 1 && explain_is_line(word[skip]))
        return explain_line(&args, word[skip]);
    return explain_words_given(&args, word + skip, n - skip);
}
