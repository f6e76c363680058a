/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bisection over the table of mutants: each is shown by a probe, made smaller, and its stage compared with its row.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/ask.h"
#include "conformance/bisect.h"
#include "conformance/probes.h"

/* Copy into `one` the first probe of this shape that the mutant answers wrongly; 0 when there is none. */
static int find_failure(const mxc_mutant *m, const mx_batch *shape, mxc_store *one)
{
    mxc_probes probes;
    mxc_expected want;
    int found = 0;
    ck_assert_int_eq(mxc_probes_new(&probes, shape), MX_OK);
    const mx_batch *b = &probes.store.batch;
    if (mxc_mutant_run(m, b) == MX_OK && mxc_expected_new(&want, b, &shape->profile) == MX_OK) {
        for (size_t i = 0; i < b->count && !found; i++)
            for (size_t cell = 0; cell < mxc_cells(b) && !found; cell++)
                if (!mxc_cell_match(&want, i, cell, b)) {
                    ck_assert_int_eq(mxc_store_new(one, shape, 1), MX_OK);
                    mxc_copy_inputs(&one->batch, 0, b, i);
                    found = 1;
                }
        mxc_expected_free(&want);
    }
    mxc_probes_free(&probes);
    return found;
}

static int show(const mxc_mutant *m, mxc_bisection *r)
{
    static const mx_op ops[] = {MX_OP_SCALE, MX_OP_QUANTIZE, MX_OP_SCALED_CAST,
                                MX_OP_CAST,  MX_OP_DECODE,   MX_OP_DEQUANTIZE};
    for (size_t o = 0; o < 6; o++)
        for (mx_elem e = 1; e <= MX_ELEM_LAST; e++)
            for (mx_type t = 1; t <= MX_TYPE_LAST; t++) {
                mx_batch shape = {.op = ops[o], .elem = e, .type = t, .count = 1};
                mxc_store one;
                shape.k = mx_op_info_of(ops[o])->is_block ? 32 : 1;
                shape.profile = mxc_first_profile();
                if (!mxc_mutant_concerns(m, &shape) || !find_failure(m, &shape, &one))
                    continue;
                char spec[96];
                mxc_subject *subject = NULL;
                mxv_error error = {0};
                snprintf(spec, sizeof spec, "mutant:%s", m->name);
                ck_assert_int_eq(mxc_subject_open(&subject, spec, NULL, NULL), MX_OK);
                mx_status status = mxc_bisect(r, subject, &one.batch, &error);
                mxc_subject_free(subject);
                mxc_store_free(&one);
                if (status == MX_OK && r->outcome == MXC_BISECTED)
                    return 1;
                mxc_bisection_free(r); /* it needs the block before it */
            }
    return 0;
}

START_TEST(mutants)
{
    size_t shown = 0, right = 0, small = 0;
    for (const mxc_mutant *m = mxc_mutants; m->name; m++) {
        mxc_bisection r;
        if (m->equivalent || !show(m, &r))
            continue;
        shown++;
        right += r.stage == m->stage;
        small += r.nonzero <= 2;
        if (getenv("MXCTS_VERBOSE") && (r.stage != m->stage || r.nonzero > 2))
            printf("%-32s %-10s named %-10s %zu elements, op %s: %s\n", m->name, mxc_stage_name(m->stage),
                   r.stage ? mxc_stage_name(r.stage) : "-", r.nonzero, mx_op_name(r.small.batch.op), r.why);
        mxc_bisection_free(&r);
    }
    printf("%zu mutants shown, %zu stages right, %zu with at most 2 elements\n", shown, right, small);
    ck_assert_uint_ge(shown, 150);
    ck_assert_msg(small * 100 >= shown * 95, "%zu of %zu small", small, shown);
    ck_assert_msg(right * 100 >= shown * 75, "%zu of %zu stages right", right, shown);
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
    static const mxc_subject_ops ops = {whim_describe, NULL, whim_run, NULL, NULL};
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
    Suite *suite = suite_create("bisect");
    TCase *t = tcase_create("bisect");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, mutants);
    tcase_add_test(t, passes);
    tcase_add_test(t, flaky);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
