/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tensors: the same bits as block by block, whatever the strides, the alignment and the floating-point environment;
 * no byte touched that is not an output; sizes and overlaps. Bad arguments: test_bad_input.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/test_guard.h"
#include "impl/test_profile.h"
#include "test_main.h"
#include "xorshift.h"
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

enum { ROWS = 7, COLS = 75, K = 32, ROOM = 1 << 16 };

/* Bits of any value of `type`: mostly near 1, some anywhere, so that specials and subnormals occur too. */
static uint64_t any_value(mx_type type, uint64_t *state)
{
    static const uint64_t one[] = {
        [MX_FP32] = 0x3f800000, [MX_BF16] = 0x3f80, [MX_FP16] = 0x3c00, [MX_FP64] = UINT64_C(0x3ff0000000000000)};
    unsigned bits = (unsigned)mx_type_bytes(type) * 8;
    uint64_t x = mx_xorshift(state), mask = UINT64_MAX >> (64 - bits);
    return (x >> 60 == 0 ? x : one[type] ^ (x & (mask >> 7)) ^ (x >> 59 & 1) << (bits - 1)) & mask;
}

static void put(mx_type type, void *base, ptrdiff_t index, uint64_t bits)
{
    size_t width = mx_type_bytes(type);
    uint32_t word = (uint32_t)bits;
    uint16_t half = (uint16_t)bits;
    memcpy((unsigned char *)base + index * (ptrdiff_t)width,
           width == 8   ? (const void *)&bits
           : width == 4 ? (const void *)&word
                        : (const void *)&half,
           width);
}

/* Codes and scale of one block of k by mxfast_run. */
static void block_by_run(mx_elem elem, mx_type type, const mx_profile *p, const void *values, size_t k, uint8_t *scale,
                         uint8_t *codes)
{
    mx_batch batch = {.op = MX_OP_QUANTIZE, .elem = elem, .type = type, .k = k, .count = 1, .profile = *p};
    batch.in.value = values;
    batch.out.scale = scale;
    batch.out.code = codes;
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
}

/* A row of n values whose buffers touch the guard pages, first at their ends, then at their beginnings. */
static void row_of(mx_elem elem, mx_type type, size_t n, int at_end, guarded in, guarded codes, guarded scales,
                   guarded back)
{
    size_t width = mx_type_bytes(type), blocks = (n + K - 1) / K;
    uint64_t state = 88172645463325252u + n;
    unsigned char *x = at_end ? in.hi - n * width : in.lo, *c = at_end ? codes.hi - n : codes.lo;
    unsigned char *s = at_end ? scales.hi - blocks : scales.lo, *y = at_end ? back.hi - n * width : back.lo;
    mx_profile p = ocp();
    for (size_t i = 0; i < n; i++)
        put(type, x, (ptrdiff_t)i, any_value(type, &state));
    mx_const_view view = {x, type, 1, n, (ptrdiff_t)n, 1};
    mx_blocks out = {c, (ptrdiff_t)n, 1, s, (ptrdiff_t)blocks, 1};
    ck_assert_int_eq(mxfast_quantize(&out, &view, elem, &p, MX_DIM0, K, NULL, NULL), MX_OK);
    for (size_t b = 0; b < blocks; b++) {
        uint64_t values[K];
        uint8_t want[K], scale;
        size_t k = n - b * K < K ? n - b * K : K;
        memcpy(values, x + b * K * width, k * width);
        block_by_run(elem, type, &p, values, k, &scale, want);
        ck_assert_uint_eq(s[b], scale);
        ck_assert_mem_eq(c + b * K, want, k);
    }
    mx_view target = {y, type, 1, n, (ptrdiff_t)n, 1};
    mx_const_blocks codes_in = {c, (ptrdiff_t)n, 1, s, (ptrdiff_t)blocks, 1};
    ck_assert_int_eq(mxfast_dequantize(&target, &codes_in, elem, &p, MX_DIM0, K, NULL), MX_OK);
}

START_TEST(tails)
{
    guarded in = guard(200 * 8), codes = guard(200), scales = guard(200), back = guard(200 * 8);
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
        for (mx_type type = MX_FP32; type <= MX_TYPE_LAST; type++)
            for (size_t n = 0; n <= 200; n++)
                for (int at_end = 0; at_end < 2; at_end++)
                    row_of(elem, type, n, at_end, in, codes, scales, back);
    unguard(in);
    unguard(codes);
    unguard(scales);
    unguard(back);
}
END_TEST

/* ---- strides ---- */

typedef struct layout {
    ptrdiff_t row, col; /* strides */
    ptrdiff_t origin;   /* where element (0, 0) is */
} layout;

/* rows x cols inside ROOM, strides of either sign, gaps, row-major or column-major. */
static layout any_layout(size_t rows, size_t cols, uint64_t *state)
{
    ptrdiff_t inner = 1 + (ptrdiff_t)(mx_xorshift(state) % 3), r = (ptrdiff_t)rows, c = (ptrdiff_t)cols;
    int by_column = (int)(mx_xorshift(state) % 2);
    layout at = by_column ? (layout){inner, inner * r + (ptrdiff_t)(mx_xorshift(state) % 3), 0}
                          : (layout){inner * c + (ptrdiff_t)(mx_xorshift(state) % 3), inner, 0};
    if (mx_xorshift(state) % 2) {
        at.origin += (r - 1) * at.row;
        at.row = -at.row;
    }
    if (mx_xorshift(state) % 2) {
        at.origin += (c - 1) * at.col;
        at.col = -at.col;
    }
    at.origin += (ptrdiff_t)(mx_xorshift(state) % 5);
    return at;
}

/* Quantise X along `dim` through strides; each code and scale must be that of its block by mxfast_run, and every
 * other byte of the buffers as before. */
static void strided_case(mx_elem elem, mx_type type, mx_dim dim, uint64_t *state)
{
    static unsigned char x[ROOM * 8 + 8], codes[ROOM], scales[ROOM], want_codes[ROOM], want_scales[ROOM];
    size_t rows = 1 + mx_xorshift(state) % ROWS, cols = 1 + mx_xorshift(state) % COLS, k = 1 + mx_xorshift(state) % 40;
    size_t along = dim == MX_DIM0 ? cols : rows, across = dim == MX_DIM0 ? rows : cols, blocks = (along + k - 1) / k;
    layout xl = any_layout(rows, cols, state), cl = any_layout(rows, cols, state);
    layout sl = dim == MX_DIM0 ? any_layout(rows, blocks, state) : any_layout(blocks, cols, state);
    unsigned char *base = x + mx_xorshift(state) % 8; /* any alignment */
    mx_profile p = ocp();
    memset(codes, 0xee, sizeof codes);
    memset(scales, 0xee, sizeof scales);
    memcpy(want_codes, codes, sizeof codes);
    memcpy(want_scales, scales, sizeof scales);
    for (size_t line = 0; line < across; line++)
        for (size_t b = 0; b < blocks; b++) {
            uint64_t values[64];
            uint8_t want[64], scale;
            size_t n = along - b * k < k ? along - b * k : k;
            for (size_t i = 0; i < n; i++) {
                ptrdiff_t r = (ptrdiff_t)(dim == MX_DIM0 ? line : b * k + i);
                ptrdiff_t c = (ptrdiff_t)(dim == MX_DIM0 ? b * k + i : line);
                uint64_t bits = any_value(type, state);
                put(type, values, (ptrdiff_t)i, bits);
                put(type, base, xl.origin + r * xl.row + c * xl.col, bits);
            }
            block_by_run(elem, type, &p, values, n, &scale, want);
            ptrdiff_t sr = (ptrdiff_t)(dim == MX_DIM0 ? line : b), sc = (ptrdiff_t)(dim == MX_DIM0 ? b : line);
            want_scales[sl.origin + sr * sl.row + sc * sl.col] = scale;
            for (size_t i = 0; i < n; i++) {
                ptrdiff_t r = (ptrdiff_t)(dim == MX_DIM0 ? line : b * k + i);
                ptrdiff_t c = (ptrdiff_t)(dim == MX_DIM0 ? b * k + i : line);
                want_codes[cl.origin + r * cl.row + c * cl.col] = want[i];
            }
        }
    mx_const_view view = {base + xl.origin * (ptrdiff_t)mx_type_bytes(type), type, rows, cols, xl.row, xl.col};
    mx_blocks out = {codes + cl.origin, cl.row, cl.col, scales + sl.origin, sl.row, sl.col};
    ck_assert_int_eq(mxfast_quantize(&out, &view, elem, &p, dim, k, NULL, NULL), MX_OK);
    ck_assert_mem_eq(codes, want_codes, sizeof codes);
    ck_assert_mem_eq(scales, want_scales, sizeof scales);
}

START_TEST(strides)
{
    uint64_t state = 1;
    for (int round = 0; round < 25; round++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            for (mx_type type = MX_FP32; type <= MX_TYPE_LAST; type++)
                for (mx_dim dim = MX_DIM0; dim <= MX_DIM1; dim++)
                    strided_case(elem, type, dim, &state);
}
END_TEST

/* Decoding along DIM0 and, of the transposed views, along DIM1 gives the transposed values; and both are those of
 * mxfast_run. */
START_TEST(decode_directions)
{
    enum { N = 3 * 70 };
    uint64_t state = 7;
    mx_profile p = ocp();
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
        uint8_t codes[N], scales[3 * 3];
        uint32_t y[N], yt[N], want[N];
        for (size_t i = 0; i < N; i++)
            codes[i] = (uint8_t)(mx_xorshift(&state) & ((1u << mx_elem_bits(elem)) - 1));
        for (size_t i = 0; i < 9; i++)
            scales[i] = (uint8_t)mx_xorshift(&state);
        scales[4] = 0xff;
        scales[5] = 0;
        mx_const_blocks in = {codes, 70, 1, scales, 3, 1}, turned = {codes, 1, 70, scales, 1, 3};
        mx_view to = {y, MX_FP32, 3, 70, 70, 1}, to_turned = {yt, MX_FP32, 70, 3, 3, 1};
        ck_assert_int_eq(mxfast_dequantize(&to, &in, elem, &p, MX_DIM0, K, NULL), MX_OK);
        ck_assert_int_eq(mxfast_dequantize(&to_turned, &turned, elem, &p, MX_DIM1, K, NULL), MX_OK);
        for (size_t r = 0; r < 3; r++)
            for (size_t b = 0; b < 3; b++) {
                mx_batch batch = {.op = MX_OP_DEQUANTIZE, .elem = elem, .type = MX_FP32, .count = 1, .profile = p};
                batch.k = b == 2 ? 6 : K;
                batch.in.code = codes + r * 70 + b * K;
                batch.in.scale = scales + r * 3 + b;
                batch.out.value = want + r * 70 + b * K;
                ck_assert_int_eq(mxfast_run(&batch), MX_OK);
            }
        ck_assert_mem_eq(y, want, sizeof y);
        for (size_t r = 0; r < 3; r++)
            for (size_t c = 0; c < 70; c++)
                ck_assert_uint_eq(y[r * 70 + c], yt[c * 3 + r]);
    }
}
END_TEST

/* Each element takes its own random word, in row-major order, in both directions. */
START_TEST(random_words)
{
    uint32_t x[6], random[6] = {0, 1, 1, 0, 0, 1};
    uint8_t codes[6], scales[6];
    for (size_t i = 0; i < 6; i++)
        x[i] = 0x40a00000; /* 5 = 4 + half a step at scale 2^0 */
    mx_profile p = ocp();
    p.round = MX_SR;
    p.sr_bits = 1;
    mx_const_view view = {x, MX_FP32, 2, 3, 3, 1};
    mx_blocks rows = {codes, 3, 1, scales, 1, 1}, cols = {codes, 3, 1, scales, 3, 1};
    const uint8_t want[] = {6, 7, 7, 6, 6, 7};
    ck_assert_int_eq(mxfast_quantize(&rows, &view, MX_E2M1, &p, MX_DIM0, K, random, NULL), MX_OK);
    ck_assert_mem_eq(codes, want, 6);
    memset(codes, 0, sizeof codes);
    ck_assert_int_eq(mxfast_quantize(&cols, &view, MX_E2M1, &p, MX_DIM1, K, random, NULL), MX_OK);
    ck_assert_mem_eq(codes, want, 6);
    random[5] = 2; /* above N bits */
    memset(codes, 0xee, sizeof codes);
    ck_assert_int_eq(mxfast_quantize(&cols, &view, MX_E2M1, &p, MX_DIM1, K, random, NULL), MX_EINVAL);
    ck_assert_uint_eq(codes[0], 0xee);
}
END_TEST

#if defined(__SSE2__)
/* Rounding direction, FTZ and DAZ of the machine change nothing. */
START_TEST(environment)
{
    uint64_t state = 3;
    uint32_t x[20 * K], y[20 * K], want_y[20 * K];
    uint8_t codes[20 * K], scales[20], want_codes[20 * K], want_scales[20];
    unsigned saved = _mm_getcsr();
    mx_profile p = ocp();
    p.scale_arith = MX_ARITH_F32;
    p.scale = MX_SCALE_RCEIL;
    for (size_t i = 0; i < 20 * K; i++)
        x[i] = (uint32_t)any_value(MX_FP32, &state) & (i < 4 * K ? 0x807fffff : 0xffffffff);
    mx_const_view view = {x, MX_FP32, 20, K, K, 1};
    mx_blocks out = {codes, K, 1, scales, 1, 1};
    mx_const_blocks in = {codes, K, 1, scales, 1, 1};
    mx_view back = {y, MX_FP32, 20, K, K, 1};
    for (unsigned mode = 0; mode < 16; mode++) {
        _mm_setcsr((saved & ~0xe040u) | (mode & 3) << 13 | (mode >> 2 & 1) << 15 | (mode >> 3 & 1) << 6);
        mx_status status = mxfast_quantize(&out, &view, MX_E4M3, &p, MX_DIM0, K, NULL, NULL);
        mx_status decoded = mxfast_dequantize(&back, &in, MX_E4M3, &p, MX_DIM0, K, NULL);
        _mm_setcsr(saved);
        ck_assert_int_eq(status, MX_OK);
        ck_assert_int_eq(decoded, MX_OK);
        if (mode == 0) {
            memcpy(want_codes, codes, sizeof codes);
            memcpy(want_scales, scales, sizeof scales);
            memcpy(want_y, y, sizeof y);
        }
        ck_assert_mem_eq(codes, want_codes, sizeof codes);
        ck_assert_mem_eq(scales, want_scales, sizeof scales);
        ck_assert_mem_eq(y, want_y, sizeof y);
    }
}
END_TEST
#endif

/* ---- statuses ---- */

static uint32_t sx[64 * 64];
static uint8_t sc[64 * 64 * 2], ss[64 * 64];

static int all_are(const uint8_t *bytes, size_t n, uint8_t wanted)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != wanted)
            return 0;
    return 1;
}

static mx_status try_quantize(mx_blocks out, mx_const_view x, mx_elem elem, mx_profile p, mx_dim dim, size_t k,
                              const uint32_t *random)
{
    memset(sc, 0xee, sizeof sc);
    memset(ss, 0xee, sizeof ss);
    mx_status status = mxfast_quantize(&out, &x, elem, &p, dim, k, random, NULL);
    if (status != MX_OK)
        ck_assert(all_are(sc, sizeof sc, 0xee) && all_are(ss, sizeof ss, 0xee));
    return status;
}

/* What is refused one step further: test_bad_input. */
START_TEST(just_good)
{
    const mx_const_view x = {sx, MX_FP32, 4, 64, 64, 1};
    const mx_blocks out = {sc, 64, 1, ss, 2, 1};
    const uint32_t random[4 * 64] = {0};
    mx_profile p = ocp();
    ck_assert_int_eq(try_quantize(out, x, MX_E4M3, p, MX_DIM0, MX_BLOCK_MAX, NULL), MX_OK);
    p.round = MX_SR;
    p.sr_bits = 32;
    ck_assert_int_eq(try_quantize(out, x, MX_E4M3, p, MX_DIM0, K, random), MX_OK);
}
END_TEST

START_TEST(sizes)
{
    mx_blocks out = {sc, 64, 1, ss, 2, 1}, o = out;
    mx_profile p = ocp();
    mx_const_view huge = {sx, MX_FP32, SIZE_MAX / 2, 64, 64, 1}, far = {sx, MX_FP32, 4, 64, PTRDIFF_MAX, 1};
    mx_const_view empty = {NULL, MX_FP32, 0, 64, 64, 1}, column = {sx, MX_FP32, 4, 1, 1, PTRDIFF_MAX};
    mx_const_view low = {(const void *)(uintptr_t)64, MX_FP32, 4, 64, -64, 1},
                  row = {sx, MX_FP32, 1, 64, PTRDIFF_MIN, 1};
    ck_assert_int_eq(try_quantize(out, huge, MX_E4M3, p, MX_DIM0, K, NULL), MX_ESIZE);
    ck_assert_int_eq(try_quantize(out, far, MX_E4M3, p, MX_DIM0, K, NULL), MX_ESIZE);
    ck_assert_int_eq(try_quantize(out, low, MX_E4M3, p, MX_DIM0, K, NULL), MX_ESIZE);
    ck_assert_int_eq(try_quantize(out, column, MX_E4M3, p, MX_DIM0, K, NULL), MX_OK); /* nobody goes there */
    ck_assert_int_eq(try_quantize(out, row, MX_E4M3, p, MX_DIM1, K, NULL), MX_OK);
    o.code_row_stride = PTRDIFF_MIN;
    ck_assert_int_eq(try_quantize(o, (mx_const_view){sx, MX_FP32, 4, 64, 64, 1}, MX_E4M3, p, MX_DIM0, K, NULL),
                     MX_ESIZE);
    for (int d = MX_DIM0; d <= MX_DIM1; d++) {
        ck_assert_int_eq(try_quantize((mx_blocks){NULL, 0, 0, NULL, 0, 0}, empty, MX_E4M3, p, (mx_dim)d, K, NULL),
                         MX_OK);
        empty.rows = 4, empty.cols = 0;
        ck_assert_int_eq(try_quantize(out, empty, MX_E4M3, p, (mx_dim)d, K, NULL), MX_OK);
        ck_assert_uint_eq(sc[0], 0xee);
        ck_assert_uint_eq(ss[0], 0xee);
        empty.rows = 0, empty.cols = 64;
    }
}
END_TEST

/* 1 when two of rows x cols bytes with these strides coincide: by marking them. */
static int coincide(size_t rows, size_t cols, ptrdiff_t row, ptrdiff_t col)
{
    unsigned char mark[512] = {0};
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) {
            ptrdiff_t at = 256 + (ptrdiff_t)i * row + (ptrdiff_t)j * col;
            if (mark[at]++)
                return 1;
        }
    return 0;
}

START_TEST(output_strides)
{
    mx_profile p = ocp();
    size_t refused = 0;
    for (size_t rows = 1; rows <= 4; rows++)
        for (size_t cols = 1; cols <= 5; cols++)
            for (ptrdiff_t row = -9; row <= 9; row++)
                for (ptrdiff_t col = -9; col <= 9; col++) {
                    mx_const_view x = {sx, MX_FP32, rows, cols, 64, 1};
                    mx_blocks out = {sc + 256, row, col, ss, 8, 1};
                    int bad = coincide(rows, cols, row, col);
                    ck_assert_int_eq(try_quantize(out, x, MX_E4M3, p, MX_DIM0, 1, NULL), bad ? MX_EALIAS : MX_OK);
                    out = (mx_blocks){sc, 8, 1, ss + 256, row, col};
                    ck_assert_int_eq(try_quantize(out, x, MX_E4M3, p, MX_DIM0, 1, NULL), bad ? MX_EALIAS : MX_OK);
                    refused += (size_t)bad;
                }
    ck_assert_uint_gt(refused, 100);
}
END_TEST

START_TEST(overlaps)
{
    mx_profile p = ocp();
    static uint32_t words[4 * 64];
    uint8_t *bytes = (uint8_t *)words;
    mx_const_view x = {words, MX_FP32, 4, 32, 64, 1};
    /* codes in the gaps between rows of x, scales behind them: no byte is shared */
    mx_blocks gaps = {bytes + 128, 256, 1, bytes + 160, 256, 1}, o = gaps;
    ck_assert_int_eq(mxfast_quantize(&gaps, &x, MX_E4M3, &p, MX_DIM0, K, NULL, NULL), MX_OK);
    o.codes = bytes + 127;
    ck_assert_int_eq(mxfast_quantize(&o, &x, MX_E4M3, &p, MX_DIM0, K, NULL, NULL), MX_EALIAS);
    o.codes = bytes + 225; /* the next row's first byte */
    ck_assert_int_eq(mxfast_quantize(&o, &x, MX_E4M3, &p, MX_DIM0, K, NULL, NULL), MX_EALIAS);
    o = gaps, o.scales = bytes + 159; /* the last code */
    ck_assert_int_eq(mxfast_quantize(&o, &x, MX_E4M3, &p, MX_DIM0, K, NULL, NULL), MX_EALIAS);
    /* the scale before its 32 codes, 33 bytes a block */
    mx_const_view y = {sx, MX_FP32, 8, 32, 32, 1};
    mx_blocks packed = {sc + 1, 33, 1, sc, 33, 1};
    ck_assert_int_eq(mxfast_quantize(&packed, &y, MX_E4M3, &p, MX_DIM0, K, NULL, NULL), MX_OK);
    packed.codes = sc;
    ck_assert_int_eq(mxfast_quantize(&packed, &y, MX_E4M3, &p, MX_DIM0, K, NULL, NULL), MX_EALIAS);
    mx_view in_place = {words, MX_FP32, 4, 32, 32, 1};
    mx_const_blocks in = {bytes + 511, 32, 1, ss, 1, 1};
    ck_assert_int_eq(mxfast_dequantize(&in_place, &in, MX_E4M3, &p, MX_DIM0, K, NULL), MX_EALIAS);
    in.codes = bytes + 512;
    ck_assert_int_eq(mxfast_dequantize(&in_place, &in, MX_E4M3, &p, MX_DIM0, K, NULL), MX_OK);
    in_place.row_stride = 31;
    ck_assert_int_eq(mxfast_dequantize(&in_place, &in, MX_E4M3, &p, MX_DIM0, K, NULL), MX_EALIAS);
}
END_TEST

/* Bits above the width do not matter. */
START_TEST(wide_codes)
{
    mx_profile p = ocp();
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
        for (mx_type type = MX_FP32; type <= MX_TYPE_LAST; type++)
            for (unsigned byte = 0; byte < 256; byte++) {
                uint64_t wide[256], narrow[256];
                uint8_t codes[256], scales[8], mask = (uint8_t)((1u << mx_elem_bits(elem)) - 1);
                mx_view to = {wide, type, 1, 256, 256, 1};
                mx_const_blocks in = {codes, 256, 1, scales, 8, 1};
                memset(scales, (int)byte, sizeof scales);
                for (size_t i = 0; i < 256; i++)
                    codes[i] = (uint8_t)i;
                ck_assert_int_eq(mxfast_dequantize(&to, &in, elem, &p, MX_DIM0, K, NULL), MX_OK);
                for (size_t i = 0; i < 256; i++)
                    codes[i] &= mask;
                to.data = narrow;
                ck_assert_int_eq(mxfast_dequantize(&to, &in, elem, &p, MX_DIM0, K, NULL), MX_OK);
                ck_assert_mem_eq(wide, narrow, 256 * mx_type_bytes(type));
            }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("tensor");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, tails);
    tcase_add_test(tcase, strides);
    tcase_add_test(tcase, decode_directions);
    tcase_add_test(tcase, random_words);
#if defined(__SSE2__)
    tcase_add_test(tcase, environment);
#endif
    tcase_add_test(tcase, just_good);
    tcase_add_test(tcase, sizes);
    tcase_add_test(tcase, output_strides);
    tcase_add_test(tcase, overlaps);
    tcase_add_test(tcase, wide_codes);
    return test_main(tcase);
}
