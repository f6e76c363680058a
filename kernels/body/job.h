/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a kernel is told: one struct, passed by value, the same bytes on host and device. Made by plan.c.
 */
#ifndef MXG_JOB_H
#define MXG_JOB_H

#include <stdint.h>

#include <mx/types.h>

/* A divisor and floor((2^64 - 1) / it): see divide.h. */
typedef struct mxg_divisor {
    uint64_t by, inverse;
} mxg_divisor;

/* An element format under a profile's int8 axes. A code's magnitude pattern m * 2^spacing: see round.h. */
typedef struct mxg_format {
    uint64_t max_sig; /* significand of the largest normal value, leading bit at bit 63 */
    uint32_t bits, mbits;
    uint32_t max_code;  /* magnitude pattern of the largest finite value */
    uint32_t sign;      /* sign bit of a code */
    uint32_t fixed;     /* 1: fixed point, two's complement (INT8) */
    uint32_t inf_code;  /* 0: none */
    uint32_t nan_first; /* 0: none */
    uint32_t recip_sig; /* fl32(1 / largest normal) = recip_sig * 2^recip_exp, 24 bits */
    int32_t recip_exp;
    int32_t emin, emax;
    int32_t max_exp; /* floor(log2) of the largest normal value: not emax under int8=int7 */
    int32_t unit;    /* fixed point: exponent of one unit */
} mxg_format;

/* Where one quantised direction goes. A *line* runs along the blocks: a row for dim0, a column for dim1. */
typedef struct mxg_target {
    uint8_t *codes;
    uint8_t *scales;
    int64_t line_stride, pos_stride; /* of codes, bytes; packed: line_stride only, the codes of a line are adjacent */
    int64_t scale_line, scale_pos;   /* of scales, bytes, linear layout */
    uint64_t tiles;                  /* 128x4 layout: tiles side by side; 0: linear layout */
    uint32_t packed;                 /* 1: FP4 two a byte, FP6 four in three bytes */
    uint32_t unused;
} mxg_target;

/* Directions, a bit each. */
enum { MXG_DIM0 = 1, MXG_DIM1 = 2 };

/* The step table of a sweep: patterns first.. up to the next step have this answer. */
typedef struct mxg_step {
    uint32_t first;
    uint8_t answer, open, is_nan, unused;
} mxg_step;

typedef struct mxg_job {
    mx_profile profile;
    uint32_t op, elem, type, layout;
    uint32_t type_mbits, type_ebits;
    mxg_format format;
    uint64_t k, count;
    const void *value;
    const uint32_t *random;
    const uint8_t *scale_in, *code_in, *byte_in;
    void *value_out;
    uint8_t *scale_out, *code_out, *byte_out;
    /* tensors */
    uint64_t rows, cols;
    int64_t row_stride, col_stride; /* of `value`, in elements */
    uint32_t dim, transposed;       /* dim: MXG_DIM0, MXG_DIM1 or both */
    uint32_t staged[2];             /* stage.h: log2 of a set's words of a line, of each direction; 0: in order */
    uint32_t fetch;                 /* tile.h: whether a tile is to be in the cache before it is read */
    uint32_t wide, high;            /* tile.h: a square's panels side by side, one under another; log2 */
    mxg_target target[2];           /* dim0, dim1 */
    /* the short form of the scale rule, see fast.h */
    uint32_t fast, fast_low, fast_span, fast_up;
    int32_t fast_base;
    uint32_t zero_scale;
    mxg_divisor block;            /* k */
    mxg_divisor columns;          /* cols */
    mxg_divisor squares;          /* tile.h: side by side */
    mxg_divisor sets[2];          /* stage.h: along a line, of each direction */
    mxg_divisor lines[2], per[2]; /* lines, and blocks of a line; dim0, dim1 */
    mxg_divisor bytes;            /* pack ... unswizzle: bytes of a case */
    mxg_divisor across[2];        /* target's tiles */
    uint64_t groups;              /* of this launch */
    /* sweep */
    const mxg_step *step;
    uint64_t *result; /* wrong, first wrong, digest, cases */
    uint64_t first, patterns;
    uint32_t steps, sweep_scale, sweep_random, sweep_fast;
} mxg_job;

#endif
