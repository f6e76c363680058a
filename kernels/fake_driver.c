/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A driver library for tests, under both vendors' names: device memory is host memory, kernels run lane by lane. So
 * that the host side is run to the end without a device, and every failure of a driver can be had. MXG_FAKE names one:
 *     none no-device old no-code memory launch tile repair (the kernels of that name are absent)
 * `each` is no failure: the code has a kernel of each element format, where by default one serves all. At exit whatever
 * was not given back is counted on stderr, and kernels that were asked for although they are absent are named, but for
 * the one question which of the two kinds there is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/driver.h"
#include "kernels/lanes_run.h"

/* Statuses with the meaning that both vendors give them. */
enum {
    OK = 0,
    INVALID = 1,
    NO_MEMORY = 2,
    NO_DEVICE = 100,
    NO_BINARY = 209,
    OLD_PTX = 222,
    NOT_FOUND = 500,
    FAILED = 719
};

static long live;

__attribute__((destructor)) static void count_leaks(void)
{
    if (live)
        fprintf(stderr, "fake driver: %ld resources leaked\n", live);
}

static int fails(const char *how)
{
    const char *wanted = getenv("MXG_FAKE");

    return wanted && strcmp(wanted, how) == 0;
}

static int give(void **handle, size_t bytes)
{
    *handle = aligned_alloc(256, (bytes + 511) & ~(size_t)255);
    live += *handle != NULL;
    return *handle ? OK : NO_MEMORY;
}

static int take(void *handle)
{
    live -= handle != NULL;
    free(handle);
    return handle ? OK : INVALID;
}

/* ---- what both have ---- */

static int init(unsigned flags)
{
    return flags ? INVALID : fails("no-device") ? NO_DEVICE : OK;
}

static int device_count(int *count)
{
    *count = fails("none") ? 0 : 2;
    return OK;
}

static int device_get(int *device, int index)
{
    *device = index;
    return index < 2 ? OK : INVALID;
}

static int device_name(char *name, int size, int device)
{
    snprintf(name, (size_t)size, "fake device %d", device);
    return OK;
}

static int mem_alloc(void **memory, size_t bytes)
{
    return fails("memory") ? NO_MEMORY : give(memory, bytes);
}

static int copy(void *to, const void *from, size_t bytes)
{
    memmove(to, from, bytes);
    return OK;
}

static int module_load(void **module, const void *image)
{
    if (!image || fails("old") || fails("no-code"))
        return fails("no-code") ? NO_BINARY : OLD_PTX;
    return give(module, 1);
}

/* Kernels by name: those of the lane run. */
static mxg_launch known[64];
static size_t known_count;

static void learn(void)
{
    for (int kernel = MXG_K_CELLS; !known_count || kernel <= MXG_K_SWEEP_FAST; kernel++)
        for (int type = MX_FP32; type <= (kernel < MXG_K_DIM0 ? MX_FP32 : MX_FP16); type++) {
            mxg_launch *l = &known[known_count++];

            l->kernel = (mxg_kernel)kernel;
            l->elem = MX_E4M3;
            l->type = (mx_type)type;
        }
}

static int is_named(const mxg_launch *l, const char *name)
{
    int each = fails("each") && (l->kernel == MXG_K_DIM0 || l->kernel == MXG_K_TILE);
    char text[MXG_NAME_MAX];
    mxg_launch as = *l;

    for (as.elem = MX_E5M2; as.elem <= (each ? MX_ELEM_LAST : MX_E5M2); as.elem++) {
        mxg_kernel_name(&as, !each, text);
        if (strcmp(text, name) == 0)
            return 1;
    }
    return 0;
}

static int function_get(void **function, void *module, const char *name)
{
    int hidden = (fails("tile") && strstr(name, "tile")) || (fails("repair") && strstr(name, "repair"));

    if (!known_count)
        learn();
    for (size_t i = 0; module && !hidden && i < known_count; i++)
        if (is_named(&known[i], name)) {
            *function = &known[i];
            return OK;
        }
    if (!hidden && strcmp(name, "mxg_tile_e4m3_fp32") != 0)
        fprintf(stderr, "fake driver: asked for %s, which is absent\n", name);
    return NOT_FOUND;
}

static int launch(void *function, unsigned gx, unsigned bx, void **params)
{
    mxg_launch l = *(const mxg_launch *)function;

    if (fails("launch") || bx != MXG_GROUP || gx == 0)
        return FAILED;
    memcpy(&l.job, params[0], sizeof l.job);
    l.grid = gx;
    return mxg_lanes_launch(&l, 32) == MX_OK ? OK : FAILED;
}

static int elapsed(float *ms)
{
    *ms = 1;
    return OK;
}

static const char *text_of(int status)
{
    return status == NO_DEVICE   ? "no device"
           : status == NO_MEMORY ? "out of memory"
           : status == NO_BINARY ? "no binary for this GPU"
           : status == OLD_PTX   ? "PTX of a newer toolchain"
           : status == FAILED    ? "launch failed"
           : status == NOT_FOUND ? "named symbol not found"
                                 : "error";
}

/* ---- CUDA's names ---- */

#define FAKE __attribute__((visibility("default")))
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

FAKE int cuInit(unsigned flags)
{
    return init(flags);
}
FAKE int cuDeviceGetCount(int *count)
{
    return device_count(count);
}
FAKE int cuDeviceGet(int *device, int index)
{
    return device_get(device, index);
}
FAKE int cuDeviceGetName(char *name, int size, int device)
{
    return device_name(name, size, device);
}
FAKE int cuMemAlloc_v2(void **memory, size_t bytes)
{
    return mem_alloc(memory, bytes);
}
FAKE int cuMemFree_v2(void *memory)
{
    return take(memory);
}
FAKE int cuMemHostAlloc(void **memory, size_t bytes, unsigned flags)
{
    return flags ? INVALID : fails("pinned") ? NO_MEMORY : give(memory, bytes);
}
FAKE int cuMemFreeHost(void *memory)
{
    return take(memory);
}
FAKE int cuMemcpyHtoDAsync_v2(void *to, const void *from, size_t n, void *s)
{
    return s ? copy(to, from, n) : INVALID;
}
FAKE int cuMemcpyDtoHAsync_v2(void *to, const void *from, size_t n, void *s)
{
    return s ? copy(to, from, n) : INVALID;
}
FAKE int cuMemcpyDtoDAsync_v2(void *to, const void *from, size_t n, void *s)
{
    return s ? copy(to, from, n) : INVALID;
}
FAKE int cuMemsetD8Async(void *to, unsigned char byte, size_t n, void *s)
{
    memset(to, byte, n);
    return s ? OK : INVALID;
}
FAKE int cuStreamCreate(void **stream, unsigned flags)
{
    return flags == 1 ? give(stream, 1) : INVALID;
}
FAKE int cuStreamDestroy_v2(void *stream)
{
    return take(stream);
}
FAKE int cuStreamSynchronize(void *stream)
{
    return stream ? OK : INVALID;
}
FAKE int cuModuleLoadData(void **module, const void *image)
{
    return module_load(module, image);
}
FAKE int cuModuleUnload(void *module)
{
    return take(module);
}
FAKE int cuModuleGetFunction(void **f, void *module, const char *name)
{
    return function_get(f, module, name);
}
FAKE int cuLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                        unsigned shared, void *stream, void **params, void **extra)
{
    return stream && gy * gz * by * bz == 1 && !shared && !extra ? launch(f, gx, bx, params) : INVALID;
}
/* Only the kernel that waits itself may follow one that still runs. */
FAKE int cuLaunchKernelEx(const mxg_launch_config *c, void *f, void **params, void **extra)
{
    if (c->attributes != 1 || c->attribute->id != 6 || c->attribute->value.allowed != 1 ||
        ((const mxg_launch *)f)->kernel != MXG_K_REPAIR)
        return INVALID;
    return cuLaunchKernel(f, c->gx, c->gy, c->gz, c->bx, c->by, c->bz, c->shared, c->stream, params, extra);
}
FAKE int cuEventCreate(void **event, unsigned flags)
{
    return flags ? INVALID : give(event, 1);
}
FAKE int cuEventDestroy_v2(void *event)
{
    return take(event);
}
FAKE int cuEventRecord(void *event, void *stream)
{
    return event && stream ? OK : INVALID;
}
FAKE int cuEventSynchronize(void *event)
{
    return event ? OK : INVALID;
}
FAKE int cuEventElapsedTime(float *ms, void *from, void *to)
{
    return from && to ? elapsed(ms) : INVALID;
}
FAKE int cuDevicePrimaryCtxRetain(void **context, int device)
{
    static char contexts[2];

    live++;
    *context = &contexts[device];
    return OK;
}
FAKE int cuDevicePrimaryCtxRelease_v2(int device)
{
    live--;
    return device < 2 ? OK : INVALID;
}
FAKE int cuCtxSetCurrent(void *context)
{
    return context ? OK : INVALID;
}
FAKE int cuGetErrorString(int status, const char **text)
{
    *text = text_of(status);
    return OK;
}

/* ---- HIP's names ---- */

FAKE int hipInit(unsigned flags)
{
    return init(flags);
}
FAKE int hipGetDeviceCount(int *count)
{
    return device_count(count);
}
FAKE int hipDeviceGet(int *device, int index)
{
    return device_get(device, index);
}
FAKE int hipDeviceGetName(char *name, int size, int device)
{
    return device_name(name, size, device);
}
FAKE int hipMalloc(void **memory, size_t bytes)
{
    return mem_alloc(memory, bytes);
}
FAKE int hipFree(void *memory)
{
    return take(memory);
}
FAKE int hipHostMalloc(void **memory, size_t bytes, unsigned flags)
{
    return cuMemHostAlloc(memory, bytes, flags);
}
FAKE int hipHostFree(void *memory)
{
    return take(memory);
}
FAKE int hipMemcpyHtoDAsync(void *to, void *from, size_t n, void *s)
{
    return s ? copy(to, from, n) : INVALID;
}
FAKE int hipMemcpyDtoHAsync(void *to, void *from, size_t n, void *s)
{
    return s ? copy(to, from, n) : INVALID;
}
FAKE int hipMemcpyDtoDAsync(void *to, void *from, size_t n, void *s)
{
    return s ? copy(to, from, n) : INVALID;
}
FAKE int hipMemsetD8Async(void *to, unsigned char byte, size_t n, void *s)
{
    return cuMemsetD8Async(to, byte, n, s);
}
FAKE int hipStreamCreateWithFlags(void **stream, unsigned flags)
{
    return flags == 1 ? give(stream, 1) : INVALID;
}
FAKE int hipStreamDestroy(void *stream)
{
    return take(stream);
}
FAKE int hipStreamSynchronize(void *stream)
{
    return stream ? OK : INVALID;
}
FAKE int hipModuleLoadData(void **module, const void *image)
{
    static int asked;

    return fails("first") && !asked++ ? NO_BINARY : module_load(module, image); /* that is of another GPU */
}
FAKE int hipModuleUnload(void *module)
{
    return take(module);
}
FAKE int hipModuleGetFunction(void **f, void *module, const char *name)
{
    return function_get(f, module, name);
}
FAKE int hipModuleLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                               unsigned shared, void *stream, void **params, void **extra)
{
    return stream && gy * gz * by * bz == 1 && !shared && !extra ? launch(f, gx, bx, params) : INVALID;
}
FAKE int hipEventCreateWithFlags(void **event, unsigned flags)
{
    return flags ? INVALID : give(event, 1);
}
FAKE int hipEventDestroy(void *event)
{
    return take(event);
}
FAKE int hipEventRecord(void *event, void *stream)
{
    return event && stream ? OK : INVALID;
}
FAKE int hipEventSynchronize(void *event)
{
    return event ? OK : INVALID;
}
FAKE int hipEventElapsedTime(float *ms, void *from, void *to)
{
    return from && to ? elapsed(ms) : INVALID;
}
FAKE int hipSetDevice(int device)
{
    return device < 2 ? OK : INVALID;
}
FAKE const char *hipGetErrorString(int status)
{
    return text_of(status);
}
