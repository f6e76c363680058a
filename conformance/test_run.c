/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whole runs over small packs made here: verdicts, exit status, selection, manifests and minimums, reports.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/batch.h"
#include "conformance/error.h"
#include "conformance/judge.h"
#include "test_main.h"

static char folder[64];

static char *in_folder(const char *name)
{
    static char path[4][512];
    static int next;
    char *at = path[next++ % 4];
    snprintf(at, sizeof path[0], "%s/%s", folder, name);
    return at;
}

static void write_text(const char *name, const char *text)
{
    FILE *out = fopen(in_folder(name), "w");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(text, out), 0);
    fclose(out);
}

static void first_profile(mx_profile *profile)
{
    *profile = (mx_profile){0};
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        ck_assert(mx_profile_set(profile, (mx_axis)a, 1) == MX_OK);
}

enum { CASES = 64 };

/* bf16 to e2m1 casts of patterns spread over the positive numbers; every 8th case is a recommendation. */
static void make_pack(const char *name, unsigned round)
{
    mx_batch shape = {.op = MX_OP_CAST, .elem = MX_E2M1, .type = MX_BF16, .k = 1, .count = CASES};
    mxv_pack *pack = NULL;
    mxv_error error = {0};
    first_profile(&shape.profile);
    ck_assert(mx_profile_set(&shape.profile, MX_AXIS_ROUND, round) == MX_OK);
    ck_assert(mxv_pack_new(&pack, &shape) == MX_OK);
    uint16_t *value = mxc_column(&pack->batch, COL_IN_VALUE);
    for (size_t i = 0; i < CASES; i++) {
        char id[64];
        value[i] = (uint16_t)(0x3e00 + 13 * i);
        snprintf(id, sizeof id, "t.%s.%06zu", name, i + 1);
        ck_assert(mxv_pack_label(pack, i, id, i % 8 ? MX_MUST : MX_SHOULD, i % 2 ? "C5.3-b,odd" : "C5.3-b,even") ==
                  MX_OK);
    }
    mxref_free open = {.code = pack->open.code};
    ck_assert(mxref_run(&pack->batch, &open) == MX_OK);
    char file[128];
    snprintf(file, sizeof file, "vectors/packs/smoke/%s.mxv", name);
    ck_assert_msg(mxv_save(pack, in_folder(file), &error) == MX_OK, "%s", error.text);
    mxv_pack_free(pack);
}

static void make_folder(void)
{
    strcpy(folder, "/tmp/mxcts-run-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    mkdir(in_folder("vectors"), 0777);
    mkdir(in_folder("vectors/packs"), 0777);
    mkdir(in_folder("vectors/packs/smoke"), 0777);
    make_pack("one", MX_RNE);
    make_pack("two", MX_RTZ);
    char command[1024];
    snprintf(command, sizeof command, "cp '%s/conformance/clauses.tsv' '%s'", getenv("MXCTS_SRCDIR"), folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "cd '%s/vectors' && sha256sum packs/smoke/*.mxv > MANIFEST.sha256", folder);
    ck_assert_int_eq(system(command), 0);
    write_text("vectors/COUNTS", "#mxcounts 1\npacks 2\ncases 128\ntag C5.3-b 128\ntag odd 64\n");
    setenv("MXCTS_DATADIR", folder, 1);
}

static void remove_folder(void)
{
    char command[512];
    unsetenv("MXCTS_DATADIR");
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

/* ---- subjects ---- */

/* What a subject of these tests does. */
typedef struct behaviour {
    const char *name;
    const char *ops, *axes;
    int wrong;  /* first bit of the code of every n-th case flipped; 0: none */
    int refuse; /* every n-th case refused */
    int forget; /* every n-th case not answered */
    int fails;  /* run fails at the second batch */
    int declines;
    int miscounts;
    size_t batches;
} behaviour;

static mx_status describe(void *state, mxc_description *description, char why[MXC_LINE])
{
    const behaviour *b = state;
    mxc_say(description->name, sizeof description->name, "%s", b->name);
    mxc_say(description->version, sizeof description->version, "1");
    mx_status status = mxc_offers_parse(description, b->ops, strlen(b->ops), why);
    return status == MX_OK ? mx_profile_parse(&description->declared, b->axes, strlen(b->axes), why) : status;
}

static mx_status offer(void *state, const mx_batch *shape, char why[MXC_LINE])
{
    const behaviour *b = state;
    ck_assert(shape->in.value == NULL && shape->out.code == NULL && shape->count > 0);
    mxc_say(why, MXC_LINE, "not today");
    return b->declines ? MX_EUNSUPPORTED : MX_OK;
}

static mx_status answer(void *state, const mx_batch *batch, uint8_t *answers, char why[MXC_LINE])
{
    behaviour *b = state;
    if (b->fails && ++b->batches == 2) {
        mxc_say(why, MXC_LINE, "fell over");
        return MX_EPROTOCOL;
    }
    ck_assert(mxref_run(batch, NULL) == MX_OK);
    for (size_t i = 0; i < batch->count; i++) {
        answers[i] = MXC_ANSWERED;
        if (b->wrong && i % (size_t)b->wrong == 0)
            batch->out.code[i] ^= 1;
        if (b->refuse && i % (size_t)b->refuse == 0)
            answers[i] = MXC_REFUSED;
        if (b->forget && i % (size_t)b->forget == 0)
            answers[i] = MXC_MISSING;
    }
    if (b->refuse)
        mxc_say(why, MXC_LINE, "refused: tired");
    return MX_OK;
}

static mx_status say_bye(void *state, mxc_counts *counts, char why[MXC_LINE])
{
    const behaviour *b = state;
    (void)why;
    counts->answered += (unsigned)b->miscounts;
    return MX_OK;
}

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
    {{.name = "falls", .ops = "*:*:*", .axes = "", .fails = 1}, 0, 1, 64, 0, 64, 0, "does not conform: fell over"},
    {{.name = "miscounts", .ops = "*:*:*", .axes = "", .miscounts = 1},
     0,
     1,
     128,
     0,
     0,
     0,
     "does not conform: counts at bye: wanted seen=128 answered=128 refused=0, found seen=128 answered=129 refused=0"},
};

static mxc_report *judged(const behaviour *does, const mxc_options *options)
{
    static const mxc_subject_ops ops = {describe, offer, answer, say_bye, NULL};
    static behaviour state;
    mxc_subject *subject = NULL;
    mxc_report *report = NULL;
    mxv_error error = {0};
    state = *does;
    ck_assert_msg(mxc_subject_wrap(&subject, &ops, &state, &error) == MX_OK, "%s", error.text);
    ck_assert_msg(mxc_run(&report, subject, NULL, options, &error) == MX_OK, "%s", error.text);
    mxc_subject_free(subject);
    return report;
}

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
    {{.op = MX_OP_CAST}, 128, 2},
    {{.op = MX_OP_SCALE}, 0, 0},
    {{.elem = MX_E4M3}, 0, 0},
    {{.type = MX_FP32}, 0, 0},
    {{.tag = "odd"}, 64, 2},
    {{.tag = "C5.3-b"}, 128, 2},
    {{.tag = "t.two.000003"}, 1, 1},
    {{.tag = "odd", .op = MX_OP_SCALE}, 0, 0},
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
    static const mxc_subject_ops ops = {describe, offer, answer, say_bye, NULL};
    behaviour honest = {.name = "honest", .ops = "*:*:*", .axes = ""};
    const mxc_options options = {.select = {.tag = mistyped[_i].tag}, .skip_crosscheck = 1};
    mxc_subject *subject = NULL;
    mxc_report *report = NULL;
    mxv_error error = {0};
    ck_assert(mxc_subject_wrap(&subject, &ops, &honest, &error) == MX_OK);
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

/* ---- a tier that is not what was pinned ---- */

static const struct broken {
    const char *file, *text; /* NULL: removed */
    const char *message;     /* after the folder's name */
} broken[] = {
    {"vectors/MANIFEST.sha256", NULL, "vectors/MANIFEST.sha256: not in MXCTS_DATADIR="},
    {"vectors/MANIFEST.sha256", "",
     "/vectors/MANIFEST.sha256:0: wanted lines of text, each with a newline, found an empty file"},
    {"vectors/MANIFEST.sha256", "12  packs/smoke/one.mxv\n",
     "/vectors/MANIFEST.sha256:1: wanted a SHA-256 of 64 lower-case hex digits, found 12"},
    {"vectors/MANIFEST.sha256",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 packs/smoke/one.mxv\n",
     "/vectors/MANIFEST.sha256:1: wanted two spaces and a path after the digest"},
    {"vectors/MANIFEST.sha256",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  packs/smoke/one.mxv\n",
     "/vectors/packs/smoke/one.mxv: wanted the file of SHA-256 e3b0c442"},
    {"vectors/MANIFEST.sha256",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  packs/full/one.mxv\n",
     "/vectors/MANIFEST.sha256: wanted packs below packs/smoke/, found none"},
    {"vectors/MANIFEST.sha256",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  packs/smoke/one.mxv\n"
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  packs/smoke/one.mxv\n",
     "/vectors/MANIFEST.sha256:0: wanted each path once, found packs/smoke/one.mxv"},
    {"vectors/packs/smoke/two.mxv", NULL, "/vectors/packs/smoke/two.mxv: cannot read: No such file or directory"},
    {"vectors/packs/smoke/two.mxv", "#mxv 1\n", "/vectors/packs/smoke/two.mxv: wanted the file of SHA-256 "},
    {"vectors/COUNTS", NULL, "vectors/COUNTS: not in MXCTS_DATADIR="},
    {"vectors/COUNTS", "", "/vectors/COUNTS:0: wanted '#mxcounts 1'"},
    {"vectors/COUNTS", "#mxcounts 2\n", "/vectors/COUNTS:1: wanted '#mxcounts 1'"},
    {"vectors/COUNTS", "#mxcounts 1\npacks 3\n",
     "/vectors/COUNTS:2: wanted at least 3 packs in the smoke tier, found 2"},
    {"vectors/COUNTS", "#mxcounts 1\ncases 129\n",
     "/vectors/COUNTS:2: wanted at least 129 cases in the smoke tier, found 128"},
    {"vectors/COUNTS", "#mxcounts 1\ntag even 65\n",
     "/vectors/COUNTS:2: wanted at least 65 cases with tag even in the smoke tier, found 64"},
    {"vectors/COUNTS", "#mxcounts 1\ntag eve 1\n",
     "/vectors/COUNTS:2: wanted at least 1 cases with tag eve in the smoke tier, found 0"},
    {"vectors/COUNTS", "#mxcounts 1\ntags 1\n", "/vectors/COUNTS:2: wanted '#mxcounts 1', then 'packs N'"},
    {"vectors/COUNTS", "#mxcounts 1\npacks 2", "/vectors/COUNTS:2: wanted '#mxcounts 1', then 'packs N'"},
};

START_TEST(broken_tier)
{
    static const mxc_subject_ops ops = {describe, offer, answer, say_bye, NULL};
    const struct broken *b = &broken[_i];
    behaviour honest = {.name = "honest", .ops = "*:*:*", .axes = ""};
    const mxc_options options = {.skip_crosscheck = 1};
    mxc_subject *subject = NULL;
    mxc_report *report = NULL;
    mxv_error error = {0};
    if (b->text)
        write_text(b->file, b->text);
    else
        ck_assert_int_eq(unlink(in_folder(b->file)), 0);
    ck_assert(mxc_subject_wrap(&subject, &ops, &honest, &error) == MX_OK);
    ck_assert(mxc_run(&report, subject, NULL, &options, &error) != MX_OK);
    ck_assert_ptr_null(report);
    const char *text = strncmp(error.text, folder, strlen(folder)) == 0 ? error.text + strlen(folder) : error.text;
    ck_assert_msg(strncmp(text, b->message, strlen(b->message)) == 0, "wanted %s, found %s", b->message, text);
    mxc_subject_free(subject);
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

/* ---- what the report says ---- */

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

START_TEST(crosscheck)
{
    mxv_error error = {0};
    size_t codes = 0;
    unsetenv("MXCTS_DATADIR");
    ck_assert_msg(mxc_crosscheck(&codes, &error) == MX_OK, "%s", error.text);
    /* 3 formats of 8 bits, 2 of 6, 1 of 4, and E8M0 */
    ck_assert_uint_eq(codes, 3 * 256 + 2 * 64 + 16 + 256);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("run");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, verdict, 0, sizeof verdicts / sizeof *verdicts);
    tcase_add_loop_test(tests, selection, 0, sizeof selections / sizeof *selections);
    tcase_add_loop_test(tests, selection_of_nothing, 0, sizeof mistyped / sizeof *mistyped);
    tcase_add_test(tests, selection_by_profile);
    tcase_add_loop_test(tests, broken_tier, 0, sizeof broken / sizeof *broken);
    tcase_add_test(tests, packs_by_name);
    tcase_add_test(tests, explained_report);
    tcase_add_test(tests, json_report);
    tcase_add_test(tests, crosscheck);
    return test_main(tests);
}
