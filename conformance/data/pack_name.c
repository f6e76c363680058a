/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/data/pack_name.h"

#include <fnmatch.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/error.h"

static const char suffix[] = ".mxv";

static int has_suffix(const char *text)
{
    const size_t n = strlen(text), tail = sizeof suffix - 1;
    return n > tail && strcmp(text + n - tail, suffix) == 0;
}

void mxc_pack_name(char name[MXC_PACK_NAME], const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t n = strlen(base);
    n -= has_suffix(base) ? sizeof suffix - 1 : 0;
    mxc_say(name, MXC_PACK_NAME, "%.*s", (int)(n < MXC_PACK_NAME ? n : MXC_PACK_NAME - 1), base);
}

const char *mxc_pack_word(const char *text, const char *tier, size_t *length)
{
    const size_t n = strlen(tier);
    const char *word = strncmp(text, tier, n) == 0 && text[n] == '/' ? text + n + 1 : text;
    *length = strlen(word) - (has_suffix(word) ? sizeof suffix - 1 : 0);
    return word;
}

int mxc_pack_is_called(const char *text, const char *tier, const char *name)
{
    size_t length;
    const char *word = mxc_pack_word(text, tier, &length);
    char file[MXC_PACK_NAME + sizeof suffix];
    mxc_say(file, sizeof file, "%.*s%s", MXC_PACK_NAME, name, word[length] ? suffix : "");
    return fnmatch(word, file, 0) == 0;
}

int mxc_means_packs(const char *text)
{
    return strpbrk(text, "/*?[") || has_suffix(text) || strcmp(text, ".") == 0 ||
           (strchr(text, '.') && mx_op_find(text, strcspn(text, ".")));
}
