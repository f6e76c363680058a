/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The generator: the table of packs, and one pack of it with the reference's answers.
 *
 * Everything is a function of the table and the reference: the same bytes on every machine and for every thread count.
 */
#ifndef CONFORMANCE_GENERATE_GENERATE_H
#define CONFORMANCE_GENERATE_GENERATE_H

#include <stdio.h>

#include <mx/types.h>
#include <mx/vectors.h>

#include "conformance/data/pack_name.h"

/* The smoke tier: of each pack of the table the rows that vectors/SMOKE lists (choose.h). The full tier: the whole of
 * these packs, and denser ones. */
typedef enum mxc_tier { MXC_SMOKE = 1, MXC_FULL, MXC_WHOLE /* the packs of the smoke tier with every row */ } mxc_tier;

/* A row of the table: packs of one operation that differ in format and source type only. */
typedef struct mxc_recipe {
    mxc_tier tier;
    mx_op op;
    unsigned elems, types; /* sets: bit 1 << id */
    size_t k;
    const char *variant; /* last word of the name; [a-z0-9-] */
    const char *profile; /* a shipped profile, NULL for ocp-mx-1.0 */
    const char *axes;    /* "axis=value" words applied to it, or "" */
    unsigned classes;    /* of conformance/generate/points.h */
    const char *about;   /* what is special about it: ends the sentence in vectors/README */
    mx_layout layout; /* pack, unpack, swizzle, unswizzle: `types` (and `elems` of the last two) and k are not used */
    size_t rows, cols;
} mxc_recipe;

extern const mxc_recipe mxc_recipes[]; /* ends with tier 0 */

/* The row for a pack that no table has: all classes of points that the operation has for blocks of k. */
const mxc_recipe *mxc_own_recipe(mx_op op, size_t k);

/* One pack to be made. */
typedef struct mxc_plan {
    char name[MXC_PACK_NAME]; /* "quantize.e4m3.fp32.floor", "pack.e2m1.low-first.k33", "swizzle.128x4.129x5" */
    mx_batch shape;           /* all but columns and count */
    const mxc_recipe *recipe;
    mxc_tier tier;
    const char *kept; /* rows of the whole pack that are in this one, "1-3,7"; NULL: all. Part of the array of plans */
} mxc_plan;

/* All packs of a tier in the order of their names; the caller frees *plans. MX_EIO or MX_EPARSE (a shipped profile or
 * vectors/SMOKE cannot be read), MX_EINVAL (the table is wrong), MX_ENOMEM. */
mx_status mxc_plans(mxc_plan **plans, size_t *count, mxc_tier tier, mxv_error *error);

/* A pack that no table has: every class of points of the operation for `shape` (columns and count not looked at) under
 * its profile, called after what the shape is and `variant` ([a-z0-9.-], at most 24 bytes). MX_EINVAL: the shape or the
 * variant is none, or a tier has a pack of that name, whose cases have the ids that these would get. */
mx_status mxc_plan_own(mxc_plan *plan, const mx_batch *shape, const char *variant, mxv_error *error);

/* Make the pack: points, answers of the reference, labels. A case is called by its row in the whole pack, in whichever
 * tier. MX_ENOMEM, MX_EPARSE (plan->kept), or what the reference says. */
mx_status mxc_generate(mxv_pack **pack, const mxc_plan *plan, mxv_error *error);

/* What `plan` is, as a sentence without a full stop. Returns its length, 0 when `size` is too small. */
size_t mxc_about(const mxc_plan *plan, char *text, size_t size);

/* ---- classes (conformance/generate/classify.c) ---- */

/* The class and the axis tags of every case of a pack whose answers are there: class_[count], and axes[count] with bit
 * 1 << axis for each axis that the answer depends on (those that are not choices of arithmetic). With `all` every row
 * is re-run for every axis (slow; for tests), else only those that can depend on it. */
mx_status mxc_classify(const mxv_pack *pack, mx_class *class_, uint32_t *axes, int all);

/* ---- files ---- */

#endif
