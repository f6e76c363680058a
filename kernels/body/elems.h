/* SPDX-License-Identifier: BSD-3-Clause
 *
 * entry.h for the source type MXG_T, MXG_TYPE: for each format, with this target's instructions, or in integers,
 * where one text serves every format. No include guard.
 */
#if defined(MXG_HW)
#define MXG_E    e5m2
#define MXG_ELEM MX_E5M2
#include "kernels/body/entry.h"
#define MXG_E    e4m3
#define MXG_ELEM MX_E4M3
#include "kernels/body/entry.h"
#define MXG_E    e3m2
#define MXG_ELEM MX_E3M2
#include "kernels/body/entry.h"
#define MXG_E    e2m3
#define MXG_ELEM MX_E2M3
#include "kernels/body/entry.h"
#define MXG_E    e2m1
#define MXG_ELEM MX_E2M1
#include "kernels/body/entry.h"
#define MXG_E    int8
#define MXG_ELEM MX_INT8
#include "kernels/body/entry.h"
#else
#define MXG_E    any
#define MXG_ELEM MXG_ANY
#include "kernels/body/entry.h"
#endif

MX_KERNEL void MX_BOUNDS(MXG_THREADS, 1) MXG_NAME(mxg_sweep_, any, MXG_T)(mxg_job j)
{
    mxg_sweep_all(&j, MXG_TYPE);
}
#undef MXG_T
#undef MXG_TYPE
