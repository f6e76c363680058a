/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside `mxcts bench --subject cuda|hip`: conversions on a device against a copy on it.
 */
#ifndef TOOLS_BENCH_DEVICE_H
#define TOOLS_BENCH_DEVICE_H

#include "tools/bench/bench.h"

typedef struct bench_device_options {
    const char *subject; /* "cuda" or "hip"; NULL: this machine's processor */
    int index;
    size_t size; /* rows and columns, a multiple of 128; 0: the default */
} bench_device_options;

/* Measure on a device and print. Returns the exit status: 77 without a device, 2 when there is none of this index. */
int bench_on_device(const bench_device_options *where, const bench_options *options, int json);

#endif
