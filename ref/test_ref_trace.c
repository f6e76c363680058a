/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The trace: its answers are those of mxref_run on random batches, its numbers fit together, and a few traces are
 * written out by hand.
 */
#include "ref/test_draw.h"

#include <stdio.h>

/* The trace of case i of `batch`. */
static mxref_trace *trace_of(const mx_batch *batch, size_t i)
{
    size_t width = mx_type_bytes(batch->type), first = i * batch->k;
    mx_batch one = *batch;
    mxref_trace *trace = NULL;

    one.count = 1;
    one.out = (mx_outputs){0};
    if (one.in.value)
        one.in.value = (const char *)one.in.value + first * width;
    if (one.in.random)
        one.in.random += first;
    if (one.in.scale)
        one.in.scale += i;
    if (one.in.code)
        one.in.code += first;
    ck_assert_int_eq(mxref_trace_case(&one, &trace), MX_OK);
    ck_assert_ptr_nonnull(trace);
    ck_assert_uint_eq(trace->k, batch->k);
    return trace;
}

/* 1 when lo <= |quotient| <= hi, midpoint halfway, and remainder, tie and ternary say what the numbers say. */
static int consistent(const mxref_element_trace *e)
{
    mpq_t magnitude, sum;
    int order, ok;

    mpq_inits(magnitude, sum, NULL);
    mpq_abs(magnitude, e->quotient);
    mpq_add(sum, e->lo, e->hi);
    mpq_div_2exp(sum, sum, 1);
    ok = mpq_equal(sum, e->midpoint);
    order = mpq_cmp(magnitude, e->midpoint);
    if (mpq_equal(e->lo, e->hi))
        ok = ok && order == 0 && e->remainder == 0 && !e->tie;
    else
        ok = ok && mpq_cmp(e->lo, magnitude) < 0 && e->remainder == (order > 0) - (order < 0) && e->tie == (order == 0);
    if (e->branch == MXREF_BY_ROUNDING) /* strictly between, unlike an overflow, which may be beyond hi */
        ok = ok && mpq_cmp(magnitude, e->hi) < 0 && (e->open || e->ternary != 0);
    if (e->branch == MXREF_BY_EXACT)
        ok = ok && e->ternary == 0;
    mpq_clears(magnitude, sum, NULL);
    return ok;
}

static void check_elements(const mx_batch *batch, const answers *out, const mxref_trace *trace, size_t first)
{
    for (size_t j = 0; j < batch->k && batch->op != MX_OP_SCALE; j++) {
        const mxref_element_trace *e = &trace->element[j];
        size_t width = batch->out.value ? mx_type_bytes(batch->type) : 1, at = (first + j) * width;
        /* little-endian and big-endian alike: compare in the answer's own width */
        uint32_t word = (uint32_t)e->bits;
        uint16_t half = (uint16_t)e->bits;
        uint8_t byte = (uint8_t)e->bits;
        const void *mine = width == 8   ? (const void *)&e->bits
                           : width == 4 ? (const void *)&word
                           : width == 2 ? (const void *)&half
                                        : &byte;
        const char *theirs = batch->out.value ? (const char *)out->value : (const char *)out->code;
        ck_assert_int_eq(memcmp(mine, theirs + at, width), 0);
        ck_assert_int_eq(e->open, batch->out.value ? out->open_value[first + j] : out->open_code[first + j]);
        ck_assert(e->branch >= MXREF_BY_EXACT && e->branch <= MXREF_BY_DECODE_OVER);
        if (mpq_sgn(e->hi) != 0)
            ck_assert(consistent(e));
    }
}

START_TEST(equals_run)
{
    static store in;
    static answers out;
    mx_batch batch;

    for (uint64_t seed = 1; seed <= 4000; seed++) {
        mxref_free open = {out.open_value, out.open_scale, out.open_code};
        draw_batch(seed, &batch, &in);
        memset(&out, 0, sizeof out);
        point(&batch, &in, &out);
        ck_assert_int_eq(mxref_run(&batch, &open), MX_OK);
        for (size_t i = 0; i < batch.count; i++) {
            mxref_trace *trace = trace_of(&batch, i);
            if (batch.out.scale)
                ck_assert_uint_eq(trace->scale.byte, out.scale[i]);
            check_elements(&batch, &out, trace, i * batch.k);
            mxref_trace_free(trace);
        }
    }
}
END_TEST

static void check_q(const mpq_t value, long num, unsigned long den)
{
    ck_assert_msg(mpq_cmp_si(value, num, den) == 0, "wanted %ld/%lu, found %g", num, den, mpq_get_d(value));
}

/* -75, 150, 3.125, 0 into E4M3 by rceil: A / 448 = 75/224 in (2^-2, 2^-1], exponent -1, byte 126. */
START_TEST(block_by_hand)
{
    static const uint32_t in[] = {0xc2960000, 0x43160000, 0x40480000, 0}; /* -75, 150, 3.125, 0 */
    uint8_t scale, code[4];
    mx_batch batch = {.op = MX_OP_QUANTIZE, .elem = MX_E4M3, .type = MX_FP32, .k = 4, .count = 1, .in.value = in};
    mxref_trace *trace;

    batch.profile = test_profile("scale=rceil");
    trace = trace_of(&batch, 0);
    batch.out = (mx_outputs){.scale = &scale, .code = code};
    ck_assert_int_eq(trace->scale.branch, MXREF_SCALE_RULE);
    ck_assert_uint_eq(trace->scale.amax_index, 1);
    check_q(trace->scale.amax, 150, 1);
    check_q(trace->scale.rounded, 75, 224);
    ck_assert(trace->scale.log2_lo == -2 && trace->scale.log2_hi == -1);
    ck_assert(trace->scale.exponent == -1 && trace->scale.clamped == -1 && trace->scale.byte == 126);

    const mxref_element_trace *e = &trace->element[0]; /* -150: between 144 and 160, nearer 144 */
    ck_assert(e->kind == MXREF_NORMAL && e->branch == MXREF_BY_ROUNDING && e->negative);
    check_q(e->source, -75, 1);
    check_q(e->quotient, -150, 1);
    check_q(e->lo, 144, 1);
    check_q(e->hi, 160, 1);
    check_q(e->midpoint, 152, 1);
    ck_assert(e->remainder == -1 && !e->tie && e->ternary == 1 && e->bits == 0xf1);
    ck_assert(e->lo_code == 0x71 && e->hi_code == 0x72);

    e = &trace->element[2]; /* 6.25: a tie between 6 and 6.5 */
    check_q(e->quotient, 25, 4);
    check_q(e->midpoint, 25, 4);
    ck_assert(e->tie && e->remainder == 0 && e->bits == 0x4c && e->ternary == -1);
    ck_assert_int_eq(trace->element[3].branch, MXREF_BY_ZERO);
    mxref_trace_free(trace);
}
END_TEST

static mxref_trace *trace_one(mx_op op, mx_elem elem, uint32_t in, uint8_t scale, const char *axes)
{
    static uint32_t value;
    static uint8_t byte, code;
    mx_batch batch = {.op = op, .elem = elem, .type = MX_FP32, .k = 1, .count = 1};

    value = in;
    byte = scale;
    code = (uint8_t)in;
    if (op == MX_OP_DEQUANTIZE)
        batch.in.code = &code;
    else
        batch.in.value = &value;
    if (op == MX_OP_DEQUANTIZE || op == MX_OP_SCALED_CAST)
        batch.in.scale = &byte;
    batch.profile = test_profile(axes);
    return trace_of(&batch, 0);
}

/* One case for each branch, element and scale. */
START_TEST(branches)
{
    static const struct {
        mx_op op;
        mx_elem elem;
        uint32_t in;
        uint8_t scale;
        const char *axes;
        mxref_branch branch;
        int ternary;
    } rows[] = {
        {MX_OP_CAST, MX_E4M3, 0x3f800000, 0, "", MXREF_BY_EXACT, 0},
        {MX_OP_CAST, MX_E4M3, 0x3f800001, 0, "", MXREF_BY_ROUNDING, -1},
        {MX_OP_CAST, MX_E4M3, 0x44000000, 0, "", MXREF_BY_SATURATION, -1},
        {MX_OP_CAST, MX_E5M2, 0xff7fffff, 0, "overflow=special", MXREF_BY_OVERFLOW, -1},
        {MX_OP_CAST, MX_E5M2, 0x7f7fffff, 0, "overflow=special round=rtz", MXREF_BY_DIRECTED, -1},
        {MX_OP_CAST, MX_E5M2, 0x80000001, 0, "subnormal-in=flush", MXREF_BY_FLUSH_IN, 1},
        {MX_OP_CAST, MX_E2M1, 0x3f000000, 0, "subnormal-out=flush", MXREF_BY_FLUSH_OUT, -1},
        {MX_OP_CAST, MX_E2M1, 0x80000000, 0, "", MXREF_BY_ZERO, 0},
        {MX_OP_CAST, MX_E2M1, 0x7fc00000, 0, "", MXREF_BY_NAN, 0},
        {MX_OP_CAST, MX_E2M1, 0x7f800000, 0, "", MXREF_BY_INF, 0},
        {MX_OP_SCALED_CAST, MX_E2M1, 0x3f800000, 255, "", MXREF_BY_NAN_SCALE, 0},
        {MX_OP_DEQUANTIZE, MX_E4M3, 0x40, 254, "decode-over=max", MXREF_BY_DECODE_OVER, -1},
        {MX_OP_DEQUANTIZE, MX_E4M3, 0xc0, 254, "decode-over=inf", MXREF_BY_DECODE_OVER, -1},
        {MX_OP_DEQUANTIZE, MX_E4M3, 0x7f, 127, "", MXREF_BY_NAN, 0},
        {MX_OP_DEQUANTIZE, MX_E5M2, 0xfc, 127, "", MXREF_BY_INF, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mxref_trace *trace = trace_one(rows[i].op, rows[i].elem, rows[i].in, rows[i].scale, rows[i].axes);
        ck_assert_msg(trace->element[0].branch == rows[i].branch, "row %zu", i);
        ck_assert_msg(trace->element[0].ternary == rows[i].ternary, "row %zu", i);
        ck_assert_int_eq(trace->scale.branch, MXREF_SCALE_GIVEN);
        mxref_trace_free(trace);
    }
}
END_TEST

START_TEST(scale_branches)
{
    static const struct {
        uint32_t in;
        const char *axes;
        mxref_scale_branch branch;
        int exponent, clamped;
    } rows[] = {
        {0x3f800000, "", MXREF_SCALE_RULE, -8, -8},
        {0x00000001, "", MXREF_SCALE_UNDER, -157, -127},
        {0, "", MXREF_SCALE_ZERO, -127, -127},
        {0x7fc00000, "", MXREF_SCALE_NAN, 128, 128},
        {0x7f800000, "", MXREF_SCALE_INF, 128, 128},
        {0x7f800000, "inf-in=max-scale", MXREF_SCALE_INF, 127, 127},
        {0x00000001, "subnormal-in=flush-block", MXREF_SCALE_FLUSHED, -127, -127},
        {0x7f7fffff, "scale=even scale-arith=f32", MXREF_SCALE_ARITH, 128, 128},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mxref_trace *trace = trace_one(MX_OP_SCALE, MX_E4M3, rows[i].in, 0, rows[i].axes);
        ck_assert_msg(trace->scale.branch == rows[i].branch, "row %zu", i);
        ck_assert_msg(trace->scale.exponent == rows[i].exponent && trace->scale.clamped == rows[i].clamped, "row %zu",
                      i);
        mxref_trace_free(trace);
    }
    mxref_trace *over = trace_one(MX_OP_SCALE, MX_INT8, 0x7f7fffff, 0, "scale=ceil");
    ck_assert(over->scale.branch == MXREF_SCALE_OVER && over->scale.exponent == 128 && over->scale.byte == 255);
    mxref_trace_free(over);
}
END_TEST

START_TEST(exact_values)
{
    mpq_t value;

    mpq_init(value);
    ck_assert_int_eq(mxref_type_value(value, MX_FP16, 0x8001), MX_OK);
    check_q(value, -1, 1ul << 24);
    ck_assert_int_eq(mxref_code_value(value, MX_INT8, MX_INT8_OCP, 0x80), MX_OK);
    check_q(value, -2, 1);
    ck_assert_int_eq(mxref_code_value(value, MX_INT8, MX_INT8_INT7, 0x80), MX_OK);
    check_q(value, -128, 1);
    ck_assert_int_eq(mxref_code_value(value, MX_E5M2, MX_INT8_OCP, 0x7b), MX_OK);
    check_q(value, 57344, 1);
    ck_assert_int_eq(mxref_code_value(value, MX_E5M2, MX_INT8_OCP, 0x7c), MX_EINVAL);
    ck_assert_int_eq(mxref_code_value(value, MX_E4M3, MX_INT8_OCP, 0xff), MX_EINVAL);
    ck_assert_int_eq(mxref_code_value(value, MX_E2M1, MX_INT8_OCP, 0x10), MX_EINVAL);
    ck_assert_int_eq(mxref_code_value(value, MX_E2M1, 0, 1), MX_EINVAL);
    ck_assert_int_eq(mxref_code_value(value, (mx_elem)7, MX_INT8_OCP, 1), MX_EINVAL);
    ck_assert_int_eq(mxref_type_value(value, MX_FP32, 0x7f800000), MX_EINVAL);
    ck_assert_int_eq(mxref_type_value(value, MX_BF16, 0x10000), MX_EINVAL);
    ck_assert_int_eq(mxref_type_value(value, (mx_type)0, 0), MX_EINVAL);
    check_q(value, 57344, 1); /* untouched by the failures */
    mpq_clear(value);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("trace");

    tcase_add_test(cases, equals_run);
    tcase_add_test(cases, block_by_hand);
    tcase_add_test(cases, branches);
    tcase_add_test(cases, scale_branches);
    tcase_add_test(cases, exact_values);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
