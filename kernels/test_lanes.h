/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the tests of the lane run draw, store and compare.
 */
#ifndef MXG_TEST_LANES_H
#define MXG_TEST_LANES_H

#include <string.h>

#include <check.h>

#include <mx/names.h>

#include "kernels/definite.h"
#include "kernels/lanes_run.h"
#include "xorshift.h"

enum { ROWS = 128, COLS = 256, CELLS = ROWS * COLS, BLOCKS = CELLS / 32 };

static uint64_t state = 1;

static uint32_t draw(void)
{
    return (uint32_t)(mx_xorshift(&state) >> 24);
}

/* A value whose exponent lies around that of its 32 x 32 neighbourhood, with the odd special one. */
static uint32_t some_value(mx_type type, unsigned neighbourhood)
{
    unsigned mbits = type == MX_FP32 ? 23 : type == MX_BF16 ? 7 : 10, ebits = type == MX_FP16 ? 5 : 8;
    unsigned top = (1u << ebits) - 1, e = neighbourhood * 37 % (top + 1), down = draw() % 12;
    uint32_t man = draw() & ((1u << mbits) - 1), sign = (draw() & 1u) << (mbits + ebits);

    e = e > down ? e - down : 0;
    if (draw() % 4 == 0)
        man &= 7u << (mbits - 3); /* ties */
    if (draw() % 50 == 0)
        return sign;
    if (draw() % 400 == 0)
        return sign | top << mbits | (draw() % 2 ? man : 0); /* a NaN or an Inf beside blocks without */
    if (e == top && draw() % 16)
        e--;
    return sign | e << mbits | man;
}

typedef struct matrix {
    _Alignas(16) uint32_t value[CELLS];
} matrix;

static void fill(matrix *m, mx_type type)
{
    for (unsigned r = 0; r < ROWS; r++)
        for (unsigned c = 0; c < COLS; c++) {
            uint32_t v = some_value(type, r / 32 * 8 + c / 32);

            /* a neighbourhood of zeros */
            v = r / 32 == 1 && c / 32 == 3 ? v & 0x80000000u : v;
            if (type == MX_FP32)
                m->value[r * COLS + c] = v;
            else
                ((uint16_t *)m->value)[r * COLS + c] = (uint16_t)v;
        }
}

typedef struct result {
    _Alignas(16) uint8_t codes[CELLS], scales[BLOCKS];
} result;

static mx_profile profile_of(const char *text)
{
    mx_profile p = {0};
    char why[MX_WHY];

    ck_assert_msg(definite_profile(&p, text, why) == MX_OK, "%s", why);
    return p;
}

static mxgpu_tensor tensor_of(mx_elem elem, mx_type type, const char *profile, matrix *m)
{
    mxgpu_tensor t = {.elem = elem, .type = type, .profile = profile_of(profile), .k = 32, .rows = ROWS, .cols = COLS};

    t.value = m->value;
    t.row_stride = COLS;
    t.col_stride = 1;
    return t;
}

static mxgpu_blocks along(result *out, size_t length)
{
    mxgpu_blocks b = {.codes = out->codes, .scales = out->scales, .line_stride = (int64_t)length, .pos_stride = 1};

    b.scale_line_stride = (int64_t)length / 32;
    b.scale_block_stride = 1;
    return b;
}

/* Codes and scales by rows, blocks down columns. */
static mxgpu_blocks by_rows(result *out)
{
    mxgpu_blocks b = {.codes = out->codes, .scales = out->scales, .line_stride = 1, .pos_stride = COLS};

    b.scale_line_stride = 1;
    b.scale_block_stride = COLS;
    return b;
}

static result fast, full, other;
static matrix source;

static void run_full(mxgpu_tensor t, unsigned width)
{
    mxg_launch launch[MXG_LAUNCHES];
    unsigned n;

    ck_assert_int_eq(mxg_plan_quantize(launch, &n, &t, 1, NULL), MX_OK);
    ck_assert_int_eq(mxg_lanes_launch(&launch[0], width), MX_OK);
}

/* (ck_assert writes a file at each call: only for what differs.) */
static void same(size_t codes, size_t scales, const char *what, mx_elem elem, mx_type type)
{
    for (size_t i = 0; i < scales; i++)
        if (fast.scales[i] != full.scales[i])
            ck_abort_msg("%s %s %s: scale %zu is %02x, not %02x", what, mx_elem_name(elem), mx_type_name(type), i,
                         fast.scales[i], full.scales[i]);
    for (size_t i = 0; i < codes; i++)
        if (fast.codes[i] != full.codes[i])
            ck_abort_msg("%s %s %s: code %zu is %02x, not %02x", what, mx_elem_name(elem), mx_type_name(type), i,
                         fast.codes[i], full.codes[i]);
}

#endif
