/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packed storage. Where there is a kernel for packed codes (mxfast_packing.kernel), it is given them; elsewhere kernels
 * work on codes, a byte each, of a few blocks, which stay in the first-level cache while they are packed or unpacked.
 * The same with scales in tiles.
 */
#ifndef IMPL_PACKED_H
#define IMPL_PACKED_H

#include "impl/tensor.h"

/* Do blocks begin on whole bytes. */
int mxfast_packed_aligned(const mxfast_tensor *t);

/* Do scales lie in tiles: those of lines then follow one another in no order of bytes, but may be taken as if they did.
 */
static inline int mxfast_packed_tiled(const mxfast_tensor *t)
{
    return t->packed != NULL && t->packed->scale != 0;
}

/* Do the codes of lines follow one another like those of one long line. */
int mxfast_packed_joins(const mxfast_tensor *t);

/* Blocks of an aligned tensor. */
void mxfast_packed_span(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span);

/* A whole line, aligned or not. */
void mxfast_packed_line(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, size_t line);

#endif
