/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Cases that move the same bytes are measured together, in turns with the streaming kernels that move them too: what
 * disturbs the machine for a while disturbs them all.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include <mx/names.h>

#include "tools/bench/bench.h"

/* ---- samples ---- */

typedef struct samples {
    double *seconds;
    unsigned n, room;
} samples;

static void sample_add(samples *s, double seconds)
{
    if (s->n == s->room) {
        unsigned room = s->room ? 2 * s->room : 16;
        double *more = realloc(s->seconds, room * sizeof *more);
        if (!more)
            return; /* one sample fewer */
        s->seconds = more;
        s->room = room;
    }
    s->seconds[s->n++] = seconds;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

bench_times bench_times_of(double *seconds, size_t n)
{
    if (n == 0)
        return (bench_times){0, 0, 0, 0, 0};
    qsort(seconds, n, sizeof *seconds, by_value);
    return (bench_times){seconds[n / 2], seconds[n / 4], seconds[n - 1 - n / 4], seconds[0], (unsigned)n};
}

static bench_times times_of(samples *s)
{
    return bench_times_of(s->seconds, s->n);
}

/* ---- a group ---- */

enum { STREAMS = 16 };

/* Cases of the same bytes, as indices into the results. */
typedef struct group {
    bench_level level;
    bench_result *results;
    const size_t *member;
    size_t members;
    bench_case what; /* of one of them */
    bench_shape shape;
    const bench_arena *arena;
    bench_moved traffic;
    unsigned passes; /* in a sample */
    samples of[STREAMS];
    samples *times; /* [members] */
    size_t kept[STREAMS], n_kept;
    tool_progress *progress;
    uint64_t *done;
} group;

static volatile uint64_t sink;

static void stream_pass(const bench_stream *stream, const bench_moved *traffic, size_t periods, unsigned threads)
{
    uint64_t seen = 0;
#if defined(_OPENMP)
#pragma omp parallel num_threads((int)threads) reduction(| : seen) if (threads > 1)
    {
        size_t team = (size_t)omp_get_num_threads(), i = (size_t)omp_get_thread_num();
        seen |= stream->move(traffic, periods * i / team, periods * (i + 1) / team);
    }
#else
    (void)threads;
    seen = stream->move(traffic, 0, periods);
#endif
    sink = seen;
}

static void sample_stream(group *g, size_t i)
{
    const bench_stream *stream = bench_stream_at(i);
    double begun = bench_clock(g->what.threads);
    for (unsigned pass = 0; pass < g->passes; pass++)
        stream_pass(stream, &g->traffic, bench_periods(g->shape), g->what.threads);
    sample_add(&g->of[i], (bench_clock(g->what.threads) - begun) / g->passes);
}

static int sample_case(group *g, size_t i)
{
    const bench_case *what = &g->results[g->member[i]].what;
    mx_status status = mxfast_isa_use(1u << what->isa);
    double begun = bench_clock(g->what.threads);
    for (unsigned pass = 0; status == MX_OK && pass < g->passes; pass++)
        status = bench_pass(what, g->arena, g->shape);
    sample_add(&g->times[i], (bench_clock(g->what.threads) - begun) / g->passes);
    if (status != MX_OK)
        tool_error("%s: %s", mx_op_name(what->op), mx_status_text(status));
    tool_progress_at(g->progress, ++*g->done);
    return status == MX_OK ? 0 : -1;
}

/* The two best streams go on; the rest were tried twice. */
static void choose_streams(group *g)
{
    size_t best = SIZE_MAX, second = SIZE_MAX;
    for (size_t i = 0; bench_stream_at(i) && i < STREAMS; i++)
        for (int round = 0; round < 2 && bench_stream_at(i)->available(); round++)
            sample_stream(g, i);
    for (size_t i = 0; i < STREAMS; i++) {
        if (g->of[i].n == 0)
            continue;
        double seconds = times_of(&g->of[i]).low;
        if (best == SIZE_MAX || seconds < times_of(&g->of[best]).low) {
            second = best;
            best = i;
        } else if (second == SIZE_MAX || seconds < times_of(&g->of[second]).low)
            second = i;
    }
    g->kept[0] = best;
    g->kept[1] = second;
    g->n_kept = second == SIZE_MAX ? 1 : 2;
}

static size_t best_stream(group *g)
{
    size_t best = g->kept[0];
    for (size_t i = 1; i < g->n_kept; i++)
        if (times_of(&g->of[g->kept[i]]).median < times_of(&g->of[best]).median)
            best = g->kept[i];
    return best;
}

static void finish(group *g)
{
    size_t best = best_stream(g), elements = g->shape.rows * g->shape.cols;
    size_t values = bench_value_bytes(&g->what, g->shape);
    size_t codes = bench_code_bytes(&g->what, g->shape) + bench_scale_bytes(&g->what, g->shape);
    int encodes = g->what.op == MX_OP_QUANTIZE;
    for (size_t i = 0; i < g->members; i++)
        g->results[g->member[i]].at[g->level] = (bench_rate){
            elements,
            encodes ? values : codes,
            encodes ? codes : values,
            times_of(&g->times[i]),
            times_of(&g->of[best]),
            bench_stream_at(best)->name,
        };
}

/* Passes that make a sample of about 2 ms when all is in L2. */
static unsigned passes_of(const group *g, int quick)
{
    double begun = bench_clock(1), seconds = 0;
    unsigned n = 0;
    if (g->level == BENCH_MEMORY)
        return 1;
    for (; seconds < (quick ? 0.0001 : 0.002); seconds = bench_clock(1) - begun, n++)
        stream_pass(bench_stream_at(0), &g->traffic, bench_periods(g->shape), g->what.threads);
    return n;
}

/* Each case `repeats` times, a stream before every fourth of them. */
static int measure(group *g, const bench_options *options)
{
    enum { FOURTH = 4 };
    size_t turn = 0;
    int failed = 0;
    bench_arena_fill(g->arena, g->what.type);
    bench_random_fill(g->arena, &g->what, g->shape);
    g->passes = passes_of(g, options->quick);
    choose_streams(g);
    for (unsigned repeat = 0; !failed && repeat < options->repeats; repeat++)
        for (size_t i = 0; !failed && i < g->members; i++, turn++) {
            if (turn % FOURTH == 0)
                for (size_t s = 0; s < g->n_kept; s++)
                    sample_stream(g, g->kept[s]);
            failed = sample_case(g, i);
        }
    return failed;
}

static int run_group(group *g, const bench_options *options)
{
    g->times = calloc(g->members, sizeof *g->times);
    int failed = g->times ? measure(g, options) : -1;
    if (!failed)
        finish(g);
    for (size_t i = 0; g->times && i < g->members; i++)
        free(g->times[i].seconds);
    for (size_t i = 0; i < STREAMS; i++)
        free(g->of[i].seconds);
    free(g->times);
    return failed;
}

/* ---- all of them ---- */

static int has(unsigned set, unsigned id)
{
    return (int)(set >> id & 1);
}

/* Packed codes, and scales in tiles, run along lines: down columns they lie transposed. Halves of a block are an order
 * of FP4; codes of less than a byte have tiles only when they are packed. Both directions come from quantize, a byte a
 * code. */
static int is_stored(const bench_case *c)
{
    const unsigned bits = mx_elem_bits(c->elem);
    const int packed = c->storage != BENCH_BYTES;
    return (bits == 8 ? !packed : packed || !c->tiled) && (c->storage != BENCH_SPLIT_HALF || bits == 4) &&
           !((packed || c->tiled) && (c->dim == BENCH_DIM1 || c->dim == BENCH_BOTH)) &&
           !(c->dim == BENCH_BOTH && c->op == MX_OP_DEQUANTIZE);
}

/* In L2 one thread only: for several, there is too little to do. */
static int is_measured(const bench_case *what, bench_level level, const bench_options *options)
{
    return has(options->level, level) && (level == BENCH_MEMORY || what->threads == 1);
}

static int is_wanted(const bench_case *c, const bench_options *o)
{
    return has(o->op, c->op) && has(o->elem, c->elem) && has(o->type, c->type) && has(o->dim, c->dim) &&
           has(o->isa, c->isa) && has(o->storage, c->storage) && has(o->scales, (unsigned)c->tiled) &&
           (c->op == MX_OP_QUANTIZE ? has(o->rule, c->rule) && has(o->round, c->round)
                                    : c->rule == 0 && c->round == 0) &&
           is_stored(c) && (is_measured(c, BENCH_MEMORY, o) || is_measured(c, BENCH_L2, o));
}

/* The i-th of all combinations there could be; 0 past the end. */
static int combination(bench_case *c, size_t i, const bench_options *o)
{
    unsigned isas = 0;
    while (mxfast_isa_name(isas))
        isas++;
    c->isa = (unsigned)(i % isas), i /= isas;
    c->dim = (bench_dim)(1 + i % BENCH_DIM_LAST), i /= BENCH_DIM_LAST;
    c->rule = (unsigned)(i % (MX_SCALE_LAST + 1)), i /= MX_SCALE_LAST + 1;
    c->round = (unsigned)(i % (MX_ROUND_LAST + 1)), i /= MX_ROUND_LAST + 1;
    c->elem = (mx_elem)(1 + i % MX_ELEM_LAST), i /= MX_ELEM_LAST;
    c->tiled = (int)(i % 2), i /= 2;
    c->storage = (bench_storage)(i % (BENCH_STORAGE_LAST + 1)), i /= BENCH_STORAGE_LAST + 1;
    c->type = (mx_type)(1 + i % MX_TYPE_LAST), i /= MX_TYPE_LAST;
    c->op = i % 2 ? MX_OP_DEQUANTIZE : MX_OP_QUANTIZE, i /= 2;
    c->threads = i < o->n_threads ? o->threads[i] : 0;
    return i < o->n_threads;
}

static size_t list_cases(bench_result *results, const bench_options *options)
{
    size_t n = 0;
    bench_case c;
    memset(&c, 0, sizeof c);
    for (size_t i = 0; combination(&c, i, options); i++)
        if (is_wanted(&c, options)) {
            if (results)
                results[n] = (bench_result){.what = c};
            n++;
        }
    return n;
}

typedef struct largest {
    size_t values, codes, scales;
} largest;

static largest largest_of(const bench_result *results, size_t n, const bench_options *options,
                          const bench_machine *machine)
{
    largest most = {0, 0, 0};
    for (size_t i = 0; i < n; i++)
        for (bench_level level = BENCH_MEMORY; level <= BENCH_LEVEL_LAST; level++) {
            bench_shape shape = bench_shape_of(&results[i].what, level, options, machine);
            size_t values = bench_value_bytes(&results[i].what, shape);
            size_t codes = bench_code_bytes(&results[i].what, shape);
            size_t scales = bench_scale_bytes(&results[i].what, shape);
            most = (largest){values > most.values ? values : most.values, codes > most.codes ? codes : most.codes,
                             scales > most.scales ? scales : most.scales};
        }
    return most;
}

static int run_groups(bench_result *results, size_t n, const bench_arena *arena, const bench_options *options,
                      const bench_machine *machine)
{
    tool_progress progress;
    uint64_t done = 0, total = 0;
    int failed = 0;
    size_t *member = calloc(n, sizeof *member);
    for (size_t i = 0; i < n; i++)
        for (bench_level level = BENCH_MEMORY; level <= BENCH_LEVEL_LAST; level++)
            total += is_measured(&results[i].what, level, options) ? options->repeats : 0;
    tool_progress_begin(&progress, "bench", total);
    for (size_t i = 0; member && !failed && i < n; i++)
        for (bench_level level = BENCH_MEMORY; !failed && level <= BENCH_LEVEL_LAST; level++) {
            const bench_case *what = &results[i].what;
            group g = {.level = level,
                       .results = results,
                       .member = member,
                       .what = *what,
                       .arena = arena,
                       .shape = bench_shape_of(what, level, options, machine),
                       .traffic = bench_traffic(what, arena),
                       .progress = &progress,
                       .done = &done};
            if (!is_measured(what, level, options) || results[i].at[level].elements != 0)
                continue;
            for (size_t j = i; j < n; j++)
                if (bench_same_bytes(what, &results[j].what))
                    member[g.members++] = j;
            failed = run_group(&g, options);
        }
    tool_progress_end(&progress);
    if (!member)
        tool_error("out of memory");
    free(member);
    return failed || !member ? TOOL_ERROR : TOOL_OK;
}

int bench_run(bench_result **results, size_t *n, const bench_options *options, const bench_machine *machine)
{
    bench_arena arena;
    *n = list_cases(NULL, options);
    *results = calloc(*n ? *n : 1, sizeof **results);
    if (!*results) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    list_cases(*results, options);
    if (*n == 0) {
        tool_error("no case is left by these options%s",
                   has(options->level, BENCH_MEMORY) ? "" : " (in the second-level cache one thread only)");
        return TOOL_USAGE;
    }
    largest most = largest_of(*results, *n, options, machine);
    if (machine->memory && most.values + most.codes + most.scales > machine->memory / 2) {
        tool_error("arrays of %zu bytes would take more than half of the memory",
                   most.values + most.codes + most.scales);
        return TOOL_SKIP;
    }
    if (bench_arena_make(&arena, most.values, most.codes, most.scales) != 0)
        return TOOL_ERROR;
    int status = run_groups(*results, *n, &arena, options, machine);
    bench_arena_free(&arena);
    return status;
}

double bench_times_portable(const bench_result *results, size_t n, const bench_result *of, bench_level level)
{
    bench_case want = of->what;
    want.isa = 0;
    for (size_t i = 0; i < n; i++) {
        const bench_case *c = &results[i].what;
        if (c->op == want.op && c->elem == want.elem && c->rule == want.rule && c->type == want.type &&
            c->dim == want.dim && c->storage == want.storage && c->tiled == want.tiled && c->round == want.round &&
            c->isa == 0 && c->threads == want.threads && results[i].at[level].elements && of->at[level].elements)
            return results[i].at[level].pass.median / of->at[level].pass.median;
    }
    return 0;
}
