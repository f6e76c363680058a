/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels/kernels.h"
