/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Codes and scale bytes worked out by hand from the format tables: what an element becomes.
 */

#include <mx/fast.h>

#include "impl/test_each_isa.h"
#include "impl/test_profile.h"

/* One cast of fp32 bits, which a scale of 2^0 must not change; random bits only if the profile is stochastic. */
static unsigned cast32(mx_elem elem, const mx_profile *profile, uint32_t value, uint32_t random)
{
    const uint8_t one = 127;
    uint8_t code = 0x55, scaled = 0xaa;
    mx_batch batch = {.op = MX_OP_CAST, .elem = elem, .type = MX_FP32, .k = 1, .count = 1, .profile = *profile};
    batch.in.value = &value;
    batch.in.random = profile->round == MX_SR ? &random : NULL;
    batch.out.code = &code;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    batch.op = MX_OP_SCALED_CAST;
    batch.in.scale = &one;
    batch.out.code = &scaled;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    ck_assert_uint_eq(code, scaled);
    return code;
}

static unsigned scaled64(mx_elem elem, const mx_profile *profile, uint64_t value, uint8_t scale)
{
    uint8_t code = 0x55;
    mx_batch batch = {.op = MX_OP_SCALED_CAST, .elem = elem, .type = MX_FP64, .k = 1, .count = 1, .profile = *profile};
    batch.in.value = &value;
    batch.in.scale = &scale;
    batch.out.code = &code;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    return code;
}

typedef struct cast_case {
    mx_elem elem;
    uint32_t value;
    unsigned code;
} cast_case;

static void expect(const mx_profile *profile, const cast_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(cast32(cases[i].elem, profile, cases[i].value, 0) == cases[i].code,
                      "case %zu: elem %d, %08x: wanted %02x, found %02x", i, (int)cases[i].elem,
                      (unsigned)cases[i].value, cases[i].code, cast32(cases[i].elem, profile, cases[i].value, 0));
}
#define EXPECT(profile, cases) expect(profile, cases, sizeof(cases) / sizeof(cases)[0])

/* OFP8 table 3 and the MX format tables: NaN, Inf, zero, subnormal, largest, in this order. */
START_TEST(specials_saturate)
{
    const cast_case cases[] = {
        {MX_E5M2, 0x7fc00000, 0x7f}, {MX_E4M3, 0xffc00000, 0x7f},                              /* NaN */
        {MX_E5M2, 0x7f800000, 0x7b}, {MX_E4M3, 0xff800000, 0xfe}, {MX_E3M2, 0x7f800000, 0x1f}, /* Inf */
        {MX_E2M3, 0xff800000, 0x3f}, {MX_E2M1, 0x7f800000, 0x07}, {MX_INT8, 0xff800000, 0x81},
        {MX_E5M2, 0x80000000, 0x80}, {MX_E3M2, 0x80000000, 0x20}, {MX_E2M1, 0x80000000, 0x08}, /* -0 */
        {MX_INT8, 0x80000000, 0x00}, {MX_E4M3, 0x00000000, 0x00}, {MX_E5M2, 0x37800000, 0x01},
        {MX_E5M2, 0x37000000, 0x00}, {MX_E5M2, 0x37000001, 0x01},                              /* 2^-16; its half */
        {MX_E4M3, 0x3b000000, 0x01}, {MX_E4M3, 0x3a800000, 0x00}, {MX_E4M3, 0xba800001, 0x81}, /* 2^-9; its half */
        {MX_E3M2, 0x3d800000, 0x01}, {MX_E2M3, 0x3e000000, 0x01}, {MX_E2M1, 0x3f000000, 0x01}, /* least subnormals */
        {MX_INT8, 0x3c800000, 0x01}, {MX_INT8, 0xbc800000, 0xff}, {MX_INT8, 0x3c000000, 0x00}, /* 1/64; its half */
        {MX_E5M2, 0x38800000, 0x04}, {MX_E4M3, 0x3c800000, 0x08}, {MX_E3M2, 0x3e800000, 0x04}, /* least normals */
        {MX_E2M3, 0x3f800000, 0x08}, {MX_E2M1, 0x3f800000, 0x02}, {MX_E5M2, 0x47600000, 0x7b},
        {MX_E4M3, 0x43e00000, 0x7e}, {MX_E3M2, 0x41e00000, 0x1f}, /* the largest */
        {MX_E2M3, 0x40f00000, 0x1f}, {MX_E2M1, 0x40c00000, 0x07}, {MX_INT8, 0x3ffe0000, 0x7f},
        {MX_INT8, 0xbffe0000, 0x81}, {MX_INT8, 0xbfff0000, 0x81}, {MX_INT8, 0xc0000000, 0x81}, /* -127.5, -128 units */
        {MX_E2M1, 0x7f7fffff, 0x07}, {MX_INT8, 0x7f7fffff, 0x7f}, {MX_E5M2, 0x00000001, 0x00}, /* the ends of fp32 */
        {MX_E5M2, 0x80000001, 0x80},
    };
    mx_profile p = ocp();
    EXPECT(&p, cases);
}
END_TEST

/* Every tie of E2M1. */
START_TEST(ties_to_even)
{
    const cast_case cases[] = {
        {MX_E2M1, 0x40800000, 6}, {MX_E2M1, 0x3e800000, 0}, {MX_E2M1, 0x3f400000, 2},
        {MX_E2M1, 0x3fa00000, 2}, {MX_E2M1, 0x3fe00000, 4}, {MX_E2M1, 0x40200000, 4},
        {MX_E2M1, 0x40600000, 6}, {MX_E2M1, 0x40a00000, 6}, {MX_E2M1, 0xbe800000, 8},
    };
    mx_profile p = ocp();
    EXPECT(&p, cases);
    const cast_case away[] = {
        {MX_E2M1, 0x3e800000, 1}, {MX_E2M1, 0x3f400000, 2}, {MX_E2M1, 0x3fa00000, 3}, {MX_E2M1, 0x3fe00000, 4},
        {MX_E2M1, 0x40200000, 5}, {MX_E2M1, 0x40600000, 6}, {MX_E2M1, 0x40a00000, 7}, {MX_E2M1, 0xbe800000, 9},
    };
    p.round = MX_RNA;
    EXPECT(&p, away);
    const cast_case zero[] = {
        {MX_E2M1, 0x3e800000, 0}, {MX_E2M1, 0x3f400000, 1}, {MX_E2M1, 0x3fa00000, 2}, {MX_E2M1, 0x3fe00000, 3},
        {MX_E2M1, 0x40200000, 4}, {MX_E2M1, 0x40600000, 5}, {MX_E2M1, 0x40a00000, 6}, {MX_E2M1, 0x40a00001, 7},
    };
    p.round = MX_RNZ;
    EXPECT(&p, zero);
}
END_TEST

/* 1.25 + 1 ulp lies between 1 (code 2) and 1.5 (code 3); 1.6 between 3 and 4 (1.5, 2). */
START_TEST(directed)
{
    const struct {
        uint8_t round;
        unsigned plus, minus, plus_odd, minus_odd;
    } row[] = {{MX_RTZ, 2, 0xa, 3, 0xb}, {MX_RUP, 3, 0xa, 4, 0xb}, {MX_RDN, 2, 0xb, 3, 0xc}, {MX_RTO, 3, 0xb, 3, 0xb}};
    mx_profile p = ocp();
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        p.round = row[i].round;
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3fa00001, 0), row[i].plus);
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0xbfa00001, 0), row[i].minus);
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3fcccccd, 0), row[i].plus_odd);
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0xbfcccccd, 0), row[i].minus_odd);
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3fc00000, 0), 3); /* exact */
    }
}
END_TEST

/* 1.125 = 1 + 1/4 of the step to 1.5: with N = 2, only random bits 3 round up; with N = 32, from c0000000. */
START_TEST(stochastic)
{
    mx_profile p = ocp();
    p.round = MX_SR;
    p.sr_bits = 2;
    for (uint32_t random = 0; random < 4; random++)
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3f900000, random), random == 3 ? 3 : 2);
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3f800000, 3), 2); /* exact */
    p.sr_bits = 1;                                            /* floor(d * 2) = 0: never */
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3f900000, 1), 2);
    p.sr_bits = 32;
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3f900000, 0xbfffffff), 2);
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x3f900000, 0xc0000000), 3);
    /* 2^-33 is 2^-32 of the step to 0.5; half of that is no whole number of 2^-32 */
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x2f000000, 0xffffffff), 1);
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x2effffff, 0xffffffff), 0);
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x2f000000, 0xfffffffe), 0);
}
END_TEST

/* Each value has its own word, also past the first few hundred. */
START_TEST(stochastic_many)
{
    enum { N = 700 };
    uint32_t values[N], random[N];
    uint8_t codes[N];
    mx_profile p = ocp();
    p.round = MX_SR;
    p.sr_bits = 2;
    for (uint32_t i = 0; i < N; i++) {
        values[i] = 0x3f900000; /* as above */
        random[i] = i % 7 == 0 ? 3 : 2;
    }
    mx_batch batch = {.op = MX_OP_CAST, .elem = MX_E2M1, .type = MX_FP32, .k = 1, .count = N, .profile = p};
    batch.in.value = values;
    batch.in.random = random;
    batch.out.code = codes;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    for (uint32_t i = 0; i < N; i++)
        ck_assert_uint_eq(codes[i], i % 7 == 0 ? 3 : 2);
}
END_TEST

START_TEST(overflow)
{
    const cast_case special[] = {
        {MX_E5M2, 0x7f800000, 0x7c}, {MX_E5M2, 0xff800000, 0xfc}, {MX_E4M3, 0xff800000, 0x7f}, /* Inf */
        {MX_E4M3, 0x43e80000, 0x7e}, {MX_E4M3, 0x43e80001, 0x7f}, {MX_E4M3, 0x44000000, 0x7f}, /* 464 stays */
        {MX_E5M2, 0x476fffff, 0x7b}, {MX_E5M2, 0x47700000, 0x7c}, {MX_E5M2, 0xc7700000, 0xfc}, /* 61440 goes */
        {MX_E3M2, 0x41f00000, 0x1f}, {MX_E2M1, 0xff800000, 0x0f}, {MX_INT8, 0x40000000, 0x7f},
    };
    mx_profile p = ocp();
    p.overflow = MX_OVERFLOW_SPECIAL;
    EXPECT(&p, special);
    p.overflow_nan = MX_OVERFLOW_NAN_S7F;
    ck_assert_uint_eq(cast32(MX_E4M3, &p, 0xc4000000, 0), 0xff);
    const cast_case up[] = {{MX_E5M2, 0x47600001, 0x7c},
                            {MX_E5M2, 0xc7600001, 0xfb},
                            {MX_E5M2, 0xff7fffff, 0xfb},
                            {MX_E5M2, 0xff800000, 0xfc}};
    p.round = MX_RUP;
    EXPECT(&p, up);
    p.overflow_directed = MX_DIRECTED_ALWAYS;
    ck_assert_uint_eq(cast32(MX_E5M2, &p, 0xc7600001, 0), 0xfb); /* rounds to the largest: no overflow */
    ck_assert_uint_eq(cast32(MX_E5M2, &p, 0xc7800000, 0), 0xfc); /* 65536 is past it under every rounding */
    p.overflow_directed = MX_DIRECTED_IEEE;
    ck_assert_uint_eq(cast32(MX_E5M2, &p, 0xc7800000, 0), 0xfb);
}
END_TEST

START_TEST(nan_codes)
{
    const struct {
        uint8_t axis;
        unsigned e5m2, e4m3;
    } row[] = {{MX_NAN_CODE_7F, 0x7f, 0x7f},
               {MX_NAN_CODE_7E, 0x7e, 0x7f},
               {MX_NAN_CODE_S7F, 0xff, 0xff},
               {MX_NAN_CODE_S7E, 0xfe, 0xff}};
    mx_profile p = ocp();
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        p.nan_code = row[i].axis;
        ck_assert_uint_eq(cast32(MX_E5M2, &p, 0xff800001, 0), row[i].e5m2);
        ck_assert_uint_eq(cast32(MX_E4M3, &p, 0xffffffff, 0), row[i].e4m3);
    }
    p.nan_to = MX_NAN_TO_MAX;
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0xffc00000, 0), 0x07);
    ck_assert_uint_eq(cast32(MX_INT8, &p, 0xffc00000, 0), 0x7f);
    p.nan_to = MX_NAN_TO_SMAX;
    ck_assert_uint_eq(cast32(MX_E2M1, &p, 0xffc00000, 0), 0x0f);
    ck_assert_uint_eq(cast32(MX_E3M2, &p, 0xffc00000, 0), 0x3f);
    ck_assert_uint_eq(cast32(MX_INT8, &p, 0xffc00000, 0), 0x81);
    p.int8_min = MX_INT8_MIN_FULL;
    ck_assert_uint_eq(cast32(MX_INT8, &p, 0xffc00000, 0), 0x80);
    p.nan_to = MX_NAN_TO_ZERO;
    ck_assert_uint_eq(cast32(MX_E2M3, &p, 0xffc00000, 0), 0x00);
}
END_TEST

/* -127.5 and -128.5 units are ties; 2^-6 is the unit, or 1. */
START_TEST(int8)
{
    const cast_case full[] = {{MX_INT8, 0xbfff0000, 0x80}, {MX_INT8, 0xbffeffff, 0x81}, {MX_INT8, 0xc0008000, 0x80},
                              {MX_INT8, 0xc1000000, 0x80}, {MX_INT8, 0xff800000, 0x80}, {MX_INT8, 0x40000000, 0x7f}};
    mx_profile p = ocp();
    p.int8_min = MX_INT8_MIN_FULL;
    EXPECT(&p, full);
    const cast_case units[] = {{MX_INT8, 0x3f800000, 0x01}, {MX_INT8, 0x42c80000, 0x64}, {MX_INT8, 0xc2fe0000, 0x81},
                               {MX_INT8, 0x3f000000, 0x00}, {MX_INT8, 0x3fc00000, 0x02}, {MX_INT8, 0xc3000000, 0x80}};
    p.int8 = MX_INT8_INT6;
    EXPECT(&p, units);
    p.int8 = MX_INT8_INT7;
    EXPECT(&p, units);
}
END_TEST

/* -0, a flushed subnormal, and a negative that rounds to zero. */
START_TEST(zeros)
{
    const struct {
        uint8_t axis;
        unsigned zero, flushed, tiny;
    } row[] = {{MX_ZERO_SIGN_KEEP, 8, 8, 8}, {MX_ZERO_SIGN_DROP, 0, 0, 0}, {MX_ZERO_SIGN_UNDERFLOW_ONLY, 0, 0, 8}};
    mx_profile p = ocp();
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        p.zero_sign = row[i].axis;
        p.subnormal_in = MX_SUBNORMAL_IN_FLUSH;
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x80000000, 0), row[i].zero);
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x807fffff, 0), row[i].flushed);
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x80800000, 0), row[i].tiny);
        p.subnormal_in = MX_SUBNORMAL_IN_KEEP;
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0x807fffff, 0), row[i].tiny);
        p.subnormal_out = MX_SUBNORMAL_OUT_FLUSH;
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0xbf000000, 0), row[i].tiny); /* -0.5 */
        ck_assert_uint_eq(cast32(MX_E2M1, &p, 0xbf600000, 0), 0xa);         /* -0.875 rounds to -1 first */
        p.subnormal_out = MX_SUBNORMAL_OUT_KEEP;
    }
}
END_TEST

/* fp64 sources: no step through fp32, and scales at both ends. */
START_TEST(wide_source)
{
    mx_profile p = ocp();
    ck_assert_uint_eq(scaled64(MX_E2M1, &p, UINT64_C(0x3fd0000000000000), 127), 0); /* 0.25 */
    ck_assert_uint_eq(scaled64(MX_E2M1, &p, UINT64_C(0x3fd0000000000001), 127), 1);
    ck_assert_uint_eq(scaled64(MX_E4M3, &p, UINT64_C(0x47e0000000000000), 0xfe), 0x38); /* 2^127 / 2^127 */
    ck_assert_uint_eq(scaled64(MX_E4M3, &p, UINT64_C(0x3800000000000000), 0x00), 0x38); /* 2^-127 / 2^-127 */
    ck_assert_uint_eq(scaled64(MX_E4M3, &p, UINT64_C(0x7fefffffffffffff), 0x00), 0x7e);
    ck_assert_uint_eq(scaled64(MX_E4M3, &p, UINT64_C(0x8000000000000001), 0xfe), 0x80);
    p.round = MX_RDN;
    ck_assert_uint_eq(scaled64(MX_E4M3, &p, UINT64_C(0x8000000000000001), 0xfe), 0x81);
    p.under_nan_scale = MX_UNDER_NAN_NAN;
    p.nan_code = MX_NAN_CODE_S7E;
    ck_assert_uint_eq(scaled64(MX_E5M2, &p, UINT64_C(0x8000000000000000), 0xff), 0xfe);
    p.nan_to = MX_NAN_TO_SMAX;
    ck_assert_uint_eq(scaled64(MX_E2M1, &p, UINT64_C(0xbff0000000000000), 0xff), 0x0f);
    p.under_nan_scale = MX_UNDER_NAN_ZERO;
    ck_assert_uint_eq(scaled64(MX_E5M2, &p, UINT64_C(0xfff8000000000000), 0xff), 0x00);
}
END_TEST

static TCase *make(void)
{
    TCase *tcase = tcase_create("cast");
    tcase_add_test(tcase, specials_saturate);
    tcase_add_test(tcase, ties_to_even);
    tcase_add_test(tcase, directed);
    tcase_add_test(tcase, stochastic);
    tcase_add_test(tcase, stochastic_many);
    tcase_add_test(tcase, overflow);
    tcase_add_test(tcase, nan_codes);
    tcase_add_test(tcase, int8);
    tcase_add_test(tcase, zeros);
    tcase_add_test(tcase, wide_source);
    return tcase;
}

int main(void)
{
    return run_by_each_isa(make);
}
