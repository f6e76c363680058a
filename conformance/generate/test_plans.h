/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For tests of the generator: the plans of every pack of the smoke tier, each with all its rows.
 */
#ifndef CONFORMANCE_GENERATE_TEST_PLANS_H
#define CONFORMANCE_GENERATE_TEST_PLANS_H

#include "conformance/generate/tree.h"

/* The fixture, and what it fills. */
void make_plans(void);
void free_plans(void);
extern mxc_plan *plans;
extern size_t plan_count;

const mxc_plan *plan_of(const char *name);
/* The caller frees it. */
mxv_pack *make_pack(const char *name);

#endif
