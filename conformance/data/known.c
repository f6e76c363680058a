/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reader of known failures (grammar: conformance/KNOWN-FAILURES).
 */
#include "config.h"

#include "conformance/data/known.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/error.h"
#include "conformance/sort.h"
#include "vectors/lines.h"

enum { PARTS = 6 }; /* of the name of a cluster */

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

static mx_status kind_of(const mxv_lines *l, mxc_known_entry *e)
{
    const char *text = e->text.pattern;
    e->glob = text;
    e->kind = strpbrk(text, "*?[") ? MXC_CASE_GLOB : MXC_CASE_ID;
    if (strncmp(text, "pack:", 5) == 0) {
        e->kind = MXC_PACK_GLOB;
        e->glob = text + 5;
    } else if (strncmp(text, "cluster:", 8) == 0) {
        e->kind = MXC_CLUSTER_GLOB;
        e->glob = text + 8;
        if (slashes(e->glob) != PARTS - 1)
            return mxv_lines_wanted(l, "cluster:operation/format/type/stage/remainder/range", text);
    } else if (strchr(text, ':')) {
        return mxv_lines_wanted(l, "a case id, pack:NAME or cluster:CLASS", text);
    }
    return *e->glob ? MX_OK : mxv_lines_wanted(l, "a name after the colon", text);
}

static mx_status read_entry(mxv_lines *l, mxc_known *known)
{
    char *line = l->text;
    mxc_known_entry *more = realloc(known->entry, (known->entries + 1) * sizeof *more);
    if (!more)
        return mxc_no_memory(l->error);
    known->entry = more;
    mxc_known_entry *e = &known->entry[known->entries];
    *e = (mxc_known_entry){.text = {.line = l->line}};
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
        return mxc_no_memory(l->error);
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
    const mxc_known_entry *x = *(mxc_known_entry *const *)a, *y = *(mxc_known_entry *const *)b;
    const int order = strcmp(x->text.pattern, y->text.pattern);
    return order ? order : (x->text.line > y->text.line) - (x->text.line < y->text.line);
}

/* Sort, find a pattern that comes twice, keep the ids for looking up. */
static mx_status index_ids(mxv_lines *l, mxc_known *known)
{
    known->id = calloc(known->entries + 1, sizeof(mxc_known_entry *));
    if (!known->id)
        return mxc_no_memory(l->error);
    for (size_t i = 0; i < known->entries; i++)
        known->id[i] = &known->entry[i];
    mxc_sort(known->id, known->entries, sizeof(mxc_known_entry *), by_pattern);
    for (size_t i = 1; i < known->entries; i++)
        if (strcmp(known->id[i]->text.pattern, known->id[i - 1]->text.pattern) == 0) {
            char wanted[80];
            l->line = known->id[i]->text.line;
            mxc_say(wanted, sizeof wanted, "a pattern that does not come twice (first in line %lu)",
                    known->id[i - 1]->text.line);
            return mxv_lines_wanted(l, wanted, known->id[i]->text.pattern);
        }
    for (size_t i = 0; i < known->entries; i++)
        if (known->id[i]->kind == MXC_CASE_ID)
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
    mx_status status = made && (made->file = strdup(name)) ? set_today(made, today, error) : mxc_no_memory(error);
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
