/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The "#op" and "#cols" words of a pack; the op words serve the pipe as well.
 */
#include <stdio.h>
#include <string.h>

#include "vectors/pack.h"
#include "vectors/text.h"

/* A decimal number from 1 to `limit` without leading zeros, 0 when it is not one. */
static size_t decimal(const char *text, size_t length, size_t limit)
{
    size_t n = 0;

    if (length == 0 || text[0] == '0')
        return 0;
    for (size_t i = 0; i < length; i++) {
        size_t d = (size_t)(unsigned char)text[i] - '0';
        if (d > 9 || n > limit / 10 || (n == limit / 10 && d > limit % 10))
            return 0;
        n = n * 10 + d;
    }
    return n;
}

size_t mxv_format_op(const mx_batch *shape, char *text)
{
    const mx_op_info *op;
    size_t n;

    if (!text || mx_shape_check(shape, NULL) != MX_OK)
        return 0;
    op = mx_op_info_of(shape->op);
    n = (size_t)snprintf(text, MXV_HEAD_TEXT, "%s", op->name);
    if (op->has_elem)
        n += (size_t)snprintf(text + n, MXV_HEAD_TEXT - n, " elem=%s", mx_elem_name(shape->elem));
    if (op->has_type)
        n += (size_t)snprintf(text + n, MXV_HEAD_TEXT - n, " type=%s", mx_type_name(shape->type));
    if (op->is_block)
        n += (size_t)snprintf(text + n, MXV_HEAD_TEXT - n, " k=%zu", shape->k);
    if (op->is_matrix)
        n += (size_t)snprintf(text + n, MXV_HEAD_TEXT - n, " rows=%zu cols=%zu", shape->rows, shape->cols);
    if (op->layouts)
        n += (size_t)snprintf(text + n, MXV_HEAD_TEXT - n, " layout=%s", mx_layout_name(shape->layout));
    return n;
}

/* The next word of [*p, end): its length, 0 at the end or before a second space; *p moves past its space. */
static const char *next_word(const char **p, const char *end, size_t *length)
{
    const char *word = *p, *space = word < end ? memchr(word, ' ', (size_t)(end - word)) : NULL;

    *length = (size_t)((space ? space : end) - word);
    *p = space ? space + 1 : end;
    return word;
}

/* The word of `length` bytes, of a text that goes on to `end`, is not what was wanted. */
static mx_status op_error(mxv_error *error, const char *wanted, const char *word, size_t length, const char *end)
{
    char q[MXV_QUOTE_TEXT];

    if (error)
        mxv_say(error->text, sizeof error->text, "wanted %s, found %s", wanted,
                length == 0 && word < end ? "a second space" : mxv_quote(q, word, length));
    return MX_EPARSE;
}

/* The words of an op line, read one after the other. */
struct op_words {
    const char *p, *end;
    const char *word, *value; /* the current one, which should be "key=value" */
    size_t length, value_length;
    mxv_error *error;
    mx_status status; /* of the first that was wrong */
};

/* Move to the next word. Its value is empty when it does not begin with "key=", or when a word before was wrong. */
static void take(struct op_words *w, const char *key)
{
    size_t n = strlen(key);

    w->value = "";
    w->value_length = 0;
    if (w->status != MX_OK)
        return;
    w->word = next_word(&w->p, w->end, &w->length);
    if (w->length < n || memcmp(w->word, key, n) != 0)
        return;
    w->value = w->word + n;
    w->value_length = w->length - n;
}

/* The id (or size) found of the current word; 0 was none, and `wanted` says of what. */
static size_t known(struct op_words *w, size_t id, const char *wanted)
{
    if (!id && w->status == MX_OK)
        w->status = op_error(w->error, wanted, w->word, w->length, w->end);
    return id;
}

static mx_elem take_elem(struct op_words *w)
{
    take(w, "elem=");
    return (mx_elem)known(w, mx_elem_find(w->value, w->value_length), "elem=e5m2, e4m3, e3m2, e2m3, e2m1 or int8");
}

static mx_type take_type(struct op_words *w)
{
    take(w, "type=");
    return (mx_type)known(w, mx_type_find(w->value, w->value_length), "type=fp32, bf16, fp16 or fp64");
}

static size_t take_size(struct op_words *w, const char *key)
{
    char wanted[48];

    take(w, key);
    snprintf(wanted, sizeof wanted, "%s a number from 1 to 65536", key);
    return known(w, decimal(w->value, w->value_length, MX_BLOCK_MAX), wanted);
}

/* One of the operation's layouts; the message lists them. */
static mx_layout take_layout(struct op_words *w, unsigned layouts)
{
    char wanted[96] = "layout=";
    size_t at = strlen(wanted);
    unsigned id;

    take(w, "layout=");
    id = mx_layout_find(w->value, w->value_length);
    for (unsigned i = 1; i <= MX_LAYOUT_LAST; i++)
        if (layouts >> i & 1)
            at += (size_t)snprintf(wanted + at, sizeof wanted - at, "%s%s",
                                   wanted[at - 1] == '=' ? ""
                                   : layouts >> (i + 1)  ? ", "
                                                         : " or ",
                                   mx_layout_name((mx_layout)i));
    return (mx_layout)known(w, layouts >> id & 1 ? id : 0, wanted);
}

/* The last word that the line of an operation has. */
static const char *last_word(const mx_op_info *op)
{
    return op->layouts ? "nothing after layout" : op->is_block ? "nothing after k" : "nothing after type";
}

/* Every op, for a message. */
static const char *op_list(char text[160])
{
    size_t at = (size_t)snprintf(text, 160, "an op (");

    for (unsigned i = 1; i <= MX_OP_LAST; i++)
        at += (size_t)snprintf(text + at, 160 - at, "%s%s", mx_op_name((mx_op)i), i < MX_OP_LAST ? ", " : ")");
    return text;
}

static mx_status parse_op(mx_batch *got, const mx_op_info *op, struct op_words *w)
{
    char why[MX_WHY];

    got->op = op->op;
    got->elem = op->has_elem ? take_elem(w) : (mx_elem)0;
    got->type = op->has_type ? take_type(w) : (mx_type)0;
    got->k = op->is_block ? take_size(w, "k=") : 1;
    got->rows = op->is_matrix ? take_size(w, "rows=") : 0;
    got->cols = op->is_matrix ? take_size(w, "cols=") : 0;
    got->layout = op->layouts ? take_layout(w, op->layouts) : (mx_layout)0;
    if (op->is_matrix)
        got->k = got->rows * got->cols;
    if (w->status != MX_OK || mx_shape_check(got, why) == MX_OK)
        return w->status;
    if (w->error)
        mxv_say(w->error->text, sizeof w->error->text, "%s", why);
    return MX_EPARSE;
}

mx_status mxv_parse_op(mx_batch *shape, const char *text, size_t length, mxv_error *error)
{
    struct op_words w = {.p = text, .end = text ? text + length : NULL, .error = error, .status = MX_OK};
    const mx_op_info *op;
    const char *word;
    mx_status status;
    char ops[160];
    mx_batch got;
    size_t n;

    if (!shape || !text)
        return MX_EINVAL;
    got = *shape;
    word = next_word(&w.p, w.end, &n);
    op = mx_op_info_of(mx_op_find(word, n));
    if (!op)
        return op_error(error, op_list(ops), word, n, w.end);
    status = parse_op(&got, op, &w);
    if (status != MX_OK)
        return status;
    if (w.p != w.end || (length && text[length - 1] == ' '))
        return op_error(error, last_word(op), w.p == w.end ? " " : w.p, w.p == w.end ? 1 : (size_t)(w.end - w.p),
                        w.end);
    *shape = got;
    return MX_OK;
}

static size_t put_columns(const mx_column *columns, size_t n, const mx_batch *shape, int random, char *text,
                          size_t size)
{
    size_t at = 0;

    for (size_t c = 0; c < n; c++) {
        const char *bits = random && columns[c].kind == MX_COL_VALUE ? "+random" : "";
        char k[16] = "";
        if (columns[c].count != MX_ONE && (mx_op_info_of(shape->op)->is_block || mx_op_info_of(shape->op)->is_matrix))
            snprintf(k, sizeof k, "[%zu]", mx_column_cells(shape, &columns[c]));
        at += (size_t)snprintf(text + at, size - at, " %s%s%s", columns[c].name, bits, k);
    }
    return at;
}

size_t mxv_format_cols(const mx_batch *shape, char text[MXV_COLS_TEXT])
{
    const mx_op_info *op = mx_op_info_of(shape->op);
    int random = op->rounds && shape->profile.round == MX_SR;
    size_t at = (size_t)snprintf(text, MXV_COLS_TEXT, "#cols id class tags");

    at += put_columns(op->in, op->n_in, shape, random, text + at, MXV_COLS_TEXT - at);
    at += (size_t)snprintf(text + at, MXV_COLS_TEXT - at, " |");
    return at + put_columns(op->out, op->n_out, shape, 0, text + at, MXV_COLS_TEXT - at);
}
