/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The representable magnitudes, in order, and where a number falls among them: found by comparing exactly, never by
 * shifting bits. Patterns are ascending in value in every format and type, which is all that the search needs.
 */
#include "ref/internal.h"

/* D8, D9: the points continue one past the largest allowed magnitude, and that point is what rounding may reach
 * before `overflow` has its say. */
void mxref_grid_init(mxref_grid *grid, const mx_facts *facts, const mx_profile *profile)
{
    int full = facts->elem == MX_INT8 && profile->int8_min == MX_INT8_MIN_FULL;

    grid->largest[0] = facts->max_code;
    grid->largest[1] = facts->max_code + (full ? 1 : 0);
    grid->count = grid->largest[1] + 2;
    for (unsigned code = 0; code < grid->count; code++) {
        mpfr_init2(grid->value[code], MXREF_PREC);
        mpfr_init2(grid->middle[code], MXREF_PREC);
        mxref_code_pattern(grid->value[code], facts, profile->int8, code);
    }
    for (unsigned code = 0; code + 1 < grid->count; code++) {
        mpfr_add(grid->middle[code], grid->value[code], grid->value[code + 1], MPFR_RNDN);
        mpfr_div_2ui(grid->middle[code], grid->middle[code], 1, MPFR_RNDN);
    }
}

void mxref_grid_clear(mxref_grid *grid)
{
    for (unsigned code = 0; code < grid->count; code++) {
        mpfr_clear(grid->value[code]);
        mpfr_clear(grid->middle[code]);
    }
}

mxref_place mxref_grid_place(const mxref_grid *grid, int negative, mpfr_srcptr magnitude)
{
    unsigned last = grid->largest[negative] + 1;
    unsigned lo = 0, hi = last; /* value[lo] <= magnitude < value[hi] once the two checks below have passed */
    int order = mpfr_cmp(magnitude, grid->value[last]);

    if (order > 0)
        return (mxref_place){.lo = last - 1, .hi = last, .beyond = 1, .remainder = 1};
    if (order == 0)
        return (mxref_place){.lo = last, .hi = last, .exact = 1};
    while (hi - lo > 1) {
        unsigned middle = lo + (hi - lo) / 2;
        if (mpfr_cmp(grid->value[middle], magnitude) <= 0)
            lo = middle;
        else
            hi = middle;
    }
    if (mpfr_cmp(grid->value[lo], magnitude) == 0)
        return (mxref_place){.lo = lo, .hi = lo, .exact = 1};
    order = mpfr_cmp(magnitude, grid->middle[lo]);
    return (mxref_place){.lo = lo, .hi = hi, .remainder = (order > 0) - (order < 0)};
}

/* The same search among the patterns of a target type, whose values are made as they are needed. */
static mxref_place type_search(const mxref_type_row *row, mpfr_srcptr magnitude, mpfr_ptr value, mpfr_ptr next)
{
    uint64_t lo = 0, hi = mxref_type_inf(row);
    int order;

    mxref_type_pattern(value, row, hi);
    order = mpfr_cmp(magnitude, value);
    if (order > 0)
        return (mxref_place){.lo = hi - 1, .hi = hi, .beyond = 1, .remainder = 1};
    if (order == 0)
        return (mxref_place){.lo = hi, .hi = hi, .exact = 1};
    while (hi - lo > 1) {
        uint64_t middle = lo + (hi - lo) / 2;
        mxref_type_pattern(value, row, middle);
        if (mpfr_cmp(value, magnitude) <= 0)
            lo = middle;
        else
            hi = middle;
    }
    mxref_type_pattern(value, row, lo);
    if (mpfr_cmp(value, magnitude) == 0)
        return (mxref_place){.lo = lo, .hi = lo, .exact = 1};
    mxref_type_pattern(next, row, hi);
    mpfr_add(value, value, next, MPFR_RNDN);
    mpfr_div_2ui(value, value, 1, MPFR_RNDN);
    order = mpfr_cmp(magnitude, value);
    return (mxref_place){.lo = lo, .hi = hi, .remainder = (order > 0) - (order < 0)};
}

mxref_place mxref_type_place(const mxref_type_row *row, mpfr_srcptr magnitude)
{
    mpfr_t value, next;
    mxref_place place;

    mpfr_init2(value, MXREF_PREC);
    mpfr_init2(next, MXREF_PREC);
    place = type_search(row, magnitude, value, next);
    mpfr_clear(value);
    mpfr_clear(next);
    return place;
}
