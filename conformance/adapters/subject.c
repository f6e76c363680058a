/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Any subject, through its ops: counting, and remembering misconduct.
 */
#include "config.h"

#include "conformance/adapters/subject.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "conformance/error.h"
#include "conformance/mutants/mutants.h"

struct mxc_subject {
    mxc_opened opened;
    mxc_description description;
    mxc_counts counts; /* the suite's */
    mx_status failed;  /* misconduct, remembered */
    char why[MXC_LINE];
    int said_bye;
    mx_status bye;
};

void mxc_tail_add(mxc_tail *tail, const char *data, size_t length)
{
    if (length > MXC_TAIL) {
        data += length - MXC_TAIL;
        length = MXC_TAIL;
    }
    size_t keep = tail->length + length > MXC_TAIL ? MXC_TAIL - length : tail->length;
    memmove(tail->text, tail->text + tail->length - keep, keep);
    memcpy(tail->text + keep, data, length);
    tail->length = keep + length;
    tail->text[tail->length] = '\0';
}

void mxc_say_gone(char *why, size_t size, const char *end, const char *when, const mxc_tail *tail)
{
    size_t last = tail->length;
    while (last && strchr("\r\n\t ", tail->text[last - 1]))
        last--;
    size_t first = last;
    while (first && tail->text[first - 1] != '\n')
        first--;
    mxc_say(why, size, "the subject %s %s%s%.*s", end, when, last ? ": " : "", (int)(last - first), tail->text + first);
}

void mxc_exit_text(char *text, size_t size, int wait_status)
{
    if (WIFSIGNALED(wait_status))
        mxc_say(text, size, "was killed by signal %d (%s)", WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
    else if (WEXITSTATUS(wait_status) > 128 && WEXITSTATUS(wait_status) < 128 + 32) /* as a shell says it */
        mxc_say(text, size, "exited with status %d (%s)", WEXITSTATUS(wait_status),
                strsignal(WEXITSTATUS(wait_status) - 128));
    else
        mxc_say(text, size, "exited with status %d", WEXITSTATUS(wait_status));
}

uint64_t mxc_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t mxc_clock_ms(void)
{
    return mxc_clock_us() / 1000;
}

static mx_status adopt(mxc_subject **subject, const mxc_opened *opened, mxv_error *error)
{
    char why[MXC_LINE] = "";
    mxc_subject *s = calloc(1, sizeof *s);
    mx_status status = s ? opened->ops->describe(opened->state, &s->description, why) : MX_ENOMEM;
    if (status == MX_OK) {
        s->opened = *opened;
        *subject = s;
        return MX_OK;
    }
    if (opened->ops->destroy)
        opened->ops->destroy(opened->state);
    free(s);
    return mxc_fail(error, status, "%s", *why ? why : mx_status_text(status));
}

mx_status mxc_subject_wrap(mxc_subject **subject, const mxc_subject_ops *ops, void *state, mxv_error *error)
{
    const mxc_opened opened = {ops, state, NULL};
    return adopt(subject, &opened, error);
}

mx_status mxc_subject_open(mxc_subject **subject, const char *spec, const mxc_subject_options *options,
                           mxv_error *error)
{
    mxc_opened opened = {0};
    mxc_subject_options chosen = options ? *options : (mxc_subject_options){0};
    if (!chosen.timeout_ms)
        chosen.timeout_ms = 10000;
    mx_status status;
    if (strncmp(spec, "lib:", 4) == 0)
        status = mxc_lib_open(&opened, spec + 4, &chosen, error);
    else if (strncmp(spec, "pipe:", 5) == 0)
        status = mxc_pipe_open(&opened, spec + 5, &chosen, error);
    else if (strncmp(spec, "mutant:", 7) == 0)
        status = mxc_mutant_open(&opened, spec + 7, error);
    else
        status = mxc_builtin_open(&opened, spec, error);
    return status == MX_OK ? adopt(subject, &opened, error) : status;
}

const mxc_description *mxc_subject_describe(const mxc_subject *subject)
{
    return &subject->description;
}

void mxc_subject_only(mxc_subject *subject, const mxc_filter *filter)
{
    subject->description.only = *filter;
}

static mx_status misconduct(mxc_subject *s, mx_status status, mxv_error *error)
{
    if (!s->failed) {
        s->failed = status;
        if (!*s->why)
            mxc_say(s->why, sizeof s->why, "%s", mx_status_text(status));
    }
    return mxc_fail(error, s->failed, "%s", s->why);
}

const char mxc_not_offered[] = "not among its operations";

mx_status mxc_subject_offer(mxc_subject *subject, const mx_batch *shape, mxv_error *error)
{
    char why[MXC_LINE] = "";
    if (subject->failed)
        return misconduct(subject, subject->failed, error);
    if (!mxc_offers_cover(&subject->description, shape->op, shape->elem, shape->type))
        return mxc_fail(error, MX_EUNSUPPORTED, "%s", mxc_not_offered);
    if (!subject->opened.ops->offer)
        return MX_OK;
    mx_status status = subject->opened.ops->offer(subject->opened.state, shape, why);
    if (status == MX_OK)
        return MX_OK;
    if (status == MX_EUNSUPPORTED)
        return mxc_fail(error, status, "%s", *why ? why : "declined without a reason");
    memcpy(subject->why, why, sizeof why);
    return misconduct(subject, status, error);
}

const mxc_counts *mxc_subject_counts(const mxc_subject *subject)
{
    return &subject->counts;
}

static void count_fates(mxc_counts *counts, const uint8_t *answer, size_t count)
{
    /* by far the usual outcome, seen at the speed of memory */
    if (count != 0 && answer[0] == MXC_ANSWERED && memcmp(answer, answer + 1, count - 1) == 0) {
        counts->answered += count;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        counts->answered += answer[i] == MXC_ANSWERED;
        counts->refused += answer[i] == MXC_REFUSED;
    }
}

mx_status mxc_subject_run(mxc_subject *subject, const mx_batch *batch, uint8_t *answer, mxv_error *error)
{
    memset(answer, MXC_MISSING, batch->count);
    if (subject->failed)
        return misconduct(subject, subject->failed, error);
    char why[MXC_LINE] = "";
    mx_status status = subject->opened.ops->run(subject->opened.state, batch, answer, why);
    subject->counts.seen += batch->count;
    count_fates(&subject->counts, answer, batch->count);
    if (status == MX_OK && *why)
        mxc_fail(error, MX_OK, "%s", why); /* the reason of refusals */
    if (status == MX_OK)
        return MX_OK;
    memcpy(subject->why, why, sizeof why);
    return misconduct(subject, status, error);
}

size_t mxc_subject_window(const mxc_subject *subject)
{
    return subject->opened.ops->window;
}

static mx_status counts_differ(mxc_subject *s, const mxc_counts *told)
{
    mxc_say(s->why, sizeof s->why,
            "counts at bye: wanted seen=%llu answered=%llu refused=%llu, found seen=%llu answered=%llu refused=%llu",
            s->counts.seen, s->counts.answered, s->counts.refused, told->seen, told->answered, told->refused);
    return MX_EPROTOCOL;
}

mx_status mxc_subject_bye(mxc_subject *subject, mxv_error *error)
{
    if (!subject->said_bye && !subject->failed && subject->opened.ops->close) {
        mxc_counts told = subject->counts;
        mx_status status = subject->opened.ops->close(subject->opened.state, &told, subject->why);
        if (status == MX_OK && (told.seen != subject->counts.seen || told.answered != subject->counts.answered ||
                                told.refused != subject->counts.refused))
            status = counts_differ(subject, &told);
        subject->failed = status;
    }
    subject->said_bye = 1;
    return subject->failed ? misconduct(subject, subject->failed, error) : MX_OK;
}

const char *mxc_subject_stderr(mxc_subject *subject)
{
    return subject->opened.tail ? subject->opened.tail->text : "";
}

void mxc_subject_free(mxc_subject *subject)
{
    if (subject && subject->opened.ops->destroy)
        subject->opened.ops->destroy(subject->opened.state);
    free(subject);
}
