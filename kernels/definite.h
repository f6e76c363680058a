/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For what compares the kernels with other code bit for bit: a profile that leaves no cell open.
 */
#ifndef KERNELS_DEFINITE_H
#define KERNELS_DEFINITE_H

#include <string.h>

#include <mx/names.h>

/* ocp-mx-1.0 with a value for every axis that it leaves open, then changed by "axis=value" words with single spaces
 * between. MX_EPARSE with `why` filled. */
static inline mx_status definite_profile(mx_profile *profile, const char *words, char why[MX_WHY])
{
    static const char base[] =
        "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee nan-in=block-nan "
        "inf-in=block-nan nan-to=max zero-scale=00 scale-over=nan zero-sign=keep int8-min=symmetric int8=ocp "
        "subnormal-in=keep subnormal-out=keep nan-code=7f overflow-nan=7f under-nan-scale=zero decode-over=inf";
    mx_status status = mx_profile_parse(profile, base, strlen(base), why);

    for (const char *word = words; status == MX_OK && *word; word += strcspn(word, " "), word += *word == ' ')
        status = mx_profile_apply(profile, word, strcspn(word, " "), why);
    return status;
}

#endif
