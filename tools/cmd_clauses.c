/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts clauses: which clauses of the specification have cases, and which cases belong to no clause,
 * and which mutants the cases of a clause kill.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/names.h>

#include "conformance/data/packs.h"
#include "conformance/mutants/clause_kills.h"
#include "tools/tool.h"

enum { FORMAT = 1, CHECK, MUTANTS };
enum { TEXT, JSON, TSV };

static const tool_option options[] = {
    {CHECK, 'c', "check", NULL, "print nothing but what is wrong with the ledger"},
    {MUTANTS, 'm', "mutants", NULL,
     "run the mutants too: how many the cases of each clause kill, and which with a CLAUSE"},
    {FORMAT, 0, "format", "text|json|tsv",
     "how to print; tsv is the ledger with the cases counted anew, and with --mutants those too [text]"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_clauses = {
    .name = "clauses",
    .summary = "clauses of the specification, and the cases that test them",
    .args = "[OPTION...] [CLAUSE]",
    .text = "Lists every requirement of MX v1.0 and of what it takes from OFP8 v1.0: how it binds (must, should, free "
            "or silent), how sure its wording is (A to D), how many cases of the smoke tier test it, and how many "
            "mutants (converters with one fault, see mxcts-mutate(1)) those cases kill. Then come the clauses without "
            "cases and the cases without clause. With a CLAUSE it is shown in full, with its sources.\n"
            "\n"
            "With --mutants the mutants are run and counted anew; `alone` is how many of them the cases of no other "
            "clause kill. With a CLAUSE they are named.\n"
            "\n"
            "The ledger is conformance/clauses.tsv. Which cases test a clause is a selector: conditions op=, elem=, "
            "type=, k=, tag= or AXIS= with values between commas (!= for none of them), all of which must hold; `|` "
            "stands between alternatives. `mxcts run CLAUSE` judges a subject on them.\n"
            "\n"
            "The exit status is 1 when the ledger is not in order: a selector without cases, a clause without cases "
            "and without a note, a must or should on formats, scales or conversion whose cases kill no mutant, without "
            "a note that says why, a case without a clause, or counts that are not those of the packs (of the mutants "
            "only with --mutants).",
    .options = options,
    .example = "$ mxcts clauses MX-5.4.1-c\n"
               "MX-5.4.1-c   must, sure A\n"
               "No Inf; one NaN, 0xFF; no zero (Table 7: Zeros N/A); no sign\n"
               "...\n"
               "run      mxcts run MX-5.4.1-c\n"
               "$ mxcts clauses --check; echo $?\n"
               "0\n"
               "$ mxcts clauses --mutants MX-5.1-d\n"
               "...\n"
               "mutants  ... killed\n"
               "...\n"
               "run      mxcts run MX-5.1-d",
    .run = run,
};

/* The ledger, and what was found of it. */
typedef struct survey {
    mxc_clauses *clauses;
    mxc_clause_counts counts;
    mxc_clause_kills kills; /* without --mutants empty */
    size_t *killed,
        *alone; /* [clauses] mutants that a clause's cases kill, and no other's do; NULL without --mutants */
} survey;

static size_t mutants_of(const survey *s, size_t i)
{
    return s->killed ? s->killed[i] : s->clauses->clause[i].mutants;
}

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

typedef struct fault {
    const char *why; /* NULL: in order */
    size_t stated, found;
} fault;

static fault fault_of(const survey *s, size_t i)
{
    const struct mxc_clause *c = &s->clauses->clause[i];
    const size_t cases = s->counts.cases[i], mutants = mutants_of(s, i);
    const int says_why = strcmp(c->note, "-") != 0;
    if (c->conditions && !cases)
        return (fault){"selects no case", c->stated, cases};
    if (!cases && needs_cases(c))
        return (fault){"a must or should on formats, scales or conversion has no cases", c->stated, cases};
    if (!c->conditions && !says_why)
        return (fault){"has no cases, and no note that says why", c->stated, cases};
    if (cases != c->stated)
        return (fault){"the ledger states another number of cases (make clauses-update)", c->stated, cases};
    if (!mutants && needs_cases(c) && !says_why)
        return (fault){"its cases kill no mutant, and no note says why", c->mutants, mutants};
    if (mutants != c->mutants)
        return (fault){"the ledger states another number of mutants (make clauses-update)", c->mutants, mutants};
    return (fault){NULL, 0, 0};
}

/* One line a fault on `out` (NULL: none); returns how many. */
static size_t print_faults(FILE *out, const survey *s)
{
    size_t faults = 0;
    for (size_t i = 0; i < s->clauses->count; i++) {
        const fault f = fault_of(s, i);
        faults += f.why != NULL;
        if (out && f.why)
            fprintf(out, "%s: %s: %zu stated, %zu found\n", s->clauses->clause[i].id, f.why, f.stated, f.found);
    }
    if (s->counts.unclaimed && out)
        fprintf(out, "%zu of %zu cases belong to no clause, first %s\n", s->counts.unclaimed, s->counts.total,
                s->counts.first[0]);
    return faults + (s->counts.unclaimed != 0);
}

/* ---- printing ---- */

static void print_row(const survey *s, size_t i)
{
    const struct mxc_clause *c = &s->clauses->clause[i];
    const size_t n = strlen(c->requirement);
    printf("%-14s %-7s %-5s %8zu %8zu ", c->id, mx_class_name(c->class_), c->sure, s->counts.cases[i],
           mutants_of(s, i));
    if (s->alone)
        printf("%6zu ", s->alone[i]);
    printf(" %.*s%s\n", n > 72 ? 69 : 72, c->requirement, n > 72 ? "..." : "");
}

static void print_table(const survey *s)
{
    const mxc_clauses *clauses = s->clauses;
    const mxc_clause_counts *counts = &s->counts;
    size_t without = 0;
    printf("%-14s %-7s %-5s %8s %8s %s requirement\n", "clause", "class", "sure", "cases", "mutants",
           s->alone ? " alone " : "");
    for (size_t i = 0; i < clauses->count; i++) {
        print_row(s, i);
        without += !counts->cases[i];
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

/* The names of those that clause i kills: none without --mutants. */
static void print_mutants(const survey *s, size_t i)
{
    for (size_t m = 0; m < s->kills.mutants; m++) {
        const uint8_t *row = s->kills.killed + m * s->kills.clauses;
        if (row[i])
            printf("         %s%s\n", s->kills.mutant[m]->name,
                   mxc_clause_kills_alone(&s->kills, m) ? " (no other clause)" : "");
    }
}

static void print_one(const survey *s, const struct mxc_clause *c)
{
    const mxc_clauses *clauses = s->clauses;
    const size_t at = (size_t)(c - clauses->clause);
    printf("%s   %s, sure %s\n", c->id, mx_class_name(c->class_), c->sure);
    printf("%s\n\n", c->requirement);
    printf("source   %s\n", c->source);
    for (size_t i = 0; i < clauses->sources; i++) {
        if (names_source(c->source, clauses->source[i].id))
            printf("         %s: %s\n", clauses->source[i].id, clauses->source[i].text);
    }
    printf("cases    %zu: %s\n", s->counts.cases[at], c->selects);
    printf("mutants  %zu killed\n", mutants_of(s, at));
    print_mutants(s, at);
    if (strcmp(c->note, "-") != 0)
        printf("note     %s\n", c->note);
    if (c->conditions)
        printf("run      mxcts run %s\n", c->id);
}

static json_t *clause_json(const survey *s, size_t i)
{
    const struct mxc_clause *c = &s->clauses->clause[i];
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "clause", c->id, "class", mx_class_name(c->class_),
                  "sure", c->sure, "source", c->source, "selects", c->selects, "cases", (json_int_t)s->counts.cases[i],
                  "mutants", (json_int_t)mutants_of(s, i), "note", c->note, "requirement", c->requirement);
    if (!s->killed)
        return row;
    json_t *names = json_array();
    for (size_t m = 0; m < s->kills.mutants; m++)
        if (s->kills.killed[m * s->kills.clauses + i])
            json_array_append_new(names, json_string(s->kills.mutant[m]->name));
    json_object_set_new(row, "kills", names);
    json_object_set_new(row, "kills_alone", json_integer((json_int_t)s->alone[i]));
    return row;
}

static int print_json(const survey *s, const struct mxc_clause *only)
{
    const mxc_clause_counts *counts = &s->counts;
    json_t *list = json_array(), *first = json_array();
    for (size_t i = 0; i < s->clauses->count; i++)
        if (!only || only == &s->clauses->clause[i])
            json_array_append_new(list, clause_json(s, i));
    for (size_t i = 0; i < counts->unclaimed && i < sizeof counts->first / sizeof counts->first[0]; i++)
        json_array_append_new(first, json_string(counts->first[i]));
    return tool_json(json_pack("{s:o, s:I, s:I, s:o}", "clauses", list, "cases", (json_int_t)counts->total,
                               "without_clause", (json_int_t)counts->unclaimed, "first_without_clause", first));
}

/* ---- the verb ---- */

typedef struct clauses_args {
    const char *id; /* NULL: all */
    int format, check, mutants;
} clauses_args;

static int report(const survey *s, const struct mxc_clause *only, const clauses_args *args)
{
    int status = print_faults(args->check ? stdout : NULL, s) ? TOOL_FAIL : TOOL_OK;
    if (args->check)
        return tool_finish(status);
    if (args->format == JSON && print_json(s, only) != TOOL_OK)
        return TOOL_ERROR;
    if (args->format == TSV && mxc_clauses_write(stdout, s->clauses, s->counts.cases, s->killed) != MX_OK)
        return tool_finish(TOOL_ERROR);
    if (args->format == TEXT && only)
        print_one(s, only);
    else if (args->format == TEXT)
        print_table(s);
    if (args->format != TSV && !only)
        print_faults(stderr, s);
    return tool_finish(only ? TOOL_OK : status);
}

static mx_status run_mutants(survey *s, const mxc_paths *packs, mxv_error *error)
{
    tool_progress progress;
    tool_progress_begin(&progress, "packs", packs->count);
    mx_status status = mxc_clause_kills_run(&s->kills, s->clauses, packs, tool_progress_step, &progress, error);
    tool_progress_end(&progress);
    s->killed = calloc(s->clauses->count, sizeof *s->killed);
    s->alone = calloc(s->clauses->count, sizeof *s->alone);
    if (status == MX_OK && (!s->killed || !s->alone)) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return MX_ENOMEM;
    }
    for (size_t i = 0; status == MX_OK && i < s->clauses->count; i++)
        s->killed[i] = mxc_clause_kills_count(&s->kills, i, &s->alone[i]);
    return status;
}

static mx_status look(survey *s, int mutants, mxv_error *error)
{
    mxc_paths packs;
    mx_status status = mxc_packs_of(&packs, NULL, 0, error);
    if (status == MX_OK)
        status = mxc_clauses_count(&s->counts, s->clauses, &packs, error);
    if (status == MX_OK && mutants)
        status = run_mutants(s, &packs, error);
    mxc_paths_free(&packs);
    return status;
}

static int clauses_of(const clauses_args *args)
{
    mxv_error error = {0};
    survey s = {0};
    const struct mxc_clause *only = NULL;
    int status = TOOL_OK;
    if (mxc_clauses_load(&s.clauses, NULL, &error) != MX_OK) {
        tool_error("%s", error.text);
        return TOOL_ERROR;
    }
    if (args->id && !(only = tool_clause(s.clauses, args->id)))
        status = TOOL_USAGE;
    if (status == TOOL_OK && look(&s, args->mutants, &error) != MX_OK) {
        tool_error("%s", error.text);
        status = TOOL_ERROR;
    }
    if (status == TOOL_OK)
        status = report(&s, only, args);
    free(s.counts.cases);
    free(s.killed);
    free(s.alone);
    mxc_clause_kills_free(&s.kills);
    mxc_clauses_free(s.clauses);
    return status;
}

static int run(int argc, char **argv);

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_clauses, argc, argv);
    clauses_args what = {.format = TEXT};
    for (int id; (id = tool_next(&args)) != 0;) {
        if (id == CHECK)
            what.check = 1;
        else if (id == MUTANTS)
            what.mutants = 1;
        else if (id != FORMAT || (what.format = tool_choice(&args, "text|json|tsv")) < 0)
            return TOOL_USAGE;
    }
    if (tool_operands(&args) > 1)
        return tool_usage("wanted one clause, found '%s' and '%s'", tool_operand(&args, 0), tool_operand(&args, 1));
    what.id = tool_operands(&args) ? tool_operand(&args, 0) : NULL;
    return clauses_of(&what);
}
