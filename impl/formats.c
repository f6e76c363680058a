/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The published facts, built from formats.def.
 */
#include <mx/fast.h>

const mx_facts *mxfast_facts(mx_elem elem)
{
    static const mx_facts facts[] = {
#define MX_FORMAT(id, bits, ebits, mbits, bias, emax, emin, max_code, inf, nan_first, nan_last, minus_zero)            \
    {id,         bits, ebits,     mbits,   bias, emax, emin, max_code, (inf) != 0, (nan_first) != 0,                   \
     minus_zero, inf,  nan_first, nan_last},
#include "impl/formats.def"
#undef MX_FORMAT
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (facts[i].elem == elem)
            return &facts[i];
    return NULL;
}

const mx_scale_facts *mxfast_scale_facts(void)
{
    static const mx_scale_facts facts =
#define MX_SCALE_FORMAT(bias, emin, emax, max_code, nan_code) {bias, emin, emax, max_code, nan_code}
#include "impl/formats.def"
#undef MX_SCALE_FORMAT
        ;
    return &facts;
}
