/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the quantiser for blocks that lie side by side, each down a column. Included once by each
 * impl/<set>/<isa>.c, after quantize_tmpl.h.
 *
 * Parameters: the functions of lanes.h; PREFETCH_FAR(at), to the second-level cache; transpose of transpose_tmpl.h.
 * Defines: quantize_columns(plan, strip): values side by side, codes too or, transposed, each block's codes together;
 *          any k up to COLUMN_ROWS. Returns 0 with nothing written when the plan or the strip is not for it.
 *
 * A lane is a block. The columns after the last COLUMNS go to the portable kernel.
 *
 * Blocks are encoded in tiles of TILE columns. While one is, the tile two further on is fetched into the second-level
 * cache, evenly, as a processor drops what is too much at once. The machine's own prefetcher is of little use here:
 * what is read from that cache meanwhile disturbs it.
 */

/* COLUMNS: what is taken side by side, whole vectors and whole transpositions. */
enum {
    TILE = 256,
    COLUMN_ROWS = 64,
    COLUMNS = WORDS < 16 ? 16 : WORDS,
    LINE = 64,
    PANEL_ROWS = 1024, /* of transposed codes: tiles below one another come before those beside */
    ABREAST = 4        /* vectors whose largest magnitudes are found together */
};

/* ---- the order of tiles ---- */

/* Where a tile lies: rows of blocks from d, columns from `first`. */
typedef struct corner {
    size_t d, first;
} corner;

/* The tile `rows` of blocks further down; after `high` of them, the one beside. */
static corner corner_after(const mxfast_strip *strip, size_t whole, corner at, size_t rows, size_t high)
{
    const size_t top = at.d / high * high;
    at.d += rows;
    if (at.d < top + high && at.d < strip->down)
        return at;
    at.first += TILE;
    return at.first < whole ? (corner){top, at.first} : (corner){top + high, 0};
}

static size_t corner_cols(size_t whole, corner at)
{
    return whole - at.first < TILE ? whole - at.first : TILE;
}

/* ---- fetching ---- */

/* What is fetched next of the values of a tile, row by row. */
typedef struct fetching {
    const unsigned char *row;
    ptrdiff_t step; /* bytes from row to row */
    size_t bytes;   /* of a row, and */
    size_t at;      /* how many are fetched */
    size_t rows;    /* that are left */
} fetching;

/* Of `rows` rows of blocks from a corner; nothing of those below the last. */
static fetching fetching_make(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, corner at, size_t rows)
{
    const ptrdiff_t width = (ptrdiff_t)plan->value.bytes;
    if (at.d >= strip->down)
        return (fetching){.rows = 0};
    return (fetching){
        .row = (const unsigned char *)strip->in +
               ((ptrdiff_t)(at.d * strip->k) * strip->value_elem + (ptrdiff_t)at.first) * width,
        .step = strip->value_elem * width,
        .bytes = corner_cols(whole, at) * plan->value.bytes,
        .rows = (strip->down - at.d < rows ? strip->down - at.d : rows) * strip->k,
    };
}

LANES void fetch_some(fetching *f, size_t bytes)
{
    if (f->rows == 0)
        return;
    for (size_t i = 0; i < bytes; i += LINE)
        PREFETCH_FAR(f->row + f->at + i); /* past a row's end it does no harm */
    f->at += bytes;
    if (f->at >= f->bytes) {
        f->at = 0;
        f->row += f->step;
        f->rows--;
    }
}

/* ---- encoding ---- */

/* What encoding needs of a tile's row of blocks. */
typedef struct scaling {
    _Alignas(64) uint16_t least[TILE]; /* 7fff - each column's largest magnitude, in words */
    _Alignas(64) uint16_t base[TILE];
    _Alignas(64) uint32_t unit[TILE]; /* INT8, in the order of i_round_bf16 */
    uint64_t slow[TILE / GROUP_BLOCKS];
} scaling;

/* Of `n` vectors side by side, k rows `step` bytes apart: words to `words`, unless NULL, and what is left of 7fff in
 * the largest magnitudes to `to`. Half of what is fetched of fp32 is fetched here, as half of the time goes by. */
LANES void vectors_take(mx_type type, const unsigned char *in, ptrdiff_t step, uint16_t *words, uint16_t *to, size_t k,
                        size_t n, word_lanes sticky, fetching *ahead)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    word_lanes least[ABREAST];
    UNROLL for (size_t i = 0; i < n; i++) least[i] = w_all(0x7fff);
    for (size_t r = 0; r < k; r++, in += step) {
        if (type == MX_FP32)
            fetch_some(ahead, n * WORDS * width / 2);
        UNROLL for (size_t i = 0; i < n; i++)
        {
            word_lanes v = fold(type, in + i * WORDS * width, sticky);
            if (words)
                w_store(words + r * TILE + i * WORDS, v);
            least[i] = w_min(least[i], w_without(w_all(0x7fff), v));
        }
    }
    UNROLL for (size_t i = 0; i < n; i++) w_store(to + i * WORDS, least[i]);
}

/* The same of a tile's columns. */
LANES void columns_take(mx_type type, const mxfast_words *f, const mxfast_strip *at, ptrdiff_t step, uint16_t *words,
                        uint16_t *to, fetching *ahead)
{
    const size_t width = type == MX_FP32 ? 4 : 2, wide = ABREAST * WORDS;
    const word_lanes sticky = w_all(f->sticky);
    const unsigned char *in = at->in;
    size_t i = 0;
    for (; i + wide <= at->blocks; i += wide)
        vectors_take(type, in + i * width, step, words ? words + i : NULL, to + i, at->k, ABREAST, sticky, ahead);
    for (; i < at->blocks; i += WORDS)
        vectors_take(type, in + i * width, step, words ? words + i : NULL, to + i, at->k, 1, sticky, ahead);
}

/* Formats share these. */
static APART void columns_take_of(const mxfast_plan *plan, const mxfast_strip *at, ptrdiff_t step, uint16_t *words,
                                  uint16_t *to, fetching *ahead)
{
    if (plan->value.type == MX_FP32)
        columns_take(MX_FP32, &plan->words, at, step, words, to, ahead);
    else if (plan->value.type == MX_BF16)
        columns_take(MX_BF16, &plan->words, at, step, NULL, to, ahead);
    else
        columns_take(MX_FP16, &plan->words, at, step, words, to, ahead);
}

/* A row of blocks of a tile: its words, TILE from row to row (but of bf16, whose values are words), and its scales. */
LANES void tile_take(const mxfast_plan *plan, const mxfast_strip *at, ptrdiff_t step, uint16_t *words, scaling *s,
                     fetching *ahead, int integer)
{
    group g;
    columns_take_of(plan, at, step, words, s->least, ahead);
    for (size_t i = 0; i < at->blocks; i += GROUP_BLOCKS) {
        size_t blocks = at->blocks - i < GROUP_BLOCKS ? at->blocks - i : GROUP_BLOCKS;
        memcpy(g.least, s->least + i, GROUP_BLOCKS * sizeof *s->least);
        scales_of(&plan->words, &g, blocks, integer);
        s->slow[i / GROUP_BLOCKS] = g.slow;
        for (size_t j = 0; j < blocks; j += WORDS) {
            w_store(s->base + i + j, w_load(g.base + j));
            if (integer)
                w_put_fp32(s->unit + i + j, w_load(g.base + j), 0);
        }
        put_scales(&g, blocks, at->scale_out + i, 1);
    }
}

/* Codes of the vectors at columns i and j of a row of words. */
LANES b_lanes tile_codes(const encoder *e, const scaling *s, const unsigned char *row, size_t i, size_t j,
                         unsigned mbits, unsigned bits)
{
    const unsigned char *x = row + 2 * i, *y = row + 2 * j;
    if (mbits != 6)
        return b_codes(&e->codes, w_load(x), w_load(y), w_load(s->base + i), w_load(s->base + j), mbits, bits);
    return b_signed(i_round_bf16(x, w_load(s->unit + i), w_load(s->unit + i + WORDS / 2)),
                    i_round_bf16(y, w_load(s->unit + j), w_load(s->unit + j + WORDS / 2)), e->least);
}

LANES void tile_row(const encoder *e, const scaling *s, const unsigned char *row, size_t first, size_t cols,
                    uint8_t *code, unsigned mbits, unsigned bits, int stream)
{
    for (size_t i = 0; i < cols; i += 2 * WORDS)
        if (i + WORDS == cols)
            b_put_half(code + i, tile_codes(e, s, row, first + i, first + i, mbits, bits));
        else
            b_put(code + i, tile_codes(e, s, row, first + i, first + i + WORDS, mbits, bits), stream);
}

/* Codes of a row of GROUP_BLOCKS columns, whose bases stay in registers. */
LANES void group_row(const encoder *e, const word_lanes base[], const unsigned char *row, uint8_t *code, unsigned mbits,
                     unsigned bits)
{
    UNROLL for (size_t i = 0; i < GROUP_BLOCKS / WORDS; i += 2)
    {
        const unsigned char *at = row + 2 * i * WORDS;
        b_put(code + i * WORDS,
              b_codes(&e->codes, w_load(at), w_load(at + 2 * WORDS), base[i], base[i + 1], mbits, bits), 0);
    }
}

/* The blocks that are not for us among GROUP_BLOCKS, at most, from `first`. */
static APART void group_slow(const mxfast_plan *plan, const mxfast_strip *at, size_t first, uint64_t slow)
{
    for (; slow != 0; slow &= slow - 1)
        portable_blocks(plan, at, first + lowest_bit(slow), 1);
}

/* ---- transposed codes ---- */

LANES void line_copy(uint8_t *to, const uint8_t *from, size_t bytes, int stream)
{
    if (bytes < LINE) {
        memcpy(to, from, bytes);
        return;
    }
    for (size_t i = 0; i < LINE; i += 2 * WORDS)
        w_put(to + i, w_load(from + i), stream);
}

/* Codes of LINE rows and GROUP_BLOCKS columns at most, on their way to where they belong: 16 columns at a time are
 * transposed, and their lines written one by one, as they are to be spread among other work. */
typedef struct putting {
    _Alignas(LINE) uint8_t line[16 * LINE];
    const uint8_t *from;
    uint8_t *to;
    ptrdiff_t to_step;
    size_t rows, cols, put;
} putting;

static APART void put_turn(putting *p)
{
    transpose(p->line, LINE, p->from + p->put, GROUP_BLOCKS, p->rows, 16);
}

/* Returns whether anything was left to do. Vectors stay in registers from line to line. */
LANES int put_some(putting *p, int stream)
{
    if (p->put >= p->cols)
        return 0;
    if (p->put % 16 == 0)
        put_turn(p);
    line_copy(p->to, p->line + p->put % 16 * LINE, p->rows, stream);
    p->to += p->to_step;
    p->put++;
    return 1;
}

/* Of `rows` rows of blocks from a corner, scales `step` from row to row, to columns. */
LANES void scales_put(const mxfast_strip *strip, const uint8_t *scales, ptrdiff_t step, corner at, size_t rows,
                      size_t cols)
{
    _Alignas(LINE) uint8_t line[16 * LINE];
    uint8_t *to = strip->scale_out + (ptrdiff_t)at.first * strip->scale_block + (ptrdiff_t)at.d * strip->scale_down;
    for (size_t c = 0; c < cols; c += 16) {
        transpose(line, LINE, scales + c, step, (rows + 15) / 16 * 16, 16);
        for (size_t i = 0; i < 16; i++, to += strip->scale_block)
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

/* ---- strips ---- */

/* Where tiles are: this one, the next, and the one that is fetched. */
typedef struct walk {
    corner at, next, ahead;
    size_t whole;      /* columns */
    size_t rows, high; /* of blocks: of a tile; that come before those beside */
} walk;

static walk walk_make(const mxfast_strip *strip, size_t whole, size_t rows, size_t high)
{
    const corner at = {0, 0}, next = corner_after(strip, whole, at, rows, high);
    return (walk){at, next, corner_after(strip, whole, next, rows, high), whole, rows, high};
}

static void walk_on(walk *w, const mxfast_strip *strip)
{
    w->at = w->next;
    w->next = w->ahead;
    w->ahead = corner_after(strip, w->whole, w->ahead, w->rows, w->high);
}

static mxfast_strip tile_at(const mxfast_plan *plan, const mxfast_strip *strip, const walk *w)
{
    const size_t left = strip->down - w->at.d;
    mxfast_strip rows = mxfast_strip_row(plan, strip, w->at.d);
    rows.down = left < w->rows ? left : w->rows;
    return mxfast_strip_part(plan, &rows, w->at.first, corner_cols(w->whole, w->at));
}

/* A tile of one row of blocks, scales and codes side by side. After each row some of another tile is fetched. */
LANES void tile_encode(const encoder *e, const mxfast_plan *plan, const mxfast_strip *at, fetching *ahead,
                       unsigned mbits, unsigned bits, int stream)
{
    struct {
        _Alignas(64) uint16_t words[COLUMN_ROWS * TILE];
        scaling of;
    } t;
    const ptrdiff_t step = at->value_elem * (ptrdiff_t)plan->value.bytes;
    const int are_words = plan->value.type == MX_BF16;
    const unsigned char *row = are_words ? at->in : (const unsigned char *)t.words;
    tile_take(plan, at, step, t.words, &t.of, ahead, mbits == 6);
    for (size_t r = 0; r < at->k; r++, row += are_words ? step : TILE * 2) {
        fetch_some(ahead, 2 * at->blocks);
        tile_row(e, &t.of, row, 0, at->blocks, at->code_out + (ptrdiff_t)r * at->code_elem, mbits, bits, stream);
    }
    for (size_t i = 0; i < at->blocks; i += GROUP_BLOCKS)
        if (t.of.slow[i / GROUP_BLOCKS] != 0)
            group_slow(plan, at, i, t.of.slow[i / GROUP_BLOCKS]);
}

/* Codes as the values lie. */
LANES void straight_columns(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, size_t whole,
                            unsigned mbits, unsigned bits, int stream)
{
    uint8_t scales[TILE];
    for (walk w = walk_make(strip, whole, 1, 1); w.at.d < strip->down; walk_on(&w, strip)) {
        mxfast_strip tile = tile_at(plan, strip, &w);
        fetching ahead = fetching_make(plan, strip, whole, w.ahead, 1);
        uint8_t *to = tile.scale_out;
        if (tile.scale_block != 1)
            tile.scale_out = scales;
        tile.scale_block = 1;
        tile_encode(e, plan, &tile, &ahead, mbits, bits, stream);
        for (size_t c = 0; strip->scale_block != 1 && c < tile.blocks; c++)
            to[(ptrdiff_t)c * strip->scale_block] = scales[c];
    }
}

/* A tile of LINE rows whose codes are to be transposed, as all of it is in the first-level cache: GROUP_BLOCKS columns
 * after another, of which one is put away while the other is encoded. */
typedef struct turned_tile {
    _Alignas(64) uint16_t words[LINE * TILE];
    scaling of[LINE / 16];
    _Alignas(64) uint8_t codes[2][LINE * GROUP_BLOCKS];
    int side; /* of codes, that fills */
    putting put;
} turned_tile;

/* Blocks that are not for us, of row b of the blocks and columns from `first`, whose codes are at `code`. */
static APART void turned_slow(const mxfast_plan *plan, const turned_tile *t, const mxfast_strip *at, size_t b,
                              size_t first, uint8_t *code)
{
    mxfast_strip row = mxfast_strip_row(plan, at, b);
    row.code_out = code - first;
    row.code_elem = GROUP_BLOCKS;
    row.code_block = 1;
    group_slow(plan, &row, first, t->of[b].slow[first / GROUP_BLOCKS]);
}

/* GROUP_BLOCKS columns at most, from `first`, of row b of the blocks. */
LANES void turned_group(const encoder *e, const mxfast_plan *plan, turned_tile *t, const mxfast_strip *at, size_t b,
                        size_t first, fetching *ahead, unsigned mbits, unsigned bits, int stream)
{
    const size_t k = at->k, cols = at->blocks - first;
    const scaling *s = &t->of[b];
    const int are_words = plan->value.type == MX_BF16;
    const ptrdiff_t step = are_words ? at->value_elem * 2 : TILE * 2;
    const unsigned char *row = are_words ? at->in : (const unsigned char *)t->words;
    uint8_t *const codes = t->codes[t->side] + b * k * GROUP_BLOCKS;
    word_lanes base[GROUP_BLOCKS / WORDS];
    UNROLL for (size_t i = 0; i < GROUP_BLOCKS / WORDS; i++) base[i] = w_load(s->base + first + i * WORDS);
    row += (ptrdiff_t)(b * k) * step;
    for (size_t r = 0; r < k; r++, row += step) {
        uint8_t *code = codes + r * GROUP_BLOCKS;
        fetch_some(ahead, 2 * GROUP_BLOCKS);
        if (plan->value.bytes == 4)
            fetch_some(ahead, 2 * GROUP_BLOCKS);
        if (mbits != 6 && cols >= GROUP_BLOCKS)
            group_row(e, base, row + 2 * first, code, mbits, bits);
        else
            tile_row(e, s, row, first, cols < GROUP_BLOCKS ? cols : GROUP_BLOCKS, code, mbits, bits, 0);
        put_some(&t->put, stream);
    }
    if (s->slow[first / GROUP_BLOCKS] != 0)
        turned_slow(plan, t, at, b, first, codes);
}

/* `at`: the tile, scales side by side, those of a row of blocks TILE from the next. */
LANES void turned_encode(const encoder *e, const mxfast_plan *plan, turned_tile *t, const mxfast_strip *at,
                         fetching *ahead, unsigned mbits, unsigned bits, int stream)
{
    const ptrdiff_t step = at->value_elem * (ptrdiff_t)plan->value.bytes;
    fetching nothing = {.rows = 0}; /* all of it while codes are made: it would hold up the reading */
    for (size_t b = 0; b < at->down; b++) {
        const mxfast_strip row = mxfast_strip_row(plan, at, b);
        tile_take(plan, &row, step, t->words + b * at->k * TILE, &t->of[b], &nothing, mbits == 6);
    }
    for (size_t first = 0; first < at->blocks; first += GROUP_BLOCKS) {
        const size_t left = at->blocks - first;
        for (size_t b = 0; b < at->down; b++)
            turned_group(e, plan, t, at, b, first, ahead, mbits, bits, stream);
        while (put_some(&t->put, stream))
            ;
        t->put.from = t->codes[t->side];
        t->put.to = at->code_out + (ptrdiff_t)first * at->code_block;
        t->put.to_step = at->code_block;
        t->put.rows = at->down * at->k;
        t->put.cols = left < GROUP_BLOCKS ? left : GROUP_BLOCKS;
        t->put.put = 0;
        t->side ^= 1;
    }
}

/* Codes transposed. */
LANES void turned_columns(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, size_t whole,
                          unsigned mbits, unsigned bits, int stream)
{
    turned_tile t;
    _Alignas(64) uint8_t scales[PANEL_ROWS / 16 * TILE];
    const size_t rows = LINE / strip->k, high = PANEL_ROWS / strip->k;
    t.side = 0;
    t.put.cols = t.put.put = 0;
    for (walk w = walk_make(strip, whole, rows, high); w.at.d < strip->down; walk_on(&w, strip)) {
        const size_t down = w.at.d % high;
        mxfast_strip tile = tile_at(plan, strip, &w);
        fetching ahead = fetching_make(plan, strip, whole, w.ahead, rows);
        tile.scale_out = scales + down * TILE;
        tile.scale_block = 1;
        tile.scale_down = TILE;
        turned_encode(e, plan, &t, &tile, &ahead, mbits, bits, stream);
        if (down + rows == high || w.at.d + tile.down == strip->down)
            scales_put(strip, scales, TILE, (corner){w.at.d - down, w.at.first}, down + tile.down, tile.blocks);
    }
    while (put_some(&t.put, stream))
        ;
}

LANES void columns_of(const mxfast_plan *plan, const mxfast_strip *strip, unsigned mbits, unsigned bits)
{
    const size_t whole = strip->blocks / COLUMNS * COLUMNS;
    const int turned = strip->code_block != 1;
    const ptrdiff_t code_step = turned ? strip->code_block : strip->code_elem;
    const int stream = plan->stream && ((uintptr_t)strip->code_out | (uintptr_t)code_step) % LINE == 0;
    const encoder e = encoder_make(&plan->words, mbits, bits);
    if (turned)
        turned_columns(&e, plan, strip, whole, mbits, bits, stream);
    else
        straight_columns(&e, plan, strip, whole, mbits, bits, stream);
    for (size_t d = 0; whole < strip->blocks && d < strip->down; d++) {
        mxfast_strip row = mxfast_strip_row(plan, strip, d);
        portable_blocks(plan, &row, whole, strip->blocks - whole);
    }
}

/* One function for each format. */
#define MX_FORMAT(id, bits, ebits, mbits, ...)                                                                         \
    static APART void columns_##id(const mxfast_plan *plan, const mxfast_strip *strip)                                 \
    {                                                                                                                  \
        columns_of(plan, strip, mbits, bits);                                                                          \
    }
#include "impl/formats.def"
#undef MX_FORMAT

/* Values and scales side by side, codes too or turned. */
static int is_columns(const mxfast_strip *strip)
{
    int turned = strip->code_elem == 1 && strip->k % 16 == 0 && LINE % strip->k == 0;
    return strip->value_block == 1 && strip->blocks >= COLUMNS && strip->k <= COLUMN_ROWS &&
           (strip->code_block == 1 || turned);
}

static int quantize_columns(const mxfast_plan *plan, const mxfast_strip *strip)
{
    if (!is_columns(strip) || (plan->elem == MX_INT8 && plan->value.type != MX_BF16) || !plan->words.usable)
        return 0; /* words hold no more than bf16 does */
    switch (plan->elem) {
#define MX_FORMAT(id, ...)                                                                                             \
    case id:                                                                                                           \
        columns_##id(plan, strip);                                                                                     \
        break;
#include "impl/formats.def"
#undef MX_FORMAT
    }
    return 1;
}
