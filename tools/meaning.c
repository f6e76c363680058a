/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Axes and operations in words, for `list`, `info` and `explain`.
 */
#include "tools/meaning.h"

enum { MOST_VALUES = 9 };

typedef struct axis_words {
    const char *axis, *clause, *value[MOST_VALUES];
} axis_words;

static const axis_words words[MX_AXIS_LAST + 1] = {
    [MX_AXIS_SCALE] = {"which power of two a block of largest magnitude A gets",
                       "MX-6.3-b (should)",
                       {"2^(floor(log2 A) - emax), the specification's own", "2^(ceil(log2 A) - emax)",
                        "as floor, of A rounded to the element's fraction width, ties to even",
                        "2^ceil(log2(A / largest element)), the smallest that never saturates"}},
    [MX_AXIS_SCALE_ARITH] = {"the arithmetic in which the scale rule is computed",
                             "MX-6.3-e",
                             {"real numbers", "the bit formulas on A as an fp32 number",
                              "a logarithm correctly rounded to fp32"}},
    [MX_AXIS_ROUND] = {"how an element is rounded",
                       "MX-5.3-b, MX-6.3-d (rne must be offered)",
                       {"to nearest, ties to the even code", "to nearest, ties away from zero",
                        "to nearest, ties toward zero", "toward zero", "toward +infinity", "toward -infinity",
                        "to the odd code when inexact", "stochastically, N random bits added below the last place"}},
    [MX_AXIS_OVERFLOW] = {"what a magnitude above the largest becomes, after rounding",
                          "MX-5.3-c (must be offered), MX-6.3-c (should), OFP8-5.2.1-b",
                          {"the largest finite value, sign kept", "Inf (E5M2) or NaN (E4M3); else the largest"}},
    [MX_AXIS_OVERFLOW_DIRECTED] = {"a finite overflow under overflow=special, rounding toward zero",
                                   "silent; IEEE 754 7.4",
                                   {"the largest finite value", "Inf or NaN all the same"}},
    [MX_AXIS_NAN_IN] = {"a NaN in a block",
                        "silent (MX-6.3-f)",
                        {"scale byte ff: the whole block is NaN", "stays in its element, the rest as if it were absent",
                         "as if absent, its element encoded by nan-to"}},
    [MX_AXIS_INF_IN] = {"an Inf in a block",
                        "silent (MX-6.3-f)",
                        {"scale byte ff: the whole block is NaN", "A over the finite ones; Inf becomes the largest",
                         "A over the finite ones; Inf or NaN code where there is one, else the largest",
                         "scale byte fe; Inf becomes the largest"}},
    [MX_AXIS_NAN_TO] = {"NaN to a format without NaN",
                        "MX-5.3.2-a, MX-5.3.3-a, MX-5.3.4-c (implementation-defined)",
                        {"any code: not compared", "the largest, positive", "the largest, sign of the NaN", "+0"}},
    [MX_AXIS_ZERO_SCALE] = {"scale byte of a block of zeros",
                            "silent (MX-6.3-f)",
                            {"00, 2^-127", "7f, 1", "127 - emax"}},
    [MX_AXIS_SCALE_OVER] = {"scale exponent above 127",
                            "silent (MX-6.3-f)",
                            {"scale byte ff, NaN", "scale byte fe, 2^127"}},
    [MX_AXIS_ZERO_SIGN] = {"-0 and negative values that round to zero, when encoding",
                           "silent (MX-6.3-f)",
                           {"the sign is kept", "always +0", "a source -0 becomes +0, an underflow keeps its sign"}},
    [MX_AXIS_INT8_MIN] = {"whether the converter may give INT8's 80",
                          "MX-5.3.4-b (may be left unused)",
                          {"never: clamped to 81", "yes: -2.0"}},
    [MX_AXIS_INT8] = {"what an INT8 code counts",
                      "MX-5.3.4-a",
                      {"units of 2^-6, emax 0", "integers, emax 6", "integers, emax 7"}},
    [MX_AXIS_SUBNORMAL_IN] = {"subnormal source values",
                              "silent (MX-6.3-g)",
                              {"taken as they are", "become zero",
                               "a block whose A is subnormal becomes scale 00 and zeros"}},
    [MX_AXIS_SUBNORMAL_OUT] = {"subnormal element results",
                               "MX-5.3-a (must be supported)",
                               {"kept", "become zero: not conforming"}},
    [MX_AXIS_NAN_CODE] = {"which NaN code a NaN source gets",
                          "OFP8-5.2.1-d (implementation-defined)",
                          {"any NaN code", "7f", "7e, E5M2's quiet one (E4M3: 7f)", "7f with the sign of the source",
                           "7e with the sign of the source (E4M3: 7f)"}},
    [MX_AXIS_OVERFLOW_NAN] = {"which NaN code an E4M3 overflow under overflow=special gets",
                              "OFP8-5.2.1-d (implementation-defined)",
                              {"any NaN code", "7f", "7f with the sign of the source"}},
    [MX_AXIS_UNDER_NAN_SCALE] = {"element codes of a block whose scale is NaN",
                                 "MX-5.1-i (out of scope)",
                                 {"any: not compared", "00", "NaN, or nan-to in a format without NaN"}},
    [MX_AXIS_DECODE_OVER] = {"a decoded magnitude above the target's largest",
                             "MX-5.1-g (implementation-defined)",
                             {"any: not compared", "Inf, sign kept", "the largest finite value, sign kept"}},
};

static const char *const op_words[MX_OP_LAST + 1] = {
    [MX_OP_DECODE] = "the value of one element code",
    [MX_OP_CAST] = "one value to an element code",
    [MX_OP_SCALE] = "the scale byte of a block of values",
    [MX_OP_SCALED_CAST] = "one value, divided by a given scale, to an element code",
    [MX_OP_QUANTIZE] = "a block of values to a scale byte and element codes",
    [MX_OP_DEQUANTIZE] = "a scale byte and element codes to values",
    [MX_OP_PACK] = "element codes to bytes, in a layout",
    [MX_OP_UNPACK] = "bytes in a layout to element codes",
    [MX_OP_SWIZZLE] = "a matrix of scale bytes to the tiles of a layout",
    [MX_OP_UNSWIZZLE] = "the tiles of a layout to a matrix of scale bytes",
};

static int is_axis(mx_axis axis)
{
    return axis >= 1 && axis <= MX_AXIS_LAST;
}

const char *meaning_of_axis(mx_axis axis)
{
    return is_axis(axis) ? words[axis].axis : "";
}

const char *meaning_of_value(mx_axis axis, unsigned value)
{
    return is_axis(axis) && value >= 1 && value <= MOST_VALUES && words[axis].value[value - 1]
               ? words[axis].value[value - 1]
               : "";
}

const char *clause_of_axis(mx_axis axis)
{
    return is_axis(axis) ? words[axis].clause : "";
}

const char *meaning_of_op(mx_op op)
{
    return op >= 1 && op <= MX_OP_LAST ? op_words[op] : "";
}

const char *meaning_of_layout(mx_layout layout)
{
    static const char *const text[MX_LAYOUT_LAST + 1] = {
        "",
        "a stream of bits, each code's lowest bit first, from the lowest bit of each byte",
        "a stream of bits, each code's highest bit first, from the highest bit of each byte",
        "code j in the low half of byte j, code j + k/2 in its high half",
        "tiles of 128 rows and 4 columns; within one (r, c) at byte (r%32)*16 + (r/32)*4 + c",
    };
    return layout >= 1 && layout <= MX_LAYOUT_LAST ? text[layout] : "";
}
