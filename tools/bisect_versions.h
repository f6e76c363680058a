/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside `mxcts bisect`: what changed between two versions of a subject.
 */
#ifndef TOOLS_BISECT_VERSIONS_H
#define TOOLS_BISECT_VERSIONS_H

#include "tools/ask_options.h"

/* Open both, compare and print; the exit status. */
int bisect_versions(const ask_options *ask, const char *good_spec, const char *bad_spec, int json);

/* Columns of case i as in packs, inputs or outputs; the caller frees them. NULL when out of memory. */
char *bisect_columns(const mx_batch *batch, size_t i, int outputs);

#endif
