/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Codes with AVX2, of words and of integers: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_ENCODE_AVX2_H
#define IMPL_X86_ENCODE_AVX2_H

#include "impl/x86/lanes_avx2.h"

/* What a magnitude is above its base (w_base), of which the lower 7 bits are fraction, lies in a place, of which there
 * are 2^mbits a binade, and in a cell, which is two places of 3 bits, else one. A normal code of 2 or 3 bits is its
 * place, less place_more(). Subnormal ones, and all of 1 bit, are of tables of 16 cells (mxfast_word_codes); of the two
 * the larger one counts. Codes of cells further up are larger than any in the tables, so that the lower four bits of a
 * cell's number will do.
 *
 * Codes are held place_more() larger until they get their signs. */
typedef struct code_lanes {
    struct {
        __m256i first, last; /* of cells */
        b_lanes away;        /* `careful`: ones if what is left over makes the code one larger, or odd */
    } of[2];                 /* positive, negative */
    b_lanes even;            /* 1 if is_even. 3 bits: a table, of what is left over */
    b_lanes limit, odd;
    b_lanes sign[2]; /* to take away from codes in the end */
    int careful;     /* the code depends on the sign, or the smallest value becomes 1 */
} code_lanes;

/* Bits that are left over of a place, of a cell. */
LANES unsigned place_rest(unsigned mbits)
{
    return mbits == 3 ? 4 : mbits == 2 ? 5 : 6;
}

LANES unsigned cell_rest(unsigned mbits)
{
    return mbits == 1 ? 6 : 5;
}

/* How much larger the first normal place is than its code, 2^mbits: an even number. */
LANES unsigned place_more(unsigned mbits)
{
    return mbits == 1 ? 0 : mbits << mbits;
}

/* Of 3 bits, by cell + 1, which is the mean of place and 1. */
LANES __m256i b_cells(const uint8_t table[16], unsigned mbits)
{
    __m128i t = _mm_loadu_si128((const __m128i *)table);
    return _mm256_broadcastsi128_si256(mbits == 3 ? _mm_alignr_epi8(t, t, 15) : t);
}

LANES code_lanes codes_make(const mxfast_words *f, unsigned mbits, unsigned bits)
{
    const unsigned more = place_more(mbits);
    const b_lanes even = b_all(f->is_even != 0);
    code_lanes c = {.even = mbits == 3 ? w_and(even, _mm256_setr_epi64x(0xff, 0, 0xff, 0)) : even};
    c.limit = b_all(f->limit + more);
    c.odd = b_all(f->is_odd ? 0xff : 0);
    c.careful = f->careful;
    for (unsigned sign = 0; sign < 2; sign++) {
        c.of[sign].first = _mm256_add_epi8(b_cells(f->codes[sign].first, mbits), b_all(more));
        c.of[sign].last = b_cells(f->codes[sign].last, mbits);
        c.of[sign].away = b_all(f->is_odd || (f->away != 0) == (sign == 0) ? 0xff : 0);
        c.sign[sign] = b_all(more - (sign << (bits - 1)));
    }
    return c;
}

LANES word_lanes w_base(const mxfast_words *f, word_lanes field)
{
    return w_add(w_left(field, 7), w_all(f->first_cell));
}

LANES b_lanes b_away(const code_lanes *c, b_lanes signs)
{
    return _mm256_blendv_epi8(c->of[0].away, c->of[1].away, signs);
}

/* Of places of 2 and 3 bits. */
LANES b_lanes b_normal(const code_lanes *c, b_lanes place, b_lanes rest, b_lanes signs, unsigned mbits)
{
    if (RARELY(c->careful)) {
        rest = w_and(rest, b_all((1u << place_rest(mbits)) - 1));
        b_lanes up = w_and(_mm256_min_epu8(rest, b_all(1)), b_away(c, signs));
        return _mm256_add_epi8(place, _mm256_andnot_si256(w_and(place, c->odd), up));
    }
    return _mm256_andnot_si256(mbits == 3 ? _mm256_shuffle_epi8(c->even, rest) : _mm256_subs_epu8(c->even, rest),
                               place);
}

/* Of cells: subnormal codes, and all of 1 bit. */
LANES b_lanes b_of_cells(const code_lanes *c, b_lanes cell, b_lanes rest, b_lanes signs)
{
    b_lanes first = _mm256_shuffle_epi8(c->of[0].first, cell), last = _mm256_shuffle_epi8(c->of[0].last, cell);
    if (RARELY(c->careful)) {
        first = _mm256_blendv_epi8(first, _mm256_shuffle_epi8(c->of[1].first, cell), signs);
        last = _mm256_blendv_epi8(last, _mm256_shuffle_epi8(c->of[1].last, cell), signs);
    }
    return _mm256_sub_epi8(first, _mm256_cmpgt_epi8(rest, last));
}

LANES b_lanes b_codes(const code_lanes *c, word_lanes x, word_lanes y, word_lanes base_x, word_lanes base_y, int paired,
                      unsigned mbits, unsigned bits)
{
    (void)paired;
    const word_lanes magnitude = w_all(0x7fff), left = w_all((1u << cell_rest(mbits)) - 1);
    const word_lanes m = w_and(x, magnitude), n = w_and(y, magnitude), v = w_minus(m, base_x), w = w_minus(n, base_y);
    const b_lanes place = _mm256_packus_epi16(w_right(v, place_rest(mbits)), w_right(w, place_rest(mbits)));
    const b_lanes rest = _mm256_packus_epi16(w_and(v, left), w_and(w, left)), signs = _mm256_packs_epi16(x, y);
    b_lanes code = b_of_cells(c, mbits == 3 ? _mm256_avg_epu8(place, b_all(1)) : place, rest, signs);
    if (bits != 4)
        code = _mm256_min_epu8(_mm256_max_epu8(code, b_normal(c, place, rest, signs, mbits)), c->limit);
    if (RARELY(c->careful)) {
        b_lanes least = w_and(_mm256_min_epu8(_mm256_packus_epi16(m, n), b_all(1)), b_away(c, signs));
        code = _mm256_max_epu8(code, _mm256_add_epi8(least, c->sign[0]));
    }
    return _mm256_sub_epi8(code, _mm256_blendv_epi8(c->sign[0], c->sign[1], signs));
}

/* ---- integers ---- */

LANES __m256i i_round(__m256i x, __m256i unit)
{
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_castsi256_ps(x), _mm256_castsi256_ps(unit)));
}

LANES word_lanes i_round_fp32(const void *at, word_lanes low, word_lanes high)
{
    const char *bytes = at;
    return q_in_order(_mm256_packs_epi32(i_round(w_load(bytes), low), i_round(w_load(bytes + 32), high)));
}

LANES word_lanes i_round_fp16(const void *at, word_lanes low, word_lanes high)
{
    const char *bytes = at;
    return q_in_order(_mm256_packs_epi32(i_round(d_widen_fp16(bytes), low), i_round(d_widen_fp16(bytes + 16), high)));
}

LANES word_lanes i_round_bf16(const void *at, word_lanes low, word_lanes high)
{
    word_lanes x = w_load(at), zero = _mm256_setzero_si256();
    return _mm256_packs_epi32(i_round(_mm256_unpacklo_epi16(zero, x), low),
                              i_round(_mm256_unpackhi_epi16(zero, x), high));
}

LANES b_lanes b_signed(word_lanes x, word_lanes y, b_lanes least, int paired)
{
    (void)paired;
    return _mm256_max_epi8(_mm256_packs_epi16(x, y), least);
}

#endif
