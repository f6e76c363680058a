/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Recorded answers. A line is "ID COLUMNS", "ID ... | COLUMNS" (a row of a pack), "ID u REASON", or, in a file without
 * ids, "COLUMNS" or "INPUTS COLUMNS" for the cases in the order of the packs. Empty lines and lines that begin with #
 * are passed over. Simulators write capitals, more blanks and CR LF, which say nothing of the implementation.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/mxp.h"
#include "conformance/batch.h"
#include "conformance/error.h"
#include "conformance/judge/judge.h"
#include "vectors/text.h"

typedef struct recorded {
    const char *id; /* NULL in a file without ids */
    size_t id_length;
    const char *text; /* what follows the id */
    size_t length;
    unsigned long line;
    int used;
} recorded;

typedef struct recording {
    const char *name;
    char *text;
    recorded *row;
    size_t rows, next; /* next: of a file without ids */
    int has_ids, restricted;
    int named;              /* the packs that are to be answered were named: each is */
    int failed;             /* order was lost: what follows says nothing */
    size_t unreadable;      /* answers that are none; the others are judged */
    mxv_error unread_first; /* the first of them */
} recording;

static int by_id(const void *a, const void *b)
{
    const recorded *x = a, *y = b;
    size_t n = x->id_length < y->id_length ? x->id_length : y->id_length;
    int order = memcmp(x->id, y->id, n);
    return order ? order : (x->id_length > y->id_length) - (x->id_length < y->id_length);
}

static mx_status at_line(const recording *r, unsigned long line, mxv_error *error, const char *text)
{
    mxc_fail(error, MX_EINVAL, "%s:%lu: %s", r->name, line, text);
    if (error)
        error->line = line;
    return MX_EINVAL;
}

/* A word with a dot is an id: columns are hex digits. */
static void cut(recorded *row, const char *line, size_t length)
{
    const char *space = memchr(line, ' ', length);
    size_t word = space ? (size_t)(space - line) : length;
    *row = (recorded){.text = line, .length = length, .line = row->line};
    if (!memchr(line, '.', word))
        return;
    row->id = line;
    row->id_length = word;
    row->text = line + word + (space != NULL);
    row->length = length - word - (space != NULL);
    for (const char *at = row->text; (at = memchr(at, '|', (size_t)(line + length - at))) != NULL; at++)
        if (at > row->text && at[-1] == ' ' && at + 1 < line + length && at[1] == ' ') {
            row->length = (size_t)(line + length - at) - 2;
            row->text = at + 2;
            break;
        }
}

/* Small letters, single spaces between words and none at the ends, in place; the length that is left. */
static size_t tidy(char *line, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        const int blank = line[i] == ' ' || line[i] == '\t' || (line[i] == '\r' && i + 1 == length);
        if (!blank)
            line[n++] = (char)tolower((unsigned char)line[i]);
        else if (n && line[n - 1] != ' ')
            line[n++] = ' ';
    }
    return n && line[n - 1] == ' ' ? n - 1 : n;
}

/* The byte order mark that some programs begin a text with. */
static size_t mark_bytes(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static mx_status cut_lines(recording *r, size_t length, mxv_error *error)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += r->text[i] == '\n';
    r->row = calloc(lines, sizeof *r->row);
    if (!r->row)
        return mxc_no_memory(error);
    unsigned long number = 0;
    for (char *at = r->text + mark_bytes(r->text, length), *end = r->text + length; at < end;) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        number++;
        if (!newline)
            return at_line(r, number, error, "wanted a newline at the end of the last line, found the end of the file");
        const size_t n = tidy(at, (size_t)(newline - at));
        if (n && at[0] != '#') {
            recorded *row = &r->row[r->rows++];
            row->line = number;
            cut(row, at, n);
            if (r->rows > 1 && r->has_ids != (row->id != NULL))
                return at_line(r, number, error, "wanted a case id on every line or on none");
            r->has_ids = row->id != NULL;
        }
        at = newline + 1;
    }
    return r->rows ? MX_OK : mxc_fail(error, MX_EINVAL, "%s: wanted answers, found none", r->name);
}

static mx_status index_ids(recording *r, mxv_error *error)
{
    if (!r->rows || !r->has_ids)
        return MX_OK;
    qsort(r->row, r->rows, sizeof *r->row, by_id);
    for (size_t i = 1; i < r->rows; i++)
        if (by_id(&r->row[i], &r->row[i - 1]) == 0) {
            char text[MXC_LINE];
            mxc_say(text, sizeof text, "wanted one answer for each case, found a second for %.*s",
                    (int)(r->row[i].id_length < 160 ? r->row[i].id_length : 160), r->row[i].id);
            unsigned long line = r->row[i].line > r->row[i - 1].line ? r->row[i].line : r->row[i - 1].line;
            return at_line(r, line, error, text);
        }
    return MX_OK;
}

/* What a file may be at most: more than any tier has, and a block of the largest k of random bits and doubles. */
enum { LINES_MAX = 1 << 27, LINE_MAX_BYTES = 4 << 20 };

/* A first word that no answer begins with: neither an id, nor "u", nor digits of hex or of a simulator's unknowns. */
static int is_no_answer(const char *line, size_t length)
{
    size_t first = 0, digits = 0;
    while (first < length && strchr(" \t", line[first]))
        first++;
    const char *word = line + first;
    size_t n = 0;
    while (first + n < length && !strchr(" \t\r", word[n]))
        n++;
    while (digits < n && strchr("0123456789abcdefABCDEFxXzZuUwWlLhH-?", word[digits]))
        digits++;
    return digits < n && *word != '#' && !memchr(word, '.', n);
}

/* Why line `number` can be none of a list of answers, or NULL; of one that may go on only what its length tells. */
static const char *wrong_line(const char *line, size_t length, unsigned long number, int is_whole)
{
    if (memchr(line, '\0', length))
        return "wanted text, found a NUL byte";
    if (length > LINE_MAX_BYTES)
        return "wanted a line of at most 4 MiB, found a longer one";
    if (number > LINES_MAX)
        return "wanted at most 134217728 lines, found more";
    return is_whole && is_no_answer(line, length) ? "wanted a case id or columns of hex digits" : NULL;
}

/* Lines are looked at as they are read: what is no list of answers may have no end. */
typedef struct watch {
    const recording *r;
    mxv_error *error;
    size_t done; /* bytes of `lines` whole lines */
    unsigned long lines;
    mx_status status;
} watch;

static int look_at_lines(void *state, const char *text, size_t n)
{
    watch *w = state;
    for (;;) {
        if (!w->done)
            w->done = mark_bytes(text, n);
        const char *at = text + w->done, *newline = memchr(at, '\n', n - w->done);
        const size_t length = newline ? (size_t)(newline - at) : n - w->done;
        const char *wrong = wrong_line(at, length, w->lines + 1, newline != NULL);
        if (wrong) {
            char line[MXC_LINE];
            const int shown = strstr(wrong, "found") ? 0 : (int)(length < 60 ? length : 60);
            mxc_say(line, sizeof line, shown ? "%s, found '%.*s'" : "%s", wrong, shown, at);
            w->status = at_line(w->r, w->lines + 1, w->error, line);
            return 1;
        }
        if (!newline)
            return 0;
        w->done += length + 1;
        w->lines++;
    }
}

static mx_status read_all(recording *r, FILE *in, size_t *length, mxv_error *error)
{
    watch w = {.r = r, .error = error, .status = MX_OK};
    const mx_status status = mxv_read_text(&r->text, length, in, look_at_lines, &w);
    if (status == MX_EIO)
        return mxc_fail(error, MX_EINVAL, "%s: cannot read: %s", r->name, strerror(errno));
    return status == MX_OK ? w.status : mxc_fail(error, status, "out of memory");
}

/* ---- as a source of answers ---- */

static recorded *find(const recording *r, const char *id)
{
    const recorded key = {.id = id, .id_length = strlen(id)};
    return r->rows ? bsearch(&key, r->row, r->rows, sizeof key, by_id) : NULL;
}

static mx_status accept(void *state, const mxv_pack *pack, const size_t *chosen, size_t n, mxv_error *error)
{
    const recording *r = state;
    if (!r->has_ids || r->named)
        return MX_OK;
    for (size_t i = 0; i < n; i++)
        if (find(r, pack->label[chosen[i]].id))
            return MX_OK;
    return mxc_fail(error, MX_EUNSUPPORTED, "no case of this pack is answered in %s", r->name);
}

static size_t count_words(const char *text, size_t length)
{
    size_t words = length > 0;
    for (size_t i = 0; i < length; i++)
        words += text[i] == ' ';
    return words;
}

/* "INPUTS COLUMNS" as users of TestFloat have: the inputs must be the case's; what follows them is left in *row. */
static mx_status skip_inputs(const mx_batch *batch, size_t i, recorded *row, mxv_error *error)
{
    char *inputs = malloc(mxv_inputs_text(batch) + 1), *outputs = malloc(mxv_outputs_text(batch) + 1);
    mx_status status = inputs && outputs ? MX_OK : MX_ENOMEM;
    if (status == MX_OK) {
        size_t in = mxv_format_inputs(batch, i, inputs), out = mxv_format_outputs(batch, NULL, i, outputs);
        if (count_words(row->text, row->length) == count_words(inputs, in) + count_words(outputs, out)) {
            if (row->length > in && memcmp(row->text, inputs, in) == 0 && row->text[in] == ' ') {
                row->text += in + 1;
                row->length -= in + 1;
            } else {
                status = mxc_fail(error, MX_EPARSE, "wanted the inputs %.160s", inputs);
            }
        }
    }
    free(inputs);
    free(outputs);
    return status;
}

/* The column of this lane that has x digits in `open` and is not free in case `at` of the pack, or NULL. */
static const char *not_free(const mx_outputs *open, const mxv_pack *pack, size_t at, size_t lane)
{
    const size_t cell = at * pack->batch.k + lane;
    const uint8_t *value = open->value, *free_value = pack->open.value;
    if (open->scale && open->scale[0] && !pack->open.scale[at])
        return "scale";
    if (open->code && open->code[lane] && !pack->open.code[cell])
        return "code";
    return value && value[lane] && !free_value[cell] ? "value" : NULL;
}

/* Columns of case i of `batch`, which is case `at` of the pack. A pack itself may be the answers: x digits are taken
 * where the case leaves a cell free. */
static mx_status parse(const mx_batch *batch, size_t i, const mxv_pack *pack, size_t at, const recorded *row,
                       mxv_error *error)
{
    mx_batch one = mxc_slice(batch, i, 1);
    uint8_t *flag = calloc(2, batch->k + 1);
    if (!flag)
        return mxc_no_memory(error);
    mx_outputs open = {.value = one.out.value ? flag : NULL,
                       .scale = one.out.scale ? flag + batch->k : NULL,
                       .code = one.out.code ? flag + batch->k + 1 : NULL};
    mx_status status = mxv_parse_outputs(&one, &open, 0, row->text, row->length, error);
    for (size_t lane = 0; lane < batch->k && status == MX_OK; lane++) {
        const char *column = not_free(&open, pack, at, lane);
        char which[32] = "";
        if (!column)
            continue;
        if (batch->k > 1 && strcmp(column, "scale") != 0)
            mxc_say(which, sizeof which, "[%zu]", lane);
        status =
            mxc_fail(error, MX_EPARSE, "wanted hex digits for output %s%s, which is not free, found x", column, which);
    }
    free(flag);
    return status;
}

/* "u REASON"; not what a simulator writes of a signal without a value ("uu"). */
static int is_refusal(const recorded *row)
{
    return row->length && row->text[0] == 'u' && (row->length == 1 || row->text[1] == ' ');
}

/* Such an answer is none, and fails the run; each line being one answer, it says nothing of the others. */
static void note_unreadable(recording *r, const recorded *row, const char *id, const mxv_error *why)
{
    if (r->unreadable++ == 0)
        mxc_fail(&r->unread_first, MX_EPROTOCOL, "%s:%lu: case %s: %s", r->name, row->line, id, why->text);
}

static mx_status take(recording *r, const mx_batch *batch, size_t i, const mxv_pack *pack, size_t at, uint8_t *answer,
                      mxv_error *error)
{
    const char *id = pack->label[at].id;
    recorded *row = r->has_ids ? find(r, id) : r->next < r->rows ? &r->row[r->next++] : NULL;
    mxv_error why = {0};
    if (!row)
        return MX_OK;
    row->used = 1;
    recorded rest = *row;
    if (is_refusal(&rest)) {
        *answer = MXC_REFUSED;
        return MX_OK;
    }
    mx_status status = r->has_ids ? MX_OK : skip_inputs(batch, i, &rest, &why);
    if (status != MX_OK) {
        r->failed = 1;
        return mxc_fail(error, MX_EPROTOCOL, "%s:%lu: case %s: %s", r->name, row->line, id, why.text);
    }
    status = parse(batch, i, pack, at, &rest, &why);
    *answer = status == MX_OK ? MXC_ANSWERED : MXC_MISSING;
    if (status == MX_EPARSE)
        note_unreadable(r, row, id, &why);
    return status == MX_EPARSE ? MX_OK : status;
}

/* Why so many cases of a pack have no answer, of whose lines so many cannot be read. */
static mx_status say_missing(const recording *r, size_t missing, size_t unreadable, mxv_error *error)
{
    char lines[MXC_LINE] = "";
    if (unreadable)
        mxc_say(lines, sizeof lines, "%zu answer%s cannot be read", unreadable, unreadable == 1 ? "" : "s");
    if (missing == unreadable)
        return mxc_fail(error, MX_OK, "%s", lines);
    if (r->has_ids)
        return mxc_fail(error, MX_OK, "%s%snot answered in the file", lines, unreadable ? "; " : "");
    return mxc_fail(error, MX_OK,
                    "%s%sthe file ends after %zu answers; without ids one that is missing shifts all after it", lines,
                    unreadable ? "; " : "", r->rows);
}

static mx_status answer(void *state, const mxv_pack *pack, const size_t *chosen, const mx_batch *batch,
                        uint8_t *answers, mxv_error *error)
{
    const recording *r = state;
    const size_t before = r->unreadable;
    mx_status status = MX_OK;
    for (size_t i = 0; i < batch->count && status == MX_OK; i++)
        status = take(state, batch, i, pack, chosen[i], &answers[i], error);
    size_t missing = 0;
    for (size_t i = 0; i < batch->count && status == MX_OK; i++)
        missing += answers[i] == MXC_MISSING;
    return missing ? say_missing(r, missing, r->unreadable - before, error) : status;
}

/* Every answer must be one, and belong to a case unless only some cases were asked for. */
static mx_status finish(void *state, mxv_error *error)
{
    const recording *r = state;
    if (r->unreadable > 1)
        return mxc_fail(error, MX_EPROTOCOL, "%s; %zu answers cannot be read", r->unread_first.text, r->unreadable);
    if (r->unreadable)
        return mxc_fail(error, MX_EPROTOCOL, "%s", r->unread_first.text);
    for (size_t i = 0; i < r->rows && !r->restricted && !r->failed; i++)
        if (!r->row[i].used && !r->has_ids)
            return mxc_fail(error, MX_EPROTOCOL, "%s:%lu: %zu answers for %zu cases", r->name, r->row[i].line, r->rows,
                            r->next);
        else if (!r->row[i].used)
            return mxc_fail(error, MX_EPROTOCOL, "%s:%lu: an answer to no case of these packs: %.*s", r->name,
                            r->row[i].line, (int)r->row[i].id_length, r->row[i].id);
    return MX_OK;
}

mx_status mxc_verify(mxc_report **report, FILE *answers, const char *name, const mxc_options *options, mxv_error *error)
{
    static const mxc_options plain = {0};
    const mxc_options *o = options ? options : &plain;
    const mxc_select *s = &o->select;
    recording r = {
        .name = name,
        .restricted = !mxc_filter_is_open(&s->filter) || s->tag || s->clause || s->profile,
        .named = s->packs > 0,
    };
    const mxc_source source = {&r, NULL, accept, answer, finish, 0, 0};
    size_t length = 0;
    mx_status status = read_all(&r, answers, &length, error);
    if (status == MX_OK)
        status = cut_lines(&r, length, error);
    if (status == MX_OK && !r.has_ids && !r.named && !r.restricted)
        status = mxc_fail(error, MX_EINVAL, "%s: answers without ids: say with --pack of which packs they are", name);
    if (status == MX_OK)
        status = index_ids(&r, error);
    if (status == MX_OK)
        status = mxc_judge(report, &source, o, error);
    if (status == MX_OK) {
        mxc_say((*report)->spec, sizeof(*report)->spec, "%s", name);
        mxc_say((*report)->subject.name, sizeof(*report)->subject.name, "recorded");
        mxc_say((*report)->subject.version, sizeof(*report)->subject.version, "answers");
    }
    free(r.row);
    free(r.text);
    return status;
}
