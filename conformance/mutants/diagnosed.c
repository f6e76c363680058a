/* SPDX-License-Identifier: BSD-3-Clause
 *
 * diagnosed [N]: every mutant (every N-th one) is judged as a subject, and must be the first suspect of its own run, or
 * one that gives the same answers to every case. Prints doc/diagnosis.md; fails when fewer than 90 of 100 are found.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/mutants/mutants.h"

enum { WANTED = 90, PER_CENT = 100 };

typedef enum outcome { UNTRIED, FAILED, SURVIVED, NAMED, TWIN, OTHER } outcome;

typedef struct row {
    outcome outcome;
    const char *first; /* suspect, or NULL */
    char *twins;       /* of it */
    size_t failures, explained, contradicted;
    char why[MXC_LINE];
} row;

/* 1 when `name` is one of the names of "a, b". */
static int is_among(const char *name, const char *list)
{
    const size_t n = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == ',' || at[n] == '\0'))
            return 1;
    return 0;
}

static void judge(const mxc_mutant *m, row *to)
{
    mxv_error error = {0};
    mxc_opened opened;
    mxc_subject *subject = NULL;
    mxc_report *report = NULL;
    const mxc_options options = {.skip_crosscheck = 1};
    mx_status status = mxc_mutant_open(&opened, m->name, &error);
    if (status == MX_OK)
        status = mxc_subject_wrap(&subject, opened.ops, opened.state, &error);
    if (status == MX_OK)
        status = mxc_run(&report, subject, m->name, &options, &error);
    if (status == MX_OK) {
        const mxc_diagnosis *d = &report->diagnosis;
        to->failures = report->tally.fail;
        to->outcome = to->failures ? OTHER : SURVIVED;
        if (d->suspects) {
            to->first = d->suspect[0].mutant;
            to->twins = strdup(d->suspect[0].twins);
            to->explained = d->suspect[0].explained;
            to->contradicted = d->suspect[0].contradicted;
        }
        if (to->first && strcmp(to->first, m->name) == 0)
            to->outcome = NAMED;
        else if (to->first && to->twins && is_among(m->name, to->twins))
            to->outcome = TWIN;
    } else {
        to->outcome = FAILED;
        snprintf(to->why, sizeof to->why, "%.200s", error.text);
    }
    mxc_report_free(report);
    mxc_subject_free(subject);
}

static void document(const row *table, size_t all)
{
    size_t count[OTHER + 1] = {0};
    for (size_t m = 0; m < all; m++)
        count[table[m].outcome]++;
    const size_t tried = count[NAMED] + count[TWIN] + count[OTHER] + count[SURVIVED] + count[FAILED];
    printf("# What a diagnosis finds\n\n"
           "This page is the output of `conformance/mutants/diagnosed`; `make diagnosis-update` writes it.\n\n"
           "Each mutant (`mxcts list mutants`) is the subject of a run over the smoke tier, as in `mxcts run --subject "
           "mutant:NAME`. Its diagnosis should name it first; where two mutants give the same answers to every case of "
           "the tier, either name is right, and the report gives the other one beside it.\n\n"
           "**%zu of %zu** mutants are named first or give the same answers as the one that is: %zu by their own name, "
           "%zu by that of a twin, %zu not.\n",
           count[NAMED] + count[TWIN], tried, count[NAMED], count[TWIN],
           count[OTHER] + count[SURVIVED] + count[FAILED]);
    printf("\n## Named by a twin\n\n| mutant | first suspect | the same answers |\n|---|---|---|\n");
    for (size_t m = 0; m < all; m++)
        if (table[m].outcome == TWIN)
            printf("| `%s` | `%s` | %s |\n", mxc_mutants[m].name, table[m].first, table[m].twins);
    printf("\n## Not named\n\n| mutant | failures | first suspect | explains | passes against it "
           "|\n|---|---|---|---|---|\n");
    for (size_t m = 0; m < all; m++)
        if (table[m].outcome == OTHER || table[m].outcome == SURVIVED || table[m].outcome == FAILED)
            printf("| `%s` | %zu | %s%s | %zu | %zu |\n", mxc_mutants[m].name, table[m].failures,
                   table[m].first ? table[m].first : "none", table[m].why, table[m].explained, table[m].contradicted);
}

int main(int argc, char **argv)
{
    const size_t all = mxc_mutant_count(), every = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    size_t good = 0, tried = 0;
    if (argc > 2 || every == 0) {
        fprintf(stderr, "diagnosed: wanted at most one number above 0\n");
        return MXC_EXIT_USAGE;
    }
    row *table = calloc(all, sizeof *table);
    if (!table) {
        fprintf(stderr, "diagnosed: no memory\n");
        return MXC_EXIT_HARNESS;
    }
#pragma omp parallel for schedule(dynamic)
    for (size_t m = 0; m < all; m++)
        if (m % every == every - 1 && mxc_mutants[m].fault != MXC_FAULT_NONE && !mxc_mutants[m].equivalent)
            judge(&mxc_mutants[m], &table[m]);
    document(table, all);
    for (size_t m = 0; m < all; m++) {
        tried += table[m].outcome != UNTRIED;
        good += table[m].outcome == NAMED || table[m].outcome == TWIN;
        free(table[m].twins);
    }
    free(table);
    return tried && good * PER_CENT >= tried * WANTED ? MXC_EXIT_CONFORMS : MXC_EXIT_FAILS;
}
