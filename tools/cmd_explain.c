/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts explain: every stage of one case. Here: which case is meant; the rest is in explain_*.c.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tools/explain.h"
#include "tools/tool.h"

enum { OPT_FORMAT = 1, OPT_PROFILE, OPT_PACK, OPT_GOT, OPT_LANE };

static const tool_option options[] = {
    {OPT_GOT, 0, "got", "COLUMNS", "what a subject answered, as in a failure report: says which axis would give it"},
    {OPT_LANE, 0, "lane", "N|all", "element of a block to show in full [first that differs, else that of A]"},
    {OPT_PROFILE, 0, "profile", "NAME|FILE", "profile of bits typed in [ocp-mx-1.0]; axis=value words change it"},
    {OPT_PACK, 0, "pack", "FILE", "look for the case in this pack only"},
    {OPT_FORMAT, 0, "format", "text|json", "how to print [text]"},
    {0, 0, NULL, NULL, NULL},
};

typedef struct explain_args {
    const char *profile, *pack, *got, *lane;
    int json;
} explain_args;

/* ---- a case typed in ---- */

/* The columns, joined by single spaces; people also write 0x and capitals. The caller frees it. */
static char *join(char **word, int n)
{
    size_t length = 1, at = 0;
    for (int i = 0; i < n; i++)
        length += strlen(word[i]) + 1;
    char *text = malloc(length);
    for (int i = 0; text && i < n; i++) {
        const char *from = word[i];
        if (from[0] == '0' && (from[1] == 'x' || from[1] == 'X'))
            from += 2;
        if (i)
            text[at++] = ' ';
        for (; *from; from++)
            text[at++] = (char)tolower((unsigned char)*from);
    }
    if (text)
        text[at] = '\0';
    return text;
}

/* Number of words in `text`. */
static size_t words_in(const char *text)
{
    size_t n = *text != '\0';
    for (; *text; text++)
        n += *text == ' ';
    return n;
}

/* k from the number of columns, for a block operation without k=. 0 when they do not add up. */
static size_t k_of_columns(const mx_op_info *op, const mx_profile *profile, size_t columns)
{
    size_t once = 0, each = 0;
    for (size_t i = 0; i < op->n_in; i++) {
        size_t n = 1 + (size_t)(op->in[i].kind == MX_COL_VALUE && op->rounds && profile->round == MX_SR);
        if (op->in[i].count == MX_PER_ELEMENT)
            each += n;
        else
            once += n;
    }
    if (!each || columns < once || (columns - once) % each)
        return 0;
    return (columns - once) / each;
}

/* One of the words before the columns. 0 taken, 1 not such a word, -1 bad with the line printed. */
static int head_word(mx_batch *shape, const char *word)
{
    char why[MX_WHY];
    const char *is = strchr(word, '=');
    if (!is)
        return 1;
    size_t n = (size_t)(is - word), m = strlen(is + 1);
    if (n == 4 && memcmp(word, "elem", 4) == 0) {
        shape->elem = mx_elem_find(is + 1, m);
        return shape->elem ? 0 : (tool_usage("no element format '%s'", is + 1), -1);
    }
    if (n == 4 && memcmp(word, "type", 4) == 0) {
        shape->type = mx_type_find(is + 1, m);
        return shape->type ? 0 : (tool_usage("no type '%s'", is + 1), -1);
    }
    if (n == 1 && word[0] == 'k') {
        char *end;
        errno = 0;
        unsigned long k = isdigit((unsigned char)is[1]) ? strtoul(is + 1, &end, 10) : 0;
        if (!k || errno || *end || k > MX_BLOCK_MAX)
            return tool_usage("'%s' found where k=1 to k=%u was wanted", word, MX_BLOCK_MAX), -1;
        shape->k = k;
        return 0;
    }
    if (mx_profile_apply(&shape->profile, word, strlen(word), why) != MX_OK)
        return tool_usage("%s", why), -1;
    return 0;
}

static int new_pack(explain *x, const mx_batch *shape, const char *columns)
{
    mxv_error error = {0, ""};
    mx_status status = mxv_pack_new(&x->pack, shape);
    if (status == MX_OK)
        status = mxv_parse_inputs(&x->pack->batch, 0, columns, strlen(columns), &error);
    if (status == MX_OK)
        return 0;
    tool_usage("%s", error.text[0] ? error.text : mx_status_text(status));
    return -1;
}

/* "OP elem=... type=... [k=...] [axis=value ...] COLUMNS" */
static int typed(explain *x, const explain_args *args, char **word, int n)
{
    mxc_profile profile;
    mxv_error error;
    mx_batch shape = {.op = mx_op_find(word[0], strlen(word[0])), .count = 1};
    int at = 1, taken = 0;
    if (mxc_profile_load(&profile, args->profile ? args->profile : "ocp-mx-1.0", &error) != MX_OK)
        return tool_usage("%s", error.text), -1;
    shape.profile = profile.values;
    for (; at < n && (taken = head_word(&shape, word[at])) == 0; at++)
        ;
    if (taken < 0)
        return -1;
    if (!shape.elem || !shape.type)
        return tool_usage("%s= is wanted after %s", shape.elem ? "type" : "elem", word[0]), -1;
    snprintf(x->profile, sizeof x->profile, "%s%s", profile.name,
             memcmp(&shape.profile, &profile.values, sizeof shape.profile) ? ", changed" : "");
    char *columns = join(word + at, n - at);
    if (!columns)
        return tool_error("out of memory"), -1;
    x->op = mx_op_info_of(shape.op);
    if (!x->op->is_block)
        shape.k = 1;
    else if (!shape.k)
        shape.k = k_of_columns(x->op, &shape.profile, words_in(columns));
    int bad = 0;
    if (!shape.k || shape.k > MX_BLOCK_MAX)
        bad = tool_usage("%zu columns do not make the inputs of %s", words_in(columns), x->op->name);
    else
        bad = new_pack(x, &shape, columns);
    free(columns);
    return bad ? -1 : 0;
}

/* ---- a case of a pack ---- */

/* Whether the file has a line that begins with the id and a space. */
static int holds(const char *path, const char *id)
{
    char *line = NULL;
    size_t room = 0, n = strlen(id);
    int found = 0;
    FILE *in = fopen(path, "r");
    while (in && !found && getline(&line, &room, in) > 0)
        found = strncmp(line, id, n) == 0 && line[n] == ' ';
    free(line);
    if (in)
        fclose(in);
    return found;
}

/* Path of the pack that has the case; the caller frees it. NULL with the line printed. */
static char *find_pack(const char *id)
{
    mxv_error error;
    mxc_paths paths = {0};
    char *folder = mxc_data_path("vectors/packs", &error), *path = NULL;
    if (!folder || mxc_paths_find(&paths, folder, ".mxv", &error) != MX_OK) {
        tool_error("%s", error.text);
        free(folder);
        return NULL;
    }
    for (size_t i = 0; i < paths.count && !path; i++)
        if (holds(paths.path[i], id))
            path = strdup(paths.path[i]);
    if (!path)
        tool_usage("no case '%s' in the %zu packs below %s, and no operation of that name", id, paths.count, folder);
    mxc_paths_free(&paths);
    free(folder);
    return path;
}

/* Case i of the pack as a pack of its own. */
static int take_case(explain *x, const mxv_pack *from, size_t i)
{
    mx_batch shape = from->batch;
    shape.count = 1;
    x->op = mx_op_info_of(shape.op);
    snprintf(x->id, sizeof x->id, "%s", from->label[i].id);
    snprintf(x->tags, sizeof x->tags, "%s", from->label[i].tags);
    x->class_ = from->label[i].class_;
    snprintf(x->profile, sizeof x->profile, "that of the pack");
    char *columns = malloc(mxv_inputs_text(&from->batch));
    x->recorded = malloc(mxv_outputs_text(&from->batch));
    int bad = !columns || !x->recorded;
    if (bad) {
        tool_error("out of memory");
    } else {
        mxv_format_inputs(&from->batch, i, columns);
        mxv_format_outputs(&from->batch, &from->open, i, x->recorded);
        bad = new_pack(x, &shape, columns);
    }
    free(columns);
    return bad ? -1 : 0;
}

static int from_pack(explain *x, const explain_args *args, const char *id)
{
    mxv_error error;
    mxv_pack *pack;
    char *path = args->pack ? strdup(args->pack) : find_pack(id);
    if (!path)
        return -1;
    const char *below = args->pack ? NULL : strstr(path, "/packs/");
    snprintf(x->where, sizeof x->where, "%s", below ? below + strlen("/packs/") : path);
    int bad = mxv_load(&pack, path, &error) != MX_OK;
    free(path);
    if (bad)
        return tool_error("%s", error.text), -1;
    size_t i = 0;
    while (i < pack->batch.count && strcmp(pack->label[i].id, id) != 0)
        i++;
    bad = i == pack->batch.count ? (tool_usage("no case '%s' in %s", id, x->where), 1) : take_case(x, pack, i);
    mxv_pack_free(pack);
    return bad ? -1 : 0;
}

/* ---- the trace ---- */

static int run_case(explain *x)
{
    mxref_free open = {x->pack->open.value, x->pack->open.scale, x->pack->open.code};
    char why[MX_WHY] = "";
    mx_status status = mx_batch_check(&x->pack->batch, why);
    if (status == MX_OK)
        status = mxref_run(&x->pack->batch, &open);
    if (status == MX_OK)
        status = mxref_trace_case(&x->pack->batch, &x->trace);
    if (status == MX_OK)
        return 0;
    tool_error("%s%s%s", mx_status_text(status), why[0] ? ": " : "", why);
    return -1;
}

static int read_got(explain *x, const char *columns)
{
    mxv_error error = {0, ""};
    if (mxv_pack_new(&x->other, &x->pack->batch) != MX_OK)
        return tool_error("out of memory"), -1;
    if (mxv_parse_outputs(&x->other->batch, NULL, 0, columns, strlen(columns), &error) == MX_OK)
        return 0;
    tool_usage("--got: %s", error.text);
    return -1;
}

static int choose_lane(explain *x, const char *text)
{
    mxc_diff diff;
    char *end;
    size_t k = x->pack->batch.k;
    x->lane = x->trace->scale.branch == MXREF_SCALE_GIVEN ? 0 : x->trace->scale.amax_index;
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
    explain_others *others = calloc(1, sizeof *others);
    mx_status status = others ? explain_alternatives(x, others) : MX_ENOMEM;
    int answer = TOOL_ERROR;
    if (status != MX_OK) {
        tool_error("%s", mx_status_text(status));
    } else if (json) {
        answer = tool_json(explain_json(x, others));
    } else {
        explain_text(x, others);
        answer = tool_finish(TOOL_OK);
    }
    if (others)
        explain_others_free(others);
    free(others);
    return answer;
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

/* A pasted line may begin with the command itself. */
static int skip_command(char **word, int n)
{
    int skip = n > 0 && strcmp(word[0], "mxcts") == 0;
    return skip + (n > skip && strcmp(word[skip], "explain") == 0);
}

static int explain_words_given(const explain_args *args, char **word, int n)
{
    explain x = {.lane = 0};
    int status = TOOL_USAGE;
    int bad = mx_op_find(word[0], strlen(word[0])) ? typed(&x, args, word, n)
              : n > 1 ? (tool_usage("'%s' after the case id: nothing was wanted", word[1]), -1)
                      : from_pack(&x, args, word[0]);
    if (!bad && run_case(&x) == 0 && (!args->got || read_got(&x, args->got) == 0) && choose_lane(&x, args->lane) == 0)
        status = print(&x, args->json);
    mxref_trace_free(x.trace);
    mxv_pack_free(x.pack);
    mxv_pack_free(x.other);
    free(x.recorded);
    return status;
}

static int cmd_explain(int argc, char **argv)
{
    explain_args args = {0};
    tool_args line = TOOL_ARGS(&tool_verb_explain, argc, argv);
    for (int id; (id = tool_next(&line)) != 0;)
        if (id < 0 || apply(&line, id, &args))
            return TOOL_USAGE;
    char **word = argv + optind;
    int n = tool_operands(&line), skip = skip_command(word, n);
    if (n - skip < 1)
        return tool_usage("a case id, or an operation with its inputs, is wanted");
    return explain_words_given(&args, word + skip, n - skip);
}

const tool_verb tool_verb_explain = {
    .name = "explain",
    .summary = "show every stage of one case: why the answer is what it is",
    .args = "[OPTION...] CASE-ID\n[OPTION...] OP elem=ELEM type=TYPE [k=K] [AXIS=VALUE...] INPUT...",
    .text = "The case is one of a pack, by its id, or typed in: an operation, the formats, axes that differ from the "
            "profile, and the input columns in hex as in a pack. A line of a failure report can be pasted.\n\n"
            "For each stage: the largest magnitude A, its logarithm, the scale exponent before and after clamping, the "
            "exact quotient, the two representable neighbours and their midpoint as fractions and in binary with guard "
            "and sticky digits apart, the decision with its clause, and then what every other value of every axis "
            "would have given. With --got the axis is named that would give the subject's answer.\n\n"
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
    .run = cmd_explain,
};
