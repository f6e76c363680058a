/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What cast_tmpl.h and scale_tmpl.h ask of an instruction set, besides lanes.h: `d_lanes`, a vector of DWORDS 32-bit
 * lanes; `b_lanes`, the BYTES = 4 DWORDS bytes of four such vectors in an order that b_store undoes; `b_signs`, one
 * bit for each of those. No function depends on, or changes, the floating-point environment, but for d_load_fp16, which
 * may raise flags.
 *
 *   d_all(x)                        x in every lane
 *   d_load_fp32 d_load_bf16 d_load_fp16 (at)   DWORDS values as fp32 patterns, any alignment; NaNs may become others
 *   d_load_bytes(at)                DWORDS bytes
 *   d_store(at, x)                  any alignment
 *   d_and d_or d_add d_sub          modulo 2^32
 *   d_min d_max                     signed
 *   d_most(x, y)                    the larger, unsigned
 *   d_largest(x)                    over all lanes, unsigned
 *   d_left(x, n) d_right(x, n)      logical shifts by n, below 32
 *   d_left_by(x, y) d_right_by(x, y)   lane by lane; 0 where y, unsigned, is above 31
 *   d_if_below(x, y, a, b)          a where x < y, signed, b elsewhere
 *   d_float(x)                      the fp32 pattern of x, below 2^24
 *   d_any_above(x, y)               is x above y, unsigned, in some lane
 *   d_limit(x), d_limits(x[4])      limits for d_step: x in every lane; x[i] for d_limit_of
 *   d_limit_of(limits, sign, odd)   limit 2 * (top bit of sign) + (lowest bit of odd), lane by lane
 *   d_step(x, rest, limit)          x + (rest > limit), unsigned
 *   b_all(x)
 *   b_narrow(x[4])                  lanes below 2^15 as bytes, those above 255 as 255
 *   b_signs_of(x[4])                their top bits
 *   b_xor, b_add                    modulo 2^8
 *   b_if_negative(signs, a, b)      a where the bit is set, b elsewhere
 *   b_if_above(x, y, a, b)          a where x is above y, unsigned, b elsewhere
 *   b_if_equal(x, y, a, b)
 *   b_any_equal(at, x)              is one of the BYTES bytes there that of x in its place; x is the same everywhere
 *   b_store(at, x)                  in the order of the four vectors
 */
