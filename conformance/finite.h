/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Batches without NaN and Inf. Many implementations do otherwise as soon as a tensor holds one.
 */
#ifndef CONFORMANCE_FINITE_H
#define CONFORMANCE_FINITE_H

#include <mx/types.h>

/* 1 when a code is no NaN and no Inf. */
int mxc_code_is_finite(const mx_facts *format, unsigned code);

/* 1 when the batch is given no NaN, no Inf and no NaN scale. */
int mxc_is_finite(const mx_batch *batch);

#endif
