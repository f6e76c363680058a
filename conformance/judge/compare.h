/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Answers against what a pack wants, cell by cell, and the axis values that would give them.
 */
#ifndef CONFORMANCE_JUDGE_COMPARE_H
#define CONFORMANCE_JUDGE_COMPARE_H

#include <mx/conformance.h>

/* As mxc_compare, from the expected batch and its free cells (columns may be NULL: none is free). */
int mxc_compare_case(const mx_batch *want, const mx_outputs *open, size_t i, const mx_outputs *got, mxc_diff *diff);

/* 1 when the code (value) of this lane of case i is not what was wanted. */
int mxc_code_differs(const mx_batch *want, const mx_outputs *open, size_t i, const mx_outputs *got, size_t lane);
int mxc_value_differs(const mx_batch *want, const mx_outputs *open, size_t i, const mx_outputs *got, size_t lane);

/* The free cells of case i alone. */
mx_outputs mxc_open_of(const mxv_pack *pack, size_t i);
/* 1 when case `at` of `answer` is what case i of the pack wants. `diff` may be NULL. */
int mxc_compare_at(const mxv_pack *pack, size_t i, const mx_batch *answer, size_t at, mxc_diff *diff);
/* 1 when case `b_at` of `b` is as case `a_at` of `a`, both answers to case i of the pack, where cells are compared. */
int mxc_alike(const mxv_pack *pack, size_t i, const mx_batch *a, size_t a_at, const mx_batch *b, size_t b_at);

/* As mxc_departures for all cases of `batch` (inputs, and outputs = the answers): bit mxc_value_bit(axis, value) of
 * found[i] is set when that value explains case i. */
mx_status mxc_departures_all(const mx_batch *batch, uint64_t *found);
unsigned mxc_value_bit(mx_axis axis, unsigned value);

#endif
