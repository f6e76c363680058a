/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Subjects in this process: one row each.
 */
#include "config.h"

#include <mx/fast.h>
#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/gpu.h"
#include "conformance/adapters/subject.h"
#include "conformance/error.h"

static mx_status run_ref(const mx_batch *batch)
{
    return mxref_run(batch, NULL);
}

static mx_status run_witness(const mx_batch *batch)
{
    return mxref_witness(batch, NULL);
}

/* libmxfast by one of its instruction sets, whichever others use at the same time. */
static mx_status run_isa(const char *name, const mx_batch *batch)
{
    unsigned mask = 0;
    mx_status status = mxfast_isa_mask(name, &mask);
    return status == MX_OK ? mxfast_run_by(batch, mask) : status;
}

static mx_status probe_isa(const char *name, char why[MXC_LINE])
{
    unsigned mask = 0;
    if (mxfast_isa_mask(name, &mask) != MX_OK)
        mxc_say(why, MXC_LINE, "this build has no kernels for %s", name);
    else if ((mask & mxfast_isa_available()) == 0)
        mxc_say(why, MXC_LINE, "this machine or its operating system has no %s", name);
    else
        return MX_OK;
    return MX_EUNSUPPORTED;
}

static mx_status run_portable(const mx_batch *batch)
{
    return run_isa("portable", batch);
}

static mx_status run_avx2(const mx_batch *batch)
{
    return run_isa("avx2", batch);
}

static mx_status run_avx512(const mx_batch *batch)
{
    return run_isa("avx512", batch);
}

static mx_status run_neon(const mx_batch *batch)
{
    return run_isa("neon", batch);
}

static mx_status probe_avx2(char why[MXC_LINE])
{
    return probe_isa("avx2", why);
}

static mx_status probe_avx512(char why[MXC_LINE])
{
    return probe_isa("avx512", why);
}

static mx_status probe_neon(char why[MXC_LINE])
{
    return probe_isa("neon", why);
}

static const mxc_builtin table[] = {
    {"portable", "the fast implementation in plain C", NULL, run_portable},
    {"avx2", "the fast implementation, AVX2 kernels", probe_avx2, run_avx2},
    {"avx512", "the fast implementation, AVX-512 kernels", probe_avx512, run_avx512},
    {"neon", "the fast implementation, NEON kernels", probe_neon, run_neon},
    {"ref", "the reference (MPFR), judged against its own vectors", NULL, run_ref},
    {"witness", "the reference's second derivation (GMP integers)", NULL, run_witness},
    {"cuda", "the kernels on an NVIDIA GPU", mxc_cuda_probe, mxc_cuda_run},
    {"hip", "the kernels on an AMD GPU", mxc_hip_probe, mxc_hip_run},
    {"lane32", "the kernels' text on the host, waves of 32 lanes", NULL, mxc_lane32_run},
    {"lane64", "the kernels' text on the host, waves of 64 lanes", NULL, mxc_lane64_run},
};

const mxc_builtin *mxc_builtin_at(size_t i)
{
    return i < sizeof table / sizeof *table ? &table[i] : NULL;
}

const mxc_builtin *mxc_builtin_find(const char *name)
{
    for (size_t i = 0; mxc_builtin_at(i); i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static mx_status describe(void *state, mxc_description *description, char why[MXC_LINE])
{
    const mxc_builtin *row = state;
    mx_status status = row->probe ? row->probe(why) : MX_OK;
    mxc_say(description->name, sizeof description->name, "%s", row->name);
    mxc_say(description->version, sizeof description->version, "%s", PACKAGE_VERSION);
    description->offer[0] = (mxc_offer){0};
    description->offers = 1;
    return status;
}

static mx_status run(void *state, const mx_batch *batch, uint8_t *answer, char why[MXC_LINE])
{
    const mxc_builtin *row = state;
    mx_status status = row->run(batch);
    if (status == MX_OK || status == MX_EUNSUPPORTED)
        memset(answer, status == MX_OK ? MXC_ANSWERED : MXC_REFUSED, batch->count);
    if (status == MX_OK)
        return MX_OK;
    mxc_say(why, MXC_LINE, "%s: %s", row->name, mx_status_text(status));
    return status == MX_EUNSUPPORTED ? MX_OK : status;
}

mx_status mxc_builtin_unknown(const char *name, const char *more, mxv_error *error)
{
    mx_nearest nearest = {name, strlen(name), NULL, 0};
    char names[MXC_LINE] = "", hint[MX_WHY];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        mxc_say(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? ", " : "", table[i].name);
        mx_nearest_try(&nearest, table[i].name);
    }
    return mxc_fail(error, MX_EINVAL, "no subject '%.80s'%s; there are: %s%s", name, mx_nearest_hint(&nearest, hint),
                    names, more);
}

mx_status mxc_builtin_open(mxc_opened *opened, const char *name, mxv_error *error)
{
    static const mxc_subject_ops ops = {.describe = describe, .run = run};
    const mxc_builtin *row = mxc_builtin_find(name);
    if (!row)
        return mxc_builtin_unknown(name, ", lib:PATH, pipe:COMMAND", error);
    /* The row is not written to; the const is dropped because a state is not const in general. */
    memcpy(&opened->state, &row, sizeof row);
    opened->ops = &ops;
    return MX_OK;
}
