/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Codes to numbers (MX v1.0 sections 5.1, 5.3), and numbers to a target type.
 */
#include "ref/internal.h"

mxref_source mxref_code_split(const mx_facts *facts, unsigned code, unsigned *magnitude)
{
    unsigned sign_bit = 1u << (facts->bits - 1);
    mxref_source source = {MXREF_NORMAL, (code & sign_bit) != 0};

    *magnitude = code & (sign_bit - 1);
    if (facts->elem == MX_INT8 && source.negative)
        *magnitude = 0x100 - code; /* two's complement: 0x80 is -128 units (MX-5.3.4-d) */

    if (facts->has_nan && *magnitude >= facts->nan_first && *magnitude <= facts->nan_last)
        source.kind = MXREF_NAN;
    else if (facts->has_inf && *magnitude == facts->inf_code)
        source.kind = MXREF_INF;
    else if (*magnitude == 0)
        source.kind = MXREF_ZERO;
    else if (facts->elem != MX_INT8 && *magnitude >> facts->mbits == 0)
        source.kind = MXREF_SUBNORMAL;
    return source;
}

unsigned mxref_code_join(const mx_facts *facts, int negative, unsigned magnitude)
{
    if (facts->elem == MX_INT8)
        return negative ? (0x100 - magnitude) & 0xff : magnitude;
    return magnitude | (negative ? 1u << (facts->bits - 1) : 0);
}

void mxref_code_pattern(mpfr_ptr value, const mx_facts *facts, unsigned int8_axis, unsigned magnitude)
{
    unsigned exp = magnitude >> facts->mbits;
    unsigned man = magnitude & ((1u << facts->mbits) - 1);

    if (facts->elem == MX_INT8) /* MX-5.3.4-a */
        mpfr_set_ui_2exp(value, magnitude, mxref_int8(int8_axis)->unit, MPFR_RNDN);
    else if (exp == 0) /* MX-5.3-e: 2^(1-bias) * M/2^m */
        mpfr_set_ui_2exp(value, man, 1 - facts->bias - (int)facts->mbits, MPFR_RNDN);
    else /* MX-5.3-e: 2^(E-bias) * (1 + M/2^m) */
        mpfr_set_ui_2exp(value, man + (1u << facts->mbits), (int)exp - facts->bias - (int)facts->mbits, MPFR_RNDN);
}

/* `magnitude` rounded once to nearest even in the target type (D19). */
static mxref_answer to_type(const mxref_context *context, mxref_source source, mpfr_srcptr magnitude)
{
    const mxref_type_row *type = context->type;
    mxref_answer answer = {.source = source, .placed = 1, .place = mxref_type_place(type, magnitude)};
    const mxref_place *place = &answer.place;
    uint64_t inf = mxref_type_inf(type);
    uint64_t sign = (uint64_t)source.negative << (type->bits - 1);
    int away = place->remainder > 0 || (place->remainder == 0 && (place->lo & 1) != 0);
    uint64_t pattern = !place->exact && away ? place->hi : place->lo;

    answer.branch = place->exact ? MXREF_BY_EXACT : MXREF_BY_ROUNDING;
    answer.bits = sign | pattern;
    if (pattern >= inf) { /* MX-5.1-g */
        answer.branch = MXREF_BY_DECODE_OVER;
        answer.open = context->profile->decode_over == MX_DECODE_OVER_ANY;
        answer.bits = sign | (context->profile->decode_over == MX_DECODE_OVER_MAX ? inf - 1 : inf);
        if (answer.open)
            answer.bits = 0;
    }
    return answer;
}

mxref_answer mxref_decode(mxref_context *context, uint8_t scale, unsigned code)
{
    const mx_scale_facts *e8m0 = mxref_scale_facts();
    const mxref_type_row *type = context->type;
    unsigned magnitude;
    mxref_source source = mxref_code_split(context->facts, code, &magnitude);
    uint64_t sign = (uint64_t)source.negative << (type->bits - 1);

    mpfr_set_zero(context->quotient, 1);
    if (scale == e8m0->nan_code) /* MX-5.1-d */
        return (mxref_answer){.bits = type->nan, .branch = MXREF_BY_NAN_SCALE, .source = source};
    switch (source.kind) {
    case MXREF_NAN: /* MX-5.1-e */
        return (mxref_answer){.bits = type->nan, .branch = MXREF_BY_NAN, .source = source};
    case MXREF_INF: /* MX-5.1-e: the scale has no effect, the sign stays */
        return (mxref_answer){.bits = sign | mxref_type_inf(type), .branch = MXREF_BY_INF, .source = source};
    case MXREF_ZERO:
        return (mxref_answer){.bits = sign, .branch = MXREF_BY_ZERO, .source = source};
    default: /* MX-5.1-f */
        mxref_code_pattern(context->x, context->facts, context->profile->int8, magnitude);
        mpfr_mul_2si(context->quotient, context->x, (long)scale - e8m0->bias, MPFR_RNDN);
        return to_type(context, source, context->quotient);
    }
}
