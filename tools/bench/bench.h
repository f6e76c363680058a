/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside mxcts bench: what is measured, on what, and what came out.
 */
#ifndef TOOLS_BENCH_H
#define TOOLS_BENCH_H

#include <mx/fast.h>

#include "tools/bench/stream.h"
#include "tools/tool.h"

/* ---- the machine ---- */

typedef struct bench_machine {
    char cpu[128];
    unsigned processors;    /* that this process may use */
    size_t l2, llc, memory; /* bytes; l2 of a processor; 0: not known */
    double load;            /* average of the last minute when the run began; below 0: not known */
} bench_machine;

/* What caches that are not known are taken for. */
enum { BENCH_UNKNOWN_L2 = 256 << 10, BENCH_UNKNOWN_LLC = 32 << 20 };

void bench_machine_read(bench_machine *machine);

/* Seconds: of processor time with one thread, which other programs do not count in, else of a clock. */
double bench_clock(unsigned threads);

/* ---- what is measured ---- */

/* How blocks run and where codes go. */
typedef enum bench_dim {
    BENCH_DIM0 = 1,    /* along rows */
    BENCH_DIM1,        /* down columns, codes where the values are */
    BENCH_DIM1_TURNED, /* down columns, codes transposed */
    BENCH_BOTH,        /* DIM0 and DIM1_TURNED from one read, quantize only */
    BENCH_DIM_LAST = BENCH_BOTH
} bench_dim;
const char *bench_dim_name(bench_dim dim);

typedef enum bench_level { BENCH_MEMORY = 1, BENCH_L2, BENCH_LEVEL_LAST = BENCH_L2 } bench_level;
const char *bench_level_name(bench_level level);

/* How codes are stored. */
typedef enum bench_storage {
    BENCH_BYTES,
    BENCH_PACKED,
    BENCH_SPLIT_HALF,
    BENCH_STORAGE_LAST = BENCH_SPLIT_HALF
} bench_storage;
const char *bench_storage_name(bench_storage storage);

typedef struct bench_case {
    mx_op op;
    mx_elem elem;
    unsigned rule, round; /* values of the axes `scale` and `round`; 0 when decoding */
    mx_type type;
    bench_dim dim;
    bench_storage storage;
    int tiled;    /* scales in 128 x 4 tiles */
    unsigned isa; /* number of the instruction set */
    unsigned threads;
} bench_case;

enum { BENCH_K = 32, BENCH_THREADS = 8, BENCH_SR_BITS = 8 };

/* Which cases; bit i for id i, all zero: the default. */
typedef struct bench_options {
    unsigned op, elem, rule, round, type, dim, isa, storage, scales, level; /* scales: bit 0 linear, bit 1 in tiles */
    unsigned threads[BENCH_THREADS];
    size_t n_threads;
    unsigned repeats;
    int quick;
} bench_options;

/* ---- results ---- */

/* Seconds of one pass, by bench_clock. */
typedef struct bench_times {
    double median, low, high, best; /* low, high: the quartiles */
    unsigned n;
} bench_times;

/* Of n samples, which are sorted; all 0 when n is. run.c */
bench_times bench_times_of(double *seconds, size_t n);

typedef struct bench_rate {
    size_t elements, bytes_read, bytes_written; /* of a pass; elements 0: not measured */
    bench_times pass, limit;
    const char *limit_kernel;
} bench_rate;

typedef struct bench_result {
    bench_case what;
    bench_rate at[BENCH_LEVEL_LAST + 1]; /* by level */
} bench_result;

/* Measure all cases. TOOL_OK, or another exit status with the line printed. The caller frees *results. */
int bench_run(bench_result **results, size_t *n, const bench_options *options, const bench_machine *machine);

/* How many times as fast as portable, the rest being the same; 0 when that is not known. */
double bench_times_portable(const bench_result *results, size_t n, const bench_result *of, bench_level level);

int bench_print(const bench_result *results, size_t n, const bench_options *options, const bench_machine *machine,
                int json);

/* mxcts bench ref: the reference and its witness. Returns the exit status. */
int bench_reference(const bench_options *options, const bench_machine *machine, int json);

json_t *bench_machine_json(const bench_machine *machine);
/* "memory" or "l2" of a result; null when nothing was measured. `times_portable` of 0: not known. */
json_t *bench_rate_json(const bench_rate *rate, double times_portable);
double bench_bytes_of(const bench_rate *rate); /* moved by a pass */
double bench_spread(const bench_times *times); /* distance of the quartiles / median */

/* ---- memory ---- */

typedef struct bench_arena {
    unsigned char *values, *codes, *scales; /* random words lie behind the values */
    size_t value_bytes, code_bytes, scale_bytes;
} bench_arena;

/* Rows and columns of the matrix for a level. */
typedef struct bench_shape {
    size_t rows, cols;
} bench_shape;

bench_shape bench_shape_of(const bench_case *what, bench_level level, const bench_options *options,
                           const bench_machine *machine);
/* Of all directions. */
size_t bench_code_bytes(const bench_case *what, bench_shape shape);
size_t bench_scale_bytes(const bench_case *what, bench_shape shape);
size_t bench_value_bytes(const bench_case *what, bench_shape shape); /* with random words */
unsigned bench_code_bits(const bench_case *what);

/* 1 when both move the same bytes in as many threads. */
int bench_same_bytes(const bench_case *a, const bench_case *b);

/* 0, or -1 with the line printed. */
int bench_arena_make(bench_arena *arena, size_t value_bytes, size_t code_bytes, size_t scale_bytes);
void bench_arena_free(bench_arena *arena);

/* Values between 2^-15 and 2^2 of both signs, codes of all kinds but Inf and NaN. */
void bench_arena_fill(const bench_arena *arena, mx_type type);
/* The random words of the case, if it has some. */
void bench_random_fill(const bench_arena *arena, const bench_case *what, bench_shape shape);

/* One pass. */
mx_status bench_pass(const bench_case *what, const bench_arena *arena, bench_shape shape);
bench_moved bench_traffic(const bench_case *what, const bench_arena *arena);

/* Periods of bench_moved in a pass. */
size_t bench_periods(bench_shape shape);

#endif
