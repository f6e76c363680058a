/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Buffers of a call must not run out of the address space, and outputs must not overlap anything.
 */
#include "impl/operands.h"

/* ---- the bytes of a view ---- */

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

static int is_empty(const mxfast_lattice *x)
{
    return x->n[0] == 0 || x->n[1] == 0;
}

/* 0 when a distance does not fit ptrdiff_t or an address wraps. */
static int find_extent(const mxfast_lattice *x, extent *span)
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

/* 1 when two elements share a byte. Strides are multiples of the width, so that they do only when i s0 + j s1 = i' s0 +
 * j' s1; the smallest such difference is (s1 / g, -s0 / g), with g the greatest common divisor. */
static int overlaps_itself(const mxfast_lattice *x)
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

static comb find_comb(const mxfast_lattice *x, extent span)
{
    size_t step[2];
    for (int d = 0; d < 2; d++)
        step[d] = x->n[d] == 1 ? 0 : magnitude(x->stride[d]);
    for (int d = 0; d < 2; d++)
        if (step[d] == x->width)
            return (comb){span.lo, x->n[d] * x->width, step[1 - d]};
    return (comb){span.lo, x->width, gcd(step[0], step[1])};
}

/* Two lattices share no byte when their extents do not meet, or when the runs of their covers do not meet modulo the
 * common period (scales between rows of codes). Everything else counts as overlap. */
static int may_overlap(const mxfast_lattice *a, const mxfast_lattice *b)
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

/* A stride in bytes, PTRDIFF_MAX when that overflows: find_extent then refuses it if it is used at all, that is, if
 * there is a second element along it. */
static ptrdiff_t stride_bytes(ptrdiff_t stride, size_t width)
{
    return magnitude(stride) <= (size_t)PTRDIFF_MAX / width ? stride * (ptrdiff_t)width : PTRDIFF_MAX;
}

mxfast_operand mxfast_operand_make(const void *data, size_t rows, size_t cols, ptrdiff_t row_stride,
                                   ptrdiff_t col_stride, size_t width, int is_output)
{
    return (mxfast_operand){
        {(uintptr_t)data, {rows, cols}, {stride_bytes(row_stride, width), stride_bytes(col_stride, width)}, width},
        is_output};
}

mx_status mxfast_operands_check(const mxfast_operand *of, size_t n)
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
