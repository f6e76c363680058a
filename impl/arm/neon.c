/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernels of NEON, which every AArch64 has: 128-bit lanes.
 */
#include "impl/arm/lanes32_neon.h"
#include "impl/arm/lanes_neon.h"
#include "impl/lanes.h"

#define PREFETCH(at)     __builtin_prefetch(at)
#define PREFETCH_FAR(at) __builtin_prefetch(at, 0, 2)
#define IN_REGISTER(x)
#include "impl/arm/pack_neon.h"

#include "impl/quantize_tmpl.h"

#include "impl/dequantize_tmpl.h"

#include "impl/arm/transpose.h"

#include "impl/transpose_tmpl.h"

#include "impl/columns_tmpl.h"

#include "impl/value_columns_tmpl.h"

#include "impl/cast_tmpl.h"

#include "impl/scale_tmpl.h"

#include "impl/blocks_tmpl.h"

#include "impl/pack_tmpl.h"

#include "impl/operations_tmpl.h"

/* What the floating-point instructions here read and leave behind. */
typedef struct environment {
    uint64_t control, status;
} environment;

/* Conversions of fp16 round, and read the alternative format, as FPCR says; traps may be on, and flags are raised. They
 * run under a register of our own: nearest even, IEEE 754, no flushing, no traps. */
static environment enter(void)
{
    environment saved;
    __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(saved.control), "=r"(saved.status) : : "memory");
    __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0) : "memory");
    return saved;
}

static void leave(environment saved)
{
    __asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(saved.control), "r"(saved.status) : "memory");
}

static int always(void)
{
    return 1;
}

static void scale(const mxfast_plan *plan, const mxfast_strip *strip)
{
    environment saved = enter();
    lanes_scale(plan, strip);
    leave(saved);
}

static void cast(const mxfast_plan *plan, const mxfast_strip *strip)
{
    environment saved = enter();
    lanes_cast(plan, strip);
    leave(saved);
}

static void quantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    environment saved = enter();
    lanes_quantize(plan, strip);
    leave(saved);
}

static void dequantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    environment saved = enter();
    lanes_dequantize(plan, strip);
    leave(saved);
}

const mxfast_kernels mxfast_kernels_neon = {
    "neon", always, scale, cast, quantize, dequantize, pack_codes, unpack_codes, fence, packed, mxfast_portable_both,
};
