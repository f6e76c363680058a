/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The command that explains a case, to be pasted into a shell.
 */
#ifndef CONFORMANCE_CAUSES_EXPLAIN_LINE_H
#define CONFORMANCE_CAUSES_EXPLAIN_LINE_H

#include <mx/conformance.h>

/* The line: it names the case, its pack unless that is NULL, and the subject's answer.
 * The caller frees it; NULL: out of memory. */
char *mxc_explain_line(const char *pack, const char *id, const char *got);
/* A word as a shell takes it for one, in quotes where it needs them. */
void mxc_put_shell_word(FILE *out, const char *word);

#endif
