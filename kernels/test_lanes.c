/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernels on the host, lane by lane: fast kernels against the full text, dim1 against dim0 of the transpose, packed
 * and tiled against plain, sweeps against tables, and lanes that diverge. Built with UBSan where there is one. The full
 * text itself is judged by the packs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "kernels/fibers.h"
#include "kernels/lanes.h"
#include "kernels/lanes_run.h"
#include "kernels/test_lanes.h"
#include "test_main.h"

static const char *const rules[] = {"scale=floor",
                                    "scale=ceil scale-arith=f32",
                                    "scale=even scale-arith=f32",
                                    "scale=rceil scale-arith=f32",
                                    "scale=rceil zero-scale=7f",
                                    "scale=even"};
enum { RULES = sizeof rules / sizeof *rules };

static unsigned width_of(int i)
{
    return i % 2 ? 64u : 32u;
}

/* _i: element format, source type and rule. */
START_TEST(dim0_is_the_full_text)
{
    mx_elem elem = (mx_elem)(_i % 6 + 1);
    mx_type type = (mx_type)(_i / 6 % 3 + 1);
    mxgpu_tensor t = tensor_of(elem, type, rules[_i / 18], &source);

    fill(&source, type);
    t.dims = MXGPU_DIM0;
    t.dim0 = along(&full, COLS);
    run_full(t, 32);
    t.dim0 = along(&fast, COLS);
    memset(&fast, 0xa5, sizeof fast);
    ck_assert(mxgpu_is_fast(&t));
    ck_assert_int_eq(mxgpu_lane_quantize(&t, width_of(_i)), MX_OK);
    same(CELLS, BLOCKS, rules[_i / 18], elem, type);
}
END_TEST

START_TEST(both_directions_are_the_full_text)
{
    mx_elem elem = (mx_elem)(_i % 6 + 1);
    mx_type type = (mx_type)(_i / 6 % 3 + 1);
    mxgpu_tensor t = tensor_of(elem, type, rules[(_i + _i / 6) % RULES], &source);

    fill(&source, type);
    t.dims = MXGPU_DIM1;
    t.dim1 = along(&full, ROWS);
    run_full(t, 32);
    t.dims = MXGPU_DIM0 | MXGPU_DIM1;
    t.dim0 = along(&other, COLS);
    t.dim1 = along(&fast, ROWS);
    memset(&fast, 0xa5, sizeof fast);
    memset(&other, 0xa5, sizeof other);
    ck_assert(mxgpu_is_fast(&t));
    ck_assert_int_eq(mxgpu_lane_quantize(&t, width_of(_i)), MX_OK);
    same(CELLS, BLOCKS, "transposed", elem, type);

    t.dims = MXGPU_DIM0;
    t.dim0 = along(&full, COLS);
    run_full(t, 64);
    fast = other;
    same(CELLS, BLOCKS, "beside dim1", elem, type);

    t.dims = MXGPU_DIM1;
    t.dim1 = by_rows(&full);
    run_full(t, 32);
    t.dim1 = by_rows(&fast);
    memset(&fast, 0xa5, sizeof fast);
    ck_assert(mxgpu_is_fast(&t));
    ck_assert_int_eq(mxgpu_lane_quantize(&t, width_of(_i)), MX_OK);
    same(CELLS, BLOCKS, "by rows", elem, type);
}
END_TEST

/* Code `i` of packed codes, bit by bit. */
static unsigned packed_code(const uint8_t *codes, size_t i, unsigned bits)
{
    unsigned code = 0;

    for (size_t b = 0; b < bits; b++)
        code |= ((unsigned)codes[(i * bits + b) / 8] >> (i * bits + b) % 8 & 1u) << b;
    return code;
}

START_TEST(packed_and_tiled_hold_the_same)
{
    mx_elem elem = (mx_elem)(_i % 6 + 1);
    unsigned bits = mx_elem_bits(elem);
    mx_type type = _i / 24 ? MX_FP32 : MX_BF16;
    mxgpu_tensor t = tensor_of(elem, type, "scale=rceil", &source);
    int dim1 = _i / 6 % 2, slow = _i / 12 % 2;
    size_t length = dim1 ? ROWS : COLS, lines = dim1 ? COLS : ROWS;
    mxgpu_blocks *b = dim1 ? &t.dim1 : &t.dim0;

    fill(&source, type);
    t.dims = dim1 ? MXGPU_DIM1 : MXGPU_DIM0;
    *b = along(&full, length);
    run_full(t, 32);
    *b = along(&fast, length);
    b->packed = b->tiled = 1;
    b->line_stride = (int64_t)(length * bits / 8);
    memset(&fast, 0xa5, sizeof fast);
    ck_assert_uint_eq(mxgpu_tiled_bytes(lines, length / 32), BLOCKS);
    if (slow)
        run_full(t, 64);
    else
        ck_assert_int_eq(mxgpu_lane_quantize(&t, width_of(_i)), MX_OK);
    for (size_t i = 0; i < CELLS; i++)
        if (packed_code(fast.codes + i / length * length * bits / 8, i % length, bits) != full.codes[i])
            ck_abort_msg("%s: packed code %zu differs", mx_elem_name(elem), i);
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t line = i / (length / 32), at = i % (length / 32);

        at = (line / 128 * (length / 128) + at / 4) * 512 + line % 32 * 16 + line % 128 / 32 * 4 + at % 4;
        if (fast.scales[at] != full.scales[i])
            ck_abort_msg("%s: tiled scale %zu differs", mx_elem_name(elem), i);
    }
}
END_TEST

/* What the kernel wrote as packed and tiled reads back as the plain form does; rows and columns of any length. */
START_TEST(dequantize_reads_every_layout)
{
    static matrix plain, back;
    mx_elem elem = (mx_elem)(_i % 6 + 1);
    int dim = _i / 6 ? MXGPU_DIM1 : MXGPU_DIM0;
    size_t rows = 37, cols = 45, length = dim == MXGPU_DIM0 ? cols : rows, per = (length + 7) / 8;
    mxgpu_tensor t = tensor_of(elem, MX_FP32, "scale=even round=rna", &source);
    mxgpu_blocks *b = dim == MXGPU_DIM0 ? &t.dim0 : &t.dim1;

    fill(&source, MX_FP32);
    memset(&fast, 0, sizeof fast);
    t.rows = rows;
    t.cols = cols;
    t.k = 8;
    t.dims = dim;
    *b = along(&full, length);
    b->scale_line_stride = (int64_t)per;
    ck_assert(!mxgpu_is_fast(&t));
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_OK);
    t.value = plain.value;
    ck_assert_int_eq(mxgpu_lane_dequantize(&t, 64), MX_OK);
    t.value = source.value;
    *b = along(&fast, length);
    b->packed = b->tiled = 1;
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 64), MX_OK);
    t.value = back.value;
    ck_assert_int_eq(mxgpu_lane_dequantize(&t, 32), MX_OK);
    for (size_t r = 0; r < rows; r++)
        ck_assert_mem_eq(plain.value + r * COLS, back.value + r * COLS, cols * 4);
}
END_TEST

/* Both directions at once hold packed what they hold a code a byte. */
START_TEST(both_directions_packed_hold_the_same)
{
    static result packed[2];
    mx_elem elem = (mx_elem)(_i % 3 + MX_E3M2);
    mx_type type = (mx_type)(_i / 3 + 1);
    unsigned bits = mx_elem_bits(elem);
    mxgpu_tensor t = tensor_of(elem, type, "scale=floor", &source);

    fill(&source, type);
    t.dims = MXGPU_DIM0 | MXGPU_DIM1;
    t.dim0 = along(&other, COLS);
    t.dim1 = along(&fast, ROWS);
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_OK);
    t.dim0 = along(&packed[0], COLS);
    t.dim1 = along(&packed[1], ROWS);
    t.dim0.packed = t.dim1.packed = 1;
    t.dim0.line_stride = (int64_t)(COLS * bits / 8);
    t.dim1.line_stride = (int64_t)(ROWS * bits / 8);
    memset(packed, 0xa5, sizeof packed);
    ck_assert(mxgpu_is_fast(&t));
    ck_assert_int_eq(mxgpu_lane_quantize(&t, width_of(_i)), MX_OK);
    for (size_t i = 0; i < CELLS; i++)
        if (packed_code(packed[0].codes, i, bits) != other.codes[i] ||
            packed_code(packed[1].codes, i, bits) != fast.codes[i])
            ck_abort_msg("%s %s: packed code %zu differs", mx_elem_name(elem), mx_type_name(type), i);
    ck_assert_mem_eq(packed[0].scales, other.scales, BLOCKS);
    ck_assert_mem_eq(packed[1].scales, fast.scales, BLOCKS);
}
END_TEST

/* The fast decoders against the full text: every code under every scale byte, rows with gaps and without, packed, tiled
 * and by rows. */
START_TEST(decoding_is_the_full_text)
{
    static matrix plain, back;
    mx_elem elem = (mx_elem)(_i % 6 + 1);
    unsigned bits = mx_elem_bits(elem), form = (unsigned)_i / 6 % 4, type = (unsigned)_i / 24 % 2;
    int dim = _i / 48 ? MXGPU_DIM1 : MXGPU_DIM0, across = form == 3 && dim == MXGPU_DIM1;
    size_t rows = form == 1 && dim == MXGPU_DIM0 ? ROWS - 3 : ROWS, cols = form == 1 && dim == MXGPU_DIM0 ? 224 : COLS;
    size_t length = dim == MXGPU_DIM0 ? cols : rows;
    mxgpu_tensor t = tensor_of(elem, type ? MX_BF16 : MX_FP32, form % 2 ? "decode-over=max" : "", &plain);
    mxgpu_blocks *b = dim == MXGPU_DIM0 ? &t.dim0 : &t.dim1;
    mxg_launch launch[MXG_LAUNCHES];
    unsigned n;

    for (size_t i = 0; i < CELLS; i++)
        fast.codes[i] = (uint8_t)draw();
    for (size_t i = 0; i < BLOCKS; i++)
        fast.scales[i] = (uint8_t)(i + draw() % 2 * 37);
    t.rows = rows;
    t.cols = cols;
    t.dims = dim;
    *b = across ? by_rows(&fast) : along(&fast, length);
    if (form == 2) {
        b->packed = b->tiled = 1;
        b->line_stride = (int64_t)(length * bits / 8);
    }
    memset(&plain, 0xa5, sizeof plain);
    memset(&back, 0xa5, sizeof back);
    ck_assert_int_eq(mxg_plan_dequantize(launch, &n, &t, NULL), MX_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_ge(launch[0].kernel, MXG_K_DEQUANTIZE_ROWS);
    ck_assert_uint_lt(launch[0].kernel, MXG_K_REPAIR);
    ck_assert_int_eq(mxgpu_lane_dequantize(&t, width_of(_i)), MX_OK);
    t.value = back.value;
    ck_assert_int_eq(mxg_plan_dequantize(launch, &n, &t, NULL), MX_OK);
    launch[0].kernel = MXG_K_DEQUANTIZE_ANY;
    if (dim == MXGPU_DIM0) {
        launch[0].job.rows = rows;
        launch[0].job.cols = cols;
    }
    launch[0].job.columns.by = cols;
    launch[0].job.columns.inverse = UINT64_MAX / cols;
    launch[0].grid = launch[0].job.groups = 7;
    ck_assert_int_eq(mxg_lanes_launch(&launch[0], 32), MX_OK);
    for (size_t i = 0; i < CELLS; i++)
        if (plain.value[i] != back.value[i])
            ck_abort_msg("%s form %u dim %d: word %zu is %08x, not %08x", mx_elem_name(elem), form, dim, i,
                         plain.value[i], back.value[i]);
}
END_TEST

/* Scales of whole sectors and of whole lines of memory, which come out of order at first: stage.h. */
START_TEST(staged_scales_are_put_right)
{
    enum { ALL = 1024 * 1024 };
    static const struct {
        size_t rows, cols;
        uint32_t staged[2];
    } shapes[] = {{1024, 1024, {3, 3}}, {256, 4096, {5, 0}}, {4096, 256, {0, 5}}, {1152, 896, {0, 0}}};
    static _Alignas(16) uint32_t value[ALL];
    static _Alignas(16) uint8_t codes[2][ALL], scales[2][2][ALL / 32];
    mx_elem elem = _i % 2 ? MX_E2M1 : MX_E4M3;
    mx_type type = _i % 2 ? MX_FP32 : MX_BF16;
    mxgpu_tensor t = tensor_of(elem, type, "scale=rceil", &source);
    mxg_launch launch[MXG_LAUNCHES];
    unsigned n;

    t.value = value;
    t.rows = shapes[_i / 2].rows;
    t.cols = shapes[_i / 2].cols;
    t.row_stride = (int64_t)t.cols;
    t.dims = MXGPU_DIM0 | MXGPU_DIM1;
    for (size_t i = 0; i < t.rows * t.cols; i++) {
        uint32_t v = some_value(type, (unsigned)(i / t.cols / 32 * 5 + i % t.cols / 32));

        memcpy((char *)value + i * mx_type_bytes(type), &v, mx_type_bytes(type));
    }
    for (int full_text = 0; full_text < 2; full_text++) {
        t.dim0 = along(&fast, t.cols);
        t.dim0.codes = codes[0];
        t.dim0.scales = scales[full_text][0];
        t.dim1 = along(&fast, t.rows);
        t.dim1.codes = codes[1];
        t.dim1.scales = scales[full_text][1];
        ck_assert_int_eq(mxg_plan_quantize(launch, &n, &t, full_text, NULL), MX_OK);
        if (!full_text)
            ck_assert_mem_eq(launch[0].job.staged, shapes[_i / 2].staged, sizeof shapes->staged);
        for (unsigned i = 0; i < n; i++)
            ck_assert_int_eq(mxg_lanes_launch(&launch[i], width_of(_i)), MX_OK);
    }
    ck_assert_mem_eq(scales[0], scales[1], sizeof scales[0]);
}
END_TEST

/* ---- sweeps ---- */

/* bf16 to E2M1 by the printed values: thresholds of rne with saturation at scale 2^0, and the same negative. */
static const mxgpu_step e2m1_steps[] = {
    {0x0000, 0x0, 0, 0, 0}, {0x3e81, 0x1, 0, 0, 0}, {0x3f40, 0x2, 0, 0, 0}, {0x3fa1, 0x3, 0, 0, 0},
    {0x3fe0, 0x4, 0, 0, 0}, {0x4021, 0x5, 0, 0, 0}, {0x4060, 0x6, 0, 0, 0}, {0x40a1, 0x7, 0, 0, 0},
    {0x8000, 0x8, 0, 0, 0}, {0xbe81, 0x9, 0, 0, 0}, {0xbf40, 0xa, 0, 0, 0}, {0xbfa1, 0xb, 0, 0, 0},
    {0xbfe0, 0xc, 0, 0, 0}, {0xc021, 0xd, 0, 0, 0}, {0xc060, 0xe, 0, 0, 0}, {0xc0a1, 0xf, 0, 0, 0},
    {0xff81, 0x7, 0, 0, 0},
};
enum { STEPS = sizeof e2m1_steps / sizeof *e2m1_steps };

static mxgpu_sweep_job sweep_of(const mxgpu_step *step)
{
    mxgpu_sweep_job s = {.step = step, .steps = STEPS, .patterns = 65536};

    s.shape.op = MX_OP_CAST;
    s.shape.elem = MX_E2M1;
    s.shape.type = MX_BF16;
    s.shape.profile = profile_of("");
    return s;
}

START_TEST(sweep_agrees_with_a_table_by_hand)
{
    mxgpu_sweep_job s = sweep_of(e2m1_steps);
    mxgpu_sweep_result r;

    s.fast = _i;
    ck_assert_int_eq(mxgpu_lane_sweep(&s, &r, 32), MX_OK);
    ck_assert_uint_eq(r.wrong, 0);
    ck_assert_uint_eq(r.first_wrong, UINT64_MAX);
    ck_assert_uint_eq(r.cases, 65536);
    ck_assert_uint_eq(r.digest, mxgpu_sweep_digest(e2m1_steps, STEPS, 0, 65536));
    /* a part of the range */
    s.first = 0x3f3c;
    s.patterns = 0x8c;
    ck_assert_int_eq(mxgpu_lane_sweep(&s, &r, 64), MX_OK);
    ck_assert_uint_eq(r.wrong, 0);
    ck_assert_uint_eq(r.cases, 0x8c);
    ck_assert_uint_eq(r.digest, mxgpu_sweep_digest(e2m1_steps, STEPS, s.first, s.patterns));
}
END_TEST

START_TEST(sweep_finds_one_wrong_pattern)
{
    mxgpu_step table[STEPS] = {{0}};
    mxgpu_sweep_job s = sweep_of(table);
    mxgpu_sweep_result r;

    memcpy(table, e2m1_steps, sizeof table);
    table[5].first++; /* 2.5 is said to round down */
    s.fast = _i;
    ck_assert_int_eq(mxgpu_lane_sweep(&s, &r, 32), MX_OK);
    ck_assert_uint_eq(r.wrong, 1);
    ck_assert_uint_eq(r.first_wrong, 0x4021);
    ck_assert(r.digest != mxgpu_sweep_digest(table, STEPS, 0, 65536));
    ck_assert(r.digest == mxgpu_sweep_digest(e2m1_steps, STEPS, 0, 65536));
}
END_TEST

/* ---- refusals ---- */

START_TEST(refusals_leave_outputs_alone)
{
    mxgpu_tensor t = tensor_of(MX_E2M3, MX_FP32, "", &source);
    result before;

    memset(&fast, 0xa5, sizeof fast);
    before = fast;
    t.dims = MXGPU_DIM0;
    t.dim0 = along(&fast, COLS);
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 16), MX_EINVAL);
    t.k = 0;
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_EINVAL);
    t.k = 5;
    t.dim0.packed = 1;
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_EUNSUPPORTED);
    t.k = 32;
    t.dims = 0;
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_EINVAL);
    t.dims = MXGPU_DIM0;
    t.dim0.scales = NULL;
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_EINVAL);
    t.dim0 = along(&fast, COLS);
    t.profile.scale = 0;
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_EINVAL);
    t.profile = profile_of("round=sr:8");
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_EINVAL);
    t.rows = SIZE_MAX;
    t.profile = profile_of("");
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_ESIZE);
    t.rows = 0;
    ck_assert_int_eq(mxgpu_lane_quantize(&t, 32), MX_OK);
    ck_assert_mem_eq(&fast, &before, sizeof fast);
}
END_TEST

/* ---- divergence ---- */

static void barrier_of_some(mxg_job job)
{
    (void)job;
    if (mxg_lane_index() % 2)
        mxg_lane_sync(1);
}

static void shuffle_of_some(mxg_job job)
{
    (void)job;
    if (mxg_lane_index() % 64 < 32)
        mxg_lane_shuffle(0, 1, 1);
}

static void two_places(mxg_job job)
{
    (void)job;
    mxg_lane_sync(mxg_lane_index() < 128 ? 1 : 2);
}

static void exchange_all(mxg_job job)
{
    uint32_t me = mxg_lane_index(), seen = mxg_lane_shuffle(me, 31, 1);

    mxg_lane_sync(2);
    *job.result += seen == (me ^ 31u);
}

START_TEST(divergence_is_an_error)
{
    mxg_job job = {0};
    uint64_t right = 0;

    ck_assert_int_eq(mxg_fibers_run(barrier_of_some, &job, 1, 32), MX_EINTERNAL);
    /* whole waves of 32 may differ at a shuffle, halves of a wave of 64 may not */
    ck_assert_int_eq(mxg_fibers_run(shuffle_of_some, &job, 1, 32), MX_OK);
    ck_assert_int_eq(mxg_fibers_run(shuffle_of_some, &job, 1, 64), MX_EINTERNAL);
    ck_assert_int_eq(mxg_fibers_run(two_places, &job, 1, 64), MX_EINTERNAL);
    job.result = &right;
    ck_assert_int_eq(mxg_fibers_run(exchange_all, &job, 2, 64), MX_OK);
    ck_assert_uint_eq(right, 2 * MXG_GROUP);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("kernels");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, dim0_is_the_full_text, 0, 18 * RULES);
    tcase_add_loop_test(cases, both_directions_are_the_full_text, 0, 18);
    tcase_add_loop_test(cases, packed_and_tiled_hold_the_same, 0, 48);
    tcase_add_loop_test(cases, both_directions_packed_hold_the_same, 0, 9);
    tcase_add_loop_test(cases, staged_scales_are_put_right, 0, 8);
    tcase_add_loop_test(cases, dequantize_reads_every_layout, 0, 12);
    tcase_add_loop_test(cases, decoding_is_the_full_text, 0, 96);
    tcase_add_loop_test(cases, sweep_agrees_with_a_table_by_hand, 0, 2);
    tcase_add_loop_test(cases, sweep_finds_one_wrong_pattern, 0, 2);
    tcase_add_test(cases, refusals_leave_outputs_alone);
    tcase_add_test(cases, divergence_is_an_error);
    return test_main(cases);
}
