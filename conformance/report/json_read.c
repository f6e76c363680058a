/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Members of a JSON document, checked as they are read: after a failure every reading gives zero.
 */
#include "config.h"

#include "conformance/report/json_read.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/report/report.h"

void mxc_json_bad(mxc_json *r, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (r->status == MX_OK)
        r->status = mxc_fail(r->error, MX_EPARSE, "%s: %s", r->name, text);
}

void *mxc_json_enough(mxc_json *r, void *memory)
{
    if (!memory && r->status == MX_OK)
        r->status = mxc_no_memory(r->error);
    return memory;
}

const char *mxc_json_type(const json_t *value)
{
    static const char *const name[] = {"an object", "a list", "a string", "a number",
                                       "a number",  "true",   "false",    "null"};
    return value ? name[json_typeof(value)] : "nothing";
}

const json_t *mxc_json_member(mxc_json *r, const json_t *o, const char *key, json_type type, json_type or_type,
                              const char *wanted)
{
    const json_t *value = json_object_get(o, key);
    if (value && (json_typeof(value) == type || json_typeof(value) == or_type))
        return value;
    mxc_json_bad(r, "wanted %s as \"%s%s\", found %s", wanted, r->where, key, mxc_json_type(value));
    return NULL;
}

const json_t *mxc_json_object_of(mxc_json *r, const json_t *o, const char *key)
{
    return mxc_json_member(r, o, key, JSON_OBJECT, JSON_OBJECT, "an object");
}

const json_t *mxc_json_list_of(mxc_json *r, const json_t *o, const char *key)
{
    return mxc_json_member(r, o, key, JSON_ARRAY, JSON_ARRAY, "a list");
}

size_t mxc_json_size_of(mxc_json *r, const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(mxc_json_member(r, o, key, JSON_INTEGER, JSON_INTEGER, "a number"));
    if (n < 0)
        mxc_json_bad(r, "wanted 0 or more as \"%s%s\", found %" JSON_INTEGER_FORMAT, r->where, key, n);
    return n < 0 ? 0 : (size_t)n;
}

int mxc_json_flag_of(mxc_json *r, const json_t *o, const char *key)
{
    return json_is_true(mxc_json_member(r, o, key, JSON_TRUE, JSON_FALSE, "true or false"));
}

const char *mxc_json_string_of(mxc_json *r, const json_t *o, const char *key)
{
    const char *text = json_string_value(mxc_json_member(r, o, key, JSON_STRING, JSON_STRING, "a string"));
    return text ? text : "";
}

char *mxc_json_copy_of(mxc_json *r, const json_t *o, const char *key)
{
    return mxc_json_enough(r, strdup(mxc_json_string_of(r, o, key)));
}

char *mxc_json_copy_or_null(mxc_json *r, const json_t *o, const char *key)
{
    const json_t *value = mxc_json_member(r, o, key, JSON_STRING, JSON_NULL, "a string or null");
    return json_is_string(value) ? mxc_json_enough(r, strdup(json_string_value(value))) : NULL;
}

void *mxc_json_read_list(mxc_json *r, const json_t *o, const char *key, size_t size, size_t *count,
                         void (*read)(mxc_json *r, const json_t *element, void *to))
{
    const json_t *list = mxc_json_list_of(r, o, key);
    char *array = mxc_json_enough(r, calloc(json_array_size(list) + 1, size));
    for (size_t i = 0; array && i < json_array_size(list) && r->status == MX_OK; i++) {
        mxc_say(r->where, sizeof r->where, "%s[%zu].", key, i);
        ++*count;
        read(r, json_array_get(list, i), array + i * size);
    }
    r->where[0] = '\0';
    return array;
}

/* ---- words of the field ---- */

static const struct {
    const char *what;
    mxc_id_name *name;
} nouns[] = {{NULL, NULL},
             {"an operation", mxc_id_op},
             {"an element format", mxc_id_elem},
             {"a type", mxc_id_type},
             {"a layout", mxc_id_layout},
             {"a class", mxc_id_class},
             {"a verdict", mxc_id_verdict},
             {"a column", mxc_id_column},
             {"a stage", mxc_id_stage},
             {"a place", mxc_id_place},
             {"a range", mxc_id_range}};

const char *mxc_json_noun_name(mxc_noun of, unsigned id)
{
    return id ? nouns[of].name(id) : NULL;
}

unsigned mxc_json_noun_find(mxc_noun of, const char *word)
{
    unsigned id = 1;
    const char *name;
    while ((name = nouns[of].name(id)) != NULL && strcmp(name, word) != 0)
        id++;
    return name ? id : 0;
}

unsigned mxc_json_noun_of(mxc_json *r, const json_t *o, const char *key, mxc_noun of, int may_be_null)
{
    const char *what = nouns[of].what;
    const json_t *value = mxc_json_member(r, o, key, JSON_STRING, may_be_null ? JSON_NULL : JSON_STRING, what);
    if (!json_is_string(value))
        return 0;
    const unsigned id = mxc_json_noun_find(of, json_string_value(value));
    if (!id)
        mxc_json_bad(r, "wanted %s as \"%s%s\", found '%.40s'", what, r->where, key, json_string_value(value));
    return id;
}
