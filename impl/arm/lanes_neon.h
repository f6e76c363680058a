/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of NEON (AArch64, little-endian) for the templates: what each function does is said in lanes.h. Loads and
 * stores go through bytes, which need no alignment. There are no stores past the caches: `stream` is of no effect.
 */
#ifndef IMPL_ARM_LANES_NEON_H
#define IMPL_ARM_LANES_NEON_H

#include <arm_neon.h>
#include <stdint.h>

typedef uint16x8_t word_lanes;
enum { WORDS = 8 };

#define LANES static inline __attribute__((always_inline))
#define APART __attribute__((noinline))

LANES void w_fence(void) {}

LANES word_lanes w_load(const void *at)
{
    return vreinterpretq_u16_u8(vld1q_u8(at));
}

LANES void w_store(void *at, word_lanes x)
{
    vst1q_u8(at, vreinterpretq_u8_u16(x));
}

LANES word_lanes w_all(unsigned x)
{
    return vdupq_n_u16((uint16_t)x);
}

LANES word_lanes w_pair(uint32_t two)
{
    return vreinterpretq_u16_u32(vdupq_n_u32(two));
}

LANES word_lanes w_halves(uint32_t low, uint32_t high)
{
    return vreinterpretq_u16_u32(vcombine_u32(vdup_n_u32(low), vdup_n_u32(high)));
}

/* The order of w_codes is the one in memory. */
LANES word_lanes w_halves_paired(uint32_t low, uint32_t high)
{
    return w_halves(low, high);
}

LANES word_lanes w_and(word_lanes x, word_lanes y)
{
    return vandq_u16(x, y);
}

LANES word_lanes w_or(word_lanes x, word_lanes y)
{
    return vorrq_u16(x, y);
}

LANES word_lanes w_add(word_lanes x, word_lanes y)
{
    return vaddq_u16(x, y);
}

LANES word_lanes w_sub(word_lanes x, word_lanes y)
{
    return vsubq_u16(x, y);
}

LANES word_lanes w_minus(word_lanes x, word_lanes y)
{
    return vqsubq_u16(x, y);
}

LANES word_lanes w_min(word_lanes x, word_lanes y)
{
    return vminq_u16(x, y);
}

LANES word_lanes w_max(word_lanes x, word_lanes y)
{
    return vmaxq_u16(x, y);
}

/* The operators take counts that are constants only after inlining; the intrinsics with immediate counts do not. */
LANES word_lanes w_left(word_lanes x, unsigned n)
{
    return x << w_all(n);
}

LANES word_lanes w_right(word_lanes x, unsigned n)
{
    return x >> w_all(n);
}

/* The instruction takes the lowest byte of each count, signed, to the left. */
LANES word_lanes w_right_by(word_lanes x, word_lanes n)
{
    return vshlq_u16(x, vnegq_s16(vreinterpretq_s16_u16(w_min(n, w_all(16)))));
}

LANES word_lanes w_choose(word_lanes x, word_lanes y, word_lanes where)
{
    return vbslq_u16(where, y, x);
}

LANES word_lanes w_zero_to(word_lanes x, word_lanes if_zero, word_lanes if_not)
{
    return vbslq_u16(vceqzq_u16(x), if_zero, if_not);
}

LANES uint64_t w_above(word_lanes x, word_lanes y)
{
    static const uint16_t bit[WORDS] = {1, 2, 4, 8, 16, 32, 64, 128};
    return vaddvq_u16(vandq_u16(vcgtq_u16(x, y), vld1q_u16(bit)));
}

LANES word_lanes w_round_even(word_lanes x)
{
    return vaddq_u16(vaddq_u16(x, w_all(0x7f)), w_and(w_right(x, 8), w_all(1)));
}

LANES word_lanes w_negate_by(word_lanes x, word_lanes sign)
{
    word_lanes s = vcltzq_s16(vreinterpretq_s16_u16(sign));
    return vsubq_u16(veorq_u16(x, s), s);
}

LANES unsigned w_largest(word_lanes x)
{
    return vmaxvq_u16(x);
}

LANES unsigned w_largest_of_half(word_lanes x, int half)
{
    return vmaxv_u16(half ? vget_high_u16(x) : vget_low_u16(x));
}

LANES word_lanes w_fold(uint16x8_t a, uint16x8_t b)
{
    return vorrq_u16(vuzp2q_u16(a, b), w_min(vuzp1q_u16(a, b), w_all(1)));
}

LANES word_lanes w_fold_fp32(const void *at)
{
    const char *bytes = at;
    return w_fold(w_load(bytes), w_load(bytes + 16));
}

LANES word_lanes w_fold_fp16(const void *at)
{
    float16x8_t half = vreinterpretq_f16_u16(w_load(at));
    return w_fold(vreinterpretq_u16_f32(vcvt_f32_f16(vget_low_f16(half))),
                  vreinterpretq_u16_f32(vcvt_high_f32_f16(half)));
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    vst1_u8(to, vshrn_n_u16(x, 8));
}

LANES void w_narrow_two(uint8_t *to, word_lanes x, word_lanes y, int stream)
{
    (void)stream;
    vst1q_u8(to, vuzp2q_u8(vreinterpretq_u8_u16(x), vreinterpretq_u8_u16(y)));
}

/* ---- decoding ---- */

LANES word_lanes w_if_above(word_lanes x, word_lanes y, word_lanes a, word_lanes b)
{
    return vbslq_u16(vcgtq_u16(x, y), a, b);
}

LANES word_lanes w_table(const uint16_t table[8])
{
    return w_load(table);
}

/* Bytes 2 x and 2 x + 1 of the table. */
LANES word_lanes w_lookup(word_lanes table, word_lanes x)
{
    word_lanes index = vmlaq_u16(w_all(0x100), x, w_all(0x202));
    return vreinterpretq_u16_u8(vqtbl1q_u8(vreinterpretq_u8_u16(table), vreinterpretq_u8_u16(index)));
}

LANES word_lanes w_codes(const uint8_t *at, int paired)
{
    (void)paired;
    return vmovl_u8(vld1_u8(at));
}

LANES void w_put(void *to, word_lanes x, int stream)
{
    (void)stream;
    w_store(to, x);
}

LANES void w_put_fp32(void *to, word_lanes x, int stream)
{
    w_put(to, vzip1q_u16(w_all(0), x), stream);
    w_put((char *)to + 16, vzip2q_u16(w_all(0), x), stream);
}

LANES void f_put_fp16(void *to, float32x4_t low, float32x4_t high, int stream)
{
    w_put(to, vreinterpretq_u16_f16(vcvt_high_f16_f32(vcvt_f16_f32(low), high)), stream);
}

LANES void w_put_fp16(void *to, word_lanes x, int stream)
{
    f_put_fp16(to, vreinterpretq_f32_u16(vzip1q_u16(w_all(0), x)), vreinterpretq_f32_u16(vzip2q_u16(w_all(0), x)),
               stream);
}

/* The products of WORDS codes, lower half and upper. */
LANES float32x4x2_t i_times(const uint8_t *at, const uint32_t *unit, int same)
{
    int16x8_t wide = vmovl_s8(vreinterpret_s8_u8(vld1_u8(at)));
    uint32x4_t low = same ? vdupq_n_u32(*unit) : vld1q_u32(unit), high = same ? low : vld1q_u32(unit + 4);
    return (float32x4x2_t){
        {vmulq_f32(vcvtq_f32_s32(vmovl_s16(vget_low_s16(wide))), vreinterpretq_f32_u32(low)),
         vmulq_f32(vcvtq_f32_s32(vmovl_high_s16(wide)), vreinterpretq_f32_u32(high))},
    };
}

LANES void i_put_fp32(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    float32x4x2_t x = i_times(at, unit, same);
    w_put(to, vreinterpretq_u16_f32(x.val[0]), stream);
    w_put((char *)to + 16, vreinterpretq_u16_f32(x.val[1]), stream);
}

LANES void i_put_fp16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    float32x4x2_t x = i_times(at, unit, same);
    f_put_fp16(to, x.val[0], x.val[1], stream);
}

LANES void i_put_bf16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    float32x4x2_t x = i_times(at, unit, same);
    w_put(to, vuzp2q_u16(vreinterpretq_u16_f32(x.val[0]), vreinterpretq_u16_f32(x.val[1])), stream);
}

#endif
