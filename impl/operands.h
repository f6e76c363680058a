/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The buffers of a call as lattices of bytes, checked before anything is written.
 */
#ifndef IMPL_OPERANDS_H
#define IMPL_OPERANDS_H

#include <mx/types.h>

/* Element (i, j) is `width` bytes at first + i * stride[0] + j * stride[1]. */
typedef struct mxfast_lattice {
    uintptr_t first;
    size_t n[2];
    ptrdiff_t stride[2]; /* bytes */
    size_t width;
} mxfast_lattice;

/* What a call reads or writes. */
typedef struct mxfast_operand {
    mxfast_lattice at;
    int is_output;
} mxfast_operand;

/* rows x cols cells of `width` bytes; strides in cells. */
mxfast_operand mxfast_operand_make(const void *data, size_t rows, size_t cols, ptrdiff_t row_stride,
                                   ptrdiff_t col_stride, size_t width, int is_output);

/* MX_EINVAL (NULL with cells), MX_ESIZE (an extent overflows), MX_EALIAS (outputs that overlap anything). */
mx_status mxfast_operands_check(const mxfast_operand *of, size_t n);

#endif
