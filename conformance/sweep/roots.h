/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Files of roots: the digests of whole domains when every answer is right, as `mxcts sweep --roots` prints them and as
 * they are committed in conformance/sweep.roots.
 *
 *     #mxroots 1
 *     SHA256  NAME          64 hex digits, two spaces, the domain as mxc_domain_name has it
 *     #end count=N          lines between; a file without it was cut short
 */
#ifndef CONFORMANCE_SWEEP_ROOTS_H
#define CONFORMANCE_SWEEP_ROOTS_H

#include "conformance/sweep/sweep.h"

#define MXC_ROOTS_MAGIC "#mxroots 1"

typedef struct mxc_roots mxc_roots;

/* MX_EIO; MX_EPARSE: of another version, cut short or malformed, with the line; MX_ENOMEM. */
mx_status mxc_roots_load(mxc_roots **roots, const char *path, mxv_error *error);
void mxc_roots_free(mxc_roots *roots);

/* The digest of this domain, which belongs to `roots`; NULL when the file has none. */
const char *mxc_roots_find(const mxc_roots *roots, const char *name);

#endif
