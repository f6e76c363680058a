/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Values of codes worked out by hand from the format tables.
 */

#include <mx/fast.h>

#include "impl/test_each_isa.h"
#include "impl/test_profile.h"

static uint64_t decode(mx_elem elem, mx_type type, const mx_profile *profile, uint8_t code, uint8_t scale)
{
    uint64_t wide = 0x5555;
    uint32_t word = 0x5555;
    uint16_t half = 0x5555;
    mx_batch batch = {.op = MX_OP_DEQUANTIZE, .elem = elem, .type = type, .k = 1, .count = 1, .profile = *profile};
    batch.in.code = &code;
    batch.in.scale = &scale;
    batch.out.value = type == MX_FP64 ? (void *)&wide : type == MX_FP32 ? (void *)&word : (void *)&half;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    return type == MX_FP64 ? wide : type == MX_FP32 ? word : half;
}

typedef struct decode_case {
    mx_elem elem;
    mx_type type;
    uint8_t code, scale;
    uint64_t value;
} decode_case;

static void expect(const mx_profile *profile, const decode_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t found = decode(cases[i].elem, cases[i].type, profile, cases[i].code, cases[i].scale);
        ck_assert_msg(found == cases[i].value, "case %zu: wanted %llx, found %llx", i,
                      (unsigned long long)cases[i].value, (unsigned long long)found);
    }
}
#define EXPECT(profile, cases) expect(profile, cases, sizeof(cases) / sizeof(cases)[0])

static int is_nan32(uint64_t bits)
{
    return (bits & 0x7fffffff) > 0x7f800000;
}

START_TEST(nan_and_inf)
{
    mx_profile p = ocp();
    for (unsigned code = 0x7d; code <= 0x7f; code++) {
        ck_assert(is_nan32(decode(MX_E5M2, MX_FP32, &p, (uint8_t)code, 0)));
        ck_assert(is_nan32(decode(MX_E5M2, MX_FP32, &p, (uint8_t)(code | 0x80), 127)));
    }
    ck_assert(is_nan32(decode(MX_E4M3, MX_FP32, &p, 0x7f, 254)));
    ck_assert(is_nan32(decode(MX_E4M3, MX_FP32, &p, 0xff, 254)));
    for (unsigned code = 0; code < 16; code++)
        ck_assert(is_nan32(decode(MX_E2M1, MX_FP32, &p, (uint8_t)code, 0xff)));
    ck_assert(is_nan32(decode(MX_E5M2, MX_FP32, &p, 0x7c, 0xff)));
    const decode_case inf[] = {{MX_E5M2, MX_FP32, 0x7c, 0, 0x7f800000},
                               {MX_E5M2, MX_FP32, 0xfc, 254, 0xff800000},
                               {MX_E5M2, MX_FP16, 0xfc, 127, 0xfc00},
                               {MX_E5M2, MX_BF16, 0x7c, 127, 0x7f80},
                               {MX_E5M2, MX_FP64, 0x7c, 127, UINT64_C(0x7ff0000000000000)}};
    EXPECT(&p, inf);
}
END_TEST

/* Zero, subnormal, normal and the largest of each format at scale 2^0. */
START_TEST(finite_values)
{
    const decode_case cases[] = {
        {MX_E5M2, MX_FP32, 0x00, 127, 0},          {MX_E5M2, MX_FP32, 0x80, 127, 0x80000000},
        {MX_E5M2, MX_FP32, 0x01, 127, 0x37800000}, {MX_E5M2, MX_FP32, 0x83, 127, 0xb8400000}, /* 2^-16, -0.75 2^-14 */
        {MX_E5M2, MX_FP32, 0x04, 127, 0x38800000}, {MX_E5M2, MX_FP32, 0x7b, 127, 0x47600000},
        {MX_E4M3, MX_FP32, 0x01, 127, 0x3b000000}, {MX_E4M3, MX_FP32, 0x07, 127, 0x3c600000}, /* 0.875 2^-6 */
        {MX_E4M3, MX_FP32, 0x08, 127, 0x3c800000}, {MX_E4M3, MX_FP32, 0xfe, 127, 0xc3e00000},
        {MX_E3M2, MX_FP32, 0x01, 127, 0x3d800000}, {MX_E3M2, MX_FP32, 0x1f, 127, 0x41e00000},
        {MX_E3M2, MX_FP32, 0x20, 127, 0x80000000}, {MX_E2M3, MX_FP32, 0x01, 127, 0x3e000000},
        {MX_E2M3, MX_FP32, 0x3f, 127, 0xc0f00000}, {MX_E2M1, MX_FP32, 0x01, 127, 0x3f000000},
        {MX_E2M1, MX_FP32, 0x07, 127, 0x40c00000}, {MX_E2M1, MX_FP32, 0x0a, 127, 0xbf800000},
        {MX_INT8, MX_FP32, 0x01, 127, 0x3c800000}, {MX_INT8, MX_FP32, 0x7f, 127, 0x3ffe0000},
        {MX_INT8, MX_FP32, 0x80, 127, 0xc0000000}, {MX_INT8, MX_FP32, 0xff, 127, 0xbc800000},
        {MX_INT8, MX_FP32, 0x00, 127, 0},          {MX_E2M1, MX_BF16, 0x03, 127, 0x3fc0},
        {MX_E2M1, MX_FP16, 0x03, 127, 0x3e00},     {MX_E2M1, MX_FP64, 0x0b, 127, UINT64_C(0xbff8000000000000)},
    };
    mx_profile p = ocp();
    EXPECT(&p, cases);
    const decode_case units[] = {{MX_INT8, MX_FP32, 0x01, 127, 0x3f800000}, {MX_INT8, MX_FP32, 0x80, 127, 0xc3000000}};
    p.int8 = MX_INT8_INT7;
    EXPECT(&p, units);
}
END_TEST

/* Scales at the ends, gradual underflow of the target, ties to even. */
START_TEST(ends)
{
    const decode_case cases[] = {
        {MX_E2M1, MX_FP32, 0x02, 0, 0x00400000},
        {MX_E4M3, MX_FP32, 0x01, 0, 0x00002000},
        {MX_E2M1, MX_FP32, 0x01, 1, 0x00400000},
        {MX_E2M1, MX_FP32, 0x01, 2, 0x00800000}, /* 2^-127, 2^-136 */
        {MX_E5M2, MX_FP32, 0x81, 0, 0x80000040},
        {MX_E4M3, MX_FP32, 0x7e, 0, 0x04600000}, /* -2^-143, 448 2^-127 */
        {MX_E2M1, MX_BF16, 0x02, 0, 0x0040},
        {MX_E4M3, MX_BF16, 0x01, 0, 0x0000}, /* bf16 step 2^-133 */
        {MX_E4M3, MX_BF16, 0x83, 0, 0x8000},
        {MX_E4M3, MX_BF16, 0x05, 0, 0x0001}, /* 3 and 5 times 2^-136 */
        {MX_E4M3, MX_BF16, 0x04, 0, 0x0000},
        {MX_E4M3, MX_BF16, 0x0c, 0, 0x0002}, /* ties: half, 1.5 steps */
        {MX_E2M1, MX_FP16, 0x02, 103, 0x0001},
        {MX_E2M1, MX_FP16, 0x02, 102, 0x0000}, /* 2^-24, a tie below */
        {MX_E2M1, MX_FP16, 0x0b, 102, 0x8001},
        {MX_E2M1, MX_FP16, 0x02, 113, 0x0400}, /* -1.5 2^-25, 2^-14 */
        {MX_E5M2, MX_FP16, 0x7b, 127, 0x7b00},
        {MX_E5M2, MX_FP16, 0x7b, 0, 0x0000}, /* 57344; underflow */
        {MX_E2M1, MX_FP64, 0x02, 0, UINT64_C(0x3800000000000000)},
        {MX_E2M1, MX_FP32, 0x02, 254, 0x7f000000},
        {MX_E2M1, MX_FP32, 0x03, 254, 0x7f400000},
    };
    mx_profile p = ocp();
    EXPECT(&p, cases);
}
END_TEST

START_TEST(too_large)
{
    const decode_case inf[] = {{MX_E2M1, MX_FP32, 0x04, 254, 0x7f800000}, {MX_E2M1, MX_FP32, 0x0c, 254, 0xff800000},
                               {MX_E5M2, MX_FP16, 0x7b, 128, 0x7c00},     {MX_INT8, MX_FP32, 0x80, 254, 0xff800000},
                               {MX_E2M1, MX_FP16, 0x02, 254, 0x7c00},     {MX_E2M1, MX_BF16, 0x0c, 254, 0xff80}};
    const decode_case max[] = {{MX_E2M1, MX_FP32, 0x04, 254, 0x7f7fffff}, {MX_E2M1, MX_FP32, 0x0c, 254, 0xff7fffff},
                               {MX_E5M2, MX_FP16, 0x7b, 128, 0x7bff},     {MX_INT8, MX_FP32, 0x80, 254, 0xff7fffff},
                               {MX_E5M2, MX_FP32, 0x7c, 254, 0x7f800000}, {MX_E2M1, MX_BF16, 0x0c, 254, 0xff7f}};
    const decode_case wide[] = {{MX_E2M1, MX_FP64, 0x04, 254, UINT64_C(0x47f0000000000000)}};
    mx_profile p = ocp();
    EXPECT(&p, wide);
    p.decode_over = MX_DECODE_OVER_INF;
    EXPECT(&p, inf);
    p.decode_over = MX_DECODE_OVER_MAX;
    EXPECT(&p, max);
}
END_TEST

/* `decode` is dequantize of one code at 2^0. */
START_TEST(scalar)
{
    uint8_t codes[3] = {0x00, 0x38, 0xb8};
    uint32_t values[3];
    const uint32_t want[3] = {0, 0x3f800000, 0xbf800000};
    mx_batch batch = {.op = MX_OP_DECODE, .elem = MX_E4M3, .type = MX_FP32, .k = 1, .count = 3, .profile = ocp()};
    batch.in.code = codes;
    batch.out.value = values;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    ck_assert_mem_eq(values, want, sizeof want);
}
END_TEST

START_TEST(facts)
{
    ck_assert_ptr_null(mxfast_facts((mx_elem)0));
    ck_assert_ptr_null(mxfast_facts((mx_elem)7));
    ck_assert_uint_eq(mxfast_facts(MX_E4M3)->max_code, 0x7e);
    ck_assert_int_eq(mxfast_scale_facts()->bias, 127);
}
END_TEST

static TCase *make(void)
{
    TCase *tcase = tcase_create("decode");
    tcase_add_test(tcase, nan_and_inf);
    tcase_add_test(tcase, finite_values);
    tcase_add_test(tcase, ends);
    tcase_add_test(tcase, too_large);
    tcase_add_test(tcase, scalar);
    tcase_add_test(tcase, facts);
    return tcase;
}

int main(void)
{
    return run_by_each_isa(make);
}
