/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Names of nouns, both ways; columns of operations; what a mistyped name was meant to be.
 */
#include <mx/names.h>

#include <string.h>

#include "test_main.h"

/* A word without its value would be taken for another one, by what goes without saying in a switch. */
static const unsigned last_value[MX_AXIS_LAST + 1] = {
    [MX_AXIS_SCALE] = MX_SCALE_LAST,
    [MX_AXIS_SCALE_ARITH] = MX_ARITH_LOG2F,
    [MX_AXIS_ROUND] = MX_ROUND_LAST,
    [MX_AXIS_OVERFLOW] = MX_OVERFLOW_SPECIAL,
    [MX_AXIS_OVERFLOW_DIRECTED] = MX_DIRECTED_ALWAYS,
    [MX_AXIS_NAN_IN] = MX_NAN_IN_IGNORE,
    [MX_AXIS_INF_IN] = MX_INF_IN_MAX_SCALE,
    [MX_AXIS_NAN_TO] = MX_NAN_TO_ZERO,
    [MX_AXIS_ZERO_SCALE] = MX_ZERO_SCALE_ONE_EMAX,
    [MX_AXIS_SCALE_OVER] = MX_SCALE_OVER_CLAMP,
    [MX_AXIS_ZERO_SIGN] = MX_ZERO_SIGN_UNDERFLOW_ONLY,
    [MX_AXIS_INT8_MIN] = MX_INT8_MIN_FULL,
    [MX_AXIS_INT8] = MX_INT8_INT7,
    [MX_AXIS_SUBNORMAL_IN] = MX_SUBNORMAL_IN_FLUSH_BLOCK,
    [MX_AXIS_SUBNORMAL_OUT] = MX_SUBNORMAL_OUT_FLUSH,
    [MX_AXIS_NAN_CODE] = MX_NAN_CODE_S7E,
    [MX_AXIS_OVERFLOW_NAN] = MX_OVERFLOW_NAN_S7F,
    [MX_AXIS_UNDER_NAN_SCALE] = MX_UNDER_NAN_NAN,
    [MX_AXIS_DECODE_OVER] = MX_DECODE_OVER_MAX,
};

START_TEST(names_round_trip)
{
    for (unsigned i = 1; i <= MX_ELEM_LAST; i++) {
        const char *s = mx_elem_name((mx_elem)i);
        ck_assert_uint_eq(mx_elem_find(s, strlen(s)), i);
    }
    for (unsigned i = 1; i <= MX_TYPE_LAST; i++) {
        const char *s = mx_type_name((mx_type)i);
        ck_assert_uint_eq(mx_type_find(s, strlen(s)), i);
    }
    for (unsigned i = 1; i <= MX_OP_LAST; i++) {
        const char *s = mx_op_name((mx_op)i);
        ck_assert_uint_eq(mx_op_find(s, strlen(s)), i);
        ck_assert_uint_eq(mx_op_info_of((mx_op)i)->op, i);
    }
    for (unsigned i = 1; i <= MX_CLASS_LAST; i++) {
        const char *s = mx_class_name((mx_class)i);
        ck_assert_uint_eq(mx_class_find(s, strlen(s)), i);
    }
    for (unsigned i = 1; i <= MX_AXIS_LAST; i++) {
        const char *s = mx_axis_name((mx_axis)i);
        ck_assert_uint_eq(mx_axis_find(s, strlen(s)), i);
        ck_assert_msg(mx_axis_count((mx_axis)i) == last_value[i], "%s: %u words in profile.c, %u values in types.h", s,
                      mx_axis_count((mx_axis)i), last_value[i]);
    }
    ck_assert_str_eq(mx_elem_name(MX_E2M3), "e2m3");
    ck_assert_str_eq(mx_type_name(MX_BF16), "bf16");
    ck_assert_str_eq(mx_op_name(MX_OP_SCALED_CAST), "scaled-cast");
    ck_assert_str_eq(mx_axis_name(MX_AXIS_UNDER_NAN_SCALE), "under-nan-scale");
    ck_assert_str_eq(mx_axis_value_name(MX_AXIS_INF_IN, MX_INF_IN_MAX_SCALE), "max-scale");
    ck_assert_str_eq(mx_axis_value_name(MX_AXIS_ROUND, MX_RTO), "rto");
}
END_TEST

/* What is offered for a text, worked out by hand. */
START_TEST(nearest_names)
{
    static const struct {
        const char *text, *offered;
    } rows[] = {
        {"casts", " (did you mean 'cast'?)"},
        {"csat", " (did you mean 'cast'?)"},
        {"CAST", " (did you mean 'cast'?)"},
        {"scale-cast", " (did you mean 'scaled-cast'?)"},
        {"quan", " (did you mean 'quantize'?)"},
        {"scal", " (did you mean 'scale'?)"},
        {"swizle", " (did you mean 'swizzle'?)"},
        {"unswizle", " (did you mean 'unswizzle'?)"},
        {"dequantise", " (did you mean 'dequantize'?)"},
        {"gemm", ""},
        {"", ""},
        {"pa", ""},
        {"castcastcastcastcastcastcastcastcastcastcastcastcastcastcastcastcast", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mx_nearest nearest = {rows[i].text, strlen(rows[i].text), NULL, 0};
        char hint[MX_WHY];
        mx_nearest_try(&nearest, NULL);
        for (int op = 1; op <= MX_OP_LAST; op++)
            mx_nearest_try(&nearest, mx_op_name((mx_op)op));
        ck_assert_str_eq(mx_nearest_hint(&nearest, hint), rows[i].offered);
    }
}
END_TEST

START_TEST(unknown_names)
{
    ck_assert_ptr_null(mx_elem_name((mx_elem)0));
    ck_assert_ptr_null(mx_elem_name((mx_elem)(MX_ELEM_LAST + 1)));
    ck_assert_ptr_null(mx_type_name((mx_type)(MX_TYPE_LAST + 1)));
    ck_assert_ptr_null(mx_op_name((mx_op)0));
    ck_assert_ptr_null(mx_op_info_of((mx_op)(MX_OP_LAST + 1)));
    ck_assert_ptr_null(mx_class_name((mx_class)0));
    ck_assert_ptr_null(mx_axis_name((mx_axis)0));
    ck_assert_ptr_null(mx_axis_name((mx_axis)(MX_AXIS_LAST + 1)));
    ck_assert_ptr_null(mx_axis_value_name(MX_AXIS_SCALE, 0));
    ck_assert_ptr_null(mx_axis_value_name(MX_AXIS_SCALE, 5));
    ck_assert_uint_eq(mx_axis_count((mx_axis)0), 0);
    ck_assert_uint_eq(mx_elem_find("e4m3", 3), 0);
    ck_assert_uint_eq(mx_elem_find("e4m3x", 5), 0);
    ck_assert_uint_eq(mx_elem_find("E4M3", 4), 0);
    ck_assert_uint_eq(mx_elem_find("", 0), 0);
    ck_assert_uint_eq(mx_elem_find(NULL, 0), 0);
    ck_assert_uint_eq(mx_op_find(NULL, 0), 0);
    ck_assert_uint_eq(mx_axis_find("scale-", 6), 0);
    ck_assert_uint_eq(mx_elem_bits((mx_elem)0), 0);
    ck_assert_uint_eq(mx_elem_bits(MX_E3M2), 6);
    ck_assert_uint_eq(mx_type_bytes((mx_type)9), 0);
    ck_assert_uint_eq(mx_type_bytes(MX_FP64), 8);
    for (int i = -1; i < 20; i++)
        ck_assert_uint_gt(strlen(mx_status_text((mx_status)i)), 0);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("names");
    tcase_add_test(tcase, names_round_trip);
    tcase_add_test(tcase, nearest_names);
    tcase_add_test(tcase, unknown_names);
    return test_main(tcase);
}
