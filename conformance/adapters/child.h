/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A child process with its standard streams on pipes, in a process group of its own.
 */
#ifndef CONFORMANCE_ADAPTERS_CHILD_H
#define CONFORMANCE_ADAPTERS_CHILD_H

#include <poll.h>
#include <sys/types.h>

#include "conformance/adapters/subject.h"

typedef struct mxc_child {
    pid_t pid;         /* 0: none, or reaped */
    int to, from, err; /* non-blocking; -1 when closed */
    int status;        /* of waitpid, once reaped */
    mxc_tail tail;     /* what came over `err` */
} mxc_child;

/* Start `body(argument)` in a child whose stdin, stdout and stderr are pipes; body does not return. With `talk` the
 * stdin and stdout pipes are given to body under these numbers instead, its own stdin is /dev/null and its stdout goes
 * to stderr. MX_EIO with *error. */
enum { MXC_CHILD_IN = 3, MXC_CHILD_OUT = 4 };
mx_status mxc_child_start(mxc_child *child, void (*body)(void *argument), void *argument, int talk, mxv_error *error);

/* Write without a signal when the reader is gone. Bytes written, 0 when it would block, -1 when it is gone. */
ssize_t mxc_child_write(mxc_child *child, const char *data, size_t length);
/* Read. Bytes, 0 at the end (the descriptor is then closed), -1 when it would block. */
ssize_t mxc_child_read(mxc_child *child, char *data, size_t room);
/* Wait at most `timeout_ms` for output, an end, or (with `writing`) room to write; stderr is read here. 1 when there is
 * something to read, 0 when there is not. */
int mxc_child_wait(mxc_child *child, int writing, unsigned timeout_ms);
/* Wait at most `timeout_ms` for it to end: 1 when it has, with child->status. While its output is still open, held by
 * what it started, that is killed. */
int mxc_child_ended(mxc_child *child, unsigned timeout_ms);
/* Kill its process group, reap it, close everything. Safe to repeat. */
void mxc_child_kill(mxc_child *child);
/* Kill the process groups of all children, in a signal handler too: they are not in the caller's group, so that what
 * ends it does not reach them. */
void mxc_children_kill(void);

#endif
