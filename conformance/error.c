/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/error.h"

#include <stdarg.h>
#include <string.h>

static void say(char *text, size_t size, const char *format, va_list args)
{
    if (vsnprintf(text, size, format, args) < 0)
        text[0] = '\0';
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) /* what a subject says is not for the terminal to obey */
            *c = *c == '\n' || *c == '\r' || *c == '\t' ? ' ' : '?';
}

mx_status mxc_fail(mxv_error *error, mx_status status, const char *format, ...)
{
    if (!error)
        return status;
    /* The arguments may point into error->text. */
    char text[sizeof error->text];
    va_list args;
    va_start(args, format);
    say(text, sizeof text, format, args);
    va_end(args);
    memcpy(error->text, text, sizeof text);
    error->line = 0;
    return status;
}

mx_status mxc_no_memory(mxv_error *error)
{
    return mxc_fail(error, MX_ENOMEM, "out of memory");
}

void mxc_say(char *text, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(text, size, format, args);
    va_end(args);
}
