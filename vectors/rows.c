/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The text of single cases: fixed-width lower-case hex cells between single spaces.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vectors/pack.h"
#include "vectors/text.h"

/* One cell's kind within a row. Values and random bits of a casting op alternate. */
struct cell {
    const char *name;
    void *base;      /* first cell of case i, NULL when the batch has no such column */
    uint8_t *open;   /* first flag of case i, or NULL when x digits are not allowed */
    unsigned digits; /* width in text */
    unsigned bits;   /* values below 2^bits; 64: all */
    size_t bytes;    /* width in memory */
};

/* The cells of one column: `n` times a value (and random bits after it). */
struct run {
    struct cell cell, random; /* random.digits 0: none */
    size_t n;
    int indexed; /* messages show name[j] */
};

enum { RUNS = 3, HEX_BAD = 0xff };

static const uint8_t hex_value[256] = {
    ['0'] = 0x10, ['1'] = 0x11, ['2'] = 0x12, ['3'] = 0x13, ['4'] = 0x14, ['5'] = 0x15, ['6'] = 0x16, ['7'] = 0x17,
    ['8'] = 0x18, ['9'] = 0x19, ['a'] = 0x1a, ['b'] = 0x1b, ['c'] = 0x1c, ['d'] = 0x1d, ['e'] = 0x1e, ['f'] = 0x1f,
};

static const char hex_digit[] = "0123456789abcdef";

int mxv_shape_ok(const mx_batch *shape)
{
    if (mx_shape_check(shape, NULL) != MX_OK)
        return 0;
    return !mx_op_info_of(shape->op)->rounds || mx_profile_check(&shape->profile, NULL) == MX_OK;
}

static unsigned random_bits(const mx_batch *b, const mx_op_info *op)
{
    return op->rounds && b->profile.round == MX_SR ? b->profile.sr_bits : 0;
}

static struct cell value_cell(const mx_batch *b, const void *base, uint8_t *open, size_t at)
{
    size_t w = mx_type_bytes(b->type);
    char *p = (char *)base;
    return (struct cell){"value",           p ? p + at * w : NULL, open ? open + at : NULL,
                         (unsigned)(2 * w), (unsigned)(8 * w),     w};
}

static struct cell byte_cell(const char *name, const uint8_t *base, uint8_t *open, size_t at, unsigned bits)
{
    uint8_t *p = (uint8_t *)base;
    return (struct cell){name, p ? p + at : NULL, open ? open + at : NULL, 2, bits, 1};
}

static struct cell random_cell(const mx_batch *b, size_t at, unsigned bits)
{
    uint32_t *p = (uint32_t *)b->in.random;
    return (struct cell){"random", p ? p + at : NULL, NULL, (bits + 3) / 4, bits, sizeof *p};
}

/* The cell of a column whose case begins at cell `at`. */
static struct cell cell_of(const mx_batch *b, const mx_outputs *open, mx_column_kind kind, int outputs, size_t at)
{
    const mx_outputs none = {0}, *flags = open ? open : &none;

    switch (kind) {
    case MX_COL_VALUE:
        return value_cell(b, outputs ? b->out.value : b->in.value, flags->value, at);
    case MX_COL_SCALE:
        return byte_cell("scale", outputs ? b->out.scale : b->in.scale, flags->scale, at, 8);
    case MX_COL_CODE:
        return byte_cell("code", outputs ? b->out.code : b->in.code, flags->code, at, mx_elem_bits(b->elem));
    default:
        return byte_cell("byte", outputs ? b->out.byte : b->in.byte, flags->byte, at, 8);
    }
}

/* The runs of case i; returns how many. Without a batch's columns (widths only) the bases are NULL. */
static size_t runs_of(const mx_batch *b, const mx_outputs *open, size_t i, int outputs, struct run runs[RUNS])
{
    const mx_op_info *op = mx_op_info_of(b->op);
    const mx_column *columns = outputs ? op->out : op->in;
    size_t n = outputs ? op->n_out : op->n_in;
    unsigned random = outputs ? 0 : random_bits(b, op);

    for (size_t c = 0; c < n; c++) {
        struct run *r = &runs[c];
        size_t cells = mx_column_cells(b, &columns[c]);
        *r = (struct run){.n = cells, .indexed = columns[c].count != MX_ONE};
        r->cell = cell_of(b, open, columns[c].kind, outputs, i * cells);
        if (random && columns[c].kind == MX_COL_VALUE)
            r->random = random_cell(b, i * cells, random);
    }
    return n;
}

static uint64_t fetch(const struct cell *c, size_t j)
{
    const char *p = (const char *)c->base + j * c->bytes;
    uint64_t v8;
    uint32_t v4;
    uint16_t v2;

    switch (c->bytes) {
    case 8:
        memcpy(&v8, p, 8);
        return v8;
    case 4:
        memcpy(&v4, p, 4);
        return v4;
    case 2:
        memcpy(&v2, p, 2);
        return v2;
    default:
        return (uint8_t)*p;
    }
}

static void store(const struct cell *c, size_t j, uint64_t v)
{
    char *p = (char *)c->base + j * c->bytes;
    uint32_t v4 = (uint32_t)v;
    uint16_t v2 = (uint16_t)v;

    if (c->bytes == 8)
        memcpy(p, &v, 8);
    else if (c->bytes == 4)
        memcpy(p, &v4, 4);
    else if (c->bytes == 2)
        memcpy(p, &v2, 2);
    else
        *(uint8_t *)p = (uint8_t)v;
}

/* ---- text out ---- */

static size_t row_text(const mx_batch *shape, int outputs)
{
    struct run runs[RUNS];
    size_t n, total = 0;
    mx_batch widths;

    if (!mxv_shape_ok(shape))
        return 0;
    widths = *shape;
    widths.in = (mx_inputs){0};
    widths.out = (mx_outputs){0};
    n = runs_of(&widths, NULL, 0, outputs, runs);
    for (size_t c = 0; c < n; c++) /* at most 65536 * 512 cells: no overflow */
        total += runs[c].n * (runs[c].cell.digits + 1u + (runs[c].random.digits ? runs[c].random.digits + 1u : 0u));
    return total;
}

size_t mxv_inputs_text(const mx_batch *shape)
{
    return row_text(shape, 0);
}

size_t mxv_outputs_text(const mx_batch *shape)
{
    return row_text(shape, 1);
}

static char *put_cell(char *p, const struct cell *c, size_t j)
{
    if (c->open && c->open[j]) {
        memset(p, 'x', c->digits);
    } else {
        uint64_t v = fetch(c, j);
        for (unsigned d = c->digits; d-- > 0; v >>= 4)
            p[d] = hex_digit[v & 15];
    }
    p[c->digits] = ' ';
    return p + c->digits + 1;
}

static size_t format_row(const mx_batch *b, const mx_outputs *open, size_t i, int outputs, char *text)
{
    struct run runs[RUNS];
    char *p = text;
    size_t n;

    if (!mxv_shape_ok(b) || !text)
        return 0;
    n = runs_of(b, open, i, outputs, runs);
    for (size_t c = 0; c < n; c++)
        if (!runs[c].cell.base || (runs[c].random.digits && !runs[c].random.base))
            return 0;
    for (size_t c = 0; c < n; c++)
        for (size_t j = 0; j < runs[c].n; j++) {
            p = put_cell(p, &runs[c].cell, j);
            if (runs[c].random.digits)
                p = put_cell(p, &runs[c].random, j);
        }
    *--p = '\0';
    return (size_t)(p - text);
}

size_t mxv_format_inputs(const mx_batch *batch, size_t i, char *text)
{
    return format_row(batch, NULL, i, 0, text);
}

size_t mxv_format_outputs(const mx_batch *batch, const mx_outputs *open, size_t i, char *text)
{
    return format_row(batch, open, i, 1, text);
}

/* ---- text in ---- */

struct cursor {
    const char *p, *end;
    int outputs;
    mxv_error *error;
};

/* Where the cell under the cursor stands in the row, for a message: "input value[3]". */
static const char *place(char out[48], const struct cursor *at, const struct run *r, const struct cell *c, size_t j)
{
    const char *side = at->outputs ? "output" : "input";

    if (r->indexed)
        snprintf(out, 48, "%s %s[%zu]", side, c->name, j);
    else
        snprintf(out, 48, "%s %s", side, c->name);
    return out;
}

/* Why the cell under the cursor is not well formed. */
static mx_status bad_cell(const struct cursor *at, const struct run *r, const struct cell *c, size_t j)
{
    char where[48], q[MXV_QUOTE_TEXT], wanted[96];
    size_t left = (size_t)(at->end - at->p);
    const char *space = left ? memchr(at->p, ' ', left) : NULL;
    size_t length = space ? (size_t)(space - at->p) : left;
    size_t digits = 0;

    while (digits < length && hex_value[(uint8_t)at->p[digits]])
        digits++;
    if (digits == c->digits && length == c->digits)
        snprintf(wanted, sizeof wanted, "at most %u bits", c->bits);
    else
        snprintf(wanted, sizeof wanted, "%u lower-case hex digit%s%s", c->digits, c->digits == 1 ? "" : "s",
                 c->open ? " (or all x)" : "");
    if (at->error)
        mxv_say(at->error->text, sizeof at->error->text, "wanted %s for %s, found %s", wanted,
                place(where, at, r, c, j), length == 0 && left ? "a second space" : mxv_quote(q, at->p, length));
    return MX_EPARSE;
}

/* 1 when all digits are x and the cell may be open. */
static int take_open(const struct cursor *at, const struct cell *c, size_t j)
{
    for (unsigned d = 0; d < c->digits; d++)
        if (at->p[d] != 'x')
            return 0;
    c->open[j] = 1;
    store(c, j, 0);
    return 1;
}

static mx_status take_cell(struct cursor *at, const struct run *r, const struct cell *c, size_t j)
{
    size_t left = (size_t)(at->end - at->p);
    uint64_t v = 0;
    unsigned ok = 0x10;

    if (left < c->digits || (left > c->digits && at->p[c->digits] != ' '))
        return bad_cell(at, r, c, j);
    if (!c->open || !take_open(at, c, j)) {
        for (unsigned d = 0; d < c->digits; d++) {
            unsigned h = hex_value[(uint8_t)at->p[d]];
            ok &= h;
            v = v << 4 | (h & 15);
        }
        if (!ok || (c->bits < 64 && v >> c->bits))
            return bad_cell(at, r, c, j);
        store(c, j, v);
        if (c->open)
            c->open[j] = 0;
    }
    at->p += c->digits;
    return MX_OK;
}

/* The single space before any cell but the first. */
static void take_space(struct cursor *at, int first)
{
    if (!first && at->p < at->end)
        at->p++;
}

static mx_status parse_row(const mx_batch *b, const mx_outputs *open, size_t i, int outputs, const char *text,
                           size_t length, mxv_error *error)
{
    struct cursor at = {text, text + length, outputs, error};
    char q[MXV_QUOTE_TEXT];
    struct run runs[RUNS];
    size_t n;

    if (!mxv_shape_ok(b) || !text)
        return MX_EINVAL;
    n = runs_of(b, open, i, outputs, runs);
    for (size_t c = 0; c < n; c++)
        if (!runs[c].cell.base || (runs[c].random.digits && !runs[c].random.base))
            return MX_EINVAL;
    for (size_t c = 0; c < n; c++)
        for (size_t j = 0; j < runs[c].n; j++) {
            take_space(&at, c == 0 && j == 0);
            if (take_cell(&at, &runs[c], &runs[c].cell, j) != MX_OK)
                return MX_EPARSE;
            if (!runs[c].random.digits)
                continue;
            take_space(&at, 0);
            if (take_cell(&at, &runs[c], &runs[c].random, j) != MX_OK)
                return MX_EPARSE;
        }
    if (at.p == at.end)
        return MX_OK;
    if (error)
        mxv_say(error->text, sizeof error->text, "wanted nothing after the last %s, found %s",
                outputs ? "output" : "input", mxv_quote(q, at.p, (size_t)(at.end - at.p)));
    return MX_EPARSE;
}

mx_status mxv_parse_inputs(const mx_batch *batch, size_t i, const char *text, size_t length, mxv_error *error)
{
    return parse_row(batch, NULL, i, 0, text, length, error);
}

mx_status mxv_parse_outputs(const mx_batch *batch, const mx_outputs *open, size_t i, const char *text, size_t length,
                            mxv_error *error)
{
    return parse_row(batch, open, i, 1, text, length, error);
}
