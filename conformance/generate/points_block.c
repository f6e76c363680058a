/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Points of quantize, and of scale on blocks of several elements: reduction, lanes, special values by lane, and the
 * blocks on which existing systems are known to differ.
 */
#include "conformance/generate/points.h"

/* ---- parts of a block ---- */

/* Magnitude code of the largest power of two. */
static unsigned power_code(const mxc_points *p)
{
    return p->facts->max_code & ~((1u << p->facts->mbits) - 1);
}

/* The i-th of the scale exponents that the source can feed: 0 first, then hopping over the whole range. */
static int shift_at(const mxc_points *p, unsigned i)
{
    const mxc_layout *l = p->layout;
    int lo = l->emin - (int)l->mbits + 8, hi = l->emax - (int)p->facts->emax - 1;
    lo = lo < -127 ? -127 : lo;
    hi = hi > 126 ? 126 : hi;
    const unsigned span = (unsigned)(hi - lo) + 1;
    return i == 0 ? 0 : lo + (int)((i * 37u + (unsigned)-lo) % span);
}

static uint64_t code_bits(const mxc_points *p, unsigned code, int shift)
{
    return mxc_pattern(p->layout, mxc_shift(mxc_code_value(p, code), shift), NULL);
}

/* The smallest amax at which this profile's rule steps to a larger scale, times 2^shift. */
static uint64_t step_bits(const mxc_points *p, int shift)
{
    const int ceiling = p->shape.profile.scale == MX_SCALE_CEIL || p->shape.profile.scale == MX_SCALE_RCEIL;
    mxc_dyadic at = mxc_code_value(p, power_code(p));
    if (p->shape.profile.scale == MX_SCALE_RCEIL) {
        at = mxc_code_value(p, p->facts->max_code);
    } else if (p->shape.profile.scale == MX_SCALE_EVEN) {
        at = (mxc_dyadic){at.m * ((4u << p->facts->mbits) - 1), at.e - (int)p->facts->mbits - 1};
    }
    const uint64_t bits = mxc_pattern(p->layout, mxc_shift(at, shift), NULL) + (uint64_t)ceiling;
    return bits < p->layout->inf ? bits : p->layout->inf - 1;
}

/* Fill a row with numbers smaller than the power of two's code, signs mixed, lane by lane different as far as the
 * format goes: every pair of lanes differs in one of a few rows. */
static void fill_small(mxc_points *p, uint64_t *v, unsigned row, int shift)
{
    const unsigned n = power_code(p);
    for (size_t i = 0; i < p->shape.k; i++) {
        const unsigned lane = (unsigned)i;
        const unsigned c = (lane * (2 * row + 1) + row * (lane / n) + row) % n;
        v[i] = code_bits(p, c, shift) | ((lane ^ row ^ (lane / n)) & 1 ? p->layout->sign : 0);
    }
}

/* ---- lanes ---- */

/* The largest magnitude in each lane, at the point where missing it changes the scale; one lane just below it. */
static void lanes(mxc_points *p)
{
    const size_t k = p->shape.k;
    for (size_t lane = 0; lane < k; lane++) {
        const unsigned row = (unsigned)lane;
        const int shift = shift_at(p, row);
        uint64_t *v = mxc_row(p, "C6.3-b,lane");
        fill_small(p, v, row, shift);
        const uint64_t top = step_bits(p, shift);
        v[(lane + k / 2) % k] = (top - 1) | (lane & 2 ? p->layout->sign : 0);
        v[lane] = top | (lane & 1 ? p->layout->sign : 0);
    }
}

/* Every code with its sign, in order, round and round, the largest in a lane that moves. */
static void distinct(mxc_points *p)
{
    const size_t k = p->shape.k;
    const unsigned n = p->facts->max_code + 1;
    const unsigned rows = (2 * n + (unsigned)k - 1) / (unsigned)k;
    for (unsigned row = 0; row < rows + 4; row++) {
        const int shift = shift_at(p, row);
        uint64_t *v = mxc_row(p, "C6.3-c,distinct");
        for (size_t i = 0; i < k; i++) {
            const unsigned at = (row * (unsigned)k + (unsigned)i * (row < rows ? 1 : 2 * row + 1)) % (2 * n);
            v[i] = code_bits(p, at / 2, shift) | (at & 1 ? p->layout->sign : 0);
        }
        v[row % k] = code_bits(p, p->facts->max_code, shift) | (row & 1 ? p->layout->sign : 0);
    }
}

/* Every midpoint one ulp below, at and above, side by side, signs alternating, the largest code in a lane that moves.
 */
static void midpoints(mxc_points *p)
{
    const size_t k = p->shape.k;
    const unsigned points = 3 * p->facts->max_code;
    unsigned next = 0;
    for (unsigned row = 0; next < points; row++) {
        const int shift = shift_at(p, row);
        uint64_t *v = mxc_row(p, "C5.3-b,mid");
        for (size_t i = 0; i < k; i++) {
            if (k > 1 && i == row % k) {
                v[i] = code_bits(p, row & 1 ? power_code(p) : p->facts->max_code, shift);
                continue;
            }
            const uint64_t at =
                mxc_pattern(p->layout, mxc_shift(mxc_midpoint(p, next / 3 % p->facts->max_code), shift), NULL);
            v[i] = (at + next % 3 - (at > 0)) | ((next + row) & 1 ? p->layout->sign : 0);
            next++;
        }
    }
}

/* The band above the largest value, as the block maximum: sixteenths of a step, both signs. */
static void band(mxc_points *p)
{
    mxc_dyadic lo = mxc_code_value(p, p->facts->max_code);
    const unsigned turns = p->classes & MXC_DENSE ? 49 : 13;
    for (unsigned j = 0; j < turns; j++) {
        const int shift = shift_at(p, j);
        const uint64_t part = turns == 13 ? j * 4 : j;
        uint64_t *v = mxc_row(p, "C6.3-c,band");
        fill_small(p, v, j, shift);
        const uint64_t at = mxc_pattern(p->layout, (mxc_dyadic){16 * lo.m + part, lo.e - 4 + shift}, NULL);
        v[j % p->shape.k] = (at + j % 3 < p->layout->inf ? at + j % 3 : at) | (j & 1 ? p->layout->sign : 0);
    }
    for (unsigned j = 0; j < 2; j++) { /* the tie itself, and that below the smallest code, with both signs */
        uint64_t *v = mxc_row(p, "C6.3-c,band,tie");
        fill_small(p, v, j, shift_at(p, 0));
        v[p->shape.k - 1] = mxc_pattern(p->layout, mxc_midpoint(p, 0), NULL) | (j & 1 ? 0 : p->layout->sign);
        v[j % p->shape.k] =
            mxc_pattern(p->layout, mxc_midpoint(p, p->facts->max_code), NULL) | (j & 1 ? p->layout->sign : 0);
    }
}

/* ---- special values ---- */

static int is_boundary(size_t lane, size_t k)
{
    return lane < 2 || lane + 2 >= k || lane % 8 == 0 || lane % 8 == 7;
}

static uint64_t *plain_row(mxc_points *p, unsigned row, const char *tags)
{
    uint64_t *v = mxc_row(p, tags);
    fill_small(p, v, row + 3, shift_at(p, row));
    v[(row + 5) % p->shape.k] = code_bits(p, p->facts->max_code, shift_at(p, row));
    return v;
}

/* NaN and Inf in the first, last and boundary lanes, one of them in the others (in a list of few: the ends only);
 * payloads and signs in turn. */
static void special_lanes(mxc_points *p)
{
    unsigned row = 0;
    for (size_t lane = 0; lane < p->shape.k; lane++) {
        const int end = lane == 0 || lane + 1 == p->shape.k;
        const int both = p->classes & MXC_DENSE || end || (is_boundary(lane, p->shape.k) && !(p->classes & MXC_FEW));
        const uint64_t sign = row & 1 ? p->layout->sign : 0;
        if (p->classes & MXC_FEW && !end) {
            continue;
        }
        if (both || lane & 1) {
            plain_row(p, row, "C6.3-f,nan-lane")[lane] = mxc_nan(p->layout, row) | sign;
        }
        if (both || !(lane & 1)) {
            plain_row(p, row + 1, "C6.3-f,inf-lane")[lane] = p->layout->inf | sign;
        }
        row++;
    }
    for (unsigned i = 0; i < 2 * MXC_NANS; i++) {
        plain_row(p, i, "C6.3-f,nan-payload")[i % p->shape.k] =
            mxc_nan(p->layout, i / 2) | (i & 1 ? p->layout->sign : 0);
    }
}

/* Pairs of special values, at both ends of the block. */
static void special_pairs(mxc_points *p)
{
    const size_t last = p->shape.k - 1;
    const uint64_t nan = p->layout->quiet_nan, inf = p->layout->inf, sign = p->layout->sign;
    const uint64_t pair[][2] = {{nan, nan | sign}, {nan, inf},      {inf | sign, nan}, {inf, inf | sign},
                                {inf, inf},        {nan | sign, 0}, {0, inf | sign},   {sign, nan},
                                {inf | sign, 1},   {nan, sign | 1}};
    for (unsigned i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        uint64_t *v = plain_row(p, i, "C6.3-f,pair");
        v[last] = pair[i][1];
        v[0] = pair[i][0];
        v = mxc_row(p, "C6.3-f,pair,zeros"); /* and nothing else in the block */
        v[last] = pair[i][1];
        v[0] = pair[i][0];
    }
}

/* Every lane the same value: zeros, NaNs, Infs, extremes. */
static void uniform(mxc_points *p)
{
    const size_t n = 2 * (mxc_special_count() - (p->classes & MXC_FEW ? MXC_NANS - 1 : 0));
    for (size_t i = 0; i < n; i++) {
        const char *tags;
        const uint64_t bits = mxc_special(p->layout, i / 2, &tags) | (i & 1 ? p->layout->sign : 0);
        uint64_t *v = mxc_row(p, tags);
        for (size_t lane = 0; lane < p->shape.k; lane++) {
            v[lane] = bits;
        }
    }
}

/* Zero blocks with signs, and one nonzero among zeros of either sign, by lane. */
static void zeros(mxc_points *p)
{
    const size_t k = p->shape.k;
    const uint64_t sign = p->layout->sign;
    for (size_t lane = 0; lane < k; lane++) {
        if (lane != 0 && lane != k / 2 && lane != k - 1) {
            continue;
        }
        mxc_row(p, "C6.3-f,zeros")[lane] = sign;
        uint64_t *v = mxc_row(p, "C6.3-f,one-nonzero");
        for (size_t i = 0; i < k; i++) {
            v[i] = lane & 1 ? sign : 0;
        }
        v[lane] = code_bits(p, power_code(p) + (unsigned)lane % 2, shift_at(p, (unsigned)lane)) | (lane & 2 ? sign : 0);
        v = mxc_row(p, "C6.3-f,one-nonzero,sub-in");
        v[lane] = 1 | (lane & 1 ? sign : 0);
        v[(lane + 1) % k] |= k > 1 ? sign : 0;
    }
}

/* ---- the ends of the range ---- */

/* A block of amax m * 2^(e - 2); the rest falls off in powers of two with odd fractions, so that small quotients
 * underflow in each way. Nothing when the source does not have this amax. */
static void edge(mxc_points *p, uint64_t m, int e, unsigned turn, unsigned row)
{
    const mxc_layout *l = p->layout;
    int exact;
    const uint64_t bits = mxc_pattern(l, (mxc_dyadic){m, e - 2}, &exact);
    if (exact != 1 || e > l->emax) {
        return;
    }
    uint64_t *v = mxc_row(p, e < 0 ? "C5.4.1-b,C6.3-b,edge,low" : "C6.3-b,edge,high");
    for (size_t lane = 0; lane < p->shape.k; lane++) {
        const mxc_dyadic part = {9 + 2 * ((lane + turn) % 4), e - 4 - (int)lane};
        v[lane] = mxc_pattern(l, part, NULL) | (lane & 1 ? l->sign : 0);
    }
    v[row % p->shape.k] = bits | (row & 1 ? l->sign : 0);
}

/* amax 2^e * (1, 1.5, 1.75) in the byte-00 region and at the top. */
static void edges(mxc_points *p)
{
    const mxc_layout *l = p->layout;
    const int top = p->facts->emax, lowest = l->emin - (int)l->mbits;
    const int at[] = {lowest, l->emin - 1, l->emin,   l->emax,   -149,      -140, -133, -128,      -127,
                      -126,   -125,        top - 128, top - 127, top - 126, 126,  127,  top + 127, top + 128};
    const unsigned each = p->classes & MXC_FEW ? 1 : 3;
    for (unsigned row = 0; row < each * sizeof at / sizeof at[0]; row++) {
        const unsigned j = row % each;
        edge(p, j == 0 ? 4 : 5 + j, at[row / each], j, row);
    }
    for (int e = 128; l->type == MX_FP64 && e < top + 127; e++) { /* scales that no other type reaches */
        mxc_row(p, "C6.3-b,edge,high")[(unsigned)e % p->shape.k] = mxc_power(l, e) | (e & 1 ? l->sign : 0);
    }
    uint64_t *v = plain_row(p, 0, "C6.3-b,edge,max"); /* the largest finite value and its neighbours */
    v[0] = l->inf - 1;
    v[p->shape.k - 1] = l->inf - 2;
    mxc_row(p, "C6.3-b,edge,max")[p->shape.k / 2] = (l->inf - 1) | l->sign;
}

/* amax at every rule's thresholds, one ulp below, at and above, in a few binades; the others halve it. */
static void thresholds(mxc_points *p)
{
    const mxc_layout *l = p->layout;
    const int mbits = (int)p->facts->mbits;
    const mxc_dyadic at[] = {{1, 0}, {((uint64_t)4 << mbits) - 1, -mbits - 1}, {p->facts->max_code, 0}};
    const int binade[] = {0, 1, 3, 7, -3, -8, l->emin, l->emax, -126, 126};
    for (size_t t = 0; t < 3; t++) {
        mxc_dyadic q = at[t];
        if (t == 2) {
            q = mxc_code_value(p, p->facts->max_code);
            for (q.e = 0; (q.m >> -q.e) > 1; q.e--) {
            }
        }
        for (size_t b = 0; b < sizeof binade / sizeof binade[0]; b++) {
            if (binade[b] < l->emin || binade[b] > l->emax || (!(p->classes & MXC_DENSE) && (b + t) % 3 != 0)) {
                continue;
            }
            for (unsigned u = 0; u < 3; u++) {
                const uint64_t bits = mxc_pattern(l, mxc_shift(q, binade[b]), NULL) + u - 1;
                uint64_t *v = mxc_row(p, t == 0 ? "C6.3-b,pow2" : t == 1 ? "C6.3-b,even" : "C6.3-b,rceil");
                for (size_t lane = 0; lane < p->shape.k; lane++) {
                    v[lane] = mxc_pattern(l, (mxc_dyadic){17 + 2 * (lane % 8), binade[b] - 5 - (int)lane / 2}, NULL) |
                              (lane & 1 ? l->sign : 0);
                }
                v[(3 * b + u) % p->shape.k] = bits | (u & 1 ? l->sign : 0);
            }
        }
    }
}

/* A block for every scale byte that a finite block can have: the reciprocal of each is used once at least. */
static void every_byte(mxc_points *p)
{
    const mxc_layout *l = p->layout;
    const int top = p->facts->emax;
    for (int e = -127 + top; e <= 127 + top && e <= l->emax; e++) {
        if (e < l->emin - (int)l->mbits) {
            continue;
        }
        const unsigned row = (unsigned)(e + 127);
        uint64_t *v = mxc_row(p, "C5.4.1-a,C6.3-b,byte");
        for (size_t lane = 1; lane < p->shape.k; lane++) {
            const unsigned c = (row * 3 + (unsigned)lane * 5) % power_code(p);
            const uint64_t at = mxc_pattern(l, mxc_shift(mxc_midpoint(p, c), e - top), NULL);
            v[lane] = (at + lane % 3 - (at > 0)) | ((row + lane) & 1 ? l->sign : 0);
        }
        v[0] =
            p->shape.profile.scale == MX_SCALE_FLOOR ? mxc_pattern(l, (mxc_dyadic){1, e}, NULL) : step_bits(p, e - top);
    }
}

/* ---- the rest ---- */

/* Exponents within 2^16 of one another, random fractions. */
static void drawn(mxc_points *p, unsigned n)
{
    const mxc_layout *l = p->layout;
    for (unsigned i = 0; i < n; i++) {
        const int shift = shift_at(p, (unsigned)(mxc_draw(p) % 997)) + p->facts->emax;
        uint64_t *v = mxc_row(p, "drawn");
        for (size_t lane = 0; lane < p->shape.k; lane++) {
            const uint64_t m = mxc_draw(p) | (uint64_t)1 << 63, rest = mxc_draw(p);
            v[lane] = mxc_pattern(l, (mxc_dyadic){m, shift - 63 - (int)(rest % 16)}, NULL) | (rest >> 63 ? l->sign : 0);
        }
    }
}

/* A short list for odd lengths: the ends of the block in every role. */
static void ragged(mxc_points *p)
{
    const size_t last = p->shape.k - 1;
    const int is_scale = p->shape.op == MX_OP_SCALE; /* no element is clamped or rounded */
    for (unsigned i = 0; i < 6; i++) {
        plain_row(p, i, is_scale ? "C6.3-b,ragged" : "C6.3-c,ragged")[i & 1 ? last : 0] =
            step_bits(p, shift_at(p, i)) | (i & 2 ? p->layout->sign : 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        const uint64_t bits = i & 1 ? p->layout->inf : p->layout->quiet_nan;
        plain_row(p, i, "C6.3-f,ragged")[i & 2 ? 0 : last] = bits;
    }
    const char *mid = is_scale ? "C6.3-b,ragged" : "C5.3-b,ragged,mid";
    for (unsigned i = 0; i < 3; i++) { /* midpoints and their neighbours, and subnormals of the source */
        const int shift = shift_at(p, 2 * i);
        uint64_t *v = mxc_row(p, i < 2 ? mid : "ragged,sub-in");
        for (size_t lane = 0; lane < p->shape.k; lane++) {
            const unsigned c = (unsigned)(lane * 5 + i) % power_code(p);
            const uint64_t at = mxc_pattern(p->layout, mxc_shift(mxc_midpoint(p, c), shift), NULL);
            v[lane] = (i < 2 ? at + (lane + i) % 3 - (at > 0) : lane + 1) | (lane & 1 ? p->layout->sign : 0);
        }
        v[i & 1 ? last : 0] =
            i < 2 ? code_bits(p, p->facts->max_code, shift) + 1 : ((uint64_t)1 << p->layout->mbits) - 1;
    }
    (void)mxc_row(p, "C6.3-f,ragged,zero");
    mxc_row(p, "C6.3-f,ragged")[last] = p->layout->sign;
    mxc_row(p, "C6.3-b,ragged,one-nonzero")[last] = step_bits(p, 0);
}

/* The N random bits of every element: all zero, all one, or drawn, by row. */
static void draw_random_bits(mxc_points *p)
{
    const uint32_t mask = 0xffffffffu >> (32 - p->shape.profile.sr_bits);
    for (size_t i = 0; !p->failed && i < p->count * p->shape.k; i++) {
        const size_t row = i / p->shape.k;
        const uint32_t drawn_bits = (uint32_t)(mxc_draw(p) >> 32) & mask;
        p->random[i] = row % 8 == 0 ? 0 : row % 8 == 1 ? mask : drawn_bits;
    }
}

void mxc_points_quantize(mxc_points *points)
{
    static const struct {
        unsigned class_;
        void (*add)(mxc_points *);
    } classes[] = {
        {MXC_BLOCKS, special_lanes},
        {MXC_BLOCKS, special_pairs},
        {MXC_SPECIAL, uniform},
        {MXC_SPECIAL, zeros},
        {MXC_EDGE, edges},
        {MXC_THRESH, thresholds},
        {MXC_KNOWN, mxc_points_known},
        {MXC_LANES, lanes},
        {MXC_CODES, distinct},
        {MXC_MIDS, midpoints},
        {MXC_BAND, band},
        {MXC_BYTES, every_byte},
        {MXC_RAGGED, ragged},
    };
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (points->classes & classes[i].class_) {
            classes[i].add(points);
        }
    }
    if (points->classes & MXC_RANDOM) {
        drawn(points, points->classes & MXC_DENSE ? 512 : 8);
    }
    if (points->shape.profile.round == MX_SR && points->shape.op == MX_OP_QUANTIZE) {
        draw_random_bits(points);
    }
}
