/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which axes matter to which operation, format and type: by hand, and that its own value is no reason.
 */
#include <mx/names.h>

#include <stdio.h>
#include <string.h>

#include "vectors/test_parsed.h"
#include "xorshift.h"

/* The axes that matter, as text. */
static void axes_of(mx_op op, mx_elem elem, mx_type type, const mx_profile *profile, char text[MX_PROFILE_TEXT])
{
    text[0] = '\0';
    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        if (mx_axis_matters((mx_axis)a, op, elem, type, profile))
            sprintf(text + strlen(text), "%s%s", *text ? " " : "", mx_axis_name((mx_axis)a));
}

/* Derived by hand from the table of axes and the decisions; one line a case that is easy to get wrong. */
static const struct {
    mx_op op;
    mx_elem elem;
    mx_type type;
    const char *profile; /* changes to the default */
    const char *axes;
} matter[] = {
    {MX_OP_DECODE, MX_E4M3, MX_FP16, "round=rne", ""},
    {MX_OP_DECODE, MX_INT8, MX_FP16, "round=rne", "int8"},
    {MX_OP_DEQUANTIZE, MX_E2M1, MX_FP16, "round=rne", "decode-over"},
    {MX_OP_DEQUANTIZE, MX_E5M2, MX_FP64, "round=rne", ""},
    {MX_OP_DEQUANTIZE, MX_INT8, MX_FP32, "round=rne", "int8 decode-over"},
    {MX_OP_SCALE, MX_E4M3, MX_BF16, "round=rne", "scale nan-in inf-in zero-scale"},
    {MX_OP_SCALE, MX_E4M3, MX_FP32, "round=rne", "scale scale-arith nan-in inf-in zero-scale"},
    {MX_OP_SCALE, MX_E4M3, MX_FP32, "zero-scale=7f", "scale scale-arith nan-in inf-in zero-scale subnormal-in"},
    {MX_OP_SCALE, MX_E4M3, MX_FP16, "scale=rceil", "scale nan-in inf-in zero-scale subnormal-in"},
    {MX_OP_SCALE, MX_E4M3, MX_FP64, "round=rne", "scale scale-arith nan-in inf-in zero-scale scale-over"},
    {MX_OP_SCALE, MX_E4M3, MX_FP64, "scale-arith=f32", "scale scale-arith nan-in inf-in zero-scale"},
    {MX_OP_SCALE, MX_INT8, MX_BF16, "scale=ceil",
     "scale scale-arith nan-in inf-in zero-scale scale-over int8 subnormal-in"},
    {MX_OP_SCALE, MX_INT8, MX_FP32, "scale=even scale-arith=f32 subnormal-in=flush",
     "scale nan-in inf-in zero-scale int8 subnormal-in"},
    {MX_OP_SCALE, MX_INT8, MX_FP32, "int8=int6 scale=ceil", "scale scale-arith nan-in inf-in zero-scale int8"},
    {MX_OP_CAST, MX_E5M2, MX_FP32, "round=rne", "round overflow zero-sign subnormal-out nan-code"},
    {MX_OP_CAST, MX_E5M2, MX_FP32, "overflow=special round=rtz",
     "round overflow overflow-directed zero-sign subnormal-out nan-code"},
    {MX_OP_CAST, MX_E5M2, MX_FP16, "overflow=special round=rtz",
     "round overflow zero-sign subnormal-in subnormal-out nan-code"},
    {MX_OP_CAST, MX_E5M2, MX_FP16, "subnormal-in=flush", "round overflow zero-sign subnormal-in nan-code"},
    {MX_OP_CAST, MX_E4M3, MX_FP32, "overflow=special", "round overflow zero-sign subnormal-out nan-code overflow-nan"},
    {MX_OP_CAST, MX_E2M1, MX_BF16, "zero-sign=underflow-only", "round nan-to zero-sign subnormal-in subnormal-out"},
    {MX_OP_CAST, MX_INT8, MX_FP64, "round=rup", "round nan-to int8-min int8 subnormal-in"},
    {MX_OP_SCALED_CAST, MX_E2M1, MX_FP32, "round=rne",
     "round nan-to zero-sign subnormal-in subnormal-out under-nan-scale"},
    {MX_OP_SCALED_CAST, MX_E5M2, MX_FP64, "nan-in=ignore",
     "round overflow zero-sign subnormal-out nan-code under-nan-scale"},
    {MX_OP_QUANTIZE, MX_E5M2, MX_FP32, "scale=ceil",
     "scale scale-arith round nan-in inf-in zero-scale zero-sign subnormal-in subnormal-out under-nan-scale"},
    {MX_OP_QUANTIZE, MX_E5M2, MX_BF16, "nan-in=element inf-in=saturate",
     "scale round overflow nan-in inf-in zero-scale zero-sign subnormal-in subnormal-out nan-code"},
    {MX_OP_QUANTIZE, MX_E4M3, MX_BF16, "nan-in=ignore inf-in=special scale=rceil",
     "scale round nan-in inf-in nan-to zero-scale zero-sign subnormal-in subnormal-out overflow-nan"},
    {MX_OP_QUANTIZE, MX_E3M2, MX_FP64, "nan-in=element inf-in=saturate",
     "scale scale-arith round nan-in inf-in nan-to zero-scale scale-over zero-sign subnormal-out under-nan-scale"},
    {MX_OP_QUANTIZE, MX_E3M2, MX_FP64, "nan-in=element inf-in=saturate scale-over=clamp",
     "scale scale-arith round nan-in inf-in nan-to zero-scale scale-over zero-sign subnormal-out"},
    {MX_OP_QUANTIZE, MX_E5M2, MX_FP64, "nan-in=element inf-in=max-scale scale=ceil scale-arith=f32 scale-over=clamp",
     "scale scale-arith round overflow nan-in inf-in zero-scale zero-sign subnormal-out nan-code under-nan-scale"},
    {MX_OP_QUANTIZE, MX_INT8, MX_FP16, "round=rtz",
     "scale round nan-in inf-in zero-scale int8 subnormal-in under-nan-scale"},
    {MX_OP_QUANTIZE, MX_INT8, MX_FP16, "round=rtz int8=int7",
     "scale round nan-in inf-in zero-scale int8-min int8 subnormal-in under-nan-scale"},
};

START_TEST(axes_that_matter)
{
    for (size_t i = 0; i < sizeof matter / sizeof matter[0]; i++) {
        mx_profile p = parsed(matter[i].profile);
        char text[MX_PROFILE_TEXT];
        axes_of(matter[i].op, matter[i].elem, matter[i].type, &p, text);
        ck_assert_msg(strcmp(text, matter[i].axes) == 0, "case %zu (%s %s %s %s): wanted '%s', found '%s'", i,
                      mx_op_name(matter[i].op), mx_elem_name(matter[i].elem), mx_type_name(matter[i].type),
                      matter[i].profile, matter[i].axes, text);
    }
    ck_assert_int_eq(mx_axis_matters((mx_axis)0, MX_OP_CAST, MX_E4M3, MX_FP32, NULL), 0);
    ck_assert_int_eq(mx_axis_matters(MX_AXIS_ROUND, (mx_op)0, MX_E4M3, MX_FP32, NULL), 0);
}
END_TEST

static unsigned below(uint64_t *state, unsigned n)
{
    return (unsigned)(mx_xorshift(state) >> 33) % n;
}

static mx_profile some_profile(uint64_t *state)
{
    mx_profile p = {0};

    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        mx_profile_set(&p, (mx_axis)a, 1 + below(state, mx_axis_count((mx_axis)a)));
    if (p.round == MX_SR)
        p.sr_bits = (uint8_t)(1 + below(state, 32));
    return p;
}

/* Whether an axis matters must not depend on its own value, and a NULL profile stands for any. */
START_TEST(matters_is_about_the_other_axes)
{
    uint64_t state = MX_XORSHIFT_SEED;

    for (unsigned n = 0; n < 20000; n++) {
        mx_profile p = some_profile(&state), q = p;
        mx_op op = (mx_op)(1 + below(&state, MX_OP_LAST));
        mx_elem elem = (mx_elem)(1 + below(&state, MX_ELEM_LAST));
        mx_type type = (mx_type)(1 + below(&state, MX_TYPE_LAST));
        mx_axis axis = (mx_axis)(1 + n % MX_AXIS_LAST);
        int here = mx_axis_matters(axis, op, elem, type, &p);
        ((uint8_t *)&q)[axis] = (uint8_t)(1 + below(&state, mx_axis_count(axis)));
        ck_assert_int_eq(mx_axis_matters(axis, op, elem, type, &q), here);
        ck_assert_int_ge(mx_axis_matters(axis, op, elem, type, NULL), here);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("matters");
    tcase_add_test(tcase, axes_that_matter);
    tcase_add_test(tcase, matters_is_about_the_other_axes);
    return test_main(tcase);
}
