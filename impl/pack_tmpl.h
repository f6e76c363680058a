/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: mxfast_pack_codes and mxfast_unpack_codes on the lanes of an instruction set. Included once by each
 * impl/<set>/<isa>.c.
 *
 * Parameters: PREFETCH(at); those of a pack_<isa>.h, where bits (6 or 4) and from_top (1 for high-first) are constants:
 *   PACKED                              codes that are taken at once, a multiple of 8
 *   p_close(to, from, bits, from_top)   PACKED codes, none above its width, to PACKED * bits / 8 bytes
 *   p_spread(to, from, bits, from_top)  the inverse
 *   p_close_halves(to, low, high)       16 codes of 4 bits and 16 others to 16 bytes
 *   p_spread_halves(low, high, from)    the inverse
 * and for quantize_tmpl.h and dequantize_tmpl.h, of codes in registers, two vectors of lanes.h (4 bits) or four (6), to
 * or from one or three; split halves: of blocks of 32:
 *   pack_lanes, p_make(layout, bits)    what p_put needs
 *   p_put(to, codes, packs, bits, stream)
 *                                       stream: as for b_put
 *   spread_lanes, p_spread_make(layout, bits, paired)
 *   p_get(codes, from, spreads, bits)   as b_get has them; bits above the width are any
 * Defines: pack_codes, unpack_codes, as mxfast_pack_codes and mxfast_unpack_codes, which do what is left over.
 */
#include "impl/pack.h"

enum { FETCHED = 2048 }; /* packed bytes are fetched so many before they are used */

LANES void pack_stream(mx_layout layout, unsigned bits, int from_top, const uint8_t *codes, size_t n, uint8_t *bytes)
{
    size_t i = 0;
    for (; i + PACKED <= n; i += PACKED)
        p_close(bytes + i / 8 * bits, codes + i, bits, from_top);
    mxfast_pack_codes(layout, bits, codes + i, n - i, 1, bytes + i / 8 * bits);
}

LANES void unpack_stream(mx_layout layout, unsigned bits, int from_top, const uint8_t *bytes, size_t n, uint8_t *codes)
{
    size_t i = 0;
    for (; i + PACKED <= n; i += PACKED) {
        PREFETCH((const char *)bytes + i / 8 * bits + FETCHED);
        p_spread(codes + i, bytes + i / 8 * bits, bits, from_top);
    }
    mxfast_unpack_codes(layout, bits, bytes + i / 8 * bits, n - i, 1, codes + i);
}

/* Blocks of n codes, a multiple of 32. */
LANES void pack_halves(const uint8_t *codes, size_t n, size_t blocks, uint8_t *bytes)
{
    for (size_t b = 0; b < blocks; b++, codes += n, bytes += n / 2)
        for (size_t i = 0; i < n / 2; i += 16)
            p_close_halves(bytes + i, codes + i, codes + n / 2 + i);
}

LANES void unpack_halves(const uint8_t *bytes, size_t n, size_t blocks, uint8_t *codes)
{
    for (size_t b = 0; b < blocks; b++, codes += n, bytes += n / 2)
        for (size_t i = 0; i < n / 2; i += 16) {
            PREFETCH((const char *)bytes + i + FETCHED);
            p_spread_halves(codes + i, codes + n / 2 + i, bytes + i);
        }
}

static void pack_codes(mx_layout layout, unsigned bits, const uint8_t *codes, size_t n, size_t blocks, uint8_t *bytes)
{
    const int from_top = layout == MX_LAYOUT_HIGH_FIRST, halves = layout == MX_LAYOUT_SPLIT_HALF;
    if (halves && n % 32 == 0)
        n == 32 ? pack_halves(codes, 32, blocks, bytes) : pack_halves(codes, n, blocks, bytes);
    else if (halves || (bits != 6 && bits != 4))
        mxfast_pack_codes(layout, bits, codes, n, blocks, bytes);
    else if (bits == 6)
        from_top ? pack_stream(layout, 6, 1, codes, n * blocks, bytes)
                 : pack_stream(layout, 6, 0, codes, n * blocks, bytes);
    else
        from_top ? pack_stream(layout, 4, 1, codes, n * blocks, bytes)
                 : pack_stream(layout, 4, 0, codes, n * blocks, bytes);
}

static void unpack_codes(mx_layout layout, unsigned bits, const uint8_t *bytes, size_t n, size_t blocks, uint8_t *codes)
{
    const int from_top = layout == MX_LAYOUT_HIGH_FIRST, halves = layout == MX_LAYOUT_SPLIT_HALF;
    if (halves && n % 32 == 0)
        n == 32 ? unpack_halves(bytes, 32, blocks, codes) : unpack_halves(bytes, n, blocks, codes);
    else if (halves || (bits != 6 && bits != 4))
        mxfast_unpack_codes(layout, bits, bytes, n, blocks, codes);
    else if (bits == 6)
        from_top ? unpack_stream(layout, 6, 1, bytes, n * blocks, codes)
                 : unpack_stream(layout, 6, 0, bytes, n * blocks, codes);
    else
        from_top ? unpack_stream(layout, 4, 1, bytes, n * blocks, codes)
                 : unpack_stream(layout, 4, 0, bytes, n * blocks, codes);
}
