/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A pack as a subject is judged on it that promises less.
 */
#ifndef CONFORMANCE_JUDGE_WEAKEN_H
#define CONFORMANCE_JUDGE_WEAKEN_H

#include <mx/conformance.h>

/* Where `declared` (NULL: nothing) leaves open what the pack demands, the pack's profile leaves it open too, and the
 * cells that are then free are marked. MX_ENOMEM. */
mx_status mxc_weaken(mxv_pack *pack, const mx_profile *declared);

/* What stands in a pack's reason between the value of an axis that is declared and its own. */
#define MXC_PACK_HAS ", this pack has "

#endif
