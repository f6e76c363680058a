/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fuzz targets without libFuzzer: replay.c runs one over files and their neighbours.
 */
#ifndef MXV_REPLAY_H
#define MXV_REPLAY_H

#include <stddef.h>
#include <stdint.h>

/* The entry of a fuzz target, as libFuzzer calls it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
