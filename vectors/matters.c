/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which axes can change the answer of (op, elem, type) under the other axes of a profile: a table of rules.
 *
 * A rule says: "its subject holds for these ops, formats and types, when the profile's axes have these values and the
 * named facts hold". An axis matters when one of its rules applies. Facts are subjects that are no axis: what a
 * block's scale and quotients can reach. No rule of an axis looks at that axis, nor does a fact that it needs.
 * Where a rule is wider than the truth (round=sr:N does not look at N) it errs towards "matters".
 */
#include <mx/names.h>

enum fact {
    OVER = MX_AXIS_LAST + 1, /* a scale exponent above 127 can occur (other than scale-arith=f32's Inf) */
    NAN_BYTE,                /* a block can get scale byte FF */
    BEYOND,                  /* a block's quotient can reach the first grid point past max normal (INT8: 128 units) */
    STEP,                    /* ... can come as near to that point as one likes, from below */
    MARGIN,                  /* ... can exceed max normal, but not half way to that point */
    OVERFLOW                 /* a finite element of a block can round to more than max normal (E5M2, E4M3) */
};

#define BIT(v) (1u << (v))

enum {
    CAST = BIT(MX_OP_CAST),
    SCALE = BIT(MX_OP_SCALE),
    SCALED = BIT(MX_OP_SCALED_CAST),
    QUANT = BIT(MX_OP_QUANTIZE),
    DECODE = BIT(MX_OP_DECODE),
    DEQUANT = BIT(MX_OP_DEQUANTIZE),
    SCALARS = CAST | SCALED,
    BLOCKS = SCALE | QUANT,
    CODES = SCALARS | QUANT,

    E5M2 = BIT(MX_E5M2),
    E4M3 = BIT(MX_E4M3),
    INT8 = BIT(MX_INT8),
    WITH_NAN = E5M2 | E4M3,
    NO_NAN = BIT(MX_E3M2) | BIT(MX_E2M3) | BIT(MX_E2M1) | INT8,
    FLOATS = WITH_NAN | BIT(MX_E3M2) | BIT(MX_E2M3) | BIT(MX_E2M1),
    ALL = FLOATS | INT8,

    FP32 = BIT(MX_FP32),
    BF16 = BIT(MX_BF16),
    FP16 = BIT(MX_FP16),
    FP64 = BIT(MX_FP64),
    WIDE = FP32 | BF16, /* the exponent range of fp32 */
    ANY = WIDE | FP16 | FP64
};
_Static_assert(ALL == (2u << MX_ELEM_LAST) - 2, "each format is in a set");
_Static_assert(ANY == (2u << MX_TYPE_LAST) - 2, "each type is in a set");
_Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "each scale rule is in the rows below that it belongs to");

/* Values of round by what they do to a magnitude between two codes. */
enum {
    AWAY_LATE = BIT(MX_RUP) | BIT(MX_RDN) | BIT(MX_SR), /* may round away from zero however near the lower code */
    AWAY = AWAY_LATE | BIT(MX_RNE) | BIT(MX_RNA) | BIT(MX_RNZ),
    DIRECTED = BIT(MX_RTZ) | BIT(MX_RUP) | BIT(MX_RDN), /* IEEE 754 7.4: toward zero, at least for one sign */
    TINY_UP = BIT(MX_RUP) | BIT(MX_RDN) | BIT(MX_RTO)   /* the tiniest nonzero becomes the least code */
};
_Static_assert((AWAY | DIRECTED | TINY_UP) == (2u << MX_ROUND_LAST) - 2, "each rounding is in a set");

struct rule {
    unsigned subject; /* an axis or a fact */
    unsigned ops, elems, types;
    struct {
        unsigned axis, values;
    } when[3];
    unsigned need; /* a fact, or 0 */
};

#define WHEN(axis, values)                                                                                             \
    {                                                                                                                  \
        MX_AXIS_##axis, values                                                                                         \
    }
#define IS(axis, value)                                                                                                \
    {                                                                                                                  \
        MX_AXIS_##axis, BIT(value)                                                                                     \
    }
#define OCP      IS(INT8, MX_INT8_OCP)
#define SUB_KEPT IS(SUBNORMAL_IN, MX_SUBNORMAL_IN_KEEP)
#define NOT_F32  WHEN(SCALE_ARITH, BIT(MX_ARITH_EXACT) | BIT(MX_ARITH_LOG2F))
#define F32      IS(SCALE_ARITH, MX_ARITH_F32)
#define LOG2F    IS(SCALE_ARITH, MX_ARITH_LOG2F)

static const struct rule rules[] = {
    /* The rules differ at every A; both INT8 readings of emax too. */
    {MX_AXIS_SCALE, BLOCKS, ALL, ANY, {{0, 0}}, 0},

    /* scale-arith. fp64: rounding A to fp32 moves thresholds, for every rule. */
    {MX_AXIS_SCALE_ARITH, BLOCKS, ALL, FP64, {{0, 0}}, 0},
    /* fp32: log2f is off just beside a power of two; even takes no logarithm near one. */
    {MX_AXIS_SCALE_ARITH,
     BLOCKS,
     ALL,
     FP32,
     {WHEN(SCALE, BIT(MX_SCALE_FLOOR) | BIT(MX_SCALE_CEIL) | BIT(MX_SCALE_RCEIL))},
     0},
    /* even: f32 gives FF when the carry reaches exponent field 255; exact reads 128 - emax, in range unless emax = 0.
     */
    {MX_AXIS_SCALE_ARITH, BLOCKS, FLOATS, WIDE, {IS(SCALE, MX_SCALE_EVEN)}, 0},
    {MX_AXIS_SCALE_ARITH,
     BLOCKS,
     INT8,
     WIDE,
     {IS(SCALE, MX_SCALE_EVEN), WHEN(INT8, BIT(MX_INT8_INT6) | BIT(MX_INT8_INT7))},
     0},
    {MX_AXIS_SCALE_ARITH, BLOCKS, INT8, WIDE, {IS(SCALE, MX_SCALE_EVEN), OCP, IS(SCALE_OVER, MX_SCALE_OVER_CLAMP)}, 0},
    /* f32 reads a subnormal A as field 0; only with emax = 0 is that above byte 00. fp16 subnormals are fp32 normals.
     */
    {MX_AXIS_SCALE_ARITH, BLOCKS, INT8, WIDE, {WHEN(SCALE, BIT(MX_SCALE_EVEN) | BIT(MX_SCALE_CEIL)), OCP, SUB_KEPT}, 0},

    {MX_AXIS_ROUND, CODES, ALL, ANY, {{0, 0}}, 0},

    /* overflow: scalar ops take Inf by it; blocks take Inf by inf-in, so only finite overflow counts there. */
    {MX_AXIS_OVERFLOW, SCALARS, WITH_NAN, ANY, {{0, 0}}, 0},
    {MX_AXIS_OVERFLOW, QUANT, WITH_NAN, ANY, {{0, 0}}, OVERFLOW},

    /* overflow-directed: a finite overflow while rounding toward zero, so the next grid point itself is reached.
     * fp16's largest value, 65504, is below E5M2's next point, 65536, unless a scale lifts it. */
    {MX_AXIS_OVERFLOW_DIRECTED, CAST, E4M3, ANY, {IS(OVERFLOW, MX_OVERFLOW_SPECIAL), WHEN(ROUND, DIRECTED)}, 0},
    {MX_AXIS_OVERFLOW_DIRECTED, CAST, E5M2, WIDE | FP64, {IS(OVERFLOW, MX_OVERFLOW_SPECIAL), WHEN(ROUND, DIRECTED)}, 0},
    {MX_AXIS_OVERFLOW_DIRECTED, SCALED, WITH_NAN, ANY, {IS(OVERFLOW, MX_OVERFLOW_SPECIAL), WHEN(ROUND, DIRECTED)}, 0},
    {MX_AXIS_OVERFLOW_DIRECTED,
     QUANT,
     WITH_NAN,
     ANY,
     {IS(OVERFLOW, MX_OVERFLOW_SPECIAL), WHEN(ROUND, DIRECTED)},
     BEYOND},

    {MX_AXIS_NAN_IN, BLOCKS, ALL, ANY, {{0, 0}}, 0},
    {MX_AXIS_INF_IN, BLOCKS, ALL, ANY, {{0, 0}}, 0},

    /* nan-to: a NaN element in a format without NaN (any format under nan-in=ignore), or below a NaN scale. */
    {MX_AXIS_NAN_TO, SCALARS, NO_NAN, ANY, {{0, 0}}, 0},
    {MX_AXIS_NAN_TO, QUANT, ALL, ANY, {IS(NAN_IN, MX_NAN_IN_IGNORE)}, 0},
    {MX_AXIS_NAN_TO, QUANT, NO_NAN, ANY, {IS(NAN_IN, MX_NAN_IN_ELEMENT)}, 0},
    {MX_AXIS_NAN_TO, QUANT, NO_NAN, ANY, {IS(UNDER_NAN_SCALE, MX_UNDER_NAN_NAN)}, NAN_BYTE},

    {MX_AXIS_ZERO_SCALE, BLOCKS, ALL, ANY, {{0, 0}}, 0},

    {MX_AXIS_SCALE_OVER, BLOCKS, ALL, ANY, {{0, 0}}, OVER},
    {OVER, BLOCKS, ALL, FP64, {NOT_F32}, 0},
    /* INT8 has emax 0, so A above 2^127 may need 2^128. f32's even has FF from the carry instead; floor never passes
     * 127, but log2f rounds log2 of the largest fp32 values up to 128. */
    {OVER, BLOCKS, INT8, WIDE | FP64, {OCP, WHEN(SCALE, BIT(MX_SCALE_CEIL) | BIT(MX_SCALE_RCEIL))}, 0},
    {OVER, BLOCKS, INT8, WIDE | FP64, {OCP, IS(SCALE, MX_SCALE_EVEN), NOT_F32}, 0},
    {OVER, BLOCKS, INT8, FP32 | FP64, {OCP, IS(SCALE, MX_SCALE_FLOOR), LOG2F}, 0},

    {MX_AXIS_ZERO_SIGN, CODES, FLOATS, ANY, {{0, 0}}, 0}, /* a source -0; INT8 has one zero (D12) */

    /* int8-min: -Inf, nan-to=smax, and a negative quotient that reaches or rounds to -128 units. */
    {MX_AXIS_INT8_MIN, SCALARS, INT8, ANY, {{0, 0}}, 0},
    {MX_AXIS_INT8_MIN,
     QUANT,
     INT8,
     ANY,
     {WHEN(INF_IN, BIT(MX_INF_IN_SATURATE) | BIT(MX_INF_IN_SPECIAL) | BIT(MX_INF_IN_MAX_SCALE))},
     0},
    {MX_AXIS_INT8_MIN,
     QUANT,
     INT8,
     ANY,
     {IS(NAN_TO, MX_NAN_TO_SMAX), WHEN(NAN_IN, BIT(MX_NAN_IN_ELEMENT) | BIT(MX_NAN_IN_IGNORE))},
     0},
    {MX_AXIS_INT8_MIN, QUANT, INT8, ANY, {IS(NAN_TO, MX_NAN_TO_SMAX), IS(UNDER_NAN_SCALE, MX_UNDER_NAN_NAN)}, NAN_BYTE},
    {MX_AXIS_INT8_MIN, QUANT, INT8, ANY, {{0, 0}}, BEYOND},
    {MX_AXIS_INT8_MIN, QUANT, INT8, ANY, {WHEN(ROUND, AWAY & ~BIT(MX_RUP))}, STEP},
    {MX_AXIS_INT8_MIN, QUANT, INT8, ANY, {WHEN(ROUND, AWAY_LATE & ~BIT(MX_RUP))}, MARGIN},

    {MX_AXIS_INT8, DECODE | DEQUANT | CODES | SCALE, INT8, ANY, {{0, 0}}, 0},

    /* subnormal-in. fp32 and bf16 subnormals over 2^-127 are codes; fp16's are well inside the scale's range. */
    {MX_AXIS_SUBNORMAL_IN, SCALED | QUANT, ALL, WIDE | FP16, {{0, 0}}, 0},
    /* Elsewhere they are too small for the format: they round to zero or to the least code. The sign of the zero: */
    {MX_AXIS_SUBNORMAL_IN, CODES, FLOATS, ANY, {IS(ZERO_SIGN, MX_ZERO_SIGN_UNDERFLOW_ONLY)}, 0},
    {MX_AXIS_SUBNORMAL_IN, CODES, FLOATS, ANY, {WHEN(ROUND, TINY_UP), IS(SUBNORMAL_OUT, MX_SUBNORMAL_OUT_KEEP)}, 0},
    {MX_AXIS_SUBNORMAL_IN, CODES, INT8, ANY, {WHEN(ROUND, TINY_UP)}, 0},
    /* Random bits lift a discarded fraction of 2^-32 or more: fp16 only. */
    {MX_AXIS_SUBNORMAL_IN, CAST, FLOATS, FP16, {IS(ROUND, MX_SR), IS(SUBNORMAL_OUT, MX_SUBNORMAL_OUT_KEEP)}, 0},
    {MX_AXIS_SUBNORMAL_IN, CAST, INT8, FP16, {IS(ROUND, MX_SR)}, 0},
    /* E5M2's subnormals share fp16's range; the largest fp16 one may round up to a normal. */
    {MX_AXIS_SUBNORMAL_IN, CAST, E5M2, FP16, {IS(SUBNORMAL_OUT, MX_SUBNORMAL_OUT_KEEP)}, 0},
    {MX_AXIS_SUBNORMAL_IN, CAST, E5M2, FP16, {WHEN(ROUND, AWAY)}, 0},
    /* A subnormal A: the rule's byte, zero-scale's byte, or 00. The rule gives 00 for it unless the source is fp16, or
     * INT8 (emax 0) with a rule that goes up to 2^-126. */
    {MX_AXIS_SUBNORMAL_IN, BLOCKS, ALL, FP16, {{0, 0}}, 0},
    {MX_AXIS_SUBNORMAL_IN,
     BLOCKS,
     ALL,
     ANY,
     {WHEN(ZERO_SCALE, BIT(MX_ZERO_SCALE_7F) | BIT(MX_ZERO_SCALE_ONE_EMAX))},
     0},
    {MX_AXIS_SUBNORMAL_IN, BLOCKS, INT8, WIDE, {OCP, IS(SCALE, MX_SCALE_CEIL)}, 0},
    {MX_AXIS_SUBNORMAL_IN, BLOCKS, INT8, FP32, {OCP, WHEN(SCALE, BIT(MX_SCALE_EVEN) | BIT(MX_SCALE_RCEIL))}, 0},
    {MX_AXIS_SUBNORMAL_IN, BLOCKS, INT8, BF16, {OCP, IS(SCALE, MX_SCALE_EVEN), F32}, 0},
    {MX_AXIS_SUBNORMAL_IN, BLOCKS, INT8, FP32, {OCP, IS(SCALE, MX_SCALE_FLOOR), LOG2F}, 0},

    /* subnormal-out: INT8 has no subnormals (D13). All of E5M2's lie below fp16's least normal, 2^-14: without fp16
     * subnormals only a scale above 2^0 gives one. */
    {MX_AXIS_SUBNORMAL_OUT, SCALED, FLOATS, ANY, {{0, 0}}, 0},
    {MX_AXIS_SUBNORMAL_OUT, CAST | QUANT, FLOATS & ~E5M2, ANY, {{0, 0}}, 0},
    {MX_AXIS_SUBNORMAL_OUT, CAST | QUANT, E5M2, WIDE | FP64, {{0, 0}}, 0},
    {MX_AXIS_SUBNORMAL_OUT,
     CAST | QUANT,
     E5M2,
     FP16,
     {WHEN(SUBNORMAL_IN, BIT(MX_SUBNORMAL_IN_KEEP) | BIT(MX_SUBNORMAL_IN_FLUSH_BLOCK))},
     0},
    {MX_AXIS_SUBNORMAL_OUT,
     QUANT,
     E5M2,
     FP16,
     {WHEN(SCALE, BIT(MX_SCALE_CEIL) | BIT(MX_SCALE_EVEN) | BIT(MX_SCALE_RCEIL))},
     0},
    {MX_AXIS_SUBNORMAL_OUT, QUANT, E5M2, FP16, {IS(INF_IN, MX_INF_IN_MAX_SCALE), WHEN(ROUND, TINY_UP)}, 0},

    {MX_AXIS_NAN_CODE, SCALARS, WITH_NAN, ANY, {{0, 0}}, 0},
    {MX_AXIS_NAN_CODE, QUANT, WITH_NAN, ANY, {IS(NAN_IN, MX_NAN_IN_ELEMENT)}, 0},
    {MX_AXIS_NAN_CODE, QUANT, WITH_NAN, ANY, {IS(UNDER_NAN_SCALE, MX_UNDER_NAN_NAN)}, NAN_BYTE},

    /* overflow-nan: only E4M3 overflows to NaN. Inf sources (D10, D11), then finite ones. */
    {MX_AXIS_OVERFLOW_NAN, SCALARS, E4M3, ANY, {IS(OVERFLOW, MX_OVERFLOW_SPECIAL)}, 0},
    {MX_AXIS_OVERFLOW_NAN, QUANT, E4M3, ANY, {IS(INF_IN, MX_INF_IN_SPECIAL)}, 0},
    {MX_AXIS_OVERFLOW_NAN,
     QUANT,
     E4M3,
     ANY,
     {IS(OVERFLOW, MX_OVERFLOW_SPECIAL), WHEN(ROUND, AWAY | BIT(MX_RTO))},
     OVERFLOW},
    {MX_AXIS_OVERFLOW_NAN,
     QUANT,
     E4M3,
     ANY,
     {IS(OVERFLOW, MX_OVERFLOW_SPECIAL), IS(OVERFLOW_DIRECTED, MX_DIRECTED_ALWAYS)},
     OVERFLOW},

    {MX_AXIS_UNDER_NAN_SCALE, SCALED, ALL, ANY, {{0, 0}}, 0},
    {MX_AXIS_UNDER_NAN_SCALE, QUANT, ALL, ANY, {{0, 0}}, NAN_BYTE},
    {NAN_BYTE, QUANT, ALL, ANY, {IS(NAN_IN, MX_NAN_IN_BLOCK_NAN)}, 0},
    {NAN_BYTE, QUANT, ALL, ANY, {IS(INF_IN, MX_INF_IN_BLOCK_NAN)}, 0},
    {NAN_BYTE, QUANT, ALL, ANY, {IS(SCALE_OVER, MX_SCALE_OVER_NAN)}, OVER},
    {NAN_BYTE, QUANT, ALL, FP64, {F32}, 0}, /* A rounds to fp32's Inf (D4) */
    {NAN_BYTE, QUANT, ALL, WIDE, {F32, IS(SCALE, MX_SCALE_EVEN)}, 0},

    /* decode-over: the largest magnitude times 2^127 is past fp32's largest in every format (INT8: 0x80), and within
     * fp64's; decode has scale 2^0, and 57344 is within fp16. */
    {MX_AXIS_DECODE_OVER, DEQUANT, ALL, WIDE | FP16, {{0, 0}}, 0},

    /* What a quotient A / 2^s can reach. Clamping s from above: everything (INT8 from fp32: just below 128 units). */
    {BEYOND, QUANT, ALL, FP64, {NOT_F32, IS(SCALE_OVER, MX_SCALE_OVER_CLAMP)}, 0},
    /* So does byte FE given to a block for its Inf, however large the finite elements are. */
    {BEYOND, QUANT, ALL, FP64, {IS(INF_IN, MX_INF_IN_MAX_SCALE)}, 0},
    {STEP, QUANT, INT8, ANY, {IS(SCALE_OVER, MX_SCALE_OVER_CLAMP)}, OVER},
    /* floor: below 2^(emax+1); E4M3's next point, 480, is below 512. even: below the midpoint under 2^(emax+1): 496 for
     * E4M3, 61440 for E5M2. */
    {BEYOND, QUANT, E4M3, ANY, {WHEN(SCALE, BIT(MX_SCALE_FLOOR) | BIT(MX_SCALE_EVEN))}, 0},
    {STEP, QUANT, E5M2, ANY, {IS(SCALE, MX_SCALE_FLOOR)}, 0},
    {MARGIN, QUANT, E5M2, ANY, {IS(SCALE, MX_SCALE_EVEN)}, 0},
    {STEP, QUANT, INT8, ANY, {IS(SCALE, MX_SCALE_FLOOR), WHEN(INT8, BIT(MX_INT8_OCP) | BIT(MX_INT8_INT6))}, 0},
    {MARGIN, QUANT, INT8, ANY, {IS(SCALE, MX_SCALE_EVEN), WHEN(INT8, BIT(MX_INT8_OCP) | BIT(MX_INT8_INT6))}, 0},
    /* int7: emax 7 with a largest value of 127: ceil gives up to 128 units, floor and even more. */
    {BEYOND,
     QUANT,
     INT8,
     ANY,
     {IS(INT8, MX_INT8_INT7), WHEN(SCALE, BIT(MX_SCALE_FLOOR) | BIT(MX_SCALE_CEIL) | BIT(MX_SCALE_EVEN))},
     0},
    /* rceil in fp32 arithmetic may choose one too small for an A that is barely above the threshold. fp16 and bf16 have
     * no such A (their values are 2^-11 and 2^-8 apart). */
    {MARGIN,
     QUANT,
     ALL,
     FP32 | FP64,
     {IS(SCALE, MX_SCALE_RCEIL), WHEN(SCALE_ARITH, BIT(MX_ARITH_F32) | BIT(MX_ARITH_LOG2F))},
     0},

    {OVERFLOW, QUANT, WITH_NAN, ANY, {{0, 0}}, BEYOND},
    {OVERFLOW, QUANT, WITH_NAN, ANY, {WHEN(ROUND, AWAY)}, STEP},
    {OVERFLOW, QUANT, WITH_NAN, ANY, {WHEN(ROUND, AWAY_LATE)}, MARGIN},
    {OVERFLOW, QUANT, E4M3, ANY, {IS(ROUND, MX_RTO)}, MARGIN}, /* E4M3's largest code is even, E5M2's odd */
};

struct subject {
    unsigned op, elem, type; /* as bits */
    const mx_profile *profile;
};

static int conditions_hold(const struct rule *r, const mx_profile *profile)
{
    for (size_t i = 0; profile && i < 3 && r->when[i].axis; i++)
        if (!(BIT(mx_profile_get(profile, (mx_axis)r->when[i].axis)) & r->when[i].values))
            return 0;
    return 1;
}

/* Facts need facts at most three deep (overflow -> step -> over), and never one another in a circle. */
static int holds(unsigned subject, const struct subject *s)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct rule *r = &rules[i];
        if (r->subject == subject && (r->ops & s->op) && (r->elems & s->elem) && (r->types & s->type) &&
            conditions_hold(r, s->profile) && (!r->need || holds(r->need, s)))
            return 1;
    }
    return 0;
}

int mx_axis_matters(mx_axis axis, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile)
{
    struct subject s;

    if (!mx_axis_name(axis) || !mx_op_name(op) || !mx_elem_name(elem) || !mx_type_name(type))
        return 0;
    s = (struct subject){BIT(op), BIT(elem), BIT(type), profile};
    return holds(axis, &s);
}
