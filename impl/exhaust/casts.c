/* SPDX-License-Identifier: BSD-3-Clause
 *
 * cast and scaled-cast.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "impl/exhaust/exhaust.h"

static union {
    uint32_t word[COUNT];
    uint16_t half[COUNT];
} values;
static uint32_t random_words[COUNT];
static uint8_t codes[2][COUNT], bytes[COUNT];

/* `values` under one scale byte, or none (-1). */
static int cast_all(unsigned mask, mx_elem elem, mx_type type, const mx_profile *p, int byte, size_t count,
                    uint64_t *done)
{
    mx_batch batch = {.op = byte < 0 ? MX_OP_CAST : MX_OP_SCALED_CAST, .elem = elem, .type = type, .k = 1};
    batch.count = count;
    batch.profile = *p;
    batch.in.value = &values;
    memset(bytes, byte, sizeof bytes);
    if (byte >= 0)
        batch.in.scale = bytes;
    for (uint32_t i = 0; p->round == MX_SR && i < COUNT; i++)
        random_words[i] = (i * 2654435761u) >> (32 - p->sr_bits);
    if (p->round == MX_SR)
        batch.in.random = random_words;
    batch.out.code = codes[0];
    if (mxfast_run_by(&batch, 1) != MX_OK)
        exit(99);
    batch.out.code = codes[1];
    for (unsigned i = 1; mask >> i != 0; i++) {
        if (!(mask >> i & 1))
            continue;
        if (mxfast_run_by(&batch, 1u << i) != MX_OK)
            exit(99);
        size_t bad = exhaust_differ(codes[0], codes[1], count);
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

int exhaust_casts(unsigned mask, slice part, uint64_t *done)
{
    (void)part;
    mx_profile p = exhaust_profile();
    int bad = 0;
    for (uint32_t i = 0; i < 1u << 16; i++)
        values.half[i] = (uint16_t)i;
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
    static const int under[] = {-1, 0, 1, 2, 30, 64, 100, 119, 126, 127, 128, 140, 200, 252, 253, 254, 255};
    mx_profile p = exhaust_profile();
    int bad = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        values.word[i] = (uint32_t)at + i;
    for (size_t b = 0; b < sizeof under / sizeof *under; b++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            bad |= cast_all(mask, elem, MX_FP32, &p, under[b], COUNT, done);
    return bad;
}

int exhaust_wide_casts(unsigned mask, slice part, uint64_t *done)
{
    return exhaust_shards(mask, part, 1u << 12, COUNT, wide_casts_some, done);
}
