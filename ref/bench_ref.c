/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Speed of the reference on one core: fp32 casts and quantised elements (k = 32) a second, per element format.
 * Run by `make bench`.
 */
#include <config.h>

#include <stdio.h>
#include <time.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "xorshift.h"

#define COUNT 65536u

static uint32_t values[COUNT];
static uint8_t codes[COUNT], scales[COUNT];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Exponents near 1 and fractions of all kinds. */
static void fill(void)
{
    uint64_t state = MX_XORSHIFT_SEED;

    for (size_t i = 0; i < COUNT; i++) {
        mx_xorshift(&state);
        values[i] = (uint32_t)(state >> 63) << 31 | (uint32_t)(119 + (state >> 60 & 15)) << 23 |
                    (uint32_t)(state >> 33 & 0x7fffff);
    }
}

/* Elements a second of `batch`, repeated for at least a fifth of a second; 0 when it fails. */
static double rate(const mx_batch *batch)
{
    double start = now(), elapsed;
    size_t elements = 0;

    do {
        if (mxref_run(batch, NULL) != MX_OK)
            return 0;
        elements += batch->count * batch->k;
        elapsed = now() - start;
    } while (elapsed < 0.2);
    return (double)elements / elapsed;
}

int main(void)
{
    static const char text[] = "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee "
                               "nan-in=block-nan inf-in=block-nan nan-to=unspecified zero-scale=00 scale-over=nan "
                               "zero-sign=keep int8-min=symmetric int8=ocp subnormal-in=keep subnormal-out=keep "
                               "nan-code=any overflow-nan=any under-nan-scale=any decode-over=any";
    mx_batch cast = {.op = MX_OP_CAST, .type = MX_FP32, .k = 1, .count = COUNT, .in.value = values, .out.code = codes};
    mx_batch quantize = {.op = MX_OP_QUANTIZE,
                         .type = MX_FP32,
                         .k = 32,
                         .count = COUNT / 32,
                         .in.value = values,
                         .out = {.scale = scales, .code = codes}};
    char why[MX_WHY];

    fill();
    if (mx_profile_parse(&cast.profile, text, sizeof text - 1, why) != MX_OK) {
        fprintf(stderr, "bench_ref: %s\n", why);
        return 99;
    }
    quantize.profile = cast.profile;
    printf("%-6s %14s %24s\n", "elem", "fp32 casts/s", "quantized elements/s");
    for (unsigned elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
        cast.elem = quantize.elem = (mx_elem)elem;
        double casts = rate(&cast);
        double quantized = rate(&quantize);
        if (casts == 0 || quantized == 0)
            return 99;
        printf("%-6s %14.0f %24.0f\n", mx_elem_name((mx_elem)elem), casts, quantized);
    }
    return 0;
}
