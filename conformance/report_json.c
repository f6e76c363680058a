/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as JSON, whole: report_read.c makes the same report of it. The fields of mxc_report under their own names,
 * enums and axes as their words; conformance/run.schema.json describes it.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/report.h"
#include "conformance/report_json.h"

json_t *mxc_json_size(size_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *json_tally(const mxc_tally *t)
{
    json_t *o = json_object();
    json_object_set_new(o, "cases", mxc_json_size(t->cases));
    json_object_set_new(o, "pass", mxc_json_size(t->pass));
    json_object_set_new(o, "fail", mxc_json_size(t->fail));
    json_object_set_new(o, "never", mxc_json_size(t->never));
    return o;
}

static json_t *json_classes(const mxc_tally *tally)
{
    json_t *o = json_object();
    for (int c = 1; c <= MX_CLASS_LAST; c++)
        json_object_set_new(o, mx_class_name((mx_class)c), json_tally(&tally[c]));
    return o;
}

/* The set axes of a profile. */
static json_t *json_profile(const mx_profile *profile)
{
    json_t *o = json_object();
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned value = mx_profile_get(profile, (mx_axis)a);
        if (value && a == MX_AXIS_ROUND && value == MX_SR)
            json_object_set_new(o, mx_axis_name((mx_axis)a), json_sprintf("sr:%u", (unsigned)profile->sr_bits));
        else if (value)
            json_object_set_new(o, mx_axis_name((mx_axis)a), json_string(mx_axis_value_name((mx_axis)a, value)));
    }
    return o;
}

static const char *or_any(const char *name)
{
    return name ? name : "*";
}

json_t *mxc_json_text(const char *text)
{
    char *clean = text ? mxc_utf8(text) : NULL;
    json_t *o = clean ? json_string(clean) : json_null();
    free(clean);
    return o;
}

/* null for what an operation has none of. */
static json_t *json_name(const char *name)
{
    return name ? json_string(name) : json_null();
}

static json_t *json_subject(const mxc_report *report)
{
    const mxc_description *d = &report->subject;
    json_t *o = json_object(), *ops = json_array();
    for (size_t i = 0; i < d->offers; i++)
        json_array_append_new(ops, json_sprintf("%s:%s:%s", or_any(mx_op_name(d->offer[i].op)),
                                                or_any(mx_elem_name(d->offer[i].elem)),
                                                or_any(mx_type_name(d->offer[i].type))));
    json_object_set_new(o, "spec", mxc_json_text(report->spec));
    json_object_set_new(o, "name", mxc_json_text(d->name));
    json_object_set_new(o, "version", mxc_json_text(d->version));
    json_object_set_new(o, "ops", ops);
    json_object_set_new(o, "declared", json_profile(&d->declared));
    return o;
}

static json_t *json_shape(json_t *o, const mx_batch *shape)
{
    json_object_set_new(o, "op", json_string(mx_op_name(shape->op)));
    json_object_set_new(o, "elem", json_name(mx_elem_name(shape->elem)));
    json_object_set_new(o, "type", json_name(mx_type_name(shape->type)));
    json_object_set_new(o, "layout", json_name(mx_layout_name(shape->layout)));
    json_object_set_new(o, "k", mxc_json_size(shape->k));
    if (shape->rows) {
        json_object_set_new(o, "rows", mxc_json_size(shape->rows));
        json_object_set_new(o, "cols", mxc_json_size(shape->cols));
    }
    json_object_set_new(o, "profile", json_profile(&shape->profile));
    return o;
}

static json_t *json_pack_result(const mxc_pack_result *p)
{
    json_t *o = json_object();
    char name[MXC_PACK_NAME];
    mxc_pack_name(name, p->path);
    json_object_set_new(o, "pack", mxc_json_text(name));
    json_object_set_new(o, "path", mxc_json_text(p->path));
    json_object_set_new(o, "sha256", json_string(p->sha256));
    json_shape(o, &p->shape);
    json_object_set_new(o, "verdict", json_string(mxc_verdict_name(p->verdict)));
    json_object_set_new(o, "reason", mxc_json_text(p->reason));
    json_object_set_new(o, "count", mxc_json_size(p->shape.count));
    json_object_set_new(o, "exhaustive", json_boolean(p->exhaustive));
    json_object_set_new(o, "known", mxc_json_size(p->known));
    json_object_set_new(o, "tally", json_tally(&p->tally));
    json_object_set_new(o, "classes", json_classes(p->class_));
    return o;
}

json_t *mxc_json_axis_value(mx_axis axis, unsigned value)
{
    return axis ? json_sprintf("%s=%s", mx_axis_name(axis), mx_axis_value_name(axis, value)) : json_null();
}

static json_t *json_failure(const mxc_failure *f)
{
    json_t *o = json_object(), *by = json_array(), *first = json_object();
    json_object_set_new(first, "column", json_string(mxc_column_name(f->diff.kind)));
    json_object_set_new(first, "lane", mxc_json_size(f->diff.lane));
    json_object_set_new(first, "want", json_sprintf("%llx", (unsigned long long)f->diff.want));
    json_object_set_new(first, "got", json_sprintf("%llx", (unsigned long long)f->diff.got));
    json_object_set_new(o, "pack", mxc_json_size(f->pack));
    json_object_set_new(o, "index", mxc_json_size(f->index));
    json_object_set_new(o, "id", json_string(f->id));
    json_object_set_new(o, "class", json_string(mx_class_name(f->class_)));
    json_object_set_new(o, "tags", json_string(f->tags));
    json_object_set_new(o, "inputs", json_string(f->inputs));
    json_object_set_new(o, "want", json_string(f->want));
    json_object_set_new(o, "got", json_string(f->got));
    json_object_set_new(o, "cells", mxc_json_size(f->diff.cells));
    json_object_set_new(o, "first", first);
    for (size_t i = 0; i < f->departures && i < sizeof f->departure / sizeof *f->departure; i++)
        json_array_append_new(by, mxc_json_axis_value(f->departure[i].axis, f->departure[i].value));
    json_object_set_new(o, "explained_by", by);
    json_object_set_new(o, "explanations", mxc_json_size(f->departures));
    json_object_set_new(o, "line", json_string(f->line));
    json_object_set_new(o, "explained", mxc_json_text(f->explained));
    return o;
}

static json_t *json_axis_count(const mxc_axis_count *c)
{
    json_t *o = json_object();
    json_object_set_new(o, "explained_by", mxc_json_axis_value(c->axis, c->value));
    json_object_set_new(o, "count", mxc_json_size(c->count));
    json_object_set_new(o, "alone", mxc_json_size(c->alone));
    json_object_set_new(o, "example", json_string(c->example));
    json_object_set_new(o, "line", json_string(c->line));
    return o;
}

static json_t *json_clause(const mxc_clause_result *c)
{
    json_t *o = json_object();
    json_object_set_new(o, "clause", json_string(c->id));
    json_object_set_new(o, "class", json_string(mx_class_name(c->class_)));
    json_object_set_new(o, "requirement", json_string(c->requirement));
    json_object_set_new(o, "tally", json_tally(&c->tally));
    return o;
}

static json_t *json_tag(const mxc_tag_count *t)
{
    json_t *o = json_object();
    json_object_set_new(o, "tag", json_string(t->tag));
    json_object_set_new(o, "expected", mxc_json_size(t->expected));
    json_object_set_new(o, "judged", mxc_json_size(t->judged));
    json_object_set_new(o, "failed", mxc_json_size(t->failed));
    return o;
}

/* ---- what was asked for, and the axes ---- */

static json_t *json_asked(const mxc_asked *asked)
{
    json_t *o = json_object(), *packs = json_array();
    for (size_t i = 0; i < asked->packs; i++)
        json_array_append_new(packs, mxc_json_text(asked->pack[i]));
    json_object_set_new(o, "op", json_name(mx_op_name(asked->op)));
    json_object_set_new(o, "elem", json_name(mx_elem_name(asked->elem)));
    json_object_set_new(o, "type", json_name(mx_type_name(asked->type)));
    json_object_set_new(o, "tag", mxc_json_text(asked->tag));
    json_object_set_new(o, "clause", mxc_json_text(asked->clause));
    json_object_set_new(o, "packs", packs);
    return o;
}

static json_t *json_value_of(const mx_profile *profile, mx_axis axis)
{
    char text[64];
    if (!mx_profile_get(profile, axis))
        return json_null();
    mxc_axis_text(text, sizeof text, profile, axis);
    return json_string(strchr(text, '=') + 1);
}

static json_t *json_named_profile(const mxc_profile *profile)
{
    json_t *o, *axes;
    if (!profile)
        return json_null();
    o = json_object();
    axes = json_array();
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        json_t *axis = json_object();
        json_object_set_new(axis, "axis", json_string(mx_axis_name((mx_axis)a)));
        json_object_set_new(axis, "value", json_value_of(&profile->values, (mx_axis)a));
        json_object_set_new(axis, "evidence", json_string(mxc_evidence_name(profile->note[a].evidence)));
        json_object_set_new(axis, "source", mxc_json_text(profile->note[a].source));
        json_array_append_new(axes, axis);
    }
    json_object_set_new(o, "name", mxc_json_text(profile->name));
    json_object_set_new(o, "system", mxc_json_text(profile->system));
    json_object_set_new(o, "axes", axes);
    return o;
}

/* Follows from the packs: what each value of an axis was judged on. */
static json_t *json_axis(const mxc_report *report, mx_axis axis)
{
    json_t *o = json_object(), *values = json_array();
    for (unsigned v = 1; v <= mx_axis_count(axis); v++) {
        mxc_tally tally = mxc_axis_tally(report, axis, v);
        json_t *value = json_object();
        json_object_set_new(value, "value", json_string(mx_axis_value_name(axis, v)));
        json_object_set_new(value, "tally", json_tally(&tally));
        json_array_append_new(values, value);
    }
    json_object_set_new(o, "axis", json_string(mx_axis_name(axis)));
    json_object_set_new(o, "declared", json_value_of(&report->subject.declared, axis));
    json_object_set_new(o, "values", values);
    return o;
}

/* Follows from the packs too. */
static json_t *json_row(const mxc_row *row, int strict)
{
    json_t *o = json_object();
    json_object_set_new(o, "op", json_string(mx_op_name(row->op)));
    json_object_set_new(o, "elem", json_name(mx_elem_name(row->elem)));
    json_object_set_new(o, "type", json_name(mx_type_name(row->type)));
    json_object_set_new(o, "layout", json_name(mx_layout_name(row->layout)));
    json_object_set_new(o, "verdict", json_string(mxc_verdict_name(mxc_row_verdict(row, strict))));
    json_object_set_new(o, "packs", mxc_json_size(row->packs));
    json_object_set_new(o, "unsupported", mxc_json_size(row->unsupported));
    json_object_set_new(o, "not_applicable", mxc_json_size(row->not_applicable));
    json_object_set_new(o, "exhaustive", mxc_json_size(row->exhaustive));
    json_object_set_new(o, "deviations", mxc_json_size(row->deviations));
    json_object_set_new(o, "tally", json_tally(&row->tally));
    return o;
}

/* ---- the whole ---- */

static mx_status add_lists(json_t *o, const mxc_report *report)
{
    size_t n = 0;
    mxc_row *row = mxc_rows_of(report, &n);
    json_t *axes = json_array(), *rows = json_array(), *packs = json_array(), *clauses = json_array();
    json_t *failures = json_array(), *counts = json_array(), *tags = json_array();
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        json_array_append_new(axes, json_axis(report, (mx_axis)a));
    for (size_t i = 0; i < n && row; i++)
        json_array_append_new(rows, json_row(&row[i], report->strict));
    for (size_t i = 0; i < report->packs; i++)
        json_array_append_new(packs, json_pack_result(&report->pack[i]));
    for (size_t i = 0; i < report->clauses; i++)
        json_array_append_new(clauses, json_clause(&report->clause[i]));
    for (size_t i = 0; i < report->failures; i++)
        json_array_append_new(failures, json_failure(&report->failure[i]));
    for (size_t i = 0; i < report->axes; i++)
        json_array_append_new(counts, json_axis_count(&report->axis[i]));
    for (size_t i = 0; i < report->tags; i++)
        json_array_append_new(tags, json_tag(&report->tag[i]));
    json_object_set_new(o, "axes", axes);
    json_object_set_new(o, "rows", rows);
    json_object_set_new(o, "clauses", clauses);
    json_object_set_new(o, "axis_counts", counts);
    mxc_json_add_causes(o, report);
    json_object_set_new(o, "failures", failures);
    json_object_set_new(o, "tags", tags);
    json_object_set_new(o, "packs", packs);
    json_object_set_new(o, "figures", mxc_json_figures(report->figures));
    free(row);
    return row ? MX_OK : MX_ENOMEM;
}

static json_t *json_head(const mxc_report *report)
{
    static const char *const verdict[] = {"pass", "fail"};
    const mxc_counts *c = &report->counts;
    json_t *o = json_object(), *counts = json_object();
    json_object_set_new(counts, "seen", json_integer((json_int_t)c->seen));
    json_object_set_new(counts, "answered", json_integer((json_int_t)c->answered));
    json_object_set_new(counts, "refused", json_integer((json_int_t)c->refused));
    json_object_set_new(o, "mxcts_report", json_integer(MXC_REPORT_VERSION));
    json_object_set_new(o, "tool_version", json_string(report->tool));
    json_object_set_new(o, "begun", json_string(report->begun));
    json_object_set_new(o, "verdict",
                        json_string(report->exit_status <= 1                  ? verdict[report->exit_status]
                                    : report->exit_status == MXC_EXIT_NOTHING ? "nothing-judged"
                                                                              : "incomplete"));
    json_object_set_new(o, "exit_status", json_integer(report->exit_status));
    json_object_set_new(o, "conclusion", mxc_json_text(report->conclusion));
    json_object_set_new(o, "misconduct", mxc_json_text(report->misconduct));
    json_object_set_new(o, "subject", json_subject(report));
    json_object_set_new(o, "asked", json_asked(&report->asked));
    json_object_set_new(o, "profile", json_named_profile(report->profile));
    json_object_set_new(o, "strict", json_boolean(report->strict));
    json_object_set_new(o, "stderr", mxc_json_text(report->stderr_text));
    json_object_set_new(o, "milliseconds", json_integer((json_int_t)(report->seconds * 1000 + 0.5)));
    json_object_set_new(o, "counts", counts);
    json_object_set_new(o, "tally", json_tally(&report->tally));
    json_object_set_new(o, "classes", json_classes(report->class_));
    json_object_set_new(o, "deviations", mxc_json_size(report->deviations));
    json_object_set_new(o, "diagnosed", mxc_json_size(report->diagnosed));
    return o;
}

/* A member a line, an element of a list a line: short to read, and `diff` of two reports says what changed. */
static int dump(FILE *out, const json_t *document)
{
    const char *key, *between = "{\n";
    json_t *value, *element;
    size_t i;
    int failed = 0;
    json_object_foreach((json_t *)document, key, value)
    {
        fprintf(out, "%s  \"%s\": ", between, key);
        between = ",\n";
        if (!json_array_size(value)) {
            failed |= json_dumpf(value, out, JSON_ENCODE_ANY);
            continue;
        }
        json_array_foreach(value, i, element)
        {
            fputs(i ? ",\n    " : "[\n    ", out);
            failed |= json_dumpf(element, out, JSON_ENCODE_ANY);
        }
        fputs("\n  ]", out);
    }
    fputs("\n}\n", out);
    return failed;
}

mx_status mxc_report_json(FILE *out, const mxc_report *report)
{
    json_t *o = json_head(report);
    mx_status status = add_lists(o, report);
    int failed = status == MX_OK && dump(out, o) != 0;
    json_decref(o);
    return failed || ferror(out) ? MX_EIO : status;
}
