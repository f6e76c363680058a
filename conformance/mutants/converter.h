/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside the faulty converter: what its stages share. Every stage asks mxm_acts(c, FAULT) where FAULT could act; the
 * variables of conditions are set on the way.
 */
#ifndef CONFORMANCE_MUTANTS_CONVERTER_H
#define CONFORMANCE_MUTANTS_CONVERTER_H

#include <limits.h>

#include "conformance/batch.h"
#include "conformance/mutants/mutants.h"
#include "impl/round.h"

enum { UNKNOWN = INT_MIN };

typedef struct converter {
    const mxc_mutant *mutant;
    const mx_batch *batch;
    mxfast_plan right, wrong; /* wrong: as the faults of the plan see it; else the same */
    mxfast_grid grid;         /* of the codes */
    int var[MXC_VARIABLES];
    uint8_t previous, first; /* bytes of the block before and of the first one */
    size_t run;              /* which one of a block's is looked at (MXC_FAULT_RUNS) */
} converter;

/* What a block's values are, seen together. */
typedef struct survey {
    uint64_t amax;
    int nan, inf, negative; /* inf: 1 for one, 2 for a negative one; negative: of the element that gave amax */
} survey;

/* What the scale rule says. `exponent` is what the elements are divided by, 2^(byte - 127) but for a fault. */
typedef struct verdict {
    uint8_t byte;
    int flushed, exponent;
    int apart; /* 1: elements see the exponent, whatever the byte says */
} verdict;

/* ---- conditions (convert.c) ---- */

int mxm_holds(const converter *c);
int mxm_acts(const converter *c, mxc_fault fault);
int mxm_is_plan_fault(mxc_fault fault);
const mxfast_plan *mxm_plan_for(const converter *c, unsigned side);
void mxm_forget(converter *c, mxc_variable from);
void mxm_know_lane(converter *c, size_t lane);
void mxm_know_block(converter *c);
void mxm_know_source(converter *c, uint64_t bits);

/* ---- numbers (convert.c) ---- */

const mxfast_value *mxm_layout_of(mx_type type);
uint64_t mxm_round_to(const mxfast_value *type, mxfast_number x, int truncate);
int mxm_stay_in(mx_type id, mxfast_number *x, int truncate);
mxfast_number mxm_number_of(mxfast_grid grid, unsigned pattern);

/* ---- stages ---- */

uint64_t mxm_input(const converter *c, uint64_t bits);
survey mxm_look(converter *c, size_t block);
verdict mxm_judge(converter *c, survey seen);
uint64_t mxm_shorten_nan(const converter *c, uint64_t bits);
uint8_t mxm_encode(converter *c, uint64_t bits, verdict to, uint32_t random);
uint8_t mxm_fault_of_byte(converter *c, uint8_t byte);
uint8_t mxm_fault_of_code(converter *c, uint8_t code);
uint64_t mxm_decode(converter *c, unsigned code, uint8_t byte);
size_t mxm_from_lane(const converter *c, size_t lane);

/* Faults of the batch as a whole (whole.c), around a converter that has none. */
int mxm_is_whole_fault(mxc_fault fault);
mx_status mxm_run_whole(const mxc_mutant *mutant, const mx_batch *batch);
/* With any other fault, or none. MX_ENOMEM, MX_EINVAL. */
mx_status mxm_convert(const mxc_mutant *mutant, const mx_batch *batch);

/* pack, unpack, swizzle, unswizzle: all cases of c->batch. */
void mxm_rearrange(converter *c);

/* The codes (scales) of a batch of blocks, kept in packed (tiled) storage by the faulty converter and read back by a
 * right one, or the other way round. Nothing where the fault is no fault of storage. MX_ENOMEM. */
mx_status mxm_store_codes(const converter *c, uint8_t *codes, int reading);
mx_status mxm_store_scales(const converter *c, uint8_t *scales, int reading);

#endif
