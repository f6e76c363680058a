/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From A, the largest finite magnitude of a block, to the scale byte: D1 and D4 to D6 of doc/decisions.md.
 */
#include "impl/round.h"

static const mxfast_value fp32 = {MX_FP32, 4, {23, -126}, 0x80000000, 0x7f800000, 0x00800000, 0x7fc00000};

/* Nearest fp32 bits of x, ties to even; may be Inf. */
static uint32_t round_fp32(mxfast_number x)
{
    uint64_t bits = mxfast_round_even(mxfast_locate(fp32.grid, x));
    return (uint32_t)(bits < fp32.inf ? bits : fp32.inf);
}

/* A scale exponent, or "no number": byte FF. */
typedef struct exponent {
    int value;
    int is_nan;
} exponent;

/* ---- scale-arith=f32: the bit formulas of the field ---- */

/* q = fl32(A * fl32(1 / maxnormal)); then the field, and one more unless q is 2^n or rounds down to the scale 2^-127.
 */
static exponent f32_rceil(const mxfast_scale_plan *scale, uint32_t b)
{
    uint32_t q = 0;
    if (b != 0) {
        mxfast_number a = mxfast_unpack(&fp32, b);
        uint64_t product = (a.sig >> 40) * scale->reciprocal; /* 24 bits each; a = (sig >> 40) 2^(e - 23) */
        unsigned zeros = mxfast_leading_zeros(product);
        q = round_fp32((mxfast_number){product << zeros, a.e - 23 - 24 - scale->top + 63 - (int)zeros});
    }
    uint32_t fraction = q & 0x7fffff;
    int field = (int)(q >> 23);
    int up = field != 0 ? fraction != 0 : fraction > 0x400000;
    return (exponent){field + up - 127, 0}; /* 1 / maxnormal < 1: q is finite */
}

static exponent f32_exponent(const mxfast_scale_plan *scale, mxfast_number a)
{
    uint32_t b = round_fp32(a);
    if (b >= fp32.inf)
        return (exponent){0, 1};
    int up = 0;
    _Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "a case for each scale rule");
    switch (scale->rule) {
    case MX_SCALE_RCEIL:
        return f32_rceil(scale, b);
    case MX_SCALE_EVEN:
        b += UINT32_C(1) << (22 - scale->mbits);
        break;
    case MX_SCALE_CEIL:
        up = (b & 0x7fffff) != 0;
        break;
    default:
        break;
    }
    return (exponent){(int)(b >> 23) - 127 + up - scale->top, b >= fp32.inf};
}

/* ---- scale-arith=log2f ---- */

enum { LOG2F_FIRST = 14, LOG2F_COLUMNS = 12 };

static const uint64_t log2f_below[LOG2F_COLUMNS] =
#define MX_LOG2F_BELOW(...)                                                                                            \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }
#define MX_LOG2F_ABOVE(...)
#include "impl/log2f.def"
#undef MX_LOG2F_BELOW
#undef MX_LOG2F_ABOVE
    ;

static const uint64_t log2f_above[][LOG2F_COLUMNS] = {
#define MX_LOG2F_BELOW(...)
#define MX_LOG2F_ABOVE(...) {__VA_ARGS__},
#include "impl/log2f.def"
#undef MX_LOG2F_BELOW
#undef MX_LOG2F_ABOVE
};

/* Column of log2f.def for half the spacing 2^-i of 24-bit numbers next to the integer n != 0, on the side of n that
 * is nearer to zero or farther from it. For 2^j <= |n| < 2^(j+1) it is 2^(j-24); toward zero from |n| = 2^j, 2^(j-25).
 */
static unsigned log2f_column(int n, int nearer_zero)
{
    unsigned magnitude = (unsigned)(n < 0 ? -n : n);
    unsigned j = 63 - mxfast_leading_zeros(magnitude);
    unsigned i = 24 - j + (nearer_zero && (magnitude & (magnitude - 1)) == 0);
    return i - LOG2F_FIRST;
}

/* The `cut` of this rule for a number of exponent e: the exact one, moved by what fl32(log2 ...) cannot see.
 * Even needs none: A rounded to at most 7 bits is a power of two or at least 2^-7 of one away from it. There is no
 * integer to be missed at n = 0, where the spacing has no lower limit. */
static uint64_t log2f_cut(const mxfast_scale_plan *scale, int e)
{
    static const unsigned divisor[] = {
        [0] = 0, [MX_E5M2] = 2, [MX_E4M3] = 2, [MX_E3M2] = 2, [MX_E2M3] = 3, [MX_E2M1] = 1, [MX_INT8] = 4};
    _Static_assert(sizeof divisor / sizeof *divisor == MX_ELEM_LAST + 1, "a column for each format");
    if (scale->rule == MX_SCALE_EVEN)
        return scale->cut;
    if (scale->rule == MX_SCALE_FLOOR)
        return e + 1 == 0 ? scale->cut : scale->cut - log2f_below[log2f_column(e + 1, e + 1 > 0)];
    int n = scale->rule == MX_SCALE_RCEIL ? e - scale->top : e;
    return n == 0 ? scale->cut : scale->cut + log2f_above[divisor[scale->divisor]][log2f_column(n, n < 0)];
}

/* ---- the byte ---- */

uint8_t mxfast_scale_byte(const mxfast_plan *plan, uint64_t amax)
{
    const mxfast_scale_plan *scale = &plan->scale;
    if (amax == 0)
        return scale->zero;
    if (amax < scale->flush_block)
        return 0;
    mxfast_number a = mxfast_unpack(&plan->value, amax);
    exponent x = {0, 0};
    if (scale->arith == MX_ARITH_F32)
        x = f32_exponent(scale, a);
    else {
        uint64_t cut = scale->arith == MX_ARITH_LOG2F ? log2f_cut(scale, a.e) : scale->cut;
        x.value = a.e - scale->top + (a.sig > cut);
    }
    const mx_scale_facts *byte = mxfast_scale_facts();
    if (x.is_nan)
        return (uint8_t)byte->nan_code;
    if (x.value > byte->emax)
        return scale->over;
    return (uint8_t)(x.value < byte->emin ? 0 : x.value + byte->bias);
}
