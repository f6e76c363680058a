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
 * Memory is fastest by far when it is read in the order it lies in. So the rows of a row of blocks are read from end to
 * end, as words, onto a desk that the second-level cache holds. There they are encoded in tiles of TILE columns; after
 * each row of a tile, as many values of the row of blocks below are read.
 */
#include <stdlib.h>

/* COLUMNS: what is taken side by side, whole vectors and whole transpositions. */
enum {
    TILE = 256,
    COLUMN_ROWS = 64,
    COLUMNS = WORDS < 16 ? 16 : WORDS,
    LINE = 64,
    DESK_WORDS = 1 << 17, /* of a row of blocks, about: 256 KiB */
    READ_AHEAD = 8192,    /* bytes, to be fetched while others are encoded */
    DESK_SCALES = 64      /* rows of blocks whose scales are put away together */
};

/* ---- the desk ----
 * Rows of tiles lie in slots. A slot whose codes have been made is filled with the next values at once, as long as the
 * first-level cache has it. */

typedef struct desk {
    size_t cols; /* of a strip, at most */
    uint16_t *words;
    uint16_t *slot[2]; /* of row r of tile j of a row of blocks, and of the one below it: [j * k + r] */
    uint8_t *lines;    /* codes to be transposed: LINE of each column, which are one or more blocks */
    uint8_t *scales;   /* those of a row of blocks after another */
    void *allocated;
} desk;

static inline size_t desk_slots(size_t k, size_t cols)
{
    return ((cols + TILE - 1) / TILE * k + 7) / 8 * 8;
}

/* Bytes for `cols` columns; where everything lies, unless `at` is NULL. */
static size_t desk_layout(desk *on, unsigned char *at, size_t k, size_t cols)
{
    size_t slots = desk_slots(k, cols), words = slots * TILE * sizeof(uint16_t), index = slots * sizeof(uint16_t);
    size_t lines = cols * LINE;
    if (at != NULL) {
        on->cols = cols;
        on->words = (uint16_t *)(void *)at;
        on->lines = at + words;
        on->scales = on->lines + lines;
        on->slot[0] = (uint16_t *)(void *)(on->scales + cols * DESK_SCALES);
        on->slot[1] = on->slot[0] + slots;
    }
    return words + lines + cols * DESK_SCALES + 2 * index;
}

/* TILE columns have room in so many bytes. */
enum { SMALL_DESK = COLUMN_ROWS * TILE * 2 + (LINE + DESK_SCALES) * TILE + COLUMN_ROWS * 4 };

/* For as many columns as there is room for, up to `cols`. Without memory the strips are narrow. */
static void desk_make(desk *on, unsigned char *small, size_t k, size_t cols)
{
    size_t most = DESK_WORDS / k / TILE * TILE, wide = cols < most ? cols : most;
    on->allocated = wide > TILE ? aligned_alloc(LINE, (desk_layout(on, NULL, k, wide) + LINE - 1) / LINE * LINE) : NULL;
    desk_layout(on, on->allocated ? on->allocated : small, k, on->allocated || wide < TILE ? wide : TILE);
}

/* Tiles of the first row of blocks lie one after another. In those below, the slots of a tile are a power of two apart,
 * often, which is why eight slots in a row are taken in another order each time: so a tile finds room in all sets of
 * the first-level cache. */
static void desk_clear(desk *on, size_t k, size_t cols)
{
    size_t slots = desk_slots(k, cols);
    for (size_t i = 0; i < slots; i++)
        on->slot[0][i] = (uint16_t)(i ^ ((i >> 3 ^ i >> 6 ^ i >> 9) & 7));
}

/* ---- reading ---- */

/* What is read next: rows of a row of blocks, from end to end. */
typedef struct reader {
    const mxfast_words *f;
    const unsigned char *in;
    ptrdiff_t in_step; /* bytes from row to row */
    size_t rows, cols;
    size_t row, col; /* where it is */
} reader;

/* Up to TILE values. */
LANES void take(reader *next, uint16_t *words, mx_type type)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    const word_lanes sticky = w_all(next->f->sticky);
    const size_t left = next->cols - next->col, n = left < TILE ? left : TILE;
    const unsigned char *in = next->in + (ptrdiff_t)next->row * next->in_step + next->col * width;
    const unsigned char *soon = next->in + (ptrdiff_t)next->row * next->in_step;
    size_t far = next->col * width + READ_AHEAD;
    for (; far >= next->cols * width; far -= next->cols * width)
        soon += next->in_step;
    soon += far; /* past a row's end it does no harm */
    for (size_t i = 0; i < n; i += WORDS) {
        for (size_t line = 0; line < WORDS * width; line += LINE)
            PREFETCH_FAR(soon + i * width + line);
        w_store(words + i, fold(type, in + i * width, sticky));
    }
    next->col = n == left ? 0 : next->col + n;
    next->row += n == left;
}

static APART void take_fp32(reader *next, uint16_t *words)
{
    take(next, words, MX_FP32);
}

static APART void take_bf16(reader *next, uint16_t *words)
{
    take(next, words, MX_BF16);
}

static APART void take_fp16(reader *next, uint16_t *words)
{
    take(next, words, MX_FP16);
}

/* The next of the values, if any are left, into a slot, which from now on is theirs. */
LANES void take_of(reader *next, const desk *on, unsigned side, unsigned slot, mx_type type)
{
    uint16_t *words = on->words + slot * TILE;
    if (next->row == next->rows)
        return;
    on->slot[side][next->col / TILE * next->rows + next->row] = (uint16_t)slot;
    if (type == MX_FP32)
        take_fp32(next, words);
    else if (type == MX_BF16)
        take_bf16(next, words);
    else
        take_fp16(next, words);
}

/* ---- encoding ---- */

/* A tile being encoded. */
typedef struct tile {
    _Alignas(64) uint8_t codes[COLUMN_ROWS * TILE]; /* to be transposed */
    _Alignas(64) uint16_t base[TILE];
    _Alignas(64) uint32_t unit[TILE]; /* INT8, in the order of i_round_bf16 */
    uint64_t slow[TILE / GROUP_BLOCKS];
} tile;

/* What is left of 7fff in each column's largest magnitude, of GROUP_BLOCKS columns at most. */
LANES void tile_least(group *g, const uint16_t *const row[], size_t first, size_t k, size_t cols)
{
    enum { VECTORS = GROUP_BLOCKS / WORDS };
    word_lanes least[VECTORS];
    UNROLL for (size_t i = 0; i < VECTORS; i++) least[i] = w_all(0x7fff);
    if (cols == GROUP_BLOCKS)
        for (size_t r = 0; r < k; r++)
            UNROLL for (size_t i = 0; i < VECTORS; i++) least[i] =
                w_min(least[i], w_without(w_all(0x7fff), w_load(row[r] + first + i * WORDS)));
    else
        for (size_t i = 0; i < cols / WORDS; i++)
            for (size_t r = 0; r < k; r++)
                least[i] = w_min(least[i], w_without(w_all(0x7fff), w_load(row[r] + first + i * WORDS)));
    for (size_t i = 0; i < VECTORS; i++)
        w_store(g->least + i * WORDS, least[i]);
}

LANES void tile_scales(const mxfast_words *f, tile *t, const uint16_t *const row[], size_t k, uint8_t *scale,
                       size_t cols, int integer)
{
    group g;
    for (size_t i = 0; i < cols; i += GROUP_BLOCKS) {
        size_t blocks = cols - i < GROUP_BLOCKS ? cols - i : GROUP_BLOCKS;
        tile_least(&g, row, i, k, blocks);
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
LANES b_lanes tile_codes(const encoder *e, const tile *t, const uint16_t *row, size_t i, size_t j, unsigned mbits,
                         unsigned bits)
{
    if (mbits != 6)
        return b_codes(&e->codes, w_load(row + i), w_load(row + j), w_load(t->base + i), w_load(t->base + j), mbits,
                       bits);
    return b_signed(i_round_bf16(row + i, w_load(t->unit + i), w_load(t->unit + i + WORDS / 2)),
                    i_round_bf16(row + j, w_load(t->unit + j), w_load(t->unit + j + WORDS / 2)), e->least);
}

LANES void tile_row(const encoder *e, const tile *t, const uint16_t *row, size_t cols, uint8_t *code, unsigned mbits,
                    unsigned bits, int stream)
{
    for (size_t i = 0; i < cols; i += 2 * WORDS)
        if (i + WORDS == cols)
            b_put_half(code + i, tile_codes(e, t, row, i, i, mbits, bits));
        else
            b_put(code + i, tile_codes(e, t, row, i, i + WORDS, mbits, bits), stream);
}

static void tile_slow(const mxfast_plan *plan, const mxfast_strip *strip, const uint64_t slow[], size_t first,
                      size_t cols)
{
    for (size_t i = 0; i < cols; i += GROUP_BLOCKS)
        for (uint64_t left = slow[i / GROUP_BLOCKS]; left != 0; left &= left - 1)
            portable_blocks(plan, strip, first + i + lowest_bit(left), 1);
}

/* ---- putting away ---- */

LANES void line_copy(uint8_t *to, const uint8_t *from, size_t bytes, int stream)
{
    if (bytes < LINE) {
        memcpy(to, from, bytes);
        return;
    }
    for (size_t i = 0; i < LINE; i += 2 * WORDS)
        w_put(to + i, w_load(from + i), stream);
}

/* rows x cols codes of a tile, multiples of 16, to lines. */
static APART void tile_to_lines(uint8_t *to, const uint8_t *codes, size_t rows, size_t cols)
{
    transpose(to, LINE, codes, TILE, rows, cols);
}

/* The first bytes of lines to columns `step` apart. */
LANES void lines_put(uint8_t *to, ptrdiff_t step, const uint8_t *lines, size_t bytes, size_t cols, int stream)
{
    for (size_t c = 0; c < cols; c++)
        line_copy(to + (ptrdiff_t)c * step, lines + c * LINE, bytes, stream);
}

/* Scales of the last rows of blocks up to row d: column by column, as those of one may share a line of the caches. */
static void scales_put(const mxfast_strip *strip, const desk *k, size_t d)
{
    _Alignas(64) uint8_t lines[16 * LINE];
    size_t first = d / DESK_SCALES * DESK_SCALES, rows = d + 1 - first;
    for (size_t c = 0; c < strip->blocks; c += 16) {
        uint8_t *to = strip->scale_out + (ptrdiff_t)c * strip->scale_block + (ptrdiff_t)first * strip->scale_down;
        transpose(lines, LINE, k->scales + c, (ptrdiff_t)k->cols, (rows + 15) / 16 * 16, 16);
        if (strip->scale_down == 1)
            lines_put(to, strip->scale_block, lines, rows, 16, 0);
        else
            for (size_t i = 0; i < 16 * rows; i++)
                to[(ptrdiff_t)(i / rows) * strip->scale_block + (ptrdiff_t)(i % rows) * strip->scale_down] =
                    lines[i / rows * LINE + i % rows];
    }
}

/* Columns from `first` of row d of the blocks; `row`: as tile_slow is to see it. */
LANES void columns_tile(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, const desk *on, size_t d,
                        size_t first, const mxfast_strip *row, reader *next, unsigned mbits, unsigned bits, int stream)
{
    tile t;
    const uint16_t *words[COLUMN_ROWS];
    const size_t k = strip->k, left = strip->blocks - first, cols = left < TILE ? left : TILE;
    const uint16_t *slot = on->slot[d % 2] + first / TILE * k;
    const int turned = strip->code_block != 1;
    uint8_t *code = turned ? t.codes : row->code_out + first;
    const ptrdiff_t code_step = turned ? TILE : row->code_elem;
    for (size_t r = 0; r < k; r++)
        words[r] = on->words + (size_t)slot[r] * TILE;
    tile_scales(&plan->words, &t, words, k, row->scale_out + first, cols, mbits == 6);
    for (size_t r = 0; r < k; r++) {
        tile_row(e, &t, words[r], cols, code + (ptrdiff_t)r * code_step, mbits, bits, stream && !turned);
        take_of(next, on, (d + 1) % 2, slot[r], plan->value.type);
    }
    if (turned)
        tile_to_lines(row->code_out + first * LINE, t.codes, k, cols);
    tile_slow(plan, row, t.slow, first, cols);
}

/* Row d of the blocks, whose words are on the desk; the one below is read. */
LANES void columns_row(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, const desk *on, size_t d,
                       reader *next, unsigned mbits, unsigned bits, int stream)
{
    mxfast_strip row = mxfast_strip_row(plan, strip, d);
    const size_t k = strip->k, in_line = d % (LINE / k) * k;
    const int turned = strip->code_block != 1, last = in_line + k == LINE || d + 1 == strip->down;
    if (turned) {
        row.code_out = on->lines + in_line;
        row.code_block = LINE;
    }
    if (row.scale_block != 1) {
        row.scale_out = on->scales + d % DESK_SCALES * on->cols;
        row.scale_block = 1;
    }
    for (size_t first = 0; first < strip->blocks; first += TILE) {
        columns_tile(e, plan, strip, on, d, first, &row, next, mbits, bits, stream);
        if (turned && last)
            lines_put(strip->code_out + (ptrdiff_t)(d * k - in_line) + (ptrdiff_t)first * strip->code_block,
                      strip->code_block, on->lines + first * LINE, in_line + k,
                      strip->blocks - first < TILE ? strip->blocks - first : TILE, stream);
    }
    if (strip->scale_block != 1 && (d % DESK_SCALES == DESK_SCALES - 1 || d + 1 == strip->down))
        scales_put(strip, on, d);
}

/* As many columns as the desk has. */
LANES void columns_strip(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, desk *on, unsigned mbits,
                         unsigned bits, int stream)
{
    const mx_type type = plan->value.type;
    reader next = {.f = &plan->words,
                   .in = strip->in,
                   .in_step = strip->value_elem * (ptrdiff_t)plan->value.bytes,
                   .rows = strip->k,
                   .cols = strip->blocks};
    desk_clear(on, strip->k, strip->blocks);
    while (next.row < next.rows)
        take_of(&next, on, 0, on->slot[0][next.col / TILE * next.rows + next.row], type);
    for (size_t d = 0; d < strip->down; d++) {
        next.in += (ptrdiff_t)strip->k * next.in_step;
        next.row = d + 1 < strip->down ? 0 : next.rows;
        columns_row(e, plan, strip, on, d, &next, mbits, bits, stream);
    }
}

LANES void columns_of(const mxfast_plan *plan, const mxfast_strip *strip, unsigned mbits, unsigned bits)
{
    _Alignas(64) unsigned char small[SMALL_DESK];
    desk on;
    const size_t whole = strip->blocks / COLUMNS * COLUMNS;
    const ptrdiff_t code_step = strip->code_block == 1 ? strip->code_elem : strip->code_block;
    int stream = plan->stream && ((uintptr_t)strip->code_out | (uintptr_t)code_step) % LINE == 0;
    const encoder e = encoder_make(&plan->words, mbits, bits);
    desk_make(&on, small, strip->k, whole);
    for (size_t first = 0; first < whole; first += on.cols) {
        size_t cols = whole - first < on.cols ? whole - first : on.cols;
        mxfast_strip part = mxfast_strip_part(plan, strip, first, cols);
        columns_strip(&e, plan, &part, &on, mbits, bits, stream);
    }
    free(on.allocated);
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
