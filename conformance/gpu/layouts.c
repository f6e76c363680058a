/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tensors of any shape, stride, block size, storage and rounding, quantised and dequantised: the device against
 * libmxfast. Buffers are compared whole: what lies between the lines stays as it was.
 */
#include "conformance/gpu/device.h"

#include <mx/fast.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILLER = 0xa5 };

/* How a direction is stored. Lines of the linear forms have gaps. */
enum { ALONG, ACROSS, PACKED, TILED, FORMS };
static const char *const form_name[] = {"bytes along lines", "bytes across lines", "packed", "packed, scales 128x4"};

/* Columns are `step` values apart. */
typedef struct shape {
    size_t rows, cols, k, step;
} shape;

static const shape shapes[] = {
    {37, 45, 32, 1},   {20, 70, 8, 1},    {1, 1, 32, 1},
    {33, 131, 20, 2},  {128, 64, 17, 1}, /* --quick: up to here */
    {129, 257, 32, 3}, {256, 640, 32, 1}, {5, 1300, 1000, 1},
    {300, 200, 1, 1},  {64, 2, 65536, 2},
};

/* nan-code, under-nan-scale and decode-over leave nothing free. */
static const char *const rules[] = {
    "scale=floor",
    "scale=rceil round=rtz zero-sign=drop",
    "scale=even scale-arith=f32 round=sr:16 decode-over=max",
    "scale=ceil round=rna overflow=special nan-in=element inf-in=special under-nan-scale=nan overflow-nan=s7f",
    "scale=rceil scale-arith=f32 round=sr:5 subnormal-in=flush-block subnormal-out=flush int8=int6",
};
enum { RULES = sizeof rules / sizeof *rules };

/* A buffer on the host and on the device. */
typedef struct buffer {
    size_t bytes;
    uint8_t *here, *there;
} buffer;

typedef struct work {
    shape s;
    buffer value, random, codes[2], scales[2];
    uint8_t *seen; /* room for any of them */
} work;

static unsigned long compared, unequal, slow;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static buffer buffer_of(size_t bytes)
{
    return (buffer){bytes, mxc_gpu_here(bytes), mxc_gpu_take(bytes)};
}

static void blank(const buffer *b)
{
    char why[MXGPU_WHY];

    memset(b->here, FILLER, b->bytes);
    mxc_gpu_must(mxgpu_fill(mxc_gpu, b->there, FILLER, b->bytes, NULL, why), why);
}

static void upload(const buffer *b)
{
    char why[MXGPU_WHY];

    mxc_gpu_must(mxgpu_to_device(mxc_gpu, b->there, b->here, b->bytes, NULL, why), why);
    mxc_gpu_must(mxgpu_wait(mxc_gpu, NULL, why), why);
}

static void compare(const work *w, const buffer *b, const char *what, const mxgpu_tensor *t, int form, int rule)
{
    char why[MXGPU_WHY];
    size_t at = 0;

    mxc_gpu_must(mxgpu_to_host(mxc_gpu, w->seen, b->there, b->bytes, NULL, why), why);
    mxc_gpu_must(mxgpu_wait(mxc_gpu, NULL, why), why);
    while (at < b->bytes && w->seen[at] == b->here[at])
        at++;
    if (at == b->bytes)
        return;
    unequal++;
    printf("DIFFERS: %s of %s %s %zux%zu k %zu dims %d, %s, %s: byte %zu is %02x, libmxfast has %02x\n", what,
           mx_elem_name(t->elem), mx_type_name(t->type), t->rows, t->cols, t->k, t->dims, form_name[form], rules[rule],
           at, w->seen[at], b->here[at]);
}

/* One direction, as each library describes it. */
typedef struct direction {
    mxgpu_blocks gpu;
    mx_blocks bytes;
    mx_packed packed;
} direction;

static direction direction_of(const work *w, int d, int form, mx_elem elem)
{
    size_t lines = d ? w->s.cols : w->s.rows, length = d ? w->s.rows : w->s.cols, per = (length + w->s.k - 1) / w->s.k;
    size_t line_bytes = mxfast_line_bytes(elem, length) + (form == TILED ? 0 : 3);
    ptrdiff_t line = form == ALONG ? (ptrdiff_t)length + 3 : form == ACROSS ? 1 : (ptrdiff_t)line_bytes;
    ptrdiff_t pos = form == ACROSS ? (ptrdiff_t)lines + 5 : 1;
    ptrdiff_t scale_line = form == ACROSS ? 1 : (ptrdiff_t)per + 1, scale_pos = form == ACROSS ? (ptrdiff_t)lines : 1;
    uint8_t *codes = w->codes[d].here, *scales = w->scales[d].here;

    return (direction){
        {w->codes[d].there, w->scales[d].there, line, pos, scale_line, scale_pos, form >= PACKED, form == TILED},
        d ? (mx_blocks){codes, pos, line, scales, scale_pos, scale_line}
          : (mx_blocks){codes, line, pos, scales, scale_line, scale_pos},
        {codes, line, MX_LAYOUT_LOW_FIRST, scales, scale_line, form == TILED ? MX_LAYOUT_128X4 : (mx_layout)0}};
}

static void quantize(work *w, mxgpu_tensor t, const direction dir[2], int form, int rule)
{
    mx_const_view x = {w->value.here, t.type, t.rows, t.cols, t.row_stride, t.col_stride};
    const uint32_t *random = t.random ? (const uint32_t *)(const void *)w->random.here : NULL;
    char why[MXGPU_WHY];

    for (int d = 0; d < 2; d++) {
        mx_dim dim = d ? MX_DIM1 : MX_DIM0;

        blank(&w->codes[d]);
        blank(&w->scales[d]);
        if (t.dims & 1 << d)
            mxc_gpu_must(form >= PACKED
                             ? mxfast_quantize_packed(&dir[d].packed, &x, t.elem, &t.profile, dim, t.k, random, NULL)
                             : mxfast_quantize(&dir[d].bytes, &x, t.elem, &t.profile, dim, t.k, random, NULL),
                         "libmxfast failed");
    }
    slow += !mxgpu_is_fast(&t);
    compared += t.rows * t.cols;
    mxc_gpu_must(mxgpu_quantize(mxc_gpu, &t, NULL, why), why);
    for (int d = 0; d < 2; d++) {
        compare(w, &w->codes[d], d ? "codes 1" : "codes 0", &t, form, rule);
        compare(w, &w->scales[d], d ? "scales 1" : "scales 0", &t, form, rule);
    }
}

/* Any codes under any scales, half of these near 1. */
static void dequantize(work *w, mxgpu_tensor t, const direction *dir, int form, int rule)
{
    mx_view y = {w->value.here, t.type, t.rows, t.cols, t.row_stride, t.col_stride};
    const mx_blocks *b = &dir->bytes;
    const mx_packed *p = &dir->packed;
    mx_const_blocks bytes = {b->codes,  b->code_row_stride,  b->code_col_stride,
                             b->scales, b->scale_row_stride, b->scale_col_stride};
    mx_const_packed packed = {p->codes, p->code_stride, p->code_layout, p->scales, p->scale_stride, p->scale_layout};
    mx_dim dim = t.dims == MXGPU_DIM1 ? MX_DIM1 : MX_DIM0;
    char why[MXGPU_WHY];

    for (size_t i = 0; i < w->codes[t.dims - 1].bytes; i++)
        w->codes[t.dims - 1].here[i] = (uint8_t)mxc_gpu_draw();
    for (size_t i = 0; i < w->scales[t.dims - 1].bytes; i++)
        w->scales[t.dims - 1].here[i] = (uint8_t)(mxc_gpu_draw() % 2 ? 112 + mxc_gpu_draw() % 32 : mxc_gpu_draw());
    upload(&w->codes[t.dims - 1]);
    upload(&w->scales[t.dims - 1]);
    blank(&w->value);
    mxc_gpu_must(form >= PACKED ? mxfast_dequantize_packed(&y, &packed, t.elem, &t.profile, dim, t.k, NULL)
                                : mxfast_dequantize(&y, &bytes, t.elem, &t.profile, dim, t.k, NULL),
                 "libmxfast failed");
    compared += t.rows * t.cols;
    mxc_gpu_must(mxgpu_dequantize(mxc_gpu, &t, NULL, why), why);
    compare(w, &w->value, "values", &t, form, rule);
}

static void fill(work *w, mx_type type, unsigned sr_bits)
{
    size_t width = mx_type_bytes(type);

    for (size_t i = 0; i < w->value.bytes / width; i++) {
        uint64_t v = mxc_gpu_draw_value(type, (unsigned)(i / 40));

        memcpy(w->value.here + i * width, &v, width);
    }
    for (size_t i = 0; i < w->random.bytes / 4; i++) {
        uint32_t v = mxc_gpu_draw() >> (32 - (sr_bits ? sr_bits : 32));

        memcpy(w->random.here + i * 4, &v, 4);
    }
    upload(&w->value);
    upload(&w->random);
}

static void every_storage(work *w, mx_elem elem, mx_type type, int rule)
{
    mxgpu_tensor t = {.elem = elem,
                      .type = type,
                      .profile = mxc_gpu_profile(rules[rule]),
                      .k = w->s.k,
                      .rows = w->s.rows,
                      .cols = w->s.cols,
                      .value = w->value.there};

    t.col_stride = (int64_t)w->s.step;
    t.row_stride = (int64_t)(w->s.cols * w->s.step);
    for (int form = 0; form < FORMS; form++) {
        direction dir[2] = {direction_of(w, 0, form, elem), direction_of(w, 1, form, elem)};

        if (form >= PACKED && mx_elem_bits(elem) * w->s.k % 8)
            continue; /* not offered */
        t.dim0 = dir[0].gpu;
        t.dim1 = dir[1].gpu;
        fill(w, type, t.profile.sr_bits);
        t.random = t.profile.sr_bits ? (const uint32_t *)(const void *)w->random.there : NULL;
        for (t.dims = MXGPU_DIM0; t.dims <= (MXGPU_DIM0 | MXGPU_DIM1); t.dims++)
            quantize(w, t, dir, form, rule);
        t.random = NULL;
        for (t.dims = MXGPU_DIM0; t.dims <= MXGPU_DIM1; t.dims++)
            dequantize(w, t, &dir[t.dims - 1], form, rule);
    }
}

static void every_format(const shape *s, int *rule)
{
    size_t room = (s->rows + 8) * (s->cols + 8);
    size_t scales = larger(mxgpu_tiled_bytes(s->rows + 1, (s->cols + s->k - 1) / s->k + 1),
                           mxgpu_tiled_bytes(s->cols + 1, (s->rows + s->k - 1) / s->k + 1));
    work w = {.s = *s,
              .value = buffer_of(s->rows * s->cols * s->step * 8),
              .random = buffer_of(s->rows * s->cols * 4),
              .codes = {buffer_of(room), buffer_of(room)},
              .scales = {buffer_of(scales), buffer_of(scales)}};

    w.seen = mxc_gpu_here(larger(larger(w.value.bytes, room), scales));
    for (int i = 0; i < MX_ELEM_LAST * MX_TYPE_LAST; i++)
        for (int n = 0; n < (mxc_quick ? 1 : RULES); n++, ++*rule)
            every_storage(&w, (mx_elem)(i / MX_TYPE_LAST + 1), (mx_type)(i % MX_TYPE_LAST + 1), *rule % RULES);
    free(w.value.here);
    free(w.random.here);
    for (int d = 0; d < 2; d++) {
        free(w.codes[d].here);
        free(w.scales[d].here);
    }
    free(w.seen);
    mxc_gpu_release();
}

int mxc_gpu_verify_layouts(void)
{
    double start = mxc_gpu_now();
    int rule = 0;

    for (size_t i = 0; i < (mxc_quick ? 5 : sizeof shapes / sizeof *shapes); i++)
        every_format(&shapes[i], &rule);
    printf("layouts: %lu elements against libmxfast, %lu tensors quantised by no fast kernel, %lu buffers differ, %.1f "
           "s\n",
           compared, slow, unequal, mxc_gpu_now() - start);
    return unequal || !slow ? DIFFERS : 0;
}
