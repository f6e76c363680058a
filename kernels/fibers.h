/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A work group on the host: one fiber a lane.
 */
#ifndef MXG_FIBERS_H
#define MXG_FIBERS_H

#include "kernels/plan.h"

typedef void (*mxg_body)(mxg_job job);

/* Run `grid` groups of MXG_GROUP lanes in waves of `width` lanes. MX_EINTERNAL when lanes that
 * must meet do not. */
mx_status mxg_fibers_run(mxg_body body, const mxg_job *job, uint64_t grid, unsigned width);

#endif
