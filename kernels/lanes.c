/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernel text compiled for the host and run lane by lane.
 */
#define MXG_LANES 1
#include "kernels/kernels.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

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

/* A copy of `bytes` bytes (NULL: zeros), aligned as device memory is; NULL stays NULL in *copy. */
static mx_status copy_in(void **copy, const void *from, size_t bytes, int wanted)
{
    *copy = NULL;
    if (!wanted)
        return MX_OK;
    *copy = aligned_alloc(256, (bytes + 256) & ~(size_t)255);
    if (!*copy)
        return MX_ENOMEM;
    if (from)
        memcpy(*copy, from, bytes);
    else
        memset(*copy, 0xa5, bytes);
    return MX_OK;
}

/* The columns of a batch. */
enum { VALUE, RANDOM, SCALE, CODE, BYTE, OUT_VALUE, OUT_SCALE, OUT_CODE, OUT_BYTE, COLUMNS };

static void columns_of(const mx_batch *b, const void *from[COLUMNS], size_t bytes[COLUMNS])
{
    size_t cells = b->count * b->k, width = mx_type_bytes(b->type), scales = b->rows ? cells : b->count;
    size_t arranged = b->layout ? b->count * mx_layout_bytes(b) : 0;

    from[VALUE] = b->in.value, bytes[VALUE] = cells * width;
    from[RANDOM] = b->in.random, bytes[RANDOM] = cells * sizeof *b->in.random;
    from[SCALE] = b->in.scale, bytes[SCALE] = scales;
    from[CODE] = b->in.code, bytes[CODE] = cells;
    from[BYTE] = b->in.byte, bytes[BYTE] = arranged;
    from[OUT_VALUE] = b->out.value, bytes[OUT_VALUE] = cells * width;
    from[OUT_SCALE] = b->out.scale, bytes[OUT_SCALE] = scales;
    from[OUT_CODE] = b->out.code, bytes[OUT_CODE] = cells;
    from[OUT_BYTE] = b->out.byte, bytes[OUT_BYTE] = arranged;
}

static mx_status run_copies(const mx_batch *batch, void *copy[COLUMNS], unsigned width)
{
    mxg_launch launch[MXG_LAUNCHES];
    mx_batch inner = *batch;
    unsigned n;

    inner.in.value = copy[VALUE];
    inner.in.random = copy[RANDOM];
    inner.in.scale = copy[SCALE];
    inner.in.code = copy[CODE];
    inner.in.byte = copy[BYTE];
    inner.out.value = copy[OUT_VALUE];
    inner.out.scale = copy[OUT_SCALE];
    inner.out.code = copy[OUT_CODE];
    inner.out.byte = copy[OUT_BYTE];
    n = mxg_plan_batch(launch, &inner);
    return run_all(launch, n, width);
}

mx_status mxgpu_lane_run(const mx_batch *batch, unsigned width)
{
    const void *from[COLUMNS];
    void *copy[COLUMNS] = {NULL}, *out[COLUMNS] = {NULL};
    size_t bytes[COLUMNS];
    mx_status status = mx_batch_check(batch, NULL);

    if (status == MX_OK && width != 32 && width != 64)
        status = MX_EINVAL;
    if (status != MX_OK || batch->count == 0)
        return status;
    columns_of(batch, from, bytes);
    for (int i = 0; status == MX_OK && i < COLUMNS; i++)
        status = copy_in(&copy[i], i < OUT_VALUE ? from[i] : NULL, bytes[i], from[i] != NULL);
    if (status == MX_OK)
        status = run_copies(batch, copy, width);
    out[OUT_VALUE] = batch->out.value;
    out[OUT_SCALE] = batch->out.scale;
    out[OUT_CODE] = batch->out.code;
    out[OUT_BYTE] = batch->out.byte;
    for (int i = 0; i < COLUMNS; i++) {
        if (status == MX_OK && out[i])
            memcpy(out[i], copy[i], bytes[i]);
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
