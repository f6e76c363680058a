/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a report says of failures, as text and as JSON.
 */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge/test_small_tier.h"
#include "test_folder.h"
#include "test_main.h"

START_TEST(explained_report)
{
    const behaviour wrong = {.name = "wrong", .ops = "*:*:*", .axes = "round=rne", .wrong = 3};
    const mxc_options options = {.skip_crosscheck = 1, .keep = 5};
    mxc_report *r = judged(&wrong, &options);
    char *text = NULL;
    size_t length = 0;
    ck_assert_uint_eq(r->tally.fail, 22);
    ck_assert_uint_eq(r->failures, 5);
    ck_assert_uint_eq(r->diagnosed, 22);
    ck_assert_uint_ge(r->axes, 1);
    ck_assert_str_eq(r->failure[0].id, "t.one.000001");
    ck_assert_str_eq(r->failure[0].inputs, "3e00");
    ck_assert_str_eq(r->failure[0].want, "00");
    ck_assert_str_eq(r->failure[0].got, "01");
    ck_assert_str_eq(r->failure[0].line, "mxcts explain t.one.000001 --got '01'");
    FILE *out = open_memstream(&text, &length);
    ck_assert(mxc_report_text(out, r) == MX_OK);
    fclose(out);
    static const char *const wanted[] = {
        "cast         e2m1   bf16           1/2        64        42        22         0  FAIL\n",
        "Not applicable, as the subject declares another axis value:\n  1 pack, 64 cases: declares round=rne, this "
        "pack has rtz\n",
        "t.one.000001 should C5.3-b,even: code: wanted 00, found 01; as by round=rup, round=rto\n"
        "    mxcts explain t.one.000001 --got '01'\n",
        "\nFAIL: does not conform: ",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_msg(strstr(text, wanted[i]) != NULL, "wanted %s in %s", wanted[i], text);
    free(text);
    mxc_report_free(r);
}
END_TEST

START_TEST(json_report)
{
    const behaviour wrong = {.name = "wrong", .ops = "*:*:*", .axes = "", .wrong = 1, .refuse = 8};
    const mxc_options options = {.skip_crosscheck = 1};
    mxc_report *r = judged(&wrong, &options);
    char *text = NULL;
    size_t length = 0;
    json_error_t where;
    FILE *out = open_memstream(&text, &length);
    ck_assert(mxc_report_json(out, r) == MX_OK);
    fclose(out);
    json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    ck_assert_msg(o != NULL, "%s", where.text);
    const json_t *tally = json_object_get(o, "tally");
    ck_assert_int_eq(json_integer_value(json_object_get(tally, "fail")), 112);
    ck_assert_int_eq(json_integer_value(json_object_get(tally, "never")), 16);
    ck_assert_int_eq(json_integer_value(json_object_get(o, "exit_status")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(o, "packs")), 2);
    const json_t *pack = json_array_get(json_object_get(o, "packs"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(pack, "verdict")), "fail");
    ck_assert_str_eq(json_string_value(json_object_get(json_object_get(pack, "profile"), "round")), "rne");
    json_decref(o);
    free(text);
    mxc_report_free(r);
}
END_TEST

int main(void)
{
    test_folders_begin();
    TCase *tests = tcase_create("report");
    tcase_add_checked_fixture(tests, make_folder, NULL);
    tcase_add_test(tests, explained_report);
    tcase_add_test(tests, json_report);
    return test_main(tests);
}
