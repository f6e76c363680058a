/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernels of AVX-512 F, BW, VL, VBMI: 512-bit lanes.
 */
/* The templates are unrolled by hand: -O3 gains nothing here, and takes three times as long to compile. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O2", "align-loops=64", "align-jumps=32")
#endif

#define IN_REGISTER(x) __asm__("" : "+v"(x))
#include "impl/lanes.h"
#include "impl/x86/decode_avx512.h"
#include "impl/x86/encode_avx512.h"
#include "impl/x86/lanes32_avx512.h"
#include "impl/x86/lanes_avx512.h"
#include "impl/x86/mxcsr.h"

#define PREFETCH(at)     _mm_prefetch((const char *)(at), _MM_HINT_T0)
#define PREFETCH_FAR(at) _mm_prefetch((const char *)(at), _MM_HINT_T1)
#include "impl/x86/pack_avx512.h"

#include "impl/quantize_tmpl.h"

#include "impl/dequantize_tmpl.h"

#include "impl/x86/transpose.h"

#include "impl/transpose_tmpl.h"

#include "impl/columns_tmpl.h"

#include "impl/x86/rounded_avx512.h"

#include "impl/both_tmpl.h"

#include "impl/value_columns_tmpl.h"

#include "impl/cast_tmpl.h"

#include "impl/scale_tmpl.h"

#include "impl/blocks_tmpl.h"

#include "impl/pack_tmpl.h"

#include "impl/operations_tmpl.h"

/* Rounding to fp16 and products; other instructions here say themselves that they raise no flags. */
static void dequantize(const mxfast_plan *plan, const mxfast_strip *strip)
{
    const int floats = plan->value.type == MX_FP16 || plan->elem == MX_INT8;
    const unsigned saved = mxcsr_ours(floats);
    lanes_dequantize(plan, strip);
    mxcsr_back(floats, saved);
}

static mxfast_both_kernel *both(const mxfast_plan *plan, size_t k)
{
    return has_both(plan, k) ? quantize_both : NULL;
}

const mxfast_kernels mxfast_kernels_avx512 = {
    "avx512",   mxfast_cpu_has_avx512, lanes_scale, lanes_cast, lanes_quantize, dequantize,
    pack_codes, unpack_codes,          fence,       packed,     both,
};
