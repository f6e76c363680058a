/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory between two pages that nobody may touch. Includers define _DEFAULT_SOURCE.
 */
#ifndef IMPL_TEST_GUARD_H
#define IMPL_TEST_GUARD_H

#include <check.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct guarded {
    unsigned char *map, *lo, *hi;
    size_t length;
} guarded;

static inline guarded guard(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), inside = (bytes / page + 1) * page;
    guarded g = {NULL, NULL, NULL, inside + 2 * page};
    g.map = mmap(NULL, g.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(g.map, MAP_FAILED);
    ck_assert_int_eq(mprotect(g.map, page, PROT_NONE), 0);
    ck_assert_int_eq(mprotect(g.map + page + inside, page, PROT_NONE), 0);
    g.lo = g.map + page;
    g.hi = g.lo + inside;
    return g;
}

static inline void unguard(guarded g)
{
    munmap(g.map, g.length);
}

#endif
