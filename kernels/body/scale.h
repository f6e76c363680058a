/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The scale byte of a block, decision D1: four rules in three arithmetics, in integers.
 */
#ifndef MXG_SCALE_H
#define MXG_SCALE_H

#include "kernels/body/divide.h"
#include "kernels/body/round.h"

/* What a block holds: A as magnitude bits of its type, and whether a NaN or an Inf is there. */
typedef struct mxg_block {
    uint64_t amax;
    uint32_t has_nan, has_inf;
} mxg_block;

MX_FN mxg_block mxg_block_with(const mxg_job *j, mxg_block b, uint64_t bits)
{
    uint64_t magnitude = bits & (((uint64_t)1 << (j->type_mbits + j->type_ebits)) - 1);
    uint64_t infinity = (((uint64_t)1 << j->type_ebits) - 1) << j->type_mbits;

    if (magnitude > infinity)
        b.has_nan = 1;
    else if (magnitude == infinity)
        b.has_inf = 1;
    else if (j->profile.subnormal_in == MX_SUBNORMAL_IN_FLUSH && magnitude >> j->type_mbits == 0)
        return b;
    else if (magnitude > b.amax)
        b.amax = magnitude;
    return b;
}

/* With L = log2 of a number just above (below) 2^n: half the distance from n to the next 24-bit number on that side
 * is 2^g. Returns 2^(2^g) - 1, or 1 - 2^-(2^g), as a fraction of 2^64; 0 when n is 0, where nothing rounds to n. */
MX_FN uint64_t mxg_log2f_margin(int32_t n, uint32_t above)
{
    /* ln 2 * 2^64 */
    const uint64_t ln2 = 0xb17217f7d1cf79acu;
    uint32_t size = (uint32_t)(n < 0 ? -n : n), g, inward = (n > 0) != above;
    uint64_t x, x2, x3, x4;

    if (size == 0)
        return 0;
    g = 63 - MX_CLZ64(size);
    /* Toward zero from a power of two the spacing is half as wide. */
    if (inward && (size & (size - 1)) == 0)
        g = g - 1;
    x = g + 1 == 0 ? ln2 >> 25 : ln2 >> (24 - g);
    /* e^x - 1 = x + x^2/2 + x^3/6 + x^4/24, x < 2^-13: the next term is below 2^-70 */
    x2 = mxg_high_half(x, x) / 2;
    x3 = mxg_high_half(x2, x) / 3;
    x4 = mxg_high_half(x3, x) / 4;
    return above ? x + x2 + x3 + x4 : x - x2 + x3 - x4;
}

/* floor(log2) of A, exactly or of log2 A rounded to fp32 (decision D5). a: A's significand, leading bit at bit 63. */
MX_FN int32_t mxg_floor_exponent(const mxg_job *j, uint64_t a, int32_t e)
{
    uint64_t margin;

    if (j->profile.scale_arith != MX_ARITH_LOG2F)
        return e;
    /* 1 - a / 2^64 <= margin: a / 2^64 is A / 2^(e+1) */
    margin = mxg_log2f_margin(e + 1, 0);
    return margin && (uint64_t)0 - a <= margin ? e + 1 : e;
}

/* ceil(log2) of the quotient of two significands with leading bits at 63, times 2^e, likewise. `b` has at most 8
 * significant bits. */
MX_FN int32_t mxg_ceil_exponent(const mxg_job *j, uint64_t a, uint64_t b, int32_t e)
{
    int32_t below = a > b ? e : e - 1; /* the quotient lies in (2^below, 2^(below+1)] */
    uint64_t margin, excess, allowed;

    if (j->profile.scale_arith != MX_ARITH_LOG2F || a == b)
        return below + 1;
    margin = mxg_log2f_margin(below, 1);
    /* quotient / 2^below - 1 <= margin, times b; both sides as fractions of 2^64, halved when a was doubled */
    allowed = mxg_high_half(b, margin);
    excess = a > b ? a - b : a - (b - a); /* 2a - b */
    return margin && excess <= allowed ? below : below + 1;
}

/* The exponent in exact arithmetic or by fp32 logarithms. A = sig * 2^exp. */
MX_FN int32_t mxg_scale_exponent(const mxg_job *j, uint64_t sig, int32_t exp)
{
    const mxg_format *f = &j->format;
    uint32_t lead = MX_CLZ64(sig);
    uint64_t a = sig << lead;
    int32_t e = 63 - (int32_t)lead + exp;

    switch (j->profile.scale) {
    case MX_SCALE_FLOOR:
        return mxg_floor_exponent(j, a, e) - f->emax;
    case MX_SCALE_CEIL:
        return mxg_ceil_exponent(j, a, (uint64_t)1 << 63, e) - f->emax;
    case MX_SCALE_EVEN:
        /* A rounded to 1 + mbits bits, so few that the logarithm's own rounding never reaches an integer */
        return e + (int32_t)(mxg_shift_rne(a, 63 - f->mbits) >> (f->mbits + 1)) - f->emax;
    default:
        return mxg_ceil_exponent(j, a, f->max_sig, e - f->max_exp);
    }
}

/* Byte of an exponent, or 256 for one above 127. */
MX_FN uint32_t mxg_scale_clamp(const mxg_job *j, int32_t exponent)
{
    if (exponent < -127)
        return 0;
    if (exponent > 127)
        return j->profile.scale_over == MX_SCALE_OVER_NAN ? 0xffu : 0xfeu;
    return (uint32_t)(exponent + 127);
}

/* The bit formulas on the fp32 pattern of A (decision D4). */
MX_FN uint32_t mxg_scale_f32(const mxg_job *j, uint64_t sig, int32_t exp)
{
    const mxg_format *f = &j->format;
    uint32_t b = (uint32_t)mxg_bits_of(sig, exp, 23, 8), field, man;
    uint64_t a;

    if (b >= 0x7f800000u)
        return 0xff;
    if (j->profile.scale == MX_SCALE_EVEN)
        b += 1u << (22 - f->mbits);
    if (j->profile.scale == MX_SCALE_RCEIL && b != 0) {
        a = b >> 23 ? (b & 0x7fffffu) | 0x800000u : b;
        exp = (int32_t)(b >> 23 ? b >> 23 : 1u) - 150;
        b = (uint32_t)mxg_bits_of(a * f->recip_sig, exp + f->recip_exp, 23, 8);
    }
    field = b >> 23;
    man = b & 0x7fffffu;
    if (field == 0xff)
        return 0xff;
    switch (j->profile.scale) {
    case MX_SCALE_CEIL:
        return mxg_scale_clamp(j, (int32_t)field - 127 + (man != 0) - f->emax);
    case MX_SCALE_RCEIL:
        return mxg_scale_clamp(j, (int32_t)field - 127 + (field ? man != 0 : man > 0x400000u));
    default:
        return mxg_scale_clamp(j, (int32_t)field - 127 - f->emax);
    }
}

/* Decision D1, stages 2 to 6. *flushed is set when the block becomes zeros (stage 5). */
MX_FN uint32_t mxg_scale(const mxg_job *j, mxg_block b, uint32_t *flushed)
{
    mxg_number a;

    *flushed = 0;
    if (b.has_nan && j->profile.nan_in == MX_NAN_IN_BLOCK_NAN)
        return 0xff;
    if (b.has_inf && j->profile.inf_in == MX_INF_IN_BLOCK_NAN)
        return 0xff;
    if (b.has_inf && j->profile.inf_in == MX_INF_IN_MAX_SCALE)
        return 0xfe;
    if (b.amax == 0)
        return j->zero_scale;
    if (j->profile.subnormal_in == MX_SUBNORMAL_IN_FLUSH_BLOCK && b.amax >> j->type_mbits == 0) {
        *flushed = 1;
        return 0;
    }
    a = mxg_number_of(b.amax, j->type_mbits, j->type_ebits);
    if (j->profile.scale_arith == MX_ARITH_F32)
        return mxg_scale_f32(j, a.sig, a.exp);
    return mxg_scale_clamp(j, mxg_scale_exponent(j, a.sig, a.exp));
}

#endif
