/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Exact values as text. Nothing is ever rounded, and nothing passes through the host's floating point.
 */
#ifndef TOOLS_EXACT_H
#define TOOLS_EXACT_H

#include <stddef.h>

#include <gmp.h>

#define EXACT_TEXT 256

/* "448", "0.0625", "29/28", "-9*2^-149", "2^127", "3/7*2^40": the shortest of these that is exact. */
void exact_text(char text[EXACT_TEXT], mpq_srcptr value);

/* "0x1.dp+8", "-0x0p+0"; "" when the denominator is not a power of two. */
void exact_hex(char text[EXACT_TEXT], mpq_srcptr value, int negative_zero);

/* `value` >= 0 in units of `unit`, in binary, as "kept|guard|sticky"; runs of more than 12 equal digits are written
 * "0{117}". "" when it is not a finite binary fraction of the unit. */
void exact_binary(char text[EXACT_TEXT], mpq_srcptr value, mpq_srcptr unit);

/* The e for which `value` is 2^e; 0 and *is = 0 when there is none. */
long exact_log2(mpq_srcptr value, int *is);

#endif
