/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Probes are made of exact values num * 2^exp, placed about the points where settings of a profile part.
 */
#include "config.h"

#include "conformance/infer/probes.h"

#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/infer/number.h"

enum { MOST = 1024 };

typedef struct maker {
    mxc_probes *to;
    size_t room;
    const mx_batch *shape;
    const mx_facts *facts;
    const mxc_type_facts *source;
    uint64_t value[MOST]; /* of the type, waiting for their place in cases */
    unsigned kind[MOST];
    size_t values;
} maker;

/* Bits of num * 2^exp, or all ones when the type has no such value. */
static uint64_t encode(const maker *m, int negative, uint64_t num, int exp)
{
    return mxc_number_bits(mxc_number_make(negative, num, exp), m->shape->type);
}

static void want(maker *m, unsigned kind, uint64_t bits)
{
    if (bits == MXC_NO_BITS || m->values == MOST)
        return;
    m->value[m->values] = bits;
    m->kind[m->values++] = kind;
}

static void both(maker *m, unsigned kind, uint64_t num, int exp)
{
    want(m, kind, encode(m, 0, num, exp));
    want(m, kind, encode(m, 1, num, exp));
}

static uint64_t infinity(const maker *m, int negative)
{
    return mxc_inf_bits(m->shape->type, negative);
}

/* ---- values of elements ---- */

/* Sixteenths of a unit about significand s of the binade whose unit is 2^unit. */
static void about(maker *m, unsigned kind, uint64_t s, int unit)
{
    static const unsigned sixteenth[] = {4, 7, 8, 9, 12};
    for (size_t i = 0; i < sizeof sixteenth / sizeof *sixteenth; i++)
        both(m, kind, 16 * s + sixteenth[i], unit - 4);
}

static void elements_at(maker *m, int shift)
{
    const mx_facts *f = m->facts;
    int bits = (int)f->mbits;
    uint64_t one = UINT64_C(1) << bits, last = one | (f->max_code & (one - 1));
    int low = f->emin - bits + shift, top = f->emax - bits + shift;
    for (uint64_t s = one; s < one + 2; s++)
        for (int e = f->emin; e<f->emax; e += f->emax - f->emin> 4 ? 4 : 1)
            about(m, MXC_PROBE_ROUND, s, e - bits + shift);
    for (uint64_t s = 1; s < 4; s++)
        about(m, f->ebits ? MXC_PROBE_UNDER | MXC_PROBE_ROUND : MXC_PROBE_ROUND, s, low);
    about(m, MXC_PROBE_UNDER, 0, low);
    both(m, MXC_PROBE_UNDER, 1, low);
    both(m, MXC_PROBE_UNDER, 0, 0);
    about(m, MXC_PROBE_OVER, last, top);
    both(m, MXC_PROBE_OVER, last + 1, top);
    both(m, MXC_PROBE_OVER, 16 * last + 24, top - 4);
    both(m, MXC_PROBE_OVER, 4 * one, top);
    both(m, MXC_PROBE_OVER, one, top + 6);
}

static void elements(maker *m)
{
    elements_at(m, 0);
    if (m->shape->elem == MX_INT8)
        elements_at(m, (int)m->facts->mbits); /* the unit of int8=int6, int7 */
}

static void specials(maker *m)
{
    uint64_t inf = infinity(m, 0), minus = infinity(m, 1), quiet = UINT64_C(1) << (m->source->fraction - 1);
    want(m, MXC_PROBE_NAN, inf | quiet);
    want(m, MXC_PROBE_NAN, minus | quiet);
    want(m, MXC_PROBE_NAN, inf + 1);
    want(m, MXC_PROBE_NAN, minus + 1);
    want(m, MXC_PROBE_INF | MXC_PROBE_OVER, inf);
    want(m, MXC_PROBE_INF | MXC_PROBE_OVER, minus);
}

static void subnormals(maker *m)
{
    const mxc_type_facts *s = m->source;
    both(m, MXC_PROBE_SUBNORMAL, (UINT64_C(1) << s->fraction) - 1, s->emin - s->fraction);
    both(m, MXC_PROBE_SUBNORMAL, 1, s->emin - 1);
    both(m, MXC_PROBE_SUBNORMAL, 1, s->emin - s->fraction);
}

/* ---- cases ---- */

static void put_value(const maker *m, size_t at, uint64_t bits)
{
    uint16_t half = (uint16_t)bits;
    uint32_t word = (uint32_t)bits;
    size_t bytes = mx_type_bytes(m->shape->type);
    char *to = (char *)mxc_column(&m->to->store.batch, COL_IN_VALUE) + at * bytes;
    memcpy(to, bytes == 2 ? (void *)&half : bytes == 4 ? (void *)&word : (void *)&bits, bytes);
}

/* A new case of the n values; the lanes after them are +0. */
static void add(maker *m, unsigned kind, const uint64_t *value, size_t n, uint8_t scale)
{
    mx_batch *b = &m->to->store.batch;
    if (b->count == m->room || n > b->k)
        return;
    for (size_t j = 0; j < n; j++) {
        if (value[j] == MXC_NO_BITS)
            return;
        put_value(m, b->count * b->k + j, value[j]);
    }
    if (b->in.scale)
        ((uint8_t *)mxc_column(b, COL_IN_SCALE))[b->count] = scale;
    m->to->kind[b->count++] = kind;
}

static void add_one(maker *m, unsigned kind, uint64_t value, uint8_t scale)
{
    add(m, kind, &value, 1, scale);
}

static void cast_cases(maker *m)
{
    elements(m);
    specials(m);
    subnormals(m);
    for (size_t i = 0; i < m->values; i++)
        add_one(m, m->kind[i], m->value[i], 127);
}

static void scaled_cases(maker *m)
{
    cast_cases(m);
    int byte = m->source->emin + 126; /* quotients of the largest subnormals near one */
    for (size_t i = 0; i < m->values; i++) {
        if (m->kind[i] & MXC_PROBE_SUBNORMAL)
            add_one(m, m->kind[i], m->value[i], (uint8_t)(byte < 0 ? 0 : byte));
        if (m->kind[i] & (MXC_PROBE_NAN | MXC_PROBE_INF) || i < 2)
            add_one(m, MXC_PROBE_NAN_SCALE, m->value[i], 255);
    }
}

/* Magnitudes at the thresholds of the rules, in the binade of 2^e. */
static void thresholds(maker *m, unsigned kind, int e)
{
    int p = m->source->fraction, bits = (int)m->facts->mbits;
    uint64_t one = UINT64_C(1) << p, half = UINT64_C(1) << bits;
    uint64_t last = (half | (m->facts->max_code & (half - 1))) << (p - bits);
    uint64_t carry = bits < p ? ((4 * half - 1) << (p - bits - 1)) : 0;
    const uint64_t sig[] = {one,         one + 1,     one + 2,
                            2 * one - 1, 2 * one - 2, 3 * (one >> 1),
                            last,        last - 1,    last + 1,
                            last + 2,    carry,       carry - 1,
                            carry + 1,   one + 12,    2 * one - (one >> 24 ? one >> 26 : 1)};
    for (size_t i = 0; i < sizeof sig / sizeof *sig; i++)
        if (sig[i] >= one && sig[i] < 2 * one)
            add_one(m, kind, encode(m, 0, sig[i], e - p), 0);
}

static void scale_cases(maker *m)
{
    static const int binades[] = {0, 1, 9, 100, -9, -100, -118};
    for (size_t i = 0; i < sizeof binades / sizeof *binades; i++)
        thresholds(m, MXC_PROBE_SCALE, binades[i]);
    thresholds(m, MXC_PROBE_SCALE | MXC_PROBE_TOP, m->source->emax);
    thresholds(m, MXC_PROBE_SCALE | MXC_PROBE_TOP, 127);
    thresholds(m, MXC_PROBE_TOP, 150);
    add_one(m, MXC_PROBE_ZERO, 0, 0);
    add_one(m, MXC_PROBE_ZERO | MXC_PROBE_UNDER, encode(m, 1, 0, 0), 0);
    m->values = 0;
    subnormals(m);
    for (size_t i = 0; i < m->values; i++)
        add_one(m, MXC_PROBE_SUBNORMAL | MXC_PROBE_SCALE, m->value[i], 0);
    m->values = 0;
    specials(m);
    uint64_t one = encode(m, 0, 1, 0);
    for (size_t i = 0; i < m->values; i++) {
        const uint64_t with[] = {m->value[i], one}, mixed[] = {m->value[i], infinity(m, 0), one};
        add_one(m, m->kind[i] & ~(unsigned)MXC_PROBE_OVER, m->value[i], 0);
        add(m, m->kind[i] & ~(unsigned)MXC_PROBE_OVER, with, 2, 0);
        add(m, MXC_PROBE_NAN | MXC_PROBE_INF, mixed, 3, 0);
    }
}

/* Blocks whose largest magnitude is 2^(emax + shift), for which every rule gives the same scale, and elements below. */
static void filled_blocks(maker *m, int shift)
{
    uint64_t lane[64], anchor = encode(m, 0, 1, m->facts->emax + shift);
    uint64_t sign = UINT64_C(1) << (8 * mx_type_bytes(m->shape->type) - 1);
    size_t k = m->shape->k < 64 ? m->shape->k : 64, n = 1;
    unsigned kind = 0;
    lane[0] = anchor;
    m->values = 0;
    elements_at(m, shift);
    for (size_t i = 0; i < m->values && k > 1; i++) {
        if ((m->value[i] & ~sign) > anchor)
            continue;
        kind |= m->kind[i];
        lane[n++] = m->value[i];
        if (n == k) {
            add(m, kind, lane, n, 0);
            n = 1;
            kind = 0;
        }
    }
    add(m, kind, lane, n, 0);
    for (size_t i = 0; i < m->values; i++)
        if (m->kind[i] & MXC_PROBE_OVER || k == 1)
            add_one(m, m->kind[i], m->value[i], 0);
}

static void quantize_cases(maker *m)
{
    scale_cases(m);
    filled_blocks(m, 0);
    if (m->shape->elem == MX_INT8)
        filled_blocks(m, (int)m->facts->mbits);
    m->values = 0;
    subnormals(m);
    uint64_t lane[] = {encode(m, 0, 1, m->source->emin), m->value[0], m->value[1], m->value[2], m->value[3]};
    add(m, MXC_PROBE_SUBNORMAL, lane, m->shape->k < 5 ? m->shape->k : 5, 0);
    lane[0] = m->value[0];
    add(m, MXC_PROBE_SUBNORMAL, lane, m->shape->k < 5 ? m->shape->k : 5, 0);
    m->values = 0;
    specials(m);
    uint64_t all[] = {encode(m, 0, 1, 0), m->value[0], m->value[1], m->value[2], m->value[3]};
    add(m, MXC_PROBE_NAN | MXC_PROBE_NAN_SCALE, all, m->shape->k < 5 ? m->shape->k : 5, 0);
    add(m, MXC_PROBE_NAN | MXC_PROBE_NAN_SCALE, all + 1, m->shape->k < 4 ? m->shape->k : 4, 0);
    const uint64_t inf[] = {all[0], infinity(m, 0), infinity(m, 1), encode(m, 1, 1, -1)};
    add(m, MXC_PROBE_INF | MXC_PROBE_NAN_SCALE, inf, m->shape->k < 4 ? m->shape->k : 4, 0);
}

static void decode_cases(maker *m)
{
    mx_batch *b = &m->to->store.batch;
    static const uint8_t scales[] = {0x7f, 0x80, 0x60, 0xfe, 0xfd, 0xf0, 0x90, 0x88, 0x00, 0x10, 0xff};
    unsigned codes = 1u << m->facts->bits, next = 0;
    uint8_t *code = mxc_column(b, COL_IN_CODE), *scale = mxc_column(b, COL_IN_SCALE);
    size_t n = !scale ? codes : sizeof scale * (b->k > 3 ? 4 : 8);
    for (size_t i = 0; i < n && b->count < m->room; i++) {
        if (scale)
            scale[b->count] = scales[i % sizeof scale];
        for (size_t j = 0; j < b->k; j++, next += scale ? 5 : 1)
            code[b->count * b->k + j] = (uint8_t)(next % codes);
        if (scale) { /* the largest magnitudes in every block */
            code[b->count * b->k] = (uint8_t)(m->facts->max_code | (i & 1 ? codes / 2 : 0));
        }
        m->to->kind[b->count++] = MXC_PROBE_DECODE;
    }
}

static void random_bits(const mx_batch *b)
{
    uint32_t *random = mxc_column(b, COL_RANDOM), state = 0x9e3779b9u;
    for (size_t i = 0; random && i < b->count * b->k; i++) {
        state = state * 1664525u + 1013904223u; /* Numerical Recipes' generator; its high bits are used */
        random[i] = state >> (32 - b->profile.sr_bits);
    }
}

mx_status mxc_probes_new(mxc_probes *probes, const mx_batch *shape)
{
    *probes = (mxc_probes){.kind = calloc(MOST, sizeof *probes->kind)};
    mx_status status = probes->kind ? mxc_store_new(&probes->store, shape, MOST) : MX_ENOMEM;
    maker *m = calloc(1, sizeof *m);
    if (status != MX_OK || !m) {
        free(m);
        mxc_probes_free(probes);
        return MX_ENOMEM;
    }
    *m = (maker){.to = probes, .room = MOST, .shape = shape};
    m->facts = mxref_facts(shape->elem);
    m->source = mxc_facts_of_type(shape->type);
    probes->store.batch.count = 0;
    switch ((int)shape->op) {
    case MX_OP_CAST:
        cast_cases(m);
        break;
    case MX_OP_SCALED_CAST:
        scaled_cases(m);
        break;
    case MX_OP_SCALE:
        scale_cases(m);
        break;
    case MX_OP_QUANTIZE:
        quantize_cases(m);
        break;
    default:
        decode_cases(m);
    }
    random_bits(&probes->store.batch);
    free(m);
    return MX_OK;
}

void mxc_probes_free(mxc_probes *probes)
{
    mxc_store_free(&probes->store);
    free(probes->kind);
    *probes = (mxc_probes){0};
}
