/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A subject that leaves open what a pack demands is judged on the rest of it, and on no less than the rest.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"
#include "test_main.h"

enum { E4M3_NAN = 0x7f, SIGN = 0x80, NAN_SCALE = 0xff, FP16_INF = 0x7c00, GARBAGE = 2 };

/* The reference, with other answers where the axes of `axes` leave them open; `slip`: and one wrong where they do not.
 */
typedef struct loose {
    const char *axes;
    int slip;
} loose;

static mx_status describe(void *state, mxc_description *d, char why[MXC_LINE])
{
    const loose *l = state;
    strcpy(d->name, "loose");
    strcpy(d->version, "1");
    mx_status status = mxc_offers_parse(d, "*:*:*", 5, why);
    return status == MX_OK ? mx_profile_parse(&d->declared, l->axes, strlen(l->axes), why) : status;
}

static int is_nan_source(const mx_batch *b, size_t at)
{
    return b->in.value && mxc_value_is_nan(mxc_value_bits(b->in.value, b->type, at), b->type);
}

/* A code: NaNs of the other sign; anything below a NaN scale, and for a NaN in a format that has none. */
static void loosen_code(const mx_batch *b, size_t at)
{
    const int under = b->in.scale && b->in.scale[at / b->k] == NAN_SCALE;
    if (b->elem == MX_E4M3 && (b->out.code[at] & E4M3_NAN) == E4M3_NAN && !under)
        b->out.code[at] ^= SIGN;
    else if (under || is_nan_source(b, at))
        b->out.code[at] = GARBAGE;
}

static mx_status run(void *state, const mx_batch *b, uint8_t *answer, char why[MXC_LINE])
{
    const loose *l = state;
    mx_batch exact = *b;
    (void)why;
    /* what is offered has its own axes; a reference of definite answers */
    exact.profile.nan_code = MX_NAN_CODE_7F;
    exact.profile.overflow_nan = MX_OVERFLOW_NAN_7F;
    exact.profile.decode_over = MX_DECODE_OVER_INF;
    exact.profile.under_nan_scale = MX_UNDER_NAN_ZERO;
    exact.profile.nan_to = MX_NAN_TO_ZERO;
    memset(answer, MXC_ANSWERED, b->count);
    mx_status status = mxref_run(&exact, NULL);
    uint16_t *value = b->out.value;
    for (size_t at = 0; status == MX_OK && at < b->count * b->k; at++)
        if (b->out.code)
            loosen_code(b, at);
        else if (at % 2 && (value[at] & (FP16_INF | 0x3ff)) == FP16_INF && (b->in.code[at] & 7) != 0)
            value[at]--; /* some the largest, some Inf */
    for (size_t i = 0; status == MX_OK && l->slip && i < b->count; i++)
        if (b->out.code && !is_nan_source(b, i * b->k) && !(b->in.scale && b->in.scale[i] == NAN_SCALE)) {
            b->out.code[i * b->k] ^= 1;
            break;
        }
    return status;
}

static const mxc_subject_ops ops = {.describe = describe, .run = run};

static const char *const packs[] = {"cast.e4m3.fp32.nan-s7f",          "cast.e4m3.fp32.over-7f",
                                    "scaled-cast.e4m3.fp32.under-nan", "scaled-cast.e2m1.fp32.under-nan",
                                    "dequantize.e2m1.fp16.inf",        "dequantize.e2m1.fp16.max"};
enum { PACKS = sizeof packs / sizeof *packs };

static mxc_verdict verdict_of(const char *pack, const char *axes, int slip, mx_profile *judged)
{
    loose state = {axes, slip};
    mxc_subject *subject = NULL;
    mxc_report *report = NULL;
    mxv_error error = {0};
    char name[128];
    snprintf(name, sizeof name, "vectors/packs/smoke/%s.mxv", pack);
    char *path = mxc_data_path(name, &error);
    const char *const one[] = {path};
    const mxc_options options = {.skip_crosscheck = 1, .select = {.pack = one, .packs = 1}};
    ck_assert_msg(path != NULL, "%s", error.text);
    ck_assert_int_eq(mxc_subject_wrap(&subject, &ops, &state, &error), MX_OK);
    ck_assert_msg(mxc_run(&report, subject, "loose", &options, &error) == MX_OK, "%s: %s", pack, error.text);
    ck_assert_uint_eq(report->packs, 1);
    const mxc_verdict verdict = report->pack[0].verdict;
    *judged = report->pack[0].shape.profile;
    mxc_report_free(report);
    mxc_subject_free(subject);
    free(path);
    return verdict;
}

static const char open_axes[] = "nan-code=any overflow-nan=any nan-to=unspecified under-nan-scale=any decode-over=any";

START_TEST(open_is_not_compared)
{
    mx_profile judged;
    for (size_t p = 0; p < PACKS; p++)
        ck_assert_msg(verdict_of(packs[p], open_axes, 0, &judged) == MXC_PASS, "%s", packs[p]);
    verdict_of("scaled-cast.e4m3.fp32.under-nan", open_axes, 0, &judged);
    ck_assert_int_eq(judged.under_nan_scale, MX_UNDER_NAN_ANY); /* the report says so */
}
END_TEST

START_TEST(the_rest_is)
{
    mx_profile judged;
    for (size_t p = 0; p < PACKS; p++) {
        ck_assert_msg(verdict_of(packs[p], "", 0, &judged) == MXC_FAIL, "%s: nothing declared", packs[p]);
        if (p < 4)
            ck_assert_msg(verdict_of(packs[p], open_axes, 1, &judged) == MXC_FAIL, "%s: one wrong", packs[p]);
    }
    ck_assert_int_eq(verdict_of("cast.e4m3.fp32.nan-s7f", "nan-code=7f", 0, &judged), MXC_NOT_APPLICABLE);
    ck_assert_int_eq(verdict_of("dequantize.e2m1.fp16.max", "decode-over=inf", 0, &judged), MXC_NOT_APPLICABLE);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("weaken");
    tcase_add_test(t, open_is_not_compared);
    tcase_add_test(t, the_rest_is);
    return test_main(t);
}
