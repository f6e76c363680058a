/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/bisect/versions.h"

#include <stdlib.h>

#include "conformance/adapters/ask.h"
#include "conformance/error.h"
#include "conformance/infer/probes.h"
#include "conformance/judge/compare.h"

/* ---- classes ---- */

static int branch_of(const mx_batch *one, const mxc_diff *diff)
{
    mxref_trace *trace = NULL;
    if (mxref_trace_case(one, &trace) != MX_OK)
        return 0;
    int branch = diff->kind == MX_COL_SCALE ? (int)trace->scale.branch : (int)trace->element[diff->lane].branch;
    mxref_trace_free(trace);
    return branch;
}

static mxc_change *find_class(mxc_versions *v, const mxc_change *like)
{
    for (size_t i = 0; i < v->changes; i++) {
        mxc_change *c = &v->change[i];
        if (c->op == like->op && c->kind == like->kind && c->branch == like->branch &&
            c->good_right == like->good_right && c->bad_right == like->bad_right)
            return c;
    }
    return v->changes == MXC_CHANGES ? NULL : &v->change[v->changes++];
}

static mx_status copy_case(mxc_store *to, const mx_batch *one)
{
    mx_status status = mxc_store_new(to, one, 1);
    if (status == MX_OK) {
        mxc_copy_inputs(&to->batch, 0, one, 0);
        mxc_copy_outputs(&to->batch, 0, one, 0);
    }
    return status;
}

/* Case i is answered differently: count it. */
static mx_status record(mxc_versions *v, const mx_batch *good, const mx_batch *bad, const mxc_expected *want, size_t i,
                        const mxc_diff *diff)
{
    const mx_batch was = mxc_slice(good, i, 1), is = mxc_slice(bad, i, 1);
    size_t cell = diff->kind == MX_COL_SCALE ? 0 : diff->lane + (was.out.scale != NULL);
    mxc_change like = {.op = was.op, .kind = diff->kind, .branch = branch_of(&was, diff)};
    like.good_right = mxc_cell_match(want, i, cell, good);
    like.bad_right = mxc_cell_match(want, i, cell, bad);
    mxc_change *c = find_class(v, &like);
    v->differ++;
    if (!c)
        return MX_OK;
    if (!c->count) {
        *c = like;
        mx_status status = copy_case(&c->before, &was);
        if (status == MX_OK)
            status = copy_case(&c->after, &is);
        if (status != MX_OK)
            return status;
    }
    c->count++;
    c->elems |= 1u << was.elem;
    c->types |= 1u << was.type;
    return MX_OK;
}

/* ---- asking both ---- */

static mx_status ask_one(mxc_subject *subject, const mx_batch *batch, const char *who, mxv_error *error)
{
    mxv_error why = {0};
    mx_status status = mxc_ask(subject, batch, &why);
    return status == MX_OK || status == MX_EUNSUPPORTED ? status : mxc_fail(error, status, "%s: %s", who, why.text);
}

static mx_status compare_shape(mxc_versions *v, mxc_subject *good, mxc_subject *bad, const mx_batch *shape,
                               mxv_error *error)
{
    mxc_probes probes;
    mxc_store other = {0};
    mxc_expected want;
    mx_status status = mxc_probes_new(&probes, shape);
    if (status != MX_OK)
        return mxc_fail(error, status, "out of memory");
    const mx_batch *b = &probes.store.batch;
    status = mxc_store_of(&other, b, NULL, b->count);
    if (status == MX_OK)
        status = ask_one(good, b, "good", error);
    if (status == MX_OK)
        status = ask_one(bad, &other.batch, "bad", error);
    if (status == MX_OK && (status = mxc_expected_new(&want, b, &shape->profile)) == MX_OK) {
        for (size_t i = 0; i < b->count && status == MX_OK; i++) {
            const mx_batch was = mxc_slice(b, i, 1);
            const mx_outputs open = mxc_slice_open(&want, i);
            const mx_batch is = mxc_slice(&other.batch, i, 1);
            mxc_diff diff;
            if (!mxc_compare_case(&was, &open, 0, &is.out, &diff))
                status = record(v, b, &other.batch, &want, i, &diff);
        }
        v->cases += b->count;
        mxc_expected_free(&want);
    }
    mxc_store_free(&other);
    mxc_probes_free(&probes);
    return status == MX_EUNSUPPORTED ? MX_OK : status; /* a case refused on either side tells nothing */
}

static void only(const mx_batch *from, size_t n, mxc_subject *other, mx_batch *to, size_t *count)
{
    for (size_t i = 0; i < n; i++)
        if (!mxc_offers_cover(mxc_subject_describe(other), from[i].op, from[i].elem, from[i].type) ||
            mxc_subject_offer(other, &from[i], NULL) != MX_OK)
            to[(*count)++] = from[i];
}

mx_status mxc_versions_compare(mxc_versions *v, mxc_subject *good, mxc_subject *bad, const mx_profile *profile,
                               mxv_error *error)
{
    mx_batch *shape = calloc(MXC_SHAPES, sizeof *shape);
    mx_status status = MX_OK;
    *v = (mxc_versions){0};
    if (!shape)
        return mxc_no_memory(error);
    size_t n = mxc_ask_shapes(bad, profile, shape, MXC_SHAPES);
    only(shape, n, good, v->gained, &v->gains);
    n = mxc_ask_shapes(good, profile, shape, MXC_SHAPES);
    only(shape, n, bad, v->lost, &v->losses);
    for (size_t i = 0, lost = 0; i < n && status == MX_OK; i++) {
        shape[i].count = 1;
        if (lost < v->losses && shape[i].op == v->lost[lost].op && shape[i].elem == v->lost[lost].elem &&
            shape[i].type == v->lost[lost].type)
            lost++;
        else
            status = compare_shape(v, good, bad, &shape[i], error);
    }
    free(shape);
    if (status == MX_OK && !v->cases)
        return mxc_fail(error, MX_EUNSUPPORTED,
                        "the two take none of the operations asked for in common under this profile");
    return status;
}

void mxc_versions_free(mxc_versions *v)
{
    for (size_t i = 0; i < v->changes; i++) {
        mxc_store_free(&v->change[i].before);
        mxc_store_free(&v->change[i].after);
    }
    v->changes = 0;
}
