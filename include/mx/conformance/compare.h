/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One answer beside the expected one.
 */
#ifndef MX_CONFORMANCE_COMPARE_H
#define MX_CONFORMANCE_COMPARE_H

#include <mx/names.h>
#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where case i of `got` differs from the expected outputs of `pack`. */
typedef struct mxc_diff {
    size_t cells;        /* differing output cells; 0: the same */
    mx_column_kind kind; /* of the first one */
    size_t lane;         /* of the first one */
    uint64_t want, got;
} mxc_diff;

/* Compare by bits; a NaN counts as any NaN unless an axis demands its bits; free cells are not compared.
 * Returns 1 when the same. `diff` may be NULL. */
MX_API int mxc_compare(const mxv_pack *pack, size_t i, const mx_outputs *got, mxc_diff *diff);

/* A value of one axis that would explain an answer. */
typedef struct mxc_departure {
    mx_axis axis;
    unsigned value; /* of round: never sr */
} mxc_departure;

/* Which single-axis changes of the profile make the reference give the subject's answer for case i of `batch`
 * (inputs, and outputs = the answer). `found` has room for `room`; returns how many there are in all. */
MX_API size_t mxc_departures(const mx_batch *batch, size_t i, mxc_departure *found, size_t room);

#ifdef __cplusplus
}
#endif

#endif
