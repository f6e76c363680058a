/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mxcts verify-statement: check a conformance statement.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "tools/run_options.h"
#include "tools/tool.h"

enum { SUBJECT = 1 };

static const tool_option options[] = {
    {SUBJECT, 's', "subject", "SUBJECT", "judge SUBJECT again on what the statement asked for, and compare"},
    {RUN_KNOWN, 0, "known", "FILE", "the known failures that the run was given, for --subject"},
    {RUN_TODAY, 0, "today", "DATE", "the day that known failures expire by, YYYY-MM-DD (default today)"},
    {0, 0, NULL, NULL, NULL},
};

static int run(int argc, char **argv);

const tool_verb tool_verb_verify_statement = {
    .name = "verify-statement",
    .summary = "check a conformance statement",
    .args = "[OPTION...] FILE [RUN.json]",
    .text =
        "Checks that nothing in the statement was changed since it was written (its digest), that its counts are the "
        "sums of its packs, and that its packs are byte for byte those of this installation. With RUN.json, that it "
        "says what this run says. With --subject, judges the subject again on the same packs, clause, tag and profile, "
        "and compares all but the time and what the subject was called by; known failures are given again.\n"
        "\n"
        "The exit status is 0 when everything holds, 1 when something differs (one line says what), 2 when a file is "
        "no statement or of another version.",
    .options = options,
    .example =
        "$ mxcts run --op decode --elem e2m1 --format json=/tmp/run.json | tail -n 1\n"
        "PASS: conforms on all ... judged cases\n"
        "$ mxcts statement /tmp/run.json >/tmp/statement\n"
        "$ mxcts verify-statement /tmp/statement /tmp/run.json\n"
        "digest: as stated\n"
        "counts: the sums of ... packs\n"
        "packs: ... of ... at hand, as stated\n"
        "run: as stated\n"
        "$ sed 's/^verdict .*/verdict     FAIL/' /tmp/statement >/tmp/changed; mxcts verify-statement /tmp/changed\n"
        "mxcts verify-statement: /tmp/changed: its lines have SHA-256 ..., its end says ...: it was changed\n",
    .run = run,
};

/* The exit status for a failed check. */
static int differs(mx_status status, const mxv_error *error)
{
    tool_error("%s", error->text);
    return status == MX_EINVAL ? TOOL_FAIL : status == MX_ENOMEM ? TOOL_ERROR : TOOL_USAGE;
}

static int check_itself(const mxc_statement *s)
{
    mxv_error error = {0};
    size_t packs = 0, checked = 0;
    mx_status status = mxc_statement_check(s, &packs, &error);
    if (status != MX_OK)
        return differs(status, &error);
    printf("digest: as stated\ncounts: the sums of %zu packs\n", packs);
    status = mxc_statement_check_packs(s, &checked, &error);
    if (status != MX_OK)
        return status == MX_EINVAL ? differs(status, &error) : (tool_error("%s", error.text), TOOL_ERROR);
    printf("packs: %zu of %zu at hand, as stated\n", checked, packs);
    return TOOL_OK;
}

static int check_run(const mxc_statement *s, const char *path)
{
    mxv_error error = {0};
    mxc_report *report = NULL;
    const int loaded = report_load(&report, path);
    if (loaded != TOOL_OK)
        return loaded;
    const mx_status status = mxc_statement_compare(s, report, 0, &error);
    mxc_report_free(report);
    if (status != MX_OK)
        return differs(status, &error);
    puts("run: as stated");
    return TOOL_OK;
}

/* ---- judging again ---- */

/* The run's options as the statement has them: through the parser of `mxcts run`, as options and operands. */
static int options_of(run_options *what, const mxc_statement *s, char **word, size_t room)
{
    static const struct {
        const char *line, *key;
        int id;
    } asked[] = {{"asked", "op=", FILTER_OP},      {"asked", "elem=", FILTER_ELEM}, {"asked", "type=", FILTER_TYPE},
                 {"asked", "clause=", RUN_CLAUSE}, {"profile", "", RUN_PROFILE},    {"strict", "yes", RUN_STRICT}};
    int status = TOOL_OK;
    for (size_t i = 0; i < sizeof asked / sizeof *asked && i < room && status == TOOL_OK; i++) {
        word[i] = mxc_statement_word(s, asked[i].line, asked[i].key, 0);
        tool_args args = {.value = word[i]};
        if (word[i] && strncmp(word[i], "none: ", 6) != 0)
            status = run_option(what, &args, asked[i].id);
    }
    return status;
}

static int judge_again(const mxc_statement *s, const char *spec, const run_options *what)
{
    mxv_error error = {0};
    mxc_report *report = NULL;
    int status = run_judge(&report, spec, NULL, what);
    if (status != TOOL_OK)
        return status;
    mx_status same = mxc_statement_compare(s, report, 1, &error);
    mxc_report_free(report);
    if (same != MX_OK)
        return differs(same, &error);
    printf("subject: %s again, as stated\n", spec);
    return TOOL_OK;
}

static void free_words(char **word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(word[i]);
}

/* The packs that were asked for, however many; NULL when out of memory. */
static char **packs_of(const mxc_statement *s, size_t *packs)
{
    char **pack = malloc(sizeof *pack), *next;
    for (*packs = 0; pack && (next = mxc_statement_word(s, "asked", "pack=", *packs)) != NULL; ++*packs) {
        char **more = realloc(pack, (*packs + 2) * sizeof *more);
        if (!more) {
            free(next);
            free_words(pack, *packs);
            free(pack);
            return NULL;
        }
        pack = more;
        pack[*packs] = next;
    }
    return pack;
}

static int check_subject(const mxc_statement *s, const char *spec, const run_options *given)
{
    run_options what = *given;
    size_t packs;
    char *word[8] = {NULL}, *tag = mxc_statement_word(s, "asked", "tag=", 0), **pack = packs_of(s, &packs);
    what.options.select.tag = tag;
    what.options.select.pack = (const char *const *)pack;
    what.options.select.packs = packs;
    int status =
        pack ? options_of(&what, s, word, sizeof word / sizeof *word) : (tool_error("out of memory"), TOOL_ERROR);
    if (status == TOOL_OK)
        status = run_check(&what);
    if (status == TOOL_OK)
        status = judge_again(s, spec, &what);
    run_options_free(&what);
    free_words(word, sizeof word / sizeof *word);
    free_words(pack, pack ? packs : 0);
    free(pack);
    free(tag);
    return status;
}

static int run(int argc, char **argv)
{
    tool_args args = TOOL_ARGS(&tool_verb_verify_statement, argc, argv);
    const char *spec = NULL;
    mxv_error error = {0};
    mxc_statement *s = NULL;
    run_options given = {0};
    for (int id; (id = tool_next(&args)) != 0;) {
        if (id < 0 || (id == SUBJECT ? tool_once(&spec, &args) : run_option(&given, &args, id)) != TOOL_OK)
            return TOOL_USAGE;
    }
    int n = tool_operands(&args);
    if (n < 1 || n > 2)
        return tool_usage("wanted a statement and at most one recorded run, found %d files", n);
    if (!spec && (given.known_path || given.today))
        return tool_usage("--known and --today are for --subject, which is judged again");
    mx_status loaded = mxc_statement_load(&s, tool_operand(&args, 0), &error);
    if (loaded != MX_OK)
        return differs(loaded, &error);
    int status = check_itself(s);
    if (status == TOOL_OK && n == 2)
        status = check_run(s, tool_operand(&args, 1));
    if (status == TOOL_OK && spec)
        status = check_subject(s, spec, &given);
    mxc_statement_free(s);
    return tool_finish(status);
}
