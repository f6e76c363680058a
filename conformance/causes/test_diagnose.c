/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies behind failures: spots, clusters, known faults alone and together, unknown ones, repetition.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/batch.h"
#include "conformance/causes/spot.h"
#include "conformance/error.h"
#include "conformance/finite.h"
#include "conformance/mutants/mutants.h"
#include "test_folder.h"
#include "test_main.h"

/* ---- spots: worked out by hand from the formats' tables ---- */

static const struct {
    mx_op op;
    mx_elem elem;
    uint32_t value; /* fp32 */
    uint8_t scale;
    mxc_place place;
    mxc_range range;
} spots[] = {
    /* E2M1: 0 0.5 1 1.5 2 3 4 6 */
    {MX_OP_CAST, MX_E2M1, 0x7fc00000, 0, MXC_PLACE_NONE, MXC_RANGE_NAN},
    {MX_OP_CAST, MX_E2M1, 0xff800000, 0, MXC_PLACE_NONE, MXC_RANGE_INF},
    {MX_OP_CAST, MX_E2M1, 0x80000000, 0, MXC_PLACE_NONE, MXC_RANGE_ZERO},
    {MX_OP_CAST, MX_E2M1, 0x00000001, 0, MXC_PLACE_BELOW, MXC_RANGE_UNDER},
    {MX_OP_CAST, MX_E2M1, 0x3e800000, 0, MXC_PLACE_TIE_EVEN, MXC_RANGE_UNDER},    /* 0.25 */
    {MX_OP_CAST, MX_E2M1, 0x3e800001, 0, MXC_PLACE_ABOVE, MXC_RANGE_UNDER},       /* just above */
    {MX_OP_CAST, MX_E2M1, 0x3f000000, 0, MXC_PLACE_EXACT, MXC_RANGE_SUBNORMAL},   /* 0.5 */
    {MX_OP_CAST, MX_E2M1, 0x3f400000, 0, MXC_PLACE_TIE_ODD, MXC_RANGE_SUBNORMAL}, /* 0.75 */
    {MX_OP_CAST, MX_E2M1, 0xbfa00000, 0, MXC_PLACE_TIE_EVEN, MXC_RANGE_NORMAL},   /* -1.25 */
    {MX_OP_CAST, MX_E2M1, 0x3fdfffff, 0, MXC_PLACE_BELOW, MXC_RANGE_NORMAL},      /* below 1.75 */
    {MX_OP_CAST, MX_E2M1, 0x40a00000, 0, MXC_PLACE_TIE_EVEN, MXC_RANGE_TOP},      /* 5 */
    {MX_OP_CAST, MX_E2M1, 0x40c00000, 0, MXC_PLACE_EXACT, MXC_RANGE_TOP},         /* 6 */
    {MX_OP_CAST, MX_E2M1, 0x40c00001, 0, MXC_PLACE_BELOW, MXC_RANGE_OVER},
    {MX_OP_CAST, MX_E2M1, 0x40e00000, 0, MXC_PLACE_TIE_ODD, MXC_RANGE_OVER},       /* 7 */
    {MX_OP_CAST, MX_E4M3, 0x43e00000, 0, MXC_PLACE_EXACT, MXC_RANGE_TOP},          /* 448 */
    {MX_OP_CAST, MX_E4M3, 0x43e80000, 0, MXC_PLACE_TIE_EVEN, MXC_RANGE_OVER},      /* 464, where 448 is code 7e */
    {MX_OP_CAST, MX_INT8, 0x3f800000, 0, MXC_PLACE_EXACT, MXC_RANGE_TOP},          /* 64 of 64ths */
    {MX_OP_CAST, MX_INT8, 0x3f020000, 0, MXC_PLACE_TIE_EVEN, MXC_RANGE_SUBNORMAL}, /* 32.5 of them */
    /* under a scale */
    {MX_OP_SCALED_CAST, MX_E2M1, 0x3fa00000, 129, MXC_PLACE_ABOVE, MXC_RANGE_UNDER}, /* 1.25 / 4 */
    {MX_OP_SCALED_CAST, MX_E2M1, 0x3fa00000, 255, MXC_PLACE_NONE, MXC_RANGE_NAN_SCALE},
    /* scale bytes: E4M3's largest value is 1.75 * 2^8, floor gives floor(log2 A) - 8 + 127 */
    {MX_OP_SCALE, MX_E4M3, 0x43800000, 127, MXC_PLACE_AMAX_POWER, MXC_RANGE_NORMAL},
    {MX_OP_SCALE, MX_E4M3, 0x43dfffff, 127, MXC_PLACE_AMAX_BELOW, MXC_RANGE_NORMAL},
    {MX_OP_SCALE, MX_E4M3, 0x43e00000, 127, MXC_PLACE_AMAX_AT, MXC_RANGE_NORMAL},
    {MX_OP_SCALE, MX_E4M3, 0x43e00001, 127, MXC_PLACE_AMAX_ABOVE, MXC_RANGE_NORMAL},
    {MX_OP_SCALE, MX_E4M3, 0x00000001, 0, MXC_PLACE_AMAX_POWER, MXC_RANGE_UNDER},
    {MX_OP_SCALE, MX_E4M3, 0x00000000, 0, MXC_PLACE_NONE, MXC_RANGE_ZERO},
};

START_TEST(spots_by_hand)
{
    for (size_t i = 0; i < sizeof spots / sizeof spots[0]; i++) {
        uint32_t value = spots[i].value;
        uint8_t scale = spots[i].scale, code = 0;
        mx_batch b = {.op = spots[i].op, .elem = spots[i].elem, .type = MX_FP32, .k = 1, .count = 1};
        b.profile.int8 = MX_INT8_OCP;
        b.in.value = &value;
        if (b.op == MX_OP_SCALED_CAST)
            b.in.scale = &scale;
        if (b.op == MX_OP_SCALE)
            b.out.scale = &scale;
        else
            b.out.code = &code;
        const mxc_spot spot = mxc_spot_of(&b, 0, b.op == MX_OP_SCALE ? MX_COL_SCALE : MX_COL_CODE, 0);
        ck_assert_msg(spot.place == spots[i].place && spot.range == spots[i].range, "row %zu: %s %s", i,
                      mxc_place_name(spot.place), mxc_range_name(spot.range));
    }
}
END_TEST

/* Products: E5M2's smallest subnormal is 2^-16, fp16's 2^-24 and its largest value 65504. */
static const struct {
    uint8_t code, scale;
    mxc_place place;
    mxc_range range;
} products[] = {
    {0x7d, 127, MXC_PLACE_NONE, MXC_RANGE_NAN},
    {0xfc, 127, MXC_PLACE_NONE, MXC_RANGE_INF},
    {0x80, 127, MXC_PLACE_NONE, MXC_RANGE_ZERO},
    {0x3c, 255, MXC_PLACE_NONE, MXC_RANGE_NAN_SCALE},
    {0x3c, 127, MXC_PLACE_EXACT, MXC_RANGE_NORMAL},
    {0x01, 130, MXC_PLACE_EXACT, MXC_RANGE_SUBNORMAL}, /* 2^-13: the code is subnormal */
    {0x3c, 112, MXC_PLACE_EXACT, MXC_RANGE_SUBNORMAL}, /* 2^-15: the product is */
    {0x3c, 102, MXC_PLACE_TIE_EVEN, MXC_RANGE_UNDER},  /* 2^-25 */
    {0x3c, 142, MXC_PLACE_EXACT, MXC_RANGE_TOP},       /* 2^15 */
    {0x3c, 143, MXC_PLACE_EXACT, MXC_RANGE_OVER},      /* 2^16 */
};

START_TEST(products_by_hand)
{
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        uint8_t code = products[i].code, scale = products[i].scale;
        uint16_t value = 0;
        mx_batch b = {.op = MX_OP_DEQUANTIZE, .elem = MX_E5M2, .type = MX_FP16, .k = 1, .count = 1};
        b.in.code = &code;
        b.in.scale = &scale;
        b.out.value = &value;
        const mxc_spot spot = mxc_spot_of(&b, 0, MX_COL_VALUE, 0);
        ck_assert_msg(spot.place == products[i].place && spot.range == products[i].range, "row %zu: %s %s", i,
                      mxc_place_name(spot.place), mxc_range_name(spot.range));
    }
}
END_TEST

/* ---- subjects ---- */

/* The answers of mutants: those of the first one that is wrong. */
typedef struct faulty {
    const char *fault[2];
    void (*spoil)(const mx_batch *batch, size_t calls);
    size_t calls;
    mx_type only;      /* its faults act on no other type; 0: on all */
    mx_elem only_elem; /* ... format */
    int in_a_case;     /* 1: of each mutant the codes that are wrong, so that a case may have both faults */
} faulty;

static mx_status describe(void *state, mxc_description *description, char why[MXC_LINE])
{
    (void)state;
    mxc_say(description->name, sizeof description->name, "faulty");
    mxc_say(description->version, sizeof description->version, "1");
    return mxc_offers_parse(description, "*:*:*", 5, why);
}

static mx_status answer(void *state, const mx_batch *batch, uint8_t *answers, char why[MXC_LINE])
{
    faulty *f = state;
    mxc_store right;
    (void)why;
    ck_assert(mxc_store_of(&right, batch, NULL, batch->count) == MX_OK);
    mx_status status = mxc_mutant_run(mxc_mutant_find("none"), &right.batch);
    for (size_t i = 0; i < batch->count && status == MX_OK; i++)
        mxc_copy_outputs(batch, i, &right.batch, i);
    for (size_t n = 2; n-- > 0 && status == MX_OK;) {
        mxc_store wrong;
        if (!f->fault[n] || (f->only && f->only != batch->type) || (f->only_elem && f->only_elem != batch->elem))
            continue;
        ck_assert(mxc_store_of(&wrong, batch, NULL, batch->count) == MX_OK);
        status = mxc_mutant_run(mxc_mutant_find(f->fault[n]), &wrong.batch);
        const size_t width = mxc_cell_bytes(batch, COL_OUT_CODE);
        for (size_t i = 0; i < batch->count * width && f->in_a_case; i++)
            if (wrong.batch.out.code[i] != right.batch.out.code[i])
                batch->out.code[i] = wrong.batch.out.code[i];
        for (size_t i = 0; i < batch->count && !f->in_a_case; i++)
            if (width && memcmp(wrong.batch.out.code + i * width, right.batch.out.code + i * width, width) != 0)
                mxc_copy_outputs(batch, i, &wrong.batch, i);
        mxc_store_free(&wrong);
    }
    mxc_store_free(&right);
    if (status == MX_OK && f->spoil)
        f->spoil(batch, f->calls++);
    memset(answers, MXC_ANSWERED, batch->count);
    return status;
}

static mx_status bye(void *state, mxc_counts *counts, char why[MXC_LINE])
{
    (void)state;
    (void)counts;
    (void)why;
    return MX_OK;
}

static mx_status judge(mxc_report **report, faulty *f, const mxc_options *options, mxv_error *error)
{
    static const mxc_subject_ops ops = {.describe = describe, .run = answer, .close = bye};
    mxc_subject *subject = NULL;
    ck_assert(mxc_subject_wrap(&subject, &ops, f, error) == MX_OK);
    const mx_status status = mxc_run(report, subject, NULL, options, error);
    mxc_subject_free(subject);
    return status;
}

/* Packs of fp32. */
static mxc_report *judged_by(faulty *f, mx_op op, mx_elem elem)
{
    const mxc_options options = {.skip_crosscheck = 1, .select.filter = {1u << op, 1u << elem, 1u << MX_FP32}};
    mxv_error error = {0};
    mxc_report *report = NULL;
    ck_assert_msg(judge(&report, f, &options, &error) == MX_OK, "%s", error.text);
    return report;
}

static mxc_report *judged(faulty *f, mx_elem elem)
{
    return judged_by(f, MX_OP_CAST, elem);
}

/* Every failure is in one cluster, of whose cases it is one; classes add up. */
static void check_clusters(const mxc_report *r)
{
    size_t failures = 0;
    for (size_t c = 0; c < r->clusters; c++) {
        const mxc_cluster *cluster = &r->cluster[c];
        size_t keys = 0;
        for (size_t k = 0; k < cluster->keys; k++)
            keys += cluster->key[k].count;
        ck_assert_uint_eq(keys, cluster->count);
        ck_assert_uint_ge(cluster->cases, cluster->count);
        ck_assert_uint_le(cluster->cases, r->tally.pass + r->tally.fail);
        ck_assert(c == 0 || r->cluster[c - 1].count >= cluster->count);
        ck_assert_ptr_nonnull(strstr(cluster->line, cluster->id));
        failures += cluster->count;
    }
    ck_assert_uint_eq(failures, r->tally.fail);
}

static char *text_of(const mxc_report *r)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    ck_assert(mxc_report_text(out, r) == MX_OK);
    fclose(out);
    return text;
}

static void says(const mxc_report *r, const char *wanted)
{
    char *text = text_of(r);
    ck_assert_msg(strstr(text, wanted) != NULL, "wanted %s in %s", wanted, text);
    free(text);
}

/* ---- diagnosis ---- */

START_TEST(one_fault)
{
    faulty f = {.fault = {"rna-ties"}};
    mxc_report *r = judged(&f, MX_E2M1);
    const mxc_diagnosis *d = &r->diagnosis;
    ck_assert_uint_eq(d->suspects, 1);
    ck_assert_str_eq(d->suspect[0].mutant, "rna-ties");
    ck_assert_uint_eq(d->suspect[0].explained, r->tally.fail);
    ck_assert_uint_eq(d->failures, r->tally.fail);
    ck_assert_uint_eq(d->passes, r->tally.pass);
    ck_assert_uint_eq(d->suspect[0].contradicted + d->suspect[0].unlike + d->unexplained, 0);
    check_clusters(r);
    for (size_t c = 0; c < r->clusters; c++) {
        ck_assert_str_eq(r->cluster[c].mutant, "rna-ties");
        ck_assert_uint_eq(r->cluster[c].places & ~(1u << MXC_PLACE_TIE_EVEN | 1u << MXC_PLACE_TIE_ODD), 0);
    }
    mxc_report_free(r);
}
END_TEST

START_TEST(two_faults)
{
    faulty f = {.fault = {"code-5-is-4", "nan-to-zero-code"}};
    mxc_report *r = judged(&f, MX_E2M1);
    const mxc_diagnosis *d = &r->diagnosis;
    ck_assert_uint_eq(d->suspects, 2);
    ck_assert_uint_eq(d->suspect[0].explained + d->suspect[1].explained, r->tally.fail);
    for (size_t s = 0; s < 2; s++) {
        char all[256];
        ck_assert_uint_eq(d->suspect[s].contradicted, 0);
        mxc_say(all, sizeof all, "%s, %s", d->suspect[s].mutant, d->suspect[s].twins);
        ck_assert_msg(strstr(all, "code-5-is-4") || strstr(all, "nan-to-zero-code"), "%s", all);
    }
    check_clusters(r);
    mxc_report_free(r);
}
END_TEST

/* Every third code from the middle of the range has its lowest bit inverted. */
static void unknown_fault(const mx_batch *b, size_t calls)
{
    (void)calls;
    for (size_t i = 0; i < b->count; i++)
        if (mxc_value_bits(b->in.value, b->type, i) % 3 == 1 && b->out.code[i] % 8 > 1)
            b->out.code[i] ^= 1;
}

START_TEST(no_known_fault)
{
    faulty f = {.spoil = unknown_fault};
    mxc_report *r = judged(&f, MX_E2M1);
    ck_assert_uint_gt(r->tally.fail, 100);
    ck_assert_uint_eq(r->diagnosis.suspects, 0);
    ck_assert_uint_eq(r->diagnosis.unexplained, r->tally.fail);
    check_clusters(r);
    ck_assert_uint_ge(r->clusters, 1);
    says(r, "\nDiagnosis:\n  the failures match no known fault\n");
    mxc_report_free(r);
}
END_TEST

/* A broad unknown fault does not hide a known one. */
START_TEST(known_beside_unknown)
{
    faulty f = {.fault = {"nan-to-zero-code"}, .spoil = unknown_fault};
    mxc_report *r = judged(&f, MX_E2M1);
    ck_assert_uint_eq(r->diagnosis.suspects, 1);
    ck_assert_uint_eq(r->diagnosis.suspect[0].stage, MXC_STAGE_SPECIAL);
    ck_assert_uint_gt(r->diagnosis.unexplained, 100);
    says(r, " failures match no known fault\n");
    mxc_report_free(r);
}
END_TEST

/* A fault in one kernel of a library: passes of the others do not speak against it, and are counted. */
START_TEST(fault_in_one_type)
{
    faulty f = {.fault = {"rna-ties"}, .only = MX_BF16};
    const mxc_options options = {.skip_crosscheck = 1, .select.filter = {1u << MX_OP_CAST, 1u << MX_E2M1, 0}};
    mxv_error error = {0};
    mxc_report *r = NULL;
    ck_assert_msg(judge(&r, &f, &options, &error) == MX_OK, "%s", error.text);
    const mxc_diagnosis *d = &r->diagnosis;
    ck_assert_uint_eq(d->suspects, 1);
    ck_assert_str_eq(d->suspect[0].mutant, "rna-ties");
    ck_assert_uint_eq(d->suspect[0].explained, r->tally.fail);
    ck_assert_uint_eq(d->suspect[0].contradicted, 0);
    ck_assert_uint_gt(d->suspect[0].aside, 0);
    says(r, "\n    in a part of the subject only: ");
    mxc_report_free(r);
}
END_TEST

/* One code is wrong beside a known fault, in a cluster that the known fault has most of. */
static void one_value(const mx_batch *b, size_t calls)
{
    (void)calls;
    for (size_t i = 0; i < b->count; i++)
        if (mxc_value_bits(b->in.value, b->type, i) == 0x40200000) /* 2.5, a tie */
            b->out.code[i] = 6;
}

START_TEST(example_is_not_explained)
{
    faulty f = {.fault = {"rna-ties"}, .spoil = one_value};
    mxc_report *r = judged(&f, MX_E2M1);
    size_t mixed = 0;
    ck_assert_uint_eq(r->diagnosis.suspects, 1);
    ck_assert_uint_gt(r->diagnosis.unexplained, 0);
    for (size_t c = 0; c < r->clusters; c++)
        if (!r->cluster[c].mutant) {
            mixed++;
            ck_assert_ptr_nonnull(strstr(r->cluster[c].line, "--got '06'"));
        }
    ck_assert_uint_gt(mixed, 0);
    mxc_report_free(r);
}
END_TEST

/* Each alone is named by whole answers; where a block has both, no mutant gives its answer. */
START_TEST(two_faults_in_a_case)
{
    faulty f = {.fault = {"always-zero-sign-drop", "rnz-ties"}, .in_a_case = 1};
    const mxc_options options = {.skip_crosscheck = 1,
                                 .select.filter = {1u << MX_OP_QUANTIZE, 1u << MX_E2M1, 1u << MX_FP32}};
    mxv_error error = {0};
    mxc_report *r = NULL;
    ck_assert_msg(judge(&r, &f, &options, &error) == MX_OK, "%s", error.text);
    const mxc_diagnosis *d = &r->diagnosis;
    size_t whole = 0;
    ck_assert_uint_eq(d->suspects, 2);
    for (size_t s = 0; s < 2; s++) {
        ck_assert(strcmp(d->suspect[s].mutant, f.fault[0]) == 0 || strstr(d->suspect[s].mutant, "rnz"));
        ck_assert_uint_gt(d->suspect[s].in_part, 0);
        ck_assert_uint_eq(d->suspect[s].contradicted, 0);
        whole += d->suspect[s].explained;
    }
    ck_assert_uint_gt(d->failures, whole);
    ck_assert_uint_eq(d->unexplained, 0);
    says(r, " more among other faults\n");
    mxc_report_free(r);
}
END_TEST

/* ---- right, but of something else: each done here once more, apart from the mutants ---- */

static void to_tf32(const mx_batch *b)
{
    uint32_t *value = (uint32_t *)(uintptr_t)b->in.value;
    for (size_t i = 0; i < b->count * b->k; i++)
        if ((value[i] & 0x7fffffff) < 0x7f800000)
            value[i] = (value[i] + 0x1000) & 0xffffe000;
}

static void to_other_end(const mx_batch *b)
{
    unsigned char *at = (unsigned char *)(uintptr_t)b->in.value;
    for (size_t i = 0; i < b->count * b->k; i++, at += 4) {
        const unsigned char value[] = {at[3], at[2], at[1], at[0]};
        memcpy(at, value, sizeof value);
    }
}

static void to_first_scale(const mx_batch *b)
{
    memset((void *)(uintptr_t)b->in.scale, b->in.scale[0], b->count);
}

static void no_sign(const mx_batch *b)
{
    for (size_t i = 0; i < b->count * b->k; i++)
        b->out.code[i] &= 0x7f;
}

static void sign_and_magnitude(const mx_batch *b)
{
    for (size_t i = 0; i < b->count * b->k; i++)
        if (b->out.code[i] > 0x80)
            b->out.code[i] = (uint8_t)(0x180 - b->out.code[i]);
}

static void one_higher(const mx_batch *b)
{
    for (size_t i = 0; i < b->count; i++)
        b->out.scale[i] = (uint8_t)(b->out.scale[i] + (b->out.scale[i] < 0xfe));
}

static void one_late(const mx_batch *b)
{
    for (size_t i = b->count * b->k - 1; i > 0; i--)
        b->out.code[i] = b->out.code[i - 1];
}

typedef struct slip {
    const char *mutant, *pack;
    mx_elem elem; /* taken for that of the pack; 0: its own */
    mx_type type; /* the same */
    void (*before)(const mx_batch *), (*after)(const mx_batch *);
} slip;

static const slip slips[] = {
    {"input-tf32-ties-away", "quantize.e4m3.fp32.floor", 0, 0, to_tf32, NULL},
    {"input-bytes-reversed", "scale.e4m3.fp32.floor", 0, 0, to_other_end, NULL},
    {"input-bf16-as-fp16", "quantize.e2m1.bf16.floor", 0, MX_FP16, NULL, NULL},
    {"input-fp16-as-bf16", "dequantize.e2m1.fp16.ocp-k4", 0, MX_BF16, NULL, NULL},
    {"codes-of-e5m2-for-e4m3", "cast.e4m3.fp32.ocp", MX_E5M2, 0, NULL, NULL},
    {"codes-of-e2m3-for-e3m2", "decode.e3m2.fp32.ocp", MX_E2M3, 0, NULL, NULL},
    {"scale-of-first-block", "scaled-cast.e2m1.fp32.ocp", 0, 0, to_first_scale, NULL},
    {"scale-bias-128", "scale.e5m2.fp32.floor", 0, 0, NULL, one_higher},
    {"sign-lost", "cast.e4m3.fp32.ocp", 0, 0, NULL, no_sign},
    {"int8-sign-magnitude", "cast.int8.fp32.ocp", 0, 0, NULL, sign_and_magnitude},
    {"answers-one-late", "cast.e4m3.fp32.ocp", 0, 0, NULL, one_late},
};

static mx_status answer_with_slip(void *state, const mx_batch *batch, uint8_t *answers, char why[MXC_LINE])
{
    const slip *s = state;
    mxc_store own;
    (void)why;
    ck_assert(mxc_store_of(&own, batch, NULL, batch->count) == MX_OK);
    mx_batch taken = own.batch;
    taken.elem = s->elem ? s->elem : batch->elem;
    taken.type = s->type ? s->type : batch->type;
    if (s->before)
        s->before(&taken);
    const mx_status status = mxref_run(&taken, NULL);
    for (size_t i = 0; i < batch->count && status == MX_OK; i++)
        mxc_copy_outputs(batch, i, &own.batch, i);
    mxc_store_free(&own);
    if (s->after)
        s->after(batch);
    memset(answers, MXC_ANSWERED, batch->count);
    return status;
}

START_TEST(right_of_something_else)
{
    static const mxc_subject_ops ops = {.describe = describe, .run = answer_with_slip, .close = bye};
    slip s = slips[_i];
    const mxc_options options = {.skip_crosscheck = 1, .select = {.pack = &s.pack, .packs = 1}};
    mxc_subject *subject = NULL;
    mxc_report *r = NULL;
    mxv_error error = {0};
    char all[256];
    ck_assert(mxc_subject_wrap(&subject, &ops, &s, &error) == MX_OK);
    ck_assert_msg(mxc_run(&r, subject, NULL, &options, &error) == MX_OK, "%s: %s", s.mutant, error.text);
    mxc_subject_free(subject);
    ck_assert_msg(r->diagnosis.suspects > 0, "%s: nothing is named", s.mutant);
    const mxc_suspect *first = &r->diagnosis.suspect[0];
    mxc_say(all, sizeof all, "%s, %s", first->mutant, first->twins);
    ck_assert_msg(strstr(all, s.mutant) != NULL, "wanted %s, found %s", s.mutant, all);
    ck_assert_uint_ge(100 * first->explained, 95 * r->diagnosis.failures);
    ck_assert_uint_le(100 * first->contradicted, first->explained);
    mxc_report_free(r);
}
END_TEST

/* A whole operation of one format is another one: it is not passed over for a fault that passes of this format refute.
 */
START_TEST(fault_in_one_format)
{
    faulty f = {.fault = {"always-overflow-special"}, .only_elem = MX_E4M3};
    const mxc_options options = {.skip_crosscheck = 1,
                                 .select.filter = {1u << MX_OP_CAST, 1u << MX_E4M3 | 1u << MX_E5M2, 0}};
    mxv_error error = {0};
    mxc_report *r = NULL;
    ck_assert_msg(judge(&r, &f, &options, &error) == MX_OK, "%s", error.text);
    ck_assert_uint_eq(r->diagnosis.suspects, 1);
    ck_assert_str_eq(r->diagnosis.suspect[0].mutant, "always-overflow-special");
    ck_assert_uint_eq(r->diagnosis.suspect[0].contradicted, 0);
    mxc_report_free(r);
}
END_TEST

START_TEST(no_failure)
{
    faulty f = {0};
    mxc_report *r = judged(&f, MX_E2M1);
    ck_assert_uint_eq(r->tally.fail + r->clusters + r->diagnosis.suspects + r->repeat.differ, 0);
    ck_assert_uint_gt(r->repeat.cases, 0);
    char *text = text_of(r);
    ck_assert_ptr_null(strstr(text, "Diagnosis"));
    free(text);
    mxc_report_free(r);
}
END_TEST

/* ---- repetition ---- */

static void alternates(const mx_batch *b, size_t calls)
{
    b->out.code[0] = (uint8_t)(calls % 2 ? 1 : 2);
}

START_TEST(differs_on_repetition)
{
    faulty f = {.spoil = alternates};
    mxc_report *r = judged(&f, MX_E4M3);
    ck_assert_uint_gt(r->repeat.differ, 0);
    ck_assert_ptr_nonnull(r->repeat.id);
    ck_assert_str_ne(r->repeat.first, r->repeat.second);
    ck_assert_int_eq(r->exit_status, MXC_EXIT_FAILS);
    ck_assert_msg(strncmp(r->conclusion, "does not conform: answers differ on repetition: c.e4m3", 54) == 0, "%s",
                  r->conclusion);
    says(r, "  ANSWERS DIFFER on repetition: c.e4m3");
    mxc_report_free(r);
}
END_TEST

/* As kernels for large tensors may do. */
static void wrong_in_crowds(const mx_batch *b, size_t calls)
{
    (void)calls;
    if (b->count >= 512)
        b->out.code[b->count / 2 * b->k] ^= 1;
}

static void wrong_in_mixed_crowds(const mx_batch *b, size_t calls)
{
    if (!mxc_is_finite(b))
        wrong_in_crowds(b, calls);
}

START_TEST(differs_in_crowds)
{
    static const struct {
        void (*spoil)(const mx_batch *, size_t);
        mx_op op;
        mx_elem elem;
        const char *says;
    } one[] = {{wrong_in_crowds, MX_OP_QUANTIZE, MX_E4M3, "q.e4m3.fp32."},
               {wrong_in_crowds, MX_OP_CAST, MX_E2M1, "c.e2m1.fp32."},
               {wrong_in_mixed_crowds, MX_OP_QUANTIZE, MX_E4M3, "q.e4m3.fp32."}};
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        char line[64] = "  ANSWERS DIFFER on repetition: ";
        faulty f = {.spoil = one[i].spoil};
        mxc_report *r = judged_by(&f, one[i].op, one[i].elem);
        ck_assert_uint_eq(r->tally.fail, 0);
        ck_assert_uint_gt(r->repeat.differ, 0);
        ck_assert_int_eq(r->exit_status, MXC_EXIT_FAILS);
        ck_assert_msg(strstr(r->repeat.second, " among "), "%s", r->repeat.second);
        ck_assert_int_ge(atoi(strstr(r->repeat.second, " among ") + 7), 512);
        says(r, strcat(line, one[i].says));
        mxc_report_free(r);
    }
}
END_TEST

/* As kernels do that look for NaN and Inf in a tensor first. Largest codes only, so that no case alone tells. */
static void wrong_if_finite(const mx_batch *b, size_t calls)
{
    (void)calls;
    const size_t n = b->count > 1 && mxc_is_finite(b) ? b->count : 0;
    for (size_t i = 0; i < n; i++)
        b->out.code[i] ^= b->out.code[i] == 0x7e;
}

START_TEST(differs_without_nan)
{
    faulty f = {.spoil = wrong_if_finite};
    mxc_report *r = judged(&f, MX_E4M3);
    ck_assert_uint_eq(r->tally.fail, 0);
    ck_assert_uint_gt(r->repeat.differ, 0);
    ck_assert_int_eq(r->exit_status, MXC_EXIT_FAILS);
    mxc_report_free(r);
}
END_TEST

static void leans_on_others(const mx_batch *b, size_t calls)
{
    (void)calls;
    b->out.code[0] = (uint8_t)(b->count == 1 ? b->out.code[0] : b->out.code[0] ^ 1);
}

START_TEST(depends_on_the_batch)
{
    faulty f = {.spoil = leans_on_others};
    mxc_report *r = judged(&f, MX_E4M3);
    ck_assert_uint_eq(r->repeat.differ, 0);
    ck_assert_uint_gt(r->repeat.depend, 0);
    says(r, "  answers depend on what else is in the batch: c.e4m3");
    mxc_report_free(r);
}
END_TEST

/* ---- a pack that is written over while the run lasts ---- */

static char *changing;

static void copy_pack(const char *name, const char *to)
{
    char command[2048];
    mxv_error error = {0};
    char *from = mxc_data_path(name, &error);
    ck_assert_msg(from != NULL, "%s", error.text);
    snprintf(command, sizeof command, "cp '%s' '%s' && chmod u+w '%s'", from, to, to);
    ck_assert_int_eq(system(command), 0);
    free(from);
}

static void writes_over(const mx_batch *b, size_t calls)
{
    (void)calls;
    b->out.code[0] ^= 1;
    copy_pack("vectors/packs/smoke/cast.e2m1.bf16.rtz.mxv", changing);
}

START_TEST(pack_changes)
{
    char folder[TEST_FOLDER], path[TEST_FOLDER + 8];
    mxv_error error = {0};
    mxc_report *report = NULL;
    test_folder(folder);
    snprintf(path, sizeof path, "%s/one.mxv", folder);
    copy_pack("vectors/packs/smoke/cast.e2m1.bf16.ocp.mxv", path);
    changing = path;
    const char *const pack[] = {path};
    const mxc_options options = {.skip_crosscheck = 1, .no_manifest = 1, .select = {.pack = pack, .packs = 1}};
    faulty f = {.spoil = writes_over};
    ck_assert(judge(&report, &f, &options, &error) != MX_OK);
    ck_assert_msg(strncmp(error.text, path, strlen(path)) == 0, "%s", error.text);
    ck_assert_str_eq(error.text + strlen(path), ": it changed during the run");
    ck_assert_ptr_null(report);
}
END_TEST

int main(void)
{
    test_folders_begin();
    TCase *tests = tcase_create("causes");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, spots_by_hand);
    tcase_add_test(tests, products_by_hand);
    tcase_add_test(tests, one_fault);
    tcase_add_test(tests, two_faults);
    tcase_add_test(tests, no_known_fault);
    tcase_add_test(tests, known_beside_unknown);
    tcase_add_test(tests, fault_in_one_type);
    tcase_add_test(tests, example_is_not_explained);
    tcase_add_test(tests, two_faults_in_a_case);
    tcase_add_loop_test(tests, right_of_something_else, 0, (int)(sizeof slips / sizeof slips[0]));
    tcase_add_test(tests, fault_in_one_format);
    tcase_add_test(tests, no_failure);
    tcase_add_test(tests, differs_on_repetition);
    tcase_add_test(tests, differs_in_crowds);
    tcase_add_test(tests, differs_without_nan);
    tcase_add_test(tests, depends_on_the_batch);
    tcase_add_test(tests, pack_changes);
    return test_main(tests);
}
