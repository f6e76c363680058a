/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The quantiser in 16-bit words, for the plans and blocks that are common.
 *
 * A value is held as the upper half of its fp32 pattern, with the lowest bit ORed with whether any lower bit was set
 * ("rounded to odd"): sign, 8 bits of exponent, 7 of fraction. Comparing it with anything that has at most 6 fraction
 * bits, and rounding it to at most 4 (a code's fraction, plus the guard bit), gives what the value itself would. INT8
 * needs 7 bits and its guard, so there only bf16 sources are held exactly.
 */
#ifndef IMPL_WORDS_H
#define IMPL_WORDS_H

#include "impl/kernels.h"

typedef struct mxfast_words {
    unsigned mbits, bits; /* of the format; mbits 7 for INT8: see code_grid in plan.c */
    int integer;
    unsigned add, top;  /* byte = ((A + add) >> 7) - top, not below 0 */
    unsigned zero;      /* byte of a block of zeros */
    unsigned most;      /* A above, and ... */
    unsigned low, high; /* ... bytes outside go to the portable kernel */
    int normal;         /* byte + normal = exponent field of the smallest normal code's magnitude */
    unsigned limit;     /* codes' magnitudes above become this one */
} mxfast_words;

/* Is the profile one that the word quantiser has: round=rne, scale-arith=exact (or f32 with floor, ceil, even),
 * zero-sign=keep, subnormals kept, and overflows to the code after the largest, if not to that. */
static inline int mxfast_words_make(mxfast_words *f, const mxfast_plan *plan)
{
    const mxfast_cast_plan *cast = &plan->cast;
    const mxfast_scale_plan *scale = &plan->scale;
    const mx_facts *format = plan->format;
    int integer = format->ebits == 0;
    if (plan->value.type == MX_FP64 || (integer && plan->value.type != MX_BF16) || cast->random_bits != 0 ||
        cast->flush != 0 || cast->min != 1 || cast->max[0] != cast->max[1])
        return 0;
    for (unsigned s = 0; s < 2; s++) {
        uint8_t zero = (uint8_t)((0 ^ cast->flip[s]) + cast->add[s]);
        if (cast->above[s][0] != MXFAST_LEAD || cast->above[s][1] != MXFAST_LEAD - 1 || cast->zero[s] != zero ||
            cast->tiny[s] != zero || cast->over[s] != (uint8_t)((cast->over[0] ^ cast->flip[s]) + cast->add[s]))
            return 0;
    }
    if (cast->over[0] - cast->max[0] > 1 || (scale->flush_block != 0 && plan->value.type == MX_FP16) ||
        scale->arith == MX_ARITH_LOG2F || (scale->arith == MX_ARITH_F32 && scale->rule == MX_SCALE_RCEIL))
        return 0;
    f->mbits = cast->grid.mbits;
    f->bits = format->bits;
    f->integer = integer;
    f->add = (unsigned)(((MXFAST_LEAD - 1) - (scale->cut - MXFAST_LEAD)) >> 56);
    f->top = (unsigned)scale->top;
    f->zero = scale->zero;
    f->most = 0x7f7f; /* an Inf that `even` carries into is no number under f32 */
    if (scale->arith == MX_ARITH_F32 && scale->rule == MX_SCALE_EVEN)
        f->most -= f->add;
    f->normal = cast->grid.emin;
    f->low = (unsigned)((int)f->mbits + 2 - f->normal);
    f->high = integer ? 253 - (unsigned)(cast->grid.emin - 1) : 254;
    f->limit = cast->over[0];
    return 1;
}

#endif
