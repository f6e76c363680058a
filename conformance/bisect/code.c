/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The stage of a wrong element code: quotient, scale-code, rounding, overflow, special or layout.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect/work.h"

/* ---- lanes ---- */

/* Right with the failing element in every lane. */
static int passes_filled(mxcb_work *w)
{
    size_t k = w->trial.k, first = w->to->at * k;
    uint64_t bits = mxcb_element(&w->trial, first + w->to->diff.lane);
    for (size_t j = 0; j < k; j++)
        mxcb_set_element(&w->trial, first + j, bits);
    return mxcb_passes(w);
}

/* Moved to lane `other`, the failing element is right under the same scale. */
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

/* Filling every lane with the failing element leaves the scale as it is. */
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

/* Right when every lane has the failing lane's random bits. */
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

/* A lane whose element is finite, the failing one if it is; k when there is none. */
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

/* The code that `value` gets in this lane, -1 when it cannot be asked; *is_axis: some value of under-nan-scale has it.
 */
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

/* A subject that reads scale ff as a number gives large values codes that small ones do not get. */
static mxc_stage under_nan_scale(mxcb_work *w)
{
    size_t lane = finite_lane(w);
    static const char why[] = "the scale is NaN";
    if (lane == w->trial.k)
        return mxcb_say(w, MXC_STAGE_SPECIAL, why);
    int top = mxc_facts_of_type(w->trial.type)->emax, is_axis = 0, other = 0;
    int large = code_under_nan(w, lane, mxc_number_make(0, 3, (top < 127 ? top : 127) - 1), &is_axis);
    int small = code_under_nan(w, lane, mxc_number_make(0, 1, mxc_facts_of_type(w->trial.type)->emin), &other);
    const mxcb_vehicle v = {.shape = w->trial};
    const mxc_number one = mxc_number_make(0, 1, 0), half = mxc_number_make(0, 1, -1);
    if (large >= 0 && !is_axis && code_under_nan(w, lane, one, &other) == mxcb_code_of(&v, one) &&
        code_under_nan(w, lane, half, &other) == mxcb_code_of(&v, half))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "under scale ff codes are those of a scale of one");
    if (large >= 0 && !is_axis && large != small)
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "under scale ff values have codes as under a number");
    return mxcb_say(w, MXC_STAGE_SPECIAL, why);
}

static mxc_stage infinite(mxcb_work *w, const mxcb_failing *f)
{
    unsigned got;
    int by_axis = 0;
    if (mxcb_are_nan(f))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "another NaN code than the one demanded");
    for (size_t i = 0; i < w->to->likes && i < sizeof w->to->like / sizeof *w->to->like; i++)
        by_axis |= w->to->like[i].axis == MX_AXIS_OVERFLOW;
    if (by_axis && w->trial.op != MX_OP_QUANTIZE)
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "an Inf follows overflow, and another value of it gives this");
    if (mxcb_overflow_is_wrong(w, f, &got) && got == f->got)
        return mxcb_say(w, MXC_STAGE_OVERFLOW, "a finite overflow is as wrong as the Inf");
    return mxcb_say(w, MXC_STAGE_SPECIAL, "the source is Inf, finite overflow is not wrong like it");
}

/* One, which has a code of its own, is wrong in this lane too. */
static int one_is_wrong_there(mxcb_work *w)
{
    const size_t lane = w->to->diff.lane, makes = w->trace->scale.amax_index;
    const uint64_t bits = mxc_number_bits(mxc_number_make(0, 1, w->trace->scale.byte - 127), w->trial.type);
    if (w->trial.op != MX_OP_QUANTIZE || makes == lane || makes >= w->trial.k || bits == MXC_NO_BITS)
        return 0;
    mxcb_set_element(&w->trial, w->to->at * w->trial.k + lane, bits);
    return !mxcb_passes(w);
}

/* ---- all of it ---- */

mxc_stage mxcb_code_stage(mxcb_work *w)
{
    size_t lane = w->to->diff.lane;
    const mxref_element_trace *e = &w->trace->element[lane];
    mxcb_failing f = {.byte = w->trace->scale.byte};
    f.got = (unsigned)w->to->diff.got;
    f.want = (unsigned)w->to->diff.want;
    f.sign = 1u << (mx_elem_bits(w->trial.elem) - 1);
    mxcb_know(&f, e);
    const size_t other = mxcb_swapped_with(w);
    if (other < w->trial.k)
        return mxcb_say(w, MXC_STAGE_LAYOUT, "the codes of lanes %zu and %zu have changed places", lane, other);
    if (passes_with_same_random(w))
        return mxcb_say(w, MXC_STAGE_LAYOUT, "right when every lane has the random bits of this one");
    if (e->branch == MXREF_BY_NAN_SCALE)
        return under_nan_scale(w);
    if (e->branch == MXREF_BY_FLUSH_IN && (f.got & (f.sign - 1)) == (f.want & (f.sign - 1)))
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the sign of the zero that a subnormal source becomes");
    if (in_lane_only(w) || (!f.near && alone_makes_the_scale(w, e) && passes_filled(w)))
        return f.near && !one_is_wrong_there(w)
                   ? mxcb_say(w, MXC_STAGE_ROUNDING, "the other neighbour, in this lane only")
                   : mxcb_say(w, MXC_STAGE_LAYOUT, "the same element is right in another lane, or in all of them");
    if (mxcb_right_in_longer(w))
        return mxcb_say(w, f.near ? MXC_STAGE_ROUNDING : MXC_STAGE_LAYOUT,
                        "right in longer blocks, wrong in one of %zu", w->trial.k);
    f.vehicle = mxcb_vehicle_for(w);
    if (f.vehicle.shape.op == MX_OP_QUANTIZE && mxcb_bits_permuted(w, &f.vehicle))
        return MXC_STAGE_PACKING;
    if (e->kind == MXREF_NAN || e->kind == MXREF_ZERO)
        return mxcb_say(w, MXC_STAGE_SPECIAL, "the source is %s", e->kind == MXREF_NAN ? "NaN" : "zero");
    if (e->kind == MXREF_INF)
        return infinite(w, &f);
    mxc_number_of(&f.value, w->trial.type, mxcb_element(&w->trial, w->to->at * w->trial.k + lane));
    f.quotient = mxcb_times(f.value, 127 - f.byte);
    if (mxcb_divided_unclamped(w, &f))
        return mxcb_say(w, MXC_STAGE_SCALE_CODE,
                        "elements are divided by 2^%d, the scale before it was clamped to 2^-127",
                        w->trace->scale.exponent);
    if (mxcb_right_elsewhere(w, &f))
        return mxcb_source_or_scale(w, &f);
    return mxcb_is_beyond(e->branch) ? mxcb_beyond(w, &f) : mxcb_by_quotient(w, &f);
}
