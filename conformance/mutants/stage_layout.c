/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stages of storage: codes in bytes, scales in tiles, one bit and one cell at a time.
 */
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/mutants/converter.h"

static int is_pack_fault(mxc_fault fault)
{
    return fault >= MXC_FAULT_PACK_LAYOUT && fault <= MXC_FAULT_PACK_LAST;
}

static int is_tile_fault(mxc_fault fault)
{
    return fault >= MXC_FAULT_TILE_ORDER && fault <= MXC_FAULT_TILE_LAST;
}

/* Which lane's code is written at `lane`. */
size_t mxm_from_lane(const converter *c, size_t lane)
{
    const size_t k = c->batch->k;
    if (mxm_acts(c, MXC_FAULT_LANE_HALVES) && k % 2 == 0)
        return lane / 2 + (lane % 2) * (k / 2);
    if (mxm_acts(c, MXC_FAULT_LANE_BACK))
        return k - 1 - lane;
    if (mxm_acts(c, MXC_FAULT_LANE_XOR) && (lane ^ (size_t)c->mutant->a) < k)
        return lane ^ (size_t)c->mutant->a;
    return lane;
}

/* ---- codes ---- */

/* A bit of the packed column. */
typedef struct spot {
    size_t byte;
    unsigned bit;
} spot;

static mx_layout order_of(const converter *c)
{
    const int split_fits = c->right.format->bits == 4 && c->batch->k % 2 == 0;
    if (!mxm_acts(c, MXC_FAULT_PACK_LAYOUT) || (c->mutant->a == MX_LAYOUT_SPLIT_HALF && !split_fits))
        return c->batch->layout;
    return (mx_layout)c->mutant->a;
}

/* Where the bits of case i begin in the column. */
static size_t origin(const converter *c, size_t i)
{
    const size_t bits = c->batch->k * c->right.format->bits, bytes = mx_layout_bytes(c->batch);
    if (mxm_acts(c, MXC_FAULT_PACK_STRIDE) && bits % 8 != 0)
        return c->mutant->a ? i * bits : i * (bits / 8) * 8; /* without gaps; in whole bytes, rounded down */
    return i * bytes * 8;
}

/* Four FP6 codes as three bytes, two of upper four bits and one of lower two: planes of bytes, or byte by byte with
 * the last two codes changed over. `at`: of the case's first byte. */
static spot in_planes(const converter *c, size_t at, size_t code, unsigned bit)
{
    const size_t n = c->batch->k / 4, group = code / 4;
    const int mixed = c->mutant->a;
    unsigned q = (unsigned)(code % 4);
    if (mixed && q >= 2)
        q = 5 - q;
    const unsigned plane = bit < 2 ? 2 : q / 2;
    const size_t byte = mixed ? 3 * group + plane : plane * n + group;
    return (spot){at / 8 + byte, bit < 2 ? 6 - 2 * q + bit : q % 2 ? bit - 2 : bit + 2};
}

/* Bytes of each whole group of `size` from the other end. */
static size_t mirrored(const converter *c, size_t at, size_t byte, size_t size)
{
    const size_t bytes = mx_layout_bytes(c->batch), inside = byte - at, group = inside / size * size;
    return inside < bytes && group + size <= bytes ? at + group + size - 1 - inside % size : byte;
}

/* Bit `bit` of a code (beyond its width: what lies above it) whose case begins at bit `at` of the column. */
static spot spot_of(const converter *c, size_t at, size_t code, unsigned bit)
{
    const unsigned width = c->right.format->bits;
    const size_t half = c->batch->k / 2;
    const mx_layout order = order_of(c);
    size_t step = width;
    if (mxm_acts(c, MXC_FAULT_PACK_PLANES) && width == 6 && c->batch->k % 4 == 0 && bit < width)
        return in_planes(c, at, code, bit);
    if (mxm_acts(c, MXC_FAULT_PACK_BITS_REVERSED) && bit < width)
        bit = width - 1 - bit;
    if (mxm_acts(c, MXC_FAULT_PACK_STEP))
        step = (size_t)c->mutant->a;
    if (mxm_acts(c, MXC_FAULT_PACK_SHIFT))
        at += (size_t)c->mutant->a;
    spot s;
    if (order == MX_LAYOUT_SPLIT_HALF) {
        const int upper = code >= half;
        s = (spot){at / 8 + code % half, bit + (upper ? 4 : 0)};
        if (upper && bit >= 4)
            s.byte = SIZE_MAX; /* nothing above it */
    } else {
        const size_t i = at + code * step + (order == MX_LAYOUT_LOW_FIRST ? bit : width - 1 - bit);
        s = (spot){i / 8, (unsigned)(order == MX_LAYOUT_LOW_FIRST ? i % 8 : 7 - i % 8)};
    }
    if (mxm_acts(c, MXC_FAULT_PACK_BYTES_REVERSED))
        s.byte = mirrored(c, at / 8, s.byte, (size_t)c->mutant->a);
    if (mxm_acts(c, MXC_FAULT_PACK_BIT_XOR))
        s.bit ^= (unsigned)c->mutant->a;
    return s;
}

/* A bit that is lost because its code's other bits are in another byte. */
static int is_cut(const converter *c, size_t at, size_t code, spot s)
{
    return mxm_acts(c, MXC_FAULT_PACK_NO_STRADDLE) && s.byte != spot_of(c, at, code, c->mutant->a ? 0 : 5).byte;
}

static void put_code(const converter *c, uint8_t *bytes, size_t size, size_t at, size_t lane, unsigned code)
{
    for (unsigned bit = 0; bit < c->right.format->bits; bit++) {
        const spot s = spot_of(c, at, lane, bit);
        if (s.byte < size && !is_cut(c, at, lane, s))
            bytes[s.byte] = (uint8_t)(bytes[s.byte] | (code >> bit & 1) << s.bit);
    }
}

static unsigned get_code(const converter *c, const uint8_t *bytes, size_t size, size_t at, size_t lane)
{
    const unsigned width = mxm_acts(c, MXC_FAULT_PACK_UNMASKED) ? 8 : c->right.format->bits;
    unsigned code = 0;
    for (unsigned bit = 0; bit < width; bit++) {
        const spot s = spot_of(c, at, lane, bit);
        if (s.byte < size && !is_cut(c, at, lane, s))
            code |= (unsigned)(bytes[s.byte] >> s.bit & 1) << bit;
    }
    return code;
}

/* The bits after the last code of a case, in its last byte. */
static uint8_t padding_of(const converter *c)
{
    const unsigned used = (unsigned)(c->batch->k * c->right.format->bits % 8);
    if (used == 0 || c->batch->layout == MX_LAYOUT_SPLIT_HALF)
        return 0;
    return (uint8_t)(c->batch->layout == MX_LAYOUT_LOW_FIRST ? 255u << used : 255u >> used);
}

/* What stands there when it is not zero. */
static uint8_t filling(const converter *c, const uint8_t *bytes, size_t last, size_t case_bytes)
{
    switch (c->mutant->a) {
    case 0: /* ones */
        return 255;
    case 1: /* the last nibble again */
        return (uint8_t)(bytes[last] << 4 | bytes[last] >> 4);
    default: /* what was there: the byte of the case before */
        return last >= case_bytes ? bytes[last - case_bytes] : 255;
    }
}

static void pack(converter *c)
{
    const mx_batch *b = c->batch;
    const size_t case_bytes = mx_layout_bytes(b), size = case_bytes * b->count;
    memset(b->out.byte, 0, size);
    for (size_t i = 0; i < b->count; i++) {
        mxm_know_block(c);
        const size_t at = origin(c, i);
        for (size_t lane = 0; lane < b->k; lane++) {
            mxm_know_lane(c, lane);
            size_t from = i * b->k + mxm_from_lane(c, lane);
            if (i > 0 && mxm_acts(c, MXC_FAULT_PACK_STALE))
                from -= b->k;
            put_code(c, b->out.byte, size, at, lane, mxm_fault_of_code(c, b->in.code[from]));
        }
        const size_t last = (i + 1) * case_bytes - 1;
        if (mxm_acts(c, MXC_FAULT_PACK_PAD))
            b->out.byte[last] |= filling(c, b->out.byte, last, case_bytes) & padding_of(c);
    }
}

static void unpack(converter *c)
{
    const mx_batch *b = c->batch;
    const size_t case_bytes = mx_layout_bytes(b), size = case_bytes * b->count;
    for (size_t i = 0; i < b->count; i++) {
        mxm_know_block(c);
        const size_t at = origin(c, i);
        for (size_t lane = 0; lane < b->k; lane++) {
            mxm_know_lane(c, lane);
            unsigned code = get_code(c, b->in.byte, size, at, mxm_from_lane(c, lane));
            const int dirty = (b->in.byte[(i + 1) * case_bytes - 1] & padding_of(c)) != 0;
            if (dirty && lane + 1 == b->k && mxm_acts(c, MXC_FAULT_PACK_PAD))
                code = c->mutant->a == 0 ? 0 : code | 1u;
            const unsigned above = code & ~((1u << c->right.format->bits) - 1);
            code = mxm_fault_of_code(c, (uint8_t)code) | above;
            if (code >> (c->right.format->bits - 1) & 1 && mxm_acts(c, MXC_FAULT_PACK_SIGNED))
                code |= 255u << c->right.format->bits;
            const int stale = i > 0 && mxm_acts(c, MXC_FAULT_PACK_STALE);
            b->out.code[i * b->k + lane] = stale ? b->out.code[(i - 1) * b->k + lane] : (uint8_t)code;
        }
    }
}

/* ---- scales ---- */

enum { TILE_ROWS = 128, TILE_COLS = 4, TILE = TILE_ROWS * TILE_COLS };

/* Within a tile: the order of OCP's users, and others that are in use or near it. */
static size_t in_tile(size_t r, size_t c, int order)
{
    switch (order) {
    case 1: /* row by row */
        return r * TILE_COLS + c;
    case 2: /* column by column */
        return c * TILE_ROWS + r;
    case 3: /* groups of 32 rows and columns changed over */
        return r % 32 * 16 + c * 4 + r / 32;
    case 4: /* rows r, r + 4 ... together for r, r + 32 ... */
        return r / 4 * 16 + r % 4 * 4 + c;
    case 5: /* 32 and 4 changed over */
        return r / 32 * 128 + r % 32 * 4 + c;
    case 6: /* rows r, r + 32 ... the other way round */
        return r % 32 * 16 + (3 - r / 32) * 4 + c;
    default:
        return r % 32 * 16 + r / 32 * 4 + c;
    }
}

/* Layouts of other machines, of a matrix so many tiles of four columns wide: tiles of 8 rows and 4 columns; blocks of
 * 32 rows and 8 columns, of which rows r and r + 16 and columns c and c + 4 go together. */
static size_t in_other(size_t r, size_t c, size_t wide, int is_32x8)
{
    if (!is_32x8)
        return (r / 8 * wide + c / 4) * 32 + r % 8 * 4 + c % 4;
    const size_t block = r / 32 * ((wide + 1) / 2) + c / 8;
    return ((block * 4 + c % 4) * 16 + r % 16) * 4 + c / 4 % 2 * 2 + r / 16 % 2;
}

/* Where the scale of row r and column c is in a matrix of `rows` x `cols`. */
static size_t cell_of(const converter *v, size_t r, size_t c)
{
    const size_t rows = v->batch->rows, cols = v->batch->cols;
    const size_t tall = (rows + TILE_ROWS - 1) / TILE_ROWS;
    size_t wide = (cols + TILE_COLS - 1) / TILE_COLS;
    if (mxm_acts(v, MXC_FAULT_TILE_PLAIN))
        return v->mutant->a ? r * cols + c : r * wide * TILE_COLS + c;
    if (mxm_acts(v, MXC_FAULT_TILE_FLOOR) && wide > 1)
        wide = cols / TILE_COLS;
    if (mxm_acts(v, MXC_FAULT_TILE_SLICE))
        c = c * (size_t)v->mutant->a;
    if (mxm_acts(v, MXC_FAULT_TILE_ROW))
        r = (r + (size_t)v->mutant->a) % (tall * TILE_ROWS);
    if (mxm_acts(v, MXC_FAULT_TILE_OTHER))
        return in_other(r, c, wide, v->mutant->a);
    if (mxm_acts(v, MXC_FAULT_TILE_STRIDE))
        return r / TILE_ROWS * TILE_ROWS * cols + c / TILE_COLS * TILE + in_tile(r % TILE_ROWS, c % TILE_COLS, 0);
    const size_t tile = mxm_acts(v, MXC_FAULT_TILE_COLUMNS) ? c / TILE_COLS * tall + r / TILE_ROWS
                                                            : r / TILE_ROWS * wide + c / TILE_COLS;
    return tile * TILE + in_tile(r % TILE_ROWS, c % TILE_COLS, mxm_acts(v, MXC_FAULT_TILE_ORDER) ? v->mutant->a : 0);
}

/* Where it is in the matrix itself. */
static size_t plain_of(const converter *v, size_t r, size_t c)
{
    return mxm_acts(v, MXC_FAULT_TILE_TRANSPOSED) ? c * v->batch->rows + r : r * v->batch->cols + c;
}

static void know_cell(converter *v, size_t r, size_t c)
{
    mxm_know_lane(v, r * v->batch->cols + c);
    v->var[MXC_ROW] = (int)r;
    v->var[MXC_COL] = (int)c;
    v->var[MXC_ROWS] = (int)v->batch->rows;
    v->var[MXC_COLS] = (int)v->batch->cols;
    v->var[MXC_OUTSIDE] = r >= v->batch->rows || c >= v->batch->cols;
}

static void swizzle(converter *v)
{
    const mx_batch *b = v->batch;
    const size_t bytes = mx_layout_bytes(b), n = b->rows * b->cols;
    const size_t rows = (b->rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
    const size_t cols = (b->cols + TILE_COLS - 1) / TILE_COLS * TILE_COLS;
    memset(b->out.byte, 0, bytes * b->count);
    for (size_t i = 0; i < b->count; i++)
        for (size_t at = 0; at < rows * cols; at++) {
            const size_t r = at / cols, c = at % cols;
            know_cell(v, r, c);
            const int outside = v->var[MXC_OUTSIDE];
            const size_t to = cell_of(v, r, c);
            uint8_t byte = outside ? 0 : b->in.scale[i * n + plain_of(v, r, c)];
            if (i > 0 && mxm_acts(v, MXC_FAULT_TILE_STALE))
                byte = outside ? b->in.scale[(i - 1) * n] : b->in.scale[(i - 1) * n + r * b->cols + c];
            byte = mxm_fault_of_byte(v, byte);
            if (to < bytes && (byte != 0 || !outside))
                b->out.byte[i * bytes + to] = byte;
        }
}

static void unswizzle(converter *v)
{
    const mx_batch *b = v->batch;
    const size_t bytes = mx_layout_bytes(b), n = b->rows * b->cols;
    for (size_t i = 0; i < b->count; i++)
        for (size_t at = 0; at < n; at++) {
            const size_t r = at / b->cols, c = at % b->cols;
            know_cell(v, r, c);
            const size_t from = cell_of(v, r, c);
            const int stale = i > 0 && mxm_acts(v, MXC_FAULT_TILE_STALE);
            const uint8_t byte = from < bytes ? b->in.byte[i * bytes + from] : 0;
            uint8_t *to = &b->out.scale[i * n + plain_of(v, r, c)];
            *to = stale ? b->out.scale[(i - 1) * n + at] : mxm_fault_of_byte(v, byte);
        }
}

void mxm_rearrange(converter *c)
{
    switch (c->batch->op) {
    case MX_OP_PACK:
        pack(c);
        break;
    case MX_OP_UNPACK:
        unpack(c);
        break;
    case MX_OP_SWIZZLE:
        swizzle(c);
        break;
    default:
        unswizzle(c);
        break;
    }
}

/* ---- as storage of tensors ---- */

/* Write `cells` into `bytes` and read them back, one of both by a converter without a fault. */
static mx_status there_and_back(const converter *c, const mx_batch *write, const mx_batch *read, int reading)
{
    converter *writer = malloc(sizeof *writer);
    if (writer == NULL)
        return MX_ENOMEM;
    for (int step = 0; step < 2; step++) {
        *writer = *c;
        writer->batch = step == 0 ? write : read;
        writer->mutant = step == reading ? c->mutant : &mxc_mutants[0];
        mxm_rearrange(writer);
    }
    free(writer);
    return MX_OK;
}

mx_status mxm_store_codes(const converter *c, uint8_t *codes, int reading)
{
    mx_batch pack = {.op = MX_OP_PACK, .elem = c->batch->elem, .k = c->batch->k, .count = c->batch->count};
    if (!is_pack_fault(c->mutant->fault))
        return MX_OK;
    pack.layout = MX_LAYOUT_LOW_FIRST;
    uint8_t *bytes = calloc(pack.count + 1, mx_layout_bytes(&pack));
    if (bytes == NULL)
        return MX_ENOMEM;
    mx_batch unpack = pack;
    unpack.op = MX_OP_UNPACK;
    pack.in.code = codes;
    pack.out.byte = bytes;
    unpack.in.byte = bytes;
    unpack.out.code = codes;
    const mx_status status = there_and_back(c, &pack, &unpack, reading);
    free(bytes);
    return status;
}

/* As a matrix of five columns, so that a tile is left half empty; what is left of the blocks stays as it is. */
mx_status mxm_store_scales(const converter *c, uint8_t *scales, int reading)
{
    enum { COLUMNS = 5 };
    mx_batch swizzle = {.op = MX_OP_SWIZZLE, .layout = MX_LAYOUT_128X4, .cols = COLUMNS, .count = 1};
    swizzle.rows = c->batch->count / COLUMNS;
    swizzle.k = swizzle.rows * COLUMNS;
    if (!is_tile_fault(c->mutant->fault) || swizzle.rows == 0)
        return MX_OK;
    uint8_t *bytes = calloc(1, mx_layout_bytes(&swizzle));
    if (bytes == NULL)
        return MX_ENOMEM;
    mx_batch unswizzle = swizzle;
    unswizzle.op = MX_OP_UNSWIZZLE;
    swizzle.in.scale = scales;
    swizzle.out.byte = bytes;
    unswizzle.in.byte = bytes;
    unswizzle.out.scale = scales;
    const mx_status status = there_and_back(c, &swizzle, &unswizzle, reading);
    free(bytes);
    return status;
}
