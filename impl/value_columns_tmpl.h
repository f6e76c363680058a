/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the dequantiser for blocks that lie side by side, each down a column. Included once by each
 * impl/<set>/<isa>.c, after dequantize_tmpl.h and columns_tmpl.h, whose parameters it has.
 *
 * Defines: dequantize_columns(plan, strip), for strips like those of quantize_columns.
 */

enum { VALUE_WIDE = 8192 }; /* columns whose codes lie side by side, read from end to end */

/* By how much to lower the words of each column, in the order of the codes. Returns whether a scale is not for us. */
LANES int tile_lowering(const decoder *d, const uint8_t *scale, size_t cols, uint16_t *down, int paired)
{
    word_lanes high = w_all((unsigned)(d->s_max + 127)), low = w_all((unsigned)(d->s_min + 127));
    uint64_t outside = 0;
    for (size_t i = 0; i < cols; i += WORDS) {
        word_lanes byte = w_codes(scale + i, paired);
        outside |= w_above(byte, high) | w_above(low, byte);
        w_store(down + i, w_left(w_and(w_sub(high, byte), w_all(0xff)), 7));
    }
    return outside != 0;
}

/* A row of a tile. */
LANES void tile_values(const value_lanes *v, const uint8_t *code, size_t cols, const uint16_t *down, unsigned char *to,
                       mx_type type, unsigned mbits, unsigned bits, b_lanes *most, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    const int paired = type != MX_BF16;
    for (size_t i = 0; i < cols; i += 2 * WORDS) {
        const int last = i + WORDS == cols;
        word_lanes x, y, down_x = w_load(down + i), down_y = last ? down_x : w_load(down + i + WORDS);
        b_lanes codes = last ? b_get_half(code + i, paired) : b_get(code + i, paired);
        b_lanes c = b_decode(v, codes, down_x, down_y, &x, &y, mbits, bits);
        if (has_special(mbits, bits))
            *most = b_most(*most, c);
        put(type, to + i * width, x, stream);
        if (!last)
            put(type, to + (i + WORDS) * width, y, stream);
    }
}

/* What tile_decode reads: codes and scales of the first column. */
typedef struct coded {
    const uint8_t *code, *scale;
    ptrdiff_t code_step;
} coded;

/* Blocks that are not for us, of a tile that holds one. */
static APART void tile_slow_values(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, size_t first,
                                   size_t cols, const coded *from)
{
    word_lanes high = w_all((unsigned)(d->s_max + 127)), low = w_all((unsigned)(d->s_min + 127));
    for (size_t i = 0; i < cols; i += WORDS) {
        word_lanes byte = w_codes(from->scale + i, 0), most = w_all(0);
        for (size_t r = 0; r < strip->k; r++)
            most = w_max(most, w_and(w_codes(from->code + (ptrdiff_t)r * from->code_step + i, 0),
                                     w_all((1u << (d->bits - 1)) - 1)));
        uint64_t left = w_above(byte, high) | w_above(low, byte) | w_above(most, w_all(d->largest));
        for (; left != 0; left &= left - 1)
            portable_blocks(plan, strip, first + i + lowest_bit(left), 1);
    }
}

/* Columns [first, first + cols) of a row of blocks, VALUE_WIDE at most. */
LANES void tile_decode(const decoder *d, const value_lanes *v, const mxfast_plan *plan, const mxfast_strip *strip,
                       size_t first, size_t cols, const coded *from, mx_type type, unsigned mbits, unsigned bits,
                       int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    _Alignas(64) uint16_t down[VALUE_WIDE];
    b_lanes most = b_all(0);
    int slow = tile_lowering(d, from->scale, cols, down, type != MX_BF16);
    unsigned char *to = (unsigned char *)strip->out + first * width;
    for (size_t r = 0; r < strip->k; r++)
        tile_values(v, from->code + (ptrdiff_t)r * from->code_step, cols, down,
                    to + (ptrdiff_t)r * strip->value_elem * (ptrdiff_t)width, type, mbits, bits, &most, stream);
    if (slow || (has_special(mbits, bits) && b_magnitude_above(most, d->largest)))
        tile_slow_values(d, plan, strip, first, cols, from);
}

/* Row `top` of the blocks, from codes that lie as the values do. */
LANES void straight_values(const decoder *d, const value_lanes *v, const mxfast_plan *plan, const mxfast_strip *strip,
                           size_t top, size_t whole, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    uint8_t scales[VALUE_WIDE];
    mxfast_strip row = mxfast_strip_row(plan, strip, top);
    for (size_t first = 0; first < whole; first += VALUE_WIDE) {
        size_t cols = whole - first < VALUE_WIDE ? whole - first : VALUE_WIDE;
        coded from = {row.code_in + first, row.scale_in + first, row.code_elem};
        if (row.scale_block != 1) {
            for (size_t c = 0; c < cols; c++)
                scales[c] = row.scale_in[(ptrdiff_t)(first + c) * row.scale_block];
            from.scale = scales;
        }
        tile_decode(d, v, plan, &row, first, cols, &from, type, mbits, bits, stream);
    }
}

#include "impl/turned_values_tmpl.h"

LANES void value_columns_of(const mxfast_plan *plan, const mxfast_strip *strip, mx_type type, unsigned mbits,
                            unsigned bits)
{
    const int turned = strip->code_block != 1;
    const size_t whole = strip->blocks / COLUMNS * COLUMNS;
    const ptrdiff_t step = strip->value_elem * (ptrdiff_t)plan->value.bytes;
    int stream = plan->stream && ((uintptr_t)strip->out | (uintptr_t)step) % LINE == 0;
    decoder d;
    make_decoder(&d, plan);
    const value_lanes v = values_make(d.small, d.offset, mbits, bits);
    if (turned)
        turned_values(&d, &v, plan, strip, whole, type, mbits, bits, stream);
    else
        for (size_t top = 0; top < strip->down; top++)
            straight_values(&d, &v, plan, strip, top, whole, type, mbits, bits, stream);
    for (size_t i = 0; whole < strip->blocks && i < strip->down; i++) {
        mxfast_strip row = mxfast_strip_row(plan, strip, i);
        portable_blocks(plan, &row, whole, strip->blocks - whole);
    }
}

LANES void value_columns_of_format(const mxfast_plan *plan, const mxfast_strip *strip, mx_type type)
{
    switch (plan->elem) {
#define MX_FORMAT(id, bits, ebits, mbits, ...)                                                                         \
    case id:                                                                                                           \
        value_columns_of(plan, strip, type, mbits, bits);                                                              \
        break;
#include "impl/formats.def"
#undef MX_FORMAT
    }
}

static APART void value_columns_fp32(const mxfast_plan *plan, const mxfast_strip *strip)
{
    value_columns_of_format(plan, strip, MX_FP32);
}

static APART void value_columns_bf16(const mxfast_plan *plan, const mxfast_strip *strip)
{
    value_columns_of_format(plan, strip, MX_BF16);
}

static APART void value_columns_fp16(const mxfast_plan *plan, const mxfast_strip *strip)
{
    value_columns_of_format(plan, strip, MX_FP16);
}

static int dequantize_columns(const mxfast_plan *plan, const mxfast_strip *strip)
{
    mx_type type = plan->value.type;
    if (!is_columns(strip) || strip->scale_in == NULL || type == MX_FP64 ||
        (type == MX_FP16 && plan->decode.over != plan->value.inf))
        return 0;
    if (type == MX_FP32)
        value_columns_fp32(plan, strip);
    else if (type == MX_BF16)
        value_columns_bf16(plan, strip);
    else
        value_columns_fp16(plan, strip);
    return 1;
}
