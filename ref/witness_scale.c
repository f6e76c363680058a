/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The witness's scale exponents: four rules in three arithmetics, in integers. The logarithm is never computed: where
 * a rounded logarithm reaches the next integer is decided by comparing powers.
 */
#include "ref/witness.h"

static int is_power_of_two(uint64_t sig)
{
    return (sig & (sig - 1)) == 0;
}

/* sig * 2^exp cut to `width` bits, ties to even; a carry may leave one bit more. */
static void narrow(uint64_t *sig, int *exp, int width)
{
    int drop = mxref_w_length(*sig) - width;
    uint64_t half, rest;

    if (drop <= 0)
        return;
    half = (uint64_t)1 << (drop - 1);
    rest = *sig & (2 * half - 1);
    *sig >>= drop;
    *exp += drop;
    if (rest > half || (rest == half && (*sig & 1) != 0))
        (*sig)++;
}

/* ---- exact ---- */

/* The smallest e with sig * 2^exp <= max_sig * 2^(max_exp + e). */
static int exact_rceil(mxref_witness_state *state, uint64_t sig, int exp)
{
    int e = mxref_w_length(sig) + exp - mxref_w_length(state->format.max_sig) - state->format.max_exp;
    int shift = state->format.max_exp + e - exp; /* compare sig with max_sig * 2^shift */

    mpz_import(state->sig, 1, 1, sizeof sig, 0, 0, &sig);
    mpz_set_ui(state->kept, state->format.max_sig);
    if (shift >= 0)
        mpz_mul_2exp(state->kept, state->kept, (mp_bitcnt_t)shift);
    else
        mpz_mul_2exp(state->sig, state->sig, (mp_bitcnt_t)-shift);
    return mpz_cmp(state->sig, state->kept) <= 0 ? e : e + 1; /* top bits are level, so no other e can be */
}

static int exact(mxref_witness_state *state, uint64_t sig, int exp)
{
    int top;

    if (state->batch->profile.scale == MX_SCALE_RCEIL)
        return exact_rceil(state, sig, exp);
    if (state->batch->profile.scale == MX_SCALE_EVEN)
        narrow(&sig, &exp, 1 + state->format.layout.mbits);
    top = mxref_w_length(sig) - 1 + exp;
    if (state->batch->profile.scale == MX_SCALE_CEIL && !is_power_of_two(sig))
        top++;
    return top - state->format.power;
}

/* ---- the fields of fp32 ---- */

/* fp32 magnitude pattern of sig * 2^exp, nearest even; clamped to Inf's. */
static uint32_t fp32_pattern(mxref_witness_state *state, uint64_t sig, int exp)
{
    static const mxref_w_rule nearest = {.mode = MX_RNE};

    if (sig == 0)
        return 0;
    mxref_w_field(state, sig, exp, &mxref_w_fp32, &nearest);
    if (mpz_cmp_ui(state->kept, 0x7f800000u) >= 0)
        return 0x7f800000u;
    return (uint32_t)mpz_get_ui(state->kept);
}

static void fp32_parts(uint32_t pattern, uint64_t *sig, int *exp)
{
    uint32_t field = pattern >> 23;

    *sig = (pattern & 0x7fffffu) | (field != 0 ? 0x800000u : 0);
    *exp = field != 0 ? (int)field - 150 : -149;
}

static int f32_rceil_byte(mxref_witness_state *state, uint32_t a)
{
    const uint64_t one = (uint64_t)1 << 40;
    uint64_t max = state->format.max_sig;
    uint64_t reciprocal = one / max << 1 | (one % max != 0); /* 2^41 / max, sticky in the last place */
    uint64_t a_sig, r_sig;
    int a_exp, r_exp;
    uint32_t q;

    fp32_parts(fp32_pattern(state, reciprocal, -41 - state->format.max_exp), &r_sig, &r_exp);
    fp32_parts(a, &a_sig, &a_exp);
    q = fp32_pattern(state, a_sig * r_sig, a_exp + r_exp);
    if (q < 0x800000u)
        return q > 0x400000u ? 1 : 0;
    return (int)(q >> 23) + ((q & 0x7fffffu) != 0 ? 1 : 0);
}

static int f32(mxref_witness_state *state, uint64_t sig, int exp, int *nan)
{
    const uint32_t inf = 0x7f800000u;
    uint32_t a = fp32_pattern(state, sig, exp);

    *nan = a >= inf;
    _Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "a case for each scale rule");
    switch (state->batch->profile.scale) {
    case MX_SCALE_RCEIL:
        return *nan ? 0 : f32_rceil_byte(state, a) - 127;
    case MX_SCALE_EVEN: /* half a unit of the last fraction bit; the carry may make an Inf */
        a += *nan ? 0 : 0x400000u >> state->format.layout.mbits;
        *nan = a >= inf;
        break;
    case MX_SCALE_CEIL: /* carries into the field when any fraction bit is set; field 255 is then just a number */
        a += 0x7fffffu;
        break;
    default:
        break;
    }
    return (int)(a >> 23) - 127 - state->format.power;
}

/* ---- a rounded logarithm ---- */

/* 1 when (num/den)^(2^squarings) > 1/2, for num < den; never equal, as 2^(-1/2^s) is irrational. Squares an enclosure
 * in fixed point, and starts again with twice the bits when it comes to straddle. */
static int power_above_half(const mpz_t num, const mpz_t den, unsigned squarings)
{
    mp_bitcnt_t bits = 128;
    mpz_t lo, hi;
    int above = -1;

    mpz_inits(lo, hi, NULL);
    for (; above < 0; bits *= 2) {
        mpz_mul_2exp(lo, num, bits);
        mpz_cdiv_q(hi, lo, den);
        mpz_fdiv_q(lo, lo, den);
        for (unsigned i = 0; i < squarings && mpz_sizeinbase(hi, 2) >= bits; i++) {
            mpz_mul(lo, lo, lo);
            mpz_fdiv_q_2exp(lo, lo, bits);
            mpz_mul(hi, hi, hi);
            mpz_cdiv_q_2exp(hi, hi, bits);
        }
        if (mpz_sizeinbase(hi, 2) < bits) /* hi < 1/2, and squaring only lowers it */
            above = 0;
        else if (mpz_sizeinbase(lo, 2) >= bits)
            above = 1;
    }
    mpz_clears(lo, hi, NULL);
    return above;
}

/* Numbers of 24 significant bits next to the integer m: half the distance to the neighbour on the side of larger
 * magnitude (`outward`) or of smaller is 2^-s; returns s. The distance halves just inside a power of two. */
static unsigned half_gap(int m, int outward)
{
    unsigned magnitude = (unsigned)(m < 0 ? -m : m);
    unsigned exponent = (unsigned)mxref_w_length(magnitude) - 1;

    return (is_power_of_two(magnitude) && !outward ? 25 : 24) - exponent;
}

/* floor (or ceil, `up`) of log2(num/den * 2^exp) rounded to 24 bits. Clobbers num and den. */
static int rounded_log2(mpz_t num, mpz_t den, int exp, int up)
{
    int n = (int)mpz_sizeinbase(num, 2) - (int)mpz_sizeinbase(den, 2);
    int snaps = 0;

    if (n > 0)
        mpz_mul_2exp(den, den, (mp_bitcnt_t)n);
    else
        mpz_mul_2exp(num, num, (mp_bitcnt_t)-n);
    if (mpz_cmp(num, den) < 0) {
        mpz_mul_2exp(num, num, 1);
        n--;
    }
    n += exp; /* num/den in [1, 2), the logarithm in [n, n + 1) */
    if (mpz_cmp(num, den) == 0)
        return n;
    if (up) { /* does it round down to n? numbers near 0 are arbitrarily close together, so never to 0 */
        if (n != 0)
            snaps = power_above_half(den, num, half_gap(n, n > 0));
        return snaps ? n : n + 1;
    }
    if (n + 1 != 0) { /* does it round up to n + 1? */
        mpz_mul_2exp(den, den, 1);
        snaps = power_above_half(num, den, half_gap(n + 1, n + 1 < 0));
    }
    return snaps ? n + 1 : n;
}

static int log2f_exponent(mxref_witness_state *state, uint64_t sig, int exp)
{
    unsigned rule = state->batch->profile.scale;
    int exponent;
    mpz_t den;

    if (rule == MX_SCALE_EVEN)
        narrow(&sig, &exp, 1 + state->format.layout.mbits);
    mpz_init_set_ui(den, 1);
    mpz_import(state->sig, 1, 1, sizeof sig, 0, 0, &sig);
    if (rule == MX_SCALE_RCEIL) {
        mpz_set_ui(den, state->format.max_sig);
        exponent = rounded_log2(state->sig, den, exp - state->format.max_exp, 1);
    } else {
        exponent = rounded_log2(state->sig, den, exp, rule == MX_SCALE_CEIL) - state->format.power;
    }
    mpz_clear(den);
    return exponent;
}

int mxref_w_exponent(mxref_witness_state *state, uint64_t sig, int exp, int *nan)
{
    switch (state->batch->profile.scale_arith) {
    case MX_ARITH_EXACT:
        return exact(state, sig, exp);
    case MX_ARITH_F32:
        return f32(state, sig, exp, nan);
    default:
        return log2f_exponent(state, sig, exp);
    }
}
