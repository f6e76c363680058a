/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: `quantize` on 32-bit lanes, for every plan from fp32, bf16 or fp16: each rounding, axis, block length and
 * stride. Included once by each impl/<set>/<isa>.c, after scale_tmpl.h.
 *
 * Parameters: those of cast_tmpl.h and scale_tmpl.h; transpose of transpose_tmpl.h.
 * Defines: quantize_blocks(plan, strip), for what the word quantisers decline; returns 0 with nothing written when the
 *          source is fp64, or a block longer than a lot is not laid end to end.
 *
 * Scale bytes come from the largest magnitudes of many blocks at once, codes from `scaled-cast` with the byte of each
 * value's block beside it. Blocks that hold NaN or Inf, get a NaN scale, or are flushed as a whole, are done again by
 * the portable kernel.
 */

enum { LOT = 2048, LOT_COLUMNS = 256, TURN = 16 };

typedef struct quantizer {
    const mxfast_plan *plan;
    cast32 cast;
    scale32 scale;
    int is_exact; /* scale bytes by scale32, else by mxfast_scale_byte */
} quantizer;

/* Blocks that are worked on together, and what is kept of each. Values of the source's type. */
typedef struct lot {
    _Alignas(64) unsigned char amax[LOT * 4];
    uint8_t scale[LOT]; /* bytes of blocks, */
    uint8_t byte[LOT];  /* those to encode under */
    uint8_t slow[LOT];  /* not for us */
    int any_slow;
} lot;

/* Elements of blocks laid end to end. */
typedef struct dense {
    _Alignas(64) unsigned char values[LOT * 4];
    uint32_t random[LOT];
    uint8_t code[LOT];
} dense;

static uint32_t magnitude_at(mx_type type, const unsigned char *at)
{
    uint32_t word;
    uint16_t half;
    if (type == MX_FP32) {
        memcpy(&word, at, sizeof word);
        return word & FP32_MAGNITUDE;
    }
    memcpy(&half, at, sizeof half);
    return half & 0x7fff;
}

static void magnitude_put(mx_type type, unsigned char *to, uint32_t magnitude)
{
    uint16_t half = (uint16_t)magnitude;
    if (type == MX_FP32)
        memcpy(to, &magnitude, sizeof magnitude);
    else
        memcpy(to, &half, sizeof half);
}

/* ---- scale bytes ---- */

/* Which blocks are not for us: those that hold an Inf or a NaN, have the NaN scale, or count as zeros. */
static APART void lot_slow(const mxfast_plan *plan, lot *l, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t amax = magnitude_at(plan->value.type, l->amax + i * plan->value.bytes);
        l->slow[i] = amax >= plan->value.inf || l->scale[i] == 0xff || (amax != 0 && amax < plan->scale.flush_block);
        l->any_slow |= l->slow[i];
        if (l->slow[i])
            l->byte[i] = 127;
    }
}

/* Scale bytes of n blocks from their largest magnitudes. */
LANES void lot_scales(const quantizer *q, lot *l, size_t n, mx_type type)
{
    const size_t width = type == MX_FP32 ? 4 : 2, up = (n + BYTES - 1) / BYTES * BYTES;
    const mxfast_plan *plan = q->plan;
    d_lanes a[4], most = d_all(0);
    int is_nan = 0;
    memset(l->amax + n * width, 0, (up - n) * width);
    for (size_t i = 0; q->is_exact && i < n; i += BYTES) {
        for (size_t t = 0; t < 4; t++) {
            a[t] = load_magnitudes(type, l->amax + (i + t * DWORDS) * width);
            most = d_most(most, a[t]);
        }
        scale_group(&q->scale, a, l->scale + i);
        is_nan |= b_any_equal(l->scale + i, b_all(0xff));
    }
    for (size_t i = 0; !q->is_exact && i < n; i++) {
        uint32_t amax = magnitude_at(type, l->amax + i * width);
        l->scale[i] = amax >= plan->value.inf ? 0xff : mxfast_scale_byte(plan, amax < plan->cast.flush ? 0 : amax);
        is_nan |= l->scale[i] == 0xff;
    }
    memcpy(l->byte, l->scale, n);
    l->any_slow = 0;
    if (is_nan || plan->scale.flush_block != 0 || d_any_above(most, d_all(FP32_INF - 1)))
        lot_slow(plan, l, n);
}

static APART void lot_scales_of(const quantizer *q, lot *l, size_t n, mx_type type)
{
    if (type == MX_FP32)
        lot_scales(q, l, n, MX_FP32);
    else if (type == MX_BF16)
        lot_scales(q, l, n, MX_BF16);
    else
        lot_scales(q, l, n, MX_FP16);
}

/* Scale bytes of the n blocks from `first` to where they belong, and the slow blocks again. */
static void lot_end(const mxfast_plan *plan, const mxfast_strip *strip, const lot *l, size_t first, size_t n)
{
    uint8_t *to = strip->scale_out + (ptrdiff_t)first * strip->scale_block;
    if (strip->scale_block == 1)
        memcpy(to, l->scale, n);
    else
        for (size_t i = 0; i < n; i++)
            to[(ptrdiff_t)i * strip->scale_block] = l->scale[i];
    for (size_t i = 0; l->any_slow && i < n; i++)
        if (l->slow[i])
            portable_blocks(plan, strip, first + i, 1);
}

/* ---- blocks laid end to end ---- */

/* The largest magnitude of k values, Inf and NaN included, as bits of their type. */
LANES uint32_t largest_fp32(const unsigned char *at, size_t k)
{
    d_lanes most = d_all(0);
    for (size_t i = 0; i < k; i += DWORDS) {
        size_t from = k - i < DWORDS ? k - DWORDS : i; /* the last vector overlaps */
        most = d_most(most, d_and(d_load_fp32(at + from * 4), d_all(FP32_MAGNITUDE)));
    }
    return d_largest(most);
}

LANES uint32_t largest_half(const unsigned char *at, size_t k)
{
    word_lanes least = w_all(0x7fff);
    uint16_t left[2];
    for (size_t i = 0; i < k; i += WORDS) {
        size_t from = k - i < WORDS ? k - WORDS : i;
        least = w_min(least, w_without(w_all(0x7fff), w_load(at + from * 2)));
    }
    w_put_least(left, least, 0);
    return 0x7fffu - left[0];
}

LANES uint32_t largest_of(mx_type type, const unsigned char *at, size_t k)
{
    const size_t width = type == MX_FP32 ? 4 : 2, lanes = type == MX_FP32 ? DWORDS : WORDS;
    uint32_t most = 0;
    if (k >= lanes)
        return type == MX_FP32 ? largest_fp32(at, k) : largest_half(at, k);
    for (size_t i = 0; i < k; i++) {
        uint32_t magnitude = magnitude_at(type, at + i * width);
        most = magnitude > most ? magnitude : most;
    }
    return most;
}

LANES void lot_largest(lot *l, mx_type type, const unsigned char *values, size_t n, size_t k)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    for (size_t b = 0; b < n; b++)
        magnitude_put(type, l->amax + b * width, largest_of(type, values + b * k * width, k));
}

static APART void lot_largest_of(lot *l, mx_type type, const unsigned char *values, size_t n, size_t k)
{
    if (type == MX_FP32 && k == 32)
        lot_largest(l, MX_FP32, values, n, 32);
    else if (type == MX_FP32)
        lot_largest(l, MX_FP32, values, n, k);
    else if (k == 32)
        lot_largest(l, MX_BF16, values, n, 32);
    else
        lot_largest(l, MX_BF16, values, n, k);
}

/* The byte of each of k elements of a block. */
LANES void lot_spread(const lot *l, uint8_t *byte, size_t n, size_t k)
{
    for (size_t b = 0; b < n; b++)
        memset(byte + b * k, l->byte[b], k);
}

/* Scales and codes of n blocks; n * k is at most LOT, or n is 1. */
static void lot_quantize(const quantizer *q, lot *l, const unsigned char *values, const uint32_t *random, uint8_t *code,
                         size_t n, size_t k)
{
    const mx_type type = q->plan->value.type;
    const size_t width = q->plan->value.bytes;
    uint8_t byte[LOT];
    lot_largest_of(l, type, values, n, k);
    lot_scales_of(q, l, n, type);
    if (k == 32)
        lot_spread(l, byte, n, 32);
    else
        lot_spread(l, byte, n, k < LOT ? k : LOT);
    for (size_t i = 0; i < n * k; i += LOT)
        cast_run(&q->cast, type, values + i * width, byte, random ? random + i : NULL, code + i,
                 n * k - i < LOT ? n * k - i : LOT);
}

static int is_dense(const mxfast_strip *strip)
{
    const ptrdiff_t k = (ptrdiff_t)strip->k;
    return (k == 1 ||
            (strip->value_elem == 1 && strip->code_elem == 1 && (!strip->random || strip->random_elem == 1))) &&
           (strip->blocks == 1 ||
            (strip->value_block == k && strip->code_block == k && (!strip->random || strip->random_block == k)));
}

static void dense_blocks(const quantizer *q, const mxfast_strip *strip)
{
    lot l;
    const size_t k = strip->k, at_once = k < LOT ? LOT / k : 1, width = q->plan->value.bytes;
    for (size_t first = 0; first < strip->blocks; first += at_once) {
        size_t n = strip->blocks - first < at_once ? strip->blocks - first : at_once;
        lot_quantize(q, &l, (const unsigned char *)strip->in + first * k * width,
                     strip->random ? strip->random + first * k : NULL, strip->code_out + first * k, n, k);
        lot_end(q->plan, strip, &l, first, n);
    }
}

/* ---- blocks that lie anyhow: through buffers ---- */

static void gather(dense *d, const mxfast_strip *strip, size_t first, size_t n, size_t width)
{
    const unsigned char *in = strip->in;
    for (size_t b = 0; b < n; b++)
        for (size_t i = 0; i < strip->k; i++) {
            ptrdiff_t block = (ptrdiff_t)(first + b), at = (ptrdiff_t)i, to = (ptrdiff_t)(b * strip->k + i);
            memcpy(d->values + to * (ptrdiff_t)width,
                   in + (at * strip->value_elem + block * strip->value_block) * (ptrdiff_t)width, width);
            if (strip->random)
                d->random[to] = strip->random[at * strip->random_elem + block * strip->random_block];
        }
}

static void scatter(const dense *d, const mxfast_strip *strip, size_t first, size_t n)
{
    for (size_t b = 0; b < n; b++) {
        uint8_t *to = strip->code_out + (ptrdiff_t)(first + b) * strip->code_block;
        for (size_t i = 0; i < strip->k; i++)
            to[(ptrdiff_t)i * strip->code_elem] = d->code[b * strip->k + i];
    }
}

static void any_blocks(const quantizer *q, const mxfast_strip *strip)
{
    lot l;
    dense d;
    const size_t at_once = LOT / strip->k;
    for (size_t first = 0; first < strip->blocks; first += at_once) {
        size_t n = strip->blocks - first < at_once ? strip->blocks - first : at_once;
        if (q->plan->value.bytes == 4)
            gather(&d, strip, first, n, 4);
        else
            gather(&d, strip, first, n, 2);
        lot_quantize(q, &l, d.values, strip->random ? d.random : NULL, d.code, n, strip->k);
        scatter(&d, strip, first, n);
        lot_end(q->plan, strip, &l, first, n);
    }
}

/* ---- blocks side by side, each down a column ---- */

/* The largest magnitude of each of n columns. */
LANES void column_largest(lot *l, mx_type type, const unsigned char *values, ptrdiff_t step, size_t n, size_t k)
{
    const size_t width = type == MX_FP32 ? 4 : 2, lanes = type == MX_FP32 ? DWORDS : WORDS;
    memset(l->amax, 0, n * width);
    for (size_t r = 0; r < k; r++, values += step) {
        size_t i = 0;
        for (; i + lanes <= n; i += lanes) {
            unsigned char *most = l->amax + i * width;
            if (type == MX_FP32)
                d_store(most, d_most(d_load_fp32(most), d_and(d_load_fp32(values + i * width), d_all(FP32_MAGNITUDE))));
            else
                w_store(most, w_max(w_load(most), w_and(w_load(values + i * width), w_all(0x7fff))));
        }
        for (; i < n; i++) {
            uint32_t most = magnitude_at(type, l->amax + i * width), m = magnitude_at(type, values + i * width);
            magnitude_put(type, l->amax + i * width, m > most ? m : most);
        }
    }
}

static APART void column_largest_of(lot *l, mx_type type, const unsigned char *values, ptrdiff_t step, size_t n,
                                    size_t k)
{
    if (type == MX_FP32)
        column_largest(l, MX_FP32, values, step, n, k);
    else
        column_largest(l, MX_BF16, values, step, n, k);
}

/* TURN rows at most, LOT_COLUMNS bytes apart, to columns. */
static void turn_codes(uint8_t *to, ptrdiff_t to_step, const uint8_t *from, size_t rows, size_t cols)
{
    const size_t whole = rows == TURN ? cols / TURN * TURN : 0;
    transpose(to, to_step, from, LOT_COLUMNS, TURN, whole);
    for (size_t c = whole; c < cols; c++)
        for (size_t r = 0; r < rows; r++)
            to[(ptrdiff_t)c * to_step + (ptrdiff_t)r] = from[r * LOT_COLUMNS + c];
}

/* Codes of n columns, from `first`. */
static void column_codes(const quantizer *q, const mxfast_strip *strip, const lot *l, size_t first, size_t n)
{
    const ptrdiff_t width = (ptrdiff_t)q->plan->value.bytes, at = (ptrdiff_t)first;
    const int turned = strip->code_block != 1;
    uint8_t code[TURN * LOT_COLUMNS];
    for (size_t r = 0; r < strip->k; r++) {
        const ptrdiff_t row = (ptrdiff_t)r;
        const size_t held = r % TURN + 1;
        cast_run(&q->cast, q->plan->value.type, (const char *)strip->in + (row * strip->value_elem + at) * width,
                 l->byte, strip->random ? strip->random + row * strip->random_elem + at : NULL,
                 turned ? code + r % TURN * LOT_COLUMNS : strip->code_out + row * strip->code_elem + at, n);
        if (turned && (held == TURN || r + 1 == strip->k))
            turn_codes(strip->code_out + at * strip->code_block + row + 1 - (ptrdiff_t)held, strip->code_block, code,
                       held, n);
    }
}

static int is_side_by_side(const mxfast_strip *strip)
{
    return strip->blocks >= DWORDS && strip->value_block == 1 && (!strip->random || strip->random_block == 1) &&
           (strip->code_block == 1 || strip->code_elem == 1);
}

static void side_by_side(const quantizer *q, const mxfast_strip *strip)
{
    lot l;
    const ptrdiff_t width = (ptrdiff_t)q->plan->value.bytes;
    for (size_t first = 0; first < strip->blocks; first += LOT_COLUMNS) {
        size_t n = strip->blocks - first < LOT_COLUMNS ? strip->blocks - first : LOT_COLUMNS;
        column_largest_of(&l, q->plan->value.type, (const unsigned char *)strip->in + (ptrdiff_t)first * width,
                          strip->value_elem * width, n, strip->k);
        lot_scales_of(q, &l, n, q->plan->value.type);
        column_codes(q, strip, &l, first, n);
        lot_end(q->plan, strip, &l, first, n);
    }
}

static int quantize_blocks(const mxfast_plan *plan, const mxfast_strip *strip)
{
    quantizer q = {.plan = plan, .cast = cast32_make(plan, 1)};
    const int end_to_end = is_dense(strip), columns = is_side_by_side(strip);
    if (plan->value.type == MX_FP64 || (!end_to_end && !columns && strip->k > LOT))
        return 0;
    q.is_exact = scale32_make(&q.scale, plan);
    for (size_t d = 0; d < strip->down; d++) {
        mxfast_strip row = mxfast_strip_row(plan, strip, d);
        if (!plan->cast.random_bits)
            row.random = NULL;
        if (end_to_end)
            dense_blocks(&q, &row);
        else if (columns)
            side_by_side(&q, &row);
        else
            any_blocks(&q, &row);
    }
    return 1;
}
