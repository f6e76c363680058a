/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A sweep over the ranks of an MPI job. Step tables are built by all together. Rank 0 owns the journal and hands out
 * parcels of units, which grow until one takes a tenth of a second, so that a slow rank takes fewer and nobody waits
 * for the post; while nobody asks it works too. A rank that fails says so and the job ends with its message. A rank
 * that dies takes the job with it, as MPI has it: what rank 0 has in its journal stays, and the next run of the same
 * command does the rest again.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "tools/sweep/sweep.h"

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

int sweep_mpi_agree(const sweep_ranks *ranks, int status)
{
    (void)ranks;
    return status;
}

int sweep_mpi_share(sweep *s, const sweep_ranks *ranks)
{
    (void)s, (void)ranks;
    return TOOL_OK;
}

mx_status sweep_mpi(sweep *s, const sweep_ranks *ranks, mxv_error *error)
{
    (void)s, (void)ranks;
    return mxc_fail(error, MX_EUNSUPPORTED, "built without MPI");
}

void sweep_mpi_end(void) {}

#else

#include <mpi.h>

enum { PARCEL = 64, ANSWER = 1, UNITS };

/* What a rank sends: its last parcel and what came of it. count 0: nothing yet. */
typedef struct message {
    size_t count, unit[PARCEL];
    mxc_shard result[PARCEL];
    mx_status status;
    double seconds;
    char text[256];
} message;

/* What it is given; count 0: there is no more. */
typedef struct parcel {
    size_t count, unit[PARCEL];
} parcel;

static int is_up;

mx_status sweep_mpi_begin(sweep_ranks *ranks, mxv_error *error)
{
    *ranks = (sweep_ranks){1, 0};
    if (!under_mpirun())
        return MX_OK;
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS)
        return mxc_fail(error, MX_EINTERNAL, "MPI does not start");
    is_up = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->count);
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->rank);
    if (ranks->rank != 0)
        tool_mute();
    return MX_OK;
}

void sweep_mpi_end(void)
{
    if (is_up)
        MPI_Finalize();
    is_up = 0;
}

int sweep_mpi_agree(const sweep_ranks *ranks, int status)
{
    int worst = status;
    if (ranks->count > 1)
        MPI_Allreduce(&status, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return worst;
}

/* Everybody gets the table that `owner` has. */
static int share_one(mxc_steps *steps, int owner, int rank)
{
    MPI_Bcast(&steps->patterns, sizeof steps->patterns, MPI_BYTE, owner, MPI_COMM_WORLD);
    MPI_Bcast(&steps->count, sizeof steps->count, MPI_BYTE, owner, MPI_COMM_WORLD);
    if (rank != owner)
        steps->step = malloc(steps->count * sizeof *steps->step);
    if (!steps->step)
        return TOOL_ERROR;
    MPI_Bcast(steps->step, (int)(steps->count * sizeof *steps->step), MPI_BYTE, owner, MPI_COMM_WORLD);
    return TOOL_OK;
}

int sweep_mpi_share(sweep *s, const sweep_ranks *ranks)
{
    int status = TOOL_OK;
    for (size_t i = 0; ranks->count > 1 && i < s->domains && status == TOOL_OK; i++)
        status = share_one(s->steps + i, (int)(i % (size_t)ranks->count), ranks->rank);
    if (status != TOOL_OK) { /* the others are in the middle of it */
        fprintf(stderr, "mxcts sweep: rank %d: out of memory\n", ranks->rank);
        MPI_Abort(MPI_COMM_WORLD, status);
    }
    return status;
}

/* ---- rank 0 ---- */

typedef struct post {
    sweep *sweep;
    int ranks, waiting; /* of them all; workers that may still ask */
    size_t *size;       /* [ranks]: how large the last parcel was */
    mx_status failed;   /* the first failure, in *error */
    mxv_error *error;
} post;

static void post_fail(post *p, mx_status status)
{
    if (status != MX_OK && p->failed == MX_OK)
        p->failed = status;
}

/* So that it takes from a tenth to half a second, and that towards the end all have some. */
static size_t next_size(const post *p, size_t last, double seconds)
{
    const size_t left = p->sweep->todo - p->sweep->done, fair = left / (2 * (size_t)p->ranks) + 1;
    size_t size = seconds < 0.1 ? 2 * last : seconds > 0.5 ? last / 2 : last;
    size = size < 1 ? 1 : size > PARCEL ? PARCEL : size;
    return size < fair ? size : fair;
}

/* One answer in, one parcel out. */
static void serve(post *p)
{
    message got;
    parcel next = {.count = 0};
    MPI_Status from;
    MPI_Recv(&got, sizeof got, MPI_BYTE, MPI_ANY_SOURCE, ANSWER, MPI_COMM_WORLD, &from);
    const int rank = from.MPI_SOURCE;
    if (got.status != MX_OK && p->failed == MX_OK)
        post_fail(p, mxc_fail(p->error, got.status, "rank %d: %s", rank, got.text));
    for (size_t i = 0; i < got.count; i++)
        post_fail(p, sweep_record(p->sweep, got.unit[i], got.result + i, p->error));
    p->size[rank] = got.count ? next_size(p, p->size[rank], got.seconds) : 1;
    while (next.count < p->size[rank] && p->failed == MX_OK) {
        next.unit[next.count] = sweep_next(p->sweep);
        if (next.unit[next.count] == SWEEP_NONE)
            break;
        next.count++;
    }
    MPI_Send(&next, sizeof next, MPI_BYTE, rank, UNITS, MPI_COMM_WORLD);
    p->waiting -= next.count == 0;
}

/* One unit of its own, when nobody asks. Returns 0 when it should not go on with that: there is none, or they take so
 * long that the others would wait. */
static int own_unit(post *p, const sweep_worker *worker)
{
    mxc_shard result;
    const size_t unit = p->failed == MX_OK ? sweep_next(p->sweep) : SWEEP_NONE;
    const double begun = tool_clock();
    if (unit == SWEEP_NONE)
        return 0;
    mx_status status = sweep_unit(p->sweep, unit, worker, &result, p->error);
    if (status == MX_OK)
        status = sweep_record(p->sweep, unit, &result, p->error);
    post_fail(p, status);
    return p->failed == MX_OK && tool_clock() - begun < 0.05;
}

static mx_status lead(sweep *s, int ranks, mxv_error *error)
{
    post p = {.sweep = s, .ranks = ranks, .waiting = ranks - 1, .failed = MX_OK, .error = error};
    sweep_worker worker;
    p.size = calloc((size_t)ranks, sizeof *p.size);
    post_fail(&p, p.size ? sweep_hire(s, &worker, error) : mxc_no_memory(error));
    if (!p.size)
        MPI_Abort(MPI_COMM_WORLD, TOOL_ERROR);
    int works = p.failed == MX_OK;
    const int hired = works;
    while (p.waiting > 0 || works) {
        int asked = 0;
        if (p.waiting > 0)
            MPI_Iprobe(MPI_ANY_SOURCE, ANSWER, MPI_COMM_WORLD, &asked, MPI_STATUS_IGNORE);
        if (asked || !works)
            serve(&p);
        else
            works = own_unit(&p, &worker);
    }
    if (hired)
        sweep_fire(&worker);
    free(p.size);
    return p.failed;
}

/* ---- the others ---- */

/* Their failures are rank 0's to report. */
static void work(const sweep *s)
{
    message answer;
    parcel todo;
    mxv_error error = {0};
    sweep_worker worker;
    memset(&answer, 0, sizeof answer);
    answer.status = sweep_hire(s, &worker, &error);
    for (;;) {
        snprintf(answer.text, sizeof answer.text, "%.250s", error.text);
        MPI_Send(&answer, sizeof answer, MPI_BYTE, 0, ANSWER, MPI_COMM_WORLD);
        MPI_Recv(&todo, sizeof todo, MPI_BYTE, 0, UNITS, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (todo.count == 0)
            break;
        const double begun = tool_clock();
        for (answer.count = 0; answer.count < todo.count && answer.status == MX_OK; answer.count++) {
            const size_t i = answer.count;
            answer.unit[i] = todo.unit[i];
            answer.status = sweep_unit(s, todo.unit[i], &worker, answer.result + i, &error);
        }
        answer.count -= answer.status != MX_OK; /* the last one has no result */
        answer.seconds = tool_clock() - begun;
    }
    sweep_fire(&worker);
}

mx_status sweep_mpi(sweep *s, const sweep_ranks *ranks, mxv_error *error)
{
    if (ranks->rank == 0)
        return lead(s, ranks->count, error);
    work(s);
    return MX_OK;
}

#endif
