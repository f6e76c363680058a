/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The operations, case by case.
 */
#include "ref/internal.h"

void mxref_context_init(mxref_context *context, const mx_batch *batch)
{
    const mx_facts *facts = mxref_facts(batch->elem);

    context->saved_emin = mpfr_get_emin();
    context->saved_emax = mpfr_get_emax();
    context->saved_flags = mpfr_flags_save();
    mpfr_set_emin(mpfr_get_emin_min());
    mpfr_set_emax(mpfr_get_emax_max());
    context->batch = batch;
    context->profile = &batch->profile;
    context->facts = facts;
    context->type = mxref_type(batch->type);
    context->emax = facts->elem == MX_INT8 ? mxref_int8(batch->profile.int8)->emax : facts->emax;
    mxref_grid_init(&context->grid, facts, &batch->profile);
    mpfr_inits2(MXREF_PREC, context->x, context->quotient, context->amax, context->t, context->u, (mpfr_ptr)0);
    mpfr_set_zero(context->amax, 1);
    mpfr_set_zero(context->t, 1);
}

void mxref_context_clear(mxref_context *context)
{
    mpfr_clears(context->x, context->quotient, context->amax, context->t, context->u, (mpfr_ptr)0);
    mxref_grid_clear(&context->grid);
    if (context->profile->scale_arith == MX_ARITH_LOG2F)
        mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); /* mpfr_log2 keeps its constants per thread */
    mpfr_set_emin(context->saved_emin);
    mpfr_set_emax(context->saved_emax);
    mpfr_flags_restore(context->saved_flags, MPFR_FLAGS_ALL);
}

mxref_scale mxref_case_scale(mxref_context *context, size_t i)
{
    const mx_scale_facts *e8m0 = mxref_scale_facts();
    mxref_scale scale = {.branch = MXREF_SCALE_GIVEN, .amax_index = (size_t)-1, .byte = (uint8_t)e8m0->bias};

    switch (context->batch->op) {
    case MX_OP_SCALE:
    case MX_OP_QUANTIZE:
        return mxref_scale_block(context, i * context->batch->k);
    case MX_OP_SCALED_CAST:
    case MX_OP_DEQUANTIZE:
        scale.byte = context->batch->in.scale[i];
        break;
    default: /* decode and cast: 2^0 (D20) */
        break;
    }
    scale.exponent = scale.clamped = scale.byte - e8m0->bias;
    return scale;
}

mxref_answer mxref_case_element(mxref_context *context, const mxref_scale *scale, size_t index)
{
    const mx_batch *batch = context->batch;
    uint32_t random = batch->in.random ? batch->in.random[index] : 0;
    mxref_where where = MXREF_SCALAR;

    if (batch->op == MX_OP_DECODE || batch->op == MX_OP_DEQUANTIZE)
        return mxref_decode(context, scale->byte, batch->in.code[index]);
    if (batch->op == MX_OP_QUANTIZE)
        where = scale->flushed ? MXREF_IN_FLUSHED_BLOCK : MXREF_IN_BLOCK;
    return mxref_encode(context, mxref_type_get(batch->in.value, context->type, index), scale->byte, random, where);
}

/* Write one element's answer and whether it is free. */
static void put_element(const mxref_context *context, const mxref_free *open, size_t index, const mxref_answer *answer)
{
    const mx_outputs *out = &context->batch->out;

    if (out->value)
        mxref_type_put(out->value, context->type, index, answer->open ? 0 : answer->bits);
    else
        out->code[index] = answer->open ? 0 : (uint8_t)answer->bits;
    if (open && out->value && open->value)
        open->value[index] = (uint8_t)answer->open;
    if (open && !out->value && open->code)
        open->code[index] = (uint8_t)answer->open;
}

static void run_case(mxref_context *context, const mxref_free *open, size_t i)
{
    const mx_batch *batch = context->batch;
    mxref_scale scale = mxref_case_scale(context, i);

    if (batch->out.scale) {
        batch->out.scale[i] = scale.byte;
        if (open && open->scale)
            open->scale[i] = 0; /* every axis fixes the byte */
    }
    if (batch->op == MX_OP_SCALE)
        return;
    for (size_t j = 0; j < batch->k; j++) {
        mxref_answer answer = mxref_case_element(context, &scale, i * batch->k + j);
        put_element(context, open, i * batch->k + j, &answer);
    }
}

mx_status mxref_run(const mx_batch *batch, const mxref_free *open)
{
    mx_status status = mx_batch_check(batch, NULL);
    mxref_context context;

    if (status != MX_OK)
        return status;
    if (batch->layout) {
        for (size_t i = 0; i < batch->count; i++)
            mxref_pack_case(batch, i);
        return MX_OK;
    }
    mxref_context_init(&context, batch);
    for (size_t i = 0; i < batch->count; i++)
        run_case(&context, open, i);
    mxref_context_clear(&context);
    return MX_OK;
}
