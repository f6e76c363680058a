/* SPDX-License-Identifier: BSD-3-Clause
 *
 * libmxref: the reference. Exact (MPFR, GMP), slow, no global state, thread-safe.
 *
 * Rounding is done by definition: the representable values are enumerated and compared exactly.
 *
 * Thread safety: any number of threads may call at once. A caller's MPFR exponent range and flags do not matter and
 * are left as they were. GMP and MPFR hold the working numbers (some kilobytes a call; a trace some hundred bytes an
 * element) and end the process when the system has no memory for them: that is their contract, not a status.
 */
#ifndef MX_REF_H
#define MX_REF_H

#include <gmp.h>

#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which output cells a profile leaves free (1) or fixes (0); arrays shaped as mx_outputs, any may be NULL. Bytes of a
 * layout are never free.
 * A free cell's output is written as zero bits. */
typedef struct mxref_free {
    uint8_t *value; /* [count][k] */
    uint8_t *scale; /* [count] */
    uint8_t *code;  /* [count][k] */
} mxref_free;

/* Answer every case of `batch`. `open` may be NULL. NaNs are written canonically (7f; 7fc00000, 7fc0, 7e00,
 * 7ff8000000000000) unless the profile demands other bits.
 * MX_EINVAL (malformed batch), MX_ESIZE, MX_EALIAS, MX_ENOMEM; outputs are then untouched. */
MX_API mx_status mxref_run(const mx_batch *batch, const mxref_free *open);

/* The same answers by a second derivation (GMP integers: significand, guard and sticky), sharing no code with
 * mxref_run. Same contract. */
MX_API mx_status mxref_witness(const mx_batch *batch, const mxref_free *open);

/* Where bit `bit` (0 the lowest) of code (scale) `index` of a case lies in its layout: bit *position of byte *byte.
 * MX_EINVAL when the shape has no layout or there is no such bit. */
MX_API mx_status mxref_layout_place(const mx_batch *shape, size_t index, unsigned bit, size_t *byte,
                                    unsigned *position);

/* The reference's own statement of the formats. NULL when `elem` is not one. */
MX_API const mx_facts *mxref_facts(mx_elem elem);
MX_API const mx_scale_facts *mxref_scale_facts(void);

/* ---- the trace: every stage of one case ---- */

/* What the source value (or code) of an element is. */
typedef enum mxref_kind { MXREF_NAN = 1, MXREF_INF, MXREF_ZERO, MXREF_SUBNORMAL, MXREF_NORMAL } mxref_kind;

/* Which branch gave an element's answer. */
typedef enum mxref_branch {
    MXREF_BY_EXACT = 1,  /* representable as it is */
    MXREF_BY_ROUNDING,   /* lo or hi, by the rounding rule */
    MXREF_BY_SATURATION, /* overflow, clamped to the largest finite value */
    MXREF_BY_OVERFLOW,   /* overflow to Inf or NaN */
    MXREF_BY_DIRECTED,   /* finite overflow kept at the largest finite value by overflow-directed=ieee */
    MXREF_BY_FLUSH_IN,   /* subnormal-in */
    MXREF_BY_FLUSH_OUT,  /* subnormal-out */
    MXREF_BY_ZERO,       /* a source zero */
    MXREF_BY_NAN,        /* NaN source, or NaN code when decoding */
    MXREF_BY_INF,        /* Inf source, or Inf code when decoding */
    MXREF_BY_NAN_SCALE,  /* the scale is NaN */
    MXREF_BY_DECODE_OVER /* decoded beyond the target's range */
} mxref_branch;

/* How the scale byte came about. */
typedef enum mxref_scale_branch {
    MXREF_SCALE_GIVEN = 1, /* an input of the operation */
    MXREF_SCALE_RULE,      /* the rule, within range */
    MXREF_SCALE_UNDER,     /* clamped up to 00 */
    MXREF_SCALE_OVER,      /* above 2^127: scale-over */
    MXREF_SCALE_ZERO,      /* nothing finite and nonzero: zero-scale */
    MXREF_SCALE_NAN,       /* NaN in the block */
    MXREF_SCALE_INF,       /* Inf in the block */
    MXREF_SCALE_FLUSHED,   /* subnormal-in=flush-block */
    MXREF_SCALE_ARITH      /* scale-arith=f32 left the finite range */
} mxref_scale_branch;

typedef struct mxref_scale_trace {
    mxref_scale_branch branch;
    size_t amax_index; /* first element whose magnitude is A; (size_t)-1 when there is none */
    mpq_t amax;        /* A, exact; 0 when there is none */
    mpq_t rounded; /* what the rule takes the logarithm of: A (floor, ceil), A rounded (even), A/maxnormal (rceil) */
    int log2_lo;   /* rounded lies in [2^log2_lo, 2^log2_hi]; equal when it is a power of two */
    int log2_hi;
    int exponent; /* scale exponent before clamping; where no rule was applied, and for MXREF_SCALE_ARITH, the
                   * byte's less 127 (128 for NaN) */
    int clamped;  /* after clamping to [-127, 127] */
    uint8_t byte;
    uint8_t open; /* the byte is free under the profile */
} mxref_scale_trace;

typedef struct mxref_element_trace {
    mxref_kind kind;
    mxref_branch branch;
    int negative;              /* sign bit of the source */
    mpq_t source;              /* exact signed value; 0 for NaN and Inf */
    mpq_t quotient;            /* signed: source / scale when encoding, code value * scale when decoding */
    mpq_t lo, hi;              /* neighbouring representable magnitudes of |quotient|; equal when exact */
    mpq_t midpoint;            /* of lo and hi */
    unsigned lo_code, hi_code; /* their magnitude codes when encoding; beyond the largest code hi_code is one past it,
                                * and |quotient| may lie above hi: then remainder is +1 */
    int remainder;             /* |quotient| against the midpoint: -1 below, 0 tie, +1 above; 0 also when exact */
    int tie;                   /* inexact and exactly halfway */
    int ternary;     /* sign of (answer - quotient); 0 when one of them is NaN, Inf came from Inf, or it is free */
    uint32_t random; /* the random bits used (round=sr:N) */
    uint64_t bits;   /* the answer: code, or bits of the target type */
    uint8_t open;    /* the answer is free under the profile */
} mxref_element_trace;

typedef struct mxref_trace {
    mxref_scale_trace scale; /* branch MXREF_SCALE_GIVEN with byte 7f for the ops without a scale */
    size_t k;
    mxref_element_trace *element; /* [k]; sources only for op scale (branch as far as known) */
} mxref_trace;

/* Trace the single case of `batch` (count must be 1; its outputs may be NULL and are not written). MX_EUNSUPPORTED for
 * the operations with a layout, which have no stages: see mxref_layout_place.
 * The caller releases *trace with mxref_trace_free. Answers equal those of mxref_run. */
MX_API mx_status mxref_trace_case(const mx_batch *batch, mxref_trace **trace);
MX_API void mxref_trace_free(mxref_trace *trace);

/* Exact value of `bits` of `type`, or of an element code under the profile's int8 axis; MX_EINVAL for NaN and Inf. */
MX_API mx_status mxref_type_value(mpq_t value, mx_type type, uint64_t bits);
MX_API mx_status mxref_code_value(mpq_t value, mx_elem elem, unsigned int8_axis, unsigned code);

#ifdef __cplusplus
}
#endif

#endif
