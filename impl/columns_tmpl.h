/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: the quantiser for blocks that lie side by side, each down a column. Included once by each
 * impl/<set>/<isa>.c, after quantize_tmpl.h.
 *
 * Parameters: the functions of lanes.h; PREFETCH(at); PREFETCH_FAR(at), to the second-level cache only;
 * b_transpose16(to, to_step, from, from_step), 16 x 16 bytes.
 * Defines: quantize_columns(plan, strip): values side by side, codes too or, transposed, each block's codes together;
 *          any k up to COLUMN_ROWS. Returns 0 with nothing written when the plan or the strip is not for it.
 *
 * A lane is a block. Tiles of columns are read once, row by row; the columns after the last COLUMNS go to the
 * portable kernel.
 */

/* COLUMNS: what is taken side by side, whole vectors and whole transpositions. Transposed codes are written from tiles
 * of TURNED_ROWS x TILE, and read in tiles of VALUE_ROWS x VALUE_COLS, so that columns have whole lines of the caches.
 */
enum {
    TILE = 256,
    COLUMN_ROWS = 64,
    COLUMNS = WORDS < 16 ? 16 : WORDS,
    LINE = 64,
    TURNED_ROWS = 128,
    VALUE_ROWS = 256,
    VALUE_COLS = 64
};

/* ---- transposition ----
 * Lines of 16 columns at a time go through a buffer: the columns may lie a power of two apart, where the caches can
 * hold only few of them, so that each line is touched once. */

LANES void line_copy(uint8_t *to, const uint8_t *from, size_t bytes, int stream)
{
    if (bytes < LINE) {
        memcpy(to, from, bytes);
        return;
    }
    for (size_t i = 0; i < LINE; i += 2 * WORDS)
        w_put(to + i, w_load(from + i), stream);
}

/* rows x cols bytes, multiples of 16, to columns `to_step` apart. */
static APART void rows_to_columns(uint8_t *to, ptrdiff_t to_step, const uint8_t *from, size_t rows, size_t cols,
                                  int stream)
{
    _Alignas(LINE) uint8_t run[16 * TURNED_ROWS];
    for (size_t c = 0; c < cols; c += 16) {
        for (size_t r = 0; r < rows; r += 16)
            b_transpose16(run + r, TURNED_ROWS, from + r * TILE + c, TILE);
        for (size_t i = 0; i < 16; i++)
            for (size_t r = 0; r < rows; r += LINE)
                line_copy(to + (ptrdiff_t)(c + i) * to_step + (ptrdiff_t)r, run + i * TURNED_ROWS + r,
                          rows - r < LINE ? rows - r : LINE, stream);
    }
}

/* The inverse. */
static APART void columns_to_rows(uint8_t *to, const uint8_t *from, ptrdiff_t from_step, size_t rows, size_t cols)
{
    _Alignas(LINE) uint8_t line[16 * LINE];
    for (size_t c = 0; c < cols; c += 16)
        for (size_t r = 0; r < rows; r += LINE) {
            size_t n = rows - r < LINE ? rows - r : LINE;
            for (size_t i = 0; i < 16; i++) {
                const uint8_t *at = from + (ptrdiff_t)(c + i) * from_step + (ptrdiff_t)r;
                line_copy(line + i * LINE, at, n, 0);
            }
            for (size_t i = 0; i < n; i += 16)
                b_transpose16(to + (r + i) * VALUE_COLS + c, VALUE_COLS, line + i, LINE);
        }
}

/* ---- encoding ----
 * Rows of blocks are taken one after another, and each of them in tiles: a tile is read and held as words, then
 * encoded. Memory is fastest by far when it is read in the order it lies in, which tiles do not do: while a row of
 * blocks is encoded, the one below it is fetched from end to end. */

typedef struct tile {
    _Alignas(64) uint16_t words[COLUMN_ROWS * TILE];
    _Alignas(64) uint8_t codes[TURNED_ROWS * TILE]; /* of a transposed strip */
    _Alignas(64) uint16_t base[TILE];
    _Alignas(64) uint32_t unit[TILE]; /* INT8, in the order of i_round_bf16 */
    uint64_t slow[TILE / GROUP_BLOCKS];
} tile;

/* What is fetched while tiles are worked on: rows of `pieces` pieces of TILE values. */
typedef struct fetched {
    const char *at;
    ptrdiff_t step; /* bytes from row to row */
    size_t pieces;
} fetched;

static inline const char *fetched_piece(const fetched *next, size_t i, size_t width)
{
    return next->at + (ptrdiff_t)(i / next->pieces) * next->step + (ptrdiff_t)(i % next->pieces * TILE * width);
}

/* Words of `cols` columns of the strip, and each column's largest magnitude. */
LANES void tile_read(const mxfast_words *f, tile *t, group g[], const mxfast_strip *strip, mx_type type, size_t first,
                     size_t cols)
{
    const word_lanes sticky = w_all(f->sticky);
    const size_t width = type == MX_FP32 ? 4 : 2;
    const unsigned char *in = (const unsigned char *)strip->in + first * width;
    for (size_t r = 0; r < strip->k; r++) {
        const unsigned char *row = in + (ptrdiff_t)r * strip->value_elem * (ptrdiff_t)width;
        const char *soon = (const char *)row + 2 * strip->value_elem * (ptrdiff_t)width;
        for (size_t i = 0; i < cols; i += WORDS) {
            uint16_t *least = g[i / GROUP_BLOCKS].least + i % GROUP_BLOCKS;
            for (size_t line = 0; line < WORDS * width; line += 64)
                PREFETCH(soon + i * width + line);
            word_lanes v = fold(type, row + i * width, sticky), m = w_without(w_all(0x7fff), v);
            w_store(t->words + r * TILE + i, v);
            w_store(least, r == 0 ? m : w_min(m, w_load(least)));
        }
    }
}

LANES void tile_scales(const mxfast_words *f, tile *t, group g[], uint8_t *scale, size_t cols, int integer)
{
    for (size_t i = 0; i < cols; i += GROUP_BLOCKS) {
        group *part = &g[i / GROUP_BLOCKS];
        size_t blocks = cols - i < GROUP_BLOCKS ? cols - i : GROUP_BLOCKS;
        scales_of(f, part, blocks, integer);
        t->slow[i / GROUP_BLOCKS] = part->slow;
        for (size_t j = 0; j < blocks; j += WORDS) {
            w_store(t->base + i + j, w_load(part->base + j));
            if (integer)
                w_put_fp32(t->unit + i + j, w_load(part->base + j), 0);
        }
        put_scales(part, blocks, scale + i, 1);
    }
}

/* Codes of the vectors at columns i and j of row r. */
LANES b_lanes tile_codes(const encoder *e, const tile *t, size_t r, size_t i, size_t j, unsigned mbits, unsigned bits)
{
    const uint16_t *row = t->words + r * TILE;
    if (mbits != 6)
        return b_codes(&e->codes, w_load(row + i), w_load(row + j), w_load(t->base + i), w_load(t->base + j), mbits,
                       bits);
    return b_signed(i_round_bf16(row + i, w_load(t->unit + i), w_load(t->unit + i + WORDS / 2)),
                    i_round_bf16(row + j, w_load(t->unit + j), w_load(t->unit + j + WORDS / 2)), e->least);
}

/* Row r of the tile as codes. */
LANES void tile_row(const encoder *e, const tile *t, size_t r, size_t cols, uint8_t *code, const char *ahead,
                    size_t width, unsigned mbits, unsigned bits, int stream)
{
    for (size_t i = 0; i < cols; i += 2 * WORDS) {
        for (size_t line = 0; line < 2 * WORDS * width; line += 64)
            PREFETCH_FAR(ahead + i * width + line);
        if (i + WORDS == cols)
            b_put_half(code + i, tile_codes(e, t, r, i, i, mbits, bits));
        else
            b_put(code + i, tile_codes(e, t, r, i, i + WORDS, mbits, bits), stream);
    }
}

LANES void tile_read_of(const mxfast_words *f, tile *t, group g[], const mxfast_strip *strip, mx_type type,
                        size_t first, size_t cols)
{
    if (type == MX_FP32)
        tile_read(f, t, g, strip, MX_FP32, first, cols);
    else if (type == MX_BF16)
        tile_read(f, t, g, strip, MX_BF16, first, cols);
    else
        tile_read(f, t, g, strip, MX_FP16, first, cols);
}

/* Columns [first, first + cols) of a row of blocks. `code`: where they go, `code_step` from row to row; `piece`: what
 * is fetched first. */
LANES void tile_encode(const mxfast_words *f, const encoder *e, tile *t, const mxfast_strip *strip, size_t first,
                       size_t cols, uint8_t *code, ptrdiff_t code_step, uint8_t *scale, const fetched *next,
                       size_t piece, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    group g[TILE / GROUP_BLOCKS];
    tile_read_of(f, t, g, strip, type, first, cols);
    tile_scales(f, t, g, scale, cols, mbits == 6);
    for (size_t r = 0; r < strip->k; r++)
        tile_row(e, t, r, cols, code + (ptrdiff_t)r * code_step, fetched_piece(next, piece + r, width), width, mbits,
                 bits, stream);
}

static void tile_slow(const mxfast_plan *plan, const mxfast_strip *strip, const uint64_t slow[], size_t first,
                      size_t cols)
{
    for (size_t i = 0; i < cols; i += GROUP_BLOCKS)
        for (uint64_t left = slow[i / GROUP_BLOCKS]; left != 0; left &= left - 1)
            portable_blocks(plan, strip, first + i + lowest_bit(left), 1);
}

/* Scales of rows of blocks from row d, and columns from `first`, where they belong: column by column, as those of one
 * may share a line of the caches. */
static void scales_put(const mxfast_strip *strip, size_t d, size_t first, const uint8_t *scales, size_t rows,
                       size_t cols)
{
    uint8_t *to = strip->scale_out + (ptrdiff_t)first * strip->scale_block + (ptrdiff_t)d * strip->scale_down;
    if (strip->scale_block == 1)
        for (size_t i = 0; i < rows; i++)
            memcpy(to + (ptrdiff_t)i * strip->scale_down, scales + i * TILE, cols);
    else
        for (size_t c = 0; c < cols; c++)
            for (size_t i = 0; i < rows; i++)
                to[(ptrdiff_t)c * strip->scale_block + (ptrdiff_t)i * strip->scale_down] = scales[i * TILE + c];
}

/* `rows` rows of blocks together, from row d. */
LANES void columns_rows(const encoder *e, const mxfast_plan *plan, const mxfast_strip *strip, size_t d, size_t rows,
                        size_t whole, unsigned mbits, unsigned bits, int stream)
{
    tile t;
    const size_t k = strip->k, below = d + rows < strip->down ? d + rows : d;
    const int turned = strip->code_block != 1;
    const fetched next = {mxfast_strip_row(plan, strip, below).in, strip->value_elem * (ptrdiff_t)plan->value.bytes,
                          (whole + TILE - 1) / TILE};
    for (size_t first = 0, piece = 0; first < whole; first += TILE) {
        uint64_t slow[TURNED_ROWS / 16][TILE / GROUP_BLOCKS];
        uint8_t scales[TURNED_ROWS / 16 * TILE];
        size_t cols = whole - first < TILE ? whole - first : TILE;
        for (size_t i = 0; i < rows; i++, piece += k) {
            mxfast_strip row = mxfast_strip_row(plan, strip, d + i);
            uint8_t *code = turned ? t.codes + i * k * TILE : row.code_out + first;
            tile_encode(&plan->words, e, &t, &row, first, cols, code, turned ? TILE : row.code_elem, scales + i * TILE,
                        &next, piece, plan->value.type, mbits, bits, stream && !turned);
            memcpy(slow[i], t.slow, sizeof t.slow);
        }
        if (turned)
            rows_to_columns(strip->code_out + (ptrdiff_t)(d * k) + (ptrdiff_t)first * strip->code_block,
                            strip->code_block, t.codes, rows * k, cols, stream);
        scales_put(strip, d, first, scales, rows, cols);
        for (size_t i = 0; i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, d + i);
            tile_slow(plan, &row, slow[i], first, cols);
        }
    }
}

LANES void columns_of(const mxfast_plan *plan, const mxfast_strip *strip, unsigned mbits, unsigned bits)
{
    const size_t whole = strip->blocks / COLUMNS * COLUMNS,
                 at_once = strip->code_block == 1 ? 1 : TURNED_ROWS / strip->k;
    const ptrdiff_t code_step = strip->code_block == 1 ? strip->code_elem : strip->code_block;
    int stream = plan->stream && ((uintptr_t)strip->code_out | (uintptr_t)code_step) % LINE == 0;
    const encoder e = encoder_make(&plan->words, mbits, bits);
    for (size_t d = 0, rows; d < strip->down; d += rows) {
        rows = strip->down - d < at_once ? strip->down - d : at_once;
        columns_rows(&e, plan, strip, d, rows, whole, mbits, bits, stream);
        for (size_t i = 0; whole < strip->blocks && i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, d + i);
            portable_blocks(plan, &row, whole, strip->blocks - whole);
        }
    }
    if (stream)
        w_fence();
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
    int turned = strip->code_elem == 1 && strip->k % 16 == 0 && TURNED_ROWS % strip->k == 0;
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
