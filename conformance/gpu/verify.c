/* SPDX-License-Identifier: BSD-3-Clause
 *
 * device verify: the device's fast kernels against the lane run of the full text, layout by layout.
 */
#include "conformance/gpu/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A tensor on the host and on the device; targets have room for any layout. */
typedef struct tensors {
    size_t rows, cols, value_bytes, code_bytes, scale_bytes;
    uint8_t *value, *value_there;
    plain here[2], there[2];
} tensors;

static void fill_values(tensors *t, mx_type type)
{
    size_t width = mx_type_bytes(type);

    for (size_t i = 0; i < t->rows * t->cols; i++) {
        uint64_t v = mxc_gpu_draw_value(type, (unsigned)(i / t->cols / 32 * 97 + i % t->cols / 32));

        memcpy(t->value + i * width, &v, width);
    }
}

/* How a direction is stored; along rows never across lines. */
enum { ALONG, PACKED, ACROSS, FORMS };
static const char *const form_name[FORMS] = {"bytes along lines", "packed, scales 128x4", "bytes across lines"};

static unsigned long verified, unequal;

static mxgpu_tensor tensor_of(const tensors *t, mx_elem elem, mx_type type, const char *rule, int dims)
{
    mxgpu_tensor q = {.elem = elem, .type = type, .profile = mxc_gpu_profile(rule), .k = 32, .dims = dims};

    q.rows = t->rows;
    q.cols = t->cols;
    q.row_stride = (int64_t)t->cols;
    q.col_stride = 1;
    return q;
}

static void lay_out(mxgpu_tensor *q, uint8_t *value, const plain blocks[2], int form)
{
    int packed = form == PACKED;
    unsigned bits = mx_elem_bits(q->elem);

    q->value = value;
    q->dim0 = mxc_gpu_blocks(&blocks[0], q->rows, q->cols, 0, packed, packed, bits);
    q->dim1 = mxc_gpu_blocks(&blocks[1], q->cols, q->rows, form == ACROSS, packed, packed, bits);
}

static void copy_here(uint8_t *to, const uint8_t *there, size_t bytes)
{
    char why[MXGPU_WHY];

    mxc_gpu_must(mxgpu_to_host(mxc_gpu, to, there, bytes, NULL, why), why);
    mxc_gpu_must(mxgpu_wait(mxc_gpu, NULL, why), why);
}

static void fill_both(uint8_t *here, uint8_t *there, size_t bytes)
{
    char why[MXGPU_WHY];

    memset(here, 0xa5, bytes);
    mxc_gpu_must(mxgpu_fill(mxc_gpu, there, 0xa5, bytes, NULL, why), why);
}

/* Whether the device wrote the bytes that the host did; says where not. */
static int same_bytes(const mxgpu_tensor *q, const char *rule, int form, const char *what, const uint8_t *here,
                      const uint8_t *there, size_t bytes)
{
    uint8_t *seen = mxc_gpu_here(bytes);
    size_t i = 0;

    copy_here(seen, there, bytes);
    while (i < bytes && seen[i] == here[i])
        i++;
    if (i < bytes)
        printf("DIFFERS: %s of %s %s, dims %d, %s, \"%s\": byte %zu is %02x, the full text has %02x\n", what,
               mx_elem_name(q->elem), mx_type_name(q->type), q->dims, form_name[form], rule, i, seen[i], here[i]);
    free(seen);
    return i == bytes;
}

/* One layout: the device's fast kernel and the full text on the host. */
static void verify_one(tensors *t, mx_elem elem, mx_type type, const char *rule, int dims, int form)
{
    mxgpu_tensor q = tensor_of(t, elem, type, rule, dims);
    char why[MXGPU_WHY];

    lay_out(&q, t->value_there, t->there, form);
    if (!mxgpu_is_fast(&q))
        mxc_gpu_stop(MX_EINTERNAL, "a common shape is not fast");
    for (int d = 0; d < 2; d++) {
        fill_both(t->here[d].codes, t->there[d].codes, t->code_bytes);
        fill_both(t->here[d].scales, t->there[d].scales, t->scale_bytes);
    }
    mxc_gpu_must(mxgpu_quantize(mxc_gpu, &q, NULL, why), why);
    lay_out(&q, t->value, t->here, form);
    mxc_gpu_must(mxgpu_lane_quantize(&q, 32), "lane run failed");
    for (int d = 0; d < 2; d++) {
        const char *codes = d ? "codes down columns" : "codes along rows";
        const char *scales = d ? "scales down columns" : "scales along rows";
        int same = same_bytes(&q, rule, form, codes, t->here[d].codes, t->there[d].codes, t->code_bytes);

        same &= same_bytes(&q, rule, form, scales, t->here[d].scales, t->there[d].scales, t->scale_bytes);
        verified += t->rows * t->cols;
        unequal += !same;
    }
}

static void draw_both(uint8_t *here, uint8_t *there, size_t bytes)
{
    char why[MXGPU_WHY];

    for (size_t i = 0; i < bytes; i++)
        here[i] = (uint8_t)mxc_gpu_draw();
    mxc_gpu_must(mxgpu_to_device(mxc_gpu, there, here, bytes, NULL, why), why);
}

/* Any codes under any scales. */
static void verify_decoding(tensors *t, mx_elem elem, mx_type type, int dims, int form)
{
    int d = dims == MXGPU_DIM1;
    size_t bytes = t->rows * t->cols * mx_type_bytes(type);
    mxgpu_tensor q = tensor_of(t, elem, type, "", dims);
    uint8_t *values = mxc_gpu_here(t->value_bytes);
    char why[MXGPU_WHY];

    draw_both(t->here[d].codes, t->there[d].codes, t->code_bytes);
    draw_both(t->here[d].scales, t->there[d].scales, t->scale_bytes);
    fill_both(values, t->value_there, bytes);
    lay_out(&q, t->value_there, t->there, form);
    mxc_gpu_must(mxgpu_dequantize(mxc_gpu, &q, NULL, why), why);
    lay_out(&q, values, t->here, form);
    mxc_gpu_must(mxgpu_lane_dequantize(&q, 32), "lane run failed");
    unequal += !same_bytes(&q, "", form, "values", values, t->value_there, bytes);
    verified += t->rows * t->cols;
    free(values);
}

/* All formats and types, a rule each in turn. `whole`: only where scales are linear. */
static void verify_shape(size_t rows, size_t cols, int whole)
{
    static const char *const rules[] = {"scale=floor", "scale=rceil", "scale=even scale-arith=f32",
                                        "scale=ceil scale-arith=f32 zero-scale=7f"};
    tensors t = {.rows = rows, .cols = cols};

    t.value_bytes = t.rows * t.cols * 4;
    t.code_bytes = t.rows * t.cols;
    t.scale_bytes = 4 * t.rows * t.cols / 32;
    t.value = mxc_gpu_here(t.value_bytes);
    t.value_there = mxc_gpu_take(t.value_bytes);
    for (int d = 0; d < 2; d++) {
        t.here[d].codes = mxc_gpu_here(t.code_bytes);
        t.here[d].scales = mxc_gpu_here(t.scale_bytes);
        t.there[d].codes = mxc_gpu_take(t.code_bytes);
        t.there[d].scales = mxc_gpu_take(t.scale_bytes);
    }
    for (int i = 0; i < MX_ELEM_LAST * 3; i++) {
        char why[MXGPU_WHY];
        mx_type type = (mx_type)(i % 3 + 1);

        fill_values(&t, type);
        mxc_gpu_must(mxgpu_to_device(mxc_gpu, t.value_there, t.value, t.rows * t.cols * mx_type_bytes(type), NULL, why),
                     why);
        for (int dims = 1; dims <= 3; dims++)
            for (int form = 0; form < FORMS; form++)
                if ((dims != MXGPU_DIM0 || form != ACROSS) && (!whole || form == ALONG))
                    verify_one(&t, (mx_elem)(i / 3 + 1), type, rules[(i + dims + form) % 4], dims, form);
        for (int dims = 1; dims <= 2 && !whole; dims++)
            for (int form = 0; form < FORMS; form++)
                if (dims != MXGPU_DIM0 || form != ACROSS)
                    verify_decoding(&t, (mx_elem)(i / 3 + 1), type, dims, form);
    }
    for (int d = 0; d < 2; d++) {
        free(t.here[d].codes);
        free(t.here[d].scales);
    }
    free(t.value);
    mxc_gpu_release();
}

int mxc_gpu_verify(void)
{
    double start = mxc_gpu_now();

    /* rows and columns of many whole sectors of scales, and of not so many */
    verify_shape(mxc_quick ? 128 : 256, mxc_quick ? 256 : 640, 0);
    verify_shape(1024, mxc_quick ? 1024 : 2048, 1);
    printf("verify: %lu elements in %lu layouts that differ, %.1f s\n", verified, unequal, mxc_gpu_now() - start);
    return mxc_gpu_verify_layouts() || unequal ? DIFFERS : 0;
}
