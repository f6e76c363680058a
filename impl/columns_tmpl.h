/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the quantiser for blocks that lie side by side, each down a column. Included once by each
 * impl/<set>/<isa>.c, after quantize_tmpl.h.
 *
 * Parameters: the functions of lanes.h; PREFETCH_FAR(at), to the second-level cache; IN_REGISTER(x), which may hide
 * from the compiler that vector x is in memory too; transpose of transpose_tmpl.h.
 * Defines: quantize_columns(plan, strip): values side by side, codes too or, transposed, each block's codes together;
 *          any k up to COLUMN_ROWS. Returns 0 with nothing written when the plan or the strip is not for it.
 *
 * A lane is a block. The columns after the last COLUMNS go to the portable kernel.
 *
 * Values are read a tile of columns and a row of blocks at a time, while the tile before is encoded: words are kept in
 * the first-level cache, rows of memory are too far apart for it. To read so is not in the order of memory, which the
 * machine's own prefetcher would follow; so what comes next is fetched into the second-level cache by instruction, in
 * that order, and evenly, as a processor drops what is too much at once.
 */

/* COLUMNS: what is taken side by side, whole vectors and whole transpositions. */
enum {
    TILE = 256,  /* columns; where more than a word is kept of each value, half of it where codes stay in place */
    PAGE = 4096, /* bytes of each row that are fetched one after the other, where codes stay in place */
    COLUMN_ROWS = 64,
    COLUMNS = WORDS < 16 ? 16 : WORDS,
    LINE = 64,
    SIDE = MXFAST_SQUARE,
    PANEL_ROWS = 1024 /* of transposed codes: tiles below one another come before those beside */
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

static const unsigned char *values_at(const mxfast_plan *plan, const mxfast_strip *strip, corner at)
{
    return (const unsigned char *)strip->in +
           ((ptrdiff_t)(at.d * strip->k) * strip->value_elem + (ptrdiff_t)at.first) * (ptrdiff_t)plan->value.bytes;
}

/* Where tiles are: this one and the next. */
typedef struct walk {
    corner at, next;
    size_t whole;      /* columns */
    size_t rows, high; /* of blocks: of a tile; that come before those beside */
    size_t cols;       /* of a tile */
} walk;

static walk walk_make(const mxfast_strip *strip, size_t whole, size_t rows, size_t high, size_t cols)
{
    const corner at = {0, 0};
    return (walk){at, corner_after(strip, whole, at, rows, high, cols), whole, rows, high, cols};
}

static void walk_on(walk *w, const mxfast_strip *strip)
{
    w->at = w->next;
    w->next = corner_after(strip, w->whole, w->next, w->rows, w->high, w->cols);
}

/* Columns of the tile at a corner. */
static size_t walk_cols(const walk *w, corner at)
{
    return w->whole - at.first < w->cols ? w->whole - at.first : w->cols;
}

static mxfast_strip tile_at(const mxfast_plan *plan, const mxfast_strip *strip, const walk *w)
{
    const size_t left = strip->down - w->at.d;
    mxfast_strip rows = mxfast_strip_row(plan, strip, w->at.d);
    rows.down = left < w->rows ? left : w->rows;
    return mxfast_strip_part(plan, &rows, w->at.first, walk_cols(w, w->at));
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

/* The next tile; nothing below the last. */
static fetching fetching_make(const mxfast_plan *plan, const mxfast_strip *strip, const walk *w)
{
    const size_t left = strip->down - w->next.d;
    if (w->next.d >= strip->down)
        return (fetching){.rows = 0};
    return (fetching){
        .row = values_at(plan, strip, w->next),
        .step = strip->value_elem * (ptrdiff_t)plan->value.bytes,
        .bytes = walk_cols(w, w->next) * plan->value.bytes,
        .rows = (left < w->rows ? left : w->rows) * strip->k,
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

/* ---- reading ---- */

/* Bytes of what is kept of a value until it is encoded: its word or, of INT8, which needs more than that, itself. */
LANES size_t kept_bytes(mx_type type, int integer)
{
    return integer && type == MX_FP32 ? 4 : 2;
}

/* A vector of values: its words, of fp32 in turns if so asked. What is kept of it goes to `kept`. */
LANES word_lanes vector_keep(mx_type type, const unsigned char *in, unsigned char *kept, word_lanes sticky, int integer,
                             int turns)
{
    const word_lanes v = turns ? w_fold_fp32(in, sticky, 1) : fold(type, in, sticky);
    if (integer)
        UNROLL for (size_t i = 0; i < WORDS * kept_bytes(type, 1); i += 2 * WORDS) w_store(kept + i, w_load(in + i));
    else
        w_store(kept, v);
    return v;
}

/* The same, and in `least` what is left of 7fff in the largest magnitudes. */
LANES void vector_read(mx_type type, const unsigned char *in, unsigned char *kept, word_lanes *least, word_lanes sticky,
                       int integer, int turns)
{
    *least = w_min(*least, w_without(w_all(0x7fff), vector_keep(type, in, kept, sticky, integer, turns)));
}

/* INT8: what WORDS columns' values are multiplied by, in the order of i_round_*. */
LANES void units_put(mx_type type, uint32_t *unit, word_lanes base)
{
    if (type == MX_BF16)
        w_put_fp32(unit, base, 0);
    else
        w_put_pairs(unit, base, 1);
}

/* INT8: the WORDS values from column i on. */
LANES word_lanes column_integers(mx_type type, const unsigned char *kept, const uint32_t *unit, size_t i)
{
    return integers_of(type, kept + i * kept_bytes(type, 1), w_load(unit + i), w_load(unit + i + WORDS / 2));
}

/* Of n vectors side by side, 64 columns at most, from `least` to scale bytes and to what encoding takes: `base`, or of
 * INT8 `unit`, of units_put. Returns bit c: the block of column c is not for us. */
LANES uint64_t columns_scales(const mxfast_plan *plan, const word_lanes least[], uint8_t *scale, word_lanes base[],
                              uint32_t *unit, size_t n, int integer)
{
    uint64_t slow = 0;
    UNROLL for (size_t i = 0; i < n; i++)
    {
        word_lanes byte;
        slow |= scales_of_lanes(&plan->words, least[i], &byte, &base[i], integer) << i * WORDS;
        w_narrow_one(scale + i * WORDS, w_left(byte, 8));
        if (integer)
            units_put(plan->value.type, unit + i * WORDS, base[i]);
    }
    return slow;
}

/* The blocks that are not for us among GROUP_BLOCKS, at most, from `first`. */
static APART void group_slow(const mxfast_plan *plan, const mxfast_strip *at, size_t first, uint64_t slow)
{
    for (; slow != 0; slow &= slow - 1)
        portable_blocks(plan, at, first + lowest_bit(slow), 1);
}

/* ---- codes as the values lie ---- */

enum { ROW_BYTES = 2 * TILE };

/* The tile that is encoded; what is kept of the next one, and its largest magnitudes, take the place of its own. These
 * are in memory, not in registers, where a processor runs ahead less evenly, so that more of what is fetched is
 * dropped. */
typedef struct desk {
    _Alignas(64) unsigned char kept[COLUMN_ROWS * ROW_BYTES];
    _Alignas(64) uint32_t unit[TILE];
    word_lanes least[TILE / WORDS], base[TILE / WORDS], sticky;
    int is_read;
    fetching ahead;
} desk;

LANES void tile_clear(desk *t)
{
    for (size_t i = 0; i < TILE / WORDS; i++)
        t->least[i] = w_all(0x7fff);
}

/* `cols` columns of a row. */
LANES void row_read(desk *t, mx_type type, const unsigned char *in, unsigned char *kept, size_t cols, int integer)
{
    for (size_t i = 0; i < cols; i += WORDS)
        vector_read(type, in + i * (type == MX_FP32 ? 4 : 2), kept + i * kept_bytes(type, integer),
                    &t->least[i / WORDS], t->sticky, integer, 0);
}

/* A tile that was not read beforehand, `step` bytes from row to row. */
LANES void tile_read(desk *t, mx_type type, const unsigned char *in, ptrdiff_t step, size_t rows, size_t cols,
                     int integer)
{
    unsigned char *kept = t->kept;
    tile_clear(t);
    for (size_t r = 0; r < rows; r++, in += step, kept += ROW_BYTES)
        if (type == MX_FP32)
            row_read(t, MX_FP32, in, kept, cols, integer);
        else if (type == MX_BF16)
            row_read(t, MX_BF16, in, kept, cols, integer);
        else
            row_read(t, MX_FP16, in, kept, cols, integer);
}

static APART void tile_read_of(desk *t, mx_type type, const unsigned char *in, ptrdiff_t step, size_t rows, size_t cols,
                               int integer)
{
    if (integer)
        tile_read(t, type, in, step, rows, cols, 1);
    else
        tile_read(t, type, in, step, rows, cols, 0);
}

/* Scales of the tile that was read, to `to`; `slow`: bit c % SIDE of word c / SIDE of column c. */
LANES void tile_scales(const mxfast_plan *plan, desk *t, uint8_t *to, ptrdiff_t to_step, size_t cols, uint64_t slow[],
                       int integer)
{
    uint8_t scales[SIDE];
    for (size_t i = 0; i < cols; i += SIDE, to += SIDE * to_step) {
        const size_t n = cols - i < SIDE ? cols - i : SIDE, v = i / WORDS;
        slow[i / SIDE] = columns_scales(plan, t->least + v, to_step == 1 ? to : scales, t->base + v, t->unit + i,
                                        n / WORDS, integer);
        for (size_t c = 0; to_step != 1 && c < n; c++)
            to[(ptrdiff_t)c * to_step] = scales[c];
    }
    tile_clear(t);
}

/* Codes of the vectors at columns i and j. */
LANES b_lanes tile_codes(const encoder *e, const desk *t, mx_type type, const unsigned char *kept, size_t i, size_t j,
                         unsigned mbits, unsigned bits)
{
    if (mbits == 6)
        return b_signed(column_integers(type, kept, t->unit, i), column_integers(type, kept, t->unit, j), e->least, 0);
    word_lanes x = w_load(kept + 2 * i), y = w_load(kept + 2 * j);
    IN_REGISTER(x);
    IN_REGISTER(y);
    return b_codes(&e->codes, x, y, t->base[i / WORDS], t->base[j / WORDS], 0, mbits, bits);
}

/* A row of a whole tile, while one of the next is read from `in`. */
LANES void row_turn(const encoder *e, desk *t, mx_type type, const unsigned char *in, unsigned char *kept,
                    uint8_t *code, unsigned mbits, unsigned bits, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2, keeps = kept_bytes(type, mbits == 6);
    for (size_t i = 0; i < ROW_BYTES / keeps; i += 2 * WORDS) {
        fetch_some(&t->ahead, 2 * WORDS * width);
        const b_lanes codes = tile_codes(e, t, type, kept, i, i + WORDS, mbits, bits);
        UNROLL for (size_t j = i; j < i + 2 * WORDS; j += WORDS)
            vector_read(type, in + j * width, kept + j * keeps, &t->least[j / WORDS], t->sticky, mbits == 6, 0);
        b_put(code + i, codes, stream);
    }
}

/* A row of `cols` columns. */
LANES void row_codes(const encoder *e, desk *t, mx_type type, const unsigned char *kept, size_t cols, uint8_t *code,
                     unsigned mbits, unsigned bits, int stream)
{
    for (size_t i = 0; i < cols; i += LINE / 2)
        fetch_some(&t->ahead, LINE / 2 * (type == MX_FP32 ? 4 : 2));
    for (size_t i = 0; i < cols; i += 2 * WORDS)
        if (i + WORDS == cols)
            b_put_half(code + i, tile_codes(e, t, type, kept, i, i, mbits, bits));
        else
            b_put(code + i, tile_codes(e, t, type, kept, i, i + WORDS, mbits, bits), stream);
}

/* `cols` columns of a row of blocks from `first` on. `next`: where the tile after lies, or NULL unless both are whole.
 */
LANES void tile_encode(const encoder *e, const mxfast_plan *plan, desk *t, const mxfast_strip *row, size_t first,
                       size_t cols, const unsigned char *next, unsigned mbits, unsigned bits, int stream)
{
    const mx_type type = plan->value.type;
    const ptrdiff_t step = row->value_elem * (ptrdiff_t)plan->value.bytes;
    unsigned char *kept = t->kept;
    uint8_t *code = row->code_out + first;
    uint64_t slow[TILE / SIDE];
    if (!t->is_read)
        tile_read_of(t, type, values_at(plan, row, (corner){0, first}), step, row->k, cols, mbits == 6);
    tile_scales(plan, t, row->scale_out + (ptrdiff_t)first * row->scale_block, row->scale_block, cols, slow,
                mbits == 6);
    t->is_read = next != NULL;
    for (size_t r = 0; r < row->k; r++, kept += ROW_BYTES, code += row->code_elem)
        if (!next)
            row_codes(e, t, type, kept, cols, code, mbits, bits, stream);
        else if (type == MX_FP32)
            row_turn(e, t, MX_FP32, next + (ptrdiff_t)r * step, kept, code, mbits, bits, stream);
        else if (type == MX_BF16)
            row_turn(e, t, MX_BF16, next + (ptrdiff_t)r * step, kept, code, mbits, bits, stream);
        else
            row_turn(e, t, MX_FP16, next + (ptrdiff_t)r * step, kept, code, mbits, bits, stream);
    for (size_t i = 0; i < cols; i += SIDE)
        if (slow[i / SIDE] != 0)
            group_slow(plan, row, first + i, slow[i / SIDE]);
}

/* Where the tile lies that comes after the one at column `first` of a page, `wide` columns; NULL unless both are whole.
 */
static const unsigned char *tile_after(const mxfast_plan *plan, const mxfast_strip *strip, const walk *w, size_t first,
                                       size_t wide)
{
    const size_t left = walk_cols(w, w->at) - first;
    if (left == wide && w->next.d < strip->down && walk_cols(w, w->next) >= wide)
        return values_at(plan, strip, w->next);
    return left < 2 * wide ? NULL : values_at(plan, strip, (corner){w->at.d, w->at.first + first + wide});
}

/* Codes as the values lie. What few roundings need, who are `careful`, slows down all; so these have a function of
 * their own, which does not read ahead. */
LANES void straight_columns(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, unsigned mbits,
                            unsigned bits, int careful, int stream)
{
    encoder e = encoder_make(&plan->words, mbits, bits);
    desk t;
    const size_t wide = ROW_BYTES / kept_bytes(plan->value.type, mbits == 6);
    if (!careful)
        e.codes.careful = 0;
    t.sticky = w_all(plan->words.sticky);
    t.is_read = 0;
    for (walk w = walk_make(strip, whole, 1, 1, PAGE / plan->value.bytes); w.at.d < strip->down; walk_on(&w, strip)) {
        const mxfast_strip row = mxfast_strip_row(plan, strip, w.at.d);
        const size_t cols = walk_cols(&w, w.at);
        t.ahead = fetching_make(plan, strip, &w);
        for (size_t i = 0; i < cols; i += wide)
            tile_encode(&e, plan, &t, &row, w.at.first + i, cols - i < wide ? cols - i : wide,
                        careful ? NULL : tile_after(plan, strip, &w, i, wide), mbits, bits, stream);
    }
}

/* ---- codes transposed ---- */

#include "impl/turned_tmpl.h"

/* Functions of their own for each format: in one the constants of one loop would not stay in registers. */
#define MX_FORMAT(id, bits, ebits, mbits, ...)                                                                         \
    static APART void straight_##id(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, int stream)      \
    {                                                                                                                  \
        straight_columns(plan, strip, whole, mbits, bits, 0, stream);                                                  \
    }                                                                                                                  \
    static APART void careful_##id(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, int stream)       \
    {                                                                                                                  \
        straight_columns(plan, strip, whole, mbits, bits, mbits != 6, stream);                                         \
    }                                                                                                                  \
    static APART void turned_##id(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, int stream)        \
    {                                                                                                                  \
        turned_columns(plan, strip, whole, mbits, bits, 0, stream);                                                    \
    }                                                                                                                  \
    static APART void in_turns_##id(const mxfast_plan *plan, const mxfast_strip *strip, size_t whole, int stream)      \
    {                                                                                                                  \
        turned_columns(plan, strip, whole, mbits, bits, mbits != 6, stream);                                           \
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
    if (!is_columns(strip) || !plan->words.usable)
        return 0;
    const size_t whole = strip->blocks / COLUMNS * COLUMNS;
    const int turned = strip->code_block != 1;
    const ptrdiff_t step = turned ? strip->code_block : strip->code_elem;
    const int stream = plan->stream && ((uintptr_t)strip->code_out | (uintptr_t)step) % LINE == 0;
    switch (plan->elem) {
#define MX_FORMAT(id, ...)                                                                                             \
    case id:                                                                                                           \
        (!turned          ? plan->words.careful ? careful_##id : straight_##id                                         \
         : in_turns(plan) ? in_turns_##id                                                                              \
                          : turned_##id)(plan, strip, whole, stream);                                                  \
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
