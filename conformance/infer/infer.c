/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inference by elimination. Axes that act together are one group, whose candidates are tuples of values. For a group
 * and a shape the reference answers the probes under every candidate, with all that is not known yet drawn several
 * times: a cell counts for a candidate only where those draws agree. Probes whose cells part the candidates are asked,
 * fewest first, and a candidate with a wrong cell is out. At the end the whole profile is checked on every shape.
 */
#include "config.h"

#include "conformance/infer/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/infer/probes.h"

/* ---- what acts together, in the order in which it can be known ---- */

static const mxci_group groups[] = {
    {{MX_AXIS_SCALE, MX_AXIS_SCALE_ARITH}, MXC_PROBE_SCALE},
    {{MX_AXIS_SCALE, MX_AXIS_SCALE_ARITH, MX_AXIS_INT8}, MXC_PROBE_SCALE | MXC_PROBE_ROUND | MXC_PROBE_DECODE},
    {{MX_AXIS_ROUND}, MXC_PROBE_ROUND},
    {{MX_AXIS_SUBNORMAL_OUT}, MXC_PROBE_UNDER},
    {{MX_AXIS_ZERO_SCALE}, MXC_PROBE_ZERO},
    {{MX_AXIS_SUBNORMAL_IN}, MXC_PROBE_SUBNORMAL},
    {{MX_AXIS_SCALE_OVER}, MXC_PROBE_TOP},
    {{MX_AXIS_OVERFLOW, MX_AXIS_OVERFLOW_DIRECTED}, MXC_PROBE_OVER},
    {{MX_AXIS_INT8_MIN}, MXC_PROBE_OVER},
    {{MX_AXIS_OVERFLOW_NAN}, MXC_PROBE_OVER | MXC_PROBE_INF},
    {{MX_AXIS_NAN_IN, MX_AXIS_NAN_TO, MX_AXIS_NAN_CODE}, MXC_PROBE_NAN},
    {{MX_AXIS_INF_IN, MX_AXIS_OVERFLOW_NAN}, MXC_PROBE_INF},
    {{MX_AXIS_ZERO_SIGN}, MXC_PROBE_UNDER | MXC_PROBE_SUBNORMAL | MXC_PROBE_ZERO},
    {{MX_AXIS_UNDER_NAN_SCALE}, MXC_PROBE_NAN_SCALE | MXC_PROBE_NAN},
    {{MX_AXIS_DECODE_OVER}, MXC_PROBE_DECODE},
};
enum { GROUPS = sizeof groups / sizeof *groups };

const char *mxc_finding_name(mxc_finding finding)
{
    static const char *const name[] = {NULL, "found", "followed", "inconsistent", "cannot-tell"};
    return finding >= MXC_FOUND && finding <= MXC_CANNOT_TELL ? name[finding] : NULL;
}

void mxci_set(const mxci_search *s, mx_profile *profile, mx_axis axis, unsigned value)
{
    mx_profile_set(profile, axis, value);
    if (axis == MX_AXIS_ROUND && value == MX_SR)
        profile->sr_bits = s->to->asked.sr_bits;
}

static int only_one(uint32_t mask)
{
    return mask && !(mask & (mask - 1));
}

/* Of the values left the one asked for, else the lowest that is definite. */
unsigned mxci_choose(const mxci_search *s, mx_axis axis)
{
    uint32_t mask = s->left[axis];
    unsigned open = mxc_open_value(axis), asked = mx_profile_get(&s->to->asked, axis);
    if (open && mask & ~(UINT32_C(1) << open))
        mask &= ~(UINT32_C(1) << open);
    if (mask >> asked & 1)
        return asked;
    for (unsigned value = 1; value <= mx_axis_count(axis); value++)
        if (mask >> value & 1)
            return value;
    return asked;
}

uint32_t mxci_draw(mxci_search *s)
{
    s->seed = s->seed * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    return s->seed >> 16;
}

/* The n-th draw of what is not known; the first takes what is likeliest, the second leaves open what can be. */
mx_profile mxci_draw_profile(mxci_search *s, size_t n)
{
    mx_profile profile = s->to->asked;
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned value = mxci_choose(s, a), count = mx_axis_count(a), open = mxc_open_value(a);
        if (n == 1 && open && s->left[a] >> open & 1)
            value = open;
        else if (n && !only_one(s->left[a]))
            do
                value = mxci_draw(s) % count + 1;
            while (!(s->left[a] >> value & 1));
        mxci_set(s, &profile, a, value);
    }
    return profile;
}

/* The cases for which keep[i] is set, in a store of their own. */
mx_status mxci_subset(mxc_store *to, const mx_batch *from, const unsigned char *keep)
{
    size_t n = 0;
    for (size_t i = 0; i < from->count; i++)
        n += keep[i] != 0;
    mx_status status = mxc_store_new(to, from, n);
    size_t at = 0;
    for (size_t i = 0; i < from->count && status == MX_OK; i++)
        if (keep[i])
            mxc_copy_inputs(&to->batch, at++, from, i);
    return status;
}

size_t mxci_first_alive(const mxci_search *s)
{
    size_t c = 0;
    while (c < s->candidates && s->candidate[c].dead)
        c++;
    return c;
}

static size_t alive(const mxci_search *s)
{
    size_t n = 0;
    for (size_t c = 0; c < s->candidates; c++)
        n += !s->candidate[c].dead;
    return n;
}

/* ---- one group on all shapes ---- */

static void list_candidates(mxci_search *s)
{
    unsigned at[MXCI_AXES] = {1, 1, 1};
    s->candidates = 0;
    for (;;) {
        mxci_candidate c = {.dead = 0};
        int possible = 1;
        size_t a;
        for (a = 0; a < MXCI_AXES; a++) {
            mx_axis axis = s->group->axis[a];
            c.value[a] = (uint8_t)at[a];
            possible = possible && (!axis || s->left[axis] >> at[a] & 1);
        }
        if (possible && s->candidates < MXCI_CANDIDATES)
            s->candidate[s->candidates++] = c;
        for (a = 0; a < MXCI_AXES; a++) {
            if (s->group->axis[a] && ++at[a] <= mx_axis_count(s->group->axis[a]))
                break;
            at[a] = 1;
        }
        if (a == MXCI_AXES)
            return;
    }
}

static int inconsistent(const mxci_search *s, mx_axis axis)
{
    return s->to->axis[axis].finding == MXC_INCONSISTENT;
}

int mxci_settled(const mxci_search *s, mx_axis axis)
{
    return inconsistent(s, axis) || only_one(s->left[axis]);
}

/* The candidate that lived longest, of those that another case than `first` killed if there is one. */
static const mxci_candidate *longest(const mxci_search *s, const char *first)
{
    const mxci_candidate *last = NULL;
    for (int any = 0; any < 2 && !last; any++)
        for (size_t c = 0; c < s->candidates; c++) {
            const mxci_candidate *one = &s->candidate[c];
            if (one->witness && (any || !first || strcmp(one->witness, first) != 0) &&
                (!last || one->wrong >= last->wrong))
                last = one;
        }
    return last;
}

/* No candidate is left: the axes of the group are inconsistent. What is asked later must not lean on the one that came
 * nearest, so their values stay open. */
static void no_candidate(mxci_search *s)
{
    for (size_t a = 0; a < MXCI_AXES && s->group->axis[a]; a++) {
        mx_axis axis = s->group->axis[a];
        mxc_inferred *to = &s->to->axis[axis];
        const mxci_candidate *last = longest(s, to->witness[0]);
        if (mxci_settled(s, axis) || !last)
            continue;
        to->finding = MXC_INCONSISTENT;
        s->nearest[axis] = last->value[a];
        if (!to->witness[0] || strcmp(last->witness, to->witness[0]) != 0)
            to->witness[1] = strdup(last->witness);
    }
}

static void conclude(mxci_search *s)
{
    uint32_t left[MXCI_AXES] = {0};
    int definite[MXCI_AXES] = {0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t c = 0; c < s->candidates; c++)
            for (size_t a = 0; !s->candidate[c].dead && a < MXCI_AXES && s->group->axis[a]; a++) {
                left[a] |= UINT32_C(1) << s->candidate[c].value[a];
                definite[a] |= s->candidate[c].value[a] != mxc_open_value(s->group->axis[a]);
            }
    if (!alive(s))
        no_candidate(s);
    else
        for (size_t a = 0; a < MXCI_AXES && s->group->axis[a]; a++) {
            unsigned open = mxc_open_value(s->group->axis[a]);
            if (inconsistent(s, s->group->axis[a]))
                continue;
            s->left[s->group->axis[a]] = left[a];
            /* told apart from at least one definite value: the open one is not needed */
            if (open && definite[a] && only_one(left[a] & ~(UINT32_C(1) << open)))
                s->left[s->group->axis[a]] &= ~(UINT32_C(1) << open);
        }
    for (size_t c = 0; c < s->candidates; c++)
        free(s->candidate[c].witness);
}

static int known(const mxci_search *s, const mxci_group *group)
{
    for (size_t a = 0; a < MXCI_AXES && group->axis[a]; a++)
        if (!mxci_settled(s, group->axis[a]))
            return 0;
    return 1;
}

/* All unknown axes of the group matter here, or some do and the rest is known: else the candidates that differ only in
 * what does not matter cannot be told. */
static int concerns(const mxci_search *s, const mx_batch *shape)
{
    int some = 0;
    for (size_t a = 0; a < MXCI_AXES && s->group->axis[a]; a++)
        some |= !mxci_settled(s, s->group->axis[a]) &&
                mx_axis_matters(s->group->axis[a], shape->op, shape->elem, shape->type, NULL);
    if (s->group->axis[2] == MX_AXIS_INT8)
        return some && shape->elem == MX_INT8;
    return some && (s->group->axis[0] != MX_AXIS_SCALE || shape->elem != MX_INT8);
}

static mx_status solve(mxci_search *s, const mxci_group *group)
{
    mx_status status = MX_OK;
    if (known(s, group))
        return MX_OK;
    s->group = group;
    list_candidates(s);
    for (size_t i = 0; i < s->shapes && status == MX_OK && alive(s) > 1; i++)
        if (concerns(s, &s->shape[i])) {
            size_t before = alive(s);
            status = mxci_try_shape(s, &s->shape[i]);
            for (size_t c = 0; c < s->candidates && alive(s) < before; c++)
                s->candidate[c].wrong += !s->candidate[c].dead; /* rounds that it outlived */
        }
    conclude(s);
    return status;
}

/* ---- all of it ---- */

static void findings(mxci_search *s)
{
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        mxc_inferred *to = &s->to->axis[a];
        unsigned asked = mx_profile_get(&s->to->asked, a);
        if (inconsistent(s, a))
            s->left[a] = UINT32_C(1) << s->nearest[a];
        to->fits = s->left[a];
        if (!to->finding)
            to->finding = only_one(s->left[a]) ? MXC_FOUND : MXC_CANNOT_TELL;
        int kept = to->finding == MXC_CANNOT_TELL && s->left[a] >> asked & 1;
        mxci_set(s, &s->to->values, a, kept ? asked : mxci_choose(s, a));
    }
}

static mx_status whole(mxci_search *s)
{
    mx_status status = MX_OK;
    for (int pass = 0; pass < 2; pass++)
        for (size_t g = 0; g < GROUPS && status == MX_OK; g++)
            status = solve(s, &groups[g]);
    if (status != MX_OK)
        return status;
    findings(s);
    for (mx_axis a = 1; a <= MX_AXIS_LAST && status == MX_OK; a++)
        if (s->record[a].store.memory && s->to->axis[a].finding == MXC_FOUND) {
            status = mxci_repeat(s, a);
            if (status == MX_OK && mx_profile_get(&s->to->asked, a) == mxci_choose(s, a))
                status = mxci_follows(s, a);
        }
    for (size_t i = 0; i < s->shapes && status == MX_OK; i++)
        status = mxci_check_shape(s, &s->shape[i]);
    for (mx_axis a = 1; a <= MX_AXIS_LAST && status == MX_OK; a++)
        if (s->record[a].store.memory && s->to->axis[a].finding == MXC_INCONSISTENT) /* or is it a whim? */
            status = mxci_repeat(s, a);
    return status;
}

/* What it takes; if it takes nothing without random bits, the first number of them with which it takes something. */
static void find_shapes(mxci_search *s)
{
    mx_profile *asked = &s->to->asked, first = *asked;
    s->shapes = mxc_ask_shapes(s->subject, asked, s->shape, MXCI_SHAPES);
    for (unsigned bits = 1; !s->shapes && first.round != MX_SR && bits <= 32; bits++) {
        mx_profile_set(asked, MX_AXIS_ROUND, MX_SR);
        asked->sr_bits = (uint8_t)bits;
        s->shapes = mxc_ask_shapes(s->subject, asked, s->shape, MXCI_SHAPES);
    }
    if (!s->shapes)
        *asked = first;
}

mx_status mxc_infer(mxc_inference *inference, mxc_subject *subject, const mx_profile *ask, mxv_error *error)
{
    mxci_search *s = calloc(1, sizeof *s);
    *inference = (mxc_inference){.asked = *ask, .values = *ask};
    if (!s)
        return mxc_no_memory(error);
    s->to = inference;
    s->subject = subject;
    s->error = error;
    inference->asked = mxc_ask_profile(subject, ask);
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned declared = mx_profile_get(&mxc_subject_describe(subject)->declared, a);
        s->left[a] = ((UINT32_C(1) << mx_axis_count(a)) - 1) << 1;
        if (declared && declared == mxc_open_value(a)) { /* it promises nothing: whatever it gives is right */
            s->left[a] = UINT32_C(1) << declared;
            mxc_say(inference->axis[a].evidence, MXC_LINE, "declared: any answer is right");
        }
    }
    find_shapes(s);
    if (inference->asked.round != MX_SR)
        s->left[MX_AXIS_ROUND] &= ~(UINT32_C(1) << MX_SR);
    mx_status status =
        s->shapes ? whole(s)
                  : mxc_fail(error, MX_EUNSUPPORTED, "takes none of the operations asked for under this profile");
    if (status != MX_OK && error && !*error->text)
        mxc_fail(error, status, "%s", mx_status_text(status));
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        mxc_store_free(&s->record[a].store);
    free(s);
    return status;
}

void mxc_inference_free(mxc_inference *inference)
{
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        for (int w = 0; w < 2; w++)
            free(inference->axis[a].witness[w]);
    free(inference->unexplained);
    free(inference->flaky);
    *inference = (mxc_inference){0};
}

mx_status mxc_inference_profile(mxc_profile *profile, const mxc_inference *inference, const char *name,
                                const char *system)
{
    *profile = (mxc_profile){.values = inference->values};
    mxc_say(profile->name, sizeof profile->name, "%s", name);
    mxc_say(profile->system, sizeof profile->system, "%s", system);
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        const mxc_inferred *from = &inference->axis[a];
        mxc_axis_note *note = &profile->note[a];
        int seen = from->finding == MXC_FOUND || from->finding == MXC_FOLLOWED;
        note->evidence = seen ? MXC_PROBED : MXC_ASSUMED;
        mxc_say(note->source, 160, "%s",
                seen && *from->evidence             ? from->evidence
                : from->finding == MXC_INCONSISTENT ? "no value fits every answer"
                                                    : "no answer that was seen depends on it");
    }
    return MX_OK;
}
