/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The nouns of mxcts: ids, policies, status codes and argument structs.
 *
 * Nothing here is a number taken from the specification. Biases, exponent ranges and special codes are
 * stated independently by ref/format.c, impl/formats.def and vectors/elem/, and compared by the suite, so that
 * one wrong constant cannot make every test agree.
 *
 * Every enum starts at 1: a zeroed argument is refused, never guessed.
 */
#ifndef MX_TYPES_H
#define MX_TYPES_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define MX_API
#else
#define MX_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Result of every call that can fail. On any status but MX_OK the outputs are untouched. */
typedef enum mx_status {
    MX_OK = 0,
    MX_END,          /* no more data (readers only) */
    MX_EINVAL,       /* an argument is missing, zero or out of range */
    MX_EUNSUPPORTED, /* well formed, but this implementation does not offer it */
    MX_ESIZE,        /* a size is zero or a product of sizes overflows */
    MX_EALIAS,       /* buffers overlap, or an output stride makes elements overlap */
    MX_ENOMEM,       /* out of memory */
    MX_EPARSE,       /* malformed text */
    MX_EIO,          /* the operating system refused to read or write */
    MX_EDEVICE,      /* a device or its runtime failed */
    MX_ETIMEOUT,     /* a subject did not answer in time */
    MX_EPROTOCOL,    /* a subject broke the protocol */
    MX_EINTERNAL     /* a defect in this library */
} mx_status;

/* Element formats (MX v1.0 section 5.3). */
typedef enum mx_elem { MX_E5M2 = 1, MX_E4M3, MX_E3M2, MX_E2M3, MX_E2M1, MX_INT8 } mx_elem;
#define MX_ELEM_LAST MX_INT8

/* Source and target types of values. Values are held as bits: uint32_t, uint16_t, uint16_t, uint64_t. */
typedef enum mx_type { MX_FP32 = 1, MX_BF16, MX_FP16, MX_FP64 } mx_type;
#define MX_TYPE_LAST MX_FP64

/* What an implementation is asked to do; names, columns and meaning in mx/names.h. */
typedef enum mx_op {
    MX_OP_DECODE = 1,
    MX_OP_CAST,
    MX_OP_SCALE,
    MX_OP_SCALED_CAST,
    MX_OP_QUANTIZE,
    MX_OP_DEQUANTIZE,
    MX_OP_PACK,
    MX_OP_UNPACK,
    MX_OP_SWIZZLE,
    MX_OP_UNSWIZZLE
} mx_op;
#define MX_OP_LAST MX_OP_UNSWIZZLE

/* How bytes are arranged: of packed codes (pack, unpack), or of a matrix of scales (swizzle, unswizzle). A property of
 * the operation's shape, not of a profile: no number depends on it. Codes of 8 bits are the same bytes in both orders.
 *
 *   low-first   code j is bits j*w .. j*w + w-1 of a stream whose bit i is bit i%8 of byte i/8 (w: bits of a code);
 *               two E2M1 a byte, the first in the low nibble; four FP6 in three bytes
 *   high-first  the same from the top: bit i of the stream is bit 7 - i%8 of byte i/8, a code's highest bit first
 *   split-half  E2M1 only, k even: code j in the low nibble of byte j, code j + k/2 in its high nibble
 *   128x4       scales in tiles of 128 rows and 4 columns, 512 bytes each, tiles row by row; within a tile (r, c) is at
 *               byte (r%32)*16 + (r/32)*4 + c; rows and columns are filled up to whole tiles
 *
 * What fills up (bits after the last code, cells outside the matrix) is written as zero and ignored when read. */
typedef enum mx_layout {
    MX_LAYOUT_LOW_FIRST = 1,
    MX_LAYOUT_HIGH_FIRST,
    MX_LAYOUT_SPLIT_HALF,
    MX_LAYOUT_128X4
} mx_layout;
#define MX_LAYOUT_LAST MX_LAYOUT_128X4

/* How a clause binds: a `must` failure fails, a `should` deviation is listed, the rest follow the profile. */
typedef enum mx_class { MX_MUST = 1, MX_SHOULD, MX_FREE, MX_SILENT } mx_class;
#define MX_CLASS_LAST MX_SILENT

/* The axes of a profile: every freedom that a converter has. Semantics: doc/decisions.md and the manual. */
typedef enum mx_axis {
    MX_AXIS_SCALE = 1,
    MX_AXIS_SCALE_ARITH,
    MX_AXIS_ROUND,
    MX_AXIS_OVERFLOW,
    MX_AXIS_OVERFLOW_DIRECTED,
    MX_AXIS_NAN_IN,
    MX_AXIS_INF_IN,
    MX_AXIS_NAN_TO,
    MX_AXIS_ZERO_SCALE,
    MX_AXIS_SCALE_OVER,
    MX_AXIS_ZERO_SIGN,
    MX_AXIS_INT8_MIN,
    MX_AXIS_INT8,
    MX_AXIS_SUBNORMAL_IN,
    MX_AXIS_SUBNORMAL_OUT,
    MX_AXIS_NAN_CODE,
    MX_AXIS_OVERFLOW_NAN,
    MX_AXIS_UNDER_NAN_SCALE,
    MX_AXIS_DECODE_OVER
} mx_axis;
#define MX_AXIS_LAST MX_AXIS_DECODE_OVER

/* A new value is the last one. Where the rules or roundings are told apart, the compiler asks for it by the names
 * ..._LAST. */
enum { MX_SCALE_FLOOR = 1, MX_SCALE_CEIL, MX_SCALE_EVEN, MX_SCALE_RCEIL, MX_SCALE_LAST = MX_SCALE_RCEIL };
enum { MX_ARITH_EXACT = 1, MX_ARITH_F32, MX_ARITH_LOG2F };
enum { MX_RNE = 1, MX_RNA, MX_RNZ, MX_RTZ, MX_RUP, MX_RDN, MX_RTO, MX_SR, MX_ROUND_LAST = MX_SR };
enum { MX_OVERFLOW_SATURATE = 1, MX_OVERFLOW_SPECIAL };
enum { MX_DIRECTED_IEEE = 1, MX_DIRECTED_ALWAYS };
enum { MX_NAN_IN_BLOCK_NAN = 1, MX_NAN_IN_ELEMENT, MX_NAN_IN_IGNORE };
enum { MX_INF_IN_BLOCK_NAN = 1, MX_INF_IN_SATURATE, MX_INF_IN_SPECIAL, MX_INF_IN_MAX_SCALE };
enum { MX_NAN_TO_UNSPECIFIED = 1, MX_NAN_TO_MAX, MX_NAN_TO_SMAX, MX_NAN_TO_ZERO };
enum { MX_ZERO_SCALE_00 = 1, MX_ZERO_SCALE_7F, MX_ZERO_SCALE_ONE_EMAX };
enum { MX_SCALE_OVER_NAN = 1, MX_SCALE_OVER_CLAMP };
enum { MX_ZERO_SIGN_KEEP = 1, MX_ZERO_SIGN_DROP, MX_ZERO_SIGN_UNDERFLOW_ONLY };
enum { MX_INT8_MIN_SYMMETRIC = 1, MX_INT8_MIN_FULL };
enum { MX_INT8_OCP = 1, MX_INT8_INT6, MX_INT8_INT7 };
enum { MX_SUBNORMAL_IN_KEEP = 1, MX_SUBNORMAL_IN_FLUSH, MX_SUBNORMAL_IN_FLUSH_BLOCK };
enum { MX_SUBNORMAL_OUT_KEEP = 1, MX_SUBNORMAL_OUT_FLUSH };
enum { MX_NAN_CODE_ANY = 1, MX_NAN_CODE_7F, MX_NAN_CODE_7E, MX_NAN_CODE_S7F, MX_NAN_CODE_S7E };
enum { MX_OVERFLOW_NAN_ANY = 1, MX_OVERFLOW_NAN_7F, MX_OVERFLOW_NAN_S7F };
enum { MX_UNDER_NAN_ANY = 1, MX_UNDER_NAN_ZERO, MX_UNDER_NAN_NAN };
enum { MX_DECODE_OVER_ANY = 1, MX_DECODE_OVER_INF, MX_DECODE_OVER_MAX };

/* One full setting of every freedom. A byte an axis, in the order of mx_axis, so that
 * ((const uint8_t *)p)[axis] is the value of that axis; byte 0 is the N of round=sr:N. */
typedef struct mx_profile {
    uint8_t sr_bits; /* 1..32 when round is MX_SR, else 0 */
    uint8_t scale;
    uint8_t scale_arith;
    uint8_t round;
    uint8_t overflow;
    uint8_t overflow_directed;
    uint8_t nan_in;
    uint8_t inf_in;
    uint8_t nan_to;
    uint8_t zero_scale;
    uint8_t scale_over;
    uint8_t zero_sign;
    uint8_t int8_min;
    uint8_t int8;
    uint8_t subnormal_in;
    uint8_t subnormal_out;
    uint8_t nan_code;
    uint8_t overflow_nan;
    uint8_t under_nan_scale;
    uint8_t decode_over;
} mx_profile;

/* The largest block, in elements. */
#define MX_BLOCK_MAX 65536u

/* What a case gives to an operation, as dense arrays over all cases of a batch. Unused columns are NULL. */
typedef struct mx_inputs {
    const void *value;      /* [count][k] bits of the source type, native byte order, aligned for its width */
    const uint32_t *random; /* [count][k] the N random bits of each value; only with round=sr:N */
    const uint8_t *scale;   /* [count]    E8M0 bytes; of swizzle [count][rows][cols] */
    const uint8_t *code;    /* [count][k] element codes, one per byte, bits above the width zero */
    const uint8_t *byte;    /* [count][mx_layout_bytes] packed codes, or scales in their layout */
} mx_inputs;

/* What an operation answers. Unused columns are NULL. Outputs may not overlap inputs or one another. */
typedef struct mx_outputs {
    void *value;    /* [count][k] bits of the target type */
    uint8_t *scale; /* [count]; of unswizzle [count][rows][cols] */
    uint8_t *code;  /* [count][k] */
    uint8_t *byte;  /* [count][mx_layout_bytes] */
} mx_outputs;

/* One operation on `count` cases of k elements each. The scalar operations have k = 1. What an operation has no use for
 * is zero. */
typedef struct mx_batch {
    mx_op op;
    mx_elem elem; /* none (0) for swizzle, unswizzle */
    mx_type type; /* source type when encoding, target type when decoding; none for pack, unpack, swizzle, unswizzle */
    size_t k;     /* of swizzle, unswizzle: rows * cols */
    size_t count;
    mx_profile profile;
    mx_inputs in;
    mx_outputs out;
    mx_layout layout;  /* pack, unpack, swizzle, unswizzle only */
    size_t rows, cols; /* of the matrix of scales; swizzle, unswizzle only */
} mx_batch;

/* The constants of an element format, as one implementation states them. Both the reference and the fast
 * implementation publish theirs in this shape for the suite to compare. For INT8 (unit 2^-6) the exponent
 * fields describe a format with 6 fraction bits: emax 0, emin 0, bias 0. */
typedef struct mx_facts {
    mx_elem elem;
    unsigned bits;      /* width of a code, sign included */
    unsigned ebits;     /* exponent field; 0 for INT8 */
    unsigned mbits;     /* stored fraction bits; 6 for INT8 */
    int bias;           /* exponent bias; 0 for INT8 */
    int emax;           /* exponent of the largest power of two that is a normal value */
    int emin;           /* exponent of the smallest normal value */
    unsigned max_code;  /* code of the largest finite value */
    int has_inf;        /* 1 or 0 */
    int has_nan;        /* 1 or 0 */
    int has_minus_zero; /* 1 or 0 */
    unsigned inf_code;  /* +Inf, or 0 when there is none */
    unsigned nan_first; /* smallest positive NaN code, or 0 when there is none */
    unsigned nan_last;  /* largest positive NaN code, or 0 */
} mx_facts;

/* The constants of E8M0 (MX v1.0 section 5.4.1), in the same spirit. */
typedef struct mx_scale_facts {
    int bias;
    int emin;          /* exponent of code 0 */
    int emax;          /* exponent of the largest finite code */
    unsigned max_code; /* its code */
    unsigned nan_code;
} mx_scale_facts;

#ifdef __cplusplus
}
#endif

#endif
