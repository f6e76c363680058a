/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Source and target types: bits to exact magnitudes. The opposite direction searches among the patterns (grid.c).
 */
#include "ref/internal.h"

#include <string.h>

static const mxref_type_row types[] = {
    {MX_FP32, 32, 8, 23, 127, 0x7fc00000u},           /* IEEE 754 binary32 */
    {MX_BF16, 16, 8, 7, 127, 0x7fc0u},                /* the upper half of binary32 */
    {MX_FP16, 16, 5, 10, 15, 0x7e00u},                /* IEEE 754 binary16 */
    {MX_FP64, 64, 11, 52, 1023, 0x7ff8000000000000u}, /* IEEE 754 binary64 */
};
_Static_assert(sizeof types / sizeof *types == MX_TYPE_LAST, "a row for each type");

const mxref_type_row *mxref_type(mx_type type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == type)
            return &types[i];
    }
    return NULL;
}

uint64_t mxref_type_inf(const mxref_type_row *row)
{
    return (((uint64_t)1 << row->ebits) - 1) << row->mbits;
}

void mxref_type_pattern(mpfr_ptr value, const mxref_type_row *row, uint64_t pattern)
{
    uint64_t exp = pattern >> row->mbits;
    uint64_t man = pattern & (((uint64_t)1 << row->mbits) - 1);
    int quantum = 1 - row->bias - (int)row->mbits; /* exponent of the smallest subnormal */

    if (exp != 0) {
        man |= (uint64_t)1 << row->mbits;
        quantum += (int)exp - 1;
    }
    mpfr_set_uj_2exp(value, man, quantum, MPFR_RNDN);
}

mxref_source mxref_type_load(mpfr_ptr magnitude, const mxref_type_row *row, uint64_t bits)
{
    uint64_t pattern = bits & (((uint64_t)1 << (row->bits - 1)) - 1);
    uint64_t inf = mxref_type_inf(row);
    mxref_source source = {MXREF_NORMAL, (int)(bits >> (row->bits - 1) & 1)};

    if (pattern > inf)
        source.kind = MXREF_NAN;
    else if (pattern == inf)
        source.kind = MXREF_INF;
    else if (pattern == 0)
        source.kind = MXREF_ZERO;
    else if (pattern >> row->mbits == 0)
        source.kind = MXREF_SUBNORMAL;
    if (source.kind == MXREF_NAN || source.kind == MXREF_INF)
        mpfr_set_zero(magnitude, 1);
    else
        mxref_type_pattern(magnitude, row, pattern);
    return source;
}

uint64_t mxref_type_get(const void *values, const mxref_type_row *row, size_t index)
{
    switch (row->bits) {
    case 16:
        return ((const uint16_t *)values)[index];
    case 32:
        return ((const uint32_t *)values)[index];
    default:
        return ((const uint64_t *)values)[index];
    }
}

void mxref_type_put(void *values, const mxref_type_row *row, size_t index, uint64_t bits)
{
    switch (row->bits) {
    case 16:
        ((uint16_t *)values)[index] = (uint16_t)bits;
        break;
    case 32:
        ((uint32_t *)values)[index] = (uint32_t)bits;
        break;
    default:
        ((uint64_t *)values)[index] = bits;
    }
}
