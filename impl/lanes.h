/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the templates ask of an instruction set. The file that includes a template first includes one lanes_*.h, which
 * defines `word_lanes`, a vector of WORDS 16-bit lanes, and these functions on it; all numbers are unsigned.
 *
 *   LANES, APART                    before a function: always inlined, never
 *   w_fence()                       streaming stores before it come before all stores after it
 *   w_load(at), w_store(at, x)      any alignment
 *   w_all(x)                        x in every lane
 *   w_pair(two)                     the two words of a 32-bit number in every pair of lanes
 *   w_halves(low, high)             w_pair(low) in the lower half of the lanes, w_pair(high) in the upper
 *   w_halves_paired(low, high)      the same in the order of w_codes(at, 1)
 *   w_and w_or w_add w_sub          modulo 2^16
 *   w_minus(x, y)                   max(x - y, 0)
 *   w_min w_max
 *   w_left(x, n) w_right(x, n)      shifts by a constant from 0 to 15
 *   w_right_by(x, n)                x >> n lane by lane, any n; where n = 0 or n > 8 the result may be smaller
 *   w_choose(x, y, where)           bits of y where `where` is set, of x elsewhere
 *   w_zero_to(x, a, b)              a where x is zero, b elsewhere
 *   w_above(x, y)                   bit i: lane i of x is above that of y
 *   w_round_even(x)                 x rounded to a multiple of 2^8, ties to even, in the upper byte; the lower is junk
 *   w_negate_by(x, y)               -x where the top bit of y is set
 *   w_largest(x), w_largest_of_half(x, half)   over all lanes, or over the lower (0) or upper (1) half of them
 *   w_fold_fp32(at), w_fold_fp16(at)   WORDS values as the upper 16 bits of their fp32 patterns, lowest bit ORed with
 *                                   "a bit was dropped", in order
 *   w_narrow_one(to, x)             the upper bytes of the lanes, in order
 *   w_narrow_two(to, x, y, stream)  of both; stream: past the caches, `to` is then aligned for 2 WORDS bytes
 *   w_if_above(x, y, a, b)          a where x is above y (both below 2^15), b elsewhere
 *   w_lookup(table, x)              table[x], 8 words, where x is below 8; junk elsewhere
 *   w_codes(at, paired)             WORDS bytes, one a lane; paired: in the order that w_put_fp32 and w_put_fp16 undo
 *   w_put(to, x, stream)            the words as they are
 *   w_put_fp32, w_put_fp16          words as upper halves of fp32 patterns, as fp32 or rounded to fp16 (nearest even)
 *   i_put_fp32, i_put_fp16, i_put_bf16 (to, at, unit, same, stream)   WORDS signed bytes times powers of two given as
 * fp32 bits, one for all (same) or one for each, in order; exact but for fp16
 */
#ifndef IMPL_LANES_H
#define IMPL_LANES_H

/* Multiples of this that a streaming store writes. */
#define MXFAST_STREAM_ALIGN 64

#endif
