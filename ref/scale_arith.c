/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The arithmetics that systems in the field use instead of exact numbers to find the scale's exponent: the fields of
 * fp32 numbers (D4), and a logarithm rounded to fp32's width (D5).
 */
#include "ref/internal.h"

/* `x` rounded to nearest even in fp32, as a pattern; it may be zero or Inf. */
static uint32_t to_fp32(const mxref_type_row *fp32, mpfr_srcptr x)
{
    mxref_place place = mxref_type_place(fp32, x);

    if (!place.exact && (place.remainder > 0 || (place.remainder == 0 && (place.lo & 1) != 0)))
        return (uint32_t)place.hi;
    return (uint32_t)place.lo;
}

/* Byte of rceil from q = fl32(A * fl32(1/maxnormal)): its exponent field, plus one when the fraction says so. */
static int byte_rceil(mxref_context *context, const mxref_type_row *fp32, uint32_t a)
{
    mpfr_srcptr max_normal = context->grid.value[context->facts->max_code];
    uint32_t reciprocal, q, field, fraction;

    mpfr_set_prec(context->u, 24); /* 1/maxnormal is normal in fp32: rounding at 24 bits is rounding to fp32 */
    mpfr_ui_div(context->u, 1, max_normal, MPFR_RNDN);
    reciprocal = to_fp32(fp32, context->u);
    mpfr_set_prec(context->u, MXREF_PREC);

    mxref_type_pattern(context->t, fp32, a);
    mxref_type_pattern(context->u, fp32, reciprocal);
    mpfr_mul(context->t, context->t, context->u, MPFR_RNDN); /* exact: 48 bits */
    q = to_fp32(fp32, context->t);
    field = q >> 23;
    fraction = q & 0x7fffff;
    return (int)field + (field != 0 ? fraction != 0 : fraction > 0x400000);
}

int mxref_exponent_f32(mxref_context *context)
{
    const mxref_type_row *fp32 = mxref_type(MX_FP32);
    const int bias = mxref_scale_facts()->bias;
    uint32_t b = to_fp32(fp32, context->amax);
    uint32_t inf = (uint32_t)mxref_type_inf(fp32);

    if (b == inf)
        return MXREF_ARITH_NAN;
    _Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "a case for each scale rule");
    switch (context->profile->scale) {
    case MX_SCALE_FLOOR:
        return (int)(b >> 23) - bias - context->emax;
    case MX_SCALE_CEIL:
        return (int)(b >> 23) - bias + ((b & 0x7fffff) != 0) - context->emax;
    case MX_SCALE_EVEN:
        b += (uint32_t)1 << (22 - context->facts->mbits); /* half a unit of the element's last fraction bit */
        return b >= inf ? MXREF_ARITH_NAN : (int)(b >> 23) - bias - context->emax;
    default: /* MX_SCALE_RCEIL */
        return byte_rceil(context, fp32, b) - bias;
    }
}

/* log2(num / den) rounded to nearest even at 24 bits. The quotient is rarely a binary number, so it is enclosed; the
 * enclosure is refined until both ends round alike, which happens because the logarithm is an integer (then the
 * enclosure is a point) or irrational (then it is no midpoint). */
static void log2_rounded(mpfr_ptr rounded, mpfr_srcptr num, mpfr_srcptr den)
{
    mpfr_t lo, hi, other;
    mpfr_prec_t precision = 64;

    mpfr_init2(lo, precision);
    mpfr_init2(hi, precision);
    mpfr_init2(other, mpfr_get_prec(rounded));
    for (;; precision *= 2) {
        mpfr_set_prec(lo, precision);
        mpfr_set_prec(hi, precision);
        mpfr_div(lo, num, den, MPFR_RNDD);
        mpfr_div(hi, num, den, MPFR_RNDU);
        mpfr_log2(lo, lo, MPFR_RNDD);
        mpfr_log2(hi, hi, MPFR_RNDU);
        mpfr_set(rounded, lo, MPFR_RNDN);
        mpfr_set(other, hi, MPFR_RNDN);
        if (mpfr_equal_p(rounded, other))
            break;
    }
    mpfr_clear(lo);
    mpfr_clear(hi);
    mpfr_clear(other);
}

/* floor or ceil of the logarithm; it is below 2^11 in magnitude */
static int to_integer(mpfr_srcptr logarithm, mpfr_rnd_t direction)
{
    return (int)mpfr_get_si(logarithm, direction);
}

int mxref_exponent_log2f(mxref_context *context)
{
    mpfr_t logarithm, even;
    int exponent;

    mpfr_init2(logarithm, 24);
    mpfr_init2(even, mxref_even_bits(context->facts));
    switch (context->profile->scale) {
    case MX_SCALE_FLOOR:
        mpfr_log2(logarithm, context->amax, MPFR_RNDN);
        exponent = to_integer(logarithm, MPFR_RNDD) - context->emax;
        break;
    case MX_SCALE_CEIL:
        mpfr_log2(logarithm, context->amax, MPFR_RNDN);
        exponent = to_integer(logarithm, MPFR_RNDU) - context->emax;
        break;
    case MX_SCALE_EVEN:
        mpfr_set(even, context->amax, MPFR_RNDN);
        mpfr_log2(logarithm, even, MPFR_RNDN);
        exponent = to_integer(logarithm, MPFR_RNDD) - context->emax;
        break;
    default: /* MX_SCALE_RCEIL */
        log2_rounded(logarithm, context->amax, context->grid.value[context->facts->max_code]);
        exponent = to_integer(logarithm, MPFR_RNDU);
    }
    mpfr_clear(logarithm);
    mpfr_clear(even);
    return exponent;
}
