/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The spot of an output cell: what its answer takes (remainder class and exponent bin), from the inputs and the
 * expected answer alone, so that passes and failures of one kind can be counted together.
 */
#ifndef CONFORMANCE_CAUSES_SPOT_H
#define CONFORMANCE_CAUSES_SPOT_H

#include <mx/conformance.h>

typedef struct mxc_spot {
    mxc_place place;
    mxc_range range;
} mxc_spot;

/* Spots as bits of a set: bit mxc_spot_bit. */
enum { MXC_SPOTS = (MXC_PLACE_LAST + 1) * (MXC_RANGE_LAST + 1), MXC_SPOT_WORDS = (MXC_SPOTS + 63) / 64 };
unsigned mxc_spot_bit(mxc_spot spot);

/* Of cell `lane` (0 for a scale byte) of case i of `want`: inputs, and outputs as expected. */
mxc_spot mxc_spot_of(const mx_batch *want, size_t i, mx_column_kind kind, size_t lane);

/* The spots of all cells of case i that are not free (`open` as in mxv_pack). */
void mxc_spots_of(const mx_batch *want, const mx_outputs *open, size_t i, uint64_t set[MXC_SPOT_WORDS]);

/* The stage at which a wrong cell is likely to be made. */
mxc_stage mxc_stage_of(const mx_batch *want, size_t i, const mxc_diff *diff);

#endif
