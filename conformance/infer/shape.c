/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One group of axes on one shape: the reference's answers under every candidate, the probes that part them, and which
 * candidates the subject's answers leave.
 */
#include "config.h"

#include "conformance/infer/work.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/infer/probes.h"

enum { DRAWS = 6, PICK = 10, MORE = 6 };

/* Answers of the reference for the probes that are looked at: [candidate][draw]. */
typedef struct table {
    mxc_store probes;
    mxc_expected (*of)[DRAWS];
    size_t cells;
    unsigned char *steady; /* [candidate][case][cell] */
} table;

static void table_free(table *t, size_t candidates)
{
    for (size_t c = 0; t->of && c < candidates; c++)
        for (size_t d = 0; d < DRAWS; d++)
            mxc_expected_free(&t->of[c][d]);
    free(t->of);
    free(t->steady);
    mxc_store_free(&t->probes);
    *t = (table){0};
}

static mx_profile candidate_profile(const mxci_search *s, const mxci_candidate *c, const mx_profile *base)
{
    mx_profile profile = *base;
    for (size_t a = 0; a < MXCI_AXES && s->group->axis[a]; a++)
        mxci_set(s, &profile, s->group->axis[a], c->value[a]);
    return profile;
}

static mx_status answer_draw(mxci_search *s, table *t, size_t d)
{
    mx_profile base = mxci_draw_profile(s, d);
    mx_status status = MX_OK;
    for (size_t c = 0; c < s->candidates && status == MX_OK; c++)
        if (!s->candidate[c].dead) {
            mx_profile profile = candidate_profile(s, &s->candidate[c], &base);
            status = mxc_expected_new(&t->of[c][d], &t->probes.batch, &profile);
        }
    return status;
}

/* Whether two sets of answers part on a cell. */
static int part(const mxc_expected *a, const mxc_expected *b, size_t i, size_t cell)
{
    return !mxc_cell_open(a, i, cell) && !mxc_cell_open(b, i, cell) &&
           (!mxc_cell_match(a, i, cell, &b->store.batch) || !mxc_cell_match(b, i, cell, &a->store.batch));
}

/* Probes on which some candidates part, judged by the first draw alone. */
static mx_status sift(mxci_search *s, table *t, const mx_batch *shape)
{
    mxc_probes all;
    mx_status status = mxc_probes_new(&all, shape);
    if (status != MX_OK)
        return status;
    unsigned char *keep = calloc(all.store.batch.count + 1, 1);
    for (size_t i = 0; keep && i < all.store.batch.count; i++)
        keep[i] = (all.kind[i] & s->group->kinds) != 0;
    status = keep ? mxci_subset(&t->probes, &all.store.batch, keep) : MX_ENOMEM;
    free(keep);
    mxc_probes_free(&all);
    if (status == MX_OK && t->probes.batch.count)
        status = answer_draw(s, t, 0);
    if (status != MX_OK || !t->probes.batch.count)
        return status;
    size_t n = t->probes.batch.count, first = mxci_first_alive(s);
    keep = calloc(n, 1);
    for (size_t i = 0; keep && i < n; i++)
        for (size_t c = first + 1; c < s->candidates && !keep[i]; c++)
            for (size_t cell = 0; !s->candidate[c].dead && cell < t->cells && !keep[i]; cell++)
                keep[i] = part(&t->of[first][0], &t->of[c][0], i, cell) || mxc_cell_open(&t->of[first][0], i, cell) ||
                          mxc_cell_open(&t->of[c][0], i, cell);
    mxc_store less;
    status = keep ? mxci_subset(&less, &t->probes.batch, keep) : MX_ENOMEM;
    free(keep);
    if (status != MX_OK)
        return status;
    mxc_store_free(&t->probes);
    t->probes = less;
    for (size_t c = 0; c < s->candidates; c++)
        mxc_expected_free(&t->of[c][0]);
    return MX_OK;
}

static unsigned char *steady(const table *t, size_t c, size_t i, size_t cell)
{
    return &t->steady[(c * t->probes.batch.count + i) * t->cells + cell];
}

static void find_steady(const mxci_search *s, table *t)
{
    for (size_t c = 0; c < s->candidates; c++)
        for (size_t i = 0; !s->candidate[c].dead && i < t->probes.batch.count; i++)
            for (size_t cell = 0; cell < t->cells; cell++) {
                int is = !mxc_cell_open(&t->of[c][0], i, cell);
                for (size_t d = 1; d < DRAWS && is; d++)
                    is = !mxc_cell_open(&t->of[c][d], i, cell) && !part(&t->of[c][0], &t->of[c][d], i, cell);
                *steady(t, c, i, cell) = (unsigned char)is;
            }
}

/* Case i tells candidate a from b: an answer that is b's would be wrong for a, or the other way round. */
static int tells(const table *t, size_t a, size_t b, size_t i)
{
    for (size_t cell = 0; cell < t->cells; cell++)
        if ((*steady(t, a, i, cell) && *steady(t, b, i, cell) && part(&t->of[a][0], &t->of[b][0], i, cell)))
            return 1;
    return 0;
}

/* Take the case that parts most pairs not yet parted, until none parts any. Cases that have a definite answer where
 * another candidate leaves it open come last: they are wanted for what only a definite value explains. */
static size_t pick(const mxci_search *s, const table *t, unsigned char *picked)
{
    static _Thread_local unsigned char done[MXCI_CANDIDATES][MXCI_CANDIDATES];
    size_t n = 0;
    memset(done, 0, sizeof done);
    while (n < PICK) {
        size_t best = 0, most = 0;
        for (size_t i = 0; i < t->probes.batch.count; i++) {
            size_t parts = 0;
            for (size_t a = 0; a < s->candidates && !picked[i]; a++)
                for (size_t b = a + 1; b < s->candidates; b++)
                    parts += !s->candidate[a].dead && !s->candidate[b].dead && !done[a][b] && tells(t, a, b, i);
            if (parts > most) {
                most = parts;
                best = i;
            }
        }
        if (!most)
            break;
        picked[best] = 1;
        n++;
        for (size_t a = 0; a < s->candidates; a++)
            for (size_t b = a + 1; b < s->candidates; b++)
                done[a][b] |= (unsigned char)(!s->candidate[a].dead && !s->candidate[b].dead && tells(t, a, b, best));
    }
    size_t more = n ? n + MORE : 0, first = mxci_first_alive(s); /* what must be so once must be so again */
    for (size_t i = t->probes.batch.count; i-- > 0 && n < more;)
        for (size_t c = first + 1; c < s->candidates && !picked[i]; c++)
            if (!s->candidate[c].dead && tells(t, first, c, i)) {
                picked[i] = 1;
                n++;
            }
    return n;
}

static void remember(mxci_search *s, const mx_batch *asked, const mx_batch *example, size_t i, size_t cell)
{
    for (size_t a = 0; a < MXCI_AXES && s->group->axis[a]; a++) {
        mx_axis axis = s->group->axis[a];
        mxc_inferred *to = &s->to->axis[axis];
        mxci_record *r = &s->record[axis];
        if (mxci_settled(s, axis) || !mx_axis_matters(axis, asked->op, asked->elem, asked->type, NULL))
            continue;
        mxc_cell_words(to->evidence, sizeof to->evidence, example, i, cell);
        free(to->witness[0]);
        to->witness[0] = mxc_case_line(asked, i, asked);
        mxc_store_free(&r->store);
        if (mxc_store_new(&r->store, asked, asked->count) != MX_OK)
            continue;
        for (size_t j = 0; j < asked->count; j++) {
            mxc_copy_inputs(&r->store.batch, j, asked, j);
            mxc_copy_outputs(&r->store.batch, j, asked, j);
        }
    }
}

/* The answer (one case) is that of mxci_candidate c in some draw. */
static int possible_in(const table *t, size_t c, size_t i, size_t cell, const mx_batch *got)
{
    for (size_t d = 0; d < DRAWS; d++) {
        mxc_expected one = t->of[c][d];
        if (mxc_cell_open(&one, i, cell))
            return 1;
        one.store.batch = mxc_slice(&one.store.batch, i, 1);
        if (mxc_cell_match_case(&one, cell, got))
            return 1;
    }
    return 0;
}

/* Judge the candidates by the answers; at[j] is where asked case j is in the table. */
static void eliminate(mxci_search *s, const table *t, const mx_batch *asked, const size_t *at)
{
    size_t most = 0;
    for (size_t j = 0; j < asked->count; j++) {
        mx_batch example = *asked;
        const mx_batch got = mxc_slice(asked, j, 1);
        size_t killed = 0, where = 0;
        for (size_t c = 0; c < s->candidates; c++)
            for (size_t cell = 0; !s->candidate[c].dead && cell < t->cells; cell++) {
                if (!*steady(t, c, at[j], cell) || possible_in(t, c, at[j], cell, &got))
                    continue;
                s->candidate[c].dead = 1;
                s->candidate[c].witness = mxc_case_line(asked, j, asked);
                killed++;
                where = cell;
                break;
            }
        if (killed > most || (killed && killed == most)) {
            most = killed;
            remember(s, asked, &example, j, where);
        }
    }
}

static mx_status ask_picked(mxci_search *s, const table *t, const unsigned char *picked, size_t n)
{
    mxc_store asked;
    size_t at[PICK + MORE], found = 0;
    mx_status status = mxci_subset(&asked, &t->probes.batch, picked);
    if (status != MX_OK)
        return status;
    for (size_t i = 0; i < t->probes.batch.count && found < n; i++)
        if (picked[i])
            at[found++] = i;
    status = mxc_ask(s->subject, &asked.batch, s->error);
    s->to->cases += n;
    if (status == MX_OK)
        eliminate(s, t, &asked.batch, at);
    mxc_store_free(&asked);
    return status == MX_EUNSUPPORTED ? MX_OK : status; /* what it refuses tells nothing */
}

mx_status mxci_try_shape(mxci_search *s, const mx_batch *shape)
{
    table t = {.of = calloc(MXCI_CANDIDATES, sizeof *t.of)};
    mx_batch columns = {0};
    mxc_store probe;
    if (!t.of || mxc_store_new(&probe, shape, 1) != MX_OK)
        return free(t.of), MX_ENOMEM;
    columns = probe.batch;
    t.cells = mxc_cells(&columns);
    mxc_store_free(&probe);
    mx_status status = sift(s, &t, shape);
    size_t n = t.probes.batch.count;
    if (status == MX_OK && n) {
        for (size_t d = 0; d < DRAWS && status == MX_OK; d++)
            status = answer_draw(s, &t, d);
        t.steady = calloc(s->candidates * n, t.cells);
        unsigned char *picked = calloc(n, 1);
        if (!t.steady || !picked)
            status = MX_ENOMEM;
        if (status == MX_OK) {
            find_steady(s, &t);
            n = pick(s, &t, picked);
            if (n)
                status = ask_picked(s, &t, picked, n);
        }
        free(picked);
    }
    table_free(&t, MXCI_CANDIDATES);
    return status;
}
