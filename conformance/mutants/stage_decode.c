/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stages of decoding: the code's value, and its product with the scale.
 */
#include "conformance/mutants/converter.h"

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

/* x times the scale byte as an integer. */
static mxfast_number times_byte(mxfast_number x, unsigned byte)
{
    const uint64_t sig = (x.sig >> 48) * byte; /* a code has at most eight significant bits */
    const unsigned zeros = mxfast_leading_zeros(sig);
    return (mxfast_number){sig << zeros, x.e + 48 - (int)zeros};
}

/* The product, finite and not zero; bits without sign. */
static uint64_t product(converter *c, const mxfast_plan *plan, mxfast_number x, int s)
{
    const mxfast_value *target = &plan->value;
    const mxc_mutant *m = c->mutant;
    mxfast_number scale = {MXFAST_LEAD, s};
    int is = mxm_acts(c, MXC_FAULT_SCALE_VIA) ? mxm_stay_in((mx_type)m->a, &scale, 0) : 1;
    x.e += s;
    if (mxm_acts(c, MXC_FAULT_SCALE_RAW)) {
        if (c->var[MXC_BYTE] == 0)
            return 0;
        x = times_byte((mxfast_number){x.sig, x.e - s}, (unsigned)c->var[MXC_BYTE]);
    }
    c->var[MXC_QUOT_EXP] = x.e;
    if (mxm_acts(c, MXC_FAULT_QUOT_ADD))
        x.e += m->a;
    if (is == 1 && mxm_acts(c, MXC_FAULT_RESULT_VIA))
        is = mxm_stay_in((mx_type)m->a, &x, m->b);
    const int narrow = m->fault == MXC_FAULT_RESULT_FTZ && m->a != 0;
    if (x.e < (narrow ? mxm_layout_of((mx_type)m->a) : target)->grid.emin && mxm_acts(c, MXC_FAULT_RESULT_FTZ))
        is = 0;
    if (is != 1)
        return is == 0 ? 0 : target->inf;
    const mxfast_place place = mxfast_locate(target->grid, x);
    c->var[MXC_TIE] = place.rest == MXFAST_LEAD;
    c->var[MXC_INEXACT] = place.rest != 0;
    uint64_t bits = mxfast_round_even(place);
    if (mxm_acts(c, MXC_FAULT_TRUNCATE))
        bits = place.pattern;
    if (mxm_acts(c, MXC_FAULT_AWAY))
        bits = place.pattern + (place.rest >= MXFAST_LEAD);
    c->var[MXC_OVER] = bits >= target->inf;
    if (bits >= target->inf && mxm_acts(c, MXC_FAULT_OVER_NAN))
        return target->nan;
    return bits < target->inf ? bits : mxm_plan_for(c, MXC_SIDE_ELEMENT)->decode.over;
}

/* The bits of a code under a scale byte. */
uint64_t mxm_decode(converter *c, unsigned code, uint8_t byte)
{
    const int s = (int)byte - 127;
    know_code(c, &c->right, code);
    const mxfast_plan *plan = mxm_plan_for(c, MXC_SIDE_ELEMENT);
    const mxfast_value *target = &plan->value;
    uint64_t sign = c->var[MXC_NEGATIVE] ? target->sign : 0;
    if (mxm_acts(c, MXC_FAULT_UNSIGNED))
        sign = 0;
    if (mxm_acts(c, MXC_FAULT_VALUE)) {
        const int no_product = c->var[MXC_KIND] == MXC_KIND_NAN || c->var[MXC_KIND] == MXC_KIND_ZERO;
        const uint64_t special[] = {0,
                                    target->inf,
                                    target->nan,
                                    target->inf - 1,
                                    no_product ? target->nan : target->inf,
                                    UINT64_C(0x47efffffe0000000)};
        return sign | special[c->mutant->a];
    }
    if (byte == 0xff && !mxm_acts(c, MXC_FAULT_BYTE_FF))
        return target->nan;
    const int is_special = c->var[MXC_KIND] <= MXC_KIND_INF;
    const unsigned pattern = code & ((1u << (plan->format->bits - 1)) - 1);
    if (is_special && mxm_acts(c, MXC_FAULT_NUMBER))
        return sign | product(c, plan, mxm_number_of(c->grid, pattern), s);
    if (c->var[MXC_KIND] != MXC_KIND_NORMAL && !is_special && mxm_acts(c, MXC_FAULT_IMPLICIT)) {
        mxfast_number x = mxm_number_of(c->grid, pattern | 1u << c->grid.mbits);
        x.e -= c->mutant->a;
        return sign | product(c, plan, x, s);
    }
    if (plan->decode.step[code] == 0)
        return (plan->decode.base[code] & (target->sign - 1)) | (c->var[MXC_KIND] == MXC_KIND_NAN ? 0 : sign);
    return sign | product(c, plan, (mxfast_number){plan->decode.sig[code], plan->decode.e[code]}, s);
}
