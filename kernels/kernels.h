/* SPDX-License-Identifier: BSD-3-Clause
 *
 * All kernels. The one translation unit of each target: kernels.cu for devices, lanes.c for the host.
 */
#ifndef MXG_KERNELS_H
#define MXG_KERNELS_H

#include "kernels/body/arrange.h"
#include "kernels/body/decode.h"
#include "kernels/body/dim0.h"
#include "kernels/body/repair.h"
#include "kernels/body/sweep.h"
#include "kernels/body/tile.h"

#define MXG_PASTE(kernel, elem, type) kernel##elem##_##type
#define MXG_NAME(kernel, elem, type)  MXG_PASTE(kernel, elem, type)

#define MXG_T    fp32
#define MXG_TYPE MX_FP32
#include "kernels/body/elems.h"
#define MXG_T    bf16
#define MXG_TYPE MX_BF16
#include "kernels/body/elems.h"
#define MXG_T    fp16
#define MXG_TYPE MX_FP16
#include "kernels/body/elems.h"

#endif
