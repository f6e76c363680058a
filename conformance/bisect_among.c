/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A case among others: faults that reach over the edge of a block show only there.
 */
#include "config.h"

#include <string.h>

#include "conformance/bisect_work.h"

enum { AMONG = 3, FILLS = 4 };

/* Values of exponents +e and -e, or codes and scales unlike those of the case; the first fill is zeros, the last NaN.
 */
static uint64_t filling(const mx_batch *b, int fill)
{
    int far = b->in.value ? mxc_facts_of_type(b->type)->emax / 2 : 0;
    if (fill == 0)
        return 0;
    if (!b->in.value)
        return fill == 1 ? 1 : 2;
    if (fill == 3)
        return mxc_inf_bits(b->type, 0) + 1;
    return mxc_number_bits(mxc_number_make(0, 1, fill == 1 ? far : -far), b->type);
}

static void fill_case(const mx_batch *b, size_t i, int fill)
{
    size_t each = mxcb_elements(b) / b->count;
    static const uint8_t scales[FILLS] = {0x7f, 0x90, 0x60, 0xff};
    for (size_t j = 0; j < each; j++)
        mxcb_set_element(b, i * each + j, filling(b, fill));
    if (b->in.scale && !b->layout)
        ((uint8_t *)mxc_column(b, COL_IN_SCALE))[i] = scales[fill];
}

static int is_block(const mx_batch *b)
{
    return mx_op_info_of(b->op)->is_block && !b->layout;
}

/* The small case in the middle of three, the same filling on both sides. */
static mx_status surround(mxcb_work *w, mxc_store *store, int fill)
{
    mx_status status = store->memory ? MX_OK : mxc_store_new(store, &w->to->small.batch, AMONG);
    if (status != MX_OK)
        return status;
    mxc_copy_inputs(&store->batch, 1, &w->to->small.batch, 0);
    fill_case(&store->batch, 0, fill);
    fill_case(&store->batch, 2, fill);
    return MX_OK;
}

int mxcb_depends_on_others(mxcb_work *w)
{
    mxc_store store = {0};
    int differs = 0;
    for (int fill = 0; fill < FILLS && is_block(&w->trial) && w->status == MX_OK && !differs; fill++) {
        w->status = surround(w, &store, fill);
        if (w->status != MX_OK || !mxcb_ask(w, &store.batch))
            break;
        const mx_batch got = mxc_slice(&store.batch, 1, 1), *was = &w->to->small.batch;
        if (w->to->diff.kind == MX_COL_SCALE)
            differs = got.out.scale[0] != was->out.scale[0];
        else
            for (int col = COL_OUT_VALUE; col <= COL_OUT_CODE; col++) {
                size_t bytes = mxc_cell_bytes(was, col);
                differs |= bytes && memcmp(mxc_column(&got, col), mxc_column(was, col), bytes);
            }
    }
    mxc_store_free(&store);
    return differs;
}

/* What is asked from now on is the three cases of `store`, which becomes the small one. */
static mx_status adopt(mxcb_work *w, mxc_store *store)
{
    mxc_store scratch = {0};
    mx_status status = mxc_store_new(&scratch, &store->batch, AMONG);
    if (status != MX_OK)
        return status;
    mxc_store_free(&w->scratch);
    mxc_store_free(&w->to->small);
    w->to->small = *store;
    w->to->at = 1;
    w->scratch = scratch;
    w->trial = scratch.batch;
    mxcb_restore(w);
    *store = (mxc_store){0};
    return MX_OK;
}

int mxcb_among_others(mxcb_work *w)
{
    mxc_store store = {0};
    int fails = 0;
    for (int fill = 0; fill < FILLS && is_block(&w->trial) && w->status == MX_OK && !fails; fill++) {
        w->status = surround(w, &store, fill);
        if (w->status == MX_OK)
            fails = mxcb_judge(w, &store.batch, 1, NULL, NULL).fails;
    }
    if (fails && w->status == MX_OK)
        w->status = adopt(w, &store);
    mxc_store_free(&store);
    return fails && w->status == MX_OK;
}
