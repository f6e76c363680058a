/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The in-process subjects that are kernels: on a device of either vendor, and lane by lane on the host.
 */
#ifndef CONFORMANCE_ADAPTERS_GPU_H
#define CONFORMANCE_ADAPTERS_GPU_H

#include <mx/conformance.h>

mx_status mxc_cuda_probe(char why[MXC_LINE]);
mx_status mxc_cuda_run(const mx_batch *batch);
mx_status mxc_hip_probe(char why[MXC_LINE]);
mx_status mxc_hip_run(const mx_batch *batch);
mx_status mxc_lane32_run(const mx_batch *batch);
mx_status mxc_lane64_run(const mx_batch *batch);

#endif
