/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Profiles as text, both ways, and what is said of malformed ones.
 */
#include <mx/names.h>

#include <stddef.h>
#include <string.h>

#include "vectors/test_parsed.h"

/* mx/types.h promises that a profile is a byte an axis, in order. */
START_TEST(profile_layout)
{
    ck_assert_uint_eq(sizeof(mx_profile), MX_AXIS_LAST + 1);
    ck_assert_uint_eq(offsetof(mx_profile, scale), MX_AXIS_SCALE);
    ck_assert_uint_eq(offsetof(mx_profile, nan_in), MX_AXIS_NAN_IN);
    ck_assert_uint_eq(offsetof(mx_profile, int8), MX_AXIS_INT8);
    ck_assert_uint_eq(offsetof(mx_profile, decode_over), MX_AXIS_DECODE_OVER);
}
END_TEST

START_TEST(every_value_round_trips)
{
    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned v = 1; v <= mx_axis_count((mx_axis)a); v++) {
            mx_profile p = parsed(default_text), q = {0};
            char text[MX_PROFILE_TEXT];
            size_t n;
            ck_assert_int_eq(mx_profile_set(&p, (mx_axis)a, v), MX_OK);
            ck_assert_uint_eq(mx_profile_get(&p, (mx_axis)a), v);
            if (a == MX_AXIS_ROUND && v == MX_SR)
                p.sr_bits = 32;
            n = mx_profile_format(&p, text, sizeof text);
            ck_assert_uint_eq(n, strlen(text));
            ck_assert_int_eq(mx_profile_parse(&q, text, n, NULL), MX_OK);
            ck_assert_mem_eq(&p, &q, sizeof p);
            ck_assert_uint_eq(mx_profile_format(&p, text, n), 0); /* no room for NUL */
            ck_assert_uint_eq(mx_profile_format(&p, text, n + 1), n);
        }
}
END_TEST

START_TEST(default_profile)
{
    mx_profile p = parsed("round=rne");
    char text[MX_PROFILE_TEXT];

    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        ck_assert_uint_eq(mx_profile_get(&p, (mx_axis)a), 1);
    ck_assert_uint_gt(mx_profile_format(&p, text, sizeof text), 0);
    ck_assert_str_eq(text, default_text);
}
END_TEST

static const struct {
    const char *text, *said;
} bad_words[] = {
    {"scale", "wanted axis=value, found 'scale'"},
    {" scale=floor", "wanted axis=value after a single space, found two spaces"},
    {"scale=floor ", "wanted axis=value after a single space, found a trailing space"},
    {"scale=floor  round=rne", "wanted axis=value after a single space, found two spaces"},
    {"=floor", "wanted the name of an axis, found nothing"},
    {"colour=red", "wanted the name of an axis, found 'colour'"},
    {"Scale=floor", "wanted the name of an axis, found 'Scale' (did you mean 'scale'?)"},
    {"scale=", "wanted scale= one of floor, ceil, even or rceil, found nothing"},
    {"scale=up", "wanted scale= one of floor, ceil, even or rceil, found 'up'"},
    {"overflow=saturate\n", "wanted overflow= one of saturate or special, found 'saturate\\x0a'"},
    {"round=sr", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr'"},
    {"round=sr:0", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr:0'"},
    {"round=sr:33", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr:33'"},
    {"round=sr:007", "wanted round= one of rne, rna, rnz, rtz, rup, rdn, rto or sr:N (N 1 to 32), found 'sr:007'"},
    {"scale=floor round=rne scale=floor", "wanted each axis once, found scale twice"},
};

START_TEST(bad_profile_texts)
{
    for (size_t i = 0; i < sizeof bad_words / sizeof bad_words[0]; i++) {
        mx_profile p = parsed(default_text), before = p;
        char why[MX_WHY] = "";
        ck_assert_int_eq(mx_profile_parse(&p, bad_words[i].text, strlen(bad_words[i].text), why), MX_EPARSE);
        ck_assert_str_eq(why, bad_words[i].said);
        ck_assert_mem_eq(&p, &before, sizeof p);
        ck_assert_int_eq(mx_profile_parse(&p, bad_words[i].text, strlen(bad_words[i].text), NULL), MX_EPARSE);
    }
}
END_TEST

START_TEST(stochastic_rounding)
{
    mx_profile p = parsed("round=sr:9");
    char text[MX_VALUE_TEXT];

    ck_assert_str_eq(mx_profile_value(&p, MX_AXIS_ROUND, text), "sr:9");
    ck_assert_str_eq(mx_profile_value(&p, MX_AXIS_SCALE, text), "floor");
    ck_assert_str_eq(mx_profile_value(&p, (mx_axis)0, text), "");
    ck_assert_uint_eq(p.sr_bits, 9);
    ck_assert_int_eq(mx_profile_check(&p, NULL), MX_OK);
    ck_assert_int_eq(mx_profile_set(&p, MX_AXIS_ROUND, MX_RTZ), MX_OK);
    ck_assert_uint_eq(p.sr_bits, 0);
    ck_assert_int_eq(mx_profile_apply(&p, "round=sr:32", 11, NULL), MX_OK);
    ck_assert_uint_eq(p.sr_bits, 32);
    ck_assert_int_eq(mx_profile_apply(&p, "round=rne", 9, NULL), MX_OK);
    ck_assert_uint_eq(p.sr_bits, 0);
}
END_TEST

START_TEST(profile_check_says_which)
{
    mx_profile p = {0};
    char why[MX_WHY], text[MX_PROFILE_TEXT];

    ck_assert_int_eq(mx_profile_check(NULL, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted a profile, found NULL");
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted every axis, found scale unset");
    p = parsed("scale=even");
    p.nan_to = 5;
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted a value of nan-to from 1 to 4, found 5");
    ck_assert_uint_eq(mx_profile_format(&p, text, sizeof text), 0);
    p = parsed("round=sr:1");
    p.sr_bits = 33;
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted 1 to 32 random bits for round=sr, found 33");
    p = parsed("round=rto");
    p.sr_bits = 4;
    ck_assert_int_eq(mx_profile_check(&p, why), MX_EINVAL);
    ck_assert_str_eq(why, "wanted 0 random bits for round=rto, found 4");
    ck_assert_int_eq(mx_profile_set(&p, MX_AXIS_SCALE, 5), MX_EINVAL);
    ck_assert_int_eq(mx_profile_set(&p, MX_AXIS_SCALE, 0), MX_EINVAL);
    ck_assert_int_eq(mx_profile_set(&p, (mx_axis)0, 1), MX_EINVAL);
    ck_assert_uint_eq(mx_profile_get(&p, (mx_axis)20), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        profile_layout,    every_value_round_trips, default_profile,
        bad_profile_texts, stochastic_rounding,     profile_check_says_which,
    };
    TCase *tcase = tcase_create("profile");
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    return test_main(tcase);
}
