/* SPDX-License-Identifier: BSD-3-Clause
 *
 * pack, unpack, swizzle, unswizzle: bytes typed by hand, places in a tile worked out on paper, and both derivations on
 * drawn cells of every shape near an edge.
 */
#include "ref/test_draw.h"

#include <stdlib.h>

enum { BYTES_MAX = 4 * 512 };

typedef struct bytes {
    mx_elem elem;
    mx_layout layout;
    size_t k, n;
    uint8_t code[8], byte[8];
} bytes;

static const bytes typed[] = {
    /* 0, 0.5, 4, -0: the test bytes of torchao, since 2025-10 and before */
    {MX_E2M1, MX_LAYOUT_LOW_FIRST, 4, 2, {0x0, 0x1, 0x6, 0x8}, {0x10, 0x86}},
    {MX_E2M1, MX_LAYOUT_HIGH_FIRST, 4, 2, {0x0, 0x1, 0x6, 0x8}, {0x01, 0x68}},
    {MX_E2M1, MX_LAYOUT_SPLIT_HALF, 4, 2, {0x0, 0x1, 0x6, 0x8}, {0x60, 0x81}},
    {MX_E2M1, MX_LAYOUT_LOW_FIRST, 3, 2, {0x1, 0x2, 0xf}, {0x21, 0x0f}},
    {MX_E2M1, MX_LAYOUT_HIGH_FIRST, 3, 2, {0x1, 0x2, 0xf}, {0x12, 0xf0}},
    /* 000001 000010 000011 000100 from either end */
    {MX_E3M2, MX_LAYOUT_LOW_FIRST, 4, 3, {0x01, 0x02, 0x03, 0x04}, {0x81, 0x30, 0x10}},
    {MX_E3M2, MX_LAYOUT_HIGH_FIRST, 4, 3, {0x01, 0x02, 0x03, 0x04}, {0x04, 0x20, 0xc4}},
    {MX_E2M3, MX_LAYOUT_LOW_FIRST, 5, 4, {0x3f, 0, 0, 0, 0x21}, {0x3f, 0x00, 0x00, 0x21}},
    {MX_E2M3, MX_LAYOUT_HIGH_FIRST, 5, 4, {0x3f, 0, 0, 0, 0x21}, {0xfc, 0x00, 0x00, 0x84}},
    {MX_E2M3, MX_LAYOUT_LOW_FIRST, 2, 2, {0x2a, 0x15}, {0x6a, 0x05}},
    {MX_E2M3, MX_LAYOUT_HIGH_FIRST, 2, 2, {0x2a, 0x15}, {0xa9, 0x50}},
    {MX_E4M3, MX_LAYOUT_LOW_FIRST, 2, 2, {0x7f, 0x80}, {0x7f, 0x80}},
    {MX_INT8, MX_LAYOUT_HIGH_FIRST, 2, 2, {0x7f, 0x80}, {0x7f, 0x80}},
};

static mx_batch shape_of(mx_op op, mx_elem elem, mx_layout layout, size_t k)
{
    mx_batch b = {.op = op, .elem = elem, .layout = layout, .k = k, .count = 1};

    b.profile = test_profile("");
    return b;
}

static mx_batch matrix(mx_op op, size_t rows, size_t cols)
{
    mx_batch b = shape_of(op, (mx_elem)0, MX_LAYOUT_128X4, rows * cols);

    b.rows = rows;
    b.cols = cols;
    return b;
}

START_TEST(bytes_by_hand)
{
    const bytes *t = &typed[_i];
    mx_batch pack = shape_of(MX_OP_PACK, t->elem, t->layout, t->k);
    mx_batch unpack = shape_of(MX_OP_UNPACK, t->elem, t->layout, t->k);

    for (int witness = 0; witness < 2; witness++) {
        uint8_t byte[8] = {0}, code[8] = {0};
        pack.in.code = t->code;
        pack.out.byte = byte;
        unpack.in.byte = t->byte;
        unpack.out.code = code;
        ck_assert_uint_eq(mx_layout_bytes(&pack), t->n);
        ck_assert_int_eq((witness ? mxref_witness : mxref_run)(&pack, NULL), MX_OK);
        ck_assert_mem_eq(byte, t->byte, sizeof byte);
        ck_assert_int_eq((witness ? mxref_witness : mxref_run)(&unpack, NULL), MX_OK);
        ck_assert_mem_eq(code, t->code, sizeof code);
    }
}
END_TEST

/* (row, column) of a 200 x 7 matrix, two tiles across, and its byte. */
static const size_t places[][3] = {
    {0, 0, 0},     {0, 3, 3},      {0, 4, 512},    {1, 0, 16},     {31, 0, 496},   {32, 0, 4},     {96, 1, 13},
    {127, 3, 511}, {127, 4, 1020}, {128, 0, 1024}, {128, 6, 1538}, {199, 6, 1658}, {160, 2, 1030},
};

START_TEST(places_in_tiles)
{
    mx_batch b = matrix(MX_OP_SWIZZLE, 200, 7);
    uint8_t scale[1400], byte[BYTES_MAX], back[1400];

    ck_assert_uint_eq(mx_layout_bytes(&b), BYTES_MAX);
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
        size_t at = 0, set = 0, index = places[p][0] * 7 + places[p][1];
        unsigned position = 9;
        ck_assert_int_eq(mxref_layout_place(&b, index, 5, &at, &position), MX_OK);
        ck_assert_uint_eq(at, places[p][2]);
        ck_assert_uint_eq(position, 5);
        for (int witness = 0; witness < 2; witness++) {
            memset(scale, 0, sizeof scale);
            memset(byte, 0xee, sizeof byte);
            scale[index] = 0x7f;
            b = matrix(MX_OP_SWIZZLE, 200, 7);
            b.in.scale = scale;
            b.out.byte = byte;
            ck_assert_int_eq((witness ? mxref_witness : mxref_run)(&b, NULL), MX_OK);
            set = 0;
            for (size_t i = 0; i < BYTES_MAX; i++)
                set += byte[i] != 0;
            ck_assert_uint_eq(set, 1);
            ck_assert_uint_eq(byte[places[p][2]], 0x7f);
            b = matrix(MX_OP_UNSWIZZLE, 200, 7);
            b.in.byte = byte;
            b.out.scale = back;
            ck_assert_int_eq((witness ? mxref_witness : mxref_run)(&b, NULL), MX_OK);
            ck_assert_mem_eq(back, scale, sizeof scale);
        }
    }
}
END_TEST

/* Both derivations agree on three cases of drawn cells, both ways, and going there and back changes nothing. */
static void there_and_back(const mx_batch *shape, mx_op there, mx_op back, unsigned limit)
{
    enum { THREE = 3 };
    size_t n = mx_layout_bytes(shape) * THREE, items = shape->k * THREE;
    uint8_t *cell = malloc(3 * items), *byte = malloc(3 * n);
    mx_batch b = *shape;

    ck_assert(cell && byte && n);
    b.count = THREE;
    for (size_t i = 0; i < items; i++)
        cell[i] = (uint8_t)below(limit);
    for (size_t w = 0; w < 2; w++) {
        memset(byte + w * n, 0xee, n);
        b.op = there;
        b.in = (mx_inputs){.scale = shape->elem ? NULL : cell, .code = shape->elem ? cell : NULL};
        b.out = (mx_outputs){.byte = byte + w * n};
        ck_assert_int_eq((w ? mxref_witness : mxref_run)(&b, NULL), MX_OK);
    }
    ck_assert_mem_eq(byte, byte + n, n);
    for (size_t w = 0; w < 2; w++) {
        uint8_t *got = cell + (1 + w) * items;
        b.op = back;
        b.in = (mx_inputs){.byte = byte};
        b.out = (mx_outputs){.scale = shape->elem ? NULL : got, .code = shape->elem ? got : NULL};
        ck_assert_int_eq((w ? mxref_witness : mxref_run)(&b, NULL), MX_OK);
        ck_assert_mem_eq(got, cell, items);
    }
    for (size_t i = 0; i < n; i++) /* any bytes at all, set padding too */
        byte[i] = (uint8_t)draw();
    for (size_t w = 0; w < 2; w++) {
        uint8_t *got = cell + (1 + w) * items;
        b.out = (mx_outputs){.scale = shape->elem ? NULL : got, .code = shape->elem ? got : NULL};
        ck_assert_int_eq((w ? mxref_witness : mxref_run)(&b, NULL), MX_OK);
    }
    ck_assert_mem_eq(cell + items, cell + 2 * items, items);
    free(cell);
    free(byte);
}

START_TEST(both_derivations)
{
    static const size_t rows[] = {1, 2, 31, 32, 33, 64, 127, 128, 129, 256, 300}, cols[] = {1, 3, 4, 5, 8, 13};
    mx_elem elem = (mx_elem)(1 + _i % MX_ELEM_LAST);

    draw_state = 20260919;
    for (size_t k = 1; k <= 70; k++)
        for (unsigned layout = MX_LAYOUT_LOW_FIRST; layout <= MX_LAYOUT_SPLIT_HALF; layout++) {
            mx_batch b = shape_of(MX_OP_PACK, elem, (mx_layout)layout, k);
            if (mx_shape_check(&b, NULL) == MX_OK)
                there_and_back(&b, MX_OP_PACK, MX_OP_UNPACK, 1u << mx_elem_bits(elem));
        }
    for (size_t r = 0; r < sizeof rows / sizeof rows[0] && _i == 0; r++)
        for (size_t c = 0; c < sizeof cols / sizeof cols[0]; c++) {
            mx_batch b = matrix(MX_OP_SWIZZLE, rows[r], cols[c]);
            there_and_back(&b, MX_OP_SWIZZLE, MX_OP_UNSWIZZLE, 256);
        }
}
END_TEST

/* No place without a layout, beyond the last code, or above a code's highest bit. */
START_TEST(no_such_place)
{
    mx_batch b = shape_of(MX_OP_PACK, MX_E3M2, MX_LAYOUT_LOW_FIRST, 4);
    size_t byte = 7;
    unsigned position = 9;

    ck_assert_int_eq(mxref_layout_place(&b, 3, 5, &byte, &position), MX_OK);
    ck_assert_uint_eq(byte, 2);
    ck_assert_uint_eq(position, 7);
    ck_assert_int_eq(mxref_layout_place(&b, 4, 0, &byte, &position), MX_EINVAL);
    ck_assert_int_eq(mxref_layout_place(&b, 0, 6, &byte, &position), MX_EINVAL);
    b.layout = MX_LAYOUT_128X4;
    ck_assert_int_eq(mxref_layout_place(&b, 0, 0, &byte, &position), MX_EINVAL);
    ck_assert_int_eq(mxref_layout_place(NULL, 0, 0, &byte, &position), MX_EINVAL);
    ck_assert_uint_eq(byte, 2);
    b = (mx_batch){.op = MX_OP_DECODE, .elem = MX_E3M2, .type = MX_FP32, .k = 1};
    ck_assert_int_eq(mxref_layout_place(&b, 0, 0, &byte, &position), MX_EINVAL);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("pack");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, bytes_by_hand, 0, (int)(sizeof typed / sizeof typed[0]));
    tcase_add_test(tcase, places_in_tiles);
    tcase_add_loop_test(tcase, both_derivations, 0, MX_ELEM_LAST);
    tcase_add_test(tcase, no_such_place);
    tcase_set_timeout(tcase, 120);
    return test_main(tcase);
}
