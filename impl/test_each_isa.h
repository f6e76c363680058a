/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A test case, once by every instruction set that this machine has.
 */
#ifndef IMPL_TEST_EACH_ISA_H
#define IMPL_TEST_EACH_ISA_H

#include <stdio.h>

#include <mx/fast.h>

#include "test_main.h"

/* The exit status of the program (test_main): 0 when no test failed by any set. */
static inline int run_by_each_isa(TCase *(*make)(void))
{
    const unsigned here = mxfast_isa_available();
    int failed = 0;
    for (unsigned i = 0; mxfast_isa_name(i); i++) {
        if ((here >> i & 1) == 0)
            continue;
        if (mxfast_isa_use(1u << i) != MX_OK)
            return 99;
        printf("%s: ", mxfast_isa_name(i));
        fflush(stdout);
        failed |= test_main(make());
    }
    return failed;
}

#endif
