/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A pack as a subject is judged on it that promises less (D38): what it leaves open is not compared.
 */
#include "config.h"

#include "conformance/judge/weaken.h"

#include <mx/conformance.h>

#include "conformance/adapters/ask.h"

/* The axes that have a value that promises nothing. Of the first two the profile alone tells the comparison (a NaN is
 * any NaN). */
static const struct weak {
    mx_axis axis;
    int opens_cells;
} weak[] = {{MX_AXIS_NAN_CODE, 0},
            {MX_AXIS_OVERFLOW_NAN, 0},
            {MX_AXIS_NAN_TO, 1},
            {MX_AXIS_UNDER_NAN_SCALE, 1},
            {MX_AXIS_DECODE_OVER, 1}};

static void join(const uint8_t *to, const uint8_t *from, size_t cells)
{
    uint8_t *open = (uint8_t *)(uintptr_t)to; /* the judge owns the pack */
    for (size_t i = 0; open && i < cells; i++)
        open[i] |= from[i];
}

mx_status mxc_weaken(mxv_pack *pack, const mx_profile *declared)
{
    mx_batch *b = &pack->batch;
    mxc_expected less;
    int opens = 0;
    for (size_t i = 0; declared && i < sizeof weak / sizeof *weak; i++) {
        const mx_axis axis = weak[i].axis;
        const unsigned open = mxc_open_value(axis);
        if (mx_profile_get(declared, axis) != open || mx_profile_get(&b->profile, axis) == open ||
            !mx_axis_matters(axis, b->op, b->elem, b->type, &b->profile))
            continue;
        mx_profile_set(&b->profile, axis, open);
        opens |= weak[i].opens_cells;
    }
    if (!opens)
        return MX_OK;
    const mx_status status = mxc_expected_new(&less, b, &b->profile);
    if (status != MX_OK)
        return status;
    join(pack->open.value, less.open.value, b->count * b->k);
    join(pack->open.scale, less.open.scale, b->count);
    join(pack->open.code, less.open.code, b->count * b->k);
    mxc_expected_free(&less);
    return MX_OK;
}
