/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as JSON: the fields of mxc_report under their own names, enums and axes as their words.
 */
#include "config.h"

#include <mx/conformance.h>

#include <jansson.h>

static json_t *json_size(size_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *json_tally(const mxc_tally *t)
{
    json_t *o = json_object();
    json_object_set_new(o, "cases", json_size(t->cases));
    json_object_set_new(o, "pass", json_size(t->pass));
    json_object_set_new(o, "fail", json_size(t->fail));
    json_object_set_new(o, "never", json_size(t->never));
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
    json_object_set_new(o, "spec", json_string(report->spec));
    json_object_set_new(o, "name", json_string(d->name));
    json_object_set_new(o, "version", json_string(d->version));
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
    json_object_set_new(o, "k", json_size(shape->k));
    if (shape->rows) {
        json_object_set_new(o, "rows", json_size(shape->rows));
        json_object_set_new(o, "cols", json_size(shape->cols));
    }
    json_object_set_new(o, "profile", json_profile(&shape->profile));
    return o;
}

static json_t *json_pack_result(const mxc_pack_result *p)
{
    json_t *o = json_object();
    json_object_set_new(o, "path", json_string(p->path));
    json_object_set_new(o, "sha256", json_string(p->sha256));
    json_shape(o, &p->shape);
    json_object_set_new(o, "verdict", json_string(mxc_verdict_name(p->verdict)));
    json_object_set_new(o, "reason", json_string(p->reason));
    json_object_set_new(o, "count", json_size(p->shape.count));
    json_object_set_new(o, "tally", json_tally(&p->tally));
    json_object_set_new(o, "classes", json_classes(p->class_));
    return o;
}

static json_t *json_axis_value(mx_axis axis, unsigned value)
{
    return json_sprintf("%s=%s", mx_axis_name(axis), mx_axis_value_name(axis, value));
}

static json_t *json_failure(const mxc_failure *f)
{
    static const char *const kind[] = {"", "value", "scale", "code", "byte"};
    json_t *o = json_object(), *by = json_array();
    json_object_set_new(o, "pack", json_size(f->pack));
    json_object_set_new(o, "id", json_string(f->id));
    json_object_set_new(o, "class", json_string(mx_class_name(f->class_)));
    json_object_set_new(o, "tags", json_string(f->tags));
    json_object_set_new(o, "inputs", json_string(f->inputs));
    json_object_set_new(o, "want", json_string(f->want));
    json_object_set_new(o, "got", json_string(f->got));
    json_object_set_new(o, "cells", json_size(f->diff.cells));
    json_object_set_new(o, "first", json_sprintf("%s %zu", kind[f->diff.kind], f->diff.lane));
    for (size_t i = 0; i < f->departures && i < sizeof f->departure / sizeof *f->departure; i++)
        json_array_append_new(by, json_axis_value(f->departure[i].axis, f->departure[i].value));
    json_object_set_new(o, "explained_by", by);
    json_object_set_new(o, "line", json_string(f->line));
    return o;
}

static json_t *json_axis_count(const mxc_axis_count *c)
{
    json_t *o = json_object();
    json_object_set_new(o, "explained_by", c->axis ? json_axis_value(c->axis, c->value) : json_null());
    json_object_set_new(o, "count", json_size(c->count));
    json_object_set_new(o, "alone", json_size(c->alone));
    json_object_set_new(o, "example", json_string(c->example));
    json_object_set_new(o, "line", json_string(c->line));
    return o;
}

static json_t *json_tag(const mxc_tag_count *t)
{
    json_t *o = json_object();
    json_object_set_new(o, "tag", json_string(t->tag));
    json_object_set_new(o, "expected", json_size(t->expected));
    json_object_set_new(o, "judged", json_size(t->judged));
    json_object_set_new(o, "failed", json_size(t->failed));
    return o;
}

static void add_lists(json_t *o, const mxc_report *report)
{
    json_t *packs = json_array(), *failures = json_array(), *axes = json_array(), *tags = json_array();
    for (size_t i = 0; i < report->packs; i++)
        json_array_append_new(packs, json_pack_result(&report->pack[i]));
    for (size_t i = 0; i < report->failures; i++)
        json_array_append_new(failures, json_failure(&report->failure[i]));
    for (size_t i = 0; i < report->axes; i++)
        json_array_append_new(axes, json_axis_count(&report->axis[i]));
    for (size_t i = 0; i < report->tags; i++)
        json_array_append_new(tags, json_tag(&report->tag[i]));
    json_object_set_new(o, "packs", packs);
    json_object_set_new(o, "axes", axes);
    json_object_set_new(o, "failures", failures);
    json_object_set_new(o, "tags", tags);
}

mx_status mxc_report_json(FILE *out, const mxc_report *report)
{
    json_t *o = json_object();
    json_object_set_new(o, "mxcts_report", json_integer(1));
    json_object_set_new(o, "tool_version", json_string(PACKAGE_VERSION));
    json_object_set_new(o, "subject", json_subject(report));
    json_object_set_new(o, "strict", json_boolean(report->strict));
    json_object_set_new(o, "exit_status", json_integer(report->exit_status));
    json_object_set_new(o, "conclusion", json_string(report->conclusion));
    json_object_set_new(o, "misconduct", json_string(report->misconduct));
    /* What a subject writes need not be UTF-8; then it is left out. */
    json_t *said = report->stderr_text ? json_string(report->stderr_text) : NULL;
    json_object_set_new(o, "stderr", said ? said : json_null());
    json_object_set_new(o, "milliseconds", json_integer((json_int_t)(report->seconds * 1000)));
    json_object_set_new(o, "tally", json_tally(&report->tally));
    json_object_set_new(o, "classes", json_classes(report->class_));
    json_object_set_new(o, "deviations", json_size(report->deviations));
    json_object_set_new(o, "diagnosed", json_size(report->diagnosed));
    add_lists(o, report);
    int failed = json_dumpf(o, out, JSON_INDENT(2)) != 0;
    json_decref(o);
    return failed || fputc('\n', out) == EOF || ferror(out) ? MX_EIO : MX_OK;
}
