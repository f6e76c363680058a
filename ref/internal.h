/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the files of the reference share. Every working value is an MPFR number wide enough to be exact, so that the
 * only roundings are those that the specification asks for.
 */
#ifndef MXREF_INTERNAL_H
#define MXREF_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include <mpfr.h>

#include <mx/names.h>
#include <mx/ref.h>

/* Significant bits of a working value. Needed: 53 for an fp64 source, 54 for a midpoint of two of them, 48 for the
 * product of two fp32 numbers. */
#define MXREF_PREC 64

/* Magnitude codes of a format with the grid point past the largest one: at most 0..129 (INT8 with 0x80 in use). */
#define MXREF_GRID 130

/* ---- format.c ---- */

/* What `int8=` changes (D7): codes count units of 2^unit, and emax. */
typedef struct mxref_int8_row {
    int unit, emax;
} mxref_int8_row;

const mxref_int8_row *mxref_int8(unsigned int8_axis);

/* ---- types.c: fp32, bf16, fp16, fp64 ---- */

typedef struct mxref_type_row {
    mx_type type;
    unsigned bits, ebits, mbits; /* width, exponent field, stored fraction */
    int bias;
    uint64_t nan; /* the canonical NaN */
} mxref_type_row;

const mxref_type_row *mxref_type(mx_type type);

/* A source value: |value| goes to an MPFR number (0 for NaN and Inf), the rest here. */
typedef struct mxref_source {
    mxref_kind kind;
    int negative;
} mxref_source;

mxref_source mxref_type_load(mpfr_ptr magnitude, const mxref_type_row *row, uint64_t bits);
uint64_t mxref_type_get(const void *values, const mxref_type_row *row, size_t index);
void mxref_type_put(void *values, const mxref_type_row *row, size_t index, uint64_t bits);

/* Value of a magnitude pattern (sign bit clear) read as a number, the patterns of Inf and NaN too. */
void mxref_type_pattern(mpfr_ptr value, const mxref_type_row *row, uint64_t pattern);

/* The pattern of +Inf, which is also the pattern after the largest finite one. */
uint64_t mxref_type_inf(const mxref_type_row *row);

/* ---- grid.c: the representable magnitudes and where a number falls among them ---- */

/* Neighbouring patterns of a magnitude. */
typedef struct mxref_place {
    uint64_t lo, hi; /* equal when exact; else hi = lo + 1 */
    int exact;
    int beyond;    /* above the last point of the grid: lo and hi are its last two points */
    int remainder; /* magnitude against the midpoint of lo and hi: -1, 0, +1; 0 when exact */
} mxref_place;

typedef struct mxref_grid {
    unsigned count;            /* points in use */
    unsigned largest[2];       /* largest allowed magnitude code, of positive and of negative values */
    mpfr_t value[MXREF_GRID];  /* [code], ascending */
    mpfr_t middle[MXREF_GRID]; /* [code], midpoint of value[code] and value[code + 1] */
} mxref_grid;

void mxref_grid_init(mxref_grid *grid, const mx_facts *facts, const mx_profile *profile);
void mxref_grid_clear(mxref_grid *grid);

mxref_place mxref_grid_place(const mxref_grid *grid, int negative, mpfr_srcptr magnitude);
mxref_place mxref_type_place(const mxref_type_row *row, mpfr_srcptr magnitude);

/* ---- the setting of one call ---- */

typedef struct mxref_context {
    const mx_batch *batch;
    const mx_profile *profile;
    const mx_facts *facts;
    const mxref_type_row *type;
    int emax; /* of the element format, int8= included */
    mxref_grid grid;
    mpfr_t x;                          /* magnitude of the element at hand */
    mpfr_t quotient;                   /* magnitude of source / scale, or of code value * scale */
    mpfr_t amax;                       /* A */
    mpfr_t t, u;                       /* scratch */
    mpfr_exp_t saved_emin, saved_emax; /* the caller's MPFR state, put back at the end */
    mpfr_flags_t saved_flags;
} mxref_context;

void mxref_context_init(mxref_context *context, const mx_batch *batch);
void mxref_context_clear(mxref_context *context);

/* ---- decode.c ---- */

/* Sign, magnitude code and kind of a code. */
mxref_source mxref_code_split(const mx_facts *facts, unsigned code, unsigned *magnitude);
/* The inverse. */
unsigned mxref_code_join(const mx_facts *facts, int negative, unsigned magnitude);
/* Value of a magnitude code read as a number, NaN and Inf patterns too, as is the pattern after the largest code. */
void mxref_code_pattern(mpfr_ptr value, const mx_facts *facts, unsigned int8_axis, unsigned magnitude);

/* ---- answers ---- */

typedef struct mxref_answer {
    uint64_t bits; /* code, or bits of the target type; 0 when open */
    int open;
    mxref_branch branch;
    mxref_source source;
    mxref_place place; /* meaningful when placed */
    int placed;
} mxref_answer;

/* Value of an element code under a scale byte in the target type (MX-5.1-d to g). Leaves the product's magnitude in
 * context->quotient. */
mxref_answer mxref_decode(mxref_context *context, uint8_t scale, unsigned code);

/* ---- cast.c ---- */

/* What decides how NaN and Inf become codes: a block's axes, or the scalar rules of cast and scaled-cast. */
typedef enum mxref_where { MXREF_SCALAR, MXREF_IN_BLOCK, MXREF_IN_FLUSHED_BLOCK } mxref_where;

/* Code of the source value `bits` over 2^(scale - 127). Leaves the quotient's magnitude in context->quotient. */
mxref_answer mxref_encode(mxref_context *context, uint64_t bits, uint8_t scale, uint32_t random, mxref_where where);

/* ---- scale.c ---- */

typedef struct mxref_scale {
    mxref_scale_branch branch;
    size_t amax_index; /* (size_t)-1 when there is none */
    int exponent, clamped;
    uint8_t byte;
    int flushed; /* subnormal-in=flush-block applies */
} mxref_scale;

/* Scale byte of the block of k values that begins at element `first` of the batch. Leaves A in context->amax. */
mxref_scale mxref_scale_block(mxref_context *context, size_t first);

/* 1 when subnormal-in=flush makes a zero of this source. */
int mxref_flushes(const mxref_context *context, mxref_source source);

/* A rounded to the element's width (D6). `rounded` must have mxref_even_bits bits of precision. */
mpfr_prec_t mxref_even_bits(const mx_facts *facts);

/* ---- pack.c ---- */

/* Answer case i of pack, unpack, swizzle or unswizzle. */
void mxref_pack_case(const mx_batch *batch, size_t i);

/* ---- run.c ---- */

/* The scale of case i: computed, an input, or 2^0 for the operations without one. */
mxref_scale mxref_case_scale(mxref_context *context, size_t i);
/* The answer for element `index` (over all cases) of a case with that scale. Not for MX_OP_SCALE. */
mxref_answer mxref_case_element(mxref_context *context, const mxref_scale *scale, size_t index);

/* ---- scale_arith.c: the exponent of the scale, less emax, before clamping ---- */

/* Byte FF by arithmetic that left the finite range (D4). */
#define MXREF_ARITH_NAN 0x7fff

int mxref_exponent_f32(mxref_context *context);
int mxref_exponent_log2f(mxref_context *context);

#endif
