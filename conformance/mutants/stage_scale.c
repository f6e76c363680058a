/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stages of the scale: the largest magnitude, the rule, the ends of its range, the byte.
 */
#include "conformance/mutants/converter.h"

/* ---- amax ---- */

static void look_at(converter *c, survey *seen, uint64_t bits)
{
    const mxfast_value *value = &c->right.value;
    mxm_know_source(c, bits);
    if (mxm_acts(c, MXC_FAULT_IGNORE))
        return;
    bits = mxm_shorten_nan(c, bits);
    const uint64_t magnitude = bits & (value->sign - 1);
    if (magnitude > value->inf) {
        const int as_inf = mxm_acts(c, MXC_FAULT_NAN_INF);
        seen->nan |= !as_inf;
        seen->inf |= as_inf;
        return;
    }
    if (magnitude == value->inf && !mxm_acts(c, MXC_FAULT_INF_FINITE)) {
        const int as_nan = mxm_acts(c, MXC_FAULT_INF_NAN);
        seen->nan |= as_nan;
        seen->inf |= as_nan ? 0 : (bits & value->sign) != 0 ? 2 : 1;
        return;
    }
    if (mxm_acts(c, MXC_FAULT_SUM))
        seen->amax |= magnitude;
    else if (mxm_acts(c, MXC_FAULT_NO_ABS))
        seen->amax = bits > seen->amax ? bits : seen->amax;
    else if ((magnitude > (seen->amax & (value->sign - 1)))) {
        seen->amax = magnitude;
        seen->negative = (bits & value->sign) != 0;
    }
}

/* Which flat elements of the batch the block's A is taken of. */
static void window(const converter *c, size_t block, size_t *first, size_t *end)
{
    const size_t k = c->batch->k, all = k * c->batch->count, a = (size_t)c->mutant->a;
    *first = block * k;
    *end = *first + k;
    if (mxm_acts(c, MXC_FAULT_RUNS)) {
        *first += c->run * a;
        *end = *first + a < *end ? *first + a : *end;
    }
    if (mxm_acts(c, MXC_FAULT_NEXT))
        *end += a;
    if (mxm_acts(c, MXC_FAULT_BACK))
        *first -= (a < block ? a : block) * k;
    if (mxm_acts(c, MXC_FAULT_SPAN)) {
        *first = *first / a * a;
        *end = *first + a;
    }
    *end = *end < all ? *end : all;
}

survey mxm_look(converter *c, size_t block)
{
    const mxfast_value *value = &c->right.value;
    survey seen = {0, 0, 0, 0};
    size_t first, end;
    window(c, block, &first, &end);
    for (size_t i = first; i < end; i++) {
        if (i - block * c->batch->k < c->batch->k)
            mxm_know_lane(c, i - block * c->batch->k);
        look_at(c, &seen, mxm_input(c, mxc_value_bits(c->batch->in.value, c->batch->type, i)));
    }
    mxm_forget(c, MXC_LANE);
    mxm_know_block(c);
    seen.amax &= value->sign - 1;
    if (seen.amax > value->inf) { /* an OR of magnitudes */
        seen.amax = value->inf - 1;
    }
    if (seen.amax != 0 && seen.amax < value->min_normal && mxm_acts(c, MXC_FAULT_AMAX_FIELD))
        seen.amax = c->mutant->a ? value->min_normal : value->min_normal / 2;
    if (seen.amax != 0 && mxm_acts(c, MXC_FAULT_AMAX_VIA)) {
        mxfast_number x = mxfast_unpack(value, seen.amax);
        int stays = mxm_stay_in((mx_type)c->mutant->a, &x, c->mutant->b == 1);
        if (c->mutant->b == 2 && stays == 1 && x.e < mxm_layout_of((mx_type)c->mutant->a)->grid.emin)
            stays = 0;
        seen.amax = stays == 0 ? 0 : stays < 0 ? value->inf - 1 : mxm_round_to(value, x, 0);
    }
    if (seen.amax < mxm_plan_for(c, MXC_SIDE_SCALE)->cast.flush)
        seen.amax = 0;
    if (mxm_acts(c, MXC_FAULT_AMAX_EPS)) { /* at least 2^a */
        const mxfast_number least = {MXFAST_LEAD, c->mutant->a};
        const uint64_t bits = mxm_round_to(value, least, 0);
        seen.amax = seen.amax < bits ? bits : seen.amax;
    }
    return seen;
}

/* ---- the scale byte ---- */

static void know_amax(converter *c, survey seen)
{
    const mxfast_scale_plan *scale = &c->right.scale;
    c->var[MXC_AMAX_ZERO] = seen.amax == 0;
    c->var[MXC_AMAX_NEGATIVE] = seen.negative;
    if (seen.amax == 0)
        return;
    const mxfast_number a = mxfast_unpack(&c->right.value, seen.amax);
    c->var[MXC_AMAX_EXP] = a.e;
    if (scale->arith == MX_ARITH_EXACT)
        c->var[MXC_EXPONENT] = a.e - scale->top + (a.sig > scale->cut);
}

uint8_t mxm_fault_of_byte(converter *c, uint8_t byte)
{
    c->var[MXC_BYTE] = byte;
    if (mxm_acts(c, MXC_FAULT_BYTE_ADD))
        byte = (uint8_t)(byte + c->mutant->a);
    else if (mxm_acts(c, MXC_FAULT_BYTE_SET))
        byte = (uint8_t)c->mutant->a;
    else if (c->var[MXC_EXPONENT] != UNKNOWN && mxm_acts(c, MXC_FAULT_BYTE_WRAP))
        byte = (uint8_t)(c->var[MXC_EXPONENT] + 127);
    return byte;
}

/* The byte of A. Bit formulas that take an Inf for a number read 255 in its exponent field. */
static uint8_t byte_of(const mxfast_plan *plan, uint64_t amax)
{
    if (amax == plan->value.inf && plan->scale.arith == MX_ARITH_F32 && plan->scale.rule != MX_SCALE_RCEIL)
        return (uint8_t)(255 - plan->scale.top);
    return mxfast_scale_byte(plan, amax);
}

verdict mxm_judge(converter *c, survey seen)
{
    verdict to = {0, 0, 0, 0};
    seen.nan |= seen.inf == 3 && mxm_acts(c, MXC_FAULT_INF_SIGNS);
    c->var[MXC_KIND] = seen.nan ? MXC_KIND_NAN : seen.inf ? MXC_KIND_INF : UNKNOWN;
    know_amax(c, seen);
    const mxfast_plan *plan = mxm_plan_for(c, MXC_SIDE_SCALE);
    seen.nan &= !(seen.inf && mxm_acts(c, MXC_FAULT_INF_FIRST));
    if (seen.nan && plan->scale.nan >= 0)
        to.byte = (uint8_t)plan->scale.nan;
    else if (seen.inf && plan->scale.inf >= 0)
        to.byte = (uint8_t)plan->scale.inf;
    else
        to = (verdict){byte_of(plan, seen.amax), seen.amax < plan->scale.flush_block, 0, 0};
    to.byte = mxm_fault_of_byte(c, to.byte);
    to.apart = c->var[MXC_EXPONENT] != UNKNOWN && c->mutant->a == 1 && mxm_acts(c, MXC_FAULT_BYTE_WRAP);
    if (to.apart)
        to.exponent = c->var[MXC_EXPONENT];
    else
        to.exponent = to.byte == 0 && c->var[MXC_EXPONENT] != UNKNOWN ? c->var[MXC_EXPONENT] : (int)to.byte - 127;
    return to;
}
