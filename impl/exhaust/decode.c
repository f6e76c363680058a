/* SPDX-License-Identifier: BSD-3-Clause
 *
 * dequantize: each code under each scale byte, along rows, and down columns with codes in place and transposed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "impl/exhaust/exhaust.h"

/* A block for each scale byte and 32 codes. In a matrix they lie down columns, two below each other. */
enum { CELLS = 256 * 256, OF_A_SCALE = 256 / K, ROWS = 2 * K, COLS = CELLS / ROWS };

typedef enum way { ALONG, DOWN, TURNED, WAYS } way;

static const char *const way_names[WAYS] = {"along rows", "down columns", "down columns, codes transposed"};

static uint8_t codes[WAYS][CELLS], scales[CELLS / K];
static uint32_t outs[2][CELLS]; /* room for the widest type */

/* A finite code lies beside finite ones only, unless all codes are wanted: kernels leave what is beside others to the
 * portable ones. */
static void fill(mx_elem elem, int all)
{
    const unsigned magnitude = (1u << (mxfast_facts(elem)->bits - 1)) - 1;
    for (size_t b = 0; b < CELLS / K; b++) {
        const size_t r = b / COLS * K, c = b % COLS;
        scales[b] = (uint8_t)(b / OF_A_SCALE);
        for (size_t i = 0; i < K; i++) {
            const uint8_t code = (uint8_t)(b % OF_A_SCALE * K + i);
            const int skip = !all && (code & magnitude) > mxfast_facts(elem)->max_code;
            codes[ALONG][b * K + i] = codes[DOWN][(r + i) * COLS + c] = codes[TURNED][c * ROWS + r + i] =
                skip ? 0 : code;
        }
    }
}

static void dequantize(unsigned mask, uint32_t *to, way w, mx_elem elem, mx_type type)
{
    const mxfast_options one = {1};
    const mx_profile p = exhaust_profile();
    const mx_view y = w == ALONG ? (mx_view){to, type, 1, CELLS, CELLS, 1} : (mx_view){to, type, ROWS, COLS, COLS, 1};
    const mx_const_blocks in = w == ALONG  ? (mx_const_blocks){codes[w], CELLS, 1, scales, CELLS / K, 1}
                               : w == DOWN ? (mx_const_blocks){codes[w], COLS, 1, scales, COLS, 1}
                                           : (mx_const_blocks){codes[w], 1, ROWS, scales, COLS, 1};
    if (mxfast_isa_use(mask) != MX_OK ||
        mxfast_dequantize(&y, &in, elem, &p, w == ALONG ? MX_DIM0 : MX_DIM1, K, &one) != MX_OK)
        exit(99);
}

static int all_sets(unsigned mask, way w, mx_elem elem, mx_type type, uint64_t *done)
{
    dequantize(1, outs[0], w, elem, type);
    for (unsigned i = 1; mask >> i != 0; i++) {
        if (!(mask >> i & 1))
            continue;
        dequantize(1u << i, outs[1], w, elem, type);
        const size_t bad = exhaust_differ(outs[0], outs[1], CELLS * mx_type_bytes(type));
        if (bad != SIZE_MAX) {
            printf("differs: values of %s as %s by %s, %s, from value %zu on\n", mx_elem_name(elem), mx_type_name(type),
                   mxfast_isa_name(i), way_names[w], bad / mx_type_bytes(type));
            return 1;
        }
        *done += CELLS;
    }
    return 0;
}

int exhaust_decode(unsigned mask, slice part, uint64_t *done)
{
    (void)part;
    int bad = 0;
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
        for (int all = 0; all < 2; all++) {
            fill(elem, all);
            for (mx_type type = MX_FP32; type <= MX_FP16; type++)
                for (way w = ALONG; w < WAYS; w++)
                    bad |= all_sets(mask, w, elem, type, done);
        }
    return bad;
}
