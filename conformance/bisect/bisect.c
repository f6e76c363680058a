/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Asking, and the order of a bisection: does it fail, always alike, then smaller, then the stage.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/bisect/work.h"
#include "conformance/error.h"
#include "conformance/judge/compare.h"

enum { REPEATS = 4 };

/* ---- elements ---- */

static int element_column(const mx_batch *b)
{
    return b->in.value ? COL_IN_VALUE : b->in.code ? COL_IN_CODE : b->in.byte ? COL_IN_BYTE : COL_IN_SCALE;
}

static size_t element_bytes(const mx_batch *b)
{
    return b->in.value ? mx_type_bytes(b->type) : 1;
}

size_t mxcb_elements(const mx_batch *b)
{
    return b->count * mxc_cell_bytes(b, element_column(b)) / element_bytes(b);
}

uint64_t mxcb_element(const mx_batch *b, size_t j)
{
    return b->in.value ? mxc_value_bits(b->in.value, b->type, j)
                       : ((const uint8_t *)mxc_column(b, element_column(b)))[j];
}

void mxcb_set_element(const mx_batch *b, size_t j, uint64_t bits)
{
    size_t bytes = element_bytes(b);
    uint16_t half = (uint16_t)bits;
    uint32_t word = (uint32_t)bits;
    uint8_t byte = (uint8_t)bits;
    const void *from = bytes == 1   ? (void *)&byte
                       : bytes == 2 ? (void *)&half
                       : bytes == 4 ? (void *)&word
                                    : (void *)&bits;
    memcpy((char *)mxc_column(b, element_column(b)) + j * bytes, from, bytes);
}

static size_t nonzero(const mx_batch *b)
{
    size_t n = 0;
    for (size_t j = 0; j < mxcb_elements(b); j++)
        n += mxcb_element(b, j) != 0;
    return n;
}

/* ---- asking ---- */

static mxcb_class class_of(const mx_batch *b, const mxref_trace *trace, size_t cell)
{
    mxcb_class c = {1, b->out.code ? MX_COL_CODE : MX_COL_VALUE, 0, 0};
    if (b->out.scale && cell == 0)
        return (mxcb_class){1, MX_COL_SCALE, trace ? (int)trace->scale.branch : 0, 0};
    if (!trace)
        return c;
    size_t lane = cell - (b->out.scale != NULL);
    const mxref_element_trace *e = &trace->element[lane];
    c.branch = (int)e->branch;
    if (b->out.code && e->branch == MXREF_BY_ROUNDING) {
        unsigned got = b->out.code[lane] & ((1u << (mx_elem_bits(b->elem) - 1)) - 1);
        c.near = got == e->lo_code || got == e->hi_code;
    }
    return c;
}

int mxcb_same(const mxcb_class *a, const mxcb_class *b)
{
    return a->fails == b->fails && a->kind == b->kind && a->branch == b->branch && a->near == b->near;
}

/* The first wrong cell of class `as` in one case. */
static mxcb_class find_class(const mx_batch *one, const mxc_expected *want, const mxcb_class *as, mxc_diff *diff)
{
    mxref_trace *trace = NULL;
    mxcb_class found = {0};
    if (mxref_trace_case(one, &trace) != MX_OK)
        return found;
    for (size_t cell = 0; cell < mxc_cells(one); cell++) {
        if (mxc_cell_match(want, 0, cell, one))
            continue;
        mxcb_class c = class_of(one, trace, cell);
        if (found.fails && !(as && mxcb_same(&c, as)))
            continue;
        size_t lane = cell - (one->out.scale != NULL);
        int is_scale = c.kind == MX_COL_SCALE, is_code = c.kind == MX_COL_CODE;
        found = c;
        diff->kind = c.kind;
        diff->lane = is_scale ? 0 : lane;
        diff->got = is_scale  ? one->out.scale[0]
                    : is_code ? one->out.code[lane]
                              : mxc_value_bits(one->out.value, one->type, lane);
        const mx_outputs *out = &want->store.batch.out;
        diff->want = is_scale ? out->scale[0] : is_code ? out->code[lane] : mxc_value_bits(out->value, one->type, lane);
        if (!as || mxcb_same(&c, as) || is_scale) /* under a wrong scale the codes tell nothing */
            break;
    }
    mxref_trace_free(trace);
    return found;
}

/* Misconduct at an input that nobody typed in: which one it was. */
static mx_status say_asked(mx_status status, const mx_batch *b, size_t at, mxv_error *error)
{
    char *line = status != MX_OK && status != MX_EUNSUPPORTED ? mxc_case_line(b, at, NULL) : NULL;
    if (line && error)
        mxc_fail(error, status, "%.200s; asked: %.250s", error->text, line);
    free(line);
    return status;
}

mxcb_class mxcb_judge(mxcb_work *w, const mx_batch *b, size_t at, const mxcb_class *as, mxc_diff *diff)
{
    mxc_expected want;
    mxcb_class c = {0};
    mxc_diff own = {0};
    if (w->status == MX_OK)
        w->status = say_asked(mxc_ask(w->subject, b, w->error), b, at, w->error);
    w->to->asked += b->count;
    const mx_batch one = mxc_slice(b, at, 1);
    if (w->status != MX_OK || (w->status = mxc_expected_new(&want, &one, &b->profile)) != MX_OK)
        return c;
    if (!mxc_compare_case(&want.store.batch, &want.open, 0, &one.out, &own)) {
        if (b->layout)
            c = (mxcb_class){1, own.kind, 0, 0};
        else
            c = find_class(&one, &want, as, &own);
    }
    mxc_expected_free(&want);
    if (diff)
        *diff = own;
    return c;
}

void mxcb_restore(mxcb_work *w)
{
    for (size_t i = 0; i < w->trial.count; i++)
        mxc_copy_inputs(&w->trial, i, &w->to->small.batch, i);
}

int mxcb_passes(mxcb_work *w)
{
    mxcb_class c = mxcb_judge(w, &w->trial, w->to->at, NULL, NULL);
    mxcb_restore(w);
    return w->status == MX_OK && !c.fails;
}

int mxcb_ask(mxcb_work *w, const mx_batch *batch)
{
    mxv_error error = {0};
    if (w->status != MX_OK)
        return 0;
    w->to->asked += batch->count;
    mx_status status = mxc_ask(w->subject, batch, &error);
    if (status != MX_OK && status != MX_EUNSUPPORTED)
        w->status = say_asked(mxc_fail(w->error, status, "%s", error.text), batch, 0, w->error);
    return status == MX_OK;
}

mxc_stage mxcb_say(mxcb_work *w, mxc_stage stage, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(w->to->why, sizeof w->to->why, format, list);
    va_end(list);
    return stage;
}

/* ---- the stage ---- */

/* The layout that gives the whole answer, 0 when none does. */
static mx_layout other_layout(const mx_batch *one)
{
    const mx_op_info *op = mx_op_info_of(one->op);
    mx_layout found = (mx_layout)0;
    for (mx_layout layout = 1; layout <= MX_LAYOUT_LAST && !found; layout++) {
        mx_batch shape = *one;
        mxc_store store = {0};
        shape.layout = layout;
        if (layout == one->layout || !(op->layouts >> layout & 1) || mx_shape_check(&shape, NULL) != MX_OK ||
            mx_layout_bytes(&shape) != mx_layout_bytes(one) || mxc_store_new(&store, &shape, 1) != MX_OK)
            continue;
        mxc_copy_inputs(&store.batch, 0, one, 0);
        if (mxref_run(&store.batch, NULL) == MX_OK && mxc_compare_case(&store.batch, NULL, 0, &one->out, NULL))
            found = layout;
        mxc_store_free(&store);
    }
    return found;
}

static mxc_stage layout_stage(mxcb_work *w, const mx_batch *one)
{
    int packs = one->op == MX_OP_PACK || one->op == MX_OP_UNPACK;
    mxc_stage stage = packs ? MXC_STAGE_PACKING : MXC_STAGE_LAYOUT;
    mx_layout other = other_layout(one);
    if (other)
        return mxcb_say(w, stage, "the answer is that of layout=%s", mx_layout_name(other));
    if (w->to->small.batch.count > 1)
        return mxcb_say(w, stage, "right alone, wrong among other cases");
    return mxcb_say(w, stage, packs ? "codes in bytes" : "scales in tiles");
}

static void find_stage(mxcb_work *w)
{
    mxc_bisection *r = w->to;
    const mx_batch one = mxc_slice(&r->small.batch, r->at, 1);
    if (one.layout) {
        r->stage = layout_stage(w, &one);
        return;
    }
    r->likes = mxc_departures(&one, 0, r->like, sizeof r->like / sizeof *r->like);
    if (mxref_trace_case(&one, &w->trace) != MX_OK)
        return;
    if (r->small.batch.count > one.count || mxcb_depends_on_others(w))
        r->stage = mxcb_among_stage(w);
    else
        r->stage = r->diff.kind == MX_COL_SCALE   ? mxcb_scale_stage(w)
                   : r->diff.kind == MX_COL_VALUE ? mxcb_value_stage(w)
                                                  : mxcb_code_stage(w);
    mxref_trace_free(w->trace);
    w->trace = NULL;
}

/* ---- all of it ---- */

/* Asked again, it answers the same wherever the answer is not free. */
static int repeats(mxcb_work *w)
{
    mxc_bisection *r = w->to;
    const mx_batch first = mxc_slice(&r->small.batch, r->at, 1), again = mxc_slice(&w->trial, r->at, 1);
    mxc_expected want;
    int same = 1;
    if (w->status != MX_OK || (w->status = mxc_expected_new(&want, &first, &first.profile)) != MX_OK)
        return 0;
    for (int i = 1; i < REPEATS && w->status == MX_OK && same; i++) {
        w->status = mxc_ask(w->subject, &w->trial, w->error);
        r->asked += w->trial.count;
        same = w->status == MX_OK && mxc_compare_case(&first, &want.open, 0, &again.out, NULL);
    }
    mxc_expected_free(&want);
    if (!same && w->status == MX_OK) {
        r->outcome = MXC_BISECT_FLAKY;
        r->flaky = mxc_case_line(&again, 0, NULL);
    }
    return same;
}

/* Ask the small case and keep the answer with it. */
static mxcb_class ask_small(mxcb_work *w)
{
    mxcb_restore(w);
    mxcb_class c = mxcb_judge(w, &w->trial, w->to->at, w->class_.fails ? &w->class_ : NULL, &w->to->diff);
    for (size_t i = 0; i < w->trial.count; i++)
        mxc_copy_outputs(&w->to->small.batch, i, &w->trial, i);
    return c;
}

static void bisect(mxcb_work *w)
{
    mxc_bisection *r = w->to;
    mxcb_class c = ask_small(w);
    if (w->status != MX_OK || !repeats(w))
        return;
    if (!c.fails && !mxcb_among_others(w)) {
        r->outcome = MXC_BISECT_PASSES;
        return;
    }
    r->outcome = MXC_BISECTED;
    w->class_ = c.fails ? c : ask_small(w);
    mxcb_minimise(w);
    if (w->status != MX_OK)
        return;
    c = ask_small(w);
    if (w->status != MX_OK || !repeats(w))
        return;
    find_stage(w);
    r->nonzero = nonzero(&r->small.batch);
}

/* What the reference wants of the small case, and of those beside it. */
static mx_status fill_want(mxc_bisection *r)
{
    const mx_batch *small = &r->small.batch;
    const mx_status status = mxc_store_of(&r->want, small, NULL, small->count);
    return status == MX_OK ? mxref_run(&r->want.batch, NULL) : status;
}

mx_status mxc_bisect(mxc_bisection *result, mxc_subject *subject, const mx_batch *one, mxv_error *error)
{
    mxcb_work w = {.to = result, .subject = subject, .error = error};
    *result = (mxc_bisection){0};
    if (one->count != 1)
        return mxc_fail(error, MX_EINVAL, "wanted one case");
    mx_status status = mxc_store_new(&result->small, one, 1);
    if (status == MX_OK)
        status = mxc_store_new(&w.scratch, one, 1);
    if (status != MX_OK)
        return mxc_fail(error, status, "out of memory");
    mxc_copy_inputs(&result->small.batch, 0, one, 0);
    result->before = nonzero(one);
    w.trial = w.scratch.batch;
    bisect(&w);
    mxc_store_free(&w.scratch);
    return w.status == MX_OK ? fill_want(result) : w.status;
}

void mxc_bisection_free(mxc_bisection *result)
{
    mxc_store_free(&result->small);
    mxc_store_free(&result->want);
    free(result->flaky);
}
