/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Integer significands: normalise, and round onto a grid.
 */
#ifndef IMPL_ROUND_H
#define IMPL_ROUND_H

#include "impl/kernels.h"

/* Zeros above the leading bit of a nonzero x. */
static inline unsigned mxfast_leading_zeros(uint64_t x)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_clzll(x);
#else
    unsigned n = 0;
    for (unsigned step = 32; step != 0; step /= 2)
        if (x >> (64 - step) == 0) {
            n += step;
            x <<= step;
        }
    return n;
#endif
}

/* A positive number sig 2^(e - 63) with bit 63 of sig set. */
typedef struct mxfast_number {
    uint64_t sig;
    int e;
} mxfast_number;

/* The number whose bits are `magnitude`, finite and not zero. */
static inline mxfast_number mxfast_unpack(const mxfast_value *value, uint64_t magnitude)
{
    unsigned mbits = value->grid.mbits;
    uint64_t field = magnitude >> mbits;
    uint64_t fraction = magnitude & ((UINT64_C(1) << mbits) - 1);
    uint64_t sig = field == 0 ? fraction : fraction | UINT64_C(1) << mbits;
    int e = value->grid.emin + (field == 0 ? 0 : (int)field - 1);
    unsigned zeros = mxfast_leading_zeros(sig);
    return (mxfast_number){sig << zeros, e + (int)(63 - mbits) - (int)zeros};
}

/* Where x lies on a grid: the pattern at or below it, and the fraction of the gap to the next one that is left over,
 * times 2^64 and rounded down, but never to zero. What that drops is no tie, and lies below 32 random bits. */
typedef struct mxfast_place {
    uint64_t pattern;
    uint64_t rest;
} mxfast_place;

static inline mxfast_place mxfast_locate(mxfast_grid grid, mxfast_number x)
{
    unsigned shift = 63 - grid.mbits;
    uint64_t binades = 0;
    if (x.e < grid.emin)
        shift += (unsigned)(grid.emin - x.e);
    else
        binades = (uint64_t)(x.e - grid.emin);
    if (shift < 64)
        return (mxfast_place){(binades << grid.mbits) + (x.sig >> shift), x.sig << (64 - shift)};
    if (shift == 64)
        return (mxfast_place){0, x.sig};
    if (shift < 128)
        return (mxfast_place){0, x.sig >> (shift - 64)};
    return (mxfast_place){0, 1};
}

/* Round to nearest, ties to even: is `rest` over the limit for this lowest kept bit. */
static inline uint64_t mxfast_round_even(mxfast_place place)
{
    return place.pattern + (place.rest > MXFAST_LEAD - (place.pattern & 1));
}

#endif
