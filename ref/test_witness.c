/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The reference against its witness: every dequantisation, and every cast from the 16-bit types.
 */
#include "ref/test_pair.h"

/* Every code under every scale byte, to each target type, with each decode-over and int8. */
START_TEST(dequantize_all)
{
    static const char *const axes[] = {"decode-over=any", "decode-over=inf int8=int6", "decode-over=max int8=int7"};
    mx_batch batch = {.op = MX_OP_DEQUANTIZE, .k = 1, .in = {.scale = in_scale, .code = in_code}};

    for (unsigned elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
        unsigned codes = 1u << mx_elem_bits((mx_elem)elem);
        batch.elem = (mx_elem)elem;
        batch.count = 256 * codes;
        for (unsigned i = 0; i < batch.count; i++) {
            in_scale[i] = (uint8_t)(i / codes);
            in_code[i] = (uint8_t)(i % codes);
        }
        for (unsigned type = MX_FP32; type <= MX_TYPE_LAST; type++) {
            batch.type = (mx_type)type;
            for (size_t a = 0; a < sizeof axes / sizeof axes[0]; a++) {
                batch.profile = test_profile(axes[a]);
                compare(&batch);
            }
        }
    }
}
END_TEST

/* All bf16 and fp16 patterns under every rounding and overflow. */
START_TEST(cast_all_16_bit)
{
    mx_batch batch = {.op = MX_OP_CAST, .k = 1, .count = COUNT, .in.value = input};

    for (unsigned i = 0; i < COUNT; i++)
        put(MX_BF16, i, i);
    batch.type = _i == 0 ? MX_BF16 : MX_FP16;
    for (unsigned elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
        batch.elem = (mx_elem)elem;
        for (size_t r = 0; r < sizeof roundings / sizeof roundings[0]; r++) {
            for (size_t o = r % test_step(3); o < sizeof overflows / sizeof overflows[0]; o += test_step(3)) {
                set_rounding(&batch, roundings[r], overflows[o]);
                compare(&batch);
            }
        }
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("witness");

    tcase_add_test(cases, dequantize_all);
    tcase_add_loop_test(cases, cast_all_16_bit, 0, 2);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
