/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: codes of blocks down columns, transposed. Included by columns_tmpl.h, whose parts it uses; both_tmpl.h uses
 * these in turn.
 *
 * Parameters: transpose_pairs of transpose_tmpl.h.
 * Defines: in_turns(plan); turned_columns(plan, strip, whole, mbits, bits, in_turns(plan), stream).
 *
 * Squares of SIDE columns and LINE rows are taken, a row of blocks at a time. While one is encoded, the one after it is
 * read, and the codes of the square before are transposed and written: one after the other these keep the processor
 * waiting, each for something else. Codes are made of two rows at once, whose bytes then lie in turns, which is the
 * first of four passes of the transposition. The next tile of columns_tmpl.h is fetched meanwhile.
 *
 * Where a set makes words of fp32 faster in turns (FOLD_TURNS), lanes stay so until columns are written: of each 16
 * columns the first, the ninth, the second, ...
 */

LANES int in_turns(const mxfast_plan *plan)
{
    return FOLD_TURNS && plan->value.type == MX_FP32 && plan->elem != MX_INT8;
}

LANES size_t lane_column(size_t lane, int turns)
{
    return turns ? lane / 16 * 16 + lane % 16 / 2 + lane % 2 * 8 : lane;
}

/* From the column of a lane to that of the lane n further. */
LANES ptrdiff_t lane_step(size_t lane, size_t n, int turns)
{
    return turns ? (ptrdiff_t)lane_column(lane + n, 1) - (ptrdiff_t)lane_column(lane, 1) : (ptrdiff_t)n;
}

/* ---- codes on their way ---- */

LANES void line_copy(uint8_t *to, const uint8_t *from, size_t bytes, int stream)
{
    if (bytes < LINE) {
        memcpy(to, from, bytes);
        return;
    }
    for (size_t i = 0; i < LINE; i += 2 * WORDS)
        w_put(to + i, w_load(from + i), stream);
}

/* Codes of LINE rows and SIDE columns at most, as b_put_pairs puts those of two rows: 8 columns at a time are
 * transposed and written, as that is to be spread among other work. */
typedef struct putting {
    const uint8_t *from;
    uint8_t *to;
    ptrdiff_t to_step;
    size_t rows, cols; /* cols: that are left */
} putting;

LANES void put_lines(const uint8_t *from, uint8_t *to, ptrdiff_t to_step, int turns, int stream)
{
    enum { HIGH = sizeof(pieces), PARTS = LINE / HIGH };
    pieces x[PARTS][8];
    UNROLL for (size_t i = 0; i < PARTS; i++) transpose_pairs(x[i], from + i * HIGH * SIDE, 2 * SIDE);
    UNROLL for (size_t c = 0; c < 8; to += lane_step(c, 1, turns) * to_step, c++)
    {
        UNROLL for (size_t i = 0; i < PARTS; i++) p_store_all(to + i * HIGH, x[i][c], stream);
    }
}

/* Of fewer rows. */
static APART void put_rows(putting *p, int turns)
{
    uint8_t line[8 * LINE];
    put_lines(p->from, line, LINE, 0, 0);
    for (ptrdiff_t c = 0; c < 8; c++)
        line_copy(p->to + (ptrdiff_t)lane_column((size_t)c, turns) * p->to_step, line + c * LINE, p->rows, 0);
}

/* Returns whether anything was left to do. */
LANES int put_some(putting *p, int turns, int stream)
{
    if (p->cols == 0)
        return 0;
    if (p->rows < LINE)
        put_rows(p, turns);
    else if (stream)
        put_lines(p->from, p->to, p->to_step, turns, 1);
    else
        put_lines(p->from, p->to, p->to_step, turns, 0);
    p->from += 16;
    p->to += lane_step(p->cols % 16, 8, turns) * p->to_step;
    p->cols -= 8;
    return 1;
}

/* Scales of `rows` rows of blocks from a corner, `step` from row to row, to columns. */
LANES void scales_put(const mxfast_strip *strip, const uint8_t *scales, ptrdiff_t step, corner at, size_t rows,
                      size_t cols, int turns)
{
    _Alignas(LINE) uint8_t line[16 * LINE];
    uint8_t *to = strip->scale_out + (ptrdiff_t)at.first * strip->scale_block + (ptrdiff_t)at.d * strip->scale_down;
    for (size_t c = 0; c < cols; c += 16) {
        transpose(line, LINE, scales + c, step, (rows + 15) / 16 * 16, 16);
        for (size_t i = 0; i < 16; to += lane_step(i, 1, turns) * strip->scale_block, i++)
            if (strip->scale_down == 1 && rows == 8)
                memcpy(to, line + i * LINE, 8);
            else if (strip->scale_down == 1 && rows == 32)
                memcpy(to, line + i * LINE, 32);
            else if (strip->scale_down == 1)
                memcpy(to, line + i * LINE, rows);
            else
                for (size_t r = 0; r < rows; r++)
                    to[(ptrdiff_t)r * strip->scale_down] = line[i * LINE + r];
    }
}

/* ---- squares ---- */

/* The square that is encoded, the row of blocks that is read, and the codes of the square before: all of it is in the
 * first-level cache. */
typedef struct square {
    /* What is kept of the blocks that are encoded, and of those that are read. */
    _Alignas(64) unsigned char kept[2][COLUMN_ROWS * SIDE * 4];
    word_lanes least[SIDE / WORDS];   /* of what was read, if it `is_read` */
    _Alignas(64) uint32_t unit[SIDE]; /* INT8: of units_put */
    _Alignas(64) uint8_t codes[2][LINE * SIDE];
    int is_read;
    unsigned of_kept, of_codes; /* which is filled next */
    putting put;
    fetching ahead;
} square;

static void square_begin(square *s)
{
    s->is_read = 0;
    s->of_kept = s->of_codes = 0;
    s->put.cols = 0;
}

/* The codes that are there are to be put away, from `to` on. */
static void square_put(square *s, uint8_t *to, ptrdiff_t to_step, size_t rows, size_t cols)
{
    s->put = (putting){s->codes[s->of_codes], to, to_step, rows, cols};
    s->of_codes ^= 1;
}

/* What is read: n vectors side by side, of rows `step` bytes apart. */
typedef struct reading {
    const unsigned char *in; /* NULL: nothing */
    ptrdiff_t step;
    unsigned char *kept;
    word_lanes least[SIDE / WORDS], sticky;
} reading;

LANES reading reading_make(const mxfast_plan *plan, square *s, const unsigned char *in, ptrdiff_t step, size_t n)
{
    reading r = {.in = in, .step = step, .kept = s->kept[s->of_kept], .sticky = w_all(plan->words.sticky)};
    UNROLL for (size_t i = 0; i < n; i++) r.least[i] = w_all(0x7fff);
    return r;
}

/* Two rows. Words of bf16, the values themselves, are copied too: rows a power of two apart push each other out of the
 * first-level cache. */
LANES void rows_read(reading *r, mx_type type, size_t n, int integer, int turns)
{
    const size_t width = type == MX_FP32 ? 4 : 2, keeps = kept_bytes(type, integer);
    UNROLL for (int j = 0; j < 2; j++, r->in += r->step, r->kept += SIDE * keeps) UNROLL for (size_t i = 0; i < n; i++)
    {
        vector_read(type, r->in + i * WORDS * width, r->kept + i * WORDS * keeps, &r->least[i], r->sticky, integer,
                    turns);
    }
}

LANES void rows_read_of(reading *r, mx_type type, size_t n, int integer, int turns)
{
    if (turns)
        rows_read(r, MX_FP32, n, 0, 1);
    else if (type == MX_BF16)
        rows_read(r, MX_BF16, n, integer, 0);
    else if (type == MX_FP32)
        rows_read(r, MX_FP32, n, integer, 0);
    else
        rows_read(r, MX_FP16, n, integer, 0);
}

LANES void reading_end(const reading *r, square *s, size_t n)
{
    UNROLL for (size_t i = 0; i < n; i++) s->least[i] = r->least[i];
    s->is_read = r->in != NULL;
    s->of_kept ^= 1;
}

LANES void blocks_read(const mxfast_plan *plan, square *s, const unsigned char *in, ptrdiff_t step, size_t k, size_t n)
{
    reading r = reading_make(plan, s, in, step, n);
    for (size_t i = 0; i < k; i += 2)
        if (plan->elem == MX_INT8)
            rows_read_of(&r, plan->value.type, n, 1, 0);
        else
            rows_read_of(&r, plan->value.type, n, 0, in_turns(plan));
    reading_end(&r, s, n);
}

/* A row of blocks that was not read beforehand. */
static APART void blocks_read_now(const mxfast_plan *plan, square *s, const unsigned char *in, ptrdiff_t step, size_t k,
                                  size_t n)
{
    if (n == 1)
        blocks_read(plan, s, in, step, k, 1);
    else
        blocks_read(plan, s, in, step, k, SIDE / WORDS);
}

/* Blocks that are not for us, of a row of blocks, bit c that of lane c. */
static APART void pairs_slow(const mxfast_plan *plan, const mxfast_strip *at, uint64_t slow, uint8_t *code, int turns)
{
    uint8_t column[COLUMN_ROWS];
    for (; slow != 0; slow &= slow - 1) {
        const size_t c = lowest_bit(slow);
        mxfast_strip one = mxfast_strip_part(plan, at, lane_column(c, turns), 1);
        if (turns)
            one.scale_out = at->scale_out + c;
        one.code_out = column;
        one.code_elem = 1;
        mxfast_portable_quantize(plan, &one);
        for (size_t r = 0; r < at->k; r++)
            code[r / 2 * 2 * SIDE + 2 * c + r % 2] = column[r];
    }
}

/* ---- encoding ---- */

/* A row of blocks: b of those of a tile, whose scales are side by side, TILE from the next; columns from `first`. */
typedef struct turned_at {
    const mxfast_strip *tile;
    size_t b, first;
} turned_at;

/* Codes of two rows of vector i. */
LANES b_lanes pair_codes(const encoder *e, const square *s, mx_type type, const unsigned char *kept, size_t i,
                         word_lanes base, unsigned mbits, unsigned bits)
{
    const unsigned char *below = kept + SIDE * kept_bytes(type, mbits == 6);
    if (mbits == 6)
        return b_signed(column_integers(type, kept, s->unit, i * WORDS),
                        column_integers(type, below, s->unit, i * WORDS), e->least, 1);
    word_lanes x = w_load(kept + 2 * i * WORDS), y = w_load(below + 2 * i * WORDS);
    IN_REGISTER(x);
    IN_REGISTER(y);
    return b_codes(&e->codes, x, y, base, base, 1, mbits, bits);
}

/* n vectors side by side of a row of blocks, while as many of the one at `next`, or NULL, are read. */
LANES void turned_blocks(const encoder *e, const mxfast_plan *plan, square *s, turned_at at, size_t n,
                         const unsigned char *next, uint8_t *code, unsigned mbits, unsigned bits, int turns, int stream)
{
    const mxfast_strip *tile = at.tile;
    const ptrdiff_t step = tile->value_elem * (ptrdiff_t)plan->value.bytes;
    const uint8_t *const end = code + tile->k * SIDE;
    const mx_type type = plan->value.type;
    const size_t keeps = kept_bytes(type, mbits == 6);
    word_lanes base[SIDE / WORDS];
    if (!s->is_read)
        blocks_read_now(plan, s, values_at(plan, tile, (corner){at.b, at.first}), step, tile->k, n);
    const uint64_t slow =
        columns_scales(plan, s->least, tile->scale_out + at.b * TILE + at.first, base, s->unit, n, mbits == 6);
    const unsigned char *kept = s->kept[s->of_kept ^ 1];
    reading r = reading_make(plan, s, next, step, n);
    for (uint8_t *to = code; to < end;) {
        for (size_t i = 0; i < 4; i++, kept += 2 * SIDE * keeps, to += 2 * SIDE) {
            fetch_some(&s->ahead, 4 * n * WORDS);
            if (plan->value.bytes == 4)
                fetch_some(&s->ahead, 4 * n * WORDS);
            if (r.in)
                rows_read_of(&r, type, n, mbits == 6, turns);
            UNROLL for (size_t j = 0; j < n; j++)
                b_put_pairs(to + j * 2 * WORDS, pair_codes(e, s, type, kept, j, base[j], mbits, bits));
        }
        put_some(&s->put, turns, stream);
    }
    reading_end(&r, s, n);
    if (slow != 0) {
        mxfast_strip blocks = mxfast_strip_row(plan, tile, at.b);
        blocks = mxfast_strip_part(plan, &blocks, at.first, n * WORDS);
        pairs_slow(plan, &blocks, slow, code, turns);
    }
}

/* A square; `next`: what is read after it. */
LANES void turned_square(const encoder *e, const mxfast_plan *plan, square *s, turned_at at, const unsigned char *next,
                         unsigned mbits, unsigned bits, int turns, int stream)
{
    const mxfast_strip *tile = at.tile;
    const size_t left = tile->blocks - at.first, cols = left < SIDE ? left : SIDE;
    uint8_t *code = s->codes[s->of_codes], *to = tile->code_out + (ptrdiff_t)at.first * tile->code_block;
    for (; at.b < tile->down; at.b++, code += tile->k * SIDE) {
        const corner below = {at.b + 1, at.first};
        if (cols == SIDE)
            turned_blocks(e, plan, s, at, SIDE / WORDS, below.d < tile->down ? values_at(plan, tile, below) : next,
                          code, mbits, bits, turns, stream);
        else
            for (size_t i = 0; i < cols; i += WORDS)
                turned_blocks(e, plan, s, (turned_at){tile, at.b, at.first + i}, 1, NULL, code + 2 * i, mbits, bits,
                              turns, stream);
    }
    while (put_some(&s->put, turns, stream))
        ;
    square_put(s, to, tile->code_block, tile->down * tile->k, cols);
}

/* Codes transposed. `whole`: columns. */
LANES void turned_columns(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, unsigned mbits,
                          unsigned bits, int turns, int stream)
{
    const encoder e = encoder_make(&plan->words, mbits, bits);
    square s;
    _Alignas(64) uint8_t scales[PANEL_ROWS / 16 * TILE];
    const size_t rows = LINE / strip->k, high = PANEL_ROWS / strip->k;
    square_begin(&s);
    for (walk w = walk_make(strip, whole, rows, high, TILE); w.at.d < strip->down; walk_on(&w, strip)) {
        const size_t down = w.at.d % high;
        const int goes_on = w.next.d < strip->down && walk_cols(&w, w.next) >= SIDE;
        mxfast_strip tile = tile_at(plan, strip, &w);
        s.ahead = fetching_make(plan, strip, &w);
        tile.scale_out = scales + down * TILE;
        tile.scale_block = 1;
        tile.scale_down = TILE;
        for (size_t first = 0; first < tile.blocks; first += SIDE) {
            const turned_at at = {&tile, 0, first};
            const unsigned char *next = first + SIDE >= tile.blocks ? (goes_on ? values_at(plan, strip, w.next) : NULL)
                                        : first + 2 * SIDE > tile.blocks
                                            ? NULL
                                            : values_at(plan, &tile, (corner){0, first + SIDE});
            turned_square(&e, plan, &s, at, next, mbits, bits, turns, stream);
        }
        if (down + rows == high || w.at.d + tile.down == strip->down)
            scales_put(strip, scales, TILE, (corner){w.at.d - down, w.at.first}, down + tile.down, tile.blocks, turns);
    }
    while (put_some(&s.put, turns, stream))
        ;
}
