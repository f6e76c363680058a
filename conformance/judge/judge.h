/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The core of a run: packs in, a report out, whoever the answers come from.
 */
#ifndef CONFORMANCE_JUDGE_JUDGE_H
#define CONFORMANCE_JUDGE_JUDGE_H

#include <mx/conformance.h>

#include "conformance/batch.h"

/* Where answers come from: a subject, or a recorded file. */
typedef struct mxc_source {
    void *state;
    const mx_profile *declared; /* axes of 0 are not declared */
    /* MX_OK, MX_EUNSUPPORTED with the reason, or misconduct. `chosen` are the n cases to come. */
    mx_status (*accept)(void *state, const mxv_pack *pack, const size_t *chosen, size_t n, mxv_error *error);
    /* Answer the n cases of `batch`; error->text may hold the reason of refusals. Other than MX_OK: misconduct. */
    mx_status (*answer)(void *state, const mxv_pack *pack, const size_t *chosen, const mx_batch *batch, uint8_t *answer,
                        mxv_error *error);
    mx_status (*finish)(void *state, mxv_error *error);
    int repeats; /* 1: may be asked the same again */
} mxc_source;

/* Of a chosen case. */
typedef enum mxc_fate { MXC_FATE_NEVER = 0, MXC_FATE_PASS, MXC_FATE_FAIL } mxc_fate;

/* A failure: the place of its case among the chosen ones, and how it differs. */
typedef struct mxc_fail_at {
    size_t at;
    mxc_diff diff;
} mxc_fail_at;

/* The pack at hand. */
typedef struct mxc_work {
    const mxv_pack *pack;
    int own; /* the caller's: no pack of the manifest */
    mxc_pack_result *result;
    size_t *chosen; /* cases, ascending */
    size_t n;
    mxc_store store; /* [n] the chosen inputs, and the answers */
    uint8_t *answer; /* [n] mxc_answer */
    uint8_t *fate;   /* [n] mxc_fate */
    mxc_fail_at *failed;
    size_t fails;
    uint8_t *known; /* [fails] 1: known, and does not count; NULL: no file of known failures */
} mxc_work;

/* ---- known.c: known failures ---- */

/* The entries, nothing counted. MX_ENOMEM. */
mx_status mxc_known_begin(mxc_report *report, const mxc_known *known);
/* Count the compared cases of a pack under the entries, and set work->known and work->result->known. MX_ENOMEM. */
mx_status mxc_known_pack(const mxc_known *known, mxc_report *report, mxc_work *work);
/* What an entry came to. */
typedef enum mxc_known_state { MXC_KNOWN = 1, MXC_KNOWN_PASSES, MXC_KNOWN_NO_CASE, MXC_KNOWN_EXPIRED } mxc_known_state;
mxc_known_state mxc_known_state_of(const mxc_known_result *result);
/* How many entries came to that. */
size_t mxc_known_count(const mxc_report *report, mxc_known_state state);

/* ---- repeat.c: asking again ---- */

/* The inputs of the chosen cases [first, first + n) in a batch of their own, the outputs filled with a pattern that is
 * no answer. MX_ENOMEM. */
mx_status mxc_work_store(mxc_store *store, const mxc_work *work, size_t first, size_t n);

/* Ask a pack, the `number`-th (from 0) of those with failures or of those without, again, in the same batch and some
 * failures alone, and of a pack without failures one case alone; add what comes of it to report->repeat. Misconduct is
 * noted in the report. Bounded: most packs are passed over but for that one case. MX_ENOMEM. */
mx_status mxc_repeat_pack(mxc_report *report, const mxc_source *source, const mxc_work *work, size_t number,
                          mxv_error *error);

/* ---- weaken.c ---- */

/* Where `declared` (NULL: nothing) leaves open what the pack demands, the pack's profile leaves it open too, and the
 * cells that are then free are marked. MX_ENOMEM. */
mx_status mxc_weaken(mxv_pack *pack, const mx_profile *declared);

/* What stands in a pack's reason between the value of an axis that is declared and its own. */
#define MXC_PACK_HAS ", this pack has "

/* Judge the packs that `options` select; see mxc_run. */
mx_status mxc_judge(mxc_report **report, const mxc_source *source, const mxc_options *options, mxv_error *error);

/* What stands in a report before the first pack: version, time, what was asked for, clauses and figures without a case.
 * MX_ENOMEM. */
mx_status mxc_report_begin(mxc_report *report, const mxc_options *options, const mxc_clauses *clauses);

/* What follows from a report's counts, strictness and misconduct. */
int mxc_exit_status(const mxc_report *report);
/* Failures that make it fail: neither known nor, unless strict, of recommendations. */
size_t mxc_counting_fails(const mxc_report *report);

/* ---- packs.c: which packs there are, and their pinned digests ---- */

typedef struct mxc_manifest {
    char *root; /* directory that its paths are relative to, with a slash at the end */
    char *text; /* the file, lines cut into words */
    struct mxc_manifest_row {
        const char *digest, *path;
    } * row;
    size_t rows;
} mxc_manifest;

/* Read a manifest in `sha256sum -c` form. MX_EIO, MX_EPARSE, MX_ENOMEM. */
mx_status mxc_manifest_load(mxc_manifest *manifest, const char *path, mxv_error *error);
void mxc_manifest_free(mxc_manifest *manifest);

/* The packs selected, in bytewise order: the smoke tier of `manifest` (each row must be there), or select->pack, of
 * which each is a file, a folder, or a name or shell pattern of smoke packs. */
mx_status mxc_packs_find(mxc_paths *paths, const mxc_select *select, const mxc_manifest *manifest, mxv_error *error);
/* The same with the manifest of this installation, which may be missing when all are paths. */
mx_status mxc_packs_of(mxc_paths *paths, const char *const *pack, size_t packs, mxv_error *error);

/* 1 when the manifest lists the file `path`. */
int mxc_manifest_has(const mxc_manifest *manifest, const char *path);

/* MX_OK when the file is as the manifest says (a file outside the manifest's folder is not its business), MX_EPARSE. */
mx_status mxc_manifest_check(const mxc_manifest *manifest, const char *path, mxv_error *error);

/* MX_OK when the smoke tier has as many packs, cases and cases by tag as the file `path` (vectors/COUNTS) demands. */
struct mxc_tags;
mx_status mxc_minimum_check(const char *path, size_t packs, size_t cases, const struct mxc_tags *tags,
                            mxv_error *error);

/* ---- tally.c: counting what was judged ---- */

typedef struct mxc_tags mxc_tags;
mxc_tags *mxc_tags_new(void);
void mxc_tags_free(mxc_tags *tags);
/* Count one case under each of its tags. MX_ENOMEM. */
mx_status mxc_tags_add(mxc_tags *tags, const char *list, int judged, int failed);
/* Cases counted under the tag of `length` bytes. */
size_t mxc_tags_count(const mxc_tags *tags, const char *tag, size_t length);
/* The tag that was meant, as mx_nearest_hint has it. */
const char *mxc_tags_hint(const mxc_tags *tags, const char *tag, char out[MX_WHY]);
/* Move the counts, sorted by tag, into the report. MX_ENOMEM. */
mx_status mxc_tags_report(mxc_tags *tags, mxc_report *report);
/* 1 when `tag` is one of the comma-separated tags of `list`. */
int mxc_tags_have(const char *list, const char *tag);

/* ---- exercised.c: what was exercised ---- */

/* Count the n chosen cases of `pack` under the clauses they test: result[c] is that of clause c. MX_ENOMEM. */
mx_status mxc_clauses_tally(mxc_clause_result *result, const mxc_clauses *clauses, const mxv_pack *pack,
                            const size_t *chosen, const uint8_t *fate, size_t n);
/* 1 when the judged ones of the chosen cases hold every input that the operation has. */
int mxc_is_exhaustive(const mxv_pack *pack, const size_t *chosen, const uint8_t *fate, size_t n);

/* ---- figures.c ---- */

/* Count case i of `want` (outputs: the expected ones, and the free cells `open`), answered with case 0 of `got`.
 * MX_ENOMEM. */
mx_status mxc_figures_add(mxc_figures *figures, const mx_batch *want, const mx_outputs *open, const mx_outputs *got);
/* The grid of this format and axis value, made when it is not there; NULL: out of memory. */
mxc_binade *mxc_binade_of(mxc_figures *figures, mx_elem elem, unsigned value);
/* Exponents of a format's columns; done for every format by mxc_figures_new. */
mxc_figures *mxc_figures_new(void);
void mxc_figures_free(mxc_figures *figures);

/* ---- axes ---- */

/* One failure whose axis was looked for. */
typedef struct mxc_diagnosed {
    uint64_t explained_by; /* bits of mxc_value_bit */
    char *id, *line;
} mxc_diagnosed;
/* Count the failures by what explains them, those that explain most first. MX_ENOMEM. */
mx_status mxc_axes_count(mxc_report *report, const mxc_diagnosed *failure, size_t n);

/* The line that can be pasted into a shell: it names the case, its pack unless that is NULL, and the subject's answer.
 * The caller frees it; NULL: out of memory. */
char *mxc_explain_line(const char *pack, const char *id, const char *got);
/* A word as a shell takes it for one, in quotes where it needs them. */
void mxc_put_shell_word(FILE *out, const char *word);

#endif
