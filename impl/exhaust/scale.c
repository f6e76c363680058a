/* SPDX-License-Identifier: BSD-3-Clause
 *
 * scale, and quantize of blocks of 16 with one value that is not zero.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "impl/exhaust/exhaust.h"

enum { SHORT = 16, LANE = 5 };

/* All zero, but for one value of each block of SHORT; that value by itself. */
static uint32_t values[BLOCKS * SHORT], alone[BLOCKS];
static uint8_t codes[BLOCKS * SHORT], scales[2][BLOCKS];

static int compare(unsigned set, mx_elem elem, uint8_t rule)
{
    const size_t bad = exhaust_differ(scales[0], scales[1], BLOCKS);
    if (bad == SIZE_MAX)
        return 0;
    printf("differs: scale of %08" PRIx32 " for %s, rule %d, by %s: %02x %02x\n", alone[bad], mx_elem_name(elem), rule,
           mxfast_isa_name(set), scales[0][bad], scales[1][bad]);
    return 1;
}

static int rule_of(unsigned mask, uint32_t at, uint8_t rule, mx_elem elem, uint64_t *done)
{
    const mxfast_options one = {1};
    mx_profile p = exhaust_profile();
    int bad = 0;
    p.scale = rule;
    for (uint32_t b = 0; b < BLOCKS; b++)
        alone[b] = values[b * SHORT + LANE] = at + b;
    mx_batch batch = {.op = MX_OP_SCALE, .elem = elem, .type = MX_FP32, .k = 1, .count = BLOCKS, .profile = p};
    batch.in.value = alone;
    batch.out.scale = scales[0];
    if (mxfast_run_by(&batch, 1) != MX_OK)
        exit(99);
    batch.out.scale = scales[1];
    for (unsigned i = 1; mask >> i != 0 && !bad; i++) {
        mx_const_view x = {values, MX_FP32, 1, BLOCKS * SHORT, BLOCKS * SHORT, 1};
        mx_blocks out = {codes, BLOCKS * SHORT, 1, scales[1], BLOCKS, 1};
        if (!(mask >> i & 1))
            continue;
        if (mxfast_isa_use(1u << i) != MX_OK ||
            mxfast_quantize(&out, &x, elem, &p, MX_DIM0, SHORT, NULL, &one) != MX_OK)
            exit(99);
        bad = compare(i, elem, rule);
        if (mxfast_run_by(&batch, 1u << i) != MX_OK)
            exit(99);
        bad |= compare(i, elem, rule);
        *done += 2 * BLOCKS;
    }
    return bad;
}

static int some(unsigned mask, uint64_t at, uint64_t *done)
{
    int bad = 0;
    for (uint8_t rule = MX_SCALE_FLOOR; rule <= MX_SCALE_LAST; rule++)
        bad |= rule_of(mask, (uint32_t)at, rule, (mx_elem)(1 + (at / BLOCKS + rule) % 6), done);
    return bad;
}

int exhaust_scale(unsigned mask, slice part, uint64_t *done)
{
    return exhaust_shards(mask, part, 1u << 11, BLOCKS, some, done);
}
