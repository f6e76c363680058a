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

MX_FN uint32_t mxg_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

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

/* FP6 codes from FP8 codes of the same mantissa width, the values brought down so that both formats' smallest normals
 * meet: patterns agree, except that the sign is bit 5, and that one past the largest (0x20) is still to saturate. */
MX_FN uint32_t mxg_hw_six(uint32_t codes)
{
    return codes - (codes >> 2 & 0x20202020u) * 3u;
}

/* INT8 from magnitudes of 7 bits and the signs, in bit 7 of each byte. */
MX_FN uint32_t mxg_hw_complement(uint32_t m, uint32_t signs)
{
    uint32_t s = signs & 0x80808080u;

    /* m ^ 7f + 1 below each sign; of a zero that carries into the sign, and the sign goes away */
    return ((m ^ (s - (s >> 7))) + (s >> 7)) ^ s;
}

/* Magnitudes of two bfloat16, one in each half, in units in the last place of what is added: 2^7 for E2M1, 2 for INT8.
 * E2M1's codes are, of |y| = 0 to 2 in halves, 2 to 4 in ones and 4 to 6 in twos, the smallest of three straight lines;
 * each is rounded once. */
MX_FN uint32_t mxg_hw_2xbf16(uint32_t elem, uint32_t w, uint32_t factor)
{
    uint32_t m = w & 0x7fff7fffu, r;

    if (elem == MX_INT8)
        return mxg_min_2x16(mxg_hw_fma_2xbf16(m, factor, 0x40004000u), 0x407f407fu);
    m = mxg_min_2x16(mxg_hw_mul_2xbf16(m, factor), 0x40c040c0u);
    r = mxg_min_2x16(mxg_hw_fma_2xbf16(m, 0x40004000u, 0x43004300u), mxg_hw_fma_2xbf16(m, 0x3f803f80u, 0x43024302u));
    return mxg_min_2x16(r, mxg_hw_fma_2xbf16(m, 0x3f003f00u, 0x43044304u));
}

/* One fp32 as INT8, likewise: units of 2^17. */
MX_FN uint32_t mxg_hw_fp32(uint32_t v, uint32_t factor)
{
    return mxg_min(mxg_hw_fma(v & 0x7fffffffu, factor, 0x48000000u), 0x4800007fu);
}

/* Two fp32 cut down to bfloat16, the last bit set where anything is lost: they round to E2M1 as before. */
MX_FN uint32_t mxg_hw_narrow(uint32_t a, uint32_t b)
{
    return MX_BYTES(a, b, 0x7632u) | mxg_min_2x16(MX_BYTES(a, b, 0x5410u), 0x00010001u);
}

/* Four codes of E2M1 or INT8 from magnitudes and signs. */
MX_FN uint32_t mxg_hw_signed(uint32_t elem, uint32_t m, uint32_t signs)
{
    if (elem == MX_INT8)
        return mxg_hw_complement(m, signs);
    return m | (signs & 0x08080808u);
}

/* FP8 codes of four scaled values: E4M3 also for E2M3, E5M2 for E3M2. */
MX_FN uint32_t mxg_hw_eight(uint32_t elem, const uint32_t *y)
{
    return elem == MX_E4M3 || elem == MX_E2M3 ? mxg_hw_e4m3(y[0], y[1], y[2], y[3])
                                              : mxg_hw_e5m2(y[0], y[1], y[2], y[3]);
}

/* Four fp32 under their marks. */
MX_FN uint32_t mxg_hw_four(uint32_t elem, const uint32_t *v, const uint32_t *marks)
{
    uint32_t y[4], codes;

    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t factor = i & 1u ? marks[i / 2] & 0xffff0000u : marks[i / 2] << 16;

        y[i] = elem == MX_INT8 ? mxg_hw_fp32(v[i], factor) : mxg_hw_mul(v[i], factor);
    }
    if (elem == MX_INT8)
        return mxg_hw_signed(elem, ((y[3] * 256u + y[2]) * 256u + y[1]) * 256u + y[0] - 0x48000000u,
                             MX_BYTES(mxg_hw_signs(v[0], v[1], 0x88fbu), mxg_hw_signs(v[2], v[3], 0x88fbu), 0x5410u));
    codes = mxg_hw_eight(elem, y);
    return elem == MX_E3M2 || elem == MX_E2M3 ? mxg_hw_six(codes) - (codes >> 5 & 0x01010101u) : codes;
}

/* Four bfloat16 under their marks. */
MX_FN uint32_t mxg_hw_four_bf16(uint32_t elem, const uint32_t *w, const uint32_t *marks)
{
    uint32_t six = elem == MX_E3M2 || elem == MX_E2M3, v[4], a, b, codes;

    if (elem == MX_E2M1 || elem == MX_INT8)
        return mxg_hw_signed(
            elem, MX_BYTES(mxg_hw_2xbf16(elem, w[0], marks[0]), mxg_hw_2xbf16(elem, w[1], marks[1]), 0x6420u),
            mxg_hw_signs(w[0], w[1], 0xfdb9u));
    a = mxg_hw_mul_2xbf16(w[0], marks[0]);
    b = mxg_hw_mul_2xbf16(w[1], marks[1]);
    if (six) {
        /* the largest value, brought down: none is past it then */
        a = mxg_hw_clamp_2xbf16(a, elem == MX_E3M2 ? 0x3be03be0u : 0x3df03df0u);
        b = mxg_hw_clamp_2xbf16(b, elem == MX_E3M2 ? 0x3be03be0u : 0x3df03df0u);
    }
    mxg_widen(MX_BF16, a, &v[0], &v[1]);
    mxg_widen(MX_BF16, b, &v[2], &v[3]);
    codes = mxg_hw_eight(elem, v);
    return six ? mxg_hw_six(codes) : codes;
}

#endif

/* What elements need to know of their block's byte, in 16 bits: the byte, or for instructions the upper half of the
 * fp32 pattern of 2^(127 - byte), brought down for FP6. A byte of FF, of a block to be done again, gives any mark. */
MX_FN uint32_t mxg_mark(uint32_t elem, uint32_t byte)
{
#if defined(MXG_HW)
    uint32_t lower = elem == MX_E3M2 ? 12u : elem == MX_E2M3 ? 6u : 0u;

    /* twice the factor must be finite too, also under the byte 00 of a block of zeros */
    byte = byte == 0 ? 1u : byte;
    return (254u - lower - byte) << 7 & 0x7f80u;
#else
    (void)elem;
    return byte;
#endif
}

/* Four elements (4 words of fp32, 2 of bf16 or fp16) under their marks, two to a word: four codes, the first in the low
 * byte. `elem` and `type` are constants. */
MX_FN uint32_t mxg_fast_four(const mxg_job *j, uint32_t elem, uint32_t type, const uint32_t *w, const uint32_t *marks)
{
    uint32_t v[4];

#if defined(MXG_HW)
    if (type == MX_BF16)
        return mxg_hw_four_bf16(elem, w, marks);
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
    (void)j;
    if (elem == MX_E2M1) {
        v[0] = mxg_hw_narrow(v[0], v[1]);
        v[1] = mxg_hw_narrow(v[2], v[3]);
        return mxg_hw_four_bf16(elem, v, marks);
    }
    return mxg_hw_four(elem, v, marks);
#else
    (void)elem;
    return mxg_fast_round(j, v[0], marks[0] & 0xffu) | mxg_fast_round(j, v[1], marks[0] >> 16) << 8 |
           mxg_fast_round(j, v[2], marks[1] & 0xffu) << 16 | mxg_fast_round(j, v[3], marks[1] >> 16) << 24;
#endif
}

/* The magnitude in a source word (fp32), or the two in its halves. */
MX_FN uint32_t mxg_fast_magnitude(uint32_t type, uint32_t w)
{
    return type == MX_FP32 ? w & 0x7fffffffu : w & 0x7fff7fffu;
}

/* The larger of two magnitudes, or of each of two. */
MX_FN uint32_t mxg_fast_max(uint32_t type, uint32_t a, uint32_t b)
{
    if (type != MX_FP32)
        return mxg_max_2x16(a, b);
    return a > b ? a : b;
}

/* fp32 pattern of a magnitude held in the low 16 bits (bf16, fp16). */
MX_FN uint32_t mxg_fast_wide(uint32_t type, uint32_t low)
{
    return type == MX_BF16 ? low << 16 : mxg_from_half(low);
}

#endif
