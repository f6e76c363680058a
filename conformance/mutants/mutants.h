/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Mutants: converters with one fault each, to measure what the vectors catch.
 *
 * There is one converter (convert.c), correct for every profile, and it asks at each of its stages whether the fault of
 * the row it was given acts there and then. A row names a fault, its parameters, and the conditions that must hold.
 */
#ifndef CONFORMANCE_MUTANTS_MUTANTS_H
#define CONFORMANCE_MUTANTS_MUTANTS_H

#include <mx/conformance.h>

#include "conformance/adapters/subject.h"

/* What the fault does, with parameters a and b of its row. */
typedef enum mxc_fault {
    MXC_FAULT_NONE = 1,
    /* the plan: a profile or a constant of it is another one */
    MXC_FAULT_AXIS,      /* axis a is taken to be b */
    MXC_FAULT_CUT,       /* the scale exponent goes up when the significand of A (leading bit 63) is above a << 40 */
    MXC_FAULT_CUT_AT,    /* ... at its threshold too */
    MXC_FAULT_EVEN_BITS, /* the even rule rounds A to a more bits */
    MXC_FAULT_FLOOR_MAX, /* the scale exponent is floor(log2(A / maxnormal)) */
    MXC_FAULT_TOP,       /* emax (rceil: the exponent of the largest value) is a more */
    MXC_FAULT_MAX_ADD,   /* the largest pattern is a more */
    /* the batch as a whole (whole.c) */
    MXC_FAULT_OTHER_ELEM, /* it is taken for one of format a */
    MXC_FAULT_OTHER_TYPE, /* it is taken for one of type a */
    MXC_FAULT_ANSWER_OF,  /* the answer is that of the case a further on */
    /* values on their way in, for the reduction and the elements alike; decoding: on their way out */
    MXC_FAULT_INPUT_BITS, /* rounded to a fraction bits, to nearest even (b = 1: NaN and all truncated; 2: ties away) */
    MXC_FAULT_INPUT_VIA,  /* rounded to type a, to nearest even */
    MXC_FAULT_INPUT_SIGN, /* the sign is lost (a = 0), inverted (1) */
    MXC_FAULT_INPUT_SWAP, /* units of a bytes in the other order */
    /* amax */
    MXC_FAULT_IGNORE,     /* the element is not looked at (conditions by lane) */
    MXC_FAULT_NO_ABS,     /* patterns compared with their sign bit */
    MXC_FAULT_INF_FINITE, /* Inf is a number of the next binade */
    MXC_FAULT_NAN_INF,    /* NaN counts as Inf */
    MXC_FAULT_INF_NAN,    /* Inf counts as NaN */
    MXC_FAULT_INF_FIRST,  /* Inf is asked for before NaN: a block with both is one with Inf */
    MXC_FAULT_INF_SIGNS,  /* Infs of both signs count as a NaN too */
    MXC_FAULT_NAN_SHORT,  /* a NaN whose payload lies below bit b is an Inf */
    MXC_FAULT_AMAX_FIELD, /* a subnormal A is half the smallest normal (a = 1: the smallest normal) */
    MXC_FAULT_AMAX_VIA,   /* A is rounded to type a on the way, to nearest even (b = 1: truncated; 2: and its
                             subnormals flushed) */
    MXC_FAULT_NEXT,       /* a elements of what follows the block are looked at too */
    MXC_FAULT_BACK,       /* a blocks before are looked at too */
    MXC_FAULT_RUNS,       /* each run of a elements of the block has a scale; the first one's is written */
    MXC_FAULT_SCALE_OF,   /* the scale, given or found, is that of the block a further on (a = 0: of the first one) */
    MXC_FAULT_SPAN,       /* A is that of the aligned run of a elements that holds the first one */
    MXC_FAULT_SUM,        /* A is taken from the pattern OR of all magnitudes */
    MXC_FAULT_AMAX_EPS,   /* A is 2^a at least */
    /* the scale byte */
    MXC_FAULT_BYTE_ADD,   /* byte + a */
    MXC_FAULT_BYTE_SET,   /* byte is a */
    MXC_FAULT_BYTE_WRAP,  /* the biased exponent modulo 256, unclamped (scale-arith=exact); a = 1: elements see it as it
                             is */
    MXC_FAULT_BYTE_PREV,  /* the byte of the block before is written; elements see the right one */
    MXC_FAULT_BYTE_FIRST, /* the byte of the first block is written; elements see the right one */
    MXC_FAULT_BYTE_FORM,  /* all bytes but FF are written otherwise, and read so: byte + a, within 00 to FE (b = 1:
                             modulo 256), or 254 - byte (b = 2) */
    MXC_FAULT_BYTE_LEAK,  /* a byte 00 of a nonzero block sets the highest bit of the byte before it */
    /* the quotient, or the product when decoding */
    MXC_FAULT_DIV_SET,         /* elements see byte a; the byte that is written is right */
    MXC_FAULT_DIV_PREV,        /* elements see the byte of the block before */
    MXC_FAULT_DIV_FIRST,       /* elements see the byte of the first block */
    MXC_FAULT_DIV_INVERSE,     /* elements see the inverse of the scale */
    MXC_FAULT_DIV_UNCLAMPED,   /* elements are divided by 2^exponent before it was clamped to -127 */
    MXC_FAULT_SOURCE_NEXT,     /* the source element is a elements further on */
    MXC_FAULT_SOURCE_VIA,      /* the source is rounded to type a first (b = 1: truncated) */
    MXC_FAULT_SOURCE_IMPLICIT, /* subnormal sources get a leading one */
    MXC_FAULT_QUOT_VIA,        /* the quotient is rounded to type a (b = 1: truncated) */
    MXC_FAULT_QUOT_FTZ,        /* a quotient subnormal in type a becomes zero */
    MXC_FAULT_QUOT_ADD,        /* the quotient's exponent + a */
    MXC_FAULT_QUOT_ZERO,       /* the quotient is zero */
    MXC_FAULT_QUOT_INF,        /* the quotient overflows */
    /* rounding */
    MXC_FAULT_STICKY_KEEP,    /* only the a highest discarded bits count */
    MXC_FAULT_STICKY_DROP,    /* the discarded bit a below the guard does not count */
    MXC_FAULT_TWICE,          /* rounded to mbits + a fraction bits, then to the grid */
    MXC_FAULT_SHIFT_MOD,      /* the shift count is taken modulo a */
    MXC_FAULT_CARRY_WRAP,     /* a carry out of the fraction is dropped */
    MXC_FAULT_CARRY_STICK,    /* no rounding up out of a binade */
    MXC_FAULT_FLIP,           /* rounds the other way when inexact */
    MXC_FAULT_COARSE,         /* truncated on the next binade's grid when the a highest bits are ones (a float log2) */
    MXC_FAULT_RANDOM_ZERO,    /* the random bits are not used */
    MXC_FAULT_RANDOM_ADD,     /* the random bits + a */
    MXC_FAULT_RANDOM_HIGH,    /* only the a highest random bits are used */
    MXC_FAULT_RANDOM_LOW,     /* only the lower half of the random bits is used */
    MXC_FAULT_RANDOM_SHIFT,   /* the random bits shifted down by a (up by -a) */
    MXC_FAULT_RANDOM_INVERT,  /* every random bit inverted */
    MXC_FAULT_RANDOM_REVERSE, /* the random bits in the other order */
    MXC_FAULT_RANDOM_LANE,    /* every lane uses the bits of lane 0 */
    MXC_FAULT_RANDOM_NEXT,    /* every lane uses the bits of the next one */
    /* the code */
    MXC_FAULT_OVER_WRAP,   /* a pattern beyond the largest loses its high bits */
    MXC_FAULT_CODE_SET,    /* the code is a (decoding: is read as a); b = 1: with the source's sign */
    MXC_FAULT_CODE_XOR,    /* the code with the bits of a inverted */
    MXC_FAULT_CODE_CLEAR,  /* the code with the bits of a clear */
    MXC_FAULT_CODE_SIGN,   /* the code's sign is lost (a = 0), its sign bit is lost (1) or inverted (2); INT8: negatives
                              are written and read as sign and magnitude (3), in one's complement (4) */
    MXC_FAULT_LANE_XOR,    /* codes of lane and lane ^ a change places */
    MXC_FAULT_LANE_BACK,   /* the last lane first */
    MXC_FAULT_LANE_HALVES, /* split halves read as interleaved */
    /* decoding */
    MXC_FAULT_VALUE,    /* the value is zero (a = 0), Inf (1), NaN (2), the largest (3), Inf times the code's value (4),
                           the largest fp32 (5; fp64 only), with the code's sign */
    MXC_FAULT_NUMBER,   /* NaN and Inf codes are numbers of the top binade */
    MXC_FAULT_IMPLICIT, /* subnormal codes and zero get a leading one */
    MXC_FAULT_RESULT_VIA, /* the product is rounded to type a first (b = 1: truncated) */
    MXC_FAULT_SCALE_VIA,  /* the scale is rounded to type a first */
    MXC_FAULT_OVER_NAN,   /* a product beyond the target is NaN */
    MXC_FAULT_RESULT_FTZ, /* a product subnormal in the target (a = 0) or in type a becomes zero */
    MXC_FAULT_TRUNCATE,   /* the product is truncated */
    MXC_FAULT_AWAY,       /* ties of the product go away from zero */
    MXC_FAULT_SCALE_RAW,  /* the scale byte is an integer, no power of two */
    MXC_FAULT_UNSIGNED,   /* the value loses its sign */
    MXC_FAULT_BYTE_FF,    /* byte FF is 2^128 */
    /* packed codes: pack, unpack; in quantize and dequantize the codes go through bytes */
    MXC_FAULT_PACK_LAYOUT,         /* in the layout a */
    MXC_FAULT_PACK_BITS_REVERSED,  /* a code's bits in the other order */
    MXC_FAULT_PACK_BYTES_REVERSED, /* the bytes of each group of a in the other order */
    MXC_FAULT_PACK_BIT_XOR,        /* bit i of a byte is bit i ^ a */
    MXC_FAULT_PACK_PLANES,         /* FP6: upper four and lower two bits apart, in planes (a = 0) or byte by byte (1) */
    MXC_FAULT_PACK_STEP,           /* a code every a bits */
    MXC_FAULT_PACK_SHIFT,          /* everything a bits further on */
    MXC_FAULT_PACK_STRIDE,         /* a case's bytes rounded down (a = 0), or cases without gaps (1) */
    MXC_FAULT_PACK_NO_STRADDLE,    /* of a code in two bytes the part without bit 5 (a = 0) or bit 0 (1) is lost */
    MXC_FAULT_PACK_PAD,            /* pack: after the last code are ones (a = 0), its nibble (1), stale bits (2);
                                      unpack: other bits there make it zero (0) or odd (1) */
    MXC_FAULT_PACK_UNMASKED,       /* unpack: the bits above a code are those next to it */
    MXC_FAULT_PACK_SIGNED,         /* unpack: the bits above a code are its sign */
    MXC_FAULT_PACK_STALE,          /* the code is that of the case before */
    MXC_FAULT_PACK_LAST = MXC_FAULT_PACK_STALE,
    /* tiles of scales: swizzle, unswizzle; in quantize and dequantize the scales go through tiles */
    MXC_FAULT_TILE_ORDER,      /* another order within a tile: a as in stage_layout.c */
    MXC_FAULT_TILE_PLAIN,      /* no tiles: row by row, rows filled up to whole tiles (a = 0) or not (1) */
    MXC_FAULT_TILE_FLOOR,      /* tiles in a row: columns / 4 rounded down */
    MXC_FAULT_TILE_STRIDE,     /* a row of tiles has 128 bytes a column, as if columns were not filled up */
    MXC_FAULT_TILE_OTHER,      /* another layout: tiles of 8x4 (a = 0), blocks of 32x8 shuffled (1) */
    MXC_FAULT_TILE_COLUMNS,    /* tiles column by column */
    MXC_FAULT_TILE_SLICE,      /* column c is taken for column c * a */
    MXC_FAULT_TILE_ROW,        /* row r is taken for row r + a */
    MXC_FAULT_TILE_TRANSPOSED, /* the matrix that is no tiles is taken column by column */
    MXC_FAULT_TILE_STALE,      /* the cell is that of the case before */
    MXC_FAULT_TILE_LAST = MXC_FAULT_TILE_STALE
} mxc_fault;

/* What a condition looks at. A variable that is not known where the fault sits holds nothing: the condition fails. */
typedef enum mxc_variable {
    MXC_RULE = 1,    /* values of the profile's axes */
    MXC_ROUND,       /* ... */
    MXC_RANDOM_BITS, /* N of round=sr:N, 0 */
    MXC_LAYOUT,
    MXC_FINITE, /* 1 when the batch is given no NaN, no Inf and no NaN scale: what some kernels do not look for again */
    MXC_LANE,   /* what follows is forgotten from block to block */
    MXC_K,
    MXC_FROM_END, /* k - 1 - lane */
    MXC_K_MOD_8,
    MXC_K_MOD_16,
    MXC_LANE_MOD_8,
    MXC_LANE_MOD_16,
    MXC_IN_TAIL_8, /* 1 in the lanes after the last full group of 8 */
    MXC_IN_TAIL_16,
    MXC_ROW, /* of a cell of a matrix of scales */
    MXC_COL,
    MXC_ROWS,
    MXC_COLS,
    MXC_OUTSIDE, /* 1 for cells that fill up the last tiles */
    MXC_KIND,    /* mxc_kind of the source, or of the code when decoding */
    MXC_NEGATIVE,
    MXC_SOURCE_EXP, /* floor(log2 |source|) */
    MXC_AMAX_EXP,   /* floor(log2 A); none when A = 0 */
    MXC_AMAX_ZERO,  /* 1 when nothing finite and nonzero is there */
    MXC_AMAX_NEGATIVE,
    MXC_EXPONENT, /* the scale exponent before clamping (exact arithmetic) */
    MXC_BYTE,     /* the scale byte */
    MXC_QUOT_EXP, /* floor(log2 |quotient|) */
    MXC_BELOW,    /* pattern at or below the quotient, on the unbounded grid */
    MXC_TIE,      /* 1 for a tie */
    MXC_GUARD,    /* the highest discarded bit */
    MXC_INEXACT,
    MXC_SUBNORMAL,    /* 1 when the quotient is below the smallest normal code */
    MXC_PATTERN,      /* the rounded pattern */
    MXC_OVER,         /* 1 when it is beyond the largest */
    MXC_ROUNDED_OVER, /* 1 when rounding made it so */
    MXC_CODE,
    MXC_FIELD, /* exponent field of the code */
    MXC_VARIABLES
} mxc_variable;

typedef enum mxc_kind { MXC_KIND_NAN = 1, MXC_KIND_INF, MXC_KIND_ZERO, MXC_KIND_SUBNORMAL, MXC_KIND_NORMAL } mxc_kind;

typedef struct mxc_when {
    mxc_variable variable;
    int low, high; /* both included */
} mxc_when;

/* Which side of a quantiser the fault is on, where a row does not say it by its nature. */
enum { MXC_SIDE_SCALE = 1, MXC_SIDE_ELEMENT = 2, MXC_SIDE_BOTH = 3 };

typedef struct mxc_mutant {
    const char *name;
    mxc_stage stage;
    unsigned ops, elems, types; /* sets, bit 1 << id; 0: all */
    mxc_fault fault;
    int a, b;
    unsigned side;          /* of MXC_FAULT_AXIS, CUT and TOP */
    mxc_when when[4];       /* all must hold; variable 0: none */
    const char *what;       /* one line */
    const char *link;       /* where it was seen, or "invented" */
    const char *equivalent; /* why no input can show it, or NULL */
    int plain;              /* 1: cases of every kind show it: the smoke tier keeps none for its sake */
} mxc_mutant;

/* The table. A name stays what it is: reports and committed scores use it. */
extern const mxc_mutant mxc_mutants[]; /* the first is "none"; ends with a NULL name */
size_t mxc_mutant_count(void);         /* "none" included */
const mxc_mutant *mxc_mutant_find(const char *name);

/* ---- families (family.c) ---- */

/* A fault at one place, once for each place: one code, one exponent, one lane, one byte, one bit. The members differ in
 * one number, and by format and source type where the family says so. */
enum { MXC_EACH_OP = 1, MXC_EACH_ELEM = 2, MXC_EACH_TYPE = 4, MXC_VARY_A = 8 };

typedef struct mxc_family {
    mxc_mutant all; /* as a row of the table; the name is the family's */
    unsigned each;  /* what has members of its own; VARY_A: they differ in a, not in the first condition */
    int low, high;  /* places, before those are left out that the format or the type does not have */
} mxc_family;

#define MXC_MEMBER_NAME 80

typedef struct mxc_member {
    const mxc_family *family;
    mxc_mutant mutant; /* mutant.name is `name` once mxc_member_name was called */
    int place;
    char name[MXC_MEMBER_NAME]; /* "code@cast.e4m3.fp32:53" */
} mxc_member;

/* All members, in the order of the families; the caller frees them. NULL: out of memory. */
mxc_member *mxc_members(size_t *count);

/* The member called `name`: MX_OK, MX_EINVAL. */
mx_status mxc_member_find(mxc_member *member, const char *name);

/* 1 when the fault can act in batches of this shape. */
int mxc_mutant_concerns(const mxc_mutant *mutant, const mx_batch *shape);

/* 0: it concerns none of the batch, or its conditions cannot hold there, or the axis it takes for another has that
 * value: its answers are the right ones. */
int mxc_mutant_may_act(const mxc_mutant *mutant, const mx_batch *batch);

/* 1 when a condition of the mutant looks at `variable`. */
int mxc_mutant_asks(const mxc_mutant *mutant, mxc_variable variable);

/* As mxfast_run, with the fault. MX_EUNSUPPORTED for an operation that the converter does not have. */
mx_status mxc_mutant_run(const mxc_mutant *mutant, const mx_batch *batch);

/* The subject "mutant:NAME": a row of the table, or a member of a family. */
mx_status mxc_mutant_open(mxc_opened *opened, const char *name, mxv_error *error);
/* MX_EINVAL, with the line for a name that no mutant has. */
mx_status mxc_mutant_unknown(const char *name, mxv_error *error);

#endif
