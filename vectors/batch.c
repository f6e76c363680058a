/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What makes a batch well formed: one check for every implementation of mx_batch.
 */
#include <mx/names.h>

#include "vectors/text.h"

/* A column as the check sees it. */
struct span {
    const char *name;
    const void *data;
    int needed;
    size_t width; /* bytes a cell */
    size_t cells; /* a case */
    size_t bytes; /* in all */
};

enum { IN_VALUE, IN_RANDOM, IN_SCALE, IN_CODE, IN_BYTE, OUT_VALUE, OUT_SCALE, OUT_CODE, OUT_BYTE, SPANS };

/* Cells a case of the column of this kind, 0 when there is none. */
static size_t cells(const mx_batch *b, const mx_column *columns, size_t n, mx_column_kind kind)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i].kind == kind)
            return mx_column_cells(b, &columns[i]);
    return 0;
}

static struct span span_of(const mx_batch *b, const char *name, const void *data, mx_column_kind kind)
{
    const mx_op_info *op = mx_op_info_of(b->op);
    int in = name[0] == 'i';
    size_t n = cells(b, in ? op->in : op->out, in ? op->n_in : op->n_out, kind);

    return (struct span){name, data, n != 0, kind == MX_COL_VALUE ? mx_type_bytes(b->type) : 1, n, 0};
}

static void spans_of(const mx_batch *b, const mx_op_info *op, struct span s[SPANS])
{
    int random = op->rounds && b->profile.round == MX_SR;

    s[IN_VALUE] = span_of(b, "in.value", b->in.value, MX_COL_VALUE);
    s[IN_RANDOM] = (struct span){"in.random", b->in.random, random, sizeof(uint32_t), b->k, 0};
    s[IN_SCALE] = span_of(b, "in.scale", b->in.scale, MX_COL_SCALE);
    s[IN_CODE] = span_of(b, "in.code", b->in.code, MX_COL_CODE);
    s[IN_BYTE] = span_of(b, "in.byte", b->in.byte, MX_COL_BYTE);
    s[OUT_VALUE] = span_of(b, "out.value", b->out.value, MX_COL_VALUE);
    s[OUT_SCALE] = span_of(b, "out.scale", b->out.scale, MX_COL_SCALE);
    s[OUT_CODE] = span_of(b, "out.code", b->out.code, MX_COL_CODE);
    s[OUT_BYTE] = span_of(b, "out.byte", b->out.byte, MX_COL_BYTE);
}

static mx_status check_ids(const mx_batch *b, char *why)
{
    mx_status status = mx_shape_check(b, why);

    return status == MX_OK ? mx_profile_check(&b->profile, why) : status;
}

static mx_status check_columns(const mx_batch *b, struct span s[SPANS], char *why)
{
    for (size_t i = 0; i < SPANS; i++) {
        if (s[i].data && !s[i].needed) {
            mxv_say(why, MX_WHY, "wanted NULL for %s, which %s does not use, found a buffer", s[i].name,
                    mx_op_name(b->op));
            return MX_EINVAL;
        }
        if (!s[i].needed || b->count == 0)
            continue;
        if (!s[i].data) {
            mxv_say(why, MX_WHY, "wanted %s, found NULL", s[i].name);
            return MX_EINVAL;
        }
        if ((uintptr_t)s[i].data % s[i].width) {
            mxv_say(why, MX_WHY, "wanted %s aligned to %zu bytes, found an address that is not", s[i].name, s[i].width);
            return MX_EINVAL;
        }
        if (b->count > PTRDIFF_MAX / s[i].width / s[i].cells) {
            mxv_say(why, MX_WHY, "wanted %s to fit in memory, found %zu cases of %zu cells of %zu bytes", s[i].name,
                    b->count, s[i].cells, s[i].width);
            return MX_ESIZE;
        }
        s[i].bytes = b->count * s[i].cells * s[i].width;
    }
    return MX_OK;
}

static int overlap(const struct span *a, const struct span *b)
{
    uintptr_t p = (uintptr_t)a->data, q = (uintptr_t)b->data;

    return a->bytes && b->bytes && (p < q ? q - p < a->bytes : p - q < b->bytes);
}

static mx_status check_overlap(const struct span s[SPANS], char *why)
{
    for (size_t o = OUT_VALUE; o < SPANS; o++)
        for (size_t i = 0; i < o; i++)
            if (overlap(&s[i], &s[o])) {
                mxv_say(why, MX_WHY, "wanted separate buffers, found %s and %s overlapping", s[i].name, s[o].name);
                return MX_EALIAS;
            }
    return MX_OK;
}

static mx_status check_cells(const mx_batch *b, char *why)
{
    size_t n = b->count * b->k;
    unsigned code_limit = 1u << mx_elem_bits(b->elem), bits = b->profile.sr_bits;

    for (size_t i = 0; b->in.code && i < n; i++)
        if (b->in.code[i] >= code_limit) {
            mxv_say(why, MX_WHY, "wanted %s codes below 0x%02x, found 0x%02x in in.code[%zu]", mx_elem_name(b->elem),
                    code_limit, b->in.code[i], i);
            return MX_EINVAL;
        }
    for (size_t i = 0; b->in.random && bits < 32 && i < n; i++)
        if (b->in.random[i] >> bits) {
            mxv_say(why, MX_WHY, "wanted %u random bits, found 0x%lx in in.random[%zu]", bits,
                    (unsigned long)b->in.random[i], i);
            return MX_EINVAL;
        }
    return MX_OK;
}

mx_status mx_batch_check(const mx_batch *batch, char *why)
{
    const mx_op_info *op;
    struct span s[SPANS];
    mx_status status;

    if (!batch) {
        mxv_say(why, MX_WHY, "wanted a batch, found NULL");
        return MX_EINVAL;
    }
    op = mx_op_info_of(batch->op);
    status = check_ids(batch, why);
    if (status != MX_OK)
        return status;
    spans_of(batch, op, s);
    status = check_columns(batch, s, why);
    if (status == MX_OK)
        status = check_overlap(s, why);
    return status == MX_OK && batch->count ? check_cells(batch, why) : status;
}
