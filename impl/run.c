/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxfast_run, mxfast_run_by: a batch is a strip of blocks laid end to end.
 */
#include <mx/names.h>

#include "impl/kernels.h"
#include "impl/pack.h"

/* Operations on layouts have one column of each kind, and no numbers. */
static void rearrange(const mx_batch *batch)
{
    const uint8_t *in = batch->in.byte ? batch->in.byte : batch->in.code ? batch->in.code : batch->in.scale;
    uint8_t *out = batch->out.byte ? batch->out.byte : batch->out.code ? batch->out.code : batch->out.scale;
    size_t bytes = mx_layout_bytes(batch), step_in = batch->in.byte ? bytes : batch->k,
           step_out = batch->out.byte ? bytes : batch->k;
    for (size_t i = 0; i < batch->count; i++)
        mxfast_rearrange(batch, in + i * step_in, out + i * step_out);
}

static mxfast_strip strip_of(const mx_batch *batch)
{
    const ptrdiff_t k = (ptrdiff_t)batch->k;
    return (mxfast_strip){
        .k = batch->k,
        .blocks = batch->count,
        .down = 1,
        .in = batch->in.value,
        .out = batch->out.value,
        .value_elem = 1,
        .value_block = k,
        .random = batch->in.random,
        .random_elem = 1,
        .random_block = k,
        .code_in = batch->in.code,
        .code_out = batch->out.code,
        .code_elem = 1,
        .code_block = k,
        .scale_in = batch->in.scale,
        .scale_out = batch->out.scale,
        .scale_block = 1,
    };
}

static mx_status run(const mx_batch *batch, const mxfast_kernels *kernels)
{
    mxfast_plan plan;
    mx_status status = mx_batch_check(batch, NULL);
    if (status != MX_OK)
        return status;
    if (batch->layout != 0) {
        rearrange(batch);
        return MX_OK;
    }
    status = mxfast_plan_make(&plan, batch->op, batch->elem, batch->type, &batch->profile);
    if (status != MX_OK)
        return status;
    const mxfast_strip strip = strip_of(batch);
    switch (batch->op) {
    case MX_OP_SCALE:
        kernels->scale(&plan, &strip);
        break;
    case MX_OP_CAST:
    case MX_OP_SCALED_CAST:
        kernels->cast(&plan, &strip);
        break;
    case MX_OP_QUANTIZE:
        kernels->quantize(&plan, &strip);
        break;
    default:
        kernels->dequantize(&plan, &strip);
        break;
    }
    return MX_OK;
}

mx_status mxfast_run(const mx_batch *batch)
{
    return run(batch, mxfast_dispatch());
}

mx_status mxfast_run_by(const mx_batch *batch, unsigned mask)
{
    const mxfast_kernels *kernels;
    mx_status status = mxfast_kernels_of(&kernels, mask);
    return status == MX_OK ? run(batch, kernels) : status;
}
