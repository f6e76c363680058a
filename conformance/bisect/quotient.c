/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A wrong code of a finite element that only its quotient decides: is it rounding, overflow, a type on the way?
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect/work.h"

mxc_number mxcb_times(mxc_number x, int power)
{
    if (x.num)
        x.exp += power;
    return x;
}

int mxcb_ask_element(mxcb_work *w, const mxcb_failing *f, mxc_number value, int byte, uint64_t *got)
{
    return mxcb_ask_one(w, &f->vehicle, value, 0, byte, got);
}

int mxcb_is_beyond(mxref_branch branch)
{
    return branch == MXREF_BY_SATURATION || branch == MXREF_BY_OVERFLOW || branch == MXREF_BY_DIRECTED;
}

unsigned mxcb_magnitude(const mxcb_failing *f, unsigned code)
{
    return code & (f->sign - 1);
}

/* Branch and neighbours as the reference sees them. */
void mxcb_know(mxcb_failing *f, const mxref_element_trace *e)
{
    unsigned magnitude = mxcb_magnitude(f, f->got);
    f->branch = e->branch;
    f->near = e->branch == MXREF_BY_ROUNDING && (magnitude == e->lo_code || magnitude == e->hi_code) &&
              (!((f->got ^ f->want) & f->sign) || !magnitude);
}

/* Magnitudes beyond the largest code under scale 7f: one far, and one that shares the largest code's binade. */
int mxcb_overflow_is_wrong(mxcb_work *w, const mxcb_failing *f, unsigned *got)
{
    const int emax = mxcb_emax(&f->vehicle.shape), negative = (f->want & f->sign) != 0;
    const mxc_number over[] = {mxc_number_make(negative, 1, emax + 2), mxc_number_make(negative, 255, emax - 7)};
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof over / sizeof *over; i++)
        if (mxcb_ask_element(w, f, over[i], 127, &bits) == 0) {
            *got = (unsigned)bits;
            return 1;
        }
    return 0;
}

/* Both codes are NaN: which one is not a matter of overflow. */
int mxcb_are_nan(const mxcb_failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    return facts->has_nan && (f->got & (f->sign - 1)) >= facts->nan_first &&
           (f->want & (f->sign - 1)) >= facts->nan_first;
}

/* ---- what only the quotient decides ---- */

/* Where the answer can change as the dropped fraction grows, in units of 2^-32: above 0, at a half, and with random
 * bits at 1 - bits / 2^N. */
static size_t thresholds(const mxcb_failing *f, uint64_t at[3])
{
    const mx_profile *p = &f->vehicle.shape.profile;
    at[0] = 0;
    at[1] = UINT64_C(1) << 31;
    at[2] = p->round == MX_SR ? (UINT64_C(1) << 32) - ((uint64_t)f->vehicle.random << (32 - p->sr_bits)) : 0;
    return p->round == MX_SR ? 3 : 2;
}

/* Numbers next to sig + threshold, in units of 2^unit, below and above it, with ever more bits. */
static void about(mxcb_questions *q, const mxcb_failing *f, uint64_t sig, int unit, uint64_t threshold)
{
    for (int j = 1; j <= 44; j += j < 24 ? 1 : 5) {
        uint64_t cut = j <= 32 ? threshold >> (32 - j) : threshold << (j - 32), all = (sig << j) + cut;
        int exact = j >= 32 || !(threshold & ((UINT64_C(1) << (32 - j)) - 1)), to = unit - j + f->byte - 127;
        mxcb_add(q, mxc_number_make(f->quotient.negative, all + 1, to), 0, f->byte);
        if (all)
            mxcb_add(q, mxc_number_make(f->quotient.negative, all - (uint64_t)exact, to), 0, f->byte);
    }
}

/* Numbers above the same place by a single bit of ever less weight. */
static void above(mxcb_questions *q, const mxcb_failing *f, uint64_t sig, int unit, uint64_t threshold)
{
    for (int a = 1; a <= 12; a++)
        mxcb_add(q,
                 mxc_number_make(f->quotient.negative, (sig << 16) + (threshold >> 16) + (UINT64_C(1) << (16 - a)),
                                 unit - 16 + f->byte - 127),
                 0, f->byte);
}

/* Numbers about the thresholds between codes, and about the least normal value of each type. */
static void fine_points(mxcb_questions *q, const mxcb_failing *f)
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
            for (int s = 0; s <= 33; s += 33)
                mxcb_add(q, mxc_number_make(f->quotient.negative, num, mxc_facts_of_type(t)->emin - 2 + s), 0, 127 + s);
    for (int e = -27; e <= -23; e++) /* about the least of fp16 */
        mxcb_add(q, mxc_number_make(f->quotient.negative, 3, e - 1), 0, 127);
    size_t n = thresholds(f, at);
    for (size_t c = 0; c < sizeof code / sizeof *code; c++)
        for (size_t i = 0; i < n; i++) {
            above(q, f, code[c].sig, code[c].unit, at[i]);
            about(q, f, code[c].sig, code[c].unit, at[i]);
        }
}

/* Random bits move the threshold, so that a model might fit by chance: it must fit under other random bits too. */
static int fits_other_bits(mxcb_work *w, const mxcb_failing *f, void (*points)(mxcb_questions *, const mxcb_failing *),
                           const mxcb_model *m)
{
    const unsigned bits = f->vehicle.shape.profile.round == MX_SR ? f->vehicle.shape.profile.sr_bits : 0;
    if (bits < 12)
        return 1;
    mxcb_failing other = *f;
    other.vehicle.random = 0x9a5u << (bits - 12);
    mxcb_questions *q = calloc(1, sizeof *q);
    if (!q)
        return 0;
    points(q, &other);
    int fits = mxcb_ask_all(w, &other.vehicle, q) && mxcb_fits(w, &other.vehicle, q, m);
    mxcb_questions_free(q);
    return fits;
}

int mxcb_by_a_type(mxcb_work *w, const mxcb_failing *f, void (*points)(mxcb_questions *, const mxcb_failing *))
{
    static const mx_type types[] = {MX_BF16, MX_FP16, MX_FP32};
    static const char *const what[] = {"", "source", "quotient", "quotient"};
    mxcb_questions *q = calloc(1, sizeof *q);
    int found = 0;
    if (!q)
        return 0;
    points(q, f);
    int asked = mxcb_ask_all(w, &f->vehicle, q);
    if (asked)
        for (int way = MXCB_SOURCE; way <= MXCB_FLUSH && !found; way++)
            for (size_t t = 0; t < 6 && !found; t++) {
                const mxcb_model m = {(mxcb_way)way, types[t / 2], (int)(t % 2)};
                if ((way == MXCB_FLUSH && m.truncate) || !mxcb_fits(w, &f->vehicle, q, &m) ||
                    !fits_other_bits(w, f, points, &m))
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
static int code_log2(const mxcb_failing *f, unsigned code, int *e)
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

/* Some power of two is answered by another one, *power binades away; that of the quotient is asked first. */
static int power_off(mxcb_work *w, const mxcb_failing *f, int *power)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int own = mxc_number_log2(f->quotient), low = facts->emin - (int)facts->mbits, s = f->byte - 127, to;
    for (int e = own < low ? low : low - 1; e <= facts->emax + 7; e++) { /* int8=int6, int7 reach 2^7 higher */
        uint64_t got = 0;
        int at = e < low ? own : e;
        if (mxcb_ask_element(w, f, mxc_number_make(f->quotient.negative, 1, at + s), f->byte, &got) == 0 &&
            code_log2(f, (unsigned)got, &to) && to != at) {
            *power = to - at;
            return 1;
        }
    }
    return 0;
}

int mxcb_code_of(const mxcb_vehicle *v, mxc_number quotient)
{
    mx_batch shape = v->shape;
    mxc_store store = {0};
    mxc_expected want;
    int code = -1;
    uint64_t bits = mxc_number_bits(quotient, shape.type);
    shape.op = MX_OP_CAST;
    shape.k = 1;
    if (bits == MXC_NO_BITS || mxc_store_new(&store, &shape, 1) != MX_OK)
        return -1;
    mxcb_set_element(&store.batch, 0, bits);
    if (store.batch.in.random)
        *(uint32_t *)mxc_column(&store.batch, COL_RANDOM) = v->random;
    if (mxc_expected_new(&want, &store.batch, &shape.profile) == MX_OK) {
        code = want.store.batch.out.code[0];
        mxc_expected_free(&want);
    }
    mxc_store_free(&store);
    return code;
}

/* The failing element and every code of its binade are answered as if multiplied by 2^*power. */
static int is_shifted(mxcb_work *w, const mxcb_failing *f, int *power)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int e = mxc_number_log2(f->quotient), mbits = (int)facts->mbits, s = f->byte - 127, checked = 0;
    int drop = facts->emin > e ? facts->emin - e : 0;
    mxcb_questions *q = power_off(w, f, power) ? calloc(1, sizeof *q) : NULL;
    if (!q)
        return 0;
    mxcb_add(q, f->value, 0, f->byte);
    uint64_t first = drop <= mbits ? UINT64_C(1) << (mbits - drop) : 0; /* no code has a binade below them all */
    for (uint64_t sig = first; sig < 2 * first; sig++)
        mxcb_add(q, mxc_number_make(f->quotient.negative, sig, e - mbits + drop + s), 0, f->byte);
    int shifted = mxcb_ask_all(w, &f->vehicle, q);
    for (size_t i = 0; i < q->n && shifted; i++) {
        int code = q->known[i] ? mxcb_code_of(&f->vehicle, mxcb_times(q->value[i], *power - s)) : -1;
        shifted = code < 0 || (unsigned)code == q->got[i];
        checked += code >= 0;
    }
    mxcb_questions_free(q);
    return shifted && checked;
}

/* The value of the largest code gets this wrong code too: everything from here on is clamped. */
static int largest_is_clamped(mxcb_work *w, const mxcb_failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    const mx_profile *p = &f->vehicle.shape.profile;
    int full = facts->elem == MX_INT8 && p->int8_min == MX_INT8_MIN_FULL && f->quotient.negative, e;
    unsigned code = full ? 1u << (facts->bits - 1) : facts->max_code;
    uint64_t sig = facts->ebits ? (code & ((1u << facts->mbits) - 1)) | 1u << facts->mbits : code, got = 0;
    if (!code_log2(f, code, &e))
        return 0;
    mxc_number largest = mxc_number_make(f->quotient.negative, sig, 0);
    largest.exp += e - mxc_number_log2(largest) + f->byte - 127;
    return mxcb_ask_element(w, f, largest, f->byte, &got) == 0 && got == f->got;
}

/* All quotients that round to zero with this sign get the same wrong code; with the other sign they are right, and so
 * is the least nonzero code. */
static int zero_results_wrong(mxcb_work *w, const mxcb_failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    const int low = facts->emin - (int)facts->mbits + f->byte - 127, sign = f->quotient.negative;
    uint64_t got = 0;
    int wrong = 0;
    if (f->want & (f->sign - 1))
        return 0;
    for (int e = low - 2; e >= low - 5; e--) {
        const int answer = mxcb_ask_element(w, f, mxc_number_make(sign, 3, e - 1), f->byte, &got);
        if (answer == 1 || (answer == 0 && got != f->got))
            return 0;
        wrong += answer == 0;
    }
    return wrong > 1 && mxcb_ask_element(w, f, mxc_number_make(!sign, 3, low - 3), f->byte, NULL) != 0 &&
           mxcb_ask_element(w, f, mxc_number_make(sign, 1, low), f->byte, NULL) != 0;
}

/* Under stochastic rounding the smallest code and one, which no random bits change, are answered by this code too. */
static int is_all_there_is(mxcb_work *w, const mxcb_failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    const int e[] = {facts->emin - (int)facts->mbits, 0};
    for (size_t i = 0; i < sizeof e / sizeof *e && f->vehicle.shape.profile.round == MX_SR; i++) {
        uint64_t got = 0;
        if (mxcb_ask_element(w, f, mxc_number_make(f->quotient.negative, 1, e[i] + f->byte - 127), f->byte, &got) !=
                0 ||
            got != f->got)
            return 0;
    }
    return f->vehicle.shape.profile.round == MX_SR;
}

mxc_stage mxcb_by_quotient(mxcb_work *w, const mxcb_failing *f)
{
    unsigned got = 0;
    int power;
    if (((f->got ^ f->want) & (f->sign - 1)) == 0 && (f->want & (f->sign - 1)) == 0)
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the sign of a zero");
    if (is_all_there_is(w, f))
        return mxcb_say(w, MXC_STAGE_ROUNDING, "stochastic rounding gives this code and no other");
    if (mxcb_overflow_is_wrong(w, f, &got) && (got & (f->sign - 1)) == (f->got & (f->sign - 1)))
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "this is what overflow gives: it begins too low");
    if (mxcb_by_a_type(w, f, fine_points))
        return MXC_STAGE_QUOTIENT;
    if (is_shifted(w, f, &power))
        return mxcb_say(w, MXC_STAGE_QUOTIENT, "the codes of this binade are those of 2^%d times the quotient", power);
    if (f->vehicle.shape.elem == MX_INT8 && f->want == f->sign && f->got == f->sign + 1)
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "80 is clamped to 81");
    if (largest_is_clamped(w, f))
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "the largest code is answered by this one too: clamped too low");
    if (mxcb_follows_source(w, f))
        return MXC_STAGE_QUOTIENT;
    if (!f->near && zero_results_wrong(w, f))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "every %s quotient that rounds to zero has code %02x",
                        f->quotient.negative ? "negative" : "positive", f->got);
    if (f->near)
        return mxcb_say(w, MXC_STAGE_ROUNDING, "the answer is the other neighbour");
    if (f->branch == MXREF_BY_EXACT)
        return mxcb_say(w, MXC_STAGE_ROUNDING, "the quotient has a code of its own, and its binade is not shifted");
    return mxcb_say(w, MXC_STAGE_ROUNDING, "no neighbour is given, and the binade is not shifted");
}

/* Question i, which was answered wrong, as a failing element. */
static int failing_at(const mxcb_failing *like, const mxcb_questions *q, size_t i, mxcb_failing *f)
{
    const mx_batch one = mxc_slice(&q->asked.batch, i, 1);
    mxref_trace *trace = NULL;
    if (mxref_trace_case(&one, &trace) != MX_OK)
        return 0;
    *f = *like;
    f->value = q->value[i];
    f->byte = q->byte[i];
    f->quotient = mxcb_times(f->value, 127 - f->byte);
    f->got = (unsigned)q->got[i];
    f->want = (unsigned)q->want[i];
    mxcb_know(f, &trace->element[like->vehicle.lane]);
    mxref_trace_free(trace);
    return 1;
}

/* Quarters of a unit in every binade of codes, as far as the largest. */
static void coarse_points(mxcb_questions *q, const mxcb_failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int mbits = (int)facts->mbits;
    uint64_t one = UINT64_C(1) << mbits;
    for (int e = facts->emin; e <= facts->emax; e++)
        for (uint64_t quarter = 0; quarter < 4; quarter++)
            for (uint64_t sig = one; sig < 2 * one; sig += sig < one + 2 || one < 4 ? 1 : one / 2 - 1)
                mxcb_add(q, mxc_number_make(f->quotient.negative, 4 * sig + quarter, e - mbits - 2), 0, 127);
}

/* Wrong beyond the largest code: is something below it wrong too? */
mxc_stage mxcb_beyond(mxcb_work *w, const mxcb_failing *f)
{
    mxcb_failing below;
    int found = 0;
    if (mxcb_follows_source(w, f))
        return MXC_STAGE_QUOTIENT;
    if (mxcb_are_nan(f))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "another NaN code than the one demanded");
    mxcb_questions *q = calloc(1, sizeof *q);
    if (!q)
        return (mxc_stage)0;
    for (int fine = 0; fine < 2 && !found; fine++) {
        q->n = 0;
        (fine ? fine_points : coarse_points)(q, f);
        if (mxcb_ask_all(w, &f->vehicle, q))
            for (size_t i = 0; i < q->n && !found; i++)
                found = q->wrong[i] && failing_at(f, q, i, &below) && !mxcb_is_beyond(below.branch);
    }
    mxcb_questions_free(q);
    if (found)
        return mxcb_by_quotient(w, &below);
    return mxcb_say(w, MXC_STAGE_OVERFLOW, "right below the largest code, wrong beyond it");
}
