/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies behind failures: where a wrong cell was made, failures that are alike, known faults that give the answers.
 */
#ifndef MX_CONFORMANCE_CAUSES_H
#define MX_CONFORMANCE_CAUSES_H

#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a value's way through a converter a fault sits, in the order in which it passes them. */
typedef enum mxc_stage {
    MXC_STAGE_AMAX = 1,   /* what the scale rule is given */
    MXC_STAGE_EXPONENT,   /* the scale rule */
    MXC_STAGE_CLAMP,      /* the ends of the scale's range, and the zero block */
    MXC_STAGE_SCALE_CODE, /* writing and reading E8M0 */
    MXC_STAGE_QUOTIENT,   /* value / scale */
    MXC_STAGE_ROUNDING,   /* to the element's grid */
    MXC_STAGE_OVERFLOW,   /* beyond the largest value */
    MXC_STAGE_SPECIAL,    /* NaN, Inf, zeros and their signs */
    MXC_STAGE_DECODE,     /* from a code to its value, and the product with the scale */
    MXC_STAGE_PACKING,    /* codes in bytes */
    MXC_STAGE_LAYOUT      /* which cell goes where */
} mxc_stage;
#define MXC_STAGE_LAST MXC_STAGE_LAYOUT
MX_API const char *mxc_stage_name(mxc_stage stage); /* "amax" ..., NULL */

/* The remainder class of a cell: where the exact result lies between its neighbours. Of a scale byte: where the
 * significand of A lies against that of the largest element value. */
typedef enum mxc_place {
    MXC_PLACE_NONE = 1, /* special values, and layouts */
    MXC_PLACE_EXACT,
    MXC_PLACE_BELOW,    /* below the midpoint */
    MXC_PLACE_TIE_EVEN, /* at it, the lower neighbour being even */
    MXC_PLACE_TIE_ODD,
    MXC_PLACE_ABOVE,
    MXC_PLACE_AMAX_POWER, /* A is a power of two */
    MXC_PLACE_AMAX_BELOW,
    MXC_PLACE_AMAX_AT,
    MXC_PLACE_AMAX_ABOVE
} mxc_place;
#define MXC_PLACE_LAST MXC_PLACE_AMAX_ABOVE
MX_API const char *mxc_place_name(mxc_place place); /* "none" "exact" "below" "tie-even" ... "amax-above", NULL */

/* The exponent bin of a cell: of the quotient on the element's grid when encoding, of the product on the target's when
 * decoding (a subnormal code is subnormal there too), of A for a scale byte (UNDER: clamped to 00; TOP: above FD). */
typedef enum mxc_range {
    MXC_RANGE_NONE = 1, /* layouts */
    MXC_RANGE_NAN_SCALE,
    MXC_RANGE_NAN,
    MXC_RANGE_INF,
    MXC_RANGE_ZERO,
    MXC_RANGE_UNDER, /* below the smallest subnormal */
    MXC_RANGE_SUBNORMAL,
    MXC_RANGE_NORMAL,
    MXC_RANGE_TOP, /* the largest binade */
    MXC_RANGE_OVER /* beyond the largest value */
} mxc_range;
#define MXC_RANGE_LAST MXC_RANGE_OVER
MX_API const char *mxc_range_name(mxc_range range); /* "none" "nan-scale" "nan" ... "over", NULL */

/* Failures of one class within a cluster: "cast/e4m3/fp32/rounding/tie-odd/subnormal". */
#define MXC_KEY 80
typedef struct mxc_key_count {
    char key[MXC_KEY];
    size_t count;
} mxc_key_count;

/* Failures that are alike, by their first wrong cell. Sets hold bit 1 << id. */
typedef struct mxc_cluster {
    mxc_stage stage;            /* of `mutant`, or where such a cell is made as far as the answer alone tells */
    unsigned ops, elems, types; /* sets; of elems and types 0: the operation has none */
    unsigned places, ranges;    /* sets of mxc_place and mxc_range */
    uint64_t lanes;             /* set; bit 63: lane 63 and above. 0: scale bytes and scalar operations */
    int last_lane;              /* always the last one of several lanes */
    size_t count;               /* failures */
    size_t cases;               /* judged cases that have such a cell, in these operations, formats and types */
    mx_axis axis;               /* the single axis value that gives most of the answers looked at, or 0 */
    unsigned value;
    size_t axis_count, axis_looked; /* how many of how many */
    const char *mutant;             /* the suspect that explains every failure of it, or NULL */
    char *id, *line;                /* the simplest case, and its line as mxc_failure.line */
    char *explained;                /* the text of `mxcts explain` for it, or NULL */
    mxc_key_count *key;             /* the classes, sorted; keys do not change from run to run */
    size_t keys;
} mxc_cluster;

/* One converter with one known fault (mxcts list mutants) that gives the subject's answers. */
typedef struct mxc_suspect {
    const char *mutant, *what, *link; /* its name, one line each; link: where it was seen, or "invented" */
    mxc_stage stage;
    mx_axis axis; /* it is a departure from this axis of the profile, to this value; or 0 */
    unsigned value;
    size_t explained;    /* failures that it gives exactly */
    size_t unlike;       /* failures for which it gives another wrong answer */
    size_t contradicted; /* passes in which it is wrong */
    size_t aside;        /* of a fault in a part only: passes in which it would be wrong, but of operations, formats and
                            types without a failure; else 0 */
    size_t in_part; /* more failures that it shows in: in each cell that it gets wrong the subject has the same, but
                       the case has another fault too */
    char *twins;    /* "a, b": give the same answers to every judged case; or "" */
} mxc_suspect;

typedef struct mxc_diagnosis {
    mxc_suspect *suspect; /* those that explain the failures, best first */
    size_t suspects;
    mxc_suspect nearest; /* where there is no suspect: what comes nearest; mutant NULL: nothing */
    size_t failures;     /* looked at */
    size_t unexplained;  /* of which no suspect gives */
    size_t passes;       /* looked at */
    double seconds;
} mxc_diagnosis;

/* Failures by the single axis value that would give the answer. */
typedef struct mxc_axis_count {
    mx_axis axis; /* 0: no single axis explains these */
    unsigned value;
    size_t count;  /* failures that it explains (one failure may count for several values) */
    size_t alone;  /* of which nothing else explains */
    char *line;    /* an example, as mxc_failure.line */
    char *example; /* its id */
} mxc_axis_count;

#ifdef __cplusplus
}
#endif

#endif
