/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A subject for mxcts as a shared object: MXFP8 as many kernels do it, `quantize` to E4M3 from fp32 with the floor
 * rule.
 *
 *     cc -shared -fPIC -I PREFIX/include -o example_lib.so example_lib.c
 *     mxcts run --subject lib:./example_lib.so
 *
 * To judge your own code, keep the two mx_adapter_ functions and replace quantize_block() by a call of it. The buffers
 * are dense: block i of a batch is value[i * k] ... and code[i * k] ..., its scale is scale[i]. They stand between
 * guard bytes, so a store outside is found.
 */
#include <mx/adapter.h>

#include <stdio.h>
#include <string.h>

/* The E4M3 code of the fp32 `bits` / 2^exponent: round to nearest even in integers, saturate. Finite sources only. */
static uint8_t to_e4m3(uint32_t bits, int exponent)
{
    const uint32_t sign = bits >> 24 & 0x80, field = bits >> 23 & 0xff;
    uint32_t sig = (bits & 0x7fffff) | (field ? 0x800000 : 0);
    int e = (int)(field ? field : 1) - 127 - exponent; /* sig is in units of 2^(e - 23) */
    for (; sig && !(sig & 0x800000); e--)
        sig <<= 1;
    const int drop = e < -6 ? 14 - e : 20; /* to units of 2^-9, subnormal codes, or of 2^(e - 3) */
    if (!sig || drop > 24)
        return (uint8_t)sign; /* zero, or below half of the smallest subnormal */
    const uint32_t half = (uint32_t)1 << (drop - 1), rest = sig & (2 * half - 1);
    uint32_t code = sig >> drop; /* with its hidden bit: that is one step of the exponent field */
    if (e > -6)
        code += (uint32_t)(e + 6) << 3;
    code += rest > half || (rest == half && (code & 1)); /* a carry moves on to the next exponent by itself */
    return (uint8_t)(sign | (code > 0x7e ? 0x7e : code));
}

/* Scale = 2^(floor(log2 A) - 8) where A is the largest magnitude and 8 the exponent of E4M3's largest value. */
static void quantize_block(const uint32_t *value, size_t k, uint8_t *scale, uint8_t *code)
{
    uint32_t amax = 0;
    for (size_t j = 0; j < k; j++)
        if ((value[j] & 0x7fffffff) > amax)
            amax = value[j] & 0x7fffffff;
    memset(code, 0x7f, k);
    *scale = 0xff; /* a NaN or Inf in the block: NaN scale, the codes do not matter */
    if (amax >= 0x7f800000)
        return;
    const int byte = (int)(amax >> 23) - 8; /* a subnormal A counts as exponent field 0 and is clamped all the same */
    *scale = (uint8_t)(byte < 0 ? 0 : byte);
    for (size_t j = 0; j < k; j++)
        code[j] = to_e4m3(value[j], *scale - 127);
}

mx_status mx_adapter_describe(mx_adapter_info *info)
{
    *info = (mx_adapter_info){
        .abi = MX_ADAPTER_ABI,
        .name = "example-lib",
        .version = "1",
        .ops = "quantize:e4m3:fp32",
        /* The choices made above, where the specification leaves one: it is judged on the packs that agree. */
        .axes = "scale=floor scale-arith=exact round=rne overflow=saturate nan-in=block-nan inf-in=block-nan "
                "zero-scale=00 zero-sign=keep subnormal-in=keep subnormal-out=keep under-nan-scale=any",
    };
    return MX_OK;
}

mx_status mx_adapter_run(const mx_batch *batch, char reason[256])
{
    if (batch->op != MX_OP_QUANTIZE || batch->elem != MX_E4M3 || batch->type != MX_FP32) {
        snprintf(reason, 256, "only quantize to e4m3 from fp32");
        return MX_EUNSUPPORTED;
    }
    const uint32_t *value = batch->in.value;
    for (size_t i = 0; i < batch->count; i++)
        quantize_block(value + i * batch->k, batch->k, &batch->out.scale[i], batch->out.code + i * batch->k);
    return MX_OK;
}
