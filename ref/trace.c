/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The trace: one case, every stage in exact rationals. The answers come from the functions that mxref_run uses; this
 * file only writes down what they saw.
 */
#include "ref/internal.h"

#include <stdlib.h>

mx_status mxref_type_value(mpq_t value, mx_type type, uint64_t bits)
{
    const mxref_type_row *row = mxref_type(type);
    mxref_source source;
    mpfr_t x;

    if (!row || (row->bits < 64 && bits >> row->bits != 0))
        return MX_EINVAL;
    mpfr_init2(x, MXREF_PREC);
    source = mxref_type_load(x, row, bits);
    if (source.kind != MXREF_NAN && source.kind != MXREF_INF) {
        mpfr_get_q(value, x);
        if (source.negative)
            mpq_neg(value, value);
    }
    mpfr_clear(x);
    return source.kind == MXREF_NAN || source.kind == MXREF_INF ? MX_EINVAL : MX_OK;
}

mx_status mxref_code_value(mpq_t value, mx_elem elem, unsigned int8_axis, unsigned code)
{
    const mx_facts *facts = mxref_facts(elem);
    unsigned magnitude;
    mxref_source source;
    mpfr_t x;

    if (!facts || !mxref_int8(int8_axis) || code >> facts->bits != 0)
        return MX_EINVAL;
    source = mxref_code_split(facts, code, &magnitude);
    if (source.kind == MXREF_NAN || source.kind == MXREF_INF)
        return MX_EINVAL;
    mpfr_init2(x, MXREF_PREC);
    mxref_code_pattern(x, facts, int8_axis, magnitude);
    mpfr_get_q(value, x);
    if (source.negative)
        mpq_neg(value, value);
    mpfr_clear(x);
    return MX_OK;
}

static void scale_init(mxref_scale_trace *scale)
{
    mpq_init(scale->amax);
    mpq_init(scale->rounded);
}

static void element_init(mxref_element_trace *element)
{
    mpq_init(element->source);
    mpq_init(element->quotient);
    mpq_init(element->lo);
    mpq_init(element->hi);
    mpq_init(element->midpoint);
}

static void element_clear(mxref_element_trace *element)
{
    mpq_clear(element->source);
    mpq_clear(element->quotient);
    mpq_clear(element->lo);
    mpq_clear(element->hi);
    mpq_clear(element->midpoint);
}

void mxref_trace_free(mxref_trace *trace)
{
    if (!trace)
        return;
    for (size_t j = 0; j < trace->k; j++)
        element_clear(&trace->element[j]);
    mpq_clear(trace->scale.amax);
    mpq_clear(trace->scale.rounded);
    free(trace->element);
    free(trace);
}

static mxref_trace *trace_new(size_t k)
{
    mxref_trace *trace = calloc(1, sizeof *trace);

    if (!trace)
        return NULL;
    trace->element = calloc(k, sizeof *trace->element);
    if (!trace->element) {
        free(trace);
        return NULL;
    }
    trace->k = k;
    scale_init(&trace->scale);
    for (size_t j = 0; j < k; j++)
        element_init(&trace->element[j]);
    return trace;
}

/* What the rule takes the logarithm of, and the powers of two around it. */
static void trace_logarithm(const mxref_context *context, mxref_scale_trace *scale)
{
    mpfr_t rounded;
    mpq_t power;

    mpq_set(scale->rounded, scale->amax);
    if (context->profile->scale == MX_SCALE_EVEN) {
        mpfr_init2(rounded, mxref_even_bits(context->facts));
        mpfr_set(rounded, context->amax, MPFR_RNDN);
        mpfr_get_q(scale->rounded, rounded);
        mpfr_clear(rounded);
    } else if (context->profile->scale == MX_SCALE_RCEIL) {
        mpq_init(power);
        mpfr_get_q(power, context->grid.value[context->facts->max_code]);
        mpq_div(scale->rounded, scale->rounded, power);
        mpq_clear(power);
    }
    /* 2^(a - b - 1) < num/den for numbers of a and b bits: a power to begin with */
    scale->log2_lo =
        (int)mpz_sizeinbase(mpq_numref(scale->rounded), 2) - (int)mpz_sizeinbase(mpq_denref(scale->rounded), 2) - 1;
    mpq_init(power);
    for (;; scale->log2_lo++) { /* the largest power of two that is not above */
        mpq_set_ui(power, 1, 1);
        if (scale->log2_lo + 1 >= 0)
            mpq_mul_2exp(power, power, (unsigned long)(scale->log2_lo + 1));
        else
            mpq_div_2exp(power, power, (unsigned long)-(scale->log2_lo + 1));
        if (mpq_cmp(power, scale->rounded) > 0)
            break;
    }
    mpq_div_2exp(power, power, 1);
    scale->log2_hi = scale->log2_lo + (mpq_equal(power, scale->rounded) ? 0 : 1);
    mpq_clear(power);
}

static void trace_scale(const mxref_context *context, const mxref_scale *from, mxref_scale_trace *scale)
{
    scale->branch = from->branch;
    scale->amax_index = from->amax_index;
    scale->exponent = from->exponent;
    scale->clamped = from->clamped;
    scale->byte = from->byte;
    if (from->amax_index == (size_t)-1)
        return;
    mpfr_get_q(scale->amax, context->amax);
    trace_logarithm(context, scale);
}

/* Neighbours of the quotient among the codes, or among the values of the target type. */
static void trace_place(mxref_context *context, const mxref_answer *answer, int decoding, mxref_element_trace *element)
{
    const mxref_place *place = &answer->place;

    if (decoding) {
        mxref_type_pattern(context->t, context->type, place->lo);
        mxref_type_pattern(context->u, context->type, place->hi);
    } else {
        mpfr_set(context->t, context->grid.value[place->lo], MPFR_RNDN);
        mpfr_set(context->u, context->grid.value[place->hi], MPFR_RNDN);
        element->lo_code = (unsigned)place->lo;
        element->hi_code = (unsigned)place->hi;
    }
    mpfr_get_q(element->lo, context->t);
    mpfr_get_q(element->hi, context->u);
    mpq_add(element->midpoint, element->lo, element->hi);
    mpq_div_2exp(element->midpoint, element->midpoint, 1);
    element->remainder = place->remainder;
    element->tie = !place->exact && place->remainder == 0;
}

/* Sign of (answer - quotient); 0 when the answer is free or NaN, or the source is NaN or Inf. */
static int ternary(const mxref_context *context, const mxref_answer *answer, int decoding, const mpq_t quotient)
{
    mx_status status;
    mpq_t value;
    int sign;

    if (answer->open || answer->source.kind == MXREF_NAN || answer->source.kind == MXREF_INF)
        return 0;
    mpq_init(value);
    status = decoding ? mxref_type_value(value, context->batch->type, answer->bits)
                      : mxref_code_value(value, context->batch->elem, context->profile->int8, (unsigned)answer->bits);
    sign = mpq_cmp(value, quotient);
    mpq_clear(value);
    if (status == MX_OK)
        return (sign > 0) - (sign < 0);
    if (answer->branch == MXREF_BY_DECODE_OVER || (answer->branch == MXREF_BY_OVERFLOW && context->facts->has_inf))
        return answer->source.negative ? -1 : 1; /* Inf */
    return 0;
}

static void trace_source(mxref_context *context, size_t index, int decoding, mxref_element_trace *element)
{
    const mx_batch *batch = context->batch;

    if (decoding)
        (void)mxref_code_value(element->source, batch->elem, batch->profile.int8, batch->in.code[index]);
    else
        (void)mxref_type_value(element->source, batch->type, mxref_type_get(batch->in.value, context->type, index));
}

static void trace_element(mxref_context *context, const mxref_scale *scale, size_t index, mxref_element_trace *element)
{
    const mx_batch *batch = context->batch;
    int decoding = batch->op == MX_OP_DECODE || batch->op == MX_OP_DEQUANTIZE;
    mxref_answer answer = mxref_case_element(context, scale, index);

    trace_source(context, index, decoding, element);
    element->kind = answer.source.kind;
    element->negative = answer.source.negative;
    element->branch = answer.branch;
    element->open = (uint8_t)answer.open;
    element->bits = answer.open ? 0 : answer.bits;
    element->random = batch->in.random ? batch->in.random[index] : 0;
    mpfr_get_q(element->quotient, context->quotient);
    if (answer.source.negative)
        mpq_neg(element->quotient, element->quotient);
    if (answer.placed)
        trace_place(context, &answer, decoding, element);
    if (answer.branch != MXREF_BY_NAN_SCALE)
        element->ternary = ternary(context, &answer, decoding, element->quotient);
}

/* Operation `scale`: the sources as the survey saw them. */
static void trace_source_only(mxref_context *context, size_t index, mxref_element_trace *element)
{
    uint64_t bits = mxref_type_get(context->batch->in.value, context->type, index);
    mxref_source source = mxref_type_load(context->x, context->type, bits);

    trace_source(context, index, 0, element);
    element->kind = source.kind;
    element->negative = source.negative;
    if (source.kind == MXREF_NAN)
        element->branch = MXREF_BY_NAN;
    else if (source.kind == MXREF_INF)
        element->branch = MXREF_BY_INF;
    else if (source.kind == MXREF_ZERO)
        element->branch = MXREF_BY_ZERO;
    else
        element->branch = mxref_flushes(context, source) ? MXREF_BY_FLUSH_IN : MXREF_BY_EXACT;
}

/* A batch is checked with its outputs in place; this gives it some. */
static mx_status with_outputs(mx_batch *batch, void *storage, uint8_t *scale)
{
    const mx_op_info *info = mx_op_info_of(batch->op);

    batch->out = (mx_outputs){0};
    for (size_t c = 0; info && c < info->n_out; c++) {
        if (info->out[c].kind == MX_COL_VALUE)
            batch->out.value = storage;
        else if (info->out[c].kind == MX_COL_CODE)
            batch->out.code = storage;
        else
            batch->out.scale = scale;
    }
    return mx_batch_check(batch, NULL);
}

mx_status mxref_trace_case(const mx_batch *batch, mxref_trace **trace)
{
    mx_batch single;
    mxref_context context;
    mxref_scale scale;
    mxref_trace *made;
    mx_status status;
    uint8_t byte;
    void *storage;

    if (!batch || !trace || batch->count != 1 || batch->k == 0 || batch->k > MX_BLOCK_MAX)
        return MX_EINVAL;
    if (batch->layout)
        return MX_EUNSUPPORTED;
    single = *batch;
    storage = calloc(single.k, sizeof(uint64_t));
    if (!storage)
        return MX_ENOMEM;
    status = with_outputs(&single, storage, &byte);
    free(storage);
    single.out = (mx_outputs){0};
    if (status != MX_OK)
        return status;
    made = trace_new(single.k);
    if (!made)
        return MX_ENOMEM;
    mxref_context_init(&context, &single);
    scale = mxref_case_scale(&context, 0);
    trace_scale(&context, &scale, &made->scale);
    for (size_t j = 0; j < single.k; j++) {
        if (single.op == MX_OP_SCALE)
            trace_source_only(&context, j, &made->element[j]);
        else
            trace_element(&context, &scale, j, &made->element[j]);
    }
    mxref_context_clear(&context);
    *trace = made;
    return MX_OK;
}
