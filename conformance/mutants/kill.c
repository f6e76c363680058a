/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/mutants/kill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"
#include "conformance/error.h"

static int is_judged(const mxc_mutant *m)
{
    return m->fault != MXC_FAULT_NONE && m->equivalent == NULL;
}

/* Bytes of all output cells the same. */
static int same_bytes(const mx_batch *a, const mx_batch *b)
{
    for (int col = COL_OUT_VALUE; col <= COL_OUT_BYTE; col++) {
        const size_t n = mxc_cell_bytes(a, col) * a->count;
        if (n != 0 && memcmp(mxc_column(a, col), mxc_column(b, col), n) != 0)
            return 0;
    }
    return 1;
}

mx_status mxc_kill_cases(const mxv_pack *pack, const mxc_mutant *mutant, mxc_store *store, uint8_t *shown,
                         size_t *count)
{
    mx_batch batch = pack->batch;
    batch.out = store->batch.out;
    *count = 0;
    memset(shown, 0, batch.count);
    if (mutant->fault != MXC_FAULT_NONE && !mxc_mutant_may_act(mutant, &batch))
        return MX_OK;
    const mx_status status = mxc_mutant_run(mutant, &batch);
    if (status != MX_OK || same_bytes(&pack->batch, &batch))
        return status;
    for (size_t i = 0; i < batch.count; i++) {
        shown[i] = !mxc_compare(pack, i, &batch.out, NULL);
        *count += shown[i];
    }
    return MX_OK;
}

typedef struct work {
    mxc_kills *kills;
    char (*example)[64]; /* [mutant * packs + pack] */
    mxv_pack **pack;     /* [packs] */
    size_t *largest;     /* [packs] their numbers, by count */
} work;

static mx_status judge_pack(void *state, size_t p, const char *path, mxv_error *error)
{
    const work *w = state;
    mxc_kills *kills = w->kills;
    mxv_pack *pack = NULL;
    mxc_store store = {0};
    mx_status status = mxv_load(&pack, path, error);
    if (status != MX_OK)
        return status;
    mxc_kill_pack *row = &kills->pack[p];
    row->shape = pack->batch;
    row->shape.in = (mx_inputs){0};
    row->shape.out = (mx_outputs){0};
    uint8_t *shown = malloc(pack->batch.count + 1);
    status = shown ? mxc_store_new(&store, &pack->batch, pack->batch.count) : MX_ENOMEM;
    for (size_t m = 0; status == MX_OK && m < kills->mutants; m++) {
        mxc_kill *kill = &kills->kill[m * kills->packs + p];
        kill->concerns = (uint8_t)mxc_mutant_concerns(kills->mutant[m].mutant, &pack->batch);
        size_t cases = 0;
        if (kill->concerns)
            status = mxc_kill_cases(pack, kills->mutant[m].mutant, &store, shown, &cases);
        kill->cases = (uint32_t)cases;
        if (cases != 0) {
            const size_t first = (size_t)((uint8_t *)memchr(shown, 1, pack->batch.count) - shown);
            snprintf(w->example[m * kills->packs + p], sizeof *w->example, "%.63s", pack->label[first].id);
        }
    }
    free(shown);
    mxc_store_free(&store);
    w->pack[p] = pack;
    return status == MX_OK ? MX_OK : mxc_fail(error, status, "%s: %s", path, mx_status_text(status));
}

static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const size_t n = strlen(base), end = n > 4 && strcmp(base + n - 4, ".mxv") == 0 ? n - 4 : n;
    return strndup(base, end);
}

static void sum_up(const work *w)
{
    mxc_kills *kills = w->kills;
    for (size_t m = 0; m < kills->mutants; m++) {
        mxc_kill_mutant *row = &kills->mutant[m];
        size_t last = 0;
        for (size_t p = 0; p < kills->packs; p++) {
            const mxc_kill *kill = &kills->kill[m * kills->packs + p];
            const int killed = kill->cases != 0, judged = is_judged(row->mutant);
            if (killed && row->packs == 0)
                memcpy(row->example, w->example[m * kills->packs + p], sizeof row->example);
            row->concerns += kill->concerns;
            row->packs += (size_t)killed;
            row->cases += kill->cases;
            kills->pack[p].concerns += (size_t)(kill->concerns && judged);
            kills->pack[p].killed += (size_t)(killed && judged);
            last = killed ? p : last;
        }
        if (row->packs == 1 && is_judged(row->mutant))
            kills->pack[last].alone++;
    }
    for (size_t p = 0; p < kills->packs; p++)
        kills->cases += kills->pack[p].shape.count;
}

static mx_status choose_all(mxc_kills *kills, mxv_error *error)
{
    const size_t n = mxc_mutant_count();
    kills->mutant = calloc(n, sizeof *kills->mutant);
    kills->member = mxc_members(&kills->members);
    kills->narrow = calloc(kills->members + 1, sizeof *kills->narrow);
    if (!kills->mutant || !kills->member || !kills->narrow)
        return mxc_no_memory(error);
    for (; kills->mutants < n; kills->mutants++)
        kills->mutant[kills->mutants].mutant = &mxc_mutants[kills->mutants];
    return MX_OK;
}

/* Rows of the table, and members of families. */
static mx_status choose(mxc_kills *kills, const char *const *names, size_t count, mxv_error *error)
{
    if (count == 0)
        return choose_all(kills, error);
    kills->mutant = calloc(count, sizeof *kills->mutant);
    kills->member = calloc(count, sizeof *kills->member);
    kills->narrow = calloc(count, sizeof *kills->narrow);
    if (!kills->mutant || !kills->member || !kills->narrow)
        return mxc_no_memory(error);
    for (size_t i = 0; i < count; i++) {
        const mxc_mutant *row = mxc_mutant_find(names[i]);
        if (row)
            kills->mutant[kills->mutants++].mutant = row;
        else if (mxc_member_find(&kills->member[kills->members], names[i]) == MX_OK)
            kills->members++;
        else
            return mxc_mutant_unknown(names[i], error);
    }
    return MX_OK;
}

static mx_status allocate(work *w, const mxc_paths *packs, mxv_error *error)
{
    mxc_kills *kills = w->kills;
    const size_t cells = kills->mutants * packs->count + 1;
    kills->packs = packs->count;
    kills->pack = calloc(packs->count + 1, sizeof *kills->pack);
    kills->kill = calloc(cells, sizeof *kills->kill);
    w->example = calloc(cells, sizeof *w->example);
    w->pack = calloc(packs->count + 1, sizeof(mxv_pack *));
    w->largest = calloc(packs->count + 1, sizeof *w->largest);
    int failed = !kills->pack || !kills->kill || !w->example || !w->pack || !w->largest;
    for (size_t p = 0; !failed && p < packs->count; p++) {
        kills->pack[p].name = name_of(packs->path[p]);
        failed = !kills->pack[p].name;
    }
    return failed ? mxc_no_memory(error) : MX_OK;
}

mx_status mxc_each_pack(const mxc_paths *packs, mxc_pack_judge *judge, void *judge_state,
                        void (*step)(void *state, size_t done), void *state, mxv_error *error)
{
    mx_status worst = MX_OK;
    size_t done = 0;
#pragma omp parallel for schedule(dynamic)
    for (size_t p = 0; p < packs->count; p++) {
        mxv_error own = {0};
        const mx_status status = worst == MX_OK ? judge(judge_state, p, packs->path[p], &own) : MX_OK;
#pragma omp critical
        {
            if (status != MX_OK && worst == MX_OK) {
                worst = status;
                if (error)
                    *error = own;
            }
            done++;
            if (step)
                step(state, done);
        }
    }
    return worst;
}

/* ---- members of families ---- */

enum { AT_ONCE = 64 };

/* The first case of the pack in which the mutant's answer is wrong; count when there is none. */
static mx_status first_kill(const mxv_pack *pack, const mxc_mutant *mutant, mxc_store *store, size_t *first)
{
    const size_t at_once = mxc_mutant_asks(mutant, MXC_FINITE) ? pack->batch.count : AT_ONCE;
    mx_status status = MX_OK;
    for (size_t at = 0; status == MX_OK && at < pack->batch.count; at += at_once) {
        const size_t n = pack->batch.count - at < at_once ? pack->batch.count - at : at_once;
        const mx_batch right = mxc_slice(&pack->batch, at, n);
        const mx_batch room = mxc_slice(&store->batch, at, n);
        mx_batch batch = right;
        batch.out = room.out;
        status = mxc_mutant_run(mutant, &batch);
        if (status != MX_OK || same_bytes(&right, &batch))
            continue;
        for (size_t i = at; i < at + n; i++)
            if (!mxc_compare(pack, i, &store->batch.out, NULL)) {
                *first = i;
                return MX_OK;
            }
    }
    *first = pack->batch.count;
    return status;
}

/* The first pack that kills the member, largest packs first: those have most kinds of points. */
static mx_status judge_member(const work *w, mxc_store *store, const mxc_member *member, mxc_kill_member *row)
{
    for (size_t i = 0; i < w->kills->packs; i++) {
        const size_t p = w->largest[i];
        const mxv_pack *pack = w->pack[p];
        size_t first;
        if (!mxc_mutant_concerns(&member->mutant, &pack->batch))
            continue;
        row->concerns++;
        mx_status status = store[p].memory ? MX_OK : mxc_store_new(&store[p], &pack->batch, pack->batch.count);
        if (status == MX_OK)
            status = first_kill(pack, &member->mutant, &store[p], &first);
        if (status != MX_OK)
            return status;
        if (first < pack->batch.count) {
            row->killed = 1;
            snprintf(row->example, sizeof row->example, "%.63s", pack->label[first].id);
            return MX_OK;
        }
    }
    return MX_OK;
}

/* By count, largest first, then as they were. */
static void sort_by_count(const work *w)
{
    for (size_t i = 0; i < w->kills->packs; i++) { /* insertion: the order must not depend on a sort's whims */
        size_t at = i;
        while (at > 0 && w->pack[w->largest[at - 1]]->batch.count < w->pack[i]->batch.count) {
            w->largest[at] = w->largest[at - 1];
            at--;
        }
        w->largest[at] = i;
    }
}

static mx_status judge_members(const work *w)
{
    mxc_kills *kills = w->kills;
    mx_status worst = MX_OK;
    sort_by_count(w);
#pragma omp parallel
    {
        mxc_store *store = calloc(kills->packs + 1, sizeof *store);
#pragma omp for schedule(dynamic, 64)
        for (size_t m = 0; m < kills->members; m++) {
            const mx_status status = !store           ? MX_ENOMEM
                                     : worst == MX_OK ? judge_member(w, store, &kills->member[m], &kills->narrow[m])
                                                      : MX_OK;
            if (status != MX_OK) {
#pragma omp critical
                worst = status;
            }
        }
        for (size_t p = 0; store && p < kills->packs; p++)
            mxc_store_free(&store[p]);
        free(store);
    }
    return worst;
}

mx_status mxc_kills_run(mxc_kills *kills, const mxc_paths *packs, const char *const *names, size_t count,
                        void (*step)(void *state, size_t done), void *state, mxv_error *error)
{
    work w = {kills, NULL, NULL, NULL};
    *kills = (mxc_kills){0};
    mx_status status = choose(kills, names, count, error);
    if (status == MX_OK)
        status = allocate(&w, packs, error);
    if (status == MX_OK)
        status = mxc_each_pack(packs, judge_pack, &w, step, state, error);
    if (status == MX_OK && (status = judge_members(&w)) != MX_OK)
        mxc_fail(error, status, "%s", mx_status_text(status));
    for (size_t p = 0; w.pack && p < packs->count; p++)
        mxv_pack_free(w.pack[p]);
    if (status == MX_OK)
        sum_up(&w);
    else
        mxc_kills_free(kills);
    free(w.pack);
    free(w.largest);
    free(w.example);
    return status;
}

void mxc_kills_drop_idle(mxc_kills *kills)
{
    size_t kept = 0;
    for (size_t m = 0; m < kills->mutants; m++) {
        if (kills->mutant[m].concerns == 0)
            continue;
        memmove(&kills->kill[kept * kills->packs], &kills->kill[m * kills->packs], kills->packs * sizeof *kills->kill);
        kills->mutant[kept++] = kills->mutant[m];
    }
    kills->mutants = kept;
    kept = 0;
    for (size_t m = 0; m < kills->members; m++) {
        if (kills->narrow[m].concerns == 0)
            continue;
        kills->member[kept] = kills->member[m];
        kills->member[kept].mutant.name = kills->member[kept].name;
        kills->narrow[kept++] = kills->narrow[m];
    }
    kills->members = kept;
}

void mxc_kills_free(mxc_kills *kills)
{
    for (size_t p = 0; kills->pack && p < kills->packs; p++)
        free(kills->pack[p].name);
    free(kills->pack);
    free(kills->mutant);
    free(kills->kill);
    free(kills->member);
    free(kills->narrow);
    *kills = (mxc_kills){0};
}

mxc_kill_score mxc_kills_score(const mxc_kills *kills)
{
    mxc_kill_score score = {0};
    for (size_t m = 0; m < kills->mutants; m++) {
        const mxc_kill_mutant *row = &kills->mutant[m];
        if (row->mutant->fault == MXC_FAULT_NONE) {
            score.none_killed = row->cases != 0;
        } else if (row->mutant->equivalent) {
            score.equivalent++;
        } else {
            score.mutants++;
            score.killed += row->cases != 0;
            score.survived += row->cases == 0;
        }
    }
    for (size_t m = 0; m < kills->members; m++)
        score.members_killed += (size_t)kills->narrow[m].killed;
    score.members = kills->members;
    return score;
}
