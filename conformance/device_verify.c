/* SPDX-License-Identifier: BSD-3-Clause
 *
 * device verify: the device's fast kernels against the lane run of the full text, layout by layout.
 */
#include "conformance/device.h"

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

static unsigned long verified, unequal;

/* One layout: the device's fast kernel and the full text on the host. */
static void verify_one(tensors *t, mx_elem elem, mx_type type, const char *rule, int dims, int form)
{
    int packed = form == 1, tiled = form == 1, by_rows = form == 2;
    mxgpu_tensor q = {
        .elem = elem, .type = type, .profile = mxc_gpu_profile(rule), .k = 32, .rows = t->rows, .cols = t->cols};
    uint8_t *codes = mxc_gpu_here(t->code_bytes), *scales = mxc_gpu_here(t->scale_bytes);
    char why[MXGPU_WHY];

    q.row_stride = (int64_t)t->cols;
    q.col_stride = 1;
    q.dims = dims;
    q.value = t->value_there;
    q.dim0 = mxc_gpu_blocks(&t->there[0], t->rows, t->cols, 0, packed, tiled, mx_elem_bits(elem));
    q.dim1 = mxc_gpu_blocks(&t->there[1], t->cols, t->rows, by_rows, packed, tiled, mx_elem_bits(elem));
    if (!mxgpu_is_fast(&q))
        mxc_gpu_stop(MX_EINTERNAL, "a common shape is not fast");
    for (int d = 0; d < 2; d++) {
        mxc_gpu_must(mxgpu_fill(mxc_gpu, t->there[d].codes, 0xa5, t->code_bytes, NULL, why), why);
        mxc_gpu_must(mxgpu_fill(mxc_gpu, t->there[d].scales, 0xa5, t->scale_bytes, NULL, why), why);
        memset(t->here[d].codes, 0xa5, t->code_bytes);
        memset(t->here[d].scales, 0xa5, t->scale_bytes);
    }
    mxc_gpu_must(mxgpu_quantize(mxc_gpu, &q, NULL, why), why);
    q.value = t->value;
    q.dim0 = mxc_gpu_blocks(&t->here[0], t->rows, t->cols, 0, packed, tiled, mx_elem_bits(elem));
    q.dim1 = mxc_gpu_blocks(&t->here[1], t->cols, t->rows, by_rows, packed, tiled, mx_elem_bits(elem));
    mxc_gpu_must(mxgpu_lane_quantize(&q, 32), "lane run failed");
    for (int d = 0; d < 2; d++) {
        mxc_gpu_must(mxgpu_to_host(mxc_gpu, codes, t->there[d].codes, t->code_bytes, NULL, why), why);
        mxc_gpu_must(mxgpu_to_host(mxc_gpu, scales, t->there[d].scales, t->scale_bytes, NULL, why), why);
        mxc_gpu_must(mxgpu_wait(mxc_gpu, NULL, why), why);
        verified += t->rows * t->cols;
        if (memcmp(codes, t->here[d].codes, t->code_bytes) || memcmp(scales, t->here[d].scales, t->scale_bytes)) {
            size_t i = 0, s = 0;

            while (i < t->code_bytes && codes[i] == t->here[d].codes[i])
                i++;
            while (s < t->scale_bytes && scales[s] == t->here[d].scales[s])
                s++;
            printf("DIFFERS: %s %s %s dims %d form %d direction %d: code byte %zu, scale byte %zu\n",
                   mx_elem_name(elem), mx_type_name(type), rule, dims, form, d, i, s);
            unequal++;
        }
    }
    free(codes);
    free(scales);
}

/* Any codes under any scales. */
static void verify_decoding(tensors *t, mx_elem elem, mx_type type, int dims, int form)
{
    int packed = form == 1, tiled = form == 1, by_rows = form == 2, d = dims == MXGPU_DIM1;
    size_t lines = d ? t->cols : t->rows, length = d ? t->rows : t->cols,
           bytes = t->rows * t->cols * mx_type_bytes(type);
    mxgpu_tensor q = {
        .elem = elem, .type = type, .profile = mxc_gpu_profile(""), .k = 32, .rows = t->rows, .cols = t->cols};
    uint8_t *values = mxc_gpu_here(t->value_bytes), *seen = mxc_gpu_here(t->value_bytes);
    mxgpu_blocks *b = d ? &q.dim1 : &q.dim0;
    char why[MXGPU_WHY];

    for (size_t i = 0; i < t->code_bytes; i++)
        t->here[d].codes[i] = (uint8_t)mxc_gpu_draw();
    for (size_t i = 0; i < t->scale_bytes; i++)
        t->here[d].scales[i] = (uint8_t)mxc_gpu_draw();
    mxc_gpu_must(mxgpu_to_device(mxc_gpu, t->there[d].codes, t->here[d].codes, t->code_bytes, NULL, why), why);
    mxc_gpu_must(mxgpu_to_device(mxc_gpu, t->there[d].scales, t->here[d].scales, t->scale_bytes, NULL, why), why);
    mxc_gpu_must(mxgpu_fill(mxc_gpu, t->value_there, 0xa5, bytes, NULL, why), why);
    q.row_stride = (int64_t)t->cols;
    q.col_stride = 1;
    q.dims = dims;
    q.value = t->value_there;
    *b = mxc_gpu_blocks(&t->there[d], lines, length, by_rows, packed, tiled, mx_elem_bits(elem));
    mxc_gpu_must(mxgpu_dequantize(mxc_gpu, &q, NULL, why), why);
    q.value = values;
    *b = mxc_gpu_blocks(&t->here[d], lines, length, by_rows, packed, tiled, mx_elem_bits(elem));
    mxc_gpu_must(mxgpu_lane_dequantize(&q, 32), "lane run failed");
    mxc_gpu_must(mxgpu_to_host(mxc_gpu, seen, t->value_there, bytes, NULL, why), why);
    mxc_gpu_must(mxgpu_wait(mxc_gpu, NULL, why), why);
    verified += t->rows * t->cols;
    if (memcmp(values, seen, bytes)) {
        size_t i = 0;

        while (values[i] == seen[i])
            i++;
        printf("DIFFERS: %s %s dequantized, dims %d form %d: byte %zu\n", mx_elem_name(elem), mx_type_name(type), dims,
               form, i);
        unequal++;
    }
    free(values);
    free(seen);
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
            for (int form = 0; form < 3; form++)
                if ((dims != 1 || form != 2) && (!whole || form == 0))
                    verify_one(&t, (mx_elem)(i / 3 + 1), type, rules[(i + dims + form) % 4], dims, form);
        for (int dims = 1; dims <= 2; dims++)
            for (int form = 0; form < 3; form++)
                if ((dims != 1 || form != 2) && !whole)
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
