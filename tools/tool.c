/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the verbs share: command line, error lines, colour, progress, JSON.
 */
#include "config.h"

#include "tools/tool.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Long options are told from letters by what is added to their id. */
enum { MAX_OPTIONS = 40, LONG = 1000, HELP_ID = 1000 };

static const tool_verb *current;

void tool_current(const tool_verb *verb)
{
    current = verb;
}

static int is_mute;

void tool_mute(void)
{
    is_mute = 1;
}

static void say(const char *format, va_list list)
{
    fflush(stdout);
    fprintf(stderr, current ? "mxcts %s: " : "mxcts: ", current ? current->name : "");
    vfprintf(stderr, format, list);
}

void tool_error(const char *format, ...)
{
    va_list list;
    if (is_mute)
        return;
    va_start(list, format);
    say(format, list);
    va_end(list);
    fputc('\n', stderr);
}

int tool_usage(const char *format, ...)
{
    va_list list;
    if (is_mute)
        return TOOL_USAGE;
    va_start(list, format);
    say(format, list);
    va_end(list);
    fprintf(stderr, " (see mxcts %s%s--help)\n", current ? current->name : "", current ? " " : "");
    return TOOL_USAGE;
}

/* ---- the command line ---- */

static size_t option_count(const tool_verb *verb)
{
    size_t n = 0;
    while (verb->options && verb->options[n].id)
        n++;
    return n < MAX_OPTIONS ? n : MAX_OPTIONS;
}

/* getopt's two tables from ours. `letters` begins with ':' so that a missing argument is told from an unknown option.
 */
static void getopt_tables(const tool_verb *verb, struct option *longs, char *letters)
{
    size_t n = option_count(verb), m = 0;
    letters[m++] = ':';
    letters[m++] = 'h';
    for (size_t i = 0; i < n; i++) {
        const tool_option *o = &verb->options[i];
        longs[i] = (struct option){o->name, o->arg ? required_argument : no_argument, NULL, LONG + o->id};
        if (!o->letter)
            continue;
        letters[m++] = o->letter;
        if (o->arg)
            letters[m++] = ':';
    }
    longs[n] = (struct option){"help", no_argument, NULL, LONG + HELP_ID};
    longs[n + 1] = (struct option){NULL, 0, NULL, 0};
    letters[m] = '\0';
}

static int id_of_letter(const tool_verb *verb, int letter)
{
    for (size_t i = 0; i < option_count(verb); i++)
        if (verb->options[i].letter == letter)
            return verb->options[i].id;
    return -1;
}

/* The word that getopt_long stumbled over. */
static const char *culprit(const tool_args *args)
{
    static char letter[3] = "-";
    letter[1] = (char)optopt;
    if (optopt && optopt < LONG)
        return letter;
    return args->argv[optind > 1 ? optind - 1 : 1];
}

static void no_option(const tool_verb *verb, const char *text)
{
    const size_t dashes = strspn(text, "-"), length = strcspn(text + dashes, "=");
    mx_nearest nearest = {text + dashes, length, NULL, 0};
    const char *first = NULL, *second = NULL; /* that begin so */
    for (size_t i = 0; i < option_count(verb) && dashes == 2; i++) {
        const char *name = verb->options[i].name;
        mx_nearest_try(&nearest, name);
        if (strncmp(name, text + dashes, length) == 0)
            *(first ? &second : &first) = name;
    }
    if (second)
        tool_usage("'%s' is short for '--%s' and for '--%s'", text, first, second);
    else if (nearest.name)
        tool_usage("no option '%s' (did you mean '--%s'?)", text, nearest.name);
    else
        tool_usage("no option '%s'", text);
}

int tool_next(tool_args *args)
{
    struct option longs[MAX_OPTIONS + 2];
    char letters[2 * MAX_OPTIONS + 4];
    getopt_tables(args->verb, longs, letters);
    if (!args->at)
        optind = 0; /* glibc: start afresh */
    args->at = 1;
    opterr = 0;
    int c = getopt_long(args->argc, args->argv, letters, longs, NULL);
    args->value = optarg;
    if (c == -1)
        return 0;
    if (c == LONG + HELP_ID || c == 'h') {
        tool_help(stdout, args->verb);
        _exit(tool_finish(TOOL_OK));
    }
    if (c == ':')
        tool_usage("option '%s' wants an argument", culprit(args));
    else if (c == '?')
        no_option(args->verb, culprit(args));
    if (c == ':' || c == '?')
        return -1;
    return c >= LONG ? c - LONG : id_of_letter(args->verb, c);
}

int tool_operands(const tool_args *args)
{
    return args->argc - optind;
}

char *tool_operand(const tool_args *args, int i)
{
    return args->argv[optind + i];
}

char **tool_operand_list(const tool_args *args)
{
    return args->argv + optind;
}

int tool_choice(const tool_args *args, const char *words)
{
    size_t length = strlen(args->value);
    int i = 0;
    for (const char *word = words; word; i++) {
        const char *end = strchr(word, '|');
        size_t n = end ? (size_t)(end - word) : strlen(word);
        if (n == length && memcmp(word, args->value, n) == 0)
            return i;
        word = end ? end + 1 : NULL;
    }
    tool_usage("'%s' found where %s was wanted", args->value, words);
    return -1;
}

int tool_once(const char **to, const tool_args *args)
{
    if (*to)
        return tool_usage("'%s' found after '%s': one was wanted", args->value, *to);
    *to = args->value;
    return TOOL_OK;
}

int tool_each(const tool_args *args, int (*each)(const tool_args *one, void *state), void *state)
{
    tool_args one = *args;
    for (const char *at = args->value;; at++) {
        char item[80];
        const size_t n = strcspn(at, ",");
        if (!n || n >= sizeof item)
            return tool_usage("'%.80s' found where a word, or words with commas between, was wanted", args->value);
        memcpy(item, at, n);
        item[n] = '\0';
        one.value = item;
        const int status = each(&one, state);
        at += n;
        if (status != TOOL_OK || !*at)
            return status;
    }
}

int tool_number(const tool_args *args, uint64_t low, uint64_t high, uint64_t *number)
{
    const char *text = args->value;
    uint64_t n = 0;
    int good = *text != '\0';
    for (; good && *text; text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        good = *text >= '0' && *text <= '9' && n <= (UINT64_MAX - digit) / 10;
        n = good ? n * 10 + digit : 0;
    }
    if (good && n >= low && n <= high) {
        *number = n;
        return 0;
    }
    tool_usage("'%s' found where a number from %llu to %llu was wanted", args->value, (unsigned long long)low,
               (unsigned long long)high);
    return -1;
}

/* ---- help ---- */

static void help_option(FILE *out, const tool_option *o)
{
    char left[80];
    int n = snprintf(left, sizeof left, o->letter ? "-%c, --%s%s%s" : "%c   --%s%s%s", o->letter ? o->letter : ' ',
                     o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
    if (n > 26)
        fprintf(out, "  %s\n  %26s  %s\n", left, "", o->help);
    else
        fprintf(out, "  %-26s  %s\n", left, o->help);
}

/* Paragraphs filled to 80 columns; those whose lines begin with a space are kept as they are. */
static void help_text(FILE *out, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text), column = 0;
        for (size_t i = 0, m; i < n && text[0] != ' '; i += m + 1) {
            m = strcspn(text + i, " \n");
            m = i + m > n ? n - i : m;
            int wraps = column + 1 + m > 80;
            fprintf(out, "%s%.*s", column == 0 ? "" : wraps ? "\n" : " ", (int)m, text + i);
            column = column == 0 || wraps ? m : column + 1 + m;
        }
        if (text[0] == ' ')
            fprintf(out, "%.*s", (int)n, text);
        fputs("\n\n", out);
        text += n + (end ? 2 : 0);
    }
}

void tool_help(FILE *out, const tool_verb *verb)
{
    const char *lead = "Usage:";
    for (const char *line = verb->args; line;) {
        const char *end = strchr(line, '\n');
        fprintf(out, "%s mxcts %s %.*s\n", lead, verb->name, (int)(end ? end - line : (long)strlen(line)), line);
        lead = "  or: ";
        line = end ? end + 1 : NULL;
    }
    fprintf(out, "mxcts %s: %s\n\n", verb->name, verb->summary);
    help_text(out, verb->text);
    fprintf(out, "Options:\n");
    for (size_t i = 0; i < option_count(verb); i++)
        help_option(out, &verb->options[i]);
    help_option(out, &(tool_option){HELP_ID, 'h', "help", NULL, "show this text"});
    if (verb->example)
        fprintf(out, "\nExample:\n%s%s", verb->example, verb->example[strlen(verb->example) - 1] == '\n' ? "" : "\n");
}

/* ---- saying things ---- */

const char *tool_colour(FILE *out, tool_style style)
{
    static const char *const sequence[] = {"", "\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m"};
    const char *term = getenv("TERM"), *none = getenv("NO_COLOR");
    if (!isatty(fileno(out)) || (none && *none) || !term || strcmp(term, "dumb") == 0)
        return "";
    return sequence[style];
}

/* What is wrong with standard output, said once however often it is asked. */
static int output_failed(void)
{
    static int said;
    if (!said++)
        tool_error("standard output: %s", strerror(errno));
    return TOOL_ERROR;
}

int tool_json(json_t *document)
{
    if (!document) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    int failed = json_dumpf(document, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    json_decref(document);
    putchar('\n');
    if (failed && !ferror(stdout))
        tool_error("out of memory");
    return failed && !ferror(stdout) ? TOOL_ERROR : tool_finish(TOOL_OK);
}

int tool_finish(int status)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? status : output_failed();
}

double tool_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void tool_progress_begin(tool_progress *progress, const char *what, uint64_t total)
{
    *progress = (tool_progress){.what = what, .total = total, .begun = isatty(STDERR_FILENO) ? tool_clock() : -1};
}

void tool_progress_at(tool_progress *progress, uint64_t done)
{
    if (progress->begun < 0)
        return;
    double now = tool_clock();
    if (now - progress->begun < 1 || now - progress->shown < 0.1)
        return;
    progress->shown = now;
    if (progress->total)
        fprintf(stderr, "\r%s: %llu of %llu (%.0f%%)\033[K", progress->what, (unsigned long long)done,
                (unsigned long long)progress->total, 100.0 * (double)done / (double)progress->total);
    else
        fprintf(stderr, "\r%s: %llu\033[K", progress->what, (unsigned long long)done);
}

void tool_progress_step(void *progress, size_t done)
{
    tool_progress_at(progress, done);
}

void tool_progress_end(tool_progress *progress)
{
    if (progress->begun >= 0 && progress->shown > 0)
        fprintf(stderr, "\r\033[K");
    progress->begun = -1;
}
