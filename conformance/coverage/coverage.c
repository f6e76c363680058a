/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/coverage/coverage.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/error.h"

void mxc_bin_add(mxc_coverage *c, const char *unreachable, const char *format, ...)
{
    if (c->bins == c->room) {
        const size_t room = c->room ? 2 * c->room : 4096;
        mxc_bin *bin = realloc(c->bin, room * sizeof *bin);
        if (!bin) {
            c->failed = 1;
            return;
        }
        c->bin = bin;
        c->room = room;
    }
    mxc_bin *bin = &c->bin[c->bins++];
    va_list args;
    va_start(args, format);
    vsnprintf(bin->name, sizeof bin->name, format, args);
    va_end(args);
    bin->unreachable = unreachable;
    bin->count = 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const mxc_bin *)a)->name, ((const mxc_bin *)b)->name);
}

mx_status mxc_coverage_begin(mxc_coverage *coverage)
{
    *coverage = (mxc_coverage){0};
    mxc_bins_list(coverage);
    if (coverage->failed) {
        mxc_coverage_free(coverage);
        return MX_ENOMEM;
    }
    qsort(coverage->bin, coverage->bins, sizeof *coverage->bin, by_name);
    return MX_OK;
}

const mxc_bin *mxc_bin_find(const mxc_coverage *coverage, const char *name)
{
    mxc_bin key;
    snprintf(key.name, sizeof key.name, "%s", name);
    return bsearch(&key, coverage->bin, coverage->bins, sizeof key, by_name);
}

/* ---- counting one pack ---- */

typedef struct counting {
    const mxc_coverage *coverage;
    size_t *count;       /* [bins], of this pack */
    char wrong[MXC_BIN]; /* a bin that is not listed, or not reachable; "" */
} counting;

static void hit(void *state, const char *name)
{
    counting *c = state;
    const mxc_bin *bin = mxc_bin_find(c->coverage, name);
    if (bin && !bin->unreachable)
        c->count[bin - c->coverage->bin]++;
    else if (!*c->wrong)
        snprintf(c->wrong, sizeof c->wrong, "%s", name);
}

static mx_status count_pack(counting *c, const char *path, size_t *cases, mxv_error *error)
{
    mxv_pack *pack = NULL;
    mx_status status = mxv_load(&pack, path, error);
    if (status != MX_OK)
        return status;
    *cases = pack->batch.count;
    for (size_t i = 0; status == MX_OK && i < pack->batch.count; i++) {
        status = mxc_bins_of(pack, i, hit, c);
        if (status != MX_OK)
            mxc_fail(error, status, "%s: %s: %s", path, pack->label[i].id, mx_status_text(status));
        else if (*c->wrong)
            status = mxc_fail(error, MX_EINTERNAL, "%s: %s: in the bin %s, which is not listed as reachable", path,
                              pack->label[i].id, c->wrong);
    }
    mxv_pack_free(pack);
    return status;
}

static void add_up(mxc_coverage *coverage, const counting *c, size_t cases)
{
    coverage->cases += cases;
    for (size_t b = 0; b < coverage->bins; b++)
        coverage->bin[b].count += c->count[b];
}

static mx_status count_all(mxc_coverage *coverage, const mxc_paths *packs, void (*step)(void *, size_t), void *state,
                           mxv_error *error)
{
    mx_status worst = MX_OK;
    size_t done = 0;
#pragma omp parallel for schedule(dynamic)
    for (size_t p = 0; p < packs->count; p++) {
        mxv_error own = {0};
        size_t cases = 0;
        counting c = {coverage, calloc(coverage->bins + 1, sizeof *c.count), ""};
        const mx_status status = !c.count ? MX_ENOMEM : count_pack(&c, packs->path[p], &cases, &own);
#pragma omp critical
        {
            if (status == MX_OK)
                add_up(coverage, &c, cases);
            else if (worst == MX_OK) {
                worst = status;
                if (error)
                    *error = own;
            }
            if (step)
                step(state, ++done);
        }
        free(c.count);
    }
    return worst;
}

mx_status mxc_coverage_run(mxc_coverage *coverage, const mxc_paths *packs, void (*step)(void *, size_t), void *state,
                           mxv_error *error)
{
    if (mxc_coverage_begin(coverage) != MX_OK)
        return mxc_no_memory(error);
    mx_status status = count_all(coverage, packs, step, state, error);
    for (size_t b = 1; status == MX_OK && b < coverage->bins; b++)
        if (strcmp(coverage->bin[b].name, coverage->bin[b - 1].name) == 0)
            status = mxc_fail(error, MX_EINTERNAL, "the bin %s is listed twice", coverage->bin[b].name);
    if (status != MX_OK)
        mxc_coverage_free(coverage);
    return status;
}

/* The words of a bin's name that say of what it is: operation first, format and type anywhere; 0 where none does. */
static void read_name(const char *name, mx_op *op, mx_elem *elem, mx_type *type)
{
    static const char ends[] = "./,";
    *op = mx_op_find(name, strcspn(name, ends));
    *elem = (mx_elem)0;
    *type = (mx_type)0;
    for (const char *word = name; *word; word += *word != '\0') {
        const size_t n = strcspn(word, ends);
        *elem = *elem ? *elem : mx_elem_find(word, n);
        *type = *type ? *type : mx_type_find(word, n);
        word += n;
    }
}

void mxc_coverage_filter(mxc_coverage *coverage, const mxc_filter *filter)
{
    size_t kept = 0;
    for (size_t b = 0; b < coverage->bins; b++) {
        mx_op op;
        mx_elem elem;
        mx_type type;
        read_name(coverage->bin[b].name, &op, &elem, &type);
        if (mxc_filter_has(filter, op, elem, type))
            coverage->bin[kept++] = coverage->bin[b];
    }
    coverage->bins = kept;
}

void mxc_coverage_free(mxc_coverage *coverage)
{
    free(coverage->bin);
    *coverage = (mxc_coverage){0};
}
