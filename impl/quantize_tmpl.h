/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the word quantiser (words.h) on the lanes of an instruction set. Included once by each impl/<set>/<isa>.c.
 *
 * Parameters: the functions of lanes.h; PREFETCH(at), which may do nothing.
 * Defines: quantize_rows(plan, strip), blocks laid end to end; returns 0 with nothing written when the plan or the
 *          strip is not for it.
 *
 * Blocks are taken in groups: first the largest magnitudes of each, then all scale bytes at once, then the codes.
 * Blocks with NaN, Inf or an extreme scale are encoded again by the portable kernel.
 */
#include <string.h>

#include "impl/words.h"

enum { GROUP_WORDS = 1024, GROUP_BLOCKS = GROUP_WORDS / 16 };

/* Constants of a group's blocks. */
typedef struct group {
    uint16_t amax[GROUP_BLOCKS];   /* largest magnitudes, in words */
    uint16_t byte[GROUP_BLOCKS];   /* scale bytes */
    uint16_t field[GROUP_BLOCKS];  /* exponent field of the smallest normal code's magnitude */
    uint32_t normal[GROUP_BLOCKS]; /* twice `field`, in both halves */
    uint32_t base[GROUP_BLOCKS];   /* twice the word of exponent field - 1 */
    uint64_t slow;                 /* bit b: block b is not for us */
} group;

/* Scale bytes, fields, and which blocks are slow, from the largest magnitudes. */
LANES void group_bytes(const mxfast_words *f, group *g, size_t blocks)
{
    g->slow = 0;
    for (size_t i = 0; i < blocks; i += WORDS) {
        word_lanes a = w_load(g->amax + i);
        word_lanes byte = w_minus(w_right(w_add(a, w_all(f->add)), 7), w_all(f->top));
        word_lanes usual = w_zero_to(a, w_all(f->low), byte);
        uint64_t slow = w_above(a, w_all(f->most)) | w_above(w_all(f->low), usual) | w_above(usual, w_all(f->high));
        g->slow |= slow << i;
        w_store(g->byte + i, w_zero_to(a, w_all(f->zero), byte));
        /* in a block of zeros anything that is far above them */
        w_store(g->field + i, w_zero_to(a, w_all(200), w_add(byte, w_all((unsigned)f->normal))));
    }
    if (blocks < 64)
        g->slow &= (UINT64_C(1) << blocks) - 1;
}

LANES void group_scales(const mxfast_words *f, group *g, size_t blocks)
{
    group_bytes(f, g, blocks);
    for (size_t b = 0; b < blocks; b++) {
        g->normal[b] = g->field[b] * UINT32_C(0x10001);
        g->base[b] = (uint32_t)(((g->field[b] - 1u) & 0x1ff) << 7) * UINT32_C(0x10001);
    }
}

/* Codes in the upper bytes. `normal` and `base` are those of the group, `limit` the largest code's, lower byte ff. */
LANES word_lanes encode(word_lanes v, word_lanes normal, word_lanes base, unsigned mbits, unsigned bits, int integer,
                        word_lanes limit)
{
    word_lanes m = w_and(v, w_all(0x7fff));
    /* the pattern as multiples of 2^-8: above the smallest normal, and below it */
    word_lanes fine = w_left(w_minus(m, base), 1 + mbits);
    word_lanes sig = w_left(w_choose(w_all(0x80), m, w_all(0x7f)), 1 + mbits);
    word_lanes coarse = w_right_by(sig, w_minus(normal, w_right(m, 7)));
    word_lanes r = w_min(w_round_even(w_max(fine, coarse)), limit);
    if (integer)
        return w_negate_by(w_and(r, w_all(0xff00)), v);
    return w_choose(r, w_right(v, 8 - bits), w_all(0x80u << bits));
}

/* The constants of the blocks in vector t. */
LANES void vector_constants(const group *g, size_t k, size_t t, word_lanes *normal, word_lanes *base)
{
    if (k < WORDS) {
        *normal = w_halves(g->normal[2 * t], g->normal[2 * t + 1]);
        *base = w_halves(g->base[2 * t], g->base[2 * t + 1]);
    } else {
        size_t b = k == 32 ? t / (32 / WORDS) : t * WORDS >> (k == 16 ? 4 : 6);
        *normal = w_pair(g->normal[b]);
        *base = w_pair(g->base[b]);
    }
}

/* Codes of `count` words, whole vectors. */
LANES void group_codes(const mxfast_words *f, const group *g, const unsigned char *words, size_t count, size_t k,
                       uint8_t *code, const char *ahead, size_t step, unsigned mbits, unsigned bits, int stream)
{
    word_lanes limit = w_all(f->limit << 8 | 0xff), normal, base, x, y;
    int integer = mbits == 7;
    for (size_t t = 0; t < count / WORDS; t += 2) {
        PREFETCH(ahead);
        if (step > WORDS * 2)
            PREFETCH(ahead + 64);
        ahead += step;
        vector_constants(g, k, t, &normal, &base);
        x = encode(w_load(words + t * WORDS * 2), normal, base, mbits, bits, integer, limit);
        if (t + 1 == count / WORDS) {
            w_narrow_one(code + t * WORDS, x);
            break;
        }
        vector_constants(g, k, t + 1, &normal, &base);
        y = encode(w_load(words + (t + 1) * WORDS * 2), normal, base, mbits, bits, integer, limit);
        w_narrow_two(code + t * WORDS, x, y, stream);
    }
}

LANES word_lanes fold(mx_type type, const unsigned char *at)
{
    return type == MX_FP32 ? w_fold_fp32(at) : type == MX_FP16 ? w_fold_fp16(at) : w_load(at);
}

/* Words of `count` values to `words` (bf16: left where they are), and each block's largest magnitude. */
LANES void group_amax(group *g, mx_type type, const unsigned char *in, uint16_t *words, size_t count, size_t k)
{
    size_t width = type == MX_FP32 ? 4 : 2;
    for (size_t i = 0, b = 0; i < count;) {
        word_lanes most = w_all(0);
        for (size_t end = i + (k < WORDS ? WORDS : k); i < end; i += WORDS) {
            word_lanes v = fold(type, in + i * width);
            if (type != MX_BF16)
                w_store(words + i, v);
            most = w_max(most, w_and(v, w_all(0x7fff)));
        }
        if (k < WORDS) {
            g->amax[b++] = (uint16_t)w_largest_of_half(most, 0);
            g->amax[b++] = (uint16_t)w_largest_of_half(most, 1);
        } else
            g->amax[b++] = (uint16_t)w_largest(most);
    }
}

/* Blocks [first, first + blocks) of the strip again, by the portable kernel. */
static void portable_blocks(const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t blocks)
{
    mxfast_strip rest = *strip;
    ptrdiff_t b = (ptrdiff_t)first;
    rest.blocks = blocks;
    if (rest.in != NULL)
        rest.in = (const char *)rest.in + b * rest.value_block * (ptrdiff_t)plan->value.bytes;
    if (rest.out != NULL)
        rest.out = (char *)rest.out + b * rest.value_block * (ptrdiff_t)plan->value.bytes;
    rest.random = rest.random ? rest.random + b * rest.random_block : NULL;
    rest.code_in = rest.code_in ? rest.code_in + b * rest.code_block : NULL;
    rest.code_out = rest.code_out ? rest.code_out + b * rest.code_block : NULL;
    rest.scale_in = rest.scale_in ? rest.scale_in + b * rest.scale_block : NULL;
    rest.scale_out = rest.scale_out ? rest.scale_out + b * rest.scale_block : NULL;
    if (plan->op == MX_OP_DEQUANTIZE)
        mxfast_portable_dequantize(plan, &rest);
    else
        mxfast_portable_quantize(plan, &rest);
}

static inline unsigned lowest_bit(uint64_t x)
{
    return (unsigned)__builtin_ctzll(x);
}

/* One strip for a constant type, format and k: the compiler makes one loop of each. */
LANES void rows_of(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip, mx_type type,
                   unsigned mbits, unsigned bits, size_t k)
{
    _Alignas(64) uint16_t words[GROUP_WORDS];
    _Alignas(64) group g;
    size_t width = type == MX_FP32 ? 4 : 2, per_group = GROUP_WORDS / k;
    const unsigned char *in = strip->in;
    uint8_t *code = strip->code_out;
    int stream = plan->stream && (uintptr_t)code % MXFAST_STREAM_ALIGN == 0;
    size_t whole = k < WORDS ? strip->blocks & ~(size_t)1 : strip->blocks;
    for (size_t first = 0; first < whole; first += per_group) {
        size_t blocks = whole - first < per_group ? whole - first : per_group, count = blocks * k;
        const unsigned char *at = in + first * k * width, *from = type == MX_BF16 ? at : (unsigned char *)words;
        group_amax(&g, type, at, words, count, k);
        group_scales(f, &g, blocks);
        const char *ahead = (const char *)at + count * width;
        group_codes(f, &g, from, count, k, code + first * k, ahead, 2 * WORDS * width, mbits, bits, stream);
        for (size_t b = 0; b < blocks; b++)
            strip->scale_out[(ptrdiff_t)(first + b) * strip->scale_block] = (uint8_t)g.byte[b];
        for (; g.slow != 0; g.slow &= g.slow - 1)
            portable_blocks(plan, strip, first + lowest_bit(g.slow), 1);
    }
    if (stream)
        w_fence();
    if (whole < strip->blocks)
        portable_blocks(plan, strip, whole, strip->blocks - whole);
}

LANES void rows_of_k(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip, mx_type type,
                     unsigned mbits, unsigned bits)
{
    if (strip->k == 32)
        rows_of(f, plan, strip, type, mbits, bits, 32);
    else
        rows_of(f, plan, strip, type, mbits, bits, strip->k);
}

LANES void rows_of_format(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip, mx_type type)
{
    switch (plan->elem) {
    case MX_E5M2:
        rows_of_k(f, plan, strip, type, 2, 8);
        break;
    case MX_E4M3:
        rows_of_k(f, plan, strip, type, 3, 8);
        break;
    case MX_E3M2:
        rows_of_k(f, plan, strip, type, 2, 6);
        break;
    case MX_E2M3:
        rows_of_k(f, plan, strip, type, 3, 6);
        break;
    case MX_E2M1:
        rows_of_k(f, plan, strip, type, 1, 4);
        break;
    default:
        if (type == MX_BF16) /* mxfast_words_make */
            rows_of_k(f, plan, strip, type, 7, 8);
        break;
    }
}

/* One function for each type keeps them small enough for the compiler. */
static APART void rows_fp32(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    rows_of_format(f, plan, strip, MX_FP32);
}

static APART void rows_bf16(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    rows_of_format(f, plan, strip, MX_BF16);
}

static APART void rows_fp16(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    rows_of_format(f, plan, strip, MX_FP16);
}

static int quantize_rows(const mxfast_plan *plan, const mxfast_strip *strip)
{
    mxfast_words f;
    ptrdiff_t k = (ptrdiff_t)strip->k;
    if ((k != 16 && k != 32 && k != 64) || strip->down > 1 || strip->value_elem != 1 || strip->code_elem != 1 ||
        (strip->blocks > 1 && (strip->value_block != k || strip->code_block != k)) || !mxfast_words_make(&f, plan))
        return 0;
    switch (plan->value.type) {
    case MX_FP32:
        rows_fp32(&f, plan, strip);
        break;
    case MX_BF16:
        rows_bf16(&f, plan, strip);
        break;
    default:
        rows_fp16(&f, plan, strip);
        break;
    }
    return 1;
}
