/* SPDX-License-Identifier: BSD-3-Clause */
#include "vectors/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 48 };

static const char hex[] = "0123456789abcdef";

const char *mxv_quote(char out[MXV_QUOTE_TEXT], const char *s, size_t length)
{
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

void mxv_hex(char *text, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = hex[bytes[i] >> 4];
        text[2 * i + 1] = hex[bytes[i] & 15];
    }
    text[2 * n] = '\0';
}

mx_status mxv_read_text(char **text, size_t *length, FILE *in, mxv_enough *enough, void *state)
{
    size_t size = 1u << 16, n = 0, got;
    char *all = malloc(size + 1), *bigger;

    *text = NULL;
    while (all) {
        got = fread(all + n, 1, size - n, in);
        n += got;
        if ((enough && enough(state, all, n)) || n < size || memchr(all + n - got, '\0', got))
            break;
        size *= 2;
        bigger = size < PTRDIFF_MAX ? realloc(all, size + 1) : NULL;
        if (!bigger)
            free(all);
        all = bigger;
    }
    if (!all)
        return MX_ENOMEM;
    if (ferror(in)) {
        const int why = errno;
        free(all);
        errno = why;
        return MX_EIO;
    }
    all[n] = '\0';
    *text = all;
    *length = n;
    return MX_OK;
}
