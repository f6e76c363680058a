/* SPDX-License-Identifier: BSD-3-Clause
 *
 * `cast`, `scaled-cast` and `scale` of every instruction set of isa.def give the bytes of the portable kernels: any
 * profile, any format, type and block length, 0 to 200 blocks at every alignment, buffers that touch guard pages,
 * whatever MXCSR holds, exceptions unmasked. exhaust_isa does the same over whole input spaces.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "impl/test_draw.h"
#include "impl/test_guard.h"
#include "impl/test_profile.h"
#include "test_main.h"
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

enum { MOST = 260, LONGEST = 64 };

/* Axes at their first value half of the time, so that each meets the others' usual settings too. */
static mx_profile any_profile(void)
{
    mx_profile p = ocp();
    for (mx_axis axis = MX_AXIS_SCALE; axis <= MX_AXIS_LAST; axis++) {
        unsigned values = 0;
        while (mx_axis_value_name(axis, values + 1) != NULL)
            values++;
        if (below(2))
            ((uint8_t *)&p)[axis] = (uint8_t)(1 + below(values));
    }
    p.sr_bits = p.round == MX_SR ? (uint8_t)(1 + below(32)) : 0;
    return p;
}

/* Any bits; or of a few binades near one, so that all codes come up; short fractions, so that ties do; or special. */
static uint64_t any_value(mx_type type)
{
    static const unsigned mbits[] = {[MX_FP32] = 23, [MX_BF16] = 7, [MX_FP16] = 10, [MX_FP64] = 52};
    const unsigned bits = (unsigned)mx_type_bytes(type) * 8, m = mbits[type];
    const uint64_t x = next(), sign = (x >> 63) << (bits - 1), one = UINT64_C(1) << m;
    const uint64_t fields = (UINT64_C(1) << (bits - 1 - m)) - 1;
    uint64_t fraction = x & (one - 1);
    switch (below(8)) {
    case 0:
        return x & (UINT64_MAX >> (64 - bits));
    case 1: { /* zero, the smallest, the largest subnormal, the smallest normal, the largest, Inf, NaN */
        const uint64_t special[] = {0, 1, one - 1, one, fields * one - 1, fields * one, fields * one + 1};
        return sign | special[below(7)];
    }
    case 2:
    case 3:
        fraction &= ~UINT64_C(0) << (m > 4 ? m - 1 - below(5) : m);
        break;
    default:
        break;
    }
    return sign | ((fields / 2 + below(25) - 12) * one + fraction);
}

static void put(unsigned char *to, mx_type type, size_t i, uint64_t bits)
{
    const uint32_t word = (uint32_t)bits;
    const uint16_t half = (uint16_t)bits;
    const size_t width = mx_type_bytes(type);
    memcpy(to + i * width,
           width == 8   ? (const void *)&bits
           : width == 4 ? (const void *)&word
                        : (const void *)&half,
           width);
}

/* Any rounding, FTZ, DAZ, and every exception raised to a signal: the kernels must not see any of it. */
static void any_environment(void)
{
#if defined(__SSE2__)
    _mm_setcsr((below(2) ? 0x1f80u : 0) | (unsigned)below(4) << 13 | (below(2) ? 0x8040u : 0));
#endif
}

static void usual_environment(void)
{
#if defined(__SSE2__)
    _mm_setcsr(0x1f80);
#endif
}

static unsigned mask_of(const char *name)
{
    unsigned mask = 0;
    ck_assert_int_eq(mxfast_isa_mask(name, &mask), MX_OK);
    return mask;
}

static const char *tested[8];
static int tests;
static guarded values, scales, randoms, answers;

static void start(void)
{
    values = guard(MOST * LONGEST * 8);
    scales = guard(MOST + 64);
    randoms = guard(MOST * 4 + 64);
    answers = guard(MOST + 64);
}

static void stop(void)
{
    unguard(values);
    unguard(scales);
    unguard(randoms);
    unguard(answers);
}

/* `bytes` that touch the guard page after them, or lie `shift` bytes behind the one before. */
static unsigned char *place(guarded g, size_t bytes, size_t shift, int at_end)
{
    return at_end ? g.hi - bytes : g.lo + shift;
}

static void both(const char *isa, mx_op op, mx_elem elem, mx_type type, size_t k, size_t n, const mx_profile *p)
{
    static uint8_t want[MOST];
    const size_t width = mx_type_bytes(type), shift = below(64);
    const int at_end = (int)below(2);
    unsigned char *x = place(values, n * k * width, shift * width, at_end);
    uint8_t *answer = place(answers, n, shift, at_end), *scale = place(scales, n, shift, at_end);
    uint32_t *random = (uint32_t *)(void *)place(randoms, n * 4, shift / 4 * 4, at_end);
    mx_batch batch = {.op = op, .elem = elem, .type = type, .k = k, .count = n, .profile = *p};
    const uint64_t alike = any_value(type);
    const int same = below(8) == 0;
    for (size_t i = 0; i < n * k; i++)
        put(x, type, i, same ? alike : any_value(type));
    for (size_t i = 0; i < n; i++) {
        scale[i] = (uint8_t)(below(3) ? 110 + below(30) : below(8) ? next() : 255);
        random[i] = p->sr_bits ? (uint32_t)(next() >> 32) >> (32 - p->sr_bits) : 0;
    }
    batch.in.value = x;
    if (op == MX_OP_SCALED_CAST)
        batch.in.scale = scale;
    if (op != MX_OP_SCALE && p->round == MX_SR)
        batch.in.random = random;
    uint8_t **out = op == MX_OP_SCALE ? &batch.out.scale : &batch.out.code;
    *out = want;
    ck_assert_int_eq(mxfast_isa_use(mask_of("portable")), MX_OK);
    ck_assert_int_eq(mxfast_run(&batch), MX_OK);
    *out = answer;
    memset(answer, 0xee, n);
    ck_assert_int_eq(mxfast_isa_use(mask_of(isa)), MX_OK);
    any_environment();
    mx_status status = mxfast_run(&batch);
    usual_environment();
    ck_assert_int_eq(status, MX_OK);
    for (size_t i = 0; i < n && memcmp(answer, want, n) != 0; i++)
        ck_assert_msg(
            answer[i] == want[i], "%s: %s of %s from %s, k=%zu n=%zu round=%d sr_bits=%d: [%zu] %02x, not %02x", isa,
            mx_op_name(op), mx_elem_name(elem), mx_type_name(type), k, n, p->round, p->sr_bits, i, answer[i], want[i]);
}

static const mx_op ops[] = {MX_OP_CAST, MX_OP_SCALED_CAST, MX_OP_SCALE};

static size_t any_k(mx_op op)
{
    static const size_t ks[] = {1, 16, 32, 64, 8, 33};
    return op == MX_OP_SCALE ? ks[below(6)] : 1;
}

START_TEST(lengths)
{
    for (size_t o = 0; o < 3; o++)
        for (mx_elem elem = MX_E5M2; elem <= MX_ELEM_LAST; elem++)
            for (mx_type type = MX_FP32; type <= MX_TYPE_LAST; type++)
                for (size_t n = 0; n <= 200; n++) {
                    const mx_profile p = any_profile();
                    both(tested[_i], ops[o], elem, type, any_k(ops[o]), n, &p);
                }
}
END_TEST

START_TEST(anything)
{
    for (int i = 0; i < 10000; i++) {
        const mx_op op = ops[below(3)];
        const mx_profile p = any_profile();
        both(tested[_i], op, (mx_elem)(1 + below(6)), (mx_type)(1 + below(3)), any_k(op), below(MOST), &p);
    }
}
END_TEST

int main(void)
{
    for (unsigned i = 1; mxfast_isa_name(i) != NULL; i++)
        if (mxfast_isa_available() >> i & 1)
            tested[tests++] = mxfast_isa_name(i);
    TCase *one = tcase_create("isa scalar");
    tcase_set_timeout(one, 300);
    tcase_add_checked_fixture(one, start, stop);
    tcase_add_loop_test(one, lengths, 0, tests);
    tcase_add_loop_test(one, anything, 0, tests);
    return tests == 0 ? 77 : test_main(one);
}
