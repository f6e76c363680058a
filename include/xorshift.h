/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The same words in every run, of no meaning: xorshift64 (Marsaglia 2003). For tests and benches; not installed.
 */
#ifndef XORSHIFT_H
#define XORSHIFT_H

#include <stdint.h>

/* What *state begins with: his own; any but 0 will do. */
#define MX_XORSHIFT_SEED UINT64_C(88172645463325252)

/* The next word of the sequence. */
static inline uint64_t mx_xorshift(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
