/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts list: what there is to choose from.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/names.h>
#include <mx/vectors.h>

#include "conformance/mutants/mutants.h"
#include "conformance/report/json_fields.h"
#include "tools/filter.h"
#include "tools/list_tags.h"
#include "tools/meaning.h"
#include "tools/tool.h"
#include "vectors/lines.h"

enum { OPT_FORMAT = 1, OPT_AXIS };

static const tool_option options[] = {
    FILTER_OPTION_ROWS,
    {OPT_AXIS, 0, "axis", "AXIS=VALUE", "packs whose profile has this value only; may be given again"},
    {OPT_FORMAT, 0, "format", "text|json", "how to print [text]"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_list = {
    .name = "list",
    .summary = "list packs, profiles, operations, axes, subjects, mutants or tags",
    .args = "[OPTION...] packs|profiles|ops|axes|subjects|mutants|tags",
    .text = "Lists what the other verbs can be given. The options choose packs, --op, --elem and --type tags "
            "too. Of packs the heads are read only: digests are verified when a pack is run. Tags say why a case is "
            "there: the clauses that it tests, the "
            "axes that its answer depends on, what is special about it; `mxcts run TAG` judges a subject on its cases.",
    .options = options,
    .example = "$ mxcts list axes\n"
               "scale              floor ceil even rceil\n"
               "scale-arith        exact f32 log2f\n"
               "round              rne rna rnz rtz rup rdn rto sr:N\n"
               "...\n"
               "$ mxcts list tags --op cast --elem e2m1 | head -n 3\n"
               "C5.3-a             ...  MX-5.3-a: Subnormals must be supported by every floating-point element...\n"
               "...",
    .run = run,
};

typedef struct list_args {
    int json;
    mxc_filter filter;
    mx_profile axes; /* 0 is any */
    int has_axis;
} list_args;

/* ---- packs ---- */

typedef struct pack_head {
    mx_batch shape;
    unsigned long long count;
} pack_head;

/* The line's text after `word`, or NULL when it does not begin so. */
static const char *after(const char *line, const char *word)
{
    size_t n = strlen(word);
    return strncmp(line, word, n) == 0 ? line + n : NULL;
}

/* The count that the last line states. */
static int read_count(FILE *in, unsigned long long *count)
{
    char tail[160];
    if (fseek(in, -(long)(sizeof tail - 1), SEEK_END) != 0)
        rewind(in);
    size_t n = fread(tail, 1, sizeof tail - 1, in);
    tail[n] = '\0';
    const char *at = strstr(tail, "#end count=");
    return at && sscanf(at, "#end count=%llu ", count) == 1;
}

/* The head of a pack; the cases are not read (verifying the digest is the business of run). 0, or -1 with the line
 * printed. */
static int read_head(const char *path, pack_head *head)
{
    char why[MX_WHY];
    const char *found;
    mxv_error error;
    mxv_lines lines;
    memset(head, 0, sizeof *head);
    mx_status status = mxv_lines_open(&lines, path, &error);
    if (status == MX_OK)
        status = mxv_lines_op(&lines, &head->shape);
    if (status == MX_OK) {
        status = mxv_lines_next(&lines);
        found = status == MX_OK ? after(lines.text, "#profile ") : NULL;
        if (status == MX_END || (status == MX_OK && !found))
            status = mxv_lines_wanted(&lines, "#profile", status == MX_END ? NULL : lines.text);
        else if (found && mx_profile_parse(&head->shape.profile, found, strlen(found), why) != MX_OK)
            status = mxv_lines_bad(&lines, why);
    }
    if (status == MX_OK && !read_count(lines.in, &head->count))
        status = mxv_lines_wanted(&lines, "a closing #end line", NULL);
    if (status != MX_OK)
        tool_error("%s", error.text);
    if (lines.in)
        fclose(lines.in);
    return status == MX_OK ? 0 : -1;
}

static int matches(const mx_batch *shape, const list_args *args)
{
    if (!mxc_filter_has(&args->filter, shape->op, shape->elem, shape->type))
        return 0;
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++) {
        unsigned value = mx_profile_get(&args->axes, axis);
        if (value && value != mx_profile_get(&shape->profile, axis))
            return 0;
    }
    return !args->axes.sr_bits || args->axes.sr_bits == shape->profile.sr_bits;
}

/* The axes that matter to the pack in which it departs from ocp-mx-1.0, "-" when in none. */
static void departures(char text[MX_PROFILE_TEXT], const mx_batch *shape, const mx_profile *base)
{
    const mx_profile *profile = &shape->profile;
    size_t n = 0;
    text[0] = '\0';
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++) {
        char value[MX_VALUE_TEXT];
        if (mx_profile_get(profile, axis) != mx_profile_get(base, axis) &&
            mx_axis_matters(axis, shape->op, shape->elem, shape->type, NULL))
            n += (size_t)snprintf(text + n, MX_PROFILE_TEXT - n, "%s%s=%s", n ? " " : "", mx_axis_name(axis),
                                  mx_profile_value(profile, axis, value));
    }
    if (!n)
        strcpy(text, "-");
}

static void print_pack(const char *path, const pack_head *head, const mx_profile *base, json_t *out)
{
    char departs[MX_PROFILE_TEXT], op[MXV_HEAD_TEXT];
    departures(departs, &head->shape, base);
    mxv_format_op(&head->shape, op);
    if (out)
        json_array_append_new(out, json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:I, s:I, s:s}", "pack", path, "op",
                                             mx_op_name(head->shape.op), "elem", mx_elem_name(head->shape.elem), "type",
                                             mx_type_name(head->shape.type), "layout",
                                             mx_layout_name(head->shape.layout), "k", (json_int_t)head->shape.k,
                                             "cases", (json_int_t)head->count, "departs", departs));
    else
        printf("%-42s %8llu  %-40s %s\n", path, head->count, op, departs);
}

static int list_packs(const list_args *args, json_t *out)
{
    mxv_error error;
    mxc_paths paths = {0};
    mxc_profile base;
    int status = TOOL_OK;
    char *folder = mxc_data_path("vectors/packs", &error);
    if (!folder || mxc_paths_find(&paths, folder, ".mxv", &error) != MX_OK ||
        mxc_profile_load(&base, "ocp-mx-1.0", &error) != MX_OK) {
        tool_error("%s", error.text);
        free(folder);
        return TOOL_ERROR;
    }
    if (!out)
        printf("%-42s %8s  %-40s %s\n", "pack", "cases", "operation", "axes other than in ocp-mx-1.0");
    for (size_t i = 0; i < paths.count; i++) {
        pack_head head;
        const char *name = paths.path[i] + strlen(folder) + 1;
        if (read_head(paths.path[i], &head) != 0)
            status = TOOL_USAGE;
        else if (matches(&head.shape, args))
            print_pack(name, &head, &base.values, out);
    }
    mxc_paths_free(&paths);
    free(folder);
    return status;
}

/* ---- the rest ---- */

static void list_profile(const mxc_profile *profile, size_t i, void *out)
{
    (void)i;
    if (out)
        json_array_append_new(out, json_pack("{s:o, s:o}", "profile", mxc_json_text(profile->name), "system",
                                             mxc_json_text(profile->system)));
    else
        printf("%-20s %s\n", profile->name, profile->system);
}

static int list_profiles(const list_args *args, json_t *out)
{
    (void)args;
    return tool_profiles(list_profile, out);
}

static const char *column_name(const mx_op_info *info, const mx_column *column, char text[32])
{
    const char *cells = info->is_matrix ? "[rows*cols]" : "[k]";
    snprintf(text, 32, "%s%s", column->name,
             column->count == MX_PER_ELEMENT ? cells
             : column->count == MX_PER_BYTE  ? "[n]"
                                             : "");
    return text;
}

static json_t *json_columns(const mx_op_info *info, const mx_column *column, size_t n)
{
    json_t *out = json_array();
    char text[32];
    for (size_t i = 0; i < n; i++)
        json_array_append_new(out, json_string(column_name(info, &column[i], text)));
    return out;
}

static int list_ops(const list_args *args, json_t *out)
{
    (void)args;
    for (mx_op op = 1; op <= MX_OP_LAST; op++) {
        const mx_op_info *info = mx_op_info_of(op);
        char in[80] = "", to[80] = "", text[32];
        for (size_t i = 0; i < info->n_in; i++)
            strcat(strcat(in, i ? " " : ""), column_name(info, &info->in[i], text));
        for (size_t i = 0; i < info->n_out; i++)
            strcat(strcat(to, i ? " " : ""), column_name(info, &info->out[i], text));
        if (out)
            json_array_append_new(out, json_pack("{s:s, s:o, s:o, s:s, s:s}", "op", info->name, "in",
                                                 json_columns(info, info->in, info->n_in), "out",
                                                 json_columns(info, info->out, info->n_out), "type",
                                                 !info->has_type ? "none"
                                                 : info->encodes ? "source"
                                                                 : "target",
                                                 "meaning", meaning_of_op(op)));
        else
            printf("%-12s %-17s -> %-17s %s\n", info->name, in, to, meaning_of_op(op));
    }
    return TOOL_OK;
}

static int list_axes(const list_args *args, json_t *out)
{
    (void)args;
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++) {
        json_t *values = json_array();
        if (!out)
            printf("%-18s", mx_axis_name(axis));
        for (unsigned v = 1; v <= mx_axis_count(axis); v++) {
            const char *name = mx_axis_value_name(axis, v), *more = axis == MX_AXIS_ROUND && v == MX_SR ? ":N" : "";
            json_array_append_new(values, json_sprintf("%s%s", name, more));
            if (!out)
                printf(" %s%s", name, more);
        }
        if (out)
            json_array_append_new(out, json_pack("{s:s, s:O, s:s}", "axis", mx_axis_name(axis), "values", values,
                                                 "meaning", meaning_of_axis(axis)));
        else
            putchar('\n');
        json_decref(values);
    }
    return TOOL_OK;
}

static int list_subjects(const list_args *args, json_t *out)
{
    (void)args;
    for (size_t i = 0; mxc_builtin_at(i); i++) {
        const mxc_builtin *b = mxc_builtin_at(i);
        char why[MXC_LINE] = "";
        int runs = !b->probe || b->probe(why) == MX_OK;
        if (out)
            json_array_append_new(out, json_pack("{s:s, s:s, s:b, s:s}", "subject", b->name, "summary", b->summary,
                                                 "runs_here", runs, "why", runs ? "" : why));
        else
            printf("%-12s %s%s%s%s\n", b->name, b->summary, runs ? "" : " (not here: ", runs ? "" : why,
                   runs ? "" : ")");
    }
    if (!out)
        printf("%-12s %s\n%-12s %s\n%-12s %s\n", "lib:PATH", "a shared object with the adapter ABI (mx/adapter.h)",
               "pipe:CMD", "a command that speaks the protocol mxp/1", "mutant:NAME",
               "a converter with one fault (mxcts list mutants)");
    return TOOL_OK;
}

static int list_mutants(const list_args *args, json_t *out)
{
    (void)args;
    for (const mxc_mutant *m = mxc_mutants; m->name; m++) {
        if (out)
            json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s}", "mutant", m->name, "stage",
                                                 mxc_stage_name(m->stage), "what", m->what, "seen", m->link));
        else
            printf("%-34s %-10s %s\n", m->name, mxc_stage_name(m->stage), m->what);
    }
    size_t members = 0;
    mxc_member *member = mxc_members(&members);
    for (size_t m = 0; member && m < members; m++) {
        const mxc_mutant *row = &member[m].mutant;
        if (out)
            json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s}", "mutant", row->name, "stage",
                                                 mxc_stage_name(row->stage), "what", row->what, "seen", row->link));
        else if (m + 1 == members || member[m + 1].family != member[m].family)
            printf("%-34s %-10s %s (one of a family)\n", row->name, mxc_stage_name(row->stage), row->what);
    }
    free(member);
    return TOOL_OK;
}

static int list_tags_wanted(const list_args *args, json_t *out)
{
    return list_tags(&args->filter, out);
}

/* ---- command line ---- */

static int apply(const tool_args *args, int id, list_args *list)
{
    const char *value = args->value;
    char why[MX_WHY];
    if (id == OPT_FORMAT)
        return (list->json = tool_choice(args, "text|json")) < 0;
    if (id != OPT_AXIS)
        return filter_option(&list->filter, args, id);
    list->has_axis = 1;
    return mx_profile_apply(&list->axes, value, strlen(value), why) == MX_OK ? TOOL_OK : tool_usage("%s", why);
}

static const struct {
    const char *name;
    int (*list)(const list_args *args, json_t *out);
    int chosen, by_axis; /* what is listed is chosen by --op, --elem and --type; by --axis */
} kinds[] = {
    {"packs", list_packs, 1, 1},      {"profiles", list_profiles, 0, 0}, {"ops", list_ops, 0, 0},
    {"axes", list_axes, 0, 0},        {"subjects", list_subjects, 0, 0}, {"mutants", list_mutants, 0, 0},
    {"tags", list_tags_wanted, 1, 0},
};

static int run(int argc, char **argv)
{
    list_args list = {0};
    tool_args args = TOOL_ARGS(&tool_verb_list, argc, argv);
    for (int id; (id = tool_next(&args)) != 0;)
        if (id < 0 || apply(&args, id, &list))
            return TOOL_USAGE;
    if (tool_operands(&args) != 1)
        return tool_usage("one of packs, profiles, ops, axes, subjects, mutants, tags is wanted");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(tool_operand(&args, 0), kinds[i].name) != 0)
            continue;
        if (!kinds[i].chosen && !mxc_filter_is_open(&list.filter))
            return tool_usage("--op, --elem and --type choose packs and tags, not %s", kinds[i].name);
        if (!kinds[i].by_axis && list.has_axis)
            return tool_usage("--axis chooses packs, not %s", kinds[i].name);
        json_t *out = list.json ? json_array() : NULL;
        int status = kinds[i].list(&list, out);
        return out ? (tool_json(out) == TOOL_OK ? status : TOOL_ERROR) : tool_finish(status);
    }
    return tool_usage("'%s' found where packs, profiles, ops, axes, subjects, mutants or tags was wanted",
                      tool_operand(&args, 0));
}
