/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The profile that the tests start from: the first value of every axis.
 */
#ifndef IMPL_TEST_PROFILE_H
#define IMPL_TEST_PROFILE_H

#include <string.h>

#include <mx/types.h>

static inline mx_profile ocp(void)
{
    mx_profile profile;
    memset(&profile, 1, sizeof profile);
    profile.sr_bits = 0;
    return profile;
}

#endif
