/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts clauses: which clauses of the specification have cases, and which cases belong to no clause.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/clauses.h"
#include "tools/tool.h"

enum { FORMAT = 1, CHECK };
enum { TEXT, JSON, TSV };

static const tool_option options[] = {
    {CHECK, 'c', "check", NULL, "print nothing but what is wrong with the ledger"},
    {FORMAT, 0, "format", "text|json|tsv", "how to print; tsv is the ledger with the cases counted anew [text]"},
    {0, 0, NULL, NULL, NULL},
};

/* ---- what is wrong ---- */

/* Clauses on the formats, their scale and conversion must not go untested. */
static int needs_cases(const struct mxc_clause *c)
{
    static const char *const about[] = {"MX-5.3", "MX-5.4", "MX-6.3", "OFP8-"};
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
        if ((c->class_ == MX_MUST || c->class_ == MX_SHOULD) && strncmp(c->id, about[i], strlen(about[i])) == 0)
            return 1;
    return 0;
}

/* Why clause i is not in order, or NULL. */
static const char *fault(const struct mxc_clause *c, size_t cases)
{
    if (c->conditions && !cases)
        return "selects no case";
    if (!cases && needs_cases(c))
        return "a must or should on formats, scales or conversion has no cases";
    if (!c->conditions && strcmp(c->note, "-") == 0)
        return "has no cases, and no note that says why";
    return cases != c->stated ? "the ledger states another number of cases (make clauses-update)" : NULL;
}

/* One line a fault on `out` (NULL: none); returns how many. */
static size_t print_faults(FILE *out, const mxc_clauses *clauses, const mxc_clause_counts *counts)
{
    size_t faults = 0;
    for (size_t i = 0; i < clauses->count; i++) {
        const struct mxc_clause *c = &clauses->clause[i];
        const char *why = fault(c, counts->cases[i]);
        if (!why)
            continue;
        faults++;
        if (out)
            fprintf(out, "%s: %s: %zu stated, %zu found\n", c->id, why, c->stated, counts->cases[i]);
    }
    if (counts->unclaimed && out)
        fprintf(out, "%zu of %zu cases belong to no clause, first %s\n", counts->unclaimed, counts->total,
                counts->first[0]);
    return faults + (counts->unclaimed != 0);
}

/* ---- printing ---- */

/* A number of mutants out of the names, "-" for none. */
static size_t words(const char *list)
{
    size_t n = strcmp(list, "-") != 0;
    for (const char *at = list; *at; at++)
        n += *at == ',';
    return n;
}

static void print_table(const mxc_clauses *clauses, const mxc_clause_counts *counts)
{
    size_t without = 0;
    printf("%-14s %-7s %-5s %8s %8s  %s\n", "clause", "class", "sure", "cases", "mutants", "requirement");
    for (size_t i = 0; i < clauses->count; i++) {
        const struct mxc_clause *c = &clauses->clause[i];
        size_t n = strlen(c->requirement);
        without += !counts->cases[i];
        printf("%-14s %-7s %-5s %8zu %8zu  %.*s%s\n", c->id, mx_class_name(c->class_), c->sure, counts->cases[i],
               words(c->mutants), n > 72 ? 69 : 72, c->requirement, n > 72 ? "..." : "");
    }
    printf("\nClauses without cases: %zu\n", without);
    for (size_t i = 0; i < clauses->count; i++)
        if (!counts->cases[i])
            printf("  %-14s %-7s %s\n", clauses->clause[i].id, mx_class_name(clauses->clause[i].class_),
                   clauses->clause[i].note);
    printf("\nCases without clause: %zu of %zu\n", counts->unclaimed, counts->total);
    for (size_t i = 0; i < counts->unclaimed && i < sizeof counts->first / sizeof counts->first[0]; i++)
        printf("  %s\n", counts->first[i]);
}

/* "S1" is named in "S1, S10 R", and not in "S10". */
static int names_source(const char *text, const char *id)
{
    size_t n = strlen(id);
    for (const char *at = strstr(text, id); at; at = strstr(at + 1, id))
        if (at[n] < '0' || at[n] > '9')
            return 1;
    return 0;
}

static void print_one(const mxc_clauses *clauses, const mxc_clause_counts *counts, const struct mxc_clause *c)
{
    printf("%s   %s, sure %s\n", c->id, mx_class_name(c->class_), c->sure);
    printf("%s\n\n", c->requirement);
    printf("source   %s\n", c->source);
    for (size_t i = 0; i < clauses->sources; i++) {
        if (names_source(c->source, clauses->source[i].id))
            printf("         %s: %s\n", clauses->source[i].id, clauses->source[i].text);
    }
    printf("cases    %zu: %s\n", counts->cases[c - clauses->clause], c->selects);
    printf("mutants  %s\n", c->mutants);
    if (strcmp(c->note, "-") != 0)
        printf("note     %s\n", c->note);
    if (c->conditions)
        printf("run      mxcts run %s\n", c->id);
}

static int print_json(const mxc_clauses *clauses, const mxc_clause_counts *counts, const struct mxc_clause *only)
{
    json_t *list = json_array(), *first = json_array();
    for (size_t i = 0; i < clauses->count; i++) {
        const struct mxc_clause *c = &clauses->clause[i];
        if (only && c != only)
            continue;
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s}", "clause", c->id, "class",
                                              mx_class_name(c->class_), "sure", c->sure, "source", c->source, "selects",
                                              c->selects, "cases", (json_int_t)counts->cases[i], "mutants", c->mutants,
                                              "note", c->note, "requirement", c->requirement));
    }
    for (size_t i = 0; i < counts->unclaimed && i < sizeof counts->first / sizeof counts->first[0]; i++)
        json_array_append_new(first, json_string(counts->first[i]));
    return tool_json(json_pack("{s:o, s:I, s:I, s:o}", "clauses", list, "cases", (json_int_t)counts->total,
                               "without_clause", (json_int_t)counts->unclaimed, "first_without_clause", first));
}

/* ---- the verb ---- */

static int report(const mxc_clauses *clauses, const mxc_clause_counts *counts, const struct mxc_clause *only,
                  int format, int check)
{
    int status = print_faults(check ? stdout : NULL, clauses, counts) ? TOOL_FAIL : TOOL_OK;
    if (check)
        return tool_finish(status);
    if (format == JSON && print_json(clauses, counts, only) != TOOL_OK)
        return TOOL_ERROR;
    if (format == TSV && mxc_clauses_write(stdout, clauses, counts) != MX_OK)
        return TOOL_ERROR;
    if (format == TEXT && only)
        print_one(clauses, counts, only);
    else if (format == TEXT)
        print_table(clauses, counts);
    if (format != TSV && !only)
        print_faults(stderr, clauses, counts);
    return tool_finish(only ? TOOL_OK : status);
}

static int clauses_of(const char *id, int format, int check)
{
    mxv_error error = {0};
    mxc_clauses *clauses = NULL;
    mxc_clause_counts counts = {0};
    const struct mxc_clause *only = NULL;
    int status = TOOL_OK;
    if (mxc_clauses_load(&clauses, NULL, &error) != MX_OK) {
        tool_error("%s", error.text);
        return TOOL_ERROR;
    }
    if (id && !(only = mxc_clause_find(clauses, id)))
        status = tool_usage("no clause '%s'", id);
    if (status == TOOL_OK && mxc_clauses_count(&counts, clauses, &error) != MX_OK) {
        tool_error("%s", error.text);
        status = TOOL_ERROR;
    }
    if (status == TOOL_OK)
        status = report(clauses, &counts, only, format, check);
    free(counts.cases);
    mxc_clauses_free(clauses);
    return status;
}

static int run(int argc, char **argv);

const tool_verb tool_verb_clauses = {
    .name = "clauses",
    .summary = "clauses of the specification, and the cases that test them",
    .args = "[OPTION...] [CLAUSE]",
    .text =
        "Lists every requirement of MX v1.0 and of what it takes from OFP8 v1.0: how it binds (must, should, free or "
        "silent), how sure its wording is (A to D), how many cases of the smoke tier test it, and how many mutants "
        "break it. Then come the clauses without cases and the cases without clause. With a CLAUSE it is shown in "
        "full, with its sources.\n"
        "\n"
        "The ledger is conformance/clauses.tsv. Which cases test a clause is a selector: conditions op=, elem=, "
        "type=, k=, tag= or AXIS= with values between commas (!= for none of them), all of which must hold; `|` "
        "stands between alternatives. `mxcts run CLAUSE` judges a subject on them.\n"
        "\n"
        "The exit status is 1 when the ledger is not in order: a selector without cases, a clause without cases and "
        "without a note, a case without a clause, or counts that are not those of the packs.",
    .options = options,
    .example = "$ mxcts clauses MX-5.4.1-c\n"
               "MX-5.4.1-c   must, sure A\n"
               "No Inf; one NaN, 0xFF; no zero (Table 7: Zeros N/A); no sign\n"
               "...\n"
               "run      mxcts run MX-5.4.1-c\n"
               "$ mxcts clauses --check; echo $?\n"
               "0",
    .run = run,
};

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_clauses, argc, argv);
    int id, format = TEXT, check = 0;
    while ((id = tool_next(&args)) != 0) {
        if (id == CHECK)
            check = 1;
        else if (id == FORMAT)
            format = tool_choice(&args, "text|json|tsv");
        else
            return TOOL_USAGE;
        if (format < 0)
            return TOOL_USAGE;
    }
    if (tool_operands(&args) > 1)
        return tool_usage("wanted one clause, found '%s' and '%s'", tool_operand(&args, 0), tool_operand(&args, 1));
    return clauses_of(tool_operands(&args) ? tool_operand(&args, 0) : NULL, format, check);
}
