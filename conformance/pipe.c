/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/error.h"
#include "conformance/subject.h"

mx_status mxc_pipe_open(mxc_opened *opened, const char *command, const mxc_subject_options *options, mxv_error *error)
{
    (void)opened;
    (void)options;
    return mxc_fail(error, MX_EUNSUPPORTED, "%s: pipe: subjects are not built yet", command);
}
