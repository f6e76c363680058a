/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The common block, fast: no NaN, no Inf, and nothing that needs more than 32 bits. Same results as the functions of
 * portable.c, which take every block that is declined here. Each loop is written once for a constant type and step, so
 * that the compiler removes the choices from it.
 */
#include "impl/common.h"

#include <string.h>

#include "impl/round.h"

#if defined(__GNUC__)
#define FLATTEN static inline __attribute__((always_inline))
#else
#define FLATTEN static inline
#endif

FLATTEN uint32_t load32(mx_type type, const unsigned char *at)
{
    uint32_t word;
    uint16_t half;
    if (type == MX_FP32) {
        memcpy(&word, at, sizeof word);
        return word;
    }
    memcpy(&half, at, sizeof half);
    return half;
}

FLATTEN size_t width_of(mx_type type)
{
    _Static_assert(MX_TYPE_LAST == MX_FP64, "a width for each type");
    return type == MX_FP64 ? 8 : type == MX_FP32 ? 4 : 2;
}

/* The fp32 bits of a finite magnitude. */
FLATTEN uint32_t widen(mx_type type, uint32_t magnitude)
{
    if (type == MX_FP32)
        return magnitude;
    if (type == MX_BF16)
        return magnitude << 16;
    if (magnitude >= 0x400)
        return (magnitude << 13) + ((127u - 15u) << 23);
    if (magnitude == 0)
        return 0;
    uint32_t lead = 63 - mxfast_leading_zeros(magnitude); /* magnitude 2^-24 is normal in fp32 */
    return ((lead + 127 - 24) << 23) + ((magnitude << (23 - lead)) & 0x7fffff);
}

FLATTEN uint32_t largest(mx_type type, const unsigned char *at, ptrdiff_t step, size_t k)
{
    uint32_t mask = type == MX_FP32 ? 0x7fffffff : 0x7fff;
    int32_t most = 0;
    for (size_t i = 0; i < k; i++) {
        int32_t magnitude = (int32_t)(load32(type, at + (ptrdiff_t)i * step) & mask);
        most = magnitude > most ? magnitude : most;
    }
    return (uint32_t)most;
}

/* max(x, 0) without a branch: here both signs are common and unpredictable. */
FLATTEN unsigned positive(int32_t x)
{
    return (unsigned)x & ~(0u - ((unsigned)x >> 31));
}

FLATTEN void cast_loop(mx_type type, const mxfast_cast_plan *cast, int s, const unsigned char *at, ptrdiff_t step,
                       uint8_t *code, ptrdiff_t code_step, size_t k)
{
    const unsigned mbits = cast->grid.mbits, top = type == MX_FP32 ? 31 : 15;
    const int normal = cast->grid.emin + s + 127; /* fp32 field of the smallest normal code's magnitude, 1 or more */
    const uint32_t flush = cast->flush != 0 ? (uint32_t)cast->flush : 1;
    const uint32_t above[4] = {(uint32_t)(cast->above[0][0] >> 32), (uint32_t)(cast->above[0][1] >> 32),
                               (uint32_t)(cast->above[1][0] >> 32), (uint32_t)(cast->above[1][1] >> 32)};
    for (size_t i = 0; i < k; i++) {
        uint32_t bits = load32(type, at + (ptrdiff_t)i * step);
        unsigned negative = bits >> top;
        uint32_t magnitude = bits & ((UINT32_C(1) << top) - 1);
        uint32_t b = widen(type, magnitude);
        uint32_t field = b >> 23, hidden = field != 0;
        uint32_t sig = (b & 0x7fffff) | hidden << 23;
        int below = normal - (int)(field + (hidden ^ 1));
        unsigned shift = 23 - mbits + positive(below);
        shift = 31 - positive(31 - (int)shift); /* beyond 31, all of sig is less than half a step anyhow */
        uint32_t pattern = (positive(-below) << mbits) + (sig >> shift);
        pattern += sig << (32 - shift) > above[negative << 1 | (pattern & 1)];
        unsigned place = MXFAST_PATTERNS - 1 - positive(MXFAST_PATTERNS - 1 - (int32_t)pattern);
        uint32_t is_zero = 0u - (uint32_t)(magnitude < flush);
        place = (place & ~is_zero) | (MXFAST_PATTERNS & is_zero);
        code[(ptrdiff_t)i * code_step] = cast->code[negative][place];
    }
}

/* The same, of values and codes end to end apart from others. */
FLATTEN void cast_steps(mx_type type, const mxfast_cast_plan *cast, int s, const unsigned char *at, ptrdiff_t step,
                        uint8_t *code, ptrdiff_t code_step, size_t k)
{
    const ptrdiff_t width = (ptrdiff_t)width_of(type);
    if (step == width && code_step == 1)
        cast_loop(type, cast, s, at, width, code, 1, k);
    else
        cast_loop(type, cast, s, at, step, code, code_step, k);
}

/* code: of the block; values go to `to`. */
FLATTEN void decode_loop(mx_type type, const mxfast_decode_plan *decode, int s, const uint8_t *code,
                         ptrdiff_t code_step, unsigned char *to, ptrdiff_t step, size_t k)
{
    for (size_t i = 0; i < k; i++) {
        unsigned c = code[(ptrdiff_t)i * code_step];
        uint64_t bits = decode->base[c] + decode->step[c] * (uint64_t)(int64_t)s;
        uint32_t word = (uint32_t)bits;
        uint16_t half = (uint16_t)bits;
        unsigned char *place = to + (ptrdiff_t)i * step;
        if (type == MX_FP64)
            memcpy(place, &bits, sizeof bits);
        else if (type == MX_FP32)
            memcpy(place, &word, sizeof word);
        else
            memcpy(place, &half, sizeof half);
    }
}

FLATTEN void decode_steps(mx_type type, const mxfast_decode_plan *decode, int s, const uint8_t *code,
                          ptrdiff_t code_step, unsigned char *to, ptrdiff_t step, size_t k)
{
    const ptrdiff_t width = (ptrdiff_t)width_of(type);
    if (step == width && code_step == 1)
        decode_loop(type, decode, s, code, 1, to, width, k);
    else
        decode_loop(type, decode, s, code, code_step, to, step, k);
}

/* ---- one block ---- */

/* Where block b begins, and the bytes between its values. */
static const unsigned char *values_of(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, ptrdiff_t *step)
{
    *step = strip->value_elem * (ptrdiff_t)plan->value.bytes;
    return (const unsigned char *)strip->in + (ptrdiff_t)b * strip->value_block * (ptrdiff_t)plan->value.bytes;
}

int mxfast_common_amax(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, uint64_t *amax)
{
    ptrdiff_t step;
    const unsigned char *at = values_of(plan, strip, b, &step);
    mx_type type = plan->value.type;
    size_t k = strip->k;
    int dense = strip->value_elem == 1;
    uint32_t most;
    if (type == MX_FP64)
        return 0;
    if (type == MX_FP32)
        most = dense ? largest(MX_FP32, at, 4, k) : largest(MX_FP32, at, step, k);
    else
        most = dense ? largest(MX_BF16, at, 2, k) : largest(MX_BF16, at, step, k);
    *amax = most;
    return most < plan->value.inf;
}

int mxfast_common_cast(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, uint8_t byte)
{
    const mxfast_cast_plan *cast = &plan->cast;
    ptrdiff_t step, code_step = strip->code_elem;
    const unsigned char *at = values_of(plan, strip, b, &step);
    uint8_t *code = strip->code_out + (ptrdiff_t)b * strip->code_block;
    int s = (int)byte - 127;
    size_t k = strip->k;
    if (plan->value.type == MX_FP64 || cast->random_bits != 0 || cast->grid.emin + s < -126)
        return 0;
    if (plan->value.type == MX_FP32)
        cast_steps(MX_FP32, cast, s, at, step, code, code_step, k);
    else if (plan->value.type == MX_BF16)
        cast_steps(MX_BF16, cast, s, at, step, code, code_step, k);
    else
        cast_steps(MX_FP16, cast, s, at, step, code, code_step, k);
    return 1;
}

int mxfast_common_decode(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, uint8_t byte)
{
    const mxfast_decode_plan *decode = &plan->decode;
    const uint8_t *code = strip->code_in + (ptrdiff_t)b * strip->code_block;
    ptrdiff_t width = (ptrdiff_t)width_of(plan->value.type), step = strip->value_elem * width,
              code_step = strip->code_elem;
    unsigned char *to = (unsigned char *)strip->out + (ptrdiff_t)b * strip->value_block * width;
    int s = (int)byte - 127;
    size_t k = strip->k;
    if (s < decode->s_min || s > decode->s_max)
        return 0;
    if (plan->value.type == MX_FP64)
        decode_steps(MX_FP64, decode, s, code, code_step, to, step, k);
    else if (plan->value.type == MX_FP32)
        decode_steps(MX_FP32, decode, s, code, code_step, to, step, k);
    else
        decode_steps(MX_BF16, decode, s, code, code_step, to, step, k);
    return 1;
}

/* ---- values that lie end to end ---- */

/* A cast under one scale byte. Magnitudes are fp32 bits. */
typedef struct scaled {
    unsigned mbits, shift;
    uint32_t normal; /* the smallest normal code's magnitude; modulo 2^32 where that is below fp32's normal numbers */
    uint32_t least;  /* below: less than half of the smallest code */
    uint32_t most;   /* from here on: past all codes */
    uint8_t over[2], tiny[2];
    uint32_t above[2][2];
    uint8_t code[2][MXFAST_PATTERNS + 1];
} scaled;

static uint32_t field_of(int exponent)
{
    return exponent <= 0 ? 0 : exponent > 255 ? UINT32_MAX : (uint32_t)exponent << 23;
}

static void scaled_make(scaled *c, const mxfast_cast_plan *cast, uint8_t byte)
{
    const int normal = cast->grid.emin + byte; /* its exponent field */
    c->mbits = cast->grid.mbits;
    c->shift = 23 - c->mbits;
    c->normal = (uint32_t)normal << 23;
    c->least = field_of(normal - (int)c->mbits - 1);
    c->most = field_of(normal + (int)((MXFAST_PATTERNS + 1) >> c->mbits));
    for (int negative = 0; negative < 2; negative++) {
        c->above[negative][0] = (uint32_t)(cast->above[negative][0] >> 32);
        c->above[negative][1] = (uint32_t)(cast->above[negative][1] >> 32);
        c->over[negative] = cast->code[negative][MXFAST_PATTERNS - 1];
        c->tiny[negative] = cast->code[negative][c->above[negative][0] == 0];
    }
    memcpy(c->code, cast->code, sizeof c->code);
}

/* The code of a magnitude from `least` to below `most`. */
FLATTEN uint8_t scaled_code(const scaled *c, uint32_t magnitude, unsigned negative)
{
    const int32_t up = (int32_t)(magnitude - c->normal); /* 2^23 for each factor of two over the smallest normal code */
    uint32_t pattern, rest;
    if (up >= 0) {
        pattern = ((uint32_t)up >> c->shift) + (UINT32_C(1) << c->mbits);
        rest = (uint32_t)up << (32 - c->shift);
    } else {
        const uint32_t sig = (magnitude & 0x7fffff) | 0x800000;
        const unsigned shift = c->shift + (unsigned)((0x7fffff - up) >> 23); /* at most 24 */
        pattern = sig >> shift;
        rest = sig << (32 - shift);
    }
    pattern += rest > c->above[negative][pattern & 1];
    return c->code[negative][pattern < MXFAST_PATTERNS ? pattern : MXFAST_PATTERNS - 1];
}

/* Normal numbers and zeros from `i` on: the index of the first value that is neither, or n. There are branches, as most
 * values of a run mostly go the same way: a scale leaves few of all values a code of their own. */
FLATTEN size_t scaled_loop(mx_type type, const scaled *c, uint64_t flush, const unsigned char *at, uint8_t *to,
                           size_t i, size_t n)
{
    const unsigned top = type == MX_FP32 ? 31 : 15;
    const uint32_t inf = type == MX_FP32 ? 0x7f800000 : type == MX_BF16 ? 0x7f80 : 0x7c00;
    const uint32_t normal = type == MX_FP32 ? 0x800000 : type == MX_BF16 ? 0x80 : 0x400;
    const uint32_t zero = flush > 1 ? (uint32_t)flush : 1, low = zero > normal ? zero : normal;
    const uint32_t least = c->least, most = c->most;
    for (; i < n; i++) {
        const uint32_t bits = load32(type, at + i * width_of(type)), negative = bits >> top;
        const uint32_t magnitude = bits & ((UINT32_C(1) << top) - 1);
        const uint32_t b = type == MX_FP16 ? (magnitude << 13) + ((127u - 15u) << 23) : widen(type, magnitude);
        if (magnitude - low < inf - low)
            to[i] = b >= most ? c->over[negative] : b < least ? c->tiny[negative] : scaled_code(c, b, negative);
        else if (magnitude < zero)
            to[i] = c->code[negative][MXFAST_PATTERNS];
        else
            break;
    }
    return i;
}

/* The end of some values from `i` on that have one scale byte. */
static size_t run_of(const uint8_t *bytes, size_t i, size_t n)
{
    enum { SPAN = 1024 };
    const size_t span = n - i < SPAN ? n - i : SPAN;
    size_t end = i + 1;
    if (memcmp(bytes + i, bytes + i + 1, span - 1) == 0)
        return i + span;
    while (bytes[end] == bytes[i])
        end++;
    return end;
}

/* Values from `first` to before `end`, which have one scale byte. */
static void values_of_scale(const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t end, uint8_t byte,
                            mxfast_one *other)
{
    const mxfast_cast_plan *cast = &plan->cast;
    const unsigned char *in = strip->in;
    scaled c;
    scaled_make(&c, cast, byte);
    for (size_t i = first; i < end; i++) {
        if (plan->value.type == MX_FP32)
            i = scaled_loop(MX_FP32, &c, cast->flush, in, strip->code_out, i, end);
        else if (plan->value.type == MX_BF16)
            i = scaled_loop(MX_BF16, &c, cast->flush, in, strip->code_out, i, end);
        else
            i = scaled_loop(MX_FP16, &c, cast->flush, in, strip->code_out, i, end);
        if (i < end)
            other(plan, strip, i);
    }
}

int mxfast_common_values(const mxfast_plan *plan, const mxfast_strip *strip, mxfast_one *other)
{
    size_t end;
    if (plan->value.type == MX_FP64 || plan->cast.random_bits != 0 || strip->k != 1 || strip->value_block != 1 ||
        strip->code_block != 1 || (strip->scale_in && strip->scale_block != 1))
        return 0;
    for (size_t i = 0; i < strip->blocks; i = end) {
        const uint8_t byte = strip->scale_in ? strip->scale_in[i] : 127;
        end = strip->scale_in ? run_of(strip->scale_in, i, strip->blocks) : strip->blocks;
        if (byte != 255)
            values_of_scale(plan, strip, i, end, byte, other);
        else
            for (size_t j = i; j < end; j++)
                other(plan, strip, j);
    }
    return 1;
}
