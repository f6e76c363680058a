/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The reference against its witness: everything where the space allows, designed points elsewhere.
 */
#include "ref/test_util.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT 65536u

static uint64_t input[COUNT];
static uint32_t random_bits[COUNT];
static uint8_t in_scale[COUNT], in_code[COUNT];
static uint64_t out_value[2][COUNT];
static uint8_t out_scale[2][COUNT], out_code[2][COUNT], open_value[2][COUNT], open_code[2][COUNT];

/* Put value number i into the input column in the type's width. */
static void put(mx_type type, size_t i, uint64_t bits)
{
    if (mx_type_bytes(type) == 8)
        input[i] = bits;
    else if (mx_type_bytes(type) == 4)
        ((uint32_t *)(void *)input)[i] = (uint32_t)bits;
    else
        ((uint16_t *)(void *)input)[i] = (uint16_t)bits;
}

static uint64_t get(mx_type type, size_t i)
{
    if (mx_type_bytes(type) == 8)
        return input[i];
    return mx_type_bytes(type) == 4 ? ((uint32_t *)(void *)input)[i] : ((uint16_t *)(void *)input)[i];
}

static void report(const mx_batch *batch, size_t i)
{
    char text[MX_PROFILE_TEXT] = "";

    mx_profile_format(&batch->profile, text, sizeof text);
    ck_abort_msg("%s %s %s %016llx scale %02x code %02x random %08x: %02x/%02x, %02x/%02x, %016llx/%016llx\n%s",
                 mx_op_name(batch->op), mx_elem_name(batch->elem), mx_type_name(batch->type),
                 (unsigned long long)get(batch->type, i), in_scale[i], in_code[i], (unsigned)random_bits[i],
                 out_scale[0][i], out_scale[1][i], out_code[0][i], out_code[1][i], (unsigned long long)out_value[0][i],
                 (unsigned long long)out_value[1][i], text);
}

/* Both answer the batch of scalar cases (k 1) whose columns are in place; every output byte must agree. */
static void compare(mx_batch *batch)
{
    size_t n = batch->count, width = mx_type_bytes(batch->type);
    const mx_op_info *info = mx_op_info_of(batch->op);

    for (int w = 0; w < 2; w++) {
        mxref_free open = {open_value[w], NULL, open_code[w]};
        batch->out = (mx_outputs){0};
        for (size_t c = 0; c < info->n_out; c++) {
            if (info->out[c].kind == MX_COL_VALUE)
                batch->out.value = out_value[w];
            else if (info->out[c].kind == MX_COL_SCALE)
                batch->out.scale = out_scale[w];
            else
                batch->out.code = out_code[w];
        }
        ck_assert_int_eq(w ? mxref_witness(batch, &open) : mxref_run(batch, &open), MX_OK);
    }
    for (size_t i = 0; i < n; i++) {
        int bad = 0;
        if (batch->out.value)
            bad |= memcmp((char *)out_value[0] + i * width, (char *)out_value[1] + i * width, width) != 0 ||
                   open_value[0][i] != open_value[1][i];
        if (batch->out.scale)
            bad |= out_scale[0][i] != out_scale[1][i];
        if (batch->out.code)
            bad |= out_code[0][i] != out_code[1][i] || open_code[0][i] != open_code[1][i];
        if (bad)
            report(batch, i);
    }
}

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

static const char *const roundings[] = {"rne", "rna", "rnz", "rtz", "rup", "rdn", "rto", "sr:1", "sr:7", "sr:32"};
static const char *const overflows[] = {"overflow=saturate", "overflow=special overflow-directed=ieee",
                                        "overflow=special overflow-directed=always int8-min=full"};

static void fill_random(unsigned bits)
{
    uint64_t state = 20260907;

    for (size_t i = 0; i < COUNT; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        random_bits[i] = (uint32_t)(state >> 32) >> (32 - bits);
    }
}

static void set_rounding(mx_batch *batch, const char *rounding, const char *rest)
{
    char axes[256];

    snprintf(axes, sizeof axes, "round=%s %s", rounding, rest);
    batch->profile = test_profile(axes);
    batch->in.random = NULL;
    if (batch->profile.round == MX_SR) {
        fill_random(batch->profile.sr_bits);
        batch->in.random = random_bits;
    }
}

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
            for (size_t o = 0; o < sizeof overflows / sizeof overflows[0]; o++) {
                set_rounding(&batch, roundings[r], overflows[o]);
                compare(&batch);
            }
        }
    }
}
END_TEST

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

/* Same, in a narrower type; *exact 0 when it does not fit. Only numbers well inside the normal range are asked for. */
static uint64_t narrowed(mx_type type, uint64_t bits, int *fits)
{
    static const int drop[MX_TYPE_LAST + 1] = {[MX_FP32] = 29, [MX_BF16] = 45, [MX_FP16] = 42, [MX_FP64] = 0};
    static const int bias[MX_TYPE_LAST + 1] = {[MX_FP32] = 127, [MX_BF16] = 127, [MX_FP16] = 15, [MX_FP64] = 1023};
    static const int mbits[MX_TYPE_LAST + 1] = {[MX_FP32] = 23, [MX_BF16] = 7, [MX_FP16] = 10, [MX_FP64] = 52};
    int e = (int)(bits >> 52) - 1023 + bias[type];

    *fits = (bits & (((uint64_t)1 << drop[type]) - 1)) == 0 && e > 0 && e < 2 * bias[type] + 1;
    return (uint64_t)(unsigned)e << mbits[type] | (bits & (((uint64_t)1 << 52) - 1)) >> drop[type];
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
        for (unsigned scale = 0; scale < 256; scale++) {
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
    ck_assert_uint_gt(total, 256 * 6 * 2 * 7); /* the points were there */
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
        for (size_t ra = 0; ra < 12; ra++) {
            snprintf(axes, sizeof axes, "scale=%s scale-arith=%s", rules[ra / 3], ariths[ra % 3]);
            batch.profile = test_profile(axes);
            compare(&batch);
        }
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("witness");

    tcase_add_test(cases, dequantize_all);
    tcase_add_loop_test(cases, cast_all_16_bit, 0, 2);
    tcase_add_loop_test(cases, midpoints, MX_E5M2, MX_ELEM_LAST + 1);
    tcase_add_loop_test(cases, scale_thresholds, MX_E5M2, MX_ELEM_LAST + 1);
    tcase_add_loop_test(cases, scale_all_16_bit, MX_E5M2, MX_ELEM_LAST + 1);
    return test_main(cases, "witness");
}
