/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which known faults give the subject's answers. A converter with one fault explains a failure when it gives exactly
 * the answer that the subject gave, and is contradicted by every pass in which it is wrong. All mutants are asked a
 * sample of the failures and passes; those that come near are asked every judged case, in the batches in which the
 * subject was asked. The best one is named if it is good enough, what it explains is set aside, and the rest is looked
 * at again: so several faults are found one after the other. What is left then is looked at once more for faults that
 * show in it without giving the whole answer (part.c).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/subject.h"
#include "conformance/causes/diagnose.h"
#include "conformance/error.h"
#include "conformance/judge/compare.h"
#include "conformance/judge/weaken.h"

enum {
    SAMPLE = 8192,     /* failures, and as many passes */
    SAMPLE_PACKS = 96, /* that they are taken from */
    FINALS = 8,        /* asked everything, beside those that explain the whole sample */
    FINALS_MOST = 64
};

static size_t part_of(const mx_batch *shape)
{
    return (((size_t)shape->op * (MX_ELEM_LAST + 1) + shape->elem) * (MX_TYPE_LAST + 1) + shape->type) *
               (MX_LAYOUT_LAST + 1) +
           shape->layout;
}

/* ---- packs, read again ---- */

static mx_status visit(mxc_diagnosing *d, size_t j, mxc_visitor *see)
{
    const mxc_judged *judged = &d->failures->judged[j];
    const mxc_pack_result *result = &d->report->pack[judged->pack];
    mxc_reading r = {judged, d->first[j], NULL};
    mx_status status = mxv_load(&r.pack, result->path, d->error);
    if (status == MX_OK && strcmp(r.pack->sha256, result->sha256) != 0)
        status = mxc_fail(d->error, MX_EIO, "%s: it changed during the run", result->path);
    if (status == MX_OK && mxc_weaken(r.pack, &result->shape.profile) != MX_OK)
        status = mxc_no_memory(d->error);
    if (status == MX_OK)
        status = see(d, &r);
    mxv_pack_free(r.pack);
    return status;
}

mx_status mxc_diagnosis_visit(mxc_diagnosing *d, mxc_visitor *see, const uint8_t *wanted)
{
    const mxc_progress *progress = &d->failures->options->progress;
    mx_status status = MX_OK;
    for (size_t j = 0; j < d->failures->judgeds && status == MX_OK; j++) {
        if (progress->step)
            progress->step(progress->state, j, d->failures->judgeds, "diagnosis");
        if (!wanted || wanted[j])
            status = visit(d, j, see);
    }
    return status;
}

/* ---- the sample ---- */

/* Whether to take number `n` of `all`, of which `wanted` are taken, evenly spread. */
static int is_taken(size_t n, size_t all, size_t wanted)
{
    return all <= wanted || n * wanted / all != (n + 1) * wanted / all;
}

/* Chosen cases of one pack. */
typedef struct sample {
    size_t *at;      /* places among the chosen ones */
    size_t *failure; /* number of a failure in its pack, or PASSED */
    size_t n;
    mxc_store store;
} sample;
#define PASSED ((size_t)-1)

static void take(mxc_diagnosing *d, const mxc_reading *r, sample *s)
{
    const mxc_judged *j = r->judged;
    size_t failure = 0;
    for (size_t at = 0; at < j->n; at++) {
        const int failed = j->fate[at] == MXC_FATE_FAIL;
        const size_t number = failed ? failure++ : PASSED;
        int taken = 0;
        if (j->fate[at] == MXC_FATE_PASS)
            d->passes_taken += (size_t)(taken = is_taken(d->passes_met++, d->passes_there, SAMPLE));
        else if (failed && number < j->kept && !d->done[r->first + number])
            d->failures_taken += (size_t)(taken = is_taken(d->failures_met++, d->failures_there, SAMPLE));
        if (!taken)
            continue;
        s->at[s->n] = at;
        s->failure[s->n++] = number;
    }
}

/* How case `at` of `faulty` stands to failure f of the pack, which is case `row`. */
static mxc_showing shows(const mxc_diagnosing *d, const mxc_reading *r, size_t row, const mx_batch *faulty, size_t at,
                         size_t f)
{
    if (d->in_part)
        return mxc_part_shows(d, r->judged, r->pack, row, faulty, at, f);
    return mxc_alike(r->pack, row, faulty, at, &r->judged->got.batch, f) ? MXC_SHOWS : MXC_SHOWS_NOT;
}

/* Its answers depend on the other cases of the batch: it has to be asked all of them. */
static int looks_around(const mxc_mutant *m)
{
    switch ((int)m->fault) {
    case MXC_FAULT_ANSWER_OF:
    case MXC_FAULT_NEXT:
    case MXC_FAULT_BACK:
    case MXC_FAULT_SCALE_OF:
    case MXC_FAULT_SPAN:
    case MXC_FAULT_BYTE_PREV:
    case MXC_FAULT_BYTE_FIRST:
    case MXC_FAULT_DIV_PREV:
    case MXC_FAULT_DIV_FIRST:
        return 1;
    default:
        return 0;
    }
}

/* `faulty` are the answers to the sample, or with `whole` to all cases of the pack. */
static void count_sample(const mxc_diagnosing *d, const mxc_reading *r, const sample *s, const mx_batch *faulty,
                         int whole, mxc_candidate *c)
{
    for (size_t i = 0; i < s->n; i++) {
        const size_t row = mxc_case_of(r->judged, s->at[i]), at = whole ? s->at[i] : i;
        if (s->failure[i] == PASSED)
            c->refuted += !mxc_compare_at(r->pack, row, faulty, at, NULL);
        else
            c->sampled += shows(d, r, row, faulty, at, s->failure[i]) == MXC_SHOWS;
    }
}

/* The inputs of chosen cases: of those at these places, with NULL of the first `n`. */
static mx_status store_of(mxc_store *store, const mxc_reading *r, const size_t *at, size_t n)
{
    const mx_status status = mxc_store_new(store, &r->pack->batch, n);
    for (size_t i = 0; status == MX_OK && i < n; i++)
        mxc_copy_inputs(&store->batch, i, &r->pack->batch, mxc_case_of(r->judged, at ? at[i] : i));
    return status;
}

static mx_status ask_sample(mxc_diagnosing *d, const mxc_reading *r, sample *s)
{
    mxc_store all = {0};
    mx_status status = store_of(&s->store, r, s->at, s->n);
    if (status == MX_OK)
        status = store_of(&all, r, NULL, r->judged->n);
    for (size_t m = 0; m < d->mutants && status == MX_OK; m++) {
        const int whole = looks_around(d->all[m].mutant);
        const mx_batch *batch = whole ? &all.batch : &s->store.batch;
        if (!mxc_mutant_may_act(d->all[m].mutant, &r->pack->batch))
            continue;
        status = mxc_mutant_run(d->all[m].mutant, batch);
        if (status == MX_OK)
            count_sample(d, r, s, batch, whole, &d->all[m]);
        status = status == MX_EUNSUPPORTED ? MX_OK : status;
    }
    mxc_store_free(&all);
    mxc_store_free(&s->store);
    return status;
}

/* Failures of the pack that are left. */
static size_t left_in(const mxc_diagnosing *d, size_t j)
{
    size_t n = 0;
    for (size_t f = 0; f < d->failures->judged[j].kept; f++)
        n += !d->done[d->first[j] + f];
    return n;
}

static size_t passes_in(const mxc_diagnosing *d, size_t j)
{
    size_t n = 0;
    for (size_t at = 0; at < d->failures->judged[j].n; at++)
        n += d->failures->judged[j].fate[at] == MXC_FATE_PASS;
    return n;
}

/* The packs that the sample is taken from, spread over those with failures left. */
static void choose_packs(mxc_diagnosing *d, uint8_t *wanted)
{
    const size_t packs = d->failures->judgeds;
    size_t with = 0, number = 0;
    for (size_t j = 0; j < packs; j++)
        with += left_in(d, j) != 0;
    d->failures_there = d->passes_there = d->failures_met = d->passes_met = d->failures_taken = d->passes_taken = 0;
    d->passes_near = 0;
    for (size_t j = 0; j < packs; j++) {
        const size_t left = left_in(d, j), passes = left ? passes_in(d, j) : 0;
        d->passes_near += passes;
        if (!left || !is_taken(number++, with, SAMPLE_PACKS))
            continue;
        wanted[j] = 1;
        d->failures_there += left;
        d->passes_there += passes;
    }
}

static mx_status see_sample(mxc_diagnosing *d, const mxc_reading *r)
{
    sample s = {
        malloc((r->judged->n + 1) * sizeof *s.at), malloc((r->judged->n + 1) * sizeof *s.failure), 0, {.memory = NULL}};
    mx_status status = s.at && s.failure ? MX_OK : MX_ENOMEM;
    if (status == MX_OK) {
        take(d, r, &s);
        status = s.n ? ask_sample(d, r, &s) : MX_OK;
    }
    free(s.at);
    free(s.failure);
    return status == MX_OK ? MX_OK : mxc_fail(d->error, status, "diagnosis: %s", mx_status_text(status));
}

/* ---- the finals ---- */

/* Estimated failures explained less passes contradicted. */
static double worth(const mxc_diagnosing *d, const mxc_candidate *c)
{
    const double failures = (double)d->left / (double)(d->failures_taken + !d->failures_taken);
    const double passes = (double)d->passes_near / (double)(d->passes_taken + !d->passes_taken);
    return (double)c->sampled * failures - (double)c->refuted * passes;
}

static void enter(mxc_diagnosing *d, mxc_candidate *c)
{
    for (size_t i = 0; i < d->finals; i++)
        if (d->final[i] == c)
            return;
    if (d->finals < FINALS_MOST)
        d->final[d->finals++] = c;
}

static void choose_finals(mxc_diagnosing *d)
{
    d->finals = 0;
    for (size_t n = 0; n < FINALS; n++) {
        mxc_candidate *best = NULL;
        for (size_t m = 0; m < d->mutants; m++) {
            mxc_candidate *c = &d->all[m];
            int in = c->sampled == 0;
            for (size_t i = 0; i < d->finals; i++)
                in |= d->final[i] == c;
            if (!in && (!best || worth(d, c) > worth(d, best)))
                best = c;
        }
        if (best)
            enter(d, best);
    }
    for (size_t m = 0; m < d->mutants; m++)
        if (d->all[m].sampled == d->failures_taken && d->all[m].refuted == 0)
            enter(d, &d->all[m]);
}

/* FNV-1a. */
static void digest(uint64_t *sum, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *sum = (*sum ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
}

/* Note a wrong answer. */
static void digest_case(mxc_candidate *c, const mxc_reading *r, size_t at, const mx_batch *answer)
{
    digest(&c->answers, &r->judged->pack, sizeof r->judged->pack);
    digest(&c->answers, &at, sizeof at);
    for (int col = COL_OUT_VALUE; col < COLS; col++) {
        const size_t n = mxc_cell_bytes(answer, col);
        if (n)
            digest(&c->answers, (const char *)mxc_column(answer, col) + at * n, n);
    }
}

static int same_row(const mx_batch *a, size_t i, const mx_batch *b, size_t j)
{
    for (int col = COL_OUT_VALUE; col < COLS; col++) {
        const size_t n = mxc_cell_bytes(a, col);
        if (n && memcmp((const char *)mxc_column(a, col) + i * n, (const char *)mxc_column(b, col) + j * n, n) != 0)
            return 0;
    }
    return 1;
}

static void count_all(const mxc_diagnosing *d, const mxc_reading *r, const mx_batch *answer, mxc_candidate *c)
{
    const mxc_judged *j = r->judged;
    const size_t part = part_of(&r->pack->batch);
    size_t failure = 0;
    for (size_t at = 0; at < j->n; at++) {
        const size_t row = mxc_case_of(j, at);
        const size_t f = j->fate[at] == MXC_FATE_FAIL ? failure++ : PASSED;
        if (j->fate[at] == MXC_FATE_NEVER || same_row(&r->pack->batch, row, answer, at) ||
            mxc_compare_at(r->pack, row, answer, at, NULL))
            continue;
        digest_case(c, r, at, answer);
        if (f == PASSED) {
            (*(d->fails[part] ? &c->contradicted : &c->aside))++;
            c->wrong_in[part]++;
        } else if (f < j->kept) {
            const mxc_showing how = shows(d, r, row, answer, at, f);
            const int left = !d->done[r->first + f];
            c->explains[r->first + f] = how == MXC_SHOWS;
            c->explained += how == MXC_SHOWS && left;
            c->shows_in[part] |= how == MXC_SHOWS && left;
            c->unlike += how == MXC_SHOWS_NOT && left;
        }
    }
}

static mx_status ask_all(const mxc_diagnosing *d, const mxc_reading *r)
{
    mxc_store store = {0};
    mx_status status = store_of(&store, r, NULL, r->judged->n);
    for (size_t i = 0; i < d->finals && status == MX_OK; i++) {
        mxc_candidate *c = d->final[i];
        if (!mxc_mutant_may_act(c->mutant, &r->pack->batch))
            continue;
        status = mxc_mutant_run(c->mutant, &store.batch);
        if (status == MX_OK)
            count_all(d, r, &store.batch, c);
        status = status == MX_EUNSUPPORTED ? MX_OK : status;
    }
    mxc_store_free(&store);
    return status;
}

static mx_status see_all(mxc_diagnosing *d, const mxc_reading *r)
{
    const mx_status status = ask_all(d, r);
    return status == MX_OK ? MX_OK : mxc_fail(d->error, status, "diagnosis: %s", mx_status_text(status));
}

mx_status mxc_diagnosis_search(mxc_diagnosing *d, int *named)
{
    uint8_t *wanted = calloc(d->failures->judgeds + 1, 1);
    mx_status status = wanted ? MX_OK : mxc_no_memory(d->error);
    *named = 0;
    for (size_t m = 0; m < d->mutants; m++)
        d->all[m].sampled = d->all[m].refuted = 0;
    if (status == MX_OK) {
        choose_packs(d, wanted);
        status = mxc_diagnosis_visit(d, see_sample, wanted);
    }
    free(wanted);
    if (status != MX_OK)
        return status;
    choose_finals(d);
    for (size_t i = 0; i < d->finals && status == MX_OK; i++) {
        mxc_candidate *c = d->final[i];
        c->explained = c->unlike = c->contradicted = c->aside = 0;
        c->answers = UINT64_C(0xcbf29ce484222325);
        c->explains = calloc(d->kept + 1, 1);
        c->wrong_in = calloc(MXC_PARTS, sizeof *c->wrong_in);
        c->shows_in = calloc(MXC_PARTS, 1);
        status = c->explains && c->wrong_in && c->shows_in ? MX_OK : mxc_no_memory(d->error);
    }
    if (status == MX_OK)
        status = mxc_diagnosis_visit(d, see_all, NULL);
    if (status == MX_OK)
        status = mxc_accuse(d, named);
    for (size_t i = 0; i < d->finals; i++) {
        free(d->final[i]->explains);
        free(d->final[i]->wrong_in);
        free(d->final[i]->shows_in);
        d->final[i]->explains = d->final[i]->shows_in = NULL;
        d->final[i]->wrong_in = NULL;
    }
    return status;
}

/* ---- clusters ---- */

/* Failure `f` of the pack is in `cluster`: is it the example, or one that would be a better one? */
static mx_status see_example(mxc_diagnosing *d, const mxc_reading *r, size_t row, size_t f, size_t cluster)
{
    mxc_example *e = &d->example[cluster];
    const char *id = r->pack->label[row].id;
    if (d->done[r->first + f]) {
        e->explained |= strcmp(id, d->report->cluster[cluster].id) == 0;
        return MX_OK;
    }
    if (e->id)
        return MX_OK;
    e->id = strdup(id);
    e->line =
        mxc_answer_line(r->judged->own ? d->report->pack[r->judged->pack].path : NULL, id, &r->judged->got.batch, f);
    return e->id && e->line ? MX_OK : mxc_no_memory(d->error);
}

static mx_status see_clusters(mxc_diagnosing *d, const mxc_reading *r)
{
    const mxc_judged *j = r->judged;
    mxc_clusters *clusters = d->failures->clusters;
    size_t failure = 0;
    for (size_t at = 0; at < j->n; at++) {
        const size_t row = mxc_case_of(j, at), f = j->fate[at] == MXC_FATE_FAIL ? failure++ : PASSED;
        mxc_diff diff;
        if (j->fate[at] != MXC_FATE_NEVER)
            mxc_clusters_count(clusters, d->report, r->pack, row);
        if (f >= j->kept || mxc_compare_at(r->pack, row, &j->got.batch, f, &diff))
            continue;
        const size_t cluster = mxc_clusters_find(clusters, &r->pack->batch, row, &diff);
        d->by[cluster * (MXC_FAULTS + 1) + d->done[r->first + f]]++;
        const mx_status status = see_example(d, r, row, f, cluster);
        if (status != MX_OK)
            return status;
    }
    return MX_OK;
}

/* A cluster that one suspect explains bears its name; the example of one that is not explained is not either. */
static void name_cluster(const mxc_diagnosing *d, mxc_cluster *cluster, const size_t *by, mxc_example *e)
{
    for (size_t s = 0; s < d->report->diagnosis.suspects; s++)
        if (by[s + 1] == cluster->count && d->report->diagnosis.suspect[s].explained >= cluster->count) {
            cluster->mutant = d->report->diagnosis.suspect[s].mutant;
            cluster->stage = d->report->diagnosis.suspect[s].stage;
        }
    if (!e->explained || !e->id)
        return;
    free(cluster->id);
    free(cluster->line);
    cluster->id = e->id;
    cluster->line = e->line;
    e->id = e->line = NULL;
}

static mx_status name_clusters(mxc_diagnosing *d)
{
    const size_t clusters = d->report->clusters;
    d->by = calloc((clusters + 1) * (MXC_FAULTS + 1), sizeof *d->by);
    d->example = calloc(clusters + 1, sizeof *d->example);
    const mx_status status = d->by && d->example ? mxc_diagnosis_visit(d, see_clusters, NULL) : mxc_no_memory(d->error);
    for (size_t c = 0; d->example && c < clusters; c++) {
        if (status == MX_OK)
            name_cluster(d, &d->report->cluster[c], d->by + c * (MXC_FAULTS + 1), &d->example[c]);
        free(d->example[c].id);
        free(d->example[c].line);
    }
    free(d->example);
    free(d->by);
    return status;
}

/* ---- the whole ---- */

static mx_status begin(mxc_diagnosing *d)
{
    const mxc_failures *f = d->failures;
    d->first = calloc(f->judgeds + 1, sizeof *d->first);
    d->done = calloc(f->kept + 1, 1);
    d->all = calloc(mxc_mutant_count(), sizeof *d->all);
    d->final = calloc(FINALS_MOST, sizeof *d->final);
    if (!d->first || !d->done || !d->all || !d->final)
        return mxc_no_memory(d->error);
    for (size_t j = 0; j < f->judgeds; j++) {
        d->first[j] = d->kept;
        d->kept += f->judged[j].kept;
        d->fails[part_of(&f->report->pack[f->judged[j].pack].shape)] |= f->judged[j].kept != 0;
        d->passes += passes_in(d, j);
    }
    d->left = d->kept;
    for (size_t m = 0; m < mxc_mutant_count(); m++)
        if (mxc_mutants[m].fault != MXC_FAULT_NONE && !mxc_mutants[m].equivalent)
            d->all[d->mutants++].mutant = &mxc_mutants[m];
    return MX_OK;
}

mx_status mxc_diagnose(const mxc_failures *failures, mxv_error *error)
{
    const uint64_t begun = mxc_clock_ms();
    mxc_diagnosing d = {.failures = failures, .report = failures->report, .error = error};
    mx_status status = begin(&d);
    int named = 1;
    while (status == MX_OK && named && d.left && d.report->diagnosis.suspects < MXC_FAULTS)
        status = mxc_diagnosis_search(&d, &named);
    if (status == MX_OK && d.left)
        status = mxc_part_search(&d);
    if (status == MX_OK)
        status = name_clusters(&d);
    d.report->diagnosis.failures = d.kept;
    d.report->diagnosis.unexplained = d.left;
    d.report->diagnosis.passes = d.passes;
    d.report->diagnosis.seconds = (double)(mxc_clock_ms() - begun) / 1000;
    free(d.first);
    free(d.done);
    free(d.all);
    free(d.final);
    return status;
}
