/* SPDX-License-Identifier: BSD-3-Clause
 *
 * After the search: does it do as it is told, does it repeat itself, and does the whole profile fit.
 */
#include "config.h"

#include "conformance/infer/work.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/infer/probes.h"
#include "conformance/judge/compare.h"

/* Whether the answers to the cases that told an axis change with what is asked. */
mx_status mxci_follows(mxci_search *s, mx_axis axis)
{
    const mx_batch *was = &s->record[axis].store.batch;
    mxc_inferred *to = &s->to->axis[axis];
    mxc_store again;
    size_t obeyed = 0, differ = 0;
    mx_status status = mxc_store_of(&again, was, NULL, was->count);
    for (unsigned value = 1; value <= mx_axis_count(axis) && status == MX_OK; value++) {
        mx_profile profile = s->to->values, ask = s->to->asked;
        if (value == mxci_choose(s, axis) || (axis == MX_AXIS_ROUND && value == MX_SR) ||
            value == mxc_open_value(axis) || (axis == MX_AXIS_ROUND && was->in.random))
            continue;
        mxci_set(s, &profile, axis, value);
        mxci_set(s, &ask, axis, value);
        again.batch.profile = ask;
        mxc_expected want;
        if (mxc_subject_offer(s->subject, &again.batch, NULL) != MX_OK)
            continue;
        if (mxc_expected_new(&want, &again.batch, &profile) != MX_OK)
            continue;
        status = mxc_ask(s->subject, &again.batch, s->error);
        s->to->cases += was->count;
        int same = 1, changes = 0;
        for (size_t i = 0; i < was->count && status == MX_OK; i++)
            for (size_t cell = 0; cell < mxc_cells(was); cell++) {
                same = same && mxc_cell_match(&want, i, cell, &again.batch);
                changes = changes || !mxc_cell_match(&want, i, cell, was);
            }
        mxc_expected_free(&want);
        differ += (size_t)changes;
        obeyed += (size_t)(changes && same);
        if (status == MX_EUNSUPPORTED)
            status = MX_OK;
    }
    mxc_store_free(&again);
    if (differ && obeyed == differ)
        to->finding = MXC_FOLLOWED;
    return status;
}

/* The cases that told an axis, once more: a subject that answers otherwise cannot be inferred. */
mx_status mxci_repeat(mxci_search *s, mx_axis axis)
{
    enum { TIMES = 3 };
    const mx_batch *was = &s->record[axis].store.batch;
    mxc_store again;
    mx_status status = mxc_store_of(&again, was, NULL, was->count);
    for (int t = 0; t < TIMES && status == MX_OK && !s->to->flaky; t++) {
        status = mxc_ask(s->subject, &again.batch, s->error);
        s->to->cases += was->count;
        for (size_t i = 0; i < was->count && status == MX_OK && !s->to->flaky; i++)
            for (int col = COL_OUT_VALUE; col <= COL_OUT_CODE && !s->to->flaky; col++) {
                size_t bytes = mxc_cell_bytes(was, col);
                const char *one = mxc_column(was, col), *other = mxc_column(&again.batch, col);
                if (bytes && memcmp(one + i * bytes, other + i * bytes, bytes))
                    s->to->flaky = mxc_case_line(was, i, was);
            }
    }
    mxc_store_free(&again);
    return status == MX_EUNSUPPORTED ? MX_OK : status;
}

/* An answer that fits once an axis is left open: that is its value, as more than one definite value was seen. */
static int relax(mxci_search *s, const mx_batch *one)
{
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned open = mxc_open_value(a);
        mx_profile profile = s->to->values;
        mxc_expected want;
        if (!open || mx_profile_get(&profile, a) == open || s->to->axis[a].finding == MXC_FOLLOWED)
            continue;
        mx_profile_set(&profile, a, open);
        if (mxc_expected_new(&want, one, &profile) != MX_OK)
            continue;
        int same = 1;
        for (size_t cell = 0; cell < mxc_cells(one); cell++)
            same = same && mxc_cell_match(&want, 0, cell, one);
        mxc_expected_free(&want);
        if (!same)
            continue;
        mxc_inferred *to = &s->to->axis[a];
        s->to->values = profile;
        to->finding = MXC_FOUND;
        to->fits = UINT32_C(1) << open;
        mxc_say(to->evidence, sizeof to->evidence, "no definite value fits every answer");
        free(to->witness[0]);
        to->witness[0] = mxc_case_line(one, 0, one);
        return 1;
    }
    return 0;
}

/* A case of the final check is wrong: the axis that explains it has two witnesses, the one that told it and this. */
static void blame(mxci_search *s, const mx_batch *asked, size_t i)
{
    uint64_t mask = 0;
    mx_batch one = mxc_slice(asked, i, 1);
    one.profile = s->to->values;
    if (one.profile.round != MX_SR)
        one.in.random = NULL;
    if (relax(s, &one))
        return;
    s->to->disagree++;
    if (mxc_departures_all(&one, &mask) != MX_OK)
        return;
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned value = 1; value <= mx_axis_count(a); value++) {
            unsigned bit = mxc_value_bit(a, value);
            if (bit >= 64 || !(mask >> bit & 1) || s->to->axis[a].finding == MXC_INCONSISTENT)
                continue;
            s->to->axis[a].finding = MXC_INCONSISTENT;
            if (!s->to->axis[a].witness[1])
                s->to->axis[a].witness[1] = mxc_case_line(&one, 0, &one);
            return;
        }
    if (!mask && !s->to->unexplained)
        s->to->unexplained = mxc_case_line(&one, 0, &one);
}

mx_status mxci_check_shape(mxci_search *s, const mx_batch *shape)
{
    mxc_probes all;
    mxc_store few;
    mxc_expected want;
    mx_status status = mxc_probes_new(&all, shape);
    if (status != MX_OK)
        return status;
    size_t n = all.store.batch.count, step = n / MXCI_CHECK + 1;
    unsigned char *keep = calloc(n + 1, 1);
    for (size_t i = mxci_draw(s) % step; keep && i < n; i += step)
        keep[i] = 1;
    status = keep ? mxci_subset(&few, &all.store.batch, keep) : MX_ENOMEM;
    free(keep);
    mxc_probes_free(&all);
    if (status != MX_OK)
        return status;
    status = mxc_ask(s->subject, &few.batch, s->error);
    s->to->cases += few.batch.count;
    if (status == MX_OK && (status = mxc_expected_new(&want, &few.batch, &s->to->values)) == MX_OK) {
        for (size_t i = 0; i < few.batch.count; i++) {
            int same = 1;
            for (size_t cell = 0; cell < mxc_cells(&few.batch); cell++)
                same = same && mxc_cell_match(&want, i, cell, &few.batch);
            s->to->checked++;
            if (!same)
                blame(s, &few.batch, i);
        }
        mxc_expected_free(&want);
    }
    mxc_store_free(&few);
    return status == MX_EUNSUPPORTED ? MX_OK : status;
}
