/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Text in memory: read whole from a file, quoted in messages.
 */
#ifndef MXV_TEXT_H
#define MXV_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <mx/types.h>

/* Room for mxv_quote: 48 bytes shown, each at most \xHH, two quotes, the ellipsis and NUL. */
#define MXV_QUOTE_TEXT 208

/* `length` bytes of s as they may be shown in a one-line message: in quotes, non-printing bytes as \xHH, long text cut
 * with "...". Empty text is "nothing". Returns `out`. */
const char *mxv_quote(char out[MXV_QUOTE_TEXT], const char *s, size_t length);

/* printf into `why` of `size` bytes (NULL: nothing), always NUL-terminated. */
void mxv_say(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* n bytes as 2 n lower-case hex digits and a NUL. */
void mxv_hex(char *text, const uint8_t *bytes, size_t n);

/* Given all that was read so far: whether that shows the text to be none that is wanted. */
typedef int mxv_enough(void *state, const char *text, size_t length);

/* What is left of `in` and a NUL behind it into *text, which the caller frees; *length counts the bytes read. A device
 * or a pipe may have no end, so reading stops when `enough` (may be NULL) says so, and soon after a NUL byte, which no
 * text has. MX_EIO (see errno), MX_ENOMEM; *text is then NULL. */
mx_status mxv_read_text(char **text, size_t *length, FILE *in, mxv_enough *enough, void *state);

#endif
