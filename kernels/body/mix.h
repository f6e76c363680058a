/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A term of a sweep's digest.
 */
#ifndef MXG_MIX_H
#define MXG_MIX_H

#include "kernels/gpu.h"

/* splitmix64's finaliser. */
MX_FN uint64_t mxg_sweep_mix(uint64_t pattern, uint32_t answer)
{
    uint64_t z = (pattern << 8 | answer) + 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

#endif
