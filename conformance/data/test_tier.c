/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The data of a run: a smoke tier that is not what was pinned, and the formats compared with one another.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/judge/test_small_tier.h"
#include "test_folder.h"
#include "test_main.h"

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
    {"vectors/COUNTS", "", "/vectors/COUNTS:1: wanted #mxcounts 1, found the end of the file"},
    {"vectors/COUNTS", "#mxcounts 2\n", "/vectors/COUNTS:1: wanted #mxcounts 1, found '#mxcounts 2'"},
    {"vectors/COUNTS", "#mxcounts 1\npacks 3\n",
     "/vectors/COUNTS:2: wanted at least 3 packs in the smoke tier, found 2"},
    {"vectors/COUNTS", "#mxcounts 1\ncases 129\n",
     "/vectors/COUNTS:2: wanted at least 129 cases in the smoke tier, found 128"},
    {"vectors/COUNTS", "#mxcounts 1\ntag even 65\n",
     "/vectors/COUNTS:2: wanted at least 65 cases with tag even in the smoke tier, found 64"},
    {"vectors/COUNTS", "#mxcounts 1\ntag eve 1\n",
     "/vectors/COUNTS:2: wanted at least 1 cases with tag eve in the smoke tier, found 0"},
    {"vectors/COUNTS", "#mxcounts 1\ntags 1\n",
     "/vectors/COUNTS:2: wanted 'packs N', 'cases N' or 'tag TAG N', found 'tags 1'"},
    {"vectors/COUNTS", "#mxcounts 1\npacks 2", "/vectors/COUNTS:2: wanted a line feed after 'packs 2'"},
};

START_TEST(broken_tier)
{
    const struct broken *b = &broken[_i];
    const behaviour honest = {.name = "honest", .ops = "*:*:*", .axes = ""};
    const mxc_options options = {.skip_crosscheck = 1};
    mxc_subject *subject = subject_that(&honest);
    mxc_report *report = NULL;
    mxv_error error = {0};
    if (b->text)
        write_text(b->file, b->text);
    else
        ck_assert_int_eq(unlink(in_folder(b->file)), 0);
    ck_assert(mxc_run(&report, subject, NULL, &options, &error) != MX_OK);
    ck_assert_ptr_null(report);
    const size_t n = strlen(in_folder("")) - 1;
    const char *text = strncmp(error.text, in_folder(""), n) == 0 ? error.text + n : error.text;
    ck_assert_msg(strncmp(text, b->message, strlen(b->message)) == 0, "wanted %s, found %s", b->message, text);
    mxc_subject_free(subject);
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
    test_folders_begin();
    TCase *tests = tcase_create("tier");
    tcase_add_checked_fixture(tests, make_folder, NULL);
    tcase_add_loop_test(tests, broken_tier, 0, sizeof broken / sizeof *broken);
    tcase_add_test(tests, crosscheck);
    return test_main(tests);
}
