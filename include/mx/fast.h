/* SPDX-License-Identifier: BSD-3-Clause
 *
 * libmxfast: the fast implementation. Integer arithmetic only: results do not depend on the floating-point
 * environment. Thread-safe, also in a forked process; the only state is the mask of instruction sets.
 *
 * A profile must have every axis set. mx_profile_parse (mx/names.h, in this library too) makes one of text, such as the
 * #profile line of a pack.
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

/* ---- instruction sets ----
 * Every set gives the same bits; by default the fastest that this machine has is used. A mask has bit i for the i-th
 * set, slowest first; bit 0 is "portable", which is everywhere.
 *
 * What a set leaves to the portable kernels, which are some ten times slower. Whole calls: fp64; quantize of blocks
 * longer than 2048 whose elements are not next to one another; dequantize of blocks of other than 16, 32 or 64, of
 * strides other than rows end to end and columns side by side, and to fp16 with decode-over=max. Single blocks of
 * quantize: those that hold NaN or Inf, get the NaN scale, or are flushed by subnormal-in=flush-block; under round=rne
 * also those whose scale lies at the ends of its range. Of dequantize: those whose scale brings a code out of the
 * target's normal range; and, some thousand values at once, those beside an E5M2 or E4M3 code that is NaN or Inf. */

/* Name of set i ("portable", "avx2", "avx512"; on AArch64 "portable", "neon"), NULL past the end. */
MX_API const char *mxfast_isa_name(unsigned i);
/* Mask of the sets that are built in and that this machine and its operating system have. */
MX_API unsigned mxfast_isa_available(void);
/* Mask of a list of names, "avx2" or "portable,avx2" or "all". MX_EINVAL (NULL, an unknown or empty name); *mask is
 * then untouched. */
MX_API mx_status mxfast_isa_mask(const char *names, unsigned *mask);
/* Allow these sets only, for calls from all threads that begin after this one. MX_EINVAL (no set, or one that does not
 * exist), MX_EUNSUPPORTED (none of them is available); nothing is then changed. */
MX_API mx_status mxfast_isa_use(unsigned mask);
/* The mask in force; that of all sets when none has been asked for. */
MX_API unsigned mxfast_isa_allowed(void);
/* The set in use, as a mask of one bit. */
MX_API unsigned mxfast_isa_used(void);
/* As mxfast_run, by the fastest available set of `mask` whatever other threads allow: for comparing sets. Also
 * MX_EINVAL and MX_EUNSUPPORTED as mxfast_isa_use. */
MX_API mx_status mxfast_run_by(const mx_batch *batch, unsigned mask);

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

/* How a call does its work; never what it answers. NULL is the same as all zero. */
typedef struct mxfast_options {
    /* Threads to use at most, 1 to MXFAST_THREADS_MAX; fewer when there is little to do, one inside an OpenMP parallel
     * region, in a process forked from one that used several here, and in a build without OpenMP. 0: as the environment
     * variable MXFAST_NUM_THREADS says (read at each call), else as many as OpenMP would use. */
    unsigned threads;
} mxfast_options;

#define MXFAST_THREADS_MAX 1024u

/* Quantise `x` in blocks of k along `dim`. `random` holds one word per element of x, row-major dense, when the
 * profile rounds stochastically; else NULL. rows or cols may be 0: nothing is written.
 * Data of any alignment. Views may lie between one another's rows: blocks stored with their scales beside their codes
 * are the rows of a matrix with one block a row. Where it is not plain from the strides that no byte is shared, they
 * count as overlapping. Any number of threads gives the same bits.
 * MX_EINVAL (NULL, bad id or profile, k of 0 or above MX_BLOCK_MAX, random words of more than N bits, a number of
 * threads out of range in `options` or in MXFAST_NUM_THREADS), MX_ESIZE (extent overflows), MX_EALIAS (output overlaps
 * input or the other output, or its strides make two elements share a byte); outputs are then untouched. */
MX_API mx_status mxfast_quantize(const mx_blocks *out, const mx_const_view *x, mx_elem elem, const mx_profile *profile,
                                 mx_dim dim, size_t k, const uint32_t *random, const mxfast_options *options);

/* `x` along rows into out0 and down columns into out1, in one pass over x: the same bits as mxfast_quantize with
 * MX_DIM0 and then MX_DIM1, with the same random words. Same contract; out1 with code_row_stride 1 holds the codes
 * transposed. */
MX_API mx_status mxfast_quantize_both(const mx_blocks *out0, const mx_blocks *out1, const mx_const_view *x,
                                      mx_elem elem, const mx_profile *profile, size_t k, const uint32_t *random,
                                      const mxfast_options *options);

/* The inverse: values of `in` into `y`. Same contract. Bits of a code above the element's width are ignored. */
MX_API mx_status mxfast_dequantize(const mx_view *y, const mx_const_blocks *in, mx_elem elem, const mx_profile *profile,
                                   mx_dim dim, size_t k, const mxfast_options *options);

/* ---- packed tensors ---- */

/* A quantised rows x cols matrix as it is stored and sent: line after line in the direction of the blocks. MX_DIM0: a
 * line is a row; MX_DIM1: a line is a column, so that the codes lie transposed. A line begins on a whole byte and holds
 * mxfast_line_bytes bytes; the bits after its last code are written as zero and ignored when read. */
typedef struct mx_packed {
    uint8_t *codes;
    ptrdiff_t code_stride; /* bytes from line to line */
    mx_layout code_layout; /* low-first or high-first: the line is one stream of codes. split-half: each block by
                            * itself, E2M1 only, k and the line's length even */
    uint8_t *scales;
    ptrdiff_t scale_stride; /* bytes from line to line; of no use with 128x4 */
    mx_layout scale_layout; /* 0: the scales of a line follow one another. MX_LAYOUT_128X4: lines x blocks in tiles, to
                             * mxfast_tile_bytes bytes; cells that fill up are written as zero and not read */
} mx_packed;

/* As mx_packed, read only. */
typedef struct mx_const_packed {
    const uint8_t *codes;
    ptrdiff_t code_stride;
    mx_layout code_layout;
    const uint8_t *scales;
    ptrdiff_t scale_stride;
    mx_layout scale_layout;
} mx_const_packed;

/* Bytes of `length` packed codes; 0 when `elem` is not a format. */
MX_API size_t mxfast_line_bytes(mx_elem elem, size_t length);

/* Bytes of lines x blocks scales in tiles of 128 x 4; 0 when there are none or the number does not fit. */
MX_API size_t mxfast_tile_bytes(size_t lines, size_t blocks);

/* mxfast_quantize and mxfast_dequantize to and from packed storage, in one pass over memory. Same contract; MX_EINVAL
 * also for a layout that is not one of those above, or does not go with the format, k or length. */
MX_API mx_status mxfast_quantize_packed(const mx_packed *out, const mx_const_view *x, mx_elem elem,
                                        const mx_profile *profile, mx_dim dim, size_t k, const uint32_t *random,
                                        const mxfast_options *options);
MX_API mx_status mxfast_dequantize_packed(const mx_view *y, const mx_const_packed *in, mx_elem elem,
                                          const mx_profile *profile, mx_dim dim, size_t k,
                                          const mxfast_options *options);

#ifdef __cplusplus
}
#endif

#endif
