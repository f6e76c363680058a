/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels/columns.h"

#include <mx/names.h>

void mxg_columns_of(const mx_batch *b, mxg_column column[MXG_COLUMNS])
{
    const size_t values = b->k * mx_type_bytes(b->type), scales = b->rows ? b->k : 1;
    const size_t arranged = b->layout ? mx_layout_bytes(b) : 0;

    column[MXG_VALUE] = (mxg_column){(char *)(uintptr_t)b->in.value, values};
    column[MXG_RANDOM] = (mxg_column){(char *)(uintptr_t)b->in.random, b->k * sizeof *b->in.random};
    column[MXG_SCALE] = (mxg_column){(char *)(uintptr_t)b->in.scale, scales};
    column[MXG_CODE] = (mxg_column){(char *)(uintptr_t)b->in.code, b->k};
    column[MXG_BYTE] = (mxg_column){(char *)(uintptr_t)b->in.byte, arranged};
    column[MXG_OUT_VALUE] = (mxg_column){b->out.value, values};
    column[MXG_OUT_SCALE] = (mxg_column){(char *)b->out.scale, scales};
    column[MXG_OUT_CODE] = (mxg_column){(char *)b->out.code, b->k};
    column[MXG_OUT_BYTE] = (mxg_column){(char *)b->out.byte, arranged};
}

mx_batch mxg_with_columns(const mx_batch *batch, void *const at[MXG_COLUMNS])
{
    mx_batch moved = *batch;

    moved.in.value = at[MXG_VALUE];
    moved.in.random = at[MXG_RANDOM];
    moved.in.scale = at[MXG_SCALE];
    moved.in.code = at[MXG_CODE];
    moved.in.byte = at[MXG_BYTE];
    moved.out.value = at[MXG_OUT_VALUE];
    moved.out.scale = at[MXG_OUT_SCALE];
    moved.out.code = at[MXG_OUT_CODE];
    moved.out.byte = at[MXG_OUT_BYTE];
    return moved;
}
