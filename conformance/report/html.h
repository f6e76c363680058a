/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Parts of the HTML page. Every text that is not written here goes through mxc_put_markup.
 */
#ifndef CONFORMANCE_REPORT_HTML_H
#define CONFORMANCE_REPORT_HTML_H

#include "conformance/report/report.h"

extern const char mxc_html_style[];

/* 1,234,567 */
void mxc_html_number(FILE *out, size_t n);
/* A number of things: "1 case", "12 cases". */
void mxc_html_count(FILE *out, size_t n, const char *thing);
/* A table cell with a number; class "bad" when it is not 0 and `bad` is set, "nil" when it is 0. */
void mxc_html_cell(FILE *out, size_t n, int bad);
/* Head of a table that scrolls by itself on a narrow screen: caption, column names separated by '|', those that begin
 * with '#' for numbers. End with mxc_html_table_end. */
void mxc_html_table(FILE *out, const char *caption, const char *columns);
void mxc_html_table_end(FILE *out);

/* Sections, each with its heading; one that has nothing to say prints nothing. */
void mxc_html_causes(FILE *out, const mxc_report *report);
void mxc_html_known(FILE *out, const mxc_report *report);
void mxc_html_failures(FILE *out, const mxc_report *report);
void mxc_html_figures(FILE *out, const mxc_report *report);
void mxc_html_rows(FILE *out, const mxc_report *report);
void mxc_html_axes(FILE *out, const mxc_report *report);
void mxc_html_clauses(FILE *out, const mxc_report *report);
void mxc_html_not_judged(FILE *out, const mxc_report *report);
void mxc_html_packs(FILE *out, const mxc_report *report);

/* ---- svg.c ---- */

/* Whether there is anything to draw. */
int mxc_heat_judged(const mxc_heat *heat, mxc_rate *total);
void mxc_svg_heat(FILE *out, mx_elem elem, const mxc_heat *heat);
mxc_rate mxc_binade_total(const mxc_binade *binade);
void mxc_svg_binade(FILE *out, const mxc_binade *binade);
void mxc_svg_lanes(FILE *out, const char *op, const mxc_rate lane[MXC_LANE_BINS]);

#endif
