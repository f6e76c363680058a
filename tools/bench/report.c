/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What `mxcts bench` measured, as text and as JSON.
 */
#include "config.h"

#include <mx/names.h>

#include "tools/bench/bench.h"

double bench_spread(const bench_times *t)
{
    return t->median > 0 ? (t->high - t->low) / t->median : 0;
}

static double per_second(double amount, const bench_times *t)
{
    return amount / t->median;
}

double bench_bytes_of(const bench_rate *r)
{
    return (double)r->bytes_read + (double)r->bytes_written;
}

static const char *rule_name(const bench_case *c)
{
    return c->rule ? mx_axis_value_name(MX_AXIS_SCALE, c->rule) : "-";
}

static const char *round_name(const bench_case *c)
{
    return c->round == MX_SR ? "sr:8" : mx_axis_value_name(MX_AXIS_ROUND, c->round);
}

static const char *scales_name(const bench_case *c)
{
    return c->tiled ? mx_layout_name(MX_LAYOUT_128X4) : "linear";
}

/* ---- text ---- */

static void print_head(const bench_result *r)
{
    const bench_case *c = &r->what;
    printf("%-10s %s %s %2u bit%s  %u thread%s", mx_op_name(c->op), mx_type_name(c->type),
           c->op == MX_OP_QUANTIZE ? "->" : "<-", bench_code_bits(c), c->dim == BENCH_BOTH ? " twice" : "", c->threads,
           c->threads > 1 ? "s" : " ");
    for (bench_level level = BENCH_MEMORY; level <= BENCH_LEVEL_LAST; level++) {
        const bench_rate *at = &r->at[level];
        if (at->elements)
            printf(" limit %s %.2f GB/s (%s, spread %.0f%%)", bench_level_name(level),
                   per_second(bench_bytes_of(at), &at->limit) * 1e-9, at->limit_kernel, 100 * bench_spread(&at->limit));
    }
    printf("\n");
}

static void print_row(const bench_result *results, size_t n, const bench_result *r)
{
    const bench_case *c = &r->what;
    printf("  %-4s %-5s %-11s %-8s", mx_elem_name(c->elem), rule_name(c), bench_dim_name(c->dim),
           mxfast_isa_name(c->isa));
    if (c->round > MX_RNE)
        printf(" %s", round_name(c));
    if (c->storage == BENCH_SPLIT_HALF)
        printf(" %s", bench_storage_name(c->storage));
    if (c->tiled)
        printf(" %s", scales_name(c));
    for (bench_level level = BENCH_MEMORY; level <= BENCH_LEVEL_LAST; level++) {
        const bench_rate *at = &r->at[level];
        if (!at->elements)
            continue;
        printf("  %s %6.3f Gelem/s %6.2f GB/s ratio %.2f (%.2f) spread %2.0f%%", bench_level_name(level),
               per_second((double)at->elements, &at->pass) * 1e-9, per_second(bench_bytes_of(at), &at->pass) * 1e-9,
               at->limit.median / at->pass.median, at->limit.best / at->pass.best, 100 * bench_spread(&at->pass));
        double times = bench_times_portable(results, n, r, level);
        if (level == BENCH_L2 && times > 0)
            printf(" x%.1f", times);
    }
    printf("\n");
}

/* Row i and those after it that were measured against the same limit, unless they were printed with one before. */
static void print_group(const bench_result *results, size_t n, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (bench_same_bytes(&results[j].what, &results[i].what))
            return;
    print_head(&results[i]);
    for (size_t j = i; j < n; j++)
        if (bench_same_bytes(&results[j].what, &results[i].what))
            print_row(results, n, &results[j]);
}

static const char *cache_text(char text[64], size_t known, size_t else_taken)
{
    snprintf(text, 64, known ? "%zu KiB" : "not known (taken for %zu KiB)", (known ? known : else_taken) >> 10);
    return text;
}

static int print_text(const bench_result *results, size_t n, const bench_options *options, const bench_machine *machine)
{
    char l2[64], llc[64];
    printf("%s, %u processor%s, L2 %s, last level %s, load %.2f%s\n", machine->cpu, machine->processors,
           machine->processors > 1 ? "s" : "", cache_text(l2, machine->l2, BENCH_UNKNOWN_L2),
           cache_text(llc, machine->llc, BENCH_UNKNOWN_LLC), machine->load,
           options->quick ? "; quick: small arrays, no measurement of memory" : "");
    for (size_t i = 0; i < n; i++)
        print_group(results, n, i);
    return tool_finish(TOOL_OK);
}

/* ---- JSON ---- */

static json_t *times_json(const bench_times *t)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:i}", "median", t->median, "low", t->low, "high", t->high, "best", t->best,
                     "samples", (int)t->n);
}

json_t *bench_rate_json(const bench_rate *at, double times_portable)
{
    if (!at->elements)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:o, s:f, s:f, s:f, s:o, s:f, s:s, s:f, s:f, s:f, s:o}", "elements",
                     (json_int_t)at->elements, "bytes_read", (json_int_t)at->bytes_read, "bytes_written",
                     (json_int_t)at->bytes_written, "seconds", times_json(&at->pass), "spread", bench_spread(&at->pass),
                     "elements_per_second", per_second((double)at->elements, &at->pass), "bytes_per_second",
                     per_second(bench_bytes_of(at), &at->pass), "limit_seconds", times_json(&at->limit), "limit_spread",
                     bench_spread(&at->limit), "limit_kernel", at->limit_kernel, "limit_bytes_per_second",
                     per_second(bench_bytes_of(at), &at->limit), "ratio", at->limit.median / at->pass.median,
                     "ratio_of_best", at->limit.best / at->pass.best, "times_portable",
                     times_portable > 0 ? json_real(times_portable) : json_null());
}

static json_t *level_json(const bench_result *results, size_t n, const bench_result *r, bench_level level)
{
    return bench_rate_json(&r->at[level], bench_times_portable(results, n, r, level));
}

static json_t *result_json(const bench_result *results, size_t n, const bench_result *r)
{
    const bench_case *c = &r->what;
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:o, s:o}", "op", mx_op_name(c->op),
                     "elem", mx_elem_name(c->elem), "rule", c->rule ? json_string(rule_name(c)) : json_null(), "round",
                     c->round ? json_string(round_name(c)) : json_null(), "type", mx_type_name(c->type), "dim",
                     bench_dim_name(c->dim), "storage", bench_storage_name(c->storage), "scales", scales_name(c), "isa",
                     mxfast_isa_name(c->isa), "threads", (int)c->threads, "clock",
                     c->threads == 1 ? "processor" : "wall", "memory", level_json(results, n, r, BENCH_MEMORY), "l2",
                     level_json(results, n, r, BENCH_L2));
}

int bench_print(const bench_result *results, size_t n, const bench_options *options, const bench_machine *machine,
                int json)
{
    if (!json)
        return print_text(results, n, options, machine);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, result_json(results, n, &results[i]));
    return tool_json(json_pack("{s:s, s:o, s:{s:b, s:i, s:i}, s:o}", "version", PACKAGE_VERSION, "machine",
                               bench_machine_json(machine), "settings", "quick", options->quick, "repeats",
                               (int)options->repeats, "k", BENCH_K, "results", list));
}
