/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts bisect --good --bad: what changed, class by class.
 */
#include "config.h"

#include "tools/bisect_versions.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/ask.h"
#include "conformance/bisect/bisect.h"
#include "conformance/bisect/versions.h"
#include "conformance/report/json_fields.h"
#include "conformance/report/report.h"
#include "tools/explain/explain.h"

char *bisect_columns(const mx_batch *b, size_t i, int outputs)
{
    char *text = malloc((outputs ? mxv_outputs_text(b) : mxv_inputs_text(b)) + 1);
    if (text && outputs)
        mxv_format_outputs(b, NULL, i, text);
    else if (text)
        mxv_format_inputs(b, i, text);
    return text;
}

static const char *change_word(const mxc_change *c)
{
    return c->good_right ? "broken" : c->bad_right ? "mended" : "changed";
}

static const char *branch_words(const mxc_change *c)
{
    return c->kind == MX_COL_SCALE ? explain_scale_branch((mxref_scale_branch)c->branch)
                                   : explain_branch((mxref_branch)c->branch);
}

/* The stage of the wrong one of the two, found on the example. */
static mx_status change_stage(const mxc_change *c, mxc_subject *good, mxc_subject *bad, mxc_bisection *r,
                              mxv_error *error)
{
    return mxc_bisect(r, c->bad_right ? good : bad, &c->after.batch, error);
}

static void print_change(const mxc_change *c, const mxc_bisection *r)
{
    char elems[128], types[128];
    char *was = bisect_columns(&c->before.batch, 0, 1), *line = mxc_case_line(&c->after.batch, 0, &c->after.batch);
    mxc_set_text(elems, sizeof elems, c->elems, mxc_id_elem, " ");
    mxc_set_text(types, sizeof types, c->types, mxc_id_type, " ");
    printf("%s%-12s%s %s %s, %s: %zu cases of %s, %s\n",
           tool_colour(stdout, c->good_right  ? TOOL_RED
                               : c->bad_right ? TOOL_GREEN
                                              : TOOL_YELLOW),
           change_word(c), tool_colour(stdout, TOOL_PLAIN), mx_op_name(c->op),
           c->kind == MX_COL_SCALE  ? "scale"
           : c->kind == MX_COL_CODE ? "code"
                                    : "value",
           branch_words(c), c->count, elems, types);
    printf("    before   %s\n    now      %s\n", was ? was : "", line ? line : "");
    if (r->outcome == MXC_BISECTED)
        printf("    stage    %s%s: %s\n", r->stage ? mxc_stage_name(r->stage) : "unknown",
               c->bad_right ? " (of the version before)" : "", r->why);
    free(was);
    free(line);
}

static json_t *change_json(const mxc_change *c, const mxc_bisection *r)
{
    char *was = bisect_columns(&c->before.batch, 0, 1), *line = mxc_case_line(&c->after.batch, 0, &c->after.batch);
    int known = r->outcome == MXC_BISECTED && r->stage;
    json_t *out =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:s?, s:s?, s:s?, s:s?}", "change", change_word(c), "op",
                  mx_op_name(c->op), "column",
                  c->kind == MX_COL_SCALE  ? "scale"
                  : c->kind == MX_COL_CODE ? "code"
                                           : "value",
                  "branch", branch_words(c), "cases", (json_int_t)c->count, "elems", mxc_json_set(NOUN_ELEM, c->elems),
                  "types", mxc_json_set(NOUN_TYPE, c->types), "before", was, "explain", line, "stage",
                  known ? mxc_stage_name(r->stage) : NULL, "why", known ? r->why : NULL);
    free(was);
    free(line);
    return out;
}

static void print_shapes(const char *words, const mx_batch *shape, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%-12s %s %s %s\n", words, mx_op_name(shape[i].op), mx_elem_name(shape[i].elem),
               mx_type_name(shape[i].type));
}

static json_t *shapes_json(const mx_batch *shape, size_t n)
{
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(out, json_sprintf("%s:%s:%s", mx_op_name(shape[i].op), mx_elem_name(shape[i].elem),
                                                mx_type_name(shape[i].type)));
    return out;
}

static int print_versions(const mxc_versions *v, mxc_subject *good, mxc_subject *bad, int json, mxv_error *error)
{
    json_t *changes = json_array();
    int same = !v->differ && !v->losses && !v->gains;
    for (size_t i = 0; i < v->changes; i++) {
        mxc_bisection r = {0};
        mx_status status = change_stage(&v->change[i], good, bad, &r, error);
        if (status == MX_OK && json)
            json_array_append_new(changes, change_json(&v->change[i], &r));
        else if (status == MX_OK)
            print_change(&v->change[i], &r);
        mxc_bisection_free(&r);
        if (status != MX_OK)
            return json_decref(changes), ask_failed(bad, "bisect", status, error);
    }
    if (json) {
        int status =
            tool_json(json_pack("{s:b, s:I, s:I, s:o, s:o, s:o}", "same", same, "cases", (json_int_t)v->cases, "differ",
                                (json_int_t)v->differ, "changes", changes, "no_longer_taken",
                                shapes_json(v->lost, v->losses), "newly_taken", shapes_json(v->gained, v->gains)));
        return status == TOOL_OK && !same ? TOOL_FAIL : status;
    }
    json_decref(changes);
    print_shapes("not taken", v->lost, v->losses);
    print_shapes("newly taken", v->gained, v->gains);
    printf("%s: %zu of %zu cases are answered differently, in %zu classes\n", same ? "SAME" : "DIFFERENT", v->differ,
           v->cases, v->changes);
    return tool_finish(same ? TOOL_OK : TOOL_FAIL);
}

int bisect_versions(const ask_options *ask, const char *good_spec, const char *bad_spec, int json)
{
    mxc_subject *good = NULL, *bad = NULL;
    mxc_versions *v = calloc(1, sizeof *v);
    mxv_error error = {0};
    mx_profile profile;
    int code = v ? ask_load_profile(ask, &profile) : TOOL_ERROR;
    if (code == TOOL_OK)
        code = ask_open(&good, good_spec, ask);
    if (code == TOOL_OK)
        code = ask_open(&bad, bad_spec, ask);
    if (code == TOOL_OK) {
        profile = mxc_ask_profile(bad, &profile);
        mx_status status = mxc_versions_compare(v, good, bad, &profile, &error);
        code = status == MX_OK ? print_versions(v, good, bad, json, &error) : ask_failed(bad, "bisect", status, &error);
        mxc_versions_free(v);
    }
    mxc_subject_free(good);
    mxc_subject_free(bad);
    free(v);
    return code;
}
