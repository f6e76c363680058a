/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Values and profiles that test_isa draws: the ways of the kernels are all taken, and specials come up.
 */
#ifndef IMPL_TEST_ISA_INPUTS_H
#define IMPL_TEST_ISA_INPUTS_H

#include <stdint.h>
#include <string.h>

#include <mx/names.h>

#include "impl/test_draw.h"
#include "impl/test_profile.h"

static uint64_t exponent_at(mx_type type, unsigned field)
{
    static const unsigned mbits[] = {[MX_FP32] = 23, [MX_BF16] = 7, [MX_FP16] = 10, [MX_FP64] = 52};
    return (uint64_t)field << mbits[type];
}

/* A value with exponent field from `low` to `low + span - 1`, sometimes any bits, a zero, a round number. */
static uint64_t any_value(mx_type type, unsigned low, unsigned span, unsigned wild)
{
    unsigned bits = (unsigned)mx_type_bytes(type) * 8;
    uint64_t x = next(), mask = UINT64_MAX >> (64 - bits), sign = (x >> 63) << (bits - 1);
    uint64_t fraction = x & (exponent_at(type, 1) - 1);
    if (below(100) < wild)
        return x & mask;
    switch (below(8)) {
    case 0:
        return sign;
    case 1:
        fraction &= ~(uint64_t)0 << (bits == 16 ? 4 : 18);
        break;
    case 2:
        fraction = (fraction & ~(uint64_t)0 << (bits == 16 ? 3 : 17)) + 1;
        break;
    default:
        break;
    }
    return sign | (exponent_at(type, low + (unsigned)below(span)) + fraction);
}

/* Values are drawn up to a prime count, so that those repeated after it meet other lanes and other blocks. */
enum { DRAWN = 65521 };

static void fill(unsigned char *to, mx_type type, size_t count)
{
    unsigned top = type == MX_FP16 ? 30 : type == MX_FP64 ? 2046 : 254;
    size_t width = mx_type_bytes(type), drawn = count < DRAWN ? count : DRAWN;
    unsigned span = 1 + (unsigned)below(type == MX_FP16 ? 20 : 45), low = (unsigned)below(top - span);
    unsigned wild = below(4) == 0 ? 3 : 0;
    int zeros = below(10) == 0;
    for (size_t i = 0; i < drawn; i++) {
        uint64_t bits = zeros ? 0 : any_value(type, low, span, wild);
        uint32_t word = (uint32_t)bits;
        uint16_t half = (uint16_t)bits;
        memcpy(to + i * width,
               width == 8   ? (const void *)&bits
               : width == 4 ? (const void *)&word
                            : (const void *)&half,
               width);
    }
    for (size_t i = drawn; i < count; i += drawn)
        memcpy(to + i * width, to, (count - i < drawn ? count - i : drawn) * width);
}

/* Usual settings three times in four, so that the fast ways are taken; else any. */
static mx_profile any_profile(void)
{
    mx_profile p = ocp();
    int usual = below(4) != 0;
    for (mx_axis axis = MX_AXIS_SCALE; axis <= MX_AXIS_LAST; axis++) {
        int always = axis == MX_AXIS_SCALE || axis == MX_AXIS_OVERFLOW || axis == MX_AXIS_NAN_IN ||
                     axis == MX_AXIS_INF_IN || axis == MX_AXIS_ZERO_SCALE || axis == MX_AXIS_UNDER_NAN_SCALE ||
                     axis == MX_AXIS_INT8 || axis == MX_AXIS_SCALE_ARITH;
        if (usual && !always && !(axis == MX_AXIS_ROUND && below(3) == 0))
            continue;
        unsigned values = 0;
        while (mx_axis_value_name(axis, values + 1) != NULL)
            values++;
        ((uint8_t *)&p)[axis] = (uint8_t)(1 + below(values));
    }
    p.sr_bits = p.round == MX_SR ? (uint8_t)(1 + below(32)) : 0;
    return p;
}

#endif
