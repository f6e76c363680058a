/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the operations of a kernel table, from what the other templates define. Included last by each
 * impl/<set>/<isa>.c, which gives them the floating-point environment that they need.
 *
 * Defines: lanes_scale, lanes_cast, lanes_quantize, lanes_dequantize, which leave to the portable kernels what the
 *          lanes do not take; fence and packed, which are entries of the table as they are.
 */
static void lanes_scale(const mxfast_plan *plan, const mxfast_strip *strip)
{
    if (!scale_blocks(plan, strip))
        mxfast_portable_scale(plan, strip);
}

static void lanes_cast(const mxfast_plan *plan, const mxfast_strip *strip)
{
    if (!cast_values(plan, strip))
        mxfast_portable_cast(plan, strip);
}

static void lanes_quantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    if (!quantize_rows(plan, strip) && !quantize_columns(plan, strip) && !quantize_blocks(plan, strip))
        mxfast_portable_quantize(plan, strip);
}

static void lanes_dequantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    if (!plan->words.usable || (!dequantize_rows(plan, strip) && !dequantize_columns(plan, strip)))
        mxfast_portable_dequantize(plan, strip);
}

static void fence(void)
{
    w_fence();
}

static mxfast_packed_kernel *packed(const mxfast_plan *plan, size_t k, mx_layout layout)
{
    if (!plan->words.usable)
        return NULL;
    return plan->op == MX_OP_QUANTIZE ? quantize_packed(plan, k, layout) : dequantize_packed(plan, k, layout);
}
