/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Codes by AVX2, rounded once for blocks in two directions: what each function does is said in both_tmpl.h. Bases of
 * blocks are whole binades apart, so that what is left over of places and of cells (encode_avx2.h) is the same above
 * any, and so is whether a place is a tie; from there on codes take subtractions and what encode_avx2.h does with them.
 */
#ifndef IMPL_X86_ROUNDED_AVX2_H
#define IMPL_X86_ROUNDED_AVX2_H

#include "impl/x86/encode_avx2.h"

/* Constants. What is left over is held as what it lacks of all ones, so that the zeros which are looked up for cells
 * below the base, whose numbers are negative, stay zeros. */
typedef struct r_lanes {
    b_lanes first, lacks; /* of cells: code, and what the last place with this code lacks */
    b_lanes even;         /* from which what a tie lacks is 1 more, or 255. 3 bits: a table of it */
    b_lanes limit, sign;
} r_lanes;

/* 2 WORDS values: places, rounded; cells; what is left over, as what it lacks; signs of codes. */
typedef struct rounded {
    b_lanes place, cell, lacks, sign;
} rounded;

/* By how much a block's places lie above its codes (normal), and cell 0 above that of the origin. */
typedef struct r_base {
    b_lanes normal, fine;
} r_base;

/* All formats of words. Cells of a block, as those where it begins, are less than 128 apart: E3M2's blocks begin 10
 * binades below their largest value, those of E5M2 33. */
LANES unsigned r_span(unsigned mbits, unsigned bits)
{
    return mbits == 6 ? 0 : mbits == 3 ? 28 : mbits == 2 && bits == 6 ? 40 : 60;
}

LANES b_lanes r_table(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

LANES r_lanes r_make(const mxfast_words *f, unsigned mbits, unsigned bits)
{
    const unsigned left = (1u << cell_rest(mbits)) - 1;
    const int64_t at_15 = INT64_C(1) << 56;
    r_lanes c = {.first = r_table(f->codes[0].first),
                 .lacks = _mm256_sub_epi8(b_all(left), r_table(f->codes[0].last)),
                 .even = b_all(f->is_even ? left - 1 : 0xff),
                 .limit = b_all(f->limit),
                 .sign = b_all(1u << (bits - 1))};
    if (mbits == 3)
        c.even = f->is_even ? _mm256_setr_epi64x(0, at_15, 0, at_15) : _mm256_setzero_si256();
    return c;
}

/* Bytes of words, in the order of packing. */
LANES b_lanes r_bytes(word_lanes x, word_lanes y)
{
    return _mm256_packus_epi16(x, y);
}

/* Cells of 3 bits are counted from 1 here and in r_round. Zeros have code 0 by a base that no cell reaches. */
LANES word_lanes r_base_of(word_lanes place, int fine, unsigned mbits)
{
    if (!fine)
        return w_add(place, w_all(place_more(mbits)));
    return w_min(mbits == 3 ? w_add(w_right(place, 1), w_all(1)) : place, w_all(128));
}

LANES void r_round(const r_lanes *c, const word_lanes x[2], const word_lanes y[2], word_lanes origin, rounded to[2],
                   unsigned mbits)
{
    const word_lanes magnitude = w_all(0x7fff), left = w_all((1u << cell_rest(mbits)) - 1);
    UNROLL for (int i = 0; i < 2; i++)
    {
        const word_lanes v = w_minus(w_and(x[i], magnitude), origin), w = w_minus(w_and(y[i], magnitude), origin);
        const b_lanes place = r_bytes(w_right(v, place_rest(mbits)), w_right(w, place_rest(mbits)));
        const b_lanes lacks = r_bytes(w_without(left, v), w_without(left, w));
        const b_lanes tie = mbits == 3 ? _mm256_shuffle_epi8(c->even, lacks) : _mm256_subs_epu8(lacks, c->even);
        to[i].place = _mm256_andnot_si256(tie, place);
        to[i].cell = mbits == 3 ? _mm256_avg_epu8(place, b_all(1)) : place;
        to[i].lacks = lacks;
        to[i].sign = _mm256_blendv_epi8(b_all(0), c->sign, _mm256_packs_epi16(x[i], y[i]));
    }
}

LANES void r_codes(const r_lanes *c, const rounded v[2], const r_base base[2], b_lanes code[2], unsigned mbits)
{
    UNROLL for (int i = 0; i < 2; i++)
    {
        const b_lanes cell = _mm256_sub_epi8(v[i].cell, base[i].fine);
        const b_lanes next = _mm256_cmpgt_epi8(_mm256_shuffle_epi8(c->lacks, cell), v[i].lacks);
        code[i] = _mm256_sub_epi8(_mm256_shuffle_epi8(c->first, cell), next);
        if (mbits != 1)
            code[i] = _mm256_min_epu8(_mm256_max_epu8(code[i], _mm256_subs_epu8(v[i].place, base[i].normal)), c->limit);
        code[i] = w_or(code[i], v[i].sign);
    }
}

LANES void r_put_pairs(uint8_t *to, const b_lanes code[2])
{
    w_store(to, _mm256_unpacklo_epi8(code[0], code[1]));
    w_store(to + 32, _mm256_unpackhi_epi8(code[0], code[1]));
}

/* A vector is of one block. */
typedef int r_upper;

LANES r_upper r_upper_make(void)
{
    return 0;
}

LANES b_lanes r_halves(const uint32_t *low, const uint32_t *high, r_upper upper)
{
    (void)high;
    (void)upper;
    return w_pair(*low);
}

#endif
