/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which packs there are, and what pins them: the manifest, the least counts.
 */
#ifndef CONFORMANCE_DATA_PACKS_H
#define CONFORMANCE_DATA_PACKS_H

#include <mx/conformance.h>

#include "conformance/data/tags.h"

typedef struct mxc_manifest {
    char *root; /* directory that its paths are relative to, with a slash at the end */
    char *text; /* the file, lines cut into words */
    struct mxc_manifest_row {
        const char *digest, *path;
    } * row;
    size_t rows;
} mxc_manifest;

/* Read a manifest in `sha256sum -c` form. MX_EIO, MX_EPARSE, MX_ENOMEM. */
mx_status mxc_manifest_load(mxc_manifest *manifest, const char *path, mxv_error *error);
void mxc_manifest_free(mxc_manifest *manifest);

/* The packs selected, in bytewise order: the smoke tier of `manifest` (each row must be there), or select->pack, of
 * which each is a file, a folder, or a name or shell pattern of smoke packs. */
mx_status mxc_packs_find(mxc_paths *paths, const mxc_select *select, const mxc_manifest *manifest, mxv_error *error);
/* The same with the manifest of this installation, which may be missing when all are paths. */
mx_status mxc_packs_of(mxc_paths *paths, const char *const *pack, size_t packs, mxv_error *error);
/* Keep those that the filter lets through, by their heads. MX_EINVAL when none is left. */
mx_status mxc_packs_filter(mxc_paths *paths, const mxc_filter *filter, mxv_error *error);

/* 1 when the manifest lists the file `path`. */
int mxc_manifest_has(const mxc_manifest *manifest, const char *path);

/* MX_OK when the file is as the manifest says (a file outside the manifest's folder is not its business), MX_EPARSE. */
mx_status mxc_manifest_check(const mxc_manifest *manifest, const char *path, mxv_error *error);

/* MX_OK when the smoke tier has as many packs, cases and cases by tag as the file `path` (vectors/COUNTS) demands. */
mx_status mxc_minimum_check(const char *path, size_t packs, size_t cases, const mxc_tags *tags, mxv_error *error);

#endif
