/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What axes and their values mean, in a sentence each, and the clause that an axis answers to.
 */
#ifndef TOOLS_MEANING_H
#define TOOLS_MEANING_H

#include <mx/names.h>

const char *meaning_of_axis(mx_axis axis);
const char *meaning_of_value(mx_axis axis, unsigned value);
const char *clause_of_axis(mx_axis axis); /* "MX-6.3-b (should)", or "the text is silent" */
const char *meaning_of_op(mx_op op);
const char *meaning_of_layout(mx_layout layout);

#endif
