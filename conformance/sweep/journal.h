/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The journal of a sweep: which shards are done and what came of them, on disk a line each, appended with one write, so
 * that a sweep that was killed goes on where it was: a line that is there whole counts, a torn last line does not.
 *
 *     #mxsweep 1
 *     #args cast elem=e4m3 ...
 *     s DOMAIN SHARD CASES SKIPPED WRONG FIRST-WRONG WANT GOT SHA256        (decimal; pattern and answers in hex)
 *
 * One process may have a journal open at a time (it is locked). Functions are not thread-safe: callers serialise.
 */
#ifndef CONFORMANCE_SWEEP_JOURNAL_H
#define CONFORMANCE_SWEEP_JOURNAL_H

#include "conformance/sweep/sweep.h"

typedef struct mxc_journal mxc_journal;

/* Open or create `path` (NULL: in memory only) for a sweep of `domains` x `shards` that `args` (one line) identifies.
 * MX_EINVAL: the file belongs to other arguments, or is in use; MX_EPARSE: not a journal, of another version, or
 * damaged (line said); MX_EIO, MX_ENOMEM. */
mx_status mxc_journal_open(mxc_journal **journal, const char *path, const char *args, size_t domains, size_t shards,
                           mxv_error *error);

/* The result of a shard, NULL when it is not done. */
const mxc_shard *mxc_journal_get(const mxc_journal *journal, size_t domain, size_t shard);

/* A shard is done. MX_EINVAL when it already was, MX_EIO. */
mx_status mxc_journal_add(mxc_journal *journal, size_t domain, size_t shard, const mxc_shard *result, mxv_error *error);

/* The digest of a domain: 1 when all its shards are done, else 0 and nothing written. */
int mxc_journal_root(const mxc_journal *journal, size_t domain, char sha256[65]);

/* What is done of domains first..first+count-1, added up; first_wrong is that of the first wrong shard. Returns how
 * many shards that is. */
size_t mxc_journal_sum(const mxc_journal *journal, size_t first, size_t count, mxc_shard *sum);

void mxc_journal_close(mxc_journal *journal);

/* The digest over shard digests in order. */
void mxc_root(const char (*sha256)[65], size_t count, char root[65]);

#endif
