/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The portable kernels: the readable statement of the algorithm.
 */
#include <string.h>

#include "impl/common.h"
#include "impl/pack.h"
#include "impl/round.h"

/* ---- values in memory ---- */

static inline uint64_t load(mx_type type, const void *base, ptrdiff_t index)
{
    const unsigned char *bytes = base;
    uint64_t wide;
    uint32_t word;
    uint16_t half;
    switch (type) {
    case MX_FP64:
        memcpy(&wide, bytes + index * 8, sizeof wide);
        return wide;
    case MX_FP32:
        memcpy(&word, bytes + index * 4, sizeof word);
        return word;
    default:
        memcpy(&half, bytes + index * 2, sizeof half);
        return half;
    }
}

static inline void store(mx_type type, void *base, ptrdiff_t index, uint64_t bits)
{
    unsigned char *bytes = base;
    uint32_t word = (uint32_t)bits;
    uint16_t half = (uint16_t)bits;
    switch (type) {
    case MX_FP64:
        memcpy(bytes + index * 8, &bits, sizeof bits);
        break;
    case MX_FP32:
        memcpy(bytes + index * 4, &word, sizeof word);
        break;
    default:
        memcpy(bytes + index * 2, &half, sizeof half);
        break;
    }
}

/* Element i of block b. */
static inline ptrdiff_t at(size_t i, ptrdiff_t elem, size_t b, ptrdiff_t block)
{
    return (ptrdiff_t)i * elem + (ptrdiff_t)b * block;
}

/* ---- one element ---- */

/* The code of |v| / 2^(byte-127) with v's sign; `byte` is not the NaN. */
static uint8_t cast_value(const mxfast_plan *plan, uint64_t bits, uint8_t byte, uint32_t random)
{
    const mxfast_cast_plan *cast = &plan->cast;
    unsigned negative = (bits & plan->value.sign) != 0;
    uint64_t magnitude = bits & (plan->value.sign - 1);
    if (magnitude > plan->value.inf)
        return cast->nan[negative];
    if (magnitude == plan->value.inf)
        return cast->inf[negative];
    if (magnitude == 0 || magnitude < cast->flush)
        return cast->zero[negative];
    mxfast_number x = mxfast_unpack(&plan->value, magnitude);
    x.e -= (int)byte - 127;
    mxfast_place place = mxfast_locate(cast->grid, x);
    uint64_t above = cast->above[negative][place.pattern & 1];
    if (cast->random_bits != 0) /* floor(d 2^N) + random >= 2^N, as d 2^64 > 2^64 - 1 - random 2^(64-N) */
        above = ~((uint64_t)random << (64 - cast->random_bits));
    uint64_t pattern = place.pattern + (place.rest > above);
    if (pattern > cast->max[negative])
        return cast->over[negative];
    if (pattern < cast->min)
        return cast->tiny[negative];
    return (uint8_t)((pattern ^ cast->flip[negative]) + cast->add[negative]);
}

/* The bits of a code at scale 2^s. */
static uint64_t decode_value(const mxfast_plan *plan, unsigned code, int s)
{
    const mxfast_decode_plan *decode = &plan->decode;
    const mxfast_value *target = &plan->value;
    uint64_t base = decode->base[code];
    if (decode->step[code] == 0)
        return base;
    if (s >= decode->s_min && s <= decode->s_max)
        return base + decode->step[code] * (uint64_t)s;
    uint64_t bits =
        mxfast_round_even(mxfast_locate(target->grid, (mxfast_number){decode->sig[code], decode->e[code] + s}));
    uint64_t sign = (code >> (plan->format->bits - 1) & 1) != 0 ? target->sign : 0;
    return sign | (bits < target->inf ? bits : decode->over);
}

/* ---- blocks ---- */

/* What a block holds. */
typedef struct survey {
    uint64_t amax; /* largest finite magnitude, after subnormal-in=flush */
    int nan, inf;  /* is there one */
} survey;

static survey survey_block(const mxfast_plan *plan, const mxfast_strip *strip, size_t b)
{
    survey seen = {0, 0, 0};
    if (mxfast_common_amax(plan, strip, b, &seen.amax)) {
        seen.amax = seen.amax < plan->cast.flush ? 0 : seen.amax;
        return seen;
    }
    seen.amax = 0;
    for (size_t i = 0; i < strip->k; i++) {
        uint64_t bits = load(plan->value.type, strip->in, at(i, strip->value_elem, b, strip->value_block));
        uint64_t magnitude = bits & (plan->value.sign - 1);
        if (magnitude > plan->value.inf)
            seen.nan = 1;
        else if (magnitude == plan->value.inf)
            seen.inf = 1;
        else if (magnitude > seen.amax)
            seen.amax = magnitude;
    }
    if (seen.amax < plan->cast.flush)
        seen.amax = 0;
    return seen;
}

/* What a block becomes, before its elements are looked at: D1 of doc/decisions.md, stages 2 to 6. */
typedef struct verdict {
    uint8_t byte;
    int flushed; /* by subnormal-in=flush-block: the finite elements count as zeros */
} verdict;

static verdict judge_block(const mxfast_plan *plan, survey seen)
{
    if (seen.nan && plan->scale.nan >= 0)
        return (verdict){(uint8_t)plan->scale.nan, 0};
    if (seen.inf && plan->scale.inf >= 0)
        return (verdict){(uint8_t)plan->scale.inf, 0};
    return (verdict){mxfast_scale_byte(plan, seen.amax), seen.amax < plan->scale.flush_block};
}

/* Encode block b. */
static void cast_block(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, verdict to)
{
    const mxfast_cast_plan *cast = &plan->cast;
    for (size_t i = 0; i < strip->k; i++) {
        uint64_t bits = load(plan->value.type, strip->in, at(i, strip->value_elem, b, strip->value_block));
        unsigned negative = (bits & plan->value.sign) != 0;
        uint8_t *code = strip->code_out + at(i, strip->code_elem, b, strip->code_block);
        if (to.byte == 0xff)
            *code = cast->under[negative];
        else if (to.flushed && (bits & (plan->value.sign - 1)) < plan->value.inf)
            *code = cast->zero[negative];
        else
            *code =
                cast_value(plan, bits, to.byte,
                           cast->random_bits ? strip->random[at(i, strip->random_elem, b, strip->random_block)] : 0);
    }
}

/* ---- the kernels ---- */

void mxfast_portable_scale(const mxfast_plan *plan, const mxfast_strip *strip)
{
    for (size_t b = 0; b < strip->blocks; b++)
        strip->scale_out[at(0, 0, b, strip->scale_block)] = judge_block(plan, survey_block(plan, strip, b)).byte;
}

static void cast_given(const mxfast_plan *plan, const mxfast_strip *strip, size_t b)
{
    uint8_t byte = strip->scale_in ? strip->scale_in[at(0, 0, b, strip->scale_block)] : 127;
    cast_block(plan, strip, b, (verdict){byte, 0});
}

void mxfast_portable_cast(const mxfast_plan *plan, const mxfast_strip *strip)
{
    if (mxfast_common_values(plan, strip, cast_given))
        return;
    for (size_t b = 0; b < strip->blocks; b++)
        cast_given(plan, strip, b);
}

mxfast_strip mxfast_strip_row(const mxfast_plan *plan, const mxfast_strip *strip, size_t d)
{
    mxfast_strip row = *strip;
    ptrdiff_t n = (ptrdiff_t)(d * strip->k), scale = (ptrdiff_t)d * strip->scale_down;
    ptrdiff_t value = n * strip->value_elem * (ptrdiff_t)plan->value.bytes, code = n * strip->code_elem;
    row.down = 1;
    row.in = row.in ? (const char *)row.in + value : NULL;
    row.out = row.out ? (char *)row.out + value : NULL;
    row.random = row.random ? row.random + n * strip->random_elem : NULL;
    row.code_in = row.code_in ? row.code_in + code : NULL;
    row.code_out = row.code_out ? row.code_out + code : NULL;
    row.scale_in = row.scale_in ? row.scale_in + scale : NULL;
    row.scale_out = row.scale_out ? row.scale_out + scale : NULL;
    return row;
}

mxfast_strip mxfast_strip_part(const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t blocks)
{
    mxfast_strip part = *strip;
    ptrdiff_t b = (ptrdiff_t)first;
    part.blocks = blocks;
    if (part.in != NULL)
        part.in = (const char *)part.in + b * part.value_block * (ptrdiff_t)plan->value.bytes;
    if (part.out != NULL)
        part.out = (char *)part.out + b * part.value_block * (ptrdiff_t)plan->value.bytes;
    part.random = part.random ? part.random + b * part.random_block : NULL;
    part.code_in = part.code_in ? part.code_in + b * part.code_block : NULL;
    part.code_out = part.code_out ? part.code_out + b * part.code_block : NULL;
    part.scale_in = part.scale_in ? part.scale_in + b * part.scale_block : NULL;
    part.scale_out = part.scale_out ? part.scale_out + b * part.scale_block : NULL;
    return part;
}

static void quantize_block(const mxfast_plan *plan, const mxfast_strip *strip, size_t b)
{
    survey seen = survey_block(plan, strip, b);
    verdict to = judge_block(plan, seen);
    strip->scale_out[at(0, 0, b, strip->scale_block)] = to.byte;
    if (seen.nan || seen.inf || to.flushed || to.byte == 0xff || !mxfast_common_cast(plan, strip, b, to.byte))
        cast_block(plan, strip, b, to);
}

void mxfast_portable_quantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    for (size_t d = 0; d < strip->down; d++) {
        mxfast_strip row = mxfast_strip_row(plan, strip, d);
        for (size_t b = 0; b < row.blocks; b++)
            quantize_block(plan, &row, b);
    }
}

static void dequantize_block(const mxfast_plan *plan, const mxfast_strip *strip, size_t b)
{
    uint8_t byte = strip->scale_in ? strip->scale_in[at(0, 0, b, strip->scale_block)] : 127;
    if (byte != 0xff && mxfast_common_decode(plan, strip, b, byte))
        return;
    for (size_t i = 0; i < strip->k; i++) {
        unsigned code = strip->code_in[at(i, strip->code_elem, b, strip->code_block)];
        store(plan->value.type, strip->out, at(i, strip->value_elem, b, strip->value_block),
              byte == 0xff ? plan->value.nan : decode_value(plan, code, (int)byte - 127));
    }
}

void mxfast_portable_dequantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    for (size_t d = 0; d < strip->down; d++) {
        mxfast_strip row = mxfast_strip_row(plan, strip, d);
        for (size_t b = 0; b < row.blocks; b++)
            dequantize_block(plan, &row, b);
    }
}

static int always(void)
{
    return 1;
}

static void nothing(void) {}

static mxfast_packed_kernel *none(const mxfast_plan *plan, size_t k, mx_layout layout)
{
    (void)plan, (void)k, (void)layout;
    return NULL;
}

mxfast_both_kernel *mxfast_portable_both(const mxfast_plan *plan, size_t k)
{
    (void)plan, (void)k;
    return NULL;
}

const mxfast_kernels mxfast_kernels_portable = {
    "portable",
    always,
    mxfast_portable_scale,
    mxfast_portable_cast,
    mxfast_portable_quantize,
    mxfast_portable_dequantize,
    mxfast_pack_codes,
    mxfast_unpack_codes,
    nothing,
    none,
    mxfast_portable_both,
};
