/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For the tests that put large batches of scalar cases through the reference and through the witness.
 */
#ifndef MXREF_TEST_PAIR_H
#define MXREF_TEST_PAIR_H

#include "ref/test_util.h"
#include "xorshift.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT 65536u /* cases of the largest batch */

static uint64_t input[COUNT];
static uint32_t random_bits[COUNT];
static uint8_t in_scale[COUNT], in_code[COUNT];
static uint64_t out_value[2][COUNT];
static uint8_t out_scale[2][COUNT], out_code[2][COUNT], open_value[2][COUNT], open_code[2][COUNT];

/* Put value number i into the input column in the type's width. */
static inline void put(mx_type type, size_t i, uint64_t bits)
{
    if (mx_type_bytes(type) == 8)
        input[i] = bits;
    else if (mx_type_bytes(type) == 4)
        ((uint32_t *)(void *)input)[i] = (uint32_t)bits;
    else
        ((uint16_t *)(void *)input)[i] = (uint16_t)bits;
}

static inline uint64_t get(mx_type type, size_t i)
{
    if (mx_type_bytes(type) == 8)
        return input[i];
    return mx_type_bytes(type) == 4 ? ((uint32_t *)(void *)input)[i] : ((uint16_t *)(void *)input)[i];
}

static inline void report(const mx_batch *batch, size_t i)
{
    char text[MX_PROFILE_TEXT] = "";

    mx_profile_format(&batch->profile, text, sizeof text);
    ck_abort_msg("%s %s %s %016llx scale %02x code %02x random %08x: %02x/%02x, %02x/%02x, %016llx/%016llx\n%s",
                 mx_op_name(batch->op), mx_elem_name(batch->elem), mx_type_name(batch->type),
                 (unsigned long long)get(batch->type, i), in_scale[i], in_code[i], (unsigned)random_bits[i],
                 out_scale[0][i], out_scale[1][i], out_code[0][i], out_code[1][i], (unsigned long long)out_value[0][i],
                 (unsigned long long)out_value[1][i], text);
}

/* Both answer the batch of scalar cases (k 1) whose columns are in place; every output byte must agree. */
static inline void compare(mx_batch *batch)
{
    size_t n = batch->count, width = mx_type_bytes(batch->type);
    const mx_op_info *info = mx_op_info_of(batch->op);

    for (int w = 0; w < 2; w++) {
        mxref_free open = {open_value[w], NULL, open_code[w]};
        batch->out = (mx_outputs){0};
        for (size_t c = 0; c < info->n_out; c++) {
            if (info->out[c].kind == MX_COL_VALUE)
                batch->out.value = out_value[w];
            else if (info->out[c].kind == MX_COL_SCALE)
                batch->out.scale = out_scale[w];
            else
                batch->out.code = out_code[w];
        }
        ck_assert_int_eq(w ? mxref_witness(batch, &open) : mxref_run(batch, &open), MX_OK);
    }
    for (size_t i = 0; i < n; i++) {
        int bad = 0;
        if (batch->out.value)
            bad |= memcmp((char *)out_value[0] + i * width, (char *)out_value[1] + i * width, width) != 0 ||
                   open_value[0][i] != open_value[1][i];
        if (batch->out.scale)
            bad |= out_scale[0][i] != out_scale[1][i];
        if (batch->out.code)
            bad |= out_code[0][i] != out_code[1][i] || open_code[0][i] != open_code[1][i];
        if (bad)
            report(batch, i);
    }
}

static const char *const roundings[] = {"rne", "rna", "rnz", "rtz", "rup", "rdn", "rto", "sr:1", "sr:7", "sr:32"};
static const char *const overflows[] = {"overflow=saturate", "overflow=special overflow-directed=ieee",
                                        "overflow=special overflow-directed=always int8-min=full"};

static inline void fill_random(unsigned bits)
{
    uint64_t state = MX_XORSHIFT_SEED;

    for (size_t i = 0; i < COUNT; i++)
        random_bits[i] = (uint32_t)(mx_xorshift(&state) >> 32) >> (32 - bits);
}

static inline void set_rounding(mx_batch *batch, const char *rounding, const char *rest)
{
    char axes[256];

    snprintf(axes, sizeof axes, "round=%s %s", rounding, rest);
    batch->profile = test_profile(axes);
    batch->in.random = NULL;
    if (batch->profile.round == MX_SR) {
        fill_random(batch->profile.sr_bits);
        batch->in.random = random_bits;
    }
}

#endif
