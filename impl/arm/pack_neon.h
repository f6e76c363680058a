/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packing with NEON: what each function does is said in pack_tmpl.h. Loads and stores take every second, third or
 * fourth byte apart.
 */
#ifndef IMPL_ARM_PACK_NEON_H
#define IMPL_ARM_PACK_NEON_H

#include "impl/arm/lanes_neon.h"

enum { PACKED = 64 };

LANES void p_close(uint8_t *to, const uint8_t *from, unsigned bits, int from_top)
{
    for (int half = 0; bits == 4 && half < 2; half++) {
        uint8x16x2_t c = vld2q_u8(from + 32 * half);
        vst1q_u8(to + 16 * half, vorrq_u8(c.val[from_top], vshlq_n_u8(c.val[!from_top], 4)));
    }
    if (bits == 4)
        return;
    uint8x16x4_t c = vld4q_u8(from);
    uint8x16x3_t b;
    if (from_top) {
        b.val[0] = vorrq_u8(vshlq_n_u8(c.val[0], 2), vshrq_n_u8(c.val[1], 4));
        b.val[1] = vorrq_u8(vshlq_n_u8(c.val[1], 4), vshrq_n_u8(c.val[2], 2));
        b.val[2] = vorrq_u8(vshlq_n_u8(c.val[2], 6), c.val[3]);
    } else {
        b.val[0] = vorrq_u8(c.val[0], vshlq_n_u8(c.val[1], 6));
        b.val[1] = vorrq_u8(vshrq_n_u8(c.val[1], 2), vshlq_n_u8(c.val[2], 4));
        b.val[2] = vorrq_u8(vshrq_n_u8(c.val[2], 4), vshlq_n_u8(c.val[3], 2));
    }
    vst3q_u8(to, b);
}

LANES void p_spread(uint8_t *to, const uint8_t *from, unsigned bits, int from_top)
{
    const uint8x16_t six = vdupq_n_u8(0x3f);
    for (int half = 0; bits == 4 && half < 2; half++) {
        uint8x16_t b = vld1q_u8(from + 16 * half);
        uint8x16x2_t c;
        c.val[from_top] = vandq_u8(b, vdupq_n_u8(0x0f));
        c.val[!from_top] = vshrq_n_u8(b, 4);
        vst2q_u8(to + 32 * half, c);
    }
    if (bits == 4)
        return;
    uint8x16x3_t b = vld3q_u8(from);
    uint8x16x4_t c;
    if (from_top) {
        c.val[0] = vshrq_n_u8(b.val[0], 2);
        c.val[1] = vandq_u8(vorrq_u8(vshlq_n_u8(b.val[0], 4), vshrq_n_u8(b.val[1], 4)), six);
        c.val[2] = vandq_u8(vorrq_u8(vshlq_n_u8(b.val[1], 2), vshrq_n_u8(b.val[2], 6)), six);
        c.val[3] = vandq_u8(b.val[2], six);
    } else {
        c.val[0] = vandq_u8(b.val[0], six);
        c.val[1] = vandq_u8(vorrq_u8(vshrq_n_u8(b.val[0], 6), vshlq_n_u8(b.val[1], 2)), six);
        c.val[2] = vandq_u8(vorrq_u8(vshrq_n_u8(b.val[1], 4), vshlq_n_u8(b.val[2], 4)), six);
        c.val[3] = vshrq_n_u8(b.val[2], 2);
    }
    vst4q_u8(to, c);
}

LANES void p_close_halves(uint8_t *to, const uint8_t *low, const uint8_t *high)
{
    vst1q_u8(to, vorrq_u8(vld1q_u8(low), vshlq_n_u8(vld1q_u8(high), 4)));
}

LANES void p_spread_halves(uint8_t *low, uint8_t *high, const uint8_t *from)
{
    uint8x16_t x = vld1q_u8(from);
    vst1q_u8(low, vandq_u8(x, vdupq_n_u8(0x0f)));
    vst1q_u8(high, vshrq_n_u8(x, 4));
}

/* ---- from registers, and into them ---- */

typedef struct pack_lanes {
    int from_top, halves;
} pack_lanes;

LANES pack_lanes p_make(mx_layout layout, unsigned bits)
{
    (void)bits;
    return (pack_lanes){layout == MX_LAYOUT_HIGH_FIRST, layout == MX_LAYOUT_SPLIT_HALF};
}

LANES uint8x16_t p_nibbles(const pack_lanes *p, b_lanes x, b_lanes y)
{
    if (p->halves) /* of blocks of 32: the one vector's codes and the other's */
        return vorrq_u8(x, vshlq_n_u8(y, 4));
    b_lanes even = vuzp1q_u8(x, y), odd = vuzp2q_u8(x, y);
    return p->from_top ? vorrq_u8(odd, vshlq_n_u8(even, 4)) : vorrq_u8(even, vshlq_n_u8(odd, 4));
}

LANES void p_put(uint8_t *to, const b_lanes codes[4], const pack_lanes *p, unsigned bits, int stream)
{
    uint8_t bytes[PACKED];
    if (bits == 4) {
        b_put(to, p_nibbles(p, codes[0], codes[1]), stream);
        return;
    }
    for (int i = 0; i < 4; i++)
        vst1q_u8(bytes + 16 * i, codes[i]);
    p_close(to, bytes, 6, p->from_top);
}

typedef pack_lanes spread_lanes;

LANES spread_lanes p_spread_make(mx_layout layout, unsigned bits, int paired)
{
    (void)paired;
    return p_make(layout, bits);
}

LANES void p_get(b_lanes codes[4], const uint8_t *from, const spread_lanes *s, unsigned bits)
{
    uint8_t bytes[PACKED];
    if (bits == 4) {
        b_lanes x = vld1q_u8(from), low = vandq_u8(x, vdupq_n_u8(0x0f)), high = vshrq_n_u8(x, 4);
        b_lanes even = s->from_top ? high : low, odd = s->from_top ? low : high;
        codes[0] = s->halves ? low : vzip1q_u8(even, odd);
        codes[1] = s->halves ? high : vzip2q_u8(even, odd);
        return;
    }
    p_spread(bytes, from, 6, s->from_top);
    for (int i = 0; i < 4; i++)
        codes[i] = vld1q_u8(bytes + 16 * i);
}

#endif
