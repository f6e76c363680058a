/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What `mxcts sweep` says: roots, and what came of each space.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/report/json_fields.h"
#include "tools/sweep/sweep.h"

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

int sweep_print_roots(const sweep *s)
{
    printf("%s\n", MXC_ROOTS_MAGIC);
    for (size_t i = 0; i < s->domains; i++) {
        char name[MXC_DOMAIN_TEXT], root[65];
        (void)mxc_domain_name(s->domain + i, name);
        root_expected(s, i, root);
        printf("%s  %s\n", root, name);
    }
    printf("#end count=%zu\n", s->domains);
    return tool_finish(TOOL_OK);
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

/* What came of a domain. */
typedef struct outcome {
    char name[MXC_DOMAIN_TEXT], explain[2 * MXC_DOMAIN_TEXT];
    mxc_shard sum;
    size_t shards;         /* done */
    char root[65];         /* "" while some are not */
    const char *committed; /* the root to compare with, NULL when there is none or nothing to compare */
} outcome;

static void take_outcome(const sweep *s, size_t domain, outcome *o)
{
    *o = (outcome){.committed = NULL};
    (void)mxc_domain_name(s->domain + domain, o->name);
    o->shards = mxc_journal_sum(s->journal, domain, 1, &o->sum);
    if (mxc_journal_root(s->journal, domain, o->root) && !o->sum.skipped)
        o->committed = mxc_roots_find(s->roots, o->name);
    if (o->sum.wrong)
        paste_line(s, domain, &o->sum, o->explain, sizeof o->explain);
}

static int as_committed(const outcome *o)
{
    return o->committed && strcmp(o->committed, o->root) == 0;
}

/* All answers right, and yet another digest: then the reference's answers are not those that were committed. */
static int contradicts(const outcome *o)
{
    return o->committed && !o->sum.wrong && !as_committed(o);
}

static void print_domain(const sweep *s, size_t domain, const outcome *o)
{
    printf("%s\n  %" PRIu64 " cases, %" PRIu64 " wrong", o->name, o->sum.cases, o->sum.wrong);
    if (o->sum.skipped)
        printf(", %" PRIu64 " skipped", o->sum.skipped);
    if (!*o->root)
        printf(", %zu of %zu shards\n", o->shards, s->shards);
    else if (contradicts(o))
        printf(", digest %s\n  but the committed root is %s\n", o->root, o->committed);
    else
        printf(", digest %s%s\n", o->root, as_committed(o) ? ", as committed" : "");
    if (o->sum.wrong)
        printf("  first wrong: pattern %0*" PRIx64 ": wanted %02x, found %02x\n    %s\n",
               (int)mx_type_bytes(s->domain[domain].shape.type) * 2, o->sum.first_wrong, o->sum.want, o->sum.got,
               o->explain);
}

static json_t *domain_json(const sweep *s, const outcome *o)
{
    json_t *row = json_pack("{s:s s:I s:I s:I s:I s:I}", "space", o->name, "cases", (json_int_t)o->sum.cases, "wrong",
                            (json_int_t)o->sum.wrong, "skipped", (json_int_t)o->sum.skipped, "shards",
                            (json_int_t)o->shards, "shards_in_all", (json_int_t)s->shards);
    if (*o->root)
        json_object_set_new(row, "sha256", json_string(o->root));
    if (o->committed)
        json_object_set_new(row, "as_committed", json_boolean(as_committed(o)));
    if (o->sum.wrong)
        json_object_set_new(row, "explain", json_string(o->explain));
    return row;
}

int sweep_conclude(const sweep *s, double seconds, int json)
{
    mxc_shard total;
    const size_t done = mxc_journal_sum(s->journal, 0, s->domains, &total);
    const char *word = total.wrong ? "FAIL" : total.cases ? "PASS" : "SKIP";
    const double now = done ? (double)s->done * (double)total.cases / (double)done : 0;
    const double rate = seconds > 0 ? now / seconds : 0;
    json_t *rows = json ? json_array() : NULL;
    int status = total.wrong ? TOOL_FAIL : total.cases ? TOOL_OK : TOOL_SKIP;
    for (size_t i = 0; i < s->domains; i++) {
        outcome o;
        take_outcome(s, i, &o);
        if (contradicts(&o)) {
            status = TOOL_ERROR;
            word = "ROOTS DIFFER";
        }
        if (json)
            json_array_append_new(rows, domain_json(s, &o));
        else
            print_domain(s, i, &o);
    }
    if (json) {
        json_t *doc =
            json_pack("{s:s s:o s:I s:I s:I s:f s:f s:o}", "verdict", word, "subject", mxc_json_text(s->subject),
                      "cases", (json_int_t)total.cases, "wrong", (json_int_t)total.wrong, "skipped",
                      (json_int_t)total.skipped, "seconds", seconds, "cases_per_second", rate, "spaces", rows);
        return tool_json(doc) == TOOL_OK ? status : TOOL_ERROR;
    }
    printf("%s: %" PRIu64 " cases, %" PRIu64 " wrong, %" PRIu64 " skipped (%s, %.3g cases/s, %.1f s)\n", word,
           total.cases, total.wrong, total.skipped, s->subject, rate, seconds);
    return tool_finish(status);
}
