/* SPDX-License-Identifier: BSD-3-Clause */
#include "vectors/lines.h"

#include <errno.h>
#include <string.h>

#include "vectors/text.h"

mx_status mxv_lines_open(mxv_lines *lines, const char *path, mxv_error *error)
{
    *lines = (mxv_lines){.in = fopen(path, "rb"), .name = path, .error = error};
    if (lines->in)
        return MX_OK;
    if (error) {
        error->line = 0;
        mxv_say(error->text, sizeof error->text, "%.200s: cannot open: %s", path, strerror(errno));
    }
    return MX_EIO;
}

mx_status mxv_lines_bad(const mxv_lines *lines, const char *what)
{
    if (lines->error) {
        lines->error->line = lines->line;
        mxv_say(lines->error->text, sizeof lines->error->text, "%.200s:%lu: %s", lines->name, lines->line, what);
    }
    return MX_EPARSE;
}

mx_status mxv_lines_wanted(const mxv_lines *lines, const char *wanted, const char *found)
{
    char q[MXV_QUOTE_TEXT], what[300];
    mxv_say(what, sizeof what, "wanted %s, found %s", wanted,
            found ? mxv_quote(q, found, strlen(found)) : "the end of the file");
    return mxv_lines_bad(lines, what);
}

mx_status mxv_lines_next(mxv_lines *lines)
{
    char q[MXV_QUOTE_TEXT], what[300];
    size_t n = 0;
    int c;
    lines->line++;
    while ((c = getc(lines->in)) != EOF && c != '\n') {
        if (c < ' ' && c != '\t')
            return mxv_lines_bad(lines, c == '\0'   ? "wanted text, found a NUL byte"
                                        : c == '\r' ? "wanted text, found a carriage return"
                                                    : "wanted text, found a control character");
        if (n + 1 == sizeof lines->text)
            return mxv_lines_bad(lines, "wanted a line of at most 4095 bytes, found a longer one");
        lines->text[n++] = (char)c;
    }
    lines->text[n] = '\0';
    lines->length = n;
    if (ferror(lines->in)) {
        mxv_say(what, sizeof what, "cannot read: %s", strerror(errno));
        mxv_lines_bad(lines, what);
        return MX_EIO;
    }
    if (c == '\n' || (n && lines->open_end))
        return MX_OK;
    if (n == 0)
        return MX_END;
    mxv_say(what, sizeof what, "wanted a line feed after %s, found the end of the file", mxv_quote(q, lines->text, n));
    return mxv_lines_bad(lines, what);
}

mx_status mxv_lines_head(mxv_lines *lines, const char *wanted)
{
    const mx_status status = mxv_lines_next(lines);
    if (status == MX_END || (status == MX_OK && strcmp(lines->text, wanted) != 0))
        return mxv_lines_wanted(lines, wanted, status == MX_END ? NULL : lines->text);
    return status;
}

mx_status mxv_lines_op(mxv_lines *lines, mx_batch *shape)
{
    static const char word[] = "#op ";
    const size_t n = sizeof word - 1;
    mx_status status = mxv_lines_head(lines, "#mxv 1");
    if (status == MX_OK)
        status = mxv_lines_next(lines);
    if (status == MX_END || (status == MX_OK && strncmp(lines->text, word, n) != 0))
        return mxv_lines_wanted(lines, "#op", status == MX_END ? NULL : lines->text);
    mxv_error why;
    if (status == MX_OK && mxv_parse_op(shape, lines->text + n, lines->length - n, &why) != MX_OK)
        return mxv_lines_bad(lines, why.text);
    return status;
}

mx_status mxv_lines_tail(mxv_lines *lines, mx_status status, const char *end)
{
    char wanted[120];
    mxv_say(wanted, sizeof wanted, "%.80s as the last line (cut or changed?)", end);
    if (status == MX_OK && strcmp(lines->text, end) == 0) {
        status = mxv_lines_next(lines);
        if (status == MX_END)
            return MX_OK;
    }
    return status == MX_OK || status == MX_END ? mxv_lines_wanted(lines, wanted, status == MX_END ? NULL : lines->text)
                                               : status;
}
