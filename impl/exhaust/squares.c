/* SPDX-License-Identifier: BSD-3-Clause
 *
 * quantize down columns, codes in place and transposed, and both ways at once: patterns in squares of K, whose first
 * row and first column are a power of two, so that it is in each block both ways.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "impl/exhaust/exhaust.h"

enum { COLS = 1024, ROWS = COUNT / COLS, PATTERNS = BLOCKS / K * (K - 1) * (K - 1) };

static union {
    uint32_t word[COUNT];
    uint16_t half[COUNT];
} values;

/* Codes of columns as they lie in the matrix; transposed. */
typedef struct answers {
    uint8_t along[COUNT], down[COUNT], turned[COUNT], along_scales[BLOCKS], down_scales[BLOCKS];
} answers;

static answers want, got;

static void need(mx_status status)
{
    if (status != MX_OK)
        exit(99);
}

/* Where answers go: codes along rows, down columns, down columns transposed. */
static mx_blocks along(answers *a)
{
    return (mx_blocks){a->along, COLS, 1, a->along_scales, COLS / K, 1};
}

static mx_blocks down(answers *a)
{
    return (mx_blocks){a->down, COLS, 1, a->down_scales, COLS, 1};
}

static mx_blocks turned(answers *a)
{
    return (mx_blocks){a->turned, 1, ROWS, a->down_scales, COLS, 1};
}

static mx_const_view matrix(mx_type type)
{
    return (mx_const_view){&values, type, ROWS, COLS, COLS, 1};
}

static void want_by_portable(mx_elem elem, mx_type type, const mx_profile *p)
{
    const mxfast_options one = {1};
    const mx_const_view x = matrix(type);
    const mx_blocks rows = along(&want), columns = down(&want);
    need(mxfast_isa_use(1));
    need(mxfast_quantize(&rows, &x, elem, p, MX_DIM0, K, NULL, &one));
    need(mxfast_quantize(&columns, &x, elem, p, MX_DIM1, K, NULL, &one));
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < COLS; c++)
            want.turned[c * ROWS + r] = want.down[r * COLS + c];
}

/* A part of the answers of `set`. */
static int same(const uint8_t *wanted, const uint8_t *answered, size_t bytes, const char *what, unsigned set,
                mx_elem elem, mx_type type)
{
    const size_t i = exhaust_differ(wanted, answered, bytes);
    if (i == SIZE_MAX)
        return 1;
    printf("differs: %s from %s by %s, first power of two %08" PRIx32 ", %s, byte %zu: %02x %02x\n", mx_elem_name(elem),
           mx_type_name(type), mxfast_isa_name(set), type == MX_FP32 ? values.word[0] : values.half[0], what, i,
           wanted[i], answered[i]);
    return 0;
}

static int one_set(unsigned set, mx_elem elem, mx_type type, const mx_profile *p)
{
    const mxfast_options one = {1};
    const mx_const_view x = matrix(type);
    const mx_blocks rows = along(&got), in_place = down(&got), across = turned(&got);
    int good;
    need(mxfast_isa_use(1u << set));
    need(mxfast_quantize(&in_place, &x, elem, p, MX_DIM1, K, NULL, &one));
    good = same(want.down, got.down, COUNT, "codes in place", set, elem, type);
    good &= same(want.down_scales, got.down_scales, BLOCKS, "scales", set, elem, type);
    need(mxfast_quantize(&across, &x, elem, p, MX_DIM1, K, NULL, &one));
    good &= same(want.turned, got.turned, COUNT, "codes transposed", set, elem, type);
    good &= same(want.down_scales, got.down_scales, BLOCKS, "their scales", set, elem, type);
    need(mxfast_quantize_both(&rows, &across, &x, elem, p, K, NULL, &one));
    good &= same(want.along, got.along, COUNT, "both ways, codes of rows", set, elem, type);
    good &= same(want.along_scales, got.along_scales, BLOCKS, "both ways, scales of rows", set, elem, type);
    good &= same(want.turned, got.turned, COUNT, "both ways, codes of columns", set, elem, type);
    good &= same(want.down_scales, got.down_scales, BLOCKS, "both ways, scales of columns", set, elem, type);
    return !good;
}

static int all_sets(unsigned mask, mx_elem elem, mx_type type, const mx_profile *p, uint64_t *done)
{
    int bad = 0;
    want_by_portable(elem, type, p);
    for (unsigned i = 1; mask >> i != 0; i++)
        if (mask >> i & 1) {
            bad |= one_set(i, elem, type, p);
            *done += 4 * COUNT;
        }
    return bad;
}

static void beside(mx_type type, uint32_t power, uint64_t first)
{
    for (size_t i = 0; i < COUNT; i++) {
        const int edge = i / COLS % K == 0 || i % K == 0;
        const uint32_t bits = edge ? power : (uint32_t)first++;
        if (type == MX_FP32)
            values.word[i] = bits;
        else
            values.half[i] = (uint16_t)bits;
    }
}

static int narrow_type(unsigned mask, mx_type type, slice part, uint64_t *done)
{
    const unsigned mbits = type == MX_BF16 ? 7 : 10, fields = type == MX_BF16 ? 255 : 31;
    mx_profile p = exhaust_profile();
    int bad = 0;
    for (uint64_t field = part.first; field < fields; field += part.step) {
        beside(type, (uint32_t)(field << mbits | (field == 0)), 0);
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            for (p.round = MX_RNE; p.round <= MX_RTO; p.round++)
                bad |= all_sets(mask, elem, type, &p, done);
    }
    return bad;
}

int exhaust_narrow_squares(unsigned mask, slice part, uint64_t *done)
{
    _Static_assert(PATTERNS >= 1 << 16, "all patterns of 16 bits are in one matrix");
    return narrow_type(mask, MX_BF16, part, done) | narrow_type(mask, MX_FP16, part, done);
}

static int wide_some(unsigned mask, uint64_t at, uint64_t *done)
{
    mx_profile p = exhaust_profile();
    int bad = 0;
    for (size_t f = 0; f < WIDE_FIELDS; f++) {
        beside(MX_FP32, (uint32_t)exhaust_fields[f] << 23, at);
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            bad |= all_sets(mask, elem, MX_FP32, &p, done);
    }
    return bad;
}

int exhaust_wide_squares(unsigned mask, slice part, uint64_t *done)
{
    return exhaust_shards(mask, part, 1u << 12, PATTERNS, wide_some, done);
}
