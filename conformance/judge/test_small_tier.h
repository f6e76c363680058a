/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For tests of whole runs: a smoke tier of two small packs in a folder of its own, and a subject that does as it is
 * told.
 */
#ifndef CONFORMANCE_JUDGE_TEST_SMALL_TIER_H
#define CONFORMANCE_JUDGE_TEST_SMALL_TIER_H

#include <mx/conformance.h>

/* The fixture: packs "one" (round=rne) and "two" (round=rtz) of 64 casts each, with manifest and counts, are the data
 * of mxcts ($MXCTS_DATADIR). */
void make_folder(void);
/* Path of a file of it; the last four stay valid. */
char *in_folder(const char *name);
void write_text(const char *name, const char *text);

/* The first value of every axis. */
void first_profile(mx_profile *profile);

/* What a subject of these tests does. */
typedef struct behaviour {
    const char *name;
    const char *ops, *axes;
    int wrong;  /* first bit of the code of every n-th case flipped; 0: none */
    int refuse; /* every n-th case refused */
    int forget; /* every n-th case not answered */
    int fails;  /* run fails at the second batch */
    int declines;
    int miscounts;
    size_t batches;
} behaviour;

/* The subject; one at a time. */
mxc_subject *subject_that(const behaviour *does);
/* The report of its run, whatever the verdict. The caller frees it. */
mxc_report *judged(const behaviour *does, const mxc_options *options);

#endif
