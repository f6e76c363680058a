/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Points of pack, unpack, swizzle and unswizzle: what tells every cell from every other, and what fills up.
 */
#include <string.h>

#include <mx/names.h>

#include "conformance/generate/points.h"

enum { ONE_BIT_MAX = 8, ROWS_DISTINCT = 16, DRAWN = 3 };

/* A row of zero cells; NULL after an allocation failure. */
static uint8_t *cells_of_row(mxc_points *p, const char *tags)
{
    (void)mxc_row(p, tags);
    return p->failed ? NULL : p->code + (p->count - 1) * p->cells;
}

/* The largest cell: all bits of a code, or of a byte. */
static unsigned ones(const mxc_points *p)
{
    return p->shape.op == MX_OP_PACK ? (1u << p->facts->bits) - 1 : 255;
}

/* Cell j holds (first + j * step) / divisor. */
static void counted(mxc_points *p, size_t first, size_t step, size_t divisor, const char *tags)
{
    uint8_t *cell = cells_of_row(p, tags);
    for (size_t j = 0; cell != NULL && j < p->cells; j++) {
        cell[j] = (uint8_t)((first + j * step) / divisor & ones(p));
    }
}

static void filled(mxc_points *p, unsigned with, const char *tags)
{
    uint8_t *cell = cells_of_row(p, tags);
    if (cell != NULL) {
        memset(cell, (int)with, p->cells);
    }
}

/* One set bit in each cell, alone. */
static void one_bit(mxc_points *p, size_t cells, const char *tags)
{
    for (size_t j = 0; j < cells; j++) {
        for (unsigned bit = 1; bit <= ones(p); bit *= 2) {
            uint8_t *cell = cells_of_row(p, tags);
            if (cell == NULL) {
                return;
            }
            cell[j] = (uint8_t)bit;
        }
    }
}

/* Ones in each cell whose number has this digit, for every digit: told apart in few rows. */
static void numbered(mxc_points *p, const char *tags)
{
    for (size_t digit = 1; digit < p->cells; digit *= 2) {
        uint8_t *cell = cells_of_row(p, tags);
        for (size_t j = 0; cell != NULL && j < p->cells; j++) {
            cell[j] = (uint8_t)(j & digit ? ones(p) : 0);
        }
    }
}

static void drawn(mxc_points *p, const char *tags)
{
    for (unsigned i = 0; i < DRAWN; i++) {
        uint8_t *cell = cells_of_row(p, tags);
        for (size_t j = 0; cell != NULL && j < p->cells; j++) {
            cell[j] = (uint8_t)(mxc_draw(p) >> 32 & ones(p));
        }
    }
}

/* unpack: codes of zero and codes of ones, with every bit after the last code the other way, and each such bit alone.
 * In the last byte the padding is at the top (low-first) or at the bottom (high-first). */
static void padding(mxc_points *p)
{
    const unsigned used = (unsigned)(p->shape.k * p->facts->bits % 8);
    const int high = p->shape.layout == MX_LAYOUT_HIGH_FIRST;
    if (used == 0) {
        return;
    }
    const unsigned pad = high ? 255u >> used : 255u << used & 255u;
    for (unsigned mask = 1; mask <= 128; mask *= 2) {
        uint8_t *cell = pad & mask ? cells_of_row(p, "C5.1-c,padding") : NULL;
        if (cell != NULL) {
            cell[p->cells - 1] = (uint8_t)mask;
        }
    }
    for (int full = 0; full < 2; full++) {
        uint8_t *cell = cells_of_row(p, "C5.1-c,padding");
        if (cell != NULL) {
            memset(cell, full ? 255 : 0, p->cells);
            cell[p->cells - 1] = (uint8_t)(full ? 255 & ~pad : pad);
        }
    }
}

void mxc_points_pack(mxc_points *points)
{
    const size_t few = (ones(points) + 1) / ROWS_DISTINCT, step = points->cells > few ? points->cells : few;
    filled(points, 0, "C5.1-c,zero");
    filled(points, ones(points), "C5.1-c,ones");
    for (size_t first = 0; first <= ones(points); first += step) { /* counting up over the lanes */
        counted(points, first, 1, 1, "C5.1-c,distinct");
    }
    counted(points, ones(points), ones(points), 1, "C5.1-c,distinct"); /* descending */
    counted(points, 5, 7, 1, "C5.1-c,distinct");
    if (points->cells <= ONE_BIT_MAX) {
        one_bit(points, points->cells, "C5.1-c,bit");
    } else {
        for (unsigned bit = 1; bit <= ones(points); bit *= 2) {
            filled(points, bit, "C5.1-c,bit");
        }
        numbered(points, "C5.1-c,lane");
    }
    if (points->shape.op == MX_OP_UNPACK) {
        padding(points);
    }
    drawn(points, "C5.1-c,drawn");
}

/* The first two rows together give every cell (up to 65536) a number of its own. */
void mxc_points_swizzle(mxc_points *points)
{
    counted(points, 1, 1, 1, "C5.1-c,distinct");
    if (points->cells > 255) {
        counted(points, 1, 1, 256, "C5.1-c,distinct");
    }
    filled(points, 255, points->shape.op == MX_OP_SWIZZLE ? "C5.1-c,ones" : "C5.1-c,padding");
    if (points->cells == 1) {
        one_bit(points, 1, "C5.1-c,bit");
    }
    if (points->cells < 600) { /* descending, and the bytes of NaN and of 2^-127 change places */
        counted(points, 255, 255, 1, "C5.1-c,distinct");
    }
}
