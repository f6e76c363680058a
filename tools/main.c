/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The mxcts command: finds the verb and hands over.
 */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gmp.h>

#include <mx/names.h>
#include <mx/vectors.h>

#include "conformance/adapters/child.h"
#include "tools/tool.h"

/* In the order of --help: the jobs people come for first. */
const tool_verb *const tool_verbs[] = {
    // clang-format off
    &tool_verb_run,
    &tool_verb_gen,
    &tool_verb_verify,
    &tool_verb_report,
    &tool_verb_statement,
    &tool_verb_verify_statement,
    &tool_verb_sweep,
    &tool_verb_clauses,
    &tool_verb_diff,
    &tool_verb_explain,
    &tool_verb_bisect,
    &tool_verb_infer,
    &tool_verb_list,
    &tool_verb_info,
    &tool_verb_subject,
    &tool_verb_mutate,
    &tool_verb_bench,
    &tool_verb_coverage,
    // clang-format on
    NULL,
};

const char *tool_summary(void)
{
    return "numerical reference and conformance tests for OCP Microscaling (MX) formats";
}

static void help(FILE *out)
{
    fprintf(out, "Usage: mxcts VERB [OPTION...] [ARGUMENT...]\n");
    fprintf(out, "%s: %s\n\nVerbs:\n", PACKAGE_NAME, tool_summary());
    for (size_t i = 0; tool_verbs[i]; i++)
        fprintf(out, "  %-16s %s\n", tool_verbs[i]->name, tool_verbs[i]->summary);
    fprintf(out, "\nOptions:\n"
                 "  --help     show this text; `mxcts VERB --help` that of a verb, with an example\n"
                 "  --version  show the version\n"
                 "\nExit status: 0 conforms, 1 does not, 2 usage, 77 nothing to test here, 99 harness error.\n");
}

static void version(FILE *out)
{
    fprintf(out, "%s\nLicence: BSD-3-Clause. There is no warranty.\n", PACKAGE_STRING);
}

/* The verb, or NULL with the line printed. */
static const tool_verb *find(const char *name)
{
    mx_nearest nearest = {name, strlen(name), NULL, 0};
    char hint[MX_WHY];
    for (size_t i = 0; tool_verbs[i]; i++) {
        if (strcmp(tool_verbs[i]->name, name) == 0)
            return tool_verbs[i];
        mx_nearest_try(&nearest, tool_verbs[i]->name);
    }
    tool_usage("no verb '%s'%s", name, mx_nearest_hint(&nearest, hint));
    return NULL;
}

/* `mxcts --man [VERB]` prints the manual page that doc/ holds, so that the two cannot differ unnoticed. */
static int man(const char *name)
{
    const tool_verb *verb = name ? find(name) : NULL;
    if (name && !verb)
        return TOOL_USAGE;
    tool_man(stdout, verb);
    return tool_finish(TOOL_OK);
}

static int option(int argc, char **argv)
{
    if (strcmp(argv[1], "--man") == 0 && argc <= 3)
        return man(argv[2]);
    if (argc > 2)
        return tool_usage("'%s' after %s: nothing was wanted", argv[2], argv[1]);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        help(stdout);
    else if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
        version(stdout);
    else
        return tool_usage("no option '%s'", argv[1]);
    return tool_finish(TOOL_OK);
}

/* `mxcts help [VERB]` */
static int help_verb(int n, char **name)
{
    const tool_verb *verb = n == 1 ? find(name[0]) : NULL;
    if (n > 1)
        return tool_usage("'%s' after help %s: nothing was wanted", name[1], name[0]);
    if (n == 1 && !verb)
        return TOOL_USAGE;
    if (verb)
        tool_help(stdout, verb);
    else
        help(stdout);
    return tool_finish(TOOL_OK);
}

/* A subject is in a process group of its own: what ends us must not leave it behind, nor files half written. */
static void take_along(void)
{
    mxc_children_kill();
    mxv_save_abandon();
}

static void on_signal(int number)
{
    take_along();
    raise(number); /* SA_RESETHAND: with the default action */
}

/* The process that runs a verb, until it returns: not the child in which a subject is loaded. */
static pid_t in_verb;

/* A verb returns. When a library ends the process instead (libgomp, without room for its threads), its status is no
 * verdict. */
static void on_exit_in_verb(void)
{
    if (getpid() != in_verb)
        return;
    take_along();
    _exit(TOOL_ERROR);
}

/* GMP, and MPFR through it, have no way to report that memory ran out, and abort. */
static void *or_leave(void *memory)
{
    if (memory)
        return memory;
    tool_error("out of memory");
    if (getpid() == in_verb)
        take_along();
    _exit(TOOL_ERROR);
}

static void *gmp_new(size_t size)
{
    return or_leave(malloc(size));
}

static void *gmp_resize(void *memory, size_t before, size_t size)
{
    (void)before;
    return or_leave(realloc(memory, size));
}

static void leave_nothing_behind(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU};
    struct sigaction now = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND | SA_NODEFER}, before;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(ends[i], &now, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file beyond the limit (ulimit -f) is a write that fails, and says so */
}

/* A standard stream that is closed stays one that fails, and its number goes to no file that is opened. */
static void keep_stream_numbers(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY); /* the lowest number free is fd */
}

int main(int argc, char **argv)
{
    keep_stream_numbers();
    leave_nothing_behind();
    if (argc < 2)
        return tool_usage("a verb is wanted, such as run, gen or explain");
    if (argv[1][0] == '-')
        return option(argc, argv);
    if (strcmp(argv[1], "help") == 0)
        return help_verb(argc - 2, argv + 2);
    const tool_verb *verb = find(argv[1]);
    if (!verb)
        return TOOL_USAGE;
    tool_current(verb);
    atexit(on_exit_in_verb);
    mp_set_memory_functions(gmp_new, gmp_resize, NULL);
    in_verb = getpid();
    const int status = verb->run(argc - 1, argv + 1);
    in_verb = 0;
    return status;
}
