/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The columns of a batch, to be copied to where kernels run and back. Host only.
 */
#ifndef MXG_COLUMNS_H
#define MXG_COLUMNS_H

#include <mx/types.h>

/* Inputs first. */
enum {
    MXG_VALUE,
    MXG_RANDOM,
    MXG_SCALE,
    MXG_CODE,
    MXG_BYTE,
    MXG_OUT_VALUE,
    MXG_OUT_SCALE,
    MXG_OUT_CODE,
    MXG_OUT_BYTE,
    MXG_COLUMNS
};

typedef struct mxg_column {
    char *at;    /* NULL: the batch has none. Inputs are not written to. */
    size_t each; /* bytes a case */
} mxg_column;

void mxg_columns_of(const mx_batch *batch, mxg_column column[MXG_COLUMNS]);

/* The batch with its columns at these places. */
mx_batch mxg_with_columns(const mx_batch *batch, void *const at[MXG_COLUMNS]);

#endif
