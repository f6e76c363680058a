/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The tensor calls: arguments are checked, all of them, before the first byte is written.
 */
#include <mx/names.h>

#include "impl/operands.h"
#include "impl/pack.h"
#include "impl/tensor.h"
#include "impl/threads.h"

/* What every call is given, and what is made of it. */
typedef struct call {
    const mxfast_kernels *kernels;
    mxfast_plan *plan; /* the thread's own */
    mxfast_tensor t;
    mxfast_packing packing;
    unsigned threads;
    size_t blocks; /* of a line */
    mxfast_operand of[4];
    size_t operands;
} call;

/* The N random bits of each element, bits above N zero. */
static int random_is_bad(const uint32_t *random, size_t count, unsigned bits)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < count; i++)
        seen |= random[i];
    return bits < 32 && seen >> bits != 0;
}

static int shape_is_bad(mx_type type, mx_dim dim, size_t k)
{
    return mx_type_bytes(type) == 0 || (dim != MX_DIM0 && dim != MX_DIM1) || k == 0 || k > MX_BLOCK_MAX;
}

static void add(call *c, mxfast_operand operand)
{
    c->of[c->operands++] = operand;
}

/* What all calls have in common: the values, or where they are written. */
static mx_status begin(call *c, mx_op op, const mx_const_view *v, mx_elem elem, const mx_profile *profile, mx_dim dim,
                       size_t k, const mxfast_options *options)
{
    if (profile == NULL || shape_is_bad(v->type, dim, k) || mxfast_threads(options, &c->threads) != MX_OK)
        return MX_EINVAL;
    mx_status status = mxfast_plan_again(&c->plan, op, elem, v->type, profile);
    if (status != MX_OK)
        return status;
    c->kernels = mxfast_dispatch();
    c->plan->fence = c->kernels->fence;
    size_t width = mx_type_bytes(v->type);
    c->t = mxfast_tensor_make(dim, v->rows, v->cols, k, width);
    c->blocks = mxfast_ceil_div(c->t.length, k);
    c->t.value = mxfast_walk_make(dim, v->rows, v->cols, v->row_stride, v->col_stride);
    c->operands = 0;
    add(c, mxfast_operand_make(v->data, v->rows, v->cols, v->row_stride, v->col_stride, width, op == MX_OP_DEQUANTIZE));
    return MX_OK;
}

static mx_status take_random(call *c, const uint32_t *random, mx_dim dim, size_t rows, size_t cols)
{
    unsigned bits = c->plan->cast.random_bits;
    if (random != NULL ? bits == 0 : bits != 0 && rows != 0 && cols != 0)
        return MX_EINVAL;
    if (random == NULL)
        return MX_OK;
    if (rows != 0 && cols > (size_t)PTRDIFF_MAX / sizeof *random / rows)
        return MX_ESIZE;
    c->t.random = random;
    c->t.word = mxfast_walk_make(dim, rows, cols, (ptrdiff_t)cols, 1);
    add(c, mxfast_operand_make(random, rows, cols, (ptrdiff_t)cols, 1, sizeof *random, 0));
    return MX_OK;
}

/* ---- where codes and scales lie ---- */

static void take_blocks(call *c, const mx_const_blocks *b, mx_dim dim, int is_output)
{
    size_t rows = dim == MX_DIM0 ? c->t.lines : c->t.length, cols = dim == MX_DIM0 ? c->t.length : c->t.lines;
    size_t scale_rows = dim == MX_DIM0 ? rows : c->blocks, scale_cols = dim == MX_DIM0 ? c->blocks : cols;
    c->t.code = mxfast_walk_make(dim, rows, cols, b->code_row_stride, b->code_col_stride);
    c->t.scale = mxfast_walk_make(dim, scale_rows, scale_cols, b->scale_row_stride, b->scale_col_stride);
    add(c, mxfast_operand_make(b->codes, rows, cols, b->code_row_stride, b->code_col_stride, 1, is_output));
    add(c,
        mxfast_operand_make(b->scales, scale_rows, scale_cols, b->scale_row_stride, b->scale_col_stride, 1, is_output));
}

static int layouts_are_bad(const call *c, mx_layout code, mx_layout scale)
{
    if (scale != 0 && scale != MX_LAYOUT_128X4)
        return 1;
    if (code == MX_LAYOUT_SPLIT_HALF)
        return c->plan->format->bits != 4 || c->t.k % 2 != 0 || c->t.length % 2 != 0;
    return code != MX_LAYOUT_LOW_FIRST && code != MX_LAYOUT_HIGH_FIRST;
}

static mx_status take_packed(call *c, const mx_const_packed *p, int is_output)
{
    size_t lines = c->t.lines, blocks = c->blocks;
    if (layouts_are_bad(c, p->code_layout, p->scale_layout))
        return MX_EINVAL;
    c->packing = (mxfast_packing){
        p->code_layout, p->scale_layout, c->plan->format->bits, blocks, c->kernels->pack, c->kernels->unpack, NULL};
    if (c->t.dim == MX_DIM0 && c->t.value.along == 1)
        c->packing.kernel = c->kernels->packed(c->plan, c->t.k, p->code_layout);
    c->t.packed = &c->packing;
    c->t.code = (mxfast_walk){0, lines > 1 ? p->code_stride : 0};
    add(c, mxfast_operand_make(p->codes, lines, mxfast_packed_bytes(c->packing.bits, c->t.length), p->code_stride, 1, 1,
                               is_output));
    if (p->scale_layout == 0) {
        c->t.scale = (mxfast_walk){1, lines > 1 ? p->scale_stride : 0};
        add(c, mxfast_operand_make(p->scales, lines, blocks, p->scale_stride, 1, 1, is_output));
    } else {
        size_t bytes = mxfast_tile_bytes(lines, blocks);
        if (bytes == 0 && lines != 0 && blocks != 0)
            return MX_ESIZE;
        add(c, mxfast_operand_make(p->scales, 1, bytes, 0, 1, 1, is_output));
    }
    return MX_OK;
}

/* ---- the end of every call ---- */

/* 1 when the output is so large that the caches would keep little of it: its lines are then written past them, without
 * being read first. Codes that are packed from a buffer are no such output. */
static int is_large(const mxfast_tensor *t)
{
    enum { LARGE = 8 << 20 };
    const int buffered = t->packed && t->code_out && t->packed->bits != 8 && t->packed->kernel == NULL;
    return t->lines != 0 && !buffered && t->length > LARGE / (t->out ? t->width : 1) / t->lines;
}

static mx_status run(call *c, mxfast_kernel *kernel)
{
    mx_status status = mxfast_operands_check(c->of, c->operands);
    const mxfast_tensor *t = &c->t;
    if (status != MX_OK)
        return status;
    if (t->random != NULL && random_is_bad(t->random, t->lines * t->length, c->plan->cast.random_bits))
        return MX_EINVAL;
    if (t->packed && t->scale_out && t->packed->scale == MX_LAYOUT_128X4)
        mxfast_tile_fill(t->scale_out, t->lines, t->length != 0 ? c->blocks : 0);
    c->plan->stream = is_large(t);
    mxfast_tensor_run(t, c->plan, kernel, c->threads);
    return MX_OK;
}

/* ---- the calls ---- */

static mx_status begin_encoding(call *c, const mx_const_view *x, mx_elem elem, const mx_profile *profile, mx_dim dim,
                                size_t k, const uint32_t *random, const mxfast_options *options)
{
    mx_status status = begin(c, MX_OP_QUANTIZE, x, elem, profile, dim, k, options);
    c->t.in = x->data;
    return status == MX_OK ? take_random(c, random, dim, x->rows, x->cols) : status;
}

static mx_status begin_decoding(call *c, const mx_view *y, mx_elem elem, const mx_profile *profile, mx_dim dim,
                                size_t k, const mxfast_options *options)
{
    const mx_const_view view = {y->data, y->type, y->rows, y->cols, y->row_stride, y->col_stride};
    mx_status status = begin(c, MX_OP_DEQUANTIZE, &view, elem, profile, dim, k, options);
    c->t.out = y->data;
    return status;
}

static mx_status begin_quantize(call *c, const mx_blocks *out, const mx_const_view *x, mx_elem elem,
                                const mx_profile *profile, mx_dim dim, size_t k, const uint32_t *random,
                                const mxfast_options *options)
{
    mx_status status = out && x ? begin_encoding(c, x, elem, profile, dim, k, random, options) : MX_EINVAL;
    if (status != MX_OK)
        return status;
    const mx_const_blocks blocks = {out->codes,  out->code_row_stride,  out->code_col_stride,
                                    out->scales, out->scale_row_stride, out->scale_col_stride};
    take_blocks(c, &blocks, dim, 1);
    c->t.code_out = out->codes;
    c->t.scale_out = out->scales;
    return MX_OK;
}

mx_status mxfast_quantize(const mx_blocks *out, const mx_const_view *x, mx_elem elem, const mx_profile *profile,
                          mx_dim dim, size_t k, const uint32_t *random, const mxfast_options *options)
{
    call c = {.operands = 0};
    mx_status status = begin_quantize(&c, out, x, elem, profile, dim, k, random, options);
    return status == MX_OK ? run(&c, c.kernels->quantize) : status;
}

/* ---- both directions ---- */

/* A tensor in blocks along rows and the same in blocks down columns, cut into tiles. A tile is read once, by the kernel
 * `both`, or, where there is none, stays in the last-level cache from one direction to the other. */
typedef struct pair {
    const call *row, *col;
    mxfast_kernel *kernel;
    mxfast_both_kernel *both; /* or NULL */
    size_t high, wide;        /* of a tile: multiples of k, but at the tensor's end */
    size_t across;            /* tiles side by side */
} pair;

/* Lines [line, line + lines) of t, elements [at, at + length) of each; `at` a multiple of k. */
static mxfast_tensor part_of(const mxfast_tensor *t, size_t line, size_t lines, size_t at, size_t length)
{
    mxfast_tensor part = *t;
    ptrdiff_t l = (ptrdiff_t)line, i = (ptrdiff_t)at;
    part.lines = lines;
    part.length = length;
    part.in += (l * t->value.across + i * t->value.along) * (ptrdiff_t)t->width;
    part.code_out += l * t->code.across + i * t->code.along;
    part.scale_out += l * t->scale.across + i / (ptrdiff_t)t->k * t->scale.along;
    if (part.random != NULL)
        part.random += l * t->word.across + i * t->word.along;
    return part;
}

/* Rows are cut only if they are long: those of a tile that is as wide as the tensor are joined to one line
 * (join_lines). A tile is high enough that what is done once for each counts for little and that transposed codes fill
 * whole cache lines, and low enough that each thread has some. */
static pair pair_make(const call *row, const call *col)
{
    enum { ONCE = 1 << 22, TWICE = 1 << 20 }; /* elements of a tile, read once or twice */
    enum { LONG = 1 << 14, HIGH = 128 };      /* elements of a row at most; rows at least */
    const int lines = row->t.value.along == 1 && row->t.code.along == 1 && col->t.code.along == 1;
    mxfast_both_kernel *both = lines ? row->kernels->both(row->plan, row->t.k) : NULL;
    const size_t k = row->t.k, rows = row->t.lines, cols = row->t.length;
    const size_t step = k < HIGH ? HIGH / k * k : k;
    const size_t wide = cols <= LONG ? cols : k < LONG ? LONG / k * k : k;
    const size_t tile = (both ? ONCE : TWICE) / wide, share = rows / row->threads, most = tile < share ? tile : share;
    return (pair){row,
                  col,
                  row->kernels->quantize,
                  both,
                  most < step ? step : most / step * step,
                  wide,
                  mxfast_ceil_div(cols, wide)};
}

/* Rows and columns from (r, c) of both. */
static void do_twice(const pair *p, size_t r, size_t rows, size_t c, size_t cols)
{
    mxfast_tensor along = part_of(&p->row->t, r, rows, c, cols), down = part_of(&p->col->t, c, cols, r, rows);
    mxfast_tensor_run(&along, p->row->plan, p->kernel, 1);
    mxfast_tensor_run(&down, p->col->plan, p->kernel, 1);
}

/* The same in one go; rows and cols are multiples of MXFAST_SQUARE. */
static void do_once(const pair *p, size_t r, size_t rows, size_t c, size_t cols)
{
    mxfast_tensor along = part_of(&p->row->t, r, rows, c, cols), down = part_of(&p->col->t, c, cols, r, rows);
    const size_t k = along.k;
    const mxfast_span side = {.k = k, .blocks = rows, .side = 1, .down = cols / k};
    const mxfast_span top = {.k = k, .blocks = cols, .side = 1, .down = rows / k};
    const mxfast_strip strips[2] = {mxfast_strip_make(&along, side), mxfast_strip_make(&down, top)};
    p->both(p->row->plan, &strips[0], &strips[1]);
}

static void do_tiles(const void *what, size_t first, size_t last)
{
    const pair *p = what;
    const mxfast_tensor *row = &p->row->t;
    for (size_t tile = first; tile < last; tile++) {
        size_t r = tile / p->across * p->high, c = tile % p->across * p->wide;
        size_t rows = row->lines - r < p->high ? row->lines - r : p->high;
        size_t cols = row->length - c < p->wide ? row->length - c : p->wide;
        size_t high = p->both ? rows / MXFAST_SQUARE * MXFAST_SQUARE : 0, wide = cols / MXFAST_SQUARE * MXFAST_SQUARE;
        if (high != 0 && wide != 0)
            do_once(p, r, high, c, wide);
        else
            high = 0;
        if (high != 0)
            do_twice(p, r, high, c + wide, cols - wide);
        do_twice(p, r + high, rows - high, c, cols);
    }
    if (p->row->plan->stream)
        p->row->kernels->fence();
}

/* The operands of both calls as one list: x is in both. */
static mx_status check_both(const call *row, const call *col)
{
    mxfast_operand of[8];
    size_t n = 0;
    for (size_t i = 0; i < row->operands; i++)
        of[n++] = row->of[i];
    for (size_t i = 0; i < col->operands; i++)
        if (col->of[i].is_output)
            of[n++] = col->of[i];
    return mxfast_operands_check(of, n);
}

mx_status mxfast_quantize_both(const mx_blocks *out0, const mx_blocks *out1, const mx_const_view *x, mx_elem elem,
                               const mx_profile *profile, size_t k, const uint32_t *random,
                               const mxfast_options *options)
{
    call row = {.operands = 0}, col = {.operands = 0};
    mx_status status = begin_quantize(&row, out0, x, elem, profile, MX_DIM0, k, random, options);
    if (status == MX_OK)
        status = begin_quantize(&col, out1, x, elem, profile, MX_DIM1, k, random, options);
    if (status == MX_OK)
        status = check_both(&row, &col);
    if (status != MX_OK)
        return status;
    if (random != NULL && random_is_bad(random, x->rows * x->cols, row.plan->cast.random_bits))
        return MX_EINVAL;
    if (x->rows == 0 || x->cols == 0)
        return MX_OK;
    row.plan->stream = is_large(&row.t); /* col has the same plan */
    row.plan->fence = NULL;              /* one for all tiles */
    const pair p = pair_make(&row, &col);
    size_t tiles = p.across * mxfast_ceil_div(x->rows, p.high);
    mxfast_share(row.threads, tiles, tiles, do_tiles, &p);
    return MX_OK;
}

mx_status mxfast_dequantize(const mx_view *y, const mx_const_blocks *in, mx_elem elem, const mx_profile *profile,
                            mx_dim dim, size_t k, const mxfast_options *options)
{
    call c = {.operands = 0};
    mx_status status = y && in ? begin_decoding(&c, y, elem, profile, dim, k, options) : MX_EINVAL;
    if (status != MX_OK)
        return status;
    take_blocks(&c, in, dim, 0);
    c.t.code_in = in->codes;
    c.t.scale_in = in->scales;
    return run(&c, c.kernels->dequantize);
}

mx_status mxfast_quantize_packed(const mx_packed *out, const mx_const_view *x, mx_elem elem, const mx_profile *profile,
                                 mx_dim dim, size_t k, const uint32_t *random, const mxfast_options *options)
{
    call c = {.operands = 0};
    mx_status status = out && x ? begin_encoding(&c, x, elem, profile, dim, k, random, options) : MX_EINVAL;
    if (status != MX_OK)
        return status;
    const mx_const_packed packed = {out->codes,  out->code_stride,  out->code_layout,
                                    out->scales, out->scale_stride, out->scale_layout};
    status = take_packed(&c, &packed, 1);
    c.t.code_out = out->codes;
    c.t.scale_out = out->scales;
    return status == MX_OK ? run(&c, c.kernels->quantize) : status;
}

mx_status mxfast_dequantize_packed(const mx_view *y, const mx_const_packed *in, mx_elem elem, const mx_profile *profile,
                                   mx_dim dim, size_t k, const mxfast_options *options)
{
    call c = {.operands = 0};
    mx_status status = y && in ? begin_decoding(&c, y, elem, profile, dim, k, options) : MX_EINVAL;
    if (status == MX_OK)
        status = take_packed(&c, in, 0);
    if (status != MX_OK)
        return status;
    c.t.code_in = in->codes;
    c.t.scale_in = in->scales;
    return run(&c, c.kernels->dequantize);
}

/* ---- sizes of packed storage ---- */

size_t mxfast_line_bytes(mx_elem elem, size_t length)
{
    const mx_facts *format = mxfast_facts(elem);
    return format ? mxfast_packed_bytes(format->bits, length) : 0;
}

size_t mxfast_tile_bytes(size_t lines, size_t blocks)
{
    size_t down = mxfast_ceil_div(lines, MXFAST_TILE_ROWS), across = mxfast_ceil_div(blocks, MXFAST_TILE_COLS);
    if (down == 0 || across == 0 || down > (size_t)PTRDIFF_MAX / MXFAST_TILE / across)
        return 0;
    return down * across * MXFAST_TILE;
}
