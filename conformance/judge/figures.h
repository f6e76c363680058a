/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counts for figures.
 */
#ifndef CONFORMANCE_JUDGE_FIGURES_H
#define CONFORMANCE_JUDGE_FIGURES_H

#include <mx/conformance.h>

/* Count case i of `want` (outputs: the expected ones, and the free cells `open`), answered with case 0 of `got`.
 * MX_ENOMEM. */
mx_status mxc_figures_add(mxc_figures *figures, const mx_batch *want, const mx_outputs *open, const mx_outputs *got);
/* The grid of this format and axis value, made when it is not there; NULL: out of memory. */
mxc_binade *mxc_binade_of(mxc_figures *figures, mx_elem elem, unsigned value);
/* Exponents of a format's columns; done for every format by mxc_figures_new. */
mxc_figures *mxc_figures_new(void);
void mxc_figures_free(mxc_figures *figures);

#endif
