/* SPDX-License-Identifier: BSD-3-Clause
 *
 * vectors/COUNTS: how many packs, cases and cases by tag the smoke tier has at the least. A tier that lost some of them
 * is not judged by.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/mxp.h"
#include "conformance/error.h"
#include "conformance/judge/judge.h"

typedef struct counted {
    size_t packs, cases;
    const mxc_tags *tags;
    const char *path;
    unsigned long line;
    mxv_error *error;
} counted;

static mx_status malformed(const counted *c, const char *line)
{
    return mxc_fail(c->error, MX_EPARSE,
                    "%s:%lu: wanted '#mxcounts 1', then 'packs N', 'cases N' or 'tag TAG N', found %.80s", c->path,
                    c->line, line);
}

static mx_status check_line(const counted *c, char *line)
{
    mxp_words words = {line, line + strlen(line)};
    const char *word = NULL, *tag = NULL;
    size_t n = 0, tag_length = 0;
    uint64_t wanted = 0, found = 0;
    if (c->line == 1)
        return strcmp(line, "#mxcounts 1") == 0 ? MX_OK : malformed(c, line);
    if (mxp_word(&words, &word, &n) != 1)
        return malformed(c, line);
    int is_tag = n == 3 && memcmp(word, "tag", 3) == 0;
    if ((is_tag && mxp_word(&words, &tag, &tag_length) != 1) || !mxp_number(&words, &wanted) || words.at != words.end)
        return malformed(c, line);
    if (is_tag)
        found = mxc_tags_count(c->tags, tag, tag_length);
    else if (n == 5 && memcmp(word, "packs", 5) == 0)
        found = c->packs;
    else if (n == 5 && memcmp(word, "cases", 5) == 0)
        found = c->cases;
    else
        return malformed(c, line);
    if (found >= wanted)
        return MX_OK;
    return mxc_fail(c->error, MX_EPARSE, "%s:%lu: wanted at least %llu %s%.*s in the smoke tier, found %llu", c->path,
                    c->line, (unsigned long long)wanted, is_tag ? "cases with tag " : "",
                    (int)(is_tag ? tag_length : n), is_tag ? tag : word, (unsigned long long)found);
}

mx_status mxc_minimum_check(const char *path, size_t packs, size_t cases, const mxc_tags *tags, mxv_error *error)
{
    counted c = {packs, cases, tags, path, 0, error};
    char line[MXC_LINE];
    mx_status status = MX_OK;
    FILE *in = fopen(path, "r");
    if (!in)
        return mxc_fail(error, MX_EIO, "%s: cannot open: %s", path, strerror(errno));
    while (status == MX_OK && fgets(line, sizeof line, in)) {
        c.line++;
        size_t n = strcspn(line, "\n");
        status = line[n] == '\n' ? MX_OK : malformed(&c, "a line without an end");
        line[n] = '\0';
        if (status == MX_OK)
            status = check_line(&c, line);
    }
    if (status == MX_OK && c.line == 0)
        status = malformed(&c, "an empty file");
    fclose(in);
    return status;
}
