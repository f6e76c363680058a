/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The converter that the faults are put into: slow, plain, one element at a time, on the fast implementation's plan.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/batch.h"
#include "conformance/mutants/mutants.h"
#include "impl/round.h"

enum { UNKNOWN = INT_MIN };

typedef struct converter {
    const mxc_mutant *mutant;
    const mx_batch *batch;
    mxfast_plan right, wrong; /* wrong: as the faults of the plan see it; else the same */
    mxfast_grid grid;         /* of the codes */
    int var[MXC_VARIABLES];
    uint8_t previous; /* byte of the block before */
} converter;

/* ---- conditions ---- */

static int holds(const converter *c)
{
    for (size_t i = 0; i < sizeof c->mutant->when / sizeof c->mutant->when[0]; i++) {
        const mxc_when *when = &c->mutant->when[i];
        const int v = c->var[when->variable];
        if (when->variable != 0 && (v == UNKNOWN || v < when->low || v > when->high))
            return 0;
    }
    return 1;
}

static int acts(const converter *c, mxc_fault fault)
{
    return c->mutant->fault == fault && holds(c);
}

static int is_plan_fault(mxc_fault fault)
{
    return fault >= MXC_FAULT_AXIS && fault <= MXC_FAULT_MAX_ADD;
}

static const mxfast_plan *plan_for(const converter *c, unsigned side)
{
    return is_plan_fault(c->mutant->fault) && (c->mutant->side & side) && holds(c) ? &c->wrong : &c->right;
}

static void forget(converter *c, mxc_variable from)
{
    for (int v = (int)from; v < MXC_VARIABLES; v++)
        c->var[v] = UNKNOWN;
}

static void know_lane(converter *c, size_t lane)
{
    const size_t k = c->batch->k;
    forget(c, MXC_QUOT_EXP);
    c->var[MXC_LANE] = (int)lane;
    c->var[MXC_FROM_END] = (int)(k - 1 - lane);
    c->var[MXC_LANE_MOD_8] = (int)(lane % 8);
    c->var[MXC_LANE_MOD_16] = (int)(lane % 16);
    c->var[MXC_IN_TAIL_8] = lane >= k - k % 8;
    c->var[MXC_IN_TAIL_16] = lane >= k - k % 16;
}

static void know_block(converter *c)
{
    forget(c, MXC_LANE);
    c->var[MXC_K] = (int)c->batch->k;
    c->var[MXC_K_MOD_8] = (int)(c->batch->k % 8);
    c->var[MXC_K_MOD_16] = (int)(c->batch->k % 16);
}

static void know_source(converter *c, uint64_t bits)
{
    const mxfast_value *value = &c->right.value;
    const uint64_t magnitude = bits & (value->sign - 1);
    c->var[MXC_NEGATIVE] = (bits & value->sign) != 0;
    c->var[MXC_KIND] = magnitude > value->inf          ? MXC_KIND_NAN
                       : magnitude == value->inf       ? MXC_KIND_INF
                       : magnitude == 0                ? MXC_KIND_ZERO
                       : magnitude < value->min_normal ? MXC_KIND_SUBNORMAL
                                                       : MXC_KIND_NORMAL;
    c->var[MXC_SOURCE_EXP] = magnitude != 0 && magnitude < value->inf ? mxfast_unpack(value, magnitude).e : UNKNOWN;
}

/* ---- numbers ---- */

/* The layouts that a value may be forced through on its way. */
static const mxfast_value *layout_of(mx_type type)
{
    static const mxfast_value row[] = {
        {MX_FP32, 4, {23, -126}, 0x80000000, 0x7f800000, 0x00800000, 0x7fc00000},
        {MX_BF16, 2, {7, -126}, 0x8000, 0x7f80, 0x0080, 0x7fc0},
        {MX_FP16, 2, {10, -14}, 0x8000, 0x7c00, 0x0400, 0x7e00},
        {MX_FP64, 8, {52, -1022}, 0x8000000000000000, 0x7ff0000000000000, 0x0010000000000000, 0x7ff8000000000000},
    };
    return &row[type - 1]; /* mx_type in its order */
}

/* x rounded to `type`: its bits; may be Inf. */
static uint64_t round_to(const mxfast_value *type, mxfast_number x, int truncate)
{
    const mxfast_place place = mxfast_locate(type->grid, x);
    const uint64_t bits = truncate ? place.pattern : mxfast_round_even(place);
    return bits < type->inf ? bits : type->inf;
}

/* x after a stay in `type`: 1, 0 when it became zero, -1 when it became Inf. */
static int stay_in(mx_type id, mxfast_number *x, int truncate)
{
    const mxfast_value *type = layout_of(id);
    const uint64_t bits = round_to(type, *x, truncate);
    if (bits == 0 || bits == type->inf)
        return bits == 0 ? 0 : -1;
    *x = mxfast_unpack(type, bits);
    return 1;
}

static mxfast_number number_of(mxfast_grid grid, unsigned pattern)
{
    const unsigned field = pattern >> grid.mbits, fraction = pattern & ((1u << grid.mbits) - 1);
    const uint64_t sig = field == 0 ? fraction : fraction | 1u << grid.mbits;
    const unsigned zeros = mxfast_leading_zeros(sig);
    return (mxfast_number){sig << zeros,
                           grid.emin + (field == 0 ? 0 : (int)field - 1) + (int)(63 - grid.mbits) - (int)zeros};
}

/* A NaN whose payload lies below bit b loses it, and is an Inf. */
static uint64_t shorten_nan(const converter *c, uint64_t bits)
{
    const mxfast_value *value = &c->right.value;
    const uint64_t kept = bits >> c->mutant->b << c->mutant->b;
    const int is_nan = (bits & (value->sign - 1)) > value->inf;
    return is_nan && acts(c, MXC_FAULT_NAN_SHORT) ? kept : bits;
}

/* ---- amax ---- */

typedef struct survey {
    uint64_t amax;
    int nan, inf;
} survey;

static void look_at(converter *c, survey *seen, uint64_t bits)
{
    const mxfast_value *value = &c->right.value;
    know_source(c, bits);
    if (acts(c, MXC_FAULT_IGNORE))
        return;
    bits = shorten_nan(c, bits);
    const uint64_t magnitude = bits & (value->sign - 1);
    if (magnitude > value->inf) {
        const int as_inf = acts(c, MXC_FAULT_NAN_INF);
        seen->nan |= !as_inf;
        seen->inf |= as_inf;
        return;
    }
    if (magnitude == value->inf && !acts(c, MXC_FAULT_INF_FINITE)) {
        const int as_nan = acts(c, MXC_FAULT_INF_NAN);
        seen->nan |= as_nan;
        seen->inf |= !as_nan;
        return;
    }
    if (acts(c, MXC_FAULT_SUM))
        seen->amax |= magnitude;
    else if (acts(c, MXC_FAULT_NO_ABS))
        seen->amax = bits > seen->amax ? bits : seen->amax;
    else if ((magnitude > (seen->amax & (value->sign - 1))))
        seen->amax = magnitude;
}

/* Which flat elements of the batch the block's A is taken of. */
static void window(const converter *c, size_t block, size_t *first, size_t *end)
{
    const size_t k = c->batch->k, all = k * c->batch->count, a = (size_t)c->mutant->a;
    *first = block * k;
    *end = *first + k;
    if (acts(c, MXC_FAULT_NEXT))
        *end += a;
    if (acts(c, MXC_FAULT_SPAN)) {
        *first = *first / a * a;
        *end = *first + a;
    }
    *end = *end < all ? *end : all;
}

static survey look(converter *c, size_t block)
{
    const mxfast_value *value = &c->right.value;
    survey seen = {0, 0, 0};
    size_t first, end;
    window(c, block, &first, &end);
    for (size_t i = first; i < end; i++) {
        if (i - block * c->batch->k < c->batch->k)
            know_lane(c, i - block * c->batch->k);
        look_at(c, &seen, mxc_value_bits(c->batch->in.value, c->batch->type, i));
    }
    forget(c, MXC_LANE);
    know_block(c);
    seen.amax &= value->sign - 1;
    if (seen.amax > value->inf) { /* an OR of magnitudes */
        seen.amax = value->inf - 1;
    }
    if (seen.amax != 0 && seen.amax < value->min_normal && acts(c, MXC_FAULT_AMAX_FIELD))
        seen.amax = c->mutant->a ? value->min_normal : value->min_normal / 2;
    if (seen.amax != 0 && acts(c, MXC_FAULT_AMAX_VIA)) {
        mxfast_number x = mxfast_unpack(value, seen.amax);
        const int stays = stay_in((mx_type)c->mutant->a, &x, c->mutant->b);
        seen.amax = stays == 0 ? 0 : stays < 0 ? value->inf - 1 : round_to(value, x, 0);
    }
    if (seen.amax < plan_for(c, MXC_SIDE_SCALE)->cast.flush)
        seen.amax = 0;
    return seen;
}

/* ---- the scale byte ---- */

typedef struct verdict {
    uint8_t byte;
    int flushed;
} verdict;

static void know_amax(converter *c, survey seen)
{
    const mxfast_scale_plan *scale = &c->right.scale;
    c->var[MXC_AMAX_ZERO] = seen.amax == 0;
    if (seen.amax == 0)
        return;
    const mxfast_number a = mxfast_unpack(&c->right.value, seen.amax);
    c->var[MXC_AMAX_EXP] = a.e;
    if (scale->arith == MX_ARITH_EXACT)
        c->var[MXC_EXPONENT] = a.e - scale->top + (a.sig > scale->cut);
}

static uint8_t fault_of_byte(converter *c, uint8_t byte)
{
    c->var[MXC_BYTE] = byte;
    if (acts(c, MXC_FAULT_BYTE_ADD))
        byte = (uint8_t)(byte + c->mutant->a);
    else if (acts(c, MXC_FAULT_BYTE_SET))
        byte = (uint8_t)c->mutant->a;
    else if (c->var[MXC_EXPONENT] != UNKNOWN && acts(c, MXC_FAULT_BYTE_WRAP))
        byte = (uint8_t)(c->var[MXC_EXPONENT] + 127);
    return byte;
}

static verdict judge(converter *c, survey seen)
{
    verdict to = {0, 0};
    c->var[MXC_KIND] = seen.nan ? MXC_KIND_NAN : seen.inf ? MXC_KIND_INF : UNKNOWN;
    know_amax(c, seen);
    const mxfast_plan *plan = plan_for(c, MXC_SIDE_SCALE);
    if (seen.nan && plan->scale.nan >= 0)
        to.byte = (uint8_t)plan->scale.nan;
    else if (seen.inf && plan->scale.inf >= 0)
        to.byte = (uint8_t)plan->scale.inf;
    else
        to = (verdict){mxfast_scale_byte(plan, seen.amax), seen.amax < plan->scale.flush_block};
    to.byte = fault_of_byte(c, to.byte);
    return to;
}

/* ---- one element ---- */

/* Rounding by a plan; the place is on its grid. */
static uint64_t round_up(converter *c, const mxfast_cast_plan *cast, mxfast_place place, unsigned negative,
                         uint32_t random)
{
    uint64_t above = cast->above[negative][place.pattern & 1];
    if (cast->random_bits != 0) {
        const uint32_t all = UINT32_MAX >> (32 - cast->random_bits);
        if (acts(c, MXC_FAULT_RANDOM_ZERO))
            random = 0;
        if (acts(c, MXC_FAULT_RANDOM_ADD))
            random = (random + (uint32_t)c->mutant->a) & all;
        if (acts(c, MXC_FAULT_RANDOM_HIGH) && cast->random_bits > (unsigned)c->mutant->a)
            random &= ~(all >> c->mutant->a);
        above = ~((uint64_t)random << (64 - cast->random_bits));
    }
    const uint64_t up = place.rest > above;
    return place.rest != 0 && acts(c, MXC_FAULT_FLIP) ? !up : up;
}

static mxfast_place lose_sticky(const converter *c, mxfast_place place)
{
    if (acts(c, MXC_FAULT_STICKY_KEEP))
        place.rest &= ~(UINT64_MAX >> c->mutant->a);
    if (acts(c, MXC_FAULT_STICKY_DROP))
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
    if (acts(c, MXC_FAULT_SHIFT_MOD) && x.e < grid.emin) {
        const int shift = (int)(63 - grid.mbits) - 40 + grid.emin - x.e; /* of a significand of 24 bits */
        if (shift >= c->mutant->a)
            x.e += shift / c->mutant->a * c->mutant->a;
        return mxfast_locate((mxfast_grid){grid.mbits, x.e < grid.emin ? grid.emin : x.e}, x);
    }
    if (acts(c, MXC_FAULT_TWICE)) {
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
    const mxfast_cast_plan *cast = &plan_for(c, MXC_SIDE_ELEMENT)->cast;
    place = lose_sticky(c, locate(c, cast->grid, x));
    uint64_t up = round_up(c, cast, place, negative, random);
    const uint64_t fraction = (UINT64_C(1) << cast->grid.mbits) - 1;
    if (up && (place.pattern & fraction) == fraction && place.pattern != 0) {
        if (acts(c, MXC_FAULT_CARRY_STICK))
            up = 0;
        if (acts(c, MXC_FAULT_CARRY_WRAP))
            up = (uint64_t)0 - fraction;
    }
    uint64_t pattern = place.pattern + up;
    c->var[MXC_PATTERN] = pattern < INT_MAX ? (int)pattern : INT_MAX;
    c->var[MXC_OVER] = pattern > cast->max[negative];
    c->var[MXC_ROUNDED_OVER] = c->var[MXC_OVER] && place.pattern <= cast->max[negative];
    if (is_plan_fault(c->mutant->fault))
        cast = &plan_for(c, MXC_SIDE_ELEMENT)->cast;
    if (pattern > cast->max[negative]) {
        if (!acts(c, MXC_FAULT_OVER_WRAP))
            return cast->over[negative];
        pattern &= (1u << (c->right.format->bits - 1)) - 1;
    }
    if (pattern < cast->min)
        return cast->tiny[negative];
    return (uint8_t)((pattern ^ cast->flip[negative]) + cast->add[negative]);
}

/* The quotient, and what may befall it; 1, 0 for zero, -1 for overflow. */
static int quotient(converter *c, mxfast_number *x, uint8_t byte)
{
    const mxc_mutant *m = c->mutant;
    int is = 1;
    if (acts(c, MXC_FAULT_SOURCE_VIA))
        is = stay_in((mx_type)m->a, x, m->b);
    x->e -= (int)byte - 127;
    if (is != 1)
        return is;
    c->var[MXC_QUOT_EXP] = x->e;
    c->var[MXC_SUBNORMAL] = x->e < c->grid.emin;
    if (acts(c, MXC_FAULT_QUOT_ADD))
        x->e += m->a;
    if (acts(c, MXC_FAULT_QUOT_VIA))
        is = stay_in((mx_type)m->a, x, m->b);
    if (acts(c, MXC_FAULT_QUOT_ZERO) ||
        (m->fault == MXC_FAULT_QUOT_FTZ && x->e < layout_of((mx_type)m->a)->grid.emin && holds(c)))
        is = 0;
    return acts(c, MXC_FAULT_QUOT_INF) ? -1 : is;
}

static uint8_t encode(converter *c, uint64_t bits, verdict to, uint32_t random)
{
    const mxfast_value *value = &c->right.value;
    const unsigned negative = (bits & value->sign) != 0;
    know_source(c, bits);
    uint64_t magnitude = shorten_nan(c, bits) & (value->sign - 1);
    if (c->var[MXC_KIND] == MXC_KIND_SUBNORMAL && acts(c, MXC_FAULT_SOURCE_IMPLICIT))
        magnitude |= value->min_normal;
    const mxfast_cast_plan *cast = &plan_for(c, MXC_SIDE_ELEMENT)->cast;
    if (to.byte == 0xff)
        return cast->under[negative];
    if (magnitude > value->inf)
        return cast->nan[negative];
    if (magnitude == value->inf)
        return cast->inf[negative];
    if (to.flushed || magnitude == 0 || magnitude < cast->flush)
        return cast->zero[negative];
    mxfast_number x = mxfast_unpack(value, magnitude);
    const int is = quotient(c, &x, to.byte);
    if (is != 1)
        return is == 0 ? cast->tiny[negative] : cast->over[negative];
    return finite(c, x, negative, random);
}

static uint8_t fault_of_code(converter *c, uint8_t code)
{
    c->var[MXC_CODE] = code;
    c->var[MXC_FIELD] = (code & ((1 << (c->right.format->bits - 1)) - 1)) >> c->right.format->mbits;
    if (acts(c, MXC_FAULT_CODE_SET))
        code = (uint8_t)c->mutant->a;
    else if (acts(c, MXC_FAULT_CODE_XOR))
        code ^= (uint8_t)c->mutant->a;
    else if (acts(c, MXC_FAULT_CODE_CLEAR))
        code &= (uint8_t)~c->mutant->a;
    return code & (uint8_t)(0xffu >> (8 - c->right.format->bits));
}

/* ---- blocks ---- */

static uint8_t byte_for_elements(converter *c, uint8_t byte)
{
    c->var[MXC_BYTE] = byte;
    if (acts(c, MXC_FAULT_DIV_SET))
        return (uint8_t)c->mutant->a;
    return acts(c, MXC_FAULT_DIV_PREV) ? c->previous : byte;
}

/* Which lane's code is written at `lane`. */
static size_t from_lane(const converter *c, size_t lane)
{
    const size_t k = c->batch->k;
    if (acts(c, MXC_FAULT_LANE_HALVES) && k % 2 == 0)
        return lane / 2 + (lane % 2) * (k / 2);
    if (acts(c, MXC_FAULT_LANE_XOR) && (lane ^ (size_t)c->mutant->a) < k)
        return lane ^ (size_t)c->mutant->a;
    return lane;
}

static void encode_block(converter *c, size_t block, verdict to)
{
    const mx_batch *batch = c->batch;
    const verdict seen = {byte_for_elements(c, to.byte), to.flushed};
    for (size_t i = 0; i < batch->k; i++) {
        know_lane(c, i);
        const size_t lane = from_lane(c, i), at = block * batch->k + lane;
        const size_t bits_at = acts(c, MXC_FAULT_RANDOM_LANE) ? block * batch->k : at;
        const uint32_t random = batch->in.random ? batch->in.random[bits_at] : 0;
        const uint8_t code = encode(c, mxc_value_bits(batch->in.value, batch->type, at), seen, random);
        batch->out.code[block * batch->k + i] = fault_of_code(c, code);
    }
    c->previous = to.byte;
}

static uint64_t decode(converter *c, unsigned code, int s);

static void decode_block(converter *c, size_t block)
{
    const mx_batch *batch = c->batch;
    const uint8_t byte = byte_for_elements(c, batch->in.scale ? batch->in.scale[block] : 127);
    for (size_t i = 0; i < batch->k; i++) {
        know_lane(c, i);
        uint8_t code = batch->in.code[block * batch->k + from_lane(c, i)];
        code = fault_of_code(c, code);
        const uint64_t all = decode(c, code, byte == 0xff ? INT_MAX : (int)byte - 127);
        const size_t width = mx_type_bytes(batch->type);
        unsigned char *to = (unsigned char *)batch->out.value + (block * batch->k + i) * width;
        const uint32_t word = (uint32_t)all;
        const uint16_t half = (uint16_t)all;
        memcpy(to, width == 8 ? (const void *)&all : width == 4 ? (const void *)&word : (const void *)&half, width);
    }
    c->previous = batch->in.scale ? batch->in.scale[block] : 127;
}

/* ---- decoding ---- */

static void know_code(converter *c, const mxfast_plan *plan, unsigned code)
{
    const mx_facts *f = plan->format;
    const unsigned pattern = code & ((1u << (f->bits - 1)) - 1);
    const uint64_t magnitude = plan->decode.base[code] & (plan->value.sign - 1);
    c->var[MXC_NEGATIVE] = code >> (f->bits - 1) != 0;
    c->var[MXC_KIND] = plan->decode.step[code] != 0
                           ? (f->ebits != 0 && pattern >> f->mbits == 0 ? MXC_KIND_SUBNORMAL : MXC_KIND_NORMAL)
                       : magnitude == 0               ? MXC_KIND_ZERO
                       : magnitude == plan->value.inf ? MXC_KIND_INF
                                                      : MXC_KIND_NAN;
}

/* The product, finite and not zero; bits without sign. */
static uint64_t product(converter *c, const mxfast_plan *plan, mxfast_number x, int s)
{
    const mxfast_value *target = &plan->value;
    const mxc_mutant *m = c->mutant;
    mxfast_number scale = {MXFAST_LEAD, s};
    int is = acts(c, MXC_FAULT_SCALE_VIA) ? stay_in((mx_type)m->a, &scale, 0) : 1;
    x.e += s;
    c->var[MXC_QUOT_EXP] = x.e;
    if (acts(c, MXC_FAULT_QUOT_ADD))
        x.e += m->a;
    if (is == 1 && acts(c, MXC_FAULT_RESULT_VIA))
        is = stay_in((mx_type)m->a, &x, m->b);
    const int narrow = m->fault == MXC_FAULT_RESULT_FTZ && m->a != 0;
    if (x.e < (narrow ? layout_of((mx_type)m->a) : target)->grid.emin && acts(c, MXC_FAULT_RESULT_FTZ))
        is = 0;
    if (is != 1)
        return is == 0 ? 0 : target->inf;
    const mxfast_place place = mxfast_locate(target->grid, x);
    c->var[MXC_TIE] = place.rest == MXFAST_LEAD;
    c->var[MXC_INEXACT] = place.rest != 0;
    uint64_t bits = mxfast_round_even(place);
    if (acts(c, MXC_FAULT_TRUNCATE))
        bits = place.pattern;
    if (acts(c, MXC_FAULT_AWAY))
        bits = place.pattern + (place.rest >= MXFAST_LEAD);
    c->var[MXC_OVER] = bits >= target->inf;
    return bits < target->inf ? bits : plan_for(c, MXC_SIDE_ELEMENT)->decode.over;
}

/* The bits of a code at scale 2^s; s = INT_MAX: the scale is NaN. */
static uint64_t decode(converter *c, unsigned code, int s)
{
    know_code(c, &c->right, code);
    const mxfast_plan *plan = plan_for(c, MXC_SIDE_ELEMENT);
    const mxfast_value *target = &plan->value;
    uint64_t sign = c->var[MXC_NEGATIVE] ? target->sign : 0;
    if (acts(c, MXC_FAULT_UNSIGNED))
        sign = 0;
    if (acts(c, MXC_FAULT_VALUE)) {
        const uint64_t special[] = {0, target->inf, target->nan, target->inf - 1};
        return sign | special[c->mutant->a];
    }
    if (s == INT_MAX)
        return target->nan;
    const int is_special = c->var[MXC_KIND] <= MXC_KIND_INF;
    const unsigned pattern = code & ((1u << (plan->format->bits - 1)) - 1);
    if (is_special && acts(c, MXC_FAULT_NUMBER))
        return sign | product(c, plan, number_of(c->grid, pattern), s);
    if (c->var[MXC_KIND] != MXC_KIND_NORMAL && !is_special && acts(c, MXC_FAULT_IMPLICIT)) {
        mxfast_number x = number_of(c->grid, pattern | 1u << c->grid.mbits);
        x.e -= c->mutant->a;
        return sign | product(c, plan, x, s);
    }
    if (plan->decode.step[code] == 0)
        return (plan->decode.base[code] & (target->sign - 1)) | (c->var[MXC_KIND] == MXC_KIND_NAN ? 0 : sign);
    return sign | product(c, plan, (mxfast_number){plan->decode.sig[code], plan->decode.e[code]}, s);
}

/* ---- batches ---- */

static void spoil_scale(mxfast_scale_plan *scale, const mxc_mutant *m)
{
    switch (m->fault) {
    case MXC_FAULT_CUT:
        scale->cut = (uint64_t)m->a << 40;
        break;
    case MXC_FAULT_CUT_AT: /* none for floor */
        scale->cut -= scale->cut != UINT64_MAX;
        break;
    case MXC_FAULT_EVEN_BITS:
        if (scale->rule == MX_SCALE_EVEN)
            scale->cut = UINT64_MAX - (UINT64_C(1) << (62 - (int)scale->mbits - m->a));
        break;
    case MXC_FAULT_FLOOR_MAX: /* the plan is that of rceil */
        scale->cut--;
        scale->top++;
        break;
    case MXC_FAULT_TOP:
        scale->top += m->a;
        break;
    default:
        break;
    }
}

static int spoil(converter *c)
{
    const mxc_mutant *m = c->mutant;
    const mx_batch *batch = c->batch;
    mx_profile profile = batch->profile;
    if (m->fault == MXC_FAULT_AXIS) {
        uint8_t bytes[sizeof profile];
        memcpy(bytes, &profile, sizeof bytes);
        bytes[m->a] = (uint8_t)m->b;
        memcpy(&profile, bytes, sizeof bytes);
        profile.sr_bits = profile.round != MX_SR ? 0 : batch->profile.round == MX_SR ? profile.sr_bits : 8;
    }
    if (m->fault == MXC_FAULT_FLOOR_MAX)
        profile.scale = MX_SCALE_RCEIL;
    if (mxfast_plan_make(&c->wrong, batch->op, batch->elem, batch->type, &profile) != MX_OK)
        return 0;
    spoil_scale(&c->wrong.scale, m);
    for (unsigned negative = 0; m->fault == MXC_FAULT_MAX_ADD && negative < 2; negative++) {
        mxfast_cast_plan *cast = &c->wrong.cast;
        const uint8_t old = (uint8_t)((cast->max[negative] ^ cast->flip[negative]) + cast->add[negative]);
        cast->max[negative] = (uint32_t)((int)cast->max[negative] + m->a);
        const uint8_t new = (uint8_t)((cast->max[negative] ^ cast->flip[negative]) + cast->add[negative]);
        cast->over[negative] = cast->over[negative] == old ? new : cast->over[negative];
        cast->inf[negative] = cast->inf[negative] == old ? new : cast->inf[negative];
    }
    return 1;
}

static mx_status begin(converter *c, const mxc_mutant *mutant, const mx_batch *batch)
{
    mxfast_plan cast;
    memset(c, 0, sizeof *c);
    c->mutant = mutant;
    c->batch = batch;
    if (mxfast_plan_make(&c->right, batch->op, batch->elem, batch->type, &batch->profile) != MX_OK || !spoil(c) ||
        mxfast_plan_make(&cast, MX_OP_CAST, batch->elem, batch->type, &batch->profile) != MX_OK)
        return MX_EINVAL;
    c->grid = cast.cast.grid;
    c->previous = 127;
    return MX_OK;
}

mx_status mxc_mutant_run(const mxc_mutant *mutant, const mx_batch *batch)
{
    if (batch->op > MX_OP_DEQUANTIZE)
        return MX_EUNSUPPORTED;
    mx_status status = mx_batch_check(batch, NULL);
    converter *c = status == MX_OK ? malloc(sizeof *c) : NULL;
    if (c == NULL)
        return status == MX_OK ? MX_ENOMEM : status;
    status = begin(c, mxc_mutant_concerns(mutant, batch) ? mutant : &mxc_mutants[0], batch);
    for (size_t block = 0; status == MX_OK && block < batch->count; block++) {
        know_block(c);
        if (batch->op == MX_OP_DECODE || batch->op == MX_OP_DEQUANTIZE) {
            decode_block(c, block);
            continue;
        }
        verdict to = {batch->in.scale ? batch->in.scale[block] : 127, 0};
        if (batch->op == MX_OP_SCALE || batch->op == MX_OP_QUANTIZE)
            to = judge(c, look(c, block));
        if (batch->out.scale)
            batch->out.scale[block] = to.byte;
        if (batch->out.code)
            encode_block(c, block, to);
    }
    free(c);
    return status;
}
