/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of AVX-512 (F, BW, VL, VBMI) for the templates: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_LANES_AVX512_H
#define IMPL_X86_LANES_AVX512_H

#include <immintrin.h>
#include <stdint.h>

#include "impl/kernels.h"

typedef __m512i word_lanes, b_lanes;
#define IN_STEPS 1
enum { WORDS = 32, SOON_OF_4 = 4, FAR_OF_4 = 2, FAR_OF_2 = 0 };

#define LANES static inline __attribute__((always_inline))
#define APART __attribute__((noinline))

/* The compilers disagree on whether the count of a shift is signed. */
#if defined(__clang__)
#define COUNT(n) (n)
#else
#define COUNT(n) ((int)(n))
#endif

LANES void w_fence(void)
{
    _mm_sfence();
}

LANES word_lanes w_load(const void *at)
{
    return _mm512_loadu_si512(at);
}

LANES void w_store(void *at, word_lanes x)
{
    _mm512_storeu_si512(at, x);
}

LANES word_lanes w_all(unsigned x)
{
    return _mm512_set1_epi16((short)x);
}

LANES word_lanes w_pair(uint32_t two)
{
    return _mm512_set1_epi32((int)two);
}

LANES word_lanes w_halves(uint32_t low, uint32_t high)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set1_epi32((int)low)), _mm256_set1_epi32((int)high), 1);
}

LANES word_lanes w_halves_paired(uint32_t low, uint32_t high)
{
    return _mm512_unpacklo_epi64(w_pair(low), w_pair(high));
}

LANES word_lanes w_and(word_lanes x, word_lanes y)
{
    return _mm512_and_si512(x, y);
}

LANES word_lanes w_or(word_lanes x, word_lanes y)
{
    return _mm512_or_si512(x, y);
}

LANES word_lanes w_add(word_lanes x, word_lanes y)
{
    return _mm512_add_epi16(x, y);
}

LANES word_lanes w_sub(word_lanes x, word_lanes y)
{
    return _mm512_sub_epi16(x, y);
}

LANES word_lanes w_minus(word_lanes x, word_lanes y)
{
    return _mm512_subs_epu16(x, y);
}

LANES word_lanes w_min(word_lanes x, word_lanes y)
{
    return _mm512_min_epu16(x, y);
}

LANES word_lanes w_max(word_lanes x, word_lanes y)
{
    return _mm512_max_epu16(x, y);
}

LANES word_lanes w_left(word_lanes x, unsigned n)
{
    return _mm512_slli_epi16(x, COUNT(n));
}

LANES word_lanes w_right(word_lanes x, unsigned n)
{
    return _mm512_srli_epi16(x, COUNT(n));
}

LANES word_lanes w_choose(word_lanes x, word_lanes y, word_lanes where)
{
    return _mm512_ternarylogic_epi32(where, y, x, 0xca);
}

LANES word_lanes w_zero_to(word_lanes x, word_lanes if_zero, word_lanes if_not)
{
    return _mm512_mask_mov_epi16(if_not, _mm512_testn_epi16_mask(x, x), if_zero);
}

LANES uint64_t w_above(word_lanes x, word_lanes y)
{
    return _mm512_cmpgt_epu16_mask(x, y);
}

LANES uint64_t w_above_not_zero(word_lanes x, word_lanes y, word_lanes z)
{
    return _mm512_mask_cmpgt_epu16_mask(_mm512_test_epi16_mask(z, z), x, y);
}

LANES word_lanes w_without(word_lanes x, word_lanes y)
{
    return _mm512_andnot_si512(y, x);
}

LANES void w_put_least_of_16(uint16_t *to, __m256i x)
{
    __m128i least = _mm_minpos_epu16(_mm_min_epu16(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
    _mm_storeu_si32(to, least);
}

LANES void w_put_least(uint16_t *to, word_lanes x, int halves)
{
    __m256i low = _mm512_castsi512_si256(x), high = _mm512_extracti64x4_epi64(x, 1);
    w_put_least_of_16(to, halves ? low : _mm256_min_epu16(low, high));
    if (halves)
        w_put_least_of_16(to + 1, high);
}

/* Lane i / 8 of the words: the least of x[i / 8]'s words i % 8. */
LANES word_lanes w_least_of_quarters(const word_lanes x[4])
{
    const __m512i turned = _mm512_set_epi64(13, 12, 7, 6, 9, 8, 3, 2); /* 128 bits 1 of x, 0 of y, 3 of x, 2 of y */
    __m512i a = _mm512_min_epu16(_mm512_mask_blend_epi64(0xf0, x[0], x[2]), _mm512_shuffle_i64x2(x[0], x[2], 0x4e));
    __m512i b = _mm512_min_epu16(_mm512_mask_blend_epi64(0xf0, x[1], x[3]), _mm512_shuffle_i64x2(x[1], x[3], 0x4e));
    return _mm512_min_epu16(_mm512_mask_blend_epi64(0xcc, a, b), _mm512_permutex2var_epi64(a, turned, b));
}

/* The same of four blocks of 32 words, whose halves are compared before they are in vectors of 512 bits. */
LANES word_lanes w_least_of_blocks(const unsigned char *at)
{
    const __m256i magnitude = _mm256_set1_epi16(0x7fff);
    __m256i most[4], left[2];
    _Pragma("GCC unroll 4") for (int i = 0; i < 4; i++)
    {
        const __m256i *half = (const __m256i *)(const void *)(at + 64 * i);
        most[i] = _mm256_max_epu16(_mm256_and_si256(magnitude, _mm256_loadu_si256(half)),
                                   _mm256_and_si256(magnitude, _mm256_loadu_si256(half + 1)));
    }
    _Pragma("GCC unroll 2") for (int i = 0; i < 2; i++)
    {
        __m256i x = most[2 * i], y = most[2 * i + 1]; /* their quarters: x0 y1 with x1 y0 */
        left[i] = _mm256_max_epu16(_mm256_blend_epi32(x, y, 0xf0), _mm256_permute2x128_si256(x, y, 0x21));
        left[i] = _mm256_xor_si256(magnitude, left[i]);
    }
    return _mm512_inserti64x4(_mm512_castsi256_si512(left[0]), left[1], 1);
}

LANES word_lanes w_least_of_pairs(word_lanes x, word_lanes y)
{
    return _mm512_min_epu16(_mm512_unpacklo_epi16(x, y), _mm512_unpackhi_epi16(x, y));
}

LANES word_lanes w_least_of_eights(const word_lanes x[8])
{
    word_lanes even = w_least_of_pairs(w_least_of_pairs(x[0], x[4]), w_least_of_pairs(x[2], x[6]));
    word_lanes odd = w_least_of_pairs(w_least_of_pairs(x[1], x[5]), w_least_of_pairs(x[3], x[7]));
    /* lane i is of x[i % 8], and its vector i / 8 */
    const __m512i order = _mm512_set_epi16(31, 23, 15, 7, 30, 22, 14, 6, 29, 21, 13, 5, 28, 20, 12, 4, 27, 19, 11, 3,
                                           26, 18, 10, 2, 25, 17, 9, 1, 24, 16, 8, 0);
    return _mm512_permutexvar_epi16(order, w_least_of_pairs(even, odd));
}

LANES void w_put_pairs(uint32_t *to, word_lanes x, int upper)
{
    const __m512i twice =
        _mm512_set_epi32(0x000f000f, 0x000e000e, 0x000d000d, 0x000c000c, 0x000b000b, 0x000a000a, 0x00090009, 0x00080008,
                         0x00070007, 0x00060006, 0x00050005, 0x00040004, 0x00030003, 0x00020002, 0x00010001, 0);
    const __mmask32 where = upper ? 0xaaaaaaaa : 0xffffffff;
    _mm512_storeu_si512(to, _mm512_maskz_permutexvar_epi16(where, twice, x));
    _mm512_storeu_si512(to + 16, _mm512_maskz_permutexvar_epi16(where, w_or(twice, w_all(16)), x));
}

/* Indices of the odd (even) words of two vectors. */
LANES word_lanes w_every_other(unsigned first)
{
    __m512i twos = _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28, 26, 24, 22,
                                    20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    return _mm512_add_epi16(twos, w_all(first));
}

LANES word_lanes w_fold(__m512i a, __m512i b, word_lanes sticky)
{
    __m512i high = _mm512_permutex2var_epi16(a, w_every_other(1), b);
    __m512i low = _mm512_permutex2var_epi16(a, w_every_other(0), b);
    return _mm512_or_si512(high, _mm512_min_epu16(low, sticky));
}

LANES word_lanes w_fold_fp32(const void *at, word_lanes sticky)
{
    const char *bytes = at;
    return w_fold(_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64), sticky);
}

LANES __m512i d_widen_fp16(const void *at)
{
    __m256i half = _mm256_loadu_si256((const __m256i *)at);
    return _mm512_castps_si512(_mm512_cvt_roundph_ps(half, _MM_FROUND_NO_EXC));
}

LANES word_lanes w_fold_fp16(const void *at, word_lanes sticky)
{
    const char *bytes = at;
    return w_fold(d_widen_fp16(bytes), d_widen_fp16(bytes + 32), sticky);
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    _mm256_storeu_si256((__m256i *)to, _mm512_cvtepi16_epi8(_mm512_srli_epi16(x, 8)));
}

/* ---- bytes, in order ---- */

/* Indices of the odd (even) bytes of two vectors. */
LANES __m512i b_every_other(unsigned first)
{
    __m512i twos = _mm512_set1_epi64(0x0e0c0a0806040200);
    __m512i step =
        _mm512_set_epi8(112, 112, 112, 112, 112, 112, 112, 112, 96, 96, 96, 96, 96, 96, 96, 96, 80, 80, 80, 80, 80, 80,
                        80, 80, 64, 64, 64, 64, 64, 64, 64, 64, 48, 48, 48, 48, 48, 48, 48, 48, 32, 32, 32, 32, 32, 32,
                        32, 32, 16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0);
    return _mm512_add_epi8(_mm512_add_epi8(twos, _mm512_set1_epi8((char)first)), step);
}

LANES b_lanes b_all(unsigned x)
{
    return _mm512_set1_epi8((char)x);
}

/* Places of words are counted from the binade of `base`: binade, fraction. fp8: the codes of normal binades are the
 * upper bits plus what the whole fraction rounds up by; in those below, codes are in tables by the upper bits, one for
 * each answer to "is there more". The larger of both is the code: below, the first (0 at least) is not larger, and
 * elsewhere what is found in the tables is not, for they hold no more than the smallest normal code. FP6 and FP4: all
 * codes are in tables. */
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
        const __mmask64 below = (UINT64_C(1) << ((mbits + 2) << mbits)) - 1;
        table[3] = _mm512_maskz_permutex2var_epi8(below, table[2], b_every_other(0), table[3]);
        table[2] = _mm512_maskz_permutex2var_epi8(below, table[0], b_every_other(0), table[1]);
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

/* Here and below: of n pairs of vectors, instruction by instruction, so that one need not wait for another. */
#define EACH _Pragma("GCC unroll 2") for (int i = 0; i < n; i++)

/* Codes of places v and w, of words x and y. */
LANES void b_codes_fp8(const __m512i table[4], int n, const word_lanes x[], const word_lanes y[], const word_lanes v[],
                       const word_lanes w[], b_lanes limit, b_lanes code[], unsigned mbits)
{
    const b_lanes dropped = b_all((1u << (7 - mbits)) - 1);
    b_lanes low[2], place[2], below[2];
    __mmask64 more[2];
    EACH low[i] = _mm512_permutex2var_epi8(x[i], b_every_other(0), y[i]);
    EACH place[i] = _mm512_permutex2var_epi8(w_left(v[i], mbits + 1), b_every_other(1), w_left(w[i], mbits + 1));
    EACH code[i] = _mm512_permutex2var_epi8(table[0], low[i], table[1]);
    EACH more[i] = _mm512_test_epi8_mask(low[i], dropped);
    EACH below[i] = _mm512_mask_add_epi8(place[i], more[i], place[i], b_all(64));
    EACH code[i] = _mm512_subs_epu8(place[i], code[i]);
    EACH below[i] = _mm512_permutex2var_epi8(table[2], below[i], table[3]);
    EACH code[i] = _mm512_min_epu8(code[i], limit);
    EACH code[i] = _mm512_max_epu8(code[i], below[i]);
}

LANES void b_codes_short(const __m512i table[4], int n, const word_lanes x[], const word_lanes y[], b_lanes code[],
                         unsigned mbits, unsigned bits)
{
    word_lanes v[2], w[2];
    b_lanes place[2], low[2];
    __mmask64 more[2];
    EACH v[i] = w_left(x[i], mbits + 2);
    EACH w[i] = w_left(y[i], mbits + 2);
    EACH place[i] = _mm512_permutex2var_epi8(v[i], b_every_other(1), w[i]);
    EACH low[i] = _mm512_permutex2var_epi8(v[i], b_every_other(0), w[i]);
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
                      const word_lanes v[], const word_lanes w[], b_lanes code[], unsigned mbits, unsigned bits)
{
    if (bits == 8)
        b_codes_fp8(c->table[sign], n, x, y, v, w, c->limit, code, mbits);
    else
        b_codes_short(c->table[sign], n, v, w, code, mbits, bits);
}

/* base: of x[0], y[0], x[1] ... */
LANES void b_codes_each(const code_lanes *c, int n, const word_lanes x[], const word_lanes y[], const word_lanes base[],
                        b_lanes code[], unsigned mbits, unsigned bits)
{
    word_lanes m[2], k[2], v[2], w[2];
    b_lanes sign[2], minus[2];
    EACH m[i] = w_and(x[i], w_all(0x7fff));
    EACH k[i] = w_and(y[i], w_all(0x7fff));
    EACH v[i] = w_minus(m[i], base[2 * i]);
    EACH w[i] = w_minus(k[i], base[2 * i + 1]);
    EACH sign[i] = _mm512_permutex2var_epi8(x[i], b_every_other(1), y[i]);
    b_codes_of(c, 0, n, x, y, v, w, code, mbits, bits);
    if (c->careful) {
        b_codes_of(c, 1, n, x, y, v, w, minus, mbits, bits);
        EACH
        {
            __mmask64 negative = _mm512_movepi8_mask(sign[i]),
                      away = (c->away[0] & ~negative) | (c->away[1] & negative);
            __mmask64 not_zero =
                _mm512_kunpackd(_mm512_test_epi16_mask(k[i], k[i]), _mm512_test_epi16_mask(m[i], m[i]));
            code[i] = _mm512_mask_mov_epi8(code[i], negative, minus[i]);
            code[i] = _mm512_mask_max_epu8(code[i], away & not_zero, code[i], b_all(1));
        }
    }
    if (bits != 8)
        EACH sign[i] = _mm512_srli_epi16(sign[i], COUNT(8 - bits));
    EACH code[i] = _mm512_ternarylogic_epi32(code[i], sign[i], b_all(0x80u >> (8 - bits)), 0xf8); /* | (sign & bit) */
}

LANES b_lanes b_codes(const code_lanes *c, word_lanes x, word_lanes y, word_lanes base_x, word_lanes base_y,
                      unsigned mbits, unsigned bits)
{
    const word_lanes base[2] = {base_x, base_y};
    b_lanes code;
    b_codes_each(c, 1, &x, &y, base, &code, mbits, bits);
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
    b_codes_each(c, 2, x, y, base, code, mbits, bits);
}

LANES void b_put(uint8_t *to, b_lanes x, int stream)
{
    if (stream)
        _mm512_stream_si512((void *)to, x);
    else
        _mm512_storeu_si512(to, x);
}

LANES void b_put_half(uint8_t *to, b_lanes x)
{
    _mm256_storeu_si256((__m256i *)to, _mm512_castsi512_si256(x));
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

LANES b_lanes b_signed(word_lanes x, word_lanes y, b_lanes least)
{
    return _mm512_max_epi8(q_in_order(_mm512_packs_epi16(x, y)), least);
}

/* ---- decoding ---- */

LANES word_lanes w_if_above(word_lanes x, word_lanes y, word_lanes a, word_lanes b)
{
    return _mm512_mask_mov_epi16(b, _mm512_cmpgt_epu16_mask(x, y), a);
}

LANES word_lanes w_table(const uint16_t table[8])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
}

LANES word_lanes w_lookup(word_lanes table, word_lanes x)
{
    return _mm512_permutexvar_epi16(x, table);
}

LANES word_lanes w_codes(const uint8_t *at, int paired)
{
    /* word 8 l + j from byte 4 l + j, word 8 l + 4 + j from byte 16 + 4 l + j */
    const __m512i order = _mm512_setr_epi32(0x00010000, 0x00030002, 0x00110010, 0x00130012, 0x00050004, 0x00070006,
                                            0x00150014, 0x00170016, 0x00090008, 0x000b000a, 0x00190018, 0x001b001a,
                                            0x000d000c, 0x000f000e, 0x001d001c, 0x001f001e);
    __m256i codes = _mm256_loadu_si256((const __m256i *)at);
    if (!paired)
        return _mm512_cvtepu8_epi16(codes);
    return _mm512_maskz_permutexvar_epi8(0x5555555555555555, order, _mm512_castsi256_si512(codes));
}

/* Tables of the upper and of the lower bytes of the words of all codes; fp8: of all magnitudes. */
typedef struct value_lanes {
    __m512i upper[2], lower[2];
} value_lanes;

LANES value_lanes values_make(const uint16_t small[8], unsigned offset, unsigned mbits, unsigned bits)
{
    const __m512i twos = _mm512_and_si512(b_every_other(0), b_all(0x7f));
    word_lanes first = _mm512_srli_epi16(_mm512_slli_epi16(twos, 8), 10), word[4]; /* 0 to 31: bytes 0, 4, 8 ... */
    value_lanes v;
    for (unsigned i = 0; i < 4; i++) {
        word_lanes code = w_add(first, w_all(32 * i)), magnitude = w_and(code, w_all((1u << (bits - 1)) - 1));
        __mmask32 below = _mm512_cmplt_epu16_mask(magnitude, w_all(1u << mbits));
        word[i] = w_add(w_left(magnitude, 7 - mbits), w_all(offset));
        word[i] = _mm512_mask_permutexvar_epi16(word[i], below, magnitude, w_table(small));
        if (bits != 8)
            word[i] = w_or(word[i], w_and(w_left(code, 16 - bits), w_all(0x8000)));
    }
    for (unsigned i = 0; i < 2; i++) {
        v.upper[i] = _mm512_permutex2var_epi8(word[2 * i], b_every_other(1), word[2 * i + 1]);
        v.lower[i] = _mm512_permutex2var_epi8(word[2 * i], b_every_other(0), word[2 * i + 1]);
    }
    return v;
}

LANES word_lanes w_lowered(word_lanes x, word_lanes down)
{
    return _mm512_mask_sub_epi16(x, _mm512_test_epi16_mask(x, w_all(0x7fff)), x, down);
}

LANES b_lanes b_get(const uint8_t *at, int paired)
{
    const __m512i in_order = _mm512_set_epi64(7, 3, 6, 2, 5, 1, 4, 0);
    const __m512i pairs = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
    return paired ? _mm512_permutexvar_epi32(pairs, w_load(at)) : _mm512_permutexvar_epi64(in_order, w_load(at));
}

LANES b_lanes b_decode(const value_lanes *v, b_lanes c, word_lanes down_x, word_lanes down_y, word_lanes *x,
                       word_lanes *y, unsigned mbits, unsigned bits)
{
    (void)mbits;
    b_lanes upper = _mm512_permutex2var_epi8(v->upper[0], c, v->upper[1]);
    b_lanes lower = _mm512_permutex2var_epi8(v->lower[0], c, v->lower[1]);
    if (bits == 8)
        upper = _mm512_ternarylogic_epi32(upper, c, b_all(0x80), 0xf8); /* upper | (c & 0x80) */
    *x = w_lowered(_mm512_unpacklo_epi8(lower, upper), down_x);
    *y = w_lowered(_mm512_unpackhi_epi8(lower, upper), down_y);
    return c;
}

LANES int b_magnitude_above(b_lanes x, unsigned y)
{
    return _mm512_cmpgt_epu8_mask(x, b_all(2 * y + 1)) != 0;
}

LANES b_lanes b_decode_block(const value_lanes *v, b_lanes c, word_lanes down, word_lanes *x, word_lanes *y,
                             unsigned mbits, unsigned bits)
{
    return b_decode(v, c, down, down, x, y, mbits, bits);
}

LANES b_lanes b_most(b_lanes most, b_lanes code)
{
    return _mm512_max_epu8(most, _mm512_add_epi8(code, code));
}

LANES void w_put(void *to, word_lanes x, int stream)
{
    if (stream)
        _mm512_stream_si512(to, x);
    else
        _mm512_storeu_si512(to, x);
}

LANES void w_put_fp32(void *to, word_lanes x, int stream)
{
    w_put(to, _mm512_unpacklo_epi16(_mm512_setzero_si512(), x), stream);
    w_put((char *)to + 64, _mm512_unpackhi_epi16(_mm512_setzero_si512(), x), stream);
}

LANES void f_put_fp16(void *to, __m512i low, __m512i high, int stream)
{
    __m256i a = _mm512_cvt_roundps_ph(_mm512_castsi512_ps(low), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256i b = _mm512_cvt_roundps_ph(_mm512_castsi512_ps(high), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    w_put(to, _mm512_inserti64x4(_mm512_castsi256_si512(a), b, 1), stream);
}

LANES void w_put_fp16(void *to, word_lanes x, int stream)
{
    f_put_fp16(to, _mm512_unpacklo_epi16(_mm512_setzero_si512(), x), _mm512_unpackhi_epi16(_mm512_setzero_si512(), x),
               stream);
}

LANES __m512i i_times(const uint8_t *at, const uint32_t *unit, int same)
{
    __m512 x = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)at)));
    __m512i units = same ? _mm512_set1_epi32((int)*unit) : _mm512_loadu_si512(unit);
    return _mm512_castps_si512(_mm512_mul_ps(x, _mm512_castsi512_ps(units)));
}

LANES void i_put_fp32(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    w_put(to, i_times(at, unit, same), stream);
    w_put((char *)to + 64, i_times(at + 16, unit + (same ? 0 : 16), same), stream);
}

LANES void i_put_fp16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    f_put_fp16(to, i_times(at, unit, same), i_times(at + 16, unit + (same ? 0 : 16), same), stream);
}

LANES void i_put_bf16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    w_put(to,
          _mm512_permutex2var_epi16(i_times(at, unit, same), w_every_other(1),
                                    i_times(at + 16, unit + (same ? 0 : 16), same)),
          stream);
}

#endif
