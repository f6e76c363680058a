/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/ask_options.h"

#include <string.h>

#include "conformance/adapters/ask.h"
#include "tools/run_options.h"

int ask_option(ask_options *what, const tool_args *args, int id)
{
    uint64_t seconds;
    switch (id) {
    case ASK_SUBJECT:
        return tool_once(&what->spec, args);
    case ASK_PROFILE:
        what->profile = args->value;
        return TOOL_OK;
    case ASK_TIMEOUT:
        if (tool_number(args, 1, 86400, &seconds) != 0)
            return TOOL_USAGE;
        what->how.timeout_ms = (unsigned)(seconds * 1000);
        return TOOL_OK;
    default:
        return filter_option(&what->filter, args, id);
    }
}

int ask_load_profile(const ask_options *what, mx_profile *profile)
{
    mxc_profile loaded;
    mxv_error error = {0};
    *profile = mxc_first_profile();
    if (!what->profile)
        return TOOL_OK;
    if (mxc_profile_load(&loaded, what->profile, &error) != MX_OK)
        return tool_usage("%s", error.text);
    *profile = loaded.values;
    return TOOL_OK;
}

int ask_open(mxc_subject **subject, const char *spec, const ask_options *what)
{
    mxv_error error = {0};
    mx_status status = mxc_subject_open(subject, spec, &what->how, &error);
    if (status == MX_OK) {
        mxc_subject_only(*subject, &what->filter);
        return TOOL_OK;
    }
    tool_error("%s: %s", spec, error.text);
    return status == MX_EINVAL ? TOOL_USAGE : status == MX_EUNSUPPORTED ? TOOL_SKIP : run_exit_of_open(status);
}

int ask_failed(mxc_subject *subject, const char *spec, mx_status status, const mxv_error *error)
{
    const char *said = subject ? mxc_subject_stderr(subject) : "";
    size_t n = strlen(said);
    tool_error("%s: %s", spec, *error->text ? error->text : mx_status_text(status));
    if (n)
        fprintf(stderr, "%s wrote to standard error:\n%s%s", spec, said, said[n - 1] == '\n' ? "" : "\n");
    return status == MX_EUNSUPPORTED                                                 ? TOOL_SKIP
           : status == MX_EPROTOCOL || status == MX_ETIMEOUT || status == MX_EDEVICE ? TOOL_FAIL
                                                                                     : TOOL_ERROR;
}
