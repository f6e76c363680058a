/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/sweep/roots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"

enum { DIGEST = 64 };

typedef struct root {
    char sha256[DIGEST + 1];
    char *name;
} root;

struct mxc_roots {
    size_t count, room;
    root *row;
};

void mxc_roots_free(mxc_roots *roots)
{
    if (!roots)
        return;
    for (size_t i = 0; i < roots->count; i++)
        free(roots->row[i].name);
    free(roots->row);
    free(roots);
}

/* "SHA256  NAME", without its LF. */
static mx_status take_line(mxc_roots *roots, const char *line, const char *path, size_t number, mxv_error *error)
{
    if (strspn(line, "0123456789abcdef") != DIGEST || strncmp(line + DIGEST, "  ", 2) != 0 || line[DIGEST + 2] == '\0')
        return mxc_fail(error, MX_EPARSE,
                        "%s:%zu: wanted a SHA-256, two spaces and the name of a space, found \"%.60s\"", path, number,
                        line);
    if (roots->count == roots->room) {
        const size_t more = roots->room ? 2 * roots->room : 64;
        root *grown = realloc(roots->row, more * sizeof *grown);
        if (!grown)
            return mxc_fail(error, MX_ENOMEM, "out of memory");
        roots->row = grown;
        roots->room = more;
    }
    root *row = roots->row + roots->count;
    memcpy(row->sha256, line, DIGEST);
    row->sha256[DIGEST] = '\0';
    row->name = strdup(line + DIGEST + 2);
    if (!row->name)
        return mxc_fail(error, MX_ENOMEM, "out of memory");
    roots->count++;
    return MX_OK;
}

static mx_status take_end(const mxc_roots *roots, const char *line, const char *path, size_t number, mxv_error *error)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "#end count=%zu", roots->count);
    if (strcmp(line, wanted) == 0)
        return MX_OK;
    return mxc_fail(error, MX_EPARSE, "%s:%zu: wanted \"%s\", found \"%.60s\"", path, number, wanted, line);
}

static mx_status read_lines(mxc_roots *roots, FILE *in, const char *path, mxv_error *error)
{
    char line[MXC_DOMAIN_TEXT + DIGEST + 8];
    mx_status status = MX_OK;
    size_t number = 0;
    int ended = 0;
    while (status == MX_OK && fgets(line, sizeof line, in)) {
        const size_t length = strcspn(line, "\n");
        number++;
        if (line[length] != '\n')
            return mxc_fail(error, MX_EPARSE, "%s:%zu: cut short, or too long a line", path, number);
        line[length] = '\0';
        if (number == 1 && strcmp(line, MXC_ROOTS_MAGIC) != 0)
            status = mxc_fail(error, MX_EPARSE, "%s:1: wanted \"%s\" (this version's roots), found \"%.60s\"", path,
                              MXC_ROOTS_MAGIC, line);
        else if (ended)
            status = mxc_fail(error, MX_EPARSE, "%s:%zu: something after #end", path, number);
        else if (line[0] == '#' && number > 1)
            status = take_end(roots, line, path, number, error), ended = 1;
        else if (number > 1)
            status = take_line(roots, line, path, number, error);
    }
    if (status == MX_OK && ferror(in))
        return mxc_fail(error, MX_EIO, "%s: %s", path, strerror(errno));
    if (status == MX_OK && !ended)
        return mxc_fail(error, MX_EPARSE, "%s: ends without \"#end count=%zu\": cut short", path, roots->count);
    return status;
}

mx_status mxc_roots_load(mxc_roots **roots, const char *path, mxv_error *error)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return mxc_fail(error, MX_EIO, "%s: %s", path, strerror(errno));
    mxc_roots *r = calloc(1, sizeof *r);
    mx_status status = r ? read_lines(r, in, path, error) : mxc_fail(error, MX_ENOMEM, "out of memory");
    fclose(in);
    if (status != MX_OK)
        mxc_roots_free(r);
    else
        *roots = r;
    return status;
}

const char *mxc_roots_find(const mxc_roots *roots, const char *name)
{
    for (size_t i = 0; i < roots->count; i++)
        if (strcmp(roots->row[i].name, name) == 0)
            return roots->row[i].sha256;
    return NULL;
}
