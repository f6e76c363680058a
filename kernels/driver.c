/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels/driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "kernels/plan.h"

typedef struct symbol {
    size_t at; /* of the pointer in mxg_driver */
    const char *cuda, *hip;
} symbol;

/* The _v2 names are those that the toolkit's headers map the plain ones to. */
static const symbol symbols[] = {
    {offsetof(mxg_driver, init), "cuInit", "hipInit"},
    {offsetof(mxg_driver, device_count), "cuDeviceGetCount", "hipGetDeviceCount"},
    {offsetof(mxg_driver, device_get), "cuDeviceGet", "hipDeviceGet"},
    {offsetof(mxg_driver, device_name), "cuDeviceGetName", "hipDeviceGetName"},
    {offsetof(mxg_driver, mem_alloc), "cuMemAlloc_v2", "hipMalloc"},
    {offsetof(mxg_driver, mem_free), "cuMemFree_v2", "hipFree"},
    {offsetof(mxg_driver, host_alloc), "cuMemHostAlloc", "hipHostMalloc"},
    {offsetof(mxg_driver, host_free), "cuMemFreeHost", "hipHostFree"},
    {offsetof(mxg_driver, to_device), "cuMemcpyHtoDAsync_v2", "hipMemcpyHtoDAsync"},
    {offsetof(mxg_driver, to_host), "cuMemcpyDtoHAsync_v2", "hipMemcpyDtoHAsync"},
    {offsetof(mxg_driver, copy), "cuMemcpyDtoDAsync_v2", "hipMemcpyDtoDAsync"},
    {offsetof(mxg_driver, fill), "cuMemsetD8Async", "hipMemsetD8Async"},
    {offsetof(mxg_driver, stream_create), "cuStreamCreate", "hipStreamCreateWithFlags"},
    {offsetof(mxg_driver, stream_destroy), "cuStreamDestroy_v2", "hipStreamDestroy"},
    {offsetof(mxg_driver, stream_wait), "cuStreamSynchronize", "hipStreamSynchronize"},
    {offsetof(mxg_driver, module_load), "cuModuleLoadData", "hipModuleLoadData"},
    {offsetof(mxg_driver, module_unload), "cuModuleUnload", "hipModuleUnload"},
    {offsetof(mxg_driver, function_get), "cuModuleGetFunction", "hipModuleGetFunction"},
    {offsetof(mxg_driver, launch), "cuLaunchKernel", "hipModuleLaunchKernel"},
    {offsetof(mxg_driver, launch_config), "cuLaunchKernelEx", NULL},
    {offsetof(mxg_driver, event_create), "cuEventCreate", "hipEventCreateWithFlags"},
    {offsetof(mxg_driver, event_destroy), "cuEventDestroy_v2", "hipEventDestroy"},
    {offsetof(mxg_driver, event_record), "cuEventRecord", "hipEventRecord"},
    {offsetof(mxg_driver, event_wait), "cuEventSynchronize", "hipEventSynchronize"},
    {offsetof(mxg_driver, event_elapsed), "cuEventElapsedTime", "hipEventElapsedTime"},
    {offsetof(mxg_driver, context_retain), "cuDevicePrimaryCtxRetain", NULL},
    {offsetof(mxg_driver, context_release), "cuDevicePrimaryCtxRelease_v2", NULL},
    {offsetof(mxg_driver, context_set), "cuCtxSetCurrent", NULL},
    {offsetof(mxg_driver, cuda_error_text), "cuGetErrorString", NULL},
    {offsetof(mxg_driver, device_set), NULL, "hipSetDevice"},
    {offsetof(mxg_driver, hip_error_text), NULL, "hipGetErrorString"},
};

static const char *const libraries[][4] = {
    {"libcuda.so.1", "libcuda.so", NULL},
    {"libamdhip64.so.7", "libamdhip64.so.6", "libamdhip64.so.5", NULL},
};

static const char *vendor_name(mxgpu_vendor vendor)
{
    return vendor == MXGPU_CUDA ? "CUDA" : "HIP";
}

const char *mxgpu_built(mxgpu_vendor vendor)
{
    static _Thread_local char texts[MXGPU_HIP][128];
    size_t n = 0;
    char *text = vendor == MXGPU_HIP ? texts[1] : texts[0];
    const size_t size = sizeof texts[0];

    text[0] = '\0';
    for (const mxg_image *i = mxg_images; i->image; i++)
        if (i->vendor == vendor && n < size)
            n += (size_t)snprintf(text + n, size - n, "%s%s", n ? " " : "", i->target);
    return text;
}

static mx_status find_symbols(mxg_driver *d, const char *library, char *why)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        const char *name = d->vendor == MXGPU_CUDA ? symbols[i].cuda : symbols[i].hip;
        void *found;

        if (!name)
            continue;
        found = dlsym(d->library, name);
        /* older drivers have none, and do without */
        if (!found && symbols[i].at == offsetof(mxg_driver, launch_config))
            continue;
        if (!found)
            return mxg_say(why, MX_EUNSUPPORTED, "%s driver too old: %s has no %s", vendor_name(d->vendor), library,
                           name);
        memcpy((char *)d + symbols[i].at, &found, sizeof found);
    }
    return MX_OK;
}

mx_status mxg_driver_open(mxg_driver *d, mxgpu_vendor vendor, char *why)
{
    const char *const *name = vendor == MXGPU_CUDA || vendor == MXGPU_HIP ? libraries[vendor - 1] : NULL;
    int status, count = 0;

    memset(d, 0, sizeof *d);
    d->vendor = vendor;
    if (!name)
        return mxg_say(why, MX_EINVAL, "wanted CUDA or HIP, found vendor %d", (int)vendor);
    if (!*mxgpu_built(vendor))
        return mxg_say(why, MX_EUNSUPPORTED, "not built with %s kernels: configure found no %s", vendor_name(vendor),
                       vendor == MXGPU_CUDA ? "nvcc" : "clang with the AMDGPU target");
    while (!(d->library = dlopen(*name, RTLD_NOW | RTLD_LOCAL)) && name[1])
        name++;
    if (!d->library)
        return mxg_say(why, MX_EUNSUPPORTED, "no %s driver: %s cannot be opened", vendor_name(vendor),
                       libraries[vendor - 1][0]);
    if (find_symbols(d, *name, why) != MX_OK)
        return MX_EUNSUPPORTED;
    status = d->init(0);
    if (status == 0)
        status = d->device_count(&count);
    if (status != 0) {
        char text[MXGPU_WHY];

        mxg_driver_status(d, status, "start", text);
        return mxg_say(why, MX_EUNSUPPORTED, "no %s device: %s", vendor_name(vendor), text);
    }
    if (count == 0)
        return mxg_say(why, MX_EUNSUPPORTED, "no %s device: the driver lists none", vendor_name(vendor));
    return MX_OK;
}

void mxg_driver_close(mxg_driver *d)
{
    /* The library stays mapped while anything else uses it. */
    if (d->library)
        dlclose(d->library);
    d->library = NULL;
}

mx_status mxg_driver_status(const mxg_driver *d, int status, const char *doing, char *why)
{
    const char *text = NULL;

    if (status == 0)
        return MX_OK;
    if (d->vendor == MXGPU_CUDA && d->cuda_error_text)
        d->cuda_error_text(status, &text);
    else if (d->vendor == MXGPU_HIP && d->hip_error_text)
        text = d->hip_error_text(status);
    /* 2 is out of memory with both vendors. */
    return mxg_say(why, status == 2 ? MX_ENOMEM : MX_EDEVICE, "%s %s: %s (error %d)", vendor_name(d->vendor), doing,
                   text ? text : "unknown error", status);
}
