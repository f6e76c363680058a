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

static const char *const evidence_name[] = {NULL, "documented", "probed", "assumed"};

const char *mxc_evidence_name(mxc_evidence evidence)
{
    return evidence >= MXC_DOCUMENTED && evidence <= MXC_ASSUMED ? evidence_name[evidence] : NULL;
}

/* One line of the file, without its newline. */
typedef struct line_reader {
    FILE *in;
    const char *name;
    mxv_error *error;
    unsigned long line;
    char text[MXC_LINE];
    size_t length;
} line_reader;

static mx_status bad(line_reader *r, const char *wanted, const char *found)
{
    mxc_fail(r->error, MX_EPARSE, "%s:%lu: wanted %s, found %.200s", r->name, r->line, wanted, found);
    if (r->error)
        r->error->line = r->line;
    return MX_EPARSE;
}

/* MX_OK, MX_END, MX_EPARSE, MX_EIO. */
static mx_status next_line(line_reader *r)
{
    size_t n = 0;
    int c;
    r->line++;
    while ((c = getc(r->in)) != EOF && c != '\n') {
        if (c == '\0' || c == '\r' || c == '\t')
            return bad(r, "printable text", c == '\0' ? "a NUL" : c == '\r' ? "a carriage return" : "a tab");
        if (n + 1 >= sizeof r->text)
            return bad(r, "a line of at most 255 characters", "a longer one");
        r->text[n++] = (char)c;
    }
    r->text[n] = '\0';
    r->length = n;
    if (c == '\n')
        return MX_OK;
    if (ferror(r->in))
        return mxc_fail(r->error, MX_EIO, "%s:%lu: cannot read: %s", r->name, r->line, strerror(errno));
    return n ? bad(r, "a newline at the end of the last line", "the end of the file") : MX_END;
}

/* "KEY text": text copied into to[size]. */
static mx_status head_line(line_reader *r, const char *key, char *to, size_t size)
{
    size_t n = strlen(key);
    mx_status status = next_line(r);
    if (status == MX_OK && strncmp(r->text, key, n) == 0 && r->text[n] == ' ' && r->text[n + 1] > ' ' &&
        r->length - n - 1 < size) {
        memcpy(to, r->text + n + 1, r->length - n);
        return MX_OK;
    }
    char wanted[MXC_LINE];
    mxc_say(wanted, sizeof wanted, "'%s ' and a text of 1 to %zu characters", key, size - 1);
    if (status == MX_OK || status == MX_END)
        return bad(r, wanted, status == MX_END ? "the end of the file" : r->text);
    return status;
}

/* "axis=value  evidence  source" */
static mx_status axis_line(line_reader *r, mxc_profile *profile)
{
    char why[MX_WHY];
    size_t word = strcspn(r->text, " "), name = strcspn(r->text, "=");
    mx_axis axis = name < word ? mx_axis_find(r->text, name) : (mx_axis)0;
    if (!axis)
        return bad(r, "axis=value with the name of an axis", r->text);
    if (mx_profile_get(&profile->values, axis))
        return bad(r, "every axis once", r->text);
    if (mx_profile_apply(&profile->values, r->text, word, why) != MX_OK) {
        mxc_fail(r->error, MX_EPARSE, "%s:%lu: %s", r->name, r->line, why);
        if (r->error)
            r->error->line = r->line;
        return MX_EPARSE;
    }
    const char *at = r->text + word;
    at += strspn(at, " ");
    size_t n = strcspn(at, " ");
    mxc_axis_note *note = &profile->note[axis];
    for (int e = MXC_DOCUMENTED; e <= MXC_ASSUMED; e++)
        if (strlen(evidence_name[e]) == n && memcmp(at, evidence_name[e], n) == 0)
            note->evidence = (mxc_evidence)e;
    if (!note->evidence)
        return bad(r, "documented, probed or assumed after the value", *at ? at : "nothing");
    at += n;
    at += strspn(at, " ");
    if (!*at || r->text[r->length - 1] == ' ')
        return bad(r, "the source of the evidence, without a space at its end", r->text);
    memcpy(note->source, at, strlen(at) + 1);
    return MX_OK;
}

static mx_status read_lines(line_reader *r, mxc_profile *profile)
{
    mx_status status = next_line(r);
    if (status == MX_END || (status == MX_OK && strcmp(r->text, "#mxprofile 1") != 0))
        return bad(r, "#mxprofile 1", status == MX_END ? "an empty file" : r->text);
    if (status == MX_OK)
        status = head_line(r, "name", profile->name, sizeof profile->name);
    if (status == MX_OK && strchr(profile->name, ' '))
        return bad(r, "a name without spaces", profile->name);
    if (status == MX_OK)
        status = head_line(r, "system", profile->system, sizeof profile->system);
    while (status == MX_OK && (status = next_line(r)) == MX_OK)
        if (r->text[0] != '\0' && r->text[0] != '#')
            status = axis_line(r, profile);
    if (status != MX_END)
        return status;
    for (int axis = 1; axis <= MX_AXIS_LAST; axis++)
        if (!mx_profile_get(&profile->values, (mx_axis)axis)) {
            char wanted[MXC_LINE];
            mxc_say(wanted, sizeof wanted, "the axis %s, which has no default", mx_axis_name((mx_axis)axis));
            return bad(r, wanted, "the end of the file");
        }
    return MX_OK;
}

mx_status mxc_profile_read(mxc_profile *profile, FILE *in, const char *name, mxv_error *error)
{
    mxc_profile fresh = {0};
    line_reader r = {.in = in, .name = name, .error = error};
    mx_status status = read_lines(&r, &fresh);
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
