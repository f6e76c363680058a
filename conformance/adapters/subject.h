/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Kinds of subject: each opens into ops and a state.
 */
#ifndef CONFORMANCE_ADAPTERS_SUBJECT_H
#define CONFORMANCE_ADAPTERS_SUBJECT_H

#include <mx/conformance.h>

/* The last bytes that a subject wrote to stderr. */
#define MXC_TAIL 4096
typedef struct mxc_tail {
    char text[MXC_TAIL + 1];
    size_t length;
} mxc_tail;
void mxc_tail_add(mxc_tail *tail, const char *data, size_t length);
/* Say how a child ended, and what the last line was that it wrote there: "exited with status 1 WHEN: LINE". */
void mxc_say_gone(char *why, size_t size, const char *end, const char *when, const mxc_tail *tail);

typedef struct mxc_opened {
    const mxc_subject_ops *ops;
    void *state;
    mxc_tail *tail; /* part of state, or NULL */
} mxc_opened;

mx_status mxc_lib_open(mxc_opened *opened, const char *path, const mxc_subject_options *options, mxv_error *error);
mx_status mxc_pipe_open(mxc_opened *opened, const char *command, const mxc_subject_options *options, mxv_error *error);
mx_status mxc_builtin_open(mxc_opened *opened, const char *name, mxv_error *error);
/* Say that no in-process subject is called `name`, which are, and what `more` adds to them; MX_EINVAL. */
mx_status mxc_builtin_unknown(const char *name, const char *more, mxv_error *error);

/* How a child ended, in words ("exited with status 3", "was killed by signal 11 (Segmentation fault)"). */
void mxc_exit_text(char *text, size_t size, int wait_status);

/* Milliseconds and microseconds of a monotonic clock. */
uint64_t mxc_clock_ms(void);
uint64_t mxc_clock_us(void);

/* Why an operation outside `ops` is not accepted. */
extern const char mxc_not_offered[];
/* The suite's counts so far. */
const mxc_counts *mxc_subject_counts(const mxc_subject *subject);

#endif
