/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/generate/choose.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/coverage/coverage.h"
#include "conformance/error.h"
#include "conformance/mutants/kill.h"

/* ---- what a pack owes ---- */

/* Pairs (what is owed, a row that pays a part of it), and how many rows each wants. */
typedef struct debts {
    struct pair {
        uint32_t debt, row;
    } * pair;
    size_t pairs, room;
    uint32_t *want; /* [count] */
    uint32_t *bin;  /* [count] 1 + the bin that it is, 0 */
    size_t count, want_room;
    int failed;
} debts;

static int debts_grow(debts *d)
{
    const size_t room = d->want_room ? 2 * d->want_room : 256;
    uint32_t *want = realloc(d->want, room * sizeof *want), *bin = realloc(d->bin, room * sizeof *bin);
    d->want = want ? want : d->want;
    d->bin = bin ? bin : d->bin;
    d->failed |= !want || !bin;
    d->want_room = d->failed ? d->want_room : room;
    return !d->failed;
}

static uint32_t debt_new(debts *d, uint32_t want, uint32_t bin)
{
    if (d->count == d->want_room && !debts_grow(d))
        return 0;
    d->want[d->count] = want;
    d->bin[d->count] = bin;
    return (uint32_t)d->count++;
}

static void debt_row(debts *d, uint32_t debt, size_t row)
{
    if (d->pairs == d->room) {
        const size_t room = d->room ? 2 * d->room : 4096;
        struct pair *more = realloc(d->pair, room * sizeof *more);
        if (!more) {
            d->failed = 1;
            return;
        }
        d->pair = more;
        d->room = room;
    }
    d->pair[d->pairs++] = (struct pair){debt, (uint32_t)row};
}

static void debts_free(debts *d)
{
    free(d->pair);
    free(d->want);
    free(d->bin);
}

static void owe_kills(debts *d, const uint8_t *shown, size_t rows, size_t kills, uint32_t want)
{
    if (kills == 0)
        return;
    const uint32_t debt = debt_new(d, kills < want ? (uint32_t)kills : want, 0);
    for (size_t i = 0; i < rows; i++)
        if (shown[i])
            debt_row(d, debt, i);
}

/* ---- bins and tags ---- */

/* Debts by name: a bin's number or a tag, the first time it is met. */
typedef struct named {
    debts *d;
    const mxc_coverage *coverage;
    uint32_t *debt; /* [bins] 1 + debt, 0 */
    size_t *last;   /* [bins] 1 + row: several lanes of a row are in one bin, which they pay once */
    size_t row;
    int unknown;
} named;

static void owe_bin(void *state, const char *name)
{
    named *n = state;
    const mxc_bin *bin = mxc_bin_find(n->coverage, name);
    if (!bin) {
        n->unknown = 1;
        return;
    }
    const size_t b = (size_t)(bin - n->coverage->bin);
    if (n->last[b] == 1 + n->row)
        return;
    n->last[b] = 1 + n->row;
    if (n->debt[b] == 0)
        n->debt[b] = 1 + debt_new(n->d, 1, (uint32_t)b + 1);
    debt_row(n->d, n->debt[b] - 1, n->row);
}

static mx_status owe_bins(debts *d, const mxv_pack *pack, const mxc_coverage *coverage)
{
    named n = {d, coverage, calloc(coverage->bins + 1, sizeof *n.debt), calloc(coverage->bins + 1, sizeof *n.last),
               0, 0};
    mx_status status = n.debt && n.last ? MX_OK : MX_ENOMEM;
    for (; status == MX_OK && n.row < pack->batch.count; n.row++)
        status = mxc_bins_of(pack, n.row, owe_bin, &n);
    free(n.debt);
    free(n.last);
    return status == MX_OK && n.unknown ? MX_EINTERNAL : status;
}

enum { TAGS_MAX = 256 };

static void owe_tags(debts *d, const mxv_pack *pack)
{
    const char *tag[TAGS_MAX];
    size_t length[TAGS_MAX], tags = 0;
    uint32_t debt[TAGS_MAX], left[TAGS_MAX];
    for (size_t i = 0; i < pack->batch.count; i++)
        for (const char *at = pack->label[i].tags; *at && *at != '-'; at += strcspn(at, ","), at += *at == ',') {
            const size_t n = strcspn(at, ",");
            size_t t = 0;
            while (t < tags && (length[t] != n || memcmp(tag[t], at, n) != 0))
                t++;
            if (t == TAGS_MAX)
                continue;
            if (t == tags) {
                tag[tags] = at;
                length[tags] = n;
                left[tags] = MXC_KEEP_TAGGED;
                debt[tags++] = debt_new(d, 0, 0);
            }
            debt_row(d, debt[t], i);
            if (left[t] > 0 && !d->failed) {
                left[t]--;
                d->want[debt[t]]++;
            }
        }
}

/* ---- the cover ---- */

typedef struct cover {
    const debts *d;
    size_t rows;
    uint32_t *by_debt, *by_row;   /* rows of each debt, debts of each row */
    uint32_t *debt_at, *row_at;   /* where they begin */
    uint32_t *left, *paid, *gain; /* of a debt; of a debt; of a row */
    uint8_t *kept;
} cover;

static void index_pairs(cover *c)
{
    const debts *d = c->d;
    for (size_t i = 0; i < d->pairs; i++) {
        c->debt_at[d->pair[i].debt + 1]++;
        c->row_at[d->pair[i].row + 1]++;
    }
    for (size_t i = 0; i < d->count; i++)
        c->debt_at[i + 1] += c->debt_at[i];
    for (size_t i = 0; i < c->rows; i++)
        c->row_at[i + 1] += c->row_at[i];
    for (size_t i = 0; i < d->pairs; i++) {
        const struct pair p = d->pair[i];
        c->by_debt[c->debt_at[p.debt] + c->paid[p.debt]++] = p.row;
        c->by_row[c->row_at[p.row] + c->gain[p.row]++] = p.debt;
    }
    for (size_t i = 0; i < d->pairs; i++)
        c->gain[d->pair[i].row] -= c->left[d->pair[i].debt] == 0;
    memset(c->paid, 0, (d->count + 1) * sizeof *c->paid);
}

static void keep(cover *c, size_t row)
{
    c->kept[row] = 1;
    for (uint32_t i = c->row_at[row]; i < c->row_at[row + 1]; i++) {
        const uint32_t debt = c->by_row[i];
        c->paid[debt]++;
        if (c->left[debt] == 0 || --c->left[debt] != 0)
            continue;
        for (uint32_t j = c->debt_at[debt]; j < c->debt_at[debt + 1]; j++)
            c->gain[c->by_debt[j]]--;
    }
}

/* A row all of whose debts are paid by others, is not needed. */
static int is_spare(const cover *c, size_t row)
{
    for (uint32_t i = c->row_at[row]; i < c->row_at[row + 1]; i++)
        if (c->paid[c->by_row[i]] <= c->d->want[c->by_row[i]])
            return 0;
    return 1;
}

static void drop(cover *c, size_t row)
{
    c->kept[row] = 0;
    for (uint32_t i = c->row_at[row]; i < c->row_at[row + 1]; i++)
        c->paid[c->by_row[i]]--;
}

/* Again and again the row that pays most, the first of those; then those that later ones made needless go. */
static void choose_rows(cover *c)
{
    keep(c, 0);
    if (c->rows > 1)
        keep(c, c->rows - 1);
    for (;;) {
        size_t best = c->rows;
        for (size_t i = 0; i < c->rows; i++)
            if (!c->kept[i] && c->gain[i] > 0 && (best == c->rows || c->gain[i] > c->gain[best]))
                best = i;
        if (best == c->rows)
            break;
        keep(c, best);
    }
    for (size_t i = c->rows - 1; i-- > 1;)
        if (c->kept[i] && is_spare(c, i))
            drop(c, i);
}

/* kept[rows] is filled. */
static mx_status pay(const debts *d, size_t rows, uint8_t *kept)
{
    cover c = {d, rows, NULL, NULL, NULL, NULL, NULL, NULL, NULL, kept};
    uint32_t **const array[] = {&c.by_debt, &c.by_row, &c.debt_at, &c.row_at, &c.left, &c.paid, &c.gain};
    const size_t room[] = {d->pairs, d->pairs, d->count, rows, d->count, d->count, rows};
    int failed = d->failed;
    for (size_t i = 0; i < sizeof array / sizeof array[0]; i++) {
        *array[i] = calloc(room[i] + 2, sizeof **array[i]);
        failed |= *array[i] == NULL;
    }
    if (!failed) {
        memset(kept, 0, rows);
        memcpy(c.left, d->want, d->count * sizeof *c.left);
        index_pairs(&c);
        choose_rows(&c);
    }
    for (size_t i = 0; i < sizeof array / sizeof array[0]; i++)
        free(*array[i]);
    return failed ? MX_ENOMEM : MX_OK;
}

/* ---- all packs ---- */

typedef struct choosing {
    const mxc_plan *plan;
    size_t packs;
    int blind;
    mxv_pack **pack;
    mxc_store *store;
    debts *debt;
    uint8_t **shown; /* room for the rows of a pack */
    mxc_coverage coverage;
} choosing;

static int is_asked(const choosing *c, size_t m)
{
    return mxc_mutants[m].fault != MXC_FAULT_NONE && !mxc_mutants[m].equivalent && !mxc_mutants[m].plain &&
           (c->blind == 0 || m % 2 != (size_t)c->blind % 2);
}

static mx_status owe_all(choosing *c, size_t p, mxv_error *error)
{
    mx_status status = mxc_generate(&c->pack[p], &c->plan[p], error);
    const mxv_pack *pack = c->pack[p];
    if (status != MX_OK)
        return status;
    c->shown[p] = malloc(pack->batch.count + 1);
    status = c->shown[p] ? mxc_store_new(&c->store[p], &pack->batch, pack->batch.count) : MX_ENOMEM;
    for (size_t m = 0; status == MX_OK && m < mxc_mutant_count(); m++) {
        size_t kills;
        if (!is_asked(c, m) || !mxc_mutant_concerns(&mxc_mutants[m], &pack->batch))
            continue;
        status = mxc_kill_cases(pack, &mxc_mutants[m], &c->store[p], c->shown[p], &kills);
        if (status == MX_OK)
            owe_kills(&c->debt[p], c->shown[p], pack->batch.count, kills, MXC_KEEP_KILLS);
    }
    if (status == MX_OK)
        status = owe_bins(&c->debt[p], pack, &c->coverage);
    owe_tags(&c->debt[p], pack);
    return status;
}

/* Each member of a family is owed by the largest pack that kills it, the first of those. */
static mx_status owe_member(choosing *c, const size_t *largest, const mxc_mutant *mutant)
{
    for (size_t i = 0; i < c->packs; i++) {
        const size_t p = largest[i];
        size_t kills = 0;
        if (!mxc_mutant_concerns(mutant, &c->pack[p]->batch))
            continue;
        const mx_status status = mxc_kill_cases(c->pack[p], mutant, &c->store[p], c->shown[p], &kills);
        if (status != MX_OK)
            return status;
        owe_kills(&c->debt[p], c->shown[p], c->pack[p]->batch.count, kills, 1);
        if (kills != 0)
            return MX_OK;
    }
    return MX_OK;
}

/* Each bin is owed by the largest pack that visits it, the first of those. */
static mx_status owe_bins_once(choosing *c, const size_t *largest)
{
    uint8_t *paid = calloc(c->coverage.bins + 2, 1);
    for (size_t i = 0; paid && i < c->packs; i++) {
        debts *d = &c->debt[largest[i]];
        for (size_t debt = 0; debt < d->count; debt++)
            if (d->bin[debt] != 0 && paid[d->bin[debt]]++ != 0) {
                d->want[debt] = 0;
                paid[d->bin[debt]] = 1;
            }
    }
    free(paid);
    return paid ? MX_OK : MX_ENOMEM;
}

static mx_status owe_once(choosing *c)
{
    size_t members = 0, *largest = calloc(c->packs + 1, sizeof *largest);
    mxc_member *member = mxc_members(&members);
    mx_status status = largest && member ? MX_OK : MX_ENOMEM;
    for (size_t i = 0; status == MX_OK && i < c->packs; i++) {
        size_t at = i;
        for (; at > 0 && c->pack[largest[at - 1]]->batch.count < c->pack[i]->batch.count; at--)
            largest[at] = largest[at - 1];
        largest[at] = i;
    }
    if (status == MX_OK)
        status = owe_bins_once(c, largest);
    for (size_t m = 0; status == MX_OK && m < members; m++)
        status = owe_member(c, largest, &member[m].mutant);
    free(largest);
    free(member);
    return status;
}

static mx_status print_rows(FILE *out, const choosing *c, size_t p)
{
    const size_t rows = c->pack[p]->batch.count;
    uint8_t *kept = c->shown[p];
    const mx_status status = pay(&c->debt[p], rows, kept);
    const char *comma = "";
    fprintf(out, "%s %zu ", c->plan[p].name, rows);
    for (size_t i = 0, last; status == MX_OK && i < rows; i = last + 1) {
        last = i;
        if (!kept[i])
            continue;
        while (last + 1 < rows && kept[last + 1])
            last++;
        fprintf(out, last > i ? "%s%zu-%zu" : "%s%zu", comma, i + 1, last + 1);
        comma = ",";
    }
    fputc('\n', out);
    return ferror(out) ? MX_EIO : status;
}

static mx_status owe_packs(choosing *c, void (*step)(void *, size_t), void *state, mxv_error *error)
{
    mx_status worst = MX_OK;
    size_t done = 0;
#pragma omp parallel for schedule(dynamic)
    for (size_t p = 0; p < c->packs; p++) {
        mxv_error own = {0};
        const mx_status status = owe_all(c, p, &own);
#pragma omp critical
        {
            if (status != MX_OK && worst == MX_OK) {
                worst = status;
                mxc_fail(error, status, "%s", own.text[0] ? own.text : c->plan[p].name);
            }
            if (step)
                step(state, ++done);
        }
    }
    return worst;
}

mx_status mxc_choose(FILE *out, const mxc_plan *plans, size_t count, int blind, void (*step)(void *, size_t),
                     void *state, mxv_error *error)
{
    choosing c = {.plan = plans, .packs = count, .blind = blind};
    c.pack = calloc(count + 1, sizeof(mxv_pack *));
    c.store = calloc(count + 1, sizeof *c.store);
    c.debt = calloc(count + 1, sizeof *c.debt);
    c.shown = calloc(count + 1, sizeof *c.shown);
    const int failed = !c.pack || !c.store || !c.debt || !c.shown || mxc_coverage_begin(&c.coverage) != MX_OK;
    mx_status status = failed ? MX_ENOMEM : owe_packs(&c, step, state, error);
    if (status == MX_OK)
        status = owe_once(&c);
    if (status == MX_OK)
        fprintf(out, "#mxsmoke 1\n");
    for (size_t p = 0; status == MX_OK && p < count; p++)
        status = print_rows(out, &c, p);
    if (status != MX_OK && (!error || !error->text[0]))
        mxc_fail(error, status, "%s", mx_status_text(status));
    for (size_t p = 0; !failed && p < count; p++) {
        mxv_pack_free(c.pack[p]);
        mxc_store_free(&c.store[p]);
        debts_free(&c.debt[p]);
        free(c.shown[p]);
    }
    free(c.pack);
    free(c.store);
    free(c.debt);
    free(c.shown);
    mxc_coverage_free(&c.coverage);
    return status;
}
