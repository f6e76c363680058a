/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Naming the axis: the reference is run again under every profile that differs in one axis, and where it then gives the
 * subject's answer, that value explains it.
 */
#include "config.h"

#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/ask.h"
#include "conformance/batch.h"
#include "conformance/judge/compare.h"

unsigned mxc_value_bit(mx_axis axis, unsigned value)
{
    unsigned bit = value - 1;
    for (int a = 1; a < (int)axis; a++)
        bit += mx_axis_count((mx_axis)a);
    return bit;
}

/* Free cells in the shape of mx_outputs over the free cells' own store. */
typedef struct trial {
    mxc_store store;    /* inputs of the failing cases, answers of the reference under the other profile */
    uint8_t *free_cell; /* the flags, one allocation */
    mxref_free free;
    mx_outputs open;
} trial;

static mx_status trial_new(trial *t, const mx_batch *batch, const mx_profile *profile)
{
    mx_batch shape = *batch;
    shape.profile = *profile;
    *t = (trial){0};
    mx_status status = mxc_store_new(&t->store, &shape, batch->count);
    if (status != MX_OK)
        return status;
    size_t cells = batch->count * batch->k;
    t->free_cell = calloc(2, cells + batch->count);
    if (!t->free_cell)
        return MX_ENOMEM;
    const mx_outputs *out = &t->store.batch.out;
    t->free = (mxref_free){out->value ? t->free_cell : NULL, out->scale ? t->free_cell + cells : NULL,
                           out->code ? t->free_cell + cells + batch->count : NULL};
    t->open = (mx_outputs){.value = t->free.value, .scale = t->free.scale, .code = t->free.code};
    for (size_t i = 0; i < batch->count; i++)
        mxc_copy_inputs(&t->store.batch, i, batch, i);
    return MX_OK;
}

static void trial_free(trial *t)
{
    free(t->free_cell);
    mxc_store_free(&t->store);
}

/* The answer is the other profile's in every cell that it fixes, and in one of those it is not this one's. */
static int explains(const trial *t, const trial *base, size_t i, const mx_outputs *answer)
{
    return !mxc_compare_case(&base->store.batch, &t->open, i, answer, NULL) &&
           mxc_compare_case(&t->store.batch, &t->open, i, answer, NULL);
}

static mx_status trial_run(trial *t, const mx_batch *batch, const mx_profile *profile)
{
    mx_status status = trial_new(t, batch, profile);
    return status == MX_OK ? mxref_run(&t->store.batch, &t->free) : status;
}

static mx_status try_value(const mx_batch *batch, const trial *base, mx_axis axis, unsigned value, uint64_t *found)
{
    mx_profile profile = batch->profile;
    if (mx_profile_set(&profile, axis, value) != MX_OK)
        return MX_OK;
    trial t;
    mx_status status = trial_run(&t, batch, &profile);
    if (status == MX_OK) {
        for (size_t i = 0; i < batch->count; i++)
            if (explains(&t, base, i, &batch->out))
                found[i] |= UINT64_C(1) << mxc_value_bit(axis, value);
    }
    trial_free(&t);
    return status;
}

static mx_status try_axis(const mx_batch *batch, const trial *base, mx_axis axis, uint64_t *found)
{
    unsigned now = mx_profile_get(&batch->profile, axis);
    for (unsigned value = 1; value <= mx_axis_count(axis); value++) {
        /* Values that leave an answer open explain none. Stochastic rounding needs random bits, which a case of another
         * rounding has not. */
        if (value == now || value == mxc_open_value(axis) || (axis == MX_AXIS_ROUND && value == MX_SR) ||
            mxc_value_bit(axis, value) >= 64)
            continue;
        mx_status status = try_value(batch, base, axis, value, found);
        if (status != MX_OK)
            return status;
    }
    return MX_OK;
}

mx_status mxc_departures_all(const mx_batch *batch, uint64_t *found)
{
    trial base;
    memset(found, 0, batch->count * sizeof *found);
    mx_status status = trial_run(&base, batch, &batch->profile);
    for (int a = 1; a <= MX_AXIS_LAST && status == MX_OK; a++)
        if (mx_axis_matters((mx_axis)a, batch->op, batch->elem, batch->type, &batch->profile))
            status = try_axis(batch, &base, (mx_axis)a, found);
    trial_free(&base);
    return status;
}

size_t mxc_departures(const mx_batch *batch, size_t i, mxc_departure *found, size_t room)
{
    mx_batch one = mxc_slice(batch, i, 1);
    uint64_t mask = 0;
    size_t n = 0;
    if (mxc_departures_all(&one, &mask) != MX_OK)
        return 0;
    for (int axis = 1; axis <= MX_AXIS_LAST; axis++)
        for (unsigned value = 1; value <= mx_axis_count((mx_axis)axis); value++) {
            unsigned bit = mxc_value_bit((mx_axis)axis, value);
            if (bit >= 64 || !(mask >> bit & 1))
                continue;
            if (n < room)
                found[n] = (mxc_departure){(mx_axis)axis, value};
            n++;
        }
    return n;
}
