/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A launch run lane by lane on the host.
 */
#ifndef MXG_LANES_RUN_H
#define MXG_LANES_RUN_H

#include "kernels/plan.h"

/* One launch on this machine. */
mx_status mxg_lanes_launch(const mxg_launch *launch, unsigned width);

#endif
