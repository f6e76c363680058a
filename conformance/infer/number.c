/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/infer/number.h"

#include <mx/names.h>

static const mxc_type_facts facts[] = {{0, 0, 0}, {23, -126, 127}, {7, -126, 127}, {10, -14, 15}, {52, -1022, 1023}};

const mxc_type_facts *mxc_facts_of_type(mx_type type)
{
    return &facts[type];
}

uint64_t mxc_sign_bit(mx_type type)
{
    return UINT64_C(1) << (8 * mx_type_bytes(type) - 1);
}

uint64_t mxc_inf_bits(mx_type type, int negative)
{
    const mxc_type_facts *f = &facts[type];
    return (negative ? mxc_sign_bit(type) : 0) | (uint64_t)(f->emax - f->emin + 2) << f->fraction;
}

mxc_number mxc_number_make(int negative, uint64_t num, int exp)
{
    while (num && !(num & 1)) {
        num >>= 1;
        exp++;
    }
    return (mxc_number){negative, num, num ? exp : 0};
}

static int top_bit(uint64_t num)
{
    int bit = 0;
    while (num >>= 1)
        bit++;
    return bit;
}

int mxc_number_log2(mxc_number number)
{
    return number.exp + top_bit(number.num);
}

int mxc_number_of(mxc_number *number, mx_type type, uint64_t bits)
{
    const mxc_type_facts *f = &facts[type];
    uint64_t magnitude = bits & (mxc_sign_bit(type) - 1), fraction = magnitude & ((UINT64_C(1) << f->fraction) - 1);
    int field = (int)(magnitude >> f->fraction);
    if (magnitude >= mxc_inf_bits(type, 0))
        return 0;
    if (field)
        fraction |= UINT64_C(1) << f->fraction;
    *number =
        mxc_number_make((bits & mxc_sign_bit(type)) != 0, fraction, f->emin + (field ? field - 1 : 0) - f->fraction);
    return 1;
}

uint64_t mxc_number_bits(mxc_number number, mx_type type)
{
    const mxc_type_facts *f = &facts[type];
    uint64_t sign = number.negative ? mxc_sign_bit(type) : 0;
    if (!number.num)
        return sign;
    int e = mxc_number_log2(number);
    int shift = number.exp - ((e < f->emin ? f->emin : e) - f->fraction);
    if (e > f->emax || shift < 0 || shift > f->fraction)
        return MXC_NO_BITS;
    /* the hidden bit of a normal value carries into the exponent field */
    return sign | ((number.num << shift) + (e < f->emin ? 0 : (uint64_t)(e - f->emin) << f->fraction));
}

int mxc_number_via(mxc_number *number, mx_type type, int truncate)
{
    const mxc_type_facts *f = &facts[type];
    if (!number->num)
        return 1;
    int e = mxc_number_log2(*number), unit = (e < f->emin ? f->emin : e) - f->fraction, drop = unit - number->exp;
    if (drop > 0) {
        uint64_t kept = drop < 64 ? number->num >> drop : 0;
        uint64_t rest = drop < 64 ? number->num << (64 - drop) : drop == 64 ? number->num : 1, half = UINT64_C(1) << 63;
        if (!truncate && (rest > half || (rest == half && kept & 1)))
            kept++;
        *number = mxc_number_make(number->negative, kept, unit);
    }
    return !number->num || mxc_number_log2(*number) <= f->emax;
}
