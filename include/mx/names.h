/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The nouns of mx/types.h as text, and the tables that give an operation its columns and an axis its values.
 * All functions are thread-safe and allocate nothing; returned strings are static.
 */
#ifndef MX_NAMES_H
#define MX_NAMES_H

#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Text of an id, or NULL when it is not one; the id of a text of `length` bytes, not NUL-terminated, 0 when none. */
MX_API const char *mx_status_text(mx_status status); /* a short phrase, never NULL */
MX_API const char *mx_elem_name(mx_elem elem);       /* "e5m2" ... "int8" */
MX_API mx_elem mx_elem_find(const char *text, size_t length);
MX_API const char *mx_type_name(mx_type type); /* "fp32" "bf16" "fp16" "fp64" */
MX_API mx_type mx_type_find(const char *text, size_t length);
MX_API const char *mx_op_name(mx_op op); /* "decode" ... */
MX_API mx_op mx_op_find(const char *text, size_t length);
MX_API const char *mx_layout_name(mx_layout layout); /* "low-first" "high-first" "split-half" "128x4" */
MX_API mx_layout mx_layout_find(const char *text, size_t length);
MX_API const char *mx_class_name(mx_class class_); /* "must" "should" "free" "silent" */
MX_API mx_class mx_class_find(const char *text, size_t length);

/* Bytes of one value of `type`: 4, 2, 2, 8; 0 when it is not one. */
MX_API size_t mx_type_bytes(mx_type type);

/* Width of a code in bits, 0 when `elem` is not one: what makes a code malformed in text and in a batch. The suite
 * compares it with the widths that the reference and the fast implementation state. */
MX_API unsigned mx_elem_bits(mx_elem elem);

/* Room that every `why` below needs. */
#define MX_WHY 256

/* ---- mistyped names ---- */

/* Of many names the nearest to `text`, not NUL-terminated, of `length` bytes: begin with {text, length}, try each name
 * (NULL: none), which must outlive the struct, ask for the hint. The distance counts letters changed, added, dropped or
 * exchanged with their neighbour, small and capital ones alike; near is up to a third of the text, and a name that the
 * text begins. Texts and names above 64 bytes are never near. Of equals the first. */
typedef struct mx_nearest {
    const char *text;
    size_t length;
    const char *name; /* the nearest so far, or NULL */
    size_t distance;  /* of it, in halves of a letter */
} mx_nearest;
MX_API void mx_nearest_try(mx_nearest *nearest, const char *name);
/* " (did you mean 'cast'?)", "" when no name was near; returns `out`. */
MX_API const char *mx_nearest_hint(const mx_nearest *nearest, char out[MX_WHY]);

/* ---- operations ---- */

/* A column of a case: what it holds and how many of it. */
typedef enum mx_column_kind { MX_COL_VALUE = 1, MX_COL_SCALE, MX_COL_CODE, MX_COL_BYTE } mx_column_kind;
typedef enum mx_column_count { MX_ONE = 1, MX_PER_ELEMENT, MX_PER_BYTE } mx_column_count;

typedef struct mx_column {
    mx_column_kind kind;
    mx_column_count count;
    const char *name; /* "value", "scale", "code", "byte" */
} mx_column;

typedef struct mx_op_info {
    mx_op op;
    const char *name;
    int is_block; /* has a k */
    int encodes;  /* `type` is the source type (else the target) */
    int rounds;   /* casts elements, so that round=sr:N adds random bits to every input value */
    size_t n_in, n_out;
    mx_column in[3], out[3];
    int has_elem;     /* has an element format */
    int has_type;     /* has a source or target type */
    int is_matrix;    /* has rows and cols */
    unsigned layouts; /* bit 1 << layout for each that it can have; 0: it has none */
} mx_op_info;

/* The row of `op`, or NULL when it is not one. */
MX_API const mx_op_info *mx_op_info_of(mx_op op);

/* MX_OK when op, elem, type, k, layout, rows and cols of `shape` fit one another (profile, count and columns are not
 * looked at), else MX_EINVAL with `why` (MX_WHY bytes or NULL). */
MX_API mx_status mx_shape_check(const mx_batch *shape, char *why);

/* Bytes of one case's codes (scales) in the layout of `shape`: the k codes' bits, rounded up to whole bytes; the
 * matrix, rounded up to whole tiles. 0 when mx_shape_check refuses the shape or it has no layout. */
MX_API size_t mx_layout_bytes(const mx_batch *shape);

/* Cells that one case has in a column of its operation: 1, k, or mx_layout_bytes. 0 as above. */
MX_API size_t mx_column_cells(const mx_batch *shape, const mx_column *column);

/* ---- profiles ---- */

MX_API const char *mx_axis_name(mx_axis axis); /* "scale" ... "decode-over", or NULL */
MX_API mx_axis mx_axis_find(const char *text, size_t length);
MX_API unsigned mx_axis_count(mx_axis axis);                         /* values are 1..count */
MX_API const char *mx_axis_value_name(mx_axis axis, unsigned value); /* "floor" ...; "sr" without its N */

MX_API unsigned mx_profile_get(const mx_profile *profile, mx_axis axis); /* 0 when it is unset or no axis */
/* The value that `profile` gives an axis as text, the N of sr included: "floor", "sr:8"; "" when it is unset or none.
 * Returns `text`. */
#define MX_VALUE_TEXT 24
MX_API const char *mx_profile_value(const mx_profile *profile, mx_axis axis, char text[MX_VALUE_TEXT]);
/* MX_EINVAL when axis or value is not one. Setting round to anything but sr clears sr_bits. */
MX_API mx_status mx_profile_set(mx_profile *profile, mx_axis axis, unsigned value);

/* Apply one "axis=value" word of `length` bytes ("round=sr:8" included). On failure MX_EPARSE, the profile is
 * untouched and `why` (at least MX_WHY bytes, or NULL) says what was wanted and what was found. */
MX_API mx_status mx_profile_apply(mx_profile *profile, const char *word, size_t length, char *why);

/* Read words separated by single spaces into a profile; axes not named are left as they are in `profile`.
 * Naming one axis twice is an error. */
MX_API mx_status mx_profile_parse(mx_profile *profile, const char *text, size_t length, char *why);

/* MX_OK when every axis is set to one of its values and sr_bits fits round, else MX_EINVAL with the axis in `why`. */
MX_API mx_status mx_profile_check(const mx_profile *profile, char *why);

/* Write every axis in the order of mx_axis, single spaces, no newline, NUL-terminated. Returns the length, or 0
 * when `size` (MX_PROFILE_TEXT suffices) is too small or an axis is unset. */
#define MX_PROFILE_TEXT 640
MX_API size_t mx_profile_format(const mx_profile *profile, char *text, size_t size);

/* 1 when the answer to (op, elem, type) can depend on `axis`, for some input, given the other axes of `profile`
 * (NULL: for some profile); else 0. Packs and declared axes are matched on the axes that matter only. */
MX_API int mx_axis_matters(mx_axis axis, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile);

/* MX_OK when a batch is well formed: ids, profile, k, count, every needed column there and aligned, unneeded ones
 * NULL, codes and random bits within their width, no size product overflow, outputs not overlapping anything.
 * `why` as above. */
MX_API mx_status mx_batch_check(const mx_batch *batch, char *why);

#ifdef __cplusplus
}
#endif

#endif
