/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inference by elimination. Axes that act together are one group, whose candidates are tuples of values. For a group
 * and a shape the reference answers the probes under every candidate, with all that is not known yet drawn several
 * times: a cell counts for a candidate only where those draws agree. Probes whose cells part the candidates are asked,
 * fewest first, and a candidate with a wrong cell is out. At the end the whole profile is checked on every shape.
 */
#include "config.h"

#include "conformance/infer.h"

#include <mx/ref.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/ask.h"
#include "conformance/compare.h"
#include "conformance/error.h"
#include "conformance/probes.h"

enum { AXES = 3, CANDIDATES = 64, DRAWS = 6, SHAPES = 160, PICK = 10, MORE = 6, CHECK = 24 };

/* ---- what acts together, in the order in which it can be known ---- */

static const struct group {
    mx_axis axis[AXES];
    unsigned kinds;
} groups[] = {
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

/* Values that leave an answer open fit whatever a definite one fits: they are what is left when none does. */
static unsigned open_value(mx_axis axis)
{
    switch ((int)axis) {
    case MX_AXIS_NAN_TO:
        return MX_NAN_TO_UNSPECIFIED;
    case MX_AXIS_NAN_CODE:
        return MX_NAN_CODE_ANY;
    case MX_AXIS_OVERFLOW_NAN:
        return MX_OVERFLOW_NAN_ANY;
    case MX_AXIS_UNDER_NAN_SCALE:
        return MX_UNDER_NAN_ANY;
    case MX_AXIS_DECODE_OVER:
        return MX_DECODE_OVER_ANY;
    default:
        return 0;
    }
}

typedef struct candidate {
    uint8_t value[AXES];
    int dead;
    size_t wrong;
    char *witness; /* what killed it */
} candidate;

/* Cases that told something about an axis, to ask them again. */
typedef struct record {
    mxc_store store;
    size_t count;
} record;

typedef struct search {
    mxc_inference *to;
    mxc_subject *subject;
    mxv_error *error;
    uint32_t left[MX_AXIS_LAST + 1]; /* values that may be, by axis */
    mx_batch shape[SHAPES];
    size_t shapes;
    record record[MX_AXIS_LAST + 1];
    /* the group at work */
    const struct group *group;
    candidate candidate[CANDIDATES];
    size_t candidates;
    uint32_t seed;
} search;

const char *mxc_finding_name(mxc_finding finding)
{
    static const char *const name[] = {NULL, "found", "followed", "inconsistent", "cannot-tell"};
    return finding >= MXC_FOUND && finding <= MXC_CANNOT_TELL ? name[finding] : NULL;
}

static void set(const search *s, mx_profile *profile, mx_axis axis, unsigned value)
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
static unsigned choose(const search *s, mx_axis axis)
{
    uint32_t mask = s->left[axis];
    unsigned open = open_value(axis), asked = mx_profile_get(&s->to->asked, axis);
    if (open && mask & ~(UINT32_C(1) << open))
        mask &= ~(UINT32_C(1) << open);
    if (mask >> asked & 1)
        return asked;
    for (unsigned value = 1; value <= mx_axis_count(axis); value++)
        if (mask >> value & 1)
            return value;
    return asked;
}

static uint32_t draw(search *s)
{
    s->seed = s->seed * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    return s->seed >> 16;
}

/* The n-th draw of what is not known; the first takes what is likeliest, the second leaves open what can be. */
static mx_profile draw_profile(search *s, size_t n)
{
    mx_profile profile = s->to->asked;
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned value = choose(s, a), count = mx_axis_count(a), open = open_value(a);
        if (n == 1 && open && s->left[a] >> open & 1)
            value = open;
        else if (n && !only_one(s->left[a]))
            do
                value = draw(s) % count + 1;
            while (!(s->left[a] >> value & 1));
        set(s, &profile, a, value);
    }
    return profile;
}

/* ---- one group on one shape ---- */

/* Answers of the reference for the probes that are looked at: [candidate][draw]. */
typedef struct table {
    mxc_store probes;
    mxc_expected (*of)[DRAWS];
    size_t cells;
    unsigned char *steady; /* [candidate][case][cell] */
} table;

static void table_free(table *t, size_t candidates)
{
    for (size_t c = 0; t->of && c < candidates; c++)
        for (size_t d = 0; d < DRAWS; d++)
            mxc_expected_free(&t->of[c][d]);
    free(t->of);
    free(t->steady);
    mxc_store_free(&t->probes);
    *t = (table){0};
}

/* The cases for which keep[i] is set, in a store of their own. */
static mx_status subset(mxc_store *to, const mx_batch *from, const unsigned char *keep)
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

static mx_profile candidate_profile(const search *s, const candidate *c, const mx_profile *base)
{
    mx_profile profile = *base;
    for (size_t a = 0; a < AXES && s->group->axis[a]; a++)
        set(s, &profile, s->group->axis[a], c->value[a]);
    return profile;
}

static mx_status answer_draw(search *s, table *t, size_t d)
{
    mx_profile base = draw_profile(s, d);
    mx_status status = MX_OK;
    for (size_t c = 0; c < s->candidates && status == MX_OK; c++)
        if (!s->candidate[c].dead) {
            mx_profile profile = candidate_profile(s, &s->candidate[c], &base);
            status = mxc_expected_new(&t->of[c][d], &t->probes.batch, &profile);
        }
    return status;
}

/* Whether two sets of answers part on a cell. */
static int part(const mxc_expected *a, const mxc_expected *b, size_t i, size_t cell)
{
    return !mxc_cell_open(a, i, cell) && !mxc_cell_open(b, i, cell) &&
           (!mxc_cell_match(a, i, cell, &b->store.batch) || !mxc_cell_match(b, i, cell, &a->store.batch));
}

static size_t first_alive(const search *s)
{
    size_t c = 0;
    while (c < s->candidates && s->candidate[c].dead)
        c++;
    return c;
}

/* Probes on which some candidates part, judged by the first draw alone. */
static mx_status sift(search *s, table *t, const mx_batch *shape)
{
    mxc_probes all;
    mx_status status = mxc_probes_new(&all, shape);
    if (status != MX_OK)
        return status;
    unsigned char *keep = calloc(all.store.batch.count + 1, 1);
    for (size_t i = 0; keep && i < all.store.batch.count; i++)
        keep[i] = (all.kind[i] & s->group->kinds) != 0;
    status = keep ? subset(&t->probes, &all.store.batch, keep) : MX_ENOMEM;
    free(keep);
    mxc_probes_free(&all);
    if (status == MX_OK && t->probes.batch.count)
        status = answer_draw(s, t, 0);
    if (status != MX_OK || !t->probes.batch.count)
        return status;
    size_t n = t->probes.batch.count, first = first_alive(s);
    keep = calloc(n, 1);
    for (size_t i = 0; keep && i < n; i++)
        for (size_t c = first + 1; c < s->candidates && !keep[i]; c++)
            for (size_t cell = 0; !s->candidate[c].dead && cell < t->cells && !keep[i]; cell++)
                keep[i] = part(&t->of[first][0], &t->of[c][0], i, cell) || mxc_cell_open(&t->of[first][0], i, cell) ||
                          mxc_cell_open(&t->of[c][0], i, cell);
    mxc_store less;
    status = keep ? subset(&less, &t->probes.batch, keep) : MX_ENOMEM;
    free(keep);
    if (status != MX_OK)
        return status;
    mxc_store_free(&t->probes);
    t->probes = less;
    for (size_t c = 0; c < s->candidates; c++)
        mxc_expected_free(&t->of[c][0]);
    return MX_OK;
}

static unsigned char *steady(const table *t, size_t c, size_t i, size_t cell)
{
    return &t->steady[(c * t->probes.batch.count + i) * t->cells + cell];
}

static void find_steady(const search *s, table *t)
{
    for (size_t c = 0; c < s->candidates; c++)
        for (size_t i = 0; !s->candidate[c].dead && i < t->probes.batch.count; i++)
            for (size_t cell = 0; cell < t->cells; cell++) {
                int is = !mxc_cell_open(&t->of[c][0], i, cell);
                for (size_t d = 1; d < DRAWS && is; d++)
                    is = !mxc_cell_open(&t->of[c][d], i, cell) && !part(&t->of[c][0], &t->of[c][d], i, cell);
                *steady(t, c, i, cell) = (unsigned char)is;
            }
}

/* Case i tells candidate a from b: an answer that is b's would be wrong for a, or the other way round. */
static int tells(const table *t, size_t a, size_t b, size_t i)
{
    for (size_t cell = 0; cell < t->cells; cell++)
        if ((*steady(t, a, i, cell) && *steady(t, b, i, cell) && part(&t->of[a][0], &t->of[b][0], i, cell)))
            return 1;
    return 0;
}

/* Take the case that parts most pairs not yet parted, until none parts any. Cases that have a definite answer where
 * another candidate leaves it open come last: they are wanted for what only a definite value explains. */
static size_t pick(const search *s, const table *t, unsigned char *picked)
{
    static _Thread_local unsigned char done[CANDIDATES][CANDIDATES];
    size_t n = 0;
    memset(done, 0, sizeof done);
    while (n < PICK) {
        size_t best = 0, most = 0;
        for (size_t i = 0; i < t->probes.batch.count; i++) {
            size_t parts = 0;
            for (size_t a = 0; a < s->candidates && !picked[i]; a++)
                for (size_t b = a + 1; b < s->candidates; b++)
                    parts += !s->candidate[a].dead && !s->candidate[b].dead && !done[a][b] && tells(t, a, b, i);
            if (parts > most) {
                most = parts;
                best = i;
            }
        }
        if (!most)
            break;
        picked[best] = 1;
        n++;
        for (size_t a = 0; a < s->candidates; a++)
            for (size_t b = a + 1; b < s->candidates; b++)
                done[a][b] |= (unsigned char)(!s->candidate[a].dead && !s->candidate[b].dead && tells(t, a, b, best));
    }
    size_t more = n ? n + MORE : 0, first = first_alive(s); /* what must be so once must be so again */
    for (size_t i = t->probes.batch.count; i-- > 0 && n < more;)
        for (size_t c = first + 1; c < s->candidates && !picked[i]; c++)
            if (!s->candidate[c].dead && tells(t, first, c, i)) {
                picked[i] = 1;
                n++;
            }
    return n;
}

static size_t alive(const search *s)
{
    size_t n = 0;
    for (size_t c = 0; c < s->candidates; c++)
        n += !s->candidate[c].dead;
    return n;
}

static void remember(search *s, const mx_batch *asked, const mx_batch *example, size_t i, size_t cell)
{
    for (size_t a = 0; a < AXES && s->group->axis[a]; a++) {
        mx_axis axis = s->group->axis[a];
        mxc_inferred *to = &s->to->axis[axis];
        record *r = &s->record[axis];
        if (only_one(s->left[axis]) || !mx_axis_matters(axis, asked->op, asked->elem, asked->type, NULL))
            continue;
        mxc_cell_words(to->evidence, sizeof to->evidence, example, i, cell);
        free(to->witness[0]);
        to->witness[0] = mxc_case_line(asked, i, asked);
        mxc_store_free(&r->store);
        if (mxc_store_new(&r->store, asked, asked->count) != MX_OK)
            continue;
        for (size_t j = 0; j < asked->count; j++) {
            mxc_copy_inputs(&r->store.batch, j, asked, j);
            mxc_copy_outputs(&r->store.batch, j, asked, j);
        }
    }
}

/* The answer (one case) is that of candidate c in some draw. */
static int possible_in(const table *t, size_t c, size_t i, size_t cell, const mx_batch *got)
{
    for (size_t d = 0; d < DRAWS; d++) {
        mxc_expected one = t->of[c][d];
        one.store.batch = mxc_slice(&one.store.batch, i, 1);
        if (mxc_cell_open(&t->of[c][d], i, cell) || mxc_cell_match_case(&one, cell, got))
            return 1;
    }
    return 0;
}

/* Judge the candidates by the answers; at[j] is where asked case j is in the table. */
static void eliminate(search *s, const table *t, const mx_batch *asked, const size_t *at)
{
    size_t most = 0;
    for (size_t j = 0; j < asked->count; j++) {
        mx_batch example = *asked;
        size_t killed = 0, where = 0;
        for (size_t c = 0; c < s->candidates; c++)
            for (size_t cell = 0; !s->candidate[c].dead && cell < t->cells; cell++) {
                mx_batch got = mxc_slice(asked, j, 1);
                if (!*steady(t, c, at[j], cell) || possible_in(t, c, at[j], cell, &got))
                    continue;
                s->candidate[c].dead = 1;
                s->candidate[c].witness = mxc_case_line(asked, j, asked);
                killed++;
                where = cell;
                break;
            }
        if (killed > most || (killed && killed == most)) {
            most = killed;
            remember(s, asked, &example, j, where);
        }
    }
}

static mx_status ask_picked(search *s, const table *t, const unsigned char *picked, size_t n)
{
    mxc_store asked;
    size_t at[PICK + MORE], found = 0;
    mx_status status = subset(&asked, &t->probes.batch, picked);
    if (status != MX_OK)
        return status;
    for (size_t i = 0; i < t->probes.batch.count && found < n; i++)
        if (picked[i])
            at[found++] = i;
    status = mxc_ask(s->subject, &asked.batch, s->error);
    s->to->cases += n;
    if (status == MX_OK)
        eliminate(s, t, &asked.batch, at);
    mxc_store_free(&asked);
    return status == MX_EUNSUPPORTED ? MX_OK : status; /* what it refuses tells nothing */
}

static mx_status try_shape(search *s, const mx_batch *shape)
{
    table t = {.of = calloc(CANDIDATES, sizeof *t.of)};
    mx_batch columns = {0};
    mxc_store probe;
    if (!t.of || mxc_store_new(&probe, shape, 1) != MX_OK)
        return free(t.of), MX_ENOMEM;
    columns = probe.batch;
    t.cells = mxc_cells(&columns);
    mxc_store_free(&probe);
    mx_status status = sift(s, &t, shape);
    size_t n = t.probes.batch.count;
    if (status == MX_OK && n) {
        for (size_t d = 0; d < DRAWS && status == MX_OK; d++)
            status = answer_draw(s, &t, d);
        t.steady = calloc(s->candidates * n, t.cells);
        unsigned char *picked = calloc(n, 1);
        if (!t.steady || !picked)
            status = MX_ENOMEM;
        if (status == MX_OK) {
            find_steady(s, &t);
            n = pick(s, &t, picked);
            if (n)
                status = ask_picked(s, &t, picked, n);
        }
        free(picked);
    }
    table_free(&t, CANDIDATES);
    return status;
}

/* ---- one group on all shapes ---- */

static void list_candidates(search *s)
{
    unsigned at[AXES] = {1, 1, 1};
    s->candidates = 0;
    for (;;) {
        candidate c = {.dead = 0};
        int possible = 1;
        size_t a;
        for (a = 0; a < AXES; a++) {
            mx_axis axis = s->group->axis[a];
            c.value[a] = (uint8_t)at[a];
            possible = possible && (!axis || s->left[axis] >> at[a] & 1);
        }
        if (possible && s->candidates < CANDIDATES)
            s->candidate[s->candidates++] = c;
        for (a = 0; a < AXES; a++) {
            if (s->group->axis[a] && ++at[a] <= mx_axis_count(s->group->axis[a]))
                break;
            at[a] = 1;
        }
        if (a == AXES)
            return;
    }
}

/* The candidate that lived longest stands for the group; its axes are inconsistent. */
static void no_candidate(search *s)
{
    candidate *last = &s->candidate[0];
    for (size_t c = 0; c < s->candidates; c++)
        if (s->candidate[c].witness && (!last->witness || s->candidate[c].wrong >= last->wrong))
            last = &s->candidate[c];
    for (size_t a = 0; a < AXES && s->group->axis[a]; a++) {
        mx_axis axis = s->group->axis[a];
        mxc_inferred *to = &s->to->axis[axis];
        if (only_one(s->left[axis]))
            continue;
        s->left[axis] = UINT32_C(1) << last->value[a];
        if (to->finding == MXC_INCONSISTENT)
            continue;
        to->finding = MXC_INCONSISTENT;
        to->witness[1] = last->witness ? strdup(last->witness) : NULL;
    }
}

static void conclude(search *s)
{
    uint32_t left[AXES] = {0};
    int definite[AXES] = {0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t c = 0; c < s->candidates; c++)
            for (size_t a = 0; !s->candidate[c].dead && a < AXES && s->group->axis[a]; a++) {
                left[a] |= UINT32_C(1) << s->candidate[c].value[a];
                definite[a] |= s->candidate[c].value[a] != open_value(s->group->axis[a]);
            }
    if (!alive(s))
        no_candidate(s);
    else
        for (size_t a = 0; a < AXES && s->group->axis[a]; a++) {
            unsigned open = open_value(s->group->axis[a]);
            s->left[s->group->axis[a]] = left[a];
            /* told apart from at least one definite value: the open one is not needed */
            if (open && definite[a] && only_one(left[a] & ~(UINT32_C(1) << open)))
                s->left[s->group->axis[a]] &= ~(UINT32_C(1) << open);
        }
    for (size_t c = 0; c < s->candidates; c++)
        free(s->candidate[c].witness);
}

static int known(const search *s, const struct group *group)
{
    for (size_t a = 0; a < AXES && group->axis[a]; a++)
        if (!only_one(s->left[group->axis[a]]))
            return 0;
    return 1;
}

/* All unknown axes of the group matter here, or some do and the rest is known: else the candidates that differ only in
 * what does not matter cannot be told. */
static int concerns(const search *s, const mx_batch *shape)
{
    int some = 0;
    for (size_t a = 0; a < AXES && s->group->axis[a]; a++)
        some |= !only_one(s->left[s->group->axis[a]]) &&
                mx_axis_matters(s->group->axis[a], shape->op, shape->elem, shape->type, NULL);
    if (s->group->axis[2] == MX_AXIS_INT8)
        return some && shape->elem == MX_INT8;
    return some && (s->group->axis[0] != MX_AXIS_SCALE || shape->elem != MX_INT8);
}

static mx_status solve(search *s, const struct group *group)
{
    mx_status status = MX_OK;
    if (known(s, group))
        return MX_OK;
    s->group = group;
    list_candidates(s);
    for (size_t i = 0; i < s->shapes && status == MX_OK && alive(s) > 1; i++)
        if (concerns(s, &s->shape[i])) {
            size_t before = alive(s);
            status = try_shape(s, &s->shape[i]);
            for (size_t c = 0; c < s->candidates && alive(s) < before; c++)
                s->candidate[c].wrong += !s->candidate[c].dead; /* rounds that it outlived */
        }
    conclude(s);
    return status;
}

/* ---- afterwards ---- */

/* Whether the answers to the cases that told an axis change with what is asked. */
static mx_status follows(search *s, mx_axis axis)
{
    const mx_batch *was = &s->record[axis].store.batch;
    mxc_inferred *to = &s->to->axis[axis];
    mxc_store again;
    size_t obeyed = 0, differ = 0;
    mx_status status = mxc_store_new(&again, was, was->count);
    for (size_t i = 0; i < was->count && status == MX_OK; i++)
        mxc_copy_inputs(&again.batch, i, was, i);
    for (unsigned value = 1; value <= mx_axis_count(axis) && status == MX_OK; value++) {
        mx_profile profile = s->to->values, ask = s->to->asked;
        if (value == choose(s, axis) || (axis == MX_AXIS_ROUND && value == MX_SR) || value == open_value(axis) ||
            (axis == MX_AXIS_ROUND && was->in.random))
            continue;
        set(s, &profile, axis, value);
        set(s, &ask, axis, value);
        again.batch.profile = ask;
        mxc_expected want;
        if (mxc_subject_offer(s->subject, &again.batch, NULL) != MX_OK)
            continue;
        if (mxc_expected_new(&want, &again.batch, &profile) != MX_OK)
            continue;
        status = mxc_ask(s->subject, &again.batch, s->error);
        s->to->cases += was->count;
        int same = 1, changes = 0;
        for (size_t i = 0; i < was->count && status == MX_OK; i++)
            for (size_t cell = 0; cell < mxc_cells(was); cell++) {
                same = same && mxc_cell_match(&want, i, cell, &again.batch);
                changes = changes || !mxc_cell_match(&want, i, cell, was);
            }
        mxc_expected_free(&want);
        differ += (size_t)changes;
        obeyed += (size_t)(changes && same);
        if (status == MX_EUNSUPPORTED)
            status = MX_OK;
    }
    mxc_store_free(&again);
    if (differ && obeyed == differ)
        to->finding = MXC_FOLLOWED;
    return status;
}

/* The cases that told an axis, once more: a subject that answers otherwise cannot be inferred. */
static mx_status repeat(search *s, mx_axis axis)
{
    const mx_batch *was = &s->record[axis].store.batch;
    mxc_store again;
    mx_status status = mxc_store_new(&again, was, was->count);
    for (size_t i = 0; i < was->count && status == MX_OK; i++)
        mxc_copy_inputs(&again.batch, i, was, i);
    if (status == MX_OK)
        status = mxc_ask(s->subject, &again.batch, s->error);
    s->to->cases += was->count;
    for (size_t i = 0; i < was->count && status == MX_OK && !s->to->flaky; i++)
        for (int col = COL_OUT_VALUE; col <= COL_OUT_CODE && !s->to->flaky; col++) {
            size_t bytes = mxc_cell_bytes(was, col);
            const char *one = mxc_column(was, col), *other = mxc_column(&again.batch, col);
            if (bytes && memcmp(one + i * bytes, other + i * bytes, bytes))
                s->to->flaky = mxc_case_line(was, i, was);
        }
    mxc_store_free(&again);
    return status == MX_EUNSUPPORTED ? MX_OK : status;
}

/* An answer that fits once an axis is left open: that is its value, as more than one definite value was seen. */
static int relax(search *s, const mx_batch *one)
{
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned open = open_value(a);
        mx_profile profile = s->to->values;
        mxc_expected want;
        if (!open || mx_profile_get(&profile, a) == open || s->to->axis[a].finding == MXC_FOLLOWED)
            continue;
        mx_profile_set(&profile, a, open);
        if (mxc_expected_new(&want, one, &profile) != MX_OK)
            continue;
        int same = 1;
        for (size_t cell = 0; cell < mxc_cells(one); cell++)
            same = same && mxc_cell_match(&want, 0, cell, one);
        mxc_expected_free(&want);
        if (!same)
            continue;
        mxc_inferred *to = &s->to->axis[a];
        s->to->values = profile;
        to->finding = MXC_FOUND;
        to->fits = UINT32_C(1) << open;
        mxc_say(to->evidence, sizeof to->evidence, "no definite value fits every answer");
        free(to->witness[0]);
        to->witness[0] = mxc_case_line(one, 0, one);
        return 1;
    }
    return 0;
}

/* A case of the final check is wrong: the axis that explains it has two witnesses, the one that told it and this. */
static void blame(search *s, const mx_batch *asked, size_t i)
{
    uint64_t mask = 0;
    mx_batch one = mxc_slice(asked, i, 1);
    one.profile = s->to->values;
    if (one.profile.round != MX_SR)
        one.in.random = NULL;
    if (relax(s, &one))
        return;
    s->to->disagree++;
    if (mxc_departures_all(&one, &mask) != MX_OK)
        return;
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned value = 1; value <= mx_axis_count(a); value++) {
            unsigned bit = mxc_value_bit(a, value);
            if (bit >= 64 || !(mask >> bit & 1) || s->to->axis[a].finding == MXC_INCONSISTENT)
                continue;
            s->to->axis[a].finding = MXC_INCONSISTENT;
            if (!s->to->axis[a].witness[1])
                s->to->axis[a].witness[1] = mxc_case_line(&one, 0, &one);
            return;
        }
    if (!mask && !s->to->unexplained)
        s->to->unexplained = mxc_case_line(&one, 0, &one);
}

static mx_status check_shape(search *s, const mx_batch *shape)
{
    mxc_probes all;
    mxc_store few;
    mxc_expected want;
    mx_status status = mxc_probes_new(&all, shape);
    if (status != MX_OK)
        return status;
    size_t n = all.store.batch.count, step = n / CHECK + 1;
    unsigned char *keep = calloc(n + 1, 1);
    for (size_t i = draw(s) % step; keep && i < n; i += step)
        keep[i] = 1;
    status = keep ? subset(&few, &all.store.batch, keep) : MX_ENOMEM;
    free(keep);
    mxc_probes_free(&all);
    if (status != MX_OK)
        return status;
    status = mxc_ask(s->subject, &few.batch, s->error);
    s->to->cases += few.batch.count;
    if (status == MX_OK && (status = mxc_expected_new(&want, &few.batch, &s->to->values)) == MX_OK) {
        for (size_t i = 0; i < few.batch.count; i++) {
            int same = 1;
            for (size_t cell = 0; cell < mxc_cells(&few.batch); cell++)
                same = same && mxc_cell_match(&want, i, cell, &few.batch);
            s->to->checked++;
            if (!same)
                blame(s, &few.batch, i);
        }
        mxc_expected_free(&want);
    }
    mxc_store_free(&few);
    return status == MX_EUNSUPPORTED ? MX_OK : status;
}

static void findings(search *s)
{
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        mxc_inferred *to = &s->to->axis[a];
        set(s, &s->to->values, a, choose(s, a));
        to->fits = s->left[a];
        if (!to->finding)
            to->finding = only_one(s->left[a]) ? MXC_FOUND : MXC_CANNOT_TELL;
    }
}

static mx_status whole(search *s)
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
            status = repeat(s, a);
            if (status == MX_OK && mx_profile_get(&s->to->asked, a) == choose(s, a))
                status = follows(s, a);
        }
    for (size_t i = 0; i < s->shapes && status == MX_OK; i++)
        status = check_shape(s, &s->shape[i]);
    return status;
}

mx_status mxc_infer(mxc_inference *inference, mxc_subject *subject, const mx_profile *ask, mxv_error *error)
{
    search *s = calloc(1, sizeof *s);
    *inference = (mxc_inference){.asked = *ask, .values = *ask};
    if (!s)
        return mxc_fail(error, MX_ENOMEM, "out of memory");
    s->to = inference;
    s->subject = subject;
    s->error = error;
    inference->asked = mxc_ask_profile(subject, ask);
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        s->left[a] = ((UINT32_C(1) << mx_axis_count(a)) - 1) << 1;
    if (inference->asked.round != MX_SR)
        s->left[MX_AXIS_ROUND] &= ~(UINT32_C(1) << MX_SR);
    s->shapes = mxc_ask_shapes(subject, &inference->asked, s->shape, SHAPES);
    mx_status status = s->shapes ? whole(s) : mxc_fail(error, MX_EUNSUPPORTED, "takes no operation under this profile");
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
