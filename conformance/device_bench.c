/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 3, REPEATS = 15 };

static int by_time(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static size_t side;
static uint8_t *source[SETS], *out0[SETS], *out1[SETS], *scales0[SETS], *scales1[SETS];

/* Values as of a normal distribution: exponents fall off by halves. */
static void bench_source(mx_type type)
{
    size_t width = mx_type_bytes(type), chunk = (size_t)32 << 20, total = side * side * width;
    uint8_t *values = mxc_gpu_here(chunk);
    char why[MXGPU_WHY];

    for (size_t i = 0; i < chunk / width; i++) {
        uint32_t r = mxc_gpu_draw(), e = 127 - (uint32_t)__builtin_ctz(r | 1u << 20),
                 v = (r & 0x80000000u) | e << 23 | (mxc_gpu_draw() & 0x7fffffu);

        v = type == MX_FP32 ? v : v >> 16;
        memcpy(values + i * width, &v, width);
    }
    for (int s = 0; s < SETS; s++)
        for (size_t at = 0; at < total; at += chunk)
            mxc_gpu_must(
                mxgpu_to_device(mxc_gpu, source[s] + at, values, chunk < total - at ? chunk : total - at, NULL, why),
                why);
    mxc_gpu_must(mxgpu_wait(mxc_gpu, NULL, why), why);
    free(values);
}

static uint64_t median_ns(mx_status (*work)(int set, const mxgpu_tensor *, size_t), const mxgpu_tensor *t, size_t bytes)
{
    void *mark[2];
    uint64_t ns[REPEATS];
    char why[MXGPU_WHY] = "bench failed";

    for (int i = 0; i < 2; i++)
        mxc_gpu_must(mxgpu_mark_new(mxc_gpu, &mark[i], why), why);
    for (int i = -SETS; i < REPEATS; i++) {
        mxc_gpu_must(mxgpu_mark(mxc_gpu, mark[0], NULL, why), why);
        mxc_gpu_must(work((i + SETS) % SETS, t, bytes), "bench failed");
        mxc_gpu_must(mxgpu_mark(mxc_gpu, mark[1], NULL, why), why);
        if (i >= 0)
            mxc_gpu_must(mxgpu_elapsed_ns(mxc_gpu, &ns[i], mark[0], mark[1], why), why);
    }
    mxc_gpu_must(mxgpu_wait(mxc_gpu, NULL, why), why);
    for (int i = 0; i < 2; i++)
        mxgpu_mark_free(mxc_gpu, mark[i]);
    qsort(ns, REPEATS, sizeof *ns, by_time);
    return ns[REPEATS / 2];
}

static mx_status work_copy(int set, const mxgpu_tensor *t, size_t bytes)
{
    (void)t;
    return mxgpu_copy(mxc_gpu, source[(set + 1) % SETS], source[set], bytes, NULL, NULL);
}

static mx_status work_quantize(int set, const mxgpu_tensor *t, size_t bytes)
{
    mxgpu_tensor q = *t;

    (void)bytes;
    q.value = source[set];
    q.dim0.codes = out0[set];
    q.dim0.scales = scales0[set];
    q.dim1.codes = out1[set];
    q.dim1.scales = scales1[set];
    return mxgpu_quantize(mxc_gpu, &q, NULL, NULL);
}

static void bench_one(mx_elem elem, mx_type type, const char *rule, int dims, int packed)
{
    static const char *const names[] = {"", "dim0", "dim1", "both"};
    plain none = {0};
    unsigned bits = packed ? mx_elem_bits(elem) : 8;
    mxgpu_tensor t = {
        .elem = elem, .type = type, .profile = mxc_gpu_profile(rule), .k = 32, .rows = side, .cols = side};
    size_t cells = side * side, out = cells * bits / 8 + cells / 32;
    size_t bytes = cells * mx_type_bytes(type) + out * (dims == 3 ? 2 : 1);
    uint64_t copy, ns;

    t.row_stride = (int64_t)side;
    t.col_stride = 1;
    t.dims = dims;
    t.dim0 = t.dim1 = mxc_gpu_blocks(&none, side, side, 0, packed, 0, bits);
    copy = median_ns(work_copy, &t, bytes / 2 < cells * mx_type_bytes(type) ? bytes / 2 : cells * mx_type_bytes(type));
    ns = median_ns(work_quantize, &t, bytes);
    {
        size_t copied = bytes / 2 < cells * mx_type_bytes(type) ? bytes / 2 : cells * mx_type_bytes(type);
        double rate = (double)bytes / (double)ns, limit = 2.0 * (double)copied / (double)copy;

        printf("%-4s %s %-11s %s %-8s %7.1f GB/s %7.1f GB/s copy %.3f\n", mx_elem_name(elem), mx_type_name(type), rule,
               names[dims], packed && bits < 8 ? "packed" : "bytes", rate, limit, rate / limit);
    }
}

int mxc_gpu_bench(void)
{
    static const mx_type types[] = {MX_BF16, MX_FP32};
    static const char *const rules[] = {"scale=floor", "scale=rceil"};

    side = mxc_quick ? 8192 : 16384;
    for (int s = 0; s < SETS; s++) {
        source[s] = mxc_gpu_take(side * side * 4);
        out0[s] = mxc_gpu_take(side * side);
        out1[s] = mxc_gpu_take(side * side);
        scales0[s] = mxc_gpu_take(side * side / 32);
        scales1[s] = mxc_gpu_take(side * side / 32);
    }
    printf("%zu x %zu, blocks of 32, %d sets of buffers, median of %d; bytes read and written over time\n", side, side,
           SETS, REPEATS);
    for (int t = 0; t < 2; t++) {
        bench_source(types[t]);
        for (int e = 1; e <= MX_ELEM_LAST; e++)
            for (int r = 0; r < 2; r++)
                for (int dims = 1; dims <= 3; dims++)
                    for (int packed = 0; packed <= (mx_elem_bits((mx_elem)e) < 8); packed++)
                        bench_one((mx_elem)e, types[t], rules[r], dims, packed);
        fflush(stdout);
    }
    return 0;
}
