/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside `mxcts info`: the formats, their constants and every code.
 */
#ifndef TOOLS_INFO_FORMATS_H
#define TOOLS_INFO_FORMATS_H

#include <mx/types.h>

/* Each prints, as text or JSON, and returns an exit status. */
int info_formats(int json);              /* the constants of all of them */
int info_format(mx_elem elem, int json); /* those of one, and its codes */
int info_scale(int json);                /* E8M0 */

#endif
