/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/adapters/ask.h"

#include <mx/vectors.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/judge/compare.h"

mx_profile mxc_first_profile(void)
{
    mx_profile profile = {0};
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        mx_profile_set(&profile, (mx_axis)a, 1);
    return profile;
}

mx_status mxc_ask(mxc_subject *subject, const mx_batch *batch, mxv_error *error)
{
    uint8_t *answer = calloc(batch->count + 1, 1);
    if (!answer)
        return mxc_no_memory(error);
    mx_status status = mxc_subject_offer(subject, batch, error);
    if (status == MX_OK)
        status = mxc_subject_run(subject, batch, answer, error);
    for (size_t i = 0; i < batch->count && status == MX_OK; i++)
        if (answer[i] != MXC_ANSWERED)
            status = mxc_fail(error, MX_EUNSUPPORTED, "a case was refused");
    free(answer);
    return status;
}

mx_profile mxc_ask_profile(const mxc_subject *subject, const mx_profile *ask)
{
    const mx_profile *declared = &mxc_subject_describe(subject)->declared;
    mx_profile profile = *ask;
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned value = mx_profile_get(declared, a);
        if (!value)
            continue;
        mx_profile_set(&profile, a, value);
        if (a == MX_AXIS_ROUND && value == MX_SR)
            profile.sr_bits = declared->sr_bits;
    }
    return profile;
}

/* Some k of the shape is taken. */
static int accepts(mxc_subject *subject, mx_batch *shape)
{
    static const size_t sizes[] = {8, 32, 16, 4, 2, 1, 64, 128};
    const mx_op_info *op = mx_op_info_of(shape->op);
    if (!mxc_offers_cover(mxc_subject_describe(subject), shape->op, shape->elem, shape->type))
        return 0;
    for (size_t i = 0; i < (op->is_block ? sizeof sizes / sizeof *sizes : 1); i++) {
        shape->k = op->is_block ? sizes[i] : 1;
        if (mxc_subject_offer(subject, shape, NULL) == MX_OK)
            return 1;
    }
    return 0;
}

size_t mxc_ask_shapes(mxc_subject *subject, const mx_profile *profile, mx_batch *shape, size_t room)
{
    enum { COUNT = 24 };
    static const mx_op ops[] = {MX_OP_SCALE,    MX_OP_CAST,   MX_OP_SCALED_CAST,
                                MX_OP_QUANTIZE, MX_OP_DECODE, MX_OP_DEQUANTIZE};
    static const mx_elem elems[] = {MX_E4M3, MX_E5M2, MX_E2M1, MX_INT8, MX_E3M2, MX_E2M3};
    static const mx_type types[] = {MX_FP32, MX_FP64, MX_BF16, MX_FP16};
    _Static_assert(sizeof elems / sizeof *elems == MX_ELEM_LAST, "each format");
    _Static_assert(sizeof types / sizeof *types == MX_TYPE_LAST, "each type");
    size_t n = 0;
    for (size_t o = 0; o < sizeof ops / sizeof *ops; o++)
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            for (size_t e = 0; e < sizeof elems / sizeof *elems && n < room; e++) {
                shape[n] = (mx_batch){.op = ops[o], .elem = elems[e], .type = types[t], .count = COUNT};
                shape[n].profile = *profile;
                n += (size_t)accepts(subject, &shape[n]);
            }
    return n;
}

mx_status mxc_expected_new(mxc_expected *expected, const mx_batch *batch, const mx_profile *profile)
{
    mx_batch shape = *batch;
    shape.profile = *profile;
    *expected = (mxc_expected){0};
    mx_status status = mxc_store_new(&expected->store, &shape, batch->count);
    if (status != MX_OK)
        return status;
    mx_batch *to = &expected->store.batch;
    size_t cells = batch->count * batch->k;
    expected->flags = calloc(2, cells + batch->count + 1);
    if (!expected->flags) {
        mxc_expected_free(expected);
        return MX_ENOMEM;
    }
    mxref_free flags = {to->out.value ? expected->flags : NULL, to->out.scale ? expected->flags + cells : NULL,
                        to->out.code ? expected->flags + cells + batch->count : NULL};
    expected->open = (mx_outputs){.value = flags.value, .scale = flags.scale, .code = flags.code};
    if (to->in.random && !batch->in.random)
        status = MX_EINVAL;
    for (size_t i = 0; i < batch->count && status == MX_OK; i++)
        mxc_copy_inputs(to, i, batch, i);
    if (status == MX_OK)
        status = mxref_run(to, &flags);
    if (status != MX_OK)
        mxc_expected_free(expected);
    return status;
}

void mxc_expected_free(mxc_expected *expected)
{
    free(expected->flags);
    mxc_store_free(&expected->store);
    *expected = (mxc_expected){0};
}

mx_outputs mxc_slice_open(const mxc_expected *expected, size_t i)
{
    const mx_batch *b = &expected->store.batch;
    const mx_outputs *open = &expected->open;
    return (mx_outputs){.value = open->value ? (uint8_t *)open->value + i * b->k : NULL,
                        .scale = open->scale ? open->scale + i : NULL,
                        .code = open->code ? open->code + i * b->k : NULL};
}

size_t mxc_cells(const mx_batch *shape)
{
    return (shape->out.scale != NULL) + (shape->out.code || shape->out.value ? shape->k : 0);
}

int mxc_cell_open(const mxc_expected *expected, size_t i, size_t cell)
{
    const mx_batch *b = &expected->store.batch;
    if (b->out.scale && cell == 0)
        return expected->open.scale[i];
    size_t lane = cell - (b->out.scale != NULL);
    const uint8_t *flags = b->out.code ? expected->open.code : expected->open.value;
    return flags[i * b->k + lane];
}

int mxc_cell_match(const mxc_expected *expected, size_t i, size_t cell, const mx_batch *got)
{
    if (mxc_cell_open(expected, i, cell))
        return 1;
    mxc_expected one = *expected;
    one.store.batch = mxc_slice(&expected->store.batch, i, 1);
    const mx_batch answer = mxc_slice(got, i, 1);
    return mxc_cell_match_case(&one, cell, &answer);
}

int mxc_cell_match_case(const mxc_expected *expected, size_t cell, const mx_batch *got)
{
    const mx_batch one = expected->store.batch;
    size_t k = one.k, lane = cell - (one.out.scale != NULL);
    uint8_t few[64] = {0}, *flags = k < sizeof few ? few : malloc(k + 1);
    if (!flags)
        return 1;
    memset(flags, 1, k + 1);
    int is_scale = one.out.scale && cell == 0;
    flags[is_scale ? k : lane] = 0;
    const mx_outputs open = {.value = flags, .scale = flags + k, .code = flags};
    int same = mxc_compare_case(&one, &open, 0, &got->out, NULL);
    if (flags != few)
        free(flags);
    return same;
}

static size_t axes_words(char *text, const mx_batch *batch)
{
    size_t at = 0;
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
        char value[MX_VALUE_TEXT];
        if (mx_profile_get(&batch->profile, a) != 1 && mx_axis_matters(a, batch->op, batch->elem, batch->type, NULL))
            at += (size_t)sprintf(text + at, " %s=%s", mx_axis_name(a), mx_profile_value(&batch->profile, a, value));
    }
    text[at] = '\0';
    return at;
}

char *mxc_case_line(const mx_batch *batch, size_t i, const mx_batch *got)
{
    size_t room = mxv_inputs_text(batch) + mxv_outputs_text(batch) + MXV_HEAD_TEXT + MX_PROFILE_TEXT + 64;
    char *line = malloc(room);
    if (!line)
        return NULL;
    size_t at = (size_t)sprintf(line, "mxcts explain ");
    at += mxv_format_op(batch, line + at);
    at += axes_words(line + at, batch);
    line[at++] = ' ';
    at += mxv_format_inputs(batch, i, line + at);
    if (got) {
        at += (size_t)sprintf(line + at, " --got '");
        at += mxv_format_outputs(got, NULL, i, line + at);
        line[at++] = '\'';
        line[at] = '\0';
    }
    return line;
}

void mxc_cell_words(char *text, size_t size, const mx_batch *b, size_t i, size_t cell)
{
    const char *op = mx_op_name(b->op), *elem = mx_elem_name(b->elem), *type = mx_type_name(b->type);
    int digits = 2 * (int)mx_type_bytes(b->type), has_scale = b->out.scale != NULL;
    size_t lane = cell - (size_t)has_scale, at = i * b->k;
    uint64_t largest = 0, sign = UINT64_C(1) << (4 * digits - 1);
    for (size_t j = 0; b->in.value && j < b->k; j++) {
        uint64_t magnitude = mxc_value_bits(b->in.value, b->type, at + j) & (sign - 1);
        largest = magnitude > largest ? magnitude : largest;
    }
    if (has_scale && cell == 0)
        mxc_say(text, size, "%s %s %s: a block of largest magnitude %0*llx gives scale %02x", op, elem, type, digits,
                (unsigned long long)largest, b->out.scale[i]);
    else if (b->in.value && (has_scale || b->in.scale))
        mxc_say(text, size, "%s %s %s: %0*llx under scale %02x gives %02x", op, elem, type, digits,
                (unsigned long long)mxc_value_bits(b->in.value, b->type, at + lane),
                has_scale ? b->out.scale[i] : b->in.scale[i], b->out.code[at + lane]);
    else if (b->in.value)
        mxc_say(text, size, "%s %s %s: %0*llx gives %02x", op, elem, type, digits,
                (unsigned long long)mxc_value_bits(b->in.value, b->type, at + lane), b->out.code[at + lane]);
    else
        mxc_say(text, size, "%s %s %s: code %02x under scale %02x gives %0*llx", op, elem, type, b->in.code[at + lane],
                b->in.scale ? b->in.scale[i] : 0x7f, digits,
                (unsigned long long)mxc_value_bits(b->out.value, b->type, at + lane));
}

unsigned mxc_open_value(mx_axis axis)
{
    switch ((int)axis) {
    case MX_AXIS_NAN_TO:
        return MX_NAN_TO_UNSPECIFIED;
    case MX_AXIS_NAN_CODE:
        return MX_NAN_CODE_ANY;
    case MX_AXIS_OVERFLOW_NAN:
        return MX_OVERFLOW_NAN_ANY;
    case MX_AXIS_UNDER_NAN_SCALE:
        return MX_UNDER_NAN_ANY;
    case MX_AXIS_DECODE_OVER:
        return MX_DECODE_OVER_ANY;
    default:
        return 0;
    }
}
