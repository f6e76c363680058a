/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bits of a source or target type to and from an exact number.
 */
#ifndef MXG_VALUE_H
#define MXG_VALUE_H

#include "kernels/body/job.h"
#include "kernels/gpu.h"

enum { MXG_NAN = 1, MXG_INF, MXG_ZERO, MXG_FINITE };

/* A finite value is sig * 2^exp, of sign `negative`; `subnormal` in its source type. */
typedef struct mxg_number {
    uint64_t sig;
    int32_t exp;
    uint32_t kind, negative, subnormal;
} mxg_number;

MX_FN uint64_t mxg_load(const void *base, uint32_t type, uint64_t i)
{
    if (type == MX_FP64)
        return ((const uint64_t *)base)[i];
    if (type == MX_FP32)
        return ((const uint32_t *)base)[i];
    return ((const uint16_t *)base)[i];
}

MX_FN void mxg_store(void *base, uint32_t type, uint64_t i, uint64_t bits)
{
    if (type == MX_FP64)
        ((uint64_t *)base)[i] = bits;
    else if (type == MX_FP32)
        ((uint32_t *)base)[i] = (uint32_t)bits;
    else
        ((uint16_t *)base)[i] = (uint16_t)bits;
}

MX_FN mxg_number mxg_number_of(uint64_t bits, uint32_t mbits, uint32_t ebits)
{
    uint64_t man = bits & (((uint64_t)1 << mbits) - 1);
    uint32_t top = (1u << ebits) - 1, field = (uint32_t)(bits >> mbits) & top;
    int32_t bias = (int32_t)(top >> 1);
    mxg_number x;

    x.negative = (uint32_t)(bits >> (mbits + ebits)) & 1u;
    x.subnormal = field == 0 && man != 0;
    x.sig = field == 0 ? man : man | (uint64_t)1 << mbits;
    x.exp = (int32_t)(field == 0 ? 1u : field) - bias - (int32_t)mbits;
    x.kind = field == top ? (man ? MXG_NAN : MXG_INF) : x.sig == 0 ? MXG_ZERO : MXG_FINITE;
    return x;
}

/* sig >> shift, rounded to nearest even; any shift >= 0. */
MX_FN uint64_t mxg_shift_rne(uint64_t sig, uint32_t shift)
{
    uint64_t whole, rest, half;

    if (shift == 0)
        return sig;
    if (shift > 64)
        return 0;
    half = (uint64_t)1 << (shift - 1);
    whole = shift == 64 ? 0 : sig >> shift;
    rest = shift == 64 ? sig : sig & ((half << 1) - 1);
    return whole + (rest > half || (rest == half && (whole & 1)));
}

/* The magnitude bits of sig * 2^exp (sig nonzero) in a type, rounded to nearest even with gradual underflow; the bits
 * of infinity when it overflows. */
MX_FN uint64_t mxg_bits_of(uint64_t sig, int32_t exp, uint32_t mbits, uint32_t ebits)
{
    int32_t bias = (int32_t)((1u << ebits) - 1) >> 1, emin = 1 - bias;
    int32_t e = 63 - (int32_t)MX_CLZ64(sig) + exp, at = (e < emin ? emin : e) - (int32_t)mbits;
    uint64_t infinity = (((uint64_t)1 << ebits) - 1) << mbits, m, bits;

    if (e > bias)
        return infinity;
    m = at <= exp ? sig << (uint32_t)(exp - at) : mxg_shift_rne(sig, (uint32_t)(at - exp));
    /* The hidden bit of m carries into the exponent field, as does rounding up to the next binade. */
    bits = ((uint64_t)((e < emin ? emin : e) - emin) << mbits) + m;
    return bits > infinity ? infinity : bits;
}

#endif
