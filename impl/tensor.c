/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tensors: strided views are cut into strips of equal blocks, which threads share.
 */
#include "impl/tensor.h"

#include "impl/pack.h"
#include "impl/packed.h"
#include "impl/threads.h"

/* ---- strips ---- */

/* A stride that no second element uses may be anything: it is replaced, so that no product with it overflows. */
mxfast_walk mxfast_walk_make(mx_dim dim, size_t rows, size_t cols, ptrdiff_t row_stride, ptrdiff_t col_stride)
{
    ptrdiff_t row = rows > 1 ? row_stride : 1, col = cols > 1 ? col_stride : 1;
    return dim == MX_DIM0 ? (mxfast_walk){col, row} : (mxfast_walk){row, col};
}

mxfast_tensor mxfast_tensor_make(mx_dim dim, size_t rows, size_t cols, size_t k, size_t width)
{
    const int by_row = dim == MX_DIM0;
    return (mxfast_tensor){
        .lines = by_row ? rows : cols, .length = by_row ? cols : rows, .k = k, .width = width, .dim = dim};
}

mxfast_strip mxfast_strip_make(const mxfast_tensor *t, mxfast_span span)
{
    ptrdiff_t l = (ptrdiff_t)span.line, b = (ptrdiff_t)span.block, first = b * (ptrdiff_t)t->k,
              step = span.blocks > 1 ? (ptrdiff_t)t->k : 0;
    int side = span.side;
    ptrdiff_t value = l * t->value.across + first * t->value.along;
    ptrdiff_t word = l * t->word.across + first * t->word.along;
    ptrdiff_t code = l * t->code.across + first * t->code.along;
    ptrdiff_t scale = l * t->scale.across + b * t->scale.along;
    return (mxfast_strip){
        .k = span.k,
        .blocks = span.blocks,
        .down = span.down,
        .in = t->in ? t->in + value * (ptrdiff_t)t->width : NULL,
        .out = t->out ? t->out + value * (ptrdiff_t)t->width : NULL,
        .value_elem = t->value.along,
        .value_block = side ? t->value.across : step * t->value.along,
        .random = t->random ? t->random + word : NULL,
        .random_elem = t->word.along,
        .random_block = side ? t->word.across : step * t->word.along,
        .code_in = t->code_in ? t->code_in + code : NULL,
        .code_out = t->code_out ? t->code_out + code : NULL,
        .code_elem = t->code.along,
        .code_block = side ? t->code.across : step * t->code.along,
        .scale_in = t->scale_in ? t->scale_in + scale : NULL,
        .scale_out = t->scale_out ? t->scale_out + scale : NULL,
        .scale_block = side ? t->scale.across : t->scale.along,
        .scale_down = t->scale.along,
    };
}

/* Lines without gaps between them, each of whole blocks, are one long line. */
static void join_lines(mxfast_tensor *t)
{
    ptrdiff_t length = (ptrdiff_t)t->length, blocks = (ptrdiff_t)(t->length / t->k);
    if (t->lines < 2 || t->length % t->k != 0 || t->value.across != length * t->value.along ||
        (!mxfast_packed_tiled(t) && t->scale.across != blocks * t->scale.along) ||
        (t->random && t->word.across != length * t->word.along) ||
        (t->packed ? !mxfast_packed_joins(t) : t->code.across != length * t->code.along))
        return;
    t->length *= t->lines;
    t->lines = 1;
}

/* ---- work ---- */

enum {
    ITEM = 1 << 16,  /* elements of a work item, about: few calls for many blocks, and yet in the second-level cache */
    WIDE = 1 << 18,  /* the same down columns, unless codes are packed: memory is read in long runs */
    ITEM_LINES = 64, /* columns of an item at least */
    DEEP = 128       /* rows of an item whose codes are transposed: these fill whole cache lines */
};

/* A tensor cut into work items. DIM0: whole blocks of a line, in runs. DIM1: whole blocks side by side, in runs, so
 * that memory is read along rows, and then the rows of blocks below them. The short last blocks, side by side. */
typedef struct work {
    const mxfast_tensor *t;
    const mxfast_plan *plan;
    mxfast_kernel *kernel;
    size_t run;   /* blocks of a run */
    size_t runs;  /* in a line (DIM0) or a row of blocks (DIM1) */
    size_t deep;  /* rows of blocks of an item, and */
    size_t deeps; /* items below one another: DIM1 */
    size_t whole; /* items of whole blocks */
    size_t tails; /* items of short ones */
} work;

static size_t at_least(size_t n, size_t least)
{
    return n < least ? least : n;
}

static work work_make(const mxfast_tensor *t, const mxfast_plan *plan, mxfast_kernel *kernel)
{
    size_t blocks = t->length / t->k;
    work w = {.t = t, .plan = plan, .kernel = kernel};
    if (t->dim == MX_DIM0) {
        w.run = at_least(ITEM / t->k, 1);
        w.runs = mxfast_ceil_div(blocks, w.run);
        w.whole = w.runs * t->lines;
    } else {
        w.run = at_least((t->packed ? ITEM : WIDE) / t->k, ITEM_LINES);
        w.runs = mxfast_ceil_div(t->lines, w.run);
        w.deep = t->code.along == 1 && !t->packed ? at_least(DEEP / t->k, 1) : 1;
        w.deeps = mxfast_ceil_div(blocks, w.deep);
        w.whole = w.runs * w.deeps;
    }
    w.tails = t->length % t->k != 0 ? mxfast_ceil_div(t->lines, w.run) : 0;
    return w;
}

/* DIM1: rows of blocks from item `item` on, as many items below one another as there are before `last`. */
static mxfast_span columns_of(const work *w, size_t item, size_t last, size_t *items)
{
    const mxfast_tensor *t = w->t;
    size_t blocks = t->length / t->k, at = item % w->deeps, first = at * w->deep;
    size_t left = w->deeps - at < last - item ? w->deeps - at : last - item;
    *items = t->packed ? 1 : left;
    size_t down = blocks - first < *items * w->deep ? blocks - first : *items * w->deep;
    return (mxfast_span){.line = item / w->deeps * w->run, .block = first, .k = t->k, .side = 1, .down = down};
}

/* The blocks of item `item` and of the *items - 1 after it that continue it. */
static mxfast_span span_of(const work *w, size_t item, size_t last, size_t *items)
{
    const mxfast_tensor *t = w->t;
    size_t blocks = t->length / t->k, tail = item - w->whole;
    mxfast_span span;
    *items = 1;
    if (item >= w->whole)
        span = (mxfast_span){.line = tail * w->run, .block = blocks, .k = t->length % t->k, .side = 1, .down = 1};
    else if (t->dim == MX_DIM0)
        span = (mxfast_span){.line = item / w->runs, .block = item % w->runs * w->run, .k = t->k, .side = 0, .down = 1};
    else
        span = columns_of(w, item, last, items);
    size_t left = span.side ? t->lines - span.line : blocks - span.block;
    span.blocks = left < w->run ? left : w->run;
    return span;
}

static void do_items(const void *what, size_t first, size_t last)
{
    const work *w = what;
    for (size_t item = first, items; item < last; item += items) {
        mxfast_span span = span_of(w, item, last, &items);
        if (w->t->packed) {
            mxfast_packed_span(w->t, w->plan, w->kernel, span);
            continue;
        }
        mxfast_strip strip = mxfast_strip_make(w->t, span);
        w->kernel(w->plan, &strip);
    }
    if (w->plan->stream && w->plan->fence)
        w->plan->fence();
}

static void do_lines(const void *what, size_t first, size_t last)
{
    const work *w = what;
    for (size_t line = first; line < last; line++)
        mxfast_packed_line(w->t, w->plan, w->kernel, line);
    if (w->plan->stream && w->plan->fence)
        w->plan->fence();
}

void mxfast_tensor_run(const mxfast_tensor *tensor, const mxfast_plan *plan, mxfast_kernel *kernel, unsigned threads)
{
    mxfast_tensor t = *tensor;
    if (t.lines == 0 || t.length == 0)
        return;
    join_lines(&t);
    work w = work_make(&t, plan, kernel);
    size_t worth = t.lines * t.length / ITEM;
    if (t.packed && !mxfast_packed_aligned(&t))
        mxfast_share(threads, worth, t.lines, do_lines, &w);
    else
        mxfast_share(threads, worth, w.whole + w.tails, do_items, &w);
}
