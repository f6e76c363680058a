/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where packs, profiles and tables lie: $MXCTS_DATADIR, the source tree, or the installed data.
 */
#include "config.h"

#include "tools/tool.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4096 };

/* Each kind's folder in an installed data folder and in a source tree. */
static const char *const installed_name[] = {"", "vectors", "profiles", "vectors/elem", "subjects"};
static const char *const source_name[] = {"", "vectors", "conformance/profiles", "vectors/elem",
                                          "conformance/subjects"};

static int is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int join(char *path, size_t size, const char *folder, const char *name)
{
    int n = snprintf(path, size, "%s/%s", folder, name);
    return n > 0 && (size_t)n < size && is_folder(path);
}

static int below(char *path, size_t size, const char *root, tool_data kind)
{
    return join(path, size, root, installed_name[kind]) || join(path, size, root, source_name[kind]);
}

/* The folder this program lies in, without the libtool folder that a not yet installed one may be in. */
static int own_folder(char *folder, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", folder, size - 1);
    if (n <= 0)
        return 0;
    folder[n] = '\0';
    char *slash = strrchr(folder, '/');
    if (!slash)
        return 0;
    *slash = '\0';
    slash = strrchr(folder, '/');
    if (slash && strcmp(slash, "/.libs") == 0)
        *slash = '\0';
    return 1;
}

/* The build writes the path of its source tree into the file `srcdir` beside the program; it is not installed. */
static int source_tree(char *root, size_t size, const char *folder)
{
    char name[PATH + 16];
    snprintf(name, sizeof name, "%s/srcdir", folder);
    FILE *in = fopen(name, "r");
    if (!in)
        return 0;
    int got = fgets(root, (int)size, in) != NULL;
    fclose(in);
    if (got)
        root[strcspn(root, "\n")] = '\0';
    return got;
}

int tool_data_dir(tool_data kind, char *path, size_t size)
{
    char folder[PATH], root[PATH];
    const char *named = getenv("MXCTS_DATADIR");
    if (named && *named) {
        if (below(path, size, named, kind))
            return 0;
        tool_error("no folder %s in MXCTS_DATADIR=%s", installed_name[kind], named);
        return -1;
    }
    if (own_folder(folder, sizeof folder)) {
        if (source_tree(root, sizeof root, folder) && below(path, size, root, kind))
            return 0;
        if (strlen(folder) + 32 < sizeof root) {
            strcat(strcpy(root, folder), "/../share/mxcts");
            if (below(path, size, root, kind))
                return 0;
        }
    }
    if (below(path, size, MXCTS_PKGDATADIR, kind))
        return 0;
    tool_error("no folder %s in %s: set MXCTS_DATADIR to the folder that holds it", installed_name[kind],
               MXCTS_PKGDATADIR);
    return -1;
}

/* ---- files below a folder ---- */

typedef struct walk {
    const char *suffix;
    int (*visit)(const char *path, void *with);
    void *with;
} walk;

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int bytewise(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int ends_in(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n >= m && strcmp(name + n - m, suffix) == 0;
}

static int walk_folder(const char *folder, const walk *w, int depth)
{
    struct dirent **entry;
    int n = scandir(folder, &entry, visible, bytewise);
    if (n < 0)
        tool_error("%s: %s", folder, strerror(errno));
    int answer = n < 0 ? -1 : 0;
    for (int i = 0; i < n; i++) {
        char path[PATH + 256];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
        if (!answer && length > 0 && length < PATH) {
            if (is_folder(path))
                answer = depth < 8 ? walk_folder(path, w, depth + 1) : 0;
            else if (ends_in(path, w->suffix))
                answer = w->visit(path, w->with);
        }
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
    return answer;
}

int tool_each_file(const char *folder, const char *suffix, int (*visit)(const char *path, void *with), void *with)
{
    walk w = {suffix, visit, with};
    return walk_folder(folder, &w, 0);
}
