/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The core of a run: each pack is loaded, checked against the manifest, matched, offered, answered and compared.
 */
#include "config.h"

#include "conformance/judge/judge.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/adapters/subject.h"
#include "conformance/causes/failures.h"
#include "conformance/causes/repeat.h"
#include "conformance/data/clauses.h"
#include "conformance/data/packs.h"
#include "conformance/data/tags.h"
#include "conformance/error.h"
#include "conformance/judge/compare.h"
#include "conformance/judge/exercised.h"
#include "conformance/judge/figures.h"
#include "conformance/judge/known.h"
#include "conformance/judge/weaken.h"

typedef struct judge {
    const mxc_source *source;
    const mxc_options *options;
    mxc_report *report;
    mxc_tags *tags;     /* of the cases in accepted packs */
    mxc_tags *all_tags; /* of all cases in all packs read */
    size_t all_cases;
    int id_seen; /* a case has the id that select.tag may be */
    mxc_clauses *clauses;
    mxc_manifest manifest;
    mxc_paths paths;
    mxc_failures *failures;
    size_t packs_failed, packs_clean;
    mxc_crowds crowds;
    mxv_error *error;
} judge;

/* ---- selection ---- */

static int case_selected(const mxc_select *select, const mxv_pack *pack, size_t i)
{
    const mxv_label *label = &pack->label[i];
    if (select->clause && !mxc_clause_selects(select->clause, &pack->batch, label))
        return 0;
    return !select->tag || mxc_tags_have(label->tags, select->tag) || strcmp(label->id, select->tag) == 0;
}

/* The first axis that matters to the pack and on which it differs from the nonzero axes of `profile`; 0 when none. */
static mx_axis disagrees(const mx_batch *shape, const mx_profile *profile)
{
    for (int a = 1; a <= MX_AXIS_LAST && profile; a++) {
        unsigned wanted = mx_profile_get(profile, (mx_axis)a);
        if (wanted && wanted != mx_profile_get(&shape->profile, (mx_axis)a) &&
            mx_axis_matters((mx_axis)a, shape->op, shape->elem, shape->type, &shape->profile))
            return (mx_axis)a;
    }
    return (mx_axis)0;
}

static int pack_selected(const mxc_select *select, const mx_batch *shape)
{
    return mxc_filter_has(&select->filter, shape->op, shape->elem, shape->type) && !disagrees(shape, select->profile);
}

static mx_status choose(judge *j, mxc_work *w)
{
    w->chosen = malloc((w->pack->batch.count + 1) * sizeof *w->chosen);
    w->fate = calloc(w->pack->batch.count + 1, 1);
    if (!w->chosen || !w->fate)
        return mxc_no_memory(j->error);
    for (size_t i = 0; i < w->pack->batch.count; i++)
        if (case_selected(&j->options->select, w->pack, i))
            w->chosen[w->n++] = i;
    return MX_OK;
}

/* ---- comparison of a pack ---- */

static void count_case(mxc_tally *tally, int answered, int same)
{
    tally->cases++;
    tally->pass += answered && same;
    tally->fail += answered && !same;
    tally->never += !answered;
}

static mx_status compare_one(judge *j, mxc_work *w, size_t at)
{
    size_t i = w->chosen[at];
    const mxv_label *label = &w->pack->label[i];
    int answered = w->answer[at] == MXC_ANSWERED, same = 0;
    mxc_diff diff = {0};
    mx_status status = MX_OK;
    if (answered) {
        mx_batch want = mxc_slice(&w->pack->batch, i, 1), got = mxc_slice(&w->store.batch, at, 1);
        mx_outputs open = mxc_open_of(w->pack, i);
        same = mxc_compare_case(&want, &open, 0, &got.out, &diff);
        if (j->report->figures)
            status = mxc_figures_add(j->report->figures, &want, &open, &got.out);
    }
    w->fate[at] = !answered ? MXC_FATE_NEVER : same ? MXC_FATE_PASS : MXC_FATE_FAIL;
    if (w->fate[at] == MXC_FATE_FAIL)
        w->failed[w->fails++] = (mxc_fail_at){at, diff};
    count_case(&w->result->tally, answered, same);
    count_case(&w->result->class_[label->class_], answered, same);
    return status == MX_OK ? mxc_tags_add(j->tags, label->tags, answered, answered && !same) : status;
}

static mx_status compare_pack(judge *j, mxc_work *w)
{
    w->failed = malloc((w->n + 1) * sizeof *w->failed);
    mx_status status = w->failed ? MX_OK : MX_ENOMEM;
    for (size_t at = 0; at < w->n && status == MX_OK; at++)
        status = compare_one(j, w, at);
    if (status == MX_OK && j->options->known)
        status = mxc_known_pack(j->options->known, j->report, w);
    if (status != MX_OK)
        return mxc_no_memory(j->error);
    return mxc_failures_add(j->failures, w, j->error);
}

static mxc_verdict verdict_of(const judge *j, const mxc_pack_result *r)
{
    size_t forgiven = j->options->strict ? 0 : r->class_[MX_SHOULD].fail;
    return r->tally.fail > forgiven + r->known ? MXC_FAIL : r->tally.never ? MXC_NEVER : MXC_PASS;
}

/* Ask for the answers of this pack and compare them. Misconduct is noted in the report; only harness errors fail. */
static mx_status ask(judge *j, mxc_work *w)
{
    mxv_error why = {0};
    mxc_report *r = j->report;
    if (mxc_work_store(&w->store, w, 0, w->n) != MX_OK || !(w->answer = calloc(w->n, 1)))
        return mxc_no_memory(j->error);
    const uint64_t begun = mxc_clock_us();
    mx_status status = j->source->answer(j->source->state, w->pack, w->chosen, &w->store.batch, w->answer, &why);
    w->us = mxc_clock_us() - begun;
    if (status == MX_ENOMEM)
        return mxc_fail(j->error, status, "%s", why.text);
    if (status != MX_OK && !*r->misconduct)
        mxc_say(r->misconduct, sizeof r->misconduct, "%s", why.text);
    status = compare_pack(j, w);
    if (status == MX_OK && j->source->repeats && !*r->misconduct)
        status =
            mxc_repeat_pack(r, j->source, w, w->fails ? j->packs_failed++ : j->packs_clean++, &j->crowds, j->error);
    w->result->verdict = verdict_of(j, w->result);
    if (w->result->tally.never)
        mxc_say(w->result->reason, sizeof w->result->reason, "%s", *why.text ? why.text : "refused");
    return status;
}

static mx_status judge_pack(judge *j, mxc_work *w)
{
    mxv_error why = {0};
    mxc_report *r = j->report;
    mx_axis axis = disagrees(&w->pack->batch, j->source->declared);
    if (axis) {
        char declared[MX_VALUE_TEXT], here[MX_VALUE_TEXT];
        w->result->verdict = MXC_NOT_APPLICABLE;
        mxc_say(w->result->reason, MXC_LINE, "declares %s=%s" MXC_PACK_HAS "%s", mx_axis_name(axis),
                mx_profile_value(j->source->declared, axis, declared),
                mx_profile_value(&w->pack->batch.profile, axis, here));
        return MX_OK;
    }
    mx_status status =
        *r->misconduct ? MX_EPROTOCOL : j->source->accept(j->source->state, w->pack, w->chosen, w->n, &why);
    if (status == MX_OK)
        return ask(j, w);
    if (status == MX_EUNSUPPORTED) {
        w->result->verdict = MXC_UNSUPPORTED;
        mxc_say(w->result->reason, MXC_LINE, "%s", why.text);
        return MX_OK;
    }
    if (status == MX_ENOMEM)
        return mxc_fail(j->error, status, "%s", why.text);
    if (!*r->misconduct)
        mxc_say(r->misconduct, sizeof r->misconduct, "%s", why.text);
    /* Not known whether it would have been accepted: counted as never exercised. */
    w->result->verdict = MXC_NEVER;
    mxc_say(w->result->reason, MXC_LINE, "the subject had already failed");
    w->result->tally = (mxc_tally){.cases = w->n, .never = w->n};
    for (size_t at = 0; at < w->n; at++)
        count_case(&w->result->class_[w->pack->label[w->chosen[at]].class_], 0, 0);
    return MX_OK;
}

static mx_status add_result(judge *j, mxc_work *w, const char *path)
{
    mxc_report *r = j->report;
    mxc_pack_result *more = realloc(r->pack, (r->packs + 1) * sizeof *more);
    if (!more)
        return mxc_no_memory(j->error);
    r->pack = more;
    w->result = &r->pack[r->packs];
    *w->result = (mxc_pack_result){.path = strdup(path), .shape = w->pack->batch};
    if (!w->result->path)
        return mxc_no_memory(j->error);
    r->packs++;
    w->result->shape.in = (mx_inputs){0};
    w->result->shape.out = (mx_outputs){0};
    memcpy(w->result->sha256, w->pack->sha256, sizeof w->result->sha256);
    return MX_OK;
}

static mx_status note_exercised(judge *j, const mxc_work *w)
{
    w->result->exhaustive = mxc_is_exhaustive(w->pack, w->chosen, w->fate, w->n);
    mx_status status = mxc_clauses_tally(j->report->clause, j->clauses, w->pack, w->chosen, w->fate, w->n);
    return status == MX_OK ? MX_OK : mxc_no_memory(j->error);
}

/* Count the tags of all cases, chosen or not, and see whether one has the id that was asked for. */
static mx_status see_cases(judge *j, const mxv_pack *pack)
{
    const char *id = j->options->select.tag;
    mx_status status = MX_OK;
    j->all_cases += pack->batch.count;
    for (size_t i = 0; i < pack->batch.count && status == MX_OK; i++) {
        status = mxc_tags_add(j->all_tags, pack->label[i].tags, 0, 0);
        j->id_seen |= id && strcmp(pack->label[i].id, id) == 0;
    }
    return status == MX_OK ? status : mxc_no_memory(j->error);
}

static mx_status judge_chosen(judge *j, mxc_work *w, const char *path)
{
    const uint64_t begun = mxc_clock_us();
    mx_status status = add_result(j, w, path);
    if (status == MX_OK)
        status = judge_pack(j, w);
    if (status == MX_OK)
        status = note_exercised(j, w);
    if (status == MX_OK)
        w->result->seconds = (double)(mxc_clock_us() - begun) / 1000000;
    return status;
}

static void work_free(mxc_work *w)
{
    free(w->chosen);
    free(w->answer);
    free(w->fate);
    free(w->failed);
    free(w->known);
    mxc_store_free(&w->store);
}

static mx_status judge_path(judge *j, const char *path)
{
    mxv_pack *pack = NULL;
    mx_status status = j->options->no_manifest ? MX_OK : mxc_manifest_check(&j->manifest, path, j->error);
    if (status == MX_OK)
        status = mxv_load(&pack, path, j->error);
    if (status != MX_OK)
        return status;
    mxc_work w = {.pack = pack, .own = !mxc_manifest_has(&j->manifest, path)};
    status = see_cases(j, pack);
    if (status == MX_OK && pack_selected(&j->options->select, &pack->batch)) {
        status = mxc_weaken(pack, j->source->declared);
        status = status == MX_OK ? choose(j, &w) : mxc_no_memory(j->error);
    }
    if (status == MX_OK && w.n)
        status = judge_chosen(j, &w, path);
    work_free(&w);
    mxv_pack_free(pack);
    return status;
}

/* ---- the whole ---- */

static mx_status sum_up(judge *j)
{
    mxc_report *r = j->report;
    for (size_t p = 0; p < r->packs; p++) {
        mxc_tally_add(&r->tally, &r->pack[p].tally);
        r->known_failures += r->pack[p].known;
        for (int c = 1; c <= MX_CLASS_LAST; c++)
            mxc_tally_add(&r->class_[c], &r->pack[p].class_[c]);
    }
    r->deviations = r->class_[MX_SHOULD].fail;
    mx_status status = mxc_tags_report(j->tags, r);
    if (status != MX_OK)
        return mxc_no_memory(j->error);
    status = mxc_failures_report(j->failures, j->error);
    if (status != MX_OK)
        return status;
    mxv_error why = {0};
    if (j->source->finish(j->source->state, &why) != MX_OK && !*r->misconduct)
        mxc_say(r->misconduct, sizeof r->misconduct, "%s", why.text);
    mxc_conclude(r);
    return MX_OK;
}

/* The whole tier was read: it must have what vectors/COUNTS demands. */
static mx_status check_minimum(judge *j)
{
    char *path = mxc_data_path("vectors/COUNTS", j->error);
    mx_status status = path ? mxc_minimum_check(path, j->paths.count, j->all_cases, j->all_tags, j->error) : MX_EIO;
    free(path);
    return status;
}

/* A tag that no case has is mistyped: a run that skips itself for ever would look like one that had nothing to do. */
static mx_status check_tag(const judge *j)
{
    const char *tag = j->options->select.tag;
    char hint[MX_WHY];
    if (!tag || j->id_seen || mxc_tags_count(j->all_tags, tag, strlen(tag)))
        return MX_OK;
    if (access(tag, F_OK) == 0)
        return mxc_fail(j->error, MX_EINVAL, "no tag or case id '%.80s' in %zu packs; the file or folder is './%.80s'",
                        tag, j->paths.count, tag);
    return mxc_fail(j->error, MX_EINVAL, "no tag or case id '%.80s' in %zu packs%s", tag, j->paths.count,
                    mxc_tags_hint(j->all_tags, tag, hint));
}

/* Packs that the caller named are the caller's: what is wrong with them is no defect of this installation. */
static mx_status of_named(const judge *j, mx_status status)
{
    return j->options->select.packs && (status == MX_EIO || status == MX_EPARSE) ? MX_EINVAL : status;
}

static mx_status judge_all(judge *j)
{
    const mxc_options *o = j->options;
    mx_status status = mxc_clauses_load(&j->clauses, NULL, j->error);
    if (status == MX_OK && mxc_report_begin(j->report, o, j->clauses) != MX_OK)
        status = mxc_no_memory(j->error);
    if (status == MX_OK && !o->skip_crosscheck)
        status = mxc_crosscheck(NULL, j->error);
    char *path = status == MX_OK && !o->no_manifest ? mxc_data_path("vectors/MANIFEST.sha256", j->error) : NULL;
    if (status == MX_OK && !o->no_manifest && (path || !o->select.packs))
        status = path ? mxc_manifest_load(&j->manifest, path, j->error) : MX_EIO;
    free(path);
    if (status == MX_OK)
        status = of_named(j, mxc_packs_find(&j->paths, &o->select, &j->manifest, j->error));
    for (size_t i = 0; i < j->paths.count && status == MX_OK; i++) {
        if (o->progress.step)
            o->progress.step(o->progress.state, i, j->paths.count, j->paths.path[i]);
        status = of_named(j, judge_path(j, j->paths.path[i]));
    }
    if (status == MX_OK)
        status = check_tag(j);
    if (status == MX_OK && !o->select.packs)
        status = check_minimum(j);
    return status == MX_OK ? sum_up(j) : status;
}

mx_status mxc_judge(mxc_report **report, const mxc_source *source, const mxc_options *options, mxv_error *error)
{
    uint64_t begun = mxc_clock_ms();
    mxv_error own = {0};
    judge j = {.source = source, .options = options, .error = error ? error : &own};
    j.report = calloc(1, sizeof *j.report);
    j.tags = mxc_tags_new();
    j.all_tags = mxc_tags_new();
    mx_status status = j.report && j.tags && j.all_tags ? MX_OK : mxc_no_memory(error);
    if (status == MX_OK) {
        j.failures = mxc_failures_new(j.report, options);
        status = j.failures ? judge_all(&j) : mxc_no_memory(error);
        j.report->seconds = (double)(mxc_clock_ms() - begun) / 1000;
    }
    mxc_failures_free(j.failures);
    mxc_tags_free(j.tags);
    mxc_tags_free(j.all_tags);
    mxc_clauses_free(j.clauses);
    mxc_manifest_free(&j.manifest);
    mxc_paths_free(&j.paths);
    if (status == MX_OK)
        *report = j.report;
    else
        mxc_report_free(j.report);
    return status;
}
