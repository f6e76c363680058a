/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/adapters/mxp.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"

int mxp_word(mxp_words *words, const char **word, size_t *length)
{
    if (words->at == words->end)
        return 0;
    const char *space = memchr(words->at, ' ', (size_t)(words->end - words->at));
    *word = words->at;
    *length = (size_t)((space ? space : words->end) - words->at);
    words->at = space ? space + 1 : words->end;
    /* A space needs a word on both sides. */
    return *length == 0 || (space && words->at == words->end) ? -1 : 1;
}

int mxp_expect(mxp_words *words, const char *text)
{
    const char *word;
    size_t n;
    return mxp_word(words, &word, &n) == 1 && n == strlen(text) && memcmp(word, text, n) == 0;
}

static int number(const char *text, size_t n, uint64_t *value)
{
    if (n == 0 || n > 19 || (n > 1 && text[0] == '0'))
        return 0;
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        *value = *value * 10 + (uint64_t)(text[i] - '0');
    }
    return 1;
}

int mxp_number(mxp_words *words, uint64_t *value)
{
    const char *word;
    size_t n;
    return mxp_word(words, &word, &n) == 1 && number(word, n, value);
}

int mxp_count(mxp_words *words, const char *key, unsigned long long *value)
{
    const char *word;
    size_t n, k = strlen(key);
    uint64_t wide;
    if (mxp_word(words, &word, &n) != 1 || n <= k + 1 || memcmp(word, key, k) != 0 || word[k] != '=' ||
        !number(word + k + 1, n - k - 1, &wide))
        return 0;
    *value = wide;
    return 1;
}

size_t mxp_format_op(uint64_t op, const mx_batch *shape, char *text)
{
    char head[MXV_HEAD_TEXT], profile[MX_PROFILE_TEXT];
    if (!mxv_format_op(shape, head) || !mx_profile_format(&shape->profile, profile, sizeof profile))
        return 0;
    int n = snprintf(text, MXP_OP_TEXT, "op %llu %s %s", (unsigned long long)op, head, profile);
    return n > 0 && n < MXP_OP_TEXT ? (size_t)n : 0;
}

mx_status mxp_parse_op(mx_batch *shape, const char *text, size_t length, char *why)
{
    /* The head goes up to the first word that names an axis. */
    mxp_words words = {text, text + length};
    const char *word = text, *head_end = text;
    size_t n = 0;
    while (mxp_word(&words, &word, &n) == 1) {
        const char *equals = memchr(word, '=', n);
        if (equals && mx_axis_find(word, (size_t)(equals - word)))
            break;
        head_end = word + n;
    }
    mxv_error error = {0};
    mx_batch fresh = {0};
    char reason[MX_WHY] = "";
    mx_status status = mxv_parse_op(&fresh, text, (size_t)(head_end - text), &error);
    if (status != MX_OK) {
        mxc_say(why, MXC_LINE, "%s", error.text);
        return MX_EPARSE;
    }
    const char *rest = head_end < text + length ? head_end + 1 : text + length;
    status = mx_profile_parse(&fresh.profile, rest, (size_t)(text + length - rest), reason);
    if (status == MX_OK)
        status = mx_profile_check(&fresh.profile, reason);
    if (status != MX_OK) {
        mxc_say(why, MXC_LINE, "%s", reason);
        return MX_EPARSE;
    }
    *shape = fresh;
    return MX_OK;
}

/* ---- greeting ---- */

static int value_of(const char *word, size_t n, const char *key, const char **value, size_t *length)
{
    size_t k = strlen(key);
    if (n < k || memcmp(word, key, k) != 0)
        return 0;
    *value = word + k;
    *length = n - k;
    return 1;
}

static int copy_word(char *to, const char *text, size_t n)
{
    if (*to || n == 0 || n >= MXC_NAME)
        return 0;
    memcpy(to, text, n);
    to[n] = '\0';
    return 1;
}

static mx_status greeting_word(mxc_description *d, const char *word, size_t n, int *has_ops, char *why)
{
    const char *value;
    size_t length;
    char reason[MX_WHY];
    if (value_of(word, n, "name=", &value, &length) || value_of(word, n, "version=", &value, &length)) {
        if (copy_word(word[0] == 'n' ? d->name : d->version, value, length))
            return MX_OK;
        mxc_say(why, MXC_LINE, "greeting: wanted name= and version= once, of 1 to %d characters", MXC_NAME - 1);
        return MX_EPROTOCOL;
    }
    if (value_of(word, n, "ops=", &value, &length)) {
        if (!(*has_ops)++ && mxc_offers_parse(d, value, length, reason) == MX_OK)
            return MX_OK;
        mxc_say(why, MXC_LINE, "greeting: %s", *has_ops > 1 ? "wanted ops= once" : reason);
        return MX_EPROTOCOL;
    }
    size_t name = 0;
    while (name < n && word[name] != '=')
        name++;
    mx_axis axis = mx_axis_find(word, name);
    if (axis && mx_profile_get(&d->declared, axis))
        mxc_say(reason, sizeof reason, "axis %s stands twice", mx_axis_name(axis));
    else if (mx_profile_apply(&d->declared, word, n, reason) == MX_OK)
        return MX_OK;
    mxc_say(why, MXC_LINE, "greeting: %s", reason);
    return MX_EPROTOCOL;
}

/* A line is printable ASCII; a CR before its LF is told apart, as it cannot be seen. */
static mx_status printable(const char *line, size_t length, char *why)
{
    char quoted[MXP_QUOTE];
    size_t at = 0;
    while (at < length && line[at] >= ' ' && line[at] <= '~')
        at++;
    if (at == length)
        return MX_OK;
    if (at + 1 == length && line[at] == '\r')
        mxc_say(why, MXC_LINE, "greeting: wanted a line that ends in LF, found CR LF");
    else
        mxc_say(why, MXC_LINE, "greeting: wanted printable ASCII, found %s", mxp_quote(quoted, line + at, length - at));
    return MX_EPROTOCOL;
}

mx_status mxp_parse_greeting(mxc_description *description, const char *line, size_t length, char *why)
{
    char quoted[MXP_QUOTE];
    mxp_words words = {line, line + length};
    mxc_description d = {0};
    const char *word;
    size_t n;
    int more = 0, has_ops = 0;
    mx_status status = printable(line, length, why);
    if (status != MX_OK)
        return status;
    if (!mxp_expect(&words, "mxp") || !mxp_expect(&words, "1")) {
        mxc_say(why, MXC_LINE, "greeting: wanted 'mxp 1 name=... version=... ops=...', found %s",
                mxp_quote(quoted, line, length));
        return MX_EPROTOCOL;
    }
    while (status == MX_OK && (more = mxp_word(&words, &word, &n)) == 1)
        status = greeting_word(&d, word, n, &has_ops, why);
    if (status != MX_OK)
        return status;
    if (more < 0 || !d.name[0] || !d.version[0] || !has_ops) {
        mxc_say(why, MXC_LINE, "greeting: wanted %s, found %s",
                more < 0 ? "single spaces and none at the end" : "name=, version= and ops=",
                mxp_quote(quoted, line, length));
        return MX_EPROTOCOL;
    }
    *description = d;
    return MX_OK;
}

/* ---- lines ---- */

char *mxp_lines_room(mxp_lines *lines, size_t limit, size_t *room)
{
    enum { CHUNK = 4096 };
    size_t held = lines->end - lines->start;
    if (held > limit)
        return NULL;
    if (lines->start) {
        memmove(lines->data, lines->data + lines->start, held);
        lines->start = 0;
        lines->end = held;
    }
    if (lines->room - held < CHUNK) {
        size_t more = lines->room ? 2 * lines->room : 16 * CHUNK;
        char *data = realloc(lines->data, more);
        if (!data)
            return NULL;
        lines->data = data;
        lines->room = more;
    }
    *room = lines->room - lines->end;
    return lines->data + lines->end;
}

int mxp_lines_take(mxp_lines *lines, const char **line, size_t *length)
{
    size_t held = lines->end - lines->start;
    if (held == lines->scanned)
        return 0;
    const char *begin = lines->data + lines->start;
    const char *newline = memchr(begin + lines->scanned, '\n', held - lines->scanned);
    if (!newline) {
        lines->scanned = held;
        return 0;
    }
    *line = begin;
    *length = (size_t)(newline - begin);
    lines->start += *length + 1;
    lines->scanned = 0;
    lines->line++;
    return 1;
}

const char *mxp_quote(char quoted[MXP_QUOTE], const char *line, size_t length)
{
    size_t n = length < 60 ? length : 60;
    char *to = quoted;
    *to++ = '\'';
    for (size_t i = 0; i < n; i++)
        to += sprintf(to, line[i] >= ' ' && line[i] <= '~' ? "%c" : "\\x%02x", (unsigned char)line[i]);
    strcpy(to, n < length ? "...'" : "'");
    return quoted;
}
