/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Points of scale: amax at the thresholds of every rule, in every binade, and where float arithmetic on amax errs.
 * Lane 0 holds amax; blocks of several elements are made by the classes of points_block.c.
 */
#include <mx/ref.h>

#include "conformance/generate/points.h"

/* The largest value brought into [1, 2): above amax = this * 2^e the rceil scale steps. */
static mxc_dyadic rceil_threshold(const mxc_points *p)
{
    mxc_dyadic t = mxc_code_value(p, p->facts->max_code);
    t.e = 0;
    while ((t.m >> (-t.e)) > 1) {
        t.e--;
    }
    return t;
}

/* 2 less half a unit of the element's last fraction bit: from here the even rule carries. */
static mxc_dyadic even_threshold(const mxc_points *p)
{
    const int bits = (int)p->facts->mbits + 2;
    return (mxc_dyadic){((uint64_t)1 << bits) - 1, 1 - bits};
}

/* The exponents at which rules leave their range or a stage of them does, and those within `reach`. */
static int is_edge(const mxc_points *p, int e, int reach)
{
    const mxc_layout *l = p->layout;
    const int top = p->facts->emax,
              at[] = {l->emin - (int)l->mbits, l->emin, l->emax, -127, 0, 127, top - 127, top + 127};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        if (e >= at[i] - reach && e <= at[i] + reach) {
            return 1;
        }
    }
    return 0;
}

/* Binades visited: all of them, for fp64 those that reach the scale's range and a sample of the rest. */
static int is_visited(const mxc_points *p, int e)
{
    const int beyond = e > 127 && e <= p->facts->emax + 128; /* of fp32, and within that of the scale */
    return p->layout->type != MX_FP64 || beyond || (e > -160 && e < 160 && e % 5 == 0) || is_edge(p, e, 1) ||
           e % 61 == 0;
}

/* One threshold: one ulp below, at and above; away from the edges at it, and one of the others. */
static void threshold(mxc_points *p, mxc_dyadic at, int e, int all, const char *tags)
{
    if (all) {
        mxc_add_three(p, at, e, 0, 0, tags);
        return;
    }
    const uint64_t bits = mxc_pattern(p->layout, mxc_shift(at, e), NULL);
    mxc_add_near(p, bits, 0, mxc_flip(p), 0, tags);
    if (p->layout->type == MX_FP32) {
        mxc_add_near(p, bits, e & 1 ? 1 : -1, mxc_flip(p), 0, tags);
    }
}

/* amax at each rule's threshold: its own rule's in every binade, all rules' at the edges. */
static void thresholds(mxc_points *p)
{
    const mxc_layout *l = p->layout;
    const unsigned rule = p->shape.profile.scale;
    for (int e = l->emin - (int)l->mbits; e <= l->emax; e++) {
        const int edge = p->classes & MXC_DENSE || is_edge(p, e, 1);
        if (!edge && (!is_visited(p, e) || p->classes & MXC_FEW)) {
            continue;
        }
        const int others = p->classes & MXC_DENSE || (is_edge(p, e, 0) && !(p->classes & MXC_FEW));
        const int all = edge || (l->type == MX_FP32 && e % 4 == 0);
        if (others || rule == MX_SCALE_FLOOR || rule == MX_SCALE_CEIL) {
            threshold(p, (mxc_dyadic){1, 0}, e, all, "C6.3-b,pow2");
        }
        if (others || rule == MX_SCALE_EVEN) {
            threshold(p, even_threshold(p), e, all, "C6.3-b,even");
        }
        if (others || rule == MX_SCALE_RCEIL) {
            threshold(p, rceil_threshold(p), e, all, "C6.3-b,rceil");
        }
    }
}

/* Distances from a power of two, in 2^-24 of it, round the point where log2 in fp32 becomes an integer. The point
 * grows with the exponent: a row for each octave of its magnitude. */
static const uint8_t log2_steps[8][6] = {{1, 2},           {1, 2, 3},        {1, 2, 3, 4},        {4, 5, 6, 7},
                                         {10, 11, 12, 13}, {21, 22, 23, 24}, {43, 44, 45, 46, 1}, {87, 88, 89, 90, 44}};

/* 2 - j * 2^-24 and 1 + j * 2^-24 in binade e. */
static void log2_twins(mxc_points *p, int e)
{
    const uint64_t one = (uint64_t)1 << 24;
    unsigned octave = 0;
    for (unsigned size = (unsigned)(e < 0 ? -e : e + 1); size > 1; size /= 2) {
        octave++;
    }
    for (size_t i = 0; i < 6 && log2_steps[octave][i] != 0; i++) {
        const unsigned j = log2_steps[octave][i];
        const mxc_dyadic below = {2 * one - j, e - 24}, above = {one + j, e - 24};
        mxc_add_near(p, mxc_pattern(p->layout, below, NULL), 0, mxc_flip(p), 0, "C6.3-e,log2f");
        mxc_add_near(p, mxc_pattern(p->layout, above, NULL), 0, mxc_flip(p), 0, "C6.3-e,log2f");
    }
}

/* amax that a narrower type (bf16: 8 bits, fp16: 11, fp32: 24) rounds up to the next binade or onto a threshold. */
static void narrow_twins(mxc_points *p, mxc_dyadic threshold, int e)
{
    static const uint8_t widths[] = {8, 11, 24};
    for (size_t i = 0; i < sizeof widths; i++) {
        const int extra = widths[i] + 1 + threshold.e; /* half a unit of the narrow type, as a part of threshold */
        if (widths[i] > p->layout->mbits || extra < 0 || (widths[i] == 11 && p->layout->type == MX_FP64)) {
            continue;
        }
        const mxc_dyadic below = {(threshold.m << extra) - 1, threshold.e - extra + e};
        const mxc_dyadic above = {(threshold.m << extra) + 1, threshold.e - extra + e};
        mxc_add_three(p, below, 0, 0, 0, "C6.3-e,narrow");
        mxc_add_near(p, mxc_pattern(p->layout, above, NULL), -1, mxc_flip(p), 0, "C6.3-e,narrow");
        mxc_add_near(p, mxc_pattern(p->layout, above, NULL), 0, mxc_flip(p), 0, "C6.3-e,narrow");
    }
}

/* rceil by a float reciprocal: two ulps round the threshold, and the quotient at 2^-127. */
static void rceil_twins(mxc_points *p, int e)
{
    const uint64_t at = mxc_pattern(p->layout, mxc_shift(rceil_threshold(p), e), NULL);
    for (int ulps = -1; ulps <= 2; ulps++) {
        mxc_add_near(p, at, ulps, mxc_flip(p), 0, "C6.3-e,reciprocal");
    }
}

/* The reference's scale byte for one amax. */
static unsigned byte_of(mxc_points *p, uint64_t bits)
{
    const uint32_t word = (uint32_t)bits;
    const uint16_t half = (uint16_t)bits;
    uint8_t byte = 0;
    mx_batch batch = p->shape;
    batch.count = 1;
    batch.in.value = p->layout->bits == 64 ? (const void *)&bits : p->layout->bits == 32 ? (const void *)&word : &half;
    batch.out.scale = &byte;
    if (mxref_run(&batch, NULL) != MX_OK) {
        p->failed = 1;
    }
    return byte;
}

/* Where float arithmetic on amax moves a threshold to is found by bisection: the last amax before the step and the
 * first one after it. Points carry no answers, so that the reference may well say where to look. */
static void moved_step(mxc_points *p, mxc_dyadic threshold, int e)
{
    uint64_t lo = mxc_pattern(p->layout, (mxc_dyadic){threshold.m * 255, threshold.e + e - 8}, NULL);
    uint64_t hi = mxc_pattern(p->layout, (mxc_dyadic){threshold.m * 257, threshold.e + e - 8}, NULL);
    if (byte_of(p, lo) == byte_of(p, hi)) {
        return;
    }
    while (!p->failed && hi - lo > 1) {
        const uint64_t middle = lo + (hi - lo) / 2;
        if (byte_of(p, middle) == byte_of(p, lo)) {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    mxc_add_near(p, lo, 0, mxc_flip(p), 0, "C6.3-e,step");
    mxc_add_near(p, hi, 0, mxc_flip(p), 0, "C6.3-e,step");
}

static mxc_dyadic own_threshold(const mxc_points *p)
{
    switch (p->shape.profile.scale) {
    case MX_SCALE_RCEIL:
        return rceil_threshold(p);
    case MX_SCALE_EVEN:
        return even_threshold(p);
    default:
        return (mxc_dyadic){1, 0};
    }
}

static void twins(mxc_points *p)
{
    static const int16_t at[] = {-127, -126, -100, -64, -33, -17, -9, -5, -3, -2, -1,
                                 0,    1,    2,    3,   5,   8,   15, 31, 64, 127};
    static const int16_t narrow[] = {-126, -14, 0, 8, 127};
    const unsigned rule = p->shape.profile.scale;
    const int logarithm = rule != MX_SCALE_EVEN || p->shape.profile.scale_arith == MX_ARITH_LOG2F;
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        if (at[i] < p->layout->emin - (int)p->layout->mbits || at[i] > p->layout->emax) {
            continue;
        }
        if (logarithm) {
            log2_twins(p, at[i]);
        }
        if (rule == MX_SCALE_RCEIL) {
            rceil_twins(p, at[i]);
        }
        if (p->shape.profile.scale_arith != MX_ARITH_EXACT) {
            moved_step(p, own_threshold(p), at[i]);
        }
    }
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        const mxc_dyadic own = own_threshold(p);
        narrow_twins(p, own.m == 1 ? (mxc_dyadic){2, 0} : own, narrow[i]);
    }
    rceil_twins(p, p->facts->emax - 127);
    if (p->layout->type == MX_FP64) { /* the ends of fp32, where amax itself is rounded to fp32 */
        mxc_add_three(p, (mxc_dyadic){1, 0}, -150, 1, 0, "C6.3-e,narrow");
        mxc_add_three(p, (mxc_dyadic){3, 0}, -150, 1, 0, "C6.3-e,narrow");
        mxc_add_three(p, (mxc_dyadic){0x1ffffff, 0}, 103, 1, 0, "C6.3-e,narrow");
    }
}

static void specials(mxc_points *p)
{
    for (size_t i = 0; i < mxc_special_count(); i++) {
        const char *tags;
        const uint64_t bits = mxc_special(p->layout, i, &tags);
        mxc_add(p, bits, 0, tags);
        mxc_add(p, bits | p->layout->sign, 0, tags);
    }
    for (unsigned bit = 0; bit<p->layout->mbits; bit += p->layout->mbits> 30
                               ? 3
                               : 1) { /* every subnormal binade, every leading-zero count */
        mxc_add(p, (uint64_t)1 << bit | (mxc_flip(p) ? p->layout->sign : 0), 0, "sub-in");
    }
}

void mxc_points_scale(mxc_points *points)
{
    if (points->shape.k > 1) {
        mxc_points_quantize(points);
        return;
    }
    if (points->classes & MXC_SPECIAL) {
        specials(points);
    }
    if (points->classes & MXC_THRESH) {
        thresholds(points);
    }
    if (points->classes & MXC_TWINS) {
        twins(points);
        mxc_points_known(points);
    }
    for (unsigned i = 0; points->classes & MXC_RANDOM && i < (points->classes & MXC_DENSE ? 4096 : 8); i++) {
        const uint64_t bits = mxc_draw(points) & (points->layout->sign | (points->layout->sign - 1));
        mxc_add(points, bits, 0, "drawn");
    }
}
