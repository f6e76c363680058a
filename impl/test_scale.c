/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Scale bytes: the published thresholds of each rule, the specials of a block, and both ends of the range.
 */

#include <mx/fast.h>

#include "impl/test_each_isa.h"
#include "impl/test_profile.h"

static unsigned scale_of(mx_elem elem, mx_type type, const mx_profile *profile, const void *values, size_t k)
{
    uint8_t scale = 0x55;
    mx_batch batch = {.op = MX_OP_SCALE, .elem = elem, .type = type, .k = k, .count = 1, .profile = *profile};
    batch.in.value = values;
    batch.out.scale = &scale;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    return scale;
}

static unsigned scale32(mx_elem elem, const mx_profile *profile, uint32_t amax)
{
    return scale_of(elem, MX_FP32, profile, &amax, 1);
}

static unsigned scale64(mx_elem elem, const mx_profile *profile, uint64_t amax)
{
    return scale_of(elem, MX_FP64, profile, &amax, 1);
}

static void quantize3(mx_elem elem, const mx_profile *profile, const uint32_t in[3], uint8_t *scale, uint8_t code[3])
{
    mx_batch batch = {.op = MX_OP_QUANTIZE, .elem = elem, .type = MX_FP32, .k = 3, .count = 1, .profile = *profile};
    batch.in.value = in;
    batch.out.scale = scale;
    batch.out.code = code;
    *scale = 0x55;
    memset(code, 0x55, 3);
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
}

/* The first amax in [1, 2) whose byte is one above floor's: measured on torchao, and exact for INT8. */
START_TEST(thresholds)
{
    const struct {
        mx_elem elem;
        unsigned floor;
        uint32_t ceil, even, rceil;
    } row[] = {
        {MX_E5M2, 112, 0x3f800001, 0x3ff00000, 0x3fe00001}, {MX_E4M3, 119, 0x3f800001, 0x3ff80000, 0x3fe00001},
        {MX_E3M2, 123, 0x3f800001, 0x3ff00000, 0x3fe00001}, {MX_E2M3, 125, 0x3f800001, 0x3ff80000, 0x3ff00001},
        {MX_E2M1, 125, 0x3f800001, 0x3fe00000, 0x3fc00001}, {MX_INT8, 127, 0x3f800001, 0x3fff0000, 0x3ffe0001},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const uint32_t first[] = {0, 0x40000000, row[i].ceil, row[i].even, row[i].rceil};
        for (uint8_t rule = MX_SCALE_FLOOR; rule <= MX_SCALE_LAST; rule++)
            for (uint8_t arith = MX_ARITH_EXACT; arith <= MX_ARITH_F32; arith++) {
                mx_profile p = ocp();
                p.scale = rule;
                p.scale_arith = arith;
                /* rceil of INT8 in fp32 misses the first fp32 of every binade: its quotient rounds to a power of two */
                uint32_t late = row[i].elem == MX_INT8 && rule == MX_SCALE_RCEIL && arith == MX_ARITH_F32;
                ck_assert_uint_eq(scale32(row[i].elem, &p, first[rule] + late - 1), row[i].floor);
                ck_assert_uint_eq(scale32(row[i].elem, &p, first[rule] + late), row[i].floor + 1);
            }
    }
}
END_TEST

/* The one fp32 that rceil in fp32 gets wrong: the quotient rounds down to 2^-127. */
START_TEST(rceil_f32_twins)
{
    const struct {
        mx_elem elem;
        uint32_t amax;
    } row[] = {{MX_E5M2, 0x07e00001},
               {MX_E4M3, 0x04600001},
               {MX_E3M2, 0x02600001},
               {MX_E2M3, 0x01700001},
               {MX_E2M1, 0x01400001}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        mx_profile p = ocp();
        p.scale = MX_SCALE_RCEIL;
        ck_assert_uint_eq(scale32(row[i].elem, &p, row[i].amax), 1);
        ck_assert_uint_eq(scale32(row[i].elem, &p, row[i].amax - 1), 0);
        p.scale_arith = MX_ARITH_F32;
        ck_assert_uint_eq(scale32(row[i].elem, &p, row[i].amax), 0);
        ck_assert_uint_eq(scale32(row[i].elem, &p, row[i].amax + 1), 1);
    }
}
END_TEST

/* The top of the range, where even carries to Inf in fp32 (D4 of doc/decisions.md) and INT8 and fp64 pass 2^127. */
START_TEST(top)
{
    const struct {
        mx_elem elem;
        uint32_t even_nan;
    } row[] = {{MX_E4M3, 0x7f780000},
               {MX_E2M3, 0x7f780000},
               {MX_E5M2, 0x7f700000},
               {MX_E3M2, 0x7f700000},
               {MX_E2M1, 0x7f600000}};
    mx_profile p = ocp();
    p.scale = MX_SCALE_EVEN;
    p.scale_arith = MX_ARITH_F32;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        ck_assert_uint_eq(scale32(row[i].elem, &p, row[i].even_nan), 255);
        ck_assert_uint_ne(scale32(row[i].elem, &p, row[i].even_nan - 1), 255);
    }
    p.scale_over = MX_SCALE_OVER_CLAMP; /* does not matter: the carry made an Inf */
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x7f780000), 255);
    p = ocp();
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x7f7fffff), 246);
    p.scale = MX_SCALE_CEIL;
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x7f7fffff), 247);
    ck_assert_uint_eq(scale32(MX_INT8, &p, 0x7f000001), 255); /* 2^128 */
    ck_assert_uint_eq(scale32(MX_INT8, &p, 0x7f000000), 254);
    p.scale_over = MX_SCALE_OVER_CLAMP;
    ck_assert_uint_eq(scale32(MX_INT8, &p, 0x7f000001), 254);
    p.scale_arith = MX_ARITH_F32;
    ck_assert_uint_eq(scale32(MX_INT8, &p, 0x7f000001), 254);
    p.scale_over = MX_SCALE_OVER_NAN;
    p.scale = MX_SCALE_FLOOR;
    ck_assert_uint_eq(scale64(MX_E4M3, &p, UINT64_C(0x7fe0000000000000)), 255);
    p.scale_arith = MX_ARITH_EXACT;
    ck_assert_uint_eq(scale64(MX_E4M3, &p, UINT64_C(0x4860000000000000)), 254); /* 2^135 */
    ck_assert_uint_eq(scale64(MX_E4M3, &p, UINT64_C(0x4870000000000000)), 255);
}
END_TEST

START_TEST(bottom)
{
    mx_profile p = ocp();
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x00000001), 0);
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x00800000), 0);
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x04000000), 0); /* 2^-119 */
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x04800000), 1);
    ck_assert_uint_eq(scale32(MX_INT8, &p, 0x00400000), 0); /* 2^-127 */
    ck_assert_uint_eq(scale32(MX_INT8, &p, 0x00800000), 1);
    p.scale_arith = MX_ARITH_F32; /* an fp64 that rounds to the fp32 zero is not a zero */
    p.zero_scale = MX_ZERO_SCALE_7F;
    ck_assert_uint_eq(scale64(MX_E4M3, &p, 1), 0);
    p.scale = MX_SCALE_RCEIL;
    ck_assert_uint_eq(scale64(MX_E4M3, &p, 1), 0);
    ck_assert_uint_eq(scale64(MX_E4M3, &p, 0), 0x7f);
    p.zero_scale = MX_ZERO_SCALE_ONE_EMAX;
    ck_assert_uint_eq(scale64(MX_E4M3, &p, 0), 119);
    ck_assert_uint_eq(scale64(MX_E5M2, &p, 0), 112);
    p.int8 = MX_INT8_INT6;
    ck_assert_uint_eq(scale64(MX_INT8, &p, 0), 121);
    p.int8 = MX_INT8_INT7;
    ck_assert_uint_eq(scale64(MX_INT8, &p, 0), 120);
}
END_TEST

/* How many fp32 just below 2^k have fl32(log2) = k, counted with a correctly rounded log2. */
START_TEST(log2f_counts)
{
    const struct {
        int k;
        unsigned count;
    } row[] = {{1, 0}, {2, 0}, {3, 1}, {8, 2}, {64, 22}, {127, 44}, {-1, 0}, {-2, 1}, {-8, 5}, {0, 0}};
    mx_profile p = ocp();
    p.scale_arith = MX_ARITH_LOG2F;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        uint32_t power = (uint32_t)(row[i].k + 127) << 23;
        unsigned at = scale32(MX_E2M1, &p, power), count = 0;
        ck_assert_uint_eq(at, (unsigned)(127 + row[i].k - 2));
        while (scale32(MX_E2M1, &p, power - 1 - count) == at)
            count++;
        ck_assert_uint_eq(count, row[i].count);
    }
    p.scale = MX_SCALE_CEIL;
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x43800001), 127); /* 2^8 (1 + 2^-23): log2 rounds to 8 */
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x3f800001), 120); /* 1 + 2^-23: it does not round to 0 */
    p.scale = MX_SCALE_RCEIL;
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x3fe00001), 119); /* log2 rounds to an integer: no round-up */
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x40600001), 120);
    ck_assert_uint_eq(scale32(MX_E4M3, &p, 0x43e00001), 128); /* but not at 2^0 */
}
END_TEST

/* NaN, Inf and what is left of the block. */
START_TEST(specials)
{
    const uint32_t nan_block[] = {0x3f800000, 0xffc00000, 0x40000000},
                   inf_block[] = {0x3f800000, 0xff800000, 0x40000000};
    const uint32_t both[] = {0x7f800000, 0x7f800001}, zeros[] = {0, 0x80000000}, tiny[] = {0x80000001, 0x007fffff};
    const uint16_t half[] = {0x0400, 0x8200};
    mx_profile p = ocp();
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, nan_block, 3), 255);
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, inf_block, 3), 255);
    p.nan_in = MX_NAN_IN_ELEMENT;
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, nan_block, 3), 126);
    p.inf_in = MX_INF_IN_MAX_SCALE;
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, inf_block, 3), 254);
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, both, 2), 254);
    p.nan_in = MX_NAN_IN_BLOCK_NAN;
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, both, 2), 255);
    p.nan_in = MX_NAN_IN_IGNORE;
    p.inf_in = MX_INF_IN_SATURATE;
    p.zero_scale = MX_ZERO_SCALE_7F;
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, inf_block, 3), 126);
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, both, 2), 127);
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, zeros, 2), 127);
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, tiny, 2), 0);
    p.subnormal_in = MX_SUBNORMAL_IN_FLUSH;
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, tiny, 2), 127);
    ck_assert_uint_eq(scale64(MX_E2M1, &p, UINT64_C(0x000fffffffffffff)), 127);
    p.subnormal_in = MX_SUBNORMAL_IN_FLUSH_BLOCK;
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP32, &p, tiny, 2), 0);
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP16, &p, half + 1, 1), 0); /* 2^-15 */
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP16, &p, half, 2), 111);   /* 2^-14 / 4 */
    p.subnormal_in = MX_SUBNORMAL_IN_KEEP;
    ck_assert_uint_eq(scale_of(MX_E2M1, MX_FP16, &p, half + 1, 1), 110);
}
END_TEST

/* Codes of blocks that real systems answer differently: the largest saturates under floor, a -0 and an underflow keep
 * their signs, INT8 does not reach -128, the lowest scale. */
START_TEST(blocks)
{
    const struct {
        mx_elem elem;
        uint32_t in[3];
        uint8_t scale, code[3];
    } row[] = {
        {MX_E2M1, {0x40e00000, 0x3f800000, 0}, 127, {7, 2, 0}},
        {MX_E4M3, {0x3f800000, 0x80000000, 0x8da24260}, 119, {0x78, 0x80, 0x80}},
        {MX_INT8, {0x3f800000, 0xbffffcb9, 0}, 127, {0x40, 0x81, 0}},
        {MX_E4M3, {0x00400000, 0, 0}, 0, {0x38, 0, 0}},
        {MX_E4M3, {0x00800000, 0, 0}, 0, {0x40, 0, 0}},
        {MX_E4M3, {0x43800000, 0x41880000, 0x41980000}, 127, {0x78, 0x58, 0x5a}},
    };
    mx_profile p = ocp();
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        uint8_t scale, code[3];
        quantize3(row[i].elem, &p, row[i].in, &scale, code);
        ck_assert_uint_eq(scale, row[i].scale);
        ck_assert_mem_eq(code, row[i].code, 3);
    }
}
END_TEST

START_TEST(special_elements)
{
    const uint32_t in[] = {0x3f800000, 0xffc00000, 0xff800000};
    const struct {
        mx_elem elem;
        uint8_t nan_in, inf_in, scale, code[3];
    } row[] = {
        {MX_E5M2, MX_NAN_IN_ELEMENT, MX_INF_IN_SPECIAL, 112, {0x78, 0xff, 0xfc}},
        {MX_E4M3, MX_NAN_IN_ELEMENT, MX_INF_IN_SPECIAL, 119, {0x78, 0xff, 0xff}},
        {MX_E4M3, MX_NAN_IN_IGNORE, MX_INF_IN_SATURATE, 119, {0x78, 0x7e, 0xfe}},
        {MX_E2M1, MX_NAN_IN_ELEMENT, MX_INF_IN_SPECIAL, 125, {0x06, 0x07, 0x0f}},
        {MX_E5M2, MX_NAN_IN_ELEMENT, MX_INF_IN_MAX_SCALE, 254, {0x00, 0xff, 0xfb}},
        {MX_E5M2, MX_NAN_IN_BLOCK_NAN, MX_INF_IN_SATURATE, 255, {0x00, 0x00, 0x00}},
    };
    mx_profile p = ocp();
    p.nan_code = MX_NAN_CODE_S7F;
    p.overflow_nan = MX_OVERFLOW_NAN_S7F;
    p.nan_to = MX_NAN_TO_MAX;
    p.under_nan_scale = MX_UNDER_NAN_ZERO;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        uint8_t scale, code[3];
        p.nan_in = row[i].nan_in;
        p.inf_in = row[i].inf_in;
        quantize3(row[i].elem, &p, in, &scale, code);
        ck_assert_uint_eq(scale, row[i].scale);
        ck_assert_mem_eq(code, row[i].code, 3);
    }
}
END_TEST

/* A flushed block: zeros of the source's sign, or the positive zero under zero-sign=underflow-only; NaN stays. */
START_TEST(flushed_block)
{
    const uint32_t in[] = {0x80000001, 0x007fffff, 0x7fc00000}, without_nan[] = {0x80000001, 0x007fffff, 0};
    mx_profile p = ocp();
    p.subnormal_in = MX_SUBNORMAL_IN_FLUSH_BLOCK;
    p.nan_in = MX_NAN_IN_ELEMENT;
    p.round = MX_RDN;
    for (uint8_t sign = MX_ZERO_SIGN_KEEP; sign <= MX_ZERO_SIGN_UNDERFLOW_ONLY; sign++) {
        uint8_t scale, code[3];
        p.zero_sign = sign;
        quantize3(MX_E5M2, &p, in, &scale, code);
        ck_assert_uint_eq(scale, 0);
        ck_assert_uint_eq(code[0], sign == MX_ZERO_SIGN_KEEP ? 0x80 : 0);
        ck_assert_uint_eq(code[1], 0);
        ck_assert_uint_eq(code[2], 0x7f);
        quantize3(MX_INT8, &p, in, &scale, code); /* whose codes are normal numbers even at 2^-127 */
        ck_assert_uint_eq(scale, 0);
        ck_assert_uint_eq(code[0], 0);
        ck_assert_uint_eq(code[1], 0);
        quantize3(MX_INT8, &p, without_nan, &scale, code);
        ck_assert_uint_eq(scale, 0);
        ck_assert_mem_eq(code, ((const uint8_t[]){0, 0, 0}), 3);
    }
}
END_TEST

static TCase *make(void)
{
    TCase *tcase = tcase_create("scale");
    tcase_add_test(tcase, thresholds);
    tcase_add_test(tcase, rceil_f32_twins);
    tcase_add_test(tcase, top);
    tcase_add_test(tcase, bottom);
    tcase_add_test(tcase, log2f_counts);
    tcase_add_test(tcase, specials);
    tcase_add_test(tcase, blocks);
    tcase_add_test(tcase, special_elements);
    tcase_add_test(tcase, flushed_block);
    return tcase;
}

int main(void)
{
    return run_by_each_isa(make);
}
