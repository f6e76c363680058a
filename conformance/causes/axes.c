/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Failures counted by the axis that explains them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/causes/failures.h"
#include "conformance/judge/compare.h"

static mx_status add_axis(mxc_report *report, mx_axis axis, unsigned value, const mxc_diagnosed *failure, size_t n)
{
    uint64_t bit = axis ? UINT64_C(1) << mxc_value_bit(axis, value) : 0;
    mxc_axis_count row = {.axis = axis, .value = value};
    const mxc_diagnosed *example = NULL;
    for (size_t i = 0; i < n; i++) {
        uint64_t mask = failure[i].explained_by;
        if (axis ? !(mask & bit) : mask != 0)
            continue;
        int alone = axis == 0 || mask == bit;
        if (!example || (alone && !row.alone))
            example = &failure[i];
        row.count++;
        row.alone += alone != 0;
    }
    if (!example)
        return MX_OK;
    row.line = strdup(example->line);
    row.example = strdup(example->id);
    mxc_axis_count *more = realloc(report->axis, (report->axes + 1) * sizeof *more);
    if (more)
        report->axis = more;
    if (!more || !row.line || !row.example) {
        free(row.line);
        free(row.example);
        return MX_ENOMEM;
    }
    report->axis[report->axes++] = row;
    return MX_OK;
}

/* The value that explains most of the failures that nothing in `done` explains; 0 when there is none. */
static unsigned best_value(const mxc_diagnosed *failure, size_t n, uint64_t done, mx_axis *axis)
{
    size_t most = 0;
    unsigned best = 0;
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned value = 1; value <= mx_axis_count((mx_axis)a); value++) {
            uint64_t bit = UINT64_C(1) << (mxc_value_bit((mx_axis)a, value) & 63);
            size_t count = 0;
            for (size_t i = 0; i < n; i++)
                count += !(failure[i].explained_by & done) && (failure[i].explained_by & bit);
            if (count > most) {
                most = count;
                best = value;
                *axis = (mx_axis)a;
            }
        }
    return best;
}

mx_status mxc_axes_count(mxc_report *report, const mxc_diagnosed *failure, size_t n)
{
    uint64_t done = 0;
    mx_axis axis = (mx_axis)0;
    mx_status status = MX_OK;
    report->diagnosed = n;
    for (unsigned value; status == MX_OK && (value = best_value(failure, n, done, &axis)) != 0;) {
        status = add_axis(report, axis, value, failure, n);
        done |= UINT64_C(1) << mxc_value_bit(axis, value);
    }
    return status == MX_OK ? add_axis(report, (mx_axis)0, 0, failure, n) : status;
}
