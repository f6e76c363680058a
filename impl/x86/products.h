/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: INT8 as fp32 and as fp16, by products: what each function does is said in lanes.h. Included by
 * decode_avx2.h and decode_avx512.h, which have i_put_bf16 of their own.
 *
 * Parameters: i_times(at, unit), the products of WORDS / 2 codes; f_put_fp16(to, low, high, stream), of fp32.
 */
LANES void i_put_fp32(void *to, const uint8_t *at, uint32_t unit, int stream)
{
    w_put(to, i_times(at, unit), stream);
    w_put((char *)to + 2 * WORDS, i_times(at + WORDS / 2, unit), stream);
}

LANES void i_put_fp16(void *to, const uint8_t *at, uint32_t unit, int stream)
{
    f_put_fp16(to, i_times(at, unit), i_times(at + WORDS / 2, unit), stream);
}
