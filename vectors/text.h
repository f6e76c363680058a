/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Text helpers shared by the name tables and the pack reader.
 */
#ifndef MXV_TEXT_H
#define MXV_TEXT_H

#include <stddef.h>

/* Room for mxv_quote: 48 bytes shown, each at most \xHH, two quotes, the ellipsis and NUL. */
#define MXV_QUOTE_TEXT 208

/* `length` bytes of s as they may be shown in a one-line message: in quotes, non-printing bytes as \xHH, long text cut
 * with "...". Empty text is "nothing". Returns `out`. */
const char *mxv_quote(char out[MXV_QUOTE_TEXT], const char *s, size_t length);

/* printf into `why` of `size` bytes (NULL: nothing), always NUL-terminated. */
void mxv_say(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
