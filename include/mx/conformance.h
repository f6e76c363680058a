/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The conformance suite: profiles, subjects, comparison, runs and reports.
 *
 * Objects are not thread-safe; different objects may be used by different threads. Functions that take an mxv_error
 * accept NULL for it; on failure error->text is one line without newline.
 */
#ifndef MX_CONFORMANCE_H
#define MX_CONFORMANCE_H

#include <stdio.h>

#include <mx/names.h>
#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Exit status of every command. */
enum {
    MXC_EXIT_CONFORMS = 0,
    MXC_EXIT_FAILS = 1,
    MXC_EXIT_USAGE = 2,
    MXC_EXIT_NOTHING = 77, /* nothing was judged */
    MXC_EXIT_HARNESS = 99  /* harness error or incomplete run */
};

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
    mx_profile declared; /* an axis of 0 is not declared */
} mxc_description;

/* Parse "cast:e4m3:fp32,quantize:*:fp32" (up to `length` bytes; empty: none). MX_EPARSE with `why` (MX_WHY bytes or
 * NULL). */
MX_API mx_status mxc_offers_parse(mxc_description *description, const char *text, size_t length, char *why);
/* 1 when one of the offers covers the shape. */
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
} mxc_subject_ops;

typedef struct mxc_subject mxc_subject;

typedef struct mxc_subject_options {
    unsigned timeout_ms; /* for one answer of a pipe subject, or one batch of a lib subject; 0: 10000 */
    uint64_t nonce;      /* shuffles the cases of a pipe subject; 0: drawn from the clock and process id */
} mxc_subject_options;

/* Open "NAME" (a row of the table of in-process subjects), "lib:PATH" or "pipe:COMMAND". `options` may be NULL.
 * MX_EINVAL (no such name, message lists them; no such file, or no shared object), MX_EIO (cannot start),
 * MX_EUNSUPPORTED (not testable on this machine), MX_EPROTOCOL, MX_ETIMEOUT, MX_ENOMEM. The description is asked for here. */
MX_API mx_status mxc_subject_open(mxc_subject **subject, const char *spec, const mxc_subject_options *options,
                                  mxv_error *error);
/* A subject of your own: `ops` must outlive it, `state` is released by ops->destroy (on failure too). */
MX_API mx_status mxc_subject_wrap(mxc_subject **subject, const mxc_subject_ops *ops, void *state, mxv_error *error);
MX_API const mxc_description *mxc_subject_describe(const mxc_subject *subject);
/* As the ops, with the counting, the check of `ops` and misconduct remembered: after a failure every call fails so. */
MX_API mx_status mxc_subject_offer(mxc_subject *subject, const mx_batch *shape, mxv_error *error);
MX_API mx_status mxc_subject_run(mxc_subject *subject, const mx_batch *batch, uint8_t *answer, mxv_error *error);
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

/* ---- comparison ---- */

/* Where case i of `got` differs from the expected outputs of `pack`. */
typedef struct mxc_diff {
    size_t cells;        /* differing output cells; 0: the same */
    mx_column_kind kind; /* of the first one */
    size_t lane;         /* of the first one */
    uint64_t want, got;
} mxc_diff;

/* Compare by bits; a NaN counts as any NaN unless an axis demands its bits; free cells are not compared.
 * Returns 1 when the same. `diff` may be NULL. */
MX_API int mxc_compare(const mxv_pack *pack, size_t i, const mx_outputs *got, mxc_diff *diff);

/* A value of one axis that would explain an answer. */
typedef struct mxc_departure {
    mx_axis axis;
    unsigned value; /* of round: never sr */
} mxc_departure;

/* Which single-axis changes of the profile make the reference give the subject's answer for case i of `batch`
 * (inputs, and outputs = the answer). `found` has room for `room`; returns how many there are in all. */
MX_API size_t mxc_departures(const mx_batch *batch, size_t i, mxc_departure *found, size_t room);

/* ---- runs ---- */

typedef enum mxc_verdict {
    MXC_PASS = 1,
    MXC_FAIL,
    MXC_UNSUPPORTED,   /* not offered by the subject, or declined */
    MXC_NEVER,         /* accepted, but cases were refused or never answered */
    MXC_NOT_APPLICABLE /* declared axes differ from the pack's */
} mxc_verdict;
MX_API const char *
mxc_verdict_name(mxc_verdict verdict); /* "pass" "fail" "unsupported" "never-exercised" "not-applicable" */

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

/* Which cases to run; zero and NULL: any. */
typedef struct mxc_select {
    const char *const *pack; /* paths of packs or folders, or names of smoke packs; NULL: the whole smoke tier */
    size_t packs;
    mx_op op;
    mx_elem elem;
    mx_type type;
    const char *tag;           /* a tag, or a case id */
    const mxc_clause *clause;  /* cases that test it */
    const mx_profile *profile; /* packs that agree with its nonzero axes, where they matter */
    const mxc_profile *named;  /* what `profile` was taken from, for the report; may be NULL */
} mxc_select;

typedef struct mxc_progress {
    void (*step)(void *state, size_t done, size_t total, const char *what); /* packs; may be NULL */
    void *state;
} mxc_progress;

typedef struct mxc_options {
    mxc_select select;
    int strict;             /* should deviations fail */
    int skip_crosscheck;    /* for tests of the suite itself */
    int no_manifest;        /* packs named by the user need not be in MANIFEST.sha256 */
    size_t keep;            /* failures kept in full; 0: 20 */
    size_t list;            /* failures listed by id (mxc_report.wrong); 0: none */
    const mxc_known *known; /* failures that do not fail the run; may be NULL */
    int figures;            /* count for mxc_report.figures, which the forms JSON and HTML show */
    size_t diagnose;        /* how many failures the axis is looked for, 64 a pack; then 4 a pack. 0: 2000 */
    mxc_progress progress;
} mxc_options;

/* Cases by fate. */
typedef struct mxc_tally {
    size_t cases; /* in the packs chosen */
    size_t pass;
    size_t fail;
    size_t never; /* accepted and not answered, or refused */
} mxc_tally;

typedef struct mxc_pack_result {
    char *path;
    mx_batch shape; /* columns NULL; count = cases in the pack */
    char sha256[65];
    mxc_verdict verdict;
    char reason[MXC_LINE];               /* why unsupported, not applicable, never; else "" */
    mxc_tally tally;                     /* of the chosen cases; all zero when unsupported or not applicable */
    size_t known;                        /* known failures, counted in tally.fail too */
    double seconds;                      /* that reading, answering and judging it took */
    int exhaustive;                      /* 1: every input that there is was judged */
    mxc_tally class_[MX_CLASS_LAST + 1]; /* by class; [0] unused */
} mxc_pack_result;

typedef struct mxc_failure {
    size_t pack;  /* index into mxc_report.pack */
    size_t index; /* case in the pack */
    char *id, *tags;
    mx_class class_;
    mxc_diff diff;
    char *inputs, *want, *got;  /* columns as in packs */
    char *line;                 /* "mxcts explain ID --got 'COLUMNS'" */
    size_t departures;          /* how many single axes would explain it */
    mxc_departure departure[8]; /* the first ones */
    char *explained;            /* the text of `mxcts explain`, or NULL */
} mxc_failure;

/* ---- what lies behind the failures ---- */

/* Where a value's way through a converter a fault sits, in the order in which it passes them. */
typedef enum mxc_stage {
    MXC_STAGE_AMAX = 1,   /* what the scale rule is given */
    MXC_STAGE_EXPONENT,   /* the scale rule */
    MXC_STAGE_CLAMP,      /* the ends of the scale's range, and the zero block */
    MXC_STAGE_SCALE_CODE, /* writing and reading E8M0 */
    MXC_STAGE_QUOTIENT,   /* value / scale */
    MXC_STAGE_ROUNDING,   /* to the element's grid */
    MXC_STAGE_OVERFLOW,   /* beyond the largest value */
    MXC_STAGE_SPECIAL,    /* NaN, Inf, zeros and their signs */
    MXC_STAGE_DECODE,     /* from a code to its value, and the product with the scale */
    MXC_STAGE_PACKING,    /* codes in bytes */
    MXC_STAGE_LAYOUT      /* which cell goes where */
} mxc_stage;
#define MXC_STAGE_LAST MXC_STAGE_LAYOUT
MX_API const char *mxc_stage_name(mxc_stage stage); /* "amax" ..., NULL */

/* The remainder class of a cell: where the exact result lies between its neighbours. Of a scale byte: where the
 * significand of A lies against that of the largest element value. */
typedef enum mxc_place {
    MXC_PLACE_NONE = 1, /* special values, and layouts */
    MXC_PLACE_EXACT,
    MXC_PLACE_BELOW,    /* below the midpoint */
    MXC_PLACE_TIE_EVEN, /* at it, the lower neighbour being even */
    MXC_PLACE_TIE_ODD,
    MXC_PLACE_ABOVE,
    MXC_PLACE_AMAX_POWER, /* A is a power of two */
    MXC_PLACE_AMAX_BELOW,
    MXC_PLACE_AMAX_AT,
    MXC_PLACE_AMAX_ABOVE
} mxc_place;
#define MXC_PLACE_LAST MXC_PLACE_AMAX_ABOVE
MX_API const char *mxc_place_name(mxc_place place); /* "none" "exact" "below" "tie-even" ... "amax-above", NULL */

/* The exponent bin of a cell: of the quotient on the element's grid when encoding, of the product on the target's when
 * decoding (a subnormal code is subnormal there too), of A for a scale byte (UNDER: clamped to 00; TOP: above FD). */
typedef enum mxc_range {
    MXC_RANGE_NONE = 1, /* layouts */
    MXC_RANGE_NAN_SCALE,
    MXC_RANGE_NAN,
    MXC_RANGE_INF,
    MXC_RANGE_ZERO,
    MXC_RANGE_UNDER, /* below the smallest subnormal */
    MXC_RANGE_SUBNORMAL,
    MXC_RANGE_NORMAL,
    MXC_RANGE_TOP, /* the largest binade */
    MXC_RANGE_OVER /* beyond the largest value */
} mxc_range;
#define MXC_RANGE_LAST MXC_RANGE_OVER
MX_API const char *mxc_range_name(mxc_range range); /* "none" "nan-scale" "nan" ... "over", NULL */

/* Failures of one class within a cluster: "cast/e4m3/fp32/rounding/tie-odd/subnormal". */
#define MXC_KEY 80
typedef struct mxc_key_count {
    char key[MXC_KEY];
    size_t count;
} mxc_key_count;

/* Failures that are alike, by their first wrong cell. Sets hold bit 1 << id. */
typedef struct mxc_cluster {
    mxc_stage stage;            /* of `mutant`, or where such a cell is made as far as the answer alone tells */
    unsigned ops, elems, types; /* sets; of elems and types 0: the operation has none */
    unsigned places, ranges;    /* sets of mxc_place and mxc_range */
    uint64_t lanes;             /* set; bit 63: lane 63 and above. 0: scale bytes and scalar operations */
    int last_lane;              /* always the last one of several lanes */
    size_t count;               /* failures */
    size_t cases;               /* judged cases that have such a cell, in these operations, formats and types */
    mx_axis axis;               /* the single axis value that gives most of the answers looked at, or 0 */
    unsigned value;
    size_t axis_count, axis_looked; /* how many of how many */
    const char *mutant;             /* the suspect that explains every failure of it, or NULL */
    char *id, *line;                /* the simplest case, and its line as mxc_failure.line */
    char *explained;                /* the text of `mxcts explain` for it, or NULL */
    mxc_key_count *key;             /* the classes, sorted; keys do not change from run to run */
    size_t keys;
} mxc_cluster;

/* One converter with one known fault (mxcts list mutants) that gives the subject's answers. */
typedef struct mxc_suspect {
    const char *mutant, *what, *link; /* its name, one line each; link: where it was seen, or "invented" */
    mxc_stage stage;
    mx_axis axis; /* it is a departure from this axis of the profile, to this value; or 0 */
    unsigned value;
    size_t explained;    /* failures that it gives exactly */
    size_t unlike;       /* failures for which it gives another wrong answer */
    size_t contradicted; /* passes in which it is wrong */
    char *twins;         /* "a, b": give the same answers to every judged case; or "" */
} mxc_suspect;

typedef struct mxc_diagnosis {
    mxc_suspect *suspect; /* those that explain the failures, best first */
    size_t suspects;
    mxc_suspect nearest; /* where there is no suspect: what comes nearest; mutant NULL: nothing */
    size_t failures;     /* looked at */
    size_t unexplained;  /* of which no suspect gives */
    size_t passes;       /* looked at */
    double seconds;
} mxc_diagnosis;

/* Failures by the single axis value that would give the answer. */
typedef struct mxc_axis_count {
    mx_axis axis; /* 0: no single axis explains these */
    unsigned value;
    size_t count;  /* failures that it explains (one failure may count for several values) */
    size_t alone;  /* of which nothing else explains */
    char *line;    /* an example, as mxc_failure.line */
    char *example; /* its id */
} mxc_axis_count;

/* A failure in short. */
typedef struct mxc_wrong {
    size_t pack; /* index into mxc_report.pack */
    char *id, *want, *got;
    int known; /* 1: listed in the file of known failures */
} mxc_wrong;

/* What asking the subject again showed. */
typedef struct mxc_repeat {
    size_t cases;  /* asked again in the same batches */
    size_t differ; /* of which were answered otherwise */
    size_t alone;  /* failures asked again one by one */
    size_t depend; /* of which were answered otherwise than in their batches, where the answers do not differ */
    char *id, *first, *second; /* an example of `differ`, or else of `depend`, with both answers; or NULL */
} mxc_repeat;

/* An entry of the file of known failures. */
typedef struct mxc_known_result {
    char *pattern, *link, *reason;
    char until[11];     /* "2026-12-31" */
    unsigned long line; /* of the file */
    size_t judged;      /* judged cases that it names (failures, for a pattern of a cluster) */
    size_t failed;      /* of which failed */
    int expired;        /* 1: its failures count */
} mxc_known_result;

typedef struct mxc_tag_count {
    char *tag;
    size_t expected; /* cases in accepted packs */
    size_t judged;
    size_t failed;
} mxc_tag_count;

/* What a run says of a clause: the chosen cases that test it. */
typedef struct mxc_clause_result {
    char *id, *requirement;
    mx_class class_;
    mxc_tally tally; /* never: in packs that were not judged too */
} mxc_clause_result;

/* ---- counts for figures ---- */

typedef struct mxc_rate {
    size_t judged, wrong;
} mxc_rate;

/* Elements encoded, by the remainder class (row 0 is MXC_PLACE_EXACT, the last MXC_PLACE_ABOVE) and the exponent of the
 * quotient. Column c is exponent `first` + c; the first and the last hold what lies beyond. All zero for a format that
 * was not judged. */
enum { MXC_HEAT_ROWS = MXC_PLACE_ABOVE - MXC_PLACE_EXACT + 1, MXC_HEAT_COLUMNS = 48 };
typedef struct mxc_heat {
    int first, columns;
    mxc_rate cell[MXC_HEAT_ROWS][MXC_HEAT_COLUMNS];
    mxc_rate decoded[MXC_HEAT_COLUMNS]; /* elements decoded, by the exponent of the code's value */
    mxc_rate zero, inf, nan;            /* encoded zeros, Infs, NaNs (of a NaN scale too) */
} mxc_heat;

/* Errors over a binade: of element magnitudes in eighths of the last place, for normal quotients in range; of scale
 * bytes in eighths of one. cell[x][y]: significand in [1 + x/128, 1 + (x+1)/128), error (y - 16)/8, clamped. */
enum { MXC_BINADE_X = 128, MXC_BINADE_Y = 33 };
typedef struct mxc_binade {
    mx_elem elem;   /* 0: scale bytes over the binade of A */
    unsigned value; /* of the axis round; of scale for scale bytes */
    mxc_rate cell[MXC_BINADE_X][MXC_BINADE_Y];
} mxc_binade;

/* Output cells by lane; the last bin holds lanes from 32 on. */
enum { MXC_LANE_BINS = 33 };

typedef struct mxc_figures {
    mxc_heat heat[MX_ELEM_LAST + 1]; /* by format; [0] unused */
    mxc_binade *binade;
    size_t binades;
    mxc_rate quantize[MXC_LANE_BINS], dequantize[MXC_LANE_BINS];
} mxc_figures;

/* What was asked for; 0 and NULL: any. */
typedef struct mxc_asked {
    mx_op op;
    mx_elem elem;
    mx_type type;
    char *tag, *clause;
    char **pack; /* paths as given */
    size_t packs;
} mxc_asked;

typedef struct mxc_report {
    void *storage;       /* what strings of a report that was read belong to */
    char tool[MXC_NAME]; /* version that judged */
    char begun[24];      /* "2026-11-26T01:02:03Z" */
    mxc_description subject;
    char spec[MXC_LINE];
    mxc_asked asked;
    mxc_profile *profile; /* that the run was restricted to, with its evidence; NULL: none, or its axes have no name */
    int strict;
    mxc_pack_result *pack;
    size_t packs;
    mxc_tally tally;
    mxc_tally class_[MX_CLASS_LAST + 1];
    size_t deviations; /* should cases that failed; counted in tally.fail too */
    mxc_failure *failure;
    size_t failures; /* kept */
    mxc_diagnosis diagnosis;
    mxc_cluster *cluster; /* those of most failures first */
    size_t clusters;
    size_t diagnosed; /* failures looked at for an axis */
    mxc_axis_count *axis;
    size_t axes;
    mxc_wrong *wrong; /* at most options.list, in the order of the packs */
    size_t wrongs;
    mxc_repeat repeat;
    char *known_file; /* or NULL */
    mxc_known_result *known;
    size_t knowns;
    size_t known_failures; /* counted in tally.fail too */
    mxc_tag_count *tag;
    size_t tags;
    mxc_clause_result *clause;
    size_t clauses;
    mxc_figures *figures; /* NULL when they were not asked for */
    char misconduct[512]; /* what the subject did against the rules, or "" */
    char *stderr_text;    /* or NULL */
    mxc_counts counts;    /* cases sent, answered, refused */
    double seconds;
    int exit_status;
    char conclusion[512]; /* one line: why this exit status */
} mxc_report;

/* Judge `subject` (which is said goodbye to, but not freed). *report is filled whatever the verdict. MX_EINVAL
 * when a pack that was named cannot be read or is malformed, or no case of any pack has the tag; any other status but
 * MX_OK is a harness error (packs missing, digests wrong, crosscheck). The caller frees *report. `spec` is for the
 * report. */
MX_API mx_status mxc_run(mxc_report **report, mxc_subject *subject, const char *spec, const mxc_options *options,
                         mxv_error *error);
/* Judge recorded answers: lines "ID columns" or, when no line has an id, bare columns in the order of the pack. */
MX_API mx_status mxc_verify(mxc_report **report, FILE *answers, const char *name, const mxc_options *options,
                            mxv_error *error);
MX_API void mxc_report_free(mxc_report *report);

/* Forms of a report. MX_EIO, MX_ENOMEM. Text that came from a subject is escaped; what is no UTF-8 becomes U+FFFD. */
typedef enum mxc_form { MXC_TEXT = 1, MXC_TAP, MXC_JUNIT, MXC_JSON, MXC_HTML } mxc_form;
#define MXC_FORMS "text|tap|junit|json|html" /* their names, in order */
MX_API mx_status mxc_report_write(FILE *out, const mxc_report *report, mxc_form form);
MX_API mx_status mxc_report_text(FILE *out, const mxc_report *report);
MX_API mx_status mxc_report_tap(FILE *out, const mxc_report *report);   /* TAP version 13 */
MX_API mx_status mxc_report_junit(FILE *out, const mxc_report *report); /* JUnit XML */
MX_API mx_status mxc_report_json(FILE *out, const mxc_report *report);  /* conformance/run.schema.json */
MX_API mx_status mxc_report_html(FILE *out, const mxc_report *report);  /* one file, nothing loaded from elsewhere */

#define MXC_REPORT_VERSION 1 /* of the JSON */
/* Read what mxc_report_json wrote, whole: every form of it is then as it would have been of the run itself. The caller
 * frees *report. MX_EPARSE (another version, a field missing or of another type, counts that do not add up), MX_EIO,
 * MX_ENOMEM. */
MX_API mx_status mxc_report_read(mxc_report **report, FILE *in, const char *name, mxv_error *error);
MX_API mx_status mxc_report_load(mxc_report **report, const char *path, mxv_error *error);

/* ---- conformance statements ---- */

#define MXC_STATEMENT_VERSION 1
/* One text: tool, subject, profile, packs with digests, counts, what was exhaustive, sampled or never exercised, known
 * failures, digest of it all. MX_EIO, MX_ENOMEM. */
MX_API mx_status mxc_statement_write(FILE *out, const mxc_report *report);

typedef struct mxc_statement {
    char *name, *text;
    size_t length;
} mxc_statement;

/* Read one. MX_EPARSE (no statement, another version, cut short), MX_EINVAL (its digest is not that of its lines), MX_EIO,
 * MX_ENOMEM. */
MX_API mx_status mxc_statement_load(mxc_statement **statement, const char *path, mxv_error *error);
MX_API void mxc_statement_free(mxc_statement *statement);
/* What follows `key` on a line of this name ("asked", "op="), on the `which`-th such line (from 0), or NULL. The caller
 * frees it. */
MX_API char *mxc_statement_word(const mxc_statement *statement, const char *line, const char *key, size_t which);
/* Its counts are the sums of its packs, of which there are *packs. MX_EINVAL, MX_EPARSE. */
MX_API mx_status mxc_statement_check(const mxc_statement *statement, size_t *packs, mxv_error *error);
/* Its packs are those at hand; *checked: how many are at hand. MX_EINVAL, or a failure to read them. */
MX_API mx_status mxc_statement_check_packs(const mxc_statement *statement, size_t *checked, mxv_error *error);
/* It says what this run says; `another_run`: but for the time and how the subject was called. MX_EINVAL with the first
 * line that differs, MX_ENOMEM. */
MX_API mx_status mxc_statement_compare(const mxc_statement *statement, const mxc_report *report, int another_run,
                                       mxv_error *error);

/* ---- crosscheck ---- */

/* The formats as stated by the reference, the fast implementation and vectors/elem, compared with one another; every
 * code decoded three ways. MX_OK, or MX_EINTERNAL with the first difference. `codes` (may be NULL): codes compared. */
MX_API mx_status mxc_crosscheck(size_t *codes, mxv_error *error);

#ifdef __cplusplus
}
#endif

#endif
