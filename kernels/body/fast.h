/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The short form for rne, saturate, blocks of 32, no rare axis: what the tensor kernels run.
 *
 * Scale. Within one binade every rule is one step up at some fraction of A, and the same in every binade as long as
 * neither end of the range of scales is near; plan.c asks mxg_scale where the step is. So the byte is
 * ((A + fast_up) >> 23) + fast_base on A's fp32 pattern, for A from fast_low to fast_low + fast_span, and zero_scale
 * for A = 0. All other blocks (NaN, Inf, extreme scales) get byte FF, and mxg_repair does them again in full.
 *
 * Elements. Within that range the byte is at least 32, so an fp32 subnormal rounds to zero in every format, and at most
 * 230, so that no intermediate of the instructions in gpu.h is subnormal where it matters.
 */
#ifndef MXG_FAST_H
#define MXG_FAST_H

#include "kernels/body/scale.h"
#if defined(MXG_MODEL)
#include "kernels/body/model.h"
#endif

/* The element format of kernels that take it from the job. */
#define MXG_ANY 0u

/* FF when the short form does not apply. */
MX_FN uint32_t mxg_fast_scale(const mxg_job *j, uint32_t a)
{
    uint32_t byte = (uint32_t)((int32_t)((a + j->fast_up) >> 23) + j->fast_base);

    return a == 0 ? j->zero_scale : a - j->fast_low <= j->fast_span ? byte : 0xffu;
}

/* The fp32 pattern of a half, exactly. */
MX_FN uint32_t mxg_from_half(uint32_t half)
{
#if defined(MXG_HW)
    return mxg_hw_from_half(half);
#else
    uint32_t man = half & 0x3ffu, field = half >> 10 & 31u, sign = (half & 0x8000u) << 16, lead;

    if (field == 31)
        return sign | 0x7f800000u | man << 13;
    if (field)
        return sign | (field + 112u) << 23 | man << 13;
    if (man == 0)
        return sign;
    lead = MX_CLZ64((uint64_t)man) - 53u; /* 1..10: places to the hidden bit */
    return sign | (113u - lead) << 23 | (man << (13u + lead) & 0x7fffffu);
#endif
}

/* The fp32 patterns of source word w of `type`: one of fp32, two of bf16 and fp16. */
MX_FN void mxg_widen(uint32_t type, uint32_t w, uint32_t *low, uint32_t *high)
{
    if (type == MX_BF16) {
        *low = w << 16;
        *high = w & 0xffff0000u;
    } else {
        *low = mxg_from_half(w & 0xffffu);
        *high = mxg_from_half(w >> 16);
    }
}

/* fp32 pattern to code under a scale byte of 32 or more, in 32-bit integers. See round.h. */
MX_FN uint32_t mxg_fast_round(const mxg_job *j, uint32_t v, uint32_t byte)
{
    const mxg_format *f = &j->format;
    uint32_t sig = (v & 0x7fffffu) | 0x800000u, m, code;
    int32_t field = (int32_t)(v >> 23 & 0xffu), e = field ? field - (int32_t)byte : -127, binade, shift;

    e = f->fixed && e > 1 ? 1 : e;
    binade = f->fixed || e < f->emin ? f->emin : e;
    shift = 23 - (int32_t)f->mbits + binade - e;
    shift = shift > 25 ? 25 : shift;
    m = (sig + (1u << (shift - 1)) - 1u + (sig >> shift & 1u)) >> shift;
    code = ((uint32_t)(binade - f->emin) << f->mbits) + m;
    code = code > f->max_code ? f->max_code : code;
    return mxg_signed_code(f, code, v >> 31);
}

#if defined(MXG_HW)

/* 2^(127 - byte - lower) as an fp32 pattern. */
#define MXG_FACTOR(byte, lower) ((254u - (lower) - (byte)) << 23)

/* FP6 codes from FP8 codes of the same mantissa width, the values brought down so that both formats' smallest normals
 * meet: patterns agree, except that one past the largest (0x20) saturates and the sign is bit 5. */
MX_FN uint32_t mxg_hw_six(uint32_t codes)
{
    uint32_t m = codes & 0x3f3f3f3fu;

    return (m - (m >> 5 & 0x01010101u)) | (codes & 0x80808080u) >> 2;
}

/* Two bfloat16 to two E2M1 codes, one in each half: the sum with 2^(E + 6) leaves |y| in halves of 2^E as an integer in
 * its last places, E the exponent of |y|, at least 0. */
MX_FN uint32_t mxg_hw_e2m1_2xbf16(uint32_t w, uint32_t byte0, uint32_t byte1)
{
    /* (a byte of FF, of a block to be done again, must not reach its neighbour's half) */
    uint32_t factor = ((254u - byte0) << 7 & 0xffffu) | (254u - byte1) << 23;
    uint32_t y = mxg_hw_mul_2xbf16(w & 0x7fff7fffu, factor), e, r;

    y = mxg_min_2x16(y, 0x40c040c0u); /* 6 */
    e = mxg_max_2x16(y & 0x7f807f80u, 0x3f803f80u);
    r = mxg_hw_add_2xbf16(y, e + 0x03000300u);
    return (r - (e + 0x03000300u)) + ((e - 0x3f803f80u) >> 6) + (w >> 12 & 0x00080008u);
}

/* One fp32 to one E2M1 code, likewise. */
MX_FN uint32_t mxg_hw_e2m1(uint32_t v, uint32_t byte)
{
    uint32_t y = mxg_hw_mul(v & 0x7fffffffu, MXG_FACTOR(byte, 0u)), e, r;

    y = y > 0x40c00000u ? 0x40c00000u : y;
    e = y & 0x7f800000u;
    e = e < 0x3f800000u ? 0x3f800000u : e;
    r = mxg_hw_add(y, e + (22u << 23));
    return (r - (e + (22u << 23))) + ((e - 0x3f800000u) >> 22) + (v >> 31 << 3);
}

/* Four fp32 under their bytes. */
MX_FN uint32_t mxg_hw_four(uint32_t elem, const uint32_t *v, const uint32_t *byte)
{
    uint32_t lower = elem == MX_E3M2 ? 12u : elem == MX_E2M3 ? 6u : 0u, y[4], codes;

    if (elem == MX_E2M1)
        return mxg_hw_e2m1(v[0], byte[0]) | mxg_hw_e2m1(v[1], byte[1]) << 8 | mxg_hw_e2m1(v[2], byte[2]) << 16 |
               mxg_hw_e2m1(v[3], byte[3]) << 24;
    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++)
        y[i] = mxg_hw_mul(v[i], MXG_FACTOR(byte[i], lower));
    codes =
        elem == MX_E4M3 || elem == MX_E2M3 ? mxg_hw_e4m3(y[0], y[1], y[2], y[3]) : mxg_hw_e5m2(y[0], y[1], y[2], y[3]);
    return lower ? mxg_hw_six(codes) : codes;
}

#endif

/* Four elements (4 words of fp32, 2 of bf16 or fp16) under their bytes: four codes, the first in the low byte. `elem`
 * and `type` are constants. */
MX_FN uint32_t mxg_fast_four(const mxg_job *j, uint32_t elem, uint32_t type, const uint32_t *w, const uint32_t *byte)
{
    uint32_t v[4], codes = 0;

#if defined(MXG_HW)
    if (elem == MX_E2M1 && type == MX_BF16)
        return MX_BYTES(mxg_hw_e2m1_2xbf16(w[0], byte[0], byte[1]), mxg_hw_e2m1_2xbf16(w[1], byte[2], byte[3]),
                        0x6420u);
#endif
    if (type == MX_FP32) {
        MX_UNROLL
        for (uint32_t i = 0; i < 4; i++)
            v[i] = w[i];
    } else {
        mxg_widen(type, w[0], &v[0], &v[1]);
        mxg_widen(type, w[1], &v[2], &v[3]);
    }
#if defined(MXG_HW)
    if (elem != MXG_ANY)
        return mxg_hw_four(elem, v, byte);
#endif
    (void)elem;
    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++)
        codes |= mxg_fast_round(j, v[i], byte[i]) << 8u * i;
    return codes;
}

/* The larger magnitudes of two source words; fp32: of one value, else of the two halves each. */
MX_FN uint32_t mxg_fast_max(uint32_t type, uint32_t a, uint32_t w)
{
    uint32_t m = type == MX_FP32 ? w & 0x7fffffffu : w & 0x7fff7fffu;

    if (type != MX_FP32)
        return mxg_max_2x16(a, m);
    return a > m ? a : m;
}

/* fp32 pattern of a magnitude held in the low 16 bits (bf16, fp16). */
MX_FN uint32_t mxg_fast_wide(uint32_t type, uint32_t low)
{
    return type == MX_BF16 ? low << 16 : mxg_from_half(low);
}

#endif
