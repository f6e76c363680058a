/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What published systems answer, typed by hand from their documentation and sources, in the profile that describes
 * each: NVIDIA's conversions and E8M0 encoders, torchao, microxcaling, pychop.
 */
#include "ref/test_util.h"

#define ONE   0x3f800000
#define NAN32 0x7fc00000
#define INF32 0x7f800000
#define MINUS 0x80000000u

/* E8M0 encoders: the scale of a block of one for a format with emax 0, floor being round to zero and ceil being round
 * up; SAT and NOSAT are scale-over and inf-in. */
START_TEST(e8m0_encoders)
{
    static const struct {
        uint32_t in;
        int zero, up_sat, up_nosat;
    } rows[] = {
        {0x00000000, 0x00, 0x00, 0x00}, {0x00000001, 0x00, 0x00, 0x00}, {0x00400000, 0x00, 0x00, 0x00}, /* 2^-127 */
        {0x00400001, 0x00, 0x01, 0x01}, {0x00800000, 0x01, 0x01, 0x01},                                 /* 2^-126 */
        {ONE, 0x7f, 0x7f, 0x7f},        {ONE + 1, 0x7f, 0x80, 0x80},    {0x7f000000, 0xfe, 0xfe, 0xfe}, /* 2^127 */
        {0x7f000001, 0xfe, 0xfe, 0xff}, {0x7f7fffff, 0xfe, 0xfe, 0xff}, {INF32, 0xfe, 0xfe, 0xff},
        {NAN32, 0xff, 0xff, 0xff},      {0xbf800001, 0x7f, 0x80, 0x80}, /* the sign is dropped */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_int_eq(test_scale("inf-in=max-scale scale-over=clamp", MX_INT8, MX_FP32, rows[i].in), rows[i].zero);
        ck_assert_int_eq(test_scale("scale=ceil inf-in=max-scale scale-over=clamp", MX_INT8, MX_FP32, rows[i].in),
                         rows[i].up_sat);
        ck_assert_int_eq(test_scale("scale=ceil", MX_INT8, MX_FP32, rows[i].in), rows[i].up_nosat);
    }
    /* fp64 entry: a sticky bit far below */
    ck_assert_int_eq(test_scale("scale=ceil", MX_INT8, MX_FP64, 0x3ff0000000000001), 0x80);
    ck_assert_int_eq(test_scale("scale=ceil", MX_INT8, MX_BF16, 0x0040), 0x00);
    ck_assert_int_eq(test_scale("scale=ceil", MX_INT8, MX_BF16, 0x0041), 0x01);
}
END_TEST

/* The one fp32 per format where rceil through fp32 is one lower than exact rceil, and its neighbours, where it is not.
 */
START_TEST(float_rceil)
{
    static const struct {
        mx_elem elem;
        uint32_t amax;
    } rows[] = {{MX_E5M2, 0x07e00001},
                {MX_E4M3, 0x04600001},
                {MX_E3M2, 0x02600001},
                {MX_E2M3, 0x01700001},
                {MX_E2M1, 0x01400001}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int d = -3; d <= 3; d++) {
            uint32_t amax = rows[i].amax + (uint32_t)d;
            int exact = d >= 0;
            ck_assert_int_eq(test_scale("scale=rceil", rows[i].elem, MX_FP32, amax), exact);
            ck_assert_int_eq(test_scale("scale=rceil scale-arith=f32", rows[i].elem, MX_FP32, amax), d > 0);
        }
    }
}
END_TEST

/* NaN into formats without NaN: +max (CUDA, PTX), max with sign (CUTLASS, HIP), 0 (universal, ggml). */
START_TEST(nan_codes)
{
    ck_assert_int_eq(test_cast("nan-to=max", MX_E2M1, MX_FP32, 0xffc00000), 0x7);
    ck_assert_int_eq(test_cast("nan-to=max", MX_E3M2, MX_FP32, NAN32), 0x1f);
    ck_assert_int_eq(test_cast("nan-to=smax", MX_E2M1, MX_FP32, 0xffc00000), 0xf);
    ck_assert_int_eq(test_cast("nan-to=smax", MX_E2M3, MX_FP32, 0xffc00000), 0x3f);
    ck_assert_int_eq(test_cast("nan-to=zero", MX_E2M1, MX_FP32, 0xffc00000), 0);
    ck_assert_int_eq(test_cast("nan-code=7f", MX_E5M2, MX_FP32, 0xff800001), 0x7f);          /* float entry */
    ck_assert_int_eq(test_cast("nan-code=s7f", MX_E4M3, MX_FP64, 0xfff8000000000000), 0xff); /* double entry */
    ck_assert_int_eq(test_cast("nan-code=7e", MX_E5M2, MX_FP16, 0xfe00), 0x7e);
}
END_TEST

/* Blocks that systems answer differently, and who answers how. */
START_TEST(blocks)
{
    static const uint32_t with_nan[] = {NAN32, ONE, 0xc0000000};
    static const uint32_t with_inf[] = {INF32, ONE};
    static const uint32_t signs[] = {ONE, MINUS, 0x8da24260}; /* 1, -0, -1e-30 */
    static const uint32_t ties[] = {0x43800000, 0x41880000, 0x41980000, 0x3a800000, 0x3b400000};
    static const uint32_t subnormal[] = {0x00400000};
    static const uint32_t below_8[] = {0x41000000, 0x40ffffff};
    int scale, code[TEST_K];

    test_quantize("under-nan-scale=nan", MX_E4M3, 3, with_nan, &scale, code); /* torchao */
    ck_assert(scale == 255 && code[0] == 0x7f && code[1] == 0x7f && code[2] == 0x7f);
    test_quantize("under-nan-scale=zero", MX_E4M3, 3, with_nan, &scale, code); /* torchmx */
    ck_assert(scale == 255 && code[0] == 0 && code[2] == 0);
    test_quantize("nan-in=element", MX_E4M3, 3, with_nan, &scale, code); /* pychop: byte 120, NaN, 128, -256 */
    ck_assert(scale == 120 && code[0] == 0x7f && code[1] == 0x70 && code[2] == 0xf8);
    test_quantize("", MX_E4M3, 2, with_inf, &scale, code);
    ck_assert(scale == 255 && code[0] == -1 && code[1] == -1);
    test_quantize("inf-in=max-scale", MX_E4M3, 2, with_inf, &scale, code); /* pychop: byte 254, 448, 0 */
    ck_assert(scale == 254 && code[0] == 0x7e && code[1] == 0);
    test_quantize("", MX_E4M3, 3, signs, &scale, code); /* torchao */
    ck_assert(scale == 119 && code[0] == 0x78 && code[1] == 0x80 && code[2] == 0x80);
    test_quantize("zero-sign=drop", MX_E4M3, 3, signs, &scale, code); /* pychop */
    ck_assert(code[1] == 0 && code[2] == 0);
    test_quantize("zero-sign=underflow-only", MX_E4M3, 3, signs, &scale, code); /* microxcaling, Python */
    ck_assert(code[1] == 0 && code[2] == 0x80);
    test_quantize("zero-sign=keep", MX_E4M3, 1, &signs[1], &scale, code);
    ck_assert(scale == 0 && code[0] == 0x80);
    test_quantize("", MX_E4M3, 5, ties, &scale, code); /* 256, 16, 20, 0, 2^-8 */
    ck_assert(scale == 127 && code[0] == 0x78 && code[1] == 0x58 && code[2] == 0x5a && code[3] == 0 && code[4] == 2);
    test_quantize("round=rna", MX_E4M3, 5, ties, &scale, code); /* 18, 20, 2^-9, 2^-8 */
    ck_assert(code[1] == 0x59 && code[2] == 0x5a && code[3] == 1 && code[4] == 2);
    test_quantize("round=rtz", MX_E4M3, 5, ties, &scale, code); /* 16, 18, 0, 2^-9 */
    ck_assert(code[1] == 0x58 && code[2] == 0x59 && code[3] == 0 && code[4] == 1);
    test_quantize("", MX_E4M3, 1, subnormal, &scale, code);
    ck_assert(scale == 0 && code[0] == 0x38);
    test_quantize("subnormal-in=flush-block", MX_E4M3, 1, subnormal, &scale, code);
    ck_assert(scale == 0 && code[0] == 0);
    test_quantize("round=rtz", MX_E4M3, 2, below_8, &scale, code); /* 7.99 toward zero is 7.5, over 2^-5: 240 */
    ck_assert(scale == 122 && code[1] == 0x77);
}
END_TEST

/* Sources narrower than fp32 are not widened through anything that rounds. */
START_TEST(narrow_sources)
{
    ck_assert_int_eq(test_scale("", MX_E4M3, MX_BF16, 0x437f), 126);
    ck_assert_int_eq(test_scale("", MX_E4M3, MX_BF16, 0x40ff), 121);
    ck_assert_int_eq(test_scale("", MX_INT8, MX_BF16, 0x3f80), 127);
    ck_assert_int_eq(test_scale("int8=int6", MX_INT8, MX_BF16, 0x3f80), 121);
    ck_assert_int_eq(test_scale("int8=int6", MX_INT8, MX_BF16, 0x0080), 0); /* 2^-126: torchmx clamps */
    ck_assert_int_eq(test_scale("", MX_INT8, MX_BF16, 0x0080), 1);
    ck_assert_int_eq(test_scale("", MX_E2M1, MX_FP16, 0x0001), 127 - 24 - 2); /* 2^-24 */
    ck_assert_int_eq(test_cast("", MX_E4M3, MX_FP32, 0x3fa88000), 0x3b);      /* 1.31640625: 1.375, rounded once */
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("systems");

    tcase_add_test(cases, e8m0_encoders);
    tcase_add_test(cases, float_rceil);
    tcase_add_test(cases, nan_codes);
    tcase_add_test(cases, blocks);
    tcase_add_test(cases, narrow_sources);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
