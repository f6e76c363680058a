/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Small text files, a line at a time.
 */
#ifndef MXV_LINES_H
#define MXV_LINES_H

#include <stddef.h>
#include <stdio.h>

#include <mx/vectors.h>

#define MXV_LINE 4096

typedef struct mxv_lines {
    FILE *in;
    const char *name;    /* for messages */
    mxv_error *error;    /* or NULL */
    int open_end;        /* the last line may be without its line feed */
    unsigned long line;  /* number of the line in `text`, from 1 */
    char text[MXV_LINE]; /* the line without its line feed, `length` bytes and a NUL */
    size_t length;
} mxv_lines;

/* Fill *lines with the file at `path`, which is its name too; the caller closes lines->in. MX_EIO. */
mx_status mxv_lines_open(mxv_lines *lines, const char *path, mxv_error *error);

/* The next line. MX_END when there is none; MX_EPARSE when it is too long, not text (tabs are) or without its line
 * feed; MX_EIO. */
mx_status mxv_lines_next(mxv_lines *lines);

/* The next line, which has to be `wanted`. MX_EPARSE, MX_EIO. */
mx_status mxv_lines_head(mxv_lines *lines, const char *wanted);

/* The first two lines of a pack, from the start of the file: its operation, without the profile. MX_EPARSE, MX_EIO. */
mx_status mxv_lines_op(mxv_lines *lines, mx_batch *shape);

/* Where line `end` closes a file: the line of the last mxv_lines_next, which gave `status`, has to be it, and the last.
 * MX_OK, MX_EPARSE, MX_EIO. */
mx_status mxv_lines_tail(mxv_lines *lines, mx_status status, const char *end);

/* "NAME:LINE: ", what is wrong, and MX_EPARSE. */
mx_status mxv_lines_bad(const mxv_lines *lines, const char *what);
/* "NAME:LINE: wanted ..., found 'TEXT'", and MX_EPARSE. NULL: found the end of the file. */
mx_status mxv_lines_wanted(const mxv_lines *lines, const char *wanted, const char *found);

#endif
