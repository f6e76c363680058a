/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Arrangements of bytes a second time. Packed codes are the digits of one large number, which GMP writes in base 256
 * (low-first: the first code is the least significant digit; high-first: the most significant). A tiled matrix is
 * walked by its bytes, each asking which scale it holds.
 */
#include <string.h>

#include <gmp.h>

#include <mx/names.h>

#include "ref/witness.h"

/* Write `n` as `count` digits of `bits` bits, one a byte, the most significant one first (order 1) or last (-1). */
static void digits(uint8_t *out, size_t count, int order, unsigned bits, mpz_srcptr n)
{
    size_t used = mpz_sgn(n) == 0 ? 0 : (mpz_sizeinbase(n, 2) + bits - 1) / bits;

    memset(out, 0, count);
    mpz_export(order > 0 ? out + (count - used) : out, NULL, order, 1, 0, 8 - bits, n);
}

static void pack(const mx_batch *batch, const uint8_t *code, uint8_t *byte, size_t bytes, int order)
{
    unsigned w = mxref_w_bits(batch->elem);
    mpz_t n;

    mpz_init(n);
    mpz_import(n, batch->k, order, 1, 0, 8 - w, code);
    if (order > 0)
        mpz_mul_2exp(n, n, 8 * bytes - w * batch->k); /* what fills up is below the last code */
    digits(byte, bytes, order, 8, n);
    mpz_clear(n);
}

static void unpack(const mx_batch *batch, const uint8_t *byte, uint8_t *code, size_t bytes, int order)
{
    unsigned w = mxref_w_bits(batch->elem);
    mpz_t n;

    mpz_init(n);
    mpz_import(n, bytes, order, 1, 0, 0, byte);
    if (order > 0)
        mpz_fdiv_q_2exp(n, n, 8 * bytes - w * batch->k);
    else
        mpz_fdiv_r_2exp(n, n, w * batch->k);
    digits(code, batch->k, order, w, n);
    mpz_clear(n);
}

static void pack_halves(const mx_batch *batch, const uint8_t *code, uint8_t *byte)
{
    for (size_t i = 0; i < batch->k / 2; i++)
        byte[i] = (uint8_t)(code[i] + 16 * code[batch->k / 2 + i]);
}

static void unpack_halves(const mx_batch *batch, const uint8_t *byte, uint8_t *code)
{
    for (size_t i = 0; i < batch->k; i++)
        code[i] = (uint8_t)(i < batch->k / 2 ? byte[i] % 16 : byte[i - batch->k / 2] / 16);
}

/* The index in the matrix of the scale at byte t of the tiles, or (size_t)-1 where it only fills up. From the least
 * significant end, t counts columns in a tile (4), groups of 32 rows (4), rows in a group (32), tiles across, tiles
 * down. */
static size_t scale_at(const mx_batch *batch, size_t t)
{
    size_t across = batch->cols / 4 + (batch->cols % 4 != 0);
    size_t col = t % 4, row = t / 4 % 4 * 32 + t / 16 % 32;

    row += t / 512 / across * 128;
    col += t / 512 % across * 4;
    return row < batch->rows && col < batch->cols ? row * batch->cols + col : (size_t)-1;
}

static void tiles(const mx_batch *batch, size_t i, size_t bytes)
{
    for (size_t t = 0; t < bytes; t++) {
        size_t at = scale_at(batch, t), scale = i * batch->k + at, byte = i * bytes + t;
        if (batch->op == MX_OP_SWIZZLE)
            batch->out.byte[byte] = at == (size_t)-1 ? 0 : batch->in.scale[scale];
        else if (at != (size_t)-1)
            batch->out.scale[scale] = batch->in.byte[byte];
    }
}

void mxref_w_pack_case(const mx_batch *batch, size_t i)
{
    size_t bytes = mx_layout_bytes(batch);
    int order = batch->layout == MX_LAYOUT_HIGH_FIRST ? 1 : -1;

    if (batch->layout == MX_LAYOUT_128X4)
        tiles(batch, i, bytes);
    else if (batch->op == MX_OP_PACK && batch->layout == MX_LAYOUT_SPLIT_HALF)
        pack_halves(batch, batch->in.code + i * batch->k, batch->out.byte + i * bytes);
    else if (batch->op == MX_OP_PACK)
        pack(batch, batch->in.code + i * batch->k, batch->out.byte + i * bytes, bytes, order);
    else if (batch->layout == MX_LAYOUT_SPLIT_HALF)
        unpack_halves(batch, batch->in.byte + i * bytes, batch->out.code + i * batch->k);
    else
        unpack(batch, batch->in.byte + i * bytes, batch->out.code + i * batch->k, bytes, order);
}
