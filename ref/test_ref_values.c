/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Answers typed by hand from the specification's tables and from what published systems are documented to do.
 */
#include "ref/test_util.h"

#include <stdio.h>

/* fp32 patterns of the decimal numbers below */
#define F_0_0625 0x3d800000
#define F_0_125  0x3e000000
#define F_0_25   0x3e800000
#define F_0_5    0x3f000000
#define F_0_75   0x3f400000
#define F_1      0x3f800000
#define F_1_25   0x3fa00000
#define F_1_75   0x3fe00000
#define F_2      0x40000000
#define F_2_5    0x40200000
#define F_3_5    0x40600000
#define F_5      0x40a00000
#define F_7      0x40e00000
#define F_7_75   0x40f80000
#define F_30     0x41f00000
#define F_464    0x43e80000
#define F_61440  0x47700000
#define F_INF    0x7f800000
#define F_NAN    0x7fc00000
#define F_MINUS  0x80000000u

typedef struct row {
    mx_elem elem;
    uint32_t in;
    int code;
} row;

static void check_rows(const row *rows, size_t n, const char *axes)
{
    for (size_t i = 0; i < n; i++) {
        int sign = rows[i].elem == MX_INT8 ? 0 : 1 << (mx_elem_bits(rows[i].elem) - 1);
        ck_assert_msg(test_cast(axes, rows[i].elem, MX_FP32, rows[i].in) == rows[i].code, "%s %08x",
                      mx_elem_name(rows[i].elem), (unsigned)rows[i].in);
        if (sign != 0) /* the negative twin */
            ck_assert_int_eq(test_cast(axes, rows[i].elem, MX_FP32, rows[i].in | F_MINUS), rows[i].code | sign);
    }
}

/* The encodings table of section 5.3: largest and smallest normal, subnormals, one. */
START_TEST(encodings)
{
    static const row rows[] = {
        {MX_E5M2, 0x47600000, 0x7b},                                                           /* 57344 */
        {MX_E5M2, 0x38800000, 0x04},                                                           /* 2^-14 */
        {MX_E5M2, 0x38400000, 0x03},                                                           /* 0.75 * 2^-14 */
        {MX_E5M2, 0x37800000, 0x01},                                                           /* 2^-16 */
        {MX_E5M2, F_1, 0x3c},        {MX_E4M3, 0x43e00000, 0x7e},                              /* 448 */
        {MX_E4M3, 0x3c800000, 0x08},                                                           /* 2^-6 */
        {MX_E4M3, 0x3c600000, 0x07},                                                           /* 0.875 * 2^-6 */
        {MX_E4M3, 0x3b000000, 0x01},                                                           /* 2^-9 */
        {MX_E4M3, F_1, 0x38},        {MX_E3M2, 0x41e00000, 0x1f},                              /* 28 */
        {MX_E3M2, F_0_25, 0x04},     {MX_E3M2, 0x3e400000, 0x03},                              /* 0.1875 */
        {MX_E3M2, F_0_0625, 0x01},   {MX_E3M2, F_1, 0x0c},        {MX_E2M3, 0x40f00000, 0x1f}, /* 7.5 */
        {MX_E2M3, F_1, 0x08},        {MX_E2M3, 0x3f600000, 0x07},                              /* 0.875 */
        {MX_E2M3, F_0_125, 0x01},    {MX_E2M1, 0x40c00000, 0x7},                               /* 6 */
        {MX_E2M1, F_1, 0x2},         {MX_E2M1, F_0_5, 0x1},       {MX_INT8, 0x3ffe0000, 0x7f}, /* 127/64 */
        {MX_INT8, 0x3c800000, 0x01},                                                           /* 1/64 */
        {MX_INT8, F_1, 0x40},
    };
    check_rows(rows, sizeof rows / sizeof rows[0], "");
    ck_assert_int_eq(test_cast("", MX_INT8, MX_FP32, F_1 | F_MINUS), 0xc0);
    ck_assert_int_eq(test_cast("", MX_INT8, MX_FP32, 0xbffe0000), 0x81); /* -127/64 */
    ck_assert_int_eq(test_cast("", MX_INT8, MX_FP32, 0xc0000000), 0x81); /* -2, symmetric */
    ck_assert_int_eq(test_cast("int8-min=full", MX_INT8, MX_FP32, 0xc0000000), 0x80);
}
END_TEST

/* Where nearest-even first leaves the finite range: the table's "tie" row, in both overflow modes. */
START_TEST(ties_at_the_top)
{
    static const row saturate[] = {
        {MX_E5M2, F_61440, 0x7b}, {MX_E4M3, F_464, 0x7e}, {MX_E3M2, F_30, 0x1f},
        {MX_E2M3, F_7_75, 0x1f},  {MX_E2M1, F_7, 0x7},
    };
    static const row special[] = {
        {MX_E5M2, F_61440 - 1, 0x7b}, {MX_E5M2, F_61440, 0x7c}, /* 61440 goes up */
        {MX_E4M3, F_464, 0x7e},                                 /* 464 stays 448 */
        {MX_E3M2, F_30, 0x1f},        {MX_E2M3, F_7_75, 0x1f},  {MX_E2M1, F_7, 0x7},
    };
    check_rows(saturate, sizeof saturate / sizeof saturate[0], "");
    check_rows(special, sizeof special / sizeof special[0], "overflow=special");
    ck_assert_int_eq(test_cast("overflow=special", MX_E4M3, MX_FP32, F_464 + 1), 0x7f);
    ck_assert_int_eq(test_cast("overflow=special", MX_E4M3, MX_FP32, 0x43eb0000), 0x7f); /* 470 */
}
END_TEST

/* OFP8 table 3. */
START_TEST(table_3)
{
    static const struct {
        mx_elem elem;
        const char *axes;
        uint32_t in;
        int code;
    } rows[] = {
        {MX_E5M2, "overflow=saturate", F_NAN, 0x7f},      {MX_E5M2, "overflow=special", F_NAN, 0x7f},
        {MX_E4M3, "overflow=saturate", F_NAN, 0x7f},      {MX_E4M3, "overflow=special", F_NAN, 0x7f},
        {MX_E5M2, "overflow=saturate", F_INF, 0x7b},      {MX_E5M2, "overflow=special", F_INF, 0x7c},
        {MX_E4M3, "overflow=saturate", F_INF, 0x7e},      {MX_E4M3, "overflow=special", F_INF, 0x7f},
        {MX_E5M2, "overflow=saturate", 0xff800000, 0xfb}, {MX_E5M2, "overflow=special", 0xff800000, 0xfc},
        {MX_E4M3, "overflow=saturate", 0xff800000, 0xfe}, {MX_E4M3, "overflow=special", 0xff800000, 0x7f},
        {MX_E5M2, "overflow=saturate", 0x7f7fffff, 0x7b}, {MX_E5M2, "overflow=special", 0x7f7fffff, 0x7c},
        {MX_E4M3, "overflow=saturate", 0x7f7fffff, 0x7e}, {MX_E4M3, "overflow=special", 0x7f7fffff, 0x7f},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(test_cast(rows[i].axes, rows[i].elem, MX_FP32, rows[i].in) == rows[i].code, "row %zu", i);
}
END_TEST

/* E2M1 ties under each nearest rule, as NVIDIA documents and as microxcaling's default does. */
START_TEST(fp4_ties)
{
    static const uint32_t in[] = {F_0_25, F_0_75, F_1_25, F_1_75, F_2_5, F_3_5, F_5};
    static const int even[] = {0, 2, 2, 4, 4, 6, 6};
    static const int away[] = {1, 2, 3, 4, 5, 6, 7};
    static const int zero[] = {0, 1, 2, 3, 4, 5, 6};
    static const int odd[] = {1, 1, 3, 3, 5, 5, 7};

    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        ck_assert_int_eq(test_cast("", MX_E2M1, MX_FP32, in[i]), even[i]);
        ck_assert_int_eq(test_cast("round=rna", MX_E2M1, MX_FP32, in[i]), away[i]);
        ck_assert_int_eq(test_cast("round=rnz", MX_E2M1, MX_FP32, in[i]), zero[i]);
        ck_assert_int_eq(test_cast("round=rtz", MX_E2M1, MX_FP32, in[i]), zero[i]);
        ck_assert_int_eq(test_cast("round=rto", MX_E2M1, MX_FP32, in[i]), odd[i]);
        ck_assert_int_eq(test_cast("round=rup", MX_E2M1, MX_FP32, in[i]), away[i]);
        ck_assert_int_eq(test_cast("round=rdn", MX_E2M1, MX_FP32, in[i]), zero[i]);
        ck_assert_int_eq(test_cast("round=rdn", MX_E2M1, MX_FP32, in[i] | F_MINUS), 8 | (zero[i] + 1));
        ck_assert_int_eq(test_cast("round=rnz", MX_E2M1, MX_FP32, (in[i] + 1) | F_MINUS), 8 | (zero[i] + 1));
    }
    ck_assert_int_eq(test_cast("", MX_E2M1, MX_FP32, F_0_25 | F_MINUS), 8);
}
END_TEST

/* round=sr:2, source 1 + j/16 of the step from 1 to 1.5: floor(d * 4) + bits >= 4 goes up. */
START_TEST(stochastic)
{
    for (unsigned j = 0; j < 16; j++) {
        for (uint32_t bits = 0; bits < 4; bits++) {
            test_case c = {.op = MX_OP_CAST, .elem = MX_E2M1, .type = MX_FP32, .k = 1, .random = {bits}};
            c.value[0] = F_1 + j * (0x400000 / 16);
            test_run(&c, "round=sr:2");
            ck_assert_int_eq(c.out_code[0], j / 4 + bits >= 4 ? 3 : 2);
        }
    }
}
END_TEST

/* MX table 7: byte 0 is 2^-127, byte FF is NaN for every element. */
START_TEST(e8m0)
{
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP32, 0x00, 0x38), 0x00400000);
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP32, 0x00, 0x7e), 0x04600000); /* 448 * 2^-127 = 1.75 * 2^-119 */
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP32, 0xfe, 0x38), 0x7f000000); /* 2^127 */
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP32, 0x7f, 0xb8), 0xbf800000);
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP32, 0xfe, 0x40), -1); /* 2^128: implementation-defined */
    ck_assert_int_eq(test_dequantize("decode-over=inf", MX_E4M3, MX_FP32, 0xfe, 0xc0), 0xff800000);
    ck_assert_int_eq(test_dequantize("decode-over=max", MX_E4M3, MX_FP32, 0xfe, 0xc0), 0xff7fffff);
    for (unsigned code = 0; code < 256; code++)
        ck_assert_int_eq(test_dequantize("", MX_E5M2, MX_FP32, 0xff, code), F_NAN);
    for (unsigned scale = 0; scale < 255; scale++) { /* MX-5.1-e */
        ck_assert_int_eq(test_dequantize("", MX_E5M2, MX_FP32, scale, 0x7c), 0x7f800000);
        ck_assert_int_eq(test_dequantize("", MX_E5M2, MX_BF16, scale, 0xfc), 0xff80);
        ck_assert_int_eq(test_dequantize("", MX_E5M2, MX_FP16, scale, 0xfe), 0x7e00);
        ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP64, scale, 0xff), 0x7ff8000000000000);
        ck_assert_int_eq(test_dequantize("", MX_E2M1, MX_FP32, scale, 0x8), F_MINUS);
    }
    ck_assert_int_eq(test_dequantize("", MX_INT8, MX_FP32, 0x7f, 0x80), 0xc0000000); /* -2.0 */
    ck_assert_int_eq(test_dequantize("", MX_INT8, MX_FP32, 0x7f, 0x7f), 0x3ffe0000); /* 127/64 */
    ck_assert_int_eq(test_dequantize("int8=int6", MX_INT8, MX_FP32, 0x7f, 0x7f), 0x42fe0000);
    /* smallest nonzero E4M3 value 2^-136 in the narrow types: fp16 to zero, bf16 to zero, fp64 exact */
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP16, 0, 0x81), 0x8000);
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_BF16, 0, 0x81), 0x8000);
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP32, 0, 0x01), 0x00002000);
    ck_assert_int_eq(test_dequantize("", MX_E4M3, MX_FP64, 0, 0x01), 0x3770000000000000);
}
END_TEST

/* fp16 and bf16 targets round to nearest even: ties typed by hand. */
START_TEST(decode_ties)
{
    /* E2M3 1.5 * 2^-24 (byte 103) is 1.5 fp16 units of the smallest subnormal: tie, to 2 */
    ck_assert_int_eq(test_dequantize("", MX_E2M3, MX_FP16, 103, 0x0c), 0x0002);
    ck_assert_int_eq(test_dequantize("", MX_E2M3, MX_FP16, 102, 0x08), 0x0000); /* half a unit: tie to zero */
    ck_assert_int_eq(test_dequantize("", MX_E2M3, MX_FP16, 102, 0x09), 0x0001);
    ck_assert_int_eq(test_dequantize("", MX_E2M3, MX_FP16, 103, 0x12), 0x0002); /* 2.5 units */
    ck_assert_int_eq(test_dequantize("", MX_E2M3, MX_FP16, 103, 0x16), 0x0004); /* 3.5 units */
    /* INT8 127/64 * 2^15 = 65024 fits fp16; -2 * 2^15 = -65536 rounds to Inf */
    ck_assert_int_eq(test_dequantize("decode-over=inf", MX_INT8, MX_FP16, 142, 0x7f), 0x7bf0);
    ck_assert_int_eq(test_dequantize("decode-over=inf", MX_INT8, MX_FP16, 142, 0x80), 0xfc00);
    /* bf16 keeps 2^-127 as a subnormal */
    ck_assert_int_eq(test_dequantize("", MX_E2M1, MX_BF16, 0, 0x2), 0x0040);
}
END_TEST

/* Scale bytes of floor, ceil, even and rceil in fp32 arithmetic, as torchao's to_mx answers. */
static const struct scale_row {
    uint32_t amax;
    mx_elem elem;
    int byte[4];
} scale_row[] = {
    {0x40ffffff, MX_E4M3, {121, 122, 122, 122}},
    {0x3fffffff, MX_E4M3, {119, 120, 120, 120}},
    {0x42ffffff, MX_E5M2, {118, 119, 119, 119}},
    {0x3fe00001, MX_E4M3, {119, 120, 119, 120}},
    {0x3fe00000, MX_E4M3, {119, 120, 119, 119}},
    {0x3fe00000, MX_E2M1, {125, 126, 126, 126}},
    {0x3ff80000, MX_E4M3, {119, 120, 120, 120}},
    {0x3ff7ffff, MX_E4M3, {119, 120, 119, 120}},
    {0x43160000, MX_E4M3, {126, 127, 126, 126}},
    {0x43f00000, MX_E4M3, {127, 128, 127, 128}},
    {0x40e00000, MX_E2M1, {127, 128, 128, 128}},
    {0x7f7fffff, MX_E4M3, {246, 247, 255, 247}},
    {0x7f7fffff, MX_E2M1, {252, 253, 255, 253}},
    {0x7f780000, MX_E4M3, {246, 247, 255, 247}},
    {0x7f77ffff, MX_E4M3, {246, 247, 246, 247}},
    {0x7f700000, MX_E5M2, {239, 240, 255, 240}},
    {0x7f600000, MX_E2M1, {252, 253, 255, 253}},
    {0x00400000, MX_E4M3, {0, 0, 0, 0}},
    {0x00800000, MX_E4M3, {0, 0, 0, 0}},
    {0x04600001, MX_E4M3, {0, 1, 0, 0}}, /* the twins: rceil is 1 in exact arithmetic */
    {0x07e00001, MX_E5M2, {0, 1, 0, 0}},
    {0x02600001, MX_E3M2, {0, 1, 0, 0}},
    {0x01700001, MX_E2M3, {0, 1, 0, 0}},
    {0x01400001, MX_E2M1, {0, 1, 0, 0}},
    {0x43ffffff, MX_E4M3, {127, 128, 128, 128}},
    {0x40600001, MX_E4M3, {120, 121, 120, 121}},
    /* in [1, 2): the first A of each rule whose byte is above that of floor, and the one before */
    {0x3ff00000, MX_E5M2, {112, 113, 113, 113}},
    {0x3fefffff, MX_E5M2, {112, 113, 112, 113}},
    {0x3fe00001, MX_E5M2, {112, 113, 112, 113}},
    {0x3fe00000, MX_E5M2, {112, 113, 112, 112}},
    {0x3ff00000, MX_E3M2, {123, 124, 124, 124}},
    {0x3fefffff, MX_E3M2, {123, 124, 123, 124}},
    {0x3fe00001, MX_E3M2, {123, 124, 123, 124}},
    {0x3fe00000, MX_E3M2, {123, 124, 123, 123}},
    {0x3ff80000, MX_E2M3, {125, 126, 126, 126}},
    {0x3ff7ffff, MX_E2M3, {125, 126, 125, 126}},
    {0x3ff00001, MX_E2M3, {125, 126, 125, 126}},
    {0x3ff00000, MX_E2M3, {125, 126, 125, 125}},
    {0x3fdfffff, MX_E2M1, {125, 126, 125, 126}},
    {0x3fc00001, MX_E2M1, {125, 126, 125, 126}},
    {0x3fc00000, MX_E2M1, {125, 126, 125, 125}},
    {0x3f800001, MX_E2M1, {125, 126, 125, 125}},
    {0x3f800000, MX_E2M1, {125, 125, 125, 125}},
};

/* In exact arithmetic two things differ only: rceil of the twins, and even where the carry leaves fp32. */
static int exact_byte(const struct scale_row *at, size_t rule)
{
    if (rule == 3 && at->byte[3] == 0 && at->byte[1] == 1)
        return 1;
    return rule == 2 && at->byte[2] == 255 ? at->byte[1] : at->byte[rule];
}

START_TEST(scale_rows)
{
    static const char *const rules[] = {"scale=floor", "scale=ceil", "scale=even", "scale=rceil"};

    for (size_t i = 0; i < sizeof scale_row / sizeof scale_row[0]; i++) {
        const struct scale_row *at = &scale_row[i];
        for (size_t r = 0; r < 4; r++) {
            char f32[64];
            snprintf(f32, sizeof f32, "%s scale-arith=f32", rules[r]);
            ck_assert_msg(test_scale(f32, at->elem, MX_FP32, at->amax) == at->byte[r], "%08x %s %s", (unsigned)at->amax,
                          mx_elem_name(at->elem), f32);
            ck_assert_msg(test_scale(rules[r], at->elem, MX_FP32, at->amax) == exact_byte(at, r), "%08x %s %s",
                          (unsigned)at->amax, mx_elem_name(at->elem), rules[r]);
        }
    }
}
END_TEST

/* A correctly rounded float log2 is one too high for this many floats just below 2^k. */
START_TEST(log2f_snaps)
{
    static const struct {
        int k, count;
    } rows[] = {{3, 1}, {8, 2}, {64, 22}, {127, 44}, {128, 44}, {-2, 1}, {-8, 5}, {-1, 0}, {0, 0}, {1, 0}, {2, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t power = (uint32_t)(rows[i].k + 127) << 23;
        int snapped = 0;
        for (uint32_t j = 1; j <= 64; j++) {
            /* INT8 has emax 0: the byte is 127 + the floor of the logarithm */
            int byte = test_scale("scale-arith=log2f scale-over=clamp", MX_INT8, MX_FP32, power - j);
            int exact = test_scale("", MX_INT8, MX_FP32, power - j);
            ck_assert_int_eq(exact, rows[i].k + 126);
            /* at 2^128 the snap goes past E8M0: seen with nan, not with clamp */
            if (rows[i].k == 128)
                byte = test_scale("scale-arith=log2f", MX_INT8, MX_FP32, power - j);
            snapped += byte == exact + 1;
            ck_assert(byte == exact || byte == exact + 1);
        }
        ck_assert_int_eq(snapped, rows[i].count);
    }
}
END_TEST

/* Blocks: the largest saturates under floor, every tie of E2M1, and INT8 near -2 and at half its unit. */
START_TEST(blocks)
{
    static const uint32_t saturated[] = {F_7, F_1};
    static const uint32_t ties[] = {0x40800000, F_0_25, F_0_75, F_1_25, F_1_75, F_2_5, F_3_5, F_5};
    static const uint32_t near_minus_2[] = {F_1, 0xbffffcb9};
    static const uint32_t half_unit[] = {F_1, 0x3c000000};
    int scale, code[TEST_K];

    test_quantize("", MX_E2M1, 2, saturated, &scale, code);
    ck_assert(scale == 127 && code[0] == 7 && code[1] == 2);
    test_quantize("scale=rceil", MX_E2M1, 2, saturated, &scale, code);
    ck_assert(scale == 128 && code[0] == 6 && code[1] == 1);
    test_quantize("", MX_E2M1, 8, ties, &scale, code);
    ck_assert(scale == 127 && code[0] == 6 && code[1] == 0 && code[2] == 2 && code[3] == 2 && code[7] == 6);
    test_quantize("", MX_INT8, 2, near_minus_2, &scale, code);
    ck_assert(scale == 127 && code[0] == 0x40 && code[1] == 0x81);
    test_quantize("int8-min=full", MX_INT8, 2, near_minus_2, &scale, code);
    ck_assert(code[1] == 0x80);
    test_quantize("", MX_INT8, 2, half_unit, &scale, code);
    ck_assert(scale == 127 && code[0] == 0x40 && code[1] == 0);
    test_quantize("round=rna", MX_INT8, 2, half_unit, &scale, code);
    ck_assert(code[1] == 1);
    test_quantize("int8=int6", MX_INT8, 1, half_unit, &scale, code);
    ck_assert(scale == 121 && code[0] == 0x40);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("values");

    tcase_add_test(cases, encodings);
    tcase_add_test(cases, ties_at_the_top);
    tcase_add_test(cases, table_3);
    tcase_add_test(cases, fp4_ties);
    tcase_add_test(cases, stochastic);
    tcase_add_test(cases, e8m0);
    tcase_add_test(cases, decode_ties);
    tcase_add_test(cases, scale_rows);
    tcase_add_test(cases, log2f_snaps);
    tcase_add_test(cases, blocks);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
