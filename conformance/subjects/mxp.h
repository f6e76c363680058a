/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Write a pipe subject in C: two callbacks and mxp_serve(). Copy mxp.h and mxp.c; they need the C library only.
 *
 * The protocol, mxp/1, is lines of single-space words on stdin and stdout:
 *     suite>  mxp 1 nonce=9f3c
 *     dut  >  mxp 1 name=foo version=2.1 ops=cast:e4m3:fp32,quantize:*:fp32 scale=rceil
 *     suite>  op 1 quantize elem=e2m1 type=fp32 k=32 scale=floor round=rne ...
 *     dut  >  ok 1                        | no 1 reason...
 *     suite>  c 1 42 3f800000 ...         (op number, case id, input cells)
 *     dut  >  r 42 7f 01 02 ...           | u 42 reason...      (case id, output cells)
 *     suite>  bye
 *     dut  >  bye seen=21344 answered=21344 refused=0
 *
 * Input and output cells of each operation, hexadecimal digits of a cell in brackets:
 *     decode       code                -> value             code [2], scale [2]
 *     cast         value               -> code              value: bf16, fp16 [4], fp32 [8], fp64 [16]
 *     scale        value x k           -> scale
 *     scaled-cast  value, scale        -> code              With round=sr:N every input value of cast, scaled-cast
 *     quantize     value x k           -> scale, code x k   and quantize is followed by its N random bits [N/4,
 *     dequantize   scale, code x k     -> value x k         rounded up].
 * mxp_serve() refuses the others, which only move bytes (pack, unpack, swizzle, unswizzle).
 */
#ifndef MXP_H
#define MXP_H

#include <stddef.h>
#include <stdint.h>

/* An operation as the suite announced it. Strings end in NUL and live as long as mxp_serve() runs. */
typedef struct mxp_op {
    unsigned long number;
    const char *op;          /* "cast" */
    const char *elem;        /* "e4m3" */
    const char *type;        /* "fp32" */
    size_t k;                /* elements of a case, 1 for the scalar operations */
    size_t n_in, n_out;      /* cells of a case */
    unsigned random;         /* N of round=sr:N, else 0 */
    long user;               /* for `open` to set and `answer` to read */
    const char *const *axes; /* "scale=floor", "round=rne" ..., ended by NULL */
} mxp_op;

/* What a subject is. */
typedef struct mxp_subject {
    const char *name, *version; /* one word each */
    const char *ops;            /* "cast:e4m3:fp32,quantize:*:fp32" */
    const char *axes;           /* axes that this subject fixes, "scale=rceil nan-in=block-nan", or "" */
    /* Will you follow this operation, every axis of it? NULL for yes, or the reason why not, without a newline. */
    const char *(*open)(void *self, mxp_op *op);
    /* Answer one case: op->n_in cells in, op->n_out cells out. NULL for an answer, or the reason for none. */
    const char *(*answer)(void *self, const mxp_op *op, const uint64_t *in, uint64_t *out);
} mxp_subject;

/* Talk mxp/1 on stdin and stdout until `bye`. Returns an exit status: 0, or 1 when the suite broke off or sent a
 * line that is not mxp/1 (said on stderr). */
int mxp_serve(const mxp_subject *subject, void *self);

/* The text of an axis, "floor"; "" when the suite did not send it. */
const char *mxp_axis(const mxp_op *op, const char *axis);

/* 1 when the axis has this value. */
int mxp_is(const mxp_op *op, const char *axis, const char *value);

#endif
