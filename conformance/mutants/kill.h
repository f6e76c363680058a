/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kill matrix: every mutant against every pack.
 */
#ifndef CONFORMANCE_MUTANTS_KILL_H
#define CONFORMANCE_MUTANTS_KILL_H

#include "conformance/batch.h"
#include "conformance/mutants/mutants.h"

/* What a pack makes of a mutant. */
typedef struct mxc_kill {
    uint32_t cases;   /* that show the fault */
    uint8_t concerns; /* 1 when the fault can act in the pack's shape */
} mxc_kill;

typedef struct mxc_kill_pack {
    char *name; /* "quantize.e4m3.fp32.floor" */
    mx_batch shape;
    size_t concerns; /* mutants without "none" and the equivalent ones */
    size_t killed;
    size_t alone; /* that no other pack kills */
} mxc_kill_pack;

typedef struct mxc_kill_mutant {
    const mxc_mutant *mutant;
    size_t concerns, packs; /* packs that could kill it, that do */
    size_t cases;           /* in all packs */
    char example[64];       /* the first case that does, in the order of the packs; "" when none */
} mxc_kill_mutant;

/* A member of a family. */
typedef struct mxc_kill_member {
    size_t concerns; /* packs looked at until one killed it */
    int killed;
    char example[64]; /* the first case of the first pack that does */
} mxc_kill_member;

typedef struct mxc_kills {
    mxc_kill_pack *pack;
    size_t packs;
    mxc_kill_mutant *mutant; /* chosen ones, in the order of the table */
    size_t mutants;
    mxc_kill *kill;          /* [mutant * packs + pack] */
    size_t cases;            /* in all packs */
    mxc_member *member;      /* of all families, or those that were named */
    mxc_kill_member *narrow; /* [members] */
    size_t members;
} mxc_kills;

/* Run the mutants (names; count 0: all) over the packs (sorted by path). Packs are read and judged in parallel, the
 * result does not depend on it. MX_EINVAL (no such mutant), what reading a pack gives, MX_ENOMEM. `step` may be NULL;
 * one thread at a time. */
mx_status mxc_kills_run(mxc_kills *kills, const mxc_paths *packs, const char *const *names, size_t count,
                        void (*step)(void *state, size_t done), void *state, mxv_error *error);
/* Drop the mutants that can act in none of the packs: those are no fault of a part of the tier. */
void mxc_kills_drop_idle(mxc_kills *kills);
void mxc_kills_free(mxc_kills *kills);

/* judge(judge_state, p, path of pack p, error) for each pack, in parallel, until one fails; its status and error. After
 * each, step (which may be NULL) by one thread at a time. */
typedef mx_status mxc_pack_judge(void *judge_state, size_t p, const char *path, mxv_error *error);
mx_status mxc_each_pack(const mxc_paths *packs, mxc_pack_judge *judge, void *judge_state,
                        void (*step)(void *state, size_t done), void *state, mxv_error *error);

/* Sets shown[i] to 1 for each case i of the pack in which the mutant's answer is wrong, to 0 for the others. `store`
 * has room for the pack's outputs. */
mx_status mxc_kill_cases(const mxv_pack *pack, const mxc_mutant *mutant, mxc_store *store, uint8_t *shown,
                         size_t *count);

/* Mutants that a vector can kill, those that were, and those that were not and should be ("none": was and should not).
 */
typedef struct mxc_kill_score {
    size_t mutants, killed, survived, equivalent;
    size_t members, members_killed;
    int none_killed; /* the converter itself is wrong */
} mxc_kill_score;
mxc_kill_score mxc_kills_score(const mxc_kills *kills);

#endif
