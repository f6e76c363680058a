/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the templates ask of an instruction set. The file that includes a template first includes one lanes_*.h, which
 * defines `word_lanes`, a vector of WORDS 16-bit lanes, and these functions on it; numbers are unsigned.
 */
// clang-format off
/*
 *   LANES, APART                      before a function: always inlined, never
 *   IN_STEPS                          a macro: is steps_tmpl.h the faster way along rows, which asks for b_codes_two and
 *                                     w_least_of_blocks
 *   SOON_OF_4, FAR_OF_4, FAR_OF_2     bytes of each fp32 value that are fetched a page, and two pages, before they are
 *                                     read, and of each value of 2 bytes two pages: the machine fetches the rest by
 *                                     itself, and how much of it is best is found by trying
 *   FOLD_TURNS                        is w_fold_fp32 faster in turns
 *   w_fence()                         streaming stores before it come before all stores after it
 *   w_load(at), w_store(at, x)        any alignment
 *   w_all(x)                          x in every lane
 *   w_pair(two)                       the two words of a 32-bit number in every pair of lanes
 *   w_halves(low, high)               w_pair(low) in the lower half of the lanes, w_pair(high) in the upper
 *   w_halves_paired(low, high)        the same in the order of w_codes(at, 1)
 *   w_and w_or w_add w_sub            modulo 2^16
 *   w_minus(x, y)                     max(x - y, 0)
 *   w_min w_max
 *   w_without(x, y)                   x & ~y
 *   w_left(x, n) w_right(x, n)        shifts by a constant from 0 to 15
 *   w_zero_to(x, a, b)                a where x is zero, b elsewhere
 *   w_above(x, y)                     bit i: lane i of x is above that of y
 *   w_above_not_zero(x, y, z)         the same of lanes where z is not zero
 *   w_put_least(to, x, halves)        the least of all lanes to to[0], or of the lower and the upper half to to[0] and
 *                                     to[1]; the word after may be written too
 *   w_least_of_quarters(x)            of WORDS / 8 vectors x: lane i is the least of some lanes of x[i / 8], which for
 *                                     i % 8 = 0 ... 7 are all of them
 *   w_least_of_blocks(at)             the same of WORDS / 8 blocks of 32 words at `at`
 *   w_least_of_eights(x)              of 8 such vectors: lane i is that of the i % (WORDS / 8)-th vector in x[i /
 *                                     (WORDS / 8)]
 *   w_put_pairs(to, x, upper)         each lane twice as 32 bits, or (upper) as the upper half of 32 bits
 *   w_fold_fp32(at, sticky, turns), w_fold_fp16(at, sticky)
 *                                     WORDS values as the upper 16 bits of their fp32 patterns, lowest bit ORed with
 *                                     "a bit was dropped" where `sticky` is 1, not where it is 0; in order or, with
 *                                     FOLD_TURNS and `turns`, of each 16 the first, the ninth, the second, ...
 *   w_narrow_one(to, x)               the upper bytes of the lanes, in order
 *
 * b_lanes is a vector of 2 WORDS bytes, in an order of its own:
 *
 *   b_all(x)
 *   code_lanes, codes_make(f, mbits, bits)
 *                                     what b_codes needs of a mxfast_words; mbits and bits are constants
 *   b_codes(c, x, y, base_x, base_y, paired, mbits, bits)
 *                                     the codes of the words of x and y, by bases of w_base; paired, here and below: to
 *                                     go to b_put_pairs, else to b_put
 *   w_base(f, field)                  what b_codes takes, of exponent fields, scale byte + mxfast_words.lowest
 *   b_codes_two(c, at, once, base, code, mbits, bits)
 *                                     the same of the words of four vectors at `at`, with a base each, to two vectors;
 *                                     once: no word is loaded twice
 *   b_signed(x, y, least, paired)     words as signed bytes, saturated, and not below `least`
 *   b_put(to, x, stream)              in order; stream: past the caches, `to` is then aligned for 2 WORDS bytes
 *   b_put_half(to, x)                 those of the first of the two vectors
 *   b_put_pairs(to, x)                those of the first and of the second in turns
 *   i_round_fp32, i_round_fp16, i_round_bf16 (at, low, high)
 *                                     WORDS values times the fp32 of `low` and of `high`, powers of two, as signed
 *                                     words to nearest even. fp32, fp16: `low` for the first half of the values, in
 *                                     order; bf16: as w_put_fp32 orders them
 *
 *   value_lanes, values_make(small, offset, mbits, bits)
 *                                     what b_decode needs: a magnitude's word is small[magnitude] below 2^mbits,
 *                                     (magnitude << (7 - mbits)) + offset from there; of INT8 (mbits 6) zero's is 0,
 *                                     others' the bf16 of the magnitude + offset, which is 120 binades
 *   b_get(at, paired)                 2 WORDS codes in the order that b_decode takes; paired: words will then be in the
 *                                     order that w_put_fp32 and w_put_fp16 undo
 *   b_get_half(at, paired)            the first WORDS of them; the others are 0
 *   b_decode(v, c, down_x, down_y, x, y, mbits, bits)
 *                                     such codes to words x and y: those, lowered by down_x and down_y (in the order of
 *                                     the words) where they are not zero, with the code's sign; bits above the width
 *                                     are ignored. Returns what b_most takes
 *   by_unit(bits)                     does b_decode_block go by a block's unit, or by how much to lower it
 *   b_decode_block(v, c, by, x, y, mbits, bits)
 *                                     the same of one block's codes; `by` points to what all lanes of `down` are, twice,
 *                                     or (by_unit) to the fp32 of the block's code 1, a normal number
 *   b_decode_pairs(v, pairs, down, x, y, mbits, bits)
 *                                     the same of codes of two rows in turns: words of the first to x, of the second to
 *                                     y, in the order of `down`
 *   b_most(most, decoded), b_magnitude_above(most, y)
 *                                     fp8: the largest of magnitudes, of what b_decode returned; is it above y
 *
 *   w_codes(at, paired)               WORDS bytes, one a lane; paired: in the order that w_put_fp32 and w_put_fp16
 *                                     undo
 *   w_put(to, x, stream)              the words as they are
 *   w_put_fp32, w_put_fp16            words as upper halves of fp32 patterns, as fp32 or rounded to fp16 (nearest
 *                                     even)
 *   by_products(type)                 are these faster for INT8 than words are
 *   i_put_fp32, i_put_bf16, i_put_fp16 (to, at, unit, stream)
 *                                     WORDS signed bytes times a power of two given as fp32 bits, in order; bf16: from
 *                                     2^-125 on
 */
// clang-format on
#ifndef IMPL_LANES_H
#define IMPL_LANES_H

/* So that what is seldom does not stand in the way of what is not: the compiler cannot know. */
#define RARELY(x) __builtin_expect(x, 0)

/* Multiples of this that a streaming store writes. */
#define MXFAST_STREAM_ALIGN 64

#endif
