/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The first stage of all: a value on its way in, before the reduction and the elements look at it; and the last one of
 * decoding, on its way out.
 */
#include "conformance/mutants/converter.h"

/* With so many fraction bits. */
static uint64_t with_fewer_bits(const converter *c, uint64_t bits, unsigned kept, int how)
{
    const mxfast_value *value = &c->right.value;
    const unsigned drop = value->grid.mbits - kept;
    const uint64_t half = UINT64_C(1) << (drop - 1);
    if (how == 1)
        return bits >> drop << drop;
    if ((bits & (value->sign - 1)) >= value->inf)
        return bits;
    bits += how == 2 ? half : half - 1 + (bits >> drop & 1); /* a carry out of the binade is right, Inf too */
    return bits >> drop << drop;
}

static uint64_t via(const converter *c, uint64_t bits, mx_type type)
{
    const mxfast_value *value = &c->right.value;
    const uint64_t sign = bits & value->sign, magnitude = bits & (value->sign - 1);
    if (magnitude == 0 || magnitude >= value->inf)
        return bits;
    mxfast_number x = mxfast_unpack(value, magnitude);
    const int is = mxm_stay_in(type, &x, 0);
    return sign | (is == 0 ? 0 : is < 0 ? value->inf : mxm_round_to(value, x, 0));
}

static uint64_t swapped(const converter *c, uint64_t bits, unsigned unit)
{
    const unsigned width = 8 * unit, units = (unsigned)mx_type_bytes(c->batch->type) / unit;
    uint64_t out = 0;
    for (unsigned i = 0; i < units; i++)
        out |= (bits >> (i * width) & ((UINT64_C(1) << width) - 1)) << ((units - 1 - i) * width);
    return out;
}

uint64_t mxm_input(const converter *c, uint64_t bits)
{
    const mxc_mutant *m = c->mutant;
    const uint64_t sign = c->right.value.sign;
    if (mxm_acts(c, MXC_FAULT_INPUT_BITS))
        return with_fewer_bits(c, bits, (unsigned)m->a, m->b);
    if (mxm_acts(c, MXC_FAULT_INPUT_VIA))
        return via(c, bits, (mx_type)m->a);
    if (mxm_acts(c, MXC_FAULT_INPUT_SIGN))
        return m->a ? bits ^ sign : bits & (sign - 1);
    return mxm_acts(c, MXC_FAULT_INPUT_SWAP) ? swapped(c, bits, (unsigned)m->a) : bits;
}
