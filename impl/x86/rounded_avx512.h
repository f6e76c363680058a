/* SPDX-License-Identifier: BSD-3-Clause
 *
 * fp8 by AVX-512, rounded once for blocks in two directions: what each function does is said in both_tmpl.h. Code and
 * place of a value that is normal differ by a constant; those of others are looked up by twice the place, plus one
 * where something is left over.
 */
#ifndef IMPL_X86_ROUNDED_AVX512_H
#define IMPL_X86_ROUNDED_AVX512_H

#include "impl/x86/encode_avx512.h"

/* Constants: what the 7 bits of a word's fraction round up by, and codes that are not normal. */
typedef struct r_lanes {
    b_lanes up[2], small[2], limit;
} r_lanes;

/* 2 WORDS values: places, rounded; twice as fine, not rounded; bytes whose highest bits are the signs. */
typedef struct rounded {
    b_lanes place, fine, sign;
} rounded;

/* By how much a block's places lie above its codes, and fine places above the smallest. */
typedef struct r_base {
    b_lanes normal, fine;
} r_base;

LANES unsigned r_span(unsigned mbits, unsigned bits)
{
    return bits == 8 && mbits != 6 ? (256u >> mbits) - 4 : 0;
}

/* Lower bytes of words, in order. */
LANES b_lanes r_bytes(word_lanes x, word_lanes y)
{
    return _mm512_permutex2var_epi8(x, b_every_other(0), y);
}

LANES word_lanes r_base_of(word_lanes place, int fine, unsigned mbits)
{
    return w_add(place, fine ? place : w_all((mbits + 1) << mbits));
}

LANES r_lanes r_make(const mxfast_words *f, unsigned mbits, unsigned bits)
{
    (void)mbits;
    (void)bits;
    const uint8_t *place = f->codes[0].place[0], *more = f->codes[0].place[1];
    uint8_t small[128];
    for (unsigned i = 0; i < 64; i++) {
        small[2 * i] = place[2 * i];
        small[2 * i + 1] = more[2 * i];
    }
    return (r_lanes){
        {w_load(f->codes[0].up), w_load(f->codes[0].up + 64)}, {w_load(small), w_load(small + 64)}, b_all(f->limit)};
}

/* Of two pairs of vectors, instruction by instruction. */
LANES void r_round(const r_lanes *c, const word_lanes x[2], const word_lanes y[2], word_lanes origin, rounded to[2],
                   unsigned mbits)
{
    const int n = 2;
    word_lanes v[2], w[2];
    b_lanes low[2], place[2], up[2], next[2];
    __mmask64 more[2];
    EACH v[i] = w_and(x[i], w_all(0x7fff));
    EACH w[i] = w_and(y[i], w_all(0x7fff));
    EACH low[i] = r_bytes(x[i], y[i]);
    EACH v[i] = w_minus(v[i], origin);
    EACH w[i] = w_minus(w[i], origin);
    EACH v[i] = w_left(v[i], mbits + 1);
    EACH w[i] = w_left(w[i], mbits + 1);
    EACH up[i] = _mm512_permutex2var_epi8(c->up[0], low[i], c->up[1]);
    EACH more[i] = _mm512_test_epi8_mask(low[i], b_all((1u << (7 - mbits)) - 1));
    EACH place[i] = _mm512_permutex2var_epi8(v[i], b_every_other(1), w[i]);
    EACH next[i] = _mm512_mask_sub_epi8(place[i], more[i], place[i], b_all(0xff));
    EACH to[i].place = _mm512_add_epi8(place[i], up[i]);
    EACH to[i].fine = _mm512_add_epi8(place[i], next[i]);
    EACH to[i].sign = _mm512_permutex2var_epi8(x[i], b_every_other(1), y[i]);
}

LANES void r_codes(const r_lanes *c, const rounded v[2], const r_base base[2], b_lanes code[2], unsigned mbits)
{
    const int n = 2;
    __mmask64 small[2];
    EACH code[i] = _mm512_subs_epu8(v[i].place, base[i].normal);
    EACH small[i] = _mm512_cmplt_epu8_mask(code[i], b_all(1u << mbits));
    EACH code[i] = _mm512_mask_subs_epu8(code[i], small[i], v[i].fine, base[i].fine);
    EACH code[i] = _mm512_mask2_permutex2var_epi8(c->small[0], code[i], small[i], c->small[1]);
    EACH code[i] = _mm512_min_epu8(code[i], c->limit);
    EACH code[i] = _mm512_ternarylogic_epi32(code[i], v[i].sign, b_all(0x80), 0xf8); /* | (sign & bit) */
}

LANES void r_put_pairs(uint8_t *to, const b_lanes code[2])
{
    const __m512i twos = _mm512_set1_epi64(0x4303420241014000);
    const __m512i step =
        _mm512_set_epi64(0x1c1c1c1c1c1c1c1c, 0x1818181818181818, 0x1414141414141414, 0x1010101010101010,
                         0x0c0c0c0c0c0c0c0c, 0x0808080808080808, 0x0404040404040404, 0);
    const __m512i turns = _mm512_add_epi8(twos, step);
    w_store(to, _mm512_permutex2var_epi8(code[0], turns, code[1]));
    w_store(to + 64, _mm512_permutex2var_epi8(code[0], _mm512_add_epi8(turns, b_all(32)), code[1]));
}

/* The upper half of the 32-bit lanes; gcc makes a mask again each time if it knows what it is. */
typedef __mmask16 r_upper;

LANES r_upper r_upper_make(void)
{
    r_upper upper = 0xff00;
    __asm__("" : "+k"(upper));
    return upper;
}

LANES b_lanes r_halves(const uint32_t *low, const uint32_t *high, r_upper upper)
{
    return _mm512_mask_set1_epi32(_mm512_set1_epi32((int)*low), upper, (int)*high);
}

#endif
