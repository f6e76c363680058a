/* SPDX-License-Identifier: BSD-3-Clause
 *
 * entry.h for every element format and the source type MXG_T, MXG_TYPE. No include guard.
 */
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
#undef MXG_T
#undef MXG_TYPE
