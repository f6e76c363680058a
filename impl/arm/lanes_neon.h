/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of NEON (AArch64, little-endian) for the templates: what each function does is said in lanes.h. Loads and
 * stores go through bytes, which need no alignment. There are no stores past the caches: `stream` is of no effect.
 */
#ifndef IMPL_ARM_LANES_NEON_H
#define IMPL_ARM_LANES_NEON_H

#include <arm_neon.h>
#include <stdint.h>

#include "impl/kernels.h"

typedef uint16x8_t word_lanes;
typedef uint8x16_t b_lanes;
#define IN_STEPS 0
enum { WORDS = 8, FOLD_TURNS = 0, SOON_OF_4 = 4, FAR_OF_4 = 2, FAR_OF_2 = 0 };

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

LANES word_lanes w_zero_to(word_lanes x, word_lanes if_zero, word_lanes if_not)
{
    return vbslq_u16(vceqzq_u16(x), if_zero, if_not);
}

LANES uint64_t w_above(word_lanes x, word_lanes y)
{
    static const uint16_t bit[WORDS] = {1, 2, 4, 8, 16, 32, 64, 128};
    return vaddvq_u16(vandq_u16(vcgtq_u16(x, y), vld1q_u16(bit)));
}

LANES uint64_t w_above_not_zero(word_lanes x, word_lanes y, word_lanes z)
{
    return w_above(vandq_u16(x, vtstq_u16(z, z)), y);
}

LANES word_lanes w_without(word_lanes x, word_lanes y)
{
    return vbicq_u16(x, y);
}

LANES void w_put_least(uint16_t *to, word_lanes x, int halves)
{
    to[0] = halves ? vminv_u16(vget_low_u16(x)) : vminvq_u16(x);
    if (halves)
        to[1] = vminv_u16(vget_high_u16(x));
}

LANES word_lanes w_least_of_quarters(const word_lanes x[1])
{
    return x[0];
}

/* Pairs within a vector are next to one another after each of the three steps. */
LANES word_lanes w_least_of_eights(const word_lanes x[8])
{
    word_lanes low = vpminq_u16(vpminq_u16(x[0], x[1]), vpminq_u16(x[2], x[3]));
    word_lanes high = vpminq_u16(vpminq_u16(x[4], x[5]), vpminq_u16(x[6], x[7]));
    return vpminq_u16(low, high);
}

LANES void w_put_pairs(uint32_t *to, word_lanes x, int upper)
{
    word_lanes low = upper ? w_all(0) : x;
    vst1q_u32(to, vreinterpretq_u32_u16(vzip1q_u16(low, x)));
    vst1q_u32(to + 4, vreinterpretq_u32_u16(vzip2q_u16(low, x)));
}

LANES word_lanes w_fold(uint16x8_t a, uint16x8_t b, word_lanes sticky)
{
    return vorrq_u16(vuzp2q_u16(a, b), w_min(vuzp1q_u16(a, b), sticky));
}

LANES word_lanes w_fold_fp32(const void *at, word_lanes sticky, int turns)
{
    (void)turns;
    const char *bytes = at;
    return w_fold(w_load(bytes), w_load(bytes + 16), sticky);
}

LANES word_lanes w_fold_fp16(const void *at, word_lanes sticky)
{
    float16x8_t half = vreinterpretq_f16_u16(w_load(at));
    return w_fold(vreinterpretq_u16_f32(vcvt_f32_f16(vget_low_f16(half))),
                  vreinterpretq_u16_f32(vcvt_high_f32_f16(half)), sticky);
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    vst1_u8(to, vshrn_n_u16(x, 8));
}

/* ---- bytes, in order ---- */

LANES b_lanes b_all(unsigned x)
{
    return vdupq_n_u8((uint8_t)x);
}

/* Places of words are counted from the binade of `base`: binade and mbits of the fraction, `whole`, and the rest. In
 * normal binades the code is `whole`, rounded, less an offset; in those below, codes are in tables by `whole`, one for
 * each answer to "is there a rest". */
typedef struct sign_lanes {
    uint8x16x3_t exact, more; /* those of FP8, the most, are up to 40 */
    b_lanes half;             /* what is added to the rest, */
    b_lanes away;             /* and to zero, of other values */
} sign_lanes;

typedef struct code_lanes {
    sign_lanes of[2]; /* positive, negative */
    b_lanes even, odd, limit;
    int careful; /* the code depends on the sign, or the smallest value becomes 1 */
} code_lanes;

LANES uint8x16x3_t t_every_other(const uint8_t place[128])
{
    return (uint8x16x3_t){{vuzp1q_u8(vld1q_u8(place), vld1q_u8(place + 16)),
                           vuzp1q_u8(vld1q_u8(place + 32), vld1q_u8(place + 48)),
                           vuzp1q_u8(vld1q_u8(place + 64), vld1q_u8(place + 80))}};
}

LANES word_lanes w_base(const mxfast_words *f, word_lanes field)
{
    (void)f;
    return w_left(field, 7);
}

LANES code_lanes codes_make(const mxfast_words *f, unsigned mbits, unsigned bits)
{
    (void)mbits, (void)bits;
    code_lanes c = {.even = b_all(f->is_even != 0), .odd = b_all(f->is_odd != 0), .limit = b_all(f->limit)};
    for (int sign = 0; sign < 2; sign++) {
        const int up = f->by_sign && (f->away != 0) == (sign == 0);
        c.of[sign] = (sign_lanes){t_every_other(f->codes[sign].place[0]), t_every_other(f->codes[sign].place[1]),
                                  b_all(up ? 0xff : f->half), b_all(up || f->is_odd)};
    }
    c.careful = f->careful;
    return c;
}

LANES b_lanes b_codes_of(const code_lanes *c, int sign, b_lanes whole, b_lanes rest, unsigned mbits)
{
    const sign_lanes *of = &c->of[sign];
    b_lanes sum = vaddq_u8(rest, of->half), carry = vcltq_u8(sum, rest);
    b_lanes rounded = vbicq_u8(vsubq_u8(whole, carry), vqsubq_u8(c->even, sum));
    rounded = vorrq_u8(rounded, vminq_u8(rest, c->odd));
    b_lanes small = vbslq_u8(vceqzq_u8(rest), vqtbl3q_u8(of->exact, whole), vqtbl3q_u8(of->more, whole));
    b_lanes below = vcltq_u8(whole, b_all((mbits + 2) << mbits));
    return vminq_u8(vbslq_u8(below, small, vsubq_u8(rounded, b_all((mbits + 1) << mbits))), c->limit);
}

LANES b_lanes b_codes(const code_lanes *c, word_lanes x, word_lanes y, word_lanes base_x, word_lanes base_y, int paired,
                      unsigned mbits, unsigned bits)
{
    (void)paired;
    word_lanes m = w_and(x, w_all(0x7fff)), n = w_and(y, w_all(0x7fff));
    b_lanes v = vreinterpretq_u8_u16(w_left(w_minus(m, base_x), mbits + 1));
    b_lanes w = vreinterpretq_u8_u16(w_left(w_minus(n, base_y), mbits + 1));
    b_lanes whole = vuzp2q_u8(v, w), rest = vuzp1q_u8(v, w);
    b_lanes top = vuzp2q_u8(vreinterpretq_u8_u16(x), vreinterpretq_u8_u16(y));
    b_lanes code = b_codes_of(c, 0, whole, rest, mbits);
    if (c->careful) {
        b_lanes negative = vcgeq_u8(top, b_all(0x80));
        b_lanes not_zero = vcombine_u8(vqmovn_u16(m), vqmovn_u16(n));
        code = vbslq_u8(negative, b_codes_of(c, 1, whole, rest, mbits), code);
        code = vmaxq_u8(code, vminq_u8(not_zero, vbslq_u8(negative, c->of[1].away, c->of[0].away)));
    }
    return vorrq_u8(code, vandq_u8(top >> b_all(8 - bits), b_all(0x80u >> (8 - bits))));
}

LANES void b_put(uint8_t *to, b_lanes x, int stream)
{
    (void)stream;
    vst1q_u8(to, x);
}

LANES void b_put_pairs(uint8_t *to, b_lanes x)
{
    vst1q_u8(to, vzip1q_u8(x, vextq_u8(x, x, 8)));
}

LANES void b_put_half(uint8_t *to, b_lanes x)
{
    vst1_u8(to, vget_low_u8(x));
}

/* ---- integers ---- */

LANES word_lanes i_round(float32x4_t a, word_lanes low, float32x4_t b, word_lanes high)
{
    int32x4_t x = vcvtnq_s32_f32(vmulq_f32(a, vreinterpretq_f32_u16(low)));
    int32x4_t y = vcvtnq_s32_f32(vmulq_f32(b, vreinterpretq_f32_u16(high)));
    return vreinterpretq_u16_s16(vqmovn_high_s32(vqmovn_s32(x), y));
}

LANES word_lanes i_round_fp32(const void *at, word_lanes low, word_lanes high)
{
    const char *bytes = at;
    return i_round(vreinterpretq_f32_u16(w_load(bytes)), low, vreinterpretq_f32_u16(w_load(bytes + 16)), high);
}

LANES word_lanes i_round_fp16(const void *at, word_lanes low, word_lanes high)
{
    float16x8_t half = vreinterpretq_f16_u16(w_load(at));
    return i_round(vcvt_f32_f16(vget_low_f16(half)), low, vcvt_high_f32_f16(half), high);
}

LANES word_lanes i_round_bf16(const void *at, word_lanes low, word_lanes high)
{
    word_lanes x = w_load(at);
    return i_round(vreinterpretq_f32_u16(vzip1q_u16(w_all(0), x)), low, vreinterpretq_f32_u16(vzip2q_u16(w_all(0), x)),
                   high);
}

LANES b_lanes b_signed(word_lanes x, word_lanes y, b_lanes least, int paired)
{
    (void)paired;
    int8x16_t codes = vqmovn_high_s16(vqmovn_s16(vreinterpretq_s16_u16(x)), vreinterpretq_s16_u16(y));
    return vreinterpretq_u8_s8(vmaxq_s8(codes, vreinterpretq_s8_u8(least)));
}

/* ---- decoding ---- */

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

/* Words of magnitudes below 2^mbits; the others are shifted and an offset added. */
typedef struct value_lanes {
    word_lanes small, offset;
} value_lanes;

LANES value_lanes values_make(const uint16_t small[8], unsigned offset, unsigned mbits, unsigned bits)
{
    (void)mbits, (void)bits;
    return (value_lanes){w_load(small), w_all(offset)};
}

LANES word_lanes w_decode(const value_lanes *v, word_lanes c, word_lanes down, unsigned mbits, unsigned bits)
{
    word_lanes magnitude = w_and(c, w_all((1u << (bits - 1)) - 1));
    word_lanes normal = w_add(w_left(magnitude, 7 - mbits), v->offset);
    word_lanes word = vbslq_u16(vcgtq_u16(magnitude, w_all((1u << mbits) - 1)), normal, w_lookup(v->small, magnitude));
    return vbslq_u16(w_all(0x8000), w_left(c, 16 - bits), w_minus(word, down));
}

LANES b_lanes b_get(const uint8_t *at, int paired)
{
    (void)paired;
    return vld1q_u8(at);
}

LANES b_lanes b_get_half(const uint8_t *at, int paired)
{
    (void)paired;
    return vcombine_u8(vld1_u8(at), vdup_n_u8(0));
}

/* INT8: the numbers times 2^120, the largest that they become. All is exact, and zero has no sign, so that lowering
 * keeps it. */
LANES word_lanes i_decode(uint8x8_t c, word_lanes down)
{
    int16x8_t wide = vmovl_s8(vreinterpret_s8_u8(c));
    float32x4_t low = vmulq_n_f32(vcvtq_f32_s32(vmovl_s16(vget_low_s16(wide))), 0x1p120f);
    float32x4_t high = vmulq_n_f32(vcvtq_f32_s32(vmovl_high_s16(wide)), 0x1p120f);
    return w_minus(vuzp2q_u16(vreinterpretq_u16_f32(low), vreinterpretq_u16_f32(high)), down);
}

LANES b_lanes b_decode(const value_lanes *v, b_lanes c, word_lanes down_x, word_lanes down_y, word_lanes *x,
                       word_lanes *y, unsigned mbits, unsigned bits)
{
    *x = mbits == 6 ? i_decode(vget_low_u8(c), down_x) : w_decode(v, vmovl_u8(vget_low_u8(c)), down_x, mbits, bits);
    *y = mbits == 6 ? i_decode(vget_high_u8(c), down_y) : w_decode(v, vmovl_high_u8(c), down_y, mbits, bits);
    return c;
}

LANES int by_unit(unsigned bits)
{
    (void)bits;
    return 0;
}

LANES b_lanes b_decode_block(const value_lanes *v, b_lanes c, const uint32_t *by, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    const word_lanes down = w_pair(*by);
    return b_decode(v, c, down, down, x, y, mbits, bits);
}

LANES b_lanes b_decode_pairs(const value_lanes *v, word_lanes pairs, word_lanes down, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    b_lanes c = vreinterpretq_u8_u16(pairs);
    uint8x8x2_t rows = vuzp_u8(vget_low_u8(c), vget_high_u8(c));
    return b_decode(v, vcombine_u8(rows.val[0], rows.val[1]), down, down, x, y, mbits, bits);
}

LANES b_lanes b_most(b_lanes most, b_lanes code)
{
    return vmaxq_u8(most, vaddq_u8(code, code));
}

LANES int b_magnitude_above(b_lanes most, unsigned y)
{
    return vmaxvq_u8(most) > 2 * y + 1;
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
LANES float32x4x2_t i_times(const uint8_t *at, uint32_t unit)
{
    int16x8_t wide = vmovl_s8(vreinterpret_s8_u8(vld1_u8(at)));
    float32x4_t units = vreinterpretq_f32_u16(w_pair(unit));
    return (float32x4x2_t){{vmulq_f32(vcvtq_f32_s32(vmovl_s16(vget_low_s16(wide))), units),
                            vmulq_f32(vcvtq_f32_s32(vmovl_high_s16(wide)), units)}};
}

LANES void i_put_fp32(void *to, const uint8_t *at, uint32_t unit, int stream)
{
    float32x4x2_t x = i_times(at, unit);
    w_put(to, vreinterpretq_u16_f32(x.val[0]), stream);
    w_put((char *)to + 16, vreinterpretq_u16_f32(x.val[1]), stream);
}

LANES void i_put_fp16(void *to, const uint8_t *at, uint32_t unit, int stream)
{
    float32x4x2_t x = i_times(at, unit);
    f_put_fp16(to, x.val[0], x.val[1], stream);
}

LANES int by_products(mx_type type)
{
    (void)type;
    return 1;
}

LANES void i_put_bf16(void *to, const uint8_t *at, uint32_t unit, int stream)
{
    float32x4x2_t x = i_times(at, unit);
    w_put(to, vuzp2q_u16(vreinterpretq_u16_f32(x.val[0]), vreinterpretq_u16_f32(x.val[1])), stream);
}

#endif
