/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Division by numbers that the host knows. GPUs have no integer divider, and compilers make one of floating-point
 * reciprocals: this text is to have no floating-point instruction at all.
 */
#ifndef MXG_DIVIDE_H
#define MXG_DIVIDE_H

#include "kernels/body/job.h"
#include "kernels/gpu.h"

/* Upper 64 bits of the product. */
MX_FN uint64_t mxg_high_half(uint64_t a, uint64_t b)
{
    uint64_t a0 = a & 0xffffffffu, a1 = a >> 32, b0 = b & 0xffffffffu, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32), low = (middle & 0xffffffffu) + a0 * b1;

    return a1 * b1 + (middle >> 32) + (low >> 32);
}

/* n / d. With inverse = floor((2^64 - 1) / d) the product is at most one short. */
MX_FN uint64_t mxg_quotient(const mxg_divisor *d, uint64_t n)
{
    uint64_t q = mxg_high_half(n, d->inverse);

    return q + (n - q * d->by >= d->by);
}

/* The same of 31 bits. */
MX_FN uint32_t mxg_quotient_31(const mxg_divisor *d, uint32_t n)
{
    uint32_t by = (uint32_t)d->by, q = (uint32_t)((uint64_t)n * (uint32_t)(d->inverse >> 32) >> 32);

    return q + (n - q * by >= by);
}

#endif
