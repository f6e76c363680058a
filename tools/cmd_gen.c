/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts gen: make golden vectors with the reference.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mx/names.h>

#include "conformance/data/pack_name.h"
#include "conformance/generate/choose.h"
#include "conformance/generate/tree.h"
#include "tools/filter.h"
#include "tools/gen_own.h"
#include "tools/tool.h"

enum { TIER = 1, OUTPUT, TREE, INPUTS, OUTPUTS, BARE, LIST, DIGEST, THREADS, CHOOSE, BLIND, PROFILE, NAME };

static const tool_option options[] = {
    {TIER, 't', "tier", "smoke|full", "which table of packs (default smoke)"},
    {OUTPUT, 'o', "output", "DIR", "write each pack to DIR/NAME.mxv; without it one pack goes to standard output"},
    FILTER_OPTION_ROWS,
    {TREE, 0, "tree", "DIR",
     "write all of a tier as the folder vectors/ holds it: packs, manifest, counts, the list in words"},
    {INPUTS, 'i', "inputs", NULL, "no answers: a line a case, its id and its input columns, on standard output"},
    {OUTPUTS, 0, "outputs", NULL,
     "the answers only: a line a case, its id and its output columns; x: free, any digit is right"},
    {BARE, 0, "bare", NULL, "with --inputs or --outputs: no ids and no comment lines, the columns only"},
    {PROFILE, 'p', "profile", "NAME|FILE",
     "profile of an operation typed in (default ocp-mx-1.0); axis=value words change it"},
    {NAME, 0, "name", "WORD", "last word of its pack's name (default: that of the profile in FILE, else own)"},
    {LIST, 'l', "list", NULL, "name the packs and say what each is"},
    {DIGEST, 'd', "digest", NULL, "make the packs and print their SHA-256 only, as sha256sum does"},
    {CHOOSE, 0, "choose", NULL, "print which rows of its packs the smoke tier keeps, as vectors/SMOKE has it"},
    {BLIND, 0, "blind", "1|2",
     "with --choose: without every other mutant, to see how well the rest stands in for them"},
    {THREADS, 0, "threads", "N", "how many threads (default: one a processor); the bytes are the same"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_gen = {
    .name = "gen",
    .summary = "make golden vectors with the reference",
    .args = "[OPTION...] [PACK|PATTERN]...\n"
            "[OPTION...] OP [elem=ELEM] [type=TYPE] [k=K] [AXIS=VALUE...]\n"
            "[OPTION...] pack|unpack|swizzle|unswizzle layout=LAYOUT [NAME=VALUE...]",
    .text =
        "Makes the packs named, or those that match a shell pattern such as 'quantize.*.floor', or the whole tier. "
        "Points are designed by class; answers come from the exact reference. The same bytes come out on every "
        "machine, for every compiler, locale and number of threads.\n"
        "\n"
        "With an operation instead of names a pack is made that no table has: all classes of points of this operation "
        "under a profile of one's own, for each format and type that is not said, in blocks of 32 unless k says "
        "otherwise. `mxcts run` and `mxcts verify --pack` take it by its path.\n"
        "\n"
        "With --inputs the answers are left out: pipe the lines through an implementation that replaces each line's "
        "input columns with its output columns, keep the result in a file, and judge it with `mxcts verify`. With "
        "round=sr:N each input value is followed by its random bits. With --outputs the answers are all there is: "
        "`--inputs --bare` and `--outputs --bare` of one pack are the words of a $readmemh each, row by row.\n"
        "\n"
        "Until a pack is made, a file that no verb takes stands in its place: a folder where this was stopped is not "
        "mistaken for a whole one. Called again, it makes them all.\n"
        "\n"
        "The smoke tier is in vectors/packs/smoke. The full tier holds the same classes more densely; only its digests "
        "are kept, in vectors/FULL.sha256.",
    .options = options,
    .example = "$ mxcts gen decode.e2m1.bf16.ocp\n"
               "#mxv 1\n"
               "#op decode elem=e2m1 type=bf16\n"
               "...\n"
               "#cols id class tags code | value\n"
               "d.e2m1.bf16.ocp.000001 must C5.3-e,code 01 | 3f00\n"
               "d.e2m1.bf16.ocp.000002 must C5.3-e,zero 00 | 0000\n"
               "...\n"
               "#end count=16 sha256=...\n"
               "$ mxcts gen --inputs --bare decode.e2m1.bf16.ocp | head -n 2\n"
               "01\n"
               "00\n"
               "$ mxcts gen quantize elem=e4m3 type=bf16 k=16 scale=rceil nan-in=element | grep '^q' | head -n 1\n"
               "q.e4m3.bf16.own-k16.000001 ...",
    .run = run,
};

typedef struct settings {
    mxc_tier tier;
    const char *output, *tree, *profile, *name;
    mxc_filter filter;
    int inputs, outputs, bare, list, digest, choose, blind;
    unsigned threads;
} settings;

static int option(settings *s, const tool_args *args, int id)
{
    uint64_t number = 0;
    int choice = 0;
    switch (id) {
    case TIER:
        choice = tool_choice(args, "smoke|full");
        s->tier = choice == 0 ? MXC_SMOKE : MXC_FULL;
        break;
    case BLIND:
        choice = tool_choice(args, "1|2");
        s->blind = choice + 1;
        break;
    case THREADS:
        choice = tool_number(args, 1, 1024, &number);
        s->threads = (unsigned)number;
        break;
    case CHOOSE:
        s->choose = 1;
        s->tier = MXC_WHOLE;
        break;
    case OUTPUT:
        s->output = args->value;
        break;
    case TREE:
        s->tree = args->value;
        break;
    case PROFILE:
        s->profile = args->value;
        break;
    case NAME:
        s->name = args->value;
        break;
    default:
        if (id < 0 || id > NAME)
            return filter_option(&s->filter, args, id);
        s->inputs |= id == INPUTS;
        s->outputs |= id == OUTPUTS;
        s->bare |= id == BARE;
        s->list |= id == LIST;
        s->digest |= id == DIGEST;
    }
    return choice < 0 ? TOOL_USAGE : TOOL_OK;
}

/* Whether the options go together, and with the operands. */
static int check(const settings *s, const tool_args *args)
{
    if ((s->output != NULL) + (s->tree != NULL) + s->inputs + s->outputs + s->list + s->digest + s->choose > 1)
        return tool_usage(
            "only one of --output, --tree, --inputs, --outputs, --list, --digest and --choose can be wanted");
    if (s->blind && !s->choose)
        return tool_usage("--blind goes with --choose");
    if (s->bare && !s->inputs && !s->outputs)
        return tool_usage("--bare goes with --inputs or --outputs");
    if ((s->profile || s->name) && !gen_is_own(args))
        return tool_usage(
            "--profile and --name are for an operation typed in: mxcts gen --profile FILE quantize elem=e4m3");
    if (gen_is_own(args) && (s->tier || s->choose))
        return tool_usage("an operation typed in is in no tier: --tier and --choose are for the packs of the table");
    if ((s->tree || s->choose) && !mxc_filter_is_open(&s->filter))
        return tool_usage("--op, --elem and --type go with neither --tree nor --choose, which take all of a tier");
    if (s->tree && tool_operands(args) > 0)
        return tool_usage("'%s' after --tree, which writes all of a tier", tool_operand(args, 0));
    return TOOL_OK;
}

static int parse(tool_args *args, settings *s)
{
    for (int id; (id = tool_next(args)) != 0;) {
        const int status = option(s, args, id);
        if (status != TOOL_OK)
            return status;
    }
    return check(s, args);
}

static int no_pack(const char *name, const mxc_plan *plans, size_t count)
{
    mx_nearest nearest = {0};
    char hint[MX_WHY];
    nearest.text = mxc_pack_word(name, mxc_tier_name(plans), &nearest.length);
    for (size_t i = 0; i < count; i++)
        mx_nearest_try(&nearest, plans[i].name);
    return tool_usage("no pack is called '%s'%s; `mxcts gen --list` names them", name, mx_nearest_hint(&nearest, hint));
}

static int is_called(const char *text, const mxc_plan *plan)
{
    return mxc_pack_is_called(text, mxc_tier_name(plan), plan->name);
}

/* Keep what the filter lets through. */
static int apply_filter(const mxc_filter *filter, mxc_plan *plans, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (mxc_filter_has(filter, plans[i].shape.op, plans[i].shape.elem, plans[i].shape.type))
            plans[kept++] = plans[i];
    *count = kept;
    return kept ? TOOL_OK : tool_usage("no pack is left by --op, --elem and --type");
}

/* Keep the plans that an operand names; every operand must name one. */
static int choose(const tool_args *args, mxc_plan *plans, size_t *count)
{
    const int operands = tool_operands(args);
    size_t kept = 0;
    for (int j = 0; j < operands; j++) {
        size_t i = 0;
        while (i < *count && !is_called(tool_operand(args, j), &plans[i]))
            i++;
        if (i == *count)
            return no_pack(tool_operand(args, j), plans, *count);
    }
    for (size_t i = 0; i < *count; i++) {
        int wanted = operands == 0;
        for (int j = 0; j < operands && !wanted; j++)
            wanted = is_called(tool_operand(args, j), &plans[i]);
        if (wanted)
            plans[kept++] = plans[i];
    }
    *count = kept;
    return TOOL_OK;
}

static int list(const mxc_plan *plans, size_t count)
{
    char about[512];
    for (size_t i = 0; i < count; i++) {
        if (mxc_about(&plans[i], about, sizeof about) > 0)
            printf("%-36s %s\n", plans[i].name, about);
    }
    return tool_finish(TOOL_OK);
}

static int failed(const mxv_error *error)
{
    tool_error("%s", error->text);
    return TOOL_ERROR;
}

/* The columns of one side, a line a case. */
static int print_columns(const mxv_pack *pack, int outputs, int bare)
{
    char op[MXV_HEAD_TEXT], profile[MX_PROFILE_TEXT];
    char *text = malloc(outputs ? mxv_outputs_text(&pack->batch) : mxv_inputs_text(&pack->batch));
    if (text == NULL) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    if (!bare) {
        mxv_format_op(&pack->batch, op);
        mx_profile_format(&pack->batch.profile, profile, sizeof profile);
        printf("#op %s\n#profile %s\n", op, profile);
    }
    for (size_t i = 0; i < pack->batch.count; i++) {
        if (outputs)
            mxv_format_outputs(&pack->batch, &pack->open, i, text);
        else
            mxv_format_inputs(&pack->batch, i, text);
        if (bare)
            printf("%s\n", text);
        else
            printf("%s %s\n", pack->label[i].id, text);
    }
    free(text);
    return TOOL_OK;
}

/* One pack after another, on standard output. */
static int print_packs(const settings *s, const mxc_plan *plans, size_t count)
{
    mxv_error error = {0};
    mx_status status = MX_OK;
    int result = TOOL_OK;
    for (size_t i = 0; result == TOOL_OK && i < count; i++) {
        mxv_pack *pack;
        if (mxc_generate(&pack, &plans[i], &error) != MX_OK)
            return failed(&error);
        if (s->inputs || s->outputs)
            result = print_columns(pack, s->outputs, s->bare);
        else if ((status = mxv_write(pack, stdout)) != MX_OK)
            result = TOOL_ERROR;
        if (status != MX_OK && status != MX_EIO)
            tool_error("%s: %s", plans[i].name, mx_status_text(status));
        mxv_pack_free(pack);
    }
    return tool_finish(result);
}

static void step(void *state, size_t done, size_t total)
{
    (void)total;
    tool_progress_at(state, done);
}

static int make_folder(const char *path)
{
    struct stat info;
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        tool_error("%s: wanted a folder to write to, found: %s", path, strerror(errno));
    else if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        tool_error("%s: wanted a folder to write to, found a file", path);
    else if (access(path, W_OK) != 0)
        tool_error("%s: cannot write there: %s", path, strerror(errno));
    else
        return 1;
    return 0;
}

static int write_text(const char *dir, const char *name, char *text, size_t length)
{
    mxv_error error = {0};
    mx_status status = text ? mxc_write_file(dir, name, text, length, &error) : MX_ENOMEM;
    if (status != MX_OK)
        tool_error("%s", text ? error.text : "out of memory");
    free(text);
    return status == MX_OK;
}

/* The files beside the packs of a tree. */
static int finish_tree(const settings *s, const mxc_plan *plans, const mxc_made *made, size_t count,
                       const mxc_tag_counts *tags)
{
    size_t n;
    char *text = mxc_manifest_text(plans, made, count, &n);
    if (!write_text(s->tree, s->tier == MXC_FULL ? "FULL.sha256" : "MANIFEST.sha256", text, n))
        return TOOL_ERROR;
    if (s->tier == MXC_FULL)
        return TOOL_OK;
    text = mxc_counts_text(made, count, tags, &n);
    if (!write_text(s->tree, "COUNTS", text, n))
        return TOOL_ERROR;
    text = mxc_list_text(plans, made, count, &n);
    return write_text(s->tree, "PACKS", text, n) ? TOOL_OK : TOOL_ERROR;
}

/* Where the packs go: NULL (digests only), the folder, or DIR/packs/TIER of a tree; "" when it cannot be made. */
static const char *pack_folder(const settings *s, char *path, size_t size)
{
    if (s->digest || (s->tree && s->tier == MXC_FULL))
        return s->tree && !make_folder(s->tree) ? "" : NULL;
    if (s->output)
        return make_folder(s->output) ? s->output : "";
    snprintf(path, size, "%s/packs", s->tree);
    if (!make_folder(s->tree) || !make_folder(path))
        return "";
    snprintf(path, size, "%s/packs/smoke", s->tree);
    return make_folder(path) ? path : "";
}

static int make_packs(const settings *s, const mxc_plan *plans, size_t count)
{
    char path[4096];
    mxv_error error = {0};
    mxc_tag_counts tags = {0};
    tool_progress progress;
    const char *dir = pack_folder(s, path, sizeof path);
    mxc_made *made = calloc(count + 1, sizeof *made);
    if (!made || (dir && !*dir)) {
        free(made);
        return made ? TOOL_USAGE : TOOL_ERROR;
    }
    tool_progress_begin(&progress, "packs", count);
    const mxc_make how = {dir, s->threads, step, &progress};
    mx_status status = mxc_make_packs(plans, count, &how, made, &tags, &error);
    tool_progress_end(&progress);
    int result = status == MX_OK ? TOOL_OK : failed(&error);
    for (size_t i = 0; result == TOOL_OK && s->digest && i < count; i++)
        printf("%s  %s.mxv\n", made[i].sha256, plans[i].name);
    if (result == TOOL_OK && s->tree)
        result = finish_tree(s, plans, made, count, &tags);
    free(tags.count);
    free(made);
    return tool_finish(result);
}

static int choose_rows(const settings *s, const mxc_plan *plans, size_t count)
{
    mxv_error error = {0};
    tool_progress progress;
    tool_progress_begin(&progress, "packs", count);
    const mx_status status = mxc_choose(stdout, plans, count, s->blind, tool_progress_step, &progress, &error);
    tool_progress_end(&progress);
    return status == MX_OK ? tool_finish(TOOL_OK) : failed(&error);
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_gen, argc, argv);
    settings s = {0};
    mxv_error error = {0};
    mxc_plan *plans = NULL;
    size_t count = 0;
    int result = parse(&args, &s);
    if (result != TOOL_OK)
        return result;
    if (gen_is_own(&args)) {
        result = gen_own_plans(&plans, &count, &args, s.profile, s.name);
    } else {
        s.tier = s.tier ? s.tier : MXC_SMOKE;
        if (mxc_plans(&plans, &count, s.tier, &error) != MX_OK)
            return failed(&error);
        result = choose(&args, plans, &count);
    }
    if (result == TOOL_OK)
        result = apply_filter(&s.filter, plans, &count);
    if (result == TOOL_OK && s.list)
        result = list(plans, count);
    else if (result == TOOL_OK && s.choose)
        result = choose_rows(&s, plans, count);
    else if (result == TOOL_OK && (s.output || s.tree || s.digest))
        result = make_packs(&s, plans, count);
    else if (result == TOOL_OK && !s.inputs && !s.outputs && count != 1)
        result = tool_usage("%zu packs wanted: say where they go with --output DIR", count);
    else if (result == TOOL_OK)
        result = print_packs(&s, plans, count);
    free(plans);
    return result;
}
