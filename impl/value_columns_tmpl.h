/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the dequantiser for blocks that lie side by side, each down a column. Included once by each
 * impl/<set>/<isa>.c, after dequantize_tmpl.h and columns_tmpl.h, whose parameters it has.
 *
 * Defines: dequantize_columns(plan, strip), for strips like those of quantize_columns.
 */

enum {
    VALUE_WIDE = 8192,                    /* columns whose codes lie side by side, read from end to end */
    VALUE_COLS = TILE,                    /* of a tile of transposed codes, ... */
    VALUE_ROWS = 1024,                    /* which is fetched while the one before is decoded: */
    FETCH_ROWS = VALUE_ROWS / VALUE_COLS, /* a column during so many rows */
    TURN_STEPS = 8                        /* half of them to copy lines, half to transpose 16 rows */
};

/* Codes of up to LINE rows and VALUE_COLS columns, multiples of 16, on their way from lines to rows VALUE_COLS apart: a
 * step at a time, as memory is to be read and written evenly. */
typedef struct turning {
    _Alignas(LINE) uint8_t line[sizeof(pieces) * LINE];
    const uint8_t *from;
    ptrdiff_t from_step;
    size_t rows, cols, step;
    uint8_t *to;
} turning;

/* Returns whether anything was left to do. A line is touched once. */
static APART int turn_some(turning *t)
{
    const size_t first = t->step / TURN_STEPS * sizeof(pieces), part = t->step % TURN_STEPS;
    if (first >= t->cols)
        return 0;
    const size_t wide = t->cols - first < sizeof(pieces) ? t->cols - first : sizeof(pieces);
    const size_t row = part < 4 ? 0 : (part - 4) * 16;
    t->step++;
    if (part < 4)
        for (size_t i = part * wide / 4; i < (part + 1) * wide / 4; i++)
            line_copy(t->line + i * LINE, t->from + (ptrdiff_t)(first + i) * t->from_step, t->rows, 0);
    else if (row < t->rows)
        transpose(t->to + row * VALUE_COLS + first, VALUE_COLS, t->line + row, LINE, wide, 16);
    return 1;
}

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

LANES void fetch_line(const uint8_t *ahead, size_t i)
{
    if (ahead != NULL && i % LINE == 0)
        PREFETCH_FAR(ahead + i);
}

/* A row of a tile. `ahead`, unless NULL: as many bytes that are to be fetched. */
LANES void tile_values(const value_lanes *v, const uint8_t *code, size_t cols, const uint16_t *down, unsigned char *to,
                       mx_type type, unsigned mbits, unsigned bits, b_lanes *most, const uint8_t *ahead, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    const int paired = type != MX_BF16;
    for (size_t i = 0; i < cols; i += 2 * WORDS) {
        const int last = i + WORDS == cols;
        word_lanes x, y, down_x = w_load(down + i), down_y = last ? down_x : w_load(down + i + WORDS);
        fetch_line(ahead, i);
        b_lanes codes = last ? b_get_half(code + i, paired) : b_get(code + i, paired);
        b_lanes c = b_decode(v, codes, down_x, down_y, &x, &y, mbits, bits);
        if (has_special(mbits, bits))
            *most = b_most(*most, c);
        put(type, to + i * width, x, stream);
        if (!last)
            put(type, to + (i + WORDS) * width, y, stream);
    }
}

/* Scales of rows of blocks from row d, and columns from `first`, VALUE_COLS from row to row. */
static void scales_get(uint8_t *scales, const mxfast_strip *strip, size_t d, size_t first, size_t rows, size_t cols)
{
    _Alignas(LINE) uint8_t line[16 * LINE];
    const uint8_t *from = strip->scale_in + (ptrdiff_t)first * strip->scale_block + (ptrdiff_t)d * strip->scale_down;
    for (size_t c = 0; c < cols; c += 16) {
        for (size_t i = 0; i < 16; i++, from += strip->scale_block)
            if (strip->scale_down == 1)
                memcpy(line + i * LINE, from, rows);
            else
                for (size_t r = 0; r < rows; r++)
                    line[i * LINE + r] = from[(ptrdiff_t)r * strip->scale_down];
        transpose(scales + c, VALUE_COLS, line, LINE, 16, (rows + 15) / 16 * 16);
    }
}

/* What tile_decode reads: codes and scales of the first column; and what it does after each row, or NULL: what
 * is fetched is VALUE_COLS bytes for a row, of columns ahead_step apart. */
typedef struct coded {
    const uint8_t *code, *scale;
    ptrdiff_t code_step;
    turning *turning;
    const uint8_t *ahead;
    ptrdiff_t ahead_step;
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
    for (size_t r = 0; r < strip->k; r++) {
        const uint8_t *ahead = from->ahead;
        if (ahead != NULL)
            ahead += (ptrdiff_t)(r / FETCH_ROWS) * from->ahead_step + (ptrdiff_t)(r % FETCH_ROWS * VALUE_COLS);
        tile_values(v, from->code + (ptrdiff_t)r * from->code_step, cols, down,
                    to + (ptrdiff_t)r * strip->value_elem * (ptrdiff_t)width, type, mbits, bits, &most, ahead, stream);
        if (from->turning != NULL)
            for (size_t i = 0; i < VALUE_COLS / sizeof(pieces) * TURN_STEPS; i += LINE)
                turn_some(from->turning);
    }
    if (slow || (has_special(mbits, bits) && b_magnitude_above(most, d->largest)))
        tile_slow_values(d, plan, strip, first, cols, from);
}

static void turn_begin(turning *t, const mxfast_strip *strip, size_t whole, corner at, uint8_t *sheet)
{
    const size_t rows = at.d < strip->down ? (strip->down - at.d) * strip->k : 0, cols = whole - at.first;
    t->from = strip->code_in + (ptrdiff_t)(at.d * strip->k) + (ptrdiff_t)at.first * strip->code_block;
    t->from_step = strip->code_block;
    t->rows = rows < LINE ? rows : LINE;
    t->cols = rows == 0 ? 0 : cols < VALUE_COLS ? cols : VALUE_COLS;
    t->step = 0;
    t->to = sheet;
}

/* From transposed codes. While a tile is decoded, the next one is fetched; while a sheet is, the next one is turned. */
LANES void turned_values(const decoder *d, const value_lanes *v, const mxfast_plan *plan, const mxfast_strip *strip,
                         size_t whole, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    _Alignas(64) uint8_t sheets[2][LINE * VALUE_COLS];
    uint8_t scales[VALUE_ROWS / 16 * VALUE_COLS];
    const size_t k = strip->k, high = VALUE_ROWS / k;
    turning t;
    const uint8_t *ahead = strip->code_in, *ahead_scale = strip->scale_in;
    corner at = {0, 0};
    turn_begin(&t, strip, whole, at, sheets[0]);
    while (turn_some(&t))
        ;
    for (int side = 0; at.d < strip->down; side ^= 1) {
        const size_t rows = t.rows / k, cols = t.cols, down = at.d % high;
        if (down == 0) {
            size_t all = strip->down - at.d < high ? strip->down - at.d : high, next = at.first + VALUE_COLS;
            corner to = next < whole ? (corner){at.d, next} : (corner){at.d + high, 0};
            scales_get(scales, strip, at.d, at.first, all, cols);
            ahead_scale =
                strip->scale_in + (ptrdiff_t)to.first * strip->scale_block + (ptrdiff_t)to.d * strip->scale_down;
            ahead = strip->code_in + (ptrdiff_t)(to.d * k) + (ptrdiff_t)to.first * strip->code_block;
        }
        const corner next = corner_after(strip, whole, at, LINE / k, high);
        turn_begin(&t, strip, whole, next, sheets[1 - side]);
        for (size_t i = 0; i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, at.d + i);
            const ptrdiff_t column = (ptrdiff_t)((down + i) * k / FETCH_ROWS), columns = (ptrdiff_t)(k / FETCH_ROWS);
            for (ptrdiff_t c = column; c < column + columns; c++)
                PREFETCH_FAR(ahead_scale + c * strip->scale_block);
            const coded from = {sheets[side] + i * k * VALUE_COLS,
                                scales + (down + i) * VALUE_COLS,
                                VALUE_COLS,
                                &t,
                                ahead + column * strip->code_block,
                                strip->code_block};
            tile_decode(d, v, plan, &row, at.first, cols, &from, type, mbits, bits, stream);
        }
        while (turn_some(&t))
            ;
        at = next;
    }
}

/* Row `top` of the blocks, from codes that lie as the values do. */
LANES void straight_values(const decoder *d, const value_lanes *v, const mxfast_plan *plan, const mxfast_strip *strip,
                           size_t top, size_t whole, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    uint8_t scales[VALUE_WIDE];
    mxfast_strip row = mxfast_strip_row(plan, strip, top);
    for (size_t first = 0; first < whole; first += VALUE_WIDE) {
        size_t cols = whole - first < VALUE_WIDE ? whole - first : VALUE_WIDE;
        coded from = {row.code_in + first, row.scale_in + first, row.code_elem, NULL, NULL, 0};
        if (row.scale_block != 1) {
            for (size_t c = 0; c < cols; c++)
                scales[c] = row.scale_in[(ptrdiff_t)(first + c) * row.scale_block];
            from.scale = scales;
        }
        tile_decode(d, v, plan, &row, first, cols, &from, type, mbits, bits, stream);
    }
}

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
