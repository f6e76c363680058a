/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A lib: subject that is libmxfast with one wrong answer: the scaled cast of the fp32 pattern 3fc12345 to E4M3 under
 * the scale byte 83. One input of 2^40; a sweep has to find it.
 */
#include <mx/adapter.h>
#include <mx/fast.h>

mx_status mx_adapter_describe(mx_adapter_info *info)
{
    *info = (mx_adapter_info){MX_ADAPTER_ABI, "one-wrong", "1", "scaled-cast:*:*", ""};
    return MX_OK;
}

mx_status mx_adapter_run(const mx_batch *batch, char reason[256])
{
    const int planted = batch->op == MX_OP_SCALED_CAST && batch->elem == MX_E4M3 && batch->type == MX_FP32;
    const mx_status status = batch->count ? mxfast_run(batch) : MX_OK;
    (void)reason;
    for (size_t i = 0; status == MX_OK && planted && i < batch->count; i++)
        if (((const uint32_t *)batch->in.value)[i] == 0x3fc12345u && batch->in.scale[i] == 0x83)
            batch->out.code[i] ^= 1;
    return status;
}
