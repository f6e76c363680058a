/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside `mxcts gen`: packs that no table has, of an operation typed in.
 */
#ifndef TOOLS_GEN_OWN_H
#define TOOLS_GEN_OWN_H

#include "conformance/generate/generate.h"
#include "tools/tool.h"

/* 1 when the operands begin with an operation. */
int gen_is_own(const tool_args *args);

/* The plans of "OP [elem=E] [type=T] [k=K] [layout=L] [rows=R] [cols=C] [AXIS=VALUE...]" under `profile` (a name or a
 * path; NULL: ocp-mx-1.0), every format and every type where none is said; `name` is the last word of their names,
 * NULL: that of a profile given by its path, else "own". The caller frees *plans. TOOL_OK, or another exit status with
 * the line printed. */
int gen_own_plans(mxc_plan **plans, size_t *count, const tool_args *args, const char *profile, const char *name);

#endif
