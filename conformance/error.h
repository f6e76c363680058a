/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Lines for people: why something failed, in a buffer of the caller.
 */
#ifndef CONFORMANCE_ERROR_H
#define CONFORMANCE_ERROR_H

#include <mx/vectors.h>

/* Fill *error (when not NULL) and return `status`. */
mx_status mxc_fail(mxv_error *error, mx_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Memory ran out: fill *error so, and return MX_ENOMEM. */
mx_status mxc_no_memory(mxv_error *error);

/* printf into a fixed buffer, always terminated, cut when too long; newlines and tabs become spaces, other control
 * characters `?`. */
void mxc_say(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
