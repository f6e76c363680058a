/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: `cast` and `scaled-cast` on 32-bit lanes (lanes32.h), for every plan from fp32, bf16 or fp16. Included once
 * by each impl/<set>/<isa>.c.
 *
 * Defines: cast_values(plan, strip), one-element blocks laid end to end; returns 0 with nothing written when the source
 *          is fp64 or the strip is another. cast_run, which blocks_tmpl.h uses too.
 *
 * A value is its fp32 pattern. Patterns on the grid of the codes and the fraction that is left over are found with two
 * shifts by lanes; the fraction's upper 32 bits decide, see `place`. Patterns then become codes as bytes, four vectors
 * at a time. When such a group holds anything but normal numbers and zeros, or the NaN scale, it is done again by
 * cast_any.
 */
#include <string.h>

#include "impl/kernels.h"
#include "impl/lanes32.h"

/* A cast plan for 32-bit lanes. Magnitudes are fp32 patterns. */
typedef struct cast32 {
    const mxfast_cast_plan *cast;
    uint32_t mbits;
    uint32_t normal;   /* exponent field of the smallest normal code at scale 2^0; with a scale byte: at byte 0 */
    uint32_t limit[4]; /* `above` of the plan, upper 32 bits */
    uint32_t low;      /* magnitudes from here to below Inf are normal, and not flushed */
    uint32_t flush;    /* below: zero */
    uint32_t nonzero;  /* magnitudes below are as good as normal: 1, or 0 when a zero's code is not that of a value
                        * that rounds to zero */
} cast32;

enum { FP32_NORMAL = 0x00800000, FP32_INF = 0x7f800000, FP32_MAGNITUDE = 0x7fffffff, FP32_FRACTION = 0x007fffff };

static cast32 cast32_make(const mxfast_plan *plan, int scaled)
{
    const mxfast_cast_plan *cast = &plan->cast;
    const uint32_t min_normal = (uint32_t)(plan->value.grid.emin + 127) << 23; /* of the source */
    cast32 c = {.cast = cast, .mbits = cast->grid.mbits, .low = FP32_NORMAL, .flush = 1};
    c.normal = (uint32_t)(cast->grid.emin + (scaled ? 0 : 127));
    for (unsigned i = 0; i < 4; i++)
        c.limit[i] = (uint32_t)(cast->above[i / 2][i % 2] >> 32);
    if (cast->flush != 0)
        c.low = c.flush = min_normal;
    c.nonzero = cast->zero[0] == cast->tiny[0] && cast->zero[1] == cast->tiny[1];
    return c;
}

/* The rounded pattern of 1.f 2^(field - 127), f the fraction of v, for codes whose smallest normal has the exponent
 * field `normal`; with v's sign and the random bits of SR, at the top of their word. Discarded bits: up to 24 of the
 * significand, at its place in 32 for shifts up to 32. Below that without SR all limits but 0 are above it wherever it
 * stands, so the shift stops at 31. SR compares its first 32 bits, as many as there can be random ones. */
LANES d_lanes place(const cast32 *c, d_lanes v, d_lanes field, d_lanes normal, d_lanes limits, d_lanes random,
                    int is_sr)
{
    d_lanes lower = d_min(field, normal);
    d_lanes shift = d_add(d_sub(normal, lower), d_all(23 - c->mbits));
    d_lanes sig = d_or(d_and(v, d_all(FP32_FRACTION)), d_all(FP32_NORMAL));
    d_lanes rest, binades = d_left(d_sub(field, lower), c->mbits);
    if (!is_sr)
        shift = d_min(shift, d_all(31));
    rest = d_left_by(sig, d_sub(d_all(32), shift));
    if (is_sr)
        rest = d_or(rest, d_right_by(sig, d_sub(shift, d_all(32))));
    d_lanes pattern = d_add(binades, d_right_by(sig, shift));
    d_lanes limit = is_sr ? d_limit(d_sub(d_all(UINT32_MAX), random)) : d_limit_of(limits, v, pattern);
    return d_step(pattern, rest, limit);
}

LANES b_lanes by_sign(b_signs signs, const uint8_t code[2])
{
    return b_if_negative(signs, b_all(code[1]), b_all(code[0]));
}

/* Rounded patterns to codes. */
LANES b_lanes encode_bytes(const mxfast_cast_plan *cast, b_lanes pattern, b_signs signs)
{
    const uint8_t most[2] = {(uint8_t)cast->max[0], (uint8_t)cast->max[1]};
    b_lanes code = b_add(b_xor(pattern, by_sign(signs, cast->flip)), by_sign(signs, cast->add));
    code = b_if_above(pattern, by_sign(signs, most), by_sign(signs, cast->over), code);
    return b_if_above(b_all((uint8_t)cast->min), pattern, by_sign(signs, cast->tiny), code);
}

/* ---- groups of BYTES values ---- */

/* Any values, given as fp32 patterns; `byte` and `random` may be NULL. */
static APART void cast_any(const cast32 *c, const uint32_t *bits, const uint8_t *byte, const uint32_t *random,
                           uint8_t *code)
{
    enum { NUMBER, ZERO, INF, NAN_VALUE, NAN_SCALE };
    const unsigned unused = 32 - c->cast->random_bits;
    const d_lanes limits = d_limits(c->limit);
    d_lanes v[4], pattern[4], kind[4];
    for (int t = 0; t < 4; t++) {
        v[t] = d_load_fp32(bits + t * DWORDS);
        d_lanes m = d_and(v[t], d_all(FP32_MAGNITUDE)), n = d_all(c->normal), r = d_all(0);
        /* a subnormal is 2^-149 times a number that is normal */
        d_lanes number = d_float(d_and(m, d_all(FP32_FRACTION)));
        d_lanes f = d_if_below(m, d_all(FP32_NORMAL), number, m), field = d_right(f, 23);
        field = d_sub(field, d_if_below(m, d_all(FP32_NORMAL), d_all(149), d_all(0)));
        f = d_or(f, d_sub(v[t], m));
        kind[t] = d_if_below(m, d_all(c->flush), d_all(ZERO), d_all(NUMBER));
        kind[t] = d_if_below(m, d_all(FP32_INF), kind[t], d_all(INF));
        kind[t] = d_if_below(d_all(FP32_INF), m, d_all(NAN_VALUE), kind[t]);
        if (byte) {
            d_lanes b = d_load_bytes(byte + t * DWORDS);
            n = d_add(n, b);
            kind[t] = d_if_below(b, d_all(255), kind[t], d_all(NAN_SCALE));
        }
        if (random)
            r = d_left(d_load_fp32(random + t * DWORDS), unused);
        pattern[t] = random ? place(c, f, field, n, limits, r, 1) : place(c, f, field, n, limits, r, 0);
    }
    const b_signs signs = b_signs_of(v);
    const b_lanes kinds = b_narrow(kind);
    b_lanes out = encode_bytes(c->cast, b_narrow(pattern), signs);
    out = b_if_equal(kinds, b_all(ZERO), by_sign(signs, c->cast->zero), out);
    out = b_if_equal(kinds, b_all(INF), by_sign(signs, c->cast->inf), out);
    out = b_if_equal(kinds, b_all(NAN_VALUE), by_sign(signs, c->cast->nan), out);
    out = b_if_equal(kinds, b_all(NAN_SCALE), by_sign(signs, c->cast->under), out);
    b_store(code, out);
}

LANES d_lanes load_values(mx_type type, const unsigned char *at)
{
    return type == MX_FP32 ? d_load_fp32(at) : type == MX_BF16 ? d_load_bf16(at) : d_load_fp16(at);
}

LANES void cast_group(const cast32 *c, mx_type type, const unsigned char *values, const uint8_t *byte,
                      const uint32_t *random, uint8_t *code, int is_scaled, int is_sr)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    const unsigned unused = 32 - c->cast->random_bits;
    const d_lanes limits = d_limits(c->limit), low = d_all(c->low), nonzero = d_all(c->nonzero), zero = d_all(0);
    d_lanes v[4], pattern[4], out_of_range = zero;
    for (int t = 0; t < 4; t++) {
        v[t] = load_values(type, values + (size_t)t * DWORDS * width);
        d_lanes m = d_and(v[t], d_all(FP32_MAGNITUDE)), n = d_all(c->normal), r = zero;
        out_of_range = d_most(out_of_range, d_if_below(m, nonzero, zero, d_sub(m, low)));
        if (is_scaled)
            n = d_add(n, d_load_bytes(byte + t * DWORDS));
        if (is_sr)
            r = d_left(d_load_fp32(random + t * DWORDS), unused);
        pattern[t] = d_if_below(zero, m, place(c, v[t], d_right(m, 23), n, limits, r, is_sr), zero);
    }
    if (d_any_above(out_of_range, d_all(FP32_INF - 1 - c->low)) || (is_scaled && b_any_equal(byte, b_all(255)))) {
        uint32_t bits[BYTES];
        for (int t = 0; t < 4; t++)
            d_store(bits + t * DWORDS, v[t]);
        cast_any(c, bits, is_scaled ? byte : NULL, is_sr ? random : NULL, code);
    } else {
        b_store(code, encode_bytes(c->cast, b_narrow(pattern), b_signs_of(v)));
    }
}

/* ---- runs of values ---- */

/* The n values after the last whole group, in one that is filled up. */
LANES void cast_rest(const cast32 *c, mx_type type, const unsigned char *from, const uint8_t *bytes,
                     const uint32_t *randoms, uint8_t *to, size_t n, int is_scaled, int is_sr)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    unsigned char values[BYTES * 4] = {0};
    uint8_t byte[BYTES] = {0}, code[BYTES];
    uint32_t random[BYTES] = {0};
    memcpy(values, from, n * width);
    if (is_scaled)
        memcpy(byte, bytes, n);
    if (is_sr)
        memcpy(random, randoms, n * sizeof *random);
    cast_group(c, type, values, byte, random, code, is_scaled, is_sr);
    memcpy(to, code, n);
}

LANES void cast_loop(const cast32 *c, mx_type type, const unsigned char *values, const uint8_t *byte,
                     const uint32_t *random, uint8_t *code, size_t n, int is_scaled, int is_sr)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    const cast32 own = *c; /* so that stores of codes cannot change it */
    size_t i = 0;
    for (; i + BYTES <= n; i += BYTES)
        cast_group(&own, type, values + i * width, is_scaled ? byte + i : NULL, is_sr ? random + i : NULL, code + i,
                   is_scaled, is_sr);
    if (i < n)
        cast_rest(&own, type, values + i * width, is_scaled ? byte + i : NULL, is_sr ? random + i : NULL, code + i,
                  n - i, is_scaled, is_sr);
}

/* One loop for each type and each kind of input. */
LANES void cast_of_type(const cast32 *c, mx_type type, const unsigned char *values, const uint8_t *byte,
                        const uint32_t *random, uint8_t *code, size_t n)
{
    if (byte == NULL)
        random ? cast_loop(c, type, values, byte, random, code, n, 0, 1)
               : cast_loop(c, type, values, byte, random, code, n, 0, 0);
    else
        random ? cast_loop(c, type, values, byte, random, code, n, 1, 1)
               : cast_loop(c, type, values, byte, random, code, n, 1, 0);
}

/* Codes of n values, each under its scale byte (NULL: none), with its random words when the plan rounds by them. */
static APART void cast_run(const cast32 *c, mx_type type, const void *values, const uint8_t *byte,
                           const uint32_t *random, uint8_t *code, size_t n)
{
    if (type == MX_FP32)
        cast_of_type(c, MX_FP32, values, byte, random, code, n);
    else if (type == MX_BF16)
        cast_of_type(c, MX_BF16, values, byte, random, code, n);
    else
        cast_of_type(c, MX_FP16, values, byte, random, code, n);
}

static int cast_values(const mxfast_plan *plan, const mxfast_strip *strip)
{
    const cast32 c = cast32_make(plan, strip->scale_in != NULL);
    if (plan->value.type == MX_FP64 || strip->k != 1)
        return 0;
    if (strip->blocks > 1 &&
        (strip->value_block != 1 || strip->code_block != 1 || (strip->scale_in && strip->scale_block != 1) ||
         (strip->random && strip->random_block != 1)))
        return 0;
    cast_run(&c, plan->value.type, strip->in, strip->scale_in, plan->cast.random_bits ? strip->random : NULL,
             strip->code_out, strip->blocks);
    return 1;
}
