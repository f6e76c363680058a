/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The coverage model: which bins there are, and in which a case lies.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/batch.h"
#include "conformance/coverage.h"

static const char *const sign_name[] = {"+", "-"};
static const char *const kind_name[] = {"", "nan", "inf", "zero", "subnormal", "normal"};

/* Where |quotient| lies between neighbouring codes. */
enum { EXACT, BELOW, TIE_EVEN, TIE_ODD, ABOVE, REMAINDERS };
static const char *const remainder_name[] = {"exact", "below-half", "tie-above-even", "tie-above-odd", "above-half"};

/* Beyond the largest code. */
enum { OVER_BELOW, OVER_TIE, OVER_ABOVE, OVER_FAR, OVER_INF, OVERS };
static const char *const over_name[] = {"below-tie", "tie", "above-tie", "far", "inf"};

static const char *const scale_branch_name[] = {"",     "given", "rule", "under",   "over",
                                                "zero", "nan",   "inf",  "flushed", "arith"};

/* ---- groups ---- */

static int has_elements(mx_op op)
{
    return op == MX_OP_CAST || op == MX_OP_SCALED_CAST || op == MX_OP_QUANTIZE;
}

static int has_rule(mx_op op)
{
    return op == MX_OP_SCALE || op == MX_OP_QUANTIZE;
}

static const char *round_name(unsigned round)
{
    return mx_axis_value_name(MX_AXIS_ROUND, round);
}

/* The exponent of a magnitude code's binade; 0 has none. */
static int binade_of(const mx_facts *f, unsigned code)
{
    if (f->ebits != 0 && code >> f->mbits != 0)
        return (int)(code >> f->mbits) - f->bias;
    int top = 0;
    while (code >> (top + 1) != 0)
        top++;
    return (f->ebits == 0 ? 0 : f->emin) - (int)f->mbits + top;
}

static int lowest_binade(const mx_facts *f)
{
    return binade_of(f, 1);
}

/* Whether binades are told apart, format by format: in cast, and where rounding is to nearest even. Elsewhere the
 * formats are taken together, and binades as subnormal and normal. */
static int is_fine(mx_op op, unsigned round)
{
    return round == MX_RNE || (op == MX_OP_CAST && round != MX_SR);
}

static const char *element_group(char group[MXC_BIN / 2], mx_op op, mx_elem elem, unsigned round)
{
    const char *x = is_fine(op, round) ? mx_elem_name(elem) : mxref_facts(elem)->ebits ? "float" : "int8";
    snprintf(group, MXC_BIN / 2, "%s.%s.%s", mx_op_name(op), x, round_name(round));
    return group;
}

/* ---- the list ---- */

static const char *why_no_remainder(const mx_facts *f, int e, int remainder)
{
    if (e == lowest_binade(f) && remainder == TIE_EVEN)
        return "the lowest binade has one code, which is odd";
    if (e == f->emax && f->mbits == 1 && remainder == TIE_ODD)
        return "the odd code of the highest binade is the largest";
    return NULL;
}

/* Rounding up from the largest subnormal code to the smallest normal one. */
static const char *why_no_step(const mx_facts *f, unsigned round, int negative)
{
    if (f->ebits == 0)
        return "a fixed-point format has no normal codes";
    if (round == MX_RTZ || (round == MX_RUP && negative) || (round == MX_RDN && !negative))
        return "rounded toward zero";
    return round == MX_RTO ? "the largest subnormal code is odd" : NULL;
}

static void list_binades(mxc_coverage *c, const char *group, const mx_facts *f, const char *sign)
{
    for (int e = lowest_binade(f); e <= f->emax; e++)
        for (int rem = 0; rem < REMAINDERS; rem++)
            mxc_bin_add(c, why_no_remainder(f, e, rem), "%s/e=%d,%s,%s", group, e, sign, remainder_name[rem]);
}

static void list_elements(mxc_coverage *c, mx_op op, const mx_facts *f, unsigned round)
{
    char group[MXC_BIN / 2];
    const int fine = is_fine(op, round);
    if (!fine && f->elem != MX_E4M3 && f->elem != MX_INT8)
        return; /* one for all floats, one for INT8 */
    element_group(group, op, f->elem, round);
    for (int s = 0; s < 2; s++) {
        if (fine)
            list_binades(c, group, f, sign_name[s]);
        for (int rem = 0; !fine && rem < REMAINDERS; rem++) {
            mxc_bin_add(c, NULL, "%s/subnormal,%s,%s", group, sign_name[s], remainder_name[rem]);
            if (f->ebits != 0)
                mxc_bin_add(c, NULL, "%s/normal,%s,%s", group, sign_name[s], remainder_name[rem]);
        }
        for (int rem = BELOW; rem < REMAINDERS; rem++)
            mxc_bin_add(c, rem == TIE_ODD ? "0 is even" : NULL, "%s/under,%s,%s", group, sign_name[s],
                        remainder_name[rem]);
        for (int over = 0; over < (fine || op != MX_OP_QUANTIZE ? OVERS : OVER_FAR); over++)
            mxc_bin_add(c, NULL, "%s/over,%s,%s", group, sign_name[s], over_name[over]);
        mxc_bin_add(c, why_no_step(f, round, s), "%s/subnormal-to-normal,%s", group, sign_name[s]);
    }
}

static void list_kinds(mxc_coverage *c, mx_op op, const mx_facts *f)
{
    for (mx_type type = 1; type <= MX_TYPE_LAST; type++)
        for (unsigned kind = MXREF_NAN; kind <= MXREF_NORMAL; kind++)
            for (int s = 0; s < 2; s++)
                mxc_bin_add(c, NULL, "%s.%s.%s/source=%s%s", mx_op_name(op), mx_elem_name(f->elem), mx_type_name(type),
                            sign_name[s], kind_name[kind]);
}

static void list_bytes(mxc_coverage *c, mx_op op, const mx_facts *f)
{
    for (unsigned byte = 0; byte < 256; byte++)
        mxc_bin_add(c, NULL, "%s.%s/byte=%02x", mx_op_name(op), mx_elem_name(f->elem), byte);
}

/* Bytes that a rule can give: fp32 sources reach 2^127 times less than 2, fp64 sources everything. */
static void list_rule(mxc_coverage *c, mx_op op, const mx_facts *f, unsigned rule)
{
    const char *o = mx_op_name(op), *x = mx_elem_name(f->elem), *r = mx_axis_value_name(MX_AXIS_SCALE, rule);
    static const char *const at[] = {"-1ulp", "0", "+1ulp"};
    static const char *const threshold[] = {"power-of-two", "even", "maxnormal"};
    for (unsigned byte = 0; op == MX_OP_SCALE && byte < 256; byte++)
        mxc_bin_add(c, NULL, "%s.%s.%s/byte=%02x", o, x, r, byte);
    for (unsigned t = 0; t < 3; t++)
        for (unsigned u = 0; u < 3; u++)
            for (mx_type type = 1; type <= MX_TYPE_LAST; type++)
                mxc_bin_add(c, NULL, "%s.%s.%s/%s,amax=%s%s", o, x, r, mx_type_name(type), threshold[t], at[u]);
    for (unsigned branch = MXREF_SCALE_RULE; branch <= MXREF_SCALE_INF; branch++)
        mxc_bin_add(c, NULL, "%s.%s.%s/by-%s", o, x, r, scale_branch_name[branch]);
    mxc_bin_add(c, NULL, "%s.%s.%s/amax-subnormal", o, x, r);
    for (int s = 0; s < 2; s++)
        mxc_bin_add(c, NULL, "%s.%s.%s/amax-sign=%s", o, x, r, sign_name[s]);
}

static void list_lanes(mxc_coverage *c, const mx_facts *f)
{
    const char *x = mx_elem_name(f->elem);
    for (unsigned lane = 0; lane < 32; lane++) {
        mxc_bin_add(c, NULL, "quantize.%s.k32/amax-lane=%u", x, lane);
        mxc_bin_add(c, NULL, "quantize.%s.k32/nan-lane=%u", x, lane);
        mxc_bin_add(c, NULL, "quantize.%s.k32/inf-lane=%u", x, lane);
    }
}

static const size_t ragged[] = {1, 3, 16, 17, 31, 33, 64};

/* Ends of blocks of other lengths, any format. */
static void list_ragged(mxc_coverage *c)
{
    static const char *const what[] = {"amax", "nan", "inf"};
    for (size_t i = 0; i < sizeof ragged / sizeof ragged[0]; i++)
        for (unsigned w = 0; w < 3; w++) {
            mxc_bin_add(c, NULL, "quantize.k%zu/%s-first", ragged[i], what[w]);
            mxc_bin_add(c, ragged[i] == 1 ? "the first lane is the last" : NULL, "quantize.k%zu/%s-last", ragged[i],
                        what[w]);
        }
}

/* Products. */
enum {
    PRODUCT_EXACT,
    PRODUCT_SUBNORMAL,
    PRODUCT_TIE_UP,
    PRODUCT_TIE_DOWN,
    PRODUCT_INEXACT,
    PRODUCT_ZERO,
    PRODUCT_OVER,
    PRODUCTS
};
static const char *const product_name[] = {"exact",   "subnormal",         "tie-up",      "tie-down",
                                           "inexact", "underflow-to-zero", "beyond-range"};

static const char *why_no_product(const mx_facts *f, mx_type type, int product, int negative)
{
    if (type == MX_FP64 && product != PRODUCT_EXACT)
        return "every product is a normal fp64 number";
    static const int smallest[] = {0, -149, -133, -24};
    const int rounds = product == PRODUCT_INEXACT || product == PRODUCT_TIE_UP || product == PRODUCT_TIE_DOWN ||
                       product == PRODUCT_ZERO;
    if (type != MX_FP64 && rounds && lowest_binade(f) - 127 >= smallest[type])
        return "every product is a multiple of the target's smallest subnormal";
    if (product == PRODUCT_TIE_DOWN && f->mbits == 1)
        return "a tie above an even number other than 0 needs three significant bits";
    if (product == PRODUCT_OVER && f->ebits == 0 && !negative && type != MX_FP16)
        return "127/64 times 2^127 is within the range";
    return NULL;
}

static void list_decode(mxc_coverage *c, const mx_facts *f)
{
    const char *x = mx_elem_name(f->elem);
    for (mx_type type = 1; type <= MX_TYPE_LAST; type++) {
        for (unsigned code = 0; code < 1u << f->bits; code++)
            mxc_bin_add(c, NULL, "decode.%s.%s/code=%02x", x, mx_type_name(type), code);
        for (int p = 0; p < PRODUCTS; p++)
            for (int s = 0; s < 2; s++)
                mxc_bin_add(c, why_no_product(f, type, p, s), "dequantize.%s.%s/%s%s", x, mx_type_name(type),
                            sign_name[s], product_name[p]);
        for (unsigned kind = MXREF_NAN; kind <= MXREF_NORMAL; kind++) {
            const char *why = kind == MXREF_NAN && !f->has_nan           ? "the format has no NaN"
                              : kind == MXREF_INF && !f->has_inf         ? "the format has no Inf"
                              : kind == MXREF_SUBNORMAL && f->ebits == 0 ? "INT8 has no subnormals"
                                                                         : NULL;
            mxc_bin_add(c, why, "dequantize.%s.%s/nan-scale,%s", x, mx_type_name(type), kind_name[kind]);
            for (int s = 0; s < 2; s++)
                mxc_bin_add(c, !why && s && kind == MXREF_ZERO && !f->has_minus_zero ? "the format has one zero" : why,
                            "dequantize.%s.%s/code=%s%s", x, mx_type_name(type), sign_name[s], kind_name[kind]);
        }
    }
    for (unsigned code = 0; code < 1u << f->bits; code++)
        mxc_bin_add(c, NULL, "dequantize.%s/code=%02x", x, code);
}

/* Without a block there is none to flush. */
static int is_void(mx_op op, mx_axis axis, unsigned value)
{
    return !has_rule(op) && axis == MX_AXIS_SUBNORMAL_IN && value == MX_SUBNORMAL_IN_FLUSH_BLOCK;
}

/* Every value of every axis, in each operation in which it can matter. */
static void list_axes(mxc_coverage *c)
{
    for (mx_op op = 1; op <= MX_OP_DEQUANTIZE; op++)
        for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++)
            for (unsigned v = 1; v <= mx_axis_count(axis); v++) {
                int matters = 0;
                for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++)
                    for (mx_type type = 1; type <= MX_TYPE_LAST; type++)
                        matters |= mx_axis_matters(axis, op, elem, type, NULL);
                if (matters && !is_void(op, axis, v))
                    mxc_bin_add(c, NULL, "%s/%s=%s", mx_op_name(op), mx_axis_name(axis), mx_axis_value_name(axis, v));
            }
}

void mxc_bins_list(mxc_coverage *c)
{
    for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++) {
        const mx_facts *f = mxref_facts(elem);
        for (mx_op op = 1; op <= MX_OP_DEQUANTIZE; op++) {
            for (unsigned round = MX_RNE; has_elements(op) && round <= MX_SR; round++)
                list_elements(c, op, f, round);
            for (unsigned rule = MX_SCALE_FLOOR; has_rule(op) && rule <= MX_SCALE_RCEIL; rule++)
                list_rule(c, op, f, rule);
            if (has_elements(op))
                list_kinds(c, op, f);
            if (op == MX_OP_SCALED_CAST || op == MX_OP_DEQUANTIZE || op == MX_OP_QUANTIZE)
                list_bytes(c, op, f);
        }
        list_lanes(c, f);
        list_decode(c, f);
    }
    list_ragged(c);
    list_axes(c);
}

/* ---- one case ---- */

typedef struct place {
    const mxv_pack *pack;
    const mx_batch *batch; /* of the one case */
    const mx_facts *facts;
    const mxref_trace *trace;
    mxc_bin_hit *hit;
    void *state;
} place;

static void hit(const place *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void hit(const place *p, const char *format, ...)
{
    char name[MXC_BIN];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    p->hit(p->state, name);
}

/* |quotient| against the largest code, in steps: which class of overflow, or -1. */
static int over_class(const place *p, const mxref_element_trace *e)
{
    if (e->kind == MXREF_INF)
        return OVER_INF;
    if (e->lo_code < p->facts->max_code || mpq_equal(e->lo, e->hi))
        return e->lo_code > p->facts->max_code ? OVER_FAR : -1;
    mpq_t bound;
    mpq_init(bound);
    mpq_mul_2exp(bound, e->lo, 1);
    mpq_t magnitude;
    mpq_init(magnitude);
    mpq_abs(magnitude, e->quotient);
    const int far = mpq_cmp(magnitude, bound) > 0;
    mpq_clear(bound);
    mpq_clear(magnitude);
    return far ? OVER_FAR : e->remainder < 0 ? OVER_BELOW : e->remainder == 0 ? OVER_TIE : OVER_ABOVE;
}

static void element_bins(const place *p, const mxref_element_trace *e)
{
    const mx_batch *b = p->batch;
    const char *s = sign_name[e->negative != 0];
    char group[MXC_BIN / 2];
    hit(p, "%s.%s.%s/source=%s%s", mx_op_name(b->op), mx_elem_name(b->elem), mx_type_name(b->type), s,
        kind_name[e->kind]);
    if (e->branch == MXREF_BY_FLUSH_IN || e->branch == MXREF_BY_NAN_SCALE || e->kind == MXREF_NAN ||
        e->kind == MXREF_ZERO)
        return;
    if ((b->elem == MX_INT8 && b->profile.int8 != MX_INT8_OCP) || b->profile.int8_min == MX_INT8_MIN_FULL)
        return; /* another grid: the bins are those of OCP's */
    element_group(group, b->op, b->elem, b->profile.round);
    const int over = over_class(p, e);
    if (over >= OVER_FAR && b->op == MX_OP_QUANTIZE && !is_fine(b->op, b->profile.round))
        return; /* scale-over and inf-in decide, not the rounding */
    if (over >= 0) {
        hit(p, "%s/over,%s,%s", group, s, over_name[over]);
        return;
    }
    const unsigned smallest_normal = 1u << p->facts->mbits;
    const int exact = !e->tie && e->remainder == 0;
    const int rem = exact ? EXACT : e->tie ? (e->lo_code & 1 ? TIE_ODD : TIE_EVEN) : e->remainder < 0 ? BELOW : ABOVE;
    if (e->lo_code == 0)
        hit(p, "%s/under,%s,%s", group, s, remainder_name[rem]);
    else if (is_fine(b->op, b->profile.round))
        hit(p, "%s/e=%d,%s,%s", group, binade_of(p->facts, e->lo_code), s, remainder_name[rem]);
    else
        hit(p, "%s/%s,%s,%s", group, p->facts->ebits && e->lo_code >= smallest_normal ? "normal" : "subnormal", s,
            remainder_name[rem]);
    if (p->facts->ebits != 0 && e->lo_code == smallest_normal - 1 && !exact &&
        (e->bits & ((1u << (p->facts->bits - 1)) - 1)) == smallest_normal)
        hit(p, "%s/subnormal-to-normal,%s", group, s);
}

/* Is amax = t * 2^n moved by `ulps` of its source pattern, for a threshold t of the format. */
static void threshold_bins(const place *p, const char *group)
{
    static const char *const at[] = {"+1ulp", "0", "-1ulp"};
    static const char *const name[] = {"power-of-two", "even", "maxnormal"};
    const mx_batch *b = p->batch;
    const mxref_scale_trace *scale = &p->trace->scale;
    if (scale->amax_index == (size_t)-1)
        return;
    const uint64_t bits = mxc_value_bits(b->in.value, b->type, scale->amax_index);
    mpq_t value[3], m;
    mpq_init(m);
    for (int i = 0; i < 3; i++)
        mpq_init(value[i]);
    mpq_set_ui(value[0], 1, 1);
    mpq_set_ui(value[1], (4u << p->facts->mbits) - 1, 2u << p->facts->mbits);
    mpq_canonicalize(value[1]);
    (void)mxref_code_value(value[2], b->elem, MX_INT8_OCP, p->facts->max_code);
    while (mpq_cmp_ui(value[2], 2, 1) >= 0)
        mpq_div_2exp(value[2], value[2], 1);
    for (int u = 0; u < 3; u++) {
        if (mxref_type_value(m, b->type, bits - 1 + (uint64_t)u) != MX_OK || mpq_sgn(m) == 0)
            continue;
        mpq_abs(m, m);
        while (mpq_cmp_ui(m, 2, 1) >= 0)
            mpq_div_2exp(m, m, 1);
        while (mpq_cmp_ui(m, 1, 1) < 0)
            mpq_mul_2exp(m, m, 1);
        for (int t = 0; t < 3; t++)
            if (mpq_equal(m, value[t]))
                hit(p, "%s/%s,amax=%s%s", group, mx_type_name(b->type), name[t], at[u]);
    }
    for (int i = 0; i < 3; i++)
        mpq_clear(value[i]);
    mpq_clear(m);
}

static int is_special(const place *p, size_t lane, mxref_kind kind)
{
    return p->trace->element[lane].kind == kind;
}

static void lane_bins(const place *p)
{
    const mx_batch *b = p->batch;
    const size_t k = b->k, amax = p->trace->scale.amax_index;
    int is_ragged = 0;
    for (size_t i = 0; i < sizeof ragged / sizeof ragged[0]; i++)
        is_ragged |= ragged[i] == k;
    for (size_t lane = 0; lane < k; lane++) {
        const int is[] = {lane == amax, is_special(p, lane, MXREF_NAN), is_special(p, lane, MXREF_INF)};
        static const char *const what[] = {"amax", "nan", "inf"};
        for (unsigned w = 0; w < 3; w++) {
            if (!is[w])
                continue;
            if (k == 32)
                hit(p, "quantize.%s.k32/%s-lane=%zu", mx_elem_name(b->elem), what[w], lane);
            if (is_ragged && lane == 0)
                hit(p, "quantize.k%zu/%s-first", k, what[w]);
            if (is_ragged && lane + 1 == k && k > 1)
                hit(p, "quantize.k%zu/%s-last", k, what[w]);
        }
    }
}

static void scale_bins(const place *p)
{
    const mx_batch *b = p->batch;
    const mxref_scale_trace *scale = &p->trace->scale;
    char group[MXC_BIN / 2];
    if (b->profile.scale_arith != MX_ARITH_EXACT || (b->elem == MX_INT8 && b->profile.int8 != MX_INT8_OCP))
        return;
    snprintf(group, sizeof group, "%s.%s.%s", mx_op_name(b->op), mx_elem_name(b->elem),
             mx_axis_value_name(MX_AXIS_SCALE, b->profile.scale));
    if (b->op == MX_OP_SCALE)
        hit(p, "%s/byte=%02x", group, scale->byte);
    else
        hit(p, "quantize.%s/byte=%02x", mx_elem_name(b->elem), scale->byte);
    if (scale->branch <= MXREF_SCALE_INF)
        hit(p, "%s/by-%s", group, scale_branch_name[scale->branch]);
    threshold_bins(p, group);
    if (scale->amax_index == (size_t)-1)
        return;
    const mxref_element_trace *e = &p->trace->element[scale->amax_index];
    hit(p, "%s/amax-sign=%s", group, sign_name[e->negative != 0]);
    if (e->kind == MXREF_SUBNORMAL)
        hit(p, "%s/amax-subnormal", group);
}

/* ---- decoding ---- */

static int product_of(const place *p, const mxref_element_trace *e)
{
    mpq_t value, low;
    mpq_init(value);
    mpq_init(low);
    int product = PRODUCT_EXACT;
    if (e->branch == MXREF_BY_DECODE_OVER) {
        product = PRODUCT_OVER;
    } else if (mxref_type_value(value, p->batch->type, e->bits) == MX_OK && mpq_sgn(value) == 0) {
        product = PRODUCT_ZERO;
    } else if (e->tie) {
        mpq_abs(value, value);
        mpq_abs(low, e->quotient);
        product = mpq_cmp(value, low) > 0 ? PRODUCT_TIE_UP : PRODUCT_TIE_DOWN;
    } else if (e->remainder != 0) {
        product = PRODUCT_INEXACT;
    } else {
        const unsigned mbits[] = {0, 23, 7, 10, 52}, ebits[] = {0, 8, 8, 5, 11};
        const mx_type t = p->batch->type;
        product = (e->bits >> mbits[t] & ((1u << ebits[t]) - 1)) == 0 ? PRODUCT_SUBNORMAL : PRODUCT_EXACT;
    }
    mpq_clear(value);
    mpq_clear(low);
    return product;
}

static void decode_bins(const place *p)
{
    const mx_batch *b = p->batch;
    const char *x = mx_elem_name(b->elem), *t = mx_type_name(b->type);
    const int other_unit = b->elem == MX_INT8 && b->profile.int8 != MX_INT8_OCP;
    if (b->op == MX_OP_DECODE && !other_unit)
        hit(p, "decode.%s.%s/code=%02x", x, t, b->in.code[0]);
    if (b->op != MX_OP_DEQUANTIZE)
        return;
    hit(p, "dequantize.%s/byte=%02x", x, b->in.scale[0]);
    for (size_t lane = 0; lane < b->k; lane++) {
        const mxref_element_trace *e = &p->trace->element[lane];
        const unsigned pattern = b->in.code[lane] & ((1u << (p->facts->bits - 1)) - 1);
        const unsigned kind = e->kind == MXREF_SUBNORMAL && p->facts->ebits == 0 ? MXREF_NORMAL : e->kind;
        hit(p, "dequantize.%s/code=%02x", x, b->in.code[lane]);
        hit(p, "dequantize.%s.%s/code=%s%s", x, t, sign_name[e->negative != 0], kind_name[kind]);
        if (e->branch == MXREF_BY_NAN_SCALE)
            hit(p, "dequantize.%s.%s/nan-scale,%s", x, t, kind_name[kind]);
        else if (kind >= MXREF_SUBNORMAL && (pattern != 0 || e->negative) && !other_unit)
            hit(p, "dequantize.%s.%s/%s%s", x, t, sign_name[e->negative != 0], product_name[product_of(p, e)]);
    }
}

static void axis_bins(const place *p)
{
    const mx_batch *b = p->batch;
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++)
        if (mx_axis_matters(axis, b->op, b->elem, b->type, NULL) &&
            !is_void(b->op, axis, mx_profile_get(&b->profile, axis)))
            hit(p, "%s/%s=%s", mx_op_name(b->op), mx_axis_name(axis),
                mx_axis_value_name(axis, mx_profile_get(&b->profile, axis)));
}

mx_status mxc_bins_of(const mxv_pack *pack, size_t i, mxc_bin_hit *report, void *state)
{
    if (pack->batch.op > MX_OP_DEQUANTIZE)
        return MX_OK; /* no arithmetic */
    const mx_batch one = mxc_slice(&pack->batch, i, 1);
    mxref_trace *trace = NULL;
    const mx_status status = mxref_trace_case(&one, &trace);
    if (status != MX_OK)
        return status;
    const place p = {pack, &one, mxref_facts(one.elem), trace, report, state};
    for (size_t lane = 0; has_elements(one.op) && lane < one.k; lane++)
        element_bins(&p, &trace->element[lane]);
    if (has_rule(one.op))
        scale_bins(&p);
    if (one.op == MX_OP_QUANTIZE)
        lane_bins(&p);
    if (one.op == MX_OP_SCALED_CAST)
        hit(&p, "scaled-cast.%s/byte=%02x", mx_elem_name(one.elem), one.in.scale[0]);
    decode_bins(&p);
    axis_bins(&p);
    mxref_trace_free(trace);
    return MX_OK;
}
