/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Floating-point instructions that round as MXCSR says, flush, or raise flags, which may be unmasked, run under a
 * register of our own: between mxcsr_ours and mxcsr_back, of the same `floats` (whether there are any).
 */
#ifndef IMPL_X86_MXCSR_H
#define IMPL_X86_MXCSR_H

#include <immintrin.h>

/* Returns the caller's. */
static inline unsigned mxcsr_ours(int floats)
{
    enum { ALL_MASKED = 0x1f80 }; /* and to nearest even, nothing flushed */
    const unsigned saved = _mm_getcsr();
    if (floats)
        _mm_setcsr(ALL_MASKED);
    return saved;
}

static inline void mxcsr_back(int floats, unsigned saved)
{
    if (floats)
        _mm_setcsr(saved);
}

#endif
