/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Members of a JSON document, checked as they are read.
 */
#ifndef CONFORMANCE_REPORT_JSON_READ_H
#define CONFORMANCE_REPORT_JSON_READ_H

#include <jansson.h>

#include <mx/conformance.h>

/* The first failure stays; every reading after it gives zero. */
typedef struct mxc_json {
    const char *name;
    char where[64]; /* "packs[3]." */
    mx_status status;
    mxv_error *error;
} mxc_json;

/* Fail with a line; the first failure stays. */
__attribute__((format(printf, 2, 3))) void mxc_json_bad(mxc_json *r, const char *format, ...);
/* `memory`, the reader failed when it is NULL. */
void *mxc_json_enough(mxc_json *r, void *memory);
const char *mxc_json_type(const json_t *value); /* "a string", "nothing" */

/* The member `key` of an object, of one of two types; NULL with the reader failed. */
const json_t *mxc_json_member(mxc_json *r, const json_t *o, const char *key, json_type type, json_type or_type,
                              const char *wanted);
const json_t *mxc_json_object_of(mxc_json *r, const json_t *o, const char *key);
const json_t *mxc_json_list_of(mxc_json *r, const json_t *o, const char *key);
size_t mxc_json_size_of(mxc_json *r, const json_t *o, const char *key);
int mxc_json_flag_of(mxc_json *r, const json_t *o, const char *key);
const char *mxc_json_string_of(mxc_json *r, const json_t *o, const char *key); /* of the document */
char *mxc_json_copy_of(mxc_json *r, const json_t *o, const char *key);         /* the caller frees it */
char *mxc_json_copy_or_null(mxc_json *r, const json_t *o, const char *key);    /* NULL for null */

/* Each element of the list `key` into an array made for it; what is there when reading fails can be freed. */
void *mxc_json_read_list(mxc_json *r, const json_t *o, const char *key, size_t size, size_t *count,
                         void (*read)(mxc_json *r, const json_t *element, void *to));

/* The id of a word of the field; 0 for null where that may be. */
typedef enum mxc_noun {
    NOUN_OP = 1,
    NOUN_ELEM,
    NOUN_TYPE,
    NOUN_LAYOUT,
    NOUN_CLASS,
    NOUN_VERDICT,
    NOUN_COLUMN,
    NOUN_STAGE,
    NOUN_PLACE,
    NOUN_RANGE
} mxc_noun;
const char *mxc_json_noun_name(mxc_noun of, unsigned id);   /* NULL for what is no id */
unsigned mxc_json_noun_find(mxc_noun of, const char *word); /* 0: none */
unsigned mxc_json_noun_of(mxc_json *r, const json_t *o, const char *key, mxc_noun of, int may_be_null);

#endif
