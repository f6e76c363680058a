/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From a plan to the tables and constants of the kernels that work on words (mxfast_words).
 */
#ifndef IMPL_WORDS_H
#define IMPL_WORDS_H

#include "impl/kernels.h"

/* 1 when the kernels of vectors have codes and values of this format; others are the portable kernels'. */
int mxfast_words_know(const mx_facts *format);

void mxfast_words_make(mxfast_words *f, const mxfast_plan *plan);

#endif
