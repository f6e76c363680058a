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
 * Codes that stay in place are made in tiles of TILE columns. While one is, the tile two further on is fetched into the
 * second-level cache, evenly, as a processor drops what is too much at once. The machine's own prefetcher is of little
 * use here: what is read from that cache meanwhile disturbs it.
 */

/* COLUMNS: what is taken side by side, whole vectors and whole transpositions. */
enum {
    TILE = 256,
    COLUMN_ROWS = 64,
    COLUMNS = WORDS < 16 ? 16 : WORDS,
    LINE = 64,
    SIDE = MXFAST_SQUARE,
    PANEL_ROWS = 1024, /* of transposed codes: tiles below one another come before those beside */
    ABREAST = 4        /* vectors whose largest magnitudes are found together */
};

/* ---- the order of tiles ---- */

/* Where a tile lies: rows of blocks from d, columns from `first`. */
typedef struct corner {
    size_t d, first;
} corner;

/* The tile `rows` of blocks further down; after `high` of them, the one beside, `cols` further. */
static corner corner_after(const mxfast_strip *strip, size_t whole, corner at, size_t rows, size_t high, size_t cols)
{
    const size_t top = at.d / high * high;
    at.d += rows;
    if (at.d < top + high && at.d < strip->down)
        return at;
    at.first += cols;
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
    UNROLL for (size_t i = 0; i < bytes; i += LINE)
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
        return b_codes(&e->codes, w_load(x), w_load(y), w_load(s->base + i), w_load(s->base + j), 0, mbits, bits);
    return b_signed(i_round_bf16(x, w_load(s->unit + i), w_load(s->unit + i + WORDS / 2)),
                    i_round_bf16(y, w_load(s->unit + j), w_load(s->unit + j + WORDS / 2)), e->least, 0);
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

/* The blocks that are not for us among GROUP_BLOCKS, at most, from `first`. */
static APART void group_slow(const mxfast_plan *plan, const mxfast_strip *at, size_t first, uint64_t slow)
{
    for (; slow != 0; slow &= slow - 1)
        portable_blocks(plan, at, first + lowest_bit(slow), 1);
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
    const corner at = {0, 0}, next = corner_after(strip, whole, at, rows, high, TILE);
    return (walk){at, next, corner_after(strip, whole, next, rows, high, TILE), whole, rows, high};
}

static void walk_on(walk *w, const mxfast_strip *strip)
{
    w->at = w->next;
    w->next = w->ahead;
    w->ahead = corner_after(strip, w->whole, w->ahead, w->rows, w->high, TILE);
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
LANES void straight_columns(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, unsigned mbits,
                            unsigned bits, int stream)
{
    const encoder e = encoder_make(&plan->words, mbits, bits);
    uint8_t scales[TILE];
    for (walk w = walk_make(strip, whole, 1, 1); w.at.d < strip->down; walk_on(&w, strip)) {
        mxfast_strip tile = tile_at(plan, strip, &w);
        fetching ahead = fetching_make(plan, strip, whole, w.ahead, 1);
        uint8_t *to = tile.scale_out;
        if (tile.scale_block != 1)
            tile.scale_out = scales;
        tile.scale_block = 1;
        tile_encode(&e, plan, &tile, &ahead, mbits, bits, stream);
        for (size_t c = 0; strip->scale_block != 1 && c < tile.blocks; c++)
            to[(ptrdiff_t)c * strip->scale_block] = scales[c];
    }
}

/* ---- codes transposed ---- */

#include "impl/turned_tmpl.h"

/* Two functions for each format: in one the constants of one loop would not stay in registers. */
#define MX_FORMAT(id, bits, ebits, mbits, ...)                                                                         \
    static APART void straight_##id(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, int stream)      \
    {                                                                                                                  \
        straight_columns(plan, strip, whole, mbits, bits, stream);                                                     \
    }                                                                                                                  \
    static APART void turned_##id(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, int stream)        \
    {                                                                                                                  \
        turned_columns(plan, strip, whole, mbits, bits, stream);                                                       \
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
    const size_t whole = strip->blocks / COLUMNS * COLUMNS;
    const int turned = strip->code_block != 1;
    const ptrdiff_t step = turned ? strip->code_block : strip->code_elem;
    const int stream = plan->stream && ((uintptr_t)strip->code_out | (uintptr_t)step) % LINE == 0;
    switch (plan->elem) {
#define MX_FORMAT(id, ...)                                                                                             \
    case id:                                                                                                           \
        (turned ? turned_##id : straight_##id)(plan, strip, whole, stream);                                            \
        break;
#include "impl/formats.def"
#undef MX_FORMAT
    }
    for (size_t d = 0; whole < strip->blocks && d < strip->down; d++) {
        mxfast_strip row = mxfast_strip_row(plan, strip, d);
        portable_blocks(plan, &row, whole, strip->blocks - whole);
    }
    return 1;
}
