/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The pack reader. It accepts exactly what the writer writes: for every accepted text, writing gives it back byte for
 * byte. Memory is bounded by the size of the text, whatever its head promises.
 */
#include "config.h"

#include <mx/vectors.h>

#include <errno.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/pack.h"
#include "vectors/text.h"

struct reader {
    const char *name;
    char *p, *end; /* what is left */
    char *at;      /* the current line, `length` bytes without its line feed */
    size_t length;
    unsigned long line; /* its number */
    struct sha256_ctx sha;
    mxv_error *error;
};

/* "name:line: ...", the start of a long name cut. */
static mx_status fail(const struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static mx_status fail(const struct reader *r, const char *format, ...)
{
    enum { NAME_MAX_SHOWN = 160 };
    size_t n = strlen(r->name), used;
    char number[24];
    va_list args;

    if (!r->error)
        return MX_EPARSE;
    r->error->line = r->line;
    number[0] = '\0';
    if (r->line)
        mxv_say(number, sizeof number, "%lu:", r->line);
    mxv_say(r->error->text, sizeof r->error->text, "%s%s:%s ", n > NAME_MAX_SHOWN ? "..." : "",
            n > NAME_MAX_SHOWN ? r->name + n - NAME_MAX_SHOWN : r->name, number);
    used = strlen(r->error->text);
    va_start(args, format);
    vsnprintf(r->error->text + used, sizeof r->error->text - used, format, args);
    va_end(args);
    return MX_EPARSE;
}

/* The same, with the piece of text that was found. */
static mx_status found(const struct reader *r, const char *wanted, const char *text, size_t length)
{
    char q[MXV_QUOTE_TEXT];
    int second = length == 0 && text > r->at && text < r->at + r->length; /* an empty word within the line */

    return fail(r, "wanted %s, found %s", wanted, second ? "a second space" : mxv_quote(q, text, length));
}

/* Move to the next line. MX_END at the end of the text, MX_EPARSE when the line feed is missing. */
static mx_status next_line(struct reader *r)
{
    char q[MXV_QUOTE_TEXT], *feed;

    r->line++;
    if (r->p == r->end)
        return MX_END;
    feed = memchr(r->p, '\n', (size_t)(r->end - r->p));
    r->at = r->p;
    r->length = (size_t)((feed ? feed : r->end) - r->p);
    if (memchr(r->at, '\0', r->length) && (!feed || r->at[0] == '#')) /* elsewhere it is in a cell */
        return fail(r, "wanted text, found a NUL byte");
    if (!feed)
        return fail(r, "wanted a line feed after %s, found the end of the file", mxv_quote(q, r->at, r->length));
    r->p = feed + 1;
    return MX_OK;
}

static void digest_line(struct reader *r)
{
    sha256_update(&r->sha, r->length + 1, (const uint8_t *)r->at);
}

/* The next line must begin with `word`; MX_END becomes an error here. */
static mx_status head_line(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    mx_status status = next_line(r);

    if (status == MX_END)
        return fail(r, "wanted %s, found the end of the file", word);
    if (status != MX_OK)
        return status;
    digest_line(r);
    if (r->length < n || memcmp(r->at, word, n) != 0 || (r->length > n && r->at[n] != ' '))
        return found(r, word, r->at, r->length);
    if (r->length == n)
        return fail(r, "wanted a space after %s, found the end of the line", word);
    return MX_OK;
}

static mx_status read_version(struct reader *r)
{
    mx_status status = head_line(r, "#mxv");

    if (status != MX_OK)
        return status;
    if (r->length != 6 || r->at[5] != '1')
        return found(r, "version 1", r->at + 5, r->length - 5);
    return MX_OK;
}

static mx_status read_op(struct reader *r, mx_batch *shape)
{
    mxv_error why;
    mx_status status = head_line(r, "#op");

    if (status != MX_OK)
        return status;
    if (mxv_parse_op(shape, r->at + 4, r->length - 4, &why) != MX_OK)
        return fail(r, "%.400s", why.text);
    return MX_OK;
}

/* The word that should name axis `wanted` names something else: say what it is. */
static mx_status wrong_axis(const struct reader *r, mx_axis wanted, const char *word, size_t length)
{
    char q[MXV_QUOTE_TEXT], expect[64];
    const char *equals = length ? memchr(word, '=', length) : NULL;
    mx_axis axis = equals ? mx_axis_find(word, (size_t)(equals - word)) : (mx_axis)0;

    mxv_say(expect, sizeof expect, "axis %s=", mx_axis_name(wanted));
    if (axis && axis < wanted)
        return fail(r, "wanted %s, found %s, which was set before", expect, mxv_quote(q, word, length));
    return found(r, expect, word, length);
}

static mx_status read_profile(struct reader *r, mx_profile *profile)
{
    mx_status status = head_line(r, "#profile");
    const char *p, *end;
    char why[MX_WHY];

    if (status != MX_OK)
        return status;
    p = r->at + 8; /* each word with the space before it */
    end = r->at + r->length;
    for (unsigned a = 1; a <= MX_AXIS_LAST; a++) {
        const char *word = p < end ? p + 1 : end;
        const char *space = word < end ? memchr(word, ' ', (size_t)(end - word)) : NULL;
        size_t n = (size_t)((space ? space : end) - word), name = strlen(mx_axis_name((mx_axis)a));

        if (n <= name || memcmp(word, mx_axis_name((mx_axis)a), name) != 0 || word[name] != '=')
            return wrong_axis(r, (mx_axis)a, word, n);
        if (mx_profile_apply(profile, word, n, why) != MX_OK)
            return fail(r, "%s", why);
        p = word + n;
    }
    if (p != end)
        return found(r, "nothing after the last axis", p, (size_t)(end - p));
    return MX_OK;
}

static mx_status read_cols(struct reader *r, const mx_batch *shape)
{
    char wanted[MXV_COLS_TEXT], q[MXV_QUOTE_TEXT], quoted[MXV_COLS_TEXT + 2];
    size_t n = mxv_format_cols(shape, wanted);
    mx_status status = head_line(r, "#cols");

    if (status != MX_OK)
        return status;
    if (r->length == n && memcmp(r->at, wanted, n) == 0)
        return MX_OK;
    mxv_say(quoted, sizeof quoted, "'%s'", wanted);
    return fail(r, "wanted %s, found %s", quoted, mxv_quote(q, r->at, r->length));
}

/* The next word of the current line after *at; its length in *n. */
static char *row_word(const struct reader *r, char **at, size_t *n)
{
    char *word = *at, *end = r->at + r->length;
    char *space = word < end ? memchr(word, ' ', (size_t)(end - word)) : NULL;

    *n = (size_t)((space ? space : end) - word);
    *at = space ? space + 1 : end;
    return word;
}

/* id, class and tags of the current line. They stay in the text, NUL-terminated. */
static mx_status read_label(struct reader *r, mxv_label *label, const mxv_label *previous, char **rest)
{
    size_t n_id, n_class, n_tags;
    char *p = r->at, *id = row_word(r, &p, &n_id), *class_ = row_word(r, &p, &n_class),
         *tags = row_word(r, &p, &n_tags);
    char q[MXV_QUOTE_TEXT], before[MXV_QUOTE_TEXT];

    if (!mxv_id_ok(id, n_id))
        return found(r, "an id (1 to 96 of a-z 0-9 . - _)", id, n_id);
    label->class_ = mx_class_find(class_, n_class);
    if (!label->class_)
        return found(r, "a class (must, should, free or silent)", class_, n_class);
    if (!mxv_tags_ok(tags, n_tags))
        return found(r, "tags (words between commas, at most 256 bytes, or -)", tags, n_tags);
    if (tags + n_tags == r->at + r->length)
        return fail(r, "wanted input columns after the tags, found the end of the line");
    id[n_id] = '\0';
    tags[n_tags] = '\0';
    label->id = id;
    label->tags = tags;
    *rest = p;
    if (!previous || strcmp(previous->id, id) < 0)
        return MX_OK;
    if (strcmp(previous->id, id) == 0)
        return fail(r, "wanted each id once, found %s again", mxv_quote(q, id, n_id));
    return fail(r, "wanted ids in byte order, found %s after %s", mxv_quote(q, id, n_id),
                mxv_quote(before, previous->id, strlen(previous->id)));
}

/* One case into row i of the pack. */
static mx_status read_case(struct reader *r, mxv_pack *pack, size_t i)
{
    char *rest = NULL, *end = r->at + r->length, *bar;
    mxv_error why;
    mx_status status;

    digest_line(r);
    status = read_label(r, &pack->label[i], i ? &pack->label[i - 1] : NULL, &rest);
    if (status != MX_OK)
        return status;
    bar = rest < end ? memchr(rest, '|', (size_t)(end - rest)) : NULL;
    if (!bar || bar == rest || bar[-1] != ' ' || bar + 1 == end || bar[1] != ' ')
        return found(r, "' | ' between inputs and outputs", bar && bar > rest ? bar - 1 : rest,
                     (size_t)(end - (bar && bar > rest ? bar - 1 : rest)));
    if (mxv_parse_inputs(&pack->batch, i, rest, (size_t)(bar - 1 - rest), &why) != MX_OK ||
        mxv_parse_outputs(&pack->batch, &pack->open, i, bar + 2, (size_t)(end - bar - 2), &why) != MX_OK)
        return fail(r, "%.480s", why.text);
    return MX_OK;
}

/* The "#end" line, which is the current one, and nothing after it. */
static mx_status read_end(struct reader *r, mxv_pack *pack, size_t count)
{
    char q[MXV_QUOTE_TEXT], wanted[96], *p = r->at, *word;
    uint8_t digest[SHA256_DIGEST_SIZE];
    size_t n;

    word = row_word(r, &p, &n); /* "#end" */
    word = row_word(r, &p, &n);
    mxv_say(wanted, sizeof wanted, "count=%zu", count);
    if (n != strlen(wanted) || memcmp(word, wanted, n) != 0)
        return fail(r, "wanted %s (the cases above), found %s", wanted, mxv_quote(q, word, n));
    word = row_word(r, &p, &n);
    sha256_digest(&r->sha, sizeof digest, digest);
    mxv_hex(pack->sha256, digest, sizeof digest);
    if (n != 7 + 64 || memcmp(word, "sha256=", 7) != 0)
        return found(r, "sha256= and 64 hex digits", word, n);
    if (memcmp(word + 7, pack->sha256, 64) != 0)
        return fail(r, "wanted sha256=%s (of the lines above), found %s", pack->sha256, mxv_quote(q, word + 7, 64));
    if (word + n != r->at + r->length)
        return found(r, "nothing after the digest", word + n, (size_t)(r->at + r->length - word) - n);
    if (r->p == r->end)
        return MX_OK;
    r->line++;
    return found(r, "the end of the file after #end", r->p, (size_t)(r->end - r->p));
}

static int is_end(const struct reader *r)
{
    return r->length >= 4 && memcmp(r->at, "#end", 4) == 0 && (r->length == 4 || r->at[4] == ' ');
}

/* Every line from the first case to "#end". `room` cases fit in the pack, and no more fit in the text. */
static mx_status read_cases(struct reader *r, mxv_pack *pack, size_t room)
{
    for (size_t i = 0;; i++) {
        mx_status status = next_line(r);
        if (status == MX_END)
            return fail(r, "wanted a case or #end (truncated?), found the end of the file");
        if (status != MX_OK)
            return status;
        if (r->length && r->at[0] == '#' && !is_end(r))
            return found(r, "a case or #end", r->at, r->length);
        if (is_end(r)) {
            if (i == 0)
                return fail(r, "wanted at least one case, found #end");
            pack->batch.count = i;
            return read_end(r, pack, i);
        }
        if (i == room) /* cannot happen: a case is never shorter than its columns */
            return MX_EINTERNAL;
        status = read_case(r, pack, i);
        if (status != MX_OK)
            return status;
    }
}

static mx_status parse(struct reader *r, mxv_pack **pack)
{
    mx_batch shape = {0};
    mxv_pack *p = NULL;
    size_t room, shortest;
    mx_status status = read_version(r);

    if (status == MX_OK)
        status = read_op(r, &shape);
    if (status == MX_OK)
        status = read_profile(r, &shape.profile);
    if (status == MX_OK)
        status = read_cols(r, &shape);
    if (status != MX_OK)
        return status;
    shortest = mxv_inputs_text(&shape) + mxv_outputs_text(&shape);
    room = (size_t)(r->end - r->p) / shortest + 1;
    shape.count = room;
    status = mxv_pack_new(&p, &shape);
    if (status != MX_OK)
        return status;
    status = read_cases(r, p, room);
    if (status != MX_OK) {
        mxv_pack_free(p);
        return status;
    }
    *pack = p;
    return MX_OK;
}

/* Text that begins otherwise is no pack, however much of it there is. */
static int is_no_pack(void *state, const char *text, size_t length)
{
    (void)state;
    return length >= 4 && memcmp(text, "#mxv", 4) != 0;
}

mx_status mxv_read(mxv_pack **pack, FILE *in, const char *name, mxv_error *error)
{
    struct reader r = {0};
    size_t length = 0;
    char *text = NULL;
    mxv_pack *p = NULL;
    mx_status status;

    if (!pack || !in)
        return MX_EINVAL;
    r.name = name ? name : "pack";
    r.error = error;
    status = mxv_read_text(&text, &length, in, is_no_pack, NULL);
    if (status == MX_OK) {
        r.p = text;
        r.end = text + length;
        sha256_init(&r.sha);
        status = parse(&r, &p);
    }
    if (status != MX_OK && status != MX_EPARSE) {
        r.line = 0;
        fail(&r, "wanted to read it, found: %s", status == MX_EIO ? strerror(errno) : mx_status_text(status));
    }
    if (status != MX_OK) {
        free(text);
        return status;
    }
    ((struct mxv_storage *)p->storage)->text = text;
    *pack = p;
    return MX_OK;
}

mx_status mxv_load(mxv_pack **pack, const char *path, mxv_error *error)
{
    FILE *in;
    mx_status status;

    if (!pack || !path)
        return MX_EINVAL;
    in = fopen(path, "rb");
    if (!in) {
        struct reader r = {.name = path, .error = error};
        fail(&r, "wanted to read it, found: %s", strerror(errno));
        return MX_EIO;
    }
    status = mxv_read(pack, in, path, error);
    fclose(in);
    return status;
}
