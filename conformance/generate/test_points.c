/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The points of the generator: its classes contain what they claim, typed by hand; every code, scale byte and lane
 * comes up; and the exact arithmetic that they are made with.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/generate/points.h"
#include "conformance/generate/test_plans.h"
#include "test_main.h"

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether a case of the pack has this fp32 pattern in some lane, of either sign. */
static int has_value(const mxv_pack *pack, uint32_t bits)
{
    const uint32_t *value = pack->batch.in.value;
    for (size_t i = 0; i < pack->batch.count * pack->batch.k; i++)
        if ((value[i] & 0x7fffffff) == bits)
            return 1;
    return 0;
}

static void check_values(const char *name, const uint32_t *bits, size_t count)
{
    mxv_pack *pack = make_pack(name);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(has_value(pack, bits[i]), "%s lacks %08x", name, (unsigned)bits[i]);
    mxv_pack_free(pack);
}

#define CHECK_VALUES(name, ...)                                                                                        \
    check_values(name, (const uint32_t[]){__VA_ARGS__}, sizeof(uint32_t[]){__VA_ARGS__} / sizeof(uint32_t))

/* The amax at which each rule first steps in [1, 2), one ulp below, at and above: typed from the published table. */
START_TEST(scale_thresholds)
{
    CHECK_VALUES("scale.e5m2.fp32.ceil", 0x3f7fffff, 0x3f800000, 0x3f800001);
    CHECK_VALUES("scale.e5m2.fp32.even", 0x3fefffff, 0x3ff00000, 0x3ff00001);
    CHECK_VALUES("scale.e5m2.fp32.rceil", 0x3fdfffff, 0x3fe00000, 0x3fe00001);
    CHECK_VALUES("scale.e4m3.fp32.even", 0x3ff7ffff, 0x3ff80000, 0x3ff80001);
    CHECK_VALUES("scale.e4m3.fp32.rceil", 0x3fdfffff, 0x3fe00000, 0x3fe00001);
    CHECK_VALUES("scale.e3m2.fp32.even", 0x3fefffff, 0x3ff00000);
    CHECK_VALUES("scale.e3m2.fp32.rceil", 0x3fe00000, 0x3fe00001);
    CHECK_VALUES("scale.e2m3.fp32.even", 0x3ff7ffff, 0x3ff80000);
    CHECK_VALUES("scale.e2m3.fp32.rceil", 0x3ff00000, 0x3ff00001);
    CHECK_VALUES("scale.e2m1.fp32.even", 0x3fdfffff, 0x3fe00000);
    CHECK_VALUES("scale.e2m1.fp32.rceil", 0x3fc00000, 0x3fc00001);
    CHECK_VALUES("scale.int8.fp32.rceil", 0x3ffe0000, 0x3ffe0001);
}
END_TEST

/* The one fp32 value in each format where an fp32 reciprocal errs, and neighbours of powers of two where log2f does. */
START_TEST(scale_twins)
{
    CHECK_VALUES("scale.e5m2.fp32.rceil", 0x07e00001);
    CHECK_VALUES("scale.e4m3.fp32.rceil", 0x04600001);
    CHECK_VALUES("scale.e3m2.fp32.rceil", 0x02600001);
    CHECK_VALUES("scale.e2m3.fp32.rceil", 0x01700001);
    CHECK_VALUES("scale.e2m1.fp32.rceil", 0x01400001);
    CHECK_VALUES("scale.e4m3.fp32.floor", 0x40ffffff, 0x437fffff, 0x43ffffff, 0x7f7fffff, 0x00800000, 0x00400000, 1);
    CHECK_VALUES("scale.e4m3.fp32.even", 0x7f780000, 0x7f77ffff);
    CHECK_VALUES("scale.e2m1.fp32.even", 0x7f600000, 0x7f5fffff);
}
END_TEST

START_TEST(cast_points)
{
    /* 448, 464 and its neighbours, 465, 480, Inf, several NaNs, half the smallest subnormal, the source's ends */
    CHECK_VALUES("cast.e4m3.fp32.ocp", 0x43e00000, 0x43e80000, 0x43e7ffff, 0x43e80001, 0x43e88000, 0x43f00000,
                 0x7f800000, 0x7fc00000, 0x7f800001, 0x7fffffff, 0x3a800000, 0x3a7fffff, 0x3a800001, 0x7f7fffff, 1,
                 0x007fffff, 0x00800000, 0);
    CHECK_VALUES("cast.e5m2.fp32.ocp", 0x47600000, 0x47700000, 0x476fffff, 0x47700001, 0x37000000, 0x37000001);
    CHECK_VALUES("cast.e2m1.fp32.ocp", 0x3e800000, 0x3f400000, 0x3fa00000, 0x3fe00000, 0x40200000, 0x40600000,
                 0x40a00000, 0x40e00000, 0x3e800001, 0x3e7fffff);
    CHECK_VALUES("cast.int8.fp32.ocp", 0x3fff0000, 0x3ffeffff, 0x3fff0001, 0x3c000000, 0x40000000);
    /* single sticky bits below the tie at half the smallest subnormal */
    CHECK_VALUES("cast.e3m2.fp32.ocp", 0x3d000001, 0x3d000002, 0x3d000004, 0x3d000100, 0x3d010000);
}
END_TEST

/* amax, NaN and Inf in the lanes that they claim. */
START_TEST(lanes)
{
    mxv_pack *pack = make_pack("quantize.e4m3.fp32.floor");
    const uint32_t *value = pack->batch.in.value;
    int largest[32] = {0}, nan[32] = {0}, inf[32] = {0};
    ck_assert_uint_eq(pack->batch.k, 32);
    for (size_t i = 0; i < pack->batch.count; i++) {
        const uint32_t *v = value + i * 32;
        size_t top = 0, ties = 0;
        for (size_t lane = 0; lane < 32; lane++) {
            const uint32_t at = v[lane] & 0x7fffffff, best = v[top] & 0x7fffffff;
            nan[lane] |= at > 0x7f800000;
            inf[lane] |= at == 0x7f800000;
            ties = lane > 0 && at == best ? 1 : at > best ? 0 : ties;
            top = at > best ? lane : top;
        }
        /* at a power of two, the next largest just below it: missing it changes the scale */
        largest[top] |= !ties && (v[top] & 0x7fffff) == 0 && strstr(pack->label[i].tags, "lane") != NULL;
    }
    for (size_t lane = 0; lane < 32; lane++) {
        ck_assert_msg(largest[lane], "no block has its largest magnitude in lane %zu", lane);
        if (lane % 8 == 0 || lane % 8 == 7 || lane < 2 || lane > 29)
            ck_assert_msg(nan[lane] && inf[lane], "no NaN or no Inf in lane %zu", lane);
    }
    mxv_pack_free(pack);
}
END_TEST

/* Each code is the expected one somewhere in the pack, with either sign. */
START_TEST(every_code_expected)
{
    static const char *const names[] = {"quantize.e5m2.fp32.floor", "quantize.e4m3.fp32.floor",
                                        "quantize.e2m3.bf16.floor", "quantize.int8.fp32.floor",
                                        "cast.e4m3.bf16.ocp",       "scaled-cast.e4m3.fp32.ocp"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        mxv_pack *pack = make_pack(names[n]);
        const mx_facts *f = mxref_facts(pack->batch.elem);
        int seen[256] = {0};
        for (size_t i = 0; i < pack->batch.count * pack->batch.k; i++)
            seen[pack->batch.out.code[i]] = 1;
        for (unsigned c = 1; c <= f->max_code; c++) {
            const unsigned negative = pack->batch.elem == MX_INT8 ? 256 - c : c | 1u << (f->bits - 1);
            ck_assert_msg(seen[c] && seen[negative], "%s never expects %02x or %02x", names[n], c, negative);
        }
        mxv_pack_free(pack);
    }
}
END_TEST

/* Every scale byte a finite block can have is expected, and every byte is given. */
START_TEST(every_scale_byte)
{
    mxv_pack *pack = make_pack("scale.int8.fp32.floor");
    int seen[256] = {0};
    for (size_t i = 0; i < pack->batch.count; i++)
        seen[pack->batch.out.scale[i]] = 1;
    for (int byte = 0; byte < 255; byte++)
        ck_assert_msg(seen[byte], "byte %02x is never expected", (unsigned)byte);
    mxv_pack_free(pack);
    static const char *const given[] = {"scaled-cast.e2m1.fp32.ocp", "dequantize.e4m3.bf16.ocp-k4"};
    for (size_t n = 0; n < 2; n++) {
        pack = make_pack(given[n]);
        memset(seen, 0, sizeof seen);
        for (size_t i = 0; i < pack->batch.count; i++)
            seen[pack->batch.in.scale[i]] = 1;
        for (int byte = 0; byte < 256; byte++)
            ck_assert_msg(seen[byte], "%s never has scale %02x", given[n], (unsigned)byte);
        mxv_pack_free(pack);
    }
}
END_TEST

/* The magnitude of a code is that of a number. */
static int is_number(const mx_facts *f, unsigned code)
{
    return f->elem == MX_INT8 || (code & ((1u << (f->bits - 1)) - 1)) <= f->max_code;
}

/* Packs called finite hold no NaN, no Inf and no NaN scale; each number is given to dequantize and expected of
 * quantize, and each byte but FF is given where the name says so. */
START_TEST(finite_packs)
{
    size_t packs = 0;
    for (size_t p = 0; p < plan_count; p++) {
        if (!strstr(plans[p].name, ".finite"))
            continue;
        mxv_pack *pack = make_pack(plans[p].name);
        const mx_batch *b = &pack->batch;
        const mx_facts *f = mxref_facts(b->elem);
        const mxc_layout *layout = mxc_layout_of(b->type);
        const uint8_t *code = b->op == MX_OP_QUANTIZE ? b->out.code : b->in.code;
        int seen[256] = {0}, scale[256] = {0};
        for (size_t i = 0; i < b->k * b->count; i++) {
            seen[code[i]] = 1;
            ck_assert_msg(is_number(f, code[i]), "%s: code %02x", plans[p].name, code[i]);
            if (b->in.value)
                ck_assert_msg((mxc_value_bits(b->in.value, b->type, i) & ~layout->sign) < layout->inf,
                              "%s: value %zu is NaN or Inf", plans[p].name, i);
        }
        for (size_t i = 0; i < b->count; i++)
            scale[b->in.scale ? b->in.scale[i] : 0] = 1;
        ck_assert_msg(!scale[255], "%s: NaN scale", plans[p].name);
        if (strstr(plans[p].name, ".finite-bytes"))
            for (unsigned byte = 0; byte < 255; byte++)
                ck_assert_msg(scale[byte], "%s never has scale %02x", plans[p].name, byte);
        else
            for (unsigned c = 0; c < 1u << f->bits; c++)
                ck_assert_msg(seen[c] || !is_number(f, c) ||
                                  (b->op == MX_OP_QUANTIZE && f->elem == MX_INT8 && c == 128),
                              "%s never has code %02x", plans[p].name, c);
        mxv_pack_free(pack);
        packs++;
    }
    ck_assert_uint_eq(packs, 2 * 18 + 3);
}
END_TEST

/* Cell j of case i of what a layout's operation is given: one bit of it, or (bit 8) all of it. */
static unsigned given(const mx_batch *b, size_t cells, size_t i, size_t j, unsigned bit)
{
    const uint8_t *in = b->in.byte ? b->in.byte : b->in.code ? b->in.code : b->in.scale;
    return bit == 8 ? in[i * cells + j] : in[i * cells + j] >> bit & 1u;
}

/* Whether no two of the units (cells, or bits of cells) hold the same in every case of the pack. */
static void check_told_apart(const char *name, const mx_batch *b, size_t cells, unsigned first, unsigned last)
{
    const size_t units = cells * (last - first + 1);
    const size_t length = 2 * b->count + 1;
    char *column = calloc(units, length);
    const char **sorted = calloc(units, sizeof *sorted);
    ck_assert(column && sorted);
    for (size_t u = 0; u < units; u++) {
        sorted[u] = column + u * length;
        for (size_t i = 0; i < b->count; i++)
            (void)snprintf(column + u * length + 2 * i, 3, "%02x",
                           given(b, cells, i, u % cells, first + (unsigned)(u / cells)));
    }
    qsort(sorted, units, sizeof *sorted, by_text);
    for (size_t u = 1; u < units; u++)
        ck_assert_msg(strcmp(sorted[u - 1], sorted[u]) != 0, "%s: two cells or bits always hold the same", name);
    free(column);
    free(sorted);
}

/* Whatever goes elsewhere shows: no two bits of codes (bytes of tiles) are the same in every case. */
START_TEST(layout_cells_are_told_apart)
{
    size_t packs = 0;
    for (size_t p = 0; p < plan_count; p++) {
        if (!plans[p].shape.layout)
            continue;
        mxv_pack *pack = make_pack(plans[p].name);
        const mx_batch *b = &pack->batch;
        const size_t cells = mx_column_cells(b, &mx_op_info_of(b->op)->in[0]);
        const unsigned last = b->in.code ? mx_elem_bits(b->elem) - 1 : 7;
        if (b->elem)
            check_told_apart(plans[p].name, b, cells, 0, last);
        else
            check_told_apart(plans[p].name, b, cells, 8, 8);
        packs++;
        mxv_pack_free(pack);
    }
    ck_assert_uint_ge(packs, 100);
}
END_TEST

/* ---- every class that a pack names adds to it ---- */

static void fill(mxc_points *points, const mxc_plan *plan, unsigned classes)
{
    ck_assert_int_eq(mxc_points_begin(points, &plan->shape, classes), MX_OK);
    ck_assert_int_eq(mxc_points_fill(points), MX_OK);
}

/* Whether the plan has other points without this class. */
static int class_counts(const mxc_plan *plan, unsigned class)
{
    mxc_points with, without;
    fill(&with, plan, plan->recipe->classes);
    fill(&without, plan, plan->recipe->classes & ~class);
    const size_t n = with.count, cells = n * plan->shape.k;
    const int differs = n != without.count || memcmp(with.tags, without.tags, n * sizeof *with.tags) != 0 ||
                        (with.value && memcmp(with.value, without.value, cells * sizeof *with.value) != 0) ||
                        (with.scale && memcmp(with.scale, without.scale, n) != 0);
    mxc_points_free(&with);
    mxc_points_free(&without);
    return differs;
}

START_TEST(classes_count)
{
    for (mx_op op = 1; op <= MX_OP_LAST; op++)
        for (unsigned bit = 0; bit < 32; bit++) {
            size_t of = 0, counts = 0;
            for (size_t i = 0; !counts && i < plan_count; i++)
                if (plans[i].shape.op == op && plans[i].recipe->classes >> bit & 1) {
                    of++;
                    counts += (size_t)class_counts(&plans[i], 1u << bit);
                }
            ck_assert_msg(!of || counts, "class 1 << %u adds nothing to any pack of %s that has it: points_*.c", bit,
                          mx_op_name(op));
        }
}
END_TEST

/* ---- exact arithmetic of the points ---- */

START_TEST(patterns)
{
    const mxc_layout *l = mxc_layout_of(MX_FP32);
    int exact;
    ck_assert_uint_eq(mxc_pattern(l, (mxc_dyadic){1, 0}, &exact), 0x3f800000);
    ck_assert_int_eq(exact, 1);
    ck_assert_uint_eq(mxc_pattern(l, (mxc_dyadic){3, -1}, &exact), 0x3fc00000);
    ck_assert_uint_eq(mxc_pattern(l, (mxc_dyadic){0x1ffffff, -25}, &exact), 0x3f7fffff); /* cut, not rounded */
    ck_assert_int_eq(exact, 0);
    ck_assert_uint_eq(mxc_pattern(l, (mxc_dyadic){1, -149}, &exact), 1);
    ck_assert_uint_eq(mxc_pattern(l, (mxc_dyadic){1, -150}, &exact), 0);
    ck_assert_int_eq(exact, 0);
    ck_assert_uint_eq(mxc_pattern(l, (mxc_dyadic){1, -126}, &exact), 0x00800000);
    ck_assert_uint_eq(mxc_pattern(l, (mxc_dyadic){1, 128}, &exact), 0x7f7fffff);
    ck_assert_int_eq(exact, -1);
    ck_assert_uint_eq(mxc_pattern(mxc_layout_of(MX_FP64), (mxc_dyadic){1, -1074}, &exact), 1);
    ck_assert_uint_eq(mxc_pattern(mxc_layout_of(MX_FP16), (mxc_dyadic){2047, 5}, &exact), 0x7bff);
    ck_assert_uint_eq(mxc_pattern(mxc_layout_of(MX_BF16), (mxc_dyadic){255, 0}, &exact), 0x437f);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("points");
    tcase_add_unchecked_fixture(tests, make_plans, free_plans);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, scale_thresholds);
    tcase_add_test(tests, scale_twins);
    tcase_add_test(tests, cast_points);
    tcase_add_test(tests, lanes);
    tcase_add_test(tests, every_code_expected);
    tcase_add_test(tests, every_scale_byte);
    tcase_add_test(tests, finite_packs);
    tcase_add_test(tests, layout_cells_are_told_apart);
    tcase_add_test(tests, classes_count);
    tcase_add_test(tests, patterns);
    return test_main(tests);
}
