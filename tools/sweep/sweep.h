/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside `mxcts sweep`: what is asked for, the plan that comes of it, the crews that work through it, and what is said
 * in the end.
 */
#ifndef TOOLS_SWEEP_H
#define TOOLS_SWEEP_H

#include "conformance/sweep/journal.h"
#include "conformance/sweep/roots.h"
#include "tools/filter.h"
#include "tools/tool.h"

#define SWEEP_NONE ((size_t)-1)

/* The spaces wanted. */
typedef struct sweep_request {
    mx_op op;
    mxc_filter filter; /* of element formats */
    mx_type type;
    mxc_profile profile;
    uint8_t wanted[256]; /* scale bytes of scaled-cast, as flags */
    uint32_t random;     /* under round=sr:N */
} sweep_request;

/* Units of work are shards, numbered domain by domain; a slice takes every slices-th of them. */
typedef struct sweep {
    mxc_domain *domain;
    mxc_steps *steps; /* one table a domain */
    size_t domains, shards;
    mxc_steps anchors; /* for MXC_VIA_QUANTIZE */
    mxc_roots *roots;  /* that digests are compared with; NULL: none */
    mxc_via via;
    const char *subject;
    mxc_subject_options how;
    size_t slice, slices; /* slice 0 .. slices-1 */
    unsigned threads;
    mxc_journal *journal;
    size_t cursor, done, todo; /* the next unit to look at; units done now; units that were to be done */
    tool_progress progress;
} sweep;

/* Of an MPI job; {1, 0} when there is none. */
typedef struct sweep_ranks {
    int count, rank;
} sweep_ranks;

/* ---- the plan; each function returns an exit status, and has said why when that is not TOOL_OK ---- */

/* Domains and step tables, of which each rank builds its share. */
int sweep_plan(sweep *s, const sweep_request *request, const sweep_ranks *ranks);
/* The roots to compare with: those of `path`, which must have all domains; NULL: the committed ones, as far as they go.
 */
int sweep_take_roots(sweep *s, const char *path);
void sweep_release(sweep *s);

/* One line that tells this sweep from others: what its journal belongs to. */
void sweep_describe(const sweep *s, const sweep_request *request, char *text, size_t size);

/* ---- the work ---- */

/* The next unit that is this slice's and not done yet; SWEEP_NONE at the end. Not thread-safe. */
size_t sweep_next(sweep *s);
/* Units of this slice that are not done. */
size_t sweep_left(const sweep *s);
/* A worker's own subject and buffers. sweep_hire: MX_ENOMEM, or as mxc_subject_open; there is then nothing to fire. */
typedef struct sweep_worker {
    mxc_subject *subject;
    mxc_sweeper *sweeper;
} sweep_worker;
mx_status sweep_hire(const sweep *s, sweep_worker *worker, mxv_error *error);
void sweep_fire(sweep_worker *worker);
/* Put unit `unit` to the worker's subject. */
mx_status sweep_unit(const sweep *s, size_t unit, const sweep_worker *worker, mxc_shard *result, mxv_error *error);
/* Its result into the journal. Not thread-safe. */
mx_status sweep_record(sweep *s, size_t unit, const mxc_shard *result, mxv_error *error);

/* Crews: work through what is left. MX_OK, or the first failure. */
mx_status sweep_threads(sweep *s, mxv_error *error);

/* Under mpirun: rank 0 hands out units and keeps the journal. sweep_mpi_begin tells whether there is more than one rank
 * and which one this is (ranks but 0 are then mute); without MPI in the build it says why not. */
mx_status sweep_mpi_begin(sweep_ranks *ranks, mxv_error *error);
/* The worst exit status of all ranks: nobody waits for one that has given up. */
int sweep_mpi_agree(const sweep_ranks *ranks, int status);
/* The step tables of all ranks to all of them. Returns an exit status. */
int sweep_mpi_share(sweep *s, const sweep_ranks *ranks);
mx_status sweep_mpi(sweep *s, const sweep_ranks *ranks, mxv_error *error);
void sweep_mpi_end(void);

/* ---- what is said ---- */

/* The roots that the reference alone gives, as a file of roots. Returns the exit status. */
int sweep_print_roots(const sweep *s);
/* What came of it, after `seconds` of work. Returns the exit status. */
int sweep_conclude(const sweep *s, double seconds, int json);

#endif
