/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every instruction set of the fast implementation against the reference over whole small spaces (those of 2^32: mxcts
 * sweep):
 *     exhaustive narrow    all 65,536 bf16 and fp16 patterns, six formats, every rounding, both overflow axes (seconds)
 *     exhaustive scaled    the same patterns under scale bytes of both ends and the middle, nearest even (seconds)
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

#include "conformance/sweep/steps.h"

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

/* ---- the reference and every instruction set on one batch ---- */

/* How many answers of `batch`, whose outputs are `got`, differ from what is wanted. */
typedef uint64_t differ(const mx_batch *batch);

typedef struct tally {
    uint64_t cases, wrong;
    unsigned sets; /* that were judged */
} tally;

/* By every set that this machine has, into `got`, whose bytes are spoilt before each. 0, or -1 on a failed call. */
static int judge_sets(tally *sum, mx_batch *batch, void *got, size_t bytes, size_t cases, differ *count)
{
    const unsigned here = mxfast_isa_available();
    sum->sets = 0;
    for (unsigned i = 0; mxfast_isa_name(i); i++) {
        if ((here >> i & 1) == 0)
            continue;
        memset(got, 0xa5, bytes);
        if (mxfast_run_by(batch, 1u << i) != MX_OK)
            return -1;
        const uint64_t n = count(batch);
        if (n)
            printf("  wrong: %s: %s %s %s, round %s: %" PRIu64 "\n", mxfast_isa_name(i), mx_op_name(batch->op),
                   mx_elem_name(batch->elem), mx_type_name(batch->type),
                   mx_axis_value_name(MX_AXIS_ROUND, batch->profile.round), n);
        sum->wrong += n;
        sum->cases += cases;
        sum->sets++;
    }
    return 0;
}

static int tell(const char *what, tally sum)
{
    printf("%s, %u instruction sets: %" PRIu64 " cases, %" PRIu64 " wrong\n", what, sum.sets, sum.cases, sum.wrong);
    return sum.wrong != 0;
}

/* ---- cast: all patterns of 16 bits ---- */

static struct {
    uint16_t value[65536];
    uint8_t want[65536], open[65536], got[65536];
} narrow;

static uint64_t narrow_differ(const mx_batch *batch)
{
    uint64_t bad = 0;
    for (uint32_t i = 0; i < 65536; i++) {
        int both_nan = mxc_is_nan_code(batch->elem, narrow.want[i]) && mxc_is_nan_code(batch->elem, narrow.got[i]);
        bad += !narrow.open[i] && narrow.want[i] != narrow.got[i] && !both_nan;
    }
    return bad;
}

/* 0, or -1 on a failed call. */
static int narrow_one(mx_batch *batch, tally *sum)
{
    mxref_free mask = {.code = narrow.open};

    for (uint32_t i = 0; i < 65536; i++)
        narrow.value[i] = (uint16_t)i;
    memset(narrow.open, 0, sizeof narrow.open);
    batch->k = 1;
    batch->count = 65536;
    batch->in.value = narrow.value;
    batch->out.code = narrow.want;
    if (mxref_run(batch, &mask) != MX_OK)
        return -1;
    batch->out.code = narrow.got;
    return judge_sets(sum, batch, narrow.got, sizeof narrow.got, 65536, narrow_differ);
}

static int narrow_all(void)
{
    static uint32_t random[65536];
    tally sum = {0};

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
                if (narrow_one(&batch, &sum) != 0)
                    return fail("narrow", MX_EINTERNAL);
            }
    return tell("cast from all bf16 and fp16, every round x overflow x overflow-directed", sum);
}

static int scaled_all(void)
{
    static const uint8_t bytes[] = {0x00, 0x01, 0x70, 0x7f, 0x8e, 0xfe, 0xff};
    static uint8_t scale[65536];
    tally sum = {0};

    for (size_t b = 0; b < sizeof bytes; b++) {
        memset(scale, bytes[b], sizeof scale);
        for (mx_elem e = MX_E5M2; e <= MX_ELEM_LAST; e++)
            for (mx_type t = MX_BF16; t <= MX_FP16; t++) {
                mx_batch batch = {.op = MX_OP_SCALED_CAST, .elem = e, .type = t, .profile = first_values()};
                batch.profile.under_nan_scale = MX_UNDER_NAN_NAN;
                batch.in.scale = scale;
                if (narrow_one(&batch, &sum) != 0)
                    return fail("scaled", MX_EINTERNAL);
            }
    }
    return tell("scaled-cast from all bf16 and fp16, scale bytes 00 01 70 7f 8e fe ff", sum);
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

static struct {
    uint64_t want[65536], got[65536];
    uint8_t scale[256], code[65536], open[65536];
} decode;

static uint64_t decode_differ(const mx_batch *batch)
{
    uint64_t bad = 0;
    for (size_t i = 0; i < batch->k * batch->count; i++)
        bad += !decode.open[i] && bits_at(decode.want, batch->type, i) != bits_at(decode.got, batch->type, i);
    return bad;
}

static int decode_one(mx_batch *batch, tally *sum)
{
    const size_t codes = (size_t)1 << mx_elem_bits(batch->elem);
    mxref_free mask = {.value = decode.open};

    for (size_t s = 0; s < 256; s++) {
        decode.scale[s] = (uint8_t)s;
        for (size_t c = 0; c < codes; c++)
            decode.code[s * codes + c] = (uint8_t)c;
    }
    memset(decode.open, 0, sizeof decode.open);
    batch->k = codes;
    batch->count = 256;
    batch->in.scale = decode.scale;
    batch->in.code = decode.code;
    batch->out.value = decode.want;
    if (mxref_run(batch, &mask) != MX_OK)
        return -1;
    batch->out.value = decode.got;
    return judge_sets(sum, batch, decode.got, sizeof decode.got, 256 * codes, decode_differ);
}

static int decode_all(void)
{
    tally sum = {0};

    for (mx_elem e = MX_E5M2; e <= MX_ELEM_LAST; e++)
        for (mx_type t = MX_FP32; t <= MX_TYPE_LAST; t++)
            for (unsigned setting = 0; setting < 9; setting++) {
                mx_batch batch = {.op = MX_OP_DEQUANTIZE, .elem = e, .type = t, .profile = first_values()};
                batch.profile.decode_over = (uint8_t)(1 + setting / 3);
                batch.profile.int8 = (uint8_t)(1 + setting % 3);
                if (e != MX_INT8 && batch.profile.int8 != MX_INT8_OCP)
                    continue;
                if (decode_one(&batch, &sum) != 0)
                    return fail("decode", MX_EINTERNAL);
            }
    return tell("dequantize every scale x code to fp32 bf16 fp16 fp64, every decode-over", sum);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } part[] = {{"narrow", narrow_all}, {"scaled", scaled_all}, {"decode", decode_all}};

    for (size_t i = 0; argc == 2 && i < sizeof part / sizeof *part; i++)
        if (strcmp(argv[1], part[i].name) == 0)
            return part[i].run();
    fprintf(stderr, "usage: exhaustive narrow|scaled|decode\n");
    return 2;
}
