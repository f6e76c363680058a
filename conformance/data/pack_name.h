/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How packs are called: NAME, NAME.mxv, or TIER/NAME.mxv as `mxcts list packs` has it, a shell pattern for NAME too.
 */
#ifndef CONFORMANCE_DATA_PACK_NAME_H
#define CONFORMANCE_DATA_PACK_NAME_H

#include <stddef.h>

/* "cast.e4m3.fp32.ocp" of a path. */
#define MXC_PACK_NAME 128
void mxc_pack_name(char name[MXC_PACK_NAME], const char *path);

/* What `text` has for NAME, `*length` bytes of it. */
const char *mxc_pack_word(const char *text, const char *tier, size_t *length);

/* 1 when `text` calls the pack `name` of this tier. */
int mxc_pack_is_called(const char *text, const char *tier, const char *name);

/* 1 when `text` can only mean packs: a path, a pattern, or what begins with an operation, as names do. */
int mxc_means_packs(const char *text);

#endif
