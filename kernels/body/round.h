/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One element: number to code and back, every axis of the profile, in integers.
 *
 * A code's magnitude is its pattern read as an integer: m units of 2^q, where q = max(E, emin) - mbits (fixed point:
 * the unit), and the pattern is m plus the number of binades above emin, shifted left by mbits. So the pattern grows
 * with the value, carries included, also past the largest finite one (decision D8).
 */
#ifndef MXG_ROUND_H
#define MXG_ROUND_H

#include "kernels/body/value.h"

/* Code of a magnitude pattern and a sign. */
MX_FN uint32_t mxg_signed_code(const mxg_format *f, uint32_t magnitude, uint32_t negative)
{
    if (f->fixed)
        return (negative ? 0u - magnitude : magnitude) & 0xffu;
    return magnitude | (negative ? f->sign : 0u);
}

MX_FN uint32_t mxg_limit(const mxg_job *j, uint32_t negative)
{
    return j->format.max_code + (j->format.fixed && negative && j->profile.int8_min == MX_INT8_MIN_FULL);
}

/* NaN to a format without one, or under nan-in=ignore to any. Where nothing is specified: the largest. */
MX_FN uint32_t mxg_nan_to(const mxg_job *j, uint32_t negative)
{
    if (j->profile.nan_to == MX_NAN_TO_ZERO)
        return 0;
    if (j->profile.nan_to == MX_NAN_TO_SMAX)
        return mxg_signed_code(&j->format, mxg_limit(j, negative), negative);
    return j->format.max_code;
}

/* NaN of an element (D15, D16, D17). */
MX_FN uint32_t mxg_nan_code(const mxg_job *j, uint32_t negative)
{
    uint32_t axis = j->profile.nan_code, code = 0x7f;

    if (!j->format.nan_first)
        return mxg_nan_to(j, negative);
    if ((axis == MX_NAN_CODE_7E || axis == MX_NAN_CODE_S7E) && j->format.nan_first <= 0x7e)
        code = 0x7e;
    return code | ((axis == MX_NAN_CODE_S7F || axis == MX_NAN_CODE_S7E) && negative ? 0x80u : 0u);
}

/* What `special` makes of an overflow: Inf, else NaN, else the largest. */
MX_FN uint32_t mxg_special(const mxg_job *j, uint32_t negative)
{
    if (j->format.inf_code)
        return j->format.inf_code | (negative ? j->format.sign : 0u);
    if (j->format.nan_first)
        return 0x7fu | (j->profile.overflow_nan == MX_OVERFLOW_NAN_S7F && negative ? 0x80u : 0u);
    return mxg_signed_code(&j->format, mxg_limit(j, negative), negative);
}

/* A source zero (flushed ones included). */
MX_FN uint32_t mxg_source_zero(const mxg_job *j, uint32_t negative)
{
    return mxg_signed_code(&j->format, 0, negative && j->profile.zero_sign == MX_ZERO_SIGN_KEEP);
}

/* 1 when the part cut off, rest / 2^shift of the last place, makes a magnitude go up. */
MX_FN uint32_t mxg_goes_up(const mxg_job *j, uint64_t sig, uint32_t shift, uint32_t odd, uint32_t negative,
                           uint32_t random)
{
    uint64_t half = shift > 63 ? 0 : (uint64_t)1 << (shift - 1);
    uint64_t rest = shift > 63 ? sig : sig & ((half << 1) - 1);
    uint32_t above = shift <= 63 && rest > half, tie = shift <= 63 && rest == half, n = j->profile.sr_bits;
    uint64_t d;

    if (rest == 0)
        return 0;
    switch (j->profile.round) {
    case MX_RNE:
        return above || (tie && odd);
    case MX_RNA:
        return above || tie;
    case MX_RNZ:
        return above;
    case MX_RUP:
        return !negative;
    case MX_RDN:
        return negative;
    case MX_RTO:
        return !odd;
    case MX_SR:
        d = shift >= n ? (shift - n > 63 ? 0 : rest >> (shift - n)) : rest << (n - shift);
        return (uint32_t)((d + random) >> n);
    default:
        return 0;
    }
}

/* A rounding that points toward zero for this sign. */
MX_FN uint32_t mxg_inward(uint32_t round, uint32_t negative)
{
    return round == MX_RTZ || (round == MX_RUP && negative) || (round == MX_RDN && !negative);
}

/* Magnitude pattern of sig * 2^exp on the unbounded grid. */
MX_FN uint32_t mxg_round(const mxg_job *j, uint64_t sig, int32_t exp, uint32_t negative, uint32_t random)
{
    const mxg_format *f = &j->format;
    int32_t e = 63 - (int32_t)MX_CLZ64(sig) + exp, binade = e < f->emin ? f->emin : e, q;
    uint64_t m;
    uint32_t shift;

    if (f->fixed && e > f->unit + 8)
        return 0x1ffu; /* past 128 and 129 units alike */
    q = f->fixed ? f->unit : binade - (int32_t)f->mbits;
    if (q <= exp) {
        m = sig << (uint32_t)(exp - q);
    } else {
        shift = (uint32_t)(q - exp);
        m = shift > 63 ? 0 : sig >> shift;
        m += mxg_goes_up(j, sig, shift, (uint32_t)m & 1u, negative, random);
    }
    return f->fixed ? (uint32_t)m : ((uint32_t)(binade - f->emin) << f->mbits) + (uint32_t)m;
}

/* A finite, nonzero number, not flushed, divided by 2^scale (decision D3). */
MX_FN uint32_t mxg_cast_finite(const mxg_job *j, const mxg_number *x, int32_t scale, uint32_t random)
{
    const mxg_format *f = &j->format;
    uint32_t magnitude = mxg_round(j, x->sig, x->exp - scale, x->negative, random);
    uint32_t limit = mxg_limit(j, x->negative);

    if (magnitude > limit) {
        if (j->profile.overflow == MX_OVERFLOW_SATURATE ||
            (j->profile.overflow_directed == MX_DIRECTED_IEEE && mxg_inward(j->profile.round, x->negative)))
            return mxg_signed_code(f, limit, x->negative);
        return mxg_special(j, x->negative);
    }
    if (j->profile.subnormal_out == MX_SUBNORMAL_OUT_FLUSH && !f->fixed && magnitude < 1u << f->mbits)
        magnitude = 0;
    if (magnitude == 0)
        return mxg_signed_code(f, 0, x->negative && j->profile.zero_sign != MX_ZERO_SIGN_DROP);
    return mxg_signed_code(f, magnitude, x->negative);
}

/* Under a NaN scale. */
MX_FN uint32_t mxg_under_nan(const mxg_job *j, uint32_t negative)
{
    return j->profile.under_nan_scale == MX_UNDER_NAN_NAN ? mxg_nan_code(j, negative) : 0u;
}

/* Ops cast and scaled-cast. */
MX_FN uint32_t mxg_cast(const mxg_job *j, uint64_t bits, uint32_t scale, uint32_t random)
{
    mxg_number x = mxg_number_of(bits, j->type_mbits, j->type_ebits);

    if (scale == 0xff)
        return mxg_under_nan(j, x.negative);
    if (x.kind == MXG_NAN)
        return mxg_nan_code(j, x.negative);
    if (x.kind == MXG_INF)
        return j->profile.overflow == MX_OVERFLOW_SPECIAL
                   ? mxg_special(j, x.negative)
                   : mxg_signed_code(&j->format, mxg_limit(j, x.negative), x.negative);
    if (x.kind == MXG_ZERO || (x.subnormal && j->profile.subnormal_in == MX_SUBNORMAL_IN_FLUSH))
        return mxg_source_zero(j, x.negative);
    return mxg_cast_finite(j, &x, (int32_t)scale - 127, random);
}

/* An element of a block whose scale byte is known (decision D2). `flushed`: the block was flushed. */
MX_FN uint32_t mxg_element(const mxg_job *j, uint64_t bits, uint32_t scale, uint32_t flushed, uint32_t random)
{
    mxg_number x = mxg_number_of(bits, j->type_mbits, j->type_ebits);

    if (scale == 0xff)
        return mxg_under_nan(j, x.negative);
    if (x.kind == MXG_NAN)
        return j->profile.nan_in == MX_NAN_IN_IGNORE ? mxg_nan_to(j, x.negative) : mxg_nan_code(j, x.negative);
    if (x.kind == MXG_INF)
        return j->profile.inf_in == MX_INF_IN_SPECIAL
                   ? mxg_special(j, x.negative)
                   : mxg_signed_code(&j->format, mxg_limit(j, x.negative), x.negative);
    if (x.kind == MXG_ZERO || flushed || (x.subnormal && j->profile.subnormal_in == MX_SUBNORMAL_IN_FLUSH))
        return mxg_source_zero(j, x.negative);
    return mxg_cast_finite(j, &x, (int32_t)scale - 127, random);
}

/* Ops decode and dequantize (decision D19). NaN is written canonically. */
MX_FN uint64_t mxg_decode(const mxg_job *j, uint32_t code, uint32_t scale)
{
    const mxg_format *f = &j->format;
    uint64_t infinity = (((uint64_t)1 << j->type_ebits) - 1) << j->type_mbits, m, bits;
    uint64_t minus = (uint64_t)1 << (j->type_mbits + j->type_ebits);
    uint32_t negative = (code & f->sign) != 0, magnitude = f->fixed && negative ? 256u - code : code & (f->sign - 1);
    uint32_t field = f->fixed ? 0u : magnitude >> f->mbits;
    int32_t exp = f->fixed ? f->unit : f->emin - (int32_t)f->mbits;

    if (scale == 0xff || (f->nan_first && magnitude >= f->nan_first))
        return infinity | (uint64_t)1 << (j->type_mbits - 1);
    if (f->inf_code && magnitude == f->inf_code)
        return infinity | (negative ? minus : 0);
    if (magnitude == 0)
        return negative ? minus : 0;
    m = field ? (magnitude & ((1u << f->mbits) - 1)) | 1u << f->mbits : magnitude;
    exp += field ? (int32_t)field - 1 : 0;
    bits = mxg_bits_of(m, exp + (int32_t)scale - 127, j->type_mbits, j->type_ebits);
    if (bits == infinity && j->profile.decode_over == MX_DECODE_OVER_MAX)
        bits--;
    return bits | (negative ? minus : 0);
}

#endif
