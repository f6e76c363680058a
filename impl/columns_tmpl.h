/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: both converters for blocks that lie side by side, each down a column. Included once by each
 * impl/<set>/<isa>.c, after quantize_tmpl.h and dequantize_tmpl.h.
 *
 * Parameters: the functions of lanes.h; b_transpose16(to, to_step, from, from_step), 16 x 16 bytes.
 * Defines: quantize_columns(plan, strip), dequantize_columns(plan, strip): values and scales side by side, codes too
 *          or, transposed, each block's codes together; any k up to COLUMN_ROWS. They return 0 with nothing written
 * when the plan or the strip is not for them.
 *
 * A lane is a block. Tiles of columns are read once, row by row; the columns after the last COLUMNS go to the
 * portable kernel.
 */

/* COLUMNS: what is taken side by side, whole vectors and whole transpositions. TURNED_ROWS: of codes that are
 * transposed at once, so that each column has whole lines of the caches. */
enum { TILE = 256, COLUMN_ROWS = 64, COLUMNS = WORDS < 16 ? 16 : WORDS, TURNED_ROWS = 128, LINE = 64 };

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
    _Alignas(LINE) uint8_t line[16 * LINE];
    for (size_t c = 0; c < cols; c += 16)
        for (size_t r = 0; r < rows; r += LINE) {
            size_t n = rows - r < LINE ? rows - r : LINE;
            for (size_t i = 0; i < n; i += 16)
                b_transpose16(line + i, LINE, from + (r + i) * TILE + c, TILE);
            for (size_t i = 0; i < 16; i++)
                line_copy(to + (ptrdiff_t)(c + i) * to_step + (ptrdiff_t)r, line + i * LINE, n, stream);
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
                PREFETCH(at + 16 * from_step);
                line_copy(line + i * LINE, at, n, 0);
            }
            for (size_t i = 0; i < n; i += 16)
                b_transpose16(to + (r + i) * TILE + c, TILE, line + i, LINE);
        }
}

/* Rows of blocks that are worked on together. */
static size_t together(const mxfast_strip *strip)
{
    return strip->code_block == 1 ? 1 : TURNED_ROWS / strip->k;
}

/* ---- encoding ----
 * Rows of blocks are taken one after another, and each of them in tiles: a tile is read and held as words, then
 * encoded. Memory is fastest by far when it is read in the order it lies in, which tiles do not do: while a row of
 * blocks is encoded, the one below it is fetched from end to end. */

typedef struct tile {
    _Alignas(64) uint16_t words[COLUMN_ROWS * TILE];
    _Alignas(64) uint8_t codes[TURNED_ROWS * TILE]; /* of a transposed strip */
    _Alignas(64) uint16_t normal[TILE], base[TILE];
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
LANES void tile_read(tile *t, group g[], const mxfast_strip *strip, mx_type type, size_t first, size_t cols)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    const unsigned char *in = (const unsigned char *)strip->in + first * width;
    for (size_t r = 0; r < strip->k; r++) {
        const unsigned char *row = in + (ptrdiff_t)r * strip->value_elem * (ptrdiff_t)width;
        for (size_t i = 0; i < cols; i += WORDS) {
            uint16_t *amax = g[i / GROUP_BLOCKS].amax + i % GROUP_BLOCKS;
            word_lanes v = fold(type, row + i * width), m = w_and(v, w_all(0x7fff));
            w_store(t->words + r * TILE + i, v);
            w_store(amax, r == 0 ? m : w_max(m, w_load(amax)));
        }
    }
}

LANES void tile_scales(const mxfast_words *f, tile *t, group g[], const mxfast_strip *strip, size_t first, size_t cols)
{
    for (size_t i = 0; i < cols; i += GROUP_BLOCKS) {
        group *part = &g[i / GROUP_BLOCKS];
        size_t blocks = cols - i < GROUP_BLOCKS ? cols - i : GROUP_BLOCKS;
        group_bytes(f, part, blocks);
        t->slow[i / GROUP_BLOCKS] = part->slow;
        for (size_t j = 0; j < blocks; j += WORDS) {
            word_lanes field = w_load(part->field + j);
            w_store(t->normal + i + j, field);
            w_store(t->base + i + j, w_left(w_sub(field, w_all(1)), 7));
        }
        for (size_t b = 0; b < blocks; b++)
            strip->scale_out[(ptrdiff_t)(first + i + b) * strip->scale_block] = (uint8_t)part->byte[b];
    }
}

/* Row r of the tile as codes. */
LANES void tile_row(const mxfast_words *f, const tile *t, size_t r, size_t cols, uint8_t *code, const char *ahead,
                    size_t width, unsigned mbits, unsigned bits, int stream)
{
    word_lanes limit = w_all(f->limit << 8 | 0xff), x, y;
    for (size_t i = 0; i < cols; i += 2 * WORDS) {
        for (size_t line = 0; line < 2 * WORDS * width; line += 64)
            PREFETCH(ahead + i * width + line);
        x = encode(w_load(t->words + r * TILE + i), w_load(t->normal + i), w_load(t->base + i), mbits, bits, mbits == 7,
                   limit);
        if (i + WORDS == cols) {
            w_narrow_one(code + i, x);
            break;
        }
        y = encode(w_load(t->words + r * TILE + i + WORDS), w_load(t->normal + i + WORDS), w_load(t->base + i + WORDS),
                   mbits, bits, mbits == 7, limit);
        w_narrow_two(code + i, x, y, stream);
    }
}

LANES void tile_read_of(tile *t, group g[], const mxfast_strip *strip, mx_type type, size_t first, size_t cols)
{
    if (type == MX_FP32)
        tile_read(t, g, strip, MX_FP32, first, cols);
    else if (type == MX_BF16)
        tile_read(t, g, strip, MX_BF16, first, cols);
    else
        tile_read(t, g, strip, MX_FP16, first, cols);
}

/* Columns [first, first + cols) of a row of blocks. `code`: where they go, `code_step` from row to row; `piece`: what
 * is fetched first. */
LANES void tile_encode(const mxfast_words *f, tile *t, const mxfast_strip *strip, size_t first, size_t cols,
                       uint8_t *code, ptrdiff_t code_step, const fetched *next, size_t piece, mx_type type,
                       unsigned mbits, unsigned bits, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    group g[TILE / GROUP_BLOCKS];
    tile_read_of(t, g, strip, type, first, cols);
    tile_scales(f, t, g, strip, first, cols);
    for (size_t r = 0; r < strip->k; r++)
        tile_row(f, t, r, cols, code + (ptrdiff_t)r * code_step, fetched_piece(next, piece + r, width), width, mbits,
                 bits, stream);
}

static void tile_slow(const mxfast_plan *plan, const mxfast_strip *strip, const uint64_t slow[], size_t first,
                      size_t cols)
{
    for (size_t i = 0; i < cols; i += GROUP_BLOCKS)
        for (uint64_t left = slow[i / GROUP_BLOCKS]; left != 0; left &= left - 1)
            portable_blocks(plan, strip, first + i + lowest_bit(left), 1);
}

/* `rows` rows of blocks together, from row d. */
LANES void columns_rows(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip, size_t d,
                        size_t rows, size_t whole, unsigned mbits, unsigned bits, int stream)
{
    tile t;
    const size_t k = strip->k, below = d + rows < strip->down ? d + rows : d;
    const int turned = strip->code_block != 1;
    const fetched next = {mxfast_strip_row(plan, strip, below).in, strip->value_elem * (ptrdiff_t)plan->value.bytes,
                          (whole + TILE - 1) / TILE};
    for (size_t first = 0, piece = 0; first < whole; first += TILE) {
        uint64_t slow[TURNED_ROWS / 16][TILE / GROUP_BLOCKS];
        size_t cols = whole - first < TILE ? whole - first : TILE;
        for (size_t i = 0; i < rows; i++, piece += k) {
            mxfast_strip row = mxfast_strip_row(plan, strip, d + i);
            uint8_t *code = turned ? t.codes + i * k * TILE : row.code_out + first;
            tile_encode(f, &t, &row, first, cols, code, turned ? TILE : row.code_elem, &next, piece, plan->value.type,
                        mbits, bits, stream && !turned);
            memcpy(slow[i], t.slow, sizeof t.slow);
        }
        if (turned)
            rows_to_columns(strip->code_out + (ptrdiff_t)(d * k) + (ptrdiff_t)first * strip->code_block,
                            strip->code_block, t.codes, rows * k, cols, stream);
        for (size_t i = 0; i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, d + i);
            tile_slow(plan, &row, slow[i], first, cols);
        }
    }
}

LANES void columns_of(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip, unsigned mbits,
                      unsigned bits)
{
    const size_t whole = strip->blocks / COLUMNS * COLUMNS, at_once = together(strip);
    const ptrdiff_t code_step = strip->code_block == 1 ? strip->code_elem : strip->code_block;
    int stream = plan->stream && ((uintptr_t)strip->code_out | (uintptr_t)code_step) % LINE == 0;
    for (size_t d = 0, rows; d < strip->down; d += rows) {
        rows = strip->down - d < at_once ? strip->down - d : at_once;
        columns_rows(f, plan, strip, d, rows, whole, mbits, bits, stream);
        for (size_t i = 0; whole < strip->blocks && i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, d + i);
            portable_blocks(plan, &row, whole, strip->blocks - whole);
        }
    }
    if (stream)
        w_fence();
}

/* One function for each format. */
static APART void columns_e5m2(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of(f, plan, strip, 2, 8);
}

static APART void columns_e4m3(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of(f, plan, strip, 3, 8);
}

static APART void columns_e3m2(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of(f, plan, strip, 2, 6);
}

static APART void columns_e2m3(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of(f, plan, strip, 3, 6);
}

static APART void columns_e2m1(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of(f, plan, strip, 1, 4);
}

static APART void columns_int8(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of(f, plan, strip, 7, 8);
}

/* Values and scales side by side, codes too or turned. */
static int is_columns(const mxfast_strip *strip)
{
    int turned = strip->code_elem == 1 && strip->k % 16 == 0 && TURNED_ROWS % strip->k == 0;
    return strip->value_block == 1 && strip->blocks >= COLUMNS && strip->k <= COLUMN_ROWS &&
           (strip->code_block == 1 || turned);
}

static int quantize_columns(const mxfast_plan *plan, const mxfast_strip *strip)
{
    mxfast_words f;
    if (!is_columns(strip) || !mxfast_words_make(&f, plan))
        return 0;
    switch (plan->elem) {
    case MX_E5M2:
        columns_e5m2(&f, plan, strip);
        break;
    case MX_E4M3:
        columns_e4m3(&f, plan, strip);
        break;
    case MX_E3M2:
        columns_e3m2(&f, plan, strip);
        break;
    case MX_E2M3:
        columns_e2m3(&f, plan, strip);
        break;
    case MX_E2M1:
        columns_e2m1(&f, plan, strip);
        break;
    default:
        columns_int8(&f, plan, strip);
        break;
    }
    return 1;
}

/* ---- decoding ---- */

/* By how much to lower the words of each column (or its unit), in the order of the codes. Returns whether a scale is
 * not for us. */
LANES int tile_lowering(const decoder *d, const uint8_t *scale, size_t cols, uint16_t *down, uint32_t *unit, int paired,
                        int integer)
{
    word_lanes high = w_all((unsigned)(d->s_max + 127)), low = w_all((unsigned)(d->s_min + 127));
    uint64_t outside = 0;
    for (size_t i = 0; i < cols; i += WORDS) {
        word_lanes byte = w_codes(scale + i, paired);
        outside |= w_above(byte, high) | w_above(low, byte);
        w_store(down + i, w_left(w_and(w_sub(high, byte), w_all(0xff)), 7));
    }
    for (size_t i = 0; integer && i < cols; i++)
        unit[i] = (uint32_t)(scale[i] + (unsigned)d->unit) << 23;
    return outside != 0;
}

LANES word_lanes tile_values(const decoder *d, const uint8_t *code, size_t cols, const uint16_t *down,
                             const uint32_t *unit, unsigned char *to, mx_type type, unsigned mbits, unsigned bits,
                             word_lanes most, int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    word_lanes small = w_table(d->small), offset = w_all(d->offset);
    for (size_t i = 0; i < cols; i += WORDS) {
        if (mbits == 7)
            put_integers(type, to + i * width, code + i, unit + i, 0, stream);
        else
            put(type, to + i * width,
                decode_words(w_codes(code + i, type != MX_BF16), w_load(down + i), small, offset, &most, mbits, bits),
                stream);
    }
    return most;
}

/* Columns [first, first + cols) of a row of blocks from codes `code_step` apart. */
LANES void tile_decode(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, size_t first, size_t cols,
                       const uint8_t *code, ptrdiff_t code_step, mx_type type, unsigned mbits, unsigned bits,
                       int stream)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    _Alignas(64) uint16_t down[TILE];
    _Alignas(64) uint32_t unit[TILE];
    uint8_t gathered[TILE];
    const uint8_t *scale = strip->scale_in + (ptrdiff_t)first * strip->scale_block;
    if (strip->scale_block != 1) {
        for (size_t i = 0; i < cols; i++)
            gathered[i] = scale[(ptrdiff_t)i * strip->scale_block];
        scale = gathered;
    }
    word_lanes most = w_all(0);
    int slow = tile_lowering(d, scale, cols, down, unit, type != MX_BF16, mbits == 7);
    unsigned char *to = (unsigned char *)strip->out + first * width;
    for (size_t r = 0; r < strip->k; r++)
        most = tile_values(d, code + (ptrdiff_t)r * code_step, cols, down, unit,
                           to + (ptrdiff_t)r * strip->value_elem * (ptrdiff_t)width, type, mbits, bits, most, stream);
    if (slow || w_above(most, w_all(d->largest)) != 0)
        portable_blocks(plan, strip, first, cols);
}

/* `rows` rows of blocks together, from row `top`. */
LANES void value_columns_rows(const decoder *d, const mxfast_plan *plan, const mxfast_strip *strip, size_t top,
                              size_t rows, size_t whole, mx_type type, unsigned mbits, unsigned bits, int stream)
{
    _Alignas(64) uint8_t codes[TURNED_ROWS * TILE];
    const size_t k = strip->k;
    const int turned = strip->code_block != 1;
    for (size_t first = 0; first < whole; first += TILE) {
        size_t cols = whole - first < TILE ? whole - first : TILE;
        if (turned)
            columns_to_rows(codes, strip->code_in + (ptrdiff_t)(top * k) + (ptrdiff_t)first * strip->code_block,
                            strip->code_block, rows * k, cols);
        for (size_t i = 0; i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, top + i);
            tile_decode(d, plan, &row, first, cols, turned ? codes + i * k * TILE : row.code_in + first,
                        turned ? TILE : row.code_elem, type, mbits, bits, stream);
        }
    }
}

LANES void value_columns_of(const mxfast_plan *plan, const mxfast_strip *strip, mx_type type, unsigned mbits,
                            unsigned bits)
{
    const size_t whole = strip->blocks / COLUMNS * COLUMNS, at_once = together(strip);
    const ptrdiff_t step = strip->value_elem * (ptrdiff_t)plan->value.bytes;
    int stream = plan->stream && ((uintptr_t)strip->out | (uintptr_t)step) % LINE == 0;
    decoder d;
    make_decoder(&d, plan);
    for (size_t top = 0, rows; top < strip->down; top += rows) {
        rows = strip->down - top < at_once ? strip->down - top : at_once;
        value_columns_rows(&d, plan, strip, top, rows, whole, type, mbits, bits, stream);
        for (size_t i = 0; whole < strip->blocks && i < rows; i++) {
            mxfast_strip row = mxfast_strip_row(plan, strip, top + i);
            portable_blocks(plan, &row, whole, strip->blocks - whole);
        }
    }
    if (stream)
        w_fence();
}

LANES void value_columns_of_format(const mxfast_plan *plan, const mxfast_strip *strip, mx_type type)
{
    switch (plan->elem) {
    case MX_E5M2:
        value_columns_of(plan, strip, type, 2, 8);
        break;
    case MX_E4M3:
        value_columns_of(plan, strip, type, 3, 8);
        break;
    case MX_E3M2:
        value_columns_of(plan, strip, type, 2, 6);
        break;
    case MX_E2M3:
        value_columns_of(plan, strip, type, 3, 6);
        break;
    case MX_E2M1:
        value_columns_of(plan, strip, type, 1, 4);
        break;
    default:
        value_columns_of(plan, strip, type, 7, 8);
        break;
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
