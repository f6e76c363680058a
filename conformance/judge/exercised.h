/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a run exercised: cases by clause, and whole input spaces.
 */
#ifndef CONFORMANCE_JUDGE_EXERCISED_H
#define CONFORMANCE_JUDGE_EXERCISED_H

#include <mx/conformance.h>

/* Count the n chosen cases of `pack` under the clauses they test: result[c] is that of clause c. MX_ENOMEM. */
mx_status mxc_clauses_tally(mxc_clause_result *result, const mxc_clauses *clauses, const mxv_pack *pack,
                            const size_t *chosen, const uint8_t *fate, size_t n);
/* 1 when the judged ones of the chosen cases hold every input that the operation has. */
int mxc_is_exhaustive(const mxv_pack *pack, const size_t *chosen, const uint8_t *fate, size_t n);

#endif
