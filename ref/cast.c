/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Numbers to codes (MX v1.0 sections 5.3 and 6.3, OFP8 v1.0 section 5.2.1): special values, the rounding rule, and
 * what happens above the largest magnitude.
 */
#include "ref/internal.h"

/* 1 when an inexact magnitude at `place` goes to place.hi. `distance` is (magnitude - lo) / (hi - lo), read by
 * MX_SR only. */
static int rounds_away(const mxref_place *place, const mx_profile *profile, int negative, mpfr_srcptr distance,
                       uint32_t random)
{
    int odd = (place->lo & 1) != 0; /* then hi is even: the lowest bit of the pattern (D8) */

    _Static_assert(MX_ROUND_LAST == MX_SR, "a case for each rounding");
    switch (profile->round) {
    case MX_RNE: /* MX-5.3-b */
        return place->remainder > 0 || (place->remainder == 0 && odd);
    case MX_RNA:
        return place->remainder >= 0;
    case MX_RNZ:
        return place->remainder > 0;
    case MX_RTZ:
        return 0;
    case MX_RUP:
        return !negative;
    case MX_RDN:
        return negative;
    case MX_RTO:
        return !odd;
    default: { /* MX_SR, D18: add the bits to floor(distance * 2^N), a carry goes away */
        unsigned n = profile->sr_bits;
        mpfr_t scaled;
        uint64_t discarded;
        mpfr_init2(scaled, MXREF_PREC);
        mpfr_mul_2ui(scaled, distance, n, MPFR_RNDN);
        discarded = mpfr_get_uj(scaled, MPFR_RNDZ);
        mpfr_clear(scaled);
        return discarded + random >= (uint64_t)1 << n;
    }
    }
}

/* Zero of a source zero (`underflow` 0) or of a nonzero value (1) (D12). INT8 has one zero. */
static unsigned zero_code(const mxref_context *context, int negative, int underflow)
{
    int sign = negative && context->facts->has_minus_zero;

    if (context->profile->zero_sign == MX_ZERO_SIGN_DROP)
        sign = 0;
    else if (context->profile->zero_sign == MX_ZERO_SIGN_UNDERFLOW_ONLY && !underflow)
        sign = 0;
    return mxref_code_join(context->facts, sign, 0);
}

/* The largest magnitude allowed, with a sign: for saturation, and nan-to=smax (D9, D14). */
static unsigned largest_code(const mxref_context *context, int negative)
{
    return mxref_code_join(context->facts, negative, context->grid.largest[negative]);
}

/* The code that nan-code asks for (D16). Under `any` it is the canonical one, and codes compare as a class. */
static unsigned nan_code(const mxref_context *context, int negative)
{
    unsigned wanted = context->profile->nan_code;
    int quiet = wanted == MX_NAN_CODE_7E || wanted == MX_NAN_CODE_S7E;
    int sign = (wanted == MX_NAN_CODE_S7F || wanted == MX_NAN_CODE_S7E) && negative;
    unsigned magnitude = context->facts->nan_last;

    if (quiet && context->facts->elem == MX_E5M2)
        magnitude = 0x7e; /* S.11111.10: top fraction bit set, as IEEE 754 quiet NaNs */
    return mxref_code_join(context->facts, sign, magnitude);
}

/* The answer of nan-to. */
static void nan_to(const mxref_context *context, mxref_answer *answer, int negative)
{
    switch (context->profile->nan_to) {
    case MX_NAN_TO_UNSPECIFIED:
        answer->open = 1;
        break;
    case MX_NAN_TO_MAX:
        answer->bits = largest_code(context, 0);
        break;
    case MX_NAN_TO_SMAX:
        answer->bits = largest_code(context, negative);
        break;
    default: /* MX_NAN_TO_ZERO */
        answer->bits = 0;
    }
}

static void nan_or_nan_to(const mxref_context *context, mxref_answer *answer, int negative)
{
    if (context->facts->has_nan)
        answer->bits = nan_code(context, negative);
    else
        nan_to(context, answer, negative);
}

/* D2, D15 */
static void under_nan_scale(const mxref_context *context, mxref_answer *answer)
{
    answer->branch = MXREF_BY_NAN_SCALE;
    switch (context->profile->under_nan_scale) {
    case MX_UNDER_NAN_ANY:
        answer->open = 1;
        break;
    case MX_UNDER_NAN_ZERO:
        answer->bits = 0;
        break;
    default: /* MX_UNDER_NAN_NAN */
        nan_or_nan_to(context, answer, answer->source.negative);
    }
}

/* Inf, or the NaN of overflow-nan; 0 when the format has neither (D10). */
static int special_code(const mxref_context *context, int negative, uint64_t *bits)
{
    if (context->facts->has_inf) {
        *bits = mxref_code_join(context->facts, negative, context->facts->inf_code);
        return 1;
    }
    if (context->facts->has_nan) {
        int sign = context->profile->overflow_nan == MX_OVERFLOW_NAN_S7F && negative;
        *bits = mxref_code_join(context->facts, sign, context->facts->nan_last);
        return 1;
    }
    return 0;
}

/* An Inf source: `overflow` in the scalar operations (OFP8 table 3), inf-in in a block (D11). Under block-nan no
 * element is ever asked for: the scale is NaN. */
static void encode_inf(const mxref_context *context, mxref_answer *answer, mxref_where where)
{
    int negative = answer->source.negative;
    int special = where == MXREF_SCALAR ? context->profile->overflow == MX_OVERFLOW_SPECIAL
                                        : context->profile->inf_in == MX_INF_IN_SPECIAL;

    answer->branch = MXREF_BY_INF;
    if (!special || !special_code(context, negative, &answer->bits))
        answer->bits = largest_code(context, negative);
}

/* A NaN source (D17). */
static void encode_nan(const mxref_context *context, mxref_answer *answer, mxref_where where)
{
    answer->branch = MXREF_BY_NAN;
    if (where != MXREF_SCALAR && context->profile->nan_in == MX_NAN_IN_IGNORE)
        nan_to(context, answer, answer->source.negative);
    else
        nan_or_nan_to(context, answer, answer->source.negative);
}

/* A finite magnitude that rounding took above the largest one allowed. */
static void overflow(const mxref_context *context, mxref_answer *answer)
{
    const mx_profile *profile = context->profile;
    int negative = answer->source.negative;
    int toward_zero = profile->round == MX_RTZ || profile->round == (negative ? MX_RUP : MX_RDN);

    answer->branch = MXREF_BY_SATURATION;
    answer->bits = largest_code(context, negative);
    if (profile->overflow != MX_OVERFLOW_SPECIAL || !(context->facts->has_inf || context->facts->has_nan))
        return;
    if (toward_zero && profile->overflow_directed == MX_DIRECTED_IEEE) { /* IEEE 754 section 7.4 */
        answer->branch = MXREF_BY_DIRECTED;
        return;
    }
    answer->branch = MXREF_BY_OVERFLOW;
    special_code(context, negative, &answer->bits);
}

/* Round the magnitude in context->quotient by definition: to one of its two neighbours on the grid. */
static unsigned round_magnitude(mxref_context *context, mxref_answer *answer, uint32_t random)
{
    const mxref_place *place = &answer->place;
    int negative = answer->source.negative;

    if (place->exact)
        return (unsigned)place->lo;
    if (context->profile->round == MX_SR) { /* d = (|q| - lo) / (hi - lo), exact: hi - lo is a power of two */
        mpfr_sub(context->t, context->quotient, context->grid.value[place->lo], MPFR_RNDN);
        mpfr_sub(context->u, context->grid.value[place->hi], context->grid.value[place->lo], MPFR_RNDN);
        mpfr_div(context->t, context->t, context->u, MPFR_RNDN);
    }
    if (rounds_away(place, context->profile, negative, context->t, random))
        return (unsigned)place->hi;
    return (unsigned)place->lo;
}

/* D3: a nonzero finite source, whose quotient is in context->quotient. */
static void encode_finite(mxref_context *context, mxref_answer *answer, uint32_t random)
{
    const mx_facts *facts = context->facts;
    int negative = answer->source.negative;
    unsigned magnitude;

    answer->placed = 1;
    answer->place = mxref_grid_place(&context->grid, negative, context->quotient);
    if (answer->place.beyond) {
        overflow(context, answer);
        return;
    }
    magnitude = round_magnitude(context, answer, random);
    if (magnitude > context->grid.largest[negative]) {
        overflow(context, answer);
        return;
    }
    answer->branch = answer->place.exact ? MXREF_BY_EXACT : MXREF_BY_ROUNDING;
    if (magnitude != 0 && magnitude >> facts->mbits == 0 && facts->elem != MX_INT8 &&
        context->profile->subnormal_out == MX_SUBNORMAL_OUT_FLUSH) { /* D13 */
        answer->branch = MXREF_BY_FLUSH_OUT;
        magnitude = 0;
    }
    answer->bits = magnitude == 0 ? zero_code(context, negative, 1) : mxref_code_join(facts, negative, magnitude);
}

int mxref_flushes(const mxref_context *context, mxref_source source)
{
    return source.kind == MXREF_SUBNORMAL && context->profile->subnormal_in == MX_SUBNORMAL_IN_FLUSH;
}

mxref_answer mxref_encode(mxref_context *context, uint64_t bits, uint8_t scale, uint32_t random, mxref_where where)
{
    const mx_scale_facts *e8m0 = mxref_scale_facts();
    mxref_answer answer = {.source = mxref_type_load(context->x, context->type, bits)};

    mpfr_set_zero(context->quotient, 1);
    if (scale == e8m0->nan_code) {
        under_nan_scale(context, &answer);
        return answer;
    }
    switch (answer.source.kind) {
    case MXREF_NAN:
        encode_nan(context, &answer, where);
        return answer;
    case MXREF_INF:
        encode_inf(context, &answer, where);
        return answer;
    case MXREF_ZERO:
        answer.branch = MXREF_BY_ZERO;
        answer.bits = zero_code(context, answer.source.negative, 0);
        return answer;
    default:
        break;
    }
    mpfr_div_2si(context->quotient, context->x, (long)scale - e8m0->bias, MPFR_RNDN); /* MX-6.3-c, exact */
    if (mxref_flushes(context, answer.source) || where == MXREF_IN_FLUSHED_BLOCK) {
        answer.branch = MXREF_BY_FLUSH_IN;
        answer.bits = zero_code(context, answer.source.negative, 0);
        return answer;
    }
    encode_finite(context, &answer, random);
    return answer;
}
