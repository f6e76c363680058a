/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every instruction set of isa.def gives the bits of the portable kernels: any profile, any format, type, direction,
 * block length, stride and alignment, buffers between guard pages, whatever MXCSR or FPCR holds.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/kernels.h"
#include "impl/test_environment.h"
#include "impl/test_guard.h"
#include "impl/test_isa_inputs.h"
#include "test_main.h"

/* ---- memory between two guard pages ---- */

enum { ROOM = 1 << 21 }; /* 500 rows of 320 fp64 values, and more */

/* `bytes` of g that touch a guard page, or lie `shift` bytes from one. */
static unsigned char *place(guarded g, size_t bytes, size_t shift, int at_end)
{
    return at_end ? g.hi - bytes - shift : g.lo + shift;
}

/* ---- both ways ---- */

static guarded values, randoms, codes, scales, outs;
static unsigned char want_codes[ROOM], want_scales[ROOM], want_outs[ROOM];

typedef struct shape {
    mx_elem elem;
    mx_type type;
    mx_dim dim;
    size_t rows, cols, k;
    size_t value_row, code_row, scale_row; /* strides */
    int transposed;                        /* codes column by column */
    int scales_transposed;
} shape;

/* Memory is read in one way or the other, whatever machine this is. */
static void use(const char *name)
{
    unsigned mask = 0;
    ck_assert_int_eq(mxfast_isa_mask(name, &mask), MX_OK);
    ck_assert_int_eq(mxfast_isa_use(mask), MX_OK);
    mxfast_reads_ahead_is(below(2) != 0);
}

static mx_status quantize(const shape *s, const mx_profile *p, const void *x, uint8_t *code, uint8_t *scale,
                          const uint32_t *random)
{
    mx_const_view view = {x, s->type, s->rows, s->cols, (ptrdiff_t)s->value_row, 1};
    mx_blocks out = {code, (ptrdiff_t)s->code_row, 1, scale, (ptrdiff_t)s->scale_row, 1};
    if (s->transposed) {
        out.code_row_stride = 1;
        out.code_col_stride = (ptrdiff_t)s->code_row;
    }
    if (s->scales_transposed) {
        out.scale_row_stride = 1;
        out.scale_col_stride = (ptrdiff_t)s->scale_row;
    }
    return mxfast_quantize(&out, &view, s->elem, p, s->dim, s->k, random, NULL);
}

static mx_status dequantize(const shape *s, const mx_profile *p, void *y, const uint8_t *code, const uint8_t *scale)
{
    mx_view view = {y, s->type, s->rows, s->cols, (ptrdiff_t)s->value_row, 1};
    mx_const_blocks in = {code, (ptrdiff_t)s->code_row, 1, scale, (ptrdiff_t)s->scale_row, 1};
    if (s->transposed) {
        in.code_row_stride = 1;
        in.code_col_stride = (ptrdiff_t)s->code_row;
    }
    if (s->scales_transposed) {
        in.scale_row_stride = 1;
        in.scale_col_stride = (ptrdiff_t)s->scale_row;
    }
    return mxfast_dequantize(&view, &in, s->elem, p, s->dim, s->k, NULL);
}

/* Where the buffers of a case lie, and their bytes. */
typedef struct buffers {
    size_t value_bytes, code_bytes, scale_bytes;
    unsigned char *x, *code, *scale, *y;
    uint32_t *random;
} buffers;

static buffers place_all(const shape *s, const mx_profile *p, size_t shift, int at_end)
{
    size_t width = mx_type_bytes(s->type), lines = s->transposed ? s->cols : s->rows;
    size_t scale_rows = s->dim == MX_DIM0 ? s->rows : (s->rows + s->k - 1) / s->k;
    size_t scale_cols = s->dim == MX_DIM0 ? (s->cols + s->k - 1) / s->k : s->cols;
    size_t scale_lines = s->scales_transposed ? scale_cols : scale_rows;
    size_t scale_length = s->scales_transposed ? scale_rows : scale_cols;
    size_t aligned = below(2) ? shift : shift * width;
    buffers b = {
        .value_bytes = s->rows ? ((s->rows - 1) * s->value_row + s->cols) * width : 0,
        .code_bytes = lines ? (lines - 1) * s->code_row + (s->transposed ? s->rows : s->cols) : 0,
        .scale_bytes = scale_lines ? (scale_lines - 1) * s->scale_row + scale_length : 0,
    };
    b.x = place(values, b.value_bytes, aligned, at_end);
    b.y = place(outs, b.value_bytes, aligned, at_end);
    b.code = place(codes, b.code_bytes, shift, at_end);
    b.scale = place(scales, b.scale_bytes, shift, at_end);
    if (p->round == MX_SR)
        b.random = (uint32_t *)(void *)place(randoms, s->rows * s->cols * 4, 0, at_end);
    return b;
}

static void quantize_both_ways(const char *isa, const shape *s, const mx_profile *p, const buffers *b)
{
    memset(b->code, 0xee, b->code_bytes);
    memset(b->scale, 0xee, b->scale_bytes);
    use("portable");
    ck_assert_int_eq(quantize(s, p, b->x, b->code, b->scale, b->random), MX_OK);
    memcpy(want_codes, b->code, b->code_bytes);
    memcpy(want_scales, b->scale, b->scale_bytes);
    memset(b->code, 0xee, b->code_bytes);
    memset(b->scale, 0xee, b->scale_bytes);
    use(isa);
    any_environment();
    mx_status status = quantize(s, p, b->x, b->code, b->scale, b->random);
    usual_environment();
    ck_assert_int_eq(status, MX_OK);
    ck_assert_msg(memcmp(b->scale, want_scales, b->scale_bytes) == 0, "%s: scales of %s from %s, k=%zu n=%zu dim%d",
                  isa, mx_elem_name(s->elem), mx_type_name(s->type), s->k, s->cols, (int)s->dim - 1);
    ck_assert_msg(memcmp(b->code, want_codes, b->code_bytes) == 0,
                  "%s: codes of %s from %s, k=%zu n=%zu dim%d round=%d", isa, mx_elem_name(s->elem),
                  mx_type_name(s->type), s->k, s->cols, (int)s->dim - 1, p->round);
}

static void dequantize_both_ways(const char *isa, const shape *s, const mx_profile *p, const buffers *b)
{
    memset(b->y, 0xee, b->value_bytes);
    use("portable");
    ck_assert_int_eq(dequantize(s, p, b->y, b->code, b->scale), MX_OK);
    memcpy(want_outs, b->y, b->value_bytes);
    memset(b->y, 0xee, b->value_bytes);
    use(isa);
    any_environment();
    mx_status status = dequantize(s, p, b->y, b->code, b->scale);
    usual_environment();
    ck_assert_int_eq(status, MX_OK);
    ck_assert_msg(memcmp(b->y, want_outs, b->value_bytes) == 0, "%s: values of %s as %s, k=%zu n=%zu dim%d", isa,
                  mx_elem_name(s->elem), mx_type_name(s->type), s->k, s->cols, (int)s->dim - 1);
}

/* Quantise by `isa` and by portable, and decode those codes, or arbitrary ones under arbitrary scales. */
static void both_ways(const char *isa, const shape *s, const mx_profile *p, size_t shift, int at_end)
{
    const buffers b = place_all(s, p, shift, at_end);
    for (size_t i = 0; b.random && i < s->rows * s->cols; i++)
        b.random[i] = (uint32_t)(next() >> 32) >> (32 - p->sr_bits);
    fill(b.x, s->type, b.value_bytes / mx_type_bytes(s->type));
    quantize_both_ways(isa, s, p, &b);
    const int any_codes = (int)below(2), any_scales = (int)below(2);
    for (size_t i = 0; any_codes && i < b.code_bytes; i++)
        b.code[i] = (uint8_t)(next() & ((1u << mxfast_facts(s->elem)->bits) - 1));
    for (size_t i = 0; any_scales && i < b.scale_bytes; i++)
        b.scale[i] = (uint8_t)(below(2) ? next() : 100 + below(50));
    dequantize_both_ways(isa, s, p, &b);
}

static const char *tested[8];
static int tests;

static void start(void)
{
    values = guard(ROOM);
    randoms = guard(ROOM);
    codes = guard(ROOM);
    scales = guard(ROOM);
    outs = guard(ROOM);
}

/* n = 0 ... 200 values in a row, at both guard pages, every misalignment up to a vector's. */
START_TEST(lengths)
{
    static const size_t ks[] = {32, 16, 64, 8, 33};
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
        for (mx_type type = MX_FP32; type <= MX_FP16; type++)
            for (size_t n = 0; n <= 200; n++)
                for (int at_end = 0; at_end < 2; at_end++) {
                    shape s = {elem, type, MX_DIM0, 1, n, ks[n % 5 ? 0 : below(5)], n, n, (n + 7) / 8, 0, 0};
                    mx_profile p = ocp();
                    p.scale = (uint8_t)(1 + below(4));
                    both_ways(tested[_i], &s, &p, 0, at_end);
                    both_ways(tested[_i], &s, &p, 1 + n % 64, at_end);
                }
}
END_TEST

/* Any profile, shape, direction and stride. */
START_TEST(anything)
{
    static const size_t ks[] = {32, 32, 32, 16, 64, 1, 5, 40};
    for (int i = 0; i < 6000; i++) {
        shape s = {(mx_elem)(1 + below(6)),
                   (mx_type)(1 + below(below(8) ? 3 : 4)),
                   below(2) ? MX_DIM0 : MX_DIM1,
                   1 + below(70),
                   1 + below(150),
                   ks[below(8)],
                   0,
                   0,
                   0,
                   below(4) == 0,
                   below(4) == 0};
        if (below(8) == 0) { /* long enough for whole groups of blocks */
            s.rows = 2 + below(2);
            s.cols = 1000 + below(3000);
        } else if (below(8) == 0) { /* and high enough for several rows of them */
            s.rows = 100 + below(400);
            s.cols = 16 + below(below(8) ? 40 : 300);
            s.dim = MX_DIM1;
        }
        s.value_row = s.cols + below(3);
        s.code_row = (s.transposed ? s.rows : s.cols) + below(3) * below(2) * 16;
        s.scale_row = (s.scales_transposed ? s.rows : s.cols) + below(3);
        mx_profile p = any_profile();
        both_ways(tested[_i], &s, &p, below(64), (int)below(2));
    }
}
END_TEST

/* Outputs that are written past the caches: large, their lines aligned or not. */
START_TEST(large)
{
    enum { ROWS = 2096, COLS = 4112, N = ROWS * COLS };
    static const mx_type types[] = {MX_FP32, MX_BF16, MX_FP16};
    unsigned char *x = malloc(N * 4), *y[2] = {malloc(N * 4), malloc(N * 4)};
    uint8_t *c[2] = {aligned_alloc(64, N + 64), aligned_alloc(64, N + 64)}, *e[2] = {malloc(N / 8), malloc(N / 8)};
    mx_profile p = ocp();
    for (int i = 0; i < 6; i++) {
        const size_t k = (size_t)16 << below(3), off = (size_t)(i / 2 % 2);
        const size_t rows = ROWS - 48 * off, cols = COLS - 16 * off; /* whole lines, or not */
        const int turned = i & 1;
        const mx_dim dim = i < 4 ? MX_DIM1 : MX_DIM0;
        const size_t along = dim == MX_DIM1 ? ROWS / 16 : COLS / 16, across = dim == MX_DIM1 ? COLS : ROWS;
        const shape s = {.elem = (mx_elem)(1 + i),
                         .type = types[i % 3],
                         .dim = dim,
                         .rows = rows,
                         .cols = cols,
                         .k = k,
                         .value_row = COLS,
                         .code_row = turned ? rows : cols,
                         .scale_row = turned == (dim == MX_DIM1) ? along : across,
                         .transposed = turned,
                         .scales_transposed = turned};
        fill(x, s.type, N);
        for (int to = 0; to < 2; to++) {
            use(to ? tested[_i] : "portable");
            memset(c[to], 0xee, N);
            memset(e[to], 0xee, N / 8);
            ck_assert_int_eq(quantize(&s, &p, x, c[to], e[to], NULL), MX_OK);
            memset(y[to], 0xee, N * 4);
            ck_assert_int_eq(dequantize(&s, &p, y[to], c[0], e[0]), MX_OK);
        }
        ck_assert_mem_eq(c[0], c[1], N);
        ck_assert_mem_eq(e[0], e[1], N / 8);
        ck_assert_mem_eq(y[0], y[1], N * 4);
    }
    for (int i = 0; i < 2; i++) {
        free(y[i]);
        free(c[i]);
        free(e[i]);
    }
    free(x);
}
END_TEST

/* The same along rows, whole lines and what is left over, every format. */
START_TEST(large_rows)
{
    enum { LINE = 64, REACH = (9 << 20) + 693 };
    unsigned char *x = malloc(REACH * 4), *y[2];
    uint8_t *code[2], *scale[2];
    for (int i = 0; i < 2; i++) {
        y[i] = aligned_alloc(LINE, REACH * 4 / LINE * LINE + LINE);
        code[i] = aligned_alloc(LINE, REACH / LINE * LINE + LINE);
        scale[i] = malloc(REACH / 16 + 1);
        ck_assert(x && y[i] && code[i] && scale[i]);
    }
    for (unsigned elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
        static const size_t ks[] = {32, 32, 16, 32, 64, 32};
        mx_type type = (mx_type)(MX_FP32 + (elem + (unsigned)_i) % 3);
        size_t k = ks[below(6)], n = (size_t)REACH, blocks = (n + k - 1) / k, width = mx_type_bytes(type);
        shape s = {.elem = (mx_elem)elem,
                   .type = type,
                   .dim = MX_DIM0,
                   .rows = 1,
                   .cols = n,
                   .k = k,
                   .value_row = n,
                   .code_row = n,
                   .scale_row = blocks};
        mx_profile p = ocp();
        fill(x, type, n);
        for (int i = 0; i < 2; i++) {
            use(i ? tested[_i] : "portable");
            ck_assert_int_eq(quantize(&s, &p, x, code[i], scale[i], NULL), MX_OK);
            ck_assert_int_eq(dequantize(&s, &p, y[i], code[i], scale[i]), MX_OK);
        }
        ck_assert_mem_eq(scale[0], scale[1], blocks);
        ck_assert_int_eq(memcmp(code[0], code[1], n), 0);
        ck_assert_int_eq(memcmp(y[0], y[1], n * width), 0);
    }
    free(x);
    for (int i = 0; i < 2; i++) {
        free(y[i]);
        free(code[i]);
        free(scale[i]);
    }
}
END_TEST

/* Along rows and down columns at once: the bits of two portable calls. Shapes of less than a tile, of several below one
 * another, which threads share, and side by side. */
START_TEST(both_at_once)
{
    enum { CODES = 64 * 5000, SCALES = 5000 * 8 };
    static uint8_t code[2][CODES], scale[2][SCALES], want_code[CODES], want_scale[SCALES];
    static const size_t ks[] = {32, 16, 64, 7};
    for (int i = 0; i < 60; i++) {
        const int high = i % 10 == 1, long_rows = i % 10 == 2;
        size_t rows = 1 + below(high ? 900 : long_rows ? 7 : 63), cols = 1 + below(high ? 300 : i % 10 ? 200 : 5000);
        size_t k = cols > 300 || long_rows ? 32 : ks[below(4)], gap = high ? below(3) : 0;
        mx_elem elem = (mx_elem)(1 + below(6));
        mx_type type = (mx_type)(1 + below(3));
        mx_profile p = any_profile();
        const mxfast_options options = {.threads = 1 + (unsigned)below(3)};
        const int turned = below(2) == 0;
        if (long_rows)
            cols = 16300 + below(23000);
        if (p.round == MX_SR)
            p = ocp();
        const size_t blocks = (cols + k - 1) / k, down = (rows + k - 1) / k;
        const ptrdiff_t c = (ptrdiff_t)cols, r = (ptrdiff_t)rows;
        fill(values.lo, type, rows * (cols + gap));
        memset(code, 0xee, sizeof code);
        memset(scale, 0xee, sizeof scale);
        mx_const_view x = {values.lo, type, rows, cols, c + (ptrdiff_t)gap, 1};
        mx_blocks along = {code[0], c, 1, scale[0], (ptrdiff_t)blocks, 1};
        mx_blocks downward = {code[1], turned ? 1 : c, turned ? r : 1, scale[1], c, 1};
        use(tested[_i]);
        any_environment();
        mx_status status = mxfast_quantize_both(&along, &downward, &x, elem, &p, k, NULL, &options);
        usual_environment();
        ck_assert_int_eq(status, MX_OK);
        use("portable");
        along.codes = downward.codes = want_code;
        along.scales = downward.scales = want_scale;
        memset(want_code, 0xee, sizeof want_code);
        memset(want_scale, 0xee, sizeof want_scale);
        ck_assert_int_eq(mxfast_quantize(&along, &x, elem, &p, MX_DIM0, k, NULL, NULL), MX_OK);
        ck_assert_mem_eq(code[0], want_code, sizeof want_code);
        ck_assert_mem_eq(scale[0], want_scale, sizeof want_scale);
        memset(want_code, 0xee, sizeof want_code);
        memset(want_scale, 0xee, sizeof want_scale);
        ck_assert_int_eq(mxfast_quantize(&downward, &x, elem, &p, MX_DIM1, k, NULL, NULL), MX_OK);
        ck_assert_mem_eq(code[1], want_code, sizeof want_code);
        ck_assert_mem_eq(scale[1], want_scale, down * cols);
    }
}
END_TEST

/* The same of more than a tile, past the caches. */
START_TEST(large_both)
{
    enum { ROWS = 2096, COLS = 4112, N = ROWS * COLS };
    unsigned char *x = malloc(N * 4);
    uint8_t *code[4], *scale[4];
    for (int i = 0; i < 4; i++) {
        code[i] = aligned_alloc(64, N);
        scale[i] = malloc(N / 16);
        ck_assert(x && code[i] && scale[i]);
        memset(code[i], 0xee, N);
        memset(scale[i], 0xee, N / 16);
    }
    for (int i = 0; i < 4; i++) {
        const int turned = i % 2;
        const size_t k = i == 3 ? 16 : 32, cols = COLS - 16 * (size_t)(i == 2), down = (ROWS + k - 1) / k;
        const mx_type type = (mx_type)(MX_FP32 + i % 3);
        const mx_elem elem = (mx_elem)(1 + below(6));
        const ptrdiff_t c = (ptrdiff_t)cols, blocks = (ptrdiff_t)((cols + k - 1) / k);
        const mx_profile p = ocp();
        const mx_const_view v = {x, type, ROWS, cols, c, 1};
        mx_blocks out[4];
        for (int j = 0; j < 4; j++)
            out[j] = j % 2 == 0 ? (mx_blocks){code[j], c, 1, scale[j], blocks, 1}
                     : turned   ? (mx_blocks){code[j], 1, ROWS, scale[j], 1, (ptrdiff_t)down}
                                : (mx_blocks){code[j], c, 1, scale[j], c, 1};
        fill(x, type, N);
        use("portable");
        ck_assert_int_eq(mxfast_quantize(&out[0], &v, elem, &p, MX_DIM0, k, NULL, NULL), MX_OK);
        ck_assert_int_eq(mxfast_quantize(&out[1], &v, elem, &p, MX_DIM1, k, NULL, NULL), MX_OK);
        use(tested[_i]);
        ck_assert_int_eq(mxfast_quantize_both(&out[2], &out[3], &v, elem, &p, k, NULL, NULL), MX_OK);
        for (int j = 0; j < 2; j++) {
            ck_assert_mem_eq(code[j], code[j + 2], N);
            ck_assert_mem_eq(scale[j], scale[j + 2], N / 16);
        }
    }
    for (int i = 0; i < 4; i++) {
        free(code[i]);
        free(scale[i]);
    }
    free(x);
}
END_TEST

/* Masks that are none: test_bad_input. */
START_TEST(masks)
{
    unsigned mask = 77;
    ck_assert_int_eq(mxfast_isa_mask("portable", &mask), MX_OK);
    ck_assert_uint_eq(mask, 1);
    ck_assert_uint_eq(mxfast_isa_available() & 1, 1);
    for (unsigned i = 0; mxfast_isa_name(i) != NULL; i++) {
        ck_assert_int_eq(mxfast_isa_mask(mxfast_isa_name(i), &mask), MX_OK);
        ck_assert_uint_eq(mask, 1u << i);
        int there = (mxfast_isa_available() >> i & 1) != 0;
        ck_assert_int_eq(mxfast_isa_use(mask), there ? MX_OK : MX_EUNSUPPORTED);
        if (there)
            ck_assert_uint_eq(mxfast_isa_used(), mask);
    }
    ck_assert_int_eq(mxfast_isa_mask("all", &mask), MX_OK);
    ck_assert_uint_eq(mask & mxfast_isa_available(), mxfast_isa_available());
}
END_TEST

int main(void)
{
    for (unsigned i = 1; mxfast_isa_name(i) != NULL; i++)
        if (mxfast_isa_available() >> i & 1)
            tested[tests++] = mxfast_isa_name(i);
    TCase *one = tcase_create("isa");
    tcase_set_timeout(one, 300);
    tcase_add_checked_fixture(one, start, NULL);
    tcase_add_test(one, masks);
    tcase_add_loop_test(one, both_at_once, 0, tests);
    tcase_add_loop_test(one, large_both, 0, tests);
    tcase_add_loop_test(one, large_rows, 0, tests);
    tcase_add_loop_test(one, lengths, 0, tests);
    tcase_add_loop_test(one, anything, 0, tests);
    tcase_add_loop_test(one, large, 0, tests);
    return test_main(one);
}
