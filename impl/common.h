/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fast ways for common blocks. Those of a block return 0 when it is not one, with nothing written.
 */
#ifndef IMPL_COMMON_H
#define IMPL_COMMON_H

#include "impl/kernels.h"

/* The largest magnitude of block b, as bits of the source type. 0: the block holds NaN or Inf, or the type is fp64. */
int mxfast_common_amax(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, uint64_t *amax);

/* Encode block b, which holds neither NaN nor Inf, under `byte`, which is not NaN. 0: the scale is so small that
 * source subnormals are normal codes, or the type is fp64, or the rounding stochastic. */
int mxfast_common_cast(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, uint8_t byte);

/* What encodes block b, whatever it holds. */
typedef void mxfast_one(const mxfast_plan *plan, const mxfast_strip *strip, size_t b);

/* Encode blocks of one value, those that are neither normal numbers nor zeros, or have a NaN scale, by `other`. 0, and
 * nothing is encoded: they do not lie end to end, or the type is fp64, or the rounding stochastic. */
int mxfast_common_values(const mxfast_plan *plan, const mxfast_strip *strip, mxfast_one *other);

/* Decode block b. 0: the byte is NaN or brings some code out of the target's normal range. */
int mxfast_common_decode(const mxfast_plan *plan, const mxfast_strip *strip, size_t b, uint8_t byte);

#endif
