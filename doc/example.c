/* SPDX-License-Identifier: BSD-3-Clause
 *
 * libmxfast from a program: a 2 x 64 matrix to MXFP8 (E4M3, blocks of 32 along the rows) and back.
 *
 *     cc -o example example.c $(pkg-config --cflags --libs mxcts)
 */
#include <mx/fast.h>
#include <mx/names.h>

#include <stdio.h>
#include <string.h>

enum { ROWS = 2, COLS = 64, K = 32, BLOCKS = COLS / K };

/* Every axis is said, there are no defaults. This is ocp-mx-1.0; the #profile line of any pack can be pasted here. */
static const char axes[] =
    "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee nan-in=block-nan "
    "inf-in=block-nan "
    "nan-to=unspecified zero-scale=00 scale-over=nan zero-sign=keep int8-min=symmetric int8=ocp subnormal-in=keep "
    "subnormal-out=keep nan-code=any overflow-nan=any under-nan-scale=any decode-over=any";

int main(void)
{
    mx_profile profile; /* filled whole, as every axis is named */
    char why[MX_WHY];
    float x[ROWS][COLS], y[ROWS][COLS];
    uint8_t code[ROWS][COLS], scale[ROWS][BLOCKS];

    if (mx_profile_parse(&profile, axes, strlen(axes), why) != MX_OK)
        return puts(why), 1;
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLS; c++)
            x[r][c] = (float)(c - 20) * (r ? 0.001f : 3.7f);

    /* where things lie: a pointer to the first, then the steps from row to row and from column to column */
    const mx_const_view in = {x, MX_FP32, ROWS, COLS, COLS, 1};
    const mx_blocks to = {code[0], COLS, 1, scale[0], BLOCKS, 1};
    mx_status status = mxfast_quantize(&to, &in, MX_E4M3, &profile, MX_DIM0, K, NULL, NULL);
    const mx_const_blocks from = {code[0], COLS, 1, scale[0], BLOCKS, 1};
    const mx_view back = {y, MX_FP32, ROWS, COLS, COLS, 1};
    if (status == MX_OK)
        status = mxfast_dequantize(&back, &from, MX_E4M3, &profile, MX_DIM0, K, NULL);
    if (status != MX_OK)
        return puts(mx_status_text(status)), 1;

    for (int r = 0; r < ROWS; r++)
        for (int b = 0; b < BLOCKS; b++)
            printf("row %d block %d: scale %02x, first %g -> %02x -> %g\n", r, b, scale[r][b], (double)x[r][b * K],
                   code[r][b * K], (double)y[r][b * K]);
    return 0;
}
