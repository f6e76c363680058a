/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inputs that separate one setting of a profile from another: a designed set for each shape.
 */
#ifndef CONFORMANCE_INFER_PROBES_H
#define CONFORMANCE_INFER_PROBES_H

#include <mx/conformance.h>

#include "conformance/batch.h"

/* What a probe is made to show; a set of them. */
enum {
    MXC_PROBE_SCALE = 1 << 0,     /* thresholds of the scale rules */
    MXC_PROBE_TOP = 1 << 1,       /* scales beyond 2^127 */
    MXC_PROBE_ROUND = 1 << 2,     /* between two codes */
    MXC_PROBE_OVER = 1 << 3,      /* beyond the largest value */
    MXC_PROBE_UNDER = 1 << 4,     /* results that are subnormal or zero, source zeros */
    MXC_PROBE_NAN = 1 << 5,       /* NaN sources */
    MXC_PROBE_INF = 1 << 6,       /* Inf sources */
    MXC_PROBE_ZERO = 1 << 7,      /* nothing but zeros */
    MXC_PROBE_SUBNORMAL = 1 << 8, /* subnormal sources */
    MXC_PROBE_NAN_SCALE = 1 << 9, /* a NaN scale */
    MXC_PROBE_DECODE = 1 << 10    /* codes */
};

typedef struct mxc_probes {
    mxc_store store;
    unsigned *kind; /* [store.batch.count] */
} mxc_probes;

/* The probes for `shape` (op, elem, type, k; with round=sr:N random bits are drawn). MX_ENOMEM. */
mx_status mxc_probes_new(mxc_probes *probes, const mx_batch *shape);
void mxc_probes_free(mxc_probes *probes);

#endif
