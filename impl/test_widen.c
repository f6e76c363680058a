/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A source type is only a way of writing a value: the same values as fp64, which no fast way takes, give the same
 * scale and codes, under any profile that does not single out the subnormals of the type or round it first.
 */

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/test_profile.h"
#include "test_main.h"
#include "xorshift.h"

enum { LENGTH = 8, BLOCKS = 32 };

/* The fp64 bits of a value with `ebits` and `mbits`. */
static uint64_t to_fp64(uint64_t bits, unsigned ebits, unsigned mbits)
{
    uint64_t sign = bits >> (ebits + mbits) << 63, fraction = bits & ((UINT64_C(1) << mbits) - 1);
    uint64_t all = (UINT64_C(1) << ebits) - 1, field = bits >> mbits & all, bias = all >> 1;
    if (field == all)
        return sign | UINT64_C(0x7ff) << 52 | fraction << (52 - mbits);
    if (field == 0 && fraction == 0)
        return sign;
    uint64_t exponent = field + 1023 - bias;
    if (field == 0) {
        exponent++;
        while (fraction >> mbits == 0) {
            fraction <<= 1;
            exponent--;
        }
        fraction &= (UINT64_C(1) << mbits) - 1;
    }
    return sign | exponent << 52 | fraction << (52 - mbits);
}

/* Bits near exponent field `centre`, fractions often all ones, zeros or short; now and then zero, Inf or NaN. */
static uint64_t any_bits(unsigned ebits, unsigned mbits, uint64_t centre, uint64_t *state)
{
    uint64_t all = (UINT64_C(1) << ebits) - 1, ones = (UINT64_C(1) << mbits) - 1, r = mx_xorshift(state);
    uint64_t back = r % 12, field = r >> 8 & 15 ? (centre > back ? centre - back : 0) : r >> 12 & 1 ? 0 : centre;
    uint64_t fraction = mx_xorshift(state) & ones;
    if ((r >> 16 & 3) == 0)
        fraction = (ones ^ ones >> (r >> 20 & 7)) + (r >> 24 & 1);
    if ((r >> 28 & 127) == 0)
        field = all;
    return (r >> 40 & 1) << (ebits + mbits) | field << mbits | (fraction & ones);
}

static mx_profile any_profile(uint64_t *state)
{
    mx_profile p = ocp();
    for (mx_axis axis = MX_AXIS_SCALE; axis <= MX_AXIS_LAST; axis++)
        ((uint8_t *)&p)[axis] = (uint8_t)(1 + mx_xorshift(state) % mx_axis_count(axis));
    p.subnormal_in = MX_SUBNORMAL_IN_KEEP;
    p.sr_bits = (uint8_t)(p.round == MX_SR ? 1 + mx_xorshift(state) % 32 : 0);
    return p;
}

static void compare(mx_elem elem, mx_type type, unsigned ebits, unsigned mbits, uint64_t *state)
{
    uint32_t words[BLOCKS * LENGTH], random[BLOCKS * LENGTH];
    uint16_t halves[BLOCKS * LENGTH];
    uint64_t wides[BLOCKS * LENGTH];
    uint8_t scale[2][BLOCKS], code[2][BLOCKS * LENGTH];
    mx_profile p = any_profile(state);
    for (size_t b = 0; b < BLOCKS; b++) {
        uint64_t centre = b < 8 ? b : mx_xorshift(state) % ((UINT64_C(1) << ebits) - 1);
        for (size_t i = b * LENGTH; i < (b + 1) * LENGTH; i++) {
            uint64_t bits = any_bits(ebits, mbits, centre, state);
            words[i] = (uint32_t)bits;
            halves[i] = (uint16_t)bits;
            wides[i] = to_fp64(bits, ebits, mbits);
            random[i] = p.sr_bits ? (uint32_t)(mx_xorshift(state) >> (64 - p.sr_bits)) : 0;
        }
    }
    mx_batch batch = {.op = MX_OP_QUANTIZE, .elem = elem, .type = type, .k = LENGTH, .count = BLOCKS, .profile = p};
    batch.in.random = p.sr_bits ? random : NULL;
    batch.in.value = type == MX_FP32 ? (const void *)words : (const void *)halves;
    batch.out = (mx_outputs){.scale = scale[0], .code = code[0]};
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    batch.type = MX_FP64;
    batch.in.value = wides;
    batch.out = (mx_outputs){.scale = scale[1], .code = code[1]};
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    ck_assert_mem_eq(scale[0], scale[1], sizeof scale[0]);
    ck_assert_mem_eq(code[0], code[1], sizeof code[0]);
}

START_TEST(widening)
{
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 400; round++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
            compare(elem, MX_FP32, 8, 23, &state);
            compare(elem, MX_BF16, 8, 7, &state);
            compare(elem, MX_FP16, 5, 10, &state);
        }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("widen");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, widening);
    return test_main(tcase);
}
