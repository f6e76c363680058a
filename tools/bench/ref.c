/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How fast the reference and its witness are: what the time of a conformance run is made of.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "tools/bench/bench.h"

static mx_status run_ref(const mx_batch *batch)
{
    return mxref_run(batch, NULL);
}

static mx_status run_witness(const mx_batch *batch)
{
    return mxref_witness(batch, NULL);
}

static const struct {
    const char *name;
    mx_status (*run)(const mx_batch *batch);
} runners[] = {{"ref", run_ref}, {"witness", run_witness}};

enum { BLOCKS = 64, RUNNERS = 2 };

typedef struct row {
    size_t runner;
    mx_batch batch;
    double elements_per_second, spread;
} row;

/* Samples of a tenth of a second or more; the median. */
static int measure(row *r, const bench_options *options)
{
    double rate[1000], sample = options->quick ? 0.001 : 0.1;
    for (unsigned i = 0; i < options->repeats; i++) {
        double begun = bench_clock(1), seconds = 0;
        size_t n = 0;
        for (; seconds < sample; seconds = bench_clock(1) - begun, n++)
            if (runners[r->runner].run(&r->batch) != MX_OK)
                return -1;
        rate[i] = (double)(n * r->batch.count * r->batch.k) / seconds;
        for (unsigned j = i; j > 0 && rate[j] < rate[j - 1]; j--) {
            double swap = rate[j];
            rate[j] = rate[j - 1];
            rate[j - 1] = swap;
        }
    }
    unsigned n = options->repeats;
    r->elements_per_second = rate[n / 2];
    r->spread = (rate[n - 1 - n / 4] - rate[n / 4]) / rate[n / 2];
    return 0;
}

static mx_batch batch_of(mx_op op, mx_elem elem, mx_type type, const bench_arena *arena)
{
    mx_batch batch;
    memset(&batch, 0, sizeof batch);
    batch.op = op;
    batch.elem = elem;
    batch.type = type;
    batch.k = op == MX_OP_CAST ? 1 : BENCH_K;
    batch.count = op == MX_OP_CAST ? BLOCKS * BENCH_K : BLOCKS;
    memset(&batch.profile, 1, sizeof batch.profile);
    batch.profile.sr_bits = 0;
    batch.in.value = op == MX_OP_DEQUANTIZE ? NULL : arena->values;
    batch.in.code = op == MX_OP_DEQUANTIZE ? arena->codes : NULL;
    batch.in.scale = op == MX_OP_DEQUANTIZE ? arena->scales : NULL;
    batch.out.value = op == MX_OP_DEQUANTIZE ? arena->values : NULL;
    batch.out.code = op == MX_OP_DEQUANTIZE ? NULL : arena->codes;
    batch.out.scale = op == MX_OP_QUANTIZE ? arena->scales : NULL;
    return batch;
}

static size_t list_rows(row *rows, const bench_options *o, const bench_arena *arena)
{
    static const mx_op ops[] = {MX_OP_CAST, MX_OP_QUANTIZE, MX_OP_DEQUANTIZE};
    size_t n = 0;
    for (size_t runner = 0; runner < RUNNERS; runner++)
        for (size_t op = 0; op < 3; op++)
            for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
                for (mx_type type = MX_FP32; type <= MX_TYPE_LAST; type++)
                    if (o->elem >> elem & 1 && o->type >> type & 1 && (ops[op] == MX_OP_CAST || o->op >> ops[op] & 1))
                        rows[n++] = (row){.runner = runner, .batch = batch_of(ops[op], elem, type, arena)};
    return n;
}

static int print(const row *rows, size_t n, const bench_options *options, const bench_machine *machine, int json)
{
    json_t *list = json ? json_array() : NULL;
    if (!json)
        printf("%s, one thread, load %.2f\n%-8s %-10s %-5s %-5s %12s %7s\n", machine->cpu, machine->load, "", "op",
               "elem", "type", "elements/s", "spread");
    for (size_t i = 0; i < n; i++) {
        const mx_batch *b = &rows[i].batch;
        if (json)
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:s, s:f, s:f}", "implementation", runners[rows[i].runner].name, "op",
                                mx_op_name(b->op), "elem", mx_elem_name(b->elem), "type", mx_type_name(b->type),
                                "elements_per_second", rows[i].elements_per_second, "spread", rows[i].spread));
        else
            printf("%-8s %-10s %-5s %-5s %12.0f %6.0f%%\n", runners[rows[i].runner].name, mx_op_name(b->op),
                   mx_elem_name(b->elem), mx_type_name(b->type), rows[i].elements_per_second, 100 * rows[i].spread);
    }
    if (!json)
        return tool_finish(TOOL_OK);
    return tool_json(json_pack("{s:s, s:o, s:{s:b, s:i, s:i}, s:o}", "version", PACKAGE_VERSION, "machine",
                               bench_machine_json(machine), "settings", "quick", options->quick, "repeats",
                               (int)options->repeats, "k", BENCH_K, "reference", list));
}

int bench_reference(const bench_options *options, const bench_machine *machine, int json)
{
    enum { ROWS = RUNNERS * 3 * MX_ELEM_LAST * MX_TYPE_LAST };
    bench_arena arena;
    tool_progress progress;
    int failed = 0;
    row *rows = calloc(ROWS, sizeof *rows);
    if (!rows || bench_arena_make(&arena, BLOCKS * BENCH_K * 8, BLOCKS * BENCH_K, BLOCKS) != 0) {
        free(rows);
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    size_t n = list_rows(rows, options, &arena);
    tool_progress_begin(&progress, "bench ref", n);
    for (size_t i = 0; i < n && !failed; i++) {
        bench_arena_fill(&arena, rows[i].batch.type);
        for (size_t j = 0; j < arena.code_bytes; j++)
            arena.codes[j] &= (unsigned char)((1u << mx_elem_bits(rows[i].batch.elem)) - 1);
        failed = measure(&rows[i], options);
        tool_progress_at(&progress, i + 1);
    }
    tool_progress_end(&progress);
    if (failed)
        tool_error("the reference refused a batch");
    int status = failed ? TOOL_ERROR : print(rows, n, options, machine, json);
    bench_arena_free(&arena);
    free(rows);
    return status;
}
