/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A case among others: faults that reach over the edge of a block show only there.
 */
#include "config.h"

#include <string.h>

#include "conformance/bisect/work.h"

/* What the other cases hold: all the same, or (MANY, TILES) each something else. TILES are more than the 512 scales of
 * a tile of 128 x 4. */
typedef enum fill { ZEROS, LARGE, SMALL, NANS, LEAST, MANY, TILES, FILLS } fill;

static const size_t cases_of[FILLS] = {3, 3, 3, 3, 3, 64, 640};

/* Values of exponents +e and -e, the least one, NaN; codes, bytes and scales unlike those of the case. */
static uint64_t filling(const mx_batch *b, size_t i, fill with)
{
    const int far = b->in.value ? mxc_facts_of_type(b->type)->emax / 2 : 0;
    const unsigned each = with >= MANY ? (unsigned)(i % 7) + 1 : with == LARGE ? 1 : 2;
    if (with == ZEROS)
        return 0;
    if (b->in.byte)
        return each * 0x11; /* low-first or high-first: not zero in either */
    if (!b->in.value)
        return each;
    if (with == NANS || with == LEAST)
        return with == LEAST ? 1 : mxc_inf_bits(b->type, 0) + 1;
    const int e = with >= MANY ? (int)(i % 27) - 13 : with == LARGE ? far : -far;
    return mxc_number_bits(mxc_number_make(0, 1, e), b->type);
}

static void fill_case(const mx_batch *b, size_t i, fill with)
{
    static const uint8_t scales[FILLS] = {0x7f, 0x90, 0x60, 0xff, 0x00, 0x7f, 0x7f};
    const size_t each = mxcb_elements(b) / b->count;
    for (size_t j = 0; j < each; j++)
        mxcb_set_element(b, i * each + j, filling(b, i, with));
    if (b->in.scale && !b->layout)
        ((uint8_t *)mxc_column(b, COL_IN_SCALE))[i] = (uint8_t)(scales[with] + (with >= MANY ? i % 27 : 0));
}

/* A case is a block or has a layout, so that an index out of its cells reaches those of another case. */
static int is_block(const mx_batch *b)
{
    return mx_op_info_of(b->op)->is_block || b->layout;
}

/* The small case in the middle of others. */
static mx_status surround(mxcb_work *w, mxc_store *store, fill with, size_t *at)
{
    const size_t count = cases_of[with];
    mxc_store_free(store);
    mx_status status = mxc_store_new(store, &w->to->small.batch, count);
    *at = count / 2;
    for (size_t i = 0; i < count && status == MX_OK; i++)
        if (i != *at)
            fill_case(&store->batch, i, with);
    if (status == MX_OK)
        mxc_copy_inputs(&store->batch, *at, &w->to->small.batch, w->to->at);
    return status;
}

int mxcb_depends_on_others(mxcb_work *w)
{
    const mx_batch *was = &w->to->small.batch;
    mxc_store store = {0};
    int differs = 0;
    size_t at;
    for (fill with = ZEROS; with < MANY && is_block(&w->trial) && w->status == MX_OK && !differs; with++) {
        w->status = surround(w, &store, with, &at);
        if (w->status != MX_OK || !mxcb_ask(w, &store.batch))
            break;
        const mx_batch got = mxc_slice(&store.batch, at, 1);
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

/* ---- the stage ---- */

/* With 1.0 in it, the case gets the scale of the case before, whether that is larger or smaller than its own. */
static int follows_before(mxcb_work *w)
{
    static const fill fills[] = {LARGE, SMALL};
    mxc_store store = {0};
    int follows = 1;
    size_t at;
    for (size_t i = 0; i < sizeof fills / sizeof *fills && follows && w->status == MX_OK; i++) {
        mxc_expected want;
        w->status = surround(w, &store, fills[i], &at);
        if (w->status == MX_OK)
            mxcb_set_element(&store.batch, at * store.batch.k,
                             mxc_number_bits(mxc_number_make(0, 1, 0), store.batch.type));
        follows = w->status == MX_OK && mxcb_ask(w, &store.batch) &&
                  mxc_expected_new(&want, &store.batch, &store.batch.profile) == MX_OK;
        if (!follows)
            break;
        const uint8_t *right = want.store.batch.out.scale;
        follows = store.batch.out.scale[at] == right[at - 1] && right[at - 1] != right[at];
        mxc_expected_free(&want);
    }
    mxc_store_free(&store);
    return follows;
}

/* The wrong scale is the right one of another case in the batch. */
static int is_of_some_case(const mxcb_work *w)
{
    const mx_batch *b = &w->to->small.batch;
    mxc_expected want;
    int is = 0;
    if (mxc_expected_new(&want, b, &b->profile) != MX_OK)
        return 1;
    for (size_t i = 0; i < b->count; i++)
        is |= want.store.batch.out.scale[i] == (uint8_t)w->to->diff.got;
    mxc_expected_free(&want);
    return is;
}

mxc_stage mxcb_among_stage(mxcb_work *w)
{
    if (w->to->diff.kind == MX_COL_SCALE && follows_before(w))
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "the scale is that of the block before");
    if (w->to->small.batch.count > cases_of[ZEROS])
        return mxcb_say(w, MXC_STAGE_LAYOUT, "right alone, wrong among many other blocks");
    if (w->to->diff.kind == MX_COL_SCALE && w->to->small.batch.count > 1 && !is_of_some_case(w))
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "wrong beside other blocks, and the scale of none of them");
    return mxcb_say(w, w->to->diff.kind == MX_COL_SCALE ? MXC_STAGE_AMAX : MXC_STAGE_LAYOUT,
                    "the answer changes with the blocks before or after this one");
}

/* ---- a case that passes alone ---- */

/* From now on `store` is the small case, which is number `at` of several. */
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
    for (fill with = ZEROS; with < FILLS && is_block(&w->trial) && w->status == MX_OK && !fails; with++) {
        w->status = surround(w, &store, with, &at);
        if (w->status == MX_OK)
            fails = mxcb_judge(w, &store.batch, at, NULL, NULL).fails;
    }
    if (fails && w->status == MX_OK)
        w->status = adopt(w, &store, at);
    mxc_store_free(&store);
    return fails && w->status == MX_OK;
}
