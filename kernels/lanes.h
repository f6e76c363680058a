/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the kernel text calls when it runs on the host: the index of the running lane, barriers, shuffles. lanes.c.
 */
#ifndef MXG_LANES_H
#define MXG_LANES_H

#include <stdint.h>

uint32_t mxg_lane_index(void);
uint32_t mxg_group_index(void);

/* `line` is where it is called: lanes that meet here must have come from the same place. */
void mxg_lane_sync(int line);
uint32_t mxg_lane_shuffle(uint32_t value, uint32_t mask, int line);

void mxg_lane_add(uint64_t *to, uint64_t value);
void mxg_lane_min(uint64_t *to, uint64_t value);

#endif
