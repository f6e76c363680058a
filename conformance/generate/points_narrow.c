/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Points at which a fault of a single place shows: one tie, one bit, one exponent, one lane. They come after all other
 * classes of an operation.
 */
#include "conformance/generate/points.h"

enum { ONE = 127 };

/* ---- casts ---- */

static void add(mxc_points *p, mxc_dyadic q, unsigned byte, const char *tags)
{
    int exact;
    const uint64_t at = mxc_pattern(p->layout, mxc_shift(q, (int)byte - ONE), &exact);
    if (exact == 1)
        mxc_add_near(p, at, 0, mxc_flip(p), p->shape.op == MX_OP_CAST ? 0 : (uint8_t)byte, tags);
}

/* Each tie alone. */
static void ties(mxc_points *p)
{
    for (unsigned c = 0; c < p->facts->max_code; c++)
        add(p, mxc_midpoint(p, c), ONE, c < 1u << p->facts->mbits ? "C5.3-a,C5.3-b,mid,tie" : "C5.3-b,mid,tie");
}

/* Each source bit alone above and below the tie over 1.0, whose code is even. */
static void every_bit(mxc_points *p)
{
    const mxc_dyadic tie = mxc_midpoint(p, p->facts->ebits ? (unsigned)p->facts->bias << p->facts->mbits : 64);
    const uint64_t at = mxc_pattern(p->layout, tie, NULL);
    for (unsigned bit = 0; bit + p->facts->mbits + 1 < p->layout->mbits; bit++)
        for (int negative = 0; negative < 2; negative++)
            mxc_add(p,
                    (negative ? at - ((uint64_t)1 << bit) : at + ((uint64_t)1 << bit)) |
                        (negative ? p->layout->sign : 0),
                    0, "C5.3-b,sticky");
}

/* 1.0 under every byte, and sources whose exponent no such quotient has under byte 00. */
static void one_under_every_byte(mxc_points *p)
{
    for (unsigned byte = 0; byte <= 254; byte++)
        add(p, (mxc_dyadic){1, 0}, byte, "C5.1-f,byte,one");
    for (int e = -1; e >= p->facts->emin - (int)p->facts->mbits - 1; e--)
        add(p, (mxc_dyadic){3, e - 1}, 0, "C5.1-f,byte,sub-in");
}

/* ---- amax ---- */

/* Amax in every binade of the source, its bit below the first set in every other one. */
static void every_amax(mxc_points *p)
{
    const mxc_layout *l = p->layout;
    const int top = p->shape.op == MX_OP_QUANTIZE && l->type == MX_FP64 ? 160 : l->emax;
    for (int e = l->type == MX_FP64 ? -160 : l->emin - (int)l->mbits; e <= top && e <= 160; e++) {
        uint64_t *v = mxc_row(p, e < l->emin ? "C6.3-b,binade,sub-in" : "C6.3-b,binade");
        for (size_t lane = 1; lane < p->shape.k; lane++)
            v[lane] = mxc_pattern(l, (mxc_dyadic){3, e - 1 - (int)lane}, NULL) | (lane & 1 ? l->sign : 0);
        v[(unsigned)(e + 200) % p->shape.k] =
            mxc_pattern(l, (mxc_dyadic){2u + ((unsigned)(e + 200) & 1), e - 1}, NULL) |
            ((e + 200) % 3 == 0 ? l->sign : 0);
    }
}

/* ---- blocks ---- */

static uint64_t *plain_row(mxc_points *p, size_t top_lane, const char *tags)
{
    uint64_t *v = mxc_row(p, tags);
    for (size_t i = 0; i < p->shape.k; i++)
        v[i] = mxc_pattern(p->layout, mxc_code_value(p, (unsigned)(1 + i % 3)), NULL) | (i & 1 ? p->layout->sign : 0);
    v[top_lane] = mxc_pattern(p->layout, mxc_code_value(p, p->facts->max_code), NULL);
    return v;
}

/* NaN, then Inf, alone in each lane. */
static void alone(mxc_points *p)
{
    const size_t k = p->shape.k;
    for (size_t lane = 0; lane < k; lane++) {
        const uint64_t sign = lane & 1 ? p->layout->sign : 0;
        plain_row(p, (lane + 7) % k, "C6.3-f,nan-lane")[lane] = p->layout->quiet_nan | sign;
        plain_row(p, (lane + 7) % k, "C6.3-f,inf-lane")[lane] = p->layout->inf | sign;
    }
}

/* Lane by lane the tie over 1.0 and one source bit more, bit after bit. */
static void sticky_lanes(mxc_points *p)
{
    const mxc_dyadic tie = mxc_midpoint(p, p->facts->ebits ? (unsigned)p->facts->bias << p->facts->mbits : 64);
    const uint64_t at = mxc_pattern(p->layout, tie, NULL);
    const unsigned bits = p->layout->mbits - p->facts->mbits - 1;
    for (unsigned bit = 0, row = 0; bit < bits; row++) {
        uint64_t *v = plain_row(p, row % p->shape.k, "C5.3-b,sticky");
        for (size_t lane = 0; lane < p->shape.k && bit < bits; lane++)
            if (lane != row % p->shape.k)
                v[lane] = (at + ((uint64_t)1 << bit++)) | (lane & 1 ? p->layout->sign : 0);
    }
}

/* ---- each kind of quotient ---- */

typedef struct kind {
    mxc_dyadic q;
    const char *tags;
    unsigned quarters; /* of the step above a code */
    int negative;
} kind;

/* The i-th: a code of each range and parity, and the three quarters of the step above it; then the same, negative.
 * Returns 0 after the last. */
static int kind_at(const mxc_points *p, size_t i, kind *found)
{
    const mx_facts *f = p->facts;
    const unsigned one = f->ebits ? (unsigned)f->bias << f->mbits : 4;
    const unsigned code[] = {0, 1, 2, one, one + 1, f->max_code};
    const size_t n = 4 * sizeof code / sizeof code[0];
    if (i >= 2 * n)
        return 0;
    const unsigned c = code[i % n / 4];
    const mxc_dyadic lo = mxc_code_value(p, c), hi = mxc_code_value(p, c + 1);
    const int e = lo.e < hi.e ? lo.e : hi.e;
    const uint64_t low = lo.m << (lo.e - e), step = (hi.m << (hi.e - e)) - low;
    found->quarters = (unsigned)(i % 4);
    found->tags = found->quarters == 0             ? "C5.3-e,kind"
                  : c == 0                         ? "C5.3-d,kind"
                  : f->ebits && c < 1u << f->mbits ? "C5.3-a,C5.3-b,kind"
                                                   : "C5.3-b,kind";
    found->negative = i >= n;
    found->q = (mxc_dyadic){4 * low + found->quarters * step, e - 2};
    return 1;
}

/* Random bits with which it just rounds up, or just not. */
static uint32_t bits_about(const mxc_points *p, const kind *k, int up)
{
    const uint64_t full = (uint64_t)1 << p->shape.profile.sr_bits;
    const uint64_t least = full - full * k->quarters / 4;
    return (uint32_t)(least == full ? full - 1 : up || least == 0 ? least : least - 1);
}

/* One a row, or all lanes but one of a block whose largest element leaves the scale 1 in that one. */
static void kinds(mxc_points *p)
{
    const mx_op op = p->shape.op;
    const size_t lanes = op == MX_OP_QUANTIZE ? p->shape.k : 1;
    const unsigned turns = p->shape.profile.round == MX_SR ? 2 : 1;
    uint64_t *row = NULL;
    size_t at = lanes, top = lanes, rows = 0;
    kind k;
    for (size_t i = 0; kind_at(p, i / turns, &k); i++) {
        int exact;
        unsigned byte = op == MX_OP_SCALED_CAST ? ONE - 9 + (unsigned)(i % 19) : ONE;
        uint64_t bits = mxc_pattern(p->layout, mxc_shift(k.q, (int)byte - ONE), &exact);
        if (exact != 1 && op == MX_OP_SCALED_CAST) /* below fp16's smallest */
            bits = mxc_pattern(p->layout, mxc_shift(k.q, (int)(byte = ONE + 3) - ONE), &exact);
        if (exact != 1 || (k.quarters == 0 && i % turns != 0))
            continue;
        at += lanes > 1 && at == top;
        if (at >= lanes) {
            top = rows++ % lanes;
            row = lanes > 1 ? plain_row(p, top, "C5.3-b,kind") : mxc_row(p, k.tags);
            at = lanes > 1 && top == 0;
        }
        if (p->failed)
            return;
        row[at] = bits | (k.negative ? p->layout->sign : 0);
        p->scale[p->count - 1] = op == MX_OP_SCALED_CAST ? (uint8_t)byte : 0;
        p->random[(p->count - 1) * p->shape.k + at] = turns > 1 ? bits_about(p, &k, (int)(i % 2)) : 0;
        at++;
    }
}

/* ---- random bits ---- */

/* 2^-s of the smallest code, with random bits at which it just rounds up, and one less. */
static uint64_t far_below(mxc_points *p, unsigned s, uint32_t *random, int up)
{
    const uint64_t full = (uint64_t)1 << p->shape.profile.sr_bits, part = full >> s;
    *random = (uint32_t)(full - part - (up ? 0 : 1));
    return mxc_pattern(p->layout, mxc_shift(mxc_code_value(p, 1), -(int)s), NULL) | (s & 1 ? p->layout->sign : 0);
}

static void thresholds_far_below(mxc_points *p)
{
    const size_t k = p->shape.k;
    const unsigned n = p->shape.profile.sr_bits;
    for (unsigned s = 1; s <= n;) {
        uint64_t *v = k > 1 ? plain_row(p, 0, "C5.3-d,sr,threshold") : mxc_row(p, "C5.3-d,sr,threshold");
        const size_t row = p->count - 1;
        for (size_t lane = k > 1; !p->failed && lane < k && s <= n; lane++) {
            v[lane] = far_below(p, s, &p->random[row * k + lane], (int)(s + 1) & 1 || s == n);
            p->scale[row] = p->shape.op == MX_OP_SCALED_CAST ? ONE : 0;
            s++;
        }
        if (p->failed)
            return;
    }
}

void mxc_points_narrow(mxc_points *points)
{
    const unsigned classes = points->classes;
    const mx_op op = points->shape.op;
    if (classes & MXC_DENSE)
        return;
    if (classes & MXC_TIES)
        ties(points);
    if (classes & MXC_EACH_BIT)
        op == MX_OP_QUANTIZE ? sticky_lanes(points) : every_bit(points);
    if (op == MX_OP_SCALED_CAST && classes & MXC_BYTES)
        one_under_every_byte(points);
    if (classes & MXC_AMAX)
        every_amax(points);
    if (classes & MXC_ALONE)
        alone(points);
    if (points->shape.profile.round == MX_SR && op != MX_OP_SCALE)
        thresholds_far_below(points);
    if (classes & MXC_KINDS)
        kinds(points);
}
