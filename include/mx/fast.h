/* SPDX-License-Identifier: BSD-3-Clause
 *
 * libmxfast: the fast implementation. Integer arithmetic only: results do not depend on the floating-point
 * environment. No global state, thread-safe.
 */
#ifndef MX_FAST_H
#define MX_FAST_H

#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Answer every case of `batch`, any operation. Cells that the profile leaves free hold some valid code or value.
 * MX_EINVAL (malformed batch), MX_ESIZE, MX_EALIAS; outputs are then untouched. */
MX_API mx_status mxfast_run(const mx_batch *batch);

/* This implementation's own statement of the formats. NULL when `elem` is not one. */
MX_API const mx_facts *mxfast_facts(mx_elem elem);
MX_API const mx_scale_facts *mxfast_scale_facts(void);

/* ---- tensors ---- */

/* A rows x cols matrix of values. Strides are in elements and may be negative. */
typedef struct mx_view {
    void *data; /* element (0, 0) */
    mx_type type;
    size_t rows, cols;
    ptrdiff_t row_stride, col_stride;
} mx_view;

/* As mx_view, read only. */
typedef struct mx_const_view {
    const void *data;
    mx_type type;
    size_t rows, cols;
    ptrdiff_t row_stride, col_stride;
} mx_const_view;

/* The direction blocks run in. */
typedef enum mx_dim {
    MX_DIM0 = 1, /* along each row: ceil(cols / k) blocks a row, scales are rows x ceil(cols / k) */
    MX_DIM1      /* down each column: ceil(rows / k) blocks a column, scales are ceil(rows / k) x cols */
} mx_dim;

/* A quantised rows x cols matrix: codes one per byte, one scale per block. The last block of a row (column) holds
 * what is left. Strides in bytes, which are elements here. */
typedef struct mx_blocks {
    uint8_t *codes;
    ptrdiff_t code_row_stride, code_col_stride;
    uint8_t *scales;
    ptrdiff_t scale_row_stride, scale_col_stride;
} mx_blocks;

typedef struct mx_const_blocks {
    const uint8_t *codes;
    ptrdiff_t code_row_stride, code_col_stride;
    const uint8_t *scales;
    ptrdiff_t scale_row_stride, scale_col_stride;
} mx_const_blocks;

/* Quantise `x` in blocks of k along `dim`. `random` holds one word per element of x, row-major dense, when the
 * profile rounds stochastically; else NULL. rows or cols may be 0: nothing is written.
 * Data of any alignment. Views may lie between one another's rows (scales in front of each block's codes); where it is
 * not plain from the strides that no byte is shared, they count as overlapping.
 * MX_EINVAL (NULL, bad id or profile, k of 0 or above MX_BLOCK_MAX, random words of more than N bits), MX_ESIZE (extent
 * overflows), MX_EALIAS (output overlaps input or the other output, or its strides make two elements share a byte);
 * outputs are then untouched. */
MX_API mx_status mxfast_quantize(const mx_blocks *out, const mx_const_view *x, mx_elem elem,
                                 const mx_profile *profile, mx_dim dim, size_t k, const uint32_t *random);

/* The inverse: values of `in` into `y`. Same contract. Codes must not have bits above the element's width (MX_EINVAL). */
MX_API mx_status mxfast_dequantize(const mx_view *y, const mx_const_blocks *in, mx_elem elem,
                                   const mx_profile *profile, mx_dim dim, size_t k);

#ifdef __cplusplus
}
#endif

#endif
