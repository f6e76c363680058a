/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Known failures counted in a run.
 */
#ifndef CONFORMANCE_JUDGE_KNOWN_H
#define CONFORMANCE_JUDGE_KNOWN_H

#include "conformance/judge/judge.h"

/* The entries, nothing counted. MX_ENOMEM. */
mx_status mxc_known_begin(mxc_report *report, const mxc_known *known);
/* Count the compared cases of a pack under the entries, and set work->known and work->result->known. MX_ENOMEM. */
mx_status mxc_known_pack(const mxc_known *known, mxc_report *report, mxc_work *work);
/* What an entry came to. */
typedef enum mxc_known_state { MXC_KNOWN = 1, MXC_KNOWN_PASSES, MXC_KNOWN_NO_CASE, MXC_KNOWN_EXPIRED } mxc_known_state;
mxc_known_state mxc_known_state_of(const mxc_known_result *result);
/* How many entries came to that. */
size_t mxc_known_count(const mxc_report *report, mxc_known_state state);

#endif
