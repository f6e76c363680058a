/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A line of a report, pasted as one argument or piped in: the command in it, or the case's id.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/explain/explain.h"
#include "tools/tool.h"

static const char command[] = "mxcts explain ";

/* Escapes of XML and JSON become what they stand for, in place. */
static void unescape(char *text)
{
    static const struct {
        const char *from;
        char to;
    } escapes[] = {{"&apos;", '\''}, {"&#39;", '\''}, {"&quot;", '"'}, {"&#34;", '"'}, {"&lt;", '<'},
                   {"&gt;", '>'},    {"&amp;", '&'},  {"\\\"", '"'},   {"\\/", '/'},   {"\\u0027", '\''}};
    char *to = text;
    for (const char *from = text; *from;) {
        size_t i = 0, n = sizeof escapes / sizeof *escapes;
        while (i < n && strncmp(from, escapes[i].from, strlen(escapes[i].from)) != 0)
            i++;
        *to++ = i < n ? escapes[i].to : *from;
        from += i < n ? strlen(escapes[i].from) : 1;
    }
    *to = '\0';
}

/* One word in the manner of a shell, quotes taken off; NULL at the end of the line, or of what holds the command. */
static char *next_word(char **at)
{
    char *from = *at + strspn(*at, " \t"), *to = from, *word = from, quote = '\0';
    for (; *from && (quote || !isspace((unsigned char)*from)); from++) {
        if (quote ? *from == quote : *from == '\'')
            quote = quote ? '\0' : *from;
        else if (!quote && (*from == '"' || *from == '<')) /* the end of a JSON string, of an XML element */
            break;
        else
            *to++ = *from;
    }
    int ends = *from == '\0' || *from == '"' || *from == '<' || *from == '\n';
    *at = ends ? from : from + 1;
    if (ends)
        **at = '\0';
    *to = '\0';
    return to == word ? NULL : word;
}

/* "c.e2m1.bf16.ocp.000182": letters, digits, dots and dashes, two dots or more, six digits at the end. */
static int is_id(const char *word, size_t n)
{
    size_t dots = 0;
    for (size_t i = 0; i < n; i++) {
        if (!islower((unsigned char)word[i]) && !isdigit((unsigned char)word[i]) && !strchr(".-", word[i]))
            return 0;
        dots += word[i] == '.';
    }
    if (n < 8 || dots < 2 || word[n - 7] != '.')
        return 0;
    for (size_t i = n - 6; i < n; i++)
        if (!isdigit((unsigned char)word[i]))
            return 0;
    return 1;
}

static char *find_id(char *line)
{
    for (char *at = line; *at; at++) {
        size_t n = strcspn(at, " \t\n\"'<>=,:;()|");
        if (is_id(at, n)) {
            at[n] = '\0';
            return at;
        }
        at += n;
        if (!*at)
            break;
    }
    return NULL;
}

int explain_is_line(const char *text)
{
    return strcmp(text, "-") == 0 || strpbrk(text, " \t\n") != NULL;
}

int explain_holds_command(const char *line, const char *like)
{
    char *copy = strdup(like), *id = copy ? find_id(copy) : NULL;
    const int holds = strstr(line, command) != NULL && (!id || strstr(line, id) != NULL);
    free(copy);
    return holds;
}

int explain_holds_case(const char *line)
{
    char *copy = strdup(line);
    int holds = copy && (strstr(line, command) != NULL || find_id(copy) != NULL);
    free(copy);
    return holds;
}

/* The argument of `option` in "OPTION ARGUMENT" or "OPTION=ARGUMENT", taken from the line; NULL when `word` is another.
 */
static const char *argument(const char *option, const char *word, char **at)
{
    size_t n = strlen(option);
    if (strncmp(word, option, n) != 0 || (word[n] && word[n] != '='))
        return NULL;
    return word[n] ? word + n + 1 : next_word(at);
}

int explain_split_line(char *line, char **word, int room, const char **got, const char **pack)
{
    int n = 0;
    unescape(line);
    char *at = strstr(line, command);
    if (!at) {
        word[0] = find_id(line);
        if (!word[0])
            return tool_usage("neither a case id nor a command of `mxcts explain` in '%.60s%s'", line,
                              strlen(line) > 60 ? "..." : ""),
                   -1;
        return 1;
    }
    at += strlen(command);
    for (char *next; n < room && (next = next_word(&at)) != NULL;) {
        const char *is = argument("--got", next, &at), *in = is ? NULL : argument("--pack", next, &at);
        if (is)
            *got = is;
        else if (in)
            *pack = in;
        else
            word[n++] = next;
    }
    return n;
}
