/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The stage of a wrong decoded value: scale-code, special, decode or layout.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect/work.h"

/* ---- lanes ---- */

static int in_lane_only(mxcb_work *w)
{
    size_t k = w->trial.k, first = w->to->at * k, lane = w->to->diff.lane;
    uint64_t code = mxcb_element(&w->trial, first + lane);
    if (k < 2)
        return 0;
    for (size_t j = 0; j < k; j++)
        mxcb_set_element(&w->trial, first + j, code);
    if (mxcb_passes(w))
        return 1;
    for (size_t j = 0; j < k; j++)
        mxcb_set_element(&w->trial, first + j, j == (lane ? 0 : k - 1) ? code : 0);
    return mxcb_passes(w);
}

/* ---- products that go through a type ---- */

static const uint8_t bytes[] = {0,   1,   2,   90,  100, 103, 106, 109, 112, 114, 120,
                                127, 134, 142, 143, 144, 150, 170, 240, 253, 254};

static void products(mxcb_questions *q, const mxcb_work *w, unsigned code, int byte)
{
    const mx_facts *f = mxref_facts(w->trial.elem);
    const unsigned codes[] = {code, 1, 2, 3, f->max_code, f->max_code / 2 + 1, 1u << (f->bits - 1) | 1};
    for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
        for (size_t i = 0; i < sizeof bytes; i++)
            mxcb_add(q, (mxc_number){0, 0, 0}, codes[c], bytes[i]);
        for (int near = -3; near <= 3; near++)
            mxcb_add(q, (mxc_number){0, 0, 0}, codes[c], byte + near < 255 ? byte + near : -1);
    }
}

/* The bits by this model, or MXC_NO_BITS where it says nothing. */
static uint64_t after(const mxcb_work *w, const mxcb_model *m, mxc_number x, int byte)
{
    const mx_type target = w->trial.type;
    if (!x.num)
        return mxc_number_bits(x, target);
    if (m->way == MXCB_SOURCE) { /* the scale itself goes through the type */
        mxc_number scale = mxc_number_make(0, 1, byte - 127);
        if (!mxc_number_via(&scale, m->type, m->truncate))
            return mxc_inf_bits(target, x.negative);
        if (!scale.num)
            x = mxc_number_make(x.negative, 0, 0);
    } else if (m->way == MXCB_FLUSH) {
        if (mxc_number_log2(x) < mxc_facts_of_type(m->type)->emin)
            x = mxc_number_make(x.negative, 0, 0);
    } else if (!mxc_number_via(&x, m->type, m->truncate))
        return mxc_inf_bits(target, x.negative);
    if (!mxc_number_via(&x, target, 0))
        return MXC_NO_BITS;
    return mxc_number_bits(x, target);
}

static int fits(const mxcb_work *w, const mxcb_questions *q, const mxcb_model *m)
{
    size_t wrong = 0;
    for (size_t i = 0; i < q->n; i++) {
        mxc_number x;
        if (!q->known[i] || !mxcb_value_of(&w->trial, q->code[i], q->byte[i], &x))
            continue;
        uint64_t to = after(w, m, x, q->byte[i]);
        if (to == MXC_NO_BITS)
            continue;
        if (to != q->got[i])
            return 0;
        wrong += q->wrong[i];
    }
    return wrong > 0;
}

static mxc_stage by_a_type(mxcb_work *w, const mxcb_questions *q)
{
    static const struct {
        mxcb_way way;
        int truncate;
        mxc_stage stage;
        const char *what;
    } ways[] = {{MXCB_QUOTIENT, 0, MXC_STAGE_DECODE, "products were rounded to"},
                {MXCB_QUOTIENT, 1, MXC_STAGE_DECODE, "products were truncated to"},
                {MXCB_FLUSH, 0, MXC_STAGE_DECODE, "products were lost when subnormal in"},
                {MXCB_SOURCE, 0, MXC_STAGE_SCALE_CODE, "the scale itself were rounded to"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (mx_type t = 1; t <= MX_TYPE_LAST; t++) {
            const mxcb_model m = {ways[i].way, t, ways[i].truncate};
            if (fits(w, q, &m))
                return mxcb_say(w, ways[i].stage, "every answer is as if %s %s", ways[i].what, mx_type_name(t));
        }
    return (mxc_stage)0;
}

/* ---- the scale ---- */

/* Under this scale every code is wrong whose value is exact in the type. */
static int all_wrong(mxcb_work *w, const mxcb_vehicle *v, int byte)
{
    const mx_facts *f = mxref_facts(w->trial.elem);
    mxcb_questions *q = calloc(1, sizeof *q);
    int some = 0, right = 0;
    for (unsigned code = 1; q && code <= f->max_code; code++)
        mxcb_add(q, (mxc_number){0, 0, 0}, code, byte);
    if (q && mxcb_ask_all(w, v, q))
        for (size_t i = 0; i < q->n; i++) {
            mxc_number x;
            if (!mxcb_value_of(&w->trial, q->code[i], byte, &x) || mxc_number_bits(x, w->trial.type) == MXC_NO_BITS)
                continue;
            some |= q->wrong[i];
            right |= !q->wrong[i];
        }
    mxcb_questions_free(q);
    return some && !right;
}

static mxc_stage by_scale(mxcb_work *w, const mxcb_vehicle *v, unsigned code, int byte)
{
    mxcb_questions *q = calloc(1, sizeof *q);
    mxc_stage type = (mxc_stage)0;
    if (q)
        products(q, w, code, byte);
    if (q && mxcb_ask_all(w, v, q))
        type = by_a_type(w, q);
    mxcb_questions_free(q);
    if (type)
        return type;
    if (w->trace->element[w->to->diff.lane].kind <= MXREF_INF && !all_wrong(w, v, byte))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the code is NaN or Inf; numbers are right under this scale");
    if (all_wrong(w, v, byte))
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "the code is right under scale 7f, and under %02x every code is wrong",
                        byte);
    return mxcb_say(w, MXC_STAGE_DECODE,
                    "the code is right under scale 7f, and under %02x others are: the product is wrong", byte);
}

/* ---- one code, whatever the scale ---- */

/* The operation is dequantize, and `decode` of the same code is right. */
static int right_alone(mxcb_work *w, unsigned code)
{
    mxcb_vehicle v = mxcb_vehicle_for(w);
    if (v.shape.op != MX_OP_DEQUANTIZE ||
        !mxc_offers_cover(mxc_subject_describe(w->subject), MX_OP_DECODE, v.shape.elem, v.shape.type))
        return 0;
    v.shape.op = MX_OP_DECODE;
    v.shape.k = 1;
    v.lane = 0;
    return mxcb_ask_one(w, &v, (mxc_number){0, 0, 0}, code, 127, NULL) == 1;
}

/* ---- every code under scale 7f is wrong, and there is no narrower operation: is it the code, or the scale? ---- */

/* Every value is the right one times the same power of two, other than 1. */
static int is_factor(mxcb_work *w, const mxcb_vehicle *v, int *power)
{
    const mx_facts *f = mxref_facts(v->shape.elem);
    mxcb_questions *q = calloc(1, sizeof *q);
    int is = 1, some = 0;
    for (unsigned code = 1; q && code <= f->max_code; code++)
        mxcb_add(q, (mxc_number){0, 0, 0}, code, 127);
    is = q && mxcb_ask_all(w, v, q);
    for (size_t i = 0; is && i < q->n; i++) {
        mxc_number got, want;
        if (!q->known[i] || !mxc_number_of(&want, v->shape.type, q->want[i]) || !want.num)
            continue;
        is = mxc_number_of(&got, v->shape.type, q->got[i]) && got.num == want.num && got.exp != want.exp &&
             (!some || got.exp - want.exp == *power);
        *power = is ? got.exp - want.exp : 0;
        some = 1;
    }
    mxcb_questions_free(q);
    return is && some;
}

/* Other formats, one at least, have the same factor. */
static int is_factor_of_all(mxcb_work *w, const mxcb_vehicle *v, int *power)
{
    int formats = 0, other;
    if (!is_factor(w, v, power))
        return 0;
    for (mx_elem e = 1; e <= MX_ELEM_LAST; e++) {
        mxcb_vehicle of = *v;
        of.shape.elem = e;
        if (e == v->shape.elem || !mxc_offers_cover(mxc_subject_describe(w->subject), of.shape.op, e, of.shape.type))
            continue;
        if (!is_factor(w, &of, &other) || other != *power)
            return 0;
        formats++;
    }
    return formats > 0;
}

/* A scale byte under which the value does not differ from that under 7f as the scales do; -1 when there is none. */
static int off_scale(mxcb_work *w, const mxcb_vehicle *v, unsigned code)
{
    static const int others[] = {128, 129, 126, 122, 135};
    uint64_t bits = 0;
    mxc_number one, x;
    if (mxcb_ask_one(w, v, (mxc_number){0, 0, 0}, code, 127, &bits) < 0 || !mxc_number_of(&one, v->shape.type, bits) ||
        !one.num)
        return -1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (mxcb_ask_one(w, v, (mxc_number){0, 0, 0}, code, others[i], &bits) >= 0 &&
            mxc_number_of(&x, v->shape.type, bits) && x.num && (x.num != one.num || x.exp - one.exp != others[i] - 127))
            return others[i];
    return -1;
}

static mxc_stage by_factor(mxcb_work *w, const mxcb_vehicle *v, unsigned code)
{
    int power = 0;
    mxc_number value;
    if (!mxcb_value_of(&v->shape, code, 127, &value))
        return (mxc_stage)0;
    const int other = off_scale(w, v, code);
    if (other >= 0)
        return mxcb_say(w, MXC_STAGE_SCALE_CODE,
                        "the value under scale %02x is not 2^%d times that under 7f: the scale is no power of two",
                        other, other - 127);
    if (is_factor_of_all(w, v, &power))
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "every value of every format is 2^%d times the right one", power);
    return (mxc_stage)0;
}

static mxc_stage by_code(mxcb_work *w, const mxcb_vehicle *v, const mxref_element_trace *e, unsigned code, int byte)
{
    const mx_type type = w->trial.type;
    uint64_t got = w->to->diff.got & (mxc_sign_bit(type) - 1), value = 0;
    unsigned minus_one = 1u << (mx_elem_bits(w->trial.elem) - 1) | 1;
    int decode = right_alone(w, code);
    if (decode && all_wrong(w, v, 127))
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "decode is right, and under scale 7f every code is wrong");
    if (decode)
        return mxcb_say(w, MXC_STAGE_PACKING, "decode is right, a block of this code is not: codes in bytes");
    if (v->shape.op == MX_OP_DEQUANTIZE && mxcb_bits_permuted(w, v))
        return MXC_STAGE_PACKING;
    const mxc_stage factor = v->shape.op == MX_OP_DEQUANTIZE ? by_factor(w, v, code) : (mxc_stage)0;
    if (factor)
        return factor;
    if (e->kind == MXREF_NAN || e->kind == MXREF_INF)
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the code is NaN or Inf");
    if (e->kind != MXREF_ZERO || (got && got < mxc_inf_bits(type, 0)))
        return mxcb_say(w, MXC_STAGE_DECODE, "the code's value is wrong");
    if (!got && mxcb_ask_one(w, v, (mxc_number){0, 0, 0}, minus_one, byte, &value) == 0 &&
        !(value & mxc_sign_bit(type)))
        return mxcb_say(w, MXC_STAGE_DECODE, "the sign of every code is lost");
    return mxcb_say(w, MXC_STAGE_SPECIAL, "the code is a zero");
}

mxc_stage mxcb_value_stage(mxcb_work *w)
{
    size_t lane = w->to->diff.lane;
    const mxref_element_trace *e = &w->trace->element[lane];
    unsigned code = (unsigned)mxcb_element(&w->trial, w->to->at * w->trial.k + lane);
    int byte = w->trial.in.scale ? w->trial.in.scale[w->to->at] : 127;
    mxcb_vehicle plain = mxcb_vehicle_for(w);
    int special = e->kind == MXREF_NAN || e->kind == MXREF_INF;
    if (byte == 255 && special && mxcb_ask_one(w, &plain, (mxc_number){0, 0, 0}, code, 127, NULL) == 0)
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the code is NaN or Inf, and wrong under scale 7f too");
    if (byte == 255)
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "the scale is NaN");
    const size_t other = mxcb_swapped_with(w);
    if (other < w->trial.k)
        return mxcb_say(w, MXC_STAGE_LAYOUT, "the codes of lanes %zu and %zu have changed places", lane, other);
    if (in_lane_only(w))
        return mxcb_say(w, MXC_STAGE_LAYOUT, "the value is right in another lane, or when every lane holds its code");
    mxcb_vehicle v = mxcb_vehicle_for(w);
    int right = byte == 127 ? 0 : mxcb_ask_one(w, &v, (mxc_number){0, 0, 0}, code, 127, NULL);
    if (right == 1)
        return by_scale(w, &v, code, byte);
    if (e->branch != MXREF_BY_EXACT && e->kind == MXREF_NORMAL)
        return mxcb_say(w, MXC_STAGE_DECODE, "the product is rounded wrongly");
    return by_code(w, &v, e, code, byte);
}
