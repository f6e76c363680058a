/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Elements per second of the portable kernels: median of 7 runs, in processor time, over arrays that stay in the
 * second-level cache.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mx/fast.h>
#include <mx/names.h>

enum { ROWS = 64, COLS = 1024, K = 32, RUNS = 7, REPEAT = 8 };

static unsigned char values[ROWS * COLS * 8], codes[ROWS * COLS], scales[ROWS * COLS / K];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Values of both signs between 2^-8 and 2^8, by bit pattern. */
static void fill(mx_type type)
{
    static const struct {
        uint64_t low;
        unsigned mbits;
    } row[] = {[MX_FP32] = {0x3b800000, 23},
               [MX_BF16] = {0x3b80, 7},
               [MX_FP16] = {0x1c00, 10},
               [MX_FP64] = {UINT64_C(0x3f70000000000000), 52}};
    size_t width = mx_type_bytes(type);
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < ROWS * COLS; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        uint64_t bits = row[type].low + (state >> 8) % (UINT64_C(16) << row[type].mbits);
        bits |= (state & 1) << (8 * width - 1);
        uint32_t word = (uint32_t)bits;
        uint16_t half = (uint16_t)bits;
        memcpy(values + i * width, width == 8 ? (void *)&bits : width == 4 ? (void *)&word : (void *)&half, width);
    }
}

static mx_status once(mx_op op, mx_elem elem, mx_type type, const mx_profile *profile, mx_dim dim)
{
    mx_const_view x = {values, type, ROWS, COLS, COLS, 1};
    mx_view y = {values, type, ROWS, COLS, COLS, 1};
    ptrdiff_t row = dim == MX_DIM0 ? COLS / K : COLS;
    mx_blocks out = {codes, COLS, 1, scales, row, 1};
    mx_const_blocks in = {codes, COLS, 1, scales, row, 1};
    return op == MX_OP_QUANTIZE ? mxfast_quantize(&out, &x, elem, profile, dim, K, NULL, NULL)
                                : mxfast_dequantize(&y, &in, elem, profile, dim, K, NULL);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure(mx_op op, mx_elem elem, mx_type type, const mx_profile *profile, mx_dim dim)
{
    double rate[RUNS];
    for (int run = 0; run < RUNS; run++) {
        double start = now();
        for (int i = 0; i < REPEAT; i++)
            if (once(op, elem, type, profile, dim) != MX_OK)
                exit(99);
        rate[run] = (double)REPEAT * ROWS * COLS / (now() - start);
    }
    qsort(rate, RUNS, sizeof rate[0], by_value);
    return rate[RUNS / 2];
}

int main(void)
{
    mx_profile profile;
    memset(&profile, 1, sizeof profile);
    profile.sr_bits = 0;
    printf("%-12s %-5s %-5s %8s %8s  million elements/s\n", "op", "elem", "type", "dim0", "dim1");
    for (mx_type type = MX_FP32; type <= MX_TYPE_LAST; type++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
            fill(type);
            for (int encode = 1; encode >= 0; encode--) {
                mx_op op = encode ? MX_OP_QUANTIZE : MX_OP_DEQUANTIZE;
                double dim0 = measure(op, elem, type, &profile, MX_DIM0) / 1e6;
                fill(type);
                double dim1 = measure(op, elem, type, &profile, MX_DIM1) / 1e6;
                printf("%-12s %-5s %-5s %8.0f %8.0f\n", mx_op_name(op), mx_elem_name(elem), mx_type_name(type), dim0,
                       dim1);
            }
        }
    return 0;
}
