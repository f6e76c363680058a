/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/causes/explain_line.h"

#include <stdlib.h>
#include <string.h>

void mxc_put_shell_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+/:=,@%";
    if (*word && strspn(word, plain) == strlen(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

char *mxc_explain_line(const char *pack, const char *id, const char *got)
{
    char *line = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&line, &length);
    if (!out)
        return NULL;
    fputs("mxcts explain ", out);
    if (pack) {
        fputs("--pack ", out);
        mxc_put_shell_word(out, pack);
        fputc(' ', out);
    }
    fprintf(out, "%s --got '%s'", id, got);
    if (fclose(out) == 0)
        return line;
    free(line);
    return NULL;
}
