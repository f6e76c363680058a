/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which mutants the cases of a clause kill.
 */
#ifndef CONFORMANCE_MUTANTS_CLAUSE_KILLS_H
#define CONFORMANCE_MUTANTS_CLAUSE_KILLS_H

#include "conformance/data/clauses.h"
#include "conformance/mutants/mutants.h"

typedef struct mxc_clause_kills {
    const mxc_mutant **mutant; /* [mutants] of the table, without "none" and the equivalent ones */
    size_t mutants, clauses;
    uint8_t *killed; /* [mutant * clauses + clause] 1: by a case of the smoke tier that the clause selects */
} mxc_clause_kills;

/* Packs are judged in parallel, the result does not depend on it. `step` (may be NULL) is told how many of the packs
 * are done, one thread at a time. What reading a pack gives, MX_ENOMEM. */
mx_status mxc_clause_kills_run(mxc_clause_kills *kills, const mxc_clauses *clauses, const mxc_paths *packs,
                               void (*step)(void *state, size_t done), void *state, mxv_error *error);
void mxc_clause_kills_free(mxc_clause_kills *kills);

/* 1 when the cases of one clause only kill it. */
int mxc_clause_kills_alone(const mxc_clause_kills *kills, size_t mutant);

/* Mutants that the clause's cases kill; `alone`: those that no other clause's do. */
size_t mxc_clause_kills_count(const mxc_clause_kills *kills, size_t clause, size_t *alone);

#endif
