/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The options of every verb that goes over operations, formats and types: which of them.
 */
#ifndef TOOLS_FILTER_H
#define TOOLS_FILTER_H

#include <mx/conformance.h>

#include "tools/tool.h"

enum { FILTER_OP = 400, FILTER_ELEM, FILTER_TYPE };

/* Rows for a table of options. */
#define FILTER_ELEM_ROW                                                                                                \
    {                                                                                                                  \
        FILTER_ELEM, 0, "elem", "ELEM,...", "only these element formats (e5m2, e4m3, e3m2, e2m3, e2m1, int8)"          \
    }
#define FILTER_TYPE_ROW                                                                                                \
    {                                                                                                                  \
        FILTER_TYPE, 0, "type", "TYPE,...", "only these source or target types (fp32, bf16, fp16, fp64)"               \
    }
#define FILTER_OPTION_ROWS                                                                                             \
    {FILTER_OP, 0, "op", "OP,...", "only these operations (mxcts list ops); given again, others too"},                 \
        FILTER_ELEM_ROW, FILTER_TYPE_ROW

/* One of these options; TOOL_OK, or TOOL_USAGE with the line printed. */
int filter_option(mxc_filter *filter, const tool_args *args, int id);

#endif
