/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Numbers drawn the same in every run, one state for a program.
 */
#ifndef IMPL_TEST_DRAW_H
#define IMPL_TEST_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "xorshift.h"

static uint64_t state = MX_XORSHIFT_SEED;

static uint64_t next(void)
{
    return mx_xorshift(&state);
}

static size_t below(size_t n)
{
    return (size_t)(next() >> 11) % n;
}

#endif
