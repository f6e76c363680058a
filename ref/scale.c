/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The scale byte of a block (MX v1.0 section 6.3; stages in the order of D1).
 */
#include "ref/internal.h"

/* Exactly: MPFR holds x as m * 2^e with 1/2 <= m < 1. */
static int floor_log2(mpfr_srcptr x)
{
    return (int)mpfr_get_exp(x) - 1;
}

static int ceil_log2(mpfr_srcptr x)
{
    int floor = floor_log2(x);

    return mpfr_cmp_ui_2exp(x, 1, floor) == 0 ? floor : floor + 1;
}

mpfr_prec_t mxref_even_bits(const mx_facts *facts)
{
    return 1 + (mpfr_prec_t)facts->mbits;
}

/* D6: the floor rule on A rounded to the element's width, carry included. */
static int exponent_even(mpfr_srcptr amax, const mx_facts *facts)
{
    mpfr_t rounded;
    int exponent;

    mpfr_init2(rounded, mxref_even_bits(facts));
    mpfr_set(rounded, amax, MPFR_RNDN);
    exponent = floor_log2(rounded);
    mpfr_clear(rounded);
    return exponent;
}

/* The smallest e with A <= maxnormal * 2^e. */
static int exponent_rceil(mxref_context *context)
{
    mpfr_srcptr max_normal = context->grid.value[context->facts->max_code];
    int exponent = floor_log2(context->amax) - floor_log2(max_normal);

    /* A / maxnormal lies in (2^(exponent-1), 2^(exponent+1)) */
    mpfr_mul_2si(context->t, max_normal, exponent, MPFR_RNDN);
    return mpfr_cmp(context->amax, context->t) <= 0 ? exponent : exponent + 1;
}

static int exponent_exact(mxref_context *context)
{
    _Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "a case for each scale rule");
    switch (context->profile->scale) {
    case MX_SCALE_FLOOR: /* MX-6.3-b: largest power of two <= A, over the largest power of two of the format */
        return floor_log2(context->amax) - context->emax;
    case MX_SCALE_CEIL:
        return ceil_log2(context->amax) - context->emax;
    case MX_SCALE_EVEN:
        return exponent_even(context->amax, context->facts) - context->emax;
    default: /* MX_SCALE_RCEIL */
        return exponent_rceil(context);
    }
}

/* D1.6: the rule, then the ends of E8M0. */
static void apply_rule(mxref_context *context, mxref_scale *scale)
{
    const mx_scale_facts *e8m0 = mxref_scale_facts();

    switch (context->profile->scale_arith) {
    case MX_ARITH_EXACT:
        scale->exponent = exponent_exact(context);
        break;
    case MX_ARITH_F32:
        scale->exponent = mxref_exponent_f32(context);
        break;
    default: /* MX_ARITH_LOG2F */
        scale->exponent = mxref_exponent_log2f(context);
    }
    scale->clamped = scale->exponent;
    scale->branch = MXREF_SCALE_RULE;
    if (scale->exponent == MXREF_ARITH_NAN) { /* D4: exponent field 255, whatever scale-over says */
        scale->branch = MXREF_SCALE_ARITH;
        scale->exponent = scale->clamped = (int)e8m0->nan_code - e8m0->bias;
    } else if (scale->exponent < e8m0->emin) {
        scale->branch = MXREF_SCALE_UNDER;
        scale->clamped = e8m0->emin;
    } else if (scale->exponent > e8m0->emax) {
        scale->branch = MXREF_SCALE_OVER;
        scale->clamped = context->profile->scale_over == MX_SCALE_OVER_CLAMP ? e8m0->emax : e8m0->emax + 1;
    }
    scale->byte = (uint8_t)(scale->clamped + e8m0->bias); /* emax + 1 is the NaN code */
}

static uint8_t zero_scale(const mxref_context *context)
{
    int bias = mxref_scale_facts()->bias;

    switch (context->profile->zero_scale) {
    case MX_ZERO_SCALE_00:
        return 0;
    case MX_ZERO_SCALE_7F:
        return (uint8_t)bias;
    default: /* MX_ZERO_SCALE_ONE_EMAX */
        return (uint8_t)(bias - context->emax);
    }
}

/* What a block holds. A is left in context->amax. */
typedef struct contents {
    int has_nan, has_inf;
    size_t amax_index;
    int amax_subnormal;
} contents;

static contents survey(mxref_context *context, size_t first)
{
    contents found = {.amax_index = (size_t)-1};

    mpfr_set_zero(context->amax, 1);
    for (size_t j = 0; j < context->batch->k; j++) {
        uint64_t bits = mxref_type_get(context->batch->in.value, context->type, first + j);
        mxref_source source = mxref_type_load(context->x, context->type, bits);
        if (source.kind == MXREF_NAN)
            found.has_nan = 1;
        else if (source.kind == MXREF_INF)
            found.has_inf = 1;
        else if (!mxref_flushes(context, source) && mpfr_cmp(context->x, context->amax) > 0) {
            mpfr_swap(context->x, context->amax);
            found.amax_index = j;
            found.amax_subnormal = source.kind == MXREF_SUBNORMAL;
        }
    }
    return found;
}

mxref_scale mxref_scale_block(mxref_context *context, size_t first)
{
    const mx_scale_facts *e8m0 = mxref_scale_facts();
    const mx_profile *profile = context->profile;
    contents found = survey(context, first);
    mxref_scale scale = {.amax_index = found.amax_index};

    if (found.has_nan && profile->nan_in == MX_NAN_IN_BLOCK_NAN) {
        scale.branch = MXREF_SCALE_NAN;
        scale.byte = (uint8_t)e8m0->nan_code;
    } else if (found.has_inf && profile->inf_in == MX_INF_IN_BLOCK_NAN) {
        scale.branch = MXREF_SCALE_INF;
        scale.byte = (uint8_t)e8m0->nan_code;
    } else if (found.has_inf && profile->inf_in == MX_INF_IN_MAX_SCALE) {
        scale.branch = MXREF_SCALE_INF;
        scale.byte = (uint8_t)e8m0->max_code;
    } else if (found.amax_index == (size_t)-1) {
        scale.branch = MXREF_SCALE_ZERO;
        scale.byte = zero_scale(context);
    } else if (found.amax_subnormal && profile->subnormal_in == MX_SUBNORMAL_IN_FLUSH_BLOCK) {
        scale.branch = MXREF_SCALE_FLUSHED;
        scale.flushed = 1;
        scale.byte = 0;
    } else {
        apply_rule(context, &scale);
        return scale;
    }
    scale.exponent = scale.clamped = scale.byte - e8m0->bias;
    return scale;
}
