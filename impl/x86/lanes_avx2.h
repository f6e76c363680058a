/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lanes of AVX2 (and F16C) for the templates: what each function does is said in lanes.h.
 */
#ifndef IMPL_X86_LANES_AVX2_H
#define IMPL_X86_LANES_AVX2_H

#include <immintrin.h>
#include <stdint.h>

typedef __m256i word_lanes;
enum { WORDS = 16 };

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

/* There is no shift of words by words: x 2^(16 - n) / 2^16, the power from a table of its upper bytes. Only powers from
 * 2^8 to 2^15 are in it, as lanes.h allows. */
LANES word_lanes w_right_by(word_lanes x, word_lanes n)
{
    const __m256i upper =
        _mm256_broadcastsi128_si256(_mm_set_epi8(0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, (char)128, 0));
    word_lanes index = _mm256_slli_epi16(_mm256_min_epu16(n, w_all(15)), 8);
    word_lanes power = _mm256_shuffle_epi8(upper, _mm256_or_si256(index, w_all(0x80)));
    return _mm256_mulhi_epu16(x, power);
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

LANES word_lanes w_round_even(word_lanes x)
{
    word_lanes odd = _mm256_and_si256(_mm256_srli_epi16(x, 8), w_all(1));
    return _mm256_add_epi16(_mm256_add_epi16(x, w_all(0x7f)), odd);
}

LANES word_lanes w_negate_by(word_lanes x, word_lanes sign)
{
    word_lanes s = _mm256_srai_epi16(sign, 15);
    return _mm256_sub_epi16(_mm256_xor_si256(x, s), s);
}

LANES unsigned w_largest_of_8(__m128i x)
{
    __m128i least = _mm_minpos_epu16(_mm_xor_si128(x, _mm_set1_epi16(-1)));
    return 0xffffu ^ ((unsigned)_mm_cvtsi128_si32(least) & 0xffff);
}

LANES unsigned w_largest_of_half(word_lanes x, int half)
{
    return w_largest_of_8(half ? _mm256_extracti128_si256(x, 1) : _mm256_castsi256_si128(x));
}

LANES unsigned w_largest(word_lanes x)
{
    return w_largest_of_8(_mm_max_epu16(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
}

LANES word_lanes w_fold(__m256i a, __m256i b)
{
    __m256i zero = _mm256_setzero_si256();
    __m256i high = _mm256_packus_epi32(_mm256_srli_epi32(a, 16), _mm256_srli_epi32(b, 16));
    __m256i low = _mm256_packus_epi32(_mm256_blend_epi16(a, zero, 0xaa), _mm256_blend_epi16(b, zero, 0xaa));
    __m256i odd = _mm256_or_si256(high, _mm256_min_epu16(low, w_all(1)));
    return _mm256_permute4x64_epi64(odd, 0xd8);
}

LANES word_lanes w_fold_fp32(const void *at)
{
    const char *bytes = at;
    return w_fold(w_load(bytes), w_load(bytes + 32));
}

LANES __m256i d_widen_fp16(const void *at)
{
    return _mm256_castps_si256(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)at)));
}

LANES word_lanes w_fold_fp16(const void *at)
{
    const char *bytes = at;
    return w_fold(d_widen_fp16(bytes), d_widen_fp16(bytes + 16));
}

LANES void w_narrow_one(uint8_t *to, word_lanes x)
{
    __m256i low = _mm256_srli_epi16(x, 8);
    _mm_storeu_si128((__m128i *)to, _mm_packus_epi16(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1)));
}

LANES void w_narrow_two(uint8_t *to, word_lanes x, word_lanes y, int stream)
{
    __m256i bytes = _mm256_packus_epi16(_mm256_srli_epi16(x, 8), _mm256_srli_epi16(y, 8));
    bytes = _mm256_permute4x64_epi64(bytes, 0xd8);
    if (stream)
        _mm256_stream_si256((__m256i *)to, bytes);
    else
        _mm256_storeu_si256((__m256i *)to, bytes);
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
