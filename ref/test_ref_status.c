/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bad input: every status, outputs untouched; and what a caller may rely on: no state left in MPFR, threads, count 0,
 * the largest block.
 */
#include "ref/test_draw.h"

#include <pthread.h>
#include <stdlib.h>

#include <mpfr.h>

typedef struct room {
    uint32_t value[4];
    uint8_t scale[2], code[4];
} room;

/* A good batch: two blocks of two. */
static mx_batch good(const uint32_t *in, room *out)
{
    mx_batch batch = {.op = MX_OP_QUANTIZE, .elem = MX_E4M3, .type = MX_FP32, .k = 2, .count = 2, .in.value = in};

    batch.out = (mx_outputs){.scale = out->scale, .code = out->code};
    batch.profile = test_profile("");
    return batch;
}

static void refused(const mx_batch *batch, const room *out, mx_status status)
{
    room before = *out;
    mxref_trace *trace = NULL;

    ck_assert_int_eq(mxref_run(batch, NULL), status);
    ck_assert_int_eq(mxref_witness(batch, NULL), status);
    ck_assert_int_eq(memcmp(&before, out, sizeof before), 0);
    ck_assert_int_ne(mxref_trace_case(batch, &trace), MX_OK); /* two cases, or as malformed */
    ck_assert_ptr_null(trace);
}

START_TEST(bad_ids)
{
    static const uint32_t in[4] = {0x3f800000};
    room out;
    mx_batch batch;

    memset(&out, 0xa5, sizeof out);
    ck_assert_int_eq(mxref_run(NULL, NULL), MX_EINVAL);
    ck_assert_int_eq(mxref_witness(NULL, NULL), MX_EINVAL);
    ck_assert_int_eq(mxref_trace_case(NULL, NULL), MX_EINVAL);
    for (int i = 0; i < 9; i++) {
        batch = good(in, &out);
        switch (i) {
        case 0:
            batch.op = (mx_op)0;
            break;
        case 1:
            batch.op = (mx_op)(MX_OP_LAST + 1);
            break;
        case 2:
            batch.elem = (mx_elem)0;
            break;
        case 3:
            batch.elem = (mx_elem)(MX_ELEM_LAST + 1);
            break;
        case 4:
            batch.type = (mx_type)0;
            break;
        case 5:
            batch.k = 0;
            break;
        case 6:
            batch.k = MX_BLOCK_MAX + 1;
            break;
        case 7:
            batch.in.value = NULL;
            break;
        default:
            batch.out.code = NULL;
        }
        refused(&batch, &out, MX_EINVAL);
    }
    batch = good(in, &out);
    ck_assert_int_eq(mxref_run(&batch, NULL), MX_OK); /* the rest of it was in order */
}
END_TEST

START_TEST(bad_profile)
{
    static const uint32_t in[4] = {0x3f800000};
    room out;
    mx_batch batch;

    memset(&out, 0xa5, sizeof out);
    for (unsigned axis = 1; axis <= MX_AXIS_LAST; axis++) {
        batch = good(in, &out);
        ((uint8_t *)&batch.profile)[axis] = 0;
        refused(&batch, &out, MX_EINVAL);
        ((uint8_t *)&batch.profile)[axis] = (uint8_t)(mx_axis_count((mx_axis)axis) + 1);
        refused(&batch, &out, MX_EINVAL);
    }
    batch = good(in, &out);
    batch.profile.round = MX_SR; /* without bits */
    refused(&batch, &out, MX_EINVAL);
}
END_TEST

START_TEST(bad_memory)
{
    uint32_t in[4] = {0x3f800000};
    room out;
    mx_batch batch;

    memset(&out, 0xa5, sizeof out);
    batch = good(in, &out);
    batch.in.value = (const char *)in + 1;
    refused(&batch, &out, MX_EINVAL);
    batch = good(in, &out);
    batch.out.code = (uint8_t *)in;
    refused(&batch, &out, MX_EALIAS);
    batch = good(in, &out);
    batch.out.scale = out.code + 3;
    refused(&batch, &out, MX_EALIAS);
    batch = good(in, &out);
    batch.count = SIZE_MAX / 2;
    refused(&batch, &out, MX_ESIZE);
    ck_assert_uint_eq(in[0], 0x3f800000);
}
END_TEST

START_TEST(facts)
{
    ck_assert_ptr_null(mxref_facts((mx_elem)0));
    ck_assert_ptr_null(mxref_facts((mx_elem)(MX_ELEM_LAST + 1)));
    for (unsigned elem = 1; elem <= MX_ELEM_LAST; elem++) {
        const mx_facts *f = mxref_facts((mx_elem)elem);
        ck_assert_uint_eq(f->elem, elem);
        ck_assert_uint_eq(f->bits, mx_elem_bits((mx_elem)elem));
        ck_assert_uint_eq(f->bits, 1 + f->ebits + f->mbits + (elem == MX_INT8)); /* INT8: sign, unit bit, 6 */
        if (elem != MX_INT8)
            ck_assert_int_eq(f->emin, 1 - f->bias); /* MX-5.3-e */
    }
    ck_assert_int_eq(mxref_scale_facts()->emax, (int)mxref_scale_facts()->max_code - mxref_scale_facts()->bias);
}
END_TEST

START_TEST(nothing_and_much)
{
    static uint32_t in[MX_BLOCK_MAX];
    static uint8_t code[MX_BLOCK_MAX];
    uint8_t scale = 0;
    mx_batch batch = {.op = MX_OP_QUANTIZE, .elem = MX_E2M1, .type = MX_FP32, .k = 32};

    batch.profile = test_profile("");
    ck_assert_int_eq(mxref_run(&batch, NULL), MX_OK); /* count 0 */
    ck_assert_int_eq(mxref_witness(&batch, NULL), MX_OK);
    in[MX_BLOCK_MAX - 1] = 0x43000000; /* 128: byte 127 + 7 - 2 */
    in[0] = 0x42800000;                /* 64 / 32 = 2 */
    batch.k = MX_BLOCK_MAX;
    batch.count = 1;
    batch.in.value = in;
    batch.out = (mx_outputs){.scale = &scale, .code = code};
    ck_assert_int_eq(mxref_run(&batch, NULL), MX_OK);
    ck_assert(scale == 132 && code[0] == 4 && code[MX_BLOCK_MAX - 1] == 6);
    memset(code, 0xff, sizeof code);
    ck_assert_int_eq(mxref_witness(&batch, NULL), MX_OK);
    ck_assert(scale == 132 && code[0] == 4 && code[MX_BLOCK_MAX - 1] == 6);
}
END_TEST

/* A caller's exponent range and flags neither disturb the answers nor are disturbed. */
START_TEST(mpfr_state)
{
    static const char *const axes[] = {"", "scale=even scale-arith=log2f", "scale=rceil scale-arith=f32"};

    mpfr_set_emin(-3);
    mpfr_set_emax(3);
    mpfr_flags_clear(MPFR_FLAGS_ALL);
    mpfr_flags_set(MPFR_FLAGS_ERANGE);
    for (size_t a = 0; a < 3; a++)
        ck_assert_int_eq(test_scale(axes[a], MX_E5M2, MX_FP32, 0x71000000), 211); /* 2^99 */
    ck_assert_int_eq(test_cast("", MX_E5M2, MX_FP32, 0x38800000), 4);
    ck_assert(mpfr_get_emin() == -3 && mpfr_get_emax() == 3);
    ck_assert_uint_eq(mpfr_flags_save(), MPFR_FLAGS_ERANGE);
}
END_TEST

/* ---- threads ---- */

enum { THREADS = 4, SHARED = 300 };

static mx_batch shared_batch[SHARED];
static store shared_in[SHARED];
static answers shared_out[SHARED];

static void *work(void *failures)
{
    answers *mine = calloc(1, sizeof *mine);

    for (size_t b = 0; mine && b < SHARED; b++) {
        mx_batch batch = shared_batch[b];
        mxref_free open = {mine->open_value, mine->open_scale, mine->open_code};
        memset(mine, 0, sizeof *mine);
        point(&batch, &shared_in[b], mine);
        if (mxref_run(&batch, &open) != MX_OK || memcmp(mine, &shared_out[b], sizeof *mine) != 0)
            ++*(int *)failures;
    }
    mpfr_free_cache();
    free(mine);
    return NULL;
}

START_TEST(threads)
{
    pthread_t thread[THREADS];
    int failures[THREADS] = {0};

    for (size_t b = 0; b < SHARED; b++) {
        answers *out = &shared_out[b];
        mxref_free open = {out->open_value, out->open_scale, out->open_code};
        draw_batch(b + 1, &shared_batch[b], &shared_in[b]);
        point(&shared_batch[b], &shared_in[b], out);
        ck_assert_int_eq(mxref_witness(&shared_batch[b], &open), MX_OK);
    }
    for (int t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_create(&thread[t], NULL, work, &failures[t]), 0);
    for (int t = 0; t < THREADS; t++) {
        ck_assert_int_eq(pthread_join(thread[t], NULL), 0);
        ck_assert_int_eq(failures[t], 0);
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("status");

    tcase_add_test(cases, bad_ids);
    tcase_add_test(cases, bad_profile);
    tcase_add_test(cases, bad_memory);
    tcase_add_test(cases, facts);
    tcase_add_test(cases, nothing_and_much);
    tcase_add_test(cases, mpfr_state);
    tcase_add_test(cases, threads);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
