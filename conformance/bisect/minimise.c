/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Delta debugging: fewest elements that are not zero, then fewest significant bits, then exponents nearest zero. A
 * trial is kept when it fails in the same class.
 */
#include "config.h"

#include "conformance/bisect/work.h"

/* Keep the trial when it fails in the same class. */
static int keep(mxcb_work *w)
{
    mxcb_class c = mxcb_judge(w, &w->trial, w->to->at, &w->class_, NULL);
    if (w->status != MX_OK || !mxcb_same(&c, &w->class_)) {
        mxcb_restore(w);
        return 0;
    }
    for (size_t i = 0; i < w->trial.count; i++)
        mxc_copy_inputs(&w->to->small.batch, i, &w->trial, i);
    return 1;
}

/* Try one element with other bits. */
static int try(mxcb_work *w, size_t j, uint64_t bits)
{
    if (mxcb_element(&w->trial, j) == bits || w->status != MX_OK)
        return 0;
    mxcb_set_element(&w->trial, j, bits);
    return keep(w);
}

/* ---- fewer elements ---- */

static int fewer_elements(mxcb_work *w)
{
    size_t n = mxcb_elements(&w->trial);
    int some = 0;
    for (size_t run = n; run > 0 && w->status == MX_OK; run /= 2)
        for (size_t first = 0; first < n && w->status == MX_OK; first += run) {
            int any = 0;
            for (size_t j = first; j < first + run && j < n; j++) {
                any |= mxcb_element(&w->trial, j) != 0;
                mxcb_set_element(&w->trial, j, 0);
            }
            some |= any && keep(w);
        }
    return some;
}

/* ---- fewer bits ---- */

/* The value cut to `bits` significant bits, or the next such one above it. */
static int fewer_bits_of_value(mxcb_work *w, size_t j)
{
    const mx_type type = w->trial.type;
    mxc_number x;
    if (!mxc_number_of(&x, type, mxcb_element(&w->trial, j)) || !x.num)
        return 0;
    int bits = mxc_number_log2(x) - x.exp + 1;
    for (int n = 1; n < bits && w->status == MX_OK; n++)
        for (uint64_t up = 0; up < 2; up++) {
            mxc_number less = mxc_number_make(x.negative, (x.num >> (bits - n)) + up, x.exp + bits - n);
            uint64_t to = mxc_number_bits(less, type);
            if (to != MXC_NO_BITS && try(w, j, to))
                return 1;
        }
    return 0;
}

/* Clear one bit after the other: all of a code, byte or scale; sign and fraction of a value. */
static int clear_bits(mxcb_work *w, size_t j)
{
    const mx_batch *b = &w->trial;
    uint64_t mask = 0xff;
    int some = 0;
    if (b->in.value)
        mask = mxc_sign_bit(b->type) | ((UINT64_C(1) << mxc_facts_of_type(b->type)->fraction) - 1);
    for (unsigned bit = 0; bit < 64; bit++)
        if (mxcb_element(b, j) & mask & UINT64_C(1) << bit)
            some |= try(w, j, mxcb_element(b, j) & ~(UINT64_C(1) << bit));
    return some;
}

static int fewer_random_bits(mxcb_work *w, size_t j)
{
    uint32_t *random = mxc_column(&w->trial, COL_RANDOM), was = random ? random[j] : 0;
    if (!was || w->status != MX_OK)
        return 0;
    random[j] = 0;
    return keep(w);
}

/* ---- exponents nearer zero ---- */

/* Multiply by 2^delta all values whose product the type has; 0 when there is none. */
static int move(mxcb_work *w, int delta)
{
    const mx_batch *b = &w->trial;
    int moved = 0;
    for (size_t j = 0; j < mxcb_elements(b); j++) {
        mxc_number x;
        if (!mxc_number_of(&x, b->type, mxcb_element(b, j)) || !x.num)
            continue;
        x.exp += delta;
        uint64_t to = mxc_number_bits(x, b->type);
        if (to == MXC_NO_BITS)
            continue;
        mxcb_set_element(b, j, to);
        moved = 1;
    }
    return moved;
}

static int largest_exponent(const mx_batch *b)
{
    int largest = 0, none = 1;
    for (size_t j = 0; j < mxcb_elements(b); j++) {
        mxc_number x;
        if (!mxc_number_of(&x, b->type, mxcb_element(b, j)) || !x.num)
            continue;
        int e = mxc_number_log2(x);
        largest = none || e > largest ? e : largest;
        none = 0;
    }
    return largest;
}

/* Multiply all values by 2^delta, and the scale too when it is an input: quotients stay the same. Else the values
 * alone. */
static int shift(mxcb_work *w, int delta, int with_scale)
{
    uint8_t *scale = with_scale ? mxc_column(&w->trial, COL_IN_SCALE) : NULL;
    int byte = scale ? *scale + delta : 0;
    if (scale && (*scale == 0xff || byte < 0 || byte > 254))
        return 0;
    if (scale)
        *scale = (uint8_t)byte;
    if (move(w, delta) && keep(w))
        return 1;
    mxcb_restore(w);
    return 0;
}

static int nearer_one(mxcb_work *w)
{
    int far = -largest_exponent(&w->trial);
    for (int with_scale = w->trial.in.scale != NULL; with_scale >= 0; with_scale--)
        for (int delta = far; delta && w->status == MX_OK; delta /= 2)
            if (shift(w, delta, with_scale))
                return 1;
    return 0;
}

static int nearer_alone(mxcb_work *w, size_t j)
{
    mxc_number x;
    if (!mxc_number_of(&x, w->trial.type, mxcb_element(&w->trial, j)) || !x.num)
        return 0;
    int e = mxc_number_log2(x);
    for (int delta = -e; delta; delta /= 2) {
        mxc_number y = x;
        y.exp += delta;
        uint64_t to = mxc_number_bits(y, w->trial.type);
        if (to != MXC_NO_BITS && try(w, j, to))
            return 1;
    }
    return 0;
}

static int scale_to_one(mxcb_work *w)
{
    uint8_t *scale = w->trial.layout ? NULL : mxc_column(&w->trial, COL_IN_SCALE);
    if (!scale || *scale == 0x7f || w->status != MX_OK)
        return 0;
    *scale = 0x7f;
    return keep(w);
}

/* ---- all of it ---- */

void mxcb_minimise(mxcb_work *w)
{
    enum { ROUNDS = 6 };
    int some = 1;
    for (int round = 0; some && round < ROUNDS && w->status == MX_OK; round++) {
        some = fewer_elements(w) | scale_to_one(w);
        for (size_t j = 0; j < mxcb_elements(&w->trial) && w->status == MX_OK; j++) {
            if (mxc_column(&w->trial, COL_RANDOM))
                some |= fewer_random_bits(w, j);
            if (!mxcb_element(&w->trial, j))
                continue;
            some |= w->trial.in.value && fewer_bits_of_value(w, j);
            some |= clear_bits(w, j);
        }
        if (!w->trial.in.value)
            continue;
        some |= nearer_one(w);
        for (size_t j = 0; j < mxcb_elements(&w->trial) && w->status == MX_OK; j++)
            some |= nearer_alone(w, j);
    }
}
