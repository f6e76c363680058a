/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which rows of its packs the smoke tier keeps: vectors/SMOKE.
 *
 * A pack keeps, with as few rows as a greedy cover finds,
 *   - for each mutant of the table that it kills, but for those that cases of every kind show, MXC_KEEP_KILLS rows
 *     that kill it (or all there are): no pack's score falls;
 *   - for each member of a family of mutants, one row in the largest pack that kills it: the tier's score stays whole;
 *   - a row in each bin of the coverage model that it visits;
 *   - MXC_KEEP_TAGGED rows of each tag, so that each clause and each axis keeps cases in each pack that had them;
 *   - its first and its last row, whose answers are not all zero.
 * The choice is a function of the table of packs, the reference, the mutants and the bins.
 */
#ifndef CONFORMANCE_GENERATE_CHOOSE_H
#define CONFORMANCE_GENERATE_CHOOSE_H

#include "conformance/generate/generate.h"

enum { MXC_KEEP_KILLS = 2, MXC_KEEP_TAGGED = 2 };

/* Writes the lines of vectors/SMOKE for the plans, which are of whole packs. `blind`: 0, or 1 or 2 to choose without
 * every other mutant of the table (the odd ones, the even ones): how well do the others stand in for them. MX_ENOMEM,
 * MX_EIO, what making a pack says. `step` may be NULL; one thread at a time. */
mx_status mxc_choose(FILE *out, const mxc_plan *plans, size_t count, int blind, void (*step)(void *state, size_t done),
                     void *state, mxv_error *error);

#endif
