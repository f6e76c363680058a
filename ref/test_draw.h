/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For the tests of the reference: seeded random batches over everything a batch can say.
 */
#ifndef MXREF_TEST_DRAW_H
#define MXREF_TEST_DRAW_H

#include "ref/test_util.h"

enum { K = 9, CASES = 12, N = K * CASES };

static uint64_t draw_state;

/* xorshift64* (Vigna 2016) */
static inline uint64_t draw(void)
{
    draw_state ^= draw_state >> 12;
    draw_state ^= draw_state << 25;
    draw_state ^= draw_state >> 27;
    return draw_state * 2685821657736338717u >> 8;
}

static inline uint64_t below(uint64_t n)
{
    return draw() % n;
}

typedef struct store {
    uint64_t value[N];
    uint32_t random[N];
    uint8_t scale[CASES], code[N];
} store;

typedef struct answers {
    uint64_t value[N];
    uint8_t scale[CASES], code[N], open_value[N], open_scale[CASES], open_code[N];
} answers;

static inline void draw_profile(mx_profile *profile)
{
    for (unsigned axis = 1; axis <= MX_AXIS_LAST; axis++)
        mx_profile_set(profile, (mx_axis)axis, 1 + (unsigned)below(mx_axis_count((mx_axis)axis)));
    if (profile->round == MX_SR)
        profile->sr_bits = (uint8_t)(1 + below(32));
}

/* A value with an exponent often near 1, sometimes subnormal or special, and a fraction that is often short, or short
 * and one ulp off. */
static inline uint64_t draw_value(mx_type type)
{
    static const unsigned ebits[MX_TYPE_LAST + 1] = {0, 8, 8, 5, 11}, mbits[MX_TYPE_LAST + 1] = {0, 23, 7, 10, 52};
    uint64_t ones = ((uint64_t)1 << ebits[type]) - 1, fractions = ((uint64_t)1 << mbits[type]) - 1;
    uint64_t e = below(3) == 0 ? draw() & ones : ones / 2 + below(16) - 8;
    uint64_t m = draw() & fractions, shorter = m & (fractions << (mbits[type] - below(7)));

    if (below(16) == 0)
        e = 0;
    if (below(30) == 0)
        e = ones;
    if (below(4) != 0)
        m = shorter + below(3) - 1;
    return (below(2) << ebits[type] | e) << mbits[type] | (m & fractions);
}

static inline void draw_inputs(mx_batch *batch, store *in)
{
    size_t width = mx_type_bytes(batch->type);
    unsigned n = batch->profile.sr_bits;

    for (size_t i = 0; i < N; i++) {
        uint64_t bits = draw_value(batch->type);
        uint32_t word = (uint32_t)bits;
        uint16_t half = (uint16_t)bits;
        const void *from = width == 8 ? (const void *)&bits : width == 4 ? (const void *)&word : (const void *)&half;
        memcpy((char *)in->value + i * width, from, width);
        in->random[i] = n == 0 ? 0 : (uint32_t)(draw() & (((uint64_t)1 << n) - 1));
        in->code[i] = (uint8_t)below((uint64_t)1 << mx_elem_bits(batch->elem));
    }
    for (size_t i = 0; i < CASES; i++)
        in->scale[i] = (uint8_t)(below(4) != 0 ? 119 + below(16) : below(6) != 0 ? draw() : 255);
}

static inline void point(mx_batch *batch, const store *in, answers *out)
{
    const mx_op_info *info = mx_op_info_of(batch->op);

    batch->in = (mx_inputs){0};
    batch->out = (mx_outputs){0};
    for (size_t c = 0; c < info->n_in; c++) {
        if (info->in[c].kind == MX_COL_VALUE)
            batch->in.value = in->value;
        else if (info->in[c].kind == MX_COL_SCALE)
            batch->in.scale = in->scale;
        else
            batch->in.code = in->code;
    }
    if (info->rounds && batch->profile.round == MX_SR)
        batch->in.random = in->random;
    for (size_t c = 0; c < info->n_out; c++) {
        if (info->out[c].kind == MX_COL_VALUE)
            batch->out.value = out->value;
        else if (info->out[c].kind == MX_COL_SCALE)
            batch->out.scale = out->scale;
        else
            batch->out.code = out->code;
    }
}

/* A batch of any operation on numbers, format, type, block size and profile, with its inputs; the seed fixes it all. */
static inline void draw_batch(uint64_t seed, mx_batch *batch, store *in)
{
    *batch = (mx_batch){.count = CASES, .k = 1};
    draw_state = seed * 0x9e3779b97f4a7c15u + 1;
    batch->op = (mx_op)(1 + below(MX_OP_DEQUANTIZE));
    batch->elem = (mx_elem)(1 + below(MX_ELEM_LAST));
    batch->type = (mx_type)(1 + below(MX_TYPE_LAST));
    if (mx_op_info_of(batch->op)->is_block)
        batch->k = 1 + below(K);
    draw_profile(&batch->profile);
    draw_inputs(batch, in);
}

#endif
