/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The text of the subject protocol mxp/1, as both sides need it. Columns are written and read by mx/vectors.h.
 */
#ifndef CONFORMANCE_ADAPTERS_MXP_H
#define CONFORMANCE_ADAPTERS_MXP_H

#include <mx/conformance.h>

/* A line, cut at single spaces. */
typedef struct mxp_words {
    const char *at, *end;
} mxp_words;

/* The next word: 1, 0 at the end of the line, -1 when there is an empty one. */
int mxp_word(mxp_words *words, const char **word, size_t *length);
/* The next word must be `text`: 1 or 0. */
int mxp_expect(mxp_words *words, const char *text);
/* The next word must be a decimal number without leading zeros: 1 or 0. */
int mxp_number(mxp_words *words, uint64_t *number);
/* The next word must be KEY=number. */
int mxp_count(mxp_words *words, const char *key, unsigned long long *number);

/* Length of "op N quantize elem=... ...every axis..." without newline; `text` has MXP_OP_TEXT bytes. 0 when malformed.
 */
#define MXP_OP_TEXT (MXV_HEAD_TEXT + MX_PROFILE_TEXT + 32)
size_t mxp_format_op(uint64_t number, const mx_batch *shape, char *text);
/* What follows "op N " into the shape (columns NULL, count 0). MX_EPARSE with `why` (MXC_LINE bytes). */
mx_status mxp_parse_op(mx_batch *shape, const char *text, size_t length, char *why);

/* The subject's greeting. MX_EPROTOCOL with `why` (MXC_LINE bytes). */
mx_status mxp_parse_greeting(mxc_description *description, const char *line, size_t length, char *why);

/* Complete lines out of a stream. */
typedef struct mxp_lines {
    char *data;
    size_t start, end, room;
    size_t scanned;     /* bytes from `start` known to hold no newline */
    unsigned long line; /* number of the last line taken */
} mxp_lines;

/* Where to put the next bytes: NULL when out of memory or the line at hand is longer than `limit`; *room bytes free.
 * Then add to lines->end what was written. */
char *mxp_lines_room(mxp_lines *lines, size_t limit, size_t *room);
/* Take the next complete line (valid until the next call of mxp_lines_room): 1, or 0 when there is none. */
int mxp_lines_take(mxp_lines *lines, const char **line, size_t *length);

/* A line for a message: printable, at most 60 characters, quoted. */
#define MXP_QUOTE 250
const char *mxp_quote(char quoted[MXP_QUOTE], const char *line, size_t length);

#endif
