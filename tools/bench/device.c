/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts bench --subject cuda and hip: conversions on a device against a device-to-device copy of as many bytes, both
 * timed by the device's own events, in turns, over rotating sets of buffers.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/gpu.h>
#include <mx/names.h>

#include "tools/bench/bench.h"
#include "tools/bench/device.h"
#include "xorshift.h"

enum { SETS = 3, SAMPLES = 1000 };

/* A set's buffers: one is read while those of the sets before are still on their way to memory. */
typedef struct buffers {
    void *values, *codes[2], *scales[2];
} buffers;

typedef struct device {
    mxgpu *gpu;
    size_t side;
    buffers set[SETS];
    void *begun, *ended;
    char why[MXGPU_WHY];
} device;

typedef struct device_case {
    mx_op op;
    mx_elem elem;
    unsigned rule;
    mx_type type;
    bench_dim dim;
    int packed;
} device_case;

typedef struct device_result {
    device_case what;
    bench_rate at;
} device_result;

/* ---- memory ---- */

static int must(device *d, mx_status status)
{
    if (status != MX_OK)
        tool_error("%s", d->why);
    return status == MX_OK ? 0 : -1;
}

/* Values between 2^-15 and 2^2 of both signs, no two neighbours alike; as many as fit, over and over. */
static int fill_values(device *d, mx_type type)
{
    size_t width = mx_type_bytes(type), total = d->side * d->side * width, chunk = (size_t)16 << 20;
    uint64_t state = MX_XORSHIFT_SEED;
    void *pinned = NULL;
    int failed = must(d, mxgpu_host_alloc(d->gpu, &pinned, chunk, d->why));
    unsigned char *here = pinned;
    for (size_t at = 0; !failed && at < chunk; at += width) {
        const uint64_t word = mx_xorshift(&state);
        unsigned e = (unsigned)(word % 17);
        uint32_t fp32 = (uint32_t)(word >> 32 & 0x807fffffu) | (112u + e) << 23;
        uint16_t fp16 = (uint16_t)((word >> 48 & 0x83ffu) | (e < 1 ? 1 : e) << 10);
        if (type == MX_FP16)
            memcpy(here + at, &fp16, width);
        else
            memcpy(here + at, (char *)&fp32 + 4 - width, width);
    }
    for (int s = 0; !failed && s < SETS; s++)
        for (size_t at = 0; !failed && at < total; at += chunk)
            failed = must(d, mxgpu_to_device(d->gpu, (char *)d->set[s].values + at, here,
                                             total - at < chunk ? total - at : chunk, NULL, d->why));
    if (!failed)
        failed = must(d, mxgpu_wait(d->gpu, NULL, d->why));
    mxgpu_host_free(d->gpu, pinned);
    return failed;
}

static int make_buffers(device *d)
{
    size_t cells = d->side * d->side;
    int failed =
        must(d, mxgpu_mark_new(d->gpu, &d->begun, d->why)) || must(d, mxgpu_mark_new(d->gpu, &d->ended, d->why));
    for (int s = 0; !failed && s < SETS; s++) {
        buffers *b = &d->set[s];
        failed = must(d, mxgpu_alloc(d->gpu, &b->values, cells * 4, d->why));
        for (int i = 0; !failed && i < 2; i++)
            failed = must(d, mxgpu_alloc(d->gpu, &b->codes[i], cells, d->why)) ||
                     must(d, mxgpu_alloc(d->gpu, &b->scales[i], cells / 32, d->why));
    }
    return failed;
}

static void close_device(device *d)
{
    for (int s = 0; s < SETS; s++) {
        mxgpu_free(d->gpu, d->set[s].values);
        for (int i = 0; i < 2; i++) {
            mxgpu_free(d->gpu, d->set[s].codes[i]);
            mxgpu_free(d->gpu, d->set[s].scales[i]);
        }
    }
    mxgpu_mark_free(d->gpu, d->begun);
    mxgpu_mark_free(d->gpu, d->ended);
    mxgpu_close(d->gpu);
}

/* ---- passes ---- */

static mxgpu_blocks blocks_of(const device *d, const device_case *c, void *codes, void *scales)
{
    int64_t side = (int64_t)d->side, bits = c->packed ? (int64_t)mx_elem_bits(c->elem) : 8;
    int by_rows = c->dim == BENCH_DIM1;
    return (mxgpu_blocks){.codes = codes,
                          .scales = scales,
                          .line_stride = by_rows ? 1 : side * bits / 8,
                          .pos_stride = by_rows ? side : 1,
                          .scale_line_stride = by_rows ? 1 : side / BENCH_K,
                          .scale_block_stride = by_rows ? side : 1,
                          .packed = c->packed};
}

static int dims_of(const device_case *c)
{
    return c->dim == BENCH_BOTH ? MXGPU_DIM0 | MXGPU_DIM1 : c->dim == BENCH_DIM0 ? MXGPU_DIM0 : MXGPU_DIM1;
}

static mx_status convert(device *d, const device_case *c, const mx_profile *profile, int set)
{
    buffers *b = &d->set[set];
    mxgpu_tensor t = {.elem = c->elem,
                      .type = c->type,
                      .profile = *profile,
                      .k = BENCH_K,
                      .rows = d->side,
                      .cols = d->side,
                      .value = b->values,
                      .row_stride = (int64_t)d->side,
                      .col_stride = 1,
                      .dims = dims_of(c),
                      .dim0 = blocks_of(d, c, b->codes[0], b->scales[0]),
                      .dim1 = blocks_of(d, c, b->codes[1], b->scales[1])};
    return c->op == MX_OP_QUANTIZE ? mxgpu_quantize(d->gpu, &t, NULL, d->why)
                                   : mxgpu_dequantize(d->gpu, &t, NULL, d->why);
}

/* Half of `bytes` is read, half written: from one set's values and codes to another's. */
static mx_status copy(device *d, size_t bytes, int set)
{
    size_t room = d->side * d->side * 4, half = bytes / 2 < room ? bytes / 2 : room;
    return mxgpu_copy(d->gpu, d->set[(set + 1) % SETS].values, d->set[set].values, half, NULL, d->why);
}

static size_t copied(const device *d, size_t bytes)
{
    size_t room = d->side * d->side * 4;
    return 2 * (bytes / 2 < room ? bytes / 2 : room);
}

/* One timed pass in *seconds; `c` NULL: a copy. */
static int timed(device *d, const device_case *c, const mx_profile *profile, size_t bytes, int set, double *seconds)
{
    uint64_t ns = 0;
    int failed = must(d, mxgpu_mark(d->gpu, d->begun, NULL, d->why)) ||
                 must(d, c ? convert(d, c, profile, set) : copy(d, bytes, set)) ||
                 must(d, mxgpu_mark(d->gpu, d->ended, NULL, d->why)) ||
                 must(d, mxgpu_elapsed_ns(d->gpu, &ns, d->begun, d->ended, d->why));
    *seconds = (double)ns * 1e-9;
    return failed;
}

static void count_bytes(const device *d, device_result *r)
{
    const device_case *c = &r->what;
    size_t cells = d->side * d->side, bits = c->packed ? mx_elem_bits(c->elem) : 8;
    size_t values = cells * mx_type_bytes(c->type),
           codes = (cells / 8 * bits + cells / BENCH_K) * (c->dim == BENCH_BOTH ? 2 : 1);
    r->at.elements = cells;
    r->at.limit_kernel = "copy";
    r->at.bytes_read = c->op == MX_OP_QUANTIZE ? values : codes;
    r->at.bytes_written = c->op == MX_OP_QUANTIZE ? codes : values;
}

/* `repeats` samples of the conversion and of the copy, in turns; a round of each before. */
static int measure(device *d, device_result *r, unsigned repeats)
{
    static double pass[SAMPLES], limit[SAMPLES];
    const device_case *c = &r->what;
    mx_profile profile;
    double ignored;
    int failed = 0;
    memset(&profile, 1, sizeof profile); /* the first value of every axis */
    profile.sr_bits = 0;
    profile.scale = (uint8_t)(c->rule ? c->rule : MX_SCALE_FLOOR);
    count_bytes(d, r);
    size_t bytes = r->at.bytes_read + r->at.bytes_written;
    for (int i = 0; !failed && i < SETS; i++)
        failed = timed(d, c, &profile, bytes, i, &ignored) || timed(d, NULL, &profile, bytes, i, &ignored);
    for (unsigned i = 0; !failed && i < repeats; i++)
        failed = timed(d, c, &profile, bytes, (int)(i % SETS), &pass[i]) ||
                 timed(d, NULL, &profile, bytes, (int)(i % SETS), &limit[i]);
    if (failed)
        return failed;
    r->at.pass = bench_times_of(pass, repeats);
    r->at.limit = bench_times_of(limit, repeats);
    /* (a copy of fewer bytes than asked for, in larger cases) */
    double scale = (double)bytes / (double)copied(d, bytes);
    r->at.limit.median *= scale, r->at.limit.low *= scale, r->at.limit.high *= scale, r->at.limit.best *= scale;
    return 0;
}

/* ---- which cases ---- */

static int has(unsigned set, unsigned id)
{
    return (int)(set >> id & 1);
}

/* The i-th of all combinations there could be, or 0 past the end. Packed codes run along lines; a matrix is dequantized
 * from one direction. */
static int combination(device_case *c, size_t i)
{
    c->dim = (bench_dim)(1 + i % BENCH_DIM_LAST), i /= BENCH_DIM_LAST;
    c->rule = (unsigned)(i % 5), i /= 5;
    c->elem = (mx_elem)(1 + i % MX_ELEM_LAST), i /= MX_ELEM_LAST;
    c->packed = (int)(i % 2), i /= 2;
    c->type = (mx_type)(1 + i % MX_FP16), i /= MX_FP16;
    c->op = i % 2 ? MX_OP_DEQUANTIZE : MX_OP_QUANTIZE, i /= 2;
    return i == 0;
}

static int is_wanted(const device_case *c, const bench_options *o)
{
    return has(o->op, c->op) && has(o->elem, c->elem) && has(o->type, c->type) && has(o->dim, c->dim) &&
           has(o->storage, (unsigned)c->packed) && (c->op == MX_OP_QUANTIZE ? has(o->rule, c->rule) : c->rule == 0) &&
           !(c->packed && (c->dim == BENCH_DIM1 || mx_elem_bits(c->elem) == 8)) &&
           !(c->op == MX_OP_DEQUANTIZE && c->dim == BENCH_BOTH);
}

static size_t list_cases(device_result *results, const bench_options *o)
{
    device_case c;
    size_t n = 0;
    memset(&c, 0, sizeof c);
    for (size_t i = 0; combination(&c, i); i++)
        if (is_wanted(&c, o)) {
            if (results)
                results[n] = (device_result){.what = c};
            n++;
        }
    return n;
}

static int run_cases(device *d, device_result *results, size_t n, const bench_options *o)
{
    tool_progress progress;
    unsigned filled = 0;
    int failed = make_buffers(d);
    tool_progress_begin(&progress, "bench", n);
    for (size_t i = 0; !failed && i < n; i++) {
        if (filled != results[i].what.type)
            failed = fill_values(d, results[i].what.type);
        filled = results[i].what.type;
        failed = failed || measure(d, &results[i], o->repeats);
        tool_progress_at(&progress, i + 1);
    }
    tool_progress_end(&progress);
    return failed ? TOOL_ERROR : TOOL_OK;
}

/* ---- results ---- */

static const char *rule_name(const device_case *c)
{
    return c->rule ? mx_axis_value_name(MX_AXIS_SCALE, c->rule) : "-";
}

static int same_head(const device_case *a, const device_case *b)
{
    return a->op == b->op && a->type == b->type && a->packed == b->packed;
}

static int print_text(const device *d, const char *subject, const device_result *results, size_t n,
                      const bench_options *o)
{
    printf("%s, %zu x %zu, blocks of %d, %d sets of buffers, median of %u%s\n", mxgpu_name(d->gpu), d->side, d->side,
           BENCH_K, SETS, o->repeats, o->quick ? "; quick: small arrays, no measurement of memory" : "");
    for (size_t i = 0; i < n; i++) {
        const device_result *r = &results[i];
        const device_case *c = &r->what;
        if (i == 0 || !same_head(c, &results[i - 1].what))
            printf("%-10s %s %s %s\n", mx_op_name(c->op), mx_type_name(c->type), c->op == MX_OP_QUANTIZE ? "->" : "<-",
                   c->packed ? "packed" : "bytes");
        printf("  %-4s %-5s %-11s %-8s  memory %7.2f Gelem/s %7.1f GB/s limit %7.1f GB/s ratio %.3f (%.3f) spread "
               "%2.0f%%\n",
               mx_elem_name(c->elem), rule_name(c), bench_dim_name(c->dim), subject,
               (double)(d->side * d->side) / r->at.pass.median * 1e-9,
               bench_bytes_of(&r->at) / r->at.pass.median * 1e-9, bench_bytes_of(&r->at) / r->at.limit.median * 1e-9,
               r->at.limit.median / r->at.pass.median, r->at.limit.best / r->at.pass.best,
               100 * bench_spread(&r->at.pass));
    }
    return tool_finish(TOOL_OK);
}

/* The keys of the processor's results: a row is read by the same programs. */
static json_t *result_json(const char *subject, const device_result *r)
{
    const device_case *c = &r->what;
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:n, s:s, s:o, s:n}", "op", mx_op_name(c->op),
                     "elem", mx_elem_name(c->elem), "rule", c->rule ? json_string(rule_name(c)) : json_null(), "round",
                     c->rule ? json_string(mx_axis_value_name(MX_AXIS_ROUND, MX_RNE)) : json_null(), "type",
                     mx_type_name(c->type), "dim", bench_dim_name(c->dim), "storage", c->packed ? "packed" : "bytes",
                     "scales", "linear", "isa", subject, "threads", "clock", "device", "memory",
                     bench_rate_json(&r->at, 0), "l2");
}

static int print_json(const device *d, const char *subject, const device_result *results, size_t n,
                      const bench_options *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, result_json(subject, &results[i]));
    return tool_json(json_pack("{s:s, s:{s:s, s:s}, s:{s:b, s:i, s:i, s:I}, s:o}", "version", PACKAGE_VERSION,
                               "machine", "subject", subject, "device", mxgpu_name(d->gpu), "settings", "quick",
                               o->quick, "repeats", (int)o->repeats, "k", BENCH_K, "size", (json_int_t)d->side,
                               "results", list));
}

/* ---- all of it ---- */

static void fill_defaults(bench_options *o)
{
    o->op = o->op ? o->op : 1u << MX_OP_QUANTIZE | 1u << MX_OP_DEQUANTIZE;
    o->elem = o->elem ? o->elem : (2u << MX_ELEM_LAST) - 2;
    o->rule = o->rule ? o->rule : 1u << MX_SCALE_FLOOR | 1u << MX_SCALE_RCEIL;
    o->type = o->type ? o->type : 1u << MX_FP32 | 1u << MX_BF16;
    o->dim = o->dim ? o->dim : 1u << BENCH_DIM0 | 1u << BENCH_DIM1_TURNED | 1u << BENCH_BOTH;
    o->storage = o->storage ? o->storage : 1;
    o->repeats = o->repeats ? o->repeats : o->quick ? 3 : 15;
}

int bench_on_device(const bench_device_options *where, const bench_options *options, int json)
{
    bench_options o = *options;
    device d = {.side = where->size ? where->size : options->quick ? 1024 : 16384};
    int hip = strcmp(where->subject, "hip") == 0;
    fill_defaults(&o);
    size_t n = list_cases(NULL, &o);
    if (n == 0)
        return tool_usage("no case is left by these options");
    mx_status opened = mxgpu_open(&d.gpu, hip ? MXGPU_HIP : MXGPU_CUDA, where->index, d.why);
    if (opened != MX_OK) {
        tool_error("%s: %s", where->subject, d.why);
        return opened == MX_EUNSUPPORTED ? TOOL_SKIP : opened == MX_EINVAL ? TOOL_USAGE : TOOL_ERROR;
    }
    device_result *results = calloc(n, sizeof *results);
    if (!results)
        tool_error("out of memory");
    int status = results ? TOOL_OK : TOOL_ERROR;
    if (results) {
        list_cases(results, &o);
        status = run_cases(&d, results, n, &o);
    }
    if (status == TOOL_OK)
        status = json ? print_json(&d, where->subject, results, n, &o) : print_text(&d, where->subject, results, n, &o);
    close_device(&d);
    free(results);
    return status;
}
