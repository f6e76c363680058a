/* SPDX-License-Identifier: BSD-3-Clause
 *
 * vectors/COUNTS: how many packs, cases and cases by tag the smoke tier has at the least. A tier that lost some of them
 * is not judged by.
 */
#include "config.h"

#include <mx/conformance.h>

#include <string.h>

#include "conformance/adapters/mxp.h"
#include "conformance/data/packs.h"
#include "conformance/data/tags.h"
#include "conformance/error.h"
#include "vectors/lines.h"

typedef struct counted {
    size_t packs, cases;
    const mxc_tags *tags;
} counted;

static mx_status check_line(const counted *c, mxv_lines *l)
{
    static const char wanted[] = "'packs N', 'cases N' or 'tag TAG N'";
    mxp_words words = {l->text, l->text + l->length};
    const char *word = NULL, *tag = NULL;
    size_t n = 0, tag_length = 0;
    uint64_t least = 0, found = 0;
    if (mxp_word(&words, &word, &n) != 1)
        return mxv_lines_wanted(l, wanted, l->text);
    const int is_tag = n == 3 && memcmp(word, "tag", 3) == 0;
    if ((is_tag && mxp_word(&words, &tag, &tag_length) != 1) || !mxp_number(&words, &least) || words.at != words.end)
        return mxv_lines_wanted(l, wanted, l->text);
    if (is_tag)
        found = mxc_tags_count(c->tags, tag, tag_length);
    else if (n == 5 && memcmp(word, "packs", 5) == 0)
        found = c->packs;
    else if (n == 5 && memcmp(word, "cases", 5) == 0)
        found = c->cases;
    else
        return mxv_lines_wanted(l, wanted, l->text);
    if (found >= least)
        return MX_OK;
    return mxc_fail(l->error, MX_EPARSE, "%s:%lu: wanted at least %llu %s%.*s in the smoke tier, found %llu", l->name,
                    l->line, (unsigned long long)least, is_tag ? "cases with tag " : "", (int)(is_tag ? tag_length : n),
                    is_tag ? tag : word, (unsigned long long)found);
}

mx_status mxc_minimum_check(const char *path, size_t packs, size_t cases, const mxc_tags *tags, mxv_error *error)
{
    const counted c = {packs, cases, tags};
    mxv_lines lines;
    mx_status status = mxv_lines_open(&lines, path, error);
    if (status != MX_OK)
        return status;
    status = mxv_lines_head(&lines, "#mxcounts 1");
    while (status == MX_OK && (status = mxv_lines_next(&lines)) == MX_OK)
        status = check_line(&c, &lines);
    fclose(lines.in);
    return status == MX_END ? MX_OK : status;
}
