/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Parts of a report as JSON, written and read side by side.
 */
#ifndef CONFORMANCE_REPORT_JSON_H
#define CONFORMANCE_REPORT_JSON_H

#include "conformance/json_read.h"

json_t *mxc_json_size(size_t n);
json_t *mxc_json_text(const char *text);                   /* of unknown origin; null for NULL */
json_t *mxc_json_axis_value(mx_axis axis, unsigned value); /* "round=rna"; null for axis 0 */
/* "axis=value"; the axis, or 0 (for null too) with the reader failed when it is anything else. */
mx_axis mxc_json_axis_value_of(mxc_json *r, const json_t *text, unsigned *value);

/* ---- report_json_causes.c: diagnosis, clusters, failures in short, repetition, known failures ---- */

void mxc_json_add_causes(json_t *o, const mxc_report *report);
void mxc_json_read_causes(mxc_json *r, const json_t *o, mxc_report *report);

/* ---- report_json_figures.c ---- */

json_t *mxc_json_figures(const mxc_figures *figures);
void mxc_json_read_figures(mxc_json *r, const json_t *root, mxc_report *report);

#endif
