/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/run_options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conformance/data/pack_name.h"

enum { LIST = 100000 };

static int set_profile(run_options *what, const char *name)
{
    mxv_error error = {0};
    if (mxc_profile_load(&what->profile, name, &error) != MX_OK)
        return tool_usage("%s", error.text);
    what->options.select.profile = &what->profile.values;
    what->options.select.named = &what->profile;
    return TOOL_OK;
}

static int set_clause(run_options *what, const char *id)
{
    mxv_error error = {0};
    if (what->options.select.clause)
        return tool_usage("wanted one clause, found '%s' after another one", id);
    if (mxc_clauses_load(&what->clauses, NULL, &error) != MX_OK) {
        tool_error("%s", error.text);
        return TOOL_ERROR;
    }
    what->options.select.clause = tool_clause(what->clauses, id);
    return what->options.select.clause ? TOOL_OK : TOOL_USAGE;
}

int run_option(run_options *what, const tool_args *args, int id)
{
    uint64_t number;
    switch (id) {
    case RUN_PROFILE:
        return set_profile(what, args->value);
    case RUN_CLAUSE:
        return set_clause(what, args->value);
    case RUN_STRICT:
        what->options.strict = 1;
        return TOOL_OK;
    case RUN_KEEP:
        if (tool_number(args, 1, 1000000, &number) != 0)
            return TOOL_USAGE;
        what->options.keep = number;
        return TOOL_OK;
    case RUN_LIST:
        if (tool_number(args, 1, 100000000, &number) != 0)
            return TOOL_USAGE;
        what->options.list = number;
        return TOOL_OK;
    case RUN_KNOWN:
        what->known_path = args->value;
        return TOOL_OK;
    case RUN_TODAY:
        what->today = args->value;
        return TOOL_OK;
    case REPORT_FORMAT:
    case REPORT_OUTPUT:
        return report_out_option(&what->out, args, id);
    default:
        return filter_option(&what->options.select.filter, args, id);
    }
}

int run_check(run_options *what)
{
    mxv_error error = {0};
    if (!what->options.list)
        what->options.list = LIST;
    what->options.figures = report_out_is_full(&what->out);
    if (what->today && !what->known_path)
        return tool_usage("--today needs --known");
    if (what->known_path && !what->known) {
        const mx_status status = mxc_known_load(&what->known, what->known_path, what->today, &error);
        if (status != MX_OK) {
            tool_error("%s", error.text);
            return status == MX_ENOMEM ? TOOL_ERROR : TOOL_USAGE;
        }
        what->options.known = what->known;
    }
    return report_out_check(&what->out);
}

static int is_clause(const char *text)
{
    return strncasecmp(text, "MX-", 3) == 0 || strncasecmp(text, "OFP8-", 5) == 0;
}

int run_operands(run_options *what, const tool_args *args)
{
    mxc_select *select = &what->options.select;
    int n = tool_operands(args);
    what->pack = calloc((size_t)n + 1, sizeof *what->pack);
    if (!what->pack) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    for (int i = 0; i < n; i++) {
        const char *word = tool_operand(args, i);
        if (mxc_means_packs(word))
            what->pack[select->packs++] = word;
        else if (is_clause(word)) {
            int status = set_clause(what, word);
            if (status != TOOL_OK)
                return status;
        } else if (select->tag)
            return tool_usage("wanted one tag or case id, found '%s' and '%s'", select->tag, word);
        else
            select->tag = word;
    }
    select->pack = what->pack;
    return TOOL_OK;
}

void run_options_free(run_options *what)
{
    free(what->pack);
    mxc_clauses_free(what->clauses);
    mxc_known_free(what->known);
    what->known = NULL;
    what->pack = NULL;
    what->clauses = NULL;
}

static void step(void *state, size_t done, size_t total, const char *what)
{
    tool_progress *progress = state;
    progress->what = strcmp(what, "diagnosis") == 0 ? "packs, diagnosis" : "packs";
    progress->total = total;
    tool_progress_at(progress, done);
}

static void run_progress_begin(mxc_options *options, tool_progress *progress)
{
    tool_progress_begin(progress, "packs", 0);
    options->progress = (mxc_progress){step, progress};
}

int run_exit_of_open(mx_status status)
{
    /* A subject that was reached and broke the rules does not conform; one that could not be started was not judged. */
    return status == MX_EPROTOCOL || status == MX_ETIMEOUT ? TOOL_FAIL : TOOL_ERROR;
}

static int not_opened(const run_options *what, const char *spec, mx_status status, const mxv_error *error)
{
    char line[1024];
    snprintf(line, sizeof line, "%s: %s", spec, error->text);
    report_out_bail(&what->out, line);
    tool_error("%s", line);
    return status == MX_EINVAL ? TOOL_USAGE : status == MX_EUNSUPPORTED ? TOOL_SKIP : run_exit_of_open(status);
}

int run_failed(const run_options *what, mx_status status, const mxv_error *error)
{
    report_out_bail(&what->out, error->text);
    tool_error("%s", error->text);
    return status == MX_EINVAL ? TOOL_USAGE : TOOL_ERROR;
}

int run_judge(mxc_report **report, const char *spec, const mxc_subject_options *how, const run_options *what)
{
    mxv_error error = {0};
    mxc_subject *subject = NULL;
    mx_status status = mxc_subject_open(&subject, spec, how, &error);
    if (status != MX_OK)
        return not_opened(what, spec, status, &error);
    mxc_options options = what->options;
    tool_progress progress;
    run_progress_begin(&options, &progress);
    status = mxc_run(report, subject, spec, &options, &error);
    tool_progress_end(&progress);
    mxc_subject_free(subject);
    return status == MX_OK ? TOOL_OK : run_failed(what, status, &error);
}

int run_report(mxc_report *report, const run_options *what)
{
    if (report_out_is_full(&what->out))
        explain_report(report);
    int exit_status = report->exit_status, wrote = report_out_write(&what->out, report);
    mxc_report_free(report);
    return tool_finish(wrote == TOOL_OK ? exit_status : wrote);
}
