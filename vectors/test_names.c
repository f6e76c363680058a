/* SPDX-License-Identifier: BSD-3-Clause */
#include <mx/names.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_main.h"

/* The default profile as text, from the first column of the axis table in the design. */
static const char default_text[] =
    "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee nan-in=block-nan "
    "inf-in=block-nan nan-to=unspecified zero-scale=00 scale-over=nan zero-sign=keep int8-min=symmetric int8=ocp "
    "subnormal-in=keep subnormal-out=keep nan-code=any overflow-nan=any under-nan-scale=any decode-over=any";

static mx_profile parsed(const char *words)
{
    mx_profile p = {0};
    char why[MX_WHY] = "";

    ck_assert_int_eq(mx_profile_parse(&p, default_text, strlen(default_text), why), MX_OK);
    ck_assert_msg(mx_profile_parse(&p, words, strlen(words), why) == MX_OK, "%s", why);
    return p;
}

/* ---- names ---- */

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

/* mx/types.h promises that a profile is a byte an axis, in order. */
START_TEST(profile_layout)
{
    ck_assert_uint_eq(sizeof(mx_profile), MX_AXIS_LAST + 1);
    ck_assert_uint_eq(offsetof(mx_profile, scale), MX_AXIS_SCALE);
    ck_assert_uint_eq(offsetof(mx_profile, nan_in), MX_AXIS_NAN_IN);
    ck_assert_uint_eq(offsetof(mx_profile, int8), MX_AXIS_INT8);
    ck_assert_uint_eq(offsetof(mx_profile, decode_over), MX_AXIS_DECODE_OVER);
}
END_TEST

/* ---- profiles ---- */

START_TEST(every_value_round_trips)
{
    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned v = 1; v <= mx_axis_count((mx_axis)a); v++) {
            mx_profile p = parsed(default_text), q = {0};
            char text[MX_PROFILE_TEXT];
            size_t n;
            ck_assert_int_eq(mx_profile_set(&p, (mx_axis)a, v), MX_OK);
            ck_assert_uint_eq(mx_profile_get(&p, (mx_axis)a), v);
            if (a == MX_AXIS_ROUND && v == MX_SR)
                p.sr_bits = 32;
            n = mx_profile_format(&p, text, sizeof text);
            ck_assert_uint_eq(n, strlen(text));
            ck_assert_int_eq(mx_profile_parse(&q, text, n, NULL), MX_OK);
            ck_assert_mem_eq(&p, &q, sizeof p);
            ck_assert_uint_eq(mx_profile_format(&p, text, n), 0); /* no room for NUL */
            ck_assert_uint_eq(mx_profile_format(&p, text, n + 1), n);
        }
}
END_TEST

START_TEST(default_profile)
{
    mx_profile p = parsed("round=rne");
    char text[MX_PROFILE_TEXT];

    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        ck_assert_uint_eq(mx_profile_get(&p, (mx_axis)a), 1);
    ck_assert_uint_gt(mx_profile_format(&p, text, sizeof text), 0);
    ck_assert_str_eq(text, default_text);
}
END_TEST

static const struct {
    const char *text, *said;
} bad_words[] = {
    {"scale", "wanted axis=value, found 'scale'"},
    {" scale=floor", "wanted axis=value after a single space, found two spaces"},
    {"scale=floor ", "wanted axis=value after a single space, found a trailing space"},
    {"scale=floor  round=rne", "wanted axis=value after a single space, found two spaces"},
    {"=floor", "wanted the name of an axis, found nothing"},
    {"colour=red", "wanted the name of an axis, found 'colour'"},
    {"Scale=floor", "wanted the name of an axis, found 'Scale' (did you mean 'scale'?)"},
    {"scale=", "wanted scale= one of floor, ceil, even or rceil, found nothing"},
    {"scale=up", "wanted scale= one of floor, ceil, even or rceil, found 'up'"},
    {"overflow=saturate\n", "wanted overflow= one of saturate or special, found 'saturate\\x0a'"},
    {"round=sr", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr'"},
    {"round=sr:0", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr:0'"},
    {"round=sr:33", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr:33'"},
    {"round=sr:007", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr:007'"},
    {"scale=floor round=rne scale=floor", "wanted each axis once, found scale twice"},
};

START_TEST(bad_profile_texts)
{
    for (size_t i = 0; i < sizeof bad_words / sizeof bad_words[0]; i++) {
        mx_profile p = parsed(default_text), before = p;
        char why[MX_WHY] = "";
        ck_assert_int_eq(mx_profile_parse(&p, bad_words[i].text, strlen(bad_words[i].text), why), MX_EPARSE);
        ck_assert_str_eq(why, bad_words[i].said);
        ck_assert_mem_eq(&p, &before, sizeof p);
        ck_assert_int_eq(mx_profile_parse(&p, bad_words[i].text, strlen(bad_words[i].text), NULL), MX_EPARSE);
    }
}
END_TEST

START_TEST(stochastic_rounding)
{
    mx_profile p = parsed("round=sr:9");

    ck_assert_uint_eq(p.sr_bits, 9);
    ck_assert_int_eq(mx_profile_check(&p, NULL), MX_OK);
    ck_assert_int_eq(mx_profile_set(&p, MX_AXIS_ROUND, MX_RTZ), MX_OK);
    ck_assert_uint_eq(p.sr_bits, 0);
    ck_assert_int_eq(mx_profile_apply(&p, "round=sr:32", 11, NULL), MX_OK);
    ck_assert_uint_eq(p.sr_bits, 32);
    ck_assert_int_eq(mx_profile_apply(&p, "round=rne", 9, NULL), MX_OK);
    ck_assert_uint_eq(p.sr_bits, 0);
}
END_TEST

START_TEST(profile_check_says_which)
{
    mx_profile p = {0};
    char why[MX_WHY], text[MX_PROFILE_TEXT];

    ck_assert_int_eq(mx_profile_check(NULL, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted a profile, found NULL");
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted every axis, found scale unset");
    p = parsed("scale=even");
    p.nan_to = 5;
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted a value of nan-to from 1 to 4, found 5");
    ck_assert_uint_eq(mx_profile_format(&p, text, sizeof text), 0);
    p = parsed("round=sr:1");
    p.sr_bits = 33;
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted 1 to 32 random bits for round=sr, found 33");
    p = parsed("round=rto");
    p.sr_bits = 4;
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted 0 random bits for round=rto, found 4");
    ck_assert_int_eq(mx_profile_set(&p, MX_AXIS_SCALE, 5), MX_EINVAL);
    ck_assert_int_eq(mx_profile_set(&p, MX_AXIS_SCALE, 0), MX_EINVAL);
    ck_assert_int_eq(mx_profile_set(&p, (mx_axis)0, 1), MX_EINVAL);
    ck_assert_uint_eq(mx_profile_get(&p, (mx_axis)20), 0);
}
END_TEST

/* ---- which axes matter ---- */

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

/* A small generator of profiles, the same on every machine. */
static uint32_t next(uint32_t *state)
{
    return *state = *state * 1664525u + 1013904223u;
}

static mx_profile some_profile(uint32_t *state)
{
    mx_profile p = {0};

    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        mx_profile_set(&p, (mx_axis)a, 1 + (next(state) >> 16) % mx_axis_count((mx_axis)a));
    if (p.round == MX_SR)
        p.sr_bits = (uint8_t)(1 + (next(state) >> 16) % 32);
    return p;
}

/* Whether an axis matters must not depend on its own value, and a NULL profile stands for any. */
START_TEST(matters_is_about_the_other_axes)
{
    uint32_t state = 1;

    for (unsigned n = 0; n < 20000; n++) {
        mx_profile p = some_profile(&state), q = p;
        mx_op op = (mx_op)(1 + (next(&state) >> 16) % MX_OP_LAST);
        mx_elem elem = (mx_elem)(1 + (next(&state) >> 16) % MX_ELEM_LAST);
        mx_type type = (mx_type)(1 + (next(&state) >> 16) % MX_TYPE_LAST);
        mx_axis axis = (mx_axis)(1 + n % MX_AXIS_LAST);
        int here = mx_axis_matters(axis, op, elem, type, &p);
        ((uint8_t *)&q)[axis] = (uint8_t)(1 + (next(&state) >> 16) % mx_axis_count(axis));
        ck_assert_int_eq(mx_axis_matters(axis, op, elem, type, &q), here);
        ck_assert_int_ge(mx_axis_matters(axis, op, elem, type, NULL), here);
    }
}
END_TEST

/* ---- batches ---- */

struct room {
    uint64_t value[8], out_value[8];
    uint32_t random[8];
    uint8_t scale[8], code[8], out_scale[8], out_code[8];
};

static mx_batch quantize_batch(struct room *r)
{
    mx_batch b = {.op = MX_OP_QUANTIZE, .elem = MX_E2M1, .type = MX_FP32, .k = 4, .count = 2};

    b.profile = parsed("round=sr:4");
    b.in.value = r->value;
    b.in.random = r->random;
    b.out.scale = r->out_scale;
    b.out.code = r->out_code;
    return b;
}

#define REFUSED(batch, status, text)                                                                                   \
    do {                                                                                                               \
        char why_[MX_WHY] = "";                                                                                        \
        ck_assert_int_eq(mx_batch_check((batch), why_), (status));                                                     \
        ck_assert_str_eq(why_, (text));                                                                                \
        ck_assert_int_eq(mx_batch_check((batch), NULL), (status));                                                     \
    } while (0)

START_TEST(batch_ids)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r), good = b;

    REFUSED(NULL, MX_EINVAL, "wanted a batch, found NULL");
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.op = (mx_op)0;
    REFUSED(&b, MX_EINVAL, "wanted an op, found id 0");
    b = good;
    b.elem = (mx_elem)7;
    REFUSED(&b, MX_EINVAL, "wanted an element format, found id 7");
    b = good;
    b.type = (mx_type)0;
    REFUSED(&b, MX_EINVAL, "wanted a type, found id 0");
    b = good;
    b.k = 0;
    REFUSED(&b, MX_EINVAL, "wanted k from 1 to 65536, found 0");
    b.k = 65537;
    REFUSED(&b, MX_EINVAL, "wanted k from 1 to 65536, found 65537");
    b.op = MX_OP_CAST;
    b.k = 2;
    REFUSED(&b, MX_EINVAL, "wanted k = 1 for cast, found 2");
    b = good;
    b.profile.zero_sign = 0;
    REFUSED(&b, MX_EINVAL, "wanted every axis, found zero-sign unset");
}
END_TEST

START_TEST(batch_columns)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r), good = b;

    b.in.value = NULL;
    REFUSED(&b, MX_EINVAL, "wanted in.value, found NULL");
    b = good;
    b.in.random = NULL;
    REFUSED(&b, MX_EINVAL, "wanted in.random, found NULL");
    b = good;
    b.out.scale = NULL;
    REFUSED(&b, MX_EINVAL, "wanted out.scale, found NULL");
    b = good;
    b.out.code = NULL;
    REFUSED(&b, MX_EINVAL, "wanted out.code, found NULL");
    b = good;
    b.in.code = r.code;
    REFUSED(&b, MX_EINVAL, "wanted NULL for in.code, which quantize does not use, found a buffer");
    b = good;
    b.out.value = r.out_value;
    REFUSED(&b, MX_EINVAL, "wanted NULL for out.value, which quantize does not use, found a buffer");
    b = good;
    b.profile = parsed("round=rne");
    REFUSED(&b, MX_EINVAL, "wanted NULL for in.random, which quantize does not use, found a buffer");
    b = good;
    b.in.value = (const char *)r.value + 2;
    REFUSED(&b, MX_EINVAL, "wanted in.value aligned to 4 bytes, found an address that is not");
    b = good;
    b.in.random = (const uint32_t *)(const void *)((const char *)r.random + 1);
    REFUSED(&b, MX_EINVAL, "wanted in.random aligned to 4 bytes, found an address that is not");
    b = good;
    b.count = 0;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.out = (mx_outputs){0};
    b.in = (mx_inputs){0};
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
}
END_TEST

START_TEST(batch_sizes_and_overlap)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r), good = b;
    char why[MX_WHY];

    b.count = SIZE_MAX / 8;
    ck_assert_int_eq(mx_batch_check(&b, why), MX_ESIZE);
    ck_assert_int_eq(strncmp(why, "wanted in.value to fit in memory, found ", 40), 0);
    b = good;
    b.out.code = (uint8_t *)r.value + 31; /* 2 x 4 x 4 bytes of values: the last is shared */
    REFUSED(&b, MX_EALIAS, "wanted separate buffers, found in.value and out.code overlapping");
    b.out.code = (uint8_t *)r.value + 32;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.out.scale = b.out.code + 7;
    REFUSED(&b, MX_EALIAS, "wanted separate buffers, found out.scale and out.code overlapping");
    b.out.scale = b.out.code + 8;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.out.scale = (uint8_t *)r.random;
    REFUSED(&b, MX_EALIAS, "wanted separate buffers, found in.random and out.scale overlapping");
}
END_TEST

START_TEST(batch_cells)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r);

    r.random[7] = 16;
    REFUSED(&b, MX_EINVAL, "wanted 4 random bits, found 0x10 in in.random[7]");
    b.profile.sr_bits = 32;
    r.random[7] = UINT32_MAX;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b = (mx_batch){.op = MX_OP_DEQUANTIZE, .elem = MX_E2M1, .type = MX_FP64, .k = 2, .count = 4};
    b.profile = parsed("round=sr:4"); /* no random bits when decoding */
    b.in.code = r.code;
    b.in.scale = r.scale;
    b.out.value = r.out_value;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    r.code[6] = 0x10;
    REFUSED(&b, MX_EINVAL, "wanted e2m1 codes below 0x10, found 0x10 in in.code[6]");
    b.elem = MX_E2M3;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    r.code[6] = 0x40;
    REFUSED(&b, MX_EINVAL, "wanted e2m3 codes below 0x40, found 0x40 in in.code[6]");
    b.elem = MX_INT8;
    r.code[6] = 0xff;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        names_round_trip,
        unknown_names,
        nearest_names,
        profile_layout,
        every_value_round_trips,
        default_profile,
        bad_profile_texts,
        stochastic_rounding,
        profile_check_says_which,
        axes_that_matter,
        matters_is_about_the_other_axes,
        batch_ids,
        batch_columns,
        batch_sizes_and_overlap,
        batch_cells,
    };
    TCase *tcase = tcase_create("names");
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    return test_main(tcase);
}
