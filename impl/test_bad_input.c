/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bad input, case by case, to every call on tensors: the status, and outputs that are untouched. What a case spoils is
 * good in the call before it; each call must then succeed and write.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/test_profile.h"
#include "test_main.h"

/* ---- the calls ---- */

enum { ROWS = 4, COLS = 64, K = 32, N = ROWS * COLS, BLOCKS = N / K, SAME = 0xee };

enum { QUANTIZE = 1, BOTH = 2, DEQUANTIZE = 4, PACK = 8, UNPACK = 16, ALL = 31, ENCODE = QUANTIZE | BOTH | PACK };

/* All arguments of all calls; a call takes its own. The buffers lie in one arena, so that they can be made to overlap.
 */
typedef struct arguments {
    mx_view values;
    mx_blocks along, down; /* down: the second output of `both`, N codes and 64 scales */
    mx_packed packed;
    mx_elem elem;
    mx_profile profile;
    mx_dim dim;
    size_t k;
    const uint32_t *random;
    mxfast_options options;
    int no_profile, no_values, no_blocks, no_down; /* NULL for the structure itself */
} arguments;

static struct arena {
    uint32_t values[N], random[N];
    uint8_t codes[N], scales[N], down_codes[N], down_scales[N];
} arena;

static arguments good(unsigned call)
{
    arguments a = {
        .values = {arena.values, MX_FP32, ROWS, COLS, COLS, 1},
        .along = {arena.codes, COLS, 1, arena.scales, COLS / K, 1},
        .down = {arena.down_codes, COLS, 1, arena.down_scales, COLS, 1},
        .packed = {arena.codes, COLS / 2, MX_LAYOUT_LOW_FIRST, arena.scales, COLS / K, (mx_layout)0},
        .elem = MX_E2M1,
        .profile = ocp(),
        .dim = MX_DIM0,
        .k = K,
    };
    memset(&arena, 0, sizeof arena);
    if (call == DEQUANTIZE || call == UNPACK)
        memset(arena.values, SAME, sizeof arena.values);
    else
        memset(arena.codes, SAME, sizeof arena - sizeof arena.values - sizeof arena.random);
    return a;
}

static mx_status make(unsigned call, const arguments *a)
{
    const mx_profile *p = a->no_profile ? NULL : &a->profile;
    const mx_const_view source = {a->values.data, a->values.type,       a->values.rows,
                                  a->values.cols, a->values.row_stride, a->values.col_stride};
    const mx_const_view *x = a->no_values ? NULL : &source;
    const mx_const_blocks blocks = {a->along.codes,  a->along.code_row_stride,  a->along.code_col_stride,
                                    a->along.scales, a->along.scale_row_stride, a->along.scale_col_stride};
    const mx_const_packed packed = {a->packed.codes,  a->packed.code_stride,  a->packed.code_layout,
                                    a->packed.scales, a->packed.scale_stride, a->packed.scale_layout};
    switch (call) {
    case QUANTIZE:
        return mxfast_quantize(a->no_blocks ? NULL : &a->along, x, a->elem, p, a->dim, a->k, a->random, &a->options);
    case BOTH:
        return mxfast_quantize_both(a->no_blocks ? NULL : &a->along, a->no_down ? NULL : &a->down, x, a->elem, p, a->k,
                                    a->random, &a->options);
    case DEQUANTIZE:
        return mxfast_dequantize(a->no_values ? NULL : &a->values, a->no_blocks ? NULL : &blocks, a->elem, p, a->dim,
                                 a->k, &a->options);
    case PACK:
        return mxfast_quantize_packed(a->no_blocks ? NULL : &a->packed, x, a->elem, p, a->dim, a->k, a->random,
                                      &a->options);
    default:
        return mxfast_dequantize_packed(a->no_values ? NULL : &a->values, a->no_blocks ? NULL : &packed, a->elem, p,
                                        a->dim, a->k, &a->options);
    }
}

/* ---- the cases ---- */

#define SPOIL(name, ...)                                                                                               \
    static void name(arguments *a)                                                                                     \
    {                                                                                                                  \
        __VA_ARGS__;                                                                                                   \
    }

/* NULL */
SPOIL(null_profile, a->no_profile = 1)
SPOIL(null_values, a->no_values = 1)
SPOIL(null_blocks, a->no_blocks = 1)
SPOIL(null_down, a->no_down = 1)
SPOIL(null_data, a->values.data = NULL)
SPOIL(null_codes, a->along.codes = a->packed.codes = NULL)
SPOIL(null_scales, a->along.scales = a->packed.scales = NULL)
SPOIL(null_down_codes, a->down.codes = NULL)
SPOIL(null_down_scales, a->down.scales = NULL)

/* no such thing */
SPOIL(elem_0, a->elem = (mx_elem)0)
SPOIL(elem_beyond, a->elem = (mx_elem)(MX_ELEM_LAST + 1))
SPOIL(type_0, a->values.type = (mx_type)0)
SPOIL(type_beyond, a->values.type = (mx_type)(MX_TYPE_LAST + 1))
SPOIL(dim_0, a->dim = (mx_dim)0)
SPOIL(dim_beyond, a->dim = (mx_dim)3)
SPOIL(k_0, a->k = 0)
SPOIL(k_beyond, a->k = MX_BLOCK_MAX + 1)
SPOIL(threads_beyond, a->options.threads = MXFAST_THREADS_MAX + 1)
SPOIL(code_layout_0, a->packed.code_layout = (mx_layout)0)
SPOIL(code_layout_tiles, a->packed.code_layout = MX_LAYOUT_128X4)
SPOIL(scale_layout_codes, a->packed.scale_layout = MX_LAYOUT_LOW_FIRST)
SPOIL(scale_layout_beyond, a->packed.scale_layout = (mx_layout)(MX_LAYOUT_LAST + 1))
SPOIL(halves_of_odd_k, a->packed.code_layout = MX_LAYOUT_SPLIT_HALF, a->k = K - 1)
SPOIL(halves_of_odd_line, a->packed.code_layout = MX_LAYOUT_SPLIT_HALF, a->values.cols = COLS - 1)
SPOIL(halves_of_fp6, a->packed.code_layout = MX_LAYOUT_SPLIT_HALF, a->elem = MX_E2M3)

/* random words */
SPOIL(random_unasked, a->random = arena.random)
SPOIL(random_missing, a->profile.round = MX_SR, a->profile.sr_bits = 3)
SPOIL(random_wide, a->profile.round = MX_SR, a->profile.sr_bits = 3, a->random = arena.random, arena.random[N - 1] = 8)
SPOIL(random_bits_33, a->profile.round = MX_SR, a->profile.sr_bits = 33, a->random = arena.random)

/* overlaps: one byte is enough */
SPOIL(codes_on_values, a->along.codes = a->packed.codes = (uint8_t *)a->values.data + sizeof arena.values - 1)
SPOIL(scales_on_values, a->along.scales = a->packed.scales = (uint8_t *)a->values.data + sizeof arena.values - 1)
SPOIL(scales_on_codes, a->along.scales = arena.codes + N - 1, a->packed.scales = arena.codes + N / 2 - 1)
SPOIL(codes_on_random, a->profile.round = MX_SR, a->profile.sr_bits = 3, a->random = arena.random,
      a->along.codes = a->packed.codes = (uint8_t *)arena.random + sizeof arena.random - 1)
SPOIL(down_codes_on_codes, a->down.codes = arena.codes + N - 1)
SPOIL(down_scales_on_scales, a->down.scales = arena.scales + BLOCKS - 1)
SPOIL(down_codes_on_values, a->down.codes = (uint8_t *)arena.values)
SPOIL(down_scales_on_codes, a->down.scales = arena.codes)

/* outputs that overlap themselves */
SPOIL(code_row_short, a->along.code_row_stride = COLS - 1, a->packed.code_stride = COLS / 2 - 1)
SPOIL(code_row_0, a->along.code_row_stride = a->packed.code_stride = 0)
SPOIL(code_col_0, a->along.code_col_stride = 0)
SPOIL(scale_row_short, a->along.scale_row_stride = a->packed.scale_stride = 1)
SPOIL(scale_col_0, a->along.scale_col_stride = 0)
SPOIL(down_code_row_short, a->down.code_row_stride = COLS - 1)
SPOIL(down_scale_col_0, a->down.scale_col_stride = 0)
SPOIL(value_row_short, a->values.row_stride = COLS - 1)
SPOIL(value_row_back, a->values.row_stride = 1 - COLS, a->values.data = arena.values + N - COLS)
SPOIL(value_col_0, a->values.col_stride = 0)

/* sizes that overflow */
#define HALF ((size_t)1 << (sizeof(size_t) * 4))
SPOIL(rows_huge, a->values.rows = SIZE_MAX / 2)
SPOIL(cols_huge, a->values.rows = 1, a->values.cols = SIZE_MAX / 2)
SPOIL(rows_cols_huge, a->values.rows = a->values.cols = HALF, a->values.row_stride = (ptrdiff_t)HALF)
SPOIL(value_far, a->values.row_stride = PTRDIFF_MAX)
SPOIL(value_far_back, a->values.row_stride = PTRDIFF_MIN)
SPOIL(value_below_0, a->values.row_stride = -COLS, a->values.data = (void *)(uintptr_t)64)
SPOIL(code_far, a->along.code_row_stride = a->packed.code_stride = PTRDIFF_MAX)
SPOIL(code_far_back, a->along.code_row_stride = a->packed.code_stride = PTRDIFF_MIN)
SPOIL(scale_far, a->along.scale_row_stride = a->packed.scale_stride = PTRDIFF_MAX)
SPOIL(down_code_far, a->down.code_row_stride = PTRDIFF_MAX)
SPOIL(tiles_huge, a->packed.scale_layout = MX_LAYOUT_128X4, a->values.rows = 1, a->values.cols = SIZE_MAX / 2,
      a->values.col_stride = 0, a->k = 1)

typedef struct bad_case {
    const char *name;
    void (*spoil)(arguments *);
    unsigned calls; /* those that it is bad for */
    mx_status status;
} bad_case;

#define BAD(name, calls, status)                                                                                       \
    {                                                                                                                  \
#name, name, calls, status                                                                                     \
    }
static const bad_case bad_cases[] = {
    BAD(null_profile, ALL, MX_EINVAL),
    BAD(null_values, ALL, MX_EINVAL),
    BAD(null_blocks, ALL, MX_EINVAL),
    BAD(null_down, BOTH, MX_EINVAL),
    BAD(null_data, ALL, MX_EINVAL),
    BAD(null_codes, ALL, MX_EINVAL),
    BAD(null_scales, ALL, MX_EINVAL),
    BAD(null_down_codes, BOTH, MX_EINVAL),
    BAD(null_down_scales, BOTH, MX_EINVAL),
    BAD(elem_0, ALL, MX_EINVAL),
    BAD(elem_beyond, ALL, MX_EINVAL),
    BAD(type_0, ALL, MX_EINVAL),
    BAD(type_beyond, ALL, MX_EINVAL),
    BAD(dim_0, ALL & ~BOTH, MX_EINVAL),
    BAD(dim_beyond, ALL & ~BOTH, MX_EINVAL),
    BAD(k_0, ALL, MX_EINVAL),
    BAD(k_beyond, ALL, MX_EINVAL),
    BAD(threads_beyond, ALL, MX_EINVAL),
    BAD(code_layout_0, PACK | UNPACK, MX_EINVAL),
    BAD(code_layout_tiles, PACK | UNPACK, MX_EINVAL),
    BAD(scale_layout_codes, PACK | UNPACK, MX_EINVAL),
    BAD(scale_layout_beyond, PACK | UNPACK, MX_EINVAL),
    BAD(halves_of_odd_k, PACK | UNPACK, MX_EINVAL),
    BAD(halves_of_odd_line, PACK | UNPACK, MX_EINVAL),
    BAD(halves_of_fp6, PACK | UNPACK, MX_EINVAL),
    BAD(random_unasked, ENCODE, MX_EINVAL),
    BAD(random_missing, ENCODE, MX_EINVAL),
    BAD(random_wide, ENCODE, MX_EINVAL),
    BAD(random_bits_33, ALL, MX_EINVAL),
    BAD(codes_on_values, ALL, MX_EALIAS),
    BAD(scales_on_values, ALL, MX_EALIAS),
    BAD(scales_on_codes, ENCODE, MX_EALIAS),
    BAD(codes_on_random, ENCODE, MX_EALIAS),
    BAD(down_codes_on_codes, BOTH, MX_EALIAS),
    BAD(down_scales_on_scales, BOTH, MX_EALIAS),
    BAD(down_codes_on_values, BOTH, MX_EALIAS),
    BAD(down_scales_on_codes, BOTH, MX_EALIAS),
    BAD(code_row_short, ENCODE, MX_EALIAS),
    BAD(code_row_0, ENCODE, MX_EALIAS),
    BAD(code_col_0, QUANTIZE | BOTH, MX_EALIAS),
    BAD(scale_row_short, ENCODE, MX_EALIAS),
    BAD(scale_col_0, QUANTIZE | BOTH, MX_EALIAS),
    BAD(down_code_row_short, BOTH, MX_EALIAS),
    BAD(down_scale_col_0, BOTH, MX_EALIAS),
    BAD(value_row_short, DEQUANTIZE | UNPACK, MX_EALIAS),
    BAD(value_row_back, DEQUANTIZE | UNPACK, MX_EALIAS),
    BAD(value_col_0, DEQUANTIZE | UNPACK, MX_EALIAS),
    BAD(rows_huge, ALL, MX_ESIZE),
    BAD(cols_huge, ALL, MX_ESIZE),
    BAD(rows_cols_huge, ALL, MX_ESIZE),
    BAD(value_far, ALL, MX_ESIZE),
    BAD(value_far_back, ALL, MX_ESIZE),
    BAD(value_below_0, ALL, MX_ESIZE),
    BAD(code_far, ALL, MX_ESIZE),
    BAD(code_far_back, ALL, MX_ESIZE),
    BAD(scale_far, ALL, MX_ESIZE),
    BAD(down_code_far, BOTH, MX_ESIZE),
    BAD(tiles_huge, PACK | UNPACK, MX_ESIZE),
};
enum { BAD_CASES = sizeof bad_cases / sizeof bad_cases[0] };

static const char *call_name(unsigned call)
{
    return call == QUANTIZE     ? "quantize"
           : call == BOTH       ? "quantize_both"
           : call == DEQUANTIZE ? "dequantize"
           : call == PACK       ? "quantize_packed"
                                : "dequantize_packed";
}

/* A good call writes; the same, spoilt, does not, whatever the call before left behind. */
static void check_case(unsigned call, const char *name, void (*spoil)(arguments *), unsigned axis, mx_status status)
{
    static struct arena before;
    arguments a = good(call);
    before = arena;
    ck_assert_int_eq(make(call, &a), MX_OK);
    ck_assert_msg(memcmp(&before, &arena, sizeof arena) != 0, "%s wrote nothing", call_name(call));
    a = good(call);
    if (spoil)
        spoil(&a);
    else
        ((uint8_t *)&a.profile)[axis] = (uint8_t)(name ? mx_axis_count((mx_axis)axis) + 1 : 0);
    before = arena;
    mx_status found = make(call, &a);
    ck_assert_msg(found == status, "mxfast_%s, %s: %s, not %s", call_name(call), name ? name : "axis 0",
                  mx_status_text(found), mx_status_text(status));
    ck_assert_msg(memcmp(&before, &arena, sizeof arena) == 0, "mxfast_%s, %s: something was written", call_name(call),
                  name ? name : "axis 0");
}

START_TEST(each_case)
{
    const bad_case *c = &bad_cases[_i];
    for (unsigned call = 1; call <= UNPACK; call *= 2)
        if (c->calls & call)
            check_case(call, c->name, c->spoil, 0, c->status);
}
END_TEST

/* Every axis below its first value and above its last. */
START_TEST(each_axis)
{
    for (unsigned call = 1; call <= UNPACK; call *= 2)
        for (unsigned axis = MX_AXIS_SCALE; axis <= MX_AXIS_LAST; axis++) {
            check_case(call, NULL, NULL, axis, MX_EINVAL);
            check_case(call, "axis beyond", NULL, axis, MX_EINVAL);
        }
}
END_TEST

/* A number of threads that is none, in the environment. */
START_TEST(environment)
{
    ck_assert_int_eq(setenv("MXFAST_NUM_THREADS", "none", 1), 0);
    for (unsigned call = 1; call <= UNPACK; call *= 2) {
        arguments a = good(call);
        const struct arena before = arena;
        ck_assert_int_eq(make(call, &a), MX_EINVAL);
        ck_assert_mem_eq(&before, &arena, sizeof arena);
    }
}
END_TEST

/* ---- batches, masks, questions ---- */

static mx_batch good_batch(void)
{
    mx_batch b = {.op = MX_OP_QUANTIZE, .elem = MX_E2M1, .type = MX_FP32, .k = K, .count = BLOCKS, .profile = ocp()};
    (void)good(QUANTIZE);
    b.in.value = arena.values;
    b.out.code = arena.codes;
    b.out.scale = arena.scales;
    return b;
}

static void check_batch(const char *name, mx_batch b, unsigned mask, mx_status status)
{
    const struct arena before = arena;
    mx_status found = mask == 0 ? mxfast_run(&b) : mxfast_run_by(&b, mask);
    ck_assert_msg(found == status, "batch, %s: %s, not %s", name, mx_status_text(found), mx_status_text(status));
    ck_assert_msg(memcmp(&before, &arena, sizeof arena) == 0, "batch, %s: something was written", name);
}

START_TEST(batches)
{
    mx_batch b = good_batch();
    ck_assert_int_eq(mxfast_run(&b), MX_OK);
    ck_assert_uint_ne(arena.codes[0], SAME);
    ck_assert_int_eq(mxfast_run(NULL), MX_EINVAL);
    ck_assert_int_eq(mxfast_run_by(NULL, 1), MX_EINVAL);
    for (unsigned mask = 0; mask <= 1; mask++) {
        b = good_batch(), b.op = (mx_op)0;
        check_batch("op", b, mask, MX_EINVAL);
        b = good_batch(), b.elem = (mx_elem)0;
        check_batch("elem", b, mask, MX_EINVAL);
        b = good_batch(), b.type = (mx_type)0;
        check_batch("type", b, mask, MX_EINVAL);
        b = good_batch(), b.k = 0;
        check_batch("k", b, mask, MX_EINVAL);
        b = good_batch(), b.profile.round = 0;
        check_batch("profile", b, mask, MX_EINVAL);
        b = good_batch(), b.in.value = NULL;
        check_batch("no values", b, mask, MX_EINVAL);
        b = good_batch(), b.out.code = NULL;
        check_batch("no codes", b, mask, MX_EINVAL);
        b = good_batch(), b.in.random = arena.random;
        check_batch("random words", b, mask, MX_EINVAL);
        b = good_batch(), b.count = SIZE_MAX / 2;
        check_batch("count", b, mask, MX_ESIZE);
        b = good_batch(), b.out.code = (uint8_t *)arena.values;
        check_batch("codes on values", b, mask, MX_EALIAS);
        b = good_batch(), b.out.scale = arena.codes + N - 1;
        check_batch("scales on codes", b, mask, MX_EALIAS);
    }
    check_batch("a set that does not exist", good_batch(), 1u << 31, MX_EINVAL);
}
END_TEST

START_TEST(masks)
{
    static const char *const unknown[] = {NULL,        "",          "mmx",          "avx",           "AVX2",
                                          "portable,", ",portable", "portable,mmx", "portable avx2", "all,none",
                                          " portable"};
    const unsigned allowed = mxfast_isa_allowed();
    unsigned mask = 77;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        ck_assert_msg(mxfast_isa_mask(unknown[i], &mask) == MX_EINVAL, "'%s' is no mask",
                      unknown[i] ? unknown[i] : "NULL");
        ck_assert_uint_eq(mask, 77);
    }
    ck_assert_int_eq(mxfast_isa_mask("portable", NULL), MX_EINVAL);
    ck_assert_int_eq(mxfast_isa_use(0), MX_EINVAL);
    ck_assert_int_eq(mxfast_isa_use(1u << 31), MX_EINVAL);
    ck_assert_int_eq(mxfast_isa_use(1u << 31 | 1), MX_EINVAL);
    ck_assert_uint_eq(mxfast_isa_allowed(), allowed);
    ck_assert_ptr_null(mxfast_isa_name(32));
    ck_assert_ptr_null(mxfast_facts((mx_elem)0));
    ck_assert_ptr_null(mxfast_facts((mx_elem)(MX_ELEM_LAST + 1)));
    ck_assert_uint_eq(mxfast_line_bytes((mx_elem)0, 8), 0);
    ck_assert_uint_eq(mxfast_tile_bytes(SIZE_MAX, SIZE_MAX), 0);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("bad input");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, each_case, 0, BAD_CASES);
    tcase_add_test(tcase, each_axis);
    tcase_add_test(tcase, environment);
    tcase_add_test(tcase, batches);
    tcase_add_test(tcase, masks);
    return test_main(tcase);
}
