/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: bytes transposed. Included once by each impl/<set>/<isa>.c, after the set's transpose.h.
 *
 * Parameters: `pieces`, a vector of 16-byte pieces, and of it
 *   p_load(at, step, all)            pieces that lie `step` bytes apart; the first only unless `all`
 *   p_store(at, x, all)              all pieces end to end, or the first only
 *   p_store_all(at, x, stream)       all; stream: past the caches, `at` is then aligned for all
 *   p_load_all(at)                   pieces that lie end to end
 *   p_store_apart(at, x, step)       pieces to `step` bytes apart
 *   p_zip_low(x, y), p_zip_high(x, y)   bytes of x and y in turns, of the lower (upper) half of each piece
 *   p_zip_pairs_low, p_zip_pairs_high   the same of pairs of bytes
 * Defines: transpose(to, to_step, from, from_step, rows, cols), transpose_pairs(x, from, from_step),
 *          transpose_to_pairs(to, to_step, from, from_step, apart).
 */

/* The vectors are to be in registers: gcc unrolls such loops at -O3 only, clang always. */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLLED _Pragma("GCC unroll 16")
#else
#define UNROLLED
#endif

/* 16 columns of sizeof(pieces) rows, or of 16 rows unless `all`. A piece of vector i begins as row i of 16 rows; four
 * times vectors i and i + 8 interleaved become vectors 2 i and 2 i + 1, which rotates the eight bits of a byte's
 * address (vector, place) by one. */
static inline __attribute__((always_inline)) void transpose_16(uint8_t *to, ptrdiff_t to_step, const uint8_t *from,
                                                               ptrdiff_t from_step, int all)
{
    pieces x[16], next[16];
    UNROLLED for (ptrdiff_t i = 0; i < 16; i++) x[i] = p_load(from + i * from_step, 16 * from_step, all);
    UNROLLED for (int pass = 0; pass < 4; pass++)
    {
        UNROLLED for (int i = 0; i < 8; i++)
        {
            next[2 * i] = p_zip_low(x[i], x[i + 8]);
            next[2 * i + 1] = p_zip_high(x[i], x[i + 8]);
        }
        UNROLLED for (int i = 0; i < 16; i++) x[i] = next[i];
    }
    UNROLLED for (ptrdiff_t i = 0; i < 16; i++) p_store(to + i * to_step, x[i], all);
}

/* Byte c of row r becomes byte r of row c; rows and cols are multiples of 16, the steps are bytes from row to row.
 * Twice as fast where the compiler sees that both steps are constant. */
static inline __attribute__((always_inline)) void transpose(uint8_t *to, ptrdiff_t to_step, const uint8_t *from,
                                                            ptrdiff_t from_step, size_t rows, size_t cols)
{
    const size_t high = sizeof(pieces), whole = rows / high * high;
    for (size_t c = 0; c < cols; c += 16) {
        uint8_t *at = to + (ptrdiff_t)c * to_step;
        for (size_t r = 0; r < whole; r += high)
            transpose_16(at + r, to_step, from + (ptrdiff_t)r * from_step + c, from_step, 1);
        if (whole < rows)
            transpose_16(at + whole, to_step, from + (ptrdiff_t)whole * from_step + c, from_step, 0);
    }
}

/* Pairs of bytes of 8 vectors: pair j of vector i becomes pair i of vector j, in each piece. */
static inline __attribute__((always_inline)) void transpose_eights(pieces x[8])
{
    pieces next[8];
    UNROLLED for (int pass = 0; pass < 3; pass++)
    {
        UNROLLED for (int i = 0; i < 4; i++)
        {
            next[2 * i] = p_zip_pairs_low(x[i], x[i + 4]);
            next[2 * i + 1] = p_zip_pairs_high(x[i], x[i + 4]);
        }
        UNROLLED for (int i = 0; i < 8; i++) x[i] = next[i];
    }
}

/* The same of 8 columns of sizeof(pieces) / 2 times two rows, given as pairs, a byte of each row: of column i to x[i].
 * from_step is from pairs to pairs; the first of the four passes has been made. */
static inline __attribute__((always_inline)) void transpose_pairs(pieces x[8], const uint8_t *from, ptrdiff_t from_step)
{
    UNROLLED for (ptrdiff_t i = 0; i < 8; i++) x[i] = p_load(from + i * from_step, 8 * from_step, 1);
    transpose_eights(x);
}

/* Of 8 rows, four side by side and four that begin `apart` rows further, sizeof(pieces) bytes: bytes 2 j and 2 j + 1 of
 * the i-th become pair i of row j. The last of the four passes is left to who takes the pairs. */
static inline __attribute__((always_inline)) void
transpose_to_pairs(uint8_t *to, ptrdiff_t to_step, const uint8_t *from, ptrdiff_t from_step, ptrdiff_t apart)
{
    const uint8_t *more = from + apart * from_step;
    pieces x[8];
    UNROLLED for (ptrdiff_t i = 0; i < 4; i++)
    {
        x[i] = p_load_all(from + i * from_step);
        x[4 + i] = p_load_all(more + i * from_step);
    }
    transpose_eights(x);
    UNROLLED for (ptrdiff_t i = 0; i < 8; i++) p_store_apart(to + i * to_step, x[i], 8 * to_step);
}
