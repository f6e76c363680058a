/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A piece in 128 bits. What each function does is said in transpose_tmpl.h.
 */
#ifndef IMPL_ARM_TRANSPOSE_H
#define IMPL_ARM_TRANSPOSE_H

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8x16_t pieces;

static inline pieces p_load(const uint8_t *at, ptrdiff_t step, int all)
{
    (void)step;
    (void)all;
    return vld1q_u8(at);
}

static inline void p_store(uint8_t *at, pieces x, int all)
{
    (void)all;
    vst1q_u8(at, x);
}

static inline void p_store_all(uint8_t *at, pieces x, int stream)
{
    (void)stream;
    vst1q_u8(at, x);
}

static inline pieces p_load_all(const uint8_t *at)
{
    return vld1q_u8(at);
}

static inline void p_store_apart(uint8_t *at, pieces x, ptrdiff_t step)
{
    (void)step;
    vst1q_u8(at, x);
}

static inline pieces p_zip_low(pieces x, pieces y)
{
    return vzip1q_u8(x, y);
}

static inline pieces p_zip_high(pieces x, pieces y)
{
    return vzip2q_u8(x, y);
}

static inline pieces p_zip_pairs_low(pieces x, pieces y)
{
    return vreinterpretq_u8_u16(vzip1q_u16(vreinterpretq_u16_u8(x), vreinterpretq_u16_u8(y)));
}

static inline pieces p_zip_pairs_high(pieces x, pieces y)
{
    return vreinterpretq_u8_u16(vzip2q_u16(vreinterpretq_u16_u8(x), vreinterpretq_u16_u8(y)));
}

#endif
