/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts bench: how fast, against what this machine can move.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "tools/bench/device.h"

enum {
    OP = 1,
    ELEM,
    RULE,
    ROUND,
    TYPE,
    DIM,
    STORAGE,
    SCALES,
    ISA,
    THREADS,
    LEVEL,
    REPEATS,
    QUICK,
    FORMAT,
    SUBJECT,
    DEVICE,
    SIZE
};

static const tool_option options[] = {
    {OP, 0, "op", "quantize|dequantize",
     "this operation only; this and the next options down to --level take several words with commas, or given again"},
    {ELEM, 0, "elem", "ELEM,...", "only these element formats"},
    {RULE, 0, "rule", "floor|ceil|even|rceil", "this scale rule (default floor and rceil)"},
    {ROUND, 0, "round", "rne|rna|rnz|rtz|rup|rdn|rto|sr",
     "this rounding (default rne); sr: by 8 random bits, whose words count as bytes read"},
    {TYPE, 0, "type", "TYPE,...", "only these source or target types (default fp32 and bf16)"},
    {DIM, 0, "dim", "dim0|dim1|dim1-turned|both",
     "blocks along rows; down columns; the same, codes transposed; dim0 and dim1-turned from one read, quantize "
     "only (default all)"},
    {STORAGE, 0, "storage", "bytes|packed|split-half",
     "a code a byte (default); packed: FP4 and FP6, low first; FP4 by halves of a block"},
    {SCALES, 0, "scales", "linear|128x4", "scales one after another (default), or in tiles"},
    {ISA, 0, "isa", "ISA,...", "only these instruction sets (default all that this machine has)"},
    {THREADS, 0, "threads", "N", "this many threads (default 1, and as many as there are processors)"},
    {LEVEL, 0, "level", "memory|l2", "arrays in memory, or in the second-level cache, one thread (default both)"},
    {REPEATS, 0, "repeats", "N", "samples of each case [7]"},
    {QUICK, 0, "quick", NULL, "small arrays and 3 samples: shows that it works, measures no memory"},
    {SUBJECT, 0, "subject", "cuda|hip", "on a device: 15 samples, in turns with a copy of as many bytes"},
    {DEVICE, 0, "device", "N", "the driver's number of the device [0]"},
    {SIZE, 0, "size", "N", "rows and columns on a device, a multiple of 128 [16384]"},
    {FORMAT, 0, "format", "text|json", "how to print [text]"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_bench = {
    .name = "bench",
    .summary = "measure conversions against what this machine can move",
    .args = "[OPTION...]\n[OPTION...] ref",
    .text =
        "Measures quantize and dequantize of tensors, blocks of 32. The limit that a figure is compared with is "
        "measured in the same run, in turns with the cases: the best of several streaming kernels (plain C, AVX2, "
        "AVX-512; stores through and past the caches; with and without prefetching) that read and write the same "
        "number of bytes and convert nothing. ratio = median time of the limit / median time of the case (in "
        "parentheses: of the best times); spread = distance of the quartiles / median. Times are processor time "
        "with one thread, wall time with more: other programs disturb these.\n"
        "\n"
        "In memory the codes alone are four times the last-level cache. In the second-level cache all arrays "
        "together take three quarters of it at most; there x is the speed as a multiple of that of the portable "
        "kernels.\n"
        "\n"
        "With --subject cuda or hip the limit is a device-to-device copy of as many bytes in all, timed in turns "
        "with the case by the device's events; the buffers of three sets rotate. Without such a device the exit "
        "status is 77.\n"
        "\n"
        "With `ref` it measures the reference and its witness instead: elements each second.\n"
        "\n"
        "tools/plot-bench.py, which is installed among the documents, draws the JSON output or makes a table of it; "
        "doc/manual.md, section 14, says what is in it.",
    .options = options,
    .example = "$ mxcts bench --quick --op quantize --elem e4m3 --type bf16 --rule floor --dim dim0 --isa portable "
               "--threads 1\n"
               "...\n"
               "quantize   bf16 ->  8 bit  1 thread  limit ...\n"
               "  e4m3 floor dim0        portable ...\n",
    .run = run,
};

static int isa_of(const char *name)
{
    for (unsigned i = 0; mxfast_isa_name(i); i++)
        if (strcmp(mxfast_isa_name(i), name) == 0)
            return (int)i;
    return -1;
}

static int no_isa(const char *name)
{
    char all[256] = "";
    for (unsigned i = 0; mxfast_isa_name(i); i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", mxfast_isa_name(i));
    return tool_usage("no instruction set '%s' in this build; there are: %s", name, all);
}

static int add_isa(bench_options *o, const char *name)
{
    int isa = isa_of(name);
    if (isa < 0)
        return no_isa(name);
    if (!(mxfast_isa_available() >> isa & 1)) {
        tool_error("this machine has no %s", name);
        return TOOL_SKIP;
    }
    o->isa |= 1u << isa;
    return 0;
}

/* Set the bit of a word of `words`, the first being bit `first`. */
static int add_choice(unsigned *set, const tool_args *args, const char *words, unsigned first)
{
    int i = tool_choice(args, words);
    if (i < 0)
        return TOOL_USAGE;
    *set |= 1u << ((unsigned)i + first);
    return 0;
}

static int add_number(const tool_args *args, int id, bench_options *o)
{
    uint64_t n;
    if (tool_number(args, 1, id == THREADS ? MXFAST_THREADS_MAX : 1000, &n) != 0)
        return TOOL_USAGE;
    if (id == REPEATS)
        o->repeats = (unsigned)n;
    else if (o->n_threads == BENCH_THREADS)
        return tool_usage("more than %d times --threads", BENCH_THREADS);
    else
        o->threads[o->n_threads++] = (unsigned)n;
    return 0;
}

/* The options of a device. */
static int apply_device(const tool_args *args, int id, bench_device_options *where)
{
    uint64_t n;
    int i;
    if (id == SUBJECT) {
        i = tool_choice(args, "cuda|hip");
        where->subject = i == 1 ? "hip" : "cuda";
        return i < 0 ? TOOL_USAGE : 0;
    }
    if (tool_number(args, id == SIZE, id == SIZE ? 1 << 17 : 1023, &n) != 0)
        return TOOL_USAGE;
    if (id == SIZE && n % 128 != 0)
        return tool_usage("--size: wanted a multiple of 128, found %s", args->value);
    if (id == SIZE)
        where->size = (size_t)n;
    else
        where->index = (int)n;
    return 0;
}

/* What belongs to the processor alone, or to a device alone, is refused with the other. */
static int check_device(const bench_device_options *where, const bench_options *o, int reference)
{
    if (!where->subject && (where->index || where->size))
        return tool_usage("--device and --size want --subject cuda or hip");
    if (where->subject &&
        (o->isa || o->n_threads || o->level || reference || o->round || o->scales || o->storage >> BENCH_SPLIT_HALF))
        return tool_usage("--isa, --threads, --level, --round, --scales, --storage split-half and ref are of the "
                          "processor, not of --subject %s",
                          where->subject);
    return 0;
}

/* An option that may have several words, with one of them. */
typedef struct choice {
    int id;
    bench_options *to;
} choice;

/* --rule and --round have a word for each. */
_Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "a word for each scale rule");
_Static_assert(MX_ROUND_LAST == MX_SR, "a word for each rounding");

static int choose(const tool_args *args, void *of)
{
    const choice *c = of;
    bench_options *o = c->to;
    unsigned found;
    switch (c->id) {
    case OP:
        found = 0;
        if (add_choice(&found, args, "quantize|dequantize", 0))
            return TOOL_USAGE;
        o->op |= 1u << (found & 1 ? MX_OP_QUANTIZE : MX_OP_DEQUANTIZE);
        return 0;
    case ELEM:
        found = tool_elem(args->value);
        o->elem |= 1u << found;
        return found ? 0 : TOOL_USAGE;
    case RULE:
        return add_choice(&o->rule, args, "floor|ceil|even|rceil", MX_SCALE_FLOOR);
    case ROUND:
        return add_choice(&o->round, args, "rne|rna|rnz|rtz|rup|rdn|rto|sr", MX_RNE);
    case SCALES:
        return add_choice(&o->scales, args, "linear|128x4", 0);
    case TYPE:
        found = tool_type(args->value);
        o->type |= 1u << found;
        return found ? 0 : TOOL_USAGE;
    case DIM:
        return add_choice(&o->dim, args, "dim0|dim1|dim1-turned|both", BENCH_DIM0);
    case STORAGE:
        return add_choice(&o->storage, args, "bytes|packed|split-half", BENCH_BYTES);
    case ISA:
        return add_isa(o, args->value);
    case LEVEL:
        return add_choice(&o->level, args, "memory|l2", BENCH_MEMORY);
    default:
        return add_number(args, c->id, o);
    }
}

static int apply(const tool_args *args, int id, bench_options *o, int *json)
{
    choice c = {id, o};
    switch (id) {
    case QUICK:
        o->quick = 1;
        return 0;
    case FORMAT:
        *json = tool_choice(args, "text|json");
        return *json < 0 ? TOOL_USAGE : 0;
    case REPEATS:
        return add_number(args, id, o);
    default:
        return tool_each(args, choose, &c);
    }
}

static void fill_defaults(bench_options *o, const bench_machine *machine)
{
    o->op = o->op ? o->op : 1u << MX_OP_QUANTIZE | 1u << MX_OP_DEQUANTIZE;
    o->elem = o->elem ? o->elem : (2u << MX_ELEM_LAST) - 2;
    o->rule = o->rule ? o->rule : 1u << MX_SCALE_FLOOR | 1u << MX_SCALE_RCEIL;
    o->type = o->type ? o->type : 1u << MX_FP32 | 1u << MX_BF16;
    o->dim = o->dim ? o->dim : (2u << BENCH_DIM_LAST) - 2;
    o->round = o->round ? o->round : 1u << MX_RNE;
    o->storage = o->storage ? o->storage : 1u << BENCH_BYTES;
    o->scales = o->scales ? o->scales : 1;
    o->isa = o->isa ? o->isa : mxfast_isa_available();
    o->level = o->level ? o->level : 1u << BENCH_MEMORY | 1u << BENCH_L2;
    o->repeats = o->repeats ? o->repeats : o->quick ? 3 : 7;
    if (o->n_threads == 0) {
        o->threads[o->n_threads++] = 1;
        if (machine->processors > 1)
            o->threads[o->n_threads++] = machine->processors;
    }
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_bench, argc, argv);
    bench_options o = {0};
    bench_device_options where = {0};
    bench_machine machine;
    bench_result *results = NULL;
    size_t n = 0;
    int json = 0, status = 0;
    for (int id; (id = tool_next(&args)) != 0;)
        if (id < 0 || (status = id >= SUBJECT ? apply_device(&args, id, &where) : apply(&args, id, &o, &json)) != 0)
            return id < 0 ? TOOL_USAGE : status;
    int reference = tool_operands(&args) == 1 && strcmp(tool_operand(&args, 0), "ref") == 0;
    if (tool_operands(&args) > 0 && !reference)
        return tool_usage("'%s' found where ref or nothing was wanted", tool_operand(&args, 0));
    if ((status = check_device(&where, &o, reference)) != 0)
        return status;
    if (where.subject)
        return bench_on_device(&where, &o, json);
    bench_machine_read(&machine);
    fill_defaults(&o, &machine);
    if (reference)
        return bench_reference(&o, &machine, json);
    status = bench_run(&results, &n, &o, &machine);
    if (status == TOOL_OK)
        status = bench_print(results, n, &o, &machine, json);
    free(results);
    return status;
}
