/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What changed between two runs: reports made up here.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/causes/run_diff.h"
#include "conformance/error.h"
#include "test_main.h"

static char *made(const char *text)
{
    return strdup(text);
}

/* A report of two packs: `wrong` are "PACK ID GOT", `fails` the failures of each pack. */
static mxc_report *invent(const char *const *wrong, size_t n, size_t first, size_t second)
{
    const size_t fails[] = {first, second};
    mxc_report *r = calloc(1, sizeof *r);
    r->pack = calloc(2, sizeof *r->pack);
    r->packs = 2;
    for (size_t p = 0; p < 2; p++) {
        r->pack[p] = (mxc_pack_result){.path = made("p"), .verdict = MXC_FAIL};
        r->pack[p].shape = (mx_batch){.op = MX_OP_CAST, .elem = MX_E2M1, .type = MX_FP32, .count = 10};
        r->pack[p].tally = (mxc_tally){10, 10 - fails[p], fails[p], 0};
        mxc_say(r->pack[p].sha256, sizeof r->pack[p].sha256, "%zu", p);
    }
    r->wrong = calloc(n + 1, sizeof *r->wrong);
    for (size_t i = 0; i < n; i++) {
        char id[32], got[32];
        size_t pack;
        ck_assert_int_eq(sscanf(wrong[i], "%zu %31s %31s", &pack, id, got), 3);
        r->wrong[r->wrongs++] = (mxc_wrong){.pack = pack, .id = made(id), .want = made("00"), .got = made(got)};
    }
    return r;
}

static void compare(const mxc_report *a, const mxc_report *b, const size_t wanted[MXC_CHANGE_LAST + 1], int regression)
{
    mxc_run_diff d;
    ck_assert(mxc_run_diff_make(&d, a, b) == MX_OK);
    for (int c = 1; c <= MXC_CHANGE_LAST; c++)
        ck_assert_msg(d.count[c] == wanted[c], "%s: %zu", mxc_change_name((mxc_change)c), d.count[c]);
    ck_assert_int_eq(d.regression, regression);
    mxc_run_diff_free(&d);
}

START_TEST(changes_by_case)
{
    const char *const before[] = {"0 x.1 01", "0 x.2 01", "0 x.3 01", "1 y.1 01"};
    const char *const after[] = {"0 x.2 01", "0 x.3 02", "0 x.4 01", "1 y.1 01"};
    mxc_report *a = invent(before, 4, 3, 1), *b = invent(after, 4, 3, 1);
    compare(a, b, (const size_t[]){0, 1, 1, 0, 0, 1, 2}, 1);
    /* known: no regression */
    b->wrong[2].known = 1;
    compare(a, b, (const size_t[]){0, 1, 1, 0, 0, 1, 2}, 0);
    b->wrong[2].known = 0;
    /* the first pack was not judged before: what fails is new; not judged now: gone */
    a->pack[0].verdict = MXC_NOT_APPLICABLE;
    a->pack[0].tally = (mxc_tally){0};
    const size_t listed = a->wrongs;
    a->wrongs = 0;
    compare(a, b, (const size_t[]){0, 0, 0, 3, 0, 0, 1}, 0);
    a->wrongs = listed; /* for mxc_report_free */
    mxc_report_free(a);
    mxc_report_free(b);
}
END_TEST

START_TEST(changes_beyond_the_list)
{
    const char *const some[] = {"0 x.1 01"};
    mxc_report *a = invent(some, 1, 1, 2), *b = invent(some, 1, 1, 5);
    compare(a, b, (const size_t[]){0, 0, 3, 0, 0, 0, 3}, 1); /* 3 more in a pack of which none is listed */
    compare(b, a, (const size_t[]){0, 3, 0, 0, 0, 0, 3}, 0);
    mxc_report_free(a);
    mxc_report_free(b);
}
END_TEST

START_TEST(answers_lost)
{
    const char *const none[] = {NULL};
    mxc_report *a = invent(none, 0, 0, 0), *b = invent(none, 0, 0, 0);
    compare(a, b, (const size_t[MXC_CHANGE_LAST + 1]){0}, 0);
    b->pack[1].tally = (mxc_tally){10, 6, 0, 4};
    compare(a, b, (const size_t[MXC_CHANGE_LAST + 1]){0}, 1);
    compare(b, a, (const size_t[MXC_CHANGE_LAST + 1]){0}, 0);
    b->pack[1].tally = (mxc_tally){10, 10, 0, 0};
    mxc_say(b->misconduct, sizeof b->misconduct, "fell over");
    compare(a, b, (const size_t[MXC_CHANGE_LAST + 1]){0}, 1);
    mxc_report_free(a);
    mxc_report_free(b);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("changes");
    tcase_add_test(tests, changes_by_case);
    tcase_add_test(tests, changes_beyond_the_list);
    tcase_add_test(tests, answers_lost);
    return test_main(tests);
}
