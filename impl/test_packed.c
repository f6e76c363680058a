/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packed storage: known bytes; every length against packing bit by bit; tensors against the unpacked calls, between
 * guard pages; layouts, overlaps and sizes. Bad arguments: test_bad_input.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/test_guard.h"
#include "impl/test_pack_slowly.h"
#include "impl/test_profile.h"
#include "test_main.h"
#include "xorshift.h"

/* ---- the operations ---- */

static mx_batch pack_batch(mx_op op, mx_elem elem, mx_layout layout, size_t k)
{
    return (mx_batch){.op = op, .elem = elem, .k = k, .count = 1, .profile = ocp(), .layout = layout};
}

static void check_bytes(mx_elem elem, mx_layout layout, const uint8_t *codes, size_t k, const uint8_t *want, size_t n)
{
    uint8_t bytes[16], back[16];
    mx_batch batch = pack_batch(MX_OP_PACK, elem, layout, k);
    ck_assert_uint_eq(mx_layout_bytes(&batch), n);
    batch.in.code = codes;
    batch.out.byte = bytes;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    ck_assert_mem_eq(bytes, want, n);
    batch = pack_batch(MX_OP_UNPACK, elem, layout, k);
    batch.in.byte = want;
    batch.out.code = back;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    ck_assert_mem_eq(back, codes, k);
}

/* By hand: 0, 0.5, 4, -0 in E2M1 as torchao (10 86) and torchmx (01 68) store them; FP6 as binary digits. */
START_TEST(known_bytes)
{
    const uint8_t fp4[] = {0, 1, 6, 8}, fp4_odd[] = {1, 2, 3}, fp6[] = {0x01, 0x02, 0x03, 0x3f}, fp8[] = {0x81, 0x7e};
    check_bytes(MX_E2M1, MX_LAYOUT_LOW_FIRST, fp4, 4, (const uint8_t[]){0x10, 0x86}, 2);
    check_bytes(MX_E2M1, MX_LAYOUT_HIGH_FIRST, fp4, 4, (const uint8_t[]){0x01, 0x68}, 2);
    check_bytes(MX_E2M1, MX_LAYOUT_SPLIT_HALF, fp4, 4, (const uint8_t[]){0x60, 0x81}, 2);
    check_bytes(MX_E2M1, MX_LAYOUT_LOW_FIRST, fp4_odd, 3, (const uint8_t[]){0x21, 0x03}, 2);
    check_bytes(MX_E2M1, MX_LAYOUT_HIGH_FIRST, fp4_odd, 3, (const uint8_t[]){0x12, 0x30}, 2);
    check_bytes(MX_E3M2, MX_LAYOUT_LOW_FIRST, fp6, 4, (const uint8_t[]){0x81, 0x30, 0xfc}, 3);
    check_bytes(MX_E2M3, MX_LAYOUT_HIGH_FIRST, fp6, 4, (const uint8_t[]){0x04, 0x20, 0xff}, 3);
    check_bytes(MX_E4M3, MX_LAYOUT_LOW_FIRST, fp8, 2, fp8, 2);
    check_bytes(MX_INT8, MX_LAYOUT_HIGH_FIRST, fp8, 2, fp8, 2);
}
END_TEST

START_TEST(lengths)
{
    guarded in = guard(200), out = guard(200), back = guard(200);
    uint64_t state = 5;
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
        for (mx_layout layout = MX_LAYOUT_LOW_FIRST; layout <= MX_LAYOUT_SPLIT_HALF; layout++)
            for (size_t n = 1; n <= 150; n++) {
                unsigned bits = mx_elem_bits(elem);
                size_t bytes = (n * bits + 7) / 8;
                uint8_t want[200];
                if (layout == MX_LAYOUT_SPLIT_HALF && (n % 2 != 0 || elem != MX_E2M1))
                    continue;
                mx_batch pack = pack_batch(MX_OP_PACK, elem, layout, n);
                mx_batch unpack = pack_batch(MX_OP_UNPACK, elem, layout, n);
                uint8_t *codes = n % 3 ? in.hi - n : in.lo;
                for (size_t i = 0; i < n; i++)
                    codes[i] = (uint8_t)(mx_xorshift(&state) & ((1u << bits) - 1));
                pack.in.code = codes;
                pack.out.byte = n % 3 ? out.hi - bytes : out.lo;
                pack_slowly(layout, bits, codes, n, want);
                ck_assert_int_eq(mxfast_run(&pack), MX_OK);
                ck_assert_mem_eq(pack.out.byte, want, bytes);
                if (layout != MX_LAYOUT_SPLIT_HALF && n * bits % 8 != 0) /* what fills up is ignored */
                    pack.out.byte[bytes - 1] ^= layout == MX_LAYOUT_LOW_FIRST ? 0x80 : 0x01;
                unpack.in.byte = pack.out.byte;
                unpack.out.code = n % 3 ? back.hi - n : back.lo;
                ck_assert_int_eq(mxfast_run(&unpack), MX_OK);
                ck_assert_mem_eq(unpack.out.code, codes, n);
            }
    unguard(in);
    unguard(out);
    unguard(back);
}
END_TEST

/* Where cuBLASLt's documentation puts scale (i, j): tile by tile, (i % 32) * 16 + i / 32 % 4 * 4 + j % 4 in each. */
START_TEST(tiles)
{
    static uint8_t scales[130 * 9], bytes[2 * 3 * 512], back[130 * 9];
    const struct {
        size_t rows, cols, row, col, at;
    } known[] = {{130, 9, 0, 1, 1},      {130, 9, 1, 0, 16},  {130, 9, 32, 0, 4},
                 {130, 9, 127, 3, 511},  {130, 9, 0, 4, 512}, {130, 9, 128, 0, 1536},
                 {130, 9, 129, 8, 2576}, {1, 1, 0, 0, 0},     {33, 5, 32, 4, 516}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        mx_batch batch = {.op = MX_OP_SWIZZLE,
                          .rows = known[i].rows,
                          .cols = known[i].cols,
                          .count = 1,
                          .profile = ocp(),
                          .layout = MX_LAYOUT_128X4,
                          .k = known[i].rows * known[i].cols};
        size_t n = mx_layout_bytes(&batch), sum = 0;
        ck_assert_uint_eq(n, mxfast_tile_bytes(batch.rows, batch.cols));
        memset(scales, 0, sizeof scales);
        memset(bytes, 0xee, sizeof bytes);
        scales[known[i].row * known[i].cols + known[i].col] = 0x7b;
        batch.in.scale = scales;
        batch.out.byte = bytes;
        ck_assert_int_eq(mxfast_run(&batch), MX_OK);
        ck_assert_uint_eq(bytes[known[i].at], 0x7b);
        for (size_t j = 0; j < n; j++)
            sum += bytes[j];
        ck_assert_uint_eq(sum, 0x7b); /* nothing else, and the filling is zero */
        batch.op = MX_OP_UNSWIZZLE;
        batch.in.scale = NULL, batch.in.byte = bytes;
        batch.out.byte = NULL, batch.out.scale = back;
        ck_assert_int_eq(mxfast_run(&batch), MX_OK);
        ck_assert_mem_eq(back, scales, batch.k);
    }
}
END_TEST

/* ---- tensors ---- */

enum { ROWS = 140, COLS = 140, ROOM = ROWS * COLS, GAP = 3 };

typedef struct shape {
    mx_elem elem;
    mx_type type;
    mx_dim dim;
    mx_layout code, scale;
    size_t rows, cols, k;
} shape;

static uint8_t codes[ROOM], scales[ROOM];

/* The lines of plain codes, packed slowly, with gaps of 0xee. */
static void expect_codes(const shape *s, size_t lines, size_t length, size_t stride, uint8_t *want)
{
    unsigned bits = mx_elem_bits(s->elem);
    size_t unit = s->code == MX_LAYOUT_SPLIT_HALF ? s->k : length;
    for (size_t l = 0; l < lines; l++)
        for (size_t at = 0; at < length; at += unit) {
            uint8_t line[COLS];
            size_t n = length - at < unit ? length - at : unit;
            for (size_t i = 0; i < n; i++)
                line[i] = s->dim == MX_DIM0 ? codes[l * s->cols + at + i] : codes[(at + i) * s->cols + l];
            pack_slowly(s->code, bits, line, n, want + l * stride + at * bits / 8);
        }
}

static size_t scale_place(const shape *s, size_t line, size_t block, size_t blocks, size_t stride)
{
    if (s->scale == 0)
        return line * stride + block;
    size_t tile = line / 128 * ((blocks + 3) / 4) + block / 4;
    return tile * 512 + line % 32 * 16 + line % 128 / 32 * 4 + block % 4;
}

static void tensor_case(const shape *s, guarded in, guarded packed, guarded tiled, guarded back, uint64_t *state)
{
    static uint8_t want[ROOM * 2], want_scales[1 << 17], decoded[ROOM * 8];
    size_t width = mx_type_bytes(s->type), lines = s->dim == MX_DIM0 ? s->rows : s->cols;
    size_t length = s->dim == MX_DIM0 ? s->cols : s->rows, blocks = (length + s->k - 1) / s->k;
    ptrdiff_t row = s->dim == MX_DIM0 ? (ptrdiff_t)blocks : (ptrdiff_t)s->cols;
    size_t stride = mxfast_line_bytes(s->elem, length) + mx_xorshift(state) % GAP,
           scale_stride = blocks + mx_xorshift(state) % GAP;
    size_t bytes = (lines - 1) * stride + mxfast_line_bytes(s->elem, length);
    size_t scale_bytes = s->scale ? mxfast_tile_bytes(lines, blocks) : (lines - 1) * scale_stride + blocks;
    unsigned char *x = in.hi - s->rows * s->cols * width, *c = packed.hi - bytes, *e = tiled.hi - scale_bytes;
    unsigned char *y = back.lo;
    mx_profile p = ocp();
    for (size_t i = 0; i < s->rows * s->cols * width; i++)
        x[i] = (unsigned char)(mx_xorshift(state) >> 11);
    mx_const_view view = {x, s->type, s->rows, s->cols, (ptrdiff_t)s->cols, 1};
    mx_blocks plain = {codes, (ptrdiff_t)s->cols, 1, scales, row, 1};
    ck_assert_int_eq(mxfast_quantize(&plain, &view, s->elem, &p, s->dim, s->k, NULL, NULL), MX_OK);
    memset(want, 0xee, bytes);
    memset(want_scales, s->scale ? 0 : 0xee, scale_bytes);
    expect_codes(s, lines, length, stride, want);
    for (size_t l = 0; l < lines; l++)
        for (size_t b = 0; b < blocks; b++)
            want_scales[scale_place(s, l, b, blocks, scale_stride)] =
                s->dim == MX_DIM0 ? scales[l * blocks + b] : scales[b * s->cols + l];
    memset(c, 0xee, bytes);
    memset(e, 0xee, scale_bytes);
    mx_packed out = {c, (ptrdiff_t)stride, s->code, e, (ptrdiff_t)scale_stride, s->scale};
    ck_assert_int_eq(mxfast_quantize_packed(&out, &view, s->elem, &p, s->dim, s->k, NULL, NULL), MX_OK);
    ck_assert_mem_eq(c, want, bytes);
    ck_assert_mem_eq(e, want_scales, scale_bytes);

    mx_const_blocks from = {codes, (ptrdiff_t)s->cols, 1, scales, row, 1};
    mx_view to = {decoded, s->type, s->rows, s->cols, (ptrdiff_t)s->cols, 1};
    ck_assert_int_eq(mxfast_dequantize(&to, &from, s->elem, &p, s->dim, s->k, NULL), MX_OK);
    mx_const_packed again = {c, (ptrdiff_t)stride, s->code, e, (ptrdiff_t)scale_stride, s->scale};
    to.data = y;
    ck_assert_int_eq(mxfast_dequantize_packed(&to, &again, s->elem, &p, s->dim, s->k, NULL), MX_OK);
    ck_assert_mem_eq(y, decoded, s->rows * s->cols * width);
}

/* By each instruction set: the codes are packed by its kernels, what is expected bit by bit. */
START_TEST(tensors)
{
    static const size_t ks[] = {1, 2, 3, 4, 7, 16, 32, 33, 64};
    guarded in = guard(ROOM * 8), packed = guard(ROOM * 2), tiled = guard(1 << 17), back = guard(ROOM * 8);
    uint64_t state = 99;
    if (!(mxfast_isa_available() >> _i & 1))
        return;
    ck_assert_int_eq(mxfast_isa_use(1u << _i), MX_OK);
    for (int round = 0; round < 12; round++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            for (mx_layout layout = MX_LAYOUT_LOW_FIRST; layout <= MX_LAYOUT_SPLIT_HALF; layout++)
                for (int tile = 0; tile < 2; tile++)
                    for (mx_dim dim = MX_DIM0; dim <= MX_DIM1; dim++) {
                        shape s = {elem,
                                   (mx_type)(MX_FP32 + mx_xorshift(&state) % 4),
                                   dim,
                                   layout,
                                   tile ? MX_LAYOUT_128X4 : (mx_layout)0,
                                   1 + mx_xorshift(&state) % ROWS,
                                   1 + mx_xorshift(&state) % COLS,
                                   ks[mx_xorshift(&state) % 9]};
                        if (layout == MX_LAYOUT_SPLIT_HALF) {
                            s.elem = MX_E2M1;
                            s.k += s.k % 2;
                            s.rows += s.rows % 2;
                            s.cols += s.cols % 2;
                        }
                        tensor_case(&s, in, packed, tiled, back, &state);
                    }
    unguard(in);
    unguard(packed);
    unguard(tiled);
    unguard(back);
}
END_TEST

/* Lines of more blocks than are worked on at a time, a number that is no multiple of a tile's columns. */
START_TEST(long_lines)
{
    enum { LONG = 9000, SHORT_K = 7, MANY = (LONG + SHORT_K - 1) / SHORT_K };
    static uint16_t x[2 * LONG];
    static uint8_t c[2 * LONG], plain[2 * LONG], s[2 * MANY], cells[512 * (MANY / 4 + 1)];
    uint64_t state = 11;
    mx_profile p = ocp();
    for (size_t i = 0; i < 2 * LONG; i++)
        x[i] = (uint16_t)(mx_xorshift(&state) >> 20) & 0xbfff;
    mx_const_view view = {x, MX_BF16, 2, LONG, LONG, 1};
    mx_blocks to = {plain, LONG, 1, s, MANY, 1};
    mx_packed out = {c, LONG, MX_LAYOUT_LOW_FIRST, cells, 0, MX_LAYOUT_128X4};
    const shape of = {.scale = MX_LAYOUT_128X4};
    ck_assert_int_eq(mxfast_quantize(&to, &view, MX_E4M3, &p, MX_DIM0, SHORT_K, NULL, NULL), MX_OK);
    ck_assert_int_eq(mxfast_quantize_packed(&out, &view, MX_E4M3, &p, MX_DIM0, SHORT_K, NULL, NULL), MX_OK);
    ck_assert_int_eq(memcmp(c, plain, sizeof c), 0);
    for (size_t i = 0; i < 2 * MANY; i++)
        ck_assert_uint_eq(cells[scale_place(&of, i / MANY, i % MANY, MANY, 0)], s[i]);
    mx_const_packed in = {c, LONG, MX_LAYOUT_LOW_FIRST, cells, 0, MX_LAYOUT_128X4};
    mx_const_blocks from = {plain, LONG, 1, s, MANY, 1};
    static uint16_t y[2][2 * LONG];
    mx_view a = {y[0], MX_BF16, 2, LONG, LONG, 1}, b = {y[1], MX_BF16, 2, LONG, LONG, 1};
    ck_assert_int_eq(mxfast_dequantize_packed(&a, &in, MX_E4M3, &p, MX_DIM0, SHORT_K, NULL), MX_OK);
    ck_assert_int_eq(mxfast_dequantize(&b, &from, MX_E4M3, &p, MX_DIM0, SHORT_K, NULL), MX_OK);
    ck_assert_int_eq(memcmp(y[0], y[1], sizeof y[0]), 0);
}
END_TEST

/* Blocks as long as they come, and lines of one block. */
START_TEST(longest)
{
    enum { N = 65536 + 5 };
    static uint8_t x[N * 2], c[N], packed[N], want[N], s[2], t[2];
    uint64_t state = 3;
    mx_profile p = ocp();
    for (size_t i = 0; i < sizeof x; i++)
        x[i] = (uint8_t)(mx_xorshift(&state) >> 7) & 0xbf;
    for (size_t k = MX_BLOCK_MAX - 1; k <= MX_BLOCK_MAX; k++) {
        mx_const_view view = {x, MX_BF16, 1, N, N, 1};
        mx_blocks plain = {c, N, 1, s, 2, 1};
        mx_packed out = {packed, N, MX_LAYOUT_LOW_FIRST, t, 2, (mx_layout)0};
        ck_assert_int_eq(mxfast_quantize(&plain, &view, MX_E3M2, &p, MX_DIM0, k, NULL, NULL), MX_OK);
        ck_assert_int_eq(mxfast_quantize_packed(&out, &view, MX_E3M2, &p, MX_DIM0, k, NULL, NULL), MX_OK);
        pack_slowly(MX_LAYOUT_LOW_FIRST, 6, c, N, want);
        ck_assert_mem_eq(packed, want, mxfast_line_bytes(MX_E3M2, N));
        ck_assert_mem_eq(s, t, 2);
    }
}
END_TEST

/* Each element takes its own random word, in row-major order of the values, in both directions. */
START_TEST(random_words)
{
    uint32_t x[6], random[6] = {0, 1, 1, 0, 0, 1};
    uint8_t c[6], s[6];
    for (size_t i = 0; i < 6; i++)
        x[i] = 0x40a00000; /* 5 = 4 + half a step at scale 2^0 */
    mx_profile p = ocp();
    p.round = MX_SR;
    p.sr_bits = 1;
    mx_const_view view = {x, MX_FP32, 2, 3, 3, 1};
    mx_packed rows = {c, 2, MX_LAYOUT_LOW_FIRST, s, 1, (mx_layout)0};
    mx_packed cols = {c, 1, MX_LAYOUT_LOW_FIRST, s, 1, (mx_layout)0};
    ck_assert_int_eq(mxfast_quantize_packed(&rows, &view, MX_E2M1, &p, MX_DIM0, 32, random, NULL), MX_OK);
    ck_assert_mem_eq(c, ((const uint8_t[]){0x76, 0x07, 0x66, 0x07}), 4);
    ck_assert_int_eq(mxfast_quantize_packed(&cols, &view, MX_E2M1, &p, MX_DIM1, 32, random, NULL), MX_OK);
    ck_assert_mem_eq(c, ((const uint8_t[]){0x66, 0x67, 0x77}), 3);
}
END_TEST

/* ---- statuses ---- */

static uint32_t sx[8 * 64];
static uint8_t sc[1024], ss[1024];

static mx_status try_quantize(mx_packed out, mx_const_view x, mx_elem elem, mx_dim dim, size_t k)
{
    mx_profile p = ocp();
    memset(sc, 0xee, sizeof sc);
    memset(ss, 0xee, sizeof ss);
    mx_status status = mxfast_quantize_packed(&out, &x, elem, &p, dim, k, NULL, NULL);
    for (size_t i = 0; status != MX_OK && i < sizeof sc; i++)
        ck_assert(sc[i] == 0xee && ss[i] == 0xee);
    return status;
}

START_TEST(layouts)
{
    const mx_const_view x = {sx, MX_FP32, 4, 64, 64, 1};
    const mx_packed out = {sc, 32, MX_LAYOUT_LOW_FIRST, ss, 2, (mx_layout)0};
    for (unsigned layout = 0; layout <= MX_LAYOUT_LAST + 1; layout++) {
        mx_packed o = out;
        o.code_layout = (mx_layout)layout;
        int good = layout >= MX_LAYOUT_LOW_FIRST && layout <= MX_LAYOUT_SPLIT_HALF;
        ck_assert_int_eq(try_quantize(o, x, MX_E2M1, MX_DIM0, 32), good ? MX_OK : MX_EINVAL);
        o = out, o.scale_layout = (mx_layout)layout;
        good = layout == 0 || layout == MX_LAYOUT_128X4;
        ck_assert_int_eq(try_quantize(o, x, MX_E2M1, MX_DIM0, 32), good ? MX_OK : MX_EINVAL);
    }
}
END_TEST

START_TEST(overlaps)
{
    const mx_const_view x = {sx, MX_FP32, 4, 64, 64, 1};
    const mx_packed out = {sc, 32, MX_LAYOUT_LOW_FIRST, ss, 2, (mx_layout)0};
    mx_packed o = out;
    ck_assert_int_eq(try_quantize(out, x, MX_E2M1, MX_DIM0, 32), MX_OK);
    ck_assert_int_eq(try_quantize(out, x, MX_E3M2, MX_DIM0, 32), MX_EALIAS); /* 48 bytes a line */
    o.code_stride = 31;
    ck_assert_int_eq(try_quantize(o, x, MX_E2M1, MX_DIM0, 32), MX_EALIAS);
    o = out, o.scale_stride = 1;
    ck_assert_int_eq(try_quantize(o, x, MX_E2M1, MX_DIM0, 32), MX_EALIAS);
    o = out, o.scales = sc + 127, o.scale_stride = 2;
    ck_assert_int_eq(try_quantize(o, x, MX_E2M1, MX_DIM0, 32), MX_EALIAS);
    o.scales = sc + 128;
    ck_assert_int_eq(try_quantize(o, x, MX_E2M1, MX_DIM0, 32), MX_OK);
    o.scales = sc + 127, o.scale_layout = MX_LAYOUT_128X4;
    ck_assert_int_eq(try_quantize(o, x, MX_E2M1, MX_DIM0, 32), MX_EALIAS);
}
END_TEST

START_TEST(sizes)
{
    const mx_const_view huge = {sx, MX_FP32, 1, SIZE_MAX / 2, 0, 0}, empty = {NULL, MX_FP32, 0, 64, 64, 1};
    const mx_packed tiled = {sc, 32, MX_LAYOUT_LOW_FIRST, ss, 2, MX_LAYOUT_128X4};
    ck_assert_int_eq(try_quantize(tiled, huge, MX_E2M1, MX_DIM0, 1), MX_ESIZE);
    for (mx_dim dim = MX_DIM0; dim <= MX_DIM1; dim++) {
        ck_assert_int_eq(try_quantize(tiled, empty, MX_E2M1, dim, 32), MX_OK);
        ck_assert(sc[0] == 0xee && ss[0] == 0xee);
    }
    ck_assert_uint_eq(mxfast_line_bytes((mx_elem)0, 5), 0);
    ck_assert_uint_eq(mxfast_tile_bytes(0, 5), 0);
    ck_assert_uint_eq(mxfast_tile_bytes(SIZE_MAX, SIZE_MAX), 0);
}
END_TEST

int main(void)
{
    int sets = 0;
    while (mxfast_isa_name((unsigned)sets) != NULL)
        sets++;
    TCase *tcase = tcase_create("packed");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, known_bytes);
    tcase_add_test(tcase, lengths);
    tcase_add_test(tcase, tiles);
    tcase_add_loop_test(tcase, tensors, 0, sets);
    tcase_add_test(tcase, long_lines);
    tcase_add_test(tcase, longest);
    tcase_add_test(tcase, random_words);
    tcase_add_test(tcase, layouts);
    tcase_add_test(tcase, overlaps);
    tcase_add_test(tcase, sizes);
    return test_main(tcase);
}
