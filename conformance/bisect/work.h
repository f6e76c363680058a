/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Parts of a bisection: asking, making smaller, and one file for the stages of each output column.
 *
 * Where a function's comment is a statement, the function asks the subject whether it holds: 1 when it does, 0 when it
 * does not or when the subject cannot be asked. Answers are right or wrong by the reference.
 */
#ifndef CONFORMANCE_BISECT_WORK_H
#define CONFORMANCE_BISECT_WORK_H

#include <mx/ref.h>

#include "conformance/adapters/ask.h"
#include "conformance/bisect/bisect.h"
#include "conformance/infer/number.h"

/* What stays the same while a case gets smaller: the output column, the branch of the reference that decides the
 * failing cell, and whether a neighbour of the quotient was given. */
typedef struct mxcb_class {
    int fails;
    mx_column_kind kind;
    int branch, near;
} mxcb_class;

typedef struct mxcb_work {
    mxc_bisection *to;
    mxc_subject *subject;
    mxv_error *error;
    mxcb_class class_;
    mx_status status;
    mxc_store scratch;
    mx_batch trial; /* the batch of scratch: the cases of to->small, or of a variation of them that is being tried */
    mxref_trace *trace; /* of the small case, while its stage is looked for */
} mxcb_work;

/* ---- cells of the inputs: values, codes, bytes or scales, whichever the operation has one of for each element ---- */

size_t mxcb_elements(const mx_batch *batch);
uint64_t mxcb_element(const mx_batch *batch, size_t j);
void mxcb_set_element(const mx_batch *batch, size_t j, uint64_t bits);

/* ---- asking ---- */

/* Ask all cases of `batch` (outputs are written) and class the failure of case `at`: the first cell of class `as`, or
 * of any when `as` is NULL. `diff` may be NULL. */
mxcb_class mxcb_judge(mxcb_work *w, const mx_batch *batch, size_t at, const mxcb_class *as, mxc_diff *diff);
int mxcb_same(const mxcb_class *a, const mxcb_class *b);
/* The trial passes. Afterwards it holds the small case again, as after mxcb_restore. */
int mxcb_passes(mxcb_work *w);
void mxcb_restore(mxcb_work *w);

/* Ask a batch of any shape; outputs are written. 0 when the subject does not take it, which is not held against it. */
int mxcb_ask(mxcb_work *w, const mx_batch *batch);

/* ---- parts ---- */

void mxcb_minimise(mxcb_work *w);

/* The answer to the small case changes with the cases before and after it. */
int mxcb_depends_on_others(mxcb_work *w);
/* Put the case among others so that it fails; 0 when it passes there too. */
int mxcb_among_others(mxcb_work *w);
/* The stage of a case whose answer depends on others. */
mxc_stage mxcb_among_stage(mxcb_work *w);

/* ---- questions: single elements, scales and codes, in whatever operation the subject takes them ---- */

enum { MXCB_QUESTIONS = 1024 };

/* Up to 1024 questions, by what the operation answers: the code of a source under a scale byte, the scale of a block
 * whose largest magnitude is A, or the value of a code under a scale byte. */
typedef struct mxcb_questions {
    size_t n;
    mxc_number value[MXCB_QUESTIONS];
    uint8_t code[MXCB_QUESTIONS], byte[MXCB_QUESTIONS];
    /* after asking */
    unsigned char put[MXCB_QUESTIONS];   /* 1 when the operation can ask it; `want` is then filled in */
    unsigned char known[MXCB_QUESTIONS]; /* 1 when it was answered under the scale meant; the rest is then filled in */
    unsigned char wrong[MXCB_QUESTIONS];
    uint64_t got[MXCB_QUESTIONS], want[MXCB_QUESTIONS];
    mxc_store asked;
} mxcb_questions;

/* The exponent of the largest code's binade; INT8 counts in the profile's units. */
int mxcb_emax(const mx_batch *shape);

void mxcb_add(mxcb_questions *q, mxc_number value, unsigned code, int byte); /* left out when `byte` is no scale */
void mxcb_questions_free(mxcb_questions *q);                                 /* NULL is fine */

/* How questions are asked: the operation, and the lane of the block that holds the element in question. */
typedef struct mxcb_vehicle {
    mx_batch shape;
    size_t lane;
    uint32_t random;
} mxcb_vehicle;

/* The narrowest operation that shows the fault of the small case. */
mxcb_vehicle mxcb_vehicle_for(mxcb_work *w);
/* 1 when some question is known. */
int mxcb_ask_all(mxcb_work *w, const mxcb_vehicle *v, mxcb_questions *q);
/* One question: 1 answered right, 0 wrong, -1 not known. `got` may be NULL. */
int mxcb_ask_one(mxcb_work *w, const mxcb_vehicle *v, mxc_number value, unsigned code, int byte, uint64_t *got);

/* What a fault may do to a number on its way: convert the source or the quotient to a narrower type and back, flush
 * what is subnormal in that type, or convert the source and flush. */
typedef enum mxcb_way { MXCB_SOURCE = 1, MXCB_QUOTIENT, MXCB_FLUSH, MXCB_SOURCE_FLUSHED } mxcb_way;
typedef struct mxcb_model {
    mxcb_way way;
    mx_type type;
    int truncate;
} mxcb_model;
/* Every known answer is the reference's for the number as the model leaves it, and at least one is wrong. */
int mxcb_fits(mxcb_work *w, const mxcb_vehicle *v, const mxcb_questions *q, const mxcb_model *model);

/* ---- one failing element that is finite ---- */

typedef struct mxcb_failing {
    mxcb_vehicle vehicle;
    mxc_number value, quotient;
    int byte;
    unsigned got, want, sign; /* codes; the sign bit of a code */
    mxref_branch branch;
    int near; /* `got` is the code of one of the quotient's two neighbours */
} mxcb_failing;

mxc_number mxcb_times(mxc_number x, int power); /* x * 2^power */
unsigned mxcb_magnitude(const mxcb_failing *f, unsigned code);
void mxcb_know(mxcb_failing *f, const mxref_element_trace *e); /* fill in branch and near */
int mxcb_are_nan(const mxcb_failing *f);                       /* both codes */
int mxcb_is_beyond(mxref_branch branch);
/* As mxcb_ask_one. */
int mxcb_ask_element(mxcb_work *w, const mxcb_failing *f, mxc_number value, int byte, uint64_t *got);
/* A finite overflow under scale 7f is wrong; *got is its code. */
int mxcb_overflow_is_wrong(mxcb_work *w, const mxcb_failing *f, unsigned *got);

/* The reference's code of a quotient, whatever operations the subject has; -1 when the type has no such value. */
int mxcb_code_of(const mxcb_vehicle *v, mxc_number quotient);
/* Elements are divided by the scale from before it was clamped to E8M0. */
int mxcb_divided_unclamped(mxcb_work *w, const mxcb_failing *f);

/* The same quotient, of another source under another scale, is right. */
int mxcb_right_elsewhere(mxcb_work *w, const mxcb_failing *f);
/* If so: whether it is the source or the scale that makes it wrong. */
mxc_stage mxcb_source_or_scale(mxcb_work *w, const mxcb_failing *f);
/* In a cast, where the source is the quotient: only subnormal sources are wrong, or only some binades far from any
 * code. Says which (mxcb_say). */
int mxcb_follows_source(mxcb_work *w, const mxcb_failing *f);
/* A model with some type gives every answer to the points. Says which (mxcb_say). */
int mxcb_by_a_type(mxcb_work *w, const mxcb_failing *f, void (*points)(mxcb_questions *, const mxcb_failing *));
/* Otherwise the quotient decides: beyond the largest code, or anywhere. */
mxc_stage mxcb_beyond(mxcb_work *w, const mxcb_failing *f);
mxc_stage mxcb_by_quotient(mxcb_work *w, const mxcb_failing *f);

/* ---- scale bytes of powers of two: 0 when all are right, or the fault is of another kind ---- */

/* All below some byte are answered by that byte: there is a lowest scale, or a lowest A. */
mxc_stage mxcb_raised(mxcb_work *w, const mxcb_vehicle *v);
/* Some are wrong; asking in a format of another emax shows whether it goes by the byte or by the binade of A. */
mxc_stage mxcb_byte_or_binade(mxcb_work *w, const mxcb_vehicle *v);

/* ---- storage: lanes, lengths, bits in bytes, tiles ---- */

/* The lane that has the failing lane's code (value), while the failing lane has that one's; k when there is none. */
size_t mxcb_swapped_with(const mxcb_work *w);
/* The same elements with zeros after them, in a longer block, are right. */
int mxcb_right_in_longer(mxcb_work *w);
/* The bits of every code are in another order. Says which (mxcb_say). */
int mxcb_bits_permuted(mxcb_work *w, const mxcb_vehicle *v);
/* The scale byte wanted comes out wrong as a cell of a matrix too, when the subject takes swizzle or unswizzle. */
int mxcb_wrong_in_tile(mxcb_work *w);
/* *x is the value of `code` under a scale byte; 0 when it is NaN or Inf. */
int mxcb_value_of(const mx_batch *shape, unsigned code, int byte, mxc_number *x);

mxc_stage mxcb_say(mxcb_work *w, mxc_stage stage, const char *format, ...) __attribute__((format(printf, 3, 4)));
mxc_stage mxcb_scale_stage(mxcb_work *w);
mxc_stage mxcb_code_stage(mxcb_work *w);
mxc_stage mxcb_value_stage(mxcb_work *w);

#endif
