/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/error.h"
#include "tools/sweep/sweep.h"

static int is_left(const sweep *s, size_t unit)
{
    return unit % s->slices == s->slice && !mxc_journal_get(s->journal, unit / s->shards, unit % s->shards);
}

size_t sweep_next(sweep *s)
{
    while (s->cursor < s->domains * s->shards) {
        const size_t unit = s->cursor++;
        if (is_left(s, unit))
            return unit;
    }
    return SWEEP_NONE;
}

size_t sweep_left(const sweep *s)
{
    size_t left = 0;
    for (size_t unit = 0; unit < s->domains * s->shards; unit++)
        left += (size_t)is_left(s, unit);
    return left;
}

mx_status sweep_hire(const sweep *s, sweep_worker *worker, mxv_error *error)
{
    *worker = (sweep_worker){0};
    const mx_status status = mxc_subject_open(&worker->subject, s->subject, &s->how, error);
    if (status != MX_OK)
        return status;
    if (mxc_sweeper_make(&worker->sweeper, worker->subject, s->via, &s->anchors) == MX_OK)
        return MX_OK;
    sweep_fire(worker);
    return mxc_no_memory(error);
}

void sweep_fire(sweep_worker *worker)
{
    mxc_sweeper_free(worker->sweeper);
    mxc_subject_free(worker->subject);
    *worker = (sweep_worker){0};
}

mx_status sweep_unit(const sweep *s, size_t unit, const sweep_worker *worker, mxc_shard *result, mxv_error *error)
{
    const size_t domain = unit / s->shards;
    return mxc_sweep_shard(worker->sweeper, result, s->domain + domain, s->steps + domain, unit % s->shards, error);
}

mx_status sweep_record(sweep *s, size_t unit, const mxc_shard *result, mxv_error *error)
{
    mx_status status = mxc_journal_add(s->journal, unit / s->shards, unit % s->shards, result, error);
    if (status == MX_OK)
        tool_progress_at(&s->progress, ++s->done);
    return status;
}

/* One worker: units until there are none or somebody failed. */
static mx_status work(sweep *s, const mx_status *failed, mxv_error *error)
{
    sweep_worker worker;
    mx_status status = sweep_hire(s, &worker, error);

    while (status == MX_OK) {
        mxc_shard result;
        size_t unit = SWEEP_NONE;
#pragma omp critical(sweep)
        if (*failed == MX_OK)
            unit = sweep_next(s);
        if (unit == SWEEP_NONE)
            break;
        status = sweep_unit(s, unit, &worker, &result, error);
        if (status == MX_OK) {
#pragma omp critical(sweep)
            status = sweep_record(s, unit, &result, error);
        }
    }
    sweep_fire(&worker);
    return status;
}

mx_status sweep_threads(sweep *s, mxv_error *error)
{
    mx_status failed = MX_OK;
#pragma omp parallel num_threads(s->threads)
    {
        mxv_error own = {0};
        const mx_status status = work(s, &failed, &own);
#pragma omp critical(sweep)
        if (status != MX_OK && failed == MX_OK) {
            failed = status;
            *error = own;
        }
    }
    return failed;
}
