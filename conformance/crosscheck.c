/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <mx/conformance.h>
mx_status mxc_crosscheck(size_t *codes, mxv_error *error)
{
    (void)error;
    if (codes)
        *codes = 0;
    return MX_OK;
}
