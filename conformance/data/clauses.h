/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The ledger of clauses: conformance/clauses.tsv, and which cases a clause selects.
 */
#ifndef CONFORMANCE_DATA_CLAUSES_H
#define CONFORMANCE_DATA_CLAUSES_H

#include <mx/conformance.h>

/* One condition of a selector: key=value,value or key!=value,value. */
typedef struct mxc_condition {
    enum { MXC_BY_OP = 1, MXC_BY_ELEM, MXC_BY_TYPE, MXC_BY_K, MXC_BY_TAG, MXC_BY_AXIS } by;
    mx_axis axis;   /* MXC_BY_AXIS */
    int unwanted;   /* != */
    uint64_t ids;   /* bits 1 << id: op, elem, type, axis value */
    char *words;    /* of tag and k: comma-separated, as written */
    int next_other; /* the last condition of an alternative */
} mxc_condition;

struct mxc_clause {
    const char *id, *sure, *source, *selects, *note, *requirement;
    mx_class class_;
    size_t stated, mutants; /* cases, and the mutants that they kill, as the ledger says */
    mxc_condition *condition;
    size_t conditions; /* 0: selects no case */
};

typedef struct mxc_clause_source {
    const char *id, *text; /* "S1", where it is */
} mxc_clause_source;

struct mxc_clauses {
    struct mxc_clause *clause;
    size_t count;
    mxc_clause_source *source;
    size_t sources;
    char *head; /* the lines above the first clause */
    char *text; /* storage */
};

/* 1 when the clause's conditions on the pack can hold, so that only tags are left to look at. */
int mxc_clause_may_select(const struct mxc_clause *clause, const mx_batch *shape);

/* Cases of the smoke tier by clause, and those that no clause selects. */
typedef struct mxc_clause_counts {
    size_t *cases;                /* [clauses->count] */
    size_t unclaimed, total;      /* cases */
    char first[4][MXC_NAME + 40]; /* ids of the first unclaimed ones */
} mxc_clause_counts;

/* Read every pack. MX_EIO, MX_EPARSE, MX_ENOMEM. Free counts->cases. */
mx_status mxc_clauses_count(mxc_clause_counts *counts, const mxc_clauses *clauses, const mxc_paths *packs,
                            mxv_error *error);

/* The ledger with these counts of cases and mutants (mutants NULL: as it states them). MX_EIO. */
mx_status mxc_clauses_write(FILE *out, const mxc_clauses *clauses, const size_t *cases, const size_t *mutants);

#endif
