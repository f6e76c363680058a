/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Test points: the inputs of cases, designed by class, without expected values.
 *
 * A class of points is a function over a list. It computes on exact dyadic magnitudes (m * 2^e) and writes bits of
 * the source type, so that no value passes through the host's floating point.
 */
#ifndef CONFORMANCE_GENERATE_POINTS_H
#define CONFORMANCE_GENERATE_POINTS_H

#include <mx/types.h>

#include "conformance/batch.h"

/* The classes of points, as a set. Which of them an operation has is in its file (points_*.c). */
enum {
    MXC_SPECIAL = 1 << 0, /* zeros, subnormal and normal extremes, Inf, NaNs of several payloads, both signs */
    MXC_CODES = 1 << 1,   /* every code's exact value, and one ulp either side */
    MXC_MIDS = 1 << 2,    /* every midpoint of neighbouring codes, and one ulp either side */
    MXC_BAND = 1 << 3,    /* from the largest value up: ties, the next grid points, powers of two, the source's end */
    MXC_BINADES = 1 << 4, /* every power of two of the source type, and one ulp either side */
    MXC_STICKY = 1 << 5,  /* each single source bit below the guard, above and below a midpoint */
    MXC_BYTES = 1 << 6,   /* every scale byte */
    MXC_RANDOM = 1 << 7,  /* a small tail drawn from a fixed seed */
    MXC_THRESH = 1 << 8,  /* thresholds of the scale rules in every binade */
    MXC_TWINS = 1 << 9,   /* what a float logarithm, reciprocal or narrower amax gets wrong */
    MXC_LANES = 1 << 10,  /* the largest magnitude in each lane, distinct codes in the others */
    MXC_BLOCKS = 1 << 11, /* NaN and Inf by lane, sign and payload; all-zero, all-special, one nonzero */
    MXC_KNOWN = 1 << 12,  /* blocks on which existing systems are known to differ */
    MXC_EDGE = 1 << 13,   /* subnormal and byte-00 blocks, the largest finite ones */
    MXC_TINY = 1 << 14,   /* source subnormals and results below the smallest normal */
    MXC_SIGNS = 1 << 15,  /* both signs where the classes else alternate */
    MXC_RAGGED = 1 << 16, /* the short set of blocks for odd lengths */
    MXC_FEW = 1 << 17,    /* fewer of each class: variants of a pack that has them all */
    MXC_DENSE = 1 << 18,  /* more of each class: the full tier */
    MXC_EVERY = 1 << 19,  /* every pattern of a 16-bit source type */
    MXC_TOP = 1 << 20,    /* of the band: the tie above the largest value and its neighbours */
    /* where a fault of one place shows (points_narrow.c) */
    MXC_TIES = 1 << 21,     /* every tie */
    MXC_EACH_BIT = 1 << 22, /* every source bit below the guard, above a tie */
    MXC_AMAX = 1 << 23,     /* amax in every binade */
    MXC_ALONE = 1 << 24,    /* NaN and Inf alone in each lane */
    MXC_KINDS = 1 << 25,    /* each range of the quotient with each remainder and sign, once */
    /* for kernels that do otherwise as soon as there is a NaN or Inf somewhere: none in the pack */
    MXC_FINITE_CODES = 1 << 26, /* every code but NaN and Inf, under two scales */
    MXC_FINITE_BYTES = 1 << 27  /* every scale byte but FF */
};

#define MXC_TAGS 96 /* bytes of a row's tags, NUL included */

/* A magnitude m * 2^e, exact. */
typedef struct mxc_dyadic {
    uint64_t m;
    int e;
} mxc_dyadic;

/* A growing list of cases of one shape. Rows are kept in the order they are added; a row whose inputs are already
 * there is merged with the first one, tags united. */
typedef struct mxc_points {
    mx_batch shape;           /* all but its columns and count */
    const mxc_layout *layout; /* NULL for the operations without a type */
    const mx_facts *facts;    /* the reference's statement of the element format; NULL where there is none */
    unsigned classes;
    size_t count, room;
    uint64_t *value;  /* [room][k], zero extended bits of the source type */
    uint32_t *random; /* [room][k] */
    uint8_t *scale;   /* [room] */
    size_t cells;     /* of a row of `code`: k, or the bytes of the layout */
    uint8_t *code;    /* [room][cells]: codes; what pack, unpack, swizzle or unswizzle is given */
    char (*tags)[MXC_TAGS];
    uint64_t seed;   /* state of the drawn tail */
    unsigned turn;   /* alternates signs and scales between rows */
    uint64_t *spare; /* [k]: what mxc_row gives out after a failure */
    int failed;      /* out of memory: rows added since are lost */
} mxc_points;

/* Begin a list for `shape`; MX_EINVAL when an id is not one, MX_ENOMEM. Release with mxc_points_free. */
mx_status mxc_points_begin(mxc_points *points, const mx_batch *shape, unsigned classes);
void mxc_points_free(mxc_points *points);

/* Add all classes of the list's operation. MX_ENOMEM. Then rows with equal inputs are merged. */
mx_status mxc_points_fill(mxc_points *points);

/* Overwrite row `to` with row `from`. */
void mxc_points_move(mxc_points *points, size_t to, size_t from);

/* Exchange two rows. */
void mxc_points_swap(mxc_points *points, size_t i, size_t j);

/* The classes of each operation. */
void mxc_points_cast(mxc_points *points);
void mxc_points_scaled_cast(mxc_points *points);
void mxc_points_scale(mxc_points *points);
void mxc_points_quantize(mxc_points *points);
void mxc_points_decode(mxc_points *points);
void mxc_points_dequantize(mxc_points *points);
void mxc_points_pack(mxc_points *points);    /* and unpack */
void mxc_points_swizzle(mxc_points *points); /* and unswizzle */
void mxc_points_narrow(mxc_points *points);  /* of all operations, after the others */

/* Blocks on which existing systems are known to differ, those of at most k listed elements. */
void mxc_points_known(mxc_points *points);

/* ---- tools for writing classes ---- */

/* Add a row of zero bits (values +0, scale 00, codes 00) and return its values, [k], to be filled; never NULL: after
 * an allocation failure a scratch row. The pointer holds until the next row. */
uint64_t *mxc_row(mxc_points *points, const char *tags);

/* Add a row with `bits` in lane 0 and this scale byte, random bits zero. */
void mxc_add(mxc_points *points, uint64_t bits, uint8_t scale, const char *tags);

/* Add magnitude pattern `at` moved by `ulps`, with the sign, unless it leaves the finite range. */
void mxc_add_near(mxc_points *points, uint64_t at, int ulps, int negative, uint8_t scale, const char *tags);

/* Exact value of magnitude code `code`, continued as a pattern past the largest code. Follows the int8 axis. */
mxc_dyadic mxc_code_value(const mxc_points *points, unsigned code);

/* The midpoint of codes `code` and `code` + 1. */
mxc_dyadic mxc_midpoint(const mxc_points *points, unsigned code);

/* value * 2^shift. */
mxc_dyadic mxc_shift(mxc_dyadic value, int shift);

/* Largest pattern of the source type whose magnitude is not above `value`. *exact (may be NULL) is 1 when equal, 0
 * when below, -1 when `value` is beyond the largest finite magnitude (the answer is then that one). */
uint64_t mxc_pattern(const mxc_layout *layout, mxc_dyadic value, int *exact);

/* The same for 2^e. */
uint64_t mxc_power(const mxc_layout *layout, int e);

/* Next word of the drawn tail (xorshift64*, seeded by the shape). */
uint64_t mxc_draw(mxc_points *points);

/* Add q * 2^shift at one ulp below, at and above its pattern, with both signs or alternating ones; nothing when it is
 * beyond the source's range. */
void mxc_add_three(mxc_points *points, mxc_dyadic q, int shift, int both, uint8_t scale, const char *tags);

/* Alternates 0, 1, 0, 1 ... */
int mxc_flip(mxc_points *points);

/* The source's special patterns, without signs: count and the i-th with its tag. */
size_t mxc_special_count(void);
uint64_t mxc_special(const mxc_layout *layout, size_t i, const char **tags);

/* The NaN patterns, without signs. */
#define MXC_NANS 5
uint64_t mxc_nan(const mxc_layout *layout, size_t i);

#endif
