/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fields by their rows, and the values that are more than a word.
 */
#include "config.h"

#include "conformance/report/json_fields.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/report/report.h"

/* Every enum that is an id may be looked at as one. */
_Static_assert(sizeof(mx_op) == sizeof(unsigned) && sizeof(mxc_stage) == sizeof(unsigned),
               "ids are as wide as unsigned");

enum { MILLI = 1000, MICRO = 1000000 };

/* ---- values ---- */

json_t *mxc_json_size(size_t n)
{
    return json_integer((json_int_t)n);
}

json_t *mxc_json_text(const char *text)
{
    char *clean = text ? mxc_utf8(text) : NULL;
    json_t *o = clean ? json_string(clean) : json_null();
    free(clean);
    return o;
}

json_t *mxc_json_word(mxc_noun noun, unsigned id)
{
    const char *word = mxc_json_noun_name(noun, id);
    return word ? json_string(word) : json_null();
}

json_t *mxc_json_axis_value(mx_axis axis, unsigned value)
{
    return axis ? json_sprintf("%s=%s", mx_axis_name(axis), mx_axis_value_name(axis, value)) : json_null();
}

mx_axis mxc_json_axis_value_of(mxc_json *r, const json_t *text, unsigned *value)
{
    mx_profile one = {0};
    const char *word = json_is_string(text) ? json_string_value(text) : "";
    if (json_is_null(text))
        return (mx_axis)0;
    size_t n = strcspn(word, "=");
    mx_axis axis = mx_axis_find(word, n);
    for (unsigned v = 1; axis && word[n] && v <= mx_axis_count(axis); v++)
        if (strcmp(mx_axis_value_name(axis, v), word + n + 1) == 0 && mx_profile_set(&one, axis, v) == MX_OK) {
            *value = v;
            return axis;
        }
    mxc_json_bad(r, "\"%s\": wanted axis=value, found '%.60s'", r->where, word);
    return (mx_axis)0;
}

static const mxc_field tally_fields[] = {MXC_FIELD(mxc_tally, cases, SIZE),
                                         MXC_FIELD(mxc_tally, pass, SIZE),
                                         MXC_FIELD(mxc_tally, fail, SIZE),
                                         MXC_FIELD(mxc_tally, never, SIZE),
                                         {NULL, (mxc_field_kind)0, 0, 0}};

json_t *mxc_json_tally(const mxc_tally *tally)
{
    return mxc_fields_json(tally_fields, tally);
}

mxc_tally mxc_json_tally_of(mxc_json *r, const json_t *o, const char *key)
{
    const json_t *t = mxc_json_object_of(r, o, key);
    mxc_tally tally = {0};
    if (!t)
        return tally;
    mxc_fields_read(r, t, tally_fields, &tally);
    if (tally.cases != tally.pass + tally.fail + tally.never)
        mxc_json_bad(r, "\"%s%s\": %zu cases are not %zu + %zu + %zu", r->where, key, tally.cases, tally.pass,
                     tally.fail, tally.never);
    return tally;
}

/* ---- sets ---- */

json_t *mxc_json_set(mxc_noun noun, unsigned set)
{
    json_t *list = json_array();
    for (unsigned id = 1; mxc_json_noun_name(noun, id); id++)
        if (set >> id & 1)
            json_array_append_new(list, mxc_json_word(noun, id));
    return list;
}

static unsigned set_of(mxc_json *r, const json_t *o, const char *key, mxc_noun noun)
{
    const json_t *list = mxc_json_list_of(r, o, key), *word;
    unsigned set = 0;
    size_t i;
    json_array_foreach(list, i, word)
    {
        unsigned id = json_is_string(word) ? mxc_json_noun_find(noun, json_string_value(word)) : 0;
        if (!id)
            mxc_json_bad(r, "\"%s%s\": an unknown word", r->where, key);
        set |= id ? 1u << id : 0;
    }
    return set;
}

/* ---- fields ---- */

static json_t *field_json(const mxc_field *f, const void *from)
{
    const char *at = (const char *)from + f->offset;
    const char *const *text = (const void *)at;
    switch (f->kind) {
    case FIELD_SIZE:
        return mxc_json_size(*(const size_t *)(const void *)at);
    case FIELD_LONG:
        return json_integer((json_int_t) * (const unsigned long *)(const void *)at);
    case FIELD_COUNT:
        return json_integer((json_int_t) * (const unsigned long long *)(const void *)at);
    case FIELD_FLAG:
        return json_boolean(*(const int *)(const void *)at);
    case FIELD_STRING:
    case FIELD_WORDS:
        return mxc_json_text(*text ? *text : "");
    case FIELD_STRING_OR_NULL:
    case FIELD_WORDS_OR_NULL:
        return mxc_json_text(*text);
    case FIELD_CHARS:
        return mxc_json_text(at);
    case FIELD_ID:
    case FIELD_ID_OR_NULL:
        return mxc_json_word((mxc_noun)f->more, *(const unsigned *)(const void *)at);
    case FIELD_SET:
        return mxc_json_set((mxc_noun)f->more, *(const unsigned *)(const void *)at);
    case FIELD_AXIS:
        return mxc_json_axis_value(*(const mx_axis *)(const void *)at,
                                   *(const unsigned *)(const void *)((const char *)from + f->more));
    case FIELD_TALLY:
        return mxc_json_tally((const void *)at);
    default:
        return json_integer(
            (json_int_t)(*(const double *)(const void *)at * (f->kind == FIELD_MILLISECONDS ? MILLI : MICRO) + 0.5));
    }
}

void mxc_fields_put(json_t *o, const mxc_field *rows, const void *from)
{
    for (const mxc_field *f = rows; f->key; f++)
        json_object_set_new(o, f->key, field_json(f, from));
}

json_t *mxc_fields_json(const mxc_field *rows, const void *from)
{
    json_t *o = json_object();
    mxc_fields_put(o, rows, from);
    return o;
}

static void read_field(mxc_json *r, const json_t *o, const mxc_field *f, void *to)
{
    void *at = (char *)to + f->offset;
    switch (f->kind) {
    case FIELD_SIZE:
        *(size_t *)at = mxc_json_size_of(r, o, f->key);
        break;
    case FIELD_LONG:
        *(unsigned long *)at = mxc_json_size_of(r, o, f->key);
        break;
    case FIELD_COUNT:
        *(unsigned long long *)at = mxc_json_size_of(r, o, f->key);
        break;
    case FIELD_FLAG:
        *(int *)at = mxc_json_flag_of(r, o, f->key);
        break;
    case FIELD_STRING:
        *(char **)at = mxc_json_copy_of(r, o, f->key);
        break;
    case FIELD_STRING_OR_NULL:
        *(char **)at = mxc_json_copy_or_null(r, o, f->key);
        break;
    case FIELD_WORDS:
        *(const char **)at = mxc_json_string_of(r, o, f->key);
        break;
    case FIELD_WORDS_OR_NULL:
        *(const char **)at =
            json_string_value(mxc_json_member(r, o, f->key, JSON_STRING, JSON_NULL, "a string or null"));
        break;
    case FIELD_CHARS:
        mxc_say(at, f->more, "%s", mxc_json_string_of(r, o, f->key));
        break;
    case FIELD_ID:
    case FIELD_ID_OR_NULL:
        *(unsigned *)at = mxc_json_noun_of(r, o, f->key, (mxc_noun)f->more, f->kind == FIELD_ID_OR_NULL);
        break;
    case FIELD_SET:
        *(unsigned *)at = set_of(r, o, f->key, (mxc_noun)f->more);
        break;
    case FIELD_AXIS:
        *(mx_axis *)at =
            mxc_json_axis_value_of(r, json_object_get(o, f->key), (unsigned *)(void *)((char *)to + f->more));
        break;
    case FIELD_TALLY:
        *(mxc_tally *)at = mxc_json_tally_of(r, o, f->key);
        break;
    default:
        *(double *)at = (double)mxc_json_size_of(r, o, f->key) / (f->kind == FIELD_MILLISECONDS ? MILLI : MICRO);
        break;
    }
}

void mxc_fields_read(mxc_json *r, const json_t *o, const mxc_field *rows, void *to)
{
    for (const mxc_field *f = rows; f->key; f++)
        read_field(r, o, f, to);
}
