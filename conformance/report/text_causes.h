/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies behind failures, as paragraphs of the text report.
 */
#ifndef CONFORMANCE_REPORT_TEXT_CAUSES_H
#define CONFORMANCE_REPORT_TEXT_CAUSES_H

#include <mx/conformance.h>

/* Paragraphs of the text report, each with an empty line after it; nothing when there is no failure. */
void mxc_print_diagnosis(FILE *out, const mxc_report *report);
void mxc_print_clusters(FILE *out, const mxc_report *report);
/* What a cluster's failures have in common, a space before each part: operations, formats and types; where. */
void mxc_print_cluster_shape(FILE *out, const mxc_cluster *cluster);
void mxc_print_cluster_alike(FILE *out, const mxc_cluster *cluster);
/* The entries of the file of known failures, an empty line before. */
void mxc_print_known(FILE *out, const mxc_report *report);

#endif
