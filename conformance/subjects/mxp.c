/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The subject's side of mxp/1. See mxp.h.
 */
#define _POSIX_C_SOURCE 200809L

#include "mxp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* V value, S scale, C code: of the cells of a case, in order; the last letter repeats k times in the block
 * operations. */
static const struct shape {
    const char *op, *in, *out;
    int block, casts;
} shapes[] = {
    {"decode", "C", "V", 0, 0},       {"cast", "V", "C", 0, 1},      {"scale", "V", "S", 1, 0},
    {"scaled-cast", "VS", "C", 0, 1}, {"quantize", "V", "SC", 1, 1}, {"dequantize", "SC", "V", 1, 0},
};

/* An announced operation with what is needed to read and write its cells. */
struct opened {
    mxp_op op;
    int accepted;
    const struct shape *shape;
    int value_digits;
    char **words; /* of the op line; words[0] owns the text */
    uint64_t *in, *out;
};

struct session {
    const mxp_subject *subject;
    void *self;
    struct opened *ops;
    size_t n_ops;
    unsigned long seen, answered, refused;
    char *text; /* what was read and not yet handed out: text[begin..end) */
    size_t begin, end, size;
};

static int complain(const char *what, const char *line)
{
    fprintf(stderr, "mxp: %s: %.60s\n", what, line);
    return 1;
}

static void *need(void *memory)
{
    if (!memory) {
        fprintf(stderr, "mxp: out of memory\n");
        exit(1);
    }
    return memory;
}

/* ---- lines ---- */

/* Read more bytes; 0 at the end. Answers are flushed first: the suite may be waiting for them. */
static int read_more(struct session *s)
{
    fflush(stdout);
    if (s->begin) {
        memmove(s->text, s->text + s->begin, s->end - s->begin);
        s->end -= s->begin;
        s->begin = 0;
    }
    if (s->size - s->end < 65536) {
        s->size = 2 * s->size + 131072;
        s->text = need(realloc(s->text, s->size));
    }
    ssize_t got;
    do
        got = read(0, s->text + s->end, s->size - s->end);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return 0;
    s->end += (size_t)got;
    return 1;
}

/* The next line without its newline, NUL-terminated, valid until the next call; NULL at the end. */
static char *next_line(struct session *s)
{
    size_t looked = 0;
    for (;;) {
        char *from = s->text + s->begin;
        char *newline = s->end > s->begin + looked ? memchr(from + looked, '\n', s->end - s->begin - looked) : NULL;
        if (newline) {
            *newline = '\0';
            s->begin = (size_t)(newline - s->text) + 1;
            return from;
        }
        looked = s->end - s->begin;
        if (!read_more(s))
            return NULL;
    }
}

/* ---- cells ---- */

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One cell of exactly `digits` digits after a space; where the text goes on, or NULL. */
static const char *read_cell(const char *text, int digits, uint64_t *cell)
{
    if (*text++ != ' ')
        return NULL;
    *cell = 0;
    for (; digits; digits--) {
        int digit = digit_of(*text++);
        if (digit < 0)
            return NULL;
        *cell = *cell << 4 | (unsigned)digit;
    }
    return text;
}

static void write_cell(int digits, uint64_t cell)
{
    putchar(' ');
    while (digits)
        putchar("0123456789abcdef"[cell >> 4 * --digits & 15]);
}

static int digits_of(const struct opened *o, char kind)
{
    return kind == 'V' ? o->value_digits : 2;
}

/* How often the i-th column of `columns` repeats: the last of a block operation k times, the answer of `scale` once. */
static size_t repeats(const struct opened *o, const char *columns, size_t i)
{
    return o->shape->block && !columns[i + 1] && columns[i] != 'S' ? o->op.k : 1;
}

static size_t count_cells(const struct opened *o, const char *columns, int random)
{
    size_t n = 0;
    for (size_t i = 0; columns[i]; i++)
        n += repeats(o, columns, i) * (random && columns[i] == 'V' ? 2 : 1);
    return n;
}

static int read_cells(const struct opened *o, const char *text)
{
    const char *columns = o->shape->in;
    uint64_t *cell = o->in;
    for (size_t i = 0; columns[i]; i++) {
        for (size_t n = repeats(o, columns, i); n && text; n--) {
            text = read_cell(text, digits_of(o, columns[i]), cell++);
            if (text && columns[i] == 'V' && o->op.random)
                text = read_cell(text, (int)(o->op.random + 3) / 4, cell++);
        }
        if (!text)
            return 0;
    }
    return *text == '\0';
}

static void write_cells(const struct opened *o)
{
    const char *columns = o->shape->out;
    const uint64_t *cell = o->out;
    for (size_t i = 0; columns[i]; i++)
        for (size_t n = repeats(o, columns, i); n; n--)
            write_cell(digits_of(o, columns[i]), *cell++);
}

/* ---- operations ---- */

const char *mxp_axis(const mxp_op *op, const char *axis)
{
    size_t length = strlen(axis);
    for (const char *const *word = op->axes; *word; word++)
        if (strncmp(*word, axis, length) == 0 && (*word)[length] == '=')
            return *word + length + 1;
    return "";
}

int mxp_is(const mxp_op *op, const char *axis, const char *value)
{
    return strcmp(mxp_axis(op, axis), value) == 0;
}

/* Split a copy of `line` at its spaces; the list ends in NULL. */
static char **split(const char *line)
{
    char *copy = need(strdup(line));
    size_t n = 2;
    for (const char *c = line; *c; c++)
        n += *c == ' ';
    char **words = need(calloc(n, sizeof *words));
    n = 0;
    for (char *word = copy; word; word = strchr(word, ' ')) {
        if (n)
            *word++ = '\0';
        words[n++] = word;
    }
    return words;
}

/* The value of words[i] when it is "key=value", else "". */
static const char *value_of(char **words, const char *key)
{
    mxp_op all = {.axes = (const char *const *)words};
    return mxp_axis(&all, key);
}

/* Fill `o` from "op N NAME elem=E type=T [k=K] axis=value ..."; 0 when the line is not that. */
static int read_op(struct opened *o, const char *line)
{
    char **words = o->words = split(line);
    if (!words[1] || !words[2])
        return 0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (strcmp(shapes[i].op, words[2]) == 0)
            o->shape = &shapes[i];
    const char *k = value_of(words, "k"), *round = value_of(words, "round");
    o->op = (mxp_op){.number = strtoul(words[1], NULL, 10), .op = words[2], .axes = (const char *const *)words + 3};
    o->op.elem = value_of(words, "elem");
    o->op.type = value_of(words, "type");
    o->op.k = *k ? strtoul(k, NULL, 10) : 1;
    o->value_digits = strcmp(o->op.type, "fp64") == 0 ? 16 : strcmp(o->op.type, "fp32") == 0 ? 8 : 4;
    if (!o->shape || !*o->op.elem || !*o->op.type || !o->op.k)
        return 0;
    if (o->shape->casts && strncmp(round, "sr:", 3) == 0)
        o->op.random = (unsigned)strtoul(round + 3, NULL, 10);
    o->op.n_in = count_cells(o, o->shape->in, o->op.random != 0);
    o->op.n_out = count_cells(o, o->shape->out, 0);
    o->in = need(calloc(o->op.n_in, sizeof *o->in));
    o->out = need(calloc(o->op.n_out, sizeof *o->out));
    return 1;
}

static void release(struct opened *o)
{
    if (o->words)
        free(o->words[0]);
    free(o->words);
    free(o->in);
    free(o->out);
}

static int take_op(struct session *s, const char *line)
{
    struct opened *o;
    s->ops = need(realloc(s->ops, (s->n_ops + 1) * sizeof *s->ops));
    o = &s->ops[s->n_ops++];
    memset(o, 0, sizeof *o);
    if (!read_op(o, line)) {
        if (!o->op.op || o->shape)
            return complain("not an operation of mxp/1", line);
        printf("no %lu %s is not one that mxp.c serves\n", o->op.number, o->op.op);
        return 0;
    }
    const char *reason = s->subject->open(s->self, &o->op);
    o->accepted = !reason;
    if (reason)
        printf("no %lu %s\n", o->op.number, reason);
    else
        printf("ok %lu\n", o->op.number);
    return 0;
}

static int take_case(struct session *s, const char *line)
{
    char *text;
    unsigned long number = strtoul(line + 2, &text, 10);
    unsigned long id = strtoul(text, &text, 10);
    struct opened *o = NULL;
    for (size_t i = s->n_ops; i && !o; i--)
        if (s->ops[i - 1].op.number == number)
            o = &s->ops[i - 1];
    if (!o || !o->accepted)
        return complain("a case of an operation that was not accepted", line);
    if (!read_cells(o, text))
        return complain("malformed input cells", line);
    s->seen++;
    const char *reason = s->subject->answer(s->self, &o->op, o->in, o->out);
    if (reason) {
        s->refused++;
        printf("u %lu %s\n", id, reason);
        return 0;
    }
    s->answered++;
    printf("r %lu", id);
    write_cells(o);
    putchar('\n');
    return 0;
}

static int take_line(struct session *s, const char *line)
{
    const mxp_subject *subject = s->subject;
    if (strncmp(line, "c ", 2) == 0)
        return take_case(s, line);
    if (strncmp(line, "op ", 3) == 0)
        return take_op(s, line);
    if (strncmp(line, "mxp 1", 5) != 0 || (line[5] && line[5] != ' '))
        return complain("not a line of mxp/1", line);
    printf("mxp 1 name=%s version=%s ops=%s%s%s\n", subject->name, subject->version, subject->ops,
           *subject->axes ? " " : "", subject->axes);
    return 0;
}

int mxp_serve(const mxp_subject *subject, void *self)
{
    struct session s = {.subject = subject, .self = self, .size = 131072, .text = need(malloc(131072))};
    const char *line;
    int status = 0;
    while (!status && (line = next_line(&s)) && strcmp(line, "bye") != 0)
        status = take_line(&s, line);
    if (!status && !line)
        status = complain("the suite ended without", "bye");
    if (!status)
        printf("bye seen=%lu answered=%lu refused=%lu\n", s.seen, s.answered, s.refused);
    if (fflush(stdout) && !status)
        status = complain("cannot write", "stdout");
    for (size_t i = 0; i < s.n_ops; i++)
        release(&s.ops[i]);
    free(s.ops);
    free(s.text);
    return status;
}
