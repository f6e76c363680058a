/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Profiles for tests, as words that change the default one.
 */
#ifndef VECTORS_TEST_PARSED_H
#define VECTORS_TEST_PARSED_H

#include <mx/names.h>

#include <string.h>

#include "test_main.h"

/* The default profile, ocp-mx-1.0, as text: the first value of every axis in doc/manual.md. */
static const char default_text[] =
    "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee nan-in=block-nan "
    "inf-in=block-nan nan-to=unspecified zero-scale=00 scale-over=nan zero-sign=keep int8-min=symmetric int8=ocp "
    "subnormal-in=keep subnormal-out=keep nan-code=any overflow-nan=any under-nan-scale=any decode-over=any";

static inline mx_profile parsed(const char *words)
{
    mx_profile p = {0};
    char why[MX_WHY] = "";

    ck_assert_int_eq(mx_profile_parse(&p, default_text, strlen(default_text), why), MX_OK);
    ck_assert_msg(mx_profile_parse(&p, words, strlen(words), why) == MX_OK, "%s", why);
    return p;
}

#endif
