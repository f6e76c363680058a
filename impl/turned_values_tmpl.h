/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: values of blocks down columns from transposed codes. Included by value_columns_tmpl.h, whose parts it uses,
 * and those of columns_tmpl.h and turned_tmpl.h.
 *
 * Parameters: transpose_to_pairs of transpose_tmpl.h.
 * Defines: turned_values(d, v, plan, strip, whole, type, mbits, bits, stream).
 *
 * Squares of SIDE columns and LINE rows are taken, one below the other. While one is decoded, the next is transposed, 8
 * columns after 8 rows, whole lines of them at once: columns may push each other out of the first-level cache. Two rows
 * are decoded at once, whose codes lie in turns, which makes up for the last of four passes of the transposition. The
 * next tile, of squares below one another, is fetched meanwhile.
 */

/* Codes of a square in memory. There may be fewer rows and columns than LINE and SIDE, or none. */
typedef struct coded_square {
    const uint8_t *code;
    ptrdiff_t step; /* from column to column */
    size_t rows, cols;
} coded_square;

typedef struct turning {
    _Alignas(64) uint8_t pairs[2][LINE * SIDE]; /* of two rows in turns: of this square, of the next */
    unsigned of_next;                           /* which of them */
    coded_square next;
    fetching codes, scales; /* of the next tile */
} turning;

/* Fewer than LINE rows of 8 columns. */
static APART void copy_short(uint8_t *to, const coded_square *s, size_t first, size_t apart)
{
    for (size_t i = 0; i < 8; i++) {
        const size_t c = first + i % 4 + i / 4 * apart;
        memcpy(to + i * LINE, s->code + (ptrdiff_t)c * s->step, s->rows);
    }
}

/* Eight columns, of which `at` is the first, or the place of the first where words are to be in the order of w_put_fp32
 * (paired). */
LANES void turn_some(turning *t, size_t at, int paired)
{
    enum { HIGH = sizeof(pieces) };
    uint8_t line[8 * LINE];
    const coded_square *s = &t->next;
    const size_t first = paired ? at / WORDS * WORDS + at % WORDS / 2 : at, apart = paired ? WORDS / 2 : 4;
    uint8_t *to = t->pairs[t->of_next] + 2 * at;
    if (at >= s->cols)
        return;
    if (s->rows == LINE) {
        const uint8_t *from = s->code + (ptrdiff_t)first * s->step;
        for (size_t i = 0; i < LINE; i += HIGH)
            transpose_to_pairs(to + i * SIDE, 2 * SIDE, from + i, s->step, (ptrdiff_t)apart);
        return;
    }
    copy_short(line, s, first, apart);
    for (size_t i = 0; i < LINE; i += HIGH)
        transpose_to_pairs(to + i * SIDE, 2 * SIDE, line + i, LINE, 4);
}

/* What is left of it. */
static APART void turn_rest(turning *t, size_t at, int paired)
{
    for (; at < SIDE; at += 8)
        turn_some(t, at, paired);
}

/* ---- scales ---- */

/* Of rows of blocks from row d, and columns from `first`, SIDE from row to row. */
static void scales_get(uint8_t *scales, const mxfast_strip *strip, corner at, size_t rows, size_t cols)
{
    _Alignas(LINE) uint8_t line[16 * LINE];
    const uint8_t *from =
        strip->scale_in + (ptrdiff_t)at.first * strip->scale_block + (ptrdiff_t)at.d * strip->scale_down;
    for (size_t c = 0; c < cols; c += 16) {
        for (size_t i = 0; i < 16; i++, from += strip->scale_block)
            if (strip->scale_down == 1 && rows == 32)
                memcpy(line + i * LINE, from, 32);
            else if (strip->scale_down == 1)
                memcpy(line + i * LINE, from, rows);
            else
                for (size_t r = 0; r < rows; r++)
                    line[i * LINE + r] = from[(ptrdiff_t)r * strip->scale_down];
        transpose(scales + c, SIDE, line, LINE, 16, (rows + 15) / 16 * 16);
    }
}

/* ---- decoding ---- */

/* Blocks that are not for us, of a row of blocks of a square that holds one. */
static APART void square_slow_values(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, corner at,
                                     size_t cols, const uint8_t *scale)
{
    const unsigned magnitude = (1u << (d->bits - 1)) - 1;
    const mxfast_strip row = mxfast_strip_row(plan, strip, at.d);
    for (size_t c = 0; c < cols; c++) {
        const uint8_t *code = row.code_in + (ptrdiff_t)(at.first + c) * row.code_block;
        int slow = scale[c] > d->s_max + 127 || scale[c] < d->s_min + 127;
        for (size_t r = 0; r < row.k && !slow; r++)
            slow = (code[r] & magnitude) > d->largest;
        if (slow)
            portable_blocks(plan, &row, at.first + c, 1);
    }
}

/* k rows of n vectors side by side; `at`: how many columns of the next square are transposed. Returns the largest
 * magnitudes. */
LANES b_lanes pairs_values(const value_lanes *v, turning *t, const uint8_t *code, const uint16_t *lower_by, size_t k,
                           size_t n, unsigned char *to, ptrdiff_t step, size_t at, mx_type type, unsigned mbits,
                           unsigned bits, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    b_lanes most = b_all(0);
    word_lanes down[SIDE / WORDS];
    UNROLL for (size_t i = 0; i < SIDE / WORDS; i++) down[i] = i < n ? w_load(lower_by + i * WORDS) : w_all(0);
    for (const size_t end = at + k; at < end; at += 8) {
        for (size_t r = 0; r < 4; r++, code += 2 * SIDE, to += 2 * step) {
            fetch_some(&t->codes, 2 * LINE);
            UNROLL for (size_t i = 0; i < n; i++)
            {
                word_lanes x, y;
                b_lanes c = b_decode_pairs(v, w_load(code + 2 * i * WORDS), down[i], &x, &y, mbits, bits);
                if (has_special(mbits, bits))
                    most = b_most(most, c);
                put(type, to + i * WORDS * width, x, stream);
                put(type, to + step + (ptrdiff_t)(i * WORDS * width), y, stream);
            }
        }
        fetch_some(&t->scales, LINE);
        turn_some(t, at, type != MX_BF16);
    }
    return most;
}

/* A row of blocks of a square; `row`: of the square, its first. No strip is made of it: to read several fields at once
 * just after they were written one by one waits for all stores before, and most of those go past the caches. */
LANES void square_values(const decoder *d, const value_lanes *v, const mxfast_plan *plan, const mxfast_strip *strip,
                         corner at, size_t cols, turning *t, size_t row, const uint8_t *scale, mx_type type,
                         unsigned mbits, unsigned bits, int stream)
{
    const ptrdiff_t step = strip->value_elem * (ptrdiff_t)plan->value.bytes;
    const uint8_t *code = t->pairs[t->of_next ^ 1] + row * SIDE;
    unsigned char *to =
        (unsigned char *)strip->out + (ptrdiff_t)(at.d * strip->k) * step + at.first * plan->value.bytes;
    _Alignas(64) uint16_t down[SIDE];
    const int slow = tile_lowering(d, scale, cols, down, type != MX_BF16);
    b_lanes most;
    if (cols == SIDE)
        most = pairs_values(v, t, code, down, strip->k, SIDE / WORDS, to, step, row, type, mbits, bits, stream);
    else
        most = pairs_values(v, t, code, down, strip->k, cols / WORDS, to, step, row, type, mbits, bits, stream);
    if (slow || (has_special(mbits, bits) && b_magnitude_above(most, d->largest)))
        square_slow_values(d, plan, strip, at, cols, scale);
}

/* ---- squares ---- */

static coded_square square_at(const mxfast_strip *strip, const walk *w, corner at)
{
    const size_t rows = at.d < strip->down ? (strip->down - at.d) * strip->k : 0;
    return (coded_square){
        .code = strip->code_in + (ptrdiff_t)(at.d * strip->k) + (ptrdiff_t)at.first * strip->code_block,
        .step = strip->code_block,
        .rows = rows < LINE ? rows : LINE,
        .cols = rows == 0 ? 0 : walk_cols(w, at),
    };
}

/* The tile from a corner on is to be fetched: `high` rows of blocks, at most. */
static void turning_fetch(turning *t, const mxfast_strip *strip, corner at, size_t high)
{
    const size_t left = at.d < strip->down ? strip->down - at.d : 0, rows = left < high ? left : high;
    const size_t cols = rows == 0 ? 0 : SIDE; /* past the last it does no harm */
    const ptrdiff_t first = (ptrdiff_t)at.first, d = (ptrdiff_t)at.d;
    t->codes = (fetching){.row = strip->code_in + d * (ptrdiff_t)strip->k + first * strip->code_block,
                          .step = strip->code_block,
                          .bytes = rows * strip->k,
                          .rows = cols};
    t->scales = (fetching){.row = strip->scale_in + first * strip->scale_block + d * strip->scale_down,
                           .step = strip->scale_block,
                           .bytes = rows,
                           .rows = cols};
}

LANES void turned_values(const decoder *d, const value_lanes *v, const mxfast_plan *plan, const mxfast_strip *strip,
                         size_t whole, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    const size_t k = strip->k, high = PANEL_ROWS / k;
    _Alignas(64) uint8_t scales[PANEL_ROWS / 16 * SIDE];
    turning t = {.of_next = 0};
    walk w = walk_make(strip, whole, LINE / k, high, SIDE);
    t.next = square_at(strip, &w, w.at);
    turn_rest(&t, 0, type != MX_BF16);
    for (; w.at.d < strip->down; walk_on(&w, strip)) {
        const coded_square now = t.next;
        const corner at = w.at;
        const size_t left = strip->down - at.d, down = at.d % high;
        if (down == 0) {
            turning_fetch(&t, strip, corner_after(strip, whole, at, high, high, SIDE), high);
            scales_get(scales, strip, at, left < high ? left : high, now.cols);
        }
        t.next = square_at(strip, &w, w.next);
        t.of_next ^= 1;
        for (size_t b = 0; b < now.rows / k; b++)
            square_values(d, v, plan, strip, (corner){at.d + b, at.first}, now.cols, &t, b * k,
                          scales + (down + b) * SIDE, type, mbits, bits, stream);
        turn_rest(&t, now.rows, type != MX_BF16);
    }
}
