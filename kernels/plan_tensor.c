/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tensor jobs: checks, and which kernels take them.
 */
#include <string.h>

#include <mx/names.h>

#include "kernels/plan.h"

size_t mxgpu_tiled_bytes(size_t lines, size_t blocks)
{
    return (lines + 127) / 128 * ((blocks + 3) / 4) * 512;
}

static mx_status check_direction(const mxgpu_tensor *t, const mxgpu_blocks *b, unsigned bits, char *why)
{
    if (!b->codes || !b->scales)
        return mxg_say(why, MX_EINVAL, "wanted codes and scales of each direction, found NULL");
    if (b->packed && bits < 8 && t->k * bits % 8 != 0)
        return mxg_say(why, MX_EUNSUPPORTED, "packed codes need blocks of whole bytes, not %zu codes of %u bits", t->k,
                       bits);
    return MX_OK;
}

static mx_status check_tensor(const mxgpu_tensor *t, int encodes, char *why)
{
    mx_status status;

    if (!t || (t->rows && t->cols && !t->value))
        return mxg_say(why, MX_EINVAL, "wanted a tensor and its values, found NULL");
    if (!mx_elem_bits(t->elem) || !mx_type_bytes(t->type))
        return mxg_say(why, MX_EINVAL, "wanted an element format and a type, found %d and %d", (int)t->elem,
                       (int)t->type);
    status = mx_profile_check(&t->profile, why);
    if (status != MX_OK)
        return status;
    if (t->k == 0 || t->k > MX_BLOCK_MAX)
        return mxg_say(why, MX_EINVAL, "wanted a block of 1 to %u elements, found %zu", MX_BLOCK_MAX, t->k);
    if (t->rows && t->cols > (size_t)INT64_MAX / 16 / t->rows)
        return mxg_say(why, MX_ESIZE, "%zu x %zu elements are too many", t->rows, t->cols);
    if (t->dims < 1 || t->dims > 3 || (!encodes && t->dims == 3))
        return mxg_say(why, MX_EINVAL, "wanted dim0, dim1%s, found %d", encodes ? " or both" : "", t->dims);
    if (encodes && (t->profile.round == MX_SR) != (t->random != NULL))
        return mxg_say(why, MX_EINVAL, "random bits belong to round=sr and to nothing else");
    for (int d = 0; d < 2; d++) {
        status = t->dims & 1 << d ? check_direction(t, d ? &t->dim1 : &t->dim0, mx_elem_bits(t->elem), why) : MX_OK;
        if (status != MX_OK)
            return status;
    }
    return MX_OK;
}

static void plan_target(mxg_target *out, const mxgpu_blocks *b, size_t length, size_t k, unsigned bits)
{
    out->codes = b->codes;
    out->scales = b->scales;
    out->line_stride = b->line_stride;
    out->pos_stride = b->pos_stride;
    out->scale_line = b->scale_line_stride;
    out->scale_pos = b->scale_block_stride;
    out->packed = b->packed && bits < 8;
    out->tiles = b->tiled ? ((length + k - 1) / k + 3) / 4 : 0;
}

static void plan_tensor(mxg_job *job, const mxgpu_tensor *t, mx_op op)
{
    unsigned bits = mx_elem_bits(t->elem);

    mxg_plan_job(job, op, t->elem, t->type, &t->profile);
    job->k = t->k;
    job->rows = t->rows;
    job->cols = t->cols;
    job->value = t->value;
    job->value_out = t->value;
    job->row_stride = t->row_stride;
    job->col_stride = t->col_stride;
    job->random = t->random;
    job->dim = (uint32_t)t->dims;
    if (t->dims & MXG_DIM0)
        plan_target(&job->target[0], &t->dim0, t->cols, t->k, bits);
    if (t->dims & MXG_DIM1)
        plan_target(&job->target[1], &t->dim1, t->rows, t->k, bits);
    /* kernels make addresses of both before they know which is asked for */
    for (int d = 0; d < 2; d++)
        if (!(t->dims & 1 << d))
            job->target[d].codes = job->target[1 - d].codes;
}

static int aligned(const void *p, int64_t stride_bytes)
{
    return ((uintptr_t)p | (uintptr_t)stride_bytes) % 16 == 0;
}

/* Scales in one dense array, along lines or across them; aligned as mxg_repair reads them. */
static int dense_scales(const mxg_target *t, uint64_t lines, uint64_t per)
{
    int along = t->scale_pos == 1 && t->scale_line == (int64_t)per;
    int across = t->scale_line == 1 && t->scale_pos == (int64_t)lines && per != 1;

    return aligned(t->scales, 0) && (t->tiles || along || across);
}

/* Lines of adjacent codes that start at multiples of 16 bytes (packed: of their own 16 codes). */
static int dense_codes(const mxg_job *j, const mxg_target *t)
{
    if (t->packed)
        return ((uintptr_t)t->codes | (uintptr_t)t->line_stride) % 8 == 0;
    return t->pos_stride == 1 && aligned(t->codes, t->line_stride) && j->cols != 0;
}

/* The tile kernels write scales out of order where there are whole sets of them (body/stage.h). */
static void stage_scales(mxg_job *j)
{
    for (uint32_t d = 0; d < 2; d++) {
        uint64_t lines = d ? j->cols : j->rows, words = (d ? j->rows : j->cols) / 128;

        if (j->dim & 1u << d && !j->target[d].tiles && j->target[d].scale_pos == 1)
            j->staged[d] = words % 32 == 0 && lines % 256 == 0 ? 5 : words % 8 == 0 ? 3 : 0;
    }
}

/* Blocks down columns as body/tile.h and decode.h take them: transposed, or stored by rows. */
static int fits_panels(mxg_job *j)
{
    const mxg_target *t = &j->target[1];

    if (j->rows % 128 || j->cols % 128 || !dense_scales(t, j->cols, j->rows / 32))
        return 0;
    j->transposed = (uint32_t)(dense_codes(j, t) && aligned(t->codes, t->line_stride));
    return j->transposed || (!t->packed && t->line_stride == 1 && aligned(t->codes, t->pos_stride));
}

static int fits_rows(const mxg_job *j)
{
    return j->cols % 32 == 0 && dense_codes(j, &j->target[0]) && dense_scales(&j->target[0], j->rows, j->cols / 32);
}

static int fast_tensor(mxg_job *j)
{
    const mxg_target *t = &j->target[0];
    int64_t width = j->type == MX_FP32 ? 4 : 2;

    if (!j->fast || j->k != 32 || j->random || j->col_stride != 1 || !aligned(j->value, j->row_stride * width))
        return 0;
    if (j->dim & MXG_DIM0 && !fits_rows(j))
        return 0;
    if (!(j->dim & MXG_DIM1))
        return 1;
    return (!(j->dim & MXG_DIM0) || aligned(t->codes, t->line_stride)) && fits_panels(j);
}

static int fast_decoding(mxg_job *j)
{
    int64_t width = j->type == MX_FP32 ? 4 : 2;

    return (j->type == MX_FP32 || j->type == MX_BF16) && j->k == 32 && j->col_stride == 1 &&
           aligned(j->value, j->row_stride * width) && (j->dim == MXG_DIM0 ? fits_rows(j) : fits_panels(j));
}

/* A tensor without gaps is one long row to the dim0 kernel: no division. */
static void flatten(mxg_job *j)
{
    mxg_target *t = &j->target[0];
    uint64_t line_bytes = t->packed ? j->cols * j->format.bits / 8 : j->cols;

    if (t->tiles || !aligned(t->codes, 0) || j->row_stride != (int64_t)j->cols ||
        t->line_stride != (int64_t)line_bytes || t->scale_pos != 1)
        return;
    j->cols *= j->rows;
    j->rows = 1;
}

static void add_any(mxg_launch *launch, unsigned *n, const mxg_job *job, uint32_t dim)
{
    uint64_t lines = dim == MXG_DIM0 ? job->rows : job->cols, length = dim == MXG_DIM0 ? job->cols : job->rows;

    mxg_plan_add(launch, n, MXG_K_QUANTIZE_ANY, job,
                 mxg_plan_groups(lines * ((length + job->k - 1) / job->k), MXG_GROUP))
        ->job.dim = dim;
}

int mxgpu_is_fast(const mxgpu_tensor *t)
{
    mxg_job job;

    if (check_tensor(t, 1, NULL) != MX_OK)
        return 0;
    plan_tensor(&job, t, MX_OP_QUANTIZE);
    return fast_tensor(&job);
}

mx_status mxg_plan_quantize(mxg_launch launch[MXG_LAUNCHES], unsigned *launches, const mxgpu_tensor *t, int in_full,
                            char *why)
{
    mx_status status = check_tensor(t, 1, why);
    mxg_job job;

    *launches = 0;
    if (status != MX_OK || t->rows == 0 || t->cols == 0)
        return status;
    plan_tensor(&job, t, MX_OP_QUANTIZE);
    if (!in_full && fast_tensor(&job)) {
        if (job.dim == MXG_DIM0) {
            flatten(&job);
            mxg_plan_dim0(launch, launches, &job);
        } else {
            stage_scales(&job);
            mxg_plan_tile(launch, launches, MXG_K_TILE, &job);
        }
        mxg_plan_repair(launch, launches, &job);
        if (launch[0].grid > INT32_MAX)
            return mxg_say(why, MX_ESIZE, "%zu x %zu elements are too many for one launch", t->rows, t->cols);
        return MX_OK;
    }
    for (uint32_t dim = MXG_DIM0; dim <= MXG_DIM1; dim++) /* each launch knows its own direction only */
        if (job.dim & dim)
            add_any(launch, launches, &job, dim);
    return MX_OK;
}

mx_status mxg_plan_dequantize(mxg_launch launch[MXG_LAUNCHES], unsigned *launches, const mxgpu_tensor *t, char *why)
{
    mx_status status = check_tensor(t, 0, why);
    mxg_job job;

    *launches = 0;
    if (status != MX_OK || t->rows == 0 || t->cols == 0)
        return status;
    plan_tensor(&job, t, MX_OP_DEQUANTIZE);
    if (!fast_decoding(&job)) {
        mxg_plan_add(launch, launches, MXG_K_DEQUANTIZE_ANY, &job, mxg_plan_groups(t->rows * t->cols, MXG_GROUP));
    } else if (job.dim == MXG_DIM0) {
        uint64_t each = 32 * MXG_GROUP * (job.type == MX_FP32 ? 4u : 8u);

        flatten(&job);
        mxg_plan_add(launch, launches, MXG_K_DEQUANTIZE_ROWS + (job.type == MX_BF16), &job,
                     (job.rows * job.cols + each - 1) / each);
    } else {
        mxg_plan_tile(launch, launches, MXG_K_DEQUANTIZE_COLUMNS + (job.type == MX_BF16), &job);
    }
    return launch[0].grid > INT32_MAX
               ? mxg_say(why, MX_ESIZE, "%zu x %zu elements are too many for one launch", t->rows, t->cols)
               : MX_OK;
}
