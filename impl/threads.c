/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L /* getpid */
#include "impl/threads.h"

#include <stdlib.h>

#if defined(_OPENMP)
#include <omp.h>
#include <stdatomic.h>
#include <unistd.h>
#endif

/* A decimal number from 1 to MXFAST_THREADS_MAX, without sign or blanks; 0 when the text is not one. */
static unsigned read_number(const char *text)
{
    unsigned n = 0;
    for (; *text >= '0' && *text <= '9' && n <= MXFAST_THREADS_MAX; text++)
        n = n * 10 + (unsigned)(*text - '0');
    return *text == '\0' && n <= MXFAST_THREADS_MAX ? n : 0;
}

static unsigned by_openmp(void)
{
#if defined(_OPENMP)
    int n = omp_get_max_threads();
    return n < 1 ? 1 : (unsigned)n > MXFAST_THREADS_MAX ? MXFAST_THREADS_MAX : (unsigned)n;
#else
    return 1;
#endif
}

mx_status mxfast_threads(const mxfast_options *options, unsigned *threads)
{
    unsigned n = options ? options->threads : 0;
    const char *text = n == 0 ? getenv("MXFAST_NUM_THREADS") : NULL;
    if (text != NULL && *text != '\0') {
        n = read_number(text);
        if (n == 0)
            return MX_EINVAL;
    }
    if (n > MXFAST_THREADS_MAX)
        return MX_EINVAL;
    *threads = n != 0 ? n : by_openmp();
    return MX_OK;
}

#if defined(_OPENMP)
/* The beginning of the i-th of n ranges of `items`. */
static size_t range_begin(size_t items, size_t n, size_t i)
{
    size_t rest = items % n;
    return items / n * i + (i < rest ? i : rest);
}

/* A process forked from one that had several threads here has what OpenMP knows of them, but not the threads: it would
 * wait for them without end. */
static int may_have_threads(void)
{
    static _Atomic long owner;
    const long self = (long)getpid();
    long found = 0;
    return atomic_compare_exchange_strong(&owner, &found, self) || found == self;
}
#endif

void mxfast_share(unsigned threads, size_t worth, size_t items,
                  void (*work)(const void *what, size_t first, size_t last), const void *what)
{
    size_t n = threads;
    n = n < worth + 1 ? n : worth + 1;
    n = n < items ? n : items;
#if defined(_OPENMP)
    if (n > 1 && !omp_in_parallel() && may_have_threads()) {
#pragma omp parallel num_threads((int)n)
        {
            size_t team = (size_t)omp_get_num_threads(), i = (size_t)omp_get_thread_num();
            work(what, range_begin(items, team, i), range_begin(items, team, i + 1));
        }
        return;
    }
#endif
    if (items != 0)
        work(what, 0, items);
}
