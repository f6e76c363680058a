/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/report_out.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int format_option(report_out *out, const tool_args *args)
{
    tool_args word = *args;
    char form[16] = "";
    const char *file = strchr(args->value, '=');
    size_t n = file ? (size_t)(file - args->value) : strlen(args->value);
    if (n < sizeof form)
        memcpy(form, args->value, n);
    word.value = n < sizeof form ? form : args->value;
    int which = tool_choice(&word, MXC_FORMS);
    if (which < 0)
        return TOOL_USAGE;
    if (!file && out->form)
        return tool_usage("--format given twice without a file: give all but one as FORM=FILE");
    if (!file) {
        out->form = (mxc_form)(which + 1);
        return TOOL_OK;
    }
    if (!file[1])
        return tool_usage("--format=%s: a file is wanted after =", args->value);
    if (out->extras == REPORT_OUTS)
        return tool_usage("--format=FORM=FILE given more than %d times", REPORT_OUTS);
    out->extra[out->extras].form = (mxc_form)(which + 1);
    out->extra[out->extras++].path = file + 1;
    return TOOL_OK;
}

int report_out_option(report_out *out, const tool_args *args, int id)
{
    if (id == REPORT_FORMAT)
        return format_option(out, args);
    if (out->path)
        return tool_usage("--output given twice");
    out->path = args->value;
    return *out->path ? TOOL_OK : tool_usage("--output: a file is wanted");
}

/* A pipe, /dev/null: written to directly, where a file is written beside its place (mxv_save_by). */
static int is_special(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

/* Found out before hours of judging, not after. */
int report_file_check(const char *path)
{
    struct stat info;
    char folder[4096] = ".";
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + 1 : 0;
    if (strcmp(path, "-") == 0)
        return tool_usage("'-': wanted a file; what is written without one goes to standard output");
    if (n >= sizeof folder)
        return tool_usage("%.80s...: too long a path", path);
    if (n) {
        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return tool_usage("%s: wanted a file to write, found a folder", path);
    if (!is_special(path) && access(folder, W_OK) != 0)
        return tool_usage("%s: cannot write there: %s", path, strerror(errno));
    return TOOL_OK;
}

int report_out_check(const report_out *out)
{
    int status = out->path ? report_file_check(out->path) : TOOL_OK;
    for (size_t i = 0; i < out->extras && status == TOOL_OK; i++) {
        const char *path = out->extra[i].path;
        int again = out->path && strcmp(path, out->path) == 0;
        for (size_t j = 0; j < i; j++)
            again |= strcmp(path, out->extra[j].path) == 0;
        status = again ? tool_usage("%s: two reports for one file", path) : report_file_check(path);
    }
    return status;
}

void report_out_bail(const report_out *out, const char *why)
{
    if (out->form == MXC_TAP && !out->path)
        printf("Bail out! %s\n", why);
}

int report_load(mxc_report **report, const char *path)
{
    mxv_error error = {0};
    const mx_status status =
        strcmp(path, "-") == 0 ? mxc_report_read(report, stdin, path, &error) : mxc_report_load(report, path, &error);
    if (status == MX_OK)
        return TOOL_OK;
    tool_error("%s", error.text);
    return status == MX_ENOMEM ? TOOL_ERROR : TOOL_USAGE;
}

/* ---- writing ---- */

typedef struct what {
    const mxc_report *report;
    mxc_form form;
} what;

static mx_status write_form(FILE *out, const void *state)
{
    const what *w = state;
    return mxc_report_write(out, w->report, w->form);
}

int report_file_write(const char *path, mxv_writer write, const void *state)
{
    mxv_error error = {0};
    if (mxv_save_by(write, state, path, &error) == MX_OK)
        return TOOL_OK;
    tool_error("%s", *error.text ? error.text : "out of memory");
    return TOOL_ERROR;
}

static int is_full(mxc_form form)
{
    return form == MXC_JSON || form == MXC_HTML;
}

int report_out_is_full(const report_out *out)
{
    int any = is_full(out->form);
    for (size_t i = 0; i < out->extras; i++)
        any |= is_full(out->extra[i].form);
    return any;
}

int report_out_write(const report_out *out, const mxc_report *report)
{
    const what w = {report, out->form ? out->form : MXC_TEXT};
    int status = TOOL_OK;
    for (size_t i = 0; i < out->extras && status == TOOL_OK; i++) {
        const what extra = {report, out->extra[i].form};
        status = report_file_write(out->extra[i].path, write_form, &extra);
    }
    if (status == TOOL_OK && out->path)
        return report_file_write(out->path, write_form, &w);
    return status == TOOL_OK && write_form(stdout, &w) != MX_OK ? tool_finish(TOOL_ERROR) : status;
}
