/* SPDX-License-Identifier: BSD-3-Clause
 *
 * `quantize` of every instruction set of isa.def gives the bits of the portable kernels with every rounding: six
 * formats, three types, and each way that blocks can lie (end to end, side by side, codes transposed, anyhow), blocks
 * of 1 to more than are worked on at a time, values of all kinds in them, the other axes at any value half of the time.
 */
#include <stdlib.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/kernels.h"
#include "impl/test_draw.h"
#include "impl/test_profile.h"
#include "test_main.h"

enum { MOST = 9000, SPACE = 4 * MOST };

static unsigned char values[SPACE * 4];
static uint32_t random_of[MOST];
static uint8_t codes[2][SPACE], scales[2][SPACE];

/* How the values and codes of a matrix lie. */
typedef enum way { END_TO_END, SIDE_BY_SIDE, TRANSPOSED, APART, WAYS } way;

static const char *const way_name[] = {"end to end", "side by side", "transposed", "apart"};

/* Few binades, so that all codes come up; short fractions, so that ties do; zeros, tiny ones, and now and then
 * specials. */
static uint32_t any_value(mx_type type, unsigned around, unsigned span, int specials)
{
    const unsigned mbits = type == MX_FP32 ? 23 : type == MX_BF16 ? 7 : 10, ebits = type == MX_FP16 ? 5 : 8;
    const uint32_t sign = (uint32_t)below(2) << (mbits + ebits), fields = (1u << ebits) - 1;
    uint32_t fraction = (uint32_t)next() & ((1u << mbits) - 1), field = around + (uint32_t)below(span);
    if (below(4) == 0)
        fraction &= ~0u << (mbits - 1 - below(5));
    if (below(16) == 0)
        return sign;
    if (span > 1 && below(40) == 0) /* subnormal, or just normal */
        field = (uint32_t)below(2);
    if (specials && below(60) == 0)
        field = fields, fraction *= (uint32_t)below(2);
    return sign | (field < fields ? field : fields - !specials) << mbits | fraction;
}

static void fill(mx_type type, size_t count)
{
    const int tiny = below(10) == 0; /* all subnormal */
    const unsigned around = tiny ? 0 : (unsigned)below(type == MX_FP16 ? 20 : 243), span = tiny ? 1 : 12;
    const int specials = below(3) == 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t word = any_value(type, around, span, specials);
        const uint16_t half = (uint16_t)word;
        if (type == MX_FP32)
            memcpy(values + 4 * i, &word, 4);
        else
            memcpy(values + 2 * i, &half, 2);
    }
}

static mx_profile any_profile(uint8_t round)
{
    mx_profile p = ocp();
    for (mx_axis axis = MX_AXIS_SCALE; axis <= MX_AXIS_LAST; axis++)
        if (below(4) == 0)
            ((uint8_t *)&p)[axis] = (uint8_t)(1 + below(mx_axis_count(axis)));
    p.round = round;
    p.sr_bits = round == MX_SR ? (uint8_t)(1 + below(32)) : 0;
    for (size_t i = 0; i < MOST && p.sr_bits; i++)
        random_of[i] = (uint32_t)(next() >> 32) >> (32 - p.sr_bits);
    return p;
}

static void both(unsigned set, way how, mx_elem elem, mx_type type, size_t k, uint8_t round)
{
    const mxfast_options one = {1};
    const mx_profile p = any_profile(round);
    const size_t rows = how == END_TO_END ? 1 + below(3) : 1 + below(k < 90 ? 90 : k + 40);
    const size_t cols = 1 + below(how == END_TO_END ? MOST / rows : MOST / rows < 300 ? MOST / rows : 300);
    const ptrdiff_t apart = how == APART ? 2 : 1, width = (ptrdiff_t)cols * apart + (ptrdiff_t)below(2);
    const int turned = how == TRANSPOSED;
    const mx_dim dim = how == END_TO_END || (how == APART && below(2)) ? MX_DIM0 : MX_DIM1;
    const mx_const_view x = {values, type, rows, cols, how == END_TO_END ? (ptrdiff_t)cols : width, apart};
    fill(type, SPACE);
    for (int to = 0; to < 2; to++) {
        const mx_blocks out = {codes[to],
                               turned ? 1 : how == END_TO_END ? (ptrdiff_t)cols : width,
                               turned ? (ptrdiff_t)rows : apart,
                               scales[to],
                               dim == MX_DIM0 ? (ptrdiff_t)((cols + k - 1) / k) : (ptrdiff_t)cols,
                               1};
        memset(codes[to], 0xee, SPACE);
        memset(scales[to], 0xee, SPACE);
        ck_assert_int_eq(mxfast_isa_use(to ? 1u << set : 1), MX_OK);
        mxfast_reads_ahead_is(below(2) != 0);
        ck_assert_int_eq(mxfast_quantize(&out, &x, elem, &p, dim, k, p.sr_bits ? random_of : NULL, &one), MX_OK);
    }
    const int same = memcmp(codes[0], codes[1], SPACE) == 0 && memcmp(scales[0], scales[1], SPACE) == 0;
    ck_assert_msg(same, "%s: %s from %s, %s, k=%zu, %zu x %zu, round=%s", mxfast_isa_name(set), mx_elem_name(elem),
                  mx_type_name(type), way_name[how], k, rows, cols, mx_axis_value_name(MX_AXIS_ROUND, round));
}

START_TEST(roundings)
{
    static const size_t ks[] = {32, 32, 16, 64, 1, 2, 7, 33, 100, 2048, 2049, 5000};
    if (!(mxfast_isa_available() >> _i & 1))
        return;
    for (uint8_t round = MX_RNE; round <= MX_ROUND_LAST; round++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            for (mx_type type = MX_FP32; type <= MX_FP16; type++)
                for (way how = END_TO_END; how < WAYS; how++)
                    for (int i = 0; i < 3; i++)
                        both((unsigned)_i, how, elem, type, i ? ks[below(12)] : 32, round);
}
END_TEST

int main(void)
{
    int sets = 0;
    while (mxfast_isa_name((unsigned)sets) != NULL)
        sets++;
    TCase *tcase = tcase_create("isa round");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, roundings, 1, sets);
    return sets == 1 ? 77 : test_main(tcase);
}
