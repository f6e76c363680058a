/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts coverage: what the packs visit, bin by bin.
 */
#include "config.h"

#include "conformance/coverage/coverage.h"
#include "conformance/data/packs.h"
#include "tools/filter.h"
#include "tools/tool.h"

enum { FORMAT = 1, ALL };

static const tool_option options[] = {
    FILTER_OPTION_ROWS,
    {ALL, 'a', "all", NULL, "list every bin with its count, the unreachable ones with the reason"},
    {FORMAT, 0, "format", "text|json", "how to print [text]"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_coverage = {
    .name = "coverage",
    .summary = "count what the packs visit, and name what they do not",
    .args = "[OPTION...] [PACK]...",
    .text =
        "Traces every case of the smoke tier, or of the packs named as for mxcts-run(1), and counts it in named bins: "
        "each binade of each format with each sign and remainder class under each rounding, overflow, underflow, "
        "source kinds, scale bytes, amax at and beside the thresholds of each scale rule, lanes, products, and every "
        "value of every axis. Prints the empty bins. A bin that no input can reach is listed with the reason (--all).\n"
        "\n"
        "--op, --elem and --type choose packs, and the bins that tell these apart: with --elem, those that name a "
        "format.\n"
        "\n"
        "The exit status is 1 when a reachable bin is empty.",
    .options = options,
    .example = "$ mxcts coverage\n"
               "... cases, ... bins: ... hit, 0 empty, ... unreachable\n",
    .run = run,
};

typedef struct totals {
    size_t bins, hit, empty, unreachable;
} totals;

static totals count(const mxc_coverage *c)
{
    totals t = {c->bins, 0, 0, 0};
    for (size_t b = 0; b < c->bins; b++) {
        t.unreachable += c->bin[b].unreachable != NULL;
        t.hit += c->bin[b].count != 0;
        t.empty += c->bin[b].count == 0 && !c->bin[b].unreachable;
    }
    return t;
}

static void text(const mxc_coverage *c, int all)
{
    const totals t = count(c);
    for (size_t b = 0; b < c->bins; b++) {
        const mxc_bin *bin = &c->bin[b];
        if (bin->unreachable && all)
            printf("%-60s unreachable: %s\n", bin->name, bin->unreachable);
        else if (!bin->unreachable && (all || bin->count == 0))
            printf("%-60s %8zu%s\n", bin->name, bin->count, bin->count ? "" : "  EMPTY");
    }
    printf("%zu cases, %zu bins: %zu hit, %zu empty, %zu unreachable\n", c->cases, t.bins, t.hit, t.empty,
           t.unreachable);
}

static int json(const mxc_coverage *c)
{
    const totals t = count(c);
    json_t *bins = json_array();
    for (size_t b = 0; b < c->bins; b++)
        json_array_append_new(bins, json_pack("{s:s, s:I, s:s?}", "bin", c->bin[b].name, "count",
                                              (json_int_t)c->bin[b].count, "unreachable", c->bin[b].unreachable));
    return tool_json(json_pack("{s:I, s:I, s:I, s:I, s:o}", "cases", (json_int_t)c->cases, "hit", (json_int_t)t.hit,
                               "empty", (json_int_t)t.empty, "unreachable", (json_int_t)t.unreachable, "bins", bins));
}

static int cover(const char *const *pack, size_t packs, const mxc_filter *filter, int as_json, int all)
{
    mxv_error error = {0};
    mxc_coverage coverage = {0};
    mxc_paths paths = {0};
    mx_status status = mxc_packs_of(&paths, pack, packs, &error);
    if (status == MX_OK)
        status = mxc_packs_filter(&paths, filter, &error);
    tool_progress progress;
    tool_progress_begin(&progress, "packs", paths.count);
    if (status == MX_OK)
        status = mxc_coverage_run(&coverage, &paths, tool_progress_step, &progress, &error);
    tool_progress_end(&progress);
    mxc_paths_free(&paths);
    if (status != MX_OK) {
        tool_error("%s", error.text);
        return status == MX_EINVAL || (packs && (status == MX_EIO || status == MX_EPARSE)) ? TOOL_USAGE : TOOL_ERROR;
    }
    mxc_coverage_filter(&coverage, filter);
    int result = count(&coverage).empty ? TOOL_FAIL : TOOL_OK;
    if (!as_json)
        text(&coverage, all);
    else if (json(&coverage) != TOOL_OK)
        result = TOOL_ERROR;
    mxc_coverage_free(&coverage);
    return tool_finish(result);
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_coverage, argc, argv);
    mxc_filter filter = {0};
    int as_json = 0, all = 0;
    for (int id; (id = tool_next(&args)) != 0;) {
        if (id == ALL)
            all = 1;
        else if (id == FORMAT)
            as_json = tool_choice(&args, "text|json");
        else if (filter_option(&filter, &args, id) != TOOL_OK)
            return TOOL_USAGE;
        if (as_json < 0)
            return TOOL_USAGE;
    }
    return cover((const char *const *)tool_operand_list(&args), (size_t)tool_operands(&args), &filter, as_json, all);
}
