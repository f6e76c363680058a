/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The formats, typed from the text of OCP MX v1.0 and OFP8 v1.0. Each number has its clause; nothing here is computed
 * from another row, so that each can be read against the printed table.
 */
#include "ref/internal.h"

static const mx_facts formats[] = {
    {
        /* OFP8-5.1-b, MX-5.3.1-a: S.EEEEE.MM */
        .elem = MX_E5M2,
        .bits = 8,
        .ebits = 5,
        .mbits = 2,
        .bias = 15,
        .emax = 15,       /* 32768 is the largest power of two */
        .emin = -14,      /* min normal 2^-14 */
        .max_code = 0x7b, /* S.11110.11 = 57344 */
        .has_inf = 1,
        .has_nan = 1,
        .has_minus_zero = 1,
        .inf_code = 0x7c,  /* S.11111.00 */
        .nan_first = 0x7d, /* S.11111.{01,10,11} */
        .nan_last = 0x7f,
    },
    {
        /* OFP8-5.1-a, MX-5.3.1-a: S.EEEE.MMM */
        .elem = MX_E4M3,
        .bits = 8,
        .ebits = 4,
        .mbits = 3,
        .bias = 7,
        .emax = 8,        /* 256: the top exponent is in use for numbers */
        .emin = -6,       /* min normal 2^-6 */
        .max_code = 0x7e, /* S.1111.110 = 448 */
        .has_inf = 0,
        .has_nan = 1,
        .has_minus_zero = 1,
        .inf_code = 0,
        .nan_first = 0x7f, /* S.1111.111 only */
        .nan_last = 0x7f,
    },
    {
        /* MX-5.3.2-a: S.EEE.MM, neither Inf nor NaN */
        .elem = MX_E3M2,
        .bits = 6,
        .ebits = 3,
        .mbits = 2,
        .bias = 3,
        .emax = 4,        /* 16 */
        .emin = -2,       /* min normal 0.25 */
        .max_code = 0x1f, /* S.111.11 = 28 */
        .has_minus_zero = 1,
    },
    {
        /* MX-5.3.2-a: S.EE.MMM, neither Inf nor NaN */
        .elem = MX_E2M3,
        .bits = 6,
        .ebits = 2,
        .mbits = 3,
        .bias = 1,
        .emax = 2,        /* 4 */
        .emin = 0,        /* min normal 1 */
        .max_code = 0x1f, /* S.11.111 = 7.5 */
        .has_minus_zero = 1,
    },
    {
        /* MX-5.3.3-a, MX table 5: S.EE.M, neither Inf nor NaN */
        .elem = MX_E2M1,
        .bits = 4,
        .ebits = 2,
        .mbits = 1,
        .bias = 1,
        .emax = 2,       /* 4 */
        .emin = 0,       /* min normal 1 */
        .max_code = 0x7, /* S.11.1 = 6 */
        .has_minus_zero = 1,
    },
    {
        /* MX-5.3.4-a: two's complement with an implicit 2^-6, one zero, neither Inf nor NaN; as a format with 6
         * fraction bits and emax 0 (the largest power of two that is representable is 1) */
        .elem = MX_INT8,
        .bits = 8,
        .ebits = 0,
        .mbits = 6,
        .bias = 0,
        .emax = 0,
        .emin = 0,
        .max_code = 0x7f, /* 127/64 */
        .has_minus_zero = 0,
    },
};

_Static_assert(sizeof formats / sizeof *formats == MX_ELEM_LAST, "a row for each format");

/* MX-5.4.1-a to c: value 2^(code - 127), codes 00..FE, one NaN at FF, no zero, no Inf, no sign */
static const mx_scale_facts scale_format = {.bias = 127, .emin = -127, .emax = 127, .max_code = 0xfe, .nan_code = 0xff};

/* MX-5.3.4-a for `ocp`; plain integers in the two other readings (D7) */
static const mxref_int8_row int8_rows[] = {
    [MX_INT8_OCP] = {.unit = -6, .emax = 0},
    [MX_INT8_INT6] = {.unit = 0, .emax = 6},
    [MX_INT8_INT7] = {.unit = 0, .emax = 7},
};

const mx_facts *mxref_facts(mx_elem elem)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i].elem == elem)
            return &formats[i];
    }
    return NULL;
}

const mx_scale_facts *mxref_scale_facts(void)
{
    return &scale_format;
}

const mxref_int8_row *mxref_int8(unsigned int8_axis)
{
    if (int8_axis < MX_INT8_OCP || int8_axis > MX_INT8_INT7)
        return NULL;
    return &int8_rows[int8_axis];
}
