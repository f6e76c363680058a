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
 * Blocks are encoded in tiles of TILE columns. Memory is read by fetching alone, into the second-level cache, of the
 * tile two further on, and evenly, as too many at once are dropped: lines that are read by the machine's own choice
 * come late where that cache is read as well.
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

/* Of the tile at a corner; nothing of one below the last. */
static fetching fetching_make(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, corner at)
{
    const ptrdiff_t width = (ptrdiff_t)plan->value.bytes;
    if (at.d >= strip->down)
        return (fetching){.rows = 0};
    return (fetching){
        .row = (const unsigned char *)strip->in +
               ((ptrdiff_t)(at.d * strip->k) * strip->value_elem + (ptrdiff_t)at.first) * width,
        .step = strip->value_elem * width,
        .bytes = corner_cols(whole, at) * plan->value.bytes,
        .rows = strip->k,
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

/* A tile being encoded. */
typedef struct tile {
    _Alignas(64) uint16_t words[COLUMN_ROWS * TILE]; /* unless the values are words */
    _Alignas(64) uint16_t least[TILE];               /* 7fff - each column's largest magnitude, in words */
    _Alignas(64) uint16_t base[TILE];
    _Alignas(64) uint32_t unit[TILE]; /* INT8, in the order of i_round_bf16 */
    uint64_t slow[TILE / GROUP_BLOCKS];
} tile;

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
static APART void columns_take_of(const mxfast_plan *plan, const mxfast_strip *at, ptrdiff_t step, tile *t,
                                  fetching *ahead)
{
    if (plan->value.type == MX_FP32)
        columns_take(MX_FP32, &plan->words, at, step, t->words, t->least, ahead);
    else if (plan->value.type == MX_BF16)
        columns_take(MX_BF16, &plan->words, at, step, NULL, t->least, ahead);
    else
        columns_take(MX_FP16, &plan->words, at, step, t->words, t->least, ahead);
}

/* Scales of a tile, and what encoding needs of them, from the largest magnitudes. */
LANES void tile_scales(const mxfast_words *f, tile *t, uint8_t *scale, size_t cols, int integer)
{
    group g;
    for (size_t i = 0; i < cols; i += GROUP_BLOCKS) {
        size_t blocks = cols - i < GROUP_BLOCKS ? cols - i : GROUP_BLOCKS;
        memcpy(g.least, t->least + i, GROUP_BLOCKS * sizeof *t->least);
        scales_of(f, &g, blocks, integer);
        t->slow[i / GROUP_BLOCKS] = g.slow;
        for (size_t j = 0; j < blocks; j += WORDS) {
            w_store(t->base + i + j, w_load(g.base + j));
            if (integer)
                w_put_fp32(t->unit + i + j, w_load(g.base + j), 0);
        }
        put_scales(&g, blocks, scale + i, 1);
    }
}

/* Codes of the vectors at columns i and j of a row of words. */
LANES b_lanes tile_codes(const encoder *e, const tile *t, const unsigned char *row, size_t i, size_t j, unsigned mbits,
                         unsigned bits)
{
    const unsigned char *x = row + 2 * i, *y = row + 2 * j;
    if (mbits != 6)
        return b_codes(&e->codes, w_load(x), w_load(y), w_load(t->base + i), w_load(t->base + j), mbits, bits);
    return b_signed(i_round_bf16(x, w_load(t->unit + i), w_load(t->unit + i + WORDS / 2)),
                    i_round_bf16(y, w_load(t->unit + j), w_load(t->unit + j + WORDS / 2)), e->least);
}

LANES void tile_row(const encoder *e, const tile *t, const unsigned char *row, size_t cols, uint8_t *code,
                    unsigned mbits, unsigned bits, int stream)
{
    for (size_t i = 0; i < cols; i += 2 * WORDS)
        if (i + WORDS == cols)
            b_put_half(code + i, tile_codes(e, t, row, i, i, mbits, bits));
        else
            b_put(code + i, tile_codes(e, t, row, i, i + WORDS, mbits, bits), stream);
}

/* Blocks of a tile that are not for us. */
static void tile_slow(const mxfast_plan *plan, const mxfast_strip *at, const uint64_t slow[])
{
    for (size_t i = 0; i < at->blocks; i += GROUP_BLOCKS)
        for (uint64_t left = slow[i / GROUP_BLOCKS]; left != 0; left &= left - 1)
            portable_blocks(plan, at, i + lowest_bit(left), 1);
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

/* A sheet of codes, LINE rows and TILE columns at most, on its way to where it belongs: 16 columns at a time are
 * transposed, and their lines written in PUT_STEPS steps, as they are to be spread among other work. */
enum { PUT_STEPS = 4, PUT_LINES = 16 / PUT_STEPS };

typedef struct putting {
    _Alignas(LINE) uint8_t line[16 * LINE];
    const uint8_t *from;
    uint8_t *to;
    ptrdiff_t to_step;
    size_t rows, cols, step;
} putting;

static APART void put_turn(putting *p, size_t first)
{
    transpose(p->line, LINE, p->from + first, TILE, p->rows, 16);
}

/* Returns whether anything was left to do. Vectors stay in registers from step to step. */
LANES int put_some(putting *p, int stream)
{
    const size_t first = p->step / PUT_STEPS * 16, part = p->step % PUT_STEPS * PUT_LINES;
    if (first >= p->cols)
        return 0;
    if (part == 0)
        put_turn(p, first);
    for (size_t i = part; i < part + PUT_LINES; i++)
        line_copy(p->to + (ptrdiff_t)(first + i) * p->to_step, p->line + i * LINE, p->rows, stream);
    p->step++;
    return 1;
}

/* Of `rows` rows of blocks from a corner, scales TILE from row to row, to columns. */
static void scales_put(const mxfast_strip *strip, const uint8_t *scales, corner at, size_t rows, size_t cols)
{
    _Alignas(LINE) uint8_t line[16 * LINE];
    uint8_t *to = strip->scale_out + (ptrdiff_t)at.first * strip->scale_block + (ptrdiff_t)at.d * strip->scale_down;
    for (size_t c = 0; c < cols; c += 16) {
        transpose(line, LINE, scales + c, TILE, (rows + 15) / 16 * 16, 16);
        for (size_t i = 0; i < 16; i++, to += strip->scale_block)
            if (strip->scale_down == 1)
                memcpy(to, line + i * LINE, rows);
            else
                for (size_t r = 0; r < rows; r++)
                    to[(ptrdiff_t)r * strip->scale_down] = line[i * LINE + r];
    }
}

/* ---- strips ---- */

/* A strip that is one tile; scales and codes side by side. After each row of it some of another tile is fetched, and
 * unless NULL some of another sheet put away, past the caches if put_stream. */
LANES void tile_encode(const encoder *e, const mxfast_plan *plan, const mxfast_strip *at, fetching *ahead, putting *put,
                       unsigned mbits, unsigned bits, int stream, int put_stream)
{
    tile t;
    const size_t width = plan->value.bytes, fetch = at->blocks * (width == 4 ? 2 : width);
    const ptrdiff_t step = at->value_elem * (ptrdiff_t)width;
    const int words = plan->value.type == MX_BF16;
    const unsigned char *row = words ? at->in : (const unsigned char *)t.words;
    columns_take_of(plan, at, step, &t, ahead);
    tile_scales(&plan->words, &t, at->scale_out, at->blocks, mbits == 6);
    for (size_t r = 0; r < at->k; r++, row += words ? step : TILE * (ptrdiff_t)sizeof *t.words) {
        fetch_some(ahead, fetch);
        tile_row(e, &t, row, at->blocks, at->code_out + (ptrdiff_t)r * at->code_elem, mbits, bits, stream);
        if (put != NULL)
            put_some(put, put_stream);
    }
    tile_slow(plan, at, t.slow);
}

/* Where tiles are: this one, the next, and the one that is fetched. */
typedef struct walk {
    corner at, next, ahead;
    size_t whole, high; /* columns; rows of blocks that come before those beside */
} walk;

static walk walk_make(const mxfast_strip *strip, size_t whole, size_t high)
{
    const corner at = {0, 0}, next = corner_after(strip, whole, at, 1, high);
    return (walk){at, next, corner_after(strip, whole, next, 1, high), whole, high};
}

static void walk_on(walk *w, const mxfast_strip *strip)
{
    w->at = w->next;
    w->next = w->ahead;
    w->ahead = corner_after(strip, w->whole, w->ahead, 1, w->high);
}

static mxfast_strip tile_at(const mxfast_plan *plan, const mxfast_strip *strip, const walk *w)
{
    const mxfast_strip row = mxfast_strip_row(plan, strip, w->at.d);
    return mxfast_strip_part(plan, &row, w->at.first, corner_cols(w->whole, w->at));
}

/* Codes as the values lie. */
LANES void straight_columns(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, size_t whole,
                            unsigned mbits, unsigned bits, int stream)
{
    uint8_t scales[TILE];
    for (walk w = walk_make(strip, whole, 1); w.at.d < strip->down; walk_on(&w, strip)) {
        mxfast_strip tile = tile_at(plan, strip, &w);
        fetching ahead = fetching_make(plan, strip, whole, w.ahead);
        uint8_t *to = tile.scale_out;
        if (tile.scale_block != 1)
            tile.scale_out = scales;
        tile.scale_block = 1;
        tile_encode(e, plan, &tile, &ahead, NULL, mbits, bits, stream, 0);
        for (size_t c = 0; strip->scale_block != 1 && c < tile.blocks; c++)
            to[(ptrdiff_t)c * strip->scale_block] = scales[c];
    }
}

/* Two sheets, of which one is put away while the other fills, and the scales of a panel. */
typedef struct panel {
    _Alignas(64) uint8_t sheet[2][LINE * TILE];
    _Alignas(64) uint8_t scales[PANEL_ROWS / 16 * TILE];
    int side; /* that fills */
    putting put;
} panel;

/* The sheet that ends with a tile is next to be put away, the one before is. */
static void sheet_end(panel *p, const mxfast_strip *strip, corner at, size_t cols, int stream)
{
    const size_t k = strip->k, first = at.d / (LINE / k) * (LINE / k);
    while (put_some(&p->put, stream))
        ;
    p->put.from = p->sheet[p->side];
    p->put.to = strip->code_out + (ptrdiff_t)(first * k) + (ptrdiff_t)at.first * strip->code_block;
    p->put.to_step = strip->code_block;
    p->put.rows = (at.d + 1 - first) * k;
    p->put.cols = cols;
    p->put.step = 0;
    p->side ^= 1;
}

/* Codes transposed. */
LANES void turned_columns(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, size_t whole,
                          unsigned mbits, unsigned bits, int stream)
{
    panel p;
    const size_t k = strip->k, high = PANEL_ROWS / k;
    p.side = 0;
    p.put.cols = p.put.step = 0;
    for (walk w = walk_make(strip, whole, high); w.at.d < strip->down; walk_on(&w, strip)) {
        const size_t d = w.at.d, down = d % high, row = d * k % LINE;
        const int last = d + 1 == strip->down;
        mxfast_strip tile = tile_at(plan, strip, &w);
        fetching ahead = fetching_make(plan, strip, whole, w.ahead);
        tile.code_out = p.sheet[p.side] + row * TILE;
        tile.code_elem = TILE;
        tile.scale_out = p.scales + down * TILE;
        tile.code_block = tile.scale_block = 1;
        tile_encode(e, plan, &tile, &ahead, &p.put, mbits, bits, 0, stream);
        if (row + k == LINE || last)
            sheet_end(&p, strip, w.at, tile.blocks, stream);
        if (down + 1 == high || last)
            scales_put(strip, p.scales, (corner){d - down, w.at.first}, down + 1, tile.blocks);
    }
    while (put_some(&p.put, stream))
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
