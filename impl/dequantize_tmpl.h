/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the dequantiser in words on the lanes of an instruction set. Included once by each impl/<set>/<isa>.c,
 * after quantize_tmpl.h.
 *
 * Parameters: the functions of lanes.h and of a pack_<isa>.h.
 * Defines: dequantize_rows(plan, strip), blocks laid end to end; returns 0 with nothing written when the plan or the
 *          strip is not for it. dequantize_packed(plan, k, layout), the kernel for such blocks of packed codes, or
 *          NULL.
 *
 * Every finite code of a block is a multiple of 2^s with at most 7 significant bits, so its value is exact in bf16
 * whenever it is a normal number there: a word, whose exponent field is the code's own plus s. Words are made for the
 * largest s and lowered by saturating subtraction, which leaves zero alone.
 * Where a set says so (by_unit), the codes of a block are steps above the word of its unit instead; and INT8 goes by
 * products where these are faster (by_products).
 * Blocks with NaN, Inf, or a scale that makes some code subnormal or too large go to the portable kernel.
 */

/* The format, for targets whose exponents are those of fp32. */
typedef struct decoder {
    unsigned mbits, bits;
    int s_min, s_max;  /* scales 2^s for which every code is normal */
    unsigned lowest;   /* exponent field of code 1 at s_min: 1; INT8: 2, so that 2^-24 of it is not lost (products) */
    unsigned offset;   /* word of a normal code's magnitude at s_max = (magnitude << (7 - mbits)) + offset; INT8: of
                          any but 0, = the magnitude as bf16 + offset */
    uint16_t small[8]; /* words of the others */
    unsigned largest;  /* magnitudes above are NaN or Inf */
} decoder;

static void make_decoder(decoder *d, const mxfast_plan *plan)
{
    const mx_facts *format = plan->format;
    int integer = format->ebits == 0, unit = plan->decode.e[1];
    d->mbits = format->mbits;
    d->bits = format->bits;
    d->lowest = integer ? 2 : 1;
    d->s_min = (int)d->lowest - 127 - unit;
    d->s_max = integer ? 127 - 7 - unit : 127 - plan->decode.e[format->max_code];
    d->offset = (unsigned)(integer ? unit + d->s_max : 127 + format->emin - 1 + d->s_max) << 7;
    d->largest = format->max_code;
    memset(d->small, 0, sizeof d->small);
    for (unsigned m = 1; m < 1u << format->mbits && !integer; m++) {
        unsigned fraction = (unsigned)(plan->decode.sig[m] >> 56) & 0x7f;
        d->small[m] = (uint16_t)((unsigned)(plan->decode.e[m] + 127 + d->s_max) << 7 | fraction);
    }
}

LANES void put(mx_type type, unsigned char *to, word_lanes w, int stream)
{
    if (type == MX_FP32)
        w_put_fp32(to, w, stream);
    else if (type == MX_FP16)
        w_put_fp16(to, w, stream);
    else
        w_put(to, w, stream);
}

enum { AHEAD = 2048 }; /* codes are fetched so many bytes before they are used */

/* Have the format's codes NaN or Inf among them. */
LANES int has_special(unsigned mbits, unsigned bits)
{
    return bits == 8 && mbits < 6;
}

/* By how much to lower the words of a group's blocks; or (units) the fp32 of code 1. */
typedef struct lowering {
    uint32_t by[GROUP_BLOCKS];
    int slow; /* is a block not for us */
} lowering;

static APART void group_lowering(const decoder *d, lowering *g, const uint8_t *scale, ptrdiff_t step, size_t blocks,
                                 int units)
{
    const word_lanes low = w_all((unsigned)(d->s_min + 127)), range = w_all((unsigned)(d->s_max - d->s_min));
    word_lanes most = w_all(0);
    uint8_t bytes[GROUP_BLOCKS];
    if (step != 1 || blocks < GROUP_BLOCKS) {
        memset(bytes, d->s_min + 127, sizeof bytes);
        for (size_t b = 0; b < blocks; b++)
            bytes[b] = scale[(ptrdiff_t)b * step];
        scale = bytes;
    }
    for (size_t b = 0; b < blocks; b += WORDS) {
        word_lanes above = w_sub(w_codes(scale + b, 0), low);
        most = w_max(most, above);
        if (units)
            w_put_pairs(g->by + b, w_left(w_add(above, w_all(d->lowest)), 7), 1);
        else
            w_put_pairs(g->by + b, w_left(w_sub(range, above), 7), 0);
    }
    g->slow = w_above(most, range) != 0;
}

/* Are codes decoded together of one block. */
LANES int in_blocks(size_t k)
{
    return k % (2 * WORDS) == 0;
}

LANES word_lanes lowering_of(const lowering *g, size_t k, size_t t, int paired)
{
    if (k >= WORDS)
        return w_pair(g->by[k == 32 ? t / (32 / WORDS) : t * WORDS >> (k == 16 ? 4 : 6)]);
    uint32_t low = g->by[2 * t], high = g->by[2 * t + 1];
    return paired ? w_halves_paired(low, high) : w_halves(low, high);
}

/* Values of the n-th two vectors of codes; of the first of them alone if `last`. */
LANES void put_values(const value_lanes *v, const lowering *g, b_lanes *most, b_lanes codes, size_t k, size_t n,
                      int last, unsigned char *to, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2, t = 2 * n;
    const int paired = type != MX_BF16;
    word_lanes x, y, down = lowering_of(g, k, t, paired);
    b_lanes c = in_blocks(k)
                    ? b_decode_block(v, codes, &g->by[k == 2 * WORDS ? n : t * WORDS / k], &x, &y, mbits, bits)
                    : b_decode(v, codes, down, last ? down : lowering_of(g, k, t + 1, paired), &x, &y, mbits, bits);
    if (has_special(mbits, bits))
        *most = b_most(*most, c);
    put(type, to + n * 2 * WORDS * width, x, stream);
    if (!last)
        put(type, to + n * 2 * WORDS * width + WORDS * width, y, stream);
}

/* Values of `count` codes, a byte each, whole vectors. Returns whether one of them was NaN or Inf. */
LANES int group_values(const decoder *d, const value_lanes *v, const lowering *g, const uint8_t *code, size_t count,
                       size_t k, unsigned char *to, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    const int paired = type != MX_BF16;
    const size_t width = 2 * WORDS, pairs = count / width;
    b_lanes most = b_all(0);
    size_t n = 0;
    for (; n + 2 <= pairs; n += 2) {
        b_lanes first = b_get(code + n * width, paired), second = b_get(code + n * width + width, paired);
        for (size_t line = 0; line < 2 * width; line += 64)
            PREFETCH((const char *)code + n * width + AHEAD + line);
        put_values(v, g, &most, first, k, n, 0, to, type, mbits, bits, stream);
        put_values(v, g, &most, second, k, n + 1, 0, to, type, mbits, bits, stream);
    }
    if (n < pairs) {
        put_values(v, g, &most, b_get(code + n * width, paired), k, n, 0, to, type, mbits, bits, stream);
        n++;
    }
    if (count % width != 0)
        put_values(v, g, &most, b_get_half(code + n * width, paired), k, n, 1, to, type, mbits, bits, stream);
    return has_special(mbits, bits) && b_magnitude_above(most, d->largest);
}

/* The same of packed codes, none of which is NaN or Inf. */
LANES void group_packed(const spread_lanes *s, const value_lanes *v, const lowering *g, const uint8_t *code,
                        size_t count, size_t k, unsigned char *to, mx_type type, unsigned mbits, unsigned bits,
                        int stream)
{
    const size_t vectors = count / WORDS, at_once = packed_at_once(bits), bytes = at_once * WORDS / 4 * bits;
    uint8_t last[8 * WORDS] = {0};
    b_lanes of[4], most;
    size_t t = 0;
    for (; t + 2 * at_once <= vectors; t += 2 * at_once) {
        for (size_t line = 0; line < bytes; line += 64)
            PREFETCH((const char *)code + t * WORDS / 8 * bits + AHEAD + line);
        p_get(of, code + t * WORDS / 8 * bits, s, bits);
        UNROLL for (size_t i = 0; i < at_once; i++)
            put_values(v, g, &most, of[i], k, t / 2 + i, 0, to, type, mbits, bits, stream);
    }
    if (t == vectors)
        return;
    memcpy(last, code + t * WORDS / 8 * bits, (vectors - t) * WORDS / 8 * bits);
    p_get(of, last, s, bits);
    for (size_t i = 0; t < vectors; i++, t += 2)
        put_values(v, g, &most, of[i], k, t / 2, t + 1 == vectors, to, type, mbits, bits, stream);
}

LANES void put_products(void *to, const uint8_t *at, uint32_t unit, mx_type type, int stream)
{
    if (type == MX_FP32)
        i_put_fp32(to, at, unit, stream);
    else if (type == MX_BF16)
        i_put_bf16(to, at, unit, stream);
    else
        i_put_fp16(to, at, unit, stream);
}

/* INT8, blocks of whole vectors, where products are faster than words. */
LANES void group_products(const lowering *g, const uint8_t *code, size_t blocks, size_t k, unsigned char *to,
                          mx_type type, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    for (size_t b = 0; b < blocks; b++, code += k) {
        PREFETCH(code + AHEAD);
        UNROLL for (size_t i = 0; i < k; i += WORDS)
            put_products(to + width * (b * k + i), code + i, g->by[b], type, stream);
    }
}

/* Blocks whose scales are not for us. */
static APART void slow_values(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout,
                              size_t first, size_t blocks, unsigned stored)
{
    for (size_t b = first; b < first + blocks; b++) {
        int s = strip->scale_in[(ptrdiff_t)b * strip->scale_block] - 127;
        if (s < d->s_min || s > d->s_max)
            again(plan, strip, layout, b, 1, stored);
    }
}

/* Codes take `stored` bits: 8, or as many as they have. */
LANES void values_of(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type, unsigned mbits,
                     unsigned bits, unsigned stored, size_t k)
{
    const size_t width = type == MX_FP32 ? 4 : 2, per_group = k < 32 ? GROUP_BLOCKS : GROUP_WORDS / k;
    decoder d;
    lowering g;
    make_decoder(&d, plan);
    const value_lanes v = values_make(d.small, d.offset, mbits, bits);
    const spread_lanes s = p_spread_make(layout, stored, type != MX_BF16);
    int stream = plan->stream && (uintptr_t)strip->out % MXFAST_STREAM_ALIGN == 0;
    const int products = mbits == 6 && by_products(type) && k >= WORDS;
    const int units = products || (in_blocks(k) && by_unit(bits));
    size_t whole = k < WORDS ? strip->blocks & ~(size_t)1 : strip->blocks;
    for (size_t first = 0; first < whole; first += per_group) {
        size_t blocks = whole - first < per_group ? whole - first : per_group;
        const uint8_t *code = strip->code_in + first * k / 8 * stored;
        unsigned char *to = (unsigned char *)strip->out + first * k * width;
        int special = 0;
        group_lowering(&d, &g, strip->scale_in + (ptrdiff_t)first * strip->scale_block, strip->scale_block, blocks,
                       units);
        if (products && stream)
            group_products(&g, code, blocks, k, to, type, 1);
        else if (products)
            group_products(&g, code, blocks, k, to, type, 0);
        else if (stored == 8)
            special = stream ? group_values(&d, &v, &g, code, blocks * k, k, to, type, mbits, bits, 1)
                             : group_values(&d, &v, &g, code, blocks * k, k, to, type, mbits, bits, 0);
        else
            group_packed(&s, &v, &g, code, blocks * k, k, to, type, mbits, bits, stream);
        if (special)
            again(plan, strip, layout, first, blocks, stored);
        else if (g.slow)
            slow_values(&d, plan, strip, layout, first, blocks, stored);
    }
    if (whole < strip->blocks)
        again(plan, strip, layout, whole, strip->blocks - whole, stored);
}

LANES void values_of_k(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type,
                       unsigned mbits, unsigned bits, unsigned stored)
{
    if (strip->k == 32)
        values_of(plan, strip, layout, type, mbits, bits, stored, 32);
    else
        values_of(plan, strip, layout, type, mbits, bits, stored, strip->k);
}

LANES void values_of_format(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type,
                            int packed)
{
    switch (plan->elem) {
#define MX_FORMAT(id, bits, ebits, mbits, ...)                                                                         \
    case id:                                                                                                           \
        if (!packed || bits != 8)                                                                                      \
            values_of_k(plan, strip, layout, type, mbits, bits, packed ? bits : 8);                                    \
        break;
#include "impl/formats.def"
#undef MX_FORMAT
    }
}

static APART void values_fp32(const mxfast_plan *plan, const mxfast_strip *strip)
{
    values_of_format(plan, strip, (mx_layout)0, MX_FP32, 0);
}

static APART void values_bf16(const mxfast_plan *plan, const mxfast_strip *strip)
{
    values_of_format(plan, strip, (mx_layout)0, MX_BF16, 0);
}

static APART void values_fp16(const mxfast_plan *plan, const mxfast_strip *strip)
{
    values_of_format(plan, strip, (mx_layout)0, MX_FP16, 0);
}

static APART void packed_values_fp32(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout)
{
    values_of_format(plan, strip, layout, MX_FP32, 1);
}

static APART void packed_values_bf16(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout)
{
    values_of_format(plan, strip, layout, MX_BF16, 1);
}

static int dequantize_rows(const mxfast_plan *plan, const mxfast_strip *strip)
{
    ptrdiff_t k = (ptrdiff_t)strip->k;
    mx_type type = plan->value.type;
    if (!has_rows_of(strip->k) || strip->down > 1 || strip->value_elem != 1 || strip->code_elem != 1 ||
        strip->scale_in == NULL || (strip->blocks > 1 && (strip->value_block != k || strip->code_block != k)) ||
        type == MX_FP64 || (type == MX_FP16 && plan->decode.over != plan->value.inf))
        return 0;
    if (type == MX_FP32)
        values_fp32(plan, strip);
    else if (type == MX_BF16)
        values_bf16(plan, strip);
    else
        values_fp16(plan, strip);
    return 1;
}

static mxfast_packed_kernel *dequantize_packed(const mxfast_plan *plan, size_t k, mx_layout layout)
{
    if (!has_packed_rows_of(plan, k, layout))
        return NULL;
    return plan->value.type == MX_FP32 ? packed_values_fp32 : plan->value.type == MX_BF16 ? packed_values_bf16 : NULL;
}
