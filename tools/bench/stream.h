/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The fastest that memory can be moved: kernels that read and write the bytes of a conversion, and convert nothing.
 * What the speed of a conversion is measured against.
 */
#ifndef TOOLS_BENCH_STREAM_H
#define TOOLS_BENCH_STREAM_H

#include <stddef.h>
#include <stdint.h>

/* Lines of 64 bytes. A period is BENCH_STREAM_GROUPS groups of value_lines and code_lines, and scale_lines. */
enum { BENCH_STREAM_LINE = 64, BENCH_STREAM_GROUPS = 8 };

typedef struct bench_moved {
    int encodes;                            /* values are read, codes and scales written; else the other way round */
    unsigned char *values, *codes, *scales; /* aligned to lines */
    unsigned value_lines, code_lines;       /* of a group, at most 64 */
    unsigned scale_lines;                   /* of a period */
} bench_moved;

typedef struct bench_stream {
    const char *name;
    int (*available)(void);
    /* Move periods [first, last); what was read is in the result, so that it is not left out. */
    uint64_t (*move)(const bench_moved *traffic, size_t first, size_t last);
} bench_stream;

/* The i-th kernel, NULL past the end. */
const bench_stream *bench_stream_at(size_t i);

#endif
