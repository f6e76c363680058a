/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A case among others: faults that reach over the edge of a block show only there.
 */
#include "config.h"

#include <string.h>

#include "conformance/bisect_work.h"

enum { AMONG = 3, MANY = 64, FILLS = 5, VARIED = 4, SMALL = 2 };

/* Values of exponents +e and -e, or codes and scales unlike those of the case; the first fill is zeros, the last NaN.
 */
static uint64_t filling(const mx_batch *b, size_t i, int fill)
{
    int far = b->in.value ? mxc_facts_of_type(b->type)->emax / 2 : 0;
    if (fill == 0)
        return 0;
    if (!b->in.value)
        return fill == VARIED ? i % 7 + 1 : fill == 1 ? 1 : 2;
    if (fill == 3)
        return mxc_inf_bits(b->type, 0) + 1;
    return mxc_number_bits(mxc_number_make(0, 1,
                                           fill == VARIED ? (int)(i % 27) - 13
                                           : fill == 1    ? far
                                                          : -far),
                           b->type);
}

static void fill_case(const mx_batch *b, size_t i, int fill)
{
    size_t each = mxcb_elements(b) / b->count;
    static const uint8_t scales[FILLS] = {0x7f, 0x90, 0x60, 0xff, 0x7f};
    for (size_t j = 0; j < each; j++)
        mxcb_set_element(b, i * each + j, filling(b, i, fill));
    if (b->in.scale && !b->layout)
        ((uint8_t *)mxc_column(b, COL_IN_SCALE))[i] = (uint8_t)(scales[fill] + (fill == VARIED ? i % 27 : 0));
}

/* Cases of many cells: others lie beside them in memory. */
static int is_block(const mx_batch *b)
{
    return mx_op_info_of(b->op)->is_block || b->layout;
}

/* The small case in the middle of three, or of many that all differ. */
static mx_status surround(mxcb_work *w, mxc_store *store, int fill, size_t *at)
{
    size_t count = fill == VARIED ? MANY : AMONG;
    mxc_store_free(store);
    mx_status status = mxc_store_new(store, &w->to->small.batch, count);
    *at = count / 2;
    for (size_t i = 0; i < count && status == MX_OK; i++)
        if (i != *at)
            fill_case(&store->batch, i, fill);
    if (status == MX_OK)
        mxc_copy_inputs(&store->batch, *at, &w->to->small.batch, 0);
    return status;
}

/* The scale given is that of the small case before it. */
static int is_scale_before(const mx_batch *three, const mx_batch *was)
{
    mxc_expected want;
    const mx_batch before = mxc_slice(three, 0, 1);
    if (!was->out.scale || mxc_expected_new(&want, &before, &before.profile) != MX_OK)
        return 0;
    int is = three->out.scale[1] == want.store.batch.out.scale[0] && three->out.scale[1] != was->out.scale[0];
    mxc_expected_free(&want);
    return is;
}

mxcb_others mxcb_depends_on_others(mxcb_work *w)
{
    mxc_store store = {0};
    mxcb_others depends = MXCB_ALONE;
    size_t at;
    for (int fill = 0; fill < VARIED && is_block(&w->trial) && w->status == MX_OK; fill++) {
        w->status = surround(w, &store, fill, &at);
        if (w->status != MX_OK || !mxcb_ask(w, &store.batch))
            break;
        const mx_batch got = mxc_slice(&store.batch, at, 1), *was = &w->to->small.batch;
        int differs = 0;
        if (w->to->diff.kind == MX_COL_SCALE)
            differs = got.out.scale[0] != was->out.scale[0];
        else
            for (int col = COL_OUT_VALUE; col <= COL_OUT_CODE; col++) {
                size_t bytes = mxc_cell_bytes(was, col);
                differs |= bytes && memcmp(mxc_column(&got, col), mxc_column(was, col), bytes);
            }
        if (differs && depends == MXCB_ALONE)
            depends = MXCB_ON_OTHERS;
        if (differs && fill == SMALL && w->to->diff.kind == MX_COL_SCALE && is_scale_before(&store.batch, was))
            depends = MXCB_SCALE_BEFORE;
    }
    mxc_store_free(&store);
    return depends;
}

/* What is asked from now on is the cases of `store`, which becomes the small one. */
static mx_status adopt(mxcb_work *w, mxc_store *store, size_t at)
{
    mxc_store scratch = {0};
    mx_status status = mxc_store_new(&scratch, &store->batch, store->batch.count);
    if (status != MX_OK)
        return status;
    mxc_store_free(&w->scratch);
    mxc_store_free(&w->to->small);
    w->to->small = *store;
    w->to->at = at;
    w->scratch = scratch;
    w->trial = scratch.batch;
    mxcb_restore(w);
    *store = (mxc_store){0};
    return MX_OK;
}

int mxcb_among_others(mxcb_work *w)
{
    mxc_store store = {0};
    size_t at = 0;
    int fails = 0;
    for (int fill = 0; fill < FILLS && is_block(&w->trial) && w->status == MX_OK && !fails; fill++) {
        w->status = surround(w, &store, fill, &at);
        if (w->status == MX_OK)
            fails = mxcb_judge(w, &store.batch, at, NULL, NULL).fails;
    }
    if (fails && w->status == MX_OK)
        w->status = adopt(w, &store, at);
    mxc_store_free(&store);
    return fails && w->status == MX_OK;
}
