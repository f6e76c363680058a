/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SHA-256 of what is in memory.
 */
#ifndef CONFORMANCE_DIGEST_H
#define CONFORMANCE_DIGEST_H

#include <stddef.h>

/* SHA-256 of `size` bytes in lower-case hex. */
void mxc_sha256(char hex[65], const void *text, size_t size);

#endif
