/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/mutants/clause_kills.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/mutants/kill.h"

/* A pack, and what of it belongs to which clause. */
typedef struct claims {
    mxv_pack *pack;
    mxc_store store;
    size_t *clause; /* [count] clauses with a case in the pack */
    size_t count;
    uint8_t *selected; /* [count * cases + case] */
    uint8_t *shown;    /* [cases] those in which a mutant is wrong */
} claims;

static void claims_free(claims *c)
{
    mxc_store_free(&c->store);
    mxv_pack_free(c->pack);
    free(c->clause);
    free(c->selected);
    free(c->shown);
}

static mx_status claims_new(claims *c, const mxc_clauses *clauses, const char *path, mxv_error *error)
{
    mx_status status = mxv_load(&c->pack, path, error);
    if (status != MX_OK)
        return status;
    const size_t cases = c->pack->batch.count;
    c->clause = calloc(clauses->count + 1, sizeof *c->clause);
    c->selected = calloc(clauses->count * cases + 1, 1);
    c->shown = malloc(cases + 1);
    if (!c->clause || !c->selected || !c->shown || mxc_store_new(&c->store, &c->pack->batch, cases) != MX_OK)
        return mxc_no_memory(error);
    for (size_t i = 0; i < clauses->count; i++) {
        const struct mxc_clause *clause = &clauses->clause[i];
        uint8_t *selected = c->selected + c->count * cases;
        if (!mxc_clause_may_select(clause, &c->pack->batch))
            continue;
        for (size_t at = 0; at < cases; at++)
            selected[at] = mxc_clause_selects(clause, &c->pack->batch, &c->pack->label[at]) != 0;
        if (memchr(selected, 1, cases))
            c->clause[c->count++] = i;
    }
    return MX_OK;
}

/* Other threads set cells to 1 too, and none clears one: a cell read too early only costs a run. */
static int is_set(const uint8_t *cell)
{
    uint8_t value;
#pragma omp atomic read
    value = *cell;
    return value;
}

static void set(uint8_t *cell)
{
#pragma omp atomic write
    *cell = 1;
}

/* Some clause with cases in the pack has not killed the mutant yet. `row` [clauses] */
static int wanted(const claims *c, const uint8_t *row)
{
    for (size_t i = 0; i < c->count; i++)
        if (!is_set(&row[c->clause[i]]))
            return 1;
    return 0;
}

static int shares_case(const uint8_t *a, const uint8_t *b, size_t cases)
{
    for (size_t at = 0; at < cases; at++)
        if (a[at] & b[at])
            return 1;
    return 0;
}

static mx_status judge(claims *c, const mxc_mutant *mutant, uint8_t *row)
{
    const size_t cases = c->pack->batch.count;
    size_t count = 0;
    if (!mxc_mutant_concerns(mutant, &c->pack->batch) || !wanted(c, row))
        return MX_OK;
    const mx_status status = mxc_kill_cases(c->pack, mutant, &c->store, c->shown, &count);
    for (size_t i = 0; status == MX_OK && count != 0 && i < c->count; i++) {
        uint8_t *cell = &row[c->clause[i]];
        if (!is_set(cell) && shares_case(c->selected + i * cases, c->shown, cases))
            set(cell);
    }
    return status;
}

typedef struct work {
    mxc_clause_kills *kills;
    const mxc_clauses *clauses;
} work;

static mx_status judge_pack(void *state, size_t p, const char *path, mxv_error *error)
{
    const work *w = state;
    mxc_clause_kills *kills = w->kills;
    claims c = {0};
    mx_status status = claims_new(&c, w->clauses, path, error);
    (void)p;
    for (size_t m = 0; status == MX_OK && m < kills->mutants; m++) {
        status = judge(&c, kills->mutant[m], kills->killed + m * kills->clauses);
        if (status != MX_OK)
            mxc_fail(error, status, "%s: %s", path, mx_status_text(status));
    }
    claims_free(&c);
    return status;
}

static mx_status allocate(mxc_clause_kills *kills, size_t clauses)
{
    const size_t most = mxc_mutant_count();
    *kills = (mxc_clause_kills){.mutant = calloc(most + 1, sizeof *kills->mutant), .clauses = clauses};
    kills->killed = calloc(most * clauses + 1, 1);
    for (size_t m = 0; kills->mutant && m < most; m++)
        if (mxc_mutants[m].fault != MXC_FAULT_NONE && !mxc_mutants[m].equivalent)
            kills->mutant[kills->mutants++] = &mxc_mutants[m];
    return kills->mutant && kills->killed ? MX_OK : MX_ENOMEM;
}

mx_status mxc_clause_kills_run(mxc_clause_kills *kills, const mxc_clauses *clauses, const mxc_paths *packs,
                               void (*step)(void *state, size_t done), void *state, mxv_error *error)
{
    work w = {kills, clauses};
    mx_status worst = allocate(kills, clauses->count);
    if (worst != MX_OK)
        mxc_fail(error, worst, "out of memory");
    else
        worst = mxc_each_pack(packs, judge_pack, &w, step, state, error);
    if (worst != MX_OK)
        mxc_clause_kills_free(kills);
    return worst;
}

void mxc_clause_kills_free(mxc_clause_kills *kills)
{
    free(kills->mutant);
    free(kills->killed);
    *kills = (mxc_clause_kills){0};
}

int mxc_clause_kills_alone(const mxc_clause_kills *kills, size_t mutant)
{
    size_t killers = 0;
    for (size_t c = 0; c < kills->clauses; c++)
        killers += kills->killed[mutant * kills->clauses + c];
    return killers == 1;
}

size_t mxc_clause_kills_count(const mxc_clause_kills *kills, size_t clause, size_t *alone)
{
    size_t count = 0;
    *alone = 0;
    for (size_t m = 0; m < kills->mutants; m++) {
        if (!kills->killed[m * kills->clauses + clause])
            continue;
        count++;
        *alone += (size_t)mxc_clause_kills_alone(kills, m);
    }
    return count;
}
