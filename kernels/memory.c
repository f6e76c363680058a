/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory, streams and time of a device, for callers who own all three.
 */
#include "kernels/device.h"

mx_status mxgpu_alloc(mxgpu *g, void **device, size_t bytes, char *why)
{
    mx_status status = mxg_enter(g, why);
    uintptr_t at = 0;

    if (status == MX_OK)
        status = mxg_check(g, g->driver.mem_alloc(&at, bytes), "allocate device memory", why);
    if (status == MX_OK)
        *device = (void *)at;
    return status;
}

void mxgpu_free(mxgpu *g, void *device)
{
    if (device && mxg_enter(g, NULL) == MX_OK)
        g->driver.mem_free((uintptr_t)device);
}

mx_status mxgpu_host_alloc(mxgpu *g, void **pinned, size_t bytes, char *why)
{
    mx_status status = mxg_enter(g, why);
    void *at = NULL;

    if (status == MX_OK)
        status = mxg_check(g, g->driver.host_alloc(&at, bytes, 0), "allocate pinned memory", why);
    if (status == MX_OK)
        *pinned = at;
    return status;
}

void mxgpu_host_free(mxgpu *g, void *pinned)
{
    if (pinned && mxg_enter(g, NULL) == MX_OK)
        g->driver.host_free(pinned);
}

static void *stream_of(const mxgpu *g, void *stream)
{
    return stream ? stream : g->stream;
}

mx_status mxgpu_to_device(mxgpu *g, void *device, const void *host, size_t bytes, void *stream, char *why)
{
    mx_status status = mxg_enter(g, why);

    return status != MX_OK ? status
                           : mxg_check(g, g->driver.to_device((uintptr_t)device, host, bytes, stream_of(g, stream)),
                                       "copy to the device", why);
}

mx_status mxgpu_to_host(mxgpu *g, void *host, const void *device, size_t bytes, void *stream, char *why)
{
    mx_status status = mxg_enter(g, why);

    return status != MX_OK ? status
                           : mxg_check(g, g->driver.to_host(host, (uintptr_t)device, bytes, stream_of(g, stream)),
                                       "copy from the device", why);
}

mx_status mxgpu_copy(mxgpu *g, void *to, const void *from, size_t bytes, void *stream, char *why)
{
    mx_status status = mxg_enter(g, why);

    return status != MX_OK
               ? status
               : mxg_check(g, g->driver.copy((uintptr_t)to, (uintptr_t)from, bytes, stream_of(g, stream)), "copy", why);
}

mx_status mxgpu_fill(mxgpu *g, void *device, uint8_t byte, size_t bytes, void *stream, char *why)
{
    mx_status status = mxg_enter(g, why);

    return status != MX_OK
               ? status
               : mxg_check(g, g->driver.fill((uintptr_t)device, byte, bytes, stream_of(g, stream)), "fill", why);
}

mx_status mxgpu_wait(mxgpu *g, void *stream, char *why)
{
    mx_status status = mxg_enter(g, why);

    return status != MX_OK ? status : mxg_check(g, g->driver.stream_wait(stream_of(g, stream)), "run", why);
}

mx_status mxgpu_mark_new(mxgpu *g, void **mark, char *why)
{
    mx_status status = mxg_enter(g, why);
    void *event = NULL;

    if (status == MX_OK)
        status = mxg_check(g, g->driver.event_create(&event, 0), "create an event", why);
    if (status == MX_OK)
        *mark = event;
    return status;
}

void mxgpu_mark_free(mxgpu *g, void *mark)
{
    if (mark && mxg_enter(g, NULL) == MX_OK)
        g->driver.event_destroy(mark);
}

mx_status mxgpu_mark(mxgpu *g, void *mark, void *stream, char *why)
{
    mx_status status = mxg_enter(g, why);

    return status != MX_OK ? status
                           : mxg_check(g, g->driver.event_record(mark, stream_of(g, stream)), "record an event", why);
}

mx_status mxgpu_elapsed_ns(mxgpu *g, uint64_t *ns, void *from, void *to, char *why)
{
    mx_status status = mxg_enter(g, why);
    float ms = 0;

    if (status == MX_OK)
        status = mxg_check(g, g->driver.event_wait(to), "run", why);
    if (status == MX_OK)
        status = mxg_check(g, g->driver.event_elapsed(&ms, from, to), "time", why);
    if (status == MX_OK)
        *ns = (uint64_t)((double)ms * 1e6);
    return status;
}
