/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Failures that are alike, counted as they come: a cell a class of failures (MXC_KEY says how it is written), of which
 * there are few whatever the number of failures; then cells joined into the report's clusters.
 */
#ifndef CONFORMANCE_CAUSES_CLUSTER_H
#define CONFORMANCE_CAUSES_CLUSTER_H

#include <mx/conformance.h>

/* The command that explains case `at` of `got`, an answer to the case called `id`. NULL: out of memory. */
char *mxc_answer_line(const char *path, const char *id, const mx_batch *got, size_t at);

typedef struct mxc_clusters mxc_clusters;
mxc_clusters *mxc_clusters_new(void);
void mxc_clusters_free(mxc_clusters *clusters);

/* Write the part of a key that a shape decides, "cast/e4m3/fp32/". */
void mxc_shape_key(char key[MXC_KEY], const mx_batch *shape);
/* Write the key of the failure of case i, whose first wrong cell is `diff`. */
void mxc_cluster_key(char key[MXC_KEY], const mx_batch *want, size_t i, const mxc_diff *diff);

/* Count the failure of case i of `pack`, answered with case `at` of `got`; *cell is then its class. `path`: of a pack
 * that explain must be told of, or NULL. MX_ENOMEM. */
mx_status mxc_clusters_add(mxc_clusters *clusters, const mxv_pack *pack, const char *path, size_t i,
                           const mx_batch *got, size_t at, const mxc_diff *diff, size_t *cell);
/* One failure of the class was looked at: bits of mxc_value_bit. */
void mxc_clusters_axes(mxc_clusters *clusters, size_t cell, uint64_t explained_by);

/* Join the classes into report->cluster. MX_ENOMEM. */
mx_status mxc_clusters_report(mxc_clusters *clusters, mxc_report *report);
/* After that: the index of the cluster that has the failure. */
size_t mxc_clusters_find(const mxc_clusters *clusters, const mx_batch *want, size_t i, const mxc_diff *diff);
/* After that: count judged case i of `pack` in every cluster that it has a cell of. */
void mxc_clusters_count(mxc_clusters *clusters, mxc_report *report, const mxv_pack *pack, size_t i);

#endif
