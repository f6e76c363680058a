/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernels of AVX2 and F16C: 256-bit lanes.
 */
/* The templates are unrolled by hand: -O3 gains nothing here, and takes three times as long to compile. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O2")
#endif

#include "impl/lanes.h"
#include "impl/x86/decode_avx2.h"
#include "impl/x86/encode_avx2.h"
#include "impl/x86/lanes32_avx2.h"
#include "impl/x86/lanes_avx2.h"
#include "impl/x86/mxcsr.h"

#define PREFETCH(at)     _mm_prefetch((const char *)(at), _MM_HINT_T0)
#define IN_REGISTER(x)   __asm__("" : "+x"(x))
#define PREFETCH_FAR(at) _mm_prefetch((const char *)(at), _MM_HINT_T1)
#include "impl/x86/pack_avx2.h"

#include "impl/quantize_tmpl.h"

#include "impl/dequantize_tmpl.h"

#include "impl/x86/transpose.h"

#include "impl/transpose_tmpl.h"

#include "impl/columns_tmpl.h"

#include "impl/x86/rounded_avx2.h"

#include "impl/both_tmpl.h"

#include "impl/value_columns_tmpl.h"

#include "impl/cast_tmpl.h"

#include "impl/scale_tmpl.h"

#include "impl/blocks_tmpl.h"

#include "impl/pack_tmpl.h"

#include "impl/operations_tmpl.h"

static void quantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    const int floats = plan->value.type == MX_FP16 || plan->elem == MX_INT8;
    const unsigned saved = mxcsr_ours(floats);
    lanes_quantize(plan, strip);
    mxcsr_back(floats, saved);
}

static void dequantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    const int floats = plan->value.type == MX_FP16 || plan->elem == MX_INT8;
    const unsigned saved = mxcsr_ours(floats);
    lanes_dequantize(plan, strip);
    mxcsr_back(floats, saved);
}

static void scale(const mxfast_plan *plan, const mxfast_strip *strip)
{
    const int floats = plan->value.type == MX_FP16;
    const unsigned saved = mxcsr_ours(floats);
    lanes_scale(plan, strip);
    mxcsr_back(floats, saved);
}

static void cast(const mxfast_plan *plan, const mxfast_strip *strip)
{
    const int floats = plan->value.type == MX_FP16;
    const unsigned saved = mxcsr_ours(floats);
    lanes_cast(plan, strip);
    mxcsr_back(floats, saved);
}

static void both_as_masked(const mxfast_plan *plan, const mxfast_strip *rows, const mxfast_strip *columns)
{
    const unsigned saved = mxcsr_ours(1);
    quantize_both(plan, rows, columns);
    mxcsr_back(1, saved);
}

static mxfast_both_kernel *both(const mxfast_plan *plan, size_t k)
{
    return has_both(plan, k) ? both_as_masked : NULL;
}

const mxfast_kernels mxfast_kernels_avx2 = {
    "avx2", mxfast_cpu_has_avx2, scale, cast, quantize, dequantize, pack_codes, unpack_codes, fence, packed, both,
};
