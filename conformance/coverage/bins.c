/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The coverage model: in which bins a case lies.
 */
#include "config.h"

#include <stdarg.h>

#include "conformance/batch.h"
#include "conformance/coverage/model.h"

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

/* floor(d * 2^n) + bits against 2^n, for the discarded fraction d. */
static void random_bins(const place *p, const mxref_element_trace *e, size_t lane)
{
    const mx_batch *b = p->batch;
    const unsigned n = b->profile.sr_bits;
    const uint32_t bits = b->in.random[lane], all = UINT32_MAX >> (32 - n);
    if (e->kind < MXREF_SUBNORMAL || mpq_equal(e->lo, e->hi))
        return;
    mpq_t d, step;
    mpz_t part;
    mpq_init(d);
    mpq_init(step);
    mpz_init(part);
    mpq_abs(d, e->quotient);
    mpq_sub(d, d, e->lo);
    mpq_sub(step, e->hi, e->lo);
    mpq_div(d, d, step);
    mpq_mul_2exp(d, d, n);
    mpz_fdiv_q(part, mpq_numref(d), mpq_denref(d));
    const uint64_t sum = mpz_get_ui(part) + (uint64_t)bits;
    const int is[RANDOMS] = {bits == 0, bits == all, sum == (uint64_t)all + 1, sum == all};
    for (int at = 0; mpq_sgn(d) != 0 && at < RANDOMS; at++)
        if (is[at])
            hit(p, "%s.sr/random=%s,%s", mx_op_name(b->op), random_name[at], sign_name[e->negative != 0]);
    mpz_clear(part);
    mpq_clear(step);
    mpq_clear(d);
}

static void range_bin(const place *p, int range, const char *sign, const char *remainder)
{
    const mx_batch *b = p->batch;
    if (is_by_type(b->op, b->type, b->profile.round))
        hit(p, "%s.%s.%s/%s,%s,%s%s%s", mx_op_name(b->op), mx_elem_name(b->elem), mx_type_name(b->type),
            round_name(b->profile.round), range_name[range], sign, *remainder ? "," : "", remainder);
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
    if (over >= 0 && over < OVER_INF)
        range_bin(p, RANGE_OVER, s, "");
    if (over >= OVER_FAR && b->op == MX_OP_QUANTIZE && !is_fine(b->op, b->profile.round))
        return; /* scale-over and inf-in decide, not the rounding */
    if (over >= 0) {
        hit(p, "%s/over,%s,%s", group, s, over_name[over]);
        return;
    }
    const unsigned smallest_normal = 1u << p->facts->mbits;
    const int exact = !e->tie && e->remainder == 0;
    const int rem = exact ? EXACT : e->tie ? (e->lo_code & 1 ? TIE_ODD : TIE_EVEN) : e->remainder < 0 ? BELOW : ABOVE;
    range_bin(p,
              e->lo_code == 0                                   ? RANGE_UNDER
              : p->facts->ebits && e->lo_code < smallest_normal ? RANGE_SUBNORMAL
                                                                : RANGE_NORMAL,
              s, remainder_name[rem]);
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

/* Bins of A = t * 2^n, and of its neighbours one ulp of the source type away, for the thresholds t of the format. */
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
        if (b->in.scale[0] != 255)
            hit(p, "dequantize.%s.%s/scale=%s,%s%s", x, t, byte_class_name[byte_class(b->in.scale[0])],
                sign_name[e->negative != 0], kind_name[kind]);
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
        return mxc_bins_of_layout(pack, i, report, state);
    const mx_batch one = mxc_slice(&pack->batch, i, 1);
    mxref_trace *trace = NULL;
    const mx_status status = mxref_trace_case(&one, &trace);
    if (status != MX_OK)
        return status;
    const place p = {pack, &one, mxref_facts(one.elem), trace, report, state};
    for (size_t lane = 0; has_elements(one.op) && lane < one.k; lane++)
        element_bins(&p, &trace->element[lane]);
    for (size_t lane = 0; has_elements(one.op) && one.profile.round == MX_SR && lane < one.k; lane++)
        if (trace->element[lane].branch != MXREF_BY_FLUSH_IN && trace->element[lane].branch != MXREF_BY_NAN_SCALE)
            random_bins(&p, &trace->element[lane], lane);
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
