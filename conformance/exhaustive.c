/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The fast implementation against the reference over whole small spaces (those of 2^32: mxcts sweep):
 *     exhaustive narrow    all 65,536 bf16 and fp16 patterns, six formats, every rounding, both overflow axes (seconds)
 *     exhaustive decode    every scale byte x every code, six formats, four target types, decode-over (seconds)
 * One line a space with the number of cases; exit 0 when all agree, 1 when not, 2 usage, 99 harness error.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mx/fast.h>
#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/steps.h"

/* The first value of every axis: profile ocp-mx-1.0. */
static mx_profile first_values(void)
{
    mx_profile p = {0};
    for (mx_axis a = MX_AXIS_SCALE; a <= MX_AXIS_LAST; a++)
        (void)mx_profile_set(&p, a, 1);
    return p;
}

static int fail(const char *what, mx_status status)
{
    fprintf(stderr, "exhaustive: %s: %s\n", what, mx_status_text(status));
    return 99;
}

/* ---- two implementations on one batch ---- */

/* All 65,536 patterns of a 16-bit type, or how many codes differ; UINT64_MAX on a failed call. */
static uint64_t narrow_one(mx_batch *batch)
{
    static uint16_t value[65536];
    static uint8_t want[65536], open[65536], got[65536];
    mxref_free mask = {.code = open};
    uint64_t bad = 0;

    for (uint32_t i = 0; i < 65536; i++)
        value[i] = (uint16_t)i;
    memset(open, 0, sizeof open);
    batch->k = 1;
    batch->count = 65536;
    batch->in.value = value;
    batch->out.code = want;
    if (mxref_run(batch, &mask) != MX_OK)
        return UINT64_MAX;
    batch->out.code = got;
    if (mxfast_run(batch) != MX_OK)
        return UINT64_MAX;
    for (uint32_t i = 0; i < 65536; i++) {
        int both_nan = mxc_is_nan_code(batch->elem, want[i]) && mxc_is_nan_code(batch->elem, got[i]);
        bad += !open[i] && want[i] != got[i] && !both_nan;
    }
    return bad;
}

static int narrow_all(void)
{
    static uint32_t random[65536];
    uint64_t cases = 0, bad = 0;

    for (uint32_t i = 0; i < 65536; i++)
        random[i] = (i * 2654435761u) >> 24;
    for (mx_elem e = MX_E5M2; e <= MX_ELEM_LAST; e++)
        for (mx_type t = MX_BF16; t <= MX_FP16; t++)
            for (unsigned setting = 0; setting < MX_SR * 4; setting++) {
                mx_batch batch = {.op = MX_OP_CAST, .elem = e, .type = t, .profile = first_values()};
                batch.profile.round = (uint8_t)(1 + setting / 4);
                batch.profile.overflow = (uint8_t)(1 + setting % 4 / 2);
                batch.profile.overflow_directed = (uint8_t)(1 + setting % 2);
                if (batch.profile.round == MX_SR) {
                    batch.profile.sr_bits = 8;
                    batch.in.random = random;
                }
                uint64_t n = narrow_one(&batch);
                if (n == UINT64_MAX)
                    return fail("narrow", MX_EINTERNAL);
                if (n)
                    printf("  wrong: %s %s round %s: %" PRIu64 "\n", mx_elem_name(e), mx_type_name(t),
                           mx_axis_value_name(MX_AXIS_ROUND, batch.profile.round), n);
                bad += n;
                cases += 65536;
            }
    printf("cast from all bf16 and fp16, every round x overflow x overflow-directed: %" PRIu64 " cases, %" PRIu64
           " wrong\n",
           cases, bad);
    return bad != 0;
}

/* ---- decode: every scale x code ---- */

static uint64_t bits_at(const void *values, mx_type type, size_t i)
{
    switch (mx_type_bytes(type)) {
    case 2:
        return ((const uint16_t *)values)[i];
    case 4:
        return ((const uint32_t *)values)[i];
    default:
        return ((const uint64_t *)values)[i];
    }
}

static uint64_t decode_one(mx_batch *batch)
{
    static uint64_t want[65536], got[65536];
    static uint8_t scale[256], code[65536], open[65536];
    const size_t codes = (size_t)1 << mx_elem_bits(batch->elem);
    mxref_free mask = {.value = open};
    uint64_t bad = 0;

    for (size_t s = 0; s < 256; s++) {
        scale[s] = (uint8_t)s;
        for (size_t c = 0; c < codes; c++)
            code[s * codes + c] = (uint8_t)c;
    }
    memset(open, 0, sizeof open);
    batch->k = codes;
    batch->count = 256;
    batch->in.scale = scale;
    batch->in.code = code;
    batch->out.value = want;
    if (mxref_run(batch, &mask) != MX_OK)
        return UINT64_MAX;
    batch->out.value = got;
    if (mxfast_run(batch) != MX_OK)
        return UINT64_MAX;
    for (size_t i = 0; i < 256 * codes; i++)
        bad += !open[i] && bits_at(want, batch->type, i) != bits_at(got, batch->type, i);
    return bad;
}

static int decode_all(void)
{
    uint64_t cases = 0, bad = 0;

    for (mx_elem e = MX_E5M2; e <= MX_ELEM_LAST; e++)
        for (mx_type t = MX_FP32; t <= MX_TYPE_LAST; t++)
            for (unsigned setting = 0; setting < 9; setting++) {
                mx_batch batch = {.op = MX_OP_DEQUANTIZE, .elem = e, .type = t, .profile = first_values()};
                batch.profile.decode_over = (uint8_t)(1 + setting / 3);
                batch.profile.int8 = (uint8_t)(1 + setting % 3);
                if (e != MX_INT8 && batch.profile.int8 != MX_INT8_OCP)
                    continue;
                uint64_t n = decode_one(&batch);
                if (n == UINT64_MAX)
                    return fail("decode", MX_EINTERNAL);
                if (n)
                    printf("  wrong: %s to %s: %" PRIu64 "\n", mx_elem_name(e), mx_type_name(t), n);
                bad += n;
                cases += (uint64_t)256 << mx_elem_bits(e);
            }
    printf("dequantize every scale x code to fp32 bf16 fp16 fp64, every decode-over: %" PRIu64 " cases, %" PRIu64
           " wrong\n",
           cases, bad);
    return bad != 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } part[] = {{"narrow", narrow_all}, {"decode", decode_all}};

    for (size_t i = 0; argc == 2 && i < sizeof part / sizeof *part; i++)
        if (strcmp(argv[1], part[i].name) == 0)
            return part[i].run();
    fprintf(stderr, "usage: exhaustive narrow|decode\n");
    return 2;
}
