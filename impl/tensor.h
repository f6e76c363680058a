/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A tensor operation between its checks and its kernels: lines of blocks, whichever way they lie in memory.
 */
#ifndef IMPL_TENSOR_H
#define IMPL_TENSOR_H

#include "impl/kernels.h"

/* A view as blocks see it: `along` a block, and `across` from line to line. */
typedef struct mxfast_walk {
    ptrdiff_t along, across;
} mxfast_walk;

/* How packed storage differs: code.across is the distance of lines in bytes, code.along has no meaning. */
typedef struct mxfast_packing {
    mx_layout code;  /* of a line's codes */
    mx_layout scale; /* MX_LAYOUT_128X4, or 0: by the strides */
    unsigned bits;   /* of a code */
    size_t blocks;   /* of a line */
    mxfast_repack *pack, *unpack;
    mxfast_packed_kernel *kernel; /* for blocks end to end along lines, or NULL */
} mxfast_packing;

typedef struct mxfast_tensor {
    mx_dim dim;
    size_t lines, length; /* lines of `length` elements, each cut into blocks of k */
    size_t k, width;
    const unsigned char *in; /* values, or NULL */
    unsigned char *out;
    const uint32_t *random;
    const uint8_t *code_in, *scale_in;
    uint8_t *code_out, *scale_out;
    mxfast_walk value, code, scale, word;
    const mxfast_packing *packed; /* NULL: a byte a code, scales by their strides */
} mxfast_tensor;

/* Blocks `block` ... of line `line`: `blocks` of them, of k elements each, along the line or across lines (side).
 * Across lines, `down` rows of blocks. */
typedef struct mxfast_span {
    size_t line, block, k, blocks;
    int side;
    size_t down;
} mxfast_span;

typedef void mxfast_kernel(const mxfast_plan *plan, const mxfast_strip *strip);

mxfast_tensor mxfast_tensor_make(mx_dim dim, size_t rows, size_t cols, size_t k, size_t width);
mxfast_walk mxfast_walk_make(mx_dim dim, size_t rows, size_t cols, ptrdiff_t row_stride, ptrdiff_t col_stride);
mxfast_strip mxfast_strip_make(const mxfast_tensor *t, mxfast_span span);

/* Run `kernel` over all blocks, in up to `threads` threads. */
void mxfast_tensor_run(const mxfast_tensor *tensor, const mxfast_plan *plan, mxfast_kernel *kernel, unsigned threads);

#endif
