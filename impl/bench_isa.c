/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Each instruction set against the limit of the machine, one thread: quantize and dequantize between arrays in memory
 * (4 times 32 MiB and more), and between arrays that stay in the second-level cache. The limit is the best of two
 * kernels that read and write as many bytes, in the same runs; a figure is the median of RUNS ratios.
 *     bench_isa [ISA [FORMAT...]]
 */
#define _GNU_SOURCE
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mx/fast.h>
#include <mx/names.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

enum { K = 32, RUNS = 7 };

typedef struct sizes {
    size_t rows, cols, repeat;
} sizes;

static unsigned char *values, *codes, *scales;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fill(mx_type type, size_t count)
{
    unsigned mbits = type == MX_FP32 ? 23 : type == MX_BF16 ? 7 : 10;
    uint32_t one = (type == MX_FP16 ? 15u : 127u) << mbits, range = (UINT32_C(16) << mbits) - 1;
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        uint32_t bits = one - (range >> 1) + ((uint32_t)(state >> 20) & range);
        if (type == MX_FP32) {
            bits |= (uint32_t)(state & 1) << 31;
            memcpy(values + 4 * i, &bits, 4);
        } else {
            uint16_t half = (uint16_t)(bits | (uint32_t)(state & 1) << 15);
            memcpy(values + 2 * i, &half, 2);
        }
    }
}

/* Read `in` bytes and write `out`, in step, by ordinary or streaming stores. */
__attribute__((target("avx512f"))) static void stream512(const unsigned char *from, size_t in, unsigned char *to,
                                                         size_t out, int past_caches)
{
    size_t lines = in > out ? out / 64 : in / 64;
    size_t reads = in > out ? in / out : 1, writes = in > out ? 1 : out / in;
    for (size_t i = 0; i < lines; i++) {
        __m512i x = _mm512_setzero_si512();
        for (size_t r = 0; r < reads; r++)
            x = _mm512_xor_si512(x, _mm512_loadu_si512(from + (i * reads + r) * 64));
        for (size_t w = 0; w < writes; w++) {
            if (past_caches)
                _mm512_stream_si512((void *)(to + (i * writes + w) * 64), x);
            else
                _mm512_store_si512((void *)(to + (i * writes + w) * 64), x);
        }
    }
    _mm_sfence();
}

static double once(mx_op op, mx_elem elem, mx_type type, const mx_profile *profile, mx_dim dim, const sizes *n)
{
    const mxfast_options one = {1};
    mx_const_view x = {values, type, n->rows, n->cols, (ptrdiff_t)n->cols, 1};
    mx_view y = {values, type, n->rows, n->cols, (ptrdiff_t)n->cols, 1};
    ptrdiff_t row = (ptrdiff_t)n->cols, scale_row = dim == MX_DIM0 ? row / K : row;
    mx_blocks out = {codes, row, 1, scales, scale_row, 1};
    mx_const_blocks in = {codes, row, 1, scales, scale_row, 1};
    double start = now();
    for (size_t i = 0; i < n->repeat; i++) {
        mx_status status = op == MX_OP_QUANTIZE ? mxfast_quantize(&out, &x, elem, profile, dim, K, NULL, &one)
                                                : mxfast_dequantize(&y, &in, elem, profile, dim, K, &one);
        if (status != MX_OK)
            exit(1);
    }
    return (now() - start) / (double)n->repeat;
}

static double limit(mx_op op, mx_type type, const sizes *n, int past_caches)
{
    size_t wide = n->rows * n->cols * mx_type_bytes(type), narrow = n->rows * n->cols;
    double start = now();
    for (size_t i = 0; i < n->repeat; i++) {
        if (op == MX_OP_QUANTIZE)
            stream512(values, wide, codes, narrow, past_caches);
        else
            stream512(codes, narrow, values, wide, past_caches);
    }
    /* the scales: a thirty-second of the narrow side more */
    double extra = 1 + (double)narrow / K / (double)(wide + narrow);
    return (now() - start) / (double)n->repeat * extra;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(mx_op op, mx_elem elem, mx_type type, const mx_profile *profile, mx_dim dim, const sizes *n)
{
    double ratio[RUNS], time[RUNS], best[RUNS];
    for (int run = 0; run < RUNS; run++) {
        double a = limit(op, type, n, 0), b = limit(op, type, n, 1);
        time[run] = once(op, elem, type, profile, dim, n);
        best[run] = a < b ? a : b;
        ratio[run] = best[run] / time[run];
    }
    qsort(ratio, RUNS, sizeof *ratio, by_value);
    qsort(time, RUNS, sizeof *time, by_value);
    qsort(best, RUNS, sizeof *best, by_value);
    double count = (double)(n->rows * n->cols) * 1e-9;
    printf("  %6.2f (%.2f-%.2f) %6.2f G/s (limit %5.2f)", ratio[RUNS / 2], ratio[1], ratio[RUNS - 2],
           count / time[RUNS / 2], count / best[RUNS / 2]);
}

int main(int argc, char **argv)
{
    static const mx_op ops[] = {MX_OP_QUANTIZE, MX_OP_DEQUANTIZE};
    static const mx_type types[] = {MX_FP32, MX_BF16, MX_FP16};
    const sizes memory = {8192, 8192, 1}, cache = {64, 1024, 64};
    size_t most = memory.rows * memory.cols;
    unsigned mask = 0;
    mx_profile profile;
    memset(&profile, 1, sizeof profile);
    profile.sr_bits = 0;
    values = aligned_alloc(1 << 21, most * 4);
    codes = aligned_alloc(1 << 21, most);
    scales = aligned_alloc(1 << 21, most);
    if (!values || !codes || !scales || (argc > 1 && mxfast_isa_mask(argv[1], &mask) != MX_OK) ||
        (mask != 0 && mxfast_isa_use(mask) != MX_OK))
        return 99;
    printf("ratio to the limit, median (spread); elements\n");
    for (size_t t = 0; t < 3; t++) {
        fill(types[t], most);
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
            int wanted = argc < 3;
            for (int i = 2; i < argc; i++)
                wanted |= strcmp(argv[i], mx_elem_name(elem)) == 0;
            if (!wanted)
                continue;
            for (size_t o = 0; o < 2; o++)
                for (mx_dim dim = MX_DIM0; dim <= MX_DIM1; dim++) {
                    printf("%-10s %s %s dim%d", mx_op_name(ops[o]), mx_elem_name(elem), mx_type_name(types[t]),
                           (int)dim - 1);
                    measure(ops[o], elem, types[t], &profile, dim, &memory);
                    printf(" | L2");
                    measure(ops[o], elem, types[t], &profile, dim, &cache);
                    printf("\n");
                    fflush(stdout);
                }
        }
    }
    return 0;
}
