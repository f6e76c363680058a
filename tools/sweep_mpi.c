/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A sweep over the ranks of an MPI job. Rank 0 owns the journal and hands out one unit at a time, so that a slow rank
 * takes fewer; the others ask, work and answer. A rank that fails says so and the job ends with its message. A rank
 * that dies takes the job with it, as MPI has it: what rank 0 has in its journal stays, and the next run of the same
 * command does the rest again.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "tools/sweep.h"

/* mpirun of Open MPI, MPICH and Slurm say so in the environment of each rank. */
static int under_mpirun(void)
{
    const char *const name[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (getenv(name[i]))
            return 1;
    return 0;
}

#ifndef HAVE_MPI

mx_status sweep_mpi_begin(sweep_ranks *ranks, mxv_error *error)
{
    *ranks = (sweep_ranks){1, 0};
    if (under_mpirun())
        return mxc_fail(error, MX_EUNSUPPORTED,
                        "started by mpirun, but built without MPI: install libopenmpi-dev and configure --with-mpi");
    return MX_OK;
}

mx_status sweep_mpi(sweep *s, const sweep_ranks *ranks, mxv_error *error)
{
    (void)s, (void)ranks;
    return mxc_fail(error, MX_EUNSUPPORTED, "built without MPI");
}

void sweep_mpi_end(void) {}

#else

#include <mpi.h>

/* What a rank sends: its last unit and what came of it. `unit` SWEEP_NONE: nothing yet. */
typedef struct message {
    size_t unit;
    mx_status status;
    mxc_shard result;
    char text[256];
} message;

enum { ANSWER = 1, UNIT };

static int begun;

mx_status sweep_mpi_begin(sweep_ranks *ranks, mxv_error *error)
{
    *ranks = (sweep_ranks){1, 0};
    if (!under_mpirun())
        return MX_OK;
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS)
        return mxc_fail(error, MX_EINTERNAL, "MPI does not start");
    begun = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->count);
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->rank);
    return MX_OK;
}

void sweep_mpi_end(void)
{
    if (begun)
        MPI_Finalize();
    begun = 0;
}

/* Rank 0: take an answer, give the next unit, until every worker was told that there is none. */
static mx_status hand_out(sweep *s, int workers, mxv_error *error)
{
    mx_status failed = MX_OK;
    while (workers > 0) {
        message got;
        MPI_Status from;
        MPI_Recv(&got, sizeof got, MPI_BYTE, MPI_ANY_SOURCE, ANSWER, MPI_COMM_WORLD, &from);
        if (got.status != MX_OK && failed == MX_OK)
            failed = mxc_fail(error, got.status, "rank %d: %s", from.MPI_SOURCE, got.text);
        if (got.status == MX_OK && got.unit != SWEEP_NONE) {
            const mx_status status = sweep_record(s, got.unit, &got.result, error);
            failed = failed == MX_OK ? status : failed;
        }
        const size_t next = failed == MX_OK ? sweep_next(s) : SWEEP_NONE;
        MPI_Send(&next, sizeof next, MPI_BYTE, from.MPI_SOURCE, UNIT, MPI_COMM_WORLD);
        workers -= next == SWEEP_NONE;
    }
    return failed;
}

/* The others. Their failures are rank 0's to report. */
static void work(const sweep *s)
{
    message answer;
    mxv_error error = {0};
    sweep_worker worker;
    memset(&answer, 0, sizeof answer);
    answer.unit = SWEEP_NONE;
    answer.status = sweep_hire(s, &worker, &error);
    for (;;) {
        snprintf(answer.text, sizeof answer.text, "%.250s", error.text);
        MPI_Send(&answer, sizeof answer, MPI_BYTE, 0, ANSWER, MPI_COMM_WORLD);
        MPI_Recv(&answer.unit, sizeof answer.unit, MPI_BYTE, 0, UNIT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (answer.unit == SWEEP_NONE)
            break;
        answer.status = sweep_unit(s, answer.unit, &worker, &answer.result, &error);
    }
    sweep_fire(&worker);
}

mx_status sweep_mpi(sweep *s, const sweep_ranks *ranks, mxv_error *error)
{
    if (ranks->rank == 0)
        return hand_out(s, ranks->count - 1, error);
    work(s);
    return MX_OK;
}

#endif
