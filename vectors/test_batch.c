/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every way in which a batch can be malformed, with the line that says so.
 */
#include <mx/names.h>

#include <string.h>

#include "vectors/test_parsed.h"

struct room {
    uint64_t value[8], out_value[8];
    uint32_t random[8];
    uint8_t scale[8], code[8], out_scale[8], out_code[8];
};

static mx_batch quantize_batch(struct room *r)
{
    mx_batch b = {.op = MX_OP_QUANTIZE, .elem = MX_E2M1, .type = MX_FP32, .k = 4, .count = 2};

    b.profile = parsed("round=sr:4");
    b.in.value = r->value;
    b.in.random = r->random;
    b.out.scale = r->out_scale;
    b.out.code = r->out_code;
    return b;
}

static void refused(const mx_batch *batch, mx_status status, const char *text)
{
    char why[MX_WHY] = "";
    ck_assert_int_eq(mx_batch_check(batch, why), status);
    ck_assert_str_eq(why, text);
    ck_assert_int_eq(mx_batch_check(batch, NULL), status);
}

START_TEST(batch_ids)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r), good = b;

    refused(NULL, MX_EINVAL, "wanted a batch, found NULL");
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.op = (mx_op)0;
    refused(&b, MX_EINVAL, "wanted an op, found id 0");
    b = good;
    b.elem = (mx_elem)7;
    refused(&b, MX_EINVAL, "wanted an element format, found id 7");
    b = good;
    b.type = (mx_type)0;
    refused(&b, MX_EINVAL, "wanted a type, found id 0");
    b = good;
    b.k = 0;
    refused(&b, MX_EINVAL, "wanted k from 1 to 65536, found 0");
    b.k = 65537;
    refused(&b, MX_EINVAL, "wanted k from 1 to 65536, found 65537");
    b.op = MX_OP_CAST;
    b.k = 2;
    refused(&b, MX_EINVAL, "wanted k = 1 for cast, found 2");
    b = good;
    b.profile.zero_sign = 0;
    refused(&b, MX_EINVAL, "wanted every axis, found zero-sign unset");
}
END_TEST

START_TEST(batch_columns)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r), good = b;

    b.in.value = NULL;
    refused(&b, MX_EINVAL, "wanted in.value, found NULL");
    b = good;
    b.in.random = NULL;
    refused(&b, MX_EINVAL, "wanted in.random, found NULL");
    b = good;
    b.out.scale = NULL;
    refused(&b, MX_EINVAL, "wanted out.scale, found NULL");
    b = good;
    b.out.code = NULL;
    refused(&b, MX_EINVAL, "wanted out.code, found NULL");
    b = good;
    b.in.code = r.code;
    refused(&b, MX_EINVAL, "wanted NULL for in.code, which quantize does not use, found a buffer");
    b = good;
    b.out.value = r.out_value;
    refused(&b, MX_EINVAL, "wanted NULL for out.value, which quantize does not use, found a buffer");
    b = good;
    b.profile = parsed("round=rne");
    refused(&b, MX_EINVAL, "wanted NULL for in.random, which quantize does not use, found a buffer");
    b = good;
    b.in.value = (const char *)r.value + 2;
    refused(&b, MX_EINVAL, "wanted in.value aligned to 4 bytes, found an address that is not");
    b = good;
    b.in.random = (const uint32_t *)(const void *)((const char *)r.random + 1);
    refused(&b, MX_EINVAL, "wanted in.random aligned to 4 bytes, found an address that is not");
    b = good;
    b.count = 0;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.out = (mx_outputs){0};
    b.in = (mx_inputs){0};
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
}
END_TEST

START_TEST(batch_sizes_and_overlap)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r), good = b;
    char why[MX_WHY];

    b.count = SIZE_MAX / 8;
    ck_assert_int_eq(mx_batch_check(&b, why), MX_ESIZE);
    ck_assert_int_eq(strncmp(why, "wanted in.value to fit in memory, found ", 40), 0);
    b = good;
    b.out.code = (uint8_t *)r.value + 31; /* 2 x 4 x 4 bytes of values: the last is shared */
    refused(&b, MX_EALIAS, "wanted separate buffers, found in.value and out.code overlapping");
    b.out.code = (uint8_t *)r.value + 32;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.out.scale = b.out.code + 7;
    refused(&b, MX_EALIAS, "wanted separate buffers, found out.scale and out.code overlapping");
    b.out.scale = b.out.code + 8;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b.out.scale = (uint8_t *)r.random;
    refused(&b, MX_EALIAS, "wanted separate buffers, found in.random and out.scale overlapping");
}
END_TEST

START_TEST(batch_cells)
{
    struct room r = {0};
    mx_batch b = quantize_batch(&r);

    r.random[7] = 16;
    refused(&b, MX_EINVAL, "wanted 4 random bits, found 0x10 in in.random[7]");
    b.profile.sr_bits = 32;
    r.random[7] = UINT32_MAX;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    b = (mx_batch){.op = MX_OP_DEQUANTIZE, .elem = MX_E2M1, .type = MX_FP64, .k = 2, .count = 4};
    b.profile = parsed("round=sr:4"); /* no random bits when decoding */
    b.in.code = r.code;
    b.in.scale = r.scale;
    b.out.value = r.out_value;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    r.code[6] = 0x10;
    refused(&b, MX_EINVAL, "wanted e2m1 codes below 0x10, found 0x10 in in.code[6]");
    b.elem = MX_E2M3;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
    r.code[6] = 0x40;
    refused(&b, MX_EINVAL, "wanted e2m3 codes below 0x40, found 0x40 in in.code[6]");
    b.elem = MX_INT8;
    r.code[6] = 0xff;
    ck_assert_int_eq(mx_batch_check(&b, NULL), MX_OK);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("batch");
    tcase_add_test(tcase, batch_ids);
    tcase_add_test(tcase, batch_columns);
    tcase_add_test(tcase, batch_sizes_and_overlap);
    tcase_add_test(tcase, batch_cells);
    return test_main(tcase);
}
