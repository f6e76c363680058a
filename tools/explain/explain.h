/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One case, traced by the reference, and its parts as explain prints them.
 */
#ifndef TOOLS_EXPLAIN_H
#define TOOLS_EXPLAIN_H

#include <jansson.h>

#include <mx/conformance.h>
#include <mx/names.h>
#include <mx/ref.h>
#include <mx/vectors.h>

#include "tools/exact.h"

/* What the user asked about. `pack` holds the one case: inputs, and the reference's outputs. */
typedef struct explain {
    mxv_pack *pack;
    mxref_trace *trace;
    const mx_op_info *op;
    char profile[MXC_NAME + 32]; /* what the profile is called, or what it was begun from */
    char id[128], tags[256];     /* of the pack that the case was found in; id "" when typed in */
    char where[512];             /* that pack */
    mx_class class_;
    char *recorded;  /* the pack's expected outputs, NULL when typed in */
    mxv_pack *other; /* what the subject answered (--got), or NULL */
    size_t lane;     /* shown in full; (size_t)-1: all */
} explain;

/* ---- which case ---- */

/* Fill *x from "OP elem=... [type=...] ... COLUMNS" or from the case `id` of a pack (`given`, NULL: of all). 0, or -1
 * with the line printed. */
int explain_typed(explain *x, const char *profile_name, char **word, int n);
/* How many of the first words are "mxcts" and "explain": a pasted line may begin with them. */
int explain_skip_command(char **word, int n);
/* A whole line of a report (text, TAP, JUnit, JSON) given as one word; "-" for standard input. */
int explain_is_line(const char *text);
int explain_holds_case(const char *line);
/* 1 when it holds the command for the case that the line `like` names. */
int explain_holds_command(const char *line, const char *like);
/* The words of the command that it holds, or a case id alone, what the subject answered and the pack that it is to be
 * looked for in, each if said: pointers into `line`, which is written to. How many, at most `room`; -1 with the line
 * printed. */
int explain_split_line(char *line, char **word, int room, const char **got, const char **pack);
int explain_from_pack(explain *x, const char *given, const char *id);
/* By one of the two: what is typed in may have a profile, a case id a pack, else NULL. 0, or -1 with the line printed.
 */
int explain_find(explain *x, const char *profile, const char *pack, char **word, int n);

/* 1 when the pack at `path` has the case `id`. */
int explain_pack_holds(const char *path, const char *id);

/* What follows for every case that explain_typed or explain_from_pack has filled, and its end: */
int explain_run(explain *x);                  /* trace it, answer it. 0, or -1 with the line printed */
int explain_got(explain *x, const char *got); /* the subject's columns; same result */
int explain_choose_lane(explain *x, const char *text);
int explain_print_text(const explain *x); /* TOOL_OK or TOOL_ERROR */
void explain_free(explain *x);

/* ---- words for what the trace says ---- */

const char *explain_kind(mxref_kind kind);
const char *explain_scale_branch(mxref_scale_branch branch);
const char *explain_branch(mxref_branch branch); /* one or two words */

/* Why the element has its answer, in one sentence (EXPLAIN_WORDS bytes), and the clause for it. */
#define EXPLAIN_WORDS 256
void explain_decision(char words[EXPLAIN_WORDS], const explain *x, const mxref_element_trace *e);
const char *explain_clause(const explain *x, const mxref_element_trace *e);

/* The bits of the answer or of an input: hex digits of the width, and the exact value ("nan", "-inf" too). */
void explain_value(char text[EXACT_TEXT], mx_type type, uint64_t bits);
void explain_code(char text[EXACT_TEXT], const explain *x, unsigned code);
unsigned explain_digits(mx_type type);
uint64_t explain_input(const explain *x, size_t lane);

/* ---- other settings of the axes ---- */

/* What one changed axis would give. */
typedef struct explain_other {
    mx_axis axis;
    unsigned value;
    char *outputs;    /* columns as in packs; NULL when the answer is the same */
    size_t cells;     /* output cells that differ */
    size_t lane;      /* first that does, (size_t)-1 when only the scale does */
    int is_the_other; /* it is what the subject answered */
} explain_other;

typedef struct explain_others {
    explain_other row[80];
    size_t rows;
} explain_others;

/* Every other value of every axis that the operation, format and type can depend on. MX_OK, or a failure. */
mx_status explain_alternatives(const explain *x, explain_others *others);
void explain_others_free(explain_others *others);

/* With `round=sr:N`, the exact probability that the magnitude goes up; empty when the element is exact. */
void explain_probability(char text[EXACT_TEXT], const mxref_element_trace *e);

/* ---- output ---- */

/* Where the text goes: standard output, until another stream is named (NULL: standard output again). */
FILE *explain_out(void);
void explain_to(FILE *out);

/* A line "label       words ...", continued below the words; at most 100 columns. */
void explain_entry(const char *label, const char *format, ...) __attribute__((format(printf, 2, 3)));
void explain_head(const explain *x); /* the case, its operation and profile */

void explain_text(const explain *x, const explain_others *others);
json_t *explain_json(const explain *x, const explain_others *others);

/* The same for pack, unpack, swizzle, unswizzle, which have no trace. */
void explain_layout_text(const explain *x);
json_t *explain_layout_json(const explain *x);
/* What every document begins with: the case and its shape; its columns, and the subject's. */
json_t *explain_head_json(const explain *x);
void explain_put_columns(json_t *out, const explain *x);

#endif
