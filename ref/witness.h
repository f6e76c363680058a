/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The witness: a second derivation of every answer, as hardware does it, with integers: significand, exponent, guard
 * and sticky bits, carries into the exponent field. It includes nothing of the reference and has its own constants.
 */
#ifndef MXREF_WITNESS_H
#define MXREF_WITNESS_H

#include <gmp.h>

#include <mx/types.h>

/* A floating-point layout: sign, exponent field of bias 2^(ebits-1) - 1 unless said otherwise, fraction. */
typedef struct mxref_w_layout {
    int ebits, mbits;
    int least; /* exponent of the smallest normal value */
} mxref_w_layout;

/* An element format as a datapath sees it. */
typedef struct mxref_w_format {
    mx_elem elem;
    mxref_w_layout layout; /* of the integer format: fraction bits only */
    int integer;           /* two's complement */
    unsigned top;          /* largest finite magnitude field */
    unsigned inf;          /* magnitude field of Inf, 0 for none */
    unsigned nan;          /* smallest NaN magnitude field, 0 for none */
    int power;             /* exponent of the largest power of two */
    unsigned max_sig;      /* the largest finite value is max_sig * 2^max_exp, max_sig odd */
    int max_exp;
} mxref_w_format;

/* An unpacked operand: sig * 2^exp. */
typedef enum mxref_w_class { MXREF_W_NAN, MXREF_W_INF, MXREF_W_ZERO, MXREF_W_FINITE } mxref_w_class;

typedef struct mxref_w_number {
    mxref_w_class is;
    int negative;
    int tiny; /* subnormal in the source type */
    uint64_t sig;
    int exp;
} mxref_w_number;

/* The state of one call. */
typedef struct mxref_witness_state {
    const mx_batch *batch;
    mxref_w_format format;
    int unit; /* exponent of one unit of an integer code */
    mpz_t sig, kept, rest;
} mxref_witness_state;

/* How to shift a significand right: nearest even, or as the profile says. */
typedef struct mxref_w_rule {
    unsigned mode; /* MX_RNE ... */
    unsigned n;    /* random bits, of MX_SR */
    uint32_t random;
    int negative;
} mxref_w_rule;

/* Round sig * 2^exp to a multiple of 2^quantum; the multiple goes to `kept`. */
void mxref_w_shift(mxref_witness_state *state, uint64_t sig, int exp, int quantum, const mxref_w_rule *rule);

/* Magnitude field of sig * 2^exp in a layout, exponent unbounded above; it goes to `kept`. */
void mxref_w_field(mxref_witness_state *state, uint64_t sig, int exp, const mxref_w_layout *layout,
                   const mxref_w_rule *rule);

/* Bits from the top set bit down, at least 1 for a nonzero number. */
int mxref_w_length(uint64_t sig);

/* Exponent of the scale by the profile's rule and arithmetic, not yet clamped, for A = sig * 2^exp. *nan is set when
 * fp32 arithmetic left the finite range. */
int mxref_w_exponent(mxref_witness_state *state, uint64_t sig, int exp, int *nan);

/* Width of a code. */
unsigned mxref_w_bits(mx_elem elem);

/* Answer case i of pack, unpack, swizzle or unswizzle. */
void mxref_w_pack_case(const mx_batch *batch, size_t i);

/* fp32's layout. */
extern const mxref_w_layout mxref_w_fp32;

#endif
