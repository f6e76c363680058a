/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts info: formats with every constant and every code, axes, profiles with their evidence, this build.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/gpu.h>
#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/report/json_fields.h"
#include "tools/info_formats.h"
#include "tools/meaning.h"
#include "tools/tool.h"

enum { OPT_FORMAT = 1 };

static const tool_option options[] = {
    {OPT_FORMAT, 0, "format", "text|json", "how to print [text]"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_info = {
    .name = "info",
    .summary = "show formats with every code, axes, profiles with their evidence",
    .args = "[OPTION...] [TOPIC]",
    .text = "Without a topic: the version, how it was built, and where the data lies.\n\n"
            "Topics are formats (all constants of all formats), the name of one format (every code with its exact "
            "value), e8m0, axes (every axis with what its values mean), the name of one axis (int8-axis for the axis "
            "int8), profiles, and the name or path of one profile (each axis with the evidence for it).\n\n"
            "Values are exact: decimal when short, else n*2^e. What is shown is the reference's own statement of the "
            "formats; the suite compares it with the others before each run.",
    .options = options,
    .example = "$ mxcts info e2m1\n"
               "e2m1\n"
               "  bits           4                      width of a code\n"
               "...\n"
               "code  fields      kind         exact value         hex\n"
               "00    0.00.0      zero         0                   0x0p+0\n"
               "01    0.00.1      subnormal    0.5                 0x1p-1\n"
               "02    0.01.0      normal       1                   0x1p+0\n"
               "...",
    .run = run,
};

/* ---- axes and profiles ---- */

static json_t *json_axis(mx_axis axis)
{
    json_t *values = json_array();
    for (unsigned v = 1; v <= mx_axis_count(axis); v++)
        json_array_append_new(values, json_pack("{s:s, s:s}", "value", mx_axis_value_name(axis, v), "meaning",
                                                meaning_of_value(axis, v)));
    return json_pack("{s:s, s:s, s:s, s:o}", "axis", mx_axis_name(axis), "meaning", meaning_of_axis(axis), "clause",
                     clause_of_axis(axis), "values", values);
}

static int info_axes(mx_axis first, mx_axis last, int json)
{
    json_t *out = json_array();
    for (mx_axis axis = first; axis <= last; axis++) {
        if (json) {
            json_array_append_new(out, json_axis(axis));
            continue;
        }
        printf("%s%s: %s\n  clause: %s\n", axis == first ? "" : "\n", mx_axis_name(axis), meaning_of_axis(axis),
               clause_of_axis(axis));
        for (unsigned v = 1; v <= mx_axis_count(axis); v++)
            printf("  %-16s %s\n", mx_axis_value_name(axis, v), meaning_of_value(axis, v));
    }
    if (json)
        return tool_json(out);
    json_decref(out);
    return tool_finish(TOOL_OK);
}

static json_t *json_profile(const mxc_profile *p)
{
    json_t *axes = json_array();
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++) {
        char value[MX_VALUE_TEXT];
        json_array_append_new(axes, json_pack("{s:s, s:s, s:s, s:o}", "axis", mx_axis_name(axis), "value",
                                              mx_profile_value(&p->values, axis, value), "evidence",
                                              mxc_evidence_name(p->note[axis].evidence), "source",
                                              mxc_json_text(p->note[axis].source)));
    }
    return json_pack("{s:o, s:o, s:o}", "profile", mxc_json_text(p->name), "system", mxc_json_text(p->system), "axes",
                     axes);
}

static void print_profile(const mxc_profile *p)
{
    printf("%s: %s\n", p->name, p->system);
    for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++) {
        char value[MX_VALUE_TEXT], text[48];
        snprintf(text, sizeof text, "%s=%s", mx_axis_name(axis), mx_profile_value(&p->values, axis, value));
        printf("  %-32s %-10s  %s\n", text, mxc_evidence_name(p->note[axis].evidence), p->note[axis].source);
    }
}

static void add_json_profile(const mxc_profile *p, size_t i, void *out)
{
    (void)i;
    json_array_append_new(out, json_profile(p));
}

static void print_profile_after(const mxc_profile *p, size_t i, void *state)
{
    (void)state;
    printf("%s", i ? "\n" : "");
    print_profile(p);
}

static int info_profiles(int json)
{
    if (!json)
        return tool_finish(tool_profiles(print_profile_after, NULL));
    json_t *out = json_array();
    const int status = tool_profiles(add_json_profile, out);
    if (status != TOOL_ERROR)
        return tool_json(out) == TOOL_OK ? status : TOOL_ERROR;
    json_decref(out);
    return status;
}

/* ---- this build ---- */

#ifdef __VERSION__
#define COMPILER __VERSION__
#else
#define COMPILER "unknown"
#endif
#ifdef __clang__
#define COMPILER_NAME ""
#else
#define COMPILER_NAME "gcc "
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED "yes"
#else
#define SANITIZED "no"
#endif

static int info_build(int json)
{
    mxv_error error;
    char *vectors = mxc_data_path("vectors", &error), *profiles = mxc_data_path("profiles", &error);
    const char *const row[][2] = {
        {"version", PACKAGE_VERSION},
        {"compiler", COMPILER_NAME COMPILER},
        {"mpfr-gmp", gmp_version},
        {"sanitizers", SANITIZED},
        {"cuda", *mxgpu_built(MXGPU_CUDA) ? mxgpu_built(MXGPU_CUDA) : "not built"},
        {"hip", *mxgpu_built(MXGPU_HIP) ? mxgpu_built(MXGPU_HIP) : "not built"},
        {"gpu-runs",
         "NVIDIA H200 and H100 (sm_90); text on the host, 32 and 64 lanes wide; sm_80, sm_100 and AMD GPUs never"},
        {"vectors", vectors ? vectors : "not found"},
        {"profiles", profiles ? profiles : "not found"},
    };
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (!json)
            printf("%-11s %s\n", row[i][0], row[i][1]);
        json_object_set_new(out, row[i][0], json_string(row[i][1]));
    }
    free(vectors);
    free(profiles);
    if (json)
        return tool_json(out);
    json_decref(out);
    printf("\nTry: mxcts info formats | e4m3 | e8m0 | axes | round | profiles | ocp-mx-1.0\n");
    return tool_finish(TOOL_OK);
}

/* ---- command line ---- */

static int no_topic(const char *topic, const char *why)
{
    mx_nearest nearest = {topic, strlen(topic), NULL, 0};
    char hint[MX_WHY];
    for (int i = 1; i <= MX_ELEM_LAST; i++)
        mx_nearest_try(&nearest, mx_elem_name((mx_elem)i));
    for (int i = 1; i <= MX_AXIS_LAST; i++)
        mx_nearest_try(&nearest, mx_axis_name((mx_axis)i));
    return tool_usage("'%s' is no format, axis or profile%s: %s", topic, mx_nearest_hint(&nearest, hint), why);
}

static int info_topic(const char *topic, int json)
{
    size_t n = strlen(topic);
    mxc_profile profile;
    mxv_error error;
    if (strcmp(topic, "formats") == 0)
        return info_formats(json);
    if (mx_elem_find(topic, n))
        return info_format(mx_elem_find(topic, n), json);
    if (strcmp(topic, "e8m0") == 0)
        return info_scale(json);
    if (strcmp(topic, "axes") == 0)
        return info_axes(1, MX_AXIS_LAST, json);
    if (strcmp(topic, "int8-axis") == 0)
        return info_axes(MX_AXIS_INT8, MX_AXIS_INT8, json);
    if (mx_axis_find(topic, n))
        return info_axes(mx_axis_find(topic, n), mx_axis_find(topic, n), json);
    if (strcmp(topic, "profiles") == 0)
        return info_profiles(json);
    if (mxc_profile_load(&profile, topic, &error) != MX_OK)
        return no_topic(topic, error.text);
    if (json)
        return tool_json(json_profile(&profile));
    print_profile(&profile);
    return tool_finish(TOOL_OK);
}

static int run(int argc, char **argv)
{
    int json = 0;
    tool_args args = TOOL_ARGS(&tool_verb_info, argc, argv);
    for (int id; (id = tool_next(&args)) != 0;)
        if (id < 0 || (json = tool_choice(&args, "text|json")) < 0)
            return TOOL_USAGE;
    if (tool_operands(&args) > 1)
        return tool_usage("'%s': one topic is wanted", tool_operand(&args, 1));
    return tool_operands(&args) ? info_topic(tool_operand(&args, 0), json) : info_build(json);
}
