/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Golden vectors: reader and canonical writer of .mxv packs (grammar: vectors/FORMAT).
 */
#ifndef MX_VECTORS_H
#define MX_VECTORS_H

#include <stdio.h>

#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where and why reading failed; one line, no newline: "file:line: wanted ..., found ...". */
typedef struct mxv_error {
    unsigned long line; /* 1-based; 0 when no line is to blame */
    char text[512];
} mxv_error;

/* What a case is called and why it is there. Strings belong to the pack. */
typedef struct mxv_label {
    const char *id; /* "q.e4m3.fp32.floor.000017" */
    mx_class class_;
    const char *tags; /* "C6.3-b,tie,sub", or "-" */
} mxv_label;

/* A pack in memory: the cases as one batch, whose outputs are the expected ones. All arrays belong to the pack. */
typedef struct mxv_pack {
    mx_batch batch;
    mx_outputs open;  /* same shape as batch.out, a byte a cell (value too): 1 where the profile leaves it free */
    mxv_label *label; /* [batch.count] */
    char sha256[65];  /* digest of the text above #end, lower-case hex */
    void *storage;    /* private */
} mxv_pack;

/* A pack with room for batch->count cases of the shape of `batch` (op, elem, type, k, profile, count), all columns
 * allocated and zero, labels empty. MX_EINVAL, MX_ESIZE, MX_ENOMEM. */
MX_API mx_status mxv_pack_new(mxv_pack **pack, const mx_batch *shape);

/* Label case i; strings are copied. MX_EINVAL when id or tags are malformed or i is out of range, MX_ENOMEM. */
MX_API mx_status mxv_pack_label(mxv_pack *pack, size_t i, const char *id, mx_class class_, const char *tags);

/* Read a whole pack. `name` is used in messages. The digest, count, order and uniqueness of ids, every width and
 * every axis are checked. MX_EPARSE, MX_EIO, MX_ENOMEM, with *error filled (may be NULL). */
MX_API mx_status mxv_read(mxv_pack **pack, FILE *in, const char *name, mxv_error *error);
MX_API mx_status mxv_load(mxv_pack **pack, const char *path, mxv_error *error);

/* Write the canonical text (cases sorted by id, digest computed). mxv_save writes a temporary file beside `path`
 * and renames it, so that a partial file is never seen; a link is followed, and what is no regular file (a pipe, a
 * device) is written to directly. MX_EINVAL (no case, a label missing, an id twice, bits above a code's or random
 * width), MX_EIO, MX_ENOMEM. */
MX_API mx_status mxv_write(const mxv_pack *pack, FILE *out);
MX_API mx_status mxv_save(const mxv_pack *pack, const char *path, mxv_error *error);
/* Save what `write` writes in the same way. Its failures, MX_EIO, MX_ENOMEM. */
typedef mx_status (*mxv_writer)(FILE *out, const void *state);
MX_API mx_status mxv_save_by(mxv_writer write, const void *state, const char *path, mxv_error *error);
/* Remove the temporary files of all saves under way; no other begins (MX_EIO). For the handler of a signal that ends
 * the process, which may call it. */
MX_API void mxv_save_abandon(void);

MX_API void mxv_pack_free(mxv_pack *pack); /* NULL is fine */

/* ---- rows: the text of single cases, shared by packs, the subject protocol and reports ---- */

/* Characters needed for the input (output) columns of one case, NUL included; 0 when ids are bad or it overflows. */
MX_API size_t mxv_inputs_text(const mx_batch *shape);
MX_API size_t mxv_outputs_text(const mx_batch *shape);

/* Write case i's columns, single spaces between, NUL-terminated. `open` NULL: no x digits. Returns the length. */
MX_API size_t mxv_format_inputs(const mx_batch *batch, size_t i, char *text);
MX_API size_t mxv_format_outputs(const mx_batch *batch, const mx_outputs *open, size_t i, char *text);

/* Read case i's columns from exactly `length` bytes into the batch (whose columns are writable and large enough;
 * for inputs the const of mx_inputs is the caller's promise). MX_EPARSE with *error (line untouched) saying which
 * column and what was wanted. `open` NULL: x digits are an error. */
MX_API mx_status mxv_parse_inputs(const mx_batch *batch, size_t i, const char *text, size_t length, mxv_error *error);
MX_API mx_status mxv_parse_outputs(const mx_batch *batch, const mx_outputs *open, size_t i, const char *text,
                                   size_t length, mxv_error *error);

/* The words after "#op", as in packs and on the pipe: "quantize elem=e2m1 type=fp32 k=32". The buffer needs
 * MXV_HEAD_TEXT bytes; returns the length, 0 when the shape is none. Parsing fills in the shape and leaves its profile;
 * MX_EPARSE with *error. */
#define MXV_HEAD_TEXT 128
MX_API size_t mxv_format_op(const mx_batch *shape, char *text);
MX_API mx_status mxv_parse_op(mx_batch *shape, const char *text, size_t length, mxv_error *error);

/* ---- vectors/elem: every code of a format with its exact value ---- */

typedef enum mxv_code_class { MXV_ZERO = 1, MXV_SUBNORMAL, MXV_NORMAL, MXV_INF, MXV_NAN } mxv_code_class;

/* The code's value is (negative ? -1 : 1) * numerator * 2^exponent, numerator odd; 0 and 0 for zero, Inf and NaN. */
typedef struct mxv_code {
    mxv_code_class class_;
    int negative;
    unsigned numerator;
    int exponent;
} mxv_code;

typedef struct mxv_codes {
    char name[8]; /* "e4m3" ..., "e8m0" */
    size_t count; /* 2^bits */
    mxv_code code[256];
} mxv_codes;

/* Read one of vectors/elem/NAME.txt, which must be the table of `name`. MX_EPARSE, MX_EIO with *error filled (may be
 * NULL); *codes is then untouched. */
MX_API mx_status mxv_elem_load(mxv_codes *codes, const char *path, const char *name, mxv_error *error);

#ifdef __cplusplus
}
#endif

#endif
