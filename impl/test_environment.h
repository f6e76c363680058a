/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The floating-point environment that a kernel is called in: any rounding, flushing or not, exceptions masked or not.
 */
#ifndef IMPL_TEST_ENVIRONMENT_H
#define IMPL_TEST_ENVIRONMENT_H

#include "impl/test_draw.h"
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#if defined(__aarch64__)
static inline void set_fpcr(uint64_t x)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(x) : "memory");
}
#endif

static inline void any_environment(void)
{
#if defined(__SSE2__)
    _mm_setcsr((below(2) ? 0x1f80u : 0) | (unsigned)below(4) << 13 | (below(2) ? 0x8040u : 0));
#elif defined(__aarch64__) /* flushing (of fp16 too), rounding, default NaN, the alternative half precision */
    set_fpcr((uint64_t)(below(256) & 0xf9) << 19);
#endif
}

static inline void usual_environment(void)
{
#if defined(__SSE2__)
    _mm_setcsr(0x1f80);
#elif defined(__aarch64__)
    set_fpcr(0);
#endif
}

#endif
