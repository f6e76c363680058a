/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inference: a subject with each value of each axis built in, whatever it is asked, is recovered; each shipped profile
 * too; contradictions, whims and narrow subjects are told.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/ask.h"
#include "conformance/infer/infer.h"
#include "conformance/mutants/mutants.h"
#include "test_main.h"

/* ---- a black box ---- */

typedef struct box {
    mx_profile fixed;
    const char *ops;
    int obeys;     /* follows what it is asked */
    unsigned whim; /* every so many runs it answers otherwise */
    mx_elem other; /* this format rounds to zero */
    unsigned runs;
    const mxc_mutant *fault; /* it answers with this one */
} box;

static mx_status box_describe(void *state, mxc_description *d, char why[MXC_LINE])
{
    const box *b = state;
    strcpy(d->name, "box");
    strcpy(d->version, "1");
    return mxc_offers_parse(d, b->ops, strlen(b->ops), why);
}

static mx_status box_offer(void *state, const mx_batch *shape, char why[MXC_LINE])
{
    const box *b = state;
    strcpy(why, "wants other random bits");
    return !b->obeys && b->fixed.round == MX_SR && shape->profile.sr_bits != b->fixed.sr_bits ? MX_EUNSUPPORTED : MX_OK;
}

/* What a profile leaves open is filled with what is no value of the axis throughout. */
static void scramble(const mx_batch *b, const mxref_free *open)
{
    static const unsigned nans[] = {0x7f, 0xfe, 0x7e, 0xff, 0x7d};
    for (size_t i = 0; b->out.code && i < b->count * b->k; i++) {
        const mx_facts *f = mxref_facts(b->elem);
        unsigned magnitude = b->out.code[i] & 0x7f, mess = (unsigned)(i * 7 + b->count) % 5;
        int nan = f->has_nan && magnitude >= f->nan_first;
        if (open->code[i])
            b->out.code[i] = (uint8_t)(mess & ((1u << f->bits) - 1));
        else if (nan && b->profile.nan_code == MX_NAN_CODE_ANY && b->profile.overflow_nan == MX_OVERFLOW_NAN_ANY)
            b->out.code[i] = (uint8_t)(b->elem == MX_E5M2 ? nans[mess] : mess & 1 ? 0xff : 0x7f);
    }
    for (size_t i = 0; b->out.value && i < b->count * b->k; i++)
        if (open->value[i] && b->type == MX_FP32)
            ((uint32_t *)b->out.value)[i] = i & 1 ? 0x7f800000u : 0xff7fffffu;
}

static mx_status box_run(void *state, const mx_batch *batch, uint8_t *answer, char why[MXC_LINE])
{
    box *b = state;
    mx_batch own = *batch;
    (void)why;
    if (!b->obeys)
        own.profile = b->fixed;
    if (b->other == batch->elem)
        own.profile.round = MX_RTZ;
    if (b->whim && ++b->runs % b->whim == 0)
        own.profile.round = MX_RUP;
    if (own.profile.round != MX_SR) {
        own.profile.sr_bits = 0;
        own.in.random = NULL;
    }
    memset(answer, MXC_ANSWERED, batch->count);
    if (b->fault) {
        ck_assert_int_eq(mxc_mutant_run(b->fault, &own), MX_OK);
        return MX_OK;
    }
    uint8_t *flags = calloc(3, batch->count * batch->k);
    mxref_free open = {flags, flags + batch->count * batch->k, flags + 2 * batch->count * batch->k};
    ck_assert_int_eq(mxref_run(&own, &open), MX_OK);
    if (!b->obeys)
        scramble(&own, &open);
    free(flags);
    return MX_OK;
}

static const mxc_subject_ops box_ops = {.describe = box_describe, .offer = box_offer, .run = box_run};
static const char everything[] = "cast:*:*,scaled-cast:*:*,scale:*:*,quantize:*:*,decode:*:*,dequantize:*:*";

static mx_profile with(const char *words)
{
    mx_profile profile = mxc_first_profile();
    char why[MX_WHY] = "";
    if (*words)
        ck_assert_msg(mx_profile_parse(&profile, words, strlen(words), why) == MX_OK, "%s", why);
    return profile;
}

static void infer(mxc_inference *in, box *b, const mx_profile *ask)
{
    mxc_subject *subject = NULL;
    mxv_error error = {0};
    ck_assert_int_eq(mxc_subject_wrap(&subject, &box_ops, b, &error), MX_OK);
    mx_status status = mxc_infer(in, subject, ask, &error);
    ck_assert_msg(status == MX_OK, "%s", error.text);
    mxc_subject_free(subject);
}

/* ---- the matrix: in a context where the axis matters, every value ---- */

static const struct context {
    mx_axis axis;
    const char *words;
    unsigned alike; /* values that are one rule in this context, bit 1 << value */
} contexts[] = {
    {MX_AXIS_SCALE, "", 0},
    {MX_AXIS_SCALE, "scale-arith=log2f", 0},
    {MX_AXIS_SCALE, "scale-arith=f32 round=rna", 0},
    {MX_AXIS_SCALE_ARITH, "scale=floor", 0},
    {MX_AXIS_SCALE_ARITH, "scale=ceil", 0},
    /* a float logarithm of what was rounded to a few bits is right; only the formulas on fp32 part, at the top */
    {MX_AXIS_SCALE_ARITH, "scale=even", 1 << MX_ARITH_EXACT | 1 << MX_ARITH_LOG2F},
    {MX_AXIS_SCALE_ARITH, "scale=rceil", 0},
    {MX_AXIS_ROUND, "", 0},
    {MX_AXIS_ROUND, "overflow=special nan-in=element", 0},
    {MX_AXIS_OVERFLOW, "", 0},
    {MX_AXIS_OVERFLOW, "round=rup", 0},
    {MX_AXIS_OVERFLOW_DIRECTED, "overflow=special round=rtz", 0},
    {MX_AXIS_NAN_IN, "nan-to=max", 0}, /* where nan-to is open, ignore could give any answer of element */
    {MX_AXIS_NAN_IN, "nan-to=max nan-code=s7f", 0},
    {MX_AXIS_INF_IN, "", 0},
    {MX_AXIS_INF_IN, "overflow=special", 0},
    {MX_AXIS_NAN_TO, "", 0},
    {MX_AXIS_NAN_TO, "nan-in=element", 0},
    {MX_AXIS_ZERO_SCALE, "", 0},
    {MX_AXIS_SCALE_OVER, "scale=rceil", 0},
    {MX_AXIS_ZERO_SIGN, "", 0},
    {MX_AXIS_ZERO_SIGN, "subnormal-in=flush round=rtz", 0},
    {MX_AXIS_INT8_MIN, "", 0},
    {MX_AXIS_INT8, "", 0},
    {MX_AXIS_INT8, "scale=rceil", 1 << MX_INT8_INT6 | 1 << MX_INT8_INT7}, /* they differ in emax, which rceil has not */
    {MX_AXIS_SUBNORMAL_IN, "", 0},
    {MX_AXIS_SUBNORMAL_IN, "zero-scale=7f", 0},
    {MX_AXIS_SUBNORMAL_OUT, "", 0},
    {MX_AXIS_NAN_CODE, "", 0},
    {MX_AXIS_OVERFLOW_NAN, "overflow=special", 0},
    {MX_AXIS_UNDER_NAN_SCALE, "", 0},
    {MX_AXIS_UNDER_NAN_SCALE, "nan-to=zero", 0},
    {MX_AXIS_DECODE_OVER, "", 0},
};

/* "At most a few thousand" for a subject that has every operation, format and type. */
enum { MOST = 4000 };
START_TEST(every_value)
{
    const struct context *c = &contexts[_i];
    for (unsigned value = 1 + (unsigned)_i % test_step(3); value <= mx_axis_count(c->axis); value += test_step(3)) {
        box b = {.fixed = with(c->words), .ops = everything};
        mxc_inference in;
        mx_profile ask = with("");
        mx_profile_set(&b.fixed, c->axis, value);
        if (c->axis == MX_AXIS_ROUND && value == MX_SR)
            ask = with("round=sr:8"), b.fixed.sr_bits = 8;
        infer(&in, &b, &ask);
        const mxc_inferred *got = &in.axis[c->axis];
        const char *axis = mx_axis_name(c->axis), *name = mx_axis_value_name(c->axis, value);
        unsigned inferred = mx_profile_get(&in.values, c->axis);
        int alike = c->alike >> value & 1;
        ck_assert_msg(inferred == value || (alike && c->alike >> inferred & 1), "%s=%s (%s): inferred %s", axis, name,
                      c->words, mx_axis_value_name(c->axis, mx_profile_get(&in.values, c->axis)));
        ck_assert_msg(got->finding == (alike ? MXC_CANNOT_TELL : MXC_FOUND), "%s=%s (%s): %s", axis, name, c->words,
                      mxc_finding_name(got->finding));
        ck_assert_msg(*got->evidence && got->witness[0], "%s=%s: no evidence", axis, name);
        ck_assert_msg(in.disagree == 0 && !in.flaky && !in.unexplained, "%s=%s (%s): %zu disagree: %s", axis, name,
                      c->words, in.disagree, in.unexplained ? in.unexplained : "");
        ck_assert_uint_lt(in.cases, MOST);
        mxc_inference_free(&in);
    }
}
END_TEST

/* ---- shipped profiles ---- */

/* Every number of random bits, for a subject that takes no other and is asked for none. */
START_TEST(random_bits)
{
    box b = {.fixed = with(""), .ops = "cast:*:fp64,quantize:e4m3:fp32"};
    b.fixed.round = MX_SR;
    b.fixed.sr_bits = (uint8_t)((unsigned)_i * test_step(4));
    mx_profile ask = with("");
    mxc_inference in;
    infer(&in, &b, &ask);
    ck_assert_uint_eq(in.values.round, MX_SR);
    ck_assert_uint_eq(in.values.sr_bits, b.fixed.sr_bits);
    ck_assert_int_eq(in.axis[MX_AXIS_ROUND].finding, MXC_FOUND);
    ck_assert_uint_eq(in.disagree, 0);
    mxc_inference_free(&in);
}
END_TEST

/* The profile written to a file and read back; a run over the packs that agree with it passes. */
static void passes_run(const mxc_inference *in, box *b, size_t at_least)
{
    mxc_profile p, again;
    mxv_error error = {0};
    mxc_report *report = NULL;
    mxc_subject *subject = NULL;
    ck_assert_int_eq(mxc_inference_profile(&p, in, "mine", "inferred"), MX_OK);
    FILE *file = tmpfile();
    ck_assert_int_eq(mxc_profile_write(file, &p), MX_OK);
    rewind(file);
    ck_assert_msg(mxc_profile_read(&again, file, "mine", &error) == MX_OK, "%s", error.text);
    fclose(file);
    mxc_options options = {.select.profile = &again.values, .skip_crosscheck = 1, .diagnose = 1};
    ck_assert_int_eq(mxc_subject_wrap(&subject, &box_ops, b, &error), MX_OK);
    ck_assert_msg(mxc_run(&report, subject, "box", &options, &error) == MX_OK, "%s", error.text);
    ck_assert_msg(report->exit_status == 0, "%s", report->conclusion);
    ck_assert_uint_ge(report->tally.pass, at_least);
    mxc_report_free(report);
    mxc_subject_free(subject);
}

START_TEST(shipped)
{
    mxc_paths paths;
    ck_assert_int_eq(mxc_profile_list(&paths, NULL), MX_OK);
    ck_assert_uint_ge(paths.count, 7);
    for (size_t i = 0; i < paths.count; i += test_step(3)) {
        mxc_profile p;
        ck_assert_int_eq(mxc_profile_load(&p, paths.path[i], NULL), MX_OK);
        box b = {.fixed = p.values, .ops = everything};
        mxc_inference in, again;
        mx_profile ask = with("");
        infer(&in, &b, &ask);
        ck_assert_msg(in.disagree == 0, "%s: %zu disagree: %s", p.name, in.disagree, in.unexplained);
        for (mx_axis a = 1; a <= MX_AXIS_LAST; a++) {
            unsigned want = mx_profile_get(&p.values, a), got = mx_profile_get(&in.values, a);
            ck_assert_msg(got == want || in.axis[a].finding == MXC_CANNOT_TELL, "%s: %s=%s, inferred %s", p.name,
                          mx_axis_name(a), mx_axis_value_name(a, want), mx_axis_value_name(a, got));
            ck_assert_msg(in.axis[a].fits >> want & 1, "%s: %s=%s is not among what fits", p.name, mx_axis_name(a),
                          mx_axis_value_name(a, want));
        }
        for (mx_axis a = MX_AXIS_SCALE; a <= MX_AXIS_OVERFLOW; a++) /* these can always be told */
            ck_assert_msg(in.axis[a].finding == MXC_FOUND, "%s: %s %s", p.name, mx_axis_name(a),
                          mxc_finding_name(in.axis[a].finding));
        passes_run(&in, &b, 5000);
        mxc_inference_free(&in);
        /* asked for what it does, it gives back the whole profile: what cannot be told is kept */
        infer(&again, &b, &p.values);
        ck_assert_msg(memcmp(&again.values, &p.values, sizeof p.values) == 0, "%s is not given back", p.name);
        mxc_inference_free(&again);
    }
    mxc_paths_free(&paths);
}
END_TEST

START_TEST(obedient)
{
    box b = {.ops = everything, .obeys = 1};
    mxc_profile p;
    ck_assert_int_eq(mxc_profile_load(&p, "torchao-rceil", NULL), MX_OK);
    mxc_inference in;
    infer(&in, &b, &p.values);
    ck_assert_int_eq(in.axis[MX_AXIS_SCALE].finding, MXC_FOLLOWED);
    ck_assert_int_eq(in.axis[MX_AXIS_ROUND].finding, MXC_FOLLOWED);
    ck_assert_int_eq(in.axis[MX_AXIS_NAN_IN].finding, MXC_FOLLOWED);
    ck_assert_uint_eq(in.values.scale, MX_SCALE_RCEIL);
    ck_assert_uint_eq(in.disagree, 0);
    mxc_inference_free(&in);
}
END_TEST

/* ---- what has no profile ---- */

START_TEST(two_witnesses)
{
    box b = {.fixed = with(""), .ops = everything, .other = MX_E3M2};
    mx_profile ask = with("");
    mxc_inference in;
    infer(&in, &b, &ask);
    ck_assert_int_eq(in.axis[MX_AXIS_ROUND].finding, MXC_INCONSISTENT);
    ck_assert_ptr_nonnull(in.axis[MX_AXIS_ROUND].witness[0]);
    ck_assert_ptr_nonnull(in.axis[MX_AXIS_ROUND].witness[1]);
    ck_assert_ptr_null(strstr(in.axis[MX_AXIS_ROUND].witness[0], "elem=e3m2"));
    ck_assert_ptr_nonnull(strstr(in.axis[MX_AXIS_ROUND].witness[1], "elem=e3m2"));
    ck_assert_uint_gt(in.disagree, 0);
    mxc_inference_free(&in);
}
END_TEST

/* Blocks under byte 00 are halved: that fits no handling of subnormal sources, and says nothing of other axes. */
START_TEST(one_astray)
{
    box b = {.fixed = with(""), .ops = "quantize:*:fp32", .fault = mxc_mutant_find("divisor-00-is-01")};
    mx_profile ask = with("");
    mxc_inference in;
    ck_assert_ptr_nonnull(b.fault);
    infer(&in, &b, &ask);
    ck_assert_int_eq(in.axis[MX_AXIS_SUBNORMAL_IN].finding, MXC_INCONSISTENT);
    ck_assert_ptr_nonnull(in.axis[MX_AXIS_SUBNORMAL_IN].witness[0]);
    for (mx_axis a = 1; a <= MX_AXIS_LAST; a++)
        ck_assert_msg(a == MX_AXIS_SUBNORMAL_IN || in.axis[a].finding != MXC_INCONSISTENT, "%s is inconsistent too",
                      mx_axis_name(a));
    mxc_inference_free(&in);
}
END_TEST

START_TEST(whims)
{
    box b = {.fixed = with(""), .ops = "cast:e4m3:fp32", .whim = 4};
    mx_profile ask = with("");
    mxc_inference in;
    infer(&in, &b, &ask);
    ck_assert_ptr_nonnull(in.flaky);
    mxc_inference_free(&in);
}
END_TEST

START_TEST(narrow)
{
    box b = {.fixed = with("round=rna"), .ops = "cast:e2m1:fp32"};
    mx_profile ask = with("");
    mxc_inference in;
    infer(&in, &b, &ask);
    ck_assert_uint_eq(in.values.round, MX_RNA);
    ck_assert_int_eq(in.axis[MX_AXIS_SCALE].finding, MXC_CANNOT_TELL);
    ck_assert_int_eq(in.axis[MX_AXIS_INT8].finding, MXC_CANNOT_TELL);
    ck_assert_int_eq(in.axis[MX_AXIS_NAN_CODE].finding, MXC_CANNOT_TELL);
    mxc_inference_free(&in);
    b = (box){.fixed = with("scale=rceil round=rtz nan-in=element"), .ops = "quantize:e4m3:bf16"};
    infer(&in, &b, &ask);
    ck_assert_uint_eq(in.values.scale, MX_SCALE_RCEIL);
    ck_assert_uint_eq(in.values.round, MX_RTZ);
    ck_assert_uint_eq(in.values.nan_in, MX_NAN_IN_ELEMENT);
    ck_assert_uint_eq(in.disagree, 0);
    mxc_inference_free(&in);
}
END_TEST

START_TEST(nothing)
{
    box b = {.fixed = with(""), .ops = ""};
    mxc_subject *subject = NULL;
    mxc_inference in;
    mx_profile ask = with("");
    ck_assert_int_eq(mxc_subject_wrap(&subject, &box_ops, &b, NULL), MX_OK);
    ck_assert_int_eq(mxc_infer(&in, subject, &ask, NULL), MX_EUNSUPPORTED);
    mxc_inference_free(&in);
    mxc_subject_free(subject);
}
END_TEST

START_TEST(as_a_file)
{
    box b = {.fixed = with("scale=even round=rna"), .ops = everything};
    mx_profile ask = with("");
    mxc_inference in;
    mxc_profile p, again;
    infer(&in, &b, &ask);
    ck_assert_int_eq(mxc_inference_profile(&p, &in, "mine", "inferred"), MX_OK);
    FILE *file = tmpfile();
    ck_assert_int_eq(mxc_profile_write(file, &p), MX_OK);
    rewind(file);
    mxv_error error = {0};
    ck_assert_msg(mxc_profile_read(&again, file, "mine", &error) == MX_OK, "%s", error.text);
    fclose(file);
    ck_assert_mem_eq(&again.values, &p.values, sizeof p.values);
    ck_assert_uint_eq(again.values.scale, MX_SCALE_EVEN);
    ck_assert_int_eq(again.note[MX_AXIS_ROUND].evidence, MXC_PROBED);
    mxc_inference_free(&in);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("infer");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, every_value, 0, sizeof contexts / sizeof *contexts);
    tcase_add_loop_test(t, random_bits, 1, 1 + 32 / (int)test_step(4));
    tcase_add_test(t, shipped);
    tcase_add_test(t, obedient);
    tcase_add_test(t, two_witnesses);
    tcase_add_test(t, one_astray);
    tcase_add_test(t, whims);
    tcase_add_test(t, narrow);
    tcase_add_test(t, nothing);
    tcase_add_test(t, as_a_file);
    return test_main(t);
}
