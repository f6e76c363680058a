/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/sweep/sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>

#include "conformance/adapters/subject.h"
#include "conformance/error.h"
#include "vectors/text.h"

/* Patterns asked at a time: small enough for what belongs to them to stay in the second-level cache. */
enum { CHUNK = 1 << 14, LANES = 32 };

size_t mxc_domain_name(const mxc_domain *domain, char text[MXC_DOMAIN_TEXT])
{
    const mx_batch *shape = &domain->shape;
    const char *op = mx_op_name(shape->op), *elem = mx_elem_name(shape->elem), *type = mx_type_name(shape->type);
    size_t n;

    if (!op || !elem || !type)
        return 0;
    n = (size_t)snprintf(text, MXC_DOMAIN_TEXT, "%s elem=%s type=%s", op, elem, type);
    if (shape->op == MX_OP_SCALED_CAST)
        n += (size_t)snprintf(text + n, MXC_DOMAIN_TEXT - n, " byte=%02x", domain->scale);
    for (mx_axis a = MX_AXIS_SCALE; a <= MX_AXIS_LAST; a++) {
        char value[MX_VALUE_TEXT];
        if (!mx_axis_matters(a, shape->op, shape->elem, shape->type, &shape->profile))
            continue;
        n += (size_t)snprintf(text + n, MXC_DOMAIN_TEXT - n, " %s=%s", mx_axis_name(a),
                              mx_profile_value(&shape->profile, a, value));
        if (a == MX_AXIS_ROUND && shape->profile.round == MX_SR)
            n += (size_t)snprintf(text + n, MXC_DOMAIN_TEXT - n, " random=%" PRIx32, domain->random);
    }
    return n;
}

static uint64_t patterns_of(const mxc_domain *domain)
{
    return UINT64_C(1) << (8 * mx_type_bytes(domain->shape.type));
}

size_t mxc_domain_shards(const mxc_domain *domain)
{
    const uint64_t patterns = patterns_of(domain);
    return patterns < MXC_SHARD ? 1 : (size_t)(patterns / MXC_SHARD);
}

static uint64_t shard_size(const mxc_domain *domain)
{
    const uint64_t patterns = patterns_of(domain);
    return patterns < MXC_SHARD ? patterns : MXC_SHARD;
}

/* ---- digests ---- */

/* The runs of a shard on their way into the digest: neighbours with the same answer become one run. */
typedef struct runs {
    struct sha256_ctx sha;
    int answer; /* of the run under way: a code, 256 for free, -1 before the first */
} runs;

static void runs_add(runs *r, uint64_t first, int answer)
{
    char line[32];
    int n;
    if (answer == r->answer)
        return;
    r->answer = answer;
    if (answer == 256)
        n = snprintf(line, sizeof line, "%08" PRIx64 " xx\n", first);
    else
        n = snprintf(line, sizeof line, "%08" PRIx64 " %02x\n", first, (unsigned)answer);
    sha256_update(&r->sha, (size_t)n, (const uint8_t *)line);
}

static void hex(struct sha256_ctx *sha, char text[65])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(sha, sizeof digest, digest);
    mxv_hex(text, digest, sizeof digest);
}

static void runs_begin(runs *r)
{
    sha256_init(&r->sha);
    r->answer = -1;
}

static int step_answer(const mxc_step *step)
{
    return step->open ? 256 : step->answer;
}

/* The runs that the table has for patterns first..first+count-1. */
static void runs_expected(runs *r, const mxc_steps *steps, uint64_t first, uint64_t count)
{
    for (size_t i = mxc_steps_at(steps, first); i < steps->count && steps->step[i].first < first + count; i++)
        runs_add(r, steps->step[i].first > first ? steps->step[i].first : first, step_answer(steps->step + i));
}

void mxc_shard_expected(const mxc_domain *domain, const mxc_steps *steps, size_t index, char sha256[65])
{
    runs r;
    runs_begin(&r);
    runs_expected(&r, steps, index * shard_size(domain), shard_size(domain));
    hex(&r.sha, sha256);
}

/* The runs of answers of which some are wrong: pattern by pattern. */
static void runs_actual(runs *r, const mxc_steps *steps, uint64_t first, const uint8_t *answer, size_t count,
                        mx_elem elem)
{
    for (size_t i = 0; i < count; i++) {
        const mxc_step *step = steps->step + mxc_steps_at(steps, first + i);
        uint64_t unused;
        const int right = mxc_steps_compare(steps, first + i, answer + i, 1, elem, &unused) == 0;
        runs_add(r, first + i, right ? step_answer(step) : answer[i]);
    }
}

/* ---- asking ---- */

/* Buffers for a chunk, and for the anchor that takes one lane of each block. */
enum { CELLS = CHUNK / (LANES - 1) * LANES + LANES };

struct mxc_sweeper {
    mxc_subject *subject;
    mxc_via via;
    const mxc_steps *anchors;
    uint32_t value[CELLS], random[CELLS];
    uint8_t scale[CHUNK], fate[CHUNK], code[CELLS], answer[CHUNK];
};

mx_status mxc_sweeper_make(mxc_sweeper **sweeper, mxc_subject *subject, mxc_via via, const mxc_steps *anchors)
{
    mxc_sweeper *s = malloc(sizeof *s);
    if (!s)
        return MX_ENOMEM;
    s->subject = subject;
    s->via = via;
    s->anchors = anchors;
    *sweeper = s;
    return MX_OK;
}

void mxc_sweeper_free(mxc_sweeper *sweeper)
{
    free(sweeper);
}

static void put(void *values, size_t bytes, size_t i, uint64_t pattern)
{
    if (bytes == 4)
        ((uint32_t *)values)[i] = (uint32_t)pattern;
    else
        ((uint16_t *)values)[i] = (uint16_t)pattern;
}

/* Consecutive patterns, as fast as they can be stored. */
static void fill(void *values, size_t bytes, uint64_t first, size_t count)
{
    uint32_t *const word = values;
    uint16_t *const half = values;
    const uint32_t begin = (uint32_t)first;
    if (bytes == 4) {
#pragma omp simd
        for (uint32_t i = 0; i < (uint32_t)count; i++)
            word[i] = begin + i;
    } else {
#pragma omp simd
        for (uint32_t i = 0; i < (uint32_t)count; i++)
            half[i] = (uint16_t)(begin + i);
    }
}

/* A batch, of which every case must be answered. */
static mx_status run_all(mxc_sweeper *s, const mx_batch *batch, mxv_error *error)
{
    const mxc_counts before = *mxc_subject_counts(s->subject);
    const mx_status status = mxc_subject_run(s->subject, batch, s->fate, error);
    if (status != MX_OK || mxc_subject_counts(s->subject)->answered == before.answered + batch->count)
        return status;
    if (mxc_subject_counts(s->subject)->refused != before.refused)
        return mxc_fail(error, MX_EUNSUPPORTED, "the subject refused cases of an accepted batch");
    return mxc_fail(error, MX_EPROTOCOL, "the subject left cases of an accepted batch unanswered");
}

/* Patterns first..first+count-1 by the operation itself; answers into d->answer. */
static mx_status ask_itself(mxc_sweeper *d, const mxc_domain *domain, uint64_t first, size_t count, mxv_error *error)
{
    mx_batch batch = domain->shape;
    batch.k = 1;
    batch.count = count;
    batch.in = (mx_inputs){.value = d->value};
    batch.out = (mx_outputs){0};
    if (batch.op == MX_OP_SCALED_CAST)
        batch.in.scale = d->scale;
    if (batch.op == MX_OP_SCALE)
        batch.out.scale = d->answer;
    else
        batch.out.code = d->answer;
    if (batch.op != MX_OP_SCALE && batch.profile.round == MX_SR)
        batch.in.random = d->random;
    fill(d->value, mx_type_bytes(batch.type), first, count);
    return run_all(d, &batch, error);
}

/* The same patterns in blocks behind an anchor. A scale byte other than the wanted one makes its block wrong: the
 * codes are then inverted, so that the comparison sees it. */
static mx_status ask_blocks(mxc_sweeper *d, const mxc_domain *domain, uint64_t first, size_t count, uint64_t anchor,
                            mxv_error *error)
{
    const size_t bytes = mx_type_bytes(domain->shape.type), blocks = (count + LANES - 2) / (LANES - 1);
    mx_batch batch = domain->shape;
    batch.op = MX_OP_QUANTIZE;
    batch.k = LANES;
    batch.count = blocks;
    batch.in = (mx_inputs){.value = d->value};
    batch.out = (mx_outputs){.scale = d->scale, .code = d->code};
    if (batch.profile.round == MX_SR)
        batch.in.random = d->random;
    for (size_t b = 0, i = 0; b < blocks; b++) {
        put(d->value, bytes, b * LANES, anchor);
        for (size_t lane = 1; lane < LANES; lane++, i++)
            put(d->value, bytes, b * LANES + lane, i < count ? first + i : 0);
    }
    const mx_status status = run_all(d, &batch, error);
    for (size_t b = 0, i = 0; status == MX_OK && b < blocks; b++)
        for (size_t lane = 1; lane < LANES && i < count; lane++, i++) {
            const uint8_t code = d->code[b * LANES + lane];
            d->answer[i] = d->scale[b] == domain->scale ? code : (uint8_t)~code;
        }
    return status;
}

/* The largest magnitude that gives the domain's scale byte, from the table of op scale; 0 when there is none. */
static uint64_t anchor_of(const mxc_domain *domain, const mxc_steps *anchors)
{
    const uint64_t half = anchors->patterns / 2;
    uint64_t anchor = 0;
    for (size_t i = 0; i < anchors->count && anchors->step[i].first < half; i++)
        if (anchors->step[i].answer == domain->scale && !anchors->step[i].open) {
            const uint64_t end = i + 1 < anchors->count ? anchors->step[i + 1].first : anchors->patterns;
            anchor = (end < half ? end : half) - 1;
        }
    return anchor;
}

/* ---- one shard ---- */

/* Compare what is in d->answer and add it to the result and the digest. */
static void judge(mxc_shard *result, runs *r, const mxc_sweeper *d, const mxc_domain *domain, const mxc_steps *steps,
                  uint64_t first, size_t count)
{
    uint64_t at = 0;
    const uint64_t wrong = mxc_steps_compare(steps, first, d->answer, count, domain->shape.elem, &at);
    if (wrong && !result->wrong) {
        result->first_wrong = at;
        result->want = steps->step[mxc_steps_at(steps, at)].answer;
        result->got = d->answer[at - first];
    }
    result->wrong += wrong;
    result->cases += count;
    if (wrong)
        runs_actual(r, steps, first, d->answer, count, domain->shape.elem);
    else
        runs_expected(r, steps, first, count);
}

/* Patterns first..first+count-1 to the subject. *asked: how many of them can be. */
static mx_status ask(mxc_sweeper *s, const mxc_domain *domain, uint64_t anchor, uint64_t first, size_t count,
                     size_t *asked, mxv_error *error)
{
    *asked = count;
    if (s->via == MXC_VIA_ITSELF)
        return ask_itself(s, domain, first, count, error);
    /* patterns up to the anchor, of either sign: the first `reach` of these */
    const uint64_t magnitude = first & (patterns_of(domain) / 2 - 1);
    const uint64_t reach = magnitude > anchor ? 0 : anchor - magnitude + 1;
    if (reach < count)
        *asked = (size_t)reach;
    return *asked ? ask_blocks(s, domain, first, *asked, anchor, error) : MX_OK;
}

mx_status mxc_sweep_shard(mxc_sweeper *sweeper, mxc_shard *result, const mxc_domain *domain, const mxc_steps *steps,
                          size_t index, mxv_error *error)
{
    const uint64_t size = shard_size(domain), begin = index * size;
    const uint64_t anchor = sweeper->via == MXC_VIA_QUANTIZE ? anchor_of(domain, sweeper->anchors) : 0;
    mx_status status = MX_OK;
    runs r;

    *result = (mxc_shard){0};
    if (sweeper->via == MXC_VIA_QUANTIZE && anchor == 0)
        return mxc_fail(error, MX_EUNSUPPORTED, "no block maximum gives the scale byte %02x", domain->scale);
    memset(sweeper->scale, domain->scale, sizeof sweeper->scale);
    if (domain->shape.profile.round == MX_SR)
        for (size_t i = 0; i < CELLS; i++)
            sweeper->random[i] = domain->random;
    runs_begin(&r);
    for (uint64_t done = 0; done < size && status == MX_OK; done += CHUNK) {
        const uint64_t first = begin + done;
        const size_t all = size - done < CHUNK ? (size_t)(size - done) : CHUNK;
        size_t count;
        status = ask(sweeper, domain, anchor, first, all, &count, error);
        if (status == MX_OK && count)
            judge(result, &r, sweeper, domain, steps, first, count);
        if (count < all) {
            result->skipped += all - count;
            runs_add(&r, first + count, 256);
        }
    }
    hex(&r.sha, result->sha256);
    return status;
}
