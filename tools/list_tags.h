/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside `mxcts list`: the tags of cases.
 */
#ifndef TOOLS_LIST_TAGS_H
#define TOOLS_LIST_TAGS_H

#include "tools/tool.h"

/* Every tag that a case has of a smoke pack that the filter lets through, with the number of cases and what it says;
 * into the array `out`, or printed when that is NULL. An exit status. */
int list_tags(const mxc_filter *filter, json_t *out);

#endif
