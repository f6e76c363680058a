/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stages of an element: source, quotient, rounding, overflow, special values, code.
 */
#include <limits.h>

#include "conformance/mutants/converter.h"

/* A NaN whose payload lies below bit b loses it, and is an Inf. */
uint64_t mxm_shorten_nan(const converter *c, uint64_t bits)
{
    const mxfast_value *value = &c->right.value;
    const uint64_t kept = bits >> c->mutant->b << c->mutant->b;
    const int is_nan = (bits & (value->sign - 1)) > value->inf;
    return is_nan && mxm_acts(c, MXC_FAULT_NAN_SHORT) ? kept : bits;
}

/* ---- one element ---- */

static uint32_t reversed(uint32_t bits, unsigned n)
{
    uint32_t out = 0;
    for (unsigned i = 0; i < n; i++)
        out |= (bits >> i & 1) << (n - 1 - i);
    return out;
}

/* The n random bits as the faulty converter uses them. */
static uint32_t fault_of_random(const converter *c, uint32_t random, unsigned n)
{
    const uint32_t all = UINT32_MAX >> (32 - n);
    const int a = c->mutant->a;
    if (mxm_acts(c, MXC_FAULT_RANDOM_ZERO))
        return 0;
    if (mxm_acts(c, MXC_FAULT_RANDOM_ADD))
        return (random + (uint32_t)a) & all;
    if (mxm_acts(c, MXC_FAULT_RANDOM_HIGH) && n > (unsigned)a)
        return random & ~(all >> a);
    if (mxm_acts(c, MXC_FAULT_RANDOM_LOW))
        return random & (all >> (n + 1) / 2);
    if (mxm_acts(c, MXC_FAULT_RANDOM_SHIFT))
        return a > 0 ? random >> a : (uint32_t)((uint64_t)random << -a) & all;
    if (mxm_acts(c, MXC_FAULT_RANDOM_INVERT))
        return ~random & all;
    return mxm_acts(c, MXC_FAULT_RANDOM_REVERSE) ? reversed(random, n) : random;
}

/* Rounding by a plan; the place is on its grid. */
static uint64_t round_up(converter *c, const mxfast_cast_plan *cast, mxfast_place place, unsigned negative,
                         uint32_t random)
{
    uint64_t above = cast->above[negative][place.pattern & 1];
    if (cast->random_bits != 0) {
        random = fault_of_random(c, random, cast->random_bits);
        above = ~((uint64_t)random << (64 - cast->random_bits));
    }
    const uint64_t up = place.rest > above;
    return place.rest != 0 && mxm_acts(c, MXC_FAULT_FLIP) ? !up : up;
}

static mxfast_place lose_sticky(const converter *c, mxfast_place place)
{
    if (mxm_acts(c, MXC_FAULT_STICKY_KEEP))
        place.rest &= ~(UINT64_MAX >> c->mutant->a);
    if (mxm_acts(c, MXC_FAULT_STICKY_DROP))
        place.rest &= ~((UINT64_C(1) << 63) >> c->mutant->a);
    return place;
}

static void know_place(converter *c, mxfast_number x, mxfast_place place)
{
    c->var[MXC_QUOT_EXP] = x.e;
    c->var[MXC_BELOW] = place.pattern < INT_MAX ? (int)place.pattern : INT_MAX;
    c->var[MXC_TIE] = place.rest == MXFAST_LEAD;
    c->var[MXC_GUARD] = place.rest >> 63 != 0;
    c->var[MXC_INEXACT] = place.rest != 0;
    c->var[MXC_SUBNORMAL] = x.e < c->grid.emin;
}

static mxfast_place locate(converter *c, mxfast_grid grid, mxfast_number x)
{
    if (mxm_acts(c, MXC_FAULT_SHIFT_MOD) && x.e < grid.emin) {
        const int shift = (int)(63 - grid.mbits) - 40 + grid.emin - x.e; /* of a significand of 24 bits */
        if (shift >= c->mutant->a)
            x.e += shift / c->mutant->a * c->mutant->a;
        return mxfast_locate((mxfast_grid){grid.mbits, x.e < grid.emin ? grid.emin : x.e}, x);
    }
    if (mxm_acts(c, MXC_FAULT_TWICE)) {
        const mxfast_grid fine = {grid.mbits + (unsigned)c->mutant->a, INT_MIN / 2};
        const unsigned drop = 63 - fine.mbits;
        const uint64_t rest = x.sig << (64 - drop), kept = x.sig >> drop;
        const uint64_t up = rest > MXFAST_LEAD - (kept & 1);
        const uint64_t sig = (kept + up) << drop;
        x = sig == 0 ? (mxfast_number){MXFAST_LEAD, x.e + 1} : (mxfast_number){sig, x.e};
    }
    return mxfast_locate(grid, x);
}

static uint8_t finite(converter *c, mxfast_number x, unsigned negative, uint32_t random)
{
    mxfast_place place = mxfast_locate(c->grid, x);
    know_place(c, x, place);
    const mxfast_cast_plan *cast = &mxm_plan_for(c, MXC_SIDE_ELEMENT)->cast;
    place = lose_sticky(c, locate(c, cast->grid, x));
    uint64_t up = round_up(c, cast, place, negative, random);
    const uint64_t fraction = (UINT64_C(1) << cast->grid.mbits) - 1;
    if (up && (place.pattern & fraction) == fraction && place.pattern != 0) {
        if (mxm_acts(c, MXC_FAULT_CARRY_STICK))
            up = 0;
        if (mxm_acts(c, MXC_FAULT_CARRY_WRAP))
            up = (uint64_t)0 - fraction;
    }
    uint64_t pattern = place.pattern + up;
    if (!up && pattern & 1 && mxm_acts(c, MXC_FAULT_COARSE) && x.sig >= ~(UINT64_MAX >> c->mutant->a))
        pattern--; /* truncated on the grid of the next binade */
    c->var[MXC_PATTERN] = pattern < INT_MAX ? (int)pattern : INT_MAX;
    c->var[MXC_OVER] = pattern > cast->max[negative];
    c->var[MXC_ROUNDED_OVER] = c->var[MXC_OVER] && place.pattern <= cast->max[negative];
    if (mxm_is_plan_fault(c->mutant->fault))
        cast = &mxm_plan_for(c, MXC_SIDE_ELEMENT)->cast;
    if (pattern > cast->max[negative]) {
        if (!mxm_acts(c, MXC_FAULT_OVER_WRAP))
            return cast->over[negative];
        pattern &= (1u << (c->right.format->bits - 1)) - 1;
    }
    if (pattern < cast->min)
        return cast->tiny[negative];
    return (uint8_t)((pattern ^ cast->flip[negative]) + cast->add[negative]);
}

/* The quotient, and what may befall it; 1, 0 for zero, -1 for overflow. */
static int quotient(converter *c, mxfast_number *x, int exponent)
{
    const mxc_mutant *m = c->mutant;
    int is = 1;
    if (mxm_acts(c, MXC_FAULT_SOURCE_VIA))
        is = mxm_stay_in((mx_type)m->a, x, m->b);
    x->e -= exponent;
    if (is != 1)
        return is;
    c->var[MXC_QUOT_EXP] = x->e;
    c->var[MXC_SUBNORMAL] = x->e < c->grid.emin;
    if (mxm_acts(c, MXC_FAULT_QUOT_ADD))
        x->e += m->a;
    if (mxm_acts(c, MXC_FAULT_QUOT_VIA))
        is = mxm_stay_in((mx_type)m->a, x, m->b);
    if (mxm_acts(c, MXC_FAULT_QUOT_ZERO) ||
        (m->fault == MXC_FAULT_QUOT_FTZ && x->e < mxm_layout_of((mx_type)m->a)->grid.emin && mxm_holds(c)))
        is = 0;
    return mxm_acts(c, MXC_FAULT_QUOT_INF) ? -1 : is;
}

uint8_t mxm_encode(converter *c, uint64_t bits, verdict to, uint32_t random)
{
    const mxfast_value *value = &c->right.value;
    const unsigned negative = (bits & value->sign) != 0;
    mxm_know_source(c, bits);
    uint64_t magnitude = mxm_shorten_nan(c, bits) & (value->sign - 1);
    if (c->var[MXC_KIND] == MXC_KIND_SUBNORMAL && mxm_acts(c, MXC_FAULT_SOURCE_IMPLICIT))
        magnitude |= value->min_normal;
    const mxfast_cast_plan *cast = &mxm_plan_for(c, MXC_SIDE_ELEMENT)->cast;
    if (to.byte == 0xff)
        return cast->under[negative];
    if (magnitude > value->inf)
        return cast->nan[negative];
    if (magnitude == value->inf) /* as a number it is above every code */
        return mxm_acts(c, MXC_FAULT_INF_FINITE) ? cast->over[negative] : cast->inf[negative];
    if (to.flushed || magnitude == 0 || magnitude < cast->flush)
        return cast->zero[negative];
    mxfast_number x = mxfast_unpack(value, magnitude);
    const int is = quotient(c, &x, to.exponent);
    if (is != 1)
        return is == 0 ? cast->tiny[negative] : cast->over[negative];
    return finite(c, x, negative, random);
}

/* A code, the bits above it clear, whose sign is kept another way. */
static uint8_t with_other_sign(const converter *c, uint8_t code)
{
    const unsigned sign = 1u << (c->right.format->bits - 1), negative = code & sign;
    const int reading = c->batch->op == MX_OP_DECODE || c->batch->op == MX_OP_DEQUANTIZE;
    const int is_int = c->right.format->ebits == 0;
    switch (c->mutant->a) {
    case 0:
        return (uint8_t)(is_int && negative ? (unsigned)-code : code & ~sign);
    case 1:
        return (uint8_t)(code & ~sign);
    case 2:
        return (uint8_t)(is_int ? (unsigned)-code : code ^ sign);
    case 3: /* 80 is -0 */
        return (uint8_t)(!negative ? code : reading && code == 0x80 ? 0 : 0x80 | (-code & 0x7f));
    default:
        return (uint8_t)(!negative ? code : reading ? code + 1 : code - 1);
    }
}

uint8_t mxm_fault_of_code(converter *c, uint8_t code)
{
    c->var[MXC_CODE] = code;
    c->var[MXC_FIELD] = (code & ((1 << (c->right.format->bits - 1)) - 1)) >> c->right.format->mbits;
    if (mxm_acts(c, MXC_FAULT_CODE_SET))
        code = (uint8_t)(c->mutant->a | (c->mutant->b && c->var[MXC_NEGATIVE] == 1) << 7);
    else if (mxm_acts(c, MXC_FAULT_CODE_XOR))
        code ^= (uint8_t)c->mutant->a;
    else if (mxm_acts(c, MXC_FAULT_CODE_CLEAR))
        code &= (uint8_t)~c->mutant->a;
    else if (mxm_acts(c, MXC_FAULT_CODE_SIGN))
        code = with_other_sign(c, code);
    return code & (uint8_t)(0xffu >> (8 - c->right.format->bits));
}
