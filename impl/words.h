/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IMPL_WORDS_H
#define IMPL_WORDS_H

#include "impl/kernels.h"

void mxfast_words_make(mxfast_words *f, const mxfast_plan *plan);

#endif
