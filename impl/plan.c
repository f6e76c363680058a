/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A profile thought through once: every axis becomes a constant of the plan.
 */
#include "impl/kernels.h"

#include <string.h>

#include <mx/names.h>

#include "impl/round.h"
#include "impl/words.h"

static int value_make(mxfast_value *value, mx_type type)
{
    static const struct {
        mx_type type;
        unsigned ebits, mbits;
    } row[] = {{MX_FP32, 8, 23}, {MX_BF16, 8, 7}, {MX_FP16, 5, 10}, {MX_FP64, 11, 52}};
    _Static_assert(sizeof row / sizeof *row == MX_TYPE_LAST, "a row for each type");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (row[i].type != type)
            continue;
        unsigned ebits = row[i].ebits, mbits = row[i].mbits;
        value->type = type;
        value->bytes = (1 + ebits + mbits) / 8;
        value->grid = (mxfast_grid){mbits, 2 - (1 << (ebits - 1))};
        value->sign = UINT64_C(1) << (ebits + mbits);
        value->min_normal = UINT64_C(1) << mbits;
        value->inf = ((UINT64_C(1) << ebits) - 1) << mbits;
        value->nan = value->inf | UINT64_C(1) << (mbits - 1);
        return 1;
    }
    return 0;
}

/* ---- the format under the profile ---- */

static int is_integer(const mx_facts *format)
{
    return format->ebits == 0;
}

/* int8=int6 and int7: the unit is 1, which is 2^6 of OCP's. */
static int unit_shift(const mx_facts *format, const mx_profile *profile)
{
    return is_integer(format) && profile->int8 != MX_INT8_OCP ? (int)format->mbits : 0;
}

/* emax, for every rule that subtracts it and for zero-scale=one-emax. */
static int profile_emax(const mx_facts *format, const mx_profile *profile)
{
    if (!is_integer(format))
        return format->emax;
    return profile->int8 == MX_INT8_INT7 ? 7 : profile->int8 == MX_INT8_INT6 ? 6 : format->emax;
}

/* A fixed-point format is the subnormal range of a grid with one more fraction bit: its step holds up to twice the
 * largest value, and whatever lies above is overflow. */
static mxfast_grid code_grid(const mx_facts *format, const mx_profile *profile)
{
    if (is_integer(format))
        return (mxfast_grid){format->mbits + 1, 1 + unit_shift(format, profile)};
    return (mxfast_grid){format->mbits, format->emin};
}

/* |code| as a number; the code is finite and not zero. */
static mxfast_number code_number(mxfast_grid grid, unsigned pattern)
{
    unsigned field = pattern >> grid.mbits;
    unsigned fraction = pattern & ((1u << grid.mbits) - 1);
    uint64_t sig = field == 0 ? fraction : fraction | 1u << grid.mbits;
    int e = grid.emin + (field == 0 ? 0 : (int)field - 1);
    unsigned zeros = mxfast_leading_zeros(sig);
    return (mxfast_number){sig << zeros, e + (int)(63 - grid.mbits) - (int)zeros};
}

/* ---- scale ---- */

/* Exact rules: the exponent is e - top, and one more when the significand is above `cut`. */
static void scale_rule(mxfast_scale_plan *scale, const mx_facts *format, mxfast_number largest)
{
    _Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "a case for each scale rule");
    switch (scale->rule) {
    case MX_SCALE_FLOOR:
        scale->cut = UINT64_MAX;
        break;
    case MX_SCALE_CEIL:
        scale->cut = MXFAST_LEAD;
        break;
    case MX_SCALE_EVEN: /* carry from 1 + mbits bits: all kept bits are ones, so the tie goes up too */
        scale->cut = UINT64_MAX - (UINT64_C(1) << (62 - format->mbits));
        break;
    default: /* ceil(log2(A / largest)) */
        scale->cut = largest.sig;
        scale->top = largest.e;
        break;
    }
}

/* fl32(1 / largest) as 24 bits: 2^(top + 24) / largest to nearest. Never a tie: no largest is a power of two. */
static uint32_t reciprocal24(mxfast_number largest)
{
    uint64_t divisor = largest.sig >> 56; /* all largest values have at most 8 bits */
    uint64_t twice = (UINT64_C(1) << (25 + 7)) / divisor;
    return (uint32_t)((twice + 1) / 2);
}

static void scale_make(mxfast_scale_plan *scale, const mx_facts *format, const mx_profile *profile,
                       const mxfast_value *source)
{
    const mx_scale_facts *byte = mxfast_scale_facts();
    static const int zero_byte[] = {[MX_ZERO_SCALE_00] = 0, [MX_ZERO_SCALE_7F] = 0x7f};
    mxfast_number largest = code_number(code_grid(format, profile), format->max_code);
    int emax = profile_emax(format, profile);
    scale->rule = profile->scale;
    scale->arith = profile->scale_arith;
    scale->zero =
        (uint8_t)(profile->zero_scale == MX_ZERO_SCALE_ONE_EMAX ? byte->bias - emax : zero_byte[profile->zero_scale]);
    scale->over = (uint8_t)(profile->scale_over == MX_SCALE_OVER_NAN ? byte->nan_code : byte->max_code);
    scale->nan = profile->nan_in == MX_NAN_IN_BLOCK_NAN ? (int)byte->nan_code : -1;
    scale->inf = profile->inf_in == MX_INF_IN_BLOCK_NAN   ? (int)byte->nan_code
                 : profile->inf_in == MX_INF_IN_MAX_SCALE ? (int)byte->max_code
                                                          : -1;
    scale->mbits = format->mbits;
    scale->top = emax;
    scale->divisor = profile->scale == MX_SCALE_RCEIL ? (unsigned)format->elem : 0;
    scale->reciprocal = reciprocal24(largest);
    scale->flush_block = profile->subnormal_in == MX_SUBNORMAL_IN_FLUSH_BLOCK ? source->min_normal : 0;
    scale_rule(scale, format, largest);
}

/* ---- cast ---- */

/* above[sign][lowest kept bit]: which discarded fractions, times 2^64, round away from zero. */
static void rounding_make(mxfast_cast_plan *cast, const mx_profile *profile)
{
    const uint64_t never = UINT64_MAX, inexact = 0, tie_up = MXFAST_LEAD - 1, tie_down = MXFAST_LEAD;
    for (unsigned negative = 0; negative < 2; negative++) {
        uint64_t even = never, odd = never; /* rtz; sr has its own */
        _Static_assert(MX_ROUND_LAST == MX_SR, "a case for each rounding");
        switch (profile->round) {
        case MX_RNE:
            even = tie_down;
            odd = tie_up;
            break;
        case MX_RNA:
            even = odd = tie_up;
            break;
        case MX_RNZ:
            even = odd = tie_down;
            break;
        case MX_RUP:
            even = odd = negative ? never : inexact;
            break;
        case MX_RDN:
            even = odd = negative ? inexact : never;
            break;
        case MX_RTO:
            even = inexact;
            break;
        default:
            break;
        }
        cast->above[negative][0] = even;
        cast->above[negative][1] = odd;
    }
    cast->random_bits = profile->round == MX_SR ? profile->sr_bits : 0;
}

/* 1 when the rounding points toward zero for this sign (IEEE 754 7.4). */
static int toward_zero(const mx_profile *profile, unsigned negative)
{
    return profile->round == MX_RTZ || profile->round == (negative ? MX_RUP : MX_RDN);
}

static uint8_t signed_code(const mxfast_cast_plan *cast, unsigned negative, unsigned pattern)
{
    return (uint8_t)((pattern ^ cast->flip[negative]) + cast->add[negative]);
}

/* The code for a NaN in a format with NaN codes; the pattern 7e is a NaN in E5M2 only. */
static uint8_t nan_code(const mxfast_cast_plan *cast, const mx_facts *format, const mx_profile *profile,
                        unsigned negative)
{
    int quiet = profile->nan_code == MX_NAN_CODE_7E || profile->nan_code == MX_NAN_CODE_S7E;
    int keeps_sign = profile->nan_code == MX_NAN_CODE_S7F || profile->nan_code == MX_NAN_CODE_S7E;
    unsigned pattern = quiet && format->nan_first <= 0x7e ? 0x7e : 0x7f;
    return signed_code(cast, keeps_sign ? negative : 0, pattern);
}

static uint8_t nan_to(const mxfast_cast_plan *cast, const mx_profile *profile, unsigned negative)
{
    switch (profile->nan_to) {
    case MX_NAN_TO_SMAX:
        return signed_code(cast, negative, cast->max[negative]);
    case MX_NAN_TO_ZERO:
        return 0;
    default: /* unspecified is ours to choose */
        return signed_code(cast, 0, cast->max[0]);
    }
}

/* Inf, the NaN of an overflow, or the largest. */
static uint8_t special_code(const mxfast_cast_plan *cast, const mx_facts *format, const mx_profile *profile,
                            unsigned negative)
{
    if (format->has_inf)
        return signed_code(cast, negative, format->inf_code);
    if (format->has_nan)
        return signed_code(cast, profile->overflow_nan == MX_OVERFLOW_NAN_S7F ? negative : 0, format->nan_last);
    return signed_code(cast, negative, cast->max[negative]);
}

static void specials_make(mxfast_cast_plan *cast, const mx_facts *format, const mx_profile *profile, mx_op op)
{
    int in_block = op == MX_OP_QUANTIZE;
    int special = profile->overflow == MX_OVERFLOW_SPECIAL;
    int special_inf = in_block ? profile->inf_in == MX_INF_IN_SPECIAL : special;
    int nan_kept = format->has_nan && !(in_block && profile->nan_in == MX_NAN_IN_IGNORE);
    for (unsigned negative = 0; negative < 2; negative++) {
        uint8_t largest = signed_code(cast, negative, cast->max[negative]);
        uint8_t beyond = special_code(cast, format, profile, negative);
        uint8_t nan_here =
            format->has_nan ? nan_code(cast, format, profile, negative) : nan_to(cast, profile, negative);
        int stays = profile->overflow_directed == MX_DIRECTED_IEEE && toward_zero(profile, negative);
        unsigned sign_of_zero = profile->zero_sign == MX_ZERO_SIGN_KEEP ? negative : 0;
        unsigned sign_of_tiny = profile->zero_sign == MX_ZERO_SIGN_DROP ? 0 : negative;
        cast->nan[negative] = nan_kept ? nan_here : nan_to(cast, profile, negative);
        cast->inf[negative] = special_inf ? beyond : largest;
        cast->zero[negative] = signed_code(cast, sign_of_zero, 0);
        cast->tiny[negative] = signed_code(cast, sign_of_tiny, 0);
        cast->over[negative] = special && !stays ? beyond : largest;
        cast->under[negative] = profile->under_nan_scale == MX_UNDER_NAN_NAN ? nan_here : 0;
    }
}

/* The rounded pattern's code, all at once. */
static void codes_make(mxfast_cast_plan *cast)
{
    for (unsigned negative = 0; negative < 2; negative++) {
        for (unsigned pattern = 0; pattern < MXFAST_PATTERNS; pattern++)
            cast->code[negative][pattern] = pattern > cast->max[negative] ? cast->over[negative]
                                            : pattern < cast->min         ? cast->tiny[negative]
                                                                          : signed_code(cast, negative, pattern);
        cast->code[negative][MXFAST_PATTERNS] = cast->zero[negative];
    }
}

static void cast_make(mxfast_cast_plan *cast, const mx_facts *format, const mx_profile *profile, mx_op op,
                      const mxfast_value *source)
{
    int full = is_integer(format) && profile->int8_min == MX_INT8_MIN_FULL;
    cast->grid = code_grid(format, profile);
    cast->flush = profile->subnormal_in == MX_SUBNORMAL_IN_FLUSH ? source->min_normal : 0;
    cast->min = profile->subnormal_out == MX_SUBNORMAL_OUT_FLUSH && !is_integer(format) ? 1u << format->mbits : 1;
    cast->max[0] = format->max_code;
    cast->max[1] = full ? format->max_code + 1 : format->max_code;
    cast->flip[1] = (uint8_t)(is_integer(format) ? 0xff : 1u << (format->bits - 1));
    cast->add[1] = is_integer(format) ? 1 : 0;
    rounding_make(cast, profile);
    specials_make(cast, format, profile, op);
    codes_make(cast);
}

/* ---- decode ---- */

static void decode_code(mxfast_decode_plan *decode, const mx_facts *format, mxfast_grid grid,
                        const mxfast_value *target, unsigned code)
{
    unsigned sign_bit = 1u << (format->bits - 1);
    int negative = (code & sign_bit) != 0;
    unsigned pattern = code & (sign_bit - 1);
    uint64_t sign = negative ? target->sign : 0;
    if (is_integer(format) && negative)
        pattern = 2 * sign_bit - code;
    else if (format->has_nan && pattern >= format->nan_first && pattern <= format->nan_last) {
        decode->base[code] = target->nan;
        return;
    } else if (format->has_inf && pattern == format->inf_code) {
        decode->base[code] = sign | target->inf;
        return;
    }
    decode->base[code] = sign;
    if (pattern == 0)
        return;
    mxfast_number x = code_number(grid, pattern);
    uint64_t fraction = (x.sig << 1) >> (64 - target->grid.mbits); /* at most 7 bits: exact in every target */
    decode->base[code] += ((uint64_t)(x.e - target->grid.emin + 1) << target->grid.mbits) + fraction;
    decode->step[code] = UINT64_C(1) << target->grid.mbits;
    decode->sig[code] = x.sig;
    decode->e[code] = x.e;
}

static void decode_make(mxfast_decode_plan *decode, const mx_facts *format, const mx_profile *profile,
                        const mxfast_value *target)
{
    mxfast_grid grid = code_grid(format, profile);
    int lowest = 0, highest = 0, emax = 1 - target->grid.emin;
    for (unsigned code = 0; code < 1u << format->bits; code++) {
        decode_code(decode, format, grid, target, code);
        if (decode->step[code] == 0)
            continue;
        lowest = decode->e[code] < lowest ? decode->e[code] : lowest;
        highest = decode->e[code] > highest ? decode->e[code] : highest;
    }
    for (unsigned code = 1u << format->bits; code < 256; code++) { /* bits above the width are ignored */
        unsigned low = code & ((1u << format->bits) - 1);
        decode->base[code] = decode->base[low];
        decode->step[code] = decode->step[low];
        decode->sig[code] = decode->sig[low];
        decode->e[code] = decode->e[low];
    }
    decode->s_min = target->grid.emin - lowest;
    decode->s_max = emax - highest;
    decode->over = profile->decode_over == MX_DECODE_OVER_MAX ? target->inf - 1 : target->inf;
}

mx_status mxfast_plan_make(mxfast_plan *plan, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile)
{
    const mx_facts *format = mxfast_facts(elem);
    memset(plan, 0, sizeof *plan);
    if (format == NULL || !value_make(&plan->value, type) || mx_profile_check(profile, NULL) != MX_OK)
        return MX_EINVAL;
    plan->op = op;
    plan->elem = elem;
    plan->format = format;
    if (op == MX_OP_DECODE || op == MX_OP_DEQUANTIZE) {
        decode_make(&plan->decode, format, profile, &plan->value);
        plan->words.usable = mxfast_words_know(format);
        return MX_OK;
    }
    scale_make(&plan->scale, format, profile, &plan->value);
    cast_make(&plan->cast, format, profile, op, &plan->value);
    if (op == MX_OP_QUANTIZE)
        mxfast_words_make(&plan->words, plan);
    return MX_OK;
}

mx_status mxfast_plan_again(mxfast_plan **plan, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile)
{
    static _Thread_local mxfast_plan kept;
    static _Thread_local mx_profile of; /* what `kept` was made of; no profile at first */
    *plan = &kept;
    if (kept.op == op && kept.elem == elem && kept.value.type == type && memcmp(&of, profile, sizeof of) == 0)
        return MX_OK;
    memset(&of, 0, sizeof of);
    mx_status status = mxfast_plan_make(&kept, op, elem, type, profile);
    if (status == MX_OK)
        of = *profile;
    return status;
}
