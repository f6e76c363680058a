/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The 32-bit lanes of NEON for the scalar operations: what each function does is said in lanes32.h.
 */
#ifndef IMPL_ARM_LANES32_NEON_H
#define IMPL_ARM_LANES32_NEON_H

#include <string.h>

#include "impl/arm/lanes_neon.h"

typedef uint32x4_t d_lanes;
typedef uint8x16_t b_signs; /* all bits of a byte */
enum { DWORDS = 4, BYTES = 16 };

LANES d_lanes d_all(uint32_t x)
{
    return vdupq_n_u32(x);
}

LANES d_lanes d_load_fp32(const void *at)
{
    return vreinterpretq_u32_u8(vld1q_u8(at));
}

LANES d_lanes d_load_bf16(const void *at)
{
    return vshlq_n_u32(vmovl_u16(vreinterpret_u16_u8(vld1_u8(at))), 16);
}

LANES d_lanes d_load_fp16(const void *at)
{
    return vreinterpretq_u32_f32(vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(at))));
}

LANES d_lanes d_load_bytes(const uint8_t *at)
{
    uint32_t four;
    memcpy(&four, at, sizeof four);
    return vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(four))));
}

LANES void d_store(void *at, d_lanes x)
{
    vst1q_u8(at, vreinterpretq_u8_u32(x));
}

LANES d_lanes d_and(d_lanes x, d_lanes y)
{
    return vandq_u32(x, y);
}

LANES d_lanes d_or(d_lanes x, d_lanes y)
{
    return vorrq_u32(x, y);
}

LANES d_lanes d_add(d_lanes x, d_lanes y)
{
    return vaddq_u32(x, y);
}

LANES d_lanes d_sub(d_lanes x, d_lanes y)
{
    return vsubq_u32(x, y);
}

LANES int32x4_t d_signed(d_lanes x)
{
    return vreinterpretq_s32_u32(x);
}

LANES d_lanes d_min(d_lanes x, d_lanes y)
{
    return vreinterpretq_u32_s32(vminq_s32(d_signed(x), d_signed(y)));
}

LANES d_lanes d_max(d_lanes x, d_lanes y)
{
    return vreinterpretq_u32_s32(vmaxq_s32(d_signed(x), d_signed(y)));
}

LANES d_lanes d_most(d_lanes x, d_lanes y)
{
    return vmaxq_u32(x, y);
}

LANES uint32_t d_largest(d_lanes x)
{
    return vmaxvq_u32(x);
}

LANES d_lanes d_left(d_lanes x, unsigned n)
{
    return vshlq_u32(x, vdupq_n_s32((int32_t)n));
}

LANES d_lanes d_right(d_lanes x, unsigned n)
{
    return vshlq_u32(x, vdupq_n_s32(-(int32_t)n));
}

/* A shift reads the lowest byte of its count, signed: counts above 31 are held at 32, which leaves nothing. */
LANES d_lanes d_left_by(d_lanes x, d_lanes n)
{
    return vshlq_u32(x, d_signed(vminq_u32(n, d_all(32))));
}

LANES d_lanes d_right_by(d_lanes x, d_lanes n)
{
    return vshlq_u32(x, vnegq_s32(d_signed(vminq_u32(n, d_all(32)))));
}

LANES d_lanes d_if_below(d_lanes x, d_lanes y, d_lanes a, d_lanes b)
{
    return vbslq_u32(vcltq_s32(d_signed(x), d_signed(y)), a, b);
}

LANES d_lanes d_float(d_lanes x)
{
    return vreinterpretq_u32_f32(vcvtq_f32_u32(x));
}

LANES int d_any_above(d_lanes x, d_lanes y)
{
    return vmaxvq_u32(vcgtq_u32(x, y)) != 0;
}

LANES d_lanes d_limit(d_lanes x)
{
    return x;
}

LANES d_lanes d_limits(const uint32_t limit[4])
{
    return vld1q_u32(limit);
}

/* Bytes 4 i to 4 i + 3 of the table for index i. */
LANES d_lanes d_limit_of(d_lanes limits, d_lanes sign, d_lanes odd)
{
    const d_lanes index = vbslq_u32(d_all(1), odd, vshlq_n_u32(vshrq_n_u32(sign, 31), 1));
    const d_lanes bytes = vaddq_u32(vmulq_u32(index, d_all(0x04040404)), d_all(0x03020100));
    return vreinterpretq_u32_u8(vqtbl1q_u8(vreinterpretq_u8_u32(limits), vreinterpretq_u8_u32(bytes)));
}

LANES d_lanes d_step(d_lanes x, d_lanes rest, d_lanes limit)
{
    return vsubq_u32(x, vcgtq_u32(rest, limit));
}

/* ---- bytes ---- */

LANES b_lanes b_narrow(const d_lanes x[4])
{
    const uint16x8_t low = vcombine_u16(vqmovn_u32(x[0]), vqmovn_u32(x[1]));
    const uint16x8_t high = vcombine_u16(vqmovn_u32(x[2]), vqmovn_u32(x[3]));
    return vcombine_u8(vqmovn_u16(low), vqmovn_u16(high));
}

LANES b_signs b_signs_of(const d_lanes x[4])
{
    const uint16x8_t low = vcombine_u16(vshrn_n_u32(x[0], 16), vshrn_n_u32(x[1], 16));
    const uint16x8_t high = vcombine_u16(vshrn_n_u32(x[2], 16), vshrn_n_u32(x[3], 16));
    const b_lanes top = vcombine_u8(vshrn_n_u16(low, 8), vshrn_n_u16(high, 8));
    return vcltzq_s8(vreinterpretq_s8_u8(top));
}

LANES b_lanes b_xor(b_lanes x, b_lanes y)
{
    return veorq_u8(x, y);
}

LANES b_lanes b_add(b_lanes x, b_lanes y)
{
    return vaddq_u8(x, y);
}

LANES b_lanes b_if_negative(b_signs signs, b_lanes a, b_lanes b)
{
    return vbslq_u8(signs, a, b);
}

LANES b_lanes b_if_above(b_lanes x, b_lanes y, b_lanes a, b_lanes b)
{
    return vbslq_u8(vcgtq_u8(x, y), a, b);
}

LANES b_lanes b_if_equal(b_lanes x, b_lanes y, b_lanes a, b_lanes b)
{
    return vbslq_u8(vceqq_u8(x, y), a, b);
}

LANES int b_any_equal(const uint8_t *at, b_lanes x)
{
    return vmaxvq_u8(vceqq_u8(vld1q_u8(at), x)) != 0;
}

LANES void b_store(uint8_t *at, b_lanes x)
{
    vst1q_u8(at, x);
}

#endif
