/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Asking a subject a few cases, asking the reference the same, and one case as a line.
 */
#ifndef CONFORMANCE_ADAPTERS_ASK_H
#define CONFORMANCE_ADAPTERS_ASK_H

#include <mx/conformance.h>
#include <mx/ref.h>

#include "conformance/batch.h"

/* Offer the shape and ask every case of `batch`; outputs are written. MX_EUNSUPPORTED when the shape is declined or a
 * case is refused, else the subject's misconduct. */
mx_status mxc_ask(mxc_subject *subject, const mx_batch *batch, mxv_error *error);

/* What it is asked to follow: `ask`, with the axes that it declares. */
mx_profile mxc_ask_profile(const mxc_subject *subject, const mx_profile *ask);

/* Shapes of the operations without a layout that it takes under `profile`, the first of some k for each operation,
 * format and type, as batches of `count` 24 without columns. Returns how many, at most `room`. */
size_t mxc_ask_shapes(mxc_subject *subject, const mx_profile *profile, mx_batch *shape, size_t room);

/* Answers of the reference to the inputs of `batch` under `profile`, with the cells that it leaves free. */
typedef struct mxc_expected {
    mxc_store store;
    uint8_t *flags;
    mx_outputs open; /* one byte a cell */
} mxc_expected;

/* Random bits of `batch` are used when `profile` rounds with them and left out when not. */
mx_status mxc_expected_new(mxc_expected *expected, const mx_batch *batch, const mx_profile *profile);
void mxc_expected_free(mxc_expected *expected);

/* The free cells of case i, as mxc_compare_case wants them for a batch of that case alone. */
mx_outputs mxc_slice_open(const mxc_expected *expected, size_t i);

/* Cells of a case's outputs: the scale (when there is one), then each lane. */
size_t mxc_cells(const mx_batch *shape);
int mxc_cell_open(const mxc_expected *expected, size_t i, size_t cell);
/* 1 when the cell of `got` (case i too) is what is expected, as mxc_compare sees it, or free. */
int mxc_cell_match(const mxc_expected *expected, size_t i, size_t cell, const mx_batch *got);
/* The same for batches of one case; what is free is not looked at. */
int mxc_cell_match_case(const mxc_expected *expected, size_t cell, const mx_batch *got);

/* "mxcts explain OP ... INPUTS --got 'OUTPUTS'", the axes that differ from ocp-mx-1.0's written out. `got` may be NULL.
 * The caller frees it; NULL when out of memory. */
char *mxc_case_line(const mx_batch *batch, size_t i, const mx_batch *got);
/* One cell of it in a few words: "cast e4m3 fp32: 3f880000 gives 38". */
void mxc_cell_words(char *text, size_t size, const mx_batch *batch, size_t i, size_t cell);

/* The profile ocp-mx-1.0 (every axis at its first value; see mx/types.h). */
mx_profile mxc_first_profile(void);

/* The value of an axis that leaves answers open, 0 when it has none. It fits whatever a definite one fits. */
unsigned mxc_open_value(mx_axis axis);

#endif
