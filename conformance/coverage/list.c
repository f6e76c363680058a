/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The coverage model: which bins there are, and why some of them cannot be reached.
 */
#include "conformance/coverage/model.h"

/* ---- the list ---- */

static const char *why_no_remainder(const mx_facts *f, int e, int remainder)
{
    if (e == lowest_binade(f) && remainder == TIE_EVEN)
        return "the lowest binade has one code, which is odd";
    if (e == f->emax && f->mbits == 1 && remainder == TIE_ODD)
        return "the odd code of the highest binade is the largest";
    return NULL;
}

/* Rounding up from the largest subnormal code to the smallest normal one. */
static const char *why_no_step(const mx_facts *f, unsigned round, int negative)
{
    if (f->ebits == 0)
        return "a fixed-point format has no normal codes";
    if (round == MX_RTZ || (round == MX_RUP && negative) || (round == MX_RDN && !negative))
        return "rounded toward zero";
    return round == MX_RTO ? "the largest subnormal code is odd" : NULL;
}

static void list_binades(mxc_coverage *c, const char *group, const mx_facts *f, const char *sign)
{
    for (int e = lowest_binade(f); e <= f->emax; e++)
        for (int rem = 0; rem < REMAINDERS; rem++)
            mxc_bin_add(c, why_no_remainder(f, e, rem), "%s/e=%d,%s,%s", group, e, sign, remainder_name[rem]);
}

static void list_elements(mxc_coverage *c, mx_op op, const mx_facts *f, unsigned round)
{
    char group[MXC_BIN / 2];
    const int fine = is_fine(op, round);
    if (!fine && f->elem != MX_E4M3 && f->elem != MX_INT8)
        return; /* one for all floats, one for INT8 */
    element_group(group, op, f->elem, round);
    for (int s = 0; s < 2; s++) {
        if (fine)
            list_binades(c, group, f, sign_name[s]);
        for (int rem = 0; !fine && rem < REMAINDERS; rem++) {
            mxc_bin_add(c, NULL, "%s/subnormal,%s,%s", group, sign_name[s], remainder_name[rem]);
            if (f->ebits != 0)
                mxc_bin_add(c, NULL, "%s/normal,%s,%s", group, sign_name[s], remainder_name[rem]);
        }
        for (int rem = BELOW; rem < REMAINDERS; rem++)
            mxc_bin_add(c, rem == TIE_ODD ? "0 is even" : NULL, "%s/under,%s,%s", group, sign_name[s],
                        remainder_name[rem]);
        for (int over = 0; over < (fine || op != MX_OP_QUANTIZE ? OVERS : OVER_FAR); over++)
            mxc_bin_add(c, NULL, "%s/over,%s,%s", group, sign_name[s], over_name[over]);
        mxc_bin_add(c, why_no_step(f, round, s), "%s/subnormal-to-normal,%s", group, sign_name[s]);
    }
}

static const char *why_no_range(const mx_facts *f, int range, int remainder)
{
    if (range == RANGE_UNDER && remainder == TIE_ODD)
        return "0 is even";
    if (range == RANGE_SUBNORMAL && remainder == TIE_EVEN && f->mbits == 1)
        return "the one subnormal code is odd";
    return NULL;
}

static void list_types(mxc_coverage *c, mx_op op, const mx_facts *f, mx_type type, unsigned round)
{
    for (int s = 0; s < 2; s++)
        for (int range = 0; range < RANGES; range++)
            for (int rem = range == RANGE_UNDER ? BELOW : EXACT; rem < (range == RANGE_OVER ? 1 : REMAINDERS); rem++) {
                if (range == RANGE_SUBNORMAL && f->ebits == 0)
                    continue;
                mxc_bin_add(c, why_no_range(f, range, rem), "%s.%s.%s/%s,%s,%s%s%s", mx_op_name(op),
                            mx_elem_name(f->elem), mx_type_name(type), round_name(round), range_name[range],
                            sign_name[s], range == RANGE_OVER ? "" : ",",
                            range == RANGE_OVER ? "" : remainder_name[rem]);
            }
}

static void list_kinds(mxc_coverage *c, mx_op op, const mx_facts *f)
{
    for (mx_type type = 1; type <= MX_TYPE_LAST; type++)
        for (unsigned kind = MXREF_NAN; kind <= MXREF_NORMAL; kind++)
            for (int s = 0; s < 2; s++)
                mxc_bin_add(c, NULL, "%s.%s.%s/source=%s%s", mx_op_name(op), mx_elem_name(f->elem), mx_type_name(type),
                            sign_name[s], kind_name[kind]);
}

static void list_bytes(mxc_coverage *c, mx_op op, const mx_facts *f)
{
    for (unsigned byte = 0; byte < 256; byte++)
        mxc_bin_add(c, NULL, "%s.%s/byte=%02x", mx_op_name(op), mx_elem_name(f->elem), byte);
}

/* Bytes that a rule can give: fp32 sources reach 2^127 times less than 2, fp64 sources everything. */
static void list_rule(mxc_coverage *c, mx_op op, const mx_facts *f, unsigned rule)
{
    const char *o = mx_op_name(op), *x = mx_elem_name(f->elem), *r = mx_axis_value_name(MX_AXIS_SCALE, rule);
    static const char *const at[] = {"-1ulp", "0", "+1ulp"};
    static const char *const threshold[] = {"power-of-two", "even", "maxnormal"};
    for (unsigned byte = 0; op == MX_OP_SCALE && byte < 256; byte++)
        mxc_bin_add(c, NULL, "%s.%s.%s/byte=%02x", o, x, r, byte);
    for (unsigned t = 0; t < 3; t++)
        for (unsigned u = 0; u < 3; u++)
            for (mx_type type = 1; type <= MX_TYPE_LAST; type++)
                mxc_bin_add(c, NULL, "%s.%s.%s/%s,amax=%s%s", o, x, r, mx_type_name(type), threshold[t], at[u]);
    for (unsigned branch = MXREF_SCALE_RULE; branch <= MXREF_SCALE_INF; branch++)
        mxc_bin_add(c, NULL, "%s.%s.%s/by-%s", o, x, r, scale_branch_name[branch]);
    mxc_bin_add(c, NULL, "%s.%s.%s/amax-subnormal", o, x, r);
    for (int s = 0; s < 2; s++)
        mxc_bin_add(c, NULL, "%s.%s.%s/amax-sign=%s", o, x, r, sign_name[s]);
}

static void list_lanes(mxc_coverage *c, const mx_facts *f)
{
    const char *x = mx_elem_name(f->elem);
    for (unsigned lane = 0; lane < 32; lane++) {
        mxc_bin_add(c, NULL, "quantize.%s.k32/amax-lane=%u", x, lane);
        mxc_bin_add(c, NULL, "quantize.%s.k32/nan-lane=%u", x, lane);
        mxc_bin_add(c, NULL, "quantize.%s.k32/inf-lane=%u", x, lane);
    }
}

/* Ends of blocks of other lengths, any format. */
static void list_ragged(mxc_coverage *c)
{
    static const char *const what[] = {"amax", "nan", "inf"};
    for (size_t i = 0; i < sizeof ragged / sizeof ragged[0]; i++)
        for (unsigned w = 0; w < 3; w++) {
            mxc_bin_add(c, NULL, "quantize.k%zu/%s-first", ragged[i], what[w]);
            mxc_bin_add(c, ragged[i] == 1 ? "the first lane is the last" : NULL, "quantize.k%zu/%s-last", ragged[i],
                        what[w]);
        }
}

static const char *why_no_product(const mx_facts *f, mx_type type, int product, int negative)
{
    if (type == MX_FP64 && product != PRODUCT_EXACT)
        return "every product is a normal fp64 number";
    static const int smallest[] = {0, -149, -133, -24};
    _Static_assert(sizeof smallest / sizeof *smallest == MX_TYPE_LAST,
                   "the exponent of the smallest value of each type but fp64");
    const int rounds = product == PRODUCT_INEXACT || product == PRODUCT_TIE_UP || product == PRODUCT_TIE_DOWN ||
                       product == PRODUCT_ZERO;
    if (type != MX_FP64 && rounds && lowest_binade(f) - 127 >= smallest[type])
        return "every product is a multiple of the target's smallest subnormal";
    if (product == PRODUCT_TIE_DOWN && f->mbits == 1)
        return "a tie above an even number other than 0 needs three significant bits";
    if (product == PRODUCT_OVER && f->ebits == 0 && !negative && type != MX_FP16)
        return "127/64 times 2^127 is within the range";
    return NULL;
}

static void list_decode(mxc_coverage *c, const mx_facts *f)
{
    const char *x = mx_elem_name(f->elem);
    for (mx_type type = 1; type <= MX_TYPE_LAST; type++) {
        for (unsigned code = 0; code < 1u << f->bits; code++)
            mxc_bin_add(c, NULL, "decode.%s.%s/code=%02x", x, mx_type_name(type), code);
        for (int p = 0; p < PRODUCTS; p++)
            for (int s = 0; s < 2; s++)
                mxc_bin_add(c, why_no_product(f, type, p, s), "dequantize.%s.%s/%s%s", x, mx_type_name(type),
                            sign_name[s], product_name[p]);
        for (unsigned kind = MXREF_NAN; kind <= MXREF_NORMAL; kind++) {
            const char *why = kind == MXREF_NAN && !f->has_nan           ? "the format has no NaN"
                              : kind == MXREF_INF && !f->has_inf         ? "the format has no Inf"
                              : kind == MXREF_SUBNORMAL && f->ebits == 0 ? "INT8 has no subnormals"
                                                                         : NULL;
            mxc_bin_add(c, why, "dequantize.%s.%s/nan-scale,%s", x, mx_type_name(type), kind_name[kind]);
            for (int s = 0; s < 2; s++) {
                const char *none =
                    !why && s && kind == MXREF_ZERO && !f->has_minus_zero ? "the format has one zero" : why;
                mxc_bin_add(c, none, "dequantize.%s.%s/code=%s%s", x, mx_type_name(type), sign_name[s],
                            kind_name[kind]);
                for (int byte = 0; byte < BYTE_CLASSES; byte++)
                    mxc_bin_add(c, none, "dequantize.%s.%s/scale=%s,%s%s", x, mx_type_name(type), byte_class_name[byte],
                                sign_name[s], kind_name[kind]);
            }
        }
    }
    for (unsigned code = 0; code < 1u << f->bits; code++)
        mxc_bin_add(c, NULL, "dequantize.%s/code=%02x", x, code);
}

/* Every value of every axis, in each operation in which it can matter. */
static void list_axes(mxc_coverage *c)
{
    for (mx_op op = 1; op <= MX_OP_DEQUANTIZE; op++)
        for (mx_axis axis = 1; axis <= MX_AXIS_LAST; axis++)
            for (unsigned v = 1; v <= mx_axis_count(axis); v++) {
                int matters = 0;
                for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++)
                    for (mx_type type = 1; type <= MX_TYPE_LAST; type++)
                        matters |= mx_axis_matters(axis, op, elem, type, NULL);
                if (matters && !is_void(op, axis, v))
                    mxc_bin_add(c, NULL, "%s/%s=%s", mx_op_name(op), mx_axis_name(axis), mx_axis_value_name(axis, v));
            }
}

/* Random bits about the point where they carry, and their ends. */
static void list_random(mxc_coverage *c)
{
    for (mx_op op = 1; op <= MX_OP_DEQUANTIZE; op++)
        for (int at = 0; has_elements(op) && at < RANDOMS; at++)
            for (int s = 0; s < 2; s++)
                mxc_bin_add(c, NULL, "%s.sr/random=%s,%s", mx_op_name(op), random_name[at], sign_name[s]);
}

void mxc_bins_list(mxc_coverage *c)
{
    for (mx_elem elem = 1; elem <= MX_ELEM_LAST; elem++) {
        const mx_facts *f = mxref_facts(elem);
        for (mx_op op = 1; op <= MX_OP_DEQUANTIZE; op++) {
            for (unsigned round = MX_RNE; has_elements(op) && round <= MX_ROUND_LAST; round++)
                list_elements(c, op, f, round);
            for (mx_type type = 1; has_elements(op) && type <= MX_TYPE_LAST; type++)
                for (unsigned round = MX_RNE; round <= MX_ROUND_LAST; round++)
                    if (is_by_type(op, type, round))
                        list_types(c, op, f, type, round);
            for (unsigned rule = MX_SCALE_FLOOR; has_rule(op) && rule <= MX_SCALE_LAST; rule++)
                list_rule(c, op, f, rule);
            if (has_elements(op))
                list_kinds(c, op, f);
            if (op == MX_OP_SCALED_CAST || op == MX_OP_DEQUANTIZE || op == MX_OP_QUANTIZE)
                list_bytes(c, op, f);
        }
        list_lanes(c, f);
        list_decode(c, f);
    }
    list_ragged(c);
    list_axes(c);
    list_random(c);
    mxc_bins_list_layout(c);
}
