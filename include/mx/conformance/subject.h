/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Subjects: implementations under test, and their side of the protocol.
 */
#ifndef MX_CONFORMANCE_SUBJECT_H
#define MX_CONFORMANCE_SUBJECT_H

#include <stdio.h>

#include <mx/conformance/data.h>
#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- subjects ---- */

/* An operation that a subject has; 0 stands for any. */
typedef struct mxc_offer {
    mx_op op;
    mx_elem elem;
    mx_type type;
} mxc_offer;

#define MXC_OFFERS 128
typedef struct mxc_description {
    char name[MXC_NAME];
    char version[MXC_NAME];
    mxc_offer offer[MXC_OFFERS];
    size_t offers;       /* how many; 0: none */
    mxc_filter only;     /* what it is asked of them (mxc_subject_only) */
    mx_profile declared; /* an axis of 0 is not declared */
} mxc_description;

/* Parse "cast:e4m3:fp32,quantize:*:fp32" (up to `length` bytes; empty: none). MX_EPARSE with `why` (MX_WHY bytes or
 * NULL). */
MX_API mx_status mxc_offers_parse(mxc_description *description, const char *text, size_t length, char *why);
/* 1 when one of the offers covers the shape, and it is to be asked such. */
MX_API int mxc_offers_cover(const mxc_description *description, mx_op op, mx_elem elem, mx_type type);

/* What a subject says it did, when it is closed. */
typedef struct mxc_counts {
    unsigned long long seen, answered, refused;
} mxc_counts;

/* What became of a case. */
typedef enum mxc_answer { MXC_MISSING = 0, MXC_ANSWERED, MXC_REFUSED } mxc_answer;

/* A kind of subject. Every function gets `state`; on failure `why` holds one line. A failure of `describe`, `run` or
 * `close` is the subject's misconduct: it is not asked again. */
typedef struct mxc_subject_ops {
    /* MX_OK, or a failure. MX_EUNSUPPORTED: cannot be tested here (no device), nothing was judged. */
    mx_status (*describe)(void *state, mxc_description *description, char why[MXC_LINE]);
    /* Whether it takes batches of this shape (columns NULL, count the number of cases to come). MX_OK, or
     * MX_EUNSUPPORTED with its reason, or a failure. NULL: takes everything it describes. */
    mx_status (*offer)(void *state, const mx_batch *shape, char why[MXC_LINE]);
    /* Answer every case: outputs for case i are written and answer[i] = MXC_ANSWERED, or answer[i] = MXC_REFUSED.
     * `answer` starts as all MXC_MISSING. On failure what was answered before it stays marked. */
    mx_status (*run)(void *state, const mx_batch *batch, uint8_t *answer, char why[MXC_LINE]);
    /* End of the session: the subject's own counts (filled in advance with the suite's). NULL: nothing to do. */
    mx_status (*close)(void *state, mxc_counts *counts, char why[MXC_LINE]);
    /* Release `state`, killing what still runs. NULL: nothing to do. */
    void (*destroy)(void *state);
    size_t window; /* the cases that it sees at once; 0: all of a batch */
} mxc_subject_ops;

typedef struct mxc_subject mxc_subject;

typedef struct mxc_subject_options {
    unsigned timeout_ms; /* for one answer of a pipe subject, or one batch of a lib subject; 0: 10000 */
    uint64_t nonce;      /* shuffles the cases of a pipe subject; 0: drawn from the clock and process id */
} mxc_subject_options;

/* Open "NAME" (a row of the table of in-process subjects), "lib:PATH" or "pipe:COMMAND". `options` may be NULL.
 * MX_EINVAL (no such name, message lists them; no such file, or no shared object), MX_EIO (cannot start),
 * MX_EUNSUPPORTED (not testable on this machine), MX_EPROTOCOL, MX_ETIMEOUT, MX_ENOMEM. The description is asked for
 * here. */
MX_API mx_status mxc_subject_open(mxc_subject **subject, const char *spec, const mxc_subject_options *options,
                                  mxv_error *error);
/* A subject of your own: `ops` must outlive it, `state` is released by ops->destroy (on failure too). */
MX_API mx_status mxc_subject_wrap(mxc_subject **subject, const mxc_subject_ops *ops, void *state, mxv_error *error);
MX_API const mxc_description *mxc_subject_describe(const mxc_subject *subject);
/* From here on it counts as one that offers nothing else. */
MX_API void mxc_subject_only(mxc_subject *subject, const mxc_filter *filter);
/* As the ops, with the counting, the check of `ops` and misconduct remembered: after a failure every call fails so. */
MX_API mx_status mxc_subject_offer(mxc_subject *subject, const mx_batch *shape, mxv_error *error);
MX_API mx_status mxc_subject_run(mxc_subject *subject, const mx_batch *batch, uint8_t *answer, mxv_error *error);
/* Cases that it sees at once; 0: all of a batch. */
MX_API size_t mxc_subject_window(const mxc_subject *subject);
/* Say goodbye and compare counts: MX_EPROTOCOL when they differ. Once; a second call gives the same result. */
MX_API mx_status mxc_subject_bye(mxc_subject *subject, mxv_error *error);
/* What it wrote to stderr so far (a pipe or lib subject; the last 4 KiB, NUL-terminated), "" when nothing. */
MX_API const char *mxc_subject_stderr(mxc_subject *subject);
MX_API void mxc_subject_free(mxc_subject *subject);

/* In-process subjects: one row each. */
typedef struct mxc_builtin {
    const char *name;    /* "portable" */
    const char *summary; /* one line */
    /* MX_OK, or MX_EUNSUPPORTED with the reason why it cannot run on this machine. NULL: always can. */
    mx_status (*probe)(char why[MXC_LINE]);
    mx_status (*run)(const mx_batch *batch); /* as mxref_run: every case, or MX_EUNSUPPORTED for the whole batch */
} mxc_builtin;
MX_API const mxc_builtin *mxc_builtin_at(size_t i); /* NULL past the end */
MX_API const mxc_builtin *mxc_builtin_find(const char *name);

/* ---- the subject's side of the protocol mxp/1 ---- */

typedef struct mxc_service {
    const char *name, *version; /* one word each */
    const char *ops;            /* "cast:e4m3:fp32,quantize:*:fp32" */
    const char *axes;           /* "scale=rceil nan-in=block-nan", or "" */
    void *state;
    /* MX_OK, or MX_EUNSUPPORTED with a one-line reason. NULL: accept all that `ops` covers. */
    mx_status (*offer)(void *state, const mx_batch *shape, char why[MXC_LINE]);
    /* Answer one batch (count is 1 or more). MX_EUNSUPPORTED with a reason refuses it; other failures end the service.
     */
    mx_status (*run)(void *state, const mx_batch *batch, char why[MXC_LINE]);
} mxc_service;

/* Serve the protocol from `in` to `out` until bye (MX_OK) or the end of input (MX_EPROTOCOL), or a malformed request
 * (MX_EPARSE with error->line counting lines of `in`), MX_EIO, MX_ENOMEM. */
MX_API mx_status mxc_serve(FILE *in, FILE *out, const mxc_service *service, mxv_error *error);

#ifdef __cplusplus
}
#endif

#endif
