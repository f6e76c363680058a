/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Work shared out among threads.
 */
#ifndef IMPL_THREADS_H
#define IMPL_THREADS_H

#include <mx/fast.h>

/* Threads that a call may use: options, environment, OpenMP, in this order. MX_EINVAL when a number is out of range. */
mx_status mxfast_threads(const mxfast_options *options, unsigned *threads);

/* Call work(what, first, last) for ranges that make up [0, items), in at most `threads` threads and at most `worth` + 1
 * ranges. */
void mxfast_share(unsigned threads, size_t worth, size_t items,
                  void (*work)(const void *what, size_t first, size_t last), const void *what);

#endif
