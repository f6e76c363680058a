/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Delta debugging of one case: a smaller input is kept when it fails in the same class, which is the output column and
 * the branch of the reference that decides the cell.
 */
#include "config.h"

#include "conformance/bisect.h"

#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/ask.h"
#include "conformance/compare.h"
#include "conformance/error.h"

static const int fraction_bits[] = {0, 23, 7, 10, 52};

/* What must stay the same while a case gets smaller. */
typedef struct class {
    int fails;
    mx_column_kind kind;
    int branch;
} class;

typedef struct work {
    mxc_bisection *to;
    mxc_subject *subject;
    mxv_error *error;
    class class_;
    mx_status status;
} work;

/* ---- elements ---- */

static uint64_t element(const mx_batch *b, size_t j)
{
    return b->in.value ? mxc_value_bits(b->in.value, b->type, j) : b->in.code[j];
}

static void set_element(const mx_batch *b, size_t j, uint64_t bits)
{
    size_t bytes = b->in.value ? mx_type_bytes(b->type) : 1;
    uint16_t half = (uint16_t)bits;
    uint32_t word = (uint32_t)bits;
    uint8_t byte = (uint8_t)bits;
    const void *from = bytes == 1   ? (void *)&byte
                       : bytes == 2 ? (void *)&half
                       : bytes == 4 ? (void *)&word
                                    : (void *)&bits;
    memcpy((char *)mxc_column(b, b->in.value ? COL_IN_VALUE : COL_IN_CODE) + j * bytes, from, bytes);
}

static size_t count_nonzero(const mx_batch *b)
{
    size_t n = 0;
    for (size_t j = 0; j < b->k; j++)
        n += element(b, j) != 0;
    return n;
}

/* ---- asking ---- */

/* Ask `b` (outputs are written) and class the failure. */
static class judge(work *w, const mx_batch *b, mxc_diff *diff)
{
    mxc_expected want;
    mxref_trace *trace = NULL;
    class c = {0};
    mxc_diff own = {0};
    if (w->status == MX_OK)
        w->status = mxc_ask(w->subject, b, w->error);
    w->to->asked++;
    if (w->status != MX_OK || mxc_expected_new(&want, b, &b->profile) != MX_OK)
        return c;
    c.fails = !mxc_compare_case(&want.store.batch, &want.open, 0, &b->out, &own);
    c.kind = own.kind;
    if (c.fails && mxref_trace_case(b, &trace) == MX_OK) {
        int is_scale = own.kind == MX_COL_SCALE;
        c.branch = is_scale ? (int)trace->scale.branch : (int)trace->element[own.lane].branch;
        mxref_trace_free(trace);
    }
    mxc_expected_free(&want);
    if (diff)
        *diff = own;
    return c;
}

static int same(const class *a, const class *b)
{
    return a->fails == b->fails && a->kind == b->kind && a->branch == b->branch;
}

/* ---- minimising ---- */

/* Keep the trial when it still fails alike. */
static int keep(work *w, const mx_batch *trial)
{
    class c = judge(w, trial, NULL);
    int better = w->status == MX_OK && same(&c, &w->class_);
    if (better)
        mxc_copy_inputs(&w->to->small.batch, 0, trial, 0);
    else
        mxc_copy_inputs(trial, 0, &w->to->small.batch, 0);
    return better;
}

static void fewer_elements(work *w, const mx_batch *trial)
{
    for (size_t run = trial->k; run > 0 && w->status == MX_OK; run /= 2)
        for (size_t first = 0; first < trial->k && w->status == MX_OK; first += run) {
            int some = 0;
            for (size_t j = first; j < first + run && j < trial->k; j++) {
                some |= element(trial, j) != 0;
                set_element(trial, j, 0);
            }
            if (some)
                keep(w, trial);
        }
}

/* Move the exponents of all elements by `delta`; those that would leave the normal range stay. */
static int move(const mx_batch *b, int64_t delta)
{
    int p = fraction_bits[b->type];
    uint64_t sign = UINT64_C(1) << (8 * mx_type_bytes(b->type) - 1), top = (sign - 1) >> p;
    int moved = 0;
    for (size_t j = 0; j < b->k; j++) {
        uint64_t bits = element(b, j), field = (bits & (sign - 1)) >> p;
        int64_t to = (int64_t)field + delta;
        if (!field || field == top || to < 1 || to >= (int64_t)top)
            continue;
        set_element(b, j, (bits & ~(top << p)) | (uint64_t)to << p);
        moved = 1;
    }
    return moved;
}

static void nearer_one(work *w, const mx_batch *trial)
{
    int p = fraction_bits[trial->type];
    uint64_t sign = UINT64_C(1) << (8 * mx_type_bytes(trial->type) - 1), largest = 0;
    for (size_t j = 0; j < trial->k; j++) {
        uint64_t magnitude = element(trial, j) & (sign - 1);
        largest = magnitude > largest ? magnitude : largest;
    }
    int64_t far = (int64_t)((sign - 1) >> p) / 2 - (int64_t)(largest >> p);
    for (int64_t delta = far; delta && w->status == MX_OK; delta /= 2)
        if (move(trial, delta) && keep(w, trial))
            return;
}

static void simpler_bits(work *w, const mx_batch *trial)
{
    unsigned width = trial->in.value ? (unsigned)fraction_bits[trial->type] : mx_elem_bits(trial->elem) - 1;
    uint64_t sign = UINT64_C(1) << (trial->in.value ? 8 * mx_type_bytes(trial->type) - 1 : width);
    if (trial->in.value)
        nearer_one(w, trial);
    for (size_t j = 0; j < trial->k; j++) {
        for (unsigned bit = 0; bit < width && w->status == MX_OK; bit++)
            if (element(trial, j) >> bit & 1) {
                set_element(trial, j, element(trial, j) & ~(UINT64_C(1) << bit));
                keep(w, trial);
            }
        if (element(trial, j) & sign && w->status == MX_OK) {
            set_element(trial, j, element(trial, j) & ~sign);
            keep(w, trial);
        }
    }
    if (trial->in.scale && trial->in.scale[0] != 0x7f && w->status == MX_OK) {
        *(uint8_t *)mxc_column(trial, COL_IN_SCALE) = 0x7f;
        keep(w, trial);
    }
}

/* ---- the stage ---- */

static int passes(work *w, const mx_batch *trial)
{
    class c = judge(w, trial, NULL);
    mxc_copy_inputs(trial, 0, &w->to->small.batch, 0);
    return w->status == MX_OK && !c.fails;
}

static mxc_stage say(work *w, mxc_stage stage, const char *why)
{
    mxc_say(w->to->why, sizeof w->to->why, "%s", why);
    return stage;
}

/* The block with |A| in every lane. */
static int passes_everywhere(work *w, const mx_batch *trial, const mxref_trace *trace)
{
    uint64_t sign = UINT64_C(1) << (8 * mx_type_bytes(trial->type) - 1);
    size_t at = trace->scale.amax_index < trial->k ? trace->scale.amax_index : 0;
    uint64_t largest = element(trial, at) & (sign - 1);
    for (size_t j = 0; j < trial->k; j++)
        set_element(trial, j, largest);
    return passes(w, trial);
}

/* Another value of some axis gives the whole answer. */
static int has_departure(const work *w)
{
    mxc_departure found;
    return mxc_departures(&w->to->small.batch, 0, &found, 1) > 0;
}

static mxc_stage scale_stage(work *w, const mx_batch *trial, const mxref_trace *trace)
{
    switch ((int)trace->scale.branch) {
    case MXREF_SCALE_NAN:
    case MXREF_SCALE_INF:
        if (!has_departure(w))
            return say(w, MXC_STAGE_SCALE_CODE,
                       "the block holds NaN or Inf, and no way of handling them gives this byte");
        return say(w, MXC_STAGE_SPECIAL, "the block holds NaN or Inf, which alone decides its scale");
    case MXREF_SCALE_ZERO:
        return say(w, MXC_STAGE_CLAMP, "nothing in the block is finite and nonzero");
    case MXREF_SCALE_UNDER:
    case MXREF_SCALE_OVER:
        return say(w, MXC_STAGE_CLAMP, "the exponent is outside what a scale can hold");
    default:
        break;
    }
    if (trial->k > 1 && passes_everywhere(w, trial, trace))
        return say(w, MXC_STAGE_AMAX,
                   "the scale is right when every lane holds +A: the largest magnitude is not found");
    if (trace->scale.exponent <= -127 || trace->scale.byte >= 254)
        return say(w, MXC_STAGE_CLAMP, "the exponent is the lowest or highest of a scale");
    size_t at = trace->scale.amax_index;
    if (at < trial->k && trace->element[at].kind == MXREF_SUBNORMAL)
        return say(w, MXC_STAGE_AMAX, "A is subnormal");
    return say(w, MXC_STAGE_EXPONENT, "A alone gives the wrong scale, within the range of scales");
}

static mxc_stage decode_stage(work *w, const mx_batch *trial, const mxref_element_trace *e)
{
    size_t lane = w->to->diff.lane;
    uint64_t got = w->to->diff.got, code = element(trial, lane);
    if (trial->in.scale && trial->in.scale[0] == 0xff)
        return say(w, MXC_STAGE_SCALE_CODE, "the scale is NaN");
    if (e->kind == MXREF_NAN || e->kind == MXREF_INF)
        return say(w, MXC_STAGE_SPECIAL, "the code is NaN or Inf");
    if (trial->k > 1) {
        for (size_t j = 0; j < trial->k; j++)
            set_element(trial, j, code);
        if (passes(w, trial))
            return say(w, MXC_STAGE_LAYOUT, "the value is right when every lane holds this code");
        for (size_t j = 0; j < trial->k; j++)
            set_element(trial, j, j == 0 ? code : 0);
        if (lane && passes(w, trial))
            return say(w, MXC_STAGE_LAYOUT, "the value is right in lane 0");
    }
    if (e->kind == MXREF_ZERO && !(got << 1))
        return say(w, MXC_STAGE_SPECIAL, "a zero");
    int plain = e->branch == MXREF_BY_EXACT;
    if (trial->in.scale && trial->in.scale[0] != 0x7f && plain) {
        *(uint8_t *)mxc_column(trial, COL_IN_SCALE) = 0x7f;
        if (passes(w, trial))
            return say(w, MXC_STAGE_SCALE_CODE, "the code is right under scale 7f, and this product is exact");
    }
    return say(w, MXC_STAGE_DECODE, "the code's value or its product with the scale is wrong");
}

/* The failing element in every lane. */
static int passes_filled(work *w, const mx_batch *trial)
{
    uint64_t bits = element(trial, w->to->diff.lane);
    for (size_t j = 0; j < trial->k; j++)
        set_element(trial, j, bits);
    return passes(w, trial);
}

/* The failing element in other lanes, the largest magnitude kept. */
static int passes_elsewhere(work *w, const mx_batch *trial, const mxref_trace *trace)
{
    size_t lane = w->to->diff.lane, other = trial->k;
    for (size_t j = trial->k; j-- > 0;)
        if (j != lane && j != trace->scale.amax_index)
            other = j;
    if (other == trial->k)
        return 0;
    uint64_t bits = element(trial, lane);
    if (trace->scale.amax_index != lane)
        set_element(trial, lane, 0);
    set_element(trial, other, bits);
    class c = judge(w, trial, NULL);
    mxc_expected want;
    int right = 0;
    if (w->status == MX_OK && mxc_expected_new(&want, trial, &trial->profile) == MX_OK) {
        right = mxc_cell_match(&want, 0, other + (trial->out.scale != NULL), trial);
        mxc_expected_free(&want);
    }
    (void)c;
    mxc_copy_inputs(trial, 0, &w->to->small.batch, 0);
    return right;
}

static mxc_stage code_stage(work *w, const mx_batch *trial, const mxref_trace *trace)
{
    const mxref_element_trace *e = &trace->element[w->to->diff.lane];
    unsigned sign = 1u << (mx_elem_bits(trial->elem) - 1), got = (unsigned)w->to->diff.got & (sign - 1);
    int neighbour = got == e->lo_code || got == e->hi_code;
    if (e->branch == MXREF_BY_NAN_SCALE)
        return say(w, MXC_STAGE_SPECIAL, "the scale is NaN");
    if (trial->k > 1 && !neighbour && element(trial, w->to->diff.lane) == 0 && e->branch == MXREF_BY_ZERO &&
        passes_filled(w, trial))
        return say(w, MXC_STAGE_LAYOUT, "the block is right when every lane holds the same");
    if (e->kind == MXREF_NAN || e->kind == MXREF_ZERO)
        return say(w, MXC_STAGE_SPECIAL, "the source is NaN or zero");
    if (trial->k > 1 && !neighbour &&
        (passes_elsewhere(w, trial, trace) || (trace->scale.amax_index == w->to->diff.lane && passes_filled(w, trial))))
        return say(w, MXC_STAGE_LAYOUT, "the same element is right in another lane, or when every lane holds it");
    if (e->kind == MXREF_INF)
        return say(w, trial->op != MX_OP_QUANTIZE && has_departure(w) ? MXC_STAGE_OVERFLOW : MXC_STAGE_SPECIAL,
                   "the source is Inf");
    if (e->branch == MXREF_BY_SATURATION || e->branch == MXREF_BY_OVERFLOW || e->branch == MXREF_BY_DIRECTED)
        return say(w, MXC_STAGE_OVERFLOW, "the rounded value is beyond the largest");
    if ((w->to->diff.got ^ w->to->diff.want) == sign && got == 0)
        return say(w, MXC_STAGE_SPECIAL, "the sign of a zero");
    if (e->kind == MXREF_SUBNORMAL && (got == 0 || !neighbour))
        return say(w, MXC_STAGE_QUOTIENT, "the source is subnormal");
    if (neighbour && e->branch != MXREF_BY_EXACT)
        return say(w, MXC_STAGE_ROUNDING, "the answer is the other neighbour");
    if (trace->scale.byte <= 1 || trace->scale.byte >= 253)
        return say(w, MXC_STAGE_SCALE_CODE, "the scale is at an end of its range and the answer is no neighbour");
    return say(w, MXC_STAGE_QUOTIENT, "the answer is no neighbour of the quotient");
}

static void find_stage(work *w, const mx_batch *trial)
{
    mxref_trace *trace = NULL;
    if (mxref_trace_case(&w->to->small.batch, &trace) != MX_OK)
        return;
    if (w->to->diff.kind == MX_COL_SCALE)
        w->to->stage = scale_stage(w, trial, trace);
    else if (w->to->diff.kind == MX_COL_VALUE)
        w->to->stage = decode_stage(w, trial, &trace->element[w->to->diff.lane]);
    else
        w->to->stage = code_stage(w, trial, trace);
    mxref_trace_free(trace);
}

/* ---- all of it ---- */

static int repeats(work *w, const mx_batch *trial, const mxc_diff *first)
{
    for (int i = 0; i < 3 && w->status == MX_OK; i++) {
        mxc_diff diff = {0};
        class c = judge(w, trial, &diff);
        if (!same(&c, &w->class_) || (c.fails && (diff.got != first->got || diff.lane != first->lane)))
            return 0;
    }
    return 1;
}

static void bisect(work *w, const mx_batch *trial)
{
    mxc_bisection *r = w->to;
    mxc_diff diff = {0};
    w->class_ = judge(w, trial, &diff);
    if (w->status != MX_OK)
        return;
    if (!repeats(w, trial, &diff)) {
        r->outcome = MXC_BISECT_FLAKY;
        return;
    }
    if (!w->class_.fails) {
        r->outcome = MXC_BISECT_PASSES;
        return;
    }
    r->outcome = MXC_BISECTED;
    fewer_elements(w, trial);
    simpler_bits(w, trial);
    fewer_elements(w, trial);
    class c = judge(w, trial, &r->diff);
    if (w->status == MX_OK && !same(&c, &w->class_))
        r->outcome = MXC_BISECT_FLAKY;
    mxc_copy_outputs(&r->small.batch, 0, trial, 0);
    if (w->status == MX_OK && r->outcome == MXC_BISECTED)
        find_stage(w, trial);
    r->nonzero = count_nonzero(&r->small.batch);
}

mx_status mxc_bisect(mxc_bisection *result, mxc_subject *subject, const mx_batch *one, mxv_error *error)
{
    mxc_store trial;
    work w = {.to = result, .subject = subject, .error = error, .status = MX_OK};
    *result = (mxc_bisection){0};
    if (one->count != 1 || one->layout)
        return mxc_fail(error, MX_EUNSUPPORTED, "operations with a layout have no stages");
    mx_status status = mxc_store_new(&result->small, one, 1);
    if (status == MX_OK)
        status = mxc_store_new(&result->want, one, 1);
    if (status == MX_OK)
        status = mxc_store_new(&trial, one, 1);
    if (status != MX_OK)
        return mxc_fail(error, status, "out of memory");
    mxc_copy_inputs(&result->small.batch, 0, one, 0);
    mxc_copy_inputs(&trial.batch, 0, one, 0);
    result->before = count_nonzero(one);
    bisect(&w, &trial.batch);
    mxc_copy_inputs(&result->want.batch, 0, &result->small.batch, 0);
    if (w.status == MX_OK)
        w.status = mxref_run(&result->want.batch, NULL);
    mxc_store_free(&trial);
    return w.status;
}

void mxc_bisection_free(mxc_bisection *result)
{
    mxc_store_free(&result->small);
    mxc_store_free(&result->want);
}
