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

#include "tools/sweep.h"

enum { SUBJECT = 1, ELEM, TYPE, PROFILE, SCALES, RANDOM, VIA, SHARD, STATE, ROOTS, THREADS, FORMAT };

static const tool_option options[] = {
    {SUBJECT, 's', "subject", "SUBJECT", "what to judge: a name, lib:PATH or pipe:COMMAND (default portable)"},
    {ELEM, 'e', "elem", "NAME|all", "element format (default all)"},
    {TYPE, 't', "type", "fp32|bf16|fp16", "source type (default fp32)"},
    {PROFILE, 'p', "profile", "NAME", "profile that the axes start from (default ocp-mx-1.0)"},
    {SCALES, 0, "scales", "LIST", "scale bytes of scaled-cast, such as 00-04,7f,fe (default all 256)"},
    {RANDOM, 0, "random", "HEX", "the random bits that every value gets under round=sr:N (default 0)"},
    {VIA, 0, "via", "itself|quantize", "ask scaled-cast in blocks behind an anchor lane (default itself)"},
    {SHARD, 0, "shard", "I/N", "only slice I of N, 1 to N"},
    {STATE, 0, "state", "FILE", "journal: a sweep that was stopped goes on where it was"},
    {ROOTS, 0, "roots", NULL, "no sweep: print the digest that each space must have, from the reference alone"},
    {THREADS, 0, "threads", "N", "how many at a time (default: one a processor)"},
    {FORMAT, 'f', "format", "text|json", "for people (default) or for programs"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_sweep = {
    .name = "sweep",
    .summary = "judge an implementation on every input there is",
    .args = "[OPTION...] cast|scale|scaled-cast [AXIS=VALUE]...",
    .text =
        "Puts every pattern of the source type to the subject: 2^32 fp32 patterns for each element format, for "
        "scaled-cast under each scale byte too. The reference gives the exact patterns at which the answer changes, "
        "the witness confirms each of them, and whole runs of answers are compared with constants.\n"
        "\n"
        "The space is cut into shards of 2^20 patterns. With --state each finished shard is a line in a file, and "
        "a sweep that was killed goes on from there; nothing is lost or counted twice. --shard I/N does a part, for "
        "several machines; under mpirun (where the build has MPI) the ranks share the work and rank 0 keeps the "
        "journal.\n"
        "\n"
        "Each whole space ends in a digest that everybody who judged it right must have: `mxcts sweep --roots` "
        "prints those of the reference.\n"
        "\n"
        "--via quantize is for a subject that only quantises blocks: each block gets an anchor in its first lane, "
        "the largest value that gives the wanted scale byte, and the patterns in the other lanes. Patterns above the "
        "anchor cannot be asked so; they are counted as skipped.\n"
        "\n"
        "The exit status is 0 when all answers are right, 1 when one is wrong, 2 for a wrong command line or a journal "
        "of another sweep, 77 when there was nothing to judge, 99 when the sweep is incomplete.",
    .options = options,
    .example = "$ mxcts sweep cast --elem e2m1 --type bf16\n"
               "cast elem=e2m1 type=bf16 ...\n"
               "  65536 cases, 0 wrong, digest ...\n"
               "PASS: 65536 cases, 0 wrong, 0 skipped (portable, ... cases/s, ... s)\n",
    .run = run,
};

typedef struct settings {
    sweep sweep;
    mx_op op;
    mx_elem elem; /* 0: all */
    mx_type type;
    mxc_profile profile;
    uint8_t wanted[256]; /* scale bytes */
    uint32_t random;
    const char *state;
    int roots, json;
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

static int option(settings *s, const tool_args *args, int id)
{
    mxv_error error = {0};
    uint64_t number = 0;
    int choice;
    switch (id) {
    case SUBJECT:
        s->sweep.subject = args->value;
        return TOOL_OK;
    case ELEM:
        s->elem = mx_elem_find(args->value, strlen(args->value));
        if (!s->elem && strcmp(args->value, "all") != 0)
            return tool_usage("--elem: no element format \"%.40s\"", args->value);
        return TOOL_OK;
    case TYPE:
        if ((choice = tool_choice(args, "fp32|bf16|fp16")) < 0)
            return TOOL_USAGE;
        s->type = (mx_type)(MX_FP32 + choice);
        return TOOL_OK;
    case PROFILE:
        if (mxc_profile_load(&s->profile, args->value, &error) != MX_OK)
            return tool_usage("--profile: %s", error.text);
        return TOOL_OK;
    case SCALES:
        return parse_scales(args->value, s->wanted);
    case RANDOM:
        return parse_hex(args->value, &s->random);
    case VIA:
        if ((choice = tool_choice(args, "itself|quantize")) < 0)
            return TOOL_USAGE;
        s->sweep.via = (mxc_via)(MXC_VIA_ITSELF + choice);
        return TOOL_OK;
    case SHARD:
        return parse_slice(args->value, &s->sweep);
    case STATE:
        s->state = args->value;
        return TOOL_OK;
    case ROOTS:
        s->roots = 1;
        return TOOL_OK;
    case THREADS:
        if (tool_number(args, 1, 1024, &number) != 0)
            return TOOL_USAGE;
        s->sweep.threads = (unsigned)number;
        return TOOL_OK;
    case FORMAT:
        if ((choice = tool_choice(args, "text|json")) < 0)
            return TOOL_USAGE;
        s->json = choice;
        return TOOL_OK;
    default:
        return TOOL_USAGE;
    }
}

static int operands(settings *s, const tool_args *args)
{
    char why[MX_WHY];
    if (tool_operands(args) < 1)
        return tool_usage("an operation is wanted: cast, scale or scaled-cast");
    const char *op = tool_operand(args, 0);
    s->op = mx_op_find(op, strlen(op));
    if (s->op != MX_OP_CAST && s->op != MX_OP_SCALE && s->op != MX_OP_SCALED_CAST)
        return tool_usage("wanted cast, scale or scaled-cast, found \"%.40s\"", op);
    for (int i = 1; i < tool_operands(args); i++) {
        const char *word = tool_operand(args, i);
        if (mx_profile_apply(&s->profile.values, word, strlen(word), why) != MX_OK)
            return tool_usage("%s", why);
    }
    if (mx_profile_check(&s->profile.values, why) != MX_OK)
        return tool_usage("%s", why);
    if (s->sweep.via == MXC_VIA_QUANTIZE && s->op != MX_OP_SCALED_CAST)
        return tool_usage("--via quantize is for scaled-cast");
    if (s->sweep.via == MXC_VIA_QUANTIZE && s->profile.values.subnormal_in == MX_SUBNORMAL_IN_FLUSH_BLOCK)
        return tool_usage("--via quantize: under subnormal-in=flush-block a block is more than its scaled casts");
    if (s->profile.values.round == MX_SR && s->profile.values.sr_bits < 32 &&
        s->random >> s->profile.values.sr_bits != 0)
        return tool_usage("--random: wanted %u bits, found %" PRIx32, s->profile.values.sr_bits, s->random);
    return TOOL_OK;
}

static int parse(settings *s, tool_args *args)
{
    mxv_error error = {0};
    if (mxc_profile_load(&s->profile, "ocp-mx-1.0", &error) != MX_OK) {
        tool_error("%s", error.text);
        return TOOL_ERROR;
    }
    memset(s->wanted, 1, sizeof s->wanted);
    for (int id; (id = tool_next(args)) != 0;) {
        const int status = option(s, args, id);
        if (status != TOOL_OK)
            return status;
    }
    return operands(s, args);
}

/* ---- the plan ---- */

static size_t wanted_scales(const settings *s)
{
    size_t n = 0;
    for (size_t i = 0; i < 256; i++)
        n += s->wanted[i];
    return s->op == MX_OP_SCALED_CAST ? n : 1;
}

static int plan_domains(settings *s)
{
    const mx_elem low = s->elem ? s->elem : MX_E5M2, high = s->elem ? s->elem : MX_ELEM_LAST;
    const size_t count = (size_t)(high - low + 1) * wanted_scales(s);
    s->sweep.domain = calloc(count, sizeof *s->sweep.domain);
    s->sweep.steps = calloc(count, sizeof *s->sweep.steps);
    if (!s->sweep.domain || !s->sweep.steps)
        return tool_error("out of memory"), TOOL_ERROR;
    for (mx_elem e = low; e <= high; e++)
        for (unsigned byte = 0; byte < 256; byte++) {
            if (s->op == MX_OP_SCALED_CAST ? !s->wanted[byte] : byte != 0)
                continue;
            s->sweep.domain[s->sweep.domains++] = (mxc_domain){
                .shape = {.op = s->op, .elem = e, .type = s->type, .k = 1, .profile = s->profile.values},
                .scale = (uint8_t)byte,
                .random = s->random,
            };
        }
    s->sweep.shards = mxc_domain_shards(s->sweep.domain);
    return TOOL_OK;
}

static int plan_steps(settings *s)
{
    mx_status failed = MX_OK;
    size_t at = 0;
#pragma omp parallel for schedule(dynamic) num_threads(s->sweep.threads)
    for (size_t i = 0; i < s->sweep.domains; i++) {
        const mxc_domain *d = s->sweep.domain + i;
        const mx_status status = mxc_steps_build(s->sweep.steps + i, &d->shape, d->scale, d->random);
        if (status != MX_OK) {
#pragma omp critical(sweep)
            failed = status, at = i;
        }
    }
    if (failed == MX_OK && s->sweep.via == MXC_VIA_QUANTIZE) {
        mx_batch scale = s->sweep.domain->shape;
        scale.op = MX_OP_SCALE;
        failed = mxc_steps_build(&s->sweep.anchors, &scale, 0, 0);
    }
    if (failed == MX_OK)
        return TOOL_OK;
    char name[MXC_DOMAIN_TEXT] = "";
    (void)mxc_domain_name(s->sweep.domain + at, name);
    tool_error("%s: step table: %s", name,
               failed == MX_EINTERNAL ? "the witness disagrees with the reference" : mx_status_text(failed));
    return TOOL_ERROR;
}

/* What makes two sweeps the same one: the first and last domain say the operation, axes and formats; then the rest. */
static void describe(const settings *s, char *text, size_t size)
{
    char first[MXC_DOMAIN_TEXT] = "", last[MXC_DOMAIN_TEXT] = "", bytes[65];
    for (int i = 0; i < 64; i++)
        bytes[i] = "0123456789abcdef"[8 * s->wanted[4 * i] + 4 * s->wanted[4 * i + 1] + 2 * s->wanted[4 * i + 2] +
                                      s->wanted[4 * i + 3]];
    bytes[64] = '\0';
    (void)mxc_domain_name(s->sweep.domain, first);
    (void)mxc_domain_name(s->sweep.domain + s->sweep.domains - 1, last);
    snprintf(text, size, "subject=%s via=%d slice=%zu/%zu bytes=%s %s .. %s", s->sweep.subject, (int)s->sweep.via,
             s->sweep.slice + 1, s->sweep.slices, s->op == MX_OP_SCALED_CAST ? bytes : "-", first,
             s->elem && wanted_scales(s) == 1 ? "-" : last);
}

/* ---- what came of it ---- */

static void root_expected(const sweep *s, size_t domain, char root[65])
{
    char(*all)[65] = malloc(s->shards * sizeof *all);
    strcpy(root, "");
    for (size_t i = 0; all && i < s->shards; i++)
        mxc_shard_expected(s->domain + domain, s->steps + domain, i, all[i]);
    if (all)
        mxc_root((const char(*)[65])all, s->shards, root);
    free(all);
}

static int print_roots(const sweep *s)
{
    for (size_t i = 0; i < s->domains; i++) {
        char name[MXC_DOMAIN_TEXT], root[65];
        (void)mxc_domain_name(s->domain + i, name);
        root_expected(s, i, root);
        printf("%s  %s\n", root, name);
    }
    return tool_finish(TOOL_OK);
}

/* Sums over the shards of one domain; returns how many are done. */
static size_t add_domain(const sweep *s, size_t domain, mxc_shard *sum)
{
    size_t done = 0;
    *sum = (mxc_shard){0};
    for (size_t i = 0; i < s->shards; i++) {
        const mxc_shard *shard = mxc_journal_get(s->journal, domain, i);
        if (!shard)
            continue;
        if (shard->wrong && !sum->wrong) {
            sum->first_wrong = shard->first_wrong;
            sum->want = shard->want;
            sum->got = shard->got;
        }
        sum->cases += shard->cases;
        sum->skipped += shard->skipped;
        sum->wrong += shard->wrong;
        done++;
    }
    return done;
}

/* The command that explains the first wrong answer of a domain. */
static void paste_line(const sweep *s, size_t domain, const mxc_shard *sum, char *text, size_t size)
{
    const mx_batch *shape = &s->domain[domain].shape;
    char name[MXC_DOMAIN_TEXT], scale[8] = "", random[16] = "";
    (void)mxc_domain_name(s->domain + domain, name);
    char *byte = strstr(name, " byte=");
    if (byte) { /* " byte=7f" names the space, but is no word of an operation */
        snprintf(scale, sizeof scale, " %.2s", byte + 6);
        memmove(byte, byte + 8, strlen(byte + 8) + 1);
    }
    char *bits = strstr(name, " random=");
    if (bits) {
        snprintf(random, sizeof random, " %0*" PRIx32, (shape->profile.sr_bits + 3) / 4, s->domain[domain].random);
        memmove(bits, bits + strcspn(bits + 1, " ") + 1, strlen(bits + strcspn(bits + 1, " ") + 1) + 1);
    }
    snprintf(text, size, "mxcts explain %s%s %0*" PRIx64 "%s%s --got %02x", name,
             shape->op == MX_OP_SCALE ? " k=1" : "", (int)mx_type_bytes(shape->type) * 2, sum->first_wrong, random,
             scale, sum->got);
}

static void print_domain(const sweep *s, size_t domain)
{
    mxc_shard sum;
    char name[MXC_DOMAIN_TEXT], root[65], line[2 * MXC_DOMAIN_TEXT];
    const size_t done = add_domain(s, domain, &sum);
    (void)mxc_domain_name(s->domain + domain, name);
    printf("%s\n  %" PRIu64 " cases, %" PRIu64 " wrong", name, sum.cases, sum.wrong);
    if (sum.skipped)
        printf(", %" PRIu64 " skipped", sum.skipped);
    if (mxc_journal_root(s->journal, domain, root))
        printf(", digest %s\n", root);
    else
        printf(", %zu of %zu shards\n", done, s->shards);
    if (sum.wrong) {
        paste_line(s, domain, &sum, line, sizeof line);
        printf("  first wrong: pattern %0*" PRIx64 ": wanted %02x, found %02x\n    %s\n",
               (int)mx_type_bytes(s->domain[domain].shape.type) * 2, sum.first_wrong, sum.want, sum.got, line);
    }
}

static json_t *domain_json(const sweep *s, size_t domain)
{
    mxc_shard sum;
    char name[MXC_DOMAIN_TEXT], root[65], line[2 * MXC_DOMAIN_TEXT];
    const size_t done = add_domain(s, domain, &sum);
    (void)mxc_domain_name(s->domain + domain, name);
    json_t *row = json_pack("{s:s s:I s:I s:I s:I s:I}", "space", name, "cases", (json_int_t)sum.cases, "wrong",
                            (json_int_t)sum.wrong, "skipped", (json_int_t)sum.skipped, "shards", (json_int_t)done,
                            "shards_in_all", (json_int_t)s->shards);
    if (mxc_journal_root(s->journal, domain, root))
        json_object_set_new(row, "sha256", json_string(root));
    if (sum.wrong) {
        paste_line(s, domain, &sum, line, sizeof line);
        json_object_set_new(row, "explain", json_string(line));
    }
    return row;
}

static int conclude(const settings *s, double seconds)
{
    const sweep *w = &s->sweep;
    mxc_shard total;
    size_t at = 0;
    (void)mxc_journal_total(w->journal, &total, &at);
    const int status = total.wrong ? TOOL_FAIL : total.cases ? TOOL_OK : TOOL_SKIP;
    const char *word = total.wrong ? "FAIL" : total.cases ? "PASS" : "NOTHING JUDGED";
    const double rate =
        seconds > 0 && w->done
            ? ((double)w->done * (double)total.cases / (double)mxc_journal_total(w->journal, &total, &at)) / seconds
            : 0;
    if (s->json) {
        json_t *rows = json_array();
        for (size_t i = 0; i < w->domains; i++)
            json_array_append_new(rows, domain_json(w, i));
        json_t *doc =
            json_pack("{s:s s:s s:I s:I s:I s:f s:f s:o}", "verdict", word, "subject", w->subject, "cases",
                      (json_int_t)total.cases, "wrong", (json_int_t)total.wrong, "skipped", (json_int_t)total.skipped,
                      "seconds", seconds, "cases_per_second", rate, "spaces", rows);
        return tool_json(doc) == TOOL_OK ? status : TOOL_ERROR;
    }
    for (size_t i = 0; i < w->domains; i++)
        print_domain(w, i);
    printf("%s: %" PRIu64 " cases, %" PRIu64 " wrong, %" PRIu64 " skipped (%s, %.3g cases/s, %.1f s)\n", word,
           total.cases, total.wrong, total.skipped, w->subject, rate, seconds);
    return tool_finish(status);
}

/* ---- the sweep ---- */

static int exit_of(mx_status status)
{
    return status == MX_EINVAL ? TOOL_USAGE : status == MX_EUNSUPPORTED ? TOOL_SKIP : TOOL_ERROR;
}

static int carry_out(settings *s, const sweep_ranks *ranks)
{
    mxv_error error = {0};
    char args[4 * MXC_DOMAIN_TEXT];
    describe(s, args, sizeof args);
    if (ranks->rank == 0) {
        mx_status status =
            mxc_journal_open(&s->sweep.journal, s->state, args, s->sweep.domains, s->sweep.shards, &error);
        if (status != MX_OK) {
            tool_error("%s", error.text);
            return status == MX_EPARSE ? TOOL_USAGE : exit_of(status);
        }
        s->sweep.todo = sweep_left(&s->sweep);
    }
    const double begun = tool_clock();
    tool_progress_begin(&s->sweep.progress, "shards", s->sweep.todo);
    mx_status status = ranks->count > 1 ? sweep_mpi(&s->sweep, ranks, &error) : sweep_threads(&s->sweep, &error);
    tool_progress_end(&s->sweep.progress);
    if (status != MX_OK) {
        tool_error("%s: %s", s->sweep.subject, error.text);
        return exit_of(status);
    }
    return ranks->rank == 0 ? conclude(s, tool_clock() - begun) : TOOL_OK;
}

static void release(settings *s)
{
    for (size_t i = 0; i < s->sweep.domains; i++)
        mxc_steps_free(s->sweep.steps + i);
    mxc_steps_free(&s->sweep.anchors);
    free(s->sweep.steps);
    free(s->sweep.domain);
    mxc_journal_close(s->sweep.journal);
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
    if (!s)
        return tool_error("out of memory"), TOOL_ERROR;
    s->type = MX_FP32;
    s->sweep.subject = "portable";
    s->sweep.via = MXC_VIA_ITSELF;
    s->sweep.slices = 1;
    s->sweep.threads = processors();
    int status = parse(s, &args);
    if (status == TOOL_OK && sweep_mpi_begin(&ranks, &error) != MX_OK) {
        tool_error("%s", error.text);
        status = TOOL_ERROR;
    }
    if (status == TOOL_OK)
        status = plan_domains(s);
    if (status == TOOL_OK)
        status = plan_steps(s);
    if (status == TOOL_OK)
        status = s->roots ? print_roots(&s->sweep) : carry_out(s, &ranks);
    sweep_mpi_end();
    release(s);
    free(s);
    return status;
}
