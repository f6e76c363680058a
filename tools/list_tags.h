/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside `mxcts list`: the tags of cases.
 */
#ifndef TOOLS_LIST_TAGS_H
#define TOOLS_LIST_TAGS_H

#include "tools/tool.h"

/* Every tag that a case of a smoke pack has whose op, elem and type are those of `want` (0: any), with the number of
 * cases and what it says; into the array `out`, or printed when that is NULL. An exit status. */
int list_tags(const mx_batch *want, json_t *out);

#endif
