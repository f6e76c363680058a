/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as one HTML page.
 */
#include "config.h"

#include "conformance/report.h"

mx_status mxc_report_html(FILE *out, const mxc_report *report)
{
    (void)out;
    (void)report;
    return MX_EUNSUPPORTED;
}
