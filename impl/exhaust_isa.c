/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whole input spaces through every instruction set, compared with the portable kernels, six formats, one of:
 *
 *   exhaust_isa narrow        quantize: each bf16 and fp16 pattern beside each power of two, so under each scale that a
 *                             power gives; dequantize: each code under each scale byte
 *
 *   exhaust_isa narrow-rounds [STEP [FIRST]]   the same of quantize, every rounding but sr and rne
 *
 *   exhaust_isa scale [STEP [FIRST]]  scale, and quantize alone in a block: each of the 2^31 fp32 magnitudes, four
 *                             scale rules, in turn for each format
 *
 *   exhaust_isa wide [STEP [FIRST]]   quantize: each of the 2^32 fp32 patterns beside each of 16 powers of two;
 *                             patterns larger than the power set the scale themselves
 *
 *   exhaust_isa wide-rounds [STEP [FIRST]]   the same under 4 of them, every rounding but sr and rne, a format each
 *
 *   exhaust_isa casts         cast and scaled-cast: each bf16 and fp16 pattern, alone and under each scale byte, every
 *                             rounding, overflow=saturate and special
 *
 *   exhaust_isa wide-casts [STEP [FIRST]]   the same of the 2^32 fp32 patterns, under 16 scale bytes, round=rne
 *
 * STEP: only every STEP-th of the shards of 2^20 patterns (of the powers of two), from number FIRST (0, below STEP): N
 * processes with STEP N and FIRST 0 to N - 1 do all. One line with the number of values compared; exit 0 when all
 * agree, 1 when not, 2 usage, 77 when there is no set but portable, 99 harness error.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mx/fast.h>
#include <mx/names.h>

enum { K = 32, BLOCKS = 1 << 12, COUNT = BLOCKS * K };

static uint32_t *values;
static uint8_t *codes[2], *scales[2];
static uint32_t *outs[2];

/* Shards first, first + step, ... */
typedef struct slice {
    uint64_t step, first;
} slice;

/* What is done with the patterns from `at` on. */
typedef int some(unsigned mask, uint64_t at, uint64_t *done);

/* The patterns below `shards` 2^20, so many at a time. */
static int each_shard(unsigned mask, slice part, uint64_t shards, uint64_t at_a_time, some *what, uint64_t *done)
{
    int bad = 0;
    for (uint64_t shard = part.first; shard < shards; shard += part.step)
        for (uint64_t at = shard << 20; at < (shard + 1) << 20 && !bad; at += at_a_time)
            bad = what(mask, at, done);
    return bad;
}

static mx_profile first_values(void)
{
    mx_profile p;
    memset(&p, 1, sizeof p);
    p.sr_bits = 0;
    return p;
}

/* The first difference, or SIZE_MAX. */
static size_t differ(const void *a, const void *b, size_t bytes)
{
    const unsigned char *x = a, *y = b;
    if (memcmp(a, b, bytes) == 0)
        return SIZE_MAX;
    size_t i = 0;
    while (x[i] == y[i])
        i++;
    return i;
}

static int quantize(unsigned mask, int to, mx_elem elem, mx_type type, const mx_profile *p)
{
    const mxfast_options one = {1};
    mx_const_view x = {values, type, 1, COUNT, COUNT, 1};
    mx_blocks out = {codes[to], COUNT, 1, scales[to], BLOCKS, 1};
    return mxfast_isa_use(mask) == MX_OK && mxfast_quantize(&out, &x, elem, p, MX_DIM0, K, NULL, &one) == MX_OK;
}

/* Quantise `values` both ways. 0 when all agree. */
static int compare(unsigned mask, mx_elem elem, mx_type type, const mx_profile *p, int again)
{
    if ((again && !quantize(1, 0, elem, type, p)) || !quantize(mask, 1, elem, type, p))
        exit(99);
    size_t code = differ(codes[0], codes[1], COUNT), scale = differ(scales[0], scales[1], BLOCKS);
    if (code == SIZE_MAX && scale == SIZE_MAX)
        return 0;
    size_t i = code != SIZE_MAX ? code : scale * K;
    uint32_t bits = type == MX_FP32 ? values[i] : ((const uint16_t *)(const void *)values)[i];
    printf("differs: %s from %s, value %08" PRIx32 " in block %zu: code %02x %02x scale %02x %02x\n",
           mx_elem_name(elem), mx_type_name(type), bits, i / K, codes[0][i], codes[1][i], scales[0][i / K],
           scales[1][i / K]);
    return 1;
}

static int others(unsigned *mask)
{
    *mask = mxfast_isa_available() & ~1u;
    if (*mask == 0)
        printf("no instruction set but portable: nothing to compare\n");
    return *mask != 0;
}

/* Each set of the mask against portable on `values`. */
static int all_sets(unsigned mask, mx_elem elem, mx_type type, const mx_profile *p, uint64_t *done)
{
    int bad = 0, again = 1;
    for (unsigned i = 1; mask >> i != 0; i++)
        if (mask >> i & 1) {
            bad |= compare(1u << i, elem, type, p, again);
            again = 0;
            *done += COUNT;
        }
    return bad;
}

static int narrow_type(unsigned mask, mx_type type, uint8_t first_round, uint8_t last_round, slice part, uint64_t *done)
{
    uint16_t *half = (uint16_t *)(void *)values;
    unsigned mbits = type == MX_BF16 ? 7 : 10, fields = type == MX_BF16 ? 255 : 31;
    mx_profile p = first_values();
    int bad = 0;
    /* a block: the power of two, and 31 patterns in turn */
    for (uint64_t field = part.first; field < fields; field += part.step)
        for (uint32_t first = 0; first < 1u << 16; first += BLOCKS * (K - 1)) {
            for (uint32_t b = 0; b < BLOCKS; b++) {
                half[b * K] = (uint16_t)(field << mbits | (field == 0));
                for (uint32_t i = 1; i < K; i++)
                    half[b * K + i] = (uint16_t)(first + b * (K - 1) + i - 1);
            }
            for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
                for (p.round = first_round; p.round <= last_round; p.round++)
                    bad |= all_sets(mask, elem, type, &p, done);
        }
    return bad;
}

/* Each code under each scale byte. */
static int decode_all(unsigned mask, uint64_t *done)
{
    const mxfast_options one = {1};
    mx_profile p = first_values();
    for (uint32_t b = 0; b < 256 * 8; b++)
        for (uint32_t i = 0; i < K; i++) {
            codes[0][b * K + i] = (uint8_t)(b % 8 * K + i);
            scales[0][b] = (uint8_t)(b / 8);
        }
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
        for (mx_type type = MX_FP32; type <= MX_FP16; type++)
            for (unsigned i = 0; mask >> i != 0; i++) {
                if (i != 0 && !(mask >> i & 1))
                    continue;
                size_t n = 256 * 8 * K;
                mx_view y = {outs[i != 0], type, 1, n, (ptrdiff_t)n, 1};
                mx_const_blocks in = {codes[0], (ptrdiff_t)n, 1, scales[0], 256 * 8, 1};
                if (mxfast_isa_use(1u << i) != MX_OK || mxfast_dequantize(&y, &in, elem, &p, MX_DIM0, K, &one) != MX_OK)
                    exit(99);
                if (i != 0 && memcmp(outs[0], outs[1], n * mx_type_bytes(type)) != 0) {
                    printf("differs: values of %s as %s by %s\n", mx_elem_name(elem), mx_type_name(type),
                           mxfast_isa_name(i));
                    return 1;
                }
                *done += i != 0 ? n : 0;
            }
    return 0;
}

static int narrow(unsigned mask, slice part, uint64_t *done)
{
    return decode_all(mask, done) | narrow_type(mask, MX_BF16, MX_RNE, MX_RNE, part, done) |
           narrow_type(mask, MX_FP16, MX_RNE, MX_RNE, part, done);
}

static int narrow_rounds(unsigned mask, slice part, uint64_t *done)
{
    return narrow_type(mask, MX_BF16, MX_RNA, MX_RTO, part, done) |
           narrow_type(mask, MX_FP16, MX_RNA, MX_RTO, part, done);
}

/* Blocks of 16 with one value that is not zero, and that value by itself, against the portable scale of it. */
static int scale_rule(unsigned mask, uint32_t at, uint8_t rule, mx_elem elem, uint64_t *done)
{
    enum { SHORT = 16, LANE = 5 };
    const mxfast_options one = {1};
    static uint32_t alone[BLOCKS];
    mx_profile p = first_values();
    p.scale = rule;
    for (uint32_t b = 0; b < BLOCKS; b++)
        alone[b] = values[b * SHORT + LANE] = at + b;
    mx_batch batch = {.op = MX_OP_SCALE, .elem = elem, .type = MX_FP32, .k = 1, .count = BLOCKS, .profile = p};
    batch.in.value = alone;
    batch.out.scale = scales[0];
    if (mxfast_isa_use(1) != MX_OK || mxfast_run(&batch) != MX_OK)
        exit(99);
    for (unsigned i = 1; mask >> i != 0; i++) {
        mx_const_view x = {values, MX_FP32, 1, BLOCKS * SHORT, BLOCKS * SHORT, 1};
        mx_blocks out = {codes[1], BLOCKS * SHORT, 1, scales[1], BLOCKS, 1};
        if (!(mask >> i & 1))
            continue;
        if (mxfast_isa_use(1u << i) != MX_OK ||
            mxfast_quantize(&out, &x, elem, &p, MX_DIM0, SHORT, NULL, &one) != MX_OK)
            exit(99);
        for (int by_itself = 0; by_itself < 2; by_itself++) {
            batch.out.scale = scales[1];
            if (by_itself && mxfast_run(&batch) != MX_OK)
                exit(99);
            size_t bad = differ(scales[0], scales[1], BLOCKS);
            if (bad != SIZE_MAX) {
                printf("differs: scale of %08" PRIx32 " for %s, rule %d, by %s: %02x %02x\n", alone[bad],
                       mx_elem_name(elem), rule, mxfast_isa_name(i), scales[0][bad], scales[1][bad]);
                return 1;
            }
            *done += BLOCKS;
        }
    }
    return 0;
}

static int scale_some(unsigned mask, uint64_t at, uint64_t *done)
{
    int bad = 0;
    for (uint8_t rule = MX_SCALE_FLOOR; rule <= MX_SCALE_RCEIL; rule++)
        bad |= scale_rule(mask, (uint32_t)at, rule, (mx_elem)(1 + (at / BLOCKS + rule) % 6), done);
    return bad;
}

static int scale(unsigned mask, slice part, uint64_t *done)
{
    memset(values, 0, COUNT * sizeof *values);
    return each_shard(mask, part, 1u << 11, BLOCKS, scale_some, done);
}

/* A block: the power of two with this exponent field, and 31 patterns in turn. */
static void beside(uint8_t field, uint64_t at)
{
    for (uint32_t b = 0; b < BLOCKS; b++) {
        values[b * K] = (uint32_t)field << 23;
        for (uint32_t i = 1; i < K; i++)
            values[b * K + i] = (uint32_t)(at + b * (K - 1) + i - 1);
    }
}

/* Patterns beside the largest values of these scale bytes under the floor rule. */
static int wide_some(unsigned mask, uint64_t at, uint64_t *done)
{
    static const uint8_t fields[] = {1, 2, 3, 24, 60, 100, 120, 126, 127, 128, 134, 160, 200, 252, 253, 254};
    mx_profile p = first_values();
    int bad = 0;
    for (size_t f = 0; f < sizeof fields; f++) {
        beside(fields[f], at);
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            bad |= all_sets(mask, elem, MX_FP32, &p, done);
    }
    return bad;
}

static int wide(unsigned mask, slice part, uint64_t *done)
{
    return each_shard(mask, part, 1u << 12, BLOCKS * (K - 1), wide_some, done);
}

/* Each rounding under each of these powers of two, the floating formats in turn. */
static int wide_rounds_some(unsigned mask, uint64_t at, uint64_t *done)
{
    static const uint8_t fields[] = {3, 60, 127, 253};
    enum { FORMATS = MX_INT8 - MX_E5M2, ROUNDINGS = MX_SR - MX_RNA };
    mx_profile p = first_values();
    int bad = 0;
    for (unsigned f = 0; f < sizeof fields; f++) {
        beside(fields[f], at);
        for (unsigned r = 0; r < ROUNDINGS; r++) {
            p.round = (uint8_t)(MX_RNA + r);
            bad |= all_sets(mask, (mx_elem)(MX_E5M2 + (r + f) % FORMATS), MX_FP32, &p, done);
        }
    }
    return bad;
}

static int wide_rounds(unsigned mask, slice part, uint64_t *done)
{
    return each_shard(mask, part, 1u << 12, BLOCKS * (K - 1), wide_rounds_some, done);
}

/* ---- cast and scaled-cast ---- */

/* `values` under one scale byte, or none (-1), both ways. */
static int cast_all(unsigned mask, mx_elem elem, mx_type type, const mx_profile *p, int byte, size_t count,
                    uint64_t *done)
{
    static uint32_t random[COUNT];
    static uint8_t bytes[COUNT];
    mx_batch batch = {.op = byte < 0 ? MX_OP_CAST : MX_OP_SCALED_CAST, .elem = elem, .type = type, .k = 1};
    batch.count = count;
    batch.profile = *p;
    batch.in.value = values;
    memset(bytes, byte, sizeof bytes);
    if (byte >= 0)
        batch.in.scale = bytes;
    for (uint32_t i = 0; p->round == MX_SR && i < COUNT; i++)
        random[i] = (i * 2654435761u) >> (32 - p->sr_bits);
    if (p->round == MX_SR)
        batch.in.random = random;
    batch.out.code = codes[0];
    if (mxfast_run_by(&batch, 1) != MX_OK)
        exit(99);
    batch.out.code = codes[1];
    for (unsigned i = 1; mask >> i != 0; i++) {
        if (!(mask >> i & 1))
            continue;
        if (mxfast_run_by(&batch, 1u << i) != MX_OK)
            exit(99);
        size_t bad = differ(codes[0], codes[1], count);
        if (bad != SIZE_MAX) {
            printf("differs: %s of %s value %zu to %s, byte %d, round %d, by %s: %02x %02x\n", mx_op_name(batch.op),
                   mx_type_name(type), bad, mx_elem_name(elem), byte, p->round, mxfast_isa_name(i), codes[0][bad],
                   codes[1][bad]);
            return 1;
        }
        *done += count;
    }
    return 0;
}

static int casts(unsigned mask, slice part, uint64_t *done)
{
    (void)part;
    uint16_t *half = (uint16_t *)(void *)values;
    mx_profile p = first_values();
    int bad = 0;
    for (uint32_t i = 0; i < 1u << 16; i++)
        half[i] = (uint16_t)i;
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
        for (mx_type type = MX_BF16; type <= MX_FP16; type++)
            for (uint8_t setting = 0; setting < MX_SR * 2; setting++)
                for (int byte = -1; byte < 256 && !bad; byte++) {
                    p.round = (uint8_t)(1 + setting / 2);
                    p.overflow = (uint8_t)(1 + setting % 2);
                    p.sr_bits = p.round == MX_SR ? 7 : 0;
                    bad = cast_all(mask, elem, type, &p, byte, 1u << 16, done);
                }
    return bad;
}

static int wide_casts_some(unsigned mask, uint64_t at, uint64_t *done)
{
    static const int bytes[] = {-1, 0, 1, 2, 30, 64, 100, 119, 126, 127, 128, 140, 200, 252, 253, 254, 255};
    mx_profile p = first_values();
    int bad = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        values[i] = (uint32_t)at + i;
    for (size_t b = 0; b < sizeof bytes / sizeof *bytes; b++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            bad |= cast_all(mask, elem, MX_FP32, &p, bytes[b], COUNT, done);
    return bad;
}

static int wide_casts(unsigned mask, slice part, uint64_t *done)
{
    return each_shard(mask, part, 1u << 12, COUNT, wide_casts_some, done);
}

/* ---- the command ---- */

typedef struct space {
    const char *name;
    int (*compare)(unsigned mask, slice part, uint64_t *done);
    uint64_t shards; /* 0: always whole */
} space;

static const space spaces[] = {
    {"narrow", narrow, 0},
    {"narrow-rounds", narrow_rounds, 255},
    {"scale", scale, 1 << 11},
    {"wide", wide, 1 << 12},
    {"wide-rounds", wide_rounds, 1 << 12},
    {"casts", casts, 0},
    {"wide-casts", wide_casts, 1 << 12},
};

static const space *space_named(const char *name)
{
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (strcmp(spaces[i].name, name) == 0)
            return &spaces[i];
    return NULL;
}

/* STEP and FIRST. 0: they are no numbers, or name no shard. */
static int slice_of(slice *part, const space *of, int n, char **words)
{
    uint64_t number[2] = {1, 0};
    for (int i = 0; i < n; i++) {
        char *end;
        number[i] = strtoull(words[i], &end, 10);
        if (*words[i] < '0' || *words[i] > '9' || *end != 0)
            return 0;
    }
    *part = (slice){number[0], number[1]};
    return n == 0 || (number[0] <= of->shards && number[1] < number[0]);
}

static int usage(void)
{
    fputs(
        "usage: exhaust_isa narrow|casts\n"
        "       exhaust_isa narrow-rounds|scale|wide|wide-rounds|wide-casts [STEP [FIRST]], FIRST below STEP, and STEP "
        "at most the number of shards: 255, 2048, 4096, 4096, 4096\n",
        stderr);
    return 2;
}

static int room(void)
{
    values = malloc(COUNT * sizeof *values);
    for (int i = 0; i < 2; i++) {
        codes[i] = malloc(COUNT);
        scales[i] = malloc(BLOCKS);
        outs[i] = malloc(256 * 256 * sizeof *outs[i]);
        if (!values || !codes[i] || !scales[i] || !outs[i])
            return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    unsigned mask;
    uint64_t done = 0;
    slice part;
    const space *of = argc > 1 ? space_named(argv[1]) : NULL;
    if (of == NULL || argc > 4 || !slice_of(&part, of, argc - 2, argv + 2))
        return usage();
    if (!room())
        return 99;
    if (!others(&mask))
        return 77;
    int bad = of->compare(mask, part, &done);
    printf("%s %s: %" PRIu64 " compared\n", bad ? "FAIL" : "PASS", of->name, done);
    return bad;
}
