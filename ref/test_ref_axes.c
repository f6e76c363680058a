/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every value of every axis, by answers typed by hand: a row gives, for one input, the answer under each value. The
 * values of an axis must not all give the same, so an axis that is not wired up fails here.
 */
#include "ref/test_util.h"

#include <stdio.h>

#define OPEN  (-1)
#define NAN32 0x7fc00000
#define INF32 0x7f800000
#define ONE   0x3f800000
#define MINUS 0x80000000u

/* Element 0 of the answer of `op` for `in` (and a second element of 1.0 in a block), by axis value. */
typedef struct axis_row {
    mx_axis axis;
    const char *rest; /* other axes */
    mx_op op;
    mx_elem elem;
    uint32_t in;   /* value, or code */
    uint8_t scale; /* of scaled-cast and dequantize */
    int want[10];  /* [axis value - 1]: the scale byte for op scale, else code */
} axis_row;

static const axis_row rows[] = {
    /* E2M1 2.5 (7 for scales): every rounding rule at a tie and off it */
    {MX_AXIS_SCALE, "", MX_OP_SCALE, MX_E2M1, 0x3fd00000, 0, {125, 126, 125, 126}}, /* 1.625 */
    {MX_AXIS_SCALE, "", MX_OP_SCALE, MX_E2M1, 0x3fe00000, 0, {125, 126, 126, 126}}, /* 1.75 */
    {MX_AXIS_SCALE, "", MX_OP_SCALE, MX_E2M1, 0x3fa00000, 0, {125, 126, 125, 125}}, /* 1.25 */
    {MX_AXIS_SCALE, "", MX_OP_QUANTIZE, MX_E2M1, 0x3fa00000, 0, {6, 4, 6, 6}},      /* 5 ties to 4; 2.5 to 2 */
    {MX_AXIS_SCALE_ARITH, "scale=rceil", MX_OP_SCALE, MX_E4M3, 0x04600001, 0, {1, 0, 0}},
    {MX_AXIS_SCALE_ARITH, "scale=floor", MX_OP_SCALE, MX_E4M3, 0x40ffffff, 0, {121, 121, 122}},
    {MX_AXIS_SCALE_ARITH, "scale=even", MX_OP_SCALE, MX_E4M3, 0x7f780000, 0, {247, 255, 247}},
    {MX_AXIS_ROUND, "", MX_OP_CAST, MX_E2M1, 0x40200000, 0, {4, 5, 4, 4, 5, 4, 5}},          /* 2.5 */
    {MX_AXIS_ROUND, "", MX_OP_CAST, MX_E2M1, 0x40600000, 0, {6, 6, 5, 5, 6, 5, 5}},          /* 3.5 */
    {MX_AXIS_ROUND, "", MX_OP_CAST, MX_E2M1, 0xc0600000, 0, {14, 14, 13, 13, 13, 14, 13}},   /* -3.5 */
    {MX_AXIS_ROUND, "", MX_OP_CAST, MX_INT8, 0xbc000000, 0, {0, 0xff, 0, 0, 0, 0xff, 0xff}}, /* -1/128 */
    {MX_AXIS_OVERFLOW, "", MX_OP_CAST, MX_E4M3, 0x44000000, 0, {0x7e, 0x7f}},
    {MX_AXIS_OVERFLOW, "", MX_OP_CAST, MX_E5M2, 0xc7800000, 0, {0xfb, 0xfc}},
    {MX_AXIS_OVERFLOW, "", MX_OP_SCALED_CAST, MX_E5M2, 0x47000000, 126, {0x7b, 0x7c}},
    {MX_AXIS_OVERFLOW, "", MX_OP_QUANTIZE, MX_E4M3, 0x3ff40000, 0, {0x7e, 0x7f}}, /* 488 over its scale */
    {MX_AXIS_OVERFLOW_DIRECTED, "overflow=special round=rtz", MX_OP_CAST, MX_E4M3, 0x44000000, 0, {0x7e, 0x7f}},
    {MX_AXIS_OVERFLOW_DIRECTED, "overflow=special round=rup", MX_OP_CAST, MX_E5M2, 0xff7fffff, 0, {0xfb, 0xfc}},
    {MX_AXIS_OVERFLOW_DIRECTED, "overflow=special round=rdn", MX_OP_CAST, MX_E5M2, 0x7f7fffff, 0, {0x7b, 0x7c}},
    {MX_AXIS_NAN_IN, "under-nan-scale=zero", MX_OP_QUANTIZE, MX_E4M3, NAN32, 0, {0x00, 0x7f, OPEN}},
    {MX_AXIS_NAN_IN, "nan-to=max", MX_OP_QUANTIZE, MX_E4M3, NAN32, 0, {OPEN, 0x7f, 0x7e}},
    {MX_AXIS_NAN_IN, "nan-to=max", MX_OP_SCALE, MX_E4M3, NAN32, 0, {0xff, 119, 119}},
    {MX_AXIS_INF_IN, "under-nan-scale=zero", MX_OP_QUANTIZE, MX_E5M2, INF32, 0, {0, 0x7b, 0x7c, 0x7b}},
    {MX_AXIS_INF_IN, "", MX_OP_QUANTIZE, MX_E4M3, INF32, 0, {OPEN, 0x7e, 0x7f, 0x7e}},
    {MX_AXIS_INF_IN, "", MX_OP_QUANTIZE, MX_E2M1, 0xff800000, 0, {OPEN, 0xf, 0xf, 0xf}},
    {MX_AXIS_INF_IN, "", MX_OP_SCALE, MX_E5M2, INF32, 0, {0xff, 112, 112, 0xfe}},
    {MX_AXIS_NAN_TO, "", MX_OP_CAST, MX_E3M2, 0xffc00000, 0, {OPEN, 0x1f, 0x3f, 0}},
    {MX_AXIS_NAN_TO, "int8-min=full", MX_OP_CAST, MX_INT8, 0xffc00000, 0, {OPEN, 0x7f, 0x80, 0}},
    {MX_AXIS_NAN_TO, "nan-in=ignore", MX_OP_QUANTIZE, MX_E5M2, 0xffc00000, 0, {OPEN, 0x7b, 0xfb, 0}},
    {MX_AXIS_NAN_TO, "under-nan-scale=nan", MX_OP_SCALED_CAST, MX_E2M1, 0xbf800000, 255, {OPEN, 7, 15, 0}},
    {MX_AXIS_ZERO_SIGN, "", MX_OP_CAST, MX_E4M3, MINUS, 0, {0x80, 0, 0}},
    {MX_AXIS_ZERO_SIGN, "", MX_OP_CAST, MX_E4M3, 0xa0000000, 0, {0x80, 0, 0x80}},
    {MX_AXIS_ZERO_SIGN, "subnormal-in=flush", MX_OP_CAST, MX_E4M3, 0x80000001, 0, {0x80, 0, 0}},
    {MX_AXIS_ZERO_SIGN, "subnormal-out=flush", MX_OP_CAST, MX_E2M1, 0xbf000000, 0, {8, 0, 8}},
    {MX_AXIS_INT8_MIN, "", MX_OP_CAST, MX_INT8, 0xbfff0000, 0, {0x81, 0x80}}, /* -127.5/64 */
    {MX_AXIS_INT8_MIN, "", MX_OP_CAST, MX_INT8, 0xff800000, 0, {0x81, 0x80}},
    {MX_AXIS_INT8_MIN, "round=rna", MX_OP_CAST, MX_INT8, 0xc0008000, 0, {0x81, 0x80}}, /* -128.5/64 */
    {MX_AXIS_INT8, "", MX_OP_SCALE, MX_INT8, ONE, 0, {127, 121, 120}},
    {MX_AXIS_INT8, "", MX_OP_CAST, MX_INT8, ONE, 0, {0x40, 1, 1}},
    {MX_AXIS_INT8, "", MX_OP_QUANTIZE, MX_INT8, ONE, 0, {0x40, 0x40, 0x7f}}, /* int7 clamps the maximum */
    {MX_AXIS_SUBNORMAL_IN, "", MX_OP_SCALED_CAST, MX_E4M3, 0x00400000, 0, {0x38, 0, 0x38}},
    {MX_AXIS_SUBNORMAL_OUT, "", MX_OP_CAST, MX_E4M3, 0xbc600000, 0, {0x87, 0x80}},
    {MX_AXIS_SUBNORMAL_OUT, "", MX_OP_CAST, MX_E4M3, 0x3c7fffff, 0, {0x08, 0x08}}, /* tested after rounding */
    {MX_AXIS_NAN_CODE, "", MX_OP_CAST, MX_E5M2, 0xffc00000, 0, {0x7f, 0x7f, 0x7e, 0xff, 0xfe}},
    {MX_AXIS_NAN_CODE, "", MX_OP_CAST, MX_E4M3, 0xffc00000, 0, {0x7f, 0x7f, 0x7f, 0xff, 0xff}},
    {MX_AXIS_OVERFLOW_NAN, "overflow=special", MX_OP_CAST, MX_E4M3, 0xff800000, 0, {0x7f, 0x7f, 0xff}},
    {MX_AXIS_OVERFLOW_NAN, "overflow=special", MX_OP_CAST, MX_E4M3, 0xc4000000, 0, {0x7f, 0x7f, 0xff}},
    {MX_AXIS_UNDER_NAN_SCALE, "", MX_OP_SCALED_CAST, MX_E4M3, ONE, 255, {OPEN, 0, 0x7f}},
    {MX_AXIS_UNDER_NAN_SCALE, "nan-code=s7e", MX_OP_SCALED_CAST, MX_E5M2, 0xbf800000, 255, {OPEN, 0, 0xfe}},
};

static int answer(const axis_row *row, unsigned value)
{
    test_case c = {.op = row->op, .elem = row->elem, .type = MX_FP32, .k = 1, .scale = row->scale};
    char axes[256];

    snprintf(axes, sizeof axes, "%s%s%s=%s", row->rest, *row->rest ? " " : "", mx_axis_name(row->axis),
             mx_axis_value_name(row->axis, value));
    c.value[0] = row->in;
    /* rows with NaN and Inf in a block have a 1.0 beside them */
    if ((row->op == MX_OP_QUANTIZE || row->op == MX_OP_SCALE) && (row->in & INF32) == INF32) {
        c.k = 2;
        c.value[1] = ONE;
    }
    test_run(&c, axes);
    return row->op == MX_OP_SCALE ? c.out_scale : c.out_code[0];
}

START_TEST(encode_axes)
{
    const axis_row *row = &rows[_i];

    for (unsigned value = 1; value <= mx_axis_count(row->axis); value++) {
        if (row->axis == MX_AXIS_ROUND && value == MX_SR)
            continue; /* test_ref_values.c */
        int got = answer(row, value);
        ck_assert_msg(got == row->want[value - 1], "%s=%s %s %s %08x: %x, wanted %x", mx_axis_name(row->axis),
                      mx_axis_value_name(row->axis, value), mx_op_name(row->op), mx_elem_name(row->elem),
                      (unsigned)row->in, (unsigned)got, (unsigned)row->want[value - 1]);
    }
}
END_TEST

/* No axis is without a row in which each of its values differs from some other; those below have their own tests. */
START_TEST(no_axis_forgotten)
{
    for (unsigned axis = 1; axis <= MX_AXIS_LAST; axis++) {
        int differs = axis == MX_AXIS_ZERO_SCALE || axis == MX_AXIS_SCALE_OVER || axis == MX_AXIS_DECODE_OVER;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            if (rows[i].axis != axis)
                continue;
            for (unsigned v = 1; v < mx_axis_count((mx_axis)axis) && !(axis == MX_AXIS_ROUND && v + 1 == MX_SR); v++)
                differs |= rows[i].want[v] != rows[i].want[0];
        }
        ck_assert_msg(differs, "no row tells the values of %s apart", mx_axis_name((mx_axis)axis));
    }
}
END_TEST

START_TEST(zero_scale)
{
    static const struct {
        mx_elem elem;
        int one_emax;
    } formats[] = {{MX_E5M2, 112}, {MX_E4M3, 119}, {MX_E3M2, 123}, {MX_E2M3, 125}, {MX_E2M1, 125}, {MX_INT8, 127}};

    for (size_t f = 0; f < 6; f++) {
        mx_elem elem = formats[f].elem;
        ck_assert_int_eq(test_scale("zero-scale=00", elem, MX_FP32, 0), 0);
        ck_assert_int_eq(test_scale("zero-scale=7f", elem, MX_FP32, MINUS), 0x7f);
        ck_assert_int_eq(test_scale("zero-scale=one-emax", elem, MX_FP32, 0), formats[f].one_emax);
        /* nothing finite left counts as zero */
        ck_assert_int_eq(test_scale("zero-scale=7f nan-in=ignore", elem, MX_FP32, NAN32), 0x7f);
        ck_assert_int_eq(test_scale("zero-scale=7f inf-in=saturate", elem, MX_FP32, INF32), 0x7f);
        ck_assert_int_eq(test_scale("zero-scale=7f subnormal-in=flush", elem, MX_FP32, 0x007fffff), 0x7f);
    }
    ck_assert_int_eq(test_scale("zero-scale=one-emax int8=int6", MX_INT8, MX_FP32, 0), 121);
    ck_assert_int_eq(test_scale("zero-scale=one-emax int8=int7", MX_INT8, MX_FP32, 0), 120);
}
END_TEST

/* Scale exponents above 127: 2^136 from fp64; and INT8's ceil of the largest fp32. */
START_TEST(scale_over)
{
    const uint64_t two_136 = (uint64_t)(1023 + 136) << 52;

    ck_assert_int_eq(test_scale("scale-over=nan", MX_E4M3, MX_FP64, two_136), 255);
    ck_assert_int_eq(test_scale("scale-over=clamp", MX_E4M3, MX_FP64, two_136), 254);
    ck_assert_int_eq(test_scale("scale-over=nan", MX_E4M3, MX_FP64, two_136 - 1), 254);
    ck_assert_int_eq(test_scale("scale=ceil scale-over=nan", MX_INT8, MX_FP32, 0x7f7fffff), 255);
    ck_assert_int_eq(test_scale("scale=ceil scale-over=clamp scale-arith=f32", MX_INT8, MX_FP32, 0x7f7fffff), 254);
    /* fp32 arithmetic: an fp64 A that becomes Inf is FF, whatever the axis (D4) */
    ck_assert_int_eq(test_scale("scale-over=clamp scale-arith=f32", MX_E4M3, MX_FP64, two_136), 255);
    ck_assert_int_eq(test_scale("scale-over=clamp", MX_E4M3, MX_FP64, (uint64_t)1), 0);
}
END_TEST

/* D1.5: a block whose A is subnormal; a NaN and an Inf in it follow their own axes. */
START_TEST(flush_block)
{
    static const uint32_t block[] = {0x80400000, 0x00000001, NAN32, INF32, MINUS};
    static const uint32_t normal[] = {0x00800000, 0x007fffff};
    int scale, code[TEST_K];

    test_quantize("subnormal-in=flush-block nan-in=element inf-in=special", MX_E5M2, 5, block, &scale, code);
    ck_assert_int_eq(scale, 0);
    ck_assert(code[0] == 0x80 && code[1] == 0 && code[2] == 0x7f && code[3] == 0x7c && code[4] == 0x80);
    test_quantize("subnormal-in=flush-block zero-sign=underflow-only nan-in=element inf-in=max-scale", MX_E5M2, 5,
                  block, &scale, code);
    ck_assert_int_eq(scale, 0xfe); /* max-scale comes first: no block is flushed */
    ck_assert(code[0] == 0x80 && code[1] == 0 && code[3] == 0x7b && code[4] == 0);
    test_quantize("subnormal-in=flush-block", MX_E4M3, 2, normal, &scale, code);
    ck_assert(scale == 0 && code[0] == 0x40 && code[1] == 0x40); /* 2.0, and just below it */
    test_quantize("subnormal-in=flush", MX_E4M3, 2, normal, &scale, code);
    ck_assert(scale == 0 && code[0] == 0x40 && code[1] == 0);
}
END_TEST

/* decode-over: see test_ref_values.c for fp32; the narrow types here. */
START_TEST(decode_over)
{
    ck_assert_int_eq(test_dequantize("", MX_E2M1, MX_FP16, 143, 0x2), -1); /* 2^16 */
    ck_assert_int_eq(test_dequantize("decode-over=inf", MX_E2M1, MX_FP16, 143, 0xa), 0xfc00);
    ck_assert_int_eq(test_dequantize("decode-over=max", MX_E2M1, MX_FP16, 143, 0xa), 0xfbff);
    ck_assert_int_eq(test_dequantize("decode-over=inf", MX_E2M1, MX_BF16, 254, 0x4), 0x7f80);
    ck_assert_int_eq(test_dequantize("decode-over=max", MX_E2M1, MX_BF16, 254, 0x4), 0x7f7f);
    ck_assert_int_eq(test_dequantize("decode-over=any", MX_E2M1, MX_FP64, 254, 0x7),
                     0x4808000000000000); /* 6 * 2^127 */
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("axes");

    tcase_add_loop_test(cases, encode_axes, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(cases, no_axis_forgotten);
    tcase_add_test(cases, zero_scale);
    tcase_add_test(cases, scale_over);
    tcase_add_test(cases, flush_block);
    tcase_add_test(cases, decode_over);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
