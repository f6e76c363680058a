/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The plan of a sweep: domains, step tables, the roots to compare with.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/report/report.h"
#include "tools/sweep/sweep.h"

static size_t wanted_scales(const sweep_request *r)
{
    size_t n = 0;
    for (size_t i = 0; i < 256; i++)
        n += r->wanted[i];
    return r->op == MX_OP_SCALED_CAST ? n : 1;
}

static int plan_domains(sweep *s, const sweep_request *r)
{
    const size_t count = MX_ELEM_LAST * wanted_scales(r);
    s->domain = calloc(count, sizeof *s->domain);
    s->steps = calloc(count, sizeof *s->steps);
    if (!s->domain || !s->steps)
        return tool_error("out of memory"), TOOL_ERROR;
    for (mx_elem e = 1; e <= MX_ELEM_LAST; e++)
        for (unsigned byte = 0; byte < 256 && mxc_filter_has(&r->filter, r->op, e, r->type); byte++) {
            if (r->op == MX_OP_SCALED_CAST ? !r->wanted[byte] : byte != 0)
                continue;
            s->domain[s->domains++] = (mxc_domain){
                .shape = {.op = r->op, .elem = e, .type = r->type, .k = 1, .profile = r->profile.values},
                .scale = (uint8_t)byte,
                .random = r->random,
            };
        }
    s->shards = mxc_domain_shards(s->domain);
    return TOOL_OK;
}

/* The tables of every count-th domain from `rank`. */
static int plan_steps(sweep *s, const sweep_ranks *ranks)
{
    mx_status failed = MX_OK;
    size_t at = 0;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t i = (size_t)ranks->rank; i < s->domains; i += (size_t)ranks->count) {
        const mxc_domain *d = s->domain + i;
        const mx_status status = mxc_steps_build(s->steps + i, &d->shape, d->scale, d->random);
        if (status != MX_OK) {
#pragma omp critical(sweep)
            failed = status, at = i;
        }
    }
    if (failed == MX_OK && s->via == MXC_VIA_QUANTIZE) {
        mx_batch scale = s->domain->shape;
        scale.op = MX_OP_SCALE;
        failed = mxc_steps_build(&s->anchors, &scale, 0, 0);
    }
    if (failed == MX_OK)
        return TOOL_OK;
    char name[MXC_DOMAIN_TEXT] = "";
    (void)mxc_domain_name(s->domain + at, name);
    tool_error("%s: step table: %s", name,
               failed == MX_EINTERNAL ? "the witness disagrees with the reference" : mx_status_text(failed));
    return TOOL_ERROR;
}

/* What makes two sweeps the same one: the first and last domain say the operation and axes; then the rest. */
void sweep_describe(const sweep *s, const sweep_request *r, char *text, size_t size)
{
    char first[MXC_DOMAIN_TEXT] = "", last[MXC_DOMAIN_TEXT] = "", bytes[65], elems[64];
    for (int i = 0; i < 64; i++)
        bytes[i] = "0123456789abcdef"[8 * r->wanted[4 * i] + 4 * r->wanted[4 * i + 1] + 2 * r->wanted[4 * i + 2] +
                                      r->wanted[4 * i + 3]];
    bytes[64] = '\0';
    (void)mxc_domain_name(s->domain, first);
    (void)mxc_domain_name(s->domain + s->domains - 1, last);
    mxc_set_text(elems, sizeof elems, r->filter.elems, mxc_id_elem, ",");
    snprintf(text, size, "subject=%s via=%d slice=%zu/%zu bytes=%s elems=%s %s .. %s", s->subject, (int)s->via,
             s->slice + 1, s->slices, r->op == MX_OP_SCALED_CAST ? bytes : "-", *elems ? elems : "-", first,
             s->domains == 1 ? "-" : last);
}

static int roots_have_all(const sweep *s, const char *path)
{
    for (size_t i = 0; i < s->domains; i++) {
        char name[MXC_DOMAIN_TEXT] = "";
        (void)mxc_domain_name(s->domain + i, name);
        if (!mxc_roots_find(s->roots, name)) {
            tool_error("%s: no root of \"%s\": the file is of other spaces, another version or another profile", path,
                       name);
            return 0;
        }
    }
    return 1;
}

int sweep_take_roots(sweep *s, const char *path)
{
    mxv_error error = {0};
    char *committed = path ? NULL : mxc_data_path("sweep.roots", &error);
    if (!path && !committed)
        return tool_error("%s", error.text), TOOL_ERROR;
    const mx_status status = mxc_roots_load(&s->roots, path ? path : committed, &error);
    free(committed);
    if (status != MX_OK) {
        tool_error("%s", error.text);
        return path && status != MX_ENOMEM ? TOOL_USAGE : TOOL_ERROR;
    }
    return !path || roots_have_all(s, path) ? TOOL_OK : TOOL_USAGE;
}

int sweep_plan(sweep *s, const sweep_request *request, const sweep_ranks *ranks)
{
    int status = plan_domains(s, request);
    if (status == TOOL_OK)
        status = plan_steps(s, ranks);
    status = sweep_mpi_agree(ranks, status);
    return status == TOOL_OK ? sweep_mpi_share(s, ranks) : status;
}

void sweep_release(sweep *s)
{
    for (size_t i = 0; i < s->domains; i++)
        mxc_steps_free(s->steps + i);
    mxc_steps_free(&s->anchors);
    free(s->steps);
    free(s->domain);
    mxc_roots_free(s->roots);
    mxc_journal_close(s->journal);
}
