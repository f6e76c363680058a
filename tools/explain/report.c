/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Examples of a report, explained: the text of `mxcts explain` beside each.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tools/explain/explain.h"
#include "tools/report_out.h"

/* The text for a case of the pack and the subject's answer to it, or NULL. */
static char *explained(const char *pack, const char *id, const char *got)
{
    explain x = {.lane = 0};
    char *text = NULL;
    size_t length = 0;
    int good = explain_from_pack(&x, pack, id) == 0 && explain_run(&x) == 0 && explain_got(&x, got) == 0 &&
               explain_choose_lane(&x, NULL) == 0;
    const char *below = strstr(x.where, "/packs/");
    if (below)
        memmove(x.where, below + 7, strlen(below + 7) + 1); /* as explain says it: no folder of this machine */
    FILE *out = good ? open_memstream(&text, &length) : NULL;
    if (out) {
        explain_to(out);
        good = explain_print_text(&x) == TOOL_OK;
        explain_to(NULL);
        good = fclose(out) == 0 && good;
    }
    explain_free(&x);
    if (good && out)
        return text;
    free(text);
    return NULL;
}

/* What stands in quotes at the end of "mxcts explain ID --got 'COLUMNS'"; before it there may be a path in quotes. */
static char *got_of(const char *line)
{
    static const char before[] = " --got '";
    const char *from = strstr(line, before);
    for (const char *next = from; next; next = strstr(next + 1, before))
        from = next;
    from = from ? from + sizeof before - 1 : NULL;
    return from ? strndup(from, strcspn(from, "'")) : NULL;
}

/* The failing pack that has the case, or NULL. */
static const char *pack_of(const mxc_report *report, const char *id)
{
    for (size_t p = 0; p < report->packs; p++)
        if (report->pack[p].tally.fail && explain_pack_holds(report->pack[p].path, id))
            return report->pack[p].path;
    return NULL;
}

static void explain_cluster(const mxc_report *report, mxc_cluster *c)
{
    const char *pack = pack_of(report, c->id);
    char *got = got_of(c->line);
    if (pack && got)
        c->explained = explained(pack, c->id, got);
    free(got);
}

void explain_report(mxc_report *report)
{
    for (size_t i = 0; i < report->clusters; i++)
        if (!report->cluster[i].explained)
            explain_cluster(report, &report->cluster[i]);
    for (size_t i = 0; i < report->failures; i++) {
        mxc_failure *f = &report->failure[i];
        if (!f->explained)
            f->explained = explained(report->pack[f->pack].path, f->id, f->got);
    }
}
