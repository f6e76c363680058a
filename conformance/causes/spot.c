/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/causes/spot.h"

#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"

const char *mxc_stage_name(mxc_stage stage)
{
    static const char *const name[] = {NULL,       "amax",     "exponent", "clamp",  "scale-code", "quotient",
                                       "rounding", "overflow", "special",  "decode", "packing",    "layout"};
    return (size_t)stage < sizeof name / sizeof name[0] ? name[stage] : NULL;
}

const char *mxc_place_name(mxc_place place)
{
    static const char *const name[] = {NULL,    "none",       "exact",      "below",   "tie-even",  "tie-odd",
                                       "above", "amax-power", "amax-below", "amax-at", "amax-above"};
    return (size_t)place < sizeof name / sizeof name[0] ? name[place] : NULL;
}

const char *mxc_range_name(mxc_range range)
{
    static const char *const name[] = {NULL,    "none",      "nan-scale", "nan", "inf", "zero",
                                       "under", "subnormal", "normal",    "top", "over"};
    return (size_t)range < sizeof name / sizeof name[0] ? name[range] : NULL;
}

unsigned mxc_spot_bit(mxc_spot spot)
{
    return (unsigned)spot.place * (MXC_RANGE_LAST + 1) + (unsigned)spot.range;
}

/* ---- numbers ---- */

/* sig * 2^unit, sig not 0. */
typedef struct number {
    uint64_t sig;
    int unit;
} number;

/* Where patterns lie: consecutive ones differ in the last place, the one of 2^emin is 1 << mbits. */
typedef struct grid {
    unsigned mbits;
    int emin;
    uint64_t largest; /* pattern of the largest value */
} grid;

static unsigned top_bit(uint64_t sig)
{
    unsigned top = 0;
    while (sig >> top > 1)
        top++;
    return top;
}

static number value_of(const mxc_layout *layout, uint64_t magnitude)
{
    const uint64_t field = magnitude >> layout->mbits, hidden = UINT64_C(1) << layout->mbits;
    return (number){(magnitude & (hidden - 1)) | (field ? hidden : 0),
                    layout->emin - (int)layout->mbits + (field ? (int)field - 1 : 0)};
}

static mxc_place place_of(uint64_t sig, unsigned drop)
{
    if (drop == 0)
        return MXC_PLACE_EXACT;
    if (drop > 63)
        return MXC_PLACE_BELOW; /* no significand here has more than 53 bits */
    const uint64_t rest = sig & ((UINT64_C(1) << drop) - 1), half = UINT64_C(1) << (drop - 1);
    if (rest == half)
        return sig >> drop & 1 ? MXC_PLACE_TIE_ODD : MXC_PLACE_TIE_EVEN;
    return rest == 0 ? MXC_PLACE_EXACT : rest < half ? MXC_PLACE_BELOW : MXC_PLACE_ABOVE;
}

static mxc_spot locate(const grid *g, number x)
{
    const int e = x.unit + (int)top_bit(x.sig), binade = e > g->emin ? e : g->emin;
    const int drop = binade - (int)g->mbits - x.unit;
    const mxc_place place = place_of(x.sig, drop > 0 ? (unsigned)drop : 0);
    const uint64_t kept = drop > 63 ? 0 : drop > 0 ? x.sig >> drop : x.sig << -drop;
    const uint64_t pattern = ((uint64_t)(binade - g->emin) << g->mbits) + kept;
    const int top = g->emin - 1 + (int)(g->largest >> g->mbits);
    if (pattern > g->largest || (pattern == g->largest && place != MXC_PLACE_EXACT))
        return (mxc_spot){place, MXC_RANGE_OVER};
    if (e >= top && top >= g->emin)
        return (mxc_spot){place, MXC_RANGE_TOP};
    return (mxc_spot){place, pattern == 0 ? MXC_RANGE_UNDER : e < g->emin ? MXC_RANGE_SUBNORMAL : MXC_RANGE_NORMAL};
}

static grid element_grid(const mx_batch *b)
{
    const mx_facts *f = mxref_facts(b->elem);
    const int whole = b->elem == MX_INT8 && b->profile.int8 != MX_INT8_OCP;
    return (grid){f->mbits, f->emin + (whole ? (int)f->mbits : 0), f->max_code};
}

/* ---- cells ---- */

static mxc_spot special(mxc_range range)
{
    return (mxc_spot){MXC_PLACE_NONE, range};
}

static int scale_of(const mx_batch *b, size_t i)
{
    const mx_scale_facts *scale = mxref_scale_facts();
    const uint8_t *byte = b->in.scale ? b->in.scale : b->out.scale;
    return byte ? byte[i] : scale->bias;
}

static mxc_spot code_spot(const mx_batch *b, size_t i, size_t lane)
{
    const mxc_layout *layout = mxc_layout_of(b->type);
    const uint64_t magnitude = mxc_value_bits(b->in.value, b->type, i * b->k + lane) & ~layout->sign;
    const int byte = scale_of(b, i);
    if (byte == (int)mxref_scale_facts()->nan_code)
        return special(MXC_RANGE_NAN_SCALE);
    if (magnitude >= layout->inf || magnitude == 0)
        return special(magnitude == 0 ? MXC_RANGE_ZERO : magnitude > layout->inf ? MXC_RANGE_NAN : MXC_RANGE_INF);
    const grid g = element_grid(b);
    number x = value_of(layout, magnitude);
    x.unit -= byte - mxref_scale_facts()->bias;
    return locate(&g, x);
}

/* The value of a code, sign dropped; 0 for a special one, which *range names. */
static number code_value(const mx_batch *b, unsigned code, mxc_range *range)
{
    const mx_facts *f = mxref_facts(b->elem);
    const grid g = element_grid(b);
    unsigned pattern = code & ((1u << (f->bits - 1)) - 1);
    if (f->ebits == 0 && code >> (f->bits - 1))
        pattern = (1u << f->bits) - code;
    *range = pattern == 0 ? MXC_RANGE_ZERO : MXC_RANGE_NORMAL;
    if (f->has_nan && pattern >= f->nan_first && pattern <= f->nan_last)
        *range = MXC_RANGE_NAN;
    if (f->has_inf && pattern == f->inf_code)
        *range = MXC_RANGE_INF;
    const unsigned hidden = 1u << g.mbits, field = f->ebits ? pattern >> g.mbits : 0;
    if (*range == MXC_RANGE_NORMAL && f->ebits && !field)
        *range = MXC_RANGE_SUBNORMAL;
    const uint64_t sig = f->ebits == 0 ? pattern : (pattern & (hidden - 1)) | (field ? hidden : 0);
    return (number){sig, g.emin - (int)g.mbits + (field ? (int)field - 1 : 0)};
}

static mxc_spot value_spot(const mx_batch *b, size_t i, size_t lane)
{
    const mxc_layout *layout = mxc_layout_of(b->type);
    const int byte = scale_of(b, i);
    mxc_range range;
    number x = code_value(b, b->in.code[i * b->k + lane], &range);
    if (byte == (int)mxref_scale_facts()->nan_code)
        return special(MXC_RANGE_NAN_SCALE);
    if (range < MXC_RANGE_UNDER)
        return special(range);
    const grid g = {layout->mbits, layout->emin, layout->inf - 1};
    x.unit += byte - mxref_scale_facts()->bias;
    mxc_spot spot = locate(&g, x);
    if (spot.range == MXC_RANGE_NORMAL)
        spot.range = range;
    return spot;
}

/* ---- scale bytes ---- */

static mxc_place amax_place(const mx_batch *b, number a)
{
    mxc_range range;
    const number most = code_value(b, mxref_facts(b->elem)->max_code, &range);
    const uint64_t sig = a.sig << (63 - top_bit(a.sig)), largest = most.sig << (63 - top_bit(most.sig));
    if (sig == UINT64_C(1) << 63)
        return MXC_PLACE_AMAX_POWER;
    return sig < largest ? MXC_PLACE_AMAX_BELOW : sig == largest ? MXC_PLACE_AMAX_AT : MXC_PLACE_AMAX_ABOVE;
}

static mxc_spot scale_spot(const mx_batch *b, size_t i)
{
    const mxc_layout *layout = mxc_layout_of(b->type);
    const unsigned byte = b->out.scale[i];
    uint64_t amax = 0;
    int nan = 0, inf = 0;
    for (size_t lane = 0; lane < b->k; lane++) {
        const uint64_t magnitude = mxc_value_bits(b->in.value, b->type, i * b->k + lane) & ~layout->sign;
        nan |= magnitude > layout->inf;
        inf |= magnitude == layout->inf;
        amax = magnitude < layout->inf && magnitude > amax ? magnitude : amax;
    }
    if (nan || inf || amax == 0)
        return special(nan ? MXC_RANGE_NAN : inf ? MXC_RANGE_INF : MXC_RANGE_ZERO);
    const mxc_range range = byte == 0                               ? MXC_RANGE_UNDER
                            : byte >= mxref_scale_facts()->max_code ? MXC_RANGE_TOP
                            : amax >> layout->mbits == 0            ? MXC_RANGE_SUBNORMAL
                                                                    : MXC_RANGE_NORMAL;
    return (mxc_spot){amax_place(b, value_of(layout, amax)), range};
}

mxc_spot mxc_spot_of(const mx_batch *want, size_t i, mx_column_kind kind, size_t lane)
{
    if (want->layout)
        return (mxc_spot){MXC_PLACE_NONE, MXC_RANGE_NONE};
    if (kind == MX_COL_SCALE)
        return scale_spot(want, i);
    return kind == MX_COL_CODE ? code_spot(want, i, lane) : value_spot(want, i, lane);
}

static void add(uint64_t *set, mxc_spot spot)
{
    const unsigned bit = mxc_spot_bit(spot);
    set[bit / 64] |= UINT64_C(1) << bit % 64;
}

void mxc_spots_of(const mx_batch *want, const mx_outputs *open, size_t i, uint64_t set[MXC_SPOT_WORDS])
{
    memset(set, 0, MXC_SPOT_WORDS * sizeof *set);
    if (want->layout) {
        add(set, (mxc_spot){MXC_PLACE_NONE, MXC_RANGE_NONE});
        return;
    }
    const uint8_t *open_value = open->value;
    if (want->out.scale && !(open->scale && open->scale[i]))
        add(set, scale_spot(want, i));
    for (size_t lane = 0; lane < want->k; lane++) {
        const size_t cell = i * want->k + lane;
        if (want->out.code && !(open->code && open->code[cell]))
            add(set, code_spot(want, i, lane));
        if (want->out.value && !(open_value && open_value[cell]))
            add(set, value_spot(want, i, lane));
    }
}

/* ---- stages ---- */

/* Of what has none: zero, Inf, NaN. Far below all exponents, and still to be reckoned with. */
enum { NO_EXPONENT = -(1 << 20) };

static int exponent_of(const mx_batch *b, size_t i, size_t lane)
{
    const mxc_layout *layout = mxc_layout_of(b->type);
    const uint64_t magnitude = mxc_value_bits(b->in.value, b->type, i * b->k + lane) & ~layout->sign;
    if (magnitude == 0 || magnitude >= layout->inf)
        return NO_EXPONENT;
    const number x = value_of(layout, magnitude);
    return x.unit + (int)top_bit(x.sig);
}

static mxc_stage scale_stage(const mx_batch *b, size_t i, mxc_range range, const mxc_diff *diff)
{
    if (range == MXC_RANGE_NAN || range == MXC_RANGE_INF)
        return MXC_STAGE_SPECIAL;
    if (range == MXC_RANGE_ZERO || range == MXC_RANGE_UNDER || range == MXC_RANGE_TOP)
        return MXC_STAGE_CLAMP;
    const int off = (int)diff->got - (int)diff->want;
    if (off == 1 || off == -1)
        return MXC_STAGE_EXPONENT;
    /* the byte of another element of the block */
    int amax = NO_EXPONENT;
    for (size_t lane = 0; lane < b->k; lane++)
        amax = exponent_of(b, i, lane) > amax ? exponent_of(b, i, lane) : amax;
    for (size_t lane = 0; lane < b->k; lane++)
        if (off < 0 && abs(exponent_of(b, i, lane) - amax - off) <= 1) /* up to what the rule adds */
            return MXC_STAGE_AMAX;
    return MXC_STAGE_SCALE_CODE;
}

/* 1 when another lane of the case should have the code that was found. */
static int of_another_lane(const mx_batch *b, size_t i, const mxc_diff *diff)
{
    for (size_t lane = 0; lane < b->k; lane++)
        if (lane != diff->lane && b->out.code[i * b->k + lane] == diff->got)
            return 1;
    return 0;
}

static mxc_stage code_stage(const mx_batch *b, size_t i, mxc_spot spot, const mxc_diff *diff)
{
    const mx_facts *f = mxref_facts(b->elem);
    const uint64_t mask = (UINT64_C(1) << (f->bits - 1)) - 1, all = 2 * mask + 1;
    if (spot.range <= MXC_RANGE_ZERO)
        return MXC_STAGE_SPECIAL;
    if (spot.range == MXC_RANGE_OVER)
        return MXC_STAGE_OVERFLOW;
    const uint64_t up = (diff->got - diff->want) & all, down = (diff->want - diff->got) & all;
    const int to_next = f->ebits ? abs((int)(diff->got & mask) - (int)(diff->want & mask)) == 1 : up == 1 || down == 1;
    if (to_next && spot.place != MXC_PLACE_EXACT)
        return MXC_STAGE_ROUNDING;
    if (f->ebits && (diff->got & mask) == 0)
        return (diff->want & mask) == 0 ? MXC_STAGE_SPECIAL : MXC_STAGE_ROUNDING; /* a sign, or a flush */
    return of_another_lane(b, i, diff) ? MXC_STAGE_LAYOUT : MXC_STAGE_QUOTIENT;
}

mxc_stage mxc_stage_of(const mx_batch *want, size_t i, const mxc_diff *diff)
{
    if (want->layout)
        return want->op == MX_OP_PACK || want->op == MX_OP_UNPACK ? MXC_STAGE_PACKING : MXC_STAGE_LAYOUT;
    const mxc_spot spot = mxc_spot_of(want, i, diff->kind, diff->lane);
    if (diff->kind == MX_COL_SCALE)
        return scale_stage(want, i, spot.range, diff);
    if (diff->kind == MX_COL_CODE)
        return code_stage(want, i, spot, diff);
    const int byte = scale_of(want, i);
    if (want->in.scale && (byte == 0 || byte >= (int)mxref_scale_facts()->max_code))
        return MXC_STAGE_SCALE_CODE;
    return spot.range <= MXC_RANGE_ZERO ? MXC_STAGE_SPECIAL : MXC_STAGE_DECODE;
}
