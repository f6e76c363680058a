/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/sweep/roots.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "vectors/lines.h"

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

/* "SHA256  NAME" */
static mx_status take_line(mxc_roots *roots, const mxv_lines *l)
{
    const char *line = l->text;
    if (strspn(line, "0123456789abcdef") != DIGEST || strncmp(line + DIGEST, "  ", 2) != 0 || line[DIGEST + 2] == '\0')
        return mxv_lines_wanted(l, "a SHA-256, two spaces and the name of a space", line);
    if (roots->count == roots->room) {
        const size_t more = roots->room ? 2 * roots->room : 64;
        root *grown = realloc(roots->row, more * sizeof *grown);
        if (!grown)
            return mxc_no_memory(l->error);
        roots->row = grown;
        roots->room = more;
    }
    root *row = roots->row + roots->count;
    memcpy(row->sha256, line, DIGEST);
    row->sha256[DIGEST] = '\0';
    row->name = strdup(line + DIGEST + 2);
    if (!row->name)
        return mxc_no_memory(l->error);
    roots->count++;
    return MX_OK;
}

/* The lines after the first, "#end count=N" the last of them. */
static mx_status read_lines(mxc_roots *roots, mxv_lines *l)
{
    char end[64];
    mx_status status;
    while ((status = mxv_lines_next(l)) == MX_OK && l->text[0] != '#')
        if ((status = take_line(roots, l)) != MX_OK)
            return status;
    snprintf(end, sizeof end, "#end count=%zu", roots->count);
    return mxv_lines_tail(l, status, end);
}

mx_status mxc_roots_load(mxc_roots **roots, const char *path, mxv_error *error)
{
    mxv_lines lines;
    mx_status status = mxv_lines_open(&lines, path, error);
    if (status != MX_OK)
        return status;
    mxc_roots *r = calloc(1, sizeof *r);
    status = r ? mxv_lines_head(&lines, MXC_ROOTS_MAGIC) : mxc_no_memory(error);
    if (status == MX_OK)
        status = read_lines(r, &lines);
    fclose(lines.in);
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
