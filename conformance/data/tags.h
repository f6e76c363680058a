/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Cases counted by tag.
 */
#ifndef CONFORMANCE_DATA_TAGS_H
#define CONFORMANCE_DATA_TAGS_H

#include <mx/conformance.h>

typedef struct mxc_tags mxc_tags;
mxc_tags *mxc_tags_new(void);
void mxc_tags_free(mxc_tags *tags);
/* Count one case under each of its tags. MX_ENOMEM. */
mx_status mxc_tags_add(mxc_tags *tags, const char *list, int judged, int failed);
/* Cases counted under the tag of `length` bytes. */
size_t mxc_tags_count(const mxc_tags *tags, const char *tag, size_t length);
/* The tag that was meant, as mx_nearest_hint has it. */
const char *mxc_tags_hint(const mxc_tags *tags, const char *tag, char out[MX_WHY]);
/* Move the counts, sorted by tag, into the report. MX_ENOMEM. */
mx_status mxc_tags_report(mxc_tags *tags, mxc_report *report);
/* 1 when `tag` is one of the comma-separated tags of `list`. */
int mxc_tags_have(const char *list, const char *tag);

#endif
