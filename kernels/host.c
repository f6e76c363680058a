/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Devices and launches: plain C over the driver table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

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

enum { VALUE, RANDOM, SCALE, CODE, BYTE, OUT_VALUE, OUT_SCALE, OUT_CODE, OUT_BYTE, COLUMNS };

/* The columns of `count` cases from case `first` on, one after another in one stretch of memory. */
typedef struct part {
    size_t offset[COLUMNS], bytes[COLUMNS], inputs, total;
} part;

static void columns_of(const mx_batch *b, size_t first, const char *at[COLUMNS], size_t each[COLUMNS])
{
    size_t width = mx_type_bytes(b->type), scales = b->rows ? b->k : 1, arranged = b->layout ? mx_layout_bytes(b) : 0;

    at[VALUE] = b->in.value, each[VALUE] = b->k * width;
    at[RANDOM] = (const char *)b->in.random, each[RANDOM] = b->k * sizeof *b->in.random;
    at[SCALE] = (const char *)b->in.scale, each[SCALE] = scales;
    at[CODE] = (const char *)b->in.code, each[CODE] = b->k;
    at[BYTE] = (const char *)b->in.byte, each[BYTE] = arranged;
    at[OUT_VALUE] = b->out.value, each[OUT_VALUE] = b->k * width;
    at[OUT_SCALE] = (const char *)b->out.scale, each[OUT_SCALE] = scales;
    at[OUT_CODE] = (const char *)b->out.code, each[OUT_CODE] = b->k;
    at[OUT_BYTE] = (const char *)b->out.byte, each[OUT_BYTE] = arranged;
    for (int i = 0; i < COLUMNS; i++)
        at[i] = at[i] ? at[i] + first * each[i] : NULL;
}

static void lay_out(part *p, const char *const at[COLUMNS], const size_t each[COLUMNS], size_t count)
{
    p->total = 0;
    for (int i = 0; i < COLUMNS; i++) {
        p->offset[i] = p->total;
        p->bytes[i] = at[i] ? each[i] * count : 0;
        p->total += (p->bytes[i] + 255) & ~(size_t)255;
        if (i < OUT_VALUE)
            p->inputs = p->total;
    }
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

static void *on_device(const mxgpu *g, const part *p, int column)
{
    return p->bytes[column] ? (void *)(g->memory + p->offset[column]) : NULL;
}

static mx_status run_part(mxgpu *g, const mx_batch *b, const part *p, size_t count, char *why)
{
    mxg_launch launch[MXG_LAUNCHES];
    mx_batch inner = *b;
    mx_status status;
    unsigned n;

    inner.count = count;
    inner.in.value = on_device(g, p, VALUE);
    inner.in.random = on_device(g, p, RANDOM);
    inner.in.scale = on_device(g, p, SCALE);
    inner.in.code = on_device(g, p, CODE);
    inner.in.byte = on_device(g, p, BYTE);
    inner.out.value = on_device(g, p, OUT_VALUE);
    inner.out.scale = on_device(g, p, OUT_SCALE);
    inner.out.code = on_device(g, p, OUT_CODE);
    inner.out.byte = on_device(g, p, OUT_BYTE);
    n = mxg_plan_batch(launch, &inner);
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
static size_t cases_at_once(const size_t each[COLUMNS], size_t count)
{
    size_t sum = 0, n;

    for (int i = 0; i < COLUMNS; i++)
        sum += each[i];
    n = ((size_t)64 << 20) / sum;
    return n < 1 ? 1 : n < count ? n : count;
}

/* All answers are gathered before any is handed out: outputs stay untouched on failure. */
static mx_status run_parts(mxgpu *g, const mx_batch *b, char *results[COLUMNS], char *why)
{
    const char *at[COLUMNS];
    size_t each[COLUMNS], count;
    mx_status status = MX_OK;
    part p = {0};

    for (size_t first = 0; status == MX_OK && first < b->count; first += count) {
        columns_of(b, first, at, each);
        count = cases_at_once(each, b->count - first);
        lay_out(&p, at, each, count);
        status = make_room(g, p.total, why);
        for (int i = VALUE; status == MX_OK && i < OUT_VALUE; i++)
            if (p.bytes[i])
                memcpy((char *)g->staging + p.offset[i], at[i], p.bytes[i]);
        if (status == MX_OK)
            status = run_part(g, b, &p, count, why);
        for (int i = OUT_VALUE; status == MX_OK && i < COLUMNS; i++)
            if (p.bytes[i])
                memcpy(results[i] + first * each[i], (char *)g->staging + p.offset[i], p.bytes[i]);
    }
    return status;
}

mx_status mxgpu_run(mxgpu *g, const mx_batch *batch, char *why)
{
    mx_status status = mx_batch_check(batch, why);
    char *results[COLUMNS] = {NULL}, *to[COLUMNS] = {NULL};
    const char *at[COLUMNS];
    size_t each[COLUMNS];

    if (status == MX_OK)
        status = mxg_enter(g, why);
    if (status != MX_OK || batch->count == 0)
        return status;
    columns_of(batch, 0, at, each);
    to[OUT_VALUE] = batch->out.value;
    to[OUT_SCALE] = (char *)batch->out.scale;
    to[OUT_CODE] = (char *)batch->out.code;
    to[OUT_BYTE] = (char *)batch->out.byte;
    for (int i = OUT_VALUE; status == MX_OK && i < COLUMNS; i++)
        if (to[i] && !(results[i] = malloc(each[i] * batch->count)))
            status = mxg_say(why, MX_ENOMEM, "out of memory");
    if (status == MX_OK)
        status = run_parts(g, batch, results, why);
    for (int i = OUT_VALUE; i < COLUMNS; i++) {
        if (status == MX_OK && to[i])
            memcpy(to[i], results[i], each[i] * batch->count);
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
