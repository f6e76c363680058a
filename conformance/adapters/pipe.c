/* SPDX-License-Identifier: BSD-3-Clause
 *
 * pipe:COMMAND, the suite's side of mxp/1. Expected values are never sent; cases go out in an order, and under numbers,
 * drawn from the nonce; requests are windowed, so that a subject may answer one by one or in runs.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/adapters/child.h"
#include "conformance/adapters/mxp.h"
#include "conformance/batch.h"
#include "conformance/error.h"

/* WINDOW: requests under way. OUT_ROOM: bytes written ahead. */
enum { WINDOW = 256, OUT_ROOM = 1 << 16, LINE_MIN = 512 };

typedef struct pipe_state {
    mxc_child child;
    char *command; /* owned; for the child */
    unsigned timeout_ms;
    uint64_t nonce;
    mxp_lines lines;
    size_t line_limit; /* longest line wanted at the moment */
    uint64_t ops;      /* numbers given to ops */
    mx_batch accepted; /* shape of the last op accepted */
    uint32_t given;    /* case numbers drawn before the batch at hand */
} pipe_state;

/* ---- case numbers: a permutation of the 32-bit numbers, keyed by the nonce ---- */

static uint64_t mix(uint64_t x)
{
    /* The finaliser of splitmix64 (Steele, Lea, Flood 2014). */
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint32_t half_round(uint64_t nonce, unsigned round, uint32_t half)
{
    return (uint32_t)mix(nonce ^ ((uint64_t)round << 32 | half)) & 0xffff;
}

/* Four Feistel rounds on two halves of 16 bits: a bijection whatever the round function is. */
static uint32_t id_of(uint64_t nonce, uint32_t number)
{
    uint32_t left = number >> 16, right = number & 0xffff;
    for (unsigned round = 0; round < 4; round++) {
        uint32_t next = left ^ half_round(nonce, round, right);
        left = right;
        right = next;
    }
    return left << 16 | right;
}

static uint32_t number_of(uint64_t nonce, uint32_t id)
{
    uint32_t left = id >> 16, right = id & 0xffff;
    for (unsigned round = 4; round-- > 0;) {
        uint32_t before = right ^ half_round(nonce, round, left);
        right = left;
        left = before;
    }
    return left << 16 | right;
}

/* order[0..n-1] becomes a permutation. */
static void shuffle(size_t *order, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        seed = mix(seed);
        size_t j = (size_t)(seed % i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* ---- lines in and out ---- */

static mx_status gone(pipe_state *p, const char *when, char why[MXC_LINE])
{
    char end[MXC_NAME] = "closed its output";
    if (mxc_child_ended(&p->child, 500))
        mxc_exit_text(end, sizeof end, p->child.status);
    mxc_say_gone(why, MXC_LINE, end, when, &p->child.tail);
    return MX_EPROTOCOL;
}

/* Read what is there. MX_OK, MX_END at the end of output, MX_EPROTOCOL when a line is too long. */
static mx_status take_in(pipe_state *p, char why[MXC_LINE])
{
    size_t room;
    char *to = mxp_lines_room(&p->lines, p->line_limit, &room);
    if (!to) {
        mxc_say(why, MXC_LINE, "output line %lu: wanted at most %zu characters, found more without an end",
                p->lines.line + 1, p->line_limit);
        return MX_EPROTOCOL;
    }
    ssize_t n = mxc_child_read(&p->child, to, room);
    p->lines.end += n > 0 ? (size_t)n : 0;
    return n == 0 ? MX_END : MX_OK;
}

/* Send `text` and wait for one line. */
static mx_status exchange(pipe_state *p, const char *text, size_t length, const char *for_what, const char **line,
                          size_t *got, char why[MXC_LINE])
{
    uint64_t deadline = mxc_clock_ms() + p->timeout_ms;
    char when[MXC_LINE];
    mxc_say(when, sizeof when, "while its %s was waited for", for_what);
    p->line_limit = LINE_MIN + 64 * MXC_OFFERS;
    while (!mxp_lines_take(&p->lines, line, got)) {
        uint64_t now = mxc_clock_ms();
        if (now >= deadline) {
            mxc_say(why, MXC_LINE, "no %s within %u ms (does it flush its output after every line?)", for_what,
                    p->timeout_ms);
            return MX_ETIMEOUT;
        }
        if (length) {
            ssize_t n = mxc_child_write(&p->child, text, length);
            if (n > 0) {
                text += n;
                length -= (size_t)n;
            } else if (n < 0) {
                length = 0; /* it reads no more; what it has written still counts */
            }
        }
        if (mxc_child_wait(&p->child, length != 0, (unsigned)(deadline - now))) {
            mx_status status = take_in(p, why);
            if (status == MX_END)
                return gone(p, when, why);
            if (status != MX_OK)
                return status;
        }
    }
    return MX_OK;
}

/* ---- a batch of cases ---- */

typedef struct asking {
    pipe_state *p;
    const mx_batch *batch;
    uint8_t *answer;
    size_t *order;         /* case number given + i stands for case order[i] */
    size_t asked, settled; /* cases written into `out`, cases answered or refused */
    char *out;
    size_t out_start, out_end, out_room;
    uint64_t deadline;
    char refusal[MXC_LINE]; /* reason of the first one */
} asking;

static void write_requests(asking *a)
{
    pipe_state *p = a->p;
    size_t line = mxv_inputs_text(a->batch) + 64;
    if (a->out_start == a->out_end)
        a->out_start = a->out_end = 0;
    while (a->asked < a->batch->count && a->asked - a->settled < WINDOW && a->out_room - a->out_end >= line) {
        int n = snprintf(a->out + a->out_end, 64, "c %llu %lu ", (unsigned long long)p->ops,
                         (unsigned long)id_of(p->nonce, p->given + (uint32_t)a->asked));
        a->out_end += (size_t)n;
        a->out_end += mxv_format_inputs(a->batch, a->order[a->asked++], a->out + a->out_end);
        a->out[a->out_end++] = '\n';
    }
    if (a->out_start < a->out_end) {
        ssize_t n = mxc_child_write(&p->child, a->out + a->out_start, a->out_end - a->out_start);
        a->out_start += n > 0 ? (size_t)n : 0;
        if (n < 0)
            a->out_start = a->out_end; /* it reads no more; the end of its output will tell */
    }
}

static mx_status bad_line(asking *a, const char *line, size_t length, const char *wanted, char why[MXC_LINE])
{
    char quoted[MXP_QUOTE];
    mxc_say(why, MXC_LINE, "output line %lu: wanted %s, found %s", a->p->lines.line, wanted,
            mxp_quote(quoted, line, length));
    return MX_EPROTOCOL;
}

/* The case that an id stands for. */
static mx_status find_case(asking *a, uint64_t id, size_t *index, char why[MXC_LINE])
{
    pipe_state *p = a->p;
    uint32_t number = id <= UINT32_MAX ? number_of(p->nonce, (uint32_t)id) : UINT32_MAX;
    const char *fault = NULL;
    if (id > UINT32_MAX || (number >= p->given && number - p->given >= a->asked))
        fault = "which was not asked";
    else if (number < p->given || a->answer[a->order[number - p->given]] != MXC_MISSING)
        fault = "which it had answered before";
    if (fault) {
        mxc_say(why, MXC_LINE, "output line %lu: answers case %llu, %s", p->lines.line, (unsigned long long)id, fault);
        return MX_EPROTOCOL;
    }
    *index = a->order[number - p->given];
    return MX_OK;
}

static mx_status settle(asking *a, const char *line, size_t length, char why[MXC_LINE])
{
    static const char wanted[] = "'r CASE COLUMNS' or 'u CASE REASON'";
    mxp_words words = {line, line + length};
    const char *word;
    size_t n, index = 0;
    uint64_t id;
    if (mxp_word(&words, &word, &n) != 1 || n != 1 || (word[0] != 'r' && word[0] != 'u') || !mxp_number(&words, &id))
        return bad_line(a, line, length, wanted, why);
    mx_status status = find_case(a, id, &index, why);
    if (status != MX_OK)
        return status;
    size_t left = (size_t)(words.end - words.at);
    mxv_error error = {0};
    if (word[0] == 'u' && !*a->refusal)
        mxc_say(a->refusal, sizeof a->refusal, "refused: %.*s", (int)(left < 160 ? left : 160), words.at);
    if (word[0] == 'r' && mxv_parse_outputs(a->batch, NULL, index, words.at, left, &error) != MX_OK) {
        mxc_say(why, MXC_LINE, "output line %lu, case %llu: %s", a->p->lines.line, (unsigned long long)id, error.text);
        return MX_EPROTOCOL;
    }
    a->answer[index] = word[0] == 'r' ? MXC_ANSWERED : MXC_REFUSED;
    a->settled++;
    a->deadline = mxc_clock_ms() + a->p->timeout_ms;
    return MX_OK;
}

static mx_status settle_lines(asking *a, char why[MXC_LINE])
{
    const char *line;
    size_t length;
    while (mxp_lines_take(&a->p->lines, &line, &length)) {
        mx_status status = settle(a, line, length, why);
        if (status != MX_OK)
            return status;
    }
    return MX_OK;
}

static mx_status ask_all(asking *a, char why[MXC_LINE])
{
    pipe_state *p = a->p;
    char when[MXC_LINE];
    a->deadline = mxc_clock_ms() + p->timeout_ms;
    while (a->settled < a->batch->count) {
        write_requests(a);
        uint64_t now = mxc_clock_ms();
        if (now >= a->deadline) {
            mxc_say(why, MXC_LINE,
                    "no answer within %u ms, %zu of %zu cases under way (does it flush its output after every line?)",
                    p->timeout_ms, a->asked - a->settled, a->batch->count);
            return MX_ETIMEOUT;
        }
        if (!mxc_child_wait(&p->child, a->out_start < a->out_end, (unsigned)(a->deadline - now)))
            continue;
        mx_status status = take_in(p, why), lines = MX_OK;
        if (status != MX_EPROTOCOL)
            lines = settle_lines(a, why);
        if (lines != MX_OK || status == MX_EPROTOCOL)
            return MX_EPROTOCOL;
        if (status == MX_END && a->settled < a->batch->count) {
            mxc_say(when, sizeof when, "after %zu of %zu answers", a->settled, a->batch->count);
            return gone(p, when, why);
        }
    }
    return MX_OK;
}

/* ---- the ops of a subject ---- */

static mx_status pipe_offer(void *state, const mx_batch *shape, char why[MXC_LINE])
{
    pipe_state *p = state;
    char text[MXP_OP_TEXT + 1], quoted[MXP_QUOTE];
    const char *line = NULL, *word = "";
    size_t length = 0, n = 0;
    uint64_t number = 0;
    size_t text_length = mxp_format_op(++p->ops, shape, text);
    if (!text_length) {
        mxc_say(why, MXC_LINE, "the shape cannot be written as text");
        return MX_EINVAL;
    }
    text[text_length++] = '\n';
    mx_status status = exchange(p, text, text_length, "answer to an op line", &line, &length, why);
    if (status != MX_OK)
        return status;
    mxp_words words = {line, line + length};
    int is_ok = mxp_word(&words, &word, &n) == 1 && n == 2 && memcmp(word, "ok", 2) == 0;
    int is_no = !is_ok && n == 2 && memcmp(word, "no", 2) == 0;
    if ((!is_ok && !is_no) || !mxp_number(&words, &number) || number != p->ops ||
        (is_ok ? words.at != words.end : words.at == words.end)) {
        mxc_say(why, MXC_LINE, "output line %lu: wanted 'ok %llu' or 'no %llu REASON', found %s", p->lines.line,
                (unsigned long long)p->ops, (unsigned long long)p->ops, mxp_quote(quoted, line, length));
        return MX_EPROTOCOL;
    }
    if (is_no) {
        size_t left = (size_t)(words.end - words.at);
        mxc_say(why, MXC_LINE, "%.*s", (int)(left < 200 ? left : 200), words.at);
        return MX_EUNSUPPORTED;
    }
    p->accepted = *shape;
    return MX_OK;
}

static int same_shape(const mx_batch *a, const mx_batch *b)
{
    return a->op == b->op && a->elem == b->elem && a->type == b->type && a->k == b->k && a->layout == b->layout &&
           a->rows == b->rows && a->cols == b->cols && memcmp(&a->profile, &b->profile, sizeof a->profile) == 0;
}

static mx_status pipe_run(void *state, const mx_batch *batch, uint8_t *answer, char why[MXC_LINE])
{
    pipe_state *p = state;
    mx_status status = MX_OK;
    if (!same_shape(&p->accepted, batch))
        status = pipe_offer(p, batch, why);
    if (status == MX_EUNSUPPORTED) {
        memset(answer, MXC_REFUSED, batch->count);
        return MX_OK;
    }
    if (status != MX_OK || !batch->count)
        return status;
    asking a = {.p = p, .batch = batch, .answer = answer};
    a.out_room = OUT_ROOM + mxv_inputs_text(batch) + 64;
    a.out = malloc(a.out_room);
    a.order = malloc(batch->count * sizeof *a.order);
    p->line_limit = mxv_outputs_text(batch) + LINE_MIN;
    if (!a.out || !a.order || batch->count > UINT32_MAX - p->given) {
        status = MX_ENOMEM;
        mxc_say(why, MXC_LINE, "out of memory");
    } else {
        shuffle(a.order, batch->count, p->nonce ^ p->given);
        status = ask_all(&a, why);
        p->given += (uint32_t)a.asked;
    }
    if (status == MX_OK)
        mxc_say(why, MXC_LINE, "%s", a.refusal);
    free(a.out);
    free(a.order);
    return status;
}

static mx_status read_counts(pipe_state *p, const char *line, size_t length, mxc_counts *counts, char why[MXC_LINE])
{
    char quoted[MXP_QUOTE];
    mxp_words words = {line, line + length};
    mxc_counts told = {0};
    if (mxp_expect(&words, "bye") && mxp_count(&words, "seen", &told.seen) &&
        mxp_count(&words, "answered", &told.answered) && mxp_count(&words, "refused", &told.refused) &&
        words.at == words.end) {
        *counts = told;
        return MX_OK;
    }
    mxc_say(why, MXC_LINE, "output line %lu: wanted 'bye seen=N answered=N refused=N', found %s", p->lines.line,
            mxp_quote(quoted, line, length));
    return MX_EPROTOCOL;
}

/* After bye: no more output, and an exit with status 0. */
static mx_status see_out(pipe_state *p, char why[MXC_LINE])
{
    uint64_t deadline = mxc_clock_ms() + p->timeout_ms, now;
    close(p->child.to);
    p->child.to = -1;
    while ((now = mxc_clock_ms()) < deadline && p->child.from >= 0 && p->lines.start == p->lines.end)
        if (mxc_child_wait(&p->child, 0, (unsigned)(deadline - now)) && take_in(p, why) == MX_EPROTOCOL)
            return MX_EPROTOCOL;
    if (p->lines.start < p->lines.end) {
        char quoted[MXP_QUOTE];
        size_t length = p->lines.end - p->lines.start;
        const char *newline = memchr(p->lines.data + p->lines.start, '\n', length);
        if (newline)
            length = (size_t)(newline - p->lines.data) - p->lines.start;
        mxc_say(why, MXC_LINE, "wanted no output after bye, found %s",
                mxp_quote(quoted, p->lines.data + p->lines.start, length));
        return MX_EPROTOCOL;
    }
    now = mxc_clock_ms();
    if (!mxc_child_ended(&p->child, now < deadline ? (unsigned)(deadline - now) : 0)) {
        mxc_say(why, MXC_LINE, "it did not end within %u ms after bye", p->timeout_ms);
        return MX_ETIMEOUT;
    }
    if (p->child.status == 0)
        return MX_OK;
    char end[MXC_NAME];
    mxc_exit_text(end, sizeof end, p->child.status);
    mxc_say_gone(why, MXC_LINE, end, "after bye", &p->child.tail);
    return MX_EPROTOCOL;
}

static mx_status pipe_close(void *state, mxc_counts *counts, char why[MXC_LINE])
{
    pipe_state *p = state;
    const char *line = NULL;
    size_t length = 0;
    mx_status status = exchange(p, "bye\n", 4, "answer to bye", &line, &length, why);
    if (status == MX_OK)
        status = read_counts(p, line, length, counts, why);
    return status == MX_OK ? see_out(p, why) : status;
}

static mx_status pipe_describe(void *state, mxc_description *description, char why[MXC_LINE])
{
    pipe_state *p = state;
    char text[64];
    const char *line = NULL;
    size_t length = 0;
    int n = snprintf(text, sizeof text, "mxp 1 nonce=%llx\n", (unsigned long long)p->nonce);
    mx_status status = exchange(p, text, (size_t)n, "greeting", &line, &length, why);
    if (status == MX_OK && length + 1 == (size_t)n && memcmp(line, text, length) == 0) {
        mxc_say(why, MXC_LINE, "greeting: it sends back what it was sent");
        return MX_EPROTOCOL;
    }
    if (status == MX_OK)
        return mxp_parse_greeting(description, line, length, why);
    /* 126 and 127 are the shell's: the command cannot be run, so nothing was judged. 77 is the subject's own word for
     * having nothing to be judged here. */
    int code = status == MX_EPROTOCOL && !p->child.pid && WIFEXITED(p->child.status) ? WEXITSTATUS(p->child.status) : 0;
    if (code != 126 && code != 127 && code != MXC_EXIT_NOTHING)
        return status;
    size_t said = strcspn(p->child.tail.text, "\n");
    mxc_say(why, MXC_LINE, "%s: %.*s", code == MXC_EXIT_NOTHING ? "nothing to test here" : "cannot be run",
            (int)(said < 200 ? said : 200), p->child.tail.text);
    return code == MXC_EXIT_NOTHING ? MX_EUNSUPPORTED : MX_EIO;
}

static void pipe_destroy(void *state)
{
    pipe_state *p = state;
    mxc_child_kill(&p->child);
    free(p->lines.data);
    free(p->command);
    free(p);
}

static void body(void *argument)
{
    execl("/bin/sh", "sh", "-c", (const char *)argument, (char *)NULL);
}

mx_status mxc_pipe_open(mxc_opened *opened, const char *command, const mxc_subject_options *options, mxv_error *error)
{
    static const mxc_subject_ops ops = {pipe_describe, pipe_offer, pipe_run, pipe_close, pipe_destroy, WINDOW};
    if (!command[strspn(command, " \t\n")])
        return mxc_fail(error, MX_EINVAL, "a command is wanted, such as pipe:./subject.py");
    pipe_state *p = calloc(1, sizeof *p);
    if (p)
        p->command = strdup(command);
    if (!p || !p->command) {
        free(p);
        return mxc_no_memory(error);
    }
    p->timeout_ms = options->timeout_ms;
    p->nonce = options->nonce ? options->nonce : mix(mxc_clock_ms() ^ (uint64_t)getpid() << 32);
    mx_status status = mxc_child_start(&p->child, body, p->command, 0, error);
    if (status != MX_OK) {
        pipe_destroy(p);
        return status;
    }
    *opened = (mxc_opened){&ops, p, &p->child.tail};
    return MX_OK;
}
