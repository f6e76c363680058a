/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reports in memory, and their forms.
 */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/data/clauses.h"
#include "conformance/error.h"
#include "conformance/judge/figures.h"
#include "conformance/judge/judge.h"
#include "conformance/judge/known.h"

const char *mxc_verdict_name(mxc_verdict verdict)
{
    static const char *const name[] = {NULL, "pass", "fail", "unsupported", "never-exercised", "not-applicable"};
    return verdict >= MXC_PASS && verdict <= MXC_NOT_APPLICABLE ? name[verdict] : NULL;
}

mx_status mxc_report_write(FILE *out, const mxc_report *report, mxc_form form)
{
    static mx_status (*const write[])(FILE *, const mxc_report *) = {
        NULL, mxc_report_text, mxc_report_tap, mxc_report_junit, mxc_report_json, mxc_report_html};
    return form >= MXC_TEXT && form <= MXC_HTML ? write[form](out, report) : MX_EINVAL;
}

/* ---- beginning ---- */

static char *copy(const char *text, int *failed)
{
    char *made = text ? strdup(text) : NULL;
    *failed |= text && !made;
    return made;
}

static mx_status begin_clauses(mxc_report *report, const mxc_clauses *clauses)
{
    int failed = 0;
    report->clause = calloc(clauses->count + 1, sizeof *report->clause);
    for (size_t c = 0; report->clause && c < clauses->count; c++)
        report->clause[report->clauses++] =
            (mxc_clause_result){.id = copy(clauses->clause[c].id, &failed),
                                .requirement = copy(clauses->clause[c].requirement, &failed),
                                .class_ = clauses->clause[c].class_};
    return report->clause && !failed ? MX_OK : MX_ENOMEM;
}

static mx_status begin_asked(mxc_report *report, const mxc_select *select)
{
    int failed = 0;
    report->asked = (mxc_asked){.filter = select->filter,
                                .tag = copy(select->tag, &failed),
                                .clause = copy(select->clause ? select->clause->id : NULL, &failed),
                                .pack = calloc(select->packs + 1, sizeof(char *))};
    for (size_t i = 0; report->asked.pack && i < select->packs; i++)
        report->asked.pack[report->asked.packs++] = copy(select->pack[i], &failed);
    if (select->named) {
        report->profile = malloc(sizeof *report->profile);
        if (report->profile)
            *report->profile = *select->named;
        failed |= !report->profile;
    }
    return report->asked.pack && !failed ? MX_OK : MX_ENOMEM;
}

mx_status mxc_report_begin(mxc_report *report, const mxc_options *options, const mxc_clauses *clauses)
{
    time_t now = time(NULL);
    struct tm utc;
    report->strict = options->strict;
    mxc_say(report->tool, sizeof report->tool, "%s", PACKAGE_VERSION);
    if (gmtime_r(&now, &utc))
        strftime(report->begun, sizeof report->begun, "%Y-%m-%dT%H:%M:%SZ", &utc);
    report->figures = options->figures ? mxc_figures_new() : NULL;
    if (options->known && mxc_known_begin(report, options->known) != MX_OK)
        return MX_ENOMEM;
    if (options->figures && !report->figures)
        return MX_ENOMEM;
    mx_status status = begin_asked(report, &options->select);
    return status == MX_OK ? begin_clauses(report, clauses) : status;
}

void mxc_tally_add(mxc_tally *sum, const mxc_tally *one)
{
    sum->cases += one->cases;
    sum->pass += one->pass;
    sum->fail += one->fail;
    sum->never += one->never;
}

/* ---- end ---- */

static void free_asked(mxc_asked *asked)
{
    for (size_t i = 0; i < asked->packs; i++)
        free(asked->pack[i]);
    free(asked->pack);
    free(asked->tag);
    free(asked->clause);
}

static void free_failures(mxc_report *r)
{
    for (size_t i = 0; i < r->failures; i++) {
        mxc_failure *f = &r->failure[i];
        char *const text[] = {f->id, f->tags, f->inputs, f->want, f->got, f->line, f->explained};
        for (size_t t = 0; t < sizeof text / sizeof *text; t++)
            free(text[t]);
    }
    for (size_t i = 0; i < r->wrongs; i++) {
        free(r->wrong[i].id);
        free(r->wrong[i].want);
        free(r->wrong[i].got);
    }
    free(r->failure);
    free(r->wrong);
    free(r->repeat.id);
    free(r->repeat.first);
    free(r->repeat.second);
}

static void free_causes(mxc_report *r)
{
    for (size_t i = 0; i < r->axes; i++) {
        free(r->axis[i].line);
        free(r->axis[i].example);
    }
    for (size_t i = 0; i < r->clusters; i++) {
        free(r->cluster[i].line);
        free(r->cluster[i].id);
        free(r->cluster[i].key);
        free(r->cluster[i].explained);
    }
    for (size_t i = 0; i < r->diagnosis.suspects; i++)
        free(r->diagnosis.suspect[i].twins);
    free(r->axis);
    free(r->cluster);
    free(r->diagnosis.suspect);
    free(r->diagnosis.nearest.twins);
}

static void free_known(mxc_report *r)
{
    for (size_t i = 0; i < r->knowns; i++) {
        free(r->known[i].pattern);
        free(r->known[i].link);
        free(r->known[i].reason);
    }
    free(r->known);
    free(r->known_file);
}

static void free_exercised(mxc_report *r)
{
    for (size_t i = 0; i < r->packs; i++)
        free(r->pack[i].path);
    for (size_t i = 0; i < r->tags; i++)
        free(r->tag[i].tag);
    for (size_t i = 0; i < r->clauses; i++) {
        free(r->clause[i].id);
        free(r->clause[i].requirement);
    }
    free(r->pack);
    free(r->tag);
    free(r->clause);
}

void mxc_report_free(mxc_report *report)
{
    if (!report)
        return;
    free_failures(report);
    free_causes(report);
    free_known(report);
    free_exercised(report);
    free_asked(&report->asked);
    mxc_figures_free(report->figures);
    free(report->profile);
    free(report->stderr_text);
    json_decref(report->storage);
    free(report);
}
