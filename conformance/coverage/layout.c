/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The coverage model of storage: packed codes and tiles of scales.
 */
#include "conformance/coverage/model.h"

/* So many tiles across and more are taken together: several at a time fill a vector, and some are left. */
enum { TILE_ROWS = 128, TILE_COLS = 4, TILES_ACROSS = 4, LANES = 32 };

static const char *const fill_name[] = {"clean", "dirty"};

/* ---- codes ---- */

/* Bits after the last code in its byte. */
static unsigned bits_left(const mx_batch *b)
{
    const unsigned used = (unsigned)(b->k * mxref_facts(b->elem)->bits % 8);
    return used == 0 ? 0 : 8 - used;
}

static int has_layout(const mx_facts *f, mx_layout layout)
{
    return layout != MX_LAYOUT_128X4 && (layout != MX_LAYOUT_SPLIT_HALF || f->bits == 4);
}

static void list_codes(mxc_coverage *c, mx_op op, mx_layout layout, const mx_facts *f)
{
    char group[MXC_BIN / 2];
    snprintf(group, sizeof group, "%s.%s.%s", mx_op_name(op), mx_elem_name(f->elem), mx_layout_name(layout));
    for (unsigned code = 0; code < 1u << f->bits; code++)
        mxc_bin_add(c, NULL, "%s/code=%02x", group, code);
    for (unsigned lane = 0; lane < LANES; lane++)
        mxc_bin_add(c, NULL, "%s/lane=%u", group, lane);
    if (f->bits != 8) /* whole vectors of 64 bytes, and more */
        mxc_bin_add(c, NULL, "%s/lanes-from=128", group);
    for (unsigned left = 0; left < 8; left += f->bits == 6 ? 2 : 4) {
        const char *why = left == 0                        ? NULL
                          : f->bits == 8                   ? "codes of eight bits fill their bytes"
                          : layout == MX_LAYOUT_SPLIT_HALF ? "an even number of codes fills its bytes"
                                                           : NULL;
        mxc_bin_add(c, why, "%s/bits-left=%u", group, left);
        for (int dirty = 0; op == MX_OP_UNPACK && left != 0 && dirty < 2; dirty++)
            mxc_bin_add(c, why, "%s/bits-left=%u,%s", group, left, fill_name[dirty]);
    }
}

typedef struct place {
    const mxv_pack *pack;
    size_t i;
    mxc_bin_hit *hit;
    void *state;
} place;

static void hit(const place *p, const char *group, const char *what, unsigned number, int base, const char *more)
{
    char name[MXC_BIN];
    snprintf(name, sizeof name, base == 16 ? "%s/%s=%02x%s" : "%s/%s=%u%s", group, what, number, more);
    p->hit(p->state, name);
}

static void code_bins(const place *p)
{
    const mx_batch *b = &p->pack->batch;
    const uint8_t *code = (b->op == MX_OP_PACK ? b->in.code : b->out.code) + p->i * b->k;
    const unsigned left = bits_left(b);
    char group[MXC_BIN / 2];
    snprintf(group, sizeof group, "%s.%s.%s", mx_op_name(b->op), mx_elem_name(b->elem), mx_layout_name(b->layout));
    for (size_t lane = 0; lane < b->k; lane++) {
        hit(p, group, "code", code[lane], 16, "");
        if (lane < LANES && code[lane] != 0)
            hit(p, group, "lane", (unsigned)lane, 10, "");
    }
    hit(p, group, "bits-left", left, 10, "");
    if (b->k > 128 && mxref_facts(b->elem)->bits != 8)
        hit(p, group, "lanes-from", 128, 10, "");
    if (b->op != MX_OP_UNPACK || left == 0)
        return;
    const size_t bytes = mx_layout_bytes(b);
    const unsigned last = b->in.byte[(p->i + 1) * bytes - 1], at_end = 255u >> (8 - left);
    const unsigned fill = b->layout == MX_LAYOUT_HIGH_FIRST ? last & at_end : last >> (8 - left);
    hit(p, group, "bits-left", left, 10, fill ? ",dirty" : ",clean");
}

/* ---- scales ---- */

static void list_tiles(mxc_coverage *c, mx_op op)
{
    const char *o = mx_op_name(op);
    for (unsigned byte = 0; byte < 256; byte++)
        mxc_bin_add(c, NULL, "%s/byte=%02x", o, byte);
    for (unsigned n = 1; n <= 3; n++)
        mxc_bin_add(c, NULL, "%s/tiles-down=%u", o, n);
    for (unsigned n = 1; n <= TILES_ACROSS; n++)
        mxc_bin_add(c, NULL, "%s/tiles-across=%u", o, n);
    for (unsigned n = 0; n < 4; n++) {
        mxc_bin_add(c, NULL, "%s/rows-of-32=%u", o, n);
        mxc_bin_add(c, NULL, "%s/column=%u", o, n);
        mxc_bin_add(c, NULL, "%s/columns-left=%u", o, n);
    }
    mxc_bin_add(c, NULL, "%s/rows-left=0", o);
    mxc_bin_add(c, NULL, "%s/rows-left=1", o);
    mxc_bin_add(c, NULL, "%s/rows-left=2", o); /* two or more */
    for (int dirty = 0; op == MX_OP_UNSWIZZLE && dirty < 2; dirty++)
        mxc_bin_add(c, NULL, "%s/padding=%d", o, dirty);
}

/* Anything in the cells that fill up: more than the matrix holds is not zero. */
static int is_dirty(const mx_batch *b, size_t i)
{
    const size_t bytes = mx_layout_bytes(b);
    size_t in_all = 0, inside = 0;
    for (size_t at = 0; at < bytes; at++)
        in_all += b->in.byte[i * bytes + at] != 0;
    for (size_t at = 0; at < b->k; at++)
        inside += b->out.scale[i * b->k + at] != 0;
    return in_all != inside;
}

static void tile_bins(const place *p)
{
    const mx_batch *b = &p->pack->batch;
    const char *o = mx_op_name(b->op);
    const uint8_t *scale = (b->op == MX_OP_SWIZZLE ? b->in.scale : b->out.scale) + p->i * b->k;
    const size_t across = (b->cols + TILE_COLS - 1) / TILE_COLS;
    const size_t rows_left = (TILE_ROWS - b->rows % TILE_ROWS) % TILE_ROWS;
    for (size_t at = 0; at < b->k; at++) {
        hit(p, o, "byte", scale[at], 16, "");
        if (scale[at] != 0) {
            hit(p, o, "rows-of-32", (unsigned)(at / b->cols % TILE_ROWS / 32), 10, "");
            hit(p, o, "column", (unsigned)(at % b->cols % TILE_COLS), 10, "");
        }
    }
    hit(p, o, "tiles-down", (unsigned)((b->rows + TILE_ROWS - 1) / TILE_ROWS), 10, "");
    hit(p, o, "tiles-across", across < TILES_ACROSS ? (unsigned)across : TILES_ACROSS, 10, "");
    hit(p, o, "columns-left", (unsigned)((TILE_COLS - b->cols % TILE_COLS) % TILE_COLS), 10, "");
    hit(p, o, "rows-left", rows_left < 2 ? (unsigned)rows_left : 2, 10, "");
    if (b->op == MX_OP_UNSWIZZLE)
        hit(p, o, "padding", (unsigned)is_dirty(b, p->i), 10, "");
}

/* ---- both ---- */

void mxc_bins_list_layout(mxc_coverage *c)
{
    for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++)
        for (mx_layout layout = 1; layout <= MX_LAYOUT_LAST; layout++)
            for (mx_op op = MX_OP_PACK; op <= MX_OP_UNPACK; op++)
                if (has_layout(mxref_facts(elem), layout))
                    list_codes(c, op, layout, mxref_facts(elem));
    list_tiles(c, MX_OP_SWIZZLE);
    list_tiles(c, MX_OP_UNSWIZZLE);
}

mx_status mxc_bins_of_layout(const mxv_pack *pack, size_t i, mxc_bin_hit *report, void *state)
{
    const place p = {pack, i, report, state};
    if (pack->batch.op <= MX_OP_UNPACK)
        code_bins(&p);
    else
        tile_bins(&p);
    return MX_OK;
}
