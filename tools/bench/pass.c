/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One pass of a case over its arrays, and the traffic that it is.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <mx/names.h>

#include "tools/bench/bench.h"
#include "xorshift.h"

const char *bench_dim_name(bench_dim dim)
{
    static const char *const name[] = {"", "dim0", "dim1", "dim1-turned", "both"};
    return name[dim];
}

const char *bench_level_name(bench_level level)
{
    return level == BENCH_MEMORY ? "memory" : "l2";
}

const char *bench_storage_name(bench_storage storage)
{
    static const char *const name[] = {"bytes", "packed", "split-half"};
    return name[storage];
}

/* ---- sizes ---- */

/* Of the squares that kernels take at once; both sides of a matrix are multiples. */
enum { SIDE = 2 * BENCH_K };

unsigned bench_code_bits(const bench_case *what)
{
    return what->storage != BENCH_BYTES ? mx_elem_bits(what->elem) : 8;
}

static size_t value_bytes(const bench_case *what)
{
    return mx_type_bytes(what->type) + (what->round == MX_SR ? sizeof(uint32_t) : 0);
}

/* Directions, each with codes and scales of its own. */
static unsigned directions(const bench_case *what)
{
    return what->dim == BENCH_BOTH ? 2 : 1;
}

int bench_same_bytes(const bench_case *a, const bench_case *b)
{
    return a->op == b->op && value_bytes(a) == value_bytes(b) && a->type == b->type && a->threads == b->threads &&
           bench_code_bits(a) == bench_code_bits(b) && directions(a) == directions(b);
}

/* In memory the smaller of the large arrays, the codes of a direction, is four times the last-level cache. In L2 all
 * arrays together are three quarters of it at most, with fewer columns where rows would be less than a square. */
bench_shape bench_shape_of(const bench_case *what, bench_level level, const bench_options *options,
                           const bench_machine *machine)
{
    enum { COLS = 4096, NARROW = 1024, QUICK = 1 << 17 };
    size_t l2 = machine->l2 ? machine->l2 : BENCH_UNKNOWN_L2;
    size_t llc = machine->llc ? machine->llc : BENCH_UNKNOWN_LLC;
    if (level == BENCH_L2) {
        size_t eighths = 8 * value_bytes(what) + directions(what) * (bench_code_bits(what) + 1);
        size_t elements = l2 / 4 * 3 * 8 / eighths, cols = NARROW;
        while (elements / cols < SIDE && cols > SIDE)
            cols /= 2;
        return (bench_shape){elements / cols < SIDE ? SIDE : elements / cols / SIDE * SIDE, cols};
    }
    if (options->quick)
        return (bench_shape){SIDE, QUICK / SIDE};
    size_t rows = 4 * llc / bench_code_bits(what) * 8 / COLS;
    return (bench_shape){(rows + SIDE - 1) / SIDE * SIDE, COLS};
}

size_t bench_code_bytes(const bench_case *what, bench_shape shape)
{
    return shape.rows * shape.cols / 8 * bench_code_bits(what) * directions(what);
}

size_t bench_scale_bytes(const bench_case *what, bench_shape shape)
{
    return shape.rows * shape.cols / BENCH_K * directions(what);
}

size_t bench_value_bytes(const bench_case *what, bench_shape shape)
{
    return shape.rows * shape.cols * value_bytes(what);
}

static uint32_t *random_words(const bench_arena *arena, const bench_case *what, bench_shape shape)
{
    if (what->round != MX_SR)
        return NULL;
    return (uint32_t *)(void *)(arena->values + shape.rows * shape.cols * mx_type_bytes(what->type));
}

/* ---- arrays ---- */

static unsigned char *large(size_t bytes)
{
    enum { HUGE_PAGE = 2 << 20 };
    unsigned char *at = aligned_alloc(HUGE_PAGE, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
#if defined(MADV_HUGEPAGE)
    if (at)
        (void)madvise(at, bytes, MADV_HUGEPAGE); /* a wish */
#endif
    return at;
}

int bench_arena_make(bench_arena *arena, size_t value_bytes, size_t code_bytes, size_t scale_bytes)
{
    *arena =
        (bench_arena){large(value_bytes), large(code_bytes), large(scale_bytes), value_bytes, code_bytes, scale_bytes};
    if (arena->values && arena->codes && arena->scales)
        return 0;
    tool_error("no memory for arrays of %zu bytes", value_bytes + code_bytes + scale_bytes);
    bench_arena_free(arena);
    return -1;
}

void bench_arena_free(bench_arena *arena)
{
    free(arena->values);
    free(arena->codes);
    free(arena->scales);
    *arena = (bench_arena){0};
}

/* Random words with some bits set and some cleared. */
static void fill(unsigned char *at, size_t bytes, uint64_t keep, uint64_t set)
{
    uint64_t state = MX_XORSHIFT_SEED;
    for (size_t i = 0; i + 8 <= bytes; i += 8) {
        uint64_t word = (mx_xorshift(&state) & keep) | set;
        memcpy(at + i, &word, sizeof word);
    }
}

void bench_arena_fill(const bench_arena *arena, mx_type type)
{
    /* sign, low bits of the exponent, fraction; the exponent's high bits */
    static const struct {
        uint64_t keep, set;
    } row[] = {[MX_FP32] = {0x87ffffff87ffffff, 0x3800000038000000},
               [MX_BF16] = {0x87ff87ff87ff87ff, 0x3800380038003800},
               [MX_FP16] = {0x9fff9fff9fff9fff, 0x2000200020002000},
               [MX_FP64] = {0x80ffffffffffffff, 0x3f00000000000000}};
    _Static_assert(sizeof row / sizeof *row == MX_TYPE_LAST + 1, "a row for each type");
    fill(arena->values, arena->value_bytes, row[type].keep, row[type].set);
    fill(arena->codes, arena->code_bytes, 0xbfbfbfbfbfbfbfbf, 0); /* without the highest exponents */
    fill(arena->scales, arena->scale_bytes, 0x0707070707070707, 0x7878787878787878);
}

void bench_random_fill(const bench_arena *arena, const bench_case *what, bench_shape shape)
{
    const uint64_t bits = (UINT64_C(1) << BENCH_SR_BITS) - 1;
    unsigned char *random = (unsigned char *)random_words(arena, what, shape);
    if (random)
        fill(random, (size_t)(arena->values + arena->value_bytes - random), bits << 32 | bits, 0);
}

/* ---- a pass ---- */

typedef struct place {
    ptrdiff_t code_row, code_col, scale_row, scale_col;
} place;

static place place_of(bench_dim dim, bench_shape shape)
{
    ptrdiff_t rows = (ptrdiff_t)shape.rows, cols = (ptrdiff_t)shape.cols;
    if (dim == BENCH_DIM0)
        return (place){cols, 1, cols / BENCH_K, 1};
    if (dim == BENCH_DIM1)
        return (place){cols, 1, cols, 1};
    return (place){1, rows, 1, rows / BENCH_K};
}

/* Through the calls for packed storage, which are also those for tiles of scales. */
static mx_status pass_packed(const bench_case *what, const bench_arena *arena, bench_shape shape,
                             const mx_profile *profile, const uint32_t *random, const mxfast_options *options)
{
    mx_dim dim = what->dim == BENCH_DIM0 ? MX_DIM0 : MX_DIM1;
    ptrdiff_t cols = (ptrdiff_t)shape.cols;
    size_t length = dim == MX_DIM0 ? shape.cols : shape.rows;
    ptrdiff_t line = (ptrdiff_t)mxfast_line_bytes(what->elem, length), blocks = (ptrdiff_t)(length / BENCH_K);
    const mx_layout order = what->storage == BENCH_SPLIT_HALF ? MX_LAYOUT_SPLIT_HALF : MX_LAYOUT_LOW_FIRST;
    const mx_layout tiles = what->tiled ? MX_LAYOUT_128X4 : (mx_layout)0;
    if (what->op == MX_OP_QUANTIZE) {
        const mx_packed out = {arena->codes, line, order, arena->scales, blocks, tiles};
        const mx_const_view x = {arena->values, what->type, shape.rows, shape.cols, cols, 1};
        return mxfast_quantize_packed(&out, &x, what->elem, profile, dim, BENCH_K, random, options);
    }
    const mx_const_packed in = {arena->codes, line, order, arena->scales, blocks, tiles};
    const mx_view y = {arena->values, what->type, shape.rows, shape.cols, cols, 1};
    return mxfast_dequantize_packed(&y, &in, what->elem, profile, dim, BENCH_K, options);
}

/* Codes along rows are in the first half of the arrays. */
static mx_status pass_both(const bench_case *what, const bench_arena *arena, bench_shape shape,
                           const mx_profile *profile, const uint32_t *random, const mxfast_options *options)
{
    const mx_const_view x = {arena->values, what->type, shape.rows, shape.cols, (ptrdiff_t)shape.cols, 1};
    uint8_t *codes = arena->codes + bench_code_bytes(what, shape) / 2;
    uint8_t *scales = arena->scales + bench_scale_bytes(what, shape) / 2;
    place along = place_of(BENCH_DIM0, shape), down = place_of(BENCH_DIM1_TURNED, shape);
    const mx_blocks out0 = {arena->codes,  along.code_row,  along.code_col,
                            arena->scales, along.scale_row, along.scale_col};
    const mx_blocks out1 = {codes, down.code_row, down.code_col, scales, down.scale_row, down.scale_col};
    return mxfast_quantize_both(&out0, &out1, &x, what->elem, profile, BENCH_K, random, options);
}

mx_status bench_pass(const bench_case *what, const bench_arena *arena, bench_shape shape)
{
    mx_profile profile;
    const mxfast_options options = {.threads = what->threads};
    const uint32_t *random = random_words(arena, what, shape);
    mx_dim dim = what->dim == BENCH_DIM0 ? MX_DIM0 : MX_DIM1;
    ptrdiff_t cols = (ptrdiff_t)shape.cols;
    memset(&profile, 1, sizeof profile); /* the first value of every axis */
    profile.scale = (uint8_t)(what->rule ? what->rule : MX_SCALE_FLOOR);
    profile.round = (uint8_t)(what->round ? what->round : MX_RNE);
    profile.sr_bits = random ? BENCH_SR_BITS : 0;
    if (what->storage != BENCH_BYTES || what->tiled)
        return pass_packed(what, arena, shape, &profile, random, &options);
    if (what->dim == BENCH_BOTH)
        return pass_both(what, arena, shape, &profile, random, &options);
    place at = place_of(what->dim, shape);
    if (what->op == MX_OP_QUANTIZE) {
        const mx_blocks out = {arena->codes, at.code_row, at.code_col, arena->scales, at.scale_row, at.scale_col};
        const mx_const_view x = {arena->values, what->type, shape.rows, shape.cols, cols, 1};
        return mxfast_quantize(&out, &x, what->elem, &profile, dim, BENCH_K, random, &options);
    }
    const mx_const_blocks in = {arena->codes, at.code_row, at.code_col, arena->scales, at.scale_row, at.scale_col};
    const mx_view y = {arena->values, what->type, shape.rows, shape.cols, cols, 1};
    return mxfast_dequantize(&y, &in, what->elem, &profile, dim, BENCH_K, &options);
}

/* A period is 2048 elements: 64 scales, which are a line. */
enum { PERIOD = BENCH_STREAM_LINE * BENCH_K };

size_t bench_periods(bench_shape shape)
{
    return shape.rows * shape.cols / PERIOD;
}

bench_moved bench_traffic(const bench_case *what, const bench_arena *arena)
{
    enum { GROUP = PERIOD / BENCH_STREAM_GROUPS / BENCH_STREAM_LINE };
    return (bench_moved){
        .encodes = what->op == MX_OP_QUANTIZE,
        .values = arena->values,
        .codes = arena->codes,
        .scales = arena->scales,
        .value_lines = (unsigned)(GROUP * value_bytes(what)),
        .code_lines = GROUP * bench_code_bits(what) / 8 * directions(what),
        .scale_lines = directions(what),
    };
}
