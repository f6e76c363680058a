/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a trace says, in words, with the clause for each decision.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "conformance/batch.h"
#include "tools/explain/explain.h"
#include "tools/meaning.h"

const char *explain_kind(mxref_kind kind)
{
    static const char *const text[] = {"", "NaN", "Inf", "zero", "subnormal", "normal"};
    return kind >= MXREF_NAN && kind <= MXREF_NORMAL ? text[kind] : "";
}

const char *explain_scale_branch(mxref_scale_branch branch)
{
    static const char *const text[] = {"",
                                       "given",
                                       "by the rule",
                                       "below 2^-127: clamped to 00",
                                       "above 2^127: scale-over decides",
                                       "nothing finite and nonzero: zero-scale decides",
                                       "a NaN in the block: nan-in decides",
                                       "an Inf in the block: inf-in decides",
                                       "A is subnormal: subnormal-in=flush-block",
                                       "scale-arith=f32 left the finite range: NaN"};
    return branch >= MXREF_SCALE_GIVEN && branch <= MXREF_SCALE_ARITH ? text[branch] : "";
}

const char *explain_branch(mxref_branch branch)
{
    static const char *const text[] = {"",        "exact", "rounded", "saturated", "overflow",  "kept",  "flushed",
                                       "flushed", "zero",  "NaN",     "Inf",       "NaN scale", "beyond"};
    return branch >= MXREF_BY_EXACT && branch <= MXREF_BY_DECODE_OVER ? text[branch] : "";
}

unsigned explain_digits(mx_type type)
{
    return 2 * (unsigned)mx_type_bytes(type);
}

uint64_t explain_input(const explain *x, size_t lane)
{
    const mx_batch *b = &x->pack->batch;
    return x->op->encodes ? mxc_value_bits(b->in.value, b->type, lane) : b->in.code[lane];
}

/* NaN and Inf have no exact value: what is left is told by the fraction, whose width is all of the type below the
 * exponent's. */
static const char *special_value(mx_type type, uint64_t bits)
{
    static const unsigned fraction[] = {0, 23, 7, 10, 52};
    unsigned width = 8 * (unsigned)mx_type_bytes(type);
    if (bits & ((UINT64_C(1) << fraction[type]) - 1))
        return "nan";
    return bits >> (width - 1) & 1 ? "-inf" : "inf";
}

void explain_value(char text[EXACT_TEXT], mx_type type, uint64_t bits)
{
    mpq_t value;
    mpq_init(value);
    unsigned width = 8 * (unsigned)mx_type_bytes(type);
    if (mxref_type_value(value, type, bits) != MX_OK)
        strcpy(text, special_value(type, bits));
    else if (mpq_sgn(value) == 0)
        strcpy(text, bits >> (width - 1) & 1 ? "-0" : "0");
    else
        exact_text(text, value);
    mpq_clear(value);
}

void explain_code(char text[EXACT_TEXT], const explain *x, unsigned code)
{
    const mx_batch *b = &x->pack->batch;
    const mx_facts *f = mxref_facts(b->elem);
    unsigned sign = code >> (f->bits - 1) & 1, magnitude = code & ((1u << (f->bits - 1)) - 1);
    mpq_t value;
    mpq_init(value);
    if (mxref_code_value(value, b->elem, b->profile.int8, code) != MX_OK)
        strcpy(text, f->has_inf && magnitude == f->inf_code ? (sign ? "-inf" : "inf") : "nan");
    else if (mpq_sgn(value) == 0)
        strcpy(text, sign ? "-0" : "0");
    else
        exact_text(text, value);
    mpq_clear(value);
}

/* ---- the decision ---- */

static const char *chosen(const mxref_element_trace *e)
{
    int up = e->negative ? e->ternary < 0 : e->ternary > 0;
    return up ? "hi" : "lo";
}

static void rounding_words(char words[EXPLAIN_WORDS], const explain *x, const mxref_element_trace *e)
{
    const mx_profile *p = &x->pack->batch.profile;
    unsigned round = x->op->encodes ? p->round : MX_RNE;
    const char *rule = mx_axis_value_name(MX_AXIS_ROUND, round);
    if (round == MX_SR)
        snprintf(words, EXPLAIN_WORDS, "round=sr:%u with random bits %0*x takes %s", p->sr_bits, (p->sr_bits + 3) / 4,
                 e->random, chosen(e));
    else if (e->tie && round == MX_RNE)
        snprintf(words, EXPLAIN_WORDS, "a tie: round=rne takes the even one, %s", chosen(e));
    else if (e->tie && (round == MX_RNA || round == MX_RNZ))
        snprintf(words, EXPLAIN_WORDS, "a tie: round=%s takes the one %s zero, %s", rule,
                 round == MX_RNA ? "away from" : "toward", chosen(e));
    else if (round == MX_RNE || round == MX_RNA || round == MX_RNZ)
        snprintf(words, EXPLAIN_WORDS, "%s the midpoint: round=%s takes the nearer one, %s",
                 e->remainder < 0 ? "below" : "above", rule, chosen(e));
    else
        snprintf(words, EXPLAIN_WORDS, "round=%s (%s) takes %s", rule, meaning_of_value(MX_AXIS_ROUND, round),
                 chosen(e));
}

/* "AXIS=VALUE: meaning", after `lead`. */
static void axis_words(char words[EXPLAIN_WORDS], const explain *x, const char *lead, mx_axis axis)
{
    const mx_profile *p = &x->pack->batch.profile;
    char value[MX_VALUE_TEXT];
    snprintf(words, EXPLAIN_WORDS, "%s: %s=%s (%s)", lead, mx_axis_name(axis), mx_profile_value(p, axis, value),
             meaning_of_value(axis, mx_profile_get(p, axis)));
}

/* Which axis speaks for a NaN element. */
static mx_axis nan_axis(const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    if (x->op->is_block && b->profile.nan_in == MX_NAN_IN_IGNORE)
        return MX_AXIS_NAN_IN;
    return mxref_facts(b->elem)->has_nan ? MX_AXIS_NAN_CODE : MX_AXIS_NAN_TO;
}

/* By branch: what was met, the axis that decides when encoding (see axis_of), and words and clause when decoding, where
 * no axis does. */
static const struct decision {
    const char *met;
    mx_axis axis;
    const char *decoding, *clause;
} decisions[] = {
    [MXREF_BY_EXACT] = {NULL, (mx_axis)0, NULL, "MX-5.1-f"},
    [MXREF_BY_ROUNDING] = {NULL, MX_AXIS_ROUND, NULL, "MX-5.1-f; the target's rounding is to nearest even"},
    [MXREF_BY_SATURATION] = {"above the largest after rounding", MX_AXIS_OVERFLOW, NULL, NULL},
    [MXREF_BY_OVERFLOW] = {"above the largest after rounding", MX_AXIS_OVERFLOW, NULL, NULL},
    [MXREF_BY_DIRECTED] = {"above the largest, rounding toward zero", MX_AXIS_OVERFLOW_DIRECTED, NULL, NULL},
    [MXREF_BY_FLUSH_IN] = {"a subnormal source", MX_AXIS_SUBNORMAL_IN, NULL, NULL},
    [MXREF_BY_FLUSH_OUT] = {"a subnormal result", MX_AXIS_SUBNORMAL_OUT, NULL, NULL},
    [MXREF_BY_ZERO] = {"a zero", MX_AXIS_ZERO_SIGN, "a zero keeps its sign", "MX-5.1-f"},
    [MXREF_BY_NAN] = {"a NaN", MX_AXIS_NAN_CODE, "a NaN stays NaN", "MX-5.1-e"},
    [MXREF_BY_INF] = {"an Inf", MX_AXIS_INF_IN, "an Inf stays Inf, whatever the scale", "MX-5.1-e"},
    [MXREF_BY_NAN_SCALE] = {"the scale is NaN", MX_AXIS_UNDER_NAN_SCALE,
                            "the scale is NaN: every value of the block is NaN", "MX-5.1-d (must)"},
    [MXREF_BY_DECODE_OVER] = {"above the target's largest after rounding", MX_AXIS_DECODE_OVER, NULL, NULL},
};

static mx_axis axis_of(const explain *x, const mxref_element_trace *e)
{
    if (e->branch == MXREF_BY_NAN)
        return nan_axis(x);
    return e->branch == MXREF_BY_INF && !x->op->is_block ? MX_AXIS_OVERFLOW : decisions[e->branch].axis;
}

void explain_decision(char words[EXPLAIN_WORDS], const explain *x, const mxref_element_trace *e)
{
    const struct decision *d = &decisions[e->branch];
    if (e->branch == MXREF_BY_EXACT)
        snprintf(words, EXPLAIN_WORDS, "representable as it is: no rounding");
    else if (e->branch == MXREF_BY_ROUNDING)
        rounding_words(words, x, e);
    else if (!x->op->encodes && d->decoding)
        snprintf(words, EXPLAIN_WORDS, "%s", d->decoding);
    else
        axis_words(words, x, d->met, axis_of(x, e));
}

const char *explain_clause(const explain *x, const mxref_element_trace *e)
{
    const char *decoding = decisions[e->branch].clause;
    if (!x->op->encodes && decoding)
        return decoding;
    return e->branch == MXREF_BY_EXACT ? "MX-5.3-e" : clause_of_axis(axis_of(x, e));
}

void explain_probability(char text[EXACT_TEXT], const mxref_element_trace *e)
{
    mpq_t away, gap;
    text[0] = '\0';
    if (mpq_equal(e->lo, e->hi))
        return;
    mpq_inits(away, gap, NULL);
    mpq_abs(away, e->quotient);
    if (mpq_cmp(away, e->hi) > 0) { /* beyond the largest code: not between two neighbours */
        mpq_clears(away, gap, NULL);
        return;
    }
    mpq_sub(away, away, e->lo);
    mpq_sub(gap, e->hi, e->lo);
    mpq_div(away, away, gap);
    exact_text(text, away);
    mpq_clears(away, gap, NULL);
}
