/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Manual pages in mdoc, from the same table as --help. doc/ holds what this prints; a test compares them.
 */
#include "config.h"

#include "tools/tool.h"

#include <string.h>

/* The day the pages changed in substance; a page is the same whenever it is made. */
#define PAGE_DATE "November 23, 2026"

/* A stretch of text, its backslashes and leading control characters made harmless; dashes are ASCII ones. */
static void put(FILE *out, const char *text, size_t length)
{
    if (length && (text[0] == '.' || text[0] == '\''))
        fputs("\\&", out);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\')
            fputs("\\e", out);
        else if (text[i] == '-')
            fputs("\\-", out);
        else
            fputc(text[i], out);
    }
}

static size_t line_length(const char *line)
{
    return strcspn(line, "\n");
}

/* A paragraph, filled, each sentence beginning a line as mdoc wants it. */
static void fill(FILE *out, const char *text, size_t length)
{
    size_t column = 0;
    for (size_t i = 0; i < length;) {
        size_t n = strcspn(text + i, " \n");
        n = i + n > length ? length - i : n;
        int ends = i > 1 && strchr(".:?", text[i - 2]) != NULL && text[i] >= 'A' && text[i] <= 'Z';
        if (column && (column + n > 70 || (ends && text[i - 2] == '.'))) {
            fputc('\n', out);
            column = 0;
        }
        if (column)
            fputc(' ', out);
        put(out, text + i, n);
        column += n + 1;
        i += n + 1;
    }
    fputc('\n', out);
}

/* Paragraphs, an empty line between; those whose lines begin with a space are kept as they are. */
static void paragraphs(FILE *out, const char *text)
{
    for (int first = 1; *text; first = 0) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        if (text[0] == ' ') {
            fputs(".Bd -literal -offset indent\n", out);
            for (size_t i = 0; i < n;) {
                size_t m = strcspn(text + i, "\n");
                put(out, text + i + 1, m - 1);
                fputc('\n', out);
                i += m + 1;
            }
            fputs(".Ed\n", out);
        } else {
            fputs(first ? "" : ".Pp\n", out);
            fill(out, text, n);
        }
        text += n + (end ? 2 : 0);
    }
}

static void literal(FILE *out, const char *text)
{
    fputs(".Bd -literal\n", out);
    for (const char *line = text; *line;) {
        size_t n = line_length(line);
        put(out, line, n);
        fputc('\n', out);
        line += n + (line[n] == '\n');
    }
    fputs(".Ed\n", out);
}

static void title(FILE *out, const char *name)
{
    char upper[64];
    size_t n = 0;
    for (; name[n] && n + 1 < sizeof upper; n++)
        upper[n] = (char)(name[n] >= 'a' && name[n] <= 'z' ? name[n] - 'a' + 'A' : name[n]);
    upper[n] = '\0';
    fprintf(out,
            ".\\\" SPDX-License-Identifier: BSD-3-Clause\n.\\\" Made by `mxcts --man`; change the verb's table.\n"
            ".Dd %s\n.Dt %s 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd ",
            PAGE_DATE, upper, name);
}

static void options(FILE *out, const tool_option *o)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (; o && o->id; o++) {
        fputs(".It ", out);
        if (o->letter)
            fprintf(out, "Fl %c , ", o->letter);
        fprintf(out, "Fl \\-%s", o->name);
        if (o->arg)
            fprintf(out, " Ns = Ns Ar %s", o->arg);
        fprintf(out, "\n");
        fill(out, o->help, strlen(o->help));
    }
    fputs(".It Fl h , Fl \\-help\nshow a summary and an example\n.El\n", out);
}

static void exit_status(FILE *out)
{
    fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds\n"
          ".It 0\nconforms, or done\n.It 1\ndoes not conform, or differs\n"
          ".It 2\nwrong usage, or a file named that is not there or is malformed\n"
          ".It 77\nnothing to test here\n.It 99\nharness error, or an incomplete run\n.El\n",
          out);
}

static void verb_page(FILE *out, const tool_verb *verb)
{
    char name[64];
    snprintf(name, sizeof name, "mxcts-%s", verb->name);
    title(out, name);
    put(out, verb->summary, strlen(verb->summary));
    fputs("\n.Sh SYNOPSIS\n", out);
    for (const char *line = verb->args; *line;) {
        size_t n = line_length(line);
        fprintf(out, ".Nm mxcts %s\n", verb->name);
        put(out, line, n);
        fputc('\n', out);
        line += n + (line[n] == '\n');
        fputs(*line ? ".br\n" : "", out);
    }
    fputs(".Sh DESCRIPTION\n", out);
    paragraphs(out, verb->text);
    fputs(".Sh OPTIONS\n", out);
    options(out, verb->options);
    exit_status(out);
    if (verb->example) {
        fputs(".Sh EXAMPLES\n", out);
        literal(out, verb->example);
    }
    fputs(".Sh SEE ALSO\n.Xr mxcts 1\n", out);
}

/* Section ".Xr" list of the verbs, in alphabetical order as mdoc wants it. */
static void see_also(FILE *out)
{
    const tool_verb *last = NULL;
    fputs(".Sh SEE ALSO\n", out);
    for (;;) {
        const tool_verb *next = NULL;
        for (size_t i = 0; tool_verbs[i]; i++)
            if ((!last || strcmp(tool_verbs[i]->name, last->name) > 0) &&
                (!next || strcmp(tool_verbs[i]->name, next->name) < 0))
                next = tool_verbs[i];
        if (!next)
            break;
        fprintf(out, "%s.Xr mxcts-%s 1", last ? " ,\n" : "", next->name);
        last = next;
    }
    fputc('\n', out);
}

static void main_page(FILE *out)
{
    title(out, "mxcts");
    fprintf(out, "%s\n.Sh SYNOPSIS\n.Nm\n.Ar verb\n.Op Ar option ...\n.Op Ar argument ...\n", tool_summary());
    fputs(".Nm\n.Fl \\-help | Fl \\-version\n.Sh DESCRIPTION\n", out);
    paragraphs(out, "mxcts is to the OCP Microscaling (MX) formats what TestFloat and SoftFloat are to IEEE 754: an\n"
                    "exact reference, golden vectors, a conformance suite for implementations in C, in a shared\n"
                    "object or behind a pipe, and tools that say why a byte differs.");
    fputs(".Pp\nThe verbs are:\n.Bl -tag -width Ds\n", out);
    for (size_t i = 0; tool_verbs[i]; i++) {
        fprintf(out, ".It Ic %s\n", tool_verbs[i]->name);
        put(out, tool_verbs[i]->summary, strlen(tool_verbs[i]->summary));
        fputc('\n', out);
    }
    fputs(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev MXCTS_DATADIR\n"
          "folder that holds the vectors and profiles, instead of the installed ones\n"
          ".It Ev NO_COLOR\nwhen not empty, no colour on a terminal\n"
          ".It Ev OMP_NUM_THREADS\nhow many threads, where no option says so\n.El\n"
          ".Sh FILES\nBelow the prefix:\n.Bl -tag -width Ds\n"
          ".It Pa share/doc/mxcts/manual.md\nwords, axes, file formats and interfaces\n"
          ".It Pa share/mxcts/run.schema.json\nthe JSON of a run; junit.xsd: its JUnit XML\n"
          ".It Pa share/mxcts/verbs.schema.json\nthat of the other verbs\n.El\n",
          out);
    exit_status(out);
    see_also(out);
    fputs(".Sh STANDARDS\n.Rs\n.%T OCP Microscaling Formats (MX) Specification, version 1.0\n.Re\n"
          ".Pp\n.Rs\n.%T OCP 8-bit Floating Point Specification (OFP8), revision 1.0\n.Re\n",
          out);
}

void tool_man(FILE *out, const tool_verb *verb)
{
    if (verb)
        verb_page(out, verb);
    else
        main_page(out);
}
