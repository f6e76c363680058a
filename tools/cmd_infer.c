/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts infer: which profile a black box follows.
 */
#include "config.h"

#include <mx/conformance.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/ask.h"
#include "conformance/infer.h"
#include "tools/run_options.h"
#include "tools/tool.h"

enum { SUBJECT = 1, PROFILE, OUTPUT, TIMEOUT, FORMAT };

static const tool_option options[] = {
    {SUBJECT, 's', "subject", "SUBJECT", "the black box: a name, lib:PATH or pipe:COMMAND"},
    {PROFILE, 'p', "profile", "NAME|FILE",
     "what it is asked to follow (default ocp-mx-1.0; axes it declares come first)"},
    {OUTPUT, 'o', "output", "FILE", "write the profile (its name is that of the file without .profile)"},
    {TIMEOUT, 0, "timeout", "SECONDS", "how long a subject may take for one answer (default 10)"},
    {FORMAT, 0, "format", "text|json", "how to print (default text)"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_infer = {
    .name = "infer",
    .summary = "find the profile that a black box follows",
    .args = "[OPTION...] --subject SUBJECT",
    .text =
        "Asks the subject cases on which values of an axis part, as the reference answers them, until one value is "
        "left; then checks the whole profile on every operation that the subject has. Each value is printed with a "
        "case that told it:\n\n"
        "  found         one value fits every answer\n"
        "  followed      the answers change with the profile that is asked: it does what it is told\n"
        "  cannot tell   several values fit, as nothing that it does depends on the axis: what it was asked is kept\n"
        "  inconsistent  no value fits; two cases are printed that no value fits together\n\n"
        "The exit status is 0 when one profile fits every answer, 1 when none does (an axis is inconsistent, a case "
        "disagrees, or the subject answers differently on repetition), 77 when the subject takes no operation.",
    .options = options,
    .example = "$ mxcts infer --subject ref --profile torchao-rceil\n"
               "scale              rceil         followed      ...\n"
               "...\n"
               "the profile fits: ... cases asked, ... of them to check it as a whole\n",
    .run = run,
};

typedef struct infer_args {
    const char *spec, *profile, *output;
    mxc_subject_options how;
    int json;
} infer_args;

/* ---- printing ---- */

static void value_text(char text[32], const mx_profile *values, mx_axis axis)
{
    unsigned value = mx_profile_get(values, axis);
    if (axis == MX_AXIS_ROUND && value == MX_SR)
        snprintf(text, 32, "sr:%u", values->sr_bits);
    else
        snprintf(text, 32, "%s", mx_axis_value_name(axis, value));
}

static void fits_text(char text[128], const mxc_inferred *axis, mx_axis id)
{
    size_t at = 0;
    text[0] = '\0';
    for (unsigned value = 1; value <= mx_axis_count(id); value++)
        if (axis->fits >> value & 1 && at < 100)
            at += (size_t)snprintf(text + at, 128 - at, "%s%s", at ? ", " : "", mx_axis_value_name(id, value));
}

static void print_axis(const mxc_inference *in, mx_axis a)
{
    const mxc_inferred *axis = &in->axis[a];
    char value[32], fits[128];
    value_text(value, &in->values, a);
    fits_text(fits, axis, a);
    if (axis->finding == MXC_CANNOT_TELL)
        printf("%-18s %-13s cannot tell   fit alike: %s\n", mx_axis_name(a), value, fits);
    else if (axis->finding == MXC_INCONSISTENT)
        printf("%-18s %s%-13s inconsistent%s  no value fits both:\n", mx_axis_name(a), tool_colour(stdout, TOOL_RED),
               "-", tool_colour(stdout, TOOL_PLAIN));
    else
        printf("%-18s %-13s %-13s %s\n", mx_axis_name(a), value, mxc_finding_name(axis->finding), axis->evidence);
    for (int w = 0; w < 2 && axis->finding == MXC_INCONSISTENT; w++)
        if (axis->witness[w])
            printf("    %s\n", axis->witness[w]);
}

static int fits(const mxc_inference *in)
{
    int ok = !in->flaky && !in->disagree;
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        ok = ok && in->axis[a].finding != MXC_INCONSISTENT;
    return ok;
}

static void print_text(const mxc_inference *in)
{
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        print_axis(in, a);
    if (in->flaky)
        printf("answers differently on repetition:\n    %s\n", in->flaky);
    if (in->unexplained)
        printf("no setting of one axis explains:\n    %s\n", in->unexplained);
    if (fits(in))
        printf("the profile fits: %zu cases asked, %zu of them to check it as a whole\n", in->cases, in->checked);
    else
        printf("no profile fits: %zu cases asked, %zu of %zu disagree with the nearest\n", in->cases, in->disagree,
               in->checked);
}

static json_t *axis_json(const mxc_inference *in, mx_axis a)
{
    const mxc_inferred *axis = &in->axis[a];
    char value[32];
    value_text(value, &in->values, a);
    json_t *fit = json_array(), *witness = json_array();
    for (unsigned v = 1; v <= mx_axis_count(a); v++)
        if (axis->fits >> v & 1)
            json_array_append_new(fit, json_string(mx_axis_value_name(a, v)));
    for (int w = 0; w < 2; w++)
        if (axis->witness[w] && (!w || axis->finding == MXC_INCONSISTENT))
            json_array_append_new(witness, json_string(axis->witness[w]));
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o}", "axis", mx_axis_name(a), "value", value, "finding",
                     mxc_finding_name(axis->finding), "fits", fit, "evidence", axis->evidence, "witnesses", witness);
}

static int print_json(const mxc_inference *in)
{
    json_t *axes = json_array();
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        json_array_append_new(axes, axis_json(in, a));
    return tool_json(json_pack("{s:b, s:o, s:I, s:I, s:I, s:s?, s:s?}", "fits", fits(in), "axes", axes, "cases",
                               (json_int_t)in->cases, "checked", (json_int_t)in->checked, "disagree",
                               (json_int_t)in->disagree, "unexplained", in->unexplained, "flaky", in->flaky));
}

/* ---- the profile file ---- */

static int write_profile(const infer_args *args, const mxc_inference *in)
{
    const char *base = strrchr(args->output, '/');
    char name[MXC_NAME], system[MXC_LINE];
    mxc_profile profile;
    snprintf(name, sizeof name, "%s", base ? base + 1 : args->output);
    char *dot = strstr(name, ".profile");
    if (dot && dot != name)
        *dot = '\0';
    snprintf(system, sizeof system, "inferred from the answers of %.180s", args->spec);
    mxc_inference_profile(&profile, in, name, system);
    FILE *out = fopen(args->output, "w");
    if (!out)
        return tool_usage("%s: cannot write: %s", args->output, strerror(errno));
    mx_status status = mxc_profile_write(out, &profile);
    if ((fclose(out) != 0 || status != MX_OK)) {
        tool_error("%s: cannot write: %s", args->output, mx_status_text(status));
        return TOOL_ERROR;
    }
    return TOOL_OK;
}

/* ---- command line ---- */

/* Roundings with random bits, for a subject that takes no other. */
static mx_status infer_any(mxc_inference *in, mxc_subject *subject, const mx_profile *ask, mxv_error *error)
{
    mx_status status = mxc_infer(in, subject, ask, error);
    for (unsigned bits = 1; status == MX_EUNSUPPORTED && bits <= 32; bits++) {
        mx_profile stochastic = *ask;
        mx_profile_set(&stochastic, MX_AXIS_ROUND, MX_SR);
        stochastic.sr_bits = (uint8_t)bits;
        mxc_inference_free(in);
        status = mxc_infer(in, subject, &stochastic, error);
    }
    return status;
}

static int infer(const infer_args *args, const mx_profile *ask)
{
    mxv_error error = {0};
    mxc_subject *subject = NULL;
    mxc_inference in = {0};
    mx_status status = mxc_subject_open(&subject, args->spec, &args->how, &error);
    if (status != MX_OK) {
        tool_error("%s: %s", args->spec, error.text);
        return status == MX_EINVAL ? TOOL_USAGE : status == MX_EUNSUPPORTED ? TOOL_SKIP : run_exit_of_open(status);
    }
    int result = TOOL_OK;
    status = infer_any(&in, subject, ask, &error);
    if (status == MX_OK)
        status = mxc_subject_bye(subject, &error);
    if (status != MX_OK) {
        tool_error("%s: %s", args->spec, error.text);
        result = status == MX_EUNSUPPORTED ? TOOL_SKIP : status == MX_ENOMEM ? TOOL_ERROR : TOOL_FAIL;
    } else {
        result = args->output ? write_profile(args, &in) : TOOL_OK;
        if (result == TOOL_OK && args->json)
            result = print_json(&in);
        else if (result == TOOL_OK)
            print_text(&in);
        if (result == TOOL_OK)
            result = tool_finish(fits(&in) ? TOOL_OK : TOOL_FAIL);
    }
    mxc_inference_free(&in);
    mxc_subject_free(subject);
    return result;
}

static int run(int argc, char **argv)
{
    tool_args line = TOOL_ARGS(&tool_verb_infer, argc, argv);
    infer_args args = {0};
    uint64_t number = 0;
    for (int id; (id = tool_next(&line)) != 0;) {
        if (id == SUBJECT)
            args.spec = line.value;
        else if (id == PROFILE)
            args.profile = line.value;
        else if (id == OUTPUT)
            args.output = line.value;
        else if (id == TIMEOUT && tool_number(&line, 1, 86400, &number) == 0)
            args.how.timeout_ms = (unsigned)(number * 1000);
        else if (id != FORMAT || (args.json = tool_choice(&line, "text|json")) < 0)
            return TOOL_USAGE;
    }
    if (!args.spec || tool_operands(&line))
        return tool_usage("wanted --subject and no operand, found %d", tool_operands(&line));
    mxc_profile profile = {.values = mxc_first_profile()};
    mxv_error error = {0};
    if (args.profile && mxc_profile_load(&profile, args.profile, &error) != MX_OK)
        return tool_usage("%s", error.text);
    return infer(&args, &profile.values);
}
