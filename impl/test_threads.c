/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads: the same bits for any number of them, in every call and direction; where the number comes from.
 */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mx/fast.h>

#include "impl/test_profile.h"
#include "test_main.h"
#include "xorshift.h"

enum { ROWS = 333, COLS = 1501, N = ROWS * COLS, BLOCKS = 1 << 16, K = 32 };

static uint32_t x[N], y[N], want_y[N];
static uint8_t codes[N], want_codes[N], scales[BLOCKS], want_scales[BLOCKS];

static void fill(void)
{
    uint64_t state = MX_XORSHIFT_SEED;
    for (size_t i = 0; i < N; i++)
        x[i] = (uint32_t)(mx_xorshift(&state) >> 32);
}

/* Threads of this process, or 0 where that is not known. */
static size_t threads_alive(void)
{
    size_t n = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry; tasks && (entry = readdir(tasks));)
        n += entry->d_name[0] != '.';
    if (tasks)
        closedir(tasks);
    return n;
}

static void work(mx_dim dim, int packed, size_t k, const mxfast_options *options)
{
    mx_profile p = ocp();
    mx_const_view in = {x, MX_FP32, ROWS, COLS, COLS, 1};
    mx_view out = {y, MX_FP32, ROWS, COLS, COLS, 1};
    size_t length = dim == MX_DIM0 ? COLS : ROWS;
    ptrdiff_t row = dim == MX_DIM0 ? (ptrdiff_t)((COLS + k - 1) / k) : COLS;
    ptrdiff_t line = (ptrdiff_t)mxfast_line_bytes(MX_E2M3, length);
    memset(codes, 0xee, sizeof codes);
    memset(scales, 0xee, sizeof scales);
    memset(y, 0xee, sizeof y);
    if (packed) {
        mx_packed to = {codes, line, MX_LAYOUT_LOW_FIRST, scales, 0, MX_LAYOUT_128X4};
        mx_const_packed from = {codes, line, MX_LAYOUT_LOW_FIRST, scales, 0, MX_LAYOUT_128X4};
        ck_assert_int_eq(mxfast_quantize_packed(&to, &in, MX_E2M3, &p, dim, k, NULL, options), MX_OK);
        ck_assert_int_eq(mxfast_dequantize_packed(&out, &from, MX_E2M3, &p, dim, k, options), MX_OK);
    } else {
        mx_blocks to = {codes, COLS, 1, scales, row, 1};
        mx_const_blocks from = {codes, COLS, 1, scales, row, 1};
        ck_assert_int_eq(mxfast_quantize(&to, &in, MX_E2M3, &p, dim, k, NULL, options), MX_OK);
        ck_assert_int_eq(mxfast_dequantize(&out, &from, MX_E2M3, &p, dim, k, options), MX_OK);
    }
}

START_TEST(same_bits)
{
    static const unsigned counts[] = {1, 2, 3, 7};
    static const size_t ks[] = {K, 37}; /* the second one: blocks that share bytes when packed */
    fill();
    for (int packed = 0; packed < 2; packed++)
        for (mx_dim dim = MX_DIM0; dim <= MX_DIM1; dim++)
            for (size_t i = 0; i < 8; i++) {
                mxfast_options options = {.threads = counts[i % 4]};
                work(dim, packed, ks[i / 4], &options);
                if (i % 4 == 0) {
                    memcpy(want_codes, codes, sizeof codes);
                    memcpy(want_scales, scales, sizeof scales);
                    memcpy(want_y, y, sizeof y);
                }
                ck_assert_mem_eq(codes, want_codes, sizeof codes);
                ck_assert_mem_eq(scales, want_scales, sizeof scales);
                ck_assert_mem_eq(y, want_y, sizeof y);
            }
}
END_TEST

/* OpenMP keeps its threads, so that they can be counted afterwards. */
START_TEST(how_many)
{
    mxfast_options one = {.threads = 1}, three = {.threads = 3};
    ck_assert_uint_eq(threads_alive(), 1);
    work(MX_DIM0, 0, K, &one);
    ck_assert_uint_eq(threads_alive(), 1);
    ck_assert_int_eq(setenv("MXFAST_NUM_THREADS", "1", 1), 0);
    work(MX_DIM0, 0, K, NULL);
    ck_assert_uint_eq(threads_alive(), 1);
    mx_profile p = ocp();
    mx_const_view small = {x, MX_FP32, 32, K, K, 1};
    mx_blocks to = {codes, K, 1, scales, 1, 1};
    ck_assert_int_eq(mxfast_quantize(&to, &small, MX_E2M3, &p, MX_DIM0, K, NULL, &three), MX_OK);
    ck_assert_uint_eq(threads_alive(), 1); /* too little to do */
#if defined(_OPENMP)
    work(MX_DIM0, 0, K, &three);
    ck_assert_uint_eq(threads_alive(), 3);
    ck_assert_int_eq(setenv("MXFAST_NUM_THREADS", "4", 1), 0);
    work(MX_DIM1, 0, K, NULL);
    ck_assert_uint_eq(threads_alive(), 4);
#endif
}
END_TEST

static mx_status try_threads(const char *environment, unsigned threads)
{
    mx_profile p = ocp();
    mxfast_options options = {.threads = threads};
    mx_const_view one = {x, MX_FP32, 1, K, K, 1};
    mx_blocks to = {codes, K, 1, scales, 1, 1};
    ck_assert_int_eq(environment ? setenv("MXFAST_NUM_THREADS", environment, 1) : unsetenv("MXFAST_NUM_THREADS"), 0);
    codes[0] = 0xee;
    mx_status status = mxfast_quantize(&to, &one, MX_E2M3, &p, MX_DIM0, K, NULL, &options);
    ck_assert_int_eq(codes[0] == 0xee, status != MX_OK);
    return status;
}

START_TEST(numbers)
{
    static const char *const bad[] = {"0", "-1", "+2", " 2", "2 ", "two", "1025", "18446744073709551617", "0x2"};
    fill();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_int_eq(try_threads(bad[i], 0), MX_EINVAL);
        ck_assert_int_eq(try_threads(bad[i], 2), MX_OK); /* the argument wins */
    }
    ck_assert_int_eq(try_threads("", 0), MX_OK);
    ck_assert_int_eq(try_threads(NULL, 0), MX_OK);
    ck_assert_int_eq(try_threads("1", 0), MX_OK);
    ck_assert_int_eq(try_threads("1024", 0), MX_OK);
    ck_assert_int_eq(try_threads(NULL, MXFAST_THREADS_MAX), MX_OK);
    ck_assert_int_eq(try_threads(NULL, MXFAST_THREADS_MAX + 1), MX_EINVAL);
}
END_TEST

/* The child has none of its parent's threads: it must neither wait for them nor answer otherwise. */
START_TEST(forked)
{
    const mxfast_options three = {.threads = 3};
    int status = -1;
    fill();
    work(MX_DIM0, 0, K, &three);
    memcpy(want_codes, codes, sizeof codes);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        alarm(60);
        work(MX_DIM0, 0, K, &three);
        _exit(memcmp(codes, want_codes, sizeof codes) != 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("threads");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, same_bits);
    if (threads_alive() != 0) /* the system counts them */
        tcase_add_test(tcase, how_many);
    tcase_add_test(tcase, numbers);
    tcase_add_test(tcase, forked);
    return test_main(tcase);
}
