/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where installed data lies, and files of a directory tree in a fixed order.
 */
#include "config.h"

#include <mx/conformance.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/error.h"
#include "conformance/sort.h"

enum { PATH = 4096, DEPTH = 16 };

static int exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

/* root/relative, or root/conformance/relative as a source tree has it. */
static int below(char *path, const char *root, const char *relative)
{
    static const char *const between[] = {"", "conformance/"};
    for (size_t i = 0; i < 2; i++) {
        int n = snprintf(path, PATH, "%s/%s%s", root, between[i], relative);
        if (n > 0 && n < PATH && exists(path))
            return 1;
    }
    return 0;
}

/* The folder of the running program, without the one that libtool puts a not yet installed one in. */
static int own_folder(char *folder)
{
    ssize_t n = readlink("/proc/self/exe", folder, PATH - 1);
    if (n <= 0)
        return 0;
    folder[n] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(folder, '/');
        if (!slash || (i == 1 && strcmp(slash, "/.libs") != 0))
            break;
        *slash = '\0';
    }
    return 1;
}

/* The build leaves the path of its source tree in a file `srcdir` beside the program; it is not installed. */
static int beside_program(char *path, const char *relative)
{
    char folder[PATH], root[PATH + 32];
    if (!own_folder(folder))
        return 0;
    snprintf(root, sizeof root, "%s/srcdir", folder);
    FILE *in = fopen(root, "r");
    int found = 0;
    if (in) {
        if (fgets(root, PATH, in)) {
            root[strcspn(root, "\n")] = '\0';
            found = below(path, root, relative);
        }
        fclose(in);
    }
    snprintf(root, sizeof root, "%s/../share/mxcts", folder);
    return found || below(path, root, relative);
}

static char *copy_of(const char *path, mxv_error *error)
{
    char *copy = strdup(path);
    if (!copy)
        mxc_no_memory(error);
    return copy;
}

char *mxc_data_path(const char *relative, mxv_error *error)
{
    char path[PATH];
    const char *data = getenv("MXCTS_DATADIR"), *source = getenv("MXCTS_SRCDIR");
    if (data && *data) {
        if (below(path, data, relative))
            return copy_of(path, error);
        mxc_fail(error, MX_EIO, "%s: not in MXCTS_DATADIR=%s", relative, data);
        return NULL;
    }
    if ((source && *source && below(path, source, relative)) || beside_program(path, relative) ||
        below(path, MXCTS_PKGDATADIR, relative))
        return copy_of(path, error);
    mxc_fail(error, MX_EIO, "%s: not found beside the program nor in %s (set MXCTS_DATADIR to where it is)", relative,
             MXCTS_PKGDATADIR);
    return NULL;
}

/* ---- paths ---- */

static mx_status add(mxc_paths *paths, const char *path)
{
    if ((paths->count & (paths->count - 1)) == 0) {
        size_t room = paths->count ? 2 * paths->count : 1;
        char **more = realloc(paths->path, room * sizeof *more);
        if (!more)
            return MX_ENOMEM;
        paths->path = more;
    }
    char *copy = strdup(path);
    if (!copy)
        return MX_ENOMEM;
    paths->path[paths->count++] = copy;
    return MX_OK;
}

static int ends(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = strlen(suffix);
    return n > s && strcmp(name + n - s, suffix) == 0;
}

static mx_status walk(mxc_paths *paths, const char *dir, const char *suffix, int depth, mxv_error *error)
{
    DIR *in = depth < DEPTH ? opendir(dir) : NULL;
    if (!in)
        return mxc_fail(error, MX_EIO, "%s: cannot read the directory: %s", dir,
                        depth < DEPTH ? strerror(errno) : "too deep");
    mx_status status = MX_OK;
    for (struct dirent *entry; status == MX_OK && (entry = readdir(in));) {
        char path[PATH];
        struct stat st;
        int n = snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        if (n < 0 || n >= PATH)
            status = mxc_fail(error, MX_EIO, "%s: too long a path: %s", dir, entry->d_name);
        else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            status = walk(paths, path, suffix, depth + 1, error);
        /* a link to nothing too: who opens it says so */
        else if (ends(entry->d_name, suffix) && add(paths, path) != MX_OK)
            status = mxc_no_memory(error);
    }
    closedir(in);
    return status;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

mx_status mxc_paths_find(mxc_paths *paths, const char *dir, const char *suffix, mxv_error *error)
{
    mxc_paths found = {0};
    mx_status status = walk(&found, dir, suffix, 0, error);
    if (status != MX_OK) {
        mxc_paths_free(&found);
        return status;
    }
    mxc_sort(found.path, found.count, sizeof *found.path, by_bytes);
    *paths = found;
    return MX_OK;
}

void mxc_paths_free(mxc_paths *paths)
{
    if (!paths)
        return;
    for (size_t i = 0; i < paths->count; i++)
        free(paths->path[i]);
    free(paths->path);
    *paths = (mxc_paths){0};
}
