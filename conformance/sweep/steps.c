/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/sweep/steps.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

/* Both derivations are asked in batches: bisection goes level by level over all open intervals at once. */
typedef mx_status (*oracle)(const mx_batch *, const mxref_free *);

/* An interval of patterns whose ends are known: same answer at both means the same throughout. */
typedef struct interval {
    uint64_t lo, hi;
    uint8_t lo_answer, lo_open, hi_answer, hi_open;
} interval;

typedef struct builder {
    mx_batch shape;
    uint8_t scale;
    uint32_t random;
    size_t capacity; /* of the arrays below, in patterns */
    uint64_t *pattern;
    void *value;
    uint8_t *scales, *answer, *open;
    uint32_t *randoms;
} builder;

static void builder_free(builder *b)
{
    free(b->pattern);
    free(b->value);
    free(b->scales);
    free(b->answer);
    free(b->open);
    free(b->randoms);
}

static mx_status builder_room(builder *b, size_t n)
{
    if (n <= b->capacity)
        return MX_OK;
    builder_free(b);
    b->pattern = malloc(n * sizeof *b->pattern);
    b->value = malloc(n * mx_type_bytes(b->shape.type));
    b->scales = malloc(n);
    b->answer = malloc(n);
    b->open = malloc(n);
    b->randoms = malloc(n * sizeof *b->randoms);
    b->capacity = n;
    return b->pattern && b->value && b->scales && b->answer && b->open && b->randoms ? MX_OK : MX_ENOMEM;
}

/* Answers of `ask` for pattern[0..n). */
static mx_status builder_ask(builder *b, oracle ask, size_t n)
{
    const mx_op_info *op = mx_op_info_of(b->shape.op);
    mx_batch batch = b->shape;
    mxref_free open = {0};

    for (size_t i = 0; i < n; i++) {
        b->scales[i] = b->scale;
        b->randoms[i] = b->random;
        if (mx_type_bytes(batch.type) == 4)
            ((uint32_t *)b->value)[i] = (uint32_t)b->pattern[i];
        else
            ((uint16_t *)b->value)[i] = (uint16_t)b->pattern[i];
    }
    memset(b->open, 0, n);
    batch.k = 1;
    batch.count = n;
    batch.in = (mx_inputs){.value = b->value};
    batch.out = (mx_outputs){0};
    if (op->rounds && batch.profile.round == MX_SR)
        batch.in.random = b->randoms;
    if (batch.op == MX_OP_SCALED_CAST)
        batch.in.scale = b->scales;
    if (batch.op == MX_OP_SCALE)
        batch.out.scale = b->answer, open.scale = b->open;
    else
        batch.out.code = b->answer, open.code = b->open;
    return ask(&batch, &open);
}

/* ---- the growing table ---- */

static int step_is_nan(const mx_batch *shape, uint64_t pattern, uint8_t answer);

static mx_status append(mxc_steps *s, size_t *room, const mx_batch *shape, uint64_t first, uint8_t answer, uint8_t open)
{
    if (s->count && s->step[s->count - 1].answer == answer && s->step[s->count - 1].open == open &&
        s->step[s->count - 1].is_nan == step_is_nan(shape, first, answer))
        return MX_OK;
    if (s->count == *room) {
        size_t more = *room ? *room * 2 : 64;
        mxc_step *grown = realloc(s->step, more * sizeof *grown);
        if (!grown)
            return MX_ENOMEM;
        s->step = grown;
        *room = more;
    }
    s->step[s->count++] = (mxc_step){first, answer, open, (uint8_t)step_is_nan(shape, first, answer)};
    return MX_OK;
}

/* Special patterns of a source type: the exponent field all ones. */
static uint64_t inf_pattern(mx_type type)
{
    return type == MX_FP32 ? 0x7f800000u : type == MX_BF16 ? 0x7f80u : 0x7c00u;
}

/* 1 when a NaN code stands for any NaN code here, as in the suite's comparison: nan-code judges NaN sources and NaN
 * scales, overflow-nan the rest. */
static int step_is_nan(const mx_batch *shape, uint64_t pattern, uint8_t answer)
{
    uint64_t sign = (mx_type_bytes(shape->type) == 4 ? UINT64_C(1) << 31 : UINT64_C(1) << 15);
    uint64_t magnitude = pattern & (sign - 1);

    if (shape->op == MX_OP_SCALE || !mxc_is_nan_code(shape->elem, answer))
        return 0;
    if (magnitude > inf_pattern(shape->type))
        return shape->profile.nan_code == MX_NAN_CODE_ANY;
    return shape->profile.overflow_nan == MX_OVERFLOW_NAN_ANY;
}

/* Whether an answer may change between the ends. */
static int is_open(const interval *v)
{
    return v->hi - v->lo > 1 && (v->lo_answer != v->hi_answer || v->lo_open != v->hi_open);
}

static uint64_t middle(const interval *v)
{
    return v->lo + (v->hi - v->lo) / 2;
}

/* Ask the middles of all `open` intervals, and cut these there. */
static mx_status split(builder *b, interval **work, size_t *n, size_t open)
{
    mx_status status = builder_room(b, open);
    interval *made = malloc((*n + open) * sizeof *made);
    size_t asked = 0, count = 0;

    if (status != MX_OK || !made) {
        free(made);
        return MX_ENOMEM;
    }
    for (size_t i = 0; i < *n; i++)
        if (is_open(*work + i))
            b->pattern[asked++] = middle(*work + i);
    status = builder_ask(b, mxref_run, asked);
    asked = 0;
    for (size_t i = 0; i < *n && status == MX_OK; i++) {
        interval v = (*work)[i];
        if (!is_open(&v)) {
            made[count++] = v;
            continue;
        }
        uint8_t answer = b->answer[asked], is_free = b->open[asked];
        asked++;
        made[count++] = (interval){v.lo, middle(&v), v.lo_answer, v.lo_open, answer, is_free};
        made[count++] = (interval){middle(&v), v.hi, answer, is_free, v.hi_answer, v.hi_open};
    }
    free(*work);
    *work = made;
    *n = count;
    return status;
}

/* Split every interval whose ends differ until the ends are neighbours. `work` holds `n` intervals in ascending order
 * and is replaced by the finished ones. */
static mx_status bisect(builder *b, interval **work, size_t *n)
{
    for (;;) {
        size_t open = 0;
        for (size_t i = 0; i < *n; i++)
            open += (size_t)is_open(*work + i);
        if (!open)
            return MX_OK;
        mx_status status = split(b, work, n, open);
        if (status != MX_OK)
            return status;
    }
}

/* Append the steps of the patterns lo..hi (both included), on which answers are monotone. */
static mx_status add_range(builder *b, mxc_steps *s, size_t *room, uint64_t lo, uint64_t hi)
{
    mx_status status = builder_room(b, 2);
    interval *work = malloc(sizeof *work);
    size_t n = 1;

    if (status != MX_OK || !work) {
        free(work);
        return MX_ENOMEM;
    }
    b->pattern[0] = lo;
    b->pattern[1] = hi;
    status = builder_ask(b, mxref_run, 2);
    *work = (interval){lo, hi, b->answer[0], b->open[0], b->answer[1], b->open[1]};
    if (status == MX_OK)
        status = bisect(b, &work, &n);
    for (size_t i = 0; i < n && status == MX_OK; i++) {
        status = append(s, room, &b->shape, work[i].lo, work[i].lo_answer, work[i].lo_open);
        if (status == MX_OK)
            status = append(s, room, &b->shape, work[i].hi, work[i].hi_answer, work[i].hi_open);
    }
    free(work);
    return status;
}

/* The witness must give each step's answer at its first and last pattern. */
static mx_status confirm(builder *b, const mxc_steps *s)
{
    mx_status status = builder_room(b, 2 * s->count);
    if (status != MX_OK)
        return status;
    for (size_t i = 0; i < s->count; i++) {
        b->pattern[2 * i] = s->step[i].first;
        b->pattern[2 * i + 1] = (i + 1 < s->count ? s->step[i + 1].first : s->patterns) - 1;
    }
    status = builder_ask(b, mxref_witness, 2 * s->count);
    for (size_t i = 0; i < 2 * s->count && status == MX_OK; i++)
        if (b->answer[i] != s->step[i / 2].answer || b->open[i] != s->step[i / 2].open)
            status = MX_EINTERNAL;
    return status;
}

/* Monotone: over the finite magnitudes of one sign no answer comes back after another took its place. */
static mx_status check_monotone(const mxc_steps *s, uint64_t lo, uint64_t hi)
{
    uint8_t seen[256] = {0};
    for (size_t i = mxc_steps_at(s, lo); i < s->count && s->step[i].first <= hi; i++) {
        if (s->step[i].open)
            continue;
        if (seen[s->step[i].answer]++)
            return MX_EINTERNAL;
    }
    return MX_OK;
}

mx_status mxc_steps_build(mxc_steps *steps, const mx_batch *shape, uint8_t scale, uint32_t random)
{
    const int known = shape->op == MX_OP_CAST || shape->op == MX_OP_SCALED_CAST || shape->op == MX_OP_SCALE;
    const size_t bytes = mx_type_bytes(shape->type);
    if (!known || (bytes != 2 && bytes != 4))
        return MX_EINVAL;

    builder b = {.shape = *shape, .scale = scale, .random = random};
    mxc_steps s = {.patterns = UINT64_C(1) << (8 * bytes)};
    const uint64_t half = s.patterns / 2, inf = inf_pattern(shape->type);
    size_t room = 0;
    mx_status status = MX_OK;
    for (uint64_t sign = 0; sign < s.patterns && status == MX_OK; sign += half) {
        status = add_range(&b, &s, &room, sign, sign + inf - 1);
        if (status == MX_OK)
            status = add_range(&b, &s, &room, sign + inf, sign + inf);
        if (status == MX_OK)
            status = add_range(&b, &s, &room, sign + inf + 1, sign + half - 1);
        if (status == MX_OK)
            status = check_monotone(&s, sign, sign + inf - 1);
    }
    if (status == MX_OK)
        status = confirm(&b, &s);
    builder_free(&b);
    if (status != MX_OK) {
        mxc_steps_free(&s);
        return status;
    }
    *steps = s;
    return MX_OK;
}

void mxc_steps_free(mxc_steps *steps)
{
    free(steps->step);
    *steps = (mxc_steps){0};
}

size_t mxc_steps_at(const mxc_steps *steps, uint64_t pattern)
{
    size_t lo = 0, hi = steps->count;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (steps->step[mid].first <= pattern)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* ---- comparison ---- */

/* Any byte of answer[0..n) that is not `want`? None, when the first is and each is its neighbour. */
static int differs(const uint8_t *answer, size_t n, uint8_t want)
{
    return n != 0 && (answer[0] != want || memcmp(answer, answer + 1, n - 1) != 0);
}

int mxc_is_nan_code(mx_elem elem, uint8_t code)
{
    const mx_facts *f = mxref_facts(elem);
    return f->has_nan && (code & 0x7fu) >= f->nan_first && (code & 0x7fu) <= f->nan_last;
}

/* Wrong answers in a run that was seen to differ, or that compares as a class. */
static uint64_t count_wrong(const mxc_step *step, uint64_t first, const uint8_t *answer, size_t n, mx_elem elem,
                            uint64_t *wrong, int already)
{
    uint64_t found = 0;
    for (size_t i = 0; i < n; i++) {
        int good = step->is_nan ? mxc_is_nan_code(elem, answer[i]) : answer[i] == step->answer;
        if (!good && !found++ && !already)
            *wrong = first + i;
    }
    return found;
}

uint64_t mxc_steps_compare(const mxc_steps *steps, uint64_t first, const uint8_t *answer, size_t count, mx_elem elem,
                           uint64_t *wrong)
{
    uint64_t bad = 0;
    size_t done = 0;
    for (size_t i = mxc_steps_at(steps, first); done < count; i++) {
        const mxc_step *step = steps->step + i;
        const uint64_t end = i + 1 < steps->count ? steps->step[i + 1].first : steps->patterns;
        const uint64_t at = first + done;
        const size_t left = count - done;
        const size_t n = end - at < left ? (size_t)(end - at) : left;
        if (!step->open && differs(answer + done, n, step->answer))
            bad += count_wrong(step, at, answer + done, n, elem, wrong, bad != 0);
        done += n;
    }
    return bad;
}
