/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Coverage: named bins over the cases of packs, counted from inputs and the reference's trace.
 *
 * A bin is "GROUP/NAME": the group is an operation, a format and the rule that matters ("quantize.e4m3.floor"), the
 * name says what happens in the case ("amax-lane=31"). All bins are listed in advance; those that no input can reach
 * carry the reason.
 */
#ifndef CONFORMANCE_COVERAGE_COVERAGE_H
#define CONFORMANCE_COVERAGE_COVERAGE_H

#include <mx/conformance.h>

#define MXC_BIN 80

typedef struct mxc_bin {
    char name[MXC_BIN];
    const char *unreachable; /* why, or NULL */
    size_t count;            /* cases (elements, for bins of elements) */
} mxc_bin;

typedef struct mxc_coverage {
    mxc_bin *bin; /* sorted by name */
    size_t bins, room;
    size_t cases;
    int failed;
} mxc_coverage;

/* Count `packs` (in parallel; the result does not depend on it). What reading a pack gives, MX_ENOMEM, MX_EINTERNAL (a
 * case in a bin that is not listed, or in one said to be unreachable; the name is in *error). `step` may be NULL. */
mx_status mxc_coverage_run(mxc_coverage *coverage, const mxc_paths *packs, void (*step)(void *state, size_t done),
                           void *state, mxv_error *error);
/* Drop the bins outside the filter. Where it is about operations (formats, types), so are those that name none. */
void mxc_coverage_filter(mxc_coverage *coverage, const mxc_filter *filter);
void mxc_coverage_free(mxc_coverage *coverage);

/* ---- the model (bins.c) ---- */

/* Lists every bin. */
void mxc_bins_list(mxc_coverage *coverage);

/* Names the bins of case i, one call each. */
typedef void mxc_bin_hit(void *state, const char *name);
mx_status mxc_bins_of(const mxv_pack *pack, size_t i, mxc_bin_hit *hit, void *state);

/* All bins, sorted, no case counted. MX_ENOMEM. */
mx_status mxc_coverage_begin(mxc_coverage *coverage);
/* The bin called `name`, NULL when it is not listed. */
const mxc_bin *mxc_bin_find(const mxc_coverage *coverage, const char *name);

/* Add a bin (used by mxc_bins_list). */
void mxc_bin_add(mxc_coverage *coverage, const char *unreachable, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
