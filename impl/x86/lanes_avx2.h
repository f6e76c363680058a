/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of AVX2 (and F16C) for the templates: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_LANES_AVX2_H
#define IMPL_X86_LANES_AVX2_H

#include <immintrin.h>
#include <stdint.h>

#include "impl/kernels.h"

typedef __m256i word_lanes, b_lanes;
#define IN_STEPS 0
enum { WORDS = 16, SOON_OF_4 = 0, FAR_OF_4 = 4, FAR_OF_2 = 2 };

#define LANES static inline __attribute__((always_inline))
#define APART __attribute__((noinline))

LANES void w_fence(void)
{
    _mm_sfence();
}

LANES word_lanes w_load(const void *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

LANES void w_store(void *at, word_lanes x)
{
    _mm256_storeu_si256((__m256i *)at, x);
}

LANES word_lanes w_all(unsigned x)
{
    return _mm256_set1_epi16((short)x);
}

LANES word_lanes w_pair(uint32_t two)
{
    return _mm256_set1_epi32((int)two);
}

LANES word_lanes w_halves(uint32_t low, uint32_t high)
{
    return _mm256_set_m128i(_mm_set1_epi32((int)high), _mm_set1_epi32((int)low));
}

LANES word_lanes w_halves_paired(uint32_t low, uint32_t high)
{
    return _mm256_unpacklo_epi64(w_pair(low), w_pair(high));
}

LANES word_lanes w_and(word_lanes x, word_lanes y)
{
    return _mm256_and_si256(x, y);
}

LANES word_lanes w_or(word_lanes x, word_lanes y)
{
    return _mm256_or_si256(x, y);
}

LANES word_lanes w_add(word_lanes x, word_lanes y)
{
    return _mm256_add_epi16(x, y);
}

LANES word_lanes w_sub(word_lanes x, word_lanes y)
{
    return _mm256_sub_epi16(x, y);
}

LANES word_lanes w_minus(word_lanes x, word_lanes y)
{
    return _mm256_subs_epu16(x, y);
}

LANES word_lanes w_min(word_lanes x, word_lanes y)
{
    return _mm256_min_epu16(x, y);
}

LANES word_lanes w_max(word_lanes x, word_lanes y)
{
    return _mm256_max_epu16(x, y);
}

LANES word_lanes w_left(word_lanes x, unsigned n)
{
    return _mm256_slli_epi16(x, (int)n);
}

LANES word_lanes w_right(word_lanes x, unsigned n)
{
    return _mm256_srli_epi16(x, (int)n);
}

LANES word_lanes w_choose(word_lanes x, word_lanes y, word_lanes where)
{
    return _mm256_or_si256(_mm256_andnot_si256(where, x), _mm256_and_si256(where, y));
}

LANES word_lanes w_zero_to(word_lanes x, word_lanes if_zero, word_lanes if_not)
{
    return _mm256_blendv_epi8(if_not, if_zero, _mm256_cmpeq_epi16(x, _mm256_setzero_si256()));
}

LANES uint64_t w_above(word_lanes x, word_lanes y)
{
    word_lanes not_above = _mm256_cmpeq_epi16(_mm256_max_epu16(x, y), y);
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(not_above), _mm256_extracti128_si256(not_above, 1));
    return 0xffffu ^ (unsigned)_mm_movemask_epi8(bytes);
}

LANES uint64_t w_above_not_zero(word_lanes x, word_lanes y, word_lanes z)
{
    word_lanes zero = _mm256_cmpeq_epi16(z, _mm256_setzero_si256());
    word_lanes others = _mm256_or_si256(zero, _mm256_cmpeq_epi16(_mm256_max_epu16(x, y), y));
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(others), _mm256_extracti128_si256(others, 1));
    return 0xffffu ^ (unsigned)_mm_movemask_epi8(bytes);
}

LANES word_lanes w_without(word_lanes x, word_lanes y)
{
    return _mm256_andnot_si256(y, x);
}

LANES void w_put_least(uint16_t *to, word_lanes x, int halves)
{
    __m128i low = _mm256_castsi256_si128(x), high = _mm256_extracti128_si256(x, 1);
    _mm_storeu_si32(to, _mm_minpos_epu16(halves ? low : _mm_min_epu16(low, high)));
    if (halves)
        _mm_storeu_si32(to + 1, _mm_minpos_epu16(high));
}

LANES word_lanes w_least_of_quarters(const word_lanes x[2])
{
    return _mm256_min_epu16(_mm256_blend_epi32(x[0], x[1], 0xf0), _mm256_permute2x128_si256(x[0], x[1], 0x21));
}

LANES word_lanes w_least_of_pairs(word_lanes x, word_lanes y)
{
    return _mm256_min_epu16(_mm256_unpacklo_epi16(x, y), _mm256_unpackhi_epi16(x, y));
}

LANES word_lanes w_least_of_eights(const word_lanes x[8])
{
    word_lanes even = w_least_of_pairs(w_least_of_pairs(x[0], x[4]), w_least_of_pairs(x[2], x[6]));
    word_lanes odd = w_least_of_pairs(w_least_of_pairs(x[1], x[5]), w_least_of_pairs(x[3], x[7]));
    word_lanes least = w_least_of_pairs(even, odd); /* lane i is of x[i % 8], and its vector i / 8 */
    __m128i first = _mm256_castsi256_si128(least), second = _mm256_extracti128_si256(least, 1);
    return _mm256_set_m128i(_mm_unpackhi_epi16(first, second), _mm_unpacklo_epi16(first, second));
}

LANES void w_put_pairs(uint32_t *to, word_lanes x, int upper)
{
    __m256i other = upper ? _mm256_setzero_si256() : x;
    __m256i low = _mm256_unpacklo_epi16(other, x), high = _mm256_unpackhi_epi16(other, x);
    __m128i *at = (__m128i *)to;
    _mm_storeu_si128(at, _mm256_castsi256_si128(low));
    _mm_storeu_si128(at + 1, _mm256_castsi256_si128(high));
    _mm_storeu_si128(at + 2, _mm256_extracti128_si256(low, 1));
    _mm_storeu_si128(at + 3, _mm256_extracti128_si256(high, 1));
}

LANES word_lanes w_fold(__m256i a, __m256i b, word_lanes sticky)
{
    __m256i zero = _mm256_setzero_si256();
    __m256i high = _mm256_packus_epi32(_mm256_srli_epi32(a, 16), _mm256_srli_epi32(b, 16));
    __m256i low = _mm256_packus_epi32(_mm256_blend_epi16(a, zero, 0xaa), _mm256_blend_epi16(b, zero, 0xaa));
    __m256i odd = _mm256_or_si256(high, _mm256_min_epu16(low, sticky));
    return _mm256_permute4x64_epi64(odd, 0xd8);
}

LANES word_lanes w_fold_fp32(const void *at, word_lanes sticky)
{
    const char *bytes = at;
    return w_fold(w_load(bytes), w_load(bytes + 32), sticky);
}

LANES __m256i d_widen_fp16(const void *at)
{
    return _mm256_castps_si256(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)at)));
}

LANES word_lanes w_fold_fp16(const void *at, word_lanes sticky)
{
    const char *bytes = at;
    return w_fold(d_widen_fp16(bytes), d_widen_fp16(bytes + 16), sticky);
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    __m256i low = _mm256_srli_epi16(x, 8);
    _mm_storeu_si128((__m128i *)to, _mm_packus_epi16(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1)));
}

/* ---- bytes, in the order in which two vectors are packed ---- */

LANES b_lanes b_all(unsigned x)
{
    return _mm256_set1_epi8((char)x);
}

/* What a magnitude is above its base (w_base), of which the lower 7 bits are fraction, lies in a place, of which there
 * are 2^mbits a binade, and in a cell, which is two places of 3 bits, one of 2, and half of one of 1. A normal code of
 * 2 and 3 bits is its place, less place_more(); others are of tables (mxfast_word_codes), and the larger one counts.
 * There are 16 cells in these, and no code above is below theirs, so that the lower four bits of a cell will do.
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
    if (c->careful) {
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
    if (c->careful) {
        first = _mm256_blendv_epi8(first, _mm256_shuffle_epi8(c->of[1].first, cell), signs);
        last = _mm256_blendv_epi8(last, _mm256_shuffle_epi8(c->of[1].last, cell), signs);
    }
    return _mm256_sub_epi8(first, _mm256_cmpgt_epi8(rest, last));
}

LANES b_lanes b_codes(const code_lanes *c, word_lanes x, word_lanes y, word_lanes base_x, word_lanes base_y,
                      unsigned mbits, unsigned bits)
{
    const word_lanes magnitude = w_all(0x7fff), left = w_all((1u << cell_rest(mbits)) - 1);
    const word_lanes m = w_and(x, magnitude), n = w_and(y, magnitude), v = w_minus(m, base_x), w = w_minus(n, base_y);
    const b_lanes place = _mm256_packus_epi16(w_right(v, place_rest(mbits)), w_right(w, place_rest(mbits)));
    const b_lanes rest = _mm256_packus_epi16(w_and(v, left), w_and(w, left)), signs = _mm256_packs_epi16(x, y);
    b_lanes code = b_of_cells(c, mbits == 3 ? _mm256_avg_epu8(place, b_all(1)) : place, rest, signs);
    if (bits != 4)
        code = _mm256_min_epu8(_mm256_max_epu8(code, b_normal(c, place, rest, signs, mbits)), c->limit);
    if (c->careful) {
        b_lanes least = w_and(_mm256_min_epu8(_mm256_packus_epi16(m, n), b_all(1)), b_away(c, signs));
        code = _mm256_max_epu8(code, _mm256_add_epi8(least, c->sign[0]));
    }
    return _mm256_sub_epi8(code, _mm256_blendv_epi8(c->sign[0], c->sign[1], signs));
}

LANES __m256i q_in_order(__m256i x)
{
    return _mm256_permute4x64_epi64(x, 0xd8);
}

LANES void b_put(uint8_t *to, b_lanes x, int stream)
{
    if (stream)
        _mm256_stream_si256((__m256i *)to, q_in_order(x));
    else
        _mm256_storeu_si256((__m256i *)to, q_in_order(x));
}

LANES void b_put_half(uint8_t *to, b_lanes x)
{
    _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(q_in_order(x)));
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

LANES b_lanes b_signed(word_lanes x, word_lanes y, b_lanes least)
{
    return _mm256_max_epi8(_mm256_packs_epi16(x, y), least);
}

/* ---- decoding ---- */

LANES word_lanes w_if_above(word_lanes x, word_lanes y, word_lanes a, word_lanes b)
{
    return _mm256_blendv_epi8(b, a, _mm256_cmpgt_epi16(x, y));
}

LANES word_lanes w_table(const uint16_t table[8])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

/* Bytes 2 x and 2 x + 1 of the table. */
LANES word_lanes w_lookup(word_lanes table, word_lanes x)
{
    word_lanes twice = _mm256_add_epi16(x, x);
    word_lanes index = _mm256_or_si256(_mm256_or_si256(twice, _mm256_slli_epi16(twice, 8)), w_all(0x100));
    return _mm256_shuffle_epi8(table, index);
}

LANES word_lanes w_codes(const uint8_t *at, int paired)
{
    /* word 8 l + j from byte 4 l + j, word 8 l + 4 + j from byte 8 + 4 l + j; the upper bytes zero */
    const __m256i order =
        _mm256_setr_epi16((short)0x8000, (short)0x8001, (short)0x8002, (short)0x8003, (short)0x8008, (short)0x8009,
                          (short)0x800a, (short)0x800b, (short)0x8004, (short)0x8005, (short)0x8006, (short)0x8007,
                          (short)0x800c, (short)0x800d, (short)0x800e, (short)0x800f);
    __m128i codes = _mm_loadu_si128((const __m128i *)at);
    if (!paired)
        return _mm256_cvtepu8_epi16(codes);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(codes), order);
}

/* What to add to a magnitude that was shifted into place for its word, in two tables of bytes: entry 2^mbits is for
 * that magnitude and those above. Lowered before it is added, it stays zero for the magnitude zero, and is large enough
 * for the others: no word of theirs is below 80, and no place of a magnitude below 2^mbits is as high. E2M1: the words
 * themselves. */
typedef struct value_lanes {
    __m256i upper, lower;
} value_lanes;

LANES value_lanes values_make(const uint16_t small[8], unsigned offset, unsigned mbits, unsigned bits)
{
    uint8_t upper[16], lower[16];
    for (unsigned i = 0; i < 16; i++) {
        unsigned magnitude = bits == 4 ? i & 7 : i, place = magnitude << (7 - mbits);
        /* (a table is made for INT8 too, which does not use it) */
        unsigned word = magnitude < 1u << mbits ? small[magnitude & 7] : place + offset;
        unsigned entry = bits == 4 || magnitude == 0 ? word : word - place;
        upper[i] = (uint8_t)(entry >> 8);
        lower[i] = (uint8_t)entry;
    }
    return (value_lanes){_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)upper)),
                         _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)lower))};
}

/* `code`: in the upper bytes, of 8 bits, or shifted up to be. */
LANES word_lanes w_decode(word_lanes entry, word_lanes code, word_lanes down, unsigned mbits, unsigned bits)
{
    const unsigned mask = bits == 4 ? 0 : ((1u << (bits - 1)) - 1) << (7 - mbits);
    word_lanes place = w_left(code, 8 - bits);
    if (bits != 4)
        place = _mm256_srai_epi16(place, (int)(9 - bits + mbits));
    return w_add(w_and(place, w_all(0x8000 | mask)), w_minus(entry, down));
}

/* Bytes in order in the order of b_decode. */
LANES b_lanes b_to_decode(b_lanes c, int paired)
{
    const __m256i pairs = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
    return paired ? _mm256_permutevar8x32_epi32(c, pairs) : _mm256_permute4x64_epi64(c, 0xd8);
}

LANES b_lanes b_get(const uint8_t *at, int paired)
{
    return b_to_decode(w_load(at), paired);
}

/* Returns the magnitudes. */
LANES b_lanes b_decode(const value_lanes *v, b_lanes c, word_lanes down_x, word_lanes down_y, word_lanes *x,
                       word_lanes *y, unsigned mbits, unsigned bits)
{
    const __m256i zero = _mm256_setzero_si256();
    b_lanes magnitude = w_and(c, b_all((1u << (bits - 1)) - 1));
    b_lanes index = bits == 4 ? magnitude : _mm256_min_epu8(magnitude, b_all(1u << mbits));
    b_lanes upper = _mm256_shuffle_epi8(v->upper, index), lower = _mm256_shuffle_epi8(v->lower, index);
    *x = w_decode(_mm256_unpacklo_epi8(lower, upper), _mm256_unpacklo_epi8(zero, c), down_x, mbits, bits);
    *y = w_decode(_mm256_unpackhi_epi8(lower, upper), _mm256_unpackhi_epi8(zero, c), down_y, mbits, bits);
    return magnitude;
}

LANES b_lanes b_most(b_lanes most, b_lanes decoded)
{
    return _mm256_max_epu8(most, decoded);
}

LANES int b_magnitude_above(b_lanes most, unsigned y)
{
    b_lanes over = _mm256_subs_epu8(most, b_all(y));
    return !_mm256_testz_si256(over, over);
}

LANES void w_put(void *to, word_lanes x, int stream)
{
    if (stream)
        _mm256_stream_si256((__m256i *)to, x);
    else
        _mm256_storeu_si256((__m256i *)to, x);
}

LANES void w_put_fp32(void *to, word_lanes x, int stream)
{
    w_put(to, _mm256_unpacklo_epi16(_mm256_setzero_si256(), x), stream);
    w_put((char *)to + 32, _mm256_unpackhi_epi16(_mm256_setzero_si256(), x), stream);
}

LANES void f_put_fp16(void *to, __m256i low, __m256i high, int stream)
{
    __m128i a = _mm256_cvtps_ph(_mm256_castsi256_ps(low), _MM_FROUND_TO_NEAREST_INT);
    __m128i b = _mm256_cvtps_ph(_mm256_castsi256_ps(high), _MM_FROUND_TO_NEAREST_INT);
    w_put(to, _mm256_set_m128i(b, a), stream);
}

LANES void w_put_fp16(void *to, word_lanes x, int stream)
{
    f_put_fp16(to, _mm256_unpacklo_epi16(_mm256_setzero_si256(), x), _mm256_unpackhi_epi16(_mm256_setzero_si256(), x),
               stream);
}

LANES __m256i i_times(const uint8_t *at, const uint32_t *unit, int same)
{
    __m256 x = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)at)));
    __m256i units = same ? _mm256_set1_epi32((int)*unit) : _mm256_loadu_si256((const __m256i *)unit);
    return _mm256_castps_si256(_mm256_mul_ps(x, _mm256_castsi256_ps(units)));
}

LANES void i_put_fp32(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    w_put(to, i_times(at, unit, same), stream);
    w_put((char *)to + 32, i_times(at + 8, unit + (same ? 0 : 8), same), stream);
}

LANES void i_put_fp16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    f_put_fp16(to, i_times(at, unit, same), i_times(at + 8, unit + (same ? 0 : 8), same), stream);
}

LANES void i_put_bf16(void *to, const uint8_t *at, const uint32_t *unit, int same, int stream)
{
    __m256i words = _mm256_packus_epi32(_mm256_srli_epi32(i_times(at, unit, same), 16), //
                                        _mm256_srli_epi32(i_times(at + 8, unit + (same ? 0 : 8), same), 16));
    w_put(to, _mm256_permute4x64_epi64(words, 0xd8), stream);
}

#endif
