/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the quantiser along rows and down columns at once, values read once. Included once by each
 * impl/<set>/<isa>.c that has it, after columns_tmpl.h, whose parts it uses.
 *
 * Parameters: the functions of lanes.h; IN_REGISTER(x), which hides from the compiler that vector x is a constant it
 * might make again; and of a rounded_<isa>.h, for values that are rounded once for both directions:
 *   r_span(mbits, bits)           binades from the origin of places to the largest value; 0: the format is not for it
 *   r_lanes, r_make(f, mbits, bits)
 *                                 constants, of a mxfast_words
 *   rounded, r_round(c, x, y, origin, v, mbits)
 *                                 of two rows, the words x and y of each: places above `origin`, as they are and
 *                                 rounded, and signs
 *   r_base, r_base_of(place, fine, mbits)
 *                                 by how much places lie above codes (normal), and fine places above those of small
 *                                 values (fine), in bytes; of a block that begins at `place`, in words
 *   r_bytes(x, y)                 words as bytes in the order of `rounded`
 *   r_upper, r_halves(low, high, upper)
 *                                 bytes of *low in the first half and of *high in the second, where these are of two
 *                                 blocks, else of *low
 *   r_codes(c, v, base, code, mbits)
 *                                 codes of two rows
 *   r_put_pairs(to, code)         of these, those of each column together
 *
 * Defines: has_both(plan, k); quantize_both(plan, rows, columns), a mxfast_both_kernel for such plans.
 *
 * Squares of SIDE values are taken in two bands: words of a band and its largest magnitudes both ways, then its scales,
 * then its codes. Those of columns wait in the first-level cache until the square is whole; they are transposed and
 * written, 8 lines after as many rows, while the next is encoded. Squares are in the order of columns_tmpl.h. The next
 * tile is fetched while codes are made only: fetching while values are read holds up the reading.
 */

enum { HALF = 32 };

/* What encoding needs of a band: HALF rows of a square. */
typedef struct band {
    group along; /* blocks of the left HALF of the columns, then of the right */
    group down;
    int is_rounded; /* what follows can be had */
    word_lanes origin;
    _Alignas(64) uint32_t row_base[2][SIDE]; /* of r_base, normal and fine: a byte four times */
    _Alignas(64) uint8_t col_base[2][SIDE];
} band;

typedef struct both_square {
    square s;
    band band;
    encoder encoder;
    r_lanes rounding;
} both_square;

/* Where results of a band go. */
typedef struct band_out {
    uint8_t *along, *down;
    ptrdiff_t step; /* of `along` */
    int stream_along, stream_lines;
} band_out;

LANES void band_take(mx_type type, const unsigned char *in, ptrdiff_t step, unsigned char *kept, band *h,
                     word_lanes sticky, int integer)
{
    const size_t width = type == MX_FP32 ? 4 : 2, keeps = kept_bytes(type, integer);
    word_lanes all = w_all(0x7fff);
    IN_REGISTER(all);
    word_lanes least[SIDE / WORDS];
    UNROLL for (size_t i = 0; i < SIDE / WORDS; i++) least[i] = all;
    for (size_t first = 0; first < HALF; first += WORDS) {
        word_lanes part[2][8];
        UNROLL for (size_t j = 0; j < 8; j++)
        {
            word_lanes of[2][WORDS / 8];
            UNROLL for (size_t r = 0; r < WORDS / 8; r++)
            {
                UNROLL for (size_t i = 0; i < SIDE / WORDS; i++)
                {
                    const word_lanes left = w_without(
                        all, vector_keep(type, in + i * WORDS * width, kept + i * WORDS * keeps, sticky, integer, 0));
                    least[i] = w_min(least[i], left);
                    of[i * WORDS / HALF][r] = i * WORDS % HALF == 0 ? left : w_min(of[i * WORDS / HALF][r], left);
                }
                in += step;
                kept += SIDE * keeps;
            }
            part[0][j] = w_least_of_quarters(of[0]);
            part[1][j] = w_least_of_quarters(of[1]);
        }
        w_store(h->along.least + first, w_least_of_eights(part[0]));
        w_store(h->along.least + HALF + first, w_least_of_eights(part[1]));
    }
    UNROLL for (size_t i = 0; i < SIDE / WORDS; i++) w_store(h->down.least + i * WORDS, least[i]);
}

LANES void band_take_by(const mxfast_plan *plan, const unsigned char *in, ptrdiff_t step, unsigned char *kept, band *h,
                        int integer)
{
    const word_lanes sticky = w_all(plan->words.sticky);
    if (plan->value.type == MX_FP32)
        band_take(MX_FP32, in, step, kept, h, sticky, integer);
    else if (plan->value.type == MX_BF16)
        band_take(MX_BF16, in, step, kept, h, sticky, integer);
    else
        band_take(MX_FP16, in, step, kept, h, sticky, integer);
}

static APART void band_take_of(const mxfast_plan *plan, const unsigned char *in, ptrdiff_t step, unsigned char *kept,
                               band *h)
{
    if (plan->elem == MX_INT8)
        band_take_by(plan, in, step, kept, h, 1);
    else
        band_take_by(plan, in, step, kept, h, 0);
}

/* Places are counted from `origin`, so far below the largest value that a byte holds what it is rounded to, and fine
 * places of small values of any block. (Its block begins 19 binades below the largest with E4M3, 33 with E5M2, one less
 * where the rule takes the scale up. fp8: of 256 >> mbits binades, less 4, these with mbits + 2 of small ones are 15
 * and 32, so that twice the place is a byte too.) Blocks that begin below `origin` are not for it. */
LANES void band_origin(const mxfast_words *f, band *h, unsigned span, unsigned mbits)
{
    word_lanes least = w_load(h->down.least), along[SIDE / WORDS], down[SIDE / WORDS];
    uint16_t one[2];
    uint64_t under = 0;
    UNROLL for (size_t i = WORDS; i < SIDE; i += WORDS) least = w_min(least, w_load(h->down.least + i));
    w_put_least(one, least, 0);
    const unsigned most = (0x7fffu - one[0]) >> 7;
    h->origin = w_base(f, w_all(most < span ? 0 : most - span));
    UNROLL for (size_t i = 0; i < SIDE / WORDS; i++)
    {
        const word_lanes a = w_load(h->along.base + i * WORDS), d = w_load(h->down.base + i * WORDS);
        under |= w_above(h->origin, a) | w_above(h->origin, d);
        along[i] = w_right(w_sub(a, h->origin), 7 - mbits);
        down[i] = w_right(w_sub(d, h->origin), 7 - mbits);
    }
    for (int fine = 0; fine < 2; fine++) {
        UNROLL for (size_t i = 0; i < SIDE / WORDS; i++)
        {
            const word_lanes a = r_base_of(along[i], fine, mbits);
            w_put_pairs(h->row_base[fine] + i * WORDS, w_or(w_left(a, 8), w_and(a, w_all(0xff))), 0);
        }
        UNROLL for (size_t i = 0; i < SIDE / WORDS; i += 2)
            w_store(h->col_base[fine] + i * WORDS,
                    r_bytes(r_base_of(down[i], fine, mbits), r_base_of(down[i + 1], fine, mbits)));
    }
    h->is_rounded = under == 0;
}

/* Codes of 2 * WORDS columns of a row, by `pair` of the row's block or blocks. */
LANES b_lanes along_codes(const encoder *e, mx_type type, const unsigned char *kept, const uint32_t *pair, size_t i,
                          unsigned mbits, unsigned bits)
{
    const unsigned char *x = kept + i * kept_bytes(type, mbits == 6), *y = x + WORDS * kept_bytes(type, mbits == 6);
    const word_lanes low = w_pair(pair[i / HALF * HALF]), high = w_pair(pair[(i + WORDS) / HALF * HALF]);
    if (mbits == 6)
        return b_signed(integers_of(type, x, low, low), integers_of(type, y, high, high), e->least, 0);
    return b_codes(&e->codes, w_load(x), w_load(y), low, high, 0, mbits, bits);
}

/* Two rows of codes both ways. */
LANES void plain_rows(const both_square *s, const encoder *e, mx_type type, const unsigned char *kept, size_t r,
                      band_out out, unsigned mbits, unsigned bits)
{
    const size_t step = SIDE * kept_bytes(type, mbits == 6);
    const band *h = &s->band;
    UNROLL for (size_t j = 0; j < 2; j++, out.along += out.step) UNROLL for (size_t i = 0; i < SIDE; i += 2 * WORDS)
        b_put(out.along + i, along_codes(e, type, kept + j * step, h->along.pair + r + j, i, mbits, bits),
              out.stream_along);
    UNROLL for (size_t i = 0; i < SIDE / WORDS; i++) b_put_pairs(
        out.down + i * 2 * WORDS, pair_codes(e, &s->s, type, kept, i, w_load(h->down.base + i * WORDS), mbits, bits));
}

/* Two rows of codes both ways, of the 2 * WORDS columns from i on, whose bases are `col`. */
LANES void rounded_rows(const r_lanes *c, const band *h, const unsigned char *kept, word_lanes origin, r_base col,
                        size_t r, size_t i, r_upper upper, band_out out, unsigned mbits)
{
    const unsigned char *at = kept + (r * SIDE + i) * 2, *below = at + SIDE * 2;
    const size_t left = i / HALF * HALF + r, right = (i + WORDS) / HALF * HALF + r;
    const word_lanes x[2] = {w_load(at), w_load(below)}, y[2] = {w_load(at + 2 * WORDS), w_load(below + 2 * WORDS)};
    const r_base cols[2] = {col, col};
    rounded v[2];
    r_base row[2];
    b_lanes code[2];
    r_round(c, x, y, origin, v, mbits);
    UNROLL for (size_t j = 0; j < 2; j++)
    {
        row[j].normal = r_halves(h->row_base[0] + left + j, h->row_base[0] + right + j, upper);
        row[j].fine = r_halves(h->row_base[1] + left + j, h->row_base[1] + right + j, upper);
    }
    r_codes(c, v, row, code, mbits);
    UNROLL for (ptrdiff_t j = 0; j < 2; j++) b_put(out.along + j * out.step + i, code[j], out.stream_along);
    r_codes(c, v, cols, code, mbits);
    r_put_pairs(out.down + 2 * i, code);
}

LANES void rounded_band(both_square *s, band_out out, size_t width, unsigned mbits)
{
    enum { WIDE = 2 * WORDS };
    const r_lanes c = s->rounding;
    const word_lanes origin = s->band.origin;
    const r_upper upper = r_upper_make();
    r_base col[SIDE / WIDE];
    UNROLL for (size_t i = 0; i < SIDE; i += WIDE) col[i / WIDE] =
        (r_base){w_load(s->band.col_base[0] + i), w_load(s->band.col_base[1] + i)};
    for (size_t r = 0; r < HALF; r += 2, out.along += 2 * out.step, out.down += 2 * SIDE) {
        for (size_t i = 0; i < width; i += 2)
            fetch_some(&s->s.ahead, 4 * LINE);
        UNROLL for (size_t i = 0; i < SIDE; i += WIDE)
            rounded_rows(&c, &s->band, s->s.kept[0], origin, col[i / WIDE], r, i, upper, out, mbits);
        if (r % 8 == 6)
            put_some(&s->s.put, 0, out.stream_lines);
    }
}

LANES void plain_band(both_square *s, mx_type type, band_out out, size_t width, unsigned mbits, unsigned bits)
{
    const encoder e = s->encoder;
    const unsigned char *kept = s->s.kept[0];
    for (size_t r = 0; r < HALF; r += 2, out.along += 2 * out.step, out.down += 2 * SIDE) {
        fetch_some(&s->s.ahead, SIDE * width);
        fetch_some(&s->s.ahead, SIDE * width);
        plain_rows(s, &e, type, kept + r * SIDE * kept_bytes(type, mbits == 6), r, out, mbits, bits);
        if (r % 8 == 6)
            put_some(&s->s.put, 0, out.stream_lines);
    }
}

/* Words are the same of all types, the values of INT8 are not. */
LANES void plain_band_of(both_square *s, mx_type type, band_out out, size_t width, unsigned mbits, unsigned bits)
{
    if (mbits == 6 && type == MX_FP32)
        plain_band(s, MX_FP32, out, width, mbits, bits);
    else if (mbits == 6 && type == MX_FP16)
        plain_band(s, MX_FP16, out, width, mbits, bits);
    else
        plain_band(s, MX_BF16, out, width, mbits, bits);
}

/* Blocks that are not for us. */
static APART void band_slow(const mxfast_plan *plan, const mxfast_strip *rows, const mxfast_strip *columns,
                            const band *h, size_t row, size_t col, uint8_t *codes, uint8_t *row_scales,
                            uint8_t *col_scales)
{
    for (size_t side = 0; side < 2; side++) {
        mxfast_strip at = mxfast_strip_row(plan, rows, col / HALF + side);
        at.scale_out = row_scales + side * PANEL_ROWS - row;
        at.scale_block = 1;
        group_slow(plan, &at, row, h->along.slow >> side * HALF & UINT32_MAX);
    }
    mxfast_strip at = mxfast_strip_row(plan, columns, row / HALF);
    at = mxfast_strip_part(plan, &at, col, SIDE);
    at.scale_out = col_scales;
    at.scale_block = 1;
    pairs_slow(plan, &at, h->down.slow, codes, 0);
}

/* Where squares go, and the scales of a panel's: of rows PANEL_ROWS from one column of blocks to the next, of columns
 * TILE from one row of blocks to the next. */
typedef struct both_out {
    const mxfast_strip *rows, *columns;
    int stream_rows, stream_columns;
    _Alignas(64) uint8_t row_scales[16 * PANEL_ROWS], col_scales[PANEL_ROWS / HALF * TILE];
} both_out;

/* The band at (row, col), `scale_row` rows below the panel's first, `scale_col` columns beside the tile's. */
LANES void band_encode(const mxfast_plan *plan, both_square *s, both_out *to, size_t row, size_t col, size_t scale_row,
                       size_t scale_col, unsigned mbits, unsigned bits)
{
    const size_t width = plan->value.bytes;
    const ptrdiff_t step = to->rows->value_block * (ptrdiff_t)width;
    const unsigned char *in = (const unsigned char *)to->rows->in + (ptrdiff_t)row * step + (ptrdiff_t)(col * width);
    uint8_t *row_scales = to->row_scales + scale_col / HALF * PANEL_ROWS + scale_row;
    uint8_t *col_scales = to->col_scales + scale_row / HALF * TILE + scale_col;
    band *h = &s->band;
    const band_out out = {to->rows->code_out + (ptrdiff_t)row * to->rows->code_block + (ptrdiff_t)col,
                          s->s.codes[s->s.of_codes] + row % SIDE * SIDE, to->rows->code_block, to->stream_rows,
                          to->stream_columns};
    band_take_of(plan, in, step, s->s.kept[0], h);
    scales_of(&plan->words, &h->along, SIDE, mbits == 6);
    scales_of(&plan->words, &h->down, SIDE, mbits == 6);
    for (size_t i = 0; mbits == 6 && i < SIDE; i += WORDS)
        units_put(plan->value.type, s->s.unit + i, w_load(h->down.base + i));
    for (size_t i = 0; i < SIDE; i += WORDS) {
        w_narrow_one(row_scales + i / HALF * PANEL_ROWS + i % HALF, w_left(w_load(h->along.byte + i), 8));
        w_narrow_one(col_scales + i, w_left(w_load(h->down.byte + i), 8));
    }
    if (r_span(mbits, bits) != 0)
        band_origin(&plan->words, h, r_span(mbits, bits), mbits);
    if (r_span(mbits, bits) != 0 && h->is_rounded)
        rounded_band(s, out, width, mbits);
    else
        plain_band_of(s, plan->value.type, out, width, mbits, bits);
    if ((h->along.slow | h->down.slow) != 0)
        band_slow(plan, to->rows, to->columns, h, row, col, out.down, row_scales, col_scales);
}

static int is_lines(const mxfast_strip *strip)
{
    return ((uintptr_t)strip->code_out | (uintptr_t)strip->code_block) % LINE == 0;
}

LANES void both_of(const mxfast_plan *plan, const mxfast_strip *rows, const mxfast_strip *columns, unsigned mbits,
                   unsigned bits)
{
    enum { BLOCKS = SIDE / HALF, HIGH = PANEL_ROWS / HALF };
    both_square s;
    both_out to;
    square_begin(&s.s);
    s.encoder = encoder_make(&plan->words, mbits, bits);
    s.encoder.codes.careful = 0;
    s.rounding = r_make(&plan->words, mbits, bits);
    to.rows = rows;
    to.columns = columns;
    to.stream_rows = plan->stream && is_lines(rows);
    to.stream_columns = plan->stream && is_lines(columns);
    for (walk w = walk_make(columns, columns->blocks, BLOCKS, HIGH, TILE); w.at.d < columns->down;
         walk_on(&w, columns)) {
        const size_t down = w.at.d % HIGH, left = columns->blocks - w.at.first, top = w.at.d - down;
        const size_t cols = left < TILE ? left : TILE; /* of walk_cols, whose bound the compiler does not see */
        const size_t row = w.at.d * HALF, below = down * HALF;
        s.s.ahead = fetching_make(plan, columns, &w);
        for (size_t c = 0; c < cols; c += SIDE) {
            for (size_t r = 0; r < SIDE; r += HALF)
                band_encode(plan, &s, &to, row + r, w.at.first + c, below + r, c, mbits, bits);
            square_put(&s.s, columns->code_out + (ptrdiff_t)(w.at.first + c) * columns->code_block + (ptrdiff_t)row,
                       columns->code_block, SIDE, SIDE);
        }
        if (down + BLOCKS == HIGH || w.at.d + BLOCKS == columns->down) {
            scales_put(columns, to.col_scales, TILE, (corner){top, w.at.first}, down + BLOCKS, cols, 0);
            scales_put(rows, to.row_scales, PANEL_ROWS, (corner){w.at.first / HALF, top * HALF}, cols / HALF,
                       below + SIDE, 0);
        }
    }
    while (put_some(&s.s.put, 0, to.stream_columns))
        ;
}

/* One function for each format. */
#define MX_FORMAT(id, bits, ebits, mbits, ...)                                                                         \
    static APART void both_##id(const mxfast_plan *plan, const mxfast_strip *rows, const mxfast_strip *columns)        \
    {                                                                                                                  \
        both_of(plan, rows, columns, mbits, bits);                                                                     \
    }
#include "impl/formats.def"
#undef MX_FORMAT

static int has_both(const mxfast_plan *plan, size_t k)
{
    return k == HALF && plan->words.usable && (!plan->words.careful || plan->elem == MX_INT8);
}

static void quantize_both(const mxfast_plan *plan, const mxfast_strip *rows, const mxfast_strip *columns)
{
    switch (plan->elem) {
#define MX_FORMAT(id, ...)                                                                                             \
    case id:                                                                                                           \
        both_##id(plan, rows, columns);                                                                                \
        break;
#include "impl/formats.def"
#undef MX_FORMAT
    }
}
