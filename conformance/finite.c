/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/finite.h"

#include <mx/ref.h>

#include "conformance/batch.h"

int mxc_code_is_finite(const mx_facts *format, unsigned code)
{
    return (code & ((1u << (format->bits - 1)) - 1)) <= format->max_code;
}

static int values_are(const mx_batch *batch)
{
    const mxc_layout *layout = mxc_layout_of(batch->type);
    for (size_t i = 0; i < batch->k * batch->count; i++)
        if ((mxc_value_bits(batch->in.value, batch->type, i) & ~layout->sign) >= layout->inf)
            return 0;
    return 1;
}

static int codes_are(const mx_batch *batch)
{
    const mx_facts *format = mxref_facts(batch->elem);
    for (size_t i = 0; i < batch->k * batch->count; i++)
        if (!mxc_code_is_finite(format, batch->in.code[i]))
            return 0;
    return 1;
}

int mxc_is_finite(const mx_batch *batch)
{
    if (batch->op > MX_OP_DEQUANTIZE) /* bytes and nothing else */
        return 1;
    for (size_t i = 0; batch->in.scale && i < batch->count; i++)
        if (batch->in.scale[i] == 0xff)
            return 0;
    return (!batch->in.value || values_are(batch)) && (!batch->in.code || codes_are(batch));
}
