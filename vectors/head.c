/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The "#op" and "#cols" words of a pack; the op words serve the pipe as well.
 */
#include <stdio.h>
#include <string.h>

#include "vectors/pack.h"
#include "vectors/text.h"

size_t mxv_decimal(const char *text, size_t length, size_t limit)
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

/* No profile is needed to write the op words. */
static int op_words_ok(const mx_batch *shape)
{
    const mx_op_info *op = shape ? mx_op_info_of(shape->op) : NULL;

    return op && mx_elem_name(shape->elem) && mx_type_name(shape->type) &&
           (op->is_block ? shape->k >= 1 && shape->k <= MX_BLOCK_MAX : shape->k == 1);
}

size_t mxv_format_op(const mx_batch *shape, char *text)
{
    const mx_op_info *op;
    char k[16] = "";

    if (!text || !op_words_ok(shape))
        return 0;
    op = mx_op_info_of(shape->op);
    if (op->is_block)
        snprintf(k, sizeof k, " k=%zu", shape->k);
    return (size_t)snprintf(text, MXV_HEAD_TEXT, "%s elem=%s type=%s%s", op->name, mx_elem_name(shape->elem),
                            mx_type_name(shape->type), k);
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

/* The value of a "key=value" word, or NULL. */
static const char *value_of(const char *word, size_t length, const char *key, size_t *value_length)
{
    size_t n = strlen(key);

    if (length < n || memcmp(word, key, n) != 0)
        return NULL;
    *value_length = length - n;
    return word + n;
}

mx_status mxv_parse_op(mx_batch *shape, const char *text, size_t length, mxv_error *error)
{
    const char *p = text, *end, *word, *value;
    const mx_op_info *op;
    size_t n, m = 0, k = 1;
    mx_elem elem;
    mx_type type;

    if (!shape || !text)
        return MX_EINVAL;
    end = text + length;
    word = next_word(&p, end, &n);
    op = mx_op_info_of(mx_op_find(word, n));
    if (!op)
        return op_error(error, "an op (decode, cast, scale, scaled-cast, quantize, dequantize)", word, n, end);
    word = next_word(&p, end, &n);
    value = value_of(word, n, "elem=", &m);
    elem = mx_elem_find(value, m);
    if (!elem)
        return op_error(error, "elem=e5m2, e4m3, e3m2, e2m3, e2m1 or int8", word, n, end);
    word = next_word(&p, end, &n);
    value = value_of(word, n, "type=", &m);
    type = mx_type_find(value, m);
    if (!type)
        return op_error(error, "type=fp32, bf16, fp16 or fp64", word, n, end);
    if (op->is_block) {
        word = next_word(&p, end, &n);
        value = value_of(word, n, "k=", &m);
        k = value ? mxv_decimal(value, m, MX_BLOCK_MAX) : 0;
        if (!k)
            return op_error(error, "k= a number from 1 to 65536", word, n, end);
    }
    if (p != end || (length && text[length - 1] == ' '))
        return op_error(error, op->is_block ? "nothing after k" : "nothing after type", p == end ? " " : p,
                        p == end ? 1 : (size_t)(end - p), end);
    shape->op = op->op;
    shape->elem = elem;
    shape->type = type;
    shape->k = k;
    return MX_OK;
}

static size_t put_columns(const mx_column *columns, size_t n, const mx_batch *shape, int random, char *text,
                          size_t size)
{
    size_t at = 0;

    for (size_t c = 0; c < n; c++) {
        const char *bits = random && columns[c].kind == MX_COL_VALUE ? "+random" : "";
        char k[16] = "";
        if (columns[c].count == MX_PER_ELEMENT && mx_op_info_of(shape->op)->is_block)
            snprintf(k, sizeof k, "[%zu]", shape->k);
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
