/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside libmxfast: the resolved plan of a call, the strip of blocks that a kernel works on, and the kernel tables.
 *
 * A plan is a profile that has been thought through once: every axis is gone, what is left are constants indexed by
 * sign. Kernels know plans and strips only. The portable kernels are the statement of the algorithm; those of other
 * instruction sets give the same bits and may call them (mxfast_portable_*) for blocks that they have no code for.
 */
#ifndef IMPL_KERNELS_H
#define IMPL_KERNELS_H

#include "config.h"

#include <mx/fast.h>

/* Bits left of a 64-bit significand whose leading bit is bit 63. */
#define MXFAST_LEAD (UINT64_C(1) << 63)

/* A floating-point grid: numbers (1 + f / 2^mbits) 2^e with e >= emin, and the multiples of 2^(emin - mbits) below.
 * A magnitude's place on it, counted from zero, is its bit pattern; above the largest pattern the count goes on. */
typedef struct mxfast_grid {
    unsigned mbits;
    int emin;
} mxfast_grid;

/* A value type: IEEE 754 fields. */
typedef struct mxfast_value {
    mx_type type;
    unsigned bytes;
    mxfast_grid grid;
    uint64_t sign;       /* the sign bit */
    uint64_t inf;        /* magnitudes below are finite, above NaN */
    uint64_t min_normal; /* magnitudes below are zero or subnormal */
    uint64_t nan;        /* the canonical NaN */
} mxfast_value;

/* How the scale byte is found: D1 of doc/decisions.md. */
typedef struct mxfast_scale_plan {
    uint8_t rule, arith; /* axes; kernels need them only for arith != exact */
    uint8_t zero;        /* byte of a block without a finite nonzero element */
    uint8_t over;        /* byte for an exponent above 127 */
    int nan, inf;        /* byte when the block holds a NaN, an Inf; -1: elements go on without them */
    int top;             /* exact: exponent = e - top + (sig > cut), for A = sig 2^(e - 63) with bit 63 set */
    uint64_t cut;
    unsigned mbits;       /* fraction bits of the element, for `even` */
    unsigned divisor;     /* row of log2f.def */
    uint32_t reciprocal;  /* fl32(1 / maxnormal) = reciprocal * 2^(-24 - top), for `rceil` */
    uint64_t flush_block; /* A below: byte 00 and zeros */
} mxfast_scale_plan;

/* Rounded patterns that are told apart: the largest of any format is 128 (INT8's -128). */
#define MXFAST_PATTERNS 255

/* How an element is encoded. Arrays [2] are indexed by the source's sign. */
typedef struct mxfast_cast_plan {
    mxfast_grid grid;     /* of the codes; INT8: as if of 7 fraction bits, so that its codes are the subnormals */
    uint64_t above[2][2]; /* [sign][lowest kept bit]: a discarded fraction d rounds up when d * 2^64 > above */
    unsigned random_bits; /* N of round=sr:N, which replaces `above`; else 0 */
    uint64_t flush;       /* source magnitudes below count as zero */
    uint32_t min;         /* rounded patterns below give `tiny`: 1, or the smallest normal (subnormal-out=flush) */
    uint32_t max[2];      /* patterns above give `over` */
    uint8_t flip[2];      /* code = (pattern ^ flip) + add: sign bit, or two's complement */
    uint8_t add[2];
    uint8_t zero[2];  /* source zero or flushed */
    uint8_t tiny[2];  /* rounded to zero */
    uint8_t over[2];  /* finite overflow */
    uint8_t inf[2];   /* Inf source */
    uint8_t nan[2];   /* NaN source */
    uint8_t under[2]; /* any source under a NaN scale */
    /* What a rounded pattern becomes, from the fields above. MXFAST_PATTERNS - 1 stands for all larger ones,
     * [MXFAST_PATTERNS] for a source zero. */
    uint8_t code[2][MXFAST_PATTERNS + 1];
} mxfast_cast_plan;

/* How an element is decoded: a table over the codes. At scale 2^s a code means base + step * s (modulo the width)
 * when s_min <= s <= s_max; outside, the nonzero finite codes (step != 0) are computed from sig and e. */
typedef struct mxfast_decode_plan {
    uint64_t base[256];
    uint64_t step[256];
    uint64_t sig[256]; /* |value| = sig 2^(e - 63), bit 63 set */
    int e[256];
    int s_min, s_max;
    uint64_t over; /* magnitude for results above the largest finite value */
} mxfast_decode_plan;

/* The codes of one sign's magnitudes in words (words.c), as tables that a vector kernel can look up. */
typedef struct mxfast_word_codes {
    /* A place is the binade, counted from the one of `lowest`, and the first mbits + 1 bits of the fraction. place[0]:
     * all bits below are zero; place[1]: they are not. Beyond the largest value, the largest's code. place[0][0] is
     * zero's too. */
    uint8_t place[2][128];
    uint8_t up[128]; /* 1 where 7 bits of fraction round up to mbits bits */
    /* A cell is a quarter of a binade (mbits = 1: half of one), counted from first_cell on: the code at its start, and
     * the last 128th of a binade in it that still has this code; after that comes the next code. */
    uint8_t first[16], last[16];
} mxfast_word_codes;

/* The quantiser in words, for the kernels of vectors: words.c. */
typedef struct mxfast_words {
    int usable;         /* 0: the plan is not one for words */
    unsigned add, top;  /* byte = ((A + add) >> 7) - top, not below 0 */
    unsigned sticky;    /* 0: A is rounded toward zero instead, where the rule needs 7 bits of it */
    unsigned zero;      /* byte of a block of zeros */
    unsigned low, high; /* blocks with bytes outside, but those of zeros, go to the portable kernel */
    unsigned lowest;    /* byte + lowest = exponent field of the binade before those that round to nearest above 0 */
    unsigned unit;      /* INT8: unit - byte = exponent field of the reciprocal of a code's unit */
    unsigned limit;     /* codes' magnitudes above become this one, ... */
    unsigned limit_negative; /* ... and negative integers' this */
    /* Rounding to nearest and rtz: `half` is added to the 8 bits that are left over, and what carries is the code; if
     * is_even, its lowest bit is cleared when nothing is left over then. The others (`careful`) have half = 0, and what
     * is left over, be it of the smallest value, makes the code odd (is_odd) or, of positive values if `away`, else of
     * negative ones, one larger (by_sign). */
    int is_even, careful, is_odd, by_sign, away;
    unsigned half;
    unsigned first_cell; /* half of the smallest value, above the binade of `lowest`, less what is added to round a
                            normal number, in 128ths of a binade */
    mxfast_word_codes codes[2]; /* of positive and of negative values */
} mxfast_words;

typedef struct mxfast_plan {
    mx_op op;
    mx_elem elem;
    const mx_facts *format;
    int stream;          /* outputs are larger than the caches: write past them, and let each thread end with */
    void (*fence)(void); /* this, which has what it wrote come before what it writes next; NULL: the caller will */
    mxfast_value value;  /* the source (encoding) or target (decoding) type */
    mxfast_scale_plan scale;
    mxfast_cast_plan cast;
    mxfast_words words;        /* filled for quantize; for decode and dequantize, `usable` only */
    mxfast_decode_plan decode; /* filled for decode and dequantize only */
} mxfast_plan;

/* `blocks` blocks of k elements. Element i of block b lies i * elem + b * block units from the start (values and
 * random words in elements, codes and scales in bytes). What an operation does not use is NULL.
 * scalar operations: one-element blocks; scale NULL means 2^0.
 * quantize and dequantize: `down` such rows of blocks, 1 or more, each continuing the blocks of the one before. */
typedef struct mxfast_strip {
    size_t k, blocks, down;
    const void *in; /* values: scale, cast, quantize */
    void *out;      /* values: dequantize */
    ptrdiff_t value_elem, value_block;
    const uint32_t *random; /* NULL unless plan->cast.random_bits */
    ptrdiff_t random_elem, random_block;
    const uint8_t *code_in; /* dequantize; bits above the width are to be ignored */
    uint8_t *code_out;      /* cast, quantize */
    ptrdiff_t code_elem, code_block;
    const uint8_t *scale_in; /* cast, dequantize */
    uint8_t *scale_out;      /* scale, quantize */
    ptrdiff_t scale_block, scale_down;
} mxfast_strip;

/* mxfast_pack_codes, mxfast_unpack_codes. */
typedef void mxfast_repack(mx_layout layout, unsigned bits, const uint8_t *from, size_t n, size_t blocks, uint8_t *to);

/* quantize or dequantize of blocks laid end to end, whose codes are packed from strip->code_out or code_in on. */
typedef void mxfast_packed_kernel(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout);

/* quantize of the same values along rows, given as rows side by side, and down columns, as columns side by side; whole
 * squares of MXFAST_SQUARE values, and values and codes end to end along rows, the latter down columns too. */
typedef void mxfast_both_kernel(const mxfast_plan *plan, const mxfast_strip *rows, const mxfast_strip *columns);

enum { MXFAST_SQUARE = 64 };

/* The kernels of one instruction set, every entry set (to the portable one where there is no better). */
typedef struct mxfast_kernels {
    const char *name;
    int (*available)(void); /* 1 when this machine has it */
    void (*scale)(const mxfast_plan *plan, const mxfast_strip *strip);
    void (*cast)(const mxfast_plan *plan, const mxfast_strip *strip);
    void (*quantize)(const mxfast_plan *plan, const mxfast_strip *strip);
    void (*dequantize)(const mxfast_plan *plan, const mxfast_strip *strip);
    mxfast_repack *pack, *unpack;
    void (*fence)(void); /* plan->fence */
    /* The kernel for blocks of k elements, or NULL: codes are then packed after they are made. */
    mxfast_packed_kernel *(*packed)(const mxfast_plan *plan, size_t k, mx_layout layout);
    /* The kernel for blocks of k elements, or NULL: one direction after the other. */
    mxfast_both_kernel *(*both)(const mxfast_plan *plan, size_t k);
} mxfast_kernels;

#define MX_ISA(isa) extern const mxfast_kernels mxfast_kernels_##isa;
#include "impl/isa.def"
#undef MX_ISA

/* 1 when this machine has what impl/x86 was built for. */
int mxfast_cpu_has_avx2(void);
int mxfast_cpu_has_avx512(void);

/* Whether memory that is read in order arrives in time by itself while a loop also computes, or is to be fetched by
 * instructions. It does with AMD's processors (Zen 4) and not with Intel's (Emerald Rapids: half as fast), and the
 * other way costs the former a fifth. The bits are the same. _is: for tests. */
int mxfast_reads_ahead(void);
void mxfast_reads_ahead_is(int known);

/* The kernel table to use: the last of isa.def that is allowed and available. */
const mxfast_kernels *mxfast_dispatch(void);

/* The same for a mask of the caller's. MX_EINVAL, MX_EUNSUPPORTED as mxfast_isa_use. */
mx_status mxfast_kernels_of(const mxfast_kernels **kernels, unsigned mask);

/* Resolve a profile. MX_EINVAL when an id or an axis is not one. */
mx_status mxfast_plan_make(mxfast_plan *plan, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile);

/* The same, of this thread, which its next such call changes: kept, as most calls are like the one before. */
mx_status mxfast_plan_again(mxfast_plan **plan, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile);

/* The scale byte for A, the largest finite magnitude of a block as bits of the source type; A may be 0. */
uint8_t mxfast_scale_byte(const mxfast_plan *plan, uint64_t amax);

/* Row d of the blocks of a strip. */
mxfast_strip mxfast_strip_row(const mxfast_plan *plan, const mxfast_strip *strip, size_t d);

/* Blocks [first, first + blocks) of all rows of a strip. */
mxfast_strip mxfast_strip_part(const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t blocks);

void mxfast_portable_scale(const mxfast_plan *plan, const mxfast_strip *strip);
void mxfast_portable_cast(const mxfast_plan *plan, const mxfast_strip *strip);
void mxfast_portable_quantize(const mxfast_plan *plan, const mxfast_strip *strip);
void mxfast_portable_dequantize(const mxfast_plan *plan, const mxfast_strip *strip);
mxfast_both_kernel *mxfast_portable_both(const mxfast_plan *plan, size_t k); /* NULL: it has none */

#endif
