/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For llvm-mca, no part of the library: what some kernels do with 512 values (E4M3, INT8), without fetching, scales,
 * and the ends of their loops. doc/performance.md says how it is run.
 */
#ifdef __AVX512BW__
#include "impl/x86/avx512.c"
#else
#include "impl/x86/avx2.c"
#endif

#define BEGIN(name) __asm__ volatile("# LLVM-MCA-BEGIN " name ::: "memory")
#define END         __asm__ volatile("# LLVM-MCA-END" ::: "memory")

enum { SIDE_BY_SIDE = SIDE / WORDS };

void dequantize_rows_bf16(const value_lanes *of, const uint32_t *by, const uint8_t *code, uint8_t *to, size_t n,
                          b_lanes *most)
{
    const value_lanes v = *of;
    for (b_lanes all = *most; n--; *most = all) {
        BEGIN("dequantize to bf16, along rows");
        UNROLL for (size_t half = 0; half < 256 / WORDS; half += 128 / WORDS)
            UNROLL for (size_t i = half; i < half + 128 / WORDS; i++)
        {
            word_lanes x, y;
            all = b_most(all, b_decode_block(&v, b_get(code + 2 * i * WORDS, 0), by + i, &x, &y, 3, 8));
            w_put(to + 4 * i * WORDS, x, 0);
            w_put(to + 4 * i * WORDS + 2 * WORDS, y, 0);
        }
        END;
        code += 512;
        to += 1024;
        by += 256 / WORDS;
    }
}

void dequantize_turned_bf16(const value_lanes *of, const word_lanes *by, const uint8_t *code, const uint8_t *next,
                            ptrdiff_t next_step, uint8_t *pairs, uint8_t *to, ptrdiff_t step, size_t n, b_lanes *most)
{
    const value_lanes v = *of;
    word_lanes down[SIDE_BY_SIDE];
    UNROLL for (size_t i = 0; i < SIDE_BY_SIDE; i++) down[i] = by[i];
    for (b_lanes all = *most; n--; *most = all) {
        BEGIN("dequantize to bf16, codes transposed");
        UNROLL for (size_t r = 0; r < 4; r++, code += 2 * SIDE, to += 2 * step)
        {
            UNROLL for (size_t i = 0; i < SIDE_BY_SIDE; i++)
            {
                word_lanes x, y;
                all = b_most(all, b_decode_pairs(&v, w_load(code + 2 * i * WORDS), down[i], &x, &y, 3, 8));
                w_put(to + 2 * i * WORDS, x, 1);
                w_put(to + step + (ptrdiff_t)(2 * i * WORDS), y, 1);
            }
        }
        UNROLL for (size_t i = 0; i < LINE; i += sizeof(pieces))
            transpose_to_pairs(pairs + i * SIDE, 2 * SIDE, next + i, next_step, 4);
        END;
    }
}

void quantize_turned_fp32(const encoder *of, const square *s, reading *read, const word_lanes *by, uint8_t *code,
                          const uint8_t *from, uint8_t *to, ptrdiff_t step, size_t n)
{
    encoder e = *of;
    const unsigned char *kept = s->kept[0];
    word_lanes base[SIDE_BY_SIDE];
    e.codes.careful = 0;
    UNROLL for (size_t i = 0; i < SIDE_BY_SIDE; i++) base[i] = by[i];
    for (reading r = *read; n--; *read = r) {
        BEGIN("quantize from fp32, codes transposed");
        UNROLL for (size_t i = 0; i < 4; i++, kept += 4 * SIDE, code += 2 * SIDE)
        {
            rows_read(&r, MX_FP32, SIDE_BY_SIDE, 0, FOLD_TURNS);
            UNROLL for (size_t j = 0; j < SIDE_BY_SIDE; j++)
                b_put_pairs(code + j * 2 * WORDS, pair_codes(&e, s, MX_FP32, kept, j, base[j], 3, 8));
        }
        put_lines(from, to, step, FOLD_TURNS, 1);
        END;
    }
}

void quantize_straight_int8(const encoder *of, desk *t, const unsigned char *in, unsigned char *kept, uint8_t *code,
                            size_t n)
{
    const encoder e = *of;
    const word_lanes sticky = t->sticky;
    for (; n--; in += 1024, kept += 1024, code += 512) {
        BEGIN("quantize from bf16 to INT8, codes in place");
        UNROLL for (size_t row = 0; row < 512; row += 128) UNROLL for (size_t i = 0; i < 128; i += 2 * WORDS)
        {
            const b_lanes codes = tile_codes(&e, t, MX_BF16, kept + 2 * row, i, i + WORDS, 6, 8);
            UNROLL for (size_t j = i; j < i + 2 * WORDS; j += WORDS)
                vector_read(MX_BF16, in + 2 * (row + j), kept + 2 * (row + j), &t->least[j / WORDS], sticky, 1, 0);
            b_put(code + row + i, codes, 1);
        }
        END;
    }
}
