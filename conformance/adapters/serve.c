/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The subject's side of mxp/1. Requests that have already arrived are answered as one batch.
 */
#include "config.h"

#include <mx/conformance.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/adapters/mxp.h"
#include "conformance/batch.h"
#include "conformance/error.h"

enum { BATCH_CASES = 1024, BATCH_CELLS = 1 << 20, OPS = 1 << 16, LINE_LIMIT = 1 << 22 };

typedef struct served_op {
    uint64_t number;
    mx_batch shape;
    int accepted;
} served_op;

typedef struct server {
    const mxc_service *service;
    mxc_description description; /* of `ops` and `axes` */
    FILE *in, *out;
    int fd; /* of `in`, or -1 */
    mxp_lines lines;
    served_op *op;
    size_t ops, room;
    /* Cases that wait for their answer. */
    size_t current; /* index of their op */
    mxc_store store;
    size_t capacity, waiting;
    uint64_t *id;
    mxc_counts counts;
    mxv_error *error;
} server;

static mx_status malformed(server *s, const char *why)
{
    mxc_fail(s->error, MX_EPARSE, "request line %lu: %s", s->lines.line, why);
    if (s->error)
        s->error->line = s->lines.line;
    return MX_EPARSE;
}

/* ---- answers ---- */

static mx_status answer_waiting(server *s)
{
    if (!s->waiting)
        return MX_OK;
    char why[MXC_LINE] = "";
    mx_batch batch = mxc_slice(&s->store.batch, 0, s->waiting);
    mx_status status = s->service->run(s->service->state, &batch, why);
    if (status != MX_OK && status != MX_EUNSUPPORTED)
        return mxc_fail(s->error, status, "%s: %s", s->service->name, *why ? why : mx_status_text(status));
    char *text = malloc(mxv_outputs_text(&batch) + 1);
    if (!text)
        return mxc_no_memory(s->error);
    for (size_t i = 0; i < s->waiting; i++) {
        if (status == MX_OK)
            mxv_format_outputs(&batch, NULL, i, text);
        fprintf(s->out, "%c %llu %s\n", status == MX_OK ? 'r' : 'u', (unsigned long long)s->id[i],
                status == MX_OK ? text
                : *why          ? why
                                : "unsupported");
    }
    free(text);
    *(status == MX_OK ? &s->counts.answered : &s->counts.refused) += s->waiting;
    s->waiting = 0;
    return MX_OK;
}

static mx_status flush(server *s)
{
    mx_status status = answer_waiting(s);
    if (status == MX_OK && fflush(s->out) != 0)
        status = mxc_fail(s->error, MX_EIO, "cannot write the answers: %s", strerror(errno));
    return status;
}

/* ---- requests ---- */

static mx_status offer(const server *s, const mx_batch *shape, char *why)
{
    if (!mxc_offers_cover(&s->description, shape->op, shape->elem, shape->type)) {
        mxc_say(why, MXC_LINE, "not among the operations");
        return MX_EUNSUPPORTED;
    }
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned declared = mx_profile_get(&s->description.declared, (mx_axis)a);
        char value[MX_VALUE_TEXT];
        if (declared && declared != mx_profile_get(&shape->profile, (mx_axis)a) &&
            mx_axis_matters((mx_axis)a, shape->op, shape->elem, shape->type, &shape->profile)) {
            mxc_say(why, MXC_LINE, "%s is always %s", mx_axis_name((mx_axis)a),
                    mx_profile_value(&s->description.declared, (mx_axis)a, value));
            return MX_EUNSUPPORTED;
        }
    }
    return s->service->offer ? s->service->offer(s->service->state, shape, why) : MX_OK;
}

static mx_status request_op(server *s, mxp_words words)
{
    uint64_t number;
    char why[MXC_LINE] = "";
    mx_batch shape;
    if (!mxp_number(&words, &number))
        return malformed(s, "wanted op NUMBER OPERATION ...");
    if (mxp_parse_op(&shape, words.at, (size_t)(words.end - words.at), why) != MX_OK)
        return malformed(s, why);
    for (size_t i = 0; i < s->ops; i++)
        if (s->op[i].number == number)
            return malformed(s, "this op number was used before");
    if (s->ops == OPS)
        return malformed(s, "more operations than this side remembers");
    if (s->ops == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        served_op *more = realloc(s->op, room * sizeof *more);
        if (!more)
            return mxc_no_memory(s->error);
        s->op = more;
        s->room = room;
    }
    mx_status status = offer(s, &shape, why);
    if (status != MX_OK && status != MX_EUNSUPPORTED)
        return mxc_fail(s->error, status, "%s: %s", s->service->name, *why ? why : mx_status_text(status));
    s->op[s->ops++] = (served_op){number, shape, status == MX_OK};
    if (status == MX_OK)
        fprintf(s->out, "ok %llu\n", (unsigned long long)number);
    else
        fprintf(s->out, "no %llu %s\n", (unsigned long long)number, *why ? why : "unsupported");
    return MX_OK;
}

/* Room for cases of op `index`. */
static mx_status switch_op(server *s, size_t index)
{
    const mx_batch *shape = &s->op[index].shape;
    mx_status status = answer_waiting(s);
    if (status != MX_OK)
        return status;
    mxc_store_free(&s->store);
    size_t cells = BATCH_CELLS / shape->k;
    s->capacity = cells < 1 ? 1 : cells < BATCH_CASES ? cells : BATCH_CASES;
    s->current = index;
    status = mxc_store_new(&s->store, shape, s->capacity);
    return status == MX_OK ? MX_OK : mxc_fail(s->error, status, "out of memory");
}

static mx_status request_case(server *s, mxp_words words)
{
    uint64_t number, id;
    mxv_error why = {0};
    size_t i = s->ops;
    mx_status status = MX_OK;
    if (!mxp_number(&words, &number) || !mxp_number(&words, &id))
        return malformed(s, "wanted c OP-NUMBER CASE-ID COLUMNS");
    while (i > 0 && s->op[i - 1].number != number)
        i--;
    if (i == 0 || !s->op[i - 1].accepted)
        return malformed(s, "a case of an op that was not accepted");
    if (!s->store.memory || s->current != i - 1)
        status = switch_op(s, i - 1);
    if (status == MX_OK && s->waiting == s->capacity)
        status = answer_waiting(s);
    if (status != MX_OK)
        return status;
    if (mxv_parse_inputs(&s->store.batch, s->waiting, words.at, (size_t)(words.end - words.at), &why) != MX_OK)
        return malformed(s, why.text);
    s->id[s->waiting++] = id;
    s->counts.seen++;
    return MX_OK;
}

static mx_status request_bye(server *s, mxp_words words)
{
    if (words.at != words.end)
        return malformed(s, "wanted bye and nothing after it");
    mx_status status = answer_waiting(s);
    if (status != MX_OK)
        return status;
    fprintf(s->out, "bye seen=%llu answered=%llu refused=%llu\n", s->counts.seen, s->counts.answered,
            s->counts.refused);
    status = flush(s);
    return status == MX_OK ? MX_END : status;
}

static mx_status request(server *s, const char *line, size_t length)
{
    mxp_words words = {line, line + length};
    const char *word = "";
    size_t n = 0;
    int got = mxp_word(&words, &word, &n);
    if (got == 1 && n == 1 && word[0] == 'c')
        return request_case(s, words);
    mx_status status = answer_waiting(s);
    if (status != MX_OK)
        return status;
    if (got == 1 && n == 2 && memcmp(word, "op", 2) == 0)
        return request_op(s, words);
    if (got == 1 && n == 3 && memcmp(word, "bye", 3) == 0)
        return request_bye(s, words);
    return malformed(s, "wanted op, c or bye");
}

/* ---- the conversation ---- */

/* More bytes: 1, 0 at the end of input, -1 on failure. */
static int more(server *s)
{
    size_t room;
    char *to = mxp_lines_room(&s->lines, LINE_LIMIT, &room);
    if (!to) {
        malformed(s, "the next line is too long");
        return -1;
    }
    ssize_t n;
    do
        n = s->fd >= 0 ? read(s->fd, to, room) : (ssize_t)fread(to, 1, room, s->in);
    while (n < 0 && errno == EINTR);
    if (n < 0 || (s->fd < 0 && ferror(s->in))) {
        mxc_fail(s->error, MX_EIO, "cannot read the requests: %s", strerror(errno));
        return -1;
    }
    s->lines.end += (size_t)n;
    return n > 0;
}

static mx_status greet(server *s, const char *line, size_t length)
{
    mxp_words words = {line, line + length};
    const char *word;
    size_t n;
    if (!mxp_expect(&words, "mxp") || !mxp_expect(&words, "1") || mxp_word(&words, &word, &n) != 1 || n <= 6 ||
        memcmp(word, "nonce=", 6) != 0 || words.at != words.end)
        return malformed(s, "wanted mxp 1 nonce=...");
    const char *axes = s->service->axes;
    fprintf(s->out, "mxp 1 name=%s version=%s ops=%s%s%s\n", s->service->name, s->service->version, s->service->ops,
            *axes ? " " : "", axes);
    return MX_OK;
}

static mx_status converse(server *s)
{
    for (int first = 1;;) {
        const char *line;
        size_t length;
        while (mxp_lines_take(&s->lines, &line, &length)) {
            mx_status status = first ? greet(s, line, length) : request(s, line, length);
            if (status != MX_OK)
                return status == MX_END ? MX_OK : status;
            first = 0;
        }
        mx_status status = flush(s);
        if (status != MX_OK)
            return status;
        int got = more(s);
        if (got < 0)
            return s->error && s->error->line ? MX_EPARSE : MX_EIO;
        if (got == 0)
            return mxc_fail(s->error, MX_EPROTOCOL, "the requests ended without bye after line %lu%s", s->lines.line,
                            s->lines.end > s->lines.start ? ", in the middle of a line" : "");
    }
}

mx_status mxc_serve(FILE *in, FILE *out, const mxc_service *service, mxv_error *error)
{
    mxv_error own = {0};
    char why[MX_WHY];
    server s = {.service = service, .in = in, .out = out, .fd = fileno(in), .error = error ? error : &own};
    s.error->line = 0;
    if (mxc_offers_parse(&s.description, service->ops, strlen(service->ops), why) != MX_OK ||
        mx_profile_parse(&s.description.declared, service->axes, strlen(service->axes), why) != MX_OK)
        return mxc_fail(error, MX_EINVAL, "%s: %s", service->name, why);
    s.id = calloc(BATCH_CASES, sizeof *s.id);
    mx_status status = s.id ? converse(&s) : mxc_no_memory(error);
    mxc_store_free(&s.store);
    free(s.id);
    free(s.op);
    free(s.lines.data);
    return status;
}
