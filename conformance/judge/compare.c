/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whether an answer is the expected one: by bits, NaN by class unless an axis demands bits, free cells not at all.
 */
#include "config.h"

#include "conformance/judge/compare.h"

#include <mx/ref.h>

#include "conformance/batch.h"

static int code_is_nan(mx_elem elem, unsigned code)
{
    const mx_facts *facts = mxref_facts(elem);
    unsigned magnitude = code & ((1u << (facts->bits - 1)) - 1u);
    return facts->has_nan && magnitude >= facts->nan_first && magnitude <= facts->nan_last &&
           code < (1u << facts->bits);
}

/* Whether the scale that case i is encoded with is NaN. */
static int scale_is_nan(const mx_batch *want, size_t i)
{
    unsigned nan = mxref_scale_facts()->nan_code;
    if (want->in.scale)
        return want->in.scale[i] == nan;
    return want->out.scale && want->out.scale[i] == nan;
}

/* D16: nan-code judges a NaN that comes of a NaN source or scale, overflow-nan the others (E4M3 only). */
static int nan_bits_demanded(const mx_batch *want, size_t i, size_t cell)
{
    /* unpack has no source and no profile: its codes are the bits that were packed */
    if (!want->in.value)
        return want->layout != 0;
    int from_nan =
        scale_is_nan(want, i) || mxc_value_is_nan(mxc_value_bits(want->in.value, want->type, cell), want->type);
    return from_nan ? want->profile.nan_code != MX_NAN_CODE_ANY : want->profile.overflow_nan != MX_OVERFLOW_NAN_ANY;
}

static void differ(mxc_diff *diff, mx_column_kind kind, size_t lane, uint64_t want, uint64_t got)
{
    if (diff->cells++ == 0)
        *diff = (mxc_diff){1, kind, lane, want, got};
}

int mxc_value_differs(const mx_batch *want, const mx_outputs *open, size_t i, const mx_outputs *got, size_t lane)
{
    size_t cell = i * want->k + lane;
    uint64_t w = mxc_value_bits(want->out.value, want->type, cell);
    uint64_t g = mxc_value_bits(got->value, want->type, cell);
    int nans = mxc_value_is_nan(w, want->type) && mxc_value_is_nan(g, want->type);
    return w != g && !nans && !(open && open->value && ((const uint8_t *)open->value)[cell]);
}

int mxc_code_differs(const mx_batch *want, const mx_outputs *open, size_t i, const mx_outputs *got, size_t lane)
{
    size_t cell = i * want->k + lane;
    uint8_t w = want->out.code[cell], g = got->code[cell];
    if (w == g || (open && open->code && open->code[cell]))
        return 0;
    return !(code_is_nan(want->elem, w) && code_is_nan(want->elem, g) && !nan_bits_demanded(want, i, cell));
}

static void compare_values(mxc_diff *diff, const mx_batch *want, const mx_outputs *open, size_t i,
                           const mx_outputs *got)
{
    for (size_t lane = 0; lane < want->k; lane++)
        if (mxc_value_differs(want, open, i, got, lane))
            differ(diff, MX_COL_VALUE, lane, mxc_value_bits(want->out.value, want->type, i * want->k + lane),
                   mxc_value_bits(got->value, want->type, i * want->k + lane));
}

static void compare_codes(mxc_diff *diff, const mx_batch *want, const mx_outputs *open, size_t i, const mx_outputs *got)
{
    for (size_t lane = 0; lane < want->k; lane++)
        if (mxc_code_differs(want, open, i, got, lane))
            differ(diff, MX_COL_CODE, lane, want->out.code[i * want->k + lane], got->code[i * want->k + lane]);
}

/* Columns of bytes: whatever is in a layout. */
static void compare_bytes(mxc_diff *diff, mx_column_kind kind, const uint8_t *want, const uint8_t *open,
                          const uint8_t *got, size_t i, size_t n)
{
    for (size_t lane = 0, first = i * n; lane < n; lane++)
        if (want[first + lane] != got[first + lane] && !(open && open[first + lane]))
            differ(diff, kind, lane, want[first + lane], got[first + lane]);
}

int mxc_compare_case(const mx_batch *want, const mx_outputs *open, size_t i, const mx_outputs *got, mxc_diff *diff)
{
    mxc_diff own = {0};
    if (want->out.scale)
        compare_bytes(&own, MX_COL_SCALE, want->out.scale, open ? open->scale : NULL, got->scale, i,
                      mxc_cell_bytes(want, COL_OUT_SCALE));
    if (want->out.byte)
        compare_bytes(&own, MX_COL_BYTE, want->out.byte, open ? open->byte : NULL, got->byte, i,
                      mxc_cell_bytes(want, COL_OUT_BYTE));
    if (want->out.value)
        compare_values(&own, want, open, i, got);
    if (want->out.code)
        compare_codes(&own, want, open, i, got);
    if (diff)
        *diff = own;
    return own.cells == 0;
}

int mxc_compare(const mxv_pack *pack, size_t i, const mx_outputs *got, mxc_diff *diff)
{
    return mxc_compare_case(&pack->batch, &pack->open, i, got, diff);
}

mx_outputs mxc_open_of(const mxv_pack *pack, size_t i)
{
    const mx_outputs *open = &pack->open;
    const size_t k = pack->batch.k, scales = mxc_cell_bytes(&pack->batch, COL_OUT_SCALE);
    return (mx_outputs){.value = open->value ? (uint8_t *)open->value + i * k : NULL,
                        .scale = open->scale ? open->scale + i * scales : NULL,
                        .code = open->code ? open->code + i * k : NULL};
}

int mxc_compare_at(const mxv_pack *pack, size_t i, const mx_batch *answer, size_t at, mxc_diff *diff)
{
    const mx_batch want = mxc_slice(&pack->batch, i, 1), got = mxc_slice(answer, at, 1);
    const mx_outputs open = mxc_open_of(pack, i);
    return mxc_compare_case(&want, &open, 0, &got.out, diff);
}

int mxc_alike(const mxv_pack *pack, size_t i, const mx_batch *a, size_t a_at, const mx_batch *b, size_t b_at)
{
    const mx_batch want = mxc_slice(a, a_at, 1), got = mxc_slice(b, b_at, 1);
    const mx_outputs open = mxc_open_of(pack, i);
    return mxc_compare_case(&want, &open, 0, &got.out, NULL);
}
