/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For the tests of the reference: one case at a time, answered by the reference and by the witness, which must agree
 * before an answer is compared with what was typed by hand.
 */
#ifndef MXREF_TEST_UTIL_H
#define MXREF_TEST_UTIL_H

#include <stdint.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "test_main.h"

#define TEST_K 8

/* Every axis at its first value. */
static const char test_base[] = "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee "
                                "nan-in=block-nan inf-in=block-nan nan-to=unspecified zero-scale=00 scale-over=nan "
                                "zero-sign=keep int8-min=symmetric int8=ocp subnormal-in=keep subnormal-out=keep "
                                "nan-code=any overflow-nan=any under-nan-scale=any decode-over=any";

/* The base profile with the axes named in `axes` changed. */
static inline mx_profile test_profile(const char *axes)
{
    mx_profile profile = {0};
    char why[MX_WHY] = "";

    ck_assert_msg(mx_profile_parse(&profile, test_base, strlen(test_base), why) == MX_OK, "%s", why);
    while (*axes != '\0') {
        size_t length = strcspn(axes, " ");
        ck_assert_msg(mx_profile_apply(&profile, axes, length, why) == MX_OK, "%s", why);
        axes += length;
        axes += strspn(axes, " ");
    }
    return profile;
}

/* A case and its answers. Cells that the profile leaves free are -1. */
typedef struct test_case {
    mx_op op;
    mx_elem elem;
    mx_type type;
    size_t k;
    uint64_t value[TEST_K];
    uint8_t scale;
    uint8_t code[TEST_K];
    uint32_t random[TEST_K];
    int out_scale;
    int out_code[TEST_K];
    int64_t out_value[TEST_K]; /* no test has an fp64 target with the sign bit set and wants more than its bits */
    int out_value_open[TEST_K];
} test_case;

/* Columns of a case in the width of its type. */
typedef struct test_columns {
    union {
        uint64_t w64[TEST_K];
        uint32_t w32[TEST_K];
        uint16_t w16[TEST_K];
    } in, out;
    uint8_t out_scale, out_code[TEST_K];
    uint8_t open_value[TEST_K], open_scale, open_code[TEST_K];
} test_columns;

/* Point the batch at the columns its operation has. */
static inline void test_point(mx_batch *batch, test_case *c, test_columns *columns)
{
    const mx_op_info *info = mx_op_info_of(batch->op);

    ck_assert_ptr_nonnull(info);
    for (size_t j = 0; j < batch->k; j++) {
        if (mx_type_bytes(batch->type) == 8)
            columns->in.w64[j] = c->value[j];
        else if (mx_type_bytes(batch->type) == 4)
            columns->in.w32[j] = (uint32_t)c->value[j];
        else
            columns->in.w16[j] = (uint16_t)c->value[j];
    }
    for (size_t i = 0; i < info->n_in; i++) {
        if (info->in[i].kind == MX_COL_VALUE)
            batch->in.value = &columns->in;
        else if (info->in[i].kind == MX_COL_SCALE)
            batch->in.scale = &c->scale;
        else
            batch->in.code = c->code;
    }
    if (info->rounds && batch->profile.round == MX_SR)
        batch->in.random = c->random;
    for (size_t i = 0; i < info->n_out; i++) {
        if (info->out[i].kind == MX_COL_VALUE)
            batch->out.value = &columns->out;
        else if (info->out[i].kind == MX_COL_SCALE)
            batch->out.scale = &columns->out_scale;
        else
            batch->out.code = columns->out_code;
    }
}

/* Answer *c by both derivations. */
static inline void test_run(test_case *c, const char *axes)
{
    mx_batch batch = {.op = c->op, .elem = c->elem, .type = c->type, .k = c->k, .count = 1};
    test_columns columns, second;
    mxref_free open = {columns.open_value, &columns.open_scale, columns.open_code};

    memset(&columns, 0, sizeof columns);
    batch.profile = test_profile(axes);
    test_point(&batch, c, &columns);
    ck_assert_int_eq(mxref_witness(&batch, &open), MX_OK);
    second = columns;
    memset(&columns, 0, sizeof columns);
    test_point(&batch, c, &columns);
    ck_assert_int_eq(mxref_run(&batch, &open), MX_OK);
    ck_assert_msg(memcmp(&columns, &second, sizeof columns) == 0, "reference and witness differ: %s %s %s",
                  mx_op_name(c->op), mx_elem_name(c->elem), axes);
    c->out_scale = columns.open_scale ? -1 : columns.out_scale;
    for (size_t j = 0; j < c->k; j++) {
        c->out_code[j] = columns.open_code[j] ? -1 : columns.out_code[j];
        c->out_value_open[j] = columns.open_value[j];
        if (mx_type_bytes(batch.type) == 8)
            memcpy(&c->out_value[j], &columns.out.w64[j], sizeof c->out_value[j]);
        else
            c->out_value[j] = mx_type_bytes(batch.type) == 4 ? columns.out.w32[j] : columns.out.w16[j];
    }
}

/* Code of a scalar cast; -1 when free. */
static inline int test_cast(const char *axes, mx_elem elem, mx_type type, uint64_t bits)
{
    test_case c = {.op = MX_OP_CAST, .elem = elem, .type = type, .k = 1, .value = {bits}};

    test_run(&c, axes);
    return c.out_code[0];
}

static inline int test_scaled_cast(const char *axes, mx_elem elem, mx_type type, uint64_t bits, unsigned scale)
{
    test_case c = {
        .op = MX_OP_SCALED_CAST, .elem = elem, .type = type, .k = 1, .value = {bits}, .scale = (uint8_t)scale};

    test_run(&c, axes);
    return c.out_code[0];
}

/* Scale byte of a block of one. */
static inline int test_scale(const char *axes, mx_elem elem, mx_type type, uint64_t bits)
{
    test_case c = {.op = MX_OP_SCALE, .elem = elem, .type = type, .k = 1, .value = {bits}};

    test_run(&c, axes);
    return c.out_scale;
}

/* Bits of a decoded value; -1 when free. */
static inline int64_t test_dequantize(const char *axes, mx_elem elem, mx_type type, unsigned scale, unsigned code)
{
    test_case c = {
        .op = MX_OP_DEQUANTIZE, .elem = elem, .type = type, .k = 1, .scale = (uint8_t)scale, .code = {(uint8_t)code}};

    test_run(&c, axes);
    return c.out_value_open[0] ? -1 : c.out_value[0];
}

/* Quantize k values: scale to *scale, codes to code[k]. */
static inline void test_quantize(const char *axes, mx_elem elem, size_t k, const uint32_t *fp32, int *scale, int *code)
{
    test_case c = {.op = MX_OP_QUANTIZE, .elem = elem, .type = MX_FP32, .k = k};

    for (size_t j = 0; j < k; j++)
        c.value[j] = fp32[j];
    test_run(&c, axes);
    *scale = c.out_scale;
    memcpy(code, c.out_code, k * sizeof *code);
}

#endif
