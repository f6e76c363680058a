/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What each other value of each axis would have given.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tools/explain/explain.h"

/* Cells in which two answers to the same case differ, and the first lane of them. */
static size_t differing(const mx_batch *a, const mx_batch *b, size_t *lane)
{
    size_t cells = 0, width = mx_type_bytes(a->type);
    *lane = (size_t)-1;
    if (a->out.scale && a->out.scale[0] != b->out.scale[0])
        cells++;
    for (size_t i = a->k; i-- > 0;) {
        int code = a->out.code && a->out.code[i] != b->out.code[i];
        int value = a->out.value &&
                    memcmp((const char *)a->out.value + i * width, (const char *)b->out.value + i * width, width) != 0;
        if (code || value)
            *lane = i;
        cells += (size_t)(code || value);
    }
    return cells;
}

/* The case once more, with one axis changed. `scratch` has its shape; its outputs are overwritten. */
static mx_status answer_with(const explain *x, mxv_pack *scratch, mx_axis axis, unsigned value)
{
    mx_batch *b = &scratch->batch;
    b->profile = x->pack->batch.profile;
    b->in = x->pack->batch.in;
    mx_status status = mx_profile_set(&b->profile, axis, value);
    if (b->profile.round != MX_SR)
        b->in.random = NULL;
    mxref_free open = {scratch->open.value, scratch->open.scale, scratch->open.code};
    return status == MX_OK ? mxref_run(b, &open) : status;
}

static mx_status record(const explain *x, mxv_pack *scratch, explain_others *others, mx_axis axis, unsigned value)
{
    explain_other *row = &others->row[others->rows];
    *row = (explain_other){.axis = axis, .value = value};
    mx_status status = answer_with(x, scratch, axis, value);
    if (status != MX_OK)
        return status;
    row->cells = differing(&x->pack->batch, &scratch->batch, &row->lane);
    if (row->cells) {
        row->outputs = malloc(mxv_outputs_text(&scratch->batch));
        if (!row->outputs)
            return MX_ENOMEM;
        mxv_format_outputs(&scratch->batch, &scratch->open, 0, row->outputs);
    }
    row->is_the_other = x->other && mxc_compare(scratch, 0, &x->other->batch.out, NULL);
    others->rows++;
    return MX_OK;
}

mx_status explain_alternatives(const explain *x, explain_others *others)
{
    const mx_batch *b = &x->pack->batch;
    const size_t room = sizeof others->row / sizeof others->row[0];
    mxv_pack *scratch;
    others->rows = 0;
    mx_status status = mxv_pack_new(&scratch, b);
    if (status != MX_OK)
        return status;
    const mx_inputs own = scratch->batch.in;
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST && status == MX_OK; axis++) {
        if (!mx_axis_matters(axis, b->op, b->elem, b->type, NULL))
            continue;
        for (unsigned value = 1; value <= mx_axis_count(axis) && status == MX_OK; value++)
            /* random bits cannot be made up: sr is told as a probability */
            if (value != mx_profile_get(&b->profile, axis) && !(axis == MX_AXIS_ROUND && value == MX_SR) &&
                others->rows < room)
                status = record(x, scratch, others, axis, value);
    }
    scratch->batch.in = own;
    mxv_pack_free(scratch);
    return status;
}

void explain_others_free(explain_others *others)
{
    for (size_t i = 0; i < others->rows; i++)
        free(others->row[i].outputs);
    others->rows = 0;
}
