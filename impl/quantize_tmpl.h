/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the word quantiser (words.c) on the lanes of an instruction set. Included once by each impl/<set>/<isa>.c.
 *
 * Parameters: the functions of lanes.h and of a pack_<isa>.h; PREFETCH(at), which may do nothing.
 * Defines: quantize_rows(plan, strip), blocks laid end to end; returns 0 with nothing written when the plan or the
 *          strip is not for it. quantize_packed(plan, k, layout), the kernel for such blocks to packed codes, or NULL.
 *
 * Blocks are taken in groups: first the largest magnitudes of each, then all scale bytes at once, then the codes; or in
 * steps (steps_tmpl.h).
 * Blocks with NaN, Inf or an extreme scale are encoded again by the portable kernel.
 */
#include <string.h>

#include "impl/kernels.h"
#include "impl/pack.h"

#define UNROLL _Pragma("GCC unroll 8") /* arrays of vectors stay in registers */

/* A group is a page of values: what the machine fetches by itself ends with a page. */
enum { GROUP_BYTES = 4096, GROUP_WORDS = 2048, GROUP_BLOCKS = 64 };

/* Constants of a group's blocks. */
typedef struct group {
    uint16_t least[GROUP_BLOCKS + 32]; /* 7fff - the largest magnitude, in words */
    uint16_t byte[GROUP_BLOCKS];       /* scale bytes */
    uint16_t base[GROUP_BLOCKS];       /* what b_codes() subtracts; INT8: 1 / a code's unit, upper half of its fp32 */
    uint32_t pair[GROUP_BLOCKS];       /* the same twice; INT8: all of the fp32 */
    uint64_t slow;                     /* bit b: block b is not for us */
} group;

/* Constants of a call. */
typedef struct encoder {
    code_lanes codes;
    b_lanes least;    /* INT8: the least code */
    pack_lanes packs; /* of rows_of, where codes are packed */
} encoder;

/* Of WORDS blocks, scale bytes and `base`, from what is left of 7fff in their largest magnitudes. Returns bit b: block
 * b is not for us. */
LANES uint64_t scales_of_lanes(const mxfast_words *f, word_lanes left, word_lanes *byte, word_lanes *base, int integer)
{
    const word_lanes low = w_all(f->low), range = w_all(f->high - f->low), a = w_sub(w_all(0x7fff), left);
    const word_lanes plain = w_minus(w_right(w_sub(w_all(0x7fff + f->add), left), 7), w_all(f->top));
    *base = integer ? w_left(w_sub(w_all(f->unit), w_zero_to(a, low, plain)), 7)
                    : w_base(f, w_add(plain, w_all(f->lowest))); /* zeros have code 0 by any */
    *byte = w_zero_to(a, w_all(f->zero), plain);
    return w_above_not_zero(w_sub(plain, low), range, a);
}

/* Scale bytes, `base`, `pair`, and which blocks are slow, from the largest magnitudes. */
LANES void group_scales(const mxfast_words *f, group *g, size_t blocks, int integer)
{
    g->slow = 0;
    for (size_t i = 0; i < blocks; i += WORDS) {
        word_lanes byte, base;
        g->slow |= scales_of_lanes(f, w_load(g->least + i), &byte, &base, integer) << i;
        w_store(g->byte + i, byte);
        w_store(g->base + i, base);
        w_put_pairs(g->pair + i, base, integer);
    }
    if (blocks < 64)
        g->slow &= (UINT64_C(1) << blocks) - 1;
}

/* Scale bytes to where they belong. */
static APART void put_scales(const group *g, size_t blocks, uint8_t *to, ptrdiff_t step)
{
    size_t b = 0;
    for (; step == 1 && b + WORDS <= blocks; b += WORDS)
        w_narrow_one(to + b, w_left(w_load(g->byte + b), 8));
    for (; b < blocks; b++)
        to[(ptrdiff_t)b * step] = (uint8_t)g->byte[b];
}

LANES encoder encoder_make(const mxfast_words *f, unsigned mbits, unsigned bits)
{
    encoder e;
    memset(&e, 0, sizeof e);
    if (mbits == 6)
        e.least = b_all(0x100u - f->limit_negative);
    else
        e.codes = codes_make(f, mbits, bits);
    return e;
}

/* The pair of the block(s) in vector t. */
LANES word_lanes vector_pair(const group *g, size_t k, size_t t)
{
    if (k < WORDS)
        return w_halves(g->pair[2 * t], g->pair[2 * t + 1]);
    return w_pair(g->pair[k == 32 ? t / (32 / WORDS) : t * WORDS >> (k == 16 ? 4 : 6)]);
}

/* INT8: WORDS values in units of their codes, nearest even. */
LANES word_lanes integers_of(mx_type type, const unsigned char *at, word_lanes low, word_lanes high)
{
    return type == MX_FP32   ? i_round_fp32(at, low, high)
           : type == MX_FP16 ? i_round_fp16(at, low, high)
                             : i_round_bf16(at, low, high);
}

/* Those of vector t. */
LANES word_lanes integers(const group *g, mx_type type, const unsigned char *at, size_t k, size_t t)
{
    word_lanes low, high;
    low = high = vector_pair(g, k, t);
    if (k < WORDS && type != MX_BF16) {
        low = w_pair(g->pair[2 * t]);
        high = w_pair(g->pair[2 * t + 1]);
    }
    return integers_of(type, at, low, high);
}

/* Codes of vectors t and u of a group: of values at `from` (INT8), else of words. */
LANES b_lanes vector_codes(const encoder *e, const group *g, mx_type type, const unsigned char *from, size_t k,
                           size_t t, size_t u, unsigned mbits, unsigned bits)
{
    const size_t bytes = WORDS * (mbits == 6 && type == MX_FP32 ? 4 : 2);
    const unsigned char *x = from + t * bytes, *y = from + u * bytes;
    if (mbits == 6)
        return b_signed(integers(g, type, x, k, t), integers(g, type, y, k, u), e->least, 0);
    const word_lanes base = vector_pair(g, k, t); /* a block has both, if it has so many */
    return b_codes(&e->codes, w_load(x), w_load(y), base, k % (2 * WORDS) == 0 ? base : vector_pair(g, k, u), 0, mbits,
                   bits);
}

/* Vectors of codes that are packed into whole vectors. */
LANES size_t packed_at_once(unsigned stored)
{
    return stored == 8 ? 1 : stored == 4 ? 2 : 4;
}

/* Codes of the vectors from t on, fewer than are stored at once. */
LANES void last_codes(const encoder *e, const group *g, mx_type type, const unsigned char *from, size_t k, uint8_t *to,
                      size_t t, size_t vectors, unsigned mbits, unsigned bits, unsigned stored)
{
    uint8_t packed[8 * WORDS];
    b_lanes of[4] = {b_all(0), b_all(0), b_all(0), b_all(0)};
    if (stored == 8) {
        b_put_half(to, vector_codes(e, g, type, from, k, t, t, mbits, bits));
        return;
    }
    for (size_t i = 0; t + 2 * i < vectors; i++) {
        const size_t x = t + 2 * i, y = x + 1 < vectors ? x + 1 : x;
        of[i] = vector_codes(e, g, type, from, k, x, y, mbits, bits);
    }
    p_put(packed, of, &e->packs, stored, 0);
    memcpy(to, packed, (vectors - t) * WORDS / 8 * stored);
}

/* Codes of `count` words, whole vectors, `stored` bits each. Of what lies `ahead`, the next group, most is fetched
 * meanwhile. */
LANES void group_codes(const encoder *e, const group *g, mx_type type, const unsigned char *from, size_t count,
                       size_t k, uint8_t *code, const char *ahead, unsigned mbits, unsigned bits, unsigned stored,
                       int stream)
{
    const size_t soon = type != MX_FP32 ? 2 : mbits == 6 ? 0 : SOON_OF_4;
    const size_t vectors = count / WORDS, step = 2 * WORDS * soon, at_once = packed_at_once(stored);
    size_t t = 0;
    for (; t + 2 * at_once <= vectors; t += 2 * at_once) {
        b_lanes of[4];
        UNROLL for (size_t i = 0; i < at_once; i++, ahead += step)
        {
            for (size_t line = 0; line < step; line += 64)
                PREFETCH(ahead + line);
            of[i] = vector_codes(e, g, type, from, k, t + 2 * i, t + 2 * i + 1, mbits, bits);
        }
        if (stored == 8)
            b_put(code + t * WORDS, of[0], stream);
        else
            p_put(code + t * WORDS / 8 * stored, of, &e->packs, stored, stream);
    }
    if (t < vectors)
        last_codes(e, g, type, from, k, code + t * WORDS / 8 * stored, t, vectors, mbits, bits, stored);
}

LANES word_lanes fold(mx_type type, const unsigned char *at, word_lanes sticky)
{
    return type == MX_FP32 ? w_fold_fp32(at, sticky, 0) : type == MX_FP16 ? w_fold_fp16(at, sticky) : w_load(at);
}

/* What is left of 7fff in the largest magnitude of a block, in each lane or few: the least of the lanes. */
LANES word_lanes block_least(mx_type type, const unsigned char *in, uint16_t *words, size_t k, word_lanes sticky)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    word_lanes least = w_all(0x7fff);
    UNROLL for (size_t i = 0; i < k; i += WORDS)
    {
        word_lanes v = fold(type, in + i * width, sticky), left = w_without(w_all(0x7fff), v);
        if (words)
            w_store(words + i, v);
        least = i == 0 ? left : w_min(least, left);
    }
    return least;
}

/* While values of the group that begins at `in` are read, from `at` on: some of the group after the next; all of it for
 * INT8, which reads fp32 values twice and is fastest so. */
LANES void fetch_far(mx_type type, const unsigned char *in, size_t at, size_t k, int integer)
{
    const size_t of = type == MX_FP32 ? (integer ? 4 : FAR_OF_4) : FAR_OF_2;
    const char *far = (const char *)in + 2 * GROUP_BYTES + at * of;
    for (size_t line = 0; line < k * of; line += 64)
        PREFETCH_FAR(far + line);
}

/* Words of `count` values to `words` (unless NULL), and each block's largest magnitude. */
LANES void group_amax(const mxfast_words *f, group *g, mx_type type, const unsigned char *in, uint16_t *words,
                      size_t count, size_t k)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    word_lanes sticky = w_all(f->sticky), part[8];
    size_t b = 0, blocks = count / k;
    for (; k >= WORDS && b + WORDS <= blocks; b += WORDS) {
        UNROLL for (size_t j = 0; j < 8; j++)
        {
            word_lanes of[WORDS / 8];
            UNROLL for (size_t i = 0; i < WORDS / 8; i++)
            {
                size_t at = (b + j * (WORDS / 8) + i) * k; /* memory is read in its order */
                fetch_far(type, in, at, k, words == NULL);
                of[i] = block_least(type, in + at * width, words ? words + at : NULL, k, sticky);
            }
            part[j] = w_least_of_quarters(of);
        }
        w_store(g->least + b, w_least_of_eights(part));
    }
    for (; b < blocks; b += k < WORDS ? 2 : 1) {
        size_t n = k < WORDS ? WORDS : k;
        word_lanes least = block_least(type, in + b * k * width, words ? words + b * k : NULL, n, sticky);
        w_put_least(g->least + b, least, k < WORDS);
    }
}

/* Formats share these: compiled once for each type, k = 32 and others. */
static APART void amax_of(const mxfast_words *f, group *g, mx_type type, const unsigned char *in, uint16_t *words,
                          size_t count, size_t k)
{
    if (type == MX_FP32 && k == 32)
        group_amax(f, g, MX_FP32, in, words, count, 32);
    else if (type == MX_FP32)
        group_amax(f, g, MX_FP32, in, words, count, k);
    else if (type == MX_BF16 && k == 32)
        group_amax(f, g, MX_BF16, in, NULL, count, 32);
    else if (type == MX_BF16)
        group_amax(f, g, MX_BF16, in, NULL, count, k);
    else
        group_amax(f, g, MX_FP16, in, words, count, k);
}

static APART void scales_of(const mxfast_words *f, group *g, size_t blocks, int integer)
{
    if (integer)
        group_scales(f, g, blocks, 1);
    else
        group_scales(f, g, blocks, 0);
}

/* Blocks [first, first + blocks) of the strip again, by the portable kernel. */
static void portable_blocks(const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t blocks)
{
    mxfast_strip part = mxfast_strip_part(plan, strip, first, blocks);
    if (plan->op == MX_OP_DEQUANTIZE)
        mxfast_portable_dequantize(plan, &part);
    else
        mxfast_portable_quantize(plan, &part);
}

/* The same, where codes are packed. */
static void portable_packed(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, size_t first,
                            size_t blocks)
{
    const unsigned bits = plan->format->bits;
    for (size_t b = first; b < first + blocks; b++) {
        const size_t k = strip->k, at = b * k / 8 * bits;
        uint8_t codes[64];
        mxfast_strip part = mxfast_strip_part(plan, strip, b, 1);
        part.code_in = part.code_out = codes;
        if (plan->op == MX_OP_DEQUANTIZE) {
            mxfast_unpack_codes(layout, bits, strip->code_in + at, k, 1, codes);
            mxfast_portable_dequantize(plan, &part);
        } else {
            mxfast_portable_quantize(plan, &part);
            mxfast_pack_codes(layout, bits, codes, k, 1, strip->code_out + at);
        }
    }
}

/* Blocks [first, first + blocks) of a strip whose codes take `stored` bits. */
LANES mxfast_strip rows_part(const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t blocks,
                             unsigned stored)
{
    mxfast_strip part = mxfast_strip_part(plan, strip, first, blocks);
    part.code_out = strip->code_out + first * strip->k / 8 * stored;
    return part;
}

LANES void again(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, size_t first, size_t blocks,
                 unsigned stored)
{
    if (stored == 8)
        portable_blocks(plan, strip, first, blocks);
    else
        portable_packed(plan, strip, layout, first, blocks);
}

static inline unsigned lowest_bit(uint64_t x)
{
    return (unsigned)__builtin_ctzll(x);
}

/* Blocks of a group. */
LANES size_t group_blocks(size_t width, size_t k)
{
    size_t blocks = GROUP_BYTES / (k * width);
    return blocks < GROUP_BLOCKS ? blocks : GROUP_BLOCKS;
}

/* One strip for a constant type, format, storage and k, and whether the rounding is `careful`: the compiler makes one
 * loop of each. */
LANES void rows_of(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type, unsigned mbits,
                   unsigned bits, unsigned stored, size_t k, int careful)
{
    _Alignas(64) uint16_t words[GROUP_WORDS];
    _Alignas(64) group g;
    const mxfast_words *f = &plan->words;
    encoder e = encoder_make(f, mbits, bits);
    const size_t width = type == MX_FP32 ? 4 : 2, per_group = group_blocks(width, k);
    const int integer = mbits == 6;
    const unsigned char *in = strip->in;
    uint8_t *code = strip->code_out;
    int stream = plan->stream && (uintptr_t)code % MXFAST_STREAM_ALIGN == 0;
    size_t whole = k < WORDS ? strip->blocks & ~(size_t)1 : strip->blocks;
    if (!careful)
        e.codes.careful = 0;
    if (stored != 8)
        e.packs = p_make(layout, bits);
    for (size_t first = 0; first < whole; first += per_group) {
        size_t blocks = whole - first < per_group ? whole - first : per_group, count = blocks * k;
        const unsigned char *at = in + first * k * width,
                            *from = type == MX_BF16 || integer ? at : (unsigned char *)words;
        const char *ahead = (const char *)at + count * width;
        amax_of(f, &g, type, at, integer || type == MX_BF16 ? NULL : words, count, k);
        scales_of(f, &g, blocks, integer);
        group_codes(&e, &g, type, from, count, k, code + first * k / 8 * stored, ahead, mbits, bits, stored, stream);
        put_scales(&g, blocks, strip->scale_out + (ptrdiff_t)first * strip->scale_block, strip->scale_block);
        for (; g.slow != 0; g.slow &= g.slow - 1)
            again(plan, strip, layout, first + lowest_bit(g.slow), 1, stored);
    }
    if (whole < strip->blocks)
        again(plan, strip, layout, whole, strip->blocks - whole, stored);
}

#if IN_STEPS
#include "impl/steps_tmpl.h"

/* Blocks of 32; those at the end, fewer than WORDS, as groups. */
LANES void rows_of_32(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type,
                      unsigned mbits, unsigned bits, unsigned stored)
{
    const size_t whole = strip->blocks / WORDS * WORDS;
    mxfast_strip first = rows_part(plan, strip, 0, whole, stored);
    mxfast_strip rest = rows_part(plan, strip, whole, strip->blocks - whole, stored);
    rows_in_steps(plan, &first, layout, type, mbits, bits, stored);
    if (rest.blocks > 0)
        rows_of(plan, &rest, layout, type, mbits, bits, stored, rest.k, 0);
}
#endif

LANES void rows_of_k(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type, unsigned mbits,
                     unsigned bits, unsigned stored)
{
    if (mbits != 6 && plan->words.careful)
        rows_of(plan, strip, layout, type, mbits, bits, stored, strip->k, 1);
#if IN_STEPS
    else if (strip->k == 32 && mxfast_reads_ahead())
        rows_of_32(plan, strip, layout, type, mbits, bits, stored);
#endif
    else if (strip->k == 32)
        rows_of(plan, strip, layout, type, mbits, bits, stored, 32, 0);
    else
        rows_of(plan, strip, layout, type, mbits, bits, stored, strip->k, 0);
}

/* Codes one a byte, or packed, which those of 8 bits are not. */
LANES void rows_of_format(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type,
                          int packed)
{
    switch (plan->elem) {
#define MX_FORMAT(id, bits, ebits, mbits, ...)                                                                         \
    case id:                                                                                                           \
        if (!packed || bits != 8)                                                                                      \
            rows_of_k(plan, strip, layout, type, mbits, bits, packed ? bits : 8);                                      \
        break;
#include "impl/formats.def"
#undef MX_FORMAT
    }
}

/* One function for each type keeps them small enough for the compiler. */
static APART void rows_fp32(const mxfast_plan *plan, const mxfast_strip *strip)
{
    rows_of_format(plan, strip, (mx_layout)0, MX_FP32, 0);
}

static APART void rows_bf16(const mxfast_plan *plan, const mxfast_strip *strip)
{
    rows_of_format(plan, strip, (mx_layout)0, MX_BF16, 0);
}

static APART void rows_fp16(const mxfast_plan *plan, const mxfast_strip *strip)
{
    rows_of_format(plan, strip, (mx_layout)0, MX_FP16, 0);
}

static APART void packed_rows_fp32(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout)
{
    rows_of_format(plan, strip, layout, MX_FP32, 1);
}

static APART void packed_rows_bf16(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout)
{
    rows_of_format(plan, strip, layout, MX_BF16, 1);
}

static int has_rows_of(size_t k)
{
    return k == 16 || k == 32 || k == 64;
}

static int quantize_rows(const mxfast_plan *plan, const mxfast_strip *strip)
{
    ptrdiff_t k = (ptrdiff_t)strip->k;
    if (!has_rows_of(strip->k) || strip->down > 1 || strip->value_elem != 1 || strip->code_elem != 1 ||
        (strip->blocks > 1 && (strip->value_block != k || strip->code_block != k)) || !plan->words.usable)
        return 0;
    switch (plan->value.type) {
    case MX_FP32:
        rows_fp32(plan, strip);
        break;
    case MX_BF16:
        rows_bf16(plan, strip);
        break;
    default:
        rows_fp16(plan, strip);
        break;
    }
    return 1;
}

/* Packed codes of such blocks; halves of others are not in one vector of every instruction set. */
static int has_packed_rows_of(const mxfast_plan *plan, size_t k, mx_layout layout)
{
    return has_rows_of(k) && plan->format->bits != 8 && (layout != MX_LAYOUT_SPLIT_HALF || k == 32);
}

static mxfast_packed_kernel *quantize_packed(const mxfast_plan *plan, size_t k, mx_layout layout)
{
    if (!has_packed_rows_of(plan, k, layout) || !plan->words.usable)
        return NULL;
    return plan->value.type == MX_FP32 ? packed_rows_fp32 : plan->value.type == MX_BF16 ? packed_rows_bf16 : NULL;
}
