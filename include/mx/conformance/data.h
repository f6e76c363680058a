/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Data that a run reads: where it lies, profiles, the ledger of clauses, known failures.
 */
#ifndef MX_CONFORMANCE_DATA_H
#define MX_CONFORMANCE_DATA_H

#include <stdio.h>

#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- installed data ---- */

/* Path of `relative` ("profiles/ocp-mx-1.0.profile", "vectors/packs/smoke") in the first place that has it:
 * $MXCTS_DATADIR, the source tree ($MXCTS_SRCDIR or the one compiled in), $(datadir)/mxcts. The caller frees it.
 * NULL when there is none (*error lists the places) or out of memory. In a source tree "profiles/" is
 * conformance/profiles/. */
MX_API char *mxc_data_path(const char *relative, mxv_error *error);

/* Paths of the files in the directory tree below `dir` whose names end in `suffix`, sorted bytewise. Free with
 * mxc_paths_free. MX_EIO, MX_ENOMEM. */
typedef struct mxc_paths {
    char **path;
    size_t count;
} mxc_paths;
MX_API mx_status mxc_paths_find(mxc_paths *paths, const char *dir, const char *suffix, mxv_error *error);
MX_API void mxc_paths_free(mxc_paths *paths);

/* ---- profiles as data (grammar: conformance/profiles/FORMAT) ---- */

typedef enum mxc_evidence { MXC_DOCUMENTED = 1, MXC_PROBED, MXC_ASSUMED } mxc_evidence;
#define MXC_NAME 64
#define MXC_LINE 256

typedef struct mxc_axis_note {
    mxc_evidence evidence;
    char source[MXC_LINE]; /* link, or repository@commit, and a few words; never empty */
} mxc_axis_note;

typedef struct mxc_profile {
    char name[MXC_NAME];                  /* "torchao-rceil" */
    char system[MXC_LINE];                /* what it describes, one line */
    mx_profile values;                    /* complete */
    mxc_axis_note note[MX_AXIS_LAST + 1]; /* by axis; [0] unused */
} mxc_profile;

MX_API const char *mxc_evidence_name(mxc_evidence evidence); /* "documented" "probed" "assumed", or NULL */

/* Read a profile; `name` is used in messages. MX_EPARSE, MX_EIO. */
MX_API mx_status mxc_profile_read(mxc_profile *profile, FILE *in, const char *name, mxv_error *error);
/* By name ("torchao-rceil", looked up in the data directory) or, when it holds a '/' or ends in ".profile", by path. */
MX_API mx_status mxc_profile_load(mxc_profile *profile, const char *name, mxv_error *error);
/* The canonical text. MX_EIO, MX_EINVAL (incomplete). */
MX_API mx_status mxc_profile_write(FILE *out, const mxc_profile *profile);
/* Paths of all shipped profiles. */
MX_API mx_status mxc_profile_list(mxc_paths *paths, mxv_error *error);

/* ---- which operations, element formats and types ---- */

/* Sets of ids, bit 1 << id; 0: any. */
typedef struct mxc_filter {
    unsigned ops, elems, types;
} mxc_filter;

/* 1 when it lets this through. An operation that has no format (type), its id 0, is in no set of formats (types). */
MX_API int mxc_filter_has(const mxc_filter *filter, mx_op op, mx_elem elem, mx_type type);
MX_API int mxc_filter_is_open(const mxc_filter *filter); /* lets everything through */
/* The names of a set with `between` between them, cut at `size`; `name` gives NULL for what is none. Returns `text`. */
MX_API char *mxc_set_text(char *text, size_t size, unsigned set, const char *(*name)(unsigned id), const char *between);

/* ---- clauses of the specification as data (conformance/clauses.tsv) ---- */

typedef struct mxc_clause mxc_clause;
typedef struct mxc_clauses mxc_clauses;

/* Read the ledger of clauses; `path` NULL: the installed one. MX_EIO, MX_EPARSE, MX_ENOMEM. */
MX_API mx_status mxc_clauses_load(mxc_clauses **clauses, const char *path, mxv_error *error);
MX_API void mxc_clauses_free(mxc_clauses *clauses);
/* "MX-6.3-b" in any case of letters, or NULL. It belongs to the ledger. */
MX_API const mxc_clause *mxc_clause_find(const mxc_clauses *clauses, const char *id);
/* 1 when a case of a pack of this shape and profile, with this label, tests the clause. */
MX_API int mxc_clause_selects(const mxc_clause *clause, const mx_batch *shape, const mxv_label *label);

/* ---- known failures as data (grammar: conformance/KNOWN-FAILURES) ---- */

typedef struct mxc_known mxc_known;

/* Read a file of known failures. `today` is "2026-11-26"; NULL: the day it is in UTC. MX_EIO, MX_EPARSE ("file:line:
 * wanted ..., found ..."), MX_EINVAL (`today` is no date), MX_ENOMEM. */
MX_API mx_status mxc_known_load(mxc_known **known, const char *path, const char *today, mxv_error *error);
/* The same of a stream, which stays open; `name` is for messages. */
MX_API mx_status mxc_known_read(mxc_known **known, FILE *in, const char *name, const char *today, mxv_error *error);
MX_API void mxc_known_free(mxc_known *known);

#ifdef __cplusplus
}
#endif

#endif
