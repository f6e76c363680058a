/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts mutate: how many converters with one fault the packs catch.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/names.h>

#include "conformance/data/packs.h"
#include "conformance/mutants/kill.h"
#include "conformance/report/json_fields.h"
#include "conformance/report/report.h"
#include "tools/filter.h"
#include "tools/tool.h"
#include "vectors/lines.h"

enum { MUTANT = 1, FORMAT, SCORES };

static const tool_option options[] = {
    {MUTANT, 'm', "mutant", "MUTANT", "only this mutant (mxcts list mutants); may be given again"},
    FILTER_OPTION_ROWS,
    {SCORES, 0, "scores", "FILE", "fail too when a pack kills fewer mutants than this file says"},
    {FORMAT, 0, "format", "text|json|document|scores",
     "how to print: for people, with the whole matrix, as "
     "doc/mutation.md, as --scores reads it [text]"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_mutate = {
    .name = "mutate",
    .summary = "measure the packs: which faulty converters they catch",
    .args = "[OPTION...] [PACK]...",
    .text =
        "Runs converters with one fault each (`mxcts list mutants`) over the smoke tier, or the packs named as for "
        "mxcts-run(1), and counts those whose answers differ from a pack's. A mutant that survives is a fault that "
        "the vectors let through. Of packs that are named, or chosen by --op, --elem and --type, the mutants that can "
        "act in them are counted; one that survives a part of the tier may be killed by another part.\n"
        "\n"
        "The exit status is 1 when a mutant survives that is not proved equivalent, or when `none`, the converter "
        "without a fault, does not survive, and 77 when none of the mutants can act in these packs.",
    .options = options,
    .example = "$ mxcts mutate --mutant rna-ties\n"
               "1 mutants, 0 equivalent, ... packs, ... cases\n"
               "rna-ties                           rounding  ... packs, ... cases, first ...\n"
               "...\n"
               "PASS: 1 of 1 mutants killed\n",
    .run = run,
};

typedef struct mutate_args {
    const char **mutant;
    const char *const *pack;
    size_t mutants, packs;
    mxc_filter filter;
    const char *scores;
    int format;
} mutate_args;

enum { TEXT, JSON, DOCUMENT, SCORE_FILE };

/* A fault that the packs let through, or a converter without one that they do not. */
static int fails(const mxc_kill_score *score)
{
    return score->survived || score->none_killed || score->members_killed < score->members;
}

/* ---- printing ---- */

static int is_judged(const mxc_kill_mutant *row)
{
    return row->mutant->fault != MXC_FAULT_NONE && !row->mutant->equivalent;
}

static int by_score(const void *a, const void *b)
{
    const mxc_kill_pack *x = *(const mxc_kill_pack *const *)a, *y = *(const mxc_kill_pack *const *)b;
    const double s = (double)x->killed * (double)(y->concerns + !y->concerns);
    const double t = (double)y->killed * (double)(x->concerns + !x->concerns);
    return s < t ? -1 : s > t ? 1 : strcmp(x->name, y->name);
}

static const mxc_kill_pack **sorted(const mxc_kills *kills)
{
    const mxc_kill_pack **row = calloc(kills->packs + 1, sizeof *row);
    for (size_t p = 0; row && p < kills->packs; p++)
        row[p] = &kills->pack[p];
    if (row)
        qsort(row, kills->packs, sizeof *row, by_score);
    return row;
}

/* `part`: of the tier, the rest of which may kill what survives here. */
static void text(const mxc_kills *kills, int part)
{
    enum { FEW = 20 }; /* those killed by one case at most are all that is shown of more */
    const mxc_kill_score score = mxc_kills_score(kills);
    const mxc_kill_pack **weak = sorted(kills);
    printf("%zu mutants, %zu equivalent, %zu packs, %zu cases\n", score.mutants, score.equivalent, kills->packs,
           kills->cases);
    if (kills->members)
        printf("%zu of %zu narrow mutants (one code, one exponent, one lane ...) killed\n", score.members_killed,
               score.members);
    for (size_t m = 0; m < kills->mutants; m++) {
        const mxc_kill_mutant *row = &kills->mutant[m];
        if (is_judged(row) && (row->cases < 2 || kills->mutants < FEW))
            printf("%-34s %-10s %6zu of %zu packs, %zu cases%s%s\n", row->mutant->name,
                   mxc_stage_name(row->mutant->stage), row->packs, row->concerns, row->cases,
                   row->cases ? ", first " : ": SURVIVES", row->example);
    }
    for (size_t m = 0; m < kills->members; m++) {
        const mxc_kill_member *row = &kills->narrow[m];
        const char *stage = mxc_stage_name(kills->member[m].mutant.stage);
        if (!row->killed)
            printf("%-34s %-10s      0 of %zu packs: SURVIVES\n", kills->member[m].name, stage, row->concerns);
        else if (kills->members < FEW)
            printf("%-34s %-10s killed, first %s\n", kills->member[m].name, stage, row->example);
    }
    printf("\nweakest packs\n");
    for (size_t p = 0; weak && p < kills->packs && p < 10; p++)
        printf("%-42s %zu of %zu mutants, %zu cases\n", weak[p]->name, weak[p]->killed, weak[p]->concerns,
               weak[p]->shape.count);
    free(weak);
    if (score.none_killed)
        printf("\nFAIL: `none`, which has no fault, is killed: the converter or a pack is wrong\n");
    printf("\n%s: %zu of %zu mutants killed%s\n", fails(&score) ? "FAIL" : "PASS", score.killed + score.members_killed,
           score.mutants + score.members,
           fails(&score) && !score.none_killed && part ? "; packs that were left out may kill the rest" : "");
}

static int json(const mxc_kills *kills)
{
    const mxc_kill_score score = mxc_kills_score(kills);
    json_t *mutants = json_array(), *packs = json_array(), *survivors = json_array();
    for (size_t m = 0; m < kills->members; m++)
        if (!kills->narrow[m].killed)
            json_array_append_new(survivors, json_string(kills->member[m].name));
    for (size_t p = 0; p < kills->packs; p++)
        json_array_append_new(
            packs, json_pack("{s:o, s:I, s:I, s:I, s:I}", "pack", mxc_json_text(kills->pack[p].name), "cases",
                             (json_int_t)kills->pack[p].shape.count, "mutants", (json_int_t)kills->pack[p].concerns,
                             "killed", (json_int_t)kills->pack[p].killed, "alone", (json_int_t)kills->pack[p].alone));
    for (size_t m = 0; m < kills->mutants; m++) {
        const mxc_kill_mutant *row = &kills->mutant[m];
        json_t *by = json_object();
        for (size_t p = 0; p < kills->packs; p++) {
            const mxc_kill *kill = &kills->kill[m * kills->packs + p];
            char *name = kill->cases ? mxc_utf8(kills->pack[p].name) : NULL;
            if (name)
                json_object_set_new(by, name, json_integer((json_int_t)kill->cases));
            free(name);
        }
        json_array_append_new(mutants, json_pack("{s:s, s:s, s:s, s:s, s:s?, s:I, s:I, s:s, s:o}", "mutant",
                                                 row->mutant->name, "stage", mxc_stage_name(row->mutant->stage), "what",
                                                 row->mutant->what, "seen", row->mutant->link, "equivalent",
                                                 row->mutant->equivalent, "packs", (json_int_t)row->concerns, "cases",
                                                 (json_int_t)row->cases, "first", row->example, "killed_by", by));
    }
    return tool_json(json_pack(
        "{s:I, s:I, s:I, s:I, s:b, s:I, s:I, s:o, s:o, s:o}", "mutants", (json_int_t)score.mutants, "killed",
        (json_int_t)score.killed, "equivalent", (json_int_t)score.equivalent, "cases", (json_int_t)kills->cases,
        "none_killed", score.none_killed, "narrow", (json_int_t)score.members, "narrow_killed",
        (json_int_t)score.members_killed, "narrow_survivors", survivors, "packs", packs, "table", mutants));
}

static void score_file(const mxc_kills *kills)
{
    printf("#mxscores 1\n");
    for (size_t p = 0; p < kills->packs; p++)
        printf("%s %zu of %zu\n", kills->pack[p].name, kills->pack[p].killed, kills->pack[p].concerns);
    printf("#end %zu\n", kills->packs);
}

/* ---- doc/mutation.md ---- */

/* "12/40": packs of this operation that kill the mutant, of those that it concerns. */
static void cell(const mxc_kills *kills, size_t m, mx_op op)
{
    size_t concerns = 0, killed = 0;
    for (size_t p = 0; p < kills->packs; p++) {
        const mxc_kill *kill = &kills->kill[m * kills->packs + p];
        concerns += kill->concerns && kills->pack[p].shape.op == op;
        killed += kill->cases != 0 && kills->pack[p].shape.op == op;
    }
    if (concerns)
        printf(" %zu/%zu |", killed, concerns);
    else
        printf(" |");
}

static void document_matrix(const mxc_kills *kills)
{
    printf("\n## The matrix\n\nA cell is the number of packs of an operation that kill the mutant, of those whose "
           "shape it concerns; `cases` counts the vectors that do.\n\n| mutant | stage | what it does | seen |");
    for (mx_op op = 1; op <= MX_OP_LAST; op++)
        printf(" %s |", mx_op_name(op));
    printf(" cases |\n|---|---|---|---|");
    for (mx_op op = 1; op <= MX_OP_LAST; op++)
        printf("---|");
    printf("---|\n");
    for (size_t m = 0; m < kills->mutants; m++) {
        const mxc_mutant *row = kills->mutant[m].mutant;
        printf("| `%s` | %s | %s | %s |", row->name, mxc_stage_name(row->stage), row->what, row->link);
        for (mx_op op = 1; op <= MX_OP_LAST; op++)
            cell(kills, m, op);
        printf(" %zu |\n", kills->mutant[m].cases);
    }
}

static void document_few(const mxc_kills *kills)
{
    printf("\n## Hardest to kill\n\nMutants that fewer than ten cases of the tier catch.\n\n"
           "| mutant | cases | packs | first case |\n|---|---|---|---|\n");
    for (size_t m = 0; m < kills->mutants; m++) {
        const mxc_kill_mutant *row = &kills->mutant[m];
        if (is_judged(row) && row->cases < 10)
            printf("| `%s` | %zu | %zu | %s |\n", row->mutant->name, row->cases, row->packs, row->example);
    }
    printf("\n## Packs that alone kill a mutant\n\n");
    for (size_t p = 0; p < kills->packs; p++)
        if (kills->pack[p].alone)
            printf("- `%s`: %zu\n", kills->pack[p].name, kills->pack[p].alone);
    printf("\n## Equivalent mutants\n\n");
    for (size_t m = 0; m < kills->mutants; m++)
        if (kills->mutant[m].mutant->equivalent)
            printf("- `%s`: %s\n", kills->mutant[m].mutant->name, kills->mutant[m].mutant->equivalent);
}

static void document_stages(const mxc_kills *kills)
{
    printf("| stage | mutants | killed |\n|---|---|---|\n");
    for (mxc_stage stage = 1; stage <= MXC_STAGE_LAST; stage++) {
        size_t n = 0, killed = 0;
        for (size_t m = 0; m < kills->mutants; m++) {
            const int counts = is_judged(&kills->mutant[m]) && kills->mutant[m].mutant->stage == stage;
            n += (size_t)counts;
            killed += counts && kills->mutant[m].cases;
        }
        printf("| %s | %zu | %zu |\n", mxc_stage_name(stage), n, killed);
    }
}

/* A line a family and operation. */
static void document_families(const mxc_kills *kills)
{
    printf("\n## Narrow mutants\n\nA fault at one place only, once for each place: the name is "
           "`FAMILY@OPERATION.FORMAT.TYPE:PLACE`, without what the members have in common.\n\n"
           "| family | what it does | the last of them | mutants | killed |\n|---|---|---|---|---|\n");
    for (size_t m = 0, n = 0, killed = 0; m < kills->members; m++) {
        const mxc_member *row = &kills->member[m], *next = m + 1 < kills->members ? row + 1 : NULL;
        n++;
        killed += (size_t)kills->narrow[m].killed;
        if (next && next->family == row->family && next->mutant.ops == row->mutant.ops)
            continue;
        printf("| %s | %s | `%s` | %zu | %zu |\n", row->family->all.name, row->family->all.what, row->name, n, killed);
        n = killed = 0;
    }
}

static void document(const mxc_kills *kills)
{
    const mxc_kill_score score = mxc_kills_score(kills);
    printf("# What the vectors catch\n\n"
           "This page is the output of `mxcts mutate --format document`; `make mutation-update` writes it.\n\n"
           "A mutant is a converter with one fault (`conformance/mutants/table.c`). It is killed when its answer to a "
           "case of the smoke tier is judged wrong, by the same comparison as in `mxcts run`. `mxcts run --subject "
           "mutant:NAME` shows what a user with that fault sees; `mxcts clauses --mutants CLAUSE` names the mutants "
           "that the cases of one requirement kill.\n\n"
           "Smoke tier: **%zu of %zu** mutants killed, %zu equivalent, and **%zu of %zu** narrow ones, by %zu cases in "
           "%zu packs.\n\n",
           score.killed, score.mutants, score.equivalent, score.members_killed, score.members, kills->cases,
           kills->packs);
    document_stages(kills);
    document_few(kills);
    document_families(kills);
    document_matrix(kills);
}

/* ---- the committed scores ---- */

static const mxc_kill_pack *find_pack(const mxc_kills *kills, const char *name)
{
    for (size_t p = 0; p < kills->packs; p++)
        if (strcmp(kills->pack[p].name, name) == 0)
            return &kills->pack[p];
    return NULL;
}

/* 1 when a pack is gone or fell below its line, 0, or -1 when the file is malformed or cut; the line is printed. */
static int below(const mxc_kills *kills, mxv_lines *l)
{
    char name[128], end[40];
    int fell = 0;
    size_t packs = 0, killed = 0;
    mx_status status;
    for (; (status = mxv_lines_next(l)) == MX_OK && l->text[0] != '#'; packs++) {
        if (sscanf(l->text, "%127s %zu", name, &killed) != 2) {
            mxv_lines_wanted(l, "a pack and a number", l->text);
            tool_error("%s", l->error->text);
            return -1;
        }
        const mxc_kill_pack *pack = find_pack(kills, name);
        if (pack && pack->killed >= killed)
            continue;
        tool_error("%s:%lu: %s: wanted %zu mutants killed, found %zu", l->name, l->line, name, killed,
                   pack ? pack->killed : 0);
        fell = 1;
    }
    snprintf(end, sizeof end, "#end %zu", packs);
    if (mxv_lines_tail(l, status, end) == MX_OK)
        return fell;
    tool_error("%s", l->error->text);
    return -1;
}

/* ---- the run ---- */

static int mutate(const mutate_args *what, mxv_lines *scores)
{
    mxv_error error = {0};
    mxc_kills kills;
    mxc_paths paths = {0};
    mx_status status = mxc_packs_of(&paths, what->pack, what->packs, &error);
    if (status == MX_OK)
        status = mxc_packs_filter(&paths, &what->filter, &error);
    tool_progress progress;
    tool_progress_begin(&progress, "packs", paths.count);
    if (status == MX_OK)
        status = mxc_kills_run(&kills, &paths, what->mutant, what->mutants, tool_progress_step, &progress, &error);
    tool_progress_end(&progress);
    mxc_paths_free(&paths);
    if (status != MX_OK) {
        tool_error("%s", error.text);
        return status == MX_EINVAL || (what->packs && status != MX_ENOMEM) ? TOOL_USAGE : TOOL_ERROR;
    }
    const int part = what->packs || !mxc_filter_is_open(&what->filter);
    if (part)
        mxc_kills_drop_idle(&kills);
    if (kills.mutants + kills.members == 0) {
        mxc_kills_free(&kills);
        tool_error("none of these mutants can act in these packs");
        return TOOL_SKIP;
    }
    const mxc_kill_score score = mxc_kills_score(&kills);
    int result = fails(&score) ? TOOL_FAIL : TOOL_OK;
    if (what->format == JSON && json(&kills) != TOOL_OK)
        result = TOOL_ERROR;
    if (what->format == TEXT)
        text(&kills, part);
    if (what->format == SCORE_FILE)
        score_file(&kills);
    if (what->format == DOCUMENT)
        document(&kills);
    const int fell = what->scores ? below(&kills, scores) : 0;
    result = fell < 0 ? TOOL_USAGE : fell > 0 && result == TOOL_OK ? TOOL_FAIL : result;
    mxc_kills_free(&kills);
    return tool_finish(result);
}

/* Named twice it counts once. */
static void add_mutant(mutate_args *what, const char *name)
{
    for (size_t i = 0; i < what->mutants; i++)
        if (strcmp(what->mutant[i], name) == 0)
            return;
    what->mutant[what->mutants++] = name;
}

static int parse(mutate_args *what, tool_args *args)
{
    for (int id; (id = tool_next(args)) != 0;) {
        if (id == MUTANT)
            add_mutant(what, args->value);
        else if (id == SCORES)
            what->scores = args->value;
        else if (id == FORMAT)
            what->format = tool_choice(args, "text|json|document|scores");
        else if (filter_option(&what->filter, args, id) != TOOL_OK)
            return TOOL_USAGE;
        if (what->format < 0)
            return TOOL_USAGE;
    }
    what->pack = (const char *const *)tool_operand_list(args);
    what->packs = (size_t)tool_operands(args);
    return TOOL_OK;
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_mutate, argc, argv);
    mutate_args what = {.mutant = calloc((size_t)argc, sizeof(char *))};
    if (!what.mutant) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    mxv_lines scores = {0};
    mxv_error error;
    int status = parse(&what, &args);
    /* before the minutes that a run may take */
    if (status == TOOL_OK && what.scores &&
        (mxv_lines_open(&scores, what.scores, &error) != MX_OK || mxv_lines_head(&scores, "#mxscores 1") != MX_OK)) {
        tool_error("%s", error.text);
        status = TOOL_USAGE;
    }
    if (status == TOOL_OK)
        status = mutate(&what, &scores);
    if (scores.in)
        fclose(scores.in);
    free(what.mutant);
    return status;
}
