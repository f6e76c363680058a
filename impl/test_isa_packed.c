/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packed codes by every instruction set of isa.def: quantize gives the codes of the portable kernels, packed bit by
 * bit, dequantize the values of the portable kernels. Any profile, length, stride and alignment, outputs that are
 * written past the caches; buffers between guard pages; whatever MXCSR or FPCR holds.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/kernels.h"
#include "impl/test_environment.h"
#include "impl/test_guard.h"
#include "impl/test_isa_inputs.h"
#include "impl/test_pack_slowly.h"
#include "test_main.h"

enum { ROOM = 1 << 17, LARGE = (9 << 20) + 4096 };

/* Buffers of one kind, of `room` values, codes and packed bytes between guard pages. */
typedef struct buffers {
    size_t room;
    guarded values, packed, scales, outs;
    uint8_t *code, *scale;            /* of portable */
    uint8_t *want, *want_scale, *raw; /* packed as they must be; values */
} buffers;

static buffers buffers_make(size_t room)
{
    buffers b = {.room = room,
                 .values = guard(room * 4),
                 .packed = guard(room),
                 .scales = guard(room * 4), /* tiles are 128 rows high */
                 .outs = guard(room * 4),
                 .code = malloc(room),
                 .scale = malloc(room),
                 .want = malloc(room),
                 .want_scale = malloc(room * 4),
                 .raw = malloc(room * 4)};
    ck_assert(b.code && b.scale && b.want && b.want_scale && b.raw);
    return b;
}

static void buffers_free(buffers b)
{
    unguard(b.values);
    unguard(b.packed);
    unguard(b.scales);
    unguard(b.outs);
    free(b.code);
    free(b.scale);
    free(b.want);
    free(b.want_scale);
    free(b.raw);
}

typedef struct shape {
    mx_elem elem;
    mx_type type;
    mx_layout layout, scale_layout;
    size_t rows, cols, k;
    size_t apart; /* from value to value of a row, */
    size_t end;   /* and more from row to row */
    size_t gap;   /* bytes between packed rows */
    size_t shift; /* bytes from the guard page, */
    int at_end;   /* at the end, or the beginning */
    unsigned threads;
} shape;

/* What packed rows must be: the codes of portable, and gaps of 0xee. */
static void expect(const shape *s, const buffers *b, size_t stride, size_t bytes)
{
    const size_t unit = s->layout == MX_LAYOUT_SPLIT_HALF ? s->k : s->cols;
    memset(b->want, 0xee, bytes);
    for (size_t r = 0; r < s->rows; r++)
        for (size_t at = 0; at < s->cols; at += unit)
            pack_slowly(s->layout, mx_elem_bits(s->elem), b->code + r * s->cols + at,
                        s->cols - at < unit ? s->cols - at : unit,
                        b->want + r * stride + at * mx_elem_bits(s->elem) / 8);
}

static unsigned char *place(guarded g, const shape *s, size_t bytes, size_t shift)
{
    return s->at_end ? g.hi - bytes - shift : g.lo + shift;
}

/* Memory is read in one way or the other, whatever machine this is. */
static void use(unsigned set)
{
    ck_assert_int_eq(mxfast_isa_use(1u << set), MX_OK);
    mxfast_reads_ahead_is(below(2) != 0);
}

/* A case laid out: bytes, and where its buffers lie. */
typedef struct lines {
    size_t values, row, stride, blocks, bytes, scales; /* values from row to row; bytes from packed row to row, ... */
    unsigned char *x, *packed, *scale, *y;
} lines;

static lines lines_of(const shape *s, const buffers *b)
{
    const size_t width = mx_type_bytes(s->type), row = s->cols * s->apart + s->end,
                 line = mxfast_line_bytes(s->elem, s->cols), blocks = (s->cols + s->k - 1) / s->k;
    lines l = {.values = s->rows * row,
               .row = row,
               .stride = line + s->gap,
               .blocks = blocks,
               .bytes = s->cols != 0 ? (s->rows - 1) * (line + s->gap) + line : 0,
               .scales = s->scale_layout ? mxfast_tile_bytes(s->rows, blocks) : s->rows * blocks};
    l.x = place(b->values, s, l.values * width, s->shift % 2 * width);
    l.packed = place(b->packed, s, l.bytes, s->shift);
    l.scale = place(b->scales, s, l.scales, s->shift);
    l.y = place(b->outs, s, l.values * width, s->shift % 3 * width);
    return l;
}

static void quantize_both_ways(unsigned set, const shape *s, const mx_profile *p, const buffers *b, const lines *l)
{
    const mxfast_options options = {s->threads};
    const mx_const_view in = {l->x, s->type, s->rows, s->cols, (ptrdiff_t)l->row, (ptrdiff_t)s->apart};
    const mx_blocks plain = {b->code, (ptrdiff_t)s->cols, 1, b->scale, (ptrdiff_t)l->blocks, 1};
    const mx_packed out = {l->packed, (ptrdiff_t)l->stride, s->layout, l->scale, (ptrdiff_t)l->blocks, s->scale_layout};
    use(0);
    ck_assert_int_eq(mxfast_quantize(&plain, &in, s->elem, p, MX_DIM0, s->k, NULL, NULL), MX_OK);
    expect(s, b, l->stride, l->bytes);
    memset(l->packed, 0xee, l->bytes);
    ck_assert_int_eq(mxfast_quantize_packed(&out, &in, s->elem, p, MX_DIM0, s->k, NULL, NULL), MX_OK);
    memcpy(b->want_scale, l->scale, l->scales); /* their layout is test_packed's */
    memset(l->scale, 0xee, l->scales);
    memset(l->packed, 0xee, l->bytes);
    use(set);
    any_environment();
    mx_status status = mxfast_quantize_packed(&out, &in, s->elem, p, MX_DIM0, s->k, NULL, &options);
    usual_environment();
    ck_assert_int_eq(status, MX_OK);
    ck_assert_msg(memcmp(l->packed, b->want, l->bytes) == 0,
                  "%s: codes of %s from %s, layout %d, k=%zu, %zu x %zu, round=%d", mxfast_isa_name(set),
                  mx_elem_name(s->elem), mx_type_name(s->type), (int)s->layout, s->k, s->rows, s->cols, p->round);
    ck_assert_msg(memcmp(l->scale, b->want_scale, l->scales) == 0, "%s: scales of %s from %s, k=%zu, %zu x %zu",
                  mxfast_isa_name(set), mx_elem_name(s->elem), mx_type_name(s->type), s->k, s->rows, s->cols);
}

static void dequantize_both_ways(unsigned set, const shape *s, const mx_profile *p, const buffers *b, const lines *l)
{
    const mxfast_options options = {s->threads};
    const size_t bytes = l->values * mx_type_bytes(s->type);
    const mx_const_packed from = {l->packed, (ptrdiff_t)l->stride, s->layout,
                                  l->scale,  (ptrdiff_t)l->blocks, s->scale_layout};
    mx_view to = {b->raw, s->type, s->rows, s->cols, (ptrdiff_t)l->row, (ptrdiff_t)s->apart};
    use(0);
    memset(b->raw, 0xee, bytes);
    ck_assert_int_eq(mxfast_dequantize_packed(&to, &from, s->elem, p, MX_DIM0, s->k, NULL), MX_OK);
    memset(l->y, 0xee, bytes);
    to.data = l->y;
    use(set);
    any_environment();
    mx_status status = mxfast_dequantize_packed(&to, &from, s->elem, p, MX_DIM0, s->k, &options);
    usual_environment();
    ck_assert_int_eq(status, MX_OK);
    ck_assert_msg(memcmp(l->y, b->raw, bytes) == 0, "%s: values of %s as %s, layout %d, k=%zu, %zu x %zu",
                  mxfast_isa_name(set), mx_elem_name(s->elem), mx_type_name(s->type), (int)s->layout, s->k, s->rows,
                  s->cols);
}

static void both_ways(unsigned set, const shape *s, const mx_profile *p, const buffers *b)
{
    const lines l = lines_of(s, b);
    fill(l.x, s->type, l.values);
    quantize_both_ways(set, s, p, b, &l);
    const int any_scales = below(4) == 0;
    for (size_t i = 0; any_scales && i < l.scales; i++)
        l.scale[i] = (uint8_t)(below(2) ? next() : 100 + below(50));
    dequantize_both_ways(set, s, p, b, &l);
}

/* Formats of less than 8 bits in each of their layouts. */
static const struct {
    mx_elem elem;
    mx_layout layout;
} storage[] = {{MX_E3M2, MX_LAYOUT_LOW_FIRST},  {MX_E3M2, MX_LAYOUT_HIGH_FIRST}, {MX_E2M3, MX_LAYOUT_LOW_FIRST},
               {MX_E2M3, MX_LAYOUT_HIGH_FIRST}, {MX_E2M1, MX_LAYOUT_LOW_FIRST},  {MX_E2M1, MX_LAYOUT_HIGH_FIRST},
               {MX_E2M1, MX_LAYOUT_SPLIT_HALF}};
enum { STORAGES = sizeof storage / sizeof storage[0] };

static shape shape_make(size_t i, mx_type type, size_t rows, size_t cols, size_t k)
{
    shape s = {.elem = storage[i].elem,
               .type = type,
               .layout = storage[i].layout,
               .rows = rows,
               .cols = cols,
               .k = k,
               .apart = 1};
    if (s.layout == MX_LAYOUT_SPLIT_HALF) {
        s.cols += s.cols % 2;
        s.k += s.k % 2;
    }
    return s;
}

/* n = 0 ... 200 values in a row, at both guard pages, packed codes at every place in a line of the caches. */
START_TEST(lengths)
{
    static const size_t ks[] = {32, 16, 64, 8, 33};
    const buffers b = buffers_make(ROOM);
    for (size_t i = 0; i < STORAGES; i++)
        for (mx_type type = MX_FP32; type <= MX_FP16; type++)
            for (size_t n = 0; n <= 200; n++)
                for (int at_end = 0; at_end < 2; at_end++) {
                    shape s = shape_make(i, type, 1, n, ks[n % 3 ? 0 : below(5)]);
                    mx_profile p = ocp();
                    p.scale = (uint8_t)(1 + below(4));
                    s.at_end = at_end;
                    both_ways((unsigned)_i, &s, &p, &b);
                    s.shift = 1 + n % 64;
                    both_ways((unsigned)_i, &s, &p, &b);
                }
    buffers_free(b);
}
END_TEST

/* Any profile and shape: rows that are one line, or not; groups of blocks, and what is left over. */
START_TEST(anything)
{
    static const size_t ks[] = {32, 32, 32, 32, 16, 64, 5, 40};
    const buffers b = buffers_make(ROOM);
    for (int i = 0; i < 3000; i++) {
        const int is_long = below(4) == 0;
        const size_t rows = 1 + below(is_long ? 3 : 20), k = ks[below(8)];
        size_t cols = 1 + below(is_long ? 10000 : 700);
        if (below(2))
            cols = (cols + k - 1) / k * k;
        shape s = shape_make(below(STORAGES), (mx_type)(1 + below(below(8) ? 3 : 4)), rows, cols, k);
        mx_profile p = any_profile();
        if (p.round == MX_SR) /* by buffers, as all that is not for words */
            p.round = MX_RNE, p.sr_bits = 0;
        s.apart = below(8) ? 1 : 2;
        s.end = below(2) * below(5);
        s.gap = below(2) * below(3) * 8;
        s.shift = below(64);
        s.at_end = (int)below(2);
        s.scale_layout = below(4) ? (mx_layout)0 : MX_LAYOUT_128X4;
        s.threads = 1 + (unsigned)below(2);
        both_ways((unsigned)_i, &s, &p, &b);
    }
    buffers_free(b);
}
END_TEST

/* Outputs that are written past the caches where they are aligned: whole rows, and rows with something left over. */
START_TEST(large)
{
    const buffers b = buffers_make(LARGE);
    for (size_t i = 0; i < STORAGES; i++) {
        const size_t cols = i % 2 ? 3000 + 64 * below(40) : LARGE - 4000, rows = i % 2 ? (LARGE - 4096) / cols : 1;
        shape s = shape_make(i, i % 3 ? MX_BF16 : MX_FP32, rows, cols, 32);
        const mx_profile p = ocp();
        s.gap = i % 2 ? (64 - mxfast_line_bytes(s.elem, s.cols) % 64) % 64 : 0;
        s.shift = below(2);
        s.threads = 1 + (unsigned)below(2);
        both_ways((unsigned)_i, &s, &p, &b);
    }
    buffers_free(b);
}
END_TEST

int main(void)
{
    int sets = 0;
    while (mxfast_isa_name((unsigned)sets) != NULL && (mxfast_isa_available() >> sets & 1))
        sets++;
    TCase *tcase = tcase_create("isa packed");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, lengths, 1, sets);
    tcase_add_loop_test(tcase, anything, 1, sets);
    tcase_add_loop_test(tcase, large, 1, sets);
    return sets == 1 ? 77 : test_main(tcase);
}
