/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reader and writer of .profile files (grammar: conformance/profiles/FORMAT).
 */
#include "config.h"

#include <mx/conformance.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "vectors/lines.h"

static const char *const evidence_name[] = {NULL, "documented", "probed", "assumed"};

const char *mxc_evidence_name(mxc_evidence evidence)
{
    return evidence >= MXC_DOCUMENTED && evidence <= MXC_ASSUMED ? evidence_name[evidence] : NULL;
}

static mx_status next_line(mxv_lines *l)
{
    const mx_status status = mxv_lines_next(l);
    if (status == MX_OK && (l->length >= MXC_LINE || strchr(l->text, '\t')))
        return mxv_lines_wanted(l, "at most 255 bytes without a tab", l->text);
    return status;
}

/* "KEY text": text copied into to[size]. */
static mx_status head_line(mxv_lines *l, const char *key, char *to, size_t size)
{
    size_t n = strlen(key);
    mx_status status = next_line(l);
    if (status == MX_OK && strncmp(l->text, key, n) == 0 && l->text[n] == ' ' && l->text[n + 1] > ' ' &&
        l->length - n - 1 < size) {
        memcpy(to, l->text + n + 1, l->length - n);
        return MX_OK;
    }
    char wanted[MXC_LINE];
    mxc_say(wanted, sizeof wanted, "'%s ' and a text of 1 to %zu characters", key, size - 1);
    return status == MX_OK || status == MX_END ? mxv_lines_wanted(l, wanted, status == MX_END ? NULL : l->text)
                                               : status;
}

/* "axis=value  evidence  source" */
static mx_status axis_line(mxv_lines *l, mxc_profile *profile)
{
    char why[MX_WHY];
    size_t word = strcspn(l->text, " "), name = strcspn(l->text, "=");
    mx_axis axis = name < word ? mx_axis_find(l->text, name) : (mx_axis)0;
    if (!axis)
        return mxv_lines_wanted(l, "axis=value with the name of an axis", l->text);
    if (mx_profile_get(&profile->values, axis))
        return mxv_lines_wanted(l, "every axis once", l->text);
    if (mx_profile_apply(&profile->values, l->text, word, why) != MX_OK)
        return mxv_lines_bad(l, why);
    const char *at = l->text + word;
    at += strspn(at, " ");
    size_t n = strcspn(at, " ");
    mxc_axis_note *note = &profile->note[axis];
    for (int e = MXC_DOCUMENTED; e <= MXC_ASSUMED; e++)
        if (strlen(evidence_name[e]) == n && memcmp(at, evidence_name[e], n) == 0)
            note->evidence = (mxc_evidence)e;
    if (!note->evidence)
        return mxv_lines_wanted(l, "documented, probed or assumed after the value", at);
    at += n;
    at += strspn(at, " ");
    if (!*at || l->text[l->length - 1] == ' ')
        return mxv_lines_wanted(l, "the source of the evidence, without a space at its end", l->text);
    memcpy(note->source, at, strlen(at) + 1);
    return MX_OK;
}

static mx_status read_lines(mxv_lines *l, mxc_profile *profile)
{
    mx_status status = mxv_lines_head(l, "#mxprofile 1");
    if (status == MX_OK)
        status = head_line(l, "name", profile->name, sizeof profile->name);
    if (status == MX_OK && strchr(profile->name, ' '))
        return mxv_lines_wanted(l, "a name without spaces", profile->name);
    if (status == MX_OK)
        status = head_line(l, "system", profile->system, sizeof profile->system);
    while (status == MX_OK && (status = next_line(l)) == MX_OK)
        if (l->text[0] != '\0' && l->text[0] != '#')
            status = axis_line(l, profile);
    if (status != MX_END)
        return status;
    for (int axis = 1; axis <= MX_AXIS_LAST; axis++)
        if (!mx_profile_get(&profile->values, (mx_axis)axis)) {
            char wanted[MXC_LINE];
            mxc_say(wanted, sizeof wanted, "the axis %s, which has no default", mx_axis_name((mx_axis)axis));
            return mxv_lines_wanted(l, wanted, NULL);
        }
    return MX_OK;
}

mx_status mxc_profile_read(mxc_profile *profile, FILE *in, const char *name, mxv_error *error)
{
    mxc_profile fresh = {0};
    mxv_lines lines = {.in = in, .name = name, .error = error};
    mx_status status = read_lines(&lines, &fresh);
    if (status == MX_OK)
        *profile = fresh;
    return status;
}

static mx_status load_path(mxc_profile *profile, const char *path, mxv_error *error)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return mxc_fail(error, MX_EIO, "%s: cannot open the profile: %s", path, strerror(errno));
    mx_status status = mxc_profile_read(profile, in, path, error);
    fclose(in);
    return status;
}

/* The shipped profiles in words, for the message about one that is not there. */
static void shipped(char *text, size_t size)
{
    mxc_paths paths = {0};
    text[0] = '\0';
    if (mxc_profile_list(&paths, NULL) != MX_OK)
        return;
    for (size_t i = 0; i < paths.count; i++) {
        const char *base = strrchr(paths.path[i], '/');
        base = base ? base + 1 : paths.path[i];
        size_t at = strlen(text);
        mxc_say(text + at, size - at, "%s%.*s", at ? ", " : "", (int)(strlen(base) - strlen(".profile")), base);
    }
    mxc_paths_free(&paths);
}

mx_status mxc_profile_load(mxc_profile *profile, const char *name, mxv_error *error)
{
    size_t n = strlen(name);
    if (strchr(name, '/') || (n > 8 && strcmp(name + n - 8, ".profile") == 0))
        return load_path(profile, name, error);
    char relative[2 * MXC_NAME], names[400];
    if (n == 0 || n >= MXC_NAME)
        return mxc_fail(error, MX_EINVAL, "'%.80s' is not the name of a profile", name);
    mxc_say(relative, sizeof relative, "profiles/%s.profile", name);
    char *path = mxc_data_path(relative, error);
    if (!path) {
        shipped(names, sizeof names);
        if (!*names) /* where they are looked for is said already */
            return MX_EIO;
        return mxc_fail(error, MX_EINVAL, "no profile '%s'; there are: %s", name, names);
    }
    mx_status status = load_path(profile, path, error);
    free(path);
    if (status == MX_OK && strcmp(profile->name, name) != 0)
        status = mxc_fail(error, MX_EPARSE, "%s: wanted name %s as the file is called, found %s", relative, name,
                          profile->name);
    return status;
}

mx_status mxc_profile_write(FILE *out, const mxc_profile *profile)
{
    char text[MX_PROFILE_TEXT];
    if (!mx_profile_format(&profile->values, text, sizeof text) || !profile->name[0] || !profile->system[0])
        return MX_EINVAL;
    for (int axis = 1; axis <= MX_AXIS_LAST; axis++)
        if (!mxc_evidence_name(profile->note[axis].evidence) || !profile->note[axis].source[0])
            return MX_EINVAL;
    fprintf(out, "#mxprofile 1\nname %s\nsystem %s\n", profile->name, profile->system);
    /* The words of mx_profile_format stand in the order of mx_axis. */
    char *word = text;
    for (int axis = 1; axis <= MX_AXIS_LAST; axis++) {
        const char *evidence = mxc_evidence_name(profile->note[axis].evidence);
        size_t n = strcspn(word, " ");
        fprintf(out, "%-24.*s %-10s %s\n", (int)n, word, evidence ? evidence : "", profile->note[axis].source);
        word += n + (word[n] == ' ');
    }
    return ferror(out) ? MX_EIO : MX_OK;
}

mx_status mxc_profile_list(mxc_paths *paths, mxv_error *error)
{
    char *dir = mxc_data_path("profiles", error);
    if (!dir)
        return MX_EIO;
    mx_status status = mxc_paths_find(paths, dir, ".profile", error);
    free(dir);
    return status;
}
