/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sorting that takes nothing, too.
 */
#ifndef CONFORMANCE_SORT_H
#define CONFORMANCE_SORT_H

#include <stdlib.h>

/* qsort, of no elements too, whose array may then be NULL. */
static inline void mxc_sort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count)
        qsort(base, count, size, compare);
}

#endif
