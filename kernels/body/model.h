/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The instructions of gpu.h as PTX describes them, in integers, for the lane run only: so that the text that uses them
 * is tested without a device. Whether a device follows PTX is for mxgpu_sweep to say.
 */
#ifndef MXG_MODEL_H
#define MXG_MODEL_H

#include "kernels/body/round.h"

MX_FN uint32_t mxg_min_2x16(uint32_t a, uint32_t b)
{
    return (a & 0xffffu) + (b & 0xffffu) + (a & 0xffff0000u) + (b & 0xffff0000u) - mxg_max_2x16(a, b);
}

MX_FN uint32_t mxg_hw_signs(uint32_t a, uint32_t b, uint32_t selector)
{
    return (MX_BYTES(a, b, selector & 0x7777u) >> 7 & 0x01010101u) * 0xffu;
}

MX_FN uint32_t mxg_hw_clamp_2xbf16(uint32_t a, uint32_t b)
{
    return mxg_min_2x16(a & 0x7fff7fffu, b) | (a & 0x80008000u);
}

/* Product of magnitudes, rounded to nearest even. */
MX_FN uint32_t mxg_model_mul(uint32_t a, uint32_t b, uint32_t mbits)
{
    uint32_t sign = (a ^ b) & 1u << (mbits + 8);
    mxg_number x = mxg_number_of(a, mbits, 8), y = mxg_number_of(b, mbits, 8);

    if (x.kind == MXG_NAN || y.kind == MXG_NAN)
        return 0x7fffu << (mbits - 7);
    if (x.kind == MXG_INF || y.kind == MXG_INF)
        return sign | 0xffu << mbits;
    if (x.sig == 0 || y.sig == 0)
        return sign;
    return sign | (uint32_t)mxg_bits_of(x.sig * y.sig, x.exp + y.exp, mbits, 8);
}

/* Product of magnitudes added to a pattern c of 2 or more, rounded once. The exponents that there are keep c within 60
 * places of the product, or far above it. */
MX_FN uint32_t mxg_model_fma(uint32_t a, uint32_t b, uint32_t c, uint32_t mbits)
{
    mxg_number x = mxg_number_of(a, mbits, 8), y = mxg_number_of(b, mbits, 8), z = mxg_number_of(c, mbits, 8);
    uint64_t sig = x.sig * y.sig;
    int32_t exp = x.exp + y.exp;

    if (x.kind == MXG_NAN || y.kind == MXG_NAN || x.kind == MXG_INF || y.kind == MXG_INF)
        return 0x7fffu << (mbits - 7);
    /* far below: a sticky bit in its place */
    if (z.exp - exp > 36) {
        uint32_t drop = (uint32_t)(z.exp - exp) - 36;

        sig = drop > 63 ? sig != 0 : sig >> drop | ((sig & (((uint64_t)1 << drop) - 1)) != 0);
        exp = z.exp - 36;
    }
    if (exp > z.exp)
        return (uint32_t)mxg_bits_of(exp - z.exp > 8 ? sig : (sig << (uint32_t)(exp - z.exp)) + z.sig,
                                     exp - z.exp > 8 ? exp : z.exp, mbits, 8);
    return (uint32_t)mxg_bits_of((z.sig << (uint32_t)(z.exp - exp)) + sig, exp, mbits, 8);
}

MX_FN uint32_t mxg_hw_mul(uint32_t a, uint32_t b)
{
    return mxg_model_mul(a, b, 23);
}

MX_FN uint32_t mxg_hw_fma(uint32_t a, uint32_t b, uint32_t c)
{
    return mxg_model_fma(a, b, c, 23);
}

MX_FN uint32_t mxg_hw_mul_2xbf16(uint32_t a, uint32_t b)
{
    return mxg_model_mul(a & 0xffffu, b & 0xffffu, 7) | mxg_model_mul(a >> 16, b >> 16, 7) << 16;
}

MX_FN uint32_t mxg_hw_fma_2xbf16(uint32_t a, uint32_t b, uint32_t c)
{
    return mxg_model_fma(a & 0xffffu, b & 0xffffu, c & 0xffffu, 7) | mxg_model_fma(a >> 16, b >> 16, c >> 16, 7) << 16;
}

MX_FN uint32_t mxg_hw_from_half(uint32_t half)
{
    mxg_number x = mxg_number_of(half, 10, 5);
    uint32_t sign = (half & 0x8000u) << 16;

    if (x.kind == MXG_NAN || x.kind == MXG_INF)
        return x.kind == MXG_NAN ? 0x7fffffffu : sign | 0x7f800000u;
    return x.sig == 0 ? sign : sign | (uint32_t)mxg_bits_of(x.sig, x.exp, 23, 8);
}

/* satfinite: NaN is 7f, beyond the largest is the largest. */
MX_FN uint32_t mxg_model_fp8(uint32_t v, uint32_t mbits, int32_t emin, uint32_t max_code)
{
    mxg_number x = mxg_number_of(v, 23, 8);
    mxg_job j = {0};
    uint32_t code = 0;

    j.format.mbits = mbits;
    j.format.emin = emin;
    j.profile.round = MX_RNE;
    if (x.kind == MXG_NAN)
        return 0x7f;
    if (x.kind == MXG_INF)
        code = max_code;
    else if (x.sig)
        code = mxg_round(&j, x.sig, x.exp, 0, 0);
    return (code > max_code ? max_code : code) | x.negative << 7;
}

MX_FN uint32_t mxg_hw_e4m3(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return mxg_model_fp8(a, 3, -6, 0x7e) | mxg_model_fp8(b, 3, -6, 0x7e) << 8 | mxg_model_fp8(c, 3, -6, 0x7e) << 16 |
           mxg_model_fp8(d, 3, -6, 0x7e) << 24;
}

MX_FN uint32_t mxg_hw_e5m2(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return mxg_model_fp8(a, 2, -14, 0x7b) | mxg_model_fp8(b, 2, -14, 0x7b) << 8 | mxg_model_fp8(c, 2, -14, 0x7b) << 16 |
           mxg_model_fp8(d, 2, -14, 0x7b) << 24;
}

#endif
