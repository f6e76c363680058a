/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The packs of a run, and the manifest that pins them.
 */
#include "config.h"

#include "conformance/data/packs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <mx/conformance.h>
#include <mx/names.h>

#include "conformance/data/pack_name.h"
#include "conformance/digest.h"
#include "conformance/error.h"
#include "vectors/lines.h"
#include "vectors/text.h"

enum { DIGEST = 64 };

/* The whole file, NUL-terminated; NULL with *error filled. */
static char *read_file(const char *path, size_t *length, mxv_error *error)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    const mx_status status = in ? mxv_read_text(&text, length, in, NULL, NULL) : MX_EIO;
    if (status != MX_OK)
        mxc_fail(error, status, "%s: cannot read: %s", path,
                 status == MX_EIO ? strerror(errno) : mx_status_text(status));
    if (in)
        fclose(in);
    return text;
}

static mx_status bad_row(mxv_error *error, const char *path, size_t line, const char *wanted, const char *found)
{
    mx_status status = mxc_fail(error, MX_EPARSE, "%s:%zu: wanted %s, found %.120s", path, line, wanted, found);
    if (error)
        error->line = (unsigned long)line;
    return status;
}

static mx_status cut_row(struct mxc_manifest_row *row, char *line, const char *path, size_t number, mxv_error *error)
{
    if (strspn(line, "0123456789abcdef") != DIGEST)
        return bad_row(error, path, number, "a SHA-256 of 64 lower-case hex digits", line);
    if (strncmp(line + DIGEST, "  ", 2) != 0 || !line[DIGEST + 2])
        return bad_row(error, path, number, "two spaces and a path after the digest", line + DIGEST);
    line[DIGEST] = '\0';
    *row = (struct mxc_manifest_row){line, line + DIGEST + 2};
    return MX_OK;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct mxc_manifest_row *)a)->path, ((const struct mxc_manifest_row *)b)->path);
}

static mx_status cut_rows(mxc_manifest *m, const char *path, size_t length, mxv_error *error)
{
    size_t lines = 0;
    if (!length || m->text[length - 1] != '\n' || strlen(m->text) != length)
        return bad_row(error, path, 0, "lines of text, each with a newline", length ? "other" : "an empty file");
    for (size_t i = 0; i < length; i++)
        lines += m->text[i] == '\n';
    m->row = calloc(lines, sizeof *m->row);
    if (!m->row)
        return mxc_no_memory(error);
    for (char *at = m->text; m->rows < lines; m->rows++) {
        char *end = strchr(at, '\n');
        *end = '\0';
        mx_status status = cut_row(&m->row[m->rows], at, path, m->rows + 1, error);
        if (status != MX_OK)
            return status;
        at = end + 1;
    }
    qsort(m->row, m->rows, sizeof *m->row, by_path);
    for (size_t i = 1; i < m->rows; i++)
        if (strcmp(m->row[i].path, m->row[i - 1].path) == 0)
            return bad_row(error, path, 0, "each path once", m->row[i].path);
    return MX_OK;
}

mx_status mxc_manifest_load(mxc_manifest *manifest, const char *path, mxv_error *error)
{
    size_t length = 0;
    mxc_manifest m = {0};
    m.text = read_file(path, &length, error);
    if (!m.text)
        return MX_EIO;
    const char *slash = strrchr(path, '/');
    m.root = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("./");
    mx_status status = m.root ? cut_rows(&m, path, length, error) : mxc_no_memory(error);
    if (status != MX_OK) {
        mxc_manifest_free(&m);
        return status;
    }
    *manifest = m;
    return MX_OK;
}

void mxc_manifest_free(mxc_manifest *manifest)
{
    free(manifest->root);
    free(manifest->text);
    free(manifest->row);
    *manifest = (mxc_manifest){0};
}

/* What stands in `path` after the manifest's folder; NULL of a path elsewhere. */
static const char *below_root(const mxc_manifest *m, const char *path)
{
    const size_t n = m->root ? strlen(m->root) : 0;
    return n && strncmp(path, m->root, n) == 0 ? path + n : NULL;
}

static const struct mxc_manifest_row *find_row(const mxc_manifest *m, const char *path)
{
    const struct mxc_manifest_row key = {NULL, below_root(m, path)};
    return key.path && m->rows ? bsearch(&key, m->row, m->rows, sizeof key, by_path) : NULL;
}

int mxc_manifest_has(const mxc_manifest *manifest, const char *path)
{
    return find_row(manifest, path) != NULL;
}

mx_status mxc_manifest_check(const mxc_manifest *manifest, const char *path, mxv_error *error)
{
    size_t length;
    if (!below_root(manifest, path))
        return MX_OK;
    const struct mxc_manifest_row *row = find_row(manifest, path);
    if (!row)
        return mxc_fail(error, MX_EPARSE, "%s: not in %sMANIFEST.sha256", path, manifest->root);
    char *text = read_file(path, &length, error);
    if (!text)
        return MX_EIO;
    char hex[DIGEST + 1];
    mxc_sha256(hex, text, length);
    free(text);
    if (strcmp(hex, row->digest) != 0)
        return mxc_fail(error, MX_EPARSE, "%s: wanted the file of SHA-256 %s as in MANIFEST.sha256, found %s", path,
                        row->digest, hex);
    return MX_OK;
}

/* ---- which packs ---- */

static mx_status append(mxc_paths *paths, mxc_paths *more)
{
    char **path = realloc(paths->path, (paths->count + more->count + 1) * sizeof *path);
    if (!path)
        return MX_ENOMEM;
    paths->path = path;
    for (size_t i = 0; i < more->count; i++)
        paths->path[paths->count++] = more->path[i];
    free(more->path);
    *more = (mxc_paths){0};
    return MX_OK;
}

static mx_status add_path(mxc_paths *paths, const char *root, const char *rest)
{
    const size_t room = strlen(root) + strlen(rest) + 1;
    char **path = realloc(paths->path, (paths->count + 1) * sizeof *path);
    if (!path)
        return MX_ENOMEM;
    paths->path = path;
    path[paths->count] = malloc(room);
    if (!path[paths->count])
        return MX_ENOMEM;
    snprintf(path[paths->count++], room, "%s%s", root, rest);
    return MX_OK;
}

static const char smoke[] = "packs/smoke/";

/* What stands after packs/smoke/ in a row of the manifest; NULL of another. */
static const char *smoke_name(const struct mxc_manifest_row *row)
{
    return strncmp(row->path, smoke, sizeof smoke - 1) == 0 ? row->path + sizeof smoke - 1 : NULL;
}

/* The smoke packs that `pattern` calls. */
static mx_status add_matching(mxc_paths *paths, const char *pattern, const mxc_manifest *m, mxv_error *error)
{
    size_t had = paths->count, length;
    const char *word = mxc_pack_word(pattern, "smoke", &length);
    char name[MXC_PACK_NAME], file[MX_WHY], hint[MX_WHY];
    mxc_say(file, sizeof file, "%.*s.mxv", (int)(length < sizeof file ? length : sizeof file), word);
    mx_nearest nearest = {file, strlen(file), NULL, 0};
    for (size_t i = 0; i < m->rows; i++) {
        if (!smoke_name(&m->row[i]))
            continue;
        mxc_pack_name(name, m->row[i].path);
        if (mxc_pack_is_called(pattern, "smoke", name) && add_path(paths, m->root, m->row[i].path) != MX_OK)
            return mxc_no_memory(error);
        mx_nearest_try(&nearest, smoke_name(&m->row[i]));
    }
    if (paths->count > had)
        return MX_OK;
    return mxc_fail(error, MX_EIO, "%s: no such pack or folder%s; `mxcts list packs` names those there are", pattern,
                    mx_nearest_hint(&nearest, hint));
}

/* A file, a folder, or the name of a smoke pack. */
static mx_status add_named(mxc_paths *paths, const char *name, const mxc_manifest *m, mxv_error *error)
{
    struct stat st;
    mxc_paths found = {0};
    mx_status status;
    if (stat(name, &st) != 0) {
        const int why = errno;
        if (m->rows && (!strchr(name, '/') || strncmp(name, "smoke/", 6) == 0))
            return add_matching(paths, name, m, error);
        return mxc_fail(error, MX_EIO, "%s: no such pack or folder: %s", name, strerror(why));
    }
    if (S_ISDIR(st.st_mode)) {
        status = mxc_paths_find(&found, name, ".mxv", error);
        if (status == MX_OK && !found.count)
            status = mxc_fail(error, MX_EIO, "%s: wanted packs (*.mxv) in this folder, found none", name);
        if (status == MX_OK)
            status = append(paths, &found);
    } else {
        status = add_path(paths, "", name);
    }
    mxc_paths_free(&found);
    return status == MX_ENOMEM ? mxc_fail(error, status, "out of memory") : status;
}

/* Every smoke pack that the manifest lists; one that is missing is found out when it is read. */
static mx_status add_smoke(mxc_paths *paths, const mxc_manifest *m, mxv_error *error)
{
    for (size_t i = 0; i < m->rows; i++)
        if (smoke_name(&m->row[i]) && add_path(paths, m->root, m->row[i].path) != MX_OK)
            return mxc_no_memory(error);
    if (paths->count)
        return MX_OK;
    return mxc_fail(error, MX_EPARSE, "%sMANIFEST.sha256: wanted packs below %s, found none", m->root, smoke);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

mx_status mxc_packs_find(mxc_paths *paths, const mxc_select *select, const mxc_manifest *manifest, mxv_error *error)
{
    mxc_paths found = {0};
    mx_status status = MX_OK;
    if (!select->packs)
        status = add_smoke(&found, manifest, error);
    for (size_t i = 0; i < select->packs && status == MX_OK; i++)
        status = add_named(&found, select->pack[i], manifest, error);
    if (status == MX_OK && found.count) {
        qsort(found.path, found.count, sizeof *found.path, by_bytes);
        for (size_t i = 1; i < found.count; i++)
            if (strcmp(found.path[i], found.path[i - 1]) == 0)
                status = mxc_fail(error, MX_EINVAL, "%s: named twice", found.path[i]);
    }
    if (status != MX_OK) {
        mxc_paths_free(&found);
        return status;
    }
    *paths = found;
    return MX_OK;
}

mx_status mxc_packs_of(mxc_paths *paths, const char *const *pack, size_t packs, mxv_error *error)
{
    mxc_manifest manifest = {0};
    char *path = mxc_data_path("vectors/MANIFEST.sha256", error);
    *paths = (mxc_paths){0};
    mx_status status = path ? mxc_manifest_load(&manifest, path, error) : packs ? MX_OK : MX_EIO;
    if (status == MX_OK)
        status = mxc_packs_find(paths, &(mxc_select){.pack = pack, .packs = packs}, &manifest, error);
    mxc_manifest_free(&manifest);
    free(path);
    return status;
}

/* The operation of the pack at `path`, by its head. */
static mx_status head_of(const char *path, mx_batch *shape, mxv_error *error)
{
    mxv_lines lines;
    mx_status status = mxv_lines_open(&lines, path, error);
    if (status != MX_OK)
        return status;
    status = mxv_lines_op(&lines, shape);
    fclose(lines.in);
    return status;
}

mx_status mxc_packs_filter(mxc_paths *paths, const mxc_filter *filter, mxv_error *error)
{
    size_t kept = 0;
    if (mxc_filter_is_open(filter))
        return MX_OK;
    for (size_t i = 0; i < paths->count; i++) {
        mx_batch shape = {0};
        const mx_status status = head_of(paths->path[i], &shape, error);
        if (status != MX_OK)
            return status;
        if (!mxc_filter_has(filter, shape.op, shape.elem, shape.type))
            continue;
        char *other = paths->path[kept];
        paths->path[kept++] = paths->path[i];
        paths->path[i] = other;
    }
    for (size_t i = kept; i < paths->count; i++)
        free(paths->path[i]);
    paths->count = kept;
    return kept ? MX_OK : mxc_fail(error, MX_EINVAL, "no pack is left by --op, --elem and --type");
}
