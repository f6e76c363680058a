/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tensors: strided views are checked, then cut into strips of equal blocks.
 */
#include <mx/names.h>

#include "impl/kernels.h"

/* ---- the bytes of a view ---- */

/* Element (i, j) is `width` bytes at first + i * stride[0] + j * stride[1]. */
typedef struct lattice {
    uintptr_t first;
    size_t n[2];
    ptrdiff_t stride[2]; /* bytes */
    size_t width;
} lattice;

/* The bytes from the lowest to the highest of a lattice. */
typedef struct extent {
    uintptr_t lo, hi; /* hi is one past */
} extent;

static size_t magnitude(ptrdiff_t x)
{
    return x < 0 ? (size_t)0 - (size_t)x : (size_t)x;
}

static size_t gcd(size_t a, size_t b)
{
    while (b != 0) {
        size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int is_empty(const lattice *x)
{
    return x->n[0] == 0 || x->n[1] == 0;
}

/* 0 when a distance does not fit ptrdiff_t or an address wraps. */
static int find_extent(const lattice *x, extent *span)
{
    size_t below = 0, above = x->width;
    for (int d = 0; d < 2; d++) {
        size_t steps = x->n[d] - 1, step = magnitude(x->stride[d]);
        if (step != 0 && steps > (size_t)PTRDIFF_MAX / step)
            return 0;
        size_t *side = x->stride[d] < 0 ? &below : &above;
        if (steps * step > (size_t)PTRDIFF_MAX - *side)
            return 0;
        *side += steps * step;
    }
    if (below > (size_t)PTRDIFF_MAX - above || x->first < below || x->first > UINTPTR_MAX - above)
        return 0;
    *span = (extent){x->first - below, x->first + above};
    return 1;
}

/* Do two elements share a byte. Strides are multiples of the width, so that they do only when i s0 + j s1 = i' s0 +
 * j' s1; the smallest such difference is (s1 / g, -s0 / g). */
static int overlaps_itself(const lattice *x)
{
    size_t s0 = magnitude(x->stride[0]), s1 = magnitude(x->stride[1]), g = gcd(s0, s1);
    if (g == 0)
        return x->n[0] > 1 || x->n[1] > 1;
    return s1 / g < x->n[0] && s0 / g < x->n[1];
}

/* A cover of a lattice: bytes [lo, lo + run) and the same every `period` bytes. */
typedef struct comb {
    uintptr_t lo;
    size_t run, period;
} comb;

static comb find_comb(const lattice *x, extent span)
{
    size_t step[2];
    for (int d = 0; d < 2; d++)
        step[d] = x->n[d] == 1 ? 0 : magnitude(x->stride[d]);
    for (int d = 0; d < 2; d++)
        if (step[d] == x->width)
            return (comb){span.lo, x->n[d] * x->width, step[1 - d]};
    return (comb){span.lo, x->width, gcd(step[0], step[1])};
}

/* Two lattices share no byte when their extents do not meet, or when the runs of their covers do not, modulo the
 * common period: scales between rows of codes. Everything else counts as overlap. */
static int may_overlap(const lattice *a, const lattice *b)
{
    extent x = {0, 0}, y = {0, 0};
    if (is_empty(a) || is_empty(b) || !find_extent(a, &x) || !find_extent(b, &y) || x.hi <= y.lo || y.hi <= x.lo)
        return 0;
    comb p = find_comb(a, x), q = find_comb(b, y);
    size_t period = gcd(p.period, q.period);
    if (period == 0)
        return 1;
    size_t ahead = (p.lo % period + period - q.lo % period) % period; /* of p's run after q's */
    return ahead < q.run || period - ahead < p.run;
}

/* ---- checks ---- */

/* What a call reads or writes. */
typedef struct operand {
    lattice at;
    int is_output;
} operand;

/* Bytes of a stride. One too large for that is used by nobody if there is but one element along it; else no extent
 * fits. */
static ptrdiff_t stride_bytes(ptrdiff_t stride, size_t width)
{
    return magnitude(stride) <= (size_t)PTRDIFF_MAX / width ? stride * (ptrdiff_t)width : PTRDIFF_MAX;
}

static operand make_operand(const void *data, size_t rows, size_t cols, ptrdiff_t row_stride, ptrdiff_t col_stride,
                            size_t width, int is_output)
{
    return (operand){
        {(uintptr_t)data, {rows, cols}, {stride_bytes(row_stride, width), stride_bytes(col_stride, width)}, width},
        is_output};
}

static mx_status check_operands(const operand *of, size_t n)
{
    extent span;
    for (size_t i = 0; i < n; i++)
        if (!is_empty(&of[i].at) && of[i].at.first == 0)
            return MX_EINVAL;
    for (size_t i = 0; i < n; i++)
        if (!is_empty(&of[i].at) && !find_extent(&of[i].at, &span))
            return MX_ESIZE;
    for (size_t i = 0; i < n; i++) {
        if (!of[i].is_output || is_empty(&of[i].at))
            continue;
        if (overlaps_itself(&of[i].at))
            return MX_EALIAS;
        for (size_t j = 0; j < n; j++)
            if (j != i && may_overlap(&of[i].at, &of[j].at))
                return MX_EALIAS;
    }
    return MX_OK;
}

static size_t ceil_div(size_t n, size_t k)
{
    return n / k + (n % k != 0);
}

static int shape_is_bad(mx_type type, mx_dim dim, size_t k)
{
    return mx_type_bytes(type) == 0 || (dim != MX_DIM0 && dim != MX_DIM1) || k == 0 || k > MX_BLOCK_MAX;
}

/* The N random bits of each element, bits above N zero. */
static int random_is_bad(const uint32_t *random, size_t count, unsigned bits)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < count; i++)
        seen |= random[i];
    return bits < 32 && seen >> bits != 0;
}

static int codes_are_bad(const mx_const_blocks *in, size_t rows, size_t cols, unsigned bits)
{
    unsigned seen = 0;
    if (bits == 8)
        return 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            seen |= in->codes[(ptrdiff_t)i * in->code_row_stride + (ptrdiff_t)j * in->code_col_stride];
    return seen >> bits != 0;
}

/* ---- strips ---- */

/* A view as blocks see it: `along` a block, and `across` from line to line. */
typedef struct walk {
    ptrdiff_t along, across;
} walk;

/* A stride that no second element uses may be anything: it is replaced, so that no product with it overflows. */
static walk make_walk(mx_dim dim, size_t rows, size_t cols, ptrdiff_t row_stride, ptrdiff_t col_stride)
{
    ptrdiff_t row = rows > 1 ? row_stride : 1, col = cols > 1 ? col_stride : 1;
    return dim == MX_DIM0 ? (walk){col, row} : (walk){row, col};
}

typedef struct tensor {
    mx_dim dim;
    size_t lines, length; /* lines of `length` elements, each cut into blocks of k */
    size_t k, width;
    const unsigned char *in; /* values, or NULL */
    unsigned char *out;
    const uint32_t *random;
    const uint8_t *code_in, *scale_in;
    uint8_t *code_out, *scale_out;
    walk value, code, scale, word;
} tensor;

/* Blocks `block` ... of line `line`: `blocks` of them, `side` apart along the line (0) or across lines (1). */
static mxfast_strip make_strip(const tensor *t, size_t line, size_t block, size_t k, size_t blocks, int side)
{
    ptrdiff_t l = (ptrdiff_t)line, b = (ptrdiff_t)block, first = b * (ptrdiff_t)t->k,
              step = blocks > 1 ? (ptrdiff_t)t->k : 0;
    ptrdiff_t value = l * t->value.across + first * t->value.along;
    ptrdiff_t word = l * t->word.across + first * t->word.along;
    ptrdiff_t code = l * t->code.across + first * t->code.along;
    ptrdiff_t scale = l * t->scale.across + b * t->scale.along;
    return (mxfast_strip){
        .k = k,
        .blocks = blocks,
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
    };
}

typedef void kernel(const mxfast_plan *plan, const mxfast_strip *strip);

/* DIM0: a strip is the whole blocks of a row, and one of its short last blocks. DIM1: a strip is the blocks side by
 * side of k rows, so that memory is read along rows. */
static void run_strips(const tensor *t, const mxfast_plan *plan, kernel *run)
{
    size_t whole = t->length / t->k, tail = t->length % t->k;
    if (t->lines == 0)
        return;
    for (size_t line = 0; t->dim == MX_DIM0 && line < t->lines; line++) {
        mxfast_strip strip = make_strip(t, line, 0, t->k, whole, 0);
        if (whole != 0)
            run(plan, &strip);
    }
    for (size_t block = 0; t->dim == MX_DIM1 && block < whole; block++) {
        mxfast_strip strip = make_strip(t, 0, block, t->k, t->lines, 1);
        run(plan, &strip);
    }
    if (tail != 0) {
        mxfast_strip strip = make_strip(t, 0, whole, tail, t->lines, 1);
        run(plan, &strip);
    }
}

static tensor make_tensor(mx_dim dim, size_t rows, size_t cols, size_t k, size_t width)
{
    int across = dim == MX_DIM0;
    return (tensor){.dim = dim, .lines = across ? rows : cols, .length = across ? cols : rows, .k = k, .width = width};
}

mx_status mxfast_quantize(const mx_blocks *out, const mx_const_view *x, mx_elem elem, const mx_profile *profile,
                          mx_dim dim, size_t k, const uint32_t *random)
{
    mxfast_plan plan;
    if (out == NULL || x == NULL || profile == NULL || shape_is_bad(x->type, dim, k))
        return MX_EINVAL;
    mx_status status = mxfast_plan_make(&plan, MX_OP_QUANTIZE, elem, x->type, profile);
    if (status != MX_OK)
        return status;
    size_t rows = x->rows, cols = x->cols, bits = plan.cast.random_bits;
    if (random != NULL ? bits == 0 : bits != 0 && rows != 0 && cols != 0)
        return MX_EINVAL;
    size_t scale_rows = dim == MX_DIM0 ? rows : ceil_div(rows, k),
           scale_cols = dim == MX_DIM0 ? ceil_div(cols, k) : cols;
    if (random != NULL && rows != 0 && cols > (size_t)PTRDIFF_MAX / sizeof *random / rows)
        return MX_ESIZE;
    operand of[] = {
        make_operand(out->codes, rows, cols, out->code_row_stride, out->code_col_stride, 1, 1),
        make_operand(out->scales, scale_rows, scale_cols, out->scale_row_stride, out->scale_col_stride, 1, 1),
        make_operand(x->data, rows, cols, x->row_stride, x->col_stride, mx_type_bytes(x->type), 0),
        make_operand(random, rows, cols, (ptrdiff_t)cols, 1, sizeof *random, 0),
    };
    status = check_operands(of, random ? 4 : 3);
    if (status != MX_OK)
        return status;
    if (random != NULL && random_is_bad(random, rows * cols, (unsigned)bits))
        return MX_EINVAL;
    tensor t = make_tensor(dim, rows, cols, k, mx_type_bytes(x->type));
    t.in = x->data;
    t.random = random;
    t.code_out = out->codes;
    t.scale_out = out->scales;
    t.value = make_walk(dim, rows, cols, x->row_stride, x->col_stride);
    t.word = make_walk(dim, rows, cols, (ptrdiff_t)cols, 1);
    t.code = make_walk(dim, rows, cols, out->code_row_stride, out->code_col_stride);
    t.scale = make_walk(dim, scale_rows, scale_cols, out->scale_row_stride, out->scale_col_stride);
    run_strips(&t, &plan, mxfast_dispatch()->quantize);
    return MX_OK;
}

mx_status mxfast_dequantize(const mx_view *y, const mx_const_blocks *in, mx_elem elem, const mx_profile *profile,
                            mx_dim dim, size_t k)
{
    mxfast_plan plan;
    if (y == NULL || in == NULL || profile == NULL || shape_is_bad(y->type, dim, k))
        return MX_EINVAL;
    mx_status status = mxfast_plan_make(&plan, MX_OP_DEQUANTIZE, elem, y->type, profile);
    if (status != MX_OK)
        return status;
    size_t rows = y->rows, cols = y->cols;
    size_t scale_rows = dim == MX_DIM0 ? rows : ceil_div(rows, k),
           scale_cols = dim == MX_DIM0 ? ceil_div(cols, k) : cols;
    operand of[] = {
        make_operand(y->data, rows, cols, y->row_stride, y->col_stride, mx_type_bytes(y->type), 1),
        make_operand(in->codes, rows, cols, in->code_row_stride, in->code_col_stride, 1, 0),
        make_operand(in->scales, scale_rows, scale_cols, in->scale_row_stride, in->scale_col_stride, 1, 0),
    };
    status = check_operands(of, 3);
    if (status != MX_OK)
        return status;
    if (codes_are_bad(in, rows, cols, plan.format->bits))
        return MX_EINVAL;
    tensor t = make_tensor(dim, rows, cols, k, mx_type_bytes(y->type));
    t.out = y->data;
    t.code_in = in->codes;
    t.scale_in = in->scales;
    t.value = make_walk(dim, rows, cols, y->row_stride, y->col_stride);
    t.code = make_walk(dim, rows, cols, in->code_row_stride, in->code_col_stride);
    t.scale = make_walk(dim, scale_rows, scale_cols, in->scale_row_stride, in->scale_col_stride);
    run_strips(&t, &plan, mxfast_dispatch()->dequantize);
    return MX_OK;
}
