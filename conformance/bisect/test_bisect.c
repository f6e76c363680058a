/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bisection over the table of mutants: each is shown by a probe, made smaller, and its stage compared with its row.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/ask.h"
#include "conformance/bisect/bisect.h"
#include "test_main.h"

/* ---- failing cases: of the packs, as a run gives them ---- */

typedef struct pack_list {
    mxv_pack **pack;
    size_t count;
} pack_list;

static pack_list all;

static void load_packs(void)
{
    mxv_error error = {0};
    mxc_paths paths;
    char *folder = mxc_data_path("vectors/packs/smoke", &error);
    ck_assert_msg(folder && mxc_paths_find(&paths, folder, ".mxv", &error) == MX_OK, "%s", error.text);
    all = (pack_list){calloc(paths.count, sizeof *all.pack), 0};
    for (size_t i = 0; i < paths.count; i++)
        ck_assert_msg(mxv_load(&all.pack[all.count++], paths.path[i], &error) == MX_OK, "%s", error.text);
    mxc_paths_free(&paths);
    free(folder);
}

/* The index of the first case of the pack that the mutant answers wrongly, or count. */
static size_t first_failure(const mxc_mutant *m, const mxv_pack *pack)
{
    mxc_store out;
    size_t i = 0;
    ck_assert_int_eq(mxc_store_new(&out, &pack->batch, pack->batch.count), MX_OK);
    mx_batch b = pack->batch;
    b.out = out.batch.out;
    if (mxc_mutant_run(m, &b) == MX_OK)
        while (i < b.count && mxc_compare(pack, i, &b.out, NULL))
            i++;
    else
        i = b.count;
    mxc_store_free(&out);
    return i;
}

/* ---- every mutant, in every operation in which it can be seen ---- */

/* Where a wrong column of outputs is all that is seen of a fault, and a fault of another stage is the same function,
 * that stage is wanted; else the one of the mutant's row. */
#define WRITTEN "no matrix is moved by itself: a byte written wrong and one moved wrong are the same function"
static const struct seen {
    const char *name;
    mx_column_kind column;
    mxc_stage stage;
    const char *why;
    int alone; /* only in quantize, when the subject has nothing else */
} seen_as[] = {
    {"always-subnormal-in-keep", MX_COL_SCALE, MXC_STAGE_AMAX, "subnormals are flushed before A is taken of them", 0},
    {"always-subnormal-in-flush", MX_COL_SCALE, MXC_STAGE_AMAX, "subnormals are flushed before A is taken of them", 0},
    {"always-subnormal-in-flush-block", MX_COL_SCALE, MXC_STAGE_AMAX, "it is A that is looked at", 0},
    {"always-int8-ocp", MX_COL_CODE, MXC_STAGE_QUOTIENT, "the unit of a code: the scale is right or not made here", 0},
    {"always-int8-int6", MX_COL_CODE, MXC_STAGE_QUOTIENT, "the unit of a code: the scale is right or not made here", 0},
    {"always-int8-int7", MX_COL_CODE, MXC_STAGE_QUOTIENT, "the unit of a code: the scale is right or not made here", 0},
    {"always-int8-ocp", MX_COL_VALUE, MXC_STAGE_DECODE, "the unit of a code", 0},
    {"always-int8-int6", MX_COL_VALUE, MXC_STAGE_DECODE, "the unit of a code", 0},
    {"always-int8-int7", MX_COL_VALUE, MXC_STAGE_DECODE, "the unit of a code", 0},
    {"amax-drops-nan", MX_COL_SCALE, MXC_STAGE_SPECIAL, "the same function as nan-in=element", 0},
    {"amax-drops-inf", MX_COL_SCALE, MXC_STAGE_SPECIAL, "the same function as inf-in=special", 0},
    {"amax-inf-as-nan", MX_COL_SCALE, MXC_STAGE_SPECIAL,
     "the same function as inf-in=block-nan, or saturate under nan-in=element", 0},
    {"rceil-is-floor-for-negative-amax", MX_COL_SCALE, MXC_STAGE_AMAX, "the sign of A reaches the rule", 0},
    {"scale-negative-amax-nan", MX_COL_SCALE, MXC_STAGE_AMAX, "the sign of A reaches the rule", 0},
    {"scale-negative-amax-00", MX_COL_SCALE, MXC_STAGE_AMAX, "the sign of A reaches the rule", 0},
    {"scale-fe-is-nan", MX_COL_SCALE, MXC_STAGE_SPECIAL,
     "where Inf alone gives fe: the same function as inf-in=block-nan", 0},
    {"scale-01-is-00", MX_COL_SCALE, MXC_STAGE_SCALE_CODE, "one byte is written as another", 0},
    {"carry-lost-to-over", MX_COL_CODE, MXC_STAGE_OVERFLOW, "only what rounds beyond the largest code is wrong", 0},
    {"tile-nan-scale-zeroed", MX_COL_SCALE, MXC_STAGE_SCALE_CODE, WRITTEN, 1},
    {"tile-byte-80-signed", MX_COL_SCALE, MXC_STAGE_SCALE_CODE, WRITTEN, 1},
    {"tile-one-byte-wrong", MX_COL_SCALE, MXC_STAGE_SCALE_CODE, WRITTEN, 1},
    {NULL, 0, 0, NULL, 0},
};

/* The failing code is that of a NaN or of a zero, which no rounding is needed for. */
static int is_special_case(const mxc_bisection *r)
{
    const mx_batch *b = &r->small.batch;
    if (r->diff.kind != MX_COL_CODE || !b->in.value)
        return 0;
    uint64_t bits = mxc_value_bits(b->in.value, b->type, r->at * b->k + r->diff.lane);
    return mxc_value_is_nan(bits, b->type) || !(bits << (64 - 8 * mx_type_bytes(b->type) + 1));
}

static mxc_stage wanted(const mxc_mutant *m, const mxc_bisection *r, int alone)
{
    mx_op op = r->small.batch.op;
    for (const struct seen *s = seen_as; s->name; s++)
        if (strcmp(s->name, m->name) == 0 && s->column == r->diff.kind && s->alone <= (alone && op == MX_OP_QUANTIZE))
            return s->stage;
    if (is_special_case(r) && (m->stage == MXC_STAGE_ROUNDING || m->stage == MXC_STAGE_AMAX))
        return MXC_STAGE_SPECIAL;
    /* bytes that are no output are seen as codes in wrong lanes */
    if (m->stage == MXC_STAGE_PACKING && (op == MX_OP_QUANTIZE || op == MX_OP_DEQUANTIZE))
        return r->stage == MXC_STAGE_PACKING ? MXC_STAGE_PACKING : MXC_STAGE_LAYOUT;
    return m->stage;
}

typedef struct score {
    size_t shown, right, small, mutants;
} score;

/* A mutant that has one operation only. */
typedef struct narrow {
    const mxc_mutant *mutant;
    mx_op op;
} narrow;

static mx_status narrow_describe(void *state, mxc_description *d, char why[MXC_LINE])
{
    const narrow *n = state;
    (void)why;
    strcpy(d->name, "narrow");
    strcpy(d->version, "1");
    d->offer[0] = (mxc_offer){.op = n->op};
    d->offers = 1;
    return MX_OK;
}

static mx_status narrow_run(void *state, const mx_batch *batch, uint8_t *answer, char why[MXC_LINE])
{
    const narrow *n = state;
    (void)why;
    memset(answer, MXC_ANSWERED, batch->count);
    return mxc_mutant_run(n->mutant, batch);
}

static const mxc_subject_ops narrow_ops = {.describe = narrow_describe, .run = narrow_run};

static void bisect_one(const mxc_mutant *m, const mxv_pack *pack, size_t i, int alone, score *to)
{
    mxc_subject *subject = NULL;
    mxc_bisection r;
    mxv_error error = {0};
    const mx_batch one = mxc_slice(&pack->batch, i, 1);
    char spec[96];
    narrow n = {m, one.op};
    snprintf(spec, sizeof spec, "mutant:%s", m->name);
    ck_assert_int_eq(alone ? mxc_subject_wrap(&subject, &narrow_ops, &n, &error)
                           : mxc_subject_open(&subject, spec, NULL, &error),
                     MX_OK);
    mx_status status = mxc_bisect(&r, subject, &one, &error);
    ck_assert_msg(status == MX_OK, "%s, %s: %s", m->name, pack->label[i].id, error.text);
    mxc_stage want = wanted(m, &r, alone);
    int right = r.outcome == MXC_BISECTED && r.stage == want;
    to->shown++;
    to->right += (size_t)right;
    to->small += r.nonzero <= 2;
    if (!right || r.nonzero > 2) {
        char *line = r.outcome == MXC_BISECTED ? mxc_case_line(&r.small.batch, r.at, &r.small.batch) : NULL;
        printf("%s, %s: wanted %s, named %s, %zu elements: %s\n    %s\n", m->name, pack->label[i].id,
               mxc_stage_name(want), r.stage ? mxc_stage_name(r.stage) : "none", r.nonzero,
               line ? r.why : "does not fail alone", line ? line : "");
        free(line);
    }
    mxc_bisection_free(&r);
    mxc_subject_free(subject);
}

/* The first failing case of up to `most` packs of each operation. A mutant that cases of every kind show converts
 * something else altogether: no one stage is wrong, and it is for a run to name it. */
static score bisect_all(size_t most, int alone)
{
    score sum = {0};
    for (const mxc_mutant *m = mxc_mutants; m->name; m++) {
        size_t done[MX_OP_LAST + 1] = {0}, any = 0;
        const int has_stage = !m->equivalent && !m->plain;
        for (size_t p = 0; p < all.count && has_stage; p++) {
            const mx_batch *b = &all.pack[p]->batch;
            if (done[b->op] == most || !mxc_mutant_concerns(m, b))
                continue;
            size_t i = first_failure(m, all.pack[p]);
            if (i == b->count)
                continue;
            done[b->op]++;
            any++;
            bisect_one(m, all.pack[p], i, alone, &sum);
        }
        ck_assert_msg(any || !has_stage, "%s: no pack shows it", m->name);
        sum.mutants += (size_t)has_stage;
    }
    printf("%zu mutants, %zu ways of seeing them, %zu stages right, %zu with at most 2 elements\n", sum.mutants,
           sum.shown, sum.right, sum.small);
    return sum;
}

START_TEST(mutants)
{
    load_packs();
    score sum = bisect_all(1, 0);
    ck_assert_uint_eq(sum.right, sum.shown);
    ck_assert_uint_eq(sum.small, sum.shown);
}
END_TEST

START_TEST(one_operation)
{
    load_packs();
    score sum = bisect_all(1, 1);
    ck_assert_uint_eq(sum.right, sum.shown);
    ck_assert_uint_eq(sum.small, sum.shown);
}
END_TEST

/* Of many packs, for check-exhaustive. There a first failing case may show a fault as another one (a NaN whose code has
 * the one bad bit, a profile under which two faults are the same function): 98 of 100 are named by their row. */
START_TEST(many_packs)
{
    const char *most = getenv("MXCTS_BISECT_PACKS");
    if (!most)
        return;
    load_packs();
    score sum = bisect_all((size_t)atoi(most), 0);
    ck_assert_uint_eq(sum.small, sum.shown);
    ck_assert_uint_ge(sum.right * 100, sum.shown * 98);
}
END_TEST

START_TEST(passes)
{
    mx_batch shape = {.op = MX_OP_CAST, .elem = MX_E4M3, .type = MX_FP32, .k = 1, .count = 1};
    mxc_store one;
    mxc_subject *subject = NULL;
    mxc_bisection r;
    shape.profile = mxc_first_profile();
    ck_assert_int_eq(mxc_store_new(&one, &shape, 1), MX_OK);
    ck_assert_int_eq(mxc_subject_open(&subject, "mutant:none", NULL, NULL), MX_OK);
    ck_assert_int_eq(mxc_bisect(&r, subject, &one.batch, NULL), MX_OK);
    ck_assert_int_eq(r.outcome, MXC_BISECT_PASSES);
    mxc_bisection_free(&r);
    mxc_subject_free(subject);
    mxc_store_free(&one);
}
END_TEST

/* A subject whose answer is the number of times it was asked. */
static unsigned asked;

static mx_status whim_describe(void *state, mxc_description *d, char why[MXC_LINE])
{
    (void)state;
    strcpy(d->name, "whim");
    strcpy(d->version, "1");
    return mxc_offers_parse(d, "cast:*:*", 8, why);
}

static mx_status whim_run(void *state, const mx_batch *batch, uint8_t *answer, char why[MXC_LINE])
{
    (void)state;
    (void)why;
    memset(batch->out.code, (int)(++asked & 7), batch->count);
    memset(answer, MXC_ANSWERED, batch->count);
    return MX_OK;
}

START_TEST(flaky)
{
    static const mxc_subject_ops ops = {.describe = whim_describe, .run = whim_run};
    mx_batch shape = {.op = MX_OP_CAST, .elem = MX_E4M3, .type = MX_FP32, .k = 1, .count = 1};
    mxc_store one;
    mxc_subject *subject = NULL;
    mxc_bisection r;
    shape.profile = mxc_first_profile();
    ck_assert_int_eq(mxc_store_new(&one, &shape, 1), MX_OK);
    ck_assert_int_eq(mxc_subject_wrap(&subject, &ops, NULL, NULL), MX_OK);
    ck_assert_int_eq(mxc_bisect(&r, subject, &one.batch, NULL), MX_OK);
    ck_assert_int_eq(r.outcome, MXC_BISECT_FLAKY);
    mxc_bisection_free(&r);
    mxc_subject_free(subject);
    mxc_store_free(&one);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("bisect");
    tcase_set_timeout(t, 600);
    tcase_add_test(t, mutants);
    tcase_add_test(t, one_operation);
    tcase_add_test(t, many_packs);
    tcase_add_test(t, passes);
    tcase_add_test(t, flaky);
    return test_main(t);
}
