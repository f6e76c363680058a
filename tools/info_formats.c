/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/info_formats.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "tools/exact.h"
#include "tools/tool.h"

/* ---- exact values of formats ---- */

/* The exact value of a code as decimal (or n*2^e) and as a hex float. */
static void code_texts(mx_elem elem, unsigned code, char text[EXACT_TEXT], char hex[EXACT_TEXT])
{
    const mx_facts *f = mxref_facts(elem);
    unsigned sign = code >> (f->bits - 1) & 1;
    mpq_t value;
    mpq_init(value);
    if (mxref_code_value(value, elem, MX_INT8_OCP, code) == MX_OK) {
        int minus_zero = mpq_sgn(value) == 0 && sign;
        exact_text(text, value);
        exact_hex(hex, value, minus_zero);
        if (minus_zero)
            strcpy(text, "-0");
    } else {
        unsigned magnitude = code & ((1u << (f->bits - 1)) - 1);
        strcpy(text, f->has_inf && magnitude == f->inf_code ? (sign ? "-inf" : "inf") : "nan");
        strcpy(hex, text);
    }
    mpq_clear(value);
}

static const char *code_kind(const mx_facts *f, unsigned code)
{
    unsigned magnitude = code & ((1u << (f->bits - 1)) - 1);
    if (!f->ebits)
        return code == 0 ? "zero" : "fixed point";
    if (f->has_nan && magnitude >= f->nan_first && magnitude <= f->nan_last)
        return "nan";
    if (f->has_inf && magnitude == f->inf_code)
        return "inf";
    if (magnitude == 0)
        return "zero";
    return magnitude >> f->mbits ? "normal" : "subnormal";
}

/* The code's fields in binary: sign, exponent, fraction; INT8 as one. */
static void code_fields(const mx_facts *f, unsigned code, char text[16])
{
    size_t n = 0;
    for (unsigned bit = f->bits; bit-- > 0;) {
        text[n++] = (char)('0' + (code >> bit & 1));
        if (f->ebits && (bit == f->bits - 1 || bit == f->mbits) && bit)
            text[n++] = '.';
    }
    text[n] = '\0';
}

/* ---- formats ---- */

enum {
    BITS,
    EBITS,
    MBITS,
    BIAS,
    EMAX,
    EMIN,
    MAX,
    MAX_CODE,
    MIN_NORMAL,
    MAX_SUBNORMAL,
    MIN,
    INF_CODE,
    NAN_CODES,
    MINUS_ZERO,
    FACTS
};

static const struct {
    const char *name, *meaning;
} facts[FACTS] = {
    [BITS] = {"bits", "width of a code"},
    [EBITS] = {"ebits", "exponent bits"},
    [MBITS] = {"mbits", "fraction bits"},
    [BIAS] = {"bias", "exponent bias"},
    [EMAX] = {"emax", "exponent of the largest power of two"},
    [EMIN] = {"emin", "exponent of the smallest normal"},
    [MAX] = {"max", "largest finite value"},
    [MAX_CODE] = {"max-code", "its code"},
    [MIN_NORMAL] = {"min-normal", "smallest normal (INT8: one unit)"},
    [MAX_SUBNORMAL] = {"max-subnormal", "largest subnormal"},
    [MIN] = {"min", "smallest positive value"},
    [INF_CODE] = {"inf-code", "code of +Inf"},
    [NAN_CODES] = {"nan-codes", "positive NaN codes"},
    [MINUS_ZERO] = {"minus-zero", "has a -0"},
};

/* The value of a fact as text; "none" of what the format does not have. */
static void fact_text(mx_elem elem, size_t fact, char text[EXACT_TEXT])
{
    const mx_facts *f = mxref_facts(elem);
    const int number[] = {[BITS] = (int)f->bits, [EBITS] = (int)f->ebits, [MBITS] = (int)f->mbits,
                          [BIAS] = f->bias,      [EMAX] = f->emax,        [EMIN] = f->emin};
    const unsigned least_normal = f->ebits ? 1u << f->mbits : 1;
    char hex[EXACT_TEXT];
    snprintf(text, EXACT_TEXT, "none");
    if (fact <= EMIN)
        snprintf(text, EXACT_TEXT, "%d", number[fact]);
    else if (fact == MAX)
        code_texts(elem, f->max_code, text, hex);
    else if (fact == MAX_CODE)
        snprintf(text, EXACT_TEXT, "%02x", f->max_code);
    else if (fact == MIN_NORMAL)
        code_texts(elem, least_normal, text, hex);
    else if (fact == MAX_SUBNORMAL && f->ebits)
        code_texts(elem, least_normal - 1, text, hex);
    else if (fact == MIN)
        code_texts(elem, 1, text, hex);
    else if (fact == INF_CODE && f->has_inf)
        snprintf(text, EXACT_TEXT, "%02x", f->inf_code);
    else if (fact == NAN_CODES && f->has_nan)
        snprintf(text, EXACT_TEXT, f->nan_first == f->nan_last ? "%02x" : "%02x..%02x", f->nan_first, f->nan_last);
    else if (fact == MINUS_ZERO)
        snprintf(text, EXACT_TEXT, "%s", f->has_minus_zero ? "yes" : "no");
}

static json_t *json_facts(mx_elem elem)
{
    char text[EXACT_TEXT];
    json_t *out = json_object();
    json_object_set_new(out, "format", json_string(mx_elem_name(elem)));
    for (size_t i = 0; i < FACTS; i++) {
        fact_text(elem, i, text);
        json_object_set_new(out, facts[i].name, json_string(text));
    }
    return out;
}

/* In the form of those of the elements: text, codes in hex. */
static json_t *json_scale(void)
{
    const mx_scale_facts *s = mxref_scale_facts();
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "format", "e8m0", "bias", json_sprintf("%d", s->bias), "emin",
                     json_sprintf("%d", s->emin), "emax", json_sprintf("%d", s->emax), "max-code",
                     json_sprintf("%02x", s->max_code), "nan-codes", json_sprintf("%02x", s->nan_code));
}

int info_formats(int json)
{
    char text[EXACT_TEXT];
    const mx_scale_facts *s = mxref_scale_facts();
    if (json) {
        json_t *out = json_array();
        for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++)
            json_array_append_new(out, json_facts(elem));
        json_array_append_new(out, json_scale());
        return tool_json(out);
    }
    printf("%-14s", "");
    for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++)
        printf(" %16s", mx_elem_name(elem));
    for (size_t i = 0; i < FACTS; i++) {
        printf("\n%-14s", facts[i].name);
        for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++) {
            fact_text(elem, i, text);
            printf(" %16s", text);
        }
    }
    printf("\n\ne8m0 (scale): bias %d, 2^%d (code 00) to 2^%d (code %02x), NaN is %02x, no zero, no Inf, no sign\n",
           s->bias, s->emin, s->emax, s->max_code, s->nan_code);
    return tool_finish(TOOL_OK);
}

static json_t *json_codes(mx_elem elem)
{
    const mx_facts *f = mxref_facts(elem);
    json_t *out = json_array();
    for (unsigned code = 0; code < 1u << f->bits; code++) {
        char fields[16], text[EXACT_TEXT], hex[EXACT_TEXT];
        code_fields(f, code, fields);
        code_texts(elem, code, text, hex);
        json_array_append_new(out, json_pack("{s:o, s:s, s:s, s:s, s:s}", "code", json_sprintf("%02x", code), "fields",
                                             fields, "kind", code_kind(f, code), "exact", text, "hex", hex));
    }
    return out;
}

int info_format(mx_elem elem, int json)
{
    const mx_facts *f = mxref_facts(elem);
    char fields[16], text[EXACT_TEXT], hex[EXACT_TEXT];
    if (json) {
        json_t *out = json_facts(elem);
        json_object_set_new(out, "codes", json_codes(elem));
        return tool_json(out);
    }
    printf("%s\n", mx_elem_name(elem));
    for (size_t i = 0; i < FACTS; i++) {
        fact_text(elem, i, text);
        printf("  %-14s %-22s %s\n", facts[i].name, text, facts[i].meaning);
    }
    printf("\ncode  %-10s  %-11s  %-18s  hex\n", "fields", "kind", "exact value");
    for (unsigned code = 0; code < 1u << f->bits; code++) {
        code_fields(f, code, fields);
        code_texts(elem, code, text, hex);
        printf("%02x    %-10s  %-11s  %-18s  %s\n", code, fields, code_kind(f, code), text, hex);
    }
    return tool_finish(TOOL_OK);
}

int info_scale(int json)
{
    const mx_scale_facts *s = mxref_scale_facts();
    json_t *out = json_scale(), *codes = json_array();
    if (!json)
        printf("e8m0\n  bias           %d\n  emin           %d\n  emax           %d\n  max-code       %02x\n  "
               "nan-codes      %02x\n\ncode  "
               "value\n",
               s->bias, s->emin, s->emax, s->max_code, s->nan_code);
    for (unsigned code = 0; code < 256; code++) {
        char text[32];
        snprintf(text, sizeof text, code == s->nan_code ? "nan" : "2^%d", (int)code - s->bias);
        if (!json)
            printf("%02x    %s\n", code, text);
        json_array_append_new(codes, json_pack("{s:o, s:s}", "code", json_sprintf("%02x", code), "exact", text));
    }
    json_object_set_new(out, "codes", codes);
    if (json)
        return tool_json(out);
    json_decref(out);
    return tool_finish(TOOL_OK);
}
