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

/* COLUMNS: what is taken side by side, whole vectors and whole transpositions. */
enum { TILE = 256, COLUMN_ROWS = 64, COLUMNS = WORDS < 16 ? 16 : WORDS };

typedef struct tile {
    _Alignas(64) uint16_t words[COLUMN_ROWS * TILE];
    _Alignas(64) uint8_t codes[COLUMN_ROWS * TILE]; /* of a transposed strip */
    _Alignas(64) uint16_t normal[TILE], base[TILE];
    uint64_t slow[TILE / GROUP_BLOCKS];
} tile;

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

/* k x cols bytes, k and cols multiples of 16. */
LANES void transpose(uint8_t *to, ptrdiff_t to_step, const uint8_t *from, ptrdiff_t from_step, size_t rows, size_t cols)
{
    for (size_t r = 0; r < rows; r += 16)
        for (size_t c = 0; c < cols; c += 16)
            b_transpose16(to + (ptrdiff_t)c * to_step + (ptrdiff_t)r, to_step,
                          from + (ptrdiff_t)r * from_step + (ptrdiff_t)c, from_step);
}

LANES void columns_of(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip, mx_type type,
                      unsigned mbits, unsigned bits)
{
    const size_t width = type == MX_FP32 ? 4 : 2, whole = strip->blocks / COLUMNS * COLUMNS;
    tile t;
    group g[TILE / GROUP_BLOCKS];
    int turned = strip->code_block != 1;
    int stream = plan->stream && !turned && ((uintptr_t)strip->code_out | (uintptr_t)strip->code_elem) % 64 == 0;
    for (size_t first = 0; first < whole; first += TILE) {
        size_t cols = whole - first < TILE ? whole - first : TILE;
        tile_read(&t, g, strip, type, first, cols);
        tile_scales(f, &t, g, strip, first, cols);
        for (size_t r = 0; r < strip->k; r++) {
            const char *ahead =
                (const char *)strip->in + (first + cols) * width + (ptrdiff_t)r * strip->value_elem * (ptrdiff_t)width;
            uint8_t *code = turned ? t.codes + r * TILE : strip->code_out + first + (ptrdiff_t)r * strip->code_elem;
            tile_row(f, &t, r, cols, code, ahead, width, mbits, bits, stream);
        }
        if (turned)
            transpose(strip->code_out + (ptrdiff_t)first * strip->code_block, strip->code_block, t.codes, TILE,
                      strip->k, cols);
        for (size_t i = 0; i < cols; i += GROUP_BLOCKS)
            for (uint64_t slow = t.slow[i / GROUP_BLOCKS]; slow != 0; slow &= slow - 1)
                portable_blocks(plan, strip, first + i + lowest_bit(slow), 1);
    }
    if (stream)
        w_fence();
    if (whole < strip->blocks)
        portable_blocks(plan, strip, whole, strip->blocks - whole);
}

/* One function for each type; the format is a constant in each of its loops. */
LANES void columns_of_format(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip, mx_type type)
{
    switch (plan->elem) {
    case MX_E5M2:
        columns_of(f, plan, strip, type, 2, 8);
        break;
    case MX_E4M3:
        columns_of(f, plan, strip, type, 3, 8);
        break;
    case MX_E3M2:
        columns_of(f, plan, strip, type, 2, 6);
        break;
    case MX_E2M3:
        columns_of(f, plan, strip, type, 3, 6);
        break;
    case MX_E2M1:
        columns_of(f, plan, strip, type, 1, 4);
        break;
    default:
        if (type == MX_BF16) /* mxfast_words_make */
            columns_of(f, plan, strip, type, 7, 8);
        break;
    }
}

static APART void columns_fp32(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of_format(f, plan, strip, MX_FP32);
}

static APART void columns_bf16(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of_format(f, plan, strip, MX_BF16);
}

static APART void columns_fp16(const mxfast_words *f, const mxfast_plan *plan, const mxfast_strip *strip)
{
    columns_of_format(f, plan, strip, MX_FP16);
}

/* Values and scales side by side, codes too or turned. */
static int is_columns(const mxfast_strip *strip)
{
    int turned = strip->code_elem == 1 && strip->k % 16 == 0;
    return strip->value_block == 1 && strip->blocks >= COLUMNS && strip->k <= COLUMN_ROWS &&
           (strip->code_block == 1 || turned);
}

static int quantize_columns(const mxfast_plan *plan, const mxfast_strip *strip)
{
    mxfast_words f;
    if (!is_columns(strip) || !mxfast_words_make(&f, plan))
        return 0;
    switch (plan->value.type) {
    case MX_FP32:
        columns_fp32(&f, plan, strip);
        break;
    case MX_BF16:
        columns_bf16(&f, plan, strip);
        break;
    default:
        columns_fp16(&f, plan, strip);
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

LANES void value_columns_of(const mxfast_plan *plan, const mxfast_strip *strip, mx_type type, unsigned mbits,
                            unsigned bits)
{
    const size_t width = type == MX_FP32 ? 4 : 2, whole = strip->blocks / COLUMNS * COLUMNS;
    _Alignas(64) uint16_t down[TILE];
    _Alignas(64) uint32_t unit[TILE];
    _Alignas(64) uint8_t codes[COLUMN_ROWS * TILE];
    decoder d;
    make_decoder(&d, plan);
    int turned = strip->code_block != 1;
    ptrdiff_t step = strip->value_elem * (ptrdiff_t)width;
    int stream = plan->stream && ((uintptr_t)strip->out | (uintptr_t)step) % 64 == 0;
    for (size_t first = 0; first < whole; first += TILE) {
        size_t cols = whole - first < TILE ? whole - first : TILE;
        word_lanes most = w_all(0);
        int slow = tile_lowering(&d, strip->scale_in + first, cols, down, unit, type != MX_BF16, mbits == 7);
        if (turned)
            transpose(codes, TILE, strip->code_in + (ptrdiff_t)first * strip->code_block, strip->code_block, cols,
                      strip->k);
        for (size_t r = 0; r < strip->k; r++) {
            const uint8_t *code = turned ? codes + r * TILE : strip->code_in + first + (ptrdiff_t)r * strip->code_elem;
            unsigned char *to = (unsigned char *)strip->out + first * width + (ptrdiff_t)r * step;
            most = tile_values(&d, code, cols, down, unit, to, type, mbits, bits, most, stream);
        }
        if (slow || w_above(most, w_all(d.largest)) != 0)
            portable_blocks(plan, strip, first, cols);
    }
    if (stream)
        w_fence();
    if (whole < strip->blocks)
        portable_blocks(plan, strip, whole, strip->blocks - whole);
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
    if (!is_columns(strip) || strip->scale_in == NULL || strip->scale_block != 1 || type == MX_FP64 ||
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
