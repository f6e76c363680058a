/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Profiles as text: one table of axes and their values, in the order of mx/types.h.
 */
#include <mx/names.h>

#include <stdio.h>
#include <string.h>

#include "vectors/text.h"

#define VALUES_MAX 8

static const struct axis {
    const char *name;
    const char *value[VALUES_MAX]; /* value v is value[v - 1] */
} axes[] = {
    [MX_AXIS_SCALE] = {"scale", {"floor", "ceil", "even", "rceil"}},
    [MX_AXIS_SCALE_ARITH] = {"scale-arith", {"exact", "f32", "log2f"}},
    [MX_AXIS_ROUND] = {"round", {"rne", "rna", "rnz", "rtz", "rup", "rdn", "rto", "sr"}},
    [MX_AXIS_OVERFLOW] = {"overflow", {"saturate", "special"}},
    [MX_AXIS_OVERFLOW_DIRECTED] = {"overflow-directed", {"ieee", "always"}},
    [MX_AXIS_NAN_IN] = {"nan-in", {"block-nan", "element", "ignore"}},
    [MX_AXIS_INF_IN] = {"inf-in", {"block-nan", "saturate", "special", "max-scale"}},
    [MX_AXIS_NAN_TO] = {"nan-to", {"unspecified", "max", "smax", "zero"}},
    [MX_AXIS_ZERO_SCALE] = {"zero-scale", {"00", "7f", "one-emax"}},
    [MX_AXIS_SCALE_OVER] = {"scale-over", {"nan", "clamp"}},
    [MX_AXIS_ZERO_SIGN] = {"zero-sign", {"keep", "drop", "underflow-only"}},
    [MX_AXIS_INT8_MIN] = {"int8-min", {"symmetric", "full"}},
    [MX_AXIS_INT8] = {"int8", {"ocp", "int6", "int7"}},
    [MX_AXIS_SUBNORMAL_IN] = {"subnormal-in", {"keep", "flush", "flush-block"}},
    [MX_AXIS_SUBNORMAL_OUT] = {"subnormal-out", {"keep", "flush"}},
    [MX_AXIS_NAN_CODE] = {"nan-code", {"any", "7f", "7e", "s7f", "s7e"}},
    [MX_AXIS_OVERFLOW_NAN] = {"overflow-nan", {"any", "7f", "s7f"}},
    [MX_AXIS_UNDER_NAN_SCALE] = {"under-nan-scale", {"any", "zero", "nan"}},
    [MX_AXIS_DECODE_OVER] = {"decode-over", {"any", "inf", "max"}},
};

static const struct axis *row(mx_axis axis)
{
    size_t i = (size_t)axis;
    return i >= 1 && i <= MX_AXIS_LAST ? &axes[i] : NULL;
}

static int same(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

const char *mx_axis_name(mx_axis axis)
{
    const struct axis *a = row(axis);
    return a ? a->name : NULL;
}

mx_axis mx_axis_find(const char *text, size_t length)
{
    for (unsigned i = 1; i <= MX_AXIS_LAST && text; i++)
        if (same(axes[i].name, text, length))
            return (mx_axis)i;
    return (mx_axis)0;
}

unsigned mx_axis_count(mx_axis axis)
{
    const struct axis *a = row(axis);
    unsigned n = 0;

    while (a && n < VALUES_MAX && a->value[n])
        n++;
    return n;
}

const char *mx_axis_value_name(mx_axis axis, unsigned value)
{
    return value >= 1 && value <= mx_axis_count(axis) ? axes[axis].value[value - 1] : NULL;
}

unsigned mx_profile_get(const mx_profile *profile, mx_axis axis)
{
    return profile && row(axis) ? ((const uint8_t *)profile)[axis] : 0;
}

const char *mx_profile_value(const mx_profile *profile, mx_axis axis, char text[MX_VALUE_TEXT])
{
    unsigned value = mx_profile_get(profile, axis);
    const char *name = mx_axis_value_name(axis, value);

    if (axis == MX_AXIS_ROUND && value == MX_SR)
        mxv_say(text, MX_VALUE_TEXT, "%s:%u", name, profile->sr_bits);
    else
        mxv_say(text, MX_VALUE_TEXT, "%s", name ? name : "");
    return text;
}

mx_status mx_profile_set(mx_profile *profile, mx_axis axis, unsigned value)
{
    if (!profile || value < 1 || value > mx_axis_count(axis))
        return MX_EINVAL;
    ((uint8_t *)profile)[axis] = (uint8_t)value;
    if (axis == MX_AXIS_ROUND && value != MX_SR)
        profile->sr_bits = 0;
    return MX_OK;
}

/* The choices of an axis, "floor, ceil, even or rceil", for a message. */
static void choices(mx_axis axis, char *text, size_t size)
{
    unsigned n = mx_axis_count(axis);
    size_t at = 0;

    text[0] = '\0';
    for (unsigned v = 1; v <= n && at < size; v++) {
        int is_sr = axis == MX_AXIS_ROUND && v == MX_SR;
        const char *gap = v == 1 ? "" : v == n ? " or " : ", ";
        int w = snprintf(text + at, size - at, "%s%s%s", gap, axes[axis].value[v - 1], is_sr ? ":N (N 1 to 32)" : "");
        at += (size_t)w;
    }
}

/* "sr:N", N from 1 to 32 without leading zeros; 0 when it is not. */
static unsigned sr_bits(const char *text, size_t length)
{
    unsigned n = 0;

    if (length < 4 || length > 5 || memcmp(text, "sr:", 3) != 0 || text[3] == '0')
        return 0;
    for (size_t i = 3; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        n = n * 10 + (unsigned)(text[i] - '0');
    }
    return n <= 32 ? n : 0;
}

static unsigned find_value(mx_axis axis, const char *text, size_t length, unsigned *bits)
{
    *bits = axis == MX_AXIS_ROUND ? sr_bits(text, length) : 0;
    if (*bits)
        return MX_SR;
    for (unsigned v = 1; v <= mx_axis_count(axis); v++)
        if (same(axes[axis].value[v - 1], text, length))
            return axis == MX_AXIS_ROUND && v == MX_SR ? 0 : v;
    return 0;
}

/* The axis of a word, with where its value starts; 0 and `why` when there is none. */
static mx_axis split(const char *word, size_t length, size_t *value_at, char *why)
{
    char q[MXV_QUOTE_TEXT];
    const char *equals = length ? memchr(word, '=', length) : NULL;
    mx_axis axis;

    if (!equals) {
        mxv_say(why, MX_WHY, "wanted axis=value, found %s", mxv_quote(q, word, length));
        return (mx_axis)0;
    }
    *value_at = (size_t)(equals - word) + 1;
    axis = mx_axis_find(word, *value_at - 1);
    if (!axis) {
        mx_nearest nearest = {word, *value_at - 1, NULL, 0};
        char hint[MX_WHY];
        for (int a = 1; a <= MX_AXIS_LAST; a++)
            mx_nearest_try(&nearest, mx_axis_name((mx_axis)a));
        mxv_say(why, MX_WHY, "wanted the name of an axis, found %s%s", mxv_quote(q, word, *value_at - 1),
                mx_nearest_hint(&nearest, hint));
    }
    return axis;
}

mx_status mx_profile_apply(mx_profile *profile, const char *word, size_t length, char *why)
{
    char q[MXV_QUOTE_TEXT], list[96];
    size_t at = 0;
    unsigned value, bits;
    mx_axis axis;

    if (!profile || !word)
        return MX_EINVAL;
    axis = split(word, length, &at, why);
    if (!axis)
        return MX_EPARSE;
    value = find_value(axis, word + at, length - at, &bits);
    if (!value) {
        choices(axis, list, sizeof list);
        mxv_say(why, MX_WHY, "wanted %s= one of %s, found %.80s", axes[axis].name, list,
                mxv_quote(q, word + at, length - at));
        return MX_EPARSE;
    }
    ((uint8_t *)profile)[axis] = (uint8_t)value;
    if (axis == MX_AXIS_ROUND)
        profile->sr_bits = (uint8_t)bits;
    return MX_OK;
}

mx_status mx_profile_parse(mx_profile *profile, const char *text, size_t length, char *why)
{
    mx_profile result;
    char seen[MX_AXIS_LAST + 1] = {0};

    if (!profile || (!text && length))
        return MX_EINVAL;
    result = *profile;
    for (size_t at = 0; at < length || (at && at == length);) {
        const char *word = text + at;
        const char *space = at < length ? memchr(word, ' ', length - at) : NULL;
        size_t n = space ? (size_t)(space - word) : length - at, value_at;
        mx_axis axis;

        if (n == 0) {
            mxv_say(why, MX_WHY, "wanted axis=value after a single space, found %s",
                    space ? "two spaces" : "a trailing space");
            return MX_EPARSE;
        }
        if (mx_profile_apply(&result, word, n, why) != MX_OK)
            return MX_EPARSE;
        axis = split(word, n, &value_at, NULL);
        if (seen[axis]++) {
            mxv_say(why, MX_WHY, "wanted each axis once, found %s twice", axes[axis].name);
            return MX_EPARSE;
        }
        if (!space)
            break;
        at += n + 1;
    }
    *profile = result;
    return MX_OK;
}

mx_status mx_profile_check(const mx_profile *profile, char *why)
{
    if (!profile) {
        mxv_say(why, MX_WHY, "wanted a profile, found NULL");
        return MX_EINVAL;
    }
    for (unsigned i = 1; i <= MX_AXIS_LAST; i++) {
        unsigned value = mx_profile_get(profile, (mx_axis)i), n = mx_axis_count((mx_axis)i);
        if (value >= 1 && value <= n)
            continue;
        if (value == 0)
            mxv_say(why, MX_WHY, "wanted every axis, found %s unset", axes[i].name);
        else
            mxv_say(why, MX_WHY, "wanted a value of %s from 1 to %u, found %u", axes[i].name, n, value);
        return MX_EINVAL;
    }
    if (profile->round == MX_SR ? profile->sr_bits < 1 || profile->sr_bits > 32 : profile->sr_bits != 0) {
        mxv_say(why, MX_WHY, "wanted %s for round=%s, found %u",
                profile->round == MX_SR ? "1 to 32 random bits" : "0 random bits",
                mx_axis_value_name(MX_AXIS_ROUND, profile->round), profile->sr_bits);
        return MX_EINVAL;
    }
    return MX_OK;
}

size_t mx_profile_format(const mx_profile *profile, char *text, size_t size)
{
    size_t at = 0;

    if (!text || mx_profile_check(profile, NULL) != MX_OK)
        return 0;
    for (unsigned i = 1; i <= MX_AXIS_LAST; i++) {
        char value[MX_VALUE_TEXT];
        int n = snprintf(text + at, size - at, "%s%s=%s", i == 1 ? "" : " ", axes[i].name,
                         mx_profile_value(profile, (mx_axis)i, value));

        if (n < 0 || (size_t)n >= size - at)
            return 0;
        at += (size_t)n;
    }
    return at;
}
