/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the forms of a report share.
 */
#ifndef CONFORMANCE_REPORT_REPORT_H
#define CONFORMANCE_REPORT_REPORT_H

#include <mx/conformance.h>

#include "conformance/data/pack_name.h"

/* ---- rows.c: packs of one op, format, type and layout taken together ---- */

typedef struct mxc_row {
    mx_op op;
    mx_elem elem;
    mx_type type;
    mx_layout layout;
    size_t packs, unsupported, not_applicable;
    size_t exhaustive; /* packs of which every input was judged */
    mxc_tally tally;
    size_t deviations, known;
    const char *reason; /* of the first pack that was not judged, or "" */
} mxc_row;

/* The rows of a report, sorted; the caller frees them. NULL: out of memory. */
mxc_row *mxc_rows_of(const mxc_report *report, size_t *count);
int mxc_row_has(const mxc_row *row, const mx_batch *shape);
/* "cast e4m3 fp32", "pack e2m1 low-first". */
#define MXC_ROW_NAME 64
void mxc_row_name(char name[MXC_ROW_NAME], const mxc_row *row);
/* MXC_UNSUPPORTED and MXC_NOT_APPLICABLE when none of its packs was judged. */
mxc_verdict mxc_row_verdict(const mxc_row *row, int strict);

/* 1 when the run fails for more than cases that count: misconduct, answers that change, expired known failures. */
int mxc_fails_otherwise(const mxc_report *report);

/* ---- words ---- */

const char *mxc_conclusion_word(const mxc_report *report); /* "PASS" "FAIL" "SKIP" "INCOMPLETE" */
const char *mxc_column_name(mx_column_kind kind);          /* "value" "scale" "code" "byte" */
/* "round=sr:8"; `size` of 64 suffices. */
void mxc_axis_text(char *text, size_t size, const mx_profile *profile, mx_axis axis);
/* "code of lane 3: wanted 2, found 3 (4 cells differ)" */
#define MXC_DIFFERENCE 160
void mxc_difference(char text[MXC_DIFFERENCE], const mxc_report *report, const mxc_failure *failure);
/* "round=rna, round=rup", or "" when no single axis explains the failure. */
#define MXC_EXPLAINED_BY 320
void mxc_explained_by(char text[MXC_EXPLAINED_BY], const mxc_failure *failure);

/* ---- ids.c: names of ids, NULL for what is no id; for sets of them ---- */

typedef const char *mxc_id_name(unsigned id);
mxc_id_name mxc_id_op, mxc_id_elem, mxc_id_type, mxc_id_layout, mxc_id_class, mxc_id_verdict, mxc_id_column,
    mxc_id_place, mxc_id_range, mxc_id_stage;

/* ---- what a value of an axis was judged on ---- */

/* Cases of the judged packs that have this value of an axis that matters to them. */
mxc_tally mxc_axis_tally(const mxc_report *report, mx_axis axis, unsigned value);

/* ---- markup.c: text of unknown origin ---- */

/* The text as UTF-8: a byte that does not belong becomes U+FFFD. The caller frees it; NULL: out of memory. */
char *mxc_utf8(const char *text);
/* Into XML or HTML, between tags or in quotes: markup characters escaped, control characters (but tab and newline) as
 * their pictures U+2400..., what XML cannot hold as U+FFFD. */
void mxc_put_markup(FILE *out, const char *text);
/* On a line: control characters, line feeds too, as their pictures. */
void mxc_put_plain(FILE *out, const char *text);
/* In double quotes, as JSON and YAML have them; ASCII only. */
void mxc_put_quoted(FILE *out, const char *text);

#endif
