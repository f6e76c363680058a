/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What packs decide: every value of every axis decides an answer somewhere, and so do the first and the last case.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/generate/test_plans.h"
#include "test_main.h"

static int answers_something(const mxv_pack *pack, size_t i)
{
    const mx_outputs *out = &pack->batch.out;
    const size_t k = pack->batch.k, row = k * mx_type_bytes(pack->batch.type), bytes = mx_layout_bytes(&pack->batch);
    int found = out->scale && !bytes && out->scale[i] != 0;
    for (size_t j = 0; j < bytes; j++)
        found = found || (out->byte && out->byte[i * bytes + j] != 0);
    for (size_t j = 0; pack->batch.layout && j < k; j++)
        found = found || (out->scale && out->scale[i * k + j] != 0) || (out->code && out->code[i * k + j] != 0);
    for (size_t j = 0; j < row; j++)
        found = found || (out->value && ((const uint8_t *)out->value)[i * row + j] != 0) ||
                (out->code && j < k && out->code[i * k + j] != 0);
    return found;
}

/* Skipping the first or the last case shows, even where memory starts as zeros. */
START_TEST(ends_are_not_zero)
{
    for (size_t i = 0; i < plan_count; i++) {
        mxv_pack *pack = make_pack(plans[i].name);
        ck_assert_msg(answers_something(pack, 0), "%s: the first answer is all zero bits", plans[i].name);
        ck_assert_msg(answers_something(pack, pack->batch.count - 1), "%s: the last answer is all zero bits",
                      plans[i].name);
        mxv_pack_free(pack);
    }
}
END_TEST

/* ---- the axes ---- */

/* Whether some answer of the pack, or which cells are free, changes with another value of the axis. */
static int depends(const mxv_pack *pack, mx_axis axis)
{
    const mx_batch *b = &pack->batch;
    const size_t width = mx_type_bytes(b->type), cells = b->count * b->k;
    int differs = 0;
    for (unsigned value = 1; !differs && value <= mx_axis_count(axis); value++) {
        mx_batch other = *b;
        if (value == mx_profile_get(&b->profile, axis) || (axis == MX_AXIS_ROUND && value == MX_SR))
            continue;
        ck_assert_int_eq(mx_profile_set(&other.profile, axis, value), MX_OK);
        if (axis == MX_AXIS_ROUND)
            other.in.random = NULL;
        other.out.value = b->out.value ? calloc(cells, width) : NULL;
        other.out.scale = b->out.scale ? calloc(b->count, 1) : NULL;
        other.out.code = b->out.code ? calloc(cells, 1) : NULL;
        const mxref_free open = {b->out.value ? calloc(cells, 1) : NULL, b->out.scale ? calloc(b->count, 1) : NULL,
                                 b->out.code ? calloc(cells, 1) : NULL};
        ck_assert_int_eq(mxref_run(&other, &open), MX_OK);
        differs = (b->out.value && (memcmp(b->out.value, other.out.value, cells * width) != 0 ||
                                    memcmp(pack->open.value, open.value, cells) != 0)) ||
                  (b->out.scale && (memcmp(b->out.scale, other.out.scale, b->count) != 0 ||
                                    memcmp(pack->open.scale, open.scale, b->count) != 0)) ||
                  (b->out.code &&
                   (memcmp(b->out.code, other.out.code, cells) != 0 || memcmp(pack->open.code, open.code, cells) != 0));
        free(other.out.value), free(other.out.scale), free(other.out.code);
        free(open.value), free(open.scale), free(open.code);
    }
    return differs;
}

/* Every value of every axis is the pack's in some pack whose answers would change with another one. */
START_TEST(every_axis_value_decides)
{
    int covered[MX_AXIS_LAST + 1][16] = {{0}};
    for (size_t i = 0; i < plan_count; i++) {
        mxv_pack *pack = NULL;
        for (unsigned a = 1; a <= MX_AXIS_LAST; a++) {
            const mx_batch *s = &plans[i].shape;
            const unsigned value = mx_profile_get(&s->profile, (mx_axis)a);
            if (covered[a][value] || !mx_axis_matters((mx_axis)a, s->op, s->elem, s->type, &s->profile))
                continue;
            if (!pack)
                pack = make_pack(plans[i].name);
            covered[a][value] = depends(pack, (mx_axis)a);
        }
        mxv_pack_free(pack);
    }
    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned value = 1; value <= mx_axis_count((mx_axis)a); value++)
            ck_assert_msg(covered[a][value], "no pack's answers depend on %s=%s", mx_axis_name((mx_axis)a),
                          mx_axis_value_name((mx_axis)a, value));
}
END_TEST

/* The axes that a variant sets are among those its answers depend on: else the variant proves nothing. */
START_TEST(variants_depend_on_their_axes)
{
    for (size_t i = 0; i < plan_count; i++) {
        const mx_batch *s = &plans[i].shape;
        int set = 0, decides = 0;
        mxv_pack *pack = NULL;
        for (unsigned a = 1; a <= MX_AXIS_LAST; a++) {
            const char *name = mx_axis_name((mx_axis)a), *at = strstr(plans[i].recipe->axes, name);
            if (!at || at[strlen(name)] != '=' || (at != plans[i].recipe->axes && at[-1] != ' '))
                continue;
            set++;
            if (!decides && mx_axis_matters((mx_axis)a, s->op, s->elem, s->type, &s->profile)) {
                if (!pack)
                    pack = make_pack(plans[i].name);
                decides = depends(pack, (mx_axis)a);
            }
        }
        mxv_pack_free(pack);
        /* formats that always saturate have a pack to show that they do */
        const int saturates =
            s->elem && strcmp(plans[i].recipe->variant, "special") == 0 && !mxref_facts(s->elem)->has_nan;
        ck_assert_msg(!set || decides || saturates, "%s: no axis that it sets decides any of its answers",
                      plans[i].name);
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("decisive");
    tcase_add_unchecked_fixture(tests, make_plans, free_plans);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, ends_are_not_zero);
    tcase_add_test(tests, every_axis_value_decides);
    tcase_add_test(tests, variants_depend_on_their_axes);
    return test_main(tests);
}
