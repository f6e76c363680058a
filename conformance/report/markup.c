/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Text of unknown origin (a subject's name, reasons, standard error) on its way into JSON, YAML, XML and HTML.
 */
#include "config.h"

#include "conformance/report/report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd };

/* The character at *text, which is moved past it. One byte that begins no well-formed UTF-8 sequence (RFC 3629: no
 * overlong form, no surrogate, nothing above U+10FFFF) is U+FFFD. */
static uint32_t next(const char **text)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)*text;
    unsigned more = *at < 0x80                  ? 0
                    : *at >= 0xc2 && *at < 0xe0 ? 1
                    : (*at & 0xf0) == 0xe0      ? 2
                    : (*at & 0xf8) == 0xf0      ? 3
                                                : 4;
    uint32_t c = more ? *at & (0x3fu >> more) : *at;
    for (unsigned i = 1; more < 4 && i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            more = 4;
            break;
        }
        c = c << 6 | (at[i] & 0x3fu);
    }
    if (more == 4 || c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
        *text += 1;
        return REPLACEMENT;
    }
    *text += 1 + more;
    return c;
}

/* The UTF-8 bytes of c (at most 4) and a NUL. */
static size_t encode(char to[5], uint32_t c)
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(lead[n] | c);
    to[n] = '\0';
    return n;
}

char *mxc_utf8(const char *text)
{
    char *made = malloc(3 * strlen(text) + 5), *to = made;
    if (!made)
        return NULL;
    while (*text)
        to += encode(to, next(&text));
    *to = '\0';
    return made;
}

void mxc_put_markup(FILE *out, const char *text)
{
    char bytes[5];
    while (*text) {
        uint32_t c = next(&text);
        if (c == '&')
            fputs("&amp;", out);
        else if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else if (c == '\'')
            fputs("&#39;", out);
        else {
            int picture = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
            int none = (c >= 0x80 && c < 0xa0) || (c & 0xfffe) == 0xfffe;
            encode(bytes, picture ? 0x2400 + (c == 0x7f ? 0x21 : c) : none ? REPLACEMENT : c);
            fputs(bytes, out);
        }
    }
}

void mxc_put_plain(FILE *out, const char *text)
{
    char bytes[5];
    while (*text) {
        uint32_t c = next(&text);
        encode(bytes, c < 0x20 ? 0x2400 + c : c == 0x7f ? 0x2421 : c >= 0x80 && c < 0xa0 ? REPLACEMENT : c);
        fputs(bytes, out);
    }
}

void mxc_put_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    while (*text) {
        uint32_t c = next(&text);
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", (char)c);
        else if (c >= 0x20 && c < 0x7f)
            fputc((int)c, out);
        else if (c < 0x10000)
            fprintf(out, "\\u%04x", (unsigned)c);
        else
            fprintf(out, "\\u%04x\\u%04x", 0xd7c0u + (unsigned)(c >> 10), 0xdc00u + (unsigned)(c & 0x3ff));
    }
    fputc('"', out);
}
