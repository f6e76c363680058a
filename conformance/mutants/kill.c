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

/* Cases of the pack in which the mutant's answer is wrong; the id of the first into `example`. */
static mx_status count_kills(const mxv_pack *pack, const mxc_mutant *mutant, mxc_store *store, uint32_t *cases,
                             char example[64])
{
    mx_batch batch = pack->batch;
    batch.out = store->batch.out;
    const mx_status status = mxc_mutant_run(mutant, &batch);
    *cases = 0;
    if (status != MX_OK || same_bytes(&pack->batch, &batch))
        return status == MX_EUNSUPPORTED ? MX_OK : status;
    for (size_t i = 0; i < batch.count; i++) {
        if (mxc_compare(pack, i, &batch.out, NULL))
            continue;
        if ((*cases)++ == 0)
            snprintf(example, 64, "%.63s", pack->label[i].id);
    }
    return MX_OK;
}

typedef struct work {
    mxc_kills *kills;
    char (*example)[64]; /* [mutant * packs + pack] */
} work;

static mx_status judge_pack(const work *w, size_t p, const char *path, mxv_error *error)
{
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
    status = mxc_store_new(&store, &pack->batch, pack->batch.count);
    for (size_t m = 0; status == MX_OK && m < kills->mutants; m++) {
        mxc_kill *kill = &kills->kill[m * kills->packs + p];
        kill->concerns = (uint8_t)mxc_mutant_concerns(kills->mutant[m].mutant, &pack->batch);
        if (kill->concerns)
            status = count_kills(pack, kills->mutant[m].mutant, &store, &kill->cases, w->example[m * kills->packs + p]);
    }
    mxc_store_free(&store);
    mxv_pack_free(pack);
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

static mx_status choose(mxc_kills *kills, const char *const *names, size_t count, mxv_error *error)
{
    const size_t n = count ? count : mxc_mutant_count();
    kills->mutant = calloc(n, sizeof *kills->mutant);
    if (!kills->mutant)
        return mxc_fail(error, MX_ENOMEM, "out of memory");
    for (size_t i = 0; i < n; i++) {
        kills->mutant[i].mutant = count ? mxc_mutant_find(names[i]) : &mxc_mutants[i];
        if (!kills->mutant[i].mutant)
            return mxc_fail(error, MX_EINVAL, "no mutant '%s'; `mxcts list mutants` has them", names[i]);
    }
    kills->mutants = n;
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
    int failed = !kills->pack || !kills->kill || !w->example;
    for (size_t p = 0; !failed && p < packs->count; p++) {
        kills->pack[p].name = name_of(packs->path[p]);
        failed = !kills->pack[p].name;
    }
    return failed ? mxc_fail(error, MX_ENOMEM, "out of memory") : MX_OK;
}

static mx_status judge_all(const work *w, const mxc_paths *packs, void (*step)(void *, size_t), void *state,
                           mxv_error *error)
{
    mx_status worst = MX_OK;
    size_t done = 0;
#pragma omp parallel for schedule(dynamic)
    for (size_t p = 0; p < packs->count; p++) {
        mxv_error own = {0};
        const mx_status status = worst == MX_OK ? judge_pack(w, p, packs->path[p], &own) : MX_OK;
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

mx_status mxc_kills_run(mxc_kills *kills, const mxc_paths *packs, const char *const *names, size_t count,
                        void (*step)(void *state, size_t done), void *state, mxv_error *error)
{
    work w = {kills, NULL};
    *kills = (mxc_kills){0};
    mx_status status = choose(kills, names, count, error);
    if (status == MX_OK)
        status = allocate(&w, packs, error);
    if (status == MX_OK)
        status = judge_all(&w, packs, step, state, error);
    if (status == MX_OK)
        sum_up(&w);
    else
        mxc_kills_free(kills);
    free(w.example);
    return status;
}

void mxc_kills_free(mxc_kills *kills)
{
    for (size_t p = 0; kills->pack && p < kills->packs; p++)
        free(kills->pack[p].name);
    free(kills->pack);
    free(kills->mutant);
    free(kills->kill);
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
    return score;
}
