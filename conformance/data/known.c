/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Known failures (grammar: KNOWN-FAILURES in this folder).
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/causes/cluster.h"
#include "conformance/error.h"
#include "conformance/judge/judge.h"
#include "conformance/report/report.h"
#include "conformance/sort.h"
#include "vectors/lines.h"

enum { PARTS = 6 };

/* What a pattern is matched against. */
typedef enum kind { CASE_ID = 1, CASE_GLOB, PACK, CLUSTER } kind;

typedef struct entry {
    kind kind;
    const char *glob; /* in text */
    mxc_known_result text;
} entry;

struct mxc_known {
    char *file;
    char today[11];
    entry *entry;
    size_t entries;
    entry **id; /* [ids] entries of kind CASE_ID, sorted */
    size_t ids;
};

/* ---- words ---- */

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static int is_date(const char *text)
{
    if (strlen(text) != 10)
        return 0;
    for (int i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
            return 0;
    const int year = atoi(text), month = atoi(text + 5), day = atoi(text + 8);
    return month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month);
}

static int is_link(const char *text)
{
    const char *colon = strstr(text, "://");
    return colon && colon > text && colon[3] && isalpha((unsigned char)text[0]);
}

static size_t slashes(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '/';
    return n;
}

/* The next word of *at, cut off with a NUL. */
static char *word(char **at)
{
    char *begin = *at + strspn(*at, " \t");
    size_t n = strcspn(begin, " \t");
    *at = begin + n + (begin[n] != '\0');
    begin[n] = '\0';
    return begin;
}

/* ---- reading ---- */

static mx_status kind_of(const mxv_lines *l, entry *e)
{
    const char *text = e->text.pattern;
    e->glob = text;
    e->kind = strpbrk(text, "*?[") ? CASE_GLOB : CASE_ID;
    if (strncmp(text, "pack:", 5) == 0) {
        e->kind = PACK;
        e->glob = text + 5;
    } else if (strncmp(text, "cluster:", 8) == 0) {
        e->kind = CLUSTER;
        e->glob = text + 8;
        if (slashes(e->glob) != PARTS - 1)
            return mxv_lines_wanted(l, "cluster:operation/format/type/stage/remainder/range", text);
    } else if (strchr(text, ':')) {
        return mxv_lines_wanted(l, "a case id, pack:NAME or cluster:CLASS", text);
    }
    return *e->glob ? MX_OK : mxv_lines_wanted(l, "a name after the colon", text);
}

static mx_status no_memory(mxv_error *error)
{
    return mxc_fail(error, MX_ENOMEM, "out of memory");
}

static mx_status read_entry(mxv_lines *l, mxc_known *known)
{
    char *line = l->text;
    entry *more = realloc(known->entry, (known->entries + 1) * sizeof *more);
    if (!more)
        return no_memory(l->error);
    known->entry = more;
    entry *e = &known->entry[known->entries];
    *e = (entry){.text = {.line = l->line}};
    const char *pattern = word(&line), *until = word(&line), *link = word(&line);
    char *reason = line + strspn(line, " \t");
    for (size_t n = strlen(reason); n && (reason[n - 1] == ' ' || reason[n - 1] == '\t'); n--)
        reason[n - 1] = '\0';
    if (!is_date(until))
        return mxv_lines_wanted(l, "a date YYYY-MM-DD after the pattern", until);
    if (!is_link(link))
        return mxv_lines_wanted(l, "a link (https://...) after the date", link);
    if (!*reason)
        return mxv_lines_wanted(l, "a reason after the link", reason);
    known->entries++;
    mxc_say(e->text.until, sizeof e->text.until, "%s", until);
    e->text.pattern = strdup(pattern);
    e->text.link = strdup(link);
    e->text.reason = strdup(reason);
    if (!e->text.pattern || !e->text.link || !e->text.reason)
        return no_memory(l->error);
    e->text.expired = strcmp(known->today, until) > 0;
    return kind_of(l, e);
}

static mx_status read_lines(mxv_lines *l, mxc_known *known)
{
    mx_status status = mxv_lines_head(l, "#mxknown 1");
    while (status == MX_OK && (status = mxv_lines_next(l)) == MX_OK)
        if (l->text[0] != '#' && l->text[strspn(l->text, " \t")])
            status = read_entry(l, known);
    return status == MX_END ? MX_OK : status;
}

static int by_pattern(const void *a, const void *b)
{
    const entry *x = *(entry *const *)a, *y = *(entry *const *)b;
    const int order = strcmp(x->text.pattern, y->text.pattern);
    return order ? order : (x->text.line > y->text.line) - (x->text.line < y->text.line);
}

/* Sort, find a pattern that comes twice, keep the ids for looking up. */
static mx_status index_ids(mxv_lines *l, mxc_known *known)
{
    known->id = calloc(known->entries + 1, sizeof(entry *));
    if (!known->id)
        return no_memory(l->error);
    for (size_t i = 0; i < known->entries; i++)
        known->id[i] = &known->entry[i];
    mxc_sort(known->id, known->entries, sizeof(entry *), by_pattern);
    for (size_t i = 1; i < known->entries; i++)
        if (strcmp(known->id[i]->text.pattern, known->id[i - 1]->text.pattern) == 0) {
            char wanted[80];
            l->line = known->id[i]->text.line;
            mxc_say(wanted, sizeof wanted, "a pattern that does not come twice (first in line %lu)",
                    known->id[i - 1]->text.line);
            return mxv_lines_wanted(l, wanted, known->id[i]->text.pattern);
        }
    for (size_t i = 0; i < known->entries; i++)
        if (known->id[i]->kind == CASE_ID)
            known->id[known->ids++] = known->id[i];
    return MX_OK;
}

static mx_status set_today(mxc_known *known, const char *today, mxv_error *error)
{
    const time_t now = time(NULL);
    struct tm utc;
    if (today && !is_date(today))
        return mxc_fail(error, MX_EINVAL, "wanted a date YYYY-MM-DD, found %.60s", today);
    if (today)
        mxc_say(known->today, sizeof known->today, "%s", today);
    else if (!gmtime_r(&now, &utc) || !strftime(known->today, sizeof known->today, "%Y-%m-%d", &utc))
        return mxc_fail(error, MX_EINTERNAL, "what day it is cannot be told");
    return MX_OK;
}

mx_status mxc_known_read(mxc_known **known, FILE *in, const char *name, const char *today, mxv_error *error)
{
    mxv_lines lines = {.in = in, .name = name, .error = error, .open_end = 1};
    mxc_known *made = calloc(1, sizeof *made);
    mx_status status = made && (made->file = strdup(name)) ? set_today(made, today, error) : no_memory(error);
    if (status == MX_OK)
        status = read_lines(&lines, made);
    if (status == MX_OK)
        status = index_ids(&lines, made);
    if (status == MX_OK)
        *known = made;
    else
        mxc_known_free(made);
    return status;
}

mx_status mxc_known_load(mxc_known **known, const char *path, const char *today, mxv_error *error)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return mxc_fail(error, MX_EIO, "%s: cannot open: %s", path, strerror(errno));
    const mx_status status = mxc_known_read(known, in, path, today, error);
    fclose(in);
    return status;
}

void mxc_known_free(mxc_known *known)
{
    if (!known)
        return;
    for (size_t i = 0; i < known->entries; i++) {
        free(known->entry[i].text.pattern);
        free(known->entry[i].text.link);
        free(known->entry[i].text.reason);
    }
    free(known->entry);
    free(known->id);
    free(known->file);
    free(known);
}

/* ---- judging ---- */

mx_status mxc_known_begin(mxc_report *report, const mxc_known *known)
{
    report->known_file = strdup(known->file);
    report->known = calloc(known->entries + 1, sizeof *report->known);
    if (!report->known_file || !report->known)
        return MX_ENOMEM;
    for (size_t i = 0; i < known->entries; i++) {
        mxc_known_result *to = &report->known[report->knowns++];
        *to = known->entry[i].text;
        to->pattern = strdup(to->pattern);
        to->link = strdup(to->link);
        to->reason = strdup(to->reason);
        if (!to->pattern || !to->link || !to->reason)
            return MX_ENOMEM;
    }
    return MX_OK;
}

/* Whether operation, format and type of a class may be those of the shape. */
static int may_be_of(const char *glob, const mx_batch *shape)
{
    char key[MXC_KEY], part[MXV_LINE];
    const char *end = glob;
    for (int i = 0; i < 3; i++)
        end = strchr(end, '/') + 1;
    mxc_say(part, sizeof part, "%.*s", (int)(end - glob), glob);
    mxc_shape_key(key, shape);
    return fnmatch(part, key, FNM_PATHNAME) == 0;
}

static const entry *find_id(const mxc_known *known, const char *id)
{
    const entry key = {.text = {.pattern = (char *)id}}, *at = &key;
    for (size_t low = 0, high = known->ids; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(at->text.pattern, known->id[middle]->text.pattern);
        if (order == 0)
            return known->id[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Count case `id` (failed or not) of a pack for entry e; 1 when the entry makes its failure known. */
static int count(const entry *e, mxc_known_result *to, int failed)
{
    to->judged++;
    to->failed += (size_t)failed;
    return failed && !e->text.expired;
}

static int judge_case(const mxc_known *known, mxc_report *report, const mxc_work *w, size_t at, const uint8_t *of_pack,
                      const char *key)
{
    const char *id = w->pack->label[w->chosen[at]].id;
    const int failed = key != NULL;
    const entry *own = find_id(known, id);
    int is_known = own ? count(own, &report->known[own - known->entry], failed) : 0;
    for (size_t i = 0; i < known->entries; i++) {
        const entry *e = &known->entry[i];
        if (e->kind == CASE_GLOB ? fnmatch(e->glob, id, 0) == 0 : e->kind == PACK && of_pack[i])
            is_known |= count(e, &report->known[i], failed);
        else if (e->kind == CLUSTER && of_pack[i])
            is_known |= count(e, &report->known[i], failed && fnmatch(e->glob, key, FNM_PATHNAME) == 0);
    }
    return is_known;
}

mx_status mxc_known_pack(const mxc_known *known, mxc_report *report, mxc_work *w)
{
    char name[MXC_PACK_NAME], key[MXC_KEY];
    uint8_t *of_pack = calloc(known->entries + 1, 1);
    w->known = calloc(w->fails + 1, 1);
    if (!of_pack || !w->known) {
        free(of_pack);
        return MX_ENOMEM;
    }
    mxc_pack_name(name, w->result->path);
    for (size_t i = 0; i < known->entries; i++) {
        const entry *e = &known->entry[i];
        of_pack[i] = (uint8_t)((e->kind == PACK && fnmatch(e->glob, name, 0) == 0) ||
                               (e->kind == CLUSTER && may_be_of(e->glob, &w->pack->batch)));
    }
    size_t fail = 0;
    for (size_t at = 0; at < w->n; at++) {
        if (w->fate[at] == MXC_FATE_NEVER)
            continue;
        const int failed = w->fate[at] == MXC_FATE_FAIL;
        if (failed)
            mxc_cluster_key(key, &w->pack->batch, w->chosen[at], &w->failed[fail].diff);
        int is_known = judge_case(known, report, w, at, of_pack, failed ? key : NULL);
        if (!failed)
            continue;
        /* what does not count needs no excuse */
        is_known = is_known && (report->strict || w->pack->label[w->chosen[at]].class_ != MX_SHOULD);
        w->known[fail++] = (uint8_t)is_known;
        w->result->known += (size_t)is_known;
    }
    free(of_pack);
    return MX_OK;
}

mxc_known_state mxc_known_state_of(const mxc_known_result *result)
{
    return result->expired  ? MXC_KNOWN_EXPIRED
           : result->failed ? MXC_KNOWN
           : result->judged ? MXC_KNOWN_PASSES
                            : MXC_KNOWN_NO_CASE;
}

size_t mxc_known_count(const mxc_report *report, mxc_known_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < report->knowns; i++)
        n += mxc_known_state_of(&report->known[i]) == state;
    return n;
}
