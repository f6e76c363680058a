/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A report from its JSON. What follows from the rest ("axes", "rows", "verdict") is not read but derived again, and the
 * counts must add up: a file that was edited is refused here or by its digests.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/judge/judge.h"
#include "conformance/report/json.h"
#include "conformance/report/report.h"

#define INTO(r, array, o, key) mxc_say(array, sizeof(array), "%s", mxc_json_string_of(r, o, key))

static void read_profile(mxc_json *r, const json_t *o, const char *key, mx_profile *profile)
{
    const char *axis, *text;
    json_t *value;
    char word[96], why[MX_WHY];
    json_object_foreach((json_t *)mxc_json_object_of(r, o, key), axis, value)
    {
        text = json_string_value(value);
        mxc_say(word, sizeof word, "%.40s=%.40s", axis, text ? text : "");
        if (mx_profile_apply(profile, word, strlen(word), why) != MX_OK)
            mxc_json_bad(r, "\"%s%s\": %s", r->where, key, why);
    }
}

/* ---- parts ---- */

static void read_classes(mxc_json *r, const json_t *o, mxc_tally *class_)
{
    const json_t *classes = mxc_json_object_of(r, o, "classes");
    for (int c = 1; classes && c <= MX_CLASS_LAST; c++)
        class_[c] = mxc_json_tally_of(r, classes, mx_class_name((mx_class)c));
}

static void read_subject(mxc_json *r, const json_t *root, mxc_report *report)
{
    const json_t *o = mxc_json_object_of(r, root, "subject"), *ops = o ? mxc_json_list_of(r, o, "ops") : NULL, *op;
    mxc_description *d = &report->subject;
    char list[MXC_OFFERS * 32] = "", why[MX_WHY];
    size_t i, n = 0;
    if (!ops)
        return;
    INTO(r, report->spec, o, "spec");
    INTO(r, d->name, o, "name");
    INTO(r, d->version, o, "version");
    json_array_foreach(ops, i, op)
    {
        mxc_say(list + n, sizeof list - n, "%s%s", i ? "," : "", json_is_string(op) ? json_string_value(op) : "?");
        n += strlen(list + n);
    }
    if (mxc_offers_parse(d, list, n, why) != MX_OK)
        mxc_json_bad(r, "\"subject.ops\": %s", why);
    read_profile(r, o, "declared", &d->declared);
}

static void read_path(mxc_json *r, const json_t *o, void *element)
{
    char **path = element;
    if (!json_is_string(o))
        mxc_json_bad(r, "wanted a path in \"asked.packs\", found %s", mxc_json_type(o));
    *path = mxc_json_enough(r, strdup(json_is_string(o) ? json_string_value(o) : ""));
}

static void read_asked(mxc_json *r, const json_t *root, mxc_asked *asked)
{
    const json_t *o = mxc_json_object_of(r, root, "asked");
    if (!o)
        return;
    mxc_fields_read(r, o, mxc_asked_fields, asked);
    asked->pack = mxc_json_read_list(r, o, "packs", sizeof *asked->pack, &asked->packs, read_path);
}

static mxc_evidence evidence_of(mxc_json *r, const json_t *o)
{
    const char *text = mxc_json_string_of(r, o, "evidence");
    for (int e = MXC_DOCUMENTED; e <= MXC_ASSUMED; e++)
        if (strcmp(mxc_evidence_name((mxc_evidence)e), text) == 0)
            return (mxc_evidence)e;
    mxc_json_bad(r, "wanted documented, probed or assumed as \"profile.evidence\", found '%.40s'", text);
    return MXC_ASSUMED;
}

static void read_named(mxc_json *r, const json_t *root, mxc_report *report)
{
    const json_t *o = mxc_json_member(r, root, "profile", JSON_OBJECT, JSON_NULL, "an object or null"), *axes, *note;
    mxc_profile *p = json_is_object(o) ? mxc_json_enough(r, calloc(1, sizeof *p)) : NULL;
    char word[160], why[MX_WHY];
    size_t i;
    report->profile = p;
    if (!p || !(axes = mxc_json_list_of(r, o, "axes")))
        return;
    INTO(r, p->name, o, "name");
    INTO(r, p->system, o, "system");
    json_array_foreach(axes, i, note)
    {
        const char *name = mxc_json_string_of(r, note, "axis");
        mx_axis axis = mx_axis_find(name, strlen(name));
        mxc_say(word, sizeof word, "%.60s=%.60s", name, mxc_json_string_of(r, note, "value"));
        if (mx_profile_apply(&p->values, word, strlen(word), why) != MX_OK)
            mxc_json_bad(r, "\"profile\": %s", why);
        p->note[axis].evidence = evidence_of(r, note);
        INTO(r, p->note[axis].source, note, "source");
    }
    if (r->status == MX_OK && mx_profile_check(&p->values, why) != MX_OK)
        mxc_json_bad(r, "\"profile\": %s", why);
}

/* ---- lists: each element has its reader ---- */

static void read_pack(mxc_json *r, const json_t *o, void *element)
{
    mxc_pack_result *p = element;
    mxc_fields_read(r, o, mxc_pack_fields, p);
    mxc_fields_read(r, o, mxc_shape_fields, &p->shape);
    if (json_object_get(o, "rows")) {
        p->shape.rows = mxc_json_size_of(r, o, "rows");
        p->shape.cols = mxc_json_size_of(r, o, "cols");
    }
    read_profile(r, o, "profile", &p->shape.profile);
    read_classes(r, o, p->class_);
}

/* 1 to 16 hex digits. */
static uint64_t bits_of(mxc_json *r, const json_t *o, const char *key)
{
    const char *text = mxc_json_string_of(r, o, key);
    const size_t digits = strspn(text, "0123456789abcdef");
    if (digits == 0 || digits > 16 || text[digits])
        mxc_json_bad(r, "wanted hex digits as \"%s%s\", found '%.40s'", r->where, key, text);
    return strtoull(text, NULL, 16);
}

static void read_failure(mxc_json *r, const json_t *o, void *element)
{
    mxc_failure *f = element;
    const json_t *first = mxc_json_object_of(r, o, "first"), *by = mxc_json_list_of(r, o, "explained_by"), *text;
    size_t i;
    if (!first || !by)
        return;
    mxc_fields_read(r, o, mxc_failure_fields, f);
    f->diff.kind = (mx_column_kind)mxc_json_noun_of(r, first, "column", NOUN_COLUMN, 0);
    f->diff.lane = mxc_json_size_of(r, first, "lane");
    f->diff.want = bits_of(r, first, "want");
    f->diff.got = bits_of(r, first, "got");
    json_array_foreach(by, i, text)
    {
        if (i < sizeof f->departure / sizeof *f->departure)
            f->departure[i].axis = mxc_json_axis_value_of(r, text, &f->departure[i].value);
    }
    if (f->departures < json_array_size(by) || (f->departures > i && i < sizeof f->departure / sizeof *f->departure))
        mxc_json_bad(r, "\"%sexplanations\": %zu are not the %zu of \"explained_by\"", r->where, f->departures, i);
}

static void read_axis_count(mxc_json *r, const json_t *o, void *element)
{
    mxc_fields_read(r, o, mxc_axis_count_fields, element);
}

static void read_clause(mxc_json *r, const json_t *o, void *element)
{
    mxc_fields_read(r, o, mxc_clause_fields, element);
}

static void read_tag(mxc_json *r, const json_t *o, void *element)
{
    mxc_fields_read(r, o, mxc_tag_fields, element);
}

/* ---- the whole ---- */

static int same_tally(const mxc_tally *a, const mxc_tally *b)
{
    return a->cases == b->cases && a->pass == b->pass && a->fail == b->fail && a->never == b->never;
}

/* The totals are those of the packs, failures are of packs that there are, and the exit status follows. */
static void check(mxc_json *r, const mxc_report *report)
{
    mxc_tally sum = {0}, class_[MX_CLASS_LAST + 1] = {{0}};
    for (size_t p = 0; p < report->packs; p++) {
        mxc_tally own = {0};
        mxc_tally_add(&sum, &report->pack[p].tally);
        for (int c = 1; c <= MX_CLASS_LAST; c++) {
            mxc_tally_add(&own, &report->pack[p].class_[c]);
            mxc_tally_add(&class_[c], &report->pack[p].class_[c]);
        }
        if (!same_tally(&own, &report->pack[p].tally))
            mxc_json_bad(r, "\"packs[%zu].tally\": not the sum of its classes", p);
    }
    int same = same_tally(&sum, &report->tally);
    for (int c = 1; c <= MX_CLASS_LAST; c++)
        same = same && same_tally(&class_[c], &report->class_[c]);
    if (!same || report->deviations != class_[MX_SHOULD].fail)
        mxc_json_bad(r, "the totals are not those of the packs");
    for (size_t i = 0; i < report->failures; i++)
        if (report->failure[i].pack >= report->packs)
            mxc_json_bad(r, "\"failures[%zu].pack\": there are %zu packs", i, report->packs);
    size_t known = 0;
    for (size_t p = 0; p < report->packs; p++)
        known += report->pack[p].known;
    if (known != report->known_failures || known > report->tally.fail - (report->strict ? 0 : report->deviations))
        mxc_json_bad(r, "\"known_failures\": %zu are not those of the packs", report->known_failures);
    for (size_t i = 0; i < report->wrongs; i++)
        if (report->wrong[i].pack >= report->packs)
            mxc_json_bad(r, "\"wrong[%zu].pack\": there are %zu packs", i, report->packs);
    const mxc_repeat *again = &report->repeat;
    if ((again->differ || again->depend) && !(again->id && again->first && again->second))
        mxc_json_bad(r, "\"repeat\": wanted an example, found none");
    if (report->knowns && !report->known_file)
        mxc_json_bad(r, "\"known_file\": wanted the file of \"known\", found null");
    if (report->exit_status != mxc_exit_status(report))
        mxc_json_bad(r, "\"exit_status\": %d does not follow from the counts", report->exit_status);
}

static void read_head(mxc_json *r, const json_t *o, mxc_report *report)
{
    const json_t *counts = mxc_json_object_of(r, o, "counts");
    mxc_fields_read(r, o, mxc_head_fields, report);
    report->exit_status = (int)mxc_json_size_of(r, o, "exit_status");
    if (counts)
        mxc_fields_read(r, counts, mxc_counts_fields, &report->counts);
    read_classes(r, o, report->class_);
}

static void read_all(mxc_json *r, const json_t *o, mxc_report *report)
{
    read_head(r, o, report);
    read_subject(r, o, report);
    read_asked(r, o, &report->asked);
    read_named(r, o, report);
    report->pack = mxc_json_read_list(r, o, "packs", sizeof *report->pack, &report->packs, read_pack);
    report->clause = mxc_json_read_list(r, o, "clauses", sizeof *report->clause, &report->clauses, read_clause);
    report->failure = mxc_json_read_list(r, o, "failures", sizeof *report->failure, &report->failures, read_failure);
    report->axis = mxc_json_read_list(r, o, "axis_counts", sizeof *report->axis, &report->axes, read_axis_count);
    report->tag = mxc_json_read_list(r, o, "tags", sizeof *report->tag, &report->tags, read_tag);
    mxc_json_read_causes(r, o, report);
    mxc_json_read_figures(r, o, report);
    if (r->status == MX_OK)
        check(r, report);
}

mx_status mxc_report_read(mxc_report **report, FILE *in, const char *name, mxv_error *error)
{
    json_error_t where;
    mxc_json r = {.name = name, .error = error};
    json_t *o = json_loadf(in, JSON_REJECT_DUPLICATES, &where);
    if (!o && ferror(in))
        return mxc_fail(error, MX_EIO, "%s: cannot read: %s", name, strerror(errno));
    if (!o && !*where.text) /* jansson has words for everything else */
        return mxc_no_memory(error);
    if (!o)
        return mxc_fail(error, MX_EPARSE, "%s:%d: wanted the JSON of a run, found: %s", name, where.line, where.text);
    const json_t *version = json_object_get(o, "mxcts_report");
    mxc_report *made = mxc_json_enough(&r, calloc(1, sizeof *made));
    if (!json_is_integer(version))
        mxc_json_bad(&r, "wanted the JSON of a run (\"mxcts_report\"), found another file");
    else if (json_integer_value(version) != MXC_REPORT_VERSION)
        mxc_json_bad(&r, "wanted a report of version %d, found version %" JSON_INTEGER_FORMAT, MXC_REPORT_VERSION,
                     json_integer_value(version));
    else if (made)
        read_all(&r, o, made);
    if (made)
        made->storage = o;
    else
        json_decref(o);
    if (r.status == MX_OK)
        *report = made;
    else
        mxc_report_free(made);
    return r.status;
}

mx_status mxc_report_load(mxc_report **report, const char *path, mxv_error *error)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return mxc_fail(error, MX_EIO, "%s: cannot open: %s", path, strerror(errno));
    mx_status status = mxc_report_read(report, in, path, error);
    fclose(in);
    return status;
}
