/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The witness: unpack, shift and round (witness_round.c), pack. See witness.h.
 */
#include "ref/witness.h"

#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

enum { E8M0_NAN = 255, E8M0_LAST = 254, E8M0_BIAS = 127 };

const mxref_w_layout mxref_w_fp32 = {8, 23, -126};

static const mxref_w_layout type_layouts[MX_TYPE_LAST + 1] = {
    [MX_FP32] = {8, 23, -126},
    [MX_BF16] = {8, 7, -126},
    [MX_FP16] = {5, 10, -14},
    [MX_FP64] = {11, 52, -1022},
};

static const mxref_w_format format_rows[] = {
    /* elem   ebits mbits least  integer top   inf   nan   power max_sig max_exp */
    {MX_E5M2, {5, 2, -14}, 0, 0x7b, 0x7c, 0x7d, 15, 7, 13}, /* 1.75 * 2^15 */
    {MX_E4M3, {4, 3, -6}, 0, 0x7e, 0, 0x7f, 8, 7, 6},       /* 1.75 * 2^8 */
    {MX_E3M2, {3, 2, -2}, 0, 0x1f, 0, 0, 4, 7, 2},          /* 1.75 * 2^4 */
    {MX_E2M3, {2, 3, 0}, 0, 0x1f, 0, 0, 2, 15, -1},         /* 1.875 * 2^2 */
    {MX_E2M1, {2, 1, 0}, 0, 0x07, 0, 0, 2, 3, 1},           /* 1.5 * 2^2 */
    {MX_INT8, {0, 6, 0}, 1, 0x7f, 0, 0, 0, 127, -6},        /* 127 units of 1/64 */
};
_Static_assert(sizeof format_rows / sizeof *format_rows == MX_ELEM_LAST, "a row for each format");

/* ---- unpacking ---- */

static mxref_w_number unpack(mx_type type, uint64_t bits)
{
    const mxref_w_layout *layout = &type_layouts[type];
    uint64_t ones = ((uint64_t)1 << layout->ebits) - 1;
    uint64_t e = bits >> layout->mbits & ones;
    uint64_t m = bits & (((uint64_t)1 << layout->mbits) - 1);
    mxref_w_number number = {.is = MXREF_W_FINITE, .sig = m, .exp = layout->least - layout->mbits};

    number.negative = (int)(bits >> (layout->mbits + layout->ebits) & 1);
    if (e == ones)
        number.is = m != 0 ? MXREF_W_NAN : MXREF_W_INF;
    else if (e == 0 && m == 0)
        number.is = MXREF_W_ZERO;
    else if (e == 0)
        number.tiny = 1;
    else {
        number.sig |= (uint64_t)1 << layout->mbits;
        number.exp += (int)e - 1;
    }
    return number;
}

static mxref_w_number unpack_code(const mxref_witness_state *state, unsigned code)
{
    const mxref_w_format *format = &state->format;
    const mxref_w_layout *layout = &format->layout;
    unsigned width = format->integer ? 8 : (unsigned)(1 + layout->ebits + layout->mbits);
    unsigned m = code & ((1u << (width - 1)) - 1);
    unsigned e = m >> layout->mbits;
    mxref_w_number number = {.is = MXREF_W_FINITE, .negative = (int)(code >> (width - 1))};

    if (format->integer) {
        number.sig = number.negative ? 128 - m : m;
        number.exp = state->unit;
    } else {
        if (format->nan != 0 && m >= format->nan)
            number.is = MXREF_W_NAN;
        else if (format->inf != 0 && m == format->inf)
            number.is = MXREF_W_INF;
        number.sig = (m & ((1u << layout->mbits) - 1)) + (e != 0 ? 1u << layout->mbits : 0);
        number.exp = layout->least - layout->mbits + (e > 1 ? (int)e - 1 : 0);
    }
    if (number.is == MXREF_W_FINITE && number.sig == 0)
        number.is = MXREF_W_ZERO;
    return number;
}

static uint64_t read_value(const mx_batch *batch, size_t index)
{
    uint64_t wide;
    uint32_t word;
    uint16_t half;

    _Static_assert(MX_TYPE_LAST == MX_FP64, "a case for each type");
    switch (batch->type) {
    case MX_FP64:
        memcpy(&wide, (const unsigned char *)batch->in.value + 8 * index, 8);
        return wide;
    case MX_FP32:
        memcpy(&word, (const unsigned char *)batch->in.value + 4 * index, 4);
        return word;
    default:
        memcpy(&half, (const unsigned char *)batch->in.value + 2 * index, 2);
        return half;
    }
}

static void write_value(const mx_batch *batch, size_t index, uint64_t bits)
{
    uint32_t word = (uint32_t)bits;
    uint16_t half = (uint16_t)bits;

    switch (batch->type) {
    case MX_FP64:
        memcpy((unsigned char *)batch->out.value + 8 * index, &bits, 8);
        break;
    case MX_FP32:
        memcpy((unsigned char *)batch->out.value + 4 * index, &word, 4);
        break;
    default:
        memcpy((unsigned char *)batch->out.value + 2 * index, &half, 2);
    }
}

/* ---- encoding ---- */

/* A code, or -1 when the profile leaves it open. */
typedef int w_code;

static unsigned largest(const mxref_witness_state *state, int negative)
{
    int full = state->format.integer && state->batch->profile.int8_min == MX_INT8_MIN_FULL;

    return state->format.top + (full && negative ? 1 : 0);
}

static w_code pack(const mxref_witness_state *state, int negative, unsigned magnitude)
{
    const mxref_w_layout *layout = &state->format.layout;

    if (state->format.integer)
        return (int)((negative ? 256 - magnitude : magnitude) & 255);
    return (int)(magnitude | (unsigned)negative << (layout->ebits + layout->mbits));
}

static w_code pack_zero(const mxref_witness_state *state, int negative, int was_zero)
{
    unsigned axis = state->batch->profile.zero_sign;
    int keep = axis == MX_ZERO_SIGN_KEEP || (axis == MX_ZERO_SIGN_UNDERFLOW_ONLY && !was_zero);

    return pack(state, negative && keep, 0);
}

static w_code by_nan_to(const mxref_witness_state *state, int negative)
{
    unsigned axis = state->batch->profile.nan_to;

    if (axis == MX_NAN_TO_UNSPECIFIED)
        return -1;
    if (axis == MX_NAN_TO_ZERO)
        return 0;
    negative = negative && axis == MX_NAN_TO_SMAX;
    return pack(state, negative, largest(state, negative));
}

static w_code by_nan_code(const mxref_witness_state *state, int negative)
{
    unsigned axis = state->batch->profile.nan_code;
    int code = 0x7f;

    if (state->format.nan == 0)
        return by_nan_to(state, negative);
    if (state->format.elem == MX_E5M2 && (axis == MX_NAN_CODE_7E || axis == MX_NAN_CODE_S7E))
        code = 0x7e;
    if (negative && (axis == MX_NAN_CODE_S7F || axis == MX_NAN_CODE_S7E))
        code |= 0x80;
    return code;
}

/* Inf or NaN where the format has one, else the largest magnitude. */
static w_code by_special(const mxref_witness_state *state, int negative)
{
    if (state->format.inf != 0)
        return pack(state, negative, state->format.inf);
    if (state->format.nan != 0)
        return negative && state->batch->profile.overflow_nan == MX_OVERFLOW_NAN_S7F ? 0xff : 0x7f;
    return pack(state, negative, largest(state, negative));
}

static w_code encode_number(mxref_witness_state *state, const mxref_w_number *number, int scale, uint32_t random)
{
    const mx_profile *profile = &state->batch->profile;
    const mxref_w_layout *layout = &state->format.layout;
    mxref_w_rule rule = {profile->round, profile->sr_bits, random, number->negative};
    int exp = number->exp - scale;
    int inward = profile->round == MX_RTZ || (profile->round == MX_RUP && number->negative) ||
                 (profile->round == MX_RDN && !number->negative);
    unsigned field;

    if (state->format.integer)
        mxref_w_shift(state, number->sig, exp, state->unit, &rule);
    else
        mxref_w_field(state, number->sig, exp, layout, &rule);
    if (mpz_cmp_ui(state->kept, largest(state, number->negative)) > 0) {
        if (profile->overflow == MX_OVERFLOW_SATURATE || (inward && profile->overflow_directed == MX_DIRECTED_IEEE))
            return pack(state, number->negative, largest(state, number->negative));
        return by_special(state, number->negative);
    }
    field = (unsigned)mpz_get_ui(state->kept);
    if (!state->format.integer && field < 1u << layout->mbits && profile->subnormal_out == MX_SUBNORMAL_OUT_FLUSH)
        field = 0;
    return field == 0 ? pack_zero(state, number->negative, 0) : pack(state, number->negative, field);
}

/* What is particular to one block: its scale byte and whether its finite elements are flushed. */
typedef struct w_block {
    int byte;
    int flushed;
    int is_block; /* 0 for the scalar operations */
} w_block;

static w_code encode(mxref_witness_state *state, const w_block *block, size_t index)
{
    const mx_batch *batch = state->batch;
    const mx_profile *profile = &batch->profile;
    mxref_w_number number = unpack(batch->type, read_value(batch, index));
    unsigned special;

    if (block->byte == E8M0_NAN) {
        if (profile->under_nan_scale == MX_UNDER_NAN_ANY)
            return -1;
        return profile->under_nan_scale == MX_UNDER_NAN_ZERO ? 0 : by_nan_code(state, number.negative);
    }
    switch (number.is) {
    case MXREF_W_NAN:
        if (block->is_block && profile->nan_in == MX_NAN_IN_IGNORE)
            return by_nan_to(state, number.negative);
        return by_nan_code(state, number.negative);
    case MXREF_W_INF:
        special = block->is_block ? profile->inf_in == MX_INF_IN_SPECIAL : profile->overflow == MX_OVERFLOW_SPECIAL;
        return special ? by_special(state, number.negative)
                       : pack(state, number.negative, largest(state, number.negative));
    case MXREF_W_ZERO:
        return pack_zero(state, number.negative, 1);
    default:
        if (block->flushed || (number.tiny && profile->subnormal_in == MX_SUBNORMAL_IN_FLUSH))
            return pack_zero(state, number.negative, 1);
        return encode_number(state, &number, block->byte - E8M0_BIAS, batch->in.random ? batch->in.random[index] : 0);
    }
}

/* ---- the scale of a block ---- */

/* 1 when a > b, both nonzero. */
static int larger(const mxref_w_number *a, const mxref_w_number *b)
{
    int la = mxref_w_length(a->sig), lb = mxref_w_length(b->sig);

    if (la + a->exp != lb + b->exp)
        return la + a->exp > lb + b->exp;
    return a->sig << (64 - la) > b->sig << (64 - lb);
}

static int clamp_exponent(const mx_profile *profile, int exponent)
{
    if (exponent < -E8M0_BIAS)
        return 0;
    if (exponent > E8M0_LAST - E8M0_BIAS)
        return profile->scale_over == MX_SCALE_OVER_NAN ? E8M0_NAN : E8M0_LAST;
    return exponent + E8M0_BIAS;
}

static int finite_scale(mxref_witness_state *state, const mxref_w_number *amax, w_block *block)
{
    const mx_profile *profile = &state->batch->profile;
    int nan = 0, exponent;

    if (amax->sig == 0) {
        if (profile->zero_scale == MX_ZERO_SCALE_00)
            return 0;
        return profile->zero_scale == MX_ZERO_SCALE_7F ? E8M0_BIAS : E8M0_BIAS - state->format.power;
    }
    if (amax->tiny && profile->subnormal_in == MX_SUBNORMAL_IN_FLUSH_BLOCK) {
        block->flushed = 1;
        return 0;
    }
    exponent = mxref_w_exponent(state, amax->sig, amax->exp, &nan);
    return nan ? E8M0_NAN : clamp_exponent(profile, exponent);
}

static w_block block_scale(mxref_witness_state *state, size_t first)
{
    const mx_batch *batch = state->batch;
    const mx_profile *profile = &batch->profile;
    mxref_w_number amax = {.is = MXREF_W_ZERO};
    w_block block = {.is_block = 1};
    int nans = 0, infs = 0;

    for (size_t j = 0; j < batch->k; j++) {
        mxref_w_number number = unpack(batch->type, read_value(batch, first + j));
        nans |= number.is == MXREF_W_NAN;
        infs |= number.is == MXREF_W_INF;
        if (number.is != MXREF_W_FINITE || (number.tiny && profile->subnormal_in == MX_SUBNORMAL_IN_FLUSH))
            continue;
        if (amax.sig == 0 || larger(&number, &amax))
            amax = number;
    }
    if ((nans && profile->nan_in == MX_NAN_IN_BLOCK_NAN) || (infs && profile->inf_in == MX_INF_IN_BLOCK_NAN))
        block.byte = E8M0_NAN;
    else if (infs && profile->inf_in == MX_INF_IN_MAX_SCALE)
        block.byte = E8M0_LAST;
    else
        block.byte = finite_scale(state, &amax, &block);
    return block;
}

/* ---- decoding ---- */

/* Bits of the target type, or *open set. */
static uint64_t decode(mxref_witness_state *state, int byte, unsigned code, int *open)
{
    static const mxref_w_rule nearest = {.mode = MX_RNE};
    const mx_batch *batch = state->batch;
    const mxref_w_layout *layout = &type_layouts[batch->type];
    mxref_w_number number = unpack_code(state, code);
    uint64_t inf = (((uint64_t)1 << layout->ebits) - 1) << layout->mbits;
    uint64_t quiet = inf | (uint64_t)1 << (layout->mbits - 1);
    uint64_t sign = (uint64_t)number.negative << (layout->ebits + layout->mbits);
    uint64_t field = 0;

    if (byte == E8M0_NAN || number.is == MXREF_W_NAN)
        return quiet;
    if (number.is == MXREF_W_INF)
        return sign | inf;
    if (number.is == MXREF_W_ZERO)
        return sign;
    mxref_w_field(state, number.sig, number.exp + byte - E8M0_BIAS, layout, &nearest);
    mpz_export(&field, NULL, 1, sizeof field, 0, 0, state->kept); /* below 2^63: |value| < 2^136 */
    if (field < inf)
        return sign | field;
    *open = batch->profile.decode_over == MX_DECODE_OVER_ANY;
    if (*open)
        return 0;
    return sign | (batch->profile.decode_over == MX_DECODE_OVER_INF ? inf : inf - 1);
}

/* ---- the run ---- */

static void decode_case(mxref_witness_state *state, const mxref_free *free_cells, size_t i)
{
    const mx_batch *batch = state->batch;
    int byte = batch->op == MX_OP_DEQUANTIZE ? batch->in.scale[i] : E8M0_BIAS;

    for (size_t j = i * batch->k; j < (i + 1) * batch->k; j++) {
        int open = 0;
        write_value(batch, j, decode(state, byte, batch->in.code[j], &open));
        if (free_cells && free_cells->value)
            free_cells->value[j] = (uint8_t)open;
    }
}

static void encode_case(mxref_witness_state *state, const mxref_free *free_cells, size_t i)
{
    const mx_batch *batch = state->batch;
    w_block block = {.byte = E8M0_BIAS};

    if (batch->op == MX_OP_SCALED_CAST)
        block.byte = batch->in.scale[i];
    if (batch->op == MX_OP_SCALE || batch->op == MX_OP_QUANTIZE) {
        block = block_scale(state, i * batch->k);
        batch->out.scale[i] = (uint8_t)block.byte;
        if (free_cells && free_cells->scale)
            free_cells->scale[i] = 0;
    }
    for (size_t j = i * batch->k; batch->op != MX_OP_SCALE && j < (i + 1) * batch->k; j++) {
        w_code code = encode(state, &block, j);
        batch->out.code[j] = (uint8_t)(code < 0 ? 0 : code);
        if (free_cells && free_cells->code)
            free_cells->code[j] = code < 0;
    }
}

unsigned mxref_w_bits(mx_elem elem)
{
    for (size_t f = 0; f < sizeof format_rows / sizeof format_rows[0]; f++) {
        const mxref_w_format *row = &format_rows[f];
        if (row->elem == elem) /* the integer format has a bit before the point beside its sign */
            return (unsigned)(1 + row->integer + row->layout.ebits + row->layout.mbits);
    }
    return 0;
}

static void choose_format(mxref_witness_state *state)
{
    const mx_profile *profile = &state->batch->profile;

    for (size_t f = 0; f < sizeof format_rows / sizeof format_rows[0]; f++) {
        if (format_rows[f].elem == state->batch->elem)
            state->format = format_rows[f];
    }
    state->unit = -6;
    if (state->format.integer && profile->int8 != MX_INT8_OCP) { /* plain integers */
        state->unit = 0;
        state->format.max_exp = 0;
        state->format.power = profile->int8 == MX_INT8_INT6 ? 6 : 7;
    }
}

mx_status mxref_witness(const mx_batch *batch, const mxref_free *open)
{
    mx_status status = mx_batch_check(batch, NULL);
    mxref_witness_state state = {.batch = batch};

    if (status != MX_OK)
        return status;
    if (batch->layout) {
        for (size_t i = 0; i < batch->count; i++)
            mxref_w_pack_case(batch, i);
        return MX_OK;
    }
    choose_format(&state);
    mpz_inits(state.sig, state.kept, state.rest, NULL);
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->op == MX_OP_DECODE || batch->op == MX_OP_DEQUANTIZE)
            decode_case(&state, open, i);
        else
            encode_case(&state, open, i);
    }
    mpz_clears(state.sig, state.kept, state.rest, NULL);
    return MX_OK;
}
