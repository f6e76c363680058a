/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A failing case as a program of its own, in C or Python: it holds the inputs, what is wanted and what was found, and
 * fails until its one function is replaced by one that answers rightly.
 */
#ifndef TOOLS_SNIPPET_H
#define TOOLS_SNIPPET_H

#include <stdio.h>

#include "conformance/bisect/bisect.h"

/* Whole programs that exit 1 with a line for each wrong cell, 0 when none is. */
void snippet_c(FILE *out, const mxc_bisection *bisection);
void snippet_python(FILE *out, const mxc_bisection *bisection);

/* The small case as a pack, which `mxcts run` and `mxcts explain --pack` take. MX_OK, MX_ENOMEM, MX_EIO. */
mx_status snippet_pack(FILE *out, const mxc_bisection *bisection);

#endif
