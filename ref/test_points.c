/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The reference against its witness: every midpoint under every scale, and the thresholds of the scale rules.
 */
#include "ref/test_pair.h"

/* The exact magnitude of a code or midpoint as fp64 bits: numerator/denominator are small, powers of two below. */
static uint64_t fp64_of(const mpq_t value)
{
    int length = (int)mpz_sizeinbase(mpq_numref(value), 2);
    int exponent = length - 1 - (int)mpz_scan1(mpq_denref(value), 0);
    uint64_t sig;

    if (mpz_sgn(mpq_numref(value)) == 0)
        return 0;
    sig = (uint64_t)mpz_get_ui(mpq_numref(value)) << (53 - length);
    return (uint64_t)(exponent + 1023) << 52 | (sig & (((uint64_t)1 << 52) - 1));
}

/* Same, in a narrower type, subnormals included; *fits is 0 when it is not exact there. */
static uint64_t narrowed(mx_type type, uint64_t bits, int *fits)
{
    static const int mbits[MX_TYPE_LAST + 1] = {[MX_FP32] = 23, [MX_BF16] = 7, [MX_FP16] = 10, [MX_FP64] = 52};
    static const int bias[MX_TYPE_LAST + 1] = {[MX_FP32] = 127, [MX_BF16] = 127, [MX_FP16] = 15, [MX_FP64] = 1023};
    const uint64_t hidden = (uint64_t)1 << 52;
    uint64_t sig = (bits & (hidden - 1)) | hidden;
    int e = (int)(bits >> 52) - 1023 + bias[type];
    int drop = 52 - mbits[type] + (e <= 0 ? 1 - e : 0);

    *fits = e < 2 * bias[type] + 1 && drop <= 52 && (sig & (((uint64_t)1 << drop) - 1)) == 0;
    if (!*fits)
        return 0;
    return (sig >> drop) + (e > 0 ? (uint64_t)(unsigned)(e - 1) << mbits[type] : 0);
}

/* Every grid point and midpoint and one ulp each side, both signs, under a scale byte: the values are multiplied by
 * the scale where the type's range allows. Returns the number of cases. */
static size_t fill_midpoints(mx_elem elem, mx_type type, unsigned scale)
{
    const mx_facts *facts = mxref_facts(elem);
    mpq_t lo, hi;
    size_t n = 0;

    mpq_inits(lo, hi, NULL);
    for (unsigned c = 0; c <= facts->max_code; c++) {
        mxref_code_value(lo, elem, MX_INT8_OCP, c);
        if (mxref_code_value(hi, elem, MX_INT8_OCP, c + 1) != MX_OK || mpq_cmp(hi, lo) < 0) {
            mpq_set(hi, lo); /* past the top: 9/8 of the largest, a point beyond every midpoint */
            mpq_div_2exp(hi, hi, 2);
            mpq_add(hi, hi, lo);
        }
        mpq_add(hi, hi, lo);
        mpq_div_2exp(hi, hi, 1);
        for (int which = 0; which < 2; which++) {
            uint64_t wide = fp64_of(which ? hi : lo);
            int fits;
            uint64_t bits = narrowed(type, wide + ((uint64_t)scale << 52) - ((uint64_t)127 << 52), &fits);
            if (wide == 0 || !fits)
                continue;
            for (int ulp = -1; ulp <= 1; ulp++) {
                put(type, n++, bits + (uint64_t)(int64_t)ulp);
                put(type, n++, (bits + (uint64_t)(int64_t)ulp) | (uint64_t)1 << (8 * mx_type_bytes(type) - 1));
            }
        }
    }
    mpq_clears(lo, hi, NULL);
    ck_assert_uint_le(n, COUNT);
    for (size_t i = 0; i < n; i++)
        in_scale[i] = (uint8_t)scale;
    return n;
}

/* Every midpoint +-1 ulp under every scale byte, every type, nearest even; and every rounding and overflow at three
 * scales. */
START_TEST(midpoints)
{
    static const unsigned few[] = {0, 127, 254};
    mx_elem elem = (mx_elem)_i;
    mx_batch batch = {.op = MX_OP_SCALED_CAST, .elem = elem, .k = 1, .in = {.value = input, .scale = in_scale}};
    size_t total = 0;

    for (unsigned type = MX_FP32; type <= MX_TYPE_LAST; type++) {
        batch.type = (mx_type)type;
        for (unsigned scale = 0; scale < 256; scale += test_step(5)) {
            batch.count = fill_midpoints(elem, batch.type, scale);
            total += batch.count;
            set_rounding(&batch, "rne", overflows[scale % 3]);
            compare(&batch);
        }
        for (size_t f = 0; f < sizeof few / sizeof few[0]; f++) {
            batch.count = fill_midpoints(elem, batch.type, few[f]);
            for (size_t r = 0; r < sizeof roundings / sizeof roundings[0]; r++) {
                for (size_t o = 0; o < 3; o++) {
                    set_rounding(&batch, roundings[r], overflows[o]);
                    compare(&batch);
                }
            }
        }
    }
    ck_assert_uint_gt(total, 256 / test_step(5) * 6 * 2 * 7); /* the points were there */
}
END_TEST

/* ---- scales ---- */

static const char *const rules[] = {"floor", "ceil", "even", "rceil"};
static const char *const ariths[] = {"exact", "f32", "log2f"};

/* Around every power of two and every rule's threshold in its binade, +-3 ulp; returns the number of cases. */
static size_t fill_thresholds(mx_type type)
{
    static const int ebits[MX_TYPE_LAST + 1] = {[MX_FP32] = 8, [MX_BF16] = 8, [MX_FP16] = 5, [MX_FP64] = 11};
    static const int mbits[MX_TYPE_LAST + 1] = {[MX_FP32] = 23, [MX_BF16] = 7, [MX_FP16] = 10, [MX_FP64] = 52};
    static const unsigned sixteenths[] = {0, 8, 12, 14, 15}; /* 1, 1.5, 1.75, 1.875, 1.9375 */
    size_t n = 0;

    for (uint64_t e = 0; e < (uint64_t)1 << ebits[type]; e++) {
        if (type == MX_FP64 && e > 100 && e < 860 && e % 8 != 0) /* far below 2^-127: every rule clamps */
            continue;
        for (size_t s = 0; s < sizeof sixteenths / sizeof sixteenths[0]; s++) {
            uint64_t bits = e << mbits[type] | (uint64_t)sixteenths[s] << (mbits[type] - 4);
            for (int ulp = -3; ulp <= 3; ulp++)
                put(type, n++, (bits + (uint64_t)(int64_t)ulp) & ~((uint64_t)1 << (8 * mx_type_bytes(type) - 1)));
        }
    }
    ck_assert_uint_le(n, COUNT);
    return n;
}

START_TEST(scale_thresholds)
{
    mx_elem elem = (mx_elem)_i;
    mx_batch batch = {.op = MX_OP_SCALE, .elem = elem, .k = 1, .in.value = input};
    char axes[128];

    for (unsigned type = MX_FP32; type <= MX_TYPE_LAST; type++) {
        batch.type = (mx_type)type;
        batch.count = fill_thresholds(batch.type);
        for (size_t r = 0; r < 4; r++) {
            for (size_t a = 0; a < 3; a++) {
                snprintf(axes, sizeof axes, "scale=%s scale-arith=%s scale-over=%s", rules[r], ariths[a],
                         r % 2 ? "nan" : "clamp");
                batch.profile = test_profile(axes);
                compare(&batch);
            }
        }
    }
}
END_TEST

/* Every bf16 and fp16 magnitude as A. */
START_TEST(scale_all_16_bit)
{
    mx_elem elem = (mx_elem)_i;
    mx_batch batch = {.op = MX_OP_SCALE, .elem = elem, .k = 1, .count = 32768, .in.value = input};
    char axes[128];

    for (unsigned i = 0; i < 32768; i++)
        put(MX_BF16, i, i);
    for (unsigned type = MX_BF16; type <= MX_FP16; type++) {
        batch.type = (mx_type)type;
        for (size_t ra = 0; ra < 12; ra += test_step(5)) {
            snprintf(axes, sizeof axes, "scale=%s scale-arith=%s", rules[ra / 3], ariths[ra % 3]);
            batch.profile = test_profile(axes);
            compare(&batch);
        }
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("points");

    tcase_add_loop_test(cases, midpoints, MX_E5M2, MX_ELEM_LAST + 1);
    tcase_add_loop_test(cases, scale_thresholds, MX_E5M2, MX_ELEM_LAST + 1);
    tcase_add_loop_test(cases, scale_all_16_bit, MX_E5M2, MX_ELEM_LAST + 1);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
