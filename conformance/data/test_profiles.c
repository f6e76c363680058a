/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Profiles: what the shipped ones say, and what is said about malformed ones.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "test_main.h"

/* From the documentation of each system; evidence and sources are in the files. */
static const struct shipped {
    const char *name, *words;
} shipped[] = {
    {"ocp-mx-1.0", "scale=floor scale-arith=exact round=rne overflow=saturate nan-in=block-nan inf-in=block-nan "
                   "nan-to=unspecified zero-scale=00 zero-sign=keep int8=ocp subnormal-out=keep nan-code=any"},
    {"torchao-floor",
     "scale=floor scale-arith=f32 overflow=saturate inf-in=block-nan zero-scale=00 under-nan-scale=nan"},
    {"torchao-ceil", "scale=ceil scale-arith=f32 nan-in=block-nan under-nan-scale=nan decode-over=inf"},
    {"torchao-even", "scale=even scale-arith=f32 nan-in=block-nan under-nan-scale=nan zero-sign=keep"},
    {"torchao-rceil", "scale=rceil scale-arith=f32 nan-in=block-nan inf-in=block-nan nan-to=unspecified"},
    {"nvidia-headers", "scale=ceil scale-arith=exact inf-in=max-scale nan-to=max nan-code=7f overflow-nan=s7f "
                       "scale-over=clamp zero-scale=00 zero-sign=keep"},
    {"microxcaling-even", "scale=floor scale-arith=log2f round=rne zero-sign=underflow-only int8-min=symmetric "
                          "scale-over=nan subnormal-in=keep"},
};

START_TEST(shipped_profile)
{
    const struct shipped *s = &shipped[_i];
    mxc_profile profile;
    mxv_error error = {0};
    mx_profile wanted = {0};
    char why[MX_WHY];
    ck_assert_msg(mxc_profile_load(&profile, s->name, &error) == MX_OK, "%s", error.text);
    ck_assert_str_eq(profile.name, s->name);
    ck_assert_msg(mx_profile_parse(&wanted, s->words, strlen(s->words), why) == MX_OK, "%s", why);
    ck_assert(mx_profile_check(&profile.values, NULL) == MX_OK);
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned value = mx_profile_get(&wanted, (mx_axis)a);
        if (value)
            ck_assert_str_eq(mx_axis_value_name((mx_axis)a, mx_profile_get(&profile.values, (mx_axis)a)),
                             mx_axis_value_name((mx_axis)a, value));
        ck_assert(profile.note[a].source[0] != '\0');
    }
}
END_TEST

START_TEST(nothing_is_left_out)
{
    mxc_paths paths;
    mxv_error error = {0};
    ck_assert_msg(mxc_profile_list(&paths, &error) == MX_OK, "%s", error.text);
    ck_assert_uint_eq(paths.count, sizeof shipped / sizeof *shipped);
    mxc_paths_free(&paths);
}
END_TEST

/* Reading what was written gives the same profile. */
START_TEST(written_and_read)
{
    mxc_profile profile, again;
    mxv_error error = {0};
    char *text = NULL;
    size_t length = 0;
    ck_assert(mxc_profile_load(&profile, shipped[_i].name, &error) == MX_OK);
    FILE *out = open_memstream(&text, &length);
    ck_assert(mxc_profile_write(out, &profile) == MX_OK);
    fclose(out);
    FILE *in = fmemopen(text, length, "r");
    ck_assert_msg(mxc_profile_read(&again, in, "again", &error) == MX_OK, "%s", error.text);
    fclose(in);
    ck_assert(memcmp(&profile.values, &again.values, sizeof profile.values) == 0);
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        ck_assert_int_eq(profile.note[a].evidence, again.note[a].evidence);
        ck_assert_str_eq(profile.note[a].source, again.note[a].source);
    }
    free(text);
}
END_TEST

#define HEAD "#mxprofile 1\nname test\nsystem a system\n"
#define AXES                                                                                                           \
    "scale-arith=exact assumed x\nround=rne assumed x\noverflow=saturate assumed x\noverflow-directed=ieee assumed "   \
    "x\n"                                                                                                              \
    "nan-in=element assumed x\ninf-in=special assumed x\nnan-to=zero assumed x\nzero-scale=7f assumed x\n"             \
    "scale-over=nan assumed x\nzero-sign=keep assumed x\nint8-min=full assumed x\nint8=ocp assumed x\n"                \
    "subnormal-in=keep assumed x\nsubnormal-out=keep assumed x\nnan-code=any assumed x\noverflow-nan=any assumed x\n"  \
    "under-nan-scale=any assumed x\ndecode-over=inf assumed x\n"

static const struct malformed {
    const char *text, *message;
} malformed[] = {
    {"", "p:1: wanted #mxprofile 1, found the end of the file"},
    {"#mxprofile 2\n", "p:1: wanted #mxprofile 1, found '#mxprofile 2'"},
    {"#mxprofile 1\nsystem x\n", "p:2: wanted 'name ' and a text of 1 to 63 characters, found 'system x'"},
    {"#mxprofile 1\nname a b\n", "p:2: wanted a name without spaces, found 'a b'"},
    {"#mxprofile 1\nname a\n", "p:3: wanted 'system ' and a text of 1 to 255 characters, found the end of the file"},
    {HEAD AXES, "p:22: wanted the axis scale, which has no default, found the end of the file"},
    {HEAD AXES "scale=floor assumed x\nscale=ceil assumed x\n",
     "p:23: wanted every axis once, found 'scale=ceil assumed x'"},
    {HEAD "scaling=floor assumed x\n",
     "p:4: wanted axis=value with the name of an axis, found 'scaling=floor assumed x'"},
    {HEAD "scale=flor assumed x\n", "p:4: wanted scale= one of floor, ceil, even or rceil, found 'flor'"},
    {HEAD "scale=floor\n", "p:4: wanted documented, probed or assumed after the value, found nothing"},
    {HEAD "scale=floor guessed x\n", "p:4: wanted documented, probed or assumed after the value, found 'guessed x'"},
    {HEAD "scale=floor probed\n",
     "p:4: wanted the source of the evidence, without a space at its end, found 'scale=floor probed'"},
    {HEAD "scale=floor probed x \n",
     "p:4: wanted the source of the evidence, without a space at its end, found 'scale=floor probed x '"},
    {HEAD "scale=floor probed x", "p:4: wanted a line feed after 'scale=floor probed x', found the end of the file"},
    {HEAD "scale=floor\tprobed x\n", "p:4: wanted at most 255 bytes without a tab, found 'scale=floor\\x09probed x'"},
    {HEAD "scale=floor probed x\r\n", "p:4: wanted text, found a carriage return"},
    {HEAD "round=sr:33 probed x\n", NULL},
};

START_TEST(malformed_profile)
{
    const struct malformed *m = &malformed[_i];
    mxc_profile profile;
    mxv_error error = {0};
    memset(&profile, 0x5a, sizeof profile);
    mxc_profile before = profile;
    char copy[4096];
    size_t n = strlen(m->text);
    memcpy(copy, m->text, n + 1);
    FILE *in = fmemopen(copy, n ? n : 1, "r");
    if (!n)
        getc(in);
    ck_assert(mxc_profile_read(&profile, in, "p", &error) == MX_EPARSE);
    fclose(in);
    if (m->message)
        ck_assert_str_eq(error.text, m->message);
    ck_assert_uint_ne(error.line, 0);
    ck_assert(memcmp(&profile, &before, sizeof profile) == 0);
}
END_TEST

START_TEST(no_such_profile)
{
    mxc_profile profile;
    mxv_error error = {0};
    ck_assert(mxc_profile_load(&profile, "torchao", &error) == MX_EINVAL);
    ck_assert_str_eq(error.text, "no profile 'torchao'; there are: microxcaling-even, nvidia-headers, ocp-mx-1.0, "
                                 "torchao-ceil, torchao-even, torchao-floor, torchao-rceil");
    ck_assert(mxc_profile_load(&profile, "./nowhere.profile", &error) == MX_EIO);
    ck_assert_str_eq(error.text, "./nowhere.profile: cannot open the profile: No such file or directory");
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("profiles");
    tcase_add_loop_test(tests, shipped_profile, 0, sizeof shipped / sizeof *shipped);
    tcase_add_test(tests, nothing_is_left_out);
    tcase_add_loop_test(tests, written_and_read, 0, sizeof shipped / sizeof *shipped);
    tcase_add_loop_test(tests, malformed_profile, 0, sizeof malformed / sizeof *malformed);
    tcase_add_test(tests, no_such_profile);
    return test_main(tests);
}
