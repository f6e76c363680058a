/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Text in memory: read whole from a file, quoted in messages.
 */
#ifndef MXV_TEXT_H
#define MXV_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include <mx/types.h>

/* Room for mxv_quote: 48 bytes shown, each at most \xHH, two quotes, the ellipsis and NUL. */
#define MXV_QUOTE_TEXT 208

/* `length` bytes of s as they may be shown in a one-line message: in quotes, non-printing bytes as \xHH, long text cut
 * with "...". Empty text is "nothing". Returns `out`. */
const char *mxv_quote(char out[MXV_QUOTE_TEXT], const char *s, size_t length);

/* printf into `why` of `size` bytes (NULL: nothing), always NUL-terminated. */
void mxv_say(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What is left of `in` and a NUL behind it into *text, which the caller frees; *length counts the bytes read. Reading
 * stops soon after a NUL byte: no text has one, and a device may have no end. MX_EIO (see errno), MX_ENOMEM; *text
 * is then NULL. */
mx_status mxv_read_text(char **text, size_t *length, FILE *in);

#endif
