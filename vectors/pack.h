/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the parts of libmxvectors share: the storage of a pack and the cells of a row.
 */
#ifndef MXV_PACK_H
#define MXV_PACK_H

#include <mx/names.h>
#include <mx/vectors.h>

#define MXV_ID_MAX   96  /* bytes of an id */
#define MXV_TAGS_MAX 256 /* bytes of the tags of a case */

/* Strings of labels, in chunks that are freed together. */
struct mxv_chunk {
    struct mxv_chunk *next;
    size_t used, size;
    char text[];
};

struct mxv_storage {
    char *text; /* what was read; labels point into it */
    struct mxv_chunk *chunks;
};

/* 1 when the id (tags) of `length` bytes are well formed: grammar in vectors/FORMAT. */
int mxv_id_ok(const char *id, size_t length);
int mxv_tags_ok(const char *tags, size_t length);

/* 1 when op, elem, type and k of a shape are valid; its profile too when the op uses random bits. */
int mxv_shape_ok(const mx_batch *shape);

/* The "#cols" line of a shape without its line feed. Returns its length. */
#define MXV_COLS_TEXT 128
size_t mxv_format_cols(const mx_batch *shape, char text[MXV_COLS_TEXT]);

#endif
