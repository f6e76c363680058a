/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Points of cast and scaled-cast: (exponent, lsb, guard, sticky, remainder class) for each format and source type.
 *
 * Every class is written for a quotient q = value / 2^(byte - 127); cast is the case byte = 127.
 */
#include "conformance/generate/points.h"

#define ONE 127 /* the scale byte of 2^0, also what a cast row holds */

/* Scale bytes on which the classes are repeated: 2^0 first, the ends, their neighbours, 2^1 and the scale
 * at which fp16 sources meet their subnormals. */
static const uint8_t corner_bytes[] = {127, 0, 254, 1, 253, 128, 112};

static int is_cast(const mxc_points *p)
{
    return p->shape.op == MX_OP_CAST;
}

/* The row's scale column is not there in a cast. */
static void near(mxc_points *p, mxc_dyadic q, int ulps, int negative, unsigned byte, const char *tags)
{
    const uint64_t at = mxc_pattern(p->layout, mxc_shift(q, (int)byte - ONE), NULL);
    mxc_add_near(p, at, ulps, negative, is_cast(p) ? 0 : (uint8_t)byte, tags);
}

/* q in the source at one ulp below, at and above, when it is there at all; both signs, or alternating ones. */
static void three(mxc_points *p, mxc_dyadic q, unsigned byte, int both, const char *tags)
{
    mxc_add_three(p, q, (int)byte - ONE, both, is_cast(p) ? 0 : (uint8_t)byte, tags);
}

static void specials(mxc_points *p, unsigned byte)
{
    const size_t n = mxc_special_count() - (byte == ONE || byte == 255 ? 0 : MXC_NANS - 1);
    for (size_t i = 0; i < n; i++) {
        const char *tags;
        const uint64_t bits = mxc_special(p->layout, i, &tags);
        mxc_add(p, bits, is_cast(p) ? 0 : (uint8_t)byte, tags);
        mxc_add(p, bits | p->layout->sign, is_cast(p) ? 0 : (uint8_t)byte, tags);
    }
}

static void codes(mxc_points *p, unsigned byte, int both)
{
    for (unsigned c = 0; c <= p->facts->max_code; c++) {
        if (p->shape.profile.round != MX_RNE && !both && c % 3 != 0 && c + 3 < p->facts->max_code) {
            continue; /* the variants that round otherwise repeat a part */
        }
        if (both && p->classes & MXC_DENSE) {
            three(p, mxc_code_value(p, c), byte, both, "C5.3-e,code");
        } else {
            near(p, mxc_code_value(p, c), 0, mxc_flip(p), byte, "C5.3-e,code");
            near(p, mxc_code_value(p, c), c % 4 < 2 ? 1 : -1, (int)(c & 1), byte, "C5.3-e,code");
        }
    }
}

static const char *midpoint_tags(const mxc_points *p, unsigned c)
{
    if (c == 0) {
        return "C5.3-d,mid,min-half";
    }
    if (c < 1u << p->facts->mbits) {
        return "C5.3-a,C5.3-b,mid";
    }
    if (((c + 1) & ((1u << p->facts->mbits) - 1)) == 0) {
        return "C5.3-b,mid,carry";
    }
    return "C5.3-b,mid";
}

/* In a list of few: every third code, and all near either end. */
static int is_visited(const mxc_points *p, unsigned c)
{
    return !(p->classes & MXC_FEW) || c % 3 == 0 || c < 4 || c + 4 > p->facts->max_code;
}

static void midpoints(mxc_points *p, unsigned byte, int both)
{
    for (unsigned c = 0; c < p->facts->max_code; c++) {
        if (!is_visited(p, c)) {
            continue;
        }
        three(p, mxc_midpoint(p, c), byte, both, midpoint_tags(p, c));
    }
}

/* The first code of a binade: a power of two, or a subnormal code that is one. */
static int begins_binade(const mxc_points *p, unsigned c)
{
    const unsigned first = 1u << p->facts->mbits;
    return c != 0 && (c < first || p->facts->ebits == 0 ? (c & (c - 1)) == 0 : (c & (first - 1)) == 0);
}

/* In each binade, with both signs: a code, and a tie above an even and above an odd one. */
static void binade_signs(mxc_points *p, unsigned byte)
{
    for (unsigned c = 1; c < p->facts->max_code; c++) {
        const int begins = begins_binade(p, c);
        for (int negative = 0; negative < 2; negative++) {
            if (begins) {
                near(p, mxc_code_value(p, c), 0, negative, byte, "C5.3-e,code");
            }
            if (begins || begins_binade(p, c - 1)) {
                near(p, mxc_midpoint(p, c), 0, negative, byte, midpoint_tags(p, c));
            }
        }
    }
}

/* The tie above the largest code and its neighbours. */
static void top(mxc_points *p, unsigned byte)
{
    three(p, mxc_midpoint(p, p->facts->max_code), byte, 1, "C5.3-c,band,tie");
}

/* From the largest code up: eighths of a step over three steps (sixteenths in a dense list), signs alternating, the
 * ties with both; then powers of two. E4M3's 464 and 465 are the first tie and 1/32 of a step above it. */
static void band(mxc_points *p, unsigned byte)
{
    const unsigned top = p->facts->max_code;
    mxc_dyadic lo = mxc_code_value(p, top);
    const mxc_dyadic next = mxc_code_value(p, top + 1);
    const int e = lo.e < next.e ? lo.e : next.e;
    lo.m <<= lo.e - e;
    const uint64_t step = (next.m << (next.e - e)) - lo.m;
    const unsigned parts = p->classes & MXC_DENSE ? 1 : 4;
    for (unsigned j = 0; j <= 96; j += parts) {
        const int both = p->classes & MXC_DENSE || j % 16 == 0;
        three(p, (mxc_dyadic){32 * lo.m + j * step, e - 5}, byte, both, j == 16 ? "C5.3-c,band,tie" : "C5.3-c,band");
    }
    three(p, (mxc_dyadic){32 * lo.m + 17 * step, e - 5}, byte, 1, "C5.3-c,band");
    int over = e;
    while (((lo.m >> (over - e)) >> 1) != 0) {
        over++; /* lo is in [2^over, 2^(over + 1)) */
    }
    for (int up = 1; up <= 4; up++) {
        three(p, (mxc_dyadic){1, over + up}, byte, 1, "C5.3-c,band");
        near(p, (mxc_dyadic){3, over + up}, 0, mxc_flip(p), byte, "C5.3-c,band");
    }
}

/* Every binade of the source: shift counts that reach or pass a word, in both directions. For fp64 all of those
 * near a narrower type's range, and a sample of the rest. */
static void binades(mxc_points *p)
{
    const mxc_layout *l = p->layout;
    for (int e = l->emin - (int)l->mbits; e <= l->emax; e++) {
        if (l->type == MX_FP64 && (e < -160 || e > 160) && e % 37 != 0) {
            continue;
        }
        const char *tags = e < p->facts->emin ? "C5.3-d,binade" : "binade";
        if (p->classes & MXC_DENSE || (e >= p->facts->emin - 4 && e <= (int)p->facts->emax + 1)) {
            three(p, (mxc_dyadic){1, e}, ONE, 0, tags);
        }
        near(p, (mxc_dyadic){e & 1 ? 2 : 3, e - 1}, (e & 3) - 1, mxc_flip(p), ONE, tags);
    }
}

/* Above and below one point by each single source bit: a sticky that misses a position shows here alone. */
static void single_bits(mxc_points *p, mxc_dyadic q, unsigned byte, const char *tags)
{
    int exact;
    const uint64_t at = mxc_pattern(p->layout, mxc_shift(q, (int)byte - ONE), &exact);
    if (exact != 1) {
        return;
    }
    for (unsigned bit = 0; bit < p->layout->mbits; bit++) {
        const uint64_t one = (uint64_t)1 << bit;
        if ((at & (2 * one - 1)) != 0) {
            break; /* no longer below the guard */
        }
        if (p->layout->mbits > 30 && bit % 4 != 0 && !(p->classes & MXC_DENSE)) {
            continue;
        }
        const uint64_t sign = mxc_flip(p) ? p->layout->sign : 0;
        if (at + one < p->layout->inf) {
            mxc_add(p, (at + one) | sign, is_cast(p) ? 0 : (uint8_t)byte, tags);
        }
        mxc_add(p, (at - one) | sign, is_cast(p) ? 0 : (uint8_t)byte, tags);
    }
}

/* Midpoints of both parities in the subnormals, at their upper end, in a middle binade and at the top; and codes, for
 * the directed roundings. */
static void sticky(mxc_points *p, unsigned byte)
{
    const unsigned first = 1u << p->facts->mbits, top = p->facts->max_code;
    const unsigned at[] = {0, 1, first - 1, first, (first + top) / 2, (first + top) / 2 + 1, top - 1, top};
    const size_t stride = p->classes & MXC_FEW || !is_cast(p) ? 3 : 1;
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i += stride) {
        single_bits(p, mxc_midpoint(p, at[i]), byte, "C5.3-b,sticky");
    }
    single_bits(p, mxc_code_value(p, first + 1), byte, "C5.3-b,sticky");
    if (stride == 1) {
        single_bits(p, mxc_code_value(p, 1), byte, "C5.3-b,sticky");
    }
}

/* Subnormals of the source, and results round the smallest normal and the smallest code. */
static void tiny(mxc_points *p, unsigned byte)
{
    const mxc_layout *l = p->layout;
    const unsigned step = byte == 0 || l->mbits <= 10 || p->classes & MXC_DENSE ? 1 : l->mbits / 4;
    for (unsigned bit = 0; bit < l->mbits; bit += step) {
        const uint64_t one = (uint64_t)1 << bit;
        mxc_add(p, one | (mxc_flip(p) ? l->sign : 0), is_cast(p) ? 0 : (uint8_t)byte, "sub-in");
        mxc_add(p, (2 * one - 1) | (mxc_flip(p) ? l->sign : 0), is_cast(p) ? 0 : (uint8_t)byte, "sub-in");
    }
    const unsigned first = 1u << p->facts->mbits;
    const unsigned at[] = {1, first / 2, first - 1, first};
    const int both = (p->classes & MXC_FEW) == 0;
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        three(p, mxc_code_value(p, at[i]), byte, both, "C5.3-a,tiny");
        three(p, mxc_midpoint(p, at[i]), byte, both, "C5.3-a,tiny,mid");
    }
    three(p, mxc_midpoint(p, first - 1), byte, both, "C5.3-a,tiny,mid");
    three(p, mxc_midpoint(p, 0), byte, 1, "C5.3-d,tiny,min-half");
    three(p, mxc_shift(mxc_midpoint(p, 0), -1), byte, 1, "C5.3-d,tiny");
    near(p, mxc_code_value(p, 1), -1, 1, byte, "C5.3-a,tiny");
}

static void drawn(mxc_points *p, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const unsigned c = (unsigned)(mxc_draw(p) % (p->facts->max_code + 2));
        const unsigned byte = is_cast(p) ? ONE : (unsigned)(mxc_draw(p) % 255);
        mxc_dyadic q = mxc_code_value(p, c);
        q = (mxc_dyadic){(q.m << 40) + (mxc_draw(p) & 0xffffffffff), q.e - 40};
        near(p, q, 0, (int)(mxc_draw(p) & 1), byte, "drawn");
    }
}

/* ---- random bits ---- */

/* Random bits round the threshold: at j/u above a code, adding `bits` carries when floor(j/u * 2^n) + bits >= 2^n. */
static void stochastic_at(mxc_points *p, uint64_t at, uint64_t j, uint64_t u, uint64_t sign, uint8_t byte)
{
    const unsigned n = p->shape.profile.sr_bits;
    const uint64_t full = (uint64_t)1 << n;
    uint64_t part = j;
    for (uint64_t unit = u; unit > full; unit /= 2) {
        part /= 2;
    }
    for (uint64_t unit = u; unit < full; unit *= 2) {
        part *= 2;
    }
    const uint64_t bits[] = {0, full - part - 1, full - part, full - part + 1, full / 2, full - 1};
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if (bits[i] < full) {
            mxc_add(p, (at + j) | sign, byte, i == 1 || i == 2 ? "C5.3-b,sr,threshold" : "C5.3-b,sr");
            if (!p->failed) {
                p->random[p->count - 1] = (uint32_t)bits[i];
            }
        }
    }
}

/* The source's pattern of code c and the patterns to the next code; 0 when they are not evenly spaced from 4 on. */
static uint64_t even_gap(const mxc_points *p, unsigned c, unsigned byte, uint64_t *lo)
{
    int lo_exact, hi_exact;
    const int shift = (int)byte - ONE;
    *lo = mxc_pattern(p->layout, mxc_shift(mxc_code_value(p, c), shift), &lo_exact);
    const uint64_t hi = mxc_pattern(p->layout, mxc_shift(mxc_code_value(p, c + 1), shift), &hi_exact);
    const uint64_t u = hi - *lo;
    return lo_exact != 1 || hi_exact != 1 || c == 0 || u < 4 || (u & (u - 1)) != 0 ? 0 : u;
}

/* Between neighbouring codes: just above, a quarter, just below, at and above the half, just below the next. */
static void stochastic(mxc_points *p, unsigned byte, unsigned stride)
{
    for (unsigned c = 0; c <= p->facts->max_code; c += c < 4 || c + 3 > p->facts->max_code ? 1
                                                       : c + stride + 2 < p->facts->max_code
                                                           ? stride
                                                           : p->facts->max_code - 2 - c) {
        uint64_t lo;
        const uint64_t u = even_gap(p, c, byte, &lo);
        if (u == 0) {
            continue; /* zero is not evenly spaced below code 1 in the source's patterns */
        }
        const uint64_t at[] = {0, 1, u / 4, u / 2 - 1, u / 2, u / 2 + 1, u - 1};
        for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
            const uint64_t sign = mxc_flip(p) ? p->layout->sign : 0;
            stochastic_at(p, lo, at[i], u, sign, is_cast(p) ? 0 : (uint8_t)byte);
        }
    }
}

/* Up to the smallest normal code and to its neighbour, with both signs. */
static void stochastic_carry(mxc_points *p, unsigned byte)
{
    const unsigned first = 1u << p->facts->mbits;
    for (unsigned c = first - 2; c < first; c++) {
        uint64_t lo;
        const uint64_t u = even_gap(p, c, byte, &lo);
        for (int negative = 0; u != 0 && negative < 2; negative++) {
            stochastic_at(p, lo, u / 2, u, negative ? p->layout->sign : 0, is_cast(p) ? 0 : (uint8_t)byte);
        }
    }
}

/* Below the smallest code: halves, quarters ... and far below, with every kind of random bits. */
static void stochastic_tiny(mxc_points *p, unsigned byte)
{
    const unsigned n = p->shape.profile.sr_bits;
    const uint64_t full = (uint64_t)1 << n;
    const uint64_t bits[] = {0, 1, full / 2 - 1, full / 2, full - 2, full - 1};
    for (int down = 0; down <= 40; down += down < 3 ? 1 : down < 12 ? 4 : 9) {
        for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
            const mxc_dyadic q = {i & 1 ? 3 : 1, mxc_code_value(p, 1).e - down - 1};
            const size_t before = p->count;
            near(p, q, 0, mxc_flip(p), byte, "C5.3-d,sr,under");
            if (!p->failed && p->count > before) {
                p->random[p->count - 1] = (uint32_t)(bits[i] < full ? bits[i] : 0);
            }
        }
    }
}

static void stochastic_all(mxc_points *p, unsigned byte)
{
    if (p->shape.profile.round == MX_SR) {
        stochastic(p, byte, p->classes & MXC_DENSE ? 1 : p->classes & MXC_FEW || byte != ONE ? 59 : 17);
        stochastic_tiny(p, byte);
        if (byte == ONE) {
            stochastic_carry(p, byte);
        }
    }
}

/* ---- the two operations ---- */

static void classes_at(mxc_points *p, unsigned byte)
{
    const int both = (p->classes & (MXC_DENSE | MXC_SIGNS)) != 0;
    if (p->classes & MXC_SPECIAL) {
        specials(p, byte);
    }
    if (p->classes & MXC_BAND) {
        band(p, byte);
    }
    if (p->classes & MXC_TINY) {
        tiny(p, byte);
    }
    if (p->classes & MXC_CODES) {
        codes(p, byte, both);
    }
    if (p->classes & MXC_MIDS) {
        midpoints(p, byte, both);
        if (byte == ONE && p->layout->type == MX_FP32) {
            binade_signs(p, byte);
        }
    }
    if (p->classes & MXC_TOP && byte == ONE) {
        top(p, byte);
    }
    if (p->classes & MXC_STICKY) {
        sticky(p, byte);
    }
}

void mxc_points_cast(mxc_points *points)
{
    classes_at(points, ONE);
    stochastic_all(points, ONE);
    if (points->classes & MXC_BINADES) {
        binades(points);
    }
    if (points->classes & MXC_RANDOM) {
        drawn(points, points->classes & MXC_DENSE ? 4096 : 16);
    }
    for (uint64_t bits = 0; points->classes & MXC_EVERY && bits < 65536; bits++) {
        mxc_add(points, bits, 0, "every");
    }
}

/* The first code from `c` down whose midpoint the source has under this byte; max_code + 1 when there is none. */
static unsigned reachable(const mxc_points *p, unsigned c, unsigned byte)
{
    const unsigned n = p->facts->max_code + 1;
    for (unsigned i = 0; i < n; i++, c = c == 0 ? n - 1 : c - 1) {
        int exact;
        (void)mxc_pattern(p->layout, mxc_shift(mxc_midpoint(p, c), (int)byte - ONE), &exact);
        if (exact == 1) {
            return c;
        }
    }
    return n;
}

/* Each byte with a midpoint that differs from byte to byte, so that every byte and every code is visited. */
static void every_byte(mxc_points *p)
{
    const unsigned n = p->facts->max_code + 1;
    const int is_sampled = p->classes & MXC_FEW && p->shape.profile.round != MX_RNE;
    for (unsigned byte = 0; byte <= 255; byte += is_sampled ? 5 : 1) {
        const unsigned c = reachable(p, (byte * 11 + n - 1) % n, byte);
        if (c == n) { /* out of the source's reach: its ends */
            mxc_add(p, (p->layout->inf - 1) | (byte & 1 ? p->layout->sign : 0), (uint8_t)byte, "C5.1-f,byte");
            mxc_add(p, 1 | (byte & 1 ? 0 : p->layout->sign), (uint8_t)byte, "C5.1-f,byte");
        } else {
            if (p->layout->type == MX_FP32) {
                near(p, mxc_midpoint(p, c), (int)((byte + 1) % 3) - 1, (int)(byte & 1), byte, "C5.1-f,byte");
            }
            near(p, mxc_midpoint(p, c), (int)(byte % 3) - 1, (int)(byte >> 1 & 1), byte, "C5.1-f,byte");
        }
        if (byte % 2 == 0) {
            mxc_add(p, mxc_power(p->layout, 0) | (byte & 2 ? p->layout->sign : 0), (uint8_t)byte, "C5.1-f,byte");
        }
    }
}

/* In the full tier: every byte with every midpoint. */
static void every_byte_and_code(mxc_points *p)
{
    for (unsigned byte = 0; byte <= 254; byte++) {
        for (unsigned c = 0; c < p->facts->max_code + 2; c++) {
            three(p, mxc_midpoint(p, c), byte, 0, "C5.1-f,byte,mid");
        }
    }
}

/* The NaN scale under every kind of value. */
static void nan_scale(mxc_points *p)
{
    specials(p, 255);
    for (unsigned c = 0; c <= p->facts->max_code; c += p->classes & MXC_FEW ? 17 : 3) {
        mxc_add_near(p, mxc_pattern(p->layout, mxc_code_value(p, c), NULL), 0, mxc_flip(p), 255, "C5.1-d,nan-scale");
    }
}

void mxc_points_scaled_cast(mxc_points *points)
{
    const size_t corners = points->classes & MXC_FEW ? (points->classes & MXC_BYTES ? 4 : 3)
                                                     : sizeof corner_bytes / sizeof corner_bytes[0];
    const unsigned all = points->classes;
    for (size_t i = 0; i < corners; i++) {
        if (i > 0 && !(all & MXC_DENSE)) { /* the sweeps over codes at 2^0 only, the rest at every corner */
            points->classes &= ~(unsigned)(MXC_CODES | MXC_MIDS | MXC_STICKY | (i == 2 ? 0 : MXC_BAND));
            points->classes |= MXC_FEW;
        }
        classes_at(points, corner_bytes[i]);
        if (i < 3 || all & MXC_DENSE) {
            stochastic_all(points, corner_bytes[i]);
        }
        points->classes = all;
    }
    if (all & MXC_SPECIAL) {
        nan_scale(points);
    }
    if (all & MXC_BYTES) {
        every_byte(points);
        if (all & MXC_DENSE) {
            every_byte_and_code(points);
        }
    }
    if (all & MXC_RANDOM) {
        drawn(points, all & MXC_DENSE ? 4096 : 24);
    }
}
