/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A wrong code of a finite element: does it follow the source, or the scale?
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect/work.h"

/* ---- finite elements: does it follow the source, the scale, or the quotient alone? ---- */

int mxcb_right_elsewhere(mxcb_work *w, const mxcb_failing *f)
{
    static const int shifts[] = {3, -3, 11, -11, 40, -40};
    if (f->byte != 127 && mxcb_ask_element(w, f, f->quotient, 127, NULL) == 1)
        return 1;
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
        if (mxcb_ask_element(w, f, mxcb_times(f->value, shifts[i]), f->byte + shifts[i], NULL) == 1)
            return 1;
    return 0;
}

/* Sources of every magnitude, each under the scale that makes its quotient 1 and 1.5. */
static void all_magnitudes(mxcb_questions *q, const mxcb_failing *f)
{
    mxcb_add(q, f->value, 0, f->byte);
    for (int e = -127; e <= 127; e++)
        for (uint64_t num = 1; num <= 3; num += 2)
            mxcb_add(q, mxc_number_make(f->quotient.negative, num, e - (num > 1)), 0, e + 127);
}

int mxcb_divided_unclamped(mxcb_work *w, const mxcb_failing *f)
{
    static const int moves[] = {0, -1, 1, 2};
    const int exponent = w->trace->scale.exponent;
    int is = w->trial.op == MX_OP_QUANTIZE && exponent < -127 && f->byte == 0;
    for (size_t i = 0; i < sizeof moves / sizeof *moves && is; i++) {
        const mxc_number x = mxcb_times(f->value, moves[i]);
        const uint64_t bits = mxc_number_bits(x, w->trial.type);
        if (bits == MXC_NO_BITS || exponent + moves[i] >= -127)
            continue;
        mxcb_set_element(&w->trial, w->to->at * w->trial.k + w->to->diff.lane, bits);
        const int code = mxcb_code_of(&f->vehicle, mxcb_times(x, -exponent - moves[i]));
        is = mxcb_ask(w, &w->trial) && code == w->trial.out.code[w->to->at * w->trial.k + w->to->diff.lane];
        mxcb_restore(w);
    }
    return is;
}

/* How many sources of other binades are wrong or right under the failing scale; those whose code is zero are not
 * counted. */
typedef struct others {
    int wrong, right, wrong_normal, right_normal; /* normal: of those, sources that are normal numbers */
} others;

static others other_sources(mxcb_work *w, const mxcb_failing *f)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    int s = f->byte - 127, is = mxc_number_log2(f->value), emin = mxc_facts_of_type(f->vehicle.shape.type)->emin;
    others o = {0, 0, 0, 0};
    mxcb_questions *q = calloc(1, sizeof *q);
    for (int e = facts->emin - (int)facts->mbits; q && e < facts->emax; e++)
        for (uint64_t num = 1; num <= 3; num += 2)
            if (e + s != is)
                mxcb_add(q, mxc_number_make(f->quotient.negative, num, e + s - (num > 1)), 0, f->byte);
    if (q && mxcb_ask_all(w, &f->vehicle, q))
        for (size_t i = 0; i < q->n; i++) {
            if (!q->known[i] || !mxcb_magnitude(f, (unsigned)q->want[i]))
                continue;
            int normal = mxc_number_log2(q->value[i]) >= emin;
            o.wrong += q->wrong[i];
            o.right += !q->wrong[i];
            o.wrong_normal += normal && q->wrong[i];
            o.right_normal += normal && !q->wrong[i];
        }
    mxcb_questions_free(q);
    return o;
}

mxc_stage mxcb_source_or_scale(mxcb_work *w, const mxcb_failing *f)
{
    if (mxcb_by_a_type(w, f, all_magnitudes))
        return MXC_STAGE_QUOTIENT;
    const others o = other_sources(w, f);
    int subnormal = mxc_number_log2(f->value) < mxc_facts_of_type(f->vehicle.shape.type)->emin;
    int source = 0, beside = 0; /* neighbouring scales under which this source is wrong, and right */
    for (int near = -2; near <= 2; near++) {
        int answer = near ? mxcb_ask_element(w, f, f->value, f->byte + near, NULL) : -1;
        source += answer == 0;
        beside += answer == 1;
    }
    int scale = o.wrong_normal >= 2 && !o.right;
    if (!source && !(subnormal && o.right_normal))
        scale |= o.wrong ? o.wrong >= o.right : !o.right && beside;
    if (scale)
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "wrong under scale %02x, whatever the source", f->byte);
    return mxcb_say(w, MXC_STAGE_QUOTIENT, "right for the same quotient of another source and scale");
}

/* 2^e is so far from the codes that all quotients there are answered alike. */
static int is_far(const mxcb_failing *f, int e)
{
    const mx_facts *facts = mxref_facts(f->vehicle.shape.elem);
    const mx_profile *p = &f->vehicle.shape.profile;
    const int random = p->round == MX_SR ? (int)p->sr_bits : 0;
    return e > mxcb_emax(&f->vehicle.shape) + 2 || e < facts->emin - (int)facts->mbits - 2 - random;
}

/* 1 + 2^e is wrong: bits of this weight are lost in larger sources too. */
static int low_bit_is_lost(mxcb_work *w, const mxcb_failing *f, int e)
{
    return e < 0 && e > -64 &&
           mxcb_ask_element(w, f, mxc_number_make(f->value.negative, (UINT64_C(1) << -e) + 1, e), 127, NULL) == 0;
}

/* Sources are right up to the end of a type's range (its largest, least normal or least exponent) and wrong beyond. */
static int ends_with_a_type(mxcb_work *w, const mxcb_failing *f, int e)
{
    for (mx_type t = 1; t <= MX_TYPE_LAST; t++) {
        const mxc_type_facts *type = mxc_facts_of_type(t);
        const int ends[] = {type->emax, type->emin, type->emin - type->fraction}, sign = f->value.negative;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            const int up = i == 0 ? 1 : -1;
            if (up == (e > 0 ? 1 : -1) && is_far(f, ends[i]) &&
                mxcb_ask_element(w, f, mxc_number_make(sign, 1, ends[i]), 127, NULL) == 1 &&
                mxcb_ask_element(w, f, mxc_number_make(sign, 1, ends[i] + up), 127, NULL) == 0 &&
                mxcb_ask_element(w, f, mxc_number_make(sign, 1, ends[i] + 2 * up), 127, NULL) == 0 &&
                !low_bit_is_lost(w, f, ends[i] + up)) {
                mxcb_say(w, MXC_STAGE_QUOTIENT, "sources beyond 2^%d are wrong, where %s ends", ends[i],
                         mx_type_name(t));
                return 1;
            }
        }
    }
    return 0;
}

int mxcb_follows_source(mxcb_work *w, const mxcb_failing *f)
{
    const mxc_type_facts *type = mxc_facts_of_type(f->vehicle.shape.type);
    int e = mxc_number_log2(f->value), sign = f->value.negative;
    if (f->vehicle.shape.op != MX_OP_CAST)
        return 0;
    if (e < type->emin && mxcb_ask_element(w, f, mxc_number_make(sign, 1, type->emin), 127, NULL) == 1 &&
        mxcb_ask_element(w, f, mxc_number_make(sign, 3, type->emin), 127, NULL) == 1) {
        mxcb_say(w, MXC_STAGE_QUOTIENT, "the source is subnormal, the least normal ones are right");
        return 1;
    }
    if (!is_far(f, e))
        return 0;
    if (mxcb_ask_element(w, f, mxcb_times(f->value, 1), 127, NULL) == 0 ||
        mxcb_ask_element(w, f, mxcb_times(f->value, -1), 127, NULL) == 0)
        return ends_with_a_type(w, f, e);
    mxcb_say(w, MXC_STAGE_QUOTIENT, "one binade of the source is wrong, far from any code");
    return 1;
}
