/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Formats that the kernels of vectors do not know go to the portable ones, and codes of any width are packed: by every
 * instruction set of isa.def, what holds for a row that formats.def may get.
 */
#include <mx/fast.h>

#include "impl/kernels.h"
#include "impl/test_pack_slowly.h"
#include "impl/test_profile.h"
#include "impl/words.h"
#include "test_main.h"
#include "xorshift.h"

static mxfast_plan plan_of(mx_op op, mx_elem elem)
{
    mxfast_plan plan;
    const mx_profile p = ocp();
    ck_assert_int_eq(mxfast_plan_make(&plan, op, elem, MX_FP32, &p), MX_OK);
    return plan;
}

/* Formats are known, and none whose width, fraction or specials are another's. */
START_TEST(known)
{
    enum { OF_OCP = 6 };
    int formats = 0;
    for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++) {
        const mx_facts *row = mxfast_facts(elem);
        mx_facts more = *row, less = *row, special = *row;
        if (!mxfast_words_know(row))
            continue;
        formats++;
        more.ebits++, more.bits++;
        less.mbits--, less.bits--;
        special.has_inf = special.has_nan = !row->has_nan;
        ck_assert(!mxfast_words_know(&more) && !mxfast_words_know(&less) && !mxfast_words_know(&special));
        ck_assert(plan_of(MX_OP_QUANTIZE, elem).words.usable && plan_of(MX_OP_DEQUANTIZE, elem).words.usable);
    }
    ck_assert(formats >= OF_OCP);
}
END_TEST

enum { BLOCKS = 40, K = 32, N = BLOCKS * K };

static uint8_t codes[N], scales[BLOCKS];
static float want[N], got[N];

/* A plan of a format that is not known: its code 7 means what no known format's does. Rows of blocks, and columns. */
START_TEST(unknown)
{
    const mxfast_kernels *kernels;
    mxfast_plan plan = plan_of(MX_OP_DEQUANTIZE, MX_E2M1), other = plan_of(MX_OP_QUANTIZE, MX_E2M1);
    uint64_t state = MX_XORSHIFT_SEED;
    if (!(mxfast_isa_available() >> _i & 1))
        return;
    ck_assert_int_eq(mxfast_kernels_of(&kernels, 1u << _i), MX_OK);
    plan.words.usable = other.words.usable = 0;
    for (size_t code = 7; code < 256; code += 16)
        plan.decode.base[code] += 5;
    for (size_t i = 0; i < N; i++)
        codes[i] = (uint8_t)(mx_xorshift(&state) >> 8);
    memset(scales, 127, sizeof scales);
    for (int columns = 0; columns < 2; columns++) {
        mxfast_strip strip = {
            .k = K, .blocks = BLOCKS, .down = 1, .code_in = codes, .scale_in = scales, .scale_block = 1};
        strip.value_elem = strip.code_elem = columns ? BLOCKS : 1;
        strip.value_block = strip.code_block = columns ? 1 : K;
        strip.out = want;
        mxfast_portable_dequantize(&plan, &strip);
        strip.out = got;
        kernels->dequantize(&plan, &strip);
        ck_assert_mem_eq(got, want, sizeof want);
    }
    ck_assert(kernels->packed(&plan, K, MX_LAYOUT_LOW_FIRST) == NULL && kernels->both(&other, K) == NULL);
    ck_assert(kernels->packed(&other, K, MX_LAYOUT_LOW_FIRST) == NULL);
}
END_TEST

/* Every width there can be, in lines of every length up to some vectors'. */
START_TEST(widths)
{
    enum { LONGEST = 300 };
    const mxfast_kernels *kernels;
    uint8_t bytes[LONGEST], packed[LONGEST], back[LONGEST];
    uint64_t state = MX_XORSHIFT_SEED;
    if (!(mxfast_isa_available() >> _i & 1))
        return;
    ck_assert_int_eq(mxfast_kernels_of(&kernels, 1u << _i), MX_OK);
    for (unsigned bits = 2; bits <= 8; bits++)
        for (mx_layout layout = MX_LAYOUT_LOW_FIRST; layout <= MX_LAYOUT_HIGH_FIRST; layout++)
            for (size_t n = 1; n <= LONGEST; n++) {
                const size_t held = (n * bits + 7) / 8;
                for (size_t i = 0; i < n; i++)
                    codes[i] = (uint8_t)(mx_xorshift(&state) >> 8 & ((1u << bits) - 1));
                pack_slowly(layout, bits, codes, n, packed);
                kernels->pack(layout, bits, codes, n, 1, bytes);
                ck_assert_mem_eq(bytes, packed, held);
                kernels->unpack(layout, bits, packed, n, 1, back);
                ck_assert_mem_eq(back, codes, n);
            }
}
END_TEST

int main(void)
{
    int sets = 0;
    while (mxfast_isa_name((unsigned)sets) != NULL)
        sets++;
    TCase *tcase = tcase_create("formats");
    tcase_add_test(tcase, known);
    tcase_add_loop_test(tcase, unknown, 0, sets);
    tcase_add_loop_test(tcase, widths, 0, sets);
    return test_main(tcase);
}
