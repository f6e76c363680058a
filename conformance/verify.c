/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/error.h"
#include "conformance/judge.h"

mx_status mxc_verify(mxc_report **report, FILE *answers, const char *name, const mxc_options *options, mxv_error *error)
{
    (void)report;
    (void)answers;
    (void)options;
    return mxc_fail(error, MX_EUNSUPPORTED, "%s: not built yet", name);
}
