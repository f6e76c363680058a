/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How fast a sweep is on one core, and what it costs beside the subject's own work. For each subject and operation, the
 * medians of RUNS runs over SHARDS shards in processor time, all parts taken in turn in each run:
 *     subject   mxfast_run_by over the same patterns, without the time to fill buffers with them
 *     inputs    writing the patterns
 *     check     the rest of the sweep: fates, comparison, digests
 * The last two as a share of the first.
 *     bench_sweep [SUBJECT...]
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "conformance/sweep/sweep.h"

enum { RUNS = 9, SHARDS = 48, FIRST = 960, BATCH = 1 << 14 }; /* fp32 patterns from 3c000000 to 3f000000 */

typedef struct times {
    double sweep[RUNS], subject[RUNS], inputs[RUNS];
} times;

static uint32_t values[BATCH];
static uint8_t scales[BATCH], answers[BATCH];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fill(uint32_t first)
{
#pragma omp simd
    for (uint32_t i = 0; i < BATCH; i++)
        values[i] = first + i;
    __asm__ volatile("" : : "r"(values) : "memory");
}

static double time_inputs(void)
{
    const double begun = now();
    for (uint64_t at = 0; at < SHARDS * MXC_SHARD; at += BATCH)
        fill((uint32_t)(FIRST * MXC_SHARD + at));
    return now() - begun;
}

/* Over the same patterns: some kernels take longer over some of them. */
static double time_subject(const mxc_domain *domain, unsigned mask, double inputs)
{
    mx_batch batch = domain->shape;
    batch.count = BATCH;
    batch.in.value = values;
    if (batch.op == MX_OP_SCALED_CAST)
        batch.in.scale = scales;
    if (batch.op == MX_OP_SCALE)
        batch.out.scale = answers;
    else
        batch.out.code = answers;
    const double begun = now();
    for (uint64_t at = 0; at < SHARDS * MXC_SHARD; at += BATCH) {
        fill((uint32_t)(FIRST * MXC_SHARD + at));
        if (mxfast_run_by(&batch, mask) != MX_OK)
            exit(99);
    }
    return now() - begun - inputs;
}

static double time_sweep(const mxc_domain *domain, const mxc_steps *steps, mxc_sweeper *sweeper)
{
    mxv_error error = {0};
    mxc_shard result;
    const double begun = now();
    for (size_t i = 0; i < SHARDS; i++)
        if (mxc_sweep_shard(sweeper, &result, domain, steps, FIRST + i, &error) != MX_OK || result.wrong)
            exit(99);
    return now() - begun;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double time[RUNS])
{
    qsort(time, RUNS, sizeof *time, by_value);
    return time[RUNS / 2];
}

static void measure(const char *name, unsigned mask, mx_op op, mx_elem elem)
{
    mxc_domain domain = {.shape = {.op = op, .elem = elem, .type = MX_FP32, .k = 1}, .scale = 0x7f};
    mxv_error error = {0};
    mxc_subject *subject = NULL;
    mxc_sweeper *sweeper = NULL;
    mxc_steps steps;
    times t;
    memset(&domain.shape.profile, 1, sizeof domain.shape.profile); /* the first value of every axis */
    domain.shape.profile.sr_bits = 0;
    if (mxc_steps_build(&steps, &domain.shape, domain.scale, 0) != MX_OK ||
        mxc_subject_open(&subject, name, NULL, &error) != MX_OK ||
        mxc_sweeper_make(&sweeper, subject, MXC_VIA_ITSELF, NULL) != MX_OK)
        exit(99);
    for (int run = 0; run < RUNS; run++) {
        t.inputs[run] = time_inputs();
        t.subject[run] = time_subject(&domain, mask, t.inputs[run]);
        t.sweep[run] = time_sweep(&domain, &steps, sweeper);
    }
    const double cases = (double)SHARDS * (double)MXC_SHARD * 1e-9;
    const double sweep = median(t.sweep), own = median(t.subject), inputs = median(t.inputs);
    printf("%-8s %-11s %-4s %6.2f %8.2f %6.0f%% %6.0f%%\n", name, mx_op_name(op), mx_elem_name(elem), cases / sweep,
           cases / own, 100 * inputs / own, 100 * (sweep - own - inputs) / own);
    fflush(stdout);
    mxc_sweeper_free(sweeper);
    mxc_subject_free(subject);
    mxc_steps_free(&steps);
}

int main(int argc, char **argv)
{
    static const mx_op ops[] = {MX_OP_CAST, MX_OP_SCALED_CAST, MX_OP_SCALE};
    memset(scales, 0x7f, sizeof scales);
    printf("%-8s %-11s %-4s %6s %8s %7s %7s   10^9 cases/s of one core\n", "subject", "operation", "elem", "sweep",
           "subject", "inputs", "check");
    for (unsigned i = 0; mxfast_isa_name(i); i++) {
        int wanted = argc < 2 && (mxfast_isa_available() >> i & 1);
        for (int a = 1; a < argc; a++)
            wanted |= strcmp(argv[a], mxfast_isa_name(i)) == 0;
        for (size_t o = 0; wanted && o < sizeof ops / sizeof *ops; o++)
            measure(mxfast_isa_name(i), 1u << i, ops[o], o == 1 ? MX_E4M3 : MX_E2M1);
    }
    return 0;
}
