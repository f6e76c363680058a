/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Codes with AVX-512, of words and of integers: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_ENCODE_AVX512_H
#define IMPL_X86_ENCODE_AVX512_H

#include "impl/x86/lanes_avx512.h"

/* Places of words are counted from the binade of `base`: binade, fraction. fp8: the codes of normal binades are the
 * upper bits plus what the whole fraction rounds up by; in those below, codes are in tables by the upper bits, one for
 * each answer to "is there more". The larger of both is the code: below, the first (0 at least) is not larger, and
 * elsewhere what is found in the tables is not, for it is of the place's lower six bits. FP6 and FP4: all codes are in
 * tables. */
typedef struct code_lanes {
    __m512i table[2][4]; /* of positive and of negative values */
    b_lanes limit;
    int careful; /* the code depends on the sign, or the smallest value becomes 1: of values of these signs */
    __mmask64 away[2];
} code_lanes;

LANES void tables_make(__m512i table[4], const mxfast_word_codes *codes, unsigned mbits, unsigned bits)
{
    for (int half = 0; half < 2; half++) {
        table[half] = _mm512_loadu_si512(codes->place[0] + 64 * half);
        table[2 + half] = _mm512_loadu_si512(codes->place[1] + 64 * half);
    }
    if (bits == 8) { /* the upper bits of code 2^mbits are mbits + 2, and no fraction */
        const __m512i twos = _mm512_set1_epi8((char)((mbits + 1) << mbits));
        table[3] = _mm512_permutex2var_epi8(table[2], b_every_other(0), table[3]);
        table[2] = _mm512_permutex2var_epi8(table[0], b_every_other(0), table[1]);
        for (int half = 0; half < 2; half++)
            table[half] = _mm512_sub_epi8(twos, _mm512_loadu_si512(codes->up + 64 * half));
    }
}

LANES word_lanes w_base(const mxfast_words *f, word_lanes field)
{
    (void)f;
    return w_left(field, 7);
}

LANES code_lanes codes_make(const mxfast_words *f, unsigned mbits, unsigned bits)
{
    code_lanes c = {.limit = b_all(f->limit), .careful = f->careful};
    for (int sign = 0; sign < 2; sign++) {
        tables_make(c.table[sign], &f->codes[sign], mbits, bits);
        c.away[sign] = f->is_odd || (f->away != 0) == (sign == 0) ? UINT64_MAX : 0;
    }
    return c;
}

/* Bytes of x and y, as b_put and (paired) b_put_pairs take them. */
LANES __m512i b_of_two(unsigned first, int paired)
{
    return paired ? b_in_turns(first) : b_every_other(first);
}

/* Here and below: of n pairs of vectors, instruction by instruction, so that one need not wait for another. */
#define EACH _Pragma("GCC unroll 2") for (int i = 0; i < n; i++)

/* Codes of places v and w; the words of x and y, or these, end in the same fractions. */
LANES void b_codes_fp8(const __m512i table[4], int n, const word_lanes x[], const word_lanes y[], const word_lanes v[],
                       const word_lanes w[], b_lanes limit, b_lanes code[], int paired, unsigned mbits)
{
    const b_lanes dropped = b_all((1u << (7 - mbits)) - 1);
    b_lanes low[2], place[2], below[2];
    __mmask64 more[2];
    EACH low[i] = _mm512_permutex2var_epi8(x[i], b_of_two(0, paired), y[i]);
    EACH place[i] = _mm512_permutex2var_epi8(w_left(v[i], mbits + 1), b_of_two(1, paired), w_left(w[i], mbits + 1));
    EACH code[i] = _mm512_permutex2var_epi8(table[0], low[i], table[1]);
    EACH more[i] = _mm512_test_epi8_mask(low[i], dropped);
    EACH below[i] = _mm512_mask_add_epi8(place[i], more[i], place[i], b_all(64));
    EACH code[i] = _mm512_subs_epu8(place[i], code[i]);
    EACH below[i] = _mm512_permutex2var_epi8(table[2], below[i], table[3]);
    EACH code[i] = _mm512_min_epu8(code[i], limit);
    EACH code[i] = _mm512_max_epu8(code[i], below[i]);
}

LANES void b_codes_short(const __m512i table[4], int n, const word_lanes x[], const word_lanes y[], b_lanes code[],
                         int paired, unsigned mbits, unsigned bits)
{
    word_lanes v[2], w[2];
    b_lanes place[2], low[2];
    __mmask64 more[2];
    EACH v[i] = w_left(x[i], mbits + 2);
    EACH w[i] = w_left(y[i], mbits + 2);
    EACH place[i] = _mm512_permutex2var_epi8(v[i], b_of_two(1, paired), w[i]);
    EACH low[i] = _mm512_permutex2var_epi8(v[i], b_of_two(0, paired), w[i]);
    EACH more[i] = _mm512_test_epi8_mask(low[i], low[i]);
    if (bits == 4) { /* 6 binades: below 64 */
        EACH code[i] = _mm512_permutexvar_epi8(place[i], table[0]);
        EACH code[i] = _mm512_mask_permutexvar_epi8(code[i], more[i], place[i], table[2]);
        return;
    }
    EACH code[i] = _mm512_permutex2var_epi8(table[0], place[i], table[1]);
    EACH low[i] = _mm512_permutex2var_epi8(table[2], place[i], table[3]);
    EACH code[i] = _mm512_mask_mov_epi8(code[i], more[i], low[i]);
}

LANES void b_codes_of(const code_lanes *c, int sign, int n, const word_lanes x[], const word_lanes y[],
                      const word_lanes v[], const word_lanes w[], b_lanes code[], int paired, unsigned mbits,
                      unsigned bits)
{
    if (bits == 8)
        b_codes_fp8(c->table[sign], n, x, y, v, w, c->limit, code, paired, mbits);
    else
        b_codes_short(c->table[sign], n, v, w, code, paired, mbits, bits);
}

/* base: of x[0], y[0], x[1] ...; once: fractions are taken from the words, which are in registers anyway. */
LANES void b_codes_each(const code_lanes *c, int n, int once, const word_lanes x[], const word_lanes y[],
                        const word_lanes base[], b_lanes code[], int paired, unsigned mbits, unsigned bits)
{
    word_lanes m[2], k[2], v[2], w[2];
    b_lanes sign[2], minus[2];
    EACH m[i] = w_and(x[i], w_all(0x7fff));
    EACH k[i] = w_and(y[i], w_all(0x7fff));
    EACH v[i] = w_minus(m[i], base[2 * i]);
    EACH w[i] = w_minus(k[i], base[2 * i + 1]);
    EACH sign[i] = _mm512_permutex2var_epi8(x[i], b_of_two(1, paired), y[i]);
    const word_lanes *l = once ? x : v, *h = once ? y : w;
    b_codes_of(c, 0, n, l, h, v, w, code, paired, mbits, bits);
    if (RARELY(c->careful)) {
        b_codes_of(c, 1, n, l, h, v, w, minus, paired, mbits, bits);
        EACH
        {
            __mmask64 negative = _mm512_movepi8_mask(sign[i]),
                      away = (c->away[0] & ~negative) | (c->away[1] & negative);
            b_lanes low = _mm512_permutex2var_epi8(x[i], b_of_two(0, paired), y[i]),
                    any = _mm512_or_si512(low, _mm512_add_epi8(sign[i], sign[i])); /* not of the sign */
            __mmask64 not_zero = _mm512_test_epi8_mask(any, any);
            code[i] = _mm512_mask_mov_epi8(code[i], negative, minus[i]);
            code[i] = _mm512_mask_max_epu8(code[i], away & not_zero, code[i], b_all(1));
        }
    }
    if (bits != 8)
        EACH sign[i] = _mm512_srli_epi16(sign[i], COUNT(8 - bits));
    EACH code[i] = _mm512_ternarylogic_epi32(code[i], sign[i], b_all(0x80u >> (8 - bits)), 0xf8); /* | (sign & bit) */
}

LANES b_lanes b_codes(const code_lanes *c, word_lanes x, word_lanes y, word_lanes base_x, word_lanes base_y, int paired,
                      unsigned mbits, unsigned bits)
{
    const word_lanes base[2] = {base_x, base_y};
    b_lanes code;
    b_codes_each(c, 1, 1, &x, &y, base, &code, paired, mbits, bits);
    return code;
}

/* once: to the compiler loading a word again is as good, but loads of 512 bits are one a cycle. Parameter:
 * IN_REGISTER(x), which hides from it where x is from. */
LANES void b_codes_two(const code_lanes *c, const unsigned char *at, int once, const word_lanes base[4],
                       b_lanes code[2], unsigned mbits, unsigned bits)
{
    word_lanes x[2] = {w_load(at), w_load(at + 128)}, y[2] = {w_load(at + 64), w_load(at + 192)};
    for (int i = 0; i < 2 && once; i++) {
        IN_REGISTER(x[i]);
        IN_REGISTER(y[i]);
    }
    b_codes_each(c, 2, once, x, y, base, code, 0, mbits, bits);
}

/* ---- integers ---- */

/* What packing two vectors does to the order, undone. */
LANES __m512i q_in_order(__m512i x)
{
    return _mm512_permutexvar_epi64(_mm512_set_epi64(7, 5, 3, 1, 6, 4, 2, 0), x);
}

LANES __m512i i_round(__m512i x, __m512i unit)
{
    enum { EVEN = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC };
    return _mm512_cvt_roundps_epi32(_mm512_mul_round_ps(_mm512_castsi512_ps(x), _mm512_castsi512_ps(unit), EVEN), EVEN);
}

LANES word_lanes i_round_fp32(const void *at, word_lanes low, word_lanes high)
{
    const char *bytes = at;
    return q_in_order(_mm512_packs_epi32(i_round(_mm512_loadu_si512(bytes), low), //
                                         i_round(_mm512_loadu_si512(bytes + 64), high)));
}

LANES word_lanes i_round_fp16(const void *at, word_lanes low, word_lanes high)
{
    const char *bytes = at;
    return q_in_order(_mm512_packs_epi32(i_round(d_widen_fp16(bytes), low), i_round(d_widen_fp16(bytes + 32), high)));
}

LANES word_lanes i_round_bf16(const void *at, word_lanes low, word_lanes high)
{
    word_lanes x = w_load(at), zero = _mm512_setzero_si512();
    return _mm512_packs_epi32(i_round(_mm512_unpacklo_epi16(zero, x), low), //
                              i_round(_mm512_unpackhi_epi16(zero, x), high));
}

LANES b_lanes b_signed(word_lanes x, word_lanes y, b_lanes least, int paired)
{
    const __m512i turns = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0f070e060d050c04, 0x0b030a0209010800));
    __m512i packed = _mm512_packs_epi16(x, y);
    return _mm512_max_epi8(paired ? _mm512_shuffle_epi8(packed, turns) : q_in_order(packed), least);
}

#endif
