/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Several faults in one case. Where no known fault gives the whole answer of a block, one may still show in it: in
 * every cell in which its converter is wrong the subject has the same, and what else is wrong has another cause. Cells
 * that a fault shows in are struck off; a failure is explained when all its wrong cells are.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/causes/diagnose.h"
#include "conformance/error.h"
#include "conformance/judge/compare.h"

/* Scale bytes, values, codes: the cells of an answer, in this order. Packed bytes are not told apart. */
static size_t cells_of(const mx_batch *shape)
{
    const size_t lanes = (size_t)((shape->out.value != NULL) + (shape->out.code != NULL)) * shape->k;
    return (shape->out.scale ? mxc_cell_bytes(shape, COL_OUT_SCALE) : 0) + lanes;
}

/* 1 when cell `cell` of case 0 of `got` is not that of case 0 of `want`. */
static int differs(const mx_batch *want, const mx_outputs *open, const mx_batch *got, size_t cell)
{
    const size_t scales = want->out.scale ? mxc_cell_bytes(want, COL_OUT_SCALE) : 0;
    if (cell < scales)
        return want->out.scale[cell] != got->out.scale[cell] && !(open && open->scale && open->scale[cell]);
    cell -= scales;
    if (want->out.value && cell < want->k)
        return mxc_value_differs(want, open, 0, &got->out, cell);
    return mxc_code_differs(want, open, 0, &got->out, want->out.value ? cell - want->k : cell);
}

/* The marks of failure `f` of the pack: which of its wrong cells are left. */
static uint8_t *left_of(const mxc_diagnosing *d, const mxc_judged *j, const mx_batch *shape, size_t f)
{
    return d->cells[j - d->failures->judged] + f * cells_of(shape);
}

mxc_showing mxc_part_shows(const mxc_diagnosing *d, const mxc_judged *j, const mxv_pack *pack, size_t row,
                           const mx_batch *faulty, size_t at, size_t f)
{
    const mx_batch want = mxc_slice(&pack->batch, row, 1), wrong = mxc_slice(faulty, at, 1),
                   got = mxc_slice(&j->got.batch, f, 1);
    const mx_outputs open = mxc_open_of(pack, row);
    const uint8_t *left = left_of(d, j, &pack->batch, f);
    mxc_showing shows = MXC_SHOWS_NOTHING_NEW;
    for (size_t cell = 0; cell < cells_of(&want); cell++) {
        if (!differs(&want, &open, &wrong, cell))
            continue;
        if (differs(&wrong, NULL, &got, cell))
            return MXC_SHOWS_NOT;
        if (left[cell])
            shows = MXC_SHOWS;
    }
    return shows;
}

/* Strike off the cells in which `faulty` is wrong; how many of the failure are left. */
static size_t strike(const mxc_diagnosing *d, const mxc_judged *j, const mxv_pack *pack, size_t row,
                     const mx_batch *faulty, size_t at, size_t f)
{
    const mx_batch want = mxc_slice(&pack->batch, row, 1), wrong = mxc_slice(faulty, at, 1);
    const mx_outputs open = mxc_open_of(pack, row);
    uint8_t *left = left_of(d, j, &pack->batch, f);
    size_t n = 0;
    for (size_t cell = 0; cell < cells_of(&want); cell++) {
        left[cell] &= (uint8_t)!differs(&want, &open, &wrong, cell);
        n += left[cell];
    }
    return n;
}

/* Mark the wrong cells of the failures kept of a pack; row_of[f] is the case of failure f. */
static mx_status mark(const mxc_diagnosing *d, const mxc_judged *j, const mxv_pack *pack, const size_t *row_of)
{
    uint8_t **marks = &d->cells[j - d->failures->judged];
    const size_t cells = cells_of(&pack->batch);
    *marks = calloc(j->kept * cells + 1, 1);
    for (size_t f = 0; *marks && f < j->kept; f++) {
        const mx_batch want = mxc_slice(&pack->batch, row_of[f], 1), got = mxc_slice(&j->got.batch, f, 1);
        const mx_outputs open = mxc_open_of(pack, row_of[f]);
        for (size_t cell = 0; cell < cells; cell++)
            (*marks)[f * cells + cell] = (uint8_t)differs(&want, &open, &got, cell);
    }
    return *marks ? MX_OK : MX_ENOMEM;
}

/* ---- the search ---- */

/* The cases of the failures kept of a pack; the caller frees them. NULL: out of memory. */
static size_t *failed_rows(const mxc_judged *j)
{
    size_t *row = malloc((j->kept + 1) * sizeof *row), n = 0;
    for (size_t at = 0; row && at < j->n && n < j->kept; at++)
        if (j->fate[at] == MXC_FATE_FAIL)
            row[n++] = mxc_case_of(j, at);
    return row;
}

static mx_status see_marks(mxc_diagnosing *d, const mxc_reading *r)
{
    size_t *row = failed_rows(r->judged);
    const mx_status status = row ? mark(d, r->judged, r->pack, row) : MX_ENOMEM;
    free(row);
    return status == MX_OK ? MX_OK : mxc_no_memory(d->error);
}

/* Strike off what the fault named last shows in. */
static mx_status see_strike(mxc_diagnosing *d, const mxc_reading *r)
{
    const mxc_judged *j = r->judged;
    mxc_store store = {0};
    if (!mxc_mutant_may_act(d->named, &r->pack->batch))
        return MX_OK;
    size_t *row = failed_rows(j);
    mx_status status = row ? mxc_store_of(&store, &r->pack->batch, row, j->kept) : MX_ENOMEM;
    if (status == MX_OK && j->kept)
        status = mxc_mutant_run(d->named, &store.batch);
    for (size_t f = 0; f < j->kept && status == MX_OK; f++)
        if (!d->done[r->first + f] && mxc_part_shows(d, j, r->pack, row[f], &store.batch, f, f) == MXC_SHOWS &&
            strike(d, j, r->pack, row[f], &store.batch, f, f) == 0) {
            d->done[r->first + f] = (uint8_t)d->report->diagnosis.suspects;
            d->left--;
        }
    mxc_store_free(&store);
    free(row);
    return status == MX_OK || status == MX_EUNSUPPORTED ? MX_OK : mxc_no_memory(d->error);
}

mx_status mxc_part_search(mxc_diagnosing *d)
{
    int named = 1;
    d->in_part = 1;
    d->cells = calloc(d->failures->judgeds + 1, sizeof *d->cells);
    mx_status status = d->cells ? mxc_diagnosis_visit(d, see_marks, NULL) : mxc_no_memory(d->error);
    while (status == MX_OK && named && d->left && d->report->diagnosis.suspects < MXC_FAULTS) {
        status = mxc_diagnosis_search(d, &named);
        if (status == MX_OK && named)
            status = mxc_diagnosis_visit(d, see_strike, NULL);
    }
    for (size_t j = 0; d->cells && j < d->failures->judgeds; j++)
        free(d->cells[j]);
    free(d->cells);
    return status;
}
