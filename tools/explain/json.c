/* SPDX-License-Identifier: BSD-3-Clause
 *
 * explain for programs. Exact values are strings; bits are hex strings.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/report/json_fields.h"
#include "tools/explain/explain.h"

static void put(json_t *to, const char *key, json_t *value)
{
    json_object_set_new(to, key, value);
}

/* {"exact": "464", "hex": "0x1.dp+8"} */
static json_t *exact(mpq_srcptr value)
{
    char text[EXACT_TEXT], hex[EXACT_TEXT];
    exact_text(text, value);
    exact_hex(hex, value, 0);
    return hex[0] ? json_pack("{s:s, s:s}", "exact", text, "hex", hex) : json_pack("{s:s}", "exact", text);
}

static json_t *profile_json(const mx_profile *p)
{
    json_t *out = json_object();
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++) {
        char value[MX_VALUE_TEXT];
        put(out, mx_axis_name(axis), json_string(mx_profile_value(p, axis, value)));
    }
    return out;
}

static json_t *scale_json(const explain *x)
{
    const mxref_scale_trace *s = &x->trace->scale;
    json_t *out = json_object();
    put(out, "byte", json_sprintf("%02x", s->byte));
    put(out, "free", json_boolean(s->open));
    put(out, "branch", json_string(explain_scale_branch(s->branch)));
    if (s->branch == MXREF_SCALE_GIVEN)
        return out;
    put(out, "amax", exact(s->amax));
    put(out, "amax_lane", s->amax_index == (size_t)-1 ? json_null() : json_integer((json_int_t)s->amax_index));
    if (s->branch != MXREF_SCALE_RULE && s->branch != MXREF_SCALE_UNDER && s->branch != MXREF_SCALE_OVER)
        return out;
    put(out, "log2_of", exact(s->rounded));
    put(out, "log2_lo", json_integer(s->log2_lo));
    put(out, "log2_hi", json_integer(s->log2_hi));
    put(out, "exponent", json_integer(s->exponent));
    put(out, "clamped", json_integer(s->clamped));
    return out;
}

static void put_neighbours(json_t *out, const explain *x, const mxref_element_trace *e)
{
    char text[EXACT_TEXT];
    mpq_t unit, magnitude;
    put(out, "lo", exact(e->lo));
    put(out, "hi", exact(e->hi));
    if (mpq_equal(e->lo, e->hi))
        return;
    mpq_inits(unit, magnitude, NULL);
    mpq_sub(unit, e->hi, e->lo);
    mpq_abs(magnitude, e->quotient);
    put(out, "midpoint", exact(e->midpoint));
    put(out, "unit", exact(unit));
    exact_binary(text, magnitude, unit);
    put(out, "kept_guard_sticky", json_string(text));
    if (x->op->encodes) {
        put(out, "lo_code", json_sprintf("%02x", e->lo_code));
        put(out, "hi_code", json_sprintf("%02x", e->hi_code));
    }
    put(out, "remainder", json_integer(e->remainder));
    put(out, "tie", json_boolean(e->tie));
    explain_probability(text, e);
    if (text[0])
        put(out, "fraction", json_string(text));
    mpq_clears(unit, magnitude, NULL);
}

static json_t *element_json(const explain *x, size_t lane)
{
    const mx_batch *b = &x->pack->batch;
    const mxref_element_trace *e = &x->trace->element[lane];
    char words[EXPLAIN_WORDS], text[EXACT_TEXT];
    json_t *out = json_object();
    put(out, "lane", json_integer((json_int_t)lane));
    put(out, "source",
        json_sprintf("%0*llx", x->op->encodes ? (int)explain_digits(b->type) : 2,
                     (unsigned long long)explain_input(x, lane)));
    put(out, "kind", json_string(explain_kind(e->kind)));
    put(out, "value", exact(e->source));
    if (x->op->op == MX_OP_SCALE)
        return out;
    put(out, "quotient", exact(e->quotient));
    if (e->branch == MXREF_BY_EXACT || e->branch == MXREF_BY_ROUNDING || e->branch == MXREF_BY_SATURATION ||
        e->branch == MXREF_BY_OVERFLOW || e->branch == MXREF_BY_DIRECTED || e->branch == MXREF_BY_FLUSH_OUT ||
        e->branch == MXREF_BY_DECODE_OVER)
        put_neighbours(out, x, e);
    explain_decision(words, x, e);
    put(out, "decision", json_string(words));
    put(out, "clause", json_string(explain_clause(x, e)));
    put(out, "ternary", json_integer(e->ternary));
    put(out, "free", json_boolean(e->open));
    put(out, "answer",
        json_sprintf("%0*llx", x->op->encodes ? 2 : (int)explain_digits(b->type), (unsigned long long)e->bits));
    if (x->op->encodes)
        explain_code(text, x, (unsigned)e->bits);
    else
        explain_value(text, b->type, e->bits);
    put(out, "answer_value", json_string(text));
    return out;
}

static json_t *others_json(const explain_others *others)
{
    json_t *out = json_array();
    for (size_t i = 0; i < others->rows; i++) {
        const explain_other *o = &others->row[i];
        json_t *row = json_pack("{s:s, s:s, s:b, s:b}", "axis", mx_axis_name(o->axis), "value",
                                mx_axis_value_name(o->axis, o->value), "changes", o->outputs != NULL,
                                "is_the_subjects_answer", o->is_the_other);
        if (o->outputs)
            put(row, "outputs", json_string(o->outputs));
        json_array_append_new(out, row);
    }
    return out;
}

void explain_put_columns(json_t *out, const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    size_t in = mxv_inputs_text(b), to = mxv_outputs_text(b);
    char *text = malloc(in > to ? in : to);
    if (!text)
        return;
    mxv_format_inputs(b, 0, text);
    put(out, "inputs", json_string(text));
    mxv_format_outputs(b, &x->pack->open, 0, text);
    put(out, "reference", json_string(text));
    if (x->recorded)
        put(out, "pack_outputs", json_string(x->recorded));
    if (x->other) {
        mxv_format_outputs(&x->other->batch, NULL, 0, text);
        put(out, "subject", json_string(text));
        put(out, "same", json_boolean(mxc_compare(x->pack, 0, &x->other->batch.out, NULL)));
    }
    free(text);
}

json_t *explain_head_json(const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    json_t *out = json_object();
    if (x->id[0])
        put(out, "case",
            json_pack("{s:s, s:s, s:s, s:o}", "id", x->id, "class", mx_class_name(x->class_), "tags", x->tags, "pack",
                      mxc_json_text(x->where)));
    put(out, "op", json_string(mx_op_name(b->op)));
    if (b->elem)
        put(out, "elem", json_string(mx_elem_name(b->elem)));
    if (b->type)
        put(out, "type", json_string(mx_type_name(b->type)));
    if (b->layout)
        put(out, "layout", json_string(mx_layout_name(b->layout)));
    if (b->rows) {
        put(out, "rows", json_integer((json_int_t)b->rows));
        put(out, "cols", json_integer((json_int_t)b->cols));
    } else {
        put(out, "k", json_integer((json_int_t)b->k));
    }
    return out;
}

json_t *explain_json(const explain *x, const explain_others *others)
{
    json_t *out = explain_head_json(x), *elements = json_array();
    put(out, "profile", profile_json(&x->pack->batch.profile));
    explain_put_columns(out, x);
    if (x->op->is_block || x->op->op == MX_OP_SCALED_CAST)
        put(out, "scale", scale_json(x));
    for (size_t i = 0; i < x->trace->k; i++)
        json_array_append_new(elements, element_json(x, i));
    put(out, "elements", elements);
    put(out, "alternatives", others_json(others));
    return out;
}
