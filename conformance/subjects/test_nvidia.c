/* SPDX-License-Identifier: BSD-3-Clause
 *
 * NVIDIA's conversion headers against the reference, more densely than the packs: every bf16, fp16 pattern and every
 * code, a stride over the fp32 and fp64 patterns, and every fp32 beside a tie. The profile is
 * profiles/nvidia-headers.profile, with the axes that an argument of the conversion sets. Differences are counted by
 * the axis that explains them; one that no single axis explains, or one not named in `known`, fails.
 *
 *     test_nvidia              seconds, against the reference
 *     test_nvidia exhaustive   every fp32 pattern, against the fast implementation (which is itself compared with the
 *                              reference over the same space by check-exhaustive)
 */
#include <stdio.h>

#ifdef HAVE_CUDA_HEADERS

#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/fast.h>
#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/subjects/nvidia.h"

#define CHUNK    65536u
#define ONE_E4M3 0x38u /* the code of 1.0: times 1.0, dequantize decodes the scale alone */

/* One conversion and the axes that its arguments set. */
struct row {
    const char *name;
    enum nv_format format;
    mx_elem elem;
    __nv_saturation_t saturate;
    enum cudaRoundMode round;
    const char *axes;
};

static const struct row rows[] = {
    {"e5m2 SATFINITE", NV_E5M2, MX_E5M2, __NV_SATFINITE, cudaRoundNearest, "overflow=saturate"},
    {"e5m2 NOSAT", NV_E5M2, MX_E5M2, __NV_NOSAT, cudaRoundNearest, "overflow=special"},
    {"e4m3 SATFINITE", NV_E4M3, MX_E4M3, __NV_SATFINITE, cudaRoundNearest, "overflow=saturate"},
    {"e4m3 NOSAT", NV_E4M3, MX_E4M3, __NV_NOSAT, cudaRoundNearest, "overflow=special"},
    {"e3m2 Nearest", NV_E3M2, MX_E3M2, __NV_SATFINITE, cudaRoundNearest, "round=rne"},
    {"e3m2 Zero", NV_E3M2, MX_E3M2, __NV_SATFINITE, cudaRoundZero, "round=rtz"},
    {"e2m3 Nearest", NV_E2M3, MX_E2M3, __NV_SATFINITE, cudaRoundNearest, "round=rne"},
    {"e2m3 Zero", NV_E2M3, MX_E2M3, __NV_SATFINITE, cudaRoundZero, "round=rtz"},
    {"e2m1 Nearest", NV_E2M1, MX_E2M1, __NV_SATFINITE, cudaRoundNearest, "round=rne"},
    {"e2m1 Zero", NV_E2M1, MX_E2M1, __NV_SATFINITE, cudaRoundZero, "round=rtz"},
    {"e8m0 Zero SATFINITE", NV_E8M0, MX_INT8, __NV_SATFINITE, cudaRoundZero,
     "scale=floor inf-in=max-scale scale-over=clamp"},
    {"e8m0 Zero NOSAT", NV_E8M0, MX_INT8, __NV_NOSAT, cudaRoundZero, "scale=floor inf-in=block-nan scale-over=nan"},
    {"e8m0 PosInf SATFINITE", NV_E8M0, MX_INT8, __NV_SATFINITE, cudaRoundPosInf,
     "scale=ceil inf-in=max-scale scale-over=clamp"},
    {"e8m0 PosInf NOSAT", NV_E8M0, MX_INT8, __NV_NOSAT, cudaRoundPosInf, "scale=ceil inf-in=block-nan scale-over=nan"},
};

/* The departures from the profile that are known, with the entries they are known of; anything else is news. */
static const struct known {
    mx_axis axis;
    mx_type type;
    int format; /* 0: any */
} known[] = {
    {MX_AXIS_NAN_CODE, MX_FP64, NV_E5M2},   /* sign and top payload bits kept */
    {MX_AXIS_NAN_CODE, MX_FP64, NV_E4M3},   /* sign kept */
    {MX_AXIS_SCALE_OVER, MX_FP64, NV_E8M0}, /* NOSAT with cudaRoundZero: finite values stay at fe */
};

struct tally {
    unsigned long long cases, differences, unexplained, unknown;
    unsigned long long by_axis[MX_AXIS_LAST + 1];
    uint64_t example; /* source bits of the first difference */
    uint8_t want, got;
};

typedef uint64_t (*patterns)(uint64_t i);

static union {
    uint16_t u16[CHUNK];
    uint32_t u32[CHUNK];
    uint64_t u64[CHUNK];
} source;
static uint8_t want[CHUNK], got[CHUNK];

/* ---- source patterns, numbered ---- */

static uint64_t every(uint64_t i)
{
    return i;
}

/* A stride prime to 2^32. */
static uint64_t stride32(uint64_t i)
{
    return (i * 32749u * 3u) & 0xffffffffu;
}

/* fp32: sign, exponent and the top 5 fraction bits in all combinations (2^14), with the 18 bits below just under,
 * at and just over each quarter: every tie of every format with up to 3 fraction bits, and its neighbours. */
static uint64_t ties32(uint64_t i)
{
    static const uint32_t low[8] = {0, 1, 0x1ffff, 0x20000, 0x20001, 0x3ffff, 0x10000, 0x30000};
    return (i >> 3) << 18 | low[i & 7];
}

/* The same values as fp64 (fp32's exponents, rebiased) with a sticky bit far below what fp32 can hold. */
static uint64_t ties64(uint64_t i)
{
    const uint64_t b = ties32(i >> 1), exp = b >> 23 & 0xff;
    const uint64_t wide = exp == 0xff ? 0x7ff : exp + 1023 - 127;
    return (b >> 31) << 63 | wide << 52 | (b & 0x7fffff) << 29 | (i & 1);
}

static uint64_t stride64(uint64_t i)
{
    return i * 0x9e3779b97f4a7c15u;
}

static const struct set {
    const char *name;
    mx_type type;
    enum nv_type nv;
    patterns pattern;
    uint64_t count;
} sets[] = {
    {"bf16 all", MX_BF16, NV_BF16, every, 65536},         {"fp16 all", MX_FP16, NV_FP16, every, 65536},
    {"fp32 stride", MX_FP32, NV_FP32, stride32, 1048576}, {"fp32 ties", MX_FP32, NV_FP32, ties32, 131072},
    {"fp64 stride", MX_FP64, NV_FP64, stride64, 65536},   {"fp64 ties", MX_FP64, NV_FP64, ties64, 262144},
};
static const struct set all32 = {"fp32 all", MX_FP32, NV_FP32, every, (uint64_t)1 << 32};

/* ---- comparison ---- */

static void must(mx_status status, const char *what)
{
    if (status == MX_OK)
        return;
    fprintf(stderr, "test_nvidia: %s: %s\n", what, mx_status_text(status));
    exit(99);
}

static uint64_t put(const struct set *set, size_t slot, uint64_t bits)
{
    if (set->type == MX_FP64)
        return source.u64[slot] = bits;
    if (set->type == MX_FP32)
        return source.u32[slot] = (uint32_t)bits;
    return source.u16[slot] = (uint16_t)bits;
}

static int is_known(mx_axis axis, const struct row *row, const struct set *set)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].axis == axis && known[i].type == set->type && known[i].format == (int)row->format)
            return 1;
    return 0;
}

/* Which axis explains the answer of case i? */
static void explain(struct tally *tally, const struct row *row, const struct set *set, const mx_batch *batch, size_t i)
{
    mxc_departure found[8];
    mx_batch answered = *batch;
    answered.out.code = batch->out.code ? got : NULL;
    answered.out.scale = batch->out.scale ? got : NULL;
    size_t n = mxc_departures(&answered, i, found, 8);
    tally->unexplained += n == 0;
    tally->unknown += n && !is_known(found[0].axis, row, set);
    if (n)
        tally->by_axis[found[0].axis]++;
}

static void compare(struct tally *tally, const struct row *row, const struct set *set, const mx_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (want[i] == got[i])
            continue;
        if (!tally->differences++) {
            tally->example = set->type == MX_FP64   ? source.u64[i]
                             : set->type == MX_FP32 ? source.u32[i]
                                                    : source.u16[i];
            tally->want = want[i];
            tally->got = got[i];
        }
        explain(tally, row, set, batch, i);
    }
}

static struct tally judge(const struct row *row, const struct set *set, const mx_profile *profile,
                          mx_status (*answer)(const mx_batch *))
{
    const struct nv_call call = {row->format, set->nv, row->saturate, row->round};
    struct tally tally = {0};
    mx_batch batch = {.elem = row->elem, .type = set->type, .k = 1, .profile = *profile, .in.value = &source};
    char why[MX_WHY];
    batch.op = row->format == NV_E8M0 ? MX_OP_SCALE : MX_OP_CAST;
    *(row->format == NV_E8M0 ? &batch.out.scale : &batch.out.code) = want;
    must(mx_profile_parse(&batch.profile, row->axes, strlen(row->axes), why), row->axes);
    for (uint64_t done = 0; done < set->count; done += batch.count) {
        batch.count = set->count - done < CHUNK ? (size_t)(set->count - done) : CHUNK;
        for (size_t i = 0; i < batch.count; i++)
            got[i] = nv_encode(&call, put(set, i, set->pattern(done + i)));
        must(answer(&batch), "answering");
        compare(&tally, row, set, &batch);
        tally.cases += batch.count;
    }
    return tally;
}

static mx_status by_reference(const mx_batch *batch)
{
    return mxref_run(batch, NULL);
}

/* ---- decoding ---- */

/* Every code of every format to fp16, and every scale byte to bf16. NaN compares as a class. */
static unsigned long long decode_differences(const mx_profile *profile, unsigned long long *cases)
{
    static const mx_elem elems[] = {0, MX_E5M2, MX_E4M3, MX_E3M2, MX_E2M3, MX_E2M1, MX_E4M3};
    unsigned long long differences = 0;
    for (unsigned format = NV_E5M2; format <= NV_E8M0; format++) {
        const int is_scale = format == NV_E8M0;
        const unsigned nan_above = is_scale ? 0x7f80 : 0x7c00;
        for (unsigned code = 0; code < 1u << (is_scale ? 8 : mx_elem_bits(elems[format])); code++) {
            const uint8_t one = ONE_E4M3, in = (uint8_t)code;
            uint16_t value = 0, mine = nv_decode((enum nv_format)format, in);
            mx_batch batch = {MX_OP_DECODE,
                              elems[format],
                              is_scale ? MX_BF16 : MX_FP16,
                              1,
                              1,
                              *profile,
                              {.code = is_scale ? &one : &in, .scale = is_scale ? &in : NULL},
                              {.value = &value},
                              (mx_layout)0,
                              0,
                              0};
            if (is_scale)
                batch.op = MX_OP_DEQUANTIZE;
            must(by_reference(&batch), "decoding");
            ++*cases;
            if (value == mine || ((value & 0x7fffu) > nan_above && (mine & 0x7fffu) > nan_above))
                continue;
            differences++;
            printf("decode format %u code %02x: want %04x, got %04x\n", format, code, value, mine);
        }
    }
    return differences;
}

/* ---- report ---- */

static void print_row(const struct row *row, const struct set *set, const struct tally *tally)
{
    printf("%-22s %-12s %11llu %8llu", row->name, set->name, tally->cases, tally->differences);
    for (unsigned axis = 1; axis <= MX_AXIS_LAST; axis++)
        if (tally->by_axis[axis])
            printf(" %s (%llu)", mx_axis_name((mx_axis)axis), tally->by_axis[axis]);
    if (tally->unexplained)
        printf(" no single axis (%llu)", tally->unexplained);
    if (tally->differences)
        printf("; first: source %llx want %02x got %02x", (unsigned long long)tally->example, tally->want, tally->got);
    putchar('\n');
    fflush(stdout);
}

static void add(struct tally *sum, const struct tally *tally)
{
    sum->cases += tally->cases;
    sum->differences += tally->differences;
    sum->unexplained += tally->unexplained;
    sum->unknown += tally->unknown;
}

int main(int argc, char **argv)
{
    const int exhaustive = argc == 2 && strcmp(argv[1], "exhaustive") == 0;
    mxc_profile profile;
    mxv_error error;
    struct tally sum = {0};
    if (mxc_profile_load(&profile, "nvidia-headers", &error) != MX_OK) {
        fprintf(stderr, "test_nvidia: %s\n", error.text);
        return 99;
    }
    printf("%-22s %-12s %11s %8s axis\n", "conversion", "sources", "cases", "differ");
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof *rows; row++) {
        const struct set *from = exhaustive ? &all32 : sets;
        for (const struct set *set = from; set < from + (exhaustive ? 1 : sizeof sets / sizeof *sets); set++) {
            if (row->format == NV_E8M0 && set->type == MX_FP16)
                continue; /* there is no such entry */
            struct tally tally = judge(row, set, &profile.values, exhaustive ? mxfast_run : by_reference);
            print_row(row, set, &tally);
            add(&sum, &tally);
        }
    }
    sum.unexplained += decode_differences(&profile.values, &sum.cases);
    printf("%llu cases, %llu differences, of which %llu unexplained and %llu on an axis not known to differ\n",
           sum.cases, sum.differences, sum.unexplained, sum.unknown);
    return sum.unexplained || sum.unknown;
}

#else

int main(void)
{
    printf("cuda_fp8.h, cuda_fp6.h and cuda_fp4.h were not found by configure (--with-cuda-include=DIR)\n");
    return 77;
}

#endif
