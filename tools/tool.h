/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the verbs of the mxcts command share: the option table that --help, the manual page and the parser are made
 * from, error lines, colour, progress and JSON output. Where the data lies is mxc_data_path's business. Only files of
 * tools/ include this.
 *
 * A verb is one file, tools/cmd_NAME.c, that defines one `const tool_verb tool_verb_NAME`; the table in tools/main.c
 * lists it and the end of this header declares it.
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <mx/conformance.h>

/* Exit status, of every verb. */
enum {
    TOOL_OK = 0,    /* conforms, or done */
    TOOL_FAIL = 1,  /* does not conform, or differs */
    TOOL_USAGE = 2, /* the command line or a file it names is wrong */
    TOOL_SKIP = 77, /* nothing to test here */
    TOOL_ERROR = 99 /* the harness failed, or the run is incomplete */
};

/* An option. `id` is what tool_next returns for it: any number from 1 to 999. A row of zeros ends the table. */
typedef struct tool_option {
    int id;
    char letter;      /* short form, or 0 */
    const char *name; /* long form, without dashes */
    const char *arg;  /* what its argument is called ("FILE", "text|json"), or NULL when it takes none */
    const char *help; /* one line, lower case, no full stop */
} tool_option;

typedef struct tool_verb {
    const char *name;
    const char *summary; /* one line, lower case, no full stop */
    const char *args;    /* "[OPTION...] CASE-ID", one alternative a line */
    const char *text;    /* paragraphs, an empty line between; a line that begins with a space is kept as it is */
    const tool_option *options;
    const char *example; /* "$ mxcts ..." lines, each followed by its real output ("..." alone: lines left out) */
    int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
} tool_verb;

/* ---- the command line ---- */

/* State of one pass over a command line; begin with TOOL_ARGS(verb, argc, argv). */
typedef struct tool_args {
    const tool_verb *verb;
    int argc;
    char **argv;
    const char *value; /* argument of the option just returned */
    int at;            /* private */
} tool_args;

#define TOOL_ARGS(verb_, argc_, argv_) ((tool_args){.verb = (verb_), .argc = (argc_), .argv = (argv_)})

/* The id of the next option, 0 after the last, -1 after a bad one (the line is printed: return TOOL_USAGE).
 * --help prints the verb's help and exits. */
int tool_next(tool_args *args);

/* Operands left, and the i-th of them; valid after tool_next has returned 0. */
int tool_operands(const tool_args *args);
char *tool_operand(const tool_args *args, int i);
char **tool_operand_list(const tool_args *args); /* all of them */

/* Index of `args->value` in `words` ("text|json"), or -1 with the line printed. */
int tool_choice(const tool_args *args, const char *words);

/* each(args with the value of one item, state) for the items of `args->value` between commas. TOOL_OK, the first other
 * result, or TOOL_USAGE with the line printed when an item is empty. */
int tool_each(const tool_args *args, int (*each)(const tool_args *one, void *state), void *state);

/* `args->value` into *to, NULL before: a second one would be passed over in silence. TOOL_OK, or TOOL_USAGE with the
 * line printed. */
int tool_once(const char **to, const tool_args *args);

/* A decimal number in [low, high] from `args->value`; 0, or -1 with the line printed. */
int tool_number(const tool_args *args, uint64_t low, uint64_t high, uint64_t *number);

/* What a word names, or 0 with the line printed: the name that was meant, if one is near, else all there are. */
mx_op tool_op(const char *text);
mx_elem tool_elem(const char *text);
mx_type tool_type(const char *text);
mx_layout tool_layout(const char *text);
/* "elem=E", "type=T", "k=K", "layout=L", "rows=R", "cols=C" or "AXIS=VALUE" into the shape of shape->op. 0 taken, 1 no
 * word with a =, -1 bad with the line printed. */
int tool_shape_word(mx_batch *shape, const char *word);
/* each(profile i, i, state) for the profiles there are, in order of their names. TOOL_OK, TOOL_USAGE when one cannot be
 * read, TOOL_ERROR when there are none; the line is printed. */
int tool_profiles(void (*each)(const mxc_profile *profile, size_t i, void *state), void *state);
/* The clause, or NULL with the line printed. */
const mxc_clause *tool_clause(const mxc_clauses *clauses, const char *id);

/* ---- saying things ---- */

/* From here on no error lines: another process of the same job says them. */
void tool_mute(void);
/* "mxcts VERB: ...", one line on stderr. tool_usage adds where help is and returns TOOL_USAGE. */
void tool_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int tool_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Escape sequence for `style` when `out` is a terminal that takes colour (NO_COLOR unset), else "". */
typedef enum tool_style { TOOL_PLAIN = 1, TOOL_BOLD, TOOL_DIM, TOOL_RED, TOOL_GREEN, TOOL_YELLOW } tool_style;
const char *tool_colour(FILE *out, tool_style style);

/* One JSON document and a newline on stdout; steals the reference. Returns TOOL_OK or TOOL_ERROR (line printed). */
int tool_json(json_t *document);

/* Flush stdout; TOOL_OK, or TOOL_ERROR with the line printed when writing failed. End a verb with
 * `return tool_finish(status);`. */
int tool_finish(int status);

/* A line on stderr that counts, from the second second on and on a terminal only. */
typedef struct tool_progress {
    const char *what;
    uint64_t total; /* 0: unknown */
    double begun, shown;
} tool_progress;

void tool_progress_begin(tool_progress *progress, const char *what, uint64_t total);
void tool_progress_at(tool_progress *progress, uint64_t done);
void tool_progress_step(void *progress, size_t done); /* the same, for those who call back */
void tool_progress_end(tool_progress *progress);

/* Seconds of a monotonic clock. */
double tool_clock(void);

/* ---- for main.c and man.c ---- */

extern const tool_verb *const tool_verbs[]; /* NULL at the end */
/* a line a verb */
extern const tool_verb tool_verb_bench;
extern const tool_verb tool_verb_bisect;
extern const tool_verb tool_verb_clauses;
extern const tool_verb tool_verb_coverage;
extern const tool_verb tool_verb_diff;
extern const tool_verb tool_verb_explain;
extern const tool_verb tool_verb_gen;
extern const tool_verb tool_verb_infer;
extern const tool_verb tool_verb_info;
extern const tool_verb tool_verb_list;
extern const tool_verb tool_verb_mutate;
extern const tool_verb tool_verb_report;
extern const tool_verb tool_verb_run;
extern const tool_verb tool_verb_statement;
extern const tool_verb tool_verb_subject;
extern const tool_verb tool_verb_sweep;
extern const tool_verb tool_verb_verify;
extern const tool_verb tool_verb_verify_statement;
void tool_help(FILE *out, const tool_verb *verb);
void tool_man(FILE *out, const tool_verb *verb); /* NULL: the page of mxcts itself */
void tool_current(const tool_verb *verb);        /* whose name error lines carry; NULL: mxcts itself */
const char *tool_summary(void);

#endif
