/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The stage of a wrong scale byte: amax, exponent, clamp, scale-code or special.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/bisect/work.h"
#include "conformance/infer/probes.h"

enum { LOWEST = -127, HIGHEST = 127, NAN_BYTE = 255, BYTES = 256 };

/* ---- the rule ---- */

/* A times 2^delta, alone in its block: 1 right, 0 wrong, -1 no such value. */
static int moved(mxcb_work *w, const mxcb_vehicle *v, mxc_number a, int delta, uint64_t *got)
{
    a.exp += delta;
    return mxcb_ask_one(w, v, a, 0, 127, got);
}

/* All answers in the middle of the range are want + d. */
static int is_offset(mxcb_work *w, const mxcb_vehicle *v, int top, int *d)
{
    static const int exponents[] = {0, 3, -5, 20, -20, 7, -9};
    mxcb_questions *q = calloc(1, sizeof *q);
    int some = 0, same = 1;
    for (size_t i = 0; q && i < sizeof exponents / sizeof *exponents; i++)
        for (uint64_t num = 1; num <= 3; num += 2)
            mxcb_add(q, mxc_number_make(0, num, top + exponents[i] - (num > 1)), 0, 127);
    if (!q || !mxcb_ask_all(w, v, q))
        same = 0;
    for (size_t i = 0; q && i < q->n && same; i++) {
        int off = (int)q->got[i] - (int)q->want[i];
        if (!q->known[i])
            continue;
        same = q->wrong[i] && (!some || (off - *d) % BYTES == 0);
        *d = off;
        some = 1;
    }
    mxcb_questions_free(q);
    return some && same;
}

/* With fp16 sources the ends of the range are out of reach: those of fp32, where the subject takes them. */
static mxcb_vehicle widest(const mxcb_work *w, const mxcb_vehicle *v)
{
    mxcb_vehicle wide = *v;
    if (v->shape.type == MX_FP16 &&
        mxc_offers_cover(mxc_subject_describe(w->subject), v->shape.op, v->shape.elem, MX_FP32))
        wide.shape.type = MX_FP32;
    return wide;
}

/* A constant offset of the exponent is clamped at the ends, one of the byte is not. */
static mxc_stage offset_stage(mxcb_work *w, const mxcb_vehicle *from, int emax, int d)
{
    const mxcb_vehicle wide = widest(w, from), *v = &wide;
    mxcb_questions *q = calloc(1, sizeof *q);
    mxc_stage stage = MXC_STAGE_EXPONENT;
    for (int e = LOWEST - 8; q && e <= LOWEST + 8; e++)
        mxcb_add(q, mxc_number_make(0, 1, e + emax), 0, 127);
    for (int e = HIGHEST - 8; q && e <= HIGHEST; e++)
        mxcb_add(q, mxc_number_make(0, 1, e + emax), 0, 127);
    int some = q && mxcb_ask_all(w, v, q);
    for (size_t i = 0; some && i < q->n; i++) {
        int e = mxc_number_log2(q->value[i]) - emax, to = e + d < LOWEST ? LOWEST : e + d;
        if (!q->known[i] || q->want[i] != (uint64_t)((e < LOWEST ? LOWEST : e) + 127) || to > HIGHEST)
            continue; /* the rule does not give 2^e here, or scale-over decides */
        if (q->got[i] != (uint64_t)(to + 127))
            stage = MXC_STAGE_SCALE_CODE;
    }
    mxcb_questions_free(q);
    if (stage == MXC_STAGE_SCALE_CODE)
        return mxcb_say(w, stage, "every byte is off by %+d, and the ends of the range are not clamped for it", d);
    return mxcb_say(w, stage, "every exponent is off by %+d, before it is clamped", d);
}

/* Another value of scale or scale-arith that gives the small case gives every answer. */
static int by_axis(mxcb_work *w, const mxcb_vehicle *v, const mxcb_questions *q)
{
    for (size_t l = 0; l < w->to->likes && l < sizeof w->to->like / sizeof *w->to->like; l++) {
        const mxc_departure *like = &w->to->like[l];
        mx_profile profile = v->shape.profile;
        mxc_expected want;
        if (like->axis > MX_AXIS_SCALE_ARITH || mx_profile_set(&profile, like->axis, like->value) != MX_OK ||
            mxc_expected_new(&want, &q->asked.batch, &profile) != MX_OK)
            continue;
        int fits = 1;
        for (size_t i = 0; i < q->n && fits; i++)
            fits = !q->known[i] || mxc_cell_match(&want, i, 0, &q->asked.batch);
        mxc_expected_free(&want);
        if (fits) {
            mxcb_say(w, MXC_STAGE_EXPONENT, "every answer is that of %s=%s", mx_axis_name(like->axis),
                     mx_axis_value_name(like->axis, like->value));
            return 1;
        }
    }
    return 0;
}

/* Numbers beside the thresholds of the rules, those that tell values of an axis apart, and the failing A itself. */
static mx_status add_thresholds(mxcb_questions *q, const mxcb_work *w, const mxcb_vehicle *v)
{
    mxc_probes probes;
    mxc_number a;
    if (mxc_probes_new(&probes, &v->shape) != MX_OK)
        return MX_ENOMEM;
    for (int j = 1; j <= mxc_facts_of_type(v->shape.type)->fraction && j < 40; j++) {
        mxcb_add(q, mxc_number_make(0, (UINT64_C(2) << j) - 1, 3 - j), 0, 127);
        mxcb_add(q, mxc_number_make(0, (UINT64_C(1) << j) + 1, 3 - j), 0, 127);
        mxcb_add(q, mxc_number_make(0, (((UINT64_C(2) << j) - 1) << 3) + 1, -j), 0, 127);
    }
    const mx_batch *b = &probes.store.batch;
    for (size_t i = 0; i < b->count; i++)
        if ((probes.kind[i] & MXC_PROBE_SCALE) && !(probes.kind[i] & (MXC_PROBE_SUBNORMAL | MXC_PROBE_TOP)) &&
            mxc_number_of(&a, b->type, mxcb_element(b, i * b->k)) && a.num)
            mxcb_add(q, a, 0, 127);
    mxc_probes_free(&probes);
    const uint64_t failing = mxcb_element(&w->to->small.batch, w->to->at * w->trial.k + v->lane);
    if (mxc_number_of(&a, v->shape.type, failing))
        mxcb_add(q, a, 0, 127);
    return MX_OK;
}

/* Every answer is that of an A rounded or truncated to a narrower type first. */
static mxc_stage by_narrow_type(mxcb_work *w, const mxcb_vehicle *v, mxcb_questions *q)
{
    static const mx_type types[] = {MX_BF16, MX_FP16, MX_FP32};
    static const struct {
        mxcb_way way;
        int truncate;
        const char *word, *more;
    } how[] = {{MXCB_SOURCE, 0, "rounded", ""},
               {MXCB_SOURCE, 1, "truncated", ""},
               {MXCB_SOURCE_FLUSHED, 0, "rounded", ", its subnormals flushed"}};
    for (size_t t = 0; t < 9; t++) {
        const mxcb_model m = {how[t % 3].way, types[t / 3], how[t % 3].truncate};
        if (m.type != v->shape.type && mxcb_fits(w, v, q, &m))
            return mxcb_say(w, MXC_STAGE_AMAX, "every answer is that of an A %s to %s first%s", how[t % 3].word,
                            mx_type_name(m.type), how[t % 3].more);
    }
    return (mxc_stage)0;
}

/* What answers about the thresholds of the rules show: another value of an axis, or a narrower type on the way. */
static mxc_stage by_thresholds(mxcb_work *w, const mxcb_vehicle *v)
{
    mxcb_questions *q = calloc(1, sizeof *q);
    mxc_stage found = (mxc_stage)0;
    if (q && add_thresholds(q, w, v) == MX_OK && mxcb_ask_all(w, v, q)) {
        /* scale-arith=f32 rounds doubles to fp32 itself: there the simpler reading is taken */
        const int types_first = v->shape.type == MX_FP64;
        if (!types_first && by_axis(w, v, q))
            found = MXC_STAGE_EXPONENT;
        if (!found)
            found = by_narrow_type(w, v, q);
        if (!found && types_first && by_axis(w, v, q))
            found = MXC_STAGE_EXPONENT;
    }
    mxcb_questions_free(q);
    return found;
}

/* A alone gives the wrong scale, within the range of scales. */
static mxc_stage rule_stage(mxcb_work *w, const mxcb_vehicle *v, mxc_number a)
{
    int emax = mxcb_emax(&v->shape), d = 0;
    if (is_offset(w, v, emax, &d))
        return offset_stage(w, v, emax, d);
    mxc_stage found = by_thresholds(w, v);
    if (found)
        return found;
    if ((found = mxcb_byte_or_binade(w, v)) != 0)
        return found;
    if (moved(w, v, a, 1, NULL) == 1 && moved(w, v, a, -1, NULL) == 1 && moved(w, v, a, 5, NULL) == 1)
        return mxcb_say(w, MXC_STAGE_EXPONENT, "one binade of A is wrong");
    return mxcb_say(w, MXC_STAGE_EXPONENT, "A alone gives the wrong scale, within the range of scales");
}

/* ---- the ends of the range ---- */

/* Some other exponent below the range is right. */
static int others_below(mxcb_work *w, const mxcb_vehicle *v, mxc_number a, int exponent)
{
    for (int e = LOWEST - 1; e >= LOWEST - 12; e--)
        if (e != exponent && moved(w, v, a, e - exponent, NULL) == 1)
            return 1;
    return 0;
}

static mxc_stage end_stage(mxcb_work *w, const mxcb_vehicle *v, mxc_number a)
{
    const mxref_scale_trace *s = &w->trace->scale;
    for (size_t l = 0; l < w->to->likes && l < sizeof w->to->like / sizeof *w->to->like; l++)
        if (w->to->like[l].axis == MX_AXIS_SCALE_ARITH && s->exponent <= LOWEST)
            return mxcb_say(w, MXC_STAGE_EXPONENT, "another value of scale-arith gives this");
    if (s->exponent < LOWEST && others_below(w, v, a, s->exponent))
        return mxcb_say(w, MXC_STAGE_EXPONENT, "one binade of A is wrong; others below the range of scales are right");
    if (s->exponent <= LOWEST || s->exponent >= HIGHEST || s->branch == MXREF_SCALE_OVER)
        return mxcb_say(w, MXC_STAGE_CLAMP, "right within the range of scales, wrong at its %s end",
                        s->exponent <= LOWEST ? "low" : "high");
    return rule_stage(w, v, a);
}

static int is_subnormal(mxc_number a, mx_type type)
{
    return a.num && mxc_number_log2(a) < mxc_facts_of_type(type)->emin;
}

/* The type's least normal magnitude is wrong too. */
static int low_end_wrong(mxcb_work *w, const mxcb_vehicle *v)
{
    mxc_number least = mxc_number_make(0, 1, mxc_facts_of_type(v->shape.type)->emin);
    return mxcb_ask_one(w, v, least, 0, 127, NULL) == 0;
}

/* ---- one finite A ---- */

/* With +|A| in every lane the block is right, so that A is merely not found. */
static int passes_everywhere(mxcb_work *w, size_t lane)
{
    size_t k = w->trial.k, first = w->to->at * k;
    uint64_t largest = mxcb_element(&w->trial, first + lane) & (mxc_sign_bit(w->trial.type) - 1);
    for (size_t j = 0; j < k; j++)
        mxcb_set_element(&w->trial, first + j, largest);
    return mxcb_passes(w);
}

static mxc_stage finite_stage(mxcb_work *w)
{
    const mxref_scale_trace *s = &w->trace->scale;
    size_t lane = s->amax_index < w->trial.k ? s->amax_index : 0;
    mxcb_vehicle v = mxcb_vehicle_for(w);
    mxc_number a = {0};
    if (passes_everywhere(w, lane))
        return mxcb_say(w, MXC_STAGE_AMAX, "right when every lane holds +A: the largest magnitude is not found");
    if (!mxc_number_of(&a, w->trial.type, mxcb_element(&w->trial, w->to->at * w->trial.k + lane)) || !a.num)
        return mxcb_say(w, MXC_STAGE_EXPONENT, "A alone gives the wrong scale");
    a.negative = 0;
    mxc_number middle = a;
    middle.exp -= mxc_number_log2(a) - mxref_facts(v.shape.elem)->emax;
    if (mxcb_ask_one(w, &v, middle, 0, 127, NULL) == 0)
        return rule_stage(w, &v, middle);
    mxc_stage raised = mxcb_raised(w, &v);
    if (raised)
        return raised;
    if (is_subnormal(a, v.shape.type) && !low_end_wrong(w, &v))
        return mxcb_say(w, MXC_STAGE_AMAX, "A is subnormal: normal magnitudes are right");
    return end_stage(w, &v, a);
}

/* ---- no finite A, NaN, Inf ---- */

/* The first special value of the small case, and its lane; k when there is none. */
static size_t find_special(const mxcb_work *w, uint64_t *bits)
{
    size_t k = w->trial.k, at = 0;
    uint64_t inf = mxc_inf_bits(w->trial.type, 0), sign = mxc_sign_bit(w->trial.type);
    for (; at < k; at++) {
        *bits = mxcb_element(&w->trial, w->to->at * k + at);
        if ((*bits & (sign - 1)) >= inf)
            return at;
    }
    return k;
}

static uint64_t quiet_bit(mx_type type)
{
    return UINT64_C(1) << (mxc_facts_of_type(type)->fraction - 1);
}

static mxc_stage zero_stage(mxcb_work *w)
{
    mxcb_vehicle v = mxcb_vehicle_for(w);
    mxc_number one = mxc_number_make(0, 1, 0);
    int specials = 0;
    uint64_t bits;
    for (size_t j = 0; j < w->trial.k; j++)
        specials |= (mxcb_element(&w->trial, w->to->at * w->trial.k + j) & (mxc_sign_bit(w->trial.type) - 1)) != 0;
    if (specials && find_special(w, &bits) == w->trial.k)
        return mxcb_say(w, MXC_STAGE_AMAX, "subnormals count, though they are to be zeros");
    if (specials && mxcb_ask_one(w, &v, mxc_number_make(0, 0, 0), 0, 127, NULL) == 1)
        return mxcb_say(w, MXC_STAGE_SPECIAL, "a block of zeros is right, this one holds nothing else that is finite");
    if (mxcb_ask_one(w, &v, one, 0, 127, NULL) == 0)
        return rule_stage(w, &v, one);
    mxc_stage raised = mxcb_raised(w, &v);
    return raised ? raised : mxcb_say(w, MXC_STAGE_CLAMP, "nothing in the block is finite and nonzero");
}

/* A block, of four lanes where the case has one, of zeros but for `special` and, with_one, a 1.0 in another lane. */
static mx_status special_block(const mxcb_work *w, mxc_store *store, size_t lane, uint64_t special, int with_one)
{
    mx_batch shape = w->trial;
    shape.k = shape.k < 2 ? 4 : shape.k;
    mx_status status = mxc_store_new(store, &shape, 1);
    if (status != MX_OK)
        return status;
    mxcb_set_element(&store->batch, lane, special);
    if (with_one)
        mxcb_set_element(&store->batch, lane ? 0 : 1, mxc_number_bits(mxc_number_make(0, 1, 0), shape.type));
    return MX_OK;
}

/* The scale of such a block: 1 right, 0 wrong, -1 cannot be asked. */
static int special_is_right(mxcb_work *w, size_t lane, uint64_t special, int with_one, uint64_t *got, int *by_axis)
{
    mxc_store store;
    mxc_expected want;
    int answer = -1;
    if (special_block(w, &store, lane, special, with_one) != MX_OK)
        return -1;
    if (mxcb_ask(w, &store.batch) && mxc_expected_new(&want, &store.batch, &store.batch.profile) == MX_OK) {
        mxc_departure found;
        answer = mxc_cell_match(&want, 0, 0, &store.batch);
        *got = store.batch.out.scale[0];
        *by_axis = !answer && mxc_departures(&store.batch, 0, &found, 1) > 0;
        mxc_expected_free(&want);
    }
    mxc_store_free(&store);
    return answer;
}

/* The special value is right in another lane, with the other sign or with another payload. */
static int some_are_seen(mxcb_work *w)
{
    uint64_t bits = 0, got = 0, sign = mxc_sign_bit(w->trial.type);
    size_t at = find_special(w, &bits), k = w->trial.k;
    if (at == k)
        return 0;
    int nan = (bits & (sign - 1)) > mxc_inf_bits(w->trial.type, 0), by_axis;
    uint64_t quiet = nan ? quiet_bit(w->trial.type) : 0;
    const uint64_t variants[] = {bits, bits ^ sign, bits | quiet, (bits ^ sign) | quiet};
    const size_t lanes[] = {at, 0, k < 2 ? 2 : k / 2, k < 2 ? 3 : k - 1};
    for (size_t v = 0; v < sizeof variants / sizeof *variants; v++)
        for (size_t l = 0; l < sizeof lanes / sizeof *lanes; l++)
            for (int one = 0; one < 2; one++)
                if ((variants[v] != bits || lanes[l] != at) &&
                    special_is_right(w, lanes[l], variants[v], one, &got, &by_axis) == 1 &&
                    special_is_right(w, at, bits, one, &got, &by_axis) == 0)
                    return 1;
    return 0;
}

/* NaN gets the answer of Inf, or Inf that of NaN, which is right for the other. */
static int taken_for_the_other(mxcb_work *w, const char **what)
{
    uint64_t bits = 0, mine = 0, theirs = 0, inf = mxc_inf_bits(w->trial.type, 0);
    size_t at = find_special(w, &bits);
    if (at == w->trial.k)
        return 0;
    int by_axis = 0, other_axis = 0, nan = (bits & (mxc_sign_bit(w->trial.type) - 1)) > inf;
    *what = nan ? "NaN is taken for Inf" : "Inf is taken for NaN";
    return special_is_right(w, at, bits, 1, &mine, &by_axis) == 0 && !by_axis &&
           special_is_right(w, at, nan ? inf : inf | quiet_bit(w->trial.type), 1, &theirs, &other_axis) == 1 &&
           mine == theirs;
}

/* Right with zeros for NaN and Inf, and a 1.0 where nothing else is left. */
static int passes_without(mxcb_work *w)
{
    size_t k = w->trial.k, first = w->to->at * k, left = 0;
    uint64_t inf = mxc_inf_bits(w->trial.type, 0), sign = mxc_sign_bit(w->trial.type);
    for (size_t j = first; j < first + k; j++) {
        if ((mxcb_element(&w->trial, j) & (sign - 1)) >= inf)
            mxcb_set_element(&w->trial, j, 0);
        left += mxcb_element(&w->trial, j) != 0;
    }
    if (!left)
        mxcb_set_element(&w->trial, first, mxc_number_bits(mxc_number_make(0, 1, 0), w->trial.type));
    return mxcb_passes(w);
}

/* Inf gets the byte of the binade above the type's largest value, in each format that the subject takes. */
static int next_binade(mxcb_work *w)
{
    int emax = mxc_facts_of_type(w->trial.type)->emax, seen = 0;
    for (mx_elem e = 1; e <= MX_ELEM_LAST; e++) {
        mxc_store store = {0};
        mxc_expected want;
        int is = 1, mine = e == w->trial.elem;
        if (special_block(w, &store, 0, mxc_inf_bits(w->trial.type, 0), 0) != MX_OK)
            return 0;
        store.batch.elem = e;
        if (mxc_offers_cover(mxc_subject_describe(w->subject), w->trial.op, e, w->trial.type) &&
            mxcb_ask(w, &store.batch)) {
            unsigned got = store.batch.out.scale[0];
            mxcb_set_element(&store.batch, 0, mxc_number_bits(mxc_number_make(0, 1, emax), w->trial.type));
            is = mxc_expected_new(&want, &store.batch, &store.batch.profile) == MX_OK;
            if (is) {
                unsigned last = want.store.batch.out.scale[0]; /* where it is clamped it tells nothing */
                is = last < NAN_BYTE - 2 ? got == last + 1u : !mine;
                mxc_expected_free(&want);
            }
            seen |= is && mine;
        }
        mxc_store_free(&store);
        if (!is)
            return 0;
    }
    return seen;
}

/* A NaN (`nan`; else Inf) beside a 1.0 gets the same wrong byte, and no value of an axis gives this byte. */
static int unexplained(mxcb_work *w, int nan)
{
    uint64_t got = 0;
    int by_axis = 0,
        right = special_is_right(w, 0, mxc_inf_bits(w->trial.type, 0) | (nan ? quiet_bit(w->trial.type) : 0), 1, &got,
                                 &by_axis);
    return right == 0 && got == w->to->diff.got && !by_axis;
}

/* NaN and Inf should both make the scale NaN; one of them does, the other does not. */
static int one_kind_is_right(mxcb_work *w)
{
    const mx_profile *p = &w->trial.profile;
    uint64_t got, inf = mxc_inf_bits(w->trial.type, 0);
    int by_axis;
    return p->nan_in == MX_NAN_IN_BLOCK_NAN && p->inf_in == MX_INF_IN_BLOCK_NAN &&
           (special_is_right(w, 0, inf, 1, &got, &by_axis) == 1) !=
               (special_is_right(w, 0, inf | quiet_bit(w->trial.type), 1, &got, &by_axis) == 1);
}

static mxc_stage special_stage(mxcb_work *w)
{
    uint64_t got = 0;
    int by_axis = 0;
    const char *what = "";
    if (some_are_seen(w))
        return mxcb_say(w, MXC_STAGE_AMAX,
                        "right with another lane, sign or payload of the NaN or Inf: this one is not seen");
    if (special_is_right(w, 0, 0, 0, &got, &by_axis) == 0 && got == w->to->diff.got)
        return mxcb_say(w, MXC_STAGE_CLAMP, "a block of zeros has the same wrong byte");
    if (!passes_without(w) && w->trace->scale.branch != MXREF_SCALE_NAN && w->trace->scale.branch != MXREF_SCALE_INF)
        return finite_stage(w);
    if (!passes_without(w)) {
        mxcb_vehicle v = mxcb_vehicle_for(w);
        return rule_stage(w, &v, mxc_number_make(0, 1, mxref_facts(v.shape.elem)->emax));
    }
    if (w->trace->scale.branch == MXREF_SCALE_INF && next_binade(w))
        return mxcb_say(w, MXC_STAGE_AMAX, "Inf is taken for a number of the binade above the largest");
    if (taken_for_the_other(w, &what))
        return mxcb_say(w, MXC_STAGE_AMAX, "%s", what);
    if (one_kind_is_right(w))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "of NaN and Inf one is right: it is not the byte of a NaN scale");
    if (w->to->diff.want == NAN_BYTE && (unexplained(w, 1) || unexplained(w, 0)))
        return mxcb_say(w, MXC_STAGE_SCALE_CODE,
                        "a NaN scale is written as %02llx, and no way of handling NaN or Inf gives that",
                        (unsigned long long)w->to->diff.got);
    if (w->to->diff.want == NAN_BYTE - 1 && unexplained(w, 0))
        return mxcb_say(w, MXC_STAGE_CLAMP, "the highest scale, fe, is not given");
    return mxcb_say(w, MXC_STAGE_SPECIAL, "the block holds NaN or Inf, which alone decides its scale");
}

mxc_stage mxcb_scale_stage(mxcb_work *w)
{
    if (mxcb_wrong_in_tile(w))
        return mxcb_say(w, MXC_STAGE_LAYOUT, "scale %02llx is wrong as a cell of a matrix too: scales in tiles",
                        (unsigned long long)w->to->diff.want);
    switch ((int)w->trace->scale.branch) {
    case MXREF_SCALE_NAN:
    case MXREF_SCALE_INF:
        return special_stage(w);
    case MXREF_SCALE_ZERO:
        return zero_stage(w);
    case MXREF_SCALE_ARITH:
        return mxcb_say(w, MXC_STAGE_EXPONENT, "scale-arith=f32 leaves the finite range here");
    default:
        break;
    }
    size_t k = w->trial.k;
    for (size_t j = 0; j < k; j++) /* NaN or Inf under an axis by which it does not count */
        if ((mxcb_element(&w->trial, w->to->at * k + j) & (mxc_sign_bit(w->trial.type) - 1)) >=
            mxc_inf_bits(w->trial.type, 0))
            return special_stage(w);
    return finite_stage(w);
}
