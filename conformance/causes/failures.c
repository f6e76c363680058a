/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/causes/failures.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/causes/explain_line.h"
#include "conformance/error.h"
#include "conformance/judge/compare.h"

enum {
    KEEP = 20,
    KEEP_PER_PACK = 4,
    DIAGNOSE = 2000,
    DIAGNOSE_PER_PACK = 64,
    DIAGNOSE_PER_PACK_MIN = 4,
    SHORT = 1 << 18 /* failures kept in short: 64 MiB of blocks of 32 */
};

mxc_failures *mxc_failures_new(mxc_report *report, const mxc_options *options)
{
    mxc_failures *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->report = report;
    f->options = options;
    f->clusters = mxc_clusters_new();
    if (f->clusters)
        return f;
    free(f);
    return NULL;
}

void mxc_failures_free(mxc_failures *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->diagnosed_count; i++) {
        free(f->diagnosed[i].id);
        free(f->diagnosed[i].line);
    }
    for (size_t i = 0; i < f->judgeds; i++) {
        free(f->judged[i].chosen);
        free(f->judged[i].fate);
        mxc_store_free(&f->judged[i].got);
    }
    free(f->diagnosed);
    free(f->judged);
    mxc_clusters_free(f->clusters);
    free(f);
}

/* ---- in full ---- */

static char *columns(const mx_batch *batch, const mx_outputs *open, size_t i, int inputs)
{
    size_t room = inputs ? mxv_inputs_text(batch) : mxv_outputs_text(batch);
    char *text = room ? malloc(room) : NULL;
    if (text && inputs)
        mxv_format_inputs(batch, i, text);
    else if (text)
        mxv_format_outputs(batch, open, i, text);
    return text;
}

/* What `mxcts explain` has to be told of the pack: nothing of one that it finds by itself. */
static const char *named(const mxc_work *w)
{
    return w->own ? w->result->path : NULL;
}

static mx_status keep_failure(mxc_failures *to, const mxc_work *w, const mxc_fail_at *wrong)
{
    mxc_report *r = to->report;
    mxc_failure *more = realloc(r->failure, (r->failures + 1) * sizeof *more);
    if (!more)
        return MX_ENOMEM;
    r->failure = more;
    size_t i = w->chosen[wrong->at];
    const mxv_label *label = &w->pack->label[i];
    mxc_failure *f = &r->failure[r->failures++];
    *f = (mxc_failure){.pack = r->packs - 1, .index = i, .class_ = label->class_, .diff = wrong->diff};
    f->id = strdup(label->id);
    f->tags = strdup(label->tags);
    f->inputs = columns(&w->pack->batch, NULL, i, 1);
    f->want = columns(&w->pack->batch, &w->pack->open, i, 0);
    f->got = columns(&w->store.batch, NULL, wrong->at, 0);
    f->line = f->got ? mxc_explain_line(named(w), label->id, f->got) : NULL;
    mx_batch one = mxc_slice(&w->store.batch, wrong->at, 1);
    f->departures = mxc_departures(&one, 0, f->departure, sizeof f->departure / sizeof *f->departure);
    return f->id && f->tags && f->inputs && f->want && f->line ? MX_OK : MX_ENOMEM;
}

/* The first failures of each pack, as many as are wanted. */
static mx_status keep_some(mxc_failures *f, const mxc_work *w)
{
    size_t limit = f->options->keep ? f->options->keep : KEEP;
    size_t here = f->options->keep ? limit : KEEP_PER_PACK;
    mx_status status = MX_OK;
    for (size_t i = 0; i < w->fails && i < here && f->report->failures < limit && status == MX_OK; i++)
        status = keep_failure(f, w, &w->failed[i]);
    return status;
}

/* ---- their axes ---- */

static mx_status remember(mxc_failures *f, const mxc_work *w, size_t at, uint64_t mask)
{
    char *got = columns(&w->store.batch, NULL, at, 0);
    mxc_diagnosed *more = realloc(f->diagnosed, (f->diagnosed_count + 1) * sizeof *more);
    if (more)
        f->diagnosed = more;
    if (got && more) {
        const char *id = w->pack->label[w->chosen[at]].id;
        mxc_diagnosed *d = &f->diagnosed[f->diagnosed_count++];
        *d = (mxc_diagnosed){mask, strdup(id), mxc_explain_line(named(w), id, got)};
    }
    free(got);
    const mxc_diagnosed *d = more ? &f->diagnosed[f->diagnosed_count - 1] : NULL;
    return got && d && d->id && d->line ? MX_OK : MX_ENOMEM;
}

/* Look for the axis behind some of the failures of this pack, spread evenly over them; `cell` holds their classes. */
static mx_status find_axes(mxc_failures *f, const mxc_work *w, const size_t *cell)
{
    size_t budget = DIAGNOSE_PER_PACK, most = f->options->diagnose ? f->options->diagnose : DIAGNOSE;
    if (f->diagnosed_count + budget > most)
        budget = DIAGNOSE_PER_PACK_MIN;
    size_t count = w->fails < budget ? w->fails : budget;
    mxc_store some;
    if (!count)
        return MX_OK;
    if (mxc_store_new(&some, &w->pack->batch, count) != MX_OK)
        return MX_ENOMEM;
    uint64_t *mask = calloc(count, sizeof *mask);
    for (size_t i = 0; i < count; i++) {
        size_t at = w->failed[i * w->fails / count].at;
        mxc_copy_inputs(&some.batch, i, &w->store.batch, at);
        mxc_copy_outputs(&some.batch, i, &w->store.batch, at);
    }
    mx_status status = mask ? mxc_departures_all(&some.batch, mask) : MX_ENOMEM;
    for (size_t i = 0; i < count && status == MX_OK; i++) {
        mxc_clusters_axes(f->clusters, cell[i * w->fails / count], mask[i]);
        status = remember(f, w, w->failed[i * w->fails / count].at, mask[i]);
    }
    free(mask);
    mxc_store_free(&some);
    return status;
}

static mx_status count_classes(mxc_failures *f, const mxc_work *w)
{
    size_t *cell = malloc((w->fails + 1) * sizeof *cell);
    mx_status status = cell ? MX_OK : MX_ENOMEM;
    for (size_t i = 0; i < w->fails && status == MX_OK; i++) {
        const mxc_fail_at *wrong = &w->failed[i];
        status = mxc_clusters_add(f->clusters, w->pack, named(w), w->chosen[wrong->at], &w->store.batch, wrong->at,
                                  &wrong->diff, &cell[i]);
    }
    if (status == MX_OK)
        status = find_axes(f, w, cell);
    free(cell);
    return status;
}

/* ---- in short ---- */

static mx_status keep_short(mxc_failures *f, const mxc_work *w)
{
    mxc_judged *more = realloc(f->judged, (f->judgeds + 1) * sizeof *more);
    if (!more)
        return MX_ENOMEM;
    f->judged = more;
    mxc_judged *j = &f->judged[f->judgeds++];
    *j = (mxc_judged){.pack = f->report->packs - 1, .n = w->n, .own = w->own};
    j->kept = w->fails < SHORT - f->kept ? w->fails : SHORT - f->kept;
    f->kept += j->kept;
    j->fate = malloc(w->n + 1);
    if (!j->fate || (j->kept && mxc_store_new(&j->got, &w->pack->batch, j->kept) != MX_OK))
        return MX_ENOMEM;
    memcpy(j->fate, w->fate, w->n);
    for (size_t i = 0; i < j->kept; i++)
        mxc_copy_outputs(&j->got.batch, i, &w->store.batch, w->failed[i].at);
    if (w->n == w->pack->batch.count)
        return MX_OK;
    j->chosen = malloc((w->n + 1) * sizeof *j->chosen);
    for (size_t at = 0; j->chosen && at < w->n; at++)
        j->chosen[at] = (uint32_t)w->chosen[at];
    return j->chosen ? MX_OK : MX_ENOMEM;
}

static mx_status list_some(mxc_failures *f, const mxc_work *w)
{
    mxc_report *r = f->report;
    for (size_t i = 0; i < w->fails && r->wrongs < f->options->list; i++) {
        if ((r->wrongs & (r->wrongs - 1)) == 0) { /* room is the next power of two */
            mxc_wrong *more = realloc(r->wrong, (r->wrongs ? 2 * r->wrongs : 1) * sizeof *more);
            if (!more)
                return MX_ENOMEM;
            r->wrong = more;
        }
        const size_t at = w->failed[i].at, at_pack = w->chosen[at];
        mxc_wrong *wrong = &r->wrong[r->wrongs++];
        *wrong = (mxc_wrong){
            .pack = r->packs - 1, .id = strdup(w->pack->label[at_pack].id), .known = w->known && w->known[i]};
        wrong->want = columns(&w->pack->batch, &w->pack->open, at_pack, 0);
        wrong->got = columns(&w->store.batch, NULL, at, 0);
        if (!wrong->id || !wrong->want || !wrong->got)
            return MX_ENOMEM;
    }
    return MX_OK;
}

mx_status mxc_failures_add(mxc_failures *f, const mxc_work *w, mxv_error *error)
{
    mx_status status = keep_some(f, w);
    if (status == MX_OK)
        status = list_some(f, w);
    if (status == MX_OK)
        status = count_classes(f, w);
    if (status == MX_OK)
        status = keep_short(f, w);
    if (status == MX_ENOMEM)
        return mxc_no_memory(error);
    return status == MX_OK ? MX_OK
                           : mxc_fail(error, status, "%s: the reference: %s", w->result->path, mx_status_text(status));
}

mx_status mxc_failures_report(mxc_failures *f, mxv_error *error)
{
    mx_status status = mxc_axes_count(f->report, f->diagnosed, f->diagnosed_count);
    if (status == MX_OK)
        status = mxc_clusters_report(f->clusters, f->report);
    if (status != MX_OK)
        return mxc_no_memory(error);
    return f->report->clusters ? mxc_diagnose(f, error) : MX_OK;
}
