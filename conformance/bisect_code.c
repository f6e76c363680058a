/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The stage of a wrong element code: quotient, scale-code, rounding, overflow, special or layout.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect_work.h"

/* ---- the failing element ---- */

typedef struct failing {
    mxcb_vehicle vehicle;
    mxc_number value, quotient;
    int byte;
    unsigned got, want, sign; /* codes; the sign bit of a code */
    mxref_branch branch;
    int near; /* the code of a neighbour */
} failing;

static mxc_number times(mxc_number x, int power)
{
    if (x.num)
        x.exp += power;
    return x;
}

static int ask(mxcb_work *w, const failing *f, mxc_number value, int byte, uint64_t *got)
{
    return mxcb_ask_one(w, &f->vehicle, value, 0, byte, got);
}

/* ---- lanes ---- */

/* The failing element in every lane. */
static int passes_filled(mxcb_work *w)
{
    size_t k = w->trial.k, first = w->to->at * k;
    uint64_t bits = mxcb_element(&w->trial, first + w->to->diff.lane);
    for (size_t j = 0; j < k; j++)
        mxcb_set_element(&w->trial, first + j, bits);
    return mxcb_passes(w);
}

/* The failing element in lane `other`, whatever makes the scale kept, is right there. */
static int right_in(mxcb_work *w, size_t other)
{
    size_t k = w->trial.k, first = w->to->at * k, lane = w->to->diff.lane;
    uint64_t bits = mxcb_element(&w->trial, first + lane);
    uint32_t *random = mxc_column(&w->trial, COL_RANDOM);
    mxcb_set_element(&w->trial, first + lane, 0);
    mxcb_set_element(&w->trial, first + other, bits);
    if (random)
        random[first + other] = random[first + lane];
    mxcb_judge(w, &w->trial, w->to->at, NULL, NULL);
    mxc_expected want;
    int right = 0;
    const mx_batch one = mxc_slice(&w->trial, w->to->at, 1);
    if (w->status == MX_OK && mxc_expected_new(&want, &one, &one.profile) == MX_OK) {
        right = mxc_cell_match(&want, 0, other + (one.out.scale != NULL), &one) &&
                (!one.out.scale || want.store.batch.out.scale[0] == w->to->small.batch.out.scale[w->to->at]);
        mxc_expected_free(&want);
    }
    mxcb_restore(w);
    return right;
}

/* In every lane, the failing element leaves the scale as it is. */
static int alone_makes_the_scale(const mxcb_work *w, const mxref_element_trace *e)
{
    int is_zero = e->kind == MXREF_ZERO, makes = w->trace->scale.amax_index == w->to->diff.lane;
    return w->trial.k > 1 && e->kind != MXREF_INF && (is_zero || makes || w->trial.op != MX_OP_QUANTIZE);
}

static int in_lane_only(mxcb_work *w)
{
    size_t k = w->trial.k, lane = w->to->diff.lane, makes = w->trace->scale.amax_index;
    const size_t others[] = {0, 1, k / 2, k - 2, k - 1};
    if (k < 2)
        return 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] < k && others[i] != lane && (others[i] != makes || makes == lane) && right_in(w, others[i]))
            return 1;
    return 0;
}

/* With one's own random bits in every lane it is right. */
static int passes_with_same_random(mxcb_work *w)
{
    uint32_t *random = mxc_column(&w->trial, COL_RANDOM);
    size_t k = w->trial.k, first = w->to->at * k;
    if (!random || k < 2)
        return 0;
    for (size_t j = 0; j < k; j++)
        random[first + j] = random[first + w->to->diff.lane];
    return mxcb_passes(w);
}

/* ---- NaN scales, Inf ---- */

/* A lane whose element is finite: that of the difference when it can be. k when there is none. */
static size_t finite_lane(const mxcb_work *w)
{
    size_t k = w->trial.k, first = w->to->at * k;
    mxc_number x;
    if (mxc_number_of(&x, w->trial.type, mxcb_element(&w->trial, first + w->to->diff.lane)))
        return w->to->diff.lane;
    for (size_t j = 0; j < k; j++)
        if (mxc_number_of(&x, w->trial.type, mxcb_element(&w->trial, first + j)))
            return j;
    return k;
}

/* The code that `value` gets in its lane; *is_axis when another value of under-nan-scale gives it. -1: cannot ask. */
static int code_under_nan(mxcb_work *w, size_t lane, mxc_number value, int *is_axis)
{
    mxcb_set_element(&w->trial, w->to->at * w->trial.k + lane, mxc_number_bits(value, w->trial.type));
    int known = mxcb_ask(w, &w->trial);
    const mx_batch one = mxc_slice(&w->trial, w->to->at, 1);
    size_t cell = lane + (one.out.scale != NULL);
    for (unsigned under = MX_UNDER_NAN_ZERO; known && under <= MX_UNDER_NAN_NAN; under++) {
        mxc_expected want;
        mx_profile profile = one.profile;
        profile.under_nan_scale = (uint8_t)under;
        if (mxc_expected_new(&want, &one, &profile) != MX_OK)
            continue;
        *is_axis |= !mxc_cell_open(&want, 0, cell) && mxc_cell_match(&want, 0, cell, &one);
        mxc_expected_free(&want);
    }
    int code = known ? one.out.code[lane] : -1;
    mxcb_restore(w);
    return code;
}

/* When the scale ff is read as a number, a value of that binade has a code of its own. */
static mxc_stage under_nan_scale(mxcb_work *w)
{
    size_t lane = finite_lane(w);
    static const char why[] = "the scale is NaN";
    if (lane == w->trial.k)
        return mxcb_say(w, MXC_STAGE_SPECIAL, why);
    int top = mxc_facts_of_type(w->trial.type)->emax, is_axis = 0, other = 0;
    int large = code_under_nan(w, lane, mxc_number_make(0, 3, (top < 127 ? top : 127) - 1), &is_axis);
    int small = code_under_nan(w, lane, mxc_number_make(0, 1, mxc_facts_of_type(w->trial.type)->emin), &other);
    if (large >= 0 && !is_axis && large != small)
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "under scale ff values have codes as under a number");
    return mxcb_say(w, MXC_STAGE_SPECIAL, why);
}

/* Magnitudes beyond the largest code under scale 7f: one far, and one that shares the largest code's binade. */
static int overflow_is_wrong(mxcb_work *w, const failing *f, unsigned *got)
{
    int emax = mxref_facts(f->vehicle.shape.elem)->emax, negative = (f->want & f->sign) != 0;
    if (f->vehicle.shape.elem == MX_INT8 && f->vehicle.shape.profile.int8 != MX_INT8_OCP)
        emax += f->vehicle.shape.profile.int8 == MX_INT8_INT6 ? 6 : 7;
    const mxc_number over[] = {mxc_number_make(negative, 1, emax + 2), mxc_number_make(negative, 255, emax - 7)};
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof over / sizeof *over; i++)
        if (ask(w, f, over[i], 127, &bits) == 0) {
            *got = (unsigned)bits;
            return 1;
        }
    return 0;
}

/* Both codes are NaN: which one is not a matter of overflow. */
static int are_nan(const failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    return facts->has_nan && (f->got & (f->sign - 1)) >= facts->nan_first &&
           (f->want & (f->sign - 1)) >= facts->nan_first;
}

static mxc_stage infinite(mxcb_work *w, const failing *f)
{
    unsigned got;
    int by_axis = 0;
    if (are_nan(f))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "another NaN code than the one demanded");
    for (size_t i = 0; i < w->to->likes && i < sizeof w->to->like / sizeof *w->to->like; i++)
        by_axis |= w->to->like[i].axis == MX_AXIS_OVERFLOW;
    if (by_axis && w->trial.op != MX_OP_QUANTIZE)
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "an Inf follows overflow, and another value of it gives this");
    if (overflow_is_wrong(w, f, &got) && got == f->got)
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "a finite overflow is as wrong as the Inf");
    return mxcb_say(w, MXC_STAGE_SPECIAL, "the source is Inf, finite overflow is not wrong like it");
}

/* ---- finite elements: does it follow the source, the scale, or the quotient alone? ---- */

/* The same quotient from another source under another scale is right. */
static int right_elsewhere(mxcb_work *w, const failing *f)
{
    static const int shifts[] = {3, -3, 11, -11, 40, -40};
    if (f->byte != 127 && ask(w, f, f->quotient, 127, NULL) == 1)
        return 1;
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
        if (ask(w, f, times(f->value, shifts[i]), f->byte + shifts[i], NULL) == 1)
            return 1;
    return 0;
}

static int by_a_type(mxcb_work *w, const failing *f, void (*points)(mxcb_questions *, const failing *));

/* Sources of every magnitude, each under the scale that makes its quotient 1 and 1.5. */
static void all_magnitudes(mxcb_questions *q, const failing *f)
{
    mxcb_add(q, f->value, 0, f->byte);
    for (int e = -127; e <= 127; e++)
        for (uint64_t num = 1; num <= 3; num += 2)
            mxcb_add(q, mxc_number_make(f->quotient.negative, num, e - (num > 1)), 0, e + 127);
}

/* Other sources are wrong under this scale, and this source is right under others. */
static mxc_stage source_or_scale(mxcb_work *w, const failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int s = f->byte - 127, is = mxc_number_log2(f->value), wrong = 0, right = 0;
    if (by_a_type(w, f, all_magnitudes))
        return MXC_STAGE_QUOTIENT;
    for (int e = facts->emin - (int)facts->mbits; e < facts->emax; e++) {
        mxc_number exact = mxc_number_make(0, 1, e + s);
        int answer = mxc_number_log2(exact) == is ? -1 : ask(w, f, exact, f->byte, NULL);
        wrong += answer == 0;
        right += answer == 1;
    }
    if (wrong && !right)
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "every source is wrong under scale %02x, and only there", f->byte);
    return mxcb_say(w, MXC_STAGE_QUOTIENT, "right for the same quotient of another source and scale");
}

/* ---- what only the quotient decides ---- */

/* What the fraction dropped is compared with: 0 and a half, and with random bits 1 - bits / 2^N, in units of 2^-32. */
static size_t thresholds(const failing *f, uint64_t at[3])
{
    const mx_profile *p = &f->vehicle.shape.profile;
    at[0] = 0;
    at[1] = UINT64_C(1) << 31;
    at[2] = p->round == MX_SR ? (UINT64_C(1) << 32) - ((uint64_t)f->vehicle.random << (32 - p->sr_bits)) : 0;
    return p->round == MX_SR ? 3 : 2;
}

/* Points about a threshold above `sig` units of 2^unit, cut to ever more bits; one below, one above. */
static void about(mxcb_questions *q, const failing *f, uint64_t sig, int unit, uint64_t threshold)
{
    for (int j = 1; j <= 44; j += j < 26 ? 1 : 6) {
        uint64_t cut = j <= 32 ? threshold >> (32 - j) : threshold << (j - 32), all = (sig << j) + cut;
        int exact = j >= 32 || !(threshold & ((UINT64_C(1) << (32 - j)) - 1)), to = unit - j + f->byte - 127;
        mxcb_add(q, mxc_number_make(f->quotient.negative, all + 1, to), 0, f->byte);
        if (all)
            mxcb_add(q, mxc_number_make(f->quotient.negative, all - (uint64_t)exact, to), 0, f->byte);
    }
}

/* About thresholds between codes, and small numbers about the least normal ones of the types. */
static void fine_points(mxcb_questions *q, const failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int mbits = (int)facts->mbits, low = facts->emin - mbits;
    uint64_t one = UINT64_C(1) << mbits, at[3];
    const struct {
        uint64_t sig;
        int unit;
    } code[] = {{one, low}, {one + 1, -mbits}, {1, low}, {0, low}, {2 * one - 1, facts->emax - 1 - mbits}};
    mxcb_add(q, f->value, 0, f->byte);
    for (mx_type t = 1; t <= MX_TYPE_LAST; t++)
        for (uint64_t num = 3; num <= 7; num++)
            mxcb_add(q, mxc_number_make(f->quotient.negative, num, mxc_facts_of_type(t)->emin - 2 + 33), 0, 127 + 33);
    size_t n = thresholds(f, at);
    for (size_t c = 0; c < sizeof code / sizeof *code; c++)
        for (size_t i = 0; i < n; i++)
            about(q, f, code[c].sig, code[c].unit, at[i]);
}

static int by_a_type(mxcb_work *w, const failing *f, void (*points)(mxcb_questions *, const failing *))
{
    static const mx_type types[] = {MX_BF16, MX_FP16, MX_FP32};
    static const char *const what[] = {"", "source", "quotient", "quotient"};
    mxcb_questions *q = calloc(1, sizeof *q);
    int found = 0;
    if (!q)
        return 0;
    points(q, f);
    if (mxcb_ask_all(w, &f->vehicle, q))
        for (int way = MXCB_SOURCE; way <= MXCB_FLUSH && !found; way++)
            for (size_t t = 0; t < 6 && !found; t++) {
                const mxcb_model m = {(mxcb_way)way, types[t / 2], (int)(t % 2)};
                if ((way == MXCB_FLUSH && m.truncate) || !mxcb_fits(w, &f->vehicle, q, &m))
                    continue;
                found = 1;
                if (way == MXCB_FLUSH)
                    mxcb_say(w, MXC_STAGE_QUOTIENT, "quotients that are subnormal in %s are lost",
                             mx_type_name(m.type));
                else
                    mxcb_say(w, MXC_STAGE_QUOTIENT, "every answer is that of a %s %s to %s first", what[way],
                             m.truncate ? "truncated" : "rounded", mx_type_name(m.type));
            }
    mxcb_questions_free(q);
    return found;
}

/* floor(log2) of the number that a code stands for; 0 when it is none. */
static int code_log2(const failing *f, unsigned code, int *e)
{
    mpq_t v;
    mpq_init(v);
    int is = mxref_code_value(v, f->vehicle.shape.elem, f->vehicle.shape.profile.int8, code) == MX_OK && mpq_sgn(v);
    if (is) {
        mpz_abs(mpq_numref(v), mpq_numref(v));
        *e = mxc_number_log2(mxc_number_make(0, mpz_get_ui(mpq_numref(v)), -(int)mpz_scan1(mpq_denref(v), 0)));
    }
    mpq_clear(v);
    return is;
}

/* A power of two that is answered by another one, in the quotient's binade or else in any: how far off. */
static int power_off(mxcb_work *w, const failing *f, int *power)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int own = mxc_number_log2(f->quotient), low = facts->emin - (int)facts->mbits, s = f->byte - 127, to;
    for (int e = own < low ? low : low - 1; e <= facts->emax + 7; e++) { /* int8=int6, int7 reach 2^7 higher */
        uint64_t got = 0;
        int at = e < low ? own : e;
        if (ask(w, f, mxc_number_make(f->quotient.negative, 1, at + s), f->byte, &got) == 0 &&
            code_log2(f, (unsigned)got, &to) && to != at) {
            *power = to - at;
            return 1;
        }
    }
    return 0;
}

/* The failing element and every code of its binade are answered as if multiplied by 2^*power. */
static int is_shifted(mxcb_work *w, const failing *f, int *power)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int e = mxc_number_log2(f->quotient), mbits = (int)facts->mbits, s = f->byte - 127, checked = 0;
    int drop = facts->emin > e ? facts->emin - e : 0;
    mxcb_questions *q = power_off(w, f, power) ? calloc(1, sizeof *q) : NULL;
    if (!q)
        return 0;
    mxcb_add(q, f->value, 0, f->byte);
    mxcb_add(q, times(f->quotient, *power), 0, 127); /* what it would be: under a scale where it surely exists */
    for (uint64_t sig = UINT64_C(1) << (mbits - drop); drop <= mbits && sig < UINT64_C(2) << (mbits - drop); sig++) {
        mxc_number exact = mxc_number_make(f->quotient.negative, sig, e - mbits + drop + s);
        mxcb_add(q, exact, 0, f->byte);
        mxcb_add(q, times(exact, *power - s), 0, 127);
    }
    int shifted = mxcb_ask_all(w, &f->vehicle, q);
    for (size_t i = 0; i + 1 < q->n && shifted; i += 2)
        if (q->known[i] && q->known[i + 1]) {
            shifted = q->got[i] == q->want[i + 1];
            checked++;
        }
    mxcb_questions_free(q);
    return shifted && checked;
}

static mxc_stage by_quotient(mxcb_work *w, const failing *f)
{
    unsigned got = 0;
    int power;
    if (((f->got ^ f->want) & (f->sign - 1)) == 0 && (f->want & (f->sign - 1)) == 0)
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the sign of a zero");
    if (overflow_is_wrong(w, f, &got) && (got & (f->sign - 1)) == (f->got & (f->sign - 1)))
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "this is what overflow gives: it begins too low");
    if (by_a_type(w, f, fine_points))
        return MXC_STAGE_QUOTIENT;
    if (is_shifted(w, f, &power))
        return mxcb_say(w, MXC_STAGE_QUOTIENT, "the codes of this binade are those of 2^%d times the quotient", power);
    if (f->near)
        return mxcb_say(w, MXC_STAGE_ROUNDING, "the answer is the other neighbour");
    if (f->branch == MXREF_BY_EXACT)
        return mxcb_say(w, MXC_STAGE_ROUNDING, "the quotient has a code of its own, and its binade is not shifted");
    return mxcb_say(w, MXC_STAGE_ROUNDING, "no neighbour is given, and the binade is not shifted");
}

static int is_beyond(mxref_branch branch)
{
    return branch == MXREF_BY_SATURATION || branch == MXREF_BY_OVERFLOW || branch == MXREF_BY_DIRECTED;
}

static unsigned magnitude_of(const failing *f, unsigned code)
{
    return code & (f->sign - 1);
}

/* Branch and neighbours as the reference sees them. */
static void know(failing *f, const mxref_element_trace *e)
{
    unsigned magnitude = magnitude_of(f, f->got);
    f->branch = e->branch;
    f->near = e->branch == MXREF_BY_ROUNDING && (magnitude == e->lo_code || magnitude == e->hi_code) &&
              (!((f->got ^ f->want) & f->sign) || !magnitude);
}

/* Beyond the largest code only, or is something wrong below it? */
static mxc_stage beyond(mxcb_work *w, const failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int mbits = (int)facts->mbits;
    uint64_t one = UINT64_C(1) << mbits;
    mxcb_questions *q = calloc(1, sizeof *q);
    failing below = *f;
    if (are_nan(f))
        return free(q), mxcb_say(w, MXC_STAGE_SPECIAL, "another NaN code than the one demanded");
    for (int e = facts->emin; q && e < facts->emax; e++)
        for (uint64_t sixteenth = 0; sixteenth < 16; sixteenth += 4)
            for (uint64_t sig = one; sig < 2 * one; sig += sig < one + 2 || one < 4 ? 1 : one / 2 - 1)
                mxcb_add(q, mxc_number_make(f->quotient.negative, 16 * sig + sixteenth, e - mbits - 4), 0, 127);
    size_t i = 0;
    if (q && mxcb_ask_all(w, &f->vehicle, q))
        while (i < q->n && !q->wrong[i])
            i++;
    int found = q && q->asked.memory && i < q->n;
    if (found) {
        const mx_batch one_case = mxc_slice(&q->asked.batch, i, 1);
        mxref_trace *trace = NULL;
        below.value = below.quotient = q->value[i];
        below.byte = 127;
        below.got = (unsigned)q->got[i];
        below.want = (unsigned)q->want[i];
        found = mxref_trace_case(&one_case, &trace) == MX_OK;
        if (found)
            know(&below, &trace->element[f->vehicle.lane]);
        mxref_trace_free(trace);
    }
    if (q)
        mxcb_questions_free(q);
    if (found && !is_beyond(below.branch))
        return by_quotient(w, &below);
    return mxcb_say(w, MXC_STAGE_OVERFLOW, "right below the largest code, wrong beyond it");
}

/* ---- all of it ---- */

mxc_stage mxcb_code_stage(mxcb_work *w)
{
    size_t lane = w->to->diff.lane;
    const mxref_element_trace *e = &w->trace->element[lane];
    failing f = {.byte = w->trace->scale.byte};
    f.got = (unsigned)w->to->diff.got;
    f.want = (unsigned)w->to->diff.want;
    f.sign = 1u << (mx_elem_bits(w->trial.elem) - 1);
    know(&f, e);
    if (passes_with_same_random(w))
        return mxcb_say(w, MXC_STAGE_LAYOUT, "right when every lane has the random bits of this one");
    if (e->branch == MXREF_BY_NAN_SCALE)
        return under_nan_scale(w);
    if (in_lane_only(w) || (!f.near && alone_makes_the_scale(w, e) && passes_filled(w)))
        return f.near ? mxcb_say(w, MXC_STAGE_ROUNDING, "the other neighbour, in this lane only")
                      : mxcb_say(w, MXC_STAGE_LAYOUT, "the same element is right in another lane, or in all of them");
    if (e->kind == MXREF_NAN || e->kind == MXREF_ZERO)
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the source is %s", e->kind == MXREF_NAN ? "NaN" : "zero");
    f.vehicle = mxcb_vehicle_for(w);
    if (e->kind == MXREF_INF)
        return infinite(w, &f);
    mxc_number_of(&f.value, w->trial.type, mxcb_element(&w->trial, w->to->at * w->trial.k + lane));
    f.quotient = times(f.value, 127 - f.byte);
    if (right_elsewhere(w, &f))
        return source_or_scale(w, &f);
    return is_beyond(e->branch) ? beyond(w, &f) : by_quotient(w, &f);
}
