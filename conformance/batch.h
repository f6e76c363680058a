/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Columns of a batch, and batches that own theirs.
 */
#ifndef CONFORMANCE_BATCH_H
#define CONFORMANCE_BATCH_H

#include <mx/names.h>
#include <mx/types.h>

/* The columns of a batch, in a fixed order. */
enum {
    COL_IN_VALUE,
    COL_RANDOM,
    COL_IN_SCALE,
    COL_IN_CODE,
    COL_IN_BYTE,
    COL_OUT_VALUE,
    COL_OUT_SCALE,
    COL_OUT_CODE,
    COL_OUT_BYTE,
    COLS
};

/* Bytes that one case has in column `col`, 0 when the shape has no such column (or its ids are bad). */
size_t mxc_cell_bytes(const mx_batch *shape, int col);

/* The pointer of column `col` (NULL when absent); const is dropped, which is the caller's responsibility. */
void *mxc_column(const mx_batch *batch, int col);
void mxc_column_set(mx_batch *batch, int col, void *data);

/* A batch that owns its columns, all zero. Free with mxc_store_free. */
typedef struct mxc_store {
    mx_batch batch;
    void *memory;
} mxc_store;

mx_status mxc_store_new(mxc_store *store, const mx_batch *shape, size_t count);
/* One with the inputs of `count` cases of `source`: of these, or with NULL of the first ones. */
mx_status mxc_store_of(mxc_store *store, const mx_batch *source, const size_t *cases, size_t count);
void mxc_store_free(mxc_store *store);

/* Copy case `from` of `source` over case `to`, input (output) columns only. Shapes agree. */
void mxc_copy_inputs(const mx_batch *dest, size_t to, const mx_batch *source, size_t from);
void mxc_copy_outputs(const mx_batch *dest, size_t to, const mx_batch *source, size_t from);

/* A batch of cases [first, first + count) of `batch`, sharing its columns. */
mx_batch mxc_slice(const mx_batch *batch, size_t first, size_t count);

/* The layout of a source type (IEEE 754 and bfloat16). */
typedef struct mxc_layout {
    mx_type type;
    unsigned bits, mbits;
    int emin, emax;
    uint64_t inf;       /* pattern of +Inf; the largest finite one is inf - 1 */
    uint64_t sign;      /* the sign bit */
    uint64_t quiet_nan; /* the canonical NaN */
} mxc_layout;

const mxc_layout *mxc_layout_of(mx_type type);

/* Bits of value `j` of a column of values of `type`. */
uint64_t mxc_value_bits(const void *column, mx_type type, size_t j);
/* 1 when they are those of a NaN (IEEE 754 and bfloat16 patterns). */
int mxc_value_is_nan(uint64_t bits, mx_type type);

#endif
