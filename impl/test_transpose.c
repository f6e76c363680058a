/* SPDX-License-Identifier: BSD-3-Clause
 *
 * transpose_tmpl.h against a loop: every shape of up to 80 x 80, at the steps of its users and at others, at any
 * alignment, between pages that nobody may touch; and no byte between the rows of the result is written. Pairs of rows
 * likewise, at any distance from the end.
 */
#define _DEFAULT_SOURCE
#include "config.h"

#include <string.h>

#include "impl/kernels.h"
#if defined(MX_HAVE_NEON)
#include "impl/arm/transpose.h"
#elif defined(MX_HAVE_AVX2)
#include "impl/x86/transpose.h"
#endif
#if !defined(MX_HAVE_NEON) && !defined(MX_HAVE_AVX2)
int main(void)
{
    return 77;
}
#else
#include "impl/test_draw.h"
#include "impl/test_guard.h"
#include "impl/transpose_tmpl.h"
#include "test_main.h"

enum { MOST = 80, STEP = 256, KEPT = 0xa5 };

static guarded in, out;
static unsigned char wanted[2 * MOST * STEP];

static void setup(void)
{
    in = guard(MOST * STEP);
    out = guard(MOST * STEP);
    for (unsigned char *at = in.lo; at < in.hi; at++)
        *at = (unsigned char)below(256);
}

static void teardown(void)
{
    unguard(in);
    unguard(out);
}

/* `end`: so many bytes are left after the last byte of each array. */
static void compare(size_t rows, size_t cols, size_t from_step, size_t to_step, size_t end)
{
    const size_t bytes = (cols - 1) * to_step + rows + end;
    const uint8_t *from = in.hi - end - ((rows - 1) * from_step + cols);
    uint8_t *to = out.hi - bytes;
    memset(to, KEPT, bytes);
    memset(wanted, KEPT, bytes);
    for (size_t c = 0; c < cols; c++)
        for (size_t r = 0; r < rows; r++)
            wanted[c * to_step + r] = from[r * from_step + c];
    if (from_step == 256 && to_step == 64) /* constants that the compiler sees */
        transpose(to, 64, from, 256, rows, cols);
    else
        transpose(to, (ptrdiff_t)to_step, from, (ptrdiff_t)from_step, rows, cols);
    ck_assert_msg(memcmp(to, wanted, bytes) == 0,
                  "%zu x %zu, %zu bytes apart to %zu bytes apart, %zu bytes before the end", rows, cols, from_step,
                  to_step, end);
}

START_TEST(as_a_loop)
{
    static const size_t steps[] = {64, 80, 81, STEP};
    const size_t n = sizeof steps / sizeof *steps;
    for (size_t rows = 16; rows <= MOST; rows += 16)
        for (size_t cols = 16; cols <= MOST; cols += 16)
            for (size_t i = 0; i < n * n; i++)
                if (steps[i / n] >= cols && steps[i % n] >= rows)
                    for (size_t end = 0; end < 64; end += i == 0 ? 1 : 9)
                        compare(rows, cols, steps[i / n], steps[i % n], end);
}
END_TEST

/* 8 columns of rows that lie two by two, each byte of the first before that of the second. */
START_TEST(pairs_as_a_loop)
{
    enum { ROWS = sizeof(pieces) };
    static const size_t steps[] = {16, 17, 128};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        for (size_t end = 0; end < 64; end++) {
            const uint8_t *from = in.hi - end - ((ROWS / 2 - 1) * steps[i] + 16);
            pieces x[8];
            uint8_t column[ROWS];
            transpose_pairs(x, from, (ptrdiff_t)steps[i]);
            for (size_t c = 0; c < 8; c++) {
                for (size_t r = 0; r < ROWS; r++)
                    column[r] = from[r / 2 * steps[i] + 2 * c + r % 2];
                ck_assert_msg(memcmp(&x[c], column, ROWS) == 0, "column %zu, %zu bytes apart, %zu before the end", c,
                              steps[i], end);
            }
        }
}
END_TEST

/* The way back: 8 rows, of which the last four begin elsewhere, two columns at a time. */
START_TEST(to_pairs_as_a_loop)
{
    enum { COLS = sizeof(pieces) };
    static const size_t steps[] = {COLS, COLS + 1, 64}, aparts[] = {4, 16};
    for (size_t i = 0; i < sizeof steps / sizeof *steps * 2; i++)
        for (size_t end = 0; end < 64; end++) {
            const size_t step = steps[i / 2], apart = aparts[i % 2], to_step = 16 + i;
            const uint8_t *from = in.hi - end - ((apart + 3) * step + COLS);
            uint8_t *to = out.hi - end - ((COLS / 2 - 1) * to_step + 16);
            transpose_to_pairs(to, (ptrdiff_t)to_step, from, (ptrdiff_t)step, (ptrdiff_t)apart);
            for (size_t c = 0; c < COLS; c++)
                for (size_t r = 0; r < 8; r++)
                    ck_assert_msg(to[c / 2 * to_step + 2 * r + c % 2] == from[(r % 4 + r / 4 * apart) * step + c],
                                  "row %zu, column %zu, %zu bytes apart, %zu rows apart, %zu before the end", r, c,
                                  step, apart, end);
        }
}
END_TEST

int main(void)
{
#if defined(MX_HAVE_AVX2)
    if (!mxfast_cpu_has_avx2())
        return 77;
#endif
    TCase *tcase = tcase_create("transpose");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, as_a_loop);
    tcase_add_test(tcase, pairs_as_a_loop);
    tcase_add_test(tcase, to_pairs_as_a_loop);
    return test_main(tcase);
}
#endif
