/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Conformance statements.
 */
#ifndef MX_CONFORMANCE_STATEMENT_H
#define MX_CONFORMANCE_STATEMENT_H

#include <stdio.h>

#include <mx/conformance/report.h>
#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MXC_STATEMENT_VERSION 1
/* One text: tool, subject, profile, packs with digests, counts, what was exhaustive, sampled or never exercised, known
 * failures, digest of it all. MX_EIO, MX_ENOMEM. */
MX_API mx_status mxc_statement_write(FILE *out, const mxc_report *report);

typedef struct mxc_statement {
    char *name, *text;
    size_t length;
} mxc_statement;

/* Read one. MX_EPARSE (no statement, another version, cut short), MX_EINVAL (its digest is not that of its lines),
 * MX_EIO, MX_ENOMEM. */
MX_API mx_status mxc_statement_load(mxc_statement **statement, const char *path, mxv_error *error);
MX_API void mxc_statement_free(mxc_statement *statement);
/* What follows `key` on a line of this name ("asked", "op="), on the `which`-th such line (from 0), or NULL. The caller
 * frees it. */
MX_API char *mxc_statement_word(const mxc_statement *statement, const char *line, const char *key, size_t which);
/* Its counts are the sums of its packs, of which there are *packs. MX_EINVAL, MX_EPARSE. */
MX_API mx_status mxc_statement_check(const mxc_statement *statement, size_t *packs, mxv_error *error);
/* Its packs are those at hand; *checked: how many are at hand. MX_EINVAL, or a failure to read them. */
MX_API mx_status mxc_statement_check_packs(const mxc_statement *statement, size_t *checked, mxv_error *error);
/* It says what this run says; `another_run`: but for the time and how the subject was called. MX_EINVAL with the first
 * line that differs, MX_ENOMEM. */
MX_API mx_status mxc_statement_compare(const mxc_statement *statement, const mxc_report *report, int another_run,
                                       mxv_error *error);

#ifdef __cplusplus
}
#endif

#endif
