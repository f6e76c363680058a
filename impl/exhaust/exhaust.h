/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whole input spaces through every instruction set but portable, compared with the portable kernels: what the spaces
 * share.
 */
#ifndef IMPL_EXHAUST_H
#define IMPL_EXHAUST_H

#include <stddef.h>
#include <stdint.h>

#include <mx/fast.h>
#include <mx/names.h>

/* K: of a block; COUNT: values that are compared at once. */
enum { K = 32, BLOCKS = 1 << 12, COUNT = BLOCKS * K };

/* Of a space's shards, numbers first, first + step, ... */
typedef struct slice {
    uint64_t step, first;
} slice;

/* Compares the sets of `mask` with portable and adds the number of values compared to *done. 0: all agree; else a line
 * on standard output says where not. Exits with 99 when a call fails. */
typedef int exhaust_space(unsigned mask, slice part, uint64_t *done);
exhaust_space exhaust_narrow, exhaust_narrow_rounds, exhaust_wide, exhaust_wide_rounds; /* blocks.c */
exhaust_space exhaust_narrow_squares, exhaust_wide_squares;                             /* squares.c */
exhaust_space exhaust_scale, exhaust_casts, exhaust_wide_casts, exhaust_decode;

/* The same of the patterns from `at` on. */
typedef int exhaust_some(unsigned mask, uint64_t at, uint64_t *done);

/* All patterns below `shards` 2^20, so many at a time. */
int exhaust_shards(unsigned mask, slice part, uint64_t shards, uint64_t at_a_time, exhaust_some *what, uint64_t *done);

/* The first value of every axis. */
mx_profile exhaust_profile(void);

/* The first byte that differs, or SIZE_MAX. */
size_t exhaust_differ(const void *a, const void *b, size_t bytes);

/* Exponent fields of powers of two, the scale bytes of blocks that have them as largest values under the floor rule. */
enum { WIDE_FIELDS = 16 };
extern const uint8_t exhaust_fields[WIDE_FIELDS];

#endif
