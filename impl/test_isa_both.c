/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxfast_quantize_both where it reads values once: squares of 64 values and what is left over at the right and below,
 * by every instruction set that this machine has, against one portable call for each direction. All formats, types and
 * profiles; strides with gaps, any alignment, buffers that end or begin at guard pages, values whose size differs from
 * row to row or from column to column, specials, threads, lines written past the caches or not.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include <mx/fast.h>

#include "impl/test_each_isa.h"
#include "impl/test_environment.h"
#include "impl/test_guard.h"
#include "impl/test_isa_inputs.h"

enum { K = 32, ROOM = 1 << 19, SCALES = ROOM / 8 };

static unsigned used; /* the set that is tested */
static guarded values, codes[2], scales[2];
static uint8_t want_code[ROOM], want_scale[SCALES];

static void start(void)
{
    used = mxfast_isa_used();
    values = guard(ROOM * 4);
    for (int i = 0; i < 2; i++) {
        codes[i] = guard(ROOM);
        scales[i] = guard(SCALES);
    }
}

/* `bytes` of g that touch one of its ends. */
static unsigned char *at_an_end(guarded g, size_t bytes)
{
    return below(2) ? g.hi - bytes : g.lo;
}

/* A matrix, `row` values from row to row: all alike, or rows or columns each of a size of its own. */
static void fill_matrix(unsigned char *to, mx_type type, size_t rows, size_t cols, size_t row)
{
    static unsigned char line[ROOM];
    const size_t width = mx_type_bytes(type);
    const size_t alike = below(4); /* 0: columns, 1: rows, else all */
    if (alike > 1)
        fill(to, type, (rows - 1) * row + cols);
    for (size_t r = 0; alike == 1 && r < rows; r++)
        fill(to + r * row * width, type, cols);
    for (size_t c = 0; alike == 0 && c < cols; c++) {
        fill(line, type, rows);
        for (size_t r = 0; r < rows; r++)
            memcpy(to + (r * row + c) * width, line + r * width, width);
    }
}

/* Every byte of a buffer, gaps too, is as in `want`, whose part begins where `at` is. */
static void same(guarded g, const uint8_t *at, const uint8_t *want, size_t bytes, const char *what, int i)
{
    for (const uint8_t *p = g.lo; p < g.hi; p++) {
        const int inside = p >= at && p < at + bytes;
        const uint8_t wanted = inside ? want[p - at] : 0xee;
        if (*p != wanted)
            ck_abort_msg("%s, case %d: byte %td is %02x, not %02x", what, i, p - at, *p, wanted);
    }
}

typedef struct layout {
    size_t bytes;
    ptrdiff_t row, col;
} layout;

/* Rows end to end (or columns, if turned), some bytes between them. */
static layout lines(size_t rows, size_t cols, int turned, size_t gap)
{
    const size_t line = (turned ? rows : cols) + gap, n = turned ? cols : rows;
    const layout l = {(n - 1) * line + line - gap, turned ? 1 : (ptrdiff_t)line, turned ? (ptrdiff_t)line : 1};
    return l;
}

static void one_case(int i)
{
    const int high = i % 12 == 0, wide = i % 12 == 1;
    const size_t rows = 64 * (high ? 16 + below(2) : 1 + below(3)) + (below(2) ? below(64) : 0);
    const size_t cols = 64 * (wide ? 14 + below(9) : 1 + below(high ? 3 : 5)) + (below(2) ? below(64) : 0);
    const size_t across = (cols + K - 1) / K, down = (rows + K - 1) / K, gap = below(3) ? 0 : 1 + below(70);
    const mx_elem elem = (mx_elem)(1 + below(6));
    const mx_type type = (mx_type)(1 + below(3));
    const size_t row = cols + (below(2) ? below(40) : 0), bytes = ((rows - 1) * row + cols) * mx_type_bytes(type);
    mx_profile p = below(2) ? ocp() : any_profile();
    const mxfast_options options = {.threads = 1 + (unsigned)below(3)};
    const layout code[2] = {lines(rows, cols, 0, gap), lines(rows, cols, below(8) != 0, gap)};
    const layout scale[2] = {lines(rows, across, below(4) == 0, below(3)), lines(down, cols, below(4) != 0, below(3))};
    if (p.round == MX_SR)
        p = ocp();
    ck_assert(bytes <= ROOM * 4 && code[0].bytes <= ROOM && code[1].bytes <= ROOM && scale[0].bytes <= SCALES &&
              scale[1].bytes <= SCALES);
    unsigned char *x = at_an_end(values, bytes);
    fill_matrix(x, type, rows, cols, row);
    const mx_const_view view = {x, type, rows, cols, (ptrdiff_t)row, 1};
    mx_blocks out[2];
    for (int d = 0; d < 2; d++) {
        memset(codes[d].lo, 0xee, (size_t)(codes[d].hi - codes[d].lo));
        memset(scales[d].lo, 0xee, (size_t)(scales[d].hi - scales[d].lo));
        out[d] = (mx_blocks){at_an_end(codes[d], code[d].bytes),   code[d].row,  code[d].col,
                             at_an_end(scales[d], scale[d].bytes), scale[d].row, scale[d].col};
    }
    ck_assert_int_eq(mxfast_isa_use(used), MX_OK);
    any_environment();
    const mx_status status = mxfast_quantize_both(&out[0], &out[1], &view, elem, &p, K, NULL, &options);
    usual_environment();
    ck_assert_int_eq(status, MX_OK);
    ck_assert_int_eq(mxfast_isa_use(1), MX_OK);
    for (int d = 0; d < 2; d++) {
        mx_blocks want = out[d];
        want.codes = want_code;
        want.scales = want_scale;
        memset(want_code, 0xee, sizeof want_code);
        memset(want_scale, 0xee, sizeof want_scale);
        ck_assert_int_eq(mxfast_quantize(&want, &view, elem, &p, d == 0 ? MX_DIM0 : MX_DIM1, K, NULL, NULL), MX_OK);
        same(codes[d], out[d].codes, want_code, code[d].bytes, d == 0 ? "codes of rows" : "codes of columns", i);
        same(scales[d], out[d].scales, want_scale, scale[d].bytes, d == 0 ? "scales of rows" : "scales of columns", i);
    }
}

START_TEST(squares)
{
    for (int i = 0; i < 96; i++)
        one_case(i);
}
END_TEST

/* Outputs larger than the caches, rows and columns of whole lines: written past them. */
START_TEST(past_the_caches)
{
    enum { ROWS = 2112, COLS = 4032, N = ROWS * COLS, LINE = 64 };
    static const mx_elem elems[] = {MX_E5M2, MX_E4M3, MX_E3M2, MX_INT8};
    unsigned char *x = malloc(N * 4);
    uint8_t *code[2], *scale[2];
    for (int i = 0; i < 2; i++) {
        code[i] = aligned_alloc(LINE, 2 * N);
        scale[i] = malloc(N / 8);
        ck_assert(x && code[i] && scale[i]);
    }
    for (unsigned i = 0; i < 4; i++) {
        const mx_elem elem = elems[i];
        const mx_type type = (mx_type)(MX_FP32 + i % 3);
        const mx_profile p = ocp();
        const mxfast_options options = {.threads = 1 + i % 2};
        const mx_const_view v = {x, type, ROWS, COLS, COLS, 1};
        mx_blocks along[2], down[2];
        for (int j = 0; j < 2; j++) {
            along[j] = (mx_blocks){code[j], COLS, 1, scale[j], COLS / K, 1};
            down[j] = (mx_blocks){code[j] + N, 1, ROWS, scale[j] + N / K, 1, ROWS / K};
        }
        fill(x, type, N);
        ck_assert_int_eq(mxfast_isa_use(1), MX_OK);
        ck_assert_int_eq(mxfast_quantize(&along[0], &v, elem, &p, MX_DIM0, K, NULL, NULL), MX_OK);
        ck_assert_int_eq(mxfast_quantize(&down[0], &v, elem, &p, MX_DIM1, K, NULL, NULL), MX_OK);
        ck_assert_int_eq(mxfast_isa_use(used), MX_OK);
        ck_assert_int_eq(mxfast_quantize_both(&along[1], &down[1], &v, elem, &p, K, NULL, &options), MX_OK);
        ck_assert_int_eq(memcmp(code[0], code[1], 2 * N), 0);
        ck_assert_int_eq(memcmp(scale[0], scale[1], N / K * 2), 0);
    }
    for (int i = 0; i < 2; i++) {
        free(code[i]);
        free(scale[i]);
    }
    free(x);
}
END_TEST

static TCase *cases(void)
{
    TCase *one = tcase_create("both");
    tcase_set_timeout(one, 300);
    tcase_add_checked_fixture(one, start, NULL);
    tcase_add_test(one, squares);
    tcase_add_test(one, past_the_caches);
    return one;
}

int main(void)
{
    return run_by_each_isa(cases);
}
