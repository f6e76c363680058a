/* SPDX-License-Identifier: BSD-3-Clause */
#include "impl/packed.h"

#include <string.h>

#include "impl/pack.h"

/* Codes that are worked on at a time, or one block if that is longer: they stay in the first-level cache. */
enum { AT_ONCE = 4096 };

/* Codes of a few blocks, one a byte, and their scales. `held`: codes at the front, of the block before, that did not
 * fill a byte yet. */
typedef struct scratch {
    uint8_t codes[MX_BLOCK_MAX + 8];
    uint8_t scales[AT_ONCE];
    size_t held;
} scratch;

int mxfast_packed_aligned(const mxfast_tensor *t)
{
    return t->packed->code == MX_LAYOUT_SPLIT_HALF || t->k * t->packed->bits % 8 == 0;
}

int mxfast_packed_joins(const mxfast_tensor *t)
{
    size_t bits = t->length % 8 * t->packed->bits;
    return bits % 8 == 0 && t->code.across == (ptrdiff_t)(t->length / 8 * t->packed->bits + bits / 8);
}

/* ---- scales ---- */

/* Cells of lines 32 apart lie side by side, so that only the first 32 lines of a row of tiles touch new cache lines:
 * these are fetched 32 lines ahead. */
static void fetch_cells(const mxfast_tensor *t, size_t line, size_t block, size_t n)
{
#if defined(__GNUC__)
    const size_t below = line + 32, cols = t->packed->blocks;
    if (below % MXFAST_TILE_ROWS >= 32)
        return;
    const uint8_t *at = (t->scale_in ? t->scale_in : t->scale_out) + mxfast_tile_at(below, block, cols);
    for (size_t i = 0; i < n; i += MXFAST_TILE_COLS, at += MXFAST_TILE)
        __builtin_prefetch(at, 0, 2);
#else
    (void)t, (void)line, (void)block, (void)n;
#endif
}

static void cells_copy(const mxfast_tensor *t, size_t at, uint8_t *cells, size_t n)
{
    if (t->scale_in != NULL)
        memcpy(cells, t->scale_in + at, n);
    else
        memcpy(t->scale_out + at, cells, n);
}

/* n scales of a line, from block `block` on: four cells lie side by side, the next four in the next tile. */
static void line_move(const mxfast_tensor *t, size_t line, size_t block, size_t n, uint8_t *cells)
{
    size_t at = mxfast_tile_at(line, block, t->packed->blocks), i = (0 - block) % MXFAST_TILE_COLS;
    i = i < n ? i : n;
    if (i != 0) {
        cells_copy(t, at, cells, i);
        at = at - block % MXFAST_TILE_COLS + MXFAST_TILE;
    }
    for (; i + MXFAST_TILE_COLS <= n; i += MXFAST_TILE_COLS, at += MXFAST_TILE)
        cells_copy(t, at, cells + i, MXFAST_TILE_COLS);
    if (i < n)
        cells_copy(t, at, cells + i, n - i);
}

/* Scales of a span out of their tiles, or into them; a span of joined lines goes on with the line below. */
static void scales_move(const mxfast_tensor *t, mxfast_span span, scratch *s)
{
    const size_t across = t->packed->blocks;
    size_t line = span.line + span.block / across, block = span.block % across;
    for (size_t i = 0, n; i < span.blocks; i += n, line++) {
        n = span.blocks - i < across - block ? span.blocks - i : across - block;
        n = span.side ? 1 : n;
        line_move(t, line, block, n, s->scales + i);
        fetch_cells(t, line, block, n);
        block = span.side ? block : 0;
    }
}

static void scales_begin(const mxfast_tensor *t, mxfast_span span, scratch *s, mxfast_strip *strip)
{
    if (t->packed->scale == 0)
        return;
    strip->scale_block = 1;
    if (t->scale_out != NULL)
        strip->scale_out = s->scales;
    else
        strip->scale_in = s->scales;
    if (t->scale_in != NULL)
        scales_move(t, span, s);
}

static void scales_end(const mxfast_tensor *t, mxfast_span span, scratch *s)
{
    if (t->packed->scale != 0 && t->scale_out != NULL)
        scales_move(t, span, s);
}

/* ---- aligned blocks ---- */

/* The parts of a span whose packed codes follow one another in a line: all of it, or each block. */
typedef struct pieces {
    size_t n, blocks;      /* parts; blocks of each */
    ptrdiff_t first, step; /* bytes to the first, and from one to the next */
} pieces;

static pieces pieces_of(const mxfast_tensor *t, mxfast_span span)
{
    size_t at = span.block * (t->k * t->packed->bits / 8);
    ptrdiff_t first = (ptrdiff_t)span.line * t->code.across + (ptrdiff_t)at;
    return span.side ? (pieces){span.blocks, 1, first, t->code.across} : (pieces){1, span.blocks, first, 0};
}

/* Bring the cache lines that codes will be packed to while the codes are made. */
static void fetch_lines(const uint8_t *to, size_t bytes)
{
#if defined(__GNUC__)
    for (size_t i = 0; i < bytes; i += 64)
        __builtin_prefetch(to + i, 1, 2);
#else
    (void)to, (void)bytes;
#endif
}

/* 1 when kernels write or read codes where they lie, without scratch: of a byte each, or packed by the kernel itself.
 */
static int is_direct(const mxfast_packing *packed, mxfast_span span)
{
    return packed->bits == 8 || (packed->kernel != NULL && !span.side);
}

static void in_place(const mxfast_tensor *t, mxfast_span span, mxfast_strip *strip)
{
    ptrdiff_t at = pieces_of(t, span).first;
    strip->code_out = t->code_out ? t->code_out + at : NULL;
    strip->code_in = t->code_in ? t->code_in + at : NULL;
    strip->code_block = span.side ? t->code.across : (ptrdiff_t)span.k;
}

static void run_direct(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span,
                       mxfast_strip *strip)
{
    in_place(t, span, strip);
    if (t->packed->bits == 8)
        kernel(plan, strip);
    else
        t->packed->kernel(plan, strip, t->packed->code);
}

static void run_by_scratch(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span,
                           scratch *s, mxfast_strip *strip)
{
    const mxfast_packing *packed = t->packed;
    const pieces p = pieces_of(t, span);
    strip->code_block = (ptrdiff_t)span.k;
    strip->code_in = t->code_in ? s->codes : NULL;
    strip->code_out = t->code_out ? s->codes : NULL;
    for (size_t i = 0; t->code_in != NULL && i < p.n; i++)
        packed->unpack(packed->code, packed->bits, t->code_in + p.first + (ptrdiff_t)i * p.step, span.k, p.blocks,
                       s->codes + i * span.k);
    if (t->code_out != NULL && !span.side)
        fetch_lines(t->code_out + p.first, span.blocks * span.k * packed->bits / 8);
    kernel(plan, strip);
    for (size_t i = 0; t->code_out != NULL && i < p.n; i++)
        packed->pack(packed->code, packed->bits, s->codes + i * span.k, span.k, p.blocks,
                     t->code_out + p.first + (ptrdiff_t)i * p.step);
}

static void run_blocks(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span,
                       scratch *s)
{
    mxfast_strip strip = mxfast_strip_make(t, span);
    strip.code_elem = 1;
    scales_begin(t, span, s, &strip);
    if (is_direct(t->packed, span))
        run_direct(t, plan, kernel, span, &strip);
    else
        run_by_scratch(t, plan, kernel, span, s, &strip);
    scales_end(t, span, s);
}

void mxfast_packed_span(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span)
{
    scratch s;
    size_t blocks = span.blocks, at_once = AT_ONCE / span.k + (AT_ONCE < span.k);
    if (is_direct(t->packed, span)) /* scratch is for scales only */
        at_once = AT_ONCE;
    for (size_t done = 0; done < blocks; done += span.blocks) {
        span.blocks = blocks - done < at_once ? blocks - done : at_once;
        run_blocks(t, plan, kernel, span, &s);
        span.line += span.side ? span.blocks : 0;
        span.block += span.side ? 0 : span.blocks;
    }
}

/* ---- a line whose blocks share bytes ---- */

static void pack_block(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span,
                       scratch *s)
{
    const mxfast_packing *packed = t->packed;
    mxfast_strip strip = mxfast_strip_make(t, span);
    size_t begin = span.block * t->k - s->held; /* a multiple of 8 codes */
    size_t have = s->held + span.k, last = span.block * t->k + span.k == t->length;
    size_t whole = last ? have : have / 8 * 8;
    strip.code_elem = 1;
    strip.code_out = s->codes + s->held;
    scales_begin(t, span, s, &strip);
    kernel(plan, &strip);
    packed->pack(packed->code, packed->bits, s->codes, whole, 1,
                 t->code_out + (ptrdiff_t)span.line * t->code.across + (ptrdiff_t)(begin / 8 * packed->bits));
    s->held = have - whole;
    memmove(s->codes, s->codes + whole, s->held);
    scales_end(t, span, s);
}

static void unpack_block(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, mxfast_span span,
                         scratch *s)
{
    const mxfast_packing *packed = t->packed;
    mxfast_strip strip = mxfast_strip_make(t, span);
    size_t first = span.block * t->k, begin = first / 8 * 8, end = first + span.k;
    packed->unpack(packed->code, packed->bits,
                   t->code_in + (ptrdiff_t)span.line * t->code.across + (ptrdiff_t)(begin / 8 * packed->bits),
                   end - begin, 1, s->codes);
    strip.code_elem = 1;
    strip.code_in = s->codes + (first - begin);
    scales_begin(t, span, s, &strip);
    kernel(plan, &strip);
}

void mxfast_packed_line(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel, size_t line)
{
    scratch s;
    s.held = 0;
    for (size_t block = 0; block * t->k < t->length; block++) {
        size_t left = t->length - block * t->k;
        mxfast_span span = {line, block, left < t->k ? left : t->k, 1, 0, 1};
        if (t->code_out != NULL)
            pack_block(t, plan, kernel, span, &s);
        else
            unpack_block(t, plan, kernel, span, &s);
    }
}
