/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Step tables: expanded, they must be the reference's own answers; and one planted wrong answer must be found.
 */
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/sweep/steps.h"
#include "test_main.h"

static mx_batch shape_of(mx_op op, mx_elem elem, mx_type type)
{
    mx_batch shape = {.op = op, .elem = elem, .type = type, .k = 1};
    for (mx_axis a = MX_AXIS_SCALE; a <= MX_AXIS_LAST; a++)
        ck_assert_int_eq(mx_profile_set(&shape.profile, a, 1), MX_OK);
    return shape;
}

/* The reference's answers for all 65,536 patterns of a 16-bit source. */
static void answer_all(mx_batch batch, uint8_t scale, uint8_t *answer)
{
    static uint16_t value[65536];
    static uint8_t scales[65536];

    for (uint32_t i = 0; i < 65536; i++)
        value[i] = (uint16_t)i;
    memset(scales, scale, sizeof scales);
    batch.count = 65536;
    batch.in.value = value;
    if (batch.op == MX_OP_SCALED_CAST)
        batch.in.scale = scales;
    if (batch.op == MX_OP_SCALE)
        batch.out.scale = answer;
    else
        batch.out.code = answer;
    ck_assert_int_eq(mxref_run(&batch, NULL), MX_OK);
}

static void check_table(const mx_batch *shape, uint8_t scale)
{
    static uint8_t answer[65536];
    mxc_steps steps;
    uint64_t wrong = 0;

    answer_all(*shape, scale, answer);
    ck_assert_int_eq(mxc_steps_build(&steps, shape, scale, 0), MX_OK);
    ck_assert_uint_eq(mxc_steps_compare(&steps, 0, answer, 65536, shape->elem, &wrong), 0);
    for (uint32_t i = 0; i < 65536; i++) {
        const mxc_step *step = steps.step + mxc_steps_at(&steps, i);
        ck_assert_msg(step->open || step->answer == answer[i], "%s pattern %04x: step %02x, reference %02x",
                      mx_elem_name(shape->elem), i, step->answer, answer[i]);
    }
    mxc_steps_free(&steps);
}

START_TEST(casts_expand_to_the_reference)
{
    for (mx_elem e = MX_E5M2; e <= MX_ELEM_LAST; e++)
        for (unsigned round = MX_RNE + e % test_step(3); round <= MX_RTO; round += test_step(3)) {
            mx_batch shape = shape_of(MX_OP_CAST, e, round % 2 ? MX_BF16 : MX_FP16);
            shape.profile.round = (uint8_t)round;
            shape.profile.overflow = (uint8_t)(1 + (e + round) % 2);
            check_table(&shape, 0);
        }
}
END_TEST

START_TEST(scaled_casts_and_scales_expand_to_the_reference)
{
    static const uint8_t scale[] = {0x00, 0x01, 0x7f, 0xfe, 0xff};
    for (size_t i = 0; i < sizeof scale; i++) {
        mx_batch shape = shape_of(MX_OP_SCALED_CAST, (mx_elem)(1 + i), MX_BF16);
        check_table(&shape, scale[i]);
    }
    for (uint8_t rule = MX_SCALE_FLOOR; rule <= MX_SCALE_LAST; rule++)
        for (uint8_t arith = MX_ARITH_EXACT; arith <= MX_ARITH_LOG2F; arith++) {
            mx_batch shape = shape_of(MX_OP_SCALE, MX_E4M3, MX_BF16);
            shape.profile.scale = rule;
            shape.profile.scale_arith = arith;
            check_table(&shape, 0);
        }
}
END_TEST

/* 2^32 patterns: the table knows 464 -> 448 and the first float above it, and one wrong answer is found and named. */
START_TEST(finds_one_wrong_answer)
{
    mx_batch shape = shape_of(MX_OP_CAST, MX_E4M3, MX_FP32);
    shape.profile.overflow = MX_OVERFLOW_SPECIAL;
    enum { FIRST = 0x43e7ff00, COUNT = 512 };
    uint8_t answer[COUNT];
    uint64_t wrong = 0;
    mxc_steps steps;

    ck_assert_int_eq(mxc_steps_build(&steps, &shape, 0, 0), MX_OK);
    for (uint32_t i = 0; i < COUNT; i++)
        answer[i] = FIRST + i <= 0x43e80000u ? 0x7e : 0xff; /* 464 ties to 448; beyond is NaN, any NaN */
    ck_assert_uint_eq(mxc_steps_compare(&steps, FIRST, answer, COUNT, MX_E4M3, &wrong), 0);
    answer[300] = 0x7e;
    ck_assert_uint_eq(mxc_steps_compare(&steps, FIRST, answer, COUNT, MX_E4M3, &wrong), 1);
    ck_assert_uint_eq(wrong, FIRST + 300);
    answer[300] = 0xff;
    answer[0x100] = 0x7f;
    ck_assert_uint_eq(mxc_steps_compare(&steps, FIRST, answer, COUNT, MX_E4M3, &wrong), 1);
    ck_assert_uint_eq(wrong, 0x43e80000u);
    mxc_steps_free(&steps);
}
END_TEST

START_TEST(refuses_what_it_cannot_tabulate)
{
    mxc_steps steps;
    mx_batch wide = shape_of(MX_OP_CAST, MX_E4M3, MX_FP64), block = shape_of(MX_OP_QUANTIZE, MX_E4M3, MX_FP32);
    ck_assert_int_eq(mxc_steps_build(&steps, &wide, 0, 0), MX_EINVAL);
    ck_assert_int_eq(mxc_steps_build(&steps, &block, 0, 0), MX_EINVAL);
}
END_TEST

int main(void)
{
    TCase *tc = tcase_create("steps");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, casts_expand_to_the_reference);
    tcase_add_test(tc, scaled_casts_and_scales_expand_to_the_reference);
    tcase_add_test(tc, finds_one_wrong_answer);
    tcase_add_test(tc, refuses_what_it_cannot_tabulate);
    return test_main(tc);
}
