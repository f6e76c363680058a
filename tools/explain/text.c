/* SPDX-License-Identifier: BSD-3-Clause
 *
 * explain for people: at most 100 columns, colour on a terminal only.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/explain/explain.h"
#include "tools/meaning.h"
#include "tools/tool.h"

enum { WIDTH = 100, LANES_SHOWN = 64 };

static FILE *stream;

FILE *explain_out(void)
{
    return stream ? stream : stdout;
}

void explain_to(FILE *out)
{
    stream = out;
}

/* ---- words in lines ---- */

typedef struct wrap {
    int indent, column;
} wrap;

/* One word after `gap` spaces, or on a new line. */
static void wrap_word(wrap *w, const char *word, int gap)
{
    int n = (int)strlen(word);
    if (w->column > w->indent && w->column + gap + n > WIDTH) {
        fprintf(explain_out(), "\n%*s", w->indent, "");
        w->column = w->indent;
    } else if (w->column > w->indent) {
        fprintf(explain_out(), "%*s", gap, "");
        w->column += gap;
    }
    fputs(word, explain_out());
    w->column += n;
}

static void wrap_words(wrap *w, const char *words)
{
    char word[512];
    while (*words) {
        size_t gap = strspn(words, " "), n = strcspn(words + gap, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, words + gap);
        if (n)
            wrap_word(w, word, (int)gap);
        words += gap + n;
    }
}

void explain_entry(const char *label, const char *format, ...)
{
    char words[2048];
    va_list list;
    va_start(list, format);
    vsnprintf(words, sizeof words, format, list);
    va_end(list);
    fprintf(explain_out(), "%s%-12s%s", tool_colour(explain_out(), TOOL_BOLD), label,
            tool_colour(explain_out(), TOOL_PLAIN));
    wrap w = {12, 12};
    wrap_words(&w, words);
    fputc('\n', explain_out());
}

/* ---- the case ---- */

void explain_head(const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    char op[MXV_HEAD_TEXT], values[MX_PROFILE_TEXT] = "";
    size_t n = 0;
    mxv_format_op(b, op);
    if (x->id[0]) {
        explain_entry("case", "%s  %s  %s", x->id, mx_class_name(x->class_), strcmp(x->tags, "-") ? x->tags : "");
        explain_entry("pack", "%s", x->where);
    }
    explain_entry("operation", "%s", op);
    if (x->op->layouts)
        return;
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++) {
        char value[MX_VALUE_TEXT];
        if (mx_axis_matters(axis, b->op, b->elem, b->type, NULL))
            n += (size_t)snprintf(values + n, sizeof values - n, "%s%s=%s", n ? " " : "", mx_axis_name(axis),
                                  mx_profile_value(&b->profile, axis, value));
    }
    explain_entry("profile", "%s: %s", x->profile, values[0] ? values : "no axis matters here");
}

/* ---- the scale ---- */

static const char *scale_formula(const mx_profile *p)
{
    _Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "a case for each scale rule");
    switch (p->scale) {
    case MX_SCALE_FLOOR:
        return "floor(log2 A) - emax";
    case MX_SCALE_CEIL:
        return "ceil(log2 A) - emax";
    case MX_SCALE_EVEN:
        return "floor(log2 A') - emax, A' being A rounded";
    default:
        return "ceil(log2 (A / largest))";
    }
}

static void print_rule(const explain *x)
{
    const mxref_scale_trace *s = &x->trace->scale;
    const mx_batch *b = &x->pack->batch;
    char text[EXACT_TEXT], hex[EXACT_TEXT], power[96];
    exact_text(text, s->rounded);
    exact_hex(hex, s->rounded, 0);
    if (s->log2_lo == s->log2_hi)
        snprintf(power, sizeof power, "is 2^%d", s->log2_lo);
    else
        snprintf(power, sizeof power, "lies between 2^%d and 2^%d", s->log2_lo, s->log2_hi);
    if (b->profile.scale == MX_SCALE_EVEN || b->profile.scale == MX_SCALE_RCEIL)
        explain_entry(b->profile.scale == MX_SCALE_EVEN ? "A rounded" : "A / largest", "%s%s%s  %s", text,
                      hex[0] ? " = " : "", hex, power);
    else
        explain_entry("log2 A", "A %s", power);
    explain_entry("rule", "scale=%s scale-arith=%s: %s; emax of %s is %d   [%s]",
                  mx_axis_value_name(MX_AXIS_SCALE, b->profile.scale),
                  mx_axis_value_name(MX_AXIS_SCALE_ARITH, b->profile.scale_arith), scale_formula(&b->profile),
                  mx_elem_name(b->elem), mxref_facts(b->elem)->emax, clause_of_axis(MX_AXIS_SCALE));
    if (s->exponent != s->clamped)
        explain_entry("exponent", "%d, clamped to %d", s->exponent, s->clamped);
    else
        explain_entry("exponent", "%d", s->exponent);
}

static void print_scale(const explain *x)
{
    const mxref_scale_trace *s = &x->trace->scale;
    char text[EXACT_TEXT], hex[EXACT_TEXT];
    int is_nan = s->byte == mxref_scale_facts()->nan_code;
    if (!x->op->is_block && x->op->op != MX_OP_SCALED_CAST)
        return;
    if (s->branch != MXREF_SCALE_GIVEN) {
        exact_text(text, s->amax);
        exact_hex(hex, s->amax, 0);
        if (s->amax_index == (size_t)-1)
            explain_entry("A", "none: no finite element is left");
        else
            explain_entry("A", "%s%s%s  first in lane %zu", text, hex[0] ? " = " : "", hex, s->amax_index);
    }
    if (s->branch == MXREF_SCALE_RULE || s->branch == MXREF_SCALE_UNDER || s->branch == MXREF_SCALE_OVER)
        print_rule(x);
    char value[32];
    snprintf(value, sizeof value, "2^%d", (int)s->byte - mxref_scale_facts()->bias);
    explain_entry("scale", "%02x  %s  %s%s", s->byte, is_nan ? "NaN" : value, explain_scale_branch(s->branch),
                  s->open ? "; free under this profile" : "");
}

/* ---- one element ---- */

static void print_source(const explain *x, size_t lane)
{
    const mx_batch *b = &x->pack->batch;
    const mxref_element_trace *e = &x->trace->element[lane];
    char text[EXACT_TEXT], hex[EXACT_TEXT] = "";
    uint64_t bits = explain_input(x, lane);
    if (x->op->encodes)
        explain_value(text, b->type, bits);
    else
        explain_code(text, x, (unsigned)bits);
    if (e->kind == MXREF_SUBNORMAL || e->kind == MXREF_NORMAL)
        exact_hex(hex, e->source, 0);
    explain_entry("source", "%0*llx  %s%s%s  %s", x->op->encodes ? (int)explain_digits(b->type) : 2,
                  (unsigned long long)bits, text, hex[0] ? " = " : "", hex, explain_kind(e->kind));
}

static int has_quotient(const mxref_element_trace *e)
{
    return e->branch == MXREF_BY_EXACT || e->branch == MXREF_BY_ROUNDING || e->branch == MXREF_BY_SATURATION ||
           e->branch == MXREF_BY_OVERFLOW || e->branch == MXREF_BY_DIRECTED || e->branch == MXREF_BY_FLUSH_OUT ||
           e->branch == MXREF_BY_DECODE_OVER;
}

/* A row of the table of neighbours, its kept digits ending `kept` columns in, the rest `wide` columns wide. */
typedef struct number_row {
    const char *label;
    char binary[EXACT_TEXT], exact[EXACT_TEXT], note[64];
} number_row;

static int kept_digits(const number_row *row)
{
    return (int)strcspn(row->binary, "|");
}

static void fill_row(number_row *row, const char *label, mpq_srcptr value, mpq_srcptr unit, const char *note)
{
    row->label = label;
    exact_text(row->exact, value);
    exact_binary(row->binary, value, unit);
    snprintf(row->note, sizeof row->note, "%s", note);
}

/* The exact value is left out where it would not fit: the quotient's is printed above the table. */
static void print_rows(const number_row *row, size_t n)
{
    int kept = 0, wide = (int)strlen("kept|guard|sticky");
    for (size_t i = 0; i < n; i++)
        kept = kept_digits(&row[i]) > kept ? kept_digits(&row[i]) : kept;
    for (size_t i = 0; i < n; i++) {
        int width = kept - kept_digits(&row[i]) + (int)strlen(row[i].binary);
        wide = width > wide ? width : wide;
    }
    fprintf(explain_out(), "  %s%-10s%-*s  exact%s\n", tool_colour(explain_out(), TOOL_DIM), "magnitude", wide,
            "kept|guard|sticky", tool_colour(explain_out(), TOOL_PLAIN));
    for (size_t i = 0; i < n; i++) {
        int pad = kept - kept_digits(&row[i]);
        int fits = 12 + wide + 4 + (int)strlen(row[i].exact) + (int)strlen(row[i].note) <= WIDTH;
        fprintf(explain_out(), "  %-10s%*s%-*s  %s%s%s\n", row[i].label, pad, "", wide - pad, row[i].binary,
                fits ? row[i].exact : "", fits && row[i].note[0] ? "  " : "", row[i].note);
    }
}

/* The name of a neighbour: its code, or the largest code that it lies beyond. */
static void neighbour(char note[64], const explain *x, unsigned code)
{
    const mx_batch *b = &x->pack->batch;
    unsigned largest = mxref_facts(b->elem)->max_code;
    note[0] = '\0';
    if (!x->op->encodes)
        return;
    if (code > largest)
        snprintf(note, 64, "beyond the largest code, %02x", largest);
    else
        snprintf(note, 64, "code %02x", code);
}

/* Quotient, neighbours and midpoint below one another, the last kept digit aligned. */
static void print_neighbours(const explain *x, const mxref_element_trace *e)
{
    static const char *const side[] = {"below the midpoint", "", "above the midpoint"};
    mpq_t unit, magnitude;
    number_row row[5];
    char text[EXACT_TEXT], note[64];
    size_t n = 0;
    int is;
    mpq_inits(unit, magnitude, NULL);
    mpq_sub(unit, e->hi, e->lo);
    mpq_abs(magnitude, e->quotient);
    neighbour(note, x, e->hi_code);
    fill_row(&row[n++], "hi", e->hi, unit, note);
    if (e->remainder > 0)
        fill_row(&row[n++], "quotient", magnitude, unit, side[2]);
    fill_row(&row[n++], "midpoint", e->midpoint, unit, e->remainder == 0 ? "= the quotient: a tie" : "");
    if (e->remainder < 0)
        fill_row(&row[n++], "quotient", magnitude, unit, side[0]);
    neighbour(note, x, e->lo_code);
    fill_row(&row[n++], "lo", e->lo, unit, note);
    print_rows(row, n);
    long power = exact_log2(unit, &is);
    exact_text(text, unit);
    if (is)
        fprintf(explain_out(), "  one kept unit is 2^%ld\n", power);
    else
        fprintf(explain_out(), "  one kept unit is %s\n", text);
    mpq_clears(unit, magnitude, NULL);
}

/* The answer's digits and value; a free one has none. */
static void answer_text(char digits[24], char value[EXACT_TEXT], const explain *x, const mxref_element_trace *e)
{
    int width = x->op->encodes ? 2 : (int)explain_digits(x->pack->batch.type);
    value[0] = '\0';
    if (e->open) {
        snprintf(digits, 24, "%.*s", width, "xxxxxxxxxxxxxxxx");
        return;
    }
    snprintf(digits, 24, "%0*llx", width, (unsigned long long)e->bits);
    if (x->op->encodes)
        explain_code(value, x, (unsigned)e->bits);
    else
        explain_value(value, x->pack->batch.type, e->bits);
}

static void print_answer(const explain *x, size_t lane)
{
    const mxref_element_trace *e = &x->trace->element[lane];
    char digits[24], value[EXACT_TEXT];
    static const char *const side[] = {"below the quotient", "exact", "above the quotient"};
    answer_text(digits, value, x, e);
    if (e->open)
        explain_entry("answer", "%s  free: this profile takes any", digits);
    else
        explain_entry("answer", "%s  %s  %s", digits, value,
                      has_quotient(e) ? side[(e->ternary > 0) - (e->ternary < 0) + 1] : "");
}

static void print_element(const explain *x, size_t lane)
{
    const mxref_element_trace *e = &x->trace->element[lane];
    const mx_profile *p = &x->pack->batch.profile;
    char text[EXACT_TEXT], hex[EXACT_TEXT], words[EXPLAIN_WORDS];
    if (x->op->is_block)
        fprintf(explain_out(), "\n%slane %zu%s\n", tool_colour(explain_out(), TOOL_BOLD), lane,
                tool_colour(explain_out(), TOOL_PLAIN));
    print_source(x, lane);
    if (x->op->op == MX_OP_SCALE)
        return;
    if (has_quotient(e)) {
        exact_text(text, e->quotient);
        exact_hex(hex, e->quotient, 0);
        explain_entry(x->op->encodes ? "quotient" : "product", "%s%s%s  %s", text, hex[0] ? " = " : "", hex,
                      x->op->op == MX_OP_CAST || x->op->op == MX_OP_DECODE ? "no scale in this operation"
                      : x->op->encodes                                     ? "source / scale"
                                                                           : "element * scale");
        if (!mpq_equal(e->lo, e->hi))
            print_neighbours(x, e);
    }
    explain_decision(words, x, e);
    explain_entry("decision", "%s   [%s]", words, explain_clause(x, e));
    explain_probability(text, e);
    if (x->op->rounds && p->round != MX_SR && text[0])
        explain_entry("round=sr:N", "would go away from zero with probability %s as N grows", text);
    print_answer(x, lane);
}

/* ---- all elements, a line each ---- */

static void print_lanes(const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    size_t shown = b->k < LANES_SHOWN ? b->k : LANES_SHOWN;
    fprintf(explain_out(), "\n%slanes%s\n", tool_colour(explain_out(), TOOL_BOLD),
            tool_colour(explain_out(), TOOL_PLAIN));
    for (size_t i = 0; i < shown; i++) {
        const mxref_element_trace *e = &x->trace->element[i];
        char from[EXACT_TEXT], to[EXACT_TEXT] = "", line[3 * EXACT_TEXT], digits[24];
        uint64_t bits = explain_input(x, i);
        if (x->op->encodes)
            explain_value(from, b->type, bits);
        else
            explain_code(from, x, (unsigned)bits);
        if (x->op->op == MX_OP_SCALE) {
            snprintf(line, sizeof line, "  %5zu  %0*llx  %s", i, (int)explain_digits(b->type), (unsigned long long)bits,
                     from);
        } else {
            answer_text(digits, to, x, e);
            snprintf(line, sizeof line, "  %5zu  %0*llx  %-34s -> %s  %-24s %s", i,
                     x->op->encodes ? (int)explain_digits(b->type) : 2, (unsigned long long)bits, from, digits,
                     e->open ? "free" : to, explain_branch(e->branch));
        }
        fprintf(explain_out(), "%.*s\n", WIDTH, line);
    }
    if (shown < b->k)
        fprintf(explain_out(), "  ... and %zu more\n", b->k - shown);
}

/* ---- the other settings ---- */

static void print_other(const explain *x, const explain_other *o)
{
    const mx_batch *b = &x->pack->batch;
    char left[48], text[EXACT_TEXT] = "";
    snprintf(left, sizeof left, "%s=%s", mx_axis_name(o->axis), mx_axis_value_name(o->axis, o->value));
    if (!x->op->is_block && x->op->encodes && strlen(o->outputs) == 2 && o->outputs[0] != 'x')
        explain_code(text, x, (unsigned)strtoul(o->outputs, NULL, 16));
    fprintf(explain_out(), "  %-30s", left);
    if (strlen(o->outputs) <= 36)
        fprintf(explain_out(), " %s", o->outputs);
    else if (o->lane == (size_t)-1)
        fprintf(explain_out(), " scale %.2s, the codes the same", o->outputs);
    else
        fprintf(explain_out(), " %s%.*s%s%zu of %zu cells differ, first in lane %zu", x->op->encodes ? "scale " : "",
                x->op->encodes ? 2 : 0, o->outputs, x->op->encodes ? ", " : "", o->cells,
                b->k + (size_t)(b->out.scale != NULL), o->lane);
    fprintf(explain_out(), "%s%s%s%s%s\n", text[0] ? "  " : "", text,
            o->is_the_other ? tool_colour(explain_out(), TOOL_YELLOW) : "",
            o->is_the_other ? "  <- what the subject answered" : "",
            o->is_the_other ? tool_colour(explain_out(), TOOL_PLAIN) : "");
}

static void print_others(const explain *x, const explain_others *others)
{
    size_t changed = 0;
    for (size_t i = 0; i < others->rows; i++)
        changed += others->row[i].outputs != NULL;
    fprintf(explain_out(), "\n%sone axis changed%s\n", tool_colour(explain_out(), TOOL_BOLD),
            tool_colour(explain_out(), TOOL_PLAIN));
    for (size_t i = 0; i < others->rows; i++)
        if (others->row[i].outputs)
            print_other(x, &others->row[i]);
    if (changed == others->rows) {
        fprintf(explain_out(), "  %s\n",
                changed ? "every other value of every axis changes this answer" : "no axis has a say here");
        return;
    }
    fprintf(explain_out(), "  the same answer with");
    wrap w = {4, 22};
    for (size_t i = 0; i < others->rows; i++) {
        char word[64];
        if (others->row[i].outputs)
            continue;
        snprintf(word, sizeof word, "%s=%s", mx_axis_name(others->row[i].axis),
                 mx_axis_value_name(others->row[i].axis, others->row[i].value));
        wrap_word(&w, word, 1);
    }
    fputc('\n', explain_out());
}

/* ---- what the pack and the subject say ---- */

static const char *lane_text(char text[32], size_t lane)
{
    snprintf(text, 32, "lane %zu", lane);
    return text;
}

/* Where a wrong code lies about the quotient. */
static const char *place_of(const explain *x, const mxc_diff *diff)
{
    const mxref_element_trace *e = &x->trace->element[diff->kind == MX_COL_SCALE ? 0 : diff->lane];
    if (diff->kind != MX_COL_CODE || !has_quotient(e) || mpq_equal(e->lo, e->hi))
        return "";
    unsigned sign = 1u << (mx_elem_bits(x->pack->batch.elem) - 1), magnitude = (unsigned)diff->got & (sign - 1);
    if (((diff->got ^ diff->want) & sign) && magnitude)
        return "; the sign is wrong";
    return magnitude == e->hi_code   ? "; it is hi, the neighbour above"
           : magnitude == e->lo_code ? "; it is lo, the neighbour below"
                                     : "; it is neither neighbour";
}

static void print_judgement(const explain *x, const explain_others *others)
{
    const mx_batch *b = &x->pack->batch;
    char *text = malloc(mxv_outputs_text(b));
    size_t explained = 0;
    if (!text)
        return;
    mxv_format_outputs(b, &x->pack->open, 0, text);
    fputc('\n', explain_out());
    explain_entry("reference", "%s", text);
    if (x->recorded)
        explain_entry("pack", "%s%s", x->recorded, strcmp(x->recorded, text) ? "  DIFFERS from the reference" : "");
    if (x->other) {
        mxc_diff diff;
        char lane[32];
        int same = mxc_compare(x->pack, 0, &x->other->batch.out, &diff);
        mxv_format_outputs(&x->other->batch, NULL, 0, text);
        for (size_t i = 0; i < others->rows; i++)
            explained += (size_t)(others->row[i].is_the_other && others->row[i].outputs);
        explain_entry("subject", "%s", text);
        if (same)
            explain_entry("verdict", "the same");
        else
            explain_entry("verdict", "%zu cell%s differ%s, first in %s; %s%s", diff.cells, diff.cells == 1 ? "" : "s",
                          diff.cells == 1 ? "s" : "",
                          diff.kind == MX_COL_SCALE ? "the scale" : lane_text(lane, diff.lane),
                          explained ? "one axis explains it, see above" : "no single axis explains it",
                          explained ? "" : place_of(x, &diff));
    }
    free(text);
}

void explain_text(const explain *x, const explain_others *others)
{
    explain_head(x);
    fputc('\n', explain_out());
    print_scale(x);
    if (x->op->is_block)
        print_lanes(x);
    for (size_t i = 0; i < x->trace->k; i++)
        if (x->lane == (size_t)-1 || x->lane == i)
            print_element(x, i);
    print_others(x, others);
    print_judgement(x, others);
}
