/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts infer: which profile a black box follows.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/names.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/ask.h"
#include "conformance/infer/infer.h"
#include "tools/ask_options.h"
#include "tools/report_out.h"
#include "tools/tool.h"

enum { OUTPUT = 1, FORMAT };

static const tool_option options[] = {
    ASK_OPTION_ROWS,
    {OUTPUT, 'o', "output", "FILE", "write the profile (its name is that of the file without .profile)"},
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
    ask_options ask;
    const char *output;
    int json;
} infer_args;

/* ---- printing ---- */

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
    char value[MX_VALUE_TEXT], fits[128];
    mx_profile_value(&in->values, a, value);
    fits_text(fits, axis, a);
    if (axis->finding == MXC_CANNOT_TELL)
        printf("%-18s %-13s cannot tell   fit alike: %s\n", mx_axis_name(a), value, fits);
    else if (axis->finding == MXC_INCONSISTENT)
        printf("%-18s %s%-13s inconsistent%s  no value fits %s:\n", mx_axis_name(a), tool_colour(stdout, TOOL_RED), "-",
               tool_colour(stdout, TOOL_PLAIN), axis->witness[1] ? "both" : "here");
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
    char value[MX_VALUE_TEXT];
    mx_profile_value(&in->values, a, value);
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

static mx_status write_to(FILE *out, const void *state)
{
    return mxc_profile_write(out, state);
}

/* Only a profile that fits: the subject passes what the file says. */
static int write_profile(const infer_args *args, const mxc_inference *in)
{
    const char *base = strrchr(args->output, '/');
    char name[MXC_NAME], system[MXC_LINE];
    mxc_profile profile;
    if (!fits(in)) {
        tool_error("no profile fits: %s is not written", args->output);
        return TOOL_OK;
    }
    snprintf(name, sizeof name, "%s", base ? base + 1 : args->output);
    char *dot = strstr(name, ".profile");
    if (dot && dot != name)
        *dot = '\0';
    snprintf(system, sizeof system, "inferred from the answers of %.180s", args->ask.spec);
    mxc_inference_profile(&profile, in, name, system);
    return report_file_write(args->output, write_to, &profile);
}

/* ---- command line ---- */

static int report(const infer_args *args, const mxc_inference *in)
{
    int code = args->output ? write_profile(args, in) : TOOL_OK;
    if (code == TOOL_OK && args->json)
        code = print_json(in);
    else if (code == TOOL_OK)
        print_text(in);
    return code == TOOL_OK ? tool_finish(fits(in) ? TOOL_OK : TOOL_FAIL) : code;
}

static int infer(const infer_args *args)
{
    mxv_error error = {0};
    mxc_subject *subject = NULL;
    mxc_inference in = {0};
    mx_profile profile;
    int code = ask_load_profile(&args->ask, &profile);
    if (code == TOOL_OK)
        code = ask_open(&subject, args->ask.spec, &args->ask);
    if (code != TOOL_OK)
        return code;
    mx_status status = mxc_infer(&in, subject, &profile, &error);
    if (status == MX_OK)
        status = mxc_subject_bye(subject, &error);
    code = status == MX_OK ? report(args, &in) : ask_failed(subject, args->ask.spec, status, &error);
    mxc_inference_free(&in);
    mxc_subject_free(subject);
    return code;
}

static int run(int argc, char **argv)
{
    tool_args line = TOOL_ARGS(&tool_verb_infer, argc, argv);
    infer_args args = {0};
    for (int id; (id = tool_next(&line)) != 0;) {
        int code = TOOL_OK;
        if (id == OUTPUT)
            args.output = line.value;
        else if (id == FORMAT)
            code = (args.json = tool_choice(&line, "text|json")) < 0 ? TOOL_USAGE : TOOL_OK;
        else
            code = ask_option(&args.ask, &line, id);
        if (code != TOOL_OK)
            return code;
    }
    if (!args.ask.spec || tool_operands(&line))
        return tool_usage("wanted --subject and no operand, found %d", tool_operands(&line));
    int code = args.output ? report_file_check(args.output) : TOOL_OK;
    return code == TOOL_OK ? infer(&args) : code;
}
