/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which of the mutants that were asked everything is named.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/causes/diagnose.h"
#include "conformance/error.h"

enum {
    GOOD = 80,         /* per cent of the cases in which a suspect is wrong that are failures with its answer; and
         one per cent of all failures at least */
    GOOD_FOR_ALL = 60, /* the same of one that explains every failure there is */
    NEAR = 10,         /* per cent of the failures that the nearest one explains, to be worth a word */
    FEW = 4,           /* failures that one in a part only has to explain at least, and NEAR of them; or to show in */
    WEIGHT = 16,       /* of a pass that contradicts one that shows among other faults */
    PER_CENT = 100
};

/* Where the fault may be: anywhere, so that each pass in which it is wrong speaks against it; or only in the
 * operations, formats and types in which something fails, as in a library with a kernel for each; or, where there are
 * several faults, in those in which it shows. */
typedef enum scope { ANYWHERE, WHERE_IT_FAILS, WHERE_IT_SHOWS } scope;

static int conditions(const mxc_mutant *m)
{
    int n = (m->ops != 0) + (m->elems != 0) + (m->types != 0);
    for (size_t i = 0; i < sizeof m->when / sizeof m->when[0]; i++)
        n += 2 * (m->when[i].variable != 0);
    return n;
}

static size_t against(const mxc_candidate *c, scope where)
{
    size_t n = 0;
    if (where != WHERE_IT_SHOWS)
        return c->contradicted + (where == ANYWHERE ? c->aside : 0);
    for (size_t part = 0; part < MXC_PARTS; part++)
        n += c->shows_in[part] ? c->wrong_in[part] : 0;
    return n;
}

/* What speaks for one that shows in failures. A few cells are alike by chance: what speaks against it weighs more. */
static long long balance(const mxc_diagnosing *d, const mxc_candidate *c, scope where)
{
    const long long x = (long long)c->explained - (long long)against(c, where) * (d->in_part ? WEIGHT : 1);
    return x - (d->in_part ? (long long)c->unlike : 0);
}

/* 1 when a is the better suspect: by the balance; then the one that is wrong in fewer other cases; then
 * the narrower one. */
static int is_better(const mxc_diagnosing *d, const mxc_candidate *a, const mxc_candidate *b, scope where)
{
    const long long x = balance(d, a, where), y = balance(d, b, where);
    if (x != y)
        return x > y;
    if (against(a, where) + a->unlike != against(b, where) + b->unlike)
        return against(a, where) + a->unlike < against(b, where) + b->unlike;
    if (a->aside != b->aside)
        return a->aside < b->aside;
    return conditions(a->mutant) > conditions(b->mutant);
}

/* Its wrong answers are failures with that answer, most of them, and not a handful among many failures by chance. */
static int is_good(const mxc_diagnosing *d, const mxc_candidate *c, scope where)
{
    const size_t wrong = c->explained + c->unlike + against(c, where) * (d->in_part ? WEIGHT : 1);
    const size_t good = c->explained == d->left ? GOOD_FOR_ALL : GOOD;
    if (c->explained * PER_CENT < wrong * good || c->explained * PER_CENT < d->left)
        return 0;
    if (d->in_part && c->explained < FEW)
        return 0;
    return where == ANYWHERE || (c->explained >= FEW && c->explained * PER_CENT >= d->left * NEAR);
}

/* The best of those that explain something; `good`: and are good. */
static mxc_candidate *best_of(const mxc_diagnosing *d, scope where, int good)
{
    mxc_candidate *best = NULL;
    for (size_t i = 0; i < d->finals; i++) {
        mxc_candidate *c = d->final[i];
        if (c->explained && (!good || is_good(d, c, where)) && (!best || is_better(d, c, best, where)))
            best = c;
    }
    return best;
}

/* Passes among the failures speak against `best` and none against `there`, which explains as much: what may be a fault
 * of these parts alone is not to be passed over for one that they themselves refute. */
static int is_refuted_beside(const mxc_candidate *best, const mxc_candidate *there)
{
    return best->contradicted && !there->contradicted && there->explained >= best->explained &&
           there->unlike <= best->unlike;
}

/* The other finals that gave the same answers to everything. */
static char *twins_of(const mxc_diagnosing *d, const mxc_candidate *of)
{
    size_t room = 1;
    for (size_t i = 0; i < d->finals; i++)
        room += strlen(d->final[i]->mutant->name) + 2;
    char *text = malloc(room), *end = text;
    if (!text)
        return NULL;
    *end = '\0';
    for (size_t i = 0; i < d->finals; i++) {
        const mxc_candidate *c = d->final[i];
        if (c != of && c->answers == of->answers && c->explained == of->explained)
            end += sprintf(end, "%s%s", end == text ? "" : ", ", c->mutant->name);
    }
    return text;
}

static mx_status describe(const mxc_diagnosing *d, const mxc_candidate *c, scope where, mxc_suspect *to)
{
    const mxc_mutant *m = c->mutant;
    *to = (mxc_suspect){.mutant = m->name,
                        .what = m->what,
                        .link = m->link,
                        .stage = m->stage,
                        .explained = d->in_part ? 0 : c->explained,
                        .unlike = c->unlike,
                        .contradicted = against(c, where),
                        .aside = c->contradicted + c->aside - against(c, where),
                        .in_part = d->in_part ? c->explained : 0};
    if (m->fault == MXC_FAULT_AXIS && m->when[0].variable == 0) {
        to->axis = (mx_axis)m->a;
        to->value = (unsigned)m->b;
    }
    to->twins = twins_of(d, c);
    return to->twins ? MX_OK : mxc_no_memory(d->error);
}

static void set_aside(mxc_diagnosing *d, const mxc_candidate *c, uint8_t suspect)
{
    for (size_t f = 0; f < d->kept; f++)
        if (c->explains[f] && !d->done[f]) {
            d->done[f] = suspect;
            d->left--;
        }
}

/* Where none is named, the first time. */
static mx_status note_nearest(mxc_diagnosing *d)
{
    const mxc_candidate *near = best_of(d, ANYWHERE, 0);
    const int worth = !d->in_part && near && near->explained * PER_CENT >= d->left * NEAR;
    return worth && !d->report->diagnosis.suspects ? describe(d, near, ANYWHERE, &d->report->diagnosis.nearest) : MX_OK;
}

mx_status mxc_accuse(mxc_diagnosing *d, int *named)
{
    mxc_diagnosis *to = &d->report->diagnosis;
    scope where = ANYWHERE;
    const mxc_candidate *best = best_of(d, where, 1), *there = best_of(d, WHERE_IT_FAILS, 1);
    if (there && (!best || is_refuted_beside(best, there))) {
        best = there;
        where = WHERE_IT_FAILS;
    }
    if (!best && d->in_part)
        best = best_of(d, where = WHERE_IT_SHOWS, 1);
    if (best && where == ANYWHERE && best->aside && !best->contradicted)
        where = WHERE_IT_FAILS;
    *named = best != NULL;
    if (!best)
        return note_nearest(d);
    d->named = best->mutant;
    for (size_t i = 0; i < to->suspects && d->in_part; i++)
        if (strcmp(to->suspect[i].mutant, best->mutant->name) == 0) {
            to->suspect[i].in_part = best->explained;
            return MX_OK;
        }
    mxc_suspect *more = realloc(to->suspect, (to->suspects + 1) * sizeof *more);
    if (!more)
        return mxc_no_memory(d->error);
    to->suspect = more;
    to->suspects++;
    if (!d->in_part)
        set_aside(d, best, (uint8_t)to->suspects);
    return describe(d, best, where, &to->suspect[to->suspects - 1]);
}
