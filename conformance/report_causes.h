/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CONFORMANCE_REPORT_CAUSES_H
#define CONFORMANCE_REPORT_CAUSES_H

#include <mx/conformance.h>

/* Paragraphs of the text report, each with an empty line after it; nothing when there is no failure. */
void mxc_print_diagnosis(FILE *out, const mxc_report *report);
void mxc_print_clusters(FILE *out, const mxc_report *report);

#endif
