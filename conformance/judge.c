/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The core of a run: each pack is loaded, checked against the manifest, matched, offered, answered and compared.
 */
#include "config.h"

#include "conformance/judge.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"
#include "conformance/compare.h"
#include "conformance/error.h"
#include "conformance/subject.h"

enum { KEEP = 20, KEEP_PER_PACK = 4, DIAGNOSE = 2000, DIAGNOSE_PER_PACK = 64, DIAGNOSE_PER_PACK_MIN = 4 };

typedef struct judge {
    const mxc_source *source;
    const mxc_options *options;
    mxc_report *report;
    mxc_tags *tags;     /* of the cases in accepted packs */
    mxc_tags *all_tags; /* of all cases in all packs read */
    size_t all_cases;
    mxc_manifest manifest;
    mxc_paths paths;
    size_t kept_here; /* failures of this pack kept in full */
    mxc_diagnosed *diagnosed;
    size_t diagnosed_count;
    mxv_error *error;
} judge;

/* The pack at hand. */
typedef struct work {
    const mxv_pack *pack;
    mxc_pack_result *result;
    size_t *chosen; /* cases, ascending */
    size_t n;
    mxc_store store; /* the chosen inputs, and room for answers */
    uint8_t *answer;
} work;

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
    return (!select->op || select->op == shape->op) && (!select->elem || select->elem == shape->elem) &&
           (!select->type || select->type == shape->type) && !disagrees(shape, select->profile);
}

static mx_status choose(judge *j, work *w)
{
    w->chosen = malloc((w->pack->batch.count + 1) * sizeof *w->chosen);
    if (!w->chosen)
        return mxc_fail(j->error, MX_ENOMEM, "out of memory");
    for (size_t i = 0; i < w->pack->batch.count; i++)
        if (case_selected(&j->options->select, w->pack, i))
            w->chosen[w->n++] = i;
    return MX_OK;
}

/* ---- failures ---- */

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

/* The line that can be pasted into a shell: it names the case and the subject's answer. */
static char *explain_line(const char *id, const char *got)
{
    static const char format[] = "mxcts explain %s --got '%s'";
    size_t room = sizeof format + strlen(id) + strlen(got);
    char *line = malloc(room);
    if (line)
        snprintf(line, room, format, id, got);
    return line;
}

static mx_status keep_failure(judge *j, const work *w, size_t at, const mxc_diff *diff)
{
    mxc_report *r = j->report;
    size_t limit = j->options->keep ? j->options->keep : KEEP;
    size_t here = j->options->keep ? limit : KEEP_PER_PACK;
    if (r->failures >= limit || j->kept_here >= here)
        return MX_OK;
    mxc_failure *more = realloc(r->failure, (r->failures + 1) * sizeof *more);
    if (!more)
        return mxc_fail(j->error, MX_ENOMEM, "out of memory");
    r->failure = more;
    size_t i = w->chosen[at];
    const mxv_label *label = &w->pack->label[i];
    mxc_failure *f = &r->failure[r->failures++];
    *f = (mxc_failure){.pack = r->packs - 1, .index = i, .class_ = label->class_, .diff = *diff};
    f->id = strdup(label->id);
    f->tags = strdup(label->tags);
    f->inputs = columns(&w->pack->batch, NULL, i, 1);
    f->want = columns(&w->pack->batch, &w->pack->open, i, 0);
    f->got = columns(&w->store.batch, NULL, at, 0);
    f->line = f->got ? explain_line(label->id, f->got) : NULL;
    mx_batch one = mxc_slice(&w->store.batch, at, 1);
    f->departures = mxc_departures(&one, 0, f->departure, sizeof f->departure / sizeof *f->departure);
    j->kept_here++;
    return f->id && f->tags && f->inputs && f->want && f->line ? MX_OK : mxc_fail(j->error, MX_ENOMEM, "out of memory");
}

static mx_status remember(judge *j, const work *w, size_t at, uint64_t mask)
{
    char *got = columns(&w->store.batch, NULL, at, 0);
    mxc_diagnosed *more = realloc(j->diagnosed, (j->diagnosed_count + 1) * sizeof *more);
    if (more)
        j->diagnosed = more;
    if (got && more) {
        const char *id = w->pack->label[w->chosen[at]].id;
        mxc_diagnosed *d = &j->diagnosed[j->diagnosed_count++];
        *d = (mxc_diagnosed){mask, strdup(id), explain_line(id, got)};
    }
    free(got);
    const mxc_diagnosed *d = more ? &j->diagnosed[j->diagnosed_count - 1] : NULL;
    return got && d && d->id && d->line ? MX_OK : mxc_fail(j->error, MX_ENOMEM, "out of memory");
}

/* Look for the axis behind some of the failures of this pack, spread evenly over them. */
static mx_status diagnose(judge *j, const work *w, const size_t *failed, size_t n)
{
    size_t budget = DIAGNOSE_PER_PACK, most = j->options->diagnose ? j->options->diagnose : DIAGNOSE;
    if (j->diagnosed_count + budget > most)
        budget = DIAGNOSE_PER_PACK_MIN;
    size_t count = n < budget ? n : budget;
    mxc_store some;
    if (!count)
        return MX_OK;
    if (mxc_store_new(&some, &w->pack->batch, count) != MX_OK)
        return mxc_fail(j->error, MX_ENOMEM, "out of memory");
    uint64_t *mask = calloc(count, sizeof *mask);
    for (size_t i = 0; i < count; i++) {
        size_t at = failed[i * n / count];
        mxc_copy_inputs(&some.batch, i, &w->store.batch, at);
        mxc_copy_outputs(&some.batch, i, &w->store.batch, at);
    }
    mx_status status = mask ? mxc_departures_all(&some.batch, mask) : MX_ENOMEM;
    if (status != MX_OK)
        mxc_fail(j->error, status, "%s: the reference: %s", w->result->path, mx_status_text(status));
    for (size_t i = 0; i < count && status == MX_OK; i++)
        status = remember(j, w, failed[i * n / count], mask[i]);
    free(mask);
    mxc_store_free(&some);
    return status;
}

/* ---- comparison of a pack ---- */

static void count_case(mxc_tally *tally, int answered, int same)
{
    tally->cases++;
    tally->pass += answered && same;
    tally->fail += answered && !same;
    tally->never += !answered;
}

/* The free cells of case i alone. */
static mx_outputs open_of(const mxv_pack *pack, size_t i)
{
    const mx_outputs *open = &pack->open;
    size_t k = pack->batch.k, scales = mxc_cell_bytes(&pack->batch, COL_OUT_SCALE);
    return (mx_outputs){.value = open->value ? (uint8_t *)open->value + i * k : NULL,
                        .scale = open->scale ? open->scale + i * scales : NULL,
                        .code = open->code ? open->code + i * k : NULL};
}

static mx_status compare_one(judge *j, work *w, size_t at, int *wrong)
{
    size_t i = w->chosen[at];
    const mxv_label *label = &w->pack->label[i];
    int answered = w->answer[at] == MXC_ANSWERED, same = 0;
    mxc_diff diff = {0};
    if (answered) {
        mx_batch want = mxc_slice(&w->pack->batch, i, 1), got = mxc_slice(&w->store.batch, at, 1);
        mx_outputs open = open_of(w->pack, i);
        same = mxc_compare_case(&want, &open, 0, &got.out, &diff);
    }
    *wrong = answered && !same;
    count_case(&w->result->tally, answered, same);
    count_case(&w->result->class_[label->class_], answered, same);
    mx_status status = mxc_tags_add(j->tags, label->tags, answered, *wrong);
    return status == MX_OK && *wrong ? keep_failure(j, w, at, &diff) : status;
}

static mx_status compare_pack(judge *j, work *w)
{
    size_t *failed = malloc((w->n + 1) * sizeof *failed), n = 0;
    mx_status status = failed ? MX_OK : mxc_fail(j->error, MX_ENOMEM, "out of memory");
    for (size_t at = 0; at < w->n && status == MX_OK; at++) {
        int wrong = 0;
        status = compare_one(j, w, at, &wrong);
        if (wrong)
            failed[n++] = at;
    }
    if (status == MX_OK)
        status = diagnose(j, w, failed, n);
    free(failed);
    return status;
}

static mxc_verdict verdict_of(const judge *j, const mxc_pack_result *r)
{
    size_t forgiven = j->options->strict ? 0 : r->class_[MX_SHOULD].fail;
    return r->tally.fail > forgiven ? MXC_FAIL : r->tally.never ? MXC_NEVER : MXC_PASS;
}

/* Ask for the answers of this pack and compare them. Misconduct is noted in the report; only harness errors fail. */
static mx_status ask(judge *j, work *w)
{
    mxv_error why = {0};
    mxc_report *r = j->report;
    if (mxc_store_new(&w->store, &w->pack->batch, w->n) != MX_OK || !(w->answer = calloc(w->n, 1)))
        return mxc_fail(j->error, MX_ENOMEM, "out of memory");
    for (size_t at = 0; at < w->n; at++)
        mxc_copy_inputs(&w->store.batch, at, &w->pack->batch, w->chosen[at]);
    for (int c = COL_OUT_VALUE; c < COLS; c++)
        if (mxc_cell_bytes(&w->store.batch, c))
            memset(mxc_column(&w->store.batch, c), 0xa5, w->n * mxc_cell_bytes(&w->store.batch, c));
    mx_status status = j->source->answer(j->source->state, w->pack, w->chosen, &w->store.batch, w->answer, &why);
    if (status != MX_OK && !*r->misconduct)
        mxc_say(r->misconduct, sizeof r->misconduct, "%s", why.text);
    status = compare_pack(j, w);
    w->result->verdict = verdict_of(j, w->result);
    if (w->result->tally.never)
        mxc_say(w->result->reason, sizeof w->result->reason, "%s", *why.text ? why.text : "refused");
    return status;
}

static mx_status judge_pack(judge *j, work *w)
{
    mxv_error why = {0};
    mxc_report *r = j->report;
    mx_axis axis = disagrees(&w->pack->batch, j->source->declared);
    if (axis) {
        unsigned declared = mx_profile_get(j->source->declared, axis);
        unsigned here = mx_profile_get(&w->pack->batch.profile, axis);
        w->result->verdict = MXC_NOT_APPLICABLE;
        mxc_say(w->result->reason, MXC_LINE, "declares %s=%s, this pack has %s", mx_axis_name(axis),
                mx_axis_value_name(axis, declared), mx_axis_value_name(axis, here));
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

static mx_status add_result(judge *j, work *w, const char *path)
{
    mxc_report *r = j->report;
    mxc_pack_result *more = realloc(r->pack, (r->packs + 1) * sizeof *more);
    if (!more)
        return mxc_fail(j->error, MX_ENOMEM, "out of memory");
    r->pack = more;
    w->result = &r->pack[r->packs];
    *w->result = (mxc_pack_result){.path = strdup(path), .shape = w->pack->batch};
    if (!w->result->path)
        return mxc_fail(j->error, MX_ENOMEM, "out of memory");
    r->packs++;
    w->result->shape.in = (mx_inputs){0};
    w->result->shape.out = (mx_outputs){0};
    memcpy(w->result->sha256, w->pack->sha256, sizeof w->result->sha256);
    return MX_OK;
}

static mx_status judge_path(judge *j, const char *path)
{
    mxv_pack *pack = NULL;
    work w = {0};
    mx_status status = j->options->no_manifest ? MX_OK : mxc_manifest_check(&j->manifest, path, j->error);
    if (status == MX_OK)
        status = mxv_load(&pack, path, j->error);
    if (status != MX_OK)
        return status;
    w.pack = pack;
    j->all_cases += pack->batch.count;
    for (size_t i = 0; i < pack->batch.count && status == MX_OK; i++)
        status = mxc_tags_add(j->all_tags, pack->label[i].tags, 0, 0);
    if (status != MX_OK)
        mxc_fail(j->error, status, "out of memory");
    if (status == MX_OK && pack_selected(&j->options->select, &pack->batch))
        status = choose(j, &w);
    if (status == MX_OK && w.n) {
        j->kept_here = 0;
        status = add_result(j, &w, path);
        if (status == MX_OK)
            status = judge_pack(j, &w);
    }
    free(w.chosen);
    free(w.answer);
    mxc_store_free(&w.store);
    mxv_pack_free(pack);
    return status;
}

/* ---- the whole ---- */

static void add_tally(mxc_tally *sum, const mxc_tally *one)
{
    sum->cases += one->cases;
    sum->pass += one->pass;
    sum->fail += one->fail;
    sum->never += one->never;
}

/* Why nothing was judged: what the subject declined says more than what does not apply. */
static const char *why_nothing(const mxc_report *r)
{
    const char *reason = r->packs ? r->pack[0].reason : "no case is selected";
    for (size_t p = r->packs; p-- > 0;)
        if (r->pack[p].verdict == MXC_UNSUPPORTED)
            reason = r->pack[p].reason;
    return r->tally.never ? "every case was refused" : *reason ? reason : "no pack applies";
}

static void conclude(mxc_report *r)
{
    size_t judged = r->tally.pass + r->tally.fail, fails = r->tally.fail - (r->strict ? 0 : r->deviations);
    char *text = r->conclusion;
    size_t size = sizeof r->conclusion;
    if (*r->misconduct) {
        r->exit_status = MXC_EXIT_FAILS;
        mxc_say(text, size, "does not conform: %s", r->misconduct);
    } else if (fails) {
        r->exit_status = MXC_EXIT_FAILS;
        mxc_say(text, size, "does not conform: %zu of %zu judged cases are wrong", fails, judged);
    } else if (!judged) {
        r->exit_status = MXC_EXIT_NOTHING;
        mxc_say(text, size, "nothing was judged: %s", why_nothing(r));
    } else if (r->tally.never) {
        r->exit_status = MXC_EXIT_HARNESS;
        mxc_say(text, size, "incomplete: %zu cases of accepted packs were never exercised", r->tally.never);
    } else {
        r->exit_status = MXC_EXIT_CONFORMS;
        mxc_say(text, size, "conforms on all %zu judged cases%s", judged,
                r->deviations ? ", with deviations from recommendations (should)" : "");
    }
}

static mx_status sum_up(judge *j)
{
    mxc_report *r = j->report;
    for (size_t p = 0; p < r->packs; p++) {
        add_tally(&r->tally, &r->pack[p].tally);
        for (int c = 1; c <= MX_CLASS_LAST; c++)
            add_tally(&r->class_[c], &r->pack[p].class_[c]);
    }
    r->deviations = r->class_[MX_SHOULD].fail;
    mx_status status = mxc_tags_report(j->tags, r);
    if (status == MX_OK)
        status = mxc_axes_count(r, j->diagnosed, j->diagnosed_count);
    if (status != MX_OK)
        return mxc_fail(j->error, status, "out of memory");
    mxv_error why = {0};
    if (j->source->finish(j->source->state, &why) != MX_OK && !*r->misconduct)
        mxc_say(r->misconduct, sizeof r->misconduct, "%s", why.text);
    conclude(r);
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

static mx_status judge_all(judge *j)
{
    const mxc_options *o = j->options;
    mx_status status = MX_OK;
    if (!o->skip_crosscheck)
        status = mxc_crosscheck(NULL, j->error);
    char *path = status == MX_OK && !o->no_manifest ? mxc_data_path("vectors/MANIFEST.sha256", j->error) : NULL;
    if (status == MX_OK && !o->no_manifest && (path || !o->select.packs))
        status = path ? mxc_manifest_load(&j->manifest, path, j->error) : MX_EIO;
    free(path);
    if (status == MX_OK)
        status = mxc_packs_find(&j->paths, &o->select, &j->manifest, j->error);
    for (size_t i = 0; i < j->paths.count && status == MX_OK; i++) {
        if (o->progress.step)
            o->progress.step(o->progress.state, i, j->paths.count, j->paths.path[i]);
        status = judge_path(j, j->paths.path[i]);
    }
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
    mx_status status = j.report && j.tags && j.all_tags ? MX_OK : mxc_fail(error, MX_ENOMEM, "out of memory");
    if (status == MX_OK) {
        j.report->strict = options->strict;
        status = judge_all(&j);
        j.report->seconds = (double)(mxc_clock_ms() - begun) / 1000;
    }
    for (size_t i = 0; i < j.diagnosed_count; i++) {
        free(j.diagnosed[i].id);
        free(j.diagnosed[i].line);
    }
    free(j.diagnosed);
    mxc_tags_free(j.tags);
    mxc_tags_free(j.all_tags);
    mxc_manifest_free(&j.manifest);
    mxc_paths_free(&j.paths);
    if (status == MX_OK)
        *report = j.report;
    else
        mxc_report_free(j.report);
    return status;
}
