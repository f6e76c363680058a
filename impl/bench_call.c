/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a call costs besides its elements, one thread: nanoseconds of a call for one row of bf16, the median of RUNS, by
 * how long the row is, and by whether the call before was of the same profile. `mxcts bench` measures long arrays.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mx/fast.h>
#include <mx/names.h>

enum { K = 32, LONGEST = 4096, RUNS = 31, CALLS = 400 };

static uint16_t values[LONGEST];
static uint8_t codes[LONGEST], scales[LONGEST / K];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static mx_status once(mx_op op, unsigned rule, ptrdiff_t length)
{
    const mxfast_options options = {.threads = 1};
    const size_t n = (size_t)length;
    mx_const_view x = {values, MX_BF16, 1, n, length, 1};
    mx_view y = {values, MX_BF16, 1, n, length, 1};
    mx_blocks out = {codes, length, 1, scales, length / K, 1};
    mx_const_blocks in = {codes, length, 1, scales, length / K, 1};
    mx_profile profile;
    memset(&profile, 1, sizeof profile);
    profile.sr_bits = 0;
    profile.scale = (uint8_t)rule;
    return op == MX_OP_QUANTIZE ? mxfast_quantize(&out, &x, MX_E4M3, &profile, MX_DIM0, K, NULL, &options)
                                : mxfast_dequantize(&y, &in, MX_E4M3, &profile, MX_DIM0, K, &options);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Every call by the same profile, or two in turns. */
static double measure(mx_op op, ptrdiff_t length, int in_turns)
{
    double time[RUNS];
    for (int run = 0; run < RUNS; run++) {
        double start = now();
        for (int i = 0; i < CALLS; i++)
            if (once(op, in_turns && i % 2 ? MX_SCALE_RCEIL : MX_SCALE_FLOOR, length) != MX_OK)
                exit(99);
        time[run] = (now() - start) / CALLS;
    }
    qsort(time, RUNS, sizeof time[0], by_value);
    return time[RUNS / 2];
}

int main(void)
{
    for (size_t i = 0; i < LONGEST; i++)
        values[i] = (uint16_t)(0x3f80 + i % 256); /* 1 to 4 */
    printf("bf16 and e4m3, k = %d; ns a call: the same profile as before, another\n", K);
    for (int encode = 1; encode >= 0; encode--)
        for (ptrdiff_t length = K; length <= LONGEST; length *= 2) {
            mx_op op = encode ? MX_OP_QUANTIZE : MX_OP_DEQUANTIZE;
            printf("%-10s %5td %8.0f %8.0f\n", mx_op_name(op), length, measure(op, length, 0), measure(op, length, 1));
        }
    return 0;
}
