/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packs as they are written: classes of cases, ids, the rows that the smoke tier keeps, and bytes that do not depend on
 * the number of threads.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/generate/points.h"
#include "conformance/generate/test_plans.h"
#include "test_main.h"

/* ---- classes of cases ---- */

/* Asking only for the rows that can depend on an axis finds the same as asking for all. */
START_TEST(classes_by_filter)
{
    static const char *const names[] = {
        "quantize.e4m3.fp32.floor",     "quantize.int8.fp64.floor", "cast.e5m2.fp32.special",
        "cast.int8.fp32.full",          "scale.e2m1.fp64.rceil",    "scaled-cast.e4m3.fp32.under-nan",
        "quantize.e2m1.fp32.under-nan", "dequantize.e4m3.fp16.inf", "quantize.e4m3.fp32.inf-max"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        mxv_pack *pack = make_pack(names[n]);
        const size_t count = pack->batch.count;
        mx_class *few = calloc(count, sizeof *few), *all = calloc(count, sizeof *all);
        uint32_t *few_axes = calloc(count, sizeof *few_axes), *all_axes = calloc(count, sizeof *all_axes);
        ck_assert_int_eq(mxc_classify(pack, few, few_axes, 0), MX_OK);
        ck_assert_int_eq(mxc_classify(pack, all, all_axes, 1), MX_OK);
        for (size_t i = 0; i < count; i++) {
            ck_assert_msg(few[i] == all[i], "%s: %s or %s", pack->label[i].id, mx_class_name(few[i]),
                          mx_class_name(all[i]));
            ck_assert_msg(few_axes[i] == all_axes[i], "%s: axes %x or %x", pack->label[i].id, (unsigned)few_axes[i],
                          (unsigned)all_axes[i]);
        }
        free(few), free(all), free(few_axes), free(all_axes);
        mxv_pack_free(pack);
    }
}
END_TEST

static mx_class class_of_value(const mxv_pack *pack, uint32_t bits)
{
    const uint32_t *value = pack->batch.in.value;
    for (size_t i = 0; i < pack->batch.count; i++)
        if (value[i * pack->batch.k] == bits)
            return pack->label[i].class_;
    ck_abort_msg("no case with %08x", (unsigned)bits);
    return MX_MUST;
}

START_TEST(classes_by_hand)
{
    mxv_pack *pack = make_pack("cast.e4m3.fp32.ocp");
    ck_assert_int_eq(class_of_value(pack, 0x3f800000), MX_MUST);   /* 1.0 */
    ck_assert_int_eq(class_of_value(pack, 0x43e80000), MX_MUST);   /* saturation of a cast must be offered */
    ck_assert_int_eq(class_of_value(pack, 0x80000000), MX_SILENT); /* -0 */
    mxv_pack_free(pack);
    pack = make_pack("cast.e2m1.fp32.ocp");
    ck_assert_int_eq(class_of_value(pack, 0x7fc00000), MX_FREE); /* NaN to a format without one */
    mxv_pack_free(pack);
    pack = make_pack("scale.e4m3.fp32.floor");
    ck_assert_int_eq(class_of_value(pack, 0x7fc00000), MX_SILENT);
    ck_assert_int_eq(class_of_value(pack, 0), MX_SILENT);
    mxv_pack_free(pack);
    pack = make_pack("quantize.e4m3.fp32.floor");
    ck_assert_int_eq(class_of_value(pack, 0x43f00000), MX_SHOULD); /* 480: the clamp of 6.3 */
    mxv_pack_free(pack);
}
END_TEST

/* ---- determinism ---- */

START_TEST(threads_do_not_matter)
{
    enum { COUNT = 40 };
    const size_t count = COUNT, stride = plan_count / COUNT;
    mxc_plan some[COUNT]; /* of every operation, with drawn points among them */
    mxc_made one[COUNT], three[COUNT];
    mxc_tag_counts tags1, tags3;
    mxv_error error = {0};
    int drawn = 0;
    for (size_t i = 0; i < count; i++) {
        some[i] = plans[i * stride];
        drawn += (some[i].recipe->classes & MXC_RANDOM) != 0;
    }
    ck_assert_int_gt(drawn, 5);
    ck_assert_int_eq(mxc_make_packs(some, count, &(mxc_make){.threads = 1}, one, &tags1, &error), MX_OK);
    ck_assert_int_eq(mxc_make_packs(some, count, &(mxc_make){.threads = 3}, three, &tags3, &error), MX_OK);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(one[i].cases, three[i].cases);
        ck_assert_str_eq(one[i].sha256, three[i].sha256);
    }
    ck_assert_uint_eq(tags1.tags, tags3.tags);
    for (size_t i = 0; i < tags1.tags; i++) {
        ck_assert_str_eq(tags1.count[i].tag, tags3.count[i].tag);
        ck_assert_uint_eq(tags1.count[i].count, tags3.count[i].count);
    }
    free(tags1.count);
    free(tags3.count);
}
END_TEST

/* Ids are the pack's name with a short operation, and a number: the names of the full tier, which holds those of the
 * smoke tier, differ. */
START_TEST(ids_are_unique)
{
    mxc_plan *full;
    size_t full_count;
    mxv_error error = {0};
    ck_assert_int_eq(mxc_plans(&full, &full_count, MXC_FULL, &error), MX_OK);
    for (size_t i = 1; i < full_count; i++)
        ck_assert_str_ne(full[i - 1].name, full[i].name);
    free(full);
    mxv_pack *pack = make_pack("quantize.e4m3.fp32.floor");
    ck_assert_str_eq(pack->label[16].id, "q.e4m3.fp32.floor.000017");
    mxv_pack_free(pack);
}
END_TEST

static void check_same_row(const mxv_pack *a, size_t i, const mxv_pack *b, size_t j)
{
    char *x = malloc(mxv_inputs_text(&a->batch)), *y = malloc(mxv_inputs_text(&b->batch));
    mxv_format_inputs(&a->batch, i, x);
    mxv_format_inputs(&b->batch, j, y);
    ck_assert_str_eq(x, y);
    ck_assert_str_eq(a->label[i].id, b->label[j].id);
    ck_assert_str_eq(a->label[i].tags, b->label[j].tags);
    ck_assert_int_eq(a->label[i].class_, b->label[j].class_);
    free(x);
    free(y);
}

/* A row of the smoke tier is the row of the whole pack that its id says, in inputs and labels. */
START_TEST(kept_rows_are_rows_of_the_whole)
{
    mxc_plan *smoke;
    size_t smoke_count;
    mxv_error error = {0};
    ck_assert_int_eq(mxc_plans(&smoke, &smoke_count, MXC_SMOKE, &error), MX_OK);
    ck_assert_uint_eq(smoke_count, plan_count);
    for (size_t p = 0; p < smoke_count; p += 7) {
        mxv_pack *some, *all = make_pack(smoke[p].name);
        ck_assert_msg(mxc_generate(&some, &smoke[p], &error) == MX_OK, "%s", error.text);
        ck_assert_uint_le(some->batch.count, all->batch.count);
        for (size_t i = 0; i < some->batch.count; i++) {
            const size_t row = strtoul(strrchr(some->label[i].id, '.') + 1, NULL, 10) - 1;
            check_same_row(some, i, all, row);
        }
        mxv_pack_free(some);
        mxv_pack_free(all);
    }
    free(smoke);
}
END_TEST

static void refuses_rows(const char *kept)
{
    mxv_pack *pack;
    mxv_error error = {0};
    mxc_plan plan = *plan_of("cast.e2m1.bf16.ocp");
    plan.kept = kept;
    ck_assert_int_eq(mxc_generate(&pack, &plan, &error), MX_EPARSE);
    ck_assert_ptr_nonnull(
        strstr(error.text, "vectors/SMOKE: cast.e2m1.bf16.ocp: wanted rows of the pack, rising, found"));
}

START_TEST(rows_that_are_none)
{
    refuses_rows("");
    refuses_rows("0");
    refuses_rows("1-100000");
    refuses_rows("3,2");
    refuses_rows("5-3");
    refuses_rows("1,1");
    refuses_rows("1;2");
    refuses_rows("one");
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("generate");
    tcase_add_unchecked_fixture(tests, make_plans, free_plans);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, classes_by_filter);
    tcase_add_test(tests, classes_by_hand);
    tcase_add_test(tests, threads_do_not_matter);
    tcase_add_test(tests, ids_are_unique);
    tcase_add_test(tests, kept_rows_are_rows_of_the_whole);
    tcase_add_test(tests, rows_that_are_none);
    return test_main(tests);
}
