/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the list of bins (list.c) and their counting (bins.c, layout.c) share: words, groups.
 */
#ifndef CONFORMANCE_COVERAGE_MODEL_H
#define CONFORMANCE_COVERAGE_MODEL_H

#include <stdio.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/coverage/coverage.h"

static const char *const sign_name[] = {"+", "-"};
static const char *const kind_name[] = {"", "nan", "inf", "zero", "subnormal", "normal"};

/* Where |quotient| lies between neighbouring codes. */
enum { EXACT, BELOW, TIE_EVEN, TIE_ODD, ABOVE, REMAINDERS };
static const char *const remainder_name[] = {"exact", "below-half", "tie-above-even", "tie-above-odd", "above-half"};

/* Beyond the largest code. */
enum { OVER_BELOW, OVER_TIE, OVER_ABOVE, OVER_FAR, OVER_INF, OVERS };
static const char *const over_name[] = {"below-tie", "tie", "above-tie", "far", "inf"};

static const char *const scale_branch_name[] = {"",     "given", "rule", "under",   "over",
                                                "zero", "nan",   "inf",  "flushed", "arith"};

/* ---- groups ---- */

static inline int has_elements(mx_op op)
{
    return op == MX_OP_CAST || op == MX_OP_SCALED_CAST || op == MX_OP_QUANTIZE;
}

static inline int has_rule(mx_op op)
{
    return op == MX_OP_SCALE || op == MX_OP_QUANTIZE;
}

static inline const char *round_name(unsigned round)
{
    return mx_axis_value_name(MX_AXIS_ROUND, round);
}

/* The exponent of a magnitude code's binade; 0 has none. */
static inline int binade_of(const mx_facts *f, unsigned code)
{
    if (f->ebits != 0 && code >> f->mbits != 0)
        return (int)(code >> f->mbits) - f->bias;
    int top = 0;
    while (code >> (top + 1) != 0)
        top++;
    return (f->ebits == 0 ? 0 : f->emin) - (int)f->mbits + top;
}

static inline int lowest_binade(const mx_facts *f)
{
    return binade_of(f, 1);
}

/* Whether binades are told apart, format by format: in cast, and where rounding is to nearest even. Elsewhere the
 * formats are taken together, and binades as subnormal and normal. */
static inline int is_fine(mx_op op, unsigned round)
{
    return round == MX_RNE || (op == MX_OP_CAST && round != MX_SR);
}

static inline const char *element_group(char group[MXC_BIN / 2], mx_op op, mx_elem elem, unsigned round)
{
    const char *x = is_fine(op, round) ? mx_elem_name(elem) : mxref_facts(elem)->ebits ? "float" : "int8";
    snprintf(group, MXC_BIN / 2, "%s.%s.%s", mx_op_name(op), x, round_name(round));
    return group;
}

/* Where, besides, the source types are told apart: where ranges and remainders stand for themselves, as each type may
 * have a kernel of its own. Roundings that systems do not have are looked at from fp32 alone, but in cast. */
static inline int is_by_type(mx_op op, mx_type type, unsigned round)
{
    return op == MX_OP_CAST || type == MX_FP32 || round == MX_RNE || round == MX_RTZ || round == MX_SR ||
           (op == MX_OP_QUANTIZE && (round == MX_RNA || round == MX_RDN));
}

enum { RANGE_UNDER, RANGE_SUBNORMAL, RANGE_NORMAL, RANGE_OVER, RANGES };
static const char *const range_name[] = {"under", "subnormal", "normal", "over"};

/* The random bits of stochastic rounding against the discarded fraction. */
enum { RANDOM_ZERO, RANDOM_ONES, RANDOM_CARRIES, RANDOM_JUST_NOT, RANDOMS };
static const char *const random_name[] = {"zero", "ones", "just-carries", "just-not"};

/* Block lengths whose ends are looked at. */
static const size_t ragged[] = {1, 3, 16, 17, 31, 33, 64};

/* Products. */
enum {
    PRODUCT_EXACT,
    PRODUCT_SUBNORMAL,
    PRODUCT_TIE_UP,
    PRODUCT_TIE_DOWN,
    PRODUCT_INEXACT,
    PRODUCT_ZERO,
    PRODUCT_OVER,
    PRODUCTS
};
static const char *const product_name[] = {"exact",   "subnormal",         "tie-up",      "tie-down",
                                           "inexact", "underflow-to-zero", "beyond-range"};

/* Scale bytes when decoding: the ends of the range, scale one, and the rest. The NaN has bins of its own. */
static const char *const byte_class_name[] = {"00", "01", "low", "one", "high", "fd", "fe"};
enum { BYTE_CLASSES = sizeof byte_class_name / sizeof byte_class_name[0] };

static inline unsigned byte_class(unsigned byte)
{
    return byte < 2 ? byte : byte < 127 ? 2 : byte == 127 ? 3 : byte < 253 ? 4 : byte - 248;
}

/* Without a block there is none to flush. */
static inline int is_void(mx_op op, mx_axis axis, unsigned value)
{
    return !has_rule(op) && axis == MX_AXIS_SUBNORMAL_IN && value == MX_SUBNORMAL_IN_FLUSH_BLOCK;
}

/* ---- storage (layout.c) ---- */

void mxc_bins_list_layout(mxc_coverage *coverage);
mx_status mxc_bins_of_layout(const mxv_pack *pack, size_t i, mxc_bin_hit *hit, void *state);

#endif
