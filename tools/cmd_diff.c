/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts diff: what changed between two recorded runs.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/causes/explain_line.h"
#include "conformance/causes/run_diff.h"
#include "conformance/report/json_fields.h"
#include "conformance/report/report.h"
#include "tools/report_out.h"
#include "tools/tool.h"

enum { FORMAT = 1, LIST };
enum { TEXT, JSON };

static const tool_option options[] = {
    {FORMAT, 0, "format", "text|json", "form of the comparison; json lists everything (default text)"},
    {LIST, 0, "list", "N", "list N cases and N classes of each change as text (default 10)"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_diff = {
    .name = "diff",
    .summary = "say what changed between two recorded runs",
    .args = "[OPTION...] RUN_A.json RUN_B.json",
    .text = "Compares two runs that `mxcts run --format json` or `mxcts verify --format json` recorded, A the earlier "
            "one (- for standard input), case by case and class by class of failures. A pack is the same when its "
            "digest is.\n"
            "\n"
            "  FIX         failed in A, passes in B\n"
            "  REGRESSION  passed in A, fails in B\n"
            "  NEW         fails in B, was not judged in A\n"
            "  GONE        failed in A, was not judged in B\n"
            "  CHANGED     fails in both, with another answer\n"
            "  SAME        fails in both, with the same answer\n"
            "\n"
            "A class is operation/format/type/stage/remainder/range; there REGRESSION and FIX are more and fewer "
            "failures, too. Where a run has more failures than it lists (mxcts run --list), a pack's failures are "
            "compared by number, which is said.\n"
            "\n"
            "The exit status is 1 when there is a regression: a case of that kind that B does not list as known, cases "
            "that B was offered and no longer answers, or a subject that breaks the rules or answers differently on "
            "repetition and did not before. Otherwise it is 0, and 2 when a file is not the report of a run, or of "
            "another version.",
    .options = options,
    .example = "$ mxcts run --subject mutant:rna-ties --op cast --elem e2m1 --format json=/tmp/a.json >/tmp/a.txt\n"
               "$ mxcts run --subject portable --op cast --elem e2m1 --format json=/tmp/b.json >/tmp/b.txt\n"
               "$ mxcts diff /tmp/a.json /tmp/b.json | tail -n 1\n"
               "PASS: no regression, ... fixes\n"
               "$ mxcts diff /tmp/b.json /tmp/a.json; echo \"exit status $?\"\n"
               "A  /tmp/b.json: portable ...\n"
               "B  /tmp/a.json: mutant:rna-ties ...\n"
               "...\n"
               "REGRESSION      ...\n"
               "...\n"
               "FAIL: ... regressions\n"
               "exit status 1\n",
    .run = run,
};

/* ---- as text ---- */

static void print_run(const char *name, const char *path, const mxc_report *r)
{
    printf("%s  %s: %s (%s %s), %s, %s: %s\n", name, path, r->spec, r->subject.name, r->subject.version, r->begun,
           mxc_conclusion_word(r), r->conclusion);
}

static void print_counts(const mxc_run_diff *d)
{
    static const char *const what[] = {NULL,
                                       "failed, passes now",
                                       "passed, fails now",
                                       "fails, was not judged before",
                                       "failed, is not judged now",
                                       "fails as before, with another answer",
                                       "fails as before"};
    printf("\n");
    for (int c = 1; c <= MXC_CHANGE_LAST; c++)
        printf("%-10s %9zu  %s\n", mxc_change_name((mxc_change)c), d->count[c], what[c]);
    if (d->known)
        printf("%zu of the regressions are listed as known\n", d->known);
    if (d->beyond)
        printf("%zu packs have more failures than are listed: compared by number (mxcts run --list)\n", d->beyond);
    if (d->lost)
        printf("%zu cases of %zu packs were judged before and are not answered now\n", d->lost, d->lost_packs);
    if (d->misconduct)
        printf("B, and not A: %s\n", *d->b->misconduct ? d->b->misconduct : "answers differ on repetition");
}

/* The line to paste; `explain` finds a smoke pack by itself, wherever the run found it. */
static void print_line(const mxc_run_diff *d, const mxc_case_change *c)
{
    const mxc_wrong *wrong = c->b ? c->b : c->a;
    const char *path = (c->b ? d->b : d->a)->pack[wrong->pack].path, *slash = strrchr(path, '/');
    char smoke[MXC_LINE];
    snprintf(smoke, sizeof smoke, "vectors/packs/smoke/%s", slash ? slash + 1 : path);
    char *found = mxc_data_path(smoke, NULL), *line = mxc_explain_line(found ? NULL : path, wrong->id, wrong->got);
    if (line)
        printf("           %s\n", line);
    free(found);
    free(line);
}

static void print_case(const mxc_run_diff *d, const mxc_case_change *c)
{
    const mxc_wrong *any = c->b ? c->b : c->a;
    printf("%-10s %s%s: wanted %s, ", mxc_change_name(c->change), any->id, c->b && c->b->known ? " (known)" : "",
           any->want);
    if (c->a && c->b)
        printf("found %s, then %s\n", c->a->got, c->b->got);
    else
        printf("%s %s\n", c->b ? "found" : "had found", any->got);
    if (c->change == MXC_REGRESSION || c->change == MXC_NEW)
        print_line(d, c);
}

static void print_cases(const mxc_run_diff *d, size_t most)
{
    size_t shown = 0;
    for (size_t i = 0; i < d->changes; i++) {
        const mxc_change change = d->change[i].change;
        shown = i && d->change[i - 1].change == change ? shown + 1 : 0;
        if (i == 0)
            printf("\n");
        if (shown < most)
            print_case(d, &d->change[i]);
        else if (shown == most)
            printf("%-10s ...\n", mxc_change_name(change));
    }
}

static void print_keys(const mxc_run_diff *d, size_t most)
{
    size_t shown = 0;
    for (size_t i = 0; i < d->keys; i++) {
        const mxc_key_change *k = &d->key[i];
        shown = i && d->key[i - 1].change == k->change ? shown + 1 : 0;
        if (i == 0)
            printf("\n%-10s %-48s %9s %9s\n", "class", "", "A", "B");
        if (shown < most)
            printf("%-10s %-48s %9zu %9zu\n", mxc_change_name(k->change), k->key, k->a, k->b);
        else if (shown == most)
            printf("%-10s ...\n", mxc_change_name(k->change));
    }
}

static void print_text(const mxc_run_diff *d, char **path, size_t most)
{
    print_run("A", path[0], d->a);
    print_run("B", path[1], d->b);
    print_counts(d);
    print_cases(d, most);
    print_keys(d, most);
    const size_t regressions = d->count[MXC_REGRESSION] - d->known;
    if (regressions)
        printf("\nFAIL: %zu regression%s\n", regressions, regressions == 1 ? "" : "s");
    else if (d->regression)
        printf("\nFAIL: %s\n", d->lost ? "cases are no longer answered" : "the subject breaks the rules");
    else
        printf("\nPASS: no regression, %zu fixes\n", d->count[MXC_FIX]);
}

/* ---- as JSON ---- */

static json_t *json_run(const char *path, const mxc_report *r)
{
    return json_pack("{s:o, s:o, s:s, s:s, s:i, s:o}", "file", mxc_json_text(path), "subject", mxc_json_text(r->spec),
                     "tool_version", r->tool, "begun", r->begun, "exit_status", r->exit_status, "conclusion",
                     mxc_json_text(r->conclusion));
}

static json_t *json_case(const mxc_case_change *c)
{
    const mxc_wrong *any = c->b ? c->b : c->a;
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:b}", "change", mxc_change_name(c->change), "id", any->id, "want",
                     any->want, "a", mxc_json_text(c->a ? c->a->got : NULL), "b",
                     mxc_json_text(c->b ? c->b->got : NULL), "known", c->b && c->b->known);
}

static int print_json(const mxc_run_diff *d, char **path)
{
    json_t *count = json_object(), *cases = json_array(), *classes = json_array();
    for (int c = 1; c <= MXC_CHANGE_LAST; c++)
        json_object_set_new(count, mxc_change_name((mxc_change)c), json_integer((json_int_t)d->count[c]));
    for (size_t i = 0; i < d->changes; i++)
        json_array_append_new(cases, json_case(&d->change[i]));
    for (size_t i = 0; i < d->keys; i++)
        json_array_append_new(classes,
                              json_pack("{s:s, s:s, s:I, s:I}", "change", mxc_change_name(d->key[i].change), "key",
                                        d->key[i].key, "a", (json_int_t)d->key[i].a, "b", (json_int_t)d->key[i].b));
    return tool_json(json_pack("{s:i, s:o, s:o, s:b, s:o, s:I, s:I, s:I, s:b, s:o, s:o}", "mxcts_diff", 1, "a",
                               json_run(path[0], d->a), "b", json_run(path[1], d->b), "regression", d->regression,
                               "counts", count, "known", (json_int_t)d->known, "packs_by_number", (json_int_t)d->beyond,
                               "no_longer_answered", (json_int_t)d->lost, "misconduct", d->misconduct, "cases", cases,
                               "classes", classes));
}

/* ---- the verb ---- */

static int compare(char **path, int format, size_t most)
{
    mxc_report *a = NULL, *b = NULL;
    mxc_run_diff d = {0};
    int status = report_load(&a, path[0]);
    if (status == TOOL_OK)
        status = report_load(&b, path[1]);
    if (status == TOOL_OK && mxc_run_diff_make(&d, a, b) != MX_OK) {
        tool_error("out of memory");
        status = TOOL_ERROR;
    }
    if (status == TOOL_OK && format == JSON)
        status = print_json(&d, path);
    else if (status == TOOL_OK)
        print_text(&d, path, most);
    if (status == TOOL_OK && d.regression)
        status = TOOL_FAIL;
    mxc_run_diff_free(&d);
    mxc_report_free(a);
    mxc_report_free(b);
    return tool_finish(status);
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_diff, argc, argv);
    int id, format = TEXT;
    uint64_t most = 10;
    while ((id = tool_next(&args)) != 0) {
        if (id < 0 || (id == FORMAT && (format = tool_choice(&args, "text|json")) < 0) ||
            (id == LIST && tool_number(&args, 1, 1000000000, &most) != 0))
            return TOOL_USAGE;
    }
    if (tool_operands(&args) != 2)
        return tool_usage("wanted two recorded runs, found %d", tool_operands(&args));
    char *path[] = {tool_operand(&args, 0), tool_operand(&args, 1)};
    if (strcmp(path[0], "-") == 0 && strcmp(path[1], "-") == 0)
        return tool_usage("standard input can be one of the two runs, not both");
    return compare(path, format, (size_t)most);
}
