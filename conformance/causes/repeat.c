/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Asking again. Every case has one right answer (random bits are part of the inputs), so a subject that answers the
 * same case in the same batch differently does not conform, whichever of its answers are right, and neither does one
 * that answers a case rightly among others and wrongly alone, or where there is no NaN and no Inf, or rightly among few
 * and wrongly among many: kernels take small batches another way. One whose wrong answer depends on what else is in the
 * batch has an error of its own kind, which is said.
 */
#include "config.h"

#include "conformance/causes/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/finite.h"
#include "conformance/judge/compare.h"
#include "conformance/judge/judge.h"

enum {
    CASES = 20000,          /* asked again at most */
    ALONE = 4,              /* failures of a pack asked again alone */
    CROWD = 1 << 14,        /* codes of a large batch of blocks, at least */
    CROWD_VALUES = 1 << 12, /* ... of values one by one */
    CROWD_FIRST = 1 << 16,  /* ... of an operation's first one */
    MIXED = 4,              /* one large batch in so many holds NaN and Inf too */
    CROWD_US = 250000       /* that one may take: subjects may be slow, and batches have a timeout */
};

/* These rows of the pack, in a batch. */
static mx_status store_rows(mxc_store *store, const mxc_work *w, const size_t *rows, size_t n)
{
    const mx_status status = mxc_store_of(store, &w->pack->batch, rows, n);
    for (int c = COL_OUT_VALUE; c < COLS && status == MX_OK; c++)
        if (mxc_cell_bytes(&store->batch, c))
            memset(mxc_column(&store->batch, c), 0xa5, n * mxc_cell_bytes(&store->batch, c));
    return status;
}

mx_status mxc_work_store(mxc_store *store, const mxc_work *w, size_t first, size_t n)
{
    return store_rows(store, w, w->chosen + first, n);
}

/* The answer to a case, and `after` behind it. */
static char *answer_text(const mx_batch *batch, size_t at, int answered, const char *after)
{
    char *text = malloc(mxv_outputs_text(batch) + sizeof "no answer" + strlen(after));
    if (text && answered)
        mxv_format_outputs(batch, NULL, at, text);
    else if (text)
        strcpy(text, "no answer");
    return text ? strcat(text, after) : NULL;
}

/* What is asked: chosen cases (places among them; NULL: all), so many times over. */
typedef struct asking {
    const size_t *at;
    size_t n, copies;
} asking;

/* The chosen case that the i-th of a batch is. */
static size_t place(const asking *a, size_t i)
{
    return a->at ? a->at[i % a->n] : i % a->n;
}

/* What to say behind an answer in other company than the first time, of a case that was right there. */
static void company(char text[32], const asking *a, const mxc_work *w, size_t at)
{
    *text = '\0';
    if (w->fate[at] != MXC_FATE_PASS)
        return;
    if (a->copies > 1)
        mxc_say(text, 32, " among %zu", a->n * a->copies);
    else if (a->n < w->n)
        mxc_say(text, 32, a->n == 1 ? " alone" : " without NaN and Inf");
}

/* Keep chosen case `at` as the example: its answer, and case `again_at` of `again`. */
static mx_status keep(mxc_repeat *to, const mxc_work *w, const asking *a, size_t at, const mx_batch *again,
                      size_t again_at, int answered_again)
{
    char where[32];
    company(where, a, w, at);
    free(to->id);
    free(to->first);
    free(to->second);
    to->id = strdup(w->pack->label[w->chosen[at]].id);
    to->first = answer_text(&w->store.batch, at, w->answer[at] == MXC_ANSWERED, "");
    to->second = answer_text(again, again_at, answered_again, where);
    return to->id && to->first && to->second ? MX_OK : MX_ENOMEM;
}

static int differs(const mxc_work *w, size_t at, const mx_batch *again, size_t again_at, uint8_t answer)
{
    if ((answer == MXC_ANSWERED) != (w->answer[at] == MXC_ANSWERED))
        return 1;
    return answer == MXC_ANSWERED && !mxc_alike(w->pack, w->chosen[at], &w->store.batch, at, again, again_at);
}

/* A subject may decline a batch of one, another one, or a large one. */
static int may_decline(const asking *a, const mxc_work *w, size_t at)
{
    return w->fate[at] == MXC_FATE_PASS && (a->n < w->n || a->copies > 1);
}

static mx_status compare_again(mxc_report *report, const mxc_work *w, const asking *a, const mx_batch *again,
                               const uint8_t *answer, size_t *count, int keeps)
{
    mx_status status = MX_OK;
    for (size_t i = 0; i < a->n * a->copies && status == MX_OK; i++) {
        const size_t at = place(a, i);
        if ((answer[i] != MXC_ANSWERED && may_decline(a, w, at)) || !differs(w, at, again, i, answer[i]))
            continue;
        if ((*count)++ == 0 && keeps)
            status = keep(&report->repeat, w, a, at, again, i, answer[i] == MXC_ANSWERED);
    }
    return status;
}

/* Ask in a batch of their own; *count of the cases are answered otherwise. */
static mx_status ask_again(mxc_report *report, const mxc_source *source, const mxc_work *w, asking a, size_t *count,
                           int keeps)
{
    mxv_error why = {0};
    mxc_store again = {0};
    const size_t n = a.n * a.copies;
    uint8_t *answer = calloc(n + 1, 1);
    size_t *rows = calloc(n + 1, sizeof *rows);
    for (size_t i = 0; rows && i < n; i++)
        rows[i] = w->chosen[place(&a, i)];
    mx_status status = answer && rows ? store_rows(&again, w, rows, n) : MX_ENOMEM;
    if (status == MX_OK)
        status = source->answer(source->state, w->pack, rows, &again.batch, answer, &why);
    if (status == MX_OK)
        status = compare_again(report, w, &a, &again.batch, answer, count, keeps);
    else if (status != MX_ENOMEM) { /* which is ours, not the subject's */
        mxc_say(report->misconduct, sizeof report->misconduct, "asked again: %s", why.text);
        status = MX_OK;
    }
    mxc_store_free(&again);
    free(answer);
    free(rows);
    return status;
}

/* The 1st, 2nd, 3rd, 5th, 9th, ... pack: the first ones and some of the later ones. */
static int is_taken(size_t number)
{
    return number < 2 || ((number - 1) & (number - 2)) == 0;
}

/* A pack without failures, of a subject that goes on. */
static int is_clean(const mxc_report *report, const mxc_work *w)
{
    return !w->fails && !*report->misconduct;
}

/* Some of its cases in other company. */
static mx_status repeat_clean(mxc_report *report, const mxc_source *source, const mxc_work *w, asking a)
{
    report->repeat.cases += a.n * a.copies;
    return ask_again(report, source, w, a, &report->repeat.differ, report->repeat.differ == 0);
}

/* ---- large batches, and such without NaN and Inf ---- */

/* The places of the cases that passed and are given no NaN and no Inf. */
static size_t finite_places(const mxc_work *w, size_t *places)
{
    size_t n = 0;
    for (size_t at = 0; at < w->n; at++) {
        const mx_batch one = mxc_slice(&w->store.batch, at, 1);
        if (w->fate[at] == MXC_FATE_PASS && mxc_is_finite(&one))
            places[n++] = at;
    }
    return n;
}

/* The traits of a pack that want a large batch each: format and type, then the value of each axis. */
static unsigned trait(const mx_batch *batch, unsigned i)
{
    if (i == 0)
        return batch->elem * (MX_TYPE_LAST + 1) + batch->type;
    const mx_axis axis = (mx_axis)i;
    const mx_profile *p = &batch->profile;
    return mx_axis_matters(axis, batch->op, batch->elem, batch->type, p) ? mx_profile_get(p, axis) : 0;
}

static size_t cells_of(const mx_batch *batch)
{
    const size_t bytes = mx_layout_bytes(batch);
    return bytes > batch->k ? bytes : batch->k;
}

static mxc_crowd *crowd_of(mxc_crowds *crowds, const mxc_work *w)
{
    const mx_batch *batch = &w->store.batch;
    mxc_crowd *seen = &crowds->of[batch->op][batch->layout ? batch->layout : batch->k > 1];
    const double pace = (double)(w->us + 1) / (double)(w->n * cells_of(batch));
    if (seen->pace == 0 || pace < seen->pace) /* the best one: a busy machine makes a pack slow now and then */
        seen->pace = pace;
    return seen;
}

/* The cases of a large batch of such a pack, 0 when it is not time for one; *number: its place among those of the
 * operation, from 0. */
static size_t crowd(mxc_crowd *seen, const mx_batch *batch, size_t *number)
{
    const int usual = batch->rows || batch->k == 32 || (batch->k == 1 && !batch->layout);
    int fresh = 0;
    for (unsigned i = 0; usual && i <= MX_AXIS_LAST; i++) {
        const uint64_t bit = UINT64_C(1) << trait(batch, i);
        fresh |= !(seen->trait[i] & bit);
        seen->trait[i] |= bit;
    }
    if (!fresh)
        return 0;
    *number = seen->count++;
    const size_t cells = cells_of(batch);
    return (*number == 0 ? CROWD_FIRST : cells > 1 ? CROWD : CROWD_VALUES) / cells + 1;
}

/* No more cases than the subject sees at once, nor than it answers in a while. */
static size_t bounded(size_t wanted, const mxc_source *source, const mxc_crowd *seen, const mx_batch *batch)
{
    const size_t most = (size_t)(CROWD_US / (seen->pace * (double)cells_of(batch)));
    wanted = source->window && wanted > source->window ? source->window : wanted;
    return wanted > most ? most : wanted;
}

/* What a clean pack is asked besides: its finite cases, again and again where it is time for a large batch. Some large
 * batches hold all cases. */
static mx_status repeat_finite(mxc_report *report, const mxc_source *source, const mxc_work *w, mxc_crowds *crowds)
{
    size_t number = 0, *places = malloc(w->n * sizeof *places);
    if (!places)
        return MX_ENOMEM;
    mx_status status = MX_OK;
    asking a = {places, finite_places(w, places), 1};
    const mx_batch *batch = &w->store.batch;
    mxc_crowd *seen = crowd_of(crowds, w);
    const size_t wanted = a.n ? bounded(crowd(seen, batch, &number), source, seen, batch) : 0;
    if (wanted && number % MIXED == MIXED - 1)
        a = (asking){NULL, w->n, 1};
    if (wanted > a.n)
        a.copies = (wanted + a.n - 1) / a.n;
    if (a.copies > 1 || (a.n && a.n < w->n && (wanted || !source->window))) {
        crowds->cases += a.n * a.copies;
        status = repeat_clean(report, source, w, a);
    }
    free(places);
    return status;
}

mx_status mxc_repeat_pack(mxc_report *report, const mxc_source *source, const mxc_work *w, size_t number,
                          mxc_crowds *crowds, mxv_error *error)
{
    mxc_repeat *to = &report->repeat;
    size_t differ = 0;
    mx_status status = MX_OK;
    if (is_taken(number) && to->cases - crowds->cases + w->n <= CASES) {
        status = ask_again(report, source, w, (asking){NULL, w->n, 1}, &differ, to->differ == 0);
        to->cases += w->n;
        to->differ += differ;
        const size_t alone = w->fails < ALONE ? w->fails : ALONE;
        for (size_t i = 0; i < alone && status == MX_OK && !differ && !*report->misconduct; i++) {
            const asking one = {&w->failed[i * w->fails / alone].at, 1, 1};
            status = ask_again(report, source, w, one, &to->depend, to->differ + to->depend == 0);
            to->alone++;
        }
    }
    const size_t at = number * 7 % w->n; /* each time at another place of the pack */
    if (!differ && w->n > 1 && status == MX_OK && w->fate[at] == MXC_FATE_PASS && is_clean(report, w))
        status = repeat_clean(report, source, w, (asking){&at, 1, 1});
    if (status == MX_OK && is_clean(report, w))
        status = repeat_finite(report, source, w, crowds);
    return status == MX_OK ? MX_OK : mxc_fail(error, status, "out of memory");
}
