/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The shape of a batch: which ids and sizes an operation goes with, and how many cells its columns have.
 */
#include <mx/names.h>

#include "vectors/text.h"

/* The tile of the 128x4 layout, in scales. */
enum { TILE_ROWS = 128, TILE_COLS = 4, NIBBLE = 4 };

static int layout_ok(const mx_op_info *op, mx_layout layout)
{
    if (!op->layouts)
        return layout == 0;
    return mx_layout_name(layout) && op->layouts >> layout & 1;
}

/* The sizes: k alone, or rows and cols whose product k is. */
static mx_status check_sizes(const mx_batch *s, const mx_op_info *op, char *why)
{
    int sized = op->is_block || op->is_matrix;

    if (sized && (s->k < 1 || s->k > MX_BLOCK_MAX)) {
        mxv_say(why, MX_WHY, "wanted %s from 1 to %u, found %zu", op->is_matrix ? "rows * cols" : "k", MX_BLOCK_MAX,
                s->k);
    } else if (!sized && s->k != 1) {
        mxv_say(why, MX_WHY, "wanted k = 1 for %s, found %zu", op->name, s->k);
    } else if (!op->is_matrix && (s->rows || s->cols)) {
        mxv_say(why, MX_WHY, "wanted no rows and cols for %s, found %zu and %zu", op->name, s->rows, s->cols);
    } else if (op->is_matrix && (!s->rows || s->k % s->rows || s->k / s->rows != s->cols)) {
        mxv_say(why, MX_WHY, "wanted k = rows * cols for %s, found k = %zu, rows = %zu, cols = %zu", op->name, s->k,
                s->rows, s->cols);
    } else if (s->layout == MX_LAYOUT_SPLIT_HALF && mx_elem_bits(s->elem) != NIBBLE) {
        mxv_say(why, MX_WHY, "wanted elem=e2m1 for layout=split-half, found elem=%s", mx_elem_name(s->elem));
    } else if (s->layout == MX_LAYOUT_SPLIT_HALF && s->k % 2) {
        mxv_say(why, MX_WHY, "wanted an even k for layout=split-half, found %zu", s->k);
    } else {
        return MX_OK;
    }
    return MX_EINVAL;
}

mx_status mx_shape_check(const mx_batch *s, char *why)
{
    const mx_op_info *op = s ? mx_op_info_of(s->op) : NULL;

    if (!s) {
        mxv_say(why, MX_WHY, "wanted a batch, found NULL");
    } else if (!op) {
        mxv_say(why, MX_WHY, "wanted an op, found id %u", (unsigned)s->op);
    } else if (op->has_elem ? !mx_elem_name(s->elem) : s->elem != 0) {
        mxv_say(why, MX_WHY, "wanted %s, found id %u",
                op->has_elem ? "an element format" : "no element format (0), as this op has none", (unsigned)s->elem);
    } else if (op->has_type ? !mx_type_name(s->type) : s->type != 0) {
        mxv_say(why, MX_WHY, "wanted %s, found id %u", op->has_type ? "a type" : "no type (0), as this op has none",
                (unsigned)s->type);
    } else if (!layout_ok(op, s->layout)) {
        mxv_say(why, MX_WHY, "wanted %s, found id %u",
                op->layouts ? "a layout of this op" : "no layout (0), as this op has none", (unsigned)s->layout);
    } else {
        return check_sizes(s, op, why);
    }
    return MX_EINVAL;
}

static size_t up_to(size_t n, size_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

size_t mx_layout_bytes(const mx_batch *shape)
{
    if (mx_shape_check(shape, NULL) != MX_OK || !shape->layout)
        return 0;
    if (shape->layout == MX_LAYOUT_128X4) /* at most MX_BLOCK_MAX * 512: no overflow */
        return up_to(shape->rows, TILE_ROWS) * up_to(shape->cols, TILE_COLS);
    return up_to(shape->k * mx_elem_bits(shape->elem), 8) / 8;
}

size_t mx_column_cells(const mx_batch *shape, const mx_column *column)
{
    if (!column || mx_shape_check(shape, NULL) != MX_OK)
        return 0;
    if (column->count == MX_PER_BYTE)
        return mx_layout_bytes(shape);
    return column->count == MX_PER_ELEMENT ? shape->k : 1;
}
