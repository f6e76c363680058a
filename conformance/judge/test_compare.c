/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Comparison of one answer with the expected one, and the axis that explains a difference. Expected values are written
 * by hand from the formats' tables, not made by the reference.
 */
#include "config.h"

#include <mx/conformance.h>

#include <string.h>

#include "conformance/batch.h"
#include "conformance/judge/compare.h"
#include "test_main.h"

static void first_profile(mx_profile *profile, const char *words)
{
    char why[MX_WHY] = "";
    *profile = (mx_profile){0};
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        mx_profile_set(profile, (mx_axis)a, 1);
    if (*words)
        ck_assert_msg(mx_profile_parse(profile, words, strlen(words), why) == MX_OK, "%s", why);
}

/* A case as text: the columns of the protocol. `x` digits in `want` are free cells. */
static const struct row {
    const char *op, *words, *inputs, *want, *got;
    int same;
} rows[] = {
    /* NaN codes: a class, unless nan-code (NaN source) or overflow-nan (the others) demands bits */
    {"cast elem=e4m3 type=fp32", "", "7fc00000", "7f", "7f", 1},
    {"cast elem=e4m3 type=fp32", "", "7fc00000", "7f", "ff", 1},
    {"cast elem=e4m3 type=fp32", "nan-code=7f", "7fc00000", "7f", "ff", 0},
    {"cast elem=e4m3 type=fp32", "nan-code=s7f", "ffc00000", "ff", "7f", 0},
    {"cast elem=e4m3 type=fp32", "overflow-nan=7f", "7fc00000", "7f", "ff", 1},
    {"cast elem=e4m3 type=fp32", "overflow=special", "7f800000", "7f", "ff", 1},
    {"cast elem=e4m3 type=fp32", "overflow=special nan-code=7f", "7f800000", "7f", "ff", 1},
    {"cast elem=e4m3 type=fp32", "overflow=special overflow-nan=7f", "7f800000", "7f", "ff", 0},
    {"cast elem=e4m3 type=fp32", "", "7fc00000", "7f", "7e", 0},
    {"cast elem=e5m2 type=fp32", "", "7fc00000", "7f", "7d", 1},
    {"cast elem=e5m2 type=fp32", "", "7fc00000", "7f", "fe", 1},
    {"cast elem=e5m2 type=fp32", "", "7fc00000", "7f", "7c", 0},
    {"cast elem=e5m2 type=fp32", "nan-code=7e", "7fc00000", "7e", "7f", 0},
    {"cast elem=e5m2 type=fp16", "", "7c01", "7f", "ff", 1},
    {"cast elem=e5m2 type=fp16", "overflow=special", "7c00", "7c", "7f", 0},
    {"cast elem=e4m3 type=bf16", "", "ff81", "7f", "ff", 1},
    {"cast elem=e4m3 type=fp64", "", "7ff0000000000001", "7f", "ff", 1},
    /* no NaN: every code is a number */
    {"cast elem=e2m1 type=fp32", "nan-to=max", "7fc00000", "07", "0f", 0},
    {"cast elem=int8 type=fp32", "", "c0000000", "81", "80", 0},
    /* zeros and signs */
    {"cast elem=e4m3 type=fp32", "", "80000000", "80", "00", 0},
    /* a NaN scale: nan-code is the judge */
    {"scaled-cast elem=e4m3 type=fp32", "under-nan-scale=nan", "3f800000 ff", "7f", "ff", 1},
    {"scaled-cast elem=e4m3 type=fp32", "under-nan-scale=nan nan-code=7f", "3f800000 ff", "7f", "ff", 0},
    {"scaled-cast elem=e4m3 type=fp32", "under-nan-scale=nan overflow-nan=7f", "3f800000 ff", "7f", "ff", 1},
    {"quantize elem=e4m3 type=fp32 k=2", "under-nan-scale=nan", "3f800000 7fc00000", "ff 7f 7f", "ff ff 7f", 1},
    {"quantize elem=e4m3 type=fp32 k=2", "under-nan-scale=nan nan-code=7f", "3f800000 7fc00000", "ff 7f 7f", "ff ff 7f",
     0},
    /* free cells */
    {"quantize elem=e4m3 type=fp32 k=2", "", "3f800000 7fc00000", "ff xx xx", "ff 01 02", 1},
    {"quantize elem=e4m3 type=fp32 k=2", "", "3f800000 7fc00000", "ff xx xx", "fe 00 00", 0},
    {"cast elem=e2m1 type=fp32", "", "7fc00000", "xx", "0f", 1},
    {"dequantize elem=e5m2 type=fp16 k=1", "", "fe 7b", "xxxx", "7bff", 1},
    /* scale bytes by bits */
    {"scale elem=e4m3 type=fp32 k=1", "", "7fc00000", "ff", "fe", 0},
    /* NaN values: always a class, and not Inf */
    {"decode elem=e4m3 type=fp32", "", "7f", "7fc00000", "ffffffff", 1},
    {"decode elem=e4m3 type=fp32", "", "7f", "7fc00000", "7f800001", 1},
    {"decode elem=e4m3 type=fp32", "", "7f", "7fc00000", "7f800000", 0},
    {"decode elem=e4m3 type=bf16", "", "7f", "7fc0", "ff81", 1},
    {"decode elem=e4m3 type=bf16", "", "7f", "7fc0", "ff80", 0},
    {"decode elem=e4m3 type=fp16", "", "7f", "7e00", "fc01", 1},
    {"decode elem=e4m3 type=fp16", "", "7f", "7e00", "fc00", 0},
    {"decode elem=e4m3 type=fp64", "", "7f", "7ff8000000000000", "fff0000000000001", 1},
    {"decode elem=e4m3 type=fp64", "", "7f", "7ff8000000000000", "7ff0000000000000", 0},
    {"decode elem=e5m2 type=fp32", "", "7c", "7f800000", "7fc00000", 0},
    {"decode elem=e2m1 type=fp32", "", "08", "80000000", "00000000", 0},
};

typedef struct example {
    mxc_store want, got;
    uint8_t flag[3 * 8];
    mx_outputs open;
} example;

static void read_example(example *e, const char *op, const char *words, const char *inputs, const char *want,
                         const char *got)
{
    mx_batch shape = {0};
    mxv_error error = {0};
    *e = (example){0};
    ck_assert_msg(mxv_parse_op(&shape, op, strlen(op), &error) == MX_OK, "%s", error.text);
    first_profile(&shape.profile, words);
    ck_assert(mxc_store_new(&e->want, &shape, 1) == MX_OK && mxc_store_new(&e->got, &shape, 1) == MX_OK);
    mx_batch *w = &e->want.batch, *g = &e->got.batch;
    e->open = (mx_outputs){.value = w->out.value ? e->flag : NULL,
                           .scale = w->out.scale ? e->flag + 8 : NULL,
                           .code = w->out.code ? e->flag + 16 : NULL};
    ck_assert_msg(mxv_parse_inputs(w, 0, inputs, strlen(inputs), &error) == MX_OK, "%s", error.text);
    ck_assert_msg(mxv_parse_inputs(g, 0, inputs, strlen(inputs), &error) == MX_OK, "%s", error.text);
    ck_assert_msg(mxv_parse_outputs(w, &e->open, 0, want, strlen(want), &error) == MX_OK, "%s", error.text);
    ck_assert_msg(mxv_parse_outputs(g, NULL, 0, got, strlen(got), &error) == MX_OK, "%s", error.text);
}

static void free_example(example *e)
{
    mxc_store_free(&e->want);
    mxc_store_free(&e->got);
}

START_TEST(comparison)
{
    const struct row *r = &rows[_i];
    example e;
    mxc_diff diff;
    read_example(&e, r->op, r->words, r->inputs, r->want, r->got);
    ck_assert_msg(mxc_compare_case(&e.want.batch, &e.open, 0, &e.got.batch.out, &diff) == r->same,
                  "%s %s %s: %s against %s: wanted %s", r->op, r->words, r->inputs, r->want, r->got,
                  r->same ? "the same" : "a difference");
    ck_assert((diff.cells == 0) == r->same);
    free_example(&e);
}
END_TEST

START_TEST(where_it_differs)
{
    example e;
    mxc_diff diff;
    read_example(&e, "quantize elem=e2m1 type=fp32 k=4", "", "00000000 00000000 00000000 00000000", "00 01 02 03 04",
                 "00 01 05 03 06");
    ck_assert(!mxc_compare_case(&e.want.batch, &e.open, 0, &e.got.batch.out, &diff));
    ck_assert_uint_eq(diff.cells, 2);
    ck_assert_int_eq(diff.kind, MX_COL_CODE);
    ck_assert_uint_eq(diff.lane, 1);
    ck_assert_uint_eq(diff.want, 2);
    ck_assert_uint_eq(diff.got, 5);
    free_example(&e);
}
END_TEST

/* All single axes that explain an answer. */
static const struct explained {
    const char *op, *words, *inputs, *got, *by;
} explained[] = {
    /* 5.0 is halfway between 4 (06) and 6 (07): away, up and to odd all give 07 */
    {"cast elem=e2m1 type=fp32", "", "40a00000", "07", "round=rna round=rup round=rto"},
    {"cast elem=e2m1 type=fp32", "", "c0a00000", "0f", "round=rna round=rdn round=rto"},
    {"cast elem=e4m3 type=fp32", "", "43f00000", "7f", "overflow=special"},
    {"cast elem=e4m3 type=fp32", "", "80000000", "00", "zero-sign=drop zero-sign=underflow-only"},
    {"cast elem=e2m1 type=fp32", "nan-to=max", "ffc00000", "0f", "nan-to=smax"},
    {"cast elem=e2m1 type=fp32", "nan-to=max", "ffc00000", "00", "nan-to=zero"},
    {"cast elem=e2m1 type=fp32", "nan-to=max", "ffc00000", "03", ""},
    {"cast elem=e5m2 type=fp32", "nan-code=7f", "7fc00000", "7e", "nan-code=7e nan-code=s7e"},
    {"scale elem=e4m3 type=fp32 k=1", "", "3fe00001", "78", "scale=ceil scale=rceil"},
    {"scale elem=e4m3 type=fp32 k=1", "", "00000000", "7f", "zero-scale=7f"},
    {"scale elem=e4m3 type=fp32 k=1", "scale=rceil", "04600001", "00",
     "scale=floor scale=even scale-arith=f32 scale-arith=log2f"},
    {"quantize elem=e4m3 type=fp32 k=2", "", "3f800000 7f800000", "fe 00 7e", "inf-in=max-scale"},
    {"quantize elem=e2m1 type=fp32 k=2", "nan-to=max", "3f800000 7fc00000", "7d 06 07", "nan-in=element nan-in=ignore"},
    {"dequantize elem=int8 type=fp32 k=1", "", "7f 40", "42800000", "int8=int6 int8=int7"},
    {"cast elem=e2m1 type=fp32", "", "40a00000", "06", ""}, /* it is right */
    /* the NaN lane is free under nan-in=element, the scale and lane 0 are not */
    {"quantize elem=e2m1 type=fp32 k=2", "under-nan-scale=zero", "3f800000 7fc00000", "7d 06 05",
     "nan-in=element nan-in=ignore"},
    /* lane 0 is free under nan-in=block-nan, but under nan-in=element it would be 06 */
    {"quantize elem=e2m1 type=fp32 k=2", "", "3f800000 7fc00000", "7d 05 07", ""},
    {"quantize elem=e2m1 type=fp32 k=2", "", "3f800000 7fc00000", "7d 06 07", "nan-in=element nan-in=ignore"},
    /* it differs in the NaN lane only, which nan-in=ignore leaves free here */
    {"quantize elem=e4m3 type=fp32 k=2", "nan-in=element", "3f800000 7fc00000", "77 78 05", ""},
};

START_TEST(explanation)
{
    const struct explained *x = &explained[_i];
    example e;
    mxc_departure found[64];
    char text[1024] = "";
    read_example(&e, x->op, x->words, x->inputs, x->got, x->got);
    size_t n = mxc_departures(&e.got.batch, 0, found, 64);
    ck_assert_uint_le(n, 64);
    for (size_t i = 0; i < n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s=%s", i ? " " : "", mx_axis_name(found[i].axis),
                 mx_axis_value_name(found[i].axis, found[i].value));
    ck_assert_str_eq(text, x->by);
    ck_assert_uint_eq(mxc_departures(&e.got.batch, 0, found, 0), n);
    free_example(&e);
}
END_TEST

/* The masks have room for every value of every axis. */
START_TEST(values_fit_a_mask)
{
    unsigned bits = mxc_value_bit(MX_AXIS_LAST, mx_axis_count(MX_AXIS_LAST)) + 1;
    ck_assert_uint_le(bits, 64);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("compare");
    tcase_add_loop_test(tests, comparison, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tests, where_it_differs);
    tcase_add_loop_test(tests, explanation, 0, sizeof explained / sizeof *explained);
    tcase_add_test(tests, values_fit_a_mask);
    return test_main(tests);
}
