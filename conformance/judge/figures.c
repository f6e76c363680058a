/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counts for figures: each element of each answer by where its quotient lies. Integers only; nothing here has a say in
 * any verdict.
 */
#include "config.h"

#include "conformance/judge/figures.h"

#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/ref.h>

#include "conformance/batch.h"
#include "conformance/causes/spot.h"
#include "conformance/judge/compare.h"

mxc_figures *mxc_figures_new(void)
{
    mxc_figures *figures = calloc(1, sizeof *figures);
    for (int e = 1; figures && e <= MX_ELEM_LAST; e++) {
        const mx_facts *f = mxref_facts((mx_elem)e);
        /* from two below the smallest subnormal to two above the largest binade */
        figures->heat[e].first = f->emin - (int)f->mbits - 2;
        figures->heat[e].columns = f->emax + 2 - figures->heat[e].first + 1;
    }
    return figures;
}

void mxc_figures_free(mxc_figures *figures)
{
    if (figures)
        free(figures->binade);
    free(figures);
}

mxc_binade *mxc_binade_of(mxc_figures *figures, mx_elem elem, unsigned value)
{
    for (size_t i = 0; i < figures->binades; i++)
        if (figures->binade[i].elem == elem && figures->binade[i].value == value)
            return &figures->binade[i];
    mxc_binade *more = realloc(figures->binade, (figures->binades + 1) * sizeof *more);
    if (!more)
        return NULL;
    figures->binade = more;
    more += figures->binades++;
    memset(more, 0, sizeof *more);
    more->elem = elem;
    more->value = value;
    return more;
}

static void count(mxc_rate *rate, int wrong)
{
    rate->judged++;
    rate->wrong += wrong != 0;
}

/* ---- a source value: 2^exponent * significand / 2^63, the significand's highest bit set ---- */

typedef struct split_value {
    enum { IS_NUMBER = 1, IS_ZERO, IS_INF, IS_NAN } kind;
    int negative;
    int exponent;
    uint64_t significand;
} split_value;

static split_value split(uint64_t bits, mx_type type)
{
    const mxc_layout *l = mxc_layout_of(type);
    const uint64_t pattern = bits & ~l->sign, hidden = UINT64_C(1) << l->mbits;
    split_value m = {.kind = IS_NUMBER, .negative = (bits & l->sign) != 0};
    if (pattern >= l->inf || pattern == 0)
        m.kind = pattern == 0 ? IS_ZERO : pattern == l->inf ? IS_INF : IS_NAN;
    if (m.kind != IS_NUMBER)
        return m;
    const uint64_t field = pattern >> l->mbits;
    m.significand = ((pattern & (hidden - 1)) | (field ? hidden : 0)) << (63 - l->mbits);
    m.exponent = l->emin + (field ? (int)field - 1 : 0);
    for (; !(m.significand >> 63); m.significand <<= 1)
        m.exponent--;
    return m;
}

static size_t column_of(const mxc_heat *heat, int exponent)
{
    int column = exponent - heat->first;
    return (size_t)(column < 0 ? 0 : column >= heat->columns ? heat->columns - 1 : column);
}

/* ---- elements encoded ---- */

/* The code's magnitude in eighths of the last place of the binade of q; -1 for Inf and NaN. */
static long eighths(const mx_facts *f, const split_value *q, unsigned code)
{
    unsigned magnitude = code & ((1u << (f->bits - 1)) - 1);
    if (!f->ebits) /* two's complement */
        return 8 * (long)(code >> (f->bits - 1) ? (1u << f->bits) - code : code);
    if ((f->has_inf && magnitude == f->inf_code) || (f->has_nan && magnitude >= f->nan_first))
        return -1;
    unsigned exp = magnitude >> f->mbits;
    long units = (long)((magnitude & ((1u << f->mbits) - 1)) | (exp ? 1u << f->mbits : 0));
    int shift = (int)(exp ? exp : 1) - 1 + f->emin - q->exponent + 3; /* 3: eighths */
    return shift > 8 ? 8 * units << 8 : shift >= 0 ? units << shift : shift > -32 ? units >> -shift : 0;
}

static size_t error_row(long error)
{
    const long middle = MXC_BINADE_Y / 2;
    return (size_t)(middle + (error > middle ? middle : error < -middle ? -middle : error));
}

/* Normal quotients in range; elsewhere the last place is another one. The significand's 1 + mbits leading bits are
 * units in the last place, sixteenths are the four after them. */
static mx_status add_error(mxc_figures *figures, const mx_batch *want, const mx_facts *f, const split_value *q,
                           unsigned code, int wrong)
{
    mxc_binade *binade = mxc_binade_of(figures, want->elem, want->profile.round);
    if (!binade)
        return MX_ENOMEM;
    long got = eighths(f, q, code), exact = (long)((q->significand >> (59 - f->mbits)) + 1) / 2;
    int negative = (int)(code >> (f->bits - 1) & 1);
    long error = got < 0 ? MXC_BINADE_Y : got && negative != q->negative ? -MXC_BINADE_Y : got - exact;
    count(&binade->cell[q->significand >> 56 & (MXC_BINADE_X - 1)][error_row(error)], wrong);
    return MX_OK;
}

/* The exponent of one, for the format's unit under this profile: INT8 as plain integers has another. */
static int unit_exponent(const mx_batch *want)
{
    return want->elem == MX_INT8 && want->profile.int8 != MX_INT8_OCP ? (int)mxref_facts(MX_INT8)->mbits : 0;
}

static mx_status add_encoded(mxc_figures *figures, const mx_batch *want, const mx_outputs *got, size_t lane,
                             uint8_t scale, int wrong)
{
    mxc_heat *heat = &figures->heat[want->elem];
    const mx_facts *f = mxref_facts(want->elem);
    split_value q = split(mxc_value_bits(want->in.value, want->type, lane), want->type);
    if (scale == mxref_scale_facts()->nan_code || q.kind == IS_NAN)
        count(&heat->nan, wrong);
    else if (q.kind == IS_INF)
        count(&heat->inf, wrong);
    else if (q.kind == IS_ZERO)
        count(&heat->zero, wrong);
    else {
        q.exponent -= (int)scale - mxref_scale_facts()->bias + unit_exponent(want);
        mxc_spot spot = mxc_spot_of(want, 0, MX_COL_CODE, lane);
        count(&heat->cell[spot.place - MXC_PLACE_EXACT][column_of(heat, q.exponent)], wrong);
        if (spot.range == MXC_RANGE_NORMAL || spot.range == MXC_RANGE_TOP)
            return add_error(figures, want, f, &q, got->code[lane], wrong);
    }
    return MX_OK;
}

/* ---- elements decoded ---- */

static void add_decoded(mxc_figures *figures, const mx_batch *want, size_t lane, int wrong)
{
    const mx_facts *f = mxref_facts(want->elem);
    unsigned code = want->in.code[lane], magnitude = code & ((1u << (f->bits - 1)) - 1);
    if (!f->ebits)
        magnitude = code >> (f->bits - 1) ? (1u << f->bits) - code : code;
    int exponent = f->ebits && magnitude >> f->mbits ? (int)(magnitude >> f->mbits) - 1 + f->emin : f->emin;
    unsigned significand = f->ebits && magnitude >> f->mbits ? 1u << f->mbits : magnitude;
    for (; significand && significand < 1u << f->mbits; significand <<= 1)
        exponent--;
    exponent += !f->ebits && significand > (1u << f->mbits) * 2 - 1; /* INT8's 80 is -2 */
    count(&figures->heat[want->elem].decoded[column_of(&figures->heat[want->elem], exponent)], wrong);
}

/* ---- scale bytes ---- */

/* Over the binade of A, the largest finite magnitude. */
static mx_status add_scale(mxc_figures *figures, const mx_batch *want, uint8_t got, int wrong)
{
    split_value largest = {.kind = IS_ZERO};
    for (size_t lane = 0; lane < want->k; lane++) {
        split_value m = split(mxc_value_bits(want->in.value, want->type, lane), want->type);
        if (m.kind == IS_INF || m.kind == IS_NAN)
            return MX_OK; /* no rule was applied */
        if (m.kind == IS_NUMBER && (largest.kind == IS_ZERO || m.exponent > largest.exponent ||
                                    (m.exponent == largest.exponent && m.significand > largest.significand)))
            largest = m;
    }
    if (largest.kind == IS_ZERO)
        return MX_OK;
    mxc_binade *binade = mxc_binade_of(figures, (mx_elem)0, want->profile.scale);
    if (!binade)
        return MX_ENOMEM;
    long error = 8 * ((long)got - (long)want->out.scale[0]);
    count(&binade->cell[largest.significand >> 56 & (MXC_BINADE_X - 1)][error_row(error)], wrong);
    return MX_OK;
}

/* ---- cases ---- */

static mxc_rate *lanes_of(mxc_figures *figures, mx_op op)
{
    return op == MX_OP_QUANTIZE ? figures->quantize : op == MX_OP_DEQUANTIZE ? figures->dequantize : NULL;
}

static mx_status add_lane(mxc_figures *figures, const mx_batch *want, const mx_outputs *open, const mx_outputs *got,
                          size_t lane, uint8_t scale)
{
    int codes = want->out.code != NULL;
    int wrong = codes ? mxc_code_differs(want, open, 0, got, lane) : mxc_value_differs(want, open, 0, got, lane);
    mxc_rate *lanes = lanes_of(figures, want->op);
    if (lanes)
        count(&lanes[lane < MXC_LANE_BINS ? lane : MXC_LANE_BINS - 1], wrong);
    if (codes)
        return add_encoded(figures, want, got, lane, scale, wrong);
    add_decoded(figures, want, lane, wrong);
    return MX_OK;
}

mx_status mxc_figures_add(mxc_figures *figures, const mx_batch *want, const mx_outputs *open, const mx_outputs *got)
{
    mx_status status = MX_OK;
    if (want->layout)
        return MX_OK; /* no number there */
    int open_scale = want->out.scale && open && open->scale && open->scale[0];
    if (want->out.scale && !open_scale) {
        int wrong = want->out.scale[0] != got->scale[0];
        status = add_scale(figures, want, got->scale[0], wrong);
        if (wrong)
            return status; /* its codes are of another scale: nothing to learn from them */
    }
    uint8_t one = (uint8_t)mxref_scale_facts()->bias;
    uint8_t scale = want->in.scale ? want->in.scale[0] : want->out.scale ? want->out.scale[0] : one;
    for (size_t lane = 0; lane < want->k && status == MX_OK && (want->out.code || want->out.value); lane++)
        if (!(open && ((open->code && want->out.code && open->code[lane]) ||
                       (open->value && want->out.value && ((const uint8_t *)open->value)[lane]))))
            status = add_lane(figures, want, open, got, lane, scale);
    return status;
}
