/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/batch.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const mx_column *find(const mx_column *columns, size_t n, mx_column_kind kind)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i].kind == kind)
            return &columns[i];
    return NULL;
}

static const mx_column *column_of(const mx_op_info *info, int col)
{
    switch (col) {
    case COL_IN_VALUE:
    case COL_RANDOM:
        return find(info->in, info->n_in, MX_COL_VALUE);
    case COL_IN_SCALE:
        return find(info->in, info->n_in, MX_COL_SCALE);
    case COL_IN_CODE:
        return find(info->in, info->n_in, MX_COL_CODE);
    case COL_IN_BYTE:
        return find(info->in, info->n_in, MX_COL_BYTE);
    case COL_OUT_VALUE:
        return find(info->out, info->n_out, MX_COL_VALUE);
    case COL_OUT_SCALE:
        return find(info->out, info->n_out, MX_COL_SCALE);
    case COL_OUT_CODE:
        return find(info->out, info->n_out, MX_COL_CODE);
    default:
        return find(info->out, info->n_out, MX_COL_BYTE);
    }
}

size_t mxc_cell_bytes(const mx_batch *shape, int col)
{
    const mx_op_info *info = mx_op_info_of(shape->op);
    if (!info)
        return 0;
    const mx_column *column = column_of(info, col);
    if (!column || (col == COL_RANDOM && !(info->rounds && shape->profile.round == MX_SR)))
        return 0;
    size_t width = col == COL_RANDOM ? sizeof(uint32_t) : 1;
    if (col == COL_IN_VALUE || col == COL_OUT_VALUE)
        width = mx_type_bytes(shape->type);
    return mx_column_cells(shape, column) * width; /* at most MX_BLOCK_MAX * 512 cells: no overflow */
}

/* Where a batch keeps the address of each column. */
static const size_t address_at[COLS] = {
    [COL_IN_VALUE] = offsetof(mx_batch, in.value),   [COL_RANDOM] = offsetof(mx_batch, in.random),
    [COL_IN_SCALE] = offsetof(mx_batch, in.scale),   [COL_IN_CODE] = offsetof(mx_batch, in.code),
    [COL_IN_BYTE] = offsetof(mx_batch, in.byte),     [COL_OUT_VALUE] = offsetof(mx_batch, out.value),
    [COL_OUT_SCALE] = offsetof(mx_batch, out.scale), [COL_OUT_CODE] = offsetof(mx_batch, out.code),
    [COL_OUT_BYTE] = offsetof(mx_batch, out.byte),
};

void *mxc_column(const mx_batch *batch, int col)
{
    void *data;
    memcpy(&data, (const char *)batch + address_at[col], sizeof data);
    return data;
}

void mxc_column_set(mx_batch *batch, int col, void *data)
{
    memcpy((char *)batch + address_at[col], &data, sizeof data);
}

mx_status mxc_store_new(mxc_store *store, const mx_batch *shape, size_t count)
{
    enum { ALIGN = 64 };
    size_t at[COLS], total = 0;
    for (int c = 0; c < COLS; c++) {
        size_t cell = mxc_cell_bytes(shape, c);
        if (cell && count > (SIZE_MAX / 16 - total) / cell)
            return MX_ESIZE;
        at[c] = total;
        total += (cell * count + ALIGN - 1) / ALIGN * ALIGN;
    }
    char *memory = calloc(1, total + ALIGN);
    if (!memory)
        return MX_ENOMEM;
    *store = (mxc_store){.batch = *shape, .memory = memory};
    store->batch.count = count;
    for (int c = 0; c < COLS; c++)
        mxc_column_set(&store->batch, c, mxc_cell_bytes(shape, c) ? memory + at[c] : NULL);
    return MX_OK;
}

mx_status mxc_store_of(mxc_store *store, const mx_batch *source, const size_t *cases, size_t count)
{
    const mx_status status = mxc_store_new(store, source, count);
    for (size_t i = 0; i < count && status == MX_OK; i++)
        mxc_copy_inputs(&store->batch, i, source, cases ? cases[i] : i);
    return status;
}

void mxc_store_free(mxc_store *store)
{
    if (store)
        free(store->memory);
    if (store)
        *store = (mxc_store){0};
}

static void copy(const mx_batch *dest, size_t to, const mx_batch *source, size_t from, int first, int last)
{
    for (int c = first; c <= last; c++) {
        size_t cell = mxc_cell_bytes(dest, c);
        if (cell)
            memcpy((char *)mxc_column(dest, c) + to * cell, (const char *)mxc_column(source, c) + from * cell, cell);
    }
}

void mxc_copy_inputs(const mx_batch *dest, size_t to, const mx_batch *source, size_t from)
{
    copy(dest, to, source, from, COL_IN_VALUE, COL_IN_BYTE);
}

void mxc_copy_outputs(const mx_batch *dest, size_t to, const mx_batch *source, size_t from)
{
    copy(dest, to, source, from, COL_OUT_VALUE, COL_OUT_BYTE);
}

mx_batch mxc_slice(const mx_batch *batch, size_t first, size_t count)
{
    mx_batch slice = *batch;
    slice.count = count;
    for (int c = 0; c < COLS; c++) {
        char *data = mxc_column(batch, c);
        if (data)
            mxc_column_set(&slice, c, data + first * mxc_cell_bytes(batch, c));
    }
    return slice;
}

uint64_t mxc_value_bits(const void *column, mx_type type, size_t j)
{
    uint64_t wide;
    uint32_t word;
    uint16_t half;
    const char *at = (const char *)column + j * mx_type_bytes(type);
    switch (mx_type_bytes(type)) {
    case sizeof wide:
        memcpy(&wide, at, sizeof wide);
        return wide;
    case sizeof word:
        memcpy(&word, at, sizeof word);
        return word;
    default:
        memcpy(&half, at, sizeof half);
        return half;
    }
}

static const mxc_layout layouts[] = {
    {MX_FP32, 32, 23, -126, 127, 0x7f800000, 0x80000000, 0x7fc00000},
    {MX_BF16, 16, 7, -126, 127, 0x7f80, 0x8000, 0x7fc0},
    {MX_FP16, 16, 10, -14, 15, 0x7c00, 0x8000, 0x7e00},
    {MX_FP64, 64, 52, -1022, 1023, 0x7ff0000000000000, 0x8000000000000000, 0x7ff8000000000000},
};

const mxc_layout *mxc_layout_of(mx_type type)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (layouts[i].type == type) {
            return &layouts[i];
        }
    }
    return NULL;
}

int mxc_value_is_nan(uint64_t bits, mx_type type)
{
    const mxc_layout *layout = mxc_layout_of(type);
    return layout != NULL && (bits & ~layout->sign) > layout->inf;
}
