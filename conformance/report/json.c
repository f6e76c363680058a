/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as JSON, whole: read.c makes the same report of it. The fields of mxc_report under their own names,
 * enums and axes as their words; conformance/report/run.schema.json describes it.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/report/json.h"
#include "conformance/report/report.h"

static json_t *json_classes(const mxc_tally *tally)
{
    json_t *o = json_object();
    for (int c = 1; c <= MX_CLASS_LAST; c++)
        json_object_set_new(o, mx_class_name((mx_class)c), mxc_json_tally(&tally[c]));
    return o;
}

/* The set axes of a profile. */
static json_t *json_profile(const mx_profile *profile)
{
    json_t *o = json_object();
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        char value[MX_VALUE_TEXT];
        if (*mx_profile_value(profile, (mx_axis)a, value))
            json_object_set_new(o, mx_axis_name((mx_axis)a), json_string(value));
    }
    return o;
}

static const char *or_any(const char *name)
{
    return name ? name : "*";
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

static json_t *json_pack_result(const mxc_pack_result *p)
{
    json_t *o = json_object();
    char name[MXC_PACK_NAME];
    mxc_pack_name(name, p->path);
    json_object_set_new(o, "pack", mxc_json_text(name));
    mxc_fields_put(o, mxc_shape_fields, &p->shape);
    if (p->shape.rows) {
        json_object_set_new(o, "rows", mxc_json_size(p->shape.rows));
        json_object_set_new(o, "cols", mxc_json_size(p->shape.cols));
    }
    json_object_set_new(o, "profile", json_profile(&p->shape.profile));
    mxc_fields_put(o, mxc_pack_fields, p);
    json_object_set_new(o, "classes", json_classes(p->class_));
    return o;
}

static json_t *json_failure(const mxc_failure *f)
{
    json_t *o = mxc_fields_json(mxc_failure_fields, f), *by = json_array(), *first = json_object();
    json_object_set_new(first, "column", mxc_json_word(NOUN_COLUMN, f->diff.kind));
    json_object_set_new(first, "lane", mxc_json_size(f->diff.lane));
    json_object_set_new(first, "want", json_sprintf("%llx", (unsigned long long)f->diff.want));
    json_object_set_new(first, "got", json_sprintf("%llx", (unsigned long long)f->diff.got));
    json_object_set_new(o, "first", first);
    for (size_t i = 0; i < f->departures && i < sizeof f->departure / sizeof *f->departure; i++)
        json_array_append_new(by, mxc_json_axis_value(f->departure[i].axis, f->departure[i].value));
    json_object_set_new(o, "explained_by", by);
    return o;
}

/* ---- what was asked for, and the axes ---- */

static json_t *json_asked(const mxc_asked *asked)
{
    json_t *o = mxc_fields_json(mxc_asked_fields, asked), *packs = json_array();
    for (size_t i = 0; i < asked->packs; i++)
        json_array_append_new(packs, mxc_json_text(asked->pack[i]));
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
        json_object_set_new(value, "tally", mxc_json_tally(&tally));
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
    json_object_set_new(o, "op", mxc_json_word(NOUN_OP, row->op));
    json_object_set_new(o, "elem", mxc_json_word(NOUN_ELEM, row->elem));
    json_object_set_new(o, "type", mxc_json_word(NOUN_TYPE, row->type));
    json_object_set_new(o, "layout", mxc_json_word(NOUN_LAYOUT, row->layout));
    json_object_set_new(o, "verdict", mxc_json_word(NOUN_VERDICT, mxc_row_verdict(row, strict)));
    json_object_set_new(o, "packs", mxc_json_size(row->packs));
    json_object_set_new(o, "unsupported", mxc_json_size(row->unsupported));
    json_object_set_new(o, "not_applicable", mxc_json_size(row->not_applicable));
    json_object_set_new(o, "exhaustive", mxc_json_size(row->exhaustive));
    json_object_set_new(o, "deviations", mxc_json_size(row->deviations));
    json_object_set_new(o, "tally", mxc_json_tally(&row->tally));
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
        json_array_append_new(clauses, mxc_fields_json(mxc_clause_fields, &report->clause[i]));
    for (size_t i = 0; i < report->failures; i++)
        json_array_append_new(failures, json_failure(&report->failure[i]));
    for (size_t i = 0; i < report->axes; i++)
        json_array_append_new(counts, mxc_fields_json(mxc_axis_count_fields, &report->axis[i]));
    for (size_t i = 0; i < report->tags; i++)
        json_array_append_new(tags, mxc_fields_json(mxc_tag_fields, &report->tag[i]));
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
    json_t *o = json_object();
    json_object_set_new(o, "mxcts_report", json_integer(MXC_REPORT_VERSION));
    json_object_set_new(o, "verdict",
                        json_string(report->exit_status <= 1                  ? verdict[report->exit_status]
                                    : report->exit_status == MXC_EXIT_NOTHING ? "nothing-judged"
                                                                              : "incomplete"));
    json_object_set_new(o, "exit_status", json_integer(report->exit_status));
    mxc_fields_put(o, mxc_head_fields, report);
    json_object_set_new(o, "subject", json_subject(report));
    json_object_set_new(o, "asked", json_asked(&report->asked));
    json_object_set_new(o, "profile", json_named_profile(report->profile));
    json_object_set_new(o, "counts", mxc_fields_json(mxc_counts_fields, &report->counts));
    json_object_set_new(o, "classes", json_classes(report->class_));
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
