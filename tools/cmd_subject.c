/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts subject: an in-process implementation as a pipe subject.
 */
#include "config.h"

#include <mx/conformance.h>

#include "conformance/adapters/subject.h"
#include "tools/tool.h"

enum { OPS = 1, PROFILE, AXES };

static const tool_option options[] = {
    {OPS, 0, "ops", "LIST", "operations to offer, as op:elem:type,... (default *:*:*)"},
    {PROFILE, 'p', "profile", "NAME", "declare every axis as this profile has it"},
    {AXES, 0, "axes", "WORDS", "declare these axes, as \"scale=rceil nan-in=block-nan\""},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_subject = {
    .name = "subject",
    .summary = "serve an implementation over the subject protocol",
    .args = "[OPTION...] NAME",
    .text = "Speaks the subject's side of mxp/1 on standard input and output, with the answers of the in-process "
            "subject NAME: a known good peer for a harness of one's own, or for a suite on another machine (`mxcts run "
            "--subject 'pipe:ssh host mxcts subject portable'`).",
    .options = options,
    .example = "$ printf 'mxp 1 nonce=1\\nbye\\n' | mxcts subject --ops cast:e4m3:fp32 portable\n"
               "mxp 1 name=portable version=... ops=cast:e4m3:fp32\n"
               "bye seen=0 answered=0 refused=0\n",
    .run = run,
};

static mx_status answer(void *state, const mx_batch *batch, char why[MXC_LINE])
{
    const mxc_builtin *builtin = state;
    (void)why;
    return builtin->run(batch);
}

static int serve(const mxc_builtin *builtin, const char *ops, const char *axes)
{
    char why[MXC_LINE] = "";
    mxv_error error = {0};
    mxc_builtin copy = *builtin;
    if (builtin->probe && builtin->probe(why) != MX_OK) {
        tool_error("%s: %s", builtin->name, why);
        return TOOL_SKIP;
    }
    const mxc_service service = {builtin->name, PACKAGE_VERSION, ops, axes, &copy, NULL, answer};
    mx_status status = mxc_serve(stdin, stdout, &service, &error);
    if (status == MX_OK)
        return TOOL_OK;
    tool_error("%s", error.text);
    return status == MX_EINVAL ? TOOL_USAGE : TOOL_ERROR;
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_subject, argc, argv);
    const char *ops = "*:*:*", *axes = NULL;
    char text[MX_PROFILE_TEXT];
    mxc_profile profile;
    mxv_error error = {0};
    for (int id; (id = tool_next(&args)) != 0;) {
        if (id == OPS)
            ops = args.value;
        else if (id != AXES && id != PROFILE)
            return TOOL_USAGE;
        else if (axes)
            return tool_usage("--profile and --axes both say which axes are declared: one of them was wanted");
        else if (id == AXES)
            axes = args.value;
        else if (mxc_profile_load(&profile, args.value, &error) != MX_OK)
            return tool_usage("%s", error.text);
        else if (mx_profile_format(&profile.values, text, sizeof text))
            axes = text;
    }
    if (tool_operands(&args) != 1)
        return tool_usage("wanted the name of one in-process subject, found %d operands", tool_operands(&args));
    const mxc_builtin *builtin = mxc_builtin_find(tool_operand(&args, 0));
    if (!builtin) {
        mxc_builtin_unknown(tool_operand(&args, 0), "", &error);
        return tool_usage("%s", error.text);
    }
    return serve(builtin, ops, axes ? axes : "");
}
