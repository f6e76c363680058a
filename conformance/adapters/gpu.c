/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernels as subjects: on a device of either vendor, and their text lane by lane on the host.
 */
#include "conformance/adapters/gpu.h"

#include <stdlib.h>

#include <mx/gpu.h>

/* Opened by the probe and kept until the process ends: opening takes longer than judging. */
static mxgpu *device[MXGPU_HIP + 1];

static void close_devices(void)
{
    for (int vendor = MXGPU_CUDA; vendor <= MXGPU_HIP; vendor++)
        mxgpu_close(device[vendor]);
}

static mx_status probe(mxgpu_vendor vendor, char *why)
{
    static int registered;
    mx_status status = device[vendor] ? MX_OK : mxgpu_open(&device[vendor], vendor, 0, why);

    if (status == MX_OK && !registered)
        registered = atexit(close_devices) == 0;
    return status;
}

static mx_status run(mxgpu_vendor vendor, const mx_batch *batch)
{
    char why[MXGPU_WHY];
    mx_status status = probe(vendor, why);

    return status == MX_OK ? mxgpu_run(device[vendor], batch, why) : status;
}

mx_status mxc_cuda_probe(char why[MXC_LINE])
{
    return probe(MXGPU_CUDA, why);
}

mx_status mxc_cuda_run(const mx_batch *batch)
{
    return run(MXGPU_CUDA, batch);
}

mx_status mxc_hip_probe(char why[MXC_LINE])
{
    return probe(MXGPU_HIP, why);
}

mx_status mxc_hip_run(const mx_batch *batch)
{
    return run(MXGPU_HIP, batch);
}

mx_status mxc_lane32_run(const mx_batch *batch)
{
    return mxgpu_lane_run(batch, 32);
}

mx_status mxc_lane64_run(const mx_batch *batch)
{
    return mxgpu_lane_run(batch, 64);
}
