/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Parts of a report as JSON, written and read side by side.
 */
#ifndef CONFORMANCE_REPORT_JSON_H
#define CONFORMANCE_REPORT_JSON_H

#include "conformance/report/json_fields.h"

/* ---- json_members.c: rows for what a report is made of ---- */

extern const mxc_field mxc_head_fields[], mxc_counts_fields[], mxc_asked_fields[], mxc_shape_fields[],
    mxc_pack_fields[], mxc_failure_fields[], mxc_axis_count_fields[], mxc_clause_fields[], mxc_tag_fields[];

/* ---- json_causes.c: diagnosis, clusters, failures in short, repetition, known failures ---- */

void mxc_json_add_causes(json_t *o, const mxc_report *report);
void mxc_json_read_causes(mxc_json *r, const json_t *o, mxc_report *report);

/* ---- json_figures.c ---- */

json_t *mxc_json_figures(const mxc_figures *figures);
void mxc_json_read_figures(mxc_json *r, const json_t *root, mxc_report *report);

#endif
