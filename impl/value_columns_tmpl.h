/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the dequantiser for blocks that lie side by side, each down a column. Included once by each
 * impl/<set>/<isa>.c, after dequantize_tmpl.h and columns_tmpl.h, whose parameters it has.
 *
 * Defines: dequantize_columns(plan, strip), for strips like those of quantize_columns.
 */

/* Columns of codes to rows, VALUE_COLS apart; rows and cols are multiples of 16. A line is touched once. */
static APART void columns_to_rows(uint8_t *to, const uint8_t *from, ptrdiff_t from_step, size_t rows, size_t cols)
{
    _Alignas(LINE) uint8_t line[sizeof(pieces) * LINE];
    for (size_t c = 0, wide; c < cols; c += wide) {
        wide = cols - c < sizeof(pieces) ? cols - c : sizeof(pieces);
        for (size_t r = 0; r < rows; r += LINE) {
            size_t n = rows - r < LINE ? rows - r : LINE;
            for (size_t i = 0; i < wide; i++)
                line_copy(line + i * LINE, from + (ptrdiff_t)(c + i) * from_step + (ptrdiff_t)r, n, 0);
            transpose(to + r * VALUE_COLS + c, VALUE_COLS, line, LINE, wide, n);
        }
    }
}

/* By how much to lower the words of each column (or its unit), in the order of the codes. Returns whether a scale is
 * not for us. */
LANES int tile_lowering(const decoder *d, const uint8_t *scale, size_t cols, uint16_t *down, uint32_t *unit, int paired,
                        int integer)
{
    word_lanes high = w_all((unsigned)(d->s_max + 127)), low = w_all((unsigned)(d->s_min + 127));
    uint64_t outside = 0;
    for (size_t i = 0; i < cols; i += WORDS) {
        word_lanes byte = w_codes(scale + i, paired);
        outside |= w_above(byte, high) | w_above(low, byte);
        w_store(down + i, w_left(w_and(w_sub(high, byte), w_all(0xff)), 7));
    }
    for (size_t i = 0; integer && i < cols; i++)
        unit[i] = (uint32_t)(scale[i] + (unsigned)d->unit) << 23;
    return outside != 0;
}

LANES word_lanes tile_values(const decoder *d, const uint8_t *code, size_t cols, const uint16_t *down,
                             const uint32_t *unit, unsigned char *to, mx_type type, unsigned mbits, unsigned bits,
                             word_lanes most, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    word_lanes small = w_table(d->small), offset = w_all(d->offset);
    for (size_t i = 0; i < cols; i += WORDS) {
        if (mbits == 6)
            put_integers(type, to + i * width, code + i, unit + i, 0, stream);
        else
            put(type, to + i * width,
                decode_words(w_codes(code + i, type != MX_BF16), w_load(down + i), small, offset, &most, mbits, bits),
                stream);
    }
    return most;
}

/* Scales of rows of blocks from row d, and columns from `first`, VALUE_COLS from row to row. */
static void scales_get(uint8_t *scales, const mxfast_strip *strip, size_t d, size_t first, size_t rows, size_t cols)
{
    const uint8_t *from = strip->scale_in + (ptrdiff_t)first * strip->scale_block + (ptrdiff_t)d * strip->scale_down;
    for (size_t c = 0; c < cols; c++)
        for (size_t i = 0; i < rows; i++)
            scales[i * VALUE_COLS + c] = from[(ptrdiff_t)c * strip->scale_block + (ptrdiff_t)i * strip->scale_down];
}

/* What tile_decode reads: codes and scales of the first column, and lines of codes to be fetched, one for each row, or
 * NULL. */
typedef struct coded {
    const uint8_t *code, *scale, *ahead;
    ptrdiff_t code_step, ahead_step;
} coded;

/* Columns [first, first + cols) of a row of blocks. */
LANES void tile_decode(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t cols,
                       const coded *from, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    _Alignas(64) uint16_t down[TILE];
    _Alignas(64) uint32_t unit[TILE];
    word_lanes most = w_all(0);
    int slow = tile_lowering(d, from->scale, cols, down, unit, type != MX_BF16, mbits == 6);
    unsigned char *to = (unsigned char *)strip->out + first * width;
    for (size_t r = 0; r < strip->k; r++) {
        if (from->ahead != NULL)
            PREFETCH_FAR(from->ahead + (ptrdiff_t)r * from->ahead_step);
        most = tile_values(d, from->code + (ptrdiff_t)r * from->code_step, cols, down, unit,
                           to + (ptrdiff_t)r * strip->value_elem * (ptrdiff_t)width, type, mbits, bits, most, stream);
    }
    if (slow || w_above(most, w_all(d->largest)) != 0)
        portable_blocks(plan, strip, first, cols);
}

/* `rows` rows of blocks together, from row `top`, from transposed codes. While a tile is decoded, the lines of the next
 * one are fetched. */
LANES void turned_values(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, size_t top, size_t rows,
                         size_t whole, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    _Alignas(64) uint8_t codes[VALUE_ROWS * VALUE_COLS];
    uint8_t scales[VALUE_ROWS / 16 * VALUE_COLS];
    const size_t k = strip->k;
    for (size_t first = 0; first < whole; first += VALUE_COLS) {
        size_t cols = whole - first < VALUE_COLS ? whole - first : VALUE_COLS;
        const uint8_t *in = strip->code_in + (ptrdiff_t)(top * k) + (ptrdiff_t)first * strip->code_block;
        const uint8_t *next = in + (ptrdiff_t)VALUE_COLS * strip->code_block;
        columns_to_rows(codes, in, strip->code_block, rows * k, cols);
        scales_get(scales, strip, top, first, rows, cols);
        for (size_t i = 0; i < rows; i++) {
            const size_t r = i * k;
            mxfast_strip row = mxfast_strip_row(plan, strip, top + i);
            const coded from = {codes + r * VALUE_COLS, scales + i * VALUE_COLS,
                                next + (ptrdiff_t)(r % VALUE_COLS) * strip->code_block + r / VALUE_COLS * LINE,
                                VALUE_COLS, strip->code_block};
            tile_decode(d, plan, &row, first, cols, &from, type, mbits, bits, stream);
        }
    }
}

/* Row `top` of the blocks, from codes that lie as the values do. */
LANES void straight_values(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, size_t top,
                           size_t whole, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    uint8_t scales[TILE];
    mxfast_strip row = mxfast_strip_row(plan, strip, top);
    for (size_t first = 0; first < whole; first += TILE) {
        size_t cols = whole - first < TILE ? whole - first : TILE;
        coded from = {row.code_in + first, row.scale_in + first, NULL, row.code_elem, 0};
        if (row.scale_block != 1) {
            for (size_t c = 0; c < cols; c++)
                scales[c] = row.scale_in[(ptrdiff_t)(first + c) * row.scale_block];
            from.scale = scales;
        }
        tile_decode(d, plan, &row, first, cols, &from, type, mbits, bits, stream);
    }
}

LANES void value_columns_of(const mxfast_plan *plan, const mxfast_strip *strip, mx_type type, unsigned mbits,
                            unsigned bits)
{
    const int turned = strip->code_block != 1;
    const size_t whole = strip->blocks / COLUMNS * COLUMNS, at_once = turned ? VALUE_ROWS / strip->k : 1;
    const ptrdiff_t step = strip->value_elem * (ptrdiff_t)plan->value.bytes;
    int stream = plan->stream && ((uintptr_t)strip->out | (uintptr_t)step) % LINE == 0;
    decoder d;
    make_decoder(&d, plan);
    for (size_t top = 0, rows; top < strip->down; top += rows) {
        rows = strip->down - top < at_once ? strip->down - top : at_once;
        if (turned)
            turned_values(&d, plan, strip, top, rows, whole, type, mbits, bits, stream);
        else
            straight_values(&d, plan, strip, top, whole, type, mbits, bits, stream);
        for (size_t i = 0; whole < strip->blocks && i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, top + i);
            portable_blocks(plan, &row, whole, strip->blocks - whole);
        }
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
