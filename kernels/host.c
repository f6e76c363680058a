/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Devices and launches: plain C over the driver table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "kernels/columns.h"
#include "kernels/device.h"

mx_status mxg_check(const mxgpu *g, int status, const char *doing, char *why)
{
    return status == 0 ? MX_OK : mxg_driver_status(&g->driver, status, doing, why);
}

mx_status mxg_enter(mxgpu *g, char *why)
{
    if (!g)
        return mxg_say(why, MX_EINVAL, "wanted a device, found NULL");
    if (g->driver.vendor == MXGPU_CUDA)
        return mxg_check(g, g->driver.context_set(g->context), "device", why);
    return mxg_check(g, g->driver.device_set(g->device), "device", why);
}

/* ---- open and close ---- */

static mx_status find_device(mxgpu *g, int index, char *why)
{
    int count = 0, status = g->driver.device_count(&count);

    if (status != 0)
        return mxg_check(g, status, "count devices", why);
    if (index < 0 || index >= count)
        return mxg_say(why, MX_EINVAL, "wanted a device from 0 to %d, found %d", count - 1, index);
    status = g->driver.device_get(&g->device, index);
    if (status == 0)
        status = g->driver.device_name(g->name, (int)sizeof g->name, g->device);
    if (status == 0 && g->driver.vendor == MXGPU_CUDA)
        status = g->driver.context_retain(&g->context, g->device);
    return mxg_check(g, status, "open the device", why);
}

/* What this GPU's code has: kernels of each element format, by instructions, or one of integers for any. */
static mx_status find_kind(mxgpu *g, char *why)
{
    mxg_launch l = {.kernel = MXG_K_TILE, .elem = MX_E4M3, .type = MX_FP32};
    char name[2][MXG_NAME_MAX], doing[3 * MXG_NAME_MAX];
    void *function;
    int status = 0;

    for (g->any = 0; g->any < 2; g->any++) {
        mxg_kernel_name(&l, g->any, name[g->any]);
        status = g->driver.function_get(&function, g->module, name[g->any]);
        if (status == 0)
            return MX_OK;
    }
    snprintf(doing, sizeof doing, "find %s or %s in the code for this GPU", name[0], name[1]);
    return mxg_check(g, status, doing, why);
}

/* Load the first image that the driver takes. */
static mx_status load_image(mxgpu *g, char *why)
{
    char text[MXGPU_WHY] = "";

    for (const mxg_image *i = mxg_images; i->image; i++) {
        int status = i->vendor == g->driver.vendor ? g->driver.module_load(&g->module, i->image) : -1;

        if (status == 0)
            return MX_OK;
        g->module = NULL;
        if (i->vendor == g->driver.vendor && mxg_driver_status(&g->driver, status, "load", text) == MX_ENOMEM)
            return mxg_say(why, MX_ENOMEM, "%s", text);
    }
    return mxg_say(why, MX_EUNSUPPORTED, "no code for %.60s (built: %s) or driver too old: %.100s", g->name,
                   mxgpu_built(g->driver.vendor), text);
}

mx_status mxgpu_open(mxgpu **gpu, mxgpu_vendor vendor, int index, char *why)
{
    mxgpu *g = gpu ? calloc(1, sizeof *g) : NULL;
    mx_status status;

    if (!gpu)
        return mxg_say(why, MX_EINVAL, "wanted where to put the device, found NULL");
    if (!g)
        return mxg_say(why, MX_ENOMEM, "out of memory");
    status = mxg_driver_open(&g->driver, vendor, why);
    if (status == MX_OK)
        status = find_device(g, index, why);
    if (status == MX_OK)
        status = mxg_enter(g, why);
    if (status == MX_OK)
        status = load_image(g, why);
    if (status == MX_OK)
        status = find_kind(g, why);
    if (status == MX_OK)
        /* 1: does not wait for the default stream, with both vendors */
        status = mxg_check(g, g->driver.stream_create(&g->stream, 1), "create a stream", why);
    if (status != MX_OK) {
        mxgpu_close(g);
        return status;
    }
    *gpu = g;
    return MX_OK;
}

static void free_staging(mxgpu *g)
{
    if (g->staging)
        g->driver.host_free(g->staging);
    if (g->memory)
        g->driver.mem_free(g->memory);
    g->staging = NULL;
    g->memory = 0;
    g->room = 0;
}

void mxgpu_close(mxgpu *g)
{
    if (!g)
        return;
    if ((g->context || g->driver.vendor == MXGPU_HIP) && g->driver.library && mxg_enter(g, NULL) == MX_OK) {
        if (g->stream) {
            g->driver.stream_wait(g->stream);
            g->driver.stream_destroy(g->stream);
        }
        free_staging(g);
        if (g->module)
            g->driver.module_unload(g->module);
    }
    if (g->context)
        g->driver.context_release(g->device);
    mxg_driver_close(&g->driver);
    free(g);
}

const char *mxgpu_name(const mxgpu *gpu)
{
    return gpu ? gpu->name : "";
}

/* ---- launches ---- */

static mx_status find_function(mxgpu *g, const mxg_launch *l, void **function, char *why)
{
    size_t at = l->kernel < MXG_K_DIM0
                    ? (size_t)l->kernel
                    : MXG_K_DIM0 + ((size_t)(l->kernel - MXG_K_DIM0) * MX_ELEM_LAST + (size_t)(l->elem - 1)) * 3 +
                          (size_t)(l->type - 1);
    char name[MXG_NAME_MAX], doing[2 * MXG_NAME_MAX] = "";
    int status = 0;

    if (!g->function[at]) {
        /* (sweeps of the short form choose the instructions themselves) */
        mxg_kernel_name(l, g->any || l->kernel == MXG_K_SWEEP_FAST, name);
        snprintf(doing, sizeof doing, "find %s in the code for this GPU", name);
        status = g->driver.function_get(&g->function[at], g->module, name);
        if (status != 0)
            g->function[at] = NULL;
    }
    *function = g->function[at];
    return mxg_check(g, status, doing, why);
}

/* One launch; `after`: of a kernel that waits itself for the one before (MX_AWAIT_LAST), which it may follow while that
 * still runs. */
static int launch_one(const mxgpu *g, void *function, unsigned grid, int after, void *stream, void **params)
{
    enum { PROGRAMMATIC_STREAM_SERIALIZATION = 6 };
    mxg_launch_attribute attribute = {.id = PROGRAMMATIC_STREAM_SERIALIZATION, .value = {.allowed = 1}};
    mxg_launch_config config = {grid, 1, 1, MXG_GROUP, 1, 1, 0, stream, &attribute, 1};

    if (after && g->driver.launch_config)
        return g->driver.launch_config(&config, function, params, NULL);
    return g->driver.launch(function, grid, 1, 1, MXG_GROUP, 1, 1, 0, stream, params, NULL);
}

static mx_status launch_all(mxgpu *g, const mxg_launch *l, unsigned n, void *stream, char *why)
{
    for (unsigned i = 0; i < n; i++) {
        mxg_job job = l[i].job;
        void *params[] = {&job}, *function;
        mx_status status = find_function(g, &l[i], &function, why);

        if (status == MX_OK)
            status = mxg_check(g,
                               /* (code of one kernel for any format knows no such waiting) */
                               launch_one(g, function, (unsigned)l[i].grid, !g->any && l[i].kernel == MXG_K_REPAIR,
                                          stream ? stream : g->stream, params),
                               "launch", why);
        if (status != MX_OK)
            return status;
    }
    return MX_OK;
}

/* ---- batches ---- */

/* The columns of `count` cases, one after another in one stretch of memory. */
typedef struct part {
    size_t offset[MXG_COLUMNS], bytes[MXG_COLUMNS], inputs, total, count;
} part;

static part lay_out(const mxg_column column[MXG_COLUMNS], size_t count)
{
    part p = {.count = count};

    for (int i = 0; i < MXG_COLUMNS; i++) {
        p.offset[i] = p.total;
        p.bytes[i] = column[i].at ? column[i].each * count : 0;
        p.total += (p.bytes[i] + 255) & ~(size_t)255;
        if (i < MXG_OUT_VALUE)
            p.inputs = p.total;
    }
    return p;
}

static mx_status make_room(mxgpu *g, size_t bytes, char *why)
{
    mx_status status;

    if (bytes <= g->room)
        return MX_OK;
    free_staging(g);
    status = mxg_check(g, g->driver.host_alloc(&g->staging, bytes, 0), "allocate pinned memory", why);
    if (status == MX_OK)
        status = mxg_check(g, g->driver.mem_alloc(&g->memory, bytes), "allocate device memory", why);
    if (status == MX_OK)
        g->room = bytes;
    else
        free_staging(g);
    return status;
}

static mx_status run_part(mxgpu *g, const mx_batch *batch, const part *p, char *why)
{
    mxg_launch launch[MXG_LAUNCHES];
    void *at[MXG_COLUMNS];
    mx_batch moved;
    mx_status status;
    unsigned n;

    for (int i = 0; i < MXG_COLUMNS; i++)
        at[i] = p->bytes[i] ? (void *)(g->memory + p->offset[i]) : NULL;
    moved = mxg_with_columns(batch, at);
    moved.count = p->count;
    n = mxg_plan_batch(launch, &moved);
    status = mxg_check(g, g->driver.to_device(g->memory, g->staging, p->inputs, g->stream), "copy to the device", why);
    if (status == MX_OK)
        status = launch_all(g, launch, n, NULL, why);
    if (status == MX_OK)
        status = mxg_check(
            g,
            g->driver.to_host((char *)g->staging + p->inputs, g->memory + p->inputs, p->total - p->inputs, g->stream),
            "copy from the device", why);
    if (status == MX_OK)
        status = mxg_check(g, g->driver.stream_wait(g->stream), "run", why);
    return status;
}

/* Cases whose columns fill about 64 MiB, at least one. */
static size_t cases_at_once(const mxg_column column[MXG_COLUMNS], size_t count)
{
    size_t sum = 0, n;

    for (int i = 0; i < MXG_COLUMNS; i++)
        sum += column[i].each;
    n = ((size_t)64 << 20) / sum;
    return n < 1 ? 1 : n < count ? n : count;
}

/* All answers are gathered before any is handed out: outputs stay untouched on failure. */
static mx_status run_parts(mxgpu *g, const mx_batch *batch, const mxg_column column[MXG_COLUMNS],
                           char *results[MXG_COLUMNS], char *why)
{
    mx_status status = MX_OK;

    for (size_t first = 0; status == MX_OK && first < batch->count;) {
        const part p = lay_out(column, cases_at_once(column, batch->count - first));
        status = make_room(g, p.total, why);
        for (int i = 0; status == MX_OK && i < MXG_OUT_VALUE; i++)
            if (p.bytes[i])
                memcpy((char *)g->staging + p.offset[i], column[i].at + first * column[i].each, p.bytes[i]);
        if (status == MX_OK)
            status = run_part(g, batch, &p, why);
        for (int i = MXG_OUT_VALUE; status == MX_OK && i < MXG_COLUMNS; i++)
            if (p.bytes[i])
                memcpy(results[i] + first * column[i].each, (char *)g->staging + p.offset[i], p.bytes[i]);
        first += p.count;
    }
    return status;
}

mx_status mxgpu_run(mxgpu *g, const mx_batch *batch, char *why)
{
    mx_status status = mx_batch_check(batch, why);
    char *results[MXG_COLUMNS] = {NULL};
    mxg_column column[MXG_COLUMNS];

    if (status == MX_OK)
        status = mxg_enter(g, why);
    if (status != MX_OK || batch->count == 0)
        return status;
    mxg_columns_of(batch, column);
    for (int i = MXG_OUT_VALUE; status == MX_OK && i < MXG_COLUMNS; i++)
        if (column[i].at && !(results[i] = malloc(column[i].each * batch->count)))
            status = mxg_say(why, MX_ENOMEM, "out of memory");
    if (status == MX_OK)
        status = run_parts(g, batch, column, results, why);
    for (int i = MXG_OUT_VALUE; i < MXG_COLUMNS; i++) {
        if (status == MX_OK && results[i])
            memcpy(column[i].at, results[i], column[i].each * batch->count);
        free(results[i]);
    }
    return status;
}

/* ---- tensors ---- */

/* Tiled scales are padded with zero bytes. */
static mx_status clear_padding(mxgpu *g, const mxgpu_tensor *t, int dim, void *stream, char *why)
{
    const mxgpu_blocks *b = dim == MXGPU_DIM0 ? &t->dim0 : &t->dim1;
    size_t lines = dim == MXGPU_DIM0 ? t->rows : t->cols, length = dim == MXGPU_DIM0 ? t->cols : t->rows;
    size_t blocks = (length + t->k - 1) / t->k;

    if (!(t->dims & dim) || !b->tiled || (lines % 128 == 0 && blocks % 4 == 0))
        return MX_OK;
    return mxgpu_fill(g, b->scales, 0, mxgpu_tiled_bytes(lines, blocks), stream, why);
}

mx_status mxgpu_quantize(mxgpu *g, const mxgpu_tensor *tensor, void *stream, char *why)
{
    mxg_launch launch[MXG_LAUNCHES];
    mx_status status = mxg_enter(g, why);
    unsigned n = 0;

    if (status == MX_OK)
        status = mxg_plan_quantize(launch, &n, tensor, 0, why);
    for (int dim = MXGPU_DIM0; status == MX_OK && n && dim <= MXGPU_DIM1; dim++)
        status = clear_padding(g, tensor, dim, stream, why);
    return status == MX_OK ? launch_all(g, launch, n, stream, why) : status;
}

mx_status mxgpu_dequantize(mxgpu *g, const mxgpu_tensor *tensor, void *stream, char *why)
{
    mxg_launch launch[MXG_LAUNCHES];
    mx_status status = mxg_enter(g, why);
    unsigned n = 0;

    if (status == MX_OK)
        status = mxg_plan_dequantize(launch, &n, tensor, why);
    return status == MX_OK ? launch_all(g, launch, n, stream, why) : status;
}

/* ---- sweeps ---- */

mx_status mxgpu_sweep(mxgpu *g, const mxgpu_sweep_job *job, mxgpu_sweep_result *result, char *why)
{
    uint64_t *words;
    size_t bytes, header = 256;
    mxg_launch launch;
    mx_status status = mxg_enter(g, why);

    if (status == MX_OK && (!job || !result))
        status = mxg_say(why, MX_EINVAL, "wanted a sweep and where to put its result, found NULL");
    if (status == MX_OK)
        status = mxg_plan_sweep(&launch, job, NULL, NULL, why);
    bytes = status == MX_OK ? header + job->steps * sizeof *job->step : 0;
    if (status == MX_OK)
        status = make_room(g, bytes < 65536 ? 65536 : bytes, why);
    if (status != MX_OK)
        return status;
    words = g->staging;
    words[0] = words[2] = words[3] = 0;
    words[1] = UINT64_MAX;
    memcpy((char *)g->staging + header, job->step, job->steps * sizeof *job->step);
    launch.job.result = (uint64_t *)g->memory;
    launch.job.step = (const mxg_step *)(g->memory + header);
    status = mxg_check(g, g->driver.to_device(g->memory, g->staging, bytes, g->stream), "copy to the device", why);
    if (status == MX_OK)
        status = launch_all(g, &launch, 1, NULL, why);
    if (status == MX_OK)
        status = mxg_check(g, g->driver.to_host(g->staging, g->memory, 32, g->stream), "copy from the device", why);
    if (status == MX_OK)
        status = mxg_check(g, g->driver.stream_wait(g->stream), "run", why);
    if (status == MX_OK)
        *result =
            (mxgpu_sweep_result){.wrong = words[0], .first_wrong = words[1], .digest = words[2], .cases = words[3]};
    return status;
}
