/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a file of known failures says.
 */
#ifndef CONFORMANCE_DATA_KNOWN_H
#define CONFORMANCE_DATA_KNOWN_H

#include <mx/conformance.h>

/* What a pattern is matched against. */
typedef enum mxc_known_kind { MXC_CASE_ID = 1, MXC_CASE_GLOB, MXC_PACK_GLOB, MXC_CLUSTER_GLOB } mxc_known_kind;

typedef struct mxc_known_entry {
    mxc_known_kind kind;
    const char *glob; /* in text */
    mxc_known_result text;
} mxc_known_entry;

struct mxc_known {
    char *file;
    char today[11];
    mxc_known_entry *entry;
    size_t entries;
    mxc_known_entry **id; /* [ids] those of kind MXC_CASE_ID, sorted */
    size_t ids;
};

#endif
