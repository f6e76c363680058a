/* SPDX-License-Identifier: BSD-3-Clause */
#include "vectors/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 48 };

const char *mxv_quote(char out[MXV_QUOTE_TEXT], const char *s, size_t length)
{
    static const char hex[] = "0123456789abcdef";
    char *p = out;

    if (length == 0)
        return strcpy(out, "nothing");
    *p++ = '\'';
    for (size_t i = 0; i < length && i < SHOWN; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c < 0x7f) {
            *p++ = (char)c;
            continue;
        }
        *p++ = '\\';
        *p++ = 'x';
        *p++ = hex[c >> 4];
        *p++ = hex[c & 15];
    }
    *p++ = '\'';
    strcpy(p, length > SHOWN ? "..." : "");
    return out;
}

void mxv_say(char *why, size_t size, const char *format, ...)
{
    va_list args;

    if (!why)
        return;
    va_start(args, format);
    vsnprintf(why, size, format, args);
    va_end(args);
}
