/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packed storage. A kernel for packed codes (mxfast_packing.kernel) takes them as they lie. Where there is none,
 * kernels work on a few blocks at a time, a byte a code, which stay in the first-level cache while they are packed or
 * unpacked; so do scales that lie in tiles.
 */
#ifndef IMPL_PACKED_H
#define IMPL_PACKED_H

#include "impl/tensor.h"

/* 1 when every block begins on a whole byte. */
int mxfast_packed_aligned(const mxfast_tensor *t);

/* 1 when scales lie in tiles. Lines whose codes join may then be joined whatever the order of their scales' bytes. */
static inline int mxfast_packed_tiled(const mxfast_tensor *t)
{
    return t->packed != NULL && t->packed->scale != 0;
}

/* 1 when the codes of lines follow one another like those of one long line. */
int mxfast_packed_joins(const mxfast_tensor *t);

/* Blocks of an aligned tensor. */
void mxfast_packed_span(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span);

/* A whole line, aligned or not. */
void mxfast_packed_line(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, size_t line);

#endif
