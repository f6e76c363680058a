/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reports in memory.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>

const char *mxc_verdict_name(mxc_verdict verdict)
{
    static const char *const name[] = {NULL, "pass", "fail", "unsupported", "never-exercised", "not-applicable"};
    return verdict >= MXC_PASS && verdict <= MXC_NOT_APPLICABLE ? name[verdict] : NULL;
}

void mxc_report_free(mxc_report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->packs; i++)
        free(report->pack[i].path);
    for (size_t i = 0; i < report->failures; i++) {
        mxc_failure *f = &report->failure[i];
        char *const text[] = {f->id, f->tags, f->inputs, f->want, f->got, f->line};
        for (size_t t = 0; t < sizeof text / sizeof *text; t++)
            free(text[t]);
    }
    for (size_t i = 0; i < report->axes; i++) {
        free(report->axis[i].line);
        free(report->axis[i].example);
    }
    for (size_t i = 0; i < report->clusters; i++) {
        free(report->cluster[i].line);
        free(report->cluster[i].id);
        free(report->cluster[i].key);
    }
    for (size_t i = 0; i < report->diagnosis.suspects; i++)
        free(report->diagnosis.suspect[i].twins);
    free(report->diagnosis.suspect);
    free(report->diagnosis.nearest.twins);
    for (size_t i = 0; i < report->wrongs; i++) {
        free(report->wrong[i].id);
        free(report->wrong[i].want);
        free(report->wrong[i].got);
    }
    for (size_t i = 0; i < report->knowns; i++) {
        free(report->known[i].pattern);
        free(report->known[i].link);
        free(report->known[i].reason);
    }
    char *const own[] = {report->repeat.id, report->repeat.first, report->repeat.second, report->known_file};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        free(own[i]);
    free(report->wrong);
    free(report->known);
    free(report->axis);
    for (size_t i = 0; i < report->tags; i++)
        free(report->tag[i].tag);
    free(report->pack);
    free(report->failure);
    free(report->cluster);
    free(report->tag);
    free(report->stderr_text);
    free(report);
}
