/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts sweep: whole input spaces against the reference's step tables.
 */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "tools/report_out.h"
#include "tools/sweep/sweep.h"

enum { SUBJECT = 1, ELEM, TYPE, PROFILE, SCALES, RANDOM, VIA, SHARD, STATE, ROOTS, AGAINST, THREADS, FORMAT };

static const tool_option options[] = {
    {SUBJECT, 's', "subject", "SUBJECT", "what to judge: a name, lib:PATH or pipe:COMMAND (default portable)"},
    {ELEM, 'e', "elem", "ELEM,...", "only these element formats (default all)"},
    {TYPE, 't', "type", "fp32|bf16|fp16", "source type (default fp32)"},
    {PROFILE, 'p', "profile", "NAME", "profile that the axes start from (default ocp-mx-1.0)"},
    {SCALES, 0, "scales", "LIST", "scale bytes of scaled-cast, such as 00-04,7f,fe (default all 256)"},
    {RANDOM, 0, "random", "HEX", "the random bits that every value gets under round=sr:N (default 0)"},
    {VIA, 0, "via", "itself|quantize", "ask scaled-cast in blocks behind an anchor lane (default itself)"},
    {SHARD, 0, "shard", "I/N", "only slice I of N, 1 to N"},
    {STATE, 0, "state", "FILE", "journal: a sweep that was stopped goes on where it was"},
    {ROOTS, 0, "roots", NULL, "no sweep: print the digest that each space must have, from the reference alone"},
    {AGAINST, 0, "against", "FILE",
     "roots to compare with, as --roots prints them; it must have all spaces (default: the "
     "committed ones, as far as they go)"},
    {THREADS, 0, "threads", "N", "how many at a time (default: one a processor)"},
    {FORMAT, 'f', "format", "text|json", "for people (default) or for programs"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_sweep = {
    .name = "sweep",
    .summary = "judge an implementation on every input there is",
    .args = "[OPTION...] cast|scale|scaled-cast [AXIS=VALUE]...",
    .text = "Puts every pattern of the source type to the subject: 2^32 fp32 patterns for each element format, for "
            "scaled-cast under each scale byte too. The reference gives the exact patterns at which the answer "
            "changes, the witness confirms each of them, and whole runs of answers are compared with constants.\n"
            "\n"
            "The space is cut into shards of 2^20 patterns. With --state each finished shard is a line in a file, and "
            "a sweep that was killed goes on from there; nothing is lost or counted twice. --shard I/N does a part, "
            "for several machines; under mpirun (where the build has MPI) the ranks share the work and rank 0 keeps "
            "the journal.\n"
            "\n"
            "Each whole space ends in a digest that everybody who judged it right must have: `mxcts sweep --roots` "
            "prints those of the reference. Those of doc/certificates.md are committed: a digest is compared with the "
            "one there, or with that of --against.\n"
            "\n"
            "--via quantize is for a subject that only quantises blocks: each block gets an anchor in its first lane, "
            "the largest value that gives the wanted scale byte, and the patterns in the other lanes. Patterns above "
            "the anchor cannot be asked so; they are counted as skipped.\n"
            "\n"
            "The exit status is 0 when all answers are right, 1 when one is wrong, 2 for a wrong command line, a "
            "journal of another sweep or roots of other spaces, 77 when there was nothing to judge, 99 when the sweep "
            "is incomplete.",
    .options = options,
    .example = "$ mxcts sweep cast --elem e2m1 --type bf16\n"
               "cast elem=e2m1 type=bf16 ...\n"
               "  65536 cases, 0 wrong, digest ...\n"
               "PASS: 65536 cases, 0 wrong, 0 skipped (portable, ... cases/s, ... s)\n",
    .run = run,
};

typedef struct settings {
    sweep sweep;
    sweep_request request;
    const char *state, *against;
    int roots, json, has_scales, has_random;
} settings;

/* ---- the command line ---- */

/* "00-04,7f,fe" into flags. */
static int parse_scales(const char *text, uint8_t wanted[256])
{
    memset(wanted, 0, 256);
    for (const char *at = text;; at++) {
        char *end;
        if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
            return tool_usage("--scales: wanted two hex digits at \"%.20s\"", at);
        const unsigned long low = strtoul((char[3]){at[0], at[1], '\0'}, &end, 16);
        unsigned long high = low;
        at += 2;
        if (*at == '-') {
            if (!isxdigit((unsigned char)at[1]) || !isxdigit((unsigned char)at[2]))
                return tool_usage("--scales: wanted two hex digits at \"%.20s\"", at + 1);
            high = strtoul((char[3]){at[1], at[2], '\0'}, &end, 16);
            at += 3;
        }
        if (high < low)
            return tool_usage("--scales: %02lx-%02lx runs backwards", low, high);
        for (unsigned long i = low; i <= high; i++)
            wanted[i] = 1;
        if (*at == '\0')
            return TOOL_OK;
        if (*at != ',')
            return tool_usage("--scales: wanted ',' at \"%.20s\"", at);
    }
}

static int parse_slice(const char *text, sweep *s)
{
    unsigned long i, n;
    char extra;
    if (sscanf(text, "%lu/%lu%c", &i, &n, &extra) != 2)
        return tool_usage("--shard: wanted I/N, such as 1/4, found \"%.40s\"", text);
    if (n < 1 || n > 1000000 || i < 1 || i > n)
        return tool_usage("--shard: wanted I from 1 to N and N up to 1000000, found %lu/%lu", i, n);
    s->slice = i - 1;
    s->slices = n;
    return TOOL_OK;
}

static int parse_hex(const char *text, uint32_t *bits)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 16);
    if (!isxdigit((unsigned char)text[0]) || *end || value > UINT32_MAX)
        return tool_usage("--random: wanted up to 8 hex digits, found \"%.40s\"", text);
    *bits = (uint32_t)value;
    return TOOL_OK;
}

/* Which of `words` it is, from 0. */
static int choose(const tool_args *args, const char *words, int *choice)
{
    *choice = tool_choice(args, words);
    return *choice < 0 ? TOOL_USAGE : TOOL_OK;
}

static int option(settings *s, const tool_args *args, int id)
{
    mxv_error error = {0};
    uint64_t number = 0;
    int choice, status = TOOL_OK;
    switch (id) {
    case SUBJECT:
        return tool_once(&s->sweep.subject, args);
    case ELEM:
        return filter_option(&s->request.filter, args, FILTER_ELEM);
    case TYPE:
        status = choose(args, "fp32|bf16|fp16", &choice);
        s->request.type = (mx_type)(MX_FP32 + choice);
        break;
    case PROFILE:
        if (mxc_profile_load(&s->request.profile, args->value, &error) != MX_OK)
            return tool_usage("--profile: %s", error.text);
        break;
    case SCALES:
        s->has_scales = 1;
        return parse_scales(args->value, s->request.wanted);
    case RANDOM:
        s->has_random = 1;
        return parse_hex(args->value, &s->request.random);
    case VIA:
        status = choose(args, "itself|quantize", &choice);
        s->sweep.via = (mxc_via)(MXC_VIA_ITSELF + choice);
        break;
    case SHARD:
        return parse_slice(args->value, &s->sweep);
    case STATE:
        s->state = args->value;
        break;
    case ROOTS:
        s->roots = 1;
        break;
    case AGAINST:
        s->against = args->value;
        break;
    case THREADS:
        status = tool_number(args, 1, 1024, &number) == 0 ? TOOL_OK : TOOL_USAGE;
        s->sweep.threads = (unsigned)number;
        break;
    case FORMAT:
        return choose(args, "text|json", &s->json);
    default:
        return TOOL_USAGE;
    }
    return status;
}

static int operands(settings *s, const tool_args *args)
{
    char why[MX_WHY];
    if (tool_operands(args) < 1)
        return tool_usage("an operation is wanted: cast, scale or scaled-cast");
    const char *op = tool_operand(args, 0);
    s->request.op = mx_op_find(op, strlen(op));
    if (s->request.op != MX_OP_CAST && s->request.op != MX_OP_SCALE && s->request.op != MX_OP_SCALED_CAST)
        return tool_usage("wanted cast, scale or scaled-cast, found \"%.40s\"", op);
    for (int i = 1; i < tool_operands(args); i++) {
        const char *word = tool_operand(args, i);
        if (mx_profile_apply(&s->request.profile.values, word, strlen(word), why) != MX_OK)
            return tool_usage("%s", why);
    }
    if (mx_profile_check(&s->request.profile.values, why) != MX_OK)
        return tool_usage("%s", why);
    if (s->sweep.via == MXC_VIA_QUANTIZE && s->request.op != MX_OP_SCALED_CAST)
        return tool_usage("--via quantize is for scaled-cast");
    if (s->has_scales && s->request.op != MX_OP_SCALED_CAST)
        return tool_usage("--scales is for scaled-cast: %s takes no scale byte", op);
    if (s->has_random && s->request.profile.values.round != MX_SR)
        return tool_usage("--random is for round=sr:N: nothing else takes random bits");
    if (s->sweep.via == MXC_VIA_QUANTIZE && s->request.profile.values.subnormal_in == MX_SUBNORMAL_IN_FLUSH_BLOCK)
        return tool_usage("--via quantize: under subnormal-in=flush-block a block is more than its scaled casts");
    if (s->request.profile.values.round == MX_SR && s->request.profile.values.sr_bits < 32 &&
        s->request.random >> s->request.profile.values.sr_bits != 0)
        return tool_usage("--random: wanted %u bits, found %" PRIx32, s->request.profile.values.sr_bits,
                          s->request.random);
    return TOOL_OK;
}

static int parse(settings *s, tool_args *args)
{
    mxv_error error = {0};
    if (mxc_profile_load(&s->request.profile, "ocp-mx-1.0", &error) != MX_OK) {
        tool_error("%s", error.text);
        return TOOL_ERROR;
    }
    memset(s->request.wanted, 1, sizeof s->request.wanted);
    for (int id; (id = tool_next(args)) != 0;) {
        const int status = option(s, args, id);
        if (status != TOOL_OK)
            return status;
    }
    if (s->roots && (s->sweep.subject || s->state || s->against || s->sweep.slices > 1 || s->json))
        return tool_usage(
            "--roots judges nothing: --subject, --state, --against, --shard and --format do not go with it");
    if (!s->sweep.subject)
        s->sweep.subject = "portable";
    return operands(s, args);
}

/* ---- the sweep ---- */

static int exit_of(mx_status status)
{
    return status == MX_EINVAL ? TOOL_USAGE : status == MX_EUNSUPPORTED ? TOOL_SKIP : TOOL_ERROR;
}

static int open_journal(settings *s)
{
    mxv_error error = {0};
    char args[4 * MXC_DOMAIN_TEXT];
    if (s->state && report_file_check(s->state) != TOOL_OK)
        return TOOL_USAGE;
    sweep_describe(&s->sweep, &s->request, args, sizeof args);
    const mx_status status =
        mxc_journal_open(&s->sweep.journal, s->state, args, s->sweep.domains, s->sweep.shards, &error);
    if (status == MX_OK) {
        s->sweep.todo = sweep_left(&s->sweep);
        return TOOL_OK;
    }
    tool_error("%s", error.text);
    return status == MX_EPARSE ? TOOL_USAGE : exit_of(status);
}

static int carry_out(settings *s, const sweep_ranks *ranks)
{
    mxv_error error = {0};
    const int opened = sweep_mpi_agree(ranks, ranks->rank == 0 ? open_journal(s) : TOOL_OK);
    if (opened != TOOL_OK)
        return opened;
    const double begun = tool_clock();
    tool_progress_begin(&s->sweep.progress, "shards", s->sweep.todo);
    mx_status status = ranks->count > 1 ? sweep_mpi(&s->sweep, ranks, &error) : sweep_threads(&s->sweep, &error);
    tool_progress_end(&s->sweep.progress);
    if (status != MX_OK) {
        tool_error("%s: %s", s->sweep.subject, error.text);
        return exit_of(status);
    }
    return ranks->rank == 0 ? sweep_conclude(&s->sweep, tool_clock() - begun, s->json) : TOOL_OK;
}

static unsigned processors(void)
{
#ifdef _OPENMP
    return (unsigned)omp_get_max_threads();
#else
    return 1;
#endif
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_sweep, argc, argv);
    settings *s = calloc(1, sizeof *s);
    sweep_ranks ranks = {1, 0};
    mxv_error error = {0};
    if (!s) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    s->request.type = MX_FP32;
    s->sweep.via = MXC_VIA_ITSELF;
    s->sweep.slices = 1;
    s->sweep.threads = processors();
    int status = TOOL_OK;
    if (sweep_mpi_begin(&ranks, &error) != MX_OK) {
        tool_error("%s", error.text);
        status = TOOL_ERROR;
    }
    if (status == TOOL_OK)
        status = sweep_mpi_agree(&ranks, parse(s, &args));
    if (status == TOOL_OK)
        status = sweep_plan(&s->sweep, &s->request, &ranks);
    if (status == TOOL_OK && !s->roots)
        status = sweep_mpi_agree(&ranks, sweep_take_roots(&s->sweep, s->against));
    if (status == TOOL_OK && s->roots)
        status = ranks.rank == 0 ? sweep_print_roots(&s->sweep) : TOOL_OK;
    else if (status == TOOL_OK)
        status = carry_out(s, &ranks);
    sweep_mpi_end();
    sweep_release(&s->sweep);
    free(s);
    return status;
}
