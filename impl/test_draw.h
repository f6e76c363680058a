/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The same sequence of numbers in every run: xorshift64.
 */
#ifndef IMPL_TEST_DRAW_H
#define IMPL_TEST_DRAW_H

#include <stddef.h>
#include <stdint.h>

static uint64_t state = 88172645463325252u;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static size_t below(size_t n)
{
    return (size_t)(next() >> 11) % n;
}

#endif
