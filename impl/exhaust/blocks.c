/* SPDX-License-Identifier: BSD-3-Clause
 *
 * quantize along rows: patterns in blocks, beside a power of two.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "impl/exhaust/exhaust.h"

static union {
    uint32_t word[COUNT];
    uint16_t half[COUNT];
} values;
static uint8_t codes[2][COUNT], scales[2][BLOCKS];

static void quantize(unsigned mask, int to, mx_elem elem, mx_type type, const mx_profile *p)
{
    const mxfast_options one = {1};
    mx_const_view x = {&values, type, 1, COUNT, COUNT, 1};
    mx_blocks out = {codes[to], COUNT, 1, scales[to], BLOCKS, 1};
    if (mxfast_isa_use(mask) != MX_OK || mxfast_quantize(&out, &x, elem, p, MX_DIM0, K, NULL, &one) != MX_OK)
        exit(99);
}

/* What a set answered, against what portable did. */
static int compare(unsigned set, mx_elem elem, mx_type type)
{
    size_t code = exhaust_differ(codes[0], codes[1], COUNT), scale = exhaust_differ(scales[0], scales[1], BLOCKS);
    if (code == SIZE_MAX && scale == SIZE_MAX)
        return 0;
    size_t i = code != SIZE_MAX ? code : scale * K;
    uint32_t bits = type == MX_FP32 ? values.word[i] : values.half[i];
    printf("differs: %s from %s by %s, value %08" PRIx32 " in block %zu: code %02x %02x scale %02x %02x\n",
           mx_elem_name(elem), mx_type_name(type), mxfast_isa_name(set), bits, i / K, codes[0][i], codes[1][i],
           scales[0][i / K], scales[1][i / K]);
    return 1;
}

static int all_sets(unsigned mask, mx_elem elem, mx_type type, const mx_profile *p, uint64_t *done)
{
    int bad = 0;
    quantize(1, 0, elem, type, p);
    for (unsigned i = 1; mask >> i != 0; i++)
        if (mask >> i & 1) {
            quantize(1u << i, 1, elem, type, p);
            bad |= compare(i, elem, type);
            *done += COUNT;
        }
    return bad;
}

static int narrow_type(unsigned mask, mx_type type, uint8_t first_round, uint8_t last_round, slice part, uint64_t *done)
{
    unsigned mbits = type == MX_BF16 ? 7 : 10, fields = type == MX_BF16 ? 255 : 31;
    mx_profile p = exhaust_profile();
    int bad = 0;
    /* a block: the power of two, and 31 patterns in turn */
    for (uint64_t field = part.first; field < fields; field += part.step)
        for (uint32_t first = 0; first < 1u << 16; first += BLOCKS * (K - 1)) {
            for (uint32_t b = 0; b < BLOCKS; b++) {
                values.half[b * K] = (uint16_t)(field << mbits | (field == 0));
                for (uint32_t i = 1; i < K; i++)
                    values.half[b * K + i] = (uint16_t)(first + b * (K - 1) + i - 1);
            }
            for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
                for (p.round = first_round; p.round <= last_round; p.round++)
                    bad |= all_sets(mask, elem, type, &p, done);
        }
    return bad;
}

int exhaust_narrow(unsigned mask, slice part, uint64_t *done)
{
    return narrow_type(mask, MX_BF16, MX_RNE, MX_RNE, part, done) |
           narrow_type(mask, MX_FP16, MX_RNE, MX_RNE, part, done);
}

int exhaust_narrow_rounds(unsigned mask, slice part, uint64_t *done)
{
    return narrow_type(mask, MX_BF16, MX_RNA, MX_RTO, part, done) |
           narrow_type(mask, MX_FP16, MX_RNA, MX_RTO, part, done);
}

/* A block: the power of two with this exponent field, and 31 patterns in turn. */
static void beside(uint8_t field, uint64_t at)
{
    for (uint32_t b = 0; b < BLOCKS; b++) {
        values.word[b * K] = (uint32_t)field << 23;
        for (uint32_t i = 1; i < K; i++)
            values.word[b * K + i] = (uint32_t)(at + b * (K - 1) + i - 1);
    }
}

static int wide_some(unsigned mask, uint64_t at, uint64_t *done)
{
    mx_profile p = exhaust_profile();
    int bad = 0;
    for (size_t f = 0; f < WIDE_FIELDS; f++) {
        beside(exhaust_fields[f], at);
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            bad |= all_sets(mask, elem, MX_FP32, &p, done);
    }
    return bad;
}

int exhaust_wide(unsigned mask, slice part, uint64_t *done)
{
    return exhaust_shards(mask, part, 1u << 12, BLOCKS * (K - 1), wide_some, done);
}

/* Each rounding under each of these powers of two, the floating formats in turn. */
static int wide_rounds_some(unsigned mask, uint64_t at, uint64_t *done)
{
    static const uint8_t fields[] = {3, 60, 127, 253};
    enum { FORMATS = MX_INT8 - MX_E5M2, ROUNDINGS = MX_SR - MX_RNA };
    mx_profile p = exhaust_profile();
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

int exhaust_wide_rounds(unsigned mask, slice part, uint64_t *done)
{
    return exhaust_shards(mask, part, 1u << 12, BLOCKS * (K - 1), wide_rounds_some, done);
}
