/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Members of structures as members of JSON objects: one row a field serves to write it and to read it.
 */
#ifndef CONFORMANCE_REPORT_JSON_FIELDS_H
#define CONFORMANCE_REPORT_JSON_FIELDS_H

#include <stddef.h>

#include "conformance/report/json_read.h"

/* What stands at the offset, and in the document. */
typedef enum mxc_field_kind {
    FIELD_SIZE = 1, /* size_t */
    FIELD_LONG,     /* unsigned long */
    FIELD_COUNT,    /* unsigned long long */
    FIELD_FLAG,     /* int, 0 or 1: false or true */
    FIELD_STRING,   /* char *, which the structure owns */
    FIELD_STRING_OR_NULL,
    FIELD_WORDS, /* const char *, which belongs to the document when it was read */
    FIELD_WORDS_OR_NULL,
    FIELD_CHARS, /* char[more] */
    FIELD_ID,    /* an enum of the noun `more`: its word */
    FIELD_ID_OR_NULL,
    FIELD_SET,          /* unsigned, bit 1 << id, of the noun `more`: the list of the words */
    FIELD_AXIS,         /* mx_axis, its value an unsigned at offset `more`: "axis=value", or null */
    FIELD_TALLY,        /* mxc_tally */
    FIELD_MILLISECONDS, /* double, seconds: whole milliseconds */
    FIELD_MICROSECONDS  /* ... microseconds */
} mxc_field_kind;

typedef struct mxc_field {
    const char *key;
    mxc_field_kind kind;
    size_t offset, more;
} mxc_field;

/* A row for member `name` of `type`, under its own name; under `key`; and with what the kind needs more. */
#define MXC_FIELD(type, name, kind)          MXC_FIELD_AS(#name, type, name, kind, 0)
#define MXC_FIELD_OF(type, name, kind, more) MXC_FIELD_AS(#name, type, name, kind, more)
#define MXC_FIELD_AS(key, type, name, kind, more)                                                                      \
    {                                                                                                                  \
        key, FIELD_##kind, offsetof(type, name), more                                                                  \
    }
#define MXC_FIELD_CHARS(type, name) MXC_FIELD_AS(#name, type, name, CHARS, sizeof((type *)0)->name)
#define MXC_FIELD_AXIS(key, type)   MXC_FIELD_AS(key, type, axis, AXIS, offsetof(type, value))

/* Rows end with a NULL key. */
void mxc_fields_put(json_t *o, const mxc_field *rows, const void *from);
json_t *mxc_fields_json(const mxc_field *rows, const void *from); /* as an object of its own */
/* Bad members fail the reader; what the structure owns can be freed whatever happens. */
void mxc_fields_read(mxc_json *r, const json_t *o, const mxc_field *rows, void *to);

/* ---- values that are more than a word ---- */

json_t *mxc_json_size(size_t n);
json_t *mxc_json_text(const char *text);                   /* of unknown origin; null for NULL */
json_t *mxc_json_word(mxc_noun noun, unsigned id);         /* null for what is no id */
json_t *mxc_json_set(mxc_noun noun, unsigned set);         /* bit 1 << id: the list of the words */
json_t *mxc_json_axis_value(mx_axis axis, unsigned value); /* "round=rna"; null for axis 0 */
/* "axis=value"; the axis, or 0 (for null too) with the reader failed when it is anything else. */
mx_axis mxc_json_axis_value_of(mxc_json *r, const json_t *text, unsigned *value);
json_t *mxc_json_tally(const mxc_tally *tally);
mxc_tally mxc_json_tally_of(mxc_json *r, const json_t *o, const char *key);

#endif
