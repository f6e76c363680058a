/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Runs: verdicts, counts and exit status of every kind of subject; which cases are chosen.
 */
#include "config.h"

#include "conformance/judge/test_small_tier.h"
#include "test_folder.h"
#include "test_main.h"

static const struct verdict {
    behaviour does;
    int strict;
    int exit_status;
    size_t pass, fail, never, deviations;
    const char *conclusion;
} verdicts[] = {
    {{.name = "honest", .ops = "*:*:*", .axes = ""}, 0, 0, 128, 0, 0, 0, "conforms on all 128 judged cases"},
    {{.name = "narrow", .ops = "cast:e2m1:bf16", .axes = ""}, 0, 0, 128, 0, 0, 0, "conforms on all 128 judged cases"},
    {{.name = "declares", .ops = "*:*:*", .axes = "round=rtz"}, 0, 0, 64, 0, 0, 0, "conforms on all 64 judged cases"},
    {{.name = "irrelevant", .ops = "*:*:*", .axes = "scale=rceil zero-scale=7f"},
     0,
     0,
     128,
     0,
     0,
     0,
     "conforms on all 128 judged cases"},
    {{.name = "other", .ops = "*:*:*", .axes = "round=rup"},
     0,
     77,
     0,
     0,
     0,
     0,
     "nothing was judged: declares round=rup, this pack has rne"},
    {{.name = "elsewhere", .ops = "cast:e4m3:*", .axes = ""},
     0,
     77,
     0,
     0,
     0,
     0,
     "nothing was judged: not among its operations"},
    {{.name = "declines", .ops = "*:*:*", .axes = "", .declines = 1},
     0,
     77,
     0,
     0,
     0,
     0,
     "nothing was judged: not today"},
    {{.name = "empty", .ops = "", .axes = ""}, 0, 77, 0, 0, 0, 0, "nothing was judged: not among its operations"},
    {{.name = "refuses", .ops = "*:*:*", .axes = "", .refuse = 1},
     0,
     77,
     0,
     0,
     128,
     0,
     "nothing was judged: every case was refused"},
    {{.name = "picky", .ops = "*:*:*", .axes = "", .refuse = 4},
     0,
     99,
     96,
     0,
     32,
     0,
     "32 cases of accepted packs were never exercised"},
    {{.name = "forgets", .ops = "*:*:*", .axes = "", .forget = 64},
     0,
     99,
     126,
     0,
     2,
     0,
     "2 cases of accepted packs were never exercised"},
    {{.name = "wrong", .ops = "*:*:*", .axes = "", .wrong = 1},
     0,
     1,
     0,
     128,
     0,
     16,
     "does not conform: 112 of 128 judged cases are wrong, 16 more deviate from recommendations (should)"},
    {{.name = "wrong", .ops = "*:*:*", .axes = "", .wrong = 1},
     1,
     1,
     0,
     128,
     0,
     16,
     "does not conform: 128 of 128 judged cases are wrong"},
    {{.name = "deviates", .ops = "*:*:*", .axes = "", .wrong = 8},
     0,
     0,
     112,
     16,
     0,
     16,
     "conforms on all 128 judged cases, with deviations from recommendations (should)"},
    {{.name = "deviates", .ops = "*:*:*", .axes = "", .wrong = 8},
     1,
     1,
     112,
     16,
     0,
     16,
     "does not conform: 16 of 128 judged cases are wrong"},
    {{.name = "falls", .ops = "*:*:*", .axes = "", .fails = 1},
     0,
     1,
     64,
     0,
     64,
     0,
     "does not conform: asked again: fell over"},
    {{.name = "miscounts", .ops = "*:*:*", .axes = "", .miscounts = 1},
     0,
     1,
     128,
     0,
     0,
     0,
     "does not conform: counts at bye: wanted seen=70018 answered=70018 refused=0, "
     "found seen=70018 answered=70019 refused=0"},
};

START_TEST(verdict)
{
    const struct verdict *v = &verdicts[_i];
    const mxc_options options = {.strict = v->strict, .skip_crosscheck = 1};
    mxc_report *r = judged(&v->does, &options);
    ck_assert_str_eq(r->conclusion, v->conclusion);
    ck_assert_int_eq(r->exit_status, v->exit_status);
    ck_assert_uint_eq(r->tally.pass, v->pass);
    ck_assert_uint_eq(r->tally.fail, v->fail);
    ck_assert_uint_eq(r->tally.never, v->never);
    ck_assert_uint_eq(r->deviations, v->deviations);
    ck_assert_uint_eq(r->packs, 2);
    ck_assert_str_eq(r->spec, v->does.name);
    if (v->fail)
        ck_assert_int_eq(r->pack[0].verdict, v->exit_status == MXC_EXIT_FAILS ? MXC_FAIL : MXC_PASS);
    for (size_t i = 0; i < r->tags; i++)
        ck_assert_uint_le(r->tag[i].judged, r->tag[i].expected);
    mxc_report_free(r);
}
END_TEST

/* ---- selection ---- */

static const struct selection {
    mxc_select select;
    size_t cases, packs;
} selections[] = {
    {{0}, 128, 2},
    {{.filter.ops = 1u << MX_OP_CAST}, 128, 2},
    {{.filter.ops = 1u << MX_OP_CAST | 1u << MX_OP_SCALE, .filter.types = 1u << MX_BF16}, 128, 2},
    {{.filter.ops = 1u << MX_OP_SCALE}, 0, 0},
    {{.filter.elems = 1u << MX_E4M3}, 0, 0},
    {{.filter.types = 1u << MX_FP32}, 0, 0},
    {{.tag = "odd"}, 64, 2},
    {{.tag = "C5.3-b"}, 128, 2},
    {{.tag = "t.two.000003"}, 1, 1},
    {{.tag = "odd", .filter.ops = 1u << MX_OP_SCALE}, 0, 0},
};

START_TEST(selection)
{
    const behaviour honest = {.name = "honest", .ops = "*:*:*", .axes = ""};
    const mxc_options options = {.select = selections[_i].select, .skip_crosscheck = 1};
    mxc_report *r = judged(&honest, &options);
    ck_assert_uint_eq(r->tally.pass, selections[_i].cases);
    ck_assert_uint_eq(r->packs, selections[_i].packs);
    ck_assert_int_eq(r->exit_status, selections[_i].cases ? MXC_EXIT_CONFORMS : MXC_EXIT_NOTHING);
    mxc_report_free(r);
}
END_TEST

/* What no case has is refused: a run of nothing would be taken for one that is skipped. */
static const struct mistyped {
    const char *tag, *said;
} mistyped[] = {
    {"od", "no tag or case id 'od' in 2 packs (did you mean 'odd'?)"},
    {"MX-5.3-b", "no tag or case id 'MX-5.3-b' in 2 packs (did you mean 'C5.3-b'?)"}, /* a clause: select.clause */
    {"t.three.000003", "no tag or case id 't.three.000003' in 2 packs"},
};

START_TEST(selection_of_nothing)
{
    const behaviour honest = {.name = "honest", .ops = "*:*:*", .axes = ""};
    const mxc_options options = {.select = {.tag = mistyped[_i].tag}, .skip_crosscheck = 1};
    mxc_subject *subject = subject_that(&honest);
    mxc_report *report = NULL;
    mxv_error error = {0};
    ck_assert_int_eq(mxc_run(&report, subject, NULL, &options, &error), MX_EINVAL);
    ck_assert_str_eq(error.text, mistyped[_i].said);
    mxc_subject_free(subject);
}
END_TEST

/* A profile selects packs by the axes that matter to them: the scale rule does not matter to a cast. */
START_TEST(selection_by_profile)
{
    const behaviour honest = {.name = "honest", .ops = "*:*:*", .axes = ""};
    mx_profile profile;
    first_profile(&profile);
    ck_assert(mx_profile_set(&profile, MX_AXIS_SCALE, MX_SCALE_RCEIL) == MX_OK);
    const mxc_options options = {.select = {.profile = &profile}, .skip_crosscheck = 1};
    mxc_report *r = judged(&honest, &options);
    ck_assert_uint_eq(r->packs, 1);
    ck_assert_uint_eq(r->tally.pass, 64);
    mxc_report_free(r);
}
END_TEST

START_TEST(packs_by_name)
{
    const behaviour honest = {.name = "honest", .ops = "*:*:*", .axes = ""};
    const char *const path[] = {in_folder("vectors/packs/smoke/one.mxv")};
    const mxc_options options = {.select = {.pack = path, .packs = 1}, .skip_crosscheck = 1};
    mxc_report *r = judged(&honest, &options);
    ck_assert_uint_eq(r->tally.pass, 64);
    ck_assert_str_eq(r->pack[0].path, path[0]);
    mxc_report_free(r);
}
END_TEST

int main(void)
{
    test_folders_begin();
    TCase *tests = tcase_create("run");
    tcase_add_checked_fixture(tests, make_folder, NULL);
    tcase_add_loop_test(tests, verdict, 0, sizeof verdicts / sizeof *verdicts);
    tcase_add_loop_test(tests, selection, 0, sizeof selections / sizeof *selections);
    tcase_add_loop_test(tests, selection_of_nothing, 0, sizeof mistyped / sizeof *mistyped);
    tcase_add_test(tests, selection_by_profile);
    tcase_add_test(tests, packs_by_name);
    return test_main(tests);
}
