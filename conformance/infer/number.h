/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Finite values of the source types as integers: to make inputs, and to say what a conversion to a narrower type leaves
 * of one.
 */
#ifndef CONFORMANCE_INFER_NUMBER_H
#define CONFORMANCE_INFER_NUMBER_H

#include <mx/types.h>

/* Binary interchange formats: stored fraction bits, exponents of normal values (IEEE 754 3.6; bfloat16). */
typedef struct mxc_type_facts {
    int fraction, emin, emax;
} mxc_type_facts;
const mxc_type_facts *mxc_facts_of_type(mx_type type);

/* num * 2^exp; num is 0 or odd */
typedef struct mxc_number {
    int negative;
    uint64_t num;
    int exp;
} mxc_number;

#define MXC_NO_BITS (~UINT64_C(0)) /* of no finite value */

mxc_number mxc_number_make(int negative, uint64_t num, int exp);
/* 1, or 0 for NaN and Inf. */
int mxc_number_of(mxc_number *number, mx_type type, uint64_t bits);
/* The bits, or MXC_NO_BITS when the type does not have that value. */
uint64_t mxc_number_bits(mxc_number number, mx_type type);
/* floor(log2 |number|), not of zero */
int mxc_number_log2(mxc_number number);
/* The number rounded to `type`, to nearest even or truncated. 0 when it is beyond the largest. */
int mxc_number_via(mxc_number *number, mx_type type, int truncate);

uint64_t mxc_sign_bit(mx_type type);
uint64_t mxc_inf_bits(mx_type type, int negative);

#endif
