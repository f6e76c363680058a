/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernel text compiled for the host and run lane by lane.
 */
#define MXG_LANES 1
#include "kernels/kernels.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "kernels/columns.h"
#include "kernels/fibers.h"
#include "kernels/lanes_run.h"

static const mxg_body fixed[] = {mxg_cells,
                                 mxg_blocks,
                                 mxg_arrange,
                                 mxg_quantize_any,
                                 mxg_dequantize_any,
                                 mxg_dequantize_rows_fp32,
                                 mxg_dequantize_rows_bf16,
                                 mxg_dequantize_columns_fp32,
                                 mxg_dequantize_columns_bf16,
                                 mxg_repair,
                                 mxg_sweep};
static const mxg_body sweeps[] = {mxg_sweep_any_fp32, mxg_sweep_any_bf16, mxg_sweep_any_fp16};

/* dim0 and tile, by element format and source type: with this target's instructions, or one for all formats. */
#define TYPES(kernel, elem)                                                                                            \
    {                                                                                                                  \
        kernel##elem##_fp32, kernel##elem##_bf16, kernel##elem##_fp16                                                  \
    }
#if defined(MXG_HW)
#define ELEMS(kernel)                                                                                                  \
    {                                                                                                                  \
        TYPES(kernel, e5m2), TYPES(kernel, e4m3), TYPES(kernel, e3m2), TYPES(kernel, e2m3), TYPES(kernel, e2m1),       \
            TYPES(kernel, int8)                                                                                        \
    }
#else
#define ELEMS(kernel)                                                                                                  \
    {                                                                                                                  \
        TYPES(kernel, any), TYPES(kernel, any), TYPES(kernel, any), TYPES(kernel, any), TYPES(kernel, any),            \
            TYPES(kernel, any)                                                                                         \
    }
#endif
static const mxg_body family[][MX_ELEM_LAST][3] = {ELEMS(mxg_dim0_), ELEMS(mxg_tile_)};

static mxg_body body_of(const mxg_launch *l)
{
    if (l->kernel < MXG_K_DIM0)
        return fixed[l->kernel];
    if (l->kernel == MXG_K_SWEEP_FAST)
        return sweeps[l->type - 1];
    return family[l->kernel - MXG_K_DIM0][l->elem - 1][l->type - 1];
}

mx_status mxg_lanes_launch(const mxg_launch *launch, unsigned width)
{
    if (width != 32 && width != 64)
        return MX_EINVAL;
    return mxg_fibers_run(body_of(launch), &launch->job, launch->grid, width);
}

static mx_status run_all(const mxg_launch *launch, unsigned n, unsigned width)
{
    mx_status status = MX_OK;

    for (unsigned i = 0; status == MX_OK && i < n; i++)
        status = mxg_lanes_launch(&launch[i], width);
    return status;
}

/* Room for a column of n cases, aligned as device memory is, with a copy of an input in it; NULL: out of memory. */
static void *copy_of(const mxg_column *column, size_t n, int is_input)
{
    const size_t bytes = n * column->each;
    void *copy = aligned_alloc(256, (bytes + 256) & ~(size_t)255);

    if (copy && is_input)
        memcpy(copy, column->at, bytes);
    else if (copy)
        memset(copy, 0xa5, bytes);
    return copy;
}

static mx_status run_copies(const mx_batch *batch, void *const copy[MXG_COLUMNS], unsigned width)
{
    const mx_batch moved = mxg_with_columns(batch, copy);
    mxg_launch launch[MXG_LAUNCHES];

    return run_all(launch, mxg_plan_batch(launch, &moved), width);
}

mx_status mxgpu_lane_run(const mx_batch *batch, unsigned width)
{
    mxg_column column[MXG_COLUMNS];
    void *copy[MXG_COLUMNS] = {NULL};
    mx_status status = mx_batch_check(batch, NULL);

    if (status == MX_OK && width != 32 && width != 64)
        status = MX_EINVAL;
    if (status != MX_OK || batch->count == 0)
        return status;
    mxg_columns_of(batch, column);
    for (int i = 0; status == MX_OK && i < MXG_COLUMNS; i++)
        if (column[i].at && !(copy[i] = copy_of(&column[i], batch->count, i < MXG_OUT_VALUE)))
            status = MX_ENOMEM;
    if (status == MX_OK)
        status = run_copies(batch, copy, width);
    for (int i = 0; i < MXG_COLUMNS; i++) {
        if (status == MX_OK && i >= MXG_OUT_VALUE && copy[i])
            memcpy(column[i].at, copy[i], batch->count * column[i].each);
        free(copy[i]);
    }
    return status;
}

mx_status mxgpu_lane_quantize(const mxgpu_tensor *tensor, unsigned width)
{
    mxg_launch launch[MXG_LAUNCHES];
    unsigned n;
    mx_status status = mxg_plan_quantize(launch, &n, tensor, 0, NULL);

    return status == MX_OK ? run_all(launch, n, width) : status;
}

mx_status mxgpu_lane_dequantize(const mxgpu_tensor *tensor, unsigned width)
{
    mxg_launch launch[MXG_LAUNCHES];
    unsigned n;
    mx_status status = mxg_plan_dequantize(launch, &n, tensor, NULL);

    return status == MX_OK ? run_all(launch, n, width) : status;
}

mx_status mxgpu_lane_sweep(const mxgpu_sweep_job *job, mxgpu_sweep_result *result, unsigned width)
{
    uint64_t words[4] = {0, UINT64_MAX, 0, 0};
    mxg_launch launch;
    mx_status status = mxg_plan_sweep(&launch, job, (const mxg_step *)(const void *)job->step, words, NULL);

    if (status == MX_OK)
        status = run_all(&launch, 1, width);
    if (status == MX_OK) {
        result->wrong = words[0];
        result->first_wrong = words[1];
        result->digest = words[2];
        result->cases = words[3];
    }
    return status;
}
