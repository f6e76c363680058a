/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Many packs at once, and the files that go with them: the manifest, the counts of tags, the list in words.
 */
#ifndef CONFORMANCE_GENERATE_TREE_H
#define CONFORMANCE_GENERATE_TREE_H

#include "conformance/generate/generate.h"

/* What became of one plan. */
typedef struct mxc_made {
    size_t cases;
    char sha256[65]; /* of the whole file */
} mxc_made;

/* How often a tag occurs. */
typedef struct mxc_count {
    char tag[48];
    size_t count;
} mxc_count;

typedef struct mxc_tag_counts {
    mxc_count *count; /* sorted bytewise once all packs are made */
    size_t tags, room;
} mxc_tag_counts;

typedef struct mxc_make {
    const char *dir;                                      /* write DIR/NAME.mxv; NULL: digests only */
    unsigned threads;                                     /* 0: as many as OpenMP likes */
    void (*step)(void *state, size_t done, size_t total); /* may be NULL; called by one thread at a time */
    void *state;
} mxc_make;

/* Make every plan. made[count] and *tags are filled (release the latter with free(tags->count)). The bytes do not
 * depend on the number of threads. On failure the first pack's reason in *error; files already written stay, and a pack
 * that was not there and was not made is there as a file that no reader takes. */
mx_status mxc_make_packs(const mxc_plan *plans, size_t count, const mxc_make *how, mxc_made *made, mxc_tag_counts *tags,
                         mxv_error *error);

/* DIR/NAME with this content, by way of a temporary file. MX_EIO. */
mx_status mxc_write_file(const char *dir, const char *name, const char *text, size_t length, mxv_error *error);

/* "smoke" or "full", in which the plan's pack lies. */
const char *mxc_tier_name(const mxc_plan *plan);

/* The files beside the packs, as text in memory. NULL when out of memory. */
char *mxc_manifest_text(const mxc_plan *plans, const mxc_made *made, size_t count, size_t *length);
char *mxc_counts_text(const mxc_made *made, size_t count, const mxc_tag_counts *tags, size_t *length);
char *mxc_list_text(const mxc_plan *plans, const mxc_made *made, size_t count, size_t *length);

#endif
