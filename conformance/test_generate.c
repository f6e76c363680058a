/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The generator: its classes contain what they claim, every value of every axis decides an answer somewhere, and the
 * bytes do not depend on the number of threads.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/points.h"
#include "conformance/tree.h"
#include "test_main.h"

static mxc_plan *plans;
static size_t plan_count;

static const mxc_plan *find(const char *name)
{
    for (size_t i = 0; i < plan_count; i++)
        if (strcmp(plans[i].name, name) == 0)
            return &plans[i];
    ck_abort_msg("no pack %s", name);
    return NULL;
}

static mxv_pack *make(const char *name)
{
    mxv_error error = {0};
    mxv_pack *pack;
    ck_assert_msg(mxc_generate(&pack, find(name), &error) == MX_OK, "%s", error.text);
    return pack;
}

static void setup(void)
{
    mxv_error error = {0};
    ck_assert_msg(mxc_plans(&plans, &plan_count, MXC_WHOLE, &error) == MX_OK, "%s", error.text);
}

static void teardown(void)
{
    free(plans);
}

/* ---- the classes, by hand-typed patterns ---- */

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
    mxv_pack *pack = make(name);
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
    mxv_pack *pack = make("quantize.e4m3.fp32.floor");
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
        mxv_pack *pack = make(names[n]);
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
    mxv_pack *pack = make("scale.int8.fp32.floor");
    int seen[256] = {0};
    for (size_t i = 0; i < pack->batch.count; i++)
        seen[pack->batch.out.scale[i]] = 1;
    for (int byte = 0; byte < 255; byte++)
        ck_assert_msg(seen[byte], "byte %02x is never expected", (unsigned)byte);
    mxv_pack_free(pack);
    static const char *const given[] = {"scaled-cast.e2m1.fp32.ocp", "dequantize.e4m3.bf16.ocp-k4"};
    for (size_t n = 0; n < 2; n++) {
        pack = make(given[n]);
        memset(seen, 0, sizeof seen);
        for (size_t i = 0; i < pack->batch.count; i++)
            seen[pack->batch.in.scale[i]] = 1;
        for (int byte = 0; byte < 256; byte++)
            ck_assert_msg(seen[byte], "%s never has scale %02x", given[n], (unsigned)byte);
        mxv_pack_free(pack);
    }
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
        mxv_pack *pack = make(plans[p].name);
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

static int answers_something(const mxv_pack *pack, size_t i)
{
    const mx_outputs *out = &pack->batch.out;
    const size_t k = pack->batch.k, row = k * mx_type_bytes(pack->batch.type), bytes = mx_layout_bytes(&pack->batch);
    int found = out->scale && !bytes && out->scale[i] != 0;
    for (size_t j = 0; j < bytes; j++)
        found = found || (out->byte && out->byte[i * bytes + j] != 0);
    for (size_t j = 0; pack->batch.layout && j < k; j++)
        found = found || (out->scale && out->scale[i * k + j] != 0) || (out->code && out->code[i * k + j] != 0);
    for (size_t j = 0; j < row; j++)
        found = found || (out->value && ((const uint8_t *)out->value)[i * row + j] != 0) ||
                (out->code && j < k && out->code[i * k + j] != 0);
    return found;
}

/* Skipping the first or the last case shows, even where memory starts as zeros. */
START_TEST(ends_are_not_zero)
{
    for (size_t i = 0; i < plan_count; i++) {
        mxv_pack *pack = make(plans[i].name);
        ck_assert_msg(answers_something(pack, 0), "%s: the first answer is all zero bits", plans[i].name);
        ck_assert_msg(answers_something(pack, pack->batch.count - 1), "%s: the last answer is all zero bits",
                      plans[i].name);
        mxv_pack_free(pack);
    }
}
END_TEST

/* ---- the axes ---- */

/* Whether some answer of the pack, or which cells are free, changes with another value of the axis. */
static int depends(const mxv_pack *pack, mx_axis axis)
{
    const mx_batch *b = &pack->batch;
    const size_t width = mx_type_bytes(b->type), cells = b->count * b->k;
    int differs = 0;
    for (unsigned value = 1; !differs && value <= mx_axis_count(axis); value++) {
        mx_batch other = *b;
        if (value == mx_profile_get(&b->profile, axis) || (axis == MX_AXIS_ROUND && value == MX_SR))
            continue;
        ck_assert_int_eq(mx_profile_set(&other.profile, axis, value), MX_OK);
        if (axis == MX_AXIS_ROUND)
            other.in.random = NULL;
        other.out.value = b->out.value ? calloc(cells, width) : NULL;
        other.out.scale = b->out.scale ? calloc(b->count, 1) : NULL;
        other.out.code = b->out.code ? calloc(cells, 1) : NULL;
        const mxref_free open = {b->out.value ? calloc(cells, 1) : NULL, b->out.scale ? calloc(b->count, 1) : NULL,
                                 b->out.code ? calloc(cells, 1) : NULL};
        ck_assert_int_eq(mxref_run(&other, &open), MX_OK);
        differs = (b->out.value && (memcmp(b->out.value, other.out.value, cells * width) != 0 ||
                                    memcmp(pack->open.value, open.value, cells) != 0)) ||
                  (b->out.scale && (memcmp(b->out.scale, other.out.scale, b->count) != 0 ||
                                    memcmp(pack->open.scale, open.scale, b->count) != 0)) ||
                  (b->out.code &&
                   (memcmp(b->out.code, other.out.code, cells) != 0 || memcmp(pack->open.code, open.code, cells) != 0));
        free(other.out.value), free(other.out.scale), free(other.out.code);
        free(open.value), free(open.scale), free(open.code);
    }
    return differs;
}

/* Every value of every axis is the pack's in some pack whose answers would change with another one. */
START_TEST(every_axis_value_decides)
{
    int covered[MX_AXIS_LAST + 1][16] = {{0}};
    for (size_t i = 0; i < plan_count; i++) {
        mxv_pack *pack = NULL;
        for (unsigned a = 1; a <= MX_AXIS_LAST; a++) {
            const mx_batch *s = &plans[i].shape;
            const unsigned value = mx_profile_get(&s->profile, (mx_axis)a);
            if (covered[a][value] || !mx_axis_matters((mx_axis)a, s->op, s->elem, s->type, &s->profile))
                continue;
            if (!pack)
                pack = make(plans[i].name);
            covered[a][value] = depends(pack, (mx_axis)a);
        }
        mxv_pack_free(pack);
    }
    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned value = 1; value <= mx_axis_count((mx_axis)a); value++)
            ck_assert_msg(covered[a][value], "no pack's answers depend on %s=%s", mx_axis_name((mx_axis)a),
                          mx_axis_value_name((mx_axis)a, value));
}
END_TEST

/* The axes that a variant sets are among those its answers depend on: else the variant proves nothing. */
START_TEST(variants_depend_on_their_axes)
{
    for (size_t i = 0; i < plan_count; i++) {
        const mx_batch *s = &plans[i].shape;
        int set = 0, decides = 0;
        mxv_pack *pack = NULL;
        for (unsigned a = 1; a <= MX_AXIS_LAST; a++) {
            const char *name = mx_axis_name((mx_axis)a), *at = strstr(plans[i].recipe->axes, name);
            if (!at || at[strlen(name)] != '=' || (at != plans[i].recipe->axes && at[-1] != ' '))
                continue;
            set++;
            if (!decides && mx_axis_matters((mx_axis)a, s->op, s->elem, s->type, &s->profile)) {
                if (!pack)
                    pack = make(plans[i].name);
                decides = depends(pack, (mx_axis)a);
            }
        }
        mxv_pack_free(pack);
        /* formats that always saturate have a pack to show that they do */
        const int saturates =
            s->elem && strcmp(plans[i].recipe->variant, "special") == 0 && !mxref_facts(s->elem)->has_nan;
        ck_assert_msg(!set || decides || saturates, "%s: no axis that it sets decides any of its answers",
                      plans[i].name);
    }
}
END_TEST

/* ---- classes of cases ---- */

/* Asking only for the rows that can depend on an axis finds the same as asking for all. */
START_TEST(classes_by_filter)
{
    static const char *const names[] = {
        "quantize.e4m3.fp32.floor",     "quantize.int8.fp64.floor", "cast.e5m2.fp32.special",
        "cast.int8.fp32.full",          "scale.e2m1.fp64.rceil",    "scaled-cast.e4m3.fp32.under-nan",
        "quantize.e2m1.fp32.under-nan", "dequantize.e4m3.fp16.inf", "quantize.e4m3.fp32.inf-max"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        mxv_pack *pack = make(names[n]);
        const size_t count = pack->batch.count;
        mx_class *few = calloc(count, sizeof *few), *all = calloc(count, sizeof *all);
        uint32_t *few_axes = calloc(count, sizeof *few_axes), *all_axes = calloc(count, sizeof *all_axes);
        ck_assert_int_eq(mxc_classify(pack, few, few_axes, 0), MX_OK);
        ck_assert_int_eq(mxc_classify(pack, all, all_axes, 1), MX_OK);
        for (size_t i = 0; i < count; i++) {
            ck_assert_msg(few[i] == all[i], "%s: %s or %s", pack->label[i].id, mx_class_name(few[i]),
                          mx_class_name(all[i]));
            ck_assert_msg(few_axes[i] == all_axes[i], "%s: axes %x or %x", pack->label[i].id, (unsigned)few_axes[i],
                          (unsigned)all_axes[i]);
        }
        free(few), free(all), free(few_axes), free(all_axes);
        mxv_pack_free(pack);
    }
}
END_TEST

static mx_class class_of_value(const mxv_pack *pack, uint32_t bits)
{
    const uint32_t *value = pack->batch.in.value;
    for (size_t i = 0; i < pack->batch.count; i++)
        if (value[i * pack->batch.k] == bits)
            return pack->label[i].class_;
    ck_abort_msg("no case with %08x", (unsigned)bits);
    return MX_MUST;
}

START_TEST(classes_by_hand)
{
    mxv_pack *pack = make("cast.e4m3.fp32.ocp");
    ck_assert_int_eq(class_of_value(pack, 0x3f800000), MX_MUST);   /* 1.0 */
    ck_assert_int_eq(class_of_value(pack, 0x43e80000), MX_MUST);   /* saturation of a cast must be offered */
    ck_assert_int_eq(class_of_value(pack, 0x80000000), MX_SILENT); /* -0 */
    mxv_pack_free(pack);
    pack = make("cast.e2m1.fp32.ocp");
    ck_assert_int_eq(class_of_value(pack, 0x7fc00000), MX_FREE); /* NaN to a format without one */
    mxv_pack_free(pack);
    pack = make("scale.e4m3.fp32.floor");
    ck_assert_int_eq(class_of_value(pack, 0x7fc00000), MX_SILENT);
    ck_assert_int_eq(class_of_value(pack, 0), MX_SILENT);
    mxv_pack_free(pack);
    pack = make("quantize.e4m3.fp32.floor");
    ck_assert_int_eq(class_of_value(pack, 0x43f00000), MX_SHOULD); /* 480: the clamp of 6.3 */
    mxv_pack_free(pack);
}
END_TEST

/* ---- determinism ---- */

START_TEST(threads_do_not_matter)
{
    enum { COUNT = 40 };
    const size_t count = COUNT, stride = plan_count / COUNT;
    mxc_plan some[COUNT]; /* of every operation, with drawn points among them */
    mxc_made one[COUNT], three[COUNT];
    mxc_tag_counts tags1, tags3;
    mxv_error error = {0};
    int drawn = 0;
    for (size_t i = 0; i < count; i++) {
        some[i] = plans[i * stride];
        drawn += (some[i].recipe->classes & MXC_RANDOM) != 0;
    }
    ck_assert_int_gt(drawn, 5);
    ck_assert_int_eq(mxc_make_packs(some, count, &(mxc_make){.threads = 1}, one, &tags1, &error), MX_OK);
    ck_assert_int_eq(mxc_make_packs(some, count, &(mxc_make){.threads = 3}, three, &tags3, &error), MX_OK);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(one[i].cases, three[i].cases);
        ck_assert_str_eq(one[i].sha256, three[i].sha256);
    }
    ck_assert_uint_eq(tags1.tags, tags3.tags);
    for (size_t i = 0; i < tags1.tags; i++) {
        ck_assert_str_eq(tags1.count[i].tag, tags3.count[i].tag);
        ck_assert_uint_eq(tags1.count[i].count, tags3.count[i].count);
    }
    free(tags1.count);
    free(tags3.count);
}
END_TEST

/* Ids are the pack's name with a short operation, and a number: the names of the full tier, which holds those of the
 * smoke tier, differ. */
START_TEST(ids_are_unique)
{
    mxc_plan *full;
    size_t full_count;
    mxv_error error = {0};
    ck_assert_int_eq(mxc_plans(&full, &full_count, MXC_FULL, &error), MX_OK);
    for (size_t i = 1; i < full_count; i++)
        ck_assert_str_ne(full[i - 1].name, full[i].name);
    free(full);
    mxv_pack *pack = make("quantize.e4m3.fp32.floor");
    ck_assert_str_eq(pack->label[16].id, "q.e4m3.fp32.floor.000017");
    mxv_pack_free(pack);
}
END_TEST

static void check_same_row(const mxv_pack *a, size_t i, const mxv_pack *b, size_t j)
{
    char *x = malloc(mxv_inputs_text(&a->batch)), *y = malloc(mxv_inputs_text(&b->batch));
    mxv_format_inputs(&a->batch, i, x);
    mxv_format_inputs(&b->batch, j, y);
    ck_assert_str_eq(x, y);
    ck_assert_str_eq(a->label[i].id, b->label[j].id);
    ck_assert_str_eq(a->label[i].tags, b->label[j].tags);
    ck_assert_int_eq(a->label[i].class_, b->label[j].class_);
    free(x);
    free(y);
}

/* A row of the smoke tier is the row of the whole pack that its id says, in inputs and labels. */
START_TEST(kept_rows_are_rows_of_the_whole)
{
    mxc_plan *smoke;
    size_t smoke_count;
    mxv_error error = {0};
    ck_assert_int_eq(mxc_plans(&smoke, &smoke_count, MXC_SMOKE, &error), MX_OK);
    ck_assert_uint_eq(smoke_count, plan_count);
    for (size_t p = 0; p < smoke_count; p += 7) {
        mxv_pack *some, *all = make(smoke[p].name);
        ck_assert_msg(mxc_generate(&some, &smoke[p], &error) == MX_OK, "%s", error.text);
        ck_assert_uint_le(some->batch.count, all->batch.count);
        for (size_t i = 0; i < some->batch.count; i++) {
            const size_t row = strtoul(strrchr(some->label[i].id, '.') + 1, NULL, 10) - 1;
            check_same_row(some, i, all, row);
        }
        mxv_pack_free(some);
        mxv_pack_free(all);
    }
    free(smoke);
}
END_TEST

static void refuses_rows(const char *kept)
{
    mxv_pack *pack;
    mxv_error error = {0};
    mxc_plan plan = *find("cast.e2m1.bf16.ocp");
    plan.kept = kept;
    ck_assert_int_eq(mxc_generate(&pack, &plan, &error), MX_EPARSE);
    ck_assert_ptr_nonnull(
        strstr(error.text, "vectors/SMOKE: cast.e2m1.bf16.ocp: wanted rows of the pack, rising, found"));
}

START_TEST(rows_that_are_none)
{
    refuses_rows("");
    refuses_rows("0");
    refuses_rows("1-100000");
    refuses_rows("3,2");
    refuses_rows("5-3");
    refuses_rows("1,1");
    refuses_rows("1;2");
    refuses_rows("one");
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
    TCase *points = tcase_create("points"), *axes = tcase_create("axes"), *rest = tcase_create("rest");
    tcase_add_unchecked_fixture(points, setup, teardown);
    tcase_add_unchecked_fixture(axes, setup, teardown);
    tcase_add_unchecked_fixture(rest, setup, teardown);
    tcase_set_timeout(points, 60);
    tcase_set_timeout(axes, 300);
    tcase_set_timeout(rest, 120);
    tcase_add_test(points, patterns);
    tcase_add_test(points, scale_thresholds);
    tcase_add_test(points, scale_twins);
    tcase_add_test(points, cast_points);
    tcase_add_test(points, lanes);
    tcase_add_test(points, every_code_expected);
    tcase_add_test(points, every_scale_byte);
    tcase_add_test(axes, layout_cells_are_told_apart);
    tcase_add_test(axes, ends_are_not_zero);
    tcase_add_test(axes, every_axis_value_decides);
    tcase_add_test(axes, variants_depend_on_their_axes);
    tcase_add_test(rest, classes_by_filter);
    tcase_add_test(rest, classes_by_hand);
    tcase_add_test(rest, threads_do_not_matter);
    tcase_add_test(rest, ids_are_unique);
    tcase_add_test(rest, kept_rows_are_rows_of_the_whole);
    tcase_add_test(rest, rows_that_are_none);
    return test_main(points, axes, rest);
}
